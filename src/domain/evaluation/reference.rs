//! Figures of the past: which results a reference means, and the required value that follows from them.

use chrono::{Datelike, Months, NaiveDate};

use super::answer::{
    Missing, MissingKind, ReferenceKind, ReferenceSource, ReferenceUsed, Remark, RemarkKind, YearUsed,
};
use super::{Facts, Rule};
use crate::domain::criterion::{Change, Reference, unit_factor};
use crate::domain::result::{YearResult, year_result};
use crate::domain::{Bilingual, Decimal, Measure};

/// How many years an average may go back; more is no criterion (`Criterion::faults`).
const MOST_YEARS: u32 = 20;

/// The moment that is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// What is dated later is not known.
    pub(super) as_of: NaiveDate,
    /// The day whose counterpart in the year before is "the same period".
    pub(super) day: NaiveDate,
}

/// A figure of the past: the mean of some results, kept as a fraction so that a change to it is rounded once.
#[derive(Debug)]
pub(super) struct Resolved {
    sum: Decimal,
    count: i64,
    rounding: Decimal,
    pub(super) used: ReferenceUsed,
    pub(super) notes: Vec<Remark>,
}

/// A figure of the past that is not known.
#[derive(Debug)]
pub(super) struct Unresolved {
    pub(super) used: ReferenceUsed,
    pub(super) missing: Vec<Missing>,
}

/// Finds the figure that `reference` means. `stated` is what the text gives for it, in the indicator's unit.
///
/// A recorded result goes before a stated one, because results are corrected and texts are not; where both are known and differ, a
/// note says so.
pub(super) fn resolve(
    facts: &Facts<'_>,
    reference: &Reference,
    stated: Option<Decimal>,
    moment: Moment,
) -> Result<Resolved, Unresolved> {
    let to = kind(reference);
    let years = years(facts, reference);
    let found: Vec<(i32, Option<Past>)> = years
        .into_iter()
        .map(|year| {
            let past = match to {
                ReferenceKind::SamePeriodPreviousYear => same_period(facts, year, moment),
                _ => year_end(facts, year, moment.as_of),
            };
            (year, past)
        })
        .collect();
    let mut used = ReferenceUsed {
        to,
        years: found.iter().map(|(year, past)| used_year(*year, past.as_ref())).collect(),
        value: None,
        source: None,
        provisional: found.iter().filter_map(|(_, past)| past.as_ref()).any(|past| past.may_change),
        change: reference.change().cloned(),
    };
    let stated = stated.or_else(|| facts.stated_average.filter(|it| it.is_of(reference)).map(|it| it.value));
    let recorded = mean(&found);
    let missing: Vec<Missing> =
        found.iter().filter(|(_, past)| past.is_none()).map(|(year, _)| missing(to, *year, moment)).collect();
    let Some((sum, count, rounding)) = recorded else {
        used.provisional = false;
        let Some(value) = stated else { return Err(Unresolved { used, missing }) };
        (used.value, used.source) = (Some(value), Some(ReferenceSource::Stated));
        let note = Remark::new(
            RemarkKind::StatedReferenceUsed,
            format!(
                "{}が記録されていないため、目標や計画に書かれた{}を使いました。",
                used.words().ja,
                shown(facts, value)
            ),
            format!(
                "{} is not recorded; the {} that the target or the plan states was used.",
                capital(&used.words().en),
                shown(facts, value)
            ),
        );
        return Ok(Resolved { sum: value, count: 1, rounding: Decimal::ZERO, used, notes: vec![note] });
    };
    let value = sum.over(Decimal::from(count));
    (used.value, used.source) = (value, Some(ReferenceSource::Results));
    let mut notes = Vec::new();
    if let (Some(stated), Some(value)) = (stated, value)
        && !alike(stated, value)
    {
        notes.push(Remark::new(
            RemarkKind::StatedReferenceDiffers,
            format!(
                "目標や計画には{}と書かれていますが、記録された実績の{}を使いました。",
                shown(facts, stated),
                shown(facts, value)
            ),
            format!(
                "The target or the plan states {}; the recorded {} was used.",
                shown(facts, stated),
                shown(facts, value)
            ),
        ));
    }
    if used.provisional {
        notes.push(Remark::new(
            RemarkKind::ReferenceProvisional,
            format!("{}は速報値で、確定していません。", used.words().ja),
            format!("{} is provisional and may still change.", capital(&used.words().en)),
        ));
    }
    Ok(Resolved { sum, count, rounding, used, notes })
}

