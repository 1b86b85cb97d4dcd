//! The change that a relation asks for: by a share, by points, by so many, times.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Doubt, Figure, Sign, Unit};
use super::relation::{Link, Way};
use crate::domain::criterion::{Change, Comparator, Reference};
use crate::domain::{Decimal, Polarity};

impl<'a> Parser<'a> {
    /// `change = 半減 | 倍増 | 半分 | [ sign ] amount [ 倍 ] [ comparator ] [ の ] [ way ] [ の水準 ] [ comparator ]`
    pub(super) fn change(&mut self, figure: &mut Figure<'a>, link: Link) -> bool {
        let mark = self.mark();
        let _ = link != Link::Implied && self.take(Word::Particle);
        let one_word = match self.peek(0) {
            Kind::Word(Word::Halve) => Some((Decimal::from(5).over(10.into()), Comparator::Lte)),
            Kind::Word(Word::Double) => Some((Some(Decimal::from(2)), Comparator::Gte)),
            _ => None,
        };
        if let Some((Some(factor), comparator)) = one_word {
            self.at += 1;
            figure.comparator = figure.comparator.or(Some(comparator));
            return self.changed(figure, Change::Factor { factor });
        }
        if link != Link::Implied && self.take(Word::Half) {
            let comparator = self.comparator();
            figure.comparator = figure.comparator.or(comparator).or(Some(Comparator::Lte));
            return Decimal::from(5)
                .over(10.into())
                .is_some_and(|factor| self.changed(figure, Change::Factor { factor }));
        }
        if link != Link::Implied && self.peek(0) == Kind::PlusMinus {
            return self.either_way(figure) || {
                self.back(mark);
                false
            };
        }
        if self.take(Word::Roughly) {
            figure.roughly = true;
        }
        let Some(amount) = self.amount() else {
            self.back(mark);
            return false;
        };
        let found = self.change_by(figure, link, amount);
        if !found {
            self.back(mark);
        }
        found
    }

    /// `either-way = ± amount [ 以内 ]`, behind a reference: no more than so much below it, and no more than so much above.
    fn either_way(&mut self, figure: &mut Figure<'a>) -> bool {
        self.at += 1;
        let Some(amount) = self.amount().filter(|amount| amount.sign == Sign::None) else { return false };
        let (low, high) = match self.comparator() {
            None | Some(Comparator::Lte) => (Comparator::Gte, Comparator::Lte),
            Some(Comparator::Lt) => (Comparator::Gt, Comparator::Lt),
            Some(_) => return false,
        };
        let (Some(below), Some(above)) =
            (self.change_of(amount, amount.value.negated()), self.change_of(amount, amount.value))
        else {
            return false;
        };
        if matches!(above, Change::Absolute { .. }) {
            figure.unit = amount.unit;
        }
        let mut upper = Figure { more: Vec::new(), ..figure.clone() };
        upper.comparator = Some(high);
        figure.comparator = Some(low);
        if !self.changed(&mut upper, above) || !self.changed(figure, below) {
            return false;
        }
        let Some(upper) = self.settle(upper) else { return false };
        figure.more.push((super::figure::Joint::And, upper));
        true
    }

