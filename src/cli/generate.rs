//! `generate`: fills a database with made-up plans.

use std::io::Write;
use std::time::{Duration, Instant};

use super::{Outcome, say};
use crate::api::{Precondition, plan_documents};
use crate::db::{Database, Url, migrations};
use crate::generate::{Size, plans};
use crate::settings::Settings;

/// Brings the schema up to date and puts one plan after the other, each in a transaction of its own.
pub(super) fn run(settings: &Settings, size: Size) -> Outcome {
    let url: Url = settings.database.parse()?;
    migrations::migrate(&url)?;
    let db = Database::open(&url, 1)?;
    let (started, mut told) = (Instant::now(), Instant::now());
    let (mut done, mut rows) = (0, 0);
    let all = size.municipalities * size.years;
    let tell = |done: u32, rows: u64| {
        let seconds = started.elapsed().as_secs_f64();
        let (plans_a_second, rows_a_second) = (f64::from(done) / seconds, rows as f64 / seconds);
        let mut out = std::io::stderr();
        let _ =
            write!(out, "\r{done}/{all} plans, {rows} rows, {plans_a_second:.1} plans/s, {rows_a_second:.0} rows/s ");
        let _ = out.flush();
    };
    let system = actix_web::rt::System::new();
    for plan in plans(size)? {
        let plan = plan?;
        let put = db.write(move |c| plan_documents::put(c, &plan, Precondition::None));
        let put = system.block_on(put).map_err(|problem| problem.lines().join("\n  "))?;
        done += 1;
        rows += put.rows();
        if told.elapsed() > Duration::from_millis(500) {
            told = Instant::now();
            tell(done, rows);
        }
    }
    tell(done, rows);
    let _ = writeln!(std::io::stderr());
    say(&format!("{url}: {done} plans of {} municipalities", size.municipalities))?;
    Ok(())
}
