//! Whether the characters of a word are one where they stand.

use super::english_forms::same_period;
use super::number::Numeral;
use super::source::Source;
use super::vocabulary::{Place, Word};
use super::{BEHIND_AMOUNTS, Entry, Kind, Lexer, Time, candidates, dates, english_dates, is_kanji, number, units};
use crate::domain::criterion::Comparator;

impl Lexer<'_, '_> {
    pub(super) fn word(&mut self) -> bool {
        if self.text.is_none()
            && matches!(self.source.at(self.at), 't' | 's' | 'c' | 'e')
            && let Some(end) = same_period(self.source, self.at)
        {
            self.push(Kind::Word(Word::SamePeriod), end);
            return true;
        }
        for entry in candidates(self.source, self.at) {
            let mut found = self.source.begins(self.at, &entry.chars);
            if entry.spaced && found.is_some() {
                found = self.source.has(self.at, entry.word);
            }
            if let Some(end) = found
                && self.stands(entry, end)
            {
                self.push(Kind::Word(entry.meaning), end);
                self.counted(entry.meaning);
                return true;
            }
        }
        self.source.at(self.at + 1) == ' ' && self.spaced_comparator()
    }

    /// 市民一人当たり, 施設一件につき, 市民千人当たり: how many of what is counted, in front of what is asked of them.
    pub(super) fn so_many_of_each(&self) -> bool {
        let unit = |numeral: Numeral| units::unit(self.source, numeral.end, self.own);
        self.numeral_at(self.at).and_then(unit).is_some_and(|(_, end)| {
            // 市民一人一日当たり
            let end = ["一日", "1日"].iter().find_map(|day| self.source.has(end, day)).unwrap_or(end);
            ["当たり", "あたり", "当り", "につき"].iter().any(|per| self.source.has(end, per).is_some())
        })
    }

    /// 出前相談二十回以上: a numeral of several characters directly behind a noun, if a unit and a bound stand behind it.
    pub(super) fn bounded_behind_noun(&self) -> bool {
        let bounded = |end: usize| {
            let (_, after) = units::unit(self.source, end, self.own)?;
            ["以上", "以下", "以内", "未満"].iter().find_map(|bound| self.source.has(after, bound))
        };
        let numeral = self.numeral_at(self.at).filter(|numeral| numeral.end > self.at + 1);
        numeral.and_then(|numeral| bounded(numeral.end)).is_some()
    }

    /// ４５　％　以　上: the characters of a comparator, set apart to fill a cell.
    fn spaced_comparator(&mut self) -> bool {
        if self.text.is_some() || !matches!(self.last(), Kind::Unit(_) | Kind::Number { .. }) {
            return false;
        }
        let found = [
            ("以 上", Comparator::Gte),
            ("以 下", Comparator::Lte),
            ("以 内", Comparator::Lte),
            ("未 満", Comparator::Lt),
        ]
        .into_iter()
        .find_map(|(word, meaning)| self.source.has(self.at, word).map(|end| (meaning, end)));
        if let Some((meaning, end)) = found {
            self.push(Kind::Word(Word::Compare(meaning)), end);
        }
        found.is_some()
    }

    /// A unit may stand behind 全 and 各 without a number between: 全地域.
    fn counted(&mut self, word: Word) {
        let opens = matches!(word, Word::AllOf | Word::Every | Word::Each)
            && matches!(self.source.at(self.at.saturating_sub(1)), '全' | '各' | 'の' | 'a'..='z');
        if opens {
            let at = self.source.skip_space(self.at);
            if let Some((unit, end)) = units::unit(self.source, at, self.own)
                && (!is_kanji(self.source.at(end))
                    || BEHIND_AMOUNTS.contains(self.source.at(end))
                    || self.counts_next(end))
            {
                self.at = at;
                self.push(Kind::Unit(unit), end);
            }
        }
    }

    /// 各校年2回: what is asked of each begins with a word of time or of counting.
    fn counts_next(&self, at: usize) -> bool {
        matches!(self.source.at(at), '年' | '月' | '週' | '毎' | '延' | '累' | '平' | '約' | '最')
            && (1..4).any(|offset| self.source.at(at + offset).is_ascii_digit())
    }

    /// 区内全小学校, 小学校全15校: 全 behind a noun and in front of what is counted; not 安全区域.
    fn all_of_named(&self, before: char, end: usize) -> bool {
        let behind = self.text.is_some() && is_kanji(before) && !matches!(before, '安' | '完' | '健' | '保' | '万');
        let unit =
            || units::unit(self.source, end, self.own).is_some_and(|(_, after)| !is_kanji(self.source.at(after)));
        behind && (self.source.at(end).is_ascii_digit() || unit())
    }

