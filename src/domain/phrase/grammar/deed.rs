//! Something done in front of a condition: パンフレットを作成し、5,000部以上配布. Both are asked for, and neither may be lost.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::Part;
use super::action::{is_bare_action, japanese_action, stem};
use super::cursor::Parser;
use super::figure::{Draft, Joint};
use crate::domain::Criterion;

impl Parser<'_> {
    /// `deed-and-condition = action し 、 clause`: what is done is a condition of its own, beside the one on the figure.
    pub(super) fn done_before(&mut self, deed: Part, part: Part) -> Option<Vec<(Joint, Draft)>> {
        let written = self.span(deed.from, deed.to).trim();
        let bare = written.strip_suffix('し').or_else(|| written.strip_suffix("して"))?;
        let plain = (deed.from..deed.to).all(|at| !matches!(self.kind(at), Kind::Number { .. } | Kind::Time(_)));
        let mark = self.mark();
        let draft = self.clause(part.from, part.from, part.to);
        let figure = draft.filter(|draft| {
            matches!(draft.main, Criterion::Threshold { .. } | Criterion::Range { .. } | Criterion::Universe { .. })
        });
        let Some(figure) = figure.filter(|_| plain && japanese_action(stem(bare)) && !is_bare_action(bare)) else {
            self.back(mark);
            return None;
        };
        let action = Draft::sure(Criterion::Milestone { action: bare.to_owned(), due: None, subject: None });
        Some(vec![(deed.joint, action), (Joint::And, figure)])
    }

    /// 月2回以上開催し、延べ1,500人以上が参加: whether behind the comma a condition of its own begins; not 週2回以上実施し、1年以上続けている人の割合,
    /// where the clause says of whom.
    pub(super) fn goes_on_behind(&self) -> bool {
        let kind = |at: usize| self.tokens.get(at).map(|token| token.kind);
        let next = self.end + 1;
        let name = self.written(next);
        let plain = |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}' | 'ァ'..='ヶ' | 'ー' | '々' | 'の' | '・');
        kind(self.end) == Some(Kind::Comma)
            && match kind(next) {
                Some(Kind::Word(Word::Counted(_) | Word::Total)) => true,
                Some(Kind::Text) => {
                    name.chars().all(plain)
                        && matches!(
                            kind(next + 1),
                            Some(Kind::Number { .. } | Kind::Word(Word::Counted(_) | Word::Total))
                        )
                }
                _ => false,
            }
    }

    /// Asks about an item, or what ends in a bound, that is taken into the name of the condition behind it: ②出前相談は随時　③苦情5件以下.
    pub(super) fn condition_in_name(&mut self, before: Part, part: Part) {
        let bound = (before.from..before.to).rev().find(|at| !matches!(self.kind(*at), Kind::Comma | Kind::Stop));
        let bounded = bound.is_some_and(|at| matches!(self.kind(at), Kind::Word(Word::Compare(_))));
        if part.joint == Joint::Item || bounded {
            let place = (self.starts(before.from), self.ends(before.to.saturating_sub(1)));
            self.ask(clause_in_front().at(place.0, place.1));
        }
    }

    /// Asks where a name holds a clause of its own: 連携し、利用者, 周知に努め、利用者.
    pub(super) fn clause_in_name(&mut self, from: usize, to: usize) {
        // 利用し、満足した人の割合: the clause says of whom.
        if self.span(from, to).trim_end_matches(['の', 'を', 'は', 'が', '：', ' ', '　']).ends_with("割合") {
            return;
        }
        let clause =
            (from + 1..to).find(|at| self.kind(*at) == Kind::Comma && is_clause(self.written(at.saturating_sub(1))));
        if let Some(at) = clause {
            let place = (self.starts(from), self.ends(at));
            self.ask(clause_in_front().at(place.0, place.1));
        }
    }
}

fn clause_in_front() -> Note {
    Note::new(
        "前の節で言われていることは、条件として読み取れていません。",
        "What the clause in front says is not read as a condition.",
    )
}

/// Whether a text ends as a clause does that goes on: 連携し, 周知に努め.
pub(super) fn is_clause(text: &str) -> bool {
    const ENDINGS: &[&str] = &["し", "して", "めて", "って", "努め", "進め", "高め", "深め", "広げ", "増やせ"];
    const NOUNS: &[&str] = &["直し", "暮らし", "越し", "出し", "話し", "癒し", "催し", "干し", "押し", "推し"];
    ENDINGS.iter().any(|end| text.ends_with(end))
        && (!NOUNS.iter().any(|noun| text.ends_with(noun)) || text.ends_with("開催し"))
}
