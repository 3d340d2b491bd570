//! Icon and screenshots into the static directory, which push leaves out of the package once they are
//! uploaded.

use std::collections::BTreeSet;

use super::{Refactoring, touches};
use crate::bilingual;
use crate::ide::change::FileOperation;
use crate::ide::moves::{Move, moved};
use crate::ide::view::View;
use crate::manifest::{Manifest, Step};
use crate::package::PkgPath;
use crate::package::fs::lookup;
use crate::package::rewrite::static_directory;
use crate::text::{Span, TextEdit, line_break, line_start};

/// The keys that it is about.
const KEYS: [&str; 3] = ["icon", "screenshots", "staticFileDirectory"];
/// The folder where none is declared.
const FOLDER: &str = "static";

pub(super) fn refactorings(view: &View<'_>, selection: Span) -> Vec<Refactoring> {
    let manifest = view.as_manifest().filter(|it| {
        it.tree().errors().is_empty() && KEYS.iter().any(|key| touches(it, key, selection))
    });
    manifest
        .and_then(|it| into_folder(view, it))
        .into_iter()
        .collect()
}

fn into_folder(view: &View<'_>, manifest: &Manifest) -> Option<Refactoring> {
    let files = view.package.files();
    let (folder, declaration) = match manifest.static_directory() {
        Some(declared) => (static_directory(files, &declared.value).ok()??, None),
        None => (PkgPath::from(FOLDER), Some(declaration(manifest)?)),
    };
    let moves = moves(view, &folder)?;
    let mut change = moved(&view.package, &moves)?;
    change
        .edits
        .extend(declaration.map(|edit| (view.file.clone(), edit)));
    let operations = moves.into_iter().map(|one| FileOperation::Rename {
        from: one.from,
        to: one.to,
    });
    change.operations = operations.collect();
    let count = change.operations.len();
    let title = bilingual!(
        "Move {count} pictures into `{folder}`, which push does not pack",
        "将 {count} 个图片移入 `{folder}`，推送时该目录不会打包",
    );
    change.confirm = Some(title.clone());
    Some(Refactoring {
        id: "move-pictures".to_owned(),
        title,
        change,
    })
}

/// The pictures outside of `folder`, each under its own name in it. What README or CHANGELOG show has to
/// stay: it would be missing in the package. `None` if there is nothing to move, or two have one name.
fn moves(view: &View<'_>, folder: &PkgPath) -> Option<Vec<Move>> {
    let shown = view.package.shown_images();
    let files = view.package.files();
    let mut sources = BTreeSet::new();
    let mut targets = BTreeSet::new();
    let mut moves = Vec::new();
    for local in view.package.local_files() {
        let Ok(path) = local.path else { continue };
        let is_there = lookup(files, &path).is_ok_and(|found| found.path == path);
        let is_inside = path.below(folder).is_some();
        if !is_there || is_inside || shown.contains(&path) || !sources.insert(path.clone()) {
            continue;
        }
        let to = folder.child(path.components().last()?);
        if lookup(files, &to).is_ok() || !targets.insert(to.clone()) {
            return None;
        }
        moves.push(Move { from: path, to });
    }
    (!moves.is_empty()).then_some(moves)
}

/// The line that declares the folder, above the icon or the screenshots.
fn declaration(manifest: &Manifest) -> Option<TextEdit> {
    let text = manifest.text();
    let keys = KEYS.iter().filter_map(|key| {
        let place = manifest.place(&[Step::Key((*key).to_owned())]);
        place.key
    });
    let key = keys.min_by_key(|key| key.start)?;
    let line = line_start(text, key.start);
    (line == key.start).then(|| TextEdit {
        span: Span::empty(line),
        text: format!("staticFileDirectory: {FOLDER}{}", line_break(text)),
    })
}

#[cfg(test)]
mod tests {
    use crate::ide::change::FileOperation;
    use crate::ide::refactor::refactorings;
    use crate::ide::view::View;
    use crate::manifest::{FILE_NAME, Manifest};
    use crate::package::{MemoryFs, Package, PkgPath};
    use crate::text::{Span, apply_edits};

    /// The manifest after the move that is offered at `icon`, and what is moved where.
    fn done(text: &str, files: &[(&str, &str)]) -> Option<(String, Vec<String>)> {
        let manifest = Manifest::from_text(text);
        let mut disk = MemoryFs::default();
        for (path, content) in files {
            disk.insert(PkgPath::from(*path), content.as_bytes().into());
        }
        let file = PkgPath::from(FILE_NAME);
        let view = View {
            package: Package::new(&disk, &manifest),
            ..View::of(&manifest, &file)
        };
        let at = text.find("icon").expect("an icon");
        let offers = refactorings(&view, Span::empty(at)).into_iter();
        let change = offers
            .into_iter()
            .find(|offer| offer.id == "move-pictures")?
            .change;
        let own: Vec<_> = change
            .edits
            .into_iter()
            .filter(|(at, _)| *at == file)
            .map(|(_, edit)| edit)
            .collect();
        let moved = change.operations.iter().map(|operation| match operation {
            FileOperation::Rename { from, to } => format!("{from} > {to}"),
            FileOperation::Delete(path) => format!("{path} >"),
        });
        Some((
            apply_edits(text, &own).expect("edits that fit"),
            moved.collect(),
        ))
    }

    #[test]
    fn pictures_go_into_a_folder_that_is_declared() {
        let done = done(
            "name: demo\r\nicon: './图标.svg' # 图标\r\nscreenshots: [img/a.png, https://example.com/b.png]\r\n",
            &[("图标.svg", ""), ("img/a.png", "")],
        );
        let (text, moved) = done.expect("an offer");
        assert_eq!(
            text,
            "name: demo\r\nstaticFileDirectory: static\r\nicon: './static/图标.svg' # 图标\r\nscreenshots: [static/a.png, https://example.com/b.png]\r\n"
        );
        assert_eq!(
            moved,
            ["图标.svg > static/图标.svg", "img/a.png > static/a.png"]
        );
    }

    #[test]
    fn what_is_shown_elsewhere_or_would_clash_stays() {
        let icon = "icon: a.svg\n";
        for (text, files) in [
            (icon, &[("a.svg", ""), ("README.md", "![](a.svg)")][..]),
            (icon, &[("a.svg", ""), ("static/a.svg", "")]),
            (icon, &[]),
            (
                "icon: static/a.svg\nstaticFileDirectory: static\n",
                &[("static/a.svg", "")],
            ),
            (
                "icon: a/x.svg\nscreenshots: [b/x.svg]\n",
                &[("a/x.svg", ""), ("b/x.svg", "")],
            ),
            ("icon: https://example.com/a.svg\n", &[]),
        ] {
            assert_eq!(done(text, files), None, "{text}");
        }
    }
}
