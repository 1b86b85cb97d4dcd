//! Something to be done, and targets in words.

use chrono::NaiveDate;

use super::super::answer::Note;
use super::super::lex::{Kind, Label, Word, is_western};
use super::action::{english_action, japanese_action, stem};
use super::cursor::Parser;
use super::figure::Draft;
use crate::domain::{Criterion, Measure};

/// What may be left of a phrase of time.
const REMNANTS: &[&str] = &[
    "から", "より", "まで", "って", "にて", "以降", "以前", "以後", "頃", "ごろ", "ころ", "当初", "初", "末", "半ば",
    "ない",
];

impl Parser<'_> {
    /// `milestone = [ due ] action [ "（" due "）" ] [ due ]`
    pub(super) fn milestone(&mut self, from: usize, to: usize) -> Option<Draft> {
        let (mut from, mut to) = (from, to);
        let mut due: Option<NaiveDate> = None;
        let mut asked = false;
        self.at = from;
        if let Kind::Word(Word::Label(Label::Action)) = self.kind(from)
            && self.kind(from + 1) == Kind::Quoted
        {
            let action = super::amount::unquoted(self.written(from + 1)).to_owned();
            let due = self.due_behind(from + 2, to)?;
            return Some(Draft::sure(Criterion::Milestone { action, due: due.0, subject: due.1 }));
        }
        if matches!(self.kind(from), Kind::Time(_)) {
            due = self.due(&mut asked);
            let _ = self.take_kind(Kind::Comma) || self.take_kind(Kind::Colon);
            if self.at > from {
                from = self.at;
            }
        }
        if (from.saturating_sub(3)..from)
            .any(|at| matches!(self.tokens.get(at).map(|token| token.kind), Some(Kind::Time(_))))
        {
            self.clear_start(from, to);
        }
        let front = due;
        let asks = self.review;
        let (inner, subject) = self.trailing(&mut due, &mut asked, from, &mut to)?;
        let vaguely = self.review && !asks;
        // by the end of the year
        let limited = matches!(self.tokens.get(to).map(|token| token.kind), Some(Kind::Word(Word::By | Word::Of)));
        let between = (from + 1..to).take(24).find(|at| self.is_due(*at)).filter(|at| at + 2 < to);
        let mut joined = String::new();
        let mut behind = to;
        if let Some(at) = between {
            self.at = at;
            due = self.due(&mut asked).or(due);
            behind = self.at;
            self.clear_start(behind, to);
            joined.push_str(self.span(from, at).trim_end());
            joined.push_str(self.span(behind, to).trim_start());
        }
        let whole = if joined.is_empty() { self.span(from, to) } else { joined.as_str() };
        let text = whole.trim().trim_end_matches(['。', '．', '.', '、']).trim();
        let english = is_western(text);
        let stem = stem(if inner { text.split(['（', '(']).next().unwrap_or(text).trim() } else { text });
        let acts =
            if english { english_action(text, due.is_some() || vaguely || limited) } else { japanese_action(stem) };
        if text.is_empty() || !acts {
            return None;
        }
        if inner {
            self.ask(Note::new(
                "回数などが書かれていますが、実施したかどうかの目標とみなしました。",
                "The text gives a number too; it is taken as something to be done.",
            ));
        }
        let session = self.session(from, to);
        if let (Some(at), None, None) = (session, due, between) {
            self.at = at;
            due = self.due(&mut asked);
        }
        match between.or(session) {
            Some(at) if between.is_none() => {
                self.clear_action(from, at);
                self.clear_action(at + 1, to);
            }
            Some(at) => {
                self.clear_action(from, at);
                self.clear_action(behind, to);
            }
            None => self.clear_action(from, to),
        }
        // 基本設計を年度内に完了し、実施設計に着手する: the date may be that of the first alone.
        if between.is_some() && self.span(behind, to).contains("し、") || front.is_some() && front != due {
            self.ask(Note::new("期限のある行為が二つあります。", "Two actions, of which one has a date."));
        }
        if super::due::holds_unread_due(text) {
            self.ask(Note::new(
                "実施する内容に、読み取れない期限が含まれています。",
                "What is to be done says by when in a way that is not understood.",
            ));
        }
        if self.context.measure.is_some_and(|measure| measure != Measure::Milestone) {
            self.ask(Note::new(
                "実施の目標ですが、指標は数量を測るものです。",
                "The target is something to be done, but the indicator measures a quantity.",
            ));
        }
        let milestone = Criterion::Milestone { action: text.to_owned(), due, subject };
        Some(match self.calendar_quarter(&milestone) {
            Some(other) => Draft::doubtful(milestone.clone(), milestone, other),
            None => Draft::sure(milestone),
        })
    }

    /// 令和7年第4回定例会に提出: the year of a session of the assembly, which stays in what is done; it is over when the year is.
    pub(super) fn session(&mut self, from: usize, to: usize) -> Option<usize> {
        const SESSIONS: [&str; 6] = ["定例会", "臨時会", "定例議会", "市会", "区議会", "市議会"];
        let at = (from..to).take(24).find(|at| matches!(self.kind(*at), Kind::Time(_)))?;
        let behind = self.span(at + 1, to.min(at + 6));
        let numbered = behind.starts_with('第');
        let held = SESSIONS.iter().any(|word| {
            let named = if numbered { behind.split_once('回').map(|(_, held)| held) } else { Some(behind) };
            named.is_some_and(|held| held.starts_with(word))
        });
        held.then_some(at)
    }

    /// Takes the brackets and deadlines behind an action off; whether one of them gives a number, and the subject if one names it.
    fn trailing(
        &mut self,
        due: &mut Option<NaiveDate>,
        asked: &mut bool,
        from: usize,
        to: &mut usize,
    ) -> Option<(bool, Option<String>)> {
        let mut number = false;
        let mut subject = None;
        for _ in 0..3 {
            if *to <= from {
                return None;
            }
            let last = *to - 1;
            if self.kind(last) == Kind::Close {
                let open = (from..last).rev().take(16).find(|at| self.close_of(*at) == Some(last));
                let Some(open) = open else { break };
                let mark = self.mark();
                self.at = open + 1;
                self.end = last;
                let mut read = None;
                if matches!(self.peek(0), Kind::Time(_) | Kind::Word(Word::Label(_))) {
                    read = self.due_labels(due, asked, &mut subject);
                    // （令和9年3月公表予定）
                    let done = self.kind(self.at) == Kind::Text
                        && (self.written(self.at) == "予定" || super::action::is_bare_action(self.written(self.at)));
                    self.at += usize::from(read.is_some() && done);
                }
                if read.is_some() && self.at >= last {
                    self.end = mark.end;
                    *to = open;
                    continue;
                }
                self.back(mark);
                // 開催（1回）: done once is done.
                let once = last == open + 3
                    && matches!(self.written(open + 1), "1" | "１" | "一")
                    && self.written(open + 2) == "回";
                if once {
                    self.say(Note::new("1回実施することの目標です。", "It is to be done once."));
                    *to = open;
                    continue;
                }
                self.at = open + 1;
                self.end = last;
                number |= (open + 1..last).any(|at| matches!(self.kind(at), Kind::Number { .. }));
                self.back(mark);
                break;
            }
            // 供用開始：令和9年5月
            let by = usize::from(matches!(self.kind(last), Kind::Word(Word::By)));
            if last > from + by
                && matches!(self.kind(last - by), Kind::Time(_))
                && (self.kind(last - by - 1) == Kind::Colon || self.starts(last - by) > self.ends(last - by - 1))
                && !self.source.at(self.starts(last - by)).is_ascii_alphabetic()
                && matches!(self.kind(last - by - 1), Kind::Colon | Kind::Text | Kind::Quoted | Kind::Close)
            {
                self.at = last - by;
                *due = self.due(asked).or(*due);
                *to = last - by - usize::from(self.kind(last - by - 1) == Kind::Colon);
                continue;
            }
            if self.kind(last) == Kind::Stop {
                *to = last;
                continue;
            }
            // approved by Cabinet, September 2026
            let time = last - usize::from(self.kind(last) == Kind::Word(Word::Vague) && last > from);
            if matches!(self.kind(time), Kind::Time(_))
                && !matches!(self.kind(time.saturating_sub(1)), Kind::Word(_))
                && let Some(end) = self.date_behind_deed(from, time)
            {
                self.at = time;
                *due = self.due(asked).or(*due);
                *to = end;
                continue;
            }
            // done by 31 March 2022
            // relaunched in autumn 2025
            let vague = self.kind(last) == Kind::Word(Word::Vague) && last > from + 1;
            if vague
                && matches!(self.kind(last - 1), Kind::Time(_))
                && matches!(self.kind(last - 2), Kind::Word(Word::By | Word::Of))
            {
                self.at = last - 1;
                *due = self.due(asked).or(*due);
                *to = last - 2;
                continue;
            }
            if matches!(self.kind(last), Kind::Time(_))
                && last > from
                && matches!(self.kind(last - 1), Kind::Word(Word::By | Word::Of))
            {
                self.at = last;
                *due = self.due(asked).or(*due);
                *to = last - 1;
                continue;
            }
            break;
        }
        Some((number, subject))
    }

    /// `（期限：…、対象：…）` or `（…まで）`
    fn due_labels(
        &mut self,
        due: &mut Option<NaiveDate>,
        asked: &mut bool,
        subject: &mut Option<String>,
    ) -> Option<()> {
        loop {
            match self.peek(0) {
                Kind::Time(_) => *due = self.due(asked).or(*due),
                Kind::Word(Word::Label(Label::Deadline)) => {
                    self.at += 1;
                    *due = Some(self.due(asked)?);
                }
                Kind::Word(Word::Label(Label::Subject)) if self.peek(1) == Kind::Quoted => {
                    *subject = Some(super::amount::unquoted(self.written(self.at + 1)).to_owned());
                    self.at += 2;
                }
                _ => return None,
            }
            if !self.take_kind(Kind::Comma) && !self.take_kind(Kind::Stop) {
                return Some(());
            }
        }
    }

    /// The due date and the subject in the bracket behind a quoted action.
    fn due_behind(&mut self, from: usize, to: usize) -> Option<(Option<NaiveDate>, Option<String>)> {
        if from == to {
            return Some((None, None));
        }
        let (mut due, mut subject, mut asked) = (None, None, false);
        self.at = from;
        self.inside(|rules| rules.due_labels(&mut due, &mut asked, &mut subject))?;
        (self.at == to).then_some((due, subject))
    }

    /// Asks when what stands behind a time goes on with a particle: then the phrase of time was not read to its end.
    fn clear_start(&mut self, from: usize, to: usize) {
        if goes_on_with_time(self.span(from, to)) {
            let (start, end) = (self.starts(from), self.ends(from));
            self.ask(
                Note::new("時期を示す語が読み残されています。", "A part of the words that say when was not read.")
                    .at(start, end),
            );
        }
    }

    /// 全戸配布を完了, 全職員研修: 全 glued to a noun says to whom something is done, and stays in the action.
    pub(super) fn all_in_compound(&mut self, at: usize) -> bool {
        self.kind(at) == Kind::Word(Word::AllOf)
            && self.written(at) == "全"
            && matches!(self.kind(at + 1), Kind::Unit(_) | Kind::Text)
            && self.starts(at + 1) == self.ends(at)
    }

    /// Asks when an action holds something that may be a second condition or a denial.
    fn clear_action(&mut self, from: usize, to: usize) {
        let english = self.source.at(self.starts(from)).is_ascii_alphabetic();
        let doubtful = (from..to).find(|at| {
            if english && matches!(self.kind(*at), Kind::Word(Word::Up | Word::Down)) {
                return false;
            }
            if self.all_in_compound(*at) || english && self.numbered_name(from, *at) {
                return false;
            }
            matches!(
                self.kind(*at),
                Kind::Number { .. }
                    | Kind::BadNumber
                    | Kind::Time(_)
                    | Kind::Tilde
                    | Kind::Arrow
                    | Kind::Word(
                        Word::Compare(_)
                            | Word::Denial
                            | Word::Or
                            | Word::PreviousYear
                            | Word::SamePeriod
                            | Word::OtherFigure
                            | Word::AllOf
                            | Word::Each
                            | Word::Every
                            | Word::Period(_)
                            | Word::OtherPeriod
                            | Word::Vague
                            | Word::Up
                            | Word::Down
                    )
            )
        });
        if let Some(at) = doubtful.or_else(|| self.says_vaguely_when(from, to)) {
            let (start, end) = (self.starts(at), self.ends(at));
            self.ask(
                Note::new(
                    "実施する内容に、条件かもしれない語が含まれています。",
                    "What is to be done holds a word that may be a condition.",
                )
                .at(start, end),
            );
        }
    }
}

/// Whether a text behind a time goes on with it, so that not all of the phrase of time was read.
pub(in crate::domain::phrase) fn goes_on_with_time(rest: &str) -> bool {
    let rest = rest.trim_start();
    let mut chars = rest.chars();
    let particle = chars.next().is_some_and(|c| "をにがはでとものへやか".contains(c));
    // ものづくり, にぎわい, でんき: words of their own.
    let alone = particle && chars.next().is_some_and(|c| !matches!(c, 'ぁ'..='ん'));
    alone || REMNANTS.iter().any(|word| rest.starts_with(word))
}
