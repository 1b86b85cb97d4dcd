//! The yearly cycle with people in it: a department submits, somebody else returns or approves, and what is published changes by errata only.

use mikomi::api::{Access, Extras};
use mikomi::db::states;
use mikomi::domain::access::Role;
use serde_json::{Value, json};

use crate::minato::{department, put, short};
use crate::support::{Client, Kind, TestApp};

/// A plan with two departments; one of its reviews declares a miss and does not say why.
fn plan() -> Value {
    let initiative = |number: &str, department: &str, review: Value| {
        json!({"number": number, "title": format!("取組{number}"), "department": department,
            "targets": [{"indicator": format!("指標{number}"), "text": "100人以上", "unit": "人", "measure": "sum"}],
            "actuals": [{"target": 0, "period": "q1", "basis": "increment", "value": "30"}],
            "activities": [{"title": "講座", "planned": "4", "unit": "回", "done": "2"}],
            "mid_year_review": review})
    };
    let mut plan = short(
        2021,
        json!([
            initiative("1-1-1", "福祉課", json!({"results": "開催した", "outlook": "miss", "progress": "on_schedule"})),
            initiative("1-1-2", "総務課", json!({"outlook": "achieve", "progress": "on_schedule"})),
        ]),
    );
    plan["checkpoint"] = json!({"kind": "mid_year", "as_of": "2021-09-30"});
    plan
}

struct Cycle {
    reporter: Client,
    approver: Client,
    submission: String,
    review: String,
    actual: String,
    activity: String,
    checkpoint: String,
}

