//! Columns for people: aligned by the cells that a terminal gives each character.

use unicode_width::UnicodeWidthStr as _;

/// The rows with their columns aligned, one line each, without spaces at the ends.
pub(super) fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let rows: Vec<[String; N]> = rows
        .iter()
        .map(|row| row.each_ref().map(|cell| one_line(cell)))
        .collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let line = |row: &[String; N]| {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - cell.width() + 2));
        }
        format!("{}\n", line.trim_end())
    };
    rows.iter().map(line).collect()
}

/// A server's text as one line, with nothing that a terminal would obey.
pub(super) fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_cells_and_obey_nobody() {
        let rows = [
            ["ID", "状态", "X"],
            ["42", "\u{1b}[2Jx\n", ""],
            ["观测云", "draft", "y"],
        ];
        let rows = rows.map(|row| row.map(str::to_owned));
        assert_eq!(
            table(&rows),
            "ID      状态    X\n42       [2Jx\n观测云  draft   y\n"
        );
    }
}
