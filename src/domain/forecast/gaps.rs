//! The missing periods of a sum, from what was reported.

use chrono::NaiveDate;

use super::between::{Point, between};
use super::explained::{Input, InputUse};
use super::filled::{Filled, Hole, YearInGap};
use super::question::PastYear;
use super::reported::{elapsed, float};
use crate::domain::evaluation::{Facts, back_to, same_point};
use crate::domain::result::{Gap, Part, Reported, YearResult, gaps_of_sum};

/// What stands in the place of what is missing in a sum's `figure`, as it was known at `known_at`; the figures of earlier years that it is made from are
/// added to `inputs`, and whether one of those is taken between two known points is noted. `None` where nobody can tell what is missing.
pub(super) fn filled(
    facts: &Facts<'_>,
    figure: &YearResult,
    known_at: NaiveDate,
    as_of: NaiveDate,
    past: &[PastYear],
    inputs: &mut Vec<Input>,
    taken_between: &mut bool,
) -> Option<Filled> {
    let gaps = gaps_of_sum(facts.calendar, facts.fiscal_year, facts.reported, known_at)?;
    let over = |day: NaiveDate| elapsed(facts.calendar, facts.fiscal_year, day);
    let until_now = over(figure.as_of);
    let time = |first: NaiveDate, last: NaiveDate| {
        Some((over(last) - first.pred_opt().map(over)?) / until_now).filter(|time| time.is_finite())
    };
    let hole = |gap: Gap| {
        let beside = |it: &Part| Some((time(it.first, it.last)?, float(it.value)?));
        Some(Hole {
            name: gap.name(),
            days: Some((gap.first, gap.last)),
            time: time(gap.first, gap.last)?,
            years: past
                .iter()
                .rev()
                .filter_map(|year| in_gap(facts, &gap, year, as_of, inputs, taken_between))
                .collect(),
            beside: gap.beside.iter().filter_map(beside).collect(),
        })
    };
    let holes: Option<Vec<Hole>> = gaps.into_iter().map(hole).collect();
    Filled::of(float(figure.value)?, holes?)
}

/// What an earlier year brought in a gap of this one; `None` where its figures at the gap's ends are not known.
fn in_gap(
    facts: &Facts<'_>,
    gap: &Gap,
    year: &PastYear,
    as_of: NaiveDate,
    inputs: &mut Vec<Input>,
    taken_between: &mut bool,
) -> Option<YearInGap> {
    let (fiscal_year, so_far) = (year.fiscal_year, year.so_far?);
    let own: Vec<Reported> = facts.reported.iter().filter(|it| it.fiscal_year == fiscal_year).cloned().collect();
    let own_facts = Facts { reported: &own, ..*facts };
    let mut at = |day: NaiveDate| {
        let exact = same_point(&own_facts, fiscal_year, day, as_of).map(Point::Known);
        let point = exact.or_else(|| between(&own_facts, fiscal_year, day, as_of))?;
        *taken_between |= matches!(point, Point::Between { .. });
        Some(point.figure().clone())
    };
    let begins_the_year = gap.first == facts.calendar.first_day(facts.fiscal_year);
    let before = if begins_the_year { None } else { Some(at(gap.first.pred_opt()?)?) };
    let after = at(gap.last)?;
    let brought = before.as_ref().map_or(Some(after.value), |before| after.value.minus(before.value))?;
    let mut actual_ids: Vec<_> = before.into_iter().chain([after]).flat_map(|it| it.actual_ids).collect();
    actual_ids.sort_unstable();
    actual_ids.dedup();
    inputs.push(Input {
        used_as: InputUse::Gap,
        fiscal_year,
        as_of: back_to(fiscal_year, facts.fiscal_year, gap.last)?,
        value: brought,
        actual_ids,
    });
    Some(YearInGap { fiscal_year, brought: float(brought)?, so_far })
}
