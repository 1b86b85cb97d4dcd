//! A deadline in a later fiscal year: the result of the year that ends with it, by the yearly trend.
//!
//! What a yearly figure comes to "until fiscal 2023" is read as the result of fiscal 2023. Before that year begins it is the forecast of the running year, carried
//! on; once it runs, it is the forecast of that year. For a deadline in the middle of a later year the figures at the same day of the years before stand for
//! their results, as they do for a deadline within the running year.

use chrono::NaiveDate;

use super::{Prospect, wanted};
use crate::domain::evaluation::{Comparison, Facts, Rule, back_to};
use crate::domain::forecast::{Asked, Question, question_of, verdict};
use crate::domain::result::year_result;
use crate::domain::{Bilingual, Verdict};

/// The forecast of what is asked by the end of a later fiscal year; `rounding` is that of what is asked.
pub(super) fn expected(
    facts: &Facts<'_>,
    rule: Rule,
    comparison: &Comparison,
    rounding: f64,
    as_of: NaiveDate,
) -> Option<Prospect> {
    let by = comparison.by?;
    let calendar = facts.calendar;
    let year = calendar.fiscal_year(by);
    let running = calendar.fiscal_year(as_of).max(facts.fiscal_year).min(year);
    let own = Facts { fiscal_year: running, ..*facts };
    let at_year_end = by == calendar.last_day(year);
    let same_day = if at_year_end { calendar.last_day(running) } else { back_to(running, year, by)? };
    let figure = year_result(facts.measure, calendar, running, facts.reported, as_of.min(same_day));
    let asked = question_of(&own, figure.as_ref(), as_of, same_day);
    let ahead = u32::try_from(year - running).unwrap_or(0);
    let found = asked.and_then(|Asked { question, inputs }| {
        let question = Question { rounding: question.rounding.hypot(rounding), ..question };
        let forecast = if ahead == 0 { question.forecast() } else { question.forecast_later(year, ahead) };
        Some((forecast?, inputs))
    });
    let Some((forecast, inputs)) = found else {
        if !at_year_end {
            return Some(Prospect::unknown(
                rule,
                format!(
                    "期限の{by}は後の年度の途中で、2年度以上の同じ日の値から5年先までの傾向でしか見込めませんが、それがわかりません。"
                ),
                format!(
                    "The deadline, {by}, is in the middle of a later fiscal year, of which only the trend of two or more years at the same day tells, up to five years ahead; that is not known."
                ),
            ));
        }
        return Some(Prospect::unknown(
            rule,
            format!(
                "期限の{by}は後の年度で、2年度以上の結果から5年先までの傾向でしか見込めませんが、それがわかりません。"
            ),
            format!(
                "The deadline, {by}, is in a later fiscal year, of which only the trend of two or more results tells, up to five years ahead; that is not known."
            ),
        ));
    };
    let probability = forecast.chances.probability(wanted(comparison)?);
    let verdict = verdict(&forecast, probability);
    let rule = if verdict == Verdict::Undetermined { Rule::StockTooEarly } else { Rule::Trend };
    let mut found = Prospect::of(facts, forecast, inputs, (probability, verdict, rule), by);
    let note = match at_year_end {
        true => Bilingual::new(
            format!("目標の期限は{by}なので、{year}年度の結果の見込みです。"),
            format!(" The target is due {by}, so this is about the result of fiscal year {year}."),
        ),
        false => Bilingual::new(
            format!("目標の期限は{by}なので、{year}年度のその日の値の見込みです。"),
            format!(" The target is due {by}, so this is about the figure of fiscal year {year} at that day."),
        ),
    };
    if let Some(reason) = &mut found.reason {
        reason.ja.push_str(&note.ja);
        reason.en.push_str(&note.en);
    }
    Some(found)
}
