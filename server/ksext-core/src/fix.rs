//! Making fixes: which of them go together, and the texts that they leave.
//!
//! Fixes are made in rounds. A round takes of each finding the first fix that may be made, leaves
//! out what touches another one, and has the package checked anew: a fix may settle, move or reveal
//! what others are about.

use std::collections::BTreeMap;

use crate::finding::{Finding, Fix, Safety};
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::fs::{Kind, LookupError, lookup};
use crate::package::{FileSystem, Overlay, Package, PkgPath};
use crate::text::{TextEdit, apply_edits};
use crate::yaml::Source;

/// The most rounds: each makes a fix at least, and no package needs so many.
const MAX_ROUNDS: usize = 100;

/// The longest file in bytes that is edited.
const MAX_TEXT: u64 = 16 << 20;

/// What fixes have made of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// The files that differ, each with its new text, by the path behind all links. One that was not
    /// there is to be made.
    pub texts: BTreeMap<PkgPath, String>,
    /// How many fixes were made.
    pub made: usize,
}

/// Makes the fixes of what `check` finds in `package`, as far as they are `safety` safe and change
/// only files that `may_edit` allows. Nothing outside of the package is ever among them: a link that
/// leads out is left alone.
pub fn fix(
    package: &Package<'_>,
    safety: Safety,
    may_edit: &dyn Fn(&PkgPath) -> bool,
    check: &dyn Fn(&Package<'_>) -> Vec<Finding>,
) -> Fixed {
    let mut files = Overlay::new(package.files());
    let mut manifest = package.manifest().clone();
    let mut fixed = Fixed::default();
    let mut findings = check(package);
    for _ in 0..MAX_ROUNDS {
        let mut round = Round::new(&files, &manifest, may_edit);
        let made = findings
            .iter()
            .filter(|finding| {
                let mut fixes = finding.fixes.iter();
                let fix = fixes.find(|fix| safety.allows(fix.safety));
                fix.is_some_and(|fix| round.take(fix))
            })
            .count();
        let texts = round.texts();
        if texts.is_empty() {
            break;
        }
        if let Some(text) = texts.get(&manifest_path(&files)) {
            let next = Manifest::from_text(text);
            // A fix that breaks the manifest is none.
            if manifest.tree().errors().is_empty() && !next.tree().errors().is_empty() {
                break;
            }
            manifest = next;
        }
        for (path, text) in &texts {
            files.insert(path.clone(), text.clone().into_bytes());
        }
        fixed.texts.extend(texts);
        fixed.made += made;
        findings = if package.has_files() {
            check(&Package::new(&files, &manifest))
        } else {
            check(&Package::without_files(&manifest))
        };
    }
    fixed
}

/// The manifest's path behind all links.
fn manifest_path(files: &dyn FileSystem) -> PkgPath {
    let path = PkgPath::from(FILE_NAME);
    lookup(files, &path).map_or(path, |found| found.path)
}

/// The fixes that are made together.
struct Round<'a> {
    files: &'a dyn FileSystem,
    manifest: &'a Manifest,
    may_edit: &'a dyn Fn(&PkgPath) -> bool,
    targets: BTreeMap<PkgPath, Option<PkgPath>>,
    edited: BTreeMap<PkgPath, Edited>,
}

/// A file, and what is done to it.
struct Edited {
    text: String,
    edits: Vec<TextEdit>,
}

impl<'a> Round<'a> {
    fn new(
        files: &'a dyn FileSystem,
        manifest: &'a Manifest,
        may_edit: &'a dyn Fn(&PkgPath) -> bool,
    ) -> Self {
        Self {
            files,
            manifest,
            may_edit,
            targets: BTreeMap::new(),
            edited: BTreeMap::new(),
        }
    }

    /// Adds a fix, unless it touches one that is there or cannot be made; answers whether it did.
    fn take(&mut self, fix: &Fix) -> bool {
        let mut by_file: BTreeMap<PkgPath, Vec<TextEdit>> = BTreeMap::new();
        for (file, edit) in &fix.edits {
            let Some(target) = self.target(file) else {
                return false;
            };
            by_file.entry(target).or_default().push(edit.clone());
        }
        let mut changes = false;
        for (file, edits) in &by_file {
            let Some(edited) = self.edited.get(file) else {
                return false;
            };
            let touches = |edit: &TextEdit| {
                let others = edited.edits.iter();
                let mut spans = others.map(|other| other.span);
                spans.any(|span| span.start <= edit.span.end && edit.span.start <= span.end)
            };
            let alone = apply_edits(&edited.text, edits);
            if edits.iter().any(touches) || alone.is_none() {
                return false;
            }
            changes |= alone.is_some_and(|text| text != edited.text);
        }
        if changes {
            for (file, edits) in by_file {
                if let Some(edited) = self.edited.get_mut(&file) {
                    edited.edits.extend(edits);
                }
            }
        }
        changes
    }

    /// The texts after all of them, of the files that differ.
    fn texts(self) -> BTreeMap<PkgPath, String> {
        let edited = self.edited.into_iter();
        edited
            .filter(|(_, edited)| !edited.edits.is_empty())
            .filter_map(|(path, edited)| Some((path, apply_edits(&edited.text, &edited.edits)?)))
            .collect()
    }

