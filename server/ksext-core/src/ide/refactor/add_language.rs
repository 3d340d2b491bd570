//! A language everywhere at once: in the texts of the manifest and as files beside it.

use std::collections::BTreeSet;

use super::{Refactoring, touches};
use crate::bilingual;
use crate::ide::change::Change;
use crate::ide::view::View;
use crate::manifest::Manifest;
use crate::package::PkgPath;
use crate::package::fs::lookup;
use crate::schema;
use crate::text::{Span, TextEdit, apply_edits, line_break, line_start};
use crate::yaml::{Kind, Pair};

/// The fields by language.
const FIELDS: [&str; 3] = ["displayName", "description", "provider"];
/// The languages of the Marketplace.
const EXPECTED: [&str; 2] = ["en", "zh"];
/// The files by language; that in English bears no code.
const FILES: [&str; 2] = ["README", "CHANGELOG"];
/// The most of a file that is copied, in bytes.
const MAX_FILE: u64 = 1 << 20;

pub(super) fn refactorings(view: &View<'_>, selection: Span) -> Vec<Refactoring> {
    let Some(manifest) = view.as_manifest() else {
        return Vec::new();
    };
    let is_here = FIELDS
        .iter()
        .any(|field| touches(manifest, field, selection));
    if !is_here || !manifest.tree().errors().is_empty() {
        return Vec::new();
    }
    let mut codes: BTreeSet<&str> = EXPECTED.into();
    for field in FIELDS {
        codes.extend(codes_of(manifest, field));
    }
    let offers = codes.into_iter();
    offers
        .filter_map(|code| add(view, manifest, code))
        .collect()
}

/// The language codes that a field has texts for.
fn codes_of<'m>(manifest: &'m Manifest, field: &str) -> Vec<&'m str> {
    let entries = manifest
        .entries(field)
        .iter()
        .filter(|entry| schema::is_language(&entry.key));
    entries.map(|entry| &*entry.key).collect()
}

/// Adds the language `code` where it is missing, with the texts of another language to be translated.
fn add(view: &View<'_>, manifest: &Manifest, code: &str) -> Option<Refactoring> {
    let missing = FIELDS.iter().filter(|field| {
        let codes = codes_of(manifest, field);
        !codes.is_empty() && !codes.contains(&code)
    });
    let edits: Vec<_> = missing
        .filter_map(|field| entry(manifest, field, code))
        .collect();
    if edits.is_empty() {
        return None;
    }
    let after = Manifest::from_text(&apply_edits(manifest.text(), &edits)?);
    let added = FIELDS.iter().all(|field| {
        codes_of(manifest, field).is_empty() || codes_of(&after, field).contains(&code)
    });
    if !added || !after.tree().errors().is_empty() {
        return None;
    }
    let edits = edits.into_iter().map(|edit| (view.file.clone(), edit));
    let files = files(view, code);
    let makes_files = !files.is_empty();
    let title = bilingual!(
        "Add `{code}` everywhere, with texts to be translated",
        "在所有位置添加 `{code}`，文本待翻译",
    );
    Some(Refactoring {
        id: format!("add-language:{code}"),
        change: Change {
            edits: edits.chain(files).collect(),
            confirm: makes_files.then(|| title.clone()),
            ..Change::default()
        },
        title,
    })
}

/// The entry for `code` behind the last one of a field: that of English, or the first, under another
/// key.
fn entry(manifest: &Manifest, field: &str, code: &str) -> Option<TextEdit> {
    let (text, tree) = (manifest.text(), manifest.tree());
    let node = manifest.entry(field)?.value.node;
    let Kind::Mapping { pairs, flow } = &tree.node(node).kind else {
        return None;
    };
    let english = pairs
        .iter()
        .find(|pair| tree.scalar(pair.key) == Some("en"));
    let model = english.or(pairs.first())?;
    let last = pairs.last()?;
    let value = Span::new(manifest.span(model.key).end, end_of(manifest, model));
    let entry = format!("{code}{}", value.of(text));
    if *flow {
        let end = end_of(manifest, last);
        return Some(TextEdit {
            span: Span::empty(end),
            text: format!(", {entry}"),
        });
    }
    let key = manifest.span(last.key).start;
    let indent = &text[line_start(text, key)..key];
    if !indent.trim().is_empty() {
        return None;
    }
    let end = end_of(manifest, last);
    let rest = &text[end..];
    let line_end = end + rest.find(['\r', '\n']).unwrap_or(rest.len());
    Some(TextEdit {
        span: Span::empty(line_end),
        text: format!("{}{indent}{entry}", line_break(text)),
    })
}

fn end_of(manifest: &Manifest, pair: &Pair) -> usize {
    manifest.span(pair.key).cover(manifest.span(pair.value)).end
}

/// The files beside the manifest in the language `code`: copies of those in English.
fn files(view: &View<'_>, code: &str) -> Vec<(PkgPath, TextEdit)> {
    if code == "en" {
        return Vec::new();
    }
    let files = view.package.files();
    let copies = FILES.iter().filter_map(|name| {
        let copy = PkgPath::from(format!("{name}_{code}.md").as_str());
        if lookup(files, &copy).is_ok() {
            return None;
        }
        let english = lookup(files, &PkgPath::from(format!("{name}.md").as_str())).ok()?;
        let bytes = files.read(&english.path, MAX_FILE).ok()?;
        let text = String::from_utf8(bytes.into_owned()).ok()?;
        let span = Span::empty(0);
        Some((copy, TextEdit { span, text }))
    });
    copies.collect()
}

#[cfg(test)]
mod tests {
    use super::super::done;

    #[test]
    fn a_language_comes_to_every_field_and_file_that_lacks_it() {
        let (text, files) = done(
            "displayName:\r\n  e|n: Demo # the name\r\ndescription: {en: Observe 😀}\r\nprovider:\r\n  en:\r\n    name: Example\r\n    url: https://example.com\r\nicon: a.svg\r\n",
            "add-language:zh",
        )
        .expect("an offer");
        assert_eq!(
            text,
            "displayName:\r\n  en: Demo # the name\r\n  zh: Demo\r\ndescription: {en: Observe 😀, zh: Observe 😀}\r\nprovider:\r\n  en:\r\n    name: Example\r\n    url: https://example.com\r\n  zh:\r\n    name: Example\r\n    url: https://example.com\r\nicon: a.svg\r\n"
        );
        assert_eq!(files, ["README_zh.md: # Demo\n"]);
    }

    #[test]
    fn a_text_of_several_lines_is_copied_whole() {
        let (text, _) = done(
            "descri|ption:\n  zh: |\n    一\n    二\nname: demo\n",
            "add-language:en",
        )
        .expect("an offer");
        assert_eq!(
            text,
            "description:\n  zh: |\n    一\n    二\n  en: |\n    一\n    二\nname: demo\n"
        );
    }

    #[test]
    fn nothing_is_offered_elsewhere_or_where_nothing_is_missing() {
        for text in [
            "na|me: demo\ndisplayName: {en: a}\n",
            "display|Name: {en: a, zh: b}\ndescription: {zh: a, en: b}\n",
            "display|Name: [\n",
            "display|Name: Demo\n",
        ] {
            assert_eq!(done(text, "add-language"), None, "{text}");
        }
    }
}
