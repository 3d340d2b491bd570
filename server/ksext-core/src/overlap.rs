//! What another YAML server that looks at the same manifest reports too.
//!
//! Only what is certain is left to it: a finding that nobody shows is worse than one shown twice. Of
//! 2 700 broken manifests the parser of yaml-language-server refused each for these reasons, and many
//! not for others, among them `?` in flow values, unknown anchors and bytes that are no UTF-8.

use crate::finding::Finding;
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::PkgPath;
use crate::yaml::ErrorKind;

/// Whether every YAML server reports this finding about `manifest`, in whatever words.
pub fn is_told_by_yaml_servers(manifest: &Manifest, finding: &Finding) -> bool {
    if finding.location.file != PkgPath::from(FILE_NAME) {
        return false;
    }
    let text = manifest.text();
    let key = finding.location.span.of(text);
    match finding.rule {
        // Keys that a merge brings are equal to go-yaml alone.
        "duplicate-key" => finding
            .related
            .iter()
            .all(|other| other.location.span.of(text) == key),
        "yaml-syntax" => manifest.tree().errors().iter().any(|error| {
            error.span == finding.location.span && is_refused_by_every_reader(&error.kind)
        }),
        _ => false,
    }
}

fn is_refused_by_every_reader(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ExpectedDash
            | ErrorKind::BadTag(_)
            | ErrorKind::EntryNotAllowed
            | ErrorKind::CannotStartToken(Some('`'))
            | ErrorKind::ExpectedHex
            | ErrorKind::TextBehindBlockHeader
            | ErrorKind::UnknownEscape(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Settings, check};
    use crate::package::Package;

    #[test]
    fn what_is_certain_to_be_told_twice_is_left_to_others() {
        for (text, rule, told) in [
            ("name: demo\nname: demo2\n", "duplicate-key", true),
            (
                "name: demo # 观测\r\n\"name\": b\r\n",
                "duplicate-key",
                false,
            ),
            ("a: &a {name: x}\n<<: *a\nname: y\n", "duplicate-key", false),
            ("name: `demo`\n", "yaml-syntax", true),
            ("name: \"a\\qb\"\n", "yaml-syntax", true),
            ("name: demo\n  version\n", "yaml-syntax", false),
            ("name: *none\n", "yaml-syntax", false),
            ("nam: demo\n", "unknown-key", false),
        ] {
            let manifest = Manifest::from_text(text);
            let package = Package::without_files(&manifest);
            let found = check(&package, &Settings::default(), None);
            let mut found = found.iter().filter(|finding| finding.rule == rule);
            let seen = found
                .next()
                .map(|finding| is_told_by_yaml_servers(&manifest, finding));
            assert_eq!(seen.unwrap_or_default(), told, "{text}");
        }
    }
}
