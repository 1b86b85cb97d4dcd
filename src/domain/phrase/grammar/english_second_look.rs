//! The last look at an English reading that would be certain: words and turns that no rule reads, but that change what a target says. A person is asked.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word, is_month};
use super::amount::{is_english_time, is_participle};
use super::cursor::Parser;
use super::english_joined::is_verb;
use super::figure::Draft;
use super::misplaced::holds;
use crate::domain::Criterion;
use crate::domain::criterion::{CriterionPeriod, Operand, Reference};

/// Verbs and adverbs that turn the figure behind them: `Prevent at least 200 evictions` is no ceiling, `Rarely more than 20` no floor.
const TURNING: [&str; 10] =
    ["prevent", "avoid", "rarely", "seldom", "hardly", "eliminate", "tackle", "ban", "prevented", "avoided"];

/// What may stand in a bracket that bounds, scales or withdraws the figure in front of it.
const BRACKETS: [&str; 26] = [
    "ceiling",
    "max",
    "maximum",
    "cap",
    "limit",
    "minimum",
    "min",
    "floor",
    "withdrawn",
    "cancelled",
    "suspended",
    "discontinued",
    "old target",
    "tbc",
    "tbd",
    "monitoring only",
    "deleted",
    "superseded",
    "million",
    "millions",
    "m",
    "£m",
    "$m",
    "k",
    "in thousands",
    "in millions",
];

/// What sets off an alarm, counts in words or ranks.
const TELLING: [&str; 6] = ["trigger", "alert level", "old target", "previous target", "dozen", "among the"];

/// What says vaguely when in the year behind it something is due.
const VAGUE: [&str; 5] = ["start of", "beginning of", "early in", "halfway through", "half of"];

/// What says of one of several figures that it is that of today, only striven for, or somebody else's.
const OF_ONE: [&str; 9] = [
    "currently",
    "to date",
    "achieved in",
    "having been",
    "now",
    "ideally",
    "preferably",
    "stretch",
    "national target",
];

/// What joins to a name a condition that was not read.
const JOINED: [&str; 7] =
    [" but ", " plus ", " subject to ", " at an average", " and under ", " and below ", " and within "];

