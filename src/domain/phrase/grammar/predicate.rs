//! The sentence around a condition that is complete: 70%以上の区民が安全と感じている, 15地域以上で更新, 全校に配置.

use super::super::lex::{Kind, Word};
use super::action::{is_action, stem};
use super::cursor::Parser;
use super::figure::{Amount, Core, Figure, Unit};
use super::tail::is_done;
use crate::domain::criterion::Comparator;

/// What is done to so many of something.
pub(super) const VERBS: [&str; 28] = [
    "備蓄", "配布", "植樹", "回収", "提供", "育成", "養成", "採用", "募集", "収集", "点検", "巡回", "訪問", "確保",
    "設置", "整備", "開催", "実施", "発行", "作成", "認定", "登録", "支援", "配置", "活用", "掲載", "更新", "受入",
];

/// What is done to things, behind their unit: no part of it.
const DEEDS: &[&str] = &[
    "継続",
    "維持",
    "達成",
    "処理",
    "対応",
    "実施",
    "完了",
    "解決",
    "解消",
    "回答",
    "点検",
    "修繕",
    "更新",
    "開催",
    "設置",
    "配布",
    "整備",
    "導入",
    "参加",
    "受講",
    "登録",
    "確認",
    "調査",
    "訪問",
    "作成",
    "公開",
    "公表",
    "配置",
    "支援",
    "把握",
    "連続",
    "目標",
    "予定",
    "達成済",
    "改修",
    "診断",
    "検査",
    "審査",
];

/// A unit without what is done to what it counts: 件処理 is 件; nothing is left of 継続.
pub(super) fn without_deed(unit: &str) -> &str {
    DEEDS.iter().find_map(|deed| unit.strip_suffix(deed)).unwrap_or(unit)
}

/// What so many people do.
const ATTEND: [&str; 14] =
    ["参加", "利用", "来場", "来館", "受講", "登録", "回答", "出席", "応募", "参画", "受診", "修了", "出展", "協力"];

fn is_people(unit: Unit<'_>) -> bool {
    matches!(
        unit,
        Unit::Said("人" | "名" | "団体" | "社" | "世帯" | "校" | "者" | "組" | "店舗" | "企業" | "事業所" | "施設")
    )
}

/// Characters that speak of a change or a bound: then the sentence may be a part of the condition.
const CHANGING: [char; 16] =
    ['増', '減', '超', '下', '上', '伸', '短', '縮', '倍', '節', '抑', '割', '最', '未', '以', '比'];

