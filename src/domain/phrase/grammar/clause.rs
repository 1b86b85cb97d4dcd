//! A clause: a subject and the condition on it, or something to be done.

use super::super::lex::{Kind, Word, is_western};
use super::DEEPEST;
use super::cursor::Parser;
use super::figure::{Core, Draft, Figure};
use crate::domain::Criterion;
use crate::domain::criterion::Step;

/// How many tokens a condition may have, what it counts included.
const LONGEST_CONDITION: usize = 48;

impl<'a> Parser<'a> {
    /// `clause = [ mark ] [ 目標: ] ( group | year clause | each clause | [ deadline ] [ subject ] condition | milestone )`
    ///
    /// `before` is where text begins that belongs to this clause although a comma parts it: 参加した、または参加したい区民の割合11%以上.
    pub(super) fn clause(&mut self, before: usize, from: usize, to: usize) -> Option<Draft> {
        let (mut before, mut from, mut to) = (before, from, to);
        let end = std::mem::replace(&mut self.end, to);
        let mut due = None;
        while from < to
            && (matches!(self.kind(from), Kind::Item | Kind::Comma | Kind::Stop | Kind::Word(Word::TargetLabel))
                || self.stage_of_plan(from))
        {
            let label = matches!(self.kind(from), Kind::Word(Word::TargetLabel) | Kind::Text);
            // 目標の80%: the target is what the share is one of, not a label.
            if label && self.written(from + 1) == "の" {
                break;
            }
            before += usize::from(before == from);
            from += 1;
            // 目標（R8）：, of the target's own year
            if label
                && let Some((year, behind)) = self.bracketed_year(from)
                && behind < to
            {
                due = Some(year).filter(|year| self.context.fiscal_year != Some(*year));
                before += if before == from { behind - from } else { 0 };
                from = behind;
            }
            if label && matches!(self.kind(from), Kind::Colon | Kind::Word(Word::Particle)) {
                before += usize::from(before == from);
                from += 1;
            }
        }
        let linked = self.behind_link(from, to);
        before = if before == from || self.is_abbreviated_link(from) { linked } else { before };
        from = linked;
        let behind = self.heading(from, to);
        if behind < to {
            before = if before == from { behind } else { before };
            from = behind;
        }
        // 【目標】80％以上
        if self.kind(from) == Kind::Open
            && self.kind(from + 1) == Kind::Word(Word::TargetLabel)
            && self.close_of(from) == Some(from + 2)
            && from + 3 < to
        {
            before += if before == from { 3 } else { 0 };
            from += 3;
        }
        while to > from && matches!(self.kind(to - 1), Kind::Comma | Kind::Stop) {
            to -= 1;
        }
        self.end = to;
        self.clauses += 1;
        let found = if self.clauses > 2 * DEEPEST + 2 { None } else { self.bare_clause(before, from, to) };
        self.clauses -= 1;
        self.end = end;
        match due.and_then(|year| super::super::lex::Time::FiscalYear(year).last_day(None)) {
            // 目標値（R8）80.0%
            Some(day) => found.map(|draft| draft.map(|criterion| super::joined::due_unless(criterion, day))),
            None => found,
        }
    }

    fn bare_clause(&mut self, before: usize, from: usize, to: usize) -> Option<Draft> {
        if from >= to {
            return None;
        }
        let mark = self.mark();
        if before == from {
            for rule in [Self::group, Self::each, Self::none_beyond, Self::every_year, Self::dated] {
                self.at = from;
                if let Some(draft) = rule(self, to) {
                    return Some(draft);
                }
                self.back(mark);
            }
        }
        self.whole_words(from, to)
            .or_else(|| self.figure(before, from, to))
            .or_else(|| {
                self.back(mark);
                self.boxed(before, to)
            })
            .or_else(|| {
                self.back(mark);
                self.absence(before, to)
            })
            .or_else(|| {
                self.back(mark);
                self.not_even_one(before, to)
            })
            .or_else(|| {
                self.back(mark);
                self.milestone(before, to)
            })
    }

