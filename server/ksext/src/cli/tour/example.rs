//! The package of the tour: the example of the tests, with three mistakes put in.

use std::io;
use std::path::Path;

use ksext_core::manifest::FILE_NAME;
use ksext_core::package::PkgPath;

use crate::commands::new::example;
use crate::host::files;

/// The icon's path with a mistake in it.
pub(super) const WRONG_ICON: &str = "./static/icon.svg";
/// The icon's path.
pub(super) const RIGHT_ICON: &str = "./static/favicon.svg";

/// The manifest with its mistakes: a path to nothing, a misspelt key, a language that is none.
pub(super) fn broken() -> String {
    let manifest = example()
        .into_iter()
        .find(|(path, _)| *path == PkgPath::from(FILE_NAME));
    let manifest = manifest.map_or(Vec::new(), |(_, bytes)| bytes);
    String::from_utf8_lossy(&manifest)
        .replacen(RIGHT_ICON, WRONG_ICON, 1)
        .replacen("screenshots:", "screenshoots:", 1)
        .replacen("  zh: 示例", "  zh-CN: 示例", 1)
}

/// Writes the package, mistakes and all.
pub(super) fn write(folder: &Path) -> io::Result<()> {
    for (path, bytes) in example() {
        files::write(&folder.join(path.to_string()), &bytes)?;
    }
    files::write(&folder.join(FILE_NAME), broken().as_bytes())
}
