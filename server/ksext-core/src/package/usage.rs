//! What the charts of a package use, as far as it can be told without rendering them: images, and
//! KubeSphere's global values.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use memchr::{memchr_iter, memmem};
use serde_json::{Map, Value as Json};

use super::chart::{Chart, ChartFile};
use super::fs::FileSystem;
use super::image_name::ImageName;
use super::path::PkgPath;

/// The most bytes of templates that are looked into. Real packages have less than one MiB.
const MAX_SCANNED: u64 = 16 * 1024 * 1024;

/// How far a line is looked at to either side of what is found in it, in bytes.
const MAX_LINE: usize = 4096;

/// What the charts use.
#[derive(Debug, Default)]
pub struct Usage {
    /// The images that they name for certain, in values that are in force and in templates, each
    /// with the file that it comes from. A tag may be missing, for a chart may add one.
    pub images: BTreeMap<String, PkgPath>,
    /// What each of them does with global values; the package's own chart first.
    pub charts: Vec<ChartUsage>,
    /// Whether everything was looked at.
    pub is_complete: bool,
    /// Every word that may be part of an image's name.
    words: HashSet<Box<str>>,
}

/// What the templates of a chart do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartUsage {
    /// The names of the charts around it and its own, the package's left out: `["web", "redis"]`.
    pub path: Vec<String>,
    /// Has workloads with images, and neither its templates nor those in it or anywhere that it may
    /// take helpers from speak of `global.imageRegistry`.
    pub ignores_registry: bool,
    /// Likewise for workloads that `ksbuilder lint` looks at and `global.nodeSelector`.
    pub ignores_selector: bool,
}

/// What stands in a chart's own templates.
#[derive(Default)]
struct Facts {
    path: Vec<String>,
    /// Workloads whose containers have images.
    workload: bool,
    /// Workloads that `ksbuilder lint` wants a node selector in: no DaemonSet.
    selectable: bool,
    registry: bool,
    selector: bool,
    /// Takes helpers from elsewhere.
    includes: bool,
}

impl Usage {
    /// Looks through `package`, whose files are in `files`.
    pub(super) fn of(package: &Chart, files: &dyn FileSystem) -> Self {
        let mut scan = Scan {
            files,
            left: MAX_SCANNED,
            usage: Self {
                is_complete: true,
                ..Self::default()
            },
            facts: Vec::new(),
        };
        scan.chart(package, &[]);
        let mut usage = scan.usage;
        images_in(&coalesced(package), "", &package.source, &mut usage.images);
        usage.charts = judge(&scan.facts);
        usage
    }

    /// Whether `word` occurs where images are named: the last part of an image's path, or a tag.
    pub fn mentions(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

/// Templates are shared by all charts, so one that uses helpers is judged with all others.
fn judge(facts: &[Facts]) -> Vec<ChartUsage> {
    let judged = facts.iter().map(|chart| {
        let heeds = |heeds: fn(&Facts) -> bool| {
            let mut around = facts.iter();
            around.any(|other| {
                heeds(other) && (chart.includes || other.path.starts_with(&chart.path))
            })
        };
        ChartUsage {
            path: chart.path.clone(),
            ignores_registry: chart.workload && !heeds(|facts| facts.registry),
            ignores_selector: chart.selectable && !heeds(|facts| facts.selector),
        }
    });
    judged.collect()
}

struct Scan<'f> {
    files: &'f dyn FileSystem,
    left: u64,
    usage: Usage,
    facts: Vec<Facts>,
}

impl Scan<'_> {
    fn chart(&mut self, chart: &Chart, path: &[String]) {
        let mut facts = Facts {
            path: path.to_vec(),
            ..Facts::default()
        };
        for version in [chart.version(), chart.text("appVersion")] {
            self.word(version);
            self.word(&format!("v{version}"));
        }
        self.value(&chart.defaults, &mut facts);
        for file in &chart.templates {
            self.file(file, true, &mut facts);
        }
        for file in chart
            .files
            .iter()
            .filter(|file| may_be_rendered(file, path))
        {
            self.file(file, false, &mut facts);
        }
        self.facts.push(facts);
        for subchart in &chart.subcharts {
            let name = subchart.name().to_owned();
            self.chart(subchart, &[path, &[name]].concat());
        }
    }

    fn word(&mut self, word: &str) {
        if !word.is_empty() && !self.usage.words.contains(word) {
            self.usage.words.insert(word.into());
        }
    }

