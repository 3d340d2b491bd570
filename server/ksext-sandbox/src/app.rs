//! What all handlers share: the state behind its lock, the accepted keys, the reviewer, the way to stop.

use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, StatusCode, header};
use tokio::sync::watch;

use crate::cloud::Cloud;
use crate::disk::Disk;
use crate::fault::Fault;
use crate::refusal::Refusal;
use crate::watch::Log;
use crate::{Options, Review};

/// One running sandbox.
pub(crate) struct App {
    /// The base address, without a trailing slash.
    pub(crate) base: String,
    pub(crate) review: Review,
    pub(crate) faults: Mutex<Vec<Fault>>,
    pub(crate) log: Log,
    token: Option<String>,
    cloud: Mutex<Cloud>,
    disk: Option<Disk>,
    stop: watch::Sender<bool>,
}

impl App {
    pub(crate) fn new(options: Options, address: SocketAddr) -> io::Result<Self> {
        let disk = options.state.map(Disk::open).transpose()?;
        let cloud = disk
            .as_ref()
            .map(Disk::load)
            .transpose()?
            .unwrap_or_default();
        Ok(Self {
            base: format!("http://{address}"),
            review: options.review,
            faults: Mutex::new(options.faults),
            log: Log::default(),
            token: options.token,
            cloud: Mutex::new(cloud),
            disk,
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
        let answer = change(&mut cloud)?;
        if let Some(disk) = &self.disk {
            disk.save(&mut cloud).map_err(|error| {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Refusal::new(
                    status,
                    format!("the sandbox cannot write its state: {error}"),
                )
            })?;
        }
        Ok(answer)
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
