//! The words of the vocabulary, found by their first characters.

use std::sync::LazyLock;

use super::source::Source;
use super::vocabulary::{Place, Word};
use super::{around, english, japanese, turns, when};

/// One word of the table, as characters.
pub(super) struct Entry {
    pub(super) word: &'static str,
    /// Its characters, up to the first white space: any amount of that may stand in the text.
    pub(super) chars: Box<[char]>,
    /// Whether there is any.
    pub(super) spaced: bool,
    pub(super) meaning: Word,
    pub(super) place: Place,
}

/// The vocabulary by the first two characters of its words, longer words first; what stands in front of white space as one
/// character, by that one.
static VOCABULARY: LazyLock<Vec<Vec<Entry>>> = LazyLock::new(|| {
    let mut table: Vec<Vec<Entry>> = (0..BUCKETS).map(|_| Vec::new()).collect();
    let japanese = japanese::WORDS.iter().chain(around::WORDS).map(|(word, meaning, place)| (*word, *meaning, *place));
    let turns = turns::JAPANESE.iter().map(|(word, meaning)| (*word, *meaning, turns::JAPANESE_PLACE));
    let when = when::WORDS.iter().map(|(word, meaning)| (*word, *meaning, when::PLACE));
    let english = english::WORDS.iter().chain(turns::ENGLISH).map(|(word, meaning)| (*word, *meaning, Place::Latin));
    for (word, meaning, place) in japanese.chain(turns).chain(when).chain(english) {
        let (chars, spaced): (Box<[char]>, bool) =
            (word.chars().take_while(|c| *c != ' ').collect(), word.contains(' '));
        let place_in_table = match &*chars {
            [only] => bucket(*only),
            [first, second, ..] => pair_bucket(*first, *second),
            [] => continue,
        };
        if let Some(bucket) = table.get_mut(place_in_table) {
            bucket.push(Entry { word, chars, spaced, meaning, place });
        }
    }
    for bucket in &mut table {
        bucket.sort_by_key(|entry| std::cmp::Reverse(entry.word.chars().count()));
    }
    table
});

/// The words that may begin at a position, longer ones first.
pub(super) fn candidates(source: &Source<'_>, at: usize) -> impl Iterator<Item = &'static Entry> {
    let words = |bucket: usize| VOCABULARY.get(bucket).map_or(&[][..], Vec::as_slice);
    let first = source.at(at);
    words(pair_bucket(first, source.at(at + 1))).iter().chain(words(bucket(first)))
}

pub(super) const BUCKETS: usize = 2_048;

pub(super) fn bucket(c: char) -> usize {
    (u32::from(c) as usize).wrapping_mul(31) % BUCKETS
}

fn pair_bucket(first: char, second: char) -> usize {
    (bucket(first) + (u32::from(second) as usize).wrapping_mul(17)) % BUCKETS
}

/// Every word of the vocabulary, for those who try the grammar out.
#[cfg(test)]
pub(in crate::domain::phrase) fn words() -> impl Iterator<Item = &'static str> {
    let turns = turns::JAPANESE.iter().chain(when::WORDS).map(|(word, _)| *word);
    japanese::WORDS
        .iter()
        .chain(around::WORDS)
        .map(|(word, ..)| *word)
        .chain(turns)
        .chain(english::WORDS.iter().chain(turns::ENGLISH).map(|(word, _)| *word))
}
