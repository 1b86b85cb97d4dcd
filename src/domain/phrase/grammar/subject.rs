//! What stands in front of a condition: the noun phrase that names what is counted.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;

/// What the names of indicators end in.
const INDICATORS: &[&str] = &[
    "率",
    "割合",
    "数",
    "度",
    "額",
    "量",
    "点",
    "値",
    "人口",
    "時間",
    "日数",
    "費",
    "比率",
    "指数",
    "面積",
    "距離",
    "年齢",
    "寿命",
    "者",
    "団体",
    "施設",
    "収入",
    "支出",
    "収支",
    "残高",
    "件",
    "価",
    "コスト",
    "ポイント",
    "得点",
    "スコア",
    "シェア",
    "成績",
    "実績",
    "結果",
    "平均",
    "密度",
    "濃度",
    "頻度",
    "順位",
    "事故",
    "事件",
    "苦情",
    "犯罪",
    "会議",
    "研修",
    "講座",
    "イベント",
    "開催",
    "実施",
    "参加",
    "利用",
    "回答",
    "訪問",
    "相談",
    "発行",
    "配布",
    "発信",
    "更新",
    "設置",
    "訓練",
    "rate",
    "ratio",
    "share",
    "number",
    "percentage",
    "score",
    "satisfaction",
    "time",
    "times",
    "cost",
    "costs",
    "turnout",
    "attendance",
    "rating",
    "index",
    "income",
    "emissions",
    "turnover",
    "coverage",
    "revenue",
    "variance",
    "accuracy",
    "unemployment",
    "employment",
    "awareness",
    "pH",
    "BOD",
    "COD",
    "PM2.5",
    "BMI",
    "GDP",
    "NPS",
    "CO2",
];

/// Characters that make a plain noun suspicious: it may be a word of comparison that the vocabulary does not know.
const SUSPICIOUS: &[char] = &[
    '比', '前', '対', '昨', '期', '超', '以', '内', '外', '最', '毎', '各', '半', '倍', '約', '弱', '強', '原', '少',
    '多',
];

/// Whether a noun is one by which indicators are named.
pub(super) fn is_indicator(noun: &str) -> bool {
    let ends = |word: &&str| noun.ends_with(*word) || noun.to_ascii_lowercase().ends_with(&word.to_ascii_lowercase());
    INDICATORS.iter().any(ends)
}

impl Parser<'_> {
    /// The subject in a row of tokens: its text, or nothing when the row is empty. Asks when it may hold a part of the condition.
    pub(super) fn subject(&mut self, from: usize, to: usize) -> Option<String> {
        let (mut from, mut to) = (from, to);
        // Maintain satisfaction at 85%
        if to > from + 1 && self.written(to - 1).eq_ignore_ascii_case("at") {
            to -= 1;
        }
        while from < to
            && matches!(self.kind(from), Kind::Item | Kind::Comma | Kind::Stop | Kind::Word(Word::TargetLabel))
        {
            from += 1;
        }
        let whole = (from, to);
        let colon = from < to && self.kind(to - 1) == Kind::Colon;
        while from < to
            && matches!(
                self.kind(to - 1),
                Kind::Colon
                    | Kind::Comma
                    | Kind::Word(Word::Particle | Word::Filler | Word::Of | Word::Respectively | Word::TargetLabel)
            )
        {
            to -= 1;
        }
        if from >= to {
            return None;
        }
        if to == from + 1 && self.kind(from) == Kind::Quoted {
            return Some(super::amount::unquoted(self.written(from)).to_owned());
        }
        let written = self.span(from, to).trim();
        let noun = trimmed(written);
        let particle = noun.len() < written.len() || to < whole.1;
        if noun.is_empty() {
            return None;
        }
        let here = matches!(noun, "区内" | "市内" | "町内" | "村内" | "県内" | "府内" | "都内" | "管内");
        if !(colon || here || self.names(from, to, noun, particle)) {
            let (start, end) = (self.starts(from), self.ends(to - 1));
            self.ask(
                Note::new(
                    format!("「{noun}」は何の目標かを示す語とみなしました。条件の一部でないかを確かめてください。"),
                    format!("\"{noun}\" is taken as what is counted; it may be a part of the condition."),
                )
                .at(start, end),
            );
        }
        Some(noun.to_owned())
    }

    /// Whether a row of tokens clearly names something: its last word is a noun, and what else it holds belongs to that noun.
    fn names(&mut self, from: usize, to: usize, noun: &str, particle: bool) -> bool {
        let last_is_noun = matches!(self.kind(to - 1), Kind::Text | Kind::Quoted | Kind::Close);
        if is_indicator(noun) && last_is_noun {
            return true;
        }
        let plain = (from..to).all(|at| {
            // 空家率15%以下の地区: a bounded figure that says which.
            let bounded = match self.kind(at) {
                Kind::Number { .. } => matches!(self.kind(at + 1), Kind::Unit(_)) && self.bounds_a_noun(at + 2, to),
                Kind::Unit(_) => self.bounds_a_noun(at + 1, to),
                Kind::Word(Word::Compare(_)) => self.bounds_a_noun(at, to),
                _ => false,
            };
            bounded
                || matches!(
                    self.kind(at),
                    Kind::Text
                        | Kind::Quoted
                        | Kind::Word(Word::Particle | Word::And | Word::Or | Word::Of)
                        | Kind::Comma
                )
        });
        let doubtful = [
            "場合",
            "とき",
            "ため",
            "ので",
            "つつ",
            "うえ",
            "上で",
            "ながら",
            "ず",
            "ない",
            "少なくとも",
            "上位",
            "下位",
            "ただし",
            "できれば",
        ];
        let latin = noun.is_ascii() && (!particle && !is_english_name(noun) || may_bound(noun));
        plain
            && !latin
            && noun.contains(char::is_alphabetic)
            && last_is_noun
            && !doubtful.iter().any(|word| noun.ends_with(word) || noun.starts_with(word))
            && (particle || !noun.contains(SUSPICIOUS) && !ends_in_hiragana(noun))
    }
}

