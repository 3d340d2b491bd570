//! Every link of every Markdown page of the repository leads to something.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};

/// Where the repository is published: pages that are shown elsewhere too name its files so.
const PUBLISHED: &[&str] = &[
    concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/"),
    concat!(env!("CARGO_PKG_REPOSITORY"), "/tree/main/"),
    "https://raw.githubusercontent.com/ksext/ksext/main/",
];

/// Folders whose files are no pages: what is built, and packages that tests check.
const NO_PAGES: &[&str] = &["target", "node_modules", ".git", "tests/fixtures"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What else the pages lead to: a list of the site's.
fn hosts() -> Vec<String> {
    let list = std::fs::read_to_string(root().join("server/docs/site/pages.json")).expect("a list");
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    serde_json::from_value(list["hosts"].clone()).expect("hosts")
}

/// A page: its anchors, and its links with the lines that they stand on, 1-based.
#[derive(Debug, Default)]
struct Page {
    anchors: BTreeSet<String>,
    links: Vec<(usize, String)>,
}

impl Page {
    fn read(text: &str) -> Self {
        let mut page = Self::default();
        let mut undefined = Vec::new();
        let callback = |link: BrokenLink<'_>| {
            if link.link_type == LinkType::Reference {
                undefined.push((link.span.start, format!("[{}]", link.reference)));
            }
            None
        };
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
        let parser = Parser::new_with_broken_link_callback(text, options, Some(callback));
        let mut links = Vec::new();
        let mut headings = Vec::new();
        let mut heading: Option<String> = None;
        for (event, range) in parser.into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => headings.extend(heading.take()),
                Event::Text(it) | Event::Code(it) if heading.is_some() => {
                    heading.get_or_insert_default().push_str(&it);
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    links.push((range.start, dest_url.into_string()));
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    links.extend(links_of_html(&html).map(|link| (range.start, link)));
                }
                _ => {}
            }
        }
        links.append(&mut undefined);
        for heading in headings {
            page.add_heading(&heading);
        }
        let line = |offset: usize| text[..offset].matches('\n').count() + 1;
        page.links = links.into_iter().map(|(at, to)| (line(at), to)).collect();
        page
    }

    /// As GitHub names them: the second of a name gets `-1`.
    fn add_heading(&mut self, heading: &str) {
        let name = anchor(heading);
        let names = (0..).map(|count| match count {
            0 => name.clone(),
            count => format!("{name}-{count}"),
        });
        let free = names.into_iter().find(|it| !self.anchors.contains(it));
        self.anchors.extend(free);
    }
}

/// A heading's anchor on GitHub.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter_map(|it| match it {
        ' ' => Some('-'),
        '-' | '_' => Some(it),
        it => it.is_alphanumeric().then_some(it),
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// What tags of HTML lead to.
fn links_of_html(html: &str) -> impl Iterator<Item = String> {
    let attributes = ["href=\"", "src=\""].into_iter();
    attributes.flat_map(move |attribute| {
        let values = html.split(attribute).skip(1);
        values.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
    })
}

/// All pages, by their paths below the root, with `/`.
fn pages() -> BTreeMap<String, Page> {
    let mut pages = BTreeMap::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(root().join(&folder)).expect("a folder");
        for entry in entries.map(|it| it.expect("an entry")) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{folder}{name}");
            if entry.file_type().expect("a type").is_dir() {
                let is_page_folder = ![&*name, &*path].iter().any(|it| NO_PAGES.contains(it));
                folders.extend(is_page_folder.then(|| format!("{path}/")));
            } else if path.ends_with(".md") {
                let text = std::fs::read_to_string(entry.path()).expect(&path);
                // What pages of packages call it, until they are packed.
                let text = text.replace("@REPOSITORY@", env!("CARGO_PKG_REPOSITORY"));
                pages.insert(path, Page::read(&text));
            }
        }
    }
    pages
}

/// A path of a page's link, from the root on.
fn resolve(page: &str, link: &str) -> Option<String> {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Why a link leads nowhere.
fn fault(pages: &BTreeMap<String, Page>, page: &str, link: &str) -> Option<String> {
    let published = PUBLISHED.iter().find_map(|start| link.strip_prefix(start));
    if published.is_none() && link.contains(':') {
        let host = link
            .strip_prefix("https://")
            .and_then(|it| it.split('/').next());
        let is_known = host.is_some_and(|host| hosts().iter().any(|it| it == host));
        return (!is_known).then(|| "is not https, or of a host that is not known".to_owned());
    }
    let (path, anchor) = match published.unwrap_or(link).split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (published.unwrap_or(link), None),
    };
    let path = match (published, path) {
        (Some(path), _) => Some(path.split('#').next().unwrap_or(path).to_owned()),
        (None, "") => Some(page.to_owned()),
        (None, path) => resolve(page, path),
    };
    let Some(path) = path else {
        return Some("leaves the repository".to_owned());
    };
    if !root().join(&path).exists() {
        return Some(format!("there is no {path}"));
    }
    let anchor = anchor?;
    let has_anchor = pages
        .get(&path)
        .is_some_and(|it| it.anchors.contains(anchor));
    (!has_anchor).then(|| format!("{path} has no heading #{anchor}"))
}

#[test]
fn every_link_of_every_page_leads_to_something() {
    let pages = pages();
    let mut count = 0;
    let mut faults = Vec::new();
    for (path, page) in &pages {
        for (line, link) in &page.links {
            count += 1;
            if let Some(fault) = fault(&pages, path, link) {
                faults.push(format!("{path}:{line}: {link}: {fault}"));
            }
        }
    }
    assert!(count > 100 && pages.len() > 20, "{count} links");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn links_that_lead_nowhere_are_found() {
    let text = "# Demo\n\n## 发送什么，保存什么\n\n## `a.b` & c\n\n## Demo\n\n\
                ![a picture](b.png) [a name that nothing has][x]\n";
    let page = Page::read(text);
    let links = [(9, "b.png".to_owned()), (9, "[x]".to_owned())];
    assert_eq!(page.links, links);
    let pages = BTreeMap::from([("README.md".to_owned(), page)]);
    for (link, expected) in [
        ("#发送什么保存什么", None),
        ("#ab--c", None),
        ("README.md#demo-1", None),
        ("#demo-2", Some("README.md has no heading #demo-2")),
        ("./server/docs/../docs/images/", None),
        ("server/gone.png", Some("there is no server/gone.png")),
        ("[x]", Some("there is no [x]")),
        ("../README.md", Some("leaves the repository")),
        (
            "https://github.com/ksext/ksext/blob/main/README.md#demo",
            None,
        ),
        (
            "https://github.com/ksext/ksext/blob/main/gone.md",
            Some("there is no gone.md"),
        ),
        ("https://kubesphere.io/docs", None),
        (
            "http://kubesphere.io",
            Some("is not https, or of a host that is not known"),
        ),
        (
            "https://example.com/",
            Some("is not https, or of a host that is not known"),
        ),
    ] {
        assert_eq!(
            fault(&pages, "README.md", link).as_deref(),
            expected,
            "{link}"
        );
    }
}
