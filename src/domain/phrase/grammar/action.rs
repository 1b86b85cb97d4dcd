//! What somebody does and is then done with, and how a text says that there is nothing to be done.

/// What somebody does and is then done with. An improvement (向上, 推進) never is, and is no milestone.
const ACTIONS: &[&str] = &[
    "策定",
    "実施",
    "開催",
    "設置",
    "作成",
    "公表",
    "完了",
    "導入",
    "開設",
    "制定",
    "改定",
    "改訂",
    "締結",
    "設立",
    "開始",
    "配布",
    "発行",
    "決定",
    "選定",
    "稼働",
    "提出",
    "着工",
    "竣工",
    "供用",
    "供用開始",
    "整備",
    "構築",
    "改正",
    "施行",
    "公布",
    "移行",
    "更新",
    "契約",
    "認定",
    "取得",
    "指定",
    "見直し",
    "取りまとめ",
    "とりまとめ",
    "まとめ",
    "立ち上げ",
    "開所",
    "開館",
    "開園",
    "廃止",
    "統合",
    "移転",
    "建設",
    "工事",
    "周知",
    "公開",
    "提言",
    "答申",
    "報告",
    "試行",
    "運用開始",
    "協定締結",
    "登録",
    "着手",
    "成立",
    "可決",
    "提案",
    "上程",
    "完成",
    "開校",
    "開通",
    "開業",
    "発足",
    "完工",
    "撤去",
    "解体",
    "発送",
    "送付",
    "承認",
    "認可",
    "告示",
    "配備",
    "議決",
];

/// The same, in English.
const ENGLISH_ACTIONS: &[&str] = &[
    "drawn up",
    "adopted",
    "completed",
    "published",
    "submitted",
    "established",
    "held",
    "implemented",
    "introduced",
    "opened",
    "launched",
    "signed",
    "decided",
    "issued",
    "finished",
    "concluded",
    "in operation",
    "carried out",
    "set up",
    "approved",
    "enacted",
    "revised",
    "formulation",
    "adoption",
    "completion",
    "publication",
    "submission",
    "establishment",
    "implementation",
    "introduction",
    "opening",
    "launch",
    "revision",
    "formulated",
    "conducted",
    "built",
    " live",
    "operational",
    " complete",
    " in place",
    " in service",
    "up and running",
    " open",
    " open to the public",
    "reviewed",
    "refreshed",
    "updated",
    "delivered",
    "commissioned",
    "appointed",
    "awarded",
    "ratified",
    "endorsed",
    "rolled out",
    "put in place",
    "procured",
];

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
];

/// Whether the text says that there is no target.
pub(in crate::domain::phrase) fn is_nothing(text: &str) -> bool {
    let bare = text.trim().trim_matches(['（', '）', '(', ')', '。', '.']);
    let dashes =
        bare.chars().all(|c| matches!(c, '-' | '－' | '―' | '—' | '−' | '–' | 'ー' | '‐' | '*' | '＊' | '/' | '／'));
    dashes || NOTHING.iter().any(|word| bare.eq_ignore_ascii_case(word))
}

/// Whether a text names something that is done and then over.
pub(in crate::domain::phrase) fn is_action(text: &str) -> bool {
    let stem = stem(text);
    ACTIONS.iter().any(|action| stem.ends_with(action)) && !is_nothing(text) && text.trim() == text
}

/// Whether a text is an action and nothing that it is done to.
pub(super) fn is_bare_action(text: &str) -> bool {
    ACTIONS.contains(&stem(text))
}

/// An action without the verb's ending: 計画を策定する is 策定.
pub(super) fn stem(text: &str) -> &str {
    let text = text.trim_end_matches(['。', '．', '.', '）', ')']);
    for ending in ["すること", "した", "する", "こと", "済み", "済"] {
        if let Some(stem) = text.strip_suffix(ending) {
            return stem;
        }
    }
    text
}

pub(super) fn english_action(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let verb_first = [
        "adopt ",
        "publish ",
        "complete ",
        "establish ",
        "hold ",
        "draw up ",
        "formulate ",
        "introduce ",
        "launch ",
        "submit ",
        "implement ",
        "open ",
        "revise ",
        "conclude ",
        "set up ",
    ];
    ENGLISH_ACTIONS.iter().any(|action| lower.ends_with(*action))
        || ENGLISH_ACTIONS.iter().skip(22).take(12).any(|action| lower.starts_with(&format!("{action} of")))
        || verb_first.iter().any(|verb| lower.starts_with(verb))
}

/// Whether a Japanese stem ends in something that is done.
pub(super) fn japanese_action(stem: &str) -> bool {
    ACTIONS.iter().any(|action| stem.ends_with(action))
}
