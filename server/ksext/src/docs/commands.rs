//! The reference of what an editor can run with `workspace/executeCommand`.

use std::fmt::Write as _;

use ksext_core::lang::{Bilingual, Lang};

use crate::commands::{COMMANDS, Command, Kind, Member, Need};

/// What counts for all of them.
const INTRODUCTION: Bilingual = Bilingual::fixed(
    "# Commands of the language server\n\n\
     Each is run with `workspace/executeCommand`, takes one object as its only argument and answers an object. \
     Members of the argument that are not listed here are refused, but for `background`, which every command takes: \
     with `true` it answers `{\"started\": true}` at once and tells by a message how it ended.\n\n\
     Progress comes on the request's `workDoneToken`, or on a token that the server creates; \
     `window/workDoneProgress/cancel` and `$/cancelRequest` stop the work.\n\n\
     A refusal is an error whose `data` is `{kind, hint?, status?}`. The message says all that a person must know, \
     `hint` repeats what to do, `status` is the HTTP status of the cloud's answer. `kind` is one of `auth`, `forbidden`, \
     `not-found`, `conflict`, `too-large`, `rate-limited`, `network`, `timeout`, `tls`, `server`, `cancelled`, \
     `invalid-package` and `invalid-argument`.\n\n\
     Sizes are bytes. A URI is that of the manifest, of any other file in the package, or of its folder.\n\n\
     | Command | Title | What it does |\n",
    "# 语言服务器的命令\n\n\
     每个命令都通过 `workspace/executeCommand` 运行，以一个对象为唯一参数，并返回一个对象。\
     参数中出现未列出的成员会被拒绝；`background` 除外，所有命令都接受它：值为 `true` 时立即返回 `{\"started\": true}`，\
     完成后通过消息告知结果。\n\n\
     进度通过请求的 `workDoneToken` 或服务器创建的令牌报告；`window/workDoneProgress/cancel` 和 `$/cancelRequest` 可停止命令。\n\n\
     命令被拒绝时返回错误，其 `data` 为 `{kind, hint?, status?}`。错误消息包含用户需要知道的全部内容，`hint` 是其中的处理建议，\
     `status` 是云端响应的 HTTP 状态码。`kind` 为 `auth`、`forbidden`、`not-found`、`conflict`、`too-large`、\
     `rate-limited`、`network`、`timeout`、`tls`、`server`、`cancelled`、`invalid-package` 或 `invalid-argument`。\n\n\
     大小均以字节计。URI 可以是清单、扩展组件包中其他文件或其文件夹的 URI。\n\n\
     | 命令 | 标题 | 作用 |\n",
);

/// The whole page, which needs [`IS_TOLD`](crate::commands::IS_TOLD).
pub(crate) fn page(lang: Lang) -> String {
    let mut text = format!("{}|---|---|---|\n", INTRODUCTION.get(lang));
    for command in COMMANDS {
        let (id, anchor) = (command.id, command.id.replace('.', ""));
        let (title, summary) = (command.title.get(lang), command.summary.get(lang));
        // Writing into a string cannot fail.
        let _ = writeln!(text, "| [`{id}`](#{anchor}) | {title} | {summary} |");
    }
    for command in COMMANDS {
        let _ = write!(text, "\n## {}\n\n{}", command.id, section(command, lang));
    }
    text
}

/// What a command takes and answers.
fn section(command: &Command, lang: Lang) -> String {
    let mut text = String::new();
    let arguments: Vec<_> = command.takes.members().collect();
    if arguments.is_empty() {
        let none = Bilingual::fixed("Takes an empty object.", "参数为空对象。");
        let _ = writeln!(text, "{}", none.get(lang));
    } else {
        let head = Bilingual::fixed(
            "| Argument | Type | Default | Meaning |",
            "| 参数 | 类型 | 默认值 | 含义 |",
        );
        let _ = writeln!(text, "{}\n|---|---|---|---|", head.get(lang));
    }
    for member in arguments {
        let (name, kind) = (member.name(), type_of(&member.kind, lang));
        let (default, meaning) = (default(member.need, lang), meaning(member, lang));
        let _ = writeln!(text, "| `{name}` | {kind} | {default} | {meaning} |");
    }
    text + "\n" + &answer(command, lang)
}

