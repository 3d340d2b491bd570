//! The arrows of `server/docs/architecture.md`, held against what the sources name.
//!
//! Read are the paths that begin with `crate::`, `super::` or the name of a crate, comments and test
//! modules left out. A new arrow belongs into the tables here and into that page, with its reason.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A module or crate, and those that it may know.
type Arrows = &'static [(&'static str, &'static [&'static str])];

/// Modules of ksext-core, each below the ones that it knows.
const CORE: Arrows = &[
    ("lang", &[]),
    ("semver", &[]),
    ("text", &[]),
    ("yaml", &["text"]),
    ("manifest", &["text", "yaml"]),
    ("schema", &["lang", "manifest"]),
    ("package", &["lang", "semver", "text", "yaml", "manifest"]),
    ("finding", &["lang", "text", "manifest", "package"]),
    (
        "rules",
        &[
            "lang", "semver", "text", "yaml", "manifest", "schema", "package", "finding",
        ],
    ),
    (
        "suppression",
        &["text", "yaml", "manifest", "package", "finding", "rules"],
    ),
    (
        "check",
        &[
            "manifest",
            "schema",
            "package",
            "finding",
            "rules",
            "suppression",
        ],
    ),
    (
        "settings",
        &[
            "lang", "text", "yaml", "schema", "package", "finding", "rules", "check",
        ],
    ),
    ("fix", &["text", "yaml", "manifest", "package", "finding"]),
    ("baseline", &["finding"]),
    ("overlap", &["yaml", "manifest", "package", "finding"]),
    (
        "ide",
        &[
            "lang", "semver", "text", "yaml", "manifest", "schema", "package", "finding", "rules",
            "settings",
        ],
    ),
];

/// Modules of the program. `cli` and `lsp` never know each other.
const PROGRAM: Arrows = &[
    ("host", &[]),
    ("workspace", &["host"]),
    ("commands", &["workspace", "host"]),
    ("docs", &["commands"]),
    ("cli", &["commands", "workspace", "docs", "host"]),
    ("lsp", &["commands", "workspace", "docs", "host"]),
];

/// Crates of this repository, by what their Cargo.toml lists for the program itself.
const CRATES: Arrows = &[
    ("ksext-core", &[]),
    ("ksext-cloud", &[]),
    ("ksext-sandbox", &[]),
    ("ksext", &["ksext-core", "ksext-cloud", "ksext-sandbox"]),
    ("xtask", &["ksext-test-support"]),
];

/// What only some places may name, and those places: a crate, a module of it or a file.
const RESERVED: Arrows = &[
    // LSP's types stay behind one module.
    ("tower_lsp::", &["ksext/lsp"]),
    ("clap::", &["ksext/cli", "ksext/main"]),
    ("reqwest::", &["ksext-cloud"]),
    ("rustls::", &["ksext-cloud"]),
    // The sandbox, and the page on loopback that takes an API key.
    ("axum::", &["ksext-sandbox", "ksext/lsp/sign_in"]),
    // The disk. The sandbox keeps its state in a folder of its own, if asked to; whom TLS trusts
    // (`SSL_CERT_FILE`) is read where the library reads the system's certificates.
    (
        "std::fs",
        &["ksext/host", "ksext-sandbox/disk", "ksext-cloud/tls"],
    ),
    ("tokio::fs", &["ksext/host"]),
    ("tempfile::", &["ksext/host"]),
    ("recommended_watcher", &["ksext/host"]),
    // Printing; the language server's stdout carries messages.
    ("println!", &["ksext/cli"]),
    ("print!", &["ksext/cli"]),
    ("eprintln!", &["ksext/cli"]),
    ("anstream::", &["ksext/cli", "ksext/main"]),
    ("io::stdout", &["ksext/cli", "ksext/lsp"]),
    ("io::stderr", &["ksext/cli", "ksext/main"]),
    // The command line runs the sandbox; everybody else meets a cloud.
    ("ksext_sandbox::", &["ksext/cli"]),
];

