//! Archives that are the same bytes for the same files: in order, without owners, all of one time.

use std::io::{Cursor, Write as _};

use flate2::{Compression, GzBuilder};
use zip::write::SimpleFileOptions;

/// What goes into an archive.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its path in the archive, with `/`.
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) is_program: bool,
}

impl Entry {
    /// A file that nobody runs.
    pub(crate) fn file(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            bytes: bytes.into(),
            is_program: false,
        }
    }

    /// A file that is run.
    pub(crate) fn program(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            is_program: true,
            ..Self::file(path, bytes)
        }
    }

    /// The same in a folder.
    pub(crate) fn below(mut self, folder: &str) -> Self {
        self.path = format!("{folder}/{}", self.path);
        self
    }

    fn mode(&self) -> u32 {
        match self.is_program {
            true => 0o755,
            false => 0o644,
        }
    }
}

/// The time of every entry, in seconds of the Unix epoch: the first that a ZIP can tell, 1980-01-01.
const TIME: u64 = 315_532_800;

/// Entries as a gzipped tar, sorted by their paths.
pub(crate) fn tar_gz(mut entries: Vec<Entry>) -> anyhow::Result<Vec<u8>> {
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    let gzip = GzBuilder::new().write(Vec::new(), Compression::best());
    let mut archive = tar::Builder::new(gzip);
    for entry in &entries {
        let mut header = tar::Header::new_ustar();
        header.set_size(entry.bytes.len() as u64);
        header.set_mode(entry.mode());
        header.set_mtime(TIME);
        header.set_uid(0);
        header.set_gid(0);
        archive.append_data(&mut header, &entry.path, entry.bytes.as_slice())?;
    }
    Ok(archive.into_inner()?.finish()?)
}

/// Entries as a ZIP, in the order they are given: that of a wheel has its record last.
pub(crate) fn zip(entries: &[Entry]) -> anyhow::Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let options = SimpleFileOptions::default()
            .compression_level(Some(9))
            .unix_permissions(entry.mode())
            .last_modified_time(zip::DateTime::default());
        archive.start_file(&entry.path, options)?;
        archive.write_all(&entry.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn entries() -> Vec<Entry> {
        vec![
            Entry::program("ksext", "program"),
            Entry::file("文档/README.md", "# 说明\n"),
        ]
    }

    #[test]
    fn the_order_of_files_does_not_show() {
        let mut reversed = entries();
        reversed.reverse();
        let packed = tar_gz(entries()).expect("an archive");
        assert_eq!(packed, tar_gz(reversed).expect("an archive"));
    }

    /// Path, bytes and whether it may be run.
    type Read = (String, Vec<u8>, bool);

    fn read_tar_gz(bytes: &[u8]) -> Vec<Read> {
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
        let entries = archive.entries().expect("an archive");
        let read = |entry: std::io::Result<tar::Entry<_>>| {
            let mut entry = entry.expect("an entry");
            let path = entry.path().expect("a path").to_string_lossy().into_owned();
            let is_program = entry.header().mode().expect("a mode") == 0o755;
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("bytes");
            (path, bytes, is_program)
        };
        entries.map(read).collect()
    }

    fn read_zip(bytes: &[u8]) -> Vec<Read> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let read = |index| {
            let mut entry = archive.by_index(index).expect("an entry");
            let is_program = entry.unix_mode() == Some(0o100_755);
            let path = entry.name().expect("a name").into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("bytes");
            (path, bytes, is_program)
        };
        (0..2).map(read).collect()
    }

    #[test]
    fn what_was_packed_is_read_again() {
        let wanted: [Read; 2] = [
            ("ksext".into(), "program".into(), true),
            ("文档/README.md".into(), "# 说明\n".into(), false),
        ];
        assert_eq!(read_tar_gz(&tar_gz(entries()).expect("an archive")), wanted);
        assert_eq!(read_zip(&zip(&entries()).expect("an archive")), wanted);
    }
}