impl<'a> Parser<'a> {
    /// `predicate = ( の | を | が | で | に ) { text } verb`: says nothing of how many. Gives what is done.
    pub(super) fn predicate(&mut self, figure: &mut Figure<'a>, to: usize) -> Option<String> {
        let from = self.at - usize::from(self.at > 0 && self.kind(self.at - 1) == Kind::Word(Word::Particle));
        let plain = |kind: Kind| matches!(kind, Kind::Text | Kind::Quoted | Kind::Word(Word::Particle | Word::Filler));
        if to - from > 12 || !(from..to).all(|at| plain(self.kind(at))) {
            return None;
        }
        let written = self.span(from, to).trim().trim_end_matches(['。', '．', '.']);
        if let Some(thing) = self.done_so_often(figure, from, written) {
            self.at = to;
            return figure.subject.is_none().then_some(thing);
        }
        let mut rest = written.chars();
        let particle = rest.next().unwrap_or(' ');
        let rest = rest.as_str();
        let changes = rest.contains(CHANGING) || rest.is_empty();
        let secured = self.secured(figure, particle, rest).filter(|name| !super::guard::denies(name, true));
        if let Some(name) = secured.filter(|_| figure.comparator.is_some()) {
            self.at = to;
            return figure.subject.is_none().then(|| name.to_owned());
        }
        if changes || super::guard::denies(rest, false) {
            return None;
        }
        let verb = stem(rest);
        let acts = is_done(verb) || is_action(verb) || VERBS.iter().any(|word| verb.ends_with(word));
        let bounded = matches!(
            figure.comparator,
            Some(Comparator::Gte | Comparator::Gt | Comparator::Lte | Comparator::Lt | Comparator::Eq)
        );
        let fits = match &figure.core {
            Core::Universe { .. } => {
                acts && matches!(particle, 'で' | 'に' | 'が' | 'を' | 'の') || is_deed(verb) && particle == 'に'
            }
            Core::Constant(amount) => {
                let done =
                    acts && rest.contains(['で', 'に', 'が', 'を']) && !rest.starts_with(['で', 'に', 'が', 'を']);
                let share = amount.is_percent() && bounded && particle == 'の' && (says(rest) || done);
                // 申請から14日以内に決定
                let intime = matches!(figure.comparator, Some(Comparator::Lte | Comparator::Lt))
                    && particle == 'に'
                    && (acts || is_deed(verb))
                    && matches!(amount.unit, Unit::Said(unit) if unit != "歳" && super::duration::is_time(unit));
                let times = amount.unit == Unit::Said("回") && particle == 'の' && acts && rest.contains('を');
                let of = figure.out_of.is_some() && bounded && matches!(particle, 'で' | 'が' | 'に') && acts;
                let places = bounded && particle == 'で' && acts && is_place(amount.unit);
                let taken = bounded && particle == 'を' && VERBS.contains(&verb);
                let counted = bounded && particle == 'の' && is_counted(amount.unit, rest);
                let attended = bounded && particle == 'が' && ATTEND.contains(&verb) && is_people(amount.unit);
                // 参加者の9割が満足と回答
                let answered = amount.is_percent() && particle == 'が' && says_so(rest);
                // 80％以上の進捗
                let named = amount.is_percent()
                    && bounded
                    && particle == 'の'
                    && [
                        "進捗", "完了", "実施", "整備", "普及", "加入", "参加", "回答", "理解", "満足", "定着", "回収",
                        "充足", "稼働", "接種", "受診",
                    ]
                    .contains(&rest);
                share || named || answered || intime || times || of || places || taken || counted || attended
            }
            // 前年度実績の1.5倍以上の参加者数
            Core::Reference(_) => {
                let named = rest.chars().count() > 2 && rest.chars().all(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'));
                bounded && particle == 'の' && named && super::nouns::is_indicator(rest)
            }
            _ => false,
        };
        if !fits {
            return None;
        }
        self.at = to;
        let name = if particle == 'の' { rest } else { verb };
        // 1,500人以上が参加: whoever they are, they are counted.
        if particle == 'が' && ATTEND.contains(&verb) {
            return None;
        }
        (figure.subject.is_none() && particle != 'を').then(|| name.to_owned())
    }
}

impl<'a> Parser<'a> {
    /// 年1回以上運用状況を検証: directly behind the bound what is done so often. Gives to what.
    fn done_so_often(&self, figure: &Figure<'a>, from: usize, written: &str) -> Option<String> {
        let often = matches!(&figure.core, Core::Constant(amount) if amount.unit == Unit::Said("回"))
            && figure.comparator.is_some()
            && from == self.at
            && self.starts(from) == self.ends(from.saturating_sub(1));
        if !often {
            return None;
        }
        let (thing, deed) = written.split_once('を')?;
        let verb = stem(deed);
        let acts =
            is_done(verb) || is_action(verb) || matches!(verb, "検証" | "確認" | "見直し" | "行う" | "評価" | "報告");
        let plain = !thing.is_empty()
            && !thing.contains(CHANGING)
            && !super::guard::denies(thing, true)
            && !thing.starts_with(['の', 'が', 'で', 'に', 'は', 'も', 'と']);
        (acts && plain).then(|| thing.to_owned())
    }

