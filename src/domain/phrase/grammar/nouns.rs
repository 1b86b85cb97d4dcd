//! The nouns by which indicators are named, and words that are none.

/// What the names of indicators end in.
const INDICATORS: &[&str] = &[
    "率",
    "割合",
    "数",
    "度",
    "額",
    "量",
    "点",
    "値",
    "人口",
    "時間",
    "日数",
    "費",
    "比率",
    "指数",
    "面積",
    "距離",
    "年齢",
    "寿命",
    "者",
    "団体",
    "施設",
    "収入",
    "支出",
    "収支",
    "残高",
    "件",
    "価",
    "コスト",
    "ポイント",
    "得点",
    "スコア",
    "シェア",
    "成績",
    "実績",
    "結果",
    "平均",
    "密度",
    "濃度",
    "頻度",
    "順位",
    "事故",
    "事件",
    "苦情",
    "犯罪",
    "会議",
    "研修",
    "講座",
    "イベント",
    "開催",
    "実施",
    "参加",
    "利用",
    "回答",
    "訪問",
    "相談",
    "発行",
    "配布",
    "発信",
    "更新",
    "設置",
    "訓練",
    "rate",
    "ratio",
    "share",
    "number",
    "percentage",
    "score",
    "satisfaction",
    "time",
    "times",
    "cost",
    "costs",
    "turnout",
    "attendance",
    "rating",
    "index",
    "income",
    "emissions",
    "turnover",
    "coverage",
    "revenue",
    "variance",
    "accuracy",
    "unemployment",
    "employment",
    "awareness",
    "pH",
    "BOD",
    "COD",
    "PM2.5",
    "BMI",
    "GDP",
    "NPS",
    "CO2",
];

/// Characters that make a plain noun suspicious: it may be a word of comparison that the vocabulary does not know.
const SUSPICIOUS: &[char] = &[
    '比', '前', '対', '昨', '期', '超', '以', '内', '外', '最', '毎', '各', '半', '倍', '約', '弱', '強', '原', '少',
    '多',
];

/// Whether a noun is one by which indicators are named.
pub(in crate::domain::phrase) fn is_indicator(noun: &str) -> bool {
    let end = |length: usize| noun.len().checked_sub(length).and_then(|from| noun.get(from..));
    let last = |word: &str| word.as_bytes().last().map(u8::to_ascii_lowercase);
    let ends = last(noun);
    INDICATORS
        .iter()
        .filter(|word| last(word) == ends)
        .any(|word| end(word.len()).is_some_and(|end| end.eq_ignore_ascii_case(word)))
}

pub(super) fn ends_in_hiragana(noun: &str) -> bool {
    noun.ends_with(|c: char| matches!(c, 'ぁ'..='ん')) && !HIRAGANA_NOUNS.iter().any(|word| noun.ends_with(word))
}

/// Nouns that are written, or end, in hiragana.
pub(super) const HIRAGANA_NOUNS: &[&str] = &[
    "がん",
    "ごみ",
    "いじめ",
    "けが",
    "こども",
    "子ども",
    "づくり",
    "みどり",
    "ひきこもり",
    "まち",
    "ひとり暮らし",
    "取り組み",
    "お知らせ",
    "ふれあい",
    "つどい",
    "まつり",
    "祭り",
    "見守り",
    "漏えい",
    "漏れ",
    "ひったくり",
];

/// Whether a noun has a character of comparison in it that belongs to no word of its own.
pub(super) fn is_suspicious(noun: &str) -> bool {
    if !noun.contains(SUSPICIOUS) {
        return false;
    }
    let mut rest = noun.to_owned();
    for word in HARMLESS {
        if rest.contains(word) {
            rest = rest.replace(word, "");
        }
    }
    rest.contains(SUSPICIOUS)
}

/// Words that have such a character and compare nothing.
const HARMLESS: &[&str] = &[
    "駅前",
    "工期",
    "午前",
    "前庭",
    "人前",
    "名前",
    "出前",
    "外来",
    "校外",
    "園外",
    "館外",
    "館内",
    "構内",
    "園内",
    "校内",
    "院内",
    "内部",
    "外部",
    "国内",
    "域内",
    "圏内",
    "家庭内",
    "原付",
    "原爆",
    "多文化",
    "多言語",
    "多世代",
    "多機能",
    "多様",
    "多目的",
    "少年",
    "少子",
    "少人数",
    // A bound has been looked at as a token.
    "以上",
    "以下",
    "以内",
    "時間外",
    "時間内",
    "対応",
    "対策",
    "対象",
    "応対",
    "外国",
    "海外",
    "野外",
    "屋外",
    "郊外",
    "市外",
    "区外",
    "案内",
    "市内",
    "区内",
    "町内",
    "村内",
    "県内",
    "府内",
    "都内",
    "庁内",
    "校内",
    "域内",
    "国内",
    "屋内",
    "内容",
    "期間",
    "強化",
    "補強",
    "勉強",
    "多様",
    "多文化",
    "多言語",
    "多世代",
    "少子",
    "少年",
    "少人数",
    "契約",
    "予約",
    "条約",
    "規約",
    "原子力",
    "原因",
    "半島",
    "弱者",
    "前立腺",
    "最寄",
    "毎日",
    "内科",
    "外来",
    "外科",
    "婦人科",
    "学期",
    "幼児期",
    "長期",
    "短期",
    "定期",
];

/// A name without the word behind it that, with に, says how it is reached: 利用率を段階的, 利用率を着実.
pub(super) fn without_manner(noun: &str) -> &str {
    let manner =
        noun.ends_with('的') || ["着実", "確実", "徐々", "早期", "大幅"].iter().any(|word| noun.ends_with(word));
    if !manner {
        return noun;
    }
    let parted = noun.rfind(['を', 'は', 'が', 'も', '、', ' ', '　']);
    parted.and_then(|at| noun.get(..at)).unwrap_or("")
}
