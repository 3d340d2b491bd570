//! Fixes that change `.helmignore`.

use crate::bilingual;
use crate::finding::{Finding, Safety};
use crate::lang::Bilingual;
use crate::package::{PkgPath, ignore};
use crate::rules::Context;
use crate::text::{Span, TextEdit, line_break, line_start};

/// The finding with a fix that leaves the file or folder at `path` out of the package.
pub(in crate::rules) fn with_ignore_line(
    cx: &Context<'_>,
    finding: Finding,
    path: &PkgPath,
) -> Finding {
    let title = bilingual!(
        "Leave `{path}` out by `.helmignore`",
        "用 `.helmignore` 排除 `{path}`",
    );
    with_lines(cx, finding, title, &[ignore::pattern_for(path)])
}

/// The finding with a fix that adds `lines` to `.helmignore`.
pub(in crate::rules) fn with_lines(
    cx: &Context<'_>,
    finding: Finding,
    title: Bilingual,
    lines: &[String],
) -> Finding {
    let Some(contents) = cx.contents else {
        return finding;
    };
    let file = PkgPath::from(ignore::FILE_NAME);
    let text = contents.text(&file).map_or("", |source| source.text());
    let line_break = line_break(text);
    let mut added = String::new();
    if !text.is_empty() && !text.ends_with('\n') {
        added.push_str(line_break);
    }
    for line in lines {
        added.push_str(line);
        added.push_str(line_break);
    }
    let edit = TextEdit {
        span: Span::empty(text.len()),
        text: added,
    };
    finding.fixed_in(&file, Safety::Unsafe, title, edit)
}

/// The finding, which stands in `.helmignore`, with a fix that deletes its line.
pub(in crate::rules) fn with_line_deleted(cx: &Context<'_>, finding: Finding) -> Finding {
    let Some(text) = text_of(cx, &finding) else {
        return finding;
    };
    let start = line_start(text, finding.location.span.start);
    let rest = text.get(start..).unwrap_or_default();
    let end = start + rest.find('\n').map_or(rest.len(), |at| at + 1);
    let edit = TextEdit {
        span: Span::new(start, end),
        text: String::new(),
    };
    let title = Bilingual::fixed("Delete this line", "删除这一行");
    finding.fixed_by(Safety::Unsafe, title, [edit])
}

/// The finding, which stands in `.helmignore`, with a fix that takes `**` out of its pattern.
pub(in crate::rules) fn with_double_stars_gone(cx: &Context<'_>, finding: Finding) -> Finding {
    let Some(text) = text_of(cx, &finding) else {
        return finding;
    };
    let span = finding.location.span;
    let pattern = span.of(text).replace("**/", "").replace("/**", "/");
    let pattern = pattern.replace("**", "*");
    if pattern.is_empty() || pattern == "/" {
        return with_line_deleted(cx, finding);
    }
    let title = bilingual!("Write `{pattern}`", "改写为 `{pattern}`");
    let edit = TextEdit {
        span,
        text: pattern,
    };
    finding.fixed_by(Safety::Unsafe, title, [edit])
}

fn text_of<'c>(cx: &Context<'c>, finding: &Finding) -> Option<&'c str> {
    Some(cx.contents?.text(&finding.location.file)?.text())
}
