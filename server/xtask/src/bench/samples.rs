//! How long something took, many times.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::ensure;

/// Durations of one thing.
#[derive(Default)]
pub(super) struct Samples(Vec<Duration>);

impl Samples {
    pub(super) fn add(&mut self, duration: Duration) {
        self.0.push(duration);
        self.0.sort_unstable();
    }

    /// The duration that `percent` of all stay below; zero without samples.
    fn percentile(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(place).copied().unwrap_or_default()
    }

    /// The middle one, in milliseconds.
    pub(super) fn median(&self) -> f64 {
        self.percentile(50).as_secs_f64() * 1e3
    }

    /// Prints a line of the table: the median, its ratio to that of `other`, and how far it spreads.
    pub(super) fn print(&self, what: &str, other: Option<&Self>) {
        let milliseconds = |duration: Duration| duration.as_secs_f64() * 1e3;
        let ratio = other.map_or(String::new(), |other| {
            format!("  {:5.2} ×", self.median() / other.median())
        });
        println!(
            "  {what:<44} median {:9.3} ms  p99 {:9.3} ms  best {:9.3} ms{ratio}",
            self.median(),
            milliseconds(self.percentile(99)),
            milliseconds(self.percentile(0)),
        );
    }
}

/// How long a program takes from its start to its end. Findings are no failure.
pub(super) fn time(mut command: Command) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let status = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .status()?;
    ensure!(
        matches!(status.code(), Some(0 | 1)),
        "{command:?} failed: {status}"
    );
    Ok(start.elapsed())
}
