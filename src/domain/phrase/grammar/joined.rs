//! All or any of several conditions, as what stands between them says.

use super::super::answer::Note;
use super::cursor::Parser;
use super::figure::{Draft, Joint};
use crate::domain::criterion::{Comparator, Operand};
use crate::domain::{Criterion, Polarity};

/// How a target is called that is one of two of different force.
const GRADES: [&str; 27] = [
    "必達",
    "必達目標",
    "必達値",
    "最低",
    "最低限",
    "最低目標",
    "最低ライン",
    "ミニマム",
    "努力",
    "努力目標",
    "努力値",
    "チャレンジ",
    "チャレンジ目標",
    "挑戦",
    "挑戦目標",
    "挑戦的目標",
    "ストレッチ",
    "ストレッチ目標",
    "標準",
    "標準目標",
    "基本目標",
    "理想",
    "理想目標",
    "上位目標",
    "最高目標",
    "意欲的目標",
    "期待値",
];

impl Parser<'_> {
    /// 必達80％、努力目標90％: two targets of different force on one figure, of which a person says which one counts.
    fn graded(&mut self, drafts: &[Draft]) -> Option<Draft> {
        let [first, second] = drafts else { return None };
        let plain = |draft: &Draft| match &draft.main {
            Criterion::Threshold { operand: Operand::Constant { .. }, unit, subject, .. } => {
                Some((unit.clone(), subject.clone()))
            }
            _ => None,
        };
        let ((unit, lower), (other, higher)) = (plain(first)?, plain(second)?);
        let grade = |name: &str| {
            let last = name.rsplit([' ', '　', 'の', '：', ':']).next().unwrap_or(name);
            GRADES.contains(&last)
        };
        let graded = higher.as_deref().is_some_and(grade) || lower.as_deref().is_some_and(grade);
        if unit != other || !graded {
            return None;
        }
        self.ask(Note::new(
            "必達の目標と努力目標など、水準の違う二つの目標が並んでいます。どちらで判定するかを確かめてください。",
            "Two targets of different force stand side by side; which of them counts has to be checked.",
        ));
        let named = |criterion: &Criterion| {
            let mut criterion = criterion.clone();
            if let Criterion::Threshold { subject, .. } = &mut criterion {
                *subject = lower.as_deref().and_then(|name| {
                    let grade = name.rsplit([' ', '　', 'の', '：', ':']).next()?;
                    let front = name.strip_suffix(grade)?.trim_end_matches([' ', '　', 'の', '：', ':']);
                    (!front.is_empty()).then(|| front.to_owned())
                });
            }
            criterion
        };
        let (first, second) = (named(&first.main), named(&second.main));
        Some(Draft::doubtful(first.clone(), first, second))
    }

    /// 95％以上（住宅）、99％以上（特定建築物）, 50件以上は確保しつつ60件: whether one of two conditions says what the other says, as far as they are read.
    fn is_said_by(&self, first: &Draft, second: &Draft) -> bool {
        let bound = |draft: &Draft| match &draft.main {
            Criterion::Threshold {
                comparator,
                operand: Operand::Constant { .. },
                unit,
                subject,
                aggregation,
                period,
                per,
                deadline,
                ..
            } => {
                let upward = match comparator {
                    Some(Comparator::Gte | Comparator::Gt) => Some(true),
                    Some(Comparator::Lte | Comparator::Lt) => Some(false),
                    None => self.context.polarity.map(|polarity| polarity == Polarity::HigherIsBetter),
                    _ => None,
                };
                Some((unit.clone(), upward?, subject.clone(), (*aggregation, *period, per.clone(), *deadline)))
            }
            _ => None,
        };
        match (bound(first), bound(second)) {
            (Some((unit, upward, name, counted)), Some((other, way, second, so))) => {
                unit == other && upward == way && counted == so && (second.is_none() || second == name)
            }
            _ => false,
        }
    }

    /// All or any of several conditions, as the joints between them say.
    pub(super) fn joined(&mut self, parts: Vec<(Joint, Draft)>) -> Option<Draft> {
        let joints: Vec<Joint> = parts.iter().skip(1).map(|(joint, _)| *joint).collect();
        let mut drafts: Vec<Draft> = parts.into_iter().map(|(_, draft)| draft).collect();
        if drafts.len() < 2 {
            return drafts.pop();
        }
        // 65歳以上、利用率50％以上
        let age = |draft: &Draft| matches!(&draft.main, Criterion::Threshold { unit: Some(unit), subject: None, .. } if unit == "歳");
        if drafts.iter().any(age) && !drafts.iter().all(age) {
            self.ask(super::settle::says_of_whom());
        }
        // （1）80％以上（2）70％以上: each of a list, whose names stand elsewhere.
        let items = joints.iter().all(|joint| *joint == Joint::Item);
        let said_twice = !items
            && drafts
                .iter()
                .enumerate()
                .any(|(at, first)| drafts.iter().skip(at + 1).any(|second| self.is_said_by(first, second)));
        if said_twice {
            self.ask(Note::new(
                "同じ指標への二つの値が並んでいます。区分ごとの値や努力目標でないかを確かめてください。",
                "Two figures stand side by side for one indicator; they may be those of two groups, or one of them may only be striven for.",
            ));
        }
        let (ors, ands) = (joints.contains(&Joint::Or), joints.contains(&Joint::And));
        if ors && joints.iter().any(|joint| *joint != Joint::Or && *joint != Joint::Comma) {
            self.ask(Note::new(
                "「かつ」と「又は」が混ざっているため、どちらを先に結ぶかを確かめてください。",
                "\"And\" and \"or\" are mixed; which of them binds first has to be checked.",
            ));
            return Some(any_of_all(drafts, &joints));
        }
        if ors {
            return Some(Draft::join(self.under_one_name(drafts), |of| Criterion::Any { of }));
        }
        if let Some(graded) = self.graded(&drafts) {
            return Some(graded);
        }
        if joints == [Joint::Comma]
            && let Some(range) = as_range(&drafts)
        {
            return Some(Draft::sure(range));
        }
        let bound_last = drafts.iter().zip(drafts.iter().skip(1)).find(|(first, second)| shares_bound(first, second));
        // (1) Response: 90%; (2) Satisfaction: 70% or more: two targets, each with its name.
        let listed = joints.iter().all(|joint| *joint == Joint::Item)
            && drafts.iter().all(|draft| subject_of(&draft.main).is_some());
        if bound_last.is_some() && !ands && !listed {
            self.ask(Note::new(
                "「以上・以下」が、前の値にもかかるのかを確かめてください。",
                "Whether the bound is said of the value in front of it too has to be checked.",
            ));
        }
        // Launch the app; 5,000 downloads or more: what is done names itself.
        let parted = joints.iter().all(|joint| *joint == Joint::Stop);
        let names = |draft: &&Draft| {
            subject_of(&draft.main).is_some() || parted && matches!(draft.main, Criterion::Milestone { .. })
        };
        let distinct = drafts.iter().filter(names).count() + 1 >= drafts.len();
        let marked = joints.iter().all(|joint| matches!(joint, Joint::And | Joint::Item));
        // 令和8年度までに60％以上、令和10年度までに80％以上
        let dated = drafts.iter().all(|draft| match &draft.main {
            Criterion::Milestone { due, .. } => due.is_some(),
            figure => deadline_of(figure).flatten().is_some(),
        });
        if !ands && !marked && !distinct && !dated {
            self.ask(Note::new(
                "並んだ条件を、すべて満たすものとみなしました。",
                "The conditions stand side by side; all of them are taken to be required.",
            ));
        }
        Some(Draft::join(self.under_one_name(drafts), |of| Criterion::All { of }))
    }
}