/// Whether a stated figure is the recorded one as people write it: rounded to the last digit that they wrote.
fn alike(stated: Decimal, recorded: Decimal) -> bool {
    let shortened =
        recorded.round_dp_with_strategy(stated.scale(), rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    shortened == *stated
}

fn shown(facts: &Facts<'_>, value: Decimal) -> String {
    format!("{}{}", value.grouped(), facts.unit.unwrap_or(""))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn kind(reference: &Reference) -> ReferenceKind {
    match reference {
        Reference::PreviousYear { .. } => ReferenceKind::PreviousYear,
        Reference::SamePeriodPreviousYear { .. } => ReferenceKind::SamePeriodPreviousYear,
        Reference::AverageOfYears { .. } => ReferenceKind::AverageOfYears,
        Reference::FiscalYear { .. } => ReferenceKind::FiscalYear,
    }
}

/// The years that a reference looks at, the latest first.
fn years(facts: &Facts<'_>, reference: &Reference) -> Vec<i32> {
    let back = |years: u32| facts.fiscal_year.saturating_sub(i32::try_from(years).unwrap_or(i32::MAX));
    match reference {
        Reference::PreviousYear { .. } | Reference::SamePeriodPreviousYear { .. } => vec![back(1)],
        Reference::AverageOfYears { years, .. } => (1..=(*years).min(MOST_YEARS)).map(back).collect(),
        Reference::FiscalYear { fiscal_year, .. } => vec![*fiscal_year],
    }
}

/// A figure of the past, and whether it may still change.
struct Past {
    result: YearResult,
    may_change: bool,
}

fn used_year(fiscal_year: i32, past: Option<&Past>) -> YearUsed {
    YearUsed {
        fiscal_year,
        value: past.map(|past| past.result.value),
        as_of: past.map(|past| past.result.as_of),
        provisional: past.is_some_and(|past| past.may_change),
        actual_ids: past.map(|past| past.result.actual_ids.clone()).unwrap_or_default(),
    }
}

/// The result of a year before the target's. A year's last survey is its result, on whatever day of the year it was taken, and so is the one
/// snapshot of a ratio or an average that is measured once a year; anything else that does not reach to the end of its year is no result.
fn year_end(facts: &Facts<'_>, year: i32, as_of: NaiveDate) -> Option<Past> {
    let is_past = year < facts.fiscal_year;
    let result = year_result(facts.measure, facts.calendar, year, facts.reported, as_of).filter(|_| is_past)?;
    let stands = facts.measure == Measure::Latest && as_of >= facts.calendar.last_day(year);
    (result.complete || stands || facts.measurements(as_of).stands_for(year))
        .then_some(Past { may_change: result.provisional, result })
}

/// The figure at the same moment of a year: of the same day; of a level, of the same month.
fn same_period(facts: &Facts<'_>, year: i32, moment: Moment) -> Option<Past> {
    let day = counterpart(moment.day)?;
    if day >= facts.calendar.last_day(year) {
        // A survey earlier in the year may not be the one that belongs to its end, unless it is the only one.
        let past = year_end(facts, year, moment.as_of)?;
        let stands = past.result.complete || facts.measurements(moment.as_of).stands_for(year);
        return Some(Past { may_change: past.may_change || !stands, ..past });
    }
    let level = facts.measure == Measure::Latest;
    let until = if level { month_end(day)? } else { day };
    let result = year_result(facts.measure, facts.calendar, year, facts.reported, until)?;
    let same_month = (result.as_of.year(), result.as_of.month()) == (day.year(), day.month());
    let same = result.as_of == day || level && same_month;
    (same && !result.gaps).then_some(Past { may_change: result.provisional, result })
}

/// The figure of an earlier year at the same point of the year as `day`, a day of `facts.fiscal_year`.
pub(in crate::domain) fn same_point(
    facts: &Facts<'_>,
    year: i32,
    day: NaiveDate,
    as_of: NaiveDate,
) -> Option<YearResult> {
    // `same_period` goes back the last of the years.
    let after = back_to(year + 1, facts.fiscal_year, day)?;
    same_period(facts, year, Moment { as_of, day: after }).map(|past| past.result)
}

/// The day of a fiscal year that `day`, of a later one, is the counterpart of.
pub(in crate::domain) fn back_to(year: i32, from: i32, day: NaiveDate) -> Option<NaiveDate> {
    (year..from).try_fold(day, |day, _| counterpart(day))
}

/// The same day of the year before; the last day of a month stays the last.
fn counterpart(day: NaiveDate) -> Option<NaiveDate> {
    let earlier = day.checked_sub_months(Months::new(12))?;
    if month_end(day)? == day { month_end(earlier) } else { Some(earlier) }
}

fn month_end(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// The sum of all the results, how many they are, and how far their mean may be off; `None` where one is missing.
fn mean(found: &[(i32, Option<Past>)]) -> Option<(Decimal, i64, Decimal)> {
    let mut totals = (Decimal::ZERO, 0, Decimal::ZERO);
    for (_, past) in found {
        let result = &past.as_ref()?.result;
        totals = (totals.0.plus(result.value)?, totals.1 + 1, totals.2.plus(result.rounding)?);
    }
    let (sum, count, rounding) = totals;
    Some((sum, count, rounding.over(Decimal::from(count))?))
}

fn missing(to: ReferenceKind, year: i32, moment: Moment) -> Missing {
    let (ja, en) = match (to, counterpart(moment.day)) {
        (ReferenceKind::SamePeriodPreviousYear, Some(day)) => (
            format!("{year}年度の同じ時期（{day}時点）の実績"),
            format!("the figure of fiscal year {year} at the same moment ({day})"),
        ),
        _ => (format!("{year}年度の実績"), format!("the result of fiscal year {year}")),
    };
    Missing::new(MissingKind::Reference, Some(year), ja, en)
}

impl Resolved {
    /// The required value and how far it may be off, both in the indicator's unit. `factor` is how many of the indicator's units
    /// one of the criterion's is. The value is rounded once, half to even, to the twelve places that are kept; what is shown is
    /// what is compared.
    ///
    /// # Errors
    /// Why the change has no one meaning, or cannot be kept.
    pub(super) fn required(&self, facts: &Facts<'_>, factor: Decimal) -> Result<(Decimal, Decimal), (Rule, Bilingual)> {
        let hundred = Decimal::from(100);
        let count = Decimal::from(self.count);
        let times = |top: Decimal, bottom: Decimal| {
            let value = self.sum.times(top)?.over(count.times(bottom)?)?;
            Some((value, self.rounding.times(top)?.over(bottom)?.abs()))
        };
        let plus = |amount: Decimal| Some((self.sum.plus(amount.times(count)?)?.over(count)?, self.rounding));
        let scales = |change: &Change| matches!(change, Change::Relative { .. } | Change::Factor { .. });
        if self.used.change.as_ref().is_some_and(scales) && self.sum < Decimal::ZERO {
            return Err(ambiguous());
        }
        let required = match &self.used.change {
            None => plus(Decimal::ZERO),
            Some(Change::Relative { percent }) => hundred.plus(*percent).and_then(|top| times(top, hundred)),
            Some(Change::Factor { factor }) => times(*factor, Decimal::from(1)),
            Some(Change::Absolute { amount }) => amount.times(factor).and_then(plus),
            Some(Change::Points { points }) if counts_in_points(facts.unit) => plus(*points),
            Some(Change::Points { .. }) => return Err(no_points(facts.unit.unwrap_or(""))),
        };
        required.ok_or_else(super::condition::too_large)
    }
}

/// Whether points can be added to a figure of this unit.
fn counts_in_points(unit: Option<&str>) -> bool {
    unit.is_none_or(|unit| {
        ["", "点", "ポイント", "pt"].contains(&unit.trim()) || unit_factor(unit, "%") == Some(Decimal::from(1))
    })
}

fn ambiguous() -> (Rule, Bilingual) {
    (
        Rule::AmbiguousChange,
        Bilingual::new(
            "参照する値が負のため、割合や倍率での増減は二通りに読めます。金額や件数での条件が必要です。",
            "The figure referred to is below zero, where a change in percent or by a factor has two meanings; state an amount.",
        ),
    )
}

fn no_points(unit: &str) -> (Rule, Bilingual) {
    (
        Rule::UnitMismatch,
        Bilingual::new(
            format!("指標の単位「{unit}」はポイントで増減できません。"),
            format!("The indicator counts in {unit}, to which points cannot be added."),
        ),
    )
}

impl ReferenceUsed {
    /// The reference in words, without its figure.
    pub(super) fn words(&self) -> Bilingual {
        let first = self.years.first().map_or(0, |year| year.fiscal_year);
        let last = self.years.last().map_or(0, |year| year.fiscal_year);
        match self.to {
            ReferenceKind::PreviousYear => {
                Bilingual::new(format!("前年度（{first}年度）の実績"), format!("the result of last year ({first})"))
            }
            ReferenceKind::SamePeriodPreviousYear => Bilingual::new(
                format!("前年同時期（{first}年度）の実績"),
                format!("the figure of the same period last year ({first})"),
            ),
            ReferenceKind::AverageOfYears => Bilingual::new(
                format!("過去{}年（{last}〜{first}年度）の平均", self.years.len()),
                format!("the average of {} years ({last}–{first})", self.years.len()),
            ),
            ReferenceKind::FiscalYear => {
                Bilingual::new(format!("{first}年度の実績"), format!("the result of fiscal year {first}"))
            }
        }
    }

    /// The reference in words with its figure and the change to it: 前年度（2020年度）50%の1%増.
    pub(super) fn formula(&self, unit: &str, stated_unit: &str) -> Bilingual {
        let mut words = self.words();
        if let Some(value) = self.value {
            words.ja.push_str(&format!("{}{unit}", value.grouped()));
            words.en.push_str(&format!(", {}{unit}", value.grouped()));
        }
        let (amount, ja, en) = match &self.change {
            None => return words,
            Some(Change::Factor { factor }) => {
                words.ja.push_str(&format!("の{}倍", factor.grouped()));
                words.en.push_str(&format!(", times {}", factor.grouped()));
                return words;
            }
            Some(Change::Relative { percent }) => (*percent, "%".to_owned(), "%".to_owned()),
            Some(Change::Points { points }) => (*points, "ポイント".to_owned(), " points".to_owned()),
            Some(Change::Absolute { amount }) => (*amount, stated_unit.to_owned(), stated_unit.to_owned()),
        };
        let size = amount.abs();
        let (up, sign) = if amount < Decimal::ZERO { ("減", "minus") } else { ("増", "plus") };
        words.ja.push_str(&format!("の{}{ja}{up}", size.grouped()));
        words.en.push_str(&format!(", {sign} {}{en}", size.grouped()));
        words
    }
}
