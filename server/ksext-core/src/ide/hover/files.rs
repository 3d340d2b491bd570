//! What a place means in the package: the picture, the chart, the value, the files that go.

use crate::bilingual;
use crate::ide::referent::{
    CHARTS, Dependency, Mention, Referent, Role, VALUES, Yaml, at, chart_named, dependencies,
    entry_of,
};
use crate::ide::target::{Part, Target};
use crate::ide::view::View;
use crate::ide::weight::{code, destination};
use crate::lang::{Bilingual, Lang, show_size};
use crate::manifest::{Manifest, Step};
use crate::package::fs::{FileSystem, Kind, lookup};
use crate::package::ignore::{self, IgnoredBy};
use crate::package::load::{Dropped, Why};
use crate::package::local::is_local;
use crate::package::picture::{self, Content, HEADER};
use crate::package::{Contents, PkgPath};
use crate::text::{Span, line_start};
use crate::yaml::Data;

use super::{Hover, Markup};

/// The longest `data:` URI in bytes that is shown as a picture.
const MAX_DATA: usize = 64 * 1024;
/// More files than this are not counted.
const MAX_COUNT: usize = 10_000;
/// This many names of files are shown.
const SHOWN: usize = 5;

/// The files of a package, for a hover.
pub(super) struct Files<'a> {
    pub(super) view: View<'a>,
    pub(super) link: &'a dyn Fn(&PkgPath) -> Option<String>,
    pub(super) lang: Lang,
    pub(super) markup: Markup,
}

