//! A form that comes back: what its cells say, and what they held when it was made.

use std::collections::HashMap;

use super::pages::{Column, Entry, Kind, PAGES, Page};
use super::{HIDDEN, KNOWN, LAYOUT, MARK};
use crate::domain::fold::fold;
use crate::domain::{Bilingual, Decimal, MissingReason};
use crate::exchange::figure::{self, Reading};
use crate::exchange::sheet::{Cell, Sheet, Unreadable, letters};
use crate::exchange::{period, records};

/// How many rows are searched for the keys of a page.
const SEARCHED: usize = 40;

/// A form as it came back.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    /// What its hidden sheet says of it, by name.
    pub identity: HashMap<String, String>,
    /// Its rows, page by page.
    pub rows: Vec<FilledRow>,
}

/// A row of a form.
#[derive(Debug, Clone)]
pub struct FilledRow {
    /// On which page.
    pub page: &'static Page,
    /// What that sheet is called.
    pub sheet: String,
    /// Counted from 1.
    pub row: usize,
    /// What it is about.
    pub id: String,
    /// What its other hidden cells say, by the keys of their columns.
    pub hidden: HashMap<&'static str, String>,
    /// What is filled in, in the order of the columns.
    pub answers: Vec<Answer>,
}

/// What stands in a cell to fill.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The key of its column.
    pub key: &'static str,
    /// The letters of its column and what stands at its head.
    pub place: (String, String),
    /// What stands there, as it is shown.
    pub written: String,
    /// What it held when the form was made, in the words of the API.
    pub known: Option<String>,
    /// What it says, or why that cannot be read.
    pub said: Result<Said, Bilingual>,
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    Nothing,
    /// A figure.
    Figure {
        /// The number.
        value: Decimal,
        /// The unit that it is written in, where one is written.
        unit: Option<String>,
        /// Whether it is approximate (約).
        approximate: bool,
    },
    /// Why there is no figure.
    Missing(MissingReason),
    /// A word of the API, a day as it writes one, a text.
    Word(String),
}

impl Answer {
    /// Whether it says something else than when the form was made.
    pub fn is_touched(&self) -> bool {
        match &self.said {
            Err(_) => self.known.as_deref() != Some(self.written.as_str()),
            Ok(Said::Nothing) => self.known.is_some(),
            Ok(Said::Figure { value, unit, approximate }) => {
                let known = self.known.as_deref().and_then(|known| known.parse::<Decimal>().ok());
                *approximate || unit.is_some() || known != Some(*value)
            }
            Ok(Said::Missing(_)) => true,
            Ok(Said::Word(word)) => self.known.as_deref().map(plain).as_deref() != Some(word.as_str()),
        }
    }
}

impl Filled {
    /// What the sheets of a workbook say that has the hidden sheet of a form.
    ///
    /// # Errors
    /// [`Unreadable`] where that sheet is no such sheet, or one of another layout.
    pub fn read(sheets: &[Sheet]) -> Result<Self, Unreadable> {
        let hidden = sheets.iter().find(|sheet| sheet.name == HIDDEN);
        let hidden = hidden.filter(|sheet| sheet.cell(0, 0).text() == MARK && sheet.cell(0, 1).text() == LAYOUT);
        let hidden = hidden.ok_or_else(|| {
            Unreadable::new(
                "様式の隠しシートを読めません。様式を取得し直してください。",
                "The hidden sheet of the form cannot be read. Get the form anew.",
            )
        })?;
        let text = |row: usize, column: usize| hidden.cell(row, column).text();
        let keys = (1..hidden.rows.len()).find(|row| (0..).zip(KNOWN).all(|(at, title)| text(*row, at) == title));
        let below = keys.unwrap_or(hidden.rows.len());
        let identity = (1..below).map(|row| (text(row, 0), text(row, 1))).collect();
        let known = (below + 1..hidden.rows.len())
            .map(|row| ((text(row, 0), text(row, 1), text(row, 2)), plain(&text(row, 3))))
            .collect();
        let reader = Reader { known };
        let seen: Vec<&Sheet> = sheets.iter().filter(|sheet| sheet.name != HIDDEN).collect();
        let rows = PAGES.iter().flat_map(|page| seen.iter().flat_map(|sheet| reader.page(page, sheet))).collect();
        Ok(Self { identity, rows })
    }
}

