//! `invalid-email`: an e-mail address that no mail reaches.

use super::shared::people::{Person, people};
use super::shared::scalar;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "invalid-email",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "The e-mail address of a provider or maintainer is none.",
            "提供商或维护者的邮箱不是有效的邮箱地址。",
        ),
        why: Bilingual::fixed(
            "It is published as it stands, and only `ksbuilder lint` looks at those of maintainers. An address has one `@`, no blanks, and a domain with a dot behind it.",
            "它会原样发布，只有 `ksbuilder lint` 会检查维护者的邮箱。邮箱地址只有一个 `@`，没有空格，`@` 之后是带点的域名。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and users cannot write to anybody.",
            "警告：推送会成功，但用户无法通过它联系到任何人。",
        ),
        fix: Bilingual::fixed(
            "Correct the address, or leave it out.",
            "更正邮箱地址，或去掉它。",
        ),
        bad: Example::manifest("maintainers:\n  - name: Example\n    email: dev@example\n"),
        good: Example::manifest("maintainers:\n  - name: Example\n    email: dev@example.com\n"),
        sources: &[
            "ksbuilder cmd/lint.go (Helm v3.18.1 pkg/lint/rules/chartfile.go)",
            "RFC 5322, 3.4.1",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings: Vec<_> = people(cx)
        .iter()
        .filter_map(|person| finding(cx, person))
        .collect();
    // What an alias names stands in one place.
    findings.sort_by_key(|finding| finding.location.span);
    findings.dedup_by_key(|finding| finding.location.span);
    findings
}

fn finding(cx: &Context<'_>, person: &Person<'_>) -> Option<Finding> {
    let value = &person.value.get("email")?.value;
    let address = scalar::text_as_written(cx, value).filter(|address| !is_address(address))?;
    let shown = address.escape_debug();
    let place = &person.place;
    let message = bilingual!(
        "`{shown}`, the `email` of `{place}`, is no e-mail address; correct it, or leave it out",
        "`{place}` 的 `email` 是 `{shown}`，不是有效的邮箱地址；请更正，或去掉它",
    );
    let finding = RULE.finding(cx.manifest.span(value.node), message);
    let meant = meant(address);
    let Some(meant) = meant else {
        return Some(finding);
    };
    // Blanks around it are nobody's intention; the rest is a guess.
    let safety = if address.trim() == meant {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    Some(scalar::rewriting(cx, finding, value.node, &meant, safety))
}

/// Whether this could be an address. Quoted local parts and address literals, which nobody
/// publishes, are not.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let in_local = |char: char| char.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(char);
    let is_label = |label: &str| {
        let fits = |char: char| char.is_alphanumeric() || char == '-' || char == '_';
        !label.is_empty() && label.chars().all(fits)
    };
    !local.is_empty()
        && local.chars().all(in_local)
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

/// The address that is meant, if it stands in there.
fn meant(text: &str) -> Option<String> {
    let text = text.trim().replace('＠', "@");
    let inside = text
        .split_once('<')
        .and_then(|(_, rest)| rest.strip_suffix('>'));
    let address = inside.unwrap_or(&text).trim();
    let address = address.strip_prefix("mailto:").unwrap_or(address);
    is_address(address).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::check_text;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for address in [
            "kubesphere@yunify.com",
            "chris.sun+ks@mail.example.com.cn",
            "甲@例子.中国",
            "o'neil_1@ex-ample.org",
        ] {
            assert!(is_address(address), "{address}");
        }
        for (text, address) in [
            (" a@example.com ", Some("a@example.com")),
            ("a＠example.com", Some("a@example.com")),
            ("mailto:a@example.com", Some("a@example.com")),
            ("A <a@example.com>", Some("a@example.com")),
            ("example.com", None),
            ("a@example", None),
            ("a@example..com", None),
            ("a@example.com, b@example.com", None),
            ("a@b@example.com", None),
            ("https://example.com", None),
        ] {
            assert!(!is_address(text), "{text}");
            assert_eq!(meant(text).as_deref(), address, "{text}");
        }
    }

    #[test]
    fn each_address_is_marked_where_it_stands() {
        check_text(
            "provider:\r\n  en: &a {name: a, email: '甲 @x'}\r\n  zh: *a\r\n",
            &["invalid-email: '甲 @x'"],
        );
        check_text(
            "maintainers: [{name: a, email: ''}, {name: b, email: ~}, {name: c, email: d}]\n",
            &["invalid-email: d"],
        );
        check_text(
            "maintainers: [{name: a, email: [b]}]\n",
            &["wrong-type: [b]"],
        );
    }
}
