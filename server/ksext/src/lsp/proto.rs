//! The types of the Language Server Protocol, under one name: no other file names the crate that
//! they come from, so changing it stays a day's work.

use ksext_core::finding::Severity;
use ksext_core::text;

pub(crate) use tower_lsp::ls_types::*;

/// A range as our texts take it.
pub(super) fn range_from(range: Range) -> text::PositionRange {
    text::PositionRange {
        start: position_from(range.start),
        end: position_from(range.end),
    }
}

/// A position as our texts take it.
pub(super) fn position_from(position: Position) -> text::Position {
    text::Position {
        line: position.line,
        column: position.character,
    }
}

/// A range as the protocol takes it.
pub(super) fn range_to(range: text::PositionRange) -> Range {
    let position = |position: text::Position| Position::new(position.line, position.column);
    Range {
        start: position(range.start),
        end: position(range.end),
    }
}

/// A severity as the protocol has it.
pub(super) fn severity_to(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Information => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}
