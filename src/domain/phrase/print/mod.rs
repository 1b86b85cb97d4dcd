//! Criteria in words that can mean nothing else: parsing them gives the same criterion back.

mod en;
mod ja;

pub use self::en::print_en;
pub use self::ja::print_ja;

use super::lex::{self, Kind, Source};
use crate::domain::criterion::{Aggregation, Comparator, CriterionPeriod, Operand, Quantity};
use crate::domain::{Bilingual, Criterion, Decimal};
use chrono::NaiveDate;

/// A criterion in the canonical words of both languages.
///
/// ```
/// use mikomi::domain::criterion::{Comparator, Criterion};
/// use mikomi::domain::phrase::{Context, canonical, parse};
/// let criterion = Criterion::constant(Some(Comparator::Gte), 55.into(), Some("%"));
/// assert_eq!(canonical(&criterion).ja, "55%以上");
/// assert_eq!(canonical(&criterion).en, "at least 55%");
/// assert_eq!(parse("at least 55%", &Context::default()).criterion, criterion);
/// ```
pub fn canonical(criterion: &Criterion) -> Bilingual {
    Bilingual { ja: print_ja(criterion), en: print_en(criterion) }
}

/// What a criterion on one figure carries beside its condition.
#[derive(Clone, Copy, Default)]
struct Members<'a> {
    unit: Option<&'a str>,
    aggregation: Option<Aggregation>,
    period: Option<CriterionPeriod>,
    per: Option<&'a Quantity>,
    out_of: Option<Decimal>,
    deadline: Option<NaiveDate>,
    subject: Option<&'a str>,
    stated: Option<Decimal>,
    approximate: bool,
    display: Option<&'a str>,
}

/// The condition of a criterion on one figure.
#[derive(Clone, Copy)]
enum Condition<'a> {
    Threshold(Option<Comparator>, &'a Operand),
    Range { min: Decimal, min_inclusive: bool, max: Decimal, max_inclusive: bool },
    Universe(Option<Decimal>),
}

/// The parts of a criterion on one figure; nothing of one that holds others, of a milestone, and of words.
fn figure(criterion: &Criterion) -> Option<(Condition<'_>, Members<'_>)> {
    Some(match criterion {
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
        } => (
            Condition::Threshold(*comparator, operand),
            Members {
                unit: unit.as_deref(),
                aggregation: *aggregation,
                period: *period,
                per: per.as_ref(),
                out_of: *out_of,
                deadline: *deadline,
                subject: subject.as_deref(),
                stated: *stated_reference,
                approximate: *approximate,
                display: display.as_deref(),
            },
        ),
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
            display,
        } => (
            Condition::Range { min: *min, min_inclusive: *min_inclusive, max: *max, max_inclusive: *max_inclusive },
            Members {
                unit: unit.as_deref(),
                aggregation: *aggregation,
                period: *period,
                per: per.as_ref(),
                out_of: *out_of,
                deadline: *deadline,
                subject: subject.as_deref(),
                stated: None,
                approximate: *approximate,
                display: display.as_deref(),
            },
        ),
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
            display,
        } => (
            Condition::Universe(*total),
            Members {
                unit: unit.as_deref(),
                aggregation: *aggregation,
                period: *period,
                per: per.as_ref(),
                out_of: *out_of,
                deadline: *deadline,
                subject: subject.as_deref(),
                stated: None,
                approximate: *approximate,
                display: display.as_deref(),
            },
        ),
        _ => return None,
    })
}

/// Writes a number with its thousands parted.
fn push_number(out: &mut String, value: Decimal) {
    use std::fmt::Write;
    let start = out.len();
    let _ = write!(out, "{value}");
    let whole_end = out.get(start..).and_then(|text| text.find('.')).map_or(out.len(), |point| start + point);
    let digits_from = start + usize::from(out.get(start..).is_some_and(|text| text.starts_with('-')));
    let mut at = whole_end;
    while at > digits_from + 3 {
        at -= 3;
        out.insert(at, ',');
    }
}

/// Writes a text in quotation marks.
fn push_quoted(out: &mut String, text: &str, japanese: bool) {
    if japanese || text.contains('"') {
        out.push('「');
        out.push_str(text);
        out.push('」');
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}

/// Writes a unit directly behind a number, so that it is read as one.
fn push_unit(out: &mut String, unit: &str, space: bool) {
    if lex::is_rank(unit) {
        // 10位以上 may mean the tenth or better; in quotation marks the unit is a unit, and the figure a figure.
        push_quoted(out, unit, true);
    } else if unit == "%" {
        out.push('%');
    } else if unit == "円" && space {
        out.push_str(" yen");
    } else if lex::is_known_unit(unit) {
        if space || unit.starts_with(|c: char| c.is_ascii_alphabetic()) {
            out.push(' ');
        }
        out.push_str(unit);
    } else {
        push_quoted(out, unit, true);
    }
}

/// Whether a text is read as one stretch of plain text.
fn is_plain(text: &str) -> bool {
    let source = Source::new(text);
    matches!(lex::tokens(&source, None, None).as_slice(), [only] if only.kind == Kind::Text && only.start == 0 && only.end == source.len())
}

/// Whether an amount as written stands for the value in yen.
fn writes_yen(display: &str, value: Decimal) -> bool {
    let source = Source::new(display);
    match lex::tokens(&source, None, None).as_slice() {
        [number, unit] => {
            let Kind::Number { value: written, scaled: true } = number.kind else { return false };
            unit.kind == Kind::Unit(Some("円")) && written == value && number.start == 0 && display.trim() == display
        }
        _ => false,
    }
}
