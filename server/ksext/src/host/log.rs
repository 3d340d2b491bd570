//! What is logged: by `KSEXT_LOG`, levels for all or for single modules, `debug` or
//! `ksext::lsp=trace,warn`.

use tracing_subscriber::filter::{LevelFilter, Targets};

/// The filter that `text` asks for, with `level` where it says nothing, and whether all of it was
/// understood: what was not is ignored.
pub(crate) fn filter(text: &str, level: LevelFilter) -> (Targets, bool) {
    let mut filter = Targets::new().with_default(level);
    let mut understood = true;
    for part in text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        match part.parse::<Targets>() {
            Ok(targets) => {
                if let Some(level) = targets.default_level() {
                    filter = filter.with_default(level);
                }
                filter.extend(targets);
            }
            Err(_) => understood = false,
        }
    }
    (filter, understood)
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn a_level_is_for_all_or_for_a_module() {
        let all = |text: &str, level: Level| {
            let (filter, understood) = filter(text, LevelFilter::WARN);
            assert!(understood, "{text}");
            filter.would_enable("ksext::lsp", &level)
        };
        assert!(!all("", Level::INFO));
        assert!(all("debug", Level::DEBUG));
        assert!(all("ksext::lsp=trace", Level::TRACE));
        assert!(!all("ksext_cloud=trace", Level::TRACE));
        assert!(all("info, ksext_cloud=trace", Level::INFO));
        assert!(!all("ksext=off", Level::ERROR));
    }

    #[test]
    fn wrong_parts_are_ignored() {
        let (filter, understood) = filter("ksext=loud,info", LevelFilter::WARN);
        assert!(!understood);
        assert!(filter.would_enable("ksext", &Level::INFO));
    }
}
