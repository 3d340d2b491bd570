//! Work on what nobody looks at: packages are looked for and checked one after the other, and only
//! while nothing that is open waits for its check.

use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::packages::Home;
use super::refreshing::Shown;
use super::state::{Shared, State};
use super::workspace_folders::FolderNumber;

/// How long after its cause the work begins: the file that a user opens the editor with comes first.
const HEAD_START: Duration = Duration::from_millis(60);

/// What is to be done.
#[derive(Debug, Default)]
pub(super) struct Background {
    looks: VecDeque<Look>,
    checks: VecDeque<Home>,
    /// What stands in `checks`.
    waiting: BTreeSet<Home>,
    running: bool,
    /// Packages are being looked for somewhere.
    looking: bool,
    /// Something was found that a client may not have asked for yet.
    pub(super) has_news: bool,
}

/// A place to look for packages at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// The folder of the workspace that it lies in.
    pub(super) folder: FolderNumber,
    /// Where to begin.
    pub(super) place: PathBuf,
}

enum Job {
    Look(Look),
    Check(Home),
}

impl Background {
    /// Whether nothing is left to do.
    pub(super) fn is_idle(&self) -> bool {
        !self.running
    }

    /// Whether there may be packages that were not come by yet.
    pub(super) fn is_looking(&self) -> bool {
        self.looking || !self.looks.is_empty()
    }

    fn next(&mut self) -> Option<Job> {
        if let Some(look) = self.looks.pop_front() {
            self.looking = true;
            return Some(Job::Look(look));
        }
        let home = self.checks.pop_front()?;
        self.waiting.remove(&home);
        Some(Job::Check(home))
    }
}

impl Shared {
    /// Has packages looked for.
    pub(super) fn look_in_background(self: &Arc<Self>, state: &mut State, look: Look) {
        if !state.background.looks.contains(&look) {
            state.background.looks.push_back(look);
        }
        self.start_background(state);
    }

    /// Has a package checked that is not open.
    pub(super) fn check_in_background(self: &Arc<Self>, state: &mut State, home: Home) {
        if state.background.waiting.insert(home.clone()) {
            state.background.checks.push_back(home);
        }
        self.start_background(state);
    }

    fn start_background(self: &Arc<Self>, state: &mut State) {
        if !state.background.running {
            state.background.running = true;
            tokio::spawn(Arc::clone(self).work_in_background());
        }
    }

    async fn work_in_background(self: Arc<Self>) {
        let mut news = self.news.subscribe();
        tokio::time::sleep(HEAD_START).await;
        loop {
            while self.state().is_checking() {
                // A check that never ends, on a disk that does not answer, holds nothing up for long.
                let _ = tokio::time::timeout(HEAD_START, news.changed()).await;
            }
            let job = {
                let mut state = self.state();
                let job = state.background.next();
                state.background.running = job.is_some();
                job
            };
            match job {
                Some(Job::Look(look)) => {
                    self.look_for_packages(look).await;
                    self.state().background.looking = false;
                    self.news.send_replace(());
                }
                Some(Job::Check(home)) => self.check_one(home).await,
                None => {
                    if std::mem::take(&mut self.state().background.has_news) {
                        self.refresh(Shown::Diagnostics);
                    }
                    self.news.send_replace(());
                    return;
                }
            }
        }
    }

    async fn check_one(self: &Arc<Self>, home: Home) {
        let number = {
            let mut state = self.state();
            let Some(package) = state.packages.get_mut(&home) else {
                return;
            };
            // It was opened and checked meanwhile.
            if package.checking || package.is_checked() {
                return;
            }
            package.checking = true;
            package.number
        };
        Arc::clone(self).check_until_done(home, number).await;
    }
}

impl State {
    /// Whether something is being checked.
    pub(super) fn is_checking(&self) -> bool {
        let mut packages = self.packages.iter();
        packages.any(|(_, package)| package.checking)
    }
}
