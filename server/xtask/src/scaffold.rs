//! What the tasks that start something new have in common: lines in lists, and files that are not there
//! yet.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};

use crate::shell;

/// Words that no module may be called by.
const KEYWORDS: &str = "abstract as async await become box break const continue crate do dyn else \
                        enum extern false final fn for gen if impl in let loop macro match mod move mut \
                        override priv pub ref return self static struct super trait true try type \
                        typeof unsafe unsized use virtual where while yield";

/// Files to write, by their paths below the root.
#[derive(Debug, Default)]
pub(crate) struct Change(Vec<(String, String)>);

impl Change {
    /// A new file.
    ///
    /// # Errors
    /// If it is there already, or what it stands for is a folder.
    pub(crate) fn create(&mut self, path: &str, text: String) -> anyhow::Result<()> {
        let file = shell::root().join(path);
        let taken = [file.clone(), file.with_extension("")];
        if let Some(taken) = taken.iter().find(|path| path.exists()) {
            let taken = taken.strip_prefix(shell::root()).unwrap_or(taken);
            bail!("{} is there already", taken.display());
        }
        self.0.push((path.to_owned(), text));
        Ok(())
    }

    /// A file with other text.
    ///
    /// # Errors
    /// If it cannot be read, or `edit` finds no place in it.
    pub(crate) fn edit(
        &mut self,
        path: &str,
        edit: impl FnOnce(&str) -> anyhow::Result<String>,
    ) -> anyhow::Result<()> {
        let text = fs::read_to_string(shell::root().join(path))
            .with_context(|| format!("cannot read {path}"))?;
        let text = edit(&text).with_context(|| format!("cannot change {path}"))?;
        self.0.push((path.to_owned(), text));
        Ok(())
    }

    /// Writes everything, and tells of it.
    pub(crate) fn write(self) -> anyhow::Result<()> {
        for (path, text) in self.0 {
            let is_new = !shell::root().join(&path).exists();
            fs::write(shell::root().join(Path::new(&path)), text)
                .with_context(|| format!("cannot write {path}"))?;
            println!("{} {path}", if is_new { "made" } else { "changed" });
        }
        Ok(())
    }
}

/// Checks that a module can be called by `name`.
pub(crate) fn ensure_free(name: &str) -> anyhow::Result<()> {
    let is_keyword = KEYWORDS.split(' ').any(|keyword| keyword == name);
    ensure!(
        !is_keyword,
        "`{name}` is a word of Rust itself; choose another"
    );
    Ok(())
}

/// `text` with `line` in its place in the first run of lines that have a `key`, which are in the order of
/// their keys.
pub(crate) fn insert(
    text: &str,
    line: &str,
    key: fn(&str) -> Option<&str>,
) -> anyhow::Result<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let Some(first) = lines.iter().position(|line| key(line).is_some()) else {
        bail!("there is no line like `{}`", line.trim());
    };
    let run = lines[first..].iter().take_while(|line| key(line).is_some());
    let place = first + run.take_while(|other| key(other) < key(line)).count();
    lines.insert(place, line);
    Ok(lines.join("\n") + "\n")
}

/// `text` with some lines behind the only one that begins with `anchor`.
pub(crate) fn insert_behind(text: &str, anchor: &str, lines: &str) -> anyhow::Result<String> {
    let mut found = text
        .split_inclusive('\n')
        .filter(|line| line.starts_with(anchor));
    let (Some(line), None) = (found.next(), found.next()) else {
        bail!("there is not one line that begins with `{}`", anchor.trim());
    };
    Ok(text.replacen(line, &format!("{line}{lines}"), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_takes_its_place_in_the_first_list() {
        fn key(line: &str) -> Option<&str> {
            line.strip_prefix("mod ")
        }
        for (before, after) in [
            (
                "mod a;\nmod c;\n\nmod aa;\n",
                "mod a;\nmod b;\nmod c;\n\nmod aa;\n",
            ),
            ("//!\n\nmod a;\n", "//!\n\nmod a;\nmod b;\n"),
            ("mod c;\nuse x;\n", "mod b;\nmod c;\nuse x;\n"),
        ] {
            assert_eq!(insert(before, "mod b;", key).expect(before), after);
        }
        assert!(insert("use x;\n", "mod b;", key).is_err());
    }

    #[test]
    fn lines_go_behind_the_one_that_is_named() {
        let check = |text: &str| insert_behind(text, "  b", "  x\n  y\n").ok();
        assert_eq!(
            check("  a\n  b,\n  c\n").as_deref(),
            Some("  a\n  b,\n  x\n  y\n  c\n")
        );
        assert_eq!(check("  a\n"), None);
        assert_eq!(check("  b\n  b\n"), None);
    }

    #[test]
    fn a_word_of_rust_is_no_name() {
        assert!(ensure_free("images").is_ok());
        assert!(ensure_free("match").is_err());
    }
}
