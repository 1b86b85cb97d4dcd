//! What stands in brackets: a further condition, a value that is referred to, a stated result, a label, a remark.

use super::super::answer::Note;
use super::super::lex::{Kind, Label, Time, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Draft, Figure, Joint};
use crate::domain::Criterion;
use crate::domain::criterion::{Aggregation, Comparator, CriterionPeriod, Operand, Quantity, Reference};

/// Words that tell a remark about where the figure comes from.
pub(super) const REMARKS: [&str; 22] = [
    "アンケート",
    "調査",
    "モニター",
    "調べ",
    "集計",
    "見込",
    "参考",
    "ベース",
    "努力目標",
    "暫定",
    "速報",
    "出典",
    "資料",
    "統計",
    "survey",
    "source",
    "provisional",
    "estimate",
    "予定",
    "再掲",
    "税込",
    "税抜",
];

/// What tells that a figure is one that was reached rather than one that is aimed at.
pub(super) const REPORTS: [&str; 9] = ["実績", "現状", "現在", "結果", "決算", "当時", "過去", "actual", "achieved"];

pub(super) enum Inside<'a> {
    More(Joint, Draft),
    /// A part of the figure without a bound of its own: （うち新規100件）.
    Part(Draft),
    /// So many of so many, which a share comes to: （対象200件のうち160件）.
    Told(Amount<'a>, Amount<'a>),
    Stated(Amount<'a>),
    /// （R5年度：120人）: what it was, and in which year, if one alone is named.
    StatedOf(Time, Amount<'a>),
    Amount(Amount<'a>, Option<Comparator>),
    Labels(Vec<(Label, usize, usize)>),
    OutOf(Amount<'a>),
    Counted(Aggregation),
    /// （R3～R7累計）: of all these years together, of which the last ends then.
    Whole(Aggregation, Time),
    Period(CriterionPeriod),
    Per(Quantity),
    Time(Time),
    /// A year alone, which is a deadline behind what is clearly a target.
    Year(Time),
    /// What a change is counted from: 30％削減（2013年度比）.
    Base(Reference),
    /// The figure of somebody else: 全国平均55.2％.
    Elsewhere,
    /// The same over another time: 月1回以上（年12回）.
    Over(CriterionPeriod, Amount<'a>, Option<Comparator>),
}

/// Whether a criterion, or each of several, is a bound; and, where `named`, one on a figure with a name of its own.
fn all_bounded(criterion: &Criterion, named: bool) -> bool {
    match criterion {
        Criterion::All { of } => {
            of.iter().all(|part| !matches!(part, Criterion::All { .. }) && all_bounded(part, named))
        }
        Criterion::Threshold { comparator: Some(_), operand, subject, stated_reference: None, .. } => {
            let name = subject.as_deref().is_some_and(|name| !super::doubt::is_doubtful(name));
            !named || name && matches!(operand, Operand::Constant { .. })
        }
        _ => false,
    }
}

impl<'a> Parser<'a> {
    /// `brackets = { "(" ( and-condition | stated-reference | stated-result | labels | out-of | counted | deadline | remark ) ")" }`
    pub(super) fn brackets(&mut self, figure: &mut Figure<'a>) {
        for _ in 0..4 {
            let open = self.at;
            let Some(close) = self.close_of(open) else { return };
            if self.comes_to_year(figure, open, close) {
                self.at = close + 1;
                continue;
            }
            if self.tells_when(open, close) && self.remark(open, close) {
                self.at = close + 1;
                continue;
            }
            if self.told(figure, open, close) || self.of_a_survey(open, close) && self.remark(open, close) {
                self.at = close + 1;
                continue;
            }
            if self.source.latin() && self.first_of_all_in_english(figure, open, close) {
                self.at = close + 1;
                continue;
            }
            if let Some(inside) = self.inside(Self::bracketed) {
                if !self.accept(figure, inside) {
                    self.at = open;
                    return;
                }
                continue;
            }
            if self.source.latin() && self.english_bracket(figure, open, close) {
                continue;
            }
            if !self.remark(open, close) {
                return;
            }
            self.at = close + 1;
        }
    }

    /// A bracket that says how the figure is counted, over what time, or per what.
    pub(super) fn counted_bracket(&mut self, figure: &mut Figure<'a>) -> bool {
        match self.inside(Self::how_counted) {
            Some(
                inside @ (Inside::Counted(_)
                | Inside::Whole(..)
                | Inside::Period(_)
                | Inside::Per(_)
                | Inside::OutOf(_)),
            ) => self.accept(figure, inside),
            // 参加者数（前年度30人）40人以上
            None => match self.inside(Self::stated) {
                Some(inside @ (Inside::Stated(_) | Inside::StatedOf(..))) => self.accept(figure, inside),
                _ => false,
            },
            _ => false,
        }
    }

    /// The inside of a bracket, by the first rule that takes all of it.
    fn bracketed(&mut self) -> Option<Inside<'a>> {
        let mark = self.mark();
        let rules: [fn(&mut Self) -> Option<Inside<'a>>; 11] = [
            Self::labels,
            Self::base,
            Self::further,
            Self::how_counted,
            Self::over_another_time,
            Self::counted_otherwise,
            Self::share_told,
            Self::stated,
            Self::amount_alone,
            Self::other_condition,
            Self::named_condition,
        ];
        for rule in rules {
            if let Some(found) = rule(self).filter(|_| self.at >= self.end) {
                return Some(found);
            }
            self.back(mark);
        }
        None
    }

    /// `base = reference 比`: what a change in front of the bracket is counted from.
    fn base(&mut self) -> Option<Inside<'a>> {
        // 対令和5年度
        if (self.written(self.at) == "対" || self.peek(0) == Kind::Word(Word::Per))
            && let Kind::Time(Time::FiscalYear(year) | Time::Year(year)) = self.peek(1)
        {
            self.at += 2;
            let _ = self.take(Word::Result);
            let _ = self.take(Word::Ratio);
            return Some(Inside::Base(Reference::FiscalYear { fiscal_year: year, change: None }));
        }
        let opposed = self.written(self.at).starts_with('対');
        let reference = self.reference()?;
        let against = opposed && self.at >= self.end
            || self.take(Word::Ratio)
            || self.written(self.at).ends_with("対比") && self.take(Word::Than);
        against.then_some(Inside::Base(reference))
    }

    /// `and-condition = ( かつ | 又は | ただし ) phrase`
    fn further(&mut self) -> Option<Inside<'a>> {
        // ただし、前年度実績を下回らないこと
        let provided = self.peek(0) == Kind::Text && matches!(self.written(self.at), "ただし" | "但し");
        let joint = match self.peek(0) {
            Kind::Word(Word::And) => Joint::And,
            Kind::Word(Word::Or) => Joint::Or,
            Kind::Text if provided => Joint::And,
            _ => return None,
        };
        let (from, to) = (self.at + 1, self.end);
        let from = from + usize::from(provided && self.kind(from) == Kind::Comma);
        let draft = self.phrase(from, to)?;
        if provided && !all_bounded(&draft.main, false) {
            return None;
        }
        self.at = to;
        Some(Inside::More(joint, draft))
    }

    /// A condition without かつ: an explanation of the amount in front, such as 4件以下（過去3年平均の10%減）.
    fn other_condition(&mut self) -> Option<Inside<'a>> {
        let (from, to) = (self.at, self.end);
        let figure = self.condition().filter(|_| self.at >= to)?;
        self.at = from;
        let Core::Reference(reference) = &figure.core else { return None };
        if reference.change().is_none() && matches!(figure.comparator, Some(Comparator::Gt | Comparator::Lt)) {
            // （前年比減）may only tell what the amount in front comes to.
            let place = (self.starts(from), self.ends(to - 1));
            self.ask(
                Note::new("かっこ内も条件とみなしました。", "What stands in brackets is taken as a further condition.")
                    .at(place.0, place.1),
            );
        }
        let draft = self.clause(from, from, to)?;
        self.at = to;
        Some(Inside::More(Joint::And, draft))
    }

    /// A condition on something else: 2件以内（重大事故は0件）. A person says whether it is one.
    fn named_condition(&mut self) -> Option<Inside<'a>> {
        let (from, to) = (self.at, self.end);
        let draft = self.phrase(from, to)?;
        let bounded = draft.pair.is_none() && all_bounded(&draft.main, true);
        self.at = to;
        let said = (from..to)
            .any(|at| matches!(self.tokens.get(at).map(|token| token.kind), Some(Kind::Word(Word::Compare(_)))));
        if bounded && !said {
            let place = (self.starts(from), self.ends(to - 1));
            self.ask(
                Note::new("かっこ内も条件とみなしました。", "What stands in brackets is taken as a further condition.")
                    .at(place.0, place.1),
            );
        }
        bounded.then_some(Inside::More(Joint::And, draft))
    }

    /// `counted-otherwise = ( counted | うち ) clause`: （実人数300人以上）, （うち新規20人以上）.
    fn counted_otherwise(&mut self) -> Option<Inside<'a>> {
        let part = self.peek(0) == Kind::Word(Word::OutOf) || self.written(self.at).starts_with("うち");
        let counted = matches!(self.peek(0), Kind::Word(Word::Counted(_)));
        let (from, to) = (self.at + usize::from(self.peek(0) == Kind::Word(Word::OutOf)), self.end);
        if !part && !counted {
            return None;
        }
        let draft = self.clause(from, from, to)?;
        if part
            && let Criterion::Threshold {
                comparator: None, operand: Operand::Constant { .. }, subject: Some(_), ..
            } = draft.main
        {
            self.at = to;
            return Some(Inside::Part(draft));
        }
        let bound = |aggregated: bool, named: bool| counted && aggregated || part && named;
        let fits = matches!(
            &draft.main,
            Criterion::Threshold { comparator: Some(_), operand: Operand::Constant { .. }, aggregation, subject, .. }
                if bound(aggregation.is_some(), subject.is_some())
        );
        self.at = to;
        fits.then_some(Inside::More(Joint::And, draft))
    }
}
