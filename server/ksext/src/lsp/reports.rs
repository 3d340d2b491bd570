//! What is said of each file: by whom, and what the client shows of it or has been told.
//!
//! Several may speak of one file: a package and another one inside of it, or the settings above many
//! packages. What a client gets is what all of them say together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;
use std::sync::OnceLock;

use serde::Serialize;

use super::packages::Home;
use super::proto::{Diagnostic, Uri};

/// Who says something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Owner {
    /// The check of a package.
    Package(Home),
    /// A project's settings file says it of itself.
    Settings(PathBuf),
}

/// What is said by one owner: by file, the version of the text and the diagnostics.
pub(super) type Said = BTreeMap<Uri, (Option<i32>, Vec<Diagnostic>)>;

/// What is said of one file.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// The version of the text that it is about; `None` if the file is not open.
    pub(super) version: Option<i32>,
    parts: BTreeMap<Owner, Vec<Diagnostic>>,
    id: OnceLock<String>,
}

/// All reports.
#[derive(Debug, Default)]
pub(super) struct Reports {
    files: BTreeMap<Uri, Report>,
    /// The files of which each owner says something, or once did.
    of_owner: HashMap<Owner, BTreeSet<Uri>>,
}

impl Report {
    /// What all say together, each thing once.
    pub(super) fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = Vec::new();
        for part in self.parts.values() {
            if all.is_empty() {
                all.clone_from(part);
            } else {
                for diagnostic in part {
                    if !all.contains(diagnostic) {
                        all.push(diagnostic.clone());
                    }
                }
            }
        }
        all
    }

    /// Whether there is nothing to show.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.values().all(Vec::is_empty)
    }

    /// The result id of these diagnostics: the same for the same ones, also in another session.
    pub(super) fn id(&self) -> &str {
        self.id.get_or_init(|| id_of(&self.diagnostics()))
    }
}

