//! A clause for one year: 令和8年度：55％以上, 利用率　R8：55％以上.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word, is_western};
use super::cursor::Parser;
use super::figure::{Core, Draft};
use crate::domain::Criterion;
use crate::domain::criterion::{Operand, Reference, Step};

impl Parser<'_> {
    /// A clause for one year: 令和8年度：55%以上. The target's own year says nothing new.
    pub(super) fn dated(&mut self, to: usize) -> Option<Draft> {
        let start = self.at;
        if !self.year_behind(start) || self.session(start, to) == Some(start) {
            return None;
        }
        let mark = self.mark();
        let refers = self.condition().is_some_and(|figure| matches!(figure.core, Core::Reference(_))) && self.at >= to;
        self.back(mark);
        if refers {
            return None;
        }
        self.at = start;
        let (year, from) = self.year_label()?;
        let (start, end) = (self.starts(from.saturating_sub(1)), self.ends(to - 1));
        let mut inner = self.clause(from, from, to)?;
        if self.context.fiscal_year == Some(year) {
            return Some(inner);
        }
        if let Criterion::Milestone { due, .. } = &mut inner.main {
            // 令和9年度に供用開始: of another year than the target's own, so that the year is the due date.
            *due = due.or_else(|| Time::FiscalYear(year).last_day(None));
            return Some(inner);
        }
        // 令和12年度に平成25年度比で46％減: by when so much less than in the year that it is compared with.
        if let Criterion::Threshold {
            operand: Operand::Reference(Reference::FiscalYear { fiscal_year, change: Some(_) }),
            deadline,
            ..
        } = &mut inner.main
            && *fiscal_year < year
            && inner.pair.is_none()
        {
            *deadline = deadline.or_else(|| Time::FiscalYear(year).last_day(None));
            return Some(inner);
        }
        Some(self.of_one_year(inner, year, (start, end)))
    }

    /// `year-label = year [ 末 ] [ : | は | に | には | の目標 ]`, and where the clause behind it begins.
    pub(super) fn year_label(&mut self) -> Option<(i32, usize)> {
        let Kind::Time(Time::FiscalYear(year) | Time::Year(year)) = self.peek(0) else { return None };
        self.at += 1;
        // R9以降：70％以上
        let since = self.written(self.at) == "以降" && self.kind(self.at + 1) == Kind::Colon;
        self.at += usize::from(since);
        let next = self.peek(0);
        if matches!(
            next,
            Kind::Word(
                Word::By | Word::Ratio | Word::Result | Word::Than | Word::Compare(_) | Word::Keep | Word::Vague
            )
        ) {
            return None;
        }
        for _ in 0..3 {
            let _ = self.take_kind(Kind::Colon) || self.take(Word::Particle) || self.take(Word::TargetLabel);
        }
        Some((year, self.at))
    }

    /// 区民の割合　R8：40％以上, 剪定本数（令和8年度）1,200本, 剪定本数：令和8年度　1,200本: the year between the name and the figure, as a label.
    /// Gives where the name ends.
    pub(super) fn year_behind_name(&mut self, from: usize, to: usize) -> (usize, Option<i32>) {
        let (label, marked) = match to.checked_sub(1).map(|last| (last, self.kind(last))) {
            Some((last, Kind::Colon)) => (last.wrapping_sub(1), true),
            Some((last, Kind::Close)) if self.kind(last.wrapping_sub(2)) == Kind::Open => (last.wrapping_sub(1), true),
            Some((last, _)) => (last, false),
            None => return (to, None),
        };
        let end = if self.kind(to - 1) == Kind::Close { label.wrapping_sub(1) } else { label };
        let Kind::Time(Time::FiscalYear(year) | Time::Year(year)) = self.kind(label) else { return (to, None) };
        if end <= from || label >= to || is_western(self.written(end - 1)) && self.kind(end - 1) != Kind::Colon {
            return (to, None);
        }
        // Without a mark behind it, it has to be parted from the name.
        let parted = self.starts(label) > self.ends(label - 1) || self.kind(label - 1) == Kind::Colon;
        let named = self.kind(end - 1) != Kind::Word(Word::Particle);
        if marked || parted && named { (end, Some(year)) } else { (to, None) }
    }

    /// A condition for one year; the target's own says nothing new.
    pub(super) fn of_one_year(&mut self, draft: Draft, year: i32, place: (usize, usize)) -> Draft {
        if self.context.fiscal_year == Some(year) {
            return draft;
        }
        self.ask(
            Note::new(
                format!("{year}年度の目標とみなしました。"),
                format!("Read as the target for fiscal year {year}."),
            )
            .at(place.0, place.1),
        );
        draft.map(|criterion| Criterion::Schedule { steps: vec![Step { fiscal_year: year, criterion }] })
    }
}
