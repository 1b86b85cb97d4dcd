//! The pages of a form and their columns: what is shown, what is to be filled in, and how.

/// The language of a form's labels. What is filled in is understood in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Tongue {
    /// The one of two texts that is in this language.
    pub fn pick<T>(self, ja: T, en: T) -> T {
        match self {
            Self::Ja => ja,
            Self::En => en,
        }
    }
}

/// A label in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// In Japanese.
    pub ja: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Label {
    /// As it stands in a form of this language.
    pub fn of(self, tongue: Tongue) -> &'static str {
        tongue.pick(self.ja, self.en)
    }
}

const fn label(ja: &'static str, en: &'static str) -> Label {
    Label { ja, en }
}

/// A page: a sheet of the workbook.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// Its name to the program.
    pub key: &'static str,
    /// The sheet's name.
    pub name: Label,
    /// How it is filled in.
    pub hint: Label,
    /// Its columns, the first of which is the id.
    pub columns: &'static [Column],
    /// How many columns stay in sight.
    pub frozen: u16,
    /// How many lines of text a row has room for at least; it grows with what is written.
    pub room: usize,
}

/// A column of a page.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name to the program.
    pub key: &'static str,
    /// What stands above it.
    pub title: Label,
    /// How many half-width characters it is wide.
    pub width: u16,
    /// What stands in it.
    pub kind: Kind,
}

/// What stands in a column.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// What only the program reads.
    Hidden,
    /// What is only shown: `true` where it stands in the middle.
    Shown(bool),
    /// What is to be filled in.
    Filled(Entry),
}

/// What is to be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A figure, as [`crate::exchange::figure`] reads it.
    Figure,
    /// One of several: its word in the API and its label.
    Choice(&'static [(&'static str, Label)]),
    /// ○ or nothing.
    Mark,
    /// A day.
    Day,
    /// A text.
    Text,
}

const fn hidden(key: &'static str) -> Column {
    Column { key, title: label(key, key), width: 8, kind: Kind::Hidden }
}

const fn shown(key: &'static str, width: u16, ja: &'static str, en: &'static str) -> Column {
    Column { key, title: label(ja, en), width, kind: Kind::Shown(false) }
}

const fn centred(key: &'static str, width: u16, ja: &'static str, en: &'static str) -> Column {
    Column { key, title: label(ja, en), width, kind: Kind::Shown(true) }
}

const fn filled(key: &'static str, width: u16, ja: &'static str, en: &'static str, entry: Entry) -> Column {
    Column { key, title: label(ja, en), width, kind: Kind::Filled(entry) }
}

/// Why there is no figure.
const MISSING: &[(&str, Label)] = &[
    ("not_reported", label("未報告", "Not reported")),
    ("not_due", label("未到来", "Not due yet")),
    ("annual_only", label("年次のみ", "Once a year only")),
    ("not_measurable", label("測定不能", "Not measurable")),
    ("suppressed", label("秘匿", "Suppressed")),
];
/// Will the targets be met?
const OUTLOOK: &[(&str, Label)] = &[("achieve", label("達成", "Achieve")), ("miss", label("未達成", "Miss"))];
/// Do the activities go as scheduled?
const PROGRESS: &[(&str, Label)] =
    &[("on_schedule", label("順調", "On schedule")), ("behind", label("遅れ", "Behind"))];
/// How far an activity has come.
const STATES: &[(&str, Label)] = &[
    ("planned", label("未着手", "Planned")),
    ("in_progress", label("実施中", "In progress")),
    ("done", label("完了", "Done")),
    ("postponed", label("延期", "Postponed")),
    ("cancelled", label("中止", "Cancelled")),
];

/// The figures.
pub const ACTUALS: Page = Page {
    key: "actuals",
    name: label("実績", "Actuals"),
    hint: label(
        "色のついた欄に記入してください。実績は「記入する値」のとおりに。値がないときは実績を空けて理由を選びます（実績の欄に -、…、x と書いても読みます）。約3,000、▲12、15,000千円 のようにも書けます。空けたままの行は報告しません。「年度末の見込額」には、今年度の結果の見込みがあれば記入します。",
        "Fill in the coloured cells: the figure that \"To report\" names. Where there is none, leave it blank and choose why (-, … and x in its place are read as well). 約3,000, ▲12 and 15,000千円 are understood. A row that is left blank reports nothing. Where you expect a result of the year, enter it as its estimate.",
    ),
    columns: &[
        hidden("id"),
        hidden("subject"),
        centred("number", 8, "番号", "Number"),
        shown("initiative", 20, "具体的取組", "Initiative"),
        shown("indicator", 24, "指標", "Indicator"),
        shown("target", 22, "目標", "Target"),
        centred("unit", 7, "単位", "Unit"),
        shown("last_year", 13, "前年度の結果", "Last year"),
        shown("so_far", 19, "今年度の報告済み", "Reported so far"),
        shown("asked", 19, "記入する値", "To report"),
        filled("value", 13, "実績", "Figure", Entry::Figure),
        filled("missing", 12, "値がない理由", "Why there is none", Entry::Choice(MISSING)),
        filled("approximate", 6, "概数", "Approx.", Entry::Mark),
        filled("provisional", 6, "速報", "May change", Entry::Mark),
        filled("numerator", 11, "分子", "Numerator", Entry::Figure),
        filled("denominator", 12, "分母", "Denominator", Entry::Figure),
        filled("note", 26, "備考", "Note", Entry::Text),
        filled("estimate", 13, "年度末の見込額", "Estimate of the year", Entry::Figure),
    ],
    frozen: 4,
    room: 2,
};

