//! Names that say that a condition holds for every part: 満足度・理解度とも, 5施設すべてで, どの区でも, `in all wards`.

use super::super::answer::Note;
use super::super::lex::{Kind, Word, is_western};
use super::clause::each_of;
use super::cursor::Parser;
use super::figure::{Draft, Figure};
use crate::domain::Criterion;

/// 居場所を小学校区ごと, 地区ごとに防災リーダー: a name without the word for each of which there is to be so much; not 3年ごと, which says how often.
pub(super) fn without_every(name: &str) -> Option<&str> {
    const PARTS: [char; 6] = ['を', 'は', 'が', '、', ' ', '　'];
    let (all, behind) = name.split_once("ごと")?;
    let parted = all.rfind(PARTS);
    let every = parted.map_or(all, |at| all.get(at..).unwrap_or("")).trim_start_matches(PARTS);
    let front = parted.map_or("", |at| all.get(..at).unwrap_or(""));
    let behind = behind.trim_start_matches(['に', '、', ' ', '　']);
    let often = every.contains(char::is_numeric) || every.ends_with(['年', '月', '週', '日', '期', '度', '回']);
    match (front, behind) {
        _ if every.is_empty() || often || behind.starts_with('の') => None,
        ("", name) | (name, "") => Some(name),
        _ => None,
    }
}

/// How a name ends that stands for several things, each of which is meant.
const ENDINGS: [&str; 3] = ["ともに", "とも", "でも"];

impl<'a> Parser<'a> {
    /// `each = ( 全項目とも | 各項目で | 各 unit で ) clause`
    pub(super) fn each(&mut self, to: usize) -> Option<Draft> {
        let all = match self.peek(0) {
            Kind::Word(Word::Each) => false,
            Kind::Word(Word::Every | Word::AllOf) => true,
            _ => return None,
        };
        self.at += 1;
        // 全11地域で, すべての施設で, 各校
        let counted = all || self.written(self.at - 1).ends_with("all") || self.written(self.at - 1).ends_with("both");
        if counted && matches!(self.peek(0), Kind::Number { .. }) {
            self.at += 1;
        }
        let named = matches!(self.peek(0), Kind::Unit(_));
        let text = !named && self.peek(0) == Kind::Text;
        if named {
            self.at += 1;
        } else if text {
            let written = self.written(self.at);
            let parted = written.trim_end_matches(['で', 'の', 'に', 'も', 'が', 'は', 'お', 'い', 'て', 'と']);
            let latin = is_western(written);
            if parted.len() == written.len() && all && !latin {
                return None;
            }
            self.at += 1;
        } else if all {
            return None;
        }
        let verb = self.peek(0) == Kind::Word(Word::Filler);
        if text && (!all || verb) && is_western(self.written(self.at - 1)) {
            self.each_of_several_words();
        }
        // 全職員の80%以上 is a share of all of them; すべての学校の満足度 may be one figure for all.
        let of_all = all && (self.written(self.at) == "の" || text && self.written(self.at - 1).ends_with('の'));
        let mut parted = text;
        for _ in 0..2 {
            parted |= self.take(Word::Particle)
                || self.take(Word::Respectively)
                || self.take_kind(Kind::Comma)
                || self.take_kind(Kind::Colon);
        }
        // All major planning applications …: a name of several words, of which the rest would be lost.
        if text && is_western(self.written(self.at - 1)) && self.peek(0) == Kind::Text && all {
            let place = (self.starts(self.at - 1), self.ends(self.at));
            self.ask(each_or_together().at(place.0, place.1));
        }
        let verbs =
            ["scores", "holds", "has", "reaches", "achieves", "records", "runs", "hosts", "attains", "gets", "at"];
        let behind = self.written(self.at).to_ascii_lowercase();
        self.at += usize::from(text && self.peek(0) == Kind::Text && verbs.contains(&behind.as_str()));
        if all && !parted || self.at >= to {
            return None;
        }
        if of_all {
            if matches!(self.peek(0), Kind::Number { .. }) {
                return None;
            }
            let end = self.ends(self.at - 1);
            self.ask(each_or_together().at(self.starts(0), end));
        }
        // "each" is said of conditions on a figure, or of conditions in brackets.
        let (from, notes, review) = (self.at, self.notes.len(), self.review);
        let draft = self.clause(from, from, to)?;
        let compares =
            matches!(draft.main, Criterion::Milestone { .. } | Criterion::Qualitative {} | Criterion::None {});
        if compares && self.kind(from) != Kind::Open {
            self.notes.truncate(notes);
            self.review = review;
            return None;
        }
        let grouped = self.kind(from) == Kind::Open;
        Some(draft.map(
            |criterion| {
                if grouped { Criterion::Each { of: Box::new(criterion) } } else { each_of(criterion) }
            },
        ))
    }

