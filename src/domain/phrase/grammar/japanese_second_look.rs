//! The last look at Japanese: what may be of all together or of each, what a name begins with, what is compared with another figure than last year's.

use super::super::lex::{Kind, Time, Word};
use super::cursor::Parser;
use super::misplaced::holds;
use super::second_look::{Beside, Place, beside, side_by_side};
use crate::domain::criterion::{Aggregation, Change, Comparator, Operand, Reference, Step};
use crate::domain::{Criterion, Decimal, Polarity};

/// What says of several that they are counted together.
const TOGETHER: [&str; 7] = ["で計", "合計", "合わせて", "あわせて", "総数", "総計", "平均"];

/// What is one place or one time, although 全 stands in front of it.
const ONE: [&str; 12] =
    ["全市", "全町", "全村", "全県", "全府", "全道", "全域", "全区域", "全市域", "全区で", "全期間", "全会期"];

/// What is left of a word that says how many more, at least, or how it is counted, where that has been cut off.
const REMNANTS: [&str; 10] = ["平均", "週", "あ", "あと", "少なく", "もう", "残り", "さら", "年内", "暦年"];

/// With what no name begins: what is left of a span of time, a list, a year.
const TORN: [&str; 11] = ["～", "〜", "~", "－", "-", "・", "及び", "から", "中の", "（", "計画期間"];

/// What joins something to be done in front of a condition to it.
const DONE_BEFORE: [&str; 5] = ["とともに", "と共に", "うえで", "上で、", "のうえ"];

/// What stands behind a year and is another figure than its result.
const OTHERS: [&str; 22] = [
    "予算", "計画", "見込", "予定", "目標", "全国", "全市", "府内", "県内", "都内", "道内", "他", "最高", "最低",
    "最大", "最小", "夏", "冬", "春", "秋", "上期", "下期",
];

/// Whose figure it is, where it is somebody else's.
const OF_OTHERS: [&str; 7] = ["国の", "県の", "府の", "都の", "市の", "区の", "町の"];

/// What is done to what there should be less of.
const REMOVED: [&str; 11] = ["撤去", "除却", "廃止", "解体", "除去", "駆除", "解消", "削除", "撤廃", "統合", "閉鎖"];

/// What changes a figure in words.
const CHANGED: [&str; 4] = ["半分", "倍に", "倍増", "半減"];

/// What is kept as it is, and is a figure.
const KEPT: [&str; 8] =
    ["件数を維持", "水準を維持", "人口を維持", "人数を維持", "率を維持", "額を維持", "回数を維持", "者数を維持"];

