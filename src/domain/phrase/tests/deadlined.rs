//! A deadline beside a target changes nothing else of it: every certain phrase of the table that has no time of its own is read the same with one, and
//! each condition in it then has that deadline.

use serde_json::Value;

use super::super::*;
use super::table::{Line, Phrase, lines};
use crate::domain::criterion::{Operand, Reference};

/// A name, which texts it fits, and the text with the deadline at the end of a fiscal year.
type Deadline = (&'static str, fn(&Phrase) -> bool, fn(&str, i32) -> String);

fn japanese(phrase: &Phrase) -> bool {
    phrase.text.chars().any(|c| c > '\u{2FFF}')
}

/// What says something of figures alone, and ends neither in a bracket nor in a remark: then one behind it is of all of them.
fn figures(phrase: &Phrase) -> bool {
    let ends_plainly = !phrase.text.ends_with(['）', ')', '。', '.']) && !phrase.text.contains('※');
    japanese(phrase) && ends_plainly && !is_done(&phrase.criterion)
}

/// What holds no clause that may claim a date in front of it without a comma: 更新期限を迎える設備.
fn parted(phrase: &Phrase) -> bool {
    japanese(phrase) && !grammar::says_which(&phrase.text)
}

fn is_done(criterion: &Criterion) -> bool {
    match criterion {
        Criterion::Milestone { .. } => true,
        Criterion::All { of } | Criterion::Any { of } => of.iter().any(is_done),
        Criterion::Each { of } => is_done(of),
        _ => false,
    }
}

fn era(year: i32) -> i32 {
    year - 2018
}

const DEADLINES: [Deadline; 5] = [
    ("までに、", japanese, |text, year| format!("令和{}年度末までに、{text}", era(year))),
    ("年度までに", parted, |text, year| format!("令和{}年度までに{text}", era(year))),
    ("日までに", japanese, |text, year| format!("令和{}年3月31日までに、{text}", era(year + 1))),
    ("（まで）", figures, |text, year| format!("{text}（令和{}年度末まで）", era(year))),
    ("By …,", |phrase| !japanese(phrase), |text, year| format!("By 31 March {}, {text}", year + 1)),
];

/// Whether each condition in a criterion can have a deadline and has none: it names no year, and asks for something that can be checked.
fn carries(criterion: &Criterion) -> bool {
    match criterion {
        Criterion::Threshold { operand, deadline, .. } => {
            deadline.is_none() && !matches!(operand, Operand::Reference(Reference::FiscalYear { .. }))
        }
        Criterion::Range { deadline, .. } | Criterion::Universe { deadline, .. } => deadline.is_none(),
        Criterion::Milestone { due, .. } => due.is_none(),
        Criterion::All { of } | Criterion::Any { of } => of.iter().all(carries),
        Criterion::Each { of } => carries(of),
        Criterion::Schedule { .. } | Criterion::Qualitative {} | Criterion::None {} => false,
    }
}

/// A criterion in which each condition has a deadline.
fn dated(value: &mut Value, day: &str) {
    match value {
        Value::Object(members) => {
            let member = match members.get("kind").and_then(Value::as_str) {
                Some("threshold" | "range" | "universe") => Some("deadline"),
                Some("milestone") => Some("due"),
                _ => None,
            };
            members.values_mut().for_each(|value| dated(value, day));
            if let Some(member) = member {
                members.insert(member.to_owned(), day.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|value| dated(value, day)),
        _ => {}
    }
}

#[test]
fn a_deadline_beside_a_target_changes_nothing_else_of_it() {
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for line in lines(include_str!("../../../../data/target-phrases.jsonl")) {
        let Line::Phrase(phrase) = line else { continue };
        // A heading or a mark stands in front of the deadline too; and 年度末までに is one, of a year that is not known.
        let framed = Framed::of(&phrase.text).core != phrase.text;
        if phrase.needs_review || !carries(&phrase.criterion) || framed || phrase.text.contains("まで") {
            continue;
        }
        let year = phrase.fiscal_year.unwrap_or(2026);
        let mut expected = serde_json::to_value(&phrase.criterion).expect("JSON");
        dated(&mut expected, &format!("{}-03-31", year + 1));
        for (name, fits, deadline) in DEADLINES {
            if !fits(&phrase) {
                continue;
            }
            tried += 1;
            let parsed = Phrase {
                text: deadline(&phrase.text, year),
                unit: phrase.unit.clone(),
                criterion: phrase.criterion.clone(),
                readings: Vec::new(),
                ..*phrase
            }
            .parse();
            let found = serde_json::to_value(&parsed.criterion).expect("JSON");
            if found != expected || parsed.needs_review {
                let review = if parsed.needs_review { "?" } else { "!!!" };
                wrong.push(format!("{name} {}: {review} {}", phrase.text, parsed.canonical.ja));
            }
        }
    }
    assert!(tried > 3_000, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}
