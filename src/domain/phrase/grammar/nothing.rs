//! How a text says that there is no target: なし, 目標値は設定しない, アンケートの結果を踏まえて設定予定, `n/a`.

use super::action::{ACTIONS, is_action};

/// How a text says that there is no target.
const NOTHING: &[&str] = &[
    "",
    "-",
    "ー",
    "--",
    "なし",
    "無し",
    "無",
    "ない",
    "未定",
    "未設定",
    "設定なし",
    "設定しない",
    "該当なし",
    "検討中",
    "調整中",
    "none",
    "n/a",
    "na",
    "tbd",
    "tbc",
    "to be confirmed",
    "to be determined",
    "to be decided",
    "to be agreed",
    "今後設定",
    "今後検討",
    "設定中",
    "not set",
    "not applicable",
    "目標設定なし",
    "再掲",
    "同上",
    "別紙のとおり",
    "別紙参照",
];

/// Whether the text says that there is no target.
pub(in crate::domain::phrase) fn is_nothing(text: &str) -> bool {
    if super::english_none::sets_none_yet(text.trim()) || is_withheld(text) {
        return true;
    }
    // What says so holds no figure, and most texts do.
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let bare = text.trim().trim_matches(['（', '）', '(', ')', '。', '.']);
    // What begins with a figure says something.
    if bare.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let dashes =
        bare.chars().all(|c| matches!(c, '-' | '－' | '―' | '—' | '−' | '–' | 'ー' | '‐' | '*' | '＊' | '/' | '／'));
    dashes || NOTHING.iter().any(|word| bare.eq_ignore_ascii_case(word)) || sets_none(bare) || is_named_only(bare)
}

/// 相談件数（目標値は設定しない）: a name, and in brackets behind it that there is no target.
fn is_named_only(bare: &str) -> bool {
    bare.rsplit_once(['（', '(']).is_some_and(|(name, inner)| {
        super::nouns::is_indicator(name.trim()) && inner.contains("目標") && sets_none(inner)
    })
}

/// How a sentence ends that sets no target.
const SETS_NONE: &[&str] = &[
    "は設定しない",
    "は設定していない",
    "を設定しない",
    "を設定していない",
    "は定めない",
    "は定めていない",
    "を定めない",
    "は設けない",
    "は設けていない",
    "を設けない",
    "設定なし",
    "なし",
    "未設定",
    "は未定",
    "：なし",
    ":なし",
    "：未定",
];

/// Whether a sentence says that no target is set: モニタリング指標のため目標値は設定しない, `N/A – monitoring only`.
fn sets_none(bare: &str) -> bool {
    // A figure, or a second sentence, may hold a target all the same.
    let sets = bare.contains("目標") || bare.starts_with(['n', 'N', 't', 'T', 'm', 'M', 'f', 'F']);
    if !sets
        || bare.len() > 180
        || bare.contains(|c: char| c.is_numeric() || matches!(c, '。' | ';' | '；' | '%' | '％' | '\n'))
    {
        return false;
    }
    let told = bare.split(['（', '(']).next().unwrap_or(bare).trim();
    // 基本計画策定、目標値なし: something to be done all the same.
    let because =
        |front: &str| ["ため", "ので", "から", "につき", "として", "は"].iter().any(|end| front.ends_with(end));
    let another = told.rsplit_once(['、', '，']).is_some_and(|(front, _)| !because(front.trim()));
    let remark = bare.get(told.len()..).unwrap_or("");
    if another || ACTIONS.iter().any(|action| remark.contains(action)) {
        return false;
    }
    let japanese = SETS_NONE.iter().any(|end| {
        told.strip_suffix(end).is_some_and(|front| {
            let front = front.trim_end_matches("数値");
            front.ends_with("目標") || front.ends_with("目標値")
        })
    });
    if japanese {
        return !["以上", "以下", "前年", "維持", "ゼロ", "全", "かつ", "ただし"]
            .iter()
            .any(|word| bare.contains(word));
    }
    let lower = bare.to_ascii_lowercase();
    let opens = ["n/a", "not applicable", "no target", "tbc", "tbd", "none"].iter().any(|word| {
        lower.strip_prefix(word).is_some_and(|rest| {
            let rest = rest.trim_start().strip_prefix("set").unwrap_or(rest.trim_start());
            rest.trim_start().is_empty() || rest.trim_start().starts_with(['-', '–', '—', '(', ':', ',', '（'])
        })
    });
    let bounds =
        ["least", "most", "than", "zero", "last year", "previous", "all ", "every", "maintain", "until", "by "];
    (opens || matches!(lower.as_str(), "monitoring only" | "monitor only" | "for monitoring only"))
        && !bounds.iter().any(|word| lower.contains(word))
}

/// What a remark or a sentence beside it may not hold, if there is to be no target: a bound, or a figure of a result.
const BOUNDS: &[&str] = &[
    "以上",
    "以下",
    "以内",
    "未満",
    "超え",
    "上回",
    "下回",
    "%",
    "％",
    "割",
    "ゼロ",
    "維持",
    "0件",
    "０件",
    "までに",
    "すべて",
    "全て",
    "かつ",
];

/// How a clause ends that sets no target.
const SETS_NO: &[&str] = &[
    "設定しない",
    "設定せず",
    "設定していない",
    "設定しておらず",
    "設定しません",
    "設けない",
    "設けず",
    "設けていない",
    "定めない",
    "定めず",
    "定めていない",
    "掲げない",
    "設定なし",
    "設定は行わない",
    "設定を行わない",
    "設定は見送る",
    "設定を見送る",
    "未設定",
    "は未定",
];

