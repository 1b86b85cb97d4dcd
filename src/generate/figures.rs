//! A target's figures: what is aimed at, what came of it in each year, and what was reported of that during the year.

use std::collections::BTreeMap;

use super::random::Random;
use crate::api::plan_documents::document::{ActualDocument, HistoryAverage, TargetDocument};
use crate::domain::fiscal::{Calendar, Period};
use crate::domain::{Basis, Decimal, Measure, MissingReason};

/// A number of steps of 1, or of 0.1 where `scale` is 1.
pub(super) fn decimal(steps: i64, scale: u32) -> Decimal {
    Decimal::new(rust_decimal::Decimal::new(steps, scale)).unwrap_or(Decimal::ZERO)
}

/// How an indicator has gone over the years. The same for every plan that speaks of it, so that the plans of a
/// municipality tell one story.
pub(super) struct Series {
    measure: Measure,
    /// Digits after the point.
    scale: u32,
    /// Nothing is more than this.
    most: i64,
    /// Each year's result, in steps.
    results: BTreeMap<i32, i64>,
    /// How many months a reported figure speaks of.
    every: u32,
}

impl Series {
    /// Changes what the target aims at, within what is usual, and draws what came of it in the years up to the last.
    pub(super) fn new(target: &mut TargetDocument, random: &mut Random, years: std::ops::RangeInclusive<i32>) -> Self {
        let unit = target.unit.clone().unwrap_or_default();
        let scale = u32::from(matches!(unit.as_str(), "%" | "点"));
        let hundred = if unit == "%" { 1_000 } else { i64::MAX };
        let top = target.universe.or(target.scale_max).and_then(|most| steps(&most.to_string(), scale));
        let most = top.unwrap_or(i64::MAX).min(hundred);
        let required = aim(target, random, scale, most);
        let usual = random.scaled(required, 88, 116);
        let mut result = |_| match target.measure {
            Measure::Milestone => i64::from(random.percent(85)),
            _ => random.scaled(usual, 92, 108).min(most),
        };
        let results = years.rev().map(|year| (year, result(year))).collect();
        let every = match target.measure {
            Measure::Sum if random.percent(40) => 1,
            Measure::Sum | Measure::Ratio | Measure::Milestone => 3,
            _ => [3, 6, 12].get(random.between(0, 2).unsigned_abs() as usize).copied().unwrap_or(12),
        };
        Self { measure: target.measure, scale, most, results, every }
    }

    fn result(&self, year: i32) -> i64 {
        self.results.get(&year).copied().unwrap_or_default()
    }

    /// Lets a target of a year state the results before it.
    pub(super) fn state_history(&self, target: &mut TargetDocument, year: i32) {
        if self.measure == Measure::Milestone {
            return;
        }
        let value = |year: i32| (year.to_string(), decimal(self.result(year), self.scale));
        target.history = (year - 2..year).map(value).collect();
        if let Some(HistoryAverage { years, value }) = &mut target.history_average {
            let sum: i64 = (year - *years..year).map(|year| self.result(year)).sum();
            *value = decimal((sum * 10 + i64::from(*years) / 2) / i64::from(*years), self.scale + 1);
        }
    }

    /// What was reported in a year until so many months of it were over.
    pub(super) fn reported(&self, target: usize, year: i32, months: u32, random: &mut Random) -> Vec<ActualDocument> {
        let ends = (1..=12 / self.every).map(|number| number * self.every).filter(|end| *end <= months);
        let mut actuals: Vec<ActualDocument> = Vec::new();
        let mut so_far = 0;
        for end in ends {
            let blank = self.blank(target, year, end);
            let now = self.at(year, end, random, so_far);
            actuals.push(match self.measure {
                Measure::Sum => ActualDocument { value: Some(decimal(now - so_far, self.scale)), ..blank },
                Measure::Ratio => {
                    let whole = random.between(200, 4_000) * i64::from(end) / 12;
                    let part = (whole * now + 500) / 1_000;
                    let value = Some(decimal((part * 1_000 + whole / 2) / whole, 1));
                    let (numerator, denominator) = (Some(decimal(part, 0)), Some(decimal(whole, 0)));
                    ActualDocument { value, numerator, denominator, ..blank }
                }
                Measure::Milestone => ActualDocument { value: Some(decimal(now, 0)), ..blank },
                _ => {
                    let sample_size = (self.most == 1_000).then(|| random.between(120, 1_800));
                    ActualDocument { value: Some(decimal(now, self.scale)), sample_size, ..blank }
                }
            });
            so_far = now;
        }
        if actuals.is_empty() {
            let blank = self.blank(target, year, months);
            actuals.push(ActualDocument { missing: Some(MissingReason::NotDue), ..blank });
        }
        actuals
    }

