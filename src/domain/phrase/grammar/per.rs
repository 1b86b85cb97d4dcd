//! What an amount is asked of: of each of some unit (人口千人当たり, 2か月に1回), or out of how many there are (12校のうち).

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Amount, Figure, Sign, Unit};
use crate::domain::Decimal;
use crate::domain::criterion::{CriterionPeriod, Quantity};

impl<'a> Parser<'a> {
    /// `per = number unit 当たり`: 人口千人当たり, 1校当たり.
    pub(super) fn per(&mut self, figure: &mut Figure<'a>) -> bool {
        let mark = self.mark();
        if self.each_day(figure) {
            return true;
        }
        self.back(mark);
        if let Some(amount) = self.amount()
            && let Some(unit) = self.counted_per(&amount)
            && !self.source.at(self.starts(self.at)).is_ascii()
            && self.take(Word::Per)
        {
            self.particles();
            // 1日当たり and 1か月当たり speak of time.
            match unit {
                "か月" | "月" => figure.period = Some(CriterionPeriod::Month),
                "年" | "年度" | "年間" => figure.period = Some(CriterionPeriod::Year),
                unit => figure.per = Some(Quantity { value: amount.value, unit: unit.to_owned() }),
            }
            return true;
        }
        self.back(mark);
        // 2か月に1回以上
        if let Some(Amount { value, unit: Unit::Said(unit), sign: Sign::None, scaled: false, .. }) = self.amount()
            && matches!(unit, "か月" | "週間" | "年" | "年間" | "日" | "か年")
            && self.written(self.at) == "に"
            && self.take(Word::Particle)
            && matches!(self.peek(0), Kind::Number { .. })
            && matches!(self.peek(1), Kind::Unit(Some("回" | "度")))
        {
            figure.per = Some(Quantity { value, unit: unit.to_owned() });
            return true;
        }
        self.back(mark);
        self.per_head_and_day(figure)
    }

    /// What a rate is counted on: 10万対 is 10万人対.
    pub(super) fn counted_per(&self, amount: &Amount<'a>) -> Option<&'a str> {
        match amount.unit {
            Unit::Said(unit) => Some(unit),
            Unit::Unsaid => (amount.scaled && self.written(self.at) == "対").then_some("人"),
        }
    }

    /// `1日30人以上`, `1回20人`: a unit of one, directly in front of the amount that is asked of each.
    fn each_day(&mut self, figure: &mut Figure<'a>) -> bool {
        let start = self.at;
        let Some(Amount { value, unit: Unit::Said(unit), sign: Sign::None, scaled: false, .. }) = self.amount() else {
            return false;
        };
        let one = value == Decimal::from(1) && (matches!(unit, "日" | "週" | "回") || is_part(unit));
        let _ = one && is_part(unit) && self.written(self.at) == "に" && self.take(Word::Particle);
        let next = matches!(self.peek(0), Kind::Number { .. } | Kind::Word(Word::Counted(_) | Word::Roughly));
        let close = self.starts(self.at) == self.ends(self.at - 1);
        if !one || !next || !close || figure.per.is_some() {
            return false;
        }
        if unit == "日" && matches!(self.peek(0), Kind::Word(Word::Counted(_))) {
            // 1日平均300人: an average, over whatever it is taken.
            return true;
        }
        figure.per = Some(Quantity { value, unit: unit.to_owned() });
        let place = (self.starts(start), self.ends(self.at - 1));
        if is_part(unit) && !matches!(unit, "校" | "施設" | "団体" | "世帯") {
            // 1所属1件以上
            return true;
        }
        self.ask(
            Note::new("「1日」などの単位当たりの目標とみなしました。", "Read as so many per unit, such as a day.")
                .at(place.0, place.1),
        );
        true
    }

    /// `300 visits per day`, `at least one meeting each quarter`, behind the amount; a percentage is one in each of these times.
    pub(super) fn so_much_in_a_time(&mut self, figure: &mut Figure<'a>) -> bool {
        let written = self.written(self.at);
        let unit = if self.peek(0) == Kind::Word(Word::OtherPeriod) { time_of(written) } else { None };
        let super::figure::Core::Constant(amount) = &figure.core else { return false };
        let (Some(unit), None) = (unit, &figure.per) else { return false };
        if amount.is_percent() {
            figure.each |= written.starts_with(['e', 'E']);
            self.at += usize::from(figure.each);
            return figure.each;
        }
        figure.per = Some(Quantity { value: 1.into(), unit: unit.to_owned() });
        self.at += 1;
        true
    }

    /// `out-of = [ 全 ] number [ unit ] ( のうち | 中 | 満点中 | 段階評価で )`
    pub(super) fn out_of(&mut self, figure: &mut Figure<'a>) -> bool {
        let mark = self.mark();
        if let Some(amount) = self.amount() {
            // 7割 of something is no number of things.
            let things = !amount.is_percent() && amount.sign == Sign::None;
            let japanese = !self.source.at(self.starts(self.at)).is_ascii();
            if things && japanese && (self.take(Word::OutOf) || self.take(Word::FullMarks) || self.take(Word::Scale)) {
                let _ = self.take_kind(Kind::Comma);
                self.particles();
                figure.out_of = Some(amount);
                return true;
            }
        }
        self.back(mark);
        false
    }
}

/// Of what there are many, each of which may be asked for so much.
fn is_part(unit: &str) -> bool {
    matches!(
        unit,
        "校" | "施設"
            | "団体"
            | "世帯"
            | "所属"
            | "課"
            | "部署"
            | "部局"
            | "地区"
            | "地域"
            | "区"
            | "学区"
            | "校区"
            | "園"
            | "社"
            | "事業所"
            | "店舗"
            | "小学校区"
            | "中学校区"
            | "町会"
            | "自治会"
            | "学級"
            | "クラス"
    )
}

/// 週, 四半期に, 半期ごとに: over what stretch of time so many are asked for, where there is one of each kind at a time.
pub(super) fn time_of(word: &str) -> Option<&'static str> {
    const EVERY: [(&str, &str); 6] =
        [("四半期", "四半期"), ("半期", "半期"), ("半年", "半年"), ("学期", "学期"), ("週", "週"), ("日", "日")];
    if let Some(unit) = english_time_of(word) {
        return Some(unit);
    }
    let plain = word.trim_start_matches('毎');
    EVERY.iter().find_map(|(begins, unit)| {
        let rest = plain.strip_prefix(begins)?;
        matches!(rest, "" | "に" | "ごとに" | "毎に").then_some(*unit)
    })
}

/// The same in English: a week, per quarter, daily.
fn english_time_of(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    let time = lower.rsplit(' ').next().unwrap_or("");
    [("week", "week"), ("weekly", "week"), ("day", "day"), ("daily", "day"), ("quarter", "quarter"), ("term", "term")]
        .iter()
        .find_map(|(known, unit)| (*known == time).then_some(*unit))
}
