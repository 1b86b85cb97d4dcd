//! The forecast of a later fiscal year: the yearly trend, from the year that is running.

use super::answer::{Forecast, LaterYear, Method, Working};
use super::chance::{Spread, Turn};
use super::constants::{CHANGE_KEPT, MOST_YEARS_AHEAD};
use super::past_years;
use super::points::bounded;
use super::question::Question;

impl Question {
    /// The expected result of a fiscal year that is `years` after the one that the question is about. `None` for more than five years, and where fewer than two
    /// finished years are known: one year has no trend.
    ///
    /// `F + years × ½ × (the mean yearly change of up to five finished years)`, with the forecast `F` of the running year. The error joins that of `F` and, for
    /// each year ahead, that which a forecast from past years alone would have had: `√(error of F² + years × yearly error²)`. What never was negative does not
    /// become so. `F` grows with this year's figures, so the forecast does.
    pub fn forecast_later(&self, fiscal_year: i32, years: u32) -> Option<Forecast> {
        if years == 0 || years > MOST_YEARS_AHEAD || self.past.len() < 2 {
            return None;
        }
        let running = self.forecast()?;
        let (change, never_negative) = past_years::change(&self.past)?;
        let alone = past_years::forecast(&Self { estimate: None, ..self.clone() })?;
        let in_units = |it: &Forecast| it.spread.error * if it.spread.logarithmic { it.year_end.abs() } else { 1.0 };
        let ahead = f64::from(years);
        let (base, yearly) = (running.year_end, in_units(&alone));
        let center = base + ahead * CHANGE_KEPT * change;
        let center = if never_negative && base >= 0.0 { center.max(0.0) } else { center };
        let error = in_units(&running).hypot(ahead.sqrt() * yearly);
        let logarithmic = running.spread.logarithmic && center > 0.0;
        let error = (if logarithmic { error / center } else { error }).max(f64::MIN_POSITIVE);
        let spread = Spread {
            center,
            error,
            logarithmic,
            freedom: running.spread.freedom.min(alone.spread.freedom),
            one: running.spread.one,
            reached: None,
            turn: Turn::Rises,
        };
        let (low, high) = spread.band();
        // A trend that leaves what a percentage can be is told as far as that goes.
        let (low, center, high) = (bounded(self, low), bounded(self, center), bounded(self, high));
        let later = LaterYear {
            fiscal_year,
            years,
            method: running.method,
            running_year: base,
            change: CHANGE_KEPT * change,
            error: yearly,
        };
        let freedom = spread.freedom;
        let working = Working { later: Some(later), error, logarithmic, freedom, ..running.working };
        Some(Forecast { method: Method::Trend, year_end: center, low, high, spread, working })
            .filter(Forecast::is_a_number)
    }
}
