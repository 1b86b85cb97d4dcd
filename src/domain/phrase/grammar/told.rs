//! What a bracket tells of the figure in front without binding it: what it comes to, over which years, of whom, what others aim at.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Figure, Sign, Unit};
use crate::domain::Decimal;
use crate::domain::criterion::{Aggregation, Change, Reference};

/// Whose target is not this one: （国目標70％）, （前計画の目標値：60％）.
const OTHERS: [&str; 14] =
    ["国", "県", "府", "都", "道", "前計画", "次計画", "期計画", "旧計画", "上位計画", "現計画", "全国", "政令", "他"];

/// How many figures a bracket may tell.
const MOST: usize = 12;

impl<'a> Parser<'a> {
    /// `told = product | sum | share | restated-change | span | statistic | other-target | without`, each in a bracket.
    ///
    /// All of it agrees with the figure, or says nothing of it; nothing in it is a further condition.
    pub(super) fn told(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        let leaves_out = self.leaves_out(open, close);
        let figures = (open + 1..close).any(|at| matches!(self.kind(at), Kind::Number { .. } | Kind::Time(_)));
        if !leaves_out && !figures {
            return false;
        }
        let mark = self.mark();
        let found = leaves_out
            || self.over_these_years(figure, open, close)
            || self.statistic(open, close)
            || self.target_of_others(open, close)
            || self.change_again(figure, open, close)
            || self.comes_out(figure, open, close);
        if !found {
            self.back(mark);
            return false;
        }
        self.at = open;
        self.told.push((open, close));
        self.say(
            Note::new(
                "かっこ書きは、値の内訳や説明で、別の条件ではないとみなしました。",
                "What stands in brackets is taken to explain the figure, not to bind it further.",
            )
            .at(self.starts(open), self.ends(close)),
        );
        true
    }

    /// `boxed = name "【" condition "】"`: 参加者数【50名以上】, 利用者数（300人以上）.
    pub(super) fn boxed(&mut self, from: usize, to: usize) -> Option<super::figure::Draft> {
        if to < from + 4 || self.kind(to - 1) != Kind::Close || self.kind(from) != Kind::Text {
            return None;
        }
        let open = (from + 1..to - 3).rev().take(16).find(|at| self.close_of(*at) == Some(to - 1))?;
        let name = self.span(from, open).trim();
        let marked = matches!(self.written(open), "【" | "［" | "[" | "〔");
        if !marked && !super::nouns::is_indicator(name) || !(from..open).all(|at| self.kind(at) == Kind::Text) {
            return None;
        }
        self.at = open;
        let mut figure =
            self.inside(Self::condition).filter(|figure| figure.comparator.is_some() && figure.subject.is_none())?;
        let subject = self.subject(from, open)?;
        figure.subject = Some(self.counted_name(&mut figure, subject));
        self.settle(figure)
    }

    /// リスクを高める飲酒（1日当たり40g以上、女性20g以上）をしている者: a bracket in the middle of a name, which goes on directly behind it, defines a
    /// word of the name; its figures and bounds are that word's.
    pub(super) fn defines_noun(&mut self, open: usize, close: usize, to: usize) -> bool {
        let next = self.written(close + 1);
        close + 1 < to
            && self.starts(close + 1) == self.ends(close)
            && next.starts_with(['を', 'の', 'に', 'が'])
            && next.chars().count() > 2
            && (open + 1..close).all(|at| match self.kind(at) {
                Kind::Text => !["目標", "実績", "現状", "前年", "増", "減", "超"]
                    .iter()
                    .any(|word| self.written(at).contains(word)),
                Kind::Number { .. } | Kind::Unit(_) | Kind::Comma | Kind::Quoted => true,
                Kind::Word(word) => matches!(
                    word,
                    Word::Particle
                        | Word::Filler
                        | Word::Compare(_)
                        | Word::Per
                        | Word::OtherPeriod
                        | Word::Period(_)
                        | Word::Or
                        | Word::And
                ),
                _ => false,
            })
    }

