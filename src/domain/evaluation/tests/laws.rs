//! What holds of every criterion and of all figures.

use proptest::prelude::*;

use super::*;
use crate::domain::achievement::tests::any_number;
use crate::domain::criterion::{Aggregation, Change, Comparator, CriterionPeriod, Operand, Step, holds};
use crate::domain::outlook::target_outlook;

fn one_of<T: Copy + std::fmt::Debug + 'static>(values: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(values)
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![
        8 => (0_u64..1_500).prop_map(|days| day("2019-01-01") + chrono::Days::new(days)),
        1 => Just(NaiveDate::MIN),
        1 => Just(NaiveDate::MAX),
    ]
}

fn any_unit() -> impl Strategy<Value = Option<String>> {
    prop::option::of(one_of(&["%", "円", "千円", "件", "点", ""]).prop_map(str::to_owned))
}

fn any_change() -> impl Strategy<Value = Option<Change>> {
    let change = prop_oneof![
        any_number().prop_map(|percent| Change::Relative { percent }),
        any_number().prop_map(|points| Change::Points { points }),
        any_number().prop_map(|amount| Change::Absolute { amount }),
        any_number().prop_map(|factor| Change::Factor { factor }),
    ];
    prop::option::of(change)
}

fn any_operand() -> impl Strategy<Value = Operand> {
    let year = prop_oneof![9 => 2018_i32..2023, 1 => any::<i32>()];
    let years = prop_oneof![9 => 1_u32..4, 1 => any::<u32>()];
    prop_oneof![
        any_number().prop_map(|value| Operand::Constant { value }),
        any_change().prop_map(|change| Operand::Reference(Reference::PreviousYear { change })),
        any_change().prop_map(|change| Operand::Reference(Reference::SamePeriodPreviousYear { change })),
        (years, any_change())
            .prop_map(|(years, change)| Operand::Reference(Reference::AverageOfYears { years, change })),
        (year, any_change())
            .prop_map(|(fiscal_year, change)| Operand::Reference(Reference::FiscalYear { fiscal_year, change })),
    ]
}

fn any_threshold() -> impl Strategy<Value = Criterion> {
    let comparator = prop::option::of(one_of(Comparator::ALL));
    let aggregation = prop::option::weighted(0.1, one_of(Aggregation::ALL));
    let period = prop::option::weighted(0.1, one_of(CriterionPeriod::ALL));
    let deadline = prop::option::weighted(0.2, any_day());
    let stated = prop::option::weighted(0.3, any_number());
    (comparator, any_operand(), any_unit(), aggregation, period, deadline, stated, any::<bool>()).prop_map(
        |(comparator, operand, unit, aggregation, period, deadline, stated_reference, approximate)| {
            Criterion::Threshold {
                comparator,
                operand,
                unit,
                aggregation,
                period,
                per: None,
                out_of: None,
                deadline,
                subject: None,
                stated_reference,
                approximate,
                display: None,
            }
        },
    )
}

fn any_range() -> impl Strategy<Value = Criterion> {
    (any_number(), any::<bool>(), any_number(), any::<bool>(), any_unit(), any::<bool>()).prop_map(
        |(min, min_inclusive, max, max_inclusive, unit, approximate)| Criterion::Range {
            min,
            min_inclusive,
            max,
            max_inclusive,
            unit,
            aggregation: None,
            period: None,
            per: None,
            out_of: None,
            deadline: None,
            subject: None,
            approximate,
            display: None,
        },
    )
}

fn any_criterion() -> impl Strategy<Value = Criterion> {
    let leaf = prop_oneof![
        5 => any_threshold(),
        2 => any_range(),
        1 => (prop::option::of(any_number()), any_unit())
            .prop_map(|(total, unit)| Criterion::universe(total, unit.as_deref())),
        1 => prop::option::of(any_day())
            .prop_map(|due| Criterion::Milestone { action: "策定".to_owned(), due, subject: None }),
        1 => Just(Criterion::Qualitative {}),
        1 => Just(Criterion::None {}),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|of| Criterion::All { of }),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|of| Criterion::Any { of }),
            inner.clone().prop_map(|of| Criterion::Each { of: Box::new(of) }),
            prop::collection::vec((2019_i32..2024, inner), 0..3).prop_map(|steps| Criterion::Schedule {
                steps: steps.into_iter().map(|(fiscal_year, criterion)| Step { fiscal_year, criterion }).collect(),
            }),
        ]
    })
}

