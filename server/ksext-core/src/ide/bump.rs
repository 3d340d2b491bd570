//! The next version, for an author whose version is taken.

use crate::bilingual;
use crate::finding::{Fix, Safety};
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::PkgPath;
use crate::semver::Version;
use crate::text::{Span, TextEdit};
use crate::yaml::NodeId;

/// A version and the edit that writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bump {
    /// The version in place of the written one.
    pub version: String,
    /// Writes it. Quotes, comments and line ends stay.
    pub fix: Fix,
}

/// The next version of the extension; `None` if `version` is not written as what it is, as `1.10` is
/// not, or what follows it cannot be told.
pub fn bump(manifest: &Manifest) -> Option<Bump> {
    let written = manifest.version()?;
    let next = next(&written.value)?;
    let span = inside_quotes(manifest, written.node, written.span)?;
    if span.of(manifest.text()) != written.value || !manifest.source().is_verbatim() {
        return None;
    }
    let edit = TextEdit {
        span,
        text: next.clone(),
    };
    let fix = Fix {
        title: bilingual!(
            "Raise `version` to `{next}`",
            "将 `version` 提高到 `{next}`"
        ),
        safety: Safety::Unsafe,
        edits: vec![(PkgPath::from(FILE_NAME), edit)],
    };
    Some(Bump { version: next, fix })
}

/// The text of the value itself. `None` for one that others refer to: they would change too.
fn inside_quotes(manifest: &Manifest, node: NodeId, span: Span) -> Option<Span> {
    if manifest.tree().node(node).anchor.is_some() {
        return None;
    }
    let written = span.of(manifest.text());
    let quoted = ['"', '\'']
        .iter()
        .any(|&quote| written.len() > 2 && written.starts_with(quote) && written.ends_with(quote));
    Some(match quoted {
        true => Span::new(span.start + 1, span.end - 1),
        false => span,
    })
}

/// The version that follows: of a release the next patch, of a pre-release the next of its kind. Build
/// metadata goes: it makes no other version.
fn next(version: &str) -> Option<String> {
    let parsed = Version::parse(version)?;
    let (v, rest) = match version.strip_prefix('v') {
        Some(rest) => ("v", rest),
        None => ("", version),
    };
    let (major, minor, patch) = (parsed.major, parsed.minor, parsed.patch);
    // `1.10` has no patch, and YAML has made `1.1` of it.
    if !rest.starts_with(&format!("{major}.{minor}.{patch}")) {
        return None;
    }
    if parsed.pre.is_empty() {
        let patch = patch.checked_add(1)?;
        return Some(format!("{v}{major}.{minor}.{patch}"));
    }
    let pre = next_pre_release(&parsed.pre)?;
    Some(format!("{v}{major}.{minor}.{patch}-{pre}"))
}

/// `rc.1` is followed by `rc.2`, `rc1` by `rc2`, `beta` by `beta.1`. `rc9` by nothing: `rc10` comes
/// before it (SemVer 2.0.0, item 11).
fn next_pre_release(pre: &str) -> Option<String> {
    let digits = pre.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (stem, number) = pre.split_at(pre.len() - digits);
    if number.is_empty() {
        return Some(format!("{pre}.1"));
    }
    let raised = number.parse::<u64>().ok()?.checked_add(1)?;
    let raised = format!("{raised:0>digits$}");
    let is_number = stem.is_empty() || stem.ends_with('.');
    (is_number || raised.len() == digits).then(|| format!("{stem}{raised}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply_edits;

    #[test]
    fn a_version_is_followed_by_the_next_of_its_kind() {
        for (version, expected) in [
            ("1.0.0", Some("1.0.1")),
            ("v1.0.9", Some("v1.0.10")),
            ("1.2.3+build.7", Some("1.2.4")),
            ("1.0.0-rc.1", Some("1.0.0-rc.2")),
            ("1.0.0-rc.9", Some("1.0.0-rc.10")),
            ("1.0.0-rc1+x", Some("1.0.0-rc2")),
            ("1.0.0-rc9", None),
            ("1.0.0-2026", Some("1.0.0-2027")),
            ("1.0.0-beta", Some("1.0.0-beta.1")),
            ("1.10", None),
            ("v1", None),
            ("1.0.18446744073709551615", None),
            ("1.0.0-rc.18446744073709551615", None),
            ("最新", None),
            ("", None),
        ] {
            assert_eq!(next(version).as_deref(), expected, "{version}");
            let later = expected.map(|next| Version::parse(next) > Version::parse(version));
            assert_ne!(later, Some(false), "{version}");
        }
    }

    #[test]
    fn the_edit_leaves_all_but_the_version() {
        for (text, expected) in [
            (
                "name: demo\nversion: 1.0.0 # 首个\nicon: x\n",
                Some("name: demo\nversion: 1.0.1 # 首个\nicon: x\n"),
            ),
            (
                "\u{feff}version:  \"1.0.0-rc.1\"\r\nname: demo\r\n",
                Some("\u{feff}version:  \"1.0.0-rc.2\"\r\nname: demo\r\n"),
            ),
            (
                "{name: demo, version: '1.0.0'}",
                Some("{name: demo, version: '1.0.1'}"),
            ),
            ("version: 1.10\n", None),
            ("version: \"1.0\\u002e0\"\n", None),
            ("version: &v 1.0.0\nksVersion: *v\n", None),
            ("a: &v 1.0.0\nversion: *v\n", None),
            ("version: |-\n  1.0.0\n", None),
            ("version: [1.0.0]\n", None),
            ("name: demo\n", None),
        ] {
            let bump = bump(&Manifest::from_text(text));
            let edited = bump.and_then(|bump| apply_edits(text, &[bump.fix.edits[0].1.clone()]));
            assert_eq!(edited.as_deref(), expected, "{text:?}");
        }
    }
}
