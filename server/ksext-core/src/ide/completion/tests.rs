//! Texts with the cursor as `|` (as `‸` where a `|` belongs to the text), and what is proposed there.

use proptest::prelude::*;

use super::*;
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::{Contents, MemoryFs, Package};
use crate::schema::{Keyword, Type, Violation, validate};
use crate::text::{TextEdit, apply_edits};

const IMAGES: [(&str, &str); 3] = [
    ("static/icon.svg", "<svg/>"),
    ("static/截图/一.png", "12"),
    ("docs/b.png", "123"),
];

/// The files of a package with two charts and two images.
fn files() -> MemoryFs {
    let charts = [
        (
            "charts/web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 0.2.0\n",
        ),
        (
            "charts/web/values.yaml",
            "image: docker.io/example/web:v1\nproxy: {image: docker.io/example/proxy:v2}\nui:\n  enabled: true\n",
        ),
        (
            "charts/db/Chart.yaml",
            "apiVersion: v2\nname: db\nversion: '1.10'\n",
        ),
        ("charts/db/values.yaml", "enabled: false\n"),
        (
            "values.yaml",
            "web:\n  enabled: true\nglobal: {debug: false}\ntags: {beta: true, agent: true}\n",
        ),
        ("notes.txt", "no image"),
        (".hidden/a.png", "1"),
        ("empty.png", ""),
    ];
    let mut all = MemoryFs::default();
    for (path, content) in charts.iter().chain(&IMAGES) {
        all.insert((*path).into(), content.as_bytes().into());
    }
    all
}

fn unmarked(marked: &str) -> (String, usize) {
    let mark = if marked.contains('‸') { '‸' } else { '|' };
    let offset = marked.find(mark).expect("a cursor");
    (marked.replacen(mark, "", 1), offset)
}

fn asked(text: &str, offset: usize, ask: &Ask<'_>) -> Option<Completion> {
    let manifest = Manifest::from_text(text);
    let files = files();
    let package = Package::new(&files, &manifest);
    let contents: Contents = package.contents();
    let file = FILE_NAME.into();
    let view = View {
        package,
        contents: Some(&contents),
        file: &file,
        text,
    };
    completion(&view, offset, ask)
}

const EXTENSIONS: &[(&str, &str)] = &[("whizard", "1.2.0")];

fn propose(marked: &str) -> Option<Completion> {
    propose_as(marked, Lang::En, None)
}

fn propose_as(marked: &str, lang: Lang, typed: Option<char>) -> Option<Completion> {
    let (text, offset) = unmarked(marked);
    let extensions: Vec<_> = EXTENSIONS
        .iter()
        .map(|(name, version)| ((*name).to_owned(), (*version).to_owned()))
        .collect();
    let ask = Ask {
        lang,
        typed,
        folder: Some("My Demo"),
        extensions: &extensions,
    };
    asked(&text, offset, &ask)
}

/// The first proposals are these, in this order; `[]` means that there are none at all.
#[track_caller]
fn check(marked: &str, expected: &[&str]) {
    let found = propose(marked).map_or(Vec::new(), |found| found.items);
    let labels: Vec<_> = found.iter().map(|item| &*item.label).collect();
    let shown = if expected.is_empty() {
        &labels[..]
    } else {
        &labels[..labels.len().min(expected.len())]
    };
    assert_eq!(shown, expected, "{marked}\nall: {labels:?}");
}

/// None of the proposals are these.
#[track_caller]
fn check_lacks(marked: &str, unwanted: &[&str]) {
    let found = propose(marked).expect("proposals").items;
    let labels: Vec<_> = found.iter().map(|item| &*item.label).collect();
    for unwanted in unwanted {
        assert!(!labels.contains(unwanted), "{marked}: {labels:?}");
    }
}

fn lines(found: &Completion) -> Lines {
    Lines {
        end: found.line_end,
        less: 0,
    }
}

