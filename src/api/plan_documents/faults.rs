//! The rules of a plan document that its schema cannot say.

use std::collections::{HashMap, HashSet};

use super::document::{ActualDocument, CheckpointDocument, InitiativeDocument, ObjectiveDocument, PlanDocument};
use crate::api::problem::Fault;
use crate::api::rules;
use crate::domain::fiscal::{Calendar, YEARS};

/// Every rule that a document breaks. `mentioned` are the numbers that occur in it, in unreadable parts as well.
pub fn faults(document: &PlanDocument, code: &str, fiscal_year: i32, mentioned: &HashSet<String>) -> Vec<Fault> {
    let (seen, stands_for, faults) = (HashMap::new(), HashMap::new(), Vec::new());
    let mut check = Check { document, mentioned, seen, stands_for, faults, calendar: Calendar::default() };
    check.address(code, fiscal_year);
    check.checkpoints();
    for (list, index, node) in document.top() {
        if list == "objectives" && node.level.as_deref() == Some("theme") {
            check.add(Fault::at(
                format!("/{list}/{index}/level"),
                "misplaced",
                "経営課題はthemesに置いてください。",
                "A theme stands in `themes`.",
            ));
        }
        check.objective(&format!("/{list}/{index}"), list, node);
    }
    check.cross_references();
    check.faults
}

struct Check<'a> {
    document: &'a PlanDocument,
    mentioned: &'a HashSet<String>,
    /// Where each number of an objective and of an initiative stands first.
    seen: HashMap<(&'static str, &'a str), String>,
    /// What each cross reference stands for, and where it says so.
    stands_for: HashMap<&'a str, (&'a str, String)>,
    faults: Vec<Fault>,
    calendar: Calendar,
}

