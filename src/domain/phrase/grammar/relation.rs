//! Relations: a figure compared with a figure of the past, and the change that is asked for.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Doubt, Figure, Sign, Unit};
use crate::domain::criterion::{Change, Comparator, Reference};
use crate::domain::{Decimal, Polarity};

/// How the text gets from what it refers to to the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// 前年度比.
    Ratio,
    /// 前年度の.
    Of,
    /// 前年度より, 前年度から, 前年度に比べ.
    Than,
    /// 前年度 alone: 前年度以上.
    Bare,
    /// Nothing is referred to: 10%削減.
    Implied,
}

/// A change up, down, or for the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

impl<'a> Parser<'a> {
    /// `relation = reference [ brackets ] [ 比 | の | より … ] [ subject ] ( change | comparator | 維持 | 増加 )`
    pub(super) fn relation(&mut self, figure: &mut Figure<'a>) -> bool {
        let Some(reference) = self.reference() else { return self.english_relation(figure) };
        figure.core = Core::Reference(reference);
        self.brackets(figure);
        let link = match self.peek(0) {
            Kind::Word(Word::Ratio) => Link::Ratio,
            Kind::Word(Word::Than) => Link::Than,
            Kind::Word(Word::Particle) if self.written(self.at) == "の" => Link::Of,
            _ => Link::Bare,
        };
        self.at += usize::from(link != Link::Bare);
        let _ = link == Link::Ratio && (self.take(Word::Particle) || self.take(Word::Than));
        let _ = self.take_kind(Kind::Comma);
        self.between_subject(figure);
        if self.change(figure, link) {
            self.stated_result(figure);
            return true;
        }
        // 前年度(実績)以上, 前年度を上回る
        let mark = self.mark();
        let _ = self.take(Word::Particle);
        match self.peek(0) {
            Kind::Word(Word::Compare(comparator)) if link != Link::Ratio => {
                self.at += 1;
                figure.comparator = figure.comparator.or(Some(comparator));
                let _ = self.take(Word::Particle);
                let _ = self.take(Word::Keep);
                true
            }
            Kind::Word(Word::Keep) if link != Link::Ratio => {
                self.at += 1;
                figure.keep = true;
                self.keep(figure);
                true
            }
            Kind::Word(Word::Up) => self.moved(figure, Comparator::Gt),
            Kind::Word(Word::Down) => self.moved(figure, Comparator::Lt),
            Kind::Word(Word::Better) => match self.context.polarity {
                Some(Polarity::HigherIsBetter) => self.moved(figure, Comparator::Gt),
                Some(Polarity::LowerIsBetter) => self.moved(figure, Comparator::Lt),
                None => {
                    figure.doubt = Some(Doubt::Direction(Comparator::Gt, Comparator::Lt));
                    self.ask(Note::new("改善の向きがわかりません。", "Which direction is better is not known."));
                    self.moved(figure, Comparator::Gt)
                }
            },
            _ if figure.comparator.is_some() || figure.keep || figure.roughly => {
                // at least last year's result
                self.back(mark);
                self.keep_if_asked(figure);
                true
            }
            _ if figure.no_comparator => {
                self.back(mark);
                true
            }
            _ => {
                self.back(mark);
                let label = matches!(self.peek(0), Kind::Word(Word::About));
                self.at += usize::from(label);
                figure.about = label;
                label
            }
        }
    }

    fn keep_if_asked(&mut self, figure: &mut Figure<'a>) {
        if figure.keep {
            self.keep(figure);
        }
    }

    fn moved(&mut self, figure: &mut Figure<'a>, comparator: Comparator) -> bool {
        self.at += 1;
        figure.comparator = Some(comparator);
        true
    }

    /// 前年度より利用者数を10%増: a noun between the reference and the change.
    fn between_subject(&mut self, figure: &mut Figure<'a>) {
        if figure.subject.is_some() || self.peek(0) != Kind::Text {
            return;
        }
        let written = self.written(self.at);
        let noun = written.trim_end_matches(['を', 'は', 'が', 'の', 'も']);
        let parted = noun.len() < written.len() || super::subject::is_indicator(noun);
        if parted && matches!(self.peek(1), Kind::Number { .. } | Kind::Word(_)) && !noun.is_empty() {
            figure.subject = Some(noun.to_owned());
            self.at += 1;
        }
    }

    /// `reference = 前年度 [ 実績 ] | 前年同時期 [ 実績 ] | year [ 実績 ] | 現状 | 過去 n 年 [ の ] 平均`
    pub(super) fn reference(&mut self) -> Option<Reference> {
        let mark = self.mark();
        let place = self.at;
        let _ = self.take(Word::Result);
        let _ = self.take(Word::Particle);
        let found = match self.peek(0) {
            Kind::Word(Word::PreviousYear) => {
                self.at += 1;
                Some(Reference::PreviousYear { change: None })
            }
            Kind::Word(Word::SamePeriod) => {
                self.at += 1;
                Some(Reference::SamePeriodPreviousYear { change: None })
            }
            Kind::Word(Word::Present) => {
                self.at += 1;
                let (start, end) = (self.starts(place), self.ends(place));
                self.ask(
                    Note::new(
                        "「現状」がいつの値かが書かれていないため、前年度の実績とみなしました。",
                        "The text does not say what the present level is; last year's result is assumed.",
                    )
                    .at(start, end),
                );
                Some(Reference::PreviousYear { change: None })
            }
            Kind::Time(time @ (Time::FiscalYear(year) | Time::Year(year))) => {
                self.at += 1;
                let next = match self.close_of(self.at) {
                    Some(close) => self.kind(close + 1),
                    None => self.peek(0),
                };
                let referred =
                    matches!(next, Kind::Word(Word::Result | Word::Ratio | Word::Than | Word::Compare(_) | Word::Keep))
                        || self.at > place + 1
                        || self.source.at(self.starts(place)).is_ascii_alphabetic() && self.end == self.at
                        || self.refers_by_of();
                if referred && matches!(time, Time::Year(_)) {
                    let (start, end) = (self.starts(place), self.ends(place));
                    self.ask(
                        Note::new(
                            "年度ではなく年が書かれていますが、年度とみなしました。",
                            "The text names a calendar year; the fiscal year of that name is assumed.",
                        )
                        .at(start, end),
                    );
                }
                referred.then_some(Reference::FiscalYear { fiscal_year: year, change: None })
            }
            Kind::Word(Word::Past | Word::Particle | Word::Counted(_)) | Kind::Number { .. } => self.average(),
            _ => None,
        };
        if found.is_none() {
            self.back(mark);
            return None;
        }
        for _ in 0..2 {
            let _ = self.take(Word::Result);
        }
        found
    }

