//! A deadline that stands beside a target: taken away before the target is read, so that what it asks for is read as without one, and then given to
//! each condition that has none of its own.

use chrono::NaiveDate;

use super::Context;
use super::answer::Note;
use super::grammar::{Draft, due, goes_on_with_time, is_done, says_which};
use super::lex::{Kind, Source, Time, Token, Word, may_be_month_first};
use crate::domain::Criterion;

/// Where the deadline stands: whose it is depends on that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// 令和8年度末までに、…: of all that follows.
    Front,
    /// 令和8年度末時点で、…, …（令和8年度末時点）: of all figures, unless it may be of when a figure was that stands beside them.
    AsOf,
    /// …（令和8年度末まで）: of all figures in front of it.
    Bracket,
    /// 利用率を令和8年度末までに80％以上: of the figure that it stands beside.
    Within,
}

/// A text without its deadline.
#[derive(Debug)]
pub(super) struct Dated {
    /// The text that is left.
    pub(super) rest: String,
    /// The day; none where the text leaves it to the target's fiscal year, which is not known.
    day: Option<NaiveDate>,
    /// What there is to ask about the day.
    pub(super) asks: Option<Note>,
    place: Place,
    /// Whether a comma or a gap parts it from what stands behind.
    parted: bool,
    /// The first character that was taken away, and how many were.
    cut: (usize, usize),
}

/// What makes a deadline of the time in front of it.
const LIMITS: [&str; 11] = ["まで", "迄", "中", "内", "を目", "をめ", "をも", "を以", "を期", "時点", "現在"];

/// What is called so is the year, or the day, by which a target is to be met.
const LABELS: [&str; 9] =
    ["目標年度", "目標年", "目標年次", "目標時期", "目標達成年度", "達成年度", "達成時期", "達成目標年度", "達成期限"];

/// How a word begins that says as of when.
const AS_OF: [char; 2] = ['時', '現'];

/// How many tokens in front of a deadline may name what is counted.
const MOST_IN_FRONT: usize = 12;

impl Dated {
    /// Finds the deadline of a text: in front of it, in brackets behind it, or between a name and its figure.
    pub(super) fn of(source: &Source<'_>, tokens: &[Token], context: &Context<'_>) -> Option<Self> {
        let looked = Looked { source, tokens };
        let (from, to, time, place) = looked
            .in_front()
            .or_else(|| looked.labelled(0))
            .or_else(|| looked.in_english())
            .or_else(|| looked.in_brackets())
            .or_else(|| looked.within())?;
        // （令和2年度）: a year that is over may be of when the figure was.
        let over = matches!((time, context.fiscal_year), (Time::FiscalYear(year), Some(own)) if year < own);
        if over && place == Place::Bracket {
            return None;
        }
        let day = time.last_day(context.fiscal_year);
        let (start, end) = (looked.starts(from), looked.starts(to));
        let unknown = day.is_none() && time != Time::YearEnd && place != Place::AsOf;
        // 4月1日現在: the first day of the year that the target is for, or the one behind its last.
        let begins = place == Place::AsOf && matches!(time, Time::DayOfYear(4, _)) && day.is_some();
        let asks = (unknown || begins).then(|| {
            if begins {
                return Note::new(
                    "4月の日が、その年度の初めか、年度が終わった後かがわかりません。",
                    "A day in April may be at the beginning of the year or behind its end.",
                )
                .at(start, end);
            }
            Note::new(
                "何年度の期限かがわからないため、期限を補ってください。",
                "The text gives a deadline without a year; it has to be filled in.",
            )
            .at(start, end)
        });
        let rest = format!("{}{}", source.written(0, start), source.written(end, source.len()));
        let parted = matches!(source.at(end.saturating_sub(1)), '、' | ',' | ':' | ' ');
        (!rest.trim().is_empty()).then(|| Self { rest, day, asks, place, parted, cut: (start, end - start) })
    }

