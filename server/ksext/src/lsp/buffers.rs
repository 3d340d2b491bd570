//! What the editor shows of a package, for the commands.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::documents::Buffer;
use super::state::State;
use crate::commands::OpenBuffers;
use crate::host::disk::Disk;
use crate::workspace::Package;

/// The open texts of a session.
pub(super) struct Buffers {
    state: Arc<Mutex<State>>,
}

impl Buffers {
    pub(super) fn new(state: Arc<Mutex<State>>) -> Self {
        Self { state }
    }

    fn below(&self, root: &Path) -> Vec<Buffer> {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .documents
            .below(root, None)
    }
}

impl OpenBuffers for Buffers {
    fn differing(&self, root: &Path) -> Vec<PathBuf> {
        let disk = Disk::new(root);
        let mut differing: Vec<PathBuf> = self
            .below(root)
            .into_iter()
            .filter(|buffer| !disk.holds(&buffer.path, &buffer.text.text()))
            .map(|buffer| disk.real(&buffer.path))
            .collect();
        differing.sort();
        differing
    }

    fn package(&self, root: &Path) -> Option<Package> {
        let buffers = self.below(root);
        if buffers.is_empty() {
            return None;
        }
        let buffers = buffers
            .into_iter()
            .map(|buffer| (buffer.path, buffer.text.text()));
        Package::open_buffered(root, buffers).ok()
    }
}
