//! Made-up plans, as many as one asks for, to try the service at a city's or the country's size.
//!
//! Every plan has the shape and the texts of the plan of Osaka's Minato ward for 2021. Its figures are drawn, the same
//! ones for the same seed, and a municipality's plans tell one story: a year's results are the next year's history.

mod figures;
mod municipalities;
mod random;

use chrono::NaiveDate;

use self::figures::{Series, decimal};
use self::municipalities::Municipality;
use self::random::Random;
use crate::api::plan_documents::document::{
    ActivityDocument, BudgetDocument, CheckpointDocument, InitiativeDocument, ObjectiveDocument, PlanDocument,
    ReviewDocument, Schedule,
};
use crate::domain::fiscal::Calendar;
use crate::domain::{ActivityState, BudgetKind, Outlook, PlanStatus, Progress};

/// The plan after which all are made.
const MINATO: &str = include_str!("../../data/minato-2021.json");

/// The newest year. It stands at mid-year; the years before are over.
const NEWEST: i32 = 2021;

/// The checkpoints, and how many months are over then.
const CHECKPOINTS: [(&str, u32); 4] = [("q1", 3), ("mid_year", 6), ("q3", 9), ("year_end", 12)];

const DEPARTMENTS: [&str; 7] = [
    "協働まちづくり推進課",
    "協働まちづくり推進課（安全・安心）",
    "保健福祉課",
    "保健福祉課（子育て支援）",
    "総務課",
    "総合政策課",
    "窓口サービス課",
];

/// How much is made, and after which seed.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// How many municipalities: Osaka's 24 wards first, then invented ones.
    pub municipalities: u32,
    /// How many years, up to 2021.
    pub years: u32,
    /// Another seed makes other figures.
    pub seed: u64,
}

/// The plans of one municipality after the other, its oldest first. Only the one in hand is kept.
///
/// # Errors
/// Where the embedded data cannot be read.
pub fn plans(size: Size) -> Result<impl Iterator<Item = Result<PlanDocument, serde_json::Error>>, serde_json::Error> {
    let osaka = municipalities::osaka()?;
    let first_invented = u32::try_from(osaka.len()).unwrap_or_default();
    let all =
        osaka.into_iter().chain((0..size.municipalities.saturating_sub(first_invented)).map(municipalities::invented));
    let years = i32::try_from(size.years).unwrap_or(i32::MAX).min(100);
    let every_year = move |(number, municipality): (u64, Municipality)| {
        let made = move |year| Made { size, number, first: NEWEST + 1 - years, year }.plan(&municipality);
        (NEWEST + 1 - years..=NEWEST).map(made)
    };
    Ok((0..).zip(all.take(size.municipalities as usize)).flat_map(every_year))
}

/// A plan that is being made.
struct Made {
    size: Size,
    /// Which municipality, counted from 0.
    number: u64,
    /// The first year with a plan.
    first: i32,
    year: i32,
}

impl Made {
    fn plan(&self, of: &Municipality) -> Result<PlanDocument, serde_json::Error> {
        let Municipality { code, name, city_code, city } = of;
        let short = name.trim_end_matches('区');
        let text = MINATO.replace("港区", name).replace("大阪市", city).replace("弁天町", &format!("{short}町"));
        let mut plan: PlanDocument = serde_json::from_str(&text.replace("みなトクモン", &format!("{short}くん")))?;
        plan.organization.code.clone_from(code);
        if let Some(parent) = &mut plan.organization.parent {
            parent.code.clone_from(city_code);
        }
        plan.fiscal_year = self.year;
        plan.title = format!("{} {name}運営方針", fiscal_year_title(self.year));
        plan.status = Some(if self.year == NEWEST { PlanStatus::Adopted } else { PlanStatus::Closed });
        plan.vision = Some(format!("誰もが住みよい、住みたいと思える{name}"));
        plan.mission = Some("区民に最も身近な行政機関として、区民とともに地域の課題の解決に取り組む。".to_owned());
        plan.checkpoints = CHECKPOINTS.iter().map(|(kind, months)| self.checkpoint(kind, *months)).collect();
        plan.checkpoint = plan.checkpoints.iter().find(|one| one.as_of == Some(self.today())).cloned();
        let mut initiatives = 0;
        for (theme, node) in (0..).zip(plan.themes.iter_mut().chain(&mut plan.objectives)) {
            self.objective(node, theme, &mut initiatives);
        }
        Ok(plan)
    }

    /// How many months of the year are over.
    fn months(&self) -> u32 {
        if self.year == NEWEST { 6 } else { 12 }
    }

    /// The day of the checkpoint at which the plan stands.
    fn today(&self) -> NaiveDate {
        self.last_day_of_month(self.months())
    }

    fn last_day_of_month(&self, month: u32) -> NaiveDate {
        Calendar::default().days(self.year, crate::domain::fiscal::Period::Month(month)).1
    }

    fn checkpoint(&self, kind: &str, months: u32) -> CheckpointDocument {
        let as_of = self.last_day_of_month(months);
        let after = |days| as_of.checked_add_days(chrono::Days::new(days));
        CheckpointDocument { kind: kind.to_owned(), as_of: Some(as_of), opens: after(1), closes: after(25) }
    }