fn chosen(text: &str, found: &Completion, item: &Proposal) -> String {
    let edit = TextEdit {
        span: found.replace,
        text: item.template.as_text(lines(found), found.in_flow),
    };
    apply_edits(text, &[edit]).expect("an edit that fits")
}

/// The text after the proposal with this label is taken by a client without snippets.
#[track_caller]
fn check_text(marked: &str, label: &str, expected: &str) {
    let found = propose(marked).unwrap_or_else(|| panic!("no proposals: {marked}"));
    let mut items = found.items.iter();
    let item = items.find(|item| item.label == label);
    let item = item.unwrap_or_else(|| panic!("no {label} for {marked}: {:?}", found.items));
    let (text, _) = unmarked(marked);
    assert_eq!(chosen(&text, &found, item), expected, "{marked}");
}

/// The snippet of the proposal with this label.
#[track_caller]
fn check_snippet(marked: &str, label: &str, expected: &str) {
    let found = propose(marked).unwrap_or_else(|| panic!("no proposals: {marked}"));
    let mut items = found.items.iter();
    let item = items
        .find(|item| item.label == label)
        .expect("the proposal");
    assert_eq!(
        item.template.as_snippet(lines(&found)),
        expected,
        "{marked}"
    );
}

#[test]
fn keys_that_must_be_there_come_first() {
    check(
        "name: demo\n|",
        &[
            "apiVersion",
            "version",
            "displayName",
            "description",
            "category",
        ],
    );
    check("name: demo\nver|", &["apiVersion", "version"]);
    check_lacks("Name: demo\nversion: 1.0.0\n|", &["name", "version"]);
    check("provider:\n  zh:\n    |", &["name", "email", "url"]);
    check("provider:\n  zh:\n    name: a\n    |\n", &["email", "url"]);
    check(
        "dependencies:\n  - name: web\n    |",
        &["version", "repository", "condition"],
    );
    check(
        "dependencies:\n- name: web\n  ta|\n- name: db\n",
        &["version", "repository", "condition", "tags"],
    );
    check(
        "dependencies:\n  - tags: []\n    |\n    alias: x\n",
        &["name", "version"],
    );
    check("import-values|", &["extension.yaml", "apiVersion"]);
    check(
        "dependencies:\n  - import-values:\n      - |",
        &["child", "parent"],
    );
}

#[test]
fn keys_are_renamed_without_touching_what_they_hold() {
    check_text("na|m: demo\n", "name", "name: demo\n");
    check_text("|x: demo\n", "name", "name: demo\n");
    check_text("\"na|m\": demo\n", "name", "\"name\": demo\n");
    check_text("versi|\nname: demo\n", "version", "version: \nname: demo\n");
    check_text(
        "prov|\n  zh:\n    name: a\n",
        "provider",
        "provider:\n  zh:\n    name: a\n",
    );
}

#[test]
fn a_key_brings_what_it_needs() {
    check_snippet("name: a\n|", "version", "version: $1");
    check_snippet(
        "name: a\n|",
        "apiVersion",
        "apiVersion: kubesphere.io/v1alpha1",
    );
    check_snippet(
        "name: a\n|",
        "displayName",
        "displayName:\n  en: $1\n  zh: $2",
    );
    check_snippet(
        "name: a\n|",
        "provider",
        "provider:\n  en:\n    name: $1\n  zh:\n    name: $2",
    );
    check_snippet(
        "name: a\n|",
        "installationMode",
        "installationMode: ${1|HostOnly,Multicluster|}",
    );
    check_snippet("name: a\n|", "keywords", "keywords:\n  - $1");
    check_snippet("name: a\n|", "dependencies", "dependencies:\n  - name: $1");
    check_snippet(
        "name: a\n|",
        "externalDependencies",
        "externalDependencies:\n  - name: $1\n    version: $2",
    );
    check_snippet("name: a\n|", "annotations", "annotations:\n  $1: $2");
    check_snippet(
        "dependencies: [{name: a, |}]\n",
        "tags",
        "tags: [${1|extension,agent|}]",
    );
    check_snippet(
        "{name: a, |}\n",
        "provider",
        "provider: {en: {name: $1}, zh: {name: $2}}",
    );
    check_snippet(
        "provider:\n    en:\n        name: a\n|",
        "displayName",
        "displayName:\n    en: $1\n    zh: $2",
    );
    check_snippet("keywords:\n- a\n|", "images", "images:\n- $1");
    check_snippet("name: a\r\n|", "keywords", "keywords:\r\n  - $1");
    check_text(
        "name: a\n|",
        "provider",
        "name: a\nprovider:\n  en:\n    name: ",
    );
    check_text(
        "{name: a, |}\n",
        "displayName",
        "{name: a, displayName: {en: , zh: }}\n",
    );
}

