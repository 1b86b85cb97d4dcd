//! The pace of a sum: how much of it would be there by now, beside how much there is.
//!
//! It stands beside the outlook and the progress of the activities and decides neither: "within so many percent of the pace" foretells badly
//! (`DESIGN.md`, section 5). What is expected by the day of the figure comes from the first of these that is known:
//!
//! - *the same period:* the target itself asks for as much at each moment as the same period of the year before (前年同時期の1%増).
//! - *plan:* the target states amounts for earlier days of the year (9月末までに200件、年度末までに400件); between two of them, and before the first, evenly.
//! - *usual pace:* the share of a year that earlier years had reached by then, as the forecast takes it.
//! - *even pace:* the share of the year's time that is over.
//!
//! The quarterly schedule of an activity is no plan of the target, even where both count in the same unit: it is what the department does, and not what comes
//! of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::evaluation::{Comparison, Evaluation, Facts, Limit, Rule};
use super::forecast::{elapsed, float, question_of, rounded};
use super::result::YearResult;
use super::words::words;
use super::{Bilingual, Decimal, Measure};

words! {
    /// What the expected figure comes from.
    PaceBy {
        /// What the target asks at this moment itself: the same period of the year before.
        SamePeriod = "same_period",
        /// The amounts that the target states for earlier days of the year.
        Plan = "plan",
        /// The share of a year that earlier years had reached by then.
        UsualPace = "usual_pace",
        /// The share of the year's time that is over.
        EvenPace = "even_pace",
    }
}

words! {
    /// Which end of what is accepted.
    PaceOf {
        /// As much or more is asked: the expected figure is what would be there by now.
        AtLeast = "at_least",
        /// As much or less is asked: the expected figure is what would be used up by now.
        AtMost = "at_most",
    }
}

/// The pace of a sum toward one end of what is accepted. All figures are in the indicator's unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TargetPace {
    /// Which end.
    pub of: PaceOf,
    /// What is asked, or allowed, in the end.
    pub required: Decimal,
    /// The day by which it is.
    pub due: NaiveDate,
    /// The figure to date.
    pub figure: Decimal,
    /// The day up to which the figure speaks: the expected figure is that of the same day.
    pub as_of: NaiveDate,
    /// How much is expected by then, to six digits.
    pub expected: Decimal,
    /// The figure over what is expected, to six digits: 1 is just in pace, 0.5 half as fast, 2 twice as fast. Of at least, more is better; of at most,
    /// less. `null` where nothing or less is expected by then.
    pub ratio: Option<Decimal>,
    /// What the expected figure comes from.
    pub by: PaceBy,
    /// The share of what is required that is expected by then, 0 to 1; `null` where that is not how it was computed.
    pub share: Option<Decimal>,
    /// The earlier years whose shares were used, the latest first.
    pub years: Vec<i32>,
    /// In words, with the figures.
    pub reason: Bilingual,
}

/// The paces of a target whose condition came out as `evaluation` at `as_of`: one for each end of each of its conditions on a sum. None for what is
/// no sum, once the year's result is known, and for a sum with gaps: what was not reported is not zero.
///
/// ```
/// use mikomi::domain::criterion::{Comparator, Criterion};
/// use mikomi::domain::{Measure, evaluation::Facts, pace::paces};
/// let criterion = Criterion::constant(Some(Comparator::Gte), 60.into(), Some("件"));
/// let facts = Facts { unit: Some("件"), ..Facts::new(Measure::Sum, 2021, &[]) };
/// let day = "2021-09-30".parse()?;
/// assert_eq!(paces(&facts, &criterion.evaluate(&facts, day), day), []); // nothing is reported
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn paces(facts: &Facts<'_>, evaluation: &Evaluation, as_of: NaiveDate) -> Vec<TargetPace> {
    let mut conditions = Vec::new();
    collect(evaluation, true, &mut conditions);
    let pace = |comparison: &Comparison, together: bool| -> Vec<TargetPace> {
        let Some((moment, due)) = Moment::of(facts, comparison, as_of) else { return Vec::new() };
        let ends = [(PaceOf::AtLeast, comparison.lower), (PaceOf::AtMost, comparison.upper)];
        let one = |(of, limit): (PaceOf, Option<Limit>)| {
            let planned: Vec<(NaiveDate, Decimal)> = match together {
                true => conditions.iter().filter(|it| it.1).filter_map(|it| planned(it.0, of, due)).collect(),
                false => Vec::new(),
            };
            moment.pace(facts, of, limit?, due, comparison, &planned)
        };
        ends.into_iter().filter_map(one).collect()
    };
    let mut found: Vec<TargetPace> = Vec::new();
    for it in conditions.iter().flat_map(|(comparison, together)| pace(comparison, *together)) {
        if !found.contains(&it) {
            found.push(it);
        }
    }
    found
}

