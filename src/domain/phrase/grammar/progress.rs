//! From where to where, each with its year or its label: R5実績 62.3% → R6目標 65%以上, 62.3%（R5）→ 65%（R6）.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::bounds::share_unit;
use super::cursor::Parser;
use super::figure::{Amount, Core, Draft, Figure, Sign};
use crate::domain::Polarity;
use crate::domain::criterion::Comparator;

/// An amount between an arrow and the end of its side, with what labels it.
pub(super) struct Side<'a> {
    pub(super) amount: Amount<'a>,
    pub(super) comparator: Option<Comparator>,
    pub(super) time: Option<Time>,
    pub(super) labelled: bool,
    /// Labelled as the target, so that its year is the target's.
    aimed: bool,
}

impl<'a> Parser<'a> {
    /// 現状60％から10ポイント増, 前年度の120件より2割減: the figure behind the reference is the one that it had.
    pub(super) fn stated_from(&mut self, figure: &mut Figure<'a>) {
        // 120件以下（H30の150件から20％減）: what a bracket tells of another figure explains it.
        if self.depth > 0 {
            return;
        }
        let mark = self.mark();
        let _ = self.written(self.at) == "の" && self.take(Word::Particle);
        let amount = if figure.stated.is_none() { self.amount() } else { None };
        match amount.filter(|amount| amount.sign == Sign::None) {
            Some(amount) if self.peek(0) == Kind::Word(Word::Than) => figure.stated = Some(amount),
            _ => self.back(mark),
        }
    }

    /// `result-behind = [ 、 ] ( 実績 | 現状 ) [ : ] amount`, behind a condition that is labelled as the target: 目標：50件　実績：48件.
    ///
    /// What was reached may be this year's or the last one's; either way it is none of the target.
    pub(super) fn reached_behind(&mut self, figure: &mut Figure<'a>) -> bool {
        if figure.stated.is_some() || !matches!(figure.core, Core::Constant(_)) {
            return false;
        }
        let aims = self.tokens.iter().take(self.at).any(|token| matches!(token.kind, Kind::Word(Word::TargetLabel)));
        if !aims {
            return false;
        }
        let mark = self.mark();
        let _ = self.take_kind(Kind::Comma) || self.take_kind(Kind::Slash);
        self.at += usize::from(self.year_behind(self.at));
        let reached = self.result_label(self.at);
        self.at += 1;
        for _ in 0..2 {
            let _ = self.take_kind(Kind::Colon) || self.take(Word::Particle) || self.take(Word::Result);
        }
        match if reached { self.amount() } else { None } {
            Some(amount) if self.peek(0) == Kind::End => {
                figure.stated = Some(amount);
                true
            }
            _ => {
                self.back(mark);
                false
            }
        }
    }

    /// Whether a word stands here that labels a figure as one that was reached.
    pub(super) fn result_label(&mut self, at: usize) -> bool {
        matches!(self.kind(at), Kind::Word(Word::Result | Word::Present))
            && matches!(self.written(at), "実績" | "実績値" | "現状" | "現状値" | "現在値" | "結果")
            || self.kind(at) == Kind::Text && matches!(self.written(at), "実績" | "実績値" | "現況" | "結果" | "現在")
    }

    /// `from-to = [ subject ] side → side`, where at least one label stands on either side.
    pub(super) fn where_to(&mut self, from: usize, to: usize) -> Option<Draft> {
        let mut arrows = (from..to).filter(|at| self.kind(*at) == Kind::Arrow);
        let arrow = arrows.next().filter(|_| arrows.next().is_none())?;
        let mark = self.mark();
        let found = self.sides(from, arrow, to);
        if found.is_none() {
            self.back(mark);
        }
        found
    }

