//! English words that may bound, rank, add to or compare what they stand with, and names that hold none of them.

use std::sync::LazyLock;

/// Whether English words are plainly a name or what is done to so many: `Rent arrears`, `Deliver`; none that may bound or rank.
pub(super) fn is_english_name(noun: &str) -> bool {
    // day-care, drop-in: one word.
    let parted = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '\'' | '’');
    let mut words = noun.split(parted).filter(|word| !word.is_empty());
    let count = words.clone().count();
    let plain = |word: &str| {
        word.len() > 1 && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’')) && !bounds(word)
    };
    (1..=7).contains(&count) && words.all(plain)
}

/// Whether one of the words of an English name may bound, rank, add to or compare.
pub(super) fn may_bound(noun: &str) -> bool {
    let mut words = noun.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty()).peekable();
    let mut before = "";
    while let Some(word) = words.next() {
        // collected in year
        let within = word == "year" && before == "in";
        before = word;
        // Category 1 hazards: which of several
        let numbered = words.peek().is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
        // Water loss less than 15%: what is counted, where no other word bounds
        let counted = matches!(word, "loss" | "losses" | "gap" | "gaps");
        let which = numbered && NUMBERED.iter().any(|known| known.eq_ignore_ascii_case(word));
        if bounds(word) && !(counted || within || which) {
            return true;
        }
    }
    false
}

/// Whether an English name is that of a figure that lies on either side of zero: Change in visits, Net position.
pub(super) fn may_be_below_zero(noun: &str) -> bool {
    noun.split(|c: char| !c.is_alphabetic()).any(|word| SIGNED.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// What names a figure that lies on either side of zero.
const SIGNED: [&str; 22] = [
    "change",
    "changes",
    "difference",
    "shift",
    "growth",
    "net",
    "reduction",
    "fall",
    "drop",
    "decline",
    "rise",
    "increase",
    "decrease",
    "variance",
    "variation",
    "deviation",
    "balance",
    "movement",
    "gain",
    "loss",
    "gap",
    "score",
];

fn bounds(word: &str) -> bool {
    let of_letter = initial(word).and_then(|letter| BY_INITIAL.get(letter));
    of_letter.is_some_and(|words| words.iter().any(|bound| bound.eq_ignore_ascii_case(word)))
}

/// Which letter of the alphabet a word begins with, from 0.
fn initial(word: &str) -> Option<usize> {
    let letter = word.bytes().next()?.to_ascii_lowercase();
    letter.checked_sub(b'a').map(usize::from).filter(|letter| *letter < 26)
}

/// The words by their first letters.
static BY_INITIAL: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let words_of = |letter| BOUNDING.iter().copied().filter(|word| initial(word) == Some(letter)).collect();
    (0..26).map(words_of).collect()
});

/// Those that say with a number behind them which of several is meant.
const NUMBERED: [&str; 8] = ["category", "level", "grade", "band", "tier", "stage", "class", "phase"];

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
    "but",
    "whichever",
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
    "nobody",
    "noone",
    "none",
    "no",
    "never",
    "neither",
    "without",
    "nothing",
    "starting",
    "opening",
    "onwards",
    "upwards",
    "downwards",
    "overall",
    "total",
    "worse",
    "better",
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
