//! What follows the figure of a condition and says more of it, or nothing.

use super::super::lex::{Kind, Word, is_western};
use super::cursor::Parser;
use super::figure::{Amount, Core, Figure, Unit};
use crate::domain::Polarity;
use crate::domain::criterion::{Aggregation, Comparator};

/// What may stand behind a figure without saying anything of it.
const DONE: &[&str] = &[
    "処理", "対応", "継続", "点検", "改修", "診断", "検査", "解決", "配置", "支援", "調査", "審査", "実施", "開催",
    "設置", "達成", "参加", "作成", "発行", "発信", "配布", "確保", "指定", "登録", "利用", "開設", "実現", "完了",
    "策定", "導入", "整備", "取得", "公表", "受講", "回答", "訪問", "植樹", "備蓄", "回収", "採用", "募集", "養成",
    "開所", "開館", "開園", "開放", "運行", "配信", "放送", "派遣", "受入", "除却", "育成", "認定", "掲載", "締結",
    "交付", "誘致", "雇用", "来場", "来館", "植栽", "巡回", "収集", "供給",
];

impl<'a> Parser<'a> {
    /// `tail = { brackets | deadline | done | 維持 | filler }`: what may follow a condition.
    pub(super) fn tail(&mut self, figure: &mut Figure<'a>) {
        for _ in 0..6 {
            let before = self.at;
            match self.peek(0) {
                Kind::Open => self.brackets(figure),
                Kind::Slash => {
                    self.slash_per(figure);
                    let _ = self.at == before && self.reached_behind(figure);
                }
                // 12億円以下に圧縮
                Kind::Word(Word::Particle)
                    if matches!(self.written(self.at), "に" | "へ") && self.goes_along(figure) =>
                {
                    self.at += 2
                }
                // 9割以上に回復
                Kind::Word(Word::Particle)
                    if self.written(self.at) == "に"
                        && matches!(self.written(self.at + 1), "回復" | "回復する" | "回復させる" | "回復すること")
                        && matches!(figure.comparator, Some(Comparator::Gte | Comparator::Gt)) =>
                {
                    self.at += 2;
                }
                // 月30時間まで
                Kind::Word(Word::By)
                    if self.written(self.at) == "まで"
                        && self.peek(1) == Kind::End
                        && figure.comparator.is_none()
                        && matches!(&figure.core, Core::Constant(Amount { unit: Unit::Said(unit), .. })
                            if self.context.polarity == Some(Polarity::LowerIsBetter)
                                || self.context.polarity.is_none() && super::duration::is_time(unit) && *unit != "歳") =>
                {
                    figure.comparator = Some(Comparator::Lte);
                    self.at += 1;
                }
                // 50,000 visitors to the festival
                Kind::Word(Word::Filler)
                    if self.written(self.at) == "to"
                        && self.peek(1) == Kind::Word(Word::Particle)
                        && matches!(figure.core, Core::Constant(_)) => {}
                // visits to libraries: where to, which belongs to what is counted.
                Kind::Word(Word::Filler)
                    if self.written(self.at) == "to"
                        && matches!(self.peek(1), Kind::Text | Kind::Word(Word::Particle))
                        && matches!(&figure.core, Core::Constant(Amount { unit: Unit::Said(unit), .. })
                            if *unit != "%" && is_western(unit)) => {}
                Kind::Word(Word::Filler | Word::Particle | Word::Total) => self.at += 1,
                Kind::Word(Word::Period(period)) if figure.period.is_none() => {
                    figure.period = Some(period);
                    self.at += 1;
                }
                Kind::Word(Word::By) if matches!(self.peek(1), Kind::Time(_)) => {
                    self.at += 1;
                    self.time_limit(figure);
                }
                Kind::Word(Word::Of) if matches!(self.peek(1), Kind::Time(_)) => {
                    self.at += 1;
                    self.time_limit(figure);
                }
                Kind::Word(Word::Per) if figure.per.is_none() && is_western(self.written(self.at)) => {
                    self.at += 1;
                    if !self.english_per(figure) {
                        self.at = before;
                    }
                }
                Kind::Word(Word::OutOf | Word::Of)
                    if matches!(self.written(self.at), "of" | "out of")
                        && figure.out_of.is_none()
                        && matches!(&figure.core, Core::Constant(amount) if !amount.is_percent()) =>
                {
                    self.at += 1;
                    let _ = self.take(Word::Particle);
                    let _ = self.take(Word::AllOf);
                    match self.amount() {
                        // 20 sessions of 10 people: two things, neither out of the other.
                        Some(whole)
                            if !whole.is_percent()
                                && matches!(&figure.core, Core::Constant(part)
                                    if part.unit == Unit::Unsaid
                                        || part.unit == whole.unit
                                        || whole.unit == Unit::Unsaid && self.written(before) != "of") =>
                        {
                            self.english_out_of(figure, whole);
                        }
                        _ => self.at = before,
                    }
                }
                Kind::Word(Word::OtherPeriod) if self.so_much_in_a_time(figure) => {}
                Kind::Text if self.must_be_done(figure) => {}
                // 4.0 on a 5-point scale
                Kind::Word(Word::Than) if self.written(self.at) == "on" && self.on_a_scale(figure) => {}
                // 10 days maximum
                Kind::Word(Word::Counted(Aggregation::Maximum))
                    if figure.comparator.is_none() && self.written(self.at).eq_ignore_ascii_case("maximum") =>
                {
                    figure.comparator = Some(Comparator::Lte);
                    self.at += 1;
                }
                Kind::Word(Word::Counted(aggregation)) if figure.aggregation.is_none() => {
                    figure.aggregation = Some(aggregation);
                    self.at += 1;
                }
                // 8割以上まで回復させる
                Kind::Word(Word::By)
                    if self.written(self.at) == "まで"
                        && (self.goes_along(figure)
                            || self.peek(1) == Kind::Text
                                && matches!(
                                    self.written(self.at + 1),
                                    "回復" | "回復する" | "回復させる" | "戻す" | "回復すること"
                                )
                                && (matches!(figure.comparator, Some(Comparator::Gte | Comparator::Gt))
                                    || figure.comparator.is_none() && matches!(figure.core, Core::Reference(_)))) =>
                {
                    figure.comparator = figure.comparator.or(Some(Comparator::Gte));
                    self.at += 2;
                }
                // 90%以上の水準を維持する
                Kind::Word(Word::Result) if figure.comparator.is_some() && self.written(self.at).ends_with("水準") => {
                    self.at += 1;
                }
                Kind::Word(Word::Keep) if figure.comparator.is_some() && matches!(figure.core, Core::Constant(_)) => {
                    self.at += 1;
                }
                // 4.2 out of 5 or higher
                Kind::Word(Word::Compare(comparator))
                    if figure.comparator.is_none()
                        && (figure.out_of.is_some() || figure.per.is_some() || figure.period.is_some())
                        && matches!(figure.core, Core::Constant(_)) =>
                {
                    figure.comparator = Some(comparator);
                    self.at += 1;
                }
                // 4.5 out of 5 or better
                Kind::Word(Word::OrBetter)
                    if figure.comparator.is_none()
                        && (figure.out_of.is_some() || figure.per.is_some() || figure.period.is_some())
                        && matches!(figure.core, Core::Constant(_)) =>
                {
                    // of a scale the upper half is the good one
                    let upper = match (&figure.core, figure.out_of) {
                        (Core::Constant(amount), Some(whole)) => {
                            amount.value.times(2.into()).is_some_and(|double| double > whole.value)
                        }
                        _ => false,
                    };
                    figure.comparator = match self.context.polarity {
                        Some(Polarity::HigherIsBetter) => Some(Comparator::Gte),
                        Some(Polarity::LowerIsBetter) => Some(Comparator::Lte),
                        None => upper.then_some(Comparator::Gte),
                    };
                    self.at += 1;
                }
                // 5% below last year or lower: the same, said once more.
                Kind::Word(Word::Compare(comparator))
                    if figure.comparator == Some(comparator)
                        && self.written(self.at).starts_with("or ")
                        && matches!(&figure.core, Core::Reference(reference) if reference.change().is_some()) =>
                {
                    self.at += 1;
                }
                Kind::Word(Word::OrBetter)
                    if figure.comparator.is_some()
                        && matches!(&figure.core, Core::Reference(reference) if reference.change().is_some()) =>
                {
                    self.at += 1;
                }
                // 10件以下に抑える, 1億円未満に抑える
                Kind::Word(Word::Compare(comparator))
                    if figure.comparator == Some(comparator)
                        || comparator == Comparator::Lte
                            && (figure.comparator == Some(Comparator::Lt)
                                || matches!(figure.core, Core::Range { .. })) =>
                {
                    self.at += usize::from(self.written(self.at).starts_with('に'));
                }
                Kind::Word(Word::Each) if self.source.at(self.starts(self.at)).is_ascii_alphabetic() => {
                    self.at += 1;
                    let _ = self.take(Word::Particle);
                    // in all 24 wards; £1 for every £3 is a ratio.
                    let each_of = self.written(before).ends_with(" of");
                    let several = each_of || self.written(before).to_ascii_lowercase().contains("all");
                    for _ in 0..4 {
                        let number = matches!(self.peek(0), Kind::Number { .. });
                        let named = matches!(self.peek(0), Kind::Text | Kind::Unit(_)) || number && several;
                        self.at += usize::from(named);
                    }
                    let counts = matches!(&figure.core, Core::Constant(amount) if !amount.is_percent());
                    if counts && self.written(before).to_ascii_lowercase().starts_with("across") {
                        // 10 across all wards: in each, or in all of them together.
                        let place = (self.starts(before), self.ends(before));
                        self.ask(super::parts::each_or_together().at(place.0, place.1));
                    }
                    figure.each |= self.at > before + 1;
                }
                // 5,000 over 4 years
                Kind::Word(Word::Above) if figure.aggregation.is_none() && self.over_so_many_years(figure) => {}
                // 90% or more overall
                Kind::Text
                    if matches!(
                        self.written(self.at),
                        "overall" | "borough-wide" | "council-wide" | "citywide" | "city-wide"
                    ) && self.peek(1) == Kind::End
                        && matches!(figure.core, Core::Constant(_)) =>
                {
                    self.at += 1;
                }
                // Ratio > 2.0x, 10 days max
                Kind::Text
                    if figure.comparator.is_some()
                        && self.written(self.at) == "x"
                        && self.starts(self.at) == self.ends(self.at - 1) =>
                {
                    self.at += 1;
                }
                Kind::Text
                    if figure.comparator.is_none()
                        && matches!(figure.core, Core::Constant(_))
                        && matches!(self.written(self.at), "max" | "min") =>
                {
                    let least = self.written(self.at) == "min";
                    figure.comparator = Some(if least { Comparator::Gte } else { Comparator::Lte });
                    self.at += 1;
                }
                // 40 young people supported
                Kind::Text
                    if super::amount::is_participle(self.written(self.at))
                        && matches!(
                            &figure.core,
                            Core::Constant(Amount { unit: Unit::Said(_), .. }) | Core::Universe { .. }
                        ) =>
                {
                    // brought back into use
                    let mut words = 1;
                    while words < 5 && matches!(self.written(self.at + words), "back" | "into" | "use" | "up" | "out") {
                        words += 1;
                    }
                    let ends = matches!(
                        self.peek(words),
                        Kind::End
                            | Kind::Open
                            | Kind::Word(
                                Word::By | Word::Period(_) | Word::Each | Word::Per | Word::Total | Word::Above
                            )
                    );
                    self.at += if ends { words } else { 0 };
                }
                // 前年度を上回る額
                Kind::Text
                    if self.peek(1) == Kind::End
                        && figure.comparator.is_some()
                        && matches!(figure.core, Core::Reference(_))
                        && matches!(
                            self.written(self.at),
                            "額" | "金額" | "数" | "件数" | "人数" | "回数" | "量" | "値"
                        ) =>
                {
                    self.at += 1;
                }
                // 前年度を上回る来場者数
                Kind::Text
                    if self.peek(1) == Kind::End
                        && figure.comparator.is_some()
                        && figure.subject.is_none()
                        && self.depth == 0
                        && matches!(figure.core, Core::Reference(_))
                        && !is_western(self.written(self.at))
                        && super::nouns::is_indicator(self.written(self.at)) =>
                {
                    figure.subject = Some(self.written(self.at).to_owned());
                    self.at += 1;
                }
                Kind::Word(Word::Respectively) if self.written(before).starts_with("ずつ") => self.shared_out(figure),
                _ if self.reached_behind(figure) => {}
                // 月2回以上開催し、: the clause goes on.
                Kind::Text
                    if self.peek(1) == Kind::End && (figure.comparator.is_some() || self.acts_only(self.end + 1)) =>
                {
                    let written = self.written(self.at);
                    let goes_on = is_clause_on_figure(written) && (self.names_figure_behind() || self.goes_on_behind())
                        || written.strip_suffix('し').is_some_and(is_done)
                            && (self.goes_on_behind() || self.names_figure_behind());
                    self.at += usize::from(is_done(written) || goes_on);
                }
                Kind::Text => {
                    self.at += usize::from(is_done(self.written(self.at)));
                }
                _ => {}
            }
            if self.at == before {
                return;
            }
        }
    }

