//! The one clock. Everything that needs the time asks here, so that nothing in the domain can.

use chrono::{NaiveDate, NaiveDateTime, Timelike, Utc};
use chrono_tz::Tz;

/// This moment in UTC, to the microsecond: what both databases keep.
pub fn now() -> NaiveDateTime {
    #[allow(clippy::disallowed_methods, reason = "this is the one clock")]
    let now = Utc::now().naive_utc();
    now.with_nanosecond(now.nanosecond() / 1_000 * 1_000).unwrap_or(now)
}

/// Today's date in an organization's time zone; in Asia/Tokyo where the zone's name is unknown.
pub fn today(time_zone: &str) -> NaiveDate {
    let zone = time_zone.parse().unwrap_or(Tz::Asia__Tokyo);
    now().and_utc().with_timezone(&zone).date_naive()
}
