//! Relations that an English verb opens: what it moves, by how much or to where, and against what. `Reduce accidents by 10% from last year`,
//! `Raise satisfaction to 80%`, `Increase the share from 18% to 30%`.

use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Core, Figure};
use super::relation::Way;
use crate::domain::criterion::Comparator;

impl<'a> Parser<'a> {
    /// `reduce accidents by 10% from last year`
    pub(super) fn verb_first(&mut self, figure: &mut Figure<'a>) -> bool {
        let way = match self.peek(0) {
            Kind::Word(Word::Up) => Way::Up,
            Kind::Word(Word::Down) => Way::Down,
            _ => return false,
        };
        if !self.source.at(self.starts(self.at)).is_ascii_alphabetic() {
            return false;
        }
        self.at += 1;
        // Reduce average response time
        if let (Kind::Word(Word::Counted(aggregation)), Kind::Text, None) =
            (self.peek(0), self.peek(1), figure.aggregation)
        {
            figure.aggregation = Some(aggregation);
            self.at += 1;
        }
        let from = self.at;
        let mut words = 0;
        // fatal or serious collisions: one name.
        let noun = |kind: Kind| {
            matches!(
                kind,
                Kind::Text | Kind::Word(Word::Of | Word::Particle | Word::Times | Word::Per | Word::Counted(_))
            )
        };
        // first-time entrants to youth justice
        let to_noun = |rules: &mut Self| rules.written(rules.at) == "to" && rules.peek(1) == Kind::Text;
        // apprentices employed by the council
        let by_whom = |rules: &mut Self| {
            rules.written(rules.at) == "by"
                && super::amount::is_participle(rules.written(rules.at - 1))
                && rules.peek(1) == Kind::Word(Word::Particle)
                && rules.peek(2) == Kind::Text
        };
        while words < 9
            && (noun(self.peek(0))
                || words > 0
                    && (self.joins_nouns(0) || to_noun(self) || by_whom(self) || self.says_from_where(Word::By)))
        {
            self.at += 1;
            words += 1;
        }
        // cut emissions in half
        if words > 1 && self.peek(0) == Kind::Word(Word::Half) && self.written(self.at - 1) == "in" {
            let noun = super::english_name::bare(self.span(from, self.at - 1).trim());
            return self.in_half(figure, way, noun);
        }
        // Decrease in vacancy rate of 1 percentage point
        let noun = self.span(from, self.at).trim();
        let noun = super::english_name::bare(noun.strip_prefix("in ").unwrap_or(noun).trim_end_matches(" of"));
        // increase the rate up to 98%
        let up_to = way == Way::Up && self.written(self.at) == "up to" && self.take(Word::Least(Comparator::Lte));
        if up_to || self.written(self.at) == "to" && self.take(Word::Filler) {
            // raise satisfaction to 80%, reduce complaints to fewer than 20
            let stated = match self.peek(0) {
                Kind::Word(Word::Least(comparator)) => Some(comparator),
                Kind::Word(Word::Above) => Some(Comparator::Gt),
                Kind::Word(Word::Below) => Some(Comparator::Lt),
                _ => None,
            };
            self.at += usize::from(stated.is_some());
            let along = match way {
                Way::Up => !matches!(stated, Some(Comparator::Lte | Comparator::Lt)),
                Way::Down => !matches!(stated, Some(Comparator::Gte | Comparator::Gt)),
            };
            let Some(amount) = self.amount().filter(|_| along) else { return false };
            // to 50% below 2019 levels
            let beyond = match self.peek(0) {
                Kind::Word(Word::Below) => way == Way::Down,
                Kind::Word(Word::Above) => way == Way::Up,
                _ => false,
            };
            if beyond && stated.is_none() && amount.is_percent() {
                self.at += 1;
                if words > 0 {
                    figure.subject = Some(noun.to_owned());
                }
                return self.against(figure, amount, way, None, false);
            }
            figure.comparator = figure.comparator.or(stated);
            let implied = if way == Way::Up { Comparator::Gte } else { Comparator::Lte };
            // to zero is exactly zero
            let implied = if amount.value.is_zero() { Comparator::Eq } else { implied };
            let bound = figure.comparator.or_else(|| self.comparator());
            let against = matches!(
                (way, bound),
                (Way::Up, Some(Comparator::Lte | Comparator::Lt)) | (Way::Down, Some(Comparator::Gte | Comparator::Gt))
            );
            if against {
                // Hold the increase to 2.99% or less: the change itself may be what is counted.
                self.ask(super::english_noun::against_the_change().at(amount.start, amount.end));
            }
            figure.comparator = bound.or(Some(implied));
            if words > 0 {
                figure.subject = Some(noun.to_owned());
            }
            figure.core = Core::Constant(amount);
            return self.present_behind(figure, amount, way);
        }
        // from 18% to 30%, from the current 42% to 50%; from the previous year is a reference
        let figured = matches!(self.peek(1), Kind::Number { .. })
            || self.peek(1) == Kind::Word(Word::Particle) && self.peek(2) == Kind::Text;
        if self.written(self.at) == "from" && figured && self.take(Word::Than) {
            return self.between_figures(figure, way, noun);
        }
        // increase on 2021/22
        if words == 0 && self.peek(0) == Kind::Word(Word::Than) {
            let Some(reference) = self.english_reference() else { return false };
            figure.core = Core::Reference(reference);
            figure.comparator = Some(if way == Way::Up { Comparator::Gt } else { Comparator::Lt });
            if self.peek(0) != Kind::Open {
                self.figure_of_reference(figure);
            }
            self.brackets(figure);
            return true;
        }
        // to be cut by half
        if words == 0 && self.written(self.at - 1).ends_with(" by") && self.peek(0) == Kind::Word(Word::Half) {
            return self.in_half(figure, way, noun);
        }
        // Reduce rough sleeping by half
        if words > 0 && self.peek(0) == Kind::Word(Word::By) && self.peek(1) == Kind::Word(Word::Half) {
            self.at += 1;
            return self.in_half(figure, way, noun);
        }
        // Reduction in serious injuries on the previous year, increase year on year
        let beyond = if way == Way::Up { Comparator::Gt } else { Comparator::Lt };
        if words == 0 && self.peek(0) == Kind::Word(Word::PreviousYear) && self.written(self.at).starts_with(['y', 'Y'])
            || words > 0
                && figure.comparator.is_none()
                && self.peek(0) == Kind::Word(Word::Than)
                && !matches!(self.peek(1), Kind::Number { .. })
        {
            let Some(reference) = self.english_reference() else { return false };
            figure.core = Core::Reference(reference);
            figure.comparator = Some(beyond);
            if words > 0 {
                figure.subject = figure.subject.take().or_else(|| Some(noun.to_owned()));
            }
            self.brackets(figure);
            return true;
        }
        let by = self.take(Word::By) || words == 0 && self.written(self.at - 1).ends_with(" by");
        let compared = words == 0 || by;
        let comparator = match self.peek(0) {
            Kind::Word(Word::Least(comparator)) => {
                self.at += 1;
                Some(comparator)
            }
            _ => None,
        };
        let Some(amount) = self.amount() else { return false };
        if words > 0 && figure.subject.is_none() {
            figure.subject = Some(noun.to_owned());
        }
        if by
            && comparator.is_none()
            && (self.by_so_much_to(figure, amount, way) || self.by_from_to(figure, amount, way))
        {
            return true;
        }
        let comparator = comparator.or_else(|| self.comparator());
        self.against(figure, amount, way, comparator, compared)
    }