    /// `group = "(" phrase ")" | ( すべて | いずれか ) "(" phrase { ";" phrase } ")"`
    fn group(&mut self, to: usize) -> Option<Draft> {
        let word = match self.peek(0) {
            Kind::Open => None,
            // 全部（…） is all of them, with a remark.
            Kind::Word(Word::Every) if self.written(self.at) == "全部" => return None,
            Kind::Word(word @ (Word::Every | Word::AnyOf | Word::Yearly)) => Some(word),
            _ => return None,
        };
        self.at += usize::from(word.is_some());
        if self.close_of(self.at)? + 1 != to || self.depth >= DEEPEST {
            return None;
        }
        self.inside(|rules| {
            let (from, end) = (rules.at, rules.end);
            let draft = match word {
                None => rules.phrase(from, end)?,
                Some(Word::Yearly) => rules.yearly(from, end)?,
                Some(word) => {
                    let parts = rules.listed(from, end)?;
                    Draft::join(
                        parts,
                        |of| if word == Word::AnyOf { Criterion::Any { of } } else { Criterion::All { of } },
                    )
                }
            };
            rules.at = end;
            Some(draft)
        })
    }

    /// The conditions between semicolons.
    fn listed(&mut self, from: usize, to: usize) -> Option<Vec<Draft>> {
        let mut parts = Vec::new();
        let (mut start, mut at) = (from, from);
        while at <= to {
            if at == to || self.kind(at) == Kind::Stop {
                let end = self.end;
                parts.push(self.clause(start, start, at)?);
                self.end = end;
                start = at + 1;
            }
            at = self.close_of(at).unwrap_or(at) + 1;
        }
        Some(parts)
    }

    /// `年度別（ year-label clause { ";" year-label clause } ）`
    fn yearly(&mut self, from: usize, to: usize) -> Option<Draft> {
        let (mut years, mut drafts) = (Vec::new(), Vec::new());
        let (mut start, mut at) = (from, from);
        while at <= to {
            if at == to || self.kind(at) == Kind::Stop {
                let end = std::mem::replace(&mut self.end, at);
                self.at = start;
                let (year, behind) = self.year_label()?;
                drafts.push(self.clause(behind, behind, at)?);
                years.push(year);
                self.end = end;
                start = at + 1;
            }
            at = self.close_of(at).unwrap_or(at) + 1;
        }
        Some(Draft::join(drafts, |criteria| Criterion::Schedule {
            steps: years.iter().zip(criteria).map(|(year, criterion)| Step { fiscal_year: *year, criterion }).collect(),
        }))
    }

    /// `[ deadline ] [ subject ] condition`: the condition is what reaches to the end, so that numbers in front of it are the subject's.
    fn figure(&mut self, before: usize, from: usize, to: usize) -> Option<Draft> {
        let mark = self.mark();
        let mut lead = Figure::empty();
        self.at = before;
        let latin = self.source.at(self.starts(before)).is_ascii_alphabetic();
        let by = self.take(Word::By) || latin && self.take(Word::Of);
        if matches!(self.peek(0), Kind::Time(_)) {
            if by {
                self.time_limit(&mut lead);
            } else {
                self.deadline(&mut lead);
            }
            let _ = self.take_kind(Kind::Comma) || by && self.take_kind(Kind::Colon);
        }
        if latin && before < from {
            let here = self.mark();
            self.at = before;
            if let Some(draft) = self.behind_reference(from, to) {
                return Some(draft);
            }
            self.leading = None;
            self.back(here);
        }
        let led = if lead.deadline.is_some() { self.at } else { before };
        let lead_mark = self.mark();
        for leading in [led > before, false] {
            self.back(if leading { lead_mark } else { mark });
            let subject_from = if leading { led } else { before };
            // A condition is short, so one that reaches to the end does not begin far in front of it.
            let mut at = if leading { led.max(from) } else { from }.max(to.saturating_sub(LONGEST_CONDITION));
            while at < to {
                if self.may_begin(at) {
                    let here = self.mark();
                    self.at = at;
                    if let Some(draft) = self.figure_at(&lead, leading, subject_from, at, to) {
                        return Some(draft);
                    }
                    self.back(here);
                }
                at = self.close_of(at).unwrap_or(at) + 1;
            }
            if !leading {
                break;
            }
        }
        self.back(mark);
        None
    }

