//! Where a manifest differs from the schema, as typed data.
//!
//! The validator is generated from the schema when ksext is built, so that the first check does not
//! wait for a schema to be read and compiled. The library's own words are not used anywhere.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::types::JsonType;
use serde_json::Value;

use crate::manifest::Step;

/// One difference between a manifest and the schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The way from the root to the value that is wrong; what kind of value that is stands at each
    /// [`Keyword`].
    pub path: Vec<Step>,
    /// What is wrong with it.
    pub keyword: Keyword,
}

/// The part of the schema that a value goes against. Of several at one value, those further up here
/// make the ones below needless where they have the same cause.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keyword {
    /// `required`: the map at the path lacks this field.
    Required {
        /// The missing key.
        field: String,
    },
    /// `type`: the value at the path is of another type.
    Type {
        /// The types that fit, at least one.
        expected: Vec<Type>,
        /// What it is instead.
        found: Type,
    },
    /// `minLength`: the text at the path is shorter than this.
    TooShort {
        /// The least number of characters (Unicode scalar values).
        minimum: u64,
    },
    /// `maxLength`: the text at the path is longer than this.
    TooLong {
        /// The greatest number of characters (Unicode scalar values).
        maximum: u64,
    },
    /// `minProperties`: the map at the path has fewer entries than this.
    TooFewEntries {
        /// The least number of entries.
        minimum: u64,
    },
    /// `additionalProperties`: the map at the path has a key that is no field.
    UnknownKey {
        /// That key.
        key: String,
    },
    /// `propertyNames`: the map at the path has a key that is no language code.
    UnknownName {
        /// That key.
        key: String,
    },
    /// `enum`: the text at the path is none of the listed ones, nor empty where that is allowed.
    NotInEnum {
        /// That text.
        value: String,
    },
    /// `pattern`: the text at the path has not the form of its field.
    Pattern {
        /// That text.
        value: String,
    },
}

/// A type of JSON, which is what YAML's values are once resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// Any number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// A map.
    Map,
}

/// Everything in `manifest` that goes against the schema, in the order of paths; keys that occur
/// side by side are in alphabetical order. One cause appears once: an empty name is too short, not
/// also of the wrong form.
pub fn validate(manifest: &Value) -> Vec<Violation> {
    let mut violations = Vec::new();
    for error in Extension::iter_errors(manifest) {
        let pointer = error.instance_path().as_str();
        for keyword in keywords(&error, manifest.pointer(pointer)) {
            let path = path(pointer, manifest);
            violations.push(Violation { path, keyword });
        }
    }
    violations.sort();
    violations.dedup_by(|later, earlier| {
        later == earlier || later.path == earlier.path && earlier.keyword.explains(&later.keyword)
    });
    violations
}

/// The generated validator. Formats are not asserted, so that what counts stands in the schema as a
/// pattern; the patterns need neither look-around nor back-references.
#[jsonschema::validator(
    path = "../../schemas/extension.schema.json",
    draft = Draft7,
    validate_formats = false,
    pattern_options = { engine = regex },
    methods = { is_valid = false, validate = false }
)]
struct Extension;

/// One library error in our terms; a map with several unknown keys is one error there. `here` is the
/// value at the error's path.
///
/// Empty for keywords that the schema does not use; a test keeps it to the ones handled here.
fn keywords(error: &ValidationError<'_>, here: Option<&Value>) -> Vec<Keyword> {
    let value = || text(error.instance());
    // `propertyNames` shows as what is wrong with the key taken for itself, at the map that has it.
    let on_key = error.instance().is_string() && here.is_some_and(Value::is_object);
    vec![match error.kind() {
        ValidationErrorKind::Required { property } => Keyword::Required {
            field: text(property),
        },
        ValidationErrorKind::Type { kind } => Keyword::Type {
            expected: expected(kind),
            found: Type::of(error.instance()),
        },
        ValidationErrorKind::MinLength { limit } => Keyword::TooShort { minimum: *limit },
        ValidationErrorKind::MaxLength { limit } => Keyword::TooLong { maximum: *limit },
        ValidationErrorKind::MinProperties { limit } => Keyword::TooFewEntries { minimum: *limit },
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let key = |key: &String| Keyword::UnknownKey { key: key.clone() };
            return unexpected.iter().map(key).collect();
        }
        ValidationErrorKind::Enum { .. } if on_key => Keyword::UnknownName { key: value() },
        // The generated validator asks for one of the listed texts before it asks for a text.
        ValidationErrorKind::Enum { .. } if !error.instance().is_string() => Keyword::Type {
            expected: vec![Type::Text],
            found: Type::of(error.instance()),
        },
        // Texts of which one is chosen, or none: the empty text.
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::AnyOf { .. } => {
            Keyword::NotInEnum { value: value() }
        }
        ValidationErrorKind::Pattern { .. } => Keyword::Pattern { value: value() },
        _ => return Vec::new(),
    }]
}

