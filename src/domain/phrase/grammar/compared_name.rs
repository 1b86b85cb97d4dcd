//! Compared with a figure by its name, or with the level that it once had: 昨年度の参加者数（860名）と比べ, 令和元年度の水準まで回復.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::cursor::Parser;
use super::figure::{Core, Figure};
use crate::domain::Polarity;
use crate::domain::criterion::{Aggregation, Comparator, Reference};

/// What leads from a figure that is compared with to the change.
const LINKS: [&str; 9] =
    ["から", "より", "と比べ", "と比べて", "に比べ", "に比べて", "と比較して", "と比較し", "よりも"];

/// What bounds a figure that is compared with, written in one with its name.
const BOUNDS: [(&str, Option<Comparator>); 12] = [
    ("を上回る", Some(Comparator::Gt)),
    ("を上回ること", Some(Comparator::Gt)),
    ("を上まわる", Some(Comparator::Gt)),
    ("を超える", Some(Comparator::Gt)),
    ("を超えること", Some(Comparator::Gt)),
    ("を下回る", Some(Comparator::Lt)),
    ("を下回ること", Some(Comparator::Lt)),
    ("を下回らない", Some(Comparator::Gte)),
    ("を上回らない", Some(Comparator::Lte)),
    ("を超えない", Some(Comparator::Lte)),
    ("を維持", None),
    ("を維持する", None),
];

/// 参加者数を上回る: the name and the bound; no bound where the level is kept.
fn bounded(written: &str) -> Option<(&str, Option<Comparator>)> {
    if !written.ends_with(['る', 'と', 'い', '持']) {
        return None;
    }
    BOUNDS.iter().find_map(|(end, bound)| {
        written.strip_suffix(end).filter(|noun| super::nouns::is_indicator(noun)).map(|noun| (noun, *bound))
    })
}

