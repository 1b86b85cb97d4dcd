//! What a name seldom holds: a reference, a stage, a second figure. Where it does, a person is asked.

use super::super::lex::is_western;

/// Words that refer to another figure, with what they are no reference in.
const REFERENCES: [(&str, &[&str]); 19] = [
    ("前年", &[]),
    ("昨年", &[]),
    ("先年", &[]),
    ("前々", &[]),
    ("前期", &["午前期", "前期高齢", "前期課程"]),
    ("前回", &[]),
    ("前月", &[]),
    ("年度比", &["年度比較"]),
    ("実績比", &["実績比較"]),
    ("増減率", &["社会増減率", "自然増減率", "人口増減率"]),
    ("伸び率", &[]),
    ("伸率", &[]),
    ("増減", &["増減数", "増減理由", "社会増減", "自然増減", "人口増減"]),
    ("対比", &[]),
    ("変化率", &[]),
    ("目標値", &[]),
    ("計画値", &[]),
    ("基準値", &[]),
    ("基準年", &[]),
];

/// Names that end in 比 and are figures of their own.
const RATIOS: &[&str] = &["構成比", "男女比", "人口比", "面積比", "費用対効果比", "費用便益比", "自己資本比"];

/// Names of a stage, which a criterion cannot say unless it has a year.
const STAGES: &[&str] = &[
    "短期",
    "中期",
    "長期",
    "初年度",
    "最終年度",
    "中間年度",
    "次年度",
    "翌年度",
    "来年度",
    "初年",
    "上期",
    "下期",
    "上半期",
    "下半期",
    "前期",
    "後期",
    "前半",
    "後半",
    "中間",
    "最終",
    "春",
    "夏",
    "秋",
    "冬",
    "春期",
    "夏期",
    "秋期",
    "冬期",
    "春季",
    "夏季",
    "秋季",
    "冬季",
    "当面",
    "将来",
    "将来的",
    "最終的",
];

const ENGLISH_STAGES: &[&str] = &[
    "year",
    "yr",
    "phase",
    "stage",
    "period",
    "quarter",
    "term",
    "wave",
    "month",
    "week",
    "round",
    "h",
    "q",
    "half",
    "interim",
    "final",
    "initial",
    "initially",
    "short-term",
    "medium-term",
    "long-term",
    "spring",
    "autumn",
];

/// Whether a name holds what makes it doubtful as one, whatever the condition.
pub(super) fn is_doubtful(name: &str) -> bool {
    let bare = name.trim().trim_end_matches(['の', 'を', 'は', 'が', 'に', 'で']);
    refers(bare)
        || is_stage(bare)
        || holds_figures(&without_ages(name)) && !within_another(name) && !defines_share(name)
}

/// A name without what is no figure of its own in it: 3 and 4 year olds, 24/7.
fn without_ages(name: &str) -> std::borrow::Cow<'_, str> {
    if !name.contains("year old") && !name.contains("year-old") && !name.contains("24/7") {
        return name.into();
    }
    let mut rest = String::with_capacity(name.len());
    let words: Vec<&str> = name.split(' ').collect();
    let age = |at: usize| {
        (at + 1..at + 5).any(|next| words.get(next).is_some_and(|word| word.starts_with("year")))
            && words.get(at).is_some_and(|word| word.len() <= 2)
    };
    for (at, word) in words.iter().enumerate() {
        let skipped = *word == "24/7" || word.starts_with(|c: char| c.is_ascii_digit()) && age(at);
        if !skipped {
            rest.push_str(word);
        }
        rest.push(' ');
    }
    rest.into()
}

/// Whether a name refers to another figure: 前期比, 対前年度増減.
fn refers(name: &str) -> bool {
    let compares = name.ends_with('比') && !RATIOS.iter().any(|ratio| name.ends_with(ratio));
    // Each of the words has one of these characters, and most names have none.
    let may = name.contains(['前', '昨', '先', '比', '減', '伸', '変', '値', '準']);
    // 医療費の伸び率を年2％以内に: the rate is what is counted.
    let name = ["の伸び率", "の増減率", "の変化率"]
        .iter()
        .find_map(|rate| name.strip_suffix(rate).filter(|of| !of.is_empty() && !of.ends_with(['年', '度', '期', '比'])))
        .unwrap_or(name);
    compares || may && REFERENCES.iter().any(|(word, not)| super::guard::found(name, word, not).next().is_some())
}

