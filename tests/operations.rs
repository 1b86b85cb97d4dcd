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

use mikomi::domain::access::Role;
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
    let sample = |path, body, change| Sample { path, body, change };
    vec![
        sample("organizations", json!({"code": "271071", "name": "港区", "kind": "ward"}), json!({"name": "港区役所"})),
        sample(
            "plans",
            json!({"organization_id": "{organizations}", "fiscal_year": 2021, "title": "運営方針", "checkpoint": "mid_year"}),
            json!({"status": "adopted"}),
        ),
        sample("checkpoints", json!({"plan_id": "{plans}", "kind": "mid_year"}), json!({"opens": "2021-10-01"})),
        sample(
            "objectives",
            json!({"plan_id": "{plans}", "number": "1", "title": "課題", "level": "theme"}),
            json!({"sdgs": [11]}),
        ),
        sample(
            "initiatives",
            json!({"objective_id": "{objectives}", "number": "1-1", "title": "取組"}),
            json!({"budgets": [{"fiscal_year": 2021, "kind": "budget", "amount": "1"}]}),
        ),
        sample(
            "indicators",
            json!({"organization_id": "{organizations}", "name": "参加者数", "unit": "人", "measure": "sum"}),
            json!({"polarity": "higher_is_better"}),
        ),
        sample(
            "targets",
            json!({"initiative_id": "{initiatives}", "indicator_id": "{indicators}", "text": "100人以上"}),
            json!({"text": "120人以上"}),
        ),
        sample(
            "actuals",
            json!({"indicator_id": "{indicators}", "fiscal_year": 2021, "basis": "increment", "period": "q1", "value": 60}),
            json!({"value": "61", "reason": "訂正"}),
        ),
        sample(
            "activities",
            json!({"initiative_id": "{initiatives}", "title": "講座", "planned": 4}),
            json!({"done": 2}),
        ),
        sample(
            "reviews",
            json!({"initiative_id": "{initiatives}", "checkpoint_id": "{checkpoints}", "outlook": "achieve"}),
            json!({"progress": "on_schedule"}),
        ),
    ]
}

/// What can be read while the samples are there, besides themselves; `{resource}` as in a body.
const OTHERS: &[&str] = &[
    "/actuals/{actuals}/revisions",
    "/observations?plan={plans}",
    "/plans/{plans}/rollup",
    "/objectives/{objectives}/rollup",
    "/initiatives/{initiatives}/rollup",
    "/initiatives/{initiatives}/status",
    "/targets/{targets}/outlook",
    "/organizations/{organizations}/rollup?fiscal_year=2021",
    "/rollups?fiscal_year=2021&group_by=department",
    "/submissions",
    "/reporting?fiscal_year=2021",
    "/errata",
    "/problems",
    "/schemas/plan-document.json",
];

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
        let changed = app.patch(&one, made.etag(), change).expect(200);
        assert_ne!(changed.etag(), made.etag(), "{path}: the change changes something");
        let page = app.get(&format!("/{path}?limit=1")).expect(200).json();
        assert_eq!(page["items"][0]["id"], id.as_str());
        ids.insert(*path, id);
    }
    for (path, id) in &ids {
        app.get(&format!("/{path}/{id}/history")).expect(200);
    }
    for other in OTHERS {
        app.get(filled(&json!(other), &ids).as_str().unwrap()).expect(200);
    }
    let row = json!({"organization": "271071", "fiscal_year": 2021, "number": "1-1", "indicator": "参加者数",
        "basis": "increment", "period": "q2", "value": 70});
    app.post("/actuals/bulk", &json!([row])).expect(200);
    let file = "取組番号,指標,第2四半期\n1-1,参加者数,70\n";
    app.request("POST", "/imports?organization=271071&fiscal_year=2021").body("text/csv", file).send().expect(200);
    app.get(filled(&json!("/actuals/export?plan={plans}"), &ids).as_str().unwrap()).expect(200);
    let reported = app.get("/actuals?period=q2").expect(200).json()["items"][0]["id"].clone();
    app.post("/criteria/parse", &json!({"text": "55%以上"})).expect(200);
    let document = app.get("/plan-documents/271071/2021").expect(200);
    let request = app.request("PUT", "/plan-documents/271071/2021").header("if-match", document.etag());
    request.json(&document.json()).send().expect(200);
    app.delete(&format!("/actuals/{}", reported.as_str().unwrap()), "*").expect(204);
    for Sample { path, .. } in samples.iter().rev() {
        let one = format!("/{path}/{}", ids[path]);
        match *path {
            // Of what was ever reported the figures stay readable, and so does what they were measured by.
            "indicators" | "organizations" => drop(app.delete(&one, "*").expect(409)),
            _ => {
                app.delete(&one, "*").expect(204);
                app.get(&one).expect(404);
            }
        }
    }
    for (path, body) in [
        ("organizations", json!({"name": "別の区", "kind": "ward"})),
        ("indicators", json!({"organization_id": "{organizations}", "name": "別の指標", "measure": "sum"})),
    ] {
        let made = app.create(&format!("/{path}"), &filled(&body, &ids));
        app.delete(&format!("/{path}/{}", made["id"].as_str().unwrap()), "*").expect(204);
    }
}