    pub(super) fn change_by(&mut self, figure: &mut Figure<'a>, link: Link, amount: Amount<'a>) -> bool {
        let english_times = self.source.at(self.starts(self.at)).is_ascii_alphabetic();
        if !english_times && self.take(Word::Times) {
            return self.times(figure, amount);
        }
        // 前年度を10％上回る, 前年度を10件以上上回る: by how much, not from where on.
        // 毎年度1％ずつ削減: from year to year.
        let yearly = self.written(self.at) == "ずつ"
            && figure.period == Some(crate::domain::criterion::CriterionPeriod::Year)
            && matches!(self.peek(1), Kind::Word(Word::Up | Word::Down | Word::Better));
        if yearly {
            self.at += 1;
            figure.period = None;
            figure.based = true;
        }
        let before = self.source.at(amount.start.wrapping_sub(1));
        let over = matches!(link, Link::Over | Link::Than) || matches!(link, Link::Bare | Link::Of) && before == 'を';
        let inner = if over && self.exceeds().is_some() { None } else { self.comparator() };
        if over && let Some(way) = self.exceeds() {
            self.at += 1;
            return self.directed(figure, amount, way, inner);
        }
        // 5件に減らす says where to, not by how much.
        if !matches!(self.written(self.at), "を" | "に" | "へ") {
            let _ = self.take(Word::Particle);
        }
        let way = match self.peek(0) {
            Kind::Word(Word::Up) => Some(Way::Up),
            Kind::Word(Word::Down) => Some(Way::Down),
            Kind::Word(Word::Compare(Comparator::Gt)) if link == Link::Than && inner.is_none() => Some(Way::Up),
            Kind::Word(Word::Better) => self.better(figure, amount),
            _ => None,
        };
        if let Some(way) = way {
            let compared = match link {
                Link::Ratio | Link::Of | Link::Implied => true,
                // 前年度に比べ120％増; より says from where on.
                Link::Than => self.source.written(0, amount.start).trim_end_matches(' ').ends_with(['べ', 'て', 'し']),
                Link::Over | Link::Bare => false,
            };
            self.at += 1;
            let found = self.directed(figure, amount, way, inner);
            if found && compared && way == Way::Up {
                self.more_than_doubled(figure, amount);
            }
            return found;
        }
        if amount.sign != Sign::None && link != Link::Implied {
            let way = if amount.sign == Sign::Plus { Way::Up } else { Way::Down };
            let comparator = inner.or_else(|| self.comparator());
            if way == Way::Down
                && let Some(by) = comparator
            {
                return self.signed_bound(figure, amount, by);
            }
            return self.directed(figure, amount, way, comparator);
        }
        match link {
            Link::Ratio | Link::Of if amount.is_percent() => self.ratio(figure, link, amount, inner),
            _ => false,
        }
    }

    /// 前年度比120％増: an increase by as much as there was, or, as it is often meant, 1.2 times of it.
    fn more_than_doubled(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>) {
        let large = amount.is_percent() && amount.sign == Sign::None && amount.value >= Decimal::from(100);
        let Some(factor) = amount.value.over(100.into()).filter(|_| large && figure.doubt.is_none()) else { return };
        figure.doubt = Some(Doubt::Change(Change::Factor { factor }));
        self.ask(
            Note::new(
                "「100％以上の増」は、増える幅とも、前の値に対する割合（例：120％は1.2倍）とも読めます。",
                "A growth by 100% or more may be by so much, or to so much of what there was (120% as 1.2 times).",
            )
            .at(amount.start, amount.end),
        );
    }

    /// △15％（令和元年度比）, 105％以上（前年度比）: a share with its sign is a change, without one a ratio.
    pub(super) fn counted_from(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>) -> bool {
        let bound = figure.comparator.take();
        match (amount.sign, bound) {
            // 50％（平成25年度比）削減
            (Sign::None, None) if self.change_by(figure, Link::Implied, amount) => true,
            (Sign::None, _) => self.ratio(figure, Link::Ratio, amount, bound),
            (Sign::Plus, _) => self.directed(figure, amount, Way::Up, bound),
            (_, None) => self.directed(figure, amount, Way::Down, None),
            (_, Some(by)) => self.signed_bound(figure, amount, by),
        }
    }

    /// Whether 上回る or 下回る stands here.
    fn exceeds(&mut self) -> Option<Way> {
        // 860件を上回る compares with the amount.
        let written = self.written(self.at);
        match self.peek(0) {
            Kind::Word(Word::Compare(Comparator::Gt)) if written.starts_with("上回") => Some(Way::Up),
            Kind::Word(Word::Compare(Comparator::Lt)) if written.starts_with("下回") => Some(Way::Down),
            _ => None,
        }
    }

