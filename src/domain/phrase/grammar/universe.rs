//! All of them, and none of them.

use super::super::answer::Note;
use super::super::lex::{Kind, Word, is_western};
use super::cursor::Parser;
use super::figure::{Amount, Core, Figure, Sign, Unit};
use super::tail::is_done;

/// What may happen, and what a text asks for none of.
const EVENTS: &[&str] = &[
    "accidents",
    "fatalities",
    "deaths",
    "incidents",
    "injuries",
    "breaches",
    "complaints",
    "failures",
    "notices",
    "findings",
    "errors",
    "offences",
    "closures",
    "collisions",
    "outbreaks",
    "infringements",
    "prosecutions",
    "exceedances",
    "overflows",
    "spills",
    "outages",
    "absconds",
    "evictions",
    "recommendations",
];

impl<'a> Parser<'a> {
    /// `universe = 全 [ number ] unit | ( すべての | 全ての ) unit | unit の すべて`
    pub(super) fn universe(&mut self, figure: &mut Figure<'a>) -> bool {
        if self.take(Word::Everyone) {
            let unit = self.own_unit().unwrap_or("人");
            figure.core = Core::Universe { total: None, unit: Unit::Said(unit) };
            self.brackets(figure);
            return true;
        }
        // in all 24 wards
        let counted = self.peek(0) == Kind::Word(Word::Each)
            && self.written(self.at).ends_with("all")
            && matches!(self.peek(1), Kind::Number { .. });
        self.at += usize::from(counted);
        let each = !counted && self.done_in_each();
        let all = counted || each || self.take(Word::AllOf) || self.take(Word::Every);
        if !all {
            return false;
        }
        let _ = self.take(Word::Particle);
        let deed = self.written(self.at);
        if let Some(amount) = self.amount() {
            if amount.sign != Sign::None || amount.is_percent() {
                return false;
            }
            figure.core = Core::Universe { total: Some(amount.value), unit: amount.unit };
        } else {
            let text = self.peek(0) == Kind::Text;
            let Some(unit) = self.counted_word() else { return false };
            figure.core = Core::Universe { total: None, unit };
            let behind = deed.split_once('で').or_else(|| deed.split_once("において")).map(|(_, behind)| behind);
            if let (true, Unit::Said(noun), Some(thing)) = (text, unit, behind.and_then(done_to))
                && deed.starts_with(noun)
            {
                figure.subject = figure.subject.take().or_else(|| Some(thing.to_owned()));
            }
        }
        self.brackets(figure);
        true
    }

    /// `in place at all`, `fitted in every`, behind what is there or is done: all of those that are named next.
    fn done_in_each(&mut self) -> bool {
        let written = self.written(self.at).to_ascii_lowercase();
        let all =
            ["all", "every", "each"].iter().any(|word| written.strip_suffix(word).is_some_and(|at| at.ends_with(' ')));
        let done = self.at > 0
            && self.kind(self.at - 1) == Kind::Text
            && (super::amount::is_participle(self.written(self.at - 1)) || self.is_in_place(self.at));
        all && done && self.kind(self.at + 1) == Kind::Text && self.take(Word::Each)
    }

    /// Whether `in place`, `in use` or `in force` stands in front of a token.
    fn is_in_place(&self, at: usize) -> bool {
        at > 2
            && matches!(self.written(at - 1), "place" | "use" | "force" | "operation")
            && self.written(at - 2) == "in"
    }

    /// `School travel plans in place`, of all of them: that they are there is what is asked for, and no part of the name. Gives where it ends.
    pub(super) fn before_in_place(&self, figure: &Figure<'a>, from: usize, at: usize) -> usize {
        let there = matches!(figure.core, Core::Universe { .. }) && at > from + 2 && self.is_in_place(at);
        if there { at - 2 } else { at }
    }

