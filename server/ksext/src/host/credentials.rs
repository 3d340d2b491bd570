//! ksbuilder's credentials file, `$HOME/.ksbuilder/config.json`, which both programs read and write
//! (ksbuilder pkg/config/config.go). Whether a key is valid is for the cloud to say.
//!
//! The file is JSON: `token`, the key's bytes in standard base64, and `server`. Unlike ksbuilder we
//! write it for its owner alone, all at once, and keep what else stands in it. A process that is killed
//! while it writes leaves the former file, and may leave a temporary one beside it, which the owner
//! alone can read and which the next login or logout removes.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ksext_cloud::{CredentialStore, Credentials, Message, Server, StoreError, Token};
use ksext_core::bilingual;
use ksext_core::lang::Bilingual;
use ksext_core::package::fs::FsErrorKind;
use serde::Serialize;
use serde_json::{Map, Value};

use super::disk::read_regular;

/// The most that is read of the file, in bytes. A key and an address need some hundred.
const MAX_FILE: u64 = 1 << 20;

/// What the names of temporary files begin with.
const TEMPORARY: &str = ".config.json.";

/// A temporary file of this age belongs to nobody any more.
const ABANDONED: Duration = Duration::from_secs(60);

/// The login that ksbuilder and ksext share.
#[derive(Clone, Debug)]
pub(crate) struct KsbuilderFile {
    /// `None` if the user has no home.
    path: Option<PathBuf>,
}

/// A file with a key that others than its owner can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exposed {
    /// The file.
    pub(crate) path: PathBuf,
    /// Its rights, as `chmod` has them.
    pub(crate) mode: u32,
}

impl Exposed {
    /// What is wrong.
    pub(crate) fn said(&self) -> Bilingual {
        let (path, mode) = (self.path.display(), self.mode);
        bilingual!(
            "others on this machine can read the API key in {path} (mode {mode:03o})",
            "本机的其他用户可以读取 {path} 中的 API 密钥（权限 {mode:03o}）",
        )
    }

    /// What to do about it.
    pub(crate) fn cure(&self) -> Bilingual {
        let path = shell_word(&self.path.display().to_string());
        bilingual!(
            "run `chmod 600 {path}`, or log in again with `ksext login`",
            "请运行 `chmod 600 {path}`，或用 `ksext login` 重新登录",
        )
    }
}

/// A text as one word of a POSIX shell.
fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

impl KsbuilderFile {
    /// The file of the user who runs the program. As for ksbuilder, home is `$HOME`, or what the
    /// system has on record without one.
    pub(crate) fn of_user() -> Self {
        let home = std::env::home_dir().filter(|home| !home.as_os_str().is_empty());
        Self {
            path: home.map(|home| home.join(".ksbuilder").join("config.json")),
        }
    }

    /// Where it is, whether or not it exists; `None` without a home.
    pub(crate) fn place(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Its rights, as `chmod` has them; `None` if it does not exist or the system has other rights.
    pub(crate) fn mode(&self) -> Option<u32> {
        mode_of(self.path.as_deref()?)
    }

    /// The file if group or others have any right to it, as to each one that ksbuilder itself writes.
    pub(crate) fn exposed(&self) -> Option<Exposed> {
        let path = self.path.as_deref()?;
        let mode = mode_of(path)?;
        (mode & 0o077 != 0).then(|| Exposed {
            path: path.to_owned(),
            mode,
        })
    }

    fn path(&self) -> Result<&Path, StoreError> {
        let missing = || StoreError {
            message: Message::new(
                "cannot find the login that ksbuilder and ksext share: there is no home folder; set `HOME`",
                "找不到 ksbuilder 与 ksext 共用的登录信息：没有主目录；请设置 `HOME`",
            ),
        };
        self.path.as_deref().ok_or_else(missing)
    }
}

/// What stands in the file.
#[derive(Debug, Default, Serialize)]
struct Content {
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    /// What ksbuilder does not know, and newer ones may.
    #[serde(flatten)]
    others: Map<String, Value>,
}

impl CredentialStore for KsbuilderFile {
    fn load(&self) -> Result<Option<Credentials>, StoreError> {
        let path = self.path()?;
        let Some(content) = read(path).map_err(|why| why.reading(path))? else {
            return Ok(None);
        };
        content.credentials().map_err(|why| why.reading(path))
    }