    /// ▲3%以上: a cut by at least so much, or a change of no less than minus so much.
    fn signed_bound(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>, by: Comparator) -> bool {
        let strict = matches!(by, Comparator::Gt | Comparator::Lt);
        let (down, up) = if strict { (Comparator::Lt, Comparator::Gt) } else { (Comparator::Lte, Comparator::Gte) };
        figure.doubt = Some(Doubt::Direction(down, up));
        self.ask(
            Note::new(
                "減少幅についての「以上・以下」とも、増減の値そのものについてとも読めます。",
                "The bound may be one on the size of the cut or on the signed change.",
            )
            .at(amount.start, amount.end),
        );
        let Some(change) = self.change_of(amount, amount.signed()) else { return false };
        if matches!(change, Change::Absolute { .. }) {
            figure.unit = amount.unit;
        }
        figure.comparator = Some(down);
        self.changed(figure, change)
    }

    /// 2倍, 1.5倍以上.
    pub(super) fn times(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>) -> bool {
        if amount.unit != Unit::Unsaid || amount.sign != Sign::None || amount.value <= Decimal::ZERO {
            return false;
        }
        let mark = self.mark();
        let _ = self.take(Word::Particle);
        if self.take(Word::Result) && self.take(Word::About) {
            figure.about = true;
            return self.changed(figure, Change::Factor { factor: amount.value });
        }
        self.back(mark);
        let comparator = self.comparator();
        if matches!(self.peek(0), Kind::Word(Word::Up | Word::Down)) {
            let (start, end) = (amount.start, self.ends(self.at));
            self.at += 1;
            self.ask(
                Note::new(
                    "「倍増」は、何倍になることかが二通りに読めます。",
                    "A growth by a multiple can be read in two ways.",
                )
                .at(start, end),
            );
        }
        let rising = amount.value >= Decimal::from(1);
        let implied = if rising { Comparator::Gte } else { Comparator::Lte };
        figure.comparator = figure.comparator.or(comparator).or(Some(implied));
        self.changed(figure, Change::Factor { factor: amount.value })
    }

    /// 前年度比110%以上: a share of the reference, not a change by so much.
    pub(super) fn ratio(
        &mut self,
        figure: &mut Figure<'a>,
        link: Link,
        amount: Amount<'a>,
        comparator: Option<Comparator>,
    ) -> bool {
        let Some(factor) = amount.value.over(100.into()).filter(|factor| *factor > Decimal::ZERO) else { return false };
        figure.comparator = figure.comparator.or(comparator).or_else(|| self.comparator());
        if self.take(Word::About) {
            figure.about = true;
        }
        // 前年度比100％を維持
        if figure.comparator.is_none() && self.take(Word::Keep) {
            figure.keep = true;
            self.keep(figure);
        }
        if amount.value < Decimal::from(50) && link == Link::Ratio {
            let percent =
                if figure.comparator == Some(Comparator::Lte) { amount.value.negated() } else { amount.value };
            figure.doubt = Some(Doubt::Change(Change::Relative { percent }));
            self.ask(
                Note::new(
                    "前年度に対する割合とも、増減の幅とも読めます。",
                    "The text may mean a share of last year's result or a change by so much.",
                )
                .at(amount.start, amount.end),
            );
        }
        self.changed(figure, Change::Factor { factor })
    }

    /// 改善: up or down as the polarity has it.
    pub(super) fn better(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>) -> Option<Way> {
        match self.context.polarity {
            Some(Polarity::HigherIsBetter) => Some(Way::Up),
            Some(Polarity::LowerIsBetter) => Some(Way::Down),
            None => {
                let other = self.change_of(amount, amount.value.negated());
                figure.doubt = other.map(|change| Doubt::OtherChange(Comparator::Lte, change));
                self.ask(
                    Note::new(
                        "改善が増と減のどちらかがわかりません。",
                        "Whether better means more or less is not known.",
                    )
                    .at(amount.start, amount.end),
                );
                Some(Way::Up)
            }
        }
    }