    pub(super) fn figure_at(
        &mut self,
        lead: &Figure<'a>,
        led: bool,
        subject_from: usize,
        at: usize,
        to: usize,
    ) -> Option<Draft> {
        let within = self.written(at).eq_ignore_ascii_case("within");
        let numbered = self.numbered_name(subject_from, at);
        let said = (self.notes.len(), self.review);
        let mut figure = self.condition()?;
        if numbered && figure.comparator.is_none() && matches!(figure.core, Core::Constant(_)) {
            return None;
        }
        let linked = matches!(self.peek(0), Kind::Word(Word::Of | Word::Than));
        let money = matches!(&figure.core, Core::Constant(amount) if amount.is_money());
        let link = if linked { self.written(self.at) } else { "" };
        // £1m in savings
        let link = if money && link == "in" { "" } else { link };
        if self.at < to {
            self.english_subject(&mut figure, to);
        }
        let mut done = self.english_deed(&mut figure, to);
        if self.at < to && !self.source.at(self.starts(self.at)).is_ascii() {
            done = self.predicate(&mut figure, to);
            // いのちの授業を実施: what it is done to is the name.
            done = done.map(|deed| super::universe::done_to(&deed).map(str::to_owned).unwrap_or(deed));
        }
        if self.at < to {
            return None;
        }
        self.share_of_base(&figure, subject_from, at);
        self.may_be_a_year(&figure, at);
        self.may_tell_which(&figure, subject_from, at);
        self.ranked(&mut figure, self.span(subject_from, at), at, to);
        if led && figure.deadline.is_none() {
            figure.deadline = lead.deadline;
        }
        self.carried(&mut figure, subject_from, at);
        let at = self.moved_in_name(&mut figure, subject_from, at);
        let at = self.before_modal(subject_from, at);
        let at = self.english_per_in_name(&mut figure, subject_from, at);
        let (at, year) = self.year_behind_name(subject_from, at);
        let at = self.over_years(&mut figure, subject_from, at);
        let (all_from, all_to) = (subject_from, at);
        let (subject_from, at) = self.all_of_subject(&mut figure, subject_from, at);
        let subject_from = self.behind_article(subject_from, at);
        let at = self.before_in_place(&figure, subject_from, at);
        let at = self.counted_behind_name(&mut figure, subject_from, at);
        let (subject_from, whose) = self.per_in_name(&mut figure, subject_from, at);
        let subject_from = self.counted_subject(&mut figure, subject_from, at);
        let quoted = at == subject_from + 1 && self.kind(subject_from) == Kind::Quoted;
        let yearly =
            at <= subject_from + 2 && matches!(figure.core, Core::Reference(_)) && self.every_last_year(subject_from);
        let subject = if yearly { None } else { self.subject(subject_from, at) };
        let subject = match (subject, whose) {
            (Some(name), None) if !quoted => Some(self.counted_name(&mut figure, name)),
            (Some(name), Some(whose)) => Some(format!("{whose}の{name}")),
            (subject, _) => subject,
        };
        let subject = subject.map(|name| self.of_each_head(&figure, name)).filter(|name| !name.is_empty());
        // いずれの施設も満足度
        let subject = subject.map(|name| match super::parts::behind_every(&name).filter(|_| figure.each) {
            Some(rest) => rest.to_owned(),
            None => name,
        });
        // 居場所を小学校区ごとに1か所以上
        let subject = match subject.as_deref().and_then(super::parts::without_every) {
            Some(front) => {
                figure.each = true;
                Some(front.to_owned()).filter(|name| !name.is_empty())
            }
            None => subject,
        };
        // 対象18園中15園以上
        let subject = subject.filter(|name| {
            !(figure.out_of.is_some() && matches!(name.as_str(), "対象" | "全体" | "総数" | "市内" | "区内" | "町内"))
        });
        let subject = match (subject, done) {
            (Some(name), Some(done)) if is_here(&name) => Some(done),
            // 申請受付から14日以内に決定
            (Some(name), Some(done)) if name.ends_with("から") => Some(format!("{name}{done}まで")),
            (Some(name), None) if name.ends_with("から") && super::tail::is_done(self.written(to - 1)) => {
                Some(format!("{name}{}まで", self.written(to - 1)))
            }
            (Some(name), Some(done)) => Some(format!("{name} {done}")),
            (name, done) => name.or(done),
        };

        // 実績45%から55%へ: the word belongs to the figure that is given.
        let subject = subject.filter(|subject| {
            !(figure.stated.is_some()
                && matches!(subject.as_str(), "実績" | "現状" | "現況" | "実績値" | "基準値" | "現在"))
        });
        // 目標値以上 names nothing.
        figure.subject = match (figure.subject, subject) {
            // 区内すべての避難所で点検を実施
            (Some(inner), Some(outer)) if matches!(figure.core, Core::Universe { .. }) && is_here(&outer) => {
                Some(inner)
            }
            (None, Some(outer)) if matches!(figure.core, Core::Universe { .. }) && is_here(&outer) => None,
            // 施設入所者数：令和4年度末の入所者数から
            (Some(inner), Some(outer)) if outer.ends_with(inner.as_str()) || super::english_name::is_whole(&inner) => {
                Some(outer)
            }
            (Some(inner), Some(outer)) if !outer.is_empty() => {
                let western = is_western(&outer) && is_western(&inner);
                Some(super::english_name::joined(&outer, if western { link } else { "" }, &inner, western))
            }
            (inner, outer) => outer.or(inner),
        };
        self.limited_change(&mut figure, said);
        if within {
            self.either_side_of_nothing(&mut figure);
        }
        let draft = self.settle(figure)?;
        let draft = self.denied_in_name(draft, all_from, all_to);
        Some(match year {
            Some(year) => self.of_one_year(draft, year, (self.starts(all_to), self.ends(all_to))),
            None => draft,
        })
    }

