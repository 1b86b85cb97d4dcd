//! How an amount spreads around what is expected of it: a sum of what is counted or paid, or an average of such.

use super::answer::Working;
use super::chance::Spread;
use super::constants::{BELOW_NOTHING, CLUSTERING, FEW, MOST_ROUNDING};
use super::question::Question;

/// How an amount spreads around a `center` of which the part `still` is to come, or was not reported.
///
/// The errors in `working` are relative to the center; the error follows from them and from what chance does to counts. A few counted things, and what is
/// little more than its rounding, spread in units, and everything in the errors is told in units then; so does what is below nothing, by no more than
/// [`BELOW_NOTHING`] beside what chance does.
///
/// With fixed relative errors each of these grows with the center wherever a target can lie, as does the change from one to the other (`c·(1 + x) ≤ c·eˣ`): more
/// never makes an at-least target less probable. It is why the errors must not depend on this year's figures otherwise.
pub(super) fn spread(question: &Question, working: &mut Working, center: f64, still: f64) -> Spread {
    let one = question.one();
    let few = one.is_some_and(|one| center < FEW * one) || center < MOST_ROUNDING * question.rounding.abs();
    let logarithmic = center > 0.0 && !few;
    let size = center.abs();
    // That nothing was counted up to now counts as half a thing a year.
    let counted = |one: f64| CLUSTERING * one * (size * still).max(one / 2.0 * (1.0 - question.elapsed()));
    let chance = one.map_or(0.0, counted) + question.rounding.powi(2) / 3.0;
    let by = if logarithmic { 1.0 } else { size };
    working.general_error *= by;
    working.gap_error *= by;
    for past in &mut working.errors {
        past.error *= by;
    }
    working.chance_error = chance.sqrt() / if logarithmic { center } else { 1.0 };
    working.blend();
    if center < 0.0 {
        let own = (working.error.powi(2) - working.chance_error.powi(2)).max(0.0).sqrt();
        working.error = own.min(BELOW_NOTHING * size).hypot(working.chance_error).max(f64::MIN_POSITIVE);
    }
    working.logarithmic = logarithmic;
    // Of what is counted there is no less than none, and of a sum no less than what is there.
    let none = few.then(|| question.reported().unwrap_or(0.0).min(0.0).min(center));
    let reached = question.reported().filter(|_| question.only_grows && question.rounding == 0.0);
    Spread { one, reached: reached.or(none), ..working.around(center) }
}