/// Whether a name is that of a stage and no more: 短期, 1年目, 4月～9月, `year 2`.
fn is_stage(name: &str) -> bool {
    if is_western(name) {
        let lower = name.to_ascii_lowercase();
        let named = lower
            .split(|c: char| !c.is_ascii_alphabetic() && c != '-')
            .filter(|word| !word.is_empty())
            .all(|word| ENGLISH_STAGES.contains(&word) || ORDINALS.contains(&word));
        return named && lower.contains(|c: char| c.is_ascii_alphabetic());
    }
    let stage = ["目標", "目標値", "時点", "まで"].into_iter().fold(name, |mut stage, end| {
        while let Some(shorter) = stage.strip_suffix(end) {
            stage = shorter;
        }
        stage
    });
    let time = |c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                '０'
                    ..='９'
                        | '月'
                        | '年'
                        | '度'
                        | '日'
                        | '第'
                        | '期'
                        | '四'
                        | '半'
                        | '～'
                        | '〜'
                        | '-'
                        | '－'
                        | ' '
                        | '　'
                        | '、'
                        | '・'
                        | 'か'
                        | 'ら'
                        | '末'
            )
    };
    let opens = name.starts_with(|c: char| c.is_numeric() || c == '第');
    STAGES.contains(&stage)
        || name.ends_with("年連続")
        || ["年目", "年後", "か月後", "ヶ月後", "カ月後", "年次", "学期"].iter().any(|word| {
            let goes_on = |(at, _): (usize, &str)| {
                let behind = name.get(at + word.len()..).unwrap_or("");
                ["の", "に", "は", "まで"].iter().any(|next| behind.starts_with(next))
            };
            name.ends_with(word) || opens && name.match_indices(word).any(goes_on)
        })
        || ["期間中", "期間内", "年間", "か年"].iter().any(|word| name.ends_with(word))
        || name.chars().all(time)
}

const ORDINALS: &[&str] = &[
    "in", "by", "the", "end", "of", "first", "second", "third", "fourth", "fifth", "last", "one", "two", "three", "st",
    "nd",
];

/// 週2回以上実施し、1年以上継続している者の割合: a clause that says of whom the share is, with figures of its own.
fn defines_share(name: &str) -> bool {
    let share =
        ["者の割合", "人の割合", "市民の割合", "区民の割合", "世帯の割合"].iter().any(|end| name.ends_with(end));
    share && name.contains(['し', 'て']) && !holds_figures(&name.replace("し、", "し").replace("て、", "て"))
}

/// `311 calls answered within 30 seconds`, `residents aged 65 and over within a 10-minute walk`: every figure but the first stands
/// behind a word that makes of it a part of the name.
fn within_another(name: &str) -> bool {
    const BEFORE: [&str; 16] = [
        "within", "in", "under", "a", "an", "aged", "ages", "over", "than", "every", "per", "priority", "stage",
        "category", "grade", "level",
    ];
    if !is_western(name) || name.contains([',', ':', ';', '/']) {
        return false;
    }
    let words: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).take(40).collect();
    let figure = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let at = |at: usize| words.get(at).copied().unwrap_or("");
    let first = words.iter().position(|word| figure(word)).unwrap_or(0);
    (first + 1..words.len()).all(|place| {
        // aged 19 to 21, 16 and 17
        let spans = matches!(at(place - 1), "to" | "and" | "or") && place >= 2 && figure(at(place - 2));
        !figure(at(place)) || BEFORE.iter().any(|word| word.eq_ignore_ascii_case(at(place - 1))) || spans
    })
}

/// Whether a name holds a figure, and behind a gap or a mark another: 30件　10月, 現状：40%.
fn holds_figures(name: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let (mut figure, mut gap) = (false, false);
    let mut before = ' ';
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        // 1,200 is one figure.
        let thousands = matches!(c, ',' | '，') && chars.peek().is_some_and(|next| digit(*next));
        if digit(c) {
            if figure && gap || matches!(before, ':' | '：') {
                return true;
            }
            figure = true;
            gap = false;
        } else if figure
            && !thousands
            && matches!(c, ' ' | '　' | '、' | ',' | '，' | ':' | '：' | '/' | '／' | ';' | '；')
        {
            gap = true;
        }
        before = c;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_refers_counts_twice_or_is_a_stage_is_doubtful() {
        for (name, doubtful) in [
            ("前期比", true),
            ("全国平均比", true),
            ("構成比", false),
            ("実質公債費比率", false),
            ("4月～9月：30件　10月～3月", true),
            ("4月～9月", true),
            ("year 1", true),
            ("Year of birth", false),
            ("長期入院患者数", false),
            ("長期", true),
            ("65歳以上の者のうち週1回以上活動する者", false),
            ("75歳以上、80歳未満の人", true),
        ] {
            assert_eq!(is_doubtful(name), doubtful, "{name}");
        }
    }
}
