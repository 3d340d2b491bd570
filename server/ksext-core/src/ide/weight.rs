//! What a package weighs and what makes it so, for the hover on its name.

use std::fmt::Write as _;

use super::hover::Markup;
use crate::bilingual;
use crate::lang::{Lang, one_line, show_size};
use crate::package::PkgPath;
use crate::package::Size;
use crate::package::size::{EntrySize, biggest};

/// This many entries are shown.
const SHOWN: usize = 10;

/// A package's size and what it is made of.
#[derive(Clone, Copy)]
pub struct Weight<'a> {
    /// The size.
    pub size: Size,
    /// The entries of the archive; none if the size alone is known.
    pub entries: &'a [EntrySize],
    /// The URI of a file in the package, if it has one.
    pub link: &'a dyn Fn(&PkgPath) -> Option<String>,
}

impl Weight<'_> {
    /// The size, then the biggest entries, each a link to the file in which it is changed.
    pub(super) fn described(&self, lang: Lang, markup: Markup) -> String {
        let size = self.size;
        let (projected, limit) = (show_size(size.projected), show_size(size.limit));
        let words = bilingual!(
            "Package as push would send it: {projected} of {limit}.",
            "推送时扩展组件包的大小：{projected}，上限 {limit}。",
        );
        let mut text = words.get(lang).to_owned();
        if self.entries.is_empty() {
            return text;
        }
        let (biggest, rest) = biggest(self.entries, SHOWN);
        text.push_str("\n\n");
        for entry in biggest {
            let (packed, name) = (show_size(entry.packed), self.name(entry, markup));
            // Writing into a string cannot fail.
            let _ = writeln!(text, "- {packed} · {name}");
        }
        if rest.count > 0 {
            let (packed, count) = (show_size(rest.packed), rest.count);
            let words = bilingual!("{packed} · {count} more", "{packed} · 其余 {count} 个条目");
            let _ = writeln!(text, "- {}", words.get(lang));
        }
        text.trim_end().to_owned()
    }

    fn name(&self, entry: &EntrySize, markup: Markup) -> String {
        if markup == Markup::Plain {
            return one_line(&entry.path);
        }
        let name = code(&entry.path);
        let uri = entry.author_file().and_then(|file| (self.link)(&file));
        match uri {
            Some(uri) => format!("[{name}]({})", destination(&uri)),
            None => name,
        }
    }
}

/// A name as a code span of Markdown, whatever it is made of (CommonMark, "Code spans").
pub(super) fn code(name: &str) -> String {
    let name = one_line(name);
    let longest = name
        .split(|char| char != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    if longest == 0 {
        return format!("`{name}`");
    }
    let fence = "`".repeat(longest + 1);
    format!("{fence} {name} {fence}")
}

/// A URI as the destination of a link: clients leave some characters as they are that would end it
/// (CommonMark, "Links").
pub(super) fn destination(uri: &str) -> String {
    uri.replace('(', "%28")
        .replace(')', "%29")
        .replace(' ', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lang: Lang, markup: Markup, entries: &[(&str, &str, u64)], expected: &str) {
        let entries: Vec<_> = entries
            .iter()
            .map(|&(path, source, packed)| EntrySize {
                path: path.to_owned(),
                source: source.into(),
                size: packed,
                packed,
            })
            .collect();
        let weight = Weight {
            size: Size {
                projected: 35_430,
                limit: 1_048_576,
            },
            entries: &entries,
            link: &|path| Some(format!("file:///a(b)/{path}")),
        };
        assert_eq!(weight.described(lang, markup), expected);
    }

    const ENTRIES: [(&str, &str, u64); 4] = [
        ("values.yaml", "values.yaml", 20),
        ("charts/web/观测.md", "charts/web-1.tgz", 3000),
        ("Chart.yaml", "Chart.yaml", 10),
        ("a`b]\n.md", "a`b]\n.md", 30),
    ];

    #[test]
    fn entries_lead_to_the_files_that_can_be_changed() {
        check(
            Lang::En,
            Markup::Markdown,
            &ENTRIES,
            "Package as push would send it: 34.6 KB of 1.0 MB.

- 2.9 KB · `charts/web/观测.md`
- 30 B · [`` a`b] .md ``](file:///a%28b%29/a`b]\n.md)
- 20 B · [`values.yaml`](file:///a%28b%29/values.yaml)
- 10 B · [`Chart.yaml`](file:///a%28b%29/extension.yaml)",
        );
    }

    #[test]
    fn plain_text_has_names_alone() {
        check(
            Lang::Zh,
            Markup::Plain,
            &ENTRIES[..2],
            "推送时扩展组件包的大小：34.6 KB，上限 1.0 MB。

- 2.9 KB · charts/web/观测.md
- 20 B · values.yaml",
        );
    }

    #[test]
    fn the_eleventh_and_all_behind_it_are_summed_up() {
        let entries: Vec<_> = (0..12).map(|_| ("a", "a", 1)).collect();
        let expected = format!(
            "推送时扩展组件包的大小：34.6 KB，上限 1.0 MB。\n\n{}- 2 B · 其余 2 个条目",
            "- 1 B · a\n".repeat(10)
        );
        check(Lang::Zh, Markup::Plain, &entries, &expected);
    }

    #[test]
    fn without_entries_the_size_stands_alone() {
        check(
            Lang::En,
            Markup::Markdown,
            &[],
            "Package as push would send it: 34.6 KB of 1.0 MB.",
        );
    }
}
