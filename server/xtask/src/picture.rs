//! `cargo xtask picture`: what a terminal shows, as an SVG for the documentation.
//!
//! Runs the program, or takes a screen that the tests in editors have left; reads the colours in it (SGR
//! sequences, ECMA-48 and xterm's) and draws each run of characters with one style as a `text`. Nothing
//! is made up: what stands in the picture stood on the terminal.

use std::fmt::{self, Write as _};
use std::fs;
use std::process::Command;

use anyhow::Context;

use crate::shell;

const CHARACTER: f64 = 8.4;
const LINE: f64 = 19.0;
const MARGIN: f64 = 16.0;
/// Columns of the terminal; longer lines go on below.
const COLUMNS: usize = 120;

/// Draws a screen that `tmux capture-pane -e -p` has written.
pub(crate) fn screen(file: &str, capture: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(capture)
        .with_context(|| format!("cannot read {capture}; a test leaves it there"))?;
    write(file, &text)
}

/// Draws what a call of the program prints, in Chinese where the file's name ends in `_zh`.
pub(crate) fn run(file: &str, words: &[&str]) -> anyhow::Result<()> {
    shell::run(&mut shell::cargo("build --package ksext"))?;
    let is_chinese = file.ends_with("_zh.svg");
    let lang = if is_chinese { "zh" } else { "en" };
    let mut command = Command::new(shell::program("debug"));
    command
        .args(["--color", "always", "--lang", lang])
        .args(words)
        .current_dir(shell::root());
    let output = command.output().context("cannot start ksext")?;
    let printed = String::from_utf8_lossy(&output.stdout);
    write(file, &format!("$ ksext {}\n{printed}", words.join(" ")))
}

fn write(file: &str, text: &str) -> anyhow::Result<()> {
    let svg = draw(text);
    fs::write(shell::root().join(file), svg).with_context(|| format!("cannot write {file}"))?;
    println!("{file} is written; look at it");
    Ok(())
}

/// Text as a terminal shows it, as an SVG.
fn draw(text: &str) -> String {
    let lines = parse(text.trim_end());
    let columns = lines
        .iter()
        .map(|line| line.iter().map(Run::columns).sum())
        .max()
        .unwrap_or(0);
    let width = columns as f64 * CHARACTER + 2.0 * MARGIN;
    let height = lines.len() as f64 * LINE + 2.0 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         width=\"{width:.0}\" height=\"{height:.0}\" font-family=\"ui-monospace, SFMono-Regular, \
         Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1e2127\"/>\n"
    );
    for (row, line) in lines.iter().enumerate() {
        let y = MARGIN + (row as f64 + 0.75) * LINE;
        let mut column = 0;
        for run in line {
            let x = MARGIN + column as f64 * CHARACTER;
            column += run.columns();
            // Writing into a string cannot fail.
            let _ = svg.write_str(&run.ground(x, y - 0.75 * LINE));
            if !run.text.trim().is_empty() {
                let _ = writeln!(svg, "{}", run.element(x, y));
            }
        }
    }
    svg + "</svg>\n"
}

/// Characters of one style on one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Run {
    text: String,
    style: Style,
}

/// How characters look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Style {
    colour: Option<Colour>,
    ground: Option<Colour>,
    bold: bool,
    italic: bool,
    underlined: bool,
    /// Whether colour and ground change places.
    swapped: bool,
}

/// Red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Colour(u8, u8, u8);

/// What is drawn on where nothing else is said, and with what.
const GROUND: Colour = Colour(0x1e, 0x21, 0x27);
const COLOUR: Colour = Colour(0xd7, 0xda, 0xe0);

/// The eight that every terminal has.
const EIGHT: [Colour; 8] = [
    Colour(0x3f, 0x44, 0x51),
    Colour(0xe0, 0x6c, 0x75),
    Colour(0x98, 0xc3, 0x79),
    Colour(0xe5, 0xc0, 0x7b),
    Colour(0x61, 0xaf, 0xef),
    Colour(0xc6, 0x78, 0xdd),
    Colour(0x56, 0xb6, 0xc2),
    Colour(0xd7, 0xda, 0xe0),
];

