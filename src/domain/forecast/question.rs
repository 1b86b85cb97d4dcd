//! What a forecast is made from.

use super::answer::Until;
use super::filled::Filled;
use super::share::usual_share;

/// How the year's result is made, as far as it matters to what may still come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The year's periods are added.
    Sum,
    /// The mean of the year's periods.
    Mean,
    /// Numerators over denominators, both added.
    Ratio,
    /// The last value: a stock, or a survey that is repeated.
    Level,
    /// The most of the year's values.
    Maximum,
    /// The least of the year's values.
    Minimum,
}

/// Everything that a forecast may look at. All figures are in one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// How the year's result is made.
    pub kind: Kind,
    /// Whether the figures are percentages (0 to 100).
    pub percentage: bool,
    /// Up to when the figure is that is asked for.
    pub until: Until,
    /// How much of the time up to then the figure so far covers: 0 to 1.
    pub elapsed: f64,
    /// The figure so far: the sum, with what is assumed for its gaps, the mean, the percentage or the level. `None` is no figure, never zero.
    pub so_far: Option<f64>,
    /// The gaps of a sum, and what is reported of it.
    pub filled: Option<Filled>,
    /// Of a ratio, the denominators so far.
    pub counted: Option<f64>,
    /// By how much the figure so far may be off because it is rounded.
    pub rounding: f64,
    /// How large one counted thing is in the unit (1 for 件, 0.001 for 千人); `None` for what is measured or is money.
    pub one: Option<f64>,
    /// Whether the figure can only grow: a sum without anything negative.
    pub only_grows: bool,
    /// The share of a year that is usually reached by now, where somebody says so.
    pub usual_share: Option<f64>,
    /// The department's own estimate of the year's result, not older than the figure so far.
    pub estimate: Option<Estimate>,
    /// Earlier years, in their order, without this one.
    pub past: Vec<PastYear>,
    /// Whether a figure of theirs is taken between two known points.
    pub between: bool,
}

/// What the department expects the year's result to be (見込額).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The expected result.
    pub value: f64,
    /// How much of the year's time was over on its day: 0 to 1.
    pub elapsed: f64,
    /// By how much it may be off because it is rounded.
    pub rounding: f64,
}

/// What is known of an earlier year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PastYear {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Its result.
    pub result: f64,
    /// Its figure at the same point of the year.
    pub so_far: Option<f64>,
    /// Of a ratio, the denominators up to that point and of the whole year.
    pub counted: Option<(f64, f64)>,
}

impl Question {
    /// A question of which nothing is known.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            percentage: false,
            until: Until::YearEnd,
            elapsed: 0.0,
            so_far: None,
            filled: None,
            counted: None,
            rounding: 0.0,
            one: None,
            only_grows: kind == Kind::Sum,
            usual_share: None,
            estimate: None,
            past: Vec::new(),
            between: false,
        }
    }

    /// The share of the year that is over, within the year.
    pub(super) fn elapsed(&self) -> f64 {
        if self.elapsed.is_finite() { self.elapsed.clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The figure so far as it is reported, without anything that is assumed.
    pub fn reported(&self) -> Option<f64> {
        self.filled.as_ref().map_or(self.so_far, |filled| Some(filled.reported))
    }

    /// The size of one counted thing, where things are counted.
    pub(super) fn one(&self) -> Option<f64> {
        self.one.filter(|one| one.is_finite() && *one > 0.0)
    }

    /// The share of a year that is usually reached by now, as the forecast takes it, and the earlier years that it is made from, the latest
    /// first. Without any, it is the share of the year's time that is over.
    pub fn share_by_now(&self) -> (f64, Vec<i32>) {
        let usual = usual_share(self.elapsed(), &self.past, self.one(), self.usual_share);
        (usual.share, usual.years.iter().map(|year| year.fiscal_year).collect())
    }

    /// Whether a share of an earlier year is known.
    pub(super) fn knows_the_course(&self) -> bool {
        self.usual_share.is_some() || self.past.iter().any(|year| year.so_far.is_some())
    }
}

/// How large one counted thing is in a unit: 1 for 件 and 人, 0.001 for 千人. `None` for money and what is measured. A unit that is not known is taken for
/// one that counts, if every figure is a whole number.
///
/// ```
/// use mikomi::domain::forecast::one_of;
/// assert_eq!(one_of(Some("件"), [12.0]), Some(1.0));
/// assert_eq!(one_of(Some("千人"), [12.5]), Some(0.001));
/// assert_eq!(one_of(Some("千円"), [12.0]), None);
/// assert_eq!(one_of(None, [12.5]), None);
/// ```
pub fn one_of(unit: Option<&str>, figures: impl IntoIterator<Item = f64>) -> Option<f64> {
    /// What is measured or paid, and comes in parts as small as one likes.
    const AMOUNTS: &[&str] = &[
        "円",
        "ドル",
        "ユーロ",
        "yen",
        "jpy",
        "usd",
        "aud",
        "eur",
        "gbp",
        "dollars",
        "%",
        "％",
        "パーセント",
        "ポイント",
        "時間",
        "分",
        "秒",
        "hours",
        "minutes",
        "kg",
        "g",
        "t",
        "トン",
        "tonnes",
        "tons",
        "キログラム",
        "グラム",
        "km",
        "m",
        "cm",
        "mm",
        "キロメートル",
        "メートル",
        "㎡",
        "m2",
        "m²",
        "km2",
        "㎢",
        "ha",
        "ヘクタール",
        "平方メートル",
        "m3",
        "㎥",
        "l",
        "リットル",
        "kl",
        "kwh",
        "mwh",
        "gj",
        "℃",
        "度",
        "点",
    ];
    const SCALES: &[(&str, f64)] =
        &[("百万", 1e-6), ("千", 1e-3), ("万", 1e-4), ("億", 1e-8), ("thousand ", 1e-3), ("million ", 1e-6)];
    let unit = unit.map(|unit| unit.trim().to_lowercase()).unwrap_or_default();
    let scaled = SCALES.iter().find_map(|(word, one)| Some((unit.strip_prefix(word)?, *one)));
    let (plain, one) = scaled.unwrap_or((unit.as_str(), 1.0));
    let whole = |figure: f64| ((figure / one).round() - figure / one).abs() < 1e-6;
    (!AMOUNTS.contains(&plain.trim()) && figures.into_iter().all(whole)).then_some(one)
}
