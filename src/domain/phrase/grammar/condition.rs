//! A condition on one figure, from its first modifier to its last bracket.

use super::super::answer::Note;
use super::super::lex::{Kind, Word, is_western};
use super::cursor::Parser;
use super::figure::{Amount, Core, Doubt, Figure, Sign, Unit};
use crate::domain::Polarity;
use crate::domain::criterion::{Aggregation, Change, Comparator, Reference};

/// What may stand behind a figure without saying anything of it.
const DONE: &[&str] = &[
    "処理", "対応", "継続", "点検", "改修", "診断", "検査", "解決", "配置", "支援", "調査", "審査", "実施", "開催",
    "設置", "達成", "参加", "作成", "発行", "発信", "配布", "確保", "指定", "登録", "利用", "開設", "実現", "完了",
    "策定", "導入", "整備", "取得", "公表", "受講", "回答", "訪問", "植樹", "備蓄", "回収", "採用", "募集", "養成",
    "開所", "開館", "開園", "開放", "運行", "配信", "放送", "派遣", "受入", "除却", "育成", "認定", "掲載", "締結",
    "交付", "誘致", "雇用", "来場", "来館", "植栽", "巡回", "収集", "供給",
];

impl<'a> Parser<'a> {
    /// `condition = modifiers ( relation | universe | range | progression | comparison | zero ) tail`
    pub(super) fn condition(&mut self) -> Option<Figure<'a>> {
        let mut figure = Figure::empty();
        self.modifiers(&mut figure);
        let mark = self.mark();
        let found = self.valued_label(&mut figure)
            || self.retry(mark, |rules| rules.relation(&mut figure))
            || self.retry(mark, |rules| {
                figure.based = false;
                rules.implied_relation(&mut figure)
            })
            || self.retry(mark, |rules| rules.between(&mut figure))
            || self.retry(mark, |rules| rules.labelled_progression(&mut figure))
            || self.retry(mark, |rules| rules.tolerance(&mut figure))
            || self.retry(mark, |rules| rules.comparison(&mut figure))
            || self.retry(mark, |rules| rules.half_of_them(&mut figure))
            || self.retry(mark, |rules| rules.universe(&mut figure))
            || self.retry(mark, |rules| rules.none_at_all(&mut figure));
        if !found {
            return None;
        }
        self.tail(&mut figure);
        Some(figure)
    }

    fn retry(&mut self, mark: super::cursor::Mark, rule: impl FnOnce(&mut Self) -> bool) -> bool {
        self.back(mark);
        rule(self)
    }

    /// `comparison = amount [ brackets ] [ comparator | 程度 | 維持 | range-end | → amount ]`
    fn comparison(&mut self, figure: &mut Figure<'a>) -> bool {
        let Some(mut amount) = self.amount() else { return false };
        self.counted_so(figure, &mut amount);
        self.so_many_more(figure, &mut amount);
        // 24区全区, 11地域すべて
        if self.all_of_them(figure, &amount) {
            return true;
        }
        figure.core = Core::Constant(amount);
        self.slash_per(figure);
        self.brackets(figure);
        if matches!(figure.core, Core::Reference(_)) {
            return true;
        }
        if self.in_tens(figure, amount)
            || self.range_end(figure, amount)
            || self.progression(figure, amount)
            || self.around(figure, amount)
        {
            return true;
        }
        self.about(figure);
        self.name_in_between(figure, amount);
        // 200+ volunteers, 80% or better
        let plus = self.peek(0) == Kind::Plus
            && self.starts(self.at) == amount.end
            && !matches!(self.peek(1), Kind::Number { .. });
        if figure.comparator.is_none() && plus {
            self.at += 1;
            figure.comparator = Some(Comparator::Gte);
        } else if figure.comparator.is_none() && self.take(Word::OrBetter) {
            figure.comparator = match self.context.polarity {
                Some(Polarity::HigherIsBetter) => Some(Comparator::Gte),
                Some(Polarity::LowerIsBetter) => Some(Comparator::Lte),
                None => None,
            };
        } else if figure.comparator.is_none() {
            figure.comparator = self.comparator();
            self.signed_amount(figure, amount);
        }
        // 5 or fewer collisions
        if figure.comparator.is_some()
            && amount.unit == Unit::Unsaid
            && self.peek(0) == Kind::Text
            && self.source.at(self.starts(self.at)).is_ascii_alphabetic()
            && let unit @ Unit::Said(_) = self.unknown_unit(self.at - 1)
        {
            figure.core = Core::Constant(Amount { unit, ..amount });
        }
        if figure.comparator.is_none() {
            self.moved_to(figure);
        }
        if figure.comparator.is_some() && !figure.keep {
            let _ = self.take(Word::Keep);
            self.second_bound(figure, amount);
        } else if figure.comparator.is_none() && self.take(Word::Keep) {
            figure.keep = true;
        }
        if figure.keep {
            self.keep(figure);
        }
        true
    }

    pub(super) fn about(&mut self, figure: &mut Figure<'a>) {
        let mark = self.mark();
        self.particles();
        if self.take(Word::About) {
            figure.about = true;
        } else {
            self.back(mark);
        }
    }

    /// A figure below zero: 以内 and the like may speak of the loss rather than of the figure.
    pub(super) fn signed_amount(&mut self, figure: &mut Figure<'a>, amount: Amount<'a>) {
        let within = self.written(self.at.saturating_sub(1)) == "以内";
        let at_least = matches!(figure.comparator, Some(Comparator::Gte | Comparator::Gt));
        if at_least && amount.sign == Sign::Triangle && figure.doubt.is_none() {
            // △50人以上: the figure itself comes first, since 以上 of a loss is seldom a target.
            let strict = figure.comparator == Some(Comparator::Gt);
            figure.doubt = Some(if strict {
                Doubt::Direction(Comparator::Gt, Comparator::Lt)
            } else {
                Doubt::Direction(Comparator::Gte, Comparator::Lte)
            });
            return self.ask(bound_on_a_loss().at(amount.start, amount.end));
        }
        let loss = amount.sign == Sign::Triangle || amount.sign == Sign::Minus && within;
        if loss && figure.comparator.is_some() && figure.doubt.is_none() {
            figure.doubt = Some(Doubt::Sign);
            self.ask(bound_on_a_loss().at(amount.start, amount.end));
        }
    }

    /// `tail = { brackets | deadline | done | 維持 | filler }`: what may follow a condition.
    fn tail(&mut self, figure: &mut Figure<'a>) {
        for _ in 0..6 {
            let before = self.at;
            match self.peek(0) {
                Kind::Open => self.brackets(figure),
                Kind::Slash => {
                    self.slash_per(figure);
                    let _ = self.at == before && self.reached_behind(figure);
                }
                // 12億円以下に圧縮
                Kind::Word(Word::Particle) if self.written(self.at) == "に" && self.goes_along(figure) => self.at += 2,
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
                                || self.context.polarity.is_none() && super::subject::is_time(unit) && *unit != "歳") =>
                {
                    figure.comparator = Some(Comparator::Lte);
                    self.at += 1;
                }
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
                // 10件以下に抑える, 1億円未満に抑える
                Kind::Word(Word::Compare(comparator))
                    if figure.comparator == Some(comparator)
                        || comparator == Comparator::Lte && figure.comparator == Some(Comparator::Lt) =>
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
                            | Kind::Word(Word::By | Word::Period(_) | Word::Each | Word::Per | Word::Total)
                    );
                    self.at += if ends { words } else { 0 };
                }
                Kind::Word(Word::Respectively) if self.written(before).starts_with("ずつ") => self.shared_out(figure),
                _ if self.reached_behind(figure) => {}
                // 月2回以上開催し、: the clause goes on.
                Kind::Text
                    if self.peek(1) == Kind::End && (figure.comparator.is_some() || self.acts_only(self.end + 1)) =>
                {
                    let written = self.written(self.at);
                    self.at += usize::from(
                        is_done(written) || written.strip_suffix('し').is_some_and(is_done) && self.goes_on_behind(),
                    );
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

    /// What 維持 asks of a figure: not to get worse. Which way that is, the polarity says.
    pub(super) fn keep(&mut self, figure: &mut Figure<'a>) {
        if figure.comparator.is_some() {
            return;
        }
        let zero = matches!(&figure.core, Core::Constant(amount) if amount.value.is_zero());
        match (zero, self.context.polarity) {
            (true, _) => figure.comparator = Some(Comparator::Eq),
            (_, Some(Polarity::HigherIsBetter)) => figure.comparator = Some(Comparator::Gte),
            (_, Some(Polarity::LowerIsBetter)) => figure.comparator = Some(Comparator::Lte),
            (_, None) => {}
        }
    }

    /// A relation to what the text does not name: 2ポイント向上, 10%削減, 半減, 2倍. Last year's result, as far as one can tell.
    fn implied_relation(&mut self, figure: &mut Figure<'a>) -> bool {
        let from = self.at;
        if !self.change(figure, super::relation::Link::Implied) {
            return false;
        }
        self.stated_result(figure);
        // 毎年5％以上増加: from year to year.
        let yearly = figure.period == Some(crate::domain::criterion::CriterionPeriod::Year)
            && matches!(self.written(from.saturating_sub(1)), "毎年" | "毎年度" | "各年" | "各年度");
        if yearly {
            figure.period = None;
            figure.based = true;
        }
        if !figure.based
            && let Core::Reference(Reference::PreviousYear { change: Some(change) }) = &figure.core
            && matches!(
                change,
                Change::Factor { .. } | Change::Relative { .. } | Change::Points { .. } | Change::Absolute { .. }
            )
        {
            let (change, place) = (change.clone(), (self.starts(from), self.ends(self.at.saturating_sub(1))));
            let reference = self.assumed_reference(place.0, place.1);
            figure.core = Core::Reference(super::change::with_change(reference, change));
        }
        true
    }
}

fn bound_on_a_loss() -> Note {
    Note::new(
        "負の数への「以内・以下・以上」は、赤字の大きさのことか数値そのもののことか、二通りに読めます。",
        "A bound on a negative figure may be one on the size of the loss or on the figure itself.",
    )
}

/// Said of a change that is counted from nothing that the text names.
pub(super) fn no_reference() -> Note {
    Note::new(
        "何と比べた変化かが書かれていないため、前年度の実績からの変化とみなしました。",
        "The text does not say from what the change is counted; last year's result is assumed.",
    )
}

/// Whether a text says only that something is done: 実施, 開催する.
pub(super) fn is_done(text: &str) -> bool {
    let stem = text.trim_end_matches("する").trim_end_matches("できる").trim_end_matches("した");
    // Most are two characters long.
    stem.len() <= 18
        && (DONE.contains(&stem) || super::predicate::VERBS.contains(&stem) || super::action::is_bare_action(text))
}