impl Parser<'_> {
    /// Whether a comparator stands here with の and a noun behind it, all within the name.
    fn bounds_a_noun(&mut self, at: usize, to: usize) -> bool {
        at + 1 < to
            && matches!(self.kind(at), Kind::Word(Word::Compare(_)))
            && self.written(at + 1).starts_with('の')
            && self.kind(to - 1) == Kind::Text
    }
}

/// Whether English words are plainly a name or what is done to so many: `Rent arrears`, `Deliver`; none that may bound or rank.
pub(super) fn is_english_name(noun: &str) -> bool {
    let mut words = noun.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let count = words.clone().count();
    let plain = |word: &str| {
        word.len() > 1
            && word.chars().all(|c| c.is_ascii_alphabetic())
            && !BOUNDING.iter().any(|bound| bound.eq_ignore_ascii_case(word))
    };
    (1..=7).contains(&count) && words.all(plain)
}

/// Whether one of the words of an English name may bound, rank, add to or compare.
fn may_bound(noun: &str) -> bool {
    noun.split(|c: char| !c.is_ascii_alphabetic())
        .any(|word| BOUNDING.iter().any(|bound| bound.eq_ignore_ascii_case(word)))
}

/// English words that may bound, rank, add to or compare what follows them.
const BOUNDING: &[&str] = &[
    "top",
    "best",
    "worst",
    "bottom",
    "within",
    "only",
    "just",
    "nearly",
    "almost",
    "another",
    "additional",
    "extra",
    "further",
    "other",
    "first",
    "last",
    "next",
    "remaining",
    "max",
    "min",
    "maximum",
    "minimum",
    "circa",
    "ca",
    "approx",
    "level",
    "grade",
    "rank",
    "ranked",
    "ranking",
    "band",
    "tier",
    "stage",
    "phase",
    "step",
    "part",
    "class",
    "category",
    "version",
    "fastest",
    "lowest",
    "highest",
    "under",
    "over",
    "below",
    "above",
    "beyond",
    "outside",
    "inside",
    "beat",
    "match",
    "lose",
    "gain",
    "add",
    "remove",
    "save",
    "stop",
    "end",
    "versus",
    "vs",
    "compared",
    "since",
    "until",
    "till",
    "before",
    "after",
    "from",
    "to",
    "by",
    "if",
    "unless",
    "when",
    "while",
    "where",
    "because",
    "year",
    "years",
    "month",
    "quarter",
    "week",
    "day",
    "spring",
    "summer",
    "autumn",
    "winter",
    "equal",
    "like",
    "target",
    "baseline",
    "benchmark",
    "previous",
    "prior",
    "current",
    "present",
    "former",
    "forecast",
    "actual",
    "estimated",
    "expected",
    "planned",
    "change",
    "changes",
    "difference",
    "gap",
    "shift",
    "growth",
    "growing",
    "net",
    "reduction",
    "fall",
    "drop",
    "decline",
    "rise",
    "fewer",
    "less",
    "more",
    "up",
    "down",
    "percentile",
    "decile",
    "quartile",
    "quintile",
    "position",
    "place",
    "capped",
    "limited",
    "cap",
    "ceiling",
    "floor",
    "almost",
    "close",
    "towards",
    "toward",
    "near",
    "tolerance",
    "threshold",
    "limit",
    "range",
    "margin",
    "eoy",
    "ytd",
    "qtd",
    "fy",
    "rolling",
    "cumulative",
    "avg",
    "ratio",
    "odds",
    "increase",
    "increases",
    "decrease",
    "gains",
    "losses",
    "loss",
    "additional",
    "exclude",
    "excluding",
    "including",
    "minus",
    "plus",
    "out",
    "some",
    "many",
    "most",
    "few",
    "several",
    "per",
    "every",
    "each",
];

/// A noun phrase without the particles behind it.
fn trimmed(written: &str) -> &str {
    let bare = written.trim_end_matches(['は', 'が', 'を', 'の', 'も', 'に', 'で', 'と', ' ', '　', ':', '：']);
    // A word that consists of such characters alone, or loses its meaning without them, stays as it is.
    if bare.is_empty() { "" } else { bare }
}

/// Whether a noun loses nothing when the particles behind it are taken off.
pub(in crate::domain::phrase) fn is_bare_noun(noun: &str) -> bool {
    trimmed(noun) == noun && !noun.is_empty()
}

fn ends_in_hiragana(noun: &str) -> bool {
    noun.ends_with(|c: char| matches!(c, 'ぁ'..='ん'))
}
