//! The last look at a reading before it is certain: what was left in a name, or passed over, may still be a part of the condition.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Token, Word, is_western, may_be_month_first};
use super::amount::unquoted;
use super::cursor::Parser;
use super::figure::Draft;
use super::turning::{ALL_PEOPLE, CHANGES, DENIALS, ENGLISH, ENGLISH_DENIALS, QUANTIFIERS};
use crate::domain::Criterion;
use crate::domain::criterion::Operand;

impl Parser<'_> {
    /// Has a person look at a reading that would be certain, where a word that no rule has read may change it.
    pub(in crate::domain::phrase) fn guard(&mut self, draft: &Draft) {
        if self.review {
            return;
        }
        self.past_deadline(draft);
        self.quarter_of_which_year();
        self.era_of_which_year();
        self.day_or_month_first();
        if self.review {
            return;
        }
        let mut seen = Seen::default();
        seen.look(&draft.main, 0);
        seen.deed = matches!(draft.main, Criterion::Milestone { .. });
        self.end = self.tokens.len();
        seen.all |= (0..self.tokens.len())
            .any(|at| matches!(self.kind(at), Kind::Word(Word::AllOf | Word::Every)) && self.share_of_all(at));
        let doubtful = (0..self.tokens.len()).find(|at| !self.is_told(*at) && self.unread(*at, &seen));
        if let Some(at) = doubtful {
            let (start, end) = (self.starts(at), self.ends(at));
            return self.ask(unread().at(start, end));
        }
        let text = self.source.written(0, self.source.len());
        // 各施設の合計, 各施設の稼働率の平均: of all together, not of each.
        let parted = matches!(&draft.main, Criterion::All { of } if of.iter().any(|part| !matches!(part, Criterion::Each { .. })));
        if seen.each
            && !(parted && is_western(text))
            && ["の平均", "合計", "の累計", "の総", "otal", "verage", "combined", "together"]
                .iter()
                .any(|word| text.contains(word))
        {
            return self.ask(unread().at(0, self.source.len()));
        }
        let quoted = |name: &str| {
            self.tokens.iter().any(|token| {
                token.kind == Kind::Quoted && unquoted(self.source.written(token.start, token.end)) == name
            })
        };
        let named = seen.names.iter().any(|name| doubtful_name(name, &seen) && !quoted(name));
        if named {
            return self.ask(unread().at(0, self.source.len()));
        }
        self.claimed_by_name(draft);
        self.second_look(draft);
    }

    /// Whether a token stands in a bracket that only explains a figure.
    fn is_told(&self, at: usize) -> bool {
        self.told.iter().any(|(open, close)| (*open..=*close).contains(&at))
    }

    /// Asks where the month may stand in front of the day: 04/06/2027.
    fn day_or_month_first(&mut self) {
        let either = |token: &&Token| {
            matches!(token.kind, Kind::Time(Time::Day(_)))
                && may_be_month_first(self.source.written(token.start, token.end))
        };
        if let Some(place) = self.tokens.iter().find(either).map(|token| (token.start, token.end)) {
            self.ask(
                Note::new(
                    "日を先、月を後に書いた日付とみなしました。",
                    "Read as a date with the day in front of the month.",
                )
                .at(place.0, place.1),
            );
        }
    }

    /// Asks where a year is written without its era: 6年度45％、7年度50％.
    fn era_of_which_year(&mut self) {
        let bare = |token: &Token| {
            matches!(token.kind, Kind::Time(Time::FiscalYear(_)))
                && token.end - token.start <= 4
                && self.source.at(token.start).is_ascii_digit()
        };
        // 令和6年度50％、7年度60％: the first says of which era.
        let named = self.tokens.iter().find(|token| matches!(token.kind, Kind::Time(Time::FiscalYear(_))));
        if named.is_some_and(|token| self.source.at(token.start) == '令') {
            return;
        }
        if let Some(place) = self.tokens.iter().find(|token| bare(token)).map(|token| (token.start, token.end)) {
            self.ask(
                Note::new(
                    "元号のない年度を、令和の年度とみなしました。",
                    "A year without its era is taken as one of Reiwa.",
                )
                .at(place.0, place.1),
            );
        }
    }

    /// Whether a token says something that the reading does not hold.
    fn unread(&mut self, at: usize, seen: &Seen<'_>) -> bool {
        let opens = self.kind(at + 1) == Kind::Open;
        let written = self.written(at);
        match self.kind(at) {
            Kind::PlusMinus => !seen.range && !seen.change,
            Kind::Word(Word::AllOf) if seen.deed && self.all_in_compound(at) => false,
            // 全職員の受講率: of all of them together, one figure.
            Kind::Word(Word::AllOf) if written == "全" && all_together(self.written(at + 1)) => false,
            // 80% of all staff: a share of them together.
            Kind::Word(Word::AllOf) if written == "all" && self.shared_among_all(at) => false,
            // 月1回ずつ: looked at where it was read.
            Kind::Word(Word::Respectively) if written.starts_with("ずつ") => false,
            Kind::Word(Word::Respectively | Word::AllOf | Word::Everyone) => !seen.all,
            Kind::Word(Word::Each | Word::Every) => !seen.all && !opens,
            // Three quarters, 3分の2: taken as percent.
            Kind::Number { .. } => {
                let shared = self.kind(at + 1) == Kind::Unit(Some("%")) && self.written(at + 1).is_empty();
                shared && !written.contains('¥') && self.own_unit() != Some("%")
            }
            Kind::Text if is_western(written) => english(written, true),
            // 毎年度、前年度を上回る
            Kind::Text if self.every_last_year(at) => false,
            // むし歯のない3歳児
            Kind::Text
                if written.ends_with("のない")
                    && self.kind(at + 2) == Kind::Unit(Some("歳"))
                    && self.starts(at + 1) == self.ends(at) =>
            {
                false
            }
            Kind::Text => {
                if self.denied_away && super::absence::ends_so(written) {
                    return false;
                }
                let next = written.chars().next_back().is_some_and(|c| !matches!(c, 'ぁ'..='ん'));
                denies(written, next) || !seen.all && holds(written, &QUANTIFIERS)
            }
            _ => false,
        }
    }
}

