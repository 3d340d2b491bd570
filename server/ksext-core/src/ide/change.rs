//! Changes of a package's files that an editor makes at a person's word.

use crate::finding::Fix;
use crate::lang::Bilingual;
use crate::package::PkgPath;
use crate::text::TextEdit;

/// Edits of files, then operations on files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What is changed, file by file, under the names that files have before any operation. A file that
    /// is not there is made.
    pub edits: Vec<(PkgPath, TextEdit)>,
    /// What is done with files and folders after the edits, in this order.
    pub operations: Vec<FileOperation>,
    /// What a person is to say yes to before it happens, as far as the editor can ask: for changes of
    /// several files, and for what removes something.
    pub confirm: Option<Bilingual>,
}

/// What is done with a file or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileOperation {
    /// It gets another name or place. What is there already stays, and the operation fails.
    Rename {
        /// Where it is.
        from: PkgPath,
        /// Where it will be.
        to: PkgPath,
    },
    /// It is removed, with all that is in it.
    Delete(PkgPath),
}

impl From<&Fix> for Change {
    fn from(fix: &Fix) -> Self {
        Self {
            edits: fix.edits.clone(),
            ..Self::default()
        }
    }
}
