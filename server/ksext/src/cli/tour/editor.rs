//! An editor in miniature: it starts the language server as a process and speaks its protocol.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use ksext_core::lang::Lang;
use ksext_core::text::{Document, Encoding, Position, PositionRange};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::host::files;

/// How long the server may take for anything.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Editor {
    child: Child,
    to_server: ChildStdin,
    from_server: BufReader<ChildStdout>,
    next_id: u64,
    version: i64,
    document: Document,
    /// The last diagnostics, and for which version.
    diagnostics: Option<(i64, Vec<Value>)>,
    /// What the server has told the user since it was asked last.
    told: Vec<String>,
    /// Whether the server has new lenses.
    refreshed: bool,
}

impl Editor {
    /// Starts a server whose home is `home`, so that nobody's login is touched, with the cloud at
    /// `server`.
    pub(super) async fn start(home: &Path, server: &str, lang: Lang) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("cannot find the program itself")?;
        let mut child = Command::new(program)
            .arg("lsp")
            .env("HOME", home)
            .env_remove("KSEXT_TOKEN")
            .env_remove("KSEXT_SERVER")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the language server")?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (to_server, from_server) = pipes.context("the language server has no pipes")?;
        let mut editor = Self {
            child,
            to_server,
            from_server: BufReader::new(from_server),
            next_id: 0,
            version: 0,
            document: Document::new(""),
            diagnostics: None,
            told: Vec::new(),
            refreshed: false,
        };
        let locale = match lang {
            Lang::En => "en",
            Lang::Zh => "zh-cn",
        };
        let capabilities = json!({
            "general": {"positionEncodings": ["utf-8"]},
            "window": {"workDoneProgress": true, "showMessage": {"messageActionItem": {}}},
            "workspace": {
                "workspaceEdit": {"documentChanges": true},
                "codeLens": {"refreshSupport": true},
            },
            "experimental": {"ksext": {"longCommands": true}},
        });
        let params = json!({
            "processId": std::process::id(),
            "rootUri": null,
            "locale": locale,
            "capabilities": capabilities,
            "initializationOptions": {"server": server},
        });
        editor.request("initialize", params).await?;
        editor.notify("initialized", json!({})).await?;
        Ok(editor)
    }

    pub(super) async fn open(&mut self, uri: &str, text: &str) -> anyhow::Result<()> {
        self.document = Document::new(text);
        self.version = 1;
        let document =
            json!({"uri": uri, "languageId": "yaml", "version": self.version, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}))
            .await
    }

    /// The diagnostics of the current text, once they are as `wanted`.
    pub(super) async fn diagnostics(
        &mut self,
        wanted: impl Fn(&[Value]) -> bool,
    ) -> anyhow::Result<Vec<Value>> {
        loop {
            if let Some((version, found)) = &self.diagnostics
                && *version == self.version
                && wanted(found)
            {
                return Ok(found.clone());
            }
            let message = self.receive().await?;
            self.handle(message).await?;
        }
    }

    /// Applies the first quick fix of each diagnostic that has one; answers their titles.
    pub(super) async fn quick_fixes(
        &mut self,
        uri: &str,
        found: &[Value],
    ) -> anyhow::Result<Vec<String>> {
        let mut titles = Vec::new();
        // From the end, so that an edit moves no place that is still to be used.
        for diagnostic in found.iter().rev() {
            let params = json!({
                "textDocument": {"uri": uri},
                "range": diagnostic["range"],
                "context": {"diagnostics": [diagnostic], "only": ["quickfix"]},
            });
            let actions = self.request("textDocument/codeAction", params).await?;
            let Some(action) = actions.as_array().and_then(|actions| actions.first()) else {
                continue;
            };
            let edits = &action["edit"]["documentChanges"][0]["edits"];
            for edit in edits.as_array().into_iter().flatten().rev() {
                let text = edit["newText"].as_str().unwrap_or_default();
                self.edit(uri, &edit["range"], text).await?;
            }
            titles.push(action["title"].as_str().unwrap_or_default().to_owned());
        }
        titles.reverse();
        Ok(titles)
    }

    /// Types `new` in place of `old`.
    pub(super) async fn replace(&mut self, uri: &str, old: &str, new: &str) -> anyhow::Result<()> {
        let text = self.document.text();
        let start = text
            .find(old)
            .with_context(|| format!("`{old}` is not in the manifest"))?;
        let place = |offset| {
            let position = self.document.position(offset, Encoding::Utf8);
            json!({"line": position.line, "character": position.column})
        };
        let range = json!({"start": place(start), "end": place(start + old.len())});
        self.edit(uri, &range, new).await
    }

    async fn edit(&mut self, uri: &str, range: &Value, text: &str) -> anyhow::Result<()> {
        let place = |key: &str| {
            let number = |name: &str| range[key][name].as_u64().unwrap_or_default();
            let saturate = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
            Position {
                line: saturate(number("line")),
                column: saturate(number("character")),
            }
        };
        let places = PositionRange {
            start: place("start"),
            end: place("end"),
        };
        self.document.apply(Some(places), text, Encoding::Utf8);
        self.version += 1;
        self.refreshed = false;
        let params = json!({
            "textDocument": {"uri": uri, "version": self.version},
            "contentChanges": [{"range": range, "text": text}],
        });
        self.notify("textDocument/didChange", params).await
    }

    pub(super) async fn save(&mut self, uri: &str, path: &Path) -> anyhow::Result<()> {
        files::write(path, self.document.text().as_bytes()).context("cannot save the manifest")?;
        self.notify(
            "textDocument/didSave",
            json!({"textDocument": {"uri": uri}}),
        )
        .await
    }

    /// The titles of the code lenses, once the server knows the package's size.
    pub(super) async fn lenses(&mut self, uri: &str) -> anyhow::Result<Vec<String>> {
        while !self.refreshed {
            let message = self.receive().await?;
            self.handle(message).await?;
        }
        let params = json!({"textDocument": {"uri": uri}});
        let lenses = self.request("textDocument/codeLens", params).await?;
        let titles = lenses.as_array().into_iter().flatten();
        let title = |lens: &Value| lens["command"]["title"].as_str().map(str::to_owned);
        Ok(titles.filter_map(title).collect())
    }

    pub(super) async fn command(&mut self, id: &str, argument: Value) -> anyhow::Result<Value> {
        self.told.clear();
        self.request(
            "workspace/executeCommand",
            json!({"command": id, "arguments": [argument]}),
        )
        .await
    }

    /// What the server has told and asked during the last command.
    pub(super) fn told(&self) -> &[String] {
        &self.told
    }

    pub(super) async fn quit(mut self) -> anyhow::Result<()> {
        self.request("shutdown", Value::Null).await?;
        self.notify("exit", Value::Null).await?;
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = ended.context("the language server does not end")??;
        anyhow::ensure!(status.success(), "the language server ended with {status}");
        Ok(())
    }

    // The protocol (LSP 3.17, "Base Protocol").

    async fn request(&mut self, method: &str, params: Value) -> anyhow::Result<Value> {
        self.next_id += 1;
        let id = self.next_id;
        let message = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        self.send(&message).await?;
        loop {
            let mut message = self.receive().await?;
            if message["method"].is_null() && message["id"] == id {
                if let Some(error) = message.get("error") {
                    let text = error["message"].as_str().unwrap_or_default();
                    bail!("the language server refuses {method}: {text}");
                }
                return Ok(message["result"].take());
            }
            self.handle(message).await?;
        }
    }

    async fn notify(&mut self, method: &str, params: Value) -> anyhow::Result<()> {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
            .await
    }

    /// Takes what the server says by itself: diagnostics, progress, questions.
    async fn handle(&mut self, mut message: Value) -> anyhow::Result<()> {
        let method = message["method"].as_str().unwrap_or_default().to_owned();
        let params = message["params"].take();
        let mut answer = Value::Null;
        match method.as_str() {
            "textDocument/publishDiagnostics" => {
                let version = params["version"].as_i64().unwrap_or_default();
                let found = params["diagnostics"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default();
                self.diagnostics = Some((version, found));
            }
            "workspace/codeLens/refresh" => self.refreshed = true,
            "$/progress" => {
                let value = &params["value"];
                let text = value["message"]
                    .as_str()
                    .or_else(|| value["title"].as_str());
                self.told.extend(text.map(str::to_owned));
            }
            "window/showMessage" => {
                self.told
                    .extend(params["message"].as_str().map(str::to_owned));
            }
            "window/showMessageRequest" => {
                answer = params["actions"][0].clone();
                let question = params["message"].as_str().unwrap_or_default();
                let chosen = answer["title"].as_str().unwrap_or_default();
                self.told.push(format!("{question} → {chosen}"));
            }
            _ => {}
        }
        if let Some(id) = message.get("id") {
            self.send(&json!({"jsonrpc": "2.0", "id": id, "result": answer}))
                .await?;
        }
        Ok(())
    }

    async fn send(&mut self, message: &Value) -> anyhow::Result<()> {
        let body = message.to_string();
        let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.to_server.write_all(frame.as_bytes()).await?;
        Ok(self.to_server.flush().await?)
    }

    async fn receive(&mut self) -> anyhow::Result<Value> {
        tokio::time::timeout(PATIENCE, self.read_message())
            .await
            .map_err(|_| anyhow!("the language server does not answer"))?
    }

    async fn read_message(&mut self) -> anyhow::Result<Value> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            let read = self.from_server.read_line(&mut line).await?;
            anyhow::ensure!(read > 0, "the language server has gone away");
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.from_server.read_exact(&mut body).await?;
        Ok(serde_json::from_slice(&body)?)
    }
}
