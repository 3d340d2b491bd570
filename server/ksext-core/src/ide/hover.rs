//! What a manifest's key or value means, for a hover.
//!
//! The words are those of the schema; to them come what ksbuilder reads where that is not what is
//! written, the package's size on its name, and the review of its versions on `version`.

mod files;

use std::fmt::Write as _;

use files::Files;

use super::target::{Part, Target, target_at};
use super::view::View;
use super::weight::Weight;
use crate::lang::{Bilingual, Lang};
use crate::manifest::{Manifest, Step};
use crate::package::PkgPath;
use crate::schema::{self, Choice, Field, Keys, Kind};
use crate::text::Span;
use crate::yaml::Data;

/// An explanation of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The key or value that it is about.
    pub span: Span,
    /// The explanation, in the form that was asked for.
    pub text: String,
}

/// In which form a text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Markdown.
    Markdown,
    /// As it is. Code keeps its backticks, which people read well enough.
    Plain,
}

/// More examples than this are not shown.
const EXAMPLES: usize = 3;

/// Explains the key or value that the cursor at the byte `offset` touches, and what of the package it
/// means; `None` where there is nothing to say. `weight` is the package's, if it is known, and `review`
/// what is known of its versions at the cloud, as it is shown on `version`; `link` gives the URI of a
/// file in it.
pub fn hover(
    view: &View<'_>,
    offset: usize,
    weight: Option<Weight<'_>>,
    review: Option<&str>,
    link: &dyn Fn(&PkgPath) -> Option<String>,
    lang: Lang,
    markup: Markup,
) -> Option<Hover> {
    let files = Files {
        view: *view,
        link,
        lang,
        markup,
    };
    let Some(manifest) = view.as_manifest() else {
        return files.beside_manifest(offset);
    };
    // The first letters of a file are no field yet.
    let target = target_at(manifest, offset).filter(|target| !target.path.is_empty())?;
    let field = schema::field(&target.segments())?;
    let facts = [
        Some(headline(field, &target, markup).get(lang).to_owned()),
        Some(field.description.get(lang).to_owned()),
        language(&target).map(|language| described(language, lang)),
        choices(field, &target, lang),
        read_as(manifest, &target).map(|text| text.get(lang).to_owned()),
        files.of_target(manifest, &target),
        defaults(field).map(|text| text.get(lang).to_owned()),
        weight
            .filter(|_| is_field(&target, "name"))
            .map(|weight| weight.described(lang, markup)),
        review
            .filter(|_| is_field(&target, "version"))
            .map(str::to_owned),
    ];
    let facts: Vec<String> = facts
        .into_iter()
        .flatten()
        .filter(|fact| !fact.is_empty())
        .collect();
    Some(Hover {
        span: target.span,
        text: facts.join("\n\n"),
    })
}

/// Title, key, and whether it must be there.
fn headline(field: &Field, target: &Target<'_>, markup: Markup) -> Bilingual {
    let bold = if markup == Markup::Markdown { "**" } else { "" };
    let key = match target.path.last() {
        Some(Step::Key(key)) => format!(" `{key}`"),
        _ => String::new(),
    };
    let (required_en, required_zh) = if field.required {
        (" · required", " · 必填")
    } else {
        ("", "")
    };
    let (title_en, title_zh) = (&field.title.en, &field.title.zh);
    Bilingual {
        en: format!("{bold}{title_en}{bold}{key}{required_en}").into(),
        zh: format!("{bold}{title_zh}{bold}{key}{required_zh}").into(),
    }
}