/// 職員の研修受講率, behind 全: a share among all of them.
fn all_together(noun: &str) -> bool {
    noun.split_once('の').is_some_and(|(whose, name)| ALL_PEOPLE.contains(&whose) && name.ends_with(['率', '合']))
}

fn unread() -> Note {
    Note::new(
        "条件の一部かもしれない語（否定、増減、すべて・それぞれなど）が読み残されています。",
        "A word that may be a part of the condition (a denial, a change, all or each) was not read.",
    )
}

/// What a criterion holds.
#[derive(Default)]
struct Seen<'a> {
    /// Some of it is said of every part, or of all of them, or out of how many there are.
    all: bool,
    each: bool,
    range: bool,
    /// Some of it is a change of a reference.
    change: bool,
    /// All that is read is something to be done, whose words are all kept.
    deed: bool,
    names: Vec<&'a str>,
}

impl<'a> Seen<'a> {
    fn look(&mut self, criterion: &'a Criterion, depth: usize) {
        if depth > super::DEEPEST + 2 {
            return;
        }
        match criterion {
            Criterion::Threshold { subject, out_of, per, operand, .. } => {
                self.change |= matches!(operand, Operand::Reference(reference) if reference.change().is_some());
                self.all |= out_of.is_some() || per.is_some();
                self.names.extend(subject.as_deref());
            }
            Criterion::Range { subject, .. } => {
                self.range = true;
                self.names.extend(subject.as_deref());
            }
            Criterion::Universe { subject, .. } => {
                self.all = true;
                self.names.extend(subject.as_deref());
            }
            Criterion::Milestone { action, subject, .. } => {
                // 全戸配布: what stands around 全 may still deny or refer.
                self.names.extend(action.split('全').filter(|piece| !piece.trim().is_empty()));
                self.names.extend(subject.as_deref());
            }
            Criterion::Each { of } => {
                self.all = true;
                self.each = true;
                self.look(of, depth + 1);
            }
            Criterion::All { of } | Criterion::Any { of } => of.iter().for_each(|part| self.look(part, depth + 1)),
            Criterion::Schedule { steps } => steps.iter().for_each(|step| self.look(&step.criterion, depth + 1)),
            _ => {}
        }
    }
}

