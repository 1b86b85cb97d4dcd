//! From what was reported of an indicator to the question.

use chrono::{Months, NaiveDate};
use rust_decimal::prelude::ToPrimitive;

use super::answer::Until;
use super::between::{Point, between};
use super::constants::{ERRORS, MOST_MISSING, YEARS};
use super::explained::{Input, InputUse};
use super::filled::Filled;
use super::gaps;
use super::question::{Estimate, Kind, PastYear, Question, one_of};
use crate::domain::criterion::unit_factor;
use crate::domain::evaluation::{Facts, same_point};
use crate::domain::fiscal::Calendar;
use crate::domain::result::{Reported, YearResult, gaps_of_sum, year_result};
use crate::domain::{Basis, Decimal, Measure};

/// A question, and the reported figures that it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The question.
    pub question: Question,
    /// The figures.
    pub inputs: Vec<Input>,
}

/// The question that an indicator's figures put at `as_of` about the day `by` of the fiscal year, given the year's `figure` so far. By a day within
/// the year, the earlier years' figures of the same day stand for their results; the time that counts is that up to the day, of a level the year that
/// ends with it. `None` for a milestone, which is never forecast, and for a sum of which nobody can tell what is missing. With the department's own
/// estimate, such a sum rests on that.
pub fn question_of(facts: &Facts<'_>, figure: Option<&YearResult>, as_of: NaiveDate, by: NaiveDate) -> Option<Asked> {
    let kind = match facts.measure {
        Measure::Sum => Kind::Sum,
        Measure::Average => Kind::Mean,
        Measure::Ratio => Kind::Ratio,
        Measure::Latest => Kind::Level,
        Measure::Maximum => Kind::Maximum,
        Measure::Minimum => Kind::Minimum,
        Measure::Milestone => return None,
    };
    let has_gaps = figure.is_some_and(|figure| figure.gaps && kind == Kind::Sum);
    let time = Time::until(facts, kind, by);
    // What the department expects, it expects of the year.
    let estimated = estimate(facts, as_of).filter(|_| time.until == Until::YearEnd);
    // What was known of the figure when it was made.
    let known_at = as_of.min(by);
    let tells = has_gaps && gaps_of_sum(facts.calendar, facts.fiscal_year, facts.reported, known_at).is_some();
    if has_gaps && !tells && estimated.is_none() {
        return None;
    }
    let known = figure.map(|figure| input(InputUse::SoFar, facts.fiscal_year, figure));
    // Where nobody can tell what is missing nothing follows from what is known but that there is no less.
    let least = figure.filter(|_| has_gaps).map(|it| it.value);
    let figure = figure.filter(|_| !has_gaps || tells);
    let own: Vec<&Reported> = facts.reported.iter().filter(|it| is_known(it, facts.fiscal_year, as_of)).collect();
    let mut inputs: Vec<Input> = known.into_iter().collect();
    let counts = estimated.filter(|it| figure.is_none_or(|figure| it.as_of >= figure.as_of));
    inputs.extend(estimated.and_then(|it| {
        let used_as = if counts.is_some() { InputUse::Estimate } else { InputUse::OvertakenEstimate };
        Some(Input {
            used_as,
            fiscal_year: facts.fiscal_year,
            as_of: it.as_of,
            value: it.value?,
            actual_ids: it.source.iter().map(|source| source.actual_id.clone()).collect(),
        })
    }));
    let (past, mut between) = past(facts, figure, as_of, by, &mut inputs);
    let filled = figure
        .filter(|_| has_gaps)
        .and_then(|it| gaps::filled(facts, it, known_at, as_of, &past, &mut inputs, &mut between));
    let only_grows = kind == Kind::Sum && own.iter().all(|it| it.value.is_none_or(|value| value >= Decimal::ZERO));
    let reported = figure.and_then(|figure| float(figure.value));
    let so_far = if has_gaps { filled.as_ref().map(Filled::whole) } else { reported };
    // This year's figures have no say in it where there are others: a correction of them must not change what is counted.
    let results = || past.iter().map(|year| year.result);
    let figures = || results().chain(reported.filter(|_| past.is_empty()));
    let percentage = facts.unit.map_or(kind == Kind::Ratio, |unit| unit_factor(unit.trim(), "%").is_some());
    let question = Question {
        percentage,
        until: time.until,
        elapsed: figure.map_or(0.0, |figure| time.over(figure.as_of)),
        so_far,
        counted: figure.filter(|_| kind == Kind::Ratio).and_then(|it| counted(facts, facts.fiscal_year, it.as_of)),
        // What is assumed grows with what is reported, and so does its rounding.
        rounding: figure.and_then(|figure| float(figure.rounding)).unwrap_or(0.0)
            / filled.as_ref().map_or(1.0, |filled| 1.0 - filled.part().min(MOST_MISSING)),
        one: one_of(facts.unit, figures()).filter(|_| matches!(kind, Kind::Sum | Kind::Maximum | Kind::Minimum)),
        only_grows,
        estimate: counts.and_then(|it| {
            let value = it.value?;
            Some(Estimate {
                value: float(least.filter(|_| only_grows).map_or(value, |least| least.max(value)))?,
                elapsed: elapsed(facts.calendar, facts.fiscal_year, it.as_of),
                rounding: if it.approximate { float(value.rounding_error())? } else { 0.0 },
            })
        }),
        filled,
        past,
        between,
        ..Question::new(kind)
    };
    Some(Asked { question, inputs })
}

