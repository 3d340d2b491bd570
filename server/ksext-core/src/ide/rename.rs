//! Another name for what a place names: a chart, an alias, the key of a condition, a language, a file.
//!
//! Everything that names it is changed, or nothing: where a part cannot be changed, the answer says why.

use super::change::{Change, FileOperation};
use super::moves::{Move, Relocated, relocated};
use super::referent::{
    CHARTS, Mention, Referent, Replacing, Role, VALUES, Yaml, at, chart_named, charts,
    dependencies, entry_of, files_of, mentions, replace,
};
use super::view::View;
use crate::bilingual;
use crate::lang::Bilingual;
use crate::package::fs::{Kind, lookup};
use crate::package::local::is_local;
use crate::package::{Package, PkgPath};
use crate::schema::is_language;
use crate::text::{Span, TextEdit};

/// A name that can be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renaming {
    /// Where it stands.
    pub span: Span,
    /// What it is now.
    pub name: String,
}

/// The name that the cursor at the byte `offset` touches; `None` where none is that can be changed.
///
/// # Errors
/// Why the one there cannot be.
pub fn renaming(view: &View<'_>, offset: usize) -> Result<Option<Renaming>, Bilingual> {
    let Some(named) = named_at(view, offset) else {
        return Ok(None);
    };
    unpacked(&view.package, &named.referent)?;
    if let Referent::Path(path) = &named.referent {
        present(&view.package, path)?;
    }
    Ok(Some(Renaming {
        span: named.span,
        name: named.name(),
    }))
}

/// What gives the name at the byte `offset` another one; `None` where none is that can be changed.
///
/// # Errors
/// Why it cannot be that one.
pub fn rename(view: &View<'_>, offset: usize, new: &str) -> Result<Option<Change>, Bilingual> {
    let package = &view.package;
    let Some(named) = named_at(view, offset) else {
        return Ok(None);
    };
    unpacked(package, &named.referent)?;
    if named.name() == new {
        return Ok(Some(Change::default()));
    }
    let change = match &named.referent {
        Referent::Chart(old) => chart(package, old, new),
        Referent::Alias(old) => {
            let edits = alias(package, old, new)?;
            Ok(of_edits(edits, old, new, Vec::new()))
        }
        Referent::Value(path) => {
            let edits = value(package, path, new)?;
            Ok(of_edits(edits, &named.name(), new, Vec::new()))
        }
        Referent::Language(old) => {
            let edits = language(package, old, new)?;
            Ok(of_edits(edits, old, new, Vec::new()))
        }
        Referent::Path(old) => file(package, old, new),
        _ => return Ok(None),
    };
    change.map(Some)
}

/// The narrowest thing under the cursor that has a name of its own.
fn named_at(view: &View<'_>, offset: usize) -> Option<Mention> {
    let mut touched = at(view, offset);
    touched.reverse();
    // A key in values.yaml that a dependency goes by is that before it is a value.
    touched.sort_by_key(|mention| mention.span.len());
    let is_dependency =
        |mention: &&Mention| matches!(mention.referent, Referent::Chart(_) | Referent::Alias(_));
    if let Some(found) = touched.iter().find(is_dependency) {
        return Some(found.clone());
    }
    touched
        .into_iter()
        .find_map(|mention| match &mention.referent {
            Referent::Value(path) => switch(view, &mention, path, offset),
            Referent::Language(_) | Referent::Path(_) => Some(mention),
            _ => None,
        })
}

/// The key of a condition that the cursor touches, in the condition or in values.yaml.
fn switch(view: &View<'_>, mention: &Mention, path: &[String], offset: usize) -> Option<Mention> {
    if mention.role == Role::Definition {
        let known = dependencies(view.package.manifest());
        let mut switches = known.iter().flat_map(|one| one.switches());
        return switches
            .any(|switch| switch.starts_with(path))
            .then(|| mention.clone());
    }
    // Without a place of its own there is no telling which key is meant.
    let (_, part) = mention.part()?;
    if mention.span.len() != part.len() {
        return None;
    }
    let mut start = 0;
    for (index, key) in path.iter().enumerate() {
        let end = start + key.len();
        if offset <= mention.span.start + end {
            let referent = Referent::Value(path[..=index].to_vec());
            return Some(mention.narrowed(start..end, referent));
        }
        start = end + ".".len();
    }
    None
}

