//! The page that lists what is understood, from the same table.

use std::fmt::Write;
use std::path::Path;

use super::super::canonical;
use super::table::{Line, Phrase, lines};

const TABLE: &str = include_str!("../../../../data/target-phrases.jsonl");

fn page() -> String {
    let mut page = "# What is understood of a target's text\n\n\
        Generated from `data/target-phrases.jsonl`, which the tests read too: every phrase below is read as the page says.\n\
        \"Given\" is what was known beside the text. ? marks what a person is asked about; the other reading stands behind it.\n"
        .to_owned();
    for line in lines(TABLE) {
        match line {
            Line::Heading { heading } => {
                let _ = write!(
                    page,
                    "\n## {} — {}\n\n| text | given | understood as | in English |\n|---|---|---|---|\n",
                    heading.ja, heading.en
                );
            }
            Line::Phrase(phrase) => {
                let words = canonical(&phrase.criterion);
                let asks = if phrase.needs_review { " ?" } else { "" };
                let others: String = phrase
                    .readings
                    .iter()
                    .filter(|reading| **reading != phrase.criterion)
                    .map(|reading| format!(" / {}", canonical(reading).ja))
                    .collect();
                let row = [&phrase.text, &given(&phrase), &format!("{}{asks}{others}", words.ja), &words.en]
                    .map(|cell| escaped(cell));
                let _ = writeln!(page, "| {} |", row.join(" | "));
            }
        }
    }
    page
}

fn given(phrase: &Phrase) -> String {
    let mut given = Vec::new();
    given.extend(phrase.unit.clone());
    given.extend(phrase.polarity.map(|polarity| polarity.as_str().replace('_', " ")));
    given.extend(phrase.fiscal_year.map(|year| format!("{year}年度")));
    given.join(", ")
}

fn escaped(cell: &str) -> String {
    cell.replace('|', "\\|").replace('\n', "<br>")
}

#[test]
fn the_page_lists_what_the_table_holds() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/target-phrases.md");
    let page = page();
    if std::env::var_os("WRITE_PAGE").is_some() {
        std::fs::write(&file, &page).expect("a writable page");
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == page,
        "docs/target-phrases.md is not what data/target-phrases.jsonl says; write it anew with \
         WRITE_PAGE=1 cargo test --lib domain::phrase::tests::page"
    );
}
