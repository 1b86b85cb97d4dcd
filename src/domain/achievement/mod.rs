//! The achievement rate (達成率): how much of a target is achieved, in percent, in the direction that the target asks for.
//!
//! A stands for the actual, T for the required value of the target, with its reference, change and unit worked out. "At least" are
//! 以上 and 超, "at most" are 以下 and 未満, stated or assumed from the indicator's polarity.
//!
//! | target | actual | rate | rule |
//! |---|---|---|---|
//! | at least T > 0 | A ≥ 0 | A ÷ T | `actual_over_target` |
//! | | A < 0 | 0 %: nothing of it is achieved | `wrong_side_of_zero` |
//! | at least T = 0 | | 100 % where A ≥ 0, else 0 %: there is no ratio to zero, it is kept or not | `zero_target` |
//! | at least T < 0 (収支▲300千円以上) | A < 0 | T ÷ A, up to 1,000 %: a deficit of 300 is allowed, one of 200 is 150 % | `target_over_actual` |
//! | | A ≥ 0 | 1,000 %: nothing of the allowed deficit is left | `ceiling` |
//! | at most T > 0 | A > 0 | T ÷ A, up to 1,000 % | `target_over_actual` |
//! | | A ≤ 0 | 1,000 %: nothing of what is allowed happened | `ceiling` |
//! | at most T = 0 (ゼロを維持) | | 100 % where A ≤ 0, else 0 % | `zero_target` |
//! | at most T < 0 (増減数を▲40件以下に) | A ≤ 0 | A ÷ T | `actual_over_target` |
//! | | A > 0 | 0 % | `wrong_side_of_zero` |
//! | from T₁ to T₂; exactly or about T | inside | 100 %: there is no more to achieve | `within_range` |
//! | | below, above | as for at least T₁, as for at most T₂ | |
//! | all of T (全地域) | A done | A ÷ T | `actual_over_target` |
//! | milestone | | 100 % when done in time, else 0 % | `milestone` |
//! | all of several conditions, each part | | the lowest rate of the parts | `lowest_part` |
//! | any of several conditions | | the highest rate of the parts | `highest_part` |
//!
//! **Why so.** At most is at least seen in the mirror, A and T with the other sign, so one definition serves both. Four things
//! follow, and the tests hold the code to them: a better actual never has a lower rate; the rate is 100 % or more exactly when A
//! reaches T (so that a suicide rate that got worse never shows 116 %); units do not matter, 千円 or 円; and the whole of several
//! conditions has 100 % exactly when it is met. A mean of the parts' rates would let one condition make up for another, and mean
//! nothing: 200 % and 50 % are not a target that is met.
//!
//! **The ceiling.** T ÷ A grows without end as A goes to zero. It ends at [`CEILING`], and that is the rate at zero, so that no
//! incident at all never looks worse than one. A rate of at least T > 0 needs no ceiling and has none.
//!
//! **Rounding.** The quotient is exact and then cut, not rounded, to one place after the point (小数第2位以下切り捨て), so that 99.96 %
//! is 99.9 % and not a target that looks met. A strict comparator (超, 未満) misses at 100.0 % exactly.
//!
//! **Not defined** (`percent` is `null`, and `reason` says why): no figure; no known reference, total, step or direction; targets in
//! words; a part without a rate; at most targets (and ranges that are reached) of a sum that is not complete, because what is allowed
//! is allowed for the whole year and half a year of it is no achievement; a quotient of more than 18 digits. A figure that is not
//! the year's result yet has a rate so far.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::decimal::MAX_SCALE;
use super::evaluation::{Limit, Rule};
use super::result::YearResult;
use super::words::words;
use super::{Bilingual, Decimal, Measure};

/// The highest rate of a target that allows something, in percent.
pub const CEILING: i64 = 1_000;

