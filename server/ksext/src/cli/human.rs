//! The findings for people: with the lines they are about, in colour, in their language.

use std::io::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use ksext_core::bilingual;
use ksext_core::finding::{Finding, Severity};
use ksext_core::lang::{Bilingual, Lang, show_size};
use ksext_core::text::{Encoding, Span};

use super::check::Checked;
use super::excerpts::{Excerpted, Files};
use super::{Terminal, plain};

/// Bytes of a line that are shown at most around a place.
const MAX_LINE: usize = 240;

pub(super) fn write(
    out: &mut impl Write,
    checked: &[Checked],
    terminal: &Terminal,
) -> anyhow::Result<()> {
    for package in checked {
        let mut files = Files::new(&package.package);
        for finding in &package.findings {
            writeln!(out, "{}\n", render(package, &mut files, finding))?;
        }
    }
    if !terminal.quiet {
        for package in checked {
            writeln!(out, "{}", plain(&summary(package)))?;
        }
    }
    Ok(())
}

fn render(checked: &Checked, files: &mut Files<'_>, finding: &Finding) -> String {
    let lang = checked.lang;
    let location = &finding.location;
    let path = checked.package.root().join(location.file.to_string());
    let excerpt = Excerpt::around(files.get(&location.file), location.span);
    let level = level(finding.severity, lang);
    let title = level
        .primary_title(finding.message.get(lang))
        .id(finding.rule)
        .id_url(crate::docs::rule_url(finding.rule));
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
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::INFO,
        Severity::Hint => Level::NOTE,
    };
    level.with_name(severity.name().get(lang).to_owned())
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
    fn around(file: &'a Excerpted, span: Span) -> Self {
        let Excerpted { text, document } = file;
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

/// `demo 0.1.0: fixed 1; 2 errors, 1 warning; 34.6 KB of 1.0 MB`
fn summary(checked: &Checked) -> String {
    let lang = checked.lang;
    let manifest = checked.package.manifest();
    let root = checked.package.root().display().to_string();
    let name = manifest.name().map_or(root, |name| name.value);
    let version = manifest
        .version()
        .map_or(String::new(), |version| format!(" {}", version.value));
    let counts = counts(&checked.findings);
    let fixed = match checked.fixed {
        0 => Bilingual::fixed("", ""),
        count => bilingual!("fixed {count}; ", "已修复 {count} 个问题；"),
    };
    let (counts_en, counts_zh) = (
        fixed.en.into_owned() + &counts.en,
        fixed.zh.into_owned() + &counts.zh,
    );
    let size = checked.projected.map_or_else(
        || match checked.package.has_files() {
            true if checked.is_measured => Bilingual::fixed("it cannot be packed", "无法打包"),
            true => Bilingual::fixed("not packed", "未打包"),
            false => Bilingual::fixed("its files are not known", "不了解其文件"),
        },
        |projected| {
            let (projected, limit) = (show_size(projected), show_size(checked.limit));
            bilingual!("{projected} of {limit}", "{projected}，上限 {limit}")
        },
    );
    let (size_en, size_zh) = (&size.en, &size.zh);
    let text = bilingual!(
        "{name}{version}: {counts_en}; {size_en}",
        "{name}{version}：{counts_zh}；{size_zh}",
    );
    text.get(lang).to_owned()
}

/// `2 errors, 1 warning`
fn counts(findings: &[Finding]) -> Bilingual {
    let all = [
        Severity::Error,
        Severity::Warning,
        Severity::Information,
        Severity::Hint,
    ];
    let (mut en, mut zh) = (Vec::new(), Vec::new());
    for severity in all {
        let count = findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count();
        if count > 0 {
            let name = severity.name();
            let (name_en, name_zh) = (&name.en, &name.zh);
            let plural = if count == 1 || severity == Severity::Information {
                ""
            } else {
                "s"
            };
            en.push(format!("{count} {name_en}{plural}"));
            zh.push(format!("{count} 个{name_zh}"));
        }
    }
    if en.is_empty() {
        return Bilingual::fixed("no findings", "没有问题");
    }
    Bilingual {
        en: en.join(", ").into(),
        zh: zh.join("，").into(),
    }
}
