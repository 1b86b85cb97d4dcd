//! The rules of the house that can be read off the source: who may know whom, who may ask for the time, how large a file
//! may grow. DESIGN.md, section 7, says why.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The longest file that still has one idea.
const LONGEST: usize = 450;

/// A file of the crate: its path from `src`, its text.
struct Source {
    file: String,
    text: String,
}

/// A path in the code, such as `crate::db::Row`, with the line that it stands on.
#[derive(Debug, PartialEq)]
struct Mention {
    line: usize,
    path: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let file = entry.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                found.push(Source { file, text: std::fs::read_to_string(&entry).unwrap() });
            }
        }
    }
    assert!(found.len() > 20, "the sources were not found");
    found.sort_by(|a, b| a.file.cmp(&b.file));
    found
}

impl Source {
    /// The names of the modules down to this file's: `["domain", "criterion"]`.
    fn module(&self) -> Vec<String> {
        let path = self.file.trim_end_matches(".rs").trim_end_matches("/mod");
        path.split('/').filter(|name| !matches!(*name, "lib" | "main")).map(str::to_owned).collect()
    }

    /// Every path that the code mentions, those in macros included; groups are taken apart, `self` and `super` resolved.
    fn mentions(&self) -> Vec<Mention> {
        let tokens: TokenStream = self.text.parse().unwrap_or_else(|error| panic!("{}: {error}", self.file));
        let mut found = Vec::new();
        collect(tokens, &self.module(), &[], &mut found);
        found
    }
}

/// Reads the paths of a stretch of code in `module`; each of them continues `prefix`.
fn collect(tokens: TokenStream, module: &[String], prefix: &[String], found: &mut Vec<Mention>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    let name_at = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(name)) => Some(name.to_string()),
        _ => None,
    };
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let start = at;
        at += 1;
        match token {
            TokenTree::Ident(name) => {
                let mut path = prefix.to_vec();
                path.push(name.to_string());
                while is_colon(at) && is_colon(at + 1) {
                    at += 2;
                    match tokens.get(at) {
                        Some(TokenTree::Ident(next)) => path.push(next.to_string()),
                        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                            collect(group.stream(), module, &path, found);
                            path.clear();
                        }
                        _ => break,
                    }
                    at += 1;
                }
                if !path.is_empty() {
                    found.push(Mention { line: name.span().start().line, path: resolve(&path, module) });
                }
            }
            TokenTree::Group(group) => {
                let mut module = module.to_vec();
                if start >= 2 && name_at(start - 2).as_deref() == Some("mod") {
                    module.extend(name_at(start - 1));
                }
                collect(group.stream(), &module, &[], found);
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The path from the crate's root, where it says `self` or `super`.
fn resolve(path: &[String], module: &[String]) -> String {
    let mut place = module.to_vec();
    let relative = path.iter().take_while(|name| matches!(name.as_str(), "self" | "super"));
    let steps = relative.inspect(|name| drop((*name == "super").then(|| place.pop()))).count();
    if steps == 0 {
        return path.join("::");
    }
    let rest = path.iter().skip(steps).cloned();
    std::iter::once("crate".to_owned()).chain(place).chain(rest).collect::<Vec<_>>().join("::")
}

/// What a layer may and may not know.
struct Layer {
    name: &'static str,
    rooms: &'static [&'static str],
    strangers: &'static [&'static str],
}

const DOMAIN: Layer = Layer {
    name: "domain",
    rooms: &["domain"],
    strangers: &["actix_web", "diesel", "diesel_async", "diesel_migrations", "tokio", "SystemTime", "Instant"],
};
const DB: Layer = Layer { name: "db", rooms: &["db", "domain", "clock"], strangers: &["actix_web", "utoipa"] };
const API: Layer = Layer {
    name: "api",
    rooms: &["api", "db", "domain", "oidc", "exchange", "clock"],
    strangers: &["diesel", "diesel_async", "diesel_migrations"],
};

const OIDC: Layer = Layer {
    name: "oidc",
    rooms: &["oidc", "domain"],
    strangers: &["actix_web", "utoipa", "diesel", "diesel_async", "diesel_migrations"],
};

const EXCHANGE: Layer = Layer {
    name: "exchange",
    rooms: &["exchange", "domain"],
    strangers: &[
        "actix_web",
        "utoipa",
        "diesel",
        "diesel_async",
        "diesel_migrations",
        "tokio",
        "SystemTime",
        "Instant",
    ],
};

/// The wrong arrows of a file, as `file:line: why`.
fn wrong_arrows(source: &Source, layer: &Layer) -> Vec<String> {
    if source.module().first().map(String::as_str) != Some(layer.name) {
        return Vec::new();
    }
    let wrong = |mention: &Mention| {
        let mut names = mention.path.split("::");
        match (names.next(), names.next()) {
            (Some("crate"), Some(room)) => !layer.rooms.contains(&room),
            _ => mention.path.split("::").any(|name| layer.strangers.contains(&name)),
        }
    };
    let mentions = source.mentions();
    let wrong = mentions.iter().filter(|mention| wrong(mention));
    wrong
        .map(|Mention { line, path }| {
            format!("src/{}:{line}: `{}` may not know `{path}`; it may know {:?}", source.file, layer.name, layer.rooms)
        })
        .collect()
}

/// Where a file asks for the time itself, as `file:line: why`.
fn own_clocks(source: &Source) -> Vec<String> {
    let clocks = ["Utc::now", "Local::now", "SystemTime::now"];
    let mentions = source.mentions();
    let asks =
        mentions.iter().filter(|mention| source.file != "clock.rs" && clocks.iter().any(|c| mention.path.ends_with(c)));
    asks.map(|Mention { line, path }| {
        format!("src/{}:{line}: `{path}`: only src/clock.rs asks for the time; call crate::clock, or take the time as an argument", source.file)
    })
    .collect()
}

