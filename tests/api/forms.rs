//! The form of a submission: a department gets it filled with what is known, fills in the rest and sends it back.

use mikomi::domain::access::Role;
use serde_json::{Value, json};

use crate::minato::{department, everything, put, short};
use crate::support::{Client, Response, TestApp, Workbook};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A plan with two departments, whose texts a spreadsheet would take for formulas.
fn plan() -> Value {
    let initiative = |number: &str, department: &str, unit: &str, measure: &str| {
        json!({"number": number, "title": format!("=取組{number}"), "department": department,
            "targets": [{"indicator": format!("@指標{number}"), "text": "+100以上", "unit": unit, "measure": measure}]})
    };
    let mut first = initiative("1-1-1", "福祉課", "人", "sum");
    first["actuals"] = json!([{"target": 0, "period": "q1", "basis": "increment", "value": "30"}]);
    first["activities"] = json!([{"title": "-講座", "planned": "4", "unit": "回", "done": "1", "as_of": "2021-06-30"}, {"title": "便り"}]);
    let mut second = initiative("1-1-2", "福祉課", "%", "ratio");
    second["mid_year_review"] = json!({"outlook": "achieve", "progress": "on_schedule", "results": "=1+1\n2行目"});
    let third = initiative("1-1-3", "総務課", "件", "latest");
    let mut plan = short(2021, json!([first, second, third]));
    plan["checkpoint"] = json!({"kind": "mid_year", "as_of": "2021-09-30"});
    plan
}

struct Cycle {
    reporter: Client,
    submission: String,
}

impl Cycle {
    fn of(app: &TestApp) -> Self {
        put(app, &plan());
        Self::begun(app)
    }

