//! Code actions: the fixes of the findings at a place, all safe fixes of a text at once, a comment that
//! silences a rule, and the package's commands.

use std::sync::Arc;

use ksext_core::finding::{Finding, Fix, Safety, Severity};
use ksext_core::fix::fix;
use ksext_core::ide::Change;
use ksext_core::lang::{Bilingual, Lang};
use ksext_core::manifest::FILE_NAME;
use ksext_core::package::PkgPath;
use ksext_core::suppression::silencing;

use super::offers::{LOGIN, Offer, STATUS};
use crate::lsp::abilities::Abilities;
use crate::lsp::analysis::Analysis;
use crate::lsp::diagnostics::{self, Files};
use crate::lsp::edits;
use crate::lsp::proto::{
    CodeAction, CodeActionContext, CodeActionKind, CodeActionOrCommand, CodeActionParams,
    Diagnostic, Range, Uri,
};
use crate::lsp::state::Shared;

/// The kind of the action that makes all safe fixes.
pub(in crate::lsp) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.ksext");

/// Findings at a place for which comments are offered; where there are more, nobody thinks of one.
const MAX_COMMENTS: usize = 8;

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
        }
        // On save an editor asks for this kind; nobody else is to have all fixes made.
        if context.only.is_some() && is_wanted(&context, &FIX_ALL) {
            actions.extend(self.fix_all(&analysis, &text_document.uri, lang).await);
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

    /// The action that makes all safe fixes of one text.
    async fn fix_all(&self, analysis: &Arc<Analysis>, uri: &Uri, lang: Lang) -> Option<CodeAction> {
        let analysis = Arc::clone(analysis);
        let abilities = self.abilities().clone();
        let path = analysis.path_of(uri)?;
        let work = tokio::task::spawn_blocking(move || {
            let fix = all_safe_fixes(&analysis, path)?;
            let mut files = Files::new(&analysis, &abilities);
            edits::of_change(&Change::from(&fix), lang, &abilities, &mut files)
        });
        let edit = work.await.ok()??;
        let title = Bilingual::fixed("Make all safe fixes", "应用所有安全的修复");
        Some(CodeAction {
            title: title.get(lang).to_owned(),
            kind: Some(FIX_ALL),
            edit: Some(edit),
            ..Default::default()
        })
    }
}

/// All safe fixes of one text as one; `None` if there are none.
fn all_safe_fixes(analysis: &Analysis, path: PkgPath) -> Option<Fix> {
    let package = analysis.package.as_ref()?;
    let settings = &analysis.settings.check;
    let is_manifest = path == PkgPath::from(FILE_NAME);
    let fixed = fix(
        &package.as_package(),
        Safety::Safe,
        &|file| *file == path,
        &|package| {
            // What lies beside the manifest has not changed with it.
            let known = analysis.input.contents.as_deref().filter(|_| is_manifest);
            let read = known.is_none().then(|| package.contents());
            ksext_core::check::check(package, settings, known.or(read.as_ref()))
        },
    );
    let text = fixed.texts.into_values().next()?;
    let edits = edits::between(&package.text_of(&path), &text);
    Some(Fix {
        title: Bilingual::fixed("", ""),
        safety: Safety::Safe,
        edits: edits.into_iter().map(|edit| (path.clone(), edit)).collect(),
    })
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

/// Where and how a client asks.
struct Place<'a> {
    uri: &'a Uri,
    range: Range,
    context: &'a CodeActionContext,
    lang: Lang,
    abilities: &'a Abilities,
}

impl Place<'_> {
    /// The fixes of the findings here, then the comments that silence them.
    fn quick_fixes(&self, analysis: &Analysis) -> Vec<CodeAction> {
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