/// A JSON Pointer (RFC 6901) as steps. `/0` leads into a list or to the key `0`: that depends on what
/// stands there.
fn path(pointer: &str, manifest: &Value) -> Vec<Step> {
    let mut here = Some(manifest);
    let step = |segment: &str| {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        match (here, segment.parse()) {
            (Some(Value::Array(items)), Ok(index)) => {
                here = items.get(index);
                Step::Index(index)
            }
            (value, _) => {
                here = value.and_then(|value| value.get(&segment));
                Step::Key(segment)
            }
        }
    };
    // The text before the first slash is empty and no step.
    pointer.split('/').skip(1).map(step).collect()
}

fn expected(kind: &TypeKind) -> Vec<Type> {
    let mut types = match kind {
        TypeKind::Single(single) => vec![Type::from(*single)],
        TypeKind::Multiple(several) => several.iter().map(Type::from).collect(),
    };
    // A field that need not be there may be null: that is no kind of value to write.
    types.retain(|kind| *kind != Type::Null);
    types
}

/// A text as it is, anything else as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl Keyword {
    /// Whether `other`, at the same value, is only a consequence of this.
    fn explains(&self, other: &Self) -> bool {
        matches!(
            (self, other),
            (
                Self::Type { .. } | Self::TooShort { .. },
                Self::NotInEnum { .. } | Self::Pattern { .. }
            )
        )
    }
}

impl Type {
    /// The type of a value.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Map,
        }
    }
}