struct Reader {
    /// What the cells held, by page, row and column.
    known: HashMap<(String, String, String), String>,
}

impl Reader {
    fn page(&self, page: &'static Page, sheet: &Sheet) -> Vec<FilledRow> {
        let keys = (0..sheet.rows.len().min(SEARCHED)).find(|row| sheet.cell(*row, 0).text() == page.key);
        let Some(keys) = keys else { return Vec::new() };
        let cells = sheet.rows.get(keys).map(Vec::as_slice).unwrap_or_default();
        let place = |column: &Column| {
            let place = cells.iter().position(|cell| cell.text() == column.key)?;
            Some((place, (letters(place), sheet.cell(keys + 1, place).text())))
        };
        let places: Vec<_> = page.columns.iter().skip(1).filter_map(|column| Some((column, place(column)?))).collect();
        let row = |row: usize| {
            let id = sheet.cell(row, 0).text();
            let answer = |column: &'static Column, at: usize, place: &(String, String)| {
                let cell = sheet.cell(row, at);
                let known = self.known.get(&(page.key.to_owned(), id.clone(), column.key.to_owned())).cloned();
                let said = said(column.entry()?, cell);
                Some(Answer { key: column.key, place: place.clone(), written: plain(&cell.text()), known, said })
            };
            let answers: Vec<Answer> =
                places.iter().filter_map(|(column, (at, place))| answer(column, *at, place)).collect();
            let hidden = places
                .iter()
                .filter(|(column, _)| column.kind == Kind::Hidden)
                .map(|(column, (at, _))| (column.key, sheet.cell(row, *at).text()))
                .collect();
            FilledRow { page, sheet: sheet.name.clone(), row: row + 1, id: id.clone(), hidden, answers }
        };
        (keys + 2..sheet.rows.len())
            .map(row)
            .filter(|row| !row.id.is_empty() || row.answers.iter().any(|answer| !answer.written.is_empty()))
            .collect()
    }
}

/// A text as it is compared: a spreadsheet writes its line breaks as it likes.
pub fn plain(text: &str) -> String {
    text.trim().replace("\r\n", "\n").replace('\r', "\n")
}