    /// A change with its direction: `8%増`, `10%以上減`, `10%減の水準以上`.
    pub(super) fn directed(
        &mut self,
        figure: &mut Figure<'a>,
        amount: Amount<'a>,
        way: Way,
        inner: Option<Comparator>,
    ) -> bool {
        let mark = self.mark();
        let _ = self.take(Word::Particle);
        let level = self.take(Word::Result);
        if !level {
            self.back(mark);
        }
        let outer = self.comparator();
        let by = inner.or(outer).or(figure.comparator);
        let literal = level && (outer.is_some() || figure.comparator.is_some());
        let comparator = if literal {
            outer.or(figure.comparator)
        } else {
            Some(match (way, by) {
                (Way::Up, None) => Comparator::Gte,
                (Way::Down, None) => Comparator::Lte,
                (Way::Up, Some(by)) => by,
                (Way::Down, Some(by)) => mirrored(by),
            })
        };
        if !literal && way == Way::Down && inner.is_none() && matches!(outer, Some(Comparator::Lte | Comparator::Lt)) {
            self.ask(
                Note::new(
                    "「減以下」は、減らす幅の上限とも、減らした後の水準以下とも読めます。",
                    "The bound may be one on the size of the cut or on the level after it.",
                )
                .at(amount.start, amount.end),
            );
        }
        figure.comparator = comparator;
        if self.take(Word::About) {
            figure.about = true;
            if level && !literal {
                figure.comparator = None;
            }
        }
        let signed = match way {
            Way::Up => amount.value,
            Way::Down => amount.value.negated(),
        };
        let Some(change) = self.change_of(amount, signed) else { return false };
        if matches!(&change, Change::Relative { percent } if *percent <= Decimal::from(-100)) {
            // 前年度比 － 110％: a dash rather than a sign.
            self.ask(
                Note::new("100%以上の減少は読み誤りかもしれません。", "A cut by 100% or more may be a misreading.")
                    .at(amount.start, amount.end),
            );
        }
        if let Change::Absolute { .. } = change {
            figure.unit = amount.unit;
            if amount.scaled {
                figure.display = Some(self.source.written(amount.start, amount.end));
            }
        }
        self.changed(figure, change)
    }

    /// The change by an amount: percent of the figure, percentage points, or so many.
    pub(super) fn change_of(&self, amount: Amount<'a>, signed: Decimal) -> Option<Change> {
        Some(match amount.unit {
            Unit::Said("%") => Change::Relative { percent: signed },
            Unit::Said("ポイント") => Change::Points { points: signed },
            _ => Change::Absolute { amount: signed },
        })
    }

    pub(super) fn changed(&mut self, figure: &mut Figure<'a>, change: Change) -> bool {
        let reference = match &figure.core {
            Core::Reference(reference) => reference.clone(),
            _ => Reference::PreviousYear { change: None },
        };
        let _ = self.take(Word::About) && {
            figure.about = true;
            true
        };
        figure.core = Core::Reference(with_change(reference, change));
        true
    }
}

/// The reference with a change to it.
pub(super) fn with_change(reference: Reference, change: Change) -> Reference {
    let change = Some(change);
    match reference {
        Reference::PreviousYear { .. } => Reference::PreviousYear { change },
        Reference::SamePeriodPreviousYear { .. } => Reference::SamePeriodPreviousYear { change },
        Reference::AverageOfYears { years, .. } => Reference::AverageOfYears { years, change },
        Reference::FiscalYear { fiscal_year, .. } => Reference::FiscalYear { fiscal_year, change },
    }
}

/// A bound on the size of a cut as one on the level after it: to cut by at least 10 % is to end at most 10 % below.
pub(super) fn mirrored(by: Comparator) -> Comparator {
    match by {
        Comparator::Gte => Comparator::Lte,
        Comparator::Gt => Comparator::Lt,
        Comparator::Lte => Comparator::Gte,
        Comparator::Lt => Comparator::Gt,
        other => other,
    }
}
