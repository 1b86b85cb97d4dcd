//! What is answered where no rule reads the whole text: a target in words, or the nearest condition, for a person.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::action::stem;
use super::cursor::Parser;
use super::figure::{Core, Draft, Figure, Unit};
use crate::domain::Criterion;
use crate::domain::criterion::Comparator;

impl Parser<'_> {
    /// A target in words: what no rule reads, without a figure.
    pub(in crate::domain::phrase) fn in_words(&mut self) -> Draft {
        let text = self.source.written(0, self.source.len()).trim();
        let figures = (0..self.tokens.len()).find(|at| {
            // 切れ目のない支援: of the noun behind it.
            let of_noun = self.written(*at).ends_with("ない")
                && self.starts(*at + 1) == self.ends(*at)
                && self.written(*at + 1).starts_with(|c: char| matches!(c, '\u{4E00}'..='\u{9FFF}' | 'ァ'..='ヶ'));
            !of_noun
                && matches!(
                    self.tokens.get(*at).map(|token| token.kind),
                    Some(
                        Kind::Number { .. }
                            | Kind::BadNumber
                            | Kind::Word(
                                Word::Compare(Comparator::Gte | Comparator::Gt | Comparator::Lte | Comparator::Lt)
                                    | Word::Least(_)
                                    | Word::PreviousYear
                                    | Word::SamePeriod
                                    | Word::OtherFigure
                                    | Word::AllOf
                                    | Word::Every
                                    | Word::Halve
                                    | Word::Double
                                    | Word::Times
                                    | Word::Denial
                            )
                    )
                )
        });
        let lower = text.to_ascii_lowercase();
        let aspires = ASPIRATIONS.iter().any(|word| stem(text).ends_with(*word) || lower.starts_with(*word))
            || describes(text, &lower) && !self.tokens.iter().any(|token| matches!(token.kind, Kind::Time(_)));
        // 開業率が廃業率を上回る状態を維持
        let compares = ["上回", "下回", "並みに", "を超え"].iter().any(|word| text.contains(word));
        let aspires = aspires && !compares;
        match figures {
            Some(at) => {
                let (start, end) = (self.starts(at), self.ends(at));
                self.ask(Note::new("この部分が読み取れませんでした。", "This part was not understood.").at(start, end));
            }
            // 黒字の維持, 転入超過: a bound on a balance, of which the text gives no figure.
            None if BALANCES.iter().any(|word| text.contains(word)) => self.ask(Note::new(
                "収支などの正負についての条件のようです。数値で表せるかを確かめてください。",
                "The text seems to ask for a balance above or below zero.",
            )),
            None if aspires => {
                self.say(Note::new("数値のない、言葉による目標です。", "The target is in words; no figure decides it."))
            }
            None => self.ask(Note::new(
                "数値も、実施すべきことも読み取れませんでした。言葉による目標とみなしました。",
                "Neither a figure nor something to be done was found; it is taken as a target in words.",
            )),
        }
        Draft::sure(Criterion::Qualitative {})
    }

    /// What stands in front of the last bracket, where only that was not understood: a person is asked what the bracket says.
    pub(in crate::domain::phrase) fn before_bracket(&mut self) -> Option<Draft> {
        self.end = self.tokens.len();
        let close = self.end.checked_sub(1)?;
        let open = (1..close).rev().take(24).find(|at| self.close_of(*at) == Some(close))?;
        let draft = self.phrase(0, open)?;
        if matches!(draft.main, Criterion::Qualitative {} | Criterion::None {}) {
            return None;
        }
        let place = (self.starts(open), self.ends(close));
        self.ask(Note::new("この部分が読み取れませんでした。", "This part was not understood.").at(place.0, place.1));
        Some(draft)
    }

    /// The last condition in the text, where the whole was not understood: something for a person to start from.
    pub(in crate::domain::phrase) fn nearest(&mut self) -> Option<Draft> {
        // 100%に近づける has no end that can be checked.
        let text = self.source.written(0, self.source.len());
        if ["近づけ", "近づく", "限りなく"].iter().any(|word| text.contains(word)) {
            return None;
        }
        let mut best: Option<(usize, usize, Figure<'_>)> = None;
        let mut at = 0;
        self.end = self.tokens.len();
        let mut tries = 0;
        while at < self.tokens.len() && tries < 48 {
            tries += 1;
            let mark = self.mark();
            self.at = at;
            let starts = matches!(
                self.kind(at),
                Kind::Number { .. } | Kind::Triangle | Kind::Minus | Kind::PlusMinus | Kind::Time(_) | Kind::Word(_)
            );
            if starts && let Some(figure) = self.condition() {
                let reach = self.at;
                // 75歳以上の高齢者, 12の取組: numbers that belong to a noun.
                let noun = matches!(&figure.core, Core::Constant(amount)
                    if amount.unit == Unit::Said("歳") || amount.unit == Unit::Unsaid && figure.comparator.is_none())
                    && self.written(reach.saturating_sub(1)) == "の";
                if noun {
                    self.back(mark);
                    at = reach.max(at + 1);
                    continue;
                }
                let better = best.as_ref().is_none_or(|(_, end, known)| {
                    let bare = figure.comparator.is_none() && matches!(figure.core, Core::Constant(_));
                    let compared = known.comparator.is_some() && matches!(known.core, Core::Reference(_));
                    reach > *end && !(bare && compared) || known.comparator.is_none() && figure.comparator.is_some()
                });
                if better {
                    best = Some((at, reach, figure));
                }
                let next = reach.max(at + 1);
                self.back(mark);
                at = next;
                continue;
            }
            self.back(mark);
            // What stands in brackets is seldom the target.
            at = self.close_of(at).unwrap_or(at) + 1;
        }
        let (_, end, figure) = best?;
        let text = self.source.written(0, self.source.len());
        let told = text.split(['（', '(']).next().unwrap_or(text).trim().trim_end_matches(['。', '．']);
        if figure.comparator.is_none()
            && ["であった", "だった", "しました", "でした", "が参加した", "を実施した", "を開催した"]
                .iter()
                .any(|past| told.ends_with(past))
        {
            self.ask(Note::new(
                "これまでの実績を述べた文で、目標ではないようです。",
                "The text tells of a result; it seems to hold no target.",
            ));
            return Some(Draft::sure(Criterion::None {}));
        }
        let behind = end < self.tokens.len();
        let place = if behind { (self.starts(end), self.ends(end)) } else { (0, self.source.len()) };
        self.ask(Note::new("この部分が読み取れませんでした。", "This part was not understood.").at(place.0, place.1));
        let draft = self.settle(figure)?;
        let denial = (end..self.tokens.len()).find(|at| {
            self.kind(*at) == Kind::Word(Word::Denial) && self.turns(*at)
                || self.kind(*at) == Kind::Text && super::guard::denies(self.written(*at), false)
        });
        Some(match denial {
            Some(at) => {
                let place = (self.starts(at), self.ends(at));
                self.turned_or_not(draft, place)
            }
            None => draft,
        })
    }
}

