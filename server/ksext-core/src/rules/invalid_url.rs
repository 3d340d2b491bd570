//! `invalid-url`: an address that no browser opens.

use super::shared::people::people;
use super::shared::{scalar, spelling};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::local;
use crate::yaml::{Unwritable, Value};

pub(super) static RULE: Rule = Rule {
    id: "invalid-url",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "An address of a page, or of an icon or screenshot that is online, is no URL.",
            "网页地址，或在线图标、截图的地址，不是有效的 URL。",
        ),
        why: Bilingual::fixed(
            "`home`, `docs`, `sources` and the `url` of providers and maintainers are published as they stand, and users click on them. A browser needs `https://` in front and takes blanks around an address for a part of it, or not, as it likes.",
            "`home`、`docs`、`sources` 以及提供商和维护者的 `url` 会原样发布，供用户点击。地址前必须有 `https://`；首尾的空格是否算作地址的一部分，要看浏览器如何处理。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and the link leads nowhere.",
            "警告：推送会成功，但链接无法打开。",
        ),
        fix: Bilingual::fixed(
            "Write the whole address, from `https://` on.",
            "填写以 `https://` 开头的完整地址。",
        ),
        bad: Example::manifest("home: www.example.com/demo\n"),
        good: Example::manifest("home: https://www.example.com/demo\n"),
        sources: &["RFC 3986, 3", "ksbuilder pkg/api/metadata.go `Metadata`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings: Vec<_> = addresses(cx)
        .into_iter()
        .filter_map(|(place, value)| finding(cx, &place, value))
        .collect();
    // What an alias names stands in one place.
    findings.sort_by_key(|finding| finding.location.span);
    findings.dedup_by_key(|finding| finding.location.span);
    findings
}

/// The values that are meant to be addresses, and what they are called. An icon or screenshot is one
/// if ksbuilder does not take it for a file.
fn addresses<'c>(cx: &Context<'c>) -> Vec<(String, &'c Value)> {
    let manifest = cx.manifest;
    let single = ["home", "docs", "icon"].into_iter();
    let single = single.filter_map(|field| Some((field.into(), &manifest.entry(field)?.value)));
    let lists = ["sources", "screenshots"].into_iter().flat_map(|field| {
        let items = manifest.items(field).iter().enumerate();
        items.map(move |(index, item)| (format!("{field}[{index}]"), item))
    });
    let people = people(cx).into_iter().filter_map(|person| {
        let value = &person.value.get("url")?.value;
        Some((format!("{}.url", person.place), value))
    });
    let is_image = |place: &str| place == "icon" || place.starts_with("screenshots");
    let is_address = |(place, value): &(String, &Value)| {
        let text = value.to_text().unwrap_or_default();
        // What cannot be written is told as that.
        if Unwritable::in_text(&text).is_some() {
            return false;
        }
        !is_image(place) || !(local::is_local(&text) || text.starts_with("data:"))
    };
    single
        .chain(lists)
        .chain(people)
        .filter(is_address)
        .collect()
}

