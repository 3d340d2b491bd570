//! `unwritable-text`: a text that can be read and cannot be written back.

use super::shared::yaml_words;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::manifest::fields::MANIFEST;
use crate::manifest::shape::Shape;
use crate::package::local::is_local;
use crate::schema;
use crate::yaml::{Data, MapEntry, NodeId, Unwritable, Value};

pub(super) static RULE: Rule = Rule {
    id: "unwritable-text",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "ksbuilder can read this text and cannot write it back.",
            "ksbuilder 能读取这段文本，却无法写回。",
        ),
        why: Bilingual::fixed(
            "Push writes the manifest and a Chart.yaml anew: as JSON first, which go-yaml reads once more and writes as YAML. A few texts do not survive that, although they were read well: U+007F to U+009F, U+FFFE and U+FFFF behind escapes such as `\"\\x7f\"`, which go-yaml refuses as soon as they stand there as they are; U+0085 in a key, or before `---` or `...`; keys of more than 1022 characters. The key `\"<<\"` is written without its quotes, and Helm then takes it for a merge.",
            "推送会重新写出清单和 Chart.yaml：先转成 JSON，再由 go-yaml 读取并写成 YAML。少数文本虽然能读取，却过不了这一步：用 `\"\\x7f\"` 这类转义写出的 U+007F 到 U+009F、U+FFFE 和 U+FFFF，它们一旦以原字符出现，go-yaml 就会拒绝；键中的 U+0085，或位于 `---`、`...` 之前的 U+0085；超过 1022 个字符的键。键 `\"<<\"` 写回时会失去引号，随后被 Helm 当作合并键。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails after it has uploaded the images.",
            "错误：推送在上传图片之后失败。",
        ),
        fix: Bilingual::fixed(
            "Take the character out, or choose another key.",
            "去掉该字符，或换一个键。",
        ),
        bad: Example::manifest("namespace: \"demo\\x7f\"\n"),
        good: Example::manifest("namespace: \"demo\"\n"),
        sources: &[
            "sigs.k8s.io/yaml v1.4.0 yaml.go `Marshal`, `JSONToYAML`",
            "sigs.k8s.io/yaml v1.4.0 goyaml.v2: readerc.go, scannerc.go, encode.go",
        ],
    },
    check,
};

/// Why a text cannot be written.
enum Fault {
    Text(Unwritable),
    MergeKey,
}

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut faults = Vec::new();
    let root = cx.manifest.value().map_or(&[][..], Value::entries);
    for entry in root {
        let Some(field) = MANIFEST.field(&entry.key) else {
            continue;
        };
        // URLs take the place of files before anything is written.
        let uploaded = matches!(field.key, "icon" | "screenshots");
        let languages = schema::field(&[field.key]).is_some_and(schema::Field::has_languages);
        let mut found = Vec::new();
        collect(&field.shape, &entry.value, &mut found);
        // A key that is no language is told as that.
        found.retain(|fault| !(languages && fault.in_key));
        faults.extend(
            found
                .into_iter()
                .filter(|fault| !(uploaded && fault.in_file)),
        );
    }
    let finding = |found: Found| RULE.finding(cx.manifest.span(found.node), words(&found.fault));
    faults.into_iter().map(finding).collect()
}

struct Found {
    fault: Fault,
    node: NodeId,
    /// The text is one that names a file where files are named.
    in_file: bool,
    /// The text is a key.
    in_key: bool,
}

/// What cannot be written in a value that is read into `shape`.
fn collect(shape: &Shape, value: &Value, found: &mut Vec<Found>) {
    match (shape, &value.data) {
        (Shape::Text | Shape::Any, Data::Text(text)) => {
            let fault = Unwritable::in_text(text).map(Fault::Text);
            found.extend(fault.map(|fault| Found {
                fault,
                node: value.node,
                in_file: is_local(text),
                in_key: false,
            }));
        }
        (Shape::List(item), Data::List(items)) => {
            items.iter().for_each(|value| collect(item, value, found));
        }
        (Shape::Any, Data::List(items)) => {
            items.iter().for_each(|value| collect(shape, value, found));
        }
        (Shape::Map(item), Data::Map(entries)) => collect_keys(entries, item, found),
        (Shape::Any, Data::Map(entries)) => collect_keys(entries, shape, found),
        (Shape::Struct(_), Data::Map(entries)) => {
            for entry in entries {
                if let Some(field) = shape.field(&entry.key) {
                    collect(&field.shape, &entry.value, found);
                }
            }
        }
        _ => {}
    }
}

