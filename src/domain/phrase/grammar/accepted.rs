//! Where what a bracket says belongs.

use super::super::answer::Note;
use super::super::lex::{Kind, Label, Time, Word};
use super::amount::unquoted;
use super::bracket::Inside;
use super::cursor::Parser;
use super::figure::{Amount, Core, Draft, Figure, Joint, Sign, Unit};
use crate::domain::Criterion;
use crate::domain::criterion::{Comparator, CriterionPeriod, Quantity, Reference};

impl<'a> Parser<'a> {
    /// Puts what a bracket says where it belongs; `false` when it does not belong to the figure.
    pub(super) fn accept(&mut self, figure: &mut Figure<'a>, inside: Inside<'a>) -> bool {
        let relation = matches!(&figure.core, Core::Reference(reference) if reference.change().is_some());
        match inside {
            Inside::More(joint, draft) => {
                if is_of_others(&draft.main) {
                    self.ask(Note::new(
                        "かっこ内の値は、以前の目標やほかの基準などで、条件ではないかもしれません。",
                        "The figure in brackets may be an earlier target or somebody else's rather than a condition.",
                    ));
                }
                figure.more.push((joint, draft));
                true
            }
            Inside::Part(draft) => {
                // The bound of the whole, if it has one, is that of the part; a person says whether it is one.
                self.ask(Note::new(
                    "かっこ内の内訳も条件とみなしました。",
                    "The part of the figure in brackets is taken as a further condition.",
                ));
                let bound = figure.comparator;
                let draft = match bound {
                    Some(_) => Draft::sure(super::settle::with_comparator(&draft.main, bound)),
                    None => draft,
                };
                figure.more.push((Joint::And, draft));
                true
            }
            Inside::Told(part, whole) => self.comes_to_share(figure, part, whole),
            Inside::Stated(amount) => set(&mut figure.stated, amount),
            Inside::StatedOf(time, amount) => self.counted_from_year(figure, Some(time), amount),
            Inside::Elsewhere => true,
            Inside::Over(period, amount, comparator) => self.over_another(figure, period, amount, comparator),
            Inside::Base(base) => match &figure.core {
                // The change has been counted from nothing that was named.
                Core::Reference(Reference::PreviousYear { change: Some(change) }) if !figure.based => {
                    figure.core = Core::Reference(super::change::with_change(base, change.clone()));
                    figure.based = true;
                    true
                }
                Core::Constant(amount) if (amount.is_percent() || amount.sign != Sign::None) && !figure.based => {
                    let amount = *amount;
                    figure.core = Core::Reference(base);
                    figure.based = true;
                    self.counted_from(figure, amount)
                }
                _ => false,
            },
            Inside::Amount(amount, comparator) => match &mut figure.core {
                Core::Reference(_) if relation => {
                    let free = figure.result.is_none();
                    figure.result = Some((amount, comparator));
                    free
                }
                Core::Reference(_) if comparator.is_none() => set(&mut figure.stated, amount),
                Core::Universe { total: total @ None, unit } if comparator.is_none() => {
                    *total = Some(amount.value);
                    // 全ての小中学校（18校）: the bracket counts them, and in what.
                    if amount.unit != Unit::Unsaid {
                        *unit = amount.unit;
                    }
                    true
                }
                _ => false,
            },
            Inside::OutOf(amount) => set(&mut figure.out_of, amount),
            Inside::Counted(aggregation) => set(&mut figure.aggregation, aggregation),
            Inside::Whole(aggregation, last) => {
                let ends = last.last_day(None);
                figure.deadline = figure.deadline.or(ends);
                set(&mut figure.aggregation, aggregation)
            }
            Inside::Period(period) => set(&mut figure.period, period),
            Inside::Per(per) => set(&mut figure.per, per),
            Inside::Time(time) => match time.last_day(self.context.fiscal_year) {
                Some(day) => set(&mut figure.deadline, day),
                None => time == Time::YearEnd,
            },
            Inside::Year(time) => {
                // 100％（R12）: at the end, behind the only figure.
                let alone = matches!(&figure.core, Core::Constant(_))
                    && self.peek(0) == Kind::End
                    && !self.source.written(0, self.source.len()).is_ascii();
                let aimed = figure.comparator.is_some() || relation || alone;
                aimed && time.last_day(None).is_some_and(|day| set(&mut figure.deadline, day))
            }
            Inside::Labels(labels) => {
                // The tokens of the bracket lie behind what the rules may see once they are past it.
                let end = std::mem::replace(&mut self.end, self.tokens.len());
                let sound = labels.into_iter().all(|(label, from, to)| self.label(figure, label, from, to));
                self.end = end;
                sound
            }
        }
    }