    /// What there is to ask where the deadline may be one of what the name says: 令和7年度末までに更新期限を迎える設備の更新率.
    pub(super) fn may_be_of_the_name(&self, draft: &Draft) -> Option<Note> {
        let claims = !self.parted
            && matches!(self.place, Place::Front | Place::AsOf)
            && subject(&draft.main).is_some_and(says_which);
        claims.then(|| {
            Note::new(
                "この日付は、目標の期限ではなく対象の説明かもしれません。",
                "The date may say which are meant rather than by when the target is to be met.",
            )
            .at(self.cut.0, self.cut.0 + self.cut.1)
        })
    }

    /// Where a character of the rest stands in the text.
    pub(super) fn placed(&self, note: Note) -> Note {
        note.placed(|at| if at < self.cut.0 { at } else { at + self.cut.1 })
    }

    /// Whether the deadline is one of all that was read of the rest.
    pub(super) fn fits(&self, draft: &Draft) -> bool {
        let first = subject(&draft.main);
        holds(&draft.main, 0, &|condition| match condition {
            Criterion::Schedule { .. } | Criterion::None {} | Criterion::Qualitative {} => false,
            // Which of several actions is due then, where one of them has a date or all stand in front of it, nobody knows.
            Criterion::Milestone { due, .. } => {
                let alone = matches!(draft.main, Criterion::Milestone { .. });
                due.is_none() && (self.place == Place::Front || self.place == Place::Bracket && alone)
            }
            Criterion::Threshold { stated_reference: Some(_), .. } if self.place == Place::AsOf => false,
            figure => self.place != Place::Within || subject(figure).is_none_or(|name| Some(name) == first),
        })
    }

    /// What was read of the rest, with the deadline.
    pub(super) fn given_to(&self, draft: Draft) -> Draft {
        match self.day {
            Some(day) => draft.map(|criterion| due(criterion, day)),
            None => draft,
        }
    }
}

/// A text and its tokens, as a deadline is looked for in them.
struct Looked<'a> {
    source: &'a Source<'a>,
    tokens: &'a [Token],
}

/// The first token of a deadline, the one behind it, its time, and where it stands.
type Found = (usize, usize, Time, Place);

