//! English changes beside the verbs: what there is more of, an improvement, and the figure that the reference had.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Figure, Sign, Unit};
use super::relation::Way;
use crate::domain::criterion::{Change, Comparator, CriterionPeriod, Reference};
use crate::domain::{Decimal, Polarity};

impl<'a> Parser<'a> {
    /// `more-than = amount ( "more" | "fewer" ) noun "than" reference`: the noun between is what is counted. The word in front of it
    /// has been taken.
    pub(super) fn more_than_before(&mut self, figure: &mut Figure<'a>, amount: &mut Amount<'a>) {
        if !matches!(self.written(self.at - 1), "more" | "fewer" | "less") || self.peek(0) != Kind::Text {
            return;
        }
        let from = self.at;
        while self.at < from + 6
            && (self.peek(0) == Kind::Text
                || self.joins_nouns(0)
                || self.at > from && matches!(self.written(self.at), "to" | "of") && self.peek(1) == Kind::Text)
        {
            self.at += 1;
        }
        if self.peek(0) != Kind::Word(Word::Than) || !self.written(self.at).starts_with("than") {
            self.at = from;
        } else if amount.unit == Unit::Unsaid {
            amount.unit = Unit::Said(self.span(from, self.at));
        } else if figure.subject.is_none() {
            figure.subject = Some(self.span(from, self.at).to_owned());
        }
    }

    /// `multiple-as = ( "twice" | "half" | number "times" ) "as" ( "many" | "much" | … ) noun "as" reference`: twice as many lessons as in FY2022.
    pub(super) fn multiple_as(&mut self, figure: &mut Figure<'a>) -> bool {
        let (factor, rising) = match self.peek(0) {
            Kind::Word(Word::Double) => (Some(Decimal::from(2)), true),
            Kind::Word(Word::Half) => (Decimal::from(5).over(10.into()), false),
            Kind::Number { value, .. } if self.written(self.at + 1).eq_ignore_ascii_case("times") => {
                self.at += 1;
                (Some(value), value > Decimal::from(1))
            }
            // at least as many as last year: the bound stands where the multiple would.
            Kind::Text if self.written(self.at) == "as" && figure.comparator == Some(Comparator::Gte) => {
                self.at = self.at.saturating_sub(1);
                (Some(Decimal::from(1)), true)
            }
            _ => return false,
        };
        let as_many = self.written(self.at + 1) == "as"
            && matches!(self.written(self.at + 2), "many" | "much" | "high" | "large" | "great" | "often" | "long");
        self.at += 3;
        let from = self.at;
        while as_many && self.at < from + 8 && self.peek(0) == Kind::Text && self.written(self.at) != "as" {
            self.at += 1;
        }
        let noun = self.span(from, self.at).trim();
        let compared = as_many && self.written(self.at) == "as" && self.take_kind(Kind::Text);
        let reference = if compared { self.english_reference() } else { None };
        let (Some(factor), Some(reference)) = (factor.filter(|factor| *factor > Decimal::ZERO), reference) else {
            return false;
        };
        if !noun.is_empty() {
            figure.subject = figure.subject.take().or_else(|| Some(noun.to_owned()));
        }
        figure.comparator = figure.comparator.or(Some(if rising { Comparator::Gte } else { Comparator::Lte }));
        figure.core = Core::Reference(reference);
        self.figure_of_reference(figure);
        factor == Decimal::from(1) || self.changed(figure, Change::Factor { factor })
    }

    /// Whether points are those of a percentage: the indicator is one, or the text speaks of one.
    pub(super) fn points_of_a_percentage(&self, amount: Amount<'a>) -> bool {
        match self.own_unit() {
            Some(unit) => unit == "%",
            // 2 点, as it is printed, is said of a score.
            None if !self.source.written(amount.start, amount.end).is_ascii() => false,
            None => self.tokens.iter().any(|token| token.kind == Kind::Unit(Some("%"))),
        }
    }

    /// Asks about points of which neither the text nor the indicator says whether they are those of a score or of a percentage.
    pub(super) fn points_of_something(&mut self, amount: Amount<'a>) -> bool {
        const SCORES: [&str; 8] = ["score", "scores", "rating", "ratings", "index", "marks", "grade", "scale"];
        let latin = self.source.written(amount.start, amount.end).is_ascii();
        let scored = || {
            self.tokens.iter().any(|token| {
                let word = self.source.written(token.start, token.end);
                SCORES.iter().any(|score| score.eq_ignore_ascii_case(word))
            })
        };
        let either = amount.unit == Unit::Said("点") && latin && self.own_unit().is_none() && !scored();
        if either {
            self.ask(
                Note::new(
                    "ポイント（割合の差）とも、得点とも読めます。",
                    "The points may be those of a percentage or of a score.",
                )
                .at(amount.start, amount.end),
            );
        }
        either
    }