/// The language that the last key of the path is the code of.
fn language(target: &Target<'_>) -> Option<&'static Choice> {
    let (Step::Key(code), above) = target.path.split_last()? else {
        return None;
    };
    let above: Vec<_> = above.iter().map(Step::segment).collect();
    let Kind::Map {
        keys: Keys::Language,
        ..
    } = schema::field(&above)?.kind
    else {
        return None;
    };
    schema::languages()
        .iter()
        .find(|language| language.value == *code)
}

fn described(choice: &Choice, lang: Lang) -> String {
    match (choice.meaning.get(lang), lang) {
        ("", _) => format!("`{}`", choice.value),
        (meaning, Lang::En) => format!("`{}`: {meaning}", choice.value),
        (meaning, Lang::Zh) => format!("`{}`：{meaning}", choice.value),
    }
}

/// What the value means that stands there; else all that could.
fn choices(field: &Field, target: &Target<'_>, lang: Lang) -> Option<String> {
    if let Part::Value(value) = target.part {
        let text = value.to_text()?;
        let choice = field.choices.iter().find(|choice| choice.value == text);
        if let Some(choice) = choice {
            return Some(described(choice, lang));
        }
    }
    let mut list = String::new();
    for choice in &field.choices {
        // Writing into a string cannot fail.
        let _ = writeln!(list, "- {}", described(choice, lang));
    }
    Some(list.trim_end().to_owned())
}

/// What ksbuilder reads, if it is not what is written.
fn read_as(manifest: &Manifest, target: &Target<'_>) -> Option<Bilingual> {
    let written = manifest.tree().scalar(target.node)?;
    match target.part {
        Part::Key(entry) if entry.key != written => {
            let key = &entry.key;
            Some(crate::bilingual!(
                "ksbuilder reads `{written}` as `{key}`.",
                "ksbuilder 把 `{written}` 读作 `{key}`。",
            ))
        }
        Part::Value(value) => match value.to_text() {
            Some(text) if text == written => None,
            Some(text) => Some(crate::bilingual!(
                "ksbuilder reads `{text}`, not `{written}`. Quotes keep it as it is written.",
                "ksbuilder 读到的是 `{text}`，而不是 `{written}`。加上引号即可原样保留。",
            )),
            None if value.data == Data::Null && !written.is_empty() => Some(crate::bilingual!(
                "ksbuilder reads `{written}` as no value at all.",
                "ksbuilder 把 `{written}` 读作没有值。",
            )),
            None => None,
        },
        Part::Key(_) => None,
    }
}

/// Default and examples.
fn defaults(field: &Field) -> Option<Bilingual> {
    let mut text = Bilingual {
        en: String::new().into(),
        zh: String::new().into(),
    };
    let mut add = |en: &str, zh: &str, values: &[&serde_json::Value]| {
        let shown: Vec<_> = values
            .iter()
            .map(|value| format!("`{}`", show(value)))
            .collect();
        for (text, label, separator) in [(&mut text.en, en, ", "), (&mut text.zh, zh, "、")] {
            let text = text.to_mut();
            if !text.is_empty() {
                text.push_str("  \n");
            }
            text.push_str(label);
            text.push_str(&shown.join(separator));
        }
    };
    if let Some(default) = &field.default {
        add("Default: ", "默认：", &[default]);
    }
    // A closed list of values shows more than examples could.
    let examples: Vec<_> = field
        .examples
        .iter()
        .filter(|value| !value.is_object() && !value.is_array())
        .take(EXAMPLES)
        .collect();
    if !examples.is_empty() && field.choices.is_empty() {
        add("Example: ", "示例：", &examples);
    }
    (!text.en.is_empty()).then_some(text)
}

fn show(value: &serde_json::Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// Whether it is this field of the extension itself.
fn is_field(target: &Target<'_>, name: &str) -> bool {
    matches!(&target.path[..], [Step::Key(key)] if key == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::FILE_NAME;
    use crate::package::Size;

    const WEIGHT: Weight<'_> = Weight {
        size: Size {
            projected: 35_430,
            limit: 1_048_576,
        },
        entries: &[],
        link: &|_| None,
    };

    const REVIEW: &str = "1.0.0 submitted 2 h ago";

    /// Hovers at `|`; `expected` are parts of the text, in order.
    #[track_caller]
    fn check(lang: Lang, marked: &str, expected: &[&str]) {
        let text = show(lang, Markup::Markdown, marked).unwrap_or_default();
        assert_eq!(text.is_empty(), expected.is_empty(), "{marked}: {text}");
        let mut rest = &text[..];
        for part in expected {
            let at = rest
                .find(part)
                .unwrap_or_else(|| panic!("no {part:?} in {text:?}"));
            rest = &rest[at + part.len()..];
        }
    }

    fn show(lang: Lang, markup: Markup, marked: &str) -> Option<String> {
        let offset = marked.find('|').expect("a cursor");
        let manifest = Manifest::from_text(&marked.replacen('|', "", 1));
        let file = FILE_NAME.into();
        let view = View::of(&manifest, &file);
        hover(
            &view,
            offset,
            Some(WEIGHT),
            Some(REVIEW),
            &|_| None,
            lang,
            markup,
        )
        .map(|hover| hover.text)
    }

    #[test]
    fn a_key_shows_the_words_of_the_schema_in_the_readers_language() {
        check(
            Lang::En,
            "versi|on: 1.0.0\n",
            &[
                "**Version** `version` · required",
                "SemVer",
                "Example: `0.1.0`",
            ],
        );
        check(
            Lang::Zh,
            "versi|on: 1.0.0\n",
            &["**版本** `version` · 必填", "语义化版本", "示例：`0.1.0`"],
        );
        check(
            Lang::En,
            "dependencies:\n- na|me: a\n",
            &["**Chart name** `name`"],
        );
        check(Lang::En, "vendor|: x\n", &[]);
        check(Lang::En, "# na|me\n", &[]);
        check(Lang::En, "na|", &[]);
    }

    #[test]
    fn a_value_shows_what_ksbuilder_reads_where_that_differs() {
        check(
            Lang::En,
            "version: 1.1|0\n",
            &["ksbuilder reads `1.1`, not `1.10`"],
        );
        check(
            Lang::Zh,
            "version: 1.1|0\n",
            &["读到的是 `1.1`，而不是 `1.10`"],
        );
        check(Lang::En, "name: |~\n", &["`~` as no value"]);
        check(
            Lang::En,
            "display|name:\n  zh: 观测\n",
            &["`displayname` as `displayName`"],
        );
        for same in [
            "version: \"1.1|0\"\n",
            "name: de|mo\n",
            "dependencies: [{name: a, enabled: tr|ue}]\n",
        ] {
            let text = show(Lang::En, Markup::Markdown, same).expect("a hover");
            assert!(!text.contains("ksbuilder reads"), "{text}");
        }
    }

    #[test]
    fn a_chosen_value_shows_its_meaning_and_another_one_all_choices() {
        check(Lang::En, "category: dev-to|ols\n", &["`dev-tools`: Dev"]);
        check(
            Lang::Zh,
            "category: dev-to|ols\n",
            &["`dev-tools`：开发者工具"],
        );
        check(
            Lang::En,
            "category: to|ols\n",
            &["- `ai-machine-learning`: AI / LLM", "- `dev-tools`"],
        );
        check(
            Lang::En,
            "install|ationMode: HostOnly\n",
            &["- `HostOnly`", "- `Multicluster`", "Default: `HostOnly`"],
        );
    }

    #[test]
    fn a_language_code_shows_its_language() {
        check(Lang::Zh, "displayName:\n  z|h: 观测\n", &["`zh`：中文"]);
        check(Lang::En, "provider: {e|n: {name: a}}\n", &["`en`: English"]);
    }

    #[test]
    fn the_name_shows_the_size() {
        check(Lang::En, "name: de|mo\n", &["34.6 KB of 1.0 MB"]);
        check(Lang::Zh, "na|me: demo\n", &["34.6 KB"]);
        let other =
            show(Lang::En, Markup::Markdown, "dependencies: [{name: a|}]\n").expect("a hover");
        assert!(!other.contains("34.6"), "{other}");
    }

    #[test]
    fn the_version_shows_its_review() {
        check(Lang::En, "version: 1.0|.0\n", &["SemVer", REVIEW]);
        check(Lang::Zh, "ver|sion: 1.0.0\n", &[REVIEW]);
        let of_a_chart = "dependencies: [{version: 1.0|.0}]\n";
        let other = show(Lang::En, Markup::Markdown, of_a_chart).expect("a hover");
        assert!(!other.contains(REVIEW), "{other}");
    }

    #[test]
    fn plain_text_has_no_bold() {
        let text = show(Lang::En, Markup::Plain, "na|me: demo\n").expect("a hover");
        assert!(text.starts_with("Name `name` · required\n\n"), "{text}");
        assert!(!text.contains("**"), "{text}");
    }

    proptest::proptest! {
        #[test]
        fn no_place_in_any_text_panics(text in "[a-z:\\- \\n\"'|&*{}\\[\\]观😀~]{0,40}", offset in 0usize..60) {
            let manifest = Manifest::from_text(&format!("name: demo\n{text}"));
            let file = FILE_NAME.into();
            let _ = hover(&View::of(&manifest, &file), offset, Some(WEIGHT), Some(REVIEW), &|_| None, Lang::Zh, Markup::Markdown);
        }
    }
}
