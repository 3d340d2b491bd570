//! The API key of a KubeSphere Cloud account, as a type that cannot be printed by accident; where keys are kept is the business of `credentials`.

use std::fmt;

use zeroize::Zeroizing;

use crate::text::is_obeyed;

/// Characters without width: zero-width space, non-joiner and joiner, word joiner, byte order mark.
const UNSEEN: [char; 5] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];

/// An API key. It has no `Display` and no `Serialize`, its `Debug` shows `Token(***)`, and its
/// memory is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Zeroizing<String>);

/// Why a text was not taken as a key. Never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// Nothing, or nothing but white space.
    #[error("the key is empty")]
    Empty,
    /// A line end or another control character, which no HTTP header may hold.
    #[error(
        "the key contains a line end or another control character; paste it without line breaks"
    )]
    ControlCharacter,
}

impl BadToken {
    /// The same reason in English and Chinese.
    pub fn message(self) -> crate::Message {
        let zh = match self {
            Self::Empty => "密钥为空",
            Self::ControlCharacter => "密钥中含有换行符或其他控制字符；请粘贴不带换行的密钥",
        };
        crate::Message::new(self.to_string(), zh)
    }
}

impl Token {
    /// Takes a key exactly as given; nothing is trimmed.
    ///
    /// # Errors
    /// [`BadToken`] if it is blank or could not stand in a header line.
    pub fn new(text: impl Into<String>) -> Result<Self, BadToken> {
        let text = Zeroizing::new(text.into());
        if text.trim().is_empty() {
            Err(BadToken::Empty)
        } else if text.chars().any(char::is_control) {
            Err(BadToken::ControlCharacter)
        } else {
            Ok(Self(text))
        }
    }

    /// Takes a key as it was pasted, piped or set: what cannot be seen around it, like the byte order
    /// mark of a file or the zero-width space of a web page, is no part of it.
    ///
    /// # Errors
    /// As [`Token::new`] for what is left.
    pub fn pasted(text: &str) -> Result<Self, BadToken> {
        let is_unseen = |c: char| c.is_whitespace() || is_obeyed(c) || UNSEEN.contains(&c);
        Self::new(text.trim_matches(is_unseen))
    }

    /// The key itself. For the `Authorization` header and for the credentials file, nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it has the shape the public guide shows, `kck-` and a UUID. Only a hint for a
    /// friendly question: the cloud alone decides what a key is.
    pub fn looks_like_a_key(&self) -> bool {
        let Some(uuid) = self.0.strip_prefix("kck-") else {
            return false;
        };
        let groups: Vec<&str> = uuid.split('-').collect();
        groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
            && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_nothing_of_itself() {
        let token = Token::new("kck-1e63267b-cb3c-4757-b739-3d94a06781aa").unwrap();
        assert_eq!(
            format!("{token:?} {:#?}", Some(&token)),
            "Token(***) Some(\n    Token(***),\n)"
        );
    }

    #[test]
    fn refuses_what_no_header_can_hold() {
        for (text, expected) in [
            ("", BadToken::Empty),
            (" \t\r\n", BadToken::Empty),
            ("abc\n", BadToken::ControlCharacter),
            ("abc\r\nX-Evil: 1", BadToken::ControlCharacter),
            ("a\u{7f}b", BadToken::ControlCharacter),
            ("a\u{0}b", BadToken::ControlCharacter),
        ] {
            assert_eq!(Token::new(text), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_seen_around_a_key_is_no_part_of_it() {
        for (text, expected) in [
            ("kck-1", Ok("kck-1")),
            (" kck-1\r\n", Ok("kck-1")),
            ("\u{feff}kck-1", Ok("kck-1")),
            ("kck-1\u{200b}\n", Ok("kck-1")),
            ("\u{feff}\n", Err(BadToken::Empty)),
            ("kck-1\nkck-2", Err(BadToken::ControlCharacter)),
        ] {
            let token = Token::pasted(text);
            assert_eq!(
                token.as_ref().map(Token::expose),
                expected.as_ref().copied(),
                "{text:?}"
            );
        }
    }

    #[test]
    fn knows_the_published_shape() {
        for (text, expected) in [
            ("kck-1e63267b-cb3c-4757-b739-3d94a06781aa", true),
            ("kck-1E63267B-CB3C-4757-B739-3D94A06781AA", true),
            ("1e63267b-cb3c-4757-b739-3d94a06781aa", false),
            ("kck-1e63267bcb3c4757b7393d94a06781aa", false),
            ("kck-1e63267b-cb3c-4757-b739-3d94a06781ag", false),
            ("kck-1e63267b-cb3c-4757-b739-3d94a06781aa-", false),
            ("密钥", false),
        ] {
            assert_eq!(
                Token::new(text).unwrap().looks_like_a_key(),
                expected,
                "{text}"
            );
        }
    }
}
