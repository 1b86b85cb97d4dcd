//! A figure as it stands in a cell: `1,150件`, `約3,000`, `▲12`, `15,000千円`, `55%`, or why there is none.

use super::sheet::Cell;
use crate::domain::fold::fold;
use crate::domain::{Bilingual, Decimal, MissingReason};

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Nothing.
    Blank,
    /// A figure.
    Value {
        /// The number.
        value: Decimal,
        /// The unit that it is written in, where one is written.
        unit: Option<String>,
        /// Whether it is approximate (約).
        approximate: bool,
    },
    /// Why there is none.
    Missing(MissingReason),
}

/// The marks and words for no figure. `-` says that there is nothing to report yet, `…` that there should be, `x` that it is
/// withheld.
const MISSING: [(&str, MissingReason); 19] = [
    ("-", MissingReason::NotDue),
    ("--", MissingReason::NotDue),
    ("ー", MissingReason::NotDue),
    ("未到来", MissingReason::NotDue),
    ("not_due", MissingReason::NotDue),
    ("...", MissingReason::NotReported),
    ("..", MissingReason::NotReported),
    ("・・・", MissingReason::NotReported),
    ("未報告", MissingReason::NotReported),
    ("not_reported", MissingReason::NotReported),
    ("x", MissingReason::Suppressed),
    ("χ", MissingReason::Suppressed),
    ("秘匿", MissingReason::Suppressed),
    ("suppressed", MissingReason::Suppressed),
    ("年1回", MissingReason::AnnualOnly),
    ("年次のみ", MissingReason::AnnualOnly),
    ("annual_only", MissingReason::AnnualOnly),
    ("測定不能", MissingReason::NotMeasurable),
    ("not_measurable", MissingReason::NotMeasurable),
];

/// A reason as it stands in an exported file.
pub fn missing_written(reason: MissingReason) -> &'static str {
    match reason {
        MissingReason::NotReported => "未報告",
        MissingReason::NotDue => "未到来",
        MissingReason::AnnualOnly => "年次のみ",
        MissingReason::NotMeasurable => "測定不能",
        MissingReason::Suppressed => "秘匿",
    }
}

/// The reason that a text names.
pub fn missing(text: &str) -> Option<MissingReason> {
    let folded = fold(text).to_lowercase();
    MISSING.iter().find(|(mark, _)| *mark == folded).map(|(_, reason)| *reason)
}

/// What a cell says.
///
/// # Errors
/// What is wrong with it.
pub fn read(cell: &Cell) -> Result<Reading, Bilingual> {
    match cell {
        Cell::Number { value, percent } => {
            Ok(Reading::Value { value: *value, unit: percent.then(|| "%".to_owned()), approximate: false })
        }
        Cell::Date(_) => Err(Bilingual::new(
            "日付になっています。セルの書式を数値にして、値を入れ直してください。",
            "It is a date. Format the cell as a number and enter the figure again.",
        )),
        Cell::Error(_) => Err(Bilingual::new(
            "計算式がエラーです。式を直すか、値を入れてください。",
            "The formula has an error. Correct it, or enter the figure.",
        )),
        Cell::Empty => Ok(Reading::Blank),
        Cell::Text(text) => written(text),
    }
}

