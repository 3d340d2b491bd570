//! Logs panics without giving away document text.

use std::panic::PanicHookInfo;

/// Logs every panic from now on, in place of Rust's own report: its place, and its message if that
/// is a literal. A composed message may quote the document (slicing a `str` does).
pub(crate) fn log_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        tracing::error!(
            place = place.as_deref().unwrap_or("unknown"),
            said = literal(info).unwrap_or("withheld, it may quote a document"),
            "ksext has a defect here"
        );
    }));
}

fn literal<'a>(info: &'a PanicHookInfo<'_>) -> Option<&'a str> {
    info.payload().downcast_ref::<&'static str>().copied()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn only_a_literal_message_is_told() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let told_here = Arc::clone(&told);
        let test = std::thread::current().id();
        let former = std::panic::take_hook();
        // The hook belongs to the whole process: panics of other tests go on as before.
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().id() == test {
                told_here
                    .lock()
                    .expect("no panic")
                    .push(literal(info).map(str::to_owned));
            } else {
                former(info);
            }
        }));
        let text = "名: 秘密";
        let outcomes = [
            std::panic::catch_unwind(|| panic!("a literal")),
            std::panic::catch_unwind(|| panic!("composed of {text}")),
            std::panic::catch_unwind(|| drop(text[1..].to_owned())),
        ];
        drop(std::panic::take_hook());
        assert!(outcomes.iter().all(Result::is_err));
        assert_eq!(
            *told.lock().expect("no panic"),
            [Some("a literal".to_owned()), None, None]
        );
    }
}
