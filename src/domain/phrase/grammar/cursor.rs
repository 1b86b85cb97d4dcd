//! The place in the tokens, and what every rule needs: look ahead, take, go back.

use super::super::answer::{Context, Note};
use super::super::lex::{Kind, Source, Token, Word};
use super::figure::Amount;
use crate::domain::criterion::Reference;

/// How many looks at a token a text may cost, for each of its tokens: far above what sense needs, so that only nonsense meets it.
const LOOKS: usize = 200;

/// Reads one text.
pub(in crate::domain::phrase) struct Parser<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) tokens: &'a [Token],
    pub(super) context: &'a Context<'a>,
    /// For each opening bracket, the token that closes it; its own place when none does.
    pub(super) closes: Vec<usize>,
    pub(super) at: usize,
    /// The first token that the rules may not see.
    pub(super) end: usize,
    pub(super) notes: Vec<Note>,
    pub(super) review: bool,
    /// How many brackets are open.
    pub(super) depth: usize,
    /// How many clauses are being read inside one another.
    pub(super) clauses: usize,
    /// A denial has been read as zero.
    pub(super) denied_away: bool,
    /// The brackets that only explain a figure: from where to where.
    pub(super) told: Vec<(usize, usize)>,
    /// What stands in front of the clause and is compared with: `Compared with last year, …`; none once a change is counted from it.
    pub(super) leading: Option<Reference>,
    looks: usize,
    /// The amount that was read last: several rules look at the same one.
    pub(super) amount_read: Option<AmountRead<'a>>,
}

/// An amount, or that there is none, where it was read.
#[derive(Clone, Copy)]
pub(super) struct AmountRead<'a> {
    pub(super) at: usize,
    /// The first token that the rules could not see.
    pub(super) end: usize,
    pub(super) amount: Option<Amount<'a>>,
    /// Where the rules went on.
    pub(super) behind: usize,
}

/// Where to go back to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    at: usize,
    pub(super) end: usize,
    notes: usize,
    told: usize,
    review: bool,
}

impl<'a> Parser<'a> {
    pub(in crate::domain::phrase) fn new(
        source: &'a Source<'a>,
        tokens: &'a [Token],
        context: &'a Context<'a>,
    ) -> Self {
        let mut closes: Vec<usize> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        if tokens.iter().any(|token| matches!(token.kind, Kind::Open)) {
            closes = (0..tokens.len()).collect();
            for (at, token) in tokens.iter().enumerate() {
                match token.kind {
                    Kind::Open => open.push(at),
                    Kind::Close => {
                        if let Some(place) = open.pop().and_then(|open| closes.get_mut(open)) {
                            *place = at;
                        }
                    }
                    _ => {}
                }
            }
        }
        Self {
            source,
            tokens,
            context,
            closes,
            at: 0,
            end: tokens.len(),
            notes: Vec::new(),
            review: false,
            depth: 0,
            clauses: 0,
            denied_away: false,
            told: Vec::new(),
            leading: None,
            looks: LOOKS * (tokens.len() + 8),
            amount_read: None,
        }
    }

    /// How many looks at tokens there were.
    pub(in crate::domain::phrase) fn looks(&self) -> usize {
        LOOKS * (self.tokens.len() + 8) - self.looks
    }

    /// The token at an offset from here.
    pub(super) fn peek(&mut self, offset: usize) -> Kind {
        self.kind(self.at + offset)
    }

    /// The token at a place; `End` where the rules may not see, and everywhere once the text has cost too much.
    pub(super) fn kind(&mut self, at: usize) -> Kind {
        self.looks = self.looks.saturating_sub(1);
        if at >= self.end || self.looks == 0 {
            return Kind::End;
        }
        self.tokens.get(at).map_or(Kind::End, |token| token.kind)
    }

    /// Takes the next token if it is the word.
    pub(super) fn take(&mut self, word: Word) -> bool {
        let there = matches!(self.peek(0), Kind::Word(next) if next == word);
        self.at += usize::from(there);
        there
    }

    /// Takes the next token if it is of the kind.
    pub(super) fn take_kind(&mut self, kind: Kind) -> bool {
        let there = self.peek(0) == kind;
        self.at += usize::from(there);
        there
    }

    /// Takes particles: at most two.
    pub(super) fn particles(&mut self) {
        let _ = self.take(Word::Particle) && self.take(Word::Particle);
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { at: self.at, end: self.end, notes: self.notes.len(), told: self.told.len(), review: self.review }
    }

    /// Goes back, and forgets what was said since.
    pub(super) fn back(&mut self, mark: Mark) {
        self.at = mark.at;
        self.end = mark.end;
        self.notes.truncate(mark.notes);
        self.told.truncate(mark.told);
        self.review = mark.review;
    }

    /// Says something that is worth knowing.
    pub(super) fn say(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// Says something that a person has to look at.
    pub(super) fn ask(&mut self, note: Note) {
        self.review = true;
        self.notes.push(note);
    }

    /// The first character of a token.
    pub(super) fn starts(&self, token: usize) -> usize {
        self.tokens.get(token).map_or(self.source.len(), |token| token.start)
    }

    /// The character behind a token.
    pub(super) fn ends(&self, token: usize) -> usize {
        self.tokens.get(token).map_or(self.source.len(), |token| token.end)
    }

    /// The text of a token as written.
    pub(super) fn written(&self, token: usize) -> &'a str {
        self.tokens.get(token).map_or("", |token| self.source.written(token.start, token.end))
    }

    /// The text of a row of tokens as written.
    pub(super) fn span(&self, from: usize, to: usize) -> &'a str {
        if from >= to { "" } else { self.source.written(self.starts(from), self.ends(to - 1)) }
    }

    /// The token that closes the bracket at `open`, if it lies where the rules may see.
    pub(super) fn close_of(&mut self, open: usize) -> Option<usize> {
        if !matches!(self.kind(open), Kind::Open) {
            return None;
        }
        self.closes.get(open).copied().filter(|close| *close > open && *close < self.end)
    }

    /// Applies a rule to the inside of the bracket that opens here, and steps behind it when the rule takes all of it.
    pub(super) fn inside<T>(&mut self, rule: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let close = self.close_of(self.at)?;
        if self.depth >= super::DEEPEST {
            return None;
        }
        let mark = self.mark();
        self.at += 1;
        self.end = close;
        self.depth += 1;
        let found = rule(self).filter(|_| self.at >= close);
        self.depth -= 1;
        if found.is_none() {
            self.back(mark);
            return None;
        }
        self.end = mark.end;
        self.at = close + 1;
        found
    }
}
