//! The share of a year that is usually reached by now.

use super::answer::YearSeen;
use super::constants::{SHARE_SPREAD, SMALLEST_SHARE, YEARS};
use super::question::PastYear;

/// A usual share, and what it is made from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct UsualShare {
    pub(super) share: f64,
    pub(super) shrunk_by: Option<f64>,
    pub(super) years: Vec<YearSeen>,
}

/// The mean `μ` of the earlier years' shares, moved toward the share of the year's time that is over where they are few or disagree.
///
/// Of `m` shares `s`: variance `v = (Σ(s−μ)² + 2·(0.1·e·(1−e))²) ÷ (m+1)` at the elapsed share `e`; what chance does to counts, `c = μ(1−μ) ÷` (the sum of the
/// years' totals). The mean is uncertain by `u = v/m + c`, and moves by `u ÷ (u + (μ−e)²)` of its way to `e`.
pub(super) fn usual_share(elapsed: f64, earlier: &[PastYear], one: Option<f64>, stated: Option<f64>) -> UsualShare {
    let within = |share: f64| share.clamp(SMALLEST_SHARE, 1.0);
    if let Some(stated) = stated.filter(|share| share.is_finite() && *share > 0.0) {
        return UsualShare { share: within(stated), shrunk_by: None, years: Vec::new() };
    }
    let years: Vec<YearSeen> = earlier.iter().rev().filter_map(seen).take(YEARS).collect();
    if years.is_empty() {
        return UsualShare { share: within(elapsed), shrunk_by: None, years };
    }
    let number = years.len() as f64;
    let mean = years.iter().map(|year| year.usual).sum::<f64>() / number;
    let prior = (SHARE_SPREAD * elapsed * (1.0 - elapsed)).powi(2);
    let around = years.iter().map(|year| (year.usual - mean).powi(2)).sum::<f64>();
    let variance = (around + 2.0 * prior) / (number + 1.0);
    let total: f64 = years.iter().map(|year| year.result).sum();
    let chance = one.map_or(0.0, |one| mean * (1.0 - mean) / (total / one).max(1.0));
    let uncertain = variance / number + chance;
    let way = mean - elapsed;
    let shrunk_by = if uncertain > 0.0 { uncertain / (uncertain + way * way) } else { 0.0 };
    UsualShare { share: within(mean - shrunk_by * way), shrunk_by: Some(shrunk_by), years }
}

/// The share of one year, where that is defined.
fn seen(year: &PastYear) -> Option<YearSeen> {
    let so_far = year.so_far.filter(|so_far| *so_far >= 0.0 && year.result > 0.0)?;
    Some(YearSeen {
        fiscal_year: year.fiscal_year,
        so_far,
        result: year.result,
        usual: (so_far / year.result).min(1.0),
        known: true,
    })
}