    /// Which way is better; asks where that is not known.
    pub(super) fn better_way(&mut self) -> Way {
        match self.context.polarity {
            Some(Polarity::HigherIsBetter) => Way::Up,
            Some(Polarity::LowerIsBetter) => Way::Down,
            None => {
                self.ask(Note::new("改善の向きがわかりません。", "Which direction is better is not known."));
                Way::Up
            }
        }
    }

    /// `improve-by = ( "improve" | "improvement of" ) [ name ] [ "by" ] amount [ reference ]`: a change in the direction that is good.
    pub(super) fn improve_by(&mut self, figure: &mut Figure<'a>) -> bool {
        if !self.source.at(self.starts(self.at)).is_ascii_alphabetic() || !self.take(Word::Better) {
            return false;
        }
        let led = self.written(self.at - 1).ends_with("by") || self.written(self.at - 1).ends_with("of");
        if !led {
            let name = self.english_noun().trim();
            if !self.take(Word::By) {
                return false;
            }
            if !name.is_empty() {
                figure.subject = Some(name.to_owned());
            }
        }
        let stated = match self.peek(0) {
            Kind::Word(Word::Least(comparator)) => {
                self.at += 1;
                Some(comparator)
            }
            _ => None,
        };
        let Some(amount) = self.amount() else { return false };
        let way = self.better_way();
        let comparator = stated.or(figure.comparator.take()).or_else(|| self.comparator());
        self.against(figure, amount, way, comparator, true)
    }

    /// `last year's figure (860 cases)`, `the 2022/23 figure of 310`, `2023/24 baseline of 312`: what the reference was, behind it.
    pub(super) fn figure_of_reference(&mut self, figure: &mut Figure<'a>) {
        let _ = self.written(self.at).eq_ignore_ascii_case("baseline") && self.take(Word::OtherFigure)
            || matches!(self.written(self.at), "figure" | "figures" | "total" | "number" | "rate")
                && self.take_kind(Kind::Text);
        let mark = self.mark();
        let stated = match self.peek(0) {
            Kind::Word(Word::Of) if self.written(self.at) == "of" => {
                self.at += 1;
                self.amount()
            }
            Kind::Open => self.inside(|rules| rules.amount()),
            // last year's 860
            Kind::Number { .. } if self.written(self.at - 1).starts_with(['\'', '’']) => self.amount(),
            _ => None,
        };
        match stated.filter(|amount| amount.sign == Sign::None && figure.stated.is_none()) {
            Some(amount) => figure.stated = Some(amount),
            None => self.back(mark),
        }
    }

    /// `higher than last year's 71.3%`: the figure that a reference had, where the comparison stands in front.
    pub(super) fn figure_owned(&mut self, figure: &mut Figure<'a>) {
        // last year's 71%, the 2023/24 outturn of 82%
        let named = self.written(self.at) == "of" && matches!(self.peek(1), Kind::Number { .. });
        let owned = self.at > 0
            && (self.kind(self.at - 1) == Kind::Word(Word::Result) || named && self.kind(self.at - 1) == Kind::Text)
            && (named || self.written(self.at - 1).starts_with(['\'', '’']))
            && self.peek(0) != Kind::Open;
        if !owned || figure.comparator.is_none() && !figure.keep {
            return;
        }
        let (mark, stated) = (self.mark(), figure.stated);
        self.figure_of_reference(figure);
        if !matches!(self.peek(0), Kind::End | Kind::Open | Kind::Word(Word::By | Word::And | Word::Or)) {
            figure.stated = stated;
            self.back(mark);
        } else if let (Unit::Unsaid, Some(stated)) = (figure.unit, figure.stated) {
            figure.unit = stated.unit;
        }
    }

    /// `by 2 points a year`: from each year to the next.
    pub(super) fn year_by_year(&mut self, figure: &mut Figure<'a>) -> bool {
        let yearly = self.peek(0) == Kind::Word(Word::Period(CriterionPeriod::Year)) && self.peek(1) == Kind::End;
        if yearly {
            self.at += 1;
            figure.core = Core::Reference(Reference::PreviousYear { change: None });
        }
        yearly
    }

