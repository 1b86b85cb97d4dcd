//! Plan documents: what is put is what is got, on both databases, all or nothing.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::minato::{PLAN_2021, address, counting, counts, everything, initiative, lost, minato, place, put, short};
use crate::support::TestApp;

/// A plan that says everything that a plan document can say.
fn rich() -> Value {
    json!({
        "organization": {"code": "271071", "name": "大阪市港区", "kind": "ward", "parent": {"code": "271004", "name": "大阪市"}},
        "fiscal_year": 2022, "title": "令和4年度 港区運営方針（案）", "status": "proposed",
        "vision": "安心して暮らせるまち\n活気あふれるまち", "mission": "区民とともに",
        "checkpoint": {"kind": "hearing", "as_of": "2022-11-15", "opens": "2022-11-16", "closes": "2022-11-30"},
        "checkpoints": [
            {"kind": "q1", "as_of": "2022-06-30"},
            {"kind": "mid_year", "as_of": "2022-08-31", "opens": "2022-09-01"},
            {"kind": "hearing", "as_of": "2022-11-15", "opens": "2022-11-16", "closes": "2022-11-30"},
            {"kind": "q3", "as_of": "2022-12-31", "closes": "2023-01-15"},
            {"kind": "year_end", "as_of": "2023-03-31"},
        ],
        "themes": [{
            "number": "3", "title": "健やかなまち", "desired_state": "だれもが元気", "sdgs": [11, 3],
            "strategies": [{
                "number": "3-1", "title": "健康づくり", "desired_state": "歩く人が増える", "sdgs": [3],
                "objectives": [{
                    "number": "3-1-A", "title": "施策", "level": "施策", "objectives": [{
                        "number": "3-1-A-イ", "title": "事業", "level": "事業", "sdgs": [17], "objectives": [{
                            "number": "3-1-A-イ-1", "title": "細事業", "initiatives": [
                                {"number": "細", "title": "深いところの取組", "targets": [], "activities": [], "actuals": []}]
                        }]
                    }]
                }],
                "initiatives": [everything_of_an_initiative(), {
                    "number": "3-1-2", "title": "前の取組の再掲", "same_as": "3-1-1", "description": "再掲",
                    "department": "保健福祉課",
                    "budgets": [{"fiscal_year": 2022, "kind": "budget", "amount": "1"}],
                }],
            }],
            "initiatives": [{"number": "3-X", "title": "戦略のない取組", "department": "総務課"}],
        }],
        "objectives": [{"number": "R", "title": "行財政改革", "level": "改革", "sdgs": [16],
            "strategies": [{"number": "R-I", "title": "歳入"}]}],
    })
}

