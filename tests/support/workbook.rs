//! A workbook that somebody edits: its cells are changed in place, and nothing else of it.

use std::io::{Cursor, Read, Write};

use mikomi::exchange::form::Filled;
use mikomi::exchange::{Contents, Format, open};

/// A form in the hands of whoever fills it in.
#[derive(Clone)]
pub struct Workbook {
    parts: Vec<(String, Vec<u8>)>,
}

impl Workbook {
    pub fn read(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let parts = (0..archive.len()).map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        });
        Self { parts: parts.collect() }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.parts {
            writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// All that is in it.
    pub fn text(&self) -> String {
        self.parts.iter().map(|(_, content)| String::from_utf8_lossy(content)).collect()
    }

    /// What the service reads of it.
    pub fn filled(&self) -> Filled {
        match open(Format::Xlsx, &self.bytes()).unwrap() {
            Contents::Form(filled) => filled,
            Contents::Table(_) => panic!("no form"),
        }
    }

    /// The XML of a sheet, counted from 1.
    pub fn sheet(&self, number: usize) -> String {
        let name = format!("xl/worksheets/sheet{number}.xml");
        let (_, content) = self.parts.iter().find(|(part, _)| *part == name).unwrap();
        String::from_utf8(content.clone()).unwrap()
    }

    fn replace(&mut self, number: usize, xml: String) {
        let name = format!("xl/worksheets/sheet{number}.xml");
        let (_, content) = self.parts.iter_mut().find(|(part, _)| *part == name).unwrap();
        *content = xml.into_bytes();
    }

    /// Enters something in a cell: a number where it is one, a text otherwise, nothing where it is empty.
    pub fn enter(&mut self, sheet: usize, cell: &str, text: &str) {
        let xml = self.sheet(sheet);
        let start = xml.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("{cell} is not there"));
        let open = start + xml[start..].find('>').unwrap();
        let end = match xml.as_bytes()[open - 1] {
            b'/' => open + 1,
            _ => start + xml[start..].find("</c>").unwrap() + 4,
        };
        let style = xml[start..open].split("s=\"").nth(1).map_or("0", |rest| rest.split('"').next().unwrap());
        let content = match text.parse::<f64>() {
            _ if text.is_empty() => format!("<c r=\"{cell}\" s=\"{style}\"/>"),
            Ok(_) => format!("<c r=\"{cell}\" s=\"{style}\"><v>{text}</v></c>"),
            Err(_) => {
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                format!(
                    "<c r=\"{cell}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
                )
            }
        };
        self.replace(sheet, format!("{}{content}{}", &xml[..start], &xml[end..]));
    }

    /// Enters something in the cell of a row of a page (`actuals`, `reviews`, `activities`), counted from 0, under a key.
    pub fn fill(&mut self, page: &str, row: usize, key: &str, text: &str) {
        let filled = self.filled();
        let row = filled.rows.iter().filter(|one| one.page.key == page).nth(row).expect("the row is there");
        let answer = row.answers.iter().find(|answer| answer.key == key).expect("the column is there");
        let cell = format!("{}{}", answer.place.0, row.row);
        let sheet = ["actuals", "reviews", "activities"].iter().position(|one| *one == page).unwrap() + 1;
        self.enter(sheet, &cell, text);
    }

    /// Lets two rows change places, as sorting does.
    pub fn swap(&mut self, sheet: usize, one: usize, other: usize) {
        let xml = self.sheet(sheet);
        let row = |number: usize| {
            let start = xml.find(&format!("<row r=\"{number}\"")).unwrap();
            let end = start + xml[start..].find("</row>").unwrap() + 6;
            (start, end)
        };
        let moved = |(start, end): (usize, usize), from: usize, to: usize| {
            let text = xml[start..end].replacen(&format!("<row r=\"{from}\""), &format!("<row r=\"{to}\""), 1);
            ('A'..='Z').fold(text, |text, letter| {
                text.replace(&format!("<c r=\"{letter}{from}\""), &format!("<c r=\"{letter}{to}\""))
            })
        };
        let (first, second) = (row(one), row(other));
        let xml = format!(
            "{}{}{}{}{}",
            &xml[..first.0],
            moved(second, other, one),
            &xml[first.1..second.0],
            moved(first, one, other),
            &xml[second.1..]
        );
        self.replace(sheet, xml);
    }
}
