//! Target texts, understood on demand, and by the targets that are stored.

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

fn parsed(app: &Client, body: &Value) -> Value {
    app.post("/criteria/parse", body).expect(200).json()
}

/// An initiative and an indicator, for targets to be set.
fn ground(app: &Client) -> (String, String) {
    let id = |made: Value| made["id"].as_str().unwrap().to_owned();
    let ward = id(app.create("/organizations", &json!({"code": "271071", "name": "港区", "kind": "ward"})));
    let plan = id(app.create("/plans", &json!({"organization_id": ward, "fiscal_year": 2021, "title": "運営方針"})));
    let theme = json!({"plan_id": plan, "number": "1", "title": "課題", "level": "theme"});
    let theme = id(app.create("/objectives", &theme));
    let initiative = id(app.create("/initiatives", &json!({"objective_id": theme, "number": "1-1", "title": "取組"})));
    let indicator = json!({"organization_id": ward, "name": "参加者数", "unit": "人", "measure": "sum"});
    (initiative, id(app.create("/indicators", &indicator)))
}

on_both! {
    fn a_text_is_answered_with_its_criterion_in_both_languages(app: &TestApp) {
        let answer = parsed(app, &json!({"text": "前年度比８％増", "unit": "件"}));
        let change = json!({"kind": "relative", "percent": "8"});
        let operand = json!({"kind": "reference", "to": "previous_year", "change": change});
        assert_eq!(answer["criterion"]["operand"], operand);
        assert_eq!(answer["criterion"]["comparator"], "gte");
        assert_eq!((&answer["needs_review"], answer["readings"].as_array().unwrap().len()), (&json!(false), 1));
        for language in ["ja", "en"] {
            let canonical = &answer["canonical"][language];
            let again = parsed(app, &json!({"text": canonical, "unit": "件"}));
            assert_eq!(again["criterion"], answer["criterion"], "{canonical}");
        }
    }

    fn a_text_with_two_meanings_is_answered_with_both_and_asks(app: &TestApp) {
        let answer = parsed(app, &json!({"text": "前年同時期の1%増", "unit": "%"}));
        assert_eq!(answer["needs_review"], true);
        let changes: Vec<&Value> =
            answer["readings"].as_array().unwrap().iter().map(|one| &one["criterion"]["operand"]["change"]["kind"]).collect();
        assert_eq!(changes, ["relative", "points"]);
        assert_eq!(answer["criterion"], answer["readings"][0]["criterion"]);
        let bare = |polarity: Option<&str>| {
            let mut body = json!({"text": "80%"});
            if let Some(polarity) = polarity {
                body["polarity"] = json!(polarity);
            }
            parsed(app, &body)["needs_review"].clone()
        };
        assert_eq!((bare(None), bare(Some("higher_is_better"))), (json!(true), json!(false)));
    }

    fn words_without_a_figure_are_never_a_number(app: &TestApp) {
        assert_eq!(parsed(app, &json!({"text": "連携を深める"}))["criterion"], json!({"kind": "qualitative"}));
        for nothing in ["", "―", "なし"] {
            assert_eq!(parsed(app, &json!({"text": nothing}))["criterion"], json!({"kind": "none"}), "{nothing}");
        }
    }

    fn a_question_without_a_text_or_with_something_else_is_refused(app: &TestApp) {
        let refused = app.post("/criteria/parse", &json!({"txt": "55%", "fiscal_year": "令和3", "polarity": "up"})).expect(400);
        assert_eq!(refused.faults(), ["/fiscal_year wrong_type", "/polarity unknown_word", "/text required", "/txt unknown_field"]);
        app.post("/criteria/parse", &json!({"text": "あ".repeat(4001)})).expect(400);
        app.post("/criteria/parse", &json!({"text": "あ".repeat(4000)})).expect(200);
    }

    fn a_whole_number_may_be_written_with_a_point(app: &TestApp) {
        let year = |number: &str| {
            let body = format!(r#"{{"text": "年度末に完了", "fiscal_year": {number}}}"#);
            let answer = app.request("POST", "/criteria/parse").body("application/json", body).send();
            answer.expect(200).json()["criterion"]["due"].clone()
        };
        assert_eq!((year("2021.0"), year("2.021e3")), (json!("2022-03-31"), json!("2022-03-31")));
    }

    fn a_target_that_needs_review_is_listed_and_settled_with_one_request(app: &TestApp) {
        let (initiative, indicator) = ground(app);
        let target = |text: &str| json!({"initiative_id": initiative, "indicator_id": indicator, "text": text});
        app.create("/targets", &target("120人以上"));
        let doubtful = app.create("/targets", &target("約3,000人"));
        assert_eq!(doubtful["reading"]["readings"].as_array().unwrap().len(), 2);
        let waiting = || app.get("/targets?needs_review=true").expect(200).json();
        assert_eq!((waiting()["total"].clone(), waiting()["items"][0]["id"].clone()), (json!(1), doubtful["id"].clone()));

        let path = format!("/targets/{}", doubtful["id"].as_str().unwrap());
        let chosen = &doubtful["reading"]["readings"][1]["criterion"];
        let settled = app.patch(&path, "*", &json!({"criterion": chosen})).expect(200).json();
        assert_eq!((&settled["criterion"], &settled["reading"]["criterion"]), (chosen, chosen));
        assert_eq!((&settled["reading"]["needs_review"], waiting()["total"].clone()), (&json!(false), json!(0)));

        // What a person has settled stands, whatever is said of the text afterwards; taking it back asks again.
        let reworded = app.patch(&path, "*", &json!({"text": "3,000人程度（延べ）"})).expect(200).json();
        assert_eq!(&reworded["criterion"], chosen);
        let asked = app.patch(&path, "*", &json!({"criterion": null})).expect(200).json();
        assert_eq!((&asked["criterion"], &asked["reading"]["needs_review"]), (&Value::Null, &json!(true)));
    }
}
