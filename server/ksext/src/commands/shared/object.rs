//! Objects of the protocol, declared once: as the struct that is read or written, and as the reference
//! tells of it.

use ksext_core::lang::Bilingual;
use serde::Deserialize;

use super::packing::Directory;
use super::target::Target;

/// Whether this program holds what the reference says, of arguments and answers too. Only `cargo xtask gen`
/// asks for it, of a program that is made for work on it; in a release it would be weight.
pub(crate) const IS_TOLD: bool = cfg!(debug_assertions);

/// A member of an object.
#[derive(Debug)]
pub(crate) struct Member {
    /// The name of the struct's field, which JSON has in camel case; empty for what the protocol does
    /// not know.
    pub(crate) field: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
    /// Whether it must be given, when it is an argument.
    pub(crate) need: Need,
    /// What it means.
    pub(crate) text: Bilingual,
    /// What serde is told about it.
    pub(crate) serde: &'static str,
}

/// What a member holds.
#[derive(Debug)]
pub(crate) enum Kind {
    Text,
    /// One of these.
    Word(&'static [&'static str]),
    Number,
    Boolean,
    /// A `file:` URI.
    Uri,
    /// A `file:` URI of a folder, or an absolute path.
    Folder,
    List(&'static Kind),
    /// Without members where they are not told.
    Object(&'static [Member]),
    /// An object for the views of ksext itself; it changes with them.
    Ours,
}

/// Whether an argument must be given.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Need {
    Required,
    Optional,
    /// This is taken where it is not given.
    Default(bool),
}

/// What can stand in an object.
pub(crate) trait Described {
    const KIND: Kind;
    const NEED: Need = Need::Required;
}

impl<T: Described> Described for Option<T> {
    const KIND: Kind = T::KIND;
    const NEED: Need = Need::Optional;
}

impl<T: Described> Described for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);
}

/// Says of each type what it is in JSON.
macro_rules! described {
    ($($type:ty => $kind:ident),* $(,)?) => {
        $(impl Described for $type {
            const KIND: Kind = Kind::$kind;
        })*
    };
}

described! {
    String => Text,
    &'static str => Text,
    ksext_cloud::Token => Text,
    u32 => Number,
    u64 => Number,
    usize => Number,
    bool => Boolean,
    Target => Uri,
    Directory => Folder,
}

/// Says of an enum which words it is written as; once in a file, beside the enum.
macro_rules! words {
    ($type:ident: $($variant:ident => $word:literal),+ $(,)?) => {
        impl $crate::commands::shared::object::Described for $type {
            const KIND: $crate::commands::shared::object::Kind =
                $crate::commands::shared::object::Kind::Word(&[$($word),+]);
        }

        #[cfg(test)]
        mod words {
            use super::$type;

            #[test]
            fn words_are_those_that_are_written() {
                $(assert_eq!(serde_json::json!($type::$variant), $word);)+
                // The compiler tells of a variant that has no word.
                let _ = |it: $type| match it { $($type::$variant => ()),+ };
            }
        }
    };
}

pub(crate) use words;

/// Yes or no, and what it is where nobody says; with `#[serde(default)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Flag<const DEFAULT: bool>(pub(crate) bool);

impl<const DEFAULT: bool> Default for Flag<DEFAULT> {
    fn default() -> Self {
        Self(DEFAULT)
    }
}

impl<const DEFAULT: bool> Described for Flag<DEFAULT> {
    const KIND: Kind = Kind::Boolean;
    const NEED: Need = Need::Default(DEFAULT);
}

/// Declares a struct whose members the reference tells of: in English what its doc comment says, in
/// Chinese what stands in `#[zh = "…"]` below that. Behind it there is room for one `#[serde(…)]`; a
/// field with `#[serde(skip)]` is none of the protocol's and needs no Chinese.
macro_rules! object {
    (
        $(#[$attribute:meta])*
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $en:literal])*
                $(#[zh = $zh:literal])?
                $(#[serde($($serde:tt)*)])?
                $field_vis:vis $field:ident: $type:ty
            ),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[serde(rename_all = "camelCase")]
        $vis struct $name {
            $(
                $(#[doc = $en])*
                $(#[serde($($serde)*)])?
                $field_vis $field: $type
            ),*
        }

        impl $crate::commands::shared::object::Described for $name {
            const KIND: $crate::commands::shared::object::Kind = {
                use $crate::commands::shared::object::{IS_TOLD, Kind, Member};
                const MEMBERS: &[Member] = if IS_TOLD {
                    &[$(object!(@member $field: $type, [$($en)*] [$($zh)?] [$($($serde)*)?])),*]
                } else {
                    &[]
                };
                Kind::Object(MEMBERS)
            };
        }
    };
    (@member $field:ident: $type:ty, [$($en:literal)*] [] [skip]) => {
        Member::UNKNOWN
    };
    (@member $field:ident: $type:ty, [$($en:literal)*] [$zh:literal] [$($serde:tt)*]) => {
        Member {
            field: stringify!($field),
            kind: <$type as $crate::commands::shared::object::Described>::KIND,
            need: <$type as $crate::commands::shared::object::Described>::NEED,
            text: ksext_core::lang::Bilingual::fixed(concat!($($en),*), $zh),
            serde: stringify!($($serde)*),
        }
    };
}

pub(crate) use object;

impl Member {
    /// Stands for a field that the protocol does not know.
    pub(crate) const UNKNOWN: Self = Self {
        field: "",
        kind: Kind::Object(&[]),
        need: Need::Optional,
        text: Bilingual::fixed("", ""),
        serde: "skip",
    };

    /// Its name in JSON.
    pub(crate) fn name(&self) -> String {
        let mut words = self.field.split('_');
        let first = words.next().unwrap_or_default();
        let others = words.map(|word| {
            let (initial, rest) = word.split_at(1);
            initial.to_ascii_uppercase() + rest
        });
        first.to_owned() + &others.collect::<String>()
    }

    /// Whether an answer may come without it.
    pub(crate) fn may_be_missing(&self) -> bool {
        self.serde.contains("skip_serializing_if")
    }
}

impl Kind {
    /// The members of an object that the protocol knows.
    pub(crate) fn members(&self) -> impl Iterator<Item = &'static Member> + use<> {
        let members: &'static [Member] = match self {
            Self::Object(members) => members,
            _ => &[],
        };
        members.iter().filter(|member| !member.field.is_empty())
    }
}
