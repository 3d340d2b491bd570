//! What commands share while the program runs: packages, what the user has set and, in [`keys`], who
//! is logged in.

mod keys;

pub(crate) use keys::{Known, Source};

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock};

use ksext_cloud::{CredentialStore, MemoryStore};
use ksext_core::bilingual;
use ksext_core::check::Settings;
use ksext_core::lang::Bilingual;

use crate::commands::{Refusal, Target, work};
use crate::host::credentials::KsbuilderFile;
use crate::host::environment::Environment;
use crate::host::kept::Kept;
use crate::workspace::{Package, ProjectSettings};

/// The state behind all commands of one program run. Clones share it.
#[derive(Clone)]
pub(crate) struct Session {
    environment: Arc<Environment>,
    memory: Arc<MemoryStore>,
    file: Arc<dyn CredentialStore>,
    settings: Arc<RwLock<UserSettings>>,
    buffers: Arc<dyn OpenBuffers>,
    config: Option<PathBuf>,
    kept: Option<Kept>,
    shared: Option<KsbuilderFile>,
    exposed_told: Arc<AtomicBool>,
    tell: Arc<Tell>,
    /// Tells of waits for a server; else `tell` does.
    tell_of_waits: Option<Arc<Tell>>,
}

/// Tells the user something that is no part of a command's result.
type Tell = dyn Fn(&Bilingual) + Send + Sync;

/// What only a user may set, never a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserSettings {
    /// The server to speak to, as the user wrote it; checked when it is used.
    pub(crate) server: Option<String>,
    /// Whether push asks first.
    pub(crate) push_confirm: bool,
    /// What is asked of the check where the project asks for nothing else.
    pub(crate) check: Settings,
}

impl Default for UserSettings {
    fn default() -> Self {
        Self {
            server: None,
            push_confirm: true,
            check: Settings::default(),
        }
    }
}

/// What an editor holds that the disk does not.
pub(crate) trait OpenBuffers: Send + Sync {
    /// The open files in the folder `root` whose text is not that on the disk.
    fn differing(&self, root: &Path) -> Vec<PathBuf>;

    /// The package in the folder `root` as the editor shows it; `None` if it is as on the disk.
    fn package(&self, root: &Path) -> Option<Package>;
}

/// Without an editor nothing is open.
struct NoBuffers;

impl OpenBuffers for NoBuffers {
    fn differing(&self, _: &Path) -> Vec<PathBuf> {
        Vec::new()
    }

    fn package(&self, _: &Path) -> Option<Package> {
        None
    }
}

impl Session {
    /// The session of this process: its environment, and the login that ksbuilder keeps.
    pub(crate) fn new() -> Self {
        let file = KsbuilderFile::of_user();
        let session = Self::of(Environment::read(), MemoryStore::new(), file.clone());
        Self {
            shared: Some(file),
            ..session.keeping(Kept::of_user())
        }
    }

    /// A session with these sources of keys.
    fn of(
        environment: Environment,
        memory: MemoryStore,
        file: impl CredentialStore + 'static,
    ) -> Self {
        Self {
            environment: Arc::new(environment),
            memory: Arc::new(memory),
            file: Arc::new(file),
            settings: Arc::default(),
            buffers: Arc::new(NoBuffers),
            config: None,
            kept: None,
            shared: None,
            exposed_told: Arc::default(),
            tell: Arc::new(|note| tracing::warn!("{}", note.en)),
            tell_of_waits: None,
        }
    }

    /// With an editor whose buffers may differ from the disk.
    #[must_use]
    pub(crate) fn with_buffers(mut self, buffers: impl OpenBuffers + 'static) -> Self {
        self.buffers = Arc::new(buffers);
        self
    }

    /// With somebody who tells the user what comes up beside a command's result.
    #[must_use]
    pub(crate) fn telling(mut self, tell: impl Fn(&Bilingual) + Send + Sync + 'static) -> Self {
        self.tell = Arc::new(tell);
        self
    }

    /// With somebody else who tells the user that a server is waited for.
    #[must_use]
    pub(crate) fn telling_of_waits(
        mut self,
        tell: impl Fn(&Bilingual) + Send + Sync + 'static,
    ) -> Self {
        self.tell_of_waits = Some(Arc::new(tell));
        self
    }

    /// With a settings file in place of the projects' own.
    #[must_use]
    pub(crate) fn with_config(mut self, file: Option<PathBuf>) -> Self {
        self.config = file;
        self
    }

