//! What an English text counts, which stands behind the condition.

use super::super::answer::Note;
use super::super::lex::{Kind, Word, is_western};
use super::cursor::Parser;
use super::figure::{Amount, Core, Doubt, Figure, Sign, Unit};
use crate::domain::criterion::{Aggregation, Comparator};

impl<'a> Parser<'a> {
    /// What an English text counts stands behind the condition: `at least 90% of cases completed within 48 hours`.
    pub(super) fn english_subject(&mut self, figure: &mut Figure<'a>, to: usize) {
        if figure.subject.is_some() {
            return;
        }
        let share = matches!(&figure.core, Core::Constant(amount) if amount.is_percent());
        if self.time_to_do(figure, to) {
            return;
        }
        let of = self.peek(0) == Kind::Word(Word::Of) || self.raised_from(figure, to);
        let from = self.behind_article(self.at + usize::from(of), to);
        let latin = self.source.at(self.starts(from)).is_ascii_alphabetic();
        // 85% of 1,200 homes: the number belongs to what the share is one of.
        let numbered = matches!(self.kind(from), Kind::Number { .. });
        // 24-hour helpline calls
        let adjective = numbered && self.kind(from + 1) == Kind::Minus && self.kind(from + 2) == Kind::Text;
        let counted = share && of && numbered && (adjective || self.only_nouns(from, to));
        let placed = matches!(self.written(self.at), "in" | "on" | "at" | "from" | "during" | "to");
        if !share && placed {
            // in the council fleet by the end of March 2028
            let limited = to >= self.at + 4
                && self.kind(to - 2) == Kind::Word(Word::By)
                && matches!(self.kind(to - 1), Kind::Time(_))
                && figure.deadline.is_none();
            // visits to our leisure centres per year
            let period = match self.kind(to - 1) {
                Kind::Word(Word::Period(period)) if !limited && figure.period.is_none() && to > self.at + 2 => {
                    Some(period)
                }
                _ => None,
            };
            let named = if limited { to - 2 } else { to - usize::from(period.is_some()) };
            if self.noun_in_noun(figure, self.at + 1, named) {
                figure.period = figure.period.or(period);
                self.at += usize::from(period.is_some());
                if limited {
                    self.at += 1;
                    self.time_limit(figure);
                }
                return;
            }
        }
        if share && self.within_a_time(figure, to) || self.noun_behind(figure, to) || self.said_of_them(figure, to) {
            return;
        }
        if !of || from >= to || !counted && (!latin || numbered) {
            return;
        }
        // within 4 hours of the call 95% of the time: the figure is the last one.
        if (from..to).any(|at| matches!(self.kind(at), Kind::Colon | Kind::Unit(Some("%")))) {
            return;
        }
        // 2% of all complaints: a share of all of them.
        let from = from + usize::from(share && self.kind(from) == Kind::Word(Word::AllOf) && from + 1 < to);
        // of waste by 2025/26: the deadline is none of it.
        let limit = (from + 1..to).take(24).find(|at| {
            self.kind(*at) == Kind::Word(Word::By) && matches!(self.kind(*at + 1), Kind::Time(_)) && *at + 2 == to
        });
        let whole = to;
        let mut to = limit.unwrap_or(to);
        if limit.is_none() {
            to = self.bound_behind_noun(figure, from, to);
        }
        let denies = (from..to).any(|at| {
            matches!(
                self.kind(at),
                Kind::Word(Word::Denial | Word::AllOf | Word::Each | Word::Every | Word::PreviousYear)
            )
        });
        // 100% of high-risk premises annually
        let period = match self.kind(to - 1) {
            Kind::Word(Word::Period(period)) if figure.period.is_none() && to > from + 1 => Some(period),
            _ => None,
        };
        // 12 hours or more of activity each week
        let start = std::mem::replace(&mut self.at, to - 1);
        let timed = to > from + 1 && limit.is_none() && self.so_much_in_a_time(figure);
        self.at = start;
        let named = to - usize::from(period.is_some() || timed);
        figure.period = figure.period.or(period);
        let written = self.span(from, named).trim().trim_end_matches(['.', ',']);
        if denies {
            let place = (self.starts(from), self.ends(to - 1));
            self.ask(
                Note::new(
                    "対象に、条件かもしれない語が含まれています。",
                    "What is counted holds a word that may be a condition.",
                )
                .at(place.0, place.1),
            );
        }
        let within = share && self.at >= 3 && self.written(self.at - 3).eq_ignore_ascii_case("within");
        if within && figure.doubt.is_none() {
            figure.doubt = Some(Doubt::Within);
        }
        figure.subject = Some(written.to_owned());
        self.at = if limit.is_some() { to } else { whole };
        if limit.is_some() && figure.deadline.is_none() {
            self.at += 1;
            self.time_limit(figure);
        }
        debug_assert!(self.at <= whole, "a subject ends with its clause");
    }

