//! Push against a sandbox that misbehaves: what is refused, in which words, and what stands there
//! afterwards. The way that goes well is tested from outside, in `tests/it/cloud.rs`.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use async_trait::async_trait;
use ksext_cloud::Server;
use ksext_core::lang::Lang;
use ksext_sandbox::{Fault, FaultAnswer, Options, Running, Sandbox};
use ksext_test_support::PackageDir;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::*;
use crate::commands::login::Verified;
use crate::commands::{OpenBuffers, UserSettings, find};
use crate::workspace::Package;

const KEY: &str = "kck-1e63267b-cb3c-4757-b739-3d94a06781aa";

/// A person who answers every question in one way and writes down what is told.
struct Person {
    consent: bool,
    seen: Mutex<Vec<String>>,
    /// The beginning of the stage at which to stop it.
    stop_at: Option<&'static str>,
    stopped: Notify,
}

impl Person {
    fn new(consent: bool) -> Self {
        Self {
            consent,
            seen: Mutex::default(),
            stop_at: None,
            stopped: Notify::new(),
        }
    }

    fn saw(&self, text: String) {
        self.seen.lock().expect("a lock").push(text);
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("a lock").clone()
    }
}

#[async_trait]
impl Ui for Person {
    fn lang(&self) -> Lang {
        Lang::En
    }

    fn stage(&self, stage: &Stage) {
        self.saw(format!("{:>3} {}", stage.percent, stage.message.en));
        if self
            .stop_at
            .is_some_and(|stop| stage.message.en.starts_with(stop))
        {
            self.stopped.notify_one();
        }
    }

    async fn confirm(&self, confirmation: &Confirmation) -> bool {
        self.saw(format!(
            "{} {}",
            confirmation.question.en, confirmation.detail.en
        ));
        self.consent
    }

    async fn ask_key(&self, _: &Server) -> Result<Option<Verified>, Refusal> {
        Ok(None)
    }

    async fn cancelled(&self) {
        self.stopped.notified().await;
    }
}

/// A valid package with an icon and two screenshots.
fn package() -> PackageDir {
    PackageDir::new(&[
        (
            "extension.yaml",
            "apiVersion: kubesphere.io/v1alpha1\nname: demo\nversion: 1.0.0\n\
             displayName: {en: Demo, zh: 示例}\ndescription: {en: An example., zh: 一个示例。}\n\
             category: dev-tools\nprovider: {en: {name: Example}}\nstaticFileDirectory: static\n\
             icon: ./static/图.svg\nscreenshots: [static/a.png, static/b/图.svg]\n",
        ),
        ("static/图.svg", "<svg/>"),
        ("static/a.png", "a"),
        ("static/b/图.svg", "<svg>b</svg>"),
        ("values.yaml", "a: 1\n"),
    ])
}

struct Push {
    sandbox: Running,
    package: PackageDir,
    person: Person,
    session: Session,
}

impl Push {
    async fn with(person: Person, faults: Vec<Fault>) -> Self {
        let sandbox = Sandbox::start(Options {
            faults,
            ..Options::default()
        })
        .await
        .expect("a sandbox");
        let session = Session::for_test(&sandbox.url(), KEY);
        Self {
            sandbox,
            package: package(),
            person,
            session,
        }
    }

    async fn run(&self) -> Result<Value, Refusal> {
        let command = find("ksext.push").expect("listed");
        let argument = json!({"uri": self.package.uri("extension.yaml")});
        let done = command.run(&self.session, &self.person, argument).await?;
        Ok(done.answer)
    }

    /// The requests without what is the same for all.
    fn requests(&self) -> Vec<String> {
        let paths = self
            .sandbox
            .requests()
            .into_iter()
            .map(|request| request.path);
        paths
            .map(|path| path.rsplit('/').next().unwrap_or_default().to_owned())
            .collect()
    }
}