impl Files<'_> {
    /// What a key or value of the manifest means in the package.
    pub(super) fn of_target(&self, manifest: &Manifest, target: &Target<'_>) -> Option<String> {
        let value = match target.part {
            Part::Key(entry) => &entry.value,
            Part::Value(value) => value,
        };
        let text = value.to_text().filter(|text| !text.is_empty())?;
        match &target.segments()[..] {
            ["icon"] | ["screenshots", "*"] => self.picture(&text),
            ["staticFileDirectory"] => self.static_directory(&text),
            ["dependencies", "*", "condition"] => Some(self.condition(&text)),
            ["dependencies", "*", "name" | "alias" | "version"] => {
                let index = target.path.iter().find_map(|step| match step {
                    Step::Index(index) => Some(*index),
                    Step::Key(_) => None,
                })?;
                let list = &manifest.entry("dependencies")?.value;
                let name = list.items().get(index)?.get("name")?.value.to_text()?;
                self.chart(&name)
            }
            _ => None,
        }
    }

    /// Explains a place in another file than the manifest.
    pub(super) fn beside_manifest(&self, offset: usize) -> Option<Hover> {
        if *self.view.file == PkgPath::from(ignore::FILE_NAME) {
            return self.ignoring(offset);
        }
        let found = at(&self.view, offset);
        found.iter().find_map(|mention| {
            let text = self.of_mention(mention)?;
            let span = mention.span;
            Some(Hover { span, text })
        })
    }

    fn of_mention(&self, mention: &Mention) -> Option<String> {
        let known = dependencies(self.view.package.manifest());
        match (&mention.referent, mention.role) {
            (Referent::Chart(name) | Referent::ChartVersion(name), Role::Definition) => {
                let asking: Vec<_> = known.iter().filter(|one| one.name == *name).collect();
                Some(self.asked_for_by(&asking))
            }
            (Referent::Value(path), Role::Definition) => {
                let path = path.join(".");
                let switched = switched_by(&known, &path);
                (!switched.is_empty()).then(|| self.words(&switching(&path, &switched)))
            }
            (Referent::Chart(name), _) => self.chart(name),
            (Referent::Alias(alias), _) => {
                let named = known.iter().find(|one| one.alias.as_ref() == Some(alias));
                self.chart(&named?.name)
            }
            (Referent::Path(path), _) => self.picture_at(path),
            _ => None,
        }
    }

    fn words(&self, words: &Bilingual) -> String {
        words.get(self.lang).to_owned()
    }

    /// The dependencies that ask for a chart.
    fn asked_for_by(&self, asking: &[&Dependency]) -> String {
        if asking.is_empty() {
            return self.words(&Bilingual::fixed(
                "No dependency in extension.yaml asks for this chart.",
                "extension.yaml 中没有依赖使用此 chart。",
            ));
        }
        let lines = asking.iter().map(|one| {
            let key = code(one.key());
            let mut line = self.words(&bilingual!(
                "Dependency {key} of extension.yaml",
                "extension.yaml 中的依赖 {key}"
            ));
            for (label, value) in [("version", &one.version), ("condition", &one.condition)] {
                if let Some(value) = value {
                    line.push_str(&format!(" · {label} {}", code(value)));
                }
            }
            line
        });
        lines.collect::<Vec<_>>().join("  \n")
    }

    /// The picture that a value of `icon` or `screenshots` means.
    fn picture(&self, value: &str) -> Option<String> {
        if is_local(value) {
            return self.picture_at(&PkgPath::resolve_local(value).ok()?);
        }
        let is_shown = self.markup == Markup::Markdown && value.len() <= MAX_DATA;
        is_shown.then(|| format!("![]({})", destination(value)))
    }

    /// A picture with its format, its size and its weight; `None` if there is none.
    fn picture_at(&self, path: &PkgPath) -> Option<String> {
        let files = self.view.package.files();
        let found = lookup(files, path).ok()?;
        let Kind::File { len } = found.kind else {
            return None;
        };
        let start = files.start(&found.path, HEADER).ok()?;
        let picture = picture::recognize(&start);
        let mut facts = Vec::new();
        let is_picture = if let Content::Image(format) = picture.content {
            facts.push(format.as_str().to_owned());
            true
        } else {
            false
        };
        facts.extend(
            picture
                .size
                .map(|(width, height)| format!("{width} × {height}")),
        );
        facts.push(show_size(len));
        let facts = facts.join(" · ");
        let uri = (self.link)(path).filter(|_| is_picture && self.markup == Markup::Markdown);
        Some(match uri {
            Some(uri) => format!("![]({})\n\n{facts}", destination(&uri)),
            None => facts,
        })
    }

    /// What push takes out of the package with the static directory.
    fn static_directory(&self, value: &str) -> Option<String> {
        let folder = PkgPath::resolve_local(value).ok()?;
        let dropped = &self.view.contents?.dropped;
        let gone = dropped
            .iter()
            .filter(|one| one.why == Why::StaticDirectory && one.path.below(&folder).is_some());
        let gone: Vec<_> = gone.collect();
        if gone.is_empty() {
            return None;
        }
        let (count, size) = self.weight_of(&gone);
        Some(self.words(&bilingual!(
            "push takes this folder out of the package: {count}, {size}.",
            "推送时会从扩展组件包中移除此文件夹：{count}，{size}。",
            count = files(count).get(self.lang),
        )))
    }

    /// How many files some entries are, and their size in words.
    fn weight_of(&self, dropped: &[&Dropped]) -> (usize, String) {
        let mut left = MAX_COUNT;
        for one in dropped {
            count_down(self.view.package.files(), &one.path, &mut left);
        }
        let size = dropped.iter().map(|one| one.size).sum();
        (MAX_COUNT - left, show_size(size))
    }

    /// The chart of a dependency: where it lies, its version, what it is and weighs.
    fn chart(&self, name: &str) -> Option<String> {
        let folder = chart_named(&self.view.package, name);
        let packed = self.view.contents.and_then(|contents| {
            let charts = contents.chart.as_ref()?.subcharts.iter();
            charts.into_iter().find(|chart| chart.name() == name)
        });
        let text = |key: &str| match &folder {
            Some(chart) => chart.text(key).map(ToOwned::to_owned),
            None => packed?.metadata[key].as_str().map(ToOwned::to_owned),
        };
        let (place, file) = match (&folder, packed) {
            (Some(chart), _) => (chart.folder.clone(), chart.yaml.file.clone()),
            (None, Some(chart)) => (chart.source.clone(), chart.source.clone()),
            (None, None) => return None,
        };
        let shown = code(&place.to_string());
        let uri = (self.link)(&file).filter(|_| self.markup == Markup::Markdown);
        let mut facts = vec![match uri {
            Some(uri) => format!("[{shown}]({})", destination(&uri)),
            None => shown,
        }];
        facts.extend(text("version"));
        facts.extend(
            text("appVersion").map(|version| {
                self.words(&bilingual!("app version {version}", "应用版本 {version}"))
            }),
        );
        facts.extend(self.packed_size(name));
        let mut described = facts.join(" · ");
        if let Some(description) = text("description") {
            described.push_str("  \n");
            described.push_str(&description);
        }
        Some(described)
    }

    /// What a chart adds to the archive, if that is known.
    fn packed_size(&self, name: &str) -> Option<String> {
        let entries = &self.view.contents?.projection.as_ref()?.entries;
        let prefix = format!("{CHARTS}/{name}/");
        let of_chart = entries
            .iter()
            .filter(|entry| entry.path.starts_with(&prefix));
        let packed: u64 = of_chart.map(|entry| entry.packed).sum();
        (packed > 0).then(|| {
            let size = show_size(packed);
            self.words(&bilingual!("{size} packed", "打包后 {size}"))
        })
    }

    /// What values.yaml says to each path of a condition, and what that switches.
    fn condition(&self, condition: &str) -> String {
        let known = dependencies(self.view.package.manifest());
        let paths = condition.trim().split(',').filter(|path| !path.is_empty());
        let lines = paths.map(|path| {
            let switched = switching(path, &switched_by(&known, path));
            format!("{}  \n{}", self.value(&known, path), self.words(&switched))
        });
        lines.collect::<Vec<_>>().join("\n\n")
    }

    /// What values.yaml says to a path, or else the chart's own.
    fn value(&self, known: &[Dependency], path: &str) -> String {
        let package = &self.view.package;
        let keys: Vec<_> = path.split('.').map(ToOwned::to_owned).collect();
        let own = Yaml::of(package, PkgPath::from(VALUES));
        let says = |yaml: &Yaml, keys: &[String]| {
            let entry = entry_of(&yaml.tree, keys)?.entry;
            let said = match &entry.value.data {
                Data::Null | Data::Map(_) | Data::List(_) => None,
                _ => entry.value.to_text(),
            };
            Some((said?, yaml.file.to_string()))
        };
        let of_chart = || {
            let (key, below) = keys.split_first()?;
            let name = known
                .iter()
                .find(|one| one.key() == key)
                .map(|one| &one.name);
            let chart = chart_named(package, name.unwrap_or(key))?;
            let yaml = Yaml::of(package, chart.folder.child(VALUES.as_bytes()))?;
            says(&yaml, below)
        };
        let found = own
            .as_ref()
            .and_then(|yaml| says(yaml, &keys))
            .or_else(of_chart);
        let path = code(path);
        self.words(&match found {
            Some((value, file)) => {
                let value = code(&value);
                bilingual!(
                    "{path} is {value} in {file}.",
                    "{file} 中 {path} 的值为 {value}。"
                )
            }
            None => bilingual!(
                "No values.yaml answers {path}.",
                "没有 values.yaml 给出 {path} 的值。"
            ),
        })
    }

    /// What a line of `.helmignore` leaves out.
    fn ignoring(&self, offset: usize) -> Option<Hover> {
        let contents = self.view.contents?;
        let text = self.view.text;
        // What is known was measured with this very text.
        contents
            .text(self.view.file)
            .filter(|measured| measured.text() == text)?;
        let start = line_start(text, offset);
        let rest = text.get(start..)?;
        let end = start + rest.find(['\n', '\r']).unwrap_or(rest.len());
        let line = Span::new(start, end);
        let pattern = line.of(text).trim();
        if pattern.is_empty() || pattern.starts_with('#') {
            return None;
        }
        let by_line = left_out(contents, line);
        let text = if by_line.is_empty() {
            self.words(&Bilingual::fixed(
                "This line leaves nothing out.",
                "这一行没有排除任何文件。",
            ))
        } else {
            let (count, size) = self.weight_of(&by_line);
            let words = bilingual!(
                "This line leaves out {count}, {size}:",
                "这一行排除了 {count}，{size}：",
                count = files(count).get(self.lang),
            );
            let names = by_line.iter().take(SHOWN);
            let names = names.map(|one| format!("- {}", code(&one.path.to_string())));
            let more = (by_line.len() > SHOWN).then(|| "- …".to_owned());
            let list: Vec<_> = names.chain(more).collect();
            format!("{}\n\n{}", self.words(&words), list.join("\n"))
        };
        Some(Hover { span: line, text })
    }
}

