//! The canonical English.

use std::fmt::Write;

use chrono::NaiveDate;

use super::{Condition, Members, figure, push_number, push_quoted, push_unit, writes_yen};
use crate::domain::criterion::{Change, Comparator, Operand, Reference};
use crate::domain::{Criterion, Decimal};

/// A criterion in canonical English: `at least 55%`, `1% above the same period last year`.
///
/// What has no place in such a phrase stands behind it in brackets, with its name: `(unit: %)`. Units and names stay as they are
/// written.
pub fn print_en(criterion: &Criterion) -> String {
    let mut out = String::with_capacity(64);
    write(&mut out, criterion, true);
    out
}

fn write(out: &mut String, criterion: &Criterion, outermost: bool) {
    if let Some((condition, members)) = figure(criterion) {
        return Figure { out, members, tail: Vec::new() }.write(condition);
    }
    match criterion {
        Criterion::All { of } => write_joined(out, of, " and ", "all of (", outermost),
        Criterion::Any { of } => write_joined(out, of, " or ", "any of (", outermost),
        Criterion::Each { of } => {
            out.push_str("each of (");
            write(out, of, true);
            out.push(')');
        }
        Criterion::Schedule { steps } => {
            let open = outermost && steps.len() > 1;
            if !open {
                out.push_str("by year (");
            }
            for (index, step) in steps.iter().enumerate() {
                if index > 0 {
                    out.push_str("; ");
                }
                let _ = write!(out, "FY{}: ", step.fiscal_year);
                let leaf = figure(&step.criterion).is_some();
                if !leaf {
                    out.push('(');
                }
                write(out, &step.criterion, !leaf);
                if !leaf {
                    out.push(')');
                }
            }
            if !open {
                out.push(')');
            }
        }
        Criterion::Milestone { action, due, subject } => write_milestone(out, action, *due, subject.as_deref()),
        Criterion::None {} => out.push_str("no target"),
        _ => out.push_str("qualitative target"),
    }
}

fn write_joined(out: &mut String, parts: &[Criterion], word: &str, function: &str, outermost: bool) {
    let plain = outermost && parts.len() > 1 && parts.iter().all(|part| figure(part).is_some());
    if !plain {
        out.push_str(function);
    }
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(if plain { word } else { "; " });
        }
        write(out, part, false);
    }
    if !plain {
        out.push(')');
    }
}

fn write_milestone(out: &mut String, action: &str, due: Option<NaiveDate>, subject: Option<&str>) {
    out.push_str("do: ");
    push_quoted(out, action, false);
    let mut tail = Vec::new();
    if let Some(due) = due {
        tail.push(format!("due: {due}"));
    }
    if let Some(subject) = subject {
        let mut text = "subject: ".to_owned();
        push_quoted(&mut text, subject, false);
        tail.push(text);
    }
    write_tail(out, &tail);
}

fn write_tail(out: &mut String, tail: &[String]) {
    if !tail.is_empty() {
        let _ = write!(out, " ({})", tail.join("; "));
    }
}

struct Figure<'o, 'a> {
    out: &'o mut String,
    members: Members<'a>,
    tail: Vec<String>,
}

impl Figure<'_, '_> {
    fn write(mut self, condition: Condition<'_>) {
        let Members { subject, deadline, per, out_of, aggregation, period, stated, approximate, .. } = self.members;
        if let Some(subject) = subject {
            push_quoted(self.out, subject, false);
            self.out.push_str(": ");
        }
        let mut natural_round = false;
        let mut shown = false;
        match condition {
            Condition::Threshold(comparator, Operand::Constant { value }) => {
                let bounded =
                    matches!(comparator, Some(Comparator::Gte | Comparator::Gt | Comparator::Lte | Comparator::Lt));
                natural_round = bounded && *value >= Decimal::ZERO;
                self.prefix(comparator);
                if approximate && natural_round {
                    self.out.push_str("about ");
                }
                shown = self.amount(*value);
                if comparator.is_none() && value.is_zero() {
                    self.tail.push("no comparator".to_owned());
                }
                if let Some(stated) = stated {
                    let mut text = "baseline: ".to_owned();
                    self.amount_in(&mut text, stated);
                    self.tail.push(text);
                }
            }
            Condition::Threshold(comparator, Operand::Reference(reference)) => {
                shown = self.reference(comparator, reference)
            }
            Condition::Range { min, min_inclusive, max, max_inclusive } => {
                self.out.push_str("between ");
                let _ = self.plain_amount(min);
                self.out.push_str(" and ");
                let _ = self.plain_amount(max);
                if !min_inclusive {
                    self.tail.push("lower bound excluded".to_owned());
                }
                if !max_inclusive {
                    self.tail.push("upper bound excluded".to_owned());
                }
            }
            Condition::Universe(total) => self.universe(total),
        }
        if let Some(aggregation) = aggregation {
            self.tail.push(format!("counted: {aggregation}"));
        }
        if let Some(period) = period {
            self.tail.push(format!("period: {period}"));
        }
        if let Some(per) = per {
            let mut text = "per: ".to_owned();
            push_number(&mut text, per.value);
            push_unit(&mut text, &per.unit, true);
            self.tail.push(text);
        }
        if let Some(out_of) = out_of {
            self.tail.push(format!("out of: {}", out_of.grouped()));
        }
        if let Some(deadline) = deadline {
            self.tail.push(format!("due: {deadline}"));
        }
        if approximate && !natural_round {
            self.tail.push("rounded".to_owned());
        }
        if let Some(display) = self.members.display.filter(|_| !shown) {
            let mut text = "written: ".to_owned();
            push_quoted(&mut text, display, false);
            self.tail.push(text);
        }
        write_tail(self.out, &self.tail);
    }

