//! `wrong-type`: a value of a kind that its field cannot hold.

use super::shared::problems;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::fields::MANIFEST;
use crate::manifest::misfit::overridden_misfit;
use crate::manifest::{Place, Step};
use crate::schema::{self, Keyword, Type};
use crate::text::{Span, TextEdit};

pub(super) static RULE: Rule = Rule {
    id: "wrong-type",
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A value is a text, number, list or map where its field needs another kind.",
            "值是文本、数字、列表或映射，而字段需要另一种类型。",
        ),
        why: Bilingual::fixed(
            "ksbuilder reads a manifest into Go types. Numbers and booleans become text where text is wanted; nothing else is converted. It reports the first mismatch only, in the words of Go's JSON decoder.",
            "ksbuilder 把清单读入 Go 类型。需要文本时，数字和布尔值会转换为文本；除此之外不做任何转换。它只报告第一处不符，而且使用 Go 的 JSON 解码器的措辞。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails while it reads the manifest.",
            "错误：推送在读取清单时失败。",
        ),
        fix: Bilingual::fixed(
            "Write the value in the kind that the message names; a single text in place of a list goes into `[…]`.",
            "按消息所说的类型书写值；应为列表而只写了一个文本时，请放入 `[…]`。",
        ),
        bad: Example::manifest("keywords: monitoring\n"),
        good: Example::manifest("keywords: [monitoring]\n"),
        sources: &[
            "ksbuilder pkg/api/metadata.go `Metadata`",
            "sigs.k8s.io/yaml v1.4.0 yaml.go `convertToJSONableObject`",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings: Vec<_> = cx
        .violations
        .iter()
        .filter_map(|violation| match &violation.keyword {
            Keyword::Type { expected, found } => {
                mismatch(cx, &violation.path, *expected.first()?, *found)
            }
            _ => None,
        })
        .collect();
    findings.extend(not_finite(cx));
    if findings.is_empty() {
        findings.extend(overridden(cx));
    }
    findings
}

fn mismatch(cx: &Context<'_>, path: &[Step], expected: Type, found: Type) -> Option<Finding> {
    let place = cx.manifest.place(path);
    // Below what is no language nothing is as it should be; that is told of the key.
    if let [Step::Key(field), Step::Key(code), ..] = path
        && schema::field(&[field.as_str()]).is_some_and(|field| field.has_languages())
        && !schema::is_language(code)
    {
        return None;
    }
    // What could not be read is no map, although it begins like one.
    let errors = cx.manifest.tree().errors();
    if errors
        .iter()
        .any(|error| place.value.touches(error.span.start))
    {
        return None;
    }
    let (wanted, given) = (name(expected), name(found));
    let field = show_path(path);
    let (wanted_en, wanted_zh) = (&wanted.en, &wanted.zh);
    let (given_en, given_zh) = (&given.en, &given.zh);
    let message = if path.is_empty() {
        bilingual!(
            "the manifest must be {wanted_en}, and this is {given_en}",
            "清单必须是{wanted_zh}，而这里是{given_zh}",
        )
    } else {
        bilingual!(
            "`{field}` must be {wanted_en}, and this is {given_en}; push cannot read it",
            "`{field}` 必须是{wanted_zh}，而这里是{given_zh}；推送无法读取",
        )
    };
    let finding = RULE.finding(visible(cx.manifest.text(), place), message);
    let scalar = !matches!(found, Type::List | Type::Map);
    let text = place.value.of(cx.manifest.text());
    if expected == Type::List && scalar && !place.shared && fits_in_brackets(text) {
        let title = bilingual!("Write `[{text}]`, a list", "改写为列表 `[{text}]`");
        let edit = TextEdit {
            span: place.value,
            text: format!("[{text}]"),
        };
        return Some(finding.fixed_by(Safety::Safe, title, [edit]));
    }
    Some(finding)
}

/// A value that another spelling of its key overrides, and that is read all the same.
fn overridden(cx: &Context<'_>) -> Option<Finding> {
    let (wanted, node) = overridden_misfit(&MANIFEST, cx.manifest.tree().value()?)?;
    let words = problems::wanted_words(wanted);
    let (en, zh) = (&words.en, &words.zh);
    let message = bilingual!(
        "this must be {en}; push reads it although the key is written a second time in another case",
        "此处必须是{zh}；尽管该键以另一种大小写又写了一次，推送仍会读取它",
    );
    Some(RULE.finding(cx.manifest.span(node), message))
}

/// A number that JSON does not have, in a place where it is not turned into text.
fn not_finite(cx: &Context<'_>) -> Option<Finding> {
    let node = cx.manifest.value()?.not_finite()?;
    let message = Bilingual::fixed(
        "`.inf` and `.nan` are numbers that push cannot read here; put the value in quotes",
        "`.inf` 和 `.nan` 是推送在此处无法读取的数字；请给值加上引号",
    );
    let span = cx.manifest.span(node);
    let finding = RULE.finding(span, message);
    let text = span.of(cx.manifest.text());
    let title = bilingual!("Quote `{text}`", "给 `{text}` 加上引号");
    let edit = TextEdit {
        span,
        text: format!("\"{text}\""),
    };
    Some(finding.fixed_by(Safety::Unsafe, title, [edit]))
}

/// A block is named by its key, and what has none by its first line.
fn visible(text: &str, place: Place) -> Span {
    if let (true, Some(key)) = (place.block, place.key) {
        return key;
    }
    let line = place.value.of(text).lines().next().unwrap_or_default();
    Span::new(place.value.start, place.value.start + line.len())
}

fn fits_in_brackets(text: &str) -> bool {
    let quoted = text.starts_with(['"', '\'']);
    !text.is_empty()
        && !text.starts_with('-')
        && !text.contains(['\n', '\r'])
        && (quoted || !text.contains([',', '[', ']', '{', '}', '?', '#']))
        && !text.starts_with(['|', '>', '&', '*', '!'])
}

fn name(kind: Type) -> Bilingual {
    match kind {
        Type::Text => Bilingual::fixed("a text", "文本"),
        Type::Number => Bilingual::fixed("a number", "数字"),
        Type::Bool => Bilingual::fixed("`true` or `false`", "`true` 或 `false`"),
        Type::List => Bilingual::fixed("a list", "列表"),
        Type::Map => Bilingual::fixed("a map", "映射"),
        Type::Null => Bilingual::fixed("nothing", "空值"),
    }
}

/// `provider.zh.name`, `dependencies[2].tags`.
fn show_path(path: &[Step]) -> String {
    let mut shown = String::new();
    for step in path {
        match step {
            Step::Key(key) if shown.is_empty() => shown.push_str(key),
            Step::Key(key) => {
                shown.push('.');
                shown.push_str(key);
            }
            Step::Index(index) => shown.push_str(&format!("[{index}]")),
        }
    }
    shown
}