fn written(text: &str) -> Result<Reading, Bilingual> {
    let folded = fold(text);
    if folded.is_empty() {
        return Ok(Reading::Blank);
    }
    if let Some(reason) = missing(&folded) {
        return Ok(Reading::Missing(reason));
    }
    let unreadable = || {
        Bilingual::new(
            "数値として読めません。例: 1,150、約3,000、▲12、15,000千円、55%。値がないときは -、…、x のいずれか。",
            "It cannot be read as a figure such as 1,150, 約3,000, ▲12, 15,000千円 or 55%; or, for none, -, … or x.",
        )
    };
    let about = ["約", "およそ", "おおよそ", "概ね", "ほぼ"].iter().find_map(|mark| folded.strip_prefix(mark));
    let rest = about.unwrap_or(&folded);
    let (rest, about) = match rest.strip_suffix("程度") {
        Some(rest) => (rest, true),
        None => (rest, about.is_some()),
    };
    let unsigned = rest.strip_prefix(['▲', '△', '-']);
    let plain = unsigned.or(rest.strip_prefix('+')).unwrap_or(rest);
    let end = plain.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(plain.len());
    let (digits, tail) = plain.split_at(end);
    let value: Decimal = ungrouped(digits).and_then(|digits| digits.parse().ok()).ok_or_else(unreadable)?;
    let (scale, unit) = scaled(tail);
    let value = value.times(Decimal::from(scale)).ok_or_else(unreadable)?;
    let value = if unsigned.is_some() { value.negated() } else { value };
    // A unit is a word: whatever has figures in it is something else.
    if unit.chars().any(|c| c.is_ascii_digit()) || unit.chars().count() > 10 {
        return Err(unreadable());
    }
    Ok(Reading::Value { value, unit: Some(unit.to_owned()).filter(|unit| !unit.is_empty()), approximate: about })
}

/// The digits without the commas between thousands; `None` where the commas stand elsewhere.
fn ungrouped(digits: &str) -> Option<String> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let sound = rest.iter().all(|group| group.len() == 3) && (rest.is_empty() || (1..=3).contains(&first.len()));
    (sound && !fraction.contains(',')).then(|| digits.replace(',', ""))
}

/// What a tail such as `万人` multiplies by, and the unit that is left. Units of money keep theirs.
fn scaled(tail: &str) -> (i64, &str) {
    if matches!(tail, "千円" | "万円" | "百万円" | "億円") {
        return (1, tail);
    }
    let scales = [("百万", 1_000_000), ("億", 100_000_000), ("万", 10_000), ("千", 1_000)];
    scales.iter().find_map(|(mark, scale)| Some((*scale, tail.strip_prefix(mark)?))).unwrap_or((1, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Result<Reading, Bilingual> {
        read(&Cell::Text(text.to_owned()))
    }

    #[test]
    fn figures_are_read_as_departments_write_them() {
        for (written, value, unit, approximate) in [
            ("1,150", "1150", None, false),
            ("１，１５０件", "1150", Some("件"), false),
            ("約3,000人", "3000", Some("人"), true),
            ("3,000人程度", "3000", Some("人"), true),
            ("▲12.5", "-12.5", None, false),
            ("△ 3", "-3", None, false),
            ("−3", "-3", None, false),
            ("15,000千円", "15000", Some("千円"), false),
            ("1.5万人", "15000", Some("人"), false),
            ("55％", "55", Some("%"), false),
            ("0", "0", None, false),
            ("①", "1", None, false),
        ] {
            let unit = unit.map(str::to_owned);
            assert_eq!(
                text(written),
                Ok(Reading::Value { value: value.parse().unwrap(), unit, approximate }),
                "{written}"
            );
        }
        for wrong in
            ["多数", "1,5", "1,2345", "12件34", "1.2.3", "=1+1", "1億2,000万円", "3〜5", "10以上20未満です。ほか"]
        {
            assert!(text(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn why_there_is_no_figure_is_never_zero() {
        for (written, reason) in [
            ("-", MissingReason::NotDue),
            ("－", MissingReason::NotDue),
            ("―", MissingReason::NotDue),
            ("…", MissingReason::NotReported),
            ("‥", MissingReason::NotReported),
            ("x", MissingReason::Suppressed),
            ("Ｘ", MissingReason::Suppressed),
        ] {
            assert_eq!(text(written), Ok(Reading::Missing(reason)), "{written}");
        }
        for reason in MissingReason::ALL {
            assert_eq!(missing(missing_written(*reason)), Some(*reason));
            assert_eq!(missing(reason.as_str()), Some(*reason));
        }
        assert_eq!(text(" 　"), Ok(Reading::Blank));
    }
}
