//! What is computed anew when something changes, and what is not.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use mikomi::db::states;
use serde_json::{Value, json};

use crate::minato::{minato, put};
use crate::support::{Client, TestApp};

fn id(row: &Value) -> String {
    row["id"].as_str().unwrap().to_owned()
}

/// A ward's plan with one target on a series, looked at in the middle of its year; the plan's id.
fn plan(app: &Client, city: &str, ward: usize, fiscal_year: i32, indicator: &str, count: u32) -> String {
    let found = app.get(&format!("/organizations?code=27{ward:04}")).expect(200).json();
    let ward = match found["items"].as_array().unwrap().first() {
        Some(row) => id(row),
        None => id(&app.create(
            "/organizations",
            &json!({"code": format!("27{ward:04}"), "name": format!("{ward}区"), "kind": "ward", "parent_id": city}),
        )),
    };
    let plan =
        id(&app.create("/plans", &json!({"organization_id": ward, "fiscal_year": fiscal_year, "title": "運営方針"})));
    let theme =
        id(&app.create("/objectives", &json!({"plan_id": plan, "number": "1", "title": "課題", "level": "theme"})));
    let initiative = id(&app.create("/initiatives", &json!({"objective_id": theme, "number": "1-1", "title": "取組"})));
    app.create(
        "/targets",
        &json!({"initiative_id": initiative, "indicator_id": indicator, "text": format!("{count}件以上")}),
    );
    app.create("/checkpoints", &json!({"plan_id": plan, "kind": "mid_year", "as_of": format!("{fiscal_year}-09-30")}));
    plan
}

/// The rollup of each plan in the middle of its year.
fn rollups(app: &Client, plans: &[String]) -> BTreeMap<String, Value> {
    let rollup = |plan: &String| app.get(&format!("/plans/{plan}/rollup?checkpoint=mid_year")).expect(200).json();
    plans.iter().map(|plan| (plan.clone(), rollup(plan))).collect()
}