    /// Whether a word may stand here, or is a part of a longer one.
    fn stands(&self, entry: &Entry, end: usize) -> bool {
        let before = self.source.at(self.at.wrapping_sub(1));
        let understood = self.text.is_none() && !self.tokens.is_empty();
        let number_next = || {
            let next = self.source.at(self.source.skip_space(end));
            let counted = matches!(entry.meaning, Word::Period(_))
                && matches!(next, '延' | '累' | '実' | '平' | '最' | '合' | '計');
            let counted = counted
                || matches!(entry.meaning, Word::Least(_))
                    && matches!(next, '年' | '月' | '毎' | '延' | '累' | '平')
                    && (1..5).any(|offset| self.source.at(end + offset).is_ascii_digit());
            let exactly = matches!(entry.meaning, Word::Period(_) | Word::Counted(_))
                && self.source.has(self.source.skip_space(end), "ちょうど").is_some();
            counted || exactly || next.is_ascii_digit() || matches!(next, '約' | '▲') || number::begins_in_kanji(next)
        };
        match entry.place {
            Place::Anywhere => match entry.meaning {
                Word::Counted(_) if self.source.has(end, "床").is_some() => false,
                // 一般, 及び腰 and the like do not matter; 前年 within 前年度 is settled by length.
                _ => true,
            },
            Place::Fresh => {
                let fresh =
                    self.text.is_none() || !is_kanji(before) && !before.is_ascii_alphanumeric() && before != 'ー';
                // 各種イベント: of several kinds, and not of each; 各種目 is each of them.
                if entry.meaning == Word::Each
                    && self.source.at(end) == '種'
                    && !matches!(self.source.at(end + 1), '目' | '別' | '類')
                    && self.own != Some("種")
                {
                    return false;
                }
                let behind_noun = entry.meaning == Word::AllOf && self.all_of_named(before, end);
                behind_noun || fresh && !(entry.meaning == Word::AllOf && continues_all(self.source, end))
            }
            // 10万人対12.0: so many out of a number of people; not 前年対12件.
            Place::BeforeNumber if entry.meaning == Word::Per => {
                (number_next() || self.source.at(end) == ')')
                    && self.text.is_none()
                    && matches!(self.last(), Kind::Number { .. } | Kind::Unit(_))
            }
            Place::BeforeNumber => number_next() && !self.in_a_word(before, entry.meaning),
            Place::Behind => {
                understood
                    && (!entry.word.is_ascii() || units::ends_a_word(self.source, end))
                    && !matches!(
                        self.last(),
                        Kind::Open
                            | Kind::Comma
                            | Kind::Stop
                            | Kind::Item
                            | Kind::Colon
                            | Kind::Word(Word::And | Word::Or)
                    )
            }
            Place::BehindTime => self.text.is_none() && matches!(self.last(), Kind::Time(_) | Kind::Word(Word::Vague)),
            Place::Latin => {
                // In `or more than 5` the word is `or`.
                let next = self.source.skip_space(end);
                let goes_on = matches!(entry.meaning, Word::Compare(_))
                    && (["than", "last ", "the ", "previous ", "prior "]
                        .iter()
                        .any(|word| self.source.has(next, word).is_some())
                        || self.source.at(next).is_ascii_digit() && !self.numbers_an_item(next));
                let after = self.source.at(end);
                let runs_on = self.text.is_some() || after.is_alphabetic() && !after.is_ascii();
                // at 31 March 2026: only in front of a time, and not of one that is compared with.
                if entry.meaning == Word::By
                    && matches!(entry.word, "at" | "on" | "as at" | "as of" | "at the end of" | "as at the end of")
                    && (self.last() == Kind::Word(Word::Than) || !self.time_follows(next, entry.word != "on"))
                {
                    return false;
                }
                // improvement notices, the improvement plan: a name.
                if entry.word == "improvement" && self.source.at(next).is_ascii_alphabetic() {
                    let changes = [
                        "of ",
                        "on ",
                        "in ",
                        "from ",
                        "over ",
                        "compared ",
                        "against ",
                        "by ",
                        "to ",
                        "upon ",
                        "each ",
                        "every ",
                    ];
                    if !changes.iter().any(|word| self.source.has(next, word).is_some()) {
                        return false;
                    }
                }
                let bounded = match entry.word.starts_with('\'') {
                    true => self.owned_by_a_time(),
                    false => !before.is_ascii_alphanumeric() && !runs_on && !self.hyphenated(end),
                };
                // Max. 15 minutes, min 80%; not 15 min, nor a name.
                let short = matches!(entry.word, "max" | "max." | "min" | "min.");
                let year_end = entry.word == "by year" && self.source.has(next, "end").is_some();
                // a fall in complaints; not the autumn, nor the verb
                let noun = matches!(entry.word, "fall" | "drop" | "decline");
                let fronted = !year_end
                    && (!noun || self.source.has(next, "in ").is_some())
                    && (!short
                        || (self.source.at(next).is_ascii_digit() || matches!(self.source.at(next), '£' | '$'))
                            && !matches!(self.last(), Kind::Number { .. } | Kind::Unit(_)));
                bounded && !goes_on && fronted && units::ends_a_word(self.source, end)
            }
        }
    }

