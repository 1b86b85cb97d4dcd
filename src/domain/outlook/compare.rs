//! A figure against a threshold, a range or a universe.

use chrono::NaiveDate;

use super::condition::{Bound, Condition, condition};
use super::{Rule, TargetFacts, TargetOutlook, decided, undetermined};
use crate::domain::criterion::Criterion;
use crate::domain::result::{YearResult, year_result};
use crate::domain::{Bilingual, Decimal, Measure, TargetState, Verdict};

pub(super) fn outlook(facts: &TargetFacts<'_>, criterion: &Criterion, as_of: NaiveDate) -> TargetOutlook {
    let condition = match condition(facts, criterion) {
        Ok(condition) => condition,
        Err((rule, reason)) => return undetermined(rule, reason),
    };
    let year_end = facts.calendar.last_day(facts.fiscal_year);
    let end = condition.deadline.unwrap_or(year_end);
    let result = year_result(facts.measure, facts.calendar, facts.fiscal_year, facts.reported, as_of.min(end));
    let Some(result) = result else {
        let reason = Bilingual::new(
            format!(
                "{as_of}までに報告された実績がありません。報告がないことはゼロではありません。目標は{}です。",
                condition.words.ja
            ),
            format!(
                "No figure is reported by {as_of}, which does not mean zero. The target is {}.",
                condition.words.en
            ),
        );
        return TargetOutlook {
            required: condition.required,
            ..undetermined(Rule::NoFigure, with_notes(reason, &condition.notes))
        };
    };

    let is_final = if end == year_end {
        as_of >= end && result.complete
    } else {
        end < year_end && result.as_of >= end && !result.gaps
    };
    let answer = |rounding: Decimal| {
        let (lower, upper) = condition.ends.as_ref()?;
        let reach = reach(facts, &result, rounding, is_final)?;
        meets(reach, lower.as_ref(), upper.as_ref())
    };
    let met = answer(result.rounding);
    let rule = match met {
        _ if condition.ends.is_none() => Rule::DirectionUnknown,
        None if is_final || answer(Decimal::ZERO).is_some() => Rule::RoundingUndecided,
        None => Rule::FigureSoFar,
        Some(_) if result.provisional => Rule::ProvisionalResult,
        Some(_) if is_final => Rule::FinalResult,
        Some(true) if matches!(criterion, Criterion::Universe { .. }) => Rule::UniverseComplete,
        Some(true) => Rule::Reached,
        Some(false) => Rule::PastLimit,
    };
    let (state, verdict) = match met {
        Some(met) => decided(met, result.provisional, is_final && as_of >= year_end),
        None => (TargetState::Open, Verdict::Undetermined),
    };
    TargetOutlook {
        state,
        verdict,
        rule,
        figure: Some(result.value),
        required: condition.required,
        figure_as_of: Some(result.as_of),
        reason: reason(facts, &condition, &result, rule, met, as_of >= end),
    }
}

/// The values that the final result can still take: `None` for an end that is not known.
type Reach = (Option<Decimal>, Option<Decimal>);

fn reach(facts: &TargetFacts<'_>, result: &YearResult, rounding: Decimal, is_final: bool) -> Option<Reach> {
    let (low, high) = (result.value.minus(rounding)?, result.value.plus(rounding)?);
    let only_grows = match facts.measure {
        Measure::Sum => facts
            .reported
            .iter()
            .filter(|it| it.fiscal_year == facts.fiscal_year)
            .all(|it| it.value.is_none_or(|value| value >= Decimal::ZERO)),
        Measure::Maximum => true,
        _ => false,
    };
    Some(match (is_final, only_grows, facts.measure) {
        (true, _, _) => (Some(low), Some(high)),
        (false, true, _) => (Some(low), None),
        (false, false, Measure::Minimum) => (None, Some(high)),
        _ => (None, None),
    })
}

