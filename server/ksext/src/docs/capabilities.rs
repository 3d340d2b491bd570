//! What the language server offers, each with the test that proves it through the real protocol.

use std::fmt::Write as _;

use ksext_core::lang::{Bilingual, Lang};

/// One row of the matrix.
#[derive(Debug)]
pub(crate) struct Capability {
    /// The method, as the protocol names it.
    pub(crate) method: &'static str,
    /// Where the answer to `initialize` announces it: a key of the capabilities, one level further with
    /// a dot; empty for what every server may do.
    pub(crate) announced: &'static str,
    /// What comes of it.
    pub(crate) what: Bilingual,
    /// The test, as `cargo test` names it.
    pub(crate) test: &'static str,
}

const fn row(
    method: &'static str,
    announced: &'static str,
    what: Bilingual,
    test: &'static str,
) -> Capability {
    Capability {
        method,
        announced,
        what,
        test,
    }
}

/// Every row, by subject.
#[rustfmt::skip]
pub(crate) static CAPABILITIES: &[Capability] = &[
    row(
        "general.positionEncodings", "positionEncoding",
        Bilingual::fixed("UTF-8, UTF-16 and UTF-32, the first in the client's list", "UTF-8、UTF-16 与 UTF-32，取客户端列表中的第一个"),
        "lsp_conformance::takes_the_first_position_encoding_of_the_client_that_it_knows",
    ),
    row(
        "textDocument/didChange", "textDocumentSync",
        Bilingual::fixed("Incremental, in the order of the messages", "增量同步，按消息顺序处理"),
        "lsp_random::a_random_client_and_the_server_agree_in_utf_16",
    ),
    row(
        "textDocument/publishDiagnostics", "",
        Bilingual::fixed("Findings in the manifest and the files beside it, with pages, related places and data for fixes", "清单及其旁边文件中的问题，附规则页面、相关位置和修复所需的数据"),
        "lsp_diagnostics::a_diagnostic_says_where_what_and_where_to_read_on",
    ),
    row(
        "textDocument/diagnostic", "diagnosticProvider",
        Bilingual::fixed("The same for clients that ask, which are then not told; unchanged reports, other files of the package", "同样的问题，供主动拉取的客户端使用，此时不再推送；支持未变更报告和扩展组件包的其他文件"),
        "lsp_pull::a_document_is_reported_in_its_newest_state_and_only_when_it_has_changed",
    ),
    row(
        "workspace/diagnostic", "diagnosticProvider",
        Bilingual::fixed("All packages of the workspace, in parts as they are checked, then whenever something changes", "工作区的所有扩展组件包，边检查边分批返回，之后在有变化时返回"),
        "lsp_pull::the_workspace_is_answered_bit_by_bit_and_a_question_waits_for_news",
    ),
    row(
        "workspace/diagnostic/refresh", "",
        Bilingual::fixed("Sent when files or settings have changed", "文件或设置发生变化时发送"),
        "lsp_pull::the_client_is_asked_to_ask_again_when_files_or_settings_change",
    ),
    row(
        "workspace/didChangeWorkspaceFolders", "workspace.workspaceFolders",
        Bilingual::fixed("Packages are known in all folders of the workspace, open or not", "识别工作区所有文件夹中的扩展组件包，无论是否打开"),
        "lsp_workspace::folders_come_and_go",
    ),
    row(
        "workspace/didChangeWatchedFiles", "",
        Bilingual::fixed("Changes on the disk count at once; where a client watches no files, ksext does", "磁盘上的更改立即生效；客户端不监视文件时由 ksext 自行监视"),
        "lsp_workspace::packages_are_found_and_lost_while_the_editor_runs",
    ),
    row(
        "textDocument/hover", "hoverProvider",
        Bilingual::fixed("What a field is, what ksbuilder reads, the package's size", "字段说明、ksbuilder 实际读到的内容、扩展组件包大小"),
        "lsp_answers::a_hover_explains_the_field_in_the_form_and_language_of_the_client",
    ),
    row(
        "textDocument/completion", "completionProvider",
        Bilingual::fixed("Keys with what they hold, values, files and charts of the package, settings; nothing where a break or space would take something unwanted", "键及其内容、值、包内的文件和 chart、设置项；换行或空格可能误选时不提示"),
        "lsp_completion::a_client_with_all_abilities_gets_snippets_ranges_and_documentation_on_demand",
    ),
    row(
        "completionItem/resolve", "completionProvider",
        Bilingual::fixed("Documentation in the user's language, for clients that ask for it late", "以用户的语言按需提供文档"),
        "lsp_completion::a_client_with_all_abilities_gets_snippets_ranges_and_documentation_on_demand",
    ),
    row(
        "textDocument/definition", "definitionProvider",
        Bilingual::fixed("From a dependency to its chart, from a condition to its value, from a picture to its file, and back", "依赖与 Chart、条件与取值、图片路径与文件之间互相跳转"),
        "lsp_navigation::a_definition_is_a_link_with_the_place_that_was_asked_about",
    ),
    row(
        "textDocument/references", "referencesProvider",
        Bilingual::fixed("Everything in the package that names a chart, a value, a file, a language", "扩展组件包中引用同一 Chart、取值、文件或语言的所有位置"),
        "lsp_navigation::references_are_found_in_all_files_and_highlights_in_one",
    ),
    row(
        "textDocument/documentHighlight", "documentHighlightProvider",
        Bilingual::fixed("The same within one file", "同上，限于当前文件"),
        "lsp_navigation::references_are_found_in_all_files_and_highlights_in_one",
    ),
    row(
        "textDocument/documentLink", "documentLinkProvider",
        Bilingual::fixed("Pages and files that are named, also in README and CHANGELOG", "清单、README 与 CHANGELOG 中的网址和文件"),
        "lsp_navigation::links_lead_to_pages_and_to_files_by_the_clients_names",
    ),
    row(
        "textDocument/rename", "renameProvider",
        Bilingual::fixed("A chart with its folder, an alias, a condition, a language, a file, wherever it is named; done whole or refused", "重命名 Chart（连同文件夹）、别名、条件、语言或文件的所有引用；要么全部完成，要么拒绝"),
        "lsp_rename::a_chart_is_renamed_with_its_folder_once_its_author_agrees",
    ),
    row(
        "workspace/willRenameFiles", "workspace.fileOperations",
        Bilingual::fixed("Moved pictures and charts keep what names them right", "移动图片或 Chart 时同步更新引用"),
        "lsp_rename::a_moved_picture_keeps_its_place_in_manifest_and_readme",
    ),
    row(
        "textDocument/inlayHint", "inlayHintProvider",
        Bilingual::fixed("Where the version stands in the review", "在版本号旁显示审核状态"),
        "lsp_review::the_decision_is_told_once_and_shown_at_the_version",
    ),
    row(
        "textDocument/codeAction", "codeActionProvider",
        Bilingual::fixed("Fixes, all safe fixes on save, comments that silence, refactorings, commands", "修复、保存时应用所有安全修复、忽略规则的注释、重构、命令"),
        "lsp_fixes::all_safe_fixes_are_made_at_once_for_who_asks",
    ),
    row(
        "codeAction/resolve", "codeActionProvider",
        Bilingual::fixed("Edits of a refactoring when it is chosen; refused if the text has changed", "选中重构时才计算编辑；文本已更改时拒绝"),
        "lsp_refactors::the_edits_come_when_an_action_is_chosen",
    ),
    row(
        "textDocument/codeLens", "codeLensProvider",
        Bilingual::fixed("Size, log in, push and review status above the name", "在名称上方显示大小、登录、推送和审核状态"),
        "lsp_answers::lenses_stand_at_the_name_and_the_version_and_tell_what_is_known",
    ),
    row(
        "textDocument/documentSymbol", "documentSymbolProvider",
        Bilingual::fixed("The outline, nested or as a list, with values", "大纲，嵌套或列表，并显示值"),
        "lsp_structure::the_outline_nests_for_clients_that_can_show_it",
    ),
    row(
        "textDocument/foldingRange", "foldingRangeProvider",
        Bilingual::fixed("Blocks, texts of several lines, comments", "块、多行文本、注释"),
        "lsp_structure::blocks_fold_to_their_first_line",
    ),
    row(
        "textDocument/selectionRange", "selectionRangeProvider",
        Bilingual::fixed("Word, value, entry, block, text", "单词、值、条目、块、全文"),
        "lsp_structure::a_selection_grows_to_value_entry_and_text",
    ),
    row(
        "workspace/executeCommand", "executeCommandProvider",
        Bilingual::fixed("The [commands](commands.md), with progress, until they are cancelled", "[命令](commands_zh.md)，显示进度，可取消"),
        "lsp_commands::a_package_goes_from_login_to_review",
    ),
    row(
        "ksext/packageStatus", "experimental.ksext",
        Bilingual::fixed("A package at a glance by any of its files or its folder (`{uri}`): findings, size, review, login; for status bars and lists", "按任一文件或文件夹（`{uri}`）返回扩展组件包的概况：问题数、大小、审核状态、登录状态；供状态栏和列表使用"),
        "lsp_status::a_package_is_told_by_any_of_its_files_and_by_its_folder",
    ),
    row(
        "ksext/packages", "experimental.ksext",
        Bilingual::fixed("The packages in the folders of the workspace, open or not: folder, manifest, name, version", "工作区文件夹中的扩展组件包，无论是否打开：文件夹、清单、名称、版本"),
        "lsp_status::the_packages_of_the_workspace_are_listed_as_they_come_and_go",
    ),
    row(
        "ksext/ages", "experimental.ksext",
        Bilingual::fixed("How long ago times (`{times}`, RFC 3339) were, in words, for views that stay open", "以文字说明各时间（`{times}`，RFC 3339）距今多久，供长时间打开的视图使用"),
        "lsp_status::ages_are_told_in_the_words_of_the_answers",
    ),
    row(
        "ksext/didChangePackageStatus", "",
        Bilingual::fixed("Sent when a package's status or the list of packages may have changed, to clients that declare `experimental.ksext.packageStatus`", "扩展组件包的概况或列表可能变化时发送给声明了 `experimental.ksext.packageStatus` 的客户端"),
        "lsp_status::a_status_is_told_to_have_changed_with_findings_size_login_and_review",
    ),
];

/// The page.
pub(crate) fn page(lang: Lang) -> String {
    let intro = Bilingual::fixed(
        "# What the language server offers\n\nEach row is proven through the real protocol by the test that it names: `cargo test -p ksext --test it NAME`.\n\n| Method | Announced as | What comes of it | Test |\n|---|---|---|---|\n",
        "# 语言服务器的功能\n\n每一行都由所列测试通过真实协议验证：`cargo test -p ksext --test it 测试名`。\n\n| 方法 | 声明 | 作用 | 测试 |\n|---|---|---|---|\n",
    );
    let mut text = intro.get(lang).to_owned();
    for row in CAPABILITIES {
        let (method, what, test) = (row.method, row.what.get(lang), row.test);
        let announced = match row.announced {
            "" => String::new(),
            announced => format!("`{announced}`"),
        };
        // Writing into a string cannot fail.
        let _ = writeln!(text, "| `{method}` | {announced} | {what} | `{test}` |");
    }
    text
}
