//! Units: what may be counted, in the spelling that is kept.

use std::sync::LazyLock;

use super::Source;

/// A unit as it is written, and the spelling that a criterion keeps.
const SPELLINGS: &[(&str, &str)] = &[
    ("パーセント", "%"),
    ("ﾊﾟｰｾﾝﾄ", "%"),
    ("percent", "%"),
    ("per cent", "%"),
    ("か所", "箇所"),
    ("ヶ所", "箇所"),
    ("カ所", "箇所"),
    ("ケ所", "箇所"),
    ("ヵ所", "箇所"),
    ("ヶ處", "箇所"),
    ("個所", "箇所"),
    ("ｶ所", "箇所"),
    ("ヶ月", "か月"),
    ("カ月", "か月"),
    ("ヵ月", "か月"),
    ("箇月", "か月"),
    ("ケ月", "か月"),
    ("ヶ国", "か国"),
    ("カ国", "か国"),
    ("ヵ国", "か国"),
    ("ヶ年", "か年"),
    ("カ年", "か年"),
    ("ヵ年", "か年"),
    ("ﾎﾟｲﾝﾄ", "ポイント"),
    ("pt", "ポイント"),
    ("yen", "円"),
    ("jpy", "円"),
    ("円", "円"),
    ("percentage points", "ポイント"),
    ("%ポイント", "ポイント"),
    ("パーセントポイント", "ポイント"),
    ("percentage point", "ポイント"),
    ("pp", "ポイント"),
    ("% points", "ポイント"),
    ("pts", "点"),
    ("pc", "%"),
    ("points", "点"),
    ("point", "点"),
    ("ｔ", "t"),
    ("m2", "㎡"),
    ("m²", "㎡"),
    ("平方メートル", "㎡"),
    ("キログラム", "kg"),
    ("μg/㎥", "μg/㎥"),
    ("μg/m3", "μg/㎥"),
    ("μg/m³", "μg/㎥"),
    ("µg/m3", "μg/㎥"),
    ("µg/m³", "μg/㎥"),
    ("mg/㎥", "mg/㎥"),
    ("mg/m3", "mg/㎥"),
    ("mg/l", "mg/L"),
    ("kwh", "kWh"),
    ("mwh", "MWh"),
    ("gwh", "GWh"),
    ("kw", "kW"),
    ("mw", "MW"),
    ("gj", "GJ"),
    ("mj", "MJ"),
    ("t-co2", "t-CO2"),
    ("kg-co2", "kg-CO2"),
    ("pv", "PV"),
    ("db", "dB"),
    // One character for a whole word, as older files have it.
    ("㎞", "km"),
    ("㎝", "cm"),
    ("㎜", "mm"),
    ("㎏", "kg"),
    ("㎎", "mg"),
    ("㏊", "ha"),
    ("㌶", "ヘクタール"),
    ("㌧", "トン"),
    ("㌔", "キロ"),
    ("㍍", "メートル"),
    ("㌘", "グラム"),
    ("㍑", "リットル"),
    ("㎘", "kl"),
    ("㎢", "km2"),
    ("km²", "km2"),
    ("㎡", "㎡"),
];