fn finding(cx: &Context<'_>, place: &str, value: &Value) -> Option<Finding> {
    let text = scalar::text_as_written(cx, value)?;
    let fault = fault(text)?;
    let span = cx.manifest.span(value.node);
    let shown = text.escape_debug();
    let message = match fault {
        Fault::Blanks => bilingual!(
            "there are blanks around the address in `{place}`; push publishes them too",
            "`{place}` 中的地址首尾有空白，推送会连同空白一起发布",
        ),
        Fault::NoScheme => bilingual!(
            "`{shown}` in `{place}` has no `https://` in front: no browser opens it as a link",
            "`{place}` 中的 `{shown}` 前面没有 `https://`，浏览器无法作为链接打开",
        ),
        Fault::Scheme => bilingual!(
            "`{shown}` in `{place}` does not begin with `https://` or `http://` as it should: no browser opens it",
            "`{place}` 中的 `{shown}` 开头写错了，应为 `https://` 或 `http://`，浏览器无法打开",
        ),
        Fault::Character(char) => {
            let char = char.escape_debug();
            bilingual!(
                "`{shown}` in `{place}` is no URL: it holds `{char}`",
                "`{place}` 中的 `{shown}` 不是有效的 URL：含有 `{char}`",
            )
        }
        Fault::Host => bilingual!(
            "`{shown}` in `{place}` is no URL: what follows `https://` is not a host",
            "`{place}` 中的 `{shown}` 不是有效的 URL：`https://` 后面不是主机名",
        ),
    };
    let finding = RULE.finding(span, message);
    let meant = meant(text, fault);
    let Some(meant) = meant else {
        return Some(finding);
    };
    let safety = match fault {
        Fault::Blanks => Safety::Safe,
        _ => Safety::Unsafe,
    };
    Some(scalar::rewriting(cx, finding, value.node, &meant, safety))
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// White space around it.
    Blanks,
    /// It begins with the host.
    NoScheme,
    /// It begins with what is nearly `https://`.
    Scheme,
    /// A character that may stand nowhere in a URL.
    Character(char),
    /// No host behind the scheme, or what is none.
    Host,
}

/// What is wrong with `text` as an address. Letters and signs outside ASCII, which browsers escape by
/// themselves, are not wrong; nor are other schemes than those of web pages.
fn fault(text: &str) -> Option<Fault> {
    let trimmed = text.trim();
    if trimmed != text {
        return Some(fault(trimmed).unwrap_or(Fault::Blanks));
    }
    let is_bad =
        |char: &char| char.is_whitespace() || char.is_control() || "<>\"{}|\\^`".contains(*char);
    if let Some(char) = text.chars().find(is_bad) {
        return Some(Fault::Character(char));
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        let start: String = text.chars().take(8).collect();
        let begins_like = |word: &str| start.to_ascii_lowercase().starts_with(word);
        let is_mangled = ["http:", "https:", "http/", "https/", "http：", "https："];
        if is_mangled.into_iter().any(begins_like) {
            return Some(Fault::Scheme);
        }
        return (!names_no_host(text)).then_some(Fault::NoScheme);
    };
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => (!has_host(rest)).then_some(Fault::Host),
        other if !is_scheme(other) => Some(Fault::NoScheme),
        other => spelling::did_you_mean(other, ["http", "https"]).map(|_| Fault::Scheme),
    }
}

fn is_scheme(scheme: &str) -> bool {
    let fits = |char: char| char.is_ascii_alphanumeric() || "+-.".contains(char);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.chars().all(fits)
}

/// Whether `text` is a URL that begins with no host, as `mailto:` and `tel:` do: what stands before
/// the colon is no host with a port behind it.
fn names_no_host(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let is_port = rest
        .get(..end)
        .is_some_and(|port| port.parse::<u16>().is_ok());
    let is_number = ["tel", "sms"].contains(&scheme.to_ascii_lowercase().as_str());
    is_scheme(scheme) && !scheme.contains('.') && !rest.is_empty() && (is_number || !is_port)
}

/// Whether what follows `://` begins with a host and perhaps a port.
fn has_host(rest: &str) -> bool {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.contains(']');
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let is_port = |port: &str| port.is_empty() || port.parse::<u16>().is_ok();
    let fits = |char: char| char.is_alphanumeric() || "-._~%".contains(char);
    let is_label = |label: &str| !label.is_empty();
    host.chars().all(fits)
        && host
            .strip_suffix('.')
            .unwrap_or(host)
            .split('.')
            .all(is_label)
        && port.is_none_or(is_port)
}

/// The address that is meant, if that can be told.
fn meant(text: &str, fault: Fault) -> Option<String> {
    let text = text.trim();
    let meant = match fault {
        Fault::Blanks => text.to_owned(),
        Fault::NoScheme if looks_like_host(text) => {
            format!("https://{}", text.trim_start_matches('/'))
        }
        Fault::Scheme => {
            let rest = text.trim_start_matches(|char: char| char.is_ascii_alphabetic());
            let rest = rest.trim_start_matches([':', '：', '/']);
            let scheme = text.get(..text.len() - rest.len()).unwrap_or_default();
            let is_secure = scheme.to_ascii_lowercase().contains('s');
            format!("http{}://{rest}", if is_secure { "s" } else { "" })
        }
        _ => return None,
    };
    self::fault(&meant).is_none().then_some(meant)
}

