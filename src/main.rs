//! Parses the command line and runs.

use std::process::ExitCode;

use clap::Parser;
use mikomi::cli::Cli;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            mikomi::cli::complain(&*error);
            ExitCode::FAILURE
        }
    }
}