    /// Where an edit of `file` goes, behind all links; `None` if it may not or cannot be edited.
    fn target(&mut self, file: &PkgPath) -> Option<PkgPath> {
        if let Some(known) = self.targets.get(file) {
            return known.clone();
        }
        let target = self.look_up(file);
        let path = target.as_ref().map(|(path, _)| path.clone());
        self.targets.insert(file.clone(), path.clone());
        if let Some((path, text)) = target {
            let edits = Vec::new();
            self.edited.entry(path).or_insert(Edited { text, edits });
        }
        path
    }

    fn look_up(&self, file: &PkgPath) -> Option<(PkgPath, String)> {
        if !(self.may_edit)(file) {
            return None;
        }
        if *file == PkgPath::from(FILE_NAME) {
            let source = self.manifest.source();
            let path = manifest_path(self.files);
            return source
                .is_verbatim()
                .then(|| (path, source.text().to_owned()));
        }
        match lookup(self.files, file) {
            Ok(found) if matches!(found.kind, Kind::File { .. }) => {
                let content = self.files.read(&found.path, MAX_TEXT).ok()?;
                let source = Source::from_bytes(&content);
                let text = source.is_verbatim().then(|| source.text().to_owned())?;
                Some((found.path, text))
            }
            Err(LookupError::NotFound(path)) => Some((path, String::new())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Settings, check};
    use crate::manifest::COMPLETE;
    use crate::package::MemoryFs;

    /// What fixes make of the manifest in `files`.
    fn fixed(files: &MemoryFs, safety: Safety) -> Fixed {
        let manifest = files.get(&FILE_NAME.into()).expect("a manifest");
        let manifest = Manifest::read(Source::from_bytes(manifest));
        let settings = Settings::default();
        fix(
            &Package::new(files, &manifest),
            safety,
            &|file| *file == PkgPath::from(FILE_NAME),
            &|package| check(package, &settings, Some(&package.contents())),
        )
    }

    #[test]
    fn only_what_is_asked_for_is_fixed() {
        let text = format!("\u{feff}{}# 😀", COMPLETE.replace('\n', "\r\n"));
        let bad = text.replace("category", "categroy");
        let bad = bad.replace("name: demo", "name: demo # ksext: ignore[unknown-key]");
        let files = MemoryFs::from([(FILE_NAME, &bad)]);
        let safe = fixed(&files, Safety::Safe);
        assert_eq!(safe.made, 1);
        let expected = bad.replace(" # ksext: ignore[unknown-key]", "");
        assert_eq!(safe.texts[&FILE_NAME.into()], expected);
        let all = fixed(&files, Safety::Unsafe);
        assert_eq!((all.made, &all.texts[&FILE_NAME.into()]), (2, &text));
        let done = MemoryFs::from([(FILE_NAME, &text)]);
        assert_eq!(fixed(&done, Safety::Unsafe), Fixed::default());
    }

    #[test]
    fn fixes_that_touch_are_made_one_after_the_other() {
        let files = MemoryFs::from([(
            FILE_NAME,
            format!("{COMPLETE}# ksext: ignore[unknown-key, missing-icon]\n"),
        )]);
        let fixed = fixed(&files, Safety::Safe);
        assert_eq!(fixed.made, 2);
        assert_eq!(fixed.texts[&FILE_NAME.into()], COMPLETE);
    }

    #[test]
    fn a_text_that_is_no_utf_8_stays_as_it_is() {
        let text = format!("{COMPLETE}# ksext: ignore[unknown-key]\n");
        let utf_16 = text.encode_utf16().flat_map(u16::to_le_bytes);
        let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf_16).collect();
        let files = MemoryFs::default().with_file(FILE_NAME, utf_16);
        assert_eq!(fixed(&files, Safety::Unsafe), Fixed::default());
    }

    #[test]
    fn links_are_written_through_inside_the_package_only() {
        let files = MemoryFs::from([(FILE_NAME, COMPLETE), ("shared/values.yaml", "a: 1\n")])
            .with_symlink("values.yaml", "shared/values.yaml")
            .with_symlink("permissions.yaml", "../outside.yaml")
            .with_symlink("README.md", "nowhere.md");
        let manifest = Manifest::from_text(COMPLETE);
        let marked = |file: &str| {
            let location = crate::finding::Location::start_of(&file.into());
            let text = crate::lang::Bilingual::fixed("mark", "标记");
            let edit = TextEdit {
                span: crate::text::Span::new(0, if file == "values.yaml" { 1 } else { 0 }),
                text: "b".to_owned(),
            };
            crate::rules::ignored_setting(location, text.clone()).fixed_in(
                &file.into(),
                Safety::Safe,
                text,
                edit,
            )
        };
        let package = Package::new(&files, &manifest);
        let fixed = fix(&package, Safety::Safe, &|_| true, &|package| {
            if lookup(package.files(), &"new.md".into()).is_ok() {
                return Vec::new();
            }
            ["values.yaml", "permissions.yaml", "README.md", "new.md"]
                .map(marked)
                .to_vec()
        });
        let texts: Vec<_> = fixed
            .texts
            .iter()
            .map(|(path, text)| (path.to_string(), text.as_str()))
            .collect();
        let expected = [("new.md", "b"), ("shared/values.yaml", "b: 1\n")];
        assert_eq!(texts, expected.map(|(path, text)| (path.to_owned(), text)));
        assert_eq!(fixed.made, 2);
    }
}
