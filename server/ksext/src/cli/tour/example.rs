//! The package of the tour: the example of the tests, with three mistakes put in.

use std::io;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::host::files;

static DEMO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../tests/fixtures/demo");

/// The icon's path with a mistake in it.
pub(super) const WRONG_ICON: &str = "./static/icon.svg";
/// The icon's path.
pub(super) const RIGHT_ICON: &str = "./static/favicon.svg";

/// The manifest with its mistakes: a path to nothing, a misspelt key, a language that is none.
pub(super) fn broken() -> String {
    let manifest = DEMO
        .get_file("extension.yaml")
        .and_then(|file| file.contents_utf8());
    manifest
        .unwrap_or_default()
        .replacen(RIGHT_ICON, WRONG_ICON, 1)
        .replacen("screenshots:", "screenshoots:", 1)
        .replacen("  zh: 示例", "  zh-CN: 示例", 1)
}

/// Writes the package, mistakes and all.
pub(super) fn write(folder: &Path) -> io::Result<()> {
    write_below(&DEMO, folder)?;
    files::write(&folder.join("extension.yaml"), broken().as_bytes())
}

fn write_below(part: &Dir<'_>, folder: &Path) -> io::Result<()> {
    for file in part.files() {
        files::write(&folder.join(file.path()), file.contents())?;
    }
    part.dirs().try_for_each(|part| write_below(part, folder))
}
