//! Files and folders that get another name or place: everything that names them goes along.

use std::collections::BTreeSet;

use super::change::Change;
use super::referent::{Mention, Referent, Replacing, chart_folder, chart_named, paths, replace};
use super::rename::chart_changes;
use crate::bilingual;
use crate::package::{Package, PkgPath};
use crate::text::TextEdit;

/// A file or folder that gets another path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Where it is.
    pub from: PkgPath,
    /// Where it will be.
    pub to: PkgPath,
}

/// The edits that are to be made before these moves; `None` if nothing names what is moved.
///
/// A chart's folder that bears the chart's name and gets another that charts may have takes the chart
/// along: its Chart.yaml, the dependency, conditions and values. What leaves the package is left to the
/// check to tell.
pub fn moved(package: &Package<'_>, moves: &[Move]) -> Option<Change> {
    // What is written in a way that cannot be changed stays; the check tells it.
    let mut edits = relocated(package, moves).edits;
    for one in moves {
        let Some((old, new)) = renamed_chart(package, one) else {
            continue;
        };
        // What cannot be done as a whole is not begun: the folder's name alone breaks nothing.
        if let Ok(of_chart) = chart_changes(package, &old, &new) {
            edits.extend(of_chart);
        }
    }
    if edits.is_empty() {
        return None;
    }
    let files: BTreeSet<_> = edits.iter().map(|(file, _)| file).collect();
    let count = files.len();
    let confirm = (count > 1).then(|| {
        bilingual!(
            "Change {count} files that name what is moved",
            "修改 {count} 个提到所移动内容的文件",
        )
    });
    Some(Change {
        edits,
        operations: Vec::new(),
        confirm,
    })
}

/// What names something that is moved.
pub(super) struct Relocated {
    /// All places.
    pub(super) mentions: Vec<Mention>,
    /// The edits that name the new place there.
    pub(super) edits: Vec<(PkgPath, TextEdit)>,
    /// The places that cannot be rewritten.
    pub(super) refused: Vec<Mention>,
}

/// The mentions of what is moved, and the edits that name its new place.
pub(super) fn relocated(package: &Package<'_>, moves: &[Move]) -> Relocated {
    let mut mentions = Vec::new();
    let mut replacements = Vec::new();
    for mention in paths(package) {
        let Referent::Path(old) = mention.referent.clone() else {
            continue;
        };
        let new = moves
            .iter()
            .find_map(|one| Some(one.to.join(&old.below(&one.from)?)));
        let Some(new) = new.filter(|new| *new != old) else {
            continue;
        };
        mentions.push(mention.clone());
        replacements.push((mention, Replacing::Path(old, new)));
    }
    let (edits, refused) = replace(replacements);
    Relocated {
        mentions,
        edits,
        refused,
    }
}

/// The old and the new name of the chart that bears its folder's name, if the folder gets another.
fn renamed_chart(package: &Package<'_>, one: &Move) -> Option<(String, String)> {
    let (from, to) = (chart_folder(&one.from)?, chart_folder(&one.to)?);
    let name = |folder: &PkgPath| String::from_utf8(folder.name().to_vec()).ok();
    let (old, new) = (name(from)?, name(to)?);
    let chart = chart_named(package, &old)?;
    (chart.folder == *from && old != new).then_some((old, new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::sample::Sample;

    /// The lines that are changed with some moves, and whether a person is asked.
    #[track_caller]
    fn check(moves: &[(&str, &str)], expected: &[(&str, &[&str])], asks: bool) {
        let sample = Sample::new();
        let opened = sample.open("extension.yaml");
        let moves: Vec<_> = moves
            .iter()
            .map(|(from, to)| Move {
                from: (*from).into(),
                to: (*to).into(),
            })
            .collect();
        let change = moved(&opened.package(), &moves).unwrap_or_default();
        assert_eq!(change.confirm.is_some(), asks);
        let after = sample.after(&change);
        let mut changed = Vec::new();
        for (path, text) in &after.texts {
            let old: Vec<_> = sample.texts[path].lines().collect();
            let lines = text.lines().filter(|line| !old.contains(line));
            let lines: Vec<_> = lines.map(str::trim).collect();
            if !lines.is_empty() {
                changed.push((path.to_string(), lines));
            }
        }
        let expected: Vec<_> = expected
            .iter()
            .map(|(path, lines)| ((*path).to_owned(), lines.to_vec()))
            .collect();
        assert_eq!(changed, expected);
        let moved = after.moved(&moves);
        assert_eq!(moved.errors(), sample.errors());
    }

    #[test]
    fn what_names_a_moved_file_goes_along() {
        check(
            &[("static/a.svg", "static/屏幕/a.svg")],
            &[
                (
                    "README.md",
                    &[
                        "![图](static/%E5%9B%BE%20%E6%A0%87.svg \"t\") <img src='./static/屏幕/a.svg?raw=true'> [chart](charts/frontend/logo.svg#x)",
                    ],
                ),
                (
                    "extension.yaml",
                    &["- static/屏幕/a.svg", "- /static/屏幕/a.svg"],
                ),
            ],
            true,
        );
        check(&[("values.yaml", "values2.yaml")], &[], false);
        check(&[("static/a.svg", "static/a.svg")], &[], false);
    }

    #[test]
    fn two_files_change_places() {
        check(
            &[
                ("static/a.svg", "static/图 标.svg"),
                ("static/图 标.svg", "static/a.svg"),
            ],
            &[
                (
                    "README.md",
                    &[
                        "![图](static/a.svg \"t\") <img src='./static/图%20标.svg?raw=true'> [chart](charts/frontend/logo.svg#x)",
                    ],
                ),
                ("README_zh.md", &["![图](<static/a.svg>)"]),
                (
                    "extension.yaml",
                    &[
                        "icon: './static/a.svg'",
                        "- static/图 标.svg",
                        "- /static/图 标.svg",
                    ],
                ),
            ],
            true,
        );
    }

    #[test]
    fn a_charts_folder_takes_the_chart_along_if_it_bears_its_name() {
        check(
            &[("charts/frontend", "charts/web")],
            &[
                (
                    "README.md",
                    &[
                        "![图](static/%E5%9B%BE%20%E6%A0%87.svg \"t\") <img src='./static/a.svg?raw=true'> [chart](charts/web/logo.svg#x)",
                    ],
                ),
                ("charts/frontend/Chart.yaml", &["name: 'web'"]),
                (
                    "extension.yaml",
                    &[
                        "- name: \"web\"",
                        "condition: web.enabled,global.active",
                        "repository: file://charts/web",
                    ],
                ),
                ("values.yaml", &["web:"]),
            ],
            true,
        );
        check(&[("charts/server", "charts/backend")], &[], false);
        // No chart may be called so.
        let links = "![图](static/%E5%9B%BE%20%E6%A0%87.svg \"t\") <img src='./static/a.svg?raw=true'> [chart](charts/前端/logo.svg#x)";
        check(
            &[("charts/frontend", "charts/前端")],
            &[
                ("README.md", &[links]),
                ("extension.yaml", &["repository: file://charts/前端"]),
            ],
            true,
        );
    }
}