    /// `£250,000 from events`: where money comes from.
    fn raised_from(&mut self, figure: &Figure<'a>, to: usize) -> bool {
        self.written(self.at) == "from"
            && self.peek(0) == Kind::Word(Word::Than)
            && matches!(&figure.core, Core::Constant(amount) if amount.is_money())
            && to <= self.at + 7
            && (self.at + 1..to).all(|at| matches!(self.kind(at), Kind::Text | Kind::Word(Word::And | Word::Particle)))
    }

    /// `80% of residents or more`: the bound behind what is counted; not one on a number in it (in 10 days or fewer, aged 5 or under).
    /// Gives where the noun ends.
    fn bound_behind_noun(&mut self, figure: &mut Figure<'a>, from: usize, to: usize) -> usize {
        let Kind::Word(Word::Compare(comparator)) = self.kind(to - 1) else { return to };
        let numbered = (to.saturating_sub(3)..to - 1).any(|at| matches!(self.kind(at), Kind::Number { .. }));
        let bounds = to > from + 1 && self.written(to - 1).starts_with("or ") && !numbered;
        if !bounds || figure.comparator.is_some() {
            return to;
        }
        figure.comparator = Some(comparator);
        to - 1
    }

    /// `500 unique users`: between the number and what it counts, how that is counted.
    pub(super) fn counted_so(&mut self, figure: &mut Figure<'a>, amount: &mut Amount<'a>) {
        if amount.unit == Unit::Unsaid
            && figure.aggregation.is_none()
            && let Kind::Word(Word::Counted(aggregation)) = self.peek(0)
            && matches!(aggregation, Aggregation::Unique | Aggregation::Cumulative)
            && self.source.at(self.starts(self.at)).is_ascii_alphabetic()
            && self.peek(1) == Kind::Text
        {
            self.at += 1;
            if let unit @ Unit::Said(_) = self.unknown_unit(self.at - 1) {
                figure.aggregation = Some(aggregation);
                amount.unit = unit;
                amount.end = self.ends(self.at - 1);
            } else {
                self.at -= 1;
            }
        }
    }

    /// `80% satisfaction or higher`: the name between a share and its bound.
    pub(super) fn name_in_between(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>) {
        let from = self.at;
        if !amount.is_percent() || figure.subject.is_some() || figure.comparator.is_some() {
            return;
        }
        while self.at < from + 4 && self.peek(0) == Kind::Text && is_western(self.written(self.at)) {
            self.at += 1;
        }
        let bounded = matches!(self.peek(0), Kind::Word(Word::Compare(_) | Word::OrBetter))
            && self.written(self.at).starts_with("or ");
        let name = self.span(from, self.at);
        if self.at > from && bounded && super::english_bounding::is_english_name(name) {
            figure.subject = Some(name.to_owned());
        } else {
            self.at = from;
        }
    }

