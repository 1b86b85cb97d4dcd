use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::TargetState;

fn entry<K>(node: K) -> Entry<K> {
    Entry {
        node,
        initiatives: 1,
        cross_reference: false,
        declared_outlook: Some(Outlook::Achieve),
        declared_progress: Some(Progress::OnSchedule),
        computed_outlook: Verdict::Undetermined,
        computed_progress: ProgressVerdict::Undetermined,
        targets: TargetCounts::default(),
    }
}

fn budget(fiscal_year: i32, kind: BudgetKind, amount: &str) -> BudgetSum {
    BudgetSum { fiscal_year, kind, amount: amount.parse().expect("a decimal") }
}

#[test]
fn a_tally_is_written_with_its_denominators_and_all_its_states() {
    let mut open = TargetCounts::default();
    open.add(TargetState::Open, 51);
    let entries = [
        Entry { initiatives: 42, targets: open, ..entry("plan") },
        Entry { initiatives: 3, declared_progress: Some(Progress::Behind), ..entry("plan") },
        Entry {
            initiatives: 1,
            declared_outlook: Some(Outlook::Miss),
            targets: [TargetState::AlreadyMet; 2].into_iter().collect(),
            ..entry("plan")
        },
        Entry {
            initiatives: 2,
            declared_outlook: Some(Outlook::Miss),
            declared_progress: Some(Progress::Behind),
            ..entry("plan")
        },
        Entry { cross_reference: true, computed_outlook: Verdict::Miss, ..entry("plan") },
    ];
    let tallies = roll_up(&HashMap::from([("plan", None)]), &entries);
    assert_eq!(
        serde_json::to_string(&tallies["plan"]).expect("a text"),
        json!({
            "initiatives": {"total": 49, "cross_references": 1, "flagged": 48},
            "outlook": {"declared": {"achieve": 45, "miss": 3, "none": 0},
                        "computed": {"achieve": 0, "miss": 0, "undetermined": 48}, "disagree": 0},
            "progress": {"declared": {"on_schedule": 43, "behind": 5, "none": 0},
                         "computed": {"on_schedule": 0, "behind": 0, "undetermined": 48}, "disagree": 0},
            "targets": {"total": 53, "by_state":
                        {"open": 51, "already_met": 2, "already_missed": 0, "final_met": 0, "final_missed": 0}},
        })
        .to_string()
    );
}

#[test]
fn flags_disagree_only_where_both_are_given_and_differ() {
    for (declared, computed, disagree) in [
        (Some(Outlook::Achieve), Verdict::Achieve, 0),
        (Some(Outlook::Achieve), Verdict::Miss, 1),
        (Some(Outlook::Miss), Verdict::Achieve, 1),
        (Some(Outlook::Miss), Verdict::Undetermined, 0),
        (None, Verdict::Miss, 0),
    ] {
        let tally = Tally::from(&Entry { declared_outlook: declared, computed_outlook: computed, ..entry(()) });
        assert_eq!(tally.outlook.disagree, disagree, "{declared:?} {computed}");
        assert_eq!(tally.outlook.declared.none, u64::from(declared.is_none()));
    }
    for (declared, computed, disagree) in [
        (Some(Progress::OnSchedule), ProgressVerdict::OnSchedule, 0),
        (Some(Progress::OnSchedule), ProgressVerdict::Behind, 1),
        (Some(Progress::Behind), ProgressVerdict::OnSchedule, 1),
        (Some(Progress::Behind), ProgressVerdict::Undetermined, 0),
        (None, ProgressVerdict::Behind, 0),
    ] {
        let tally = Tally::from(&Entry { declared_progress: declared, computed_progress: computed, ..entry(()) });
        assert_eq!(tally.progress.disagree, disagree, "{declared:?} {computed}");
    }
}

#[test]
fn a_cross_reference_is_an_initiative_without_flags_and_targets() {
    let tally = Tally::from(&Entry {
        cross_reference: true,
        computed_outlook: Verdict::Miss,
        targets: [TargetState::Open].into_iter().collect(),
        ..entry(())
    });
    let initiatives = InitiativeCounts { total: 1, cross_references: 1, flagged: 0 };
    assert_eq!(tally, Tally { initiatives, ..Tally::default() });
}