fn refused(status: u16) -> FaultAnswer {
    let body = r#"{"message": "no"}"#.to_owned();
    FaultAnswer::Answer {
        status,
        headers: Vec::new(),
        body,
    }
}

#[tokio::test]
async fn every_step_is_told_and_every_name_is_its_own() {
    let push = Push::with(Person::new(true), Vec::new()).await;
    let mut answer = push.run().await.expect("pushed");
    let url = push.sandbox.url();
    assert_eq!(
        push.requests(),
        [
            "user",
            "usage",
            "files",
            "usage",
            "files",
            "package?force=true&create_extension=true",
            "action:submit",
            "1.0.0"
        ]
    );
    let size = answer["size"].take();
    let shown = show_size(size.as_u64().expect("a number"));
    let seen = push.person.seen();
    assert_eq!(
        seen[2].split(" as ").next(),
        Some(&*format!("Push `demo` 1.0.0 to {url}")),
        "{seen:?}"
    );
    assert_eq!(
        [&seen[..2], &seen[3..]].concat(),
        [
            "  0 checking the package".to_owned(),
            " 10 checking the account".to_owned(),
            " 20 uploading the icon (1 of 3, 6 B)".to_owned(),
            " 33 uploading screenshots (2 to 3 of 3, 13 B)".to_owned(),
            format!(" 60 uploading the package ({shown})"),
            " 85 submitting it for review".to_owned(),
            " 95 asking for its status".to_owned(),
            "100 done".to_owned(),
        ]
    );
    for upload in answer["uploads"].as_array_mut().expect("a list") {
        let address = upload["url"].take();
        let address = address.as_str().expect("text");
        upload["url"] = address.rsplit('/').next().into();
    }
    let snapshot = answer["snapshotId"].take();
    assert!(snapshot.as_str().is_some_and(|id| !id.is_empty()));
    assert_eq!(
        answer,
        json!({
            "name": "demo", "version": "1.0.0", "snapshotId": null, "status": "submitted", "size": null,
            "uploads": [
                {"field": "icon", "path": "static/图.svg", "size": 6, "url": "%E5%9B%BE.svg"},
                {"field": "screenshots[0]", "path": "static/a.png", "size": 1, "url": "a.png"},
                {"field": "screenshots[1]", "path": "static/b/图.svg", "size": 12, "url": "%E5%9B%BE-2.svg"},
            ],
        })
    );
}

#[tokio::test]
async fn without_consent_nothing_is_uploaded() {
    let push = Push::with(Person::new(false), Vec::new()).await;
    let refusal = push.run().await.expect_err("no consent");
    let url = push.sandbox.url();
    assert_eq!(refusal.kind, "cancelled");
    assert_eq!(
        refusal.message.en,
        format!("did not push `demo` 1.0.0: cancelled; nothing was uploaded to {url}")
    );
    assert_eq!(push.requests(), ["user"]);
}

#[tokio::test]
async fn a_user_who_never_wants_to_be_asked_is_not() {
    let push = Push::with(Person::new(false), Vec::new()).await;
    push.session.set(UserSettings {
        push_confirm: false,
        ..UserSettings::default()
    });
    let answer = push.run().await.expect("pushed");
    assert_eq!(answer["status"], "submitted");
}

#[tokio::test]
async fn whoever_stops_a_push_is_told_what_stands_there() {
    let check = async |stop_at: &'static str, expected: &str| {
        let person = Person {
            stop_at: Some(stop_at),
            ..Person::new(true)
        };
        let push = Push::with(person, Vec::new()).await;
        let refusal = push.run().await.expect_err("stopped");
        assert_eq!(refusal.kind, "cancelled", "{refusal:?}");
        let expected = expected.replace("URL", &push.sandbox.url());
        assert!(refusal.message.en.ends_with(&expected), "{refusal:?}");
        assert!(!refusal.message.zh.is_ascii());
    };
    check("checking the account", "cancelled before it was done").await;
    check(
        "uploading the icon",
        "uploaded to URL so far: up to 1 of icon and screenshots, no package",
    )
    .await;
    check(
        "uploading screen",
        "uploaded to URL so far: up to 3 of icon and screenshots, no package",
    )
    .await;
    check(
        "uploading the package",
        "whether the package arrived at URL is not known; `ksext get demo` tells",
    )
    .await;
}