impl Parser<'_> {
    /// Asks where a word or a turn of an English text may change what was read.
    pub(super) fn english_second_look(&mut self, draft: &Draft) {
        if !self.source.latin() || matches!(draft.main, Criterion::None {} | Criterion::Qualitative {}) {
            return;
        }
        self.end = self.tokens.len();
        let text = self.source.written(0, self.source.len()).to_lowercase();
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).collect();
        let figure = !matches!(draft.main, Criterion::Milestone { .. });
        let first = words.first().copied().unwrap_or("");
        let listed = matches!(draft.main, Criterion::All { .. } | Criterion::Any { .. } | Criterion::Schedule { .. });
        let doubtful = figure && (TURNING.contains(&first) || text.starts_with("c. ") || text.contains(" c. "))
            || self.brackets_one_of(&BRACKETS)
            || TELLING.iter().any(|said| places(&words, said).next().is_some())
            || VAGUE
                .iter()
                .any(|said| places(&words, said).any(|behind| words.get(behind).is_some_and(|next| is_year(next))))
            || places_of_rank(&words)
            || listed && OF_ONE.iter().any(|said| places(&words, said).next().is_some())
            || text.starts_with("red:")
            || text.starts_with("better than")
                && holds(&draft.main, &|leaf| matches!(leaf, Criterion::Threshold { out_of: Some(_), .. }))
            || holds(&draft.main, &joins_more)
            || matches!(draft.main, Criterion::Each { .. }) && words.last().is_some_and(|word| is_participle(word))
            || self.bounds_a_year(&draft.main)
            || self.quarter_is_lost(&draft.main)
            || self.done_to_those(first)
            || self.dated_by_participle(&draft.main, first, &words)
            || self.bound_turned(&draft.main, &text)
            || self.counts_another(&draft.main)
            || listed && self.says_more(&draft.main, &text, &words)
            || text.contains("within") && within_a_time_of_each(&draft.main)
            || monthly_share(&draft.main);
        if doubtful {
            self.ask(
                Note::new(
                    "読み方を変えるかもしれない語が含まれています。",
                    "The text holds a word that may change how it is to be read.",
                )
                .at(0, self.source.len()),
            );
        }
    }

    /// Whether a bracket holds one of some words and no more.
    fn brackets_one_of(&mut self, words: &[&str]) -> bool {
        (0..self.tokens.len()).any(|open| {
            self.close_of(open).filter(|close| self.starts(*close) - self.starts(open) <= 20).is_some_and(|close| {
                let inner = self.span(open + 1, close).trim().to_lowercase();
                words.contains(&inner.as_str())
            })
        })
    }

    /// `Fewer than 2024/25 by March 2027`: a bound directly in front of a year, which is not what the figure is compared with.
    fn bounds_a_year(&mut self, criterion: &Criterion) -> bool {
        let (mut at, mut year) = (1, None);
        while at < self.tokens.len() && year.is_none() {
            let bound =
                matches!(self.kind(at - 1), Kind::Word(Word::Least(_) | Word::Above | Word::Below | Word::Compare(_)))
                    && self.source.at(self.starts(at - 1)).is_ascii();
            year = match self.kind(at) {
                Kind::Time(Time::FiscalYear(year) | Time::Year(year)) if bound => Some(year),
                _ => None,
            };
            // What a bracket compares has been looked at.
            at = self.close_of(at).unwrap_or(at) + 1;
        }
        let compared = |year: i32| {
            holds(criterion, &|leaf| match leaf {
                Criterion::Threshold {
                    operand: Operand::Reference(Reference::FiscalYear { fiscal_year, .. }), ..
                } => *fiscal_year == year,
                _ => false,
            })
        };
        year.is_some_and(|year| !compared(year))
    }

    /// `At least 500 homes in Q4`, of a year that is not known: the deadline is lost.
    fn quarter_is_lost(&mut self, criterion: &Criterion) -> bool {
        self.tokens.iter().any(|token| matches!(token.kind, Kind::Time(Time::Quarter(..))))
            && !holds(criterion, &|leaf| match leaf {
                Criterion::Threshold { deadline, .. }
                | Criterion::Range { deadline, .. }
                | Criterion::Universe { deadline, .. } => deadline.is_some(),
                Criterion::Milestone { due, .. } => due.is_some(),
                Criterion::Schedule { .. } => true,
                _ => false,
            })
    }

    /// `All invoices over £500 published`, `Review contracts worth more than £1m`: the bound says of which, and behind or in front of it stands what is done.
    fn done_to_those(&mut self, first: &str) -> bool {
        (1..self.tokens.len()).any(|at| {
            let bound = match self.kind(at) {
                Kind::Word(Word::Above | Word::Below) => true,
                Kind::Word(Word::Least(_)) => {
                    matches!(
                        self.written(at).to_ascii_lowercase().as_str(),
                        "over" | "under" | "more than" | "fewer than" | "less than"
                    )
                }
                _ => false,
            };
            if !bound
                || !matches!(self.kind(at + 1), Kind::Number { .. })
                || !matches!(self.kind(at - 1), Kind::Text | Kind::Unit(_))
            {
                return false;
            }
            let behind = at + 2 + usize::from(matches!(self.kind(at + 2), Kind::Unit(_)));
            let done = (behind..behind + 3).any(|at| {
                self.kind(at) == Kind::Text
                    && self.written(at).split(' ').any(|word| is_participle(word) || word == "have")
            });
            let act = (is_verb(first)
                || super::english_done::DATED_VERBS.contains(&first)
                || matches!(first, "support" | "write"))
                && self.kind(0) == Kind::Text;
            done || act
        })
    }

    /// `Review the strategy approved in 2023`: the date is that of what was done before.
    fn dated_by_participle(&mut self, criterion: &Criterion, first: &str, words: &[&str]) -> bool {
        let dated = holds(criterion, &|leaf| matches!(leaf, Criterion::Milestone { due: Some(_), .. }));
        let article = words.get(1).is_some_and(|word| matches!(*word, "the" | "a" | "an" | "our"));
        dated
            && (is_verb(first) || article && first != "by")
            && words.windows(2).enumerate().any(|(at, pair)| match pair {
                [done, link] => {
                    at > 0
                        && matches!(*link, "in" | "since" | "on")
                        && (is_participle(done) || matches!(*done, "begun" | "gained" | "opened" | "closed"))
                        && words
                            .get(at + 2)
                            .is_some_and(|next| next.contains(|c: char| c.is_ascii_digit()) || is_month(next))
                }
                _ => false,
            })
    }

    /// `No worse than 5% below last year`: which way the change counts is turned twice.
    fn bound_turned(&mut self, criterion: &Criterion, text: &str) -> bool {
        let turned =
            ["no worse than", "not worse than", "no lower than", "not lower than", "no higher than", "not higher than"]
                .iter()
                .any(|word| text.contains(word));
        turned
            && holds(
                criterion,
                &|leaf| matches!(leaf, Criterion::Threshold { operand: Operand::Reference(reference), .. } if reference.change().is_some()),
            )
    }

    /// `20 or more wards with turnout above 60%`: the first figure is the target's, and not only the one behind.
    fn counts_another(&mut self, criterion: &Criterion) -> bool {
        let Kind::Number { value, .. } = self.kind(0) else { return false };
        let unit = usize::from(matches!(self.kind(1), Kind::Unit(_)));
        let bounded = matches!(self.kind(1 + unit), Kind::Word(Word::Compare(_)));
        let more = (2..self.tokens.len()).any(|at| matches!(self.kind(at), Kind::Number { .. }));
        let kept = matches!(criterion, Criterion::Threshold { operand: Operand::Constant { value: own }, .. } if *own == value)
            || matches!(
                criterion,
                Criterion::Threshold { operand: Operand::Reference(_), .. } | Criterion::Range { .. }
            );
        bounded
            && more
            && !kept
            && (2..self.tokens.len()).any(|at| self.written(at).split(' ').any(|word| matches!(word, "with" | "where")))
    }

    /// What stands side by side and may be read otherwise: `good or outstanding, fewer than 2% inadequate`, `and within 20 miles`,
    /// `answered and fewer than 5% abandoned`.
    fn says_more(&mut self, criterion: &Criterion, text: &str, words: &[&str]) -> bool {
        let comma =
            (0..self.tokens.len()).any(|at| self.kind(at) == Kind::Comma && self.kind(at + 1) != Kind::Word(Word::Or));
        let last = words.last().copied().unwrap_or("");
        let dropped = (is_participle(last) || last.ends_with("ed"))
            && last_name(criterion).is_some_and(|name| !name.to_lowercase().contains(last));
        matches!(criterion, Criterion::Any { .. }) && comma && text.contains(" or ")
            || text.contains("and within ")
            || dropped
    }
}

