//! Single values: whether they say what is written, and how to write another in their place.

use crate::bilingual;
use crate::finding::{Finding, Safety};
use crate::lang::Bilingual;
use crate::rules::Context;
use crate::text::TextEdit;
use crate::yaml::{Data, Kind, NodeId, Style, Value, written};

/// The text of `value`, if it is one, is not empty, and is what the author wrote: not a number or a
/// boolean that YAML made another text of, which is another defect.
pub(in crate::rules) fn text_as_written<'c>(cx: &Context<'c>, value: &'c Value) -> Option<&'c str> {
    let Data::Text(text) = &value.data else {
        return None;
    };
    let tree = cx.manifest.tree();
    let as_written = match &tree.node(tree.follow(value.node)).kind {
        Kind::Scalar {
            text: written,
            style: Style::Plain,
        } => written == text,
        _ => true,
    };
    (as_written && !text.is_empty()).then_some(text)
}

/// The edit that writes `text` in the place of `value`, in the same quotes; `None` where it would
/// change something elsewhere too, or where a block of text stands.
pub(in crate::rules) fn replacement(
    cx: &Context<'_>,
    value: &Value,
    text: &str,
) -> Option<TextEdit> {
    replacement_at(cx, value.node, text)
}

/// The same for the value at `node`.
pub(in crate::rules) fn replacement_at(
    cx: &Context<'_>,
    node: NodeId,
    text: &str,
) -> Option<TextEdit> {
    let node = cx.manifest.tree().node(node);
    let Kind::Scalar { style, .. } = &node.kind else {
        return None;
    };
    if node.anchor.is_some() || node.tag.is_some() {
        return None;
    }
    let text = written(text, *style)?;
    let span = node.span;
    Some(TextEdit { span, text })
}

/// The finding with the fix "Write `meant`" for the value at `node`, where [`replacement_at`] can.
pub(in crate::rules) fn rewriting(
    cx: &Context<'_>,
    finding: Finding,
    node: NodeId,
    meant: &str,
    safety: Safety,
) -> Finding {
    let title = bilingual!("Write `{meant}`", "改写为 `{meant}`");
    replacing(cx, finding, node, meant, safety, title)
}

/// The same under another title.
pub(in crate::rules) fn replacing(
    cx: &Context<'_>,
    finding: Finding,
    node: NodeId,
    text: &str,
    safety: Safety,
    title: Bilingual,
) -> Finding {
    match replacement_at(cx, node, text) {
        Some(edit) => finding.fixed_by(safety, title, [edit]),
        None => finding,
    }
}