impl<'a> Parser<'a> {
    /// 前年度の参加者数を上回る: behind a reference the name of the figure and its bound. Whether both were taken.
    pub(super) fn bounded_name(&mut self, figure: &mut Figure<'a>) -> bool {
        let at = self.at + usize::from(self.written(self.at) == "の");
        if self.kind(at) != Kind::Text || figure.subject.is_some() || figure.comparator.is_some() {
            return false;
        }
        let written = self.written(at);
        let averaged = matches!(figure.core, Core::Reference(Reference::AverageOfYears { .. }));
        let written = if averaged { written.strip_prefix("平均").unwrap_or(written) } else { written };
        let Some((noun, bound)) = bounded(written) else { return false };
        if written.ends_with("ない") {
            // The denial is read.
            self.told.push((at, at));
        }
        self.at = at + 1;
        figure.subject = Some(noun.to_owned());
        figure.comparator = bound;
        if bound.is_none() {
            figure.keep = true;
            self.keep(figure);
        }
        true
    }

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
        if LINKS.iter().any(|link| noun.strip_suffix(link).is_some_and(super::nouns::is_indicator))
            || bounded(noun).is_some()
        {
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
        if bounded(written).is_some() {
            return false;
        }
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

    /// 過去5年間の平均出火件数から, 過去3年間の出火件数の平均より: the average of years is that of a figure with its name. Whether that stands here.
    pub(super) fn averages_name(&mut self) -> bool {
        self.peek(0) == Kind::Text && {
            let written = self.written(self.at);
            averaged(written, false).is_some()
                || written.strip_prefix("平均").is_some_and(|named| bounded(named).is_some())
        }
    }

    /// Takes the name of the figure whose average is referred to. Whether what leads to the change is taken with it.
    pub(super) fn averaged_name(&mut self, figure: &mut Figure<'a>) -> bool {
        let average = matches!(figure.core, Core::Reference(Reference::AverageOfYears { .. }));
        if !average || figure.subject.is_some() || self.peek(0) != Kind::Text {
            return false;
        }
        // 過去5年間の平均 stands in front of the name already.
        let said = self.at > 0 && matches!(self.kind(self.at - 1), Kind::Word(Word::Counted(Aggregation::Average)));
        let Some((noun, linked)) = averaged(self.written(self.at), said) else { return false };
        let mark = self.mark();
        self.at += 1;
        if !linked {
            self.brackets(figure);
            let next = self.peek(0);
            let goes_on =
                matches!(next, Kind::Word(Word::Compare(_) | Word::Keep | Word::Particle | Word::Than | Word::Ratio));
            if !goes_on {
                self.back(mark);
                return false;
            }
        }
        figure.subject = Some(noun.to_owned());
        linked || self.take(Word::Than) || self.take(Word::Ratio)
    }

    /// 令和2～4年度の平均: the average of the years of a span, which are those before the target's own, or a person is asked.
    pub(super) fn average_of_span(&mut self) -> Option<Reference> {
        let from = self.at;
        let (first, last) = self.span_of_years().filter(|(first, last)| first < last)?;
        let _ = self.take(Word::Particle);
        // の3か年平均
        let _ = self.so_many_years();
        let average = Kind::Word(Word::Counted(Aggregation::Average));
        if self.peek(0) != average && !matches!(self.written(self.at), "平均" | "平均値") {
            return None;
        }
        self.at += 1;
        let years = u32::try_from(last - first + 1).ok().filter(|years| *years <= 20)?;
        if self.context.fiscal_year.is_none_or(|own| own != last + 1) {
            let place = (self.starts(from), self.ends(self.at - 1));
            self.ask(
                Note::new(
                    "書かれた年度の平均を、前年度までの同じ年数の平均とみなしました。",
                    "The average of the years named is taken as that of as many years before the target's own.",
                )
                .at(place.0, place.1),
            );
        }
        Some(Reference::AverageOfYears { years, change: None })
    }

    /// 基準値（42.3％）から, 計画策定時の: a baseline without its year, which may be last year's result.
    pub(super) fn baseline_alone(&mut self) -> bool {
        let base = ["基準", "計画策定", "計画開始", "策定時", "当初"]
            .iter()
            .any(|word| self.written(self.at).starts_with(word));
        let next = self.close_of(self.at + 1).map_or(self.at + 1, |close| close + 1);
        let linked = matches!(self.kind(next), Kind::Word(Word::Ratio | Word::Than))
            || self.written(next) == "の"
                && matches!(self.kind(next + 1), Kind::Number { .. })
                && (next + 2..next + 4)
                    .any(|at| matches!(self.kind(at), Kind::Word(Word::Up | Word::Down | Word::Times)));
        if !base || !linked || self.year_behind(self.at + 2) {
            return false;
        }
        let place = (self.starts(self.at), self.ends(self.at));
        self.at += 1;
        self.ask(
            Note::new(
                "基準の値がいつのものかが書かれていないため、前年度の実績とみなしました。",
                "The text does not say of when the baseline is; last year's result is assumed.",
            )
            .at(place.0, place.1),
        );
        true
    }

    /// 前年度水準を悪化させない, 前年度より低下させない: no worse than it was.
    pub(super) fn not_worse(&mut self, figure: &mut Figure<'a>) -> bool {
        const DENIED: [&str; 8] =
            ["させない", "しない", "させないこと", "しないこと", "させないようにする", "ない", "させず", "せず"];
        const WORSE: [&str; 9] = [
            "悪化",
            "後退",
            "下げない",
            "落とさない",
            "下げないこと",
            "落とさないこと",
            "減らさない",
            "増やさない",
            "上げない",
        ];
        if figure.comparator.is_some() {
            return false;
        }
        let mark = self.mark();
        let _ = self.take(Word::Particle);
        let written = self.written(self.at);
        let found = match self.peek(0) {
            Kind::Word(word @ (Word::Up | Word::Down)) if DENIED.contains(&self.written(self.at + 1)) => {
                self.at += 2;
                Some(if word == Word::Up { Comparator::Lte } else { Comparator::Gte })
            }
            Kind::Text if WORSE.iter().any(|word| written.starts_with(word)) => {
                let rest = written.strip_prefix("悪化").or_else(|| written.strip_prefix("後退"));
                let denied = rest.is_none_or(|rest| {
                    DENIED.contains(&rest) || rest == "させ" && self.kind(self.at + 1) == Kind::Word(Word::Denial)
                });
                self.at += 1 + usize::from(rest == Some("させ"));
                match written {
                    "減らさない" | "下げない" | "下げないこと" | "落とさない" | "落とさないこと" => {
                        Some(Comparator::Gte)
                    }
                    "増やさない" | "上げない" => Some(Comparator::Lte),
                    _ if denied => {
                        figure.keep = true;
                        self.keep(figure);
                        self.denied_away = true;
                        return true;
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        match found {
            Some(comparator) => {
                figure.comparator = Some(comparator);
                self.denied_away = true;
                true
            }
            None => {
                self.back(mark);
                false
            }
        }
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
            && (matches!(back, "回復" | "回復する" | "回復させる" | "回復すること" | "引き上げる" | "高める")
                // 前年度の水準に戻す: up or down.
                || back == "戻す" && self.context.polarity.is_some());
        if !regained || figure.comparator.is_some() {
            figure.subject = known;
            self.back(mark);
            return false;
        }
        let lower = self.context.polarity == Some(Polarity::LowerIsBetter);
        self.moved(figure, if lower { Comparator::Lte } else { Comparator::Gte })
    }
}

/// 平均出火件数から, 出火件数の平均より: the name, and whether a link stands behind it. `said` is whether the text has said 平均 already.
fn averaged(written: &str, said: bool) -> Option<(&str, bool)> {
    let linked = LINKS.iter().find_map(|link| written.strip_suffix(link));
    let bare = linked.unwrap_or(written);
    let noun = bare
        .strip_prefix("平均")
        .or_else(|| bare.strip_suffix("の平均"))
        .or_else(|| bare.strip_suffix("の平均値"))
        .or(said.then_some(bare))?;
    super::nouns::is_indicator(noun).then_some((noun, linked.is_some()))
}