/// Whether a name holds what a name seldom does.
fn doubtful_name(name: &str, seen: &Seen<'_>) -> bool {
    if seen.deed && is_western(name) && name.contains(|c: char| c.is_ascii_digit()) && spans_years(name) {
        return english(name, false);
    }
    if super::doubt::is_doubtful(name) {
        return true;
    }
    if is_western(name) {
        return english(name, false) || year(name) || name.contains('%') && name.contains(|c: char| c.is_ascii_digit());
    }
    let bare = name.trim_end_matches(['の', 'を', 'は', 'が']);
    denies(name, false)
        || english(name, false)
        || CHANGES.iter().any(|word| bare.ends_with(word)) && !bare.ends_with("増減")
        || !seen.all
            && (holds(name, &QUANTIFIERS)
                || ["当たり", "あたり", "当り"].iter().any(|word| {
                    // Not within a bracket that defines a word of the name.
                    name.find(word).is_some_and(|at| {
                        !name.get(..at).is_some_and(|front| front.contains('（')) || !name.contains("）を")
                    })
                }))
        || name.contains(['±', '▲', '△'])
        // 40％だった認知度: what it was.
        || ["だった", "であった"].iter().any(|was| name.contains(was)) && name.contains(char::is_numeric)
        || bounds_another(name)
        || year(name)
}

/// Whether a name holds a bound of its own: 5施設中3施設以上が, 待ち時間10分以内で満足度; not 65歳以上で, which says who.
fn bounds_another(name: &str) -> bool {
    if name.contains("以内で") && !name.ends_with(['合', '数', '者']) {
        return true;
    }
    if !name.contains(['以', '未']) {
        return false;
    }
    // 15業務以上／削減時間, 3施設以上が
    ["以上", "以下", "以内", "未満"].iter().any(|word| {
        name.match_indices(word).any(|(at, _)| {
            let (before, behind) = (name.get(..at).unwrap_or(""), name.get(at + word.len()..).unwrap_or(""));
            let parted = behind.starts_with(['／', '/', '、', '，', ';', '；']);
            (parted || *word != "以内" && behind.starts_with(['が', 'で'])) && !before.ends_with('歳')
        })
    })
}

/// Whether a text in brackets may say more than a remark: a change, a bound, each of several, a denial.
pub(in crate::domain::phrase) fn may_bind(text: &str) -> bool {
    let bounds = [
        "実績",
        "現状",
        "上限",
        "下限",
        "最低",
        "最大",
        "最高",
        "最小",
        "定員",
        "定数",
        "平均",
        "合計",
        "目安",
        "程度",
        "約",
        "単年",
        "通年",
        "毎",
        "ただし",
        "場合",
        "できれば",
        "別",
        "ごと",
        "千",
        "万",
        "中間",
        "増",
        "減",
        "倍",
        "超",
        "未満",
        "上回",
        "下回",
        "割",
        "以上",
        "以下",
        "以内",
        "半",
    ];
    bounds.iter().any(|word| text.contains(word))
        || holds(text, &QUANTIFIERS)
        || denies(text, true)
        || english(text, false)
        || super::doubt::is_doubtful(text)
}

/// Whether a Japanese text denies something, other than of the noun that stands directly behind: 運動をしない人の割合.
pub(super) fn denies(text: &str, ends_in_noun: bool) -> bool {
    if !text.contains(['な', 'ず', 'ん']) {
        return false;
    }
    let noun = ends_in_noun || text.chars().next_back().is_some_and(|c| !matches!(c, 'ぁ'..='ん'));
    DENIALS.iter().any(|(word, not)| {
        found(text, word, not).any(|end| {
            let next = text.get(end..).and_then(|rest| rest.chars().next());
            let attributive = noun
                && *word == "ない"
                && next.is_some_and(
                    |c| matches!(c, '\u{4E00}'..='\u{9FFF}' | 'ァ'..='ヶ' | '0'..='9' | '０'..='９' | '「'),
                );
            !attributive
        })
    })
}

fn holds(text: &str, words: &[(&str, &[&str])]) -> bool {
    // Each of the words has one of these characters, and most texts have none.
    let may = text.contains(['べ', '全', 'ず', 'ぞ', 'も', '双', '両', 'ど', '毎', '各', 'な', '半', 'ご']);
    may && words.iter().any(|(word, not)| found(text, word, not).next().is_some())
}