fn said(entry: Entry, cell: &Cell) -> Result<Said, Bilingual> {
    if let Cell::Error(_) = cell {
        return Err(Bilingual::new("計算式がエラーです。", "The formula has an error."));
    }
    if cell.is_blank() {
        return Ok(Said::Nothing);
    }
    let text = plain(&cell.text());
    match entry {
        Entry::Figure => Ok(match figure::read(cell)? {
            Reading::Blank => Said::Nothing,
            Reading::Value { value, unit, approximate } => Said::Figure { value, unit, approximate },
            Reading::Missing(reason) => Said::Missing(reason),
        }),
        Entry::Choice(choices) => {
            let folded = fold(&text).to_lowercase();
            let same = |text: &str| fold(text).to_lowercase() == folded;
            let found = choices.iter().find(|(word, label)| same(word) || same(label.ja) || same(label.en));
            found.map(|(word, _)| Said::Word((*word).to_owned())).ok_or_else(|| {
                let labels = |english: bool| {
                    let labels = choices.iter().map(|(_, label)| if english { label.en } else { label.ja });
                    labels.collect::<Vec<_>>().join(if english { ", " } else { "、" })
                };
                Bilingual::new(
                    format!("{}のいずれかを選んでください。", labels(false)),
                    format!("Choose one of: {}.", labels(true)),
                )
            })
        }
        Entry::Mark => Ok(if records::yes_or_no(&text)? { Said::Word("true".to_owned()) } else { Said::Nothing }),
        Entry::Day => {
            let day = if let Cell::Date(day) = cell { Some(*day) } else { period::day(&text) };
            day.map(|day| Said::Word(day.to_string())).ok_or_else(|| {
                Bilingual::new(
                    "日付として読めません。例: 2021/9/30、令和3年9月30日",
                    "It is no day such as 2021/9/30 or 令和3年9月30日.",
                )
            })
        }
        Entry::Text => Ok(Said::Word(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Form, Line, Tongue, write};
    use super::*;
    use crate::exchange::{Contents, Format, open};

    fn form(tongue: Tongue) -> Form {
        let line = |id: &str, known: &[(&'static str, &str)]| Line {
            id: id.to_owned(),
            known: known.iter().map(|(key, text)| (*key, (*text).to_owned())).collect(),
            ..Line::default()
        };
        Form {
            tongue,
            title: "=様式".to_owned(),
            subtitle: "福祉課".to_owned(),
            identity: vec![("submission", "s-1".to_owned())],
            days: ("2021-04-01".parse().unwrap(), "2022-03-31".parse().unwrap()),
            lines: [
                vec![
                    line("t-1", &[("value", "12.5"), ("approximate", "true"), ("note", "=1+1\n2行目")]),
                    line("t-2", &[]),
                ],
                vec![line("i-1", &[("outlook", "miss"), ("results", "@a")])],
                vec![line("a-1", &[("done", "123456789012345678"), ("state", "done"), ("as_of", "2021-09-30")])],
            ],
        }
    }

    #[test]
    fn what_was_written_comes_back_untouched_in_either_language() {
        for tongue in [Tongue::Ja, Tongue::En] {
            let file = write(&form(tongue)).unwrap();
            assert_eq!(file, write(&form(tongue)).unwrap(), "the same form is the same file");
            let Contents::Form(filled) = open(Format::Xlsx, &file).unwrap() else { panic!("no form") };
            assert_eq!(filled.identity["submission"], "s-1");
            let ids: Vec<&str> = filled.rows.iter().map(|row| row.id.as_str()).collect();
            assert_eq!(ids, ["t-1", "t-2", "i-1", "a-1"]);
            for row in &filled.rows {
                for answer in &row.answers {
                    assert!(answer.said.is_ok() && !answer.is_touched(), "{tongue:?} {} {answer:?}", row.id);
                }
            }
            let first = &filled.rows[0].answers[0];
            assert_eq!((first.key, first.place.0.as_str(), first.written.as_str()), ("value", "K", "12.5"));
        }
    }

    #[test]
    fn what_people_write_is_understood_in_both_languages() {
        let choice = |key: &str, text: &str| {
            let column = PAGES.iter().flat_map(|page| page.columns).find(|column| column.key == key).unwrap();
            said(column.entry().unwrap(), &Cell::Text(text.to_owned()))
        };
        let word = |text: &str| Ok(Said::Word(text.to_owned()));
        for (key, text, expected) in [
            ("outlook", "未達成", word("miss")),
            ("outlook", " achieve ", word("achieve")),
            ("progress", "On schedule", word("on_schedule")),
            ("state", "完了", word("done")),
            ("as_of", "令和3年９月30日", word("2021-09-30")),
            ("approximate", "◯", word("true")),
            ("approximate", "×", Ok(Said::Nothing)),
            ("value", "…", Ok(Said::Missing(MissingReason::NotReported))),
        ] {
            assert_eq!(choice(key, text), expected, "{key} {text}");
        }
        for (key, text) in [("outlook", "たぶん"), ("as_of", "9月末"), ("value", "多数"), ("approximate", "少し")]
        {
            assert!(choice(key, text).is_err(), "{key} {text}");
        }
    }
}