/// `A かつ B 又は C` as either of the two groups.
fn any_of_all(drafts: Vec<Draft>, joints: &[Joint]) -> Draft {
    let mut groups: Vec<Vec<Draft>> = Vec::new();
    for (index, draft) in drafts.into_iter().enumerate() {
        let joined = index > 0 && joints.get(index - 1) != Some(&Joint::Or);
        match groups.last_mut() {
            Some(group) if joined => group.push(draft),
            _ => groups.push(vec![draft]),
        }
    }
    let all = |mut group: Vec<Draft>| match group.pop() {
        Some(only) if group.is_empty() => only,
        last => {
            group.extend(last);
            Draft::join(group, |of| Criterion::All { of })
        }
    };
    Draft::join(groups.into_iter().map(all).collect(), |of| Criterion::Any { of })
}

/// 小学校5校、中学校3校以上: two figures in one unit, of which only the last has a bound.
fn shares_bound(first: &Draft, second: &Draft) -> bool {
    match (&first.main, &second.main) {
        (
            Criterion::Threshold { comparator: None, unit: Some(unit), operand: Operand::Constant { .. }, .. },
            Criterion::Threshold { comparator: Some(_), unit: Some(other), operand: Operand::Constant { .. }, .. },
        ) => unit == other,
        _ => false,
    }
}

