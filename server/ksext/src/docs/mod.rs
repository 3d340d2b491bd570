//! The reference documentation, written from the declarations that the program runs on.

pub(crate) mod answers;
pub(crate) mod capabilities;
pub(crate) mod commands;
pub(crate) mod neovim;
pub(crate) mod vscode;

use std::fmt::Write as _;

use ksext_core::finding::Safety;
use ksext_core::lang::{Bilingual, Lang};
use ksext_core::rules::{Entry, Example, RULES, Rule, RuleSet};
use ksext_core::schema;
use ksext_core::settings::{self, SETTINGS, Scope};

/// The published reference of all rules.
pub(crate) const RULES_URL: &str = concat!(
    env!("CARGO_PKG_REPOSITORY"),
    "/blob/main/server/docs/reference/rules.md"
);

/// The reference of all rules.
pub(crate) fn rules_page(lang: Lang) -> String {
    let title = Bilingual::fixed("Rules", "规则");
    let intro = Bilingual::fixed(
        "What `ksext check` and the editor report. In a manifest, `# ksext: ignore[rule-id]` on the line \
         or the line above silences a rule; the setting `rules.<id>` does so for a project, or changes \
         the severity. Comments count in the `.yaml` files beside the manifest and in `.helmignore` too. \
         Push heeds neither: it refuses a package for every error.",
        "`ksext check` 与编辑器所报告的内容。在清单中，于同一行或上一行写 `# ksext: ignore[rule-id]` 可忽略一条规则；\
         设置项 `rules.<id>` 可在整个项目中关闭规则或更改其级别。清单旁的 `.yaml` 文件和 `.helmignore` 中的注释同样有效。\
         推送不理会这两者：任何错误都会使它拒绝该扩展组件包。",
    );
    let mut text = format!("# {}\n\n{}\n\n", title.get(lang), intro.get(lang));
    text.push_str(&rules_table(lang));
    for rule in RULES {
        text.push('\n');
        text.push_str(&one_level_down(&rule_page(rule, lang)));
    }
    text
}

/// The rules by severity, each with what it reports.
fn rules_table(lang: Lang) -> String {
    let columns = Bilingual::fixed(
        "| Rule | Severity | Fix | What it reports |",
        "| 规则 | 级别 | 修复 | 报告什么 |",
    );
    let mut rules = RULES.to_vec();
    rules.sort_by_key(|rule| rule.severity);
    let mut text = format!("{}\n|---|---|---|---|\n", columns.get(lang));
    for rule in rules {
        let fix = match rule.fix {
            None => Bilingual::fixed("", ""),
            Some(Safety::Safe) => Bilingual::fixed("safe", "安全"),
            Some(Safety::Unsafe) => Bilingual::fixed("to be looked at", "需确认"),
        };
        let (id, severity) = (rule.id, rule.severity.name().get(lang).to_owned());
        let summary = rule.page.summary.get(lang);
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "| [`{id}`](#{id}) | {severity} | {} | {summary} |",
            fix.get(lang)
        );
    }
    let all: Vec<_> = RULES
        .iter()
        .filter(|rule| !RuleSet::Recommended.holds(rule.id))
        .map(|rule| format!("`{}`", rule.id))
        .collect();
    let all = all.join(", ");
    let note = ksext_core::bilingual!(
        "Off unless the setting `ruleSet` is `all`: {all}.",
        "仅当设置 `ruleSet` 为 `all` 时启用：{all}。",
    );
    let _ = writeln!(text, "\n{}", note.get(lang));
    text
}

