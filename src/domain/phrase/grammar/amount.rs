//! Amounts, and what stands in front of them: how the figure is counted, over what time, out of how many, by when.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::cursor::{AmountRead, Parser};
use super::figure::{Amount, Figure, Sign, Unit};
use crate::domain::criterion::{Aggregation, Comparator, Quantity};

impl<'a> Parser<'a> {
    /// `amount = [ sign ] number [ unit ]`
    pub(super) fn amount(&mut self) -> Option<Amount<'a>> {
        if let Some(read) = self.amount_read.filter(|read| (read.at, read.end) == (self.at, self.end)) {
            self.at = read.behind;
            return read.amount;
        }
        let (at, end, notes) = (self.at, self.end, self.notes.len());
        let amount = self.amount_here();
        // What was asked on the way has to be asked again where the amount is read again.
        if self.notes.len() == notes {
            self.amount_read = Some(AmountRead { at, end, amount, behind: self.at });
        }
        amount
    }

    fn amount_here(&mut self) -> Option<Amount<'a>> {
        let mark = self.mark();
        let first = self.at;
        let sign = match self.peek(0) {
            Kind::Plus => Sign::Plus,
            Kind::Minus => Sign::Minus,
            Kind::Triangle => Sign::Triangle,
            _ => Sign::None,
        };
        self.at += usize::from(sign != Sign::None);
        let start = self.starts(first);
        let Kind::Number { value, scaled } = self.peek(0) else {
            self.back(mark);
            return None;
        };
        self.at += 1;
        let unit = self.unit();
        let end = self.ends(self.at - 1);
        let amount = Amount { value, unit, scaled, sign, start, end };
        Some(self.duration(amount).unwrap_or(amount))
    }

    /// `unit = known-unit | quoted | word`, the word directly in front of something that can follow an amount.
    fn unit(&mut self) -> Unit<'a> {
        let number = self.at - 1;
        match self.peek(0) {
            Kind::Unit(Some(unit)) => {
                self.at += 1;
                Unit::Said(self.as_written(self.at - 1, unit))
            }
            Kind::Unit(None) => {
                self.at += 1;
                Unit::Said(self.written(self.at - 1).trim())
            }
            // `12 times`; 倍 is no unit.
            Kind::Word(Word::Times) if self.source.at(self.starts(self.at)).is_ascii_alphabetic() => {
                self.at += 1;
                Unit::Said("times")
            }
            Kind::Quoted if self.starts(self.at) == self.ends(number) => {
                self.at += 1;
                Unit::Said(unquoted(self.written(self.at - 1)))
            }
            Kind::Text => self.unknown_unit(number),
            _ => Unit::Unsaid,
        }
    }

    /// A unit in the letters in which it is written: kWh and mg/L keep theirs, only the comparison folds them.
    pub(super) fn as_written(&self, at: usize, unit: &'a str) -> &'a str {
        let written = self.written(at).trim();
        if written.eq_ignore_ascii_case(unit) { written } else { unit }
    }

    /// A word behind a number that the vocabulary does not know: 3プロジェクト, 12 training sessions.
    pub(super) fn unknown_unit(&mut self, number: usize) -> Unit<'a> {
        let latin = self.source.at(self.starts(self.at)).is_ascii_alphabetic();
        let mut words = 1;
        while latin && words < LONGEST_NOUN && (self.peek(words) == Kind::Text || self.joins_nouns(words)) {
            words += 1;
        }
        // 20 minute response: the time alone is the unit.
        if latin && words > 1 && is_english_time(self.written(self.at)) {
            words = 1;
        }
        // 10,000 residents through outreach: how or where it is done is no part of the unit.
        const AROUND: [&str; 14] = [
            "through", "via", "with", "at", "across", "using", "under", "without", "during", "into", "should", "must",
            "shall", "will",
        ];
        let around = (1..words).find(|word| AROUND.contains(&self.written(self.at + word)));
        words = around.filter(|_| latin).unwrap_or(words);
        // 16 care homes rated good: behind a plural stands what they are.
        let behind_plural = |at: usize| {
            let noun = self.written(self.at + at - 1);
            let many = noun.ends_with('s') || matches!(noun, "people" | "children" | "staff" | "women" | "men");
            let next = self.written(self.at + at);
            many && (is_participle(next) || matches!(next, "feel" | "agree" | "say" | "report" | "live" | "who"))
        };
        if latin && let Some(end) = (1..words).find(|at| behind_plural(*at)) {
            words = end;
        }
        // 3 of 4 programmes delivered: what was done to them is no part of the unit.
        while latin && words > 1 && is_participle(self.written(self.at + words - 1)) {
            words -= 1;
        }
        if !latin && super::predicate::without_deed(self.written(self.at)).len() < self.written(self.at).len() {
            return Unit::Unsaid;
        }
        if latin && words == 1 && is_participle(self.written(self.at)) {
            return Unit::Unsaid;
        }
        let written = self.span(self.at, self.at + words);
        let plain = |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}' | '々' | 'ァ'..='ヶ' | 'ー' | '・');
        let fits = if latin {
            written.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '’' | '‑' | '&' | '.'))
        } else {
            self.starts(self.at) == self.ends(number) && written.chars().all(plain)
        };
        let follows = match self.peek(words) {
            Kind::End | Kind::Open | Kind::Close | Kind::Comma | Kind::Stop | Kind::Tilde | Kind::Arrow => true,
            Kind::Slash => latin,
            Kind::Word(word) => !matches!(word, Word::Denial | Word::OtherFigure),
            Kind::Text => {
                latin
                    && (around.is_some()
                        || is_participle(self.written(self.at + words))
                        || is_english_time(self.written(self.at)))
            }
            _ => false,
        };
        // 10 days max, 20 onwards: a word that bounds is no unit.
        let first = written.split(' ').next().unwrap_or(written);
        // 5 additional centres: what is more is told by the rule for it.
        if latin && self.more_of(self.at) {
            return Unit::Unsaid;
        }
        let more = latin && ["another", "other", "net"].iter().any(|word| first.eq_ignore_ascii_case(word));
        if latin
            && fits
            && !more
            && !is_english_time(written)
            && !is_working_time(written)
            && written != "min"
            && super::english_bounding::may_bound(written)
        {
            return Unit::Unsaid;
        }
        // 80s, 3x, 50ish are no units; 50 additional members may be fifty more.
        let glued = latin && self.starts(self.at) == self.ends(number) && matches!(written, "s" | "x" | "ish" | "X");
        if more && fits {
            let place = (self.starts(self.at), self.ends(self.at));
            self.ask(
                Note::new("増加分を指しているかもしれません。", "The text may ask for so many more.")
                    .at(place.0, place.1),
            );
        }
        if glued || !fits || !follows || written.chars().count() > 60 || !latin && written.chars().count() > 12 {
            return Unit::Unsaid;
        }
        self.at += words;
        Unit::Said(written)
    }

    /// `modifiers = { deadline | period | counted | per | out-of | 約 | at least | ちょうど | 合計 }`, each at most once.
    pub(super) fn modifiers(&mut self, figure: &mut Figure<'a>) {
        for _ in 0..8 {
            let before = self.at;
            match self.peek(0) {
                // 各年度4月1日時点で: as of when, in every year.
                Kind::Word(Word::Period(_))
                    if matches!(self.peek(1), Kind::Time(super::super::lex::Time::DayOfYear(..)))
                        && self.peek(2) == Kind::Word(Word::By) =>
                {
                    self.at += 3;
                    self.particles();
                }
                Kind::Word(Word::Period(period)) if figure.period.is_none() => {
                    figure.period = Some(period);
                    self.at += 1;
                    if self.written(before) == "年度" {
                        let place = (self.starts(before), self.ends(before));
                        self.ask(
                            Note::new("「年度」を、年間の意味とみなしました。", "Read as so many in a fiscal year.")
                                .at(place.0, place.1),
                        );
                    }
                    // 月平均
                    if self.written(before).ends_with("平均") {
                        figure.aggregation = Some(crate::domain::criterion::Aggregation::Average);
                    }
                }
                // the average of the past 3 years
                Kind::Word(Word::Counted(_)) if matches!(self.peek(1), Kind::Word(Word::Past)) => return,
                // Maximum 10 days
                Kind::Word(Word::Counted(Aggregation::Maximum))
                    if self.written(before).eq_ignore_ascii_case("maximum")
                        && matches!(self.peek(1), Kind::Number { .. })
                        && figure.comparator.is_none() =>
                {
                    figure.comparator = Some(Comparator::Lte);
                    self.at += 1;
                }
                Kind::Word(Word::Counted(aggregation)) if figure.aggregation.is_none() => {
                    figure.aggregation = Some(aggregation);
                    self.at += 1;
                    self.particles();
                    let _ = self.take_kind(Kind::Colon);
                }
                Kind::Word(Word::Roughly) if !figure.roughly => {
                    figure.roughly = true;
                    self.at += 1;
                }
                Kind::Word(Word::Least(comparator)) if figure.comparator.is_none() => {
                    figure.comparator = Some(comparator);
                    self.at += 1;
                }
                Kind::Word(Word::Above) if figure.comparator.is_none() => {
                    figure.comparator = Some(Comparator::Gt);
                    self.at += 1;
                }
                Kind::Word(Word::Below) if figure.comparator.is_none() => {
                    figure.comparator = Some(Comparator::Lt);
                    self.at += 1;
                }
                Kind::Word(Word::Denial) if figure.comparator.is_none() => {
                    figure.comparator = self.denied();
                    if figure.comparator.is_none() {
                        return;
                    }
                }
                Kind::Word(Word::Respectively) => {
                    figure.each = true;
                    self.at += 1;
                }
                Kind::Word(Word::Better) if figure.comparator.is_none() => {
                    let _ = self.better_than(figure);
                }
                Kind::Word(Word::Exactly) if figure.comparator.is_none() => {
                    figure.comparator = Some(Comparator::Eq);
                    self.at += 1;
                }
                Kind::Word(Word::Keep) if !figure.keep && self.source.at(self.starts(self.at)).is_ascii() => {
                    figure.keep = true;
                    self.at += 1;
                }
                Kind::Word(Word::Total) => self.at += 1,
                Kind::Word(Word::OtherPeriod)
                    if figure.per.is_none()
                        && let Some(unit) = super::per::time_of(self.written(self.at)) =>
                {
                    figure.per = Some(Quantity { value: 1.into(), unit: unit.to_owned() });
                    self.at += 1;
                }
                Kind::Word(Word::OtherPeriod) => {
                    let (start, end) = (self.starts(before), self.ends(before));
                    self.at += 1;
                    self.ask(
                        Note::new(
                            "この期間（週・日など）ごとの目標は、条件として持てません。",
                            "A condition cannot say this stretch of time (a week, a day).",
                        )
                        .at(start, end),
                    );
                }
                Kind::Word(Word::Filler | Word::Particle) => self.at += 1,
                Kind::Time(_) if figure.deadline.is_none() => self.deadline(figure),
                Kind::Number { .. } if figure.per.is_none() || figure.out_of.is_none() => {
                    let _ = figure.per.is_none() && self.per(figure) || figure.out_of.is_none() && self.out_of(figure);
                }
                Kind::Word(Word::AllOf) if figure.out_of.is_none() => {
                    let mark = self.mark();
                    self.at += 1;
                    if !self.out_of(figure) {
                        self.back(mark);
                    }
                }
                _ => {}
            }
            if self.at == before {
                return;
            }
        }
    }

    /// `deadline = time ( までに | 中に | "by" )`; a day alone, such as 9月末, needs none of them.
    pub(super) fn deadline(&mut self, figure: &mut Figure<'a>) {
        let Kind::Time(time) = self.peek(0) else { return };
        let mark = self.mark();
        self.at += 1;
        let by = self.take(Word::By);
        // 令和4年度末時点の入所者数から: what the figure is compared with.
        if self.compares_name(self.at) {
            return self.back(mark);
        }
        // 9月の利用者数: of that month.
        let whose = self.written(self.at - 1).ends_with('月') && self.written(self.at) == "の";
        // 令和6年度末の210から250以上に拡大: of when the figure is that another starts from.
        if self.starts_from_figure() {
            self.at += 1;
            return;
        }
        let dated = !matches!(time, Time::FiscalYear(_) | Time::Year(_)) && !whose;
        if !by && !dated {
            self.back(mark);
            return;
        }
        self.particles();
        let place = (self.starts(self.at - 1), self.ends(self.at - 1));
        match time.last_day(self.context.fiscal_year) {
            Some(day) => figure.deadline = Some(day),
            None if time == Time::YearEnd => {}
            // 4月1日現在: as of when, in whichever year.
            None if by
                && matches!(time, Time::DayOfYear(..))
                && ["現在", "時点"].iter().any(|as_of| {
                    self.source
                        .written(0, self.starts(self.at))
                        .trim_end_matches(['で', 'の', ' ', '　'])
                        .ends_with(as_of)
                }) => {}
            None => self.ask(
                Note::new(
                    "何年度の期限かがわからないため、期限を補ってください。",
                    "The text gives a deadline without a year; it has to be filled in.",
                )
                .at(place.0, place.1),
            ),
        }
    }

    /// `の amount ( から | → )`, behind a time.
    fn starts_from_figure(&mut self) -> bool {
        let unit = usize::from(matches!(self.peek(2), Kind::Unit(_)));
        self.written(self.at) == "の"
            && matches!(self.peek(1), Kind::Number { .. })
            && (self.peek(2 + unit) == Kind::Arrow
                || self.peek(2 + unit) == Kind::Word(Word::Than) && self.written(self.at + 2 + unit) == "から")
            && matches!(self.peek(3 + unit), Kind::Number { .. })
    }

    /// A comparator behind what it compares with, with or without を.
    pub(super) fn comparator(&mut self) -> Option<Comparator> {
        let mark = self.mark();
        let _ = self.take(Word::Particle);
        match self.peek(0) {
            Kind::Word(Word::Compare(comparator)) => {
                self.at += 1;
                Some(self.denied_behind(comparator))
            }
            Kind::Word(Word::Least(comparator)) if self.bounds_what_is_in_front() => {
                self.at += 1;
                Some(comparator)
            }
            _ => {
                self.back(mark);
                None
            }
        }
    }
}

