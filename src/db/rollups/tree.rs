//! The tallies of a plan's tree: each objective's own, and those of everything below it.

use std::collections::HashMap;

use crate::db::Row;
use crate::db::evaluation::Evaluated;
use crate::db::graph::PlanGraph;
use crate::db::initiatives::Initiative;
use crate::db::submissions::standings;
use crate::domain::report::{Moment, Node, NodeKind, Rollup, TreeNode, children_of};
use crate::domain::rollup::{BudgetSum, SubmissionCounts, Tally, roll_up_tallies};

/// The tree of a plan's objectives.
pub struct PlanTree {
    plan_id: String,
    title: String,
    nodes: Vec<TreeNode>,
    parents: HashMap<String, Option<String>>,
}

impl PlanTree {
    /// The tree of these objectives, siblings in their order: the id of each, the one above, its number and its title.
    pub fn new(
        plan_id: &str,
        title: &str,
        objectives: impl IntoIterator<Item = (String, Option<String>, String, String)>,
    ) -> Self {
        let node = |(id, parent, number, title): (String, Option<String>, String, String)| TreeNode {
            parent: Some(parent.unwrap_or_else(|| plan_id.to_owned())),
            node: Node { kind: NodeKind::Objective, id: Some(id.clone()), number: Some(number), title: Some(title) },
            id,
        };
        let nodes: Vec<TreeNode> = objectives.into_iter().map(node).collect();
        let mut parents: HashMap<String, Option<String>> =
            nodes.iter().map(|node| (node.id.clone(), node.parent.clone())).collect();
        parents.insert(plan_id.to_owned(), None);
        Self { plan_id: plan_id.to_owned(), title: title.to_owned(), nodes, parents }
    }

    /// The tree of a plan.
    pub fn of(graph: &PlanGraph) -> Self {
        let objectives = graph.objectives.iter().map(|row| {
            let objective = &row.content;
            (row.id.clone(), objective.parent_id.clone(), objective.number.clone(), objective.title.clone())
        });
        Self::new(&graph.plan.id, &graph.plan.content.title, objectives)
    }

    /// The tally of every node, from what each objective has by itself, and of the plan what its departments have reported.
    pub fn tallies(
        &self,
        own: &HashMap<String, Tally>,
        submissions: Option<SubmissionCounts>,
    ) -> HashMap<String, Tally> {
        let mut tallies = roll_up_tallies(&self.parents, own);
        tallies.entry(self.plan_id.clone()).or_default().submissions = submissions;
        tallies
    }

    /// The plan's own tally.
    pub fn total(&self, tallies: &HashMap<String, Tally>) -> Tally {
        tallies.get(&self.plan_id).cloned().unwrap_or_default()
    }

    /// The plan's rollup.
    pub fn plan(&self, tallies: &HashMap<String, Tally>, moment: &Moment, depth: usize) -> Rollup {
        let (id, title) = (Some(self.plan_id.clone()), Some(self.title.clone()));
        let node = Node { kind: NodeKind::Plan, id, number: None, title };
        let children = children_of(Some(&self.plan_id), &self.nodes, tallies, moment, depth);
        Rollup::new(node, moment, self.total(tallies), children)
    }

    /// The rollup of one of the objectives; `None` where it is not one.
    pub fn objective(
        &self,
        id: &str,
        tallies: &HashMap<String, Tally>,
        moment: &Moment,
        depth: usize,
    ) -> Option<Rollup> {
        let node = self.nodes.iter().find(|node| node.id == id)?.node.clone();
        let children = children_of(Some(id), &self.nodes, tallies, moment, depth);
        Some(Rollup::new(node, moment, tallies.get(id).cloned().unwrap_or_default(), children))
    }
}

/// The tallies of every node of a plan.
pub struct PlanTallies<'a> {
    graph: &'a PlanGraph,
    evaluated: &'a [Evaluated],
    tree: PlanTree,
    tallies: HashMap<String, Tally>,
}

impl<'a> PlanTallies<'a> {
    /// Adds up what was evaluated, the budgets, and of the plan what its departments have reported at a checkpoint.
    pub fn of(graph: &'a PlanGraph, evaluated: &'a [Evaluated], checkpoint_id: Option<&str>) -> Self {
        let tree = PlanTree::of(graph);
        let submissions = checkpoint_id.map(|id| standings(graph, id).into_values().collect());
        let tallies = tree.tallies(&Self::by_objective(graph, evaluated), submissions);
        Self { graph, evaluated, tree, tallies }
    }

    /// The plan's rollup.
    pub fn plan(&self, moment: &Moment, depth: usize) -> Rollup {
        self.tree.plan(&self.tallies, moment, depth)
    }

    /// The rollup of one of the plan's objectives; `None` where it is not one.
    pub fn objective(&self, id: &str, moment: &Moment, depth: usize) -> Option<Rollup> {
        self.tree.objective(id, &self.tallies, moment, depth)
    }

    /// The rollup of one of the plan's initiatives; `None` where it is not one.
    pub fn initiative(&self, id: &str, moment: &Moment) -> Option<Rollup> {
        let row = self.graph.initiatives.iter().find(|row| row.id == id)?;
        let node = Node {
            kind: NodeKind::Initiative,
            id: Some(row.id.clone()),
            number: Some(row.content.number.clone()),
            title: Some(row.content.title.clone()),
        };
        let mut own = Self::grouped(self.graph, self.evaluated, |initiative| Some(initiative.id.clone()));
        Some(Rollup::new(node, moment, own.remove(&Some(row.id.clone())).unwrap_or_default(), Vec::new()))
    }

    /// What was evaluated, and the budgets, by objective.
    pub fn by_objective(graph: &PlanGraph, evaluated: &[Evaluated]) -> HashMap<String, Tally> {
        let own = Self::grouped(graph, evaluated, |initiative| Some(initiative.content.objective_id.clone()));
        own.into_iter().filter_map(|(key, tally)| Some((key?, tally))).collect()
    }

    /// What was evaluated, and the budgets, by a key of the initiatives.
    pub fn grouped(
        graph: &PlanGraph,
        evaluated: &[Evaluated],
        key: impl Fn(&Row<Initiative>) -> Option<String>,
    ) -> HashMap<Option<String>, Tally> {
        let keys: HashMap<&str, Option<String>> =
            graph.initiatives.iter().map(|row| (row.id.as_str(), key(row))).collect();
        let mut own: HashMap<Option<String>, Tally> = HashMap::new();
        for initiative in evaluated {
            let key = keys.get(initiative.initiative_id.as_str()).cloned().flatten();
            own.entry(key).or_default().add_entry(&initiative.entry());
        }
        for line in &graph.budgets {
            let key = keys.get(line.initiative_id.as_str()).cloned().flatten();
            let sum = BudgetSum { fiscal_year: line.fiscal_year, kind: line.kind, amount: line.amount };
            own.entry(key).or_default().add_budget(&sum);
        }
        own
    }
}
