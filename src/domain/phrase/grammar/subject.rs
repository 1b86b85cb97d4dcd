//! What stands in front of a condition: the noun phrase that names what is counted.

use super::super::answer::Note;
use super::super::lex::{Kind, Word, is_western};
use super::cursor::Parser;
use super::english_bounding::{is_english_name, may_be_below_zero, may_bound};
use super::nouns::{HIRAGANA_NOUNS, ends_in_hiragana, is_indicator, is_suspicious, without_manner};

impl Parser<'_> {
    /// The subject in a row of tokens: its text, or nothing when the row is empty. Asks when it may hold a part of the condition.
    pub(super) fn subject(&mut self, from: usize, to: usize) -> Option<String> {
        let (mut from, mut to) = (from, to);
        // Maintain satisfaction at 85%
        if to > from + 1 && self.written(to - 1).eq_ignore_ascii_case("at") {
            to -= 1;
        }
        while from < to
            && matches!(self.kind(from), Kind::Item | Kind::Comma | Kind::Stop | Kind::Word(Word::TargetLabel))
        {
            from += 1;
        }
        from = self.behind_verb(from, to);
        let whole = (from, to);
        let colon = from < to && self.kind(to - 1) == Kind::Colon;
        while from < to
            && (matches!(
                self.kind(to - 1),
                Kind::Colon
                    | Kind::Comma
                    | Kind::Stop
                    | Kind::Word(Word::Particle | Word::Filler | Word::Of | Word::Respectively | Word::TargetLabel)
            ) || self.leads_to_figure(to - 1, whole.1))
        {
            to -= 1;
        }
        if from >= to {
            return None;
        }
        if to == from + 1 && self.kind(from) == Kind::Quoted {
            return Some(super::amount::unquoted(self.written(from)).to_owned());
        }
        let written = self.span(from, to).trim().trim_start_matches('・');
        let manner = written.ends_with('に') || self.written(to) == "に";
        let noun = self.part_of_the_former(trimmed(written), from);
        // 利用率を段階的に50％まで引き上げる
        let noun = if manner { trimmed(without_manner(noun)) } else { noun };
        let particle = noun.len() < written.len() || to < whole.1;
        if noun.is_empty() || super::english_name::names_nothing(noun) {
            return None;
        }
        self.clause_in_name(from, to);
        // Change in visits - 5: the dash may be a sign.
        let dash = colon && self.written(whole.1 - 1) == "-" && may_be_below_zero(noun);
        let colon = colon && !dash;
        // cost per head of £48 or less: the amount stands behind the name.
        let of_amount = to < whole.1 && self.written(to) == "of" && matches!(self.kind(whole.1), Kind::Number { .. });
        // calls answered within 20 seconds to be 80% or higher
        let to_be = (to..whole.1).any(|at| self.kind(at) == Kind::Word(Word::Filler));
        let bound = of_amount
            || to_be
            || self.is_so_often(whole.1)
            || self.is_modal(whole.1)
            || matches!(self.kind(whole.1), Kind::Word(Word::Least(_) | Word::Above | Word::Below | Word::Between))
            || self.is_moved(whole.1)
            // Queue times to fall by
            || matches!(self.kind(whole.1), Kind::Word(Word::Up | Word::Down | Word::Better))
                && self.written(whole.1).ends_with(" by");
        let here = matches!(noun, "区内" | "市内" | "町内" | "村内" | "県内" | "府内" | "都内" | "管内");
        // Reduction in crime: 5%, where the change itself may be asked for.
        let change = matches!(self.kind(from), Kind::Word(Word::Up | Word::Down | Word::Better))
            && self.kind(from + 1) == Kind::Word(Word::Of)
            || matches!(self.written(from), "Reduction of" | "Increase of" | "Decrease of" | "Improvement of");
        // TBC – at least 20: there is none yet, and a figure all the same.
        let open =
            ["tbc", "tbd", "tba", "n/a", "baseline", "provisional"].iter().any(|word| word.eq_ignore_ascii_case(noun));
        let another = self.lists_another(from, to) || change && is_western(noun) || open;
        if another
            || !(colon
                || here
                || self.spans_a_time(noun, to, whole.1)
                || self.kind(to - 1) == Kind::Text && names_a_part(noun)
                || bound && self.names_in_front(from, to, noun)
                || self.names(from, to, noun, particle))
        {
            let (start, end) = (self.starts(from), self.ends(to - 1));
            self.ask(
                Note::new(
                    format!("「{noun}」は何の目標かを示す語とみなしました。条件の一部でないかを確かめてください。"),
                    format!("\"{noun}\" is taken as what is counted; it may be a part of the condition."),
                )
                .at(start, end),
            );
        }
        Some(one_line(noun))
    }

    /// うち24時間利用できる建物を, 全体の: what leads to the name of a part, or of the whole, is no part of it.
    fn part_of_the_former<'n>(&self, noun: &'n str, from: usize) -> &'n str {
        let noun = match noun.strip_prefix("うち") {
            Some(rest)
                if !rest.is_empty()
                    && matches!(
                        self.tokens.get(from.wrapping_sub(1)).map(|token| token.kind),
                        Some(Kind::Stop | Kind::Comma)
                    ) =>
            {
                rest.trim_start_matches('、')
            }
            _ => noun,
        };
        // 対令和5年度比
        let noun = match noun.strip_suffix('対') {
            Some(front) if front.is_empty() || front.ends_with([' ', '　']) => front.trim_end(),
            _ => noun,
        };
        ["が全体", "の全体", "は全体"].iter().find_map(|whole| noun.strip_suffix(whole)).unwrap_or(noun)
    }

    /// `Maintain satisfaction`, `Achieve a satisfaction rate`: the verb that sets the target, and the article behind it, are no
    /// part of the name. Gives where it begins.
    pub(super) fn behind_verb(&mut self, from: usize, to: usize) -> usize {
        let latin = self.source.at(self.starts(from)).is_ascii_alphabetic();
        let verb =
            latin && (matches!(self.kind(from), Kind::Word(Word::Keep | Word::Filler)) || self.carries(from, to));
        let behind = from + usize::from(verb);
        let article = verb && self.kind(behind) == Kind::Word(Word::Particle) && behind + 1 < to;
        behind + usize::from(article)
    }

    /// 申請から交付まで14日以内: from where to where, in front of how long it may take.
    fn spans_a_time(&mut self, noun: &str, to: usize, condition: usize) -> bool {
        let between = noun.ends_with("まで")
            && noun
                .split_once("から")
                .or_else(|| noun.split_once("より"))
                .is_some_and(|(from, until)| !from.is_empty() && until.len() > "まで".len() && until.ends_with("まで"));
        // 申請受付から14日以内に決定
        let since = noun.ends_with("から") && noun.chars().count() > 3;
        (between || since)
            && (to..condition + 4).any(|at| {
                matches!(self.kind(at), Kind::Unit(Some(unit)) if super::duration::is_time(unit) && unit != "歳")
                    && matches!(self.kind(at - 1), Kind::Number { .. })
            })
    }

    /// 研修2回・講座: a figure with its unit, and behind a mark or a gap a second name, to which the condition belongs.
    fn lists_another(&mut self, from: usize, to: usize) -> bool {
        let mut inner = from;
        (from..to.saturating_sub(1)).take(48).any(|at| {
            if let Some(close) = self.close_of(at).filter(|close| self.defines_noun(at, *close, to)) {
                inner = close;
            }
            if at < inner || !matches!(self.kind(at), Kind::Number { .. }) {
                return false;
            }
            let unit = matches!(self.kind(at + 1), Kind::Unit(_));
            // 75歳以上　利用率, 48時間以内 対応率: who or when.
            let named = at > from && self.kind(at - 1) == Kind::Text;
            let timed = unit && !named && super::duration::is_time(self.written(at + 1));
            let bound = at + 1 + usize::from(unit);
            let bounded = matches!(self.kind(bound), Kind::Word(Word::Compare(_)));
            let next = bound + usize::from(bounded);
            let parted = next < to
                && match self.kind(next) {
                    Kind::Slash | Kind::Plus | Kind::Colon | Kind::Item | Kind::Comma => true,
                    Kind::Text | Kind::Quoted | Kind::Word(_) => {
                        self.written(next).starts_with(['・', '･', '／', '＋'])
                            || !timed && self.starts(next) > self.ends(next - 1)
                    }
                    _ => false,
                };
            (unit || bounded) && parted && !self.source.at(self.starts(next)).is_ascii_alphabetic()
        })
    }

    /// Whether a row of tokens clearly names something: its last word is a noun, and what else it holds belongs to that noun.
    fn names(&mut self, from: usize, to: usize, noun: &str, particle: bool) -> bool {
        let shared = matches!(self.kind(from), Kind::Word(Word::AllOf | Word::Every)) && self.share_of_all(from);
        let last_is_noun = shared || matches!(self.kind(to - 1), Kind::Text | Kind::Quoted | Kind::Close);
        if is_indicator(noun) && last_is_noun {
            return true;
        }
        // がん検診受診率（大腸）
        if self.kind(to - 1) == Kind::Close
            && let Some(open) = (from + 1..to - 1).rev().take(16).find(|at| self.close_of(*at) == Some(to - 1))
        {
            let plain =
                to == open + 3 && self.kind(to - 2) == Kind::Text && !super::guard::may_bind(self.written(to - 2));
            return (plain || self.describes(open, to - 1))
                && self.names(from, open, self.span(from, open).trim(), particle);
        }
        let mut inner = from;
        let plain = (from..to).all(|at| {
            if at < inner {
                return true;
            }
            // 相談窓口（地域包括支援センター）の認知度
            if let Some(close) = self.close_of(at).filter(|close| *close < to) {
                inner = close + 1;
                return at > from && (self.describes(at, close) || self.defines_noun(at, close, to));
            }
            if self.within_name(at, from, to) {
                return true;
            }
            // 空家率15%以下の地区: a bounded figure that says which.
            let bounded = match self.kind(at) {
                Kind::Number { .. } => matches!(self.kind(at + 1), Kind::Unit(_)) && self.bounds_a_noun(at + 2, to),
                Kind::Unit(_) => self.bounds_a_noun(at + 1, to),
                Kind::Word(Word::Compare(_)) => self.bounds_a_noun(at, to),
                Kind::Word(Word::OtherPeriod | Word::Period(_)) => {
                    matches!(self.kind(at + 1), Kind::Number { .. }) && self.bounds_a_noun(at + 3, to)
                }
                _ => false,
            };
            bounded
                || matches!(
                    self.kind(at),
                    Kind::Text
                        | Kind::Quoted
                        | Kind::Word(Word::Particle | Word::And | Word::Or | Word::Of)
                        | Kind::Comma
                )
        });
        let doubtful = [
            "場合",
            "とき",
            "ため",
            "ので",
            "つつ",
            "うえ",
            "上で",
            "ながら",
            "ず",
            "ない",
            "少なくとも",
            "上位",
            "下位",
            "ただし",
            "まで",
            "できれば",
            "範囲内",
        ];
        // 新たに3か所整備し: a clause, whose figure is one of its own.
        if super::deed::is_clause(noun) {
            return false;
        }
        let latin = is_western(noun) && (!particle && !is_english_name(noun) || may_bound(noun));
        plain
            && !latin
            && noun.contains(char::is_alphabetic)
            && last_is_noun
            && !doubtful.iter().any(|word| noun.ends_with(word) || noun.starts_with(word))
            && (particle || !self.suspicious(from, to) && !ends_in_hiragana(noun))
    }
}