/// Modules beside the rules that several of them share.
const SHARED_BY_RULES: &[&str] = &["shared"];

#[test]
fn modules_of_the_core_know_only_what_stands_below_them() {
    check_modules("ksext-core", CORE);
}

#[test]
fn modules_of_the_program_know_only_what_stands_below_them() {
    check_modules("ksext", PROGRAM);
}

#[test]
fn a_rule_knows_no_other_rule() {
    let mut wrong = Vec::new();
    for source in sources("ksext-core") {
        let [first, rule] = source.module.as_slice() else {
            continue;
        };
        for name in source.names().into_iter().filter(|_| first == "rules") {
            let [to, other, ..] = name.path.as_slice() else {
                continue;
            };
            let is_rule = folder("ksext-core")
                .join(format!("rules/{other}.rs"))
                .is_file();
            let shared = SHARED_BY_RULES.contains(&other.as_str()) || other == rule;
            if to == "rules" && is_rule && !shared {
                wrong.push(format!(
                    "{}:{}: the rule names `rules::{other}`",
                    source.shown, name.line
                ));
            }
        }
    }
    none(&wrong, &format!("rules share {SHARED_BY_RULES:?} alone"));
}

#[test]
fn disk_terminal_protocol_and_network_are_named_in_their_places_alone() {
    let mut wrong = Vec::new();
    for package in ["ksext-core", "ksext-cloud", "ksext-sandbox", "ksext"] {
        for source in sources(package) {
            let place = source.place(package);
            for (what, places) in RESERVED {
                if places.iter().any(|reserved| place.starts_with(reserved)) {
                    continue;
                }
                for line in source.lines_with(what) {
                    wrong.push(format!(
                        "{}:{line}: `{what}`, which only {places:?} may name",
                        source.shown
                    ));
                }
            }
        }
    }
    none(&wrong, "move the work there, or pass in its result");
}

#[test]
fn crates_depend_only_on_those_below_them() {
    let mut wrong = Vec::new();
    for (package, allowed) in CRATES {
        let path = root().join("server").join(package).join("Cargo.toml");
        let text = fs::read_to_string(&path).expect("a crate has a Cargo.toml");
        let of_the_program = text.split("\n[").filter(|section| {
            section.starts_with("dependencies]") || section.contains(".dependencies]")
        });
        for line in of_the_program.flat_map(str::lines) {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if name.starts_with("ksext") && !allowed.contains(&name) {
                wrong.push(format!("server/{package}/Cargo.toml: {name}"));
            }
        }
    }
    none(&wrong, &format!("allowed: {CRATES:?}"));
}

#[test]
fn the_tables_name_every_module() {
    for (package, arrows) in [("ksext-core", CORE), ("ksext", PROGRAM)] {
        let listed: BTreeSet<_> = arrows
            .iter()
            .map(|(module, _)| (*module).to_owned())
            .collect();
        let present: BTreeSet<_> = modules(package).into_iter().collect();
        let missing: Vec<_> = present.difference(&listed).collect();
        assert!(
            missing.is_empty(),
            "{package}: {missing:?} have no line in the table of arrows"
        );
    }
}

#[test]
fn paths_are_found_however_they_are_written() {
    let text = "\
        //! crate::nowhere::at_all\n\
        use crate::{\n    check,\n    text::{Span, yaml},\n};\n\
        use super::super::package::Package; // crate::comment\n\
        fn f() { crate::lang::x(super::words::y) }\n\
        #[cfg(test)]\nmod tests {\n    use crate::hidden::x;\n}\n\
        use crate::last;\n";
    let source = Source::of(&["rules", "a"], text);
    let names: Vec<_> = source
        .names()
        .into_iter()
        .map(|name| (name.line, name.path.join("::")))
        .collect();
    let expected = [
        (2, "check"),
        (2, "text"),
        (6, "package::Package"),
        (7, "lang::x"),
        (7, "rules::words::y"),
        (12, "last"),
    ];
    assert_eq!(names, expected.map(|(line, path)| (line, path.to_owned())));
}