impl<'a> Check<'a> {
    fn add(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    fn address(&mut self, code: &str, fiscal_year: i32) {
        if self.document.organization.code != code {
            let received = self.document.organization.code.as_str();
            let fault = Fault::at(
                "/organization/code",
                "not_the_address",
                "URLの組織と異なります。",
                "It is not the organization in the URL.",
            );
            self.faults.push(fault.received(received).accepted(code));
        }
        if self.document.fiscal_year != fiscal_year {
            let fault = Fault::at(
                "/fiscal_year",
                "not_the_address",
                "URLの年度と異なります。",
                "It is not the fiscal year in the URL.",
            );
            self.faults.push(fault.received(self.document.fiscal_year).accepted(fiscal_year));
        }
        if self
            .document
            .organization
            .parent
            .as_ref()
            .is_some_and(|parent| parent.code == self.document.organization.code)
        {
            self.add(Fault::at(
                "/organization/parent/code",
                "circular",
                "自分自身には属せません。",
                "It cannot belong to itself.",
            ));
        }
    }

    fn checkpoints(&mut self) {
        let document = self.document;
        let mut kinds: HashMap<&str, &CheckpointDocument> = HashMap::new();
        let one = document.checkpoint.iter().map(|checkpoint| ("/checkpoint".to_owned(), checkpoint));
        let all = document.checkpoints.iter().enumerate().map(|(index, one)| (format!("/checkpoints/{index}"), one));
        for (place, checkpoint) in one.chain(all) {
            if checkpoint.as_of.is_none() && Calendar::default().checkpoint_day(2000, &checkpoint.kind).is_none() {
                self.add(Fault::at(
                    format!("{place}/as_of"),
                    "required",
                    "独自の時点にはas_ofが必要です。",
                    "A checkpoint of the plan's own needs `as_of`.",
                ));
            }
            if checkpoint.opens.zip(checkpoint.closes).is_some_and(|(opens, closes)| opens > closes) {
                self.add(Fault::at(
                    format!("{place}/opens"),
                    "opens_after_closes",
                    "opensはclosesより後にできません。",
                    "`opens` must not be after `closes`.",
                ));
            }
            if kinds.insert(&checkpoint.kind, checkpoint).is_some_and(|before| before != checkpoint) {
                self.add(
                    Fault::at(
                        format!("{place}/kind"),
                        "repeated",
                        "同じ時点が異なる内容で二度あります。",
                        "The same checkpoint is given twice, differently.",
                    )
                    .received(checkpoint.kind.as_str()),
                );
            }
        }
    }

    fn number(&mut self, kind: &'static str, place: &str, number: &'a str) {
        if number.chars().any(char::is_control) || number.trim() != number {
            self.add(
                Fault::at(
                    format!("{place}/number"),
                    "wrong_format",
                    "番号の前後に空白や制御文字は使えません。",
                    "A number has no spaces around it and no control characters.",
                )
                .received(number),
            );
        }
        match self.seen.get(&(kind, number)) {
            Some(first) => {
                let fault = Fault::at(
                    format!("{place}/number"),
                    "repeated",
                    format!("番号「{number}」は{first}で既に使われています。"),
                    format!("The number `{number}` is used at {first} already."),
                );
                self.add(fault.received(number));
            }
            None => drop(self.seen.insert((kind, number), place.to_owned())),
        }
    }

    fn objective(&mut self, place: &str, list: &str, node: &'a ObjectiveDocument) {
        self.number("objective", place, &node.number);
        if let (Some(level), true) = (&node.level, list != "objectives") {
            self.add(
                Fault::at(
                    format!("{place}/level"),
                    "misplaced",
                    format!("{list}の階層名は決まっています。別の階層はobjectivesに置いてください。"),
                    format!("The level of `{list}` is fixed; put other levels into `objectives`."),
                )
                .received(level.as_str()),
            );
        }
        for (list, index, child) in node.below() {
            let place = format!("{place}/{list}/{index}");
            if list == "objectives" && child.level.as_deref() == Some("strategy") {
                self.add(Fault::at(
                    format!("{place}/level"),
                    "misplaced",
                    "戦略はstrategiesに置いてください。",
                    "A strategy stands in `strategies`.",
                ));
            }
            self.objective(&place, list, child);
        }
        for (index, initiative) in node.initiatives.iter().enumerate() {
            self.initiative(&format!("{place}/initiatives/{index}"), initiative);
        }
    }

    fn initiative(&mut self, place: &str, initiative: &'a InitiativeDocument) {
        self.number("initiative", place, &initiative.number);
        if let Some(same_as) = &initiative.same_as {
            self.stands_for.insert(&initiative.number, (same_as, format!("{place}/same_as")));
            for (member, there) in [
                ("targets", initiative.targets.iter().flatten().next().is_some()),
                ("activities", initiative.activities.iter().flatten().next().is_some()),
                ("actuals", initiative.actuals.iter().flatten().next().is_some()),
            ] {
                if there {
                    self.add(Fault::at(
                        format!("{place}/{member}"),
                        "cross_reference",
                        "再掲の取組は自分の目標・取組・実績を持ちません。",
                        "A cross reference has none of its own.",
                    ));
                }
            }
            if let Some((_, member, _)) = initiative.all_reviews().next() {
                self.add(Fault::at(
                    format!("{place}/{member}"),
                    "cross_reference",
                    "再掲の取組は自分の振り返りを持ちません。",
                    "A cross reference has no review of its own.",
                ));
            }
        }
        self.budgets(place, initiative);
        self.targets(place, initiative);
        self.actuals(place, initiative);
        for kind in initiative.reviews.keys() {
            let given = self.document.checkpoint.iter().chain(&self.document.checkpoints);
            let known = given.into_iter().any(|checkpoint| checkpoint.kind == *kind)
                || Calendar::default().checkpoint_day(2000, kind).is_some();
            let usual = ["q1", "mid_year", "q3", "year_end"].contains(&kind.as_str());
            if !known || usual {
                let place = format!("{place}/reviews/{}", crate::api::shape::escape(kind));
                let fault = if usual {
                    Fault::at(
                        place,
                        "misplaced",
                        format!("{kind}_reviewに置いてください。"),
                        format!("It stands in `{kind}_review`."),
                    )
                } else {
                    Fault::unknown(place, "checkpoints", kind)
                };
                self.add(fault);
            }
        }
    }

    fn budgets(&mut self, place: &str, initiative: &InitiativeDocument) {
        let mut seen = HashSet::new();
        for (index, line) in initiative.budgets.iter().enumerate() {
            if !seen.insert((line.fiscal_year, line.kind)) {
                self.add(Fault::at(
                    format!("{place}/budgets/{index}"),
                    "same_year_and_kind",
                    "年度と種類が同じ行があります。",
                    "Two lines have the same year and kind.",
                ));
            }
            if line.amount.is_sign_negative() {
                self.add(
                    Fault::at(
                        format!("{place}/budgets/{index}/amount"),
                        "negative",
                        "負の数は使えません。",
                        "It must not be negative.",
                    )
                    .received(line.amount.to_string()),
                );
            }
        }
    }

    fn targets(&mut self, place: &str, initiative: &InitiativeDocument) {
        for (index, target) in initiative.targets.iter().flatten().enumerate() {
            let place = format!("{place}/targets/{index}");
            for year in target.history.keys() {
                let plan_year = self.document.fiscal_year;
                let earlier = |year: i32| YEARS.contains(&year) && year < plan_year;
                if year.len() != 4 || !year.parse().is_ok_and(earlier) {
                    self.add(
                        Fault::at(
                            format!("{place}/history/{}", crate::api::shape::escape(year)),
                            "not_an_earlier_year",
                            "計画より前の年度（西暦4桁）です。",
                            "It is a fiscal year before the plan's, in four digits.",
                        )
                        .received(year.as_str()),
                    );
                }
            }
            if let Some(criterion) = &target.criterion {
                for (inside, message) in criterion.faults() {
                    let fault = Fault::at(format!("{place}/criterion{inside}"), "criterion", message.ja, message.en);
                    self.add(fault);
                }
            }
        }
    }

    fn actuals(&mut self, place: &str, initiative: &InitiativeDocument) {
        let targets = initiative.targets.as_ref().map_or(0, Vec::len);
        let mut seen: HashMap<_, &ActualDocument> = HashMap::new();
        for (index, actual) in initiative.actuals.iter().flatten().enumerate() {
            let place = format!("{place}/actuals/{index}");
            if actual.target >= targets {
                self.add(
                    Fault::at(
                        format!("{place}/target"),
                        "unknown_reference",
                        format!("この取組の目標は{targets}件です（0から数えます）。"),
                        format!("The initiative has {targets} targets, counted from 0."),
                    )
                    .received(actual.target)
                    .accepted(serde_json::json!({"minimum": 0, "below": targets})),
                );
            }
            for mut fault in rules::broken(actual) {
                if let crate::api::problem::Place::Pointer(inside) = &mut fault.place {
                    *inside = format!("{place}{inside}");
                }
                self.add(fault);
            }
            // The same figure in other words is the same figure: what is left out says what it would say.
            let fiscal_year = actual.fiscal_year.unwrap_or(self.document.fiscal_year);
            if fiscal_year > self.document.fiscal_year {
                let fault = Fault::at(
                    format!("{place}/fiscal_year"),
                    "after_the_plan",
                    "計画の年度より後の実績は、その年度の計画に入れてください。",
                    "What was reported after the plan's year belongs to that year's plan.",
                );
                self.add(
                    fault.received(fiscal_year).accepted(serde_json::json!({"maximum": self.document.fiscal_year})),
                );
            }
            let period = actual.period.as_deref().and_then(|period| period.parse().ok());
            let last = period.map(|period| self.calendar.days(fiscal_year, period).1);
            let subject = (actual.target, fiscal_year, actual.basis, &actual.period, actual.as_of.or(last));
            if seen.insert(subject, actual).is_some() {
                self.add(Fault::at(
                    place,
                    "repeated",
                    "同じ指標・期間・種類の実績が二度あります。",
                    "The same figure is given twice.",
                ));
            }
        }
    }

    fn cross_references(&mut self) {
        let references: Vec<(&str, (&str, String))> =
            self.stands_for.iter().map(|(number, there)| (*number, there.clone())).collect();
        for (number, (same_as, place)) in references {
            let known = self.seen.contains_key(&("initiative", same_as)) || self.mentioned.contains(same_as);
            if number == same_as || self.stands_for.contains_key(same_as) {
                self.add(
                    Fault::at(
                        place,
                        "circular",
                        "再掲が指すのは、再掲でない別の取組です。",
                        "A cross reference stands for another initiative that is none itself.",
                    )
                    .received(same_as),
                );
            } else if !known {
                self.add(Fault::unknown(place, "initiatives", same_as));
            }
        }
    }
}