    /// Whether の and an amount follow a year: 平成30年度の10%減.
    fn refers_by_of(&mut self) -> bool {
        self.peek(0) == Kind::Word(Word::Particle)
            && self.written(self.at) == "の"
            && matches!(self.peek(1), Kind::Number { .. } | Kind::Word(Word::Half))
    }

    /// `average = [ 過去 ] n 年 [ 間 ] [ の ] 平均 | "the" n "-year average" | "the average of the past" n "years"`
    fn average(&mut self) -> Option<Reference> {
        let _ = self.take(Word::Particle);
        let before = matches!(self.peek(0), Kind::Word(Word::Counted(crate::domain::criterion::Aggregation::Average)));
        self.at += usize::from(before);
        let _ = before && self.take(Word::Particle);
        let _ = self.take(Word::Past);
        let Kind::Number { value, .. } = self.peek(0) else { return None };
        self.at += 1;
        let _ = self.take_kind(Kind::Minus);
        let years = match self.peek(0) {
            Kind::Unit(Some("年" | "か年" | "年間" | "年度" | "年度間")) => true,
            Kind::Text => matches!(self.written(self.at).to_ascii_lowercase().as_str(), "year" | "years"),
            _ => false,
        };
        if !years {
            return None;
        }
        self.at += 1;
        let _ = self.written(self.at).starts_with('\'') && self.take_kind(Kind::Text);
        let _ = self.take(Word::Result);
        let _ = self.take(Word::Particle);
        if !before && !matches!(self.peek(0), Kind::Word(Word::Counted(crate::domain::criterion::Aggregation::Average)))
        {
            return None;
        }
        self.at += usize::from(!before);
        let years = u32::try_from(value.normalize().mantissa()).ok().filter(|_| value.normalize().scale() == 0)?;
        (1..=20).contains(&years).then_some(Reference::AverageOfYears { years, change: None })
    }

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

    fn change_by(&mut self, figure: &mut Figure<'a>, link: Link, amount: Amount<'a>) -> bool {
        let english_times = self.source.at(self.starts(self.at)).is_ascii_alphabetic();
        if !english_times && self.take(Word::Times) {
            return self.times(figure, amount);
        }
        let inner = self.comparator();
        if self.written(self.at) != "を" {
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
            self.at += 1;
            return self.directed(figure, amount, way, inner);
        }
        if amount.sign != Sign::None && link != Link::Implied {
            let way = if amount.sign == Sign::Plus { Way::Up } else { Way::Down };
            let comparator = inner.or_else(|| self.comparator());
            return self.directed(figure, amount, way, comparator);
        }
        match link {
            Link::Ratio | Link::Of if amount.is_percent() => self.ratio(figure, link, amount, inner),
            _ => false,
        }
    }

    /// 2倍, 1.5倍以上.
    fn times(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>) -> bool {
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
    fn ratio(
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
    fn better(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>) -> Option<Way> {
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
    fn directed(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>, way: Way, inner: Option<Comparator>) -> bool {
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
        if let Change::Absolute { .. } = change {
            figure.unit = amount.unit;
            if amount.scaled {
                figure.display = Some(self.source.written(amount.start, amount.end));
            }
        }
        self.changed(figure, change)
    }

    /// The change by an amount: percent of the figure, percentage points, or so many.
    fn change_of(&self, amount: Amount<'a>, signed: Decimal) -> Option<Change> {
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

    /// The result that a relation comes to, where the text states it: 10%減の4件以下.
    pub(super) fn stated_result(&mut self, figure: &mut Figure<'a>) {
        let mark = self.mark();
        let joined = self.take(Word::Particle) || self.take_kind(Kind::Comma) || self.take(Word::Exactly);
        if !joined {
            return;
        }
        let amount = self.amount().filter(|amount| !amount.is_percent() || matches!(figure.unit, Unit::Unsaid));
        let Some(amount) = amount else { return self.back(mark) };
        let comparator = self.comparator();
        if matches!(self.peek(0), Kind::End | Kind::Word(Word::Filler | Word::Particle) | Kind::Open) {
            figure.result = Some((amount, comparator));
        } else {
            self.back(mark);
        }
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
fn mirrored(by: Comparator) -> Comparator {
    match by {
        Comparator::Gte => Comparator::Lte,
        Comparator::Gt => Comparator::Lt,
        Comparator::Lte => Comparator::Gte,
        Comparator::Lt => Comparator::Gt,
        other => other,
    }
}
