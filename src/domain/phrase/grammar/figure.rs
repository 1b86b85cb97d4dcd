//! A condition on one figure while it is being read, before it is known what the indicator says about it.

use chrono::NaiveDate;

use crate::domain::criterion::{Aggregation, Change, Comparator, CriterionPeriod, Quantity, Reference};
use crate::domain::{Criterion, Decimal};

/// A unit as far as the text says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Unit<'a> {
    /// Not at all.
    #[default]
    Unsaid,
    /// By a word of the vocabulary, or by a word that only the text knows.
    Said(&'a str),
}

/// A number with its unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount<'a> {
    pub(super) value: Decimal,
    pub(super) unit: Unit<'a>,
    /// Written with 千, 万, 億 or in another currency mark, so that an amount of money keeps what was written.
    pub(super) scaled: bool,
    pub(super) sign: Sign,
    /// The characters of number and unit.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What stands in front of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    None,
    Plus,
    Minus,
    /// ▲ or △: minus, in the language of accounts.
    Triangle,
}

impl Amount<'_> {
    /// The value with its sign.
    pub(super) fn signed(&self) -> Decimal {
        match self.sign {
            Sign::None | Sign::Plus => self.value,
            Sign::Minus | Sign::Triangle => self.value.negated(),
        }
    }

    pub(super) fn is_money(&self) -> bool {
        matches!(self.unit, Unit::Said("£" | "$" | "€" | "円"))
    }

    pub(super) fn is_percent(&self) -> bool {
        self.unit == Unit::Said("%")
    }
}

/// What a figure is compared with.
#[derive(Debug, Clone)]
pub(super) enum Core<'a> {
    Constant(Amount<'a>),
    Range { min: Amount<'a>, min_inclusive: bool, max: Amount<'a>, max_inclusive: bool },
    Reference(Reference),
    Universe { total: Option<Decimal>, unit: Unit<'a> },
}

/// Why a text can be read in two ways.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Doubt {
    /// ▲300千円以内: the loss is at most so much, or the figure is.
    Sign,
    /// `within 5% of`: on either side of it, or at most so much of it.
    Within,
    /// `5 additional centres`: so many new ones, or so many more than there were.
    More,
    /// A change that the text may mean otherwise.
    Change(Change),
    /// 維持 where no polarity is known, or 改善: the comparator may be the other.
    Direction(Comparator, Comparator),
    /// 改善 or a level whose sign depends on the direction.
    OtherChange(Comparator, Change),
}

/// A condition on one figure.
#[derive(Debug, Clone)]
pub(super) struct Figure<'a> {
    pub(super) core: Core<'a>,
    pub(super) comparator: Option<Comparator>,
    pub(super) keep: bool,
    pub(super) roughly: bool,
    pub(super) about: bool,
    pub(super) no_comparator: bool,
    pub(super) unit: Unit<'a>,
    pub(super) aggregation: Option<Aggregation>,
    pub(super) period: Option<CriterionPeriod>,
    pub(super) per: Option<Quantity>,
    pub(super) out_of: Option<Amount<'a>>,
    pub(super) deadline: Option<NaiveDate>,
    pub(super) subject: Option<String>,
    pub(super) stated: Option<Amount<'a>>,
    pub(super) display: Option<&'a str>,
    pub(super) rounded: bool,
    pub(super) doubt: Option<Doubt>,
    /// The text says what its change is counted from.
    pub(super) based: bool,
    /// Conditions that brackets add, and how.
    pub(super) more: Vec<(Joint, Draft)>,
    /// The result that the text states for a relation (10%減の4件以下).
    pub(super) result: Option<(Amount<'a>, Option<Comparator>)>,
    /// The text says so of every part (`in every item`).
    pub(super) each: bool,
}

impl Figure<'_> {
    pub(super) fn empty() -> Self {
        Self {
            core: Core::Universe { total: None, unit: Unit::Unsaid },
            comparator: None,
            keep: false,
            roughly: false,
            about: false,
            no_comparator: false,
            unit: Unit::Unsaid,
            aggregation: None,
            period: None,
            per: None,
            out_of: None,
            deadline: None,
            subject: None,
            stated: None,
            display: None,
            rounded: false,
            doubt: None,
            based: false,
            more: Vec::new(),
            result: None,
            each: false,
        }
    }
}

/// How two conditions are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// かつ.
    And,
    /// 又は.
    Or,
    /// A comma.
    Comma,
    /// The end of a sentence or a line.
    Stop,
    /// The mark of an item.
    Item,
    /// →, between years.
    Arrow,
}

/// A criterion that was read, and the two things that it may mean where there are two.
#[derive(Debug, Clone)]
pub(in crate::domain::phrase) struct Draft {
    pub(in crate::domain::phrase) main: Criterion,
    pub(in crate::domain::phrase) pair: Option<Box<(Criterion, Criterion)>>,
}

impl Draft {
    pub(super) fn sure(main: Criterion) -> Self {
        Self { main, pair: None }
    }

    pub(super) fn doubtful(main: Criterion, likelier: Criterion, other: Criterion) -> Self {
        Self { main, pair: Some(Box::new((likelier, other))) }
    }

    /// The criterion that `wrap` makes of this one, in every reading.
    pub(in crate::domain::phrase) fn map(self, wrap: impl Fn(Criterion) -> Criterion) -> Self {
        let pair = self.pair.map(|pair| Box::new((wrap(pair.0), wrap(pair.1))));
        Self { main: wrap(self.main), pair }
    }

    /// The criterion that `join` makes of several, in every reading: doubts are settled alike.
    pub(super) fn join(parts: Vec<Self>, join: impl Fn(Vec<Criterion>) -> Criterion) -> Self {
        let pair = parts.iter().any(|part| part.pair.is_some()).then(|| {
            let first = parts.iter().map(|part| part.pair.as_ref().map_or(&part.main, |pair| &pair.0).clone());
            let second = parts.iter().map(|part| part.pair.as_ref().map_or(&part.main, |pair| &pair.1).clone());
            Box::new((join(first.collect()), join(second.collect())))
        });
        Self { main: join(parts.into_iter().map(|part| part.main).collect()), pair }
    }
}
