//! Random criteria, printed and read back; random texts, read without harm.

use proptest::prelude::*;

use super::super::*;
use super::criteria::criterion;
use crate::domain::criterion::Step;

#[test]
fn a_lone_number_in_brackets_is_no_item() {
    let one = Criterion::constant(None, 1.into(), None);
    for criterion in [
        Criterion::Any { of: vec![one.clone()] },
        Criterion::All { of: vec![one.clone()] },
        Criterion::Each { of: Box::new(one) },
    ] {
        let year = Criterion::Schedule { steps: vec![Step { fiscal_year: 1900, criterion }] };
        for text in [print_ja(&year), print_en(&year)] {
            assert_eq!(parse(&text, &Context::default()).criterion, year, "{text}");
        }
    }
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
        "±5",
        "does not exceed 5 ",
        "nothing below ",
        "1. ",
        "a) ",
        "平均",
        "全施設で",
        "どの区でも",
        "2024: 5% ",
        "5件/月",
        "1人当たりの",
        "（延べ）",
        "3分の2",
        "three quarters ",
        "from 2013 by 2030 ",
        "5回以上の会議を開催",
        "以上としない",
    ] {
        let of = |length: usize| {
            let text: String = seed.chars().cycle().take(length).collect();
            measured(&text, &Context::default()).1
        };
        let (short, long) = (of(2_000), of(4_000));
        assert!(long <= short * 3 || long <= 100 * 4_000, "{seed}: {short} looks at 2,000 characters, {long} at 4,000");
    }
}
