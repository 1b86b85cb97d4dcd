//! Many actuals in one request: created, corrected or left alone; all or nothing, or as many as can be; every fault with its
//! row.

use std::slice;

use mikomi::db::{Connection, states};
use mikomi::domain::access::Role;
use serde_json::{Value, json};

use crate::minato::{counting, department, put, short};
use crate::support::{Client, Response, TestApp};

/// A plan with two initiatives that count participants; the first one's indicator follows a city-wide definition.
fn ward(app: &TestApp) -> [String; 2] {
    let mut second = counting("1-1-2", json!([]));
    second["targets"][0]["indicator"] = json!("来場者数（累計）");
    second["department"] = json!("別の課");
    let mut first = counting("1-1-1", json!([]));
    first["department"] = json!("総務課");
    let mut plan = short(2021, json!([first, second]));
    plan["checkpoint"] = json!({"kind": "mid_year", "as_of": "2021-09-30"});
    put(app, &plan);
    ["参加者数", "来場者数（累計）"].map(|name| {
        let listed = app.get("/indicators?limit=10").expect(200).json();
        let found = listed["items"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone();
        found["id"].as_str().unwrap().to_owned()
    })
}

fn by_name(number: &str, name: &str, period: &str, value: &str) -> Value {
    json!({"organization": "271071", "fiscal_year": 2021, "number": number, "indicator": name, "basis": "increment",
        "period": period, "value": value})
}

fn by_id(id: &str, period: &str, value: &str) -> Value {
    json!({"indicator_id": id, "fiscal_year": 2021, "basis": "increment", "period": period, "value": value})
}

/// created, corrected, unchanged, rejected
pub fn counts(answer: &Response) -> [u64; 4] {
    let body = answer.json();
    let counts = ["created", "corrected", "unchanged", "rejected"].map(|name| body[name].as_u64().unwrap());
    assert_eq!(body["rows"].as_u64().unwrap(), counts.iter().sum::<u64>(), "{answer}");
    counts
}

/// The faults of an answer or of a problem: row, place, code.
pub fn faults(answer: &Response) -> Vec<String> {
    let body = answer.json();
    let all = if body["errors"].is_array() { body["errors"].clone() } else { body["faults"].clone() };
    let fault = |fault: &Value| {
        let place = fault["pointer"].as_str().or(fault["column"].as_str()).unwrap_or_default();
        format!("{} {} {}", fault["row"], place, fault["code"].as_str().unwrap())
    };
    all.as_array().unwrap().iter().map(fault).collect()
}

pub fn total(app: &Client) -> Value {
    app.get("/actuals?limit=1").expect(200).json()["total"].clone()
}

on_both! {
    fn rows_are_created_corrected_and_left_alone_and_name_their_indicator_in_three_ways(app: &TestApp) {
        let [first, second] = ward(app);
        app.patch(&format!("/indicators/{first}"), "*", &json!({"common_code": "C-1"})).expect(200);
        let rows = json!([
            by_id(&first, "q1", "10"),
            by_name("１－１ー２", "来場者数 (累計)", "q1", "20"),
            {"organization": "271071", "common_code": "C-1", "fiscal_year": 2021, "basis": "increment", "period": "q2", "value": 5.5},
        ]);
        assert_eq!(counts(&app.post("/actuals/bulk?dry_run=true", &rows).expect(200)), [3, 0, 0, 0]);
        assert_eq!(total(app), 0);
        assert_eq!(counts(&app.post("/actuals/bulk", &rows).expect(200)), [3, 0, 0, 0]);
        assert_eq!(counts(&app.post("/actuals/bulk", &json!({"items": rows})).expect(200)), [0, 0, 3, 0]);
        let lines = format!("{}\r\n\n{}\n", by_id(&first, "q1", "10.0"), json!({"indicator_id": second, "indicator": "来場者数（累計）",
            "fiscal_year": 2021, "basis": "increment", "period": "q1", "missing": "suppressed", "reason": "訂正", "author": "総務課"}));
        let sent = app.request("POST", "/actuals/bulk").body("application/x-ndjson", lines).send().expect(200);
        assert_eq!(counts(&sent), [0, 1, 1, 0]);
        let actual = app.get(&format!("/actuals?indicator={second}")).expect(200).json()["items"][0].clone();
        assert_eq!((&actual["missing"], &actual["version"], &actual["author"]), (&json!("suppressed"), &json!(2), &json!("総務課")));
        let revisions = app.get(&format!("/actuals/{}/revisions", actual["id"].as_str().unwrap())).expect(200).json();
        assert_eq!((&revisions["items"][0]["value"], &revisions["items"][1]["reason"]), (&json!("20"), &json!("訂正")));
        // What was withdrawn is taken up again.
        app.delete(&format!("/actuals/{}", actual["id"].as_str().unwrap()), "*").expect(204);
        assert_eq!(counts(&app.post("/actuals/bulk", &json!([by_id(&second, "q1", "3")])).expect(200)), [1, 0, 0, 0]);
        let again = app.get(&format!("/actuals/{}", actual["id"].as_str().unwrap())).expect(200).json();
        assert_eq!((&again["value"], &again["version"]), (&json!("3"), &json!(4)));
    }

    fn every_fault_has_its_row_and_nothing_is_done_unless_in_part(app: &TestApp) {
        let [first, second] = ward(app);
        let wrong = json!([
            by_id(&first, "q1", "10"),
            by_id("nobody", "q1", "10"),
            by_name("9-9", "参加者数", "q1", "1"),
            by_name("1-1-1", "参加者", "q1", "1"),
            {"indicator_id": second, "fiscal_year": 2021, "basis": "increment", "period": "q1", "value": "1", "missing": "not_due"},
            by_id(&first, "q1", "11"),
            {"indicator_id": second, "indicator": "参加者数", "fiscal_year": 2021, "basis": "increment", "period": "q1", "value": "1"},
            {"organization": "271071", "fiscal_year": 2019, "number": "1-1-1", "indicator": "参加者数", "basis": "increment", "period": "q1", "value": "1"},
            {"fiscal_year": 2021, "basis": "increment", "period": "q1", "value": "1"},
            {"indicator_id": second, "fiscal_year": 2021, "basis": "to_date", "as_of": "2020-09-30", "value": "1"},
        ]);
        let expected = ["2 /1/indicator_id unknown_reference", "3 /2/number unknown_reference", "4 /3/indicator unknown_reference",
            "5 /4 value_or_missing", "6 /5 repeated", "7 /6/indicator other_name", "8 /7/fiscal_year unknown_reference",
            "9 /8 no_address", "10 /9/as_of before_period"];
        let refused = app.post("/actuals/bulk", &wrong).expect(400);
        assert_eq!(faults(&refused), expected);
        assert_eq!(refused.json()["errors"][2]["accepted"], json!(["参加者数"]));
        assert_eq!(refused.json()["errors"][6]["accepted"], json!([2021]));
        assert_eq!(total(app), 0);
        let tried = app.post("/actuals/bulk?dry_run=true&mode=partial", &wrong).expect(200);
        assert_eq!((counts(&tried), faults(&tried)), ([1, 0, 0, 9], expected.map(str::to_owned).to_vec()));
        assert_eq!(total(app), 0);
        let done = app.post("/actuals/bulk?mode=partial", &wrong).expect(200);
        assert_eq!((counts(&done), total(app)), ([1, 0, 0, 9], json!(1)));
        let rules = json!({"items": [by_id("nobody", "q1", "10")]});
        assert_eq!(faults(&app.post("/actuals/bulk", &rules).expect(422)), ["1 /items/0/indicator_id unknown_reference"]);
        let shape = json!([{"indicator_id": first, "basis": "weekly", "period": "q9", "value": "1", "colour": "red"}]);
        assert_eq!(faults(&app.post("/actuals/bulk", &shape).expect(400)).len(), 3);
        let line = app.request("POST", "/actuals/bulk").body("application/x-ndjson", "{}\n\n{\"a\": 1, \"a\": 2}").send().expect(400);
        assert_eq!(faults(&line), ["1 /basis required", "3  malformed_json"]);
        for (path, body) in [("", json!({"items": 1})), ("", json!("x")), ("?mode=all", json!([])), ("?dry_run=1", json!([])),
            ("", json!(vec![0; 10_001]))] {
            app.post(&format!("/actuals/bulk{path}"), &body).expect(400);
        }
        app.request("POST", "/actuals/bulk").body("text/plain", "x").send().expect(415);
        assert_eq!(counts(&app.post("/actuals/bulk", &json!([])).expect(200)), [0, 0, 0, 0]);
    }

    fn a_department_reports_its_own_rows_and_a_foreign_ward_is_not_there(app: &TestApp) {
        let [first, second] = ward(app);
        let rows = json!([by_id(&first, "q1", "1"), by_id(&second, "q1", "1"), by_name("1-1-2", "来場者数（累計）", "q2", "1")]);
        let reporter = app.client_with(Role::Reporter, Some(&department(app, "総務課")));
        let expected = ["2 /1/indicator_id forbidden", "3 /2/indicator forbidden"];
        assert_eq!(faults(&reporter.post("/actuals/bulk", &rows).expect(422)), expected);
        assert_eq!(counts(&reporter.post("/actuals/bulk?mode=partial", &rows).expect(200)), [1, 0, 0, 2]);
        app.create("/organizations", &json!({"code": "271080", "name": "別の区", "kind": "ward"}));
        let foreign = app.client_with(Role::Reporter, Some("271080"));
        let expected = ["1 /0/indicator_id unknown_reference", "2 /1/indicator_id unknown_reference", "3 /2/organization unknown_reference"];
        assert_eq!(faults(&foreign.post("/actuals/bulk?dry_run=true", &rows).expect(200)), expected);
        app.client_with(Role::Planner, Some("271071")).post("/actuals/bulk", &rows).expect(403);
    }

    fn a_bulk_request_is_answered_once_for_its_key_and_the_flags_follow(app: &TestApp) {
        let [first, _] = ward(app);
        let send = |value: &str| app.request("POST", "/actuals/bulk").header("idempotency-key", "monday")
            .json(&json!([by_id(&first, "q1", value)])).send();
        let once = send("120").expect(200);
        assert_eq!(send("120").expect(200).text(), once.text());
        assert_eq!(send("121").expect(422).code(), "idempotency_mismatch");
        assert_eq!(app.get("/targets?state=already_met").expect(200).json()["total"], 1);
        let mut database = Connection::open(&app.database.url).unwrap();
        for plan in states::all_plans(&mut database).unwrap() {
            assert!(states::are_current(&mut database, slice::from_ref(&plan)).unwrap(), "{plan}");
        }
    }

    fn the_same_rows_sent_at_once_by_many_are_created_once(app: &TestApp) {
        let [first, second] = ward(app);
        let rows: Vec<Value> = (1..=12).flat_map(|month| {
            [&first, &second].map(|id| by_id(id, &format!("m{month:02}"), "1"))
        }).collect();
        let rows = json!(rows);
        let answers: Vec<[u64; 4]> = std::thread::scope(|scope| {
            let sent: Vec<_> = (0..8).map(|_| scope.spawn(|| counts(&app.post("/actuals/bulk", &rows).expect(200)))).collect();
            sent.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|one| **one == [24, 0, 0, 0]).count(), 1, "{answers:?}");
        assert_eq!(answers.iter().filter(|one| **one == [0, 0, 24, 0]).count(), 7, "{answers:?}");
    }
}