/// How a clause ends that leaves the target to a later time.
const SETS_LATER: &[&str] = &[
    "設定",
    "設定する",
    "設定予定",
    "設定する予定",
    "設定の予定",
    "設定を検討",
    "設定を検討する",
    "検討する",
    "検討予定",
    "検討中",
    "決定する",
    "決定予定",
    "見直し設定",
    "定める",
    "定める予定",
];

/// What tells that it is the target that is left to a later time, and until when.
const LATER: &[&str] = &[
    "踏まえ",
    "ふまえ",
    "もとに",
    "基に",
    "を受け",
    "の結果により",
    "確定後",
    "終了後",
    "判明後",
    "調査後",
    "実施後",
    "検証後",
    "今後",
    "次年度",
    "翌年度",
    "別途",
    "改めて",
];

/// 令和8年度に設定予定, R9年度に目標値を設定: nothing but in which year the target will be set.
fn sets_in_a_year(bare: &str) -> bool {
    let Some((year, rest)) = bare.split_once("年度") else { return false };
    let counted = year.trim_start_matches("令和").trim_start_matches(['R', 'r', 'Ｒ', ' ', '　']);
    let counts = !counted.is_empty() && counted.chars().all(|c| c.is_ascii_digit() || matches!(c, '０'..='９' | '元'));
    let rest = rest.trim_start_matches(['に', '中', '以', '降', '、']);
    let rest =
        ["目標値を", "目標を", "数値目標を", "数値を"].iter().find_map(|what| rest.strip_prefix(what)).unwrap_or(rest);
    counts && matches!(rest, "設定予定" | "設定する予定" | "設定する" | "設定" | "決定予定" | "検討予定" | "設定の予定")
}

/// Whether a text withholds a target and says why, until when, or what is done instead.
fn is_withheld(text: &str) -> bool {
    // Each of the ways has one of these, and most texts have none of them in this place.
    let bare = text.trim().trim_end_matches(['。', '．', '.']);
    // （参考：国目標70％）: somebody else's figure.
    let closed = bare.ends_with(['）', ')']) && bare.contains("参考");
    let bare = match if closed { bare.rsplit_once(['（', '(']) } else { None } {
        Some((front, remark)) if remark.starts_with("参考") && !front.is_empty() => front.trim_end(),
        _ => bare,
    };
    if bare.ends_with(['定', 'る']) && sets_in_a_year(bare) {
        return true;
    }
    // （再掲）具体的取組2－1－3のとおり: the target stands there.
    let again = bare.trim_start_matches(['（', '(', '【', '※']).starts_with("再掲");
    if again
        && bare.len() < 120
        && ["のとおり", "の通り", "参照", "に同じ", "と同じ", "に記載"].iter().any(|end| bare.ends_with(end))
    {
        return true;
    }
    let about = |clause: &str| ["目標", "指標値", "基準", "KPI", "ＫＰＩ"].iter().any(|word| clause.contains(word));
    let head = NO_TARGET.iter().find_map(|word| bare.strip_prefix(word));
    let sets = || bare.contains(['設', '定', '掲', '検']) && (about(bare) || bare.ends_with("予定"));
    if head.is_none() && !sets() || bare.len() > 400 || BOUNDS.iter().any(|word| bare.contains(word)) {
        return false;
    }
    // なし（令和6年度で事業終了のため）, 未定（令和8年度に設定予定）
    if let Some(rest) = head {
        let rest = rest.trim_start();
        let remark = rest.starts_with(['（', '(']) && rest.ends_with(['）', ')'])
            || rest.starts_with(['。', '※', '、', '\n']) && !is_action(rest);
        return remark
            && !ACTIONS
                .iter()
                .any(|action| rest.trim_end_matches(['）', ')']).ends_with(action) && rest.contains("に向け"));
    }
    let clauses = || bare.split(['、', '。', '\n', '，']).map(str::trim).filter(|clause| !clause.is_empty());
    let counted = |clause: &str| {
        ["件", "人", "回数", "校", "箇所", "か所", "円"].iter().any(|unit| {
            clause.match_indices(unit).any(|(at, _)| {
                clause
                    .get(..at)
                    .and_then(|front| front.chars().next_back())
                    .is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))
            })
        })
    };
    if clauses().any(counted) {
        return false;
    }
    let plain = |clause: &str| clause.split(['（', '(']).next().unwrap_or(clause).trim_end().to_owned();
    let none = |clause: &str| about(clause) && SETS_NO.iter().any(|end| plain(clause).ends_with(end));
    // 数値目標は設けず、推移を注視する: what is done instead is nothing that is done and then over.
    if clauses().any(none) {
        return clauses()
            .all(|clause| none(clause) || !is_action(clause.trim_end_matches("して").trim_end_matches('し')));
    }
    let Some(last) = clauses().next_back() else { return false };
    let ends = SETS_LATER.iter().any(|end| plain(last).ends_with(end) || last.ends_with(end));
    // 基準を踏まえ料金を設定する: something else is set.
    let other = ["を設定", "を決定", "を検討", "を定め"].iter().any(|verb| {
        last.split_once(verb).is_some_and(|(front, _)| {
            !["目標値", "目標", "数値", "指標", "水準"].iter().any(|word| front.ends_with(word))
        })
    });
    let aimed = clauses().any(about)
        || last.ends_with("予定") && !ACTIONS.iter().any(|action| last.trim_end_matches("予定").ends_with(action));
    ends && !other && LATER.iter().any(|word| bare.contains(word)) && aimed
}

/// How a text begins that says that there is no target, with a remark behind it.
const NO_TARGET: &[&str] = &[
    "なし",
    "無し",
    "未定",
    "未設定",
    "設定なし",
    "設定しない",
    "該当なし",
    "目標なし",
    "目標値なし",
    "数値目標なし",
    "－",
    "―",
    "検討中",
    "調整中",
];
