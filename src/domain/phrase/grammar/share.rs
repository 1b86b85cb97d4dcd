//! What a figure may be that is not the figure itself: a share of a base, a rank, a year, a side of a ratio. Then a person is asked.

use super::super::answer::Note;
use super::super::lex::{Kind, Word, is_rank, is_western};
use super::cursor::Parser;
use super::figure::{Core, Doubt, Figure, Unit};
use crate::domain::Decimal;
use crate::domain::criterion::Comparator;

/// What a share may be one of that is a figure itself, so that it says how much of it, not how many of them.
const BASES: &[&str] = &[
    "目標",
    "目標値",
    "目標数",
    "目標額",
    "目標量",
    "計画",
    "計画値",
    "計画数",
    "計画額",
    "計画量",
    "予算",
    "予算額",
    "予算現額",
    "定数",
    "基準",
    "基準値",
    "基準額",
    "基準年",
    "基準年度",
    "当初",
    "当初値",
    "前回",
    "平均",
    "平均値",
    "現状",
    "現在",
    "現行",
    "従前",
    "開始時",
    "策定時",
    "見込み",
    "見込",
    "見込量",
    "見込額",
    "想定",
    "上限",
    "最大",
    "ピーク",
    "ピーク時",
    "過去最高",
    "標準",
    "推計値",
    "実績",
    "実績値",
];

/// What makes a number of things one that is aimed at rather than one that there is.
const AIMED: &[&str] = &["目標", "予定", "必要", "計画", "見込", "想定", "最大"];

/// Capacities: a share of one is an absolute percentage where the indicator counts in percent, as occupancy does.
const CAPACITIES: &[&str] = &["定員", "収容人数", "席数", "定数", "枠", "容量"];

/// The same, in English.
const ENGLISH_BASES: &[&str] = &[
    "levels",
    "figure",
    "figures",
    "value",
    "target",
    "plan",
    "budget",
    "capacity",
    "quota",
    "forecast",
    "baseline",
    "benchmark",
    "average",
    "peak",
    "standard",
    "allocation",
    "projection",
    "estimate",
    "norm",
    "level",
    "goal",
    "planned",
];

const RANKINGS: &[&str] =
    &["rank", "ranking", "ranked", "place", "position", "grade", "順位", "ランキング", "ランク", "等級"];

impl<'a> Parser<'a> {
    /// Asks about a share of what is a figure itself: 目標値の90%, 定員の80%, `80% of target`.
    pub(super) fn share_of_base(&mut self, figure: &Figure<'a>, from: usize, at: usize) {
        let Core::Constant(amount) = &figure.core else { return };
        if !amount.is_percent() {
            return;
        }
        // 目標件数の80%: the label is a part of the name.
        let joined = from > 0
            && self.tokens.get(from - 1).is_some_and(|token| token.kind == Kind::Word(Word::TargetLabel))
            && self.ends(from - 1) == self.starts(from);
        let from = from - usize::from(joined);
        // ピーク時の70%: the base may have been taken for a modifier.
        let written = self.source.written(self.starts(from), amount.start).trim();
        // 80% of target; of a long name only the beginning says what the share is one of.
        let english = figure.subject.as_deref().is_some_and(|subject| {
            let words = subject.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
            let count = if words.clone().take(7).count() == 7 { 3 } else { 6 };
            is_western(subject)
                && words.take(count).any(|word| ENGLISH_BASES.iter().any(|base| base.eq_ignore_ascii_case(word)))
        });
        let base = written.strip_suffix('の').is_some_and(|noun| {
            let noun = noun.split(['（', '(']).next().unwrap_or(noun).trim();
            let aimed = AIMED.iter().any(|word| noun.contains(word)) && noun.ends_with(['数', '量', '額', '値']);
            let measured =
                ["量", "額", "規模", "収入", "支出", "残高", "税収", "所得", "費", "価格", "コスト", "時間", "面積"]
                    .iter()
                    .any(|word| noun.ends_with(word));
            let capacity = self.own_unit() != Some("%") && CAPACITIES.iter().any(|word| noun.ends_with(word));
            // 受講者数が人口の1％
            let another = noun
                .rsplit_once('が')
                .is_some_and(|(name, of)| super::nouns::is_indicator(name) && !matches!(of, "" | "全体"));
            aimed
                || another
                || measured
                || capacity
                || BASES.iter().any(|word| noun.ends_with(word))
                || noun.ends_with("年度")
                || noun.ends_with('年')
        });
        if base || english {
            let (start, end) = (self.starts(from), self.ends(at.max(from + 1) - 1));
            self.ask(
                Note::new(
                    "ほかの値に対する割合のようです。割合そのものの目標でないかを確かめてください。",
                    "The percentage seems to be one of another figure rather than the figure itself.",
                )
                .at(start, end),
            );
        }
    }

