//! Japanese targets that leave half unsaid: so many in each half-year or by its end, of each place or in all, a margin around what.

use super::cursor::Parser;
use super::misplaced::holds;
use super::second_look::{Place, averages};
use crate::domain::criterion::{Aggregation, Change, Operand};
use crate::domain::{Criterion, Decimal, Polarity};

/// Places of which 中学校区に1か所 says so of each.
const PLACES: [&str; 12] =
    ["中学校区", "小学校区", "学校区", "校区", "学区", "クラス", "学級", "地域", "小学校", "中学校", "町会", "自治会"];

/// What a margin is around, where it is not around nothing.
const CENTERS: [&str; 9] = ["目標値", "予算", "計画値", "標準値", "適正値", "見込値", "見込み値", "基準値", "推計値"];

impl Parser<'_> {
    /// Where a Japanese target leaves half unsaid.
    pub(super) fn half_said_in_japanese(&self, criterion: &Criterion) -> Option<Place> {
        let whole = self.whole();
        let text = self.source.written(0, self.source.len());
        if text.is_ascii() {
            return None;
        }
        let around = if holds(criterion, &is_around) { self.first_of(&CENTERS) } else { None };
        let most = self.context.polarity == Some(Polarity::HigherIsBetter) && holds(criterion, &is_a_maximum);
        let doubtful = is_place(criterion)
            || holds(criterion, &is_nothing_around)
            || holds(criterion, &|leaf| self.is_bare_change_of_a_share(leaf))
            || text.trim_end().ends_with("日まで") && holds(criterion, &counts_days)
            || most && text.starts_with("最大");
        part_by_part(criterion)
            .then_some(whole)
            .or_else(|| self.years_of_an_average(criterion))
            .or(around)
            .or_else(|| doubtful.then_some(whole))
    }

    /// 令和元年度から5年間の平均: of these years, and not of the last ones.
    fn years_of_an_average(&self, criterion: &Criterion) -> Option<Place> {
        if holds(criterion, &averages) { self.first_of(&["年度から", "年から"]) } else { None }
    }

    /// 前年度比+2.5, of a percentage: so many points, or so much of it.
    fn is_bare_change_of_a_share(&self, leaf: &Criterion) -> bool {
        let Criterion::Threshold { operand: Operand::Reference(reference), unit, .. } = leaf else { return false };
        let share = unit.as_deref() == Some("%") || unit.is_none() && self.own_unit() == Some("%");
        share && matches!(reference.change(), Some(Change::Absolute { .. }))
    }
}

/// 上半期5回、下半期5回: in each of them, or in all by its end.
fn part_by_part(criterion: &Criterion) -> bool {
    let Criterion::All { of } = criterion else { return false };
    let day = |part: &Criterion| match part {
        Criterion::Threshold {
            operand: Operand::Constant { .. }, deadline: Some(day), unit, subject: None, ..
        } => unit.as_deref().is_none_or(|unit| unit != "%").then_some(*day),
        _ => None,
    };
    let days: Option<Vec<_>> = of.iter().map(day).collect();
    days.is_some_and(|days| days.windows(2).any(|pair| pair.first() != pair.last()))
}

/// 中学校区に1か所以上: in each of them, or in all; not 小学校5校以上.
fn is_place(criterion: &Criterion) -> bool {
    matches!(criterion, Criterion::Threshold { subject: Some(name), operand: Operand::Constant { .. }, unit: Some(unit), .. }
        if PLACES.contains(&name.as_str()) && unit != "%" && !name.contains(unit.as_str()))
}

/// 目標値±10%: around the target; not 予算との乖離±3%.
fn is_around(leaf: &Criterion) -> bool {
    let Criterion::Range { subject, min, max, .. } = leaf else { return false };
    let center = |name: &str| {
        CENTERS.iter().any(|center| name.strip_prefix(center).is_some_and(|rest| rest.chars().count() <= 1))
    };
    *min < Decimal::ZERO && min.abs() == max.abs() && subject.as_deref().is_none_or(center)
}

/// ±0, プラスマイナスゼロ: no change, rather than nothing.
fn is_nothing_around(leaf: &Criterion) -> bool {
    match leaf {
        Criterion::Range { min, max, .. } => min.is_zero() && max.is_zero(),
        Criterion::Threshold { subject: Some(name), .. } => name == "プラスマイナス",
        _ => false,
    }
}

/// 翌月10日まで: a day of the month, or how many days.
fn counts_days(leaf: &Criterion) -> bool {
    matches!(leaf, Criterion::Threshold { unit: Some(unit), .. } if unit == "日")
}

/// 最大100人, where more is better: the most of the year, or no more than that.
fn is_a_maximum(leaf: &Criterion) -> bool {
    matches!(
        leaf,
        Criterion::Threshold { comparator: None, aggregation: Some(Aggregation::Maximum), subject: None, .. }
    )
}