/// Where a word ends in a text, wherever it is not a part of one of some other words.
pub(super) fn found<'t>(text: &'t str, word: &'t str, not: &'t [&'t str]) -> impl Iterator<Item = usize> + 't {
    text.match_indices(word).take(40).filter_map(move |(at, _)| {
        let part = not.iter().any(|other| {
            other.match_indices(word).any(|(offset, _)| {
                at.checked_sub(offset).and_then(|from| text.get(from..)).is_some_and(|from| from.starts_with(other))
            })
        });
        (!part).then_some(at + word.len())
    })
}

/// Whether an English text holds one of the words; of passed-over text, only a denial matters.
fn english(text: &str, denial: bool) -> bool {
    if !text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    let others: &[&str] = if denial { &[] } else { &ENGLISH };
    let mut before = "";
    // NO2 is a word of its own.
    text.split(|c: char| !c.is_ascii_alphabetic() && !c.is_numeric() && !matches!(c, '\'' | '’'))
        .filter(|word| word.len() > 1 && !word.contains(char::is_numeric))
        .take(200)
        .any(|word| {
            let negative = ["n't", "n’t", "N'T", "N’T"].iter().any(|end| word.ends_with(end));
            let known = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
            let front = std::mem::replace(&mut before, word);
            let noun = named_noun(front, word);
            // children not in school: who, rather than whether; where a comparison follows, that has been looked at.
            let who = word == "not" && is_many(front) || word == "least" && front == "at" && frequency(text);
            negative || !who && (known(&ENGLISH_DENIALS) || !noun && known(others))
        })
}

/// Whether `at least` says how often somebody does something: at least twice a week, at least once a month.
fn frequency(text: &str) -> bool {
    text.split_once("at least ").is_some_and(|(_, behind)| {
        let word = behind.split(' ').next().unwrap_or("");
        matches!(word, "once" | "twice" | "weekly" | "monthly" | "annually" | "one" | "two" | "three")
            || word.bytes().all(|byte| byte.is_ascii_digit()) && !word.is_empty()
    })
}

/// Whether a word is a plural.
pub(super) fn is_many(word: &str) -> bool {
    word.len() > 3 && word.ends_with('s') && !word.ends_with("ss")
        || matches!(word, "people" | "children" | "men" | "women" | "staff" | "olds")
}

/// Whether a word that may move or bound a figure is a noun here: falls, the speed limit, energy saving.
fn named_noun(before: &str, word: &str) -> bool {
    matches!(word, "falls" | "saving")
        // streets graded below B
        || matches!(word, "below" | "above") && matches!(before, "graded" | "rated" | "assessed")
        || matches!(word, "fall" | "drop" | "limit" | "cut" | "increase")
            && matches!(before, "the" | "of" | "from" | "speed" | "time" | "age" | "weight" | "power")
}

/// Corporate Plan 2026-30: the one year in a name opens a span of years, which belongs to a title.
fn spans_years(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let behind = rest.get(at..).unwrap_or("");
        let end = behind.find(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '–' | '/')).unwrap_or(behind.len());
        let span = behind.get(..end).unwrap_or("");
        if !span.contains(['-', '–', '/']) || span.ends_with(['-', '–', '/']) {
            return false;
        }
        rest = behind.get(end..).unwrap_or("");
    }
    true
}

/// Whether a text holds four digits that are a year.
fn year(text: &str) -> bool {
    let digit = |c: char| c.to_digit(10).or_else(|| u32::from(c).checked_sub(0xFF10).filter(|digit| *digit < 10));
    let (mut run, mut value) = (0, 0);
    for c in text.chars().chain([' ']) {
        match digit(c) {
            Some(next) if run < 9 => (run, value) = (run + 1, value * 10 + next),
            Some(_) => {}
            None => {
                if run == 4 && (1950..=2150).contains(&value) {
                    return true;
                }
                (run, value) = (0, 0);
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_of_the_noun_behind_it_is_no_denial_of_the_condition() {
        for (text, doubtful) in [
            ("運動をしない人の割合", false),
            ("少ない", false),
            ("遅れを出さないこと", true),
            ("安全な場所", false),
            ("全施設", true),
            ("各種講座", false),
            ("子どもの数", false),
            ("男女とも", true),
            ("Turnover won’t", true),
            ("households", false),
            ("2025 visitors", true),
            ("利用者の増加", true),
            ("増加率", false),
        ] {
            assert_eq!(doubtful_name(text, &Seen::default()), doubtful, "{text}");
        }
    }
}
