//! `screenshot-order`: screenshots that ksbuilder would publish in another order.

use super::{Context, Entry, Example, Page, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::local;
use crate::text::TextEdit;
use crate::yaml::{Kind, Style, Value};

pub(super) static RULE: Rule = Rule {
    id: "screenshot-order",
    severity: Severity::Hint,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A screenshot that is a file stands before one that is a URL.",
            "本地文件的截图排在 URL 截图之前。",
        ),
        why: Bilingual::fixed(
            "`ksbuilder push` publishes the screenshots that are online already first and those that it uploads behind them, whatever their order in the manifest. ksext keeps the author's order.",
            "`ksbuilder push` 会先列出已在线的截图，再列出由它上传的截图，而不管清单中的顺序。ksext 会保持作者的顺序。",
        ),
        severity: Bilingual::fixed(
            "Hint: it matters to those who push with ksbuilder, and to them little.",
            "提示：只影响使用 ksbuilder 推送的人，而且影响很小。",
        ),
        fix: Bilingual::fixed(
            "Put the URLs first, or make all of them files.",
            "把 URL 排在前面，或全部改用文件。",
        ),
        bad: Example::with_files(
            "screenshots:\n  - ./a.png\n  - https://example.com/b.png\n",
            &[("a.png", Entry::Png(640, 400))],
        ),
        good: Example::with_files(
            "screenshots:\n  - https://example.com/b.png\n  - ./a.png\n",
            &[("a.png", Entry::Png(640, 400))],
        ),
        sources: &["ksbuilder cmd/push.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    finding(cx).into_iter().collect()
}

fn finding(cx: &Context<'_>) -> Option<Finding> {
    let items = cx.manifest.entry("screenshots")?.value.items();
    let is_file = |item: &Value| local::is_local(&item.to_text().unwrap_or_default());
    let first = items.iter().position(is_file)?;
    // What cannot be uploaded is published nowhere.
    let is_uploaded = cx.named_files.iter().all(|(_, found)| found.is_ok());
    if items.iter().skip(first).all(is_file) || !is_uploaded {
        return None;
    }
    let message = Bilingual::fixed(
        "`ksbuilder push` would publish this file behind the screenshots that are URLs; ksext keeps the order",
        "`ksbuilder push` 会把这个文件排到 URL 截图之后发布；ksext 保持原有顺序",
    );
    let finding = RULE.finding(cx.manifest.span(items[first].node), message);
    let Some(edits) = reordered(cx, items, is_file) else {
        return Some(finding);
    };
    let title = Bilingual::fixed("Put the URLs first", "把 URL 排在前面");
    Some(finding.fixed_by(Safety::Unsafe, title, edits))
}

/// The edits that write the URLs first; `None` where comments or aliases stand among the items.
fn reordered(
    cx: &Context<'_>,
    items: &[Value],
    is_file: impl Fn(&Value) -> bool,
) -> Option<Vec<TextEdit>> {
    let tree = cx.manifest.tree();
    let is_simple = |item: &&Value| {
        let node = tree.node(item.node);
        let is_line = match node.kind {
            Kind::Scalar { style, .. } => !matches!(style, Style::Literal | Style::Folded),
            _ => false,
        };
        is_line && node.anchor.is_none() && node.tag.is_none()
    };
    let span = tree
        .span(items.first()?.node)
        .cover(tree.span(items.last()?.node));
    let is_inside =
        |comment: &crate::text::Span| span.start < comment.start && comment.start < span.end;
    if !items.iter().all(|item| is_simple(&item)) || tree.comments().iter().any(is_inside) {
        return None;
    }
    let (files, urls): (Vec<_>, Vec<_>) = items.iter().partition(|item| is_file(item));
    let order = urls.into_iter().chain(files);
    let edit = |(place, item): (&Value, &Value)| TextEdit {
        span: tree.span(place.node),
        text: tree.span(item.node).of(cx.manifest.text()).to_owned(),
    };
    let moved = items
        .iter()
        .zip(order)
        .filter(|(place, item)| place.node != item.node);
    Some(moved.map(edit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_only, findings_with_files};
    use crate::text::apply_edits;

    const FILES: [(&str, Entry); 2] = [
        ("a.png", Entry::Png(640, 400)),
        ("图.png", Entry::Png(640, 400)),
    ];

    #[test]
    fn the_file_that_would_move_is_marked() {
        for (manifest, marked) in [
            ("screenshots: [https://x.io/1, a.png]\n", &[][..]),
            ("screenshots: [a.png, 图.png]\n", &[]),
            (
                "screenshots: [https://x.io/1, \"图.png\", data:image/png, a.png]\r\n",
                &["\"图.png\""],
            ),
        ] {
            check_only(&RULE, manifest, &FILES, marked);
        }
    }

    #[test]
    fn the_fix_moves_texts_with_their_quotes_and_leaves_comments_alone() {
        let fixed = |manifest: &str| {
            let findings = findings_with_files(manifest, &FILES);
            let own = findings.iter().find(|finding| finding.rule == RULE.id);
            let fix = own?.fixes.first()?;
            let edits: Vec<_> = fix.edits.iter().map(|(_, edit)| edit.clone()).collect();
            apply_edits(manifest, &edits)
        };
        assert_eq!(
            fixed("screenshots: # 一\r\n- 'a.png'\r\n- 图.png\r\n- https://x.io/1\r\n").as_deref(),
            Some("screenshots: # 一\r\n- https://x.io/1\r\n- 'a.png'\r\n- 图.png\r\n")
        );
        for manifest in [
            "screenshots:\n- a.png # first\n- https://x.io/1\n",
            "home: &a https://x.io/1\nscreenshots: [a.png, *a]\n",
        ] {
            assert_eq!(fixed(manifest), None, "{manifest}");
        }
    }
}
