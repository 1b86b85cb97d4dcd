//! The first reading of target texts: a plain amount with or without a comparator, all of something, something to be done.
//!
//! A text is cut into tokens, and a criterion comes out only when a rule of the small grammar below consumes every one of them. What
//! it does not understand to the last token, above all what refers to other figures or holds two amounts, is left to a person:
//! a wrong confident answer is worse than asking.
//!
//! ```text
//! target    = threshold | universe | milestone
//! threshold = [延べ] number [unit] [以上 | 以下 | 以内 | 未満 | 超]
//! universe  = 全 [number] unit | number unit      (the number is all there are)
//! milestone = word that ends in an action: 計画の策定
//! ```

mod tokens;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::tokens::{Token, tokens};
use super::criterion::{Aggregation, Comparator, Criterion, unit_factor, yen};
use super::{Bilingual, Decimal, Measure};

/// What is known of a target beside its text.
#[derive(Debug, Clone, Copy)]
pub struct Hints<'a> {
    /// The unit in which the indicator counts; `None` or empty when it has none.
    pub unit: Option<&'a str>,
    /// How the year's result is made.
    pub measure: Measure,
    /// How many there are, for "all of them".
    pub universe: Option<Decimal>,
}

/// What was understood of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reading {
    /// The criterion, when the whole text was understood.
    pub criterion: Option<Criterion>,
    /// Whether a person has to look at it.
    pub needs_review: bool,
    /// What was assumed, converted or not understood.
    pub notes: Vec<Bilingual>,
}

/// What is counted, of which a text may speak when the indicator has no unit.
const COUNTERS: [&str; 22] = [
    "%", "件", "回", "人", "名", "箇所", "か所", "カ所", "ヶ所", "校", "区", "地域", "団体", "施設", "点", "社",
    "世帯", "台", "店", "棟", "講座", "校下",
];

/// What somebody does and is then done with. An improvement (向上, 推進) never is, and is no milestone.
const ACTIONS: [&str; 18] = [
    "策定", "実施", "開催", "設置", "作成", "公表", "完了", "導入", "開設", "制定", "改定", "締結", "設立", "開始",
    "配布", "発行", "決定", "選定",
];

/// Words by which a text refers to a figure that it does not state.
const REFERENCES: [&str; 11] =
    ["前年", "昨年", "前回", "前期", "同時期", "同期", "過去", "平均", "年度比", "当初", "現状"];

/// Reads a target text.
///
/// ```
/// use mikomi::domain::Measure;
/// use mikomi::domain::criterion::{Comparator, Criterion};
/// use mikomi::domain::reading::{Hints, read};
/// let hints = Hints { unit: Some("%"), measure: Measure::Latest, universe: None };
/// let reading = read("５５％以上", &hints);
/// assert_eq!(reading.criterion, Some(Criterion::constant(Some(Comparator::Gte), 55.into(), Some("%"))));
/// assert!(read("前年度以上", &hints).needs_review);
/// ```
pub fn read(text: &str, hints: &Hints<'_>) -> Reading {
    let mut notes = Vec::new();
    match criterion(text, hints, &mut notes) {
        Ok(criterion) => {
            let sure =
                !matches!(criterion, Criterion::Universe { total: None, .. }) && !notes.iter().any(is_assumption);
            Reading {
                criterion: Some(criterion),
                needs_review: !sure,
                notes: notes.into_iter().map(Note::into_text).collect(),
            }
        }
        Err(why) => Reading { criterion: None, needs_review: true, notes: vec![why] },
    }
}

/// Something to say beside a criterion.
enum Note {
    /// The reading rests on it, so a person has to look.
    Assumed(Bilingual),
    /// Worth knowing.
    Said(Bilingual),
}

impl Note {
    fn into_text(self) -> Bilingual {
        match self {
            Self::Assumed(text) | Self::Said(text) => text,
        }
    }
}

fn is_assumption(note: &Note) -> bool {
    matches!(note, Note::Assumed(_))
}

