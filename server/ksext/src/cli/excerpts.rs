//! The texts that findings are about, each read and divided into lines once.

use std::collections::HashMap;

use ksext_core::package::PkgPath;
use ksext_core::text::Document;

use crate::workspace::Package;

/// A file's text with its lines.
pub(super) struct Excerpted {
    pub(super) text: String,
    pub(super) document: Document,
}

/// The files of one package that have been looked at.
pub(super) struct Files<'a> {
    package: &'a Package,
    seen: HashMap<PkgPath, Excerpted>,
}

impl<'a> Files<'a> {
    pub(super) fn new(package: &'a Package) -> Self {
        Self {
            package,
            seen: HashMap::new(),
        }
    }

    /// The file at `path`; empty if it cannot be read.
    pub(super) fn get(&mut self, path: &PkgPath) -> &Excerpted {
        self.seen.entry(path.clone()).or_insert_with(|| {
            let text = self.package.text_of(path);
            let document = Document::new(&text);
            Excerpted { text, document }
        })
    }
}
