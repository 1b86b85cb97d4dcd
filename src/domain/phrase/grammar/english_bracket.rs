//! What English brackets hold beside conditions: the figures of others and of other times, what is left out, how the figure is counted.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word, is_western};
use super::cursor::Parser;
use super::figure::{Core, Figure, Joint, Sign};
use crate::domain::Decimal;
use crate::domain::criterion::{Aggregation, CriterionPeriod};

/// What tells that a figure is that of somebody else, or of another time.
const OTHERS: [&str; 46] = [
    "average",
    "mean",
    "median",
    "actual",
    "actuals",
    "outturn",
    "result",
    "results",
    "baseline",
    "benchmark",
    "national",
    "nationally",
    "regional",
    "region",
    "england",
    "uk",
    "wales",
    "scotland",
    "london",
    "currently",
    "current",
    "now",
    "was",
    "previously",
    "previous",
    "last",
    "latest",
    "peer",
    "peers",
    "neighbours",
    "neighbour",
    "neighbor",
    "neighbors",
    "statistical",
    "family",
    "cipfa",
    "quartile",
    "survey",
    "estimate",
    "estimated",
    "achieved",
    "performance",
    "present",
    "from",
    "ireland",
    "nearest",
];

/// What opens a bracket that says what is left out, or taken in.
const LEFT_OUT: [&str; 12] = [
    "excl",
    "excl.",
    "excluding",
    "exc",
    "exc.",
    "excludes",
    "including",
    "incl",
    "incl.",
    "includes",
    "inclusive",
    "except",
];

/// What a target on the way to the last one is called.
const INTERIM: [&str; 5] = ["interim", "intermediate", "interim target", "milestone", "stretch"];

/// Takes the bracket between two tokens, which stands behind a figure.
type Rule<'a> = fn(&mut Parser<'a>, &mut Figure<'a>, usize, usize) -> bool;

impl<'a> Parser<'a> {
    /// A bracket in English that no other rule takes whole; steps behind it.
    pub(super) fn english_bracket(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        let inner = self.span(open + 1, close);
        if inner.bytes().filter(u8::is_ascii_alphabetic).count() < 3 || !is_western(inner) {
            return false;
        }
        let mark = self.mark();
        let rules: [Rule<'a>; 6] = [
            Self::left_out,
            Self::averaged_or_summed,
            Self::figures_of_others,
            Self::same_in_parts,
            Self::change_that_agrees,
            Self::on_the_way,
        ];
        for rule in rules {
            if rule(self, figure, open, close) {
                self.at = close + 1;
                return true;
            }
            self.back(mark);
        }
        false
    }

    /// What a bracket says that other rules would take for a condition of its own: how the figure is summed, or the change that it comes from.
    pub(super) fn first_of_all_in_english(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        match self.kind(open + 1) {
            Kind::Word(Word::Counted(_)) => close > open + 2 && self.averaged_or_summed(figure, open, close),
            Kind::Number { .. } | Kind::Word(Word::Up | Word::Down | Word::Particle) if close > open + 4 => {
                self.change_that_agrees(figure, open, close)
            }
            _ => false,
        }
    }

    fn remark_said(&mut self, open: usize, close: usize) {
        let note = Note::new(
            "かっこ書きは、目標の条件ではない注記とみなしました。",
            "What stands in brackets is taken as a remark, not as a part of the condition.",
        );
        self.say(note.at(self.starts(open), self.ends(close)));
    }

    /// (excl. applications with an agreed extension)
    fn left_out(&mut self, _: &mut Figure<'a>, open: usize, close: usize) -> bool {
        let first = self.written(open + 1).to_ascii_lowercase();
        let opens = LEFT_OUT.contains(&first.as_str())
            || self.written(open + 1).eq_ignore_ascii_case("not") && self.written(open + 2) == "including";
        // (including 40 affordable homes): as many of them, rather than how it is counted
        let taken_in = first.starts_with("inc");
        let found = opens
            && (open + 1..close).all(|at| match self.kind(at) {
                Kind::Unit(unit) => unit != Some("%"),
                Kind::Number { .. } | Kind::Word(Word::Least(_)) => !taken_in,
                _ => true,
            });
        if found {
            self.remark_said(open, close);
        }
        found
    }

