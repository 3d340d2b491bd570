//! The report as a picture to walk about in: what `report.js` takes.

use ksext_core::lang::{Bilingual, Lang, show_size};
use serde::Serialize;

use super::super::{Described, Kind};
use super::Answer;
use super::report::{Report, Standing, Tone, uploaded};

/// What `report.js` draws: in the page of `ksext size`, and in editors that show the same.
#[derive(Debug, Serialize)]
pub(crate) struct Drawing {
    title: String,
    summary: String,
    content: String,
    meter: Meter,
    notes: Vec<Sentence>,
    views: Vec<View>,
    words: Words,
}

impl Described for Drawing {
    const KIND: Kind = Kind::Ours;
}

/// How near the limit the package is.
#[derive(Debug, Serialize)]
struct Meter {
    projected: u64,
    limit: u64,
    standing: Standing,
    label: String,
}

#[derive(Debug, Serialize)]
struct Sentence {
    tone: Tone,
    text: String,
}

/// Files with a treemap and a table of their own.
#[derive(Debug, Serialize)]
struct View {
    /// Its name in the page's address.
    id: &'static str,
    name: String,
    about: String,
    /// Titles of the columns for the size and for what else is known of a file.
    columns: [String; 2],
    files: Vec<File>,
}

#[derive(Debug, Serialize)]
struct File {
    path: String,
    /// What areas are drawn by.
    bytes: u64,
    more: More,
}

/// What else is known of a file: its size before it is packed, or a text.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum More {
    Unpacked(u64),
    Text(String),
}

/// Texts of the page itself. `{n}` stands for a number.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
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
    /// The same where files can be opened too.
    help_open: String,
    map: String,
    path: String,
    views: String,
    limit: String,
}

impl Drawing {
    /// The report as it is drawn, in one language.
    pub(crate) fn of(report: &Report, lang: Lang) -> Self {
        let answer = &report.answer;
        let notes = report.notes.iter().map(|note| Sentence {
            tone: note.tone,
            text: note.text.get(lang).to_owned(),
        });
        Self {
            title: report.title.clone(),
            summary: report.summary().get(lang).to_owned(),
            content: report.content().get(lang).to_owned(),
            meter: Meter {
                projected: answer.projected,
                limit: answer.limit,
                standing: report.standing(),
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
        more: More::Text(dropped.reason.clone()),
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
        help_open: say(
            "Click a folder or a file to open it. Keys: arrows, Enter, Esc to go up.",
            "点击文件夹可进入，点击文件可打开。键盘：方向键、Enter，按 Esc 返回上一级。",
        ),
        map: say("Sizes as areas", "按面积显示大小"),
        path: say("Where you are", "当前位置"),
        views: say("What is shown", "显示内容"),
        limit: say("Limit {n}", "上限 {n}"),
    }
}
