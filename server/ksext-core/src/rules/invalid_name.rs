//! `invalid-name`: a name that no chart and no URL can have.

use super::shared::problems;
use super::shared::upload_url::{self, UrlFault};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::validate::MetadataFault;
use crate::package::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "invalid-name",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "`name` holds characters that a chart's name or the upload's URL cannot hold.",
            "`name` 含有 chart 名称或上传 URL 不能包含的字符。",
        ),
        why: Bilingual::fixed(
            "Helm refuses `/`. Push puts the name into the URL of the upload as it is written: `?` and `#` cut the URL off, control characters and a `%` without two hexadecimal digits make it invalid.",
            "Helm 不接受 `/`。推送会把名称原样放进上传 URL：`?` 和 `#` 会截断 URL，控制字符和后面不是两位十六进制数字的 `%` 会使 URL 无效。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails, or sends the package to the wrong place.",
            "错误：推送会失败，或把扩展组件包发送到错误的位置。",
        ),
        fix: Bilingual::fixed(
            "Use lower-case letters, digits and `-`.",
            "只使用小写字母、数字和 `-`。",
        ),
        bad: Example::manifest("name: kse/demo\n"),
        good: Example::manifest("name: kse-demo\n"),
        sources: &[
            "Helm v3.18.1 pkg/chart/metadata.go `Validate`",
            "ksbuilder pkg/cloud/cloud.go",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = problems::findings(&RULE, cx, words);
    if findings.is_empty() {
        findings.extend(unfit_for_a_url(cx));
    }
    findings
}

fn words(problem: &Problem) -> Bilingual {
    match &problem.kind {
        ProblemKind::Metadata(MetadataFault::NameInvalid(name)) => bilingual!(
            "`{name}` cannot be a name: Helm refuses `/` in it, and push fails",
            "`{name}` 不能作为名称：Helm 不接受其中的 `/`，推送会失败",
        ),
        ProblemKind::ArchiveNameTooLong => Bilingual::fixed(
            "with the version and `.tgz` behind it this name is longer than the 255 bytes that a file's name may have; push fails",
            "此名称加上版本和 `.tgz` 后超过文件名允许的 255 字节；推送会失败",
        ),
        _ => Bilingual::fixed(
            "nothing in this name can be printed; push fails",
            "此名称中没有可打印的字符；推送会失败",
        ),
    }
}

fn unfit_for_a_url(cx: &Context<'_>) -> Option<Finding> {
    let name = cx.manifest.name()?;
    let shown = name.value.escape_debug();
    let message = match upload_url::fault(&name.value)? {
        UrlFault::Cut(cut) => bilingual!(
            "`{cut}` in `{shown}` cuts off the URL that push sends the package to",
            "`{shown}` 中的 `{cut}` 会截断推送的目标 URL",
        ),
        UrlFault::Control => bilingual!(
            "`{shown}` holds a control character, which no URL may hold; push fails",
            "`{shown}` 含有 URL 不允许的控制字符；推送会失败",
        ),
        UrlFault::BrokenEscape => bilingual!(
            "a `%` in `{shown}` is not followed by two hexadecimal digits, so the URL of the push is invalid",
            "`{shown}` 中的 `%` 后面不是两位十六进制数字，推送的 URL 无效",
        ),
    };
    Some(RULE.finding(name.span, message))
}
