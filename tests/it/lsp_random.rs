//! A client that does everything in random order: edits anywhere in Chinese, emoji and CR LF, asks at
//! places that do not exist, sends what is no message, opens, closes and cancels. Afterwards the server
//! is alive and knows the very text that the client has: all that it says of it is what a fresh server
//! says of that text.

use ksext_test_support::{Ksext, LspClient, PackageDir, eventually};
use serde_json::{Value, json};

use crate::lsp_editor::{FILES, MANIFEST};

/// Messages for each encoding; together more than 10 000.
const MESSAGES: usize = 3_400;

/// Pieces that edits insert.
const PIECES: [&str; 20] = [
    "a",
    ": ",
    "\n",
    "\r\n",
    "\r",
    "  ",
    "- ",
    "观测",
    "😀",
    "e\u{301}",
    "\"",
    "'",
    "# ",
    "{",
    "]",
    "version: 1.0.0\n",
    "icon: ./static/图标.svg\n",
    "&x ",
    "|\n",
    "\u{feff}",
];

const REQUESTS: [&str; 16] = [
    "textDocument/hover",
    "textDocument/codeAction",
    "textDocument/codeLens",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/documentLink",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/selectionRange",
    "textDocument/prepareRename",
    "textDocument/inlayHint",
    "textDocument/diagnostic",
    "workspace/symbol",
    "ksext/noSuchMethod",
];

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn number(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let below = u64::try_from(below.max(1)).unwrap_or(u64::MAX);
        usize::try_from((mixed ^ (mixed >> 31)) % below).unwrap_or_default()
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.number(all.len())]
    }
}

/// The position of a byte, as a client with this encoding counts. Between CR and LF there is none: the
/// place before both is meant.
fn position(text: &str, offset: usize, encoding: &str) -> Value {
    let before = &text[..offset];
    let before = if before.ends_with('\r') && text[offset..].starts_with('\n') {
        &before[..before.len() - 1]
    } else {
        before
    };
    let line_ends = before.replace("\r\n", "\n").matches(['\n', '\r']).count();
    let line = &before[before.rfind(['\n', '\r']).map_or(0, |at| at + 1)..];
    let character = match encoding {
        "utf-8" => line.len(),
        "utf-16" => line.encode_utf16().count(),
        _ => line.chars().count(),
    };
    json!({"line": line_ends, "character": character})
}

struct RandomClient {
    client: LspClient,
    dice: Dice,
    encoding: &'static str,
    uri: String,
    text: String,
    version: i32,
    open: bool,
}

impl RandomClient {
    fn place(&mut self) -> usize {
        let wanted = self.dice.number(self.text.len() + 1);
        self.boundary(wanted)
    }

    /// The last place not behind `wanted` that has a position.
    fn boundary(&self, wanted: usize) -> usize {
        let has_position = |&at: &usize| {
            self.text.is_char_boundary(at)
                && !(self.text[..at].ends_with('\r') && self.text[at..].starts_with('\n'))
        };
        let mut places = (0..=wanted.min(self.text.len())).rev();
        places.find(has_position).unwrap_or(0)
    }

    fn edit(&mut self) {
        let mut changes = Vec::new();
        for _ in 0..=self.dice.number(3) {
            if self.dice.number(60) == 0 {
                self.text = MANIFEST.to_owned();
                changes.push(json!({"text": MANIFEST}));
                continue;
            }
            let start = self.place();
            // Small ones, so that something is left to be edited.
            let length = self.dice.number(3) * self.dice.number(6);
            let end = self.boundary(start + length).max(start);
            let piece = *self.dice.one_of(&PIECES);
            let range = json!({
                "start": position(&self.text, start, self.encoding),
                "end": position(&self.text, end, self.encoding),
            });
            self.text.replace_range(start..end, piece);
            changes.push(json!({"range": range, "text": piece}));
        }
        self.version += 1;
        self.client.change(&self.uri, self.version, json!(changes));
    }

    fn ask(&mut self) {
        let at = if self.dice.number(5) == 0 {
            json!({"line": self.dice.number(5_000), "character": self.dice.number(5_000)})
        } else {
            let place = self.place();
            position(&self.text, place, self.encoding)
        };
        let uri = if self.dice.number(10) == 0 {
            "untitled:Untitled-1".to_owned()
        } else {
            self.uri.clone()
        };
        let method = *self.dice.one_of(&REQUESTS);
        let params = json!({
            "textDocument": {"uri": uri},
            "position": at,
            "positions": [at],
            "range": {"start": at, "end": at},
            "context": {"diagnostics": [], "includeDeclaration": true, "triggerKind": 1},
            "query": "demo",
        });
        let id = self.client.start_request(method, params);
        if self.dice.number(3) == 0 {
            self.client.cancel(id);
        }
    }