    /// Which way a participle moves what stands in front of it: reduced, raised.
    pub(super) fn moves(&self, at: usize) -> Option<Comparator> {
        match self.written(at).to_ascii_lowercase().as_str() {
            "limited" | "restricted" | "capped" | "narrowed" | "narrow" | "shrink" | "reduced" | "cut" | "lowered"
            | "decreased" | "shortened" | "down" | "fall" | "drop" | "decline" | "decrease" | "reduce" => {
                Some(Comparator::Lte)
            }
            "increased" | "raised" | "boosted" | "grown" | "extended" | "up" | "rise" | "grow" | "increase" => {
                Some(Comparator::Gte)
            }
            _ => None,
        }
    }

    /// Whether a participle moves what stands in front of it, whichever way is better.
    pub(super) fn is_moved(&self, at: usize) -> bool {
        self.moves(at).is_some() || self.written(at).eq_ignore_ascii_case("improved")
    }

    /// `collisions reduced to 20 or fewer`, `complaints cut from 40 to 20`: the verb says which way the figure shall go, and is no
    /// part of the name. Gives where the name ends.
    pub(super) fn moved_in_name(&mut self, figure: &mut Figure<'a>, from: usize, at: usize) -> usize {
        let linked = at > from + 2
            && (self.written(at - 1) == "to" || self.written(at - 1) == "from" && figure.stated.is_some())
            && matches!(figure.core, Core::Constant(_) | Core::Range { .. });
        if !linked || !self.is_moved(at - 2) || figure.no_comparator {
            return at;
        }
        let Some(way) = self.moves(at - 2) else { return at - 2 };
        let along = match figure.comparator {
            None => true,
            Some(Comparator::Lte | Comparator::Lt) => way == Comparator::Lte,
            Some(Comparator::Gte | Comparator::Gt) => way == Comparator::Gte,
            Some(_) => false,
        };
        if !along {
            // raised to £5m or less
            let place = (self.starts(at - 2), self.ends(at - 1));
            self.ask(against_the_change().at(place.0, place.1));
            return at;
        }
        if let Core::Constant(amount) = &figure.core {
            // reduced to zero is exactly zero
            let way = if amount.value.is_zero() { Comparator::Eq } else { way };
            figure.comparator = figure.comparator.or(Some(way));
        }
        at - 2
    }

    /// `on-a-scale = "on a" number "-point scale"`: out of how many points.
    pub(super) fn on_a_scale(&mut self, figure: &mut Figure<'a>) -> bool {
        let mark = self.mark();
        self.at += 1;
        let article = self.take(Word::Particle);
        if let (true, Kind::Number { value, scaled: false }, None) = (article, self.peek(0), figure.out_of) {
            let (start, end) = (self.starts(self.at), self.ends(self.at));
            self.at += 1;
            let _ = self.take_kind(Kind::Minus);
            let points = matches!(self.written(self.at), "point" | "points");
            if points && self.written(self.at + 1) == "scale" && matches!(figure.core, Core::Constant(_)) {
                self.at += 2;
                let unit = Unit::Unsaid;
                figure.out_of = Some(Amount { value, unit, scaled: false, sign: Sign::None, start, end });
                return true;
            }
        }
        self.back(mark);
        false
    }

    /// `all wards publish open data`: what each of all of them does.
    pub(super) fn english_deed(&mut self, figure: &mut Figure<'a>, to: usize) -> Option<String> {
        let from = self.at;
        let all = matches!(&figure.core, Core::Universe { unit: Unit::Said(unit), .. } if is_western(unit) && unit.ends_with('s'));
        let or = |rules: &mut Self, at: usize| {
            rules.kind(at) == Kind::Word(Word::Or) && at > from && rules.written(at) == "or"
        };
        // All schools to have a travel plan
        let owned = |rules: &mut Self, at: usize| {
            rules.written(from).starts_with("have")
                && matches!(rules.kind(at), Kind::Word(Word::Particle | Word::Filler | Word::Of))
        };
        let plain = from < to
            && to - from <= 6
            && (from..to).all(|at| self.kind(at) == Kind::Text || or(self, at) || owned(self, at));
        // 8 of 10 libraries open on Sundays
        let placed = matches!(&figure.core, Core::Constant(Amount { unit: Unit::Said(unit), .. }) if is_western(unit))
            && from + 2 < to
            && to - from <= 6
            && figure.subject.is_none()
            && super::amount::is_participle(self.written(from))
            && matches!(self.written(from + 1), "on" | "at" | "in")
            && (from + 2..to).all(|at| self.kind(at) == Kind::Text);
        if placed {
            self.at = to;
            return Some(self.span(from, to).to_owned());
        }
        if !all || !plain || figure.subject.is_some() {
            return None;
        }
        self.at = to;
        Some(self.span(from, to).to_owned())
    }

