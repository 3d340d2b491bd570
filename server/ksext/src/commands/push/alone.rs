//! One push of a package at a time, in all processes of the machine.

use std::path::Path;

use ksext_core::bilingual;
use ksext_core::lang::Bilingual;
use sha2::{Digest, Sha256};

use crate::commands::{Refusal, Session};
use crate::host::files;
use crate::host::kept::Guard;

/// Holds off every other push of the package in `root` until the answer is dropped. `None` where
/// nothing can be held, as without a home: that is no reason not to push.
///
/// # Errors
/// `conflict` if another push of it is under way.
pub(super) fn only_one(session: &Session, root: &Path) -> Result<Option<Guard>, Refusal> {
    let Some(kept) = session.kept() else {
        return Ok(None);
    };
    let root = files::real_path(root);
    let sum = Sha256::digest(root.as_os_str().as_encoded_bytes());
    match kept.lock(&format!("push-{}.lock", &hex(&sum)[..32])) {
        Ok(Some(guard)) => Ok(Some(guard)),
        Ok(None) => {
            let root = root.display();
            Err(Refusal::new(
                "conflict",
                bilingual!(
                    "cannot push {root}: another push of it is under way",
                    "无法推送 {root}：另一个推送正在进行",
                ),
            )
            .hinting(Bilingual::fixed(
                "wait until it has ended, or cancel it",
                "请等待其结束，或取消它",
            )))
        }
        Err(error) => {
            tracing::warn!(%error, "nothing keeps another push of the package off");
            Ok(None)
        }
    }
}

/// Bytes in lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A text takes whatever is written to it.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_two_digits_each() {
        assert_eq!(hex(&[0, 1, 0xab]), "0001ab");
    }
}
