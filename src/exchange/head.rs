//! The head of a table: which column says what, found by its words in any order, over one row or several.

use super::period::{self, Written};
use super::sheet::{Cell, MAX_COLUMNS, Sheet};
use crate::domain::Basis;
use crate::domain::fold::fold;

macro_rules! columns {
    ($($(#[$doc:meta])* $variant:ident = $member:literal, $title:literal, [$($name:literal),*];)+) => {
        /// What a column says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Column { $($(#[$doc])* $variant,)+ }

        impl Column {
            /// Every column, in the order in which they are written.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The member of a record that it fills.
            pub const fn member(self) -> &'static str {
                match self { $(Self::$variant => $member),+ }
            }

            /// What stands at its head in a file that is written.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            fn names(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$title, $member, $($name),*]),+ }
            }
        }
    };
}

columns! {
    /// Whose indicator it is: a national code.
    Organization = "organization", "組織コード", ["組織", "団体コード", "団体", "区コード", "全国地方公共団体コード"];
    /// The fiscal year.
    FiscalYear = "fiscal_year", "年度", ["会計年度", "year"];
    /// The number of the initiative.
    Number = "number", "取組番号", ["番号", "具体的取組番号", "取組no", "取組no.", "no", "no.", "initiative"];
    /// The name of the indicator.
    Indicator = "indicator", "指標", ["指標名", "指標名称", "指標項目"];
    /// The id of the indicator.
    IndicatorId = "indicator_id", "指標ID", [];
    /// The city-wide definition.
    CommonCode = "common_code", "共通コード", ["共通指標コード"];
    /// What stretch of time the figure speaks of.
    Basis = "basis", "集計", ["集計区分", "集計方法"];
    /// The period.
    Period = "period", "期間", ["四半期", "月", "時期", "対象期間"];
    /// The last day.
    AsOf = "as_of", "時点", ["基準日", "現在日", "date"];
    /// The figure.
    Value = "value", "実績", ["実績値", "値", "actual", "result"];
    /// Its unit.
    Unit = "unit", "単位", [];
    /// Why there is none.
    Missing = "missing", "値なしの理由", ["欠測理由"];
    /// Whether it is approximate.
    Approximate = "approximate", "概数", [];
    /// Whether it may still change.
    Provisional = "provisional", "速報", ["速報値"];
    /// What is above the line.
    Numerator = "numerator", "分子", [];
    /// What is below the line.
    Denominator = "denominator", "分母", [];
    /// How many answered.
    SampleSize = "sample_size", "回答数", ["標本数", "回答者数"];
    /// How it was measured.
    Method = "method", "測定方法", ["調査方法"];
    /// The first day.
    From = "from", "開始日", [];
    /// A note.
    Note = "note", "備考", ["摘要", "remarks"];
    /// Who reports it.
    Author = "author", "報告者", ["入力者"];
    /// Why it is corrected.
    Reason = "reason", "訂正理由", [];
}

/// What a column with figures says of all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Where it stands, counted from 0.
    pub column: usize,
    /// The period, where the head names one: the wide form.
    pub period: Option<Written>,
    /// What stretch of time, where the head says so.
    pub basis: Option<Basis>,
    /// The unit, where the head names one.
    pub unit: Option<String>,
}

/// The head of a table.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The first row below it, counted from 0.
    pub below: usize,
    /// The columns that say one thing each, but for the figures.
    pub columns: Vec<(Column, usize)>,
    /// The columns with figures.
    pub figures: Vec<Figures>,
    /// What stands above each column.
    pub titles: Vec<String>,
    /// The columns that are passed over, for they add up others.
    pub totals: Vec<usize>,
    /// The columns that say something that is not read.
    pub unread: Vec<usize>,
}

/// How many rows are searched for the head.
const SEARCHED: usize = 40;
/// Words that say that a column holds no results.
const NO_RESULTS: [&str; 9] = ["目標", "計画", "予算", "前年", "昨年", "達成率", "進捗率", "増減", "対比"];

impl Head {
    /// The head of a sheet; `None` where no row names both what the figures are about and the figures.
    pub fn find(sheet: &Sheet) -> Option<Self> {
        (0..sheet.rows.len().min(SEARCHED)).find_map(|first| {
            let heads = (1..=3).filter_map(|height| Self::of(sheet, first, height));
            // A further row belongs to it where it says more; the lowest that does.
            heads.reduce(|best, next| if next.known() > best.known() { next } else { best })
        })
    }