/// How many words may name what is counted.
const LONGEST_NOUN: usize = 7;

/// Whether an English word is a stretch of time.
pub(super) fn is_english_time(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    matches!(word.trim_end_matches('s'), "second" | "minute" | "hour" | "day" | "week" | "month" | "year")
}

/// `working day`, `calendar days`.
fn is_working_time(written: &str) -> bool {
    written.split_once(' ').is_some_and(|(kind, time)| {
        matches!(kind, "working" | "calendar" | "clear" | "school" | "business") && is_english_time(time)
    })
}

/// Whether an English word says what was done to what is counted: delivered, trained, open.
pub(super) fn is_participle(word: &str) -> bool {
    const OTHERS: &[&str] = &[
        "open",
        "met",
        "held",
        "built",
        "run",
        "live",
        "online",
        "available",
        "complete",
        "active",
        "operational",
        "made",
        "given",
        "taken",
        "begun",
        "done",
        "let",
        "set",
        "sold",
        "won",
        "ready",
        "free",
        "lost",
        "spent",
        "due",
        "late",
        "saved",
        "overdue",
        "seen",
        "dealt",
        "paid",
        "sent",
        "kept",
        "left",
        "outstanding",
        "satisfied",
        "upheld",
        "brought",
    ];
    if !word.ends_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    let word = word.to_ascii_lowercase();
    let past =
        word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed") && word != "hundred" && word != "unemployed";
    past || OTHERS.contains(&word.as_str())
}

/// The inside of a quotation.
pub(super) fn unquoted(quoted: &str) -> &str {
    let mut chars = quoted.chars();
    chars.next();
    chars.next_back();
    chars.as_str()
}