/// Refuses the name of a chart that is packed: what is in there cannot be edited.
fn unpacked(package: &Package<'_>, referent: &Referent) -> Result<(), Bilingual> {
    let Referent::Chart(name) = referent else {
        return Ok(());
    };
    let archive = packed(package, name).filter(|_| chart_named(package, name).is_none());
    match archive {
        None => Ok(()),
        Some(archive) => Err(bilingual!(
            "The chart `{name}` is packed in `{archive}`, where its name cannot be changed. Unpack it, or give the dependency an `alias`.",
            "chart `{name}` 打包在 `{archive}` 中，无法修改其名称。请先解包，或为该依赖设置 `alias`。",
        )),
    }
}

/// The archive that `helm package` makes of a chart of this name.
fn packed(package: &Package<'_>, name: &str) -> Option<PkgPath> {
    let folder = PkgPath::from(CHARTS);
    let names = package.files().list(&folder).ok()?;
    let is_it = |file: &&Vec<u8>| {
        let version = file
            .strip_suffix(b".tgz")
            .and_then(|stem| stem.strip_prefix(name.as_bytes()))
            .and_then(|rest| rest.strip_prefix(b"-"));
        version.is_some_and(|version| version.first().is_some_and(u8::is_ascii_digit))
    };
    names.iter().find(is_it).map(|file| folder.child(file))
}

/// The change, to be confirmed if it concerns more than one file.
fn of_edits(
    edits: Vec<(PkgPath, TextEdit)>,
    old: &str,
    new: &str,
    operations: Vec<FileOperation>,
) -> Change {
    let mut files: Vec<_> = edits.iter().map(|(file, _)| file).collect();
    files.dedup();
    let count = files.len();
    let confirm = (count > 1 || !operations.is_empty())
        .then(|| bilingual!("Rename `{old}` to `{new}`", "将 `{old}` 重命名为 `{new}`"));
    Change {
        edits,
        operations,
        confirm,
    }
}

/// The edits that write `new` for all `mentions`.
fn rewritten(
    package: &Package<'_>,
    mentions: Vec<Mention>,
    new: &str,
) -> Result<Vec<(PkgPath, TextEdit)>, Bilingual> {
    // A template is no YAML, and names in it are found by their letters.
    let understood = mentions.iter().filter(|mention| !mention.is_in_template());
    for file in files_of(understood) {
        readable(package, file)?;
    }
    let fits = |char: char| char.is_alphanumeric() || char == '_';
    let is_template_name = new.starts_with(char::is_alphabetic) && new.chars().all(fits);
    let mut read = mentions.iter().filter(|mention| mention.is_in_template());
    if let Some(mention) = read.next().filter(|_| !is_template_name) {
        let (name, file) = (mention.name(), &mention.file);
        return Err(bilingual!(
            "`{file}` reads `{name}` behind `.Values`, where `{new}` cannot be written: it takes a letter, then letters, digits and `_`.",
            "`{file}` 通过 `.Values` 读取 `{name}`，那里无法写 `{new}`：只能以字母开头，后接字母、数字和 `_`。",
        ));
    }
    let replacements = mentions.into_iter();
    let replacements = replacements.map(|mention| (mention, Replacing::Name(new.to_owned())));
    let (edits, refused) = replace(replacements.collect());
    none_refused(&refused)?;
    Ok(edits)
}

/// The mentions of what is moved and the edits that name its new place, all of them or none.
fn all_relocated(package: &Package<'_>, one: Move) -> Result<Relocated, Bilingual> {
    let found = relocated(package, &[one]);
    none_refused(&found.refused)?;
    Ok(found)
}

fn none_refused(refused: &[Mention]) -> Result<(), Bilingual> {
    let Some(mention) = refused.first() else {
        return Ok(());
    };
    let (name, file) = (mention.name(), &mention.file);
    Err(bilingual!(
        "`{name}` in `{file}` is written with an anchor, a tag or as a block of text, so it cannot be renamed. Write it out first.",
        "`{file}` 中的 `{name}` 使用了锚点、标签或文本块，无法重命名。请先改为普通写法。",
    ))
}

