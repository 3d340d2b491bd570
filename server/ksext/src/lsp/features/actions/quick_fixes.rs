//! The fixes of the findings at a place, and the comments that silence them.

use ksext_core::finding::{Finding, Fix, Safety, Severity};
use ksext_core::ide::Change;
use ksext_core::lang::Lang;
use ksext_core::suppression::silencing;

use crate::lsp::abilities::Abilities;
use crate::lsp::analysis::Analysis;
use crate::lsp::diagnostics::{self, Files};
use crate::lsp::edits;
use crate::lsp::proto::{CodeAction, CodeActionContext, CodeActionKind, Diagnostic, Range, Uri};

/// Findings at a place for which comments are offered; where there are more, nobody thinks of one.
const MAX_COMMENTS: usize = 8;

/// Where and how a client asks.
pub(super) struct Place<'a> {
    pub(super) uri: &'a Uri,
    pub(super) range: Range,
    pub(super) context: &'a CodeActionContext,
    pub(super) lang: Lang,
    pub(super) abilities: &'a Abilities,
}

impl Place<'_> {
    /// The fixes of the findings here, then the comments that silence them.
    pub(super) fn quick_fixes(&self, analysis: &Analysis) -> Vec<CodeAction> {
        let mut files = Files::new(analysis, self.abilities);
        let findings = analysis.findings.iter().filter_map(|finding| {
            let (uri, place) = files.place(&finding.location)?;
            let is_here =
                uri == *self.uri && place.end >= self.range.start && self.range.end >= place.start;
            is_here.then_some((finding, place))
        });
        let findings: Vec<_> = findings.collect();
        let mut actions = Vec::new();
        for (finding, place) in &findings {
            let diagnostic = self.shown(finding, *place, &mut files);
            for (index, fix) in finding.fixes.iter().enumerate() {
                let mut action = self.action(fix, &diagnostic, &mut files);
                if let Some(action) = &mut action {
                    let is_preferred = index == 0 && fix.safety == Safety::Safe;
                    action.is_preferred = is_preferred.then_some(true);
                }
                actions.extend(action);
            }
        }
        if findings.len() <= MAX_COMMENTS {
            // Silence does not help against what push refuses.
            let silenceable = findings
                .into_iter()
                .filter(|(finding, _)| finding.severity != Severity::Error);
            for (finding, place) in silenceable {
                let text = analysis
                    .package
                    .as_ref()
                    .map(|package| package.text_of(&finding.location.file));
                let comment = text.and_then(|text| silencing(&text, finding));
                actions.extend(comment.and_then(|fix| {
                    let diagnostic = self.shown(finding, place, &mut files);
                    self.action(&fix, &diagnostic, &mut files)
                }));
            }
        }
        actions
    }

    fn action(
        &self,
        fix: &Fix,
        diagnostic: &Diagnostic,
        files: &mut Files<'_>,
    ) -> Option<CodeAction> {
        Some(CodeAction {
            title: fix.title.get(self.lang).to_owned(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![diagnostic.clone()]),
            edit: Some(edits::of_change(
                &Change::from(fix),
                self.lang,
                self.abilities,
                files,
            )?),
            ..Default::default()
        })
    }

    /// The finding as the client has it, in exactly its own words, or else as we would publish it.
    fn shown(&self, finding: &Finding, range: Range, files: &mut Files<'_>) -> Diagnostic {
        let ours = diagnostics::diagnostic(finding, range, self.lang, self.abilities, files);
        let known = self.context.diagnostics.iter().find(|theirs| {
            theirs.range == ours.range && theirs.code == ours.code && theirs.message == ours.message
        });
        known.cloned().unwrap_or(ours)
    }
}
