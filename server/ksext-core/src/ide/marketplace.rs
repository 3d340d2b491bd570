//! What the Marketplace will show of a package, and what is missing of it.
//!
//! KubeSphere's console takes each text by itself in the user's language and else in English
//! (packages/core/src/utils/extension.ts `getLocaleValue`), README and CHANGELOG likewise
//! ([`is_document`]). A manifest may be half written: what cannot be read is missing.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::bilingual;
use crate::lang::{Bilingual, Lang};
use crate::manifest::{Manifest, Text};
use crate::package::fs::{FileSystem, Kind, lookup};
use crate::package::ignore::{self, IgnoreRules};
use crate::package::local::{self, Missing};
use crate::package::prose::is_document;
use crate::package::{Package, PkgPath};
use crate::schema;
use crate::yaml::{Source, Value};

/// The most of a text that is shown, in bytes.
const MAX_TEXT: u64 = 1024 * 1024;

/// The fields with a text for each language.
const LOCALIZED: [&str; 3] = ["displayName", "description", "provider"];

/// What the Marketplace will show of a package. Maps are by language.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Marketplace {
    /// The URI of the package's folder, which links in its texts are relative to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// `name`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `version`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The languages that the manifest speaks, in its order.
    pub languages: Vec<String>,
    /// `displayName`
    pub display_name: BTreeMap<String, String>,
    /// `description`
    pub description: BTreeMap<String, String>,
    /// `provider`
    pub provider: BTreeMap<String, Person>,
    /// `icon`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<Picture>,
    /// `screenshots`
    pub screenshots: Vec<Picture>,
    /// `category`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// What the category is called, if there is such a one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_title: Option<BTreeMap<String, String>>,
    /// `keywords`
    pub keywords: Vec<String>,
    /// `maintainers`
    pub maintainers: Vec<Person>,
    /// `home`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// `docs`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
    /// `sources`
    pub sources: Vec<String>,
    /// `kubeVersion`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kube_version: Option<String>,
    /// `ksVersion`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ks_version: Option<String>,
    /// `installationMode`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installation_mode: Option<String>,
    /// `namespace`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// `dependencies`
    pub dependencies: Vec<Dependency>,
    /// The README that users of each language get.
    pub readme: BTreeMap<String, String>,
    /// The CHANGELOG that users of each language get.
    pub changelog: BTreeMap<String, String>,
    /// What users will miss.
    pub missing: Vec<Lack>,
}

/// A provider or a maintainer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// What they are called; empty if nothing says so.
    pub name: String,
    /// Their page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A chart that comes with the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// The versions that fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its tags: where it is installed.
    pub tags: Vec<String>,
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// As it is written.
    pub text: String,
    /// The address of the file or of the page; never that of a file outside of the package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// The picture itself as a data URI, if it is written so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// There is no such file.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub missing: bool,
}

/// Something that users will miss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// The key of the manifest, `screenshots[0]` for an item; else `readme` or `changelog`.
    pub field: String,
    /// The language whose users miss it; `None` if all do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What they miss.
    pub message: String,
}

/// What the Marketplace will show of `package`. `link` answers the URI of a file in it, `lang` is the
/// language of messages.
pub fn marketplace(
    package: &Package<'_>,
    lang: Lang,
    link: &dyn Fn(&PkgPath) -> Option<String>,
) -> Marketplace {
    let manifest = package.manifest();
    let text = |key: &str| manifest.text_of(key).map(|text| text.value);
    let languages = languages(manifest);
    let mut lacks = Lacks { lang, list: vec![] };
    for key in ["name", "version"] {
        if text(key).is_none() {
            lacks.field(key);
        }
    }
    for field in LOCALIZED {
        lacks.texts(manifest, field, &languages);
    }
    let [readme, changelog] = [("readme", "README"), ("changelog", "CHANGELOG")]
        .map(|(field, stem)| documents(package.files(), field, stem, &languages, &mut lacks));
    Marketplace {
        root: link(&PkgPath::root()),
        name: text("name"),
        version: text("version"),
        display_name: texts(manifest, "displayName"),
        description: texts(manifest, "description"),
        provider: localized(manifest, "provider")
            .map(|(code, value)| (code.to_owned(), Person::of(value)))
            .collect(),
        icon: icon(package, link, &mut lacks),
        screenshots: screenshots(package, link, &mut lacks),
        category_title: category_title(text("category"), &mut lacks),
        category: text("category"),
        keywords: list(manifest, "keywords"),
        maintainers: manifest
            .items("maintainers")
            .iter()
            .map(Person::of)
            .collect(),
        home: text("home"),
        docs: text("docs"),
        sources: list(manifest, "sources"),
        kube_version: text("kubeVersion"),
        ks_version: text("ksVersion"),
        installation_mode: text("installationMode"),
        namespace: text("namespace"),
        dependencies: manifest
            .items("dependencies")
            .iter()
            .map(Dependency::of)
            .collect(),
        readme,
        changelog,
        languages,
        missing: lacks.list,
    }
}