    fn words(&mut self, text: &str) {
        let is_part = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '_' | '-');
        for word in text.split(|char| !is_part(char)) {
            self.word(word);
        }
    }

    fn value(&mut self, value: &Json, facts: &mut Facts) {
        match value {
            Json::String(text) => {
                // Some charts render values as templates.
                facts.registry |= text.contains("imageRegistry");
                facts.selector |= text.contains("nodeSelector");
                self.words(text);
            }
            Json::Number(number) => self.word(&number.to_string()),
            Json::Array(items) => items.iter().for_each(|item| self.value(item, facts)),
            Json::Object(entries) => entries.values().for_each(|value| self.value(value, facts)),
            Json::Null | Json::Bool(_) => {}
        }
    }

    fn file(&mut self, file: &ChartFile, is_template: bool, facts: &mut Facts) {
        let len = file.content.len();
        if len > self.left {
            self.usage.is_complete = false;
            return;
        }
        self.left -= len;
        let Ok(bytes) = file.content.read(self.files) else {
            self.usage.is_complete = false;
            return;
        };
        self.paths(&bytes);
        for needle in [&b"mage"[..], b"MAGE"] {
            let mut done = 0;
            for at in memmem::find_iter(&bytes, needle) {
                if at < done {
                    continue;
                }
                let line = line_around(&bytes, at);
                done = line.end;
                let line = String::from_utf8_lossy(&bytes[line]);
                self.words(&line);
                let is_test = file.name.as_bytes().starts_with(b"templates/tests/");
                if is_template && !is_test {
                    self.literal(&line, &file.source);
                }
            }
        }
        if is_template {
            look_for_globals(&bytes, facts);
        }
    }

    /// Takes in the words of all paths: runs with a `/` in them.
    fn paths(&mut self, bytes: &[u8]) {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/".contains(byte);
        let mut done = 0;
        for at in memchr_iter(b'/', bytes) {
            if at < done {
                continue;
            }
            let start = bytes[done..at].iter().rposition(|byte| !is_part(byte));
            let start = start.map_or(done, |before| done + before + 1);
            let end = bytes[at..].iter().position(|byte| !is_part(byte));
            done = end.map_or(bytes.len(), |behind| at + behind);
            if let Ok(path) = str::from_utf8(&bytes[start..done]) {
                self.words(path);
            }
        }
    }

    /// Takes in the image of a line such as `- image: "nginx:1.27"`.
    fn literal(&mut self, line: &str, source: &PkgPath) {
        let line = line.trim().trim_start_matches("- ").trim_start();
        let Some(value) = line.strip_prefix("image:") else {
            return;
        };
        let value = value.split(" #").next().unwrap_or_default().trim();
        let quoted = ['"', '\'']
            .iter()
            .find_map(|&quote| value.strip_prefix(quote)?.strip_suffix(quote));
        add(&mut self.usage.images, quoted.unwrap_or(value), source);
    }
}

/// Whether a template may show a file: no CRD, and no file of the package's own folder, such as its
/// manifest.
fn may_be_rendered(file: &ChartFile, chart: &[String]) -> bool {
    let name = file.name.as_bytes();
    let ends = [&b".yaml"[..], b".yml", b".tpl", b".json", b".conf", b".sh"];
    ends.iter().any(|end| name.ends_with(end))
        && !name.starts_with(b"crds/")
        && (!chart.is_empty() || name.contains(&b'/'))
}

/// The line around an offset; only a part of it if it is longer than any that people write.
fn line_around(bytes: &[u8], at: usize) -> Range<usize> {
    let from = at.saturating_sub(MAX_LINE);
    let to = bytes.len().min(at + MAX_LINE);
    let start = bytes[from..at].iter().rposition(|&byte| byte == b'\n');
    let end = bytes[at..to].iter().position(|&byte| byte == b'\n');
    start.map_or(from, |start| from + start + 1)..end.map_or(to, |end| at + end)
}

fn look_for_globals(bytes: &[u8], facts: &mut Facts) {
    let has = |needle: &[u8]| memmem::find(bytes, needle).is_some();
    let line_has = |line: &[u8], needle: &[u8]| memmem::find(line, needle).is_some();
    facts.registry |= has(b"imageRegistry");
    facts.selector |= memmem::find_iter(bytes, b"nodeSelector")
        .any(|at| line_has(&bytes[line_around(bytes, at)], b"global"));
    facts.includes |= has(b"include ") || has(b"template ");
    // Whoever takes all globals at once may do anything with them.
    let takes_all = memmem::find_iter(bytes, b"Values.global").any(|at| {
        let next = bytes.get(at + b"Values.global".len());
        next.is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'.')
    });
    facts.registry |= takes_all;
    facts.selector |= takes_all;
    let has_image = has(b"image:");
    for at in memmem::find_iter(bytes, b"kind:") {
        let line = String::from_utf8_lossy(&bytes[line_around(bytes, at)]);
        let Some(kind) = line.strip_prefix("kind:") else {
            continue;
        };
        match kind.trim().trim_matches(['"', '\'']) {
            "Deployment" | "StatefulSet" | "ReplicaSet" | "Job" | "Pod" | "CronJob" => {
                facts.workload |= has_image;
                facts.selectable |= has_image;
            }
            "DaemonSet" => facts.workload |= has_image,
            _ => {}
        }
    }
}

