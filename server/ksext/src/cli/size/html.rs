//! The report as a page: one file that asks nothing of any network, with a treemap to click into.
//!
//! The page is `report.html` with `report.css` and `report.js` in it. Names from the package reach it
//! as data alone, and its policy runs that one script and no other. The extension for VS Code draws its
//! own data with the same three files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ksext_core::lang::{Bilingual, Lang, show_size};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Report, Standing, Tone, uploaded};
use crate::commands::size::Answer;

const TEMPLATE: &str = include_str!("report.html");
const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// What the script draws.
#[derive(Serialize)]
struct Page {
    title: String,
    summary: String,
    content: String,
    meter: Meter,
    notes: Vec<Sentence>,
    views: Vec<View>,
    words: Words,
}

/// How near the limit the package is.
#[derive(Serialize)]
struct Meter {
    projected: u64,
    limit: u64,
    standing: &'static str,
    label: String,
}

#[derive(Serialize)]
struct Sentence {
    tone: &'static str,
    text: String,
}

/// Files with a treemap and a table of their own.
#[derive(Serialize)]
struct View {
    /// Its name in the page's address.
    id: &'static str,
    name: String,
    about: String,
    /// Titles of the columns for the size and for what else is known of a file.
    columns: [String; 2],
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    path: String,
    /// What areas are drawn by.
    bytes: u64,
    more: More,
}

/// What else is known of a file: its size before it is packed, or a text.
#[derive(Serialize)]
#[serde(untagged)]
enum More {
    Unpacked(u64),
    Text(String),
}

/// Texts of the page itself. `{n}` stands for a number.
#[derive(Serialize)]
struct Words {
    top: String,
    name: String,
    share: String,
    folder: String,
    file: String,
    files: String,
    more: String,
    nothing: String,
    help: String,
    map: String,
    path: String,
    views: String,
    limit: String,
}

/// The whole page.
///
/// # Errors
/// None in practice: the data are texts and numbers.
pub(super) fn render(report: &Report, lang: Lang) -> serde_json::Result<String> {
    let data = json(&page(report, lang))?;
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

fn page(report: &Report, lang: Lang) -> Page {
    let answer = &report.answer;
    let notes = report.notes.iter().map(|note| Sentence {
        tone: match note.tone {
            Tone::Error => "error",
            Tone::Warning => "warning",
            Tone::Tip => "tip",
        },
        text: note.text.get(lang).to_owned(),
    });
    Page {
        title: report.title.clone(),
        summary: report.summary().get(lang).to_owned(),
        content: report.content().get(lang).to_owned(),
        meter: Meter {
            projected: answer.projected,
            limit: answer.limit,
            standing: match report.standing() {
                Standing::Fine => "fine",
                Standing::Near => "near",
                Standing::Over => "over",
            },
            label: show_size(answer.limit),
        },
        notes: notes.collect(),
        views: vec![
            packed(answer, lang),
            uploads(answer, lang),
            dropped(answer, lang),
        ],
        words: words(lang),
    }
}

fn packed(answer: &Answer, lang: Lang) -> View {
    let say = |text: Bilingual| text.get(lang).to_owned();
    let files = answer.entries.iter().map(|entry| File {
        path: entry.path.clone(),
        bytes: entry.packed,
        more: More::Unpacked(entry.size),
    });
    View {
        id: "packed",
        name: say(Bilingual::fixed("Packed", "打包")),
        about: say(Bilingual::fixed(
            "What push sends: each entry's share of the archive.",
            "推送所发送的内容：各条目在归档中所占的大小。",
        )),
        columns: [
            say(Bilingual::fixed("Packed", "打包后")),
            say(Bilingual::fixed("Unpacked", "解压后")),
        ],
        files: files.collect(),
    }
}

fn uploads(answer: &Answer, lang: Lang) -> View {
    let say = |text: Bilingual| text.get(lang).to_owned();
    let files = answer.uploads.iter().map(|upload| File {
        path: upload.path.clone(),
        bytes: upload.size,
        more: More::Text(upload.field.clone()),
    });
    View {
        id: "uploaded",
        name: say(uploaded()),
        about: say(Bilingual::fixed(
            "Push uploads these beside the archive and puts their URLs into the manifest. They do not count for the limit.",
            "推送会在归档之外上传这些文件，并把 URL 写入清单。它们不计入大小限制。",
        )),
        columns: [
            say(Bilingual::fixed("Size", "大小")),
            say(Bilingual::fixed("Named by", "所在字段")),
        ],
        files: files.collect(),
    }
}

fn dropped(answer: &Answer, lang: Lang) -> View {
    let say = |text: Bilingual| text.get(lang).to_owned();
    let files = answer.dropped.iter().map(|dropped| File {
        path: dropped.path.clone(),
        bytes: dropped.size,
        more: More::Text(dropped.reason.get(lang).to_owned()),
    });
    View {
        id: "dropped",
        name: say(Bilingual::fixed("Left out", "不打包")),
        about: say(Bilingual::fixed(
            "What lies in the folder and does not come into the archive.",
            "位于文件夹中但不进入归档的内容。",
        )),
        columns: [
            say(Bilingual::fixed("Size", "大小")),
            say(Bilingual::fixed("Why", "原因")),
        ],
        files: files.collect(),
    }
}

fn words(lang: Lang) -> Words {
    let say = |en, zh| Bilingual::fixed(en, zh).get(lang).to_owned();
    Words {
        top: say("Package", "扩展组件包"),
        name: say("Name", "名称"),
        share: say("Share", "占比"),
        folder: say("folder", "文件夹"),
        file: say("1 file", "1 个文件"),
        files: say("{n} files", "{n} 个文件"),
        more: say("{n} more", "其余 {n} 个"),
        nothing: say("Nothing here.", "没有内容。"),
        help: say(
            "Click a folder to open it. Keys: arrows, Enter, Esc to go up.",
            "点击文件夹可进入。键盘：方向键、Enter，按 Esc 返回上一级。",
        ),
        map: say("Sizes as areas", "按面积显示大小"),
        path: say("Where you are", "当前位置"),
        views: say("What is shown", "显示内容"),
        limit: say("Limit {n}", "上限 {n}"),
    }
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
