//! Dates that are a part of a name: 令和2年7月豪雨, 令和7年国勢調査, 令和5年度採択事業, 令和8年3月卒業者.
//!
//! A year or a month says by when, or for which year, only where something marks it (末, まで, に, の, a colon, a gap) or where a figure
//! or something to be done stands behind it. Glued to another noun it belongs to that noun, and to lose it would be to lose which one.

use super::dates::Time;
use super::source::Source;
use super::{candidates, is_kanji};
use crate::domain::phrase::grammar::{is_action, is_name_of_a_figure};

/// How far a name is looked at: longer than any.
const LONGEST_NAME: usize = 32;

/// What happens once and is then called by its date, or whoever began together and is.
const EVENTS: &[&str] = &[
    "豪雨",
    "大雨",
    "地震",
    "震災",
    "台風",
    "災害",
    "噴火",
    "大雪",
    "豪雪",
    "国勢調査",
    "経済センサス",
    "農林業センサス",
    "住宅・土地",
    "万博",
    "博覧会",
    "オリンピック",
    "パラリンピック",
    "国体",
    "国民体育大会",
    "国民スポーツ大会",
    "採択",
    "採用者",
    "採用職員",
    "卒業",
    "修了",
    "入学",
    "入所",
    "入園",
    "入庁",
    "新卒",
    "生まれ",
    "出生",
    "生産",
    "産米",
];

/// Whether a time that ends at `end` goes on as a name, so that it is no point in time of its own.
pub(super) fn names(source: &Source<'_>, at: usize, time: Time, end: usize, fiscal_year: Option<i32>) -> bool {
    let last = source.at(end - 1);
    let opens = |c: char| is_kanji(c) || matches!(c, 'ァ'..='ヶ');
    // R5, 令和5, 9月30日, 年度末: a label of a table, or marked.
    if !matches!(last, '年' | '月' | '度') || !opens(source.at(end)) || worded(source, at) {
        return false;
    }
    if continues(source, end) {
        return false;
    }
    let mut behind = end;
    while behind < end + LONGEST_NAME && (opens(source.at(behind)) || matches!(source.at(behind), 'ー' | '・')) {
        behind += 1;
    }
    let run = source.written(end, behind);
    if EVENTS.iter().any(|event| source.has(end, event).is_some() || run.contains(event)) {
        return true;
    }
    let phrase = source.written(end, end_of_clause(source, behind));
    let figure = is_name_of_a_figure(run) && !matches!(source.at(behind), 'の' | 'か' | 'に' | 'で');
    // 9月利用者数500人: of that month; 令和7年度利用者数500人, 10月開催, 令和8年4月供用開始
    if figure && last == '月' {
        return true;
    }
    if figure || source.at(behind).is_ascii_digit() || is_action(phrase.trim()) {
        return false;
    }
    match time {
        // Of a year that is still to come it is a target for that year.
        Time::FiscalYear(year) => fiscal_year.is_some_and(|own| year < own),
        Time::Year(_) | Time::Day(_) | Time::DayOfYear(..) => true,
        Time::YearEnd | Time::Quarter(..) => false,
    }
}

/// What a plan or the like is called, with the years that it is for.
const TITLES: &[&str] = &[
    "plan",
    "strategy",
    "programme",
    "program",
    "budget",
    "framework",
    "policy",
    "accounts",
    "prospectus",
    "report",
    "charter",
];

