//! `ksext get`: the review state of an extension.

use std::path::Path;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};

use super::table::table;
use super::{Format, Outcome, Terminal, print_json};
use crate::commands::age::{age, local};
use crate::commands::charts::{Availability, availability};
use crate::commands::last_known::{self, LastKnown};
use crate::commands::watch::Subject;
use crate::commands::{Refusal, Session, Target, state_word, status};

#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    /// The extension's name; or its package, by a path with a `/`, `.` or a `.tgz`
    #[arg(value_name = "NAME|PATH", default_value = ".")]
    subject: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// What is printed for programs.
#[derive(Debug, serde::Serialize)]
struct Report {
    #[serde(flatten)]
    status: status::Told,
    /// Whether what was submitted is in the Helm repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    charts: Option<Availability>,
}

pub(super) fn run(terminal: &Terminal, args: GetArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let mut told = None;
    let work = async {
        let name = match subject(&args.subject) {
            Subject::Name(name) => name,
            Subject::Package(target) => session.name_and_version(target).await?.0,
        };
        let wanted = status::Args {
            name: Some(name.clone()),
            uri: None,
        };
        let status = match status::run(&session, wanted).await {
            Ok(status) => status,
            Err(refusal) => {
                told = offline(&session, &refusal, &name).await;
                return Err(refusal);
            }
        };
        let looked = availability(&session, &status).await;
        Ok((status, looked))
    };
    let done = terminal.wait_for(work);
    let lang = terminal.lang();
    if let Some(known) = told.filter(|_| args.format == Format::Human) {
        terminal.note(&last_known(&known, lang));
    }
    let (status, looked) = done?;
    let charts = looked.unwrap_or_else(|refusal| {
        // The review is known all the same.
        terminal.note(&refusal.text(lang));
        None
    });
    match args.format {
        Format::Human => terminal.print(human(&status, charts.as_ref(), lang).trim_end())?,
        Format::Json => {
            let status = status::Told::new(status, lang, Timestamp::now());
            print_json(&mut anstream::stdout(), &Report { status, charts })?;
        }
    }
    Ok(Outcome::Done)
}

/// What a user means by `NAME|PATH`: what looks like a path is one, all else a name.
pub(super) fn subject(text: &str) -> Subject {
    let ends = [".tgz", ".tar.gz", ".yaml"];
    let is_path = matches!(text, "." | "..")
        || text.contains(std::path::is_separator)
        || ends.iter().any(|end| text.ends_with(end));
    if is_path {
        Subject::Package(Target::from(Path::new(text).to_owned()))
    } else {
        Subject::Name(text.to_owned())
    }
}

/// What was heard before, where nothing is to be heard now.
async fn offline(session: &Session, refusal: &Refusal, name: &str) -> Option<LastKnown> {
    if !matches!(refusal.kind, "network" | "timeout" | "server") {
        return None;
    }
    let server = session.credentials().await.ok()?.server;
    last_known::recall(session, server.as_str(), None, name).await
}

fn last_known(known: &LastKnown, lang: Lang) -> String {
    let past = Timestamp::now().as_second() - known.heard_at;
    let age = age(Duration::from_secs(past.try_into().unwrap_or_default())).text;
    let (name, age_en, age_zh) = (&known.name, &age.en, &age.zh);
    match &known.extension {
        None => bilingual!(
            "`{name}` had not been pushed {age_en}",
            "`{name}` 在{age_zh}还没有推送过",
        )
        .get(lang)
        .to_owned(),
        Some(extension) => {
            let title = bilingual!("last heard, {age_en}:", "最近一次得知的状态（{age_zh}）：");
            let tables = tables(extension, lang);
            format!("{}\n{}", title.get(lang), tables.trim_end())
        }
    }
}

fn human(status: &status::Answer, charts: Option<&Availability>, lang: Lang) -> String {
    let tables = tables(status, lang);
    match charts {
        None => tables,
        Some(charts) => format!("{tables}\n{}", helm(&status.name, charts).get(lang)),
    }
}

fn tables(answer: &status::Answer, lang: Lang) -> String {
    let labels = match lang {
        Lang::En => ["Name:", "ID:", "Status:", "Latest version:"],
        Lang::Zh => ["名称：", "ID：", "状态：", "最新版本："],
    };
    let word = |status: &str| state_word(status).get(lang).to_owned();
    let latest = answer.latest_version.as_deref().unwrap_or("-");
    let values = [
        answer.name.clone(),
        answer.id.clone(),
        word(&answer.status),
        latest.to_owned(),
    ];
    let rows: Vec<_> = labels
        .into_iter()
        .zip(values)
        .map(|(label, value)| [label.to_owned(), value])
        .collect();
    let summary = table(&rows);

    let head = match lang {
        Lang::En => ["SNAPSHOT", "VERSION", "STATUS", "UPDATED", ""],
        Lang::Zh => ["快照", "版本", "状态", "更新时间", ""],
    };
    let snapshots = answer.snapshots.iter().map(|snapshot| {
        [
            snapshot.id.clone(),
            snapshot.version.clone(),
            word(&snapshot.status),
            snapshot
                .updated_at
                .as_deref()
                .map(local)
                .unwrap_or_default(),
            snapshot.reason.clone().unwrap_or_default(),
        ]
    });
    let rows: Vec<_> = std::iter::once(head.map(str::to_owned))
        .chain(snapshots)
        .collect();
    format!("{summary}\n{}", table(&rows))
}

/// Whether the version is to be had, and how (extension development guide, packaging and release).
fn helm(name: &str, charts: &Availability) -> Bilingual {
    let Availability {
        url,
        repository,
        version,
        available,
    } = charts;
    // Helm hides versions with a suffix otherwise.
    let devel = if version.contains('-') {
        " --devel"
    } else {
        ""
    };
    let commands = format!(
        "  helm repo add {repository} {url} && helm repo update {repository}\n  helm search repo {name}{devel}\n"
    );
    if *available {
        bilingual!(
            "{version} is in the Helm repository {repository}:\n{commands}",
            "{version} 已在 Helm 仓库 {repository} 中：\n{commands}",
        )
    } else {
        bilingual!(
            "{version} is not in the Helm repository {repository} yet; later:\n{commands}",
            "{version} 尚未出现在 Helm 仓库 {repository} 中；稍后可运行：\n{commands}",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_path_is_one() {
        for (text, is_path) in [
            ("demo", false),
            ("演示", false),
            (".", true),
            ("..", true),
            ("./demo", true),
            ("demo/", true),
            ("demo-1.0.0.tgz", true),
            ("extension.yaml", true),
            ("demo.io", false),
        ] {
            let found = subject(text);
            assert_eq!(matches!(found, Subject::Package(_)), is_path, "{text}");
        }
    }

    #[test]
    fn the_lines_of_the_guide_follow_a_submission() {
        let charts = |version: &str, available| Availability {
            url: "https://beta.app.kubesphere.cloud".to_owned(),
            repository: "kscloud-beta",
            version: version.to_owned(),
            available,
        };
        let text = helm("alc", &charts("1.1.0", true));
        assert_eq!(
            text.en,
            "1.1.0 is in the Helm repository kscloud-beta:
  helm repo add kscloud-beta https://beta.app.kubesphere.cloud && helm repo update kscloud-beta
  helm search repo alc
"
        );
        let text = helm("alc", &charts("1.1.0-rc.1", false));
        assert!(
            text.zh
                .starts_with("1.1.0-rc.1 尚未出现在 Helm 仓库 kscloud-beta 中")
        );
        assert!(text.en.contains("helm search repo alc --devel"));
    }
}