/// The values of a chart with the defaults of those in it, what is switched off left out.
fn coalesced(chart: &Chart) -> Json {
    let mut values = match &chart.defaults {
        Json::Object(entries) => entries.clone(),
        _ => Map::new(),
    };
    for subchart in &chart.subcharts {
        for (key, condition) in keys_of(subchart, chart) {
            let inner = coalesced(subchart);
            match values.get_mut(key) {
                Some(outer) => lay_under(outer, inner),
                None => {
                    values.insert(key.to_owned(), inner);
                }
            }
            let mut paths = condition.split(',');
            if paths.find_map(|path| switch(&values, path)) == Some(false) {
                values.remove(key);
            }
        }
    }
    Json::Object(values)
}

/// The names that a chart goes by in the one around it, each with its condition.
fn keys_of<'c>(subchart: &'c Chart, around: &'c Chart) -> Vec<(&'c str, &'c str)> {
    let listed = around.metadata.get("dependencies").and_then(Json::as_array);
    let text =
        |dependency: &'c Json, key: &str| dependency.get(key).and_then(Json::as_str).unwrap_or("");
    let keys: Vec<_> = listed
        .into_iter()
        .flatten()
        .filter(|dependency| text(dependency, "name") == subchart.name())
        .map(|dependency| {
            let alias = text(dependency, "alias");
            let key = if alias.is_empty() {
                subchart.name()
            } else {
                alias
            };
            (key, text(dependency, "condition"))
        })
        .collect();
    if keys.is_empty() {
        vec![(subchart.name(), "")]
    } else {
        keys
    }
}

fn switch(values: &Map<String, Json>, path: &str) -> Option<bool> {
    let mut keys = path.split('.');
    let mut value = values.get(keys.next()?)?;
    for key in keys {
        value = value.get(key)?;
    }
    value.as_bool()
}

/// Adds what `outer` does not say.
fn lay_under(outer: &mut Json, inner: Json) {
    let (Json::Object(outer), Json::Object(inner)) = (outer, inner) else {
        return;
    };
    for (key, value) in inner {
        match outer.get_mut(&key) {
            Some(known) => lay_under(known, value),
            None => {
                outer.insert(key, value);
            }
        }
    }
}

/// Collects the images that `value`, which stands at `key`, names: `image: a/b:c`, and maps with
/// `registry`, `repository` and `tag`. What says `enabled: false` is passed over.
fn images_in(value: &Json, key: &str, source: &PkgPath, images: &mut BTreeMap<String, PkgPath>) {
    let entries = match value {
        Json::Object(entries) => entries,
        Json::Array(items) => {
            return items
                .iter()
                .for_each(|item| images_in(item, key, source, images));
        }
        _ => return,
    };
    if entries.get("enabled") == Some(&Json::Bool(false)) {
        return;
    }
    let text = |key: &str| {
        entries
            .get(key)
            .and_then(Json::as_str)
            .filter(|text| !text.is_empty())
    };
    let is_image = |key: &str| key == "image" || key.ends_with("Image");
    if let Some(repository) = text("repository")
        && (is_image(key) || entries.contains_key("tag"))
    {
        add(
            images,
            &with_tag(&joined(text("registry"), repository), text("tag")),
            source,
        );
    }
    for (key, value) in entries {
        match value {
            Json::String(name) if is_image(key) && name.contains('/') => {
                add(
                    images,
                    &with_tag(name, text("tag").or(text("imageTag"))),
                    source,
                );
            }
            value => images_in(value, key, source, images),
        }
    }
}

fn joined(registry: Option<&str>, repository: &str) -> String {
    match registry {
        Some(registry) => format!("{registry}/{repository}"),
        None => repository.to_owned(),
    }
}

fn with_tag(name: &str, tag: Option<&str>) -> String {
    let has_tag = ImageName::parse(name).is_some_and(|name| name.tag.is_some());
    match tag {
        Some(tag) if !has_tag => format!("{name}:{tag}"),
        _ => name.to_owned(),
    }
}

