//! From a sheet to records: one for each figure, with everything that its row says.

use serde_json::{Map, Value, json};

use super::figure::{self, Reading};
use super::head::{Column, Figures, Head};
use super::period::{self, Written};
use super::sheet::{Cell, Flaw, Sheet, Unreadable};
use crate::domain::Bilingual;
use crate::domain::fold::{fold, fold_number};

/// A figure of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its row, counted from 1.
    pub row: usize,
    /// The column of the figure, counted from 0.
    pub column: usize,
    /// What the row says, by the names that the API uses.
    pub members: Map<String, Value>,
    /// The unit that the figure is written in, where one is written.
    pub unit: Option<String>,
    /// The months of the calendar that it speaks of, where these are written in place of a part of the fiscal year.
    pub months: Option<(u32, u32)>,
}

/// What a file holds.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The head.
    pub head: Head,
    /// The figures.
    pub records: Vec<Record>,
    /// What could not be read.
    pub flaws: Vec<Flaw>,
    /// What was passed over.
    pub notes: Vec<(&'static str, Bilingual)>,
}

/// The rows of the first sheet that has a head.
///
/// # Errors
/// [`Unreadable`] where none has.
pub fn read(sheets: &[Sheet]) -> Result<Table, Unreadable> {
    let found = sheets.iter().find_map(|sheet| Some((sheet, Head::find(sheet)?)));
    let (sheet, head) = found.ok_or_else(|| {
        Unreadable::new(
            "見出しの行が見つかりません。「取組番号」と「指標」（または「指標ID」「共通コード」）、および「実績」または「第1四半期」「4月」などの列が必要です。",
            "No row names the columns. There have to be 取組番号 and 指標 (or 指標ID, or 共通コード), and 実績 or columns such as 第1四半期 or 4月.",
        )
    })?;
    let mut reader =
        Reader { sheet, number: String::new(), totals: Vec::new(), blank: Vec::new(), table: Table::default() };
    for row in head.below..sheet.rows.len() {
        reader.row(&head, row);
    }
    let Reader { totals, blank, mut table, .. } = reader;
    table.note("rows_of_totals", &totals, "合計の行は読みません", "Rows of totals are passed over");
    table.note("rows_without_figures", &blank, "値のない行は読みません", "Rows without a figure are passed over");
    let titled = |columns: &[usize]| columns.iter().map(|column| head.title(*column).to_owned()).collect::<Vec<_>>();
    table.note("columns_of_totals", &titled(&head.totals), "合計の列は読みません", "Columns of totals are passed over");
    table.note("columns_not_read", &titled(&head.unread), "読まない列", "Columns that are not read");
    table.head = head;
    Ok(table)
}

impl Table {
    fn note(&mut self, code: &'static str, which: &[impl ToString], ja: &str, en: &str) {
        if which.is_empty() {
            return;
        }
        let mut named: Vec<String> = which.iter().take(20).map(ToString::to_string).collect();
        if which.len() > named.len() {
            named.push("…".to_owned());
        }
        self.notes
            .push((code, Bilingual::new(format!("{ja}: {}", named.join("、")), format!("{en}: {}", named.join(", ")))));
    }
}

struct Reader<'a> {
    sheet: &'a Sheet,
    /// The number of the rows above, which stands for those below it that have none.
    number: String,
    totals: Vec<usize>,
    blank: Vec<usize>,
    table: Table,
}