impl Looked<'_> {
    /// The token at a place.
    fn kind(&self, at: usize) -> Kind {
        self.tokens.get(at).map_or(Kind::End, |token| token.kind)
    }

    /// The first character of a token.
    fn starts(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(self.source.len(), |token| token.start)
    }

    /// The text of a token as written.
    fn written(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| self.source.written(token.start, token.end))
    }

    /// `deadline = time ( までに | 中に | を目途に … ) [ は ] [ 、 ]`: the time, and the token behind. Which year it is in has to be certain.
    fn limit(&self, at: usize) -> Option<(Time, usize)> {
        let Kind::Time(time) = self.kind(at) else { return None };
        let written = self.written(at);
        let era_unsaid = written.starts_with(|c: char| c.is_numeric()) && written.chars().count() <= 4;
        if matches!(time, Time::Quarter(..))
            || matches!(time, Time::FiscalYear(_)) && era_unsaid
            || may_be_month_first(written)
        {
            return None;
        }
        // 令和9年3月31日（水）までに, 令和8年度末（計画期間終了時）までに
        let boxed =
            [Kind::Open, Kind::Text, Kind::Close].iter().enumerate().all(|(of, kind)| self.kind(at + 1 + of) == *kind);
        let last = at + 1 + if boxed { 3 } else { 0 };
        let by = self.kind(last) == Kind::Word(Word::By) && LIMITS.iter().any(|by| self.written(last).starts_with(by));
        // 令和8年度末に, 今年度中に
        let closed = matches!(time, Time::Day(_) | Time::YearEnd)
            && written.ends_with(['末', '内', '中'])
            && self.kind(at + 1) == Kind::Word(Word::Particle)
            && matches!(self.written(at + 1), "に" | "には");
        if !by && !closed {
            return None;
        }
        let mut behind = if by { last + 1 } else { at + 2 };
        while self.kind(behind) == Kind::Word(Word::Particle) && matches!(self.written(behind), "に" | "は" | "には")
        {
            behind += 1;
        }
        // 令和8年度末までに達成：80％以上
        let labelled = self.kind(behind + 1) == Kind::Colon && is_done(self.written(behind));
        behind += if labelled { 2 } else { usize::from(self.kind(behind) == Kind::Comma) };
        Some((time, behind))
    }

    /// Whether what stands behind a time goes on with it, so that it is no deadline, or not all of one: までの, 末に比べ, 時点以上.
    fn goes_on(&self, at: usize) -> bool {
        let rest = self.source.written(self.starts(at), self.source.len());
        let until = self.written(at - 1) == "までに";
        goes_on_with_time(rest)
            || match self.kind(at) {
                Kind::Word(Word::By | Word::Particle | Word::Vague) => true,
                Kind::Word(Word::Compare(_) | Word::Ratio | Word::Than | Word::Result | Word::Keep) => !until,
                _ => false,
            }
    }

    /// Whether a word says as of when, rather than by when.
    fn as_of(&self, at: usize) -> bool {
        self.written(at).starts_with(AS_OF)
    }

    /// `[ 遅くとも ] deadline`, or 令和8年度末：, in front of the text; the colon only where no other year has its own.
    fn in_front(&self) -> Option<Found> {
        let first = (0..3).find(|at| matches!(self.kind(*at), Kind::Time(_)))?;
        if !matches!(self.source.written(0, self.starts(first)).trim(), "" | "遅くとも" | "おそくとも") {
            return None;
        }
        let headed = match self.kind(first) {
            Kind::Time(time @ Time::Day(_))
                if self.kind(first + 1) == Kind::Colon && self.written(first).ends_with('末') =>
            {
                Some((time, first + 2)).filter(|(_, behind)| self.alone(*behind))
            }
            _ => None,
        };
        let (time, behind) = headed.or_else(|| self.limit(first))?;
        let place = if self.as_of(first + 1) { Place::AsOf } else { Place::Front };
        (!self.goes_on(behind)).then_some((0, behind, time, place))
    }

    /// Whether no time stands from a token on.
    fn alone(&self, from: usize) -> bool {
        !(from..self.tokens.len()).any(|at| matches!(self.kind(at), Kind::Time(_)))
    }

    /// `labelled = 目標年度 ( ":" | "(" ) time [ ")" ] [ ":" ]`: the label says that it is by then.
    fn labelled(&self, from: usize) -> Option<Found> {
        let at = (from + 1..from + 5).find(|at| matches!(self.kind(*at), Kind::Time(_)))?;
        let Kind::Time(time @ (Time::FiscalYear(_) | Time::Year(_) | Time::Day(_))) = self.kind(at) else {
            return None;
        };
        let label = self.source.written(self.starts(from), self.starts(at));
        let bare = label.trim_end_matches([':', '：', '(', '（', ' ', '　', 'は']);
        if bare.len() == label.len() || !(LABELS.contains(&bare) || from == 0 && bare == "期限") {
            return None;
        }
        let boxed = usize::from(self.kind(at - 1) == Kind::Open && self.kind(at + 1) == Kind::Close);
        let behind = at + 1 + boxed;
        let marked = matches!(self.kind(behind), Kind::Colon | Kind::Comma | Kind::Stop);
        Some((from, behind + usize::from(marked), time, Place::Front))
    }

    /// `By March 2027, at least 80%`, `Homes adapted by March 2027: at least 150`: the comma or the colon ends the deadline.
    fn in_english(&self) -> Option<Found> {
        let at = (1..self.tokens.len().min(MOST_IN_FRONT)).find(|at| matches!(self.kind(*at), Kind::Time(_)))?;
        let Kind::Time(time) = self.kind(at) else { return None };
        let plain = !matches!(time, Time::Quarter(..)) && !may_be_month_first(self.written(at));
        if !plain || self.kind(at - 1) != Kind::Word(Word::By) || !self.written(at - 1).is_ascii() {
            return None;
        }
        match self.kind(at + 1) {
            Kind::Comma if at == 1 => Some((0, 3, time, Place::Front)),
            Kind::Colon if at > 1 && self.alone(at + 1) => Some((at - 1, at + 1, time, Place::Within)),
            _ => None,
        }
    }

    /// `"(" deadline [ 達成 ] ")"` at the end; a year without まで may be that of the figure.
    fn in_brackets(&self) -> Option<Found> {
        let close = self.tokens.len().checked_sub(1)?;
        if self.kind(close) != Kind::Close {
            return None;
        }
        let open = (1..close).rev().take(6).find(|at| self.kind(*at) == Kind::Open)?;
        if let Some((_, behind, time, _)) = self.labelled(open + 1).filter(|found| found.1 == close) {
            return Some((open, behind + 1, time, Place::Bracket));
        }
        // （いずれも令和8年度末）
        let inner = open + 1 + usize::from(matches!(self.written(open + 1), "いずれも" | "ともに" | "すべて"));
        let only = self.tokens.iter().filter(|token| matches!(token.kind, Kind::Time(_))).count() == 1;
        let (time, mut behind) = match (self.limit(inner), self.kind(inner)) {
            (Some(found), _) if !self.as_of(inner + 1) || only => found,
            (None, Kind::Time(time @ Time::Day(_))) => (time, inner + 1),
            // （令和8年度）: written in full, and of no figure alone.
            (None, Kind::Time(time @ Time::FiscalYear(_))) if only && self.written(inner).ends_with("年度") => {
                (time, inner + 1)
            }
            _ => return None,
        };
        behind += usize::from(self.kind(behind) != Kind::Close && is_done(self.written(behind)));
        let place = if self.as_of(inner + 1) { Place::AsOf } else { Place::Bracket };
        (behind == close).then_some((open, close + 1, time, place))
    }

    /// 待機児童数を令和8年度末までにゼロにする: the only time in the text, outside of brackets, and behind the first condition's name or figure.
    fn within(&self) -> Option<Found> {
        let time = |at: &usize| matches!(self.kind(*at), Kind::Time(_));
        let at = (0..self.tokens.len().min(MOST_IN_FRONT)).find(time).filter(|at| *at > 0)?;
        // …、令和8年度末まで
        let last = self.kind(at - 1) == Kind::Comma;
        let from = at - usize::from(last);
        let parted = (0..from).any(|at| {
            matches!(
                self.kind(at),
                Kind::Open | Kind::Item | Kind::Stop | Kind::Comma | Kind::Word(Word::And | Word::Or)
            )
        });
        let (limit, behind) = self.limit(at).filter(|_| !parted && !self.as_of(at + 1))?;
        let alone = self.alone(behind);
        let ends = !last || behind == self.tokens.len();
        (alone && ends && !self.goes_on(behind)).then_some((from, behind, limit, Place::Within))
    }
}

/// Whether each condition in a criterion fits; a schedule is one of its own.
fn holds(criterion: &Criterion, depth: usize, fits: &dyn Fn(&Criterion) -> bool) -> bool {
    match criterion {
        _ if depth > crate::domain::criterion::MAX_DEPTH + 2 => false,
        Criterion::All { of } | Criterion::Any { of } => of.iter().all(|part| holds(part, depth + 1, fits)),
        Criterion::Each { of } => holds(of, depth + 1, fits),
        leaf => fits(leaf),
    }
}

/// The name of the first condition in a criterion.
fn subject(criterion: &Criterion) -> Option<&str> {
    match criterion {
        Criterion::Threshold { subject, .. }
        | Criterion::Range { subject, .. }
        | Criterion::Universe { subject, .. }
        | Criterion::Milestone { subject, .. } => subject.as_deref(),
        Criterion::All { of } | Criterion::Any { of } => of.first().and_then(subject),
        Criterion::Each { of } => subject(of),
        _ => None,
    }
}