/// Adds an image if its name is one.
fn add(images: &mut BTreeMap<String, PkgPath>, name: &str, source: &PkgPath) {
    if ImageName::parse(name).is_some() {
        let known = images.entry(name.to_owned());
        known.or_insert_with(|| source.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::super::load::load;
    use super::super::memory::MemoryFs;
    use super::*;

    fn usage(files: &[(&str, &str)]) -> Usage {
        let chart = "apiVersion: v2\nname: demo\nversion: 1.0.0\n";
        let mut tree = MemoryFs::from([("Chart.yaml", chart)]);
        for (path, text) in files {
            tree = tree.with_file(*path, text.as_bytes());
        }
        let loaded = load(&tree);
        assert_eq!(loaded.problems, []);
        Usage::of(&loaded.chart.expect("a chart"), &tree)
    }

    fn names(usage: &Usage) -> Vec<&str> {
        usage.images.keys().map(String::as_str).collect()
    }

    const WEB: (&str, &str) = (
        "charts/web/Chart.yaml",
        "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: 2.3.4\n",
    );

    #[test]
    fn images_are_found_in_values() {
        for (values, expected) in [
            ("image: a/b:1\n", &["a/b:1"][..]),
            (
                "image: {registry: quay.io, repository: a/b, tag: v1}\n",
                &["quay.io/a/b:v1"],
            ),
            ("image: {repository: a/b, tag: ''}\n", &["a/b"]),
            ("kubectlImage: {repository: a/b}\n", &["a/b"]),
            (
                "init: {repository: a/b, tag: v1}\nimage: '{{ .Values.x }}/y'\n",
                &["a/b:v1"],
            ),
            ("image: a/b\ntag: v2\n", &["a/b:v2"]),
            ("jobs: [{image: 观测/b}, {image: c/d:1}]\n", &["c/d:1"]),
            ("x: {enabled: false, image: a/b:1}\n", &[]),
            ("source: {repository: https://example.com/a, tag: 1}\n", &[]),
            ("git: {repository: a/b}\n", &[]),
        ] {
            assert_eq!(
                names(&usage(&[("values.yaml", values)])),
                expected,
                "{values}"
            );
        }
    }

    #[test]
    fn values_of_the_package_override_those_of_its_charts() {
        let files = [
            WEB,
            (
                "charts/web/values.yaml",
                "image: {repository: up/stream, tag: v1}\nother: {image: c/d:1}\n",
            ),
            ("values.yaml", "web:\n  image: {repository: mine/it}\n"),
        ];
        assert_eq!(names(&usage(&files)), ["c/d:1", "mine/it:v1"]);
    }

    #[test]
    fn images_are_found_in_templates() {
        let usage = usage(&[
            WEB,
            (
                "charts/web/templates/a.yaml",
                "- image: \"nginx:1.27\" # 注释\r\nimage: {{ .Values.x }}/foo\n# image: old/one:1\nargs: [--reload=quay.io/x/reloader:v3]\n",
            ),
            ("charts/web/templates/tests/t.yaml", "image: busybox\n"),
        ]);
        assert_eq!(names(&usage), ["nginx:1.27"]);
        for word in [
            "foo", "one", "reloader", "busybox", "2.3.4", "v2.3.4", "1.27",
        ] {
            assert!(usage.mentions(word), "{word}");
        }
        assert!(!usage.mentions("bar"));
    }

    /// The charts that ignore registry and selector.
    fn ignoring(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let usage = usage(files);
        let of = |is: fn(&ChartUsage) -> bool| {
            let charts = usage.charts.iter().filter(|chart| is(chart));
            charts.map(|chart| chart.path.join("/")).collect()
        };
        (
            of(|chart| chart.ignores_registry),
            of(|chart| chart.ignores_selector),
        )
    }

    #[test]
    fn charts_that_ignore_global_values_are_told() {
        let web = || vec!["web".to_owned()];
        let job = "kind: Job\nimage: {{ .Values.image }}\n";
        let template = "charts/web/templates/a.yaml";
        let none = Vec::new;
        for (files, registry, selector) in [
            (vec![WEB, (template, job)], web(), web()),
            (
                vec![WEB, (template, "kind: DaemonSet\nimage: x\n")],
                web(),
                none(),
            ),
            (
                vec![WEB, (template, "kind: Service\nimage: x\n")],
                none(),
                none(),
            ),
            (
                vec![
                    WEB,
                    (
                        template,
                        "kind: Job\nimage: {{ .Values.global.imageRegistry }}/x\nnodeSelector: {{ .Values.nodeSelector }}\n",
                    ),
                ],
                none(),
                web(),
            ),
            (
                vec![
                    WEB,
                    (
                        template,
                        "kind: Job\nimage: x\n{{- with .Values.global }}\n",
                    ),
                ],
                none(),
                none(),
            ),
            (
                vec![
                    WEB,
                    (template, "kind: Job\nimage: {{ include \"image\" . }}\n"),
                    (
                        "templates/_helpers.tpl",
                        "{{ .Values.global.imageRegistry }}",
                    ),
                ],
                none(),
                web(),
            ),
        ] {
            assert_eq!(ignoring(&files), (registry, selector), "{files:?}");
        }
    }
}
