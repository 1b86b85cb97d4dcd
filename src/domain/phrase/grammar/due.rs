//! By when something is done: the whole phrase of time, with the word that ends it.

use chrono::NaiveDate;

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Token, Word, is_western};
use super::cursor::Parser;
use super::figure::Figure;
use crate::domain::Criterion;

/// What says by when in a way that no date was read from: 夏休み前までに, by Q3. Left in an action, it would move the deadline to the year's end
/// without a word.
const UNREAD_DUES: &[&str] = &["までに", "年末", "年内", "月末", "期末", "休み前", "休み中", "旬に", "明けに"];

/// The same in English, as whole words.
const UNREAD_ENGLISH_DUES: &[&str] = &[
    "q1",
    "q2",
    "q3",
    "q4",
    "quarter",
    "christmas",
    "easter",
    "ramadan",
    "spring",
    "summer",
    "autumn",
    "winter",
    "fall",
    "mid-year",
    "midyear",
    "year-end",
    "month-end",
];

/// What says only vaguely when.
const VAGUE: &[&str] = &[
    "毎月",
    "毎週",
    "毎日",
    "毎年",
    "毎回",
    "隔月",
    "隔週",
    "随時",
    "定期的",
    "常時",
    "予算内",
    "どおり",
    "予定通り",
    "計画通り",
    "年度当初",
    "年度初め",
    "年度はじめ",
    "年度前半",
    "年度後半",
    "年度半ば",
    "来年",
    "次年度",
    "翌年",
    "年明け",
    "当面",
    "将来",
    "今春",
    "今夏",
    "今秋",
    "今冬",
    "今後",
    "早期に",
    "頃に",
    "ごろに",
    "頃まで",
    "夏までに",
    "春までに",
    "秋までに",
    "冬までに",
    "月頃",
];

/// With what they begin: most tokens have none of these.
const FIRST: [char; 23] = [
    '毎', '隔', '随', '定', '常', '予', 'ど', '計', '年', '来', '次', '翌', '当', '将', '今', '早', '頃', 'ご', '夏',
    '春', '秋', '冬', '月',
];

/// Whether what is done says by when in words that no date was read from.
pub(super) fn holds_unread_due(action: &str) -> bool {
    if !is_western(action) {
        return UNREAD_DUES.iter().any(|due| action.contains(due));
    }
    let lower = action.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.any(|word| UNREAD_ENGLISH_DUES.contains(&word))
        || lower.contains("by the end of")
        || lower.contains("by end of")
}

impl Parser<'_> {
    /// `due = time [ vague ] [ までに | 中に | に | から | より | をもって ]`: 令和3年度中に, 10月上旬に, 令和7年4月から.
    ///
    /// All of it is taken, so that no part of it is left in what is done. What is vague about it (頃, 夏) is asked about, and so
    /// is a year from which on something is done, whose first day is not its last.
    pub(super) fn due(&mut self, asked: &mut bool) -> Option<NaiveDate> {
        let Kind::Time(time) = self.peek(0) else { return None };
        let start = self.starts(self.at);
        self.at += 1;
        let mut vague = false;
        for _ in 0..2 {
            vague |= self.take(Word::Vague);
        }
        let by = self.take(Word::By);
        let since = !by && matches!(self.written(self.at), "から" | "より") && self.take(Word::Than);
        vague |= since && matches!(time, Time::FiscalYear(_) | Time::Year(_) | Time::YearEnd);
        let _ = by && self.take(Word::Particle) || self.take(Word::Particle);
        let place = (start, self.ends(self.at - 1));
        if vague {
            self.ask(
                Note::new(
                    "時期が幅のある書き方のため、期限を補ってください。",
                    "The text says only about when; the deadline has to be filled in.",
                )
                .at(place.0, place.1),
            );
            return None;
        }
        let day = time.last_day(self.context.fiscal_year);
        if day.is_none() && time != Time::YearEnd && !std::mem::replace(asked, true) {
            self.ask(
                Note::new(
                    "何年度の期限かがわからないため、期限を補ってください。",
                    "The text gives a deadline without a year; it has to be filled in.",
                )
                .at(place.0, place.1),
            );
        }
        day
    }

    /// `by 31 March 2022`, `by FY2025`: the preposition has been taken.
    pub(super) fn time_limit(&mut self, figure: &mut Figure<'_>) {
        if let Kind::Time(time) = self.peek(0) {
            self.at += 1;
            if self.take(Word::Vague) {
                // by early 2027
                return self.ask(Note::new(
                    "時期が幅のある書き方のため、期限を補ってください。",
                    "The text says only about when; the deadline has to be filled in.",
                ));
            }
            match time.last_day(self.context.fiscal_year) {
                Some(day) if figure.deadline.is_none() => figure.deadline = Some(day),
                _ if time == Time::YearEnd => {}
                _ => self.ask(Note::new("期限を補ってください。", "The deadline has to be filled in.")),
            }
        }
    }

    /// `Q3 2026`, in the target's own fiscal year: with a bare year the quarter may be that of the calendar as well.
    pub(super) fn calendar_quarter(&mut self, milestone: &Criterion) -> Option<Criterion> {
        let Criterion::Milestone { action, due: Some(due), subject } = milestone else { return None };
        let other = self.tokens.iter().find_map(|token| match token.kind {
            Kind::Time(Time::Quarter(year, quarter)) => {
                let last = if matches!(quarter, 1 | 4) { 31 } else { 30 };
                NaiveDate::from_ymd_opt(year, 3 * quarter, last).filter(|other| other != due)
            }
            _ => None,
        })?;
        self.quarter_of_which_year();
        Some(Criterion::Milestone { action: action.clone(), due: Some(other), subject: subject.clone() })
    }

    /// Asks where a text names a quarter with a bare year.
    pub(super) fn quarter_of_which_year(&mut self) {
        let quarter = |token: &&Token| matches!(token.kind, Kind::Time(Time::Quarter(..)));
        if let Some(token) = self.tokens.iter().find(quarter) {
            self.ask(
                Note::new(
                    "会計年度の四半期とみなしました。暦年の四半期かもしれません。",
                    "Read as a quarter of the fiscal year; it may be one of the calendar year.",
                )
                .at(token.start, token.end),
            );
        }
    }

    /// 計画を令和4年3月末までに策定, 更新を令和4年10月に実施: a time between what is done and the doing.
    pub(super) fn is_due(&mut self, at: usize) -> bool {
        if !matches!(self.kind(at), Kind::Time(_)) || self.source.at(self.starts(at + 1)).is_ascii() {
            return false;
        }
        match self.kind(at + 1) {
            Kind::Word(Word::By | Word::Vague) => true,
            Kind::Word(Word::Particle) => matches!(self.written(at + 1), "に" | "で"),
            Kind::Word(Word::Than) => matches!(self.written(at + 1), "から" | "より"),
            _ => false,
        }
    }

    /// Whether what stands behind a time says only vaguely when: 年度当初に, 夏までに.
    pub(super) fn says_vaguely_when(&mut self, from: usize, to: usize) -> Option<usize> {
        (from..to).take(24).find(|at| {
            let text = matches!(self.kind(*at), Kind::Text | Kind::Time(_) | Kind::Word(Word::Vague));
            text && self.written(*at).contains(FIRST)
                && VAGUE.iter().any(|word| self.span(*at, to).starts_with(word) || self.written(*at).contains(word))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vague_word_begins_with_one_of_the_characters_that_are_looked_for_first() {
        assert_eq!(VAGUE.iter().find(|word| !word.starts_with(FIRST)), None);
    }
}
