//! What is in a packed extension, as far as a reviewer or a Helm repository asks. It looks; it refuses nothing.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

/// The most that is unpacked, in bytes: a small archive may hold a lot of nothing.
const MAX_UNPACKED: u64 = 64 << 20;
/// The most entries that are listed.
const MAX_ENTRIES: usize = 10_000;
/// The most of a text that is shown, in bytes.
const MAX_TEXT: usize = 256 << 10;

/// An archive, unpacked.
pub(crate) struct Contents {
    /// All files in their order.
    pub(crate) entries: Vec<Entry>,
    /// The texts beside the manifest, it among them.
    pub(crate) texts: Vec<Text>,
    /// `extension.yaml` as data; null if there is none or it is not YAML.
    pub(crate) manifest: Value,
    /// `Chart.yaml` likewise.
    pub(crate) chart: Value,
}

/// A file in the archive.
pub(crate) struct Entry {
    /// Below the extension's own folder.
    pub(crate) path: String,
    /// Unpacked, in bytes.
    pub(crate) size: u64,
}

/// A file that people read.
pub(crate) struct Text {
    pub(crate) path: String,
    pub(crate) text: String,
    /// Whether there is more than `text`.
    pub(crate) cut: bool,
}

/// What keeps an archive from being unpacked, in the words of the library.
#[derive(Debug)]
pub(crate) struct Unreadable(pub(crate) String);

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Unpacks an archive.
///
/// # Errors
/// If it is no gzip or no tar, is cut, or unpacks to more than anybody looks at.
pub(crate) fn read(archive: &[u8]) -> Result<Contents, Unreadable> {
    let mut tar = tar::Archive::new(MultiGzDecoder::new(archive).take(MAX_UNPACKED));
    let mut contents = Contents {
        entries: Vec::new(),
        texts: Vec::new(),
        manifest: Value::Null,
        chart: Value::Null,
    };
    for entry in tar.entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        if contents.entries.len() == MAX_ENTRIES {
            return Err(Unreadable(format!("more than {MAX_ENTRIES} files")));
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        // Helm packs everything into a folder of the chart's name.
        let path = path
            .split_once('/')
            .map_or(path.clone(), |(_, rest)| rest.to_owned());
        let size = entry.size();
        if !path.contains('/') {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            contents.take(&path, &bytes);
        }
        contents.entries.push(Entry { path, size });
    }
    if contents.entries.is_empty() {
        return Err(Unreadable("no file".to_owned()));
    }
    contents.texts.sort_by_key(|text| rank(&text.path));
    Ok(contents)
}

impl Contents {
    /// Notes a file beside the manifest.
    fn take(&mut self, path: &str, bytes: &[u8]) {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return;
        };
        match path {
            "extension.yaml" => self.manifest = data(text),
            "Chart.yaml" => self.chart = data(text),
            _ => {}
        }
        let shown = text.floor_char_boundary(MAX_TEXT);
        self.texts.push(Text {
            path: path.to_owned(),
            text: text[..shown].to_owned(),
            cut: shown < text.len(),
        });
    }
}

/// YAML as JSON; null for what is not YAML or has no counterpart.
fn data(text: &str) -> Value {
    serde_yaml::from_str::<serde_yaml::Value>(text)
        .ok()
        .and_then(|value| serde_json::to_value(value).ok())
        .unwrap_or_default()
}

/// What a reviewer reads first.
fn rank(path: &str) -> (usize, String) {
    const FIRST: [&str; 4] = ["extension.yaml", "README", "permissions.yaml", "CHANGELOG"];
    let place = FIRST.iter().position(|start| path.starts_with(start));
    (place.unwrap_or(FIRST.len()), path.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::GzEncoder;

    use super::*;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        for (path, content) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            tar.append_data(&mut header, path, *content).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap()
    }

    #[test]
    fn lists_all_files_and_the_texts_that_a_reviewer_reads() {
        let archive = packed(&[
            ("扩展/Chart.yaml", "name: 扩展\n".as_bytes()),
            ("扩展/values.yaml", b"a: 1\n"),
            ("扩展/extension.yaml", b"icon: x\nkeywords: [a]\n"),
            ("扩展/README_zh.md", "# 扩展\r\n".as_bytes()),
            ("扩展/图.png", b"\x89PNG\xff"),
            ("扩展/charts/web/Chart.yaml", b"name: web\n"),
        ]);
        let contents = read(&archive).unwrap();
        let paths: Vec<_> = contents.entries.iter().map(|entry| &*entry.path).collect();
        assert_eq!(
            paths,
            [
                "Chart.yaml",
                "values.yaml",
                "extension.yaml",
                "README_zh.md",
                "图.png",
                "charts/web/Chart.yaml"
            ]
        );
        let texts: Vec<_> = contents.texts.iter().map(|text| &*text.path).collect();
        assert_eq!(
            texts,
            [
                "extension.yaml",
                "README_zh.md",
                "Chart.yaml",
                "values.yaml"
            ]
        );
        assert_eq!(contents.texts[1].text, "# 扩展\r\n");
        assert_eq!(contents.manifest["keywords"][0], "a");
        assert_eq!(contents.chart["name"], "扩展");
    }

    #[test]
    fn says_why_an_archive_cannot_be_unpacked() {
        let whole = packed(&[("demo/extension.yaml", &[b'a'; 4096])]);
        let bomb = packed(&[("demo/zero", &vec![0; MAX_UNPACKED as usize + 1])]);
        for (archive, what) in [
            (&b"PK\x03\x04"[..], "no gzip"),
            (&whole[..whole.len() / 2], "cut"),
            (&packed(&[]), "nothing in it"),
            (&bomb, "more than anybody looks at"),
        ] {
            assert!(read(archive).is_err(), "{what}");
        }
    }

    #[test]
    fn cuts_long_texts_between_characters() {
        let mut long = Vec::new();
        while long.len() <= MAX_TEXT {
            long.write_all("图".as_bytes()).unwrap();
        }
        let contents = read(&packed(&[("demo/README.md", &long)])).unwrap();
        let text = &contents.texts[0];
        assert!(text.cut && text.text.len() <= MAX_TEXT && text.text.ends_with('图'));
    }

    #[test]
    fn what_is_not_yaml_is_no_data() {
        for text in ["a: [", "? {b: c}\n: d\n", "a: 1\na: 2\n"] {
            assert_eq!(data(text), Value::Null, "{text}");
        }
        assert_eq!(data("1: a\n")["1"], "a");
    }
}
