//! What the name of an indicator says of how it is counted: 人口千人当たりの件数, 平均待ち時間, 参加者数（延べ）.

use super::super::answer::Note;
use super::super::lex::{Kind, Word, is_known_unit};
use super::cursor::Parser;
use super::figure::{Amount, Core, Figure, Unit};
use crate::domain::criterion::{Aggregation, CriterionPeriod, Quantity};

/// Whose number is the population's, so that it need not be named beside "per head".
pub(super) const RESIDENTS: [&str; 10] =
    ["人口", "住民", "市民", "区民", "町民", "村民", "県民", "国民", "都民", "府民"];

/// What a name may begin with, and what may not stand behind that: 平均寿命 is the name of an indicator.
const BEGINNINGS: [(&str, Option<Aggregation>, Option<CriterionPeriod>); 7] = [
    ("月平均", Some(Aggregation::Average), Some(CriterionPeriod::Month)),
    ("年平均", Some(Aggregation::Average), Some(CriterionPeriod::Year)),
    ("年間平均", Some(Aggregation::Average), Some(CriterionPeriod::Year)),
    ("平均", Some(Aggregation::Average), None),
    ("最大", Some(Aggregation::Maximum), None),
    ("月間", None, Some(CriterionPeriod::Month)),
    ("年間", None, Some(CriterionPeriod::Year)),
];
const WHOLE: [&str; 9] = ["寿命", "余命", "年齢", "気温", "限", "値", "を通", "的", "点"];

/// What a name may end in.
const ENDINGS: [&str; 5] = ["の年平均値", "の平均値", "の平均", "平均値", "年平均値"];

impl<'a> Parser<'a> {
    /// `named = [ residents ] number unit 当たり [ の ] name`: gives what is left of the name, and whose it is.
    pub(super) fn per_in_name(&mut self, figure: &mut Figure<'a>, from: usize, to: usize) -> (usize, Option<&'a str>) {
        let none = (from, None);
        let Some(per) = (from..to).take(8).find(|at| self.kind(*at) == Kind::Word(Word::Per)) else { return none };
        if figure.per.is_some() || per + 1 >= to || self.source.at(self.starts(per)).is_ascii() {
            return none;
        }
        let mark = self.mark();
        let mut at = from;
        let whose = match self.kind(at) {
            Kind::Text => {
                at += 1;
                Some(self.written(at - 1).trim_end_matches('の'))
            }
            Kind::Word(Word::Filler) => {
                at += 1;
                None
            }
            _ => None,
        };
        let mut found: Vec<(Quantity, usize)> = Vec::new();
        self.at = at;
        while self.at < per && found.len() < 2 {
            let unit = match self.amount() {
                Some(amount) => match amount.unit {
                    Unit::Said(unit) => Quantity { value: amount.value, unit: unit.to_owned() },
                    Unit::Unsaid => break,
                },
                None => break,
            };
            found.push((unit, self.at));
        }
        let reached = self.at == per;
        self.back(mark);
        if !reached || found.is_empty() {
            return none;
        }
        let time =
            |unit: &str| matches!(unit, "日" | "時間" | "週" | "週間" | "日間" | "分" | "か月" | "年" | "年間" | "月");
        let mut timed = false;
        let one = crate::domain::Decimal::from(1);
        // 1人1日当たり: per person and day.
        let daily = match found.as_slice() {
            [(head, _), (day, _)] if day.unit == "日" && day.value == one && head.value == one => Some(head),
            [(day, _), (head, _)] if day.unit == "日" && day.value == one && head.value == one => Some(head),
            _ => None,
        };
        let daily = daily.filter(|head| matches!(head.unit.as_str(), "人" | "世帯" | "台" | "床"));
        if let Some(head) = daily {
            figure.per = Some(Quantity { value: one, unit: format!("{}日", head.unit) });
            found.clear();
        }
        for (quantity, _) in found {
            match quantity.unit.as_str() {
                "か月" | "月" => figure.period = figure.period.or(Some(CriterionPeriod::Month)),
                "年" | "年間" => figure.period = figure.period.or(Some(CriterionPeriod::Year)),
                // 1日当たりの平均利用者数
                unit if time(unit) && figure.per.is_none() && unit != "分" => figure.per = Some(quantity),
                unit if time(unit) => timed = true,
                _ if figure.per.is_none() => figure.per = Some(quantity),
                _ => return none,
            }
        }
        if timed {
            let (start, end) = (self.starts(from), self.ends(per));
            self.ask(other_period().at(start, end));
        }
        let behind = per + 1 + usize::from(self.kind(per + 1) == Kind::Word(Word::Particle));
        (behind, whose.filter(|whose| !RESIDENTS.contains(whose) && !whose.is_empty()))
    }

