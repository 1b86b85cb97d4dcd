//! The table of phrases, which is also the documentation.

use serde::Deserialize;

use super::super::*;
use crate::domain::{Criterion, Polarity};

/// A line of the table.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Line {
    Heading { heading: crate::domain::Bilingual },
    Phrase(Box<Phrase>),
}

/// A phrase and what it means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phrase {
    pub(super) text: String,
    #[serde(default)]
    pub(super) unit: Option<String>,
    #[serde(default)]
    pub(super) polarity: Option<Polarity>,
    #[serde(default)]
    pub(super) fiscal_year: Option<i32>,
    pub(super) criterion: Criterion,
    pub(super) needs_review: bool,
    #[serde(default)]
    pub(super) readings: Vec<Criterion>,
}

impl Phrase {
    pub(super) fn parse(&self) -> Parsed {
        let context = Context {
            unit: self.unit.as_deref(),
            polarity: self.polarity,
            fiscal_year: self.fiscal_year,
            ..Context::default()
        };
        parse(&self.text, &context)
    }
}

pub(super) fn lines(table: &str) -> Vec<Line> {
    table.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))).collect()
}

fn check(table: &str, at_least: usize) {
    let (mut wrong, mut unasked, mut asked, mut count) = (Vec::new(), 0, 0, 0);
    for phrase in lines(table) {
        let Line::Phrase(phrase) = phrase else { continue };
        count += 1;
        let parsed = phrase.parse();
        let json = |criterion: &Criterion| serde_json::to_string(criterion).expect("JSON");
        let readings: Vec<Criterion> = parsed.readings.iter().map(|reading| reading.criterion.clone()).collect();
        let readings_differ = !phrase.readings.is_empty() && readings != phrase.readings;
        if parsed.criterion != phrase.criterion || readings_differ {
            unasked += usize::from(!parsed.needs_review);
            wrong.push(format!(
                "{:?} {:?} {:?}\n   expected {}\n   found    {}{}{}",
                phrase.text,
                phrase.unit,
                phrase.polarity,
                json(&phrase.criterion),
                json(&parsed.criterion),
                if parsed.needs_review { " ?" } else { " !!!" },
                if readings_differ { format!("\n   readings {readings:?}") } else { String::new() },
            ));
        } else if parsed.needs_review != phrase.needs_review {
            asked += 1;
            wrong.push(format!(
                "{:?} {:?}: needs_review {}: {:?}",
                phrase.text, phrase.unit, parsed.needs_review, parsed.notes
            ));
        }
    }
    assert!(count >= at_least, "{count}");
    assert!(
        wrong.is_empty(),
        "\n{}\n{} of {count}: {} other criteria, {unasked} of them without review, {asked} other needs_review",
        wrong.join("\n"),
        wrong.len(),
        wrong.len() - asked,
    );
}

#[test]
fn every_phrase_of_the_table_is_read_as_it_says() {
    check(include_str!("../../../../data/target-phrases.jsonl"), 300);
}

#[test]
fn every_heading_has_phrases_and_no_phrase_stands_twice() {
    let mut seen = std::collections::HashSet::new();
    let mut since_heading = 1;
    for line in lines(include_str!("../../../../data/target-phrases.jsonl")) {
        match line {
            Line::Heading { heading } => {
                assert!(since_heading > 0, "no phrases before {heading:?}");
                since_heading = 0;
            }
            Line::Phrase(phrase) => {
                since_heading += 1;
                let key = (phrase.text.clone(), phrase.unit.clone(), phrase.polarity, phrase.fiscal_year);
                assert!(seen.insert(key), "{} stands twice", phrase.text);
            }
        }
    }
}
