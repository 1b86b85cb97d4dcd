//! Relations: a figure compared with a figure of the past, and the change that is asked for.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Doubt, Figure, Unit};
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
    /// 前年度を: 前年度を10％上回る.
    Over,
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
        let stated = figure.stated;
        let found = self.related(figure);
        if !found {
            figure.stated = stated;
        }
        found
    }

    fn related(&mut self, figure: &mut Figure<'a>) -> bool {
        let Some(reference) = self.baseline_with_year(figure).or_else(|| self.reference()) else {
            return self.source.latin() && self.english_relation(figure);
        };
        figure.core = Core::Reference(reference);
        figure.based = true;
        self.owned_noun(figure);
        self.figure_owned(figure);
        self.brackets(figure);
        self.stated_from(figure);
        if let Some(found) = self.exceeded_by(figure) {
            return found;
        }
        if self.bounded_name(figure) {
            return true;
        }
        let named = self.compared_name(figure) || self.averaged_name(figure);
        let link = match self.peek(0) {
            _ if named => Link::Than,
            Kind::Word(Word::Ratio) => Link::Ratio,
            Kind::Word(Word::Than) => Link::Than,
            Kind::Word(Word::Particle) if self.written(self.at) == "の" => Link::Of,
            Kind::Word(Word::Particle) if self.written(self.at) == "を" => Link::Over,
            _ => Link::Bare,
        };
        self.at += usize::from(link != Link::Bare && !named);
        // 対前年度103％
        let against = matches!(self.peek(0), Kind::Number { .. }) && self.written(self.at - 1).starts_with('対');
        let link = if link == Link::Bare && against { Link::Ratio } else { link };
        let _ = link == Link::Ratio && (self.take(Word::Particle) || self.take(Word::Than));
        if self.take(Word::Growth) {
            return self.growth(figure);
        }
        // 前年度比：105％: what parts the two is no end of a subject.
        let _ = self.take_kind(Kind::Comma) || link == Link::Ratio && self.take_kind(Kind::Colon);
        self.between_subject(figure);
        if self.change(figure, link) {
            self.stated_result(figure);
            return true;
        }
        if self.regained(figure) || link != Link::Ratio && self.not_worse(figure) {
            return true;
        }
        // 前年度(実績)以上, 前年度を上回る
        let mark = self.mark();
        let _ = self.take(Word::Particle);
        match self.peek(0) {
            Kind::Word(Word::Compare(comparator)) if link != Link::Ratio => {
                self.at += 1;
                let comparator = self.denied_behind(comparator);
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

    /// `growth = 増減率 [ は | : ] [ sign ] amount [ comparator ]`: 対前年度伸び率：3％以上.
    fn growth(&mut self, figure: &mut Figure<'a>) -> bool {
        let _ = self.take_kind(Kind::Colon) || self.take(Word::Particle);
        let Some(amount) = self.amount().filter(Amount::is_percent) else { return false };
        let comparator = self.comparator();
        let within = self.written(self.at.saturating_sub(1)) == "以内";
        let signed = amount.signed();
        if comparator.is_some() && (within || signed < Decimal::ZERO) {
            // 3%以内, ▲3%以上: on either side, or on the size of the cut.
            self.ask(
                Note::new(
                    "増減率についての「以上・以下・以内」は、幅についてとも値についてとも読めます。",
                    "The bound may be one on the size of the change or on the signed change.",
                )
                .at(amount.start, amount.end),
            );
        }
        let implied = if signed < Decimal::ZERO { Comparator::Lte } else { Comparator::Gte };
        figure.comparator = figure.comparator.or(comparator).or(Some(implied));
        self.changed(figure, Change::Relative { percent: signed })
    }

    /// 毎年度、前年度を上回る: every year compares with the one before it anyway.
    pub(super) fn every_last_year(&mut self, at: usize) -> bool {
        let next = at + 1 + usize::from(self.kind(at + 1) == Kind::Comma);
        matches!(self.written(at), "毎年度" | "毎年") && self.kind(next) == Kind::Word(Word::PreviousYear)
    }

    fn keep_if_asked(&mut self, figure: &mut Figure<'a>) {
        if figure.keep {
            self.keep(figure);
        }
    }

    pub(super) fn moved(&mut self, figure: &mut Figure<'a>, comparator: Comparator) -> bool {
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
        let parted = (noun.len() < written.len() || super::nouns::is_indicator(noun)) && !noun.starts_with('同');
        if parted && matches!(self.peek(1), Kind::Number { .. } | Kind::Word(_)) && !noun.is_empty() {
            figure.subject = Some(noun.to_owned());
            self.at += 1;
        }
        // 昨年度参加者数（240人）を上回る
        let behind = self.close_of(self.at + 1).map(|close| close + 1 + usize::from(self.written(close + 1) == "を"));
        if parted
            && noun.len() == written.len()
            && behind.is_some_and(|behind| matches!(self.kind(behind), Kind::Word(Word::Compare(_) | Word::Keep)))
        {
            figure.subject = Some(noun.to_owned());
            self.at += 1;
            self.brackets(figure);
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
            Kind::Word(Word::OtherFigure)
                if matches!(self.written(self.at), "前々年度" | "一昨年度")
                    && let Some(own) = self.context.fiscal_year =>
            {
                self.at += 1;
                Some(Reference::FiscalYear { fiscal_year: own - 2, change: None })
            }
            // 令和4年度末時点の
            Kind::Time(Time::Day(day)) if let Some(year) = self.end_of_year(day) => {
                self.at += 1;
                let _ = self.take(Word::By);
                let next = self.peek(0);
                let named = self.written(self.at) == "の" && matches!(self.peek(1), Kind::Text);
                let linked = matches!(next, Kind::Word(Word::Result | Word::Ratio | Word::Than));
                (linked || named).then_some(Reference::FiscalYear { fiscal_year: year, change: None })
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
            Kind::Time(Time::FiscalYear(_) | Time::Year(_)) if self.kind(self.at + 1) == Kind::Tilde => {
                self.average_of_span()
            }
            Kind::Word(Word::OtherFigure) if self.baseline_alone() => Some(Reference::PreviousYear { change: None }),
            Kind::Time(time @ (Time::FiscalYear(year) | Time::Year(year))) => {
                self.at += 1;
                let next = match self.close_of(self.at) {
                    Some(close) => self.kind(close + 1),
                    None => self.peek(0),
                };
                let referred =
                    matches!(next, Kind::Word(Word::Result | Word::Ratio | Word::Than | Word::Compare(_) | Word::Keep))
                        || self.compares_name(self.at)
                        || self.at > place + 1
                        || self.source.at(self.starts(place)).is_ascii_alphabetic() && self.end == self.at
                        || self.refers_by_of()
                        || self.close_of(self.at).is_some_and(|close| {
                            self.written(close + 1) == "の" && matches!(self.kind(close + 2), Kind::Number { .. })
                        });
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
        // 前年度末時点の会員数
        if self.written(self.at) == "時点" && self.compares_name(self.at + 1) {
            self.at += 1;
        }
        self.year_named_again(found.as_ref());
        for _ in 0..2 {
            let _ = self.take(Word::Result);
        }
        // 前年度（実績）
        if self.close_of(self.at) == Some(self.at + 2)
            && matches!(self.written(self.at + 1), "実績" | "実績値" | "決算")
        {
            self.at += 3;
        }
        found
    }

    /// 前年度（R5）実績: the year before the target's own, named again.
    fn year_named_again(&mut self, reference: Option<&Reference>) {
        let Some(Reference::PreviousYear { .. } | Reference::SamePeriodPreviousYear { .. }) = reference else { return };
        let mark = self.mark();
        let own = self.context.fiscal_year;
        let named = self.year_in_brackets();
        let fits = matches!(named, Some(Time::FiscalYear(year)) if own.is_none_or(|own| own == year + 1));
        if !fits {
            self.back(mark);
        }
    }

    /// `baseline = 基準値 "(" year [ : ] amount ")"`: what the bracket says makes of it a year that can be referred to.
    fn baseline_with_year(&mut self, figure: &mut Figure<'a>) -> Option<Reference> {
        let mark = self.mark();
        let base = ["基準", "コロナ", "感染", "震災", "計画策定", "計画開始", "策定時", "事業開始"]
            .iter()
            .any(|word| self.written(self.at).starts_with(word));
        if !base || !self.take(Word::OtherFigure) {
            return None;
        }
        let _ = self.take(Word::Result);
        let found = self.inside(|rules| {
            let Kind::Time(Time::FiscalYear(year) | Time::Year(year)) = rules.peek(0) else { return None };
            rules.at += 1;
            let _ = rules.take(Word::Result);
            let _ = rules.take_kind(Kind::Colon);
            Some((year, rules.amount()))
        });
        let linked = matches!(
            self.written(self.at),
            "の" | "比"
                | "から"
                | "より"
                | "に比べ"
                | "と比べ"
                | "以下"
                | "以上"
                | "を上回る"
                | "の水準"
                | "水準"
                | "を超える"
                | "まで"
                | "に"
        );
        let Some((fiscal_year, amount)) = found.filter(|_| linked && figure.stated.is_none()) else {
            self.back(mark);
            return None;
        };
        figure.stated = amount;
        let _ = self.take(Word::Result);
        Some(Reference::FiscalYear { fiscal_year, change: None })
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
        let _ = matches!(self.written(self.at), "rolling" | "moving") && self.take_kind(Kind::Text);
        let _ = self.take(Word::Particle);
        let named = !before && self.averages_name();
        let average = Kind::Word(Word::Counted(crate::domain::criterion::Aggregation::Average));
        if !before && !named && self.peek(0) != average {
            return None;
        }
        self.at += usize::from(!before && !named);
        let years = u32::try_from(value.normalize().mantissa()).ok().filter(|_| value.normalize().scale() == 0)?;
        (1..=20).contains(&years).then_some(Reference::AverageOfYears { years, change: None })
    }

    /// 10％削減し、47,070t以下: a comma between a change and the amount that it comes to.
    pub(super) fn states_result(&mut self, comma: usize) -> bool {
        comma >= 3 && self.kind(comma) == Kind::Comma && matches!(self.kind(comma + 1), Kind::Number { .. }) && {
            let changes = |kind: Kind| matches!(kind, Kind::Word(Word::Up | Word::Down));
            let auxiliary = matches!(self.written(comma - 1), "し" | "して" | "させ" | "させて");
            let verb = if auxiliary { comma - 2 } else { comma - 1 };
            let goes_on = auxiliary || self.written(verb).ends_with(['し', 'て']);
            goes_on && changes(self.kind(verb)) && matches!(self.kind(verb - 1), Kind::Unit(_) | Kind::Number { .. })
        }
    }

    /// The result that a relation comes to, where the text states it: 10%減の4件以下.
    pub(super) fn stated_result(&mut self, figure: &mut Figure<'a>) {
        let mark = self.mark();
        // 5％減（38件）以下: the bound stands behind the result.
        if self.peek(0) == Kind::Open {
            self.brackets(figure);
            if let Some((amount, None)) = figure.result
                && let Kind::Word(Word::Compare(comparator)) = self.peek(0)
            {
                self.at += 1;
                if figure.comparator != Some(comparator) {
                    let place = (self.starts(self.at - 1), self.ends(self.at - 1));
                    self.ask(
                        Note::new(
                            "増減の向きと「以上・以下」の向きが合いません。",
                            "The bound goes against the direction of the change.",
                        )
                        .at(place.0, place.1),
                    );
                }
                figure.result = Some((amount, Some(comparator)));
            }
            return;
        }
        if self.peek(0) == Kind::Text && self.states_result(self.at + 1) {
            self.at += 1;
        }
        let joined = self.take(Word::Particle)
            || matches!(self.written(self.at), "である" | "となる") && self.take(Word::Filler)
            || self.take_kind(Kind::Comma)
            || self.take(Word::Exactly);
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