/// Units that are kept as they are written.
const UNITS: &[&str] = &[
    "%",
    "‰",
    "ポイント",
    "件",
    "回",
    "人",
    "名",
    "箇所",
    "校",
    "区",
    "地域",
    "団体",
    "施設",
    "点",
    "社",
    "世帯",
    "台",
    "店",
    "店舗",
    "棟",
    "講座",
    "校下",
    "校区",
    "か月",
    "か国",
    "か年",
    "年",
    "年間",
    "日",
    "日間",
    "時間",
    "分",
    "分間",
    "秒",
    "歳",
    "ha",
    "ヘクタール",
    "㎡",
    "km",
    "m",
    "cm",
    "mm",
    "mg",
    "キロ",
    "メートル",
    "キロメートル",
    "kg",
    "g",
    "グラム",
    "t",
    "トン",
    "l",
    "ml",
    "リットル",
    "kl",
    "冊",
    "本",
    "枚",
    "部",
    "部会",
    "戸",
    "園",
    "組",
    "組織",
    "クラス",
    "コース",
    "事業",
    "事例",
    "事案",
    "項目",
    "種類",
    "種",
    "路線",
    "公園",
    "団",
    "グループ",
    "区域",
    "地区",
    "町会",
    "町内会",
    "学区",
    "分野",
    "テーマ",
    "企業",
    "事業所",
    "事業者",
    "法人",
    "票",
    "通",
    "便",
    "席",
    "床",
    "室",
    "言語",
    "作品",
    "投稿",
    "フォロワー",
    "アクセス",
    "ページ",
    "再生",
    "ダウンロード",
    "登録",
    "口",
    "基",
    "機",
    "隻",
    "頭",
    "匹",
    "羽",
    "株",
    "個",
    "つ",
    "例",
    "人回",
    "小学校",
    "中学校",
    "小中学校",
    "小学校区",
    "中学校区",
    "保育所",
    "保育園",
    "幼稚園",
    "学校園",
    "高校",
    "区役所",
    "部署",
    "所属",
    "連合町会",
    "自治会",
    "商店街",
    "課",
    "局",
    "人時間",
    "校・園",
    "℃",
    "度",
    "字",
    "語",
    "曲",
    "歩",
    "位",
    "級",
    "会場",
    "会議",
    "者",
    "品目",
    "品",
    "問",
    "単位",
    "箱",
    "袋",
    "食",
    "泊",
    "人泊",
    "人日",
    "便数",
    "客室",
    "拠点",
    "橋",
    "駅",
    "軒",
    "艇",
    "基地",
    "灯",
    "科目",
    "教室",
    "学校",
    "学級",
    "団地",
    "議案",
    "案件",
    "計画",
    "プラン",
    "プログラム",
    "プロジェクト",
    "イベント",
    "メニュー",
    "商品",
    "製品",
    "サイト",
    "アプリ",
    "システム",
    "市町村",
    "都道府県",
    "自治体",
    "路",
    "病床",
    "㎥",
    "km2",
    "年度",
    "営業日",
    "日分",
    "食分",
    "人分",
    "か月分",
    "年分",
    "開庁日",
    "手続",
    "手続き",
    "区画",
    "教科",
    "圏域",
    "種目",
    "競技",
    "病院",
    "診療所",
    "薬局",
    "集落",
    "支所",
    "支部",
    "支店",
    "部局",
    "工区",
    "ブロック",
    "エリア",
    "ルート",
    "系統",
    "コマ",
    "セット",
    "区間",
    "踏切",
    "河川",
    "農家",
    "経営体",
    "品種",
    "避難所",
    "図書館",
    "事務所",
];

/// What is counted in ranks: the first is the best, so that 以上 may mean a smaller number.
pub(in crate::domain::phrase) fn is_rank(unit: &str) -> bool {
    matches!(unit, "位" | "級" | "等" | "等級" | "番" | "番目" | "着")
}

/// Whether a unit is one that the vocabulary knows, so that it can be written directly behind a number.
pub(in crate::domain::phrase) fn is_known(unit: &str) -> bool {
    let first = unit.chars().next().unwrap_or(' ').to_ascii_lowercase();
    KNOWN.get(super::bucket(first)).is_some_and(|known| known.iter().any(|known| known.eq_ignore_ascii_case(unit)))
}

/// What may be written directly behind a number, by the first character in lower case.
static KNOWN: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let mut table: Vec<Vec<&str>> = (0..super::BUCKETS).map(|_| Vec::new()).collect();
    let latin = SPELLINGS.iter().map(|(_, kept)| *kept).filter(|kept| kept.is_ascii());
    for unit in UNITS.iter().copied().chain(["円"]).chain(latin) {
        let first = unit.chars().next().unwrap_or(' ').to_ascii_lowercase();
        if let Some(place) = table.get_mut(super::bucket(first)) {
            place.push(unit);
        }
    }
    table
});

/// Every spelling and the unit that is kept, by the first character.
static BY_FIRST: LazyLock<Vec<Vec<(&'static str, &'static str)>>> = LazyLock::new(|| {
    let mut table: Vec<Vec<(&str, &str)>> = (0..super::BUCKETS).map(|_| Vec::new()).collect();
    for (written, kept) in SPELLINGS.iter().copied().chain(UNITS.iter().map(|unit| (*unit, *unit))) {
        if let Some(place) = table.get_mut(super::bucket(written.chars().next().unwrap_or(' '))) {
            place.push((written, kept));
        }
    }
    table
});

