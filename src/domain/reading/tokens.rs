//! Target texts as tokens: amounts, the words of comparison, and everything else.

use crate::domain::Decimal;
use crate::domain::criterion::Comparator;

/// A piece of a target text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A number, with its thousands parted or not.
    Number(Decimal),
    /// 以上, 以下, 以内, 未満, 超.
    Compare(Comparator),
    /// 延べ.
    Gross,
    /// 全, before what is counted.
    AllOf,
    /// Anything else up to the next of the others: a unit, an action, or something that is not understood.
    Word(String),
}

/// The words that have a meaning of their own wherever they stand. Where two begin alike the longer one comes first.
const WORDS: [(&str, Token); 7] = [
    ("以上", Token::Compare(Comparator::Gte)),
    ("以下", Token::Compare(Comparator::Lte)),
    ("以内", Token::Compare(Comparator::Lte)),
    ("未満", Token::Compare(Comparator::Lt)),
    ("超", Token::Compare(Comparator::Gt)),
    ("延べ", Token::Gross),
    ("のべ", Token::Gross),
];

/// Cuts a text into tokens. `None` when a number in it is not written as numbers are (`4,40件`, `1.2.3`, `-5`), or is too long.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let narrow: String = text.chars().map(narrow).filter(|c| !c.is_whitespace()).collect();
    let mut tokens = Vec::new();
    let mut rest = narrow.as_str();
    while let Some(next) = rest.chars().next() {
        if next.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(rest.len());
            let (number, tail) = rest.split_at(end);
            // A sign would belong to the number, and no target of the kinds read here is negative.
            if let Some(Token::Word(before)) = tokens.last()
                && before.ends_with(['-', '−', '－', '△', '▲', '±', '+', '～', '〜'])
            {
                return None;
            }
            tokens.push(Token::Number(number_of(number)?));
            rest = tail;
        } else if let Some((word, token)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            tokens.push(token.clone());
            rest = rest.split_at(word.len()).1;
        } else if next == '全' && tokens.is_empty() {
            tokens.push(Token::AllOf);
            rest = rest.split_at(next.len_utf8()).1;
        } else {
            match tokens.last_mut() {
                Some(Token::Word(word)) => word.push(next),
                _ => tokens.push(Token::Word(next.to_string())),
            }
            rest = rest.split_at(next.len_utf8()).1;
        }
    }
    Some(tokens)
}

/// The half-width form of full-width digits and signs.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '％' | '，' | '．' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        other => other,
    }
}

/// The value of `4,400` or `12.9`. Groups are of three digits, and only the whole part has any.
fn number_of(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = whole.contains(',');
    let well_formed = !first.is_empty()
        && (!grouped || first.len() <= 3 && !first.starts_with('0'))
        && groups.all(|group| group.len() == 3)
        && fraction.is_none_or(|fraction| !fraction.is_empty() && !fraction.contains([',', '.']));
    if well_formed { text.replace(',', "").parse().ok() } else { None }
}