    /// Whether a bracket inside a name describes it: （5段階評価の上位2区分の合計）, （成人・1日）, （「満足」＋「やや満足」）.
    pub(super) fn describes(&mut self, open: usize, close: usize) -> bool {
        const TELLS: [&str; 14] =
            ["ただし", "場合", "上限", "下限", "目標", "実績", "現状", "前年", "昨年", "程度", "増", "減", "倍", "超"];
        open + 1 < close
            && (self.statistic(open, close)
                || (open + 1..close).all(|at| match self.kind(at) {
                    Kind::Text => {
                        let text = self.written(at);
                        !TELLS.iter().any(|word| text.contains(word)) && !super::guard::denies(text, true)
                    }
                    Kind::Unit(unit) => unit != Some("%"),
                    Kind::Word(Word::Denial) => matches!(self.written(at), "を除く" | "以外"),
                    Kind::Word(Word::Compare(_)) => {
                        matches!(self.kind(at - 1), Kind::Unit(Some(unit)) if super::subject::is_time(unit))
                            || self.written(at + 1).starts_with('の')
                    }
                    Kind::Number { .. }
                    | Kind::Quoted
                    | Kind::Comma
                    | Kind::Plus
                    | Kind::Slash
                    | Kind::Tilde
                    | Kind::Word(
                        Word::Particle
                        | Word::Filler
                        | Word::Of
                        | Word::Scale
                        | Word::FullMarks
                        | Word::OutOf
                        | Word::And
                        | Word::Or
                        | Word::Total,
                    ) => true,
                    _ => false,
                }))
    }
    /// （荒天中止の場合を除く）, （5人未満の団体を除く）: what is not counted.
    fn leaves_out(&mut self, open: usize, close: usize) -> bool {
        close > open + 2
            && self.kind(close - 1) == Kind::Word(Word::Denial)
            && matches!(self.written(close - 1), "を除く" | "以外")
            && (open + 1..close - 1).all(|at| {
                matches!(
                    self.kind(at),
                    Kind::Text
                        | Kind::Quoted
                        | Kind::Number { .. }
                        | Kind::Unit(_)
                        | Kind::Comma
                        | Kind::Word(Word::Compare(_) | Word::Particle | Word::Filler | Word::Or | Word::And)
                )
            })
    }

    /// （75％値）, （98％値）: which value of a row of measurements is meant.
    pub(super) fn statistic(&mut self, open: usize, close: usize) -> bool {
        let at = close.saturating_sub(3);
        at > open
            && matches!(self.kind(at), Kind::Number { .. })
            && self.kind(at + 1) == Kind::Unit(Some("%"))
            && self.written(at + 2) == "値"
            && (at == open + 1 || at == open + 2 && matches!(self.written(open + 1), "年間" | "日間" | "年"))
    }

    /// （国目標70％）, （※第2次計画目標：90％）: what somebody else aims at, or an earlier plan did.
    fn target_of_others(&mut self, open: usize, close: usize) -> bool {
        let Some(number) = (open + 1..close).rev().take(4).find(|at| matches!(self.kind(*at), Kind::Number { .. }))
        else {
            return false;
        };
        let front = self.source.written(self.starts(open + 1), self.starts(number));
        let front = front.trim_end_matches(['は', '：', ':', ' ', '　', 'が', '値']);
        let Some(whose) = front.strip_suffix("目標").filter(|whose| !whose.is_empty()) else { return false };
        let whose = whose.trim_end_matches(['の', '：', ':', ' ', '　']);
        self.at = number;
        let amount = self.amount().is_some();
        let _ = self.comparator();
        amount
            && self.at == close
            && (OTHERS.iter().any(|other| whose.ends_with(other)) || whose.ends_with("次計画"))
            && !whose.contains(['、', '。'])
    }

