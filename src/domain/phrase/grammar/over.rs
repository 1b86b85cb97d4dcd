//! Over how long, and of each of whom, where a name and the figure meet: 5年間で100棟, 計画期間累計, 職員一人当たり.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::cursor::Parser;
use super::figure::{Core, Draft, Figure};
use super::named::RESIDENTS;
use crate::domain::Criterion;
use crate::domain::criterion::{Aggregation, Operand};

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
        if let Some(name) = self.years_in_name(figure, from, at) {
            return name;
        }
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

    /// 立地件数　令和4～8年度の累計で25件: behind the name the years that are counted together, of which the last ends then. Gives where the name ends.
    fn years_in_name(&mut self, figure: &mut Figure<'a>, from: usize, to: usize) -> Option<usize> {
        if figure.aggregation != Some(Aggregation::Cumulative) {
            return None;
        }
        // 創業件数　令和5年度からの累計で150件以上
        let since = to - usize::from(to > from && self.kind(to - 1) == Kind::Word(Word::Particle));
        if since > from + 2
            && matches!(self.written(since - 1), "から" | "以降" | "からの" | "以降の")
            && matches!(self.kind(since - 2), Kind::Time(Time::FiscalYear(_)))
        {
            return Some(since - 2);
        }
        if figure.deadline.is_some() {
            return None;
        }
        let here = self.at;
        let found = (from + 1..to).rev().take(4).find_map(|at| {
            self.at = at;
            let (first, last) = self.span_of_years()?;
            let _ = self.written(self.at) == "年度" && self.take_kind(Kind::Unit(Some("年度")));
            (first < last && self.at == to).then_some((at, last))
        });
        self.at = here;
        let (at, last) = found?;
        figure.deadline = Time::FiscalYear(last).last_day(None);
        let mut name = at;
        while name > from && matches!(self.kind(name - 1), Kind::Colon | Kind::Comma | Kind::Word(Word::Particle)) {
            name -= 1;
        }
        Some(name)
    }

    /// `every-year = year ~ year [ : ] [ 各年度 | 毎年度 ] clause`: the same for each of the years, as far as the text says so.
    pub(super) fn every_year(&mut self, to: usize) -> Option<Draft> {
        let (first, last) = self.span_of_years()?;
        // 令和2～4年度の平均以上
        let ahead = self.mark();
        let _ = self.take(Word::Particle);
        let _ = self.so_many_years();
        if self.written(self.at).contains("平均") {
            return None;
        }
        self.back(ahead);
        let _ = self.take(Word::By);
        for _ in 0..3 {
            let _ = self.take_kind(Kind::Colon) || self.take_kind(Kind::Comma) || self.take(Word::Particle);
        }
        let yearly = matches!(self.peek(0), Kind::Word(Word::Period(_)) | Kind::Text)
            && matches!(
                self.written(self.at).trim_start_matches('の').trim_end_matches(['で', 'に', 'も', 'と']),
                "各年度" | "各年" | "毎年度" | "毎年"
            );
        self.at += usize::from(yearly);
        // の各年度で
        let each = self.peek(0) == Kind::Word(Word::Each) && self.peek(1) == Kind::Unit(Some("年度"));
        self.at += if each { 2 } else { 0 };
        let _ = each && self.take(Word::Particle);
        let yearly = yearly || each;
        let _ = yearly && (self.take_kind(Kind::Colon) || self.take_kind(Kind::Comma));
        // 令和6年度から8年度までの3年間で延べ300人以上: all of them together.
        let counted = self.peek(0) == Kind::Word(Word::Counted(Aggregation::Cumulative));
        let together = !yearly
            && (counted
                || (self.at..self.at + 3).any(|at| {
                    matches!(self.kind(at), Kind::Unit(Some("年間" | "か年")))
                        && matches!(self.kind(at - 1), Kind::Number { .. })
                }));
        if together && first < last {
            let from = self.at;
            let draft = self.clause(from, from, to)?;
            let ends = Time::FiscalYear(last).last_day(None);
            return match draft.main {
                Criterion::Threshold { aggregation: Some(_), deadline: None, .. }
                | Criterion::Threshold { operand: Operand::Reference(_), deadline: None, .. } => {
                    Some(draft.map(|mut criterion| {
                        if let Criterion::Threshold { deadline, .. } = &mut criterion {
                            *deadline = ends;
                        }
                        criterion
                    }))
                }
                _ => None,
            };
        }
        let (from, place) = (self.at, (self.starts(self.at.saturating_sub(1)), self.ends(to - 1)));
        let inner = self.clause(from, from, to)?;
        let figure =
            matches!(inner.main, Criterion::Threshold { .. } | Criterion::Range { .. } | Criterion::Universe { .. });
        if !figure || first >= last || last > first + 20 {
            return None;
        }
        // R4〜R6 150件 may be all of them together.
        let note = Note::new("それぞれの年度の目標とみなしました。", "Read as the target for each of the years.")
            .at(place.0, place.1);
        if yearly {
            self.say(note)
        } else {
            self.ask(note)
        }
        let years: Vec<i32> = (first..=last).collect();
        Some(
            inner.map(|criterion| {
                super::schedule::scheduled(&years, std::iter::repeat_n(criterion, years.len()).collect())
            }),
        )
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
