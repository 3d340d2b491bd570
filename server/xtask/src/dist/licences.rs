//! Under which licences the program may be passed on, and the notices that they ask for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use super::crates::Crate;
use crate::shell;

/// What is linked into the program beside crates: name, licence, its text in `packaging/licences`.
const BESIDE_CRATES: [(&str, &str, &str); 3] = [
    (
        "Rust standard library",
        "MIT OR Apache-2.0",
        "rust-standard-library.txt",
    ),
    ("musl (in the programs for Linux)", "MIT", "musl.txt"),
    (
        "mingw-w64 (in the program for Windows)",
        "ZPL-2.1 and others",
        "mingw-w64.txt",
    ),
];

/// How the names of files with such texts begin.
const TEXTS: [&str; 6] = [
    "license",
    "licence",
    "unlicense",
    "copying",
    "copyright",
    "notice",
];

/// All notices as one text: who made what under which licence, then each text with whom it is of.
///
/// # Errors
///
/// If a crate has a licence that `deny.toml` does not allow, or no text of one.
pub(crate) fn notices(crates: &[Crate]) -> anyhow::Result<String> {
    let allowed = allowed()?;
    let mut list = String::new();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // Our own text is `LICENSE`, which lies beside this.
    for it in crates.iter().filter(|it| it.sha256.is_some()) {
        ensure!(
            is_allowed(&it.licence, &allowed)?,
            "{} {} is under `{}`, which deny.toml does not allow",
            it.name,
            it.version,
            it.licence
        );
        let name = format!("{} {}", it.name, it.version);
        // Writing into a string cannot fail.
        let _ = writeln!(list, "{name}: {} <{}>", it.licence, it.repository);
        for text in texts_of(it)? {
            texts.entry(text).or_default().push(name.clone());
        }
    }
    for (name, licence, file) in BESIDE_CRATES {
        let _ = writeln!(list, "{name}: {licence}");
        let text = read(&folder().join(file))?;
        texts.entry(text).or_default().push(name.to_owned());
    }
    let mut notices = format!("ksext contains the following software of others.\n\n{list}");
    // In the order of the list.
    let mut texts: Vec<_> = texts.into_iter().map(|(text, of)| (of, text)).collect();
    texts.sort();
    for (of, text) in texts {
        let line = "-".repeat(80);
        let _ = write!(notices, "\n{line}\n{}\n\n{text}\n", of.join(", "));
    }
    Ok(notices)
}

fn folder() -> std::path::PathBuf {
    shell::root()
        .join("server")
        .join("packaging")
        .join("licences")
}

/// The texts that a crate brings; for one that brings none, the text of its repository that we keep.
fn texts_of(it: &Crate) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(&it.folder).with_context(|| format!("no sources of {}", it.name))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_lowercase();
        if path.is_file() && TEXTS.iter().any(|start| name.starts_with(start)) {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        files.push(folder().join(format!("{}.txt", it.name)));
    }
    files
        .iter()
        .map(|file| {
            read(file)
                .with_context(|| format!("no text of the licence of {} {}", it.name, it.version))
        })
        .collect()
}

fn read(file: &Path) -> anyhow::Result<String> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let lines = text.replace("\r\n", "\n");
    let lines: Vec<&str> = lines.lines().map(str::trim_end).collect();
    Ok(lines.join("\n").trim_matches('\n').to_owned())
}

/// The licences that `deny.toml` allows: the same list counts for both.
fn allowed() -> anyhow::Result<Vec<String>> {
    let deny =
        fs::read_to_string(shell::root().join("deny.toml")).context("cannot read deny.toml")?;
    let deny: toml_edit::DocumentMut = deny.parse().context("cannot read deny.toml")?;
    let list = deny["licenses"]["allow"].as_array();
    let list = list
        .context("deny.toml has no list `licenses.allow`")?
        .iter();
    Ok(list
        .filter_map(|it| it.as_str())
        .map(str::to_owned)
        .collect())
}

/// Whether one can choose among the licences of an expression so that all are allowed.
fn is_allowed(expression: &str, allowed: &[String]) -> anyhow::Result<bool> {
    let parsed = spdx::Expression::parse_mode(expression, spdx::ParseMode::LAX)
        .with_context(|| format!("`{expression}` is no SPDX expression"))?;
    Ok(parsed.evaluate(|asked| allowed.contains(&asked.to_string())))
}

#[cfg(test)]
mod tests {
    use super::super::crates;
    use super::*;

    #[test]
    fn every_crate_of_the_program_may_be_passed_on_and_has_its_notice() {
        let crates = crates::of_the_program().expect("crates");
        let notices = notices(&crates).expect("notices");
        for wanted in ["tokio ", "ring ", "windows-sys ", "Copyright", "musl"] {
            assert!(notices.contains(wanted), "{wanted}");
        }
    }

    #[test]
    fn a_choice_is_allowed_if_one_can_be_chosen() {
        let allowed = ["MIT", "Apache-2.0"].map(str::to_owned);
        for (expression, wanted) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0-only", false),
            ("MIT OR GPL-3.0-only", true),
            ("MIT AND GPL-3.0-only", false),
            ("Apache-2.0 WITH LLVM-exception OR MIT", true),
            ("Apache-2.0 WITH LLVM-exception", false),
        ] {
            let answer = is_allowed(expression, &allowed).expect(expression);
            assert_eq!(answer, wanted, "{expression}");
        }
        assert!(is_allowed("", &allowed).is_err());
    }

    #[test]
    fn a_crate_without_a_text_is_told_of() {
        let folder = shell::root().join("server").join("xtask").join("src");
        let crates = [Crate {
            name: "nobody-knows-it".to_owned(),
            version: "1.0.0".to_owned(),
            licence: "MIT".to_owned(),
            repository: String::new(),
            folder,
            sha256: Some(String::new()),
            needs: [].into(),
        }];
        let error = format!("{:#}", notices(&crates).expect_err("no text"));
        assert!(error.contains("nobody-knows-it 1.0.0"), "{error}");
    }
}
