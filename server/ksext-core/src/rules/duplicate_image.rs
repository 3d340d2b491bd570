//! `duplicate-image`: an image that is listed twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::shared::images;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::{FILE_NAME, Manifest, Text};
use crate::package::PkgPath;
use crate::package::image_name::ImageName;
use crate::text::{Span, TextEdit, line_start};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-image",
    severity: Severity::Information,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed("An image is listed twice.", "同一个镜像列出了两次。"),
        why: Bilingual::fixed(
            "`nginx:1.27` and `docker.io/library/nginx:1.27` are one image. Twice does no harm; often one of the two was meant to be another.",
            "`nginx:1.27` 和 `docker.io/library/nginx:1.27` 是同一个镜像。重复没有害处，但往往其中一个本应是别的镜像。",
        ),
        severity: Bilingual::fixed(
            "Information: what is published works.",
            "信息：发布的内容可以正常使用。",
        ),
        fix: Bilingual::fixed("Delete one of the two.", "删除其中一项。"),
        bad: Example::manifest(
            "images:\n  - kubesphere/kubectl:v1\n  - docker.io/kubesphere/kubectl:v1\n",
        ),
        good: Example::manifest("images:\n  - kubesphere/kubectl:v1\n"),
        sources: &["distribution/reference normalize.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let listed = images::listed(cx.manifest);
    let mut seen: HashMap<_, &Text> = HashMap::new();
    let mut findings = Vec::new();
    for image in &listed {
        let Some(name) = ImageName::parse(&image.value) else {
            continue;
        };
        match seen.entry(name.canonical()) {
            Entry::Occupied(first) => findings.push(finding(cx.manifest, image, first.get())),
            Entry::Vacant(entry) => {
                entry.insert(image);
            }
        }
    }
    findings
}

fn finding(manifest: &Manifest, image: &Text, first: &Text) -> Finding {
    let (name, other) = (&image.value, &first.value);
    let message = if name == other {
        bilingual!(
            "`{name}` is listed above already",
            "`{name}` 在上文已经列出"
        )
    } else {
        bilingual!(
            "`{name}` is the image `{other}`, which is listed above already",
            "`{name}` 就是上文已经列出的镜像 `{other}`",
        )
    };
    let place = Location {
        file: PkgPath::from(FILE_NAME),
        span: first.span,
    };
    let finding = RULE
        .finding(image.span, message)
        .related_to(place, Bilingual::fixed("listed first", "首次列出的位置"));
    let Some(span) = line_of(manifest, image.span) else {
        return finding;
    };
    let title = Bilingual::fixed("Delete this line", "删除这一行");
    let edit = TextEdit {
        span,
        text: String::new(),
    };
    // Of two ways to write it, one may be a mistake.
    let safety = if name == other {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    finding.fixed_by(safety, title, [edit])
}

/// The line of an item, if nothing else stands on it.
fn line_of(manifest: &Manifest, item: Span) -> Option<Span> {
    let text = manifest.text();
    let start = line_start(text, item.start);
    let rest = text.get(item.end..)?;
    let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
    let before = text.get(start..item.start)?.trim();
    let alone = before == "-" && rest[..end].trim().is_empty();
    alone.then(|| Span::new(start, item.end + end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::first_of;

    #[test]
    fn two_ways_to_write_it_are_for_the_author_to_compare() {
        for (second, safety) in [
            ("nginx:1.27", Safety::Safe),
            ("'nginx:1.27'", Safety::Safe),
            ("docker.io/library/nginx:1.27", Safety::Unsafe),
        ] {
            let manifest = format!("images:\n  - nginx:1.27\n  - {second} # 镜像\n");
            let fixes = first_of(&RULE, &manifest).fixes;
            assert!(fixes.is_empty(), "a comment stands on the line");
            let manifest = format!("images:\r\n  - nginx:1.27\r\n  - {second}\r\n");
            let fixes = first_of(&RULE, &manifest).fixes;
            let offered: Vec<_> = fixes.iter().map(|fix| fix.safety).collect();
            assert_eq!(offered, [safety], "{second}");
        }
    }
}
