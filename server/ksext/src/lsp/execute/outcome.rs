//! What a command has done, in one sentence for whoever started it from a lens or a menu.

use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, show_size};
use serde_json::Value;

use crate::commands::Command;

/// The sentence; the command's title where there is nothing more to say.
pub(super) fn of(command: &Command, answer: &Value) -> Bilingual {
    let text = |field: &str| answer[field].as_str().unwrap_or("?");
    let bytes = |field: &str| show_size(answer[field].as_u64().unwrap_or_default());
    match command.id {
        "ksext.login" => {
            let user = &answer["user"];
            let user = user["name"].as_str().or(user["id"].as_str()).unwrap_or("?");
            let server = text("server");
            bilingual!(
                "logged in to {server} as {user}",
                "已以 {user} 的身份登录 {server}"
            )
        }
        "ksext.logout" => Bilingual::fixed("logged out", "已退出登录"),
        "ksext.push" => pushed(
            text("name"),
            text("version"),
            text("snapshotId"),
            text("status"),
        ),
        "ksext.status" => {
            let name = text("name");
            let (newest_en, newest_zh) =
                match answer["snapshots"].as_array().and_then(|all| all.first()) {
                    None => ("no version".to_owned(), "没有版本".to_owned()),
                    Some(newest) => {
                        let version = newest["version"].as_str().unwrap_or("?");
                        let status = newest["status"].as_str().unwrap_or("?");
                        (
                            format!("{version} is {status}"),
                            format!("{version} 为 {status}"),
                        )
                    }
                };
            let status = text("status");
            bilingual!(
                "{name} ({status}): {newest_en}",
                "{name}（{status}）：{newest_zh}"
            )
        }
        "ksext.list" => {
            let names = answer["extensions"].as_array().into_iter().flatten();
            let names: Vec<_> = names
                .filter_map(|extension| extension["name"].as_str())
                .collect();
            let (count, names) = (names.len(), names.join(", "));
            bilingual!(
                "{count} extensions: {names}",
                "共 {count} 个扩展组件：{names}"
            )
        }
        "ksext.submit" => bilingual!(
            "snapshot {snapshot} is {status}",
            "快照 {snapshot} 的状态为 {status}",
            snapshot = text("snapshotId"),
            status = text("status"),
        ),
        "ksext.unpush" => bilingual!(
            "snapshot {snapshot} was withdrawn: {status}",
            "已撤回快照 {snapshot}：{status}",
            snapshot = text("snapshotId"),
            status = text("status"),
        ),
        "ksext.size" => {
            let (projected, limit, biggest) = (bytes("projected"), bytes("limit"), biggest(answer));
            bilingual!(
                "push would send {projected} of at most {limit}; most of it: {biggest}",
                "推送时大小为 {projected}，上限 {limit}；其中最大的是：{biggest}",
            )
        }
        "ksext.package" => bilingual!(
            "wrote {path} ({size})",
            "已写入 {path}（{size}）",
            path = text("path"),
            size = bytes("size"),
        ),
        _ => {
            let (en, zh) = (&command.title.en, &command.title.zh);
            bilingual!("{en}: done", "{zh}：完成")
        }
    }
}

fn pushed(name: &str, version: &str, snapshot: &str, status: &str) -> Bilingual {
    if status == "draft" {
        return bilingual!(
            "{name} {version} was pushed as a draft (snapshot {snapshot})",
            "{name} {version} 已作为草稿推送（快照 {snapshot}）",
        );
    }
    bilingual!(
        "{name} {version} was submitted for review (snapshot {snapshot}, {status})",
        "{name} {version} 已提交审核（快照 {snapshot}，{status}）",
    )
}

/// The entries of a size report that weigh most.
fn biggest(answer: &Value) -> String {
    let mut entries: Vec<(u64, &str)> = answer["entries"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|entry| Some((entry["packed"].as_u64()?, entry["path"].as_str()?)))
        .collect();
    entries.sort_unstable_by(|a, b| b.cmp(a));
    let shown = entries
        .iter()
        .take(3)
        .map(|(size, path)| format!("{path} {}", show_size(*size)));
    shown.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::commands;

    #[track_caller]
    fn check(id: &str, answer: Value, en: &str, zh: &str) {
        let said = of(commands::find(id).expect("a command"), &answer);
        assert_eq!((said.en.as_ref(), said.zh.as_ref()), (en, zh));
    }

    #[test]
    fn a_push_names_what_was_pushed() {
        let answer =
            json!({"name": "demo", "version": "0.1.0", "snapshotId": "5", "status": "submitted"});
        check(
            "ksext.push",
            answer,
            "demo 0.1.0 was submitted for review (snapshot 5, submitted)",
            "demo 0.1.0 已提交审核（快照 5，submitted）",
        );
        let answer =
            json!({"name": "demo", "version": "0.1.0", "snapshotId": "5", "status": "draft"});
        check(
            "ksext.push",
            answer,
            "demo 0.1.0 was pushed as a draft (snapshot 5)",
            "demo 0.1.0 已作为草稿推送（快照 5）",
        );
    }

    #[test]
    fn a_status_tells_of_the_newest_version() {
        let snapshot = json!({"id": "5", "version": "0.1.0", "status": "active"});
        let answer = json!({"name": "demo", "status": "ready", "snapshots": [snapshot]});
        check(
            "ksext.status",
            answer,
            "demo (ready): 0.1.0 is active",
            "demo（ready）：0.1.0 为 active",
        );
    }

    #[test]
    fn a_size_names_the_heaviest_entries() {
        let entry = |path: &str, packed: u64| json!({"path": path, "packed": packed});
        let entries = json!([
            entry("a", 1),
            entry("图.svg", 2048),
            entry("c", 5),
            entry("d", 1024)
        ]);
        check(
            "ksext.size",
            json!({"projected": 3078, "limit": 1_048_576, "entries": entries}),
            "push would send 3.0 KB of at most 1.0 MB; most of it: 图.svg 2.0 KB, d 1.0 KB, c 5 B",
            "推送时大小为 3.0 KB，上限 1.0 MB；其中最大的是：图.svg 2.0 KB, d 1.0 KB, c 5 B",
        );
    }

    #[test]
    fn every_command_has_something_to_say_whatever_the_answer() {
        for command in commands::COMMANDS {
            let said = of(command, &Value::Null);
            assert!(!said.en.is_empty() && !said.zh.is_empty(), "{command:?}");
        }
    }
}
