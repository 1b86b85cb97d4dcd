//! English comparisons with a reference and the figure that it had: `No increase on 2023/24 baseline of 312`, `Improve on last year`.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Core, Doubt, Figure};
use super::relation::Way;
use crate::domain::Polarity;
use crate::domain::criterion::Comparator;

impl<'a> Parser<'a> {
    /// `no-change = "no" ( "increase" | "rise" | "reduction" … ) ( "on" | "from" … ) reference [ baseline ]`
    pub(super) fn no_change(&mut self, figure: &mut Figure<'a>) -> bool {
        if figure.comparator.is_some() || !self.take(Word::No) {
            return false;
        }
        let comparator = match self.peek(0) {
            Kind::Word(Word::Up) => Comparator::Lte,
            Kind::Word(Word::Down) => Comparator::Gte,
            _ => return false,
        };
        self.at += 1;
        // No more complaints than last year
        if matches!(self.written(self.at - 1), "more" | "fewer" | "less") && self.peek(0) == Kind::Text {
            let name = self.english_noun().trim();
            figure.subject = figure.subject.take().or_else(|| Some(name.to_owned()));
        }
        // No increase in agency staff from last year
        if self.peek(0) == Kind::Word(Word::Of)
            && self.written(self.at) == "in"
            && matches!(self.peek(1), Kind::Text | Kind::Word(Word::Particle))
        {
            self.at += 1;
            let name = self.english_noun().trim();
            figure.subject = figure.subject.take().or_else(|| Some(name.to_owned()));
        }
        if !matches!(self.peek(0), Kind::Word(Word::Than | Word::Above | Word::Of)) {
            return false;
        }
        self.compared_with(figure, comparator)
    }

    /// `not-moved = "not" ( "rise" | "drop" … ) ( "by more than" amount [ reference ] | ( "on" | "from" … ) reference )`
    pub(super) fn not_moved(&mut self, figure: &mut Figure<'a>) -> bool {
        let denied = self.written(self.at).split(' ').any(|word| matches!(word, "not" | "never"));
        if figure.comparator.is_some() || !denied || !self.take(Word::Denial) {
            return false;
        }
        // not to increase
        let _ = self.written(self.at) == "to" && self.take(Word::Filler);
        let way = match self.peek(0) {
            Kind::Word(Word::Up) => Way::Up,
            Kind::Word(Word::Down) => Way::Down,
            _ => return false,
        };
        self.at += 1;
        if self.take(Word::By) || self.written(self.at - 1).ends_with(" by") {
            let beyond = self.written(self.at) == "more than" && self.take(Word::Above);
            let amount = if beyond { self.amount() } else { None };
            return amount.is_some_and(|amount| self.against(figure, amount, way, Some(Comparator::Lte), true));
        }
        let comparator = if way == Way::Up { Comparator::Lte } else { Comparator::Gte };
        matches!(self.peek(0), Kind::Word(Word::Than | Word::Above)) && self.compared_with(figure, comparator)
    }

    /// `improve-on = "improve" ( "on" | "upon" ) reference [ baseline ]`: beyond it, in the direction that is good.
    pub(super) fn improve_on(&mut self, figure: &mut Figure<'a>) -> bool {
        if figure.comparator.is_some() || !self.source.at(self.starts(self.at)).is_ascii_alphabetic() {
            return false;
        }
        if !self.take(Word::Better) {
            return false;
        }
        if !(self.peek(0) == Kind::Word(Word::Than) || self.written(self.at) == "upon" && self.take_kind(Kind::Text)) {
            return false;
        }
        let comparator = match self.context.polarity {
            Some(Polarity::HigherIsBetter) => Comparator::Gt,
            Some(Polarity::LowerIsBetter) => Comparator::Lt,
            None => {
                figure.doubt = Some(Doubt::Direction(Comparator::Gt, Comparator::Lt));
                self.ask(Note::new("改善の向きがわかりません。", "Which direction is better is not known."));
                Comparator::Gt
            }
        };
        // Improve on 76%
        if self.context.polarity.is_some()
            && matches!(self.peek(1), Kind::Number { .. })
            && self.peek(0) == Kind::Word(Word::Than)
        {
            let mark = self.mark();
            self.at += 1;
            if let Some(amount) = self.amount()
                && matches!(self.peek(0), Kind::End | Kind::Open | Kind::Word(Word::By))
            {
                figure.core = Core::Constant(amount);
                figure.comparator = Some(comparator);
                return true;
            }
            self.back(mark);
        }
        let found = self.compared_with(figure, comparator);
        if !found {
            figure.doubt = None;
        }
        found
    }

    /// `improve-to = "improve" name "to" amount`: at least or at most, as the direction has it.
    pub(super) fn improve_to(&mut self, figure: &mut Figure<'a>) -> bool {
        let bare = figure.comparator.is_none() && self.written(self.at).eq_ignore_ascii_case("improve");
        if !bare || !self.take(Word::Better) {
            return false;
        }
        let name = self.english_noun().trim();
        let present = if self.written(self.at) == "from" && self.take(Word::Than) { self.amount() } else { None };
        if self.written(self.at) != "to" || !self.take(Word::Filler) {
            return false;
        }
        let Some(amount) = self.amount() else { return false };
        figure.stated = present.and_then(|present| super::bounds::share_unit(present, amount));
        let rising = figure.stated.map(|present| amount.signed() > present.signed());
        figure.comparator = match (self.comparator(), rising, self.context.polarity) {
            (Some(stated), ..) => Some(stated),
            (None, Some(rising), _) => Some(if rising { Comparator::Gte } else { Comparator::Lte }),
            (None, None, Some(Polarity::HigherIsBetter)) => Some(Comparator::Gte),
            (None, None, Some(Polarity::LowerIsBetter)) => Some(Comparator::Lte),
            (None, None, None) => None,
        };
        let way = if rising == Some(true) { Polarity::HigherIsBetter } else { Polarity::LowerIsBetter };
        if rising.is_some() && self.context.polarity.is_some_and(|polarity| polarity != way) {
            self.ask(Note::new(
                "改善の向きが、指標の向きと合いません。",
                "The text improves against the direction that is good.",
            ));
        }
        if !name.is_empty() {
            figure.subject = Some(name.to_owned());
        }
        figure.core = Core::Constant(amount);
        true
    }

    /// The name behind a verb: `response times`, `the number of accidents`.
    pub(super) fn english_noun(&mut self) -> &'a str {
        let from = self.at;
        let part = |kind: Kind| matches!(kind, Kind::Text | Kind::Word(Word::Of | Word::Particle | Word::Times));
        while self.at < from + 9 && (part(self.peek(0)) || self.at > from && self.joins_nouns(0)) {
            self.at += 1;
        }
        super::english_name::bare(self.span(from, self.at))
    }

    fn compared_with(&mut self, figure: &mut Figure<'a>, comparator: Comparator) -> bool {
        let Some(reference) = self.english_reference() else { return false };
        figure.core = Core::Reference(reference);
        figure.comparator = Some(comparator);
        // 2023/24 baseline of 312
        let _ = self.written(self.at).eq_ignore_ascii_case("baseline") && self.take(Word::OtherFigure);
        let mark = self.mark();
        let owned = self.written(self.at.saturating_sub(1)).starts_with(['\'', '’'])
            && matches!(self.peek(0), Kind::Number { .. });
        if (owned || self.written(self.at) == "of" && self.take(Word::Of))
            && let Some(amount) = self.amount()
        {
            figure.stated = Some(amount);
        } else {
            self.back(mark);
            self.brackets(figure);
        }
        true
    }
}