    /// With a place to keep what the next run may use; nothing is kept without one.
    #[must_use]
    pub(crate) fn keeping(mut self, kept: Option<Kept>) -> Self {
        self.kept = kept;
        self
    }

    /// Where to keep what the next run may use; `None` if there is no place, as for a user without a
    /// home.
    pub(crate) fn kept(&self) -> Option<&Kept> {
        self.kept.as_ref()
    }

    /// Replaces what the user has set.
    pub(crate) fn set(&self, settings: UserSettings) {
        *self
            .settings
            .write()
            .unwrap_or_else(PoisonError::into_inner) = settings;
    }

    /// What the user has set.
    pub(crate) fn settings(&self) -> UserSettings {
        self.settings
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The settings for the package in `root`: the project's, then the user's.
    ///
    /// # Errors
    /// `invalid-package` if the project's cannot be read.
    pub(crate) fn settings_for(&self, root: &Path) -> Result<ProjectSettings, Refusal> {
        let read = match &self.config {
            Some(file) => ProjectSettings::read(file),
            None => ProjectSettings::for_package(root),
        };
        let project = read.map_err(|why| {
            Refusal::invalid_package(bilingual!("{why}", "无法使用项目设置：{why}"))
        })?;
        Ok(self.under_users(project))
    }

    /// What a project sets, with what the user sets where the project says nothing.
    pub(crate) fn under_users(&self, mut project: ProjectSettings) -> ProjectSettings {
        let user = self.settings().check;
        for (rule, severity) in user.severities {
            project.check.severities.entry(rule).or_insert(severity);
        }
        project.check.rule_set = project.check.rule_set.or(user.rule_set);
        let limits = [project.check.size_limit, user.size_limit];
        project.check.size_limit = limits.into_iter().flatten().min();
        project
    }

    /// The package that `target` means, as it is on the disk.
    ///
    /// # Errors
    /// `invalid-package` if there is none, or an editor holds another text of one of its files.
    pub(in crate::commands) fn package_on_disk(&self, target: &Target) -> Result<Package, Refusal> {
        let package = target.package()?;
        let differing = self.buffers.differing(package.root());
        if differing.is_empty() {
            return Ok(package);
        }
        let files: Vec<_> = differing
            .iter()
            .map(|file| {
                format!(
                    "`{}`",
                    file.strip_prefix(package.root()).unwrap_or(file).display()
                )
            })
            .collect();
        let files = files.join(", ");
        Err(Refusal::invalid_package(bilingual!(
            "cannot use the package on the disk: the editor holds unsaved changes to {files}",
            "无法使用磁盘上的扩展组件包：编辑器中有未保存的更改：{files}",
        ))
        .hinting(Bilingual::fixed("save them first", "请先保存")))
    }

    /// The package that `target` means, as an editor shows it.
    ///
    /// # Errors
    /// `invalid-package` if there is none.
    pub(crate) fn package_as_shown(&self, target: &Target) -> Result<Package, Refusal> {
        let package = target.package()?;
        Ok(self.buffers.package(package.root()).unwrap_or(package))
    }

    /// Name and version of the package that `target` means.
    ///
    /// # Errors
    /// `invalid-package` if there is none, or it has no name or no version.
    pub(crate) async fn name_and_version(
        &self,
        target: Target,
    ) -> Result<(String, String), Refusal> {
        let session = self.clone();
        work::aside(move |_| name_and_version(&session.package_as_shown(&target)?)).await
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("settings", &self.settings())
            .finish_non_exhaustive()
    }
}

/// Name and version as they stand in the manifest.
pub(in crate::commands) fn name_and_version(
    package: &Package,
) -> Result<(String, String), Refusal> {
    let manifest = package.manifest();
    match (manifest.name(), manifest.version()) {
        (Some(name), Some(version)) => Ok((name.value, version.value)),
        _ => {
            let path = package.manifest_path();
            let path = path.display();
            Err(Refusal::invalid_package(bilingual!(
                "cannot tell which version is meant: {path} has no `name` or no `version`",
                "无法确定是哪个版本：{path} 中没有 `name` 或 `version`",
            )))
        }
    }
}

#[cfg(test)]
impl Session {
    /// A session that is logged in to `server` and knows nothing of this machine.
    pub(in crate::commands) fn for_test(server: &str, token: &str) -> Self {
        let memory = MemoryStore::new();
        let server = ksext_cloud::Server::parse(server).expect("an address");
        let token = ksext_cloud::Token::new(token).expect("a key");
        let login = ksext_cloud::Credentials { server, token };
        memory.save(&login).expect("kept");
        Self::of(Environment::default(), memory, MemoryStore::new())
    }
}