words! {
    /// How an achievement rate was made, or why there is none.
    RateRule {
        /// The actual over the target.
        ActualOverTarget = "actual_over_target",
        /// The target over the actual: less is better.
        TargetOverActual = "target_over_actual",
        /// The target is zero: kept or not.
        ZeroTarget = "zero_target",
        /// The actual is on the other side of zero than the target: nothing is achieved.
        WrongSideOfZero = "wrong_side_of_zero",
        /// The actual is so far inside of what is allowed that a ratio says nothing.
        Ceiling = "ceiling",
        /// The actual is inside the range.
        WithinRange = "within_range",
        /// Done in time or not.
        Milestone = "milestone",
        /// The lowest rate of the parts, all of which are required.
        LowestPart = "lowest_part",
        /// The highest rate of the parts, one of which is required.
        HighestPart = "highest_part",
        /// Not defined: no figure is reported.
        NoFigure = "no_figure",
        /// Not defined: what is required is not known.
        NothingToCompare = "nothing_to_compare",
        /// Not defined: nobody says which direction is good.
        DirectionUnknown = "direction_unknown",
        /// Not defined: what is allowed is allowed for the whole year, and the year's figure is not complete.
        YearNotOver = "year_not_over",
        /// Not defined: no figure decides the target.
        NotCounted = "not_counted",
        /// Not defined: a part has no rate.
        PartNotDefined = "part_not_defined",
        /// Not defined: the quotient has more digits than are kept.
        TooManyDigits = "too_many_digits",
    }
}

/// How much of a target is achieved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AchievementRate {
    /// In percent, cut to one place after the point; `null` where it is not defined.
    pub percent: Option<Decimal>,
    /// How it was made, or why there is none.
    pub rule: RateRule,
    /// The same in words, with the figures.
    pub reason: Bilingual,
}

/// The rate of a target of at least `target`.
///
/// ```
/// use mikomi::domain::achievement::at_least;
/// for (actual, target, percent) in [
///     ("72", "60", "120"),
///     ("0", "60", "0"),
///     ("4398", "4400", "99.9"), // 99.954…, cut: it is not met
///     ("-5", "60", "0"),
///     ("0", "0", "100"), // at least zero, kept
///     ("-1", "0", "0"),
///     ("-200", "-300", "150"), // ▲300千円以上: a deficit of 200 where one of 300 is allowed
///     ("-400", "-300", "75"),
///     ("10", "-300", "1000"), // a surplus: nothing of the allowed deficit is left
/// ] {
///     assert_eq!(at_least(actual.parse()?, target.parse()?).percent, Some(percent.parse()?), "{actual} {target}");
/// }
/// # Ok::<(), mikomi::domain::decimal::DecimalError>(())
/// ```
pub fn at_least(actual: Decimal, target: Decimal) -> AchievementRate {
    directed(actual, target, false)
}

/// The rate of a target of at most `target`.
///
/// ```
/// use mikomi::domain::achievement::at_most;
/// for (actual, target, percent) in [
///     ("15", "12.9", "86"), // got worse: below 100 %, never 116 %
///     ("4", "5", "125"),
///     ("0", "5", "1000"), // none at all: the ceiling
///     ("0", "0", "100"), // ゼロを維持: kept
///     ("3", "0", "0"),
///     ("-50", "-40", "125"), // 50 fewer where 40 fewer are required
///     ("-20", "-40", "50"),
///     ("7", "-40", "0"),
/// ] {
///     assert_eq!(at_most(actual.parse()?, target.parse()?).percent, Some(percent.parse()?), "{actual} {target}");
/// }
/// # Ok::<(), mikomi::domain::decimal::DecimalError>(())
/// ```
pub fn at_most(actual: Decimal, target: Decimal) -> AchievementRate {
    directed(actual, target, true)
}

/// The rate of a target from `min` to `max`.
///
/// ```
/// use mikomi::domain::achievement::between;
/// let rate = |actual: i64| between(actual.into(), 40.into(), 50.into()).percent.map(|it| it.to_string());
/// assert_eq!(rate(30).as_deref(), Some("75"));
/// assert_eq!(rate(40).as_deref(), Some("100"));
/// assert_eq!(rate(50).as_deref(), Some("100"));
/// assert_eq!(rate(80).as_deref(), Some("62.5"));
/// ```
pub fn between(actual: Decimal, min: Decimal, max: Decimal) -> AchievementRate {
    if actual < min {
        return at_least(actual, min);
    }
    if actual > max {
        return at_most(actual, max);
    }
    let (actual, min, max) = (actual.grouped(), min.grouped(), max.grouped());
    AchievementRate {
        percent: Some(Decimal::from(100)),
        rule: RateRule::WithinRange,
        reason: Bilingual::new(
            format!("実績{actual}は目標の範囲（{min}〜{max}）にあるため100%です。"),
            format!("The actual {actual} is in the range from {min} to {max}: 100%."),
        ),
    }
}

