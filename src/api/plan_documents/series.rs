//! Which indicator a target of a document measures: the series that it had, else last year's, else a new one.

use std::collections::{HashMap, HashSet};

use super::apply::for_each_initiative;
use super::document::{InitiativeDocument, PlanDocument, TargetDocument};
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
    /// The number of the initiative that last measured with each indicator, in an earlier year.
    owners: HashMap<String, String>,
    /// The numbers of earlier initiatives that those of the document go on with.
    awaited: HashSet<String>,
}

/// The number that an initiative had last year.
fn earlier_number(initiative: &InitiativeDocument) -> &str {
    initiative.continues.as_deref().unwrap_or(&initiative.number)
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
        let owners = indicators::last_measured_by(c, organization_id, document.fiscal_year)?;
        let mut awaited = HashSet::new();
        for_each_initiative(document, &mut |_, initiative| awaited.extend([earlier_number(initiative).to_owned()]));
        Ok(Self { organization_id: organization_id.to_owned(), known, stored, claimed, shared, owners, awaited })
    }

    /// Whether another plan measures with an indicator too.
    pub(super) fn is_shared(&self, indicator_id: &str) -> bool {
        self.shared.contains(indicator_id)
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
        initiative: &InitiativeDocument,
        index: usize,
        wanted: Indicator,
    ) -> Result<(String, Option<String>), DbError> {
        let stored = self.stored.remove(&(initiative.number.clone(), index));
        if let Some((target_id, indicator_id)) = stored {
            let row = self.known.iter().find(|row| row.id == indicator_id);
            // A definition that other years rely on is not changed under them: the target gets a series of its own.
            if row.is_some_and(|row| row.content == wanted || !self.shared.contains(&row.id)) {
                return Ok((ledger.settle_later(row, wanted)?, Some(target_id)));
            }
            return Ok((self.take(ledger, initiative, wanted)?, Some(target_id)));
        }
        Ok((self.take(ledger, initiative, wanted)?, None))
    }

    /// Takes up a series of this definition: the initiative's own of an earlier year, else one that no other initiative
    /// of the document goes on with, else a new one.
    fn take(
        &mut self,
        ledger: &mut Ledger<'_>,
        initiative: &InitiativeDocument,
        wanted: Indicator,
    ) -> Result<String, DbError> {
        let free = || self.known.iter().filter(|row| row.content == wanted && !self.claimed.contains(&row.id));
        let owner = |row: &Row<Indicator>| self.owners.get(&row.id);
        let own = free().find(|row| owner(row).is_some_and(|number| number == earlier_number(initiative)));
        let nobodys = || free().find(|row| owner(row).is_none_or(|number| !self.awaited.contains(number)));
        let id = match own.or_else(nobodys) {
            Some(row) => row.id.clone(),
            None => ledger.settle_later(None, wanted)?,
        };
        self.claimed.insert(id.clone());
        Ok(id)
    }
}
