//! A gzipped tar file as Go's archive/tar and Helm's pkg/chartutil/save.go write it, but the same
//! bytes for the same input every time.

use std::io::{self, Write};

use tar::Header;

use super::gzip::{Gzip, Workers};

/// The time of every entry: 1980-01-01 00:00:00 UTC. Helm takes the clock, which makes every archive
/// different. Not 0, which some readers take for "no time" or warn of; eleven digits wide in any case.
const MTIME: u64 = 315_532_800;

const BLOCK: usize = 512;

/// Writes entries to an archive, one after the other.
pub(super) struct Tarball<'w, W: Write> {
    out: Gzip<'w, W>,
}

impl<'w, W: Write> Tarball<'w, W> {
    /// An archive that `workers` compress. With `weigh` it is found out what each entry costs.
    pub(super) fn new(out: W, workers: &'w dyn Workers, weigh: bool) -> io::Result<Self> {
        Ok(Self {
            out: Gzip::new(out, workers, weigh)?,
        })
    }

    /// Appends a regular file. `name` is written as it is.
    pub(super) fn append(&mut self, name: &[u8], content: &[u8]) -> io::Result<()> {
        self.out
            .append(content.len(), |out| write_entry(out, name, content))
    }

    /// Writes the end of the archive. Gives back what it was written to, and the weight of each
    /// entry against the others.
    pub(super) fn finish(mut self) -> io::Result<(W, Vec<u64>)> {
        self.out
            .append(2 * BLOCK, |out| out.write_all(&[0; 2 * BLOCK]))?;
        let (out, mut weights) = self.out.finish()?;
        weights.pop();
        Ok((out, weights))
    }
}

/// Writes an entry as tar has it: header, content, padding to a whole block.
fn write_entry(out: &mut impl Write, name: &[u8], content: &[u8]) -> io::Result<()> {
    let (prefix, suffix) = match split(name) {
        Some(parts) => parts,
        None => {
            let record = pax_record(b"path", name);
            out.write_all(pax_header(name, record.len()).as_bytes())?;
            write_padded(out, &record)?;
            (&b""[..], name)
        }
    };
    out.write_all(file_header(prefix, suffix, content.len()).as_bytes())?;
    write_padded(out, content)
}

/// Prefix and name of a USTAR header, if `name` fits one (archive/tar `splitUSTARPath`).
fn split(name: &[u8]) -> Option<(&[u8], &[u8])> {
    let empty = Header::new_ustar();
    let fields = empty.as_ustar()?;
    let (most_prefix, most_name) = (fields.prefix.len(), fields.name.len());
    if !name.is_ascii() {
        return None;
    }
    if name.len() <= most_name {
        return Some((b"", name));
    }
    let head = &name[..name.len().min(most_prefix + 1)];
    let slash = head.iter().rposition(|&byte| byte == b'/')?;
    let (prefix, suffix) = (&name[..slash], &name[slash + 1..]);
    (slash > 0 && (1..=most_name).contains(&suffix.len())).then_some((prefix, suffix))
}

fn file_header(prefix: &[u8], name: &[u8], size: usize) -> Header {
    let mut header = Header::new_ustar();
    header.set_entry_type(tar::EntryType::Regular);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(MTIME);
    header.set_size(size as u64);
    if let Some(fields) = header.as_ustar_mut() {
        put(&mut fields.name, &ascii(name));
        put(&mut fields.prefix, prefix);
        put(&mut fields.dev_major, b"0000000");
        put(&mut fields.dev_minor, b"0000000");
    }
    seal(header)
}

