//! What is answered about a text.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::print;
use crate::domain::criterion::Comparator;
use crate::domain::{Bilingual, Criterion, Decimal, Measure, Polarity};

/// What is known of a target beside its text. All of it may be missing; what is missing is asked for rather than guessed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The unit in which the indicator counts; `None` or empty when it has none.
    pub unit: Option<&'a str>,
    /// Which direction of the indicator is good.
    pub polarity: Option<Polarity>,
    /// The fiscal year that the target is for: it dates 年度末 and 9月末.
    pub fiscal_year: Option<i32>,
    /// How the year's result is made.
    pub measure: Option<Measure>,
    /// How many there are, for "all of them".
    pub universe: Option<Decimal>,
}

/// Something to say about a text: what was assumed, converted, or not understood, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
    /// The first character of the text that it is about, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<u32>,
    /// The character behind the last one that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<u32>,
}

/// One way in which a text can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PossibleReading {
    /// What it then asks for.
    pub criterion: Criterion,
    /// The criterion in words that can mean nothing else.
    pub canonical: Bilingual,
}

/// What was understood of a text.
///
/// The criterion is what the text itself says: where it states no comparator, neither does the criterion. Where the text can mean
/// two things, `readings` has both, likelier first, and a person has to choose; otherwise it has the criterion alone, or nothing
/// when the text holds none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Parsed {
    /// The likeliest criterion; `qualitative` or `none` where the text holds no figure.
    pub criterion: Criterion,
    /// Every way to read the text, likelier first; one when it is certain.
    pub readings: Vec<PossibleReading>,
    /// Whether a person has to look at it.
    pub needs_review: bool,
    /// What was assumed, converted or not understood.
    pub notes: Vec<Note>,
    /// The criterion in words that can mean nothing else.
    pub canonical: Bilingual,
}

impl Parsed {
    /// The answer for a criterion that a person gave: it stands.
    pub fn given(criterion: Criterion) -> Self {
        Self::new(criterion, None, false, Vec::new())
    }

    /// The same answer with the criterion that was stored when the text was read, should the reading have changed since.
    #[must_use]
    pub fn as_stored(mut self, criterion: Option<&Criterion>, needs_review: bool) -> Self {
        if let Some(stored) = criterion.filter(|stored| **stored != self.criterion) {
            self.canonical = print::canonical(stored);
            self.criterion = stored.clone();
        }
        self.needs_review = needs_review;
        self
    }

    /// The answer with its words. `pair` are the two readings where there are two.
    pub(super) fn new(
        criterion: Criterion,
        pair: Option<(Criterion, Criterion)>,
        needs_review: bool,
        notes: Vec<Note>,
    ) -> Self {
        let canonical = print::canonical(&criterion);
        let reading = |reading: Criterion| {
            let same = reading == criterion;
            let canonical = if same { canonical.clone() } else { print::canonical(&reading) };
            PossibleReading { criterion: reading, canonical }
        };
        let readings = match pair {
            Some((likelier, other)) => vec![reading(likelier), reading(other)],
            None => vec![PossibleReading { criterion: criterion.clone(), canonical: canonical.clone() }],
        };
        Self { criterion, readings, needs_review, notes, canonical }
    }
}

/// The answer for a text that says that there is no target. `None` beside what is counted may mean as well that there shall be none of it.
pub(super) fn no_target(text: &str, context: &Context<'_>) -> Parsed {
    let counted = context.unit.map(str::trim).filter(|unit| !matches!(*unit, "" | "%" | "％"));
    let unit = match counted {
        Some(unit)
            if text.trim().eq_ignore_ascii_case("none") && context.polarity != Some(Polarity::HigherIsBetter) =>
        {
            unit
        }
        _ => return Parsed::new(Criterion::None {}, None, false, Vec::new()),
    };
    let zero = Criterion::constant(Some(Comparator::Eq), Decimal::ZERO, Some(unit));
    let note = Note::new(
        "目標がないことか、0とする目標かを確かめてください。",
        "The text may say that there is no target, or that there shall be none of them.",
    );
    Parsed::new(Criterion::None {}, Some((Criterion::None {}, zero)), true, vec![note])
}

impl Note {
    /// A note about the whole text.
    pub(super) fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into(), start: None, end: None }
    }

    /// The same note with its places in the whole text, by where each character that was read stands there.
    pub(super) fn placed(mut self, place: impl Fn(usize) -> usize) -> Self {
        let find = |position: u32| u32::try_from(place(position as usize)).unwrap_or(u32::MAX);
        self.start = self.start.map(find);
        self.end = self.end.map(|end| end.checked_sub(1).map_or(end, |last| find(last).saturating_add(1)));
        self
    }

    /// The same note, about some of its characters.
    pub(super) fn at(mut self, start: usize, end: usize) -> Self {
        self.start = u32::try_from(start).ok();
        self.end = u32::try_from(end).ok();
        self
    }
}
