//! What an English text compares with: last year, a year, a baseline, the average of several years; behind the change, in brackets, or in
//! front of the clause.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Draft, Figure, Sign};
use super::relation::Way;
use crate::domain::criterion::{Aggregation, Reference};

/// What stands in front of a figure that says that it is how things are now.
pub(super) const NOW: [&str; 6] = ["currently", "current", "now", "was", "presently", "today"];

impl<'a> Parser<'a> {
    /// `[ "than" | "from" | "over" | "in" ] [ "the level of" ] ( reference | year | day | [ year ] "baseline" | average )`
    pub(super) fn english_reference(&mut self) -> Option<Reference> {
        for _ in 0..4 {
            match self.peek(0) {
                Kind::Word(Word::Than | Word::Above | Word::Below | Word::Of | Word::Particle) => self.at += 1,
                Kind::Word(Word::Result) => self.at += 1,
                // than at 31 March 2025
                Kind::Text if self.written(self.at) == "at" && matches!(self.peek(1), Kind::Time(_)) => self.at += 1,
                _ => break,
            }
        }
        if let Some(average) = self.average_of_named_years() {
            return Some(average);
        }
        match self.peek(0) {
            Kind::Time(Time::FiscalYear(fiscal_year) | Time::Year(fiscal_year)) => {
                self.at += 1;
                let _ = self.take(Word::Result);
                Some(Reference::FiscalYear { fiscal_year, change: None })
            }
            // at 31 March 2025: at the end of a fiscal year
            Kind::Time(time @ Time::Day(day)) => {
                let fiscal_year = crate::domain::fiscal::Calendar::default().fiscal_year(day);
                let ends = time.last_day(None) == Time::FiscalYear(fiscal_year).last_day(None);
                self.at += usize::from(ends);
                ends.then_some(Reference::FiscalYear { fiscal_year, change: None })
            }
            Kind::Word(Word::OtherFigure) if self.is_baseline(self.at) => {
                let place = (self.starts(self.at), self.ends(self.at));
                self.at += 1;
                let _ = self.take(Word::Result);
                Some(self.baseline_without_year(place))
            }
            _ => self.reference(),
        }
    }

    pub(super) fn is_baseline(&self, at: usize) -> bool {
        let written = self.written(at);
        written.len() >= 8 && written.get(written.len() - 8..).is_some_and(|end| end.eq_ignore_ascii_case("baseline"))
    }

    /// A baseline of which the text does not say when it was.
    fn baseline_without_year(&mut self, place: (usize, usize)) -> Reference {
        self.ask(
            Note::new(
                "基準値がいつの値かが書かれていないため、前年度の実績とみなしました。",
                "The text does not say when the baseline was; last year's result is assumed.",
            )
            .at(place.0, place.1),
        );
        Reference::PreviousYear { change: None }
    }

    /// What a change is counted from that the text names nowhere but, it may be, in front of the clause; else last year's result.
    pub(super) fn assumed_reference(&mut self, start: usize, end: usize) -> Reference {
        if let Some(leading) = self.leading.take() {
            return leading;
        }
        self.ask(super::condition::no_reference().at(start, end));
        Reference::PreviousYear { change: None }
    }

    /// `( "compared with" | "against" | "from" | … ) reference [ "baseline" ] "," clause`: what the change in the clause is counted from.
    pub(super) fn behind_reference(&mut self, from: usize, to: usize) -> Option<Draft> {
        if self.peek(0) != Kind::Word(Word::Than) {
            return None;
        }
        let mut lead = Figure::empty();
        let reference = self.english_reference()?;
        self.figure_of_reference(&mut lead);
        if self.at + 1 != from || self.kind(self.at) != Kind::Comma {
            return None;
        }
        let mark = self.mark();
        for at in from..to.min(from + 24) {
            if self.may_begin(at) {
                self.at = at;
                self.leading = Some(reference.clone());
                let mut found = self.figure_at(&lead, false, from, at, to);
                if self.leading.take().is_none()
                    && let Some(draft) = found.take()
                {
                    return Some(draft);
                }
                self.back(mark);
            }
        }
        None
    }

