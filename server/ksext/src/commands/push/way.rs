//! Which way a push goes, by what the cloud has of the version and what its author says to that.

use std::sync::Arc;

use ksext_cloud::{Snapshot, SnapshotId};
use ksext_core::bilingual;
use ksext_core::ide::bump;
use ksext_core::lang::{Bilingual, show_size};
use ksext_core::manifest::Manifest;
use ksext_core::text::{TextEdit, apply_edits};

use super::there::{self, There};
use super::{Existing, Prepared, Push};
use crate::commands::shared::unfit::cannot;
use crate::commands::{Choice, Chosen, Confirmation, Edited, Refusal, state_word};
use crate::host::files;

/// How many versions are looked at for one that is free.
const MOST_BUMPS: usize = 20;

/// How a push goes on.
#[derive(Debug)]
pub(super) enum Way {
    /// It uploads.
    Push,
    /// What is there is to be taken back from the review first.
    Withdraw(SnapshotId),
    /// It has nothing to do: this is there.
    Leave(Snapshot),
    /// The author's version is another one now, to be pushed in place of the first.
    Raised,
}

/// A free version, and the edit that writes it.
struct Raise {
    version: String,
    edit: TextEdit,
}

impl Push<'_> {
    /// Which way it goes.
    ///
    /// # Errors
    /// `cancelled` if the author does not want it; `conflict` if only the author could tell and cannot
    /// be asked; what keeps the chosen way from being gone.
    pub(super) async fn way(
        &self,
        prepared: &Arc<Prepared>,
        there: &There,
    ) -> Result<Way, Refusal> {
        match (self.existing, there) {
            (Existing::Skip, There::Version(snapshot)) if self.is_done(there) => {
                return Ok(Way::Leave(snapshot.clone()));
            }
            (Existing::Bump, _) if there.handed_in().is_some() => {
                let Some(raise) = self.next_free(prepared).await else {
                    return Err(self.taken(prepared, there));
                };
                return self.raise(prepared, &raise).await;
            }
            _ => {}
        }
        if !self.asks {
            if there.handed_in().is_some() || *there == There::Unknown {
                self.ui.tell(&there.words());
            }
            return Ok(Way::Push);
        }
        match there.handed_in() {
            Some(snapshot) if matches!(&*snapshot.status, "submitted" | "active") => {
                self.choose(prepared, there, snapshot).await
            }
            _ => self.confirm(prepared, there).await,
        }
    }

    /// Whether the cloud has this version in the state that the push would bring it to.
    fn is_done(&self, there: &There) -> bool {
        !self.submit || there.handed_in().is_some()
    }

    async fn confirm(&self, prepared: &Prepared, there: &There) -> Result<Way, Refusal> {
        let confirmation = Confirmation {
            question: self.question(prepared),
            detail: detail(prepared, there),
            accept: Bilingual::fixed("Push", "推送"),
        };
        if self.ui.confirm(&confirmation).await {
            return Ok(Way::Push);
        }
        Err(not_pushed(prepared))
    }

    fn question(&self, prepared: &Prepared) -> Bilingual {
        let Prepared { name, version, .. } = prepared;
        let server = self.client.server();
        let account = self.user.name.as_ref().unwrap_or(&self.user.id);
        if self.submit {
            bilingual!(
                "Push `{name}` {version} to {server} as {account} and submit it for review?",
                "以 {account} 的身份将 `{name}` {version} 推送到 {server} 并提交审核？",
            )
        } else {
            bilingual!(
                "Push `{name}` {version} to {server} as {account}, as a draft?",
                "以 {account} 的身份将 `{name}` {version} 作为草稿推送到 {server}？",
            )
        }
    }

    /// Lets the author choose what becomes of a version that others look at.
    async fn choose(
        &self,
        prepared: &Arc<Prepared>,
        there: &There,
        snapshot: &Snapshot,
    ) -> Result<Way, Refusal> {
        let raise = self.next_free(prepared).await;
        let mut options = Vec::new();
        if let Some(Raise { version, .. }) = &raise {
            options.push(bilingual!(
                "Raise `version` to {version} and push that",
                "将 `version` 提高到 {version} 后推送",
            ));
        }
        let version = &prepared.version;
        if snapshot.status == "submitted" {
            options.push(bilingual!(
                "Withdraw {version} from review and push it again",
                "撤回 {version} 的审核后重新推送",
            ));
        }
        if options.is_empty() {
            return Err(self.taken(prepared, there));
        }
        let word = state_word(&snapshot.status);
        let (name, server, en, zh) = (&prepared.name, self.client.server(), &word.en, &word.zh);
        let account = self.user.name.as_ref().unwrap_or(&self.user.id);
        let choice = Choice {
            question: bilingual!(
                "`{name}` {version} is on {server} already ({en}). How shall {account} go on?",
                "`{name}` {version} 已存在于 {server}（{zh}）。{account} 要如何继续？",
            ),
            detail: packed(prepared),
            options,
        };
        match (self.ui.choose(&choice).await, &raise) {
            (Chosen::Option(0), Some(raise)) => self.raise(prepared, raise).await,
            (Chosen::Option(_), _) => Ok(Way::Withdraw(snapshot.id.clone())),
            (Chosen::None, _) => Err(not_pushed(prepared)),
            (Chosen::Nobody, _) => Err(self.taken(prepared, there)),
        }
    }

    /// The next version that the cloud knows nothing of, if it can be told.
    async fn next_free(&self, prepared: &Prepared) -> Option<Raise> {
        if files::is_file(prepared.package.root()) {
            return None;
        }
        let mut next = bump(prepared.package.manifest())?;
        let (_, first) = next.fix.edits.first()?.clone();
        for _ in 0..MOST_BUMPS {
            let version = next.version.clone();
            let there = there::look(self.client, &prepared.name, &version, there::BEFORE).await;
            let edit = TextEdit {
                text: version.clone(),
                ..first.clone()
            };
            match there {
                There::Nothing => return Some(Raise { version, edit }),
                // It may be taken too.
                There::Unknown => return None,
                There::Version(_) => {}
            }
            let text = apply_edits(prepared.package.manifest().text(), &[edit])?;
            next = bump(&Manifest::from_text(&text))?;
        }
        None
    }

    /// Writes a free version into the author's manifest; in an editor, for the author to save.
    async fn raise(&self, prepared: &Arc<Prepared>, raise: &Raise) -> Result<Way, Refusal> {
        let path = prepared.package.manifest_path();
        let (text, version) = (prepared.package.manifest().text(), &raise.version);
        let hint = bilingual!(
            "write `version: {version}` yourself and push again",
            "请自行改为 `version: {version}` 后再次推送",
        );
        let push = Bilingual::fixed("push", "推送");
        match self.ui.edit(&path, text, &raise.edit).await {
            Edited::Shown => {
                let message = bilingual!(
                    "nothing was pushed yet: `version` is now {version} in the editor; look at it, save it and push again",
                    "尚未推送：编辑器中的 `version` 已改为 {version}；请查看、保存后再次推送",
                );
                return Err(Refusal::new("cancelled", message));
            }
            Edited::NotTaken => {
                let why = Bilingual::fixed(
                    "the editor did not take the change of `version`",
                    "编辑器没有接受对 `version` 的修改",
                );
                return Err(cannot(&push, &prepared.package, &why).hinting(hint));
            }
            Edited::NoEditor => {}
        }
        let path = files::real_path(&path);
        let is_as_read =
            files::read(&path, text.len() as u64).is_ok_and(|bytes| bytes == text.as_bytes());
        let edited = apply_edits(text, std::slice::from_ref(&raise.edit));
        let Some(edited) = edited.filter(|_| is_as_read) else {
            let why = Bilingual::fixed(
                "extension.yaml has been changed meanwhile",
                "extension.yaml 在此期间已被更改",
            );
            return Err(cannot(&push, &prepared.package, &why)
                .hinting(Bilingual::fixed("push again", "请再次推送")));
        };
        files::rewrite(&path, edited.as_bytes()).map_err(|error| {
            let why = bilingual!(
                "extension.yaml cannot be written: {error}",
                "无法写入 extension.yaml：{error}",
            );
            cannot(&push, &prepared.package, &why).hinting(hint)
        })?;
        let (old, path) = (&prepared.version, path.display());
        self.ui.tell(&bilingual!(
            "raised `version` from {old} to {version} in {path}",
            "已将 {path} 中的 `version` 从 {old} 提高到 {version}",
        ));
        Ok(Way::Raised)
    }

    /// The version is taken, and nobody says what to do about it.
    fn taken(&self, prepared: &Prepared, there: &There) -> Refusal {
        let Prepared { name, version, .. } = prepared;
        let (server, root) = (self.client.server(), prepared.package.root().display());
        let status = there.handed_in().map_or("", |snapshot| &snapshot.status);
        let word = state_word(status);
        let (en, zh) = (&word.en, &word.zh);
        let hint = if files::is_file(prepared.package.root()) {
            Bilingual::fixed(
                "raise `version` in the package's folder and push that: an archive stays as it is",
                "请在扩展组件包的目录中提高 `version` 后推送该目录：归档文件不会被修改",
            )
        } else if status == "submitted" {
            bilingual!(
                "raise `version`, as `ksext push --bump {root}` does, or withdraw it with `ksext unpush {root}`",
                "请提高 `version`（`ksext push --bump {root}`），或用 `ksext unpush {root}` 撤回",
            )
        } else {
            bilingual!(
                "raise `version` in extension.yaml; `ksext push --bump {root}` does where it can tell the next",
                "请提高 extension.yaml 中的 `version`；能推断下一版本时可用 `ksext push --bump {root}`",
            )
        };
        let message = bilingual!(
            "cannot push `{name}` {version}: it is on {server} already ({en})",
            "无法推送 `{name}` {version}：它已存在于 {server}（{zh}）",
        );
        Refusal::new("conflict", message).hinting(hint)
    }
}

