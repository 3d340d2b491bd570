//! Completion: what could be written at the cursor, as the client takes it.

use std::sync::Arc;

use ksext_core::ide::completion::{About, Ask, Completion, Lines, Proposal, ProposalKind};
use ksext_core::ide::{self, Markup, View};
use ksext_core::lang::Lang;
use ksext_core::manifest::{FILE_NAME, Recognition};
use ksext_core::package::PkgPath;
use ksext_core::text::{Document, Encoding};
use serde_json::{Value, json};

use crate::lsp::abilities::{CompletionAbilities, Indentation};
use crate::lsp::analysis::Input;
use crate::lsp::asked::Asked;
use crate::lsp::proto::{
    CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionList,
    CompletionParams, CompletionResponse, CompletionTextEdit, Documentation, InsertReplaceEdit,
    InsertTextFormat, InsertTextMode, MarkupContent, MarkupKind, Position, Range, TextEdit, Uri,
    position_from, range_to,
};
use crate::lsp::state::{Shared, State};
use crate::workspace::SETTINGS_FILE;

/// After these characters clients ask by themselves. A colon is not among them: whoever types it and
/// breaks the line wants no proposal taken.
pub(in crate::lsp) const TRIGGERS: [&str; 3] = [" ", "/", "."];

/// A question about a place, whatever kind of text it is in.
struct Question {
    position: Position,
    typed: Option<char>,
    lang: Lang,
    encoding: Encoding,
    extensions: Vec<(String, String)>,
}

impl Shared {
    /// What could be written at a place; nothing in a file that is not ours.
    ///
    /// Copies the state before it waits for anything.
    pub(in crate::lsp) fn completion(
        self: Arc<Self>,
        params: CompletionParams,
    ) -> impl Future<Output = Option<CompletionResponse>> + use<> {
        let at = params.text_document_position;
        let uri = at.text_document.uri;
        let typed = params.context.and_then(|context| context.trigger_character);
        let state = self.state();
        let question = Question {
            position: at.position,
            typed: typed.and_then(|typed| typed.chars().next()),
            lang: state.lang(),
            encoding: self.encoding(),
            extensions: state.known_extensions(&uri),
        };
        let settings = state.settings_text(&uri);
        let home = state.home_of(&uri);
        let unrecognized = home
            .and_then(|home| state.input(&home, Some(&uri)))
            .filter(|input| input.uri == uri);
        drop(state);
        let asked = settings.is_none().then(|| self.asked(&uri));
        async move {
            if let Some(document) = settings {
                return self.completion_of_settings(&document, &question);
            }
            let asked = asked?.await;
            // Charts and images are looked for on the disk.
            let shared = Arc::clone(&self);
            let found = tokio::task::spawn_blocking(move || match (asked, unrecognized) {
                (Some(asked), _) => shared.completion_in(&asked, question),
                (None, Some(input)) => shared.completion_of_beginning(&input, &question),
                (None, None) => None,
            });
            // A panic is logged.
            found.await.ok()?
        }
    }

    fn completion_in(&self, asked: &Asked, question: Question) -> Option<CompletionResponse> {
        let question = Question {
            lang: asked.lang,
            ..question
        };
        let folder = asked.package()?.root().file_name();
        let folder = folder.and_then(|name| name.to_str());
        let offset = asked.offset(question.position);
        let found = ide::completion(&asked.view()?, offset, &question.ask(folder))?;
        Some(self.as_answer(&found, &asked.document, &question))
    }

    /// A manifest of which nothing says yet whose it is: an empty one, say.
    fn completion_of_beginning(
        &self,
        input: &Input,
        question: &Question,
    ) -> Option<CompletionResponse> {
        let package = input.package().ok()?;
        if package.recognition() != Recognition::Unknown {
            return None;
        }
        let text = input.document.text();
        let file = PkgPath::from(FILE_NAME);
        let view = View {
            package: package.as_package(),
            contents: None,
            file: &file,
            text: &text,
        };
        let offset = input
            .document
            .offset(position_from(question.position), question.encoding);
        let folder = input.root.file_name().and_then(|name| name.to_str());
        let found = ide::completion(&view, offset, &question.ask(folder))?;
        Some(self.as_answer(&found, &input.document, question))
    }

    fn completion_of_settings(
        &self,
        document: &Document,
        question: &Question,
    ) -> Option<CompletionResponse> {
        let offset = document.offset(position_from(question.position), question.encoding);
        let found = ide::settings_completion(&document.text(), offset, &question.ask(None))?;
        Some(self.as_answer(&found, document, question))
    }

    fn as_answer(
        &self,
        found: &Completion,
        document: &Document,
        question: &Question,
    ) -> CompletionResponse {
        let range = |span| range_to(document.range(span, question.encoding));
        let answer = Answer {
            abilities: &self.abilities().completion,
            found,
            insert: range(found.insert),
            replace: range(found.replace),
            lang: question.lang,
        };
        let items = found.items.iter().enumerate();
        CompletionResponse::List(CompletionList {
            is_incomplete: false,
            items: items
                .map(|(index, item)| answer.item(index, item))
                .collect(),
        })
    }

    /// An item with its documentation.
    pub(in crate::lsp) fn resolved(&self, mut item: CompletionItem) -> CompletionItem {
        if item.documentation.is_none() {
            let about = item.data.as_ref().and_then(about_in);
            item.documentation = about.and_then(|(about, lang)| {
                documentation(&about, lang, self.abilities().completion.markup)
            });
        }
        item
    }
}

