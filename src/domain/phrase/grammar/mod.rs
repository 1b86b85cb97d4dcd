//! The grammar: one function for each rule, named as in the table in [the room's page](super).

mod absence;
mod accepted;
mod action;
mod again;
mod amount;
mod bounds;
mod bracket;
mod bracketed;
mod change;
mod clause;
mod compared;
mod compared_name;
mod condition;
mod cursor;
mod dated;
mod deed;
mod denial;
mod doubt;
mod due;
mod duration;
mod english;
mod english_bounding;
mod english_bounds;
mod english_bracket;
mod english_change;
mod english_compared;
mod english_counted;
mod english_dated;
mod english_done;
mod english_half_said;
mod english_joined;
mod english_moved;
mod english_name;
mod english_none;
mod english_noun;
mod english_reference;
mod english_said;
mod english_second_look;
mod english_several;
mod english_slips;
mod english_verb;
mod english_words;
mod figure;
mod guard;
mod heading;
mod japanese_half_said;
mod japanese_second_look;
mod joined;
mod milestone;
mod misplaced;
mod named;
mod nothing;
mod nouns;
mod over;
mod parts;
mod past;
mod per;
mod predicate;
mod present;
mod progress;
mod relation;
mod remark;
mod rest;
mod schedule;
mod second_look;
mod settle;
mod several;
mod share;
mod subject;
mod tail;
mod told;
mod toward;
mod turning;
mod universe;
mod valued;
mod wording;

pub(super) use self::action::is_action;
pub(super) use self::cursor::Parser;
pub(super) use self::figure::Draft;
pub(super) use self::guard::may_bind;
pub(super) use self::heading::is_label as is_heading;
pub(super) use self::joined::due;
pub(super) use self::milestone::goes_on_with_time;
pub(super) use self::misplaced::says_which;
pub(super) use self::nothing::is_nothing;
pub(super) use self::nouns::is_indicator as is_name_of_a_figure;
pub(super) use self::parts::collective as is_collective;
pub(super) use self::subject::is_bare_noun;
pub(super) use self::tail::is_done;

use self::figure::Joint;
use super::answer::Note;
use super::lex::{Kind, Label, Time, Word};
use crate::domain::Criterion;

/// How deep brackets may hold brackets: deeper than any office writes, and no deeper than a criterion may nest.
pub(super) const DEEPEST: usize = crate::domain::criterion::MAX_DEPTH;

/// How many conditions a text may put side by side: more than any office does.
const MOST_PARTS: usize = 60;

/// A stretch of tokens between two separators.
#[derive(Debug, Clone, Copy)]
struct Part {
    from: usize,
    to: usize,
    /// How it is joined to the one before.
    joint: Joint,
}

