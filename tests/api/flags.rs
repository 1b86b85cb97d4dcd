//! Where a target and an initiative stand: declared and computed flags side by side, with the figures that made them.

use serde_json::{Value, json};

use crate::minato::{minato, put, short};
use crate::support::{Client, TestApp};

/// The status of the initiative with this number.
fn status(app: &Client, number: &str, query: &str) -> Value {
    let found = app.get(&format!("/initiatives?number={number}&fields=id")).expect(200).json();
    let id = found["items"][0]["id"].as_str().unwrap().to_owned();
    app.get(&format!("/initiatives/{id}/status{query}")).expect(200).json()
}

/// The outlook of a target of a status, by itself.
fn target_outlook(app: &Client, target: &Value, query: &str) -> Value {
    app.get(&format!("/targets/{}/outlook{query}", target["target_id"].as_str().unwrap())).expect(200).json()
}

on_both! {
    fn a_flag_names_the_figures_and_the_rule_that_made_it(app: &TestApp) {
        put(app, &minato());
        for (number, target, state, verdict, figure, required, rate) in [
            ("1-1-3", 0, "already_met", "achieve", json!("72"), json!("60"), json!("120")),
            ("2-4-1", 1, "already_met", "achieve", json!("7"), json!("5"), json!("140")),
            ("2-1-3", 0, "open", "undetermined", json!("0"), json!("1"), json!("0")),
            ("1-1-1", 0, "open", "undetermined", json!(null), json!("55"), json!(null)),
        ] {
            let status = status(app, number, "");
            let found = &status["targets"][target];
            let outlook = &found["outlook"];
            assert_eq!(
                (&outlook["state"], &outlook["verdict"], &outlook["figure"], &outlook["required"]),
                (&json!(state), &json!(verdict), &figure, &required),
                "{number}"
            );
            assert_eq!(outlook["achievement_rate"]["percent"], rate, "{number}");
            assert_eq!(outlook["basis"]["comparison"]["required"], required, "{number}");
            for (language, figure) in [("ja", &figure), ("en", &figure)] {
                let reason = outlook["reason"][language].as_str().unwrap();
                assert!(figure.as_str().is_none_or(|figure| reason.contains(figure)), "{number}: {reason}");
            }
            let mut alone = target_outlook(app, found, "");
            let chart = alone.as_object_mut().unwrap().remove("chart").expect("a chart");
            assert!(chart["points"].is_array() && found.get("chart").is_none());
            assert_eq!(&alone, found, "{number}: the target says the same by itself");
        }
    }

    fn an_open_target_carries_its_forecast_and_how_it_was_made(app: &TestApp) {
        put(app, &minato());
        // About 3,000 by the end of August, five twelfths of the year; 4,400 are asked for.
        let found = status(app, "3-1-2", "");
        let outlook = &found["targets"][0]["outlook"];
        assert_eq!((&outlook["state"], &outlook["verdict"], &outlook["rule"]), (&json!("open"), &json!("achieve"), &json!("forecast")));
        assert_eq!((&outlook["confidence"], &outlook["forecast"]["year_end"]), (&json!("likely"), &json!("7200")));
        let basis = &outlook["forecast_basis"][0];
        assert_eq!((&basis["elapsed"], &basis["so_far"], &basis["method"]), (&json!("0.416667"), &json!("3000"), &json!("usual_share")));
        assert_eq!(basis["assumed"], json!(["even_pace", "no_earlier_year"]));
        assert_eq!(found["outlook"]["computed"], "achieve");
        // A survey of every year that is not yet taken suggests something and decides nothing.
        let outlook = &status(app, "5-3-1", "")["targets"][0]["outlook"];
        assert_eq!((&outlook["verdict"], &outlook["rule"]), (&json!("undetermined"), &json!("not_due")));
        assert_eq!(outlook["forecast"]["year_end"], "44.4");
    }

    fn a_target_comes_with_what_is_needed_to_draw_it(app: &TestApp) {
        put(app, &minato());
        let found = target_outlook(app, &status(app, "3-1-2", "")["targets"][0], "");
        let point = json!({"as_of": "2021-08-31", "value": "3000", "approximate": true, "provisional": false});
        let chart = &found["chart"];
        assert_eq!((&chart["unit"], &chart["from"], &chart["to"]), (&json!("件"), &json!("2021-04-01"), &json!("2022-03-31")));
        assert_eq!(chart["points"], json!([point]));
        assert_eq!(chart["targets"][0]["lower"], json!({"value": "4400", "rounding": "0", "inclusive": true}));
        assert_eq!(chart["targets"][0]["by"], "2022-03-31");
        assert_eq!((&chart["forecast"]["from"], &chart["forecast"]["on"]), (&point, &json!("2022-03-31")));
        for number in ["year_end", "low", "high"] {
            assert_eq!(chart["forecast"][number], found["outlook"]["forecast"][number], "{number}");
        }
        // Before anything of the year is reported there is no point; what earlier years brought is drawn beside.
        let found = target_outlook(app, &status(app, "5-3-1", "")["targets"][0], "?as_of=2021-06-30");
        assert_eq!((&found["chart"]["points"], &found["chart"]["forecast"]["from"]), (&json!([]), &json!(null)));
        assert!(found["chart"]["earlier_years"][0]["result"].is_string(), "{}", found["chart"]);
    }

    fn the_pace_of_a_sum_stands_beside_its_outlook(app: &TestApp) {
        put(app, &minato());
        let found = status(app, "3-1-2", "");
        let pace = &found["targets"][0]["pace"];
        assert_eq!(pace.as_array().unwrap().len(), 1);
        for (field, expected) in [
            ("of", "at_least"), ("by", "even_pace"), ("required", "4400"), ("due", "2022-03-31"), ("figure", "3000"),
            ("as_of", "2021-08-31"), ("share", "0.416667"), ("expected", "1833.33"), ("ratio", "1.63637"),
        ] {
            assert_eq!(pace[0][field], expected, "{field}");
        }
        assert_eq!(target_outlook(app, &found["targets"][0], "")["pace"], *pace);
        // A survey has none.
        assert_eq!(status(app, "5-3-1", "")["targets"][0]["pace"], json!([]));
    }

    fn every_figure_names_the_actuals_that_it_is_made_from(app: &TestApp) {
        put(app, &minato());
        let found = target_outlook(app, &status(app, "3-1-2", "")["targets"][0], "");
        let source = &found["sources"][0];
        assert_eq!(found["sources"].as_array().unwrap().len(), 1);
        for (field, expected) in [
            ("fiscal_year", json!(2021)), ("as_of", json!("2021-08-31")), ("value", json!("3000")), ("revision", json!(1)),
            ("basis", json!("to_date")), ("approximate", json!(true)),
        ] {
            assert_eq!(source[field], expected, "{field}");
        }
        let ids = json!([source["actual_id"]]);
        assert_eq!(found["outlook"]["basis"]["comparison"]["figure"]["actual_ids"], ids);
        let input = &found["outlook"]["forecast_basis"][0]["inputs"][0];
        assert_eq!((&input["used_as"], &input["value"], &input["actual_ids"]), (&json!("so_far"), &json!("3000"), &ids));
        let stored = app.get(&format!("/actuals/{}", source["actual_id"].as_str().unwrap())).expect(200).json();
        assert_eq!((&stored["value"], &stored["version"]), (&json!("3000"), &source["revision"]));
    }

    fn the_departments_own_estimate_is_an_input_of_the_forecast(app: &TestApp) {
        put(app, &minato());
        let before = target_outlook(app, &status(app, "3-1-2", "")["targets"][0], "");
        let actual = app.get(&format!("/actuals/{}", before["sources"][0]["actual_id"].as_str().unwrap())).expect(200).json();
        let estimate = json!({"indicator_id": actual["indicator_id"], "fiscal_year": 2021, "basis": "year_end_forecast",
            "as_of": "2021-09-30", "value": "4000"});
        let id = app.post("/actuals", &estimate).expect(201).json()["id"].clone();
        let after = target_outlook(app, &status(app, "3-1-2", "")["targets"][0], "");
        let basis = &after["outlook"]["forecast_basis"][0];
        // The mean of the 7,200 at an even pace and of 4,000.
        assert_eq!((&basis["computed"], &basis["estimate"], &basis["forecast"]["year_end"]), (&json!("7200"), &json!("4000"), &json!("5600")));
        assert_eq!((&basis["inputs"][1]["used_as"], &basis["inputs"][1]["actual_ids"]), (&json!("estimate"), &json!([id])));
        assert_eq!(after["sources"][1]["actual_id"], id);
        let earlier = target_outlook(app, &status(app, "3-1-2", "?as_of=2021-09-29")["targets"][0], "?as_of=2021-09-29");
        assert_eq!(earlier["outlook"]["forecast"]["year_end"], "7200");
    }

    fn maxima_deadlines_and_later_years_are_forecast_with_their_actuals(app: &TestApp) {
        let by = |deadline: &str| json!({"kind": "threshold", "comparator": "gte", "unit": "人", "deadline": deadline,
            "operand": {"kind": "constant", "value": "100"}});
        let counted = |indicator: &str, measure: &str, criterion: &Value| json!({
            "indicator": indicator, "text": "100人以上", "unit": "人", "measure": measure, "criterion": criterion});
        let mut actuals = Vec::new();
        for (target, basis) in [(0, "to_date"), (1, "to_date"), (2, "snapshot")] {
            for (year, half, whole) in [(2019, 30, 70), (2020, 34, 80)] {
                for (as_of, value) in [(format!("{year}-09-30"), half), (format!("{}-03-31", year + 1), whole)] {
                    actuals.push(json!({"target": target, "basis": basis, "fiscal_year": year, "as_of": as_of, "value": value.to_string()}));
                }
            }
            actuals.push(json!({"target": target, "basis": basis, "as_of": "2021-06-30", "value": "20"}));
        }
        for (year, quarter) in [(2019, "15"), (2020, "17")] {
            actuals.push(json!({"target": 0, "basis": "to_date", "fiscal_year": year, "as_of": format!("{year}-06-30"), "value": quarter}));
        }
        put(app, &short(2021, json!([{"number": "1-1-1", "title": "取組", "actuals": actuals, "targets": [
            counted("来場", "sum", &by("2021-09-30")), counted("参加", "sum", &by("2024-03-31")), counted("最大", "maximum", &by("2022-03-31")),
        ]}])));
        let found = status(app, "1-1-1", "?as_of=2021-06-30");
        for (target, on, method, rule) in [
            (0, "2021-09-30", "usual_share", "forecast"),
            (1, "2024-03-31", "trend", "trend"),
            (2, "2022-03-31", "extreme", "forecast"),
        ] {
            let found = target_outlook(app, &found["targets"][target], "?as_of=2021-06-30");
            let outlook = &found["outlook"];
            assert_eq!((&outlook["forecast"]["on"], &outlook["rule"]), (&json!(on), &json!(rule)), "{outlook}");
            assert_eq!(outlook["forecast_basis"][0]["method"], method);
            assert_eq!((&found["chart"]["forecast"]["on"], &found["chart"]["targets"][0]["by"]), (&json!(on), &json!(on)));
            let sources: Vec<&Value> = found["sources"].as_array().unwrap().iter().map(|it| &it["actual_id"]).collect();
            let inputs = outlook["forecast_basis"][0]["inputs"].as_array().unwrap();
            assert!(inputs.len() >= 3, "{inputs:?}");
            for id in inputs.iter().flat_map(|input| input["actual_ids"].as_array().unwrap()) {
                assert!(sources.contains(&id), "{id} of {sources:?}");
            }
        }
        // Toward its deadline the sum is paced by what came until the same days.
        let pace = &found["targets"][0]["pace"][0];
        assert_eq!((&pace["due"], &pace["by"], &pace["figure"]), (&json!("2021-09-30"), &json!("usual_pace"), &json!("20")));
    }

    fn declared_and_computed_stand_side_by_side(app: &TestApp) {
        put(app, &minato());
        let found = status(app, "2-1-1", "");
        assert_eq!(found["progress"]["declared"], "behind");
        assert_eq!(found["progress"]["disagree"], found["progress"]["computed"] == "on_schedule");
        let reference = status(app, "3-3-1", "");
        assert!(reference["same_as_id"].is_string());
        assert_eq!((&reference["outlook"], &reference["progress"]), (&json!(null), &json!(null)));
    }

    fn what_the_mid_year_review_reports_of_an_activity_is_not_known_before_it(app: &TestApp) {
        put(app, &minato());
        // 2 of 5 are reported without a day of their own, for the checkpoint at which the plan stands.
        let verdict = |query: &str| status(app, "2-1-2", query)["progress"]["computed"].clone();
        assert_eq!((verdict("?as_of=2021-08-31"), verdict("?as_of=2021-09-30")), (json!("undetermined"), json!("behind")));
    }

    fn a_figure_is_known_only_from_its_day_on(app: &TestApp) {
        put(app, &minato());
        for (day, state, rule) in [("2021-09-29", "open", "no_figure"), ("2021-09-30", "already_met", "reached")] {
            let found = status(app, "1-1-3", &format!("?as_of={day}"));
            let outlook = &found["targets"][0]["outlook"];
            assert_eq!((&outlook["state"], &outlook["rule"]), (&json!(state), &json!(rule)), "{day}");
        }
        let found = app.get("/initiatives?number=1-1-3&fields=id").expect(200).json();
        let id = found["items"][0]["id"].as_str().unwrap();
        app.get(&format!("/initiatives/{id}/status?checkpoint=q9")).expect(404);
        app.get("/initiatives/nobody/status").expect(404);
        app.get("/targets/nobody/outlook").expect(404);
    }
}
