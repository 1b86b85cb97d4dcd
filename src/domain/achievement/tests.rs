use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

/// Any number that is kept, the awkward ones often: zero, equal, huge, tiny, below zero.
pub(in crate::domain) fn any_number() -> impl Strategy<Value = Decimal> {
    let of = |(mantissa, scale): (i64, u32)| {
        Decimal::new(rust_decimal::Decimal::from_i128_with_scale(i128::from(mantissa), scale)).unwrap_or_default()
    };
    prop_oneof![
        3 => (-200_i64..200, 0_u32..2).prop_map(of),
        2 => (-100_000_i64..100_000, 0_u32..4).prop_map(of),
        1 => (-999_999_999_999_999_999_i64..=999_999_999_999_999_999, 0_u32..=12).prop_map(of),
        1 => Just(Decimal::ZERO),
    ]
}

#[test]
fn the_rule_and_the_reason_say_how_the_rate_was_made() {
    let (least, most) = (at_least as fn(Decimal, Decimal) -> AchievementRate, at_most as fn(Decimal, Decimal) -> _);
    for (rate, actual, target, percent, rule, en) in [
        (least, "72", "60", "120", "actual_over_target", "actual 72 ÷ target 60 = 120%"),
        (least, "2", "3", "66.6", "actual_over_target", "actual 2 ÷ target 3 = 66.6%, cut after one place"),
        (most, "15", "12.9", "86", "target_over_actual", "target 12.9 ÷ actual 15 = 86%"),
        (most, "17.4", "15", "86.2", "target_over_actual", "target 15 ÷ actual 17.4 = 86.2%, cut after one place"),
        (most, "0", "4", "1000", "ceiling", "the actual 0 against the target 4: 1,000%, where the rate ends"),
        (most, "0.3", "4", "1000", "ceiling", "the actual 0.3 against the target 4: 1,000%, where the rate ends"),
        (least, "-1", "4", "0", "wrong_side_of_zero", "the actual -1 has not moved toward the target 4: 0%"),
        (
            most,
            "3",
            "0",
            "0",
            "zero_target",
            "the target is zero, which has no ratio: 100% where it is met, else 0%; actual 3: 0%",
        ),
    ] {
        let found = rate(number(actual), number(target));
        let shown = (found.percent, found.rule.as_str(), found.reason.en.as_str());
        assert_eq!(shown, (Some(number(percent)), rule, en), "{actual} {target}");
    }
}

#[test]
fn a_quotient_that_is_too_long_has_no_rate_and_says_so() {
    let rate = at_least(number("123456789012345678"), number("0.000000000001"));
    assert_eq!((rate.percent, rate.rule), (None, RateRule::TooManyDigits));
    let rate = at_most(number("0.000000000001"), number("123456789012345678"));
    assert_eq!((rate.percent, rate.rule), (Some(CEILING.into()), RateRule::Ceiling));
}

#[test]
fn several_conditions_have_the_rate_of_the_one_that_counts_never_a_mean() {
    let (good, poor) = (at_least(200.into(), 100.into()), at_least(50.into(), 100.into()));
    let none = AchievementRate::not_defined(Rule::NoFigure);
    let of = |any, parts: &[&AchievementRate]| {
        let rate = AchievementRate::of_parts(any, parts.iter().copied());
        (rate.percent.map(|it| it.to_string()), rate.rule)
    };
    assert_eq!(of(false, &[&good, &poor]), (Some("50".to_owned()), RateRule::LowestPart));
    assert_eq!(of(true, &[&good, &poor]), (Some("200".to_owned()), RateRule::HighestPart));
    assert_eq!(of(true, &[&good, &none]), (None, RateRule::PartNotDefined));
    assert_eq!(of(false, &[]), (None, RateRule::PartNotDefined));
}

fn is_full(rate: &AchievementRate) -> bool {
    // Without a rate the quotient is too long, which only one far above 100 % is.
    rate.percent.is_none_or(|percent| percent >= Decimal::from(100))
}

proptest! {
    #[test]
    fn a_rate_is_full_exactly_when_the_target_is_met(actual in any_number(), target in any_number()) {
        prop_assert_eq!(is_full(&at_least(actual, target)), actual >= target);
        prop_assert_eq!(is_full(&at_most(actual, target)), actual <= target);
    }

    #[test]
    fn a_rate_inside_a_range_is_exactly_full(actual in any_number(), one in any_number(), other in any_number()) {
        let (min, max) = (one.min(other), one.max(other));
        let rate = between(actual, min, max);
        prop_assert_eq!(is_full(&rate), min <= actual && actual <= max);
        prop_assert!(rate.percent.is_none_or(|percent| percent <= Decimal::from(100)));
    }

    #[test]
    fn a_better_actual_never_has_a_lower_rate(one in any_number(), other in any_number(), target in any_number()) {
        let (less, more) = (one.min(other), one.max(other));
        let top = Decimal::from(999_999_999_999_999_999);
        let percent = |rate: AchievementRate| rate.percent.unwrap_or(top);
        prop_assert!(percent(at_least(less, target)) <= percent(at_least(more, target)));
        prop_assert!(percent(at_most(less, target)) >= percent(at_most(more, target)));
    }

    #[test]
    fn a_rate_does_not_depend_on_the_unit(actual in -999_999_i64..999_999, target in -999_999_i64..999_999) {
        let yen = |thousands: i64| Decimal::from(thousands * 1_000);
        let (a, t) = (Decimal::from(actual), Decimal::from(target));
        prop_assert_eq!(at_least(a, t).percent, at_least(yen(actual), yen(target)).percent);
        prop_assert_eq!(at_most(a, t).percent, at_most(yen(actual), yen(target)).percent);
    }

    #[test]
    fn a_rate_is_never_below_zero_and_has_one_place(actual in any_number(), target in any_number()) {
        for rate in [at_least(actual, target), at_most(actual, target)] {
            if let Some(percent) = rate.percent {
                prop_assert!(percent >= Decimal::ZERO && percent.scale() <= 1);
            }
        }
    }
}
