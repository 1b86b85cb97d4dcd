//! Fifteen significant digits survive, written as a number or as a text, on both databases.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::minato::{counting, lost, put, short};
use crate::support::TestApp;

/// A decimal of up to fifteen digits in the shape that JSON and the API both take.
fn decimal() -> impl Strategy<Value = String> {
    (any::<bool>(), 0_u64..1_000_000_000_000_000, 0_usize..=12).prop_map(|(negative, digits, scale)| {
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let dot = if scale == 0 { "" } else { "." };
        format!("{}{whole}{dot}{fraction}", if negative { "-" } else { "" })
    })
}

/// As a number of JSON, read without a detour through floating point.
fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

on_both! {
    fn an_actual_keeps_every_digit(app: &TestApp) {
        app.create("/organizations", &json!({"code": "271071", "name": "港区", "kind": "ward"}));
        let indicator = app.create("/indicators", &json!({"organization_id": "271071", "name": "x", "measure": "sum"}));
        let made = app.create("/actuals", &json!({"indicator_id": indicator["id"], "fiscal_year": 2021, "basis": "increment", "period": "q1", "value": 0}));
        let path = format!("/actuals/{}", made["id"].as_str().unwrap());
        let mut runner = TestRunner::new(Config { cases: 100, failure_persistence: None, ..Config::default() });
        let holds = runner.run(&decimal(), |text| {
            for given in [json!(text), number(&text)] {
                app.patch(&path, "*", &json!({"value": given, "numerator": given, "denominator": 1})).expect(200);
                let got = app.get(&path).expect(200).json();
                prop_assert_eq!(lost(&json!({"value": text, "numerator": text}), &got), Vec::<String>::new());
                prop_assert!(got["value"].is_string());
            }
            Ok(())
        });
        holds.unwrap();
    }

    fn a_plan_document_keeps_every_digit(app: &TestApp) {
        let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
        let round = Cell::new(0);
        let holds = runner.run(&proptest::collection::vec(decimal(), 6), |texts| {
            round.set(round.get() + 1);
            let value = |at: usize| if round.get() % 2 == 0 { json!(texts[at]) } else { number(&texts[at]) };
            let actuals: Vec<Value> = (0..4)
                .map(|at| json!({"target": 0, "value": value(at), "basis": "increment", "period": format!("q{}", at + 1)}))
                .collect();
            let mut one = counting("1", json!(actuals));
            one["targets"][0]["history"] = json!({"2020": value(4)});
            one["targets"][0]["breakdown"] = json!([{"label": "a", "target": value(5)}]);
            let document = short(2021, json!([one]));
            put(app, &document);
            let got = app.get("/plan-documents/271071/2021").expect(200).json();
            prop_assert_eq!(lost(&document, &got), Vec::<String>::new());
            prop_assert_eq!(&put(app, &document).json()["changed"], &json!(false));
            Ok(())
        });
        holds.unwrap();
    }
}