    fn save(&self, credentials: &Credentials) -> Result<(), StoreError> {
        let path = self.path()?;
        // What cannot be read holds nothing worth keeping; the next login must not fail over it.
        let others = read_bytes(path).ok().flatten();
        let others = others.map(|bytes| Content::others(&bytes));
        let content = Content {
            token: Some(STANDARD.encode(credentials.token.expose())),
            server: Some(credentials.server.as_str().to_owned()),
            others: others.unwrap_or_default(),
        };
        let path = self.path()?;
        write(path, &content, &|| {}).map_err(|why| Why::from(why).writing(path))?;
        forget_abandoned(path, ABANDONED);
        Ok(())
    }

    fn clear(&self) -> Result<bool, StoreError> {
        let path = self.path()?;
        let fail = |why: io::Error| Why::from(why).writing(path);
        forget_abandoned(path, Duration::ZERO);
        match read(path) {
            Ok(None) => Ok(false),
            Ok(Some(content)) if !content.others.is_empty() => {
                let others = Content {
                    others: content.others,
                    ..Content::default()
                };
                write(path, &others, &|| {}).map_err(fail)?;
                Ok(content.token.is_some())
            }
            // A file that cannot be read may hold a key all the same; of a link, what it leads to does.
            Ok(Some(_)) | Err(_) => match fs::remove_file(real(path)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(fail(error)),
                removed => Ok(removed.is_ok()),
            },
        }
    }
}

impl Content {
    /// What stands in the file beside the login, however broken that is.
    fn others(bytes: &[u8]) -> Map<String, Value> {
        let fields: Option<Map<String, Value>> = serde_json::from_slice(bytes).unwrap_or_default();
        let is_ours = |key: &str| {
            ["token", "server"]
                .iter()
                .any(|own| key.eq_ignore_ascii_case(own))
        };
        let mut fields = fields.unwrap_or_default();
        fields.retain(|key, _| !is_ours(key));
        fields
    }

    /// Reads the file's text. Keys may be written in any letter case, and null stands for nothing, as
    /// Go's encoding/json has it.
    fn parse(bytes: &[u8]) -> Result<Self, Why> {
        let fields: Option<Map<String, Value>> =
            serde_json::from_slice(bytes).map_err(Why::json)?;
        let mut content = Self::default();
        for (key, value) in fields.unwrap_or_default() {
            let known = match &key {
                key if key.eq_ignore_ascii_case("token") => &mut content.token,
                key if key.eq_ignore_ascii_case("server") => &mut content.server,
                _ => {
                    content.others.insert(key, value);
                    continue;
                }
            };
            match value {
                Value::Null => {}
                Value::String(text) => *known = Some(text),
                _ => return Err(Why::new("a field is not text", "有字段不是文本")),
            }
        }
        Ok(content)
    }

    fn credentials(&self) -> Result<Option<Credentials>, Why> {
        let Some(encoded) = self.token.as_deref().filter(|token| !token.is_empty()) else {
            return Ok(None);
        };
        let token = STANDARD
            .decode(encoded)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok());
        let token =
            token.ok_or_else(|| Why::new("the key is not base64 text", "密钥不是 base64 文本"))?;
        let token = Token::new(token).map_err(|bad| Why(bad.message()))?;
        let server = match self.server.as_deref() {
            None | Some("") => Server::default(),
            Some(address) => Server::parse(address).map_err(|bad| Why(bad.message()))?,
        };
        Ok(Some(Credentials { server, token }))
    }
}

fn read(path: &Path) -> Result<Option<Content>, Why> {
    let bytes = read_bytes(path)?;
    bytes.map(|bytes| Content::parse(&bytes)).transpose()
}