#[test]
fn languages_go_by_code_and_both_names() {
    check("displayName:\n  |", &["en", "zh", "aa"]);
    check("displayName:\n  zh: 观测\n  |", &["en", "aa"]);
    check("displayName:\n  |\n  zh: 观测\n", &["en", "aa"]);
    check("displayName: {zh: 观测, |}\n", &["en", "aa"]);
    check("provider:\n  z|", &["en", "zh"]);
    check_text("provider:\n  z|", "zh", "provider:\n  zh:\n    name: ");
    check_text("displayName:\n  |", "no", "displayName:\n  \"no\": ");
    let found = propose_as("displayName:\n  |", Lang::Zh, None).expect("proposals");
    assert_eq!(
        (&*found.items[0].label, &*found.items[0].detail),
        ("zh", "Chinese · 中文")
    );
    assert_eq!(found.items[0].filter, "zh Chinese · 中文");
}

#[test]
fn values_are_those_that_fit() {
    check("category: |\n", &["ai-machine-learning", "deepseek"]);
    check("apiVersion: |", &["kubesphere.io/v1alpha1"]);
    check("installationMode: H|\n", &["HostOnly", "Multicluster"]);
    check(
        "dependencies:\n  - name: web\n    enabled: |\n",
        &["true", "false"],
    );
    check(
        "dependencies:\n  - name: web\n    tags:\n      - |\n",
        &["beta", "extension", "agent"],
    );
    check(
        "dependencies:\n  - name: web\n    tags:\n      - agent\n      - |\n",
        &["beta", "extension"],
    );
    check(
        "dependencies: [{name: web, tags: [agent, |]}]\n",
        &["beta", "extension"],
    );
    check("ksVersion: |\n", &[">=4.1.0-0"]);
    check("category:\n  |\n", &["ai-machine-learning"]);
    check("externalDependencies:\n  - name: |\n", &["whizard"]);
    check(
        "externalDependencies:\n  - name: whizard\n    version: |\n",
        &[">=1.2.0", ">=1.0.0-0"],
    );
    check("externalDependencies: [{type: |}]\n", &["extension"]);
}

#[test]
fn a_value_is_written_as_it_must_be_there() {
    for (marked, label, expected) in [
        ("category:|\n", "storage", "category: storage\n"),
        ("category:|", "storage", "category: storage"),
        (
            "category: st|orage # 分类\n",
            "storage",
            "category: storage # 分类\n",
        ),
        (
            "category: |# 分类\n",
            "storage",
            "category: storage # 分类\n",
        ),
        ("category: 'st|'\r\n", "storage", "category: 'storage'\r\n"),
        (
            "category: \"st|\nname: a\n",
            "storage",
            "category: \"storage\"\nname: a\n",
        ),
        (
            "\u{feff}category: |\n",
            "storage",
            "\u{feff}category: storage\n",
        ),
        ("category:\t|\n", "storage", "category:\tstorage\n"),
        (
            "{\"category\":\"|\"}\n",
            "storage",
            "{\"category\":\"storage\"}\n",
        ),
        ("{category:|}\n", "storage", "{category: storage}\n"),
        (
            "{category: st|, name: 观测}\n",
            "storage",
            "{category: storage, name: 观测}\n",
        ),
        ("ksVersion: >=|\n", ">=4.1.0-0", "ksVersion: '>=4.1.0-0'\n"),
        (
            "ksVersion: \">=|\"\n",
            ">=4.1.0-0",
            "ksVersion: \">=4.1.0-0\"\n",
        ),
        ("category: &c |\n", "storage", "category: &c storage\n"),
        (
            "dependencies:\n  - name: db\n    version: |\n",
            "1.10",
            "dependencies:\n  - name: db\n    version: \"1.10\"\n",
        ),
        (
            "dependencies:\n  -|\n",
            "web",
            "dependencies:\n  - name: web\n    condition: web.enabled\n",
        ),
    ] {
        check_text(marked, label, expected);
    }
}

