//! Mikomi tracks whether a city's wards do what they promised.

pub mod domain;
