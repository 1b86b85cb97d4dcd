//! A value behind the word for what it is: 国が定める目標値（60％）以上.

use super::super::answer::Note;
use super::super::lex::{Kind, Word};
use super::cursor::Parser;
use super::figure::{Core, Figure};

/// How a text says by whom a value is set: 国が定める目標値.
pub(super) const SETTERS: [&str; 6] = ["定める", "示す", "掲げる", "設定する", "定めた", "示した"];

impl<'a> Parser<'a> {
    /// `valued-label = [ whose ] ( 目標値 | 基準値 | … ) "（" amount "）" comparator`: 国が定める目標値（60％）以上 is 60％以上.
    pub(super) fn valued_label(&mut self, figure: &mut Figure<'a>) -> bool {
        const LABELS: [&str; 10] =
            ["平均", "法定雇用率", "目標値", "目標", "基準値", "基準", "計画値", "水準", "標準", "指針値"];
        // 国が定める
        let whose = self.peek(0) == Kind::Text
            && matches!(self.peek(1), Kind::Word(Word::TargetLabel | Word::OtherFigure))
            && SETTERS.iter().any(|set| self.written(self.at).ends_with(set));
        self.at += usize::from(whose);
        let label = matches!(self.peek(0), Kind::Text | Kind::Word(Word::TargetLabel | Word::OtherFigure))
            && LABELS.iter().any(|label| self.written(self.at).ends_with(label));
        if !label || self.peek(1) != Kind::Open {
            return false;
        }
        let place = (self.starts(self.at), self.ends(self.at));
        let moves = self.written(self.at).ends_with("平均");
        self.at += 1;
        let amount = self.inside(|rules| {
            // （令和5年度：68.2％）
            let dated = matches!(rules.peek(0), Kind::Time(_));
            rules.at += usize::from(dated);
            for _ in 0..2 {
                let _ =
                    dated && (rules.take(Word::Result) || rules.take_kind(Kind::Colon) || rules.take(Word::Particle));
            }
            rules.amount()
        });
        let Some(amount) = amount else { return false };
        if moves {
            self.ask(
                Note::new("平均の値は年度により変わることがあります。", "The average may be another one each year.")
                    .at(place.0, place.1),
            );
        }
        let Some(comparator) = self.comparator() else { return false };
        figure.core = Core::Constant(amount);
        figure.comparator = figure.comparator.or(Some(comparator));
        true
    }
}
