//! Over how long, and of each of whom, where a name and the figure meet: 5年間で100棟, 計画期間累計, 職員一人当たり.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Core, Figure};
use super::named::RESIDENTS;
use crate::domain::criterion::Aggregation;

/// How a plan calls the years that it covers.
const PLANS: [&str; 12] = [
    "計画期間",
    "計画期間中",
    "計画期間内",
    "計画期間の",
    "計画期間中の",
    "計画期間全体",
    "期間中",
    "期間内",
    "計画期間を通じて",
    "計画期間中に",
    "計画期間内に",
    "計画期間で",
];

/// Of each of whom, beside the residents: of these it is said whose figure it is.
const PEOPLE: [&str; 14] = [
    "職員",
    "教職員",
    "教員",
    "児童",
    "生徒",
    "児童生徒",
    "利用者",
    "参加者",
    "会員",
    "患者",
    "高齢者",
    "被保険者",
    "従業員",
    "入所者",
];

impl<'a> Parser<'a> {
    /// `span-of-time = [ 計画期間 ] [ number ( 年間 | か年 ) ] [ で | の ]`, between the name and the figure: an amount is one of all these
    /// years together. Gives where the name ends.
    pub(super) fn over_years(&mut self, figure: &mut Figure<'a>, from: usize, to: usize) -> usize {
        let mut at = to;
        if at > from
            && (self.kind(at - 1) == Kind::Word(Word::Particle) || matches!(self.written(at - 1), "で" | "に" | "の"))
        {
            at -= 1;
        }
        let spans = at > from + 1
            && matches!(self.kind(at - 1), Kind::Unit(Some("年間" | "か年" | "年度間")))
            && matches!(self.kind(at - 2), Kind::Number { .. });
        let years = if spans { at - 2 } else { at };
        let plan = years > from
            && self.kind(years - 1) == Kind::Text
            && PLANS.contains(&self.written(years - 1))
            && (figure.aggregation.is_some() || spans || self.written(years - 1) != "計画期間");
        let begins = years - usize::from(plan);
        if begins == at || !spans && at < to && !plan {
            return to;
        }
        let place = (self.starts(begins), self.ends(at - 1));
        let mut name = begins;
        while name > from && matches!(self.kind(name - 1), Kind::Colon | Kind::Comma | Kind::Word(Word::Particle)) {
            name -= 1;
        }
        // 過去5年間, 今後3年間の: another span.
        let glued = name == begins
            && name > from
            && self.ends(name - 1) == self.starts(begins)
            && !self.written(name - 1).ends_with(['を', 'は', 'が', 'の', 'に', 'で', ')', '）']);
        let counts = match &figure.core {
            Core::Constant(amount) => !amount.is_percent(),
            Core::Reference(reference) => reference.change().is_some(),
            _ => false,
        };
        let share = matches!(&figure.core, Core::Constant(_)) && !counts;
        if glued || share && figure.aggregation.is_none() || !share && !counts {
            return to;
        }
        if matches!(figure.core, Core::Constant(_)) && figure.aggregation.is_none() && figure.period.is_none() {
            figure.aggregation = Some(Aggregation::Cumulative);
        }
        self.say(
            Note::new("期間全体での値です。", "The figure is one of all these years together.").at(place.0, place.1),
        );
        name
    }

    /// 延べ参加者数: the word in front of the name says how the figure is counted.
    pub(super) fn counted_subject(&mut self, figure: &mut Figure<'a>, from: usize, to: usize) -> usize {
        // 1日平均乗車人員
        let daily = self.kind(from + 1) == Kind::Unit(Some("日")) && matches!(self.written(from), "1" | "１");
        let average = Aggregation::Average;
        if daily
            && self.kind(from + 2) == Kind::Word(Word::Counted(average))
            && from + 3 < to
            && figure.aggregation.is_none()
        {
            figure.aggregation = Some(average);
            self.say(
                Note::new("1日当たりの平均です。", "The figure is an average for each day.")
                    .at(self.starts(from), self.ends(from + 2)),
            );
            return from + 3;
        }
        match self.kind(from) {
            // Gross rent: of money, in a name.
            Kind::Word(Word::Counted(Aggregation::Gross)) if self.written(from).is_ascii() => from,
            Kind::Word(Word::Counted(aggregation)) if from + 1 < to && figure.aggregation.is_none() => {
                figure.aggregation = Some(aggregation);
                // 延べ利用者数、実利用者数とも
                if (from + 1..to).any(|at| matches!(self.kind(at), Kind::Word(Word::Counted(_)))) {
                    self.ask(Note::new("数え方が二つあります。", "The figure is counted in two ways."));
                }
                from + 1
            }
            _ => from,
        }
    }

    /// 図書貸出冊数　市民一人当たり, 時間外勤務　職員一人当たり: behind the name stands of each of whom. Gives the name, with who they are
    /// unless they are the residents.
    pub(super) fn of_each_head(&self, figure: &Figure<'a>, name: String) -> String {
        if figure.per.as_ref().is_none_or(|per| per.unit != "人") {
            return name;
        }
        let parted = |noun: &str| {
            let front = name.strip_suffix(noun)?;
            let bare = front.trim_end_matches([' ', '　', '、', '：', ':', 'は', 'を', 'の', 'が']);
            (bare.len() < front.len() || bare.is_empty()).then(|| bare.to_owned())
        };
        if let Some(bare) = RESIDENTS.iter().find_map(|noun| parted(noun)) {
            return bare;
        }
        match PEOPLE.iter().find_map(|noun| parted(noun).map(|bare| (noun, bare))) {
            Some((_, bare)) if bare.is_empty() => name,
            Some((noun, bare)) => format!("{noun}の{bare}"),
            None => name,
        }
    }
}