    /// `head-and-day = 1人1日当たり`, in front of the amount: per person and day.
    pub(super) fn per_head_and_day(&mut self, figure: &mut Figure<'a>) -> bool {
        let mark = self.mark();
        let one = crate::domain::Decimal::from(1);
        let unit_of_one = |amount: Amount<'a>| match amount.unit {
            Unit::Said(unit) if amount.value == one => Some(unit),
            _ => None,
        };
        let head = self.amount().and_then(unit_of_one).filter(|unit| matches!(*unit, "人" | "世帯"));
        let day = head.and_then(|_| self.amount()).and_then(unit_of_one);
        if let (Some(head), Some("日")) = (head, day)
            && self.take(Word::Per)
        {
            self.particles();
            figure.per = Some(Quantity { value: one, unit: format!("{head}日") });
            return true;
        }
        self.back(mark);
        false
    }

    /// `charge points per 100,000 people`: the end of an English name that says on how many it is counted. Gives where the name ends.
    pub(super) fn english_per_in_name(&mut self, figure: &mut Figure<'a>, from: usize, to: usize) -> usize {
        let mut end = to - usize::from(to > from && self.kind(to - 1) == Kind::Colon);
        // Crime per 1,000 residents to be lower than …
        while end > from && self.kind(end - 1) == Kind::Word(Word::Filler) {
            end -= 1;
        }
        let Some(per) = (from + 1..end).rev().take(3).find(|at| self.kind(*at) == Kind::Word(Word::Per)) else {
            return to;
        };
        let latin = self.written(per).eq_ignore_ascii_case("per");
        let Kind::Number { value, .. } = self.kind(per + 1) else { return to };
        let unit = self.span(per + 2, end).trim();
        let named = per + 3 == end && matches!(self.kind(per + 2), Kind::Text | Kind::Unit(_));
        if !latin || !named || figure.per.is_some() || super::amount::is_english_time(unit) {
            return to;
        }
        figure.per = Some(Quantity { value, unit: unit.to_owned() });
        per
    }

    /// 参加者数（延べ）: the bracket behind a name, where it says how the figure is counted.
    pub(super) fn counted_behind_name(&mut self, figure: &mut Figure<'a>, from: usize, to: usize) -> usize {
        let whole = to;
        let mut to = to;
        while to > from
            && matches!(self.kind(to - 1), Kind::Colon | Kind::Word(Word::Particle) | Kind::Comma | Kind::Stop)
        {
            to -= 1;
        }
        if to < from + 3 || self.kind(to - 1) != Kind::Close {
            return whole;
        }
        let Some(open) = (from + 1..to - 1).rev().take(8).find(|at| self.close_of(*at) == Some(to - 1)) else {
            return whole;
        };
        let behind = std::mem::replace(&mut self.at, open);
        let taken = self.counted_bracket(figure);
        self.at = behind;
        if taken { open } else { whole }
    }

    /// A name without what it says of how the figure is counted: 平均待ち時間, 月間利用者数, 待ち時間の平均.
    pub(super) fn counted_name(&mut self, figure: &mut Figure<'a>, name: String) -> String {
        for (word, aggregation, period) in BEGINNINGS {
            let free = aggregation.is_none_or(|_| figure.aggregation.is_none())
                && period.is_none_or(|_| figure.period.is_none());
            let Some(rest) = name.strip_prefix(word).filter(|_| free) else { continue };
            let whole = WHOLE.iter().any(|part| rest.starts_with(part)) || rest.chars().count() < 2;
            if whole {
                return name;
            }
            figure.aggregation = figure.aggregation.or(aggregation);
            figure.period = figure.period.or(period);
            return rest.trim_start_matches('の').to_owned();
        }
        // 実利用者数: each of them once.
        if figure.aggregation.is_none()
            && let Some(rest) = name.strip_prefix('実')
            && [
                "利用者",
                "参加者",
                "来場者",
                "受講者",
                "利用人",
                "参加人",
                "相談者",
                "支援者",
                "登録者",
                "訪問者",
                "人数",
            ]
            .iter()
            .any(|who| rest.starts_with(who))
        {
            figure.aggregation = Some(Aggregation::Unique);
            return rest.to_owned();
        }
        for ending in ENDINGS {
            if figure.aggregation.is_none()
                && let Some(rest) = name.strip_suffix(ending).filter(|rest| rest.chars().count() > 1)
            {
                figure.aggregation = Some(Aggregation::Average);
                if ending.contains('年') && figure.period.is_none() {
                    figure.period = Some(CriterionPeriod::Year);
                }
                return rest.trim_end_matches('の').to_owned();
            }
        }
        name
    }

    /// `slash-per = "/" ( 月 | 年 | [ number ] unit )`: 5回/月, 8.5件/千人; 20/24区 and 36人/60人 are so many out of a whole.
    pub(super) fn slash_per(&mut self, figure: &mut Figure<'a>) {
        let mark = self.mark();
        if !self.take_kind(Kind::Slash) {
            return;
        }
        // 15施設以上／全32施設
        let all = self.take(Word::AllOf);
        let found = if matches!(self.peek(0), Kind::Number { .. }) {
            match (self.amount(), &figure.core) {
                // 7.5/10
                (Some(whole @ Amount { unit: Unit::Unsaid, scaled: false, .. }), Core::Constant(part))
                    if figure.out_of.is_none()
                        && part.unit == Unit::Unsaid
                        && figure.comparator.is_some()
                        && part.value < whole.value
                        && [5, 10, 100].iter().any(|full| whole.value == (*full).into()) =>
                {
                    figure.out_of = Some(whole);
                    true
                }
                (Some(Amount { unit: Unit::Unsaid, .. }) | None, _) => false,
                (Some(whole), Core::Constant(part)) if part.unit == Unit::Unsaid || part.unit == whole.unit => {
                    let _ = self.take(Word::FullMarks);
                    let free = figure.out_of.is_none() && !whole.is_percent();
                    figure.core = Core::Constant(Amount { unit: whole.unit, ..*part });
                    figure.out_of = figure.out_of.or(Some(whole));
                    free
                }
                (Some(Amount { value, unit: Unit::Said(unit), .. }), _) => self.per_one(figure, value, unit),
            }
        } else {
            let written = self.written(self.at).trim();
            let word = matches!(self.peek(0), Kind::Text | Kind::Unit(_) | Kind::Word(Word::Period(_))) && !all;
            self.at += 1;
            // g／人・日
            let daily = ["人・日", "人･日", "人/日", "人日"].contains(&written);
            let written = if daily { "人日" } else { written };
            word && self.per_one(figure, crate::domain::Decimal::from(1), written)
        };
        if !found {
            self.back(mark);
        }
    }

    fn per_one(&mut self, figure: &mut Figure<'a>, value: crate::domain::Decimal, unit: &'a str) -> bool {
        let one = value == crate::domain::Decimal::from(1);
        match unit {
            // 1回／2か月
            "か月" | "年" | "週" | "日" if !one => {
                figure.per.replace(Quantity { value, unit: unit.to_owned() }).is_none()
            }
            "月" | "か月" | "month" | "mo" => figure.period.replace(CriterionPeriod::Month).is_none(),
            "年" | "年度" | "year" | "yr" => figure.period.replace(CriterionPeriod::Year).is_none(),
            // g/person/day
            "day" if figure.per.as_ref().is_some_and(|per| per.value == 1.into() && per.unit.is_ascii()) => {
                if let Some(per) = &mut figure.per {
                    per.unit.push_str(" per day");
                }
                true
            }
            "connection" | "dwelling" | "vehicle" | "student" | "pupil" | "visit" | "customer" | "inhabitant" => {
                figure.per.replace(Quantity { value, unit: unit.to_owned() }).is_none()
            }
            "person" | "household" | "head" | "capita" | "FTE" | "fte" | "resident" | "employee" | "property" => {
                figure.per.replace(Quantity { value, unit: unit.to_owned() }).is_none()
            }
            "annum" => figure.period.replace(CriterionPeriod::Year).is_none(),
            "日" | "週" | "時間" | "時" | "分" | "day" | "week" | "hour" => {
                let (start, end) = (self.starts(self.at - 1), self.ends(self.at - 1));
                self.ask(other_period().at(start, end));
                true
            }
            unit if is_known_unit(unit) && unit != "点" => {
                figure.per.replace(Quantity { value, unit: unit.to_owned() }).is_none()
            }
            _ => false,
        }
    }
}

fn other_period() -> Note {
    Note::new(
        "この期間（週・日など）ごとの目標は、条件として持てません。",
        "A condition cannot say this stretch of time (a week, a day).",
    )
}