/// The header of the entry that holds the real name of the next one (archive/tar `writePAXHeader`).
fn pax_header(name: &[u8], size: usize) -> Header {
    let (directory, file) = match name.iter().rposition(|&byte| byte == b'/') {
        Some(slash) => name.split_at(slash + 1),
        None => (&b""[..], name),
    };
    let mut shown = ascii(&[directory, b"PaxHeaders.0/", file].concat());
    let mut header = Header::new_ustar();
    header.set_entry_type(tar::EntryType::XHeader);
    header.set_mode(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(size as u64);
    if let Some(fields) = header.as_ustar_mut() {
        shown.truncate(fields.name.len());
        let end = shown.iter().rposition(|&byte| byte != b'/');
        shown.truncate(end.map_or(0, |last| last + 1));
        put(&mut fields.name, &shown);
    }
    seal(header)
}

/// `<length> <key>=<value>\n`, the length counting itself.
fn pax_record(key: &[u8], value: &[u8]) -> Vec<u8> {
    let rest = [b" ", key, b"=", value, b"\n"].concat();
    let mut length = rest.len();
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    [length.to_string().as_bytes(), &rest].concat()
}

/// Copies as much of `value` as fits. A name that is cut right behind a `/` would look like a
/// directory, so the slash goes (archive/tar `formatString`).
fn put(field: &mut [u8], value: &[u8]) {
    let length = value.len().min(field.len());
    field[..length].copy_from_slice(&value[..length]);
    if value.len() > field.len() && field.ends_with(b"/") {
        let end = field.iter().rposition(|&byte| byte != b'/');
        field[end.map_or(0, |last| last + 1)] = 0;
    }
}

/// `text` without the bytes that are not ASCII.
fn ascii(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(u8::is_ascii).collect()
}

/// The header with its checksum: six digits, NUL, space, where the tar crate writes seven digits.
fn seal(mut header: Header) -> Header {
    header.set_cksum();
    if let Ok(sum) = header.cksum() {
        let digits = format!("{sum:06o}\0 ");
        if let Some(fields) = header.as_ustar_mut() {
            put(&mut fields.cksum, digits.as_bytes());
        }
    }
    header
}

fn write_padded(out: &mut impl Write, content: &[u8]) -> io::Result<()> {
    out.write_all(content)?;
    let padding = content.len().next_multiple_of(BLOCK) - content.len();
    out.write_all(&[0; BLOCK][..padding])
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use proptest::prelude::*;

    use super::super::gzip::Inline;
    use super::*;

    fn archive(entries: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
        let mut tarball = Tarball::new(Vec::new(), &Inline, false).unwrap();
        for (name, content) in entries {
            tarball.append(name, content).unwrap();
        }
        tarball.finish().unwrap().0
    }

    /// The blocks of an entry with this name and one byte of content.
    fn blocks(name: &str) -> Vec<u8> {
        let mut out = Vec::new();
        write_entry(&mut out, name.as_bytes(), b"x").unwrap();
        out
    }

    /// The text of a header field.
    fn field(block: &[u8], start: usize, length: usize) -> String {
        let field = &block[start..start + length];
        String::from_utf8_lossy(field)
            .trim_end_matches('\0')
            .to_owned()
    }

    #[test]
    fn a_header_is_written_digit_for_digit_as_go_does() {
        let block = blocks("demo/README.md");
        assert_eq!(block.len(), 2 * BLOCK);
        assert_eq!(field(&block, 0, 100), "demo/README.md");
        assert_eq!(&block[100..108], b"0000644\0");
        assert_eq!(&block[108..124], b"0000000\x000000000\0");
        assert_eq!(&block[124..136], b"00000000001\0");
        assert_eq!(&block[136..148], b"02263523000\0");
        assert_eq!(&block[154..156], b"\0 ");
        assert_eq!(block[156], b'0');
        assert_eq!(&block[257..265], b"ustar\x0000");
        assert_eq!(&block[329..345], b"0000000\x000000000\0");
    }

    #[test]
    fn a_long_name_is_split_at_its_last_slash_that_fits() {
        let directory = "d".repeat(120);
        let block = blocks(&format!("{directory}/e/file.yaml"));
        assert_eq!(field(&block, 345, 155), format!("{directory}/e"));
        assert_eq!(field(&block, 0, 100), "file.yaml");
    }

    #[test]
    fn a_name_that_does_not_fit_stands_in_a_pax_record() {
        let block = blocks("demo/观测.md");
        assert_eq!(field(&block, 0, 100), "demo/PaxHeaders.0/.md");
        assert_eq!(block[156], b'x');
        assert_eq!(&block[100..124], b"0000000\x000000000\x000000000\0");
        assert_eq!(&block[329..345], [0; 16]);
        assert_eq!(field(&block, BLOCK, 30), "23 path=demo/观测.md\n");
        assert_eq!(field(&block[2 * BLOCK..], 0, 100), "demo/.md");

        let block = blocks("demo/观测");
        assert_eq!(field(&block, 0, 100), "demo/PaxHeaders.0");

        let long = format!("{}/{}", "d".repeat(99), "f".repeat(150));
        let block = blocks(&long);
        assert_eq!(field(&block, 0, 100), "d".repeat(99));
        assert_eq!(field(&block[2 * BLOCK..], 0, 100), "d".repeat(99));
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_other_programs_read(
            entries in proptest::collection::vec(
                ("[a-z观]{1,80}(/[a-z.观]{1,90}){0,3}", proptest::collection::vec(any::<u8>(), 0..1500)),
                0..6,
            ),
        ) {
            let entries: Vec<_> =
                entries.into_iter().map(|(name, content)| (name.into_bytes(), content)).collect();
            let written = archive(&entries);
            prop_assert_eq!(&written, &archive(&entries), "not reproducible");

            let mut read = Vec::new();
            let mut reader = tar::Archive::new(GzDecoder::new(&written[..]));
            for entry in reader.entries().unwrap() {
                let mut entry = entry.unwrap();
                let mut content = Vec::new();
                entry.read_to_end(&mut content).unwrap();
                read.push((entry.path_bytes().into_owned(), content));
            }
            prop_assert_eq!(read, entries);
        }
    }
}
