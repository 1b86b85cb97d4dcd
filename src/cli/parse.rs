//! `mikomi parse`: what target texts ask for, one or a file of them.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use super::{Outcome, say};
use crate::api::Phrase;

/// Prints what one text asks for.
pub fn one(phrase: &Phrase) -> Outcome {
    Ok(say(&serde_json::to_string_pretty(&phrase.parsed())?)?)
}

/// Answers each line of a file (`-`: of standard input), in its order, with one line: what its text asks for, or why it
/// cannot be told. Empty lines are passed over.
pub fn lines(file: &Path) -> Outcome {
    let input: Box<dyn BufRead> = match file.to_str() {
        Some("-") => Box::new(std::io::stdin().lock()),
        _ => Box::new(BufReader::new(File::open(file).map_err(|error| format!("{}: {error}", file.display()))?)),
    };
    let mut output = BufWriter::new(std::io::stdout().lock());
    let mut refused = 0_usize;
    for (index, line) in input.lines().enumerate() {
        let line = line.map_err(|error| format!("{}, line {}: {error}", file.display(), index + 1))?;
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Phrase>(&line) {
            Ok(phrase) => serde_json::to_writer(&mut output, &phrase.parsed())?,
            Err(error) => {
                refused += 1;
                let error = serde_json::json!({"error": error.to_string(), "line": index + 1});
                serde_json::to_writer(&mut output, &error)?;
            }
        }
        output.write_all(b"\n")?;
    }
    output.flush()?;
    match refused {
        0 => Ok(()),
        _ => Err(Box::<dyn Error>::from(format!(
            "{refused} lines are not {{\"text\": …, \"unit\"?, \"polarity\"?, \"fiscal_year\"?}}: see `error` in the answers"
        ))),
    }
}