    /// 累計350世帯（令和8～12年度）, 累計150件（5年間）: over which years together.
    fn over_these_years(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        if !matches!(figure.aggregation, Some(Aggregation::Cumulative | Aggregation::Gross)) {
            return false;
        }
        let end = std::mem::replace(&mut self.end, close);
        self.at = open + 1;
        let mark = self.mark();
        let span = self.span_of_years();
        if span.is_none() {
            self.back(mark);
        }
        let _ = self.take(Word::Particle) || self.take_kind(Kind::Comma);
        let counted = self.so_many_years();
        let whole = self.at == close;
        self.end = end;
        match span {
            Some((first, last)) if first < last && whole => {
                figure.deadline = figure.deadline.or_else(|| Time::FiscalYear(last).last_day(None));
                true
            }
            None => counted && whole,
            _ => false,
        }
    }

    /// の3か年, 5年間: how many years, as said behind them.
    pub(super) fn so_many_years(&mut self) -> bool {
        let years = matches!(self.peek(0), Kind::Number { .. })
            && matches!(self.peek(1), Kind::Unit(Some("年間" | "か年" | "年度間" | "年")));
        self.at += if years { 2 } else { 0 };
        let _ = years && self.take(Word::Particle);
        years
    }

    /// 前年度から40件減（△40件）, 10％減（▲20件）, 5％減（120件→114件）: the same change, said once more.
    fn change_again(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        let Core::Reference(reference) = &figure.core else { return false };
        let Some(change) = reference.change().cloned() else { return false };
        let end = std::mem::replace(&mut self.end, close);
        self.at = open + 1;
        let first = self.amount();
        let found = first.is_some_and(|first| self.says_again(figure, &change, first));
        let whole = self.at == close;
        self.end = end;
        found && whole
    }

    fn says_again(&mut self, figure: &mut Figure<'a>, change: &Change, first: Amount<'a>) -> bool {
        if first.sign == Sign::None && self.take_kind(Kind::Arrow) {
            let Some(second) = self.amount().filter(|second| second.sign == Sign::None) else { return false };
            let reached = super::settle::apply(change, first.value);
            let near = reached
                .and_then(|reached| reached.minus(second.value))
                .is_some_and(|off| off < Decimal::from(1) && off > Decimal::from(-1));
            figure.stated = figure.stated.or(Some(first));
            if !near {
                self.ask_about_figures(first.start, second.end);
            }
            return true;
        }
        let signed = match self.peek(0) {
            Kind::Word(Word::Up) if first.sign == Sign::None => first.value,
            Kind::Word(Word::Down) if first.sign == Sign::None => first.value.negated(),
            _ if first.sign != Sign::None => first.signed(),
            _ => return false,
        };
        self.at += usize::from(first.sign == Sign::None);
        let Some(again) = self.change_of(first, signed) else { return false };
        let falls = |change: &Change| match change {
            Change::Relative { percent: by } | Change::Points { points: by } | Change::Absolute { amount: by } => {
                *by < Decimal::ZERO
            }
            Change::Factor { factor } => *factor < Decimal::from(1),
        };
        let alike = std::mem::discriminant(&again) == std::mem::discriminant(change);
        if alike && again != *change || falls(&again) != falls(change) {
            self.ask_about_figures(first.start, first.end);
        }
        true
    }

    fn ask_about_figures(&mut self, start: usize, end: usize) {
        self.ask(
            Note::new(
                "かっこ内の値が、前の増減と一致しません。",
                "The figures in brackets do not agree with the change in front.",
            )
            .at(start, end),
        );
    }

