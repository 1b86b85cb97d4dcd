//! How a row of a list names the indicator that it is about, and what the caller may do with it: looked up for all rows at
//! once.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use super::indicators::Indicator;
use super::schema::{indicators, initiatives, organizations, plans, targets};
use super::{Connection, DbError};
use crate::domain::access::{Deed, Home};
use crate::domain::fiscal::Calendar;
use crate::domain::fold::{fold, fold_number};

/// How a row names an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Address {
    /// By its id; where the name is told as well, it has to be this one.
    Id {
        /// The id.
        id: String,
        /// The name.
        name: Option<String>,
    },
    /// By the city-wide definition that it follows.
    Common {
        /// The organization's id or national code.
        organization: String,
        /// The definition.
        code: String,
    },
    /// By the initiative that measures with it.
    Measured {
        /// The organization's id or national code.
        organization: String,
        /// The plan's year.
        fiscal_year: i32,
        /// The initiative's number.
        number: String,
        /// The indicator's name.
        name: String,
    },
}

/// Why an address leads nowhere. Each says what is there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Astray {
    /// There is no such indicator.
    Id,
    /// It has another name.
    OtherName(String),
    /// There is no such organization.
    Organization,
    /// The organization has no plan for the year; for these it has.
    Plan(Vec<i32>),
    /// The plan has no initiative with this number.
    Number,
    /// The initiative measures other indicators.
    Name(Vec<String>),
    /// The organization has no indicator that follows the definition.
    CommonCode,
    /// It leads to several indicators, by their ids.
    Several(Vec<String>),
}

/// An indicator that the caller may see.
#[derive(Debug, Clone)]
pub struct Known {
    /// The indicator.
    pub indicator: Indicator,
    /// The fiscal calendar of its organization.
    pub calendar: Calendar,
    /// Where it belongs.
    pub home: Home,
}

/// All that a list of addresses may lead to, as far as the caller may see it.
#[derive(Debug, Default)]
pub struct Directory {
    organizations: HashMap<String, String>,
    plans: HashMap<(String, i32), String>,
    initiatives: HashMap<(String, String), HashSet<String>>,
    measured: HashMap<String, Vec<(String, String)>>,
    common: HashMap<(String, String), Vec<String>>,
    known: HashMap<String, Known>,
}