    /// How much it says: a column with figures says more where its period is known.
    fn known(&self) -> usize {
        let dated = self.figures.iter().filter(|one| one.period.is_some()).count();
        self.columns.len() + self.figures.len() + dated + self.totals.len()
    }

    fn of(sheet: &Sheet, first: usize, height: usize) -> Option<Self> {
        let rows = first..first + height;
        let width = rows.clone().filter_map(|row| sheet.rows.get(row)).map(Vec::len).max()?.min(MAX_COLUMNS);
        let mut head = Self { below: first + height, ..Self::default() };
        let mut above = String::new();
        for column in 0..width {
            let mut levels: Vec<String> = rows.clone().map(|row| title(sheet.cell(row, column))).collect();
            // In a text file what was merged stands above the first of its columns only.
            if let Some(top) = levels.first_mut() {
                if top.is_empty() { top.clone_from(&above) } else { above.clone_from(top) }
            }
            levels.dedup();
            levels.retain(|level| !level.is_empty());
            head.add(column, &levels);
            head.titles.push(levels.join(" "));
        }
        let about = |column| head.columns.iter().any(|(one, _)| *one == column);
        let known = about(Column::IndicatorId)
            || about(Column::CommonCode)
            || about(Column::Number) && about(Column::Indicator);
        // One word in a title is no head yet.
        let own_row = (0..width).filter(|column| !sheet.cell(first, *column).is_blank()).count() > 1;
        (known && own_row && !head.figures.is_empty()).then_some(head)
    }

    fn add(&mut self, column: usize, levels: &[String]) {
        let Some(last) = levels.last() else { return };
        let all = levels.concat();
        if NO_RESULTS.iter().any(|word| all.contains(word)) {
            return self.unread.push(column);
        }
        let parts: Vec<(String, Option<String>)> = levels.iter().map(|level| without_bracket(level)).collect();
        let (bare, _) = without_bracket(last);
        let named = Column::ALL.iter().find(|one| {
            let names = one.names();
            [last, &bare].iter().any(|text| names.iter().any(|name| fold(name).to_lowercase() == **text))
        });
        let mut figures = Figures { column, ..Figures::default() };
        for (_, within) in &parts {
            match within.as_deref() {
                Some(within) if period::basis(within).is_some() => figures.basis = period::basis(within),
                Some("実績" | "実績値") | None => {}
                Some(within) => figures.unit = Some(within.to_owned()),
            }
        }
        for (level, _) in &parts {
            let mut rest = level.as_str();
            for word in ["実績値", "実績", "値"] {
                rest = rest.strip_suffix(word).unwrap_or(rest);
            }
            let rest = match rest.strip_suffix("累計") {
                Some(rest) => {
                    figures.basis = Some(Basis::ToDate);
                    rest
                }
                None => rest,
            };
            figures.period = period::period(rest).or(figures.period);
        }
        match named {
            Some(Column::Value) => self.figures.push(figures),
            Some(one) if self.place(*one).is_none() => self.columns.push((*one, column)),
            Some(_) => self.unread.push(column),
            None if matches!(bare.as_str(), "合計" | "計" | "累計" | "年計" | "年度計" | "total") => {
                self.totals.push(column)
            }
            None if figures.period.is_some() => self.figures.push(figures),
            None => self.unread.push(column),
        }
    }

    /// Where a column stands.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.columns.iter().find(|(one, _)| *one == column).map(|(_, place)| *place)
    }

    /// What stands above a column.
    pub fn title(&self, column: usize) -> &str {
        self.titles.get(column).map(String::as_str).unwrap_or_default()
    }
}

fn title(cell: &Cell) -> String {
    match cell {
        Cell::Date(day) => {
            use chrono::Datelike;
            format!("{}月", day.month())
        }
        other => fold(&other.text()).to_lowercase(),
    }
}

/// A title and what stands in brackets at its end.
fn without_bracket(title: &str) -> (String, Option<String>) {
    match title.strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
        Some((bare, within)) if !bare.is_empty() => (bare.to_owned(), Some(within.to_owned())),
        _ => (title.to_owned(), None),
    }
}