/// The languages that have a text anywhere, in the author's order.
fn languages(manifest: &Manifest) -> Vec<String> {
    let mut languages: Vec<String> = Vec::new();
    for (code, _) in LOCALIZED
        .iter()
        .flat_map(|field| localized(manifest, field))
    {
        if !languages.iter().any(|known| known == code) {
            languages.push(code.to_owned());
        }
    }
    languages
}

/// The entries of a field, by language.
fn localized<'m>(
    manifest: &'m Manifest,
    field: &str,
) -> impl Iterator<Item = (&'m str, &'m Value)> {
    manifest
        .entries(field)
        .iter()
        .filter(|entry| schema::is_language(&entry.key))
        .map(|entry| (&*entry.key, &entry.value))
}

/// The texts of a field, by language.
fn texts(manifest: &Manifest, field: &str) -> BTreeMap<String, String> {
    localized(manifest, field)
        .filter_map(|(code, value)| Some((code.to_owned(), value.to_text()?)))
        .collect()
}

fn list(manifest: &Manifest, field: &str) -> Vec<String> {
    texts_of(manifest.items(field))
}

fn texts_of(items: &[Value]) -> Vec<String> {
    items.iter().filter_map(Value::to_text).collect()
}

/// The text at a key of a map, unless it is empty.
fn text_at(value: &Value, key: &str) -> Option<String> {
    let text = value.get(key)?.value.to_text()?;
    (!text.is_empty()).then_some(text)
}

impl Person {
    fn of(value: &Value) -> Self {
        Self {
            name: text_at(value, "name").unwrap_or_default(),
            url: text_at(value, "url"),
            email: text_at(value, "email"),
        }
    }
}

impl Dependency {
    fn of(value: &Value) -> Self {
        let tags = value.get("tags").map(|entry| texts_of(entry.value.items()));
        Self {
            name: text_at(value, "name").unwrap_or_default(),
            version: text_at(value, "version"),
            tags: tags.unwrap_or_default(),
        }
    }
}

fn icon(
    package: &Package<'_>,
    link: &dyn Fn(&PkgPath) -> Option<String>,
    lacks: &mut Lacks,
) -> Option<Picture> {
    let icon = package.manifest().icon();
    if icon.is_none() {
        lacks.field("icon");
    }
    icon.map(|text| picture(package, "icon", text, link, lacks))
}

fn screenshots(
    package: &Package<'_>,
    link: &dyn Fn(&PkgPath) -> Option<String>,
    lacks: &mut Lacks,
) -> Vec<Picture> {
    let screenshots = package.manifest().screenshots().into_iter();
    screenshots
        .map(|(index, text)| {
            let field = format!("screenshots[{index}]");
            picture(package, &field, text, link, lacks)
        })
        .collect()
}

