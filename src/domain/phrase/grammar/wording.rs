//! Targets in words that hold numbers all the same: 10年後を見据え, 1人でも多くの, ゴール11, 第9期計画に基づき. None of them is a target.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::action::stem;
use super::cursor::Parser;
use super::figure::Draft;
use crate::domain::Criterion;

/// How a sentence ends that says what is pursued or how.
const ENDINGS: &[&str] = &[
    "図る",
    "努める",
    "めざす",
    "目指す",
    "進める",
    "高める",
    "深める",
    "広げる",
    "つなげる",
    "寄与",
    "貢献",
    "資する",
    "取り組む",
    "支援",
    "推進",
    "充実",
    "強化",
    "促進",
    "向上",
    "提供",
    "対応",
    "実現",
    "連携",
    "増やす",
    "減らす",
    "活性化",
    "醸成",
    "普及",
    "啓発",
    "確保",
    "維持",
    "行う",
    "徹底",
    "運営",
    "つくる",
    "創る",
    "整える",
    "守る",
    "支える",
    "築く",
    "育てる",
    "続ける",
    "届ける",
    "発信",
    "まちづくり",
    "取組",
    "取り組み",
    "構築",
    "解消",
    "改善",
    "活用",
    "展開",
    "参画",
];

/// What a number is a part of that stands in front of it, or behind it.
const BEFORE: &[&str] =
    &["第", "ゴール", "目標", "SDGs", "sdgs", "ＳＤＧｓ", "レベル", "フェーズ", "ステージ", "No.", "その"];
const BEHIND: &[&str] = &[
    "年後",
    "人でも",
    "人ひとり",
    "人一人",
    "つの",
    "期",
    "次",
    "世紀",
    "号",
    "条",
    "項",
    "類",
    "つ",
    "者",
    "か年計画",
    "年計画",
    "大",
    "本柱",
    "歳",
    "時間",
];