/// Refuses a file that is half understood: something in it may be missed.
fn readable(package: &Package<'_>, file: &PkgPath) -> Result<(), Bilingual> {
    let is_broken = if *file == PkgPath::from(crate::manifest::FILE_NAME) {
        !package.manifest().tree().errors().is_empty()
    } else if file.name().ends_with(b".yaml") {
        Yaml::of(package, file.clone()).is_some_and(|yaml| !yaml.tree.errors().is_empty())
    } else {
        false
    };
    if is_broken {
        return Err(bilingual!(
            "`{file}` has a YAML syntax error, so nothing in it can be renamed. Correct that first.",
            "`{file}` 存在 YAML 语法错误，无法重命名其中的内容。请先修正该错误。",
        ));
    }
    Ok(())
}

fn chart(package: &Package<'_>, old: &str, new: &str) -> Result<Change, Bilingual> {
    let mut edits = chart_changes(package, old, new)?;
    let mut operations = Vec::new();
    for chart in charts(package) {
        let bears_name = chart.folder.name() == old.as_bytes();
        if !bears_name || chart.text("name") != Some(old) {
            continue;
        }
        let from = chart.folder;
        let to = PkgPath::from(CHARTS).child(new.as_bytes());
        vacant(package, &to)?;
        let one = Move {
            from: from.clone(),
            to: to.clone(),
        };
        edits.extend(all_relocated(package, one)?.edits);
        operations.push(FileOperation::Rename { from, to });
    }
    edits.sort_by(|(a, one), (b, other)| (a, one.span).cmp(&(b, other.span)));
    Ok(of_edits(edits, old, new, operations))
}

/// The edits that give a chart another name, its folder apart.
pub(super) fn chart_changes(
    package: &Package<'_>,
    old: &str,
    new: &str,
) -> Result<Vec<(PkgPath, TextEdit)>, Bilingual> {
    valid_chart(new)?;
    let known = dependencies(package.manifest());
    let is_taken = known.iter().any(|one| one.name == new)
        || charts(package)
            .iter()
            .any(|chart| chart.text("name") == Some(new))
        || packed(package, new).is_some();
    if is_taken {
        return Err(bilingual!(
            "There is a chart or dependency called `{new}` already.",
            "已存在名为 `{new}` 的 chart 或依赖。",
        ));
    }
    let found = mentions(package, &Referent::Chart(old.to_owned()));
    if found.iter().any(|mention| mention.role == Role::Part)
        || known.iter().any(|one| one.key() == old)
    {
        free_key(package, new)?;
    }
    rewritten(package, found, new)
}

fn alias(
    package: &Package<'_>,
    old: &str,
    new: &str,
) -> Result<Vec<(PkgPath, TextEdit)>, Bilingual> {
    valid_chart(new)?;
    free_key(package, new)?;
    rewritten(
        package,
        mentions(package, &Referent::Alias(old.to_owned())),
        new,
    )
}

/// Refuses what another dependency goes by, or values.yaml has at its top.
fn free_key(package: &Package<'_>, new: &str) -> Result<(), Bilingual> {
    let known = dependencies(package.manifest());
    if known.iter().any(|one| one.key() == new) {
        return Err(bilingual!(
            "Another dependency goes by `{new}` already.",
            "已有其他依赖使用 `{new}`。",
        ));
    }
    let values = Yaml::of(package, PkgPath::from(VALUES));
    let key = [new.to_owned()];
    if values.is_some_and(|yaml| entry_of(&yaml.tree, &key).is_some()) {
        return Err(bilingual!(
            "values.yaml has a key `{new}` already.",
            "values.yaml 中已有键 `{new}`。",
        ));
    }
    Ok(())
}

