//! Compared with a figure by its name, or with the level that it once had: 昨年度の参加者数（860名）と比べ, 令和元年度の水準まで回復.

use super::super::lex::{Kind, Time, Word};
use super::cursor::Parser;
use super::figure::Figure;
use crate::domain::Polarity;
use crate::domain::criterion::Comparator;

/// What leads from a figure that is compared with to the change.
const LINKS: [&str; 9] =
    ["から", "より", "と比べ", "と比べて", "に比べ", "に比べて", "と比較して", "と比較し", "よりも"];

impl<'a> Parser<'a> {
    /// The fiscal year that ends on a day, where the text calls it that: 令和4年度末.
    pub(super) fn end_of_year(&self, day: chrono::NaiveDate) -> Option<i32> {
        let year = crate::domain::fiscal::Calendar::default().fiscal_year(day);
        (self.written(self.at).ends_with("度末") && Time::FiscalYear(year).last_day(None) == Some(day)).then_some(year)
    }

    /// 令和4年度の入所者数から, 昨年度の参加者数（1,134名）と比べ: the figure that is compared with, by its name. Whether that stands
    /// behind a reference.
    pub(super) fn compares_name(&mut self, at: usize) -> bool {
        if self.written(at) != "の" || self.kind(at + 1) != Kind::Text {
            return false;
        }
        let noun = self.written(at + 1);
        if LINKS.iter().any(|link| noun.strip_suffix(link).is_some_and(super::nouns::is_indicator)) {
            return true;
        }
        let behind = self.close_of(at + 2).map_or(at + 2, |close| close + 1);
        // 昨年度の相談件数（420件）を上回る
        let compared = behind > at + 2 && matches!(self.kind(behind), Kind::Word(Word::Compare(_) | Word::Keep));
        super::nouns::is_indicator(noun)
            && (compared || matches!(self.kind(behind), Kind::Word(Word::Than | Word::Ratio)))
    }

    /// Takes the name of the figure that is compared with, which is that of the figure itself; what leads to the change with it.
    /// Whether it leads to a change, so that the link is taken too.
    pub(super) fn compared_name(&mut self, figure: &mut Figure<'a>) -> bool {
        if figure.subject.is_some() || !self.compares_name(self.at) {
            return false;
        }
        let written = self.written(self.at + 1);
        let linked = LINKS.iter().find_map(|link| written.strip_suffix(link));
        figure.subject = Some(linked.unwrap_or(written).to_owned());
        self.at += 2;
        if linked.is_none() {
            self.brackets(figure);
            if !matches!(self.peek(0), Kind::Word(Word::Than | Word::Ratio)) {
                return false;
            }
            self.at += 1;
        }
        true
    }

    /// `regained = reference ( まで | に | への ) 回復`: back to where it was, and no worse.
    pub(super) fn regained(&mut self, figure: &mut Figure<'a>) -> bool {
        let mark = self.mark();
        let known = figure.subject.clone();
        let to = self.written(self.at) == "まで" && self.take(Word::By)
            || matches!(self.written(self.at), "に" | "へ" | "への" | "の") && self.take(Word::Particle);
        // への, in two words
        let _ = to && self.written(self.at) == "の" && self.take(Word::Particle);
        let back = self.written(self.at).trim_start_matches(['へ', 'の']);
        // の水準まで加入率を回復させる
        let back = match back.split_once('を').filter(|_| to && figure.subject.is_none()) {
            Some((name, verb)) if super::nouns::is_indicator(name) => {
                figure.subject = Some(name.to_owned());
                verb
            }
            _ => back,
        };
        let regained = self.peek(0) == Kind::Text
            && (to || back.len() < self.written(self.at).len())
            && matches!(back, "回復" | "回復する" | "回復させる" | "回復すること" | "引き上げる" | "高める");
        if !regained || figure.comparator.is_some() {
            figure.subject = known;
            self.back(mark);
            return false;
        }
        let lower = self.context.polarity == Some(Polarity::LowerIsBetter);
        self.moved(figure, if lower { Comparator::Lte } else { Comparator::Gte })
    }
}
