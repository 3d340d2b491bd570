//! Whether a local image is there: what the rules on icon and screenshots ask.

use crate::bilingual;
use crate::finding::Finding;
use crate::lang::Bilingual;
use crate::package::fs::{FileSystem, Kind, LookupError};
use crate::package::local::{Field, Missing};
use crate::package::{LocalFile, PkgPath};
use crate::rules::{Context, Rule};

/// The findings of `rule` about local images in the fields that it `is_about`.
pub(in crate::rules) fn missing(
    rule: &Rule,
    cx: &Context<'_>,
    is_about: fn(&Field) -> bool,
) -> Vec<Finding> {
    let files = cx.named_files.iter();
    let missing = files.filter_map(|(file, found)| {
        let why = why(cx.files?, file, found.as_ref().err()?)?;
        is_about(&file.field).then(|| rule.finding(file.span, why))
    });
    missing.collect()
}

/// Why a file that the manifest names cannot be uploaded; `None` if it lies outside of the package,
/// which is another defect.
fn why(files: &dyn FileSystem, file: &LocalFile, missing: &Missing) -> Option<Bilingual> {
    let (field, value) = (file.field, &file.value);
    Some(match missing {
        Missing::Escapes(_) | Missing::Lookup(LookupError::Escapes { .. }) => return None,
        Missing::NotAFile(Kind::Directory) => bilingual!(
            "`{field}` points to `{value}`, which is a folder; push needs an image file",
            "`{field}` 指向的 `{value}` 是文件夹；推送需要图片文件",
        ),
        Missing::NotAFile(_) => bilingual!(
            "`{field}` points to `{value}`, which is not a regular file; push would hang or fail on it",
            "`{field}` 指向的 `{value}` 不是普通文件；推送会挂起或失败",
        ),
        Missing::Lookup(LookupError::NotFound(path)) => match other_case(files, path) {
            Some(actual) => bilingual!(
                "`{field}` points to `{value}`, but the file is called `{actual}`: case counts, and push fails",
                "`{field}` 指向 `{value}`，但文件名为 `{actual}`：路径区分大小写，推送会失败",
            ),
            None => bilingual!(
                "`{field}` points to `{value}`, which is not in the package; push fails on it",
                "`{field}` 指向的 `{value}` 不在扩展组件包中；推送会失败",
            ),
        },
        Missing::Lookup(error) => bilingual!(
            "`{field}` points to `{value}`, which cannot be read: {error}",
            "`{field}` 指向的 `{value}` 无法读取：{error}",
        ),
    })
}

/// The file that differs from `path` only in the case of its own name.
fn other_case(files: &dyn FileSystem, path: &PkgPath) -> Option<PkgPath> {
    let folder = path.parent()?;
    let wanted = path.name().to_ascii_lowercase();
    let mut names = files.list(&folder).ok()?.into_iter();
    let name = names.find(|name| name.to_ascii_lowercase() == wanted)?;
    Some(folder.child(&name))
}
