//! The words of an English text, for those who look for a few of them wherever they stand.

use super::cursor::Parser;
use super::second_look::Place;

/// A word of a text in lower case, and the character at which it begins.
pub(super) struct Said {
    pub(super) word: String,
    pub(super) at: usize,
}

impl Parser<'_> {
    /// The words of the text.
    pub(super) fn words(&self) -> Vec<Said> {
        let mut words: Vec<Said> = Vec::new();
        let mut open = false;
        for at in 0..self.source.len() {
            let c = self.source.at(at);
            let goes_on = c.is_alphanumeric() || c == '\'';
            match words.last_mut().filter(|_| open && goes_on) {
                Some(said) => said.word.push(c),
                None if goes_on => words.push(Said { word: c.into(), at }),
                None => {}
            }
            open = goes_on;
        }
        words
    }
}

impl Said {
    /// The character behind it.
    pub(super) fn end(&self) -> usize {
        self.at + self.word.chars().count()
    }
}

/// Where some words stand in a row, and the number of the word behind them.
pub(super) fn rows<'w>(words: &'w [Said], said: &'w str) -> impl Iterator<Item = (Place, usize)> + 'w {
    // Most texts do not hold the first one.
    let first = said.split(' ').next().unwrap_or(said);
    let begins = words.iter().enumerate().filter(move |(_, one)| one.word == first);
    begins.filter_map(move |(from, one)| {
        let rest = words.get(from + 1..)?;
        let more = said.split(' ').skip(1);
        let same = more.clone().zip(rest).all(|(wanted, one)| one.word == wanted) && more.clone().count() <= rest.len();
        let end = from + 1 + more.count();
        same.then(|| ((one.at, words.get(end - 1).map_or(0, Said::end)), end))
    })
}

/// Where the first of some rows of words stands.
pub(super) fn first_row(words: &[Said], of: &[&str]) -> Option<Place> {
    of.iter().find_map(|said| rows(words, said).next().map(|(place, _)| place))
}