#[test]
fn images_are_files_that_are_not_named_yet() {
    check(
        "icon: |\n",
        &["./static/icon.svg", "./docs/b.png", "./static/截图/一.png"],
    );
    check("icon: ./sta|\n", &["./static/icon.svg"]);
    check("icon: sta|\n", &["static/icon.svg", "docs/b.png"]);
    check("icon: /|\n", &["/static/icon.svg"]);
    check(
        "icon: static/icon.svg\nscreenshots:\n  - |\n",
        &["./docs/b.png", "./static/截图/一.png", "./static/icon.svg"],
    );
    check(
        "screenshots:\n  - ./docs/b.png\n  - |\n",
        &["./static/icon.svg", "./static/截图/一.png"],
    );
    check_lacks(
        "screenshots:\n  - ./docs/b.png\n  - |\n",
        &["./docs/b.png", "./empty.png", "./.hidden/a.png"],
    );
    let found = propose("icon: |\n").expect("proposals");
    assert_eq!(found.items[0].detail, "6 B");
}

#[test]
fn static_folders_are_those_that_may_go() {
    check(
        "staticFileDirectory: |\n",
        &["./docs", "./static", "./static/截图"],
    );
    check_lacks("staticFileDirectory: |\n", &["./charts", ".", "./.hidden"]);
}

#[test]
fn dependencies_are_charts_of_the_package() {
    check("dependencies:\n  - name: |\n", &["db", "web"]);
    check("dependencies:\n  - name: db\n  - name: |\n", &["web"]);
    check_lacks("dependencies:\n  - name: db\n  - name: |\n", &["db"]);
    check(
        "dependencies:\n  - name: db\n  - name: |\n    alias: 库\n",
        &["web", "db"],
    );
    check(
        "dependencies:\n  - name: db\n    alias: 库\n  - name: |\n",
        &["web", "db"],
    );
    check("dependencies:\n  - |\n", &["db", "web", "name"]);
    check("dependencies:\n  - name: db\n  |\n", &["web", "name"]);
    check_text(
        "dependencies:\n  |\n",
        "db",
        "dependencies:\n  - name: db\n    condition: db.enabled\n",
    );
    check_text(
        "dependencies: [|]\n",
        "db",
        "dependencies: [{name: db, condition: db.enabled}]\n",
    );
    check("dependencies:\n  - name: web\n    version: |\n", &["0.2.0"]);
    check(
        "dependencies:\n  - name: web\n    condition: |\n",
        &["web.enabled", "web.ui.enabled", "global.debug"],
    );
    check(
        "dependencies:\n  - name: db\n    alias: 库\n    condition: 库|\n",
        &["库.enabled", "global.debug"],
    );
    check(
        "images:\n  - |\n",
        &["docker.io/example/proxy:v2", "docker.io/example/web:v1"],
    );
    check(
        "images:\n  - docker.io/example/proxy:v2\n  - doc|\n",
        &["docker.io/example/web:v1"],
    );
    check_text(
        "externalDependencies:\n  - |\n",
        "whizard",
        "externalDependencies:\n  - name: whizard\n    type: extension\n    version: '>=1.2.0'\n    required: true\n",
    );
}