/// What is declared.
pub const REVIEWS: Page = Page {
    key: "reviews",
    name: label("振り返り", "Reviews"),
    hint: label(
        "色のついた欄に記入してください。「未達成」または「遅れ」のときは、課題と改善策が必要です（欄が赤くなります）。「参考」は報告された数値と取組から計算したもので、申告はこれと違っていてもかまいません。",
        "Fill in the coloured cells. A declared miss or delay needs its issue and measure (the cell turns red). What is \"computed\" follows from the figures and activities that were reported; what you declare may differ.",
    ),
    columns: &[
        hidden("id"),
        centred("number", 8, "番号", "Number"),
        shown("initiative", 26, "具体的取組", "Initiative"),
        shown("targets", 30, "目標", "Targets"),
        centred("computed_outlook", 13, "参考\n目標達成見込", "Computed outlook"),
        centred("computed_progress", 13, "参考\n取組の進捗", "Computed progress"),
        filled("outlook", 11, "目標達成見込", "Outlook", Entry::Choice(OUTLOOK)),
        filled("progress", 11, "取組の進捗", "Progress", Entry::Choice(PROGRESS)),
        filled("results", 46, "取組実績", "What was done", Entry::Text),
        filled("issues_and_measures", 46, "課題と改善策", "Issue and measure", Entry::Text),
    ],
    frozen: 3,
    room: 4,
};

/// What is done.
pub const ACTIVITIES: Page = Page {
    key: "activities",
    name: label("主な取組", "Activities"),
    hint: label(
        "色のついた欄に記入してください。実施・状況を変えて「時点」を変えないときは、この様式の時点のものとします。",
        "Fill in the coloured cells. Where what is done or the state changes and the day does not, it is taken as of the day of this form.",
    ),
    columns: &[
        hidden("id"),
        centred("number", 8, "番号", "Number"),
        shown("initiative", 26, "具体的取組", "Initiative"),
        shown("title", 36, "主な取組", "Activity"),
        centred("due", 12, "期限", "Due"),
        centred("planned", 10, "年間の計画", "Planned"),
        shown("schedule", 20, "四半期の計画", "By quarter"),
        centred("unit", 7, "単位", "Unit"),
        filled("done", 10, "実施", "Done", Entry::Figure),
        filled("approximate", 6, "概数", "Approx.", Entry::Mark),
        filled("state", 11, "状況", "State", Entry::Choice(STATES)),
        filled("as_of", 13, "時点", "As of", Entry::Day),
        filled("note", 32, "備考", "Note", Entry::Text),
    ],
    frozen: 4,
    room: 1,
};

/// Every page, in their order.
pub const PAGES: [&Page; 3] = [&ACTUALS, &REVIEWS, &ACTIVITIES];

impl Column {
    /// What is to be filled in, where something is.
    pub fn entry(&self) -> Option<Entry> {
        match self.kind {
            Kind::Filled(entry) => Some(entry),
            Kind::Hidden | Kind::Shown(_) => None,
        }
    }
}

impl Page {
    /// A word of the API as it stands in a cell of a column.
    pub fn shown<'w>(&self, key: &str, word: &'w str, tongue: Tongue) -> &'w str {
        let column = self.columns.iter().find(|column| column.key == key);
        match column.and_then(Column::entry) {
            Some(Entry::Choice(choices)) => {
                choices.iter().find(|(known, _)| *known == word).map_or(word, |(_, label)| label.of(tongue))
            }
            Some(Entry::Mark) => "○",
            _ => word,
        }
    }

    /// Where a column stands, counted from 0.
    pub fn place(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ActivityState, MissingReason, Outlook, Progress};
    use crate::exchange::figure::missing_written;

    #[test]
    fn every_choice_is_a_whole_vocabulary_of_the_api() {
        let words = |choices: &[(&'static str, Label)]| choices.iter().map(|(word, _)| *word).collect::<Vec<_>>();
        assert_eq!(words(MISSING), MissingReason::WORDS);
        assert_eq!(words(OUTLOOK), Outlook::WORDS);
        assert_eq!(words(PROGRESS), Progress::WORDS);
        assert_eq!(words(STATES), ActivityState::WORDS);
        for reason in MissingReason::ALL {
            let written = MISSING.iter().find(|(word, _)| *word == reason.as_str()).map(|(_, label)| label.ja);
            assert_eq!(written, Some(missing_written(*reason)));
        }
    }

    #[test]
    fn columns_have_keys_of_their_own_and_choices_fit_into_a_list() {
        for page in PAGES {
            let mut keys: Vec<&str> = page.columns.iter().map(|column| column.key).collect();
            assert_eq!(keys.first(), Some(&"id"));
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), page.columns.len(), "{}", page.key);
        }
    }
}
