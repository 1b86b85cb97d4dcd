use proptest::prelude::*;

use super::*;
use crate::domain::criterion::Operand;

/// `gte 55 %`; `?` for no comparator, `gross` before it, `/ n` for out of, `[...]` for the amount as written, `all n unit`,
/// `milestone action`, `review`; a trailing `!` asks a person to look although there is a criterion.
fn written(reading: &Reading) -> String {
    let text = match &reading.criterion {
        None => "review".to_owned(),
        Some(Criterion::Threshold {
            comparator,
            operand: Operand::Constant { value },
            unit,
            aggregation,
            out_of,
            display,
            ..
        }) => {
            let mut words = vec![
                aggregation.map_or(String::new(), |it| it.to_string()),
                comparator.map_or("?".to_owned(), |it| it.to_string()),
                value.to_string(),
                unit.clone().unwrap_or_default(),
            ];
            words.extend(out_of.map(|it| format!("/ {it}")));
            words.extend(display.as_ref().map(|it| format!("[{it}]")));
            words.retain(|word| !word.is_empty());
            words.join(" ")
        }
        Some(Criterion::Universe { total, unit, .. }) => {
            let total = total.map_or("?".to_owned(), |it| it.to_string());
            format!("all {total} {}", unit.clone().unwrap_or_default())
        }
        Some(Criterion::Milestone { action, due: None, .. }) => format!("milestone {action}"),
        Some(other) => panic!("an unexpected criterion: {other:?}"),
    };
    let asks = reading.criterion.is_some() && reading.needs_review;
    if asks { format!("{text} !") } else { text }
}

#[track_caller]
fn check(cases: &[(&str, &str, Measure, Option<i64>, &str)]) {
    for (text, unit, measure, universe, expected) in cases {
        let hints = Hints { unit: Some(unit), measure: *measure, universe: universe.map(Decimal::from) };
        let reading = read(text, &hints);
        assert_eq!(written(&reading), *expected, "{text}");
        assert_eq!(reading.criterion.is_none(), *expected == "review", "{text}");
        assert!(!reading.needs_review || !reading.notes.is_empty(), "{text} is left to a person without a word");
        if let Some(criterion) = &reading.criterion {
            assert_eq!(criterion.faults(), [], "{text}");
        }
    }
}