impl Directory {
    /// Looks up everything that these addresses name.
    ///
    /// # Errors
    /// The database's own.
    pub fn load<'a>(c: &mut Connection, addresses: impl Iterator<Item = &'a Address>) -> Result<Self, DbError> {
        let (mut ids, mut names, mut codes, mut years) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for address in addresses {
            match address {
                Address::Id { id, .. } => {
                    ids.insert(id.as_str());
                }
                Address::Common { organization, code } => {
                    names.insert(organization.as_str());
                    codes.insert(code.as_str());
                }
                Address::Measured { organization, fiscal_year, .. } => {
                    names.insert(organization.as_str());
                    years.insert(*fiscal_year);
                }
            }
        }
        let mut directory = Self::default();
        directory.find_organizations(c, &names)?;
        let mut found = directory.find_by_ids(c, &ids)?;
        if !codes.is_empty() {
            found.extend(directory.find_by_codes(c, &codes)?);
        }
        if !years.is_empty() {
            found.extend(directory.find_measured(c, &years)?);
        }
        directory.know(c, &found)?;
        Ok(directory)
    }

    fn owners(&self) -> Vec<String> {
        self.organizations.values().cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn find_organizations(&mut self, c: &mut Connection, names: &BTreeSet<&str>) -> Result<(), DbError> {
        if names.is_empty() {
            return Ok(());
        }
        let limits = c.caller.limits();
        let found: Vec<(String, Option<String>)> = on!(c, |c| {
            let mut query = organizations::table.select((organizations::id, organizations::code)).into_boxed();
            if let Some(limits) = &limits {
                query = within!(organizations, query, limits);
            }
            let named = organizations::id.eq_any(names).or(organizations::code.assume_not_null().eq_any(names));
            query.filter(named).load(c)?
        });
        for (id, code) in found {
            self.organizations.extend(code.map(|code| (code, id.clone())));
            self.organizations.insert(id.clone(), id);
        }
        Ok(())
    }

    fn find_by_ids(&mut self, c: &mut Connection, ids: &BTreeSet<&str>) -> Result<BTreeSet<String>, DbError> {
        if ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        let limits = c.caller.limits();
        let found: Vec<String> = on!(c, |c| {
            let mut query = indicators::table.select(indicators::id).into_boxed();
            if let Some(limits) = &limits {
                query = within!(indicators, query, limits);
            }
            query.filter(indicators::id.eq_any(ids)).load(c)?
        });
        Ok(found.into_iter().collect())
    }

    fn find_by_codes(&mut self, c: &mut Connection, codes: &BTreeSet<&str>) -> Result<Vec<String>, DbError> {
        let (limits, owners) = (c.caller.limits(), self.owners());
        let found: Vec<(String, String, Option<String>)> = on!(c, |c| {
            let columns = (indicators::id, indicators::organization_id, indicators::common_code);
            let mut query = indicators::table.select(columns).into_boxed();
            if let Some(limits) = &limits {
                query = within!(indicators, query, limits);
            }
            let query = query.filter(indicators::organization_id.eq_any(owners));
            query.filter(indicators::common_code.assume_not_null().eq_any(codes)).order(indicators::id).load(c)?
        });
        let ids = found.iter().map(|(id, ..)| id.clone()).collect();
        for (id, organization, code) in found {
            self.common.entry((organization, code.unwrap_or_default())).or_default().push(id);
        }
        Ok(ids)
    }

    /// The initiatives of the organizations' plans, and what each of them measures with. The plans of all years: a fault
    /// says which there are.
    fn find_measured(&mut self, c: &mut Connection, years: &BTreeSet<i32>) -> Result<Vec<String>, DbError> {
        let (limits, owners) = (c.caller.limits(), self.owners());
        let found: Vec<(String, String, i32)> = on!(&mut *c, |c| {
            let mut query = plans::table.select((plans::id, plans::organization_id, plans::fiscal_year)).into_boxed();
            if let Some(limits) = &limits {
                query = within!(plans, query, limits);
            }
            query.filter(plans::organization_id.eq_any(owners)).load(c)?
        });
        let asked = found.iter().filter(|(.., year)| years.contains(year));
        let ids: Vec<&String> = asked.map(|(id, ..)| id).collect();
        let numbered: Vec<(String, String, String)> = on!(&mut *c, |c| initiatives::table
            .filter(initiatives::plan_id.eq_any(&ids))
            .select((initiatives::plan_id, initiatives::number, initiatives::id))
            .load(c)?);
        let measured: Vec<(String, String, String)> = on!(c, |c| initiatives::table
            .inner_join(targets::table.on(targets::initiative_id.eq(initiatives::id)))
            .inner_join(indicators::table.on(indicators::id.eq(targets::indicator_id)))
            .filter(initiatives::plan_id.eq_any(&ids))
            .select((initiatives::id, indicators::name, indicators::id))
            .distinct()
            .load(c)?);
        let leads_to = measured.iter().map(|(.., id)| id.clone()).collect();
        for (plan, number, initiative) in numbered {
            self.initiatives.entry((plan, fold_number(&number))).or_default().insert(initiative);
        }
        for (initiative, name, indicator) in measured {
            self.measured.entry(initiative).or_default().push((name, indicator));
        }
        self.plans = found.into_iter().map(|(id, organization, year)| ((organization, year), id)).collect();
        Ok(leads_to)
    }

    fn know(&mut self, c: &mut Connection, ids: &BTreeSet<String>) -> Result<(), DbError> {
        let found: Vec<(String, Indicator, i32)> = on!(&mut *c, |c| indicators::table
            .inner_join(organizations::table.on(organizations::id.eq(indicators::organization_id)))
            .filter(indicators::id.eq_any(ids))
            .select((indicators::id, Indicator::as_select(), organizations::fiscal_year_start_month))
            .load(c)?);
        let home = |organization: &String| Home { organization_id: Some(organization.clone()), ..Home::default() };
        let foreign = |organization: &String| !c.caller.may(&[Deed::Report], &home(organization));
        // Whoever reports for the organization need not be in charge of the initiatives.
        let unowned: Vec<&String> =
            found.iter().filter(|(_, one, _)| foreign(&one.organization_id)).map(|(id, ..)| id).collect();
        let mut departments: HashMap<(String, String), Vec<String>> = HashMap::new();
        if !unowned.is_empty() {
            let in_charge: Vec<(String, String, Option<String>)> = on!(c, |c| targets::table
                .inner_join(initiatives::table.on(initiatives::id.eq(targets::initiative_id)))
                .inner_join(plans::table.on(plans::id.eq(initiatives::plan_id)))
                .filter(targets::indicator_id.eq_any(unowned))
                .select((targets::indicator_id, plans::organization_id, initiatives::department_id))
                .distinct()
                .load(c)?);
            for (indicator, organization, department) in in_charge {
                departments.entry((indicator, organization)).or_default().extend(department);
            }
        }
        for (id, indicator, start_month) in found {
            let organization = indicator.organization_id.clone();
            let departments = departments.remove(&(id.clone(), organization.clone())).unwrap_or_default();
            let home = Home { organization_id: Some(organization), departments, status: None };
            self.known.insert(id, Known { indicator, calendar: Calendar::starting_in(start_month), home });
        }
        Ok(())
    }

    /// What an address leads to: the indicator's id and what is known of it.
    ///
    /// # Errors
    /// [`Astray`] where it leads nowhere or to several.
    pub fn find(&self, address: &Address) -> Result<(&str, &Known), Astray> {
        match address {
            Address::Id { id, name } => {
                let (id, known) = self.known.get_key_value(id).ok_or(Astray::Id)?;
                match name {
                    Some(name) if fold(name) != fold(&known.indicator.name) => {
                        Err(Astray::OtherName(known.indicator.name.clone()))
                    }
                    _ => Ok((id, known)),
                }
            }
            Address::Common { organization, code } => {
                let owner = self.organizations.get(organization).ok_or(Astray::Organization)?;
                let found = self.common.get(&(owner.clone(), code.clone())).ok_or(Astray::CommonCode)?;
                self.only(found.iter()).unwrap_or(Err(Astray::CommonCode))
            }
            Address::Measured { organization, fiscal_year, number, name } => {
                let owner = self.organizations.get(organization).ok_or(Astray::Organization)?;
                let plan = self.plans.get(&(owner.clone(), *fiscal_year)).ok_or_else(|| self.no_plan(owner))?;
                let numbered = self.initiatives.get(&(plan.clone(), fold_number(number))).ok_or(Astray::Number)?;
                let measured = || numbered.iter().filter_map(|one| self.measured.get(one)).flatten();
                let exactly = self.only(measured().filter(|(one, _)| one == name).map(|(_, id)| id));
                if let Some(found) = exactly {
                    return found;
                }
                let folded = fold(name);
                let alike = measured().filter(|(one, _)| fold(one) == folded).map(|(_, id)| id);
                self.only(alike).unwrap_or_else(|| Err(Astray::Name(measured().map(|(one, _)| one.clone()).collect())))
            }
        }
    }

    fn no_plan(&self, owner: &str) -> Astray {
        let years = self.plans.keys().filter(|(organization, _)| organization == owner).map(|(_, year)| *year);
        Astray::Plan(years.collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// The one of these ids; `None` where there is none.
    fn only<'a>(&'a self, ids: impl Iterator<Item = &'a String>) -> Option<Result<(&'a str, &'a Known), Astray>> {
        let ids: BTreeSet<&String> = ids.collect();
        let mut known = ids.iter().filter_map(|id| self.known.get_key_value(*id));
        match (known.next(), known.next()) {
            (None, _) => None,
            (Some((id, one)), None) => Some(Ok((id, one))),
            _ => Some(Err(Astray::Several(ids.into_iter().cloned().collect()))),
        }
    }
}
