//! Every change of anything: who, when, from where, why, before and after.

use mikomi::domain::access::Role;
use serde_json::json;

use crate::minato::{RESOURCES, minato, put};
use crate::support::TestApp;

on_both! {
    fn every_resource_says_what_became_of_it(app: &TestApp) {
        put(app, &minato());
        for resource in RESOURCES {
            let row = app.get(&format!("/{resource}?limit=1")).expect(200).json()["items"][0].clone();
            let history = app.get(&format!("/{resource}/{}/history", row["id"].as_str().unwrap())).expect(200).json();
            let first = &history["items"][0];
            assert_eq!((&first["version"], &first["before"]), (&json!(1), &json!(null)), "{resource}");
            // What is shown last is what stands.
            let last = history["items"].as_array().unwrap().last().unwrap();
            let after = last["after"].as_object().unwrap();
            assert!(!after.is_empty());
            for (name, value) in after {
                assert_eq!(row[name], *value, "{resource}: {name}");
            }
            assert_eq!(last["version"], row["version"], "{resource}");
        }
        app.get("/plans/nobody/history").expect(404);
    }

    fn a_change_names_its_author_its_place_and_its_reason(app: &TestApp) {
        put(app, &minato());
        let (key, prefix) = app.key(Role::Reporter, Some("271071"), None);
        let initiative = app.get("/initiatives?number=1-1-3").expect(200).json()["items"][0]["id"].clone();
        let figure = app.get(&format!("/actuals?initiative={}", initiative.as_str().unwrap())).expect(200).json()["items"][0].clone();
        let path = format!("/actuals/{}", figure["id"].as_str().unwrap());
        let change = |method: &str, body: serde_json::Value| {
            let request = app.request(method, &path).header("authorization", &format!("Bearer {key}")).header("if-match", "*");
            request.header("x-change-reason", "%E8%A8%82%E6%AD%A3+%231").json(&body).send()
        };
        let was = figure["value"].clone();
        change("PATCH", json!({"value": "11"})).expect(200);
        change("PATCH", json!({"value": "12", "reason": "集計の誤り"})).expect(200);
        let id = change("DELETE", json!({})).expect(204).header("x-request-id").to_owned();
        let history = app.get(&format!("{path}/history")).expect(200).json();
        let changes: Vec<_> = history["items"].as_array().unwrap().iter().skip(1).map(|entry| {
            (entry["before"]["value"].clone(), entry["after"]["value"].clone(), entry["reason"].clone())
        }).collect();
        assert_eq!(changes, [
            (was, json!("11"), json!("訂正 #1")),
            (json!("11"), json!("12"), json!("集計の誤り")),
            (json!("12"), json!(null), json!("訂正 #1")),
        ]);
        let last = &history["items"][3];
        assert_eq!(last["actor"], format!("key test reporter ({prefix})"));
        assert_eq!(last["origin"], format!("127.0.0.1 {id}"));
        let wrong = app.request("PATCH", &path).header("if-match", "*").header("x-change-reason", &"x".repeat(1_501)).json(&json!({})).send();
        assert_eq!(wrong.expect(400).faults(), ["X-Change-Reason wrong_format"]);
    }

    fn what_is_gone_still_says_what_it_was(app: &TestApp) {
        put(app, &minato());
        let activity = app.get("/activities?limit=1").expect(200).json()["items"][0].clone();
        let path = format!("/activities/{}", activity["id"].as_str().unwrap());
        app.delete(&path, "*").expect(204);
        app.get(&path).expect(404);
        let history = app.get(&format!("{path}/history")).expect(200).json();
        let last = history["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["before"]["title"], &last["after"]), (&activity["title"], &json!(null)));
        // Not to everybody.
        let other = app.create("/organizations", &json!({"name": "よそ", "kind": "city"}));
        app.client_with(Role::Admin, other["id"].as_str()).get(&format!("{path}/history")).expect(404);
    }

    fn the_budgets_of_an_initiative_are_part_of_what_became_of_it(app: &TestApp) {
        put(app, &minato());
        let initiative = app.get("/initiatives?limit=1").expect(200).json()["items"][0]["id"].clone();
        let path = format!("/initiatives/{}", initiative.as_str().unwrap());
        let budget = json!([{"fiscal_year": 2021, "kind": "budget", "amount": "1000"}]);
        app.patch(&path, "*", &json!({"budgets": budget})).expect(200);
        app.patch(&path, "*", &json!({"title": "別の題"})).expect(200);
        let history = app.get(&format!("{path}/history")).expect(200).json();
        let items = history["items"].as_array().unwrap();
        assert_eq!(items.len(), 3);
        assert_eq!(items[1]["before"]["budgets"], json!([]));
        for entry in &items[1..] {
            assert_eq!(entry["after"]["budgets"][0]["amount"], "1000");
        }
        assert_eq!(items[2]["after"]["title"], "別の題");
    }
}
