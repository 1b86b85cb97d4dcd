//! Years, days and numbers as only English texts write them: 25/26, 31/12/2026, Reiwa 8, Category 1 hazards, new 20mph zones, PM2.5.

use chrono::NaiveDate;

use super::dates::{Time, ends_a_number, whole};
use super::source::{is_latin_letter, is_western};
use super::spelt::{often, one_part};
use super::vocabulary::Word;
use super::{Kind, Lexer, Source, Token, candidates};
use crate::domain::Decimal;

/// What is numbered to tell one kind from another, in front of what is of that kind.
const KINDS: [&str; 15] = [
    "category",
    "grade",
    "grades",
    "level",
    "levels",
    "band",
    "priority",
    "tier",
    "type",
    "class",
    "decile",
    "quintile",
    "stage",
    "attainment",
    "progress",
];

/// Of which year at school somebody is.
const PUPILS: [&str; 7] = ["pupils", "children", "students", "girls", "boys", "leavers", "cohort"];

/// What makes one word with the digits that it is glued to.
const GLUED: [&str; 6] = ["mph", "kph", "g", "d", "mbps", "gbps"];

impl Lexer<'_, '_> {
    /// pH6.5: the one name of a figure that is written without a gap. Its first letter has been taken.
    pub(super) fn acidity(&mut self) -> bool {
        let start = self.at.saturating_sub(1);
        let found = self.text == Some(start)
            && self.source.has(start, "ph").is_some()
            && self.source.at(start + 2).is_ascii_digit();
        if found {
            self.at = start + 2;
            self.flush();
        }
        found
    }

    /// Whether a word in Latin letters goes on here: NO2, PM2.5.
    pub(super) fn goes_on_in_word(&self) -> bool {
        let c = self.source.at(self.at);
        let digit = |at: usize| self.source.at(at).is_ascii_digit();
        c.is_ascii_digit() || is_latin_letter(c) || c == '.' && digit(self.at - 1) && digit(self.at + 1)
    }

    /// `short-time = digit digit "/" digit digit | day "/" month "/" year`: 25/26 where a year may stand, and not 24/25 wards; 31/12/2026.
    pub(super) fn short_time(&mut self) -> bool {
        if self.text.is_some() {
            return false;
        }
        if let Some((day, end)) = day_first(self.source, self.at) {
            self.push(Kind::Time(Time::Day(day)), end);
            return true;
        }
        let slash = self.at + 2;
        let Some((first, _)) = whole(self.source, self.at, 2).filter(|(_, end)| *end == slash) else { return false };
        if self.source.at(slash) != '/' {
            return false;
        }
        let Some((next, end)) = whole(self.source, slash + 1, 2).filter(|(_, end)| *end == slash + 3) else {
            return false;
        };
        // （25/26校）: so many of so many, in another language.
        let follows = (15..60).contains(&first)
            && next == first + 1
            && ends_a_number(self.source, end)
            && is_western(self.source.written(0, self.source.len()));
        if !follows || matches!(self.source.at(end), '/' | '%' | '-') || !self.stands_for_a_year(end) {
            return false;
        }
        self.push(Kind::Time(Time::FiscalYear(2000 + i32::try_from(first).unwrap_or(0))), end);
        true
    }

    /// `once a month`, `twice each year`: so many times.
    pub(super) fn often(&mut self) -> bool {
        let Some((times, end)) = often(self.source, self.at) else { return false };
        self.push(Kind::Number { value: Decimal::from(times), scaled: false }, end);
        self.tokens.push(Token { kind: Kind::Unit(Some("times")), start: end, end });
        true
    }

    /// `cut by a quarter`: a share of what is cut.
    pub(super) fn one_part(&mut self) -> bool {
        let part = one_part(self.source, self.at, self.last() == Kind::Word(Word::By));
        part.is_some_and(|part| self.fraction(part))
    }