/// Markdown with every heading one level deeper; what looks like one in an example is none.
fn one_level_down(page: &str) -> String {
    let mut text = String::new();
    let mut in_example = false;
    for line in page.lines() {
        in_example ^= line.starts_with("```");
        if !in_example && line.starts_with('#') {
            text.push('#');
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// The reference of settings.
pub(crate) fn settings_page(lang: Lang) -> String {
    let intro = Bilingual::fixed(
        "# Settings\n\nA project's settings stand in `.ksext.yaml`, beside a package or in a folder above it; the \
         nearest file counts. A user's stand in the section `ksext` of the editor, with the same names; where \
         both set something, the project's counts; of two size limits the lower, of two languages the user's. Settings marked \"user\" \
         have no effect in a project: whoever opens a repository is not to be sent to another server by \
         it. What sets nothing is reported as [`project-settings`](rules.md#project-settings) or \
         [`unknown-rule`](rules.md#unknown-rule).\n\n```yaml\nlang: zh\n\
         size:\n  limit: 900000\nrules:\n  unknown-key: error\n```\n",
        "# 设置\n\n项目的设置写在 `.ksext.yaml` 中，位于扩展组件包旁边或上级目录，以最近的文件为准。用户的设置写在编辑器的 \
         `ksext` 配置节中，名称相同；两者都有设置时以项目为准；大小上限取较小者，语言以用户为准。标为“用户”的设置在项目中无效：\
         打开一个代码仓库，不应因此连接到别的服务器。不起作用的内容会报告为 \
         [`project-settings`](rules_zh.md#project-settings) 或 \
         [`unknown-rule`](rules_zh.md#unknown-rule)。\n\n```yaml\nlang: zh\n\
         size:\n  limit: 900000\nrules:\n  unknown-key: error\n```\n",
    );
    let columns = Bilingual::fixed(
        "| Setting | Set by | Value | Default | What it does |",
        "| 设置项 | 由谁设置 | 值 | 默认值 | 作用 |",
    );
    let mut text = format!(
        "{}\n{}\n|---|---|---|---|---|\n",
        intro.get(lang),
        columns.get(lang)
    );
    for setting in SETTINGS {
        let by = match setting.scope {
            Scope::Project => Bilingual::fixed("project, user", "项目、用户"),
            Scope::User => Bilingual::fixed("user", "用户"),
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} |",
            setting.key,
            by.get(lang),
            setting.kind.wanted().get(lang).trim(),
            setting.default.get(lang),
            setting.summary.get(lang),
        );
    }
    text
}

/// The JSON Schema of a project's settings file.
pub(crate) fn settings_schema() -> String {
    format!("{:#}\n", settings::schema())
}

/// The JSON Schema for every file called `extension.yaml`.
pub(crate) fn schema_by_content() -> serde_json::Result<String> {
    Ok(format!("{:#}\n", schema::by_content()?))
}

/// Where the page of a rule stands in the reference.
pub(crate) fn rule_url(rule: &str) -> String {
    format!("{RULES_URL}#{rule}")
}

/// A rule's page as Markdown: in the terminal, in the reference and behind a finding's link.
pub(crate) fn rule_page(rule: &Rule, lang: Lang) -> String {
    let page = &rule.page;
    let mut text = format!("# {}\n\n{}\n", rule.id, page.summary.get(lang));
    let mut section = |title: Bilingual, body: &str| {
        // Writing into a string cannot fail.
        let _ = write!(text, "\n## {}\n\n{}\n", title.get(lang), body.trim_end());
    };
    section(Bilingual::fixed("Why", "原因"), page.why.get(lang));
    section(
        Bilingual::fixed("Severity", "级别"),
        page.severity.get(lang),
    );
    section(
        Bilingual::fixed("Bad", "错误示例"),
        &example(&page.bad, lang),
    );
    section(
        Bilingual::fixed("Good", "正确示例"),
        &example(&page.good, lang),
    );
    let mut fix = page.fix.get(lang).to_owned();
    if let Some(safety) = rule.fix {
        let offered = match safety {
            Safety::Safe => Bilingual::fixed(
                "For some findings ksext offers a fix, safe to make unseen.",
                "对部分问题，ksext 提供可放心自动应用的修复。",
            ),
            Safety::Unsafe => Bilingual::fixed(
                "For some findings ksext offers a fix; look at it before you keep it.",
                "对部分问题，ksext 提供修复；保留之前请先查看。",
            ),
        };
        fix = format!("{fix} {}", offered.get(lang));
    }
    section(Bilingual::fixed("How to fix it", "如何修复"), &fix);
    let sources: String = page
        .sources
        .iter()
        .map(|source| format!("- {source}\n"))
        .collect();
    section(Bilingual::fixed("Sources", "来源"), &sources);
    text
}

fn example(example: &Example, lang: Lang) -> String {
    let mut text = String::new();
    if !example.without.is_empty() {
        let fields = example.without.join("`, `");
        let words =
            ksext_core::bilingual!("A manifest without `{fields}`.", "没有 `{fields}` 的清单。");
        let _ = writeln!(text, "{}", words.get(lang));
    }
    if let Some(limit) = example.limit {
        let words = ksext_core::bilingual!(
            "A package of more than {limit} bytes under a limit of {limit} bytes.",
            "上限为 {limit} 字节时，大小超过 {limit} 字节的扩展组件包。",
        );
        let _ = writeln!(text, "{}", words.get(lang));
    }
    if !example.manifest.is_empty() {
        let _ = write!(text, "```yaml\n{}```\n", example.manifest);
    }
    for (path, entry) in example.files {
        text.push_str(&example_file(path, entry, lang));
    }
    if text.is_empty() {
        let words = Bilingual::fixed("Any package below the limit.", "任何低于上限的扩展组件包。");
        text = words.get(lang).to_owned();
    }
    text
}

/// What a code block of a file's text is called in Markdown.
fn language_of(path: &str) -> &'static str {
    match path.rsplit_once('.') {
        Some((_, "yaml" | "yml")) => "yaml",
        Some((_, "md")) => "markdown",
        _ => "text",
    }
}

/// One file of an example: its path, and its text where it has one.
fn example_file(path: &str, entry: &Entry, lang: Lang) -> String {
    let words = match entry {
        Entry::Text(text) => {
            let (language, text) = (language_of(path), text.trim_end());
            return format!("\n`{path}`:\n\n```{language}\n{text}\n```\n");
        }
        Entry::Photo(size) => ksext_core::bilingual!(
            "`{path}`, a picture of {size} bytes",
            "`{path}`：大小为 {size} 字节的图片",
        ),
        Entry::Zeros(size) => ksext_core::bilingual!(
            "`{path}`, a file of {size} bytes",
            "`{path}`：大小为 {size} 字节的文件",
        ),
        Entry::Folder => ksext_core::bilingual!("`{path}`, a folder", "`{path}`：文件夹"),
        Entry::Files(count) => ksext_core::bilingual!(
            "`{path}`, a folder of {count} files",
            "`{path}`：包含 {count} 个文件的文件夹",
        ),
        Entry::Link(target) => ksext_core::bilingual!(
            "`{path}`, a link to `{target}`",
            "`{path}`：指向 `{target}` 的链接",
        ),
        Entry::Png(width, height) => ksext_core::bilingual!(
            "`{path}`, a PNG of {width} × {height} pixels",
            "`{path}`：{width} × {height} 像素的 PNG",
        ),
        Entry::Pipe => ksext_core::bilingual!("`{path}`, a named pipe", "`{path}`：命名管道"),
    };
    format!("\n{}\n", words.get(lang))
}
