//! The command line.

mod audit;
mod demo;
mod generate;
mod health;
mod key;
mod lines;
mod outlook;
mod parse;
mod transfer;

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::api::{
    Access, Extras, Limits, NotANetwork, NotAnOrigin, Phrase, Server, Times, openapi, plan_document_schema,
};
use crate::db::{Database, DbError, Url, migrations, states};
use crate::domain::Polarity;
use crate::generate::Size;
use crate::oidc::Provider;
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
    /// Answer requests about Osaka's Minato ward in 2021, kept in a temporary file unless --database says otherwise
    Demo,
    /// Bring the schema up to date
    Migrate,
    /// Take over a plan document, a list of organizations or an export, all or nothing
    Import {
        /// A JSON file
        file: PathBuf,
    },
    /// Print every organization and plan as JSON
    Export,
    /// Fill a database with made-up plans, to try the service at a city's or the country's size
    Generate {
        /// How many municipalities: Osaka's 24 wards first, then invented ones
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        municipalities: u32,
        /// How many years, up to 2021
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=50))]
        years: u32,
        /// Another seed makes other figures
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Understand a target as somebody writes it: 前年度（860件）の8%増
    Parse {
        /// The text
        #[arg(required_unless_present = "lines", allow_hyphen_values = true)]
        text: Option<String>,
        /// Read a file of JSON lines instead, {"text", "unit"?, "polarity"?, "fiscal_year"?}; `-` for standard input
        #[arg(long, value_name = "FILE", conflicts_with_all = ["text", "unit", "polarity", "fiscal_year"])]
        lines: Option<PathBuf>,
        /// The unit in which the indicator counts
        #[arg(long)]
        unit: Option<String>,
        /// Which direction is good: higher_is_better, lower_is_better
        #[arg(long)]
        polarity: Option<Polarity>,
        /// The fiscal year that the target is for
        #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1900..=2200))]
        fiscal_year: Option<i32>,
    },
    /// Forecast cases whose outcome may be known, to check how good the forecasts are
    Outlook {
        /// A file of JSON lines, {"case_id", "aggregation" (sum, ratio, mean, latest, maximum, minimum), "comparator" (>=, >, <=, <), "target",
        /// "periods_per_year", "elapsed", "values", "prior", "estimate" (the department's own, if any)}; `-` for standard input
        #[arg(long, value_name = "FILE")]
        cases: PathBuf,
    },
    /// The keys by which programs and spreadsheets come in
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Whether the history of all changes is what was written
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Compute the state of every target and initiative anew and report what differed
    Recompute,
    /// Print the OpenAPI document, or the JSON Schema of plan documents
    Openapi {
        /// The JSON Schema of plan documents instead
        #[arg(long)]
        plan_document: bool,
    },
    /// Ask a running service whether it is ready
    Health,
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
        let chosen = database.is_some() || std::env::var_os("MIKOMI_DATABASE").is_some();
        let settings = Settings::load(Given { listen, database }, config.as_deref(), crate::settings::environment())?;
        match self.command {
            Command::Openapi { plan_document: false } => Ok(say(&openapi().to_pretty_json()?)?),
            Command::Openapi { plan_document: true } => {
                Ok(say(&serde_json::to_string_pretty(&plan_document_schema())?)?)
            }
            Command::Migrate => migrate(&settings),
            Command::Serve => serve(&settings, |_| Ok(())),
            Command::Demo => demo::run(settings, chosen),
            Command::Import { file } => transfer::import(&open(&settings)?.1, &file),
            Command::Export => transfer::export(&open_existing(&settings)?.1),
            Command::Generate { municipalities, years, seed } => {
                generate::run(&settings, Size { municipalities, years, seed })
            }
            Command::Parse { lines: Some(file), .. } => parse::many(&file),
            Command::Parse { text, unit, polarity, fiscal_year, .. } => {
                parse::one(&Phrase { text: text.unwrap_or_default(), unit, polarity, fiscal_year })
            }
            Command::Outlook { cases } => outlook::cases(&cases),
            Command::Key(command) => key::run(&settings, command),
            Command::Audit(command) => audit::run(&settings, command),
            Command::Recompute => recompute(&settings),
            Command::Health => health::ask(&settings.listen),
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

/// Opens the database. A SQLite file is brought up to date first: there is nobody else to do it.
fn open(settings: &Settings) -> Result<(Url, Database), Box<dyn Error>> {
    let url: Url = settings.database.parse()?;
    if let Url::Sqlite(_) = url {
        migrations::migrate(&url)?;
    }
    let db = Database::open(&url, settings.connections)?;
    Ok((url, db))
}

/// Opens a database to read what it holds: a mistyped path must not pass for an empty one.
fn open_existing(settings: &Settings) -> Result<(Url, Database), Box<dyn Error>> {
    match settings.database.parse()? {
        Url::Sqlite(path) if !path.exists() => {
            let path = path.display();
            Err(format!("there is no file `{path}`: give the one that is meant with --database sqlite:PATH").into())
        }
        _ => open(settings),
    }
}

/// Serves until it is told to stop; `ready` is called once it listens.
fn serve(settings: &Settings, ready: impl FnOnce(&str) -> Outcome) -> Outcome {
    log(settings)?;
    let provider = settings.oidc.clone().map(Provider::new).transpose()?;
    let access = Access { public_reading: settings.public_reading, provider };
    let extras = Extras { bench: settings.bench, access, limits: limits(settings)? };
    let (url, db) = open(settings)?;
    actix_web::rt::System::new().block_on(async {
        let server = Server::start(&settings.listen, db, extras)?;
        let address = format!("http://{}", server.address());
        // Tools that start the service wait for this line, whatever is logged.
        writeln!(std::io::stderr(), "mikomi: listening on {address}, database {url}")?;
        ready(&address)?;
        server.run().await?;
        Ok(())
    })
}

fn limits(settings: &Settings) -> Result<Limits, Box<dyn Error>> {
    Ok(Limits {
        a_second: settings.rate_limit,
        proxies: settings
            .trusted_proxies
            .parse()
            .map_err(|error: NotANetwork| format!("the setting `trusted_proxies`: {error}"))?,
        origins: settings
            .cors_origins
            .parse()
            .map_err(|error: NotAnOrigin| format!("the setting `cors_origins`: {error}"))?,
        behind_tls: settings.behind_tls,
        times: Times::default(),
    })
}

fn recompute(settings: &Settings) -> Outcome {
    let (_, db) = open_existing(settings)?;
    let (plans, differences) = actix_web::rt::System::new().block_on(async {
        let plans = db.read(states::all_plans).await?;
        let number = plans.len();
        let groups: Vec<Vec<String>> = plans.chunks(states::TOGETHER).map(<[String]>::to_vec).collect();
        let differences = stream::iter(groups).map(|plans| corrected(&db, plans)).buffer_unordered(AT_ONCE);
        let differences = differences.try_fold(0, async |sum, more| Ok(sum + more)).await?;
        Ok::<_, DbError>((number, differences))
    })?;
    say(&format!("{plans} plans recomputed, {differences} differences"))?;
    match differences {
        0 => Ok(()),
        _ => Err("what was stored was not what the figures say; it is now. Please report this as a fault".into()),
    }
}

/// How many groups of plans are looked at side by side; the database's own threads are the limit.
const AT_ONCE: usize = 16;

/// Corrects what is stored of plans, and tells how many rows were wrong. Nothing is locked where nothing is.
async fn corrected(db: &Database, plans: Vec<String>) -> Result<usize, DbError> {
    if are_current(db, plans.clone()).await? {
        return Ok(0);
    }
    let mut differences = 0;
    for plan in plans {
        if !are_current(db, vec![plan.clone()]).await? {
            differences += db.write(move |c| states::mend(c, &plan)).await?;
        }
    }
    Ok(differences)
}

async fn are_current(db: &Database, plans: Vec<String>) -> Result<bool, DbError> {
    db.snapshot(move |c| states::are_current(c, &plans)).await
}

/// Starts to log to standard error.
fn log(settings: &Settings) -> Outcome {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log)
        .map_err(|error| format!("the setting `log` is not understood: {error}. Try info, or mikomi=debug,warn"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}
