//! The files of `server/packaging` with the facts of a release filled in.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, bail};

use crate::shell;

/// The address of the repository, and of what is released there.
pub(crate) const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The version of every crate of the workspace.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A file of `server/packaging`, where `@NAME@` stands for a value: `VERSION`, `REPOSITORY` and those given.
///
/// # Errors
///
/// If a name has no value.
pub(crate) fn filled(path: &str, values: &[(&str, &str)]) -> anyhow::Result<String> {
    let file = shell::root().join("server").join("packaging").join(path);
    let text =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut all = BTreeMap::from([("VERSION", VERSION), ("REPOSITORY", REPOSITORY)]);
    all.extend(values.iter().copied());
    fill(&text, &all).with_context(|| format!("cannot fill in {path}"))
}

fn fill(text: &str, values: &BTreeMap<&str, &str>) -> anyhow::Result<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('@') {
        filled.push_str(before);
        let is_name = |it: &char| it.is_ascii_uppercase() || it.is_ascii_digit() || *it == '_';
        let length = behind.chars().take_while(is_name).count();
        let name = &behind[..length];
        if length > 0 && behind[length..].starts_with('@') {
            let Some(value) = values.get(name) else {
                bail!("nobody knows @{name}@");
            };
            filled.push_str(value);
            rest = &behind[length + 1..];
        } else {
            filled.push('@');
            rest = behind;
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_and_other_signs_stay() {
        let values = BTreeMap::from([("VERSION", "1.2.3"), ("A_64", "x")]);
        for (text, wanted) in [
            ("v@VERSION@ of @A_64@@VERSION@", "v1.2.3 of x1.2.3"),
            (
                "\"$@\" @scope/name@1 a@b.c @",
                "\"$@\" @scope/name@1 a@b.c @",
            ),
            ("", ""),
        ] {
            assert_eq!(fill(text, &values).expect(text), wanted);
        }
        assert!(fill("@MISSING@", &values).is_err());
    }
}