/// Where some words in a row end.
fn places<'w>(words: &'w [&'w str], said: &'w str) -> impl Iterator<Item = usize> + 'w {
    let count = said.split(' ').count();
    (count..=words.len())
        .filter(move |end| words.get(end - count..*end).is_some_and(|row| row.iter().copied().eq(said.split(' '))))
}

/// `1st or 2nd`: a rank, and no day of a month.
fn places_of_rank(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        matches!(*word, "1st" | "2nd" | "3rd") && !words.get(at + 1).is_some_and(|next| is_month(next))
    })
}

/// 2026, 2025/26 (of which the first part), fy27: rather a year than a number of things.
fn is_year(word: &str) -> bool {
    word.len() == 4 && word.starts_with("20") || word.starts_with("fy")
}

fn last_name(criterion: &Criterion) -> Option<&str> {
    match criterion {
        Criterion::All { of } | Criterion::Any { of } => of.last().and_then(last_name),
        Criterion::Threshold { subject, .. } => subject.as_deref(),
        _ => None,
    }
}

/// `Agency spend below 5% of pay bill and under £2m`: whether the name of a condition holds another one.
fn joins_more(leaf: &Criterion) -> bool {
    matches!(leaf, Criterion::Threshold { subject: Some(name), .. } if JOINED.iter().any(|word| name.contains(word)))
}

/// `All wards within 3 years`: a time to do it in, and no figure of each.
fn within_a_time_of_each(criterion: &Criterion) -> bool {
    matches!(criterion, Criterion::Each { of }
        if matches!(&**of, Criterion::Threshold { unit: Some(unit), .. } if is_english_time(unit)))
}

/// `At least 80% of members visiting at least twice a month`: so often is said of whom, not of the share.
fn monthly_share(criterion: &Criterion) -> bool {
    holds(
        criterion,
        &|leaf| matches!(leaf, Criterion::Threshold { unit: Some(unit), period: Some(CriterionPeriod::Month), .. } if unit == "%"),
    )
}