    /// (2024/25 actual: 61.3%; England average: 63%): each with what it is the figure of.
    fn figures_of_others(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        let (mut labelled, mut figures, mut alone) = (false, 0, 0);
        let mut stated = None;
        for at in open + 1..=close {
            let written = self.written(at).to_ascii_lowercase();
            match if at == close { Kind::End } else { self.kind(at) } {
                Kind::End | Kind::Comma | Kind::Stop | Kind::Slash => {
                    if figures > 0 && !labelled || figures == 0 && at < close && !labelled {
                        return false;
                    }
                    alone += figures;
                    (labelled, figures) = (false, 0);
                }
                Kind::Text => {
                    let words = || written.split(|c: char| !c.is_alphanumeric());
                    labelled |= words().any(|word| OTHERS.contains(&word));
                    if ["target", "minimum", "maximum", "stretch", "interim", "floor", "ceiling"]
                        .iter()
                        .any(|word| words().any(|part| part == *word))
                    {
                        return false;
                    }
                    // (England: 7.1): whose it is, by name
                    let name = self.written(at).starts_with(|c: char| c.is_ascii_uppercase());
                    labelled |=
                        name && self.kind(at + 1) == Kind::Colon && matches!(self.kind(at + 2), Kind::Number { .. });
                }
                // 2023 survey result: of that year
                Kind::Number { value, scaled: false }
                    if written.len() == 4
                        && self.kind(at + 1) == Kind::Text
                        && value >= 1990.into()
                        && value <= 2100.into() => {}
                Kind::Number { .. } => {
                    figures += 1;
                    if figures > 1 && !matches!(self.kind(at - 1), Kind::Word(Word::Of)) {
                        return false;
                    }
                    if stated.is_none() {
                        self.at = at;
                        stated = self.amount();
                    }
                }
                // (2027/28: 75%): a target, if that year is still to come
                Kind::Time(time) => {
                    let own = self.context.fiscal_year.and_then(|own| Time::FiscalYear(own).last_day(None));
                    match (own, time.last_day(self.context.fiscal_year)) {
                        (Some(own), Some(day)) if day >= own => return false,
                        (Some(_), Some(_)) => labelled = true,
                        _ => {}
                    }
                }
                Kind::Word(
                    Word::Result
                    | Word::Present
                    | Word::OtherFigure
                    | Word::PreviousYear
                    | Word::SamePeriod
                    | Word::Past
                    | Word::Counted(Aggregation::Average)
                    | Word::Label(super::super::lex::Label::Baseline),
                ) => labelled = true,
                Kind::Colon
                | Kind::Unit(_)
                | Kind::Minus
                | Kind::Word(Word::Particle | Word::Of | Word::And | Word::Than | Word::Filler) => {}
                _ => return false,
            }
        }
        if alone == 0 {
            return false;
        }
        let own = ["current", "was", "now", "baseline", "actual", "outturn", "from"];
        let written = self.span(open + 1, close).to_ascii_lowercase();
        if alone == 1 && figure.stated.is_none() && own.iter().any(|word| written.starts_with(word)) {
            figure.stated = stated.filter(|amount| amount.sign == Sign::None);
        }
        self.remark_said(open, close);
        true
    }

    /// (3-year rolling average), (cumulative total by 2027/28), (cumulative, FY2024-FY2028)
    pub(super) fn averaged_or_summed(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        let mut counted = None;
        let mut last = None;
        for at in open + 1..close {
            match self.kind(at) {
                Kind::Word(Word::Counted(aggregation)) if counted.is_none() => counted = Some(aggregation),
                Kind::Word(Word::Total) => {}
                Kind::Text => {
                    let known = [
                        "rolling", "year", "years", "month", "months", "total", "moving", "weighted", "full", "whole",
                        "plan", "period", "period", "overall",
                    ];
                    if !known.contains(&self.written(at).to_ascii_lowercase().as_str()) {
                        return false;
                    }
                }
                Kind::Number { .. } => {
                    let time = at + 1 + usize::from(self.kind(at + 1) == Kind::Minus);
                    if !super::amount::is_english_time(self.written(time)) {
                        return false;
                    }
                }
                Kind::Time(time) => last = Some(time),
                Kind::Minus
                | Kind::Tilde
                | Kind::Comma
                | Kind::Word(Word::By | Word::Of | Word::Particle | Word::Above | Word::Than | Word::Filler) => {}
                _ => return false,
            }
        }
        // (rolling 12 months), (full year)
        if counted.is_none() && last.is_none() && matches!(self.kind(open + 1), Kind::Text) {
            self.remark_said(open, close);
            return true;
        }
        let Some(counted) = counted.filter(|_| figure.aggregation.is_none()) else { return false };
        if let Some(time) = last {
            match time.last_day(self.context.fiscal_year) {
                Some(day) if figure.deadline.is_none() => figure.deadline = Some(day),
                _ => return false,
            }
        }
        figure.aggregation = Some(counted);
        true
    }

