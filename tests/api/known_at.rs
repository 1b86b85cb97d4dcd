//! What would have been said with what had been recorded by a moment: later changes of any kind alter nothing of it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::minato::{minato, put};
use crate::support::{Client, TestApp};

/// This moment as a parameter, apart from whatever is recorded before and after it.
fn now() -> String {
    std::thread::sleep(Duration::from_millis(2));
    let now = mikomi::clock::now().and_utc().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    std::thread::sleep(Duration::from_millis(2));
    now
}

/// The only row that a list holds, or the first of them.
fn first(app: &Client, path: &str) -> Value {
    app.get(path).expect(200).json()["items"][0].clone()
}

fn id_of(row: &Value) -> &str {
    row["id"].as_str().unwrap()
}

/// Every computed answer of the plan, by its path; `moment` is what is asked for beside.
fn answers(app: &Client, paths: &[String], moment: &str) -> Vec<Value> {
    let answer = |path: &String| {
        let join = if path.contains('?') { '&' } else { '?' };
        let mut answer = app.get(&format!("{path}{join}{moment}")).expect(200).json();
        without_known_at(&mut answer);
        answer
    };
    paths.iter().map(answer).collect()
}

fn without_known_at(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.shift_remove("known_at");
            members.values_mut().for_each(without_known_at);
        }
        Value::Array(items) => items.iter_mut().for_each(without_known_at),
        _ => {}
    }
}

fn same(paths: &[String], answers: &[Value], expected: &[Value]) {
    for ((path, answer), expected) in paths.iter().zip(answers).zip(expected) {
        assert_eq!(answer, expected, "{path}");
    }
}

fn paths(app: &Client, plan: &str) -> Vec<String> {
    let all =
        |what: &str| app.get(&format!("/{what}?plan={plan}&limit=1000&fields=id")).expect(200).json()["items"].clone();
    let each = |what: &str, computed: &str| {
        all(what).as_array().unwrap().iter().map(|row| format!("/{what}/{}/{computed}", id_of(row))).collect::<Vec<_>>()
    };
    let groups = ["organization", "department"].map(|by| format!("/rollups?fiscal_year=2021&group_by={by}"));
    let mut paths =
        vec![format!("/plans/{plan}/rollup?depth=3"), "/organizations/271071/rollup?fiscal_year=2021".to_owned()];
    paths.extend(groups);
    paths.extend(each("objectives", "rollup"));
    paths.extend(each("initiatives", "status").into_iter().step_by(5));
    paths.extend(each("targets", "outlook").into_iter().step_by(7));
    paths
}