impl From<JsonType> for Type {
    fn from(kind: JsonType) -> Self {
        match kind {
            JsonType::Null => Self::Null,
            JsonType::Boolean => Self::Bool,
            JsonType::Integer | JsonType::Number => Self::Number,
            JsonType::String => Self::Text,
            JsonType::Array => Self::List,
            JsonType::Object => Self::Map,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn valid() -> Value {
        json!({
            "apiVersion": "kubesphere.io/v1alpha1",
            "name": "demo",
            "version": "0.1.0",
            "displayName": {"zh": "示例 🎉", "en": "Demo"},
            "description": {"en": "Shows."},
            "category": "dev-tools",
            "provider": {"en": {"name": "Example Inc.", "email": "", "url": ""}},
            "icon": "./static/favicon.svg",
            "dependencies": [{"name": "frontend", "tags": ["extension"], "import-values": ["data"]}],
        })
    }

    /// Lays `patch` over a valid manifest (RFC 7396: null removes) and shows what is found.
    fn check(patch: Value, expected: &Expect) {
        fn lay(target: &mut Value, patch: Value) {
            let Value::Object(patch) = patch else {
                *target = patch;
                return;
            };
            if !target.is_object() {
                *target = json!({});
            }
            for (key, value) in patch {
                if value.is_null() {
                    target.as_object_mut().expect("made one").remove(&key);
                } else {
                    lay(&mut target[key], value);
                }
            }
        }
        let mut manifest = valid();
        lay(&mut manifest, patch);
        let mut shown = String::new();
        for Violation { path, keyword } in validate(&manifest) {
            for step in path {
                match step {
                    Step::Key(key) => write!(shown, "/{key}"),
                    Step::Index(index) => write!(shown, "/{index}"),
                }
                .expect("a String takes all");
            }
            writeln!(shown, ": {keyword:?}").expect("a String takes all");
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn a_complete_manifest_has_no_violation() {
        check(json!({}), &expect![""]);
    }

    #[test]
    fn missing_fields_stand_at_the_map_that_lacks_them() {
        check(
            json!({"icon": null, "name": null, "maintainers": [{"email": "demo@example.com"}]}),
            &expect![[r#"
                : Required { field: "icon" }
                : Required { field: "name" }
                /maintainers/0: Required { field: "name" }
            "#]],
        );
    }

    #[test]
    fn wrong_types_say_what_fits_and_what_was_found() {
        check(
            json!({"keywords": "demo", "name": ["demo"], "displayName": "Demo", "category": 5}),
            &expect![[r#"
                /category: Type { expected: [Text], found: Number }
                /displayName: Type { expected: [Map], found: Text }
                /keywords: Type { expected: [List], found: Text }
                /name: Type { expected: [Text], found: List }
            "#]],
        );
        check(
            json!({"installationMode": ["HostOnly"]}),
            &expect![[r#"
                /installationMode: Type { expected: [Text], found: List }
            "#]],
        );
        check(
            json!({"dependencies": [{"name": "backend", "enabled": "yes", "tags": {}}]}),
            &expect![[r#"
                /dependencies/0/enabled: Type { expected: [Bool], found: Text }
                /dependencies/0/tags: Type { expected: [List], found: Map }
            "#]],
        );
    }

    #[test]
    fn imported_values_are_not_judged_since_ksbuilder_hands_them_on() {
        let items = json!([1, "data", {"child": 5}, {"x": null}, [[]]]);
        check(
            json!({"dependencies": [{"name": "backend", "import-values": items}]}),
            &expect![""],
        );
    }

    #[test]
    fn unknown_keys_are_told_one_by_one() {
        check(
            json!({"screenshoots": [], "vendor": "x", "provider": {"en": {"mail": "x"}}}),
            &expect![[r#"
                : UnknownKey { key: "screenshoots" }
                : UnknownKey { key: "vendor" }
                /provider/en: UnknownKey { key: "mail" }
            "#]],
        );
    }

    #[test]
    fn language_codes_are_two_lower_case_letters_of_the_list() {
        check(
            json!({
                "displayName": {"zh-CN": "示例", "EN": "Demo", "no": "Demo", "false": "Demo"},
                "provider": {"iw": {"name": "x"}},
            }),
            &expect![[r#"
                /displayName: UnknownName { key: "EN" }
                /displayName: UnknownName { key: "false" }
                /displayName: UnknownName { key: "zh-CN" }
                /provider: UnknownName { key: "iw" }
            "#]],
        );
    }

    #[test]
    fn an_empty_text_is_too_short_and_nothing_else() {
        check(
            json!({"name": "", "category": "", "version": ""}),
            &expect![[r#"
            /category: TooShort { minimum: 1 }
            /name: TooShort { minimum: 1 }
            /version: TooShort { minimum: 1 }
        "#]],
        );
    }

    #[test]
    fn an_empty_map_has_too_few_entries() {
        check(
            json!({"description": {"en": null}}),
            &expect![[r#"
            /description: TooFewEntries { minimum: 1 }
        "#]],
        );
    }

    #[test]
    fn texts_have_the_form_of_their_field() {
        check(
            json!({
                "name": "-this-name-is-much-too-long-to-be-used",
                "version": "v1.0.",
                "category": "DevTools",
                "installationMode": "agent",
                "home": " https://example.com",
                "docs": "www.example.com",
                "sources": ["git@example.com:demo.git"],
                "provider": {"en": {"email": "contact at example.com"}},
                "namespace": "Demo",
                "images": ["docker.io/example/demo:0.1.0", "nginx:1.27\"", "https://example.com/x"],
                "dependencies": [{"name": "backend", "alias": "a b"}],
            }),
            &expect![[r#"
                /category: NotInEnum { value: "DevTools" }
                /dependencies/0/alias: Pattern { value: "a b" }
                /docs: Pattern { value: "www.example.com" }
                /home: Pattern { value: " https://example.com" }
                /images/1: Pattern { value: "nginx:1.27\"" }
                /images/2: Pattern { value: "https://example.com/x" }
                /installationMode: NotInEnum { value: "agent" }
                /name: TooLong { maximum: 32 }
                /name: Pattern { value: "-this-name-is-much-too-long-to-be-used" }
                /namespace: Pattern { value: "Demo" }
                /provider/en/email: Pattern { value: "contact at example.com" }
                /sources/0: Pattern { value: "git@example.com:demo.git" }
                /version: Pattern { value: "v1.0." }
            "#]],
        );
    }

    #[test]
    fn images_take_any_registry_port_tag_and_digest() {
        let digest = format!("nginx@sha256:{}", "0".repeat(64));
        check(
            json!({"images": [
                "nginx", "nginx:1.27", "localhost:5000/demo", "docker.io/library/nginx:1.27-alpine",
                "Registry.example.com:8443/a/b__c/d-e.f:V1_0.2", digest,
            ]}),
            &expect![""],
        );
    }

    #[test]
    fn what_need_not_be_there_may_be_empty() {
        check(
            json!({
                "home": "", "sources": [""], "namespace": "", "installationMode": "", "images": [""],
                "maintainers": [{"name": "Demo", "email": "", "url": ""}],
                "dependencies": [{"name": "backend", "alias": "", "tags": ["", "set-in-values"]}],
            }),
            &expect![""],
        );
    }

    #[test]
    fn null_is_no_value() {
        for (field, value) in [
            ("screenshots", json!(null)),
            ("screenshots", json!([null])),
            ("installationMode", json!(null)),
            ("annotations", json!({"a": null})),
            ("maintainers", json!([{"name": "Demo", "email": null}])),
            (
                "dependencies",
                json!([{"name": "backend", "enabled": null, "tags": [null]}]),
            ),
        ] {
            let mut manifest = valid();
            manifest[field] = value;
            assert_eq!(validate(&manifest), [], "{field}");
        }
    }

    #[test]
    fn versions_are_those_that_helm_takes() {
        for version in [
            "1.2.3",
            "1",
            "1.2",
            "v4.0.0-rc.1",
            "0.0.0",
            "1.0.0-alpha0+b.01",
            "1.0.0-0a",
            "1.0.0--",
            "01.2.3",
            "1.0.0-01",
            "1.2.3.4",
            "V1.0.0",
            "1.0.0-",
            "1.0.0-a..b",
            "1.0.0+",
            " 1.0.0",
            "latest",
            "v",
            "1.",
        ] {
            let mut manifest = valid();
            manifest["version"] = version.into();
            let is_version = crate::semver::Version::parse(version).is_some();
            assert_eq!(validate(&manifest).is_empty(), is_version, "{version}");
        }
    }

    #[test]
    fn keys_with_slashes_tildes_or_digits_alone_stay_keys() {
        check(
            json!({"annotations": {"example.com/a~b": 5, "00": 5}}),
            &expect![[r#"
                /annotations/00: Type { expected: [Text], found: Number }
                /annotations/example.com/a~b: Type { expected: [Text], found: Number }
            "#]],
        );
    }

    #[test]
    fn a_manifest_that_is_no_map_has_the_wrong_type() {
        assert_eq!(
            validate(&json!(["demo"])),
            [Violation {
                path: vec![],
                keyword: Keyword::Type {
                    expected: vec![Type::Map],
                    found: Type::List,
                },
            }]
        );
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let key = prop_oneof![
            proptest::sample::select(vec![
                "name",
                "displayName",
                "provider",
                "maintainers",
                "dependencies",
                "tags",
                "en",
                "zh",
                "images",
                "icon",
                "import-values",
                "annotations",
                "category",
                "required",
                "externalDependencies",
                "email",
            ])
            .prop_map(str::to_owned),
            "\\PC{0,3}",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "\\PC{0,6}".prop_map(Value::from),
            Just(json!("agent")),
        ];
        leaf.prop_recursive(5, 48, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(key.clone(), inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn finds_something_exactly_when_the_published_schema_refuses(
            patch in proptest::collection::btree_map("[a-z]{1,3}|name|displayName|provider|images|dependencies|maintainers|annotations", any_value(), 0..4)
        ) {
            static PUBLISHED: std::sync::LazyLock<jsonschema::Validator> = std::sync::LazyLock::new(|| {
                let schema = serde_json::from_str(super::super::source()).expect("is JSON");
                jsonschema::draft7::new(&schema).expect("is a schema")
            });
            let mut manifest = valid();
            for (key, value) in patch {
                manifest[key] = value;
            }
            let found = validate(&manifest);
            prop_assert_eq!(found.is_empty(), PUBLISHED.is_valid(&manifest));
            for violation in found {
                let pointed = violation.path.iter().try_fold(&manifest, |value, step| match step {
                    Step::Key(key) => value.get(key),
                    Step::Index(index) => value.get(index),
                });
                prop_assert!(pointed.is_some(), "{violation:?} points nowhere");
            }
        }
    }
}
