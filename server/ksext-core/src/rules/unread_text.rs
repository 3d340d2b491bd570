//! `unread-text`: text behind the end of the first document.

use super::shared::{required, unread};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::text::{Span, TextEdit, line_start};

pub(super) static RULE: Rule = Rule {
    id: "unread-text",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "ksbuilder does not see this text: the document ends before it.",
            "ksbuilder 看不到这部分文本：文档在它之前已经结束。",
        ),
        why: Bilingual::fixed(
            "ksbuilder reads the first YAML document of the file only. It ends at a second `---`, at `...`, at a line that begins with `%YAML` or `%TAG`, at the first line that is indented less than the first key, and behind the closing brace if the manifest is written as `{…}`. Whatever follows is not even checked for errors, and push drops it.",
            "ksbuilder 只读取文件中的第一个 YAML 文档。文档在以下位置结束：第二个 `---`、`...`、以 `%YAML` 或 `%TAG` 开头的行、缩进少于第一个键的行，以及（清单写成 `{…}` 时）右花括号之后。其后的内容甚至不会检查错误，推送会将其丢弃。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through without this text. Error if a required field stands in it, because then push fails.",
            "警告：推送会成功，但不包含这部分文本。如果其中有必填字段则为错误，因为推送会失败。",
        ),
        fix: Bilingual::fixed(
            "Delete the mark that ends the document, correct the indentation, or delete the text.",
            "删除结束文档的标记、更正缩进，或删除这部分文本。",
        ),
        bad: Example::manifest("---\nhome: https://example.com\n"),
        good: Example::manifest("home: https://example.com\n"),
        sources: &["sigs.k8s.io/yaml v1.4.0 goyaml.v2/yaml.go `unmarshal`, parserc.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    finding(cx).into_iter().collect()
}

fn finding(cx: &Context<'_>) -> Option<Finding> {
    let text = cx.manifest.text();
    let rest = unread::unread(cx.manifest)?;
    let line = rest.of(text).lines().next()?.trim_end();
    let span = Span::new(rest.start, rest.start + line.len());
    let lost: Vec<String> = required::missing(cx)
        .into_iter()
        .filter(|field| unread::holds(cx.manifest, field))
        .map(|field| format!("`{field}`"))
        .collect();
    let mut finding = if lost.is_empty() {
        let message = Bilingual::fixed(
            "the document that ksbuilder reads ends here; push drops what follows",
            "ksbuilder 读取的文档到此结束；推送会丢弃其后的内容",
        );
        RULE.finding(span, message)
    } else {
        let (en, zh) = (lost.join(", "), lost.join("、"));
        let message = bilingual!(
            "the document that ksbuilder reads ends here, and {en} only follows behind that, so push fails",
            "ksbuilder 读取的文档到此结束；{zh} 位于其后，因此推送会失败",
        );
        let mut finding = RULE.finding(span, message);
        finding.severity = Severity::Error;
        finding
    };
    if let Some(edit) = without_mark(cx, rest) {
        let title = Bilingual::fixed("Delete this line", "删除这一行");
        finding = finding.fixed_by(Safety::Unsafe, title, [edit]);
    }
    Some(finding)
}

/// The edit that deletes the line with `---` or `...` that ends the document, if what is around it
/// then makes one map.
fn without_mark(cx: &Context<'_>, rest: Span) -> Option<TextEdit> {
    let text = cx.manifest.text();
    let behind = rest.of(text);
    let line = behind.split_inclusive('\n').next()?;
    let mark = line.trim_end();
    let root = cx.manifest.place(&[]);
    let at_column_0 = line_start(text, root.value.start) == root.value.start;
    let is_mark = matches!(mark, "---" | "...");
    (is_mark && root.block && at_column_0).then(|| TextEdit {
        span: Span::new(rest.start, rest.start + line.len()),
        text: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_fixes, check_text, check_whole, first_of};

    const WHOLE: &str = "apiVersion: kubesphere.io/v1alpha1\nname: demo\nversion: 1.0.0\ndisplayName: {en: a}\ndescription: {en: b}\ncategory: dev-tools\nprovider: {en: {name: c}}\nicon: https://example.com/a.svg\n";

    fn check_behind(text: &str, expected: &[&str]) {
        check_whole(&format!("{WHOLE}{text}"), expected);
    }

    #[test]
    fn what_ends_the_document_is_marked() {
        check_behind("---\nhome: b\n", &["unread-text: ---"]);
        check_behind(
            "# 一\r\n--- # 二\r\nhome: b\r\n",
            &["unread-text: --- # 二"],
        );
        check_behind("...\n😀\n", &["unread-text: ..."]);
        check_behind("%YAML 1.1\n---\nhome: b\n", &["unread-text: %YAML 1.1"]);
        let indented = WHOLE.replace('\n', "\n  ");
        check_whole(
            &format!("  {indented}\nhome: b\n"),
            &["unread-text: home: b"],
        );
        let lines = WHOLE.trim_end().replace('\n', ",\n");
        check_whole(&format!("{{{lines}}}\nhome\n"), &["unread-text: home"]);
        check_whole(&format!("---\n{WHOLE}---\n- [\n"), &["unread-text: ---"]);
    }

    #[test]
    fn nothing_is_lost_where_nothing_follows() {
        for rest in ["", "...\n", "---\n", "---\n# 一\n\n...\n", "\n  # 二\n"] {
            check_behind(rest, &[]);
        }
        check_whole(&format!("# 一\n--- # 二\n{WHOLE}"), &[]);
    }

    #[test]
    fn a_required_field_behind_the_end_is_told_once() {
        let text = "---\nname: demo\n---\n";
        check_text(text, &["unread-text: ---"]);
        let finding = first_of(&RULE, text);
        assert_eq!(finding.severity, Severity::Error);
        assert!(finding.message.en.contains("`displayName`"));
    }

    #[test]
    fn the_mark_goes_where_one_map_is_left() {
        let behind = "home: b\n---\n";
        check_fixes(&RULE, behind, &["home: b\n"]);
        check_fixes(&RULE, "  home: b\n...\n", &[]);
    }
}
