//! `name-convention`: a name that push takes and KubeSphere does not, or that the guide rules out.

use super::shared::{problems, scalar, upload_url};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "name-convention",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "`name` has other characters than lower-case letters, digits and `-`, or more than 32 of them.",
            "`name` 含有小写字母、数字和 `-` 以外的字符，或超过 32 个字符。",
        ),
        why: Bilingual::fixed(
            "ksbuilder and Helm take nearly any name. KubeSphere makes objects and a namespace of it, whose names consist of lower-case letters, digits and `-` and begin and end with a letter or digit; versions of an extension with another name it leaves out. It takes such words with `.` between them and 63 characters; the packaging guide allows 32, and no `.`.",
            "ksbuilder 和 Helm 几乎接受任何名称，但 KubeSphere 会用它命名对象和命名空间，只能使用小写字母、数字和 `-`，且以字母或数字开头和结尾；名称不符的扩展组件版本会被忽略。KubeSphere 接受用 `.` 连接的名称和最多 63 个字符；打包指南规定最多 32 个字符，且不能有 `.`。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and KubeSphere leaves the extension out. Information for a `.` or more than 32 characters, up to 63, which only the guide rules out.",
            "警告：推送会成功，但 KubeSphere 会忽略该扩展组件。如果只是含有 `.` 或有 33 至 63 个字符，则为信息，因为 KubeSphere 接受这样的名称，只是打包指南不允许。",
        ),
        fix: Bilingual::fixed(
            "Choose a name such as `log-viewer`. Once an extension is published, another name is another extension.",
            "改用 `log-viewer` 这样的名称。扩展组件发布之后，改名就意味着另一个扩展组件。",
        ),
        bad: Example::manifest("name: Log_Viewer\n"),
        good: Example::manifest("name: log-viewer\n"),
        sources: &[
            "KubeSphere pkg/controller/core/util.go `isValidExtensionName`",
            "KubeSphere dev-guide, packaging: rules for the package name",
        ],
    },
    check,
};

/// The most characters that the guide allows.
const MAX: usize = 32;

/// The most bytes that KubeSphere takes (`ExtensionNameMaxLength`).
const MAX_LABEL: usize = 63;

fn check(cx: &Context<'_>) -> Vec<Finding> {
    // Another rule tells what push itself cannot do with a name.
    let is_told = cx
        .problems
        .iter()
        .any(|problem| problems::teller(problem) == "invalid-name");
    let finding = (!is_told).then(|| finding(cx)).flatten();
    finding.into_iter().collect()
}

fn finding(cx: &Context<'_>) -> Option<Finding> {
    let value = &cx.manifest.entry("name")?.value;
    let name = scalar::text_as_written(cx, value)?;
    // What Helm takes for a path; of `/` alone it makes the name `/`.
    if (name.contains('/') && name != "/") || upload_url::fault(name).is_some() {
        return None;
    }
    let shown = name.escape_debug();
    let count = name.chars().count();
    let is_refused = !name.split('.').all(is_label) || name.len() > MAX_LABEL;
    let message = if is_refused {
        bilingual!(
            "KubeSphere takes no extension called `{shown}`: a name consists of lower-case letters, digits and `-`, and begins and ends with a letter or digit",
            "KubeSphere 不接受名为 `{shown}` 的扩展组件：名称只能包含小写字母、数字和 `-`，且以字母或数字开头和结尾",
        )
    } else if !is_label(name) {
        bilingual!(
            "`{shown}` has a `.`; by the packaging guide a name consists of lower-case letters, digits and `-`",
            "`{shown}` 含有 `.`；打包指南规定名称只能包含小写字母、数字和 `-`",
        )
    } else if count > MAX {
        bilingual!(
            "`{shown}` has {count} characters; the packaging guide allows {MAX}",
            "`{shown}` 有 {count} 个字符；打包指南规定最多 {MAX} 个",
        )
    } else {
        return None;
    };
    let mut finding = RULE.finding(cx.manifest.span(value.node), message);
    if !is_refused {
        finding.severity = Severity::Information;
    }
    let meant = fitting(name);
    let Some(meant) = meant else {
        return Some(finding);
    };
    Some(scalar::rewriting(
        cx,
        finding,
        value.node,
        &meant,
        Safety::Unsafe,
    ))
}

/// Whether `text` is a DNS label (RFC 1123), its length apart.
fn is_label(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && !text.starts_with('-') && !text.ends_with('-') && text.bytes().all(is_part)
}

/// The name that comes nearest and fits; `None` if a person has to think of one.
fn fitting(name: &str) -> Option<String> {
    let is_sign = |char: char| char == '_' || char == '.' || char == '-' || char.is_whitespace();
    let words = name.split(is_sign).filter(|word| !word.is_empty());
    let words: Vec<_> = words.map(str::to_ascii_lowercase).collect();
    let name = words.join("-");
    (is_label(&name) && name.len() <= MAX).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_text, first_of};

    #[test]
    fn a_name_is_offered_where_little_is_wrong() {
        for (name, fits) in [
            ("Log_Viewer ", Some("log-viewer")),
            ("logViewer", Some("logviewer")),
            ("a.b", Some("a-b")),
            ("-a--b-", Some("a-b")),
            ("..", None),
            ("日志", None),
            ("a+b", None),
            ("a-name-that-has-more-than-32-letters", None),
        ] {
            assert_eq!(fitting(name).as_deref(), fits, "{name}");
        }
    }

    #[test]
    fn the_value_is_marked() {
        check_text("name: '日志 😀' # 一\r\n", &["name-convention: '日志 😀'"]);
        for name in [
            "..",
            "a.b",
            "A",
            "/",
            "a_b",
            "abcdefghijklmnopqrstuvwxyz-0123456",
        ] {
            check_text(
                &format!("name: {name}\n"),
                &[&format!("name-convention: {name}")],
            );
        }
        for name in ["a", "0-a", "abcdefghijklmnopqrstuvwxyz-01234"] {
            check_text(&format!("name: {name}\n"), &[]);
        }
    }

    #[test]
    fn what_only_the_guide_rules_out_is_information() {
        for (name, severity) in [
            ("Log".to_owned(), Severity::Warning),
            ("a..b".to_owned(), Severity::Warning),
            ("a".repeat(64), Severity::Warning),
            ("a.b".to_owned(), Severity::Information),
            ("a".repeat(33), Severity::Information),
            ("a".repeat(63), Severity::Information),
        ] {
            let finding = first_of(&RULE, &format!("name: {name}\n"));
            assert_eq!(finding.severity, severity, "{name}");
        }
    }

    #[test]
    fn one_cause_makes_one_finding() {
        check_text("name: A/B\n", &["invalid-name: A/B"]);
        check_text("name: A?\n", &["invalid-name: A?"]);
        check_text("name: \"\\u200b\"\n", &["invalid-name: \"\\u200b\""]);
        check_text("name: ''\n", &["missing-required: ''"]);
    }
}
