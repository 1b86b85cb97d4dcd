//! A form as a workbook: locked but for the cells to fill, with drop-downs, ready to print on A4.

use std::io::{Cursor, Read as _, Write as _};

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties,
    ExcelDateTime, Format, FormatAlign, FormatBorder, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::pages::{Column, Entry, Kind, PAGES, Page};
use super::{Form, HIDDEN, KNOWN, LAYOUT, Line, MARK};
use crate::exchange::sheet::{Cell, letters};
use crate::exchange::written::{Unwritable, spreadsheet_day};

/// The rows above the lines, counted from 0: the title, whose it is, how it is filled in, the keys, the head.
const TITLE: u32 = 0;
const SUBTITLE: u32 = 1;
const HINT: u32 = 2;
const KEYS: u32 = 3;
const HEAD: u32 = 4;
const BELOW: u32 = HEAD + 1;
/// A4 in the numbers of a spreadsheet.
const A4: u8 = 9;
/// A height in points for each line of text, and what is around it.
const LINE: f64 = 15.0;

/// The workbook.
///
/// # Errors
/// [`Unwritable`].
pub fn write(form: &Form) -> Result<Vec<u8>, Unwritable> {
    let file = workbook(form).map_err(|error| Unwritable::new(error.to_string()))?;
    growing(&file).map_err(|error| Unwritable::new(error.to_string()))
}

/// The same workbook with lines that grow with what is written into them: each has the height that its texts take, and not one that
/// somebody has chosen, which is what the crate says of every height.
fn growing(file: &[u8]) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file))?;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::with_capacity(file.len())));
    let options = zip::write::SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for index in 0..archive.len() {
        let mut part = archive.by_index(index)?;
        let name = part.name()?.into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content)?;
        if name.starts_with("xl/worksheets/sheet")
            && let Ok(xml) = std::str::from_utf8(&content)
        {
            content = without_chosen_heights(xml).into_bytes();
        }
        writer.start_file(name, options)?;
        writer.write_all(&content)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// The XML of a sheet whose lines have no chosen heights.
fn without_chosen_heights(xml: &str) -> String {
    let row = |text: &str| {
        let number = text.strip_prefix("r=\"").and_then(|rest| rest.split('"').next()?.parse::<u32>().ok());
        match (number, text.split_once('>')) {
            (Some(number), Some((tag, rest))) if number > BELOW => {
                format!("{}>{rest}", tag.replace(" customHeight=\"1\"", ""))
            }
            _ => text.to_owned(),
        }
    };
    xml.split("<row ").map(row).collect::<Vec<_>>().join("<row ")
}

fn workbook(form: &Form) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(year(form.days.0), 1, 1)?;
    let properties = DocProperties::new().set_title(&form.title).set_author("Mikomi").set_creation_datetime(&made);
    workbook.set_properties(&properties);
    let looks = Looks::new();
    for (page, lines) in PAGES.into_iter().zip(&form.lines) {
        let sheet = workbook.add_worksheet().set_name(page.name.of(form.tongue))?;
        PageWriter { form, page, lines, looks: &looks, sheet }.write()?;
    }
    hidden(workbook.add_worksheet(), form)?;
    workbook.save_to_buffer()
}

fn year(day: NaiveDate) -> u16 {
    u16::try_from(day.year()).unwrap_or(1900)
}

