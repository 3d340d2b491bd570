//! Code actions: the fixes of the findings at a place, and the package's commands.

use std::collections::HashMap;
use std::sync::Arc;

use ksext_core::finding::{Finding, Fix, Safety};
use ksext_core::lang::Lang;

use super::abilities::Abilities;
use super::analysis::Analysis;
use super::diagnostics::{self, Files};
use super::offers::{LOGIN, Offer, STATUS};
use super::proto::{
    CodeAction, CodeActionContext, CodeActionKind, CodeActionOrCommand, CodeActionParams,
    Diagnostic, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, Range,
    TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};
use super::state::Shared;

impl Shared {
    /// What can be done at a place; nothing in a file that is not ours.
    pub(super) async fn actions(
        self: Arc<Self>,
        params: CodeActionParams,
    ) -> Option<Vec<CodeActionOrCommand>> {
        let CodeActionParams {
            text_document,
            range,
            context,
            ..
        } = params;
        let analysis = self.analysis(&text_document.uri);
        let analysis = analysis.await?;
        let manifest = analysis.package.as_ref()?.manifest();
        let lang = self.state().lang_of(&analysis);
        let abilities = self.abilities();

        let mut actions = Vec::new();
        if is_wanted(&context, &CodeActionKind::QUICKFIX) {
            let mut files = Files::new(&analysis, abilities);
            let fixes = fixes(&analysis, range, &context, lang, abilities, &mut files);
            actions.extend(fixes.into_iter().map(CodeActionOrCommand::CodeAction));
        }
        if is_wanted(&context, &CodeActionKind::EMPTY) {
            let push = Offer::push(manifest);
            let offers = [Offer::plain(LOGIN)]
                .into_iter()
                .chain(push)
                .chain([Offer::plain(STATUS)]);
            actions.extend(offers.map(|offer| {
                let command = offer.command(&text_document.uri, lang, abilities);
                if !abilities.action_literals {
                    return CodeActionOrCommand::Command(command);
                }
                let title = command.title.clone();
                let command = Some(command);
                CodeActionOrCommand::CodeAction(CodeAction {
                    title,
                    command,
                    ..Default::default()
                })
            }));
        }
        Some(actions)
    }
}

/// Whether actions of `kind` are asked for: those of the kinds in `only` and below, of all without it.
fn is_wanted(context: &CodeActionContext, kind: &CodeActionKind) -> bool {
    let Some(only) = &context.only else {
        return true;
    };
    only.iter().any(|wanted| {
        let below = kind.as_str().strip_prefix(wanted.as_str());
        wanted.as_str().is_empty()
            || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

fn fixes(
    analysis: &Analysis,
    range: Range,
    context: &CodeActionContext,
    lang: Lang,
    abilities: &Abilities,
    files: &mut Files<'_>,
) -> Vec<CodeAction> {
    let mut actions = Vec::new();
    for finding in analysis
        .findings
        .iter()
        .filter(|finding| !finding.fixes.is_empty())
    {
        let Some((uri, place)) = files.place(&finding.location) else {
            continue;
        };
        if uri != analysis.input.uri || place.end < range.start || range.end < place.start {
            continue;
        }
        let diagnostic = shown(finding, place, context, lang, abilities, files);
        for (index, fix) in finding.fixes.iter().enumerate() {
            let Some(edit) = edit(fix, abilities, files) else {
                continue;
            };
            actions.push(CodeAction {
                title: fix.title.get(lang).to_owned(),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![diagnostic.clone()]),
                edit: Some(edit),
                is_preferred: (index == 0 && fix.safety == Safety::Safe).then_some(true),
                ..Default::default()
            });
        }
    }
    actions
}

/// The finding as the client has it, in exactly its own words, or else as we would publish it.
fn shown(
    finding: &Finding,
    range: Range,
    context: &CodeActionContext,
    lang: Lang,
    abilities: &Abilities,
    files: &mut Files<'_>,
) -> Diagnostic {
    let ours = diagnostics::diagnostic(finding, range, lang, abilities, files);
    let known = context.diagnostics.iter().find(|theirs| {
        theirs.range == ours.range && theirs.code == ours.code && theirs.message == ours.message
    });
    known.cloned().unwrap_or(ours)
}

/// The edits of a fix, for the versions that were looked at.
fn edit(fix: &Fix, abilities: &Abilities, files: &mut Files<'_>) -> Option<WorkspaceEdit> {
    let mut by_file: Vec<(Uri, Option<i32>, Vec<TextEdit>)> = Vec::new();
    for (file, edit) in &fix.edits {
        let uri = files.uri(file)?;
        let edit = TextEdit {
            range: files.range(file, edit.span)?,
            new_text: edit.text.clone(),
        };
        match by_file.iter_mut().find(|(known, _, _)| *known == uri) {
            Some((_, _, edits)) => edits.push(edit),
            None => {
                let version = files.buffer(file).map(|buffer| buffer.version);
                by_file.push((uri, version, vec![edit]));
            }
        }
    }
    if !abilities.versioned_edits {
        let changes: HashMap<_, _> = by_file
            .into_iter()
            .map(|(uri, _, edits)| (uri, edits))
            .collect();
        return Some(WorkspaceEdit {
            changes: Some(changes),
            ..Default::default()
        });
    }
    let edits = by_file
        .into_iter()
        .map(|(uri, version, edits)| TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: edits.into_iter().map(OneOf::Left).collect(),
        });
    let document_changes = Some(DocumentChanges::Edits(edits.collect()));
    Some(WorkspaceEdit {
        document_changes,
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_covers_those_below_it() {
        let check = |only: Option<&[&str]>, kind: CodeActionKind, expected| {
            let only = only.map(|only| only.iter().map(|&kind| kind.to_owned().into()).collect());
            let context = CodeActionContext {
                only,
                ..Default::default()
            };
            assert_eq!(is_wanted(&context, &kind), expected, "{context:?} {kind:?}");
        };
        let quickfix = || CodeActionKind::QUICKFIX;
        check(None, quickfix(), true);
        check(Some(&["quickfix"]), quickfix(), true);
        check(Some(&[""]), quickfix(), true);
        check(Some(&["refactor", "quickfix"]), quickfix(), true);
        check(Some(&["quick"]), quickfix(), false);
        check(Some(&["quickfix"]), CodeActionKind::EMPTY, false);
        check(Some(&[""]), CodeActionKind::EMPTY, true);
        check(Some(&["source"]), CodeActionKind::EMPTY, false);
    }
}
