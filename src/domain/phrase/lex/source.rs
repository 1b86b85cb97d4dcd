//! The text as a row of characters, each brought to one spelling, with the place at which it stands in the original.

/// A text, one normalised character for each of its own.
///
/// Full-width letters, digits and signs become half-width, letters lower case, the many dashes one, so that the rules that follow
/// need one spelling each. No character is added or dropped: the position of a character here is its position in the text.
#[derive(Debug)]
pub(in crate::domain::phrase) struct Source<'a> {
    text: &'a str,
    chars: Vec<(u32, char)>,
    latin: bool,
}

impl<'a> Source<'a> {
    pub(in crate::domain::phrase) fn new(text: &'a str) -> Self {
        let mut chars = Vec::with_capacity(text.len());
        let mut latin = false;
        for (at, c) in text.char_indices() {
            let c = plain(c);
            latin |= c.is_ascii_lowercase();
            chars.push((u32::try_from(at).unwrap_or(u32::MAX), c));
        }
        Self { text, chars, latin }
    }

    /// Whether it has a Latin letter: without one, no English rule has anything to read.
    pub(in crate::domain::phrase) fn latin(&self) -> bool {
        self.latin
    }

    /// How many characters there are.
    pub(in crate::domain::phrase) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The character at a position; `'\0'` past the end, which no rule accepts.
    pub(in crate::domain::phrase) fn at(&self, position: usize) -> char {
        self.chars.get(position).map_or('\0', |(_, c)| *c)
    }

    /// Whether `word` stands at `position`; a space in it stands for one or more.
    #[inline]
    pub(in crate::domain::phrase) fn has(&self, position: usize, word: &str) -> Option<usize> {
        // Most do not, and their first characters tell.
        match word.chars().next() {
            Some(first) if first != ' ' && first != self.at(position) => None,
            _ => self.has_all(position, word),
        }
    }

    fn has_all(&self, position: usize, word: &str) -> Option<usize> {
        let mut at = position;
        for c in word.chars() {
            if c == ' ' {
                if !self.at(at).is_whitespace() {
                    return None;
                }
                at = self.skip_space(at);
            } else if self.at(at) == c {
                at += 1;
            } else {
                return None;
            }
        }
        Some(at)
    }

    /// Whether these characters stand at `position`, and where they end.
    pub(in crate::domain::phrase) fn begins(&self, position: usize, word: &[char]) -> Option<usize> {
        let end = position + word.len();
        let here = self.chars.get(position..end)?;
        here.iter().zip(word).all(|((_, c), expected)| c == expected).then_some(end)
    }

    /// The first position from `position` on that holds no white space.
    pub(in crate::domain::phrase) fn skip_space(&self, mut position: usize) -> usize {
        while self.at(position).is_whitespace() {
            position += 1;
        }
        position
    }

    /// The text as written between two positions.
    pub(in crate::domain::phrase) fn written(&self, from: usize, to: usize) -> &'a str {
        let byte = |position: usize| self.chars.get(position).map_or(self.text.len(), |(at, _)| *at as usize);
        self.text.get(byte(from)..byte(to)).unwrap_or("")
    }
}

/// Whether a text is written in letters of the West: what English rules may read, with the apostrophes, dashes and accents of print.
pub(in crate::domain::phrase) fn is_western(text: &str) -> bool {
    text.is_ascii() || text.chars().all(|c| c < '\u{2E80}')
}

/// Whether a character is a letter of the Latin alphabet, with or without an accent.
pub(super) fn is_latin_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{24F}' if c.is_alphabetic())
}

/// The one spelling of a character.
fn plain(c: char) -> char {
    match c {
        // Most of them.
        '\u{3041}'..='\u{30FB}' | '\u{4E00}'..='\u{9FFF}' | 'a'..='z' | '0'..='9' => c,
        '[' | '［' | '〔' | '【' | '〈' | '《' => '(',
        ']' | '］' | '〕' | '】' | '〉' | '》' => ')',
        'A'..='Z' => c.to_ascii_lowercase(),
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(c) - 0xFEE0).map_or(c, |narrow| narrow.to_ascii_lowercase())
        }
        '〜' | '∼' | '〰' => '~',
        '−' | '–' | '—' | '―' | '‐' | '‑' | '‒' | '─' | '━' | 'ｰ' => '-',
        '△' | '▲' | '▽' | '▼' => '▲',
        '≧' | '⩾' => '≥',
        '≦' | '⩽' => '≤',
        '､' => '、',
        '｡' => '。',
        '･' => '・',
        '｢' | '『' => '「',
        '｣' | '』' => '」',
        '“' | '”' | '„' => '"',
        '’' | '‘' => '\'',
        '⇒' | '➡' | '⟶' | '➜' | '⇨' => '→',
        '㌫' | '﹪' => '%',
        '￥' => '¥',
        '\u{3000}' | '\t' | '\r' | '\u{a0}' => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_keeps_its_place() {
        let source = Source::new("Ａ５５％以上　〜");
        assert_eq!((0..source.len()).map(|at| source.at(at)).collect::<String>(), "a55%以上 ~");
        assert_eq!(source.written(1, 4), "５５％");
        assert_eq!((source.has(4, "以上"), source.has(4, "以下"), source.at(99)), (Some(6), None, '\0'));
        assert_eq!(Source::new("no  more").has(0, "no more"), Some(8));
    }
}
