//! `mikomi parse`: what target texts ask for, one or a file of them.

use std::path::Path;

use super::{Outcome, lines, say};
use crate::api::Phrase;

/// Prints what one text asks for.
pub fn one(phrase: &Phrase) -> Outcome {
    Ok(say(&serde_json::to_string_pretty(&phrase.parsed())?)?)
}

/// Answers each line of a file with what its text asks for.
pub fn many(file: &Path) -> Outcome {
    let shape = r#"{"text": …, "unit"?, "polarity"?, "fiscal_year"?}"#;
    lines::answer(file, shape, None, |phrase: Phrase| Ok(phrase.parsed()))
}
