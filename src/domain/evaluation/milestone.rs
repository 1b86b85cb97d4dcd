//! Something that is done or not done: dates and states are compared, nothing is forecast.

use chrono::NaiveDate;

use super::Facts;
use super::answer::{Comparison, Evaluation, Missing, MissingKind, Outcome, Remark, RemarkKind, Rule};
use crate::domain::achievement::AchievementRate;
use crate::domain::result::{YearResult, year_result};
use crate::domain::{Bilingual, Decimal, Measure};

/// A reported 1 or more means done. Something that was still reported as not done on its due day or later is missed, even when
/// it is done afterwards. Without a due day, the end of the fiscal year is meant.
pub(super) fn evaluate(facts: &Facts<'_>, action: &str, due: Option<NaiveDate>, as_of: NaiveDate) -> Evaluation {
    let year_end = facts.calendar.last_day(facts.fiscal_year);
    let due = due.unwrap_or(year_end);
    let comparison = |figure| Comparison {
        required: Some(Decimal::from(1)),
        by: Some(due),
        unit: facts.unit.map(str::to_owned),
        figure,
        ..Comparison::default()
    };
    let Some((result, met)) = decisive(facts, due, as_of) else {
        let reason = Bilingual::new(
            format!(
                "「{action}」（期限 {due}）について、{as_of}までに報告がありません。報告がないことは未実施を意味しません。"
            ),
            format!(
                "Nothing is reported of \"{action}\" (due {due}) by {as_of}, which does not mean that it is not done."
            ),
        );
        let missing = Missing::new(
            MissingKind::Figure,
            Some(facts.fiscal_year),
            format!("「{action}」が済んだかどうか"),
            format!("whether \"{action}\" is done"),
        );
        return Evaluation {
            comparison: Some(comparison(None)),
            missing: vec![missing],
            ..Evaluation::unknown(Rule::NoFigure, reason)
        };
    };
    let when = result.as_of;
    let (outcome, rule, reason) = match met {
        Some(true) => (
            Outcome::Met,
            Rule::MilestoneDone,
            Bilingual::new(
                format!("「{action}」（期限 {due}）は、{when}時点で実施済みと報告されています。"),
                format!("\"{action}\" (due {due}) is reported as done as of {when}."),
            ),
        ),
        Some(false) => (
            Outcome::Missed,
            Rule::MilestoneOverdue,
            Bilingual::new(
                format!("「{action}」は期限の{due}を過ぎ、{when}時点で未実施と報告されています。"),
                format!("\"{action}\" was due {due} and is reported as not done as of {when}."),
            ),
        ),
        None => (
            Outcome::Open,
            Rule::FigureSoFar,
            Bilingual::new(
                format!("「{action}」は{when}時点で未実施と報告されています。期限は{due}です。"),
                format!("\"{action}\" is reported as not done as of {when}; it is due {due}."),
            ),
        ),
    };
    let provisional = met.is_some() && result.provisional;
    let mut notes = Vec::new();
    let mut reason = reason;
    if met == Some(true) && when > due {
        let note = Remark::new(
            RemarkKind::DoneInTimeAssumed,
            "期限後の報告で初めて実施済みとされたため、期限内に済んだものとみなしました。",
            "It is first reported as done after its due day; that it was done in time is assumed.",
        );
        reason.ja.push_str(&note.text.ja);
        reason.en.push_str(&format!(" {}", note.text.en));
        notes.push(note);
    }
    Evaluation {
        outcome,
        rule: if provisional { Rule::ProvisionalResult } else { rule },
        provisional,
        is_final: met.is_some() && as_of >= year_end,
        holds_so_far: Some(is_done(&result)),
        achievement_rate: AchievementRate::of_milestone(met == Some(true)),
        comparison: Some(comparison(Some(result))),
        notes,
        missing: Vec::new(),
        parts: Vec::new(),
        reason,
    }
}

fn is_done(result: &YearResult) -> bool {
    result.value >= Decimal::from(1)
}

/// The report that decides, or else the last one; `None` where nothing is reported.
fn decisive(facts: &Facts<'_>, due: NaiveDate, as_of: NaiveDate) -> Option<(YearResult, Option<bool>)> {
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
    let overdue = known.iter().find(|it| !is_done(it) && it.as_of >= due);
    let first_done = known.iter().find(|it| is_done(it));
    let (result, met) = match (overdue, first_done, known.last()) {
        (Some(late), Some(first), _) if first.as_of <= due || first.as_of <= late.as_of => (first, Some(true)),
        (Some(late), _, _) => (late, Some(false)),
        (None, Some(first), _) => (first, Some(true)),
        (None, None, last) => (last?, None),
    };
    Some((result.clone(), met))
}