#[tokio::test]
async fn a_refusal_half_way_says_what_stands_there() {
    let check = async |fault: Fault, kind: &str, status: Option<u16>, expected: &str| {
        let push = Push::with(Person::new(true), vec![fault]).await;
        let refusal = push.run().await.expect_err("refused");
        assert_eq!(
            (refusal.kind, refusal.status),
            (kind, status),
            "{refusal:?}"
        );
        assert!(refusal.message.en.contains(expected), "{refusal:?}");
        refusal
    };
    check(
        Fault::on("/package", refused(413)),
        "too-large",
        Some(413),
        "so far: 3 of icon and screenshots, no package",
    )
    .await;
    check(
        Fault::on("/package", FaultAnswer::Close),
        "network",
        None,
        "; whether the package arrived at http",
    )
    .await;
    check(
        Fault::on("/package", refused(502)),
        "server",
        Some(502),
        "; whether the package arrived at http",
    )
    .await;
    let refusal = check(
        Fault::on("action:submit", refused(409)),
        "conflict",
        Some(409),
        "; `demo` 1.0.0 stands on http",
    )
    .await;
    let hint = refusal.hint.expect("a hint").en;
    assert!(hint.starts_with("`ksext submit 5"), "{hint}");
}

#[tokio::test]
async fn a_status_that_cannot_be_asked_for_does_not_undo_a_push() {
    let push = Push::with(
        Person::new(true),
        vec![Fault::on("/versions/", refused(500))],
    )
    .await;
    assert_eq!(push.run().await.expect("pushed")["status"], "submitted");
}

#[tokio::test]
async fn an_unsaved_buffer_is_named_before_any_request() {
    struct Unsaved;
    impl OpenBuffers for Unsaved {
        fn differing(&self, root: &Path) -> Vec<PathBuf> {
            vec![
                root.join("extension.yaml"),
                root.join("charts").join("图.yaml"),
            ]
        }
        fn package(&self, _: &Path) -> Option<Package> {
            None
        }
    }
    let mut push = Push::with(Person::new(true), Vec::new()).await;
    push.session = push.session.clone().with_buffers(Unsaved);
    let refusal = push.run().await.expect_err("unsaved");
    assert_eq!(refusal.kind, "invalid-package");
    assert!(
        refusal
            .message
            .en
            .ends_with("unsaved changes to `extension.yaml`, `charts/图.yaml`"),
        "{refusal:?}"
    );
    assert_eq!(push.requests(), [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_packed_is_refused_before_any_request() {
    let check = async |path: &str, content: &str, expected: &str| {
        let push = Push::with(Person::new(true), Vec::new()).await;
        push.package.write(path, content);
        let refusal = push.run().await.expect_err(path);
        assert_eq!(refusal.kind, "invalid-package");
        assert!(refusal.message.en.contains(expected), "{refusal:?}");
        assert_eq!(push.requests(), [""; 0], "{path}");
    };
    check(
        "charts/web/values.yaml",
        "a: 1\n",
        "cannot push `demo` 1.0.0: the check finds 1 error: `charts/web` has no Chart.yaml",
    )
    .await;
    check(".helmignore", "extension.yaml\n", "hides extension.yaml").await;
    let large = "x".repeat(6 << 20);
    check("large.txt", &large, "`large.txt` has 6.0 MB").await;
    check(
        "extension.yaml",
        "name: [demo\nksVersion: x\n",
        "the check finds",
    )
    .await;
}