fn criterion(text: &str, hints: &Hints<'_>, notes: &mut Vec<Note>) -> Result<Criterion, Bilingual> {
    if REFERENCES.iter().any(|word| text.contains(word)) {
        return Err(Bilingual::new(
            "ほかの数値を参照する目標は、まだ読み取れません。",
            "The text refers to other figures, which is not read yet.",
        ));
    }
    let Some(tokens) = tokens(text) else {
        return Err(Bilingual::new(
            "数の書き方が読み取れません。",
            "A number in the text is not written in a way that is read.",
        ));
    };
    match tokens.as_slice() {
        [Token::Word(action)] if hints.measure == Measure::Milestone => milestone(action, text),
        _ if hints.measure == Measure::Milestone => Err(Bilingual::new(
            "実施したかどうかの指標に、数量の目標が書かれています。",
            "The indicator is about something done or not done, and the text states a quantity.",
        )),
        [Token::AllOf, Token::Word(unit)] => universe(None, unit, hints, notes),
        [Token::AllOf, Token::Number(total), Token::Word(unit)] => universe(Some(*total), unit, hints, notes),
        [Token::Gross, amount @ ..] => threshold(amount, Some(Aggregation::Gross), text, hints, notes),
        amount => threshold(amount, None, text, hints, notes),
    }
}

fn threshold(
    tokens: &[Token],
    aggregation: Option<Aggregation>,
    text: &str,
    hints: &Hints<'_>,
    notes: &mut Vec<Note>,
) -> Result<Criterion, Bilingual> {
    let (value, unit, comparator) = match tokens {
        [Token::Number(value)] => (*value, None, None),
        [Token::Number(value), Token::Compare(comparator)] => (*value, None, Some(*comparator)),
        [Token::Number(value), Token::Word(unit)] => (*value, Some(unit.as_str()), None),
        [Token::Number(value), Token::Word(unit), Token::Compare(comparator)] => {
            (*value, Some(unit.as_str()), Some(*comparator))
        }
        _ => return Err(not_understood()),
    };
    let counted = hinted(hints);
    let Some(unit) = unit.or(counted) else {
        return Ok(constant(comparator, value, None, None, aggregation, None));
    };
    if !matches!(tokens.get(1), Some(Token::Word(_))) {
        notes.push(Note::Assumed(Bilingual::new(
            format!("単位が書かれていないため、指標の単位「{unit}」とみなしました。"),
            format!("The text states no unit; the indicator's, {unit}, is assumed."),
        )));
    }
    let unit = known_unit(unit, hints)?;
    if let Some(factor) = yen(unit) {
        let value = value.times(factor).ok_or_else(not_understood)?;
        let display = amount_as_written(text);
        if let Some(counted) = counted.filter(|counted| *counted != "円") {
            notes.push(Note::Said(Bilingual::new(
                format!("目標は円で持ち、{counted}で数える指標と比べるときに換算します。"),
                format!("The value is kept in yen and converted when it is compared with the indicator, which counts in {counted}."),
            )));
        }
        return Ok(constant(comparator, value, Some("円"), None, aggregation, Some(display)));
    }
    let reaches_all = matches!(comparator, None | Some(Comparator::Gte)) && aggregation.is_none();
    match hints.universe {
        Some(total) if unit != "%" && value == total && reaches_all => Ok(Criterion::universe(Some(total), Some(unit))),
        Some(total) if unit != "%" && value > total => Err(Bilingual::new(
            format!("目標の{}{unit}は、全体の{}{unit}より多くなっています。", value.grouped(), total.grouped()),
            format!(
                "The target of {}{unit} is more than the {}{unit} that there are.",
                value.grouped(),
                total.grouped()
            ),
        )),
        total => {
            let out_of = total.filter(|_| unit != "%" && aggregation.is_none());
            Ok(constant(comparator, value, Some(unit), out_of, aggregation, None))
        }
    }
}