    /// Whether a condition can begin with a token. Behind running text, only where a number or a word of its own does.
    pub(super) fn may_begin(&mut self, at: usize) -> bool {
        match self.kind(at) {
            Kind::Text
                if matches!(self.kind(at + 1), Kind::Word(Word::TargetLabel | Word::OtherFigure))
                    && self.kind(at + 2) == Kind::Open
                    && super::valued::SETTERS.iter().any(|set| self.written(at).ends_with(set)) =>
            {
                true
            }
            Kind::Text | Kind::Word(Word::TargetLabel | Word::OtherFigure)
                if self.kind(at + 1) == Kind::Open && self.written(at).ends_with(['値', '標', '準', '均', '率']) =>
            {
                true
            }
            Kind::Number { .. } | Kind::Plus | Kind::Minus | Kind::PlusMinus | Kind::Triangle | Kind::Time(_) => true,
            // From 68% in 2022/23 to 75%
            Kind::Word(Word::Than) if self.written(at).eq_ignore_ascii_case("from") => {
                matches!(self.kind(at + 1), Kind::Number { .. })
            }
            Kind::Word(word) => !matches!(
                word,
                Word::Particle
                    | Word::Filler
                    | Word::Compare(_)
                    | Word::Than
                    | Word::Ratio
                    | Word::Result
                    | Word::Of
                    | Word::By
                    | Word::And
                    | Word::Or
            ),
            _ => false,
        }
    }

    /// A clause that is one word: 定性的な目標, 目標なし.
    fn whole_words(&mut self, from: usize, to: usize) -> Option<Draft> {
        let found = match self.kind(from) {
            Kind::Word(Word::Qualitative) => Criterion::Qualitative {},
            Kind::Word(Word::NoTarget) => Criterion::None {},
            _ => return None,
        };
        (to == from + 1).then(|| Draft::sure(found))
    }
}

/// A criterion said of every part; saying so twice adds nothing.
pub(super) fn each_of(criterion: Criterion) -> Criterion {
    match criterion {
        each @ Criterion::Each { .. } => each,
        criterion => Criterion::Each { of: Box::new(criterion) },
    }
}

/// Whether a name says only that the place itself is meant: 区内全中学校で.
fn is_here(name: &str) -> bool {
    matches!(name, "区内" | "市内" | "町内" | "村内" | "県内" | "府内" | "都内" | "管内")
}
