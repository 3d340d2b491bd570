//! What the client can, asked by what we want to do.
//!
//! Whatever is not declared is not used: a client without any capability gets all that LSP allows
//! without asking.

use ksext_core::ide::Markup;
use ksext_core::text::Encoding;

use super::proto::{
    ClientCapabilities, CompletionClientCapabilities, DiagnosticTag, InitializeParams,
    InsertTextMode, MarkupKind, PositionEncodingKind, ResourceOperationKind,
};

/// The client's capabilities, read once from `initialize`.
#[derive(Clone, Debug)]
pub(super) struct Abilities {
    /// In which unit columns are counted.
    pub(super) encoding: Encoding,
    /// It can be asked for settings.
    pub(super) configuration: bool,
    /// It wants to be asked for the news of changed settings.
    pub(super) register_configuration: bool,
    /// It watches files for us.
    pub(super) watch_files: bool,
    /// It watches files below one folder.
    pub(super) watch_folders: bool,
    /// It asks for diagnostics, so it is not told.
    pub(super) pulls: bool,
    /// It takes the diagnostics of other files with those that it has asked for.
    pub(super) related_documents: bool,
    /// It asks for diagnostics again when told to.
    pub(super) refresh_diagnostics: bool,
    /// How it can draw the text of a diagnostic.
    pub(super) diagnostic_tags: Vec<DiagnosticTag>,
    /// It shows other places beside a diagnostic.
    pub(super) related_information: bool,
    /// It makes edits that we ask for.
    pub(super) apply_edits: bool,
    /// It takes edits of a named version of a document.
    pub(super) versioned_edits: bool,
    /// What it does with files as part of an edit.
    pub(super) operations: Vec<ResourceOperationKind>,
    /// It asks its user before parts of an edit that say so.
    pub(super) annotations: bool,
    /// It takes code actions that are more than a command.
    pub(super) action_literals: bool,
    /// It asks for the edits of an action when its user has chosen it.
    pub(super) resolve_actions: bool,
    /// It shows symbols within symbols.
    pub(super) nested_symbols: bool,
    /// It asks for lenses again when told to.
    pub(super) refresh_lenses: bool,
    /// It asks for inlay hints again when told to.
    pub(super) refresh_hints: bool,
    /// It shows progress that we begin.
    pub(super) begin_progress: bool,
    /// It opens web pages.
    pub(super) show_document: bool,
    /// It waits for a command however long it takes (`experimental.ksext.longCommands`).
    pub(super) long_commands: bool,
    /// It shows the status of packages (`experimental.ksext.packageStatus`).
    pub(super) package_status: bool,
    /// It takes the place that is asked about along with where it leads.
    pub(super) definition_links: bool,
    /// It shows what a link leads to.
    pub(super) link_tooltips: bool,
    /// It asks whether a name can be changed before it asks for the new one.
    pub(super) prepare_rename: bool,
    /// It asks before it renames files, and tells when it has.
    pub(super) rename_files: bool,
    /// How hovers are written.
    pub(super) hover_markup: Markup,
    /// How it takes proposals.
    pub(super) completion: CompletionAbilities,
}

/// How a client takes proposals of what could be written.
#[derive(Clone, Debug)]
pub(super) struct CompletionAbilities {
    /// With places to fill in.
    pub(super) snippets: bool,
    /// With a word to replace in part or whole.
    pub(super) insert_replace: bool,
    /// With some words beside the label.
    pub(super) label_details: bool,
    /// With one that is marked.
    pub(super) preselect: bool,
    /// It asks for the documentation of one when it shows it.
    pub(super) lazy_documentation: bool,
    /// How documentation is written.
    pub(super) markup: Markup,
    /// Who indents the lines of a proposal.
    pub(super) indentation: Indentation,
}

/// Who indents the lines of a proposal behind its first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Indentation {
    /// They are taken as they are, because each proposal says so.
    AsIs,
    /// The client adds the indentation of the line to each of them, because each proposal says so.
    Adjusted,
    /// Nothing can be said, and the client adds it.
    ByHabit,
    /// Nothing can be said; editors add it to snippets, and to plain texts they do not.
    Unknown,
}