#[test]
fn every_target_of_a_real_plan_is_read_or_left_to_a_person() {
    // The 53 targets of the plan of Osaka's Minato ward for fiscal year 2021.
    check(&[
        ("55%以上", "%", Measure::Latest, None, "gte 55 %"),
        ("50%以上", "%", Measure::Latest, None, "gte 50 %"),
        ("延べ60団体・個人以上", "団体・個人", Measure::Sum, None, "gross gte 60 団体・個人"),
        ("45%以上", "%", Measure::Latest, None, "gte 45 %"),
        ("94%以上", "%", Measure::Latest, None, "gte 94 %"),
        ("90%以上", "%", Measure::Latest, None, "gte 90 %"),
        ("57%以上", "%", Measure::Latest, None, "gte 57 %"),
        ("50%以上", "%", Measure::Latest, None, "gte 50 %"),
        ("全地域", "地域", Measure::Sum, Some(11), "all 11 地域"),
        ("90%以上", "%", Measure::Latest, None, "gte 90 %"),
        ("1箇所", "箇所", Measure::Sum, None, "? 1 箇所"),
        ("1施設", "施設", Measure::Sum, None, "? 1 施設"),
        ("60%以上", "%", Measure::Latest, None, "gte 60 %"),
        ("計画の策定", "", Measure::Milestone, None, "milestone 計画の策定"),
        ("24区", "区", Measure::Sum, Some(24), "all 24 区"),
        ("50.3%以上（かつ前年度実績以上）", "%", Measure::Latest, None, "review"),
        ("1回", "回", Measure::Sum, None, "? 1 回"),
        ("12.9%以下（かつ前年度実績以下）", "%", Measure::Latest, None, "review"),
        ("5件以上", "件", Measure::Sum, None, "gte 5 件"),
        ("70%以上", "%", Measure::Latest, None, "gte 70 %"),
        ("4,400件", "件", Measure::Sum, None, "? 4400 件"),
        ("80%以上", "%", Measure::Latest, None, "gte 80 %"),
        ("60%以上", "%", Measure::Latest, None, "gte 60 %"),
        ("80%以上", "%", Measure::Latest, None, "gte 80 %"),
        ("80%以上", "%", Measure::Latest, None, "gte 80 %"),
        ("75%以上", "%", Measure::Latest, None, "gte 75 %"),
        ("80%以上", "%", Measure::Latest, None, "gte 80 %"),
        ("80%以上", "%", Measure::Latest, None, "gte 80 %"),
        ("70%以上", "%", Measure::Latest, None, "gte 70 %"),
        ("59.2%以上", "%", Measure::Latest, None, "gte 59.2 %"),
        ("80%以上", "%", Measure::Ratio, None, "gte 80 %"),
        ("前年同時期の1%増", "%", Measure::Ratio, None, "review"),
        ("80%以上", "%", Measure::Latest, None, "gte 80 %"),
        ("3校以上", "校", Measure::Sum, None, "gte 3 校"),
        ("100%", "%", Measure::Latest, None, "? 100 %"),
        ("11%以上", "%", Measure::Latest, None, "gte 11 %"),
        ("80%以上", "%", Measure::Latest, None, "gte 80 %"),
        ("70%以上", "%", Measure::Latest, None, "gte 70 %"),
        ("90%以上", "%", Measure::Latest, None, "gte 90 %"),
        ("1件以上", "件", Measure::Sum, None, "gte 1 件"),
        ("60%以上", "%", Measure::Latest, None, "gte 60 %"),
        ("90%以上", "%", Measure::Latest, None, "gte 90 %"),
        ("50%以上", "%", Measure::Latest, None, "gte 50 %"),
        ("60%以上", "%", Measure::Latest, None, "gte 60 %"),
        ("60%以上", "%", Measure::Latest, None, "gte 60 %"),
        ("前年度以上", "%", Measure::Latest, None, "review"),
        ("90%以上", "%", Measure::Latest, None, "gte 90 %"),
        ("86%以上", "%", Measure::Latest, None, "gte 86 %"),
        ("3.5点以上", "点", Measure::Latest, None, "gte 3.5 点"),
        ("過去3年平均の10%減の4件以下", "件", Measure::Sum, None, "review"),
        ("15,000千円", "千円", Measure::Sum, None, "? 15000000 円 [15,000千円]"),
        ("取組の実施", "", Measure::Milestone, None, "milestone 取組の実施"),
        ("取組の実施", "", Measure::Milestone, None, "milestone 取組の実施"),
    ]);
}

#[test]
fn digits_signs_and_spellings_do_not_matter() {
    check(&[
        ("５５％以上", "%", Measure::Latest, None, "gte 55 %"),
        (" 55 % 以上 ", "％", Measure::Latest, None, "gte 55 %"),
        ("４，４００件", "件", Measure::Sum, None, "? 4400 件"),
        ("4400件以上", "件", Measure::Sum, None, "gte 4400 件"),
        ("１２．９％以下", "%", Measure::Latest, None, "lte 12.9 %"),
        ("12.9%未満", "%", Measure::Latest, None, "lt 12.9 %"),
        ("12.9%超", "%", Measure::Latest, None, "gt 12.9 %"),
        ("30日以内", "日", Measure::Latest, None, "lte 30 日"),
        ("1か所", "箇所", Measure::Sum, None, "? 1 箇所"),
        ("のべ60人", "人", Measure::Sum, None, "gross ? 60 人"),
        ("0件", "件", Measure::Sum, None, "? 0 件"),
        ("3件", "", Measure::Sum, None, "? 3 件"),
        ("1,500万円以上", "千円", Measure::Sum, None, "gte 15000000 円 [1,500万円]"),
        ("15,000円", "円", Measure::Sum, None, "? 15000 円 [15,000円]"),
        ("1億円", "", Measure::Sum, None, "? 100000000 円 [1億円]"),
    ]);
}

