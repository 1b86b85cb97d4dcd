//! Files as departments have them: read whatever their encoding, head and notation; written so that they come in again
//! unchanged.

use mikomi::exchange::{Contents, Format as FileFormat, open};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::{Value, json};

use crate::bulk::{counts, faults, total};
use crate::minato::{put, short};
use crate::support::{Response, TestApp};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A plan whose indicators count people, percent and money.
fn ward(app: &TestApp) -> String {
    let initiative = |number: &str, indicator: &str, unit: &str, measure: &str| {
        json!({"number": number, "title": format!("取組{number}"),
            "targets": [{"indicator": indicator, "text": "100以上", "unit": unit, "measure": measure}]})
    };
    let mut plan = short(
        2021,
        json!([
            initiative("1-1-1", "髙齢者の相談件数①〜②", "件", "sum"),
            initiative("1-1-2", "満足度", "%", "latest"),
            initiative("1-1-3", "寄附額", "千円", "sum"),
        ]),
    );
    plan["checkpoint"] = json!({"kind": "mid_year", "as_of": "2021-09-30"});
    put(app, &plan);
    app.get("/plans?limit=1").expect(200).json()["items"][0]["id"].as_str().unwrap().to_owned()
}

fn import(app: &TestApp, query: &str, media: &str, file: impl Into<Vec<u8>>) -> Response {
    app.request("POST", &format!("/imports?organization=271071&fiscal_year=2021{query}")).body(media, file).send()
}