    fn begun(app: &TestApp) -> Self {
        let department = department(app, "福祉課");
        let reporter = app.client_with(Role::Reporter, Some(&department));
        let checkpoint = app.get("/checkpoints").expect(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        let begun =
            reporter.create("/submissions", &json!({"checkpoint_id": checkpoint, "organization_id": department}));
        let submission = format!("/submissions/{}", begun["id"].as_str().unwrap());
        Self { reporter, submission }
    }

    fn form(&self) -> Workbook {
        Workbook::read(&self.reporter.get(&format!("{}/form.xlsx", self.submission)).expect(200).body)
    }
}

fn send(client: &Client, query: &str, form: &Workbook) -> Response {
    client.request("POST", &format!("/imports{query}")).body(XLSX, form.bytes()).send()
}

/// What was done with the figures, the reviews and the activities: created, corrected, unchanged.
fn counts(answer: &Response) -> [[u64; 3]; 3] {
    let receipt = answer.json();
    ["actuals", "reviews", "activities"]
        .map(|part| ["created", "corrected", "unchanged"].map(|count| receipt["form"][part][count].as_u64().unwrap()))
}

/// The faults, as `sheet column+row code`.
fn faults(answer: &Response) -> Vec<String> {
    let body = answer.json();
    let said = |fault: &Value, name: &str| fault[name].as_str().unwrap_or_default().to_owned();
    let fault = |fault: &Value| {
        format!("{} {}{} {}", said(fault, "sheet"), said(fault, "column"), fault["row"], said(fault, "code"))
    };
    let listed = if body["errors"].is_array() { &body["errors"] } else { &body["faults"] };
    listed.as_array().unwrap().iter().map(fault).collect()
}

on_both! {
    fn a_form_that_comes_back_as_it_was_changes_nothing_and_says_so(app: &TestApp) {
        let cycle = Cycle::of(app);
        let before = everything(app);
        let path = format!("{}/form.xlsx", cycle.submission);
        let got = cycle.reporter.get(&path).expect(200);
        assert_eq!((got.header("content-type"), got.header("content-language")), (XLSX, "ja"));
        let name = "attachment; filename=\"form-271071-2021-mid_year.xlsx\"; filename*=UTF-8''%E4%BB%A4%E5%92%8C3";
        assert!(got.header("content-disposition").starts_with(name), "{}", got.header("content-disposition"));
        assert_eq!(got.header("vary"), "Accept-Language");
        cycle.reporter.request("GET", &path).header("if-none-match", got.etag()).send().expect(304);
        let english = cycle.reporter.request("GET", &path).language("en").send().expect(200);
        assert_ne!(english.etag(), got.etag());
        for (file, query) in [(&got, "?dry_run=true"), (&got, ""), (&english, ""), (&english, "?fiscal_year=1999")] {
            let form = Workbook::read(&file.body);
            let answer = send(&cycle.reporter, query, &form).expect(200);
            assert_eq!(counts(&answer), [[0, 0, 2], [0, 0, 2], [0, 0, 2]], "{answer}");
            let receipt = answer.json();
            assert_eq!((&receipt["form"]["changed"], &receipt["notes"][0]["code"]), (&json!(false), &json!("unchanged")));
            assert_eq!(everything(app), before);
        }
        let partial = send(&cycle.reporter, "?mode=partial", &Workbook::read(&got.body)).expect(422);
        assert_eq!(partial.faults(), ["mode not_in_part"]);
    }

    fn what_a_spreadsheet_cannot_hold_is_in_the_form_all_the_same(app: &TestApp) {
        let mut plan = plan();
        let initiative = &mut plan["themes"][0]["strategies"][0]["initiatives"][0];
        // Before a spreadsheet's first day, around the 29 February 1900 that never was, and after its last.
        let days = ["0762-03-01", "1900-02-28", "1900-03-01", "9999-12-31"];
        initiative["activities"] = days.iter().map(|day| json!({"title": day, "state": "done", "as_of": day})).collect();
        let target = |index: usize| json!({"indicator": format!("指標{index}"), "text": "長".repeat(2000), "measure": "latest"});
        initiative["targets"] = (0..20).map(target).collect();
        initiative["actuals"] = json!([]);
        put(app, &plan);
        let cycle = Cycle::begun(app);
        let answer = send(&cycle.reporter, "", &cycle.form()).expect(200);
        assert_eq!(counts(&answer)[2], [0, 0, days.len() as u64], "{answer}");
    }

    fn a_form_is_locked_but_for_the_cells_to_fill_and_hides_its_ids(app: &TestApp) {
        let cycle = Cycle::of(app);
        let form = cycle.form();
        for sheet in [1, 2, 3] {
            let xml = form.sheet(sheet);
            for wanted in ["<sheetProtection sheet=\"1\"", "<dataValidation type=\"list\"", "state=\"frozen\"", "orientation=\"landscape\"", "paperSize=\"9\"", "hidden=\"1\""] {
                assert!(xml.contains(wanted), "{wanted} in sheet {sheet}");
            }
            assert!(!xml.contains("<f>"), "no cell is a formula");
        }
        let filled = form.filled();
        assert_eq!(filled.identity["submission"], cycle.submission.rsplit('/').next().unwrap());
        let asked: Vec<&str> = filled.rows.iter().filter_map(|row| row.hidden.get("subject")).map(String::as_str).collect();
        assert_eq!(asked, ["increment q2 2021-09-30", "to_date  2021-09-30"], "in the rhythm so far, or all of the year");
        // Of a ratio its parts are asked for, of a sum they are not.
        let head = |key: &str| filled.rows[0].answers.iter().any(|answer| answer.key == key);
        assert!(head("numerator") && head("missing"));
    }

    fn the_departments_estimate_of_the_year_goes_with_its_figures(app: &TestApp) {
        let cycle = Cycle::of(app);
        let estimates = || app.get("/actuals?basis=year_end_forecast").expect(200).json()["items"].clone();
        let known = |form: &Workbook, row: usize| {
            let rows = form.filled().rows;
            rows[row].answers.iter().find(|answer| answer.key == "estimate").unwrap().known.clone()
        };
        let fresh = cycle.form();
        assert_eq!((known(&fresh, 0), estimates()), (None, json!([])));
        // By itself, beside a figure that is left blank.
        let mut form = cycle.form();
        form.fill("actuals", 0, "estimate", "約４００人");
        let tried = send(&cycle.reporter, "?dry_run=true", &form).expect(200);
        assert_eq!((counts(&tried)[0], estimates()), ([1, 0, 1], json!([])));
        assert_eq!(counts(&send(&cycle.reporter, "", &form).expect(200))[0], [1, 0, 1]);
        let stands = estimates()[0].clone();
        assert_eq!((&stands["value"], &stands["approximate"], &stands["as_of"]), (&json!("400"), &json!(true), &json!("2021-09-30")));
        let initiative = app.get("/initiatives?number=1-1-1").expect(200).json()["items"][0]["id"].clone();
        let status = app.get(&format!("/initiatives/{}/status", initiative.as_str().unwrap())).expect(200).json();
        assert_eq!(status["targets"][0]["outlook"]["rule"], "forecast", "{status}");
        // It is known now, and not repeated among what is reported already; sent back it changes nothing, about or not.
        let again = cycle.form();
        assert_eq!(known(&again, 0).as_deref(), Some("400"));
        assert!(!again.text().contains("年度末見込 "), "{}", again.text());
        assert_eq!(counts(&send(&cycle.reporter, "", &again).expect(200))[0], [0, 0, 2]);
        assert_eq!(estimates()[0], stands);
        // With a figure in the same row; what is entered anew is exact.
        let mut both = cycle.form();
        both.fill("actuals", 0, "value", "35");
        both.fill("actuals", 0, "estimate", "410");
        assert_eq!(counts(&send(&cycle.reporter, "", &both).expect(200))[0], [1, 1, 1]);
        assert_eq!((&estimates()[0]["value"], &estimates()[0]["approximate"]), (&json!("410"), &json!(false)));
        // What cannot be meant.
        for (text, code) in [("", "value_or_missing"), ("-", "unreadable_figure"), ("多数", "unreadable_figure"), ("410回", "other_unit")] {
            let mut form = cycle.form();
            form.fill("actuals", 0, "estimate", text);
            assert_eq!(faults(&send(&cycle.reporter, "", &form).expect(422)), [format!("実績 R6 {code}")], "{text}");
        }
        // Somebody else is faster.
        let mut mine = cycle.form();
        let path = format!("/actuals/{}", estimates()[0]["id"].as_str().unwrap());
        app.patch(&path, "*", &json!({"value": "420"})).expect(200);
        mine.fill("actuals", 0, "estimate", "430");
        assert_eq!(faults(&send(&cycle.reporter, "", &mine).expect(409)), ["実績 R6 overtaken"]);
        mine.fill("actuals", 0, "estimate", "420");
        assert_eq!(counts(&send(&cycle.reporter, "", &mine).expect(200))[0], [0, 0, 2]);
        // Once the year is over nothing is expected of it any more.
        let checkpoint = app.get("/checkpoints").expect(200).json()["items"][0]["id"].clone();
        app.patch(&format!("/checkpoints/{}", checkpoint.as_str().unwrap()), "*", &json!({"as_of": "2022-03-31"})).expect(200);
        let mut late = cycle.form();
        assert_eq!(known(&late, 0), None);
        late.fill("actuals", 0, "estimate", "430");
        assert_eq!(faults(&send(&cycle.reporter, "", &late).expect(422)), ["実績 R6 not_asked"]);
    }

    fn what_is_filled_in_is_reported_and_can_be_handed_in(app: &TestApp) {
        let cycle = Cycle::of(app);
        let submit = || cycle.reporter.post(&format!("{}/steps", cycle.submission), &json!({"step": "submit"}));
        assert_eq!(submit().expect(422).faults(), ["/step incomplete"]);
        let before = everything(app);
        let mut form = cycle.form();
        form.fill("actuals", 0, "value", "約３５人");
        form.fill("actuals", 0, "provisional", "○");
        form.fill("actuals", 0, "note", "=1+1");
        form.fill("actuals", 1, "value", "12.5");
        form.fill("actuals", 1, "numerator", "1");
        form.fill("actuals", 1, "denominator", "8");
        form.fill("reviews", 0, "outlook", "未達成");
        form.fill("reviews", 0, "progress", "遅れ");
        form.fill("activities", 0, "done", "3");
        form.fill("activities", 0, "state", "完了");
        form.fill("activities", 1, "state", "中止");
        form.fill("activities", 1, "as_of", "令和3年8月31日");
        // Whoever declares a miss says why.
        let refused = send(&cycle.reporter, "", &form).expect(422);
        assert_eq!(faults(&refused), ["振り返り J6 issues_and_measures_missing"]);
        assert_eq!(everything(app), before, "all or nothing");
        form.fill("reviews", 0, "issues_and_measures", "周知が足りない。\n広報を増やす。");
        // Sorting moves whole rows, with what is hidden in them.
        form.swap(1, 6, 7);
        let tried = send(&cycle.reporter, "?dry_run=true", &form).expect(200);
        assert_eq!(counts(&tried), [[2, 0, 0], [1, 0, 1], [0, 2, 0]]);
        assert_eq!(everything(app), before);
        let done = send(&cycle.reporter, "", &form).expect(200);
        assert_eq!(counts(&done), counts(&tried));
        let reported = |period: &str| {
            let listed = app.get("/actuals?as_of_from=2021-09-30").expect(200).json();
            listed["items"].as_array().unwrap().iter().find(|row| row["basis"] == period).unwrap().clone()
        };
        let figure = reported("increment");
        let said = ["period", "value", "note"].map(|name| figure[name].as_str().unwrap().to_owned());
        assert_eq!(said, ["q2", "35", "=1+1"]);
        assert_eq!((&figure["approximate"], &figure["provisional"]), (&json!(true), &json!(true)));
        let ratio = reported("to_date");
        assert_eq!((&ratio["value"], &ratio["numerator"], &ratio["denominator"]), (&json!("12.5"), &json!("1"), &json!("8")));
        let review = app.get("/reviews?outlook=miss").expect(200).json()["items"][0].clone();
        assert_eq!((&review["progress"], &review["issues_and_measures"]), (&json!("behind"), &json!("周知が足りない。\n広報を増やす。")));
        assert!(review["computed_then"].is_object(), "{review}");
        let activities = app.get("/activities?sort=title").expect(200).json();
        let of = |title: &str| activities["items"].as_array().unwrap().iter().find(|row| row["title"] == title).unwrap().clone();
        let (course, letter) = (of("-講座"), of("便り"));
        assert_eq!((&course["done"], &course["state"], &course["as_of"]), (&json!("3"), &json!("done"), &json!("2021-09-30")));
        assert_eq!((&letter["state"], &letter["as_of"]), (&json!("cancelled"), &json!("2021-08-31")));
        // The same form once more asks for what stands.
        assert_eq!(counts(&send(&cycle.reporter, "", &form).expect(200)), [[0, 0, 2], [0, 0, 2], [0, 0, 2]]);
        submit().expect(200);
    }

    fn what_two_initiatives_measure_is_filled_in_once(app: &TestApp) {
        let cycle = Cycle::of(app);
        let indicator = app.get("/actuals?period=q1").expect(200).json()["items"][0]["indicator_id"].clone();
        let second = app.get("/initiatives?number=1-1-2").expect(200).json()["items"][0]["id"].clone();
        app.create("/targets", &json!({"initiative_id": second, "indicator_id": indicator, "text": "90人以上"}));
        let mut form = cycle.form();
        assert_eq!(counts(&send(&cycle.reporter, "", &form).expect(200)), [[0, 0, 3], [0, 0, 2], [0, 0, 2]]);
        form.fill("actuals", 0, "value", "35");
        let reported = send(&cycle.reporter, "", &form).expect(200);
        assert_eq!((counts(&reported), &reported.json()["notes"]), ([[1, 0, 2], [0, 0, 2], [0, 0, 2]], &json!([])));
        form.fill("actuals", 2, "value", "36");
        assert_eq!(faults(&send(&cycle.reporter, "", &form).expect(422)), ["実績 K8 unknown_reference"]);
    }

    fn every_fault_of_a_form_has_its_sheet_its_cell_and_a_remedy(app: &TestApp) {
        let cycle = Cycle::of(app);
        let before = everything(app);
        let mut form = cycle.form();
        form.fill("actuals", 0, "value", "多数");
        form.fill("actuals", 1, "missing", "未到来");
        form.fill("actuals", 1, "value", "5");
        form.fill("reviews", 0, "outlook", "たぶん");
        form.fill("activities", 0, "done", "3人");
        form.fill("activities", 1, "as_of", "9月末");
        let expected = ["実績 K6 unreadable_figure", "実績 L7 value_or_missing", "振り返り G6 unreadable", "主な取組 I6 other_unit", "主な取組 L7 unreadable"];
        let refused = send(&cycle.reporter, "", &form).expect(422);
        assert_eq!(faults(&refused), expected, "{refused}");
        assert_eq!(faults(&send(&cycle.reporter, "?dry_run=true", &form).expect(200)), expected);
        let first = &refused.json()["errors"][0];
        assert_eq!((&first["received"], &first["column_name"]), (&json!("多数"), &json!("実績")));
        let mut noted = cycle.form();
        noted.fill("actuals", 0, "note", "値はまだ");
        noted.fill("activities", 0, "done", "-3");
        noted.fill("actuals", 1, "value", "50");
        noted.fill("actuals", 1, "numerator", "1");
        let expected = ["実績 K6 value_or_missing", "主な取組 I6 negative", "実績 P7 ratio_needs_both"];
        assert_eq!(faults(&send(&cycle.reporter, "", &noted).expect(422)), expected);
        assert_eq!(everything(app), before);
        // A mark in the place of a figure says why there is none.
        let mut missing = cycle.form();
        missing.fill("actuals", 0, "value", "－");
        missing.fill("actuals", 1, "missing", "not_measurable");
        assert_eq!(counts(&send(&cycle.reporter, "", &missing).expect(200)), [[2, 0, 0], [0, 0, 2], [0, 0, 2]]);
        let listed = app.get("/actuals?as_of_from=2021-09-30").expect(200).json();
        let mut reasons: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|row| row["missing"].as_str().unwrap()).collect();
        reasons.sort_unstable();
        assert_eq!(reasons, ["not_due", "not_measurable"]);
    }