impl Parser<'_> {
    /// Whether plain text in a name may be a word of comparison that the vocabulary does not know; the words that it knows were looked at.
    fn suspicious(&mut self, from: usize, to: usize) -> bool {
        (from..to).any(|at| !matches!(self.kind(at), Kind::Word(_)) && is_suspicious(self.written(at)))
    }

    /// 週3回以上運動する人: directly behind the bound stands what somebody does, and the noun at the end of it.
    fn does_so_often(&mut self, at: usize, to: usize) -> bool {
        let written = self.written(at);
        at + 1 == to
            && self.starts(at) == self.ends(at - 1)
            && ["する", "した", "して", "行う", "通う", "取る", "ある"].iter().any(|verb| {
                let whole = matches!(*verb, "通う" | "行う" | "取る");
                written.find(verb).is_some_and(|at| (at > 0 || whole) && at + verb.len() < written.len())
            })
            && !ends_in_hiragana(written)
    }

    /// Whether a comparator stands here with の and a noun behind it, all within the name.
    fn bounds_a_noun(&mut self, at: usize, to: usize) -> bool {
        at + 1 < to
            && matches!(self.kind(at), Kind::Word(Word::Compare(_)))
            && self.kind(to - 1) == Kind::Text
            && (self.written(at + 1).starts_with('の')
                || self.does_so_often(at + 1, to)
                || self.exceeds_and_is(at, to)
                || self.did_so_much(at + 1, to))
    }

    /// 月45時間を超える職員: the verb that bounds stands in front of the noun that it says so of.
    fn exceeds_and_is(&mut self, at: usize, to: usize) -> bool {
        let verb = self.written(at);
        at + 2 == to
            && verb.starts_with(['を', 'に', '超', '上', '下'])
            && verb.ends_with(['る', 'い'])
            && self.starts(at + 1) == self.ends(at)
            && self.written(at + 1).starts_with(|c: char| matches!(c, '\u{4E00}'..='\u{9FFF}' | 'ァ'..='ヶ'))
    }

    /// 1日8,000歩以上歩いた日が増えた方: directly behind the bound what was done, and at the end whoever did it.
    fn did_so_much(&mut self, at: usize, to: usize) -> bool {
        let written = self.written(at);
        at + 1 == to
            && self.starts(at) == self.ends(at - 1)
            && ["た", "ている", "でいる", "る"].iter().any(|verb| {
                [
                    "方",
                    "人",
                    "者",
                    "区民",
                    "市民",
                    "職員",
                    "児童",
                    "生徒",
                    "世帯",
                    "団体",
                    "施設",
                    "企業",
                    "事業所",
                    "学校",
                ]
                .iter()
                .any(|who| written.trim_end_matches('が').strip_suffix(who).is_some_and(|done| done.ends_with(verb)))
            })
    }

    /// 全施設の80％以上, 全24校のうち80％: a share of all of them together.
    pub(super) fn share_of_all(&mut self, at: usize) -> bool {
        let noun = at + 1 + usize::from(matches!(self.kind(at + 1), Kind::Number { .. }));
        let end = std::mem::replace(&mut self.end, self.tokens.len());
        let linked = match self.kind(noun) {
            Kind::Unit(_) => matches!(self.written(noun + 1), "の" | "のうち" | "中"),
            Kind::Text => {
                matches!(self.written(noun + 1), "の" | "のうち" | "中") || self.written(noun).ends_with('の')
            }
            _ => false,
        };
        let number = noun + 1 + usize::from(!self.written(noun).ends_with('の'));
        let share = matches!(self.kind(number), Kind::Number { .. }) && self.kind(number + 1) == Kind::Unit(Some("%"));
        self.end = end;
        linked && share
    }

    /// What a name may hold beside plain text: a colon, what is out of what, a figure that says of which, another's figure that bounds.
    fn within_name(&mut self, at: usize, from: usize, to: usize) -> bool {
        let text = |kind: Kind| matches!(kind, Kind::Text | Kind::Quoted | Kind::Close);
        match self.kind(at) {
            Kind::Word(Word::AllOf | Word::Every) => at == from && self.share_of_all(at),
            // 健康寿命：男性
            Kind::Colon => at > from && text(self.kind(at - 1)) && text(self.kind(at + 1)) && at + 1 < to,
            // 参加者のうち初めて参加した人
            Kind::Word(Word::OutOf) => {
                at > from && text(self.kind(at - 1)) && self.written(at).ends_with("うち") && at + 1 < to
            }
            // 全国平均以上の教科
            Kind::Word(Word::OtherFigure) => self.bounds_a_noun(at + 1, to),
            // 75歳未満, 3歳児, 24時間利用できる建物: directly in front of the noun that it says more of.
            Kind::Number { .. } => {
                let unit = usize::from(matches!(self.kind(at + 1), Kind::Unit(_)));
                let next = at + 1 + unit;
                let counted = !matches!(self.kind(at + 1), Kind::Unit(Some("%" | "円" | "ポイント")));
                // 1日8,000歩以上歩いた人, 1歳6か月児健診
                let of_time = unit == 1
                    && matches!(self.written(at + 1), "日" | "歳")
                    && matches!(self.kind(next), Kind::Number { .. });
                counted
                    && next < to
                    && self.starts(next) == self.ends(next - 1)
                    && (of_time
                        || self.kind(next) == Kind::Text
                            && !self.written(next).starts_with(['・', '、', 'が', 'を', 'は']))
            }
            Kind::Unit(_) => matches!(self.kind(at - 1), Kind::Number { .. }) && self.within_name(at - 1, from, to),
            _ => false,
        }
    }
}