    /// `secured = の name を [ adverb ] ( 確保 | 達成 | … )`: 75％以上の緑化率を確保, 1,500㎡以上の面積を新たに確保. Gives the name, where it is one that
    /// is counted in the unit of the figure.
    fn secured<'t>(&self, figure: &Figure<'a>, particle: char, rest: &'t str) -> Option<&'t str> {
        const VERBS: [&str; 16] = [
            "確保",
            "達成",
            "維持",
            "実現",
            "目指す",
            "めざす",
            "獲得",
            "創出",
            "継続",
            "保つ",
            "目標とする",
            "整備",
            "実施",
            "取得",
            "保持",
            "計上",
        ];
        const ADVERBS: [&str; 10] =
            ["新たに", "新規に", "継続して", "継続的に", "毎年度", "毎年", "安定的に", "着実に", "引き続き", "確実に"];
        if particle != 'の' {
            return None;
        }
        let (name, deed) = rest.rsplit_once('を')?;
        // 2人以上のスクールソーシャルワーカーを配置
        if matches!(&figure.core, Core::Constant(amount) if matches!(amount.unit, Unit::Said("人" | "名")))
            && APPOINT.contains(&stem(deed.trim()))
            && WORKERS.iter().any(|who| name.ends_with(who))
            && !name.contains(['、', '　', ' '])
        {
            return Some(name);
        }
        // 3か所以上の出張申請窓口を設置, 5件以上の協定を締結
        let made: &[&str] = match &figure.core {
            Core::Constant(Amount { unit: Unit::Said("箇所"), .. }) => {
                &["設置", "整備", "開設", "確保", "新設", "開所"]
            }
            Core::Constant(Amount { unit: Unit::Said("件"), .. }) => &["締結", "実施", "支援", "採択", "創出", "獲得"],
            _ => &[],
        };
        if made.contains(&stem(deed.trim())) && !name.contains(['、', '　', ' ']) && !name.contains(char::is_numeric)
        {
            return Some(name);
        }
        let deed = ADVERBS.iter().find_map(|adverb| deed.strip_prefix(adverb)).unwrap_or(deed);
        let verb = stem(deed.trim());
        if !VERBS.contains(&verb) || name.contains(['を', '、', '　', ' ']) || !super::nouns::is_indicator(name) {
            return None;
        }
        let fits = match &figure.core {
            Core::Constant(amount) => is_counted_in(name, amount.unit),
            Core::Reference(_) => true,
            _ => false,
        };
        fits.then_some(name)
    }
}

/// What is done with people who are to work on something.
const APPOINT: [&str; 12] =
    ["配置", "養成", "育成", "採用", "確保", "委嘱", "任命", "派遣", "登用", "任用", "認定", "雇用"];

/// Who is meant to work on something: a name of people, and not of a household or a firm of so many.
const WORKERS: [&str; 16] = [
    "ワーカー",
    "サポーター",
    "ボランティア",
    "リーダー",
    "コーディネーター",
    "アドバイザー",
    "カウンセラー",
    "ヘルパー",
    "スタッフ",
    "員",
    "士",
    "師",
    "人材",
    "担い手",
    "従事者",
    "就農者",
];

/// Whether a figure of that name is counted in that unit: a rate in percent, an area in square metres; not facilities in points.
fn is_counted_in(name: &str, unit: Unit<'_>) -> bool {
    let Unit::Said(unit) = unit else { return false };
    let ends: &[&str] = match unit {
        "%" => &["率", "割合", "度", "比率", "シェア"],
        "㎡" | "ha" | "km2" | "ヘクタール" => &["面積"],
        "km" | "m" => &["距離", "延長"],
        "円" | "千円" | "万円" | "百万円" | "億円" => &["額", "収入", "費", "残高", "売上", "財源", "効果"],
        "件" => &["件数", "相談", "契約", "数"],
        "人" | "名" => &["者数", "人数", "人口", "者", "人員", "員数", "客数"],
        "回" => &["回数", "数"],
        "点" => &["点", "得点", "スコア", "評価", "満足度", "平均"],
        "t" | "kg" | "トン" | "kWh" | "kw" | "kW" | "㎥" => &["量"],
        "時間" => &["時間"],
        other => return name.strip_suffix('数').is_some_and(|noun| noun.ends_with(other)),
    };
    ends.iter().any(|end| name.ends_with(end)) && !(unit == "件" && (name.ends_with("者数") || name.ends_with("人数")))
}

/// 到着, 復旧, 支払う: what is done within a time, in one word.
fn is_deed(verb: &str) -> bool {
    let kanji = |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}');
    let stem = verb.trim_end_matches(['う', 'る', 'す', 'く', 'つ', 'む']);
    (1..=6).contains(&stem.chars().count()) && stem.chars().all(|c| kanji(c) || matches!(c, 'い' | 'り' | 'け' | 'え'))
}

