//! Why a text is not what ksbuilder's reader accepts.

use crate::text::Span;

/// One refusal of the reader, at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: ErrorKind,
    /// The text at fault; never wider than one line.
    pub span: Span,
    /// Where the thing begins that could not be finished, if that is elsewhere: the quote that is
    /// never closed, the bracket, the mapping.
    pub context: Option<Span>,
    /// What go-yaml takes it for, if it notices it only further on.
    pub(super) noticed_as: Option<ErrorKind>,
    /// The line that go-yaml names, counted from 1 as it counts it: it may be one too low, and some
    /// errors name none (go-yaml decode.go `fail`).
    pub(super) go_line: Option<usize>,
}

impl SyntaxError {
    /// An error for which go-yaml names no line.
    pub(super) fn without_line(kind: ErrorKind, span: Span) -> Self {
        Self {
            kind,
            span,
            context: None,
            noticed_as: None,
            go_line: None,
        }
    }

    /// What ksbuilder prints for this, without what it puts in front.
    pub fn go_message(&self) -> String {
        let text = self.noticed_as.as_ref().unwrap_or(&self.kind).go_text();
        match self.go_line {
            Some(line) => format!("yaml: line {line}: {text}"),
            None if self.kind.is_conversion() => text,
            None => format!("yaml: {text}"),
        }
    }
}

/// What a [`SyntaxError`] is about. The texts in the comments are go-yaml's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A byte sequence that is no UTF-8 (readerc.go).
    InvalidUtf8(&'static str),
    /// A control character, which YAML does not allow (readerc.go).
    ControlCharacter(char),
    /// `@`, a backtick, `%`, or a tab where indentation is expected.
    CannotStartToken(Option<char>),
    /// A second `key:` on a line, or a key below a plain value.
    ValueNotAllowed,
    /// A `- ` where no list can begin.
    EntryNotAllowed,
    /// A `? ` where no key can begin.
    KeyNotAllowed,
    /// A line among keys that has no colon.
    MissingColon,
    /// A quote that is not closed where it should be.
    UnclosedQuote,
    /// `---` or `...` at the start of a line inside quotes.
    DocumentMarkInQuotes,
    /// A tab in the indentation behind a plain value.
    TabIndentation,
    /// A tab in the indentation of a block scalar.
    TabInBlockScalar,
    /// A backslash in double quotes before a character that has no meaning there.
    UnknownEscape(char),
    /// `\x`, `\u` or `\U` without enough hexadecimal digits.
    ExpectedHex,
    /// `\u` or `\U` that names no character, such as half a surrogate pair.
    InvalidEscapeCode,
    /// `&` or `*` without a name of ASCII letters, digits, `_` and `-`.
    ExpectedAnchorName,
    /// Text behind a block scalar's `|` or `>`.
    TextBehindBlockHeader,
    /// `|0` or `>0`.
    ZeroIndentation,
    /// A line that begins with `%` and is not a directive that the reader knows.
    BadDirective(&'static str),
    /// A tag that is not well formed.
    BadTag(&'static str),
    /// `!name!` without a `%TAG` line.
    UndefinedTagHandle,
    /// A `%YAML` line with another version than 1.1.
    IncompatibleVersion,
    /// More than 10 000 levels.
    TooDeep,
    /// Something that is no key where a key is expected, mostly an indentation that fits no line
    /// above.
    ExpectedKey,
    /// Something that is no list item where `- ` is expected.
    ExpectedDash,
    /// Nothing that could be a value.
    ExpectedNode,
    /// In `[…]`, neither `,` nor `]` behind an item.
    ExpectedCommaOrBracket,
    /// In `{…}`, neither `,` nor `}` behind an entry.
    ExpectedCommaOrBrace,
    /// A directive that no `---` follows.
    ExpectedDocumentStart,
    /// `*name` before any `&name`.
    UnknownAlias(String),
    /// An alias inside the value of its own anchor.
    AliasInItself(String),
    /// Aliases that unfold to far more than is written.
    ExcessiveAliasing,
    /// `<<:` with something else than a map or a list of maps.
    BadMerge,
    /// A list or map as a key, mostly `{{ … }}` of a template.
    CollectionAsKey,
    /// A value that its tag does not fit.
    CannotDecode {
        /// What it was taken for, as a short tag.
        found: &'static str,
        /// The value.
        text: String,
        /// What its tag asks for, as a short tag.
        wanted: &'static str,
    },
    /// `!!binary` that is no base64.
    BadBase64,
    /// A key that is `null` or a number beyond 63 bits: JSON has no such keys.
    UnsupportedKey,
}

impl ErrorKind {
    /// go-yaml's words. They name neither key nor value where go-yaml prints Go syntax.
    fn go_text(&self) -> String {
        let text = match self {
            Self::ControlCharacter(_) => "control characters are not allowed",
            Self::CannotStartToken(_) => "found character that cannot start any token",
            Self::ValueNotAllowed => "mapping values are not allowed in this context",
            Self::EntryNotAllowed => "block sequence entries are not allowed in this context",
            Self::KeyNotAllowed => "mapping keys are not allowed in this context",
            Self::MissingColon => "could not find expected ':'",
            Self::UnclosedQuote => "found unexpected end of stream",
            Self::DocumentMarkInQuotes => "found unexpected document indicator",
            Self::TabIndentation => "found a tab character that violates indentation",
            Self::TabInBlockScalar => {
                "found a tab character where an indentation space is expected"
            }
            Self::UnknownEscape(_) => "found unknown escape character",
            Self::ExpectedHex => "did not find expected hexdecimal number",
            Self::InvalidEscapeCode => "found invalid Unicode character escape code",
            Self::ExpectedAnchorName => "did not find expected alphabetic or numeric character",
            Self::TextBehindBlockHeader => "did not find expected comment or line break",
            Self::ZeroIndentation => "found an indentation indicator equal to 0",
            Self::InvalidUtf8(text) | Self::BadDirective(text) | Self::BadTag(text) => text,
            Self::UndefinedTagHandle => "found undefined tag handle",
            Self::IncompatibleVersion => "found incompatible YAML document",
            Self::TooDeep => "exceeded max depth of 10000",
            Self::ExpectedKey => "did not find expected key",
            Self::ExpectedDash => "did not find expected '-' indicator",
            Self::ExpectedNode => "did not find expected node content",
            Self::ExpectedCommaOrBracket => "did not find expected ',' or ']'",
            Self::ExpectedCommaOrBrace => "did not find expected ',' or '}'",
            Self::ExpectedDocumentStart => "did not find expected <document start>",
            Self::UnknownAlias(name) => return format!("unknown anchor '{name}' referenced"),
            Self::AliasInItself(name) => return format!("anchor '{name}' value contains itself"),
            Self::ExcessiveAliasing => "document contains excessive aliasing",
            Self::BadMerge => "map merge requires map or sequence of maps as the value",
            Self::CollectionAsKey => "invalid map key",
            Self::CannotDecode {
                found,
                text,
                wanted,
            } => {
                return format!("cannot decode {found} `{text}` as a {wanted}");
            }
            Self::BadBase64 => "!!binary value contains invalid base64 data",
            Self::UnsupportedKey => "unsupported map key",
        };
        text.to_owned()
    }

    /// Whether the text is YAML and only its way into JSON is barred.
    fn is_conversion(&self) -> bool {
        matches!(self, Self::UnsupportedKey)
    }
}