fn any_reported() -> impl Strategy<Value = Reported> {
    let value = prop::option::weighted(0.9, any_number());
    let parts = prop::option::weighted(0.2, (any_number(), any_number()));
    (2018_i32..2023, one_of(Basis::ALL), any_day(), value, parts, any::<bool>(), any::<bool>()).prop_map(
        |(fiscal_year, basis, as_of, value, parts, approximate, provisional)| Reported {
            fiscal_year,
            basis,
            period: None,
            as_of,
            value,
            missing: None,
            numerator: parts.map(|it| it.0),
            denominator: parts.map(|it| it.1),
            approximate,
            provisional,
            source: None,
        },
    )
}

/// What a criterion may be evaluated against.
#[derive(Debug)]
struct World {
    measure: Measure,
    polarity: Option<Polarity>,
    unit: Option<String>,
    fiscal_year: i32,
    reported: Vec<Reported>,
    parts: Vec<PartFacts>,
    universe: Option<Decimal>,
    as_of: NaiveDate,
}

impl World {
    fn facts(&self) -> Facts<'_> {
        Facts {
            polarity: self.polarity,
            unit: self.unit.as_deref(),
            parts: &self.parts,
            universe: self.universe,
            ..Facts::new(self.measure, self.fiscal_year, &self.reported)
        }
    }

    fn evaluate(&self, criterion: &Criterion) -> Evaluation {
        criterion.evaluate(&self.facts(), self.as_of)
    }

    /// What is combined of an evaluation: everything but the words and the order.
    fn essence(&self, criterion: &Criterion) -> (Outcome, bool, bool, Option<bool>, Option<Decimal>, usize) {
        let it = self.evaluate(criterion);
        (it.outcome, it.provisional, it.is_final, it.holds_so_far, it.achievement_rate.percent, it.missing.len())
    }
}

fn any_world() -> impl Strategy<Value = World> {
    let part = (any::<bool>(), prop::collection::vec(any_reported(), 0..3))
        .prop_map(|(expected, reported)| PartFacts { label: "北".to_owned(), expected, reported });
    let year = prop_oneof![20 => 2019_i32..2023, 1 => any::<i32>()];
    (
        one_of(Measure::ALL),
        prop::option::of(one_of(Polarity::ALL)),
        any_unit(),
        year,
        prop::collection::vec(any_reported(), 0..8),
        prop::collection::vec(part, 0..3),
        prop::option::of(any_number()),
        any_day(),
    )
        .prop_map(|(measure, polarity, unit, fiscal_year, reported, parts, universe, as_of)| World {
            measure,
            polarity,
            unit,
            fiscal_year,
            reported,
            parts,
            universe,
            as_of,
        })
}

fn all(of: &[Criterion]) -> Criterion {
    Criterion::All { of: of.to_vec() }
}