/// Whether `text` begins with a name that has a dot in it, as hosts have, and not with a user's.
fn looks_like_host(text: &str) -> bool {
    let text = text.trim_start_matches('/');
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.contains('.') && !host.starts_with('.') && !host.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::check_text;

    #[test]
    fn what_a_browser_opens_is_right() {
        for url in [
            "https://kubesphere.io",
            "http://localhost:8080/a?b=c#d",
            "HTTPS://例子.中国/路径",
            "https://user@example.com:/",
            "https://[::1]:80/",
            "https://www.jibudata.com/cpjs",
            "https://example.com/a(b)!$&'*+,;=[]",
            "git+https://github.com/a/b.git",
            "ssh://git@example.com/a",
            "oci://registry.example.com/a",
            "mailto:someone@example.com",
            "MAILTO:someone@example.com?subject=你好",
            "tel:+86-10-12345678",
            "tel:10086",
            "urn:isbn:0451450523",
        ] {
            assert_eq!(fault(url), None, "{url}");
        }
    }

    #[test]
    fn what_is_meant_is_guessed_where_little_is_wrong() {
        for (text, wrong, url) in [
            (" https://a.io", Fault::Blanks, Some("https://a.io")),
            ("https://a.io\u{3000}", Fault::Blanks, Some("https://a.io")),
            (
                "kubesphere.io",
                Fault::NoScheme,
                Some("https://kubesphere.io"),
            ),
            ("//a.io/b", Fault::NoScheme, Some("https://a.io/b")),
            ("a.io:8080/b", Fault::NoScheme, Some("https://a.io:8080/b")),
            (" www.a.io", Fault::NoScheme, Some("https://www.a.io")),
            ("git@github.com:a/b.git", Fault::NoScheme, None),
            ("none", Fault::NoScheme, None),
            ("localhost:8080/a", Fault::NoScheme, None),
            ("mailto:", Fault::NoScheme, None),
            ("文档:甲", Fault::NoScheme, None),
            ("https:/a.io", Fault::Scheme, Some("https://a.io")),
            ("https//a.io", Fault::Scheme, Some("https://a.io")),
            ("http:a.io", Fault::Scheme, Some("http://a.io")),
            ("htps://a.io", Fault::Scheme, Some("https://a.io")),
            ("https：//a.io", Fault::Scheme, Some("https://a.io")),
            ("https://", Fault::Host, None),
            ("https:///a", Fault::Host, None),
            ("https://a..io", Fault::Host, None),
            ("https://a.io:port", Fault::Host, None),
            ("https://a.io https://b.io", Fault::Character(' '), None),
            ("https://{{ .host }}", Fault::Character('{'), None),
        ] {
            assert_eq!(fault(text), Some(wrong), "{text}");
            assert_eq!(meant(text, wrong).as_deref(), url, "{text}");
        }
    }

    #[test]
    fn each_address_is_marked_where_it_stands() {
        check_text(
            "home: \" https://a.io\" # 😀\r\ndocs: 文档\r\nsources: [a.io, ~, '']\r\n",
            &[
                "invalid-url: \" https://a.io\"",
                "invalid-url: 文档",
                "invalid-url: a.io",
            ],
        );
        check_text(
            "provider:\n  en: &a {name: a, url: a.io}\n  zh: *a\n",
            &["invalid-url: a.io"],
        );
        check_text(
            "icon: https://\nscreenshots: [\"https://a.io/b c.png\", \"data:image/png;base64,AA\"]\n",
            &[
                "invalid-url: https://",
                "invalid-url: \"https://a.io/b c.png\"",
            ],
        );
        check_text("home: {a: b}\n", &["wrong-type: {a: b}"]);
    }
}
