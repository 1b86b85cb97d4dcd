use std::collections::HashMap;

use super::*;
use crate::api::plan_documents::{self, Precondition};
use crate::db::{Database, Url, migrations};

fn made(municipalities: u32, years: u32, seed: u64) -> Vec<PlanDocument> {
    plans(Size { municipalities, years, seed }).unwrap().map(Result::unwrap).collect()
}

fn initiatives(node: &ObjectiveDocument) -> Vec<&InitiativeDocument> {
    node.initiatives.iter().chain(node.strategies.iter().flat_map(initiatives)).collect()
}

fn all(plan: &PlanDocument) -> Vec<&InitiativeDocument> {
    plan.themes.iter().chain(&plan.objectives).flat_map(initiatives).collect()
}

#[test]
fn the_same_seed_makes_the_same_plans_and_another_seed_others() {
    assert_eq!(made(2, 2, 7), made(2, 2, 7));
    assert_ne!(made(2, 2, 7), made(2, 2, 8));
    let few = made(2, 2, 7);
    assert_eq!(few, made(30, 2, 7)[..few.len()]);
}

#[test]
fn years_end_with_2021_which_stands_at_mid_year() {
    let plans = made(25, 3, 1);
    let years: Vec<i32> = plans[..3].iter().map(|plan| plan.fiscal_year).collect();
    assert_eq!((plans.len(), years), (75, vec![2019, 2020, 2021]));
    let stands = |plan: &PlanDocument| plan.checkpoint.as_ref().map(|checkpoint| checkpoint.kind.clone()).unwrap();
    assert_eq!([stands(&plans[1]), stands(&plans[2])], ["year_end", "mid_year"]);
    assert!(all(&plans[2]).iter().all(|initiative| initiative.q3_review.is_none()));
    assert_eq!(plans[0].organization.parent.as_ref().unwrap().code, "271004");
    assert_ne!(plans[74].organization.parent.as_ref().unwrap().code, "271004");
}

#[test]
fn a_plan_is_as_large_as_a_real_one() {
    let plan = &made(1, 1, 1)[0];
    let all = all(plan);
    let targets = all.iter().flat_map(|initiative| initiative.targets.iter().flatten()).count();
    let references = all.iter().filter(|initiative| initiative.same_as.is_some()).count();
    // Six themes and the reform plan beside them.
    assert_eq!((plan.themes.len(), all.len(), targets, references), (7, 49, 53, 1));
}

#[test]
fn a_year_s_results_are_the_next_year_s_history() {
    let plans = made(1, 2, 3);
    let mut compared = 0;
    for (before, after) in all(&plans[0]).iter().zip(all(&plans[1])) {
        for (index, target) in after.targets.iter().flatten().enumerate() {
            let reported = before.actuals.iter().flatten().filter(|actual| actual.target == index);
            let values: Vec<_> = reported.filter_map(|actual| actual.value).collect();
            let result = match target.measure {
                crate::domain::Measure::Sum => values.into_iter().reduce(|a, b| a.plus(b).unwrap()).unwrap(),
                crate::domain::Measure::Latest => *values.last().unwrap(),
                _ => continue,
            };
            compared += 1;
            assert_eq!(target.history["2020"], result, "{}", target.indicator);
        }
    }
    assert!(compared > 40);
}

/// With numbers for both sorts of municipalities, an Osaka ward and an invented one, in the first and in later years.
#[test]
fn every_plan_is_accepted_and_putting_it_again_changes_nothing() {
    let folder = std::env::temp_dir().join(format!("mikomi-generate-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let url = Url::Sqlite(folder.join("test.sqlite"));
    migrations::migrate(&url).unwrap();
    let db = Database::open(&url, 1).unwrap();
    let plans: Vec<PlanDocument> = made(25, 3, 5).into_iter().skip(23 * 3).collect();
    let mut changed: HashMap<u32, usize> = HashMap::new();
    for round in [1, 2] {
        for plan in &plans {
            let text = serde_json::to_value(plan).unwrap();
            let read = plan_documents::read_document(&text, &plan.organization.code, plan.fiscal_year);
            let read = read.unwrap_or_else(|problem| panic!("{:?}", problem.lines()));
            let put = db.write(move |c| plan_documents::put(c, &read, Precondition::None));
            let put =
                actix_web::rt::System::new().block_on(put).unwrap_or_else(|problem| panic!("{:?}", problem.lines()));
            *changed.entry(round).or_default() += usize::from(put.changed());
        }
    }
    drop(db);
    std::fs::remove_dir_all(folder).unwrap();
    assert_eq!((changed[&1], changed[&2]), (plans.len(), 0));
}