    /// Takes what says "each of them" off a name; gives what is left of the name.
    pub(super) fn all_of_subject(&mut self, figure: &mut Figure<'a>, from: usize, to: usize) -> (usize, usize) {
        let (mut from, mut to) = (from, to);
        // 満足度及び理解度がそれぞれ, 利用率はいずれも
        for _ in 0..2 {
            let all = to > from
                && matches!(self.kind(to - 1), Kind::Word(Word::Respectively | Word::Each))
                && !self.source.at(self.starts(to - 1)).is_ascii();
            if all {
                figure.each = true;
                to -= 1;
            }
        }
        let written = self.span(from, to).trim_end_matches([' ', '　', ':', '：', '、', ',']);
        if let Some(behind) = self.whichever(from, to) {
            figure.each = true;
            return (behind, to);
        }
        figure.each |= collective(written);
        if figure.each && self.counts_only(from, to) {
            // 24区とも: the number is not that of the condition.
            return (to, to);
        }
        let Some(at) = (from..to).take(24).find(|at| {
            matches!(self.kind(*at), Kind::Word(Word::AllOf | Word::Every | Word::Each | Word::Respectively))
        }) else {
            return (from, to);
        };
        let latin = self.source.at(self.starts(at)).is_ascii();
        if latin {
            // satisfaction in all wards
            let plain = (at + 1..to).all(|at| {
                matches!(self.kind(at), Kind::Text | Kind::Unit(_) | Kind::Number { .. } | Kind::Word(Word::Particle))
            });
            // the number of all complaints: of them together
            let together = at > from && self.written(at - 1) == "of";
            if plain && at + 1 < to && at > from && !together {
                figure.each = true;
                return (from, at);
            }
            return (from, to);
        }
        if let Some(named) = self.each_place(at, from, to) {
            figure.each = true;
            return (from, named);
        }
        if let Some(named) = self.all_behind_name(figure.each, at, from, to) {
            figure.each = true;
            return (from, named);
        }
        // 令和8年度末までに各圏域に少なくとも1か所
        if at == from && self.written(at) == "各" && self.kind(at) == Kind::Word(Word::Each) {
            let rest = self.span(at + 1, to).trim();
            let noun =
                rest.trim_end_matches(['で', 'に', 'も', 'と']).trim_end_matches("につき").trim_end_matches("から");
            let plain = (1..=10).contains(&noun.chars().count())
                && noun.chars().all(|c| matches!(c, '\u{4E00}'..='\u{9FFF}' | 'ァ'..='ヶ' | 'ー'));
            if plain && noun.len() < rest.len() && !super::nouns::is_indicator(noun) {
                figure.each = true;
                return (to, to);
            }
        }
        let counted = from == at || self.counts_only(from, at);
        let mut behind = at + 1;
        behind += usize::from(matches!(self.kind(behind), Kind::Number { .. }));
        behind += usize::from(matches!(self.kind(behind), Kind::Unit(_)));
        let rest = self.span(behind, to);
        let named = self.span(at + 1, behind);
        if counted && rest.is_empty() && !named.is_empty() {
            // 全施設 80%以上: of each, or of all together.
            figure.each = true;
            // 全項目 are never counted together.
            if !["項目", "指標", "設問", "種目", "科目"].iter().any(|item| named.ends_with(item)) {
                let (start, end) = (self.starts(at), self.ends(to - 1));
                self.ask(each_or_together().at(start, end));
            }
            return (to, to);
        }
        if counted && distributes(rest) {
            figure.each = true;
            from = behind;
            while from < to && matches!(self.kind(from), Kind::Word(Word::Particle | Word::Respectively) | Kind::Comma)
            {
                from += 1;
            }
        }
        (from, to)
    }

    /// 子ども食堂を各中学校区に, 相談会を各区で: behind what is done stands where, in each of them. Gives where the name ends.
    fn each_place(&mut self, at: usize, from: usize, to: usize) -> Option<usize> {
        let each = self.kind(at) == Kind::Word(Word::Each) && self.written(at) == "各";
        if !each || at == from {
            return None;
        }
        let parted = self.span(from, at).ends_with(['を', 'の', 'は', '、', '　', ' ', '：', ':'])
            || self.starts(at) > self.ends(at - 1);
        let place = self.span(at + 1, to).trim();
        let noun = place.trim_end_matches(['で', 'に', 'も', 'と']);
        let plain = (1..=10).contains(&noun.chars().count())
            && noun.chars().all(|c| matches!(c, '\u{4E00}'..='\u{9FFF}' | 'ァ'..='ヶ' | 'ー'));
        (parted && plain).then_some(at)
    }

