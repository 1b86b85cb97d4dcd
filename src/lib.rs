//! Mikomi tracks whether a city's wards do what they promised.

pub mod api;
pub mod cli;
pub mod clock;
pub mod db;
pub mod domain;
pub mod settings;