fn answer(command: &Command, lang: Lang) -> String {
    let mut rows = String::new();
    add_fields(&mut rows, "", &command.answers, lang);
    if let Kind::Ours = command.answers {
        let note = Bilingual::fixed(
            "Answers what the views of ksext draw; it changes with them.",
            "返回 ksext 自身视图所绘制的内容，会随视图变化。",
        );
        return format!("{}\n", note.get(lang));
    }
    if rows.is_empty() {
        let none = Bilingual::fixed("Answers an empty object.", "返回空对象。");
        return format!("{}\n", none.get(lang));
    }
    let head = Bilingual::fixed("| Answer | Type | Meaning |", "| 结果 | 类型 | 含义 |");
    format!("{}\n|---|---|---|\n{rows}", head.get(lang))
}

/// A row for each member of an object and of the objects in it.
fn add_fields(rows: &mut String, above: &str, object: &Kind, lang: Lang) {
    for member in object.members() {
        let path = format!("{above}{}", member.name());
        let mut kind = type_of(&member.kind, lang);
        if member.may_be_missing() {
            kind += Bilingual::fixed(", may be missing", "，可能没有").get(lang);
        } else if let Need::Optional = member.need {
            kind += Bilingual::fixed(" or `null`", "或 `null`").get(lang);
        }
        let _ = writeln!(rows, "| `{path}` | {kind} | {} |", meaning(member, lang));
        match &member.kind {
            Kind::List(item) => add_fields(rows, &format!("{path}[]."), item, lang),
            inner => add_fields(rows, &format!("{path}."), inner, lang),
        }
    }
}

fn meaning(member: &Member, lang: Lang) -> &str {
    member.text.get(lang).trim()
}

fn default(need: Need, lang: Lang) -> String {
    match need {
        Need::Required => Bilingual::fixed("required", "必填").get(lang).to_owned(),
        Need::Optional => String::new(),
        Need::Default(value) => format!("`{value}`"),
    }
}

fn type_of(kind: &Kind, lang: Lang) -> String {
    let name = match kind {
        Kind::Text | Kind::Word(_) => Bilingual::fixed("text", "文本"),
        Kind::Number => Bilingual::fixed("number", "数字"),
        Kind::Boolean => Bilingual::fixed("`true` or `false`", "`true` 或 `false`"),
        Kind::Uri => Bilingual::fixed("`file:` URI", "`file:` URI"),
        Kind::Folder => Bilingual::fixed("`file:` URI or absolute path", "`file:` URI 或绝对路径"),
        Kind::Object(_) | Kind::Ours => Bilingual::fixed("object", "对象"),
        Kind::List(item) => {
            let item = type_of(item, lang);
            return match lang {
                Lang::En => format!("list of {item}"),
                Lang::Zh => format!("{item}列表"),
            };
        }
    };
    name.get(lang).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_takes_and_answers_is_told_in_both_languages() {
        for (id, lang, expected) in [
            (
                "ksext.push",
                Lang::En,
                "| `submit` | `true` or `false` | `true` | Whether to submit it for review, or leave it as a draft. |",
            ),
            (
                "ksext.push",
                Lang::Zh,
                "| `submit` | `true` 或 `false` | `true` | 提交审核，还是保留为草稿。 |",
            ),
            (
                "ksext.submit",
                Lang::En,
                "| `snapshotId` | text |  | The cloud's id of the version. Either this or `uri`. |",
            ),
            ("ksext.list", Lang::En, "Takes an empty object."),
            (
                "ksext.list",
                Lang::En,
                "| `extensions` | list of object | All extensions, in the cloud's order. |",
            ),
            (
                "ksext.list",
                Lang::En,
                "| `extensions[].latestVersion` | text, may be missing | The newest version that was approved. |",
            ),
            (
                "ksext.status",
                Lang::Zh,
                "| `snapshots[].updatedAt` | 文本或 `null` | 最后更改的时间（RFC 3339）；云端未提供时为 `null`。 |",
            ),
            ("ksext.logout", Lang::En, "Answers an empty object."),
        ] {
            let command = crate::commands::find(id).expect(id);
            let text = section(command, lang);
            assert!(
                text.lines().any(|line| line == expected),
                "{expected}\nis not in\n{text}"
            );
        }
    }

    #[test]
    fn whatever_is_told_is_told_in_both_languages() {
        fn check(object: &Kind) {
            for member in object.members() {
                let Bilingual { en, zh } = &member.text;
                assert!(en.trim().ends_with('.') && zh.ends_with('。'), "{member:?}");
                assert!(!zh.is_ascii(), "{member:?}");
                match &member.kind {
                    Kind::List(item) => check(item),
                    inner => check(inner),
                }
            }
        }
        for command in COMMANDS {
            check(&command.takes);
            check(&command.answers);
        }
    }
}