impl State {
    /// The text of a project's settings file, if that is what the client calls `uri`.
    fn settings_text(&self, uri: &Uri) -> Option<Document> {
        let document = self.documents.get(uri)?;
        let name = document.path.as_deref()?.file_name()?;
        (name == SETTINGS_FILE).then(|| document.text.clone())
    }

    /// Name and version of the other extensions that are known.
    fn known_extensions(&self, uri: &Uri) -> Vec<(String, String)> {
        self.packages.extensions(self.home_of(uri).as_ref())
    }
}

impl Question {
    fn ask<'a>(&'a self, folder: Option<&'a str>) -> Ask<'a> {
        Ask {
            lang: self.lang,
            typed: self.typed,
            folder,
            extensions: &self.extensions,
        }
    }
}

/// What all items of an answer share.
struct Answer<'a> {
    abilities: &'a CompletionAbilities,
    found: &'a Completion,
    insert: Range,
    replace: Range,
    lang: Lang,
}

impl Answer<'_> {
    fn item(&self, index: usize, proposal: &Proposal) -> CompletionItem {
        let abilities = self.abilities;
        let is_snippet = abilities.snippets && proposal.template.has_places();
        let detail = Some(proposal.detail.clone()).filter(|detail| !detail.is_empty());
        let (label_details, detail) = match detail {
            Some(detail) if abilities.label_details => (
                Some(CompletionItemLabelDetails {
                    detail: None,
                    description: Some(detail),
                }),
                None,
            ),
            detail => (None, detail),
        };
        let about = proposal.about.as_ref();
        let is_lazy = abilities.lazy_documentation;
        let documentation = about
            .filter(|_| !is_lazy)
            .and_then(|about| documentation(about, self.lang, abilities.markup));
        CompletionItem {
            label: proposal.label.clone(),
            label_details,
            kind: Some(kind_of(proposal.kind)),
            detail,
            documentation,
            preselect: (proposal.is_obvious && abilities.preselect).then_some(true),
            sort_text: Some(format!("{index:04}")),
            filter_text: (proposal.filter != proposal.label).then(|| proposal.filter.clone()),
            insert_text_format: is_snippet.then_some(InsertTextFormat::SNIPPET),
            insert_text_mode: match abilities.indentation {
                Indentation::AsIs => Some(InsertTextMode::AS_IS),
                Indentation::Adjusted => Some(InsertTextMode::ADJUST_INDENTATION),
                Indentation::ByHabit | Indentation::Unknown => None,
            },
            text_edit: Some(self.edit(proposal, is_snippet)),
            data: about
                .filter(|_| is_lazy)
                .map(|about| data_of(about, self.lang)),
            ..Default::default()
        }
    }

    fn edit(&self, proposal: &Proposal, is_snippet: bool) -> CompletionTextEdit {
        let is_adjusted = match self.abilities.indentation {
            Indentation::AsIs => false,
            Indentation::Adjusted | Indentation::ByHabit => true,
            Indentation::Unknown => is_snippet,
        };
        let lines = Lines {
            end: self.found.line_end,
            less: if is_adjusted { self.found.indent } else { 0 },
        };
        let new_text = if is_snippet {
            proposal.template.as_snippet(lines)
        } else {
            proposal.template.as_text(lines, self.found.in_flow)
        };
        if self.abilities.insert_replace {
            CompletionTextEdit::InsertAndReplace(InsertReplaceEdit {
                new_text,
                insert: self.insert,
                replace: self.replace,
            })
        } else {
            CompletionTextEdit::Edit(TextEdit {
                range: self.replace,
                new_text,
            })
        }
    }
}

fn kind_of(kind: ProposalKind) -> CompletionItemKind {
    match kind {
        ProposalKind::Key => CompletionItemKind::PROPERTY,
        ProposalKind::Choice => CompletionItemKind::ENUM_MEMBER,
        ProposalKind::Value => CompletionItemKind::VALUE,
        ProposalKind::File => CompletionItemKind::FILE,
        ProposalKind::Folder => CompletionItemKind::FOLDER,
        ProposalKind::Reference => CompletionItemKind::REFERENCE,
        ProposalKind::Snippet => CompletionItemKind::SNIPPET,
    }
}

fn documentation(about: &About, lang: Lang, markup: Markup) -> Option<Documentation> {
    let kind = match markup {
        Markup::Markdown => MarkupKind::Markdown,
        Markup::Plain => MarkupKind::PlainText,
    };
    let value = ide::completion::documentation(about, lang)?;
    Some(Documentation::MarkupContent(MarkupContent { kind, value }))
}

/// What an item carries so that its documentation is found without anything else.
fn data_of(about: &About, lang: Lang) -> Value {
    let lang = match lang {
        Lang::En => "en",
        Lang::Zh => "zh",
    };
    json!({"setting": about.is_setting, "path": about.path, "lang": lang})
}

fn about_in(data: &Value) -> Option<(About, Lang)> {
    let path = data["path"].as_array()?.iter();
    let about = About {
        is_setting: data["setting"].as_bool()?,
        path: path
            .map(|step| step.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
    };
    Some((about, Lang::from_locale(data["lang"].as_str()?)?))
}