impl Reader<'_> {
    fn row(&mut self, head: &Head, row: usize) {
        let sheet = self.sheet;
        let cell = |column: Column| head.place(column).map(|place| sheet.cell(row, place));
        let text = |column: Column| cell(column).map(Cell::text).filter(|text| !text.is_empty());
        let Some(cells) = sheet.rows.get(row).filter(|cells| cells.iter().any(|cell| !cell.is_blank())) else { return };
        let total = |cell: &Cell| {
            matches!(
                fold(&cell.text()).to_lowercase().as_str(),
                "合計" | "計" | "小計" | "総計" | "総合計" | "total" | "subtotal"
            )
        };
        if cells.iter().find(|cell| !cell.is_blank()).is_some_and(total)
            || [Column::Number, Column::Indicator].iter().any(|one| cell(*one).is_some_and(total))
        {
            return self.totals.push(row + 1);
        }
        let reason = text(Column::Missing);
        if reason.is_none() && head.figures.iter().all(|one| sheet.cell(row, one.column).is_blank()) {
            return self.blank.push(row + 1);
        }
        match text(Column::Number) {
            Some(number) => self.number = number,
            None if text(Column::Indicator).is_none() => self.number.clear(),
            None => {}
        }
        let before = self.table.flaws.len();
        let shared = self.shared(head, row);
        let sound = self.table.flaws.len() == before;
        for figures in &head.figures {
            let flaws = self.table.flaws.len();
            let record = self.record(head, row, figures, &shared);
            // What is wrong with the row is said once; nothing of it is taken.
            if let Some(record) = record
                && self.table.flaws.len() == flaws
                && sound
            {
                self.table.records.push(record);
            }
        }
    }

    /// What the row says of each of its figures.
    fn shared(&mut self, head: &Head, row: usize) -> Map<String, Value> {
        let mut members = Map::new();
        for (column, place) in &head.columns {
            let cell = self.sheet.cell(row, *place);
            let read = match column {
                Column::Number => Ok((!self.number.is_empty()).then(|| json!(self.number))),
                _ if cell.is_blank() => Ok(None),
                _ => member(*column, cell),
            };
            let read = match (column, cell) {
                (Column::Number, Cell::Date(_)) if head.place(Column::IndicatorId).is_none() => {
                    Err(turned_into_a_date())
                }
                _ => read,
            };
            match read {
                Ok(Some(value)) => drop(members.insert(column.member().to_owned(), value)),
                Ok(None) => {}
                Err(message) => self.flaw(row, *place, "unreadable", message),
            }
        }
        // One name is enough, and the strictest counts; the others are for those who read the file.
        let known = |name: &str| members.contains_key(name);
        let others: &[&str] = match (known("indicator_id"), known("common_code")) {
            (true, _) => &["organization", "number", "common_code"],
            (false, true) => &["number", "indicator"],
            (false, false) => &[],
        };
        others.iter().for_each(|name| drop(members.shift_remove(*name)));
        members
    }

    fn flaw(&mut self, row: usize, column: usize, code: &'static str, message: Bilingual) {
        let received = self.sheet.cell(row, column).text();
        self.table.flaws.push(Flaw { row: row + 1, column, code, message, received });
    }

    fn record(&mut self, head: &Head, row: usize, figures: &Figures, shared: &Map<String, Value>) -> Option<Record> {
        let mut members = shared.clone();
        let unit = members.shift_remove("unit").and_then(|unit| unit.as_str().map(str::to_owned));
        let reading = match figure::read(self.sheet.cell(row, figures.column)) {
            Ok(reading) => reading,
            Err(message) => {
                self.flaw(row, figures.column, "unreadable_figure", message);
                return None;
            }
        };
        let mut record = Record { row: row + 1, column: figures.column, members: Map::new(), unit: None, months: None };
        match reading {
            // In the wide form a blank cell is a period that nobody speaks of.
            Reading::Blank if !members.contains_key("missing") => return None,
            Reading::Blank => {}
            Reading::Missing(reason) => drop(members.insert("missing".to_owned(), json!(reason))),
            Reading::Value { value, unit: own, approximate } => {
                members.insert("value".to_owned(), json!(value));
                if approximate {
                    members.insert("approximate".to_owned(), json!(true));
                }
                record.unit = own.or(unit).or_else(|| figures.unit.clone());
            }
        }
        if let Some(basis) = figures.basis.filter(|_| !members.contains_key("basis")) {
            members.insert("basis".to_owned(), json!(basis));
        }
        let period = match members.shift_remove("period").as_ref().and_then(Value::as_str) {
            Some(text) => match period::period(text) {
                Some(period) => Some(period),
                None => {
                    let place = head.place(Column::Period).unwrap_or(figures.column);
                    self.flaw(row, place, "unreadable", unknown_period());
                    return None;
                }
            },
            None => figures.period,
        };
        match period {
            Some(Written::Part(part)) => drop(members.insert("period".to_owned(), json!(part))),
            Some(Written::Months(first, last)) => record.months = Some((first, last)),
            None => {}
        }
        record.members = members;
        Some(record)
    }
}