/// As much of a text that is only shown as a cell holds: 32,767 characters, less what [`PageWriter::shown`] puts behind it.
fn fitting(mut text: String) -> String {
    const LONGEST: usize = 32_000;
    if let Some((cut, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(cut);
        text.push('…');
    }
    text
}

/// How cells look.
struct Looks {
    title: Format,
    subtitle: Format,
    hint: Format,
    head: Format,
    head_to_fill: Format,
    text: Format,
    centred: Format,
    closed: Format,
    open: Format,
    wanting: Format,
    fraction: Format,
}

impl Looks {
    fn new() -> Self {
        let font = || Format::new().set_font_name("Meiryo UI").set_font_size(10);
        let lined = || {
            let border = font().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0x00BF_BFBF));
            border.set_align(FormatAlign::Top).set_text_wrap()
        };
        let head = |colour: u32| {
            let head = lined().set_bold().set_font_color(Color::White).set_background_color(Color::RGB(colour));
            head.set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter)
        };
        Self {
            title: font().set_bold().set_font_size(15),
            subtitle: font(),
            hint: font().set_font_color(Color::RGB(0x0059_5959)).set_align(FormatAlign::Top).set_text_wrap(),
            head: head(0x0044_546A),
            head_to_fill: head(0x00C5_5A11),
            text: lined().set_num_format("@"),
            centred: lined().set_num_format("@").set_align(FormatAlign::Center),
            closed: lined().set_background_color(Color::RGB(0x00ED_EDED)),
            open: lined().set_background_color(Color::RGB(0x00FF_F7DC)).set_unlocked(),
            wanting: Format::new().set_background_color(Color::RGB(0x00F8_CBAD)),
            fraction: Format::new().set_num_format("#,##0.0##########"),
        }
    }

    /// A cell to fill.
    fn entry(&self, entry: Entry, percent: bool) -> Format {
        let open = self.open.clone();
        match entry {
            // What is entered with a percent sign keeps it where no other format is set.
            Entry::Figure if percent => open,
            Entry::Figure => open.set_num_format("#,##0"),
            Entry::Choice(_) | Entry::Mark => open.set_align(FormatAlign::Center),
            Entry::Day => open.set_num_format("yyyy/m/d").set_align(FormatAlign::Center),
            // Whatever is entered stays a text: `1-1` no day, `=` no formula.
            Entry::Text => open.set_num_format("@"),
        }
    }
}

struct PageWriter<'a> {
    form: &'a Form,
    page: &'static Page,
    lines: &'a [Line],
    looks: &'a Looks,
    sheet: &'a mut Worksheet,
}

