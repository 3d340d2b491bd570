//! All that is told about a package's size, in words, for terminals and pages alike.

use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang, one_line, show_bytes, show_size};
use ksext_core::package::savings::savings;
use ksext_core::package::size::ksbuilder_across;
use ksext_core::package::{LIMIT, PkgPath, Projection, WARNING};
use serde::Serialize;

use super::{Answer, obstacles};
use crate::workspace::Package;

/// All that is told about a package's size, however it is shown.
pub(crate) struct Report {
    /// Name and version, as far as they are known.
    pub(crate) title: String,
    pub(crate) answer: Answer,
    /// What else is to be said.
    pub(crate) notes: Vec<Note>,
}

/// A sentence beside the numbers.
pub(crate) struct Note {
    pub(crate) tone: Tone,
    pub(crate) text: Bilingual,
}

/// What a [`Note`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tone {
    /// Push fails.
    Error,
    /// Push may be refused.
    Warning,
    /// It could be smaller.
    Tip,
}

impl Report {
    /// About the package that was measured; the answer is in `lang`.
    pub(crate) fn new(package: &Package, projection: &Projection, lang: Lang) -> Self {
        let manifest = package.manifest();
        let name = manifest.name().map(|name| name.value);
        let name = name.unwrap_or_else(|| package.root().display().to_string());
        let version = manifest.version().map(|version| version.value);
        let title = match version {
            Some(version) => format!("{name} {version}"),
            None => name,
        };
        let obstacles = obstacles(package, projection);
        let problems = obstacles.into_iter().map(|obstacle| {
            let (en, zh) = (&obstacle.en, &obstacle.zh);
            Note {
                tone: Tone::Error,
                text: bilingual!("Push would fail: {en}", "推送会失败：{zh}"),
            }
        });
        let shown = package.as_package().shown_images();
        let is_shown = |path: &PkgPath| shown.contains(path);
        let tips = savings(
            manifest,
            &projection.entries,
            &projection.uploads,
            &is_shown,
        );
        let tips = tips.iter().map(|saving| Note {
            tone: Tone::Tip,
            text: saving.title(),
        });
        Self {
            title: one_line(&title),
            answer: Answer::new(package, projection, lang),
            notes: problems.chain(limits(projection)).chain(tips).collect(),
        }
    }

    /// `34.6 KB of 1.0 MB (3.3 %), 989.4 KB left`
    pub(crate) fn summary(&self) -> Bilingual {
        let (projected, limit) = (self.answer.projected, self.answer.limit);
        let difference = show_size(projected.abs_diff(limit));
        let percent = percent(projected, limit);
        let is_over = projected > limit;
        let (projected, limit) = (show_size(projected), show_size(limit));
        if is_over {
            return bilingual!(
                "{projected} of {limit} ({percent}), {difference} over the limit",
                "{projected}，上限 {limit}（{percent}），超出 {difference}",
            );
        }
        bilingual!(
            "{projected} of {limit} ({percent}), {difference} left",
            "{projected}，上限 {limit}（{percent}），还剩 {difference}",
        )
    }

    /// `12 entries, 48.2 KB unpacked`
    pub(crate) fn content(&self) -> Bilingual {
        let count = self.answer.entries.len();
        let unpacked = show_size(self.answer.unpacked);
        bilingual!(
            "{count} entries, {unpacked} unpacked",
            "{count} 个条目，解压后 {unpacked}",
        )
    }

    /// How near the limit it is.
    pub(crate) fn standing(&self) -> Standing {
        match self.answer.projected {
            projected if projected > self.answer.limit => Standing::Over,
            projected if projected > self.answer.limit.min(WARNING) / 10 * 9 => Standing::Near,
            _ => Standing::Fine,
        }
    }
}

/// How near the limit a package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Standing {
    Fine,
    /// More than nine tenths.
    Near,
    Over,
}

/// What is not sure about the limit.
fn limits(projection: &Projection) -> impl Iterator<Item = Note> {
    let (projected, limit) = (projection.projected, projection.limit);
    let shown = show_bytes(projected);
    let ambiguous = (projected > WARNING && projected <= limit && limit == LIMIT).then(|| {
        bilingual!(
            "The limit of 1 MB may mean 1 000 000 bytes; the package has {shown}",
            "1 MB 的限制可能指 1 000 000 字节；扩展组件包有 {shown} 字节",
        )
    });
    let across = ksbuilder_across(projected, limit).map(|other| {
        let (other, limit) = (show_bytes(other), show_bytes(limit));
        if projected <= projection.limit {
            bilingual!(
                "ksbuilder compresses otherwise: its archive may have up to {other} bytes, and the limit is {limit}; ours has {shown}",
                "ksbuilder 的压缩方式不同：其归档可能达到 {other} 字节，超过上限 {limit} 字节；本程序的归档为 {shown} 字节",
            )
        } else {
            bilingual!(
                "ksbuilder compresses otherwise: its archive may have only {other} bytes, and the limit is {limit}; ours has {shown}",
                "ksbuilder 的压缩方式不同：其归档可能只有 {other} 字节，未超过上限 {limit} 字节；本程序的归档为 {shown} 字节",
            )
        }
    });
    ambiguous.into_iter().chain(across).map(|text| Note {
        tone: Tone::Warning,
        text,
    })
}

/// `3.3 %`: never rounded up, so that what is below the limit does not look as if it had reached it.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    let tenths = u128::from(part) * 1000 / u128::from(whole.max(1));
    match tenths {
        0 if part > 0 => "<0.1 %".to_owned(),
        _ => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

/// The words for what is uploaded.
pub(crate) fn uploaded() -> Bilingual {
    Bilingual::fixed("Uploaded on their own", "单独上传")
}