    /// 100 (25 per quarter): the same over a shorter time, where it comes to as many.
    fn same_in_parts(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        let Core::Constant(whole) = &figure.core else { return false };
        let whole = whole.value;
        self.at = open + 1;
        let Some(part) = self.amount() else { return false };
        let written = self.span(self.at, close).to_ascii_lowercase();
        let times = match (self.peek(0), written.as_str()) {
            (Kind::Word(Word::Period(CriterionPeriod::Month)), _) => 12,
            (_, "per quarter" | "each quarter" | "every quarter" | "a quarter" | "quarterly") => 4,
            (_, "per term" | "each term" | "a term" | "per school term") => 3,
            (_, "per week" | "a week" | "each week" | "weekly") => 52,
            _ => return false,
        };
        let agrees =
            part.value.times(Decimal::from(times)) == Some(whole) && figure.period != Some(CriterionPeriod::Month);
        if agrees {
            self.remark_said(open, close);
        }
        agrees
    }

    /// 1,026 tonnes (10% lower than 2019/20: 1,140 tonnes): the change that the figure comes from; asked about where it does not.
    fn change_that_agrees(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        let Core::Constant(whole) = &figure.core else { return false };
        let whole = *whole;
        let (mark, end) = (self.mark(), self.end);
        self.at = open + 1;
        self.end = close;
        let told = self.condition();
        let reference = told.as_ref().and_then(|told| match &told.core {
            Core::Reference(reference) => reference.change().cloned(),
            _ => None,
        });
        let mut stated = told.and_then(|told| told.stated);
        if stated.is_none() && reference.is_some() {
            let _ = self.take_kind(Kind::Colon) || self.take_kind(Kind::Comma) || self.take(Word::Of);
            stated = self.amount();
        }
        let reached = self.at >= close;
        self.back(mark);
        self.end = end;
        let (Some(change), Some(stated), true) = (reference, stated, reached) else { return false };
        let unit = super::settle::last_digit(whole.value);
        let off = super::settle::apply(&change, stated.signed()).and_then(|result| result.minus(whole.signed()));
        let agrees = off.is_some_and(|off| off > unit.negated() && off < unit);
        figure.stated = figure.stated.or(Some(stated));
        if agrees {
            self.remark_said(open, close);
        } else {
            let note = Note::new(
                "かっこ内の増減から計算した値と、書かれた値が一致しません。",
                "The change in brackets does not come to the figure in front of it.",
            );
            self.ask(note.at(self.starts(open), self.ends(close)));
        }
        true
    }

    /// 40% by 2040 (interim: 30% by 2030): a target on the way, which a person says whether to keep.
    fn on_the_way(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        let first = self.written(open + 1).to_ascii_lowercase();
        if !INTERIM.contains(&first.as_str()) {
            return false;
        }
        let mut from = open + 2;
        while from < close && matches!(self.kind(from), Kind::Colon | Kind::Word(Word::TargetLabel | Word::Of)) {
            from += 1;
        }
        let Some(draft) = self.clause(from, from, close) else { return false };
        let note = Note::new(
            "かっこ内は、途中の目標とみなしました。",
            "What stands in brackets is taken as a target on the way to the last one.",
        );
        self.ask(note.at(self.starts(open), self.ends(close)));
        if first == "stretch" {
            return true;
        }
        let name = figure.subject.clone();
        let draft = draft.map(|mut criterion| {
            if let crate::domain::Criterion::Threshold { subject: subject @ None, .. } = &mut criterion {
                subject.clone_from(&name);
            }
            criterion
        });
        figure.more.push((Joint::And, draft));
        true
    }

    /// (by March 2027): a deadline in brackets.
    pub(super) fn limit_in_brackets(&mut self) -> Option<Time> {
        let by = self.peek(0) == Kind::Word(Word::By) && self.source.at(self.starts(self.at)).is_ascii_alphabetic();
        let Kind::Time(time) = self.peek(1) else { return None };
        self.at += if by { 2 } else { 0 };
        by.then_some(time)
    }
}
