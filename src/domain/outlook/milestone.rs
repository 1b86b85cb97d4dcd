//! Something that is done or not done: dates and states are compared, nothing is forecast.

use chrono::NaiveDate;

use super::{Rule, TargetFacts, TargetOutlook, decided, undetermined};
use crate::domain::result::{YearResult, year_result};
use crate::domain::{Bilingual, Decimal, Measure};

/// A reported 1 or more means done. Something that was still reported as not done on its due day or later is missed, even when
/// it is done afterwards. Without a due day, the end of the fiscal year is meant.
pub(super) fn outlook(
    facts: &TargetFacts<'_>,
    action: &str,
    due: Option<NaiveDate>,
    as_of: NaiveDate,
) -> TargetOutlook {
    let year_end = facts.calendar.last_day(facts.fiscal_year);
    let due = due.unwrap_or(year_end);
    let known_at = |day| year_result(Measure::Milestone, facts.calendar, facts.fiscal_year, facts.reported, day);
    let mut days: Vec<NaiveDate> = facts
        .reported
        .iter()
        .filter(|it| it.fiscal_year == facts.fiscal_year && it.as_of <= as_of)
        .map(|it| it.as_of)
        .collect();
    days.sort_unstable();
    days.dedup();
    let known: Vec<YearResult> = days.into_iter().filter_map(known_at).collect();
    let done = |it: &YearResult| it.value >= Decimal::from(1);

    let overdue = known.iter().find(|it| !done(it) && it.as_of >= due);
    let first_done = known.iter().find(|it| done(it));
    let (result, met) = match (overdue, first_done, known.last()) {
        (Some(late), Some(first), _) if first.as_of <= due || first.as_of <= late.as_of => (first, Some(true)),
        (Some(late), _, _) => (late, Some(false)),
        (None, Some(first), _) => (first, Some(true)),
        (None, None, Some(last)) => (last, None),
        (None, None, None) => {
            let reason = Bilingual::new(
                format!(
                    "「{action}」（期限 {due}）について、{as_of}までに報告がありません。報告がないことは未実施を意味しません。"
                ),
                format!(
                    "Nothing is reported of \"{action}\" (due {due}) by {as_of}, which does not mean that it is not done."
                ),
            );
            return TargetOutlook { required: Some(Decimal::from(1)), ..undetermined(Rule::NoFigure, reason) };
        }
    };
    let when = result.as_of;
    let (rule, reason) = match met {
        Some(true) => (
            Rule::MilestoneDone,
            Bilingual::new(
                format!("「{action}」（期限 {due}）は、{when}時点で実施済みと報告されています。"),
                format!("\"{action}\" (due {due}) is reported as done as of {when}."),
            ),
        ),
        Some(false) => (
            Rule::MilestoneOverdue,
            Bilingual::new(
                format!("「{action}」は期限の{due}を過ぎ、{when}時点で未実施と報告されています。"),
                format!("\"{action}\" was due {due} and is reported as not done as of {when}."),
            ),
        ),
        None => (
            Rule::FigureSoFar,
            Bilingual::new(
                format!("「{action}」は{when}時点で未実施と報告されています。期限は{due}です。"),
                format!("\"{action}\" is reported as not done as of {when}; it is due {due}."),
            ),
        ),
    };
    let (state, verdict, rule) = match met {
        Some(met) => {
            let (state, verdict) = decided(met, result.provisional, as_of >= year_end);
            (state, verdict, if result.provisional { Rule::ProvisionalResult } else { rule })
        }
        None => {
            let open = undetermined(rule, Bilingual::new("", ""));
            (open.state, open.verdict, rule)
        }
    };
    TargetOutlook {
        state,
        verdict,
        rule,
        figure: Some(result.value),
        required: Some(Decimal::from(1)),
        figure_as_of: Some(when),
        reason,
    }
}
