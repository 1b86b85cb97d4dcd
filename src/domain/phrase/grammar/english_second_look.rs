//! The last look at English: words and turns that no rule reads, but that change what a target says.

use super::super::lex::{Kind, Time, Word, is_month};
use super::amount::{is_english_time, is_participle};
use super::cursor::Parser;
use super::english_joined::is_verb;
use super::english_words::{Said, first_row, rows};
use super::misplaced::holds;
use super::second_look::{Place, averages, changes, refers};
use crate::domain::Criterion;
use crate::domain::criterion::{Change, CriterionPeriod, Operand, Reference};

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

/// What says vaguely when in the year or the month behind it something is due, or before or after which.
const VAGUE: [&str; 14] = [
    "start of",
    "beginning of",
    "early in",
    "halfway through",
    "half of",
    "week of",
    "middle of",
    "mid",
    "early",
    "late",
    "before",
    "after",
    "since",
    "around",
];

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

/// Bounds on how far from another bound a figure may be: they turn it twice.
const BOUNDED_TWICE: [&str; 6] =
    ["no worse than", "not worse than", "no lower than", "not lower than", "no higher than", "not higher than"];

impl Parser<'_> {
    /// The words of an English text that may change what was read.
    pub(super) fn english_doubt(&mut self, criterion: &Criterion) -> Option<Place> {
        let words = self.words();
        let first = words.first().map_or("", |said| said.word.as_str());
        let figure = !matches!(criterion, Criterion::Milestone { .. });
        let listed = matches!(criterion, Criterion::All { .. } | Criterion::Any { .. } | Criterion::Schedule { .. });
        let any = |of: &[&str]| first_row(&words, of);
        let whole = self.whole();
        let opening = words.first().map(|said| (said.at, said.end()));
        let roughly = || rows(&words, "c").map(|(place, _)| place).find(|place| self.source.at(place.1) == '.');
        (if figure && TURNING.contains(&first) { opening } else { None })
            .or_else(|| if figure { roughly() } else { None })
            .or_else(|| self.bracket_of(&BRACKETS, 20))
            .or_else(|| any(&TELLING))
            .or_else(|| vaguely_when(&words))
            .or_else(|| ranked(&words))
            .or_else(|| self.year_of_two_digits(&words))
            .or_else(|| if listed { any(&OF_ONE) } else { None })
            .or_else(|| if first == "red" && self.kind(1) == Kind::Colon { Some(whole) } else { None })
            .or_else(|| any(&["better than"]).filter(|place| place.0 == 0 && holds(criterion, &is_out_of)))
            .or_else(|| joined_in_a_name(criterion).and_then(|word| any(&[word.trim()])))
            .or_else(|| {
                let last = words.last().filter(|_| matches!(criterion, Criterion::Each { .. }))?;
                is_participle(&last.word).then(|| (last.at, last.end()))
            })
            .or_else(|| self.bounds_a_year(criterion))
            .or_else(|| self.part_of_a_year(criterion))
            .or_else(|| self.lost_quarter(criterion))
            .or_else(|| self.done_to_those(first))
            .or_else(|| self.dated_by_participle(criterion, first, &words))
            .or_else(|| any(&BOUNDED_TWICE).filter(|_| holds(criterion, &changes)))
            .or_else(|| self.counts_another(criterion))
            .or_else(|| if listed { self.says_more(criterion, &words) } else { None })
            .or_else(|| any(&["within"]).filter(|_| within_a_time_of_each(criterion)))
            .or_else(|| if first == "every" && within_a_time_of_each(criterion) { Some(whole) } else { None })
            .or_else(|| any(&["over a"]).filter(|_| holds(criterion, &averages)))
            .or_else(|| self.greatest_change(&words))
            .or_else(|| manifold(&words, criterion))
            .or_else(|| any(&["annual", "quarterly", "monthly", "annually"]).filter(|_| holds(criterion, &refers)))
            .or_else(|| any(&["up to"]).filter(|_| holds(criterion, &changes)))
            .or_else(|| if holds(criterion, &is_no_name) { Some(whole) } else { None })
            .or_else(|| if monthly_share(criterion) { Some(whole) } else { None })
            .or_else(|| self.slipped(criterion))
            .or_else(|| self.half_said(criterion, &words))
    }

    /// `Fewer than 2024/25 by March 2027`, `Below 2019 emissions`, `95% of 2019/20`: a year that is not what the figure is compared with.
    fn bounds_a_year(&mut self, criterion: &Criterion) -> Option<Place> {
        let compared = |year: i32| {
            holds(criterion, &|leaf| {
                matches!(leaf,
                Criterion::Threshold { operand: Operand::Reference(Reference::FiscalYear { fiscal_year, .. }), .. } if *fiscal_year == year)
            })
        };
        let mut at = 1;
        while at < self.tokens.len() {
            let front = self.kind(at - 1);
            let bound = matches!(front, Kind::Word(Word::Least(_) | Word::Above | Word::Below | Word::Compare(_)))
                && self.source.at(self.starts(at - 1)).is_ascii();
            let share = self.written(at - 1) == "of" && at > 1 && matches!(self.kind(at - 2), Kind::Unit(Some("%")));
            match self.kind(at) {
                Kind::Time(Time::FiscalYear(year) | Time::Year(year)) if (bound || share) && !compared(year) => {
                    return Some(self.place(at - 1, at + 1));
                }
                Kind::Number { value, .. }
                    if bound
                        && (1990..=2100).any(|year| value == year.into())
                        && self.written(at).len() == 4
                        && matches!(self.kind(at + 1), Kind::Text | Kind::Unit(_)) =>
                {
                    return Some(self.place(at - 1, at + 2));
                }
                _ => {}
            }
            // What a bracket compares has been looked at.
            at = self.close_of(at).unwrap_or(at) + 1;
        }
        None
    }

    /// `5% fewer than Q4 2023/24`, `than in March 2025`: compared with a part of a year, where the reference is a whole one.
    fn part_of_a_year(&mut self, criterion: &Criterion) -> Option<Place> {
        let compared = |leaf: &Criterion| {
            matches!(leaf, Criterion::Threshold { operand: Operand::Reference(Reference::FiscalYear { .. }), .. })
        };
        if !holds(criterion, &compared) {
            return None;
        }
        (1..self.tokens.len()).find_map(|at| {
            let month = matches!(self.kind(at), Kind::Time(Time::Day(_) | Time::DayOfYear(..)))
                && self.source.at(self.starts(at)).is_ascii_alphabetic();
            let quarter = self.source.at(self.starts(at)) == 'q' && matches!(self.kind(at), Kind::Time(_));
            let front = if self.written(at - 1) == "in" && at > 1 { at - 2 } else { at - 1 };
            let than = matches!(self.kind(front), Kind::Word(Word::Than | Word::Least(_) | Word::Below | Word::Above));
            ((month || quarter) && than).then(|| self.place(at, at + 1))
        })
    }

    /// `At least 500 homes in Q4`, of a year that is not known: the deadline is lost.
    fn lost_quarter(&mut self, criterion: &Criterion) -> Option<Place> {
        let at = self.tokens.iter().position(|token| matches!(token.kind, Kind::Time(Time::Quarter(..))))?;
        let dated = |leaf: &Criterion| match leaf {
            Criterion::Threshold { deadline, .. }
            | Criterion::Range { deadline, .. }
            | Criterion::Universe { deadline, .. } => deadline.is_some(),
            Criterion::Milestone { due, .. } => due.is_some(),
            Criterion::Schedule { .. } => true,
            _ => false,
        };
        (!holds(criterion, &dated)).then(|| self.place(at, at + 1))
    }

    /// `All invoices over £500 published`, `Review contracts worth more than £1m`: the bound says of which, and behind or in front of it stands what is done.
    fn done_to_those(&mut self, first: &str) -> Option<Place> {
        let acts = (is_verb(first)
            || super::english_done::DATED_VERBS.contains(&first)
            || matches!(first, "support" | "write"))
            && self.kind(0) == Kind::Text;
        let at = (1..self.tokens.len()).find(|at| {
            let at = *at;
            let bound = match self.kind(at) {
                Kind::Word(Word::Above | Word::Below) => true,
                Kind::Word(Word::Least(_)) => matches!(
                    self.written(at).to_ascii_lowercase().as_str(),
                    "over" | "under" | "more than" | "fewer than" | "less than"
                ),
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
            done || acts
        })?;
        Some(self.place(at, at + 2))
    }

    /// `Review the strategy approved in 2023`: the date is that of what was done before.
    fn dated_by_participle(&mut self, criterion: &Criterion, first: &str, words: &[Said]) -> Option<Place> {
        let dated = holds(criterion, &|leaf| matches!(leaf, Criterion::Milestone { due: Some(_), .. }));
        let article = words.get(1).is_some_and(|said| matches!(said.word.as_str(), "the" | "a" | "an" | "our"));
        if !dated || !(is_verb(first) || article && first != "by") {
            return None;
        }
        words.windows(3).skip(1).find_map(|row| match row {
            [done, link, next] => {
                let told = matches!(link.word.as_str(), "in" | "since" | "on")
                    && (is_participle(&done.word)
                        || matches!(done.word.as_str(), "begun" | "gained" | "opened" | "closed"))
                    && (next.word.contains(|c: char| c.is_ascii_digit()) || is_month(&next.word));
                told.then(|| (done.at, next.end()))
            }
            _ => None,
        })
    }

    /// `20 or more wards with turnout above 60%`: the first figure is the target's, and not only the one behind.
    fn counts_another(&mut self, criterion: &Criterion) -> Option<Place> {
        let Kind::Number { value, .. } = self.kind(0) else { return None };
        let unit = usize::from(matches!(self.kind(1), Kind::Unit(_)));
        let bounded = matches!(self.kind(1 + unit), Kind::Word(Word::Compare(_)));
        let more = (2..self.tokens.len()).any(|at| matches!(self.kind(at), Kind::Number { .. }));
        let kept = matches!(criterion, Criterion::Threshold { operand: Operand::Constant { value: own }, .. } if *own == value)
            || matches!(
                criterion,
                Criterion::Threshold { operand: Operand::Reference(_), .. } | Criterion::Range { .. }
            );
        if !bounded || !more || kept {
            return None;
        }
        let with = |at: &usize| self.written(*at).split(' ').any(|word| matches!(word, "with" | "where"));
        (2..self.tokens.len()).find(with).map(|at| self.place(at, at + 1))
    }

    /// What stands side by side and may be read otherwise: `good or outstanding, fewer than 2% inadequate`, `and within 20 miles`,
    /// `answered and fewer than 5% abandoned`.
    fn says_more(&mut self, criterion: &Criterion, words: &[Said]) -> Option<Place> {
        let comma =
            (0..self.tokens.len()).any(|at| self.kind(at) == Kind::Comma && self.kind(at + 1) != Kind::Word(Word::Or));
        let or = if matches!(criterion, Criterion::Any { .. }) && comma { first_row(words, &["or"]) } else { None };
        or.or_else(|| first_row(words, &["and within"])).or_else(|| {
            let last = words.last()?;
            let dropped = (is_participle(&last.word) || last.word.ends_with("ed"))
                && last_name(criterion).is_some_and(|name| !name.to_lowercase().contains(&last.word));
            dropped.then(|| (last.at, last.end()))
        })
    }

    /// `FY26`: the year that ends then, for many, and the one that begins then, for others; not `FY25/26`, `FY2026`.
    fn year_of_two_digits(&self, words: &[Said]) -> Option<Place> {
        let digits = |word: &str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit());
        words.iter().enumerate().find_map(|(at, said)| {
            let year = match said.word.strip_prefix("fy")? {
                "" => words.get(at + 1).filter(|next| digits(&next.word))?,
                year if digits(year) => said,
                _ => return None,
            };
            let spans = matches!(self.source.at(year.end()), '/' | '-');
            (!spans).then(|| (said.at, year.end()))
        })
    }

    /// `Maximum increase of 5%`: the greatest change that may be, and no change by a maximum.
    fn greatest_change(&mut self, words: &[Said]) -> Option<Place> {
        const MOVES: [&str; 10] =
            ["increase", "rise", "growth", "reduction", "decrease", "drop", "fall", "change", "uplift", "decline"];
        let at = words.iter().take(2).position(|said| matches!(said.word.as_str(), "maximum" | "max" | "minimum"))?;
        let figure = |said: &Said| said.word.starts_with(|c: char| c.is_ascii_digit());
        let moved = words.iter().skip(at + 1).take(5).take_while(|said| !figure(said));
        let moved = moved.into_iter().find(|said| MOVES.contains(&said.word.as_str()))?;
        Some((words.get(at)?.at, moved.end()))
    }
}