fn read_bytes(path: &Path) -> Result<Option<Vec<u8>>, Why> {
    match read_regular(path, MAX_FILE) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(FsErrorKind::NotFound) => Ok(None),
        Err(FsErrorKind::Denied) => Err(io::Error::from(io::ErrorKind::PermissionDenied).into()),
        Err(FsErrorKind::WrongKind) => Err(Why::new("it is no file", "它不是文件")),
        Err(FsErrorKind::TooLarge { .. }) => Err(Why::new("it is too large", "文件过大")),
        Err(other) => Err(Why::new(other.to_string(), other.to_string())),
    }
}

/// Replaces the file in one step, readable by its owner alone from the first byte on. Through links, so
/// that a home that is kept elsewhere stays so. `before` is called before each step, where a process
/// may end.
fn write(path: &Path, content: &Content, before: &dyn Fn()) -> io::Result<()> {
    let path = real(path);
    let folder = path.parent().unwrap_or(Path::new("."));
    let bytes = serde_json::to_vec_pretty(content)?;
    before();
    make_folder(folder)?;
    before();
    // A temporary file has mode 0600 from its creation.
    let mut file = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .tempfile_in(folder)?;
    // A write may be cut anywhere.
    let (start, end) = bytes.split_at(bytes.len() / 2);
    for piece in [start, end] {
        before();
        file.write_all(piece)?;
    }
    before();
    file.as_file().sync_all()?;
    before();
    file.persist(&path).map_err(|failed| failed.error)?;
    before();
    keep_name(folder);
    Ok(())
}

/// Makes sure that the new name outlasts a loss of power, where the system can.
fn keep_name(folder: &Path) {
    if cfg!(unix) {
        // The file is there; that it might not stay is no reason to say that it was not written.
        let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// The place behind all links, whether or not there is something.
fn real(path: &Path) -> PathBuf {
    /// As many as Linux follows.
    const MOST_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&path) else {
            break;
        };
        path = path.parent().unwrap_or(Path::new(".")).join(target);
    }
    path
}

