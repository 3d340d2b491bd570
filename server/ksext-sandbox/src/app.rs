//! What all handlers share: the state behind its lock, the accepted keys, the reviewer, the way to stop.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header};
use tokio::sync::watch;

use crate::cloud::Cloud;
use crate::disk::Disk;
use crate::fault::Fault;
use crate::refusal::Refusal;
use crate::watch::Log;
use crate::{Options, Review, StartError};

/// One running sandbox.
pub(crate) struct App {
    /// The base address, without a trailing slash.
    pub(crate) base: String,
    pub(crate) address: SocketAddr,
    pub(crate) review: Review,
    pub(crate) review_delay: Duration,
    pub(crate) faults: Mutex<Vec<Fault>>,
    pub(crate) log: Log,
    token: Option<String>,
    cloud: Mutex<Cloud>,
    disk: Option<Disk>,
    /// Counts the changes of the state.
    revision: watch::Sender<u64>,
    stop: watch::Sender<bool>,
}

impl App {
    pub(crate) fn new(options: Options, address: SocketAddr) -> Result<Self, StartError> {
        let disk = options.state.map(Disk::open).transpose()?;
        let cloud = disk
            .as_ref()
            .map(Disk::load)
            .transpose()?
            .unwrap_or_default();
        Ok(Self {
            base: format!("http://{address}"),
            address,
            review: options.review,
            review_delay: options.review_delay,
            faults: Mutex::new(options.faults),
            log: Log::default(),
            token: options.token,
            cloud: Mutex::new(cloud),
            disk,
            revision: watch::Sender::new(0),
            stop: watch::Sender::new(false),
        })
    }

    /// The state, to look at.
    pub(crate) fn cloud(&self) -> MutexGuard<'_, Cloud> {
        lock(&self.cloud)
    }

    /// Changes the state and brings it to disk before anybody hears of it.
    pub(crate) fn change<T>(
        &self,
        change: impl FnOnce(&mut Cloud) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut cloud = self.cloud();
        let answer = match &self.disk {
            None => change(&mut cloud)?,
            Some(disk) => {
                // What the disk did not take has not happened.
                let mut changed = cloud.clone();
                let answer = change(&mut changed)?;
                disk.save(&mut changed).map_err(|error| {
                    let status = StatusCode::INTERNAL_SERVER_ERROR;
                    Refusal::new(
                        status,
                        format!("the sandbox cannot write its state: {error}"),
                    )
                })?;
                *cloud = changed;
                answer
            }
        };
        self.revision.send_modify(|revision| *revision += 1);
        Ok(answer)
    }

    /// How often the state has changed since the start.
    pub(crate) fn revision(&self) -> u64 {
        *self.revision.borrow()
    }

    /// Completes once the state is another than that of `revision`, or the sandbox is stopped.
    pub(crate) async fn changed_since(&self, revision: u64) {
        let mut changes = self.revision.subscribe();
        tokio::select! {
            _ = changes.wait_for(|now| *now != revision) => {}
            () = self.stopped() => {}
        }
    }

    /// The id of the user whose key a request carries.
    pub(crate) fn user(&self, headers: &HeaderMap) -> Result<String, Refusal> {
        let key = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .map(str::trim)
            .filter(|key| !key.is_empty())
            .ok_or_else(|| {
                Refusal::new(StatusCode::UNAUTHORIZED, "no `Authorization: Bearer` key")
            })?;
        let known = match &self.token {
            Some(token) => token == key,
            None => looks_like_a_key(key),
        };
        if known {
            Ok(user_id(key))
        } else {
            Err(Refusal::forbidden())
        }
    }

    /// Ends all waiting and the server itself.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Leaves the state folder, if there is one, to the next sandbox.
    pub(crate) fn release(&self) {
        // Not in the middle of a change.
        let _cloud = self.cloud();
        if let Some(disk) = &self.disk {
            disk.release();
        }
    }

    /// Completes once the sandbox is stopped.
    pub(crate) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stop = self.stop.subscribe();
        async move {
            let _ = stop.wait_for(|stopped| *stopped).await;
        }
    }
}

/// Locks what stays whole even if a handler panicked: every change is a single step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The shape that the public guide shows: `kck-` and a UUID.
fn looks_like_a_key(key: &str) -> bool {
    let Some(uuid) = key.strip_prefix("kck-") else {
        return false;
    };
    let lengths = uuid.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && uuid
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// Eighteen digits that are the same for the same key in every release, and do not tell the key: FNV-1a.
fn user_id(key: &str) -> String {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (100_000_000_000_000_000 + hash % 900_000_000_000_000_000).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_told_apart_by_their_keys() {
        let first = user_id("kck-1e63267b-cb3c-4757-b739-3d94a06781aa");
        assert_eq!(first, user_id("kck-1e63267b-cb3c-4757-b739-3d94a06781aa"));
        assert_ne!(first, user_id("kck-1e63267b-cb3c-4757-b739-3d94a06781ab"));
        assert!(
            first.len() == 18 && first.bytes().all(|byte| byte.is_ascii_digit()),
            "{first}"
        );
    }

    #[test]
    fn knows_the_published_shape_of_a_key() {
        for (key, expected) in [
            ("kck-1e63267b-cb3c-4757-b739-3d94a06781aa", true),
            ("kck-1e63267b-cb3c-4757-b739-3d94a06781a", false),
            ("1e63267b-cb3c-4757-b739-3d94a06781aa", false),
            ("kck-1e63267bcb3c4757b7393d94a06781aaaaaa", false),
        ] {
            assert_eq!(looks_like_a_key(key), expected, "{key}");
        }
    }
}