#[test]
fn nothing_is_proposed_where_nothing_could_go() {
    for marked in [
        "# cat|\n",
        "name: a # |\n",
        "name: de|mo\n",
        "description:\n  en: ‸ some|thing\n",
        "description:\n  en: |\n    text\n    ‸\n",
        "description:\n  en: |\n    ca‸\n",
        "description:\n  en: >-\n    text\n    category: ‸\n",
        "description:\n  en: words that\n    go ‸on\n",
        "description:\n  en: \"words\n    category: ‸\"\n",
        "displayName: |\n",
        "displayName:|\n",
        "dependencies: |\n",
        "category: dev-tools |\n",
        "category: dev|\n  tools\n",
        "category: |\n  dev-tools\n",
        "category:| dev-tools\n",
        "category:\n  dev-tools\n  |\n",
        "category: *|c\n",
        "provider:\n|\n  zh: {name: a}\n",
        "provider:\n    |\n  zh: {name: a}\n",
        "displayName:\n  zh: a\n    |\n",
        "displayName:\n  zh: a\n |\n",
        "\t|\n",
        "name: demo\n---\n|\n",
        "unknown:\n  |\n",
        "unknown: |\n",
        "keywords:\n  |\n",
        "keywords: [|]\n",
        "displayName: {zh: 观测 |}\n",
        "icon: \"a\"|\n",
        "https:|//example.com\n",
        "dependencies:\n  |- name: a\n",
    ] {
        check(marked, &[]);
    }
}

#[test]
fn a_broken_text_elsewhere_does_not_matter() {
    check(
        "name: \"demo\nicon: [\ncategory: |\nversion: 'a\n",
        &["ai-machine-learning"],
    );
    check(
        "provider:\n  zh:\n    name: \"a\n    |\n",
        &["email", "url"],
    );
    check(
        "displayName: {zh: a\ncategory: |\n",
        &["ai-machine-learning"],
    );
    check("displayName: {zh: a, |\ncategory: b\n", &["en", "aa"]);
    check(
        "displayName: {\n  zh: a,\n  |\n}\ncategory: b\n",
        &["en", "aa"],
    );
    check(
        "dependencies:\n  - na\n    version: 1\n  - name: a\n    |\n",
        &["version", "repository"],
    );
    check(
        "dependencies:\n  - na|\n    version: 1\n",
        &["name", "repository"],
    );
    check("category: |\nname: a: b\n", &["ai-machine-learning"]);
}

#[test]
fn typing_brings_up_only_what_was_begun() {
    for (marked, typed, wanted) in [
        ("category: |\n", ' ', true),
        ("images:\n  - |\n", ' ', true),
        ("{name: a, |}", ' ', true),
        ("name: a\n |\n", ' ', false),
        ("displayName:\n  |\n", ' ', false),
        ("dependencies:\n  - name: a\n    |\n", ' ', false),
        ("icon: ./|\n", '/', true),
        ("icon: .|\n", '.', true),
        ("a.|\n", '.', false),
        ("description:\n  en: a.|\n", '.', false),
    ] {
        assert_eq!(
            propose_as(marked, Lang::En, Some(typed)).is_some(),
            wanted,
            "{marked}"
        );
    }
}

#[test]
fn hardly_another_choice_is_marked() {
    for (marked, obvious) in [
        ("apiVersion: |\n", Some("kubesphere.io/v1alpha1")),
        ("category: |\n", None),
        ("dependencies:\n  - name: db\n  - name: |\n", Some("web")),
        (
            "dependencies:\n  - name: web\n    condition: |\n",
            Some("web.enabled"),
        ),
        ("displayName:\n  en: a\n  |\n", Some("zh")),
        ("", Some("extension.yaml")),
    ] {
        let marked = if marked.is_empty() { "|" } else { marked };
        let found = propose(marked).expect("proposals").items;
        let seen: Vec<_> = found
            .iter()
            .filter(|item| item.is_obvious)
            .map(|item| &*item.label)
            .collect();
        assert_eq!(seen, Vec::from_iter(obvious), "{marked}");
    }
}

