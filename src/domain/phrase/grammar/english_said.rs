//! What an English text says of those that are counted, behind the figure: `satisfied or very satisfied`, `judged Good or Outstanding`.

use super::super::lex::{Kind, Word, is_known_unit, is_western};
use super::amount::{is_english_time, is_participle};
use super::cursor::Parser;
use super::figure::{Core, Figure, Unit};

/// What people say, do or are, behind their number or share.
pub(super) const VERBS: [&str; 24] = [
    "feel",
    "feeling",
    "agree",
    "agreeing",
    "say",
    "saying",
    "report",
    "reporting",
    "live",
    "living",
    "use",
    "using",
    "know",
    "very",
    "fairly",
    "strongly",
    "good",
    "excellent",
    "able",
    "happy",
    "confident",
    "aware",
    "who",
    "think",
];

/// How many words may say so.
const LONGEST: usize = 16;

impl<'a> Parser<'a> {
    /// `said = participle { word }`, up to the end or the deadline: of whom the share is, or what is done with those that are counted.
    pub(super) fn said_of_them(&mut self, figure: &mut Figure<'a>, to: usize) -> bool {
        let from = self.at;
        let within = self.kind(from) == Kind::Word(Word::Least(crate::domain::criterion::Comparator::Lte))
            && self.written(from) == "within";
        let text = self.kind(from) == Kind::Text || within;
        if figure.subject.is_some() || from >= to || !text || !is_western(self.written(from)) {
            return false;
        }
        let (Core::Constant(amount) | Core::Range { max: amount, .. }) = &figure.core else { return false };
        let glued = self.starts(from) == amount.end;
        let share = amount.is_percent();
        let counted = match amount.unit {
            Unit::Said(unit) => is_western(unit) && !is_english_time(unit) && !is_known_unit(unit),
            Unit::Unsaid => figure.out_of.is_some(),
        };
        let first = self.written(from);
        let verb = VERBS.iter().any(|verb| verb.eq_ignore_ascii_case(first));
        let opens = is_participle(first)
            || verb
            || first.len() > 5 && first.ends_with("ing")
            || matches!(first, "across" | "throughout")
            || share && first == "within" && matches!(self.kind(from + 1), Kind::Number { .. });
        let noun = share && !super::english_bounding::may_bound(first);
        if glued || !(share || counted) || !(opens || noun) {
            return false;
        }
        let limit = (from + 1..to).take(LONGEST).find(|at| {
            self.kind(*at) == Kind::Word(Word::By) && matches!(self.kind(*at + 1), Kind::Time(_)) && *at + 2 == to
        });
        let end = limit.filter(|_| figure.deadline.is_none()).unwrap_or(to);
        if end > from + LONGEST || !(from..end).all(|at| self.says_of(from, at, figure)) {
            return false;
        }
        let written = self.span(from, end).trim();
        figure.subject = Some(written.to_owned());
        self.at = end;
        if end < to {
            self.at += 1;
            self.time_limit(figure);
        }
        true
    }

    /// `half of new starters`, behind its bound: a share, which is asked about as others in words are.
    pub(super) fn half_of_them(&mut self, figure: &mut Figure<'a>) -> bool {
        let bounded = figure.comparator.is_some() && self.peek(0) == Kind::Word(Word::Half);
        let start = self.at;
        if !bounded || !self.source.at(self.starts(start)).is_ascii_alphabetic() {
            return false;
        }
        let (from, end) = (self.starts(start), self.ends(start));
        self.at += 1;
        let of = self.written(start).ends_with(" of") || self.peek(0) == Kind::Word(Word::AllOf);
        if !of || !matches!(self.peek(0), Kind::Text | Kind::Word(Word::AllOf | Word::Particle)) {
            return false;
        }
        let _ = self.take(Word::AllOf) || self.take(Word::Particle);
        self.ask(
            super::super::answer::Note::new("「半分」を50%とみなしました。", "Half of them is taken as 50%.")
                .at(from, end),
        );
        figure.core = Core::Constant(super::figure::Amount {
            value: 50.into(),
            unit: Unit::Said("%"),
            scaled: false,
            sign: super::figure::Sign::None,
            start: from,
            end,
        });
        true
    }

