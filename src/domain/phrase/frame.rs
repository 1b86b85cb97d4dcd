//! What stands around a target and is no part of it: a mark or a heading in front, a full stop or a remark behind. Taken away before the target is
//! read, so that no rule has to think of it; what may say more than a remark stays.

use std::borrow::Cow;

use super::answer::Note;
use super::grammar::{is_heading, may_bind};

/// A text without what stands around its target.
pub(super) struct Framed<'a> {
    /// The target itself, without gaps inside an amount or a day.
    pub(super) core: Cow<'a, str>,
    /// How many characters stand in front of it.
    offset: usize,
    /// The characters of the target in front of which a gap was closed, one for each character of the gap.
    gaps: Vec<usize>,
    /// What was taken away and is worth a word, with the characters of the text that it is about.
    pub(super) notes: Vec<Note>,
    /// Whether a dash in front may be a minus sign as well.
    pub(super) doubtful: bool,
}

/// How many marks and headings may stand in front, and remarks behind.
const MOST: usize = 4;

/// How an English heading ends or what it is, in lower case.
const HEADINGS: [&str; 16] = [
    "target",
    "targets",
    "kpi",
    "kpis",
    "pi",
    "goal",
    "aim",
    "objective",
    "measure",
    "indicator",
    "outcome",
    "output",
    "milestone",
    "action",
    "deliverable",
    "metric",
];

/// What says in front of an English heading which it is: performance indicator, annual target.
const KINDS: [&str; 10] =
    ["performance", "key", "annual", "outcome", "output", "success", "our", "the", "headline", "service"];

/// How a remark in brackets begins, in lower case.
const REMARKS: [&str; 14] = [
    "※",
    "*",
    "注",
    "出典",
    "資料",
    "出所",
    "source:",
    "source -",
    "source –",
    "source ",
    "data source",
    "note:",
    "n.b.",
    "nb:",
];

/// How a bracket ends that says where the figure comes from: （区民アンケート）.
const SOURCES: [&str; 5] = ["アンケート", "アンケート調査", "意識調査", "実態調査", "調べ"];

/// What is a remark by itself, in lower case.
const WORDS: [&str; 11] = [
    "速報値",
    "速報",
    "暫定値",
    "暫定",
    "provisional",
    "provisional figure",
    "provisional data",
    "indicative",
    "draft",
    "unaudited",
    "estimated",
];

impl<'a> Framed<'a> {
    /// Finds the target in a text.
    pub(super) fn of(text: &'a str) -> Self {
        let mut framed =
            Self { core: Cow::Borrowed(text), offset: 0, gaps: Vec::new(), notes: Vec::new(), doubtful: false };
        let all = framed.without_end(text.trim_end());
        let core = framed.without_front(all.trim_start());
        let front = text.get(..all.len() - core.len());
        framed.offset = front.map_or(0, |front| front.chars().count());
        framed.core = framed.closed(core);
        framed
    }

    /// Where in the text a character of the target stands, counted in characters.
    pub(super) fn place(&self, position: usize) -> usize {
        self.offset + position + self.gaps.iter().take_while(|gap| **gap <= position).count()
    }

