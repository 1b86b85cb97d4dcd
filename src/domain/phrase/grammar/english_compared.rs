//! English comparisons with a reference and the figure that it had: `No increase on 2023/24 baseline of 312`, `Improve on last year`.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Core, Doubt, Figure};
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
        if !matches!(self.peek(0), Kind::Word(Word::Than | Word::Above | Word::Of)) {
            return false;
        }
        self.compared_with(figure, comparator)
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
        let found = self.compared_with(figure, comparator);
        if !found {
            figure.doubt = None;
        }
        found
    }

    fn compared_with(&mut self, figure: &mut Figure<'a>, comparator: Comparator) -> bool {
        let Some(reference) = self.english_reference() else { return false };
        figure.core = Core::Reference(reference);
        figure.comparator = Some(comparator);
        // 2023/24 baseline of 312
        let _ = self.written(self.at).eq_ignore_ascii_case("baseline") && self.take(Word::OtherFigure);
        let mark = self.mark();
        if self.written(self.at) == "of"
            && self.take(Word::Of)
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