/// Exercises the way of a submission, which ends with something that nobody can delete.
fn publish(app: &TestApp) {
    let mut document: Value = serde_json::from_str(include_str!("../data/minato-2021.json")).unwrap();
    document["organization"] = json!({"code": "271080", "name": "大正区"});
    app.put("/plan-documents/271080/2021", &document).expect(201);
    let first = |path: &str| app.get(path).expect(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let plan = first("/plans?organization=271080");
    let checkpoint = first(&format!("/checkpoints?plan={plan}"));
    let begun = app.create("/submissions", &json!({"checkpoint_id": checkpoint}));
    let submission = format!("/submissions/{}", begun["id"].as_str().unwrap());
    app.get(&submission).expect(200);
    app.get(&format!("{submission}/history")).expect(200);
    app.get(&format!("{submission}/form.xlsx")).expect(200);
    for review in app.get(&format!("/reviews?plan={plan}&limit=1000")).expect(200).json()["items"].as_array().unwrap() {
        if review["warnings"] != json!([]) {
            let path = format!("/reviews/{}", review["id"].as_str().unwrap());
            app.patch(&path, "*", &json!({"issues_and_measures": "課題と改善策"})).expect(200);
        }
    }
    let somebody_else = app.client_with(Role::Approver, None);
    app.post(&format!("{submission}/steps"), &json!({"step": "submit"})).expect(200);
    for step in ["approve", "publish"] {
        somebody_else.post(&format!("{submission}/steps"), &json!({"step": step})).expect(200);
    }
    let review = first(&format!("/reviews?plan={plan}"));
    let erratum = json!({"resource": "reviews", "resource_id": review, "change": {"results": "訂正"}, "reason": "誤記", "author": "総務課"});
    app.create("/errata", &erratum);
}

on_both! {
    fn every_operation_answers_as_it_is_documented(app: &TestApp) {
        exercise(app);
        publish(app);
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
            // It stores nothing: every answer to the same request is the same.
            "POST" if id == "parse_criterion" => {}
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

#[test]
fn the_committed_schema_of_plan_documents_is_the_one_that_the_program_makes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/plan-document.schema.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let made = serde_json::to_string_pretty(&mikomi::api::plan_document_schema()).unwrap();
    assert!(
        committed.trim_end() == made.trim_end(),
        "run `cargo run -- openapi --plan-document > openapi/plan-document.schema.json`"
    );
}

on_both! {
    fn the_schema_of_plan_documents_is_served_and_takes_the_published_plan(app: &TestApp) {
        let served = app.get("/schemas/plan-document.json").expect(200).json();
        assert_eq!(served, mikomi::api::plan_document_schema());
        let validator = jsonschema::options().should_validate_formats(true).build(&served).unwrap();
        let mut plan: Value = serde_json::from_str(include_str!("../data/minato-2021.json")).unwrap();
        assert!(validator.is_valid(&plan));
        plan["colour"] = json!("red");
        assert!(!validator.is_valid(&plan));
    }

    fn the_document_is_served_as_it_is_committed(app: &TestApp) {
        let served = app.get("/openapi.json").expect(200);
        assert_eq!((served.header("content-type"), served.json()), ("application/json", Contract::of_this_program().document.clone()));
    }
}
