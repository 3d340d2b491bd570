//! `incomplete-person`: a provider or maintainer without a name.

use super::shared::people::{Person, people};
use super::shared::spelling;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::yaml::Data;

pub(super) static RULE: Rule = Rule {
    id: "incomplete-person",
    severity: Severity::Warning,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "A provider or maintainer has no `name`, or a blank one.",
            "某个提供商或维护者没有 `name`，或 `name` 为空白。",
        ),
        why: Bilingual::fixed(
            "The Marketplace shows the provider's name beside the extension; neither ksbuilder nor Helm asks whether there is one, of a maintainer either.",
            "扩展市场会在扩展组件旁显示提供商的名称；ksbuilder 和 Helm 都不检查提供商或维护者是否有名称。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and nobody is named. For a maintainer, whom only Chart.yaml names, information.",
            "警告：推送会成功，但不会显示任何名称。维护者只写入 Chart.yaml，因此仅为信息。",
        ),
        fix: Bilingual::fixed("Write the name.", "填写名称。"),
        bad: Example::manifest(
            "provider:\n  en:\n    name: Example\n  zh:\n    url: https://example.com\n",
        ),
        good: Example::manifest(
            "provider:\n  en:\n    name: Example\n  zh:\n    name: 示例\n    url: https://example.com\n",
        ),
        sources: &[
            "KubeSphere staging/src/kubesphere.io/api/core/v1alpha1/types.go `Provider`",
            "Helm v3.18.1 pkg/chart/metadata.go `Maintainer`",
            "KubeSphere console packages/core/src/containers/Extensions/utils/extension.tsx",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    // In broken text the name may stand where the reader could not go.
    if !cx.manifest.tree().errors().is_empty() {
        return Vec::new();
    }
    people(cx)
        .iter()
        .filter_map(|person| finding(cx, person))
        .collect()
}

fn finding(cx: &Context<'_>, person: &Person<'_>) -> Option<Finding> {
    let entries = person.value.entries();
    // That a provider says nothing at all is another defect.
    if person.is_provider && entries.is_empty() {
        return None;
    }
    let name = person.value.get("name");
    let span = match name.map(|entry| (&entry.value.data, entry)) {
        Some((Data::Null, entry)) => cx.manifest.span(entry.key_node),
        Some((Data::Text(text), entry)) if text.trim().is_empty() => {
            cx.manifest.span(entry.value.node)
        }
        Some(_) => return None,
        // What is wrong may be how the key is written.
        None if entries.iter().any(|entry| is_misspelt_name(&entry.key)) => return None,
        None => person.span,
    };
    let place = &person.place;
    if person.is_provider {
        let message = bilingual!(
            "`{place}` has no `name`: the Marketplace shows no provider in this language; write the name",
            "`{place}` 没有 `name`：扩展市场不会显示该语言的提供商名称；请填写名称",
        );
        return Some(RULE.finding(span, message));
    }
    let message = bilingual!(
        "`{place}` has no `name`; say who it is",
        "`{place}` 没有 `name`；请写明是谁",
    );
    let mut finding = RULE.finding(span, message);
    finding.severity = Severity::Information;
    Some(finding)
}

fn is_misspelt_name(key: &str) -> bool {
    let others = ["email", "url"];
    !others.contains(&key) && spelling::did_you_mean(key, ["name"]).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_text, first_of};

    #[test]
    fn the_entry_or_its_empty_name_is_marked() {
        check_text(
            "provider: {en: {name: \"\"}, zh: {name: ~}}\r\n",
            &["incomplete-person: \"\"", "incomplete-person: name"],
        );
        check_text(
            "maintainers:\n  - email: a@example.com # 😀\n  - {}\n  - name: 甲\n",
            &["incomplete-person: email", "incomplete-person: {}"],
        );
    }

    #[test]
    fn a_blank_name_is_none() {
        for (name, provider, maintainer) in [
            ("''", Severity::Warning, Severity::Information),
            ("' '", Severity::Warning, Severity::Information),
            ("\"\\u3000\"", Severity::Warning, Severity::Information),
        ] {
            for (manifest, severity) in [
                (
                    format!("provider: {{en: {{name: {name}}}, zh: {{name: 示例}}}}\n"),
                    provider,
                ),
                (format!("maintainers: [{{name: {name}}}]\n"), maintainer),
            ] {
                check_text(&manifest, &[&format!("incomplete-person: {name}")]);
                assert_eq!(first_of(&RULE, &manifest).severity, severity, "{manifest}");
            }
        }
    }

    #[test]
    fn one_cause_makes_one_finding() {
        check_text("maintainers: [{nmae: Example}]\n", &["unknown-key: nmae"]);
        check_text("maintainers: [~]\n", &["null-item: ~"]);
        check_text("maintainers: [{name: [a]}]\n", &["wrong-type: [a]"]);
        check_text(
            "provider: {en: {name: a}, zh_CN: {url: https://example.com}}\n",
            &["unknown-language: zh_CN"],
        );
    }
}
