//! `key`: the keys by which programs and spreadsheets come in.

use chrono::{Days, NaiveDate};
use clap::Subcommand;

use super::{Outcome, open, open_existing, say};
use crate::clock;
use crate::db::keys::{self, ApiKey, Purpose};
use crate::db::{Connection, Database, DbError, organizations};
use crate::domain::access::Role;
use crate::settings::Settings;

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key and show it, this once
    Create {
        /// Who uses it, in words: 港区役所 総務課
        #[arg(long)]
        label: String,
        /// What it may do: reader, reporter, approver, planner, admin
        #[arg(long)]
        role: Role,
        /// Where, with all that is below: an id or a national code; everywhere unless given
        #[arg(long, value_name = "ID or CODE")]
        organization: Option<String>,
        /// Only in the department of this name, directly below the organization
        #[arg(long, requires = "organization")]
        department: Option<String>,
        /// The last day on which it counts (UTC); for ever unless given
        #[arg(long, value_name = "YYYY-MM-DD")]
        expires: Option<NaiveDate>,
    },
    /// List the keys, without what is secret of them
    List,
    /// End a key at once
    Revoke {
        /// The eight characters between its underscores
        prefix: String,
    },
}

/// Does what is asked for with keys.
pub(super) fn run(settings: &Settings, command: KeyCommand) -> Outcome {
    match command {
        KeyCommand::Create { label, role, organization, department, expires } => {
            let db = open(settings)?.1;
            let place = Place { organization, department };
            let end = expires.and_then(|day| day.checked_add_days(Days::new(1)));
            let purpose = Purpose {
                label,
                role,
                organization_id: None,
                expires_at: end.map(|day| day.and_time(Default::default())),
            };
            let text = actix_web::rt::System::new().block_on(create(&db, purpose, place))?;
            say(&text)?;
            Ok(())
        }
        KeyCommand::List => {
            let db = open_existing(settings)?.1;
            let keys = actix_web::rt::System::new().block_on(db.read(keys::all))?;
            say("prefix    role      organization  state  last used         label")?;
            keys.iter().try_for_each(|(key, organization)| say(&line(key, organization.as_deref())))?;
            Ok(())
        }
        KeyCommand::Revoke { prefix } => {
            let db = open_existing(settings)?.1;
            let wanted = prefix.clone();
            let ended = actix_web::rt::System::new().block_on(db.write(move |c| keys::revoke(c, &wanted)))?;
            match ended {
                true => Ok(say(&format!("{prefix} does not count any more"))?),
                false => Err(format!("there is no key `{prefix}` that counts: `mikomi key list` shows them").into()),
            }
        }
    }
}

/// Where a key counts, as it is written.
pub(super) struct Place {
    pub(super) organization: Option<String>,
    pub(super) department: Option<String>,
}

/// Makes a key.
pub(super) async fn create(db: &Database, purpose: Purpose, place: Place) -> Result<String, DbError> {
    let make = move |c: &mut Connection| {
        let organization_id = found(c, place)?;
        Ok(keys::issue(c, Purpose { organization_id, ..purpose })?.0)
    };
    db.write(make).await
}

fn found(c: &mut Connection, place: Place) -> Result<Option<String>, DbError> {
    let Place { organization: Some(name), department } = place else { return Ok(None) };
    let unknown = |what: &str| DbError::Failed(format!("there is no {what}: `GET /api/v1/organizations` lists them"));
    let organization = organizations::find_by_id_or_code(c, &name)?;
    let organization = organization.ok_or_else(|| unknown(&format!("organization `{name}`")))?;
    let Some(name) = department else { return Ok(Some(organization.id)) };
    let department = organizations::department(c, &organization.id, &name)?;
    department.map(Some).ok_or_else(|| unknown(&format!("department `{name}` of {}", organization.content.name)))
}

fn line(key: &ApiKey, organization: Option<&str>) -> String {
    let now = clock::now();
    let state = match (key.revoked_at, key.counts(now)) {
        (Some(_), _) => "revoked",
        (None, false) => "expired",
        (None, true) => "counts",
    };
    let used = key.last_used_at.map_or("never".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string());
    let organization = organization.unwrap_or("everywhere");
    format!("{}  {:<8}  {organization}  {state}  {used:<16}  {}", key.prefix, key.role.as_str(), key.label)
}
