//! Who may see and who may do what: a role on a part of the tree of organizations.

use std::collections::BTreeSet;
use std::fmt;

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
        /// What is acted on: the organization of the grant and all that is below it.
        owns: BTreeSet<String>,
    },
}

/// Who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// By which people know it: `operator`, `key 港区`, `person yamada@city.example.jp`. A person's may change.
    name: String,
    /// What never changes of it and nobody else has: a key's prefix, a person's subject and issuer. `None` for whoever
    /// there is only one of.
    mark: Option<String>,
}

impl Identity {
    /// Whoever there is only one of.
    pub fn only(name: impl Into<String>) -> Self {
        Self { name: name.into(), mark: None }
    }

    /// Whoever is told from others of that name by a mark.
    pub fn marked(name: impl Into<String>, mark: impl Into<String>) -> Self {
        Self { name: name.into(), mark: Some(mark.into()) }
    }

    /// What stays the same of it under whatever name.
    pub fn mark(&self) -> &str {
        self.mark.as_deref().unwrap_or(&self.name)
    }

    /// Whether it is who was recorded, also under another name.
    ///
    /// ```
    /// use mikomi::domain::access::Identity;
    ///
    /// let then = Identity::marked("person yamada", "f3a2 at https://login.example.jp");
    /// let now = Identity::marked("person suzuki", "f3a2 at https://login.example.jp");
    /// assert_eq!(then.to_string(), "person yamada (f3a2 at https://login.example.jp)");
    /// assert!(now.is(&then.to_string()));
    /// assert!(!Identity::marked("person yamada", "77b0 at https://login.example.jp").is(&then.to_string()));
    /// ```
    pub fn is(&self, recorded: &str) -> bool {
        match &self.mark {
            Some(mark) => recorded.ends_with(&format!(" ({mark})")),
            None => recorded == self.name,
        }
    }
}

/// As it is recorded with each change: `operator`, `key 港区 (3f9a2c10)`.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.mark {
            Some(mark) => write!(f, "{} ({mark})", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// A role and where it counts, as both are written outside: the organization by its national code or its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Post {
    /// What it is there for.
    pub role: Role,
    /// Where, with all that is below; everywhere where `None`.
    pub organization: Option<String>,
    /// Only in the department of this name, directly below the organization.
    pub department: Option<String>,
}

/// A role on a part of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What it is there for.
    pub role: Role,
    /// Where.
    pub reach: Reach,
}

impl Grant {
    /// Whether it lets what belongs there be seen.
    fn shows(&self, home: &Home) -> bool {
        match &self.reach {
            Reach::Everything => true,
            Reach::Parts { sees, .. } => home.organization_id.as_ref().is_some_and(|id| sees.contains(id)),
        }
    }

    /// Whether it lets what belongs there be changed in one of these ways.
    fn allows(&self, deeds: &[Deed], home: &Home) -> bool {
        let owned = match &self.reach {
            Reach::Everything => true,
            Reach::Parts { owns, .. } => {
                home.organization_id.iter().chain(&home.departments).any(|id| owns.contains(id))
            }
        };
        owned && deeds.iter().any(|deed| self.role.may(*deed))
    }
}

/// Whose query or change it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who it is.
    pub identity: Identity,
    /// What it may do, where: each of them by itself, so that a reporter here who approves there approves nothing here.
    pub grants: Vec<Grant>,
    /// Whether published plans are open to it: to the public, which is told nothing else.
    pub published: bool,
}

/// What of the plans is public, where the configuration opens that to everybody.
pub const PUBLISHED: [PlanStatus; 2] = [PlanStatus::Adopted, PlanStatus::Closed];

impl Caller {
    /// Whoever has the machine and its database: the command line.
    pub fn operator() -> Self {
        let grants = vec![Grant { role: Role::Admin, reach: Reach::Everything }];
        Self { identity: Identity::only("operator"), grants, published: true }
    }

    /// Everybody, who reads what is published.
    pub fn public() -> Self {
        Self { identity: Identity::only("public"), grants: Vec::new(), published: true }
    }

    /// Whether there is nothing that it may not see.
    pub fn sees_everything(&self) -> bool {
        self.grants.iter().any(|grant| grant.reach == Reach::Everything)
    }

