//! The findings for people: with the lines they are about, in colour, in their language.

use std::io::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use ksext_core::bilingual;
use ksext_core::finding::{Finding, Severity};
use ksext_core::lang::{Bilingual, Lang, show_size};
use ksext_core::text::{Document, Encoding, Span};

use super::Terminal;
use super::check::Checked;

/// Bytes of a line that are shown at most around a place.
const MAX_LINE: usize = 240;

pub(super) fn write(
    out: &mut impl Write,
    checked: &[Checked],
    terminal: &Terminal,
) -> anyhow::Result<()> {
    for package in checked {
        for finding in &package.findings {
            writeln!(out, "{}\n", render(package, finding))?;
        }
    }
    if !terminal.quiet {
        for package in checked {
            writeln!(out, "{}", summary(package))?;
        }
    }
    Ok(())
}

fn render(checked: &Checked, finding: &Finding) -> String {
    let lang = checked.lang;
    let location = &finding.location;
    let text = checked.package.text_of(&location.file);
    let path = checked.package.root().join(location.file.to_string());
    let excerpt = Excerpt::around(&text, location.span);
    let level = level(finding.severity, lang);
    let title = level
        .primary_title(finding.message.get(lang))
        .id(finding.rule)
        .id_url(crate::rule_url(finding.rule));
    let snippet = Snippet::source(excerpt.text)
        .line_start(excerpt.line)
        .path(path.display().to_string())
        .annotation(AnnotationKind::Primary.span(excerpt.span.start..excerpt.span.end));
    let mut group: Group<'_> = title.element(snippet);
    if let Some(fix) = finding.fixes.first() {
        let name = Bilingual::fixed("fix", "修复");
        let name = name.get(lang).to_owned();
        group = group.element(Level::HELP.with_name(name).message(fix.title.get(lang)));
    }
    renderer().render(&[group])
}

fn renderer() -> Renderer {
    // anstream takes the colours out again where they are not wanted.
    Renderer::styled()
}

fn level(severity: Severity, lang: Lang) -> Level<'static> {
    let (level, en, zh) = match severity {
        Severity::Error => (Level::ERROR, "error", "错误"),
        Severity::Warning => (Level::WARNING, "warning", "警告"),
        Severity::Information => (Level::INFO, "information", "信息"),
        Severity::Hint => (Level::NOTE, "hint", "提示"),
    };
    level.with_name(match lang {
        Lang::En => en,
        Lang::Zh => zh,
    })
}

/// The line of a place, cut to what fits a screen.
struct Excerpt<'a> {
    text: &'a str,
    /// Counted from 1.
    line: usize,
    /// The place in `text`.
    span: Span,
}

impl<'a> Excerpt<'a> {
    fn around(text: &'a str, span: Span) -> Self {
        let document = Document::new(text);
        let line = document.position(span.start, Encoding::Utf8).line;
        let whole = document.line(line);
        let start = text.floor_char_boundary(whole.start.max(span.start.saturating_sub(MAX_LINE)));
        let end = text.ceil_char_boundary(whole.end.min(span.start + MAX_LINE));
        let clamp = |offset: usize| offset.clamp(start, end) - start;
        Self {
            text: text.get(start..end).unwrap_or_default(),
            line: line as usize + 1,
            span: Span::new(clamp(span.start), clamp(span.end)),
        }
    }
}

/// `demo 0.1.0: 2 errors, 1 warning; 34.6 KB of 1.0 MB`
fn summary(checked: &Checked) -> String {
    let manifest = checked.package.manifest();
    let root = checked.package.root().display().to_string();
    let name = manifest.name().map_or(root, |name| name.value);
    let version = manifest.version().map_or(String::new(), |version| format!(" {}", version.value));
    let count = |severity| {
        checked.findings.iter().filter(|finding| finding.severity == severity).count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let others = checked.findings.len() - errors - warnings;
    let size = checked.projected.map_or_else(
        || bilingual!("size unknown", "大小未知"),
        |projected| {
            let (projected, limit) = (show_size(projected), show_size(checked.limit));
            bilingual!("{projected} of {limit}", "{projected}，上限 {limit}")
        },
    );
    let (size_en, size_zh) = (&size.en, &size.zh);
    let text = bilingual!(
        "{name}{version}: {errors} errors, {warnings} warnings, {others} others; {size_en}",
        "{name}{version}：{errors} 个错误，{warnings} 个警告，{others} 个其他；{size_zh}",
    );
    text.get(checked.lang).to_owned()
}
