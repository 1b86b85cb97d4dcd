//! What a name seldom holds: a reference, a stage, a second figure, the base of a share, a rank. Where it does, a person is asked.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Core, Doubt, Figure, Unit};
use crate::domain::Decimal;
use crate::domain::criterion::Comparator;

/// Words that refer to another figure, with what they are no reference in.
const REFERENCES: [(&str, &[&str]); 19] = [
    ("前年", &[]),
    ("昨年", &[]),
    ("先年", &[]),
    ("前々", &[]),
    ("前期", &["午前期", "前期高齢", "前期課程"]),
    ("前回", &[]),
    ("前月", &[]),
    ("年度比", &["年度比較"]),
    ("実績比", &["実績比較"]),
    ("増減率", &[]),
    ("伸び率", &[]),
    ("伸率", &[]),
    ("増減", &["増減数", "増減理由"]),
    ("対比", &[]),
    ("変化率", &[]),
    ("目標値", &[]),
    ("計画値", &[]),
    ("基準値", &[]),
    ("基準年", &[]),
];

/// Names that end in 比 and are figures of their own.
const RATIOS: &[&str] = &["構成比", "男女比", "人口比", "面積比", "費用対効果比", "費用便益比", "自己資本比"];

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

/// Names of a stage, which a criterion cannot say unless it has a year.
const STAGES: &[&str] = &[
    "短期",
    "中期",
    "長期",
    "初年度",
    "最終年度",
    "中間年度",
    "次年度",
    "翌年度",
    "来年度",
    "初年",
    "上期",
    "下期",
    "上半期",
    "下半期",
    "前期",
    "後期",
    "前半",
    "後半",
    "中間",
    "最終",
    "春",
    "夏",
    "秋",
    "冬",
    "春期",
    "夏期",
    "秋期",
    "冬期",
    "春季",
    "夏季",
    "秋季",
    "冬季",
    "当面",
    "将来",
    "将来的",
    "最終的",
];

const ENGLISH_STAGES: &[&str] = &[
    "year",
    "phase",
    "stage",
    "period",
    "quarter",
    "term",
    "wave",
    "month",
    "week",
    "round",
    "h",
    "q",
    "half",
    "interim",
    "final",
    "initial",
    "initially",
    "short-term",
    "medium-term",
    "long-term",
    "spring",
    "autumn",
];

/// What is counted in ranks: the first is the best, so that 以上 may mean a smaller number.
const RANKS: &[&str] = &["位", "級", "等", "等級", "番", "番目", "着"];
const RANKINGS: &[&str] =
    &["rank", "ranking", "ranked", "place", "position", "grade", "順位", "ランキング", "ランク", "等級"];

/// Whether a name holds what makes it doubtful as one, whatever the condition.
pub(super) fn is_doubtful(name: &str) -> bool {
    let bare = name.trim().trim_end_matches(['の', 'を', 'は', 'が', 'に', 'で']);
    refers(bare) || is_stage(bare) || holds_figures(name)
}

/// Whether a name refers to another figure: 前期比, 対前年度増減.
fn refers(name: &str) -> bool {
    let compares = name.ends_with('比') && !RATIOS.iter().any(|ratio| name.ends_with(ratio));
    compares
        || REFERENCES.iter().any(|(word, not)| {
            let mut rest = name.to_owned();
            for other in *not {
                rest = rest.replace(other, "");
            }
            rest.contains(word)
        })
}

/// Whether a name is that of a stage and no more: 短期, 1年目, 4月～9月, `year 2`.
fn is_stage(name: &str) -> bool {
    if name.is_ascii() {
        let lower = name.to_ascii_lowercase();
        let named = lower
            .split(|c: char| !c.is_ascii_alphabetic() && c != '-')
            .filter(|word| !word.is_empty())
            .all(|word| ENGLISH_STAGES.contains(&word) || ORDINALS.contains(&word));
        return named && lower.contains(|c: char| c.is_ascii_alphabetic());
    }
    let stage =
        name.trim_end_matches("目標").trim_end_matches("目標値").trim_end_matches("時点").trim_end_matches("まで");
    let time = |c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                '０'
                    ..='９'
                        | '月'
                        | '年'
                        | '度'
                        | '日'
                        | '第'
                        | '期'
                        | '四'
                        | '半'
                        | '～'
                        | '〜'
                        | '-'
                        | '－'
                        | ' '
                        | '　'
                        | '、'
                        | '・'
                        | 'か'
                        | 'ら'
                        | '末'
            )
    };
    STAGES.contains(&stage)
        || ["年目", "年後", "か月後", "ヶ月後", "カ月後", "年次", "学期"].iter().any(|word| {
            let opens = name.starts_with(|c: char| c.is_numeric() || c == '第');
            name.ends_with(word)
                || opens && ["の", "に", "は", "まで"].iter().any(|next| name.contains(&format!("{word}{next}")))
        })
        || name.chars().all(time)
}

