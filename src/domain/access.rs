//! Who may see and who may do what: a role on a part of the tree of organizations.

use std::collections::BTreeSet;

use super::PlanStatus;
use super::words::words;

words! {
    /// What somebody is there for. Each role may read; nobody but an administrator has all of it.
    Role {
        /// Reads.
        Reader = "reader",
        /// Reports what was achieved: the actuals, the activities and the reviews of its initiatives.
        Reporter = "reporter",
        /// Returns, approves and publishes what was submitted.
        Approver = "approver",
        /// Makes plans: objectives, initiatives, indicators, targets, activities, checkpoints.
        Planner = "planner",
        /// Everything, the organizations included.
        Admin = "admin",
    }
}

/// What a change is, as far as it matters who may make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// To report what was achieved.
    Report,
    /// To decide on what was submitted.
    Approve,
    /// To say what is promised.
    Plan,
    /// To change the organizations.
    Administer,
}

impl Role {
    /// Whether the role is there for this.
    ///
    /// ```
    /// use mikomi::domain::access::{Deed, Role};
    ///
    /// assert!(Role::Reporter.may(Deed::Report) && !Role::Reporter.may(Deed::Approve));
    /// assert!(Role::Admin.may(Deed::Approve));
    /// ```
    pub const fn may(self, deed: Deed) -> bool {
        match self {
            Self::Reader => false,
            Self::Reporter => matches!(deed, Deed::Report),
            Self::Approver => matches!(deed, Deed::Approve),
            Self::Planner => matches!(deed, Deed::Plan),
            Self::Admin => true,
        }
    }
}

/// Where a thing belongs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Home {
    /// The organization whose it is; `None` for what stands above all of them.
    pub organization_id: Option<String>,
    /// The departments in charge, or whatever else it is below.
    pub departments: Vec<String>,
    /// How far the plan has come, where it is in one.
    pub status: Option<PlanStatus>,
}

/// How much of the tree of organizations somebody sees and owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All of it.
    Everything,
    /// Parts of it, by the ids of the organizations.
    Parts {
        /// What is seen. A department sees the plan of its ward.
        sees: BTreeSet<String>,
        /// What is acted on: the organization of the key and all that is below it.
        owns: BTreeSet<String>,
    },
}

/// Whose query or change it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who it is, as it is recorded with each change: `operator`, `public`, `key 港区 (3f9a2c10)`.
    pub identity: String,
    /// What it is there for.
    pub role: Role,
    /// Where.
    pub reach: Reach,
    /// Whether published plans are open to everybody.
    pub published: bool,
}

/// What of the plans is public, where the configuration opens that to everybody.
pub const PUBLISHED: [PlanStatus; 2] = [PlanStatus::Adopted, PlanStatus::Closed];

impl Caller {
    /// Whoever has the machine and its database: the command line.
    pub fn operator() -> Self {
        Self { identity: "operator".to_owned(), role: Role::Admin, reach: Reach::Everything, published: true }
    }

    /// Everybody, who reads what is published.
    pub fn public() -> Self {
        let reach = Reach::Parts { sees: BTreeSet::new(), owns: BTreeSet::new() };
        Self { identity: "public".to_owned(), role: Role::Reader, reach, published: true }
    }

    /// Whether what belongs there can be seen.
    pub fn reads(&self, home: &Home) -> bool {
        let Reach::Parts { sees, .. } = &self.reach else { return true };
        let own = home.organization_id.as_ref().is_some_and(|organization| sees.contains(organization));
        own || self.published && home.status.is_some_and(|status| PUBLISHED.contains(&status))
    }

    /// Whether what belongs there can be changed in one of these ways.
    pub fn may(&self, deeds: &[Deed], home: &Home) -> bool {
        let owned = match &self.reach {
            Reach::Everything => true,
            Reach::Parts { owns, .. } => {
                home.organization_id.iter().chain(&home.departments).any(|organization| owns.contains(organization))
            }
        };
        owned && deeds.iter().any(|deed| self.role.may(*deed))
    }

    /// What a list is limited to; `None` where it is limited to nothing.
    pub fn limits(&self) -> Option<Limits> {
        let Reach::Parts { sees, .. } = &self.reach else { return None };
        let statuses = PUBLISHED.iter().filter(|_| self.published).map(|status| status.as_str()).collect();
        Some(Limits { organizations: sees.iter().cloned().collect(), statuses })
    }
}

/// What a list may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// What belongs to these organizations,
    pub organizations: Vec<String>,
    /// and what is in plans that have come so far, whosever they are.
    pub statuses: Vec<&'static str>,
}

impl Limits {
    /// Whether a plan of this organization is within.
    pub fn include(&self, organization_id: &str, status: PlanStatus) -> bool {
        self.organizations.iter().any(|one| one == organization_id) || self.statuses.contains(&status.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ids: &[&str]) -> BTreeSet<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    fn department_of_minato(role: Role) -> Caller {
        let reach = Reach::Parts { sees: set(&["minato", "welfare", "planning"]), owns: set(&["welfare"]) };
        Caller { identity: "key".to_owned(), role, reach, published: false }
    }

    fn home(organization: &str, departments: &[&str]) -> Home {
        Home {
            organization_id: Some(organization.to_owned()),
            departments: departments.iter().map(|id| (*id).to_owned()).collect(),
            status: Some(PlanStatus::Adopted),
        }
    }

    #[test]
    fn a_department_sees_the_plan_of_its_ward_and_changes_its_own_part_of_it() {
        let reporter = department_of_minato(Role::Reporter);
        assert!(reporter.reads(&home("minato", &["planning"])));
        assert!(!reporter.reads(&home("naniwa", &["welfare"])));
        assert!(reporter.may(&[Deed::Report], &home("minato", &["welfare"])));
        assert!(!reporter.may(&[Deed::Report], &home("minato", &["planning"])));
        assert!(!reporter.may(&[Deed::Plan], &home("minato", &["welfare"])));
        assert!(!department_of_minato(Role::Reader).may(&[Deed::Report, Deed::Plan], &home("minato", &["welfare"])));
    }

    #[test]
    fn the_public_reads_what_is_published_and_nothing_else() {
        let public = Caller::public();
        assert!(public.reads(&home("minato", &[])));
        assert!(!public.reads(&Home { status: Some(PlanStatus::Draft), ..home("minato", &[]) }));
        assert!(!public.reads(&Home { status: None, ..home("minato", &[]) }));
        assert!(!public.may(&[Deed::Report], &home("minato", &[])));
    }
}
