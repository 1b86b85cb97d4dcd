//! What somebody does and is then done with.

/// What somebody does and is then done with. An improvement (向上, 推進) never is, and is no milestone.
pub(super) const ACTIONS: &[&str] = &[
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
    "発注",
    "開講",
    "始動",
    "売却",
    "譲渡",
    "閉鎖",
    "再開",
    "オープン",
    "リニューアル",
    "リリース",
    "取りまとめる",
    "とりまとめる",
    "立ち上げる",
    "創設",
    "新設",
    "増設",
    "併設",
    "創刊",
    "刊行",
    "発刊",
    "新築",
    "改築",
    "建替え",
    "建て替え",
    "起工",
    "落成",
    "移管",
    "再編",
    "統廃合",
    "民営化",
    "法人化",
    "有料化",
    "無償化",
    "閉校",
    "閉館",
    "閉園",
    "休止",
    "調印",
    "申請",
    "公募",
    "委嘱",
    "選任",
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
    "signed off",
    "drafted",
    "agreed",
    "produced",
    "prepared",
    "started",
    "installed",
    "reopened",
    "relaunched",
    "presented",
    "handed over",
    "goes live",
    "in force",
];

/// Whether a text names something that is done and then over.
pub(in crate::domain::phrase) fn is_action(text: &str) -> bool {
    let stem = stem(text);
    ACTIONS.iter().any(|action| stem.ends_with(action)) && !super::nothing::is_nothing(text) && text.trim() == text
}

/// Whether a text is an action and nothing that it is done to.
pub(super) fn is_bare_action(text: &str) -> bool {
    ACTIONS.contains(&stem(text))
}

/// An action without the verb's ending: 計画を策定する is 策定.
pub(super) fn stem(text: &str) -> &str {
    let text = text.trim_end_matches(['。', '．', '.', '）', ')']);
    let text = if text.ends_with("とする") || text.ends_with("にする") {
        let done = ["済みとする", "済とする", "済みにする"].iter().find_map(|done| text.strip_suffix(done));
        done.unwrap_or(text)
    } else {
        text
    };
    for ending in ["すること", "した", "する", "こと", "済み", "済", "予定"] {
        if let Some(stem) = text.strip_suffix(ending) {
            return stem;
        }
    }
    text
}

pub(super) fn english_action(text: &str, dated: bool) -> bool {
    let lower = without_agent(text.to_ascii_lowercase());
    if super::english_done::is_done_to_others(&lower, dated) {
        return true;
    }
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
    ends_in_action(&lower)
        || lower.starts_with("approval of ")
        || ENGLISH_ACTIONS
            .iter()
            .skip(22)
            .take(12)
            .any(|action| lower.strip_prefix(action).is_some_and(|rest| rest.starts_with(" of")))
        || verb_first.iter().any(|verb| lower.starts_with(verb))
}

/// Whether a text ends in one of the actions, as a word of its own: held, not upheld.
pub(super) fn ends_in_action(lower: &str) -> bool {
    ENGLISH_ACTIONS.iter().any(|action| {
        let front = lower.strip_suffix(action);
        front.is_some_and(|front| action.starts_with(' ') || !front.ends_with(|c: char| c.is_alphabetic()))
    })
}

/// `adopted by Council` without who does it: behind a participle, `by` and a name of few words without a figure say that.
fn without_agent(lower: String) -> String {
    let Some(at) = lower.rfind(" by ") else { return lower };
    let (done, agent) = (lower.get(..at).unwrap_or(""), lower.get(at + " by ".len()..).unwrap_or(""));
    let names = (1..=7).contains(&agent.split_whitespace().count()) && !agent.contains(|c: char| c.is_ascii_digit());
    let bounded = ["least", "most", "half", "percent", "more", "less", "end", "year", "quarter", "month", "date"]
        .iter()
        .any(|word| agent.split_whitespace().any(|part| part.trim_matches(',') == *word));
    if names && !bounded && ends_in_action(done) {
        return done.to_owned();
    }
    lower
}

/// Whether a Japanese stem ends in something that is done.
pub(super) fn japanese_action(stem: &str) -> bool {
    ACTIONS.iter().any(|action| stem.ends_with(action))
}