impl Parser<'_> {
    /// `text = phrase`, or else as much as a person can start from.
    pub(super) fn text(&mut self) -> Draft {
        let all = self.tokens.len();
        if let Some(bad) = self.tokens.iter().find(|token| token.kind == Kind::BadNumber) {
            let note =
                Note::new("数の書き方が読み取れません。", "A number in the text is not written in a way that is read.");
            self.ask(note.at(bad.start, bad.end));
        }
        if let Some(words) = self.mentioned_in_words() {
            return words;
        }
        let mark = self.mark();
        if let Some(draft) = self.withdrawal() {
            return draft;
        }
        if self.source.latin() {
            if let Some(draft) = self.english_text(all) {
                return draft;
            }
            self.back(mark);
        }
        if let Some(draft) = self.phrase(0, all) {
            return draft;
        }
        self.back(mark);
        for rule in [Self::only_in_words, Self::before_bracket, Self::nearest] {
            if let Some(draft) = rule(self) {
                return draft;
            }
            self.back(mark);
        }
        self.in_words()
    }

    /// What there is to say about the text, and whether a person has to look at it.
    pub(super) fn said(self) -> (Vec<Note>, bool) {
        (self.notes, self.review)
    }

    /// `phrase = schedule | list | clause { joint clause }`
    pub(super) fn phrase(&mut self, from: usize, to: usize) -> Option<Draft> {
        let end = std::mem::replace(&mut self.end, to);
        let parts = self.parts(from, to);
        let mark = self.mark();
        let moved = if parts.len() <= 2 { self.where_to(from, to) } else { None };
        let found = match parts.as_slice() {
            [] => None,
            _ if moved.is_some() => moved,
            many if many.len() > MOST_PARTS => None,
            [only] => self.clause(only.from, only.from, only.to),
            several => self
                .present_first(several)
                .or_else(|| {
                    let found = if self.source.latin() { self.present_in_front(several) } else { None };
                    if found.is_none() {
                        self.back(mark);
                    }
                    found
                })
                .or_else(|| self.schedule(several))
                .or_else(|| {
                    self.back(mark);
                    self.combination(several)
                }),
        };
        self.end = end;
        found
    }

    /// Cuts at the separators that stand outside of brackets.
    fn parts(&mut self, from: usize, to: usize) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let (mut start, mut at, mut joint) = (from, from, Joint::Comma);
        let mut between = false;
        // Either 50 new firms or …: the word says what `or` says again.
        if self.kind(from) == Kind::Text
            && self.written(from).eq_ignore_ascii_case("either")
            && (from..to).take(48).any(|at| self.kind(at) == Kind::Word(Word::Or))
        {
            start += 1;
            at += 1;
        }
        while at <= to {
            let kind = if at == to { Kind::End } else { self.kind(at) };
            let next = match kind {
                Kind::End => Some(Joint::Stop),
                // 現状値75%、目標値80%
                Kind::Comma
                    if (self.kind(at + 1) == Kind::Word(Word::TargetLabel)
                        || matches!(self.kind(at + 1), Kind::Time(_))
                            && self.kind(at + 2) == Kind::Word(Word::TargetLabel)
                            && self.kind(start + 1) == Kind::Word(Word::Result))
                        && matches!(
                            self.kind(start),
                            Kind::Word(Word::Present | Word::PreviousYear | Word::Label(Label::Baseline))
                                | Kind::Time(_)
                        ) =>
                {
                    None
                }
                // 目標50件、実績48件
                Kind::Comma
                    if self.kind(start) == Kind::Word(Word::TargetLabel)
                        && self.result_label(at + 1)
                        && (at + 2..at + 4).any(|at| matches!(self.kind(at), Kind::Number { .. })) =>
                {
                    None
                }
                Kind::Comma if self.states_result(at) => None,
                // 昨年度の参加者数（1,134名）と比べ、5％以上の増加
                Kind::Comma
                    if at > start
                        && self.kind(at - 1) == Kind::Word(Word::Than)
                        && self.written(at - 1).ends_with(['べ', 'て', 'し'])
                        && (matches!(
                            self.kind(at + 1),
                            Kind::Number { .. } | Kind::Plus | Kind::Minus | Kind::Triangle
                        ) || self.kind(at + 1) == Kind::Text
                            && self.written(at + 1).ends_with(['を', 'は', 'が', 'の'])
                            && matches!(self.kind(at + 2), Kind::Number { .. })) =>
                {
                    None
                }
                Kind::Comma if let Some(second) = self.moves_on(start, at + 1) => {
                    parts.push(Part { from: start, to: at, joint });
                    (start, at, joint) = (second, second, Joint::Arrow);
                    continue;
                }
                Kind::Comma if self.goes_on_behind_comma(start, at) || self.parts_from_a_date(start, at) => None,
                Kind::Comma => Some(Joint::Comma),
                Kind::Stop => Some(Joint::Stop),
                Kind::Item => Some(Joint::Item),
                Kind::Word(Word::And | Word::Or) if self.joins_in_a_share(start, at) => None,
                Kind::Word(Word::And) if !between && (self.joins_ages(at) || self.joins_in_a_change(start, at)) => None,
                Kind::Word(Word::And) if !std::mem::take(&mut between) => Some(Joint::And),
                // Reduce fatal or serious collisions …: a name.
                Kind::Word(Word::Or)
                    if matches!(self.kind(start), Kind::Word(Word::Up | Word::Down))
                        && self.written(at) == "or"
                        && (start + 1..at).all(|at| self.kind(at) == Kind::Text)
                        && self.kind(at + 1) == Kind::Text =>
                {
                    None
                }
                // rate parks as "good" or "excellent"
                Kind::Word(Word::Or)
                    if self.source.latin()
                        && at > start + 1
                        && self.kind(at - 2) == Kind::Text
                        && self.kind(at - 1) == Kind::Quoted
                        && self.kind(at + 1) == Kind::Quoted =>
                {
                    None
                }
                Kind::Word(Word::Or) if self.or_in_a_name(start, at) => None,
                Kind::Word(Word::Or) => Some(Joint::Or),
                Kind::Arrow | Kind::Slash if self.year_behind(at + 1) => Some(Joint::Arrow),
                Kind::Arrow if self.steps_apart(start, at, to) => Some(Joint::And),
                Kind::Word(Word::Between) => {
                    between = true;
                    None
                }
                // 小：90％　中：85％
                Kind::Text | Kind::Word(Word::OutOf) if at > start && self.opens_labelled(start, at) => {
                    parts.push(Part { from: start, to: at, joint });
                    start = at;
                    joint = Joint::Comma;
                    None
                }
                // 利用率80％以上　満足度90％以上, 利用率80％以上/満足度90％以上
                Kind::Text if at > start && (self.opens_condition(at) || self.opens_second(start, at)) => {
                    parts.push(Part { from: start, to: at, joint });
                    start = at;
                    joint = Joint::Comma;
                    None
                }
                Kind::Slash if self.opens_condition(at + 1) => Some(Joint::Comma),
                // 中間目標（令和7年度）70％　最終目標（令和10年度）80％
                Kind::Text | Kind::Word(Word::TargetLabel) if at > start && self.opens_year(at) => {
                    parts.push(Part { from: start, to: at, joint });
                    start = at;
                    joint = Joint::Arrow;
                    None
                }
                // R6：基本設計 R7：実施設計
                Kind::Time(Time::FiscalYear(_) | Time::Year(_))
                    if at > start
                        && self.kind(at + 1) == Kind::Colon
                        && matches!(self.kind(at - 1), Kind::Text | Kind::Quoted)
                        && self.year_behind(start) =>
                {
                    parts.push(Part { from: start, to: at, joint });
                    start = at;
                    joint = Joint::Arrow;
                    None
                }
                // R4 40% R5 45%: the next year begins the next part.
                Kind::Time(Time::FiscalYear(_) | Time::Year(_)) if at > start && self.follows_amount(at) => {
                    parts.push(Part { from: start, to: at, joint });
                    start = at;
                    joint = Joint::Arrow;
                    None
                }
                _ => None,
            };
            if matches!(kind, Kind::Text | Kind::Word(Word::Up | Word::Down | Word::Better))
                && self.source.latin()
                && let Some(second) = self.moves_on(start, at)
            {
                parts.push(Part { from: start, to: at, joint });
                (start, at, joint) = (second, second, Joint::Arrow);
                continue;
            }
            if let Some(next) = next {
                if at > start && self.heading(start, at) == at {
                    // 【成果指標】 on a line of its own
                } else if at > start {
                    parts.push(Part { from: start, to: at, joint });
                    joint = next;
                } else if !matches!(next, Joint::Comma | Joint::Stop) || parts.is_empty() {
                    // 、かつ is かつ.
                    joint = next;
                }
                start = at + 1;
            }
            if at == to {
                break;
            }
            at = self.close_of(at).unwrap_or(at) + 1;
        }
        parts
    }

    /// `combination = clause { joint clause }`. A part that is no condition of its own belongs to the subject of the next one.
    fn combination(&mut self, parts: &[Part]) -> Option<Draft> {
        let mut found: Vec<(Joint, Draft)> = Vec::new();
        let mut pending: Option<Part> = None;
        let (mut bare, mut first) = (false, true);
        let either = parts
            .first()
            .is_some_and(|part| part.from > 0 && self.written(part.from - 1).eq_ignore_ascii_case("either"));
        let mut last: Option<Part> = None;
        for part in parts {
            let mark = self.mark();
            if let Some(done) = pending.and_then(|pending| self.done_before(pending, *part)) {
                found.extend(done);
                pending = None;
                continue;
            }
            let before = pending.map_or(part.from, |pending| pending.from);
            let joint = self.linked(*part, pending.map_or(part.joint, |pending| pending.joint));
            match self.clause(before, part.from, part.to) {
                Some(draft) => {
                    if let Some(whole) = last.and_then(|last| self.goes_on(last, *part, &draft, found.last())) {
                        last = last.map(|last| Part { to: part.to, ..last });
                        if let Some((_, previous)) = found.last_mut() {
                            *previous = whole;
                        }
                        continue;
                    }
                    // 計画の策定及び公表: the second action is done to the same thing.
                    if let Criterion::Milestone { action, due: own, .. } = &draft.main
                        && action::is_bare_action(action)
                        && let Some((_, previous)) = found.last_mut()
                        && let Criterion::Milestone { action, due, .. } = &mut previous.main
                        && (own.is_none() || due.is_none())
                        && let Some(last) = last
                    {
                        let dated = due.is_some();
                        *action = self.span(last.from, part.to).trim().to_owned();
                        if dated {
                            self.ask(Note::new(
                                "期限のある行為が二つあります。",
                                "Two actions, of which one has a date.",
                            ));
                        }
                        continue;
                    }
                    // 全ての小中学校（18校）において、いのちの授業を実施する: what is done in all of them.
                    if let Criterion::Milestone { action, due: None, subject: None } = &draft.main
                        && let Some(thing) = universe::done_to(action)
                        && let Some((_, previous)) = found.last_mut()
                        && let Criterion::Universe { subject: subject @ None, .. } = &mut previous.main
                        && last.is_some_and(|last| {
                            let place = self.span(last.from, last.to);
                            place.ends_with("において") || place.ends_with('で')
                        })
                    {
                        *subject = Some(thing.to_owned());
                        continue;
                    }
                    // 年1回以上、避難訓練を実施: what is done so often.
                    if let Criterion::Milestone { action, due: None, subject: None } = &draft.main
                        && let Some(thing) = universe::done_to(action)
                        && part.joint == Joint::Comma
                        && let Some((_, previous)) = found.last_mut()
                        && previous.pair.is_none()
                        && joined::names_what_is_done(&mut previous.main, thing)
                    {
                        continue;
                    }
                    last = Some(Part { from: before, ..*part });
                    if let Some(pending) = pending {
                        self.condition_in_name(pending, *part);
                    }
                    let named = matches!(&draft.main, Criterion::Threshold { subject: Some(_), .. });
                    if bare && named && !first && !either {
                        // 月2回又は年10回参加した人の割合40%以上: the amount in front may belong to the subject.
                        self.ask(Note::new(
                            "前の数値は、目標ではなく対象の一部かもしれません。",
                            "The amount in front may be a part of what is counted, not a condition.",
                        ));
                    }
                    bare |= joined::is_bare(&draft.main) && !named;
                    found.push((joint, draft));
                    pending = None;
                    first = false;
                }
                None => {
                    self.back(mark);
                    pending = Some(pending.map_or(*part, |pending| Part { to: part.to, ..pending }));
                }
            }
        }
        if let Some(pending) = pending {
            return self.left_over(last, pending, found);
        }
        self.joined(found)
    }
}