fn everything_of_an_initiative() -> Value {
    json!({
        "number": "3-1-1", "title": "ウォーキング", "description": "歩く会を開く。", "department": "保健福祉課", "continues": "2-1-1",
        "budgets": [
            {"fiscal_year": 2020, "kind": "settled", "amount": "1234567890123"},
            {"fiscal_year": 2022, "kind": "budget", "amount": "15000000", "note": "うち国費 5,000千円"},
            {"fiscal_year": 2022, "kind": "estimate", "amount": "0.5"},
        ],
        "targets": [
            {"indicator": "参加者数", "text": "前年度より1%増", "unit": "人", "measure": "sum", "polarity": "higher_is_better",
                "source": "事業報告", "common_code": "walk", "baseline_year": 2019,
                "history": {"2019": "1200", "2020": "0.000000001"},
                "history_average": {"years": 3, "value": "1199.5"},
                "breakdown": [{"label": "築港", "target": "600"}, {"label": "田中", "target": "600.25"}],
                "breakdown_note": "会場別"},
            {"indicator": "満足度", "text": "5点満点中4点以上", "unit": "点", "measure": "average", "scale_max": "5",
                "criterion": {"kind": "threshold", "comparator": "gte", "operand": {"kind": "constant", "value": "4"}}},
            {"indicator": "全地域での開催", "text": "全地域", "unit": "地域", "measure": "maximum", "universe": "11"},
            {"indicator": "継続率", "text": "50%以上", "unit": "%", "measure": "ratio", "polarity": "higher_is_better"},
            {"indicator": "事故", "text": "ゼロを維持", "unit": "", "measure": "minimum", "polarity": "lower_is_better"},
            {"indicator": "計画", "text": "計画を策定する", "measure": "milestone"},
        ],
        "actuals": [
            {"target": 0, "value": "123456789012345", "basis": "increment", "period": "m01"},
            {"target": 0, "value": "-0.123456789012", "basis": "increment", "period": "m12"},
            {"target": 0, "value": "300", "basis": "increment", "period": "q1", "approximate": true, "provisional": true,
                "from": "2022-04-05", "method": "名簿", "note": "速報",
                "breakdown": [{"label": "築港", "value": "100"}, {"label": "田中", "value": "200"}]},
            {"target": 0, "missing": "not_reported", "basis": "increment", "period": "q2"},
            {"target": 0, "value": "0", "basis": "increment", "period": "q2", "fiscal_year": 2021},
            {"target": 0, "value": "900", "basis": "to_date", "as_of": "2022-11-15"},
            {"target": 0, "value": "1300", "basis": "year_end_forecast", "as_of": "2022-11-15"},
            {"target": 0, "value": "700", "basis": "increment", "period": "h1", "as_of": "2022-09-29"},
            {"target": 1, "value": "4.2", "basis": "snapshot", "as_of": "2022-10-01", "sample_size": 412, "method": "郵送"},
            {"target": 2, "missing": "not_due", "basis": "snapshot", "period": "year"},
            {"target": 3, "value": "45.5", "numerator": "91", "denominator": "200", "basis": "to_date", "period": "q2"},
            {"target": 3, "missing": "suppressed", "basis": "increment", "period": "q3"},
            {"target": 4, "missing": "annual_only", "basis": "snapshot", "period": "q1"},
            {"target": 5, "missing": "not_measurable", "basis": "snapshot", "as_of": "2022-12-31"},
        ],
        "activities": [
            {"title": "歩く会", "planned": "12", "done": "0", "unit": "回", "state": "in_progress", "due": "2023-03-31",
                "schedule": {"q1": "3", "q2": "3", "q3": "3.5", "q4": "2.5"}, "as_of": "2022-11-15", "approximate": true,
                "note": "雨天順延"},
            {"title": "歩く会", "planned": "1", "state": "planned", "schedule": {"q3": "1"}},
            {"title": "講演会", "state": "done"}, {"title": "合宿", "state": "cancelled"}, {"title": "遠足", "state": "postponed"},
        ],
        "q1_review": {"outlook": "achieve"},
        "mid_year_review": {"progress": "behind", "issues_and_measures": "雨が多い。屋内で行う。"},
        "q3_review": {"outlook": "miss", "progress": "on_schedule", "results": "順調", "issues_and_measures": "広報する"},
        "year_end_review": {"results": "終わった"},
        "reviews": {"hearing": {"outlook": "miss", "progress": "behind", "results": "聴いた", "issues_and_measures": "直す"}},
    })
}

/// Numbers of the initiatives that a list gives, in its order.
fn numbers(app: &TestApp, query: &str) -> Vec<String> {
    let page = app.get(&format!("/initiatives?limit=1000{query}")).expect(200).json();
    page["items"].as_array().unwrap().iter().map(|item| item["number"].as_str().unwrap().to_owned()).collect()
}

/// The id of an initiative.
fn id_of(app: &TestApp, plan: &Value, number: &str) -> String {
    let page = app.get(&format!("/initiatives?plan={}&number={number}", plan.as_str().unwrap())).expect(200).json();
    page["items"][0]["id"].as_str().unwrap().to_owned()
}

/// The values reported on what an initiative measures, with their years.
fn reported(app: &TestApp, initiative: &str) -> BTreeSet<(i64, String)> {
    let page = app.get(&format!("/actuals?initiative={initiative}")).expect(200).json();
    let figure = |item: &Value| (item["fiscal_year"].as_i64().unwrap(), item["value"].as_str().unwrap().to_owned());
    page["items"].as_array().unwrap().iter().map(figure).collect()
}