fn collect_keys(entries: &[MapEntry], shape: &Shape, found: &mut Vec<Found>) {
    for entry in entries {
        let fault = fault_of_key(&entry.key, &entry.value);
        found.extend(fault.map(|fault| Found {
            fault,
            node: entry.key_node,
            in_file: false,
            in_key: true,
        }));
        collect(shape, &entry.value, found);
    }
}

fn fault_of_key(key: &str, value: &Value) -> Option<Fault> {
    let fault = Unwritable::in_key(key).map(Fault::Text);
    fault.or_else(|| (key == "<<" && !can_be_merged(value)).then_some(Fault::MergeKey))
}

fn words(fault: &Fault) -> Bilingual {
    match fault {
        Fault::Text(fault) => {
            let words = yaml_words::unwritable(fault);
            let (en, zh) = (&words.en, &words.zh);
            bilingual!("push fails: {en}", "推送会失败：{zh}")
        }
        Fault::MergeKey => Bilingual::fixed(
            "the key `<<` loses its quotes when push writes it, and Helm then takes it for a merge and fails; choose another key",
            "推送写回键 `<<` 时会丢掉引号，Helm 随后把它当作合并键而失败；请换一个键",
        ),
    }
}

fn can_be_merged(value: &Value) -> bool {
    let is_map = |value: &Value| matches!(value.data, Data::Map(_));
    match &value.data {
        Data::List(items) => items.iter().all(is_map),
        _ => is_map(value),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::check_text;

    #[test]
    fn characters_that_only_escapes_can_write_are_refused_where_they_are_written() {
        for refused in ["\\x7f", "\\x80", "\\x9f", "\\ufffe", "\\uffff"] {
            let value = format!("\"观{refused}测\"");
            check_text(
                &format!("namespace: {value}\n"),
                &[&format!("unwritable-text: {value}")],
            );
            check_text(
                &format!("annotations: {{{value}: a, b: {value}}}\n"),
                &[
                    &*format!("unwritable-text: {value}"),
                    &*format!("unwritable-text: {value}"),
                ],
            );
            check_text(&format!("vendor: {value}\n"), &["unknown-key: vendor"]);
        }
        for fine in [
            "\\x01",
            "\\e",
            "\\N",
            "\\L",
            "\\ufeff",
            "\\U0001fffe",
            "😀",
            "\\_",
        ] {
            check_text(&format!("namespace: \"a{fine}b\"\n"), &[]);
        }
        check_text(
            "screenshots: [\"https://x/\\x7f.png\"]\n",
            &["unwritable-text: \"https://x/\\x7f.png\""],
        );
        check_text(
            "screenshots: [\"\\x7f\"]\n",
            &["missing-screenshot: \"\\x7f\""],
        );
    }

    #[test]
    fn a_line_break_of_its_own_kind_spoils_keys_and_document_marks() {
        check_text(
            "annotations: {\"a\\Nb\": c}\n",
            &["unwritable-text: \"a\\Nb\""],
        );
        check_text("annotations: {\"a\\Lb\\n\": c}\n", &[]);
        for (value, fails) in [
            ("\"\\N--- a\"", true),
            ("\"a\\N...\\Nb\"", true),
            ("\"a\\N---\"", false),
            ("\"a\\N---b\"", false),
            ("\"--- \\N\"", false),
        ] {
            let told = format!("unwritable-text: {value}");
            let expected: &[&str] = if fails { &[&told] } else { &[] };
            check_text(&format!("namespace: {value}\n"), expected);
        }
    }

    #[test]
    fn a_key_is_as_long_as_its_json() {
        for (char, most) in [
            ("k", 1022),
            ("中", 1022),
            ("😀", 1022),
            ("<", 170),
            ("\\\"", 511),
        ] {
            let long = |count| format!("annotations:\n  ? \"{}\"\n  : a\n", char.repeat(count));
            check_text(&long(most), &[]);
            let key = format!("unwritable-text: \"{}\"", char.repeat(most + 1));
            check_text(&long(most + 1), &[&key]);
        }
    }

    #[test]
    fn a_quoted_merge_key_merges_when_it_is_read_again() {
        check_text("annotations: {\"<<\": a}\n", &["unwritable-text: \"<<\""]);
        for (value, fails) in [
            ("a", true),
            ("~", true),
            ("[a]", true),
            ("[]", false),
            ("{a: b}", false),
            ("[{a: b}]", false),
        ] {
            let text =
                format!("dependencies: [{{name: a, import-values: [{{\"<<\": {value}}}]}}]\n");
            let expected: &[&str] = if fails {
                &["unwritable-text: \"<<\""]
            } else {
                &[]
            };
            check_text(&text, expected);
        }
        check_text("annotations: {\"<<a\": b}\nkeywords: [\"<<\"]\n", &[]);
    }
}
