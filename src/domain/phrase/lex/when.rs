//! The words that end a phrase of time: 令和5年度をもって, 10月頃, 令和6年夏.

use super::vocabulary::{Place, Word};

/// A closed set: what else stands behind a time begins the next part of the text.
pub(super) const WORDS: &[(&str, Word)] = &[
    ("をもって", Word::By),
    ("をもちまして", Word::By),
    ("を以て", Word::By),
    ("をめどに", Word::By),
    ("を目途に", Word::By),
    ("を目標に", Word::By),
    ("付けで", Word::By),
    ("付け", Word::By),
    ("付で", Word::By),
    ("内に", Word::By),
    ("を目処に", Word::By),
    // 12月議会に提案: the assembly of that month.
    ("議会に", Word::By),
    ("議会で", Word::By),
    ("議会へ", Word::By),
    ("議会", Word::By),
    ("定例会に", Word::By),
    ("定例会で", Word::By),
    ("定例会", Word::By),
    ("定例議会", Word::By),
    ("定例議会に", Word::By),
    ("定例市会", Word::By),
    ("定例市会に", Word::By),
    ("頃", Word::Vague),
    ("ごろ", Word::Vague),
    ("以降", Word::Vague),
    ("以後", Word::Vague),
    ("以前", Word::Vague),
    ("当初", Word::Vague),
    ("初め", Word::Vague),
    ("はじめ", Word::Vague),
    ("初頭", Word::Vague),
    ("早々", Word::Vague),
    ("前半", Word::Vague),
    ("後半", Word::Vague),
    ("半ば", Word::Vague),
    ("なかば", Word::Vague),
    ("春", Word::Vague),
    ("夏", Word::Vague),
    ("秋", Word::Vague),
    ("冬", Word::Vague),
    ("春季", Word::Vague),
    ("夏季", Word::Vague),
    ("秋季", Word::Vague),
    ("冬季", Word::Vague),
    ("上期", Word::Vague),
    ("下期", Word::Vague),
    ("前期", Word::Vague),
    ("後期", Word::Vague),
];

/// Where they stand.
pub(super) const PLACE: Place = Place::BehindTime;