/// The picture that a value of the manifest names.
fn picture(
    package: &Package<'_>,
    field: &str,
    text: Text,
    link: &dyn Fn(&PkgPath) -> Option<String>,
    lacks: &mut Lacks,
) -> Picture {
    let mut picture = Picture {
        text: text.value,
        ..Picture::default()
    };
    if !local::is_local(&picture.text) {
        let address = Some(picture.text.clone());
        match picture.text.starts_with("data:") {
            true => picture.data = address,
            false => picture.uri = address,
        }
        return picture;
    }
    let files = package.local_files();
    let file = files.iter().find(|file| file.span == text.span);
    let shown = picture.text.escape_debug();
    match file.map(|file| file.find(package.files())) {
        Some(Ok(found)) => picture.uri = link(&found.source),
        why => {
            let message = match why {
                Some(Err(Missing::Escapes(_))) => bilingual!(
                    "`{shown}` leads out of the package",
                    "`{shown}` 指向扩展组件包之外",
                ),
                _ => bilingual!("there is no file `{shown}`", "没有文件 `{shown}`"),
            };
            lacks.add(field, None, &message);
            picture.missing = true;
        }
    }
    picture
}

/// What a category is called.
fn category_title(category: Option<String>, lacks: &mut Lacks) -> Option<BTreeMap<String, String>> {
    let Some(category) = category else {
        lacks.field("category");
        return None;
    };
    let choices = schema::field(&["category"]).map_or(&[][..], |field| &field.choices[..]);
    let Some(choice) = choices.iter().find(|choice| choice.value == category) else {
        let shown = category.escape_debug();
        let message = bilingual!(
            "there is no category `{shown}`: the Marketplace lists the extension under none",
            "没有 `{shown}` 这个分类：扩展市场不会在任何分类下列出此扩展组件",
        );
        lacks.add("category", None, &message);
        return None;
    };
    let titles = [("en", &choice.meaning.en), ("zh", &choice.meaning.zh)];
    let titles = titles.map(|(code, title)| (code.to_owned(), title.to_string()));
    Some(titles.into())
}

/// README or CHANGELOG, for each language the text that its users get.
fn documents(
    files: &dyn FileSystem,
    field: &str,
    stem: &str,
    languages: &[String],
    lacks: &mut Lacks,
) -> BTreeMap<String, String> {
    let names = packed_names(files);
    let find = |language: Option<&str>| {
        let name = names
            .iter()
            .find(|name| is_document(name, stem, language))?;
        text_of(files, name)
    };
    let everybodys = find(None);
    let mut found = BTreeMap::new();
    let mut absent = Vec::new();
    for code in languages {
        let own = find(Some(code));
        // English is what the one for everybody is in, and so is the only language that there is.
        if own.is_none() && !(everybodys.is_some() && (code == "en" || languages.len() == 1)) {
            absent.push(code);
        }
        if let Some(text) = own.or_else(|| everybodys.clone()) {
            found.insert(code.clone(), text);
        }
    }
    if found.is_empty() && everybodys.is_none() {
        let message = bilingual!("there is no `{stem}.md`", "没有 `{stem}.md`");
        lacks.add(field, None, &message);
        return found;
    }
    for code in absent {
        let message = match everybodys {
            Some(_) => bilingual!(
                "there is no `{stem}_{code}.md`: users of this language see `{stem}.md`",
                "没有 `{stem}_{code}.md`：使用该语言的用户看到的是 `{stem}.md`",
            ),
            None => bilingual!(
                "there is neither `{stem}_{code}.md` nor `{stem}.md`",
                "既没有 `{stem}_{code}.md`，也没有 `{stem}.md`",
            ),
        };
        lacks.add(field, Some(code), &message);
    }
    found
}

/// The names in the package's folder that `.helmignore` does not leave out.
fn packed_names(files: &dyn FileSystem) -> Vec<String> {
    let rules = text_of(files, ignore::FILE_NAME);
    let mut rules = rules.map(|text| IgnoreRules::parse(text.as_bytes()).0);
    let names = files.list(&PkgPath::root()).unwrap_or_default().into_iter();
    names
        .filter_map(|name| String::from_utf8(name).ok())
        .filter(|name| {
            let path = PkgPath::from(name.as_str());
            let mut rules = rules.iter_mut();
            !rules.any(|rules| rules.ignored_by(&path, false).is_some())
        })
        .collect()
}

