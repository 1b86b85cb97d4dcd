//! What a bracket tells of the figure in front without binding it: what it comes to, over which years, of whom, what others aim at.

use super::super::answer::Note;
use super::super::lex::{Kind, Time, Word};
use super::amount::is_english_time;
use super::cursor::Parser;
use super::figure::{Amount, Core, Figure, Sign, Unit};
use crate::domain::Decimal;
use crate::domain::criterion::Aggregation;

/// Whose target is not this one: （国目標70％）, （前計画の目標値：60％）.
const OTHERS: [&str; 14] =
    ["国", "県", "府", "都", "道", "前計画", "次計画", "期計画", "旧計画", "上位計画", "現計画", "全国", "政令", "他"];

/// Whose average is only told beside a target.
const PEERS: [&str; 8] = ["団体", "市町村", "自治体", "都市", "政令市", "中核市", "特例市", "事業体"];

/// How many figures a bracket may tell.
const MOST: usize = 12;

impl<'a> Parser<'a> {
    /// `told = product | sum | share | restated-change | span | statistic | other-target | without`, each in a bracket.
    ///
    /// All of it agrees with the figure, or says nothing of it; nothing in it is a further condition.
    pub(super) fn told(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        if self.of_each(figure, open, close) || self.all_again(figure, open, close) {
            return true;
        }
        let leaves_out = self.leaves_out(open, close) || self.adds_answers(open, close);
        let figures = (open + 1..close).any(|at| matches!(self.kind(at), Kind::Number { .. } | Kind::Time(_)));
        if !leaves_out && !figures {
            return false;
        }
        let mark = self.mark();
        let found = leaves_out
            || self.change_alone(figure, open, close)
            || self.so_long(figure, open, close)
            || self.over_these_years(figure, open, close)
            || self.statistic(open, close)
            || self.figure_of_others(open, close)
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
        // スポーツ実施率（週1回以上）: how often, of which the share is one.
        let of_share = open > 0 && self.written(open - 1).ends_with(['率', '合']);
        open + 1 < close
            && (self.statistic(open, close)
                || (open + 1..close).all(|at| match self.kind(at) {
                    Kind::Text => {
                        let text = self.written(at);
                        !TELLS.iter().any(|word| text.contains(word)) && !super::guard::denies(text, true)
                    }
                    Kind::Unit(unit) => unit != Some("%"),
                    Kind::Word(Word::Denial) => matches!(self.written(at), "を除く" | "以外"),
                    // (within 24 hours)
                    Kind::Word(Word::Least(_)) => self.written(at) == "within" && is_english_time(self.written(at + 2)),
                    Kind::Word(Word::Compare(_)) => {
                        matches!(self.kind(at - 1), Kind::Unit(Some(unit))
                            if super::duration::is_time(unit) || of_share && unit == "回")
                            || self.written(at + 1).starts_with('の')
                    }
                    Kind::Word(Word::OtherPeriod | Word::Period(_)) => of_share,
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
    /// （「満足」「やや満足」の合計）: which answers are counted together.
    fn adds_answers(&mut self, open: usize, close: usize) -> bool {
        self.kind(open + 1) == Kind::Quoted
            && (open + 1..close).all(|at| match self.kind(at) {
                Kind::Quoted
                | Kind::Comma
                | Kind::Plus
                | Kind::Word(Word::Particle | Word::And | Word::Or | Word::Total) => true,
                Kind::Text => matches!(
                    self.written(at).trim_start_matches('の'),
                    "・" | "＋"
                        | "合計"
                        | "計"
                        | "割合"
                        | "合計割合"
                        | "割合の合計"
                        | "回答"
                        | "回答した割合"
                        | "と回答した割合"
                        | "と回答"
                        | "と回答した人の割合"
                        | "と回答した者の割合"
                        | "回答の割合"
                        | "回答割合"
                        | "を含む"
                ),
                _ => false,
            })
    }

    /// （荒天中止の場合を除く）, （5人未満の団体を除く）: what is not counted.
    fn leaves_out(&mut self, open: usize, close: usize) -> bool {
        let close = close - usize::from(self.kind(close - 1) == Kind::Stop);
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

    /// （国目標70％）, （※第2次計画目標：90％）, （類似団体平均値：98.2％）: what somebody else aims at or has, or an earlier plan aimed at.
    fn figure_of_others(&mut self, open: usize, close: usize) -> bool {
        let Some(number) = (open + 1..close).rev().take(4).find(|at| matches!(self.kind(*at), Kind::Number { .. }))
        else {
            return false;
        };
        let front = self.source.written(self.starts(open + 1), self.starts(number));
        let front = front.trim_end_matches(['は', '：', ':', ' ', '　', 'が', '値']);
        let aimed = front.strip_suffix("目標");
        let Some(whose) = aimed.or_else(|| front.strip_suffix("平均")).filter(|whose| !whose.is_empty()) else {
            return false;
        };
        let whose = whose.trim_end_matches(['の', '：', ':', ' ', '　']);
        self.at = number;
        let amount = self.amount().is_some();
        let _ = self.comparator();
        amount
            && self.at == close
            && match aimed {
                Some(_) => OTHERS.iter().any(|other| whose.ends_with(other)) || whose.ends_with("次計画"),
                None => PEERS.iter().any(|peer| whose.ends_with(peer)),
            }
            && !whose.contains(['、', '。'])
    }

    /// 100％（全24区）, 全24区（100％）, 22校（全校）: that these are all of them, said once more; 年1回（9月）: and in which month.
    fn all_again(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        let hundred = Decimal::from(100);
        let found = match &figure.core {
            Core::Constant(amount) if self.kind(open + 1) == Kind::Word(Word::AllOf) && figure.comparator.is_none() => {
                let counted = (open + 2..close)
                    .all(|at| matches!(self.kind(at), Kind::Number { .. } | Kind::Unit(_) | Kind::Text))
                    && close <= open + 4
                    && close > open + 2;
                let whole = amount.is_percent() && amount.value == hundred;
                let same =
                    matches!(amount.unit, Unit::Said(unit) if close == open + 3 && self.written(open + 2) == unit);
                if counted && same {
                    figure.core = Core::Universe { total: Some(amount.value), unit: amount.unit };
                }
                counted && (whole || same)
            }
            Core::Universe { .. } => {
                let percent = close == open + 3 && self.kind(open + 2) == Kind::Unit(Some("%"));
                percent && matches!(self.kind(open + 1), Kind::Number { value, .. } if value == hundred)
            }
            Core::Constant(amount) => {
                amount.unit == Unit::Said("回")
                    && amount.value == Decimal::from(1)
                    && figure.period == Some(crate::domain::criterion::CriterionPeriod::Year)
                    && close == open + 2
                    && matches!(self.kind(open + 1), Kind::Time(Time::DayOfYear(_, None)))
                    && self.written(open + 1).ends_with('月')
            }
            _ => false,
        };
        if found {
            self.told.push((open, close));
        }
        found
    }

    /// （各校）, （各区）: of each of them.
    fn of_each(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        let each = self.kind(open + 1) == Kind::Word(Word::Each)
            && self.written(open + 1) == "各"
            && close == open + 3
            && matches!(&figure.core, Core::Constant(amount) if !amount.is_percent())
            && matches!(self.kind(open + 2), Kind::Text | Kind::Unit(_))
            && !self.written(open + 2).contains(['年', '月', '期', '種']);
        figure.each |= each;
        each
    }

    /// 1,200人（＋100人）, 50％（＋2ポイント）: by how much that is more or less than before.
    fn change_alone(&mut self, figure: &Figure<'a>, open: usize, close: usize) -> bool {
        let Core::Constant(whole) = &figure.core else { return false };
        let whole = *whole;
        let end = std::mem::replace(&mut self.end, close);
        self.at = open + 1;
        let amount = self.amount();
        let alone = self.at == close;
        self.end = end;
        amount.is_some_and(|amount| {
            let points = whole.is_percent() && amount.unit == Unit::Said("ポイント");
            alone
                && amount.sign != Sign::None
                && whole.sign == Sign::None
                && (points || !whole.is_percent() && amount.unit == whole.unit)
        })
    }

    /// 30％削減（5年間）, 100件（3年間）: over how long.
    fn so_long(&mut self, figure: &mut Figure<'a>, open: usize, close: usize) -> bool {
        if close != open + 3 {
            return false;
        }
        self.at = open + 1;
        let spans = self.so_many_years();
        match &figure.core {
            Core::Reference(reference) => spans && reference.change().is_some(),
            Core::Constant(amount) if spans && !amount.is_percent() && figure.period.is_none() => {
                let years = matches!(amount.unit, Unit::Said("年" | "年間" | "か年"));
                figure.aggregation = figure.aggregation.or(if years { None } else { Some(Aggregation::Cumulative) });
                !years
            }
            _ => false,
        }
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
}
