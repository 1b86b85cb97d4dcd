//! The tally: how many initiatives stand where, for any node of a plan's, an organization's or any other tree.
//!
//! A tally counts and never averages, shows its denominators, and is the sum of its children's and its own.

mod counts;

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::counts::plus;
pub use self::counts::{
    ComputedOutlook, ComputedProgress, DeclaredOutlook, DeclaredProgress, InitiativeCounts, OutlookCounts,
    ProgressCounts, StateCounts, SubmissionCounts, TargetCounts,
};
use super::{BudgetKind, Decimal, Outlook, Progress, ProgressVerdict, Verdict};

/// What one node contributes by itself: initiatives that are alike in everything that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<K> {
    /// The node to which the initiatives belong.
    pub node: K,
    /// How many initiatives this entry stands for.
    pub initiatives: u64,
    /// Whether they stand for others (再掲): then they carry no flags, and neither flags nor targets of theirs are counted.
    pub cross_reference: bool,
    /// The outlook that the department declared.
    pub declared_outlook: Option<Outlook>,
    /// The progress that the department declared.
    pub declared_progress: Option<Progress>,
    /// The computed outlook.
    pub computed_outlook: Verdict,
    /// The computed progress.
    pub computed_progress: ProgressVerdict,
    /// The targets of all the initiatives of this entry together.
    pub targets: TargetCounts,
}

impl<K> Entry<K> {
    /// Whether the outlook is declared and computed, and not the same.
    pub fn outlooks_disagree(&self) -> bool {
        matches!(
            (self.declared_outlook, self.computed_outlook),
            (Some(Outlook::Achieve), Verdict::Miss) | (Some(Outlook::Miss), Verdict::Achieve)
        )
    }

    /// Whether the progress is declared and computed, and not the same.
    pub fn progress_disagrees(&self) -> bool {
        matches!(
            (self.declared_progress, self.computed_progress),
            (Some(Progress::OnSchedule), ProgressVerdict::Behind)
                | (Some(Progress::Behind), ProgressVerdict::OnSchedule)
        )
    }
}

/// The budget of one fiscal year and kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BudgetSum {
    /// The fiscal year, named by the calendar year in which it starts.
    pub fiscal_year: i32,
    /// Which of the year's amounts.
    pub kind: BudgetKind,
    /// In yen.
    pub amount: Decimal,
}

/// Everything that is counted for one node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tally {
    /// How many initiatives.
    pub initiatives: InitiativeCounts,
    /// Their outlook (目標達成見込).
    pub outlook: OutlookCounts,
    /// Their progress (取組の進捗).
    pub progress: ProgressCounts,
    /// Their targets.
    pub targets: TargetCounts,
    /// Their budgets, by year and kind; left out when there are none. One line for each year and kind, unless the sum would
    /// outgrow what is kept exactly: then several, and nothing is lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<BudgetSum>,
    /// The reports of its departments, by state; left out where there is no checkpoint, where it is not made of what departments report (an
    /// objective, an initiative), and for whoever may not see them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submissions: Option<SubmissionCounts>,
}

impl Tally {
    /// Counts what an entry stands for.
    pub fn add_entry<K>(&mut self, entry: &Entry<K>) {
        let Entry {
            node: _,
            initiatives,
            cross_reference,
            declared_outlook,
            declared_progress,
            computed_outlook,
            computed_progress,
            targets,
        } = entry;
        let n = *initiatives;
        plus(&mut self.initiatives.total, n);
        if *cross_reference {
            plus(&mut self.initiatives.cross_references, n);
            return;
        }
        plus(&mut self.initiatives.flagged, n);
        self.targets += targets;

        let OutlookCounts { declared, computed, disagree } = &mut self.outlook;
        plus(
            match declared_outlook {
                Some(Outlook::Achieve) => &mut declared.achieve,
                Some(Outlook::Miss) => &mut declared.miss,
                None => &mut declared.none,
            },
            n,
        );
        plus(
            match computed_outlook {
                Verdict::Achieve => &mut computed.achieve,
                Verdict::Miss => &mut computed.miss,
                Verdict::Undetermined => &mut computed.undetermined,
            },
            n,
        );
        if entry.outlooks_disagree() {
            plus(disagree, n);
        }

        let ProgressCounts { declared, computed, disagree } = &mut self.progress;
        plus(
            match declared_progress {
                Some(Progress::OnSchedule) => &mut declared.on_schedule,
                Some(Progress::Behind) => &mut declared.behind,
                None => &mut declared.none,
            },
            n,
        );
        plus(
            match computed_progress {
                ProgressVerdict::OnSchedule => &mut computed.on_schedule,
                ProgressVerdict::Behind => &mut computed.behind,
                ProgressVerdict::Undetermined => &mut computed.undetermined,
            },
            n,
        );
        if entry.progress_disagrees() {
            plus(disagree, n);
        }
    }