/// Refuses what Helm takes for no name of a chart or alias, or does not find by a condition
/// (pkg/chart/dependency.go `aliasNameFormat`, pkg/chart/loader/load.go on names with `_` and `.`).
fn valid_chart(new: &str) -> Result<(), Bilingual> {
    let fits = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    let begins = new.starts_with(|char: char| char.is_ascii_alphanumeric());
    let means_something_else = ["global", "tags"].contains(&new);
    if begins && new.chars().all(fits) && !means_something_else {
        return Ok(());
    }
    Err(bilingual!(
        "`{new}` is no name for a chart: it takes letters, digits, `-` and `_`, begins with a letter or digit, and is not `global` or `tags`.",
        "`{new}` 不能用作 chart 名称：只能包含字母、数字、`-` 和 `_`，以字母或数字开头，且不能是 `global` 或 `tags`。",
    ))
}

/// The edits that give the last key of a path of conditions another name: in the conditions and in
/// every values.yaml.
fn value(
    package: &Package<'_>,
    path: &[String],
    new: &str,
) -> Result<Vec<(PkgPath, TextEdit)>, Bilingual> {
    let fits = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_');
    if new.is_empty() || !new.chars().all(fits) {
        return Err(bilingual!(
            "`{new}` is no key for a condition: it takes letters, digits, `-` and `_`.",
            "`{new}` 不能用作条件中的键：只能包含字母、数字、`-` 和 `_`。",
        ));
    }
    let mut renamed = path.to_vec();
    if let Some(last) = renamed.last_mut() {
        new.clone_into(last);
    }
    if !mentions_of_key(package, &renamed).is_empty() {
        let path = renamed.join(".");
        return Err(bilingual!(
            "There is a value `{path}` already.",
            "已存在值 `{path}`。",
        ));
    }
    if let [_] = path {
        free_key(package, new)?;
    }
    rewritten(package, mentions_of_key(package, path), new)
}

/// The places of the last key of `path`: in values.yaml, and in conditions that lead through it.
fn mentions_of_key(package: &Package<'_>, path: &[String]) -> Vec<Mention> {
    let mut found = mentions(package, &Referent::Value(path.to_vec()));
    found.retain(|mention| mention.role != Role::Request);
    let known = dependencies(package.manifest());
    let mut switches: Vec<_> = known.iter().flat_map(|one| one.switches()).collect();
    switches.retain(|switch| switch.starts_with(path));
    switches.sort();
    switches.dedup();
    for switch in switches {
        let start = path[..path.len() - 1]
            .iter()
            .map(|key| key.len() + ".".len())
            .sum();
        let end = start + path.last().map_or(0, String::len);
        let conditions = mentions(package, &Referent::Value(switch));
        let conditions = conditions.iter().filter(|one| one.role == Role::Request);
        found
            .extend(conditions.map(|one| one.narrowed(start..end, Referent::Value(path.to_vec()))));
    }
    found
}

fn language(
    package: &Package<'_>,
    old: &str,
    new: &str,
) -> Result<Vec<(PkgPath, TextEdit)>, Bilingual> {
    if !is_language(new) {
        return Err(bilingual!(
            "`{new}` is not a language code that ksbuilder accepts, such as `en` or `zh`.",
            "`{new}` 不是 ksbuilder 接受的语言代码，例如 `en` 或 `zh`。",
        ));
    }
    if !mentions(package, &Referent::Language(new.to_owned())).is_empty() {
        return Err(bilingual!(
            "There are texts in the language `{new}` already.",
            "已有语言为 `{new}` 的文本。",
        ));
    }
    rewritten(
        package,
        mentions(package, &Referent::Language(old.to_owned())),
        new,
    )
}

/// Refuses what is named and not there.
fn present(package: &Package<'_>, path: &PkgPath) -> Result<(), Bilingual> {
    let found = lookup(package.files(), path);
    if found.is_ok_and(|found| matches!(found.kind, Kind::File { .. } | Kind::Directory)) {
        return Ok(());
    }
    Err(bilingual!(
        "There is no `{path}` to rename.",
        "`{path}` 不存在，无法重命名。",
    ))
}

