//! Targets as they are written: from a phrase to a criterion, and back.
//!
//! [`parse`] reads Japanese and English, [`canonical`] prints both; what was printed is read back as the same criterion. A text is
//! brought to one spelling, cut into tokens (`lex`) and read by a small grammar (`grammar`), a function for each rule:
//!
//! ```text
//! year-of-it  = 目標年度 ( ":" | "(" ) year [ ")" ]                             in front of a target, or in brackets behind it: its deadline
//! dated       = [ deadline [ 、 ] ] text [ "（" deadline "）" ]                   令和8年度末までに、…: of each condition that has none of its own
//! framed      = { mark | heading } text { full-stop | remark }                ・, 【成果指標】, KPI 2:, 　※…, （※…）, (source: …): no part of it
//! text        = phrase | ""                       none: なし, 未定, n/a
//! phrase      = schedule | combination
//! schedule    = [ name ] year-label clause { separator year-label clause }   認知度 R4：40%、R5：45%
//!             | clause "(" year ")" { separator clause "(" year ")" }          60%（R6）、65%（R7）
//!             | year label amount "→" year label amount                        R3 1,200人 → R8 1,500人: from where to where
//! from-to     = { label | year } amount "→" { label | year } amount              R5実績 62.3% → R6目標 65%以上
//! stage       = noun                                                         R6：基本設計、R7：実施設計, in a schedule
//! deed        = action し 、 clause                                           パンフレットを作成し、5,000部以上配布: both
//! goes-on     = condition ( とし | に抑えつつ | を保ちながら | であり | … ) 、 clause    both; a figure in a clause that no rule reads is asked about
//! every-year  = year ( "~" | から ) ( year | number 年度 ) [ : ] [ 各年度 ] clause   R4～R6 各年度50件, 令和6～8年度：各年度30件
//! result      = [ 、 ] ( 実績 | 現状 ) [ : ] amount                             目標：50件　実績：48件: what was reached, behind a target
//! combination = clause { ( かつ | 又は | 、 | ① | (1) | ; ) clause }             all or any
//! clause      = "(" phrase ")" | function | each clause | year-label clause
//!             | [ deadline ] [ subject ] condition | milestone | qualitative
//! function    = ( すべて | いずれか | 年度別 ) "(" clause { ";" clause } ")"
//! each        = 全項目とも | 各項目で | 各 unit で
//! heading     = "【" label "】" | label [ number ] ( ":" | gap )                  【成果指標】, めざす指標, KPI②: no part of the name
//! withheld    = ( なし | 未定 ) "（" remark "）" | 目標値は設定せず | …を踏まえ設定予定     none
//! in-words    = text of which no number is a target's                        1人でも多くの, 20年後を見据え, 第9期計画に基づき
//! withdrawal  = [ 撤退基準 : ] clause の場合は 事業を廃止                           what is given up, and when: always asked about
//! absence     = name ( 発生なし | を発生させない "（" 0 "）" )                        zero
//! not-even-one = name ( を | が ) 1 unit も ( 出さない | 発生させない | ない … )         zero
//! from-present = [ name ] 現状 amount "（" year "）" { 、 目標 amount "（" year "）" }  the first is the present figure, a target or several behind it
//! condition   = modifiers ( relation | implied-relation | between | progression | tolerance | comparison | universe ) tail [ predicate ]
//! modifiers   = { deadline | 月 | 年 | 延べ | 累計 | 1校当たり | 5点満点中 | 約 | at least | denied | ちょうど | それぞれ }
//! denied      = ( does not | won't | never … ) ( exceed | fall below | … )         at most, at least
//! comparator  = ( 以上 | 以下 | … ) [ ( としない | ことのない | 発生させない ) ようにする ]
//! tolerance   = [ amount ] ± amount [ 以内 ]                                      a range
//! predicate   = ( の | が | で | に | を ) { text } verb                           15地域以上で更新
//! subject     = { 平均 | 月間 | 人口千人当たりの | すべての…で } name [ とも | （延べ） ]
//! over-years  = name [ 計画期間 ] [ number ( 年間 | か年 ) で ] amount               5年間で100棟: of all of them together, 累計
//! so-often    = ( 四半期 | 半期 | 学期 | 週 | number か月 ) に amount                 per one of these; 年4回（四半期に1回） says so twice
//! compared-name = reference の name [ brackets ] ( から | より | と比べ )              昨年度の参加者数（860名）と比べ
//! valued-label = ( 目標値 | 基準 | 平均 ) "（" amount "）" comparator                国が定める目標値（60％）以上 is 60％以上
//! secured     = condition の name を ( 確保 | 達成 | 維持 )                        1,500㎡以上の緑化面積を新たに確保: counted in its unit
//! appointed   = number 人 comparator の name を ( 配置 | 養成 | 委嘱 … )             2人以上の相談員を配置: whoever is to work on it
//! often-doing = so many 回 comparator 、 name を 実施                             年1回以上、避難訓練を実施
//! comparison  = amount [ brackets ] [ comparator | 程度 | 維持 | range-end | second-bound ]
//! regained    = reference ( まで | への ) 回復                                  令和元年度の水準まで回復: no worse than then
//! so-many-in  = number " in " number | number 分の number                      3 in 4 residents: a share, which is asked about
//! range-end   = ( 〜 | - | から ) amount [ comparator ] [ の範囲内 ]               40〜55%, 40%以上55%未満
//! progression = [ 現状 ] amount ( → | から ) [ 目標 ] amount [ に引き上げる ]
//! relation    = reference [ brackets ] [ 比 [ : ] | の | より | を ] ( change | growth | comparator | 維持 | 増加 ) [ stated-result ]
//! growth      = 増減率 [ : ] [ sign ] amount [ comparator ]                  対前年度伸び率：3％以上
//! reference   = 前年度 [ 実績 ] | 前年同時期 | year [ 実績 ] | 現状 | 過去 n 年平均 | 基準値 "(" year [ : ] amount ")"
//! change      = 半減 | 倍増 | amount 倍 | [ sign ] amount [ comparator ] [ の ] ( 増 | 減 | 改善 | 上回る ) [ の水準 ] [ comparator ]
//! stated-result = ( の | である | 、 ) amount [ comparator ] | "(" amount ")" [ comparator ]
//! universe    = 全 [ number ] unit | unit すべて | 全員
//! moved       = name ( reduced | cut | raised … ) [ from amount ] to amount    the verb says which way, and is no part of the name
//! and         = clause "and" clause | name "and" name                         parks and open spaces: a name, unless it is clearly a clause
//! duration    = number unit number smaller-unit | number unit 半                8分30秒: 510 秒; 1 hour 30 minutes
//! by-to       = verb name "by" amount "to" amount [ "from" amount "in" year ]  the change and what it comes to; never a range
//! from-in-to  = [ verb name ] "from" amount "in" year "to" amount [ "in" year ] | verb "to" amount "from" amount
//! separator   = " – " | " - " | "—"                                             Visits — 250,000 or more: a colon, behind a name or a year
//! counted-noun = noun { ( "and" | "or" ) noun } [ ( "in" | "on" | "at" ) noun ]   zero health and safety incidents: all of it is counted
//! in-a-share  = amount "of" noun "and" noun participle "within" time           one share; not two conditions
//! more-than   = amount ( "more" | "fewer" ) noun "than" reference              10 more volunteers than last year
//! more        = amount ( "additional" | "extra" | "further" ) noun             new ones, or more than last year: asked about
//! improve-by  = name "to" ( "improve" | "rise" | "fall" … ) "by" amount [ reference | "a year" ]
//! what-it-was = reference [ "figure" ] ( "(" amount ")" | "of" amount )        5% reduction on last year's figure (860 cases)
//! from-there  = change [ "by" time ] "(" ( "from" | "on" … ) reference ")"     by 50% by 2030 (from 2019 levels)
//! named       = [ "the" ] name [ ( "should" | "must" | "will" … ) [ "be" ] ] condition    the name alone: The number of fires should be below 20
//! intent      = ( "aim for" | "we will" | "the council must" | "ensure that" … ) text       no part of it
//! all-listed  = ( "both" | "all" ) "of the following:" text                     no part of it: what stands side by side is required
//! linked      = clause "," ( "with" | "i.e." | "that is" | "equivalent to" ) clause      both of them
//! carried     = ( "hold" | "limit" | "bring" … ) name ( "at" | "to" | "up to" ) condition   the verb is no part of the name, and may bound
//! bound-behind = amount ( "at most" | "at a minimum" | "as a maximum" … )
//! multiple-as = ( "twice" | "half" | number "times" ) "as many" noun "as" reference
//! not-moved   = "not" ( "rise" | "drop" … ) ( "by more than" amount [ reference ] | ( "on" | "from" ) reference )
//! so-much-in  = amount ( "a week" | "per day" | "each quarter" )                 per one of these
//! in-each     = name ( "in place" | participle ) ( "in all" | "at every" … ) noun        all of them
//! within      = deviation "within" amount                                      Budget variance within 2%: either side, or at most: asked about
//! none-yet    = ( "TBC" | "baseline year" | "target to be" … ) text            a figure in it is a year
//! mentioned   = verb { text | ( "the" | "our" … ) number noun }                Work with the 12 parish councils: in words
//! done-to     = noun participle ( "to" | "for" | "on" … ) noun due             report submitted to council by the third quarter of FY2025
//! title-years = title years participle                                         Corporate Plan 2026-30 adopted: the years are the title's
//! base        = [ sign ] amount "(" reference 比 ")" [ change ]                △15％（令和元年度比）, 50％（2013年度比）削減
//! tail        = { brackets | deadline | result | ずつ | 実施 | を目指す }
//! brackets    = "(" ( かつ phrase | stated-reference | stated-result | label { 、 label } | out-of | counted
//!               | ( 年 | 月 ) amount | deadline | … の割合 | remark ) ")"             （年12回） behind 月1回以上: stated twice
//! label       = ( 単位 | 期限 | 基準値 | 表記 | 対象 | 総数 | … ) ":" value | 概数 | 以上・以下の別なし
//! milestone   = [ due ] action [ "(" due ")" ] | noun due action               計画の策定, …を令和7年10月に実施
//! due         = time [ 頃 | 夏 | 以降 ] [ までに | 中に | に | から | より | をもって | 議会に ]   what is vague is asked about
//! amount      = [ sign ] number [ unit ]
//! ```
//!
//! What holds of every reading:
//!
//! - The condition is what reaches to the end of a clause; numbers in front of it belong to the subject (75歳以上の利用率30%以上), and
//!   only if they stand in a noun phrase. A token that no rule takes means that a person is asked.
//! - A text without a comparator gives a criterion without one. Where the polarity is not known either, `readings` has at least and at most.
//! - A bare change (8%増) asks for at least that much; a cut (10%減) for at least that much of a cut. 前年度比110% is a factor.
//! - Zero without a comparator is exactly zero: ゼロを維持, 0件.
//! - A relation and the result that the text states for it (10%減の4件以下) are two conditions, both required; a note says whether they agree.
//! - A unit that the text states is kept in one spelling (か所 is 箇所), or in the indicator's where it is the same unit. A change by a share
//!   has no unit. Money is in yen; `display` keeps amounts that were written in thousands, ten thousands, millions.
//! - What is certain has been looked at once more: a denial, a change, a year, ±, all or each left in a name or passed over means that a
//!   person is asked. A denied comparison is the opposite one (does not exceed, 未満としない).
//! - A name that says with a verb which are meant, or holds a figure of its own, may claim what was read in front of it: a reference, a date without a
//!   comma, how it is counted, each of several (`misplaced`). Words that turn, scale, withdraw or rank a figure, bounds that say of which, a year or a
//!   date that is left over, all together or each of them, another figure than last year's result: the first of these is asked about and named
//!   (`second_look`); so are two figures for one indicator.
//! - A share of what is a figure itself (目標値の90%, 定員の80%), a rank (10位以上), a stage without a year (1年目, 短期), a name that
//!   refers (前年, 伸び率) or lists figures, a bare number that may be a year: never certain.
//! - 20/24区 is so many out of a whole; 2.5件/千人 is per so many. kWh keeps its letters. What was done is no part of a unit.
//! - ※ opens a remark as a bracket does. A bracket without a figure or a word that binds is a remark; a year in one is a deadline.
//! - A date that is glued to another noun belongs to it (令和2年7月豪雨, 令和5年度採択事業), unless that is a figure or something to be
//!   done. A deadline before the target's own fiscal year is asked about.
//! - What an English text counts may end in the indicator's unit (2,000 street trees, in trees): that is the unit, and all of it the name.
//! - What can be read without a deadline is read the same with one: in front of the text, in brackets behind it, or between a name and its figure.
//! - A clause in front of a figure is a condition of its own where it says what is done, and is asked about where it says otherwise.
//! - ずつ is said of each of those that the text names, or of what a person has to say. A quarter (by Q3) is one of the target's own fiscal
//!   year; with a bare year (Q3 2026) it may be the calendar's, and is asked about.
//! - A growth by 100 % or more (前年度比120％増) may be by so much or to so much: +120 % or 1.2 times, and both are given.
//! - A figure inside a name that is glued to the noun behind it says which (75歳以上, 2区分の合計), and so does a bracket there, unless it
//!   holds a reference, a bound, a percentage. A clause that goes on (…を2か所整備し、) is no name: its figure may be a condition.
//! - The bracket behind a condition that names something else and bounds it is a condition too. 年2～3回 may mean at least twice.
//! - The second of two English conditions is on what the first one names, where it names nothing and fits it. Points are those of a
//!   percentage where the indicator or the text speaks of one, of a score where it says so, and asked about otherwise.
//! - 約 and 程度 alone may mean near the value or at least about it; both are given.
//!
//! The table of phrases in `data/target-phrases.jsonl` is the specification: the tests and `docs/target-phrases.md` are made from it.
//! Each rule looks at a token a bounded number of times and gives up before that costs more than [`LONGEST`] allows: linear, no panic,
//! no deeper than [`MAX_DEPTH`](super::criterion::MAX_DEPTH).