    fn disturb(&mut self) {
        match self.dice.number(8) {
            0 => self
                .client
                .send_raw(LspClient::frame("{\"jsonrpc\": \"2.0\", \"method\":")),
            1 => self.client.send_raw(LspClient::frame([0xff, 0xfe])),
            2 => self.client.notify("$/noSuchNotification", json!([1, 2])),
            3 => self
                .client
                .notify("textDocument/didChange", json!({"textDocument": 5})),
            4 => self
                .client
                .change("file:///nowhere/extension.yaml", 9, json!([{"text": "x"}])),
            5 => self.client.notify(
                "workspace/didChangeWatchedFiles",
                json!({"changes": [{"uri": self.uri, "type": 2}]}),
            ),
            6 => self.client.notify(
                "workspace/didChangeConfiguration",
                json!({"settings": {"ksext": {"rules": {"missing-readme": "off"}}}}),
            ),
            _ => self.client.notify(
                "textDocument/didSave",
                json!({"textDocument": {"uri": self.uri}}),
            ),
        }
    }

    fn open_or_close(&mut self) {
        if self.open {
            self.client.close(&self.uri);
        } else {
            self.version = 1;
            self.client.open(&self.uri, &self.text);
        }
        self.open = !self.open;
    }

    fn act(&mut self) {
        match self.dice.number(20) {
            _ if !self.open => self.open_or_close(),
            0 => self.open_or_close(),
            1 | 2 => self.disturb(),
            3..=9 => self.ask(),
            _ => self.edit(),
        }
    }
}

fn start(encoding: &str) -> LspClient {
    let mut client = Ksext::new(env!("CARGO_BIN_EXE_ksext")).lsp();
    let answer = client.initialize(json!({
        "general": {"positionEncodings": [encoding]},
        "textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": true}},
    }));
    assert_eq!(answer["capabilities"]["positionEncoding"], encoding);
    client
}

/// All that a server says of a text without being told anything but the text.
fn said(client: &mut LspClient, uri: &str, version: i32) -> Vec<Value> {
    let published = "textDocument/publishDiagnostics";
    let is_of_it = |params: &Value| params["uri"] == uri && params["version"] == version;
    client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": {"ksext": {"rules": {"missing-readme": "off"}}}}),
    );
    let mut answers = Vec::new();
    for method in [
        "textDocument/documentSymbol",
        "textDocument/foldingRange",
        "textDocument/selectionRange",
    ] {
        let ends = [
            json!({"line": 0, "character": 0}),
            json!({"line": 9_999, "character": 0}),
        ];
        let params = json!({"textDocument": {"uri": uri}, "positions": ends});
        answers.push(client.request(method, params).expect(method));
    }
    let mut diagnostics = client.notifications(published).into_iter().filter(is_of_it);
    let newest = diagnostics
        .next_back()
        .map(|mut params| params["diagnostics"].take());
    answers.push(newest.unwrap_or_else(|| json!([])));
    answers
}

#[track_caller]
fn check(encoding: &'static str, seed: u64) {
    let package = PackageDir::new(&FILES);
    package.write("extension.yaml", MANIFEST);
    let uri = package.uri("extension.yaml");
    let mut random = RandomClient {
        client: start(encoding),
        dice: Dice(seed),
        encoding,
        uri: uri.clone(),
        text: MANIFEST.to_owned(),
        version: 0,
        open: false,
    };
    for _ in 0..MESSAGES {
        random.act();
    }
    if !random.open {
        random.open_or_close();
    }
    let mut fresh = start(encoding);
    fresh.open(&uri, &random.text);
    // What lies beside the manifest is read after a pause, and then the check is made again.
    eventually(|| {
        let known = said(&mut random.client, &uri, random.version);
        let expected = said(&mut fresh, &uri, 1);
        if known == expected {
            return Ok(());
        }
        let text = &random.text;
        Err(format!(
            "seed {seed}, {encoding}, {text:?}: {known:?}, but a fresh one {expected:?}"
        ))
    });
    random.client.shut_down();
}

#[test]
fn a_random_client_and_the_server_agree_in_utf_8() {
    check("utf-8", 1);
}

#[test]
fn a_random_client_and_the_server_agree_in_utf_16() {
    check("utf-16", 2);
}

#[test]
fn a_random_client_and_the_server_agree_in_utf_32() {
    check("utf-32", 3);
}