/// Whether everything within reach is accepted, or nothing; `None` when it depends.
fn meets((low, high): Reach, lower: Option<&Bound>, upper: Option<&Bound>) -> Option<bool> {
    let above = |value: Decimal, limit: Decimal, inclusive: bool| value > limit || inclusive && value == limit;
    let below = |value: Decimal, limit: Decimal, inclusive: bool| value < limit || inclusive && value == limit;
    let inside = lower.is_none_or(|it| low.is_some_and(|low| above(low, it.surely, it.inclusive)))
        && upper.is_none_or(|it| high.is_some_and(|high| below(high, it.surely, it.inclusive)));
    let outside = lower.is_some_and(|it| high.is_some_and(|high| !above(high, it.possibly, it.inclusive)))
        || upper.is_some_and(|it| low.is_some_and(|low| !below(low, it.possibly, it.inclusive)));
    match (inside, outside) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}

fn reason(
    facts: &TargetFacts<'_>,
    condition: &Condition,
    result: &YearResult,
    rule: Rule,
    met: Option<bool>,
    is_over: bool,
) -> Bilingual {
    let unit = facts.unit.unwrap_or("");
    let about = if result.approximate { ("約", "about ") } else { ("", "") };
    let figure = format!("{}{unit}", result.value.grouped());
    let rounding = format!("{}{unit}", result.rounding.grouped());
    let (ja, en) = match (rule, met) {
        (Rule::DirectionUnknown, _) => (
            "目標にも指標にも「以上・以下」の別がないため、判定できません。".to_owned(),
            "Neither the text nor the indicator says which direction is good.".to_owned(),
        ),
        (Rule::RoundingUndecided, _) if result.rounding == Decimal::ZERO => (
            "目標が概数のため、端数によって結果が変わります。".to_owned(),
            "The target is rounded, and its rounding could change the answer.".to_owned(),
        ),
        (Rule::RoundingUndecided, _) => (
            format!("実績は概数（±{rounding}）で、端数によって結果が変わります。"),
            format!("The figure is rounded (±{rounding}), and the rounding could change the answer."),
        ),
        (Rule::FigureSoFar, _) if is_over => (
            "実績が期末まで揃っていないため、まだ決まりません。".to_owned(),
            "The figures do not reach to the end yet, so they do not decide.".to_owned(),
        ),
        (Rule::ProvisionalResult, Some(true)) => (
            "速報値では達成です。確定していません。".to_owned(),
            "By provisional figures it is met; they may still change.".to_owned(),
        ),
        (Rule::ProvisionalResult, _) => (
            "速報値では未達成です。確定していません。".to_owned(),
            "By provisional figures it is missed; they may still change.".to_owned(),
        ),
        (Rule::FinalResult, Some(true)) => {
            ("期末の実績で達成です。".to_owned(), "The final result meets it.".to_owned())
        }
        (Rule::FinalResult, _) => ("期末の実績で未達成です。".to_owned(), "The final result misses it.".to_owned()),
        (Rule::UniverseComplete, _) => ("全て済んでいます。".to_owned(), "All of them are done.".to_owned()),
        (Rule::Reached, _) => (
            "すでに達しており、この後の実績で覆りません。".to_owned(),
            "It is reached, and nothing later can undo that.".to_owned(),
        ),
        (Rule::PastLimit, _) => (
            "すでに目標を外れており、この後の実績で戻りません。".to_owned(),
            "It is past the limit, and nothing later can undo that.".to_owned(),
        ),
        _ => ("ここまでの実績だけでは決まりません。".to_owned(), "The figure so far does not decide.".to_owned()),
    };
    let mut reason = Bilingual::new(
        format!("実績は{}{figure}（{}時点）、目標は{}です。{ja}", about.0, result.as_of, condition.words.ja),
        format!("The figure is {}{figure} as of {}; the target is {}. {en}", about.1, result.as_of, condition.words.en),
    );
    if result.gaps {
        reason.ja.push_str("報告のない期間があり、わかっている分だけの値です。");
        reason.en.push_str(" Some periods are not reported; the figure is what is known.");
    }
    with_notes(reason, &condition.notes)
}

fn with_notes(mut reason: Bilingual, notes: &[Bilingual]) -> Bilingual {
    for note in notes {
        reason.ja.push_str(&note.ja);
        reason.en.push(' ');
        reason.en.push_str(&note.en);
    }
    reason
}
