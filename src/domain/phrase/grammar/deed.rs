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
        // 令和8年10月に窓口を開設し、…
        let (mut due, mut asked, mut from) = (None, false, deed.from);
        let begun = self.mark();
        if self.is_due(from) {
            let end = std::mem::replace(&mut self.end, deed.to);
            self.at = from;
            due = self.due(&mut asked);
            self.end = end;
            from = self.at;
            if due.is_none() {
                self.back(begun);
                return None;
            }
        }
        let written = self.span(from, deed.to).trim();
        let bare = written.strip_suffix('し').or_else(|| written.strip_suffix("して"))?;
        let plain = (from..deed.to).all(|at| !matches!(self.kind(at), Kind::Number { .. } | Kind::Time(_)));
        let mark = self.mark();
        let draft = self.clause(part.from, part.from, part.to);
        let figure = draft.filter(|draft| {
            matches!(draft.main, Criterion::Threshold { .. } | Criterion::Range { .. } | Criterion::Universe { .. })
        });
        let Some(figure) = figure.filter(|_| plain && japanese_action(stem(bare)) && !is_bare_action(bare)) else {
            self.back(mark);
            self.back(begun);
            return None;
        };
        let action = Draft::sure(Criterion::Milestone { action: bare.to_owned(), due, subject: None });
        Some(vec![(deed.joint, action), (Joint::And, figure)])
    }

    /// 設計完了（令和8年9月末）→着工（令和9年2月）: an arrow between two things that are done, each with its date.
    pub(super) fn steps_apart(&mut self, start: usize, arrow: usize, to: usize) -> bool {
        let next = (arrow + 1..to).find(|at| self.kind(*at) == Kind::Arrow).unwrap_or(to);
        let mut done = |from: usize, to: usize| {
            let dated = (from..to).any(|at| matches!(self.kind(at), Kind::Time(_)));
            let counted = (from..to).any(|at| matches!(self.kind(at), Kind::Number { .. }));
            let last = if self.kind(to - 1) == Kind::Close {
                (from..to).find(|at| self.kind(*at) == Kind::Open).unwrap_or(to)
            } else {
                to
            };
            dated && !counted && from < last && japanese_action(stem(self.span(from, last).trim()))
        };
        start < arrow && arrow + 1 < next && done(start, arrow) && done(arrow + 1, next)
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
                // …を2か所整備し、年1回以上…
                Some(Kind::Word(Word::Period(_))) => matches!(kind(next + 1), Some(Kind::Number { .. })),
                Some(Kind::Text) if self.acts_only(next) => true,
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

    /// 80％以上とし、参加率を70％以上とする: whether behind the comma stands かつ, or the name of a figure and behind a particle that figure or what it is
    /// compared with.
    pub(super) fn names_figure_behind(&self) -> bool {
        let kind = |at: usize| self.tokens.get(at).map(|token| token.kind);
        let next = self.end + 1;
        if kind(self.end) != Some(Kind::Comma) || kind(next) != Some(Kind::Text) {
            return kind(self.end) == Some(Kind::Comma) && kind(next) == Some(Kind::Word(Word::And));
        }
        let particle = kind(next + 1) == Some(Kind::Word(Word::Particle)) && self.written(next + 1) != "の";
        (particle || self.written(next).ends_with(['を', 'は', 'が', 'も']))
            && matches!(
                kind(next + 1 + usize::from(particle)),
                Some(
                    Kind::Number { .. }
                        | Kind::Word(
                            Word::Counted(_) | Word::Period(_) | Word::PreviousYear | Word::SamePeriod | Word::Roughly
                        )
                )
            )
    }

    /// …を年3回開催し、計画案を取りまとめる: whether behind the comma stands something else that is done, and no more.
    pub(super) fn acts_only(&self, next: usize) -> bool {
        let kind = |at: usize| self.tokens.get(at).map(|token| token.kind);
        let last = usize::from(kind(next + 1) == Some(Kind::Word(Word::Filler)));
        matches!(kind(next + 1 + last), None | Some(Kind::Stop))
            && kind(next) == Some(Kind::Text)
            && self.written(next).contains('を')
            && super::action::is_action(self.written(next))
    }

    /// Asks about an item, or what ends in a bound, that is taken into the name of the condition behind it: ②出前相談は随時　③苦情5件以下.
    pub(super) fn condition_in_name(&mut self, before: Part, part: Part) {
        let bound = (before.from..before.to).rev().find(|at| !matches!(self.kind(*at), Kind::Comma | Kind::Stop));
        let bounded = bound.is_some_and(|at| matches!(self.kind(at), Kind::Word(Word::Compare(_))));
        let joined = part.from > before.to
            && (before.to..part.from).any(|at| joins_clause(self.written(at)))
            && (before.from..before.to).any(|at| matches!(self.kind(at), Kind::Number { .. }));
        if part.joint == Joint::Item || bounded || joined {
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
        if let Some(at) = clause.or_else(|| self.figure_in_clause(from, to)) {
            let place = (self.starts(from), self.ends(at));
            self.ask(clause_in_front().at(place.0, place.1));
        }
    }

    /// 苦情を10件以下に抑えながら、処理件数: where a clause ends that holds a figure or moves one, and that a word joins to the name behind it.
    fn figure_in_clause(&mut self, from: usize, to: usize) -> Option<usize> {
        let (mut figure, mut bounded, mut inner) = (false, false, from);
        for at in from..to {
            if let Some(close) = self.close_of(at) {
                inner = close;
            }
            if at < inner {
                continue;
            }
            let written = self.written(at);
            match self.kind(at) {
                Kind::Number { .. } | Kind::Word(Word::Up | Word::Down | Word::Better) => figure = true,
                // 経費を抑えつつ
                Kind::Text if MOVES.iter().any(|word| written.contains(word)) && joins_clause(written) => {
                    return Some(at);
                }
                Kind::Word(Word::Compare(_)) => bounded |= figure,
                Kind::Comma if bounded && self.written(at - 1).ends_with(|c: char| matches!(c, 'ぁ'..='ん')) => {
                    return Some(at);
                }
                Kind::Text | Kind::Word(_) if figure && joins_clause(written) => return Some(at),
                _ => {}
            }
        }
        None
    }
}

/// How a verb begins that moves a figure.
const MOVES: [&str; 9] = ["増や", "減ら", "抑え", "下げ", "上げ", "落と", "高め", "縮め", "伸ば"];

/// Whether a text joins a clause to what is asked for behind it: 抑えつつ, 保ちながら, 集めるとともに, 研修に加え.
fn joins_clause(text: &str) -> bool {
    [
        "つつ",
        "ながら",
        "とともに",
        "た上で",
        "たうえで",
        "に加え",
        "だけでなく",
        "のほか",
        "ずに",
        "実施して",
        "開催して",
        "を行い",
        "を行って",
        "を開き",
        "を開いて",
    ]
    .iter()
    .any(|word| text.contains(word))
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