    /// `by the end of` the financial year: behind a word that says at whose end, the target's own year.
    pub(super) fn year_that_ends(&self) -> Option<(Time, usize)> {
        let token = self.tokens.last().filter(|token| token.kind == Kind::Word(Word::By) && self.text.is_none())?;
        if !self.source.written(token.start, token.end).ends_with(" end of") {
            return None;
        }
        let start =
            ["the ", "this ", "current "].iter().fold(self.at, |at, word| self.source.has(at, word).unwrap_or(at));
        let end = ["financial year", "fiscal year", "council year", "year"]
            .iter()
            .find_map(|word| self.source.has(start, word))
            .filter(|_| start > self.at)?;
        let ends = ends_a_number(self.source, end) && !self.source.at(self.source.skip_space(end)).is_ascii_digit();
        ends.then_some((Time::YearEnd, end))
    }

    /// Whether two numbers with a slash are a year where they stand: (25/26), by 25/26, 25/26: 72%.
    fn stands_for_a_year(&self, end: usize) -> bool {
        let next = self.source.skip_space(end);
        let closed = matches!(self.source.at(next), ')' | ':' | '\0' | ',' | ';' | '\n');
        let named = || {
            ["baseline", "actual", "outturn", "result", "level", "target", "figure"]
                .iter()
                .any(|word| self.source.has(next, word).is_some())
        };
        match self.last() {
            Kind::Open => closed || named(),
            Kind::Word(Word::By | Word::Of | Word::Than | Word::Particle | Word::Above | Word::Below) => {
                closed || named() || self.source.at(next) == '('
            }
            Kind::End | Kind::Stop | Kind::Comma | Kind::Item | Kind::Unit(_) | Kind::Slash => {
                named() || self.labels_a_year(end)
            }
            _ => named(),
        }
    }

    /// Whether a colon, a dash or a figure stands behind what may be a year.
    fn labels_a_year(&self, end: usize) -> bool {
        let next = self.source.skip_space(end);
        matches!(self.source.at(next), ':')
            || next > end && (self.source.at(next).is_ascii_digit() || matches!(self.source.at(next), '£' | '-' | '$'))
    }

    /// `Category 1 hazards`, `Year 6 pupils`, `Grade 4+ in English`, `new 20mph zones`, `6th grade`: a number inside a name. Gives where it ends.
    pub(super) fn number_in_a_name(&self) -> Option<usize> {
        if self.text.is_some() || !self.source.latin() {
            return None;
        }
        let named = match self.tokens.last() {
            Some(token) if token.kind == Kind::Text => self.source.written(token.start, token.end),
            _ => return None,
        };
        let mut end = self.at;
        while self.source.at(end).is_ascii_digit() && end < self.at + 4 {
            end += 1;
        }
        if let Some(glued) = GLUED.iter().find_map(|word| self.source.has(end, word))
            && self.noun_behind(glued)
            && named.is_ascii()
            && (glued > end + 1 || self.source.written(end, glued).chars().all(char::is_uppercase))
        {
            return Some(glued);
        }
        let known = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(named));
        let next = self.source.skip_space(end);
        if named.eq_ignore_ascii_case("year") {
            let pupils = end < self.at + 3 && PUPILS.iter().any(|word| self.source.has(next, word).is_some());
            return pupils.then_some(end);
        }
        // scope 1 and 2 emissions
        if known(&["scope", "scopes"]) && end == self.at + 1 {
            let mut last = end;
            for _ in 0..2 {
                let next = [" and ", ", ", " & ", "/"].iter().find_map(|link| self.source.has(last, link));
                let digit = next.filter(|next| self.source.at(*next).is_ascii_digit());
                last = digit.map_or(last, |digit| digit + 1);
            }
            return self.noun_behind(last).then_some(last);
        }
        if !known(&KINDS) || end > self.at + 2 {
            return None;
        }
        let plus = self.source.at(end) == '+' && self.source.at(end + 1) == ' ';
        let behind = self.source.skip_space(end + 1);
        if plus && self.source.at(behind).is_ascii_alphabetic() {
            return Some(end + 1);
        }
        self.noun_behind(end).then_some(end)
    }

    /// Whether behind a gap a word stands that only a name can go on with.
    fn noun_behind(&self, end: usize) -> bool {
        let next = self.source.skip_space(end);
        next == end + 1
            && self.source.at(next).is_ascii_alphabetic()
            && !candidates(self.source, next).any(|entry| {
                let found = self.source.has(next, entry.word);
                found.is_some_and(|after| !self.source.at(after).is_ascii_alphanumeric())
            })
    }
}

