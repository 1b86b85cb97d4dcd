//! What may have been taken out of a name that it belongs to: a reference, how it is counted, each of several. A name that says with a verb which is meant
//! (更新期限を迎える設備の更新率), or that holds a figure of its own, may claim what stands in front of it; a person is asked.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::Draft;
use crate::domain::criterion::{Change, MAX_DEPTH, Operand};
use crate::domain::{Criterion, Decimal};

impl Parser<'_> {
    /// Asks where the name of a condition may claim what was read in front of it.
    pub(super) fn claimed_by_name(&mut self, draft: &Draft) {
        self.end = self.tokens.len();
        let text = self.source.written(0, self.source.len());
        // 年間5日以上の休暇を取得した職員の割合, 1日当たりの睡眠時間が6時間未満の人の割合
        let counted_in_front = matches!(self.kind(0), Kind::Word(Word::Period(_) | Word::Counted(_)))
            || ["年間", "月間", "平均", "最大", "累計", "延べ"].iter().any(|word| text.starts_with(word))
            || (0..6).any(|at| self.kind(at) == Kind::Word(Word::Per));
        // 令和6年度末で契約満了となる施設の更新率
        let dated_in_front = match self.kind(0) {
            Kind::Time(time) if !(1..4).any(|at| matches!(self.kind(at), Kind::Comma | Kind::Colon)) => {
                time.last_day(self.context.fiscal_year)
            }
            _ => None,
        };
        let percent = || text.contains(['%', '％', '割']);
        let of_whom = || text.contains(['率', '合']) && says_which(text);
        let claimed = holds(&draft.main, &|criterion| match criterion {
            Criterion::Threshold { subject: Some(name), operand, per, period, aggregation, unit, deadline, .. } => {
                let counted = per.is_some() || period.is_some() || aggregation.is_some();
                let own_figure = name.contains(char::is_numeric);
                // 前年度実績のある事業者の再応募率70％以上: the percentage is the rate's own.
                let of_reference = matches!(operand, Operand::Reference(reference)
                    if matches!(reference.change(), Some(Change::Factor { factor }) if *factor <= Decimal::from(1)));
                let which = says_which(name);
                counted_in_front && counted && (own_figure || which && (per.is_some() || unit.as_deref() == Some("%")))
                    || dated_in_front.is_some() && *deadline == dated_in_front && which
                    || of_reference && is_share(name) && percent()
            }
            // すべての窓口で待ち時間10分以内を達成した日の割合: of all of them together, or of each.
            Criterion::Each { of } => {
                matches!(&**of, Criterion::Threshold { unit: Some(unit), .. } if unit == "%") && of_whom()
            }
            _ => false,
        });
        if claimed {
            self.ask(
                Note::new(
                    "名称の前の語が、目標ではなく名称の一部かもしれません。",
                    "What stands in front of the name may be a part of it rather than of the target.",
                )
                .at(0, self.source.len()),
            );
        }
    }
}

/// Whether one of the conditions in a criterion, or a whole of several, is such a one.
pub(super) fn holds(criterion: &Criterion, such: &dyn Fn(&Criterion) -> bool) -> bool {
    any(criterion, 0, such)
}

fn any(criterion: &Criterion, depth: usize, such: &dyn Fn(&Criterion) -> bool) -> bool {
    let inner = |parts: &[Criterion]| parts.iter().any(|part| any(part, depth + 1, such));
    depth <= MAX_DEPTH + 2
        && (such(criterion)
            || match criterion {
                Criterion::All { of } | Criterion::Any { of } => inner(of),
                Criterion::Each { of } => any(of, depth + 1, such),
                Criterion::Schedule { steps } => steps.iter().any(|step| any(&step.criterion, depth + 1, such)),
                _ => false,
            })
}

/// Whether a name is that of a share.
fn is_share(name: &str) -> bool {
    name.ends_with(['率', '合'])
}

/// Whether a verb directly in front of a noun says which is meant: 期限を迎える設備, 回復した施設, 納付のない者; not 市における利用率.
pub(in crate::domain::phrase) fn says_which(text: &str) -> bool {
    const LINKS: [&str; 8] = ["おける", "による", "よる", "関する", "対する", "係る", "また", "もう"];
    let mut before = '\0';
    text.char_indices().any(|(at, c)| {
        let noun = matches!(c, '\u{4E00}'..='\u{9FFF}' | 'ァ'..='ヶ');
        let front = text.get(..at).unwrap_or("");
        let verb = matches!(before, 'る' | 'た' | 'う' | 'く' | 'す' | 'む' | 'ぶ' | 'ぐ') || front.ends_with("ない");
        before = c;
        noun && verb && !LINKS.iter().any(|link| front.ends_with(link))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_in_front_of_a_noun_says_which_is_meant() {
        for (text, which) in [
            ("更新期限を迎える設備の更新率", true),
            ("回復した施設の割合", true),
            ("納付のない者の催告実施率", true),
            ("計画に基づく点検の実施率", true),
            ("市における利用率", false),
            ("満足度", false),
            ("子どもの数", false),
            ("いきいき百歳体操の参加者数", false),
        ] {
            assert_eq!(says_which(text), which, "{text}");
        }
    }
}