    /// Whether a day of a year is written at a position, or perhaps the year itself.
    fn time_follows(&self, at: usize, year: bool) -> bool {
        let day = || self.numeral_at(at).and_then(|day| english_dates::english_day(self.source, &day));
        match dates::time(self.source, at).or_else(day) {
            Some((Time::Day(_), _)) => true,
            Some((Time::FiscalYear(_), _)) => year,
            _ => false,
        }
    }

    /// last year's, FY2024's; not children's centres, where it belongs to the name.
    fn owned_by_a_time(&self) -> bool {
        match self.text {
            None => {
                matches!(
                    self.last(),
                    Kind::Time(_) | Kind::Word(Word::PreviousYear | Word::SamePeriod | Word::Past | Word::Present)
                )
            }
            Some(start) => {
                ["year", "quarter", "period", "month"].iter().any(|word| self.source.has(start, word) == Some(self.at))
            }
        }
    }

    /// 400 or more 2. At least 12: the number of the next item, and none that `more` compares with.
    fn numbers_an_item(&self, at: usize) -> bool {
        matches!(self.source.at(at + 1), '.' | ')') && self.source.at(at + 2) == ' '
    }

    /// drop-in sessions, on-street parking: a word that a hyphen joins to another is a part of that.
    fn hyphenated(&self, end: usize) -> bool {
        let hyphen =
            |at: usize| self.source.at(at) == '-' && matches!(self.source.written(at, at + 1), "-" | "‐" | "‑");
        let front = hyphen(self.at.wrapping_sub(1)) && self.source.at(self.at.wrapping_sub(2)).is_ascii_alphabetic();
        front || hyphen(end) && self.source.at(end + 1).is_ascii_alphabetic()
    }

    /// 条約3件, 毎年3回, 生年10, 遅延5件: the character belongs to the word before it.
    fn in_a_word(&self, before: char, meaning: Word) -> bool {
        match meaning {
            Word::Roughly => {
                self.text.is_some()
                    && matches!(
                        before,
                        '条' | '契'
                            | '予'
                            | '規'
                            | '公'
                            | '要'
                            | '節'
                            | '制'
                            | '集'
                            | '解'
                            | '誓'
                            | '特'
                            | '協'
                            | '成'
                            | '婚'
                            | '売'
                            | '密'
                            | '確'
                            | '括'
                            | '簡'
                    )
            }
            Word::Counted(_) | Word::Total => {
                self.text.is_some() && "設統家会確事現果真口遅順蔓時推集余充誠忠".contains(before)
            }
            Word::Period(_) | Word::OtherPeriod => self.in_compound() && !self.period_behind_label(),
            _ => self.in_compound(),
        }
    }

    /// 研修回数年3回, 相談件数月20件: behind the name of what is counted, 年 and 月 in front of an amount begin the condition;
    /// not in 青少年3人, 学年3学級, 翌月10件, where they end a word.
    fn period_behind_label(&self) -> bool {
        const YEARS: &str = "現過次学少青中高周来今前昨新近通毎各隔翌例往定成暦経豊幼長同当本先後積停生没卒築初終標準万閏開元幾何半壮老弱若熟享晩平全他丸満期億千百十一二三四五六七八九";
        const MONTHS: &str = "今来毎各正先前当翌歳満生同隔蜜何半象末年か数ヶカ箇個化動進発護";
        let before = self.source.at(self.at - 1);
        let first = self.source.at(self.at);
        match first {
            '毎' => true,
            // 受講者数年度500人; not 次年度50件.
            '年' if self.source.at(self.at + 1) == '度' => matches!(before, '数' | '率' | '額' | '量'),
            // 数年 is a word where nothing is counted in front of it.
            '年' if before == '数' => is_kanji(self.source.at(self.at.wrapping_sub(2))),
            '年' => !YEARS.contains(before),
            '月' if self.source.at(self.at + 1) == '間' => matches!(before, '数' | '率' | '額' | '量'),
            '月' if before == '数' => is_kanji(self.source.at(self.at.wrapping_sub(2))),
            '月' => !MONTHS.contains(before),
            '週' if before == '数' => is_kanji(self.source.at(self.at.wrapping_sub(2))),
            '週' => !matches!(before, '毎' | '隔' | '前' | '今' | '来' | '翌' | '先' | '各'),
            _ => false,
        }
    }
}

/// 全国, 全体, 全般: words that begin with 全 and are not "all of".
fn continues_all(source: &Source<'_>, end: usize) -> bool {
    // 全 km: a unit in Latin letters stands apart.
    if source.at(end) == ' ' && source.at(source.skip_space(end)).is_ascii_alphabetic() {
        return false;
    }
    matches!(
        source.at(end),
        '国' | '体'
            | '般'
            | '力'
            | '面'
            | '額'
            | '身'
            | '角'
            | '壊'
            | '焼'
            | '容'
            | '文'
            | '集'
            | '庁'
            | '量'
            | '\0'
            | ' '
    ) && source.has(end, "国").is_none_or(|after| !matches!(source.at(after), '地'))
}
