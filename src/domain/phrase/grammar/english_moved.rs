//! English verbs that say from where, by how much and to where a figure shall move: `Increase visits by 10% to 440,000`,
//! `Reduce to 40 from 52`, `From 68% in 2022/23 to 75% in 2026/27`.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::bounds::share_unit;
use super::cursor::Parser;
use super::figure::{Amount, Core, Figure, Sign, Unit};
use super::relation::Way;
use crate::domain::criterion::{Change, Comparator, Reference};
use crate::domain::{Decimal, Polarity};

impl<'a> Parser<'a> {
    /// `by-to = "by" amount [ reference ] [ "," ] "to" amount [ a year ] [ reference | "(from" amount "in" year ")" ]`: the change and what
    /// it comes to. The verb, the name and the change have been taken.
    pub(super) fn by_so_much_to(&mut self, figure: &mut Figure<'a>, change: Amount<'a>, way: Way) -> bool {
        let mark = self.mark();
        let compared = if self.peek(0) == Kind::Word(Word::Than) { self.english_reference() } else { None };
        let _ = self.take_kind(Kind::Comma);
        let to = self.written(self.at) == "to" && self.take(Word::Filler);
        let stated = match self.peek(0) {
            Kind::Word(Word::Least(comparator)) if to => Some(comparator),
            _ => None,
        };
        self.at += usize::from(stated.is_some());
        let Some(result) = (if to { self.amount() } else { None }) else {
            self.back(mark);
            return false;
        };
        // by 50% to 2030: by when, rather than to what.
        let year = Decimal::from(1990)..=Decimal::from(2100);
        if result.unit == Unit::Unsaid && result.end == result.start + 4 && year.contains(&result.value) {
            self.back(mark);
            return false;
        }
        if let Kind::Word(Word::Period(period)) = self.peek(0)
            && figure.period.is_none()
        {
            figure.period = Some(period);
            self.at += 1;
        }
        let limited = self.peek(0) == Kind::Word(Word::By) && matches!(self.peek(1), Kind::Time(_));
        if limited {
            self.at += 1;
            self.time_limit(figure);
        }
        figure.result = Some((result, stated));
        let inside = self.inside(Self::present_figure);
        let reference = match inside.or_else(|| self.present_figure()) {
            Some((from, time)) => {
                figure.stated = share_unit(from, result);
                time.and_then(|time| self.year_of(time))
            }
            None if compared.is_none() && self.peek(0) == Kind::Word(Word::Than) => self.english_reference(),
            None => compared,
        };
        figure.core = Core::Reference(reference.unwrap_or_else(|| {
            let end = self.ends(self.at.saturating_sub(1));
            self.assumed_reference(change.start, end)
        }));
        let found = self.changed_by(figure, change, way, None);
        if !found {
            self.back(mark);
        }
        found
    }

    /// `in-half = ( cut | reduce … ) name "in half" [ by time ] [ reference ]`
    pub(super) fn in_half(&mut self, figure: &mut Figure<'a>, way: Way, noun: &'a str) -> bool {
        let place = (self.starts(self.at), self.ends(self.at));
        self.at += 1;
        let limited = self.peek(0) == Kind::Word(Word::By) && matches!(self.peek(1), Kind::Time(_));
        if limited {
            self.at += 1;
            self.time_limit(figure);
        }
        let reference = match self.peek(0) {
            Kind::Word(Word::Than) => self.english_reference(),
            Kind::End => Some(self.assumed_reference(place.0, place.1)),
            _ => None,
        };
        let half = Decimal::from(5).over(10.into());
        let (Some(factor), Some(reference), Way::Down, None) = (half, reference, way, figure.comparator) else {
            return false;
        };
        figure.subject = figure.subject.take().or_else(|| (!noun.is_empty()).then(|| noun.to_owned()));
        figure.comparator = Some(Comparator::Lte);
        figure.core = Core::Reference(reference);
        self.changed(figure, Change::Factor { factor })
    }

    /// The reference that a year is. A calendar year is asked about.
    fn year_of(&mut self, time: Time) -> Option<Reference> {
        let (Time::FiscalYear(fiscal_year) | Time::Year(fiscal_year)) = time else { return None };
        if matches!(time, Time::Year(_)) {
            self.ask(Note::new(
                "年度ではなく年が書かれていますが、年度とみなしました。",
                "The text names a calendar year; the fiscal year of that name is assumed.",
            ));
        }
        Some(Reference::FiscalYear { fiscal_year, change: None })
    }

    /// `from-in = "from" amount [ "in" time ]`: where a figure is now.
    pub(super) fn present_figure(&mut self) -> Option<(Amount<'a>, Option<Time>)> {
        let mark = self.mark();
        let from = self.written(self.at).eq_ignore_ascii_case("from") && self.take(Word::Than);
        match if from { self.amount().filter(|amount| amount.sign == Sign::None) } else { None } {
            Some(amount) => Some((amount, self.in_time())),
            None => {
                self.back(mark);
                None
            }
        }
    }

    /// `in 2022/23`, `in FY2024`, `(2023)`: when a figure is or was so.
    pub(super) fn in_time(&mut self) -> Option<Time> {
        if let (Kind::Word(Word::Of), Kind::Time(time)) = (self.peek(0), self.peek(1)) {
            self.at += 2;
            return Some(time);
        }
        self.year_in_brackets()
    }