const ORDINALS: &[&str] = &[
    "in", "by", "the", "end", "of", "first", "second", "third", "fourth", "fifth", "last", "one", "two", "three", "st",
    "nd",
];

/// Whether a name holds a figure, and behind a gap or a mark another: 30件　10月, 現状：40%.
fn holds_figures(name: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let (mut figure, mut gap) = (false, false);
    let mut before = ' ';
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        // 1,200 is one figure.
        let thousands = matches!(c, ',' | '，') && chars.peek().is_some_and(|next| digit(*next));
        if digit(c) {
            if figure && gap || matches!(before, ':' | '：') {
                return true;
            }
            figure = true;
            gap = false;
        } else if figure
            && !thousands
            && matches!(c, ' ' | '　' | '、' | ',' | '，' | ':' | '：' | '/' | '／' | ';' | '；')
        {
            gap = true;
        }
        before = c;
    }
    false
}

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
        let english = figure.subject.as_deref().is_some_and(|subject| {
            subject.is_ascii()
                && subject
                    .split(|c: char| !c.is_ascii_alphabetic())
                    .any(|word| ENGLISH_BASES.iter().any(|base| base.eq_ignore_ascii_case(word)))
        });
        let base = written.strip_suffix('の').is_some_and(|noun| {
            let noun = noun.split(['（', '(']).next().unwrap_or(noun).trim();
            let aimed = AIMED.iter().any(|word| noun.contains(word)) && noun.ends_with(['数', '量', '額', '値']);
            let measured = noun.ends_with(['量', '額']);
            let capacity = self.own_unit() != Some("%") && CAPACITIES.iter().any(|word| noun.ends_with(word));
            aimed
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
        let written = self.source.written(amount.start, amount.end);
        let digits = written.chars().filter(|c| c.is_numeric()).count() == 4 && written.chars().count() == 4;
        let recent = amount.value >= Decimal::from(1990) && amount.value <= Decimal::from(2100);
        // 3:1, 1:10
        let ratio = at > 1
            && self.tokens.get(at - 1).is_some_and(|token| token.kind == Kind::Colon)
            && matches!(self.tokens.get(at - 2).map(|token| token.kind), Some(Kind::Number { .. }));
        if ratio {
            self.ask(Note::new("比のようです。", "The text seems to give a ratio.").at(amount.start, amount.end));
        }
        if digits && recent && amount.unit == Unit::Unsaid && self.own_unit().is_none() {
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
        let lower = name.to_ascii_lowercase();
        let ranks = matches!(unit, Unit::Said(unit) if RANKS.contains(&unit))
            || unit == Unit::Unsaid && own.is_some_and(|own| RANKS.contains(&own))
            || RANKINGS.iter().any(|word| lower.trim_end_matches(['の', 'が', 'を']).ends_with(word));
        let within = (from..to).any(|at| matches!(self.written(at), "以内" | "within" | "Within"));
        if !ranks || within || figure.doubt.is_some() {
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

    /// Whether what stands behind a time says only vaguely when: 年度当初に, 夏までに.
    pub(super) fn says_vaguely_when(&mut self, from: usize, to: usize) -> Option<usize> {
        const WORDS: &[&str] = &[
            "年度当初",
            "年度初め",
            "年度はじめ",
            "年度前半",
            "年度後半",
            "年度半ば",
            "年内",
            "来年",
            "次年度",
            "翌年",
            "年明け",
            "当面",
            "将来",
            "今春",
            "今夏",
            "今秋",
            "今冬",
            "今後",
            "早期に",
            "頃に",
            "ごろに",
            "頃まで",
            "夏までに",
            "春までに",
            "秋までに",
            "冬までに",
            "月頃",
        ];
        (from..to).take(24).find(|at| {
            let text = matches!(self.kind(*at), Kind::Text | Kind::Time(_) | Kind::Word(Word::Vague));
            text && WORDS.iter().any(|word| self.span(*at, to).starts_with(word) || self.written(*at).contains(word))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_refers_counts_twice_or_is_a_stage_is_doubtful() {
        for (name, doubtful) in [
            ("前期比", true),
            ("全国平均比", true),
            ("構成比", false),
            ("実質公債費比率", false),
            ("4月～9月：30件　10月～3月", true),
            ("4月～9月", true),
            ("year 1", true),
            ("Year of birth", false),
            ("長期入院患者数", false),
            ("長期", true),
            ("65歳以上の者のうち週1回以上活動する者", false),
            ("75歳以上、80歳未満の人", true),
        ] {
            assert_eq!(is_doubtful(name), doubtful, "{name}");
        }
    }
}
