//! English texts that hold several figures of which some are no targets of their own: traffic lights, tolerances, whichever is greater,
//! what is left out, none below so much, year by year.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::cursor::Parser;
use super::figure::{Draft, Joint};
use super::{Part, clause};
use crate::domain::criterion::Comparator;
use crate::domain::{Criterion, Polarity};

/// Where the words stand that tell a text with several figures.
#[derive(Default)]
struct Found {
    green: Option<usize>,
    other_light: bool,
    tolerance: Option<usize>,
    whichever: Option<usize>,
    left_out: Option<usize>,
    top: Option<usize>,
}

impl Parser<'_> {
    /// A whole text of which a word tells how its figures belong together.
    pub(super) fn english_text(&mut self, to: usize) -> Option<Draft> {
        let mut found = Found::default();
        for (at, token) in self.tokens.iter().enumerate() {
            let length = token.end - token.start;
            match (token.kind, self.source.at(token.start)) {
                (Kind::Text, 'g' | 'a' | 'r') if matches!(length, 1 | 3 | 5) => match self.written(at) {
                    "Green" | "GREEN" | "green" | "G" => found.green = found.green.or(Some(at)),
                    "Amber" | "AMBER" | "amber" | "Red" | "RED" | "red" | "A" | "R" => found.other_light = true,
                    _ => {}
                },
                (Kind::Text, 't' | 'i') if at > 1 && matches!(length, 7 | 9 | 12) => {
                    let known = ["tolerance", "intervention", "trigger"];
                    if known.iter().any(|word| self.written(at).eq_ignore_ascii_case(word)) {
                        found.tolerance = found.tolerance.or(Some(at));
                    }
                }
                (Kind::Text, 't') if length == 3 && self.written(at).eq_ignore_ascii_case("top") => {
                    found.top = Some(at)
                }
                (Kind::Text, 'w') if length == 9 && self.written(at).eq_ignore_ascii_case("whichever") => {
                    found.whichever = Some(at);
                }
                (Kind::Word(Word::Denial), 'e') if at > 1 && self.written(at).starts_with("excl") => {
                    found.left_out = found.left_out.or(Some(at));
                }
                (Kind::Text, 'i') if at > 1 && matches!(self.written(at), "including" | "incl") => {
                    found.left_out = found.left_out.or(Some(at));
                }
                _ => {}
            }
        }
        if let (Some(green), true) = (found.green, found.other_light) {
            return self.traffic_lights(green, to);
        }
        if let Some(at) = found.tolerance {
            return self.with_tolerance(at);
        }
        if let Some(at) = found.whichever {
            return self.whichever_is(at, to);
        }
        if let Some(draft) = found.top.and_then(|at| self.among_the_top(at, to)) {
            return Some(draft);
        }
        found.left_out.and_then(|at| self.but_for(at, to))
    }

    /// `Within the top 10 of the national ranking`: a place, of which the smaller number is the better one.
    fn among_the_top(&mut self, top: usize, to: usize) -> Option<Draft> {
        let Kind::Number { value, scaled: false } = self.kind(top + 1) else { return None };
        let plain = (top + 2..to).all(|at| matches!(self.kind(at), Kind::Text | Kind::Word(Word::Of | Word::Particle)))
            && (0..top).all(|at| {
                matches!(
                    self.kind(at),
                    Kind::Text | Kind::Word(Word::Of | Word::Particle | Word::Filler | Word::Least(_))
                )
            });
        let within = (0..top).any(|at| self.written(at).eq_ignore_ascii_case("within"));
        if !plain || value.scale() > 0 || value > 1_000.into() || !within && to == top + 2 {
            return None;
        }
        if !within {
            self.ask(Note::new(
                "上位いくつまでに入ることとみなしました。",
                "Taken as a place among the first so many.",
            ));
        }
        let mut from = top + 2;
        while from < to && matches!(self.kind(from), Kind::Word(_)) {
            from += 1;
        }
        let name = self.span(from, to).trim();
        let mut figure = super::figure::Figure::empty();
        figure.comparator = Some(Comparator::Lte);
        figure.subject = (!name.is_empty()).then(|| name.to_owned());
        figure.core = super::figure::Core::Constant(super::figure::Amount {
            value,
            unit: super::figure::Unit::Unsaid,
            scaled: false,
            sign: super::figure::Sign::None,
            start: self.starts(top + 1),
            end: self.ends(top + 1),
        });
        self.settle(figure)
    }

    /// `Green: 95% or above; Amber: 90-94.9%; Red: below 90%`: the target is what is green.
    fn traffic_lights(&mut self, green: usize, to: usize) -> Option<Draft> {
        let parts = |kind: Kind| matches!(kind, Kind::Comma | Kind::Stop | Kind::Slash | Kind::Item | Kind::Close);
        let mut from = green + 1;
        while matches!(
            self.kind(from),
            Kind::Colon | Kind::Minus | Kind::Open | Kind::Word(Word::Exactly | Word::Filler)
        ) {
            from += 1;
        }
        let light = |rules: &Self, at: usize| {
            ["amber", "red", "yellow"].iter().any(|word| rules.written(at).eq_ignore_ascii_case(word))
        };
        let mut end = (from..to).find(|at| parts(self.kind(*at)) || light(self, *at)).unwrap_or(to);
        if end == from {
            // 85% or more (green)
            end = green - usize::from(green > 0 && self.kind(green - 1) == Kind::Open);
            from =
                (0..end).rev().find(|at| parts(self.kind(*at)) || self.kind(*at) == Kind::Colon).map_or(0, |at| at + 1);
        }
        self.end = end;
        let draft = self.clause(from, from, end)?;
        self.ask(Note::new(
            "青（達成）の区分を目標とみなしました。",
            "What is green is taken as the target; the other lights are not.",
        ));
        Some(draft)
    }

    /// `Target 92% / tolerance 88%`: the tolerance says when one has to act, not what is aimed at.
    fn with_tolerance(&mut self, at: usize) -> Option<Draft> {
        let parted = matches!(self.kind(at - 1), Kind::Slash | Kind::Comma | Kind::Stop | Kind::Open);
        let behind =
            at + 1 + usize::from(matches!(self.kind(at + 1), Kind::Colon | Kind::Word(Word::Of | Word::TargetLabel)));
        let figure = matches!(
            self.kind(behind),
            Kind::Number { .. } | Kind::PlusMinus | Kind::Word(Word::Least(_) | Word::Below)
        );
        if !parted || !figure {
            return None;
        }
        self.end = at - 1;
        let draft = self.phrase(0, at - 1)?;
        self.ask(Note::new(
            "許容値（tolerance など）は、目標の条件に含めませんでした。",
            "The tolerance is taken as no part of the target.",
        ));
        Some(draft)
    }

    /// `15 or 2.3%, whichever is greater`: of two lower bounds the greater is both of them.
    fn whichever_is(&mut self, at: usize, to: usize) -> Option<Draft> {
        let last = self.written(to.checked_sub(1)?).to_ascii_lowercase();
        let greater = match last.as_str() {
            "greater" | "higher" | "larger" | "greatest" | "highest" | "more" | "later" | "longer" => true,
            "lower" | "smaller" | "lesser" | "less" | "fewer" | "sooner" | "earlier" | "shorter" | "lowest" => false,
            _ => return None,
        };
        let mut end = at;
        while end > 0 && matches!(self.kind(end - 1), Kind::Comma | Kind::Open | Kind::Minus | Kind::Colon) {
            end -= 1;
        }
        if to > at + 4 || end == 0 {
            return None;
        }
        self.end = end;
        let draft = self.phrase(0, end)?;
        let upper = |criterion: &Criterion| match criterion {
            Criterion::Threshold { comparator: Some(Comparator::Lte | Comparator::Lt), .. } => true,
            Criterion::Threshold { comparator: None, .. } => self.context.polarity == Some(Polarity::LowerIsBetter),
            _ => false,
        };
        let draft = draft.map(|criterion| match criterion {
            Criterion::Any { of } | Criterion::All { of } => {
                if of.iter().any(upper) == greater {
                    Criterion::Any { of }
                } else {
                    Criterion::All { of }
                }
            }
            other => other,
        });
        self.ask(Note::new(
            "「どちらか大きい（小さい）方」を、両方またはいずれかの条件としました。",
            "Whichever is greater or lower is kept as both of the conditions, or as either of them.",
        ));
        Some(draft)
    }

    /// `99.9% uptime, excluding planned maintenance of up to 4 hours`: what is left out is no condition.
    fn but_for(&mut self, at: usize, to: usize) -> Option<Draft> {
        let comma = at - 1;
        let plain = (at..to)
            .all(|at| !matches!(self.kind(at), Kind::Unit(Some("%")) | Kind::Stop | Kind::Word(Word::TargetLabel)));
        // including 40 affordable homes: as many of them
        let counted = self.kind(at) == Kind::Text && (at..to).any(|at| matches!(self.kind(at), Kind::Number { .. }));
        if self.kind(comma) != Kind::Comma || !plain || counted {
            return None;
        }
        self.end = comma;
        let draft = self.phrase(0, comma)?;
        self.say(
            Note::new(
                "「除く」「含む」以下は、数え方の注記とみなしました。",
                "What is left out, or taken in, is taken as a remark on how it is counted.",
            )
            .at(self.starts(at), self.ends(to - 1)),
        );
        Some(draft)
    }

    /// `none-beyond = [ "with" ] "no" noun ( "below" | "above" | … ) amount`: for each of them the opposite holds.
    pub(super) fn none_beyond(&mut self, to: usize) -> Option<Draft> {
        let with = self.written(self.at) == "with" && self.take_kind(Kind::Text);
        let no = self.take(Word::No) || with && self.written(self.at) == "none" && self.take_kind(Kind::Text);
        if !no {
            return None;
        }
        let from = self.at;
        while self.at < from + 5 && self.peek(0) == Kind::Text {
            self.at += 1;
        }
        let noun = self.span(from, self.at).trim();
        let singular = !noun.ends_with('s') || noun.ends_with("ss");
        // no school falls below 60% is a sentence, which is asked about
        if self.written(self.at).contains(' ') && !self.written(self.at).ends_with("than") {
            return None;
        }
        let comparator = match self.peek(0) {
            Kind::Word(Word::Least(comparator)) => super::denial::denial_of(comparator),
            Kind::Word(Word::Above) => Some(Comparator::Lte),
            Kind::Word(Word::Below) => Some(Comparator::Gte),
            _ => None,
        }?;
        self.at += 1;
        let figure = self.at;
        let share = self.amount().is_some_and(|amount| amount.is_percent());
        if !(share || singular) || self.at == figure || self.at < to || figure <= from && !with {
            return None;
        }
        let draft = self.clause(figure, figure, to)?;
        let Criterion::Threshold { comparator: None, .. } = &draft.main else { return None };
        self.review = false;
        let mut each = super::settle::with_comparator(&draft.main, Some(comparator));
        if let Criterion::Threshold { subject: subject @ None, .. } = &mut each
            && !noun.is_empty()
        {
            *subject = Some(noun.to_owned());
        }
        Some(Draft::sure(clause::each_of(each)))
    }

    /// `80% in 2026/27 rising to 90% by 2028/29`: the words between two years' figures. Gives where the second part begins.
    pub(super) fn moves_on(&mut self, start: usize, at: usize) -> Option<usize> {
        if !matches!(self.source.at(self.starts(at)), 'r' | 'i' | 'g' | 'f' | 'd' | 't' | 'm') {
            return None;
        }
        let dated = matches!(self.kind(at.checked_sub(1)?), Kind::Time(_) | Kind::Comma | Kind::Close);
        let moves =
            ["rising", "increasing", "growing", "falling", "reducing", "decreasing", "then", "moving", "improving"];
        let word = moves.iter().any(|word| self.written(at).eq_ignore_ascii_case(word));
        let to = at + 1;
        let link = self.written(to) == "to" || self.written(at) == "then";
        let next = if self.written(to) == "to" { to + 1 } else { to };
        let time = (start..at).any(|at| matches!(self.kind(at), Kind::Time(_)));
        (dated && word && link && time && matches!(self.kind(next), Kind::Number { .. })).then_some(next)
    }

    /// `Year 1: 20`, behind the target's own fiscal year: which year that is, and where its clause begins.
    pub(super) fn numbered_year(&mut self, part: &Part) -> Option<(i32, usize)> {
        let year = ["year", "yr"].iter().any(|word| word.eq_ignore_ascii_case(self.written(part.from)));
        let own = self.context.fiscal_year.filter(|_| year && self.kind(part.from) == Kind::Text)?;
        let Kind::Number { value, scaled: false } = self.kind(part.from + 1) else { return None };
        let number =
            i32::try_from(value.mantissa()).ok().filter(|number| value.scale() == 0 && (1..=10).contains(number))?;
        let parted = matches!(self.kind(part.from + 2), Kind::Colon | Kind::Minus);
        let from = part.from + 2 + usize::from(parted);
        if !parted || from >= part.to {
            return None;
        }
        self.ask(
            Note::new(
                "「1年目」などを、目標の年度から数えた年度とみなしました。",
                "The numbered years are counted from the target's own fiscal year.",
            )
            .at(self.starts(part.from), self.ends(part.from + 1)),
        );
        Some((own + number - 1, from))
    }

    /// `90% by 2028/29`, in a list of years: the year behind the figure.
    pub(super) fn year_at_end(&mut self, part: &Part) -> Option<(i32, usize, usize)> {
        let last = part.to.checked_sub(1).filter(|last| *last > part.from + 1)?;
        let Kind::Time(time @ (Time::FiscalYear(year) | Time::Year(year))) = self.kind(last) else { return None };
        let link = matches!(self.kind(last - 1), Kind::Word(Word::By | Word::Of));
        let moved = part.joint == Joint::Arrow || matches!(time, Time::FiscalYear(_));
        (link && moved && self.source.at(self.starts(last - 1)).is_ascii()).then_some((year, part.from, last - 1))
    }
}