    /// `( year | number ) ( "-" | "to" ) ( year | number ) "average" | "average" ( "for" | "of" | "over" ) year ( "-" | "to" ) year`: a criterion
    /// keeps of how many years, not of which, so that a person is asked.
    fn average_of_named_years(&mut self) -> Option<Reference> {
        let average = Kind::Word(Word::Counted(Aggregation::Average));
        let mark = self.mark();
        let before = self.peek(0) == average;
        if !before && !matches!(self.peek(0), Kind::Number { .. } | Kind::Time(_)) {
            return None;
        }
        self.at += usize::from(before);
        if before {
            for _ in 0..3 {
                let links = matches!(
                    self.peek(0),
                    Kind::Word(Word::Of | Word::Than | Word::Particle | Word::Above | Word::Between)
                );
                self.at += usize::from(links);
            }
        }
        let start = self.at;
        let years = self.years_in_a_row();
        if let Some(years) = years
            && (before || self.peek(0) == average)
        {
            self.at += usize::from(!before);
            let place = (self.starts(start), self.ends(self.at - 1));
            self.ask(
                Note::new(
                    "どの年度の平均かは条件として持てないため、年数だけの平均としました。",
                    "A condition cannot say of which years the average is, only of how many.",
                )
                .at(place.0, place.1),
            );
            return Some(Reference::AverageOfYears { years, change: None });
        }
        self.back(mark);
        None
    }

    /// `2014-18`, `2018 to 2022`, `2019/20-2023/24`: how many years there are from the first to the last.
    fn years_in_a_row(&mut self) -> Option<u32> {
        let first = self.year_or_number(None)?;
        let linked = self.take_kind(Kind::Minus)
            || self.take_kind(Kind::Tilde)
            || self.take(Word::And)
            || self.written(self.at) == "to" && self.take(Word::Filler);
        let last = if linked { self.year_or_number(Some(first))? } else { return None };
        u32::try_from(last - first + 1).ok().filter(|years| (2..=20).contains(years))
    }

    fn year_or_number(&mut self, first: Option<i32>) -> Option<i32> {
        let year = match self.peek(0) {
            Kind::Time(Time::FiscalYear(year) | Time::Year(year)) => year,
            Kind::Number { value, scaled: false } if value.scale() == 0 => {
                let number = i32::try_from(value.mantissa()).ok()?;
                match first {
                    Some(first) if number < 100 => first / 100 * 100 + number,
                    _ => number,
                }
            }
            _ => return None,
        };
        self.at += 1;
        (1950..=2150).contains(&year).then_some(year)
    }

    /// `of last year's attendance`: the noun that belongs to the reference is what is counted.
    pub(super) fn owned_noun(&mut self, figure: &mut Figure<'a>) {
        let owned = self.written(self.at.saturating_sub(1)).starts_with(['\'', '’']);
        if !owned || figure.subject.is_some() || self.peek(0) != Kind::Text {
            return;
        }
        let from = self.at;
        while self.at < from + 6 && (self.peek(0) == Kind::Text || self.joins_nouns(0)) {
            self.at += 1;
        }
        let name = self.span(from, self.at);
        // last year's attendance of 1,200
        let told = self.written(self.at) == "of" && matches!(self.peek(1), Kind::Number { .. });
        let ends = told || matches!(self.peek(0), Kind::End | Kind::Open | Kind::Word(Word::By));
        if ends && !super::english_bounding::may_bound(name) {
            figure.subject = Some(name.to_owned());
        } else {
            self.at = from;
        }
    }

    /// `+3% YoY`, `-1.5 points vs FY2023`: the sign says which way.
    pub(super) fn signed_change(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>, yearly: bool) -> bool {
        let (amount, way) = match amount.sign {
            Sign::None => return false,
            Sign::Plus => (Amount { sign: Sign::None, ..amount }, Way::Up),
            Sign::Minus | Sign::Triangle => (Amount { sign: Sign::None, ..amount }, Way::Down),
        };
        let comparator = figure.comparator.take();
        if yearly {
            figure.core = Core::Reference(Reference::PreviousYear { change: None });
            return self.changed_by(figure, amount, way, comparator);
        }
        self.against(figure, amount, way, comparator, false)
    }