impl Parser<'_> {
    /// The words of a Japanese text that may change what was read.
    pub(super) fn japanese_doubt(&mut self, criterion: &Criterion) -> Option<Place> {
        match criterion {
            Criterion::Qualitative {} => return self.left_in_words(),
            Criterion::Milestone { action, due, .. } => return self.left_in_deed(action, due.is_none()),
            _ => {}
        }
        self.all_or_each(criterion)
            .or_else(|| self.multiplied())
            .or_else(|| self.cut_off(criterion))
            .or_else(|| self.percentage_of_reference(criterion))
            .or_else(|| self.compared_with_another(criterion))
            .or_else(|| self.other_direction(criterion))
            .or_else(|| self.share_of_so_many(criterion))
            .or_else(|| self.undated_deed(criterion))
            .or_else(|| self.torn_name(criterion))
            .or_else(|| self.said_of_the_first(criterion))
            .or_else(|| goes_back_in_time(criterion).then(|| self.whole()))
            .or_else(|| self.steps_apart_in_kind(criterion))
            .or_else(|| self.other_year_in_bracket(criterion))
            .or_else(|| self.half_said_in_japanese(criterion))
    }

    /// Where one of some words stands.
    pub(super) fn first_of(&self, words: &[&str]) -> Option<Place> {
        let text = self.source.written(0, self.source.len());
        words.iter().find_map(|word| {
            let start = text.get(..text.find(word)?)?.chars().count();
            Some((start, start + word.chars().count()))
        })
    }

    /// 令和9年度中の供用開始をめざす, 半分に削減: what would be lost in a target in words.
    fn left_in_words(&mut self) -> Option<Place> {
        self.first_outside(|rules, at| matches!(rules.kind(at), Kind::Time(_)))
            .or_else(|| self.first_of(&CHANGED))
            .or_else(|| self.first_of(&KEPT))
    }

    /// 年複数回開催, 2月・3月市会に上程: what would be lost in something to be done.
    fn left_in_deed(&mut self, action: &str, undated: bool) -> Option<Place> {
        if action.contains("複数") && self.own_unit().is_some() {
            return self.first_of(&["複数"]);
        }
        // 10月までに素案を公表、3月に策定
        let second = action.split_once('、').is_some_and(|(_, second)| begins_with_a_month(second));
        // 令和7年10月開催: when was taken for a part of what.
        let month = action.find('月').is_some_and(|at| {
            action.get(..at).is_some_and(|front| front.ends_with(char::is_numeric) && front.chars().count() <= 8)
        });
        (action.starts_with('・') || second || month && undated)
            .then(|| self.first_of(&[action]).unwrap_or(self.whole()))
    }

    /// 全会場で計300人以上, 全市で累計1,000か所, 全図書館で年間100万冊: of all together, or of each.
    fn all_or_each(&mut self, criterion: &Criterion) -> Option<Place> {
        let Criterion::Each { of } = criterion else { return None };
        if let Some(place) = self.first_of(&ONE).or_else(|| self.first_of(&TOGETHER)).or_else(|| self.sum_in_front()) {
            return Some(place);
        }
        let all = (0..self.tokens.len())
            .find(|at| self.kind(*at) == Kind::Word(Word::AllOf) && self.written(*at).starts_with(['全', 'す']))?;
        let counts = holds(of, &|leaf| match leaf {
            Criterion::Threshold { unit: Some(unit), operand: Operand::Constant { .. }, aggregation, .. } => {
                matches!(unit.as_str(), "人" | "件" | "冊" | "名" | "世帯" | "台" | "本" | "点数" | "円" | "kg" | "t")
                    || matches!(aggregation, Some(Aggregation::Gross | Aggregation::Cumulative))
            }
            _ => false,
        });
        counts.then(|| self.place(all, all + 2))
    }

    /// 全会場計300人, not 会計3件: the word for a sum directly in front of a figure.
    fn sum_in_front(&self) -> Option<Place> {
        (0..self.source.len()).find_map(|at| {
            let noun = at > 0 && matches!(self.source.at(at - 1), '会' | '設' | '統' | '家' | '温' | '時' | '集');
            let sum = self.source.at(at) == '計' && self.source.at(at + 1).is_ascii_digit() && !noun;
            sum.then_some((at, at + 1))
        })
    }

    /// 10校×2回: the product, or each of them so often; not 60回（20校×3回）, which says what the figure is made of.
    fn multiplied(&mut self) -> Option<Place> {
        self.first_outside(|rules, at| rules.written(at).contains(['×', '✕']))
    }

    /// 平均月10件以上, あと5か所: a name that is a piece of another word.
    fn cut_off(&self, criterion: &Criterion) -> Option<Place> {
        let cut = |leaf: &Criterion| matches!(leaf, Criterion::Threshold { subject: Some(name), .. } if REMNANTS.contains(&name.as_str()));
        holds(criterion, &cut).then(|| self.first_of(&REMNANTS).unwrap_or(self.whole()))
    }

    /// 前年度の62.3％を上回る, of a percentage: so much of it, or what it was.
    fn percentage_of_reference(&mut self, criterion: &Criterion) -> Option<Place> {
        let part = |leaf: &Criterion| match leaf {
            Criterion::Threshold { operand: Operand::Reference(reference), unit, .. } => {
                unit.as_deref().is_none_or(|unit| unit == "%")
                    && matches!(reference.change(), Some(Change::Factor { factor }) if *factor < Decimal::from(1))
            }
            _ => false,
        };
        if self.own_unit().is_some_and(|own| own != "%") || !holds(criterion, &part) {
            return None;
        }
        let number = (2..self.tokens.len()).find(|at| {
            matches!(self.kind(*at), Kind::Number { .. })
                && matches!(self.written(at + 1), "%" | "％")
                && self.kind(at - 1) == Kind::Word(Word::Particle)
                && self.written(at - 1) == "の"
                && (self.own_unit().is_some()
                    || ["を上", "を下", "を維"].iter().any(|verb| self.written(at + 2).starts_with(verb)))
        });
        if let Some(number) = number {
            return Some(self.place(number, number + 2));
        }
        // 2013年度比50％以上, of a percentage: of the rate itself, or of a cut.
        let grows = |leaf: &Criterion| {
            part(leaf) && matches!(leaf, Criterion::Threshold { comparator: Some(Comparator::Gte), .. })
        };
        let ratio = (0..self.tokens.len()).find(|at| self.kind(*at) == Kind::Word(Word::Ratio))?;
        (self.own_unit() == Some("%") && holds(criterion, &grows)).then(|| self.place(ratio, ratio + 3))
    }

    /// 前年度予算額以下, 前年度の全国値を上回る: another figure of that year.
    fn compared_with_another(&self, criterion: &Criterion) -> Option<Place> {
        let compared = |leaf: &Criterion| {
            matches!(
                leaf,
                Criterion::Threshold {
                    operand: Operand::Reference(Reference::PreviousYear { .. } | Reference::FiscalYear { .. }),
                    ..
                }
            )
        };
        if !holds(criterion, &compared) {
            return None;
        }
        let text = self.source.written(0, self.source.len());
        let last_figure = ["値", "実績", "平均"].iter().filter_map(|figure| text.rfind(figure)).max();
        ["前年度", "昨年度", "前年", "昨年", "年度"].iter().find_map(|year| {
            text.match_indices(year).find_map(|(at, _)| {
                let behind = text.get(at + year.len()..)?.trim_start_matches('度');
                let behind = behind.strip_prefix('の').unwrap_or(behind);
                let others = || last_figure.is_some_and(|figure| figure > at) && whose(behind);
                let other = OTHERS.iter().any(|word| behind.starts_with(word)) || others();
                let start = text.get(..at)?.chars().count();
                other.then(|| (start, (start + year.chars().count() + 3).min(self.source.len())))
            })
        })
    }

    /// 放置自転車100台撤去, where less is better; 前年度より10％向上, likewise.
    fn other_direction(&self, criterion: &Criterion) -> Option<Place> {
        if self.context.polarity != Some(Polarity::LowerIsBetter) {
            return None;
        }
        let unsaid = |leaf: &Criterion| {
            matches!(leaf, Criterion::Threshold { comparator: None, operand: Operand::Constant { .. }, .. })
        };
        let more = |leaf: &Criterion| {
            matches!(
                leaf,
                Criterion::Threshold {
                    comparator: Some(Comparator::Gte | Comparator::Gt),
                    operand: Operand::Reference(_),
                    ..
                }
            )
        };
        let removed = if holds(criterion, &unsaid) { self.first_of(&REMOVED) } else { None };
        removed.or_else(|| if holds(criterion, &more) { self.first_of(&["向上"]) } else { None })
    }

    /// 500世帯のうち50％, `7 out of 10` of a percentage: the share, or so many.
    fn share_of_so_many(&self, criterion: &Criterion) -> Option<Place> {
        let share = |leaf: &Criterion| matches!(leaf, Criterion::Threshold { unit: Some(unit), out_of: Some(_), .. } if unit == "%");
        holds(criterion, &share).then(|| self.whole())
    }

    /// ～8月31日の来場者数, 条例を制定するとともに、違反件数: a name with the rest of something else in front.
    fn torn_name(&self, criterion: &Criterion) -> Option<Place> {
        let torn = |leaf: &Criterion| match leaf {
            Criterion::Threshold { subject: Some(name), .. } | Criterion::Range { subject: Some(name), .. } => {
                TORN.iter().any(|front| name.starts_with(front)) || DONE_BEFORE.iter().any(|link| name.contains(link))
            }
            _ => false,
        };
        if holds(criterion, &torn) {
            return self.first_of(&DONE_BEFORE).or(Some(self.whole()));
        }
        self.first_of(&["累積欠損", "累積債務", "累積赤字"])
    }

    /// 市民1人当たり貸出冊数　図書6冊以上、雑誌1冊以上: how the first figure is counted may be said of all of them.
    fn said_of_the_first(&self, criterion: &Criterion) -> Option<Place> {
        let counted: Option<Vec<Beside<'_>>> =
            side_by_side(criterion).into_iter().map(|part| beside(part).filter(|one| !one.deed)).collect();
        let counted = counted?;
        let first = counted.first()?;
        let lost = |one: &Beside<'_>| {
            one.unit == first.unit
                && (first.per && !one.per
                    || first.period && !one.period
                    || first.aggregated && !one.aggregated
                    || first.bounded && !one.bounded)
        };
        counted.iter().any(lost).then(|| self.whole())
    }

    /// 整備率80％以上（令和9年度）、満足度70％以上（令和11年度）, R4：65％　R9：80％: two conditions, or what it was and what it is to be.
    fn steps_apart_in_kind(&self, criterion: &Criterion) -> Option<Place> {
        let Criterion::Schedule { steps } = criterion else { return None };
        let [first, .., last] = steps.as_slice() else { return None };
        let name = |step: &Step| match &step.criterion {
            Criterion::Threshold { subject, .. } => subject.clone(),
            _ => None,
        };
        let names: Option<Vec<String>> = steps.iter().map(name).collect();
        let several = names.is_some_and(|names| names.iter().any(|name| Some(name) != names.first()));
        let past = steps.len() == 2
            && self.context.fiscal_year.is_some_and(|own| first.fiscal_year < own)
            && last.fiscal_year > first.fiscal_year + 1;
        (past || several).then(|| self.whole())
    }

    /// 前年度以上（令和4年度　1,250件）: the figure of another year than the one that is compared with.
    fn other_year_in_bracket(&mut self, criterion: &Criterion) -> Option<Place> {
        let stated = |leaf: &Criterion| {
            matches!(
                leaf,
                Criterion::Threshold {
                    operand: Operand::Reference(Reference::PreviousYear { .. }),
                    stated_reference: Some(_),
                    ..
                }
            )
        };
        if !holds(criterion, &stated) {
            return None;
        }
        let before = self.context.fiscal_year.map(|year| year - 1);
        (1..self.tokens.len()).find_map(|at| match self.kind(at) {
            Kind::Time(Time::FiscalYear(year) | Time::Year(year))
                if self.kind(at - 1) == Kind::Open && before.is_some_and(|before| before != year) =>
            {
                Some(self.place(at, at + 1))
            }
            _ => None,
        })
    }

    /// 11月開催、来場者数1,000人以上: when something is done was taken for a part of its name.
    fn undated_deed(&self, criterion: &Criterion) -> Option<Place> {
        let (Criterion::All { of } | Criterion::Any { of }) = criterion else { return None };
        of.iter().find_map(|part| match part {
            Criterion::Milestone { action, due: None, .. } if begins_with_a_month(action) => {
                self.first_of(&[action.as_str()])
            }
            _ => None,
        })
    }
}

/// Whether somebody else is named at the head of a text: 大阪市の数値, 国の平均.
fn whose(text: &str) -> bool {
    text.char_indices()
        .take(4)
        .any(|(at, _)| text.get(at..).is_some_and(|rest| OF_OTHERS.iter().any(|whose| rest.starts_with(whose))))
}

/// 3月に策定
fn begins_with_a_month(text: &str) -> bool {
    text.starts_with(char::is_numeric) && text.trim_start_matches(char::is_numeric).starts_with('月')
}

/// 令和8年1月までに設計完了、4月から工事着手: the second deed has a date before the first one's.
fn goes_back_in_time(criterion: &Criterion) -> bool {
    let Criterion::All { of } = criterion else { return false };
    of.windows(2).any(|pair| match pair {
        [Criterion::Milestone { due: Some(one), .. }, Criterion::Milestone { due: Some(next), .. }] => next < one,
        _ => false,
    })
}