/// What says that a balance lies above or below zero.
const BALANCES: &[&str] =
    &["黒字", "赤字", "超過", "収支均衡", "プラスに", "マイナスに", "surplus", "deficit", "break even"];

/// Whether a text describes how things are done or what they are like, with no word in it that may compare, bound or date them.
fn describes(text: &str, lower: &str) -> bool {
    let compares = [
        "上回",
        "下回",
        "超",
        "未満",
        "倍",
        "半",
        "全",
        "すべて",
        "各",
        "毎",
        "割",
        "ゼロ",
        "なし",
        "ない",
        "ず",
        "比",
        "並",
        "同",
        "最",
        "位",
        "級",
        "平均",
        "前",
        "昨",
        "基準",
        "目標",
        "計画値",
        "増",
        "減",
        "回",
        "件",
        "期",
        "月",
        "年",
    ];
    let without = IDIOMS.iter().find_map(|idiom| text.split_once(idiom)).map(|(front, rest)| format!("{front}{rest}"));
    let plain = without.as_deref().unwrap_or(text);
    if text.chars().any(char::is_numeric) || compares.iter().any(|word| plain.contains(word)) {
        return false;
    }
    DESCRIPTIONS.iter().any(|word| stem(text).ends_with(*word) || text.trim_end_matches(['。', '．']).ends_with(*word))
        || OPENINGS.iter().any(|word| lower.starts_with(word))
            && !ENGLISH_BOUNDS
                .iter()
                .any(|word| lower.split(|c: char| !c.is_ascii_alphabetic()).any(|part| part == *word))
}