    /// `10 out of 12 schools`, `10 of 12 schools`: the unit stands behind the second number.
    fn english_out_of(&mut self, figure: &mut Figure<'a>, of: Amount<'a>) {
        figure.out_of = Some(of);
        if let Core::Constant(amount) = &mut figure.core
            && amount.unit == Unit::Unsaid
        {
            amount.unit = of.unit;
        }
    }
}

/// Whether a text says only that something is done: 実施, 開催する.
pub(in crate::domain::phrase) fn is_done(text: &str) -> bool {
    let stem = text.trim_end_matches("する").trim_end_matches("できる").trim_end_matches("した");
    // Most are two characters long.
    stem.len() <= 18
        && (DONE.contains(&stem) || super::predicate::VERBS.contains(&stem) || super::action::is_bare_action(text))
}

/// 80％以上とし、, 10件以下に抑えつつ、: what goes on behind a figure with its bound, and adds nothing to it.
fn is_clause_on_figure(text: &str) -> bool {
    let bare = text.trim_start_matches(['と', 'に', 'を', 'で']);
    let bare =
        ["つつ", "ながら", "た上で", "たうえで", "て"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
    matches!(bare, "し" | "抑え" | "保ち" | "保っ" | "維持し" | "達成し" | "確保し" | "設定し" | "とどめ" | "あり")
}
