//! English figures with a second one beside them: the other bound of a range, the present figure in front of the target; and what is better.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::Part;
use super::cursor::Parser;
use super::english_reference::NOW;
use super::figure::{Amount, Core, Draft, Figure, Sign};
use crate::domain::criterion::{Comparator, Operand};
use crate::domain::{Criterion, Polarity};

impl<'a> Parser<'a> {
    /// `but no more than 80%`, `but under 98%`: the other bound of a range, behind the first.
    pub(super) fn second_bound_in_front(&mut self, figure: &mut Figure<'a>, first: Amount<'a>) -> bool {
        let mark = self.mark();
        let _ = self.take_kind(Kind::Comma);
        let but = matches!(self.written(self.at), "but" | "&") && self.take_kind(Kind::Text);
        let second = match self.peek(0) {
            Kind::Word(Word::Least(comparator)) if but => Some(comparator),
            Kind::Word(Word::Above) if but => Some(Comparator::Gt),
            Kind::Word(Word::Below) if but => Some(Comparator::Lt),
            _ => None,
        };
        self.at += usize::from(second.is_some());
        let amount = second.and_then(|_| self.amount());
        if let (Some(own), Some(second), Some(amount)) = (figure.comparator, second, amount)
            && let Some(first) = super::bounds::share_unit(first, amount)
        {
            use Comparator::{Gt, Gte, Lt, Lte};
            let range = match (own, second) {
                (Gte | Gt, Lte | Lt) => Some((first, own == Gte, amount, second == Lte)),
                (Lte | Lt, Gte | Gt) => Some((amount, second == Gte, first, own == Lte)),
                _ => None,
            };
            if let Some((min, min_inclusive, max, max_inclusive)) = range
                && min.signed() < max.signed()
            {
                figure.core = Core::Range { min, min_inclusive, max, max_inclusive };
                figure.comparator = None;
                return true;
            }
        }
        self.back(mark);
        false
    }

    /// `better than 60%`: beyond it in the direction that is good.
    pub(super) fn better_than(&mut self, figure: &mut Figure<'a>) -> bool {
        let stands = self.peek(0) == Kind::Word(Word::Better)
            && self.written(self.at).eq_ignore_ascii_case("better than")
            && matches!(self.peek(1), Kind::Number { .. } | Kind::Minus | Kind::Plus);
        let better = match self.context.polarity {
            Some(crate::domain::Polarity::HigherIsBetter) => Comparator::Gt,
            Some(crate::domain::Polarity::LowerIsBetter) => Comparator::Lt,
            None => return false,
        };
        if stands {
            figure.comparator = Some(better);
            self.at += 1;
        }
        stands
    }

    /// `Baseline 45%, target 60%`, `Currently 12; target 8`: the present figure, and behind it the target.
    pub(super) fn present_in_front(&mut self, parts: &[Part]) -> Option<Draft> {
        let [first, second] = parts else { return None };
        let label = |rules: &Self, at: usize| {
            let word = rules.written(at);
            NOW.iter().chain(&["actual", "baseline", "outturn"]).any(|now| now.eq_ignore_ascii_case(word))
        };
        let target = self.kind(second.from) == Kind::Word(Word::TargetLabel);
        if !target || !label(self, first.from) {
            return None;
        }
        let end = std::mem::replace(&mut self.end, first.to);
        self.at = first.from + 1;
        self.at += usize::from(matches!(self.peek(0), Kind::Time(_)));
        let _ = self.take_kind(Kind::Colon) || self.take(Word::Of);
        let from = self.amount().filter(|from| from.sign == Sign::None);
        if self.at < first.to {
            let _ = self.year_in_brackets();
        }
        let whole = self.at >= first.to;
        self.end = end;
        let from = from.filter(|_| whole)?;
        let draft = self.clause(second.from, second.from, second.to)?;
        let Criterion::Threshold { operand: Operand::Constant { value }, comparator, stated_reference: None, .. } =
            &draft.main
        else {
            return None;
        };
        let (value, rising) = (*value, *value > from.signed());
        if value == from.signed() || comparator.is_some() && draft.pair.is_some() {
            return None;
        }
        let toward = if rising { Comparator::Gte } else { Comparator::Lte };
        let mut main = super::settle::with_comparator(&draft.main, comparator.or(Some(toward)));
        if let Criterion::Threshold { stated_reference, .. } = &mut main {
            *stated_reference = Some(from.signed());
        }
        self.review = false;
        let note = Note::new(
            "初めの値を現状、後の値を目標とみなしました。",
            "The first figure is taken as the present one, what follows as the target.",
        );
        let way = if rising { Polarity::HigherIsBetter } else { Polarity::LowerIsBetter };
        if self.context.polarity.is_some_and(|polarity| polarity != way) {
            self.ask(note);
        } else {
            self.say(note);
        }
        Some(Draft::sure(main))
    }