    fn sides(&mut self, from: usize, arrow: usize, to: usize) -> Option<Draft> {
        let start = (from..arrow).take(12).find(|at| {
            matches!(self.kind(*at), Kind::Time(_) | Kind::Number { .. } | Kind::Minus | Kind::Triangle)
                || matches!(
                    self.kind(*at),
                    Kind::Word(Word::PreviousYear | Word::Present | Word::OtherFigure | Word::Label(_))
                )
        })?;
        self.at = start;
        let low = self.side(arrow)?;
        self.at = arrow + 1;
        let high = self.side(to)?;
        // Without a label, or with two targets, other rules read it.
        if !low.labelled || !high.labelled || low.comparator.is_some() {
            return None;
        }
        let low_amount = share_unit(low.amount, high.amount)?;
        let rising = high.amount.signed() > low_amount.signed();
        let level = high.amount.signed() == low_amount.signed();
        let along = match high.comparator {
            None => !level,
            Some(Comparator::Gte | Comparator::Gt) => rising || level,
            Some(Comparator::Lte | Comparator::Lt) => !rising,
            Some(_) => false,
        };
        if !along {
            return None;
        }
        let subject = if start > from { self.subject(from, start) } else { None };
        let against = match self.context.polarity {
            Some(Polarity::HigherIsBetter) => !rising && !level,
            Some(Polarity::LowerIsBetter) => rising,
            None => false,
        };
        let note = Note::new(
            "初めの値を現状、後の値を目標とみなしました。",
            "The first figure is taken as the present one, the second as the target.",
        );
        if against {
            self.ask(note)
        } else {
            self.say(note)
        }
        let mut figure = Figure::empty();
        figure.subject = subject;
        figure.stated = Some(low_amount);
        figure.comparator = high.comparator.or(Some(if rising { Comparator::Gte } else { Comparator::Lte }));
        figure.deadline = self.deadline_of_side(&high);
        figure.core = Core::Constant(high.amount);
        self.settle(figure)
    }

    /// By when the target on a side is to be reached; the target's own year says nothing new.
    pub(super) fn deadline_of_side(&self, side: &Side<'a>) -> Option<chrono::NaiveDate> {
        let own = self.context.fiscal_year;
        side.time.and_then(|time| match time {
            Time::FiscalYear(year) | Time::Year(year) if own == Some(year) && side.aimed => None,
            Time::FiscalYear(year) | Time::Year(year) => Time::FiscalYear(year).last_day(None),
            other => other.last_day(own),
        })
    }

    /// `side = { label } amount [ comparator ] [ "(" label ")" ] | label "(" amount [ comparator ] ")"`, all of it up to `end`.
    pub(super) fn side(&mut self, end: usize) -> Option<Side<'a>> {
        let outer = std::mem::replace(&mut self.end, end);
        let found = self.whole_side();
        self.end = outer;
        found
    }

    fn whole_side(&mut self) -> Option<Side<'a>> {
        let from = self.at;
        let (mut time, mut labelled) = (None, false);
        self.labels_of_side(&mut time, &mut labelled);
        let inside = self.inside(|rules| {
            let amount = rules.amount()?;
            Some((amount, rules.comparator()))
        });
        let (amount, comparator) = match inside {
            Some(found) => found,
            None => (self.amount()?, self.comparator()),
        };
        if self.peek(0) == Kind::Open {
            self.inside(|rules| {
                rules.labels_of_side(&mut time, &mut labelled);
                Some(())
            })?;
        }
        let _ = self.take(Word::Filler) || self.take_kind(Kind::Stop);
        (self.at >= self.end && amount.sign != Sign::Plus).then_some(Side {
            amount,
            comparator,
            time,
            labelled,
            aimed: (from..self.at)
                .any(|at| self.kind(at) == Kind::Word(Word::TargetLabel) || self.written(at).starts_with("目標")),
        })
    }

    /// `label = year | 前年度 | 今年度 | 現状 | 基準値 | 実績 | 目標 | の | :`
    fn labels_of_side(&mut self, time: &mut Option<Time>, labelled: &mut bool) {
        for _ in 0..6 {
            match self.peek(0) {
                Kind::Time(found) => *time = Some(found),
                Kind::Word(
                    Word::PreviousYear
                    | Word::Present
                    | Word::OtherFigure
                    | Word::Result
                    | Word::TargetLabel
                    | Word::Label(_),
                ) => {}
                Kind::Word(Word::Particle) | Kind::Colon if *labelled => {}
                Kind::Text
                    if matches!(
                        self.written(self.at),
                        "実績"
                            | "実績値"
                            | "目標"
                            | "目標値"
                            | "中間目標"
                            | "中間目標値"
                            | "最終目標"
                            | "最終目標値"
                            | "長期目標"
                            | "短期目標"
                            | "中間"
                            | "最終"
                            | "今年度"
                            | "本年度"
                            | "当年度"
                            | "現況"
                            | "現況値"
                            | "現在"
                    ) => {}
                // 現状（R5）62.3%
                Kind::Open if *labelled => {
                    if self
                        .inside(|rules| {
                            if let Kind::Time(found) = rules.peek(0) {
                                rules.at += 1;
                                Some(found)
                            } else {
                                None
                            }
                        })
                        .map(|found| *time = Some(found))
                        .is_none()
                    {
                        return;
                    }
                    continue;
                }
                _ => return,
            }
            *labelled = true;
            self.at += 1;
        }
    }
}