impl PageWriter<'_> {
    fn write(mut self) -> Result<(), XlsxError> {
        let tongue = self.form.tongue;
        self.above()?;
        for (column, at) in self.page.columns.iter().zip(0..) {
            self.sheet.write_string(KEYS, at, if at == 0 { self.page.key } else { column.key })?;
            let head = if column.entry().is_some() { &self.looks.head_to_fill } else { &self.looks.head };
            self.sheet.write_string_with_format(HEAD, at, column.title.of(tongue), head)?;
            self.sheet.set_column_width(at, f64::from(column.width))?;
            let nobodys = self.lines.iter().all(|line| line.closed.contains(&column.key));
            if column.kind == Kind::Hidden || column.entry().is_some() && nobodys && !self.lines.is_empty() {
                self.sheet.set_column_hidden(at)?;
            }
        }
        self.sheet.set_row_height(HEAD, 2.0 * LINE + 4.0)?.set_row_hidden(KEYS)?;
        for (line, row) in self.lines.iter().zip(BELOW..) {
            self.line(line, row)?;
        }
        self.rules()?;
        self.print()
    }

    fn above(&mut self) -> Result<(), XlsxError> {
        let first = self.visible();
        self.sheet.write_string_with_format(TITLE, first, &self.form.title, &self.looks.title)?;
        self.sheet.write_string_with_format(SUBTITLE, first, &self.form.subtitle, &self.looks.subtitle)?;
        let last = self.last();
        let hint = self.page.hint.of(self.form.tongue);
        self.sheet.merge_range(HINT, first, HINT, last, hint, &self.looks.hint)?;
        let width: u16 = self.page.columns.iter().filter(|one| one.kind != Kind::Hidden).map(|one| one.width).sum();
        self.sheet.set_row_height(TITLE, 24)?.set_row_height(HINT, LINE * lines_of(hint, width) + 3.0)?;
        Ok(())
    }

    /// The first column that is not hidden.
    fn visible(&self) -> u16 {
        let place = self.page.columns.iter().position(|column| column.kind != Kind::Hidden);
        place.and_then(|place| u16::try_from(place).ok()).unwrap_or_default()
    }

    fn last(&self) -> u16 {
        u16::try_from(self.page.columns.len().saturating_sub(1)).unwrap_or_default()
    }

    /// The row of the last line.
    fn bottom(&self) -> u32 {
        HEAD + u32::try_from(self.lines.len()).unwrap_or_default()
    }

    fn line(&mut self, line: &Line, row: u32) -> Result<(), XlsxError> {
        let mut height = self.page.room as f64;
        for (column, at) in self.page.columns.iter().zip(0..) {
            match column.kind {
                Kind::Hidden if at == 0 => drop(self.sheet.write_string(row, at, &line.id)?),
                Kind::Hidden => self.shown(line, column, row, at, &Format::new())?,
                Kind::Shown(in_the_middle) => {
                    let look = if in_the_middle { &self.looks.centred } else { &self.looks.text };
                    self.shown(line, column, row, at, look)?;
                }
                Kind::Filled(_) if line.closed.contains(&column.key) => {
                    self.sheet.write_blank(row, at, &self.looks.closed)?;
                }
                Kind::Filled(entry) => self.known(line, column, entry, row, at)?,
            }
            if column.kind != Kind::Hidden {
                let known = line.known.get(column.key).cloned();
                let text = known.or_else(|| line.shown.get(column.key).map(Cell::text)).unwrap_or_default();
                height = height.max(lines_of(&text, column.width));
            }
        }
        self.sheet.set_row_height(row, LINE * height.min(26.0) + 3.0)?;
        Ok(())
    }

    fn shown(&mut self, line: &Line, column: &Column, row: u32, at: u16, look: &Format) -> Result<(), XlsxError> {
        match line.shown.get(column.key) {
            None | Some(Cell::Empty) => self.sheet.write_blank(row, at, look)?,
            Some(cell) => {
                // A row grows with its texts; empty lines in one that nobody writes keep it tall enough to write in.
                let text = cell.text();
                let lines = if column.key == "initiative" { self.page.room } else { 0 };
                let empty = "\n".repeat(lines.saturating_sub(text.lines().count()));
                self.sheet.write_string_with_format(row, at, fitting(text) + &empty, look)?
            }
        };
        Ok(())
    }

    fn known(&mut self, line: &Line, column: &Column, entry: Entry, row: u32, at: u16) -> Result<(), XlsxError> {
        let look = self.looks.entry(entry, line.percent);
        let Some(known) = line.known.get(column.key) else {
            self.sheet.write_blank(row, at, &look)?;
            return Ok(());
        };
        match entry {
            Entry::Figure => match known.parse::<f64>() {
                // A spreadsheet keeps 15 digits of a number; a text keeps all.
                Ok(number) if known.bytes().filter(u8::is_ascii_digit).count() <= 15 => {
                    self.sheet.write_number_with_format(row, at, number, &look)?
                }
                _ => self.sheet.write_string_with_format(row, at, known, &look)?,
            },
            Entry::Choice(choices) => {
                let label = choices.iter().find(|(word, _)| word == known).map(|(_, label)| label.of(self.form.tongue));
                self.sheet.write_string_with_format(row, at, label.unwrap_or(known), &look)?
            }
            Entry::Mark => self.sheet.write_string_with_format(row, at, "○", &look)?,
            Entry::Day => match known.parse().ok().and_then(spreadsheet_day) {
                Some(day) => self.sheet.write_datetime_with_format(row, at, &day, &look)?,
                None => self.sheet.write_string_with_format(row, at, known, &look)?,
            },
            Entry::Text => self.sheet.write_string_with_format(row, at, known, &look)?,
        };
        Ok(())
    }

    /// What may be entered where, and what reminds of what is missing.
    fn rules(&mut self) -> Result<(), XlsxError> {
        let bottom = self.bottom();
        if bottom < BELOW {
            return Ok(());
        }
        for (column, at) in self.page.columns.iter().zip(0..) {
            let Some(entry) = column.entry() else { continue };
            if let Some(rule) = self.rule(entry)? {
                self.sheet.add_data_validation(BELOW, at, bottom, at, &rule)?;
            }
            if entry == Entry::Figure {
                let cell = format!("{}{}", letters(usize::from(at)), BELOW + 1);
                let fraction = ConditionalFormatFormula::new()
                    .set_rule(format!("=AND(ISNUMBER({cell}),INT({cell})<>{cell})").as_str())
                    .set_format(&self.looks.fraction);
                self.sheet.add_conditional_format(BELOW, at, bottom, at, &fraction)?;
            }
        }
        let place = |key: &str| self.page.place(key).map(|place| (letters(place), u16::try_from(place)));
        let found = (place("outlook"), place("progress"), place("issues_and_measures"));
        if let (Some((outlook, _)), Some((progress, _)), Some((issues, Ok(at)))) = found {
            let row = BELOW + 1;
            let label = |key: &str, word: &'static str| self.page.shown(key, word, self.form.tongue);
            let (miss, behind) = (label("outlook", "miss"), label("progress", "behind"));
            let rule =
                format!("=AND(OR(${outlook}{row}=\"{miss}\",${progress}{row}=\"{behind}\"),TRIM(${issues}{row})=\"\")");
            let wanting = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(&self.looks.wanting);
            self.sheet.add_conditional_format(BELOW, at, bottom, at, &wanting)?;
        }
        Ok(())
    }

    /// What may be entered. What is no number is asked about and not refused: `約3,000` and `-` are read as well.
    fn rule(&self, entry: Entry) -> Result<Option<DataValidation>, XlsxError> {
        let tongue = self.form.tongue;
        let rule = match entry {
            Entry::Figure => DataValidation::new()
                .allow_decimal_number(DataValidationRule::Between(-1e15, 1e15))
                .set_error_style(DataValidationErrorStyle::Warning)
                .set_error_title(tongue.pick("数値ではありません", "Not a number"))?
                .set_error_message(tongue.pick(
                    "約3,000、▲12、15,000千円 のような書き方と、値がないときの -、…、x は、そのまま読みます。このままでよいですか？",
                    "What is written like 約3,000, ▲12 or 15,000千円, and -, … or x where there is none, is read as it is. Keep it?",
                ))?,
            Entry::Choice(choices) => {
                let labels: Vec<&str> = choices.iter().map(|(_, label)| label.of(tongue)).collect();
                DataValidation::new()
                    .allow_list_strings(&labels)?
                    .set_error_title(tongue.pick("一覧から選んでください", "Choose from the list"))?
                    .set_error_message(labels.join(tongue.pick("、", ", ")))?
            }
            Entry::Mark => DataValidation::new()
                .allow_list_strings(&["○"])?
                .set_error_title(tongue.pick("○ か空欄です", "○ or blank"))?,
            Entry::Day => {
                let (first, last) = self.form.days;
                let day = |day: NaiveDate| ExcelDateTime::from_ymd(year(day), day.month() as u8, day.day() as u8);
                DataValidation::new()
                    .allow_date(DataValidationRule::Between(day(first)?, day(last)?))
                    .set_error_style(DataValidationErrorStyle::Warning)
                    .set_error_title(tongue.pick("年度の日付ではありません", "Not a day of the fiscal year"))?
                    .set_error_message(format!("{first} – {last}"))?
            }
            Entry::Text => return Ok(None),
        };
        Ok(Some(rule))
    }

    fn print(self) -> Result<(), XlsxError> {
        let options =
            ProtectionOptions { format_cells: true, format_columns: true, format_rows: true, ..Default::default() };
        let (first, last) = (self.visible(), self.last());
        let bottom = self.bottom();
        self.sheet
            .set_freeze_panes(BELOW, self.page.frozen)?
            .set_paper_size(A4)
            .set_landscape()
            .set_margins(0.4, 0.4, 0.5, 0.5, 0.2, 0.25)
            .set_print_fit_to_pages(1, 0)
            .set_print_area(TITLE, first, bottom, last)?
            .set_repeat_rows(HEAD, HEAD)?
            .set_footer("&L&A&R&P / &N")
            .protect_with_options(&options);
        Ok(())
    }
}

