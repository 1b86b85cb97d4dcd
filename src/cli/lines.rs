//! Files of JSON lines: a question a line in, an answer a line out.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Outcome;
use crate::api::read_json;

/// Answers each line of a file (`-`: of standard input), in its order, with one line: the answer, or `{"error", "line"}`, with the line's own name beside it where
/// it has one in the field `name` and that could be read. Empty lines are passed over.
///
/// # Errors
/// The file cannot be read, or lines were refused: how many, and the `shape` that they should have.
pub(super) fn answer<Q: DeserializeOwned, A: Serialize>(
    file: &Path,
    shape: &str,
    name: Option<&str>,
    answer: impl Fn(Q) -> Result<A, String>,
) -> Outcome {
    let input: Box<dyn BufRead> = match file.to_str() {
        Some("-") => Box::new(std::io::stdin().lock()),
        _ => Box::new(BufReader::new(File::open(file).map_err(|error| format!("{}: {error}", file.display()))?)),
    };
    let mut output = BufWriter::new(std::io::stdout().lock());
    let mut refused = 0_usize;
    for (index, line) in input.split(b'\n').enumerate() {
        let line = line.map_err(|error| format!("{}, line {}: {error}", file.display(), index + 1))?;
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        match read_json(line).and_then(&answer) {
            Ok(answer) => serde_json::to_writer(&mut output, &answer)?,
            Err(error) => {
                refused += 1;
                let mut refusal = json!({"error": error, "line": index + 1});
                let given =
                    name.and_then(|name| Some((name, serde_json::from_slice::<Value>(line).ok()?.get(name)?.clone())));
                if let (Some((name, given)), Some(refusal)) = (given, refusal.as_object_mut()) {
                    refusal.insert(name.to_owned(), given);
                }
                serde_json::to_writer(&mut output, &refusal)?;
            }
        }
        output.write_all(b"\n")?;
    }
    output.flush()?;
    match refused {
        0 => Ok(()),
        _ => Err(Box::<dyn Error>::from(format!(
            "lines refused: {refused}. Each has to be {shape}; see `error` in the answers"
        ))),
    }
}