    /// `to-from = verb "to" amount "from" amount [ "in" time ]`: what stands behind the target. `false` where it goes the other way.
    pub(super) fn present_behind(&mut self, figure: &mut Figure<'a>, to: Amount<'a>, way: Way) -> bool {
        let Some((from, _)) = self.present_figure() else { return true };
        let Some(from) = share_unit(from, to).filter(|_| figure.stated.is_none()) else { return false };
        figure.stated = Some(from);
        if way == Way::Up { to.signed() > from.signed() } else { to.signed() < from.signed() }
    }

    /// `from-in-to = "from" amount [ "in" time ] "to" amount [ ( "in" | "by" ) time ]`: `From 68% in 2022/23 to 75% in 2026/27`.
    pub(super) fn present_to_target(&mut self, figure: &mut Figure<'a>) -> bool {
        if figure.comparator.is_some() {
            return false;
        }
        let opens = self.at == 0
            || matches!(self.kind(self.at - 1), Kind::Colon | Kind::Comma | Kind::Stop)
            || self.kind(self.at - 1) == Kind::Text && !self.is_moved(self.at - 1);
        let Some((from, time)) = self.present_figure() else { return false };
        if !(self.written(self.at) == "to" && self.take(Word::Filler)) {
            return false;
        }
        let least = match self.peek(0) {
            Kind::Word(Word::Least(comparator)) => Some(comparator),
            Kind::Word(Word::Above) => Some(Comparator::Gt),
            Kind::Word(Word::Below) => Some(Comparator::Lt),
            _ => None,
        };
        self.at += usize::from(least.is_some());
        let Some(to) = self.amount().filter(|amount| amount.sign == Sign::None) else { return false };
        // From 5 to 10 days may be a range; with a date, a bound, or the way that is good, it is a change.
        let limited = matches!((self.peek(0), self.peek(1)), (Kind::Word(Word::By | Word::Of), Kind::Time(_)));
        let falls = to.signed() < from.signed();
        let good =
            self.context.polarity == Some(if falls { Polarity::LowerIsBetter } else { Polarity::HigherIsBetter });
        if time.is_none()
            && !(opens && (limited || least.is_some() || good || falls && self.context.polarity.is_none()))
        {
            return false;
        }
        let Some(from) = share_unit(from, to).filter(|from| from.signed() != to.signed()) else { return false };
        let rising = to.signed() > from.signed();
        let comparator = least.or_else(|| self.comparator());
        let along = match comparator {
            None => true,
            Some(Comparator::Gte | Comparator::Gt) => rising,
            Some(Comparator::Lte | Comparator::Lt) => !rising,
            Some(_) => false,
        };
        let way = if rising { Polarity::HigherIsBetter } else { Polarity::LowerIsBetter };
        let note = Note::new(
            "初めの値を現状、後の値を目標とみなしました。",
            "The first figure is taken as the present one, the second as the target.",
        );
        if self.context.polarity.is_some_and(|polarity| polarity != way) {
            self.ask(note);
        } else {
            self.say(note);
        }
        figure.comparator = comparator.or(Some(if rising { Comparator::Gte } else { Comparator::Lte }));
        figure.stated = Some(from);
        figure.core = Core::Constant(to);
        along
    }

    /// `by-from-to = "by" amount [ "," ] "from" amount "to" amount`: the change, and from where to where it goes. The change has been taken;
    /// asks where it does not come to that.
    pub(super) fn by_from_to(&mut self, figure: &mut Figure<'a>, change: Amount<'a>, way: Way) -> bool {
        let mark = self.mark();
        let _ = self.take_kind(Kind::Comma);
        let from = self.present_figure().map(|(from, _)| from);
        let to = self.written(self.at) == "to" && self.take(Word::Filler);
        let to = if to { self.amount().filter(|to| to.sign == Sign::None) } else { None };
        let both = from.zip(to).and_then(|(from, to)| share_unit(from, to).map(|from| (from, to)));
        let Some((from, to)) = both.filter(|(from, to)| (to.signed() > from.signed()) == (way == Way::Up)) else {
            self.back(mark);
            return false;
        };
        let off = to.signed().minus(from.signed());
        let by = if way == Way::Up { Some(change.value) } else { Some(change.value.negated()) };
        let share = || from.signed().times(by?)?.over(100.into());
        let agrees = off.is_some()
            && (off == by && (change.unit == to.unit || !change.is_percent()) || change.is_percent() && off == share());
        if !agrees {
            self.ask(
                Note::new(
                    "増減の幅と、前後の値が一致しません。",
                    "The change is not what lies between the two figures.",
                )
                .at(change.start, to.end),
            );
        }
        figure.comparator = Some(if way == Way::Up { Comparator::Gte } else { Comparator::Lte });
        figure.stated = Some(from);
        figure.core = Core::Constant(to);
        true
    }

    /// `at least`, `under` in front of a figure to which something shall move, where it goes along with that.
    pub(super) fn bound_in_front(&mut self, way: Way) -> Option<Comparator> {
        let stated = match self.peek(0) {
            Kind::Word(Word::Least(comparator)) => comparator,
            Kind::Word(Word::Above) => Comparator::Gt,
            Kind::Word(Word::Below) => Comparator::Lt,
            _ => return None,
        };
        let along = match way {
            Way::Up => !matches!(stated, Comparator::Lte | Comparator::Lt),
            Way::Down => !matches!(stated, Comparator::Gte | Comparator::Gt),
        };
        self.at += usize::from(along);
        along.then_some(stated)
    }
}
