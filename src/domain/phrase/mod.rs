//! Targets as they are written.
mod answer;
mod grammar;
mod lex;
mod print;

pub use answer::{Context, Note, Parsed, PossibleReading};
pub use print::{canonical, print_en, print_ja};

use grammar::Parser;
use lex::Source;

use super::Criterion;

/// The longest text that is read, in bytes of UTF-8; what is longer goes to a person unread.
pub const LONGEST: usize = 16_384;

/// Reads a target text.
pub fn parse(text: &str, context: &Context<'_>) -> Parsed {
    measured(text, context).0
}

/// Reads a text, and says how many looks at tokens that took.
fn measured(text: &str, context: &Context<'_>) -> (Parsed, usize) {
    if grammar::is_nothing(text) {
        return (Parsed::new(Criterion::None {}, None, false, Vec::new()), 0);
    }
    if text.len() > LONGEST {
        let note = Note::new(
            format!("長すぎるため読み取りませんでした（{LONGEST}バイトまで）。"),
            format!("The text is too long to be read; at most {LONGEST} bytes are."),
        );
        return (Parsed::new(Criterion::Qualitative {}, None, true, vec![note]), 0);
    }
    let source = Source::new(text);
    let tokens = lex::tokens(&source, context.unit.map(str::trim).filter(|unit| !unit.is_empty()));
    let mut parser = Parser::new(&source, &tokens, context);
    let mut draft = parser.text();
    let unsound = |criterion: &Criterion| !criterion.faults().is_empty();
    if unsound(&draft.main) || draft.pair.as_ref().is_some_and(|pair| unsound(&pair.0) || unsound(&pair.1)) {
        draft = parser.in_words();
    }
    let looks = parser.looks();
    let (notes, review) = parser.said();
    (Parsed::new(draft.main, draft.pair.map(|pair| *pair), review, notes), looks)
}

#[cfg(test)]
mod tests;