#[test]
fn budgets_are_added_exactly_and_stay_in_order() {
    let mut tally = Tally::default();
    for line in [
        budget(2022, BudgetKind::Estimate, "1"),
        budget(2021, BudgetKind::Budget, "100000000000000.1"),
        budget(2020, BudgetKind::Settled, "5"),
        budget(2021, BudgetKind::Settled, "7"),
        budget(2021, BudgetKind::Budget, "0.2"),
    ] {
        tally.add_budget(&line);
    }
    let expected = [
        budget(2020, BudgetKind::Settled, "5"),
        budget(2021, BudgetKind::Settled, "7"),
        budget(2021, BudgetKind::Budget, "100000000000000.3"),
        budget(2022, BudgetKind::Estimate, "1"),
    ];
    assert_eq!(tally.budgets, expected);

    let most = budget(2021, BudgetKind::Budget, "999999999999999999");
    let mut two = Tally::default();
    two.add_budget(&most);
    two.add_budget(&most);
    assert_eq!(two.budgets, [most.clone(), most], "nothing is lost when the sum would outgrow exact numbers");
}

#[test]
fn a_ring_of_parents_counts_every_entry_once_for_each_of_its_nodes() {
    let parents = HashMap::from([(1, Some(2)), (2, Some(3)), (3, Some(2)), (4, Some(4))]);
    let tallies = roll_up(&parents, &[entry(1), entry(3), entry(4), entry(5)]);
    let totals: Vec<u64> = (1..=5).map(|node| tallies[&node].initiatives.total).collect();
    assert_eq!(totals, [1, 2, 2, 1, 1]);
}

fn any_entry() -> impl Strategy<Value = Entry<usize>> {
    let flags = (
        prop::option::of(prop::sample::select(Outlook::ALL)),
        prop::option::of(prop::sample::select(Progress::ALL)),
        prop::sample::select(Verdict::ALL),
        prop::sample::select(ProgressVerdict::ALL),
    );
    let targets = prop::collection::vec(prop::sample::select(TargetState::ALL), 0..4);
    (0usize..12, 0u64..5, any::<bool>(), flags, targets).prop_map(
        |(node, initiatives, cross_reference, (outlook, progress, verdict, pace), targets)| Entry {
            node,
            initiatives,
            cross_reference,
            declared_outlook: outlook,
            declared_progress: progress,
            computed_outlook: verdict,
            computed_progress: pace,
            targets: targets.into_iter().collect(),
        },
    )
}

/// A forest of twelve nodes: each hangs on an earlier one or is a root.
fn any_forest() -> impl Strategy<Value = HashMap<usize, Option<usize>>> {
    prop::collection::vec(prop::option::of(any::<prop::sample::Index>()), 12).prop_map(|parents| {
        let above = |(node, parent): (usize, Option<prop::sample::Index>)| {
            (node, parent.filter(|_| node > 0).map(|parent| parent.index(node)))
        };
        parents.into_iter().enumerate().map(above).collect()
    })
}

proptest! {
    #[test]
    fn a_node_is_the_sum_of_its_children_and_its_own(
        parents in any_forest(),
        entries in prop::collection::vec(any_entry(), 0..20),
        budgets in prop::collection::vec((0usize..12, 2020i32..2023, prop::sample::select(BudgetKind::ALL), -9i64..99), 0..8),
    ) {
        let mut own: HashMap<usize, Tally> = HashMap::new();
        for entry in &entries {
            own.entry(entry.node).or_default().add_entry(entry);
        }
        prop_assert_eq!(roll_up(&parents, &entries), roll_up_tallies(&parents, &own));
        for (node, fiscal_year, kind, amount) in budgets {
            own.entry(node).or_default().add_budget(&BudgetSum { fiscal_year, kind, amount: amount.into() });
        }

        let tallies = roll_up_tallies(&parents, &own);
        for (node, tally) in &tallies {
            let mut sum = own.get(node).cloned().unwrap_or_default();
            for (child, _) in parents.iter().filter(|(_, parent)| **parent == Some(*node)) {
                sum += &tallies[child];
            }
            prop_assert_eq!(&sum, tally);
            let flagged = tally.initiatives.flagged;
            prop_assert_eq!(flagged + tally.initiatives.cross_references, tally.initiatives.total);
            let OutlookCounts { declared, computed, .. } = &tally.outlook;
            prop_assert_eq!(declared.achieve + declared.miss + declared.none, flagged);
            prop_assert_eq!(computed.achieve + computed.miss + computed.undetermined, flagged);
            let ProgressCounts { declared, computed, .. } = &tally.progress;
            prop_assert_eq!(declared.on_schedule + declared.behind + declared.none, flagged);
            prop_assert_eq!(computed.on_schedule + computed.behind + computed.undetermined, flagged);
        }
        let roots = tallies.iter().filter(|(node, _)| parents[node].is_none());
        let all: u64 = roots.map(|(_, tally)| tally.initiatives.total).sum();
        prop_assert_eq!(all, entries.iter().map(|entry| entry.initiatives).sum::<u64>());
    }
}
