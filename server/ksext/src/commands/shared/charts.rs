//! The Helm repository of what was submitted: where it is, and what of an extension is in it.

use ksext_cloud::{Charts, Server};
use serde::Serialize;

use crate::commands::review::SUBMITTED;
use crate::commands::{Refusal, Session, status};

/// Whether a version that was submitted is in the repository yet.
#[derive(Debug, Serialize)]
pub(crate) struct Availability {
    /// The repository's address.
    pub(crate) url: String,
    /// What it is called in Helm's configuration.
    pub(crate) repository: &'static str,
    /// The version that was submitted last.
    pub(crate) version: String,
    /// Whether it is there.
    pub(crate) available: bool,
}

/// Looks for the version of an extension that was submitted last; `None` if none is with the reviewers,
/// or nobody knows the repository. No key is sent there.
///
/// # Errors
/// What the download fails with.
pub(crate) async fn availability(
    session: &Session,
    extension: &status::Answer,
) -> Result<Option<Availability>, Refusal> {
    let Some(submitted) = extension.newest_that(|it| it.status == SUBMITTED) else {
        return Ok(None);
    };
    let Ok(charts) = repository(session).await? else {
        return Ok(None);
    };
    let versions = charts.versions(&extension.name).await?;
    let version = submitted.version.clone();
    Ok(Some(Availability {
        url: charts.url().to_owned(),
        repository: charts.name(),
        available: versions.iter().any(|it| it.version == version),
        version,
    }))
}

/// The repository of the cloud that is spoken to, or the cloud of which nobody knows it. Nobody need be
/// logged in.
///
/// # Errors
/// If the user names a server that cannot be used.
pub(in crate::commands) async fn repository(
    session: &Session,
) -> Result<Result<Charts, Server>, Refusal> {
    let server = match session.credentials().await {
        Ok(login) => login.server,
        Err(_) => session.login_server(None)?,
    };
    Ok(Charts::of(&server).ok_or(server))
}