/// Makes the folder if it is missing, for its owner alone; not the home around it, as ksbuilder.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Removes what killed processes left beside the file, if it is at least this old. What cannot be
/// removed stays: it is in nobody's way.
fn forget_abandoned(path: &Path, age: Duration) {
    let path = real(path);
    let Some(Ok(entries)) = path.parent().map(fs::read_dir) else {
        return;
    };
    for entry in entries.filter_map(Result::ok) {
        let is_ours = entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(TEMPORARY));
        let changed = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_ours && changed().is_some_and(|since| since >= age) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The rights of the file behind `path`; `None` if there is none or the system has other rights.
#[cfg(unix)]
fn mode_of(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let found = fs::metadata(path).ok()?;
    Some(found.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode_of(_: &Path) -> Option<u32> {
    None
}

/// Why the file could not be used. Never holds what stands in it.
#[derive(Debug)]
struct Why(Message);

impl Why {
    fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self(Message::new(en, zh))
    }

    /// Where the JSON goes wrong; not what stands there, which may be the key.
    fn json(error: serde_json::Error) -> Self {
        // An end behind a line break is told as column 0.
        let (line, column) = (error.line(), error.column().max(1));
        Self::new(
            format!("it is not the JSON it should be (line {line}, column {column})"),
            format!("内容不是预期的 JSON（第 {line} 行，第 {column} 列）"),
        )
    }

    fn reading(self, path: &Path) -> StoreError {
        let (Message { en, zh }, path) = (self.0, path.display());
        StoreError {
            message: Message::new(
                format!("cannot read the login in {path}: {en}; log in again to replace it"),
                format!("无法读取 {path} 中的登录信息：{zh}；重新登录即可替换它"),
            ),
        }
    }

    fn writing(self, path: &Path) -> StoreError {
        let (Message { en, zh }, path) = (self.0, path.display());
        StoreError {
            message: Message::new(
                format!(
                    "cannot change the login in {path}: {en}; make the file and its folder yours to write, or set `KSEXT_TOKEN` instead"
                ),
                format!(
                    "无法更改 {path} 中的登录信息：{zh}；请确保您可以写入该文件及其所在目录，或改为设置 `KSEXT_TOKEN`"
                ),
            ),
        }
    }
}

impl From<io::Error> for Why {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::new("there is no such folder", "目录不存在"),
            io::ErrorKind::PermissionDenied => Self::new("permission denied", "没有权限"),
            io::ErrorKind::ReadOnlyFilesystem => Self::new("the disk is read-only", "磁盘是只读的"),
            io::ErrorKind::NotADirectory => Self::new(
                "what should be its folder is a file",
                "其所在目录实际上是一个文件",
            ),
            io::ErrorKind::IsADirectory | io::ErrorKind::DirectoryNotEmpty => {
                Self::new("it is a folder", "它是一个目录")
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::new("there is no room left", "空间不足")
            }
            _ => Self::new(error.to_string(), error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What ksbuilder itself wrote for this key.
    const KEY: &str = "kck-1e63267b-cb3c-4757-b739-3d94a06781aa";
    const WRITTEN: &str = "{\n  \"token\": \"a2NrLTFlNjMyNjdiLWNiM2MtNDc1Ny1iNzM5LTNkOTRhMDY3ODFhYQ==\",\n  \"server\": \"http://127.0.0.1:8642\"\n}";

    fn login(key: &str) -> Credentials {
        let server = Server::parse("http://127.0.0.1:8642").expect("an address");
        Credentials {
            server,
            token: Token::new(key).expect("a key"),
        }
    }

    /// A home that holds this file, if any.
    fn home(text: Option<&str>) -> (tempfile::TempDir, KsbuilderFile) {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join(".ksbuilder/config.json");
        if let Some(text) = text {
            fs::create_dir(home.path().join(".ksbuilder")).expect("made");
            fs::write(&path, text).expect("written");
        }
        (home, KsbuilderFile { path: Some(path) })
    }

    fn text_of(file: &KsbuilderFile) -> String {
        fs::read_to_string(file.path().expect("a path")).expect("text")
    }

    #[test]
    fn writes_what_ksbuilder_writes_and_reads_it_back() {
        let (_home, file) = home(None);
        assert_eq!(file.load(), Ok(None));
        assert_eq!(file.clear(), Ok(false));
        file.save(&login(KEY)).expect("saved");
        assert_eq!(text_of(&file), WRITTEN);
        assert_eq!(file.load(), Ok(Some(login(KEY))));
        assert_eq!((file.clear(), file.load()), (Ok(true), Ok(None)));
        assert!(!file.path().expect("a path").exists());
    }

    #[test]
    fn reads_what_ksbuilder_reads() {
        let check = |text: &str, server: Option<&str>| {
            let (_home, file) = home(Some(text));
            let found = file
                .load()
                .unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(
                found
                    .map(|found| found.server.as_str().to_owned())
                    .as_deref(),
                server,
                "{text}"
            );
        };
        let default = Server::default();
        check(
            r#"{"token": "eA==", "server": "https://a/"}"#,
            Some("https://a"),
        );
        check(
            r#"{"TOKEN": "eA==", "Server": "https://a", "x": [1]}"#,
            Some("https://a"),
        );
        check(
            r#"{"token": "eA==", "server": null}"#,
            Some(default.as_str()),
        );
        check(r#"{"token": "eA==", "server": ""}"#, Some(default.as_str()));
        check(r#"{"token": null}"#, None);
        check(r#"{"server": "https://a"}"#, None);
        check("null", None);
    }

    #[test]
    fn a_corrupt_file_is_an_error_without_its_content_and_the_next_login_replaces_it() {
        for text in [
            "",
            "[]",
            "\u{feff}{}",
            "{\"token\": \"c2VjcmV0",
            r#"{"token": "c2VjcmV0!"}"#,
            r#"{"token": "c2VjcmV0_-"}"#,
            r#"{"token": ["c2VjcmV0"]}"#,
            r#"{"token": "c2VjcmV0Cg=="}"#,
            r#"{"token": "/w=="}"#,
            r#"{"token": "c2VjcmV0", "server": "http://10.0.0.1"}"#,
        ] {
            let (home, file) = home(Some(text));
            let error = file.load().expect_err(text).message;
            for message in [&error.en, &error.zh] {
                assert!(message.contains("config.json"), "{message}");
                assert!(
                    !message.contains("c2Vj") && !message.contains("secret"),
                    "{message}"
                );
            }
            file.save(&login(KEY)).expect("saved");
            assert_eq!(file.load(), Ok(Some(login(KEY))), "{text}");
            drop(home);
        }
    }

    #[test]
    fn logging_out_of_a_corrupt_file_leaves_no_key_behind() {
        let (_home, file) = home(Some("{\"token\": \"c2VjcmV0"));
        assert_eq!((file.clear(), file.load()), (Ok(true), Ok(None)));
    }

    #[test]
    fn foreign_keys_are_kept() {
        let (_home, file) = home(Some(
            r#"{"theme": {"深": 1}, "token": "eA==", "server": "https://a"}"#,
        ));
        file.save(&login(KEY)).expect("saved");
        let kept = "\n  \"theme\": {\n    \"深\": 1\n  }\n}";
        assert_eq!(
            text_of(&file),
            format!("{},{kept}", WRITTEN.trim_end_matches("\n}"))
        );
        assert_eq!(file.clear(), Ok(true));
        assert_eq!(text_of(&file), format!("{{{kept}"));
        assert_eq!((file.load(), file.clear()), (Ok(None), Ok(false)));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        let (_home, new) = home(None);
        new.save(&login(KEY)).expect("saved");
        let path = new.path().expect("a path");
        assert_eq!(
            (mode(path), mode(path.parent().expect("a folder"))),
            (0o600, 0o700)
        );

        let (_home, old) = home(Some("{}"));
        let path = old.path().expect("a path");
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).expect("set");
        old.save(&login(KEY)).expect("saved");
        assert_eq!(mode(path), 0o600);
        let names: Vec<_> = fs::read_dir(path.parent().expect("a folder"))
            .expect("listed")
            .collect();
        assert_eq!(names.len(), 1, "{names:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_told_until_the_next_login() {
        use std::os::unix::fs::PermissionsExt;
        let (_home, file) = home(Some(WRITTEN));
        let path = file.path().expect("a path").to_owned();
        for (mode, exposed) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
            let expected = exposed.then(|| Exposed {
                path: path.clone(),
                mode,
            });
            assert_eq!(file.exposed(), expected, "{mode:o}");
        }
        file.save(&login(KEY)).expect("saved");
        assert_eq!(file.exposed(), None);
    }

    /// A process that ends before one of the steps, for [`no_kill_loses_the_login`].
    const STOPPED: i32 = 86;

    /// Ends the process that [`no_kill_loses_the_login`] has started, if this is it.
    #[expect(clippy::exit, reason = "it stands for a kill")]
    #[test]
    fn ends_in_the_middle_of_a_write_if_it_is_told_to() {
        let Ok(told) = std::env::var("KSEXT_TEST_STOP") else {
            return;
        };
        let (path, step) = told.split_once('|').expect("a path and a step");
        let left = std::cell::Cell::new(step.parse::<u32>().expect("a number"));
        let content = Content {
            token: Some(STANDARD.encode(KEY)),
            server: Some("http://127.0.0.1:8642".to_owned()),
            others: Map::new(),
        };
        let before = || match left.get() {
            // No destructor runs, as after a kill.
            0 => std::process::exit(STOPPED),
            more => left.set(more - 1),
        };
        write(Path::new(path), &content, &before).expect("written");
    }

    #[test]
    fn no_kill_loses_the_login() {
        const OLD: &str = r#"{"token": "b2xk", "server": "https://a"}"#;
        let this = std::env::current_exe().expect("a path");
        for text in [None, Some(OLD)] {
            for step in 0.. {
                let (home, file) = home(text);
                let path = file.path().expect("a path");
                let ended = std::process::Command::new(&this)
                    .args([
                        "--exact",
                        "host::credentials::tests::ends_in_the_middle_of_a_write_if_it_is_told_to",
                    ])
                    .env("KSEXT_TEST_STOP", format!("{}|{step}", path.display()))
                    .output()
                    .expect("started");
                let found = fs::read_to_string(path).ok();
                let whole = found.as_deref() == text || found.as_deref() == Some(WRITTEN);
                assert!(whole, "after step {step}: {found:?}");
                only_the_owner_can_read_new_files(home.path(), OLD);

                // Nothing is in the way of the next login, and nothing outlasts a logout.
                file.save(&login("next")).expect("saved");
                assert_eq!(file.load(), Ok(Some(login("next"))));
                assert_eq!((file.clear(), file.load()), (Ok(true), Ok(None)));
                let left: Vec<_> = fs::read_dir(home.path().join(".ksbuilder"))
                    .expect("listed")
                    .collect();
                assert_eq!(left.len(), 0, "after step {step}: {left:?}");
                if ended.status.code() != Some(STOPPED) {
                    assert!(ended.status.success() && step >= 6, "{step}: {ended:?}");
                    break;
                }
            }
        }
    }

    #[cfg(unix)]
    fn only_the_owner_can_read_new_files(home: &Path, old: &str) {
        for entry in fs::read_dir(home.join(".ksbuilder")).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            let is_old = fs::read_to_string(&path).is_ok_and(|text| text == old);
            assert!(is_old || mode_of(&path) == Some(0o600), "{path:?}");
        }
    }

    #[cfg(not(unix))]
    fn only_the_owner_can_read_new_files(_: &Path, _: &str) {}

    #[cfg(unix)]
    #[test]
    fn links_to_nothing_and_linked_folders_are_written_through() {
        use std::os::unix::fs::symlink;
        let (home, file) = home(Some(""));
        let path = file.path().expect("a path");
        fs::remove_file(path).expect("removed");
        symlink("first.json", path).expect("linked");
        symlink("../real.json", path.with_file_name("first.json")).expect("linked");
        file.save(&login(KEY)).expect("saved");
        assert!(path.is_symlink());
        let real = home.path().join("real.json");
        assert_eq!(fs::read_to_string(real).expect("text"), WRITTEN);

        let (home, file) = self::home(None);
        fs::create_dir(home.path().join("dotfiles")).expect("made");
        symlink("dotfiles", home.path().join(".ksbuilder")).expect("linked");
        file.save(&login(KEY)).expect("saved");
        assert_eq!(file.load(), Ok(Some(login(KEY))));
        assert_eq!(file.clear(), Ok(true));
        assert!(home.path().join(".ksbuilder").is_symlink());
    }

    #[test]
    fn what_stands_beside_a_broken_login_is_kept_too() {
        let (_home, file) = home(Some(r#"{"theme": "深", "Token": 5, "server": "ftp://x"}"#));
        file.save(&login(KEY)).expect("saved");
        assert!(text_of(&file).contains("深"));
        assert_eq!(file.load(), Ok(Some(login(KEY))));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_written_through() {
        let (home, file) = home(Some("{}"));
        let path = file.path().expect("a path");
        let real = home.path().join("real.json");
        fs::rename(path, &real).expect("moved");
        std::os::unix::fs::symlink("../real.json", path).expect("linked");
        file.save(&login(KEY)).expect("saved");
        assert!(path.is_symlink());
        assert_eq!(fs::read_to_string(&real).expect("text"), WRITTEN);
        assert_eq!(file.clear(), Ok(true));
        assert!(!real.exists());
    }

    #[test]
    fn what_is_in_the_way_is_named() {
        let (home, file) = home(None);
        fs::write(home.path().join(".ksbuilder"), "").expect("written");
        let error = file.save(&login(KEY)).expect_err("a file is in the way");
        assert!(
            error.message.en.contains("cannot change the login in")
                && error.message.en.contains("KSEXT_TOKEN")
                && error.message.zh.contains("其所在目录实际上是一个文件"),
            "{error:?}"
        );
        let (_home, folder) = self::home(Some(""));
        let path = folder.path().expect("a path");
        fs::remove_file(path).expect("removed");
        fs::create_dir(path).expect("made");
        let error = folder.load().expect_err("a folder is in the way");
        assert!(error.message.zh.contains("它不是文件"), "{error:?}");
        let error = folder
            .save(&login(KEY))
            .expect_err("a folder is in the way");
        assert!(error.message.zh.contains("它是一个目录"), "{error:?}");
        let nowhere = KsbuilderFile { path: None };
        assert!(
            nowhere
                .load()
                .expect_err("no home")
                .message
                .en
                .contains("HOME")
        );
    }
}
