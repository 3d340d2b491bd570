//! What a login leaves behind and how it is asked for; the store that writes ksbuilder's file belongs to the program.

use std::sync::{Mutex, PoisonError};

use crate::{Message, Server, Token};

/// A key and the server that accepted it. The two travel together: a key goes only to its own server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The server the key was verified with.
    pub server: Server,
    /// The key.
    pub token: Token,
}

/// A place that keeps one login.
pub trait CredentialStore: Send + Sync {
    /// The stored login, or `None` if there is none.
    ///
    /// # Errors
    /// [`StoreError`] if there is something that cannot be read.
    fn load(&self) -> Result<Option<Credentials>, StoreError>;

    /// Replaces the stored login.
    ///
    /// # Errors
    /// [`StoreError`] if it could not be kept; then the former login is still there.
    fn save(&self, credentials: &Credentials) -> Result<(), StoreError>;

    /// Forgets the stored login and says whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] if it could not be removed.
    fn clear(&self) -> Result<bool, StoreError>;
}

/// Why a login could not be read, kept or removed. Its text must never hold the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", message.en)]
pub struct StoreError {
    /// What was attempted, on what, why it failed and what to do.
    pub message: Message,
}

/// Keeps a login as long as the process lives, for `store: false` and for tests.
#[derive(Debug, Default)]
pub struct MemoryStore {
    kept: Mutex<Option<Credentials>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Credentials>> {
        // The value is replaced as a whole, so a panic elsewhere cannot leave half of one.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CredentialStore for MemoryStore {
    fn load(&self) -> Result<Option<Credentials>, StoreError> {
        Ok(self.kept().clone())
    }

    fn save(&self, credentials: &Credentials) -> Result<(), StoreError> {
        *self.kept() = Some(credentials.clone());
        Ok(())
    }

    fn clear(&self) -> Result<bool, StoreError> {
        Ok(self.kept().take().is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_one_login_and_forgets_it() {
        let store = MemoryStore::new();
        let login = |key: &str| Credentials {
            server: Server::default(),
            token: Token::new(key).unwrap(),
        };
        assert_eq!(store.load(), Ok(None));
        store.save(&login("first")).unwrap();
        store.save(&login("second")).unwrap();
        assert_eq!(store.load(), Ok(Some(login("second"))));
        assert!(!format!("{store:?}").contains("second"));
        assert_eq!((store.clear(), store.clear()), (Ok(true), Ok(false)));
    }
}