impl super::Lexer<'_, '_> {
    /// `Corporate Plan 2026-30 adopted`, `2026/27 budget approved`: years beside the title of a plan that something is done to belong
    /// to that title. Gives where they end.
    pub(super) fn titled_years(&self) -> Option<usize> {
        if !self.source.latin() || self.source.at(self.at.wrapping_sub(1)).is_alphanumeric() {
            return None;
        }
        let digits = |from: usize, count: usize| {
            (from..from + count).all(|at| self.source.at(at).is_ascii_digit())
                && !self.source.at(from + count).is_alphanumeric()
        };
        let century = (self.source.at(self.at), self.source.at(self.at + 1));
        let dash = self.at + 4;
        let spans = (self.at..dash).all(|at| self.source.at(at).is_ascii_digit())
            && matches!(century, ('1', '9') | ('2', '0'))
            && matches!(self.source.at(dash), '-' | '/');
        if !spans {
            return None;
        }
        let end = [2, 4].into_iter().find(|count| digits(dash + 1, *count)).map(|count| dash + 1 + count)?;
        let word_at = |mut at: usize| {
            let from = self.source.skip_space(at);
            at = from;
            while super::source::is_latin_letter(self.source.at(at)) {
                at += 1;
            }
            (self.source.written(from, at), at)
        };
        let done = |word: &str| word.len() > 4 && word.ends_with("ed") || word == "by";
        let title = |word: &str| TITLES.iter().any(|title| title.eq_ignore_ascii_case(word));
        // Corporate Plan 2026-30 adopted
        let before = self.source.written(self.at.saturating_sub(10), self.at).trim_end();
        let behind_title = title(before.rsplit(' ').next().unwrap_or("")) && done(word_at(end).0);
        // 2026/27 capital programme approved
        let mut next = word_at(end);
        let in_front = (0..3).any(|_| {
            let found = title(next.0);
            let behind = word_at(next.1);
            let opens = found && done(behind.0);
            next = behind;
            opens
        });
        // Adopt the 2027-37 Long-term Plan
        let adopts = || {
            const VERBS: [&str; 9] =
                ["adopt", "approve", "publish", "agree", "endorse", "submit", "finalise", "finalize", "complete"];
            let mut next = word_at(end);
            VERBS.iter().any(|verb| self.source.has(0, verb).is_some())
                && (0..4).any(|_| {
                    let found = title(next.0);
                    // Long-term: one word
                    let behind = next.1 + usize::from(self.source.at(next.1) == '-');
                    next = word_at(behind);
                    found
                })
        };
        (self.source.at(end) == ' ' && (behind_title || in_front || adopts())).then_some(end)
    }
}

/// Whether the time is written in words: 今年度, 第1四半期.
fn worded(source: &Source<'_>, at: usize) -> bool {
    matches!(source.at(at), '今' | '本' | '当' | '年' | '上' | '下' | '前' | '後' | '第')
}

fn end_of_clause(source: &Source<'_>, from: usize) -> usize {
    let mut end = from;
    while end < from + LONGEST_NAME
        && !matches!(source.at(end), '\0' | '、' | ',' | '。' | ';' | '\n' | '(' | '（' | '→')
    {
        end += 1;
    }
    end
}

/// Whether what stands behind a time goes on with it, or is a word that says something of a figure: 末, 現在, 決算, 累計.
fn continues(source: &Source<'_>, at: usize) -> bool {
    const MARKS: &[&str] = &[
        "末",
        "中",
        "内",
        "頃",
        "時点",
        "以降",
        "以前",
        "以後",
        "以内",
        "比",
        "値",
        "現在",
        "当初",
        "初",
        "上旬",
        "中旬",
        "下旬",
        "前半",
        "後半",
        "夏",
        "春",
        "秋",
        "冬",
        "実績",
        "決算",
        "目標",
        "期首",
        "期末",
        "度",
        "間",
        "分",
        "半ば",
        "上半期",
        "下半期",
        "上期",
        "下期",
        "見込",
        "基準",
        "計画値",
        "単年",
        "最終",
        "各",
        "毎",
        "約",
        "計",
        "延",
        "第",
        "初め",
        "入り",
        "開始",
        "平均",
        "水準",
        "予定",
        "迄",
    ];
    MARKS.iter().any(|mark| source.has(at, mark).is_some())
        || candidates(source, at)
            .any(|entry| entry.word.chars().nth(1).is_some() && source.has(at, entry.word).is_some())
        || source.at(at) == '全' && source.has(at, "全国").is_none()
}
