//! Which indicator a target of a document measures: the series that it had, else last year's, else a new one.

use std::collections::{HashMap, HashSet};

use super::apply::for_each_initiative;
use super::document::{PlanDocument, TargetDocument};
use super::ledger::Ledger;
use crate::db::graph::PlanGraph;
use crate::db::indicators::{self, Indicator};
use crate::db::{Connection, DbError, Row};

/// The indicators that a document's targets have or may take.
///
/// A name alone does not make a series: two initiatives of one plan may both count "participants" and mean different
/// people. So no two targets of a plan share a series, and a series of other years is taken up only where its
/// definition is the same.
pub(super) struct Series {
    organization_id: String,
    known: Vec<Row<Indicator>>,
    /// The stored target of each place in the document, with its indicator.
    stored: HashMap<(String, usize), (String, String)>,
    /// Indicators that are spoken for.
    claimed: HashSet<String>,
    /// Indicators that other plans measure with.
    shared: HashSet<String>,
}

impl Series {
    /// Finds for each target of the document the stored one that it is: of the same initiative and indicator name, the
    /// first with the first.
    pub(super) fn new(
        c: &mut Connection,
        organization_id: &str,
        document: &PlanDocument,
        before: Option<&PlanGraph>,
    ) -> Result<Self, DbError> {
        let known = indicators::of_organization(c, organization_id)?;
        let (mut stored, mut taken, mut claimed) = (HashMap::new(), HashSet::new(), HashSet::new());
        if let Some(graph) = before {
            let numbers: HashMap<&str, &str> =
                graph.initiatives.iter().map(|row| (row.id.as_str(), row.content.number.as_str())).collect();
            for_each_initiative(document, &mut |_, initiative| {
                for (index, target) in initiative.targets.iter().flatten().enumerate() {
                    let same = graph.targets.iter().find(|row| {
                        let name = graph.indicators.get(&row.content.indicator_id).map(|row| &row.content.name);
                        numbers.get(row.content.initiative_id.as_str()) == Some(&initiative.number.as_str())
                            && name == Some(&target.indicator)
                            && !taken.contains(&row.id)
                    });
                    if let Some(row) = same {
                        taken.insert(row.id.clone());
                        claimed.insert(row.content.indicator_id.clone());
                        let found = (row.id.clone(), row.content.indicator_id.clone());
                        stored.insert((initiative.number.clone(), index), found);
                    }
                }
            });
        }
        let plan = before.map(|graph| graph.plan.id.as_str()).unwrap_or_default();
        let shared = indicators::measured_elsewhere(c, organization_id, plan)?;
        Ok(Self { organization_id: organization_id.to_owned(), known, stored, claimed, shared })
    }

    /// The definition of the series that a target measures.
    pub(super) fn definition(&self, target: &TargetDocument) -> Indicator {
        Indicator {
            organization_id: self.organization_id.clone(),
            name: target.indicator.clone(),
            unit: target.unit.clone(),
            polarity: target.polarity,
            measure: target.measure,
            source: target.source.clone(),
            common_code: target.common_code.clone(),
        }
    }

    /// The indicator of a target, and the stored target where there is one.
    pub(super) fn of(
        &mut self,
        ledger: &mut Ledger<'_>,
        initiative: &str,
        index: usize,
        wanted: Indicator,
    ) -> Result<(String, Option<String>), DbError> {
        let stored = self.stored.remove(&(initiative.to_owned(), index));
        if let Some((target_id, indicator_id)) = stored {
            let row = self.known.iter().find(|row| row.id == indicator_id);
            // A definition that other years rely on is not changed under them: the target gets a series of its own.
            if row.is_some_and(|row| row.content == wanted || !self.shared.contains(&row.id)) {
                return Ok((ledger.settle(row, wanted)?, Some(target_id)));
            }
            return Ok((self.take(ledger, wanted)?, Some(target_id)));
        }
        Ok((self.take(ledger, wanted)?, None))
    }

    fn take(&mut self, ledger: &mut Ledger<'_>, wanted: Indicator) -> Result<String, DbError> {
        let free = self.known.iter().find(|row| row.content == wanted && !self.claimed.contains(&row.id));
        let id = match free {
            Some(row) => row.id.clone(),
            None => ledger.settle(None, wanted)?,
        };
        self.claimed.insert(id.clone());
        Ok(id)
    }
}