fn text_of(files: &dyn FileSystem, name: &str) -> Option<String> {
    let found = lookup(files, &PkgPath::from(name)).ok()?;
    let Kind::File { .. } = found.kind else {
        return None;
    };
    let content = files.start(&found.path, MAX_TEXT).ok()?;
    let source = Source::from_bytes(&content);
    let text = source.text();
    Some(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
}

/// What is missing so far.
struct Lacks {
    lang: Lang,
    list: Vec<Lack>,
}

impl Lacks {
    fn add(&mut self, field: &str, language: Option<&str>, message: &Bilingual) {
        self.list.push(Lack {
            field: field.to_owned(),
            language: language.map(str::to_owned),
            message: message.get(self.lang).to_owned(),
        });
    }

    /// A field says nothing.
    fn field(&mut self, field: &str) {
        let message = bilingual!("`{field}` is missing", "缺少 `{field}`");
        self.add(field, None, &message);
    }

    /// Looks which languages a field has no text for.
    fn texts(&mut self, manifest: &Manifest, field: &str, languages: &[String]) {
        let with_text = localized(manifest, field).filter(|(_, value)| match field {
            "provider" => text_at(value, "name").is_some(),
            _ => value.to_text().is_some_and(|text| !text.trim().is_empty()),
        });
        let spoken: Vec<&str> = with_text.map(|(code, _)| code).collect();
        if spoken.is_empty() {
            self.field(field);
            return;
        }
        for code in languages.iter().filter(|code| !spoken.contains(&&***code)) {
            let message = if spoken.contains(&"en") {
                bilingual!(
                    "`{field}` has no `{code}`: users of this language see the English text",
                    "`{field}` 没有 `{code}`：使用该语言的用户看到的是英文",
                )
            } else {
                bilingual!(
                    "`{field}` has no `{code}`: users of this language see nothing here",
                    "`{field}` 没有 `{code}`：使用该语言的用户在此处看不到内容",
                )
            };
            self.add(field, Some(code), &message);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::package::MemoryFs;

    fn shown(manifest: &str, files: &MemoryFs, lang: Lang) -> Value {
        let manifest = Manifest::from_text(manifest);
        let package = Package::new(files, &manifest);
        let link = |path: &PkgPath| Some(format!("file:///p/{path}"));
        serde_json::to_value(marketplace(&package, lang, &link)).expect("JSON")
    }

    /// What is missing, as `field language`.
    fn missing(manifest: &str, files: &[(&str, &str)]) -> Vec<String> {
        let files = files
            .iter()
            .fold(MemoryFs::default(), |tree, (path, text)| {
                tree.with_file(*path, text.as_bytes())
            });
        let shown = shown(manifest, &files, Lang::En);
        let missing = shown["missing"].as_array().expect("a list").iter();
        missing
            .map(|lack| {
                let language = lack["language"].as_str().map(|code| format!(" {code}"));
                format!(
                    "{}{}",
                    lack["field"].as_str().expect("a field"),
                    language.unwrap_or_default()
                )
            })
            .collect()
    }

    #[test]
    fn a_whole_package_is_shown_with_nothing_missing() {
        let files = MemoryFs::from([
            ("README.md", "# Demo\n"),
            ("readme-zh.md", "\u{feff}# 示例 😀\r\n"),
            ("CHANGELOG.md", "## 1.1\n"),
            ("CHANGELOG.zh.md", "## 1.1 更新\n"),
            ("static/图.svg", "<svg/>"),
        ]);
        let found = shown(
            "\u{feff}Name: demo\r\nversion: 1.10\r\ndisplayName: {zh: 示例, en: Demo}\r\n\
             description: {zh: 一个示例。, en: 1}\r\ncategory: dev-tools\r\nkeywords: [a, ~, 2]\r\n\
             provider: {zh: {name: 示例公司}, en: {name: Example, url: https://e.io, email: a@e.io}}\r\n\
             maintainers: [{name: 张三}]\r\nhome: https://e.io\r\nksVersion: '>=4.1'\r\n\
             icon: ./static/图.svg\r\nscreenshots: [https://e.io/a.png, 'data:image/png;base64,AA==']\r\n\
             dependencies: [{name: frontend, version: 0.1.0, tags: [extension]}, {name: b}]\r\n",
            &files,
            Lang::En,
        );
        let expected = json!({
            "root": "file:///p/", "name": "demo", "version": "1.1", "languages": ["zh", "en"],
            "displayName": {"zh": "示例", "en": "Demo"},
            "description": {"zh": "一个示例。", "en": "1"},
            "provider": {
                "zh": {"name": "示例公司"},
                "en": {"name": "Example", "url": "https://e.io", "email": "a@e.io"},
            },
            "icon": {"text": "./static/图.svg", "uri": "file:///p/static/图.svg"},
            "screenshots": [
                {"text": "https://e.io/a.png", "uri": "https://e.io/a.png"},
                {"text": "data:image/png;base64,AA==", "data": "data:image/png;base64,AA=="},
            ],
            "category": "dev-tools", "categoryTitle": {"en": "DevTools", "zh": "开发者工具"},
            "keywords": ["a", "2"], "maintainers": [{"name": "张三"}],
            "home": "https://e.io", "sources": [], "ksVersion": ">=4.1",
            "dependencies": [
                {"name": "frontend", "version": "0.1.0", "tags": ["extension"]},
                {"name": "b", "tags": []},
            ],
            "readme": {"en": "# Demo\n", "zh": "# 示例 😀\r\n"},
            "changelog": {"en": "## 1.1\n", "zh": "## 1.1 更新\n"},
            "missing": [],
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_missing_is_told_by_field_and_language() {
        const WHOLE: &str = "name: a\nversion: 1.0.0\ncategory: dev-tools\nicon: https://e.io/a.svg\n\
                             description: {en: a}\nprovider: {en: {name: a}}\n";
        let texts = [("README.md", "a"), ("CHANGELOG.md", "b")];
        let check = |lines: &str, files: &[(&str, &str)], expected: &[&str]| {
            let mut text = WHOLE.to_owned();
            for line in lines.lines() {
                let key = format!("{}:", line.split(':').next().unwrap_or_default());
                text = text
                    .lines()
                    .filter(|old| !old.starts_with(&key))
                    .fold(String::new(), |text, line| text + line + "\n");
                text += &format!("{line}\n");
            }
            assert_eq!(missing(&text, files), expected, "{text}");
        };
        let english = "displayName: {en: A}";
        check(english, &texts, &[]);
        check(english, &[], &["readme", "changelog"]);
        check("displayName: {}", &texts, &["displayName"]);
        check("displayName: {en: ' '}", &texts, &["displayName"]);
        check(
            "displayName: {en: A, zh: 甲}",
            &texts,
            &["description zh", "provider zh", "readme zh", "changelog zh"],
        );
        // Whose language is misspelt, and what is no text, is no language's.
        check("displayName: {en: A, zh-CN: 甲}", &texts, &[]);
        check(
            "displayName: {zh: [甲]}",
            &texts,
            &[
                "displayName",
                "description zh",
                "provider zh",
                "readme zh",
                "changelog zh",
            ],
        );
        check(
            &format!("{english}\nprovider: {{en: {{url: a}}}}"),
            &texts,
            &["provider"],
        );
        check(
            &format!("{english}\ncategory: other"),
            &texts,
            &["category"],
        );
        check(
            &format!("{english}\nicon: ''\nname:"),
            &texts,
            &["name", "icon"],
        );
        check(
            &format!(
                "{english}\nicon: a.svg\nscreenshots: [../b.png, https://e.io/c.png, README.md, '']"
            ),
            &texts,
            &["icon", "screenshots[0]", "screenshots[3]"],
        );
        check(
            english,
            &[
                ("README_en.md", "a"),
                ("CHANGELOG.md", "b"),
                (".helmignore", "CHANGELOG.md\n"),
            ],
            &["changelog"],
        );
    }

    #[test]
    fn a_broken_manifest_is_shown_as_far_as_it_can_be_read() {
        let files = MemoryFs::default();
        let found = shown(
            "name: demo\ndisplayName:\n  zh: 示例\nicon: [\n",
            &files,
            Lang::Zh,
        );
        assert_eq!(
            (&found["name"], &found["displayName"]["zh"]),
            (&json!("demo"), &json!("示例"))
        );
        let nothing = shown("", &files, Lang::Zh);
        assert_eq!(nothing["languages"], json!([]));
        assert_eq!(
            nothing["missing"][0],
            json!({"field": "name", "message": "缺少 `name`"})
        );
    }
}
