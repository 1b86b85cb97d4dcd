//! `demo`: the published plan of Osaka's Minato ward for fiscal year 2021 with its mid-year review, ready to look at.

use std::path::PathBuf;

use super::{Outcome, say, serve, transfer};
use crate::db::{Database, Url, migrations, states};
use crate::settings::Settings;

const ORGANIZATIONS: &[u8] = include_bytes!("../../data/osaka-organizations.json");
const PLAN: &[u8] = include_bytes!("../../data/minato-2021.json");

/// A database file that goes when the demonstration ends.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(suffix);
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Loads the data, unless there are plans already, and serves it. `chosen`: somebody has said where it is to be kept.
pub(super) fn run(mut settings: Settings, chosen: bool) -> Outcome {
    let temporary = (!chosen).then(|| {
        let name = format!("mikomi-demo-{}.sqlite", std::process::id());
        Temporary(std::env::temp_dir().join(name))
    });
    if let Some(Temporary(path)) = &temporary {
        settings.database = format!("sqlite:{}", path.display());
    }
    let url: Url = settings.database.parse()?;
    migrations::migrate(&url)?;
    let db = Database::open(&url, 1)?;
    // Somebody's own plans are not written over, nor what was tried out on an earlier demonstration.
    if actix_web::rt::System::new().block_on(db.read(states::all_plans))?.is_empty() {
        transfer::load(&db, ORGANIZATIONS)?;
        transfer::load(&db, PLAN)?;
    }
    drop(db);
    serve(&settings, welcome)
}

fn welcome(address: &str) -> Outcome {
    say(&format!(
        "Osaka City, its 24 wards, and the plan of Minato ward (港区) for fiscal year 2021 with its mid-year review.

  Documentation   {address}/docs/
  Rollup (ward)   {address}/api/v1/organizations/271071/rollup?fiscal_year=2021
  Rollup (city)   {address}/api/v1/organizations/271004/rollup?fiscal_year=2021

  curl '{address}/api/v1/initiatives?declared_outlook=miss&fields=number,title'

Stop with Ctrl-C."
    ))?;
    Ok(())
}
