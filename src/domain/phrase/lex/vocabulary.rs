//! What words mean, and where they are words.

use crate::domain::criterion::{Aggregation, Comparator, CriterionPeriod};

/// What a word means. One meaning, however it is spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain::phrase) enum Word {
    /// 以上 and its like, behind what they compare with; `or more`.
    Compare(Comparator),
    /// `at least` and its like, in front of what they compare with.
    Least(Comparator),
    /// 維持: at the level that it is at.
    Keep,
    /// 程度, 前後, behind an amount.
    About,
    /// 約, おおむね, `about`, in front of an amount.
    Roughly,
    /// 増, 向上, `increase`.
    Up,
    /// 減, 削減, `decrease`.
    Down,
    /// 改善: up or down, as the indicator's polarity has it.
    Better,
    /// `or better`: at least or at most, as the polarity has it.
    OrBetter,
    /// `above`, `over`, `more than`, `higher than`: an amount up from what follows, or a comparison.
    Above,
    /// `below`, `under`, `fewer than`.
    Below,
    /// 半減, `halve`.
    Halve,
    /// 倍増, `double`.
    Double,
    /// 倍, `times`, behind a number.
    Times,
    /// 半分, `half of`.
    Half,
    /// 前年度, `last year`.
    PreviousYear,
    /// 前年同時期, `the same period last year`.
    SamePeriod,
    /// 現状, `the current level`: last year's result, as far as a text tells.
    Present,
    /// 過去, 直近: opens 過去3年平均.
    Past,
    /// 基準値, 全国平均, 前回: a figure that a criterion cannot refer to.
    OtherFigure,
    /// 実績, 水準: behind what is referred to.
    Result,
    /// 比: the ratio to what is referred to.
    Ratio,
    /// 増減率, 伸び率: the share by which it grows.
    Growth,
    /// より, から, に比べて, `from`, `compared with`.
    Than,
    /// 全 in front of what is counted.
    AllOf,
    /// 全員.
    Everyone,
    /// すべて, 全て, `all of`: of what is named, or of the conditions in brackets behind it.
    Every,
    /// いずれか (with brackets behind it), `any of`.
    AnyOf,
    /// 年度別 (with brackets behind it), `by year`.
    Yearly,
    /// 全項目とも, 各地域で, `each item`: for every part.
    Each,
    /// とも, それぞれ.
    Respectively,
    /// 中, のうち, `out of`.
    OutOf,
    /// 満点: 5点満点.
    FullMarks,
    /// 段階, in 5段階評価: the scale.
    Scale,
    /// 当たり, `per`.
    Per,
    /// How the figure is counted.
    Counted(Aggregation),
    /// What one figure covers.
    Period(CriterionPeriod),
    /// A stretch of time that a criterion cannot say (週, 1日).
    OtherPeriod,
    /// かつ, `and`.
    And,
    /// 又は, `or`.
    Or,
    /// までに, 中に, `by`.
    By,
    /// 頃, 夏, 以降: behind a time, of which it says only about when, or from when on.
    Vague,
    /// 目標値：, in front of the target.
    TargetLabel,
    /// 期限：, 単位：, 基準値： and the like: the label of a remark.
    Label(Label),
    /// とする, を目指す: says only that there is a target.
    Filler,
    /// の, を, は, が, に, で, と.
    Particle,
    /// `of`, `in`, `for`: opens what an English text counts.
    Of,
    /// 合計: the sum, which is meant anyway.
    Total,
    /// ちょうど, `exactly`.
    Exactly,
    /// A denial that no rule takes: ない, 以外, 除く, `not`.
    Denial,
    /// `no`, in front of what there shall be none of.
    No,
    /// `between`.
    Between,
    /// 定性的な目標.
    Qualitative,
    /// 目標なし, 未定.
    NoTarget,
}

/// What a labelled remark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain::phrase) enum Label {
    Unit,
    Deadline,
    Baseline,
    Display,
    Rounded,
    Subject,
    NoComparator,
    Counted,
    Period,
    Per,
    OutOf,
    Action,
    LowerExcluded,
    UpperExcluded,
}

/// Where a word is one: elsewhere the same characters belong to a longer word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain::phrase) enum Place {
    /// Anywhere.
    Anywhere,
    /// Only where no other text runs on into it: behind a number, a unit, another word or a mark.
    Fresh,
    /// Only directly in front of a number, and not inside a word (条約3件).
    BeforeNumber,
    /// Only behind something that was understood, such as an amount or a reference; never after running text.
    Behind,
    /// Only directly behind a time: 令和6年夏頃, 令和5年度をもって.
    BehindTime,
    /// In Latin letters: as a whole word.
    Latin,
}