/// What a cell says, as the API has it.
fn member(column: Column, cell: &Cell) -> Result<Option<Value>, Bilingual> {
    let text = cell.text();
    let number = || match figure::read(cell) {
        Ok(Reading::Value { value, .. }) => Ok(value),
        Ok(_) | Err(_) => Err(Bilingual::new("数値を入れてください。", "It has to be a number.")),
    };
    let day = || {
        let found = if let Cell::Date(day) = cell { Some(*day) } else { period::day(&text) };
        found.ok_or_else(|| {
            Bilingual::new(
                "日付として読めません。例: 2021/9/30、令和3年9月30日",
                "It is no day such as 2021/9/30 or 令和3年9月30日.",
            )
        })
    };
    Ok(Some(match column {
        Column::Organization => match text.bytes().all(|b| b.is_ascii_digit()) && text.len() == 5 {
            // A spreadsheet takes 011002 for a number.
            true => json!(format!("0{text}")),
            false => json!(fold(&text)),
        },
        Column::FiscalYear => json!(period::fiscal_year(&text).ok_or_else(|| {
            Bilingual::new(
                "年度として読めません。例: 2021、令和3年度",
                "It is no fiscal year such as 2021 or 令和3年度.",
            )
        })?),
        Column::Number => json!(fold_number(&text)),
        Column::Basis => json!(period::basis(&text).ok_or_else(|| {
            Bilingual::new(
                "期間、累計、時点、年度末見込のいずれかを入れてください。",
                "It has to be 期間, 累計, 時点 or 年度末見込.",
            )
        })?),
        Column::Period => match cell {
            Cell::Date(day) => {
                use chrono::Datelike;
                json!(format!("{}月", day.month()))
            }
            _ => json!(text),
        },
        Column::AsOf | Column::From => json!(day()?),
        Column::Missing => json!(figure::missing(&text).ok_or_else(|| {
            Bilingual::new(
                "未報告、未到来、年次のみ、測定不能、秘匿のいずれかを入れてください。",
                "It has to be 未報告, 未到来, 年次のみ, 測定不能 or 秘匿.",
            )
        })?),
        Column::Approximate | Column::Provisional => json!(yes_or_no(&text)?),
        Column::Numerator | Column::Denominator => json!(number()?),
        Column::SampleSize => {
            let whole = number()?.to_string().parse::<i64>();
            json!(whole.map_err(|_| Bilingual::new("整数を入れてください。", "It has to be a whole number."))?)
        }
        Column::Unit => json!(fold(&text)),
        Column::IndicatorId
        | Column::CommonCode
        | Column::Indicator
        | Column::Value
        | Column::Method
        | Column::Note
        | Column::Author
        | Column::Reason => json!(text),
    }))
}

/// Whether a mark is set.
///
/// # Errors
/// What would be one.
pub(super) fn yes_or_no(text: &str) -> Result<bool, Bilingual> {
    match fold(text).to_lowercase().as_str() {
        "○" | "〇" | "◯" | "1" | "true" | "yes" | "はい" | "有" | "約" | "概数" | "速報" | "速報値" => {
            Ok(true)
        }
        "×" | "0" | "false" | "no" | "いいえ" | "無" | "-" | "確報" | "確定" => Ok(false),
        _ => Err(Bilingual::new("○を入れるか、空欄にしてください。", "It has to be ○ or blank.")),
    }
}

fn turned_into_a_date() -> Bilingual {
    Bilingual::new(
        "番号が日付になっています。列の書式を文字列にして、番号を入れ直してください。",
        "The number has become a date. Format the column as text and enter the number again.",
    )
}

fn unknown_period() -> Bilingual {
    Bilingual::new(
        "期間として読めません。例: 第1四半期、Q1、4月、4〜6月、上半期、年間",
        "It is no period such as 第1四半期, Q1, 4月, 4〜6月, 上半期 or 年間.",
    )
}