    /// Whether what belongs there can be seen.
    pub fn reads(&self, home: &Home) -> bool {
        let open = self.published && home.status.is_some_and(|status| PUBLISHED.contains(&status));
        open || self.is_of(home)
    }

    /// Whether what belongs there can be seen by whoever works there, and not only because it is published.
    pub fn is_of(&self, home: &Home) -> bool {
        self.grants.iter().any(|grant| grant.shows(home))
    }

    /// Whether what belongs there can be changed in one of these ways.
    pub fn may(&self, deeds: &[Deed], home: &Home) -> bool {
        self.grants.iter().any(|grant| grant.allows(deeds, home))
    }

    /// Whether anything anywhere can be changed in one of these ways.
    pub fn may_anywhere(&self, deeds: &[Deed]) -> bool {
        self.grants.iter().any(|grant| deeds.iter().any(|deed| grant.role.may(*deed)))
    }

    /// What a list is limited to; `None` where it is limited to nothing.
    pub fn limits(&self) -> Option<Limits> {
        let mut organizations = BTreeSet::new();
        for grant in &self.grants {
            let Reach::Parts { sees, .. } = &grant.reach else { return None };
            organizations.extend(sees.iter().cloned());
        }
        let statuses = PUBLISHED.iter().filter(|_| self.published).map(|status| status.as_str()).collect();
        Some(Limits { organizations: organizations.into_iter().collect(), statuses })
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
    /// The same without what is seen only because it is published.
    pub fn without_published(self) -> Self {
        Self { statuses: Vec::new(), ..self }
    }

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

    fn with(grants: Vec<Grant>) -> Caller {
        Caller { identity: Identity::marked("key", "3f9a2c10"), grants, published: false }
    }

    fn in_welfare(role: Role) -> Grant {
        let reach = Reach::Parts { sees: set(&["minato", "welfare", "planning"]), owns: set(&["welfare"]) };
        Grant { role, reach }
    }

    fn department_of_minato(role: Role) -> Caller {
        with(vec![in_welfare(role)])
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

    #[test]
    fn each_of_several_grants_counts_where_it_is_and_all_of_them_are_seen() {
        let naniwa = Reach::Parts { sees: set(&["naniwa"]), owns: set(&["naniwa"]) };
        let both = with(vec![in_welfare(Role::Reporter), Grant { role: Role::Approver, reach: naniwa }]);
        let (here, there) = (home("minato", &["welfare"]), home("naniwa", &[]));
        assert!(both.reads(&here) && both.reads(&there) && !both.reads(&home("taisho", &[])));
        assert!(both.may(&[Deed::Report], &here) && !both.may(&[Deed::Approve], &here));
        assert!(both.may(&[Deed::Approve], &there) && !both.may(&[Deed::Report], &there));
        assert!(both.may_anywhere(&[Deed::Approve]) && !both.may_anywhere(&[Deed::Plan]));
        assert_eq!(both.limits().unwrap().organizations, ["minato", "naniwa", "planning", "welfare"]);
        assert!(
            with(vec![in_welfare(Role::Reporter), Grant { role: Role::Reader, reach: Reach::Everything }])
                .limits()
                .is_none()
        );
    }

    #[test]
    fn whoever_has_no_grant_reads_what_everybody_does() {
        let nobody = Caller { published: true, ..with(Vec::new()) };
        assert!(nobody.reads(&home("minato", &[])) && !nobody.may(&[Deed::Report], &home("minato", &[])));
        assert_eq!(nobody.limits(), Caller::public().limits());
        assert!(!with(Vec::new()).reads(&home("minato", &[])));
    }

    #[test]
    fn a_name_does_not_make_somebody_else_of_anybody() {
        let yamada = Identity::marked("person yamada", "1 at https://a");
        for other in
            ["person yamada (2 at https://a)", "person yamada (1 at https://b)", "key yamada (1)", "person yamada"]
        {
            assert!(!yamada.is(other), "{other}");
        }
        assert!(yamada.is("person somebody (of another name) (1 at https://a)"));
        assert!(Identity::only("operator").is("operator") && !Identity::only("operator").is("key operator (1)"));
    }
}
