//! The canonical Japanese.

use std::fmt::Write;

use chrono::{Datelike, NaiveDate};

use super::{Condition, Members, figure, is_plain, push_number, push_quoted, push_unit, writes_yen};
use crate::domain::criterion::{Aggregation, Change, Comparator, CriterionPeriod, Operand, Reference};
use crate::domain::{Criterion, Decimal};

/// A criterion in canonical Japanese: `55%以上`, `前年同時期の1%増`, `50.3%以上かつ前年度実績以上`.
///
/// What has no place in such a phrase stands behind it in brackets, with its name: `（単位：%）`.
pub fn print_ja(criterion: &Criterion) -> String {
    let mut out = String::with_capacity(64);
    write(&mut out, criterion, true);
    out
}

/// `outermost` says that nothing stands around the criterion, so that a schedule needs no brackets.
fn write(out: &mut String, criterion: &Criterion, outermost: bool) {
    if let Some((condition, members)) = figure(criterion) {
        return Figure { out, members, tail: Vec::new() }.write(condition);
    }
    match criterion {
        Criterion::All { of } => write_joined(out, of, "かつ", "すべて", outermost),
        Criterion::Any { of } => write_joined(out, of, "又は", "いずれか", outermost),
        Criterion::Each { of } => {
            out.push_str("全項目とも");
            let bare =
                matches!(&**of, Criterion::Threshold { subject: None, .. } | Criterion::Range { subject: None, .. });
            if bare {
                write(out, of, false);
            } else {
                out.push('（');
                write(out, of, true);
                out.push('）');
            }
        }
        Criterion::Schedule { steps } => {
            let open = outermost && steps.len() > 1;
            if !open {
                out.push_str("年度別（");
            }
            for (index, step) in steps.iter().enumerate() {
                if index > 0 {
                    out.push('；');
                }
                let _ = write!(out, "{}年度：", step.fiscal_year);
                let leaf = figure(&step.criterion).is_some();
                if !leaf {
                    out.push('（');
                }
                write(out, &step.criterion, !leaf);
                if !leaf {
                    out.push('）');
                }
            }
            if !open {
                out.push('）');
            }
        }
        Criterion::Milestone { action, due, subject } => write_milestone(out, action, *due, subject.as_deref()),
        Criterion::None {} => out.push_str("目標なし"),
        _ => out.push_str("定性的な目標"),
    }
}

fn write_joined(out: &mut String, parts: &[Criterion], word: &str, function: &str, outermost: bool) {
    // A deadline in front would be that of all of them.
    let due = |part: &Criterion| figure(part).is_some_and(|(_, members)| members.deadline.is_some());
    let shared = parts.first().is_some_and(due) && !parts.iter().all(due);
    let plain = outermost && parts.len() > 1 && !shared && parts.iter().all(|part| figure(part).is_some());
    if !plain {
        out.push_str(function);
        out.push('（');
    }
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(if plain { word } else { "；" });
        }
        write(out, part, false);
    }
    if !plain {
        out.push('）');
    }
}

fn write_milestone(out: &mut String, action: &str, due: Option<NaiveDate>, subject: Option<&str>) {
    if super::super::grammar::is_action(action) && is_plain(action) {
        out.push_str(action);
    } else {
        out.push_str("実施事項：");
        push_quoted(out, action, true);
    }
    let mut tail = Vec::new();
    if let Some(due) = due {
        tail.push(format!("期限：{}", day(due)));
    }
    if let Some(subject) = subject {
        tail.push(format!("対象：「{subject}」"));
    }
    write_tail(out, &tail);
}

fn write_tail(out: &mut String, tail: &[String]) {
    if !tail.is_empty() {
        let _ = write!(out, "（{}）", tail.join("、"));
    }
}

