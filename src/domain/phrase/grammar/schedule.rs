//! One condition for each of several years: R4：40%、R5：45%; 60%（R6）、65%（R7）; R4〜R6 各年度50件.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::Part;
use super::cursor::Parser;
use super::figure::{Draft, Joint};
use crate::domain::criterion::{Comparator, Operand, Step};
use crate::domain::{Criterion, Polarity};

/// How many years a text may list: more than any office does.
const MOST_YEARS: usize = 50;

/// What a year of a plan is for, beside what is done and then over.
const STAGES: &[&str] = &[
    "設計",
    "調査",
    "検討",
    "準備",
    "取得",
    "協議",
    "実験",
    "測量",
    "造成",
    "発注",
    "入札",
    "運用",
    "検証",
    "構想",
    "工事",
    "計画",
    "施工",
    "募集",
    "選考",
    "分析",
    "評価",
    "審査",
    "調整",
    "点検",
    "改修",
    "design",
    "construction",
    "consultation",
    "planning",
    "procurement",
    "survey",
    "pilot",
    "review",
    "evaluation",
    "works",
];

impl Parser<'_> {
    pub(super) fn year_behind(&mut self, at: usize) -> bool {
        matches!(self.kind(at), Kind::Time(Time::FiscalYear(_) | Time::Year(_)))
    }

    /// Whether a year stands directly behind an amount, so that it opens a year of its own.
    pub(super) fn follows_amount(&mut self, at: usize) -> bool {
        let labelled = matches!(self.kind(at + 1), Kind::Colon | Kind::Number { .. });
        labelled && self.behind_amount(at)
    }

    fn behind_amount(&mut self, at: usize) -> bool {
        matches!(self.kind(at - 1), Kind::Unit(_) | Kind::Number { .. } | Kind::Word(Word::Compare(_)))
    }

    /// Whether behind a condition with its bound, and parted from it, a name begins that has a condition of its own.
    pub(super) fn opens_condition(&mut self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let slash = self.kind(before) == Kind::Slash;
        let bound = before - usize::from(slash && before > 0);
        if !matches!(self.kind(bound), Kind::Word(Word::Compare(_)))
            || !(self.kind(at) == Kind::Text
                || slash && matches!(self.kind(at), Kind::Word(Word::Up | Word::Down | Word::Counted(_))))
            || !slash && (self.starts(at) <= self.ends(bound) || self.bounds_an_age(bound))
            || bound > 0
                && super::duration::is_time(self.written(bound - 1))
                && !(bound > 2 && self.kind(bound - 3) == Kind::Text)
        {
            return false;
        }
        (at + 1..at + 5).any(|at| {
            // コピー用紙使用枚数　前年度以下
            if matches!(self.kind(at), Kind::Word(Word::PreviousYear | Word::SamePeriod)) {
                let result = usize::from(self.kind(at + 1) == Kind::Word(Word::Result));
                return matches!(self.kind(at + 1 + result), Kind::Word(Word::Compare(_)));
            }
            let unit = usize::from(matches!(self.kind(at + 1), Kind::Unit(_)));
            matches!(self.kind(at), Kind::Number { .. })
                && matches!(self.kind(at + 1 + unit), Kind::Word(Word::Compare(_)))
        })
    }

    /// aged 65 and over: who, rather than how many of them.
    fn bounds_an_age(&mut self, bound: usize) -> bool {
        bound > 1
            && matches!(self.kind(bound - 1), Kind::Number { .. })
            && matches!(self.written(bound - 2), "aged" | "age" | "ages")
    }

    /// 受講者100人・修了率90％以上: behind the name of a figure with its amount, and ・, a second name with an amount of its own.
    pub(super) fn opens_second(&mut self, start: usize, at: usize) -> bool {
        if !self.written(at).starts_with('・') || !self.behind_amount(at) || self.kind(start) != Kind::Text {
            return false;
        }
        let named =
            |rules: &Self, at: usize| super::nouns::is_indicator(rules.written(at).trim_matches(['・', ' ', '　']));
        let number = at - 1 - usize::from(matches!(self.kind(at - 1), Kind::Unit(_)));
        let counted = usize::from(matches!(self.kind(at + 1), Kind::Word(Word::Counted(_) | Word::Period(_))));
        matches!(self.kind(number), Kind::Number { .. })
            && number <= start + 2
            && named(self, start)
            && named(self, at)
            && matches!(self.kind(at + 1 + counted), Kind::Number { .. })
    }

    /// 小：90％　中：85％: behind a labelled amount and a gap, another label with its amount.
    pub(super) fn opens_labelled(&mut self, start: usize, at: usize) -> bool {
        // 中3：80％
        let colon = at + 1 + usize::from(matches!(self.kind(at + 1), Kind::Number { .. }));
        self.kind(colon) == Kind::Colon
            && matches!(self.kind(colon + 1), Kind::Number { .. })
            && self.behind_amount(at)
            && self.starts(at) > self.ends(at - 1)
            && (start + 1..at - 1)
                .any(|at| self.kind(at) == Kind::Colon && matches!(self.kind(at + 1), Kind::Number { .. }))
    }

    /// Whether a label with its year in brackets stands behind an amount.
    pub(super) fn opens_year(&mut self, at: usize) -> bool {
        self.behind_amount(at) && self.starts(at) > self.ends(at - 1) && self.labelled_year(at).is_some()
    }

    /// `labelled-year = { 中間 | 最終 | 目標 } "(" year ")" [ : ]`, and where the clause behind it begins.
    fn labelled_year(&mut self, at: usize) -> Option<(i32, usize)> {
        let mut open = at;
        while open < at + 2 && matches!(self.kind(open), Kind::Text | Kind::Word(Word::TargetLabel)) {
            open += 1;
        }
        if open == at || !["目標", "目標値", "値"].iter().any(|word| self.span(at, open).ends_with(word)) {
            return None;
        }
        let (year, close) = self.bracketed_year(open)?;
        Some((year, close + usize::from(self.kind(close) == Kind::Colon)))
    }

    /// `"(" year ")"`: the year, and what stands behind the bracket.
    pub(super) fn bracketed_year(&mut self, open: usize) -> Option<(i32, usize)> {
        let close = self.close_of(open).filter(|close| *close == open + 2)?;
        match self.kind(open + 1) {
            Kind::Time(Time::FiscalYear(year) | Time::Year(year)) => Some((year, close + 1)),
            _ => None,
        }
    }

    /// The year of a part, in front of its clause or in brackets behind it, and the tokens of the clause.
    fn year_of_part(&mut self, part: &Part) -> Option<(i32, usize, usize)> {
        let end = std::mem::replace(&mut self.end, part.to);
        self.at = part.from;
        let label = self.year_label().or_else(|| self.labelled_year(part.from)).or_else(|| self.numbered_year(part));
        self.end = end;
        if let Some((year, from)) = label {
            return (from < part.to).then_some((year, from, part.to));
        }
        if self.source.latin()
            && let Some(dated) = self.year_at_end(part)
        {
            return Some(dated);
        }
        let open = part.to.checked_sub(3).filter(|open| *open > part.from)?;
        self.bracketed_year(open).map(|(year, _)| (year, part.from, open))
    }

    /// `schedule = year-label clause { separator year-label clause } | clause "(" year ")" { … }`, at least two years.
    pub(super) fn schedule(&mut self, parts: &[Part]) -> Option<Draft> {
        if let Some((name, behind)) = self.named_years(parts) {
            let mut parts = parts.to_vec();
            parts.first_mut()?.from = behind;
            return Some(self.schedule(&parts)?.map(|criterion| named(criterion, &name)));
        }
        // 受診率、on the next lines a year each
        if let Some((first, others)) = parts.split_first()
            && others.len() > 1
            && !self.year_behind(first.from)
            && others.iter().all(|part| self.year_behind(part.from))
            && (first.from..first.to).all(|at| matches!(self.kind(at), Kind::Text | Kind::Quoted | Kind::Colon))
            && let name = self.span(first.from, first.to).trim_end_matches([':', '：', ' ', '　'])
            && super::nouns::is_indicator(name)
        {
            return Some(self.schedule(others)?.map(|criterion| named(criterion, name)));
        }
        let mut steps: Vec<(i32, Draft)> = Vec::with_capacity(parts.len());
        let mut marked = true;
        for part in parts {
            if matches!(part.joint, Joint::Or) {
                return None;
            }
            let (year, from, to) = self.year_of_part(part)?;
            if steps.iter().take(MOST_YEARS).any(|(known, _)| *known == year) || steps.len() >= MOST_YEARS {
                return None;
            }
            let labelled = from > part.from + 1 || self.starts(from) > self.ends(from.saturating_sub(1));
            let before = self.mark();
            let draft = match self.clause(from, from, to) {
                Some(draft) => draft,
                None => {
                    self.back(before);
                    self.stage(from, to).filter(|_| labelled)?
                }
            };
            // As it is printed, a due date that is not said there is none.
            let printed = matches!(self.kind(from), Kind::Open | Kind::Word(Word::Label(_)));
            let draft = if printed { draft } else { draft.map(|criterion| due_in(criterion, year)) };
            let later = steps.last().is_none_or(|(last, _)| *last < year);
            marked &= labelled && later;
            steps.push((year, draft));
        }
        let years: Vec<i32> = steps.iter().map(|(year, _)| *year).collect();
        if years.len() < 2 {
            return None;
        }
        if years.iter().any(|year| *year < 2000) {
            // H1 20, H2 30: half-years rather than 平成.
            self.ask(Note::new("目標の年度が古すぎます。", "The years are too far in the past for a target."));
        }
        if !marked && steps.iter().any(|(_, draft)| matches!(draft.main, Criterion::Milestone { .. })) {
            // 令和7年度着工、令和9年度供用開始: by year, or both with their dates.
            self.ask(Note::new(
                "年度ごとの実施事項とみなしました。",
                "Read as something to be done in each of the years.",
            ));
        }
        if let ([_, second], [(_, from), (year, to)]) = (parts, steps.as_slice())
            && self.kind(second.from.saturating_sub(1)) == Kind::Arrow
            && let Some(draft) = self.year_to_year(from, to, *year)
        {
            return Some(draft);
        }
        // 洋式化率 80％（R8）、95％（R10）: the name is that of every year's figure.
        let years_behind = parts.first().is_some_and(|part| !self.year_behind(part.from));
        let name =
            steps.first().filter(|_| years_behind).and_then(|(_, draft)| subject(&draft.main)).map(str::to_owned);
        let drafts = steps.into_iter().map(|(_, draft)| draft).collect();
        let draft = Draft::join(drafts, |criteria| scheduled(&years, criteria));
        Some(match name {
            Some(name) => draft.map(|criterion| named(criterion, &name)),
            None => draft,
        })
    }

    /// 認知度 R7：60% R8：75%: the name in front of the first year is that of every year's figure. Gives it, and where the years begin.
    fn named_years(&mut self, parts: &[Part]) -> Option<(String, usize)> {
        let (first, others) = parts.split_first()?;
        let year = (first.from + 1..first.to.min(first.from + 6)).find(|at| self.year_behind(*at))?;
        let mut name = year;
        while name > first.from && matches!(self.kind(name - 1), Kind::Colon | Kind::Word(Word::Particle)) {
            name -= 1;
        }
        let labelled = matches!(self.kind(year + 1), Kind::Colon | Kind::Number { .. });
        let plain = name > first.from
            && (first.from..name).all(|at| self.kind(at) == Kind::Text)
            && super::nouns::is_indicator(self.span(first.from, name).trim());
        let yearly = !others.is_empty() && others.iter().all(|part| self.year_behind(part.from));
        (labelled && plain && yearly).then(|| (self.span(first.from, name).trim().to_owned(), year))
    }

    /// `stage = noun`: what a year of a plan is for, such as 基本設計, although nothing says that it is done.
    fn stage(&mut self, from: usize, to: usize) -> Option<Draft> {
        let mut to = to;
        while to > from && matches!(self.kind(to - 1), Kind::Stop | Kind::Comma) {
            to -= 1;
        }
        let plain = from < to
            && (from..to)
                .all(|at| matches!(self.kind(at), Kind::Text | Kind::Quoted | Kind::Word(Word::Particle | Word::Of)));
        let action = self.span(from, to).trim();
        let known = STAGES.iter().any(|stage| action.ends_with(stage));
        if !plain || action.is_empty() || action.chars().count() > 40 {
            return None;
        }
        if !known {
            self.ask(Note::new("その年度に実施することとみなしました。", "Taken as what is to be done in that year."));
        }
        Some(Draft::sure(Criterion::Milestone { action: action.to_owned(), due: None, subject: None }))
    }

    /// R3 1,200人 → R8 1,500人: where it is, and where it is to be.
    fn year_to_year(&mut self, from: &Draft, to: &Draft, year: i32) -> Option<Draft> {
        let bare = |criterion: &Criterion| match criterion {
            Criterion::Threshold {
                comparator,
                operand: Operand::Constant { value },
                unit,
                stated_reference: None,
                ..
            } => Some((*value, unit.clone(), *comparator)),
            _ => None,
        };
        let ((low, unit, None), (high, other, stated)) = (bare(&from.main)?, bare(&to.main)?) else { return None };
        let rising = high > low;
        let along = match stated {
            None => true,
            Some(Comparator::Gte | Comparator::Gt) => rising,
            Some(Comparator::Lte | Comparator::Lt) => !rising,
            Some(_) => false,
        };
        if unit != other || low == high || !along {
            return None;
        }
        let against = match self.context.polarity {
            Some(Polarity::HigherIsBetter) => !rising,
            Some(Polarity::LowerIsBetter) => rising,
            None => false,
        };
        let note = Note::new(
            "初めの年度の値を現状、後の年度の値を目標とみなしました。",
            "The first year's figure is taken as the present one, the second year's as the target.",
        );
        if against {
            self.ask(note)
        } else {
            self.say(note)
        }
        let mut criterion = to.main.clone();
        if let Criterion::Threshold { comparator, stated_reference, deadline, .. } = &mut criterion {
            *comparator = stated.or(Some(if rising { Comparator::Gte } else { Comparator::Lte }));
            *stated_reference = Some(low);
            *deadline = deadline.or_else(|| Time::FiscalYear(year).last_day(None));
        }
        Some(Draft::sure(criterion))
    }

    /// `span-of-years = year ( ~ | - | から ) ( year | number 年度 )`: R4～R6, 令和6～8年度, 2024～2026年度.
    pub(super) fn span_of_years(&mut self) -> Option<(i32, i32)> {
        let start = self.at;
        let first = match self.peek(0) {
            Kind::Time(Time::FiscalYear(year) | Time::Year(year)) => year,
            Kind::Number { value, scaled: false } => i32::try_from(value.mantissa())
                .ok()
                .filter(|year| (1990..=2100).contains(year) && value.scale() == 0)?,
            _ => return None,
        };
        let number = matches!(self.peek(0), Kind::Number { .. });
        self.at += 1;
        let until = self.take_kind(Kind::Tilde)
            || self.take_kind(Kind::Minus)
            || self.written(self.at) == "から" && self.take(Word::Than);
        if !until {
            return None;
        }
        let last = match self.peek(0) {
            Kind::Time(Time::FiscalYear(year)) => year,
            Kind::Time(Time::Year(year)) if !number => year,
            // The year is counted as the one in front of it.
            Kind::Number { value, scaled: false } if self.peek(1) == Kind::Unit(Some("年度")) => {
                self.at += 1;
                let counted = i32::try_from(value.mantissa()).ok().filter(|year| *year < 100 && value.scale() == 0)?;
                let before = match self.source.at(self.starts(start)) {
                    '令' | 'r' => 2018,
                    '平' | 'h' => 1988,
                    '0'..='9' => first / 100 * 100,
                    _ => return None,
                };
                before + counted
            }
            _ => return None,
        };
        self.at += 1;
        Some((first, last))
    }
}