    /// The target without gaps that part what is one: 10 万人, 令和7 年3 月, 第 3 回, and the line that ends behind a 、.
    fn closed(&mut self, core: &'a str) -> Cow<'a, str> {
        let mut closed: Option<String> = None;
        // What stands in front of the white space that is looked at, where that ends, and up to where the text is kept.
        let (mut before, mut end, mut kept_to) = ('\0', 0, 0);
        for (at, white) in core.match_indices(is_white) {
            let front = core.get(..at).unwrap_or("");
            if at != end {
                before = front.chars().next_back().unwrap_or('\0');
            }
            end = at + white.len();
            if is_gap(before, white, core.get(at..).unwrap_or("")) {
                let kept = closed.get_or_insert_default();
                kept.push_str(front.get(kept_to..).unwrap_or(""));
                kept_to = end;
                self.gaps.push(kept.chars().count());
            }
        }
        if let Some(kept) = &mut closed {
            kept.push_str(core.get(kept_to..).unwrap_or(""));
        }
        match closed {
            Some(closed) => Cow::Owned(closed),
            // AT LEAST 20 OF THE 24 WARDS: capitals say nothing there.
            None if is_in_capitals(core) => Cow::Owned(core.to_ascii_lowercase()),
            None => Cow::Borrowed(core),
        }
    }

    fn without_front(&mut self, text: &'a str) -> &'a str {
        let mut core = text;
        for _ in 0..MOST {
            let rest = if let Some((rest, doubtful)) = behind_dash(core) {
                self.doubtful |= doubtful;
                rest
            } else if let Some(rest) =
                behind_mark(core).or_else(|| behind_heading(core)).or_else(|| behind_intent(core))
            {
                rest
            } else {
                break;
            };
            core = rest.trim_start();
        }
        core
    }

    fn without_end(&mut self, text: &'a str) -> &'a str {
        let mut core = text;
        for _ in 0..MOST {
            let rest = if let Some(rest) = without_stop(core) {
                rest
            } else if let Some(rest) = before_remark(core) {
                let note = Note::new(
                    "末尾の記載は、目標の条件ではない注記とみなしました。",
                    "What stands at the end is taken as a remark, not as a part of the condition.",
                );
                self.notes.push(note.at(rest.chars().count(), core.chars().count()));
                rest
            } else {
                break;
            };
            core = rest.trim_end();
        }
        core
    }
}

/// Whether a text is written in capitals, which tell a name from nothing: three words of them, and no small letter.
fn is_in_capitals(text: &str) -> bool {
    let mut letters = text.bytes().filter(u8::is_ascii_alphabetic);
    letters.next().is_some_and(|first| first.is_ascii_uppercase())
        && letters.all(|letter| letter.is_ascii_uppercase())
        && text.is_ascii()
        && text.split(' ').filter(|word| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic())).count()
            > 2
}

fn is_white(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\n' | '\r' | '\t' | '\u{a0}')
}

/// Whether white space between `before` and what is `behind` parts what is one.
fn is_gap(before: char, white: &str, behind: &str) -> bool {
    const GOES_ON: &str = "万億千百割倍年月週日時分秒回人次四末";
    if white == "\n" {
        return before == '、';
    }
    let next = || behind.trim_start_matches([' ', '\u{3000}', '\u{a0}']).chars().next().unwrap_or('\0');
    let digit = |c: char| matches!(c, '0'..='9' | '０'..='９');
    digit(before) && GOES_ON.contains(next()) || before == '第' && digit(next())
}

/// `- 55% or more`: a list, unless a figure without more could be below zero. A minus sign stands without a gap.
fn behind_dash(text: &str) -> Option<(&str, bool)> {
    let rest = text.strip_prefix(['-', '–', '—', '－', '―', '‐'])?;
    let item = rest.strip_prefix([' ', '\u{3000}'])?.trim_start();
    Some((item, !item.contains(char::is_alphabetic)))
}

/// `• 50件`, `・50件`, ①50件 where no ② follows: a list of one.
fn behind_mark(text: &str) -> Option<&str> {
    if let Some(rest) =
        text.strip_prefix(['・', '･', '•', '●', '○', '◎', '■', '□', '◆', '◇', '▪', '‣', '➢', '✓', '*', '＊'])
    {
        return Some(rest).filter(|rest| !rest.trim().is_empty());
    }
    let rest = text.strip_prefix('①')?;
    (!rest.trim().is_empty() && !rest.contains('②')).then_some(rest)
}

/// 目標：, 【成果指標】, `Target:`, `KPI 1:`. One that another label answers (実績：48件) says which figure is which, and stays.
fn behind_heading(text: &str) -> Option<&str> {
    const OPEN: [char; 4] = ['【', '［', '〔', '['];
    const CLOSE: [char; 4] = ['】', '］', '〕', ']'];
    let inner = text.strip_prefix(OPEN);
    let (label, rest) = match inner {
        Some(inner) => {
            let (label, rest) = inner.split_once(CLOSE)?;
            (label, rest.trim_start().strip_prefix([':', '：']).unwrap_or(rest))
        }
        None => {
            // No label is longer than this, and most texts have none.
            let mut ends = text.char_indices().take(40).filter(|(_, c)| matches!(c, ':' | '：' | '\u{3000}'));
            let (label, rest) = text.split_at_checked(ends.next()?.0)?;
            match rest.strip_prefix([':', '：']) {
                Some(rest) => (label, rest),
                // 目標値　平均寿命84歳以上; a figure behind it is that of the label.
                None if rest.trim_start().starts_with(is_figure) => return None,
                None => (label, rest),
            }
        }
    };
    let rest = rest.trim_start();
    // 【目標】50件【実績】48件, 目標：50件　実績：48件
    let answered = || match inner {
        Some(_) => rest.contains(OPEN),
        None => ["実績", "現状", "基準", "現在", "結果"].iter().any(|word| rest.contains(word)),
    };
    if label.is_ascii() {
        return is_english_heading(label).then_some(rest);
    }
    (is_heading(label) && !(rest.starts_with(is_figure) && answered())).then_some(rest)
}

/// What says only that what follows is aimed at.
const INTENTS: [&str; 17] = [
    "we must ",
    "we shall ",
    "we should ",
    "the aim is to ",
    "the aim is ",
    "aim for ",
    "aim to ",
    "aiming for ",
    "aiming to ",
    "we aim for ",
    "we aim to ",
    "we will ",
    "we plan to ",
    "seek to ",
    "strive for ",
    "strive to ",
    "our aim is to ",
];

/// Who aims at it.
const AGENTS: [&str; 8] = ["council", "service", "team", "department", "authority", "city", "borough", "district"];

/// `Aim for 90%`, `We will plant 500 trees`, `Ensure at least 90% of …`: behind the verb that says that it is aimed at.
fn behind_intent(text: &str) -> Option<&str> {
    // Said in English only.
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let behind = |words: &str| {
        let (front, rest) = text.split_at_checked(words.len())?;
        (front.eq_ignore_ascii_case(words) && !rest.trim().is_empty()).then_some(rest)
    };
    if let Some(rest) = INTENTS.iter().find_map(|words| behind(words)) {
        return Some(rest.strip_prefix("have ").unwrap_or(rest));
    }
    let listed = ["both of the following:", "all of the following:", "the following:"];
    if let Some(rest) = listed.iter().find_map(|words| behind(words)) {
        return Some(rest);
    }
    // The council will plant …
    let agent = ["the ", ""].iter().find_map(|article| behind(article)).unwrap_or(text);
    let (agent, rest) = agent.split_once(' ')?;
    let whose = AGENTS.iter().any(|known| known.eq_ignore_ascii_case(agent));
    if whose
        && let Some(rest) = ["will ", "shall ", "should ", "must ", "aims to ", "plans to "]
            .iter()
            .find_map(|verb| rest.strip_prefix(verb))
    {
        return Some(rest);
    }
    let rest = ["ensure that ", "ensure ", "make sure that ", "make sure "].iter().find_map(|words| behind(words))?;
    let counted = rest.bytes().any(|byte| byte.is_ascii_digit());
    (counted || ["all ", "every "].iter().any(|word| rest.starts_with(word))).then_some(rest)
}

/// Whether a figure begins with a character.
fn is_figure(c: char) -> bool {
    c.is_numeric() || matches!(c, '約' | '-' | '−' | '－' | '▲' | '△' | '+' | '＋' | '±')
}

fn is_english_heading(label: &str) -> bool {
    let label = label.trim().to_ascii_lowercase();
    let mut words = label.split_whitespace().filter(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    let Some(last) = words.next_back() else { return false };
    // KPI1
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    HEADINGS.contains(&last) && words.all(|word| KINDS.contains(&word) || HEADINGS.contains(&word))
}

/// A full stop; not that of an abbreviation (`p.a.`).
fn without_stop(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_suffix('。') {
        return Some(rest);
    }
    let rest = text.strip_suffix(['.', '．'])?;
    let word = rest.rsplit(|c: char| c.is_whitespace() || c == '.').next()?;
    (word.chars().count() > 1 && !rest.ends_with('.') && !is_abbreviated(word)).then_some(rest)
}

fn is_abbreviated(word: &str) -> bool {
    ["approx", "no", "yr", "yrs", "max", "min", "incl", "excl", "inc", "hrs", "mins", "dept", "avg"]
        .iter()
        .any(|short| word.eq_ignore_ascii_case(short))
}

/// （※速報値）, `(source: annual survey)`, 　※詳細は別紙のとおり: without a figure, and without a word that may bind.
fn before_remark(text: &str) -> Option<&str> {
    if let Some(inner) = text.strip_suffix(['）', ')']) {
        let open = inner.rfind(['（', '('])?;
        let (front, inside) = inner.split_at_checked(open)?;
        // A quotation that ends here is a name.
        let inside = inside.trim_start_matches(['（', '(']).trim();
        if inside.contains(['）', ')', '「', '」', '"']) {
            return None;
        }
        let lower = inside.to_lowercase();
        let told = WORDS.contains(&lower.as_str())
            || REMARKS.iter().any(|mark| lower.starts_with(mark))
            || SOURCES.iter().any(|source| inside.ends_with(source));
        return (told && says_nothing_more(inside) && !front.trim().is_empty()).then_some(front);
    }
    let (front, remark) = text.rsplit_once('※')?;
    // The gap in front tells it from a mark inside a name.
    let parted = front.ends_with([' ', '\u{3000}', '\n', '。', '\t']);
    (parted && says_nothing_more(remark) && !front.trim().is_empty()).then_some(front)
}

fn says_nothing_more(remark: &str) -> bool {
    let remark = remark.trim_start_matches(['※', '*']);
    // 別紙のとおり: elsewhere, and not one by one.
    let remark = remark.replace("別紙", "").replace("別途", "").replace("別表", "").replace("別添", "");
    !remark.contains(|c: char| c.is_numeric() || matches!(c, '%' | '％')) && !may_bind(&remark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_target_is_found() {
        let cases = [
            ("目標：55%以上。", "55%以上", 3),
            ("【成果指標】延べ60人以上", "延べ60人以上", 6),
            ("・①50件", "50件", 2),
            ("- At least 40% of visits.", "At least 40% of visits", 2),
            ("KPI 1: Zone 3 open (source: annual survey)", "Zone 3 open", 7),
            ("目標値　平均寿命84歳以上", "平均寿命84歳以上", 4),
            ("80%以上　※詳細は別紙のとおり", "80%以上", 0),
            ("計画の策定（※速報値）", "計画の策定", 0),
            ("AT LEAST 20 OF THE 24 WARDS.", "at least 20 of the 24 wards", 0),
        ];
        for (text, core, offset) in cases {
            let framed = Framed::of(text);
            assert_eq!((&*framed.core, framed.place(0)), (core, offset), "{text}");
        }
    }

    #[test]
    fn gaps_inside_an_amount_are_closed_and_every_character_keeps_its_place() {
        let framed = Framed::of("目標：第 3 回　10  万人、\n1 研修");
        assert_eq!(framed.core, "第3回　10万人、1 研修");
        let places: Vec<usize> = [0, 1, 2, 3, 6, 9].into_iter().map(|at| framed.place(at)).collect();
        assert_eq!(places, [3, 5, 7, 8, 13, 17]);
    }

    #[test]
    fn what_may_be_meant_stays() {
        let whole = [
            "目標：50件　実績：48件",
            "①50件②60件",
            "-5%",
            "80%以上（※前年度以上）",
            "80%以上　※令和9年度は85%",
            "Minimum 4 meetings p.a.",
            "利用率：80%",
            "Visits: 250,000",
            "",
            "※",
        ];
        for text in whole {
            assert_eq!(Framed::of(text).core, text);
        }
        assert!(Framed::of("- 5%").doubtful && !Framed::of("- 5 visits").doubtful);
    }
}