impl Parser<'_> {
    /// A text in words, of which no number is that of a target.
    pub(super) fn only_in_words(&mut self) -> Option<Draft> {
        self.end = self.tokens.len();
        let text = self.source.written(0, self.source.len()).trim().trim_end_matches(['。', '．', '.']);
        if self.source.at(0).is_ascii_alphabetic() && text.is_ascii() {
            return None;
        }
        let told = text.split(['（', '(']).next().unwrap_or(text);
        let ends = ENDINGS.iter().any(|end| stem(text).ends_with(end) || stem(told).ends_with(end));
        let mut numbers = false;
        for at in 0..self.tokens.len() {
            match self.kind(at) {
                Kind::Number { .. } => {
                    numbers = true;
                    if !self.number_in_words(at) {
                        return None;
                    }
                }
                // （令和6～8年度）: which plan.
                Kind::Time(_) | Kind::Tilde if self.in_brackets(at) => {}
                Kind::Text | Kind::Quoted | Kind::Comma | Kind::Stop | Kind::Open | Kind::Close | Kind::Unit(_) => {}
                Kind::Word(
                    Word::Particle | Word::Filler | Word::And | Word::Of | Word::Up | Word::Better | Word::Keep,
                ) => {}
                _ => return None,
            }
        }
        let bounds = ["以上", "以下", "未満", "前年", "毎年", "すべて", "全て", "各", "ゼロ", "倍", "半減", "割"];
        let bounded = (0..self.tokens.len())
            .any(|at| self.kind(at) == Kind::Text && bounds.iter().any(|word| self.written(at).contains(word)));
        if !ends || !numbers || bounded {
            return None;
        }
        self.say(Note::new("数値のない、言葉による目標です。", "The target is in words; no figure decides it."));
        Some(Draft::sure(Criterion::Qualitative {}))
    }

    fn in_brackets(&mut self, at: usize) -> bool {
        (0..at).rev().take(8).any(|open| self.close_of(open).is_some_and(|close| close > at))
    }

    /// Whether a number is a part of a word or a name: 第9期, 20年後, 1人でも.
    fn number_in_words(&mut self, at: usize) -> bool {
        if self.in_brackets(at) && (self.kind(at.wrapping_sub(1)) == Kind::Tilde || self.written(at + 1) == "年度") {
            return true;
        }
        let front = self.source.written(0, self.starts(at));
        let behind = self.source.written(self.ends(at), (self.ends(at) + 8).min(self.source.len()));
        let named = BEFORE.iter().any(|word| front.ends_with(word));
        named
            || self.kind(at + 1) == Kind::Quoted
            || BEHIND.iter().any(|word| behind.starts_with(word) && behind.len() > word.len())
    }

    /// 80％以上【撤退基準】60％未満: the target stands in front of the label.
    fn before_withdrawal(&mut self) -> Option<Draft> {
        let label = (1..self.tokens.len()).take(40).find(|at| {
            let written = self.written(*at).trim_start_matches('※');
            self.kind(*at) == Kind::Text
                && written.ends_with("基準")
                && ["撤退", "再構築", "廃止", "中止", "終了"].iter().any(|word| written.starts_with(word))
        });
        // 80％以上（50％未満の場合は廃止）
        let last = self.tokens.len().saturating_sub(1);
        let mut case = || {
            let open = (1..last).rev().take(24).find(|at| self.close_of(*at) == Some(last))?;
            withdraws(self.span(open + 1, last)).then_some(open + 1)
        };
        let (label, boxed) = match label {
            Some(label) => (label, false),
            None => (case()?, true),
        };
        let marked = boxed || matches!(self.kind(label + 1), Kind::Colon | Kind::Close);
        let cut = if self.kind(label - 1) == Kind::Open { label - 1 } else { label };
        if !marked || cut == 0 {
            return None;
        }
        let mark = self.mark();
        let draft = self.phrase(0, cut).filter(|draft| draft.pair.is_none() && joined_bounds(&draft.main));
        if draft.is_none() {
            self.back(mark);
            return None;
        }
        self.end = self.tokens.len();
        self.told.push((cut, self.tokens.len()));
        self.say(Note::new(
            "事業をやめる・見直す基準は、目標の条件に含めていません。",
            "When the work is given up is no part of the target.",
        ));
        draft
    }

    /// 撤退基準：満足度が50％未満の場合は事業を廃止する: when something is given up. What is read is that, and a person is asked.
    pub(super) fn withdrawal(&mut self) -> Option<Draft> {
        self.end = self.tokens.len();
        let text = self.source.written(0, self.source.len());
        if !withdraws(text) {
            return None;
        }
        if let Some(draft) = self.before_withdrawal() {
            return Some(draft);
        }
        let mut from = 0;
        // 撤退基準：, 再構築基準
        for at in 0..self.tokens.len().min(4) {
            let label = self.kind(at) == Kind::Text
                && self.written(at).trim_end_matches(['は', 'と', 'し', 'て']).ends_with("基準");
            let goes_on = at == from
                && from > 0
                && matches!(self.kind(at), Kind::Colon | Kind::Close | Kind::Stop | Kind::Word(Word::Particle));
            if label || goes_on {
                from = at + 1;
            }
        }
        let to = (from..self.tokens.len()).find(|at| {
            let written = self.written(*at);
            matches!(self.kind(*at), Kind::Text | Kind::Word(_))
                && [
                    "場合",
                    "の場合",
                    "となった",
                    "であった",
                    "だった",
                    "になった",
                    "とき",
                    "のとき",
                    "となる",
                    "なら",
                    "にとどま",
                ]
                .iter()
                .any(|word| written.starts_with(word))
        });
        let mut to = to.unwrap_or(self.tokens.len());
        while to > from && matches!(self.kind(to - 1), Kind::Word(Word::Particle | Word::Filler)) {
            to -= 1;
        }
        let mark = self.mark();
        let draft = self.phrase(from, to).or_else(|| {
            self.back(mark);
            self.nearest()
        });
        self.end = self.tokens.len();
        self.ask(Note::new(
            "事業をやめる・見直す基準のようです。達成すべき目標ではないことがあります。",
            "The text seems to say when something is given up or done anew; that may be no target.",
        ));
        Some(draft.unwrap_or(Draft::sure(Criterion::Qualitative {})).map(without_pronoun))
    }
}

/// Whether what was read is a condition with its bound.
fn joined_bounds(criterion: &Criterion) -> bool {
    match criterion {
        Criterion::Threshold { comparator, .. } => comparator.is_some(),
        Criterion::All { of } | Criterion::Any { of } => of.iter().all(joined_bounds),
        Criterion::Each { of } => joined_bounds(of),
        Criterion::Range { .. } | Criterion::Universe { .. } => true,
        _ => false,
    }
}

/// Whether a text says when something is given up.
pub(super) fn withdraws(text: &str) -> bool {
    // Each of the ways has one of these, and most texts have none.
    if !["基準", "場合", "撤退"].iter().any(|word| text.contains(word)) {
        return false;
    }
    let label = [
        "撤退基準",
        "再構築基準",
        "廃止基準",
        "見直し基準",
        "見直しの基準",
        "中止基準",
        "終了基準",
        "撤退・",
        "撤退ライン",
        "撤退条件",
    ]
    .iter()
    .any(|word| text.contains(word));
    let case = ["場合", "とき", "ならば"].iter().any(|word| {
        text.split_once(word).is_some_and(|(_, then)| {
            ["廃止", "撤退", "再構築", "見直", "中止", "終了", "休止", "縮小"].iter().any(|verb| then.contains(verb))
        })
    });
    label || case
}

/// 上記目標が４割未満: the name stands elsewhere.
fn without_pronoun(mut criterion: Criterion) -> Criterion {
    if let Criterion::Threshold { subject, .. } = &mut criterion {
        let elsewhere = |name: &str| {
            matches!(name.trim_end_matches("値"), "上記目標" | "目標" | "上記" | "上記の目標" | "上記指標")
        };
        *subject = subject.take().filter(|name| !elsewhere(name));
    }
    criterion
}
