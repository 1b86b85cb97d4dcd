//! What shall not happen at all: 重大事故　発生なし, 漏えいを発生させない（0件）. Zero, by another name.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Amount, Core, Draft, Figure, Sign, Unit};

/// How a text ends that says that something does not happen; by itself, and where a zero in brackets says so too.
const NONE: &[&str] = &["の発生なし", "の発生無し", "発生なし", "発生無し", "の発生がないこと", "の発生がない"];
const DENIED: &[&str] = &[
    "を発生させない",
    "が発生しない",
    "を起こさない",
    "を出さない",
    "を生じさせない",
    "を発生させないこと",
    "を防止",
    "を防止する",
    "の発生防止",
    "の発生を防止",
    "の根絶",
    "を根絶",
    "の撲滅",
    "の発生を防ぐ",
    "をなくす",
    "なし",
];

/// What is meant to happen never, so that なし behind it says zero.
const MISHAPS: [&str; 22] = [
    "事故",
    "事案",
    "漏えい",
    "漏洩",
    "違反",
    "不祥事",
    "苦情",
    "死者",
    "死亡",
    "死亡者",
    "トラブル",
    "ミス",
    "紛失",
    "被害",
    "犠牲者",
    "滞留",
    "滞納",
    "災害",
    "誤り",
    "不適合",
    "中断",
    "停止",
];

/// Whether a text ends in one of the ways to say that something does not happen.
pub(super) fn ends_so(text: &str) -> bool {
    NONE.iter()
        .chain(DENIED)
        .chain(["無し", "悪化させない", "後退させない", "させない", "しない"].iter())
        .any(|way| text.ends_with(way))
}

impl<'a> Parser<'a> {
    /// `absence = name ( 発生なし | ( を発生させない | なし ) "（" 0 [ unit ] "）" )`
    pub(super) fn absence(&mut self, from: usize, to: usize) -> Option<Draft> {
        if from >= to {
            return None;
        }
        // Each of the ways ends in one of these.
        let zero = self.zero_behind(from, to);
        let end = zero.map_or(to, |(open, _)| open);
        let written = self.span(from, end).trim_end_matches(['。', '．', ' ', '　']);
        if !written.ends_with(['し', 'と', 'い', 'す', '止', '絶', '滅', 'ぐ', 'る']) {
            return None;
        }
        let ways = NONE.iter().chain(DENIED.iter().filter(|_| zero.is_some()));
        let mishap = || {
            let front = written.strip_suffix("なし").or_else(|| written.strip_suffix("無し"))?;
            let name = front.trim_end_matches([' ', '　', '：', ':', 'の', 'は', 'が']);
            (MISHAPS.iter().any(|word| name.ends_with(word)) && !name.contains(['、', '，'])).then_some(front)
        };
        let name = ways.filter_map(|way| written.strip_suffix(way)).min_by_key(|name| name.len()).or_else(mishap)?;
        let name = name.trim_end_matches([' ', '　', '：', ':', 'の', 'は', 'が', 'を']);
        let plain = (from..end).all(|at| {
            matches!(
                self.kind(at),
                Kind::Text
                    | Kind::Quoted
                    | Kind::Colon
                    | Kind::Word(Word::Particle | Word::Denial | Word::Filler | Word::Of)
            )
        });
        let last = (from..end).rfind(|at| self.ends(*at) > self.starts(from))?;
        if name.is_empty() || !plain || super::guard::denies(name, true) {
            return None;
        }
        let place = (self.starts(from), self.ends(last));
        let unit = zero.map_or(Unit::Unsaid, |(_, amount)| amount.unit);
        self.at = to;
        self.nothing_of(name.to_owned(), unit, place)
    }

    /// `not-even-one = name ( を | が ) 1 unit も ( 出さない | 発生させない | ない … )`: 重大な事故を1件も発生させない.
    pub(super) fn not_even_one(&mut self, from: usize, to: usize) -> Option<Draft> {
        const DENIED: [&str; 9] = [
            "も発生させない",
            "も発生しない",
            "も出さない",
            "も出ない",
            "も起こさない",
            "も起きない",
            "も生じさせない",
            "もない",
            "も無い",
        ];
        let one = crate::domain::Decimal::from(1);
        let number = (from + 1..to.saturating_sub(2))
            .rev()
            .take(4)
            .find(|at| matches!(self.kind(*at), Kind::Number { value, .. } if value == one))?;
        let Kind::Unit(_) = self.kind(number + 1) else { return None };
        let denial = self.span(number + 2, to).trim_end_matches(['。', '．']).trim_end_matches("こと");
        let name = self.span(from, number).trim_end_matches(['を', 'が', 'は', 'の', '、', ' ', '　']);
        let named =
            (from..number).all(|at| matches!(self.kind(at), Kind::Text | Kind::Quoted | Kind::Word(Word::Particle)));
        if !DENIED.contains(&denial) || name.is_empty() || !named || super::guard::denies(name, true) {
            return None;
        }
        self.at = number;
        let unit = self.amount()?.unit;
        self.at = to;
        self.nothing_of(name.to_owned(), unit, (self.starts(from), self.ends(to - 1)))
    }

    /// That there is none of what a name says.
    fn nothing_of(&mut self, name: String, unit: Unit<'a>, (start, end): (usize, usize)) -> Option<Draft> {
        let value = crate::domain::Decimal::ZERO;
        let mut figure = Figure::empty();
        figure.core = Core::Constant(Amount { value, unit, scaled: false, sign: Sign::None, start, end });
        figure.comparator = Some(crate::domain::criterion::Comparator::Eq);
        figure.subject = Some(name);
        self.say(
            Note::new("発生しないことを、0とみなしました。", "That nothing happens is read as zero.").at(start, end),
        );
        self.denied_away = true;
        self.settle(figure)
    }

    /// A zero in brackets at the end: where they open, and the amount.
    fn zero_behind(&mut self, from: usize, to: usize) -> Option<(usize, Amount<'a>)> {
        if self.kind(to - 1) != Kind::Close {
            return None;
        }
        let open = (from..to - 1).rev().take(4).find(|at| self.close_of(*at) == Some(to - 1))?;
        let before = std::mem::replace(&mut self.at, open);
        let found = self.inside(|rules| rules.amount());
        self.at = before;
        found.filter(|amount| amount.value.is_zero()).map(|amount| (open, amount))
    }
}
