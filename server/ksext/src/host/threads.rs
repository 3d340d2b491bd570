//! The machine's processors, lent to whoever has work that can be done side by side.

use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

use ksext_core::package::{Job, Workers};

/// More threads than this gain nothing on a package: its pieces are few.
const MAX_THREADS: usize = 4;

/// As many threads as the machine has processors, for as long as there is work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Threads;

impl Workers for Threads {
    fn run(&self, jobs: Vec<Job<'_>>) {
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        let threads = processors.min(MAX_THREADS).min(jobs.len());
        let jobs = Mutex::new(jobs.into_iter());
        let take = || jobs.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = || {
            while let Some(job) = take() {
                job();
            }
        };
        thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
    }
}