/// What stands, as `indicator basis period as_of value missing approximate`.
fn standing(app: &TestApp) -> Vec<String> {
    let names = app.get("/indicators?limit=100").expect(200).json();
    let name = |id: &Value| {
        names["items"].as_array().unwrap().iter().find(|row| row["id"] == *id).unwrap()["name"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let listed = app.get("/actuals?limit=1000").expect(200).json();
    let line = |row: &Value| {
        let said = ["basis", "period", "as_of", "value", "missing", "approximate"]
            .map(|member| row[member].as_str().map_or_else(|| row[member].to_string(), str::to_owned));
        format!("{} {}", name(&row["indicator_id"]), said.join(" "))
    };
    let mut lines: Vec<String> = listed["items"].as_array().unwrap().iter().map(line).collect();
    lines.sort();
    lines
}

const LONG: &str = "令和3年度　実績報告\r\n\r\n備考,指標,取組番号,期間,実績,単位\r\n\
    初回,髙齢者の相談件数①～②,１－１－１,第１四半期,\"約１，２００件\",\r\n\
    ,髙齢者の相談件数①～②,1-1-1,7月,▲3,件\r\n\
    ,髙齢者の相談件数①～②,1-1-1,10～12月,…,\r\n\
    ,満足度,1-1-2,上期,55％,\r\n\
    ,寄附額,1-1-3,Q1,1234000,円\r\n\
    ,寄附額,,Q2,1.5百万円,\r\n\
    ,合計,,,999,\r\n";

const STANDS: [&str; 6] = [
    "寄附額 increment q1 2021-06-30 1234 null false",
    "寄附額 increment q2 2021-09-30 1500 null false",
    "満足度 snapshot h1 2021-09-30 55 null false",
    "髙齢者の相談件数①〜② increment m04 2021-07-31 -3 null false",
    "髙齢者の相談件数①〜② increment q1 2021-06-30 1200 null true",
    "髙齢者の相談件数①〜② increment q3 2021-12-31 null not_reported false",
];

on_both! {
    fn a_text_file_is_read_in_every_encoding_that_offices_use(app: &TestApp) {
        ward(app);
        let (cp932, _, lost) = encoding_rs::SHIFT_JIS.encode(LONG);
        assert!(!lost);
        let tried = import(app, "&dry_run=true", "text/csv; charset=Shift_JIS", &*cp932).expect(200);
        assert_eq!((counts(&tried), total(app)), ([6, 0, 0, 0], json!(0)));
        let done = import(app, "", "text/csv", &*cp932).expect(200);
        assert_eq!(counts(&done), [6, 0, 0, 0]);
        assert_eq!(standing(app), STANDS);
        let notes = done.json()["notes"].clone();
        let codes: Vec<&str> = notes.as_array().unwrap().iter().map(|note| note["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["rows_of_totals", "basis_assumed"]);
        assert!(notes[0]["message"]["ja"].as_str().unwrap().ends_with(": 10"), "{notes}");
        let marked = format!("\u{FEFF}{LONG}");
        for text in [LONG, &marked] {
            assert_eq!(counts(&import(app, "", "text/csv", text).expect(200)), [0, 0, 6, 0]);
        }
    }

    fn a_workbook_with_merged_heads_percent_dates_and_formulas_is_read_as_it_is_shown(app: &TestApp) {
        ward(app);
        let mut book = Workbook::new();
        book.add_worksheet().set_name("説明").unwrap().write(0, 0, "この様式の使い方").unwrap();
        let sheet = book.add_worksheet();
        let (plain, percent) = (Format::new(), Format::new().set_num_format("0.0%"));
        sheet.write(0, 0, "令和3年度 実績報告").unwrap();
        for (column, text) in [(0, "番号"), (1, "指標"), (2, "単位")] {
            sheet.merge_range(2, column, 3, column, text, &plain).unwrap();
        }
        sheet.merge_range(2, 3, 2, 5, "目標", &plain).unwrap();
        sheet.merge_range(2, 6, 2, 8, "実績", &plain).unwrap();
        for (column, text) in [(3, "第1四半期"), (4, "第2四半期"), (5, "計"), (6, "第1四半期"), (7, "第2四半期"), (8, "計")] {
            sheet.write(3, column, text).unwrap();
        }
        for (row, number, indicator, unit) in [(4, "1-1-1", "髙齢者の相談件数①〜②", "件"), (5, "1-1-2", "満足度", ""), (6, "1-1-3", "寄附額", "百万円")] {
            for (column, text) in [(0, number), (1, indicator), (2, unit)] {
                sheet.write(row, column, text).unwrap();
            }
        }
        sheet.write(4, 3, 9999).unwrap();
        sheet.write(4, 6, 1150).unwrap();
        sheet.write_formula(4, 7, Formula::new("=G5*2").set_result("2300")).unwrap();
        sheet.write_with_format(5, 6, 0.551, &percent).unwrap();
        sheet.write(5, 7, "x").unwrap();
        sheet.write(6, 6, 1.1).unwrap();
        sheet.write(7, 0, "合計").unwrap();
        sheet.write(7, 6, 1151.1).unwrap();
        let file = book.save_to_buffer().unwrap();
        let done = import(app, "", XLSX, file).expect(200);
        assert_eq!(counts(&done), [5, 0, 0, 0], "{done}");
        assert_eq!(standing(app), [
            "寄附額 increment q1 2021-06-30 1100 null false",
            "満足度 snapshot q1 2021-06-30 55.1 null false",
            "満足度 snapshot q2 2021-09-30 null suppressed false",
            "髙齢者の相談件数①〜② increment q1 2021-06-30 1150 null false",
            "髙齢者の相談件数①〜② increment q2 2021-09-30 2300 null false",
        ]);

        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let date = Format::new().set_num_format("yyyy/m/d");
        for (column, text) in (0..).zip(["Number", "Indicator", "As_of", "Basis", "Value", "Note", "担当課"]) {
            sheet.write(0, column, text).unwrap();
        }
        sheet.merge_range(1, 0, 2, 0, "1-1-1", &plain).unwrap();
        for row in [1, 2] {
            sheet.write(row, 1, "髙齢者の相談件数①〜②").unwrap();
            let day = ExcelDateTime::from_ymd(2021, 8, 30 + row as u8 - 1).unwrap();
            sheet.write_datetime_with_format(row, 2, &day, &date).unwrap();
            sheet.write(row, 3, "累計").unwrap();
            sheet.write(row, 4, 0.1 + 0.2).unwrap();
        }
        let done = import(app, "", XLSX, book.save_to_buffer().unwrap()).expect(200);
        assert_eq!(counts(&done), [2, 0, 0, 0], "{done}");
        let dated: Vec<String> = standing(app).into_iter().filter(|line| line.contains("to_date")).collect();
        assert_eq!(dated[1], "髙齢者の相談件数①〜② to_date null 2021-08-31 0.3 null false");
    }

    fn every_fault_of_a_file_has_its_row_its_column_and_a_remedy(app: &TestApp) {
        ward(app);
        let wrong = "取組番号,指標,期間,実績,単位,分子\n\
            1-1-1,髙齢者の相談件数①〜②,第1四半期,多数,,\n\
            1-1-1,髙齢者の相談件数①〜②,第5四半期,1,,\n\
            1-1-2,満足度,第1四半期,3,件,\n\
            1-1-9,満足度,第1四半期,3,,\n\
            1-1-2,顧客満足度,第1四半期,3,,\n\
            1-1-2,満足度,5〜7月,3,,\n\
            1-1-2,満足度,第2四半期,3,,1\n\
            1-1-2,満足度,第3四半期,\"1,5\",,二\n\
            1-1-3,寄附額,第1四半期,5,,\n";
        let refused = import(app, "", "text/csv", wrong).expect(422);
        let expected = ["2 D unreadable_figure", "3 C unreadable", "4 E other_unit", "5 A unknown_reference",
            "6 B unknown_reference", "7 C no_period", "8 F ratio_needs_both", "9 F unreadable", "9 D unreadable_figure"];
        let mut found = faults(&refused);
        found[6] = found[6].replace("8  ", "8 F ");
        assert_eq!(found, expected, "{refused}");
        let body = refused.json();
        assert_eq!((&body["errors"][0]["received"], &body["errors"][0]["column_name"]), (&json!("多数"), &json!("実績")));
        assert_eq!(body["errors"][4]["accepted"], json!(["満足度"]));
        assert_eq!(total(app), 0);
        let done = import(app, "&mode=partial", "text/csv", wrong).expect(200);
        assert_eq!((counts(&done), faults(&done).len()), ([1, 0, 0, 8], 9));
        for (media, file) in [("text/csv", &b"a,b\n1,2\n"[..]), ("text/csv", b"\xFF\xFF\x00"), ("text/csv", b""), (XLSX, b"PK\x03\x04"), (XLSX, b"")] {
            assert_eq!(import(app, "", media, file).expect(400).code(), "unreadable_file", "{file:?}");
        }
        import(app, "", "application/json", "[]").expect(415);
    }

    fn what_was_exported_imports_again_unchanged(app: &TestApp) {
        let plan = ward(app);
        import(app, "", "text/csv", LONG).expect(200);
        let indicator = app.get("/indicators?limit=10").expect(200).json();
        let share = indicator["items"].as_array().unwrap().iter().find(|row| row["name"] == "満足度").unwrap()["id"].clone();
        app.create("/actuals", &json!({"indicator_id": share, "fiscal_year": 2020, "basis": "increment", "period": "m12", "value": "12.5",
            "numerator": "1", "denominator": "8", "sample_size": 1234, "method": "=調査", "approximate": true, "provisional": true,
            "from": "2021-03-01", "note": "@注\n2行目, \"引用\"", "author": "統計課", "breakdown": [{"label": "a", "value": 12.5}]}));
        app.create("/actuals", &json!({"indicator_id": share, "basis": "to_date", "as_of": "2021-05-05", "missing": "not_measurable"}));
        app.create("/actuals", &json!({"indicator_id": share, "basis": "year_end_forecast", "as_of": "2021-05-05", "value": "123456789012345678"}));
        let before = crate::minato::everything(app);
        for (format, media, kind) in [("csv", "text/csv", FileFormat::Csv), ("xlsx", XLSX, FileFormat::Xlsx)] {
            let file = app.get(&format!("/actuals/export?plan={plan}&format={format}")).expect(200);
            assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"actuals-271071-2021.{format}\""));
            let Contents::Table(table) = open(kind, &file.body).unwrap() else { panic!("{kind:?} is no table") };
            assert_eq!((table.records.len(), table.notes.len()), (9, 0), "{:?}", table.notes);
            let again = app.request("POST", "/imports").body(media, file.body.clone()).send().expect(200);
            assert_eq!(counts(&again), [0, 0, 9, 0], "{again}");
            assert_eq!(crate::minato::everything(app), before);
            let etag = file.etag().to_owned();
            app.request("GET", &format!("/actuals/export?plan={plan}&format={format}")).header("if-none-match", &etag).send().expect(304);
        }
        let text = app.get(&format!("/actuals/export?plan={plan}&fiscal_year=2020")).expect(200);
        assert!(text.text().contains(",'=調査,") && text.text().contains(",\"'@注\n2行目, \"\"引用\"\"\""), "{}", text.text());
        // A changed figure keeps what the file has no column for.
        let changed = text.text().replace(",12.5,", ",13,");
        assert_eq!(counts(&app.request("POST", "/imports").body("text/csv", changed).send().expect(200)), [0, 1, 0, 0]);
        let corrected = app.get("/actuals?fiscal_year=2020").expect(200).json()["items"][0].clone();
        assert_eq!((&corrected["value"], &corrected["breakdown"][0]["label"], &corrected["author"]), (&json!("13"), &json!("a"), &Value::Null));
        app.get("/actuals/export?plan=nobody").expect(404);
        app.get("/actuals/export").expect(400);
    }
}