    /// 30団体（各区2団体×15区）, 100人（男性60人、女性40人）, 100％（11／11地域）: figures that come to the one in front.
    fn comes_out(&mut self, figure: &Figure<'a>, open: usize, close: usize) -> bool {
        let Core::Constant(whole) = &figure.core else { return false };
        let Some(amounts) = self.amounts_within(open, close) else { return false };
        let between = |first: &Amount<'a>, second: &Amount<'a>| self.source.written(first.end, second.start);
        let pairs = || amounts.iter().zip(amounts.iter().skip(1));
        if whole.is_percent() {
            let [part, of] = amounts.as_slice() else { return false };
            let link = between(part, of).trim();
            let (part, of) = match link {
                "/" | "／" => (part, of),
                _ => return false,
            };
            let told = part.value.times(100.into()).and_then(|hundred| hundred.over(of.value));
            let off = told.and_then(|told| told.minus(whole.signed()));
            let one = Decimal::from(1);
            let counted = !part.is_percent() && (part.unit == of.unit || part.unit == Unit::Unsaid);
            return counted && off.is_some_and(|off| off < one && off > one.negated());
        }
        let same = |amount: &Amount<'a>| amount.unit == whole.unit;
        if pairs().all(|(first, second)| between(first, second).contains(['×', '✕', '＊', '*', 'x', 'ｘ'])) {
            let product = amounts.iter().try_fold(Decimal::from(1), |all, amount| all.times(amount.value));
            let counts = amounts.iter().any(same) || whole.unit == Unit::Unsaid;
            return amounts.len() > 1 && counts && product == Some(whole.signed());
        }
        let sum = amounts.iter().try_fold(Decimal::ZERO, |all, amount| all.plus(amount.value));
        let units = amounts.iter().all(|amount| same(amount) || amount.unit == Unit::Unsaid);
        let parted = pairs().all(|(first, second)| {
            between(first, second).contains(['、', '，', ',', '・', '＋', '+', '／', '/', ' ', '　'])
        });
        amounts.len() > 1 && units && parted && sum == Some(whole.signed())
    }

    /// The amounts in a bracket that holds nothing else but what names them.
    fn amounts_within(&mut self, open: usize, close: usize) -> Option<Vec<Amount<'a>>> {
        let mut amounts = Vec::new();
        let end = std::mem::replace(&mut self.end, close);
        self.at = open + 1;
        while self.at < close && amounts.len() < MOST {
            let plain = match self.peek(0) {
                Kind::Number { .. } => {
                    match self.amount().filter(|amount| amount.sign == Sign::None) {
                        Some(amount) => amounts.push(amount),
                        None => break,
                    }
                    continue;
                }
                Kind::Text => {
                    let text = self.written(self.at);
                    !["上限", "下限", "最低", "最大", "目標", "増", "減", "超", "以", "未満"]
                        .iter()
                        .any(|word| text.contains(word))
                }
                Kind::Quoted | Kind::Unit(_) | Kind::Comma | Kind::Slash | Kind::Plus | Kind::Colon | Kind::Item => {
                    true
                }
                Kind::Word(word) => {
                    matches!(
                        word,
                        Word::Particle
                            | Word::Filler
                            | Word::Of
                            | Word::Each
                            | Word::AllOf
                            | Word::Period(_)
                            | Word::OutOf
                    )
                }
                _ => false,
            };
            if !plain {
                break;
            }
            self.at += 1;
        }
        let whole = self.at == close;
        self.end = end;
        (whole && amounts.len() > 1).then_some(amounts)
    }

    /// 倍増（R5年度：120人）: a change that is counted from nothing else is one from the year that the bracket gives.
    pub(super) fn counted_from_year(
        &mut self,
        figure: &mut Figure<'a>,
        time: Option<Time>,
        amount: Amount<'a>,
    ) -> bool {
        if let (
            Core::Reference(Reference::PreviousYear { change: Some(change) }),
            false,
            Some(Time::FiscalYear(year)),
        ) = (&figure.core, figure.based, time)
        {
            let base = Reference::FiscalYear { fiscal_year: year, change: None };
            figure.core = Core::Reference(super::change::with_change(base, change.clone()));
            figure.based = true;
        }
        let free = figure.stated.is_none();
        figure.stated = figure.stated.or(Some(amount));
        free
    }
}