/// Bright black is the grey of what is beside the point.
const GREY: Colour = Colour(0x7f, 0x84, 0x8e);

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(red, green, blue) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Colour {
    /// One of xterm's 256: the eight, the eight again in bright, a cube of six to the third, greys.
    fn of_256(number: u8) -> Self {
        let step = |of: u8| if of == 0 { 0 } else { 55 + 40 * of };
        match number {
            8 => GREY,
            0..=15 => EIGHT[usize::from(number % 8)],
            16..=231 => {
                let number = number - 16;
                Self(step(number / 36), step(number / 6 % 6), step(number % 6))
            }
            232.. => {
                let grey = 8 + 10 * (number - 232);
                Self(grey, grey, grey)
            }
        }
    }
}

impl Run {
    /// Cells that it takes in a terminal.
    fn columns(&self) -> usize {
        self.text.chars().map(cells).sum()
    }

    /// The box behind it; nothing where there is none.
    fn ground(&self, x: f64, y: f64) -> String {
        let Some(ground) = self.style.drawn().1 else {
            return String::new();
        };
        let width = self.columns() as f64 * CHARACTER;
        format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{LINE}\" fill=\"{ground}\" shape-rendering=\"crispEdges\"/>\n"
        )
    }

    fn element(&self, x: f64, y: f64) -> String {
        let text = self.text.replace('&', "&amp;").replace('<', "&lt;");
        let length = self.columns() as f64 * CHARACTER;
        let Style {
            bold,
            italic,
            underlined,
            ..
        } = self.style;
        let looks = [
            (bold, " font-weight=\"bold\""),
            (italic, " font-style=\"italic\""),
            (underlined, " text-decoration=\"underline\""),
        ];
        let looks = looks.iter().filter(|(is, _)| *is).map(|(_, look)| *look);
        let looks: String = looks.collect();
        let colour = self.style.drawn().0;
        format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{colour}\"{looks} textLength=\"{length:.1}\" \
             xml:space=\"preserve\">{text}</text>"
        )
    }
}

/// Cells of a character in a terminal: two for Chinese ones and full-width signs.
fn cells(char: char) -> usize {
    if matches!(char, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{ffef}' | '\u{1f300}'..='\u{1faff}')
    {
        2
    } else {
        1
    }
}

/// The lines of what a program printed, cut where the style or the width of characters changes.
fn parse(text: &str) -> Vec<Vec<Run>> {
    let mut lines = vec![Vec::new()];
    let mut run = Run::default();
    let mut column = 0;
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if let Some(sequence) = rest.strip_prefix("\u{1b}[") {
            let end = sequence
                .find(|char: char| char.is_ascii_alphabetic())
                .unwrap_or(0);
            finish(&mut lines, &mut run);
            run.style.apply(&sequence[..end]);
            rest = &sequence[end + 1..];
        } else if let Some(link) = rest.strip_prefix("\u{1b}]") {
            // A link's address (OSC 8) is not shown.
            rest = link.split_once("\u{1b}\\").map_or("", |(_, behind)| behind);
        } else {
            if next == '\n' {
                finish(&mut lines, &mut run);
                lines.push(Vec::new());
                column = 0;
            } else {
                column += cells(next);
                if column > COLUMNS {
                    finish(&mut lines, &mut run);
                    lines.push(Vec::new());
                    column = cells(next);
                }
                // Each run is stretched to its cells, whatever font draws it.
                if run
                    .text
                    .chars()
                    .last()
                    .is_some_and(|last| cells(last) != cells(next))
                {
                    finish(&mut lines, &mut run);
                }
                run.text.push(next);
            }
            rest = &rest[next.len_utf8()..];
        }
    }
    finish(&mut lines, &mut run);
    lines
}

fn finish(lines: &mut [Vec<Run>], run: &mut Run) {
    let style = run.style;
    let next = Run {
        text: String::new(),
        style,
    };
    let done = std::mem::replace(run, next);
    if let (Some(line), false) = (lines.last_mut(), done.text.is_empty()) {
        line.push(done);
    }
}

impl Style {
    /// The colours of the characters and of what is behind them.
    fn drawn(&self) -> (Colour, Option<Colour>) {
        if self.swapped {
            let ground = self.colour.unwrap_or(COLOUR);
            return (self.ground.unwrap_or(GROUND), Some(ground));
        }
        (self.colour.unwrap_or(COLOUR), self.ground)
    }

