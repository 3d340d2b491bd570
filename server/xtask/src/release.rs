//! `cargo xtask release VERSION`: the version in its one place and in all that follows from it, and the
//! changelog. And what the workflow of a release asks: whether a tag names this version, and the notes of one.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use toml_edit::{DocumentMut, value};

use crate::{generate, shell};

/// The section of what has not been released.
const UNRELEASED: &str = "## Unreleased";

/// Pages that show the version to people who copy it.
const PAGES: [&str; 2] = ["server/docs/ci.md", "server/docs/ci_zh.md"];

/// What stands before the version in each of them, once.
const BEFORE_VERSION: [&str; 3] = ["uses: ksext/ksext@v", "rev: v", "KSEXT_VERSION: \""];

/// Prepares a release; what is left to do is for a person.
pub(crate) fn run(version: &str) -> anyhow::Result<()> {
    ensure!(
        is_version(version),
        "`{version}` is no version: it is to have the form 1.2.3"
    );
    let changelog = read("CHANGELOG.md")?;
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let changelog = with_release(&changelog, version, &today)?;
    let manifest = with_version(&read("Cargo.toml")?, version)?;
    let shown = |name| Ok((name, with_shown_version(&read(name)?, name, version)?));
    let pages: Vec<(&str, String)> = PAGES
        .into_iter()
        .map(shown)
        .collect::<anyhow::Result<_>>()?;
    write("Cargo.toml", &manifest)?;
    for (name, page) in &pages {
        write(name, page)?;
    }
    // Brings the lock file after the manifests, and nothing in it to a newer version.
    shell::run(&mut shell::cargo("update --workspace"))?;
    generate::run(false)?;
    write("CHANGELOG.md", &changelog)?;
    println!(
        "
This is {version} now. What is left:
  1. look at `git diff`, above all at CHANGELOG.md
  2. cargo xtask test
  3. git commit -am \"Release {version}\"
  4. once that is on main: git tag -s v{version} && git push origin v{version}
The tag starts .github/workflows/release.yml; server/docs/releasing.md says what it does."
    );
    Ok(())
}

/// Fails unless a tag names the version of these sources, and the changelog has its section.
pub(crate) fn tag(tag: &str) -> anyhow::Result<()> {
    let manifest = read("Cargo.toml")?;
    let manifest: DocumentMut = manifest.parse().context("cannot read Cargo.toml")?;
    let version = manifest["workspace"]["package"]["version"]
        .as_str()
        .context("Cargo.toml has no `workspace.package.version`")?;
    ensure!(
        names(tag, version),
        "the tag {tag} does not name the version of Cargo.toml, {version}"
    );
    section(&read("CHANGELOG.md")?, version)?;
    println!("{tag} is the version of these sources");
    Ok(())
}

fn names(tag: &str, version: &str) -> bool {
    tag.strip_prefix('v') == Some(version)
}

/// Prints what the changelog says of a version.
pub(crate) fn notes(version: &str) -> anyhow::Result<()> {
    print!("{}", section(&read("CHANGELOG.md")?, version)?);
    Ok(())
}

fn path(name: &str) -> PathBuf {
    shell::root().join(name)
}

fn read(name: &str) -> anyhow::Result<String> {
    fs::read_to_string(path(name)).with_context(|| format!("cannot read {name}"))
}

fn write(name: &str, text: &str) -> anyhow::Result<()> {
    fs::write(path(name), text).with_context(|| format!("cannot write {name}"))
}

fn is_version(text: &str) -> bool {
    let numbers: Vec<&str> = text.split('.').collect();
    let is_number = |it: &&str| {
        let is_short = *it == "0" || !it.starts_with('0');
        is_short && !it.is_empty() && it.chars().all(|it| it.is_ascii_digit())
    };
    numbers.len() == 3 && numbers.iter().all(is_number)
}

/// The workspace's manifest with another version.
fn with_version(manifest: &str, version: &str) -> anyhow::Result<String> {
    let mut manifest: DocumentMut = manifest.parse().context("cannot read Cargo.toml")?;
    let present = &mut manifest["workspace"]["package"]["version"];
    ensure!(
        present.is_str(),
        "Cargo.toml has no `workspace.package.version`"
    );
    *present = value(version);
    Ok(manifest.to_string())
}

/// A page that shows another version.
fn with_shown_version(page: &str, name: &str, version: &str) -> anyhow::Result<String> {
    let mut page = page.to_owned();
    for mark in BEFORE_VERSION {
        let parts: Vec<&str> = page.split(mark).collect();
        let [before, behind] = parts.as_slice() else {
            bail!("{name} has {} times `{mark}`, not once", parts.len() - 1);
        };
        let end = behind.trim_start_matches(|it: char| it.is_ascii_digit() || it == '.');
        page = format!("{before}{mark}{version}{end}");
    }
    Ok(page)
}

