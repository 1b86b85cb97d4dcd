//! What stands around a target changes nothing of it: every phrase of the table, with a mark, a heading or a remark around it, with other gaps,
//! in other characters.

use super::super::*;
use super::table::{Line, Phrase, lines};

type Frame = (&'static str, fn(&str) -> bool, fn(&str) -> String);

fn japanese(text: &str) -> bool {
    text.chars().any(|c| c > '\u{2FFF}')
}

fn english(text: &str) -> bool {
    !japanese(text) && text.contains(char::is_alphabetic)
}

/// What may stand behind a text, and no bracket that holds more.
fn ends_plainly(text: &str) -> bool {
    !text.is_empty() && !text.ends_with(['）', ')', '。', '.'])
}

fn bounded(text: &str) -> bool {
    ["以上", "以下", "未満", "以内"].iter().any(|bound| text.ends_with(bound))
}

fn full_width(text: &str) -> String {
    let wide = |c: char| match c {
        '0'..='9' | '%' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        other => other,
    };
    text.chars().map(wide).collect()
}

/// 10 万人, 令和7 年: a gap behind each number, but for those that count the items of a list.
fn parted(text: &str) -> String {
    let mut parted = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        parted.push(c);
        let goes_on = chars.peek().is_some_and(|next| "万億千割倍年月日回人".contains(*next));
        if c.is_ascii_digit() && goes_on {
            parted.push(' ');
        }
    }
    parted
}

const FRAMES: [Frame; 19] = [
    ("目標：", japanese, |text| format!("目標：{text}")),
    ("【成果指標】", japanese, |text| format!("【成果指標】{text}")),
    ("・", japanese, |text| format!("・{text}")),
    ("。", |text| japanese(text) && ends_plainly(text), |text| format!("{text}。")),
    ("（※速報値）", |text| japanese(text) && ends_plainly(text), |text| format!("{text}（※速報値）")),
    ("※", |text| japanese(text) && ends_plainly(text), |text| format!("{text}　※詳細は別紙のとおり")),
    ("とする", bounded, |text| format!("{text}とする")),
    ("であること", bounded, |text| format!("{text}であること")),
    ("を達成する", bounded, |text| format!("{text}を達成する")),
    ("wide", japanese, full_width),
    ("parted", japanese, parted),
    ("lines", |text| japanese(text) && text.contains('、'), |text| text.replace('、', "、\n")),
    ("- ", english, |text| format!("- {text}")),
    ("• ", english, |text| format!("• {text}")),
    ("Target: ", english, |text| format!("Target: {text}")),
    ("KPI 2: ", english, |text| format!("KPI 2: {text}")),
    (".", |text| english(text) && ends_plainly(text), |text| format!("{text}.")),
    ("source", |text| english(text) && ends_plainly(text), |text| format!("{text} (source: annual survey)")),
    ("percent", |text| english(text) && !text.contains(" %"), |text| text.replace('%', " per cent")),
];

/// A criterion without the names in it, which keep what was written.
fn unnamed(criterion: &Criterion) -> serde_json::Value {
    fn strip(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(members) => {
                for name in ["subject", "action", "display"] {
                    members.remove(name);
                }
                members.values_mut().for_each(strip);
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(criterion).expect("JSON");
    strip(&mut value);
    value
}

#[test]
fn what_stands_around_a_target_changes_nothing_of_it() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for line in lines(include_str!("../../../../data/target-phrases.jsonl")) {
        let Line::Phrase(phrase) = line else { continue };
        let plain = phrase.parse();
        for (name, fits, frame) in FRAMES {
            // A dash in front of a figure without a word may be its sign.
            if !fits(&phrase.text) || name == "- " && !phrase.text.contains(char::is_alphabetic) {
                continue;
            }
            tried += 1;
            let framed = Phrase {
                text: frame(&phrase.text),
                readings: Vec::new(),
                criterion: phrase.criterion.clone(),
                unit: phrase.unit.clone(),
                ..*phrase
            };
            let parsed = framed.parse();
            if unnamed(&parsed.criterion) != unnamed(&plain.criterion) || parsed.needs_review != plain.needs_review {
                wrong.push(format!("{name}: {:?} {} {:?}", framed.text, parsed.needs_review, parsed.canonical.en));
            }
        }
    }
    assert!(tried > 10_000, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_note_points_at_the_characters_of_the_whole_text() {
    let parsed = parse("目標：令和8 年度に約 10 万人（※速報値）", &Context::default());
    let all: Vec<char> = "目標：令和8 年度に約 10 万人（※速報値）".chars().collect();
    let told: Vec<String> = parsed
        .notes
        .iter()
        .filter_map(|note| Some(all.get(note.start? as usize..note.end? as usize)?.iter().collect()))
        .collect();
    assert!(told.iter().any(|text| text.contains("10 万人")) && told.contains(&"（※速報値）".to_owned()), "{told:?}");
}