on_both! {
    fn the_plan_of_a_ward_is_taken_whole_and_given_back(app: &TestApp) {
        let made = app.put(PLAN_2021, &minato()).expect(201);
        assert_eq!(made.header("location"), format!("/api/v1{PLAN_2021}"));
        assert_eq!(made.json()["changed"], true);
        let got = app.get(PLAN_2021).expect(200);
        assert_eq!(got.etag(), made.etag());
        assert_eq!(lost(&minato(), &got.json()), Vec::<String>::new());
        let counted = everything(app);
        let expected = [("activities", 92), ("actuals", 7), ("checkpoints", 1), ("indicators", 53), ("initiatives", 49),
            ("objectives", 26), ("organizations", 2), ("plans", 1), ("reviews", 48), ("targets", 53)];
        assert_eq!(counts(&counted).into_iter().collect::<Vec<_>>(), expected);
    }

    fn what_is_there_already_is_left_alone(app: &TestApp) {
        let made = app.put(PLAN_2021, &minato()).expect(201);
        let before = everything(app);
        let got = app.get(PLAN_2021).expect(200).json();
        for again in [minato(), got] {
            let answer = app.put(PLAN_2021, &again).expect(200);
            assert_eq!(answer.json()["changed"], false, "{answer}");
            assert_eq!(answer.json()["changes"], json!({"created": 0, "updated": 0, "deleted": 0}));
            assert_eq!(answer.etag(), made.etag());
            assert_eq!(answer.json()["plan_id"], made.json()["plan_id"]);
            assert_eq!(everything(app), before);
        }
    }

    fn parts_that_do_not_add_up_are_kept_and_said(app: &TestApp) {
        let made = app.put(PLAN_2021, &minato()).expect(201).json();
        let pointer = format!("{}/targets/0/breakdown", place(&minato(), "R-1"));
        for said in [&made["warnings"], &app.get(PLAN_2021).expect(200).json()["warnings"]] {
            let mismatches: Vec<&Value> =
                said.as_array().unwrap().iter().filter(|warning| warning["code"] == "breakdown_mismatch").collect();
            assert_eq!(mismatches.len(), 1, "{said}");
            assert_eq!(mismatches[0]["pointer"], pointer);
            for language in ["ja", "en"] {
                let message = mismatches[0]["message"][language].as_str().unwrap();
                assert!(message.contains("15468") && message.contains("15000"), "{message}");
            }
        }
    }

    fn everything_that_a_plan_can_say_survives(app: &TestApp) {
        put(app, &short(2021, json!([{"number": "2-1-1", "title": "去年の取組"}])));
        let made = put(app, &rich());
        let got = app.get(&address(&rich())).expect(200).json();
        assert_eq!(lost(&rich(), &got), Vec::<String>::new());
        let before = everything(app);
        for again in [rich(), got] {
            let answer = app.put(&address(&rich()), &again).expect(200);
            assert_eq!((answer.json()["changed"].clone(), answer.etag()), (json!(false), made.etag()), "{answer}");
            assert_eq!(everything(app), before);
        }
        let continued = app.get(&format!("/initiatives/{}", id_of(app, &made.json()["plan_id"], "3-1-1"))).expect(200).json();
        let last_year = before.iter().find(|(path, item)| path.starts_with("initiatives/") && item["number"] == "2-1-1");
        assert_eq!(continued["continues_id"], last_year.unwrap().1["id"]);
    }

    fn every_fault_is_told_at_once_and_nothing_is_stored(app: &TestApp) {
        let mut wrong = minato();
        let mut expected = vec!["/fiscal_year not_the_address".to_owned()];
        let mut spoil = |number: &str, member: &str, value: Value, fault: &str| {
            let place = place(&wrong, number);
            let (object, name) = member.rsplit_once('/').unwrap();
            let object = wrong.pointer_mut(&format!("{place}{object}")).unwrap();
            match value {
                Value::Null => drop(object.as_object_mut().unwrap().shift_remove(name)),
                value => object[name] = value,
            }
            expected.push(format!("{place}{member} {fault}"));
        };
        spoil("1-1-1", "/colour", json!("red"), "unknown_field");
        spoil("1-1-2", "/mid_year_review/outlook", json!("maybe"), "unknown_word");
        spoil("1-1-3", "/actuals/0/target", json!(7), "unknown_reference");
        spoil("1-1-4", "/title", Value::Null, "required");
        spoil("1-2-1", "/targets/0/history", json!({"2021": "1"}), "not_an_earlier_year");
        spoil("1-2-2", "/activities/0/done", json!("twelve"), "wrong_format");
        spoil("1-2-3", "/title", json!(3), "wrong_type");
        spoil("2-1-1", "/number", json!("1-3-1"), "repeated");
        spoil("2-1-2", "/activities/1/as_of", json!("2021-02-29"), "wrong_format");
        spoil("2-1-3", "/actuals/0/missing", json!("not_due"), "value_or_missing");
        spoil("2-2-1", "/targets/0/criterion", json!({"kind": "all", "of": []}), "criterion");
        spoil("3-3-1", "/same_as", json!("9-9-9"), "unknown_reference");
        spoil("R-1", "/reviews", json!({"never": {"outlook": "miss"}}), "unknown_reference");
        // Some faults lie beside or inside the member that was changed.
        for fault in &mut expected {
            *fault = fault.replace("/missing value_or_missing", " value_or_missing")
                .replace("/history not_an", "/history/2021 not_an")
                .replace("/reviews unknown", "/reviews/never unknown");
        }
        expected.sort();
        let refused = app.put("/plan-documents/271071/2022", &wrong).expect(400);
        let told: Vec<String> = refused.faults().into_iter().map(|fault| fault.replace("/criterion/of criterion", "/criterion criterion")).collect();
        assert_eq!(told, expected, "{refused}");
        assert!(everything(app).is_empty());
    }

    fn a_fault_of_shape_does_not_bring_faults_of_rules_that_are_none(app: &TestApp) {
        for (number, member, value, faults) in [
            ("1-1-3", "/actuals/0/value", json!("many"), ["/actuals/0/value wrong_format"]),
            ("1-1-3", "/actuals/0/as_of", json!("soon"), ["/actuals/0/as_of wrong_format"]),
            ("1-1-3", "/targets/0/text", json!(""), ["/targets/0/text too_short"]),
            ("3-1-2", "/title", json!(""), ["/title too_short"]),
        ] {
            let mut wrong = minato();
            let place = place(&wrong, number);
            *wrong.pointer_mut(&format!("{place}{member}")).unwrap() = value;
            let refused = app.put(PLAN_2021, &wrong).expect(400);
            assert_eq!(refused.faults(), faults.map(|fault| format!("{place}{fault}")), "{refused}");
        }
        let mut wrong = minato();
        wrong["checkpoint"] = json!({"kind": "hearing", "as_of": "2021-99-99"});
        assert_eq!(app.put(PLAN_2021, &wrong).expect(400).faults(), ["/checkpoint/as_of wrong_format"]);
    }

    fn a_faulty_head_does_not_hide_the_faults_of_the_body(app: &TestApp) {
        let mut wrong = minato();
        wrong.as_object_mut().unwrap().shift_remove("title");
        wrong["fiscal_year"] = json!("令和3");
        wrong["organization"]["code"] = json!("港区");
        initiative(&mut wrong, "3-3-1")["same_as"] = json!("9-9-9");
        let nobody = format!("{}/same_as unknown_reference", place(&wrong, "3-3-1"));
        let expected = ["/fiscal_year wrong_type", "/organization/code wrong_format", &nobody, "/title required"];
        assert_eq!(app.put(PLAN_2021, &wrong).expect(400).faults(), expected);
    }

    fn what_belongs_to_a_later_plan_is_refused_rather_than_lost(app: &TestApp) {
        let mut wrong = minato();
        let place = place(&wrong, "1-1-3");
        initiative(&mut wrong, "1-1-3")["actuals"][0]["fiscal_year"] = json!(2022);
        let refused = app.put(PLAN_2021, &wrong).expect(422);
        assert_eq!(refused.faults(), [format!("{place}/actuals/0/fiscal_year after_the_plan")]);
    }

    fn an_organization_that_is_known_stays_what_it_is(app: &TestApp) {
        app.put(PLAN_2021, &minato()).expect(201);
        let etag = app.get(PLAN_2021).expect(200).etag().to_owned();
        let mut wrong = minato();
        wrong["organization"]["kind"] = json!("city");
        let refused = app.request("PUT", PLAN_2021).header("if-match", &etag).json(&wrong).send().expect(422);
        assert_eq!(refused.faults(), ["/organization/kind not_its_kind"]);
    }

    fn a_document_that_breaks_rules_only_is_told_apart_from_one_of_the_wrong_shape(app: &TestApp) {
        let mut wrong = minato();
        initiative(&mut wrong, "3-3-1")["same_as"] = json!("9-9-9");
        let refused = app.put("/plan-documents/271047/2022", &wrong).expect(422);
        let nobody = format!("{}/same_as unknown_reference", place(&wrong, "3-3-1"));
        assert_eq!(refused.faults(), ["/fiscal_year not_the_address", "/organization/code not_the_address", &nobody]);
        assert!(everything(app).is_empty());
    }

    fn a_plan_is_replaced_only_by_who_has_read_it(app: &TestApp) {
        app.put(PLAN_2021, &minato()).expect(201);
        let first = app.get(PLAN_2021).expect(200).etag().to_owned();
        let mut changed = minato();
        changed["title"] = json!("別の題名");
        let before = everything(app);
        assert_eq!(app.put(PLAN_2021, &changed).expect(428).code(), "precondition_required");
        let send = |etag: &str, document: &Value| app.request("PUT", PLAN_2021).header("if-match", etag).json(document).send();
        assert_eq!(send("\"stale\"", &changed).expect(412).code(), "version_conflict");
        assert_eq!(everything(app), before);
        let second = send(&first, &changed).expect(200);
        assert_eq!(second.json()["changes"], json!({"created": 0, "updated": 1, "deleted": 0}));
        assert_ne!(second.etag(), first);
        assert_eq!(send(&first, &minato()).expect(412).code(), "version_conflict");
        send("*", &minato()).expect(200);
        assert_eq!(app.get(PLAN_2021).expect(200).etag(), first);
        let new = "/plan-documents/271071/2030";
        changed["fiscal_year"] = json!(2030);
        assert_eq!(app.request("PUT", new).header("if-match", "*").json(&changed).send().expect(412).code(), "version_conflict");
        app.get(new).expect(404);
    }

    fn a_change_through_a_resource_changes_the_document_and_its_etag(app: &TestApp) {
        let made = app.put(PLAN_2021, &minato()).expect(201);
        let plan = made.json()["plan_id"].clone();
        let id = id_of(app, &plan, "1-1-1");
        app.patch(&format!("/initiatives/{id}"), "*", &json!({"title": "新しい題名", "description": "説明"})).expect(200);
        let got = app.get(PLAN_2021).expect(200);
        assert_ne!(got.etag(), made.etag());
        let mut got = got.json();
        assert_eq!(initiative(&mut got, "1-1-1")["title"], "新しい題名");
        let back = app.put(PLAN_2021, &got).expect(200).json();
        assert_eq!(back["changed"], false);
        app.put(PLAN_2021, &minato()).expect(428);
    }

    fn what_a_document_no_longer_has_is_deleted_and_nothing_else(app: &TestApp) {
        let mut document = minato();
        app.put(PLAN_2021, &document).expect(201);
        let mut before = everything(app);
        let remove = |document: &mut Value, object: &str, index: usize| {
            document.pointer_mut(object).unwrap().as_array_mut().unwrap().remove(index)
        };
        // What is removed, and what goes with it.
        type Cut<'a> = (String, usize, &'a [(&'a str, usize)]);
        let cuts: [Cut<'_>; 4] = [
            (format!("{}/activities", place(&document, "1-1-3")), 1, &[("activities", 1)]),
            (format!("{}/targets", place(&document, "1-1-1")), 0, &[("targets", 1)]),
            ("/themes/0/strategies/1/initiatives".to_owned(), 2,
                &[("initiatives", 1), ("targets", 1), ("activities", 2), ("reviews", 1)]),
            ("/themes".to_owned(), 5, &[("objectives", 3), ("initiatives", 5), ("targets", 7), ("activities", 7), ("reviews", 5)]),
        ];
        for (list, index, expected) in cuts {
            remove(&mut document, &list, index);
            let answer = put(app, &document).json();
            let after = everything(app);
            let gone: std::collections::BTreeMap<String, Value> =
                before.iter().filter(|(path, _)| !after.contains_key(*path)).map(|(path, item)| (path.clone(), item.clone())).collect();
            let deleted: usize = expected.iter().map(|(_, number)| number).sum();
            assert_eq!(counts(&gone), expected.iter().copied().collect(), "{list}");
            assert_eq!(answer["changes"]["deleted"], deleted, "{list}: {answer}");
            assert!(after.keys().all(|path| before.contains_key(path)), "{list}: something is new");
            let changed: Vec<&String> = after.iter().filter(|(path, item)| before[*path] != **item).map(|(path, _)| path).collect();
            assert_eq!(answer["changes"]["updated"], changed.len(), "{list}: {changed:?}");
            assert_eq!(lost(&document, &app.get(PLAN_2021).expect(200).json()), Vec::<String>::new(), "{list}");
            before = after;
        }
    }

    fn what_was_removed_can_come_back_with_other_figures(app: &TestApp) {
        let with = |value: i32| json!([{"target": 0, "value": value, "basis": "increment", "period": "q1"}]);
        let whole = short(2021, json!([counting("1", with(10)), counting("2", with(20))]));
        put(app, &whole);
        put(app, &short(2021, json!([counting("2", with(20))])));
        for again in [json!([counting("1", json!([])), counting("2", with(20))]), json!([counting("1", with(30)), counting("2", with(20))])] {
            let document = short(2021, again);
            let answer = put(app, &document);
            assert_eq!(lost(&document, &app.get(PLAN_2021).expect(200).json()), Vec::<String>::new());
            let second = put(app, &document);
            assert_eq!((second.json()["changed"].clone(), second.etag()), (json!(false), answer.etag()));
        }
    }

    fn years_that_a_plan_no_longer_states_are_no_longer_shown(app: &TestApp) {
        let stating = |history: Value| {
            let mut one = counting("1", json!([]));
            one["targets"][0]["history"] = history;
            short(2021, json!([one]))
        };
        put(app, &stating(json!({"2019": "10", "2020": "20"})));
        let answer = put(app, &stating(json!({"2020": "21"})));
        assert_eq!(answer.json()["changed"], true);
        let got = app.get(PLAN_2021).expect(200).json();
        assert_eq!(got.pointer("/themes/0/strategies/0/initiatives/0/targets/0/history"), Some(&json!({"2020": "21"})));
    }

    fn actuals_that_are_left_out_stay_and_an_empty_list_removes_them(app: &TestApp) {
        app.put(PLAN_2021, &minato()).expect(201);
        let mut silent = minato();
        initiative(&mut silent, "1-1-3").as_object_mut().unwrap().shift_remove("actuals");
        assert_eq!(app.put(PLAN_2021, &silent).expect(200).json()["changed"], false);
        initiative(&mut silent, "1-1-3")["actuals"] = json!([]);
        assert_eq!(put(app, &silent).json()["changes"], json!({"created": 0, "updated": 0, "deleted": 1}));
        let mut got = app.get(PLAN_2021).expect(200).json();
        assert_eq!(initiative(&mut got, "1-1-3")["actuals"], json!([]));
    }

    fn a_figure_cannot_be_given_twice_in_other_words(app: &TestApp) {
        let figure = |more: Value| {
            let mut figure = json!({"target": 0, "value": "1", "basis": "increment", "period": "q1"});
            more.as_object().unwrap().iter().for_each(|(name, value)| figure[name] = value.clone());
            figure
        };
        for more in [json!({}), json!({"fiscal_year": 2021}), json!({"as_of": "2021-06-30"}), json!({"value": "2", "fiscal_year": 2021, "as_of": "2021-06-30"})] {
            let document = short(2021, json!([counting("1", json!([figure(json!({})), figure(more.clone())]))]));
            let refused = app.put(PLAN_2021, &document).expect(422);
            assert_eq!(refused.faults(), [format!("{}/actuals/1 repeated", place(&document, "1"))], "{more}");
        }
    }

    fn numbers_are_names_and_are_counted_by_their_digits(app: &TestApp) {
        let given = ["R-1", "3-10", "6-2-3", "3-9", "3-2", "10-1", "R-10", "R-9", "1-2-1"];
        let initiatives: Vec<Value> = given.iter().map(|number| json!({"number": number, "title": "x"})).collect();
        put(app, &short(2021, json!(initiatives)));
        assert_eq!(numbers(app, ""), ["1-2-1", "3-2", "3-9", "3-10", "6-2-3", "10-1", "R-1", "R-9", "R-10"]);
        let got = app.get(PLAN_2021).expect(200).json();
        let list = got["themes"][0]["strategies"][0]["initiatives"].as_array().unwrap();
        assert_eq!(list.iter().map(|item| item["number"].as_str().unwrap()).collect::<Vec<_>>(), given);
    }

    fn a_name_alone_does_not_make_a_series(app: &TestApp) {
        let with = |value: i32| json!([{"target": 0, "value": value, "basis": "increment", "period": "q1"}]);
        let first = put(app, &short(2021, json!([counting("1", with(10)), counting("2", with(20))]))).json();
        assert_eq!(app.get("/indicators?name=%E5%8F%82%E5%8A%A0%E8%80%85%E6%95%B0").expect(200).json()["total"], 2);
        for (number, value) in [("1", "10"), ("2", "20")] {
            assert_eq!(reported(app, &id_of(app, &first["plan_id"], number)), BTreeSet::from([(2021, value.to_owned())]));
        }
    }

    fn next_years_plan_takes_up_the_series_of_the_same_definition(app: &TestApp) {
        let with = |value: i32| json!([{"target": 0, "value": value, "basis": "increment", "period": "q1"}]);
        put(app, &short(2021, json!([counting("1", with(10)), counting("2", with(20))])));
        let mut other = counting("3", with(33));
        other["targets"][0]["unit"] = json!("組");
        let next = short(2022, json!([counting("1", with(11)), counting("2", with(22)), other]));
        let plan = put(app, &next).json()["plan_id"].clone();
        assert_eq!(app.get("/indicators?name=%E5%8F%82%E5%8A%A0%E8%80%85%E6%95%B0").expect(200).json()["total"], 3);
        for (number, expected) in [("1", vec![(2021, "10"), (2022, "11")]), ("2", vec![(2021, "20"), (2022, "22")]), ("3", vec![(2022, "33")])] {
            let expected: BTreeSet<(i64, String)> = expected.into_iter().map(|(year, value)| (year, value.to_owned())).collect();
            assert_eq!(reported(app, &id_of(app, &plan, number)), expected, "{number}");
        }
        assert_eq!(put(app, &next).json()["changed"], false);
        // Last year's document is as it was.
        let last = app.get(PLAN_2021).expect(200).json();
        assert_eq!(lost(&short(2021, json!([counting("1", with(10)), counting("2", with(20))])), &last), Vec::<String>::new());
    }

    fn an_initiative_takes_up_its_own_series_whatever_its_place(app: &TestApp) {
        let with = |value: i32| json!([{"target": 0, "value": value, "basis": "increment", "period": "q1"}]);
        put(app, &short(2021, json!([counting("1", with(10)), counting("2", with(20)), counting("3", with(30))])));
        // The first is gone, the others have changed places, and one of them its number too.
        let mut renumbered = counting("1", json!([]));
        renumbered["continues"] = json!("3");
        let plan = put(app, &short(2022, json!([renumbered, counting("2", json!([]))]))).json()["plan_id"].clone();
        for (number, value) in [("1", "30"), ("2", "20")] {
            assert_eq!(reported(app, &id_of(app, &plan, number)), BTreeSet::from([(2021, value.to_owned())]), "{number}");
        }
    }

    fn of_many_who_replace_a_plan_that_they_all_have_read_one_does(app: &TestApp) {
        let etag = app.put(PLAN_2021, &minato()).expect(201).etag().to_owned();
        let mut statuses: Vec<u16> = std::thread::scope(|scope| {
            let one = |number: i32| {
                let mut document = minato();
                document["title"] = json!(format!("題名{number}"));
                app.request("PUT", PLAN_2021).header("if-match", &etag).json(&document).send().status()
            };
            let threads: Vec<_> = (0..6).map(|number| scope.spawn(move || one(number))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412, 412, 412, 412]);
    }

    fn of_many_who_put_a_new_plan_at_once_one_creates_it(app: &TestApp) {
        let statuses: Vec<(u16, String)> = std::thread::scope(|scope| {
            let one = |number: i32| {
                let mut document = minato();
                document["title"] = json!(format!("題名{}", number % 2));
                let answer = app.put(PLAN_2021, &document);
                (answer.status(), answer.header("etag").to_owned())
            };
            let threads: Vec<_> = (0..6).map(|number| scope.spawn(move || one(number))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|(status, _)| *status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|(status, _)| matches!(status, 200 | 201 | 409 | 428)), "{statuses:?}");
        let etag = app.get(PLAN_2021).expect(200).etag().to_owned();
        assert!(statuses.contains(&(201, etag)), "{statuses:?}");
        assert_eq!(counts(&everything(app))["targets"], 53);
    }
}