    /// Asks about a bare number that may be a year or a side of a ratio: `by summer 2025`, 3:1.
    pub(super) fn may_be_a_year(&mut self, figure: &Figure<'a>, at: usize) {
        let Core::Constant(amount) = &figure.core else { return };
        if figure.out_of.is_some_and(|whole| whole.value < amount.value) {
            self.ask(
                Note::new("目標が、全体の数より多くなっています。", "The target is more than there are in all.")
                    .at(amount.start, amount.end),
            );
        }
        let written = self.source.written(amount.start, amount.end);
        let digits = || written.chars().count() == 4 && written.chars().all(char::is_numeric);
        let recent = amount.value >= Decimal::from(1990) && amount.value <= Decimal::from(2100);
        // 3:1, 1:10
        let ratio = at > 1
            && self.tokens.get(at - 1).is_some_and(|token| token.kind == Kind::Colon)
            && (self.starts(at) == self.ends(at - 1) || at == 2 && amount.value == Decimal::from(1))
            && matches!(self.tokens.get(at - 2).map(|token| token.kind), Some(Kind::Number { .. }))
            // 小6：85％
            && !(amount.is_percent() && at > 2 && matches!(self.kind(at - 3), Kind::Text | Kind::Word(Word::OutOf)));
        if ratio {
            self.ask(Note::new("比のようです。", "The text seems to give a ratio.").at(amount.start, amount.end));
        }
        if recent && digits() && amount.unit == Unit::Unsaid && self.own_unit().is_none() {
            self.ask(
                Note::new("数が年を指しているかもしれません。", "The number may be a year.")
                    .at(amount.start, amount.end),
            );
        }
    }

    /// Asks which way a rank counts: 10位以上 may be the tenth or better, or a number of ten or more. 10位以内 is the former.
    pub(super) fn ranked(&mut self, figure: &mut Figure<'a>, name: &str, from: usize, to: usize) {
        let unit = match &figure.core {
            Core::Constant(amount) => amount.unit,
            Core::Reference(_) => Unit::Unsaid,
            _ => return,
        };
        let own = self.own_unit();
        let name = name.trim_end_matches(['の', 'が', 'を']);
        let end = |length: usize| name.len().checked_sub(length).and_then(|from| name.get(from..));
        let ranks = matches!(unit, Unit::Said(unit) if is_rank(unit))
            || unit == Unit::Unsaid && own.is_some_and(is_rank)
            || RANKINGS.iter().any(|word| end(word.len()).is_some_and(|end| end.eq_ignore_ascii_case(word)));
        if !ranks || figure.doubt.is_some() {
            return;
        }
        let unambiguous = |rules: &Self, at: usize| {
            matches!(rules.written(at), "以内" | "within" | "Within")
                || rules.tokens.get(at).is_some_and(|token| token.kind == Kind::Quoted)
        };
        if (from.saturating_sub(1)..to).any(|at| unambiguous(self, at)) {
            return;
        }
        let strict = matches!(figure.comparator, Some(Comparator::Gt | Comparator::Lt));
        let (better, more) = if strict { (Comparator::Lt, Comparator::Gt) } else { (Comparator::Lte, Comparator::Gte) };
        figure.doubt = Some(Doubt::Direction(better, more));
        figure.comparator = Some(better);
        let (start, end) = (self.starts(from), self.ends(to.max(from + 1) - 1));
        self.ask(
            Note::new(
                "順位や等級は小さい数ほど上位のことが多く、「以上」がどちらの向きかを確かめてください。",
                "Of a rank the smaller number is mostly the better one; which direction is meant has to be checked.",
            )
            .at(start, end),
        );
    }
}