#[track_caller]
fn none(wrong: &[String], what_is_right: &str) {
    assert!(
        wrong.is_empty(),
        "\n{}\n{what_is_right}\n",
        wrong.join("\n")
    );
}

fn check_modules(package: &str, arrows: Arrows) {
    let modules = modules(package);
    let mut wrong = Vec::new();
    for source in sources(package) {
        // The crate's root starts everything, so it knows everything.
        let Some(from) = source.module.first() else {
            continue;
        };
        let listed = arrows.iter().find(|(module, _)| module == from);
        let allowed = listed.map_or(&[][..], |(_, allowed)| allowed);
        for name in source.names() {
            let Some(to) = name
                .path
                .first()
                .filter(|to| *to != from && modules.contains(to))
            else {
                continue;
            };
            if !allowed.contains(&to.as_str()) {
                let line = name.line;
                wrong.push(format!(
                    "{}:{line}: `{from}` names `{to}`, but may know {allowed:?}",
                    source.shown
                ));
            }
        }
    }
    none(
        &wrong,
        "the arrows are those of server/docs/architecture.md",
    );
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn folder(package: &str) -> PathBuf {
    root().join("server").join(package).join("src")
}

/// The modules directly below a crate's root.
fn modules(package: &str) -> Vec<String> {
    let entries = fs::read_dir(folder(package)).expect("a crate has sources");
    let names = entries.map(|entry| entry.expect("an entry").path());
    let stem = |path: PathBuf| {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
    };
    names
        .filter_map(stem)
        .filter(|name| !["lib", "main"].contains(&name.as_str()))
        .collect()
}

/// A source file of the program, without comments and tests.
struct Source {
    /// For messages.
    shown: String,
    module: Vec<String>,
    text: String,
}

/// A path that a source names, from its crate's root.
struct Name {
    /// Counted from 1.
    line: usize,
    path: Vec<String>,
}

fn sources(package: &str) -> Vec<Source> {
    let folder = folder(package);
    let mut files = Vec::new();
    collect(&folder, &mut files);
    let text = |path: &PathBuf| fs::read_to_string(path).expect("a source is text");
    let texts: Vec<(PathBuf, String)> = files
        .into_iter()
        .map(|path| (path.clone(), text(&path)))
        .collect();
    let tests: Vec<PathBuf> = texts
        .iter()
        .flat_map(|(path, text)| test_files(path, text))
        .collect();
    let program = texts
        .iter()
        .filter(|(path, _)| !tests.iter().any(|test| path.starts_with(test)));
    let source = |(path, text): &(PathBuf, String)| {
        let below = path
            .strip_prefix(&folder)
            .expect("below the folder")
            .with_extension("");
        let mut module: Vec<_> = below
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        if module
            .last()
            .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
        {
            module.pop();
        }
        let parts: Vec<&str> = module.iter().map(String::as_str).collect();
        let mut source = Source::of(&parts, text);
        source.shown = format!(
            "server/{package}/src/{}",
            below.with_extension("rs").display()
        );
        source
    };
    program.map(source).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

/// Files and folders of modules that a file declares for tests alone.
fn test_files(path: &Path, text: &str) -> Vec<PathBuf> {
    let own = path.with_extension("");
    let is_root = own
        .file_name()
        .is_some_and(|name| ["mod", "lib", "main"].iter().any(|root| name == *root));
    let folder = if is_root {
        own.parent().expect("a folder").to_owned()
    } else {
        own
    };
    let mut lines = text.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if !is_test_attribute(line) {
            continue;
        }
        let declared = lines
            .next()
            .and_then(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
        found.extend(
            declared
                .into_iter()
                .flat_map(|name| [folder.join(name), folder.join(format!("{name}.rs"))]),
        );
    }
    found
}

fn is_test_attribute(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("#[cfg(test") || line.starts_with("#[cfg(all(test")
}

impl Source {
    fn of(module: &[&str], text: &str) -> Self {
        let module = module.iter().map(|part| (*part).to_owned()).collect();
        Self {
            shown: String::new(),
            module,
            text: program_text(text),
        }
    }

    /// The crate and the modules down to this one; the root of a program is its module `main`.
    fn place(&self, package: &str) -> PathBuf {
        let root = ["main".to_owned()];
        let module = if self.module.is_empty() {
            &root[..]
        } else {
            &self.module
        };
        Path::new(package).join(module.iter().collect::<PathBuf>())
    }

    /// Lines, from 1, that hold `what` at the start of a word.
    fn lines_with(&self, what: &str) -> Vec<usize> {
        self.places(what).map(|at| self.line(at)).collect()
    }

    fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    fn places(&self, what: &str) -> impl Iterator<Item = usize> {
        let is_word = |char: char| char.is_alphanumeric() || char == '_';
        let found = self.text.match_indices(what).map(|(at, _)| at);
        found.filter(move |at| !self.text[..*at].ends_with(is_word))
    }

    /// Every path of this crate that the source names.
    fn names(&self) -> Vec<Name> {
        let mut names = Vec::new();
        for at in self.places("crate::") {
            self.name_behind(at, at + "crate::".len(), &[], &mut names);
        }
        for at in self.places("super::") {
            if self.text[..at].ends_with("super::") {
                continue;
            }
            let mut behind = at;
            let mut base = self.module.as_slice();
            while self.text[behind..].starts_with("super::") {
                behind += "super::".len();
                base = base.split_last().map_or(&[], |(_, above)| above);
            }
            self.name_behind(at, behind, base, &mut names);
        }
        names.sort_by_key(|name| name.line);
        names
    }

    /// The path or the group of paths at `behind`.
    fn name_behind(&self, at: usize, behind: usize, base: &[String], names: &mut Vec<Name>) {
        let rest = &self.text[behind..];
        let line = self.line(at);
        let mut add = |path: &str| {
            let parts = path.split("::").map(str::to_owned);
            names.push(Name {
                line,
                path: base.iter().cloned().chain(parts).collect(),
            });
        };
        let Some(group) = rest.strip_prefix('{') else {
            let end = rest.find(|char: char| !char.is_alphanumeric() && !"_:".contains(char));
            add(rest[..end.unwrap_or(rest.len())].trim_end_matches(':'));
            return;
        };
        let mut depth = 0;
        let mut start = true;
        for (at, char) in group.char_indices() {
            match char {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                _ if start && (char.is_alphabetic() || char == '_') => {
                    start = false;
                    let end = group[at..].find(|char: char| !char.is_alphanumeric() && char != '_');
                    add(&group[at..end.map_or(group.len(), |end| at + end)]);
                }
                _ => {}
            }
        }
    }
}

/// The text with comments and test modules blank, lines kept. Relies on the layout of rustfmt: a
/// module ends at a brace that is indented as it is itself.
fn program_text(text: &str) -> String {
    let mut kept = String::new();
    let mut pending = false;
    let mut until: Option<String> = None;
    for line in text.lines() {
        if let Some(end) = &until {
            if line == end {
                until = None;
            }
        } else if pending && line.trim_start().starts_with("mod ") && line.ends_with('{') {
            let indentation = line.len() - line.trim_start().len();
            until = Some(format!("{}}}", &line[..indentation]));
        } else if !line.trim_start().starts_with("//") {
            kept.push_str(line.split(" // ").next().unwrap_or_default());
        }
        pending = is_test_attribute(line);
        kept.push('\n');
    }
    kept
}