/// The conditions on the whole, and whether all of them have to hold together.
fn collect<'a>(evaluation: &'a Evaluation, together: bool, into: &mut Vec<(&'a Comparison, bool)>) {
    into.extend(evaluation.comparison.iter().map(|it| (it, together)));
    let together = together && evaluation.rule != Rule::AnyCondition;
    for part in evaluation.parts.iter().filter(|part| part.decides && part.label.is_none()) {
        collect(&part.evaluation, together, into);
    }
}

/// What another condition asks of the same end at an earlier day.
fn planned(other: &Comparison, of: PaceOf, due: NaiveDate) -> Option<(NaiveDate, Decimal)> {
    let limit = if of == PaceOf::AtLeast { other.lower } else { other.upper };
    Some((other.by.filter(|by| *by < due)?, limit?.value))
}

/// The day of the figure, and how far a year has usually come by then.
struct Moment<'a> {
    figure: &'a YearResult,
    share: f64,
    even: f64,
    years: Vec<i32>,
}

impl<'a> Moment<'a> {
    fn of(facts: &Facts<'_>, comparison: &'a Comparison, as_of: NaiveDate) -> Option<(Self, NaiveDate)> {
        let year_end = facts.calendar.last_day(facts.fiscal_year);
        let due = comparison.by.filter(|by| *by <= year_end)?;
        let in_time = |it: &&YearResult| it.as_of < due && due > facts.calendar.first_day(facts.fiscal_year);
        let whole = |it: &&YearResult| facts.measure == Measure::Sum && !it.gaps;
        let figure = comparison.figure.as_ref().filter(in_time).filter(whole)?;
        let question = question_of(facts, Some(figure), as_of, due)?.question;
        let (share, years) = question.share_by_now();
        Some((Self { figure, share, even: question.elapsed, years }, due))
    }

    fn pace(
        &self,
        facts: &Facts<'_>,
        of: PaceOf,
        limit: Limit,
        due: NaiveDate,
        comparison: &Comparison,
        planned: &[(NaiveDate, Decimal)],
    ) -> Option<TargetPace> {
        let figure = self.figure;
        let required = float(limit.value)?;
        let at_this_moment = comparison.so_far.as_ref().and_then(|it| match of {
            PaceOf::AtLeast => it.lower,
            PaceOf::AtMost => it.upper,
        });
        let (by, expected, share) = match (at_this_moment, planned) {
            (Some(limit), _) => (PaceBy::SamePeriod, limit.value, None),
            (None, []) => {
                let (by, share) = match self.years.is_empty() {
                    true => (PaceBy::EvenPace, self.even),
                    false => (PaceBy::UsualPace, self.share),
                };
                (by, rounded(required * share, 6)?, Some(rounded(share, 6)?))
            }
            (None, planned) => (PaceBy::Plan, rounded(self.by_plan(facts, planned, (due, required))?, 6)?, None),
        };
        let ratio = Some(expected)
            .filter(|it| *it > Decimal::ZERO)
            .and_then(|expected| rounded(float(figure.value)? / float(expected)?, 6));
        let years = if by == PaceBy::UsualPace { self.years.clone() } else { Vec::new() };
        let mut pace = TargetPace {
            of,
            required: limit.value,
            due,
            figure: figure.value,
            as_of: figure.as_of,
            expected,
            ratio,
            by,
            share,
            years,
            reason: Bilingual::new("", ""),
        };
        pace.reason = pace.worded(facts.unit.unwrap_or(""));
        Some(pace)
    }