#[test]
fn an_empty_file_is_filled_at_once() {
    for marked in ["|", "\u{feff}|", "# 清单\r\n|\r\n", "ext|\n"] {
        let (text, _) = unmarked(marked);
        let found = propose(marked).expect("proposals");
        assert_eq!(found.items[0].label, "extension.yaml");
        let text = chosen(&text, &found, &found.items[0]);
        let manifest = Manifest::from_text(&text);
        assert_eq!(
            manifest.name().map(|name| name.value).as_deref(),
            Some("my-demo")
        );
        let files = files();
        let package = Package::new(&files, &manifest);
        let found = crate::check::check(&package, &Default::default(), Some(&package.contents()));
        let errors: Vec<_> = found
            .iter()
            .filter(|finding| finding.severity == crate::finding::Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{text}: {errors:?}");
        assert!(
            text.contains("staticFileDirectory: ./static") && text.contains("  - name: db"),
            "{text}"
        );
    }
    check_lacks("name: a\n|", &["extension.yaml"]);
}

#[test]
fn a_proposal_is_documented_in_the_readers_language() {
    let found = propose("na|").expect("proposals");
    let name = found
        .items
        .iter()
        .find(|item| item.label == "name")
        .expect("a key");
    let about = name.about.as_ref().expect("a field");
    let [en, zh] = [Lang::En, Lang::Zh].map(|lang| documentation(about, lang).expect("a text"));
    assert!(en.is_ascii() && !zh.is_ascii(), "{en} {zh}");
    assert_eq!(name.detail, "Name · required");
    let found = propose_as("na|", Lang::Zh, None).expect("proposals");
    assert!(found.items.iter().any(|item| item.detail == "名称 · 必填"));
    let about = About {
        is_setting: false,
        path: vec!["none".to_owned()],
    };
    assert_eq!(documentation(&about, Lang::En), None);
}

#[test]
fn settings_have_keys_and_values() {
    for (marked, expected) in [
        ("|", &["lang", "ruleSet", "rules", "size"][..]),
        ("lang: |\n", &["en", "zh"]),
        ("size:\n  |\n", &["limit"]),
        (
            "rules:\n  missing-icon: |\n",
            &["off", "error", "warning", "information", "hint"],
        ),
        ("rules: {missing-ic|}\n", &["missing-required"][..0]),
        ("lang: en # |\n", &[]),
    ] {
        let (text, offset) = unmarked(marked);
        let found = settings_completion(&text, offset, &Ask::default())
            .map_or(Vec::new(), |found| found.items);
        let labels: Vec<_> = found.iter().map(|item| &*item.label).collect();
        if marked.contains("{missing-ic|") {
            assert!(labels.contains(&"missing-icon"), "{labels:?}");
        } else {
            assert_eq!(labels, expected, "{marked}");
        }
    }
}

/// What goes against the schema and is more than something that is still to be filled in.
fn wrong(text: &str) -> Vec<Violation> {
    let mut violations = validate(&Manifest::from_text(text).to_instance());
    violations.retain(|violation| match &violation.keyword {
        Keyword::Type { found, .. } => *found != Type::Null,
        Keyword::NotInEnum { value } => !value.is_empty(),
        Keyword::UnknownKey { .. } | Keyword::UnknownName { .. } => true,
        _ => false,
    });
    violations
}

/// Chooses each proposal at a place: all edits fit, and what was right before stays right.
fn choose_all(text: &str, offset: usize) -> Result<(), TestCaseError> {
    let ask = Ask::default();
    let Some(found) = asked(text, offset, &ask) else {
        return Ok(());
    };
    prop_assert!(
        found.insert.start == found.replace.start && found.insert.end <= found.replace.end
    );
    prop_assert!(found.insert.touches(offset));
    prop_assert!(
        !found.replace.of(text).contains(['\n', '\r']),
        "{:?}",
        found.replace.of(text)
    );
    let root = schema::field(&[]).expect("the schema");
    let place = At::find(text, offset, root, false, &ask)
        .expect("the same place")
        .place;
    let is_renamed = place.has_colon || place.has_children;
    let depth = place.path.len();
    let is_of_value = |it: &Violation| it.path.len() > depth;
    let nothing = TextEdit {
        span: found.replace,
        text: String::new(),
    };
    let without = apply_edits(text, &[nothing]).expect("a place in the text");
    let manifest = Manifest::from_text(&without);
    let before = wrong(&without);
    // A word where a map belongs is the start of a key, and cannot stand beside another one.
    let is_word = |it: &Violation| matches!(it.keyword, Keyword::Type { .. });
    let was_right = manifest.tree().errors().is_empty()
        && manifest
            .value()
            .is_none_or(|value| !value.entries().is_empty())
        && !before.iter().any(is_word);
    for item in &found.items {
        let after = chosen(text, &found, item);
        if was_right {
            let errors = Manifest::from_text(&after).tree().errors().to_vec();
            prop_assert!(
                errors.is_empty(),
                "{text:?} at {offset}: {}\n{after}\n{errors:?}",
                item.label
            );
            let mut new = wrong(&after);
            // What a key held under another name need not fit.
            new.retain(|it| !(before.contains(it) || is_renamed && is_of_value(it)));
            let is_tag = item.detail.starts_with("values.yaml");
            prop_assert!(
                new.is_empty() || is_tag,
                "{text:?} at {offset}: {}\n{after}\n{new:?}",
                item.label
            );
        }
    }
    Ok(())
}

const SAMPLES: [&str; 4] = [
    "apiVersion: kubesphere.io/v1alpha1\nname: demo\ndisplayName:\n  zh: 观测😀\n  en: Demo\ncategory: dev-tools # 分类\nprovider:\n  zh: {name: 示例, email: \"\"}\nicon: './static/icon.svg'\ndependencies:\n  - name: web\n    tags:\n      - agent\n  - name: db\n    condition: db.enabled\nkeywords: [a, \"b\"]\n",
    "\u{feff}name: demo\r\nscreenshots:\r\n- ./docs/b.png\r\n\r\ndescription:\r\n  en: |\r\n    some text\r\n    more: text\r\n  zh: \"折行\r\n    文字\"\r\nmaintainers: [{name: a}, {}]\r\nksVersion: \">=4.1.0\"\r\n",
    "{\"name\": \"demo\", \"displayName\": {\"zh\": \"观\"},\n \"dependencies\": [{\"name\": \"web\", \"tags\": [\"agent\", ]}], \"category\": \"x\"}\n",
    "# 注释\nexternalDependencies:\n  - name: whizard\n    version: '>=1.0.0'\n    required: true\nprovider:\n    en:\n        name: >-\n            Example\n            Inc.\nimages:\n    - a:b\n    # - c\n\n",
];

#[test]
fn every_place_of_some_manifests_takes_every_proposal() {
    for text in SAMPLES {
        for (offset, _) in text.char_indices() {
            choose_all(text, offset).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_half_typed_manifest_takes_every_proposal(
        sample in proptest::sample::select(&SAMPLES[..]), at in 0usize..400, len in 0usize..12, typed in "[a-z]{0,3}|- |: ?|\n *|\"|'|, |\\{",
    ) {
        let at = sample.floor_char_boundary(at);
        let end = sample.floor_char_boundary(at + len).max(at);
        let text = format!("{}{typed}{}", &sample[..at], &sample[end..]);
        choose_all(&text, at + typed.len())?;
    }

    #[test]
    fn no_place_in_any_text_panics(text in "(name|displayName|dependencies|category|zh|[:\\- \\n\"'|>&*{},\\[\\]#观😀\t\r]){0,30}", offset in 0usize..120) {
        choose_all(&text, offset)?;
        choose_all(&text, text.floor_char_boundary(offset))?;
        let _ = settings_completion(&text, offset, &Ask::default());
    }
}