on_both! {
    fn later_changes_alter_nothing_of_what_was_known(app: &TestApp) {
        let early = now();
        let plan = put(app, &minato()).json()["plan_id"].as_str().unwrap().to_owned();
        let moment = now();
        let known = format!("known_at={moment}");
        let initiative = first(app, "/initiatives?number=1-1-3");
        let initiative = id_of(&initiative);
        let target = first(app, &format!("/targets?initiative={initiative}"));
        let mut paths = paths(app, &plan);
        paths.push(format!("/targets/{}/outlook", id_of(&target)));
        let before = answers(app, &paths, "");
        same(&paths, &answers(app, &paths, &known), &before);

        // A figure is corrected, one is withdrawn, one comes, and everything else that is computed from changes.
        let figure = first(app, &format!("/actuals?initiative={initiative}&fiscal_year=2021"));
        app.patch(&format!("/actuals/{}", id_of(&figure)), "*", &json!({"value": "11", "reason": "訂正"})).expect(200);
        let other = first(app, "/initiatives?number=2-4-1");
        let withdrawn = first(app, &format!("/actuals?initiative={}&fiscal_year=2021", id_of(&other)));
        app.delete(&format!("/actuals/{}", id_of(&withdrawn)), "*").expect(204);
        let indicator = figure["indicator_id"].as_str().unwrap();
        app.create("/actuals", &json!({"indicator_id": indicator, "fiscal_year": 2021, "basis": "to_date", "as_of": "2021-08-31", "value": "9"}));
        app.patch(&format!("/targets/{}", id_of(&target)), "*", &json!({"text": "90団体・個人以上"})).expect(200);
        let activity = first(app, &format!("/activities?plan={plan}"));
        app.patch(&format!("/activities/{}", id_of(&activity)), "*", &json!({"state": "cancelled", "done": null})).expect(200);
        let gone = first(app, &format!("/activities?plan={plan}&sort=-title"));
        app.delete(&format!("/activities/{}", id_of(&gone)), "*").expect(204);
        let review = first(app, &format!("/reviews?initiative={initiative}"));
        app.patch(&format!("/reviews/{}", id_of(&review)), "*", &json!({"outlook": "miss", "progress": "behind"})).expect(200);
        let checkpoint = first(app, &format!("/checkpoints?plan={plan}"));
        app.patch(&format!("/checkpoints/{}", id_of(&checkpoint)), "*", &json!({"as_of": "2021-09-15"})).expect(200);
        app.patch(&format!("/initiatives/{initiative}"), "*",
            &json!({"title": "別の題", "budgets": [{"fiscal_year": 2021, "kind": "budget", "amount": "1"}]})).expect(200);
        app.patch(&format!("/plans/{plan}"), "*", &json!({"title": "改訂"})).expect(200);

        let changed = answers(app, &paths, "");
        assert!(changed.iter().zip(&before).filter(|(now, then)| now != then).count() > 5, "the changes are seen");
        same(&paths, &answers(app, &paths, &known), &before);
        same(&paths, &answers(app, &paths, &format!("known_at={}", now())), &changed);
        let tomorrow = mikomi::clock::today("Asia/Tokyo").succ_opt().unwrap();
        same(&paths, &answers(app, &paths, &format!("known_at={tomorrow}")), &changed);

        // The day that is asked about and the moment of knowledge are two things.
        let status = format!("/initiatives/{initiative}/status?as_of=2021-09-01");
        let [then, now] = [format!("{status}&{known}"), status].map(|path| app.get(&path).expect(200).json()["targets"][0]["outlook"]["figure"].clone());
        assert_eq!((then, now), (json!(null), json!("9")));

        for path in [format!("/plans/{plan}/rollup"), format!("/initiatives/{initiative}/status"), format!("/targets/{}/outlook", id_of(&target))] {
            assert_eq!(app.get(&format!("{path}?known_at={early}")).expect(404).code(), "not_found");
        }
        let nothing = app.get(&format!("/organizations/271071/rollup?fiscal_year=2021&known_at={early}")).expect(200).json();
        assert_eq!(nothing["initiatives"]["total"], 0);
    }

    fn the_moment_is_shown_in_utc_and_has_to_be_one(app: &TestApp) {
        let plan = put(app, &minato()).json()["plan_id"].as_str().unwrap().to_owned();
        let shown = app.get(&format!("/plans/{plan}/rollup?known_at=2099-12-31")).expect(200).json();
        assert_eq!(shown["known_at"], "2099-12-31T14:59:59.999999Z", "the end of the day in Japan");
        let shown = app.get(&format!("/plans/{plan}/rollup?known_at=2099-12-31T09:00:00%2B09:00")).expect(200).json();
        assert_eq!(shown["known_at"], "2099-12-31T00:00:00Z");
        assert!(app.get(&format!("/plans/{plan}/rollup")).expect(200).json().get("known_at").is_none());
        for wrong in ["yesterday", "2021-13-01", "2021-09-30T10:00", ""] {
            let refused = app.get(&format!("/plans/{plan}/rollup?known_at={wrong}")).expect(400);
            assert!(refused.faults().iter().all(|fault| fault.contains("known_at")), "{:?}", refused.faults());
        }
    }
}
