//! What the templates of a package read of its values: `.Values.frontend.enabled`.

use super::charts::{charts, parts};
use super::values::charts_called;
use super::{Mention, Referent, Role, Written, text_of};
use crate::package::fs::Kind;
use crate::package::{Package, PkgPath};
use crate::text::Span;

/// Where a chart's templates lie.
const TEMPLATES: &str = "templates";
/// How templates begin what they read of the values.
const VALUES: &str = ".Values.";
/// What every chart sees under the same name.
const GLOBAL: &str = "global";
/// More files than this are not looked into.
const MAX_FILES: usize = 2000;

/// The places in templates that read the value at a path, or something below it: those of the package,
/// those of the chart that goes by the first key, and for a global one those of all charts.
pub(super) fn named(package: &Package<'_>, path: &[String], referent: &Referent) -> Vec<Mention> {
    let [key, below @ ..] = path else {
        return Vec::new();
    };
    let mut found = Found {
        package,
        referent,
        left: MAX_FILES,
        mentions: Vec::new(),
    };
    found.look(&PkgPath::from(TEMPLATES), path);
    if key == GLOBAL {
        for chart in charts(package) {
            found.look(&chart.folder.child(TEMPLATES.as_bytes()), path);
        }
    } else if !below.is_empty() {
        for chart in charts_called(package, &parts(package), key) {
            found.look(&chart.folder.child(TEMPLATES.as_bytes()), below);
        }
    }
    found.mentions
}

struct Found<'a> {
    package: &'a Package<'a>,
    referent: &'a Referent,
    left: usize,
    mentions: Vec<Mention>,
}

impl Found<'_> {
    /// Looks into the file or folder at `place`, links left out.
    fn look(&mut self, place: &PkgPath, path: &[String]) {
        let files = self.package.files();
        match files.kind(place) {
            Ok(Kind::Directory) => {
                for name in files.list(place).unwrap_or_default() {
                    self.look(&place.child(&name), path);
                }
            }
            Ok(Kind::File { .. }) if self.left > 0 => {
                self.left -= 1;
                self.look_into(place, path);
            }
            _ => {}
        }
    }

    fn look_into(&mut self, file: &PkgPath, path: &[String]) {
        let Some(source) = text_of(self.package, file) else {
            return;
        };
        let (Some(last), text) = (path.last(), source.text()) else {
            return;
        };
        let wanted = format!("{VALUES}{}", path.join("."));
        for (start, found) in text.match_indices(&wanted) {
            let end = start + found.len();
            let goes_on = |char: char| char.is_alphanumeric() || char == '_';
            if text[end..].starts_with(goes_on) {
                continue;
            }
            let span = Span::new(end - last.len(), end);
            self.mentions.push(Mention {
                file: file.clone(),
                span,
                whole: Span::new(start, end),
                referent: self.referent.clone(),
                role: Role::Part,
                written: Written::Template(last.clone()),
            });
        }
    }
}

impl Mention {
    /// Whether it stands in a template, where a name is letters, digits and `_` only.
    pub(in crate::ide) fn is_in_template(&self) -> bool {
        matches!(self.written, Written::Template(_))
    }
}