    /// Applies the parameters of one SGR sequence.
    fn apply(&mut self, parameters: &str) {
        let mut codes = parameters.split(';');
        while let Some(code) = codes.next() {
            // What stands behind a colon says more of the same: `4:3` is a wavy line.
            let (code, more) = code.split_once(':').unwrap_or((code, ""));
            let number = code.parse::<u8>().unwrap_or(0);
            match number {
                0 => *self = Self::default(),
                1 => self.bold = true,
                3 => self.italic = true,
                4 => self.underlined = more != "0",
                7 => self.swapped = true,
                22 => self.bold = false,
                23 => self.italic = false,
                24 => self.underlined = false,
                27 => self.swapped = false,
                30..=37 => self.colour = Some(Colour::of_256(number - 30)),
                40..=47 => self.ground = Some(Colour::of_256(number - 40)),
                90..=97 => self.colour = Some(Colour::of_256(number - 82)),
                100..=107 => self.ground = Some(Colour::of_256(number - 92)),
                39 => self.colour = None,
                49 => self.ground = None,
                38 => self.colour = extended(&mut codes, more),
                48 => self.ground = extended(&mut codes, more),
                // The colour of the line below.
                58 => _ = extended(&mut codes, more),
                _ => {}
            }
        }
    }
}

/// A colour by its number, `5;N`, or by its parts, `2;R;G;B`, in the codes that follow or behind a colon.
fn extended<'a>(codes: &mut impl Iterator<Item = &'a str>, more: &'a str) -> Option<Colour> {
    let mut behind = more.split(':').filter(|it| !it.is_empty()).peekable();
    let mut next = || {
        let inside = more.is_empty();
        if inside { codes.next() } else { behind.next() }
    };
    let kind = next()?;
    let mut number = || next()?.parse().ok();
    match kind {
        "5" => number().map(Colour::of_256),
        "2" => Some(Colour(number()?, number()?, number()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, style: Style) -> Run {
        Run {
            text: text.to_owned(),
            style,
        }
    }

    #[test]
    fn colours_and_links_become_runs() {
        let text = "\u{1b}[1m\u{1b}[31merror\u{1b}]8;;https://a\u{1b}\\x\u{1b}]8;;\u{1b}\\\u{1b}[0m: 图\n| a";
        let plain = Style::default();
        let error = Style {
            colour: Some(EIGHT[1]),
            bold: true,
            ..plain
        };
        let expected = vec![
            vec![run("errorx", error), run(": ", plain), run("图", plain)],
            vec![run("| a", plain)],
        ];
        assert_eq!(parse(text), expected);
        assert_eq!(expected[0][2].columns(), 2);
        let widths = |text: &str| parse(text).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(widths(&"图".repeat(COLUMNS / 2 + 1)), [1, 1]);
    }

    #[test]
    fn all_that_an_editor_draws_with_is_read() {
        let plain = Style::default();
        let check = |codes: &str, expected: Style| {
            let text = format!("\u{1b}[{codes}mx");
            assert_eq!(parse(&text), [[run("x", expected)]], "{codes}");
        };
        let colour = |colour| Style {
            colour: Some(colour),
            ..plain
        };
        check("38;5;208", colour(Colour(255, 135, 0)));
        check("38;5;244", colour(Colour(128, 128, 128)));
        check("38;2;1;2;3", colour(Colour(1, 2, 3)));
        check("38:2::1:2:3", colour(Colour(1, 2, 3)));
        check("95", colour(EIGHT[5]));
        check("31;39", plain);
        let underlined = true;
        check(
            "4:3;58:2::9:9:9",
            Style {
                underlined,
                ..plain
            },
        );
        check("4;24;3;23;1;22;7;27", plain);
        let ground = Some(EIGHT[4]);
        check("44", Style { ground, ..plain });
        let swapped = true;
        let line = Style { swapped, ..plain };
        check("7", line);
        assert_eq!(line.drawn(), (GROUND, Some(COLOUR)));
        assert!(draw("\u{1b}[7mmode line").contains("<rect x="));
    }
}