    /// What is counted behind 全: a unit, or one short word.
    pub(super) fn counted_word(&mut self) -> Option<Unit<'a>> {
        let unit = match self.peek(0) {
            Kind::Unit(Some(unit)) => self.as_written(self.at, unit),
            Kind::Unit(None) => self.written(self.at).trim(),
            Kind::Quoted => super::amount::unquoted(self.written(self.at)),
            Kind::Text if is_western(self.written(self.at)) => return self.plural(),
            Kind::Text => {
                let mut written = self.written(self.at);
                // すべての避難所で資機材の点検を実施: the rest says what is done there.
                if self.peek(1) == Kind::End
                    && let Some((noun, deed)) = written.split_once('で').or_else(|| written.split_once("において"))
                    && !noun.is_empty()
                    && done_to(deed).is_some()
                {
                    written = noun;
                }
                // 全小学校で実施
                if let Some((noun, done)) = written.split_once('で').or_else(|| written.split_once("において"))
                    && is_done(done)
                {
                    written = noun;
                }
                let thing = super::predicate::without_deed(written);
                if !thing.is_empty() {
                    written = thing;
                }
                let plain =
                    |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}' | 'ァ'..='ヶ' | 'ー' | '・' | 'a'..='z' | 'A'..='Z');
                if written.is_empty() || written.chars().count() > 20 || !written.chars().all(plain) {
                    return None;
                }
                written
            }
            Kind::End | Kind::Open | Kind::Comma | Kind::Stop => return Some(Unit::Unsaid),
            _ => return None,
        };
        self.at += 1;
        Some(Unit::Said(unit))
    }

    /// All `care homes`, all `wards` publish …: up to the first word that is a plural; the first word where none is.
    fn plural(&mut self) -> Option<Unit<'a>> {
        let from = self.at;
        let owns = |word: &str| word.ends_with("'s") || word.ends_with("’s");
        let many = |word: &str| super::guard::is_many(word) && !owns(word);
        let mut last = None;
        for at in from..from + 7 {
            let word = self.written(at);
            if at > from && self.joins_nouns(at - self.at) {
                continue;
            }
            // licensed premises
            let adjective = at == from && self.kind(at + 1) == Kind::Text && many(self.written(at + 1));
            if self.kind(at) != Kind::Text || super::amount::is_participle(word) && !adjective {
                break;
            }
            if many(word) {
                last = Some(at);
                break;
            }
        }
        // every leisure centre: of one of them, up to its end
        if last.is_none() && matches!(self.written(from.saturating_sub(1)).rsplit(' ').next(), Some("every" | "each")) {
            last = (from..from + 4).take_while(|at| self.kind(*at) == Kind::Text).last();
        }
        let unit = self.span(from, last.unwrap_or(from) + 1);
        if unit.len() > 40 || !unit.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '&')) {
            return None;
        }
        self.at = last.unwrap_or(from) + 1;
        Some(Unit::Said(unit))
    }

    /// `no accidents`: zero of them.
    pub(super) fn none_at_all(&mut self, figure: &mut Figure<'a>) -> bool {
        let place = self.at;
        if !self.take(Word::No) {
            return false;
        }
        let from = self.at;
        while self.at < from + 3 && self.peek(0) == Kind::Text {
            self.at += 1;
        }
        if self.at == from {
            return false;
        }
        let (start, end) = (self.starts(place), self.ends(self.at - 1));
        let note = Note::new("「ない」ことを、0件とみなしました。", "\"No\" is read as zero.").at(start, end);
        // What may happen and shall not: nobody has a doubt.
        if EVENTS.contains(&self.written(self.at - 1)) {
            self.say(note);
        } else {
            self.ask(note);
        }
        let unit = Unit::Said(self.span(from, self.at));
        let zero = crate::domain::Decimal::ZERO;
        figure.core = Core::Constant(Amount { value: zero, unit, scaled: false, sign: Sign::None, start, end });
        true
    }

    /// 24区全区, 11地域すべて.
    pub(super) fn all_of_them(&mut self, figure: &mut Figure<'a>, amount: &Amount<'a>) -> bool {
        if amount.sign != Sign::None || amount.is_percent() {
            return false;
        }
        let mark = self.mark();
        let _ = self.take(Word::Particle);
        let all = self.take(Word::Every)
            || self.take(Word::AllOf) && {
                let unit = self.counted_word();
                unit.is_some_and(|unit| unit == amount.unit || unit == Unit::Unsaid)
            };
        if all {
            figure.core = Core::Universe { total: Some(amount.value), unit: amount.unit };
        } else {
            self.back(mark);
        }
        all
    }
}

/// What is done there: 資機材の点検を実施, 防災教育を行う. Nothing where that is not clear.
pub(super) fn done_to(deed: &str) -> Option<&str> {
    const VERBS: [&str; 14] = [
        "を発行",
        "を発行する",
        "を配布",
        "を更新",
        "を実施",
        "を実施する",
        "を開催",
        "を開催する",
        "を行う",
        "を導入",
        "を導入する",
        "を設置",
        "を配置",
        "を整備",
    ];
    let thing = VERBS.iter().find_map(|verb| deed.strip_suffix(verb))?;
    let plain = !thing.is_empty() && !thing.contains(['、', 'を', '　', ' ']) && !super::guard::denies(thing, true);
    plain.then_some(thing)
}
