//! What a new package is made of: the example that the tests and the tour use, under another name.

use include_dir::{Dir, include_dir};
use ksext_core::manifest::FILE_NAME;
use ksext_core::package::PkgPath;
use ksext_core::yaml::{self, Style};

static DEMO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../tests/fixtures/demo");

/// What the package is to be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// `name` of the manifest.
    pub(super) name: String,
    /// The English display name.
    pub(super) title: String,
    /// The Chinese display name.
    pub(super) title_zh: String,
    /// `category` of the manifest.
    pub(super) category: String,
}

/// The example's files as they are.
pub(crate) fn example() -> Vec<(PkgPath, Vec<u8>)> {
    let mut files = Vec::new();
    collect(&DEMO, &mut files);
    files
}

/// The files of a new package.
pub(super) fn files(names: &Names) -> Vec<(PkgPath, Vec<u8>)> {
    let rename = |(path, bytes): (PkgPath, Vec<u8>)| match String::from_utf8(bytes) {
        Ok(text) => {
            let text = names.put_into(&text, path == PkgPath::from(FILE_NAME));
            (path, text.into_bytes())
        }
        // A picture bears no name.
        Err(error) => (path, error.into_bytes()),
    };
    example().into_iter().map(rename).collect()
}

fn collect(part: &Dir<'_>, files: &mut Vec<(PkgPath, Vec<u8>)>) {
    for file in part.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        files.push((PkgPath::from(path.as_str()), file.contents().to_vec()));
    }
    for part in part.dirs() {
        collect(part, files);
    }
}

impl Names {
    /// The text of one of the example's files under these names.
    fn put_into(&self, text: &str, is_manifest: bool) -> String {
        let as_written = |title: &str| {
            if is_manifest {
                scalar(title)
            } else {
                title.to_owned()
            }
        };
        let text = text
            .replace("Demo Extension", &as_written(&self.title))
            .replace("示例扩展组件", &as_written(&self.title_zh))
            .replace("Demo maintainers", &format!("Maintainers of {}", self.name))
            .replace("demo@example.com", "contact@example.com")
            .replace(
                "category: dev-tools",
                &format!("category: {}", self.category),
            );
        replace_word(&text, "demo", &self.name)
    }
}

/// Replaces `word` where it is one by itself, as before a hyphen.
fn replace_word(text: &str, word: &str, replacement: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, found) = rest.split_at(at);
        let after = &found[word.len()..];
        let in_word =
            before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
        replaced.push_str(before);
        replaced.push_str(if in_word { word } else { replacement });
        rest = after;
    }
    replaced + rest
}

/// A title as YAML that reads as the same text. With control characters it goes into double quotes, in
/// which JSON and YAML agree.
fn scalar(title: &str) -> String {
    let plain = Some(title).filter(|title| !title.contains(char::is_control));
    let written = plain.and_then(|title| yaml::written(title, Style::Plain));
    written.unwrap_or_else(|| serde_json::Value::from(title).to_string())
}