    fn what_was_handed_in_is_not_changed_by_a_form(app: &TestApp) {
        let cycle = Cycle::of(app);
        let (unchanged, mut form) = (cycle.form(), cycle.form());
        form.fill("reviews", 0, "outlook", "達成");
        form.fill("reviews", 0, "progress", "順調");
        send(&cycle.reporter, "", &form).expect(200);
        cycle.reporter.post(&format!("{}/steps", cycle.submission), &json!({"step": "submit"})).expect(200);
        let before = everything(app);
        for (page, key, text) in [("actuals", "value", "5"), ("reviews", "results", "別"), ("activities", "done", "2")] {
            let mut late = unchanged.clone();
            late.fill(page, 1, key, text);
            for query in ["", "?dry_run=true"] {
                assert_eq!(send(&cycle.reporter, query, &late).expect(409).code(), "locked", "{page}");
            }
        }
        assert_eq!(everything(app), before);
        // It can still be read, and what changes nothing is no change.
        let answer = send(&cycle.reporter, "", &unchanged).expect(200);
        assert_eq!(answer.json()["notes"][1]["code"], "changed_by_others", "{answer}");
        assert_eq!(counts(&send(&cycle.reporter, "", &cycle.form()).expect(200)), [[0, 0, 2], [0, 0, 2], [0, 0, 2]]);
    }

