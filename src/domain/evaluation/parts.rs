//! The parts of an indicator (内訳), each with figures of its own.

use crate::domain::Decimal;
use crate::domain::result::Reported;

/// A part of the breakdown and everything that was reported of it.
#[derive(Debug, Clone)]
pub struct PartFacts {
    /// Its name.
    pub label: String,
    /// Whether the target names it; else it is only known from being reported.
    pub expected: bool,
    /// Its figures, of all years.
    pub reported: Vec<Reported>,
}

/// The figures of each part: of those that the target names, in its order, and then of others that were reported in its year. A part
/// of which only earlier years tell is no part any more.
///
/// `figures` are the reported values of the whole with the parts of each.
pub fn part_facts<'a, Parts: AsRef<[(String, Decimal)]> + 'a>(
    expected: impl IntoIterator<Item = String>,
    figures: impl IntoIterator<Item = (&'a Reported, &'a Parts)>,
    fiscal_year: i32,
) -> Vec<PartFacts> {
    let figures: Vec<_> = figures.into_iter().collect();
    let mut parts: Vec<PartFacts> = Vec::new();
    let mut add = |label: String, expected: bool| {
        if parts.iter().all(|part| part.label != label) {
            parts.push(PartFacts { label, expected, reported: Vec::new() });
        }
    };
    expected.into_iter().for_each(|label| add(label, true));
    let this_year = figures.iter().filter(|(whole, _)| whole.fiscal_year == fiscal_year);
    this_year.flat_map(|(_, parts)| parts.as_ref()).for_each(|(label, _)| add(label.clone(), false));
    for part in &mut parts {
        for (whole, values) in &figures {
            let own = values.as_ref().iter().filter(|(label, _)| *label == part.label);
            part.reported.extend(own.map(|(_, value)| Reported {
                value: Some(*value),
                missing: None,
                numerator: None,
                denominator: None,
                ..(*whole).clone()
            }));
        }
    }
    parts
}
