//! Where a figure is to move: 5件に減らす, 80%まで引き上げる, 12億円以下に圧縮.

use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Core, Figure};
use crate::domain::Polarity;
use crate::domain::criterion::Comparator;

impl<'a> Parser<'a> {
    /// 5件に減らす, 80%まで引き上げる: where to, which is a bound.
    pub(super) fn moved_to(&mut self, figure: &mut Figure<'a>) {
        let mark = self.mark();
        let to = self.take(Word::By) || matches!(self.written(self.at), "に" | "へ") && self.take(Word::Particle);
        match self.peek(0) {
            Kind::Word(Word::Up) if to => figure.comparator = Some(Comparator::Gte),
            Kind::Word(Word::Down) if to => figure.comparator = Some(Comparator::Lte),
            // 3件までとする
            Kind::Word(Word::Filler)
                if to
                    && self.written(self.at - 1) == "まで"
                    && match (&figure.core, self.context.polarity) {
                        // 80%までとする may say how far something is to rise.
                        (Core::Constant(amount), None) => !amount.is_percent(),
                        (_, polarity) => polarity == Some(Polarity::LowerIsBetter),
                    }
                    && matches!(self.written(self.at), "とする" | "にする" | "とすること" | "にすること") =>
            {
                figure.comparator = Some(Comparator::Lte);
            }
            // 1.5まで回復させる
            Kind::Text
                if to
                    && self.context.polarity != Some(Polarity::LowerIsBetter)
                    && matches!(self.written(self.at), "回復" | "回復する" | "回復させる" | "回復すること") =>
            {
                figure.comparator = Some(Comparator::Gte);
            }
            _ => return self.back(mark),
        }
        self.at += 1;
    }

    /// Whether a movement goes the way of the bound that it is said of.
    pub(super) fn goes_along(&mut self, figure: &Figure<'a>) -> bool {
        match (self.peek(1), figure.comparator) {
            (Kind::Word(Word::Down), Some(Comparator::Lte | Comparator::Lt))
            | (Kind::Word(Word::Up), Some(Comparator::Gte | Comparator::Gt)) => {
                matches!(figure.core, Core::Constant(_))
                    || self.written(self.at) == "まで" && matches!(figure.core, Core::Reference(_))
            }
            _ => false,
        }
    }
}
