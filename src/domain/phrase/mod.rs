//! Targets as they are written.
mod answer;
mod grammar;
mod lex;
mod print;

pub use answer::{Context, Note, Parsed, PossibleReading};
pub use print::{canonical, print_en, print_ja};

use grammar::Parser;
use lex::Source;

/// The longest text that is read, in characters; what is longer goes to a person unread.
pub const LONGEST: usize = 4_096;

/// Reads a target text.
pub fn parse(text: &str, context: &Context<'_>) -> Parsed {
    if grammar::is_nothing(text) {
        return Parsed::new(crate::domain::Criterion::None {}, None, false, Vec::new());
    }
    let source = Source::new(text);
    let tokens = lex::tokens(&source, context.unit.map(str::trim).filter(|unit| !unit.is_empty()));
    let mut parser = Parser::new(&source, &tokens, context);
    let draft = parser.text();
    let (notes, review) = parser.said();
    Parsed::new(draft.main, draft.pair.map(|pair| *pair), review, notes)
}

#[cfg(test)]
mod tests;
