//! A text to insert, with places to fill in.

use std::fmt::Write as _;

/// A text to insert. Line breaks and indentation are written when it is known how the client takes
/// them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A new line, indented by so many spaces.
    Line(usize),
    /// A place to fill in, with what stands there at first.
    Stop(String),
    /// One of these texts; whether the first of them stands there where there is no choosing.
    Choice(Vec<String>, bool),
}

/// How lines of an inserted text are written.
#[derive(Clone, Copy, Debug)]
pub struct Lines {
    /// What ends a line.
    pub end: &'static str,
    /// How many of the spaces in front of a line the client adds by itself.
    pub less: usize,
}

impl Template {
    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::default().and(text)
    }

    /// With more text behind.
    pub(super) fn and(mut self, text: impl Into<String>) -> Self {
        self.pieces.push(Piece::Text(text.into()));
        self
    }

    /// With all of another template behind.
    pub(super) fn with(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    /// With a new line behind, indented by so many spaces.
    pub(super) fn line(mut self, indent: usize) -> Self {
        self.pieces.push(Piece::Line(indent));
        self
    }

    /// With a place to fill in.
    pub(super) fn stop(self) -> Self {
        self.stop_at("")
    }

    /// With a place to fill in, where `text` stands at first.
    pub(super) fn stop_at(mut self, text: impl Into<String>) -> Self {
        self.pieces.push(Piece::Stop(text.into()));
        self
    }

    /// With one of these texts, still to choose.
    pub(super) fn choose(mut self, options: Vec<String>) -> Self {
        self.pieces.push(Piece::Choice(options, false));
        self
    }

    /// With one of these texts, the first unless another one is chosen.
    pub(super) fn choose_first(mut self, options: Vec<String>) -> Self {
        self.pieces.push(Piece::Choice(options, true));
        self
    }

    /// Whether there is something to fill in.
    pub fn has_places(&self) -> bool {
        let mut pieces = self.pieces.iter();
        pieces.any(|piece| matches!(piece, Piece::Stop(_) | Piece::Choice(..)))
    }

    /// As a snippet (LSP 3.17, "Snippet Syntax").
    pub fn as_snippet(&self, lines: Lines) -> String {
        let mut text = String::new();
        let mut number = 0;
        for piece in &self.pieces {
            // Writing into a string cannot fail.
            let _ = match piece {
                Piece::Text(part) => write!(text, "{}", escaped(part, "$\\")),
                Piece::Line(indent) => write!(text, "{}", lines.begin(*indent)),
                Piece::Stop(first) => {
                    number += 1;
                    if first.is_empty() {
                        write!(text, "${number}")
                    } else {
                        write!(text, "${{{number}:{}}}", escaped(first, "$}\\"))
                    }
                }
                Piece::Choice(options, _) => {
                    number += 1;
                    let options: Vec<_> = options
                        .iter()
                        .map(|option| escaped(option, "$}\\,|"))
                        .collect();
                    write!(text, "${{{number}|{}|}}", options.join(","))
                }
            };
        }
        text
    }

    /// As it is, up to the first place that is still to fill in. With `whole` places stay empty.
    pub fn as_text(&self, lines: Lines, whole: bool) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Line(indent) => text.push_str(&lines.begin(*indent)),
                Piece::Stop(first) if first.is_empty() => {
                    if !whole {
                        break;
                    }
                }
                Piece::Stop(first) => text.push_str(first),
                Piece::Choice(options, is_first) => match options.first() {
                    Some(first) if *is_first => text.push_str(first),
                    _ if !whole => break,
                    _ => {}
                },
            }
        }
        text
    }
}

impl Lines {
    fn begin(self, indent: usize) -> String {
        format!(
            "{}{}",
            self.end,
            " ".repeat(indent.saturating_sub(self.less))
        )
    }
}

fn escaped(text: &str, special: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if special.contains(char) {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: Lines = Lines {
        end: "\r\n",
        less: 2,
    };

    #[test]
    fn places_are_numbered_and_special_characters_escaped() {
        let template = Template::text("a$}: ")
            .choose(vec!["x,y".into(), "观|测".into()])
            .line(4)
            .stop_at("{b}")
            .and("\\")
            .stop();
        assert_eq!(
            template.as_snippet(LINES),
            "a\\$}: ${1|x\\,y,观\\|测|}\r\n  ${2:{b\\}}\\\\$3"
        );
        assert_eq!(template.as_text(LINES, false), "a$}: ");
        assert_eq!(template.as_text(LINES, true), "a$}: \r\n  {b}\\");
    }

    #[test]
    fn a_text_ends_where_something_is_missing() {
        let template = Template::text("name: ")
            .stop_at("demo")
            .line(2)
            .choose_first(vec!["a".into(), "b".into()])
            .stop()
            .and("rest");
        assert_eq!(template.as_text(LINES, false), "name: demo\r\na");
    }
}