    /// `Compared with last year, 5% more visits`: what there is more of, where the reference stands in front.
    pub(super) fn more_behind_reference(&mut self, figure: &mut Figure<'a>) {
        if self.leading.is_none() || figure.subject.is_some() {
            return;
        }
        let from = self.at;
        while self.at < from + 6 && (self.peek(0) == Kind::Text || self.at > from && self.joins_nouns(0)) {
            self.at += 1;
        }
        let name = self.span(from, self.at);
        if self.at > from && self.peek(0) == Kind::End && !super::english_bounding::may_bound(name) {
            figure.subject = Some(name.to_owned());
        } else {
            self.at = from;
        }
    }

    /// `Baseline + 5 percentage points`: how far from the baseline.
    pub(super) fn baseline_and_change(&mut self, figure: &mut Figure<'a>) -> bool {
        if !self.is_baseline(self.at) || !matches!(self.peek(1), Kind::Plus | Kind::Minus) {
            return false;
        }
        let place = (self.starts(self.at), self.ends(self.at));
        self.at += 1;
        let Some(amount) = self.amount() else { return false };
        let way = if amount.sign == Sign::Plus { Way::Up } else { Way::Down };
        let comparator = figure.comparator.take();
        figure.core = Core::Reference(self.baseline_without_year(place));
        self.changed_by(figure, Amount { sign: Sign::None, ..amount }, way, comparator)
    }

    /// What a change is counted from, with the figure that it had: in brackets, or behind `from`.
    pub(super) fn counted_on(&mut self, figure: &mut Figure<'a>) -> Option<Reference> {
        if self.peek(0) == Kind::Open {
            let (reference, stated) = self.inside(|rules| rules.base_and_figure())?;
            figure.stated = figure.stated.or(stated);
            return Some(reference);
        }
        if self.peek(0) != Kind::Word(Word::Than) {
            return None;
        }
        let mark = self.mark();
        if !matches!(self.peek(1), Kind::Number { .. })
            && let Some(reference) = self.english_reference()
        {
            self.figure_of_reference(figure);
            return Some(reference);
        }
        self.back(mark);
        match self.base_and_figure() {
            Some((reference, stated)) => {
                figure.stated = figure.stated.or(stated);
                Some(reference)
            }
            None => {
                self.back(mark);
                None
            }
        }
    }

    /// `[ "from" ] ( [ year ] "baseline" | "currently" ) [ ":" | "of" ] amount [ "in" year ] | "from" amount [ "in" year ] | year ":" amount`
    fn base_and_figure(&mut self) -> Option<(Reference, Option<Amount<'a>>)> {
        let start = self.at;
        let mut labelled = self.take(Word::Than);
        let mut year = None;
        for _ in 0..5 {
            match self.peek(0) {
                Kind::Word(Word::OtherFigure) if self.is_baseline(self.at) => labelled = true,
                Kind::Word(Word::Label(super::super::lex::Label::Baseline)) => labelled = true,
                Kind::Word(Word::Present) => labelled = true,
                Kind::Text if NOW.iter().any(|now| now.eq_ignore_ascii_case(self.written(self.at))) => labelled = true,
                Kind::Time(Time::FiscalYear(of) | Time::Year(of)) if year.is_none() => year = Some(of),
                Kind::Word(Word::Result | Word::Particle) | Kind::Colon => {}
                Kind::Word(Word::Of) if labelled || year.is_some() => {}
                Kind::Word(Word::Filler) if self.written(self.at) == "is" => {}
                _ => break,
            }
            self.at += 1;
        }
        let amount = self.amount().filter(|amount| amount.sign == Sign::None);
        if year.is_none() {
            let _ = self.take_kind(Kind::Comma);
            let time = match self.peek(0) {
                Kind::Time(time) => {
                    self.at += 1;
                    Some(time)
                }
                _ => self.in_time(),
            };
            if let Some(Time::FiscalYear(of) | Time::Year(of)) = time {
                year = Some(of);
            }
        }
        if !labelled && year.is_none() || amount.is_none() && year.is_none() {
            return None;
        }
        let place = (self.starts(start), self.ends(self.at.saturating_sub(1)));
        let reference = match year {
            Some(fiscal_year) => Reference::FiscalYear { fiscal_year, change: None },
            None => self.baseline_without_year(place),
        };
        Some((reference, amount))
    }
}
