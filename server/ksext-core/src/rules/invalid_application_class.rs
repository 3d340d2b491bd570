//! `invalid-application-class`: an applicationclass.yaml that ksbuilder cannot use.

use super::shared::yaml_words;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Severity};
use crate::lang::Bilingual;
use crate::manifest::first_key;
use crate::package::PkgPath;
use crate::semver::Version;
use crate::text::Span;
use crate::yaml::{self, Data, Tree, Value};

/// The file that the class is declared in.
const FILE: &str = "applicationclass.yaml";

/// The provisioner whose class needs a second file.
const HELM: &str = "kubesphere.io/helm-application";

/// That file, which `ksbuilder create --from` writes.
const PACKAGE_FILE: &str = "application-package.yaml";

pub(super) static RULE: Rule = Rule {
    id: "invalid-application-class",
    severity: Severity::Information,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "applicationclass.yaml is not one that ksbuilder can use.",
            "applicationclass.yaml 无法被 ksbuilder 使用。",
        ),
        why: Bilingual::fixed(
            "`ksbuilder validate` and `publish` make a chart of applicationclass.yaml, and fail when it is not YAML, when its `packageVersion` is no semantic version, when its `name` holds a `/`, or when a class for Helm applications lacks application-package.yaml. Push does not look at the file. A class without a name is none.",
            "`ksbuilder validate` 和 `publish` 会把 applicationclass.yaml 变成一个 chart；如果它不是 YAML、`packageVersion` 不是语义化版本、`name` 含有 `/`，或 Helm 应用的类缺少 application-package.yaml，就会失败。推送不检查该文件。没有名称的类会被忽略。",
        ),
        severity: Bilingual::fixed(
            "Information: push goes through; publishing to a cluster fails.",
            "信息：推送会成功；发布到集群会失败。",
        ),
        fix: Bilingual::fixed("Correct the marked place.", "修正标出的位置。"),
        bad: Example::with_files(
            "",
            &[(FILE, Entry::Text("name: mysql\npackageVersion: latest\n"))],
        ),
        good: Example::with_files(
            "",
            &[(FILE, Entry::Text("name: mysql\npackageVersion: 1.0.0\n"))],
        ),
        sources: &["ksbuilder pkg/extension/publish.go `LoadApplicationClass`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let file = PkgPath::from(FILE);
    let Some(contents) = cx.contents else {
        return Vec::new();
    };
    let Some(source) = contents.text(&file) else {
        return Vec::new();
    };
    let tree = yaml::parse_source(source);
    let has_package = contents.text(&PkgPath::from(PACKAGE_FILE)).is_some();
    fault(&tree, has_package)
        .map(|(span, message)| {
            let file = file.clone();
            RULE.finding_at(Location { file, span }, message)
        })
        .into_iter()
        .collect()
}

fn fault(tree: &Tree, has_package: bool) -> Option<(Span, Bilingual)> {
    if let Some(error) = tree.errors().first() {
        let words = yaml_words::words(&error.kind);
        let (en, zh) = (&words.en, &words.zh);
        let message = bilingual!("{en}; publishing fails", "{zh}；发布会失败");
        return Some((error.span, message));
    }
    let root = tree.value().filter(|root| root.data != Data::Null)?;
    if !matches!(root.data, Data::Map(_)) {
        let message = Bilingual::fixed(
            "this must be a map; publishing fails",
            "此处必须是映射；发布会失败",
        );
        return Some((tree.span(root.node), message));
    }
    let text = |key: &str| {
        let value = &root.get(key)?.value;
        Some((value.to_text()?, tree.span(value.node)))
    };
    let (name, span) = text("name").filter(|(name, _)| !name.is_empty())?;
    if name.contains('/') {
        let message = bilingual!(
            "a chart is made with the name `{name}`, and `/` is not allowed in it; publishing fails",
            "会用名称 `{name}` 生成 chart，而其中不允许有 `/`；发布会失败",
        );
        return Some((span, message));
    }
    version_fault(tree, root).or_else(|| {
        let (provisioner, span) = text("provisioner")?;
        let message = bilingual!(
            "`{provisioner}` needs the file {PACKAGE_FILE}, which is not there; publishing fails",
            "`{provisioner}` 需要文件 {PACKAGE_FILE}，但它不存在；发布会失败",
        );
        (provisioner == HELM && !has_package).then_some((span, message))
    })
}

fn version_fault(tree: &Tree, root: &Value) -> Option<(Span, Bilingual)> {
    let version = root.get("packageVersion").map(|entry| &entry.value);
    let written = version.and_then(|value| Some((value.to_text()?, tree.span(value.node))));
    match written {
        None => {
            let message = Bilingual::fixed(
                "the class has no `packageVersion`; publishing fails",
                "该类没有 `packageVersion`；发布会失败",
            );
            Some((first_key(tree), message))
        }
        Some((version, _)) if Version::parse(&version).is_some() => None,
        Some((version, span)) => {
            let message = bilingual!(
                "`{version}` is not a semantic version such as `1.2.3`; publishing fails",
                "`{version}` 不是 `1.2.3` 这样的语义化版本；发布会失败",
            );
            Some((span, message))
        }
    }
}