    /// Whether a row of tokens is a noun phrase with or without numbers: `1,200 homes`.
    fn only_nouns(&mut self, from: usize, to: usize) -> bool {
        // 311 calls within 30 seconds
        let timed = to >= from + 5
            && matches!(self.written(to - 3), "within" | "in" | "under")
            && matches!(self.kind(to - 2), Kind::Number { .. })
            && super::amount::is_english_time(self.written(to - 1));
        let to = if timed { to - 3 } else { to };
        to > from + 1
            && to <= from + 6
            && (from..to).all(|at| matches!(self.kind(at), Kind::Number { .. } | Kind::Unit(_) | Kind::Text))
    }

    /// `90% within 5 days`, `95% in 4 hours`: the share of what is done within a time.
    fn within_a_time(&mut self, figure: &mut Figure<'a>, to: usize) -> bool {
        let start = self.at;
        // 95% seen within 18 weeks
        let done = usize::from(super::amount::is_participle(self.written(start)));
        // 90% responded to within 1 day
        let to_it = done > 0 && matches!(self.written(start + 1), "to" | "with" | "on" | "at" | "up");
        let from = start + done + usize::from(to_it);
        let opens = matches!(self.written(from), "within" | "in" | "under" | "inside");
        let times = ["day", "hour", "minute", "week", "month", "second"];
        if !opens || to > from + 5 || from >= to || !matches!(self.kind(from + 1), Kind::Number { .. }) {
            return false;
        }
        let named = (from + 2..to).all(|at| matches!(self.kind(at), Kind::Text | Kind::Unit(_)));
        let last = self.written(to - 1).to_ascii_lowercase();
        if !named || !times.iter().any(|time| last.trim_end_matches('s') == *time) {
            return false;
        }
        figure.subject = Some(self.span(start, to).to_owned());
        self.at = to;
        true
    }

    /// `65% recycling rate by 2035`, `£1.5m savings`: the noun behind a share or a sum of money.
    fn noun_behind(&mut self, figure: &mut Figure<'a>, to: usize) -> bool {
        let (Core::Constant(amount) | Core::Range { max: amount, .. }) = &figure.core else { return false };
        let measured = matches!(amount.unit, Unit::Said("%" | "£" | "$" | "€"));
        let from = self.at;
        while self.at < to && self.at < from + 4 && self.peek(0) == Kind::Text && is_western(self.written(self.at)) {
            self.at += 1;
        }
        let limited = self.peek(0) == Kind::Word(Word::By) && matches!(self.peek(1), Kind::Time(_));
        let glued = self.starts(from) == amount.end;
        // 95% seen, treated or discharged: what is done is no name.
        let deed = self.at == from + 1 && super::amount::is_participle(self.written(from));
        let named = !deed && super::english_bounding::is_english_name(self.span(from, self.at));
        if !measured || glued || !named || self.at == from || !(self.at == to || limited && self.at + 2 == to) {
            self.at = from;
            return false;
        }
        figure.subject = Some(self.span(from, self.at).to_owned());
        if limited {
            self.at += 1;
            self.time_limit(figure);
        }
        true
    }
}

/// Said of a bound that goes the other way than the change beside it.
pub(super) fn against_the_change() -> Note {
    Note::new("増減の向きと「以上・以下」の向きが合いません。", "The bound goes against the direction of the change.")
}