    /// Whether a word may stand in what is said of those that are counted.
    fn says_of(&mut self, from: usize, at: usize, figure: &Figure<'a>) -> bool {
        let written = self.written(at);
        match self.kind(at) {
            Kind::Text if written == "after" && self.written(at + 1) == "dark" => true,
            Kind::Text if is_english_time(written) && at > from => matches!(self.kind(at - 1), Kind::Number { .. }),
            Kind::Text => {
                is_western(written) && !super::guard::may_bind(written) && !super::english_bounding::may_bound(written)
            }
            Kind::Word(Word::Particle | Word::Of | Word::And | Word::Or) => true,
            Kind::Quoted => at > from,
            Kind::Word(Word::Filler) => matches!(written, "to" | "be" | "is" | "are"),
            Kind::Word(Word::Than) => {
                matches!(written, "on" | "from") && !matches!(self.kind(at + 1), Kind::Time(_) | Kind::Number { .. })
            }
            Kind::Word(Word::OrBetter) => at > from,
            // closed for more than 3 days
            Kind::Word(Word::Above | Word::Below | Word::Least(_)) => {
                (figure.comparator.is_some() && at > from || written == "within")
                    && matches!(self.kind(at + 1), Kind::Number { .. })
                    && is_english_time(self.written(at + 2))
            }
            // on sites of 10 or more units, aged 16 and over
            Kind::Number { .. } => {
                at > from
                    && (is_english_time(self.written(at + 1))
                        || figure.comparator.is_some()
                            && matches!(self.written(at - 1), "of" | "aged" | "over" | "under")
                            && !matches!(self.kind(at + 1), Kind::Unit(_) | Kind::End))
            }
            Kind::Word(Word::Compare(_)) => matches!(self.kind(at - 1), Kind::Number { .. }),
            _ => false,
        }
    }

    /// `All wards to hold …`, `Every ward office to hold …`: what each of them is called in several words, and the verb. Behind the first word.
    pub(super) fn each_of_several_words(&mut self) {
        const VERBS: [&str; 22] = [
            "hold",
            "have",
            "run",
            "host",
            "deliver",
            "complete",
            "score",
            "record",
            "meet",
            "provide",
            "offer",
            "carry",
            "get",
            "attain",
            "make",
            "undertake",
            "report",
            "publish",
            "receive",
            "hit",
            "be",
            "show",
        ];
        let from = self.at;
        while self.at < from + 3 && self.peek(0) == Kind::Text && !VERBS.contains(&self.written(self.at)) {
            self.at += 1;
        }
        let to = self.written(self.at) == "to" && self.take(Word::Filler);
        let verb = to && self.peek(0) == Kind::Text && VERBS.contains(&self.written(self.at));
        self.at += usize::from(verb);
        let goes_on = matches!(
            self.peek(0),
            Kind::Number { .. } | Kind::Word(Word::Least(_) | Word::Above | Word::Below | Word::Filler | Word::Keep)
        );
        if !goes_on || !to && self.at > from && matches!(self.peek(0), Kind::Number { .. }) {
            self.at = from;
        }
    }

    /// `Maintain current membership level`: how things are now, of what the text names.
    pub(super) fn kept_as_it_is(&mut self, figure: &mut Figure<'a>) -> bool {
        let now = ["current", "existing", "present"].iter().any(|now| now.eq_ignore_ascii_case(self.written(self.at)));
        if !figure.keep || !now || self.peek(0) != Kind::Text {
            return false;
        }
        let place = (self.starts(self.at), self.ends(self.at));
        self.at += 1;
        let from = self.at;
        while self.at < from + 5 && (self.peek(0) == Kind::Text || self.joins_nouns(0)) {
            self.at += 1;
        }
        let name = self.span(from, self.at).trim();
        let level = self.take(Word::Result);
        if !level {
            return false;
        }
        self.ask(
            super::super::answer::Note::new(
                "「現状」がいつの値かが書かれていないため、前年度の実績とみなしました。",
                "The text does not say what the present level is; last year's result is assumed.",
            )
            .at(place.0, place.1),
        );
        if !name.is_empty() {
            figure.subject = figure.subject.take().or_else(|| Some(name.to_owned()));
        }
        figure.core = Core::Reference(crate::domain::criterion::Reference::PreviousYear { change: None });
        self.keep(figure);
        true
    }

