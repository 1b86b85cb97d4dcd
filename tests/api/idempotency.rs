//! `Idempotency-Key`: sending a POST again is safe.

use serde_json::{Value, json};

use crate::concurrency::at_once;
use crate::support::{Client, Response, TestApp};

fn post(app: &Client, key: &str, body: &Value) -> Response {
    app.request("POST", "/organizations").header("idempotency-key", key).json(body).send()
}

fn total(app: &Client) -> Value {
    app.get("/organizations").expect(200).json()["total"].clone()
}

fn city() -> Value {
    json!({"name": "大阪市", "kind": "city"})
}

on_both! {
    fn the_same_key_twice_gives_the_same_answer_and_one_row(app: &TestApp) {
        let first = post(app, "a", &city()).expect(201);
        let second = post(app, "a", &city()).expect(201);
        assert_eq!(first.body, second.body);
        for name in ["location", "etag", "content-type"] {
            assert_eq!(first.header(name), second.header(name), "{name}");
        }
        assert_eq!(total(app), 1);
        post(app, "b", &city()).expect(201);
        assert_eq!(total(app), 2);
    }

    fn the_same_body_written_in_another_way_is_the_same_request(app: &TestApp) {
        post(app, "a", &city()).expect(201);
        let text = "{ \"kind\":\"city\",\n \"name\": \"\\u5927\\u962a\\u5e02\" }";
        app.request("POST", "/organizations").header("idempotency-key", "a").body("application/json", text).send().expect(201);
        assert_eq!(total(app), 1);
    }

    fn the_same_key_with_another_body_is_refused(app: &TestApp) {
        post(app, "a", &city()).expect(201);
        let refused = post(app, "a", &json!({"name": "堺市", "kind": "city"})).expect(422);
        assert_eq!(refused.code(), "idempotency_mismatch");
        assert_eq!(total(app), 1);
    }

    fn a_refused_request_can_be_corrected_under_the_same_key(app: &TestApp) {
        post(app, "a", &json!({"name": "x", "kind": "ward", "parent_id": "nobody"})).expect(422);
        post(app, "a", &json!({"name": "x"})).expect(400);
        post(app, "a", &city()).expect(201);
        assert_eq!(total(app), 1);
    }

    fn the_answer_stays_what_it_was_when_the_row_has_changed(app: &TestApp) {
        let first = post(app, "a", &city()).expect(201);
        let path = format!("/organizations/{}", first.json()["id"].as_str().unwrap());
        app.patch(&path, first.etag(), &json!({"name": "b"})).expect(200);
        assert_eq!(post(app, "a", &city()).expect(201).body, first.body);
        app.delete(&path, "*").expect(204);
        assert_eq!(post(app, "a", &city()).expect(201).body, first.body);
        assert_eq!(total(app), 0);
    }

    fn a_key_that_cannot_be_kept_is_refused(app: &TestApp) {
        for key in ["", &"k".repeat(256), "\u{e9}"] {
            let refused = post(app, key, &city()).expect(400);
            assert_eq!((refused.code().as_str(), refused.faults()), ("invalid_request", vec!["Idempotency-Key wrong_format".to_owned()]));
        }
        post(app, &"k".repeat(255), &city()).expect(201);
        assert_eq!(total(app), 1);
    }

    fn a_hundred_of_the_same_at_once_make_one_row(app: &TestApp) {
        let answers: Vec<(u16, Value)> = at_once(100, |_| {
            let answer = post(app, "a", &city());
            (answer.status(), answer.json())
        });
        let made: Vec<&Value> = answers.iter().filter(|(status, _)| *status == 201).map(|(_, body)| body).collect();
        assert!(!made.is_empty() && made.iter().all(|body| *body == made[0]), "{answers:?}");
        for (status, body) in &answers {
            assert!(*status == 201 || *status == 409 && body["code"] == "idempotency_in_progress", "{status} {body}");
        }
        assert_eq!(total(app), 1);
    }

    fn two_who_happen_to_choose_the_same_key_know_nothing_of_each_other(app: &TestApp) {
        post(app, "a", &city()).expect(201);
        let somebody = app.client_with(mikomi::domain::access::Role::Admin, None);
        let other = serde_json::json!({"name": "別の市", "kind": "city"});
        let made = post(&somebody, "a", &other).expect(201).json();
        assert_eq!(made["name"], "別の市");
    }
}