fn day(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

struct Figure<'o, 'a> {
    out: &'o mut String,
    members: Members<'a>,
    /// What has no place of its own.
    tail: Vec<String>,
}

impl Figure<'_, '_> {
    fn write(mut self, condition: Condition<'_>) {
        let Members { subject, deadline, per, out_of, unit, .. } = self.members;
        if let Some(subject) = subject {
            let bare = super::super::grammar::is_bare_noun(subject) && !super::super::grammar::is_collective(subject);
            if bare && is_plain(subject) {
                self.out.push_str(subject);
            } else {
                push_quoted(self.out, subject, true);
            }
            self.out.push('：');
        }
        if let Some(deadline) = deadline {
            let _ = write!(self.out, "{}までに", day(deadline));
        }
        if let Some(per) = per {
            if matches!(
                per.unit.as_str(),
                "日" | "時間" | "週" | "週間" | "日間" | "か月" | "月" | "年" | "年度" | "年間"
            ) {
                self.tail.push(format!("分母：{}{}", per.value.grouped(), per.unit));
            } else {
                push_number(self.out, per.value);
                push_unit(self.out, &per.unit, false);
                self.out.push_str("当たり");
            }
        }
        if let Some(total) = out_of {
            match unit {
                Some("点") => {
                    push_number(self.out, total);
                    self.out.push_str("点満点中");
                }
                Some(unit)
                    if unit != "%"
                        && unit != "円"
                        && matches!(condition, Condition::Threshold(_, Operand::Constant { .. })) =>
                {
                    push_number(self.out, total);
                    push_unit(self.out, unit, false);
                    self.out.push('中');
                }
                _ => self.tail.push(format!("総数：{}", total.grouped())),
            }
        }
        match condition {
            Condition::Threshold(comparator, Operand::Constant { value }) => self.constant(comparator, *value),
            Condition::Threshold(comparator, Operand::Reference(reference)) => self.reference(comparator, reference),
            Condition::Range { min, min_inclusive, max, max_inclusive } => {
                self.range(min, min_inclusive, max, max_inclusive)
            }
            Condition::Universe(total) => self.universe(total),
        }
        write_tail(self.out, &self.tail);
    }

    /// How it is counted and over what time: in front where a number follows, else behind.
    fn counted(&mut self, number_follows: bool) {
        let Members { aggregation, period, .. } = self.members;
        let lone = number_follows && aggregation.is_none();
        match period {
            Some(CriterionPeriod::Month) if lone => self.out.push('月'),
            Some(CriterionPeriod::Year) if lone => self.out.push_str("年間"),
            Some(CriterionPeriod::Month) => self.tail.push("期間：月".to_owned()),
            Some(CriterionPeriod::Year) => self.tail.push("期間：年".to_owned()),
            None => {}
        }
        let Some(aggregation) = aggregation else { return };
        let word = match aggregation {
            Aggregation::Cumulative => "累計",
            Aggregation::Gross => "延べ",
            Aggregation::Unique => "実人数",
            Aggregation::Average => "平均",
            Aggregation::Maximum => "最大",
        };
        if number_follows { self.out.push_str(word) } else { self.tail.push(format!("数え方：{word}")) }
    }

    fn rounded(&mut self, natural: bool) {
        if self.members.approximate {
            if natural { self.out.push('約') } else { self.tail.push("概数".to_owned()) }
        }
    }

    fn stated(&mut self) {
        if let Some(stated) = self.members.stated {
            let mut text = "基準値：".to_owned();
            self.amount_in(&mut text, stated);
            self.tail.push(text);
        }
    }

    fn shown(&mut self, used: bool) {
        if let Some(display) = self.members.display.filter(|_| !used) {
            self.tail.push(format!("表記：「{display}」"));
        }
    }

    fn amount_in(&self, out: &mut String, value: Decimal) {
        push_number(out, value);
        if let Some(unit) = self.members.unit {
            push_unit(out, unit, false);
        }
    }

    /// The amount, as it was written where that is known and says the same.
    fn amount(&mut self, value: Decimal) -> bool {
        if let Some(display) = self.members.display
            && self.members.unit == Some("円")
            && writes_yen(display, value)
        {
            self.out.push_str(display);
            return true;
        }
        push_number(self.out, value);
        if let Some(unit) = self.members.unit {
            push_unit(self.out, unit, false);
        }
        false
    }

    fn constant(&mut self, comparator: Option<Comparator>, value: Decimal) {
        let positive = value >= Decimal::ZERO;
        self.counted(positive);
        let bounded = matches!(comparator, Some(Comparator::Gte | Comparator::Gt | Comparator::Lte | Comparator::Lt));
        self.rounded(bounded && positive);
        let plain_zero = value.is_zero() && !self.members.approximate;
        if comparator == Some(Comparator::Eq) && !plain_zero {
            self.out.push_str("ちょうど");
        }
        let shown = self.amount(value);
        self.out.push_str(suffix(comparator));
        if comparator.is_none() && value.is_zero() {
            self.tail.push(NO_COMPARATOR.to_owned());
        } else if comparator.is_none() && self.members.approximate {
            // 概数 alone leaves the comparator open.
        }
        self.stated();
        self.shown(shown);
    }

    fn range(&mut self, min: Decimal, min_inclusive: bool, max: Decimal, max_inclusive: bool) {
        let positive = min >= Decimal::ZERO;
        self.counted(positive);
        self.rounded(positive);
        push_number(self.out, min);
        if let Some(unit) = self.members.unit {
            push_unit(self.out, unit, false);
        }
        self.out.push_str(if min_inclusive { "以上" } else { "超" });
        if max < Decimal::ZERO {
            self.out.push('〜');
        }
        push_number(self.out, max);
        if let Some(unit) = self.members.unit {
            push_unit(self.out, unit, false);
        }
        self.out.push_str(if max_inclusive { "以下" } else { "未満" });
        self.shown(false);
    }

    fn universe(&mut self, total: Option<Decimal>) {
        self.counted(false);
        self.rounded(false);
        match (total, self.members.unit) {
            (None, None) => self.out.push_str("全部"),
            (total, unit) => {
                self.out.push('全');
                if let Some(total) = total {
                    push_number(self.out, total);
                }
                if let Some(unit) = unit {
                    push_unit(self.out, unit, false);
                }
            }
        }
        self.shown(false);
    }

    fn reference(&mut self, comparator: Option<Comparator>, reference: &Reference) {
        self.counted(false);
        self.rounded(false);
        if comparator == Some(Comparator::Eq) {
            self.out.push_str("ちょうど");
        }
        match reference {
            Reference::PreviousYear { .. } => self.out.push_str("前年度実績"),
            Reference::SamePeriodPreviousYear { .. } => self.out.push_str("前年同時期"),
            Reference::AverageOfYears { years, .. } => drop(write!(self.out, "過去{years}年平均")),
            Reference::FiscalYear { fiscal_year, .. } => drop(write!(self.out, "{fiscal_year}年度実績")),
        }
        let mut unit_said = false;
        if let Some(stated) = self.members.stated {
            let mut text = String::new();
            self.amount_in(&mut text, stated);
            let _ = write!(self.out, "（{text}）");
            unit_said = true;
        }
        let mut shown = false;
        match reference.change() {
            None => self.out.push_str(suffix(comparator)),
            Some(Change::Factor { factor }) => {
                self.out.push('の');
                push_number(self.out, *factor);
                self.out.push('倍');
                self.out.push_str(if comparator == Some(Comparator::Approximately) {
                    "の水準程度"
                } else {
                    suffix(comparator)
                });
            }
            Some(change) => {
                let amount = match change {
                    Change::Relative { percent: amount }
                    | Change::Points { points: amount }
                    | Change::Absolute { amount } => *amount,
                    Change::Factor { factor } => *factor,
                };
                let up = amount >= Decimal::ZERO;
                let size = if up { amount } else { amount.negated() };
                self.out.push('の');
                match change {
                    // A percentage by so many percent would be a change by a share.
                    Change::Absolute { .. } if matches!(self.members.unit, Some("%" | "ポイント")) => {
                        push_number(self.out, size)
                    }
                    Change::Absolute { .. } => {
                        shown = self.amount(size);
                        unit_said = true;
                    }
                    _ => {
                        push_number(self.out, size);
                        self.out.push_str(if matches!(change, Change::Points { .. }) { "ポイント" } else { "%" });
                    }
                }
                self.out.push(if up { '増' } else { '減' });
                let natural =
                    matches!((up, comparator), (true, Some(Comparator::Gte)) | (false, Some(Comparator::Lte)));
                if !natural && comparator.is_some() {
                    self.out.push_str("の水準");
                    self.out.push_str(suffix(comparator));
                }
            }
        }
        if comparator.is_none() {
            self.tail.push(NO_COMPARATOR.to_owned());
        }
        if let Some(unit) = self.members.unit.filter(|_| !unit_said) {
            self.tail.push(if is_plain(unit) || unit == "%" {
                format!("単位：{unit}")
            } else {
                format!("単位：「{unit}」")
            });
        }
        self.shown(shown);
    }
}

const NO_COMPARATOR: &str = "以上・以下の別なし";

/// What stands behind what is compared with.
fn suffix(comparator: Option<Comparator>) -> &'static str {
    match comparator {
        Some(Comparator::Gte) => "以上",
        Some(Comparator::Gt) => "超",
        Some(Comparator::Lte) => "以下",
        Some(Comparator::Lt) => "未満",
        Some(Comparator::Approximately) => "程度",
        Some(Comparator::Eq) | None => "",
    }
}
