//! Watching folders for changes, for editors that do not.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{CreateKind, EventKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::files;

/// How long the disk must rest before its changes are told, and how long they are held back at most.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(1);
/// The most folders that are watched where each one costs (inotify: 8192 is an old system's limit for
/// all programs together).
const MOST: usize = 4096;
/// Folders that change much and hold no package.
const SKIPPED: [&str; 2] = ["node_modules", "target"];

/// A thread that watches; it ends with its handle.
#[derive(Debug)]
pub(crate) struct Watcher(Sender<Message>);

enum Message {
    Watch(PathBuf),
    Event(notify::Result<Event>),
    End,
}

impl Watcher {
    /// Starts to watch nothing. `told` gets the paths that have changed, a few times a second at most.
    pub(crate) fn start(told: impl Fn(Vec<PathBuf>) + Send + 'static) -> Self {
        let (sender, messages) = channel();
        let events = sender.clone();
        std::thread::spawn(move || {
            let watcher = notify::recommended_watcher(move |event| {
                // Nobody listens once the thread has ended.
                let _ = events.send(Message::Event(event));
            });
            match watcher {
                Ok(watcher) => Watched::new(watcher).run(&messages, &told),
                Err(error) => tracing::warn!(%error, "files on the disk are not watched"),
            }
        });
        Self(sender)
    }

    /// Watches a folder with all that is in it, too.
    pub(crate) fn watch(&self, folder: PathBuf) {
        // The thread ends early only where nothing can be watched.
        let _ = self.0.send(Message::Watch(folder));
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.0.send(Message::End);
    }
}

/// What the thread holds.
struct Watched {
    watcher: RecommendedWatcher,
    folders: HashSet<PathBuf>,
}

impl Watched {
    fn new(watcher: RecommendedWatcher) -> Self {
        Self {
            watcher,
            folders: HashSet::new(),
        }
    }

    fn run(mut self, messages: &Receiver<Message>, told: &dyn Fn(Vec<PathBuf>)) {
        let mut changed: BTreeSet<PathBuf> = BTreeSet::new();
        let mut first = Instant::now();
        loop {
            let message = if changed.is_empty() {
                first = Instant::now();
                messages.recv().ok()
            } else {
                let left = LONGEST.saturating_sub(first.elapsed());
                match messages.recv_timeout(PAUSE.min(left)) {
                    Ok(message) => Some(message),
                    Err(_) => {
                        told(std::mem::take(&mut changed).into_iter().collect());
                        continue;
                    }
                }
            };
            match message {
                Some(Message::Watch(folder)) => self.watch(&folder),
                Some(Message::Event(Ok(event))) => {
                    if is_change(event.kind) {
                        self.follow(&event);
                        changed.extend(event.paths);
                    }
                }
                Some(Message::Event(Err(error))) => {
                    tracing::debug!(%error, "some changes of files are not seen");
                }
                Some(Message::End) | None => return,
            }
        }
    }

    /// Watches folders that are made in those that are watched.
    fn follow(&mut self, event: &Event) {
        let may_be_new = matches!(
            event.kind,
            EventKind::Create(CreateKind::Folder | CreateKind::Any) | EventKind::Modify(_)
        );
        if cfg!(target_os = "linux") && may_be_new {
            for path in &event.paths {
                if files::is_folder(path).unwrap_or(false) && !self.folders.contains(path) {
                    self.watch(path);
                }
            }
        }
    }

    fn watch(&mut self, folder: &Path) {
        // inotify watches single folders anyway; so those that do not matter can be left out.
        let mode = if cfg!(target_os = "linux") {
            RecursiveMode::NonRecursive
        } else {
            RecursiveMode::Recursive
        };
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            if self.folders.len() >= MOST {
                tracing::warn!("more than {MOST} folders: the others are not watched");
                return;
            }
            if !self.folders.insert(folder.clone()) {
                continue;
            }
            if let Err(error) = self.watcher.watch(&folder, mode) {
                tracing::warn!(%error, folder = %folder.display(), "a folder is not watched");
                self.folders.remove(&folder);
                return;
            }
            if mode == RecursiveMode::NonRecursive {
                let below = files::folders_in(&folder).unwrap_or_default();
                folders.extend(below.into_iter().filter(|folder| is_worth_watching(folder)));
            }
        }
    }
}

fn is_worth_watching(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with('.') && !SKIPPED.contains(&name.as_ref())
}

/// Whether anything is different afterwards.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_in_old_and_new_folders_are_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = files::real_path(folder.path());
        let (sender, told) = channel();
        let watcher = Watcher::start(move |paths| {
            let _ = sender.send(paths);
        });
        watcher.watch(root.clone());
        let wait_for = |path: &Path, write: &dyn Fn()| loop {
            // The first changes may come before the folder is watched.
            write();
            let patience = Duration::from_millis(500);
            if let Ok(paths) = told.recv_timeout(patience)
                && paths.iter().any(|told| told == path)
            {
                break;
            }
        };
        let file = root.join("图.svg");
        wait_for(&file, &|| std::fs::write(&file, "<svg/>").expect("written"));
        std::fs::create_dir(root.join("new")).expect("made");
        let file = root.join("new/extension.yaml");
        wait_for(&file, &|| std::fs::write(&file, "a: b\n").expect("written"));
    }
}
