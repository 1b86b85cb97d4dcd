//! Random criteria of every kind.

use chrono::NaiveDate;
use proptest::prelude::*;

use crate::domain::criterion::{Aggregation, Change, Comparator, CriterionPeriod, Operand, Quantity, Reference, Step};
use crate::domain::{Criterion, Decimal};

fn decimal() -> impl Strategy<Value = Decimal> {
    let large = (-10_000_000_000_i64..10_000_000_000, 0_u32..=6);
    let small = (0_i64..2_000, 0_u32..=1);
    prop_oneof![small, large].prop_map(|(mantissa, scale)| {
        Decimal::new(rust_decimal::Decimal::new(mantissa, scale)).expect("within the limits")
    })
}

fn positive() -> impl Strategy<Value = Decimal> {
    decimal().prop_map(|value| {
        let size = if value < Decimal::ZERO { value.negated() } else { value };
        if size == Decimal::ZERO { Decimal::from(1) } else { size }
    })
}

fn unit() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "%",
        "件",
        "人",
        "回",
        "箇所",
        "校",
        "区",
        "地域",
        "団体",
        "点",
        "円",
        "か月",
        "団体・個人",
        "プロジェクト",
        "cases",
        "training sessions",
        "t-CO2",
        "人",
        "日",
        "ポイント",
        "件数",
        "ヘルスポイント",
        "3年",
        "以上",
        "名様",
    ]);
    known.prop_map(str::to_owned)
}

fn words() -> impl Strategy<Value = String> {
    let fragments = prop::sample::select(vec![
        "75歳以上の",
        "利用率",
        "満足度",
        "の",
        "30%",
        "以上",
        "前年度",
        "計画",
        "策定",
        "かつ",
        "、",
        "users",
        " aged 75 or over",
        "①",
        "（注）",
        "目標",
        "全区",
        "：",
        "R4",
        "約",
        "ない",
        "A",
        "の策定",
        "会議",
        "-",
        "を",
        "が",
        "。",
        "実施",
        "「仮」",
    ]);
    prop::collection::vec(fragments, 1..4)
        .prop_map(|parts| parts.concat().trim().to_owned())
        .prop_filter("not blank", |text| !text.is_empty())
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (1950_i32..2150, 1_u32..=12, 1_u32..=28)
        .prop_map(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day).expect("a date"))
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        decimal().prop_map(|percent| Change::Relative { percent }),
        decimal().prop_map(|points| Change::Points { points }),
        decimal().prop_map(|amount| Change::Absolute { amount }),
        positive().prop_map(|factor| Change::Factor { factor }),
    ]
}

fn reference() -> impl Strategy<Value = Reference> {
    (0_u8..4, 1_u32..=20, 1900_i32..=2200, prop::option::of(change())).prop_map(
        |(which, years, fiscal_year, change)| match which {
            0 => Reference::PreviousYear { change },
            1 => Reference::SamePeriodPreviousYear { change },
            2 => Reference::AverageOfYears { years, change },
            _ => Reference::FiscalYear { fiscal_year, change },
        },
    )
}

/// The members that the criteria on one figure share.
#[derive(Debug, Clone)]
struct Members {
    unit: Option<String>,
    aggregation: Option<Aggregation>,
    period: Option<CriterionPeriod>,
    per: Option<Quantity>,
    out_of: Option<Decimal>,
    deadline: Option<NaiveDate>,
    subject: Option<String>,
    approximate: bool,
}

fn members() -> impl Strategy<Value = Members> {
    (
        prop::option::weighted(0.8, unit()),
        prop::option::weighted(0.2, prop::sample::select(Aggregation::ALL)),
        prop::option::weighted(0.2, prop::sample::select(CriterionPeriod::ALL)),
        prop::option::weighted(0.2, (positive(), unit()).prop_map(|(value, unit)| Quantity { value, unit })),
        prop::option::weighted(0.2, positive()),
        prop::option::weighted(0.2, date()),
        prop::option::weighted(0.2, words()),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(unit, aggregation, period, per, out_of, deadline, subject, approximate)| Members {
            unit,
            aggregation,
            period,
            per,
            out_of,
            deadline,
            subject,
            approximate,
        })
}

fn leaf() -> impl Strategy<Value = Criterion> {
    let operand =
        prop_oneof![decimal().prop_map(|value| Operand::Constant { value }), reference().prop_map(Operand::Reference),];
    let comparator = prop::option::weighted(0.85, prop::sample::select(Comparator::ALL));
    let threshold = (members(), comparator, operand, prop::option::weighted(0.2, decimal())).prop_map(
        |(members, comparator, operand, stated_reference)| {
            let Members { unit, aggregation, period, per, out_of, deadline, subject, approximate } = members;
            let yen = unit.as_deref() == Some("円");
            let display = match &operand {
                Operand::Constant { value } if yen && value.normalize().scale() == 0 && *value > Decimal::ZERO => {
                    Some(format!("{}千円", value.over(1000.into()).expect("a quotient").grouped()))
                        .filter(|_| value.normalize().mantissa() % 1000 == 0)
                }
                _ => None,
            };
            Criterion::Threshold {
                comparator,
                operand,
                unit,
                aggregation,
                period,
                per,
                out_of,
                deadline,
                subject,
                stated_reference,
                approximate,
                display,
            }
        },
    );
    let range =
        (members(), decimal(), decimal(), any::<bool>(), any::<bool>()).prop_map(|(members, a, b, low, high)| {
            let Members { unit, aggregation, period, per, out_of, deadline, subject, approximate } = members;
            let (min, max) = if a <= b { (a, b) } else { (b, a) };
            let (min_inclusive, max_inclusive) = (low || min == max, high || min == max);
            Criterion::Range {
                min,
                min_inclusive,
                max,
                max_inclusive,
                unit,
                aggregation,
                period,
                per,
                out_of,
                deadline,
                subject,
                approximate,
                display: None,
            }
        });
    let universe = (members(), prop::option::of(positive())).prop_map(|(members, total)| {
        let Members { unit, aggregation, period, per, out_of, deadline, subject, approximate } = members;
        let unit = unit.filter(|unit| unit != "%" && unit != "円");
        // All of 37 is all 37, and is read as such.
        let out_of = out_of.filter(|whole| total.is_some_and(|total| total != *whole));
        Criterion::Universe {
            total,
            unit,
            aggregation,
            period,
            per,
            out_of,
            deadline,
            subject,
            approximate,
            display: None,
        }
    });
    let milestone = (words(), prop::option::of(date()), prop::option::weighted(0.3, words()))
        .prop_map(|(action, due, subject)| Criterion::Milestone { action, due, subject });
    prop_oneof![
        6 => threshold,
        2 => range,
        2 => universe,
        2 => milestone,
        1 => Just(Criterion::Qualitative {}),
        1 => Just(Criterion::None {}),
    ]
}

pub(super) fn criterion() -> impl Strategy<Value = Criterion> {
    leaf().prop_recursive(6, 24, 4, |inner| {
        let several = || prop::collection::vec(inner.clone(), 1..4);
        let steps = (1900_i32..2190, several()).prop_map(|(first, criteria)| Criterion::Schedule {
            steps: criteria
                .into_iter()
                .zip(first..)
                .map(|(criterion, fiscal_year)| Step { fiscal_year, criterion })
                .collect(),
        });
        prop_oneof![
            several().prop_map(|of| Criterion::All { of }),
            several().prop_map(|of| Criterion::Any { of }),
            inner.clone().prop_map(|of| Criterion::Each { of: Box::new(of) }),
            steps,
        ]
    })
}
