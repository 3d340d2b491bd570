//! The report as a page: one file that asks nothing of any network, with a treemap to click into.
//!
//! The page is `report.html` with `report.css` and `report.js` in it. Names from the package reach it
//! as data alone, and its policy runs that one script and no other. The extension for VS Code draws the
//! same data with the same three files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ksext_core::lang::{Bilingual, Lang};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::commands::size::{Drawing, Report};

const TEMPLATE: &str = include_str!("report.html");
const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// The whole page.
///
/// # Errors
/// None in practice: the data are texts and numbers.
pub(super) fn render(report: &Report, lang: Lang) -> serde_json::Result<String> {
    let data = json(&Drawing::of(report, lang))?;
    let title = &report.title;
    let heading = match lang {
        Lang::En => format!("{title}: package size"),
        Lang::Zh => format!("{title}：扩展组件包大小"),
    };
    let no_script = Bilingual::fixed(
        "This page is drawn by JavaScript, which is off. `ksext size` prints the same in a terminal.",
        "此页面由 JavaScript 绘制，而它已被关闭。在终端运行 `ksext size` 可查看相同内容。",
    );
    Ok(fill(TEMPLATE, |name| match name {
        "lang" if lang == Lang::Zh => "zh-CN".to_owned(),
        "lang" => "en".to_owned(),
        "title" => escape(&heading),
        "policy" => policy(),
        "style" => STYLE.to_owned(),
        "no-script" => escape(no_script.get(lang)),
        "data" => data.clone(),
        "script" => SCRIPT.to_owned(),
        _ => String::new(),
    }))
}

/// `value` as text for a script element: no `<` in it, so no name can end the element or begin a
/// comment (HTML, "Restrictions for contents of script elements").
fn json(value: &impl Serialize) -> serde_json::Result<String> {
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
}

/// Text for an element.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Nothing is loaded, and no other style and script runs than these (Content Security Policy 3,
/// "hash-source").
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
    )
}

/// `template` with the value of each `{{name}}`, of which none is looked at again.
fn fill(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut parts = template.split("{{");
    let mut page = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or((part, ""));
        page.push_str(&value(name));
        page.push_str(rest);
    }
    page
}
