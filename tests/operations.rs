//! Every operation of the OpenAPI document is documented as the contract asks, and is exercised: an operation that is
//! added without a line in this file fails here.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may panic and print"
)]

#[macro_use]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};
use support::{Client, Contract, TestApp};

/// A resource: its path, a body that creates one, a change of it. What a body refers to by `{resource}` is the id of
/// that resource, created before.
struct Sample {
    path: &'static str,
    body: Value,
    change: Value,
}

/// In the order in which they can be created; they are deleted in the opposite one.
fn samples() -> Vec<Sample> {
    vec![Sample {
        path: "organizations",
        body: json!({"code": "271071", "name": "港区", "kind": "ward"}),
        change: json!({"name": "港区役所"}),
    }]
}

/// Replaces `{resource}` by the id of the one that was created.
fn filled(template: &Value, ids: &BTreeMap<&str, String>) -> Value {
    let mut text = template.to_string();
    for (resource, id) in ids {
        text = text.replace(&format!("{{{resource}}}"), id);
    }
    serde_json::from_str(&text).unwrap()
}

/// Exercises the five verbs of each resource, and between creating and deleting whatever else there is.
fn exercise(app: &Client) {
    let samples = samples();
    let mut ids = BTreeMap::new();
    for Sample { path, body, change } in &samples {
        let made = app.post(&format!("/{path}"), &filled(body, &ids)).expect(201);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let one = format!("/{path}/{id}");
        app.get(&one).expect(200);
        app.patch(&one, made.etag(), change).expect(200);
        let page = app.get(&format!("/{path}?limit=1")).expect(200).json();
        assert_eq!(page["items"][0]["id"], id.as_str());
        ids.insert(*path, id);
    }
    for Sample { path, .. } in samples.iter().rev() {
        app.delete(&format!("/{path}/{}", ids[path]), "*").expect(204);
    }
}

on_both! {
    fn every_operation_answers_as_it_is_documented(app: &TestApp) {
        exercise(app);
        let documented: BTreeSet<String> =
            Contract::of_this_program().operations().map(|(id, ..)| id.to_owned()).collect();
        let succeeded = app.succeeded();
        let missing: Vec<&String> = documented.difference(&succeeded).collect();
        assert!(missing.is_empty(), "no test here has seen a success of {missing:?}: exercise them in tests/operations.rs");
    }
}

#[test]
fn every_operation_has_a_summary_a_success_and_its_failures() {
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    for (id, method, path, operation) in Contract::of_this_program().operations() {
        let mut expect = |holds: bool, what: &str| {
            if !holds {
                faults.push(format!("{method} {path} ({id}): {what}"));
            }
        };
        let answers = operation["responses"].as_object().unwrap();
        expect(!id.is_empty() && ids.insert(id.to_owned()), "its operationId is missing or not its own");
        expect(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "it has no summary");
        expect(operation["tags"].as_array().is_some_and(|tags| !tags.is_empty()), "it has no tag");
        expect(answers.keys().any(|status| status.starts_with('2')), "it documents no success");
        expect(answers.contains_key("500") && answers.contains_key("503"), "it does not document 500 and 503");
        for (status, answer) in answers.iter().filter(|(status, _)| status.as_str() >= "400") {
            let schema = &answer["content"]["application/problem+json"]["schema"]["$ref"];
            expect(schema == "#/components/schemas/Problem", &format!("its {status} is no problem document"));
        }
        let has = |place: &str, name: &str| {
            operation["parameters"].as_array().into_iter().flatten().any(|p| p["in"] == place && p["name"] == name)
        };
        for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            expect(has("path", name), &format!("the parameter {name} of its path is not documented"));
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let (name, place) = (parameter["name"].as_str().unwrap(), &parameter["in"]);
            expect(place != "path" || path.contains(&format!("{{{name}}}")), &format!("{name} is not in its path"));
            expect(parameter["description"].is_string(), &format!("its parameter {name} is not described"));
        }
        match method.as_str() {
            "POST" => expect(has("header", "Idempotency-Key"), "it does not document Idempotency-Key"),
            "PATCH" | "DELETE" => expect(has("header", "If-Match"), "it does not document If-Match"),
            _ => {}
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_committed_document_is_the_one_that_the_program_makes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let made = mikomi::api::openapi().to_pretty_json().unwrap();
    assert!(
        committed.trim_end() == made.trim_end(),
        "openapi/openapi.json is not what the program makes; run `cargo run -- openapi > openapi/openapi.json`"
    );
}

on_both! {
    fn the_document_is_served_as_it_is_committed(app: &TestApp) {
        let served = app.get("/openapi.json").expect(200);
        assert_eq!((served.header("content-type"), served.json()), ("application/json", Contract::of_this_program().document.clone()));
    }
}