/// What a line of `.helmignore` throws away.
fn left_out(contents: &Contents, line: Span) -> Vec<&Dropped> {
    let is_of_line = |dropped: &&Dropped| match dropped.why {
        Why::Ignored(IgnoredBy::Line { span, .. }) => {
            line.start <= span.start && span.end <= line.end
        }
        _ => false,
    };
    contents.dropped.iter().filter(is_of_line).collect()
}

/// Counts down by the files at `path` and below.
fn count_down(files: &dyn FileSystem, path: &PkgPath, left: &mut usize) {
    if *left == 0 {
        return;
    }
    if let Ok(Kind::Directory) = files.kind(path) {
        for name in files.list(path).unwrap_or_default() {
            count_down(files, &path.child(&name), left);
        }
    } else {
        *left -= 1;
    }
}

fn files(count: usize) -> Bilingual {
    match count {
        1 => Bilingual::fixed("1 file", "1 个文件"),
        MAX_COUNT => bilingual!("{count} files or more", "{count} 个或更多文件"),
        _ => bilingual!("{count} files", "{count} 个文件"),
    }
}

/// The dependencies that a path switches.
fn switched_by<'d>(known: &'d [Dependency], path: &str) -> Vec<&'d str> {
    let keys: Vec<_> = path.split('.').map(ToOwned::to_owned).collect();
    let switched = known
        .iter()
        .filter(|one| one.switches().any(|switch| switch == keys));
    switched.map(Dependency::key).collect()
}

