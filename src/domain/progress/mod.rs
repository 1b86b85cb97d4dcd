//! The progress of an initiative: its activities against their schedules (取組の進捗).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fiscal::{Calendar, Period};
use super::words::words;
use super::{ActivityState, Bilingual, Decimal, ProgressVerdict, fiscal};

words! {
    /// Which rule made a progress verdict.
    ProgressRule {
        /// Something that was due by now is postponed or cancelled.
        DueAndDropped = "due_and_dropped",
        /// Something that was due by now is not finished.
        DueAndNotDone = "due_and_not_done",
        /// Less than 95 % of what was planned to date is done.
        BelowPlan = "below_plan",
        /// Everything that can be compared is as planned.
        AsPlanned = "as_planned",
        /// Nothing can be compared.
        NothingToCompare = "nothing_to_compare",
    }
}

words! {
    /// Where a planned-to-date quantity comes from.
    Pace {
        /// The quarterly schedule.
        Schedule = "schedule",
        /// The due date.
        Due = "due",
        /// An even pace through the year, which is assumed where neither is given.
        Even = "even",
    }
}

/// Something planned and done for an initiative (主な取組).
#[derive(Debug, Clone, Copy)]
pub struct Activity<'a> {
    /// What it is.
    pub title: &'a str,
    /// How much is planned for the fiscal year.
    pub planned: Option<Decimal>,
    /// How much is done so far. `None` is not reported, never zero.
    pub done: Option<Decimal>,
    /// How far it has come.
    pub state: Option<ActivityState>,
    /// The day by which it is due.
    pub due: Option<NaiveDate>,
    /// How much is planned for each quarter, by itself. A quarter left blank plans nothing.
    pub schedule: Option<[Option<Decimal>; 4]>,
    /// The day of `done` and `state`, when it is not the asked day.
    pub as_of: Option<NaiveDate>,
}

/// The progress of an initiative, with the numbers and the rule that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InitiativeProgress {
    /// What follows.
    pub verdict: ProgressVerdict,
    /// The rule that decided.
    pub rule: ProgressRule,
    /// Why, naming the figures of every activity that is behind, or of those that were compared.
    pub reason: Bilingual,
}