    /// `share-told = [ 対象 | 全 | 全体 ] amount ( のうち | 中 ) amount`
    pub(super) fn share_told(&mut self) -> Option<Inside<'a>> {
        let labelled = matches!(self.written(self.at), "対象" | "全体" | "総数" | "対象者" | "対象数" | "計画");
        self.at += usize::from(labelled);
        let _ = self.take(Word::AllOf);
        let whole = self.amount()?;
        let part = if self.take(Word::OutOf) { self.amount()? } else { return None };
        Some(Inside::Told(part, whole))
    }

    /// 80％以上（対象200件のうち160件）: the numbers that a share comes to say nothing more, where they agree with it.
    fn comes_to_share(&mut self, figure: &Figure<'a>, part: Amount<'a>, whole: Amount<'a>) -> bool {
        let Core::Constant(share) = &figure.core else { return false };
        let counted = part.unit == whole.unit && part.sign == Sign::None && !part.is_percent() && share.is_percent();
        let told = part.value.times(100.into()).and_then(|hundred| hundred.over(whole.value));
        let off = told.and_then(|told| told.minus(share.signed()));
        let one = crate::domain::Decimal::from(1);
        if !counted || !off.is_some_and(|off| off < one && off > one.negated()) {
            return false;
        }
        self.say(
            Note::new(
                "かっこ内の件数は、割合の内訳とみなしました。",
                "The numbers in brackets are taken as what the share comes to.",
            )
            .at(whole.start, part.end),
        );
        true
    }

    /// `definition = … の割合`: （5段階評価で4以上の割合） says whose share it is; its numbers are those of a name.
    pub(super) fn defines(&mut self, from: usize, to: usize) -> bool {
        let written = self.span(from, to);
        let share = (written.ends_with("割合") || written.ends_with("人口比") || written.ends_with("に占める率"))
            && !written.starts_with("うち");
        let percent = (1..5).any(|back| {
            from > back && self.tokens.get(from - back).is_some_and(|token| token.kind == Kind::Unit(Some("%")))
        });
        share
            && percent
            && (from..to).all(|at| match self.kind(at) {
                Kind::Text => !super::guard::denies(self.written(at), true),
                Kind::Unit(unit) => unit != Some("%"),
                Kind::Number { .. }
                | Kind::Quoted
                | Kind::Comma
                | Kind::Word(
                    Word::Compare(_)
                    | Word::Particle
                    | Word::Scale
                    | Word::FullMarks
                    | Word::OutOf
                    | Word::Or
                    | Word::Ratio
                    | Word::Filler,
                ) => true,
                _ => false,
            })
    }

    /// Whether a bracket holds ages and no more: （18～29歳）.
    pub(super) fn ages(&mut self, from: usize, to: usize) -> bool {
        let age = Kind::Unit(Some("歳"));
        (from..to).any(|at| self.kind(at) == age)
            && (from..to).all(|at| {
                let kind = self.kind(at);
                kind == age || matches!(kind, Kind::Number { .. } | Kind::Tilde | Kind::Word(Word::Compare(_)))
            })
    }

    /// 月1回以上（年12回）: stated twice, over two times. Twelve months have to come to the year; the bracket alone is no target.
    fn over_another(
        &mut self,
        figure: &mut Figure<'a>,
        period: CriterionPeriod,
        amount: Amount<'a>,
        comparator: Option<Comparator>,
    ) -> bool {
        if comparator.is_none() && self.comes_to_so_much(figure, period, amount) {
            return true;
        }
        let (Core::Constant(first), Some(own)) = (&figure.core, figure.period) else { return false };
        let alike = first.unit == amount.unit && figure.aggregation.is_none() && figure.per.is_none();
        let (month, year) = match (own, period) {
            (CriterionPeriod::Month, CriterionPeriod::Year) => (first.signed(), amount.signed()),
            (CriterionPeriod::Year, CriterionPeriod::Month) => (amount.signed(), first.signed()),
            _ => return false,
        };
        let comparator = comparator.or(figure.comparator);
        let decided = comparator.is_some() || self.context.polarity.is_some();
        if !alike || !decided || figure.comparator.is_some_and(|own| Some(own) != comparator) {
            return false;
        }
        if month.times(12.into()) != Some(year) {
            let place = (amount.start, amount.end);
            self.ask(
                Note::new(
                    "月当たりの値と年間の値が一致しません。両方を条件としました。",
                    "The figures for a month and for a year do not agree; both are kept as conditions.",
                )
                .at(place.0, place.1),
            );
        }
        let mut second = Figure::empty();
        second.core = Core::Constant(amount);
        second.comparator = comparator;
        second.period = Some(period);
        let Some(draft) = self.settle(second) else { return false };
        figure.more.push((Joint::And, draft));
        true
    }

    /// 5年間で150件（年30件）, 3,600世帯（月300世帯）, ゼロ（年0件）: what the figure for a longer time comes to, and no condition of its own.
    fn comes_to_so_much(&mut self, figure: &Figure<'a>, period: CriterionPeriod, amount: Amount<'a>) -> bool {
        let Core::Constant(whole) = &figure.core else { return false };
        let years = || {
            self.tokens.windows(2).take(48).find_map(|pair| match pair {
                [number, unit] if unit.end <= whole.start => match (number.kind, unit.kind) {
                    (Kind::Number { value, .. }, Kind::Unit(Some("年間" | "か年" | "年度間"))) => Some(value),
                    _ => None,
                },
                _ => None,
            })
        };
        let times = match period {
            CriterionPeriod::Year => years(),
            CriterionPeriod::Month => Some(12.into()).filter(|_| figure.period.is_none()),
        };
        let zero = whole.value.is_zero() && amount.value.is_zero();
        let agrees = zero
            || whole.unit == amount.unit
                && times.and_then(|times| amount.signed().times(times)) == Some(whole.signed());
        if agrees {
            self.say(
                Note::new(
                    "かっこ書きは、同じ値を年や月当たりで述べたものとみなしました。",
                    "What stands in brackets is taken as what it comes to in a year or a month.",
                )
                .at(amount.start, amount.end),
            );
        }
        agrees
    }

    /// One labelled remark.
    fn label(&mut self, figure: &mut Figure<'a>, label: Label, from: usize, to: usize) -> bool {
        let written = self.span(from, to).trim();
        let plain = if self.kind(from) == Kind::Quoted && to == from + 1 { unquoted(written) } else { written };
        let (at, end) = (self.at, self.end);
        self.at = from;
        self.end = to;
        let amount = self.amount().filter(|_| self.at == to);
        self.at = at;
        self.end = end;
        match label {
            Label::Unit => {
                figure.unit = Unit::Said(plain);
                !plain.is_empty()
            }
            Label::Deadline => {
                let time = self.tokens.get(from).map(|token| token.kind);
                let Some(Kind::Time(time)) = time else { return false };
                time.last_day(self.context.fiscal_year).is_some_and(|day| set(&mut figure.deadline, day))
            }
            Label::Baseline => amount.is_some_and(|amount| set(&mut figure.stated, amount)),
            Label::Display => {
                figure.display = Some(plain);
                true
            }
            Label::Rounded => {
                figure.rounded = true;
                from == to
            }
            Label::NoComparator => {
                figure.no_comparator = true;
                from == to
            }
            Label::Subject => set(&mut figure.subject, plain.to_owned()),
            Label::Counted => {
                let word = match plain {
                    "累計" => "cumulative",
                    "延べ" => "gross",
                    "実人数" => "unique",
                    "平均" => "average",
                    "最大" => "maximum",
                    other => other,
                };
                word.parse().is_ok_and(|aggregation| set(&mut figure.aggregation, aggregation))
            }
            Label::Period => {
                let word = match plain {
                    "月" => "month",
                    "年" => "year",
                    other => other,
                };
                word.parse().is_ok_and(|period| set(&mut figure.period, period))
            }
            Label::Per => match amount {
                Some(amount) => {
                    let Unit::Said(unit) = amount.unit else { return false };
                    set(&mut figure.per, Quantity { value: amount.value, unit: unit.to_owned() })
                }
                None => false,
            },
            Label::OutOf => amount.is_some_and(|amount| set(&mut figure.out_of, amount)),
            Label::LowerExcluded => exclude(figure, true),
            Label::UpperExcluded => exclude(figure, false),
            Label::Action => false,
        }
    }
}