/// About how many lines a text takes in a column of so many half-width characters.
fn lines_of(text: &str, width: u16) -> f64 {
    let room = usize::from(width).saturating_sub(1).max(1);
    let taken = |line: &str| {
        let wide: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        wide.div_ceil(room).max(1)
    };
    text.lines().map(taken).sum::<usize>().max(1) as f64
}

/// The sheet that only the program reads: whose form it is, and what its cells hold.
fn hidden(sheet: &mut Worksheet, form: &Form) -> Result<(), XlsxError> {
    sheet.set_name(HIDDEN)?.set_very_hidden(true);
    sheet.write_string(0, 0, MARK)?.write_string(0, 1, LAYOUT)?;
    let mut row = 1;
    for (name, value) in &form.identity {
        sheet.write_string(row, 0, *name)?.write_string(row, 1, value)?;
        row += 1;
    }
    for (at, title) in (0..).zip(KNOWN) {
        sheet.write_string(row, at, title)?;
    }
    for (page, lines) in PAGES.into_iter().zip(&form.lines) {
        for line in lines {
            for (key, known) in &line.known {
                row += 1;
                for (at, text) in (0..).zip([page.key, &line.id, key, known]) {
                    sheet.write_string(row, at, text)?;
                }
            }
        }
    }
    sheet.protect();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_as_many_lines_as_its_column_makes_of_it() {
        for (text, width, expected) in [("", 10, 1.0), ("あいうえ", 9, 1.0), ("あいうえお", 9, 2.0), ("a\nb", 9, 2.0)]
        {
            assert_eq!(lines_of(text, width), expected, "{text}");
        }
    }
}
