//! An editor with one package open, for the tests of the language server.

use ksext_test_support::{Ksext, LspClient, PackageDir, Reply, position_at};
use serde_json::{Value, json};

/// A manifest in which nothing is wrong.
pub(crate) const MANIFEST: &str = "\
apiVersion: kubesphere.io/v1alpha1
name: demo
version: 0.1.0
displayName:
  zh: 观测😀
  en: Demo
description:
  zh: 最小的扩展组件。
  en: The smallest extension.
category: dev-tools
ksVersion: \">=4.1.0-0\"
provider:
  zh: {name: 示例公司}
  en: {name: Example Inc.}
staticFileDirectory: static
icon: ./static/图标.svg
dependencies:
  - name: frontend
";

/// The files beside it.
pub(crate) const FILES: [(&str, &str); 8] = [
    ("README.md", "# Demo\n"),
    ("README_zh.md", "# 示例\n"),
    ("CHANGELOG.md", "# Changelog\n"),
    ("CHANGELOG_zh.md", "# 更新日志\n"),
    ("values.yaml", "frontend: {}\n"),
    ("permissions.yaml", "kind: ClusterRole\n"),
    (
        "static/图标.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
    ),
    (
        "charts/frontend/Chart.yaml",
        "apiVersion: v2\nname: frontend\nversion: 0.1.0\n",
    ),
];

/// A manifest in which one thing is wrong: `unknown-key`.
pub(crate) fn wrong() -> String {
    format!("{MANIFEST}vendor: 观测\n")
}

/// Writes a package with a [`wrong`] manifest.
pub(crate) fn write_wrong_package(disk: &PackageDir, folder: &str) {
    for (file, text) in FILES {
        disk.write(&format!("{folder}/{file}"), text);
    }
    disk.write(&format!("{folder}/extension.yaml"), wrong());
}

/// What editors of today can.
pub(crate) fn capable() -> Value {
    json!({
        "workspace": {
            "configuration": true,
            "didChangeWatchedFiles": {"dynamicRegistration": true, "relativePatternSupport": true},
            "workspaceEdit": {"documentChanges": true},
            "codeLens": {"refreshSupport": true},
        },
        "textDocument": {
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
            "publishDiagnostics": {"relatedInformation": true},
        },
        "window": {"workDoneProgress": true, "showDocument": {"support": true}},
    })
}

/// A session with a package.
pub(crate) struct Editor {
    pub(crate) client: LspClient,
    pub(crate) package: PackageDir,
    /// The manifest's name.
    pub(crate) uri: String,
    version: i32,
}

impl Editor {
    /// A session of an editor with `capabilities` that has the manifest open; the files beside it are
    /// there.
    pub(crate) fn open(capabilities: Value, manifest: &str) -> Self {
        let mut editor = Self::start(json!({"capabilities": capabilities}));
        editor.open_manifest(manifest);
        editor
    }

    /// A session with these parameters of `initialize` and nothing open.
    pub(crate) fn start(initialize: Value) -> Self {
        let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"));
        Self::start_with(&ksext, initialize, |_, _| Reply::Result(Value::Null))
    }

    /// A session of a program that is set up otherwise, with answers to the server's requests.
    pub(crate) fn start_with(
        ksext: &Ksext,
        initialize: Value,
        responder: impl FnMut(&str, &Value) -> Reply + Send + 'static,
    ) -> Self {
        let package = PackageDir::new(&FILES);
        let mut client = ksext.lsp();
        client.respond(responder);
        client.initialize_with(initialize);
        let uri = package.uri("extension.yaml");
        Self {
            client,
            package,
            uri,
            version: 0,
        }
    }

    /// Writes the manifest to the disk and opens it as version 1.
    pub(crate) fn open_manifest(&mut self, text: &str) {
        self.package.write("extension.yaml", text);
        self.client.open(&self.uri, text);
        self.version = 1;
    }

    /// Changes the manifest, and waits for what is found in it.
    #[track_caller]
    pub(crate) fn change(&mut self, changes: Value) -> Vec<Value> {
        self.version += 1;
        self.client.change(&self.uri, self.version, changes);
        self.found()
    }

    /// What is found in the newest version of the manifest.
    #[track_caller]
    pub(crate) fn found(&self) -> Vec<Value> {
        self.found_when(|_| true)
    }

    /// What is found in the newest version of the manifest, once it fulfils `enough`.
    #[track_caller]
    pub(crate) fn found_when(&self, enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let (uri, version) = (&self.uri, self.version);
        let published = self
            .client
            .wait_notification("textDocument/publishDiagnostics", |seen| {
                let found = seen["diagnostics"].as_array().expect("a list");
                seen["uri"] == **uri && seen["version"] == version && enough(found)
            });
        published.params["diagnostics"]
            .as_array()
            .expect("a list")
            .clone()
    }

    /// Tells the server that files have changed on the disk.
    pub(crate) fn changed_on_disk(&self, paths: &[&str]) {
        let change = |path: &&str| json!({"uri": self.package.uri(path), "type": 2});
        let changes: Vec<_> = paths.iter().map(change).collect();
        self.client.notify(
            "workspace/didChangeWatchedFiles",
            json!({"changes": changes}),
        );
    }

    /// Asks about the manifest at a position.
    #[track_caller]
    pub(crate) fn hover(&mut self, position: Value) -> Value {
        let params = json!({"textDocument": {"uri": self.uri}, "position": position});
        self.client
            .request("textDocument/hover", params)
            .expect("an answer")
    }

    /// The lenses of the manifest.
    #[track_caller]
    pub(crate) fn lenses(&mut self) -> Value {
        let params = json!({"textDocument": {"uri": self.uri}});
        self.client
            .request("textDocument/codeLens", params)
            .expect("an answer")
    }

    /// The code actions in a range of the manifest.
    #[track_caller]
    pub(crate) fn actions(&mut self, range: Value, context: Value) -> Vec<Value> {
        let params = json!({"textDocument": {"uri": self.uri}, "range": range, "context": context});
        let actions = self
            .client
            .request("textDocument/codeAction", params)
            .expect("an answer");
        actions.as_array().cloned().unwrap_or_default()
    }
}

/// The rules of some diagnostics, in their order.
pub(crate) fn rules(found: &[Value]) -> Vec<&str> {
    found
        .iter()
        .map(|diagnostic| diagnostic["code"].as_str().expect("a rule"))
        .collect()
}

/// The range of the whole text.
pub(crate) fn everywhere(text: &str) -> Value {
    json!({"start": {"line": 0, "character": 0}, "end": position_at(text, text.len())})
}

/// `text` after the edits of a list `[{range, newText}]`, which do not touch each other, with UTF-16
/// columns.
pub(crate) fn apply(text: &str, edits: &Value) -> String {
    let mut edits: Vec<_> = edits.as_array().expect("a list of edits").iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(offset(text, &edit["range"]["start"])));
    edits.into_iter().fold(text.to_owned(), |mut text, edit| {
        let range = offset(&text, &edit["range"]["start"])..offset(&text, &edit["range"]["end"]);
        text.replace_range(range, edit["newText"].as_str().expect("a text"));
        text
    })
}

fn offset(text: &str, position: &Value) -> usize {
    let places = text
        .char_indices()
        .map(|(offset, _)| offset)
        .chain([text.len()]);
    let mut places = places.filter(|&offset| position_at(text, offset) == *position);
    places
        .next()
        .unwrap_or_else(|| panic!("no place {position} in {text:?}"))
}