    /// モニタリング評価　全施設とも, 窓口満足度　すべての区役所で: behind a name and a gap stands of which, each of them. Gives where the
    /// name ends.
    fn all_behind_name(&mut self, figure_each: bool, at: usize, from: usize, to: usize) -> Option<usize> {
        let all = matches!(self.kind(at), Kind::Word(Word::AllOf | Word::Every));
        if !all || at <= from {
            return None;
        }
        let mut name = at;
        while name > from && matches!(self.kind(name - 1), Kind::Colon | Kind::Comma) {
            name -= 1;
        }
        let parted = name < at || self.starts(at) > self.ends(at - 1);
        let rest = self.source.written(self.starts(at + 1), self.starts(to)).trim();
        let noun = rest.trim_end_matches(['で', 'も', 'に', 'お', 'い', 'て']).trim_end_matches("とも");
        let counted = |c: char| c.is_numeric() || matches!(c, '\u{4E00}'..='\u{9FFF}' | 'ァ'..='ヶ' | 'ー' | '・');
        let plain = (1..=12).contains(&noun.chars().count()) && noun.chars().all(counted);
        let each = noun.len() < rest.len() || figure_each;
        (parted && plain && each && name > from).then_some(name)
    }

    /// ずつ behind an amount: of each of those that the text names, over the time that it names, or of what it does not say.
    pub(super) fn shared_out(&mut self, figure: &mut Figure<'a>) {
        let at = self.at;
        self.at += 1;
        let named = |word: &Word| matches!(word, Word::Each | Word::Every | Word::AllOf | Word::OtherPeriod);
        let told = self.tokens.iter().take(at).any(|token| matches!(&token.kind, Kind::Word(word) if named(word)));
        if figure.period.is_some() || told {
            return;
        }
        figure.each = true;
        self.ask(
            Note::new("何について「ずつ」なのかが書かれていません。", "The text does not say of each of what.")
                .at(self.starts(at), self.ends(at)),
        );
    }

    /// いずれの施設も、満足度: what stands behind it, as a token of its own, is the name.
    fn whichever(&mut self, from: usize, to: usize) -> Option<usize> {
        let every =
            self.kind(from) == Kind::Text && collective(self.written(from)) && self.written(from).ends_with('も');
        let mut behind = from + 1;
        while behind < to && matches!(self.kind(behind), Kind::Comma | Kind::Colon) {
            behind += 1;
        }
        (every && behind < to).then_some(behind)
    }

    /// Whether a row of tokens is a number of things and no more: 24区, 全11地域.
    fn counts_only(&mut self, from: usize, to: usize) -> bool {
        let from = from + usize::from(self.kind(from) == Kind::Word(Word::AllOf));
        to == from + 2 && matches!(self.kind(from), Kind::Number { .. }) && matches!(self.kind(from + 1), Kind::Unit(_))
    }
}

/// Said of 全施設 80%以上.
pub(super) fn each_or_together() -> Note {
    Note::new(
        "それぞれについての条件とも、全体についての条件とも読めます。",
        "The condition may be on each of them or on all of them together.",
    )
}

/// Whether a name stands for several things that are all meant: 男女とも, どの施設も, 両施設とも.
pub(in crate::domain::phrase) fn collective(name: &str) -> bool {
    let ends = ENDINGS.iter().take(2).any(|ending| {
        name.strip_suffix(ending)
            .is_some_and(|noun| !noun.is_empty() && !noun.ends_with(['ど', 'く', 'こ', 'と', 'ひ']))
    });
    let every = ["どの", "どちらの", "いずれの", "いかなる"]
        .iter()
        .any(|word| name.strip_prefix(word).and_then(|rest| rest.find('も').map(|at| at > 0)).unwrap_or(false));
    ends || every
}

/// いずれの施設も満足度: the name behind the words for every one of them.
pub(super) fn behind_every(name: &str) -> Option<&str> {
    let opens = ["どの", "どちらの", "いずれの"].iter().find_map(|word| name.strip_prefix(word))?;
    let (place, rest) = opens.split_once('も')?;
    (!place.is_empty() && super::nouns::is_indicator(rest)).then(|| rest.trim_start_matches('、'))
}

/// Whether what stands behind 全 or すべて makes the condition one for each of them: …で, …とも, …においても.
fn distributes(rest: &str) -> bool {
    let noun = rest.find(|c: char| matches!(c, 'ぁ'..='ん') && !matches!(c, 'か' | 'ケ' | 'ヶ')).unwrap_or(rest.len());
    let particle = rest.get(noun..).unwrap_or("");
    !particle.starts_with("でき")
        && ["で", "とも", "も", "において", "、"].iter().any(|word| particle.starts_with(word))
}
