//! Following a version through the review, for whoever wants to hear of each change.

use std::time::Duration;

use ksext_core::bilingual;

use super::review::{self, Verdict, Wish};
use super::status::{self, Answer, Snapshot};
use super::{Refusal, Session, Target, Ui};

/// Which version, and until when.
#[derive(Debug)]
pub(crate) struct Args {
    /// The extension.
    pub(crate) subject: Subject,
    /// Which version of it; else that of the package, or the one that changed last.
    pub(crate) version: Option<String>,
    /// The word that ends the watch well.
    pub(crate) until: String,
    /// How long at most.
    pub(crate) patience: Duration,
}

/// An extension, by one of the two.
#[derive(Debug)]
pub(crate) enum Subject {
    /// Its name.
    Name(String),
    /// A place in its package.
    Package(Target),
}

/// Watches; `tell` hears the name, and the version in its first state and after each change.
///
/// # Errors
/// As [`review::follow`]; `not-found` for what was never pushed.
pub(crate) async fn run(
    session: &Session,
    ui: &dyn Ui,
    args: Args,
    tell: &mut (dyn FnMut(&str, &Snapshot) + Send),
) -> Result<Verdict, Refusal> {
    let (name, of_package) = match args.subject {
        Subject::Name(name) => (name, None),
        Subject::Package(target) => {
            let (name, version) = session.name_and_version(target).await?;
            (name, Some(version))
        }
    };
    let version = match args.version.or(of_package) {
        Some(version) => version,
        None => newest(session, &name).await?,
    };
    let wish = Wish {
        name: &name,
        version: &version,
        until: &args.until,
        patience: args.patience,
    };
    let mut tell = |snapshot: &Snapshot| {
        let mut snapshot = snapshot.clone();
        // The cloud need not repeat what it was asked for.
        if snapshot.version.is_empty() {
            snapshot.version.clone_from(&version);
        }
        tell(&name, &snapshot);
    };
    let followed = review::follow(session, ui, wish, &mut tell).await;
    followed.map_err(|refusal| match refusal.kind {
        "not-found" => refusal.hinting(bilingual!(
            "`{name}` {version} was never pushed; `ksext push` does it",
            "`{name}` {version} 从未推送过；请使用 `ksext push`",
        )),
        _ => refusal,
    })
}

/// The version of an extension that changed last.
async fn newest(session: &Session, name: &str) -> Result<String, Refusal> {
    let client = session.client().await?;
    let snapshots = client.snapshots(name).await;
    let snapshots = snapshots.map_err(|error| status::never_pushed(error, name))?;
    let versions = snapshots.into_iter().map(Snapshot::from).collect();
    let newest = Answer::of(name, versions).newest().cloned();
    newest.map(|snapshot| snapshot.version).ok_or_else(|| {
        let message = bilingual!(
            "cannot watch `{name}`: no version of it was pushed",
            "无法关注 `{name}`：它没有推送过任何版本",
        );
        Refusal::new("not-found", message)
    })
}