/// `by mid October 2025`, `before April 2026`, `by the start of 2027`: not the end of what stands behind it.
fn vaguely_when(words: &[Said]) -> Option<Place> {
    VAGUE.iter().find_map(|said| {
        rows(words, said).find_map(|(place, behind)| {
            let next = |offset: usize| words.get(behind + offset).map_or("", |said| said.word.as_str());
            let day = next(0).starts_with(|c: char| c.is_ascii_digit()) && is_month(next(1));
            (is_year(next(0)) || is_month(next(0)) || is_quarter(next(0)) || day).then_some(place)
        })
    })
}

/// `1st or 2nd`: a rank, and no day of a month.
fn ranked(words: &[Said]) -> Option<Place> {
    words.iter().enumerate().find_map(|(at, said)| {
        let rank = matches!(said.word.as_str(), "1st" | "2nd" | "3rd")
            && !words.get(at + 1).is_some_and(|next| is_month(&next.word));
        rank.then(|| (said.at, said.end()))
    })
}

/// `Increase fivefold`, `by 1.5 times from 2023/24`: a factor that no rule reads.
fn manifold(words: &[Said], criterion: &Criterion) -> Option<Place> {
    let times = |leaf: &Criterion| match leaf {
        Criterion::Threshold { operand: Operand::Reference(reference), unit: Some(unit), .. } => {
            unit == "times" && matches!(reference.change(), Some(Change::Absolute { .. }))
        }
        _ => false,
    };
    let fold = |word: &str| {
        word.strip_suffix("fold").is_some_and(|times| {
            matches!(times, "two" | "three" | "four" | "five" | "six" | "eight" | "ten" | "hundred")
                || !times.is_empty() && times.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let said = words.iter().find(|said| fold(&said.word));
    let said = said.or_else(|| words.iter().find(|said| said.word == "times").filter(|_| holds(criterion, &times)))?;
    Some((said.at, said.end()))
}

/// 2026, 2025/26 (of which the first part), fy27: rather a year than a number of things.
fn is_year(word: &str) -> bool {
    word.len() == 4 && word.starts_with("20") || word.starts_with("fy")
}

fn is_quarter(word: &str) -> bool {
    matches!(word, "q1" | "q2" | "q3" | "q4")
}

fn last_name(criterion: &Criterion) -> Option<&str> {
    match criterion {
        Criterion::All { of } | Criterion::Any { of } => of.last().and_then(last_name),
        Criterion::Threshold { subject, .. } => subject.as_deref(),
        _ => None,
    }
}

/// `Agency spend below 5% of pay bill and under £2m`: what joins another condition to the name of one.
fn joined_in_a_name(criterion: &Criterion) -> Option<&'static str> {
    JOINED.iter().copied().find(|word| {
        holds(
            criterion,
            &|leaf| matches!(leaf, Criterion::Threshold { subject: Some(name), .. } if name.contains(word)),
        )
    })
}

fn is_out_of(leaf: &Criterion) -> bool {
    matches!(leaf, Criterion::Threshold { out_of: Some(_), .. })
}

/// `£12 a head`, `retain all existing 12`: what is counted by is no name, and neither is a verb.
fn is_no_name(leaf: &Criterion) -> bool {
    matches!(leaf, Criterion::Threshold { subject: Some(name), .. } if matches!(name.to_lowercase().as_str(), "head" | "retain" | "keep" | "annual"))
}

/// `All wards within 3 years`, `Every 3 months at least`: a time to do it in, and no figure of each.
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