/// Of which a rate is told behind a slash: visits/month, g/person/day.
pub(super) fn rated(source: &Source<'_>, at: usize) -> bool {
    const OF: [&str; 22] = [
        "connection",
        "dwelling",
        "vehicle",
        "student",
        "pupil",
        "visit",
        "customer",
        "inhabitant",
        "month",
        "year",
        "week",
        "day",
        "quarter",
        "person",
        "household",
        "head",
        "capita",
        "fte",
        "resident",
        "employee",
        "property",
        "annum",
    ];
    OF.iter().any(|word| source.has(at, word).is_some_and(|end| !source.at(end).is_alphanumeric()))
}

/// `31/12/2026`, `31.12.2026`: the day first, as councils write it; the month where it can be nothing else.
fn day_first(source: &Source<'_>, at: usize) -> Option<(NaiveDate, usize)> {
    let (first, end) = whole(source, at, 2)?;
    let sign = source.at(end);
    if !matches!(sign, '/' | '.') || !source.at(at).is_ascii_digit() {
        return None;
    }
    let (second, end) = whole(source, end + 1, 2)?;
    if source.at(end) != sign {
        return None;
    }
    let (year, after) =
        whole(source, end + 1, 4).filter(|(year, after)| *after == end + 5 && (1950..2150).contains(year))?;
    let year = i32::try_from(year).ok()?;
    let (day, month) = if second > 12 { (second, first) } else { (first, second) };
    ends_a_number(source, after).then_some(())?;
    NaiveDate::from_ymd_opt(year, month, day).map(|day| (day, after))
}

/// Whether a day is written so that its month may stand first as well: 04/06/2027.
pub(in crate::domain::phrase) fn may_be_month_first(written: &str) -> bool {
    let mut parts = written.split(['/', '.']);
    let small = |part: Option<&str>| part.and_then(|part| part.parse::<u32>().ok()).filter(|part| *part <= 12);
    let (first, second) = (small(parts.next()), small(parts.next()));
    first.is_some() && second.is_some() && first != second && parts.next().is_some_and(|year| year.len() == 4)
}

/// `[ "fiscal" | "fy" ] "Reiwa" number`: a year of an era in English.
pub(super) fn era_in_english(source: &Source<'_>, at: usize) -> Option<(Time, usize)> {
    let fiscal = ["fiscal year ", "fiscal ", "fy "].iter().find_map(|sign| source.has(at, sign));
    let start = fiscal.unwrap_or(at);
    let (before, end) = [("reiwa ", 2018), ("heisei ", 1988)]
        .iter()
        .find_map(|(era, before)| source.has(start, era).map(|end| (*before, end)))?;
    let (year, end) = whole(source, end, 2).filter(|(year, _)| (1..=64).contains(year))?;
    let year = before + i32::try_from(year).ok()?;
    ends_a_number(source, end)
        .then_some((if fiscal.is_some() { Time::FiscalYear(year) } else { Time::Year(year) }, end))
}

/// `same-period = [ "the" ] ( "same" | "corresponding" | … ) ( "period" | "quarter" | … ) [ "of" | "in" ] ( "last year" | … )`. Gives where it ends.
pub(super) fn same_period(source: &Source<'_>, at: usize) -> Option<usize> {
    const TIMES: [&str; 8] = ["period", "quarter", "month", "time", "week", "point", "quarters", "term"];
    const YEARS: [&str; 12] = [
        " last year",
        " of last year",
        " in last year",
        " of the previous year",
        " the previous year",
        " in the previous year",
        " of the prior year",
        " in the prior year",
        " the year before",
        " a year earlier",
        " a year ago",
        " of the previous fiscal year",
    ];
    let start = source.has(at, "the ").unwrap_or(at);
    let end = ["same ", "corresponding ", "equivalent "].iter().find_map(|word| source.has(start, word))?;
    let end = TIMES.iter().filter_map(|word| source.has(end, word)).max()?;
    let end = YEARS.iter().find_map(|word| source.has(end, word))?;
    ends_a_number(source, end).then_some(end)
}
