//! The command line.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::api::{Server, openapi};
use crate::db::{Database, Url, migrations};
use crate::settings::{Given, LogFormat, Settings};

type Outcome = Result<(), Box<dyn Error>>;

/// Mikomi (見込み): will a ward's targets be met, and do its activities go as scheduled?
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Args)]
struct Options {
    /// Where to listen [default: 127.0.0.1:8080] [environment: MIKOMI_LISTEN]
    #[arg(long, global = true, value_name = "HOST:PORT")]
    listen: Option<String>,
    /// Where the data is: sqlite:PATH or postgres://… [default: sqlite:mikomi.sqlite] [environment: MIKOMI_DATABASE]
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// A file of settings in TOML [environment: MIKOMI_CONFIG]
    #[arg(long, global = true, value_name = "FILE", env = "MIKOMI_CONFIG", hide_env = true)]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer requests; on SQLite, bring the schema up to date first
    Serve,
    /// Bring the schema up to date
    Migrate,
    /// Print the OpenAPI document
    Openapi,
}

/// Says what went wrong on standard error.
pub fn complain(error: &dyn Error) {
    let _ = writeln!(std::io::stderr(), "mikomi: {error}");
}

fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

impl Cli {
    /// Does what the command line asks for.
    ///
    /// # Errors
    /// Every failure names its remedy.
    pub fn run(self) -> Outcome {
        let Options { listen, database, config } = self.options;
        let settings = Settings::load(Given { listen, database }, config.as_deref(), crate::settings::environment())?;
        match self.command {
            Command::Openapi => Ok(say(&openapi().to_pretty_json()?)?),
            Command::Migrate => migrate(&settings),
            Command::Serve => serve(&settings),
        }
    }
}

fn migrate(settings: &Settings) -> Outcome {
    let url: Url = settings.database.parse()?;
    let run = migrations::migrate(&url)?;
    match run.len() {
        0 => say(&format!("{url}: the schema is up to date"))?,
        number => say(&format!("{url}: {number} migrations run"))?,
    }
    Ok(())
}

fn serve(settings: &Settings) -> Outcome {
    log(settings)?;
    let url: Url = settings.database.parse()?;
    if let Url::Sqlite(_) = url {
        migrations::migrate(&url)?;
    }
    let db = Database::open(&url, settings.connections)?;
    actix_web::rt::System::new().block_on(async {
        let server = Server::start(&settings.listen, db)?;
        tracing::info!(database = %url, "listening on http://{}", server.address());
        server.run().await?;
        Ok(())
    })
}

/// Starts to log to standard error.
fn log(settings: &Settings) -> Outcome {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log)
        .map_err(|error| format!("the setting `log` is not understood: {error}. Try info, or mikomi=debug,warn"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}
