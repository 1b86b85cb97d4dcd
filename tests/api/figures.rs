//! What a figure changes of what is computed: the targets on its indicator at the checkpoints after it, and nothing else.

use mikomi::db::{Connection, states};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::minato::{minato, put};
use crate::support::{Client, TestApp, run};

fn ids(app: &Client, path: &str) -> Vec<String> {
    let listed = app.get(path).expect(200).json();
    listed["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// How many rows of what is computed are not what they should be.
fn differences(connection: &mut Connection) -> usize {
    let plans = states::all_plans(connection).unwrap();
    plans.iter().map(|plan| states::recompute(connection, plan).unwrap()).sum()
}

/// Makes every state at every checkpoint wrong, so that it shows which are computed anew.
fn spoil(connection: &mut Connection) -> usize {
    run(connection, "UPDATE target_states SET answer = 'spoilt'")
}

/// A change of figures, small numbers that stand for what is there.
#[derive(Debug, Clone)]
enum Change {
    Report { rows: Vec<Figure> },
    Correct { which: usize, value: u32 },
    Withdraw { which: usize },
}

#[derive(Debug, Clone)]
struct Figure {
    indicator: usize,
    year: i32,
    basis: usize,
    period: usize,
    value: u32,
    provisional: bool,
}

fn figure() -> impl Strategy<Value = Figure> {
    (0..60_usize, 2018..=2022, 0..4_usize, 0..19_usize, 0..3_000_u32, any::<bool>()).prop_map(
        |(indicator, year, basis, period, value, provisional)| Figure {
            indicator,
            year,
            basis,
            period,
            value,
            provisional,
        },
    )
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => prop::collection::vec(figure(), 1..40).prop_map(|rows| Change::Report { rows }),
        1 => (any::<usize>(), 0..3_000_u32).prop_map(|(which, value)| Change::Correct { which, value }),
        1 => any::<usize>().prop_map(|which| Change::Withdraw { which }),
    ]
}

const PERIODS: [&str; 19] = [
    "m01", "m02", "m03", "m04", "m05", "m06", "m07", "m08", "m09", "m10", "m11", "m12", "q1", "q2", "q3", "q4", "h1",
    "h2", "year",
];

fn row(figure: &Figure, indicators: &[String]) -> Value {
    let basis = ["increment", "to_date", "snapshot", "year_end_forecast"][figure.basis];
    json!({
        "indicator_id": indicators[figure.indicator % indicators.len()],
        "fiscal_year": figure.year,
        "basis": basis,
        "period": PERIODS[figure.period],
        "value": figure.value.to_string(),
        "provisional": figure.provisional,
    })
}

/// Minato's plan of 2021 with a checkpoint in each quarter, and a plan of the next year that measures the same.
fn plans(app: &Client) {
    put(app, &minato());
    let mut next = minato();
    next["fiscal_year"] = json!(2022);
    put(app, &next);
    for plan in ids(app, "/plans") {
        let year = app.get(&format!("/plans/{plan}")).expect(200).json()["fiscal_year"].as_i64().unwrap();
        for (kind, day) in [("q1", format!("{year}-06-30")), ("q3", format!("{year}-12-31"))] {
            app.create("/checkpoints", &json!({"plan_id": plan, "kind": kind, "as_of": day}));
        }
    }
}

on_both! {
    fn whatever_is_reported_corrected_and_withdrawn_nothing_that_is_stored_is_stale(app: &TestApp) {
        plans(app);
        let indicators = ids(app, "/indicators?limit=1000");
        let connection = &mut app.database.connect();
        let mut runner = TestRunner::new_with_rng(
            Config { cases: 1, ..Config::default() },
            TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        );
        let changes = prop::collection::vec(change(), 40..60).new_tree(&mut runner).unwrap().current();
        for (number, change) in changes.iter().enumerate() {
            match change {
                Change::Report { rows } => {
                    let rows: Vec<Value> = rows.iter().map(|figure| row(figure, &indicators)).collect();
                    app.post("/actuals/bulk?mode=partial", &json!(rows)).expect(200);
                }
                Change::Correct { which, value } => {
                    let standing = ids(app, "/actuals?limit=1000");
                    let path = format!("/actuals/{}", standing[which % standing.len()]);
                    app.patch(&path, "*", &json!({"value": value.to_string(), "missing": null})).expect(200);
                }
                Change::Withdraw { which } => {
                    let standing = ids(app, "/actuals?limit=1000");
                    app.delete(&format!("/actuals/{}", standing[which % standing.len()]), "*").expect(204);
                }
            }
            assert_eq!(differences(connection), 0, "after change {number}: {change:?}");
        }
    }

    fn a_figure_is_looked_at_by_the_targets_on_its_indicator_at_the_checkpoints_after_it(app: &TestApp) {
        plans(app);
        let connection = &mut app.database.connect();
        let indicator = app.get("/targets?fiscal_year=2021").expect(200).json()["items"][0]["indicator_id"].clone();
        let report = |day: &str, value: u32| {
            app.post("/actuals/bulk", &json!([
                {"indicator_id": indicator, "basis": "snapshot", "as_of": day, "value": value.to_string()}
            ])).expect(200);
        };
        let states = spoil(connection);
        // After every checkpoint of both years: nobody looks at it.
        report("2023-08-01", 1);
        assert_eq!(differences(connection), states);
        // Once more, after the middle of 2021, with half a year of that plan and all of the next one to come.
        spoil(connection);
        report("2021-10-31", 2);
        let left = differences(connection);
        assert!(left < states && left > states / 2, "{left} of {states}");
        // Before everything: the whole of both plans, but of the other indicators.
        spoil(connection);
        report("2020-05-31", 3);
        let more = differences(connection);
        assert!(more < left, "{more} of {states}, and {left} before");
        assert!(more > states / 2, "{more} of {states}: nearly all targets are on other indicators");
    }

    fn a_plan_of_which_nothing_is_stored_is_computed_as_a_whole(app: &TestApp) {
        plans(app);
        let connection = &mut app.database.connect();
        for table in ["plan_rollups", "initiative_states", "target_states"] {
            run(connection, &format!("DELETE FROM {table}"));
        }
        let indicator = app.get("/targets?fiscal_year=2021").expect(200).json()["items"][0]["indicator_id"].clone();
        app.create("/actuals", &json!({"indicator_id": indicator, "basis": "snapshot", "as_of": "2021-05-31", "value": "3"}));
        assert_eq!(differences(connection), 0);
    }
}
