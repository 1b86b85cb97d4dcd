//! When forecasts begin and when they end.

use super::expected::{by, history, level, months, outlook};
use super::*;

#[test]
fn nothing_is_foretold_before_the_year_begins() {
    let found = outlook(threshold(Some("gte"), "2200"), Measure::Sum, "件", &history(1), "2021-03-31");
    assert_eq!((found.verdict, found.probability), (Verdict::Undetermined, None));
}

#[test]
fn a_verdict_stands_until_the_years_result_is_in() {
    let nine = [history(1), months(2021, &[180; 9]).split_off(6)].concat();
    let levels: Vec<Reported> = (2018..=2021)
        .flat_map(|year| ["06-30", "09-30", "12-31"].map(|day| level(year, &format!("{year}-{day}"), "50")))
        .chain(
            (2018..2021)
                .map(|year| level(year, &format!("{}-03-31", year + 1), if year == 2019 { "52" } else { "51" })),
        )
        .collect();
    for (measure, target, figures) in [
        (Measure::Sum, "2200", &nine),
        (Measure::Average, "170", &nine),
        (Measure::Maximum, "250", &nine),
        (Measure::Minimum, "160", &nine),
        (Measure::Latest, "60", &levels),
    ] {
        let at = |as_of: &str| outlook(threshold(Some("gte"), target), measure, "件", figures, as_of);
        let before = at("2022-03-30");
        assert_ne!(before.verdict, Verdict::Undetermined, "{measure}");
        for as_of in ["2022-03-31", "2022-04-01", "2022-06-30", "2023-03-31"] {
            let found = at(as_of);
            let told = |it: &TargetOutlook| (it.state, it.verdict, it.rule, it.probability, it.forecast.clone());
            assert_eq!(told(&found), told(&before), "{measure} {as_of}");
        }
    }
    // With all of it the result decides, and a deadline within the year by the figure of that day.
    let all = [history(1), months(2021, &[180; 12]).split_off(6)].concat();
    let found = outlook(threshold(Some("gte"), "2200"), Measure::Sum, "件", &all, "2022-03-31");
    assert_eq!((summary(&found).as_str(), found.probability), ("final_missed miss final_result", Some(0.into())));
    let quarter = |as_of: &str| outlook(by("2021-12-31", "1700"), Measure::Sum, "件", &history(1), as_of);
    assert_eq!(summary(&quarter("2021-12-30")), "open miss forecast");
    assert_eq!(quarter("2021-12-31").probability, quarter("2021-12-30").probability);
    // A rounded result that decides nothing is a result all the same.
    let about = [reported("to_date 2022-03-31 ~3000")];
    let found = outlook(threshold(Some("gte"), "3100"), Measure::Sum, "件", &about, "2022-03-31");
    assert_eq!((summary(&found).as_str(), found.probability), ("open undetermined rounding_undecided", None));
    // Of nothing at all, past years still tell after the year.
    let past: Vec<Reported> = history(1).into_iter().filter(|it| it.fiscal_year < 2021).collect();
    let found = outlook(threshold(Some("gte"), "1500"), Measure::Sum, "件", &past, "2022-04-30");
    assert_eq!(summary(&found), "open achieve past_years_only");
}