    /// What a plan states for the day of the figure: evenly between the stated days, from nothing at the start of the year.
    fn by_plan(&self, facts: &Facts<'_>, planned: &[(NaiveDate, Decimal)], end: (NaiveDate, f64)) -> Option<f64> {
        let at = |day: NaiveDate| elapsed(facts.calendar, facts.fiscal_year, day);
        let mut steps = vec![(0.0, 0.0), (at(end.0), end.1)];
        for (day, value) in planned {
            steps.push((at(*day), float(*value)?));
        }
        steps.sort_by(|one, other| one.0.total_cmp(&other.0));
        let now = at(self.figure.as_of);
        let after = steps.iter().position(|(at, _)| *at >= now)?;
        let (to, until) = *steps.get(after)?;
        let (from, before) = *after.checked_sub(1).and_then(|place| steps.get(place)).unwrap_or(&(0.0, 0.0));
        Some(if to > from { before + (until - before) * (now - from) / (to - from) } else { until })
    }
}

impl TargetPace {
    fn worded(&self, unit: &str) -> Bilingual {
        let amount = |value: Decimal| format!("{}{unit}", value.grouped());
        let (figure, expected, required) = (amount(self.figure), amount(self.expected), amount(self.required));
        let percent = |share: Option<Decimal>, digits| {
            share.and_then(float).and_then(|share| rounded(100.0 * share, digits)).map(Decimal::grouped)
        };
        let share = percent(self.share, 3).unwrap_or_default();
        let years = match (self.years.last(), self.years.first()) {
            (Some(first), Some(last)) if first < last => (format!("{first}〜{last}年度"), format!("{first} to {last}")),
            (Some(year), _) => (format!("{year}年度"), year.to_string()),
            _ => (String::new(), String::new()),
        };
        let (by_ja, by_en) = match self.by {
            PaceBy::SamePeriod => ("前年の同じ時期によれば".to_owned(), "by the same period last year".to_owned()),
            PaceBy::Plan => (
                "目標の途中の時点の値によれば".to_owned(),
                "by the amounts that the target states for earlier days".to_owned(),
            ),
            PaceBy::UsualPace => {
                (format!("例年（{}）の割合{share}%なら", years.0), format!("{share}%, the usual share by {}", years.1))
            }
            PaceBy::EvenPace => (format!("均等に進む割合{share}%なら"), format!("{share}%, at an even pace")),
        };
        let (of_ja, of_en) = match self.of {
            PaceOf::AtLeast => {
                (format!("目標の{required}に対し"), format!("Of the {required} asked for by {}", self.due))
            }
            PaceOf::AtMost => (format!("上限の{required}に対し"), format!("Of the {required} allowed by {}", self.due)),
        };
        let (ratio_ja, ratio_en) = match percent(self.ratio, 4) {
            Some(percent) => (format!("（{percent}%）"), format!(" ({percent}%)")),
            None => (String::new(), String::new()),
        };
        let day = self.as_of;
        Bilingual::new(
            format!("{of_ja}、{by_ja}{day}までに{expected}のところ、実績は{figure}{ratio_ja}です。"),
            format!("{of_en}, {expected} would be there by {day} ({by_en}); there are {figure}{ratio_en}."),
        )
    }
}

#[cfg(test)]
mod tests;