/// The rate of a figure against the ends of what is accepted. `comparable` says that the ends are meant for a figure of this
/// moment: it is the final one, or they are those of the same period.
pub(super) fn of_figure(
    measure: Measure,
    figure: &YearResult,
    lower: Option<&Limit>,
    upper: Option<&Limit>,
    comparable: bool,
) -> AchievementRate {
    let actual = figure.value;
    let grows = measure == Measure::Sum && !comparable;
    let mut rate = match (lower.map(|limit| limit.value), upper.map(|limit| limit.value)) {
        (None, None) => AchievementRate::not_defined(Rule::DirectionUnknown),
        (lower, Some(_)) if grows && lower.is_none_or(|lower| actual >= lower) => AchievementRate::without(
            RateRule::YearNotOver,
            "年度全体の上限のため、年度の実績が揃うまで達成率は定義しません。",
            "What is allowed is allowed for the whole year; there is no rate before the year's figure is complete.",
        ),
        (Some(min), None) => at_least(actual, min),
        (None, Some(max)) => at_most(actual, max),
        (Some(min), Some(max)) => between(actual, min, max),
    };
    if figure.approximate && rate.percent.is_some() {
        rate.reason.ja.push_str("（概数による）");
        rate.reason.en.push_str(" (from a rounded figure)");
    }
    rate
}

/// At least, or its mirror image: at most.
fn directed(actual: Decimal, target: Decimal, mirrored: bool) -> AchievementRate {
    let seen = |value: Decimal| if mirrored { value.negated() } else { value };
    let (a, t, zero) = (seen(actual), seen(target), Decimal::ZERO);
    let (percent, rule) = if t == zero {
        (Some(if a >= zero { 100 } else { 0 }), RateRule::ZeroTarget)
    } else if t > zero && a < zero {
        (Some(0), RateRule::WrongSideOfZero)
    } else if t > zero {
        (None, RateRule::ActualOverTarget)
    } else if a >= zero {
        (Some(CEILING), RateRule::Ceiling)
    } else {
        (None, RateRule::TargetOverActual)
    };
    let quotient = match rule {
        RateRule::ActualOverTarget => quotient(a, t),
        RateRule::TargetOverActual => quotient(t, a),
        _ => percent.map(|percent| (Decimal::from(percent), true)),
    };
    let ceiling = Decimal::from(CEILING);
    if rule == RateRule::TargetOverActual && quotient.is_none_or(|(percent, _)| percent > ceiling) {
        return worded(actual, target, ceiling, RateRule::Ceiling, true);
    }
    let Some((percent, exact)) = quotient else {
        return AchievementRate::without(
            RateRule::TooManyDigits,
            "達成率の桁が多すぎます。",
            "The rate has more digits than are kept.",
        );
    };
    worded(actual, target, percent, rule, exact)
}

/// `part` over `whole`, of the same sign, in percent, cut to one place; and whether nothing was cut. Exact: whole numbers are
/// divided.
fn quotient(part: Decimal, whole: Decimal) -> Option<(Decimal, bool)> {
    let steps = |value: Decimal| {
        let zeros = MAX_SCALE.checked_sub(value.scale())?;
        value.mantissa().checked_mul(10_i128.checked_pow(zeros)?)
    };
    let (part, whole) = (steps(part)?.checked_mul(1_000)?, steps(whole)?);
    let tenths = part.checked_div(whole)?;
    let percent = rust_decimal::Decimal::try_from_i128_with_scale(tenths, 1).ok()?;
    Some((Decimal::new(percent).ok()?, part.checked_rem(whole)? == 0))
}