fn too_long(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    let split =
        format!("src/{}:{lines}: a file of {LONGEST} lines or more has more than one idea: split it", source.file);
    if lines < LONGEST { Vec::new() } else { vec![split] }
}

fn drawers(source: &Source) -> Vec<String> {
    let is_drawer = |name: &String| ["util", "utils", "common", "helper", "helpers", "misc"].contains(&name.as_str());
    match source.module().iter().find(|name| is_drawer(name)) {
        Some(name) => {
            vec![format!("src/{}:1: a function lives with the thing that it is about, not in `{name}`", source.file)]
        }
        None => Vec::new(),
    }
}

/// No file breaks the rule.
#[track_caller]
fn everywhere(rule: impl Fn(&Source) -> Vec<String>) {
    let breaches: Vec<String> = sources().iter().flat_map(rule).collect();
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn the_domain_knows_neither_web_nor_database_nor_clock() {
    everywhere(|source| wrong_arrows(source, &DOMAIN));
}

#[test]
fn the_database_layer_does_not_know_the_web() {
    everywhere(|source| wrong_arrows(source, &DB));
}

#[test]
fn the_api_speaks_to_the_database_through_its_layer() {
    everywhere(|source| wrong_arrows(source, &API));
}

#[test]
fn what_judges_tokens_knows_neither_the_web_framework_nor_the_database() {
    everywhere(|source| wrong_arrows(source, &OIDC));
}

#[test]
fn the_files_know_neither_web_nor_database_nor_clock() {
    everywhere(|source| wrong_arrows(source, &EXCHANGE));
}

#[test]
fn only_the_clock_asks_for_the_time() {
    everywhere(own_clocks);
}

#[test]
fn every_file_has_one_idea() {
    everywhere(too_long);
}

#[test]
fn there_is_no_drawer_for_what_has_no_place() {
    everywhere(drawers);
}

fn fixture(file: &str, text: &str) -> Source {
    Source { file: file.to_owned(), text: text.to_owned() }
}

#[test]
fn a_wrong_arrow_is_found_however_it_is_written() {
    for (file, text, path) in [
        ("domain/a.rs", "use crate::db::Row;", "crate::db::Row"),
        ("domain/a.rs", "use crate::{domain::Decimal, api};", "crate::api"),
        ("domain/a.rs", "use super::super::db;", "crate::db"),
        ("domain/a/b.rs", "fn f() { super::super::super::clock::now(); }", "crate::clock::now"),
        ("domain/a/mod.rs", "mod tests { use super::super::super::db; }", "crate::db"),
        ("domain/a.rs", "macro_rules! m { () => { $crate::db::Row } }", "crate::db::Row"),
        ("domain/a.rs", "fn f(x: &diesel::SqliteConnection) {}", "diesel::SqliteConnection"),
        ("domain/a.rs", "use {std::fmt, actix_web::{web, get}};", "actix_web::web"),
        ("domain/a.rs", "#[tokio::test] fn f() {}", "tokio::test"),
        ("domain/a.rs", "use std::time::{Duration, Instant};", "std::time::Instant"),
    ] {
        let found = wrong_arrows(&fixture(file, text), &DOMAIN);
        assert!(
            found
                .iter()
                .any(|breach| breach.starts_with(&format!("src/{file}:1:")) && breach.contains(&format!("`{path}`"))),
            "{text}: {found:?}"
        );
    }
    assert_eq!(wrong_arrows(&fixture("db/a.rs", "//!\n\nuse crate::api::Server;"), &DB).len(), 1);
    assert!(wrong_arrows(&fixture("db/a.rs", "//!\n\nuse crate::api::Server;"), &DB)[0].starts_with("src/db/a.rs:3:"));
    assert_eq!(wrong_arrows(&fixture("db/a.rs", "use actix_web::web;"), &DB).len(), 1);
    assert_eq!(wrong_arrows(&fixture("api/a.rs", "use diesel::prelude::*;"), &API).len(), 1);
}

#[test]
fn a_right_arrow_and_a_comment_are_left_alone() {
    let text = "//! crate::db\n/// diesel::x\nuse crate::domain::Decimal; use super::b; mod tests { use super::*; } const X: &str = \"crate::db\";";
    assert_eq!(wrong_arrows(&fixture("domain/a.rs", text), &DOMAIN), Vec::<String>::new());
    assert_eq!(wrong_arrows(&fixture("api/a.rs", "use crate::db::Row;"), &DOMAIN), Vec::<String>::new());
}

#[test]
fn an_own_clock_a_long_file_and_a_drawer_are_found() {
    assert!(own_clocks(&fixture("api/a.rs", "\nfn f() { chrono::Utc::now(); }"))[0].starts_with("src/api/a.rs:2:"));
    assert_eq!(own_clocks(&fixture("clock.rs", "fn f() { chrono::Utc::now(); }")), Vec::<String>::new());
    assert_eq!(too_long(&fixture("a.rs", &"\n".repeat(LONGEST))).len(), 1);
    assert_eq!(too_long(&fixture("a.rs", &"\n".repeat(LONGEST - 1))).len(), 0);
    for file in ["utils.rs", "api/common/mod.rs", "db/helpers.rs"] {
        assert_eq!(drawers(&fixture(file, "")).len(), 1, "{file}");
    }
}
