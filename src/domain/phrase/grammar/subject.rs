//! What stands in front of a condition: the noun phrase that names what is counted.

use super::super::answer::Note;
use super::super::lex::{Kind, Word, is_western};
use super::cursor::Parser;
use super::nouns::{HIRAGANA_NOUNS, ends_in_hiragana, is_english_name, is_indicator, is_suspicious, may_bound};

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
            && matches!(
                self.kind(to - 1),
                Kind::Colon
                    | Kind::Comma
                    | Kind::Word(Word::Particle | Word::Filler | Word::Of | Word::Respectively | Word::TargetLabel)
            )
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
        let noun = trimmed(written);
        let particle = noun.len() < written.len() || to < whole.1;
        if noun.is_empty() {
            return None;
        }
        self.clause_in_name(from, to);
        // Change in visits - 5: the dash may be a sign.
        let dash = colon && self.written(whole.1 - 1) == "-" && may_bound(noun);
        let colon = colon && !dash;
        // cost per head of £48 or less: the amount stands behind the name.
        let of_amount = to < whole.1 && self.written(to) == "of" && matches!(self.kind(whole.1), Kind::Number { .. });
        let bound = of_amount
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
        Some(noun.to_owned())
    }

    /// `Maintain satisfaction`, `Achieve a satisfaction rate`: the verb that sets the target, and the article behind it, are no
    /// part of the name. Gives where it begins.
    pub(super) fn behind_verb(&mut self, from: usize, to: usize) -> usize {
        let latin = self.source.at(self.starts(from)).is_ascii_alphabetic();
        let verb = latin && matches!(self.kind(from), Kind::Word(Word::Keep | Word::Filler));
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
        between
            && (to..condition + 4).any(|at| {
                matches!(self.kind(at), Kind::Unit(Some(unit)) if is_time(unit) && unit != "歳")
                    && matches!(self.kind(at - 1), Kind::Number { .. })
            })
    }

    /// 研修2回・講座: a figure with its unit, and behind a mark or a gap a second name, to which the condition belongs.
    fn lists_another(&mut self, from: usize, to: usize) -> bool {
        (from..to.saturating_sub(1)).take(48).any(|at| {
            if !matches!(self.kind(at), Kind::Number { .. }) {
                return false;
            }
            let unit = matches!(self.kind(at + 1), Kind::Unit(_));
            // 75歳以上　利用率, 48時間以内 対応率: who or when.
            let named = at > from && self.kind(at - 1) == Kind::Text;
            let timed = unit && !named && is_time(self.written(at + 1));
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
        let last_is_noun = matches!(self.kind(to - 1), Kind::Text | Kind::Quoted | Kind::Close);
        if is_indicator(noun) && last_is_noun {
            return true;
        }
        // がん検診受診率（大腸）
        if self.kind(to - 1) == Kind::Close && to > from + 3 && self.close_of(to - 3) == Some(to - 1) {
            let plain = self.kind(to - 2) == Kind::Text && !super::guard::may_bind(self.written(to - 2));
            return plain && self.names(from, to - 3, self.span(from, to - 3).trim(), particle);
        }
        let plain = (from..to).all(|at| {
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
        let latin = is_western(noun) && (!particle && !is_english_name(noun) || may_bound(noun));
        plain
            && !latin
            && noun.contains(char::is_alphabetic)
            && last_is_noun
            && !doubtful.iter().any(|word| noun.ends_with(word) || noun.starts_with(word))
            && (particle || !is_suspicious(noun) && !ends_in_hiragana(noun))
    }
}

impl Parser<'_> {
    /// 週3回以上運動する人: directly behind the bound stands what somebody does, and the noun at the end of it.
    fn does_so_often(&mut self, at: usize, to: usize) -> bool {
        let written = self.written(at);
        at + 1 == to
            && self.starts(at) == self.ends(at - 1)
            && ["する", "した", "して", "行う", "通う", "取る", "ある"]
                .iter()
                .any(|verb| written.find(verb).is_some_and(|place| place > 0 && place + verb.len() < written.len()))
            && !ends_in_hiragana(written)
    }

    /// Whether a comparator stands here with の and a noun behind it, all within the name.
    fn bounds_a_noun(&mut self, at: usize, to: usize) -> bool {
        at + 1 < to
            && matches!(self.kind(at), Kind::Word(Word::Compare(_)))
            && self.kind(to - 1) == Kind::Text
            && (self.written(at + 1).starts_with('の') || self.does_so_often(at + 1, to))
    }
}

/// 歩く人の割合　男性: behind the name of a figure and a gap, of which part of it.
fn names_a_part(noun: &str) -> bool {
    let Some((figure, part)) = noun.rsplit_once([' ', '　']) else { return false };
    let plain = (1..=5).contains(&part.chars().count()) && part.chars().all(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'));
    let tells = ["実績", "現状", "結果", "合計", "平均", "目標", "現在"].iter().any(|word| part.contains(word));
    plain && !tells && is_indicator(figure.trim()) && !is_suspicious(part) && !super::doubt::is_doubtful(part)
}

/// Whether a unit is one of age or time.
pub(super) fn is_time(unit: &str) -> bool {
    matches!(
        unit,
        "歳" | "年" | "か月" | "ヶ月" | "カ月" | "日" | "時間" | "分" | "週" | "年間" | "日間" | "週間" | "年以上"
    )
}

/// A noun phrase without the particles behind it.
fn trimmed(written: &str) -> &str {
    // 期限までに
    if let Some(until) = written.strip_suffix("に").unwrap_or(written).strip_suffix("まで") {
        return written.get(..until.len() + "まで".len()).unwrap_or(written);
    }
    let mut bare = written;
    while let Some(last) = bare.chars().next_back()
        && matches!(last, 'は' | 'が' | 'を' | 'の' | 'も' | 'に' | 'で' | 'と' | ' ' | '　' | ':' | '：')
        && !HIRAGANA_NOUNS.iter().any(|noun| bare.ends_with(noun))
    {
        bare = bare.get(..bare.len() - last.len_utf8()).unwrap_or("");
    }
    // 防犯カメラを新たに20台
    if let Some(front) =
        ["を新た", "を新規", "の実質", "を実質", "が実質", "実質"].iter().find_map(|adverb| bare.strip_suffix(adverb))
        && !front.is_empty()
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