fn not_pushed(prepared: &Prepared) -> Refusal {
    let Prepared { name, version, .. } = prepared;
    Refusal::cancelled(&bilingual!(
        "did not push `{name}` {version}",
        "未推送 `{name}` {version}",
    ))
}

/// What is sent, and what it meets.
fn detail(prepared: &Prepared, there: &There) -> Bilingual {
    let (packed, there) = (packed(prepared), there.words());
    Bilingual {
        en: format!("{}; {}", packed.en, there.en).into(),
        zh: format!("{}；{}", packed.zh, there.zh).into(),
    }
}

fn packed(prepared: &Prepared) -> Bilingual {
    let (size, entries) = (show_size(prepared.archive.len() as u64), prepared.entries);
    let count = prepared.uploads.len();
    let beside = prepared.uploads.iter();
    let beside = show_size(beside.map(|upload| upload.bytes.len() as u64).sum());
    if count == 0 {
        bilingual!(
            "{size} packed, {entries} entries, nothing uploaded beside it",
            "打包后 {size}，{entries} 个条目，没有单独上传的文件",
        )
    } else {
        bilingual!(
            "{size} packed, {entries} entries; icon and screenshots uploaded beside it: {count} ({beside})",
            "打包后 {size}，{entries} 个条目；另外上传图标和截图 {count} 个（{beside}）",
        )
    }
}