    fn objective(&self, node: &mut ObjectiveDocument, theme: usize, initiatives: &mut u64) {
        node.desired_state = Some(format!("「{}」に区民とともに取り組み、その成果を実感できる状態", node.title));
        for initiative in &mut node.initiatives {
            *initiatives += 1;
            self.initiative(initiative, theme, *initiatives);
        }
        for child in node.strategies.iter_mut().chain(&mut node.objectives) {
            self.objective(child, theme, initiatives);
        }
    }

    fn initiative(&self, initiative: &mut InitiativeDocument, theme: usize, which: u64) {
        let of = |keys: &[u64]| Random::of(&[&[self.size.seed, self.number, which], keys].concat());
        let mut of_all_years = of(&[0]);
        let mut random = of(&[1, u64::from(self.year.unsigned_abs())]);
        initiative.description = Some(format!("{}のため、関係団体と連携して次の取組を行う。", initiative.title));
        let department = (theme + usize::from(of_all_years.percent(25))) % DEPARTMENTS.len();
        initiative.department = DEPARTMENTS.get(department).map(|name| (*name).to_owned());
        initiative.continues = (self.year > self.first).then(|| initiative.number.clone());
        if initiative.same_as.is_some() {
            return;
        }
        initiative.budgets = self.budgets(&of_all_years);
        let mut actuals = Vec::new();
        for (index, target) in initiative.targets.iter_mut().flatten().enumerate() {
            // A plan states three years before its own at most.
            let series = Series::new(target, &mut of_all_years, self.first - 3..=NEWEST);
            series.state_history(target, self.year);
            actuals.extend(series.reported(index, self.year, self.months(), &mut random));
        }
        initiative.actuals = Some(actuals);
        for activity in initiative.activities.iter_mut().flatten() {
            self.activity(activity, &mut random);
        }
        let mut review = |months| (months <= self.months()).then(|| review(&mut random));
        initiative.q1_review = review(3);
        initiative.mid_year_review = review(6);
        initiative.q3_review = review(9);
        initiative.year_end_review = review(12);
    }

    /// What was settled two years ago, budgeted last year and estimated for this one, as the form prints it.
    fn budgets(&self, random: &Random) -> Vec<BudgetDocument> {
        let thousands = random.clone().between(50, 40_000);
        let amount = |year: i32, percent: i64| {
            let growth = i64::from(year - NEWEST) * 2 + 100;
            decimal((thousands * growth.max(1) * percent / 10_000).max(1) * 1_000, 0)
        };
        [
            (self.year - 2, BudgetKind::Settled, 91),
            (self.year - 1, BudgetKind::Budget, 100),
            (self.year, BudgetKind::Estimate, 100),
        ]
        .map(|(fiscal_year, kind, percent)| BudgetDocument {
            fiscal_year,
            kind,
            amount: amount(fiscal_year, percent),
            note: None,
        })
        .to_vec()
    }

    fn activity(&self, activity: &mut ActivityDocument, random: &mut Random) {
        activity.as_of = Some(self.today());
        activity.state = Some(match random.between(1, 100) {
            1..=4 => ActivityState::Postponed,
            5 => ActivityState::Cancelled,
            6..=25 => ActivityState::Done,
            _ if self.months() == 12 => ActivityState::Done,
            _ => ActivityState::InProgress,
        });
        if activity.unit.is_none() {
            activity.due =
                random.percent(40).then(|| self.last_day_of_month(u32::try_from(random.between(4, 12)).unwrap_or(12)));
            return;
        }
        let quarters = [0; 4].map(|_| random.between(1, 15));
        activity.planned = Some(decimal(quarters.iter().sum(), 0));
        let [q1, q2, q3, q4] = quarters.map(|quarter| Some(decimal(quarter, 0)));
        activity.schedule = random.percent(60).then_some(Schedule { q1, q2, q3, q4 });
        let by_now: i64 = quarters.iter().take(self.months() as usize / 3).sum();
        activity.done = Some(decimal(random.scaled(by_now, 85, 125), 0));
    }
}

fn review(random: &mut Random) -> ReviewDocument {
    let outlook = if random.percent(85) { Outlook::Achieve } else { Outlook::Miss };
    let progress = if random.percent(75) { Progress::OnSchedule } else { Progress::Behind };
    let fine = (outlook, progress) == (Outlook::Achieve, Progress::OnSchedule);
    let results = [
        "予定どおり実施し、参加者から概ね好評を得た。",
        "関係団体との調整を終え、取組を順次開始した。",
        "一部は書面・オンラインで実施した。",
    ];
    let measures = [
        "感染症の影響で集合型の実施が困難。小規模開催やオンラインに切り替える。",
        "参加が想定を下回る。広報紙・SNSでの周知を強め、開催日を見直す。",
        "関係団体との調整に時間を要した。日程を組み直し、下半期に集中して実施する。",
    ];
    ReviewDocument {
        outlook: Some(outlook),
        progress: Some(progress),
        results: Some(random.pick(&results).to_owned()),
        issues_and_measures: (!fine).then(|| random.pick(&measures).to_owned()),
    }
}

/// 令和3年度
fn fiscal_year_title(year: i32) -> String {
    match year - 2018 {
        1 => "令和元年度".to_owned(),
        reiwa if reiwa > 1 => format!("令和{reiwa}年度"),
        _ => format!("平成{}年度", year - 1988),
    }
}

#[cfg(test)]
mod tests;