#[test]
fn how_many_there_are_is_never_guessed() {
    check(&[
        ("全地域", "地域", Measure::Sum, None, "all ? 地域 !"),
        ("全11地域", "地域", Measure::Sum, None, "all 11 地域"),
        ("全11地域", "地域", Measure::Sum, Some(11), "all 11 地域"),
        ("全10地域", "地域", Measure::Sum, Some(11), "review"),
        ("24区以上", "区", Measure::Sum, Some(24), "all 24 区"),
        ("20区", "区", Measure::Sum, Some(24), "? 20 区 / 24"),
        ("25区", "区", Measure::Sum, Some(24), "review"),
        ("24区以下", "区", Measure::Sum, Some(24), "lte 24 区 / 24"),
        ("100%", "%", Measure::Latest, Some(100), "? 100 %"),
        ("全校", "地域", Measure::Sum, Some(11), "review"),
    ]);
}

#[test]
fn what_is_assumed_is_left_to_a_person_with_the_assumption() {
    check(&[("55以上", "%", Measure::Latest, None, "gte 55 % !"), ("55以上", "", Measure::Latest, None, "gte 55")]);
}

#[test]
fn what_is_not_understood_to_its_end_is_never_answered() {
    for text in [
        "",
        "　",
        "前年度以上",
        "前年度比110%以上",
        "前年同時期の1%増",
        "50%以上（かつ前年度実績以上）",
        "40%以上55%未満",
        "40〜55%",
        "-5%",
        "△5%",
        "5%増",
        "5%以上増",
        "10ポイント",
        "4,40%",
        "1.2.3%",
        "12.%",
        ",5%",
        "1万%",
        "約50%",
        "50%程度",
        "概ね50%",
        "50%を維持",
        "50%を上回る",
        "75歳以上の利用率30%以上",
        "①50%以上",
        "五十%",
        "3割",
        "半減",
        "2倍",
        "55%以上以上",
        "以上55%",
        "延べ",
        "全",
        "全全地域",
        "全地域以上",
        "50人以上",
        "55%、60件",
        "55%以上。",
        "向上",
        "令和3年度 55%",
        "月10%",
        "1234567890123456789%",
        "R3:55%",
        "Ⅲ%",
        "55‰",
    ] {
        let reading = read(text, &Hints { unit: Some("%"), measure: Measure::Latest, universe: None });
        assert_eq!(written(&reading), "review", "{text}");
        assert!(reading.needs_review && !reading.notes.is_empty(), "{text}");
    }
}

#[test]
fn a_milestone_is_one_action_that_can_be_finished() {
    check(&[
        ("計画の策定", "", Measure::Milestone, None, "milestone 計画の策定"),
        (" 取組の実施 ", "", Measure::Milestone, None, "milestone 取組の実施"),
        ("認知度の向上", "", Measure::Milestone, None, "review"),
        ("計画の策定・公表", "", Measure::Milestone, None, "review"),
        ("計画の策定及び実施", "", Measure::Milestone, None, "review"),
        ("三回の開催", "", Measure::Milestone, None, "review"),
        ("3回の開催", "回", Measure::Milestone, None, "review"),
        ("1回", "回", Measure::Milestone, None, "review"),
        ("計画の策定（9月まで）", "", Measure::Milestone, None, "review"),
        ("前年度以上の実施", "", Measure::Milestone, None, "review"),
        ("計画の策定", "件", Measure::Sum, None, "review"),
    ]);
}

proptest! {
    #[test]
    fn no_text_makes_the_reading_panic(
        text in "[0-9０-９,.%％以上下未満超延べ全約前年度件区円千万（）a-z \\PC]{0,12}",
        unit in prop::sample::select(vec!["%", "件", "千円", "", "区"]),
        measure in prop::sample::select(Measure::ALL),
        universe in prop::option::of(0i64..30),
    ) {
        let reading = read(&text, &Hints { unit: Some(unit), measure, universe: universe.map(Decimal::from) });
        prop_assert!(reading.criterion.is_some() || reading.needs_review);
    }
}
