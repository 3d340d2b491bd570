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
use tempfile::TempDir;
use tokio::sync::Notify;

use super::*;
use crate::commands::login::Verified;
use crate::commands::{Choice, Chosen, Confirmation, OpenBuffers, UserSettings, find};
use crate::host::kept::Kept;
use crate::workspace::Package;

const KEY: &str = "kck-1e63267b-cb3c-4757-b739-3d94a06781aa";

/// A person who answers every question in one way and writes down what is told.
struct Person {
    consent: bool,
    seen: Mutex<Vec<String>>,
    /// The beginning of the stage at which to stop it.
    stop_at: Option<&'static str>,
    /// Which option to choose; nobody can be asked without one.
    choice: Option<Chosen>,
    stopped: Notify,
}

impl Person {
    fn new(consent: bool) -> Self {
        Self {
            consent,
            seen: Mutex::default(),
            stop_at: None,
            choice: None,
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

    fn tell(&self, what: &Bilingual) {
        self.saw(format!("! {}", what.en));
    }

    async fn choose(&self, choice: &Choice) -> Chosen {
        let options = choice.options.iter().map(|option| &*option.en);
        let options: Vec<_> = options.collect();
        self.saw(format!("{} [{}]", choice.question.en, options.join("|")));
        self.choice.unwrap_or(Chosen::Nobody)
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
    _state: TempDir,
}

impl Push {
    async fn with(person: Person, faults: Vec<Fault>) -> Self {
        let sandbox = Sandbox::start(Options {
            faults,
            ..Options::default()
        })
        .await
        .expect("a sandbox");
        let state = tempfile::tempdir().expect("a folder");
        let kept = Kept::new(state.path());
        let session = Session::for_test(&sandbox.url(), KEY).keeping(Some(kept));
        Self {
            sandbox,
            package: package(),
            person,
            session,
            _state: state,
        }
    }

    /// The same author at the same machine, who answers in another way.
    fn asked(mut self, person: Person) -> Self {
        self.person = person;
        self
    }

    /// A push as the command line can ask for one.
    async fn run_as(&self, existing: Existing, confirm: bool) -> Result<Answer, Refusal> {
        let args = Args {
            uri: Target::from(self.package.path().to_owned()),
            submit: Flag(true),
            confirm: Flag(confirm),
            existing,
            fresh: false,
        };
        run(&self.session, &self.person, args).await
    }

    /// What was told beside the steps and the questions.
    fn told(&self) -> Vec<String> {
        let seen = self.person.seen().into_iter();
        seen.filter_map(|text| Some(text.strip_prefix("! ")?.to_owned()))
            .collect()
    }

    /// The requests since the last `count`.
    fn requests_since(&self, count: usize) -> Vec<String> {
        self.requests().split_off(count)
    }

    fn manifest(&self) -> String {
        std::fs::read_to_string(self.package.path().join("extension.yaml")).expect("a manifest")
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
            "1.0.0",
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
            "name": "demo", "version": "1.0.0", "snapshotId": null, "status": "submitted",
            "statusText": "submitted", "tone": "waiting", "size": null, "sizeText": shown,
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
    assert_eq!(push.requests(), ["user", "1.0.0"]);
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
        "uploaded to URL so far: 3 of icon and screenshots, no package",
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
        "so far: 3 of icon and screenshots, no package",
    )
    .await;
    check(
        Fault::on("/package", refused(502)),
        "server",
        Some(502),
        "so far: 3 of icon and screenshots, no package",
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
    let told = push.told();
    let told = told.last().map_or("", String::as_str);
    assert!(
        told.starts_with("it is pushed, but whether it is submitted by now could not be asked: "),
        "{told}"
    );
}

#[tokio::test]
async fn an_archive_is_not_told_to_be_raised_in_place() {
    let push = Push::with(Person::new(true), Vec::new()).await;
    push.run().await.expect("pushed");
    let folder = tempfile::tempdir().expect("a folder");
    let archive = folder.path().join("demo-1.0.0.tgz");
    let target = Target::from(push.package.path().to_owned());
    let prepared = prepare(&push.session, target).await.expect("prepared");
    std::fs::write(&archive, &prepared.archive).expect("written");
    let args = Args {
        uri: Target::from(archive),
        submit: Flag(true),
        confirm: Flag(true),
        existing: Existing::Bump,
        fresh: false,
    };
    let refusal = run(&push.session, &push.person, args).await;
    let hint = refusal.expect_err("taken").hint.expect("a hint");
    assert!(
        hint.en.contains("in the package's folder") && !hint.en.contains("--bump"),
        "{hint:?}"
    );
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

#[tokio::test]
async fn the_question_tells_what_is_there() {
    let push = Push::with(Person::new(true), Vec::new()).await;
    let url = push.sandbox.url();
    let submit = async |push: &Push, submit: bool| {
        let command = find("ksext.push").expect("listed");
        let argument = json!({"uri": push.package.uri("extension.yaml"), "submit": submit});
        command.run(&push.session, &push.person, argument).await
    };
    submit(&push, false).await.expect("pushed");
    submit(&push, true).await.expect("pushed over its draft");
    let seen = push.person.seen();
    let questions: Vec<_> = seen
        .iter()
        .filter(|text| text.starts_with("Push "))
        .collect();
    assert_eq!(questions.len(), 2);
    assert!(questions[0].starts_with(&format!("Push `demo` 1.0.0 to {url} as ")));
    assert!(questions[0].contains(" entries; icon and screenshots uploaded beside it: 3 (19 B)"));
    assert!(
        questions[0].ends_with("; this version is new there"),
        "{questions:?}"
    );
    assert!(questions[1].ends_with("; replaces the draft of this version that is there"));
    let push = push.asked(Person::new(true));
    push.sandbox.inject(Fault::on("/versions/", refused(500)));
    submit(&push, false).await.expect("pushed");
    let seen = push.person.seen();
    let question = seen.iter().find(|text| text.starts_with("Push "));
    assert!(
        question.is_some_and(|text| text.ends_with("is not known")),
        "{seen:?}"
    );
}

#[tokio::test]
async fn a_version_that_could_not_be_looked_up_is_not_proposed() {
    let push = Push::with(Person::new(true), Vec::new()).await;
    push.run().await.expect("pushed");
    push.sandbox
        .inject(Fault::on("/versions/1.0.1", refused(403)));
    let push = push.asked(Person::new(true));
    push.run().await.expect_err("nobody says what to do");
    let seen = push.person.seen();
    let choices: Vec<_> = seen.iter().filter(|text| text.contains('[')).collect();
    assert_eq!(choices.len(), 1, "{seen:?}");
    assert!(
        choices[0].ends_with("[Withdraw 1.0.0 from review and push it again]"),
        "{seen:?}"
    );
}

#[tokio::test]
async fn a_version_that_is_taken_lets_its_author_choose() {
    let push = Push::with(Person::new(true), Vec::new()).await;
    let url = push.sandbox.url();
    push.run().await.expect("pushed");
    let before = push.requests().len();

    let push = push.asked(Person::new(true));
    let refusal = push.run().await.expect_err("nobody says what to do");
    assert_eq!(refusal.kind, "conflict");
    let message = format!("cannot push `demo` 1.0.0: it is on {url} already (submitted)");
    assert!(refusal.message.en.starts_with(&message), "{refusal:?}");
    let hint = refusal.hint.expect("a hint");
    assert!(hint.en.contains("`ksext push --bump ") && hint.en.contains("`ksext unpush "));
    assert!(hint.zh.contains("`ksext push --bump ") && hint.zh.contains("撤回"));
    assert_eq!(push.requests_since(before), ["user", "1.0.0", "1.0.1"]);
    assert!(push.person.seen().contains(&format!(
        "`demo` 1.0.0 is on {url} already (submitted). How shall Sandbox user go on? \
         [Raise `version` to 1.0.1 and push that|Withdraw 1.0.0 from review and push it again]"
    )));

    let choose = |option| Person {
        choice: Some(option),
        ..Person::new(true)
    };
    let push = push.asked(choose(Chosen::None));
    let refusal = push.run().await.expect_err("not wanted");
    assert_eq!(refusal.kind, "cancelled");

    let before = push.requests().len();
    let push = push.asked(choose(Chosen::Option(1)));
    assert_eq!(push.run().await.expect("pushed")["status"], "submitted");
    let requests = push.requests_since(before);
    let expected = ["action:cancel-submit", "1.0.0", "usage"];
    assert_eq!(requests[3..6], expected, "{requests:?}");

    let push = push.asked(choose(Chosen::Option(0)));
    assert_eq!(push.run().await.expect("pushed")["version"], "1.0.1");
    assert!(push.manifest().contains("\nversion: 1.0.1\n"));
}

#[tokio::test]
async fn who_stops_after_a_withdrawal_is_told_of_it() {
    let push = Push::with(Person::new(true), Vec::new()).await;
    push.run().await.expect("pushed");
    let withdraws = || Person {
        choice: Some(Chosen::Option(1)),
        ..Person::new(true)
    };
    push.sandbox
        .inject(Fault::on("/package", FaultAnswer::Close));
    let push = push.asked(withdraws());
    let refusal = push.run().await.expect_err("the connection breaks");
    assert!(
        refusal.message.en.ends_with(
            "3 of icon and screenshots, no package; `demo` 1.0.0 as it was there is withdrawn from review, a draft"
        ),
        "{refusal:?}"
    );
    push.sandbox.clear_faults();
    let push = push.asked(Person::new(true));
    push.run().await.expect("pushed");

    push.sandbox
        .inject(Fault::on("cancel-submit", FaultAnswer::Close));
    let push = push.asked(withdraws());
    let refusal = push.run().await.expect_err("the connection breaks");
    assert!(!refusal.message.en.contains("withdrawn"), "{refusal:?}");
}

#[tokio::test]
async fn what_is_active_is_only_raised_to_a_version_that_is_free() {
    let push = Push::with(Person::new(true), Vec::new()).await;
    let answer = push.run().await.expect("pushed");
    let snapshot = answer["snapshotId"].as_str().expect("an id");
    assert!(push.sandbox.approve(snapshot));
    let raised = push.run_as(Existing::Bump, false).await.expect("pushed");
    assert_eq!((&*raised.version, &*raised.status), ("1.0.1", "submitted"));
    push.package
        .write("extension.yaml", push.manifest().replace("1.0.1", "1.0.0"));
    let push = push.asked(Person {
        choice: Some(Chosen::Option(0)),
        ..Person::new(true)
    });
    assert_eq!(push.run().await.expect("pushed")["version"], "1.0.2");
    let seen = push.person.seen();
    let question = seen.iter().find(|text| text.contains("How shall"));
    let options = question.and_then(|text| text.split('[').nth(1));
    assert_eq!(
        options,
        Some("Raise `version` to 1.0.2 and push that]"),
        "{seen:?}"
    );
}

#[tokio::test]
async fn who_is_not_asked_replaces_what_is_there_as_ksbuilder_does() {
    let push = Push::with(Person::new(false), Vec::new()).await;
    let first = push.run_as(Existing::Ask, false).await.expect("pushed");
    assert_eq!(push.told(), [""; 0]);
    let again = push.run_as(Existing::Ask, false).await.expect("pushed");
    assert_eq!(again.snapshot_id, first.snapshot_id);
    let id = &first.snapshot_id;
    let told = format!("replaces this version, which is there already as snapshot {id}: submitted");
    assert_eq!(push.told(), [told]);
    assert!(push.sandbox.approve(id));
    let again = push.run_as(Existing::Ask, false).await.expect("pushed");
    assert_eq!(again.status, "submitted");
}

#[tokio::test]
async fn what_exists_is_left_alone_where_that_is_wanted() {
    let push = Push::with(Person::new(false), Vec::new()).await;
    let first = push.run_as(Existing::Skip, false).await.expect("pushed");
    assert!(!first.skipped);
    let before = push.requests().len();
    let second = push.run_as(Existing::Skip, false).await.expect("skipped");
    assert!(second.skipped);
    assert_eq!(second.snapshot_id, first.snapshot_id);
    assert_eq!(push.requests_since(before), ["user", "1.0.0"]);
}

#[tokio::test]
async fn who_wants_to_leave_what_exists_has_to_know_whether_it_does() {
    for existing in [Existing::Skip, Existing::Bump] {
        let faults = vec![Fault::on("/versions/", refused(500))];
        let push = Push::with(Person::new(false), faults).await;
        let refusal = push.run_as(existing, false).await.expect_err("not known");
        assert_eq!((refusal.kind, refusal.status), ("server", Some(500)));
        assert_eq!(push.requests()[..2], ["user", "1.0.0"]);
        assert!(push.requests().iter().all(|request| request != "usage"));
    }
}

#[tokio::test]
async fn a_push_that_was_cut_off_is_gone_on_with() {
    let stopped_at = |stop_at| Person {
        stop_at: Some(stop_at),
        ..Person::new(true)
    };
    let push = Push::with(stopped_at("uploading screenshots"), Vec::new()).await;
    push.run().await.expect_err("stopped");
    let before = push.requests().len();

    let push = push.asked(stopped_at("submitting it"));
    let refusal = push.run().await.expect_err("stopped");
    assert_eq!(
        push.told(),
        ["goes on with the push that was cut off: 1 of 3 files are uploaded already"]
    );
    let files = push.requests_since(before);
    assert_eq!(
        files.iter().filter(|request| *request == "files").count(),
        1,
        "{files:?}"
    );
    assert!(
        refusal.message.en.contains("`demo` 1.0.0 stands on http"),
        "{refusal:?}"
    );
    let before = push.requests().len();

    let push = push.asked(Person::new(true));
    let answer = push.run().await.expect("pushed");
    assert_eq!(answer["status"], "submitted");
    assert_eq!(answer["uploads"][0]["reused"], true);
    let told = push.told();
    assert!(told[0].contains("3 of 3 files"), "{told:?}");
    assert!(told[1].starts_with("the push that was cut off had uploaded the package already"));
    assert_eq!(
        push.requests_since(before),
        ["user", "1.0.0", "action:submit", "1.0.0"]
    );

    // Nothing is left of it, and the next push is ksbuilder's again.
    let push = push.asked(Person::new(true));
    let answer = push.run_as(Existing::Ask, false).await.expect("pushed");
    assert!(answer.uploads.iter().all(|upload| !upload.reused));
}

#[tokio::test]
async fn who_stops_while_the_status_is_asked_for_does_not_submit_again() {
    let person = Person {
        stop_at: Some("asking for its status"),
        ..Person::new(true)
    };
    let push = Push::with(person, Vec::new()).await;
    push.run().await.expect_err("stopped");
    let before = push.requests().len();
    let push = push.asked(Person::new(true));
    let answer = push.run_as(Existing::Ask, false).await.expect("pushed");
    assert_eq!((&*answer.status, answer.skipped), ("submitted", false));
    assert_eq!(push.requests_since(before), ["user", "1.0.0"]);
}

#[tokio::test]
async fn what_has_changed_since_is_sent_again() {
    let push = Push::with(
        Person {
            stop_at: Some("submitting it"),
            ..Person::new(true)
        },
        Vec::new(),
    )
    .await;
    push.run().await.expect_err("stopped");
    push.package.write("static/a.png", "b");
    push.package.write("values.yaml", "a: 2\n");
    let before = push.requests().len();
    let push = push.asked(Person::new(true));
    let answer = push.run().await.expect("pushed");
    let reused = answer["uploads"].as_array().expect("a list").iter();
    let reused: Vec<_> = reused.map(|upload| &upload["reused"]).collect();
    assert_eq!(reused, [&json!(true), &Value::Null, &json!(true)]);
    assert_eq!(
        push.requests_since(before)[2..5],
        ["usage", "files", "package?force=true&create_extension=true"]
    );
}

#[tokio::test]
async fn a_fresh_push_and_a_refused_one_forget_what_was_uploaded() {
    let push = Push::with(
        Person {
            stop_at: Some("uploading the package"),
            ..Person::new(true)
        },
        Vec::new(),
    )
    .await;
    push.run().await.expect_err("stopped");
    let push = push.asked(Person {
        stop_at: Some("uploading the icon"),
        ..Person::new(true)
    });
    let args = Args {
        uri: Target::from(push.package.path().to_owned()),
        submit: Flag(true),
        confirm: Flag(true),
        existing: Existing::Ask,
        fresh: true,
    };
    run(&push.session, &push.person, args)
        .await
        .expect_err("stopped");
    assert_eq!(push.told(), [""; 0]);

    push.sandbox.inject(Fault::on("/package", refused(403)));
    let push = push.asked(Person::new(true));
    push.run().await.expect_err("refused");
    push.sandbox.clear_faults();
    let push = push.asked(Person::new(true));
    push.run().await.expect("pushed");
    assert_eq!(push.told(), [""; 0]);
}

#[tokio::test]
async fn an_answer_to_submit_that_is_lost_is_asked_for() {
    let push = Push::with(Person::new(true), Vec::new()).await;
    push.sandbox
        .inject(Fault::on_nth("action:submit", 1, FaultAnswer::Close));
    let refusal = push.run().await.expect_err("not submitted");
    assert!(refusal.message.en.contains("as snapshot 5"), "{refusal:?}");
    assert!(refusal.message.en.ends_with(", a draft"), "{refusal:?}");
    let push = push.asked(Person::new(true));
    assert_eq!(push.run().await.expect("pushed")["status"], "submitted");
}

#[tokio::test]
async fn one_push_of_a_package_at_a_time() {
    let push = Push::with(Person::new(true), Vec::new()).await;
    let guard = alone::only_one(&push.session, push.package.path()).expect("free");
    assert!(guard.is_some());
    let refusal = push.run().await.expect_err("another is under way");
    assert_eq!(refusal.kind, "conflict");
    assert!(
        refusal
            .message
            .en
            .ends_with("another push of it is under way")
    );
    assert_eq!(push.requests(), [""; 0]);
    drop(guard);
    push.run().await.expect("pushed");
}

#[tokio::test]
async fn what_is_confirmed_is_what_is_sent() {
    /// An author who goes on writing while the question is open.
    struct Writer<'p>(Person, &'p PackageDir);

    #[async_trait]
    impl Ui for Writer<'_> {
        fn lang(&self) -> Lang {
            Lang::En
        }

        fn stage(&self, _: &Stage) {}

        async fn confirm(&self, confirmation: &Confirmation) -> bool {
            self.1.write("values.yaml", "a: 22222\n".repeat(1000));
            self.1.write("static/a.png", "another");
            self.1.write("extension.yaml", "name: [broken\n");
            self.0.confirm(confirmation).await
        }

        async fn ask_key(&self, _: &Server) -> Result<Option<Verified>, Refusal> {
            Ok(None)
        }
    }
    let push = Push::with(Person::new(true), Vec::new()).await;
    let prepared = prepare(&push.session, Target::from(push.package.path().to_owned()));
    let projected = prepared.await.expect("fit").archive.len();
    let person = Writer(Person::new(true), &push.package);
    let args = Args {
        uri: Target::from(push.package.path().to_owned()),
        submit: Flag(true),
        confirm: Flag(true),
        existing: Existing::Ask,
        fresh: false,
    };
    let answer = run(&push.session, &person, args).await.expect("pushed");
    assert_eq!(answer.uploads[1].size, 1);
    let size = usize::try_from(answer.size).expect("small");
    assert!(size.abs_diff(projected) < 300, "{size} {projected}");
}
