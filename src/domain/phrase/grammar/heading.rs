//! What stands in front of a target and says only that it is one: 【アウトカム指標】, めざす指標, KPI②, 指標1：. No part of the name.

use super::super::lex::{Kind, Word};
use super::cursor::Parser;

/// The labels of plans and of evaluation sheets.
const HEADINGS: &[&str] = &[
    "KPI",
    "KGI",
    "指標",
    "指標名",
    "指標項目",
    "目標項目",
    "評価項目",
    "アウトカム",
    "アウトプット",
    "アウトカム指標",
    "アウトプット指標",
    "プロセス指標",
    "ストラクチャー指標",
    "インプット指標",
    "成果指標",
    "活動指標",
    "業績指標",
    "業績評価指標",
    "重要業績評価指標",
    "評価指標",
    "数値指標",
    "目標指標",
    "測定指標",
    "進捗指標",
    "代表指標",
    "主要指標",
    "参考指標",
    "めざす指標",
    "目指す指標",
    "めざす目標",
    "目指す目標",
    "めざす水準",
    "目指す水準",
    "めざす数値",
    "目指す数値",
    "めざす成果",
    "目指す成果",
    "めざす状態",
    "目指す状態",
    "目標",
    "目標値",
    "目標水準",
    "数値目標",
    "定量目標",
    "成果目標",
    "達成目標",
    "行動目標",
    "取組目標",
    "事業目標",
    "業績目標",
    "年度目標",
    "単年度目標",
    "今年度目標",
    "今年度の目標",
    "本年度目標",
    "本年度の目標",
    "活動目標",
    "重点目標",
    "具体的目標",
    "個別目標",
    "達成指標",
    "管理指標",
];

impl Parser<'_> {
    /// `heading = "【" label [ number ] "】" [ : ] | label [ number ] ( ":" | gap )`: gives where what stands behind it begins.
    pub(super) fn heading(&mut self, from: usize, to: usize) -> usize {
        if from >= to {
            return from;
        }
        let (behind, bracketed) = match self.kind(from) {
            Kind::Open => match self.close_of(from) {
                Some(close) if close < to && is_label(self.span(from + 1, close)) => (close + 1, true),
                _ => return from,
            },
            // ＜KPI＞
            Kind::Word(Word::Least(_))
                if matches!(self.written(from), "＜" | "<")
                    && is_label(self.written(from + 1))
                    && matches!(self.written(from + 2), "＞" | ">") =>
            {
                (from + 3, true)
            }
            Kind::Text | Kind::Word(_) if is_label(self.written(from)) => match self.close_of(from + 1) {
                // 成果指標（アウトカム）：
                Some(close) if close < to && is_label(self.span(from + 2, close)) => (close + 1, true),
                _ => (from + 1, false),
            },
            _ => return from,
        };
        let mut behind = behind;
        // KPI②, 指標 1：
        let numbered = matches!(self.kind(behind), Kind::Number { .. } | Kind::Item)
            && self.starts(behind) == self.ends(behind - 1)
            && (self.kind(behind) == Kind::Item || self.kind(behind + 1) == Kind::Colon);
        behind += usize::from(numbered);
        if behind >= to {
            return to;
        }
        if self.kind(behind) == Kind::Colon {
            return behind + 1;
        }
        let parted = bracketed || self.kind(behind - 1) == Kind::Item || self.starts(behind) > self.ends(behind - 1);
        let goes_on = matches!(self.kind(behind), Kind::Text | Kind::Quoted | Kind::Open) || self.year_behind(behind);
        if parted && (bracketed || goes_on) { behind } else { from }
    }

    /// 最終目標（令和12年度）: the label of a target of a plan, with its year.
    pub(super) fn stage_of_plan(&mut self, at: usize) -> bool {
        self.kind(at) == Kind::Text
            && self.kind(at + 1) == Kind::Open
            && matches!(
                self.written(at),
                "最終目標" | "最終目標値" | "中間目標" | "中間目標値" | "長期目標" | "短期目標" | "目標年度"
            )
            && self.bracketed_year(at + 1).is_some()
    }
}

/// Whether a text is a label, with or without its number.
pub(in crate::domain::phrase) fn is_label(written: &str) -> bool {
    let bare = written.trim().trim_end_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '０'..='９' | '①'..='⑳' | ' ' | '　' | '-' | '－')
    });
    // No label is longer than a name of eleven characters, three bytes each, and what they end in tells most names from them.
    bare.len() <= 33
        && bare.ends_with(['標', '値', '準', '果', '態', '名', '目', 'I', 'i', 'Ｉ', 'ム', 'ト'])
        && HEADINGS
            .iter()
            .any(|label| bare.eq_ignore_ascii_case(label) || bare.starts_with('Ｋ') && full_width(bare, label))
}

/// ＫＰＩ
fn full_width(written: &str, label: &str) -> bool {
    label.is_ascii()
        && written.chars().count() == label.len()
        && written.chars().zip(label.chars()).all(|(c, plain)| u32::from(c) == u32::from(plain) + 0xFEE0)
}