on_both! {
    fn a_correction_of_a_shared_series_reaches_every_plan_that_looks_at_it_and_no_other(app: &TestApp) {
        let city = id(&app.create("/organizations", &json!({"code": "279004", "name": "市", "kind": "city"})));
        let series = |name: &str| {
            id(&app.create("/indicators", &json!({"organization_id": city, "name": name, "unit": "件", "measure": "sum"})))
        };
        let (shared, other) = (series("市全体の件数"), series("別の件数"));
        // 24 wards look at the same series; one looks at another; one looked at it the year before.
        let wards: Vec<String> = (1..=24).map(|ward| plan(app, &city, ward, 2021, &shared, 100)).collect();
        let others = vec![plan(app, &city, 25, 2021, &other, 100), plan(app, &city, 1, 2020, &shared, 100)];
        let figure = json!({"indicator_id": shared, "fiscal_year": 2021, "basis": "to_date", "as_of": "2021-08-31", "value": "40"});
        let actual = id(&app.create("/actuals", &figure));
        let met = |rollup: &Value| rollup["targets"]["by_state"]["already_met"].as_u64().unwrap_or(0);
        let (before, untouched) = (rollups(app, &wards), rollups(app, &others));
        assert_eq!(before.values().map(met).sum::<u64>(), 0);

        app.patch(&format!("/actuals/{actual}"), "*", &json!({"value": "140", "reason": "集計の訂正"})).expect(200);
        assert_eq!(rollups(app, &wards).values().map(met).sum::<u64>(), 24);
        assert_eq!(rollups(app, &others), untouched);
        let since = HashMap::from([(shared.as_str(), "2021-08-31".parse().unwrap())]);
        let connection = &mut app.database.connect();
        let concerned: BTreeSet<String> = states::concerned(connection, &since).unwrap().into_iter().collect();
        assert_eq!(concerned, wards.iter().cloned().collect());

        // Back again: everything is as it was, and nothing that is stored is stale.
        app.patch(&format!("/actuals/{actual}"), "*", &json!({"value": "40", "reason": "訂正の取消"})).expect(200);
        assert_eq!(rollups(app, &wards), before);
        for plan in wards.iter().chain(&others) {
            assert_eq!(states::recompute(connection, plan).unwrap(), 0, "{plan}");
        }
    }

    fn a_result_of_last_year_that_turns_final_decides_what_refers_to_it(app: &TestApp) {
        let city = id(&app.create("/organizations", &json!({"code": "279004", "name": "市", "kind": "city"})));
        let series = json!({"organization_id": city, "name": "件数", "unit": "件", "measure": "sum", "polarity": "higher_is_better"});
        let series = id(&app.create("/indicators", &series));
        let plan = plan(app, &city, 1, 2021, &series, 1);
        let target = id(&app.get("/targets").expect(200).json()["items"][0]);
        app.patch(&format!("/targets/{target}"), "*", &json!({"text": "前年度実績以上"})).expect(200);
        app.create("/actuals", &json!({"indicator_id": series, "fiscal_year": 2021, "basis": "to_date", "as_of": "2021-09-30", "value": "90"}));
        let outlook = || app.get(&format!("/targets/{target}/outlook?checkpoint=mid_year")).expect(200).json()["outlook"].clone();
        assert_eq!((&outlook()["state"], &outlook()["required"]), (&json!("open"), &json!(null)));
        let last = json!({"indicator_id": series, "fiscal_year": 2020, "basis": "to_date", "as_of": "2021-03-31", "value": "80", "provisional": true});
        let last = id(&app.create("/actuals", &last));
        let state = |rollup: &Value, state: &str| rollup["targets"]["by_state"][state].as_u64().unwrap_or(0);
        let rollup = || app.get(&format!("/plans/{plan}/rollup?checkpoint=mid_year")).expect(200).json();
        assert_eq!((&outlook()["state"], &outlook()["verdict"], &outlook()["required"]), (&json!("open"), &json!("achieve"), &json!("80")));
        assert_eq!((state(&rollup(), "open"), state(&rollup(), "already_met")), (1, 0));
        app.patch(&format!("/actuals/{last}"), "*", &json!({"provisional": false})).expect(200);
        assert_eq!(outlook()["state"], "already_met");
        assert_eq!((state(&rollup(), "open"), state(&rollup(), "already_met")), (0, 1));
        assert_eq!(states::recompute(&mut app.database.connect(), &plan).unwrap(), 0);
    }

    fn a_review_keeps_the_computed_flags_of_the_day_on_which_it_was_written(app: &TestApp) {
        put(app, &minato());
        let initiative = id(&app.get("/initiatives?number=1-1-3").expect(200).json()["items"][0]);
        let read = || app.get(&format!("/reviews?initiative={initiative}")).expect(200).json()["items"][0].clone();
        let flags = |review: &Value| (review["computed"]["outlook"].clone(), review["computed_then"]["outlook"].clone());
        let review = read();
        assert_eq!(flags(&review), (json!("achieve"), json!("achieve")));
        let actual = id(&app.get(&format!("/actuals?initiative={initiative}&fiscal_year=2021")).expect(200).json()["items"][0]);
        app.delete(&format!("/actuals/{actual}"), "*").expect(204);
        assert_eq!(flags(&read()), (json!("undetermined"), json!("achieve")), "what was seen then stays");
        assert_eq!(read()["computed_then"], review["computed_then"]);

        // Written anew, it stands beside the flags of now; removed, it leaves nothing behind.
        let path = format!("/reviews/{}", id(&review));
        let anew = app.patch(&path, "*", &json!({"outlook": "miss"})).expect(200).json();
        assert_eq!(flags(&anew), (json!("undetermined"), json!("undetermined")));
        assert!(anew["computed_then"]["recorded_at"].as_str() > review["computed_then"]["recorded_at"].as_str());
        app.delete(&path, "*").expect(204);
        let content = json!({"initiative_id": initiative, "checkpoint_id": review["checkpoint_id"], "outlook": "achieve"});
        assert_eq!(flags(&app.create("/reviews", &content)), (json!("undetermined"), json!("undetermined")));
    }
}