/// A file or folder under another path, with all that names it.
fn file(package: &Package<'_>, from: &PkgPath, new: &str) -> Result<Change, Bilingual> {
    let to = PkgPath::resolve_local(new).ok();
    let is_path = is_local(new) && !new.chars().any(char::is_control) && !new.ends_with('/');
    let Some(to) = to.filter(|to| is_path && !to.is_root()) else {
        return Err(bilingual!(
            "`{new}` is no path of a file in the package.",
            "`{new}` 不是扩展组件包内的文件路径。",
        ));
    };
    present(package, from)?;
    if to == *from {
        return Ok(Change::default());
    }
    if to.below(from).is_some() {
        return Err(bilingual!(
            "`{from}` cannot be moved into itself.",
            "不能将 `{from}` 移动到其自身之中。",
        ));
    }
    vacant(package, &to)?;
    let one = Move {
        from: from.clone(),
        to: to.clone(),
    };
    let Relocated {
        mentions, edits, ..
    } = all_relocated(package, one)?;
    for file in files_of(&mentions) {
        readable(package, file)?;
    }
    let operation = FileOperation::Rename {
        from: from.clone(),
        to: to.clone(),
    };
    Ok(of_edits(
        edits,
        &from.to_string(),
        &to.to_string(),
        vec![operation],
    ))
}

