//! Code actions: the fixes of the findings at a place, all safe fixes of a text at once, a comment that
//! silences a rule, refactorings, and the package's commands.

mod bump;
mod fix_all;
mod quick_fixes;
mod refactors;

use std::sync::Arc;

use ksext_core::lang::Lang;

use self::quick_fixes::Place;
use super::offers::{LOGIN, Offer, STATUS};
use crate::lsp::abilities::Abilities;
use crate::lsp::analysis::Analysis;
use crate::lsp::proto::{
    CodeAction, CodeActionContext, CodeActionKind, CodeActionOrCommand, CodeActionParams,
};
use crate::lsp::state::Shared;

/// The kind of the action that makes all safe fixes.
pub(in crate::lsp) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.ksext");

impl Shared {
    /// What can be done at a place; nothing in a file that is not ours.
    pub(in crate::lsp) async fn actions(
        self: Arc<Self>,
        params: CodeActionParams,
    ) -> Option<Vec<CodeActionOrCommand>> {
        let CodeActionParams {
            text_document,
            range,
            context,
            ..
        } = params;
        let manifest = self.state().manifest_of(&text_document.uri)?;
        let analysis = self.analysis(&manifest);
        let analysis = analysis.await?;
        analysis.package.as_ref()?;
        let lang = self.state().lang_of(&analysis);
        let abilities = self.abilities();

        let mut actions = Vec::new();
        if is_wanted(&context, &CodeActionKind::QUICKFIX) {
            let place = Place {
                uri: &text_document.uri,
                range,
                context: &context,
                lang,
                abilities,
            };
            actions.extend(place.quick_fixes(&analysis));
            actions.extend(self.bump(&text_document.uri, range).await);
        }
        // On save an editor asks for this kind; nobody else is to have all fixes made.
        if context.only.is_some() && is_wanted(&context, &FIX_ALL) {
            actions.extend(self.fix_all(&analysis, &text_document.uri, lang).await);
        }
        if abilities.action_literals && is_wanted(&context, &CodeActionKind::REFACTOR_REWRITE) {
            let refactors = self.refactors(&text_document.uri, range).await;
            // A version that is taken is raised by a fix already.
            let is_new = |one: &CodeAction| actions.iter().all(|it| it.title != one.title);
            let new: Vec<_> = refactors.into_iter().filter(is_new).collect();
            actions.extend(new);
        }
        let mut actions: Vec<_> = actions
            .into_iter()
            .map(CodeActionOrCommand::CodeAction)
            .collect();
        if text_document.uri == manifest && is_wanted(&context, &CodeActionKind::EMPTY) {
            actions.extend(commands(&analysis, lang, abilities));
        }
        Some(actions)
    }
}

fn commands(analysis: &Analysis, lang: Lang, abilities: &Abilities) -> Vec<CodeActionOrCommand> {
    let package = analysis.package.as_ref();
    let push = package.and_then(|package| Offer::push(package.manifest()));
    let offers = [Offer::plain(LOGIN)]
        .into_iter()
        .chain(push)
        .chain([Offer::plain(STATUS)]);
    let actions = offers.map(|offer| {
        let command = offer.command(&analysis.input.uri, lang, abilities);
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
    });
    actions.collect()
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
        check(Some(&["source.fixAll"]), FIX_ALL, true);
        check(Some(&["source.fixAll.eslint"]), FIX_ALL, false);
    }
}
