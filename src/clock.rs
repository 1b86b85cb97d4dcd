//! The one clock. Everything that needs the time asks here, so that nothing in the domain can.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

/// This moment in UTC, to the microsecond: what both databases keep.
pub fn now() -> NaiveDateTime {
    #[allow(clippy::disallowed_methods, reason = "this is the one clock")]
    let now = Utc::now().naive_utc();
    now.with_nanosecond(now.nanosecond() / 1_000 * 1_000).unwrap_or(now)
}

/// Today's date in an organization's time zone; in Asia/Tokyo where the zone's name is unknown.
pub fn today(time_zone: &str) -> NaiveDate {
    date(now(), time_zone)
}

/// The date of a moment in an organization's time zone.
pub fn date(moment: NaiveDateTime, time_zone: &str) -> NaiveDate {
    moment.and_utc().with_timezone(&zone(time_zone)).date_naive()
}

/// The last moment of a day in an organization's time zone, in UTC.
pub fn end_of(day: NaiveDate, time_zone: &str) -> NaiveDateTime {
    let midnight = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN);
    let next = midnight.and_local_timezone(zone(time_zone)).earliest().map_or(midnight, |next| next.naive_utc());
    next.checked_sub_signed(TimeDelta::microseconds(1)).unwrap_or(next)
}

fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::Asia__Tokyo)
}