/// What the department expected last of the year's result, as it was known at a day. Of several of one day the firm one and the largest, so that
/// the order of reporting does not matter.
fn estimate<'a>(facts: &Facts<'a>, as_of: NaiveDate) -> Option<&'a Reported> {
    let own = facts.reported.iter().filter(|it| {
        it.fiscal_year == facts.fiscal_year
            && it.as_of <= as_of
            && it.basis == Basis::YearEndForecast
            && it.value.is_some()
    });
    own.max_by_key(|it| (it.as_of, !it.provisional, !it.approximate, it.value))
}

/// The time up to the day that is asked about.
struct Time<'a> {
    facts: &'a Facts<'a>,
    until: Until,
    /// How much of the fiscal year is over on that day.
    end: f64,
}

impl<'a> Time<'a> {
    fn until(facts: &'a Facts<'_>, kind: Kind, by: NaiveDate) -> Self {
        let until = match kind {
            _ if by >= facts.calendar.last_day(facts.fiscal_year) => Until::YearEnd,
            Kind::Level => Until::YearUpTo(by),
            _ => Until::Day(by),
        };
        Self { facts, until, end: elapsed(facts.calendar, facts.fiscal_year, by) }
    }

    /// How much of it is over at the end of a day.
    fn over(&self, day: NaiveDate) -> f64 {
        let over = elapsed(self.facts.calendar, self.facts.fiscal_year, day);
        match self.until {
            Until::YearEnd => over,
            Until::YearUpTo(_) => 1.0 - (self.end - over),
            Until::Day(_) => over / self.end,
        }
    }
}

/// How much of a fiscal year is over at the end of a day: whole months, and the part of the month that has begun. The end of August is 5/12.
pub(in crate::domain) fn elapsed(calendar: Calendar, fiscal_year: i32, day: NaiveDate) -> f64 {
    let months = calendar.months_elapsed(fiscal_year, day);
    let start = |months: u32| calendar.first_day(fiscal_year).checked_add_months(Months::new(months));
    let begun = start(months).zip(start(months + 1)).filter(|_| months < 12).map_or(0.0, |(from, to)| {
        let days = |until: NaiveDate| until.signed_duration_since(from).num_days() as f64;
        ((days(day) + 1.0) / days(to)).clamp(0.0, 1.0)
    });
    (f64::from(months) + begun) / 12.0
}