fn any_of(of: &[Criterion]) -> Criterion {
    Criterion::Any { of: of.to_vec() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn no_criterion_and_no_figures_make_it_panic(criterion in any_criterion(), world in any_world()) {
        let found = world.evaluate(&criterion);
        prop_assert!(!found.reason.ja.is_empty() && !found.reason.en.is_empty());
        prop_assert!(found.outcome != Outcome::Open || found.missing.is_empty() || !found.parts.is_empty());
        let outlook = target_outlook(Some(&criterion), &world.facts(), world.as_of);
        prop_assert_eq!(outlook.basis, found);
    }

    #[test]
    fn the_order_of_the_parts_does_not_matter(
        of in prop::collection::vec(any_criterion(), 1..5), world in any_world(), turn in any::<prop::sample::Index>(),
    ) {
        let mut turned = of.clone();
        turned.rotate_left(turn.index(of.len()));
        turned.reverse();
        prop_assert_eq!(world.essence(&all(&of)), world.essence(&all(&turned)));
        prop_assert_eq!(world.essence(&any_of(&of)), world.essence(&any_of(&turned)));
    }

    #[test]
    fn conditions_inside_conditions_of_the_same_kind_are_flat(
        some in prop::collection::vec(any_criterion(), 1..3),
        others in prop::collection::vec(any_criterion(), 1..3), world in any_world(),
    ) {
        let flat: Vec<Criterion> = some.iter().chain(&others).cloned().collect();
        for join in [all, any_of] {
            let nested: Vec<Criterion> = some.iter().cloned().chain([join(&others)]).collect();
            prop_assert_eq!(world.essence(&join(&flat)), world.essence(&join(&nested)));
        }
    }

    #[test]
    fn one_missed_condition_misses_all_and_one_met_condition_is_enough_for_any(
        of in prop::collection::vec(any_criterion(), 1..5), world in any_world(),
    ) {
        let outcomes: Vec<Outcome> = of.iter().map(|it| world.evaluate(it).outcome).collect();
        let (every, some) = (world.evaluate(&all(&of)).outcome, world.evaluate(&any_of(&of)).outcome);
        prop_assert_eq!(every == Outcome::Missed, outcomes.contains(&Outcome::Missed));
        prop_assert_eq!(every == Outcome::Met, outcomes.iter().all(|it| *it == Outcome::Met));
        prop_assert_eq!(some == Outcome::Met, outcomes.contains(&Outcome::Met));
        prop_assert_eq!(some == Outcome::Missed, outcomes.iter().all(|it| *it == Outcome::Missed));
        if every == Outcome::Unknown || some == Outcome::Unknown {
            prop_assert!(outcomes.contains(&Outcome::Unknown));
        }
    }

    #[test]
    fn an_exact_final_figure_is_compared_as_the_comparator_says(
        comparator in one_of(Comparator::ALL), actual in any_number(), value in any_number(),
    ) {
        let reported = [Reported { value: Some(actual), ..figure("2021 snapshot 2022-03-31 0") }];
        let found = at_the_end(
            &serde_json::to_value(Criterion::constant(Some(comparator), value, None)).expect("json"),
            &Facts::new(Measure::Latest, 2021, &reported),
        );
        // Half a unit beside a number of eighteen digits is not kept.
        let kept = comparator != Comparator::Approximately || found.rule != Rule::TooManyDigits;
        prop_assert!(!kept || (found.outcome == Outcome::Met) == holds(comparator, actual, value));
        if matches!(comparator, Comparator::Gte | Comparator::Lte) {
            let full = found.achievement_rate.percent.is_none_or(|percent| percent >= 100.into());
            prop_assert_eq!(full, found.outcome == Outcome::Met);
        }
    }

    #[test]
    fn units_of_money_do_not_matter(
        comparator in one_of(Comparator::ALL), value in -100_000_i64..100_000, actual in -100_000_i64..100_000,
        last in 0_i64..100_000, refers in any::<bool>(), amount in -100_i64..100,
    ) {
        let evaluated = |unit: &'static str, in_thousands: i64| {
            let scaled = |thousands: i64| Some(Decimal::from(thousands * in_thousands));
            let reported = [
                Reported { value: scaled(last), ..figure("2020 to_date 2021-03-31 0") },
                Reported { value: scaled(actual), ..figure("2021 to_date 2022-03-31 0") },
            ];
            let mut json = if refers {
                json!({"kind": "threshold", "operand": {"kind": "reference", "to": "previous_year",
                    "change": {"kind": "absolute", "amount": (amount * 1_000).to_string()}}, "unit": "円"})
            } else {
                threshold(None, &(value * 1_000).to_string())
            };
            json["unit"] = json!("円");
            json["comparator"] = json!(comparator);
            let facts = Facts { unit: Some(unit), ..Facts::new(Measure::Sum, 2021, &reported) };
            let found = at_the_end(&json, &facts);
            (found.outcome, found.rule, found.achievement_rate.percent)
        };
        // About zero is within half a unit of zero, whatever the unit.
        let about_zero = refers && comparator == Comparator::Approximately && last + amount == 0;
        prop_assert!(about_zero || evaluated("千円", 1) == evaluated("円", 1_000));
    }
}
