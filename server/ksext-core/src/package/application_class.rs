//! The chart that `ksbuilder publish` makes of applicationclass.yaml (pkg/extension/publish.go
//! `LoadApplicationClass`).

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::chart::{MAX_FILE, text};
use super::clean::is_print;
use super::fs::{FileSystem, FsError, FsErrorKind, Kind, LookupError, lookup};
use super::marshal::marshal;
use super::path::PkgPath;
use super::problem::{Problem, ProblemKind};
use super::rewrite::Rewritten;
use super::yaml_file::decode;
use crate::manifest::fields::{APPLICATION_CLASS, CHART};
use crate::yaml;

const FILE: &str = "applicationclass.yaml";
const PACKAGE: &str = "application-package.yaml";
const CHART_FOLDER: &str = "charts/applicationclass";

/// The provisioner that installs a Helm chart, which stands in a file beside.
const HELM: &str = "kubesphere.io/helm-application";

/// Adds the chart to the package of the extension `name`, if there is an applicationclass.yaml that
/// names a class.
pub(super) fn add(package: &mut Rewritten<'_>, name: &str) {
    let class = match read(&package.files, FILE) {
        Ok(content) => content,
        Err(LookupError::NotFound(_) | LookupError::Dangling { .. }) => return,
        Err(error) => return package.problems.push(unreadable(FILE, error)),
    };
    let class = match decode(&APPLICATION_CLASS, &class) {
        Ok(class) => class,
        Err(refusal) => {
            let problem = Problem::new(&FILE.into(), refusal.kind);
            return package.problems.push(problem.at(refusal.span));
        }
    };
    if text(&class, "name").is_empty() {
        return;
    }
    let mut parameters = class.get("parameters").cloned().unwrap_or_default();
    write(package, "Chart.yaml", chart(&class));
    if text(&class, "provisioner") == HELM {
        parameters = json!({
            "configmap": format!("application-{name}-chart"),
            "namespace": "kubesphere-system",
        });
        match read(&package.files, PACKAGE) {
            Ok(content) => write(package, "templates/application-package.yaml", content),
            Err(error) => package.problems.push(unreadable(PACKAGE, error)),
        }
    }
    let template = template(&class, &parameters).into_bytes();
    write(package, "templates/applicationclass.yaml", template);
}

/// The content of a file in the package, links followed.
fn read(files: &dyn FileSystem, path: &str) -> Result<Vec<u8>, LookupError> {
    let found = lookup(files, &path.into())?;
    match found.kind {
        Kind::File { .. } => Ok(files.read(&found.path, MAX_FILE)?.into_owned()),
        _ => Err(FsErrorKind::WrongKind.at(&found.path).into()),
    }
}

fn unreadable(path: &str, error: LookupError) -> Problem {
    let kind = match error {
        LookupError::Fs(FsError { kind, .. }) => ProblemKind::Unreadable(kind),
        LookupError::NotFound(_) => ProblemKind::Unreadable(FsErrorKind::NotFound),
        error => ProblemKind::Link(error),
    };
    Problem::new(&path.into(), kind)
}

/// Writes a file of the chart into the package; folders on the way may be links.
fn write(package: &mut Rewritten<'_>, name: &str, content: Vec<u8>) {
    let path = PkgPath::from(CHART_FOLDER).join(&name.into());
    let mut folder = PkgPath::root();
    for step in path.parent().unwrap_or_default().components() {
        let next = folder.child(step);
        folder = match lookup(&package.files, &next) {
            Ok(found) if found.kind == Kind::Directory => found.path,
            Err(LookupError::NotFound(_)) => next,
            Err(LookupError::Dangling { target, .. }) => target,
            other => {
                let wrong_kind = FsErrorKind::WrongKind.at(&next);
                let error = other.err().unwrap_or(wrong_kind.into());
                return package.problems.push(unreadable(CHART_FOLDER, error));
            }
        };
    }
    package.put(&folder.child(path.name()), content);
}