/// What denies nothing, although it has the form.
const IDIOMS: &[&str] = &[
    "切れ目のない",
    "切れ目ない",
    "途切れのない",
    "途切れることのない",
    "隙間のない",
    "かけがえのない",
    "誰一人取り残さない",
    "だれ一人取り残さない",
    "誰もが",
    "だれもが",
    "無理のない",
    "きめ細かな",
];

/// How a text ends that says how something is done, or what it is to be like.
const DESCRIPTIONS: &[&str] = &[
    "管理",
    "対応",
    "状態",
    "している",
    "なっている",
    "できている",
    "れている",
    "感じる",
    "ようにする",
    "ようになる",
    "よう努力",
    "活用",
    "徹底",
    "提供",
    "運営",
    "実践",
    "展開",
    "支える",
    "守る",
    "行う",
    "行なう",
    "働きかける",
    "呼びかける",
    "取組",
    "取り組み",
    "環境づくり",
    "まちづくり",
];

/// How an English one begins.
const OPENINGS: &[&str] = &[
    "ensure ",
    "support ",
    "provide ",
    "work with ",
    "encourage ",
    "continue to ",
    "develop ",
    "raise ",
    "residents ",
    "people ",
    "foster ",
    "nurture ",
    "cultivate ",
    "enable ",
    "engage ",
    "build ",
    "deepen ",
    "celebrate ",
    "champion ",
    "explore ",
    "collaborate ",
    "empower ",
    "connect ",
    "inspire ",
    "embed ",
    "embrace ",
    "tackle ",
    "listen ",
    "become ",
    "protect ",
    "make ",
    "help ",
    "continued ",
    "ongoing ",
    "improved ",
    "improving ",
    "better ",
    "greater ",
    "enhanced ",
    "stronger ",
    "effective ",
    "high quality ",
    "high-quality ",
    "promote ",
    "strengthen ",
    "enhance ",
    "positive ",
    "meaningful ",
    "increased ",
];

/// Words that may compare, bound or date an English text.
const ENGLISH_BOUNDS: &[&str] = &[
    "all", "every", "each", "no", "none", "not", "than", "least", "most", "more", "fewer", "less", "half", "double",
    "twice", "zero", "average", "last", "previous", "by", "below", "above", "over", "under", "target", "percent",
];

/// What is better, more, or pursued, without a figure and without an end.
const ASPIRATIONS: &[&str] = &[
    "延伸",
    "削減",
    "軽減",
    "短縮",
    "抑止",
    "創出",
    "形成",
    "振興",
    "浸透",
    "継続",
    "保全",
    "検討",
    "発展",
    "再生",
    "転換",
    "活用",
    "共有",
    "実現",
    "確立",
    "具体化",
    "深化",
    "高度化",
    "効率化",
    "適正化",
    "円滑化",
    "縮減",
    "縮小",
    "向上",
    "推進",
    "充実",
    "強化",
    "促進",
    "改善",
    "増加",
    "減少",
    "拡大",
    "支援",
    "図る",
    "努める",
    "目指す",
    "めざす",
    "進める",
    "高める",
    "深める",
    "広げる",
    "活性化",
    "定着",
    "醸成",
    "普及",
    "啓発",
    "確保",
    "維持",
    "低減",
    "抑制",
    "防止",
    "解消",
    "育成",
    "連携",
    "改善する",
    "向上させる",
    "増やす",
    "減らす",
    "つなげる",
    "取り組む",
    "歯止めをかける",
    "食い止める",
    "底上げ",
    "下支え",
    "後押し",
    "高まる",
    "広がる",
    "深まる",
    "根付く",
    "育む",
    "はぐくむ",
    "improve",
    "improvement",
    "promote",
    "promotion",
    "strengthen",
    "enhance",
    "raise awareness",
];
