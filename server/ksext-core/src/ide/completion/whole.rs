//! A whole manifest for an empty file, valid at once.

use super::keys::first_languages;
use super::{At, Proposal, ProposalKind, Slot, Template, View, charts, files, scalar};
use crate::lang::Lang;
use crate::manifest::FILE_NAME;
use crate::package::PkgPath;

/// The icon of a package that has no image yet.
const ICON: &str = "static/favicon.svg";
/// The category that stands first.
const CATEGORY: &str = "dev-tools";

/// A whole manifest where there is nothing yet.
pub(super) fn manifest(at: &At<'_>, view: &View<'_>) -> Option<Proposal> {
    let place = &at.place;
    let is_own = |line: &str| line.trim() == at.word() || line.trim_start().starts_with('#');
    let is_empty = at.path.is_empty()
        && at
            .text
            .trim_start_matches('\u{feff}')
            .lines()
            .all(|line| line.trim().is_empty() || is_own(line))
        && place.slot == Slot::Key
        && !place.in_flow
        && !place.has_colon;
    if !is_empty {
        return None;
    }
    let detail = match at.ask.lang {
        Lang::En => "A whole manifest",
        Lang::Zh => "完整的清单",
    };
    Some(Proposal {
        is_obvious: true,
        ..Proposal::new(FILE_NAME, ProposalKind::Snippet, template(at, view)).detailed(detail)
    })
}

fn template(at: &At<'_>, view: &View<'_>) -> Template {
    let column = at.place.column;
    let icon = files::icon(view.package.files()).unwrap_or_else(|| PkgPath::from(ICON));
    let name = at.ask.folder.map(as_name).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "demo".to_owned());
    let title = title(&name);
    let mut template = Template::text("apiVersion: kubesphere.io/v1alpha1")
        .line(column)
        .and("name: ")
        .stop_at(scalar(&name, false))
        .line(column)
        .and("version: ")
        .stop_at("0.1.0");
    let texts = [
        ("displayName", [title.as_str(), title.as_str()]),
        (
            "description",
            ["What the extension is for.", "扩展组件的用途。"],
        ),
    ];
    for (key, [en, zh]) in texts {
        template = template.line(column).and(format!("{key}:"));
        for code in first_languages(at.ask.lang) {
            let text = scalar(if code == "en" { en } else { zh }, false);
            template = template
                .line(column + 2)
                .and(format!("{code}: "))
                .stop_at(text);
        }
    }
    template = template
        .line(column)
        .and("category: ")
        .choose_first(categories(at));
    template = template.line(column).and("provider:");
    for code in first_languages(at.ask.lang) {
        let name = if code == "en" {
            "Example Inc."
        } else {
            "示例公司"
        };
        template = template
            .line(column + 2)
            .and(format!("{code}:"))
            .line(column + 4)
            .and("name: ")
            .stop_at(name);
    }
    let folder = static_folder(view, &icon);
    if let Some(folder) = folder {
        template = template.line(column).and(format!(
            "staticFileDirectory: {}",
            scalar(&format!("./{folder}"), false)
        ));
    }
    template = template
        .line(column)
        .and("icon: ")
        .stop_at(scalar(&format!("./{icon}"), false));
    dependencies(template, view, column)
}

fn dependencies(mut template: Template, view: &View<'_>, column: usize) -> Template {
    let charts = charts::chart_names(view);
    if !charts.is_empty() {
        template = template.line(column).and("dependencies:");
    }
    for chart in charts {
        template = template
            .line(column + 2)
            .and(format!("- name: {}", scalar(&chart, false)));
    }
    template
}

/// The folder to declare for the icon: the top one that it lies in, if push may take it out.
fn static_folder(view: &View<'_>, icon: &PkgPath) -> Option<String> {
    icon.parent().filter(|folder| !folder.is_root())?;
    let first = str::from_utf8(icon.components().next()?).ok()?.to_owned();
    let is_new = icon.to_string() == ICON;
    let folder = PkgPath::from(first.as_str());
    (is_new || files::is_safe(view.package.files(), &folder)).then_some(first)
}

fn categories(at: &At<'_>) -> Vec<String> {
    let field = at
        .field
        .fields()
        .iter()
        .find(|field| field.key == "category");
    let choices = field.map_or(&[][..], |field| &field.choices);
    let mut values: Vec<_> = choices.iter().map(|choice| choice.value.clone()).collect();
    values.sort_by_key(|value| value != CATEGORY);
    values
}

/// The name of a folder as that of an extension.
fn as_name(folder: &str) -> String {
    let folder = folder.to_ascii_lowercase();
    let chars = folder.chars().map(|char| {
        if char.is_ascii_alphanumeric() {
            char
        } else {
            '-'
        }
    });
    let name: String = chars.collect();
    let name = name.trim_matches('-').chars().take(32).collect::<String>();
    name.trim_end_matches('-').to_owned()
}

/// A name as people say it: `my-demo` is My demo.
fn title(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut chars = words.chars();
    let first = chars.next().map(|char| char.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
