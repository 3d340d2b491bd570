//! `invalid-chart`: a chart under charts/ that Helm refuses.

use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::validate::MetadataFault;
use crate::package::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "invalid-chart",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "A chart in the package is not one that Helm loads.",
            "扩展组件包中的某个 chart 无法被 Helm 加载。",
        ),
        why: Bilingual::fixed(
            "Push has Helm load the package with every chart in it, packed or not: each needs a Chart.yaml with a name and a semantic version. requirements.yaml in the package's root is read over the Chart.yaml that push writes.",
            "推送让 Helm 加载扩展组件包及其中的每个 chart（无论是否打包）：每个 chart 都需要带有名称和语义化版本的 Chart.yaml。根目录中的 requirements.yaml 会覆盖推送写出的 Chart.yaml。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails while it loads the package.",
            "错误：推送在加载扩展组件包时失败。",
        ),
        fix: Bilingual::fixed(
            "Correct the chart; `helm lint` on its folder tells more.",
            "修正该 chart；对其文件夹运行 `helm lint` 可了解更多。",
        ),
        bad: Example::with_files(
            "",
            &[(
                "charts/web/Chart.yaml",
                Entry::Text("apiVersion: v2\nname: web\nversion: latest\n"),
            )],
        ),
        good: Example::with_files(
            "dependencies: [{name: web}]\n",
            &[(
                "charts/web/Chart.yaml",
                Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
            )],
        ),
        sources: &[
            "Helm v3.18.1 pkg/chart/loader/load.go, archive.go, pkg/chart/metadata.go `Validate`",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::findings(&RULE, cx, words)
}

fn words(problem: &Problem) -> Bilingual {
    let path = &problem.path;
    match &problem.kind {
        ProblemKind::ChartMissing { .. } => bilingual!(
            "`{path}` has no Chart.yaml, so it is no chart; push fails (`Chart.yaml file is missing`)",
            "`{path}` 中没有 Chart.yaml，不是 chart；推送会失败（`Chart.yaml file is missing`）",
        ),
        ProblemKind::PackedChartIsDirectory => bilingual!(
            "`{path}` is a folder that is called like a packed chart; push fails",
            "`{path}` 是名称像打包 chart 的文件夹；推送会失败",
        ),
        ProblemKind::Unpack(why) => bilingual!(
            "`{path}` is no packed chart that Helm takes: {why}; push fails",
            "`{path}` 不是 Helm 接受的打包 chart：{why}；推送会失败",
        ),
        ProblemKind::Metadata(fault) => metadata(fault),
        _ => problems::words_of_undecoded(problem),
    }
}

fn metadata(fault: &MetadataFault) -> Bilingual {
    match fault {
        MetadataFault::NameMissing => Bilingual::fixed(
            "the chart has no `name`; push fails",
            "chart 没有 `name`；推送会失败",
        ),
        MetadataFault::NameInvalid(name) => bilingual!(
            "a chart cannot be called `{name}`: `/` is not allowed; push fails",
            "chart 的名称不能是 `{name}`：不允许包含 `/`；推送会失败",
        ),
        MetadataFault::VersionMissing => Bilingual::fixed(
            "the chart has no `version`; push fails",
            "chart 没有 `version`；推送会失败",
        ),
        MetadataFault::VersionInvalid(version) => bilingual!(
            "`{version}` is not a semantic version such as `1.2.3`; push fails",
            "`{version}` 不是 `1.2.3` 这样的语义化版本；推送会失败",
        ),
        MetadataFault::TypeInvalid(kind) => bilingual!(
            "a chart's `type` is `application` or `library`, not `{kind}`; push fails",
            "chart 的 `type` 只能是 `application` 或 `library`，不能是 `{kind}`；推送会失败",
        ),
        MetadataFault::NullMaintainer | MetadataFault::NullDependency => Bilingual::fixed(
            "an item of this list is empty; push fails",
            "列表中有空项；推送会失败",
        ),
        MetadataFault::AliasInvalid(alias) => bilingual!(
            "an alias consists of letters, digits, `_` and `-`, and `{alias}` does not; push fails",
            "别名只能包含字母、数字、`_` 和 `-`，`{alias}` 不符合；推送会失败",
        ),
        MetadataFault::DuplicateDependency(key) => bilingual!(
            "more than one dependency is called `{key}`; push fails",
            "有多个依赖名为 `{key}`；推送会失败",
        ),
    }
}
