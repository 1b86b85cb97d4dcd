//! `audit`: whether the history is what was written.

use clap::Subcommand;

use super::{Outcome, open_existing, say};
use crate::db::audit::{self, Head};
use crate::settings::Settings;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Print the last entry's number and hash, to be written down where the database cannot be reached
    Head,
    /// Check every entry against the one before it
    Verify {
        /// Check heads as well that were written down: 1234:9f86d0…
        #[arg(long = "head", value_name = "HEAD")]
        heads: Vec<Head>,
    },
}

/// Does what is asked for with the history.
pub(super) fn run(settings: &Settings, command: AuditCommand) -> Outcome {
    let db = open_existing(settings)?.1;
    let system = actix_web::rt::System::new();
    let heads = match command {
        AuditCommand::Head => {
            say(&system.block_on(db.read(audit::head))?.to_string())?;
            return Ok(());
        }
        AuditCommand::Verify { heads } => heads,
    };
    let (number, breaches) = system.block_on(db.snapshot(move |c| audit::verify(c, &heads)))?;
    breaches.iter().try_for_each(|breach| say(&breach.to_string()))?;
    match breaches.len() {
        0 => Ok(say(&format!("{number} entries, each as it was written"))?),
        wrong => Err(format!("{number} entries, {wrong} faults: somebody has changed the history itself").into()),
    }
}
