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
    /// `F + years × ½ × (the mean yearly change of up to five finished years)`, with the forecast `F` of the running year. The error joins that of `F` in units (a
    /// logarithmic one counts as no more than a third of it) and, for each year ahead, that which a forecast from past years alone would have had:
    /// `√(error of F² + years × yearly error²)`. What never was negative does not become so. `F` grows with this year's figures, so the forecast does, and its
    /// error by less than a third as much, so that no at-least target becomes less probable.
    pub fn forecast_later(&self, fiscal_year: i32, years: u32) -> Option<Forecast> {
        if years == 0 || years > MOST_YEARS_AHEAD || self.past.len() < 2 {
            return None;
        }
        let running = self.forecast()?;
        let (change, never_negative) = past_years::change(&self.past)?;
        let alone = past_years::forecast(&Self { estimate: None, ..self.clone() })?;
        let in_units = |it: &Spread| if it.logarithmic { it.error.min(1.0 / 3.0) * it.center.abs() } else { it.error };
        let ahead = f64::from(years);
        let base = running.year_end;
        let yearly = alone.chances.ways().map(in_units).fold(0.0, f64::max);
        // What never was negative does not become so.
        let least = (never_negative && base >= 0.0).then_some(0.0_f64);
        let trend = ahead * CHANGE_KEPT * change;
        let carried = |figure: f64| least.map_or(figure + trend, |least| least.max(figure + trend));
        let freedom = alone.working.freedom;
        let chances = running.chances.each(|spread| Spread {
            center: spread.center + trend,
            error: in_units(&spread).hypot(ahead.sqrt() * yearly).max(f64::MIN_POSITIVE),
            logarithmic: false,
            freedom: spread.freedom.min(freedom),
            one: spread.one,
            reached: least,
            turn: Turn::Rises,
        });
        let (low, high) = chances.band();
        let center = carried(base);
        let error = chances.ways().map(|spread| spread.error).fold(0.0, f64::max);
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
        let freedom = running.working.freedom.min(freedom);
        let working = Working { later: Some(later), error, logarithmic: false, freedom, ..running.working };
        Some(Forecast { method: Method::Trend, year_end: center, low, high, chances, working })
            .filter(Forecast::is_a_number)
    }
}
