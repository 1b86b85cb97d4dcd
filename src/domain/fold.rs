//! Names as they are compared: what a spreadsheet, a keyboard or an encoding changes without meaning anything by it.

use unicode_normalization::UnicodeNormalization;

/// A text without what does not tell it from another: full and half width, spaces, the many dashes and waves.
///
/// ```
/// use mikomi::domain::fold::fold;
/// assert_eq!(fold("参加者数（累計）"), fold("参加者数 (累計)"));
/// assert_eq!(fold("10〜12月"), fold("１０～１２月"));
/// assert_ne!(fold("データ"), fold("デ-タ"));
/// ```
pub fn fold(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{301C}' => '~',
        other => other,
    };
    text.nfkc().filter(|c| !c.is_whitespace() && *c != '\u{FEFF}').map(plain).collect()
}

/// A number of a plan such as `3-1-2` without what does not tell it from another: between digits every stroke is a hyphen.
///
/// ```
/// use mikomi::domain::fold::fold_number;
/// assert_eq!(fold_number("３ー１−２"), "3-1-2");
/// ```
pub fn fold_number(text: &str) -> String {
    fold(text).replace('ー', "-")
}
