//! `cargo xtask picture`: what the program prints in a terminal, as an SVG for the README.
//!
//! Runs the program, reads the colours it writes (SGR sequences) and draws each run of characters
//! with one style as a `tspan`. Nothing is made up: what stands in the picture was printed.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use anyhow::Context;

use crate::shell;

const CHARACTER: f64 = 8.4;
const LINE: f64 = 19.0;
const MARGIN: f64 = 16.0;
/// Columns of the terminal; longer lines go on below.
const COLUMNS: usize = 120;

pub(crate) fn run(file: &str, words: &[&str]) -> anyhow::Result<()> {
    shell::run(&mut shell::cargo("build --package ksext"))?;
    let mut command = Command::new(shell::program("debug"));
    command
        .args(["--color", "always", "--lang", "en"])
        .args(words)
        .current_dir(shell::root());
    let output = command.output().context("cannot start ksext")?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let svg = draw(&format!("$ ksext {}\n{printed}", words.join(" ")));
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
            if !run.text.trim().is_empty() {
                // Writing into a string cannot fail.
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
    colour: Option<&'static str>,
    bold: bool,
}

impl Run {
    /// Cells that it takes in a terminal.
    fn columns(&self) -> usize {
        self.text.chars().map(cells).sum()
    }

    fn element(&self, x: f64, y: f64) -> String {
        let text = self.text.replace('&', "&amp;").replace('<', "&lt;");
        let length = self.columns() as f64 * CHARACTER;
        let weight = if self.bold {
            " font-weight=\"bold\""
        } else {
            ""
        };
        let colour = self.colour.unwrap_or("#d7dae0");
        format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{colour}\"{weight} textLength=\"{length:.1}\" \
             xml:space=\"preserve\">{text}</text>"
        )
    }
}

/// Cells of a character in a terminal: two for Chinese ones and full-width signs.
fn cells(char: char) -> usize {
    if matches!(char, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{ffef}') {
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
            sequence[..end]
                .split(';')
                .for_each(|code| run.restyle(code));
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
    let style = Run {
        text: String::new(),
        ..run.clone()
    };
    let done = std::mem::replace(run, style);
    if let (Some(line), false) = (lines.last_mut(), done.text.is_empty()) {
        line.push(done);
    }
}

impl Run {
    /// Applies one SGR parameter.
    fn restyle(&mut self, code: &str) {
        match code {
            "" | "0" => *self = Self::default(),
            "1" => self.bold = true,
            "31" | "91" => self.colour = Some("#e06c75"),
            "32" | "92" => self.colour = Some("#98c379"),
            "33" | "93" => self.colour = Some("#e5c07b"),
            "34" | "94" => self.colour = Some("#61afef"),
            "35" | "95" => self.colour = Some("#c678dd"),
            "36" | "96" => self.colour = Some("#56b6c2"),
            "39" => self.colour = None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_links_become_runs() {
        let text = "\u{1b}[1m\u{1b}[31merror\u{1b}]8;;https://a\u{1b}\\x\u{1b}]8;;\u{1b}\\\u{1b}[0m: 图\n| a";
        let run = |text: &str, colour, bold| Run {
            text: text.to_owned(),
            colour,
            bold,
        };
        let expected = vec![
            vec![
                run("errorx", Some("#e06c75"), true),
                run(": ", None, false),
                run("图", None, false),
            ],
            vec![run("| a", None, false)],
        ];
        assert_eq!(parse(text), expected);
        assert_eq!(expected[0][2].columns(), 2);
        let widths = |text: &str| parse(text).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(widths(&"图".repeat(COLUMNS / 2 + 1)), [1, 1]);
    }
}