/// Whether a text says something of those whose share is meant: 区民が安全と感じている.
fn says(rest: &str) -> bool {
    let parted = ['が', 'で', 'に', 'は', 'を'].iter().any(|particle| rest.find(*particle).is_some_and(|at| at > 0));
    let ends = rest.ends_with(['る', 'た', 'う', 'す', 'く', 'つ', 'む'])
        || ["回答", "実感", "満足", "認識", "参加", "利用", "評価", "認知", "理解"]
            .iter()
            .chain(&ATTEND)
            .any(|word| rest.ends_with(word));
    parted && ends
}

/// 「役に立った」と回答, 満足している: what so large a share of them say, feel or do.
fn says_so(rest: &str) -> bool {
    let stem = rest.trim_end_matches("する").trim_end_matches("している").trim_end_matches("すること");
    ["回答", "実感", "満足", "評価", "理解", "認識", "参加", "利用", "受講", "受診"]
        .iter()
        .any(|word| stem.ends_with(word))
        || [
            "知っている",
            "している",
            "ことがある",
            "満足した",
            "利用した",
            "参加した",
            "感じた",
            "答えた",
            "思う",
            "できた",
            "持つ",
            "知る",
        ]
        .iter()
        .any(|end| rest.ends_with(end))
        || rest.ends_with("と感じる")
        || rest.ends_with("と感じている")
        || rest.ends_with("と答える")
}

/// 1,200件以上の相談, 50人以上の雇用: what is counted in its unit, behind the bound; not 5人以上の世帯, which says of which size.
fn is_counted(unit: Unit<'_>, rest: &str) -> bool {
    let deeds: &[&str] = match unit {
        Unit::Said("件") => &[
            "相談", "申請", "登録", "利用", "応募", "契約", "成約", "採択", "申込", "受付", "実施", "誘致", "創業",
            "起業",
        ],
        Unit::Said("人" | "名") => {
            &["参加", "来場", "利用", "登録", "雇用", "採用", "受講", "申込", "就職", "移住", "応募", "育成", "養成"]
        }
        Unit::Said("回") => &["開催", "実施", "訪問", "巡回", "発行", "発信"],
        Unit::Said("団体" | "社" | "校" | "者") => &["参加", "登録", "応募", "参画", "誘致"],
        _ => return false,
    };
    let plain = rest.chars().count() <= 6 && rest.chars().all(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'));
    plain && deeds.iter().any(|deed| rest.ends_with(deed))
}

fn is_place(unit: Unit<'_>) -> bool {
    let Unit::Said(unit) = unit else { return false };
    matches!(
        unit,
        "地域"
            | "区"
            | "校"
            | "施設"
            | "箇所"
            | "園"
            | "店"
            | "店舗"
            | "社"
            | "町会"
            | "自治会"
            | "地区"
            | "小学校"
            | "中学校"
            | "団体"
            | "事業所"
            | "学校"
            | "会場"
            | "公園"
            | "保育所"
            | "区役所"
            | "校区"
            | "学区"
    )
}