/// 令和8年度：着工: what is to be done in a year is due at its end.
fn due_in(criterion: Criterion, year: i32) -> Criterion {
    match criterion {
        Criterion::Milestone { action, due, subject } => {
            Criterion::Milestone { action, due: due.or_else(|| Time::FiscalYear(year).last_day(None)), subject }
        }
        other => other,
    }
}

/// The same years, each with its criterion.
pub(super) fn scheduled(years: &[i32], criteria: Vec<Criterion>) -> Criterion {
    let steps = years.iter().zip(criteria).map(|(year, criterion)| Step { fiscal_year: *year, criterion }).collect();
    Criterion::Schedule { steps }
}

/// The name of what a figure counts.
fn subject(criterion: &Criterion) -> Option<&str> {
    match criterion {
        Criterion::Threshold { subject, .. } | Criterion::Range { subject, .. } => subject.as_deref(),
        _ => None,
    }
}

/// The figures of a schedule with the name that stands in front of its years.
fn named(criterion: Criterion, name: &str) -> Criterion {
    let Criterion::Schedule { mut steps } = criterion else { return criterion };
    for step in &mut steps {
        if let Criterion::Threshold { subject, .. } | Criterion::Range { subject, .. } = &mut step.criterion {
            subject.get_or_insert_with(|| name.to_owned());
        }
    }
    Criterion::Schedule { steps }
}
