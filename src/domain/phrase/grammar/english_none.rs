//! English texts that set no target although they hold a number: a target that is still to be set, a name with how many there are.

use super::super::answer::Note;
use super::super::lex::{Kind, Word, is_western};
use super::cursor::Parser;
use super::figure::Draft;
use crate::domain::Criterion;

/// How a text begins that says that there is no target, or none yet.
const NONE_YET: &[&str] = &[
    "tbc",
    "tbd",
    "tba",
    "to be confirmed",
    "to be determined",
    "to be decided",
    "to be agreed",
    "to be set",
    "to be established",
    "to be advised",
    "target to be",
    "targets to be",
    "target tbc",
    "target tbd",
    "target will be",
    "targets will be",
    "target not",
    "target in development",
    "baseline year",
    "baseline to be",
    "baseline being",
    "baseline will be",
    "baseline tbc",
    "baseline only",
    "baseline data to be",
    "baseline data being",
    "baseline in development",
    "no target",
    "not yet",
    "not set",
    "none set",
    "no baseline",
    "not applicable",
    "n/a",
    "contextual",
    "monitor only",
    "monitoring only",
    "for monitoring",
    "for information",
    "for context",
    "track only",
    "track and report",
    "trend only",
    "data only",
    "report only",
    "target withdrawn",
    "target suspended",
    "target removed",
    "target deleted",
    "target in review",
    "targets in review",
    "measure withdrawn",
    "measure in review",
    "measure suspended",
    "measure deleted",
    "no longer measured",
    "no longer reported",
    "not measured",
    "not targeted",
    "new measure",
    "new indicator",
    "establish baseline",
    "establish a baseline",
    "establishing baseline",
    "to establish baseline",
    "to be baselined",
    "to be reviewed",
    "to be developed",
    "to be defined",
    "for noting",
    "tracking only",
    "trend measure",
    "trend data",
    "demand measure",
    "context measure",
    "context indicator",
    "monitoring measure",
    "monitoring indicator",
    "monitored only",
    "information only",
    "do not set",
    "none (",
    "none set",
    "none –",
    "none -",
];

/// Words of a target that is set all the same.
const SETS: &[&str] = &[
    "least",
    "most",
    "than",
    "zero",
    "nil",
    "all",
    "every",
    "each",
    "maintain",
    "until",
    "reduce",
    "reduction",
    "increase",
    "by",
    "below",
    "above",
    "over",
    "under",
    "half",
    "double",
    "twice",
    "percent",
    "minimum",
    "maximum",
    "last",
    "previous",
    "at",
    "exceed",
    "within",
];

/// `none-yet = ( "TBC" | "to be confirmed" | "target to be" | "baseline year" | "no target" … ) text`, in which every figure is a year:
/// `TBC once the 2026 survey is in`, `Baseline year: target to be set`.
pub(super) fn sets_none_yet(bare: &str) -> bool {
    let bare = without_figures_of_others(bare);
    if bare.len() > 180
        || !bare.starts_with([
            't', 'T', 'b', 'B', 'n', 'N', 'c', 'C', 'm', 'M', 'f', 'F', 'd', 'D', 'r', 'R', 'e', 'E', 'i', 'I',
        ])
    {
        return false;
    }
    if !is_western(bare) || bare.contains(['%', '£', '$', '€', ';', '\n', '<', '>', '≥', '≤', '+']) {
        return false;
    }
    let lower = bare.to_lowercase();
    let told = ["target:", "target –", "target —", "target -"].iter().find_map(|label| lower.strip_prefix(label));
    let told = told
        .unwrap_or(&lower)
        .trim()
        .replace("under review", "in review")
        .replace("under development", "in development");
    let told = told.as_str();
    let whole = ["monitor", "baseline"].contains(&told);
    let opens = whole
        || NONE_YET
            .iter()
            .any(|word| told.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric())));
    opens
        && told
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | ':'))
            .all(|word| is_year_or_plain(word) && !SETS.contains(&word.trim_matches('.')))
}

