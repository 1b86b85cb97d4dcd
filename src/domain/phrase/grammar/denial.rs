//! Denied comparisons: what does not exceed a value is at most that value.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::Draft;
use super::settle::with_comparator;
use crate::domain::Criterion;
use crate::domain::criterion::Comparator;

impl Parser<'_> {
    /// `denied = denial [ filler ] ( "exceed" | "above" | "below" | "more than" … )`: `does not exceed`, `won't fall below`.
    pub(super) fn denied(&mut self) -> Option<Comparator> {
        let mark = self.mark();
        if !self.source.at(self.starts(self.at)).is_ascii_alphabetic() || !self.take(Word::Denial) {
            return None;
        }
        for _ in 0..2 {
            let _ = self.take(Word::Filler) || self.take(Word::Particle);
        }
        let comparator = match self.peek(0) {
            Kind::Word(Word::Least(comparator)) => denial_of(comparator),
            Kind::Word(Word::Above) => Some(Comparator::Lte),
            Kind::Word(Word::Below) => Some(Comparator::Gte),
            _ => None,
        };
        match comparator {
            // Who fails to exceed may have been meant to.
            Some(_) if self.span(self.at - 1, self.at).contains("fail") => {
                self.at += 1;
                self.ask(denied_twice());
            }
            Some(_) => self.at += 1,
            None => self.back(mark),
        }
        comparator
    }

    /// The denial behind a comparator: 未満としない, 超えることのないようにする, 以上発生させない.
    pub(super) fn denied_behind(&mut self, comparator: Comparator) -> Comparator {
        let mark = self.mark();
        for _ in 0..3 {
            let joins = matches!(self.written(self.at), "と" | "に" | "の" | "が" | "を");
            let _ = joins && self.take(Word::Particle) || self.take(Word::Filler);
        }
        if let Some(other) = denial_of(comparator)
            && self.turns(self.at)
            && self.take(Word::Denial)
        {
            return other;
        }
        self.back(mark);
        comparator
    }

    /// Whether a word of denial turns what stands in front of it, rather than leaving something out.
    pub(super) fn turns(&self, at: usize) -> bool {
        let written = self.written(at);
        !written.is_ascii() && !matches!(written, "以外" | "を除く" | "ではない")
    }

    /// A name that holds a denial (`do not let waiting times` exceed …): most likely it turns the comparison, but a person says so.
    pub(super) fn denied_in_name(&mut self, draft: Draft, from: usize, to: usize) -> Draft {
        let denies = (from..to).find(|at| matches!(self.kind(*at), Kind::Word(Word::Denial | Word::No)));
        match denies {
            Some(at) if self.denies_the_noun(at, to) => draft,
            Some(at) => {
                let place = (self.starts(at), self.ends(at));
                self.turned_or_not(draft, place)
            }
            None => draft,
        }
    }

    /// `Young people not in education: below 4%`: behind a plural and in front of a colon, `not` says who.
    fn denies_the_noun(&mut self, at: usize, to: usize) -> bool {
        let behind_plural = at > 0 && self.kind(at - 1) == Kind::Text && super::guard::is_many(self.written(at - 1));
        let goes_on = matches!(self.kind(at + 1), Kind::Text | Kind::Word(Word::Of));
        let closed = to > at + 2 && self.kind(to - 1) == Kind::Colon;
        let once = !(at + 1..to).any(|at| matches!(self.kind(at), Kind::Word(Word::Denial | Word::No)));
        self.written(at) == "not" && behind_plural && goes_on && closed && once
    }

    /// Both readings of a comparison that may be denied, the denied one first.
    pub(super) fn turned_or_not(&mut self, draft: Draft, place: (usize, usize)) -> Draft {
        let Criterion::Threshold { comparator: Some(comparator), .. } = &draft.main else { return draft };
        let Some(other) = denial_of(*comparator) else { return draft };
        self.ask(denied_twice().at(place.0, place.1));
        let turned = with_comparator(&draft.main, Some(other));
        Draft::doubtful(turned.clone(), turned, draft.main)
    }
}

fn denied_twice() -> Note {
    Note::new("否定の語が、比較を打ち消しているかもしれません。", "A denial may turn the comparison round.")
}

/// What holds where a comparison does not.
pub(super) fn denial_of(comparator: Comparator) -> Option<Comparator> {
    match comparator {
        Comparator::Gte => Some(Comparator::Lt),
        Comparator::Gt => Some(Comparator::Lte),
        Comparator::Lte => Some(Comparator::Gt),
        Comparator::Lt => Some(Comparator::Gte),
        _ => None,
    }
}
