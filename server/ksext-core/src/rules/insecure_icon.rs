//! `insecure-icon`: an icon over plain HTTP.

use super::shared::scalar;
use super::{Context, Example, Page, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "insecure-icon",
    severity: Severity::Information,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "`icon` is an address that begins with `http://`.",
            "`icon` 是以 `http://` 开头的地址。",
        ),
        why: Bilingual::fixed(
            "The Marketplace and most consoles are served over HTTPS. There a browser asks for the icon over HTTPS as well, whatever the address says, and shows none if it is not to be had that way. Others on the way can exchange the picture.",
            "扩展市场和多数控制台使用 HTTPS。在这样的页面上，无论地址怎么写，浏览器都会改用 HTTPS 请求图标，请求不到就不显示。此外，使用 HTTP 时图片可能在传输途中被替换。",
        ),
        severity: Bilingual::fixed(
            "Information: consoles without HTTPS show it.",
            "信息：未启用 HTTPS 的控制台可以显示它。",
        ),
        fix: Bilingual::fixed(
            "Write `https://`, or put the file into the package: push uploads it to where there is HTTPS.",
            "改用 `https://`，或把文件放进扩展组件包：推送会把它上传到支持 HTTPS 的位置。",
        ),
        bad: Example::manifest("icon: http://example.com/icon.svg\n"),
        good: Example::manifest("icon: https://example.com/icon.svg\n"),
        sources: &["W3C Mixed Content, 2", "ksbuilder cmd/push.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    finding(cx).into_iter().collect()
}

fn finding(cx: &Context<'_>) -> Option<Finding> {
    let value = &cx.manifest.entry("icon")?.value;
    let address = scalar::text_as_written(cx, value)?.strip_prefix("http://")?;
    // Another rule tells what is no URL at all.
    if address.starts_with(['/', '?', '#'])
        || address.is_empty()
        || address.contains(char::is_whitespace)
    {
        return None;
    }
    let message = Bilingual::fixed(
        "pages served over HTTPS ask for this icon over HTTPS and show none if that fails; write `https://`, or put the file into the package",
        "使用 HTTPS 的页面会改用 HTTPS 请求此图标，请求失败就不显示；请改用 `https://`，或把文件放进扩展组件包",
    );
    let finding = RULE.finding(cx.manifest.span(value.node), message);
    let secure = format!("https://{address}");
    let title = Bilingual::fixed("Write `https://`", "改写为 `https://`");
    let (node, safety) = (value.node, Safety::Unsafe);
    Some(scalar::replacing(cx, finding, node, &secure, safety, title))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::check_text;

    #[test]
    fn only_what_is_online_is_looked_at() {
        check_text(
            "icon: 'http://example.com/图标.svg' # 😀\r\n",
            &["insecure-icon: 'http://example.com/图标.svg'"],
        );
        for icon in ["'http://'", "http:///a.svg", "'http://example.com/a b.svg'"] {
            check_text(
                &format!("icon: {icon}\n"),
                &[&format!("invalid-url: {icon}")],
            );
        }
        check_text("icon: data:image/png;base64,AA\n", &[]);
        check_text("icon: ./http://a\n", &["missing-icon: ./http://a"]);
    }
}