impl Abilities {
    /// Reads them from `initialize`.
    pub(super) fn of(params: &InitializeParams) -> Self {
        let client = &params.capabilities;
        let text_document = client.text_document.as_ref();
        let workspace = client.workspace.as_ref();
        let window = client.window.as_ref();
        let is = |declared: Option<bool>| declared == Some(true);
        let experimental = client.experimental.as_ref();
        let ours = |name: &str| experimental.is_some_and(|it| it["ksext"][name] == true);
        let watched = workspace.and_then(|it| it.did_change_watched_files);
        let pull = text_document.and_then(|it| it.diagnostic.as_ref());
        let push = text_document.and_then(|it| it.publish_diagnostics.as_ref());
        let edits = workspace.and_then(|it| it.workspace_edit.as_ref());
        let versioned_edits = is(edits.and_then(|it| it.document_changes));
        let operations = edits.and_then(|it| it.resource_operations.as_deref());
        Self {
            encoding: encoding(client),
            configuration: is(workspace.and_then(|it| it.configuration)),
            register_configuration: is(workspace
                .and_then(|it| it.did_change_configuration)
                .and_then(|it| it.dynamic_registration)),
            watch_files: is(watched.and_then(|it| it.dynamic_registration)),
            watch_folders: is(watched.and_then(|it| it.relative_pattern_support)),
            pulls: pull.is_some(),
            related_documents: is(pull.and_then(|it| it.related_document_support)),
            refresh_diagnostics: is(workspace
                .and_then(|it| it.diagnostics.as_ref())
                .and_then(|it| it.refresh_support)),
            diagnostic_tags: diagnostic_tags(client),
            related_information: match pull {
                // New in LSP 3.18; clients declare what they can show where it was declared before.
                Some(pull) if pull.related_information.is_some() => is(pull.related_information),
                _ => is(push.and_then(|it| it.related_information)),
            },
            apply_edits: is(workspace.and_then(|it| it.apply_edit)),
            versioned_edits,
            operations: operations
                .filter(|_| versioned_edits)
                .unwrap_or_default()
                .to_vec(),
            annotations: versioned_edits
                && edits.is_some_and(|it| it.change_annotation_support.is_some()),
            action_literals: text_document
                .and_then(|it| it.code_action.as_ref())
                .is_some_and(|it| it.code_action_literal_support.is_some()),
            resolve_actions: text_document
                .and_then(|it| it.code_action.as_ref())
                .filter(|it| is(it.data_support))
                .and_then(|it| it.resolve_support.as_ref())
                .is_some_and(|it| it.properties.iter().any(|property| property == "edit")),
            nested_symbols: is(text_document
                .and_then(|it| it.document_symbol.as_ref())
                .and_then(|it| it.hierarchical_document_symbol_support)),
            refresh_lenses: is(workspace
                .and_then(|it| it.code_lens.as_ref())
                .and_then(|it| it.refresh_support)),
            refresh_hints: is(workspace
                .and_then(|it| it.inlay_hint.as_ref())
                .and_then(|it| it.refresh_support)),
            begin_progress: is(window.and_then(|it| it.work_done_progress)),
            show_document: window
                .and_then(|it| it.show_document.as_ref())
                .is_some_and(|it| it.support),
            long_commands: ours("longCommands"),
            package_status: ours("packageStatus"),
            definition_links: is(text_document
                .and_then(|it| it.definition)
                .and_then(|it| it.link_support)),
            link_tooltips: is(text_document
                .and_then(|it| it.document_link.as_ref())
                .and_then(|it| it.tooltip_support)),
            prepare_rename: is(text_document
                .and_then(|it| it.rename.as_ref())
                .and_then(|it| it.prepare_support)),
            rename_files: is(workspace
                .and_then(|it| it.file_operations.as_ref())
                .and_then(|it| it.will_rename)),
            hover_markup: hover_markup(client),
            completion: text_document
                .and_then(|it| it.completion.as_ref())
                .map_or_else(CompletionAbilities::none, CompletionAbilities::of),
        }
    }

    /// The name of the encoding, for the answer to `initialize`.
    pub(super) fn encoding_kind(&self) -> PositionEncodingKind {
        match self.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }
}

impl CompletionAbilities {
    fn none() -> Self {
        Self::of(&CompletionClientCapabilities::default())
    }

    fn of(client: &CompletionClientCapabilities) -> Self {
        let item = client.completion_item.clone().unwrap_or_default();
        let is = |declared: Option<bool>| declared == Some(true);
        let modes = item.insert_text_mode_support.map(|it| it.value_set);
        let modes = modes.unwrap_or_default();
        let indentation = if modes.contains(&InsertTextMode::AS_IS) {
            Indentation::AsIs
        } else if modes.contains(&InsertTextMode::ADJUST_INDENTATION) {
            Indentation::Adjusted
        } else if client.insert_text_mode == Some(InsertTextMode::ADJUST_INDENTATION) {
            Indentation::ByHabit
        } else {
            Indentation::Unknown
        };
        let first = item.documentation_format.unwrap_or_default();
        let lazy = item.resolve_support.map(|it| it.properties);
        Self {
            snippets: is(item.snippet_support),
            insert_replace: is(item.insert_replace_support),
            label_details: is(item.label_details_support),
            preselect: is(item.preselect_support),
            lazy_documentation: lazy.is_some_and(|it| it.iter().any(|it| it == "documentation")),
            markup: match first.first() {
                Some(MarkupKind::Markdown) => Markup::Markdown,
                _ => Markup::Plain,
            },
            indentation,
        }
    }
}

/// The first encoding in the client's list that we know; UTF-16 for a client without a list
/// (LSP 3.17, `PositionEncodingKind`).
fn encoding(client: &ClientCapabilities) -> Encoding {
    let offered = client
        .general
        .as_ref()
        .and_then(|it| it.position_encodings.as_deref());
    let known = |kind: &PositionEncodingKind| match kind.as_str() {
        "utf-8" => Some(Encoding::Utf8),
        "utf-16" => Some(Encoding::Utf16),
        "utf-32" => Some(Encoding::Utf32),
        _ => None,
    };
    offered
        .unwrap_or_default()
        .iter()
        .find_map(known)
        .unwrap_or(Encoding::Utf16)
}

/// The tags that the client knows, as it declares them for diagnostics that it is told or asks for.
fn diagnostic_tags(client: &ClientCapabilities) -> Vec<DiagnosticTag> {
    // The types keep one of the two to themselves.
    let client = serde_json::to_value(&client.text_document).unwrap_or_default();
    let declared = ["diagnostic", "publishDiagnostics"].map(|of| {
        let tags = &client[of]["tagSupport"]["valueSet"];
        serde_json::from_value::<Vec<DiagnosticTag>>(tags.clone()).ok()
    });
    declared.into_iter().flatten().next().unwrap_or_default()
}

/// The first form in the client's list; plain text for a client without a list.
fn hover_markup(client: &ClientCapabilities) -> Markup {
    let hover = client
        .text_document
        .as_ref()
        .and_then(|it| it.hover.as_ref());
    let first = hover
        .and_then(|it| it.content_format.as_ref())
        .and_then(|it| it.first());
    match first {
        Some(MarkupKind::Markdown) => Markup::Markdown,
        _ => Markup::Plain,
    }
}