/// The finished years before this one, in their order: no more than the forecast looks at; and whether a figure of theirs is taken between two points.
fn past(
    facts: &Facts<'_>,
    figure: Option<&YearResult>,
    as_of: NaiveDate,
    by: NaiveDate,
    inputs: &mut Vec<Input>,
) -> (Vec<PastYear>, bool) {
    let year_end = facts.calendar.last_day(facts.fiscal_year);
    let mut years: Vec<i32> = facts.reported.iter().filter(|it| it.as_of <= as_of).map(|it| it.fiscal_year).collect();
    years.retain(|year| *year < facts.fiscal_year);
    years.sort_unstable();
    years.dedup();
    let from = years.len().saturating_sub(YEARS + ERRORS);
    let mut taken_between = false;
    let mut year = |fiscal_year: &i32| {
        let own: Vec<Reported> = facts.reported.iter().filter(|it| it.fiscal_year == *fiscal_year).cloned().collect();
        let stands = || facts.measurements(as_of).stands_for(*fiscal_year);
        let facts = Facts { reported: &own, ..*facts };
        let mut at = |day: NaiveDate| {
            let exact = same_point(&facts, *fiscal_year, day, as_of);
            exact.map(Point::Known).or_else(|| {
                let point = between(&facts, *fiscal_year, day, as_of)?;
                taken_between |= matches!(point, Point::Between { .. });
                Some(point)
            })
        };
        let result = match by < year_end {
            true => at(by)?,
            false => {
                let result = year_result(facts.measure, facts.calendar, *fiscal_year, &own, as_of);
                Point::Known(result.filter(|it| it.complete || stands())?)
            }
        };
        let then = figure.and_then(|figure| at(figure.as_of));
        let counted = then.as_ref().filter(|_| facts.measure == Measure::Ratio).and_then(|then| {
            let below = |day: NaiveDate| counted(&facts, *fiscal_year, day);
            Some((then.counted(below)?, result.counted(below)?))
        });
        let (result, then) = (result.figure().clone(), then.map(|then| then.figure().clone()));
        let past = PastYear {
            fiscal_year: *fiscal_year,
            result: float(result.value)?,
            so_far: then.as_ref().and_then(|then| float(then.value)),
            counted,
        };
        inputs.push(input(InputUse::Result, *fiscal_year, &result));
        inputs.extend(then.map(|then| input(InputUse::SamePoint, *fiscal_year, &then)));
        Some(past)
    };
    let past = years.get(from..).unwrap_or_default().iter().filter_map(&mut year).collect();
    (past, taken_between)
}

fn input(used_as: InputUse, fiscal_year: i32, figure: &YearResult) -> Input {
    let YearResult { value, as_of, actual_ids, .. } = figure;
    Input { used_as, fiscal_year, as_of: *as_of, value: *value, actual_ids: actual_ids.clone() }
}

/// The denominators of a ratio up to a day, where they add up to that day.
fn counted(facts: &Facts<'_>, fiscal_year: i32, day: NaiveDate) -> Option<f64> {
    let below = |it: &Reported| Reported { value: it.denominator, numerator: None, denominator: None, ..it.clone() };
    let reported: Vec<Reported> = facts.reported.iter().filter(|it| it.fiscal_year == fiscal_year).map(below).collect();
    let total = year_result(Measure::Sum, facts.calendar, fiscal_year, &reported, day)?;
    float(total.value).filter(|_| total.as_of == day && !total.gaps)
}

fn is_known(reported: &Reported, fiscal_year: i32, as_of: NaiveDate) -> bool {
    reported.fiscal_year == fiscal_year && reported.as_of <= as_of && reported.basis != Basis::YearEndForecast
}

/// The nearest floating point number, for an estimate.
pub(in crate::domain) fn float(value: Decimal) -> Option<f64> {
    value.to_f64()
}
