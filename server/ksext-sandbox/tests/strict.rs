//! The sandbox as a black box on a raw socket: what it takes and what it refuses, down to the bytes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use ksext_sandbox::{Fault, FaultAnswer, LoggedRequest, Options, Review, Running, Sandbox};

const KEY: &str = "kck-1e63267b-cb3c-4757-b739-3d94a06781aa";
const GZIP: &[u8] = b"\x1f\x8b\x08\x00rest";

/// Name, file name and content of a form's part.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// A sandbox and one user's way to talk to it.
struct Cloud {
    sandbox: Running,
    user: String,
}

impl Cloud {
    async fn start(options: Options) -> Self {
        let mut cloud = Self {
            sandbox: Sandbox::start(options).await.unwrap(),
            user: String::new(),
        };
        let (status, body) = cloud.get("/apis/user/v1/user").await;
        assert_eq!(status, 200, "{body}");
        cloud.user = json(&body)["user_id"].as_str().unwrap().to_owned();
        cloud
    }

    /// Sends `request`, its host `x` being the sandbox, followed by `body` as they are; gives back status and body.
    async fn raw(&self, request: &str, body: &[u8]) -> (u16, String) {
        let address = self.sandbox.address();
        let request = request.replace("Host: x\n", &format!("Host: {address}\n"));
        let mut bytes = request.replace('\n', "\r\n").into_bytes();
        bytes.extend_from_slice(body);
        let work = move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(20)))
                .unwrap();
            stream.write_all(&bytes).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            let answer = String::from_utf8_lossy(&answer).into_owned();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
            let status = head
                .get(9..12)
                .and_then(|status| status.parse().ok())
                .unwrap_or(0);
            (status, body.to_owned())
        };
        tokio::task::spawn_blocking(work).await.unwrap()
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let head = format!(
            "GET {path} HTTP/1.1\nHost: x\nAuthorization: Bearer {KEY}\nConnection: close\n\n"
        );
        self.raw(&head, b"").await
    }

    async fn post(&self, path: &str, content_type: &str, body: &[u8]) -> (u16, String) {
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\nHost: x\nAuthorization: Bearer {KEY}\nConnection: close\nContent-Type: {content_type}\nContent-Length: {length}\n\n"
        );
        self.raw(&head, body).await
    }

    async fn post_json(&self, path: &str, body: &str) -> (u16, String) {
        self.post(path, "application/json", body.as_bytes()).await
    }

    async fn post_form(&self, path: &str, parts: &[Part<'_>]) -> (u16, String) {
        self.post(path, "multipart/form-data; boundary=B", &form(parts))
            .await
    }

    fn of_user(&self, rest: &str) -> String {
        format!("/apis/extension/v1/users/{}{rest}", self.user)
    }

    /// Pushes a package and gives back its snapshot's id.
    async fn push(&self, name: &str, version: &str) -> String {
        let path = self.of_user(&format!(
            "/extensions/{name}/package?force=true&create_extension=true"
        ));
        let file_name = format!("{name}-{version}.tgz");
        let (status, body) = self
            .post_form(&path, &[("extension_package", Some(&file_name), GZIP)])
            .await;
        assert_eq!(status, 200, "{body}");
        json(&body)["snapshot"]["snapshot_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn form(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file_name, content) in parts {
        let file = file_name.map_or(String::new(), |file_name| {
            format!("; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream")
        });
        body.extend(
            format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes(),
        );
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--B--\r\n");
    body
}

#[tokio::test]
async fn tells_a_missing_key_from_a_wrong_one() {
    let cloud = Cloud::start(Options {
        token: Some(KEY.to_owned()),
        ..Options::default()
    })
    .await;
    let no_key = (401, "no `Authorization");
    for (header, (status, words)) in [
        ("X: y", no_key),
        ("Authorization: Bearer", no_key),
        ("Authorization: Bearer  ", no_key),
        ("Authorization: Basic a2NrOg==", no_key),
        (
            "Authorization: Bearer kck-00000000-0000-0000-0000-000000000000",
            (403, r#"{"message":"permission denied"}"#),
        ),
        (&format!("Authorization: Bearer {KEY}"), (200, "user_id")),
    ] {
        let head =
            format!("GET /apis/user/v1/user HTTP/1.1\nHost: x\n{header}\nConnection: close\n\n");
        let (found, body) = cloud.raw(&head, b"").await;
        assert_eq!(found, status, "{header}");
        assert!(body.contains(words), "{header}: {body}");
    }
}

#[tokio::test]
async fn any_well_formed_key_is_a_user_of_its_own() {
    let cloud = Cloud::start(Options::default()).await;
    let user = async |key: &str| {
        let head = format!(
            "GET /apis/user/v1/user HTTP/1.1\nHost: x\nAuthorization: Bearer {key}\nConnection: close\n\n"
        );
        cloud.raw(&head, b"").await
    };
    let (status, other) = user("kck-1e63267b-cb3c-4757-b739-3d94a06781ab").await;
    assert_eq!(status, 200);
    assert_ne!(json(&other)["user_id"], cloud.user.as_str());
    assert!(!other.contains("1e63267b"), "{other}");
    assert_eq!(user("somebody").await.0, 403);
}

#[tokio::test]
async fn knows_its_paths_and_methods() {
    let cloud = Cloud::start(Options::default()).await;
    assert_eq!(cloud.get("/apis/nothing").await.0, 404);
    assert_eq!(
        cloud.get("/apis/extension/v1/extensions/search").await.0,
        405
    );
    assert_eq!(cloud.post_json("/apis/user/v1/user", "{}").await.0, 405);
    assert_eq!(
        cloud.get("/apis/extension/v1/users/1/files/usage").await.0,
        403
    );
    assert_eq!(
        cloud
            .get("/apis/extension/v1/extensions/demo/summary")
            .await
            .0,
        404
    );
    assert_eq!(cloud.get("/files/nothing").await.0, 404);
}

#[tokio::test]
async fn takes_files_with_their_paths_in_order() {
    let cloud = Cloud::start(Options::default()).await;
    let path = |file: &str| format!("/{}/demo/1.0.0/{file}", cloud.user).into_bytes();
    let (one, two, other) = (path("标志.svg"), path("two.png"), path("two.png.bak"));
    let foreign = b"/1/demo/1.0.0/a.svg".to_vec();
    let climbing = format!("/{}/../demo/a.svg", cloud.user).into_bytes();
    let upload = async |parts: &[Part<'_>]| cloud.post_form(&cloud.of_user("/files"), parts).await;

    let (status, body) = upload(&[
        ("file1", Some("标志.svg"), b"<svg/>"),
        ("file1_path", None, &one),
        ("file2", Some("two.png"), b"png"),
        ("file2_path", None, &two),
    ])
    .await;
    assert_eq!(status, 200, "{body}");
    let url = json(&body)["files"][0]["url"].as_str().unwrap().to_owned();
    let local = url.strip_prefix(&cloud.sandbox.url()).unwrap();
    assert!(url.is_ascii(), "{url}");
    assert_eq!(cloud.get(local).await, (200, "<svg/>".to_owned()));

    let refused: &[&[Part<'_>]] = &[
        &[],
        &[("file1", Some("two.png"), b"")],
        &[("file1_path", None, &two), ("file1", Some("two.png"), b"")],
        &[("file2", Some("two.png"), b""), ("file2_path", None, &two)],
        &[("file1", None, b""), ("file1_path", None, &two)],
        &[
            ("file1", Some("two.png"), b""),
            ("file1_path", Some("x"), &two),
        ],
        &[
            ("file1", Some("two.png"), b""),
            ("file1_path", None, &other),
        ],
        &[
            ("file1", Some("a.svg"), b""),
            ("file1_path", None, &foreign),
        ],
        &[
            ("file1", Some("a.svg"), b""),
            ("file1_path", None, &climbing),
        ],
        &[("file1", Some("a.svg"), b""), ("file1_path", None, b"")],
        &[("file1", Some("a.svg"), b""), ("file1_path", None, b"\xff")],
    ];
    for parts in refused {
        assert_eq!(upload(parts).await.0, 400, "{parts:?}");
    }
}

#[tokio::test]
async fn takes_one_gzip_of_the_right_name_and_size() {
    let cloud = Cloud::start(Options::default()).await;
    let full = "?force=true&create_extension=true";
    let push = async |query: &str, part: &str, file_name: &str, content: &[u8]| {
        let path = cloud.of_user(&format!("/extensions/demo/package{query}"));
        cloud
            .post_form(&path, &[(part, Some(file_name), content)])
            .await
    };
    let exactly = [GZIP, &vec![0; 1_048_576 - GZIP.len()]].concat();
    let above = [&exactly[..], b"\0"].concat();
    for (query, part, file_name, content, expected) in [
        (full, "package", "demo-1.0.0.tgz", GZIP, 400),
        (full, "extension_package", "other-1.0.0.tgz", GZIP, 400),
        (full, "extension_package", "demo-.tgz", GZIP, 400),
        (full, "extension_package", "demo-1.0.0.tar.gz", GZIP, 400),
        (full, "extension_package", "demo-1.0.0.tgz", b"PK", 400),
        (full, "extension_package", "demo-1.0.0.tgz", &above, 413),
        (
            "?force=true",
            "extension_package",
            "demo-1.0.0.tgz",
            GZIP,
            404,
        ),
        (
            "?force=maybe",
            "extension_package",
            "demo-1.0.0.tgz",
            GZIP,
            400,
        ),
        (
            full,
            "extension_package",
            "demo-1.0.0-rc.1+b.tgz",
            &exactly,
            200,
        ),
        (
            full,
            "extension_package",
            "demo-1.0.0-rc.1+b.tgz",
            GZIP,
            200,
        ),
        ("", "extension_package", "demo-1.0.0-rc.1+b.tgz", GZIP, 409),
    ] {
        let (status, body) = push(query, part, file_name, content).await;
        assert_eq!(status, expected, "{query} {part} {file_name}: {body}");
    }
    let (_, versions) = cloud
        .get("/apis/extension/v1/extensions/demo/snapshots")
        .await;
    let versions = json(&versions);
    assert_eq!(versions.as_array().map(Vec::len), Some(1));
    assert_eq!(versions[0]["metadata"]["version"], "1.0.0-rc.1+b");
    assert_eq!(versions[0]["snapshot_id"].as_str().map(str::len), Some(18));
}

#[tokio::test]
async fn wants_json_with_its_length_and_media_type() {
    let cloud = Cloud::start(Options::default()).await;
    let submit = cloud.of_user(&format!(
        "/snapshots/{}/action:submit",
        cloud.push("demo", "1.0.0").await
    ));
    assert_eq!(
        cloud
            .post(&submit, "text/plain", br#"{"message":"m"}"#)
            .await
            .0,
        400
    );
    assert_eq!(cloud.post_json(&submit, "{}").await.0, 400);
    assert_eq!(cloud.post_json(&submit, r#"{"message":""}"#).await.0, 400);
    assert_eq!(
        cloud.post_json(&submit, r#"{"message":"m"} x"#).await.0,
        400
    );
    let chunked = format!(
        "POST {submit} HTTP/1.1\nHost: x\nAuthorization: Bearer {KEY}\nConnection: close\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n"
    );
    assert_eq!(cloud.raw(&chunked, b"0\r\n\r\n").await.0, 411);
    assert_eq!(cloud.post_json(&submit, r#"{"message":"m"}"#).await.0, 200);
    assert_eq!(
        cloud
            .post_json(
                "/apis/extension/v1/extensions/search",
                r#"{"statuses":["*"]}"#
            )
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn the_reviewer_decides_on_what_was_submitted() {
    let cloud = Cloud::start(Options::default()).await;
    let id = cloud.push("扩展", "1.0.0").await;
    let act = |verb: &str| cloud.of_user(&format!("/snapshots/{id}/action:{verb}"));
    let note = r#"{"message":"m"}"#;
    let reject = format!("/review/{id}/reject");
    assert_eq!(cloud.post(&reject, "text/plain", b"").await.0, 409);
    assert_eq!(cloud.post_json(&act("submit"), note).await.0, 200);
    let (_, rejected) = cloud
        .post(&reject, "text/plain", "<b>图标</b>".as_bytes())
        .await;
    assert_eq!(
        (&json(&rejected)["status"], &json(&rejected)["reason"]),
        (&"rejected".into(), &"<b>图标</b>".into())
    );
    assert_eq!(cloud.post_json(&act("cancel-submit"), note).await.0, 409);
    assert_eq!(cloud.post_json(&act("submit"), note).await.0, 200);
    assert_eq!(
        cloud
            .post(&format!("/review/{id}/approve"), "text/plain", b"")
            .await
            .0,
        200
    );
    assert_eq!(cloud.post_json(&act("submit"), note).await.0, 409);
    assert_eq!(
        cloud.post("/review/1/approve", "text/plain", b"").await.0,
        404
    );
    assert_eq!(
        cloud
            .post_json(&cloud.of_user("/snapshots/1/action:submit"), note)
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn reviews_by_itself_when_told_to() {
    for (review, expected) in [(Review::Approve, "active"), (Review::Reject, "rejected")] {
        let cloud = Cloud::start(Options {
            review,
            ..Options::default()
        })
        .await;
        let id = cloud.push("demo", "1.0.0").await;
        let (_, body) = cloud
            .post_json(
                &cloud.of_user(&format!("/snapshots/{id}/action:submit")),
                r#"{"message":"m"}"#,
            )
            .await;
        assert_eq!(json(&body)["status"], expected);
    }
}

#[tokio::test]
async fn a_review_that_takes_its_time_goes_through_all_states() {
    let cloud = Cloud::start(Options {
        review: Review::Approve,
        review_delay: Duration::from_millis(1),
        ..Options::default()
    })
    .await;
    let id = cloud.push("demo", "1.0.0").await;
    let submit = cloud.of_user(&format!("/snapshots/{id}/action:submit"));
    let (_, body) = cloud.post_json(&submit, r#"{"message":"m"}"#).await;
    assert_eq!(json(&body)["status"], "submitted");
    // The push was the first change, the submission the second; the answer to this waits for a third.
    let (_, news) = cloud.get("/review/snapshots?after=2").await;
    let news = json(&news);
    assert_eq!(
        (&news["revision"], &news["snapshots"][0]["status"]),
        (&3.into(), &"active".into())
    );
}

#[tokio::test]
async fn hears_programs_and_its_own_page_alone() {
    let cloud = Cloud::start(Options::default()).await;
    let id = cloud.push("demo", "1.0.0").await;
    let submit = cloud.of_user(&format!("/snapshots/{id}/action:submit"));
    let note = r#"{"message":"m"}"#;
    let (own, port) = (cloud.sandbox.url(), cloud.sandbox.address().port());
    let approve = format!("/review/{id}/approve");
    for (method, path, headers, expected) in [
        (
            "POST",
            &*submit,
            "Host: x\nOrigin: http://evil.example\n",
            403,
        ),
        (
            "POST",
            &submit,
            &format!("Host: evil.example:{port}\n"),
            421,
        ),
        ("POST", &submit, "Host:\n", 421),
        ("POST", &submit, "Host: x\n", 200),
        ("GET", "/review/snapshots", "", 200),
        ("POST", &approve, "Host: x\nOrigin: null\n", 403),
        (
            "GET",
            "/review/snapshots",
            &format!("Host: evil.example:{port}\n"),
            421,
        ),
        (
            "GET",
            "/charts/index.yaml",
            "Host: x\nOrigin: http://evil.example\n",
            403,
        ),
        (
            "GET",
            "/review/snapshots",
            &format!("Host: localhost:{port}\n"),
            200,
        ),
        ("POST", &approve, &format!("Host: x\nOrigin: {own}\n"), 200),
    ] {
        let (head, body) = if method == "POST" {
            ("Content-Type: application/json\nContent-Length: 15\n", note)
        } else {
            ("", "")
        };
        let head = format!(
            "{method} {path} HTTP/1.1\n{headers}Authorization: Bearer {KEY}\nConnection: close\n{head}\n"
        );
        let (status, answer) = cloud.raw(&head, body.as_bytes()).await;
        assert_eq!(status, expected, "{method} {path} {headers}: {answer}");
    }
}

#[tokio::test]
async fn a_reviewer_is_told_of_packages_that_cannot_be_unpacked() {
    let cloud = Cloud::start(Options::default()).await;
    let id = cloud.push("demo", "1.0.0").await;
    let (status, details) = cloud.get(&format!("/review/snapshots/{id}")).await;
    let details = json(&details);
    assert_eq!((status, &details["size"]), (200, &GZIP.len().into()));
    assert!(details["unreadable"].is_string(), "{details}");
    assert_eq!(cloud.get("/review/snapshots/1").await.0, 404);
}

/// A chart as Helm packs it: its `Chart.yaml` in a folder of its name.
fn packed(name: &str, chart: &str) -> Vec<u8> {
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(
        Vec::new(),
        flate2::Compression::default(),
    ));
    let mut header = tar::Header::new_gnu();
    header.set_size(chart.len() as u64);
    let path = format!("{name}/Chart.yaml");
    tar.append_data(&mut header, path, chart.as_bytes())
        .unwrap();
    tar.into_inner().unwrap().finish().unwrap()
}

#[tokio::test]
async fn is_a_helm_repository_of_all_that_was_pushed() {
    let cloud = Cloud::start(Options::default()).await;
    let mut digests = Vec::new();
    let index = async || {
        let (status, index) = cloud.get("/charts/index.yaml").await;
        assert_eq!(status, 200);
        serde_yaml::from_str::<serde_json::Value>(&index).unwrap()
    };
    assert_eq!(
        (&index().await["apiVersion"], &index().await["entries"]),
        (&"v1".into(), &serde_json::json!({}))
    );
    for version in ["1.0.0", "1.1.0-rc.1+b"] {
        let chart = format!(
            "apiVersion: v2\nname: 扩展\nversion: {version}\ndescription: 'yes: \"no\"'\nkeywords: [a]\n"
        );
        let package = packed("扩展", &chart);
        let path = cloud
            .of_user("/extensions/%E6%89%A9%E5%B1%95/package?force=true&create_extension=true");
        let file_name = format!("扩展-{version}.tgz");
        digests.push(format!("{:x}", Sha256::digest(&package)));
        let parts = [("extension_package", Some(&*file_name), &*package)];
        assert_eq!(cloud.post_form(&path, &parts).await.0, 200);
    }
    // What is no chart is listed too, with what is known of it.
    cloud.push("broken", "1.0.0").await;

    // Helm refuses an entry without apiVersion, name or version, and fetches what `urls` names, relative to the index
    // (pkg/repo/index.go, chartrepo.go); it compares the digest where there is one.
    let index = index().await;
    assert!(index["generated"].is_string(), "{index}");
    let versions = index["entries"]["扩展"].as_array().unwrap();
    assert_eq!(versions.len(), 2);
    for ((entry, version), digest) in versions.iter().zip(["1.0.0", "1.1.0-rc.1+b"]).zip(digests) {
        let text = |field: &str| entry[field].as_str().unwrap();
        assert_eq!(
            (text("apiVersion"), text("name"), text("version")),
            ("v2", "扩展", version)
        );
        assert_eq!(
            (text("description"), &entry["keywords"][0]),
            (r#"yes: "no""#, &"a".into())
        );
        assert!(text("created").ends_with('Z'), "{entry}");
        assert_eq!(text("digest"), digest);
        let url = entry["urls"][0].as_str().unwrap();
        assert!(url.is_ascii(), "{url}");
        assert_eq!(cloud.get(&format!("/charts/{url}")).await.0, 200, "{url}");
    }
    let broken = &index["entries"]["broken"][0];
    assert_eq!(
        (&broken["name"], &broken["version"]),
        (&"broken".into(), &"1.0.0".into())
    );
    assert_eq!(cloud.get("/charts/broken-1.0.1.tgz").await.0, 404);
}

#[tokio::test]
async fn keeps_its_state_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options {
        state: Some(folder.path().join("状态")),
        ..Options::default()
    };
    let cloud = Cloud::start(options()).await;
    let first = cloud.push("demo", "1.0.0").await;
    assert_eq!(cloud.push("demo", "1.0.0").await, first);
    cloud.sandbox.shutdown().await;

    let cloud = Cloud::start(options()).await;
    let (_, found) = cloud
        .get("/apis/extension/v1/extensions/demo/versions/1.0.0")
        .await;
    assert_eq!(json(&found)["snapshot_id"], first.as_str());
    assert_eq!(cloud.get("/charts/demo-1.0.0.tgz").await.0, 200);
    let second = Sandbox::start(options()).await.unwrap_err().to_string();
    assert!(second.contains("another sandbox uses"), "{second}");
    assert_ne!(cloud.push("demo", "1.0.1").await, first);
    let contents = std::fs::read_dir(folder.path().join("状态/contents")).unwrap();
    assert_eq!(
        contents.count(),
        2,
        "the replaced package is gone, no draft is left"
    );
}

#[tokio::test]
async fn what_a_killed_sandbox_left_half_done_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options {
        state: Some(folder.path().to_owned()),
        ..Options::default()
    };
    let cloud = Cloud::start(options()).await;
    cloud.push("demo", "1.0.0").await;
    cloud.sandbox.shutdown().await;

    // Killed after the content of the next change and before the state that speaks of it.
    let contents = folder.path().join("contents");
    let [last] = std::fs::read_dir(&contents)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let last: u64 = last.parse().unwrap();
    for number in last + 1..last + 5 {
        std::fs::write(contents.join(number.to_string()), "left over").unwrap();
    }
    std::fs::write(contents.join("1.new"), "half").unwrap();
    std::fs::write(folder.path().join("state.new"), "{").unwrap();

    let cloud = Cloud::start(options()).await;
    cloud.push("demo", "1.0.1").await;
    cloud.sandbox.shutdown().await;
    let cloud = Cloud::start(options()).await;
    for version in ["1.0.0", "1.0.1"] {
        let (status, archive) = cloud.get(&format!("/charts/demo-{version}.tgz")).await;
        assert_eq!(
            (status, archive),
            (200, String::from_utf8_lossy(GZIP).into_owned())
        );
    }
    assert_eq!(std::fs::read_dir(&contents).unwrap().count(), 2);
}

#[tokio::test]
async fn says_what_is_wrong_with_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("state.json"), "{").unwrap();
    let state = |path: PathBuf| Options {
        state: Some(path),
        ..Options::default()
    };
    let broken = Sandbox::start(state(folder.path().to_owned()))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        broken.contains("state.json` is not the state of a sandbox"),
        "{broken}"
    );
    let file = Sandbox::start(state(folder.path().join("state.json")))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        file.contains("cannot keep the sandbox's state in"),
        "{file}"
    );
}

#[tokio::test]
async fn logs_requests_without_keys() {
    let cloud = Cloud::start(Options::default()).await;
    cloud.sandbox.inject(Fault::on_nth(
        "GET /apis/extension",
        2,
        FaultAnswer::json(503, "{}"),
    ));
    cloud
        .sandbox
        .inject(Fault::on("POST /apis/extension", FaultAnswer::Close));
    cloud
        .get("/apis/extension/v1/extensions/%E4%B8%AD/summary?a=b")
        .await;
    cloud
        .get("/apis/extension/v1/extensions/demo/summary")
        .await;
    assert_eq!(
        cloud
            .post_json("/apis/extension/v1/extensions/search", "{}")
            .await
            .0,
        0
    );
    cloud.sandbox.clear_faults();
    assert_eq!(
        cloud
            .post_json("/apis/extension/v1/extensions/search", "{}")
            .await
            .0,
        400
    );
    let line = |method: &str, path: &str, status| LoggedRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        status,
    };
    assert_eq!(
        cloud.sandbox.requests(),
        [
            line("GET", "/apis/user/v1/user", Some(200)),
            line(
                "GET",
                "/apis/extension/v1/extensions/%E4%B8%AD/summary?a=b",
                Some(404)
            ),
            line(
                "GET",
                "/apis/extension/v1/extensions/demo/summary",
                Some(503)
            ),
            line("POST", "/apis/extension/v1/extensions/search", None),
            line("POST", "/apis/extension/v1/extensions/search", Some(400)),
        ]
    );
}

#[tokio::test]
async fn stops_when_dropped_even_while_a_request_hangs() {
    let cloud = Cloud::start(Options::default()).await;
    cloud
        .sandbox
        .inject(Fault::on("/summary", FaultAnswer::Hang));
    let address = cloud.sandbox.address();
    let mut hanging = TcpStream::connect(address).unwrap();
    write!(
        hanging,
        "GET /apis/extension/v1/extensions/demo/summary HTTP/1.1\r\nHost: {address}\r\n\r\n"
    )
    .unwrap();
    while cloud.sandbox.requests().len() < 2 {
        tokio::task::yield_now().await;
    }
    drop(cloud);
    while TcpStream::connect(address).is_ok() {
        tokio::task::yield_now().await;
    }
}