/// The progress of an initiative as it was at `as_of` (`DESIGN.md`, section 5): `behind` when any activity is behind, `on_schedule`
/// when any can be compared and none is behind, else `undetermined`.
///
/// An activity is measured at `as_of` or, when it carries an earlier day of its own, at that day; one that carries a later day was
/// not known yet and says nothing. Where more of it came due after its own day and nothing newer is reported, nobody knows whether it
/// was done: it is not as planned, and compares with nothing.
///
/// - *Planned to date* comes from the quarterly schedule (the quarters that are over), else the due date (all of it from that
///   day, nothing before), else an even pace (the months that are over, of twelve). `done` below 0.95 of it is behind. Where
///   nothing is planned to date by a schedule or a due date, the activity is as planned. A quantity that is not reported is not
///   zero, and compares with nothing.
/// - *Postponed or cancelled* is behind when it was due by `as_of`, since a state holds until it is changed: its due date has come, or a quarter that is over planned some of
///   it. The rule says "due by now", so an activity of which nobody wrote down when it was due is not behind by its state alone
///   before the year is over, by whose last day all that the plan names was due.
/// - *Without quantities* an activity is one thing: finished, it is as planned; due by now and not finished, it is behind; not due
///   yet by its due date, it is as planned.
///
/// ```
/// use mikomi::domain::{ProgressVerdict, fiscal::Calendar};
/// use mikomi::domain::progress::{Activity, initiative_progress};
/// let activity = Activity {
///     title: "相談会",
///     planned: Some(12.into()),
///     done: Some(5.into()),
///     state: None,
///     due: None,
///     schedule: None,
///     as_of: None,
/// };
/// let progress = initiative_progress(&[activity], Calendar::default(), 2021, "2021-09-30".parse()?);
/// assert_eq!(progress.verdict, ProgressVerdict::Behind); // 5 of the 6 that an even pace plans
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn initiative_progress(
    activities: &[Activity<'_>],
    calendar: fiscal::Calendar,
    fiscal_year: i32,
    as_of: NaiveDate,
) -> InitiativeProgress {
    let said: Vec<Finding> =
        activities.iter().filter_map(|activity| finding(activity, calendar, fiscal_year, as_of)).collect();
    let (outdated, findings): (Vec<Finding>, Vec<Finding>) =
        said.into_iter().partition(|finding| finding.rule == ProgressRule::NothingToCompare);
    let behind: Vec<&Finding> = findings.iter().filter(|finding| finding.rule != ProgressRule::AsPlanned).collect();
    if let Some(rule) = behind.iter().map(|finding| finding.rule).min() {
        return InitiativeProgress { verdict: ProgressVerdict::Behind, rule, reason: joined(&behind) };
    }
    if findings.is_empty() {
        let reason = if outdated.is_empty() {
            nothing_to_compare(activities.len())
        } else {
            joined(&outdated.iter().collect::<Vec<_>>())
        };
        return InitiativeProgress {
            verdict: ProgressVerdict::Undetermined,
            rule: ProgressRule::NothingToCompare,
            reason,
        };
    }
    InitiativeProgress {
        verdict: ProgressVerdict::OnSchedule,
        rule: ProgressRule::AsPlanned,
        reason: joined(&findings.iter().collect::<Vec<_>>()),
    }
}

fn nothing_to_compare(activities: usize) -> Bilingual {
    match activities {
        0 => Bilingual::new("取組がありません。", "There is no activity."),
        1 => Bilingual::new("取組は計画と比べられません。", "The one activity cannot be compared with a plan."),
        _ => Bilingual::new(
            format!("{activities}件の取組のうち、計画と比べられるものがありません。"),
            format!("None of the {activities} activities can be compared with a plan."),
        ),
    }
}

/// What one activity says.
struct Finding {
    rule: ProgressRule,
    reason: Bilingual,
}

fn joined(findings: &[&Finding]) -> Bilingual {
    let text = |pick: fn(&Finding) -> &str, between: &str| {
        findings.iter().map(|finding| pick(finding)).collect::<Vec<_>>().join(between)
    };
    Bilingual::new(text(|finding| &finding.reason.ja, ""), text(|finding| &finding.reason.en, " "))
}

fn finding(activity: &Activity<'_>, calendar: Calendar, fiscal_year: i32, as_of: NaiveDate) -> Option<Finding> {
    let day = activity.as_of.unwrap_or(as_of);
    if day > as_of {
        return None;
    }
    let title = activity.title;
    let year_end = calendar.last_day(fiscal_year);
    let scheduled = scheduled_to_date(activity, calendar, fiscal_year, day);
    let due_by = |day: NaiveDate| match (scheduled_to_date(activity, calendar, fiscal_year, day), activity.due) {
        (Some(scheduled), _) => scheduled > Decimal::ZERO,
        (None, Some(due)) => due <= day,
        (None, None) => false,
    };
    let dropped = matches!(activity.state, Some(ActivityState::Postponed | ActivityState::Cancelled));
    // A state holds until it is changed: this is looked at from the asked day.
    if dropped && (due_by(as_of) || as_of >= year_end) {
        let (ja, en) = match activity.state {
            Some(ActivityState::Cancelled) => ("中止", "cancelled"),
            _ => ("延期", "postponed"),
        };
        return Some(Finding {
            rule: ProgressRule::DueAndDropped,
            reason: Bilingual::new(
                format!("「{title}」は{as_of}までに予定されていましたが、{ja}されました。"),
                format!("\"{title}\" was due by {as_of} and is {en}."),
            ),
        });
    }
    let found = measured(activity, scheduled, calendar, fiscal_year, day, due_by(day));
    match &found {
        Some(finding) if finding.rule != ProgressRule::AsPlanned => found,
        _ if came_due_since(activity, calendar, fiscal_year, day, as_of) => Some(Finding {
            rule: ProgressRule::NothingToCompare,
            reason: Bilingual::new(
                format!("「{title}」はその後に期限が来ていますが、{day}より後の報告がありません。"),
                format!("More of \"{title}\" has come due since, and nothing is reported of it after {day}."),
            ),
        }),
        _ => found,
    }
}

/// Whether more of an activity that is not finished came due after the day of its own report: by the quarterly schedule, by the due
/// date, and else by the end of the year.
fn came_due_since(
    activity: &Activity<'_>,
    calendar: Calendar,
    fiscal_year: i32,
    day: NaiveDate,
    as_of: NaiveDate,
) -> bool {
    let scheduled = |day| scheduled_to_date(activity, calendar, fiscal_year, day);
    let finished = activity.state == Some(ActivityState::Done)
        || activity.done.zip(scheduled(as_of).or(activity.planned)).is_some_and(|(done, planned)| done >= planned);
    let due = activity.due.unwrap_or(calendar.last_day(fiscal_year));
    !finished
        && match (scheduled(day), scheduled(as_of)) {
            (Some(then), Some(now)) => now > then,
            _ => day < due && due <= as_of,
        }
}

/// An activity against its plan at the day of its report.
fn measured(
    activity: &Activity<'_>,
    scheduled: Option<Decimal>,
    calendar: Calendar,
    fiscal_year: i32,
    day: NaiveDate,
    due_by_now: bool,
) -> Option<Finding> {
    let title = activity.title;
    if let Some((planned, pace)) = planned_to_date(activity, scheduled, calendar, fiscal_year, day) {
        if planned <= Decimal::ZERO && pace != Pace::Even {
            return Some(Finding {
                rule: ProgressRule::AsPlanned,
                reason: Bilingual::new(
                    format!("「{title}」は{day}までの予定がありません。"),
                    format!("Nothing of \"{title}\" is planned by {day}."),
                ),
            });
        }
        if let (true, Some(done)) = (planned > Decimal::ZERO, activity.done) {
            return Some(against_plan(title, done, planned, pace, day));
        }
    }
    as_one_thing(activity, due_by_now, day)
}

/// What the quarters that are over at `day` planned; `None` without a schedule.
fn scheduled_to_date(activity: &Activity<'_>, calendar: Calendar, fiscal_year: i32, day: NaiveDate) -> Option<Decimal> {
    let schedule = activity.schedule.filter(|quarters| quarters.iter().any(Option::is_some))?;
    (1..)
        .map(Period::Quarter)
        .zip(schedule)
        .filter(|(quarter, _)| calendar.days(fiscal_year, *quarter).1 <= day)
        .try_fold(Decimal::ZERO, |sum, (_, planned)| sum.plus(planned.unwrap_or(Decimal::ZERO)))
}

fn planned_to_date(
    activity: &Activity<'_>,
    scheduled: Option<Decimal>,
    calendar: Calendar,
    fiscal_year: i32,
    day: NaiveDate,
) -> Option<(Decimal, Pace)> {
    if let Some(scheduled) = scheduled {
        return Some((scheduled, Pace::Schedule));
    }
    if let Some(due) = activity.due {
        return if due > day { Some((Decimal::ZERO, Pace::Due)) } else { Some((activity.planned?, Pace::Due)) };
    }
    let months = Decimal::from(i64::from(calendar.months_elapsed(fiscal_year, day)));
    Some((activity.planned?.times(months)?.over(Decimal::from(12))?, Pace::Even))
}

fn against_plan(title: &str, done: Decimal, planned: Decimal, pace: Pace, day: NaiveDate) -> Finding {
    // done ÷ planned < 0.95, without the rounding of a division.
    let behind = match (done.times(Decimal::from(100)), planned.times(Decimal::from(95))) {
        (Some(done), Some(least)) => done < least,
        _ => done < planned,
    };
    let percent = done.over(planned).and_then(|ratio| ratio.times(Decimal::from(100)));
    let percent = percent.map_or_else(|| "?".to_owned(), shown);
    let (ja, en) = match pace {
        Pace::Schedule => ("四半期ごとの予定", "the quarterly schedule"),
        Pace::Due => ("期限", "the due date"),
        Pace::Even => ("均等な進み方を仮定", "an even pace, which is assumed"),
    };
    let (done, planned) = (done.grouped(), shown(planned));
    Finding {
        rule: if behind { ProgressRule::BelowPlan } else { ProgressRule::AsPlanned },
        reason: Bilingual::new(
            format!("「{title}」は{day}までの計画{planned}（{ja}）に対し実績{done}（{percent}%）です。"),
            format!("\"{title}\": {done} done by {day} of {planned} planned ({percent}%), by {en}."),
        ),
    }
}

/// A computed number to one place, for people.
fn shown(number: Decimal) -> String {
    Decimal::new(number.round_dp(1)).unwrap_or(number).grouped()
}

/// An activity whose quantities say nothing is one thing, finished or not.
fn as_one_thing(activity: &Activity<'_>, due_by_now: bool, day: NaiveDate) -> Option<Finding> {
    let title = activity.title;
    match activity.state {
        Some(ActivityState::Done) => Some(Finding {
            rule: ProgressRule::AsPlanned,
            reason: Bilingual::new(format!("「{title}」は済んでいます。"), format!("\"{title}\" is done.")),
        }),
        Some(ActivityState::Planned | ActivityState::InProgress) if due_by_now => Some(Finding {
            rule: ProgressRule::DueAndNotDone,
            reason: Bilingual::new(
                format!("「{title}」は{day}までに予定されていましたが、済んでいません。"),
                format!("\"{title}\" was due by {day} and is not finished."),
            ),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