/// Refuses a path at which something stands.
fn vacant(package: &Package<'_>, path: &PkgPath) -> Result<(), Bilingual> {
    match package.files().kind(path) {
        Err(_) => Ok(()),
        Ok(_) => Err(bilingual!(
            "There is a `{path}` already.",
            "`{path}` 已存在。",
        )),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ide::sample::{FILES, Sample};

    /// The sample after what stands at `|` in a file is called `new`.
    #[track_caller]
    fn renamed(sample: &Sample, file: &str, marked: &str, new: &str) -> Sample {
        let opened = sample.open(file);
        let change = rename(&opened.view(), sample.offset(file, marked), new);
        let change = change.expect("no refusal").expect("a name");
        sample.after(&change)
    }

    /// The lines of a file that a renaming changes.
    #[track_caller]
    fn check(file: &str, marked: &str, new: &str, expected: &[(&str, &[&str])]) -> Sample {
        let before = Sample::new();
        let after = renamed(&before, file, marked, new);
        let mut changed = Vec::new();
        for (path, text) in &after.texts {
            let old: Vec<_> = before
                .texts
                .values()
                .flat_map(|text| text.lines())
                .collect();
            let lines = text.lines().filter(|line| !old.contains(line));
            let lines: Vec<_> = lines.map(str::trim).collect();
            if !lines.is_empty() {
                changed.push((path.to_string(), lines));
            }
        }
        let expected: Vec<_> = expected
            .iter()
            .map(|(path, lines)| ((*path).to_owned(), lines.to_vec()))
            .collect();
        assert_eq!(changed, expected, "{marked}");
        assert_eq!(before.errors(), after.errors());
        after
    }

    #[test]
    fn a_chart_is_renamed_wherever_it_is_named() {
        let expected: &[(&str, &[&str])] = &[
            (
                "README.md",
                &[
                    "![图](static/%E5%9B%BE%20%E6%A0%87.svg \"t\") <img src='./static/a.svg?raw=true'> [chart](charts/web/logo.svg#x)",
                ],
            ),
            ("charts/web/Chart.yaml", &["name: 'web'"]),
            (
                "extension.yaml",
                &[
                    "- name: \"web\"",
                    "condition: web.enabled,global.active",
                    "repository: file://charts/web",
                ],
            ),
            ("values.yaml", &["web:"]),
        ];
        for (file, marked) in [
            ("extension.yaml", "\"front|end\""),
            ("extension.yaml", "condition: fron|tend.enabled"),
            ("charts/frontend/Chart.yaml", "'front|end'"),
            ("values.yaml", "|frontend:"),
        ] {
            let after = check(file, marked, "web", expected);
            assert!(after.texts.contains_key(&"charts/web/values.yaml".into()));
            assert!(
                !after
                    .texts
                    .contains_key(&"charts/frontend/values.yaml".into())
            );
        }
    }

    #[test]
    fn a_chart_without_a_dependency_has_values_too() {
        let sample = Sample::new()
            .with(
                "charts/extra/Chart.yaml",
                "apiVersion: v2\nname: extra\nversion: 1.0.0\n",
            )
            .with("values.yaml", "extra: {a: 1}\n");
        let after = renamed(&sample, "charts/extra/Chart.yaml", "name: ex|tra", "more");
        assert_eq!(after.text("values.yaml"), "more: {a: 1}\n");
        assert!(after.texts.contains_key(&"charts/more/Chart.yaml".into()));
    }

    #[test]
    fn an_alias_shields_values_from_the_charts_name() {
        check(
            "extension.yaml",
            "{name: back|end",
            "server2",
            &[
                ("charts/server/Chart.yaml", &["name: server2"]),
                (
                    "extension.yaml",
                    &["- {name: server2, alias: 'api', condition: \"api.enabled\"} # 后端"],
                ),
            ],
        );
        let expected: &[(&str, &[&str])] = &[
            (
                "extension.yaml",
                &["- {name: backend, alias: 'rest', condition: \"rest.enabled\"} # 后端"],
            ),
            ("values.yaml", &["'rest': {enabled: yes}"]),
        ];
        check("extension.yaml", "alias: '|api'", "rest", expected);
        check("extension.yaml", "\"ap|i.enabled", "rest", expected);
        check("values.yaml", "'a|pi'", "rest", expected);
    }

    #[test]
    fn a_key_of_a_condition_is_renamed_in_all_values() {
        let expected: &[(&str, &[&str])] = &[
            ("charts/frontend/values.yaml", &["install: false"]),
            (
                "extension.yaml",
                &["condition: frontend.install,global.active"],
            ),
            ("values.yaml", &["install: true # 开"]),
        ];
        check("extension.yaml", "frontend.ena|bled", "install", expected);
        check("values.yaml", "ena|bled: true", "install", expected);
        check(
            "charts/frontend/values.yaml",
            "ena|bled",
            "install",
            expected,
        );
        check(
            "values.yaml",
            "glo|bal:",
            "features",
            &[
                (
                    "extension.yaml",
                    &["condition: frontend.enabled,features.active"],
                ),
                ("values.yaml", &["features:"]),
            ],
        );
    }

    #[test]
    fn templates_read_values_by_their_new_names() {
        let own = "{{ $.Values.frontend.enabled }} {{ .Values.frontend.enabledX }} {{ .Values.frontends }}\n";
        let of_chart =
            "{{ .Values.enabled }} {{ .Values.global.active }} {{ .Values.frontend.enabled }}\n";
        let sample = Sample::new()
            .with("templates/观测.yaml", own)
            .with("charts/frontend/templates/a/b.yaml", of_chart);
        let after = renamed(&sample, "values.yaml", "en|abled: true", "install");
        assert_eq!(
            after.text("templates/观测.yaml"),
            own.replace("enabled }", "install }")
        );
        assert_eq!(
            after.text("charts/frontend/templates/a/b.yaml"),
            of_chart.replacen("enabled", "install", 1)
        );
        let after = renamed(&sample, "values.yaml", "|active", "agree");
        let of_chart = of_chart.replace("active", "agree");
        assert_eq!(after.text("charts/frontend/templates/a/b.yaml"), of_chart);
        let after = renamed(&sample, "extension.yaml", "\"front|end\"", "web");
        let own = own.replace("frontend.", "web.");
        assert_eq!(after.text("templates/观测.yaml"), own);
        refuse(
            &sample,
            "values.yaml",
            "en|abled: true",
            "in-stall",
            "behind `.Values`",
        );
    }

    #[test]
    fn a_language_is_renamed_everywhere() {
        check(
            "extension.yaml",
            "'z|h'",
            "no",
            &[(
                "extension.yaml",
                &[
                    "displayName: {en: Demo, \"no\": 示例😀}",
                    "description: {en: An example., 'no': \"一个示例。\"}",
                    "\"no\": {name: 示例}",
                ],
            )],
        );
    }

    #[test]
    fn a_file_is_renamed_with_all_that_shows_it() {
        let after = check(
            "extension.yaml",
            "'./static/图| 标.svg'",
            "./static/pics/标 (1).svg",
            &[
                (
                    "README.md",
                    &[
                        "![图](static/pics/%E6%A0%87%20%281%29.svg \"t\") <img src='./static/a.svg?raw=true'> [chart](charts/frontend/logo.svg#x)",
                    ],
                ),
                ("README_zh.md", &["![图](<static/pics/标 (1).svg>)"]),
                ("extension.yaml", &["icon: './static/pics/标 (1).svg'"]),
            ],
        );
        assert!(after.texts.contains_key(&"static/pics/标 (1).svg".into()));
        let after = check(
            "extension.yaml",
            "./sta|tic\r",
            "assets",
            &[
                (
                    "README.md",
                    &[
                        "![图](assets/%E5%9B%BE%20%E6%A0%87.svg \"t\") <img src='./assets/a.svg?raw=true'> [chart](charts/frontend/logo.svg#x)",
                    ],
                ),
                ("README_zh.md", &["![图](<assets/图 标.svg>)"]),
                (
                    "extension.yaml",
                    &[
                        "staticFileDirectory: ./assets",
                        "icon: './assets/图 标.svg'",
                        "- assets/a.svg",
                        "- /assets/a.svg",
                    ],
                ),
            ],
        );
        assert!(after.texts.contains_key(&"assets/a.svg".into()));
    }

    /// What stands at `|` cannot be called `new`; `why` is a part of the reason.
    #[track_caller]
    fn refuse(sample: &Sample, file: &str, marked: &str, new: &str, why: &str) {
        let opened = sample.open(file);
        let found = rename(&opened.view(), sample.offset(file, marked), new);
        let refusal = found.expect_err(new);
        assert!(refusal.en.contains(why), "{}", refusal.en);
    }

    #[test]
    fn what_would_break_the_package_is_refused() {
        let sample = Sample::new();
        let chart =
            |new: &str, why: &str| refuse(&sample, "extension.yaml", "\"front|end\"", new, why);
        for new in [
            "", "a.b", "a,b", "_a", "-a", "前端", "a b", "../a", "global", "tags",
        ] {
            chart(new, "no name for a chart");
        }
        chart("backend", "chart or dependency called `backend`");
        chart("api", "goes by `api`");
        chart("server", "`charts/server` already");
        let taken = sample.clone().with("values.yaml", "web: 1\n");
        refuse(
            &taken,
            "extension.yaml",
            "\"front|end\"",
            "web",
            "key `web`",
        );
        let key = |new: &str, why: &str| refuse(&sample, "values.yaml", "en|abled: true", new, why);
        key("", "no key");
        key("a.b", "no key");
        key("replicas", "value `frontend.replicas` already");
        refuse(
            &sample,
            "extension.yaml",
            "z|h: 示例😀",
            "en",
            "`en` already",
        );
        refuse(
            &sample,
            "extension.yaml",
            "z|h: 示例😀",
            "zh-CN",
            "not a language code",
        );
        let icon =
            |new: &str, why: &str| refuse(&sample, "extension.yaml", "static/图| ", new, why);
        icon("static/a.svg", "`static/a.svg` already");
        icon("../a.svg", "no path");
        icon("https://example.com/a.svg", "no path");
        icon("", "no path");
        refuse(
            &sample,
            "extension.yaml",
            "./sta|tic\r",
            "static/b",
            "into itself",
        );
        let gone = sample.clone().with("README.md", "![x](gone.svg)\n");
        refuse(&gone, "README.md", "gone|", "b.svg", "no `gone.svg`");
    }

    #[test]
    fn what_cannot_be_rewritten_whole_is_left_alone() {
        let manifest = FILES[0].1;
        let shared = manifest.replace("name: \"frontend\"", "name: &n \"frontend\"");
        let shared = Sample::new().with("extension.yaml", &shared);
        refuse(
            &shared,
            "extension.yaml",
            "\"front|end\"",
            "web",
            "an anchor",
        );
        let merged = "x: &x {enabled: true}\nfrontend: *x\n";
        let merged = Sample::new().with("values.yaml", merged);
        refuse(
            &merged,
            "extension.yaml",
            "frontend.en|abled",
            "on2",
            "an anchor",
        );
        let broken = Sample::new().with("values.yaml", "frontend: {}\na: [\n");
        refuse(
            &broken,
            "extension.yaml",
            "\"front|end\"",
            "web",
            "syntax error",
        );
        let packed = Sample::of(&FILES[..2]).with("charts/frontend-0.1.0.tgz", "x");
        refuse(
            &packed,
            "extension.yaml",
            "\"front|end\"",
            "web",
            "is packed in",
        );
        let opened = packed.open("extension.yaml");
        let offset = packed.offset("extension.yaml", "\"front|end\"");
        renaming(&opened.view(), offset).expect_err("it is packed");
        let lost = Sample::of(&FILES[..1]);
        let offset = lost.offset("extension.yaml", "./static/图| 标.svg");
        renaming(&lost.open("extension.yaml").view(), offset).expect_err("there is no such file");
    }

    #[test]
    fn only_names_can_be_renamed() {
        let sample = Sample::new();
        let check = |file: &str, marked: &str, expected: Option<&str>| {
            let opened = sample.open(file);
            let found = renaming(&opened.view(), sample.offset(file, marked)).expect("no refusal");
            let found = found.map(|found| {
                assert!(found.span.of(sample.text(file)).len() >= found.name.len());
                found.name
            });
            assert_eq!(found.as_deref(), expected, "{marked}");
        };
        check("extension.yaml", "\"front|end\"", Some("frontend"));
        check(
            "extension.yaml",
            "frontend.enabled,global.act|ive",
            Some("active"),
        );
        check(
            "extension.yaml",
            "frontend.enabled,glo|bal.active",
            Some("global"),
        );
        check("README.md", "static/%E5|%9B", Some("static/图 标.svg"));
        check("extension.yaml", "category: dev|-tools", None);
        check("extension.yaml", "version: 0.1|.0", None);
        check("extension.yaml", "home: ht|tps", None);
        check("extension.yaml", "na|me: demo", None);
        check("values.yaml", "repli|cas", None);
        check("values.yaml", "tr|ue", None);
    }

    proptest! {
        #[test]
        fn there_and_back_leaves_every_byte(new in "[a-z][a-z0-9-]{3,12}z", place in 0usize..9) {
            let (file, marked, old, back) = [
                ("extension.yaml", "\"front|end\"", "frontend", "- name: \"|"),
                ("values.yaml", "|frontend:", "frontend", "# 值\n|"),
                ("extension.yaml", "{name: |backend", "backend", " - {name: |"),
                ("extension.yaml", "'|api'", "api", "alias: '|"),
                ("values.yaml", "|enabled: true", "enabled", "frontend:\n  |"),
                ("extension.yaml", "|zh: 示例😀", "zh", "{en: Demo, |"),
                ("extension.yaml", "- |static/a.svg", "static/a.svg", "screenshots:\r\n  - |"),
                ("README.md", "'./|static/a.svg?", "static/a.svg", "src='./|"),
                ("extension.yaml", ": |./static\r", "static", "staticFileDirectory: |"),
            ][place];
            let new = if old == "zh" { "fr".to_owned() } else { new };
            let sample = Sample::new();
            let there = renamed(&sample, file, marked, &new);
            prop_assert_ne!(&there, &sample);
            prop_assert_eq!(there.errors(), sample.errors());
            let again = renamed(&there, file, back, old);
            prop_assert_eq!(again, sample);
        }

        #[test]
        fn no_place_in_any_text_panics(
            text in "[a-z:\\- \n\"'|&*{}\\[\\]观😀~.,/<(!]{0,60}", offset in 0usize..80, file in 0usize..6,
        ) {
            let path = ["extension.yaml", "values.yaml", "charts/frontend/Chart.yaml", "charts/frontend/values.yaml", "README.md", "requirements.yaml"][file];
            let head = ["dependencies:\n- name: a\n  condition: ", "frontend:\n  ", "name: ", "", "[a](", "dependencies:\n- name: "][file];
            let sample = Sample::new().with(path, &format!("{head}{text}"));
            let opened = sample.open(path);
            let view = opened.view();
            let _ = crate::ide::definitions(&view, offset);
            let _ = crate::ide::references(&view, offset);
            let _ = crate::ide::links(&view);
            let markup = crate::ide::Markup::Markdown;
            let _ = crate::ide::hover(&view, offset, None, None, &|_| None, crate::lang::Lang::Zh, markup);
            let _ = renaming(&view, offset);
            if let Ok(Some(change)) = rename(&view, offset, "other") {
                sample.after(&change);
            }
        }
    }
}
