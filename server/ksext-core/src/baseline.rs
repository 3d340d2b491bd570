//! Findings that a project has decided to live with: they are known, and only new ones are reported.
//!
//! A finding is known again by its file, its rule and its English message, which names what it is
//! about; lines above it may come and go. So many of a kind are known as there were.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;

/// The findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<Kind, usize>,
}

/// What findings of one kind have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Kind {
    /// The path of the file, as whoever made the baseline names it.
    pub file: String,
    /// The rule's id.
    pub rule: String,
    /// The message in English.
    pub message: String,
}

/// A baseline as it is written.
#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    kind: Kind,
    count: usize,
}

/// Why a text is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not of the shape that is written.
    #[error("it is no baseline: {0}")]
    Json(#[from] serde_json::Error),
    /// It was written by a later release.
    #[error("its version {0} is not known; a newer ksext wrote it")]
    Version(u32),
}

/// The version of the file that is written.
const VERSION: u32 = 1;

impl Kind {
    fn of(file: &str, finding: &Finding) -> Self {
        Self {
            file: file.to_owned(),
            rule: finding.rule.to_owned(),
            message: finding.message.en.clone().into_owned(),
        }
    }
}

impl Baseline {
    /// Reads a baseline from JSON.
    ///
    /// # Errors
    /// If it is none, or of a later version.
    pub fn from_json(text: &str) -> Result<Self, BaselineError> {
        let file: File = serde_json::from_str(text)?;
        if file.version != VERSION {
            return Err(BaselineError::Version(file.version));
        }
        let entries = file.findings.into_iter();
        Ok(Self {
            known: entries.map(|entry| (entry.kind, entry.count)).collect(),
        })
    }

    /// The baseline as JSON, in the order of files, rules and messages.
    pub fn to_json(&self) -> String {
        let entries = self.known.iter().map(|(kind, count)| Entry {
            kind: kind.clone(),
            count: *count,
        });
        let file = File {
            version: VERSION,
            findings: entries.collect(),
        };
        // Plain structs of texts and numbers, which JSON can always hold.
        let text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text + "\n"
    }

    /// Makes a finding in the file called `file` known.
    pub fn add(&mut self, file: &str, finding: &Finding) {
        *self.known.entry(Kind::of(file, finding)).or_default() += 1;
    }

    /// Whether a finding in the file called `file` is known. Each that is known answers for one.
    pub fn take(&mut self, file: &str, finding: &Finding) -> bool {
        let Some(count) = self.known.get_mut(&Kind::of(file, finding)) else {
            return false;
        };
        let known = *count > 0;
        *count = count.saturating_sub(1);
        known
    }

    /// What is left: known findings that nobody has found.
    pub fn left(&self) -> impl Iterator<Item = &Kind> {
        let left = self.known.iter().filter(|(_, count)| **count > 0);
        left.map(|(kind, _)| kind)
    }

    /// How many findings are known.
    pub fn len(&self) -> usize {
        self.known.values().sum()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Settings, check};
    use crate::manifest::Manifest;
    use crate::package::Package;

    fn findings(text: &str) -> Vec<Finding> {
        let manifest = Manifest::from_text(text);
        check(
            &Package::without_files(&manifest),
            &Settings::default(),
            None,
        )
    }

    #[test]
    fn what_is_known_is_known_on_another_line_and_no_more_often() {
        let mut baseline = Baseline::default();
        for finding in findings("vendor: 示例\n") {
            baseline.add("demo/extension.yaml", &finding);
        }
        let mut read = Baseline::from_json(&baseline.to_json()).expect("a baseline");
        assert_eq!(read, baseline);
        let new: Vec<_> = findings("# moved\nowner: x\nvendor: 示例\n")
            .into_iter()
            .filter(|finding| !read.take("demo/extension.yaml", finding))
            .collect();
        let rules: Vec<_> = new
            .iter()
            .map(|finding| finding.message.en.as_ref())
            .collect();
        assert_eq!(rules.len(), 1, "{rules:?}");
        assert!(rules[0].contains("`owner`"), "{rules:?}");
        assert_eq!(read.left().count(), 0);
        for finding in findings("vendor: 示例\n") {
            assert!(!read.take("other/extension.yaml", &finding));
        }
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
        for text in [
            "",
            "[]",
            r#"{"version": 2, "findings": []}"#,
            r#"{"version": 1}"#,
        ] {
            assert!(Baseline::from_json(text).is_err(), "{text}");
        }
    }
}