    /// `increase the share from 18% to 30%`: the verb and the present figure have been taken.
    fn between_figures(&mut self, figure: &mut Figure<'a>, way: Way, noun: &str) -> bool {
        // from the current 42%
        let _ = self.take(Word::Particle);
        let now = super::english_reference::NOW.contains(&self.written(self.at));
        self.at += usize::from(now && self.peek(0) == Kind::Text);
        let Some(from) = self.amount() else { return false };
        let _ = self.in_time();
        if !(self.written(self.at) == "to" && self.take(Word::Filler)) {
            return false;
        }
        let stated = self.bound_in_front(way);
        let (Some(to), true) = (self.amount(), figure.comparator.is_none()) else { return false };
        if let Some(time) = self.year_in_brackets()
            && figure.deadline.is_none()
        {
            figure.deadline = time.last_day(self.context.fiscal_year);
        }
        let Some(from) = super::bounds::share_unit(from, to) else { return false };
        let rising = to.signed() > from.signed();
        if rising != (way == Way::Up) || to.signed() == from.signed() {
            return false;
        }
        let implied = if rising { Comparator::Gte } else { Comparator::Lte };
        figure.comparator = stated.or_else(|| self.comparator()).or(Some(implied));
        figure.stated = Some(from);
        if !noun.is_empty() {
            figure.subject = Some(noun.to_owned());
        }
        figure.core = Core::Constant(to);
        true
    }
}