mod answer;
mod deadline;
mod frame;
mod grammar;
mod lex;
mod print;

pub use answer::{Context, Note, Parsed, PossibleReading};
pub use print::{canonical, print_en, print_ja};

use deadline::Dated;
use frame::Framed;
use grammar::{Draft, Parser};
use lex::{Source, Token};

use super::Criterion;

/// The longest text that is read, in bytes of UTF-8; what is longer goes to a person unread.
pub const LONGEST: usize = 16_384;

/// Reads a target text with what is known beside it.
///
/// ```
/// use mikomi::domain::phrase::{Context, parse};
/// let context = Context { unit: Some("%"), ..Context::default() };
/// let parsed = parse("50.3%以上（かつ前年度実績以上）", &context);
/// assert_eq!(parsed.canonical.en, "at least 50.3% and at least last year's result (unit: %)");
/// assert!(!parsed.needs_review);
///
/// // Times 1.01, or one point more?
/// let parsed = parse("前年同時期の1%増", &context);
/// assert!(parsed.needs_review && parsed.readings.len() == 2);
/// ```
pub fn parse(text: &str, context: &Context<'_>) -> Parsed {
    measured(text, context).0
}

/// Reads a text, and says how many looks at tokens that took.
fn measured(text: &str, context: &Context<'_>) -> (Parsed, usize) {
    let framed = Framed::of(text);
    if grammar::is_nothing(&framed.core) {
        return (answer::no_target(&framed.core, context), 0);
    }
    if text.len() > LONGEST {
        let note = Note::new(
            format!("長すぎるため読み取りませんでした（{LONGEST}バイトまで）。"),
            format!("The text is too long to be read; at most {LONGEST} bytes are."),
        );
        return (Parsed::new(Criterion::Qualitative {}, None, true, vec![note]), 0);
    }
    let (reading, looks) = read(&framed.core, context);
    let mut notes: Vec<Note> = reading.notes.into_iter().map(|note| note.placed(|at| framed.place(at))).collect();
    notes.extend(framed.notes);
    let pair = reading.draft.pair.map(|pair| *pair);
    (Parsed::new(reading.draft.main, pair, reading.review || framed.doubtful, notes), looks)
}