    /// `killed and seriously injured casualties`, behind a verb or a change that is asked for: one name, whose end says so.
    pub(super) fn joins_in_a_change(&mut self, start: usize, at: usize) -> bool {
        if self.written(at) != "and" || self.kind(at + 1) != Kind::Text || at > start + 12 {
            return false;
        }
        let noun = |kind: Kind| matches!(kind, Kind::Text | Kind::Word(Word::Of | Word::Particle));
        let Some(change) = (start..at).find(|at| matches!(self.kind(*at), Kind::Word(Word::Up | Word::Down))) else {
            return false;
        };
        if change + 1 >= at || !(change + 1..at).all(|at| noun(self.kind(at))) {
            return false;
        }
        let Some(end) = (at + 1..at + 8).find(|at| !noun(self.kind(*at))) else { return false };
        match self.kind(end) {
            Kind::Word(Word::By | Word::Than) => true,
            Kind::Word(Word::Filler) => self.written(end) == "to" && change == start,
            Kind::End => change > start,
            _ => false,
        }
    }

    /// Whether a comma stands inside a condition: `more than 40%, but less than 55%`, `by 10%, from 500 to 550`.
    pub(super) fn goes_on_behind_comma(&mut self, start: usize, comma: usize) -> bool {
        match self.kind(comma + 1) {
            Kind::Text => self.written(comma + 1) == "but" && matches!(self.kind(comma + 2), Kind::Word(_)),
            // attended in 1 hour, 95% of the time
            Kind::Number { .. } => self.share_of_the_time(comma + 1),
            Kind::Word(Word::Least(_) | Word::Above) => self.share_of_the_time(comma + 2),
            // Reduce to 40, from 52; Reduce by 10% on last year, to 371
            Kind::Word(Word::Than | Word::Filler) => {
                matches!(self.written(comma + 1), "from" | "to")
                    && matches!(self.kind(start), Kind::Word(Word::Up | Word::Down))
                    && matches!(self.kind(comma + 2), Kind::Number { .. })
            }
            _ => false,
        }
    }

    /// `at a minimum`, `at most`, behind the amount that it bounds.
    pub(super) fn bounds_what_is_in_front(&mut self) -> bool {
        let written = self.written(self.at).to_ascii_lowercase();
        let bounds = ["least", "most", "minimum", "maximum", "min", "max", "min.", "max."]
            .iter()
            .any(|word| written.rsplit(' ').next() == Some(word));
        let behind_amount = self.at > 0 && !matches!(self.kind(self.at - 1), Kind::Word(Word::Filler | Word::Of));
        bounds
            && behind_amount
            && matches!(
                self.peek(1),
                Kind::End
                    | Kind::Open
                    | Kind::Comma
                    | Kind::Word(Word::By | Word::Period(_) | Word::OtherPeriod | Word::Per | Word::Each)
            )
    }

    /// Whether a verb in front of a figure says that it is to be reached from below: Each library to reach 75% or better.
    pub(super) fn reached_from_below(&self, amount: Amount<'a>) -> bool {
        let number = (1..self.at).rev().take(8).find(|at| self.starts(*at) <= amount.start);
        number.is_some_and(|number| {
            (number.saturating_sub(4)..number).any(|at| {
                ["reach", "reaches", "achieve", "achieves", "attain", "attains", "score", "scores", "scoring"]
                    .iter()
                    .any(|verb| verb.eq_ignore_ascii_case(self.written(at)))
            })
        })
    }

    /// `on` or `at` behind a name, in front of its figure.
    pub(super) fn leads_to_figure(&mut self, at: usize, figure: usize) -> bool {
        match self.written(at) {
            "at" | "At" => true,
            "on" => self.is_so_often(figure),
            _ => false,
        }
    }

    /// `at least 95% of cases`, whether bounded in front or not.
    pub(super) fn is_so_often(&mut self, at: usize) -> bool {
        self.share_of_the_time(at) || self.share_of_the_time(at + 1)
    }

    /// `95% of the time`: how often what stands in front is so.
    pub(super) fn share_of_the_time(&mut self, at: usize) -> bool {
        let of = at + 2 + usize::from(matches!(self.kind(at + 2), Kind::Word(Word::Compare(_))));
        matches!(self.kind(at), Kind::Number { .. })
            && self.kind(at + 1) == Kind::Unit(Some("%"))
            && self.written(of) == "of"
            && (of + 1..of + 3).any(|at| matches!(self.written(at), "time" | "occasions" | "cases" | "instances"))
    }
}