fn switching(path: &str, dependencies: &[&str]) -> Bilingual {
    let names: Vec<_> = dependencies.iter().map(|name| code(name)).collect();
    let path = code(path);
    Bilingual {
        en: format!("{path} switches {} on or off.", names.join(", ")).into(),
        zh: format!("{path} 控制 {} 是否启用。", names.join("、")).into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::ide::sample::{Opened, Sample};
    use crate::ide::{Markup, View, hover};
    use crate::lang::Lang;
    use crate::package::PkgPath;

    fn link(path: &PkgPath) -> Option<String> {
        Some(format!("file:///demo/{path}"))
    }

    /// The hover at `|` in a file, of which everything is known.
    fn show(
        sample: &Sample,
        opened: &Opened,
        offset: usize,
        lang: Lang,
        markup: Markup,
    ) -> Option<String> {
        let contents = opened
            .package()
            .measured_contents(&|| false)
            .expect("contents");
        let view = View {
            contents: Some(&contents),
            ..opened.view()
        };
        let found = hover(&view, offset, None, None, &link, lang, markup)?;
        assert!(found.span.touches(offset), "{sample:?}");
        Some(found.text)
    }

    #[track_caller]
    fn check(file: &str, marked: &str, expected: &[&str]) {
        let sample = Sample::new();
        let opened = sample.open(file);
        let offset = sample.offset(file, marked);
        let text = show(&sample, &opened, offset, Lang::En, Markup::Markdown).unwrap_or_default();
        assert_eq!(text.is_empty(), expected.is_empty(), "{marked}: {text}");
        for part in expected {
            assert!(text.contains(part), "no {part:?} in {text:?}");
        }
        let zh = show(&sample, &opened, offset, Lang::Zh, Markup::Plain).unwrap_or_default();
        assert_eq!(zh.is_empty(), expected.is_empty());
        assert!(!zh.contains("](file:"), "{zh}");
    }

    #[test]
    fn a_picture_is_shown_with_format_size_and_weight() {
        let icon = &[
            "![](file:///demo/static/图%20标.svg)",
            "SVG · 24 × 24 · 29 B",
        ];
        check("extension.yaml", "'./static/图| 标", icon);
        check("extension.yaml", "ic|on: './", icon);
        check("README.md", "static/%E5|%9B", icon);
    }

    #[test]
    fn a_dependency_shows_its_chart() {
        let chart = &[
            "[`charts/frontend`](file:///demo/charts/frontend/Chart.yaml) · 0.1.0 · app version 2.0 · ",
            " packed  \n前端",
        ];
        check("extension.yaml", "\"front|end\"", chart);
        check("values.yaml", "front|end:", chart);
        check(
            "extension.yaml",
            "{name: back|end",
            &["[`charts/server`]", " · 0.2.0"],
        );
        check("values.yaml", "'a|pi'", &["[`charts/server`]"]);
        check(
            "charts/frontend/Chart.yaml",
            "'front|end'",
            &[
                "Dependency `frontend` of extension.yaml · version `0.1.0` · condition `frontend.enabled,global.active`",
            ],
        );
    }

    #[test]
    fn a_condition_shows_its_value_and_what_it_switches() {
        check(
            "extension.yaml",
            "condition: front|end.enabled",
            &[
                "`frontend.enabled` is `true` in values.yaml.  \n`frontend.enabled` switches `frontend` on or off.",
                "`global.active` is `false` in values.yaml.",
            ],
        );
        let switches = &["`api.enabled` switches `api` on or off."];
        check("values.yaml", "en|abled: yes", switches);
        check("charts/server/values.yaml", "en|abled", switches);
        check("values.yaml", "repli|cas", &[]);
    }

    #[test]
    fn what_goes_is_counted() {
        check(
            "extension.yaml",
            "./sta|tic\r",
            &["out of the package: 2 files, 35 B."],
        );
        check(
            ".helmignore",
            "*.s|vg",
            &[
                "This line leaves out 1 file, 6 B:",
                "- `charts/frontend/logo.svg`",
            ],
        );
        check(
            ".helmignore",
            "noth|ing",
            &["This line leaves nothing out."],
        );
        check(".helmignore", "# 注|释", &[]);
    }
}