/// What was read of a text: what it asks for, whether a person has to look at it, and why.
struct Reading {
    draft: Draft,
    review: bool,
    notes: Vec<Note>,
}

/// Reads a target with its deadline apart; or as it stands, where only that is certain, or where the deadline is not of all that it asks for.
fn read(text: &str, context: &Context<'_>) -> (Reading, usize) {
    let source = Source::new(text);
    let tokens = cut(&source, context);
    let Some(dated) = Dated::of(&source, &tokens, context) else {
        return read_tokens(&source, &tokens, context, |draft| draft);
    };
    let rest = Source::new(&dated.rest);
    let mut fits = true;
    let (mut apart, first) = read_tokens(&rest, &cut(&rest, context), context, |draft| {
        fits = dated.fits(&draft);
        if fits { dated.given_to(draft) } else { draft }
    });
    apart.notes = apart.notes.into_iter().map(|note| dated.placed(note)).collect();
    if fits && (!apart.review || dated.asks.is_some()) {
        let claimed = dated.may_be_of_the_name(&apart.draft);
        apart.review |= dated.asks.is_some() || claimed.is_some();
        apart.notes.extend(dated.asks.into_iter().chain(claimed));
        return (apart, first);
    }
    let (whole, second) = read_tokens(&source, &tokens, context, |draft| draft);
    (if fits && whole.review { apart } else { whole }, first + second)
}

/// Cuts a text into tokens, with the indicator's own unit.
fn cut(source: &Source<'_>, context: &Context<'_>) -> Vec<Token> {
    let own = context.unit.map(str::trim).filter(|unit| !unit.is_empty());
    lex::tokens(source, own, context.fiscal_year)
}

/// Reads the tokens of a text; `dated` adds what was known of it before. Says how many looks at tokens that took.
fn read_tokens(
    source: &Source<'_>,
    tokens: &[Token],
    context: &Context<'_>,
    dated: impl FnOnce(Draft) -> Draft,
) -> (Reading, usize) {
    let mut parser = Parser::new(source, tokens, context);
    let mut draft = parser.text();
    let unsound = |criterion: &Criterion| !criterion.faults().is_empty();
    if unsound(&draft.main) || draft.pair.as_ref().is_some_and(|pair| unsound(&pair.0) || unsound(&pair.1)) {
        draft = parser.in_words();
    }
    let draft = dated(draft);
    parser.guard(&draft);
    let looks = parser.looks();
    let (notes, review) = parser.said();
    (Reading { draft, review, notes }, looks)
}

#[cfg(test)]
mod tests;
