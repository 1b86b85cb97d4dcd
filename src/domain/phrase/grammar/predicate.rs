//! The sentence around a condition that is complete: 70%以上の区民が安全と感じている, 15地域以上で更新, 全校に配置.

use super::super::lex::{Kind, Word};
use super::condition::is_done;
use super::cursor::Parser;
use super::figure::{Core, Figure, Unit};
use super::milestone::{is_action, stem};
use crate::domain::criterion::Comparator;

/// What is done to so many of something.
const VERBS: [&str; 28] = [
    "備蓄", "配布", "植樹", "回収", "提供", "育成", "養成", "採用", "募集", "収集", "点検", "巡回", "訪問", "確保",
    "設置", "整備", "開催", "実施", "発行", "作成", "認定", "登録", "支援", "配置", "活用", "掲載", "更新", "受入",
];

/// Characters that speak of a change or a bound: then the sentence may be a part of the condition.
const CHANGING: [char; 16] =
    ['増', '減', '超', '下', '上', '伸', '短', '縮', '倍', '節', '抑', '割', '最', '未', '以', '比'];

impl<'a> Parser<'a> {
    /// `all wards publish open data`: what each of all of them does.
    pub(super) fn english_deed(&mut self, figure: &mut Figure<'a>, to: usize) -> Option<String> {
        let from = self.at;
        let all = matches!(&figure.core, Core::Universe { unit: Unit::Said(unit), .. } if unit.is_ascii() && unit.ends_with('s'));
        let plain = from < to && to - from <= 6 && (from..to).all(|at| self.kind(at) == Kind::Text);
        if !all || !plain || figure.subject.is_some() {
            return None;
        }
        self.at = to;
        Some(self.span(from, to).to_owned())
    }

    /// Whether a row of tokens is a noun phrase with or without numbers: `1,200 homes`.
    pub(super) fn only_nouns(&mut self, from: usize, to: usize) -> bool {
        to > from + 1
            && to <= from + 6
            && (from..to).all(|at| matches!(self.kind(at), Kind::Number { .. } | Kind::Unit(_) | Kind::Text))
    }

    /// `90% within 5 days`, `95% in 4 hours`: the share of what is done within a time.
    pub(super) fn within_a_time(&mut self, figure: &mut Figure<'a>, to: usize) -> bool {
        let from = self.at;
        let opens = matches!(self.written(from), "within" | "in" | "under" | "inside");
        let times = ["day", "hour", "minute", "week", "month", "second"];
        if !opens || to > from + 5 || !matches!(self.kind(from + 1), Kind::Number { .. }) {
            return false;
        }
        let named = (from + 2..to).all(|at| matches!(self.kind(at), Kind::Text | Kind::Unit(_)));
        let last = self.written(to - 1).to_ascii_lowercase();
        if !named || !times.iter().any(|time| last.trim_end_matches('s') == *time) {
            return false;
        }
        figure.subject = Some(self.span(from, to).to_owned());
        self.at = to;
        true
    }

    /// `65% recycling rate by 2035`, `£1.5m savings`: the noun behind a share or a sum of money.
    pub(super) fn noun_behind(&mut self, figure: &mut Figure<'a>, to: usize) -> bool {
        let Core::Constant(amount) = &figure.core else { return false };
        let measured = matches!(amount.unit, Unit::Said("%" | "£" | "$" | "€"));
        let from = self.at;
        while self.at < to && self.at < from + 4 && self.peek(0) == Kind::Text && self.written(self.at).is_ascii() {
            self.at += 1;
        }
        let limited = self.peek(0) == Kind::Word(Word::By) && matches!(self.peek(1), Kind::Time(_));
        let glued = self.starts(from) == amount.end;
        let named = super::subject::is_english_name(self.span(from, self.at));
        if !measured || glued || !named || self.at == from || !(self.at == to || limited && self.at + 2 == to) {
            self.at = from;
            return false;
        }
        figure.subject = Some(self.span(from, self.at).to_owned());
        if limited {
            self.at += 1;
            self.time_limit(figure);
        }
        true
    }

    /// `predicate = ( の | を | が | で | に ) { text } verb`: says nothing of how many. Gives what is done.
    pub(super) fn predicate(&mut self, figure: &mut Figure<'a>, to: usize) -> Option<String> {
        let from = self.at - usize::from(self.at > 0 && self.kind(self.at - 1) == Kind::Word(Word::Particle));
        let plain = |kind: Kind| matches!(kind, Kind::Text | Kind::Quoted | Kind::Word(Word::Particle | Word::Filler));
        if to - from > 12 || !(from..to).all(|at| plain(self.kind(at))) {
            return None;
        }
        let written = self.span(from, to).trim().trim_end_matches(['。', '．', '.']);
        let mut rest = written.chars();
        let particle = rest.next().unwrap_or(' ');
        let rest = rest.as_str();
        let changes = rest.contains(CHANGING) || rest.is_empty();
        if changes || super::guard::denies(rest, false) {
            return None;
        }
        let verb = stem(rest);
        let acts = is_done(verb) || is_action(verb) || VERBS.iter().any(|word| verb.ends_with(word));
        let bounded = matches!(
            figure.comparator,
            Some(Comparator::Gte | Comparator::Gt | Comparator::Lte | Comparator::Lt | Comparator::Eq)
        );
        let fits = match &figure.core {
            Core::Universe { .. } => acts && matches!(particle, 'で' | 'に' | 'が' | 'を' | 'の'),
            Core::Constant(amount) => {
                let share = amount.is_percent() && bounded && particle == 'の' && says(rest);
                let times = amount.unit == Unit::Said("回") && particle == 'の' && acts && rest.contains('を');
                let of = figure.out_of.is_some() && bounded && matches!(particle, 'で' | 'が' | 'に') && acts;
                let places = bounded && particle == 'で' && acts && is_place(amount.unit);
                let taken = bounded && particle == 'を' && VERBS.contains(&verb);
                share || times || of || places || taken
            }
            _ => false,
        };
        if !fits {
            return None;
        }
        self.at = to;
        let name = if particle == 'の' { rest } else { verb };
        (figure.subject.is_none() && particle != 'を').then(|| name.to_owned())
    }
}

/// Whether a text says something of those whose share is meant: 区民が安全と感じている.
fn says(rest: &str) -> bool {
    let parted = ['が', 'で', 'に', 'は', 'を'].iter().any(|particle| rest.find(*particle).is_some_and(|at| at > 0));
    let ends = rest.ends_with(['る', 'た', 'う', 'す', 'く', 'つ', 'む'])
        || ["回答", "実感", "満足", "認識", "参加", "利用", "評価", "認知", "理解"]
            .iter()
            .any(|word| rest.ends_with(word));
    parted && ends
}

fn is_place(unit: Unit<'_>) -> bool {
    let Unit::Said(unit) = unit else { return false };
    matches!(
        unit,
        "地域"
            | "区"
            | "校"
            | "施設"
            | "箇所"
            | "園"
            | "店"
            | "店舗"
            | "社"
            | "町会"
            | "自治会"
            | "地区"
            | "小学校"
            | "中学校"
            | "団体"
            | "事業所"
            | "学校"
            | "会場"
            | "公園"
            | "保育所"
            | "区役所"
            | "校区"
            | "学区"
    )
}