    fn prefix(&mut self, comparator: Option<Comparator>) {
        self.out.push_str(match comparator {
            Some(Comparator::Gte) => "at least ",
            Some(Comparator::Gt) => "more than ",
            Some(Comparator::Lte) => "at most ",
            Some(Comparator::Lt) => "less than ",
            Some(Comparator::Eq) => "exactly ",
            Some(Comparator::Approximately) => "about ",
            None => "",
        });
    }

    fn amount_in(&self, out: &mut String, value: Decimal) {
        push_number(out, value);
        if let Some(unit) = self.members.unit {
            push_unit(out, unit, true);
        }
    }

    fn plain_amount(&mut self, value: Decimal) -> bool {
        push_number(self.out, value);
        if let Some(unit) = self.members.unit {
            push_unit(self.out, unit, true);
        }
        false
    }

    /// The amount, as it was written where that is known and says the same.
    fn amount(&mut self, value: Decimal) -> bool {
        if let Some(display) = self.members.display
            && self.members.unit == Some("円")
            && writes_yen(display, value)
        {
            self.out.push_str(display);
            return true;
        }
        self.plain_amount(value)
    }

    fn universe(&mut self, total: Option<Decimal>) {
        self.out.push_str("all");
        if let Some(total) = total {
            self.out.push(' ');
            push_number(self.out, total);
            if let Some(unit) = self.members.unit {
                push_unit(self.out, unit, true);
            }
        } else if let Some(unit) = self.members.unit {
            self.out.push(' ');
            if super::lex::is_known_unit(unit) { self.out.push_str(unit) } else { push_quoted(self.out, unit, true) }
        }
    }

    fn reference(&mut self, comparator: Option<Comparator>, reference: &Reference) -> bool {
        let (mut unit_said, mut shown) = (false, false);
        match reference.change() {
            None => self.prefix(comparator),
            Some(Change::Factor { factor }) => {
                self.prefix(comparator);
                if comparator == Some(Comparator::Approximately) {
                    self.out.push_str("the level ");
                }
                push_number(self.out, *factor);
                self.out.push_str(" times ");
            }
            Some(change) => {
                let amount = match change {
                    Change::Relative { percent: amount }
                    | Change::Points { points: amount }
                    | Change::Absolute { amount } => *amount,
                    Change::Factor { factor } => *factor,
                };
                let up = amount >= Decimal::ZERO;
                let size = if up { amount } else { amount.negated() };
                let natural = matches!(
                    (up, comparator),
                    (true, Some(Comparator::Gte)) | (false, Some(Comparator::Lte)) | (_, None)
                );
                if !natural {
                    self.prefix(comparator);
                    self.out.push_str("the level ");
                }
                match change {
                    // A percentage by so many percent would be a change by a share.
                    Change::Absolute { .. } if matches!(self.members.unit, Some("%" | "ポイント")) => {
                        push_number(self.out, size)
                    }
                    Change::Absolute { .. } => {
                        shown = self.amount(size);
                        unit_said = true;
                    }
                    Change::Points { .. } => {
                        push_number(self.out, size);
                        self.out.push_str(" percentage points");
                    }
                    _ => {
                        push_number(self.out, size);
                        self.out.push('%');
                    }
                }
                self.out.push_str(if up { " above " } else { " below " });
            }
        }
        match reference {
            Reference::PreviousYear { .. } => self.out.push_str("last year's result"),
            Reference::SamePeriodPreviousYear { .. } => self.out.push_str("the same period last year"),
            Reference::AverageOfYears { years, .. } => drop(write!(self.out, "the {years}-year average")),
            Reference::FiscalYear { fiscal_year, .. } => drop(write!(self.out, "FY{fiscal_year}'s result")),
        }
        if let Some(stated) = self.members.stated {
            let mut text = "baseline: ".to_owned();
            self.amount_in(&mut text, stated);
            self.tail.push(text);
            unit_said = true;
        }
        if comparator.is_none() {
            self.tail.push("no comparator".to_owned());
        }
        if let Some(unit) = self.members.unit.filter(|_| !unit_said) {
            let mut text = "unit: ".to_owned();
            if unit == "%" || super::lex::is_known_unit(unit) {
                text.push_str(unit)
            } else {
                push_quoted(&mut text, unit, false)
            }
            self.tail.push(text);
        }
        shown
    }
}