/// A name that was broken over several lines, in one.
fn one_line(noun: &str) -> String {
    if !noun.contains('\n') {
        return noun.to_owned();
    }
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    noun.split('\n').map(str::trim).fold(String::new(), |mut name, line| {
        if latin(name.chars().next_back()) && latin(line.chars().next()) {
            name.push(' ');
        }
        name.push_str(line);
        name
    })
}

/// 歩く人の割合　男性: behind the name of a figure and a gap, of which part of it.
fn names_a_part(noun: &str) -> bool {
    let Some((figure, part)) = noun.rsplit_once([' ', '　']) else { return false };
    let plain = (1..=5).contains(&part.chars().count()) && part.chars().all(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'));
    let tells = ["実績", "現状", "結果", "合計", "平均", "目標", "現在"].iter().any(|word| part.contains(word));
    plain && !tells && is_indicator(figure.trim()) && !is_suspicious(part) && !super::doubt::is_doubtful(part)
}

/// A noun phrase without the particles behind it.
fn trimmed(written: &str) -> &str {
    // 期限までに
    if let Some(until) = written.strip_suffix("に").unwrap_or(written).strip_suffix("まで") {
        return written.get(..until.len() + "まで".len()).unwrap_or(written);
    }
    let mut bare = written;
    while let Some(last) = bare.chars().next_back()
        && matches!(
            last,
            'は' | 'が' | 'を' | 'の' | 'も' | 'に' | 'で' | 'と' | ' ' | '　' | ':' | '：' | '…' | '‥' | '\n'
        )
        && !HIRAGANA_NOUNS.iter().any(|noun| bare.ends_with(noun))
        && !bare.ends_with("ごと")
    {
        bare = bare.get(..bare.len() - last.len_utf8()).unwrap_or("");
    }
    // 電力使用量について、
    bare = ["について", "に関して"].iter().find_map(|about| bare.strip_suffix(about)).unwrap_or(bare);
    // 防犯カメラを新たに20台
    if let Some(front) =
        ["を現在", "は現在", "を現状", "は現状", "を新た", "を新規", "の実質", "を実質", "が実質", "実質"]
            .iter()
            .find_map(|adverb| bare.strip_suffix(adverb))
        && !front.is_empty()
    {
        return front;
    }
    // 使用割合を金額ベースで
    if let Some((front, how)) = bare.rsplit_once('を')
        && how.ends_with("ベース")
        && is_indicator(front)
    {
        return front;
    }
    // A word that consists of such characters alone, or loses its meaning without them, stays as it is.
    if bare.is_empty() { "" } else { bare }
}

/// Whether a noun loses nothing when the particles behind it are taken off.
pub(in crate::domain::phrase) fn is_bare_noun(noun: &str) -> bool {
    trimmed(noun) == noun && !noun.is_empty()
}