/// A text without the bracket at its end, where that tells the figure of somebody else, or of another time, and no more:
/// (national benchmark 3.2%), (2022: 18.4%).
fn without_figures_of_others(bare: &str) -> &str {
    let Some(open) = bare.strip_suffix(')').and_then(|front| front.rfind('(')) else { return bare };
    let (front, inner) = (bare.get(..open).unwrap_or(bare), bare.get(open + 1..bare.len() - 1).unwrap_or(""));
    let lower = inner.to_ascii_lowercase();
    let mut words =
        lower.split(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '.')).filter(|word| !word.is_empty());
    const OTHERS: [&str; 18] = [
        "benchmark",
        "average",
        "national",
        "baseline",
        "actual",
        "outturn",
        "current",
        "currently",
        "latest",
        "previous",
        "last",
        "result",
        "england",
        "region",
        "regional",
        "london",
        "median",
        "was",
    ];
    let sets =
        words.clone().any(|word| SETS.contains(&word) && !matches!(word, "last" | "previous") || word == "target");
    let other = words.clone().any(|word| OTHERS.contains(&word));
    let year = words
        .next()
        .is_some_and(|word| word.len() >= 4 && word.contains(|c: char| c.is_ascii_digit()) && is_year_or_plain(word));
    if !sets && (other || year) { front.trim_end() } else { bare }
}

/// Whether a word holds no figure, or is a year or a quarter: 2026, 2025/26, fy2026, q3.
fn is_year_or_plain(word: &str) -> bool {
    if !word.contains(|c: char| c.is_numeric()) {
        return true;
    }
    let bare = word.trim_end_matches('.').trim_start_matches("fy");
    let quarter = ["q1", "q2", "q3", "q4"].contains(&bare);
    let (year, next) = bare.split_once(['/', '-', '–']).unwrap_or((bare, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    quarter
        || year.len() == 4
            && digits(year)
            && (year.starts_with("19") || year.starts_with("20"))
            && digits(next)
            && matches!(next.len(), 0 | 2 | 4)
}

/// Verbs that open a target in words.
const ASPIRING: &[&str] = &[
    "work",
    "working",
    "support",
    "strengthen",
    "improve",
    "promote",
    "encourage",
    "engage",
    "enhance",
    "foster",
    "develop",
    "build",
    "continue",
    "help",
    "collaborate",
    "partner",
    "liaise",
    "protect",
    "deepen",
    "champion",
    "celebrate",
    "explore",
    "raise",
    "empower",
    "advocate",
    "connect",
    "co-operate",
    "cooperate",
    "consult",
    "communicate",
    "listen",
];

/// What makes of the number behind it one that tells how many there are.
const THERE_ARE: &[&str] = &["the", "our", "its", "their", "these", "those", "your"];

impl Parser<'_> {
    /// `mentioned = verb { text | ( "the" | "our" | … ) number noun }`: a target in words, whose numbers say only how many there are of
    /// those that it names: `Work with the 12 parish councils`.
    pub(super) fn mentioned_in_words(&mut self) -> Option<Draft> {
        if !self.source.latin() || self.tokens.len() < 4 {
            return None;
        }
        let first = self.written(0).to_ascii_lowercase();
        if !ASPIRING.contains(&first.as_str()) {
            return None;
        }
        let mut numbers = 0;
        for at in 1..self.tokens.len() {
            let allowed = match self.kind(at) {
                Kind::Text => is_western(self.written(at)) && !super::english_bounding::may_bound(self.written(at)),
                Kind::Comma
                | Kind::Word(
                    Word::Particle | Word::Of | Word::And | Word::Filler | Word::Than | Word::Better | Word::OutOf,
                ) => true,
                // between the seven islands
                Kind::Word(Word::Between) => self.kind(at + 1) == Kind::Word(Word::Particle),
                // around the 10 busiest junctions
                Kind::Word(Word::Roughly) => self.kind(at + 1) == Kind::Word(Word::Particle),
                Kind::Stop => at + 1 == self.tokens.len(),
                Kind::Number { .. } => {
                    numbers += 1;
                    let before = self.written(at - 1).to_ascii_lowercase();
                    THERE_ARE.contains(&before.as_str())
                        && self.kind(at + 1) == Kind::Text
                        && !super::amount::is_english_time(self.written(at + 1))
                }
                _ => false,
            };
            if !allowed {
                return None;
            }
        }
        if !(1..=2).contains(&numbers) {
            return None;
        }
        self.say(Note::new(
            "数は、対象がいくつあるかを述べたもので、言葉による目標とみなしました。",
            "The number tells how many there are; the target is in words.",
        ));
        Some(Draft::sure(Criterion::Qualitative {}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_is_still_to_be_set_is_none() {
        for (text, none) in [
            ("TBC once the 2026 census is out", true),
            ("Baseline year: target to be set in 2025/26", true),
            ("Target to be agreed with partners", true),
            ("TBC – at least 40 homes", false),
            ("Baseline 2023/24: 45", false),
            ("Target to be set by June", false),
            ("Target tables", false),
        ] {
            assert_eq!(sets_none_yet(text), none, "{text}");
        }
    }
}