/// The changelog with what was not released as that of a version, below an empty section for what comes.
fn with_release(changelog: &str, version: &str, date: &str) -> anyhow::Result<String> {
    let heading = format!("{UNRELEASED}\n");
    let (before, behind) = changelog
        .split_once(&heading)
        .with_context(|| format!("CHANGELOG.md has no `{UNRELEASED}`"))?;
    let unreleased = behind.split("\n## ").next().unwrap_or_default();
    ensure!(
        !unreleased.trim().is_empty(),
        "CHANGELOG.md says nothing about what has changed"
    );
    ensure!(
        section(changelog, version).is_err(),
        "CHANGELOG.md has {version} already"
    );
    Ok(format!(
        "{before}{heading}\n## {version} - {date}\n{behind}"
    ))
}

/// What stands below a version's heading.
fn section(changelog: &str, version: &str) -> anyhow::Result<String> {
    let heading = format!("\n## {version} - ");
    let (_, behind) = changelog
        .split_once(&heading)
        .with_context(|| format!("CHANGELOG.md has no section of {version}"))?;
    let (_, text) = behind.split_once('\n').unwrap_or_default();
    let text = text.split("\n## ").next().unwrap_or_default().trim();
    ensure!(
        !text.is_empty(),
        "CHANGELOG.md says nothing about {version}"
    );
    Ok(format!("{text}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGELOG: &str = "\
# Changelog

## Unreleased

### Added
- 新功能 🚀

## 0.1.0 - 2026-01-02

First.
";

    #[test]
    fn what_was_not_released_becomes_a_version() {
        let released = with_release(CHANGELOG, "0.2.0", "2026-02-03").expect("a changelog");
        let wanted = "# Changelog

## Unreleased

## 0.2.0 - 2026-02-03

### Added
- 新功能 🚀

## 0.1.0 - 2026-01-02

First.
";
        assert_eq!(released, wanted);
        assert_eq!(
            section(&released, "0.2.0").expect("notes"),
            "### Added\n- 新功能 🚀\n"
        );
        assert_eq!(section(&released, "0.1.0").expect("notes"), "First.\n");
        for version in ["0.3.0", "0.2", "Unreleased"] {
            assert!(section(&released, version).is_err(), "{version}");
        }
    }

    #[test]
    fn nothing_new_and_known_versions_are_no_release() {
        let empty = CHANGELOG.replace("### Added\n- 新功能 🚀\n", "");
        assert!(with_release(&empty, "0.2.0", "2026-02-03").is_err());
        assert!(with_release(CHANGELOG, "0.1.0", "2026-02-03").is_err());
    }

    #[test]
    fn only_the_version_of_the_workspace_changes() {
        let manifest = read("Cargo.toml").expect("a manifest");
        let changed = with_version(&manifest, "9.8.7").expect("a manifest");
        let differing: Vec<(&str, &str)> = manifest
            .lines()
            .zip(changed.lines())
            .filter(|(before, after)| before != after)
            .collect();
        assert_eq!(differing.len(), 1, "{differing:?}");
        assert_eq!(differing[0].1, "version = \"9.8.7\"");
    }

    #[test]
    fn pages_show_the_version_of_the_workspace() {
        for name in PAGES {
            let page = read(name).expect("a page");
            let version = env!("CARGO_PKG_VERSION");
            let wanted = with_shown_version(&page, name, version).expect("a page");
            assert!(
                page == wanted,
                "{name} shows another version than {version}"
            );
            let changed = with_shown_version(&page, name, "9.8.7").expect("a page");
            assert_eq!(changed.matches("9.8.7").count(), BEFORE_VERSION.len());
            assert_eq!(
                with_shown_version(&changed, name, version).expect("a page"),
                page
            );
            assert!(with_shown_version("rev: v1\n", name, version).is_err());
        }
    }

    #[test]
    fn a_tag_is_the_version_with_a_letter() {
        for (tag, wanted) in [
            ("v1.2.3", true),
            ("1.2.3", false),
            ("v1.2.30", false),
            ("vv1.2.3", false),
            ("v", false),
        ] {
            assert_eq!(names(tag, "1.2.3"), wanted, "{tag}");
        }
    }

    #[test]
    fn versions_are_three_numbers() {
        for (text, wanted) in [
            ("1.2.3", true),
            ("0.10.0", true),
            ("1.2", false),
            ("v1.2.3", false),
            ("1.02.3", false),
            ("1.2.3-rc.1", false),
        ] {
            assert_eq!(is_version(text), wanted, "{text}");
        }
    }

    /// The workflow publishes what `notes` prints, of the version that its tag names, and `run` writes the
    /// section that `notes` looks for.
    #[test]
    fn the_workflow_takes_its_notes_from_the_changelog() {
        let workflow = read(".github/workflows/release.yml").expect("a workflow");
        for wanted in [
            "cargo xtask release --tag \"$GITHUB_REF_NAME\"",
            "cargo xtask release --notes \"${GITHUB_REF_NAME#v}\" > notes.md",
            "--notes-file notes.md",
        ] {
            assert!(workflow.contains(wanted), "{wanted}");
        }
    }
}