fn worded(actual: Decimal, target: Decimal, percent: Decimal, rule: RateRule, exact: bool) -> AchievementRate {
    let (a, t, p) = (actual.grouped(), target.grouped(), percent.grouped());
    let cut = if exact { ("", "") } else { ("（小数第2位以下切り捨て）", ", cut after one place") };
    let (ja, en) = match rule {
        RateRule::ActualOverTarget => {
            (format!("実績{a}÷目標{t}＝{p}%{}", cut.0), format!("actual {a} ÷ target {t} = {p}%{}", cut.1))
        }
        RateRule::TargetOverActual => {
            (format!("目標{t}÷実績{a}＝{p}%{}", cut.0), format!("target {t} ÷ actual {a} = {p}%{}", cut.1))
        }
        RateRule::ZeroTarget => (
            format!("目標がゼロのため、実績{a}で達成なら100%、未達成なら0%：{p}%"),
            format!("the target is zero, which has no ratio: 100% where it is met, else 0%; actual {a}: {p}%"),
        ),
        RateRule::WrongSideOfZero => (
            format!("実績{a}は目標{t}の向きに進んでいないため{p}%"),
            format!("the actual {a} has not moved toward the target {t}: {p}%"),
        ),
        _ => (
            format!("実績{a}は目標{t}に対し、達成率の上限の{p}%"),
            format!("the actual {a} against the target {t}: {p}%, where the rate ends"),
        ),
    };
    AchievementRate { percent: Some(percent), rule, reason: Bilingual::new(ja, en) }
}

impl AchievementRate {
    fn without(rule: RateRule, ja: &str, en: &str) -> Self {
        Self { percent: None, rule, reason: Bilingual::new(ja, en) }
    }

    /// The rate of a target of which the rule says why it cannot be compared.
    pub(super) fn not_defined(rule: Rule) -> Self {
        match rule {
            Rule::NoFigure | Rule::NoBreakdown => {
                Self::without(RateRule::NoFigure, "実績がないため、達成率はありません。", "No figure, no rate.")
            }
            Rule::DirectionUnknown => Self::without(
                RateRule::DirectionUnknown,
                "「以上・以下」の別がないため、達成率はありません。",
                "Nobody says which direction is good, so there is no rate.",
            ),
            Rule::NoCriterion | Rule::Qualitative => Self::without(
                RateRule::NotCounted,
                "数値で判定する目標ではないため、達成率はありません。",
                "No figure decides the target, so there is no rate.",
            ),
            Rule::NotUnderstood | Rule::NotEvaluated => Self::without(
                RateRule::NothingToCompare,
                "目標の条件をまだ判定できないため、達成率はありません。",
                "The condition of the target is not evaluated yet, so there is no rate.",
            ),
            _ => Self::without(
                RateRule::NothingToCompare,
                "必要な値がわからないため、達成率はありません。",
                "The required value is not known, so there is no rate.",
            ),
        }
    }

    /// The rate of a milestone.
    pub(super) fn of_milestone(done_in_time: bool) -> Self {
        let (percent, ja, en) = if done_in_time {
            (100, "期限までに済んでいるため100%", "done in time: 100%")
        } else {
            (0, "期限までに済んだと報告されていないため0%", "not reported as done in time: 0%")
        };
        Self { percent: Some(percent.into()), rule: RateRule::Milestone, reason: Bilingual::new(ja, en) }
    }

    /// The rate of several conditions: the highest where any of them is enough, else the lowest.
    pub(super) fn of_parts<'a>(any: bool, parts: impl Iterator<Item = &'a Self>) -> Self {
        let rates: Option<Vec<Decimal>> = parts.map(|part| part.percent).collect();
        let found = rates.and_then(|rates| if any { rates.into_iter().max() } else { rates.into_iter().min() });
        let Some(percent) = found else {
            return Self::without(
                RateRule::PartNotDefined,
                "達成率のない条件があるため、全体の達成率はありません。",
                "A part has no rate, so the whole has none.",
            );
        };
        let (rule, ja, en) = if any {
            (RateRule::HighestPart, "条件のうち最も高い達成率", "the highest rate of the parts")
        } else {
            (RateRule::LowestPart, "条件のうち最も低い達成率", "the lowest rate of the parts")
        };
        let shown = percent.grouped();
        let reason = Bilingual::new(format!("{ja}：{shown}%"), format!("{en}: {shown}%"));
        Self { percent: Some(percent), rule, reason }
    }
}

#[cfg(test)]
pub(in crate::domain) mod tests;