    /// `(from 2019 levels)`, `(on 2023/24)`: what a change is counted from, in brackets behind it.
    pub(super) fn base_in_brackets(&mut self, figure: &mut Figure<'a>) -> bool {
        let mark = self.mark();
        let found = self.inside(|rules| {
            let than = rules.peek(0) == Kind::Word(Word::Than);
            let reference = if than { rules.english_reference() } else { None };
            let _ = rules.written(rules.at).eq_ignore_ascii_case("baseline") && rules.take(Word::OtherFigure);
            reference
        });
        let found = found.or_else(|| {
            self.back(mark);
            if self.peek(0) == Kind::Open { self.counted_on(figure) } else { None }
        });
        let based = found.is_some();
        if let Some(reference) = found {
            figure.core = Core::Reference(reference);
        }
        based
    }

    /// `from the current 58%`: how things are now, behind a change.
    pub(super) fn counted_from_present(&mut self, figure: &mut Figure<'a>, mark: super::cursor::Mark) -> bool {
        self.back(mark);
        let from = self.written(self.at) == "from" && self.peek(0) == Kind::Word(Word::Than);
        let found = if from { self.counted_on(figure) } else { None };
        let based = found.is_some();
        if let Some(reference) = found {
            figure.core = Core::Reference(reference);
        }
        based
    }

    /// `exceed the three-year average by 5%`: the comparison and its reference have been taken.
    pub(super) fn exceeded_by(&mut self, figure: &mut Figure<'a>) -> Option<bool> {
        let way = match figure.comparator? {
            Comparator::Gt | Comparator::Gte => Decimal::from(1),
            Comparator::Lt | Comparator::Lte => Decimal::from(-1),
            _ => return None,
        };
        let mark = self.mark();
        if self.written(self.at) == "by"
            && self.take(Word::By)
            && let Some(amount) = self.amount()
            && let Some(change) = amount.value.times(way).and_then(|signed| self.change_of(amount, signed))
        {
            figure.unit = if matches!(change, Change::Absolute { .. }) { amount.unit } else { Unit::Unsaid };
            return Some(self.changed(figure, change));
        }
        self.back(mark);
        None
    }

    /// `[ "in" noun ] [ "by" time ]` in front of `against a 2015/16 baseline`: what changes, and by when.
    pub(super) fn object_and_limit(&mut self, figure: &mut Figure<'a>) {
        let (mark, deadline) = (self.mark(), figure.deadline);
        let mut subject = None;
        let noun = matches!(self.peek(1), Kind::Text)
            || self.peek(1) == Kind::Word(Word::Particle) && self.peek(2) == Kind::Text;
        if matches!(self.written(self.at), "in" | "of") && noun && self.take(Word::Of) {
            let _ = self.take(Word::Particle);
            let start = self.at;
            let mut name = self.english_noun().trim();
            // CO2 emissions from the council fleet: no reference yet.
            if self.noun_from_where() {
                let _ = self.english_noun();
                name = super::english_name::bare(self.span(start, self.at).trim());
            }
            subject = Some(name.to_owned());
        }
        let limited = self.peek(0) == Kind::Word(Word::By) && matches!(self.peek(1), Kind::Time(_));
        if limited {
            self.at += 1;
            self.time_limit(figure);
        }
        // over last year
        let over = self.written(self.at) == "over"
            && matches!(self.peek(1), Kind::Word(Word::PreviousYear | Word::SamePeriod) | Kind::Time(_));
        let over = over || self.peek(0) == Kind::Word(Word::PreviousYear) && self.written(self.at).starts_with("over ");
        let compared = over
            || matches!(self.peek(0), Kind::Word(Word::Than))
            || limited && matches!(self.peek(0), Kind::End | Kind::Open);
        if !compared {
            figure.deadline = deadline;
            return self.back(mark);
        }
        figure.subject = figure.subject.take().or(subject);
    }

    /// Whether `from` or `on` stands here with a noun behind it that is no reference; steps behind the word.
    fn noun_from_where(&mut self) -> bool {
        let noun = self.at + 1 + usize::from(self.peek(1) == Kind::Word(Word::Particle));
        let word = self.written(noun);
        let now = super::english_reference::NOW.iter().any(|now| now.eq_ignore_ascii_case(word));
        let goes_on = self.peek(0) == Kind::Word(Word::Than)
            && matches!(self.written(self.at), "from" | "on")
            && self.kind(noun) == Kind::Text
            && !now;
        self.at += usize::from(goes_on);
        goes_on
    }
}