/// Its Chart.yaml.
fn chart(class: &Value) -> Vec<u8> {
    let chart = json!({
        "apiVersion": "v2",
        "name": text(class, "name"),
        "version": text(class, "packageVersion"),
        "appVersion": text(class, "appVersion"),
    });
    yaml::write(&marshal(&CHART, &chart)).into_bytes()
}

/// The object that it installs. It begins with an empty line, and is no YAML if the name is none.
fn template(class: &Value, parameters: &Value) -> String {
    let plain = |key| text(class, key);
    let quoted = |key| quote(text(class, key));
    let description = class.get("description").unwrap_or(&Value::Null);
    let maintainer = class.get("maintainer").and_then(Value::as_object);
    format!(
        "
apiVersion: applicationclass.kubesphere.io/v1alpha1
kind: ApplicationClass
metadata:
  name: {name}-{version}
  labels:
    applicationclass.kubesphere.io/group: {group}
provisioner: {provisioner}
parameters: {parameters}
spec:
  appVersion: {app_version}
  packageVersion: {package_version}
  icon: {icon}
  description: {description}
  maintainer: {maintainer}
",
        name = plain("name"),
        version = plain("packageVersion"),
        group = plain("applicationClassGroup"),
        provisioner = quoted("provisioner"),
        parameters = to_json(&texts(parameters)),
        app_version = quoted("appVersion"),
        package_version = quoted("packageVersion"),
        icon = quoted("icon"),
        description = to_json(&texts(description)),
        maintainer = to_json(&maintainer.map(Maintainer::of)),
    )
}

/// A map of texts as a Go program holds it: null is an empty text.
fn texts(value: &Value) -> Option<Map<String, Value>> {
    let mut texts = value.as_object()?.clone();
    for text in texts.values_mut().filter(|text| text.is_null()) {
        *text = "".into();
    }
    Some(texts)
}

/// `chart.Maintainer` of Helm, in the order of its fields.
#[derive(Serialize)]
struct Maintainer<'v> {
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'v str,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'v str,
    #[serde(skip_serializing_if = "str::is_empty")]
    url: &'v str,
}

impl<'v> Maintainer<'v> {
    fn of(fields: &'v Map<String, Value>) -> Self {
        let text = |key| fields.get(key).and_then(Value::as_str).unwrap_or_default();
        Self {
            name: text("name"),
            email: text("email"),
            url: text("url"),
        }
    }
}

/// JSON as encoding/json writes it, fit to stand in HTML.
fn to_json(value: &impl Serialize) -> String {
    // Texts and maps of texts can always be written.
    let json = serde_json::to_string(value).unwrap_or_default();
    json.chars().fold(String::new(), |mut json, char| {
        match char {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                json.push_str(&format!("\\u{:04x}", u32::from(char)));
            }
            char => json.push(char),
        }
        json
    })
}