/// The unit that stands at a position, and where it ends: the longest of the vocabulary and the indicator's own.
pub(super) fn unit(source: &Source<'_>, at: usize, own: Option<&str>) -> Option<(Option<&'static str>, usize)> {
    let mut best: Option<(Option<&'static str>, usize)> = None;
    let mut offer = |unit: Option<&'static str>, end: usize| {
        if best.is_none_or(|(_, longest)| end > longest) {
            best = Some((unit, end));
        }
    };
    let first = source.at(at);
    for (written, kept) in BY_FIRST.get(super::bucket(first)).map_or(&[][..], Vec::as_slice) {
        if let Some(end) = source.has(at, written)
            && ends_a_word(source, end)
        {
            offer(Some(kept), end);
        }
    }
    if let Some(own) = own
        && let Some(end) = has_own(source, at, own)
    {
        offer(None, end);
    }
    best
}

/// Whether the indicator's own unit stands at a position: it is written by the same hands as the text.
fn has_own(source: &Source<'_>, at: usize, own: &str) -> Option<usize> {
    let own = Source::new(own);
    let same = (0..own.len()).all(|offset| source.at(at + offset) == own.at(offset));
    (same && own.len() > 0 && ends_a_word(source, at + own.len())).then(|| at + own.len())
}

/// Whether a word in Latin letters ends at a position: `m` is no unit in `more`.
pub(super) fn ends_a_word(source: &Source<'_>, end: usize) -> bool {
    let before = source.at(end.saturating_sub(1));
    !(before.is_ascii_alphabetic() && source.at(end).is_ascii_alphanumeric())
}

/// One unit in two languages: what an English text calls the Japanese unit of an indicator.
const ENGLISH: [(&str, &[&str]); 22] = [
    ("件", &["case", "cases", "item", "items", "consultations", "incidents", "accidents", "complaints"]),
    ("人", &["person", "persons", "people", "residents", "participants", "users", "members", "visitors", "名"]),
    ("名", &["person", "persons", "people", "residents", "participants", "users", "members", "人"]),
    ("回", &["time", "times", "meetings", "sessions", "events"]),
    ("校", &["school", "schools"]),
    ("区", &["ward", "wards"]),
    ("地域", &["district", "districts", "area", "areas", "communities"]),
    ("団体", &["group", "groups", "organizations", "organisations"]),
    ("施設", &["facility", "facilities"]),
    ("点", &["point", "points"]),
    ("箇所", &["place", "places", "site", "sites", "location", "locations", "か所", "カ所", "ヶ所"]),
    ("社", &["company", "companies"]),
    ("世帯", &["household", "households"]),
    ("日", &["day", "days"]),
    ("時間", &["hour", "hours"]),
    ("分", &["minute", "minutes"]),
    ("年", &["year", "years"]),
    ("か月", &["month", "months"]),
    ("台", &["unit", "units", "vehicles"]),
    ("冊", &["book", "books"]),
    ("棟", &["building", "buildings"]),
    ("講座", &["course", "courses"]),
];

/// Whether two units are one: the same spelling, or the English word for the Japanese one.
pub(in crate::domain::phrase) fn same(stated: &str, own: &str) -> bool {
    use crate::domain::criterion::unit_factor;
    let english = |japanese: &str, english: &str| {
        ENGLISH
            .iter()
            .any(|(unit, words)| *unit == japanese && words.iter().any(|word| word.eq_ignore_ascii_case(english)))
    };
    stated.eq_ignore_ascii_case(own)
        || unit_factor(stated, own) == Some(crate::domain::Decimal::from(1))
        || english(own, stated)
        || (own == "箇所" || stated == "箇所") && unit_factor(stated, own).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_unit_is_taken_in_the_spelling_that_is_kept() {
        for (text, own, expected) in [
            ("％以上", None, Some((Some("%"), 1))),
            ("ヶ所", None, Some((Some("箇所"), 2))),
            ("か月以内", None, Some((Some("か月"), 2))),
            ("団体・個人以上", Some("団体・個人"), Some((None, 5))),
            ("more", None, None),
            ("m", None, Some((Some("m"), 1))),
            ("以上", None, None),
        ] {
            assert_eq!(unit(&Source::new(text), 0, own), expected, "{text}");
        }
        assert!(same("cases", "件") && same("か所", "箇所") && !same("件", "人"));
    }
}
