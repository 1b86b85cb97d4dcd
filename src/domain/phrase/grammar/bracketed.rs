//! What a bracket says of the figure in front of it: how it is counted, over what time, what it was, a label.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::bracket::Inside;
use super::cursor::Parser;
use super::figure::{Sign, Unit};
use crate::domain::criterion::{Aggregation, CriterionPeriod, Quantity};

impl<'a> Parser<'a> {
    /// `over-another-time = ( 年 | 月 ) amount [ comparator ]`
    pub(super) fn over_another_time(&mut self) -> Option<Inside<'a>> {
        let Kind::Word(Word::Period(period)) = self.peek(0) else { return None };
        self.at += 1;
        let amount = self.amount()?;
        Some(Inside::Over(period, amount, self.comparator()))
    }

    /// `how-counted = 延べ | 累計 | 月平均 | 5点満点 | 12校中 | 千人当たり | deadline`
    pub(super) fn how_counted(&mut self) -> Option<Inside<'a>> {
        if let Some(whole) = self.years_together() {
            return Some(whole);
        }
        if let Some(time) = self.limit_in_brackets() {
            return Some(Inside::Time(time));
        }
        // 人口千人当たり
        let _ = self.take(Word::Filler);
        // (as of 1 April 2026), (as at 31 March 2026)
        let dated = self.written(self.at).eq_ignore_ascii_case("as")
            && matches!(self.written(self.at + 1), "of" | "at")
            && matches!(self.peek(2), Kind::Time(_));
        self.at += if dated { 2 } else { 0 };
        match self.peek(0) {
            Kind::Word(Word::Counted(aggregation)) => {
                self.at += 1;
                Some(Inside::Counted(aggregation))
            }
            Kind::Word(Word::Period(period)) => {
                self.at += 1;
                Some(Inside::Period(period))
            }
            Kind::Text if matches!(self.written(self.at), "平均" | "平均値") => {
                self.at += 1;
                Some(Inside::Counted(Aggregation::Average))
            }
            Kind::Text => {
                let period = match self.written(self.at) {
                    "年間" | "年" | "年度" | "毎年" | "毎年度" | "各年度" => CriterionPeriod::Year,
                    "月間" | "月" | "毎月" | "各月" => CriterionPeriod::Month,
                    _ => return None,
                };
                self.at += 1;
                Some(Inside::Period(period))
            }
            Kind::Time(time) => {
                self.at += 1;
                // （令和8年中）
                let by = self.take(Word::By) || self.take(Word::TargetLabel) || {
                    let within = self.written(self.at) == "中" && self.at + 1 == self.end;
                    self.at += usize::from(within);
                    within
                };
                // 50%削減（2030年度）: a year that is still to come.
                let last = time.last_day(self.context.fiscal_year);
                let begun = self.context.fiscal_year.is_some_and(|year| {
                    last.is_some_and(|day| crate::domain::fiscal::Calendar::default().fiscal_year(day) < year)
                });
                let year = matches!(time, Time::FiscalYear(_) | Time::Year(_));
                // （令和8年度）says the year in full; （R8）may be that of the figure.
                let full = self.written(self.at - 1).ends_with(['年', '度']);
                match (by || !year || full && !begun, begun) {
                    (true, _) => Some(Inside::Time(time)),
                    (false, false) => Some(Inside::Year(time)),
                    (false, true) => None,
                }
            }
            Kind::Word(Word::OutOf) if self.written(self.at).eq_ignore_ascii_case("out of") => {
                self.at += 1;
                self.amount().map(Inside::OutOf)
            }
            Kind::Number { .. } | Kind::Word(Word::AllOf) => {
                let _ = self.take(Word::AllOf);
                let amount = self.amount()?;
                if self.take(Word::FullMarks) || self.take(Word::Scale) || self.take(Word::OutOf) {
                    return Some(Inside::OutOf(amount));
                }
                let unit = self.counted_per(&amount)?;
                self.take(Word::Per).then(|| Inside::Per(Quantity { value: amount.value, unit: unit.to_owned() }))
            }
            _ => None,
        }
    }

    /// `stated-reference = ( 前年度 | 令和2年度 | 現状値 | 基準値 ) [ 実績 ] [ : ] amount`
    pub(super) fn stated(&mut self) -> Option<Inside<'a>> {
        // （過去5年平均12件）
        let mark = self.mark();
        if matches!(self.peek(0), Kind::Word(Word::Past)) && self.reference().is_some() {
            let _ = self.take_kind(Kind::Colon) || self.take(Word::Particle);
            return self.amount().filter(|_| self.at >= self.end).map(Inside::Stated);
        }
        self.back(mark);
        // (up from 55%)
        if matches!(self.peek(0), Kind::Word(Word::Up | Word::Down)) && self.written(self.at + 1) == "from" {
            self.at += 2;
            let amount = self.amount()?;
            return Some(self.in_that_year().map_or(Inside::Stated(amount), |time| Inside::StatedOf(time, amount)));
        }
        // (46.8% in 2023/24)
        if self.source.latin()
            && let Some(amount) = self.amount()
            && let Some(time) = self.in_that_year()
        {
            return Some(Inside::StatedOf(time, amount));
        }
        self.back(mark);
        let (mut named, mut elsewhere) = (false, false);
        let from = self.at;
        let (mut year, mut other) = (None, false);
        for _ in 0..4 {
            let written = self.written(self.at);
            elsewhere |= self.peek(0) == Kind::Word(Word::OtherFigure)
                && (written.ends_with("平均") || written.to_ascii_lowercase().ends_with("average"));
            match self.peek(0) {
                Kind::Time(time) if year.is_none() => (year, named) = (Some(time), true),
                Kind::Word(Word::PreviousYear | Word::SamePeriod) => (other, named) = (true, true),
                Kind::Time(_) | Kind::Word(Word::Present | Word::Result | Word::OtherFigure) => named = true,
                Kind::Word(Word::Particle) | Kind::Colon => {}
                // 令和7年度末時点55％
                Kind::Word(Word::By) if named && self.written(self.at).starts_with(['時', '現']) => {}
                // （R6平均42日）
                Kind::Word(Word::Counted(Aggregation::Average)) if named => {}
                Kind::Text => {
                    let word = self.written(self.at);
                    if !matches!(word, "現況" | "実績" | "実績値" | "現状" | "値は" | "現在" | "参考" | "決算" | "昨")
                    {
                        return None;
                    }
                    named = true;
                }
                _ => break,
            }
            self.at += 1;
        }
        // 前年度実績（860件）
        let inner = if named { self.inside(|rules| rules.amount()) } else { None };
        let amount = inner.or_else(|| self.amount()).filter(|_| named)?;
        // （前年度＋100人）: a change, and no figure of last year's.
        let money = matches!(amount.unit, Unit::Said(unit) if crate::domain::criterion::yen(unit).is_some());
        if amount.sign == Sign::Plus || amount.sign != Sign::None && !money && other {
            return None;
        }
        let _ = self.year_in_brackets();
        let later = matches!((self.kind(from), self.context.fiscal_year), (Kind::Time(time), Some(year))
            if time.last_day(None).is_some_and(|day| Time::FiscalYear(year).last_day(None).is_some_and(|own| day > own)));
        if later {
            // （R9：65％）: behind a target for an earlier year, another target.
            return None;
        }
        // （全国平均55.2％）is not what the target is compared with.
        if elsewhere {
            self.say(
                Note::new(
                    "かっこ内の平均は、目標の条件ではない参考の値とみなしました。",
                    "The average in brackets is taken as a remark, not as a part of the condition.",
                )
                .at(amount.start, amount.end),
            );
        }
        Some(match year {
            _ if elsewhere => Inside::Elsewhere,
            Some(year) if !other => Inside::StatedOf(year, amount),
            _ => Inside::Stated(amount),
        })
    }

    /// `in 2024/25` at the end of a bracket: a year that is not a later one than the target's.
    fn in_that_year(&mut self) -> Option<Time> {
        let mark = self.mark();
        let own = self.context.fiscal_year.map(|year| Time::FiscalYear(year).last_day(None));
        if self.take(Word::Of)
            && let Kind::Time(time @ (Time::FiscalYear(_) | Time::Year(_))) = self.peek(0)
            && self.peek(1) == Kind::End
            && own.is_none_or(|own| time.last_day(None) < own)
        {
            self.at += 1;
            return Some(time);
        }
        self.back(mark);
        None
    }

    pub(super) fn amount_alone(&mut self) -> Option<Inside<'a>> {
        let amount = self.amount()?;
        let comparator = self.comparator();
        Some(Inside::Amount(amount, comparator))
    }

    /// `labels = label [ value ] { "、" label [ value ] }`: 期限：2022年3月31日、単位：件
    pub(super) fn labels(&mut self) -> Option<Inside<'a>> {
        let mut found = Vec::new();
        loop {
            let Kind::Word(Word::Label(label)) = self.peek(0) else { return None };
            self.at += 1;
            let from = self.at;
            for _ in 0..8 {
                if matches!(self.peek(0), Kind::End | Kind::Comma | Kind::Stop) {
                    break;
                }
                self.at += 1;
            }
            found.push((label, from, self.at));
            if found.len() > 12 {
                return None;
            }
            if !self.take_kind(Kind::Comma) && !self.take_kind(Kind::Stop) {
                return Some(Inside::Labels(found));
            }
        }
    }
}
