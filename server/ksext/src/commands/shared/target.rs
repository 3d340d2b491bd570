//! What a command is about: from a URI or a path to the package that it means.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use ksext_core::bilingual;
use ksext_core::manifest::FILE_NAME;
use serde::{Deserialize, Deserializer};

use crate::commands::Refusal;
use crate::host::file_uri;
use crate::workspace::{self, LocateError, Package};

/// A place in or at a package: its manifest, any file in it, its folder, or an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target(PathBuf);

impl Target {
    /// The path as it was named.
    pub(in crate::commands) fn path(&self) -> &Path {
        &self.0
    }

    /// The package as it is on the disk.
    ///
    /// # Errors
    /// `invalid-package` if there is none, or more than one.
    pub(in crate::commands) fn package(&self) -> Result<Package, Refusal> {
        let shown = self.0.display();
        workspace::locate(&self.0).map_err(|why| {
            Refusal::invalid_package(match why {
                LocateError::Open(why) if is(&why, ErrorKind::NotFound) => bilingual!(
                    "cannot open the package: there is nothing at `{shown}`",
                    "无法打开扩展组件包：`{shown}` 不存在",
                ),
                LocateError::Open(why) if is(&why, ErrorKind::PermissionDenied) => bilingual!(
                    "cannot open the package at `{shown}`: permission denied",
                    "无法打开 `{shown}` 处的扩展组件包：没有权限",
                ),
                LocateError::Open(why) => bilingual!(
                    "cannot open the package: {why:#}",
                    "无法打开扩展组件包：{why:#}",
                ),
                LocateError::NotThere => bilingual!(
                    "cannot find a package at {shown}: no `{FILE_NAME}` is there or above",
                    "在 {shown} 找不到扩展组件包：此处及上级文件夹中都没有 `{FILE_NAME}`",
                ),
                LocateError::Many(count) => bilingual!(
                    "cannot choose a package: {shown} holds {count} of them; name one",
                    "无法确定扩展组件包：{shown} 中有 {count} 个；请指定其中一个",
                ),
            })
        })
    }
}

/// Whether the system gave this reason.
fn is(why: &anyhow::Error, kind: ErrorKind) -> bool {
    why.downcast_ref()
        .is_some_and(|why: &io::Error| why.kind() == kind)
}

impl From<PathBuf> for Target {
    fn from(path: PathBuf) -> Self {
        Self(path)
    }
}

impl<'de> Deserialize<'de> for Target {
    /// From a `file:` URI.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let uri = String::deserialize(deserializer)?;
        file_uri::path_of(&uri).map(Self).ok_or_else(|| {
            serde::de::Error::custom(format_args!("`{uri}` is no `file:` URI of this machine"))
        })
    }
}