/// The text in double quotes as strconv.Quote writes it.
fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            ' ' => quoted.push(' '),
            char if is_print(char) => quoted.push(char),
            '\x07' => quoted.push_str("\\a"),
            '\x08' => quoted.push_str("\\b"),
            '\x0c' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\x0b' => quoted.push_str("\\v"),
            char => quoted.push_str(&match u32::from(char) {
                code @ (0..0x20 | 0x7f) => format!("\\x{code:02x}"),
                code @ 0..0x10000 => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            }),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::super::gzip::Inline;
    use super::super::memory::MemoryFs;
    use super::super::packaged;
    use super::*;
    use crate::manifest::Manifest;

    /// The package with this applicationclass.yaml as publish changes it: the chart's files and what
    /// is wrong.
    fn published(files: &MemoryFs) -> (Vec<String>, Vec<Problem>) {
        let manifest = Manifest::from_text("name: demo\nversion: 1.0.0\n");
        let published = packaged::publish(files, &manifest, &Inline);
        let mut texts = Vec::new();
        for name in [
            "charts/applicationclass/Chart.yaml",
            "charts/applicationclass/templates/applicationclass.yaml",
            "charts/applicationclass/templates/application-package.yaml",
        ] {
            let content = lookup(&published.files, &name.into())
                .ok()
                .and_then(|found| published.files.read(&found.path, MAX_FILE).ok());
            texts.extend(content.map(|text| String::from_utf8(text.into_owned()).unwrap()));
        }
        (texts, published.problems)
    }

    #[test]
    fn a_class_becomes_a_chart() {
        let class = "\
name: redis
applicationClassGroup: cache
provisioner: kubesphere.io/helm-application
parameters: {lost: x}
appVersion: 7.0
packageVersion: 1.2.3
icon: \"a\\t\\\"图\\u200b\"
description: {zh: <缓存>, en: ~}
maintainer: {url: u, name: m}
";
        let files = MemoryFs::from([(FILE, class), (PACKAGE, "kind: ConfigMap\n")]);
        let (texts, problems) = published(&files);
        assert_eq!(problems, []);
        assert_eq!(
            texts,
            [
                "apiVersion: v2\nappVersion: \"7\"\nname: redis\nversion: 1.2.3\n",
                r#"
apiVersion: applicationclass.kubesphere.io/v1alpha1
kind: ApplicationClass
metadata:
  name: redis-1.2.3
  labels:
    applicationclass.kubesphere.io/group: cache
provisioner: "kubesphere.io/helm-application"
parameters: {"configmap":"application-demo-chart","namespace":"kubesphere-system"}
spec:
  appVersion: "7"
  packageVersion: "1.2.3"
  icon: "a\t\"图\u200b"
  description: {"en":"","zh":"\u003c缓存\u003e"}
  maintainer: {"name":"m","url":"u"}
"#,
                "kind: ConfigMap\n",
            ]
        );
    }

    #[test]
    fn what_a_class_leaves_out_is_null() {
        let (texts, problems) = published(&MemoryFs::from([(FILE, "name: a\n")]));
        assert_eq!(problems, []);
        assert_eq!(texts.len(), 2);
        for line in [
            "parameters: null\n",
            "  description: null\n",
            "  maintainer: null\n",
            "  icon: \"\"\n",
        ] {
            assert!(texts[1].contains(line), "{line}");
        }
    }

    #[test]
    fn without_a_class_there_is_no_chart() {
        for files in [
            MemoryFs::default(),
            MemoryFs::from([(FILE, "")]),
            MemoryFs::from([(FILE, "provisioner: 图\n")]),
        ] {
            assert_eq!(published(&files), (vec![], vec![]));
        }
    }

    #[test]
    fn a_broken_class_is_told() {
        let helm = "name: a\nprovisioner: kubesphere.io/helm-application\n";
        for (files, path) in [
            (MemoryFs::from([(FILE, "- a\n")]), FILE),
            (MemoryFs::from([(FILE, "name: \"\n")]), FILE),
            (MemoryFs::default().with_directory(FILE), FILE),
            (MemoryFs::from([(FILE, helm)]), PACKAGE),
            (
                MemoryFs::from([(FILE, helm)]).with_symlink(PACKAGE, "/etc/x"),
                PACKAGE,
            ),
            (
                MemoryFs::from([(FILE, "name: a\n"), ("charts", "")]),
                CHART_FOLDER,
            ),
        ] {
            let problems = published(&files).1;
            let paths: Vec<_> = problems.iter().map(|problem| &problem.path).collect();
            assert!(
                !paths.is_empty() && paths.iter().all(|found| **found == path.into()),
                "{path}: {problems:?}"
            );
        }
    }

    #[test]
    fn the_chart_is_written_through_links_inside_the_package() {
        let files =
            MemoryFs::from([(FILE, "name: a\n"), ("real/x", "")]).with_symlink("charts", "real");
        let (texts, problems) = published(&files);
        assert_eq!((texts.len(), problems), (2, vec![]));
        let files = MemoryFs::from([(FILE, "name: a\n")]).with_symlink("charts", "/srv");
        assert_eq!(published(&files).0, [""; 0]);
        assert!(!published(&files).1.is_empty());
    }
}