    fn a_cell_that_somebody_else_has_changed_since_is_not_overwritten(app: &TestApp) {
        let cycle = Cycle::of(app);
        let mut form = cycle.form();
        let untouched = form.clone();
        let indicator = app.get("/actuals?period=q1").expect(200).json()["items"][0]["indicator_id"].clone();
        let made = app.create("/actuals", &json!({"indicator_id": indicator, "fiscal_year": 2021, "basis": "increment", "period": "q2", "value": "20"}));
        let review = app.get("/reviews").expect(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        app.patch(&format!("/reviews/{review}"), "*", &json!({"results": "他の人が書いた"})).expect(200);
        let before = everything(app);
        form.fill("actuals", 0, "value", "25");
        form.fill("reviews", 1, "results", "わたしが書いた");
        let refused = send(&cycle.reporter, "", &form).expect(409);
        assert_eq!((refused.code().as_str(), faults(&refused)), ("overtaken", vec!["実績 K6 overtaken".to_owned(), "振り返り I7 overtaken".to_owned()]));
        let fault = &refused.json()["errors"][0];
        assert_eq!((&fault["received"], &fault["accepted"]), (&json!("25"), &json!("20")));
        assert_eq!(everything(app), before);
        // What was not touched stays as others have left it; what says the same is no conflict.
        let answer = send(&cycle.reporter, "", &untouched).expect(200);
        assert_eq!((counts(&answer), answer.json()["notes"][1]["code"].clone()), ([[0, 0, 2], [0, 0, 2], [0, 0, 2]], json!("changed_by_others")));
        let mut same = untouched.clone();
        same.fill("actuals", 0, "value", "20");
        same.fill("reviews", 1, "issues_and_measures", "別の欄");
        assert_eq!(counts(&send(&cycle.reporter, "", &same).expect(200)), [[0, 0, 2], [0, 1, 1], [0, 0, 2]]);
        let merged = app.get(&format!("/reviews/{review}")).expect(200).json();
        assert_eq!((&merged["results"], &merged["issues_and_measures"]), (&json!("他の人が書いた"), &json!("別の欄")));
        assert_eq!(app.get(&format!("/actuals/{}", made["id"].as_str().unwrap())).expect(200).json()["version"], 1);
        // A form that is got anew shows it, and corrects it.
        let mut anew = cycle.form();
        anew.fill("actuals", 0, "value", "25");
        assert_eq!(counts(&send(&cycle.reporter, "", &anew).expect(200)), [[0, 1, 1], [0, 0, 2], [0, 0, 2]]);
        let mut cleared = cycle.form();
        cleared.fill("actuals", 0, "value", "");
        assert_eq!(faults(&send(&cycle.reporter, "", &cleared).expect(422)), ["実績 K6 value_or_missing"]);
    }

    fn a_form_with_somebody_elses_ids_finds_nothing(app: &TestApp) {
        let cycle = Cycle::of(app);
        let mut form = cycle.form();
        form.fill("actuals", 0, "value", "5");
        let mut other = plan();
        other["organization"] = json!({"code": "271080", "name": "大正区"});
        put(app, &other);
        let before = everything(app);
        let stranger = app.client_with(Role::Reporter, Some("271080"));
        let refused = send(&stranger, "", &form).expect(422);
        assert_eq!(faults(&refused), ["mikomi B2 unknown_reference"]);
        assert!(!refused.text().contains("福祉課") && !refused.text().contains("指標"), "{refused}");
        stranger.get(&format!("{}/form.xlsx", cycle.submission)).expect(404);
        send(&app.client_with(Role::Reader, Some("271071")), "", &form).expect(403);
        // Another department of the ward may look, and not report.
        let another = app.client_with(Role::Reporter, Some(&department(app, "総務課")));
        another.get(&format!("{}/form.xlsx", cycle.submission)).expect(200);
        send(&another, "", &form).expect(403);
        // The ids of rows are looked for in the submission alone.
        let foreign = app.get("/targets?limit=100").expect(200).json();
        let own: Vec<String> = form.filled().rows.iter().map(|row| row.id.clone()).collect();
        let strange = |row: &&Value| !own.contains(&row["id"].as_str().unwrap().to_owned());
        let strange = foreign["items"].as_array().unwrap().iter().find(strange).unwrap()["id"].as_str().unwrap().to_owned();
        let mut tampered = form.clone();
        tampered.enter(1, "A6", &strange);
        assert_eq!(faults(&send(&cycle.reporter, "", &tampered).expect(422)), ["実績 K6 unknown_reference"]);
        let mut tampered = form.clone();
        tampered.enter(1, "B6", "increment q3 2021-12-31");
        assert_eq!(faults(&send(&cycle.reporter, "", &tampered).expect(422)), ["実績 K6 unknown_reference"]);
        let mut twice = form.clone();
        twice.enter(1, "A7", &own[0]);
        twice.fill("actuals", 1, "value", "6");
        assert_eq!(faults(&send(&cycle.reporter, "", &twice).expect(422)), ["実績 K7 repeated"]);
        let mut broken = form.clone();
        broken.enter(4, "A1", "something else");
        assert_eq!(send(&cycle.reporter, "", &broken).expect(400).code(), "unreadable_file");
        assert_eq!(everything(app), before);
    }
}
