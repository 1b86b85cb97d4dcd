//! What a probability says, in one word.

use super::answer::{Forecast, Method};
use crate::domain::Verdict;
use crate::domain::words::words;

words! {
    /// How sure a verdict is.
    Confidence {
        /// It will come so in four of five cases or more.
        Likely = "likely",
        /// Rather so than otherwise.
        Leaning = "leaning",
        /// No better than a coin: between 40 and 60 %.
        Uncertain = "uncertain",
    }
}

impl Confidence {
    /// How sure a probability of meeting the target is (`DESIGN.md`, section 5): `likely` from 0.80 and below 0.20, `uncertain` from 0.40 to
    /// 0.60.
    pub fn of(probability: f64) -> Self {
        match probability {
            p if !(0.20..0.80).contains(&p) => Self::Likely,
            p if (0.40..=0.60).contains(&p) => Self::Uncertain,
            _ => Self::Leaning,
        }
    }
}

/// `achieve` from 0.5, else `miss`. A stock before three quarters of its year gives no verdict unless the probability is outside of 0.2 to 0.8:
/// there the method is hardly better than a coin.
pub fn verdict(forecast: &Forecast, probability: f64) -> Verdict {
    let early = forecast.method == Method::Pace && forecast.working.elapsed < 0.75 - 1e-9;
    match probability {
        p if early && (0.20..=0.80).contains(&p) => Verdict::Undetermined,
        p if p >= 0.5 => Verdict::Achieve,
        _ => Verdict::Miss,
    }
}