/// Gives a condition on how often something is done the name of what is done, if it has none.
pub(super) fn names_what_is_done(criterion: &mut Criterion, thing: &str) -> bool {
    match criterion {
        Criterion::Each { of } => names_what_is_done(of, thing),
        Criterion::Threshold { comparator: Some(_), unit: Some(unit), subject: subject @ None, .. } if unit == "回" => {
            *subject = Some(thing.to_owned());
            true
        }
        _ => false,
    }
}

/// Whether a criterion states an amount without a comparator.
pub(super) fn is_bare(criterion: &Criterion) -> bool {
    matches!(criterion, Criterion::Threshold { comparator: None, .. })
}

/// The deadline of a condition on a figure, if it has one; nothing of what else there is.
fn deadline_of(criterion: &Criterion) -> Option<Option<chrono::NaiveDate>> {
    match criterion {
        Criterion::Threshold { deadline, .. }
        | Criterion::Range { deadline, .. }
        | Criterion::Universe { deadline, .. } => Some(*deadline),
        Criterion::Each { of } => deadline_of(of),
        _ => None,
    }
}

/// A condition with a deadline, unless it has one.
pub(super) fn due_unless(criterion: Criterion, day: chrono::NaiveDate) -> Criterion {
    if deadline_of(&criterion) == Some(None) { due(criterion, day) } else { criterion }
}

/// A criterion in which each condition that has no deadline of its own has this one.
pub(in crate::domain::phrase) fn due(mut criterion: Criterion, day: chrono::NaiveDate) -> Criterion {
    match &mut criterion {
        Criterion::Threshold { deadline, .. }
        | Criterion::Range { deadline, .. }
        | Criterion::Universe { deadline, .. }
        | Criterion::Milestone { due: deadline, .. } => *deadline = deadline.or(Some(day)),
        Criterion::All { of } | Criterion::Any { of } => {
            *of = std::mem::take(of).into_iter().map(|part| due(part, day)).collect();
        }
        Criterion::Each { of } => **of = due((**of).clone(), day),
        Criterion::Schedule { .. } | Criterion::Qualitative {} | Criterion::None {} => {}
    }
    criterion
}

fn subject_of(criterion: &Criterion) -> Option<&str> {
    match criterion {
        Criterion::Threshold { subject, .. }
        | Criterion::Range { subject, .. }
        | Criterion::Universe { subject, .. }
        | Criterion::Milestone { subject, .. } => subject.as_deref(),
        Criterion::Each { of } => subject_of(of),
        _ => None,
    }
}

/// 40%以上、55%未満: two bounds of one figure are a range.
fn as_range(drafts: &[Draft]) -> Option<Criterion> {
    let [first, second] = drafts else { return None };
    let bound = |criterion: &Criterion| match criterion {
        Criterion::Threshold {
            comparator: Some(comparator),
            operand: Operand::Constant { value },
            unit,
            aggregation: None,
            period: None,
            per: None,
            out_of: None,
            deadline: None,
            stated_reference: None,
            approximate: false,
            display: None,
            subject,
        } => Some((*comparator, *value, unit.clone(), subject.clone())),
        _ => None,
    };
    let ((low, min, unit, subject), (high, max, other, None)) = (bound(&first.main)?, bound(&second.main)?) else {
        return None;
    };
    let fits = matches!(low, Comparator::Gte | Comparator::Gt) && matches!(high, Comparator::Lte | Comparator::Lt);
    (fits && unit == other && min <= max && (min < max || low == Comparator::Gte && high == Comparator::Lte)).then_some(
        Criterion::Range {
            min,
            min_inclusive: low == Comparator::Gte,
            max,
            max_inclusive: high == Comparator::Lte,
            unit,
            aggregation: None,
            period: None,
            per: None,
            out_of: None,
            deadline: None,
            subject,
            approximate: false,
            display: None,
        },
    )
}
