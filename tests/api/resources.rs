//! The special rules and filters of the resources of a plan.

use serde_json::{Value, json};

use crate::minato::{minato, put};
use crate::support::{Client, TestApp};

/// Minato's plan, and a way to name its rows.
struct Minato<'a> {
    app: &'a Client,
    plan: String,
}

impl<'a> Minato<'a> {
    fn new(app: &'a Client) -> Self {
        Self { app, plan: put(app, &minato()).json()["plan_id"].as_str().unwrap().to_owned() }
    }

    fn first(&self, list: &str) -> String {
        let page = self.app.get(list).expect(200).json();
        page["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{list} is empty")).to_owned()
    }

    fn initiative(&self, number: &str) -> String {
        self.first(&format!("/initiatives?plan={}&number={number}", self.plan))
    }

    fn of(&self, resource: &str, number: &str) -> String {
        self.first(&format!("/{resource}?initiative={}", self.initiative(number)))
    }

    fn objective(&self, number: &str) -> String {
        self.first(&format!("/objectives?plan={}&number={number}", self.plan))
    }
}

on_both! {
    fn lists_hold_what_their_filters_ask_for(app: &TestApp) {
        let minato = Minato::new(app);
        let (plan, theme) = (&minato.plan, minato.objective("1"));
        let indicator = app.get(&format!("/targets/{}", minato.of("targets", "1-1-3"))).expect(200).json()["indicator_id"].clone();
        let indicator = indicator.as_str().unwrap();
        for (query, total) in [
            ("/plans?organization=271071&fiscal_year=2021".to_owned(), 1),
            ("/plans?organization=271071&fiscal_year=2022".to_owned(), 0),
            ("/plans?organization=271004".to_owned(), 0),
            ("/plans?status=adopted".to_owned(), 1),
            ("/plans?status=draft".to_owned(), 0),
            (format!("/objectives?plan={plan}&level=theme"), 7),
            (format!("/objectives?parent={theme}"), 3),
            ("/objectives?sdg=13".to_owned(), 1),
            (format!("/initiatives?plan={plan}&number=3-1-2"), 1),
            ("/initiatives?number=3-1-2&plan=nobody".to_owned(), 0),
            (format!("/initiatives?objective={theme}"), 8),
            ("/initiatives?declared_outlook=miss".to_owned(), 3),
            ("/initiatives?declared_outlook=miss&checkpoint=mid_year".to_owned(), 3),
            ("/initiatives?declared_outlook=miss&checkpoint=q1".to_owned(), 0),
            ("/initiatives?declared_progress=behind".to_owned(), 5),
            ("/initiatives?declared_outlook=achieve&declared_progress=behind".to_owned(), 5),
            ("/initiatives?cross_reference=true".to_owned(), 1),
            ("/initiatives?cross_reference=false".to_owned(), 48),
            (format!("/targets?plan={plan}"), 53),
            (format!("/targets?indicator={indicator}&fiscal_year=2021"), 1),
            ("/targets?fiscal_year=2020".to_owned(), 0),
            (format!("/actuals?indicator={indicator}"), 1),
            ("/actuals?organization=271071&fiscal_year=2021".to_owned(), 6),
            ("/actuals?basis=year_end_forecast".to_owned(), 1),
            ("/actuals?as_of_to=2021-08-31&fiscal_year=2021".to_owned(), 1),
            ("/actuals?as_of_from=2021-09-01".to_owned(), 5),
            ("/actuals?period=year".to_owned(), 1),
            ("/activities?state=postponed".to_owned(), 2),
            (format!("/activities?initiative={}", minato.initiative("1-1-3")), 3),
            (format!("/checkpoints?plan={plan}&kind=mid_year"), 1),
            ("/checkpoints?kind=q1".to_owned(), 0),
            (format!("/reviews?plan={plan}&outlook=miss"), 3),
            ("/reviews?progress=behind".to_owned(), 5),
            ("/indicators?organization=271071&measure=milestone".to_owned(), 3),
        ] {
            let page = app.get(&format!("{query}&limit=1000")).expect(200).json();
            assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!(total), total), "{query}");
        }
    }

    fn those_that_disagree_with_the_figures_can_be_asked_for(app: &TestApp) {
        let minato = Minato::new(app);
        let whole = app.get(&format!("/plans/{}/rollup", minato.plan)).expect(200).json();
        for flag in ["outlook", "progress"] {
            let page = app.get(&format!("/initiatives?disagree={flag}&limit=1000")).expect(200).json();
            assert_eq!(page["total"], whole[flag]["disagree"], "{flag}");
            for item in page["items"].as_array().unwrap() {
                let review = app.get(&format!("/reviews?initiative={}", item["id"].as_str().unwrap())).expect(200).json();
                assert_ne!(review["items"][0][flag], review["items"][0]["computed"][flag], "{item}");
            }
        }
    }

    fn what_is_depended_on_stays_and_its_dependents_are_named(app: &TestApp) {
        let minato = Minato::new(app);
        let indicator = app.get(&format!("/targets/{}", minato.of("targets", "1-1-3"))).expect(200).json()["indicator_id"].clone();
        let checkpoint = minato.first("/checkpoints");
        for (path, expected) in [
            ("/organizations/271071".to_owned(), vec![("plans", 1), ("indicators", 53)]),
            (format!("/plans/{}", minato.plan), vec![("objectives", 26), ("checkpoints", 1)]),
            (format!("/objectives/{}", minato.objective("1")), vec![("objectives", 3)]),
            (format!("/objectives/{}", minato.objective("1-1")), vec![("initiatives", 4)]),
            (format!("/initiatives/{}", minato.initiative("3-1-2")), vec![("targets", 1), ("reviews", 1), ("initiatives", 1)]),
            (format!("/indicators/{}", indicator.as_str().unwrap()), vec![("targets", 1), ("actuals", 1)]),
            (format!("/checkpoints/{checkpoint}"), vec![("reviews", 48)]),
        ] {
            let path = match path.strip_prefix("/organizations/") {
                Some(code) => format!("/organizations/{}", minato.first(&format!("/organizations?code={code}"))),
                None => path,
            };
            let refused = app.delete(&path, "*").expect(409);
            assert_eq!(refused.code(), "has_dependents");
            let dependents = refused.json()["dependents"].clone();
            let told: Vec<&str> = dependents.as_array().unwrap().iter().map(|one| one["resource"].as_str().unwrap()).collect();
            assert_eq!(told, expected.iter().map(|(resource, _)| *resource).collect::<Vec<_>>(), "{path}");
            for (one, (resource, count)) in dependents.as_array().unwrap().iter().zip(&expected) {
                assert_eq!(one["count"], *count, "{path}: {one}");
                let id = one["ids"][0].as_str().unwrap();
                app.get(&format!("/{resource}/{id}")).expect(200);
            }
        }
    }

    fn what_breaks_a_rule_is_refused_at_its_place(app: &TestApp) {
        let minato = Minato::new(app);
        let (plan, one, other) = (minato.plan.clone(), minato.initiative("1-1-1"), minato.initiative("3-1-2"));
        let reference = minato.initiative("3-3-1");
        let (target, actual, review) = (minato.of("targets", "1-1-3"), minato.of("actuals", "1-1-3"), minato.of("reviews", "1-1-3"));
        let indicator = app.get(&format!("/targets/{target}")).expect(200).json()["indicator_id"].clone();
        let (theme, strategy, checkpoint) = (minato.objective("1"), minato.objective("1-1"), minato.first("/checkpoints"));
        let cases: Vec<(&str, String, Value, u16, &str)> = vec![
            ("POST", "/plans".into(), json!({"organization_id": "nobody", "fiscal_year": 2021, "title": "x"}), 422, "/organization_id unknown_reference"),
            ("PATCH", format!("/plans/{plan}"), json!({"fiscal_year": 2022}), 422, "/fiscal_year fixed"),
            ("PATCH", format!("/plans/{plan}"), json!({"title": null}), 400, "/title wrong_type"),
            ("PATCH", format!("/objectives/{theme}"), json!({"parent_id": strategy}), 422, "/parent_id circular"),
            ("POST", "/checkpoints".into(), json!({"plan_id": plan, "kind": "hearing"}), 422, "/as_of required"),
            ("PATCH", format!("/checkpoints/{checkpoint}"), json!({"opens": "2021-10-02", "closes": "2021-10-01"}), 422, "/opens opens_after_closes"),
            ("PATCH", format!("/initiatives/{one}"), json!({"same_as_id": one}), 422, "/same_as_id circular"),
            ("PATCH", format!("/initiatives/{one}"), json!({"same_as_id": reference}), 422, "/same_as_id cross_reference"),
            ("PATCH", format!("/initiatives/{other}"), json!({"same_as_id": one}), 422, "/same_as_id referred_to"),
            ("PATCH", format!("/initiatives/{one}"), json!({"continues_id": other}), 422, "/continues_id not_earlier"),
            ("PATCH", format!("/initiatives/{one}"), json!({"budgets": [{"fiscal_year": 2021, "kind": "budget", "amount": "-1"}]}), 422, "/budgets/0/amount negative"),
            ("POST", "/reviews".into(), json!({"initiative_id": reference, "checkpoint_id": checkpoint}), 422, "/initiative_id cross_reference"),
            ("PATCH", format!("/reviews/{review}"), json!({"initiative_id": one}), 422, "/initiative_id fixed"),
            ("POST", "/targets".into(), json!({"initiative_id": one, "indicator_id": "nobody", "text": "x"}), 422, "/indicator_id unknown_reference"),
            ("PATCH", format!("/targets/{target}"), json!({"criterion": {"kind": "all", "of": []}}), 422, "/criterion/of unsound_criterion"),
            ("PATCH", format!("/actuals/{actual}"), json!({"as_of": "2021-09-29"}), 422, "/as_of fixed"),
            ("PATCH", format!("/actuals/{actual}"), json!({"missing": "not_due"}), 422, " value_or_missing"),
            ("PATCH", format!("/actuals/{actual}"), json!({"numerator": "1"}), 422, "/denominator ratio_needs_both"),
            ("POST", "/actuals".into(), json!({"indicator_id": indicator, "basis": "increment", "period": "q1", "value": 1}), 422, "/fiscal_year required"),
            ("POST", "/actuals".into(), json!({"indicator_id": indicator, "basis": "increment", "value": 1}), 422, " period_or_day"),
            ("POST", "/activities".into(), json!({"initiative_id": one, "title": "x", "schedule": {"q1": "-1"}}), 422, "/schedule/q1 negative"),
        ];
        let before = crate::minato::everything(app);
        for (method, path, body, status, fault) in cases {
            let refused = app.request(method, &path).header("if-match", "*").json(&body).send().expect(status);
            assert_eq!(refused.faults(), [fault], "{refused}");
        }
        for (path, body) in [
            ("/plans", json!({"organization_id": "271071", "fiscal_year": 2021, "title": "x"})),
            ("/initiatives", json!({"objective_id": strategy, "number": "1-1-1", "title": "x"})),
            ("/objectives", json!({"plan_id": plan, "number": "1", "title": "x"})),
            ("/checkpoints", json!({"plan_id": plan, "kind": "mid_year"})),
            ("/reviews", json!({"initiative_id": one, "checkpoint_id": checkpoint})),
            ("/actuals", json!({"indicator_id": indicator, "basis": "to_date", "as_of": "2021-09-30", "value": 1})),
        ] {
            assert_eq!(app.post(path, &body).expect(409).code(), "duplicate", "{path}");
        }
        assert_eq!(crate::minato::everything(app), before);
    }

    fn a_plan_follows_the_checkpoint_at_which_it_stands(app: &TestApp) {
        let ward = app.create("/organizations", &json!({"name": "港区", "kind": "ward"}))["id"].clone();
        let plan = json!({"organization_id": ward, "fiscal_year": 2021, "title": "運営方針"});
        let plan = app.create("/plans", &plan)["id"].as_str().unwrap().to_owned();
        let stands = || app.get(&format!("/plans/{plan}")).expect(200).json()["checkpoint"].clone();
        let shown = || app.get(&format!("/plans/{plan}/rollup")).expect(200).json()["checkpoint"].clone();
        assert_eq!(stands(), Value::Null);
        let first = app.create("/checkpoints", &json!({"plan_id": plan, "kind": "mid_year"}))["id"].clone();
        app.create("/checkpoints", &json!({"plan_id": plan, "kind": "year_end"}));
        assert_eq!((stands(), shown()), (json!("mid_year"), json!("mid_year")));
        let first = format!("/checkpoints/{}", first.as_str().unwrap());
        app.patch(&first, "*", &json!({"kind": "interim"})).expect(200);
        assert_eq!((stands(), shown()), (json!("interim"), json!("interim")));
        app.delete(&first, "*").expect(204);
        assert_eq!((stands(), app.get(&format!("/plans/{plan}/rollup?checkpoint=interim")).status()), (Value::Null, 404));
    }

    fn a_member_that_is_patched_with_null_is_gone(app: &TestApp) {
        let minato = Minato::new(app);
        for (path, member) in [
            (format!("/reviews/{}", minato.of("reviews", "1-1-4")), "issues_and_measures"),
            (format!("/activities/{}", minato.of("activities", "1-1-3")), "done"),
            (format!("/actuals/{}", minato.of("actuals", "1-1-3")), "note"),
            (format!("/plans/{}", minato.plan), "checkpoint"),
        ] {
            let before = app.get(&path).expect(200).json();
            assert!(!before[member].is_null(), "{path} {member}");
            let after = app.patch(&path, "*", &json!({member: null})).expect(200).json();
            assert!(after.get(member).is_none_or(Value::is_null), "{path} {after}");
            assert_eq!(after["version"], before["version"].as_i64().unwrap() + 1);
        }
        let review = app.get(&format!("/reviews/{}", minato.of("reviews", "1-1-4"))).expect(200).json();
        assert_eq!(review["warnings"][0]["code"], "issues_and_measures_missing");
    }

    fn a_correction_keeps_what_was_published(app: &TestApp) {
        let minato = Minato::new(app);
        let id = minato.of("actuals", "1-1-3");
        let path = format!("/actuals/{id}");
        let before = app.get(&path).expect(200).json();
        app.patch(&path, "*", &json!({"value": "70", "author": "課長", "reason": "重複"})).expect(200);
        app.patch(&path, "*", &json!({"value": "71"})).expect(200);
        app.delete(&path, "*").expect(204);
        app.get(&path).expect(404);
        let mut again = json!({"value": 73, "reason": "再集計"});
        for member in ["indicator_id", "fiscal_year", "basis", "as_of"] {
            again[member] = before[member].clone();
        }
        let taken_up = app.create("/actuals", &again);
        assert_eq!(taken_up["id"], id.as_str());
        let revisions = app.get(&format!("{path}/revisions")).expect(200).json();
        let told: Vec<Value> = revisions["items"].as_array().unwrap().iter()
            .map(|one| json!([one["revision"], one["value"], one["author"], one["reason"], one["withdrawn"]])).collect();
        assert_eq!(told.len(), 5, "{revisions:#}");
        assert_eq!(told[..3], [json!([1, "72", null, null, false]), json!([2, "70", "課長", "重複", false]), json!([3, "71", null, null, false])]);
        assert_eq!((&told[3][4], &told[4]), (&json!(true), &json!([5, "73", null, "再集計", false])));
        assert_eq!(app.get(&path).expect(200).json()["value"], "73");
        app.get("/actuals/nobody/revisions").expect(404);
    }
}
