//! Brackets that say more of the figure without binding it: where it comes from, as of when, over which years, and remarks.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::bracket::{Inside, REMARKS, REPORTS};
use super::cursor::Parser;
use super::figure::{Core, Figure, Unit};
use crate::domain::criterion::{Aggregation, CriterionPeriod};

/// 6th, 1st: which one rather than how many.
fn ordinal(text: &str) -> bool {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    matches!(text.get(digits.len()..), Some("st" | "nd" | "rd" | "th"))
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl<'a> Parser<'a> {
    /// A remark on the source of the figure says nothing about the target.
    pub(super) fn remark(&mut self, open: usize, close: usize) -> bool {
        let written = self.span(open + 1, close);
        let place = (self.starts(open), self.ends(close));
        if REMARKS.iter().any(|word| written.contains(word)) {
            let counts = (open + 1..close).any(|at| {
                matches!(
                    self.kind(at),
                    Kind::Number { .. } | Kind::Word(Word::Compare(_) | Word::And | Word::Or | Word::Denial)
                )
            });
            let note = Note::new(
                "かっこ書きは、目標の条件ではない注記とみなしました。",
                "What stands in brackets is taken as a remark, not as a part of the condition.",
            )
            .at(place.0, place.1);
            if counts && !self.of_a_survey(open, close) && !written.trim_start_matches('※').starts_with("参考") {
                self.ask(note)
            } else {
                self.say(note)
            }
            return true;
        }
        if self.defines(open + 1, close) {
            let note = Note::new(
                "かっこ書きは、何の割合かの説明とみなしました。",
                "What stands in brackets is taken to say what the share is one of.",
            );
            self.say(note.at(place.0, place.1));
            return true;
        }
        if self.tells_when(open, close) {
            let note = Note::new(
                "かっこ書きは、いつ行うか、いつの時点かの注記とみなしました。",
                "What stands in brackets is taken to say when it is done, or as of when.",
            );
            self.say(note.at(place.0, place.1));
            return true;
        }
        // （18～29歳）, （65歳以上）: whom it is counted of.
        if self.ages(open + 1, close) {
            let note = Note::new(
                "かっこ書きの年齢は、対象の説明とみなしました。",
                "The ages in brackets are taken to say of whom it is counted.",
            );
            self.say(note.at(place.0, place.1));
            return true;
        }
        if self.lasts(open + 1, close) {
            let note = Note::new(
                "かっこ書きは、何を数えるかの説明とみなしました。",
                "What stands in brackets is taken to say what is counted.",
            );
            self.say(note.at(place.0, place.1));
            return true;
        }
        // （現年課税分）, （過年度分を除く）: no figure and nothing that compares.
        let plain = open + 1 < close
            && (open + 1..close).all(|at| match self.kind(at) {
                Kind::Text => {
                    let text = self.written(at);
                    // (collection rate, in year): within it.
                    let within = text == "year" && at > open + 1 && self.written(at - 1) == "in";
                    within
                        || (!text.chars().any(char::is_numeric)
                            || ordinal(text) && self.written(at + 1) != "percentile")
                            && !super::guard::may_bind(text)
                            && !REPORTS.iter().any(|word| text.contains(word))
                }
                Kind::Quoted
                | Kind::Comma
                | Kind::Word(Word::Particle | Word::Filler | Word::TargetLabel | Word::Of) => true,
                Kind::Word(Word::Denial) => matches!(self.written(at), "を除く" | "以外" | "excluding" | "except"),
                _ => false,
            });
        if plain {
            self.say(
                Note::new(
                    "かっこ書きは、目標の条件ではない注記とみなしました。",
                    "What stands in brackets is taken as a remark, not as a part of the condition.",
                )
                .at(place.0, place.1),
            );
        }
        plain
    }

    /// （区民アンケート、回収数500件）: how many were asked, and how many answered. Whether each number in a remark on a survey is one of these.
    pub(super) fn of_a_survey(&mut self, open: usize, close: usize) -> bool {
        const ASKED: [&str; 11] = [
            "回収数",
            "回収率",
            "回答数",
            "回答者数",
            "回答率",
            "サンプル数",
            "標本数",
            "対象者",
            "対象者数",
            "配布数",
            "n",
        ];
        let surveyed = |text: &str| ["アンケート", "調査", "モニター"].iter().any(|word| text.contains(word));
        let mut numbers = false;
        let asked = (open + 1..close).all(|at| match self.kind(at) {
            Kind::Number { .. } => {
                numbers = true;
                let front = self.span(open + 1, at).trim_end_matches([':', '：', '=', '＝', ' ', '　', '約']);
                ASKED.iter().any(|asked| front.ends_with(asked))
            }
            Kind::Word(Word::Compare(_)) => matches!(self.written(at), "=" | "＝"),
            Kind::Word(Word::And | Word::Or | Word::Denial) => false,
            _ => true,
        });
        numbers && asked && surveyed(self.span(open + 1, close))
    }

    /// （週20時間以上の勤務）, （2週間以上の取得）: how long what is counted has to be.
    fn lasts(&mut self, from: usize, to: usize) -> bool {
        const TIMES: [&str; 11] = ["時間", "日間", "週間", "か月", "ヶ月", "年間", "日", "月", "年", "分", "秒"];
        let written = self.span(from, to);
        let written = written.strip_suffix("に限る").unwrap_or(written);
        let Some((time, what)) = written.split_once('の') else { return false };
        let bounded = ["以上", "以下", "以内", "未満"].iter().find_map(|bound| time.strip_suffix(bound));
        let timed = bounded.is_some_and(|time| {
            let number = TIMES.iter().find_map(|unit| time.strip_suffix(unit)).unwrap_or(time);
            // 週20時間, 1コール20秒
            let per = number.trim_end_matches(char::is_numeric);
            let per = per.trim_start_matches(char::is_numeric);
            number.ends_with(char::is_numeric)
                && (matches!(per, "" | "週" | "月" | "年") || per.chars().all(|c| matches!(c, 'ァ'..='ヶ' | 'ー')))
        });
        let noun =
            what.chars().all(|c| matches!(c, '\u{4E00}'..='\u{9FFF}')) && (2..=8).contains(&what.chars().count());
        timed && noun && matches!(self.kind(from), Kind::Number { .. } | Kind::Word(_))
    }

    /// （各年4月1日現在）, （6月・8月・10月）: as of when, or when it is done; by when it shall be, they do not say.
    pub(super) fn tells_when(&mut self, open: usize, close: usize) -> bool {
        let times = (open + 1..close)
            .filter(|at| matches!(self.tokens.get(*at).map(|token| token.kind), Some(Kind::Time(_))))
            .count();
        if times == 0 {
            return false;
        }
        let written = self.span(open + 1, close);
        let as_of = ["各年", "毎年", "各年度", "毎年度"].iter().any(|word| written.starts_with(word))
            && ["現在", "時点", "末"].iter().any(|word| written.ends_with(word));
        // （4月1日時点）: of whichever year the target is for.
        let day = self.context.fiscal_year.is_none()
            && close == open + 3
            && matches!(self.kind(open + 1), Kind::Time(Time::DayOfYear(..)))
            && ["現在", "時点"].iter().any(|word| written.ends_with(word));
        let as_of = as_of || day;
        // （3・4月の繁忙期）
        let season = self.kind(close - 1) == Kind::Text
            && ["期", "期間", "時期", "シーズン"].iter().any(|end| self.written(close - 1).ends_with(end))
            && matches!(self.kind(close - 2), Kind::Time(_) | Kind::Word(Word::Particle));
        let end = if season { close - 1 - usize::from(self.written(close - 2) == "の") } else { close };
        // （5、7、9、11、1月）: the last one says of what they are numbers.
        let last = matches!(self.kind(end - 1), Kind::Time(Time::DayOfYear(..)));
        let several = times > 1 || last && (season || end > open + 3);
        let months = several
            && (open + 1..end).all(|at| match self.kind(at) {
                Kind::Number { value, .. } => {
                    last && value >= crate::domain::Decimal::from(1) && value <= crate::domain::Decimal::from(12)
                }
                Kind::Time(Time::DayOfYear(..)) | Kind::Comma | Kind::Item | Kind::Slash => true,
                Kind::Text => matches!(self.written(at), "・" | "と" | "、" | "各"),
                Kind::Word(Word::And | Word::Particle) => true,
                _ => false,
            });
        let plain = (open + 1..close).all(|at| !matches!(self.kind(at), Kind::Unit(_) | Kind::Word(Word::Compare(_))));
        (as_of || months) && plain
    }

    /// 年4回（四半期に1回）, 年6回（隔月）: the same, said of a shorter time, where it comes to as many.
    pub(super) fn comes_to_year(&mut self, figure: &Figure<'a>, open: usize, close: usize) -> bool {
        const OFTEN: [(&str, u32); 9] = [
            ("四半期", 4),
            ("半期", 2),
            ("学期", 3),
            ("隔月", 6),
            ("毎月", 12),
            ("各月", 12),
            ("2か月", 6),
            ("２か月", 6),
            ("月", 12),
        ];
        let Core::Constant(amount) = &figure.core else { return false };
        // 月4回（週1回）
        if figure.period == Some(CriterionPeriod::Month) {
            let weekly = match self.span(open + 1, close) {
                "週1回" | "週１回" | "毎週" | "毎週1回" | "毎週１回" => 4,
                "週2回" | "週２回" | "毎週2回" => 8,
                _ => return false,
            };
            return amount.unit == Unit::Said("回") && amount.value == crate::domain::Decimal::from(weekly);
        }
        if amount.unit != Unit::Said("回") {
            return false;
        }
        let written = self.span(open + 1, close);
        let plain = written.trim_start_matches(['各', '毎']);
        let Some((rest, times)) = OFTEN.iter().find_map(|(word, times)| {
            plain.strip_prefix(word).or_else(|| written.strip_prefix(word)).map(|rest| (rest, *times))
        }) else {
            return false;
        };
        let each = match rest {
            "" | "に1回" | "に１回" | "ごとに1回" | "ごとに１回" | "毎に1回" | "毎に１回" | "1回" | "１回" | "ごと"
            | "毎" | "に一回" => 1,
            "に2回" | "に２回" | "2回" | "２回" | "ごとに2回" | "ごとに２回" => 2,
            _ => return false,
        };
        let agrees = amount.value == crate::domain::Decimal::from(i64::from(times * each));
        if agrees {
            let place = (self.starts(open), self.ends(close));
            self.say(
                Note::new(
                    "かっこ書きは、同じ回数の言い換えとみなしました。",
                    "What stands in brackets says the same of a shorter time.",
                )
                .at(place.0, place.1),
            );
        }
        agrees
    }

    /// `years-together = ( year ~ year | number 年間 | 計画期間 ) [ の ] ( 累計 | 合計 )`
    pub(super) fn years_together(&mut self) -> Option<Inside<'a>> {
        let mark = self.mark();
        let span = self.span_of_years();
        if span.is_none() {
            self.back(mark);
            let years = self.amount().is_some_and(|years| {
                matches!(years.unit, super::figure::Unit::Said("年間" | "年" | "か年" | "年度間" | "年度"))
            });
            if !years {
                self.back(mark);
                let plan = self.peek(0) == Kind::Text && self.written(self.at).starts_with("計画期間");
                self.at += usize::from(plan);
                if !plan {
                    return None;
                }
            }
        }
        // R6～R8の3か年平均
        let _ = span.is_some() && self.take(Word::Particle);
        let _ = span.is_some() && self.so_many_years();
        let written = self.span(self.at.saturating_sub(1), self.end);
        let together = ["累計", "累積", "合計", "計", "通算", "延べ"].iter().any(|word| written.ends_with(word));
        let together = together || written.ends_with("平均") && span.is_some();
        if !together || self.at + 2 < self.end {
            self.back(mark);
            return None;
        }
        let counted = match () {
            () if written.ends_with("延べ") => Aggregation::Gross,
            () if written.ends_with("平均") => Aggregation::Average,
            () => Aggregation::Cumulative,
        };
        self.at = self.end;
        Some(match span {
            Some((first, last)) if first < last => Inside::Whole(counted, Time::FiscalYear(last)),
            Some(_) => return None,
            None => Inside::Counted(counted),
        })
    }
}