    /// `per = "per" ( number [ "million" ] noun [ "aged" ages ] | noun )`: what so many are asked of. The word itself has been taken.
    pub(super) fn english_per(&mut self, figure: &mut Figure<'a>) -> bool {
        let quantity = |value, unit: &str| Some(crate::domain::criterion::Quantity { value, unit: unit.to_owned() });
        let start = self.at;
        if let Some(amount) = self.amount() {
            return match amount.unit {
                Unit::Said(unit) => {
                    let unit = self.of_what_age(start + 1).unwrap_or(unit);
                    figure.per = quantity(amount.value, unit);
                    true
                }
                // a rate per 1,000: of whom, the indicator knows
                Unit::Unsaid
                    if matches!(self.peek(0), Kind::End | Kind::Open | Kind::Word(Word::By | Word::Compare(_))) =>
                {
                    self.say(
                        super::super::answer::Note::new(
                            "何人（件）当たりかの単位が書かれていないため、指標の値そのものとみなしました。",
                            "The text does not say of what the rate is; the figure is taken as the indicator's own.",
                        )
                        .at(amount.start, amount.end),
                    );
                    true
                }
                Unit::Unsaid => match self.of_what_age(start + 1) {
                    Some(unit) => {
                        figure.per = quantity(amount.value, unit);
                        true
                    }
                    None => false,
                },
            };
        }
        // £250 per household, per full-time equivalent, per million hours worked
        if self.peek(0) != Kind::Text || !is_western(self.written(self.at)) {
            return false;
        }
        let value = match self.written(self.at).to_ascii_lowercase().as_str() {
            "thousand" => 1_000,
            "million" => 1_000_000,
            _ => 1,
        };
        self.at += usize::from(value > 1);
        let from = self.at;
        self.at += 1;
        while self.at < from + 4 && self.peek(0) == Kind::Text && (value > 1 || !is_participle(self.written(self.at))) {
            self.at += 1;
        }
        // per person per day
        let daily = matches!(self.written(self.at), "per day" | "a day" | "per week" | "a week");
        self.at += usize::from(daily && self.peek(0) == Kind::Word(Word::OtherPeriod));
        // per head of population
        let of_whom = self.written(from) == "head" && self.written(self.at) == "of" && self.peek(1) == Kind::Text;
        self.at += if of_whom { 2 } else { 0 };
        figure.per = quantity(value.into(), self.span(from, self.at));
        true
    }

    /// `females aged 15-17`, `children under 18`: what is counted, with the ages; behind the number.
    fn of_what_age(&mut self, from: usize) -> Option<&'a str> {
        let end = self.at;
        self.at = from;
        while self.at < from + 4 && self.peek(0) == Kind::Text && self.written(self.at) != "aged" {
            self.at += 1;
        }
        let aged = self.written(self.at) == "aged" && self.take_kind(Kind::Text);
        let bound = matches!(self.peek(0), Kind::Word(Word::Below | Word::Above))
            && matches!(self.peek(1), Kind::Number { .. });
        self.at += usize::from(bound && self.at > from);
        if (aged || bound) && self.at > from && matches!(self.peek(0), Kind::Number { .. }) {
            self.at += 1;
            let spans = matches!(self.peek(0), Kind::Minus | Kind::Tilde) || self.written(self.at) == "to";
            if spans && matches!(self.peek(1), Kind::Number { .. }) {
                self.at += 2;
            }
            if matches!(self.peek(0), Kind::Word(Word::Compare(_))) {
                self.at += 1;
            }
            return Some(self.span(from, self.at));
        }
        self.at = end;
        None
    }

    /// `over 4 years`, `over the plan period`, `over the period 2025/26-2028/29`: all of it together.
    pub(super) fn over_so_many_years(&mut self, figure: &mut Figure<'a>) -> bool {
        if !self.written(self.at).eq_ignore_ascii_case("over") || !matches!(figure.core, Core::Constant(_)) {
            return false;
        }
        let mark = self.mark();
        self.at += 1;
        let _ = self.take(Word::Particle);
        let mut told = false;
        for _ in 0..5 {
            let written = self.written(self.at);
            let known = match self.peek(0) {
                Kind::Number { .. } => matches!(self.written(self.at + 1), "years" | "year" | "-year"),
                Kind::Text => matches!(
                    written,
                    "years" | "plan" | "period" | "life" | "lifetime" | "strategy" | "programme" | "term"
                ),
                Kind::Word(Word::Of | Word::Particle | Word::Past) => told,
                _ => false,
            };
            if !known {
                break;
            }
            told |= matches!(written, "years" | "period" | "life" | "lifetime" | "term");
            self.at += 1;
        }
        let last = match (self.peek(0), self.peek(1), self.peek(2)) {
            (Kind::Time(_), Kind::Minus | Kind::Tilde | Kind::Word(Word::Filler), Kind::Time(last)) => Some(last),
            _ => None,
        };
        if let (Some(last), true) = (last, told) {
            self.at += 3;
            figure.deadline = figure.deadline.or_else(|| last.last_day(self.context.fiscal_year));
        }
        let ends = matches!(self.peek(0), Kind::End | Kind::Open | Kind::Word(Word::By));
        if told && ends {
            figure.aggregation = Some(crate::domain::criterion::Aggregation::Cumulative);
        } else {
            self.back(mark);
        }
        told && ends
    }
}