/// A text that is the same for the same data.
pub(super) fn id_of(data: &impl Serialize) -> String {
    let mut hasher = DefaultHasher::new();
    // It is made of what JSON can always hold.
    let data = serde_json::to_vec(data).unwrap_or_default();
    data.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

impl Reports {
    /// Takes over what `owner` says now in place of what it said before; answers the files of which
    /// something else is to be shown than before.
    pub(super) fn set(&mut self, owner: &Owner, said: Said) -> Vec<Uri> {
        let mut files = self.of_owner.remove(owner).unwrap_or_default();
        let mut changed = Vec::new();
        for uri in files.iter().filter(|uri| !said.contains_key(uri)) {
            if self.put(owner, uri, None, None) {
                changed.push(uri.clone());
            }
        }
        for (uri, (version, diagnostics)) in said {
            // Nobody looks at a file that is not open and has nothing wrong.
            let is_news = version.is_some() || !diagnostics.is_empty();
            if self.put(owner, &uri, version, is_news.then_some(diagnostics)) {
                changed.push(uri.clone());
            }
            if is_news {
                files.insert(uri);
            }
        }
        if !files.is_empty() {
            self.of_owner.insert(owner.clone(), files);
        }
        changed
    }

    /// Puts one part in place; answers whether that changes what is shown.
    fn put(
        &mut self,
        owner: &Owner,
        uri: &Uri,
        version: Option<i32>,
        part: Option<Vec<Diagnostic>>,
    ) -> bool {
        let is_new = !self.files.contains_key(uri);
        if is_new && part.is_none() {
            return false;
        }
        let report = self.files.entry(uri.clone()).or_default();
        if report.version == version && report.parts.get(owner) == part.as_ref() {
            return false;
        }
        // Where nobody else speaks of the file, what is said is what is shown.
        let is_shared = report.parts.keys().any(|other| other != owner);
        let before = is_shared.then(|| (report.version, report.diagnostics()));
        match part {
            Some(part) => report.parts.insert(owner.clone(), part),
            None => report.parts.remove(owner),
        };
        // Another owner may know the text's version although this one does not.
        if version.is_some() || report.parts.len() < 2 {
            report.version = version;
        }
        report.id = OnceLock::new();
        let after = is_shared.then(|| (report.version, report.diagnostics()));
        let changed = !is_shared || before != after;
        if report.parts.is_empty() {
            self.files.remove(uri);
        }
        changed
    }

    /// What is said of a file; `None` if nobody says anything.
    pub(super) fn get(&self, uri: &Uri) -> Option<&Report> {
        self.files.get(uri)
    }

    /// What is said of all files.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Uri, &Report)> {
        self.files.iter()
    }

    /// The files of which `owner` says something, or once did.
    pub(super) fn of(&self, owner: &Owner) -> impl Iterator<Item = (&Uri, Option<&Report>)> {
        let files = self.of_owner.get(owner).into_iter().flatten();
        files.map(|uri| (uri, self.files.get(uri)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(files: &[(&str, Option<i32>, &[&str])]) -> Said {
        files
            .iter()
            .map(|(uri, version, messages)| {
                let diagnostics = messages.iter().map(|message| Diagnostic {
                    message: (*message).to_owned(),
                    ..Default::default()
                });
                let uri = uri.parse().expect("a URI");
                (uri, (*version, diagnostics.collect()))
            })
            .collect()
    }

    fn messages(reports: &Reports, uri: &str) -> Option<(Option<i32>, Vec<String>)> {
        let report = reports.get(&uri.parse().expect("a URI"))?;
        let diagnostics = report.diagnostics().into_iter();
        let messages = diagnostics.map(|diagnostic| diagnostic.message);
        Some((report.version, messages.collect()))
    }

    fn package(root: &str) -> Owner {
        Owner::Package(Home::Folder(root.into()))
    }

    #[test]
    fn only_what_changes_is_news() {
        let mut reports = Reports::default();
        let mut check = |files: &[(&str, Option<i32>, &[&str])], expected: &[&str]| {
            let changed = reports.set(&package("/a"), said(files));
            let changed: Vec<_> = changed.iter().map(|uri| uri.as_str()).collect();
            assert_eq!(changed, expected, "{files:?}");
        };
        check(&[("x:a", None, &[])], &[]);
        check(
            &[("x:a", Some(1), &[]), ("x:b", None, &["1"])],
            &["x:a", "x:b"],
        );
        check(&[("x:a", Some(1), &[]), ("x:b", None, &["1"])], &[]);
        check(&[("x:a", Some(2), &[]), ("x:b", None, &["1"])], &["x:a"]);
        check(&[("x:a", Some(2), &["2"])], &["x:b", "x:a"]);
        check(&[], &["x:a"]);
        check(&[], &[]);
    }

    #[test]
    fn what_several_say_of_a_file_is_shown_together_and_each_thing_once() {
        let mut reports = Reports::default();
        let (outer, inner) = (package("/a"), package("/a/b"));
        reports.set(&outer, said(&[("x:f", None, &["1", "2"])]));
        reports.set(&inner, said(&[("x:f", Some(3), &["2", "3"])]));
        let all = ["1", "2", "3"].map(str::to_owned).to_vec();
        assert_eq!(messages(&reports, "x:f"), Some((Some(3), all)));
        reports.set(&inner, said(&[]));
        let left = ["1", "2"].map(str::to_owned).to_vec();
        assert_eq!(messages(&reports, "x:f"), Some((None, left)));
        reports.set(&outer, said(&[]));
        assert_eq!(messages(&reports, "x:f"), None);
    }

    #[test]
    fn the_same_diagnostics_have_the_same_id() {
        let mut reports = Reports::default();
        let mut id = |messages: &[&str]| {
            reports.set(&package("/a"), said(&[("x:a", Some(1), messages)]));
            let report = reports.get(&"x:a".parse().expect("a URI"));
            report.expect("a report").id().to_owned()
        };
        let first = id(&["1"]);
        assert_ne!(id(&["2"]), first);
        assert_eq!(id(&["1"]), first);
    }
}
