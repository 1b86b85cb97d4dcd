//! Many at once: no change is lost, none is made twice.

use serde_json::{Value, json};

use crate::support::TestApp;

/// Does something on twenty threads at once and gives back what each of them got.
fn twenty<T: Send>(job: impl Fn(usize) -> T + Sync) -> Vec<T> {
    at_once(20, job)
}

/// Does something on many threads at once and gives back what each of them got.
pub fn at_once<T: Send>(number: usize, job: impl Fn(usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let job = &job;
        let threads: Vec<_> = (0..number).map(|number| scope.spawn(move || job(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn plan(app: &TestApp) -> Value {
    let ward = app.create("/organizations", &json!({"name": "港区", "kind": "ward"}))["id"].clone();
    app.create("/plans", &json!({"organization_id": ward, "fiscal_year": 2021, "title": "運営方針"}))["id"].clone()
}

on_both! {
    fn of_fifty_changes_to_one_version_exactly_one_is_made(app: &TestApp) {
        let made = app.post("/organizations", &json!({"name": "a", "kind": "city"})).expect(201);
        let path = format!("/organizations/{}", made.json()["id"].as_str().unwrap());
        let answers = at_once(50, |number| app.patch(&path, made.etag(), &json!({"name": format!("b{number}")})));
        let won: Vec<Value> = answers.iter().filter(|answer| answer.status() == 200).map(|answer| answer.json()).collect();
        assert_eq!(won.len(), 1, "{answers:?}");
        for lost in answers.iter().filter(|answer| answer.status() != 200) {
            assert_eq!((lost.status(), lost.code().as_str()), (412, "version_conflict"), "{lost}");
        }
        assert_eq!(app.get(&path).expect(200).json(), won[0]);
        assert_eq!(won[0]["version"], 2);
    }

    fn of_twenty_organizations_with_one_code_exactly_one_is_made(app: &TestApp) {
        let answers = twenty(|number| {
            app.post("/organizations", &json!({"code": "271004", "name": format!("b{number}"), "kind": "city"}))
        });
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [[201].as_slice(), &[409; 19]].concat());
        assert_eq!(app.get("/organizations").expect(200).json()["total"], 1);
    }

    fn of_twenty_changes_that_wait_for_each_other_all_are_made(app: &TestApp) {
        let made = app.post("/organizations", &json!({"name": "a", "kind": "city"})).expect(201);
        let path = format!("/organizations/{}", made.json()["id"].as_str().unwrap());
        twenty(|number| {
            loop {
                let etag = app.get(&path).expect(200).etag().to_owned();
                let answer = app.patch(&path, &etag, &json!({"name": format!("b{number}")}));
                if answer.status() == 200 {
                    break;
                }
                answer.expect(412);
            }
        });
        assert_eq!(app.get(&path).expect(200).json()["version"], 21);
    }

    fn a_parent_that_is_removed_while_children_come_is_never_lost(app: &TestApp) {
        for _ in 0..3 {
            let parent = app.create("/organizations", &json!({"name": "p", "kind": "city"}))["id"].as_str().unwrap().to_owned();
            let answers = twenty(|number| match number % 4 {
                0 => app.delete(&format!("/organizations/{parent}"), "*").status(),
                _ => app.post("/organizations", &json!({"name": "c", "kind": "ward", "parent_id": parent})).status(),
            });
            assert!(answers.iter().all(|status| matches!(status, 201 | 204 | 404 | 409 | 422)), "{answers:?}");
            let gone = app.get(&format!("/organizations/{parent}")).status() == 404;
            let children = app.get(&format!("/organizations?parent={parent}")).expect(200).json()["total"].clone();
            assert_eq!(gone, children == 0, "{answers:?}");
        }
    }

    fn twenty_who_each_move_one_below_another_close_no_ring(app: &TestApp) {
        let plan = plan(app);
        for (path, body, member) in [
            ("/organizations", json!({"name": "a", "kind": "ward"}), "parent_id"),
            ("/objectives", json!({"plan_id": plan, "title": "a", "level": "theme"}), "parent_id"),
        ] {
            let ids: Vec<String> = (0..20)
                .map(|number| {
                    let mut body = body.clone();
                    if path == "/objectives" {
                        body["number"] = json!(number.to_string());
                    }
                    app.create(path, &body)["id"].as_str().unwrap().to_owned()
                })
                .collect();
            let statuses = twenty(|number| {
                let below = json!({member: ids[(number + 1) % 20]});
                app.patch(&format!("{path}/{}", ids[number]), "*", &below).status()
            });
            assert!(statuses.iter().all(|status| matches!(status, 200 | 422 | 412)), "{statuses:?}");
            for id in &ids {
                let mut steps = 0;
                let mut here = Some(id.clone());
                while let Some(id) = here {
                    here = app.get(&format!("{path}/{id}")).expect(200).json()[member].as_str().map(str::to_owned);
                    steps += 1;
                    assert!(steps <= 20, "{path}: a ring");
                }
            }
        }
    }

    fn twenty_who_each_let_one_stand_for_another_make_no_chain(app: &TestApp) {
        let theme = json!({"plan_id": plan(app), "number": "1", "title": "課題", "level": "theme"});
        let theme = app.create("/objectives", &theme)["id"].clone();
        let initiative = |number: usize| json!({"objective_id": theme, "number": format!("1-{number}"), "title": "取組"});
        let ids: Vec<Value> = (0..20).map(|number| app.create("/initiatives", &initiative(number))["id"].clone()).collect();
        let statuses = twenty(|number| {
            let path = format!("/initiatives/{}", ids[number].as_str().unwrap());
            app.patch(&path, "*", &json!({"same_as_id": ids[(number + 1) % 20]})).status()
        });
        assert!(statuses.contains(&200) && statuses.iter().all(|status| matches!(status, 200 | 422 | 412)), "{statuses:?}");
        let read = |id: &Value| app.get(&format!("/initiatives/{}", id.as_str().unwrap())).expect(200).json();
        for id in &ids {
            let same_as = read(id)["same_as_id"].clone();
            assert!(same_as.is_null() || read(&same_as)["same_as_id"].is_null(), "a chain: {statuses:?}");
        }
    }
}