    /// The figure after so many months of a year.
    fn at(&self, year: i32, months: u32, random: &mut Random, before: i64) -> i64 {
        let result = self.result(year);
        match self.measure {
            _ if months == 12 => result,
            Measure::Milestone => result * i64::from(months >= 6 && random.percent(70)).max(before),
            Measure::Sum => (random.scaled(result, 85, 115) * i64::from(months) / 12).clamp(before, result.max(before)),
            _ => random.scaled(result, 95, 104).min(self.most),
        }
    }

    fn blank(&self, target: usize, fiscal_year: i32, end: u32) -> ActualDocument {
        let (basis, period) = match self.measure {
            Measure::Sum if self.every == 1 => (Basis::Increment, Some(Period::Month(end))),
            Measure::Sum => (Basis::Increment, Some(Period::Quarter(end / 3))),
            Measure::Ratio => (Basis::ToDate, None),
            _ => (Basis::Snapshot, None),
        };
        let as_of = Calendar::default().days(fiscal_year, Period::Month(end)).1;
        ActualDocument {
            target,
            value: None,
            missing: None,
            basis,
            fiscal_year: None,
            period: period.map(|period| period.to_string()),
            as_of: period.is_none().then_some(as_of),
            from: None,
            approximate: false,
            provisional: false,
            numerator: None,
            denominator: None,
            sample_size: None,
            method: None,
            breakdown: Vec::new(),
            note: None,
        }
    }
}

/// Changes the number that a target's text names, if it names one that may differ from ward to ward, and gives what is
/// aimed at in steps.
fn aim(target: &mut TargetDocument, random: &mut Random, scale: u32, most: i64) -> i64 {
    let one = 10_i64.pow(scale);
    let refers_to_history = target.text.starts_with("前年") || target.text.starts_with("過去");
    let Some((before, number, after)) = first_number(&target.text).filter(|_| !refers_to_history) else {
        return match target.unit.as_deref() {
            Some("%") => random.between(450, 800),
            Some("件") => random.between(3, 9),
            _ => target.universe.and_then(|all| steps(&all.to_string(), scale)).unwrap_or(one),
        };
    };
    let written = steps(number, scale).unwrap_or(one);
    if written >= most || !target.breakdown.is_empty() {
        return written;
    }
    let wanted = match target.unit.as_deref() {
        Some("%") => written + random.between(-6, 6) * 10,
        Some("点") => written + random.between(-3, 3),
        _ => random.scaled(written, 60, 190),
    };
    let wanted = wanted.clamp(one, most);
    target.text = format!("{before}{}{after}", decimal(wanted, scale).grouped());
    wanted
}

/// A text around its first number.
fn first_number(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_at(text.find(|c: char| c.is_ascii_digit())?);
    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.')).unwrap_or(rest.len());
    let (number, after) = rest.split_at(end);
    Some((before, number, after))
}

/// A written number in steps.
fn steps(number: &str, scale: u32) -> Option<i64> {
    let value: rust_decimal::Decimal = number.replace(',', "").parse().ok()?;
    i64::try_from(value.checked_mul(rust_decimal::Decimal::from(10_i64.pow(scale)))?.trunc().mantissa()).ok()
}