/// Leaves the end of a range out of it.
fn exclude(figure: &mut Figure<'_>, lower: bool) -> bool {
    let Core::Range { min_inclusive, max_inclusive, .. } = &mut figure.core else { return false };
    *(if lower { min_inclusive } else { max_inclusive }) = false;
    true
}

/// （旧目標：150人以上）, （国の基準：100人以上）, （対象者数：500人以上）: whether what a bracket bounds is called as what is no part of the figure in front.
fn is_of_others(criterion: &Criterion) -> bool {
    const BEGINS: [&str; 16] = [
        "旧",
        "変更前",
        "改定前",
        "前計画",
        "国の",
        "国調査",
        "県",
        "府",
        "都の",
        "市平均",
        "他",
        "全国",
        "想定",
        "必要",
        "参考",
        "対象",
    ];
    const ENDS: [&str; 7] = ["基準", "目標", "平均", "標準", "参考値", "見込", "旧"];
    match criterion {
        Criterion::All { of } | Criterion::Any { of } => of.iter().any(is_of_others),
        Criterion::Threshold { subject: Some(name), .. } => {
            BEGINS.iter().any(|word| name.starts_with(word)) || ENDS.iter().any(|word| name.ends_with(word))
        }
        _ => false,
    }
}

fn set<T>(place: &mut Option<T>, value: T) -> bool {
    let free = place.is_none();
    if free {
        *place = Some(value);
    }
    free
}