    /// Adds an amount to the line of its year and kind, exactly.
    pub fn add_budget(&mut self, budget: &BudgetSum) {
        let key = |line: &BudgetSum| (line.fiscal_year, line.kind);
        for line in self.budgets.iter_mut().filter(|line| key(line) == key(budget)) {
            if let Some(sum) = line.amount.plus(budget.amount) {
                line.amount = sum;
                return;
            }
        }
        let at = self.budgets.partition_point(|line| key(line) <= key(budget));
        self.budgets.insert(at, budget.clone());
    }
}

impl AddAssign<&Self> for Tally {
    fn add_assign(&mut self, other: &Self) {
        let Self { initiatives, outlook, progress, targets, budgets, submissions } = other;

        let InitiativeCounts { total, cross_references, flagged } = initiatives;
        plus(&mut self.initiatives.total, *total);
        plus(&mut self.initiatives.cross_references, *cross_references);
        plus(&mut self.initiatives.flagged, *flagged);

        let OutlookCounts { declared, computed, disagree } = outlook;
        plus(&mut self.outlook.declared.achieve, declared.achieve);
        plus(&mut self.outlook.declared.miss, declared.miss);
        plus(&mut self.outlook.declared.none, declared.none);
        plus(&mut self.outlook.computed.achieve, computed.achieve);
        plus(&mut self.outlook.computed.miss, computed.miss);
        plus(&mut self.outlook.computed.undetermined, computed.undetermined);
        plus(&mut self.outlook.disagree, *disagree);

        let ProgressCounts { declared, computed, disagree } = progress;
        plus(&mut self.progress.declared.on_schedule, declared.on_schedule);
        plus(&mut self.progress.declared.behind, declared.behind);
        plus(&mut self.progress.declared.none, declared.none);
        plus(&mut self.progress.computed.on_schedule, computed.on_schedule);
        plus(&mut self.progress.computed.behind, computed.behind);
        plus(&mut self.progress.computed.undetermined, computed.undetermined);
        plus(&mut self.progress.disagree, *disagree);

        self.targets += targets;
        budgets.iter().for_each(|budget| self.add_budget(budget));
        if let Some(submissions) = submissions {
            *self.submissions.get_or_insert_default() += submissions;
        }
    }
}

impl<K> From<&Entry<K>> for Tally {
    fn from(entry: &Entry<K>) -> Self {
        let mut tally = Self::default();
        tally.add_entry(entry);
        tally
    }
}

/// The tally of every node of a forest: its own entries and those of everything below it.
///
/// `parents` names each node's parent, `None` for a root. Every node that is named anywhere gets a tally. Should the parents
/// form a ring, each node of the ring counts each entry once.
pub fn roll_up<K: Eq + Hash + Clone>(parents: &HashMap<K, Option<K>>, entries: &[Entry<K>]) -> HashMap<K, Tally> {
    let mut own: HashMap<K, Tally> = HashMap::new();
    for entry in entries {
        own.entry(entry.node.clone()).or_default().add_entry(entry);
    }
    roll_up_tallies(parents, &own)
}

/// Like [`roll_up`], from what each node has by itself, budgets included.
pub fn roll_up_tallies<K: Eq + Hash + Clone>(
    parents: &HashMap<K, Option<K>>,
    own: &HashMap<K, Tally>,
) -> HashMap<K, Tally> {
    let named = parents.iter().flat_map(|(node, parent)| [Some(node), parent.as_ref()]).flatten();
    let mut tallies: HashMap<K, Tally> = named.map(|node| (node.clone(), Tally::default())).collect();
    for (node, tally) in own {
        let mut seen = HashSet::new();
        let mut next = Some(node);
        while let Some(here) = next.filter(|here| seen.insert(*here)) {
            *tallies.entry(here.clone()).or_default() += tally;
            next = parents.get(here).and_then(Option::as_ref);
        }
    }
    tallies
}

#[cfg(test)]
mod tests;
