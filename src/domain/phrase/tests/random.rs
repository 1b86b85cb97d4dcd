//! Random criteria, printed and read back; random texts, read without harm.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::super::*;
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

fn criterion() -> impl Strategy<Value = Criterion> {
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_is_read_back_as_the_same_criterion(criterion in criterion()) {
        for text in [print_ja(&criterion), print_en(&criterion)] {
            let parsed = parse(&text, &Context::default());
            prop_assert_eq!(&parsed.criterion, &criterion, "{}", text);
        }
    }
}

/// A generator of numbers that is the same on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % sides as u64).expect("small")
    }
}

/// Pieces of which texts are made: every word of the vocabulary, marks, numbers, and characters of all kinds.
fn pieces() -> Vec<String> {
    let mut pieces: Vec<String> = lex::words().map(str::to_owned).collect();
    for piece in [
        "55",
        "4,400",
        "12.9",
        "％",
        "%",
        "件",
        "人",
        "千円",
        "（",
        "）",
        "(",
        ")",
        "「",
        "」",
        "\"",
        "①",
        "②",
        "(1)",
        "、",
        "。",
        "；",
        "：",
        "\n",
        "→",
        "〜",
        "-",
        "▲",
        "/",
        "+",
        "令和4年度",
        "R8",
        "2026年3月31日",
        "9月末",
        "FY2026",
        "31 March 2022",
        "千二百",
        "七割",
        "0",
        "利用率",
        "75歳",
        "計画の策定",
        "🎌",
        "\u{0}",
        "\u{301}",
        "Ａ",
        "ﾎﾟｲﾝﾄ",
        "九九九九九九九九九九",
        "兆",
        "99999999999999999999",
        "1.2.3",
        "4,40",
        " ",
        "　",
        "\u{202e}",
        "ß",
        "İ",
        "か\u{3099}",
        "第",
        "年",
        "月",
        "日",
        "全",
        "各",
        "倍",
        "割",
    ] {
        pieces.push(piece.to_owned());
    }
    pieces
}

fn text(dice: &mut Dice, pieces: &[String], longest: usize) -> String {
    let mut text = String::new();
    let aim = 1 + dice.roll(longest);
    while text.len() < aim {
        match dice.roll(12) {
            0 => text.push(char::from_u32(u32::try_from(dice.roll(0x11_0000)).expect("small")).unwrap_or('あ')),
            1 => text.push(char::from_u32(0x3040 + u32::try_from(dice.roll(0x60)).expect("small")).unwrap_or('あ')),
            _ => text.push_str(&pieces[dice.roll(pieces.len())]),
        }
    }
    text
}

#[test]
fn a_million_random_texts_do_no_harm() {
    // In a debug build a part of them; PHRASES=1000000 reads them all.
    let count: usize = std::env::var("PHRASES").ok().and_then(|count| count.parse().ok()).unwrap_or(60_000);
    let pieces = pieces();
    let mut dice = Dice(20_260_401);
    for index in 0..count {
        // Most are as long as targets are; some as long as is allowed.
        let longest = if index % 500 == 0 { 4_000 } else { 60 };
        let text = text(&mut dice, &pieces, longest);
        let context = Context {
            unit: [None, Some("%"), Some("件"), Some("千円"), Some("団体・個人")][dice.roll(5)],
            polarity: [
                None,
                Some(crate::domain::Polarity::HigherIsBetter),
                Some(crate::domain::Polarity::LowerIsBetter),
            ][dice.roll(3)],
            fiscal_year: [None, Some(2021)][dice.roll(2)],
            ..Context::default()
        };
        let (parsed, looks) = measured(&text, &context);
        assert_eq!(parsed.criterion.faults(), [], "{text}");
        assert!(parsed.needs_review || !parsed.readings.is_empty(), "{text}");
        assert!(!parsed.needs_review || !parsed.notes.is_empty(), "{text} is left to a person without a word");
        assert!(
            looks <= 200 * (text.chars().count() + 8),
            "{looks} looks at {} characters: {text}",
            text.chars().count()
        );
    }
}

#[test]
fn the_work_grows_as_the_text_does_and_no_faster() {
    for seed in [
        "(",
        "「",
        "1",
        "約",
        "前年度",
        "50%以上、",
        "全",
        "各",
        "(1)",
        "かつ",
        "又は",
        "→",
        "R4",
        "年間",
        "5件",
        "平均",
        "十",
        "億",
        "12校中",
        "前年度の",
        "（前年度5件）",
        "((((((((1",
        "もしくは5件",
        "all of (",
        "each ",
        "by 31 March 2022 ",
        "at least ",
        "千当たり",
        "・",
        "a 1 ",
        "間",
        "9月末までに",
        "R4：5件、",
        "すべて（",
        "全項目とも",
        "，",
        "ゼロ",
        "between 1 and ",
        "期限：",
        "（単位：",
        "5〜",
        "5点満点中",
        "9",
        "1,",
        "1.",
    ] {
        let of = |length: usize| {
            let text: String = seed.chars().cycle().take(length).collect();
            measured(&text, &Context::default()).1
        };
        let (short, long) = (of(2_000), of(4_000));
        assert!(long <= short * 3 || long <= 100 * 4_000, "{seed}: {short} looks at 2,000 characters, {long} at 4,000");
    }
}