fn universe(
    stated: Option<Decimal>,
    unit: &str,
    hints: &Hints<'_>,
    notes: &mut Vec<Note>,
) -> Result<Criterion, Bilingual> {
    let unit = known_unit(unit, hints)?;
    if unit == "%" || yen(unit).is_some() {
        return Err(not_understood());
    }
    match (stated, hints.universe) {
        (Some(stated), Some(known)) if stated != known => Err(Bilingual::new(
            format!("文では全{}{unit}、指標では全{}{unit}です。", stated.grouped(), known.grouped()),
            format!(
                "The text says that there are {}{unit}, the indicator {}{unit}.",
                stated.grouped(),
                known.grouped()
            ),
        )),
        (stated, known) => {
            let total = stated.or(known);
            if total.is_none() {
                notes.push(Note::Assumed(Bilingual::new(
                    format!("全部でいくつの{unit}があるかを補ってください。"),
                    format!("How many {unit} there are in all has to be filled in."),
                )));
            }
            Ok(Criterion::universe(total, Some(unit)))
        }
    }
}

fn milestone(action: &str, text: &str) -> Result<Criterion, Bilingual> {
    let ends = ACTIONS.iter().any(|word| action.ends_with(word));
    let named: usize = ACTIONS.iter().map(|word| action.matches(word).count()).sum();
    // Anything that parts or counts may hold a second condition.
    let plain = !action.chars().any(|c| "、。，．・（）()「」①②③一二三四五六七八九十百千万億半倍割%/".contains(c))
        && !["及び", "又は", "または", "並びに", "かつ", "ゼロ", "以前", "まで"]
            .iter()
            .any(|word| action.contains(word));
    if ends && named == 1 && plain {
        let action = text.trim().to_owned();
        return Ok(Criterion::Milestone { action, due: None, subject: None });
    }
    Err(Bilingual::new(
        "何を実施すれば達成になるのかが、読み取れません。",
        "What has to be done for the target to be met could not be read.",
    ))
}

/// The unit in the spelling to keep: the indicator's, when the text's can be compared with it; without one, a known counter.
fn known_unit<'a>(stated: &'a str, hints: &Hints<'a>) -> Result<&'a str, Bilingual> {
    match hinted(hints) {
        Some(counted) if unit_factor(stated, counted).is_none() => Err(Bilingual::new(
            format!("「{stated}」が、指標の単位「{counted}」と合いません。"),
            format!("\"{stated}\" is not the indicator's unit, {counted}."),
        )),
        Some(_) if yen(stated).is_some() => Ok(stated),
        Some(counted) => Ok(counted),
        None if COUNTERS.contains(&stated) || yen(stated).is_some() => Ok(stated),
        None => Err(not_understood()),
    }
}

fn hinted<'a>(hints: &Hints<'a>) -> Option<&'a str> {
    hints.unit.map(str::trim).filter(|unit| !unit.is_empty()).map(|unit| if unit == "％" { "%" } else { unit })
}

fn constant(
    with: Option<Comparator>,
    value: Decimal,
    counts: Option<&str>,
    all: Option<Decimal>,
    counted_as: Option<Aggregation>,
    written: Option<String>,
) -> Criterion {
    let mut criterion = Criterion::constant(with, value, counts);
    if let Criterion::Threshold { aggregation, out_of, display, .. } = &mut criterion {
        *aggregation = counted_as;
        *out_of = all;
        *display = written;
    }
    criterion
}

/// The text of an amount of money without what stands around it.
fn amount_as_written(text: &str) -> String {
    let from = text.find(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c)).unwrap_or(0);
    let amount = text.split_at(from).1;
    amount.find('円').map_or(amount, |yen| amount.split_at(yen + '円'.len_utf8()).0).to_owned()
}

fn not_understood() -> Bilingual {
    Bilingual::new("文の全体は読み取れませんでした。", "The text was not understood to its end.")
}

#[cfg(test)]
mod tests;
