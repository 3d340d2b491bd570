//! The person at the terminal, for the commands that the language server has too.

use std::io::{self, IsTerminal as _, Write as _};

use async_trait::async_trait;
use ksext_cloud::{Credentials, Server, Token};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};

use super::{Terminal, plain};
use crate::commands::login::{self, KEY_PAGE, Verified};
use crate::commands::{Choice, Chosen, Confirmation, Refusal, Stage, Ui};
use crate::host;

/// How often a key is asked for before giving up.
const TRIES: usize = 3;

/// Asks and tells on stderr, so that stdout holds results alone.
pub(super) struct TerminalUi<'a> {
    terminal: &'a Terminal,
}

impl<'a> TerminalUi<'a> {
    pub(super) fn new(terminal: &'a Terminal) -> Self {
        Self { terminal }
    }

    /// Whether somebody is there to read a question and to answer it.
    pub(super) fn can_ask() -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// A line that is typed behind `prompt`, without blanks around it; empty if there is none.
    async fn ask(prompt: &str) -> String {
        let mut stderr = anstream::stderr();
        // A reader that has gone away needs no text.
        let _ = write!(stderr, "{}", plain(prompt));
        let _ = stderr.flush();
        let answer = tokio::task::spawn_blocking(|| {
            let mut line = String::new();
            io::stdin().read_line(&mut line).map(|_| line)
        });
        let answer = answer.await.ok().and_then(Result::ok).unwrap_or_default();
        answer.trim().to_owned()
    }

    fn say(&self, text: &str) {
        // A reader that has gone away needs no text.
        let _ = writeln!(anstream::stderr(), "{}", plain(text));
    }
}

impl TerminalUi<'_> {
    /// What is typed without being shown.
    async fn type_key(&self, server: &Server) -> Result<String, Refusal> {
        let prompt = bilingual!(
            "API key for {server} (not shown): ",
            "{server} 的 API 密钥（不回显）：",
        );
        let prompt = prompt.get(self.lang()).to_owned();
        let ask = move || rpassword::prompt_password(prompt);
        tokio::select! {
            // Looked for before anything is asked.
            biased;
            () = self.cancelled() => {
                host::terminal::show_typing();
                Err(not_answered())
            }
            // The end of the input is an answer as well: none.
            typed = async { tokio::task::spawn_blocking(ask).await } => {
                typed.ok().and_then(Result::ok).ok_or_else(not_answered)
            }
        }
    }
}

fn not_answered() -> Refusal {
    Refusal::cancelled(&Bilingual::fixed("cannot log in", "无法登录"))
}

#[async_trait]
impl Ui for TerminalUi<'_> {
    fn lang(&self) -> Lang {
        self.terminal.lang()
    }

    fn stage(&self, stage: &Stage) {
        if !self.terminal.quiet && io::stderr().is_terminal() {
            let percent = stage.percent;
            self.say(&format!(
                "{percent:>3} %  {}",
                stage.message.get(self.lang())
            ));
        }
    }

    fn note(&self, note: &Bilingual) {
        self.terminal.note(note.get(self.lang()));
    }

    async fn confirm(&self, confirmation: &Confirmation) -> bool {
        if !Self::can_ask() {
            return false;
        }
        let lang = self.lang();
        self.say(confirmation.detail.get(lang));
        let answers = Bilingual::fixed("[y/N]", "[y/N，y 表示同意]");
        let (question, answers) = (confirmation.question.get(lang), answers.get(lang));
        let answer = Self::ask(&format!("{question} {answers} ")).await;
        matches!(answer.to_lowercase().as_str(), "y" | "yes" | "是")
    }

    async fn choose(&self, choice: &Choice) -> Chosen {
        if !Self::can_ask() {
            return Chosen::Nobody;
        }
        let lang = self.lang();
        self.say(choice.question.get(lang));
        self.say(choice.detail.get(lang));
        for (index, option) in choice.options.iter().enumerate() {
            self.say(&format!("  {}) {}", index + 1, option.get(lang)));
        }
        let last = choice.options.len();
        let prompt = bilingual!(
            "[1 to {last}, anything else cancels] ",
            "[1 至 {last}，其他输入表示取消] ",
        );
        let answer = Self::ask(prompt.get(lang)).await;
        match answer
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1))
        {
            Some(index) if index < last => Chosen::Option(index),
            _ => Chosen::None,
        }
    }

    async fn ask_key(&self, server: &Server) -> Result<Option<Verified>, Refusal> {
        if !Self::can_ask() {
            return Ok(None);
        }
        let lang = self.lang();
        let where_from = bilingual!(
            "create a key at {KEY_PAGE} (Security, Create token, tick Extension Component)",
            "在 {KEY_PAGE} 创建密钥（安全 > 创建令牌，勾选扩展组件）",
        );
        self.say(where_from.get(lang));
        for left in (0..TRIES).rev() {
            let typed = self.type_key(server).await?;
            let refusal = match Token::pasted(&typed) {
                Ok(token) => {
                    if let Some(note) = login::odd(&token) {
                        self.note(&note);
                    }
                    let server = server.clone();
                    // Whoever asks for the signal once has to look for it ever after.
                    let verified = tokio::select! {
                        verified = login::verify(Credentials { server, token }) => verified,
                        () = self.cancelled() => Err(not_answered()),
                    };
                    match verified {
                        Ok(verified) => return Ok(Some(verified)),
                        Err(refusal) => refusal,
                    }
                }
                Err(bad) => login::not_a_key(bad),
            };
            if left == 0 || !matches!(refusal.kind, "auth" | "forbidden") {
                return Err(refusal);
            }
            self.say(&refusal.text(lang));
        }
        Err(not_answered())
    }

    async fn cancelled(&self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // Then the signal ends the program as it always does.
            std::future::pending::<()>().await;
        }
        if io::stderr().is_terminal() {
            // Off the line with `^C`, and with the question that was not answered.
            self.say("");
        }
    }
}
