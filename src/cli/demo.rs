//! `demo`: the published plan of Osaka's Minato ward for fiscal year 2021 with its mid-year review, ready to look at.

use std::path::PathBuf;

use chrono::TimeDelta;

use super::key::{self, Place};
use super::{Outcome, say, serve, transfer};
use crate::db::keys::Purpose;
use crate::db::{Database, DbError, Url, migrations, states};
use crate::domain::access::Role;
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
    let keys = Role::ALL.iter().map(|role| key_for(&db, *role)).collect::<Result<Vec<String>, _>>()?;
    drop(db);
    settings.public_reading = true;
    serve(&settings, |address| welcome(address, &keys.join("\n")))
}

/// A key with this role in Minato ward, and a line that shows it. Its earlier demonstrations' keys stay as they are.
fn key_for(db: &Database, role: Role) -> Result<String, DbError> {
    let tomorrow = crate::clock::now() + TimeDelta::days(1);
    let label = format!("demo {role}");
    let purpose = Purpose { label, role, organization_id: None, expires_at: Some(tomorrow) };
    let place = match role {
        Role::Admin => Place { organization: None, department: None },
        _ => Place { organization: Some("271071".to_owned()), department: None },
    };
    let text = actix_web::rt::System::new().block_on(key::create(db, purpose, place))?;
    Ok(format!("  {:<9} {text}", role.as_str()))
}

fn welcome(address: &str, keys: &str) -> Outcome {
    say(&format!(
        "Osaka City, its 24 wards, and the plan of Minato ward (港区) for fiscal year 2021 with its mid-year review.

  Documentation   {address}/docs/
  Rollup (ward)   {address}/api/v1/organizations/271071/rollup?fiscal_year=2021
  Rollup (city)   {address}/api/v1/organizations/271004/rollup?fiscal_year=2021

  curl '{address}/api/v1/initiatives?declared_outlook=miss&fields=number,title'

Its published data reads without a key. One key for each role in the ward, for a day (admin: everywhere):

{keys}

  curl -H 'Authorization: Bearer KEY' …

Stop with Ctrl-C."
    ))?;
    Ok(())
}