impl Cycle {
    fn of(app: &TestApp) -> Self {
        put(app, &plan());
        let department = department(app, "福祉課");
        let reporter = app.client_with(Role::Reporter, Some(&department));
        let id = |path: &str| app.get(path).expect(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        let initiative = id("/initiatives?number=1-1-1");
        let checkpoint = id("/checkpoints");
        let begun =
            reporter.create("/submissions", &json!({"checkpoint_id": checkpoint, "organization_id": department}));
        assert_eq!((&begun["state"], &begun["steps"]), (&json!("draft"), &json!(["submit", "extend"])));
        Self {
            reporter,
            approver: app.client_with(Role::Approver, Some("271071")),
            submission: begun["id"].as_str().unwrap().to_owned(),
            review: format!("/reviews/{}", id(&format!("/reviews?initiative={initiative}"))),
            actual: id(&format!("/actuals?initiative={initiative}")),
            activity: format!("/activities/{}", id(&format!("/activities?initiative={initiative}"))),
            checkpoint,
        }
    }

    fn step(&self, client: &Client, body: Value) -> crate::support::Response {
        client.post(&format!("/submissions/{}/steps", self.submission), &body)
    }

    /// Everything that is declared is explained.
    fn explain(&self) {
        let why = json!({"issues_and_measures": "周知が足りない。広報を増やす。"});
        self.reporter.patch(&self.review, "*", &why).expect(200);
    }
}

/// How many reports are counted in all, not begun, drafts, submitted, returned, approved and published, by their places in a rollup; `None` where none are told.
fn reports(rollup: &Value) -> Option<[u64; 7]> {
    let counts = rollup.get("submissions")?;
    let states = ["total", "none", "draft", "submitted", "returned", "approved", "published"];
    Some(states.map(|state| counts[state].as_u64().unwrap()))
}

/// The sum of what is told of several rollups.
fn sum_of_reports(rollups: &Value) -> Option<[u64; 7]> {
    let told: Vec<[u64; 7]> = rollups.as_array().unwrap().iter().filter_map(reports).collect();
    (!told.is_empty()).then(|| std::array::from_fn(|at| told.iter().map(|counts| counts[at]).sum()))
}

on_both! {
    fn every_rollup_counts_the_reports_of_its_departments_by_state(app: &TestApp) {
        let cycle = Cycle::of(app);
        cycle.explain();
        let plan = app.get("/plans").expect(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        let moment = || format!("{}Z", mikomi::clock::now().format("%Y-%m-%dT%H:%M:%S%.6f"));
        let told = |client: &Client, path: &str| reports(&client.get(path).expect(200).json());
        let paths = [
            format!("/plans/{plan}/rollup?depth=3"),
            "/organizations/271071/rollup?fiscal_year=2021".to_owned(),
            "/organizations/271004/rollup?fiscal_year=2021".to_owned(),
        ];
        let grouped = |by: &str, more: &str| app.get(&format!("/rollups?fiscal_year=2021&group_by={by}{more}")).expect(200).json();
        let stands_at = |expected: [u64; 7]| {
            let mut connection = app.database.connect();
            assert_eq!(states::recompute(&mut connection, &plan).unwrap(), 0, "something stored was stale");
            for path in &paths {
                for more in ["", "&checkpoint=mid_year", "&as_of=2021-09-30"] {
                    assert_eq!(told(app, &format!("{path}{more}")), Some(expected), "{path}{more}");
                }
                // Before any checkpoint nobody reports, and a report of departments is none of objectives.
                assert_eq!(told(app, &format!("{path}&as_of=2021-05-01")), None, "{path}");
                let rollup = app.get(path).expect(200).json();
                let of_children = if path.starts_with("/plans") { None } else { Some(expected) };
                assert_eq!(sum_of_reports(&rollup["children"]), of_children, "{path}");
            }
            for more in ["", "&as_of=2021-09-30"] {
                for by in ["organization", "department"] {
                    let groups = grouped(by, more);
                    assert_eq!(reports(&groups["total"]), Some(expected), "{by}{more}");
                    assert_eq!(sum_of_reports(&groups["groups"]), Some(expected), "{by}{more}");
                }
                for by in ["objective", "sdg"] {
                    assert_eq!(reports(&grouped(by, more)["total"]), None, "{by}{more}");
                }
            }
        };
        stands_at([2, 1, 1, 0, 0, 0, 0]);
        let early = moment();
        let of = |client: &Client, step: Value| drop(cycle.step(client, step).expect(200));
        of(&cycle.reporter, json!({"step": "submit"}));
        stands_at([2, 1, 0, 1, 0, 0, 0]);
        of(&cycle.approver, json!({"step": "return", "comments": [{"text": "回数を書いてください。"}]}));
        stands_at([2, 1, 0, 0, 1, 0, 0]);
        of(&cycle.reporter, json!({"step": "submit"}));
        of(&cycle.approver, json!({"step": "approve"}));
        stands_at([2, 1, 0, 0, 0, 1, 0]);
        of(&cycle.approver, json!({"step": "publish"}));
        stands_at([2, 1, 0, 0, 0, 0, 1]);
        let groups = grouped("department", "");
        let mut named: Vec<(&str, Option<[u64; 7]>)> = groups["groups"].as_array().unwrap().iter()
            .map(|group| (group["node"]["title"].as_str().unwrap(), reports(group))).collect();
        named.sort();
        assert_eq!(named, [("福祉課", Some([1, 0, 0, 0, 0, 0, 1])), ("総務課", Some([1, 1, 0, 0, 0, 0, 0]))]);
        // What was known before is told as it was.
        for path in &paths {
            assert_eq!(told(app, &format!("{path}&known_at={early}")), Some([2, 1, 1, 0, 0, 0, 0]), "{path}");
            assert_eq!(told(app, &format!("{path}&known_at={}", moment())), Some([2, 1, 0, 0, 0, 0, 1]), "{path}");
        }
        let known = grouped("department", &format!("&known_at={early}"));
        assert_eq!(reports(&known["total"]), Some([2, 1, 1, 0, 0, 0, 0]));
        // Who has nothing left to report is not counted, and what was handed in all the same is.
        for number in ["1-1-1", "1-1-2"] {
            let id = app.get(&format!("/initiatives?number={number}")).expect(200).json()["items"][0]["id"].clone();
            app.patch(&format!("/initiatives/{}", id.as_str().unwrap()), "*", &json!({"department_id": null})).expect(200);
        }
        stands_at([2, 1, 0, 0, 0, 0, 1]);
    }
}

#[test]
fn how_far_departments_have_come_is_not_published_with_their_plan() {
    for kind in Kind::BOTH {
        let access = Access { public_reading: true, ..Access::default() };
        let app = TestApp::start_with(kind, Extras { access, ..Extras::default() });
        let cycle = Cycle::of(&app);
        let plan = app.get("/plans").expect(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        app.patch(&format!("/plans/{plan}"), "*", &json!({"status": "adopted"})).expect(200);
        for path in [
            format!("/plans/{plan}/rollup"),
            format!("/plans/{plan}/rollup?depth=2"),
            format!("/plans/{plan}/rollup?as_of=2021-09-30"),
            "/organizations/271071/rollup?fiscal_year=2021".to_owned(),
            "/organizations/271004/rollup?fiscal_year=2021&as_of=2021-09-30".to_owned(),
            "/rollups?fiscal_year=2021&group_by=organization".to_owned(),
            "/rollups?fiscal_year=2021&group_by=department".to_owned(),
            "/rollups?fiscal_year=2021&group_by=department&as_of=2021-09-30".to_owned(),
        ] {
            // A key shows what is its own, which the city above is not.
            for client in [&cycle.reporter, &cycle.approver].into_iter().filter(|_| !path.contains("271004")) {
                assert!(client.get(&path).expect(200).text().contains("\"submissions\""), "{path}");
            }
            let answer = app.client_without_key().get(&path).expect(200);
            assert!(!answer.text().contains("\"submissions\""), "{path}: {}", answer.text());
            assert!(answer.text().contains("\"flagged\":2"), "{path}: {}", answer.text());
        }
        // What is the same but for them has another tag.
        let path = format!("/plans/{plan}/rollup");
        let (own, public) = (cycle.reporter.get(&path).expect(200), app.client_without_key().get(&path).expect(200));
        assert_ne!(own.etag(), public.etag());
        app.client_without_key().request("GET", &path).header("if-none-match", public.etag()).send().expect(304);
    }
}

on_both! {
    fn what_is_submitted_stands_still_and_what_is_published_changes_by_errata(app: &TestApp) {
        let cycle = Cycle::of(app);
        let Cycle { reporter, approver, review, actual, activity, .. } = &cycle;
        let actual = format!("/actuals/{actual}");
        // The form's own rule: a miss needs its issue and measure.
        let refused = cycle.step(reporter, json!({"step": "submit"})).expect(422);
        assert_eq!(refused.faults(), ["/step incomplete"]);
        assert_eq!(refused.json()["errors"][0]["received"]["part"], "issues_and_measures");
        cycle.explain();
        for step in ["approve", "publish", "return"] {
            assert_eq!(cycle.step(approver, json!({"step": step})).expect(409).code(), "wrong_state");
            cycle.step(reporter, json!({"step": step})).expect(403);
        }
        cycle.step(approver, json!({"step": "submit"})).expect(403);
        let submitted = cycle.step(reporter, json!({"step": "submit"})).expect(200).json();
        assert_eq!(submitted["state"], "submitted");
        assert!(submitted["submitted_by"].as_str().unwrap().starts_with("key test reporter"));

        // Nobody changes it now, by whichever way.
        let locked = |app: &Client| {
            for (path, change) in [(review, json!({"results": "別"})), (&actual, json!({"value": "31"})), (activity, json!({"done": "3"}))] {
                assert_eq!(app.patch(path, "*", &change).expect(409).code(), "locked", "{path}");
                assert_eq!(app.delete(path, "*").expect(409).code(), "locked", "{path}");
                // What changes nothing is no change.
                app.patch(path, "*", &json!({})).expect(200);
            }
        };
        locked(reporter);
        locked(app);
        let stands = app.get("/plan-documents/271071/2021").expect(200);
        let mut changed = stands.json();
        changed["themes"][0]["strategies"][0]["initiatives"][0]["mid_year_review"]["results"] = json!("別");
        let put = app.request("PUT", "/plan-documents/271071/2021").header("if-match", stands.etag()).json(&changed).send();
        assert_eq!(put.expect(409).code(), "locked");
        assert_eq!(app.get("/plan-documents/271071/2021").expect(200).etag(), stands.etag(), "nothing half-applied");
        // The other department goes on, and so does the rest of the year.
        let other = app.get("/initiatives?number=1-1-2").expect(200).json()["items"][0]["id"].clone();
        let other = app.get(&format!("/reviews?initiative={}", other.as_str().unwrap())).expect(200).json()["items"][0]["id"].clone();
        app.patch(&format!("/reviews/{}", other.as_str().unwrap()), "*", &json!({"results": "続き"})).expect(200);
        let shown = app.get(&actual).expect(200).json();
        let indicator = shown["indicator_id"].clone();
        reporter.create("/actuals", &json!({"indicator_id": indicator, "fiscal_year": 2021, "basis": "increment", "period": "q3", "value": "20"}));
        let early = json!({"indicator_id": indicator, "fiscal_year": 2021, "basis": "increment", "period": "q2", "value": "20"});
        assert_eq!(reporter.post("/actuals", &early).expect(409).code(), "locked");

        // Many at once: each row that stands still is told, and in part the others are taken.
        let later = json!({"indicator_id": indicator, "fiscal_year": 2021, "basis": "increment", "period": "q4", "value": "20"});
        let rows = json!([later, early]);
        for query in ["", "?dry_run=true", "?mode=partial"] {
            let answer = reporter.post(&format!("/actuals/bulk{query}"), &rows);
            assert_eq!(crate::bulk::faults(&answer), ["2 /1 locked"], "{query}");
            match query {
                "" => assert_eq!(answer.expect(409).code(), "locked"),
                _ => assert_eq!(crate::bulk::counts(&answer.expect(200)), [1, 0, 0, 1], "{query}"),
            }
        }

        // It comes back with comments on single fields.
        let empty = cycle.step(approver, json!({"step": "return"})).expect(422);
        assert_eq!(empty.faults(), ["/comments required"]);
        let comment = json!({"resource": "reviews", "resource_id": review.rsplit('/').next().unwrap(), "field": "results", "text": "回数を書いてください。"});
        let returned = cycle.step(approver, json!({"step": "return", "comments": [comment]})).expect(200).json();
        assert_eq!((&returned["state"], &returned["comments"]), (&json!("returned"), &json!([comment])));
        reporter.patch(review, "*", &json!({"results": "5回開催した"})).expect(200);
        reporter.post("/actuals", &early).expect(201);
        cycle.step(reporter, json!({"step": "submit"})).expect(200);
        cycle.step(approver, json!({"step": "approve"})).expect(200);
        let published = cycle.step(approver, json!({"step": "publish"})).expect(200).json();
        // Both names stay.
        assert!(published["submitted_by"].as_str().unwrap().contains("reporter"));
        assert!(published["decided_by"].as_str().unwrap().contains("approver"));
        assert_eq!((&published["state"], &published["steps"]), (&json!("published"), &json!([])));
        locked(app);

        let id = actual.rsplit('/').next().unwrap();
        let erratum = json!({"resource": "actuals", "resource_id": id, "change": {"value": "33"}, "reason": "集計の誤り", "author": "福祉課"});
        reporter.post("/errata", &erratum).expect(403);
        let made = approver.create("/errata", &erratum);
        assert_eq!((&made["before"]["value"], &made["after"]["value"]), (&json!("30"), &json!("33")));
        assert_eq!(app.get(&actual).expect(200).json()["value"], "33");
        let revisions = app.get(&format!("{actual}/revisions")).expect(200).json();
        let last = revisions["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["value"], &last["reason"], &last["author"]), (&json!("33"), &json!("集計の誤り"), &json!("福祉課")));
        let listed = app.get(&format!("/errata?resource_id={id}")).expect(200).json();
        assert_eq!((&listed["total"], &listed["items"][0]["change"]["value"]), (&json!(1), &json!("33")));
        let wrong = json!({"resource": "reviews", "resource_id": other, "change": {"results": "x"}, "reason": "x", "author": "x"});
        assert_eq!(approver.post("/errata", &wrong).expect(422).faults(), ["/resource_id not_published"]);
        let faulty = json!({"resource": "actuals", "resource_id": id, "change": {"value": "many"}, "reason": "x", "author": "x"});
        approver.post("/errata", &faulty).expect(422);
        locked(app);
        // What is reported for a later day is another report.
        reporter.patch(activity, "*", &json!({"done": "3", "as_of": "2021-12-31"})).expect(200);
        // Who did what can be read in order.
        let history = app.get(&format!("/submissions/{}/history", cycle.submission)).expect(200).json();
        let actors: Vec<bool> = history["items"].as_array().unwrap().iter().map(|entry| entry["actor"].as_str().unwrap().contains("reporter")).collect();
        assert_eq!(actors, [true, true, false, true, false, false]);
    }

    fn nobody_approves_their_own(app: &TestApp) {
        let cycle = Cycle::of(app);
        cycle.explain();
        cycle.step(app, json!({"step": "submit"})).expect(200);
        for step in ["approve", "return"] {
            let comments = json!([{"text": "x"}]);
            let own = cycle.step(app, json!({"step": step, "comments": comments})).expect(403);
            assert_eq!(own.code(), "forbidden");
        }
        let somebody = app.client_with(Role::Admin, None);
        cycle.step(&somebody, json!({"step": "approve"})).expect(200);
    }

    fn who_comes_late_needs_an_extension_and_everybody_sees_who_is_missing(app: &TestApp) {
        let cycle = Cycle::of(app);
        let checkpoint = format!("/checkpoints/{}", cycle.checkpoint);
        let day = |days: i64| (mikomi::clock::today("Asia/Tokyo") + chrono::TimeDelta::days(days)).to_string();
        app.patch(&checkpoint, "*", &json!({"opens": day(1), "closes": day(9)})).expect(200);
        cycle.explain();
        assert_eq!(cycle.step(&cycle.reporter, json!({"step": "submit"})).expect(422).faults(), ["/step not_open"]);
        app.patch(&checkpoint, "*", &json!({"opens": day(-20), "closes": day(-3)})).expect(200);
        assert_eq!(cycle.step(&cycle.reporter, json!({"step": "submit"})).expect(422).faults(), ["/step closed"]);

        let overview = app.get("/reporting?fiscal_year=2021").expect(200).json();
        assert_eq!((&overview["total"], &overview["outstanding"], &overview["late"]), (&json!(2), &json!(2), &json!(2)));
        let states: Vec<(&Value, &Value)> = overview["items"].as_array().unwrap().iter().map(|item| (&item["department"], &item["state"])).collect();
        assert!(states.contains(&(&json!("福祉課"), &json!("draft"))) && states.contains(&(&json!("総務課"), &json!(null))), "{states:?}");
        assert_eq!(overview["items"][0]["late_days"], 3);

        assert_eq!(cycle.step(&cycle.approver, json!({"step": "extend"})).expect(422).faults(), ["/extended_until required"]);
        cycle.step(&cycle.reporter, json!({"step": "extend", "extended_until": day(1)})).expect(403);
        cycle.step(&cycle.approver, json!({"step": "extend", "extended_until": day(1)})).expect(200);
        let submitted = cycle.step(&cycle.reporter, json!({"step": "submit"})).expect(200).json();
        assert_eq!((&submitted["late_days"], &submitted["due"]), (&json!(0), &json!(day(1))));
        // The extension is on record, with who granted it.
        let history = app.get(&format!("/submissions/{}/history", cycle.submission)).expect(200).json();
        assert!(history["items"][1]["actor"].as_str().unwrap().contains("approver"));
        let overview = app.get("/reporting?fiscal_year=2021&organization=271004&checkpoint=mid_year").expect(200).json();
        assert_eq!((&overview["outstanding"], &overview["late"]), (&json!(1), &json!(1)));
        app.get("/reporting?fiscal_year=2021&organization=nobody").expect(404);
        let none = app.get("/reporting?fiscal_year=2021&checkpoint=q3").expect(200).json();
        assert_eq!(none["total"], 0);
    }

    fn what_exactly_is_missing_is_named(app: &TestApp) {
        let mut document = plan();
        let initiatives = document["themes"][0]["strategies"][0]["initiatives"].as_array_mut().unwrap();
        initiatives[0]["actuals"] = json!([]);
        initiatives[1].as_object_mut().unwrap().remove("mid_year_review");
        put(app, &document);
        let overview = app.get("/reporting?fiscal_year=2021").expect(200).json();
        let mut missing: Vec<(String, String, bool)> = overview["items"].as_array().unwrap().iter().flat_map(|item| {
            item["missing"].as_array().unwrap().iter().map(|one| {
                (one["number"].as_str().unwrap().to_owned(), one["part"].as_str().unwrap().to_owned(), one["needed"].as_bool().unwrap())
            })
        }).collect();
        missing.sort();
        let of = |number: &str, part: &str, needed| (number.to_owned(), part.to_owned(), needed);
        assert_eq!(missing, [of("1-1-1", "actual", false), of("1-1-1", "issues_and_measures", true), of("1-1-2", "review", true)]);
    }

    fn the_computed_flags_stay_as_they_were_when_it_was_submitted(app: &TestApp) {
        let cycle = Cycle::of(app);
        cycle.explain();
        let before = app.get(&cycle.review).expect(200).json()["computed_then"].clone();
        cycle.step(&cycle.reporter, json!({"step": "submit"})).expect(200);
        let submitted = app.get(&cycle.review).expect(200).json();
        assert!(submitted["computed_then"]["recorded_at"].as_str() > before["recorded_at"].as_str());
        assert_eq!(submitted["computed_then"]["outlook"], submitted["computed"]["outlook"]);
        // What is reported later moves what is computed, and not what was.
        let target = app.get("/targets?limit=1").expect(200).json()["items"][0]["id"].clone();
        app.patch(&format!("/targets/{}", target.as_str().unwrap()), "*", &json!({"text": "1,000人以上"})).expect(200);
        let later = app.get(&cycle.review).expect(200).json();
        assert_ne!(later["computed"], submitted["computed"]);
        assert_eq!(later["computed_then"], submitted["computed_then"]);
        // An erratum corrects what was declared, and not what stood beside it.
        cycle.step(&cycle.approver, json!({"step": "approve"})).expect(200);
        cycle.step(&cycle.approver, json!({"step": "publish"})).expect(200);
        let id = cycle.review.rsplit('/').next().unwrap();
        let erratum = json!({"resource": "reviews", "resource_id": id, "change": {"outlook": "achieve"}, "reason": "誤記", "author": "福祉課"});
        cycle.approver.create("/errata", &erratum);
        let corrected = app.get(&cycle.review).expect(200).json();
        assert_eq!((&corrected["outlook"], &corrected["computed_then"]), (&json!("achieve"), &submitted["computed_then"]));
        // And whatever is computed after it leaves both.
        app.patch(&format!("/targets/{}", target.as_str().unwrap()), "*", &json!({"text": "100人以上"})).expect(200);
        assert_eq!(app.get(&cycle.review).expect(200).json()["computed_then"], submitted["computed_then"]);
    }
}
