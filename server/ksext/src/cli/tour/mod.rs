//! `ksext tour`: the main job from end to end, with nothing but this program.
//!
//! An example package with three mistakes is checked, mended and pushed: the findings as `check`
//! prints them, then a language server of its own in a second process, driven as an editor drives
//! it, against a cloud of its own on loopback. Nothing outside a temporary folder is touched.

mod editor;
mod example;

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, ensure};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};
use ksext_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};

use self::editor::Editor;
use super::check::{self, Checked};
use super::{Outcome, Terminal, human};
use crate::host::{file_uri, files};
use crate::workspace::Package;

/// A key of the shape that KubeSphere Cloud gives out. Only the tour's own cloud takes it.
const KEY: &str = "kck-00000000-0000-4000-8000-000000000000";

pub(super) fn run(terminal: &Terminal) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(Tour::new(terminal).go())
}

struct Tour<'a> {
    terminal: &'a Terminal,
    lang: Lang,
    step: usize,
}

impl<'a> Tour<'a> {
    fn new(terminal: &'a Terminal) -> Self {
        Self {
            terminal,
            lang: terminal.lang(),
            step: 0,
        }
    }

    async fn go(mut self) -> anyhow::Result<Outcome> {
        let home = files::temporary_folder().context("cannot make a folder for the tour")?;
        let package = home.path().join("demo");
        example::write(&package).context("cannot write the example package")?;

        self.title(&Bilingual::fixed(
            "An example package with three mistakes, as `ksext check` sees it",
            "一个带有三处错误的示例扩展组件包，`ksext check` 的结果如下",
        ))?;
        self.check(&package)?;

        let sandbox = Sandbox::start(Options {
            token: Some(KEY.to_owned()),
            ..Options::default()
        })
        .await
        .context("cannot start the local cloud")?;
        let server = sandbox.url();
        let manifest = package.join("extension.yaml");
        let mut editor = Editor::start(home.path(), &server, self.lang).await?;
        self.mend(&mut editor, &manifest).await?;
        self.publish(&mut editor, &manifest, &sandbox).await?;
        editor.quit().await?;
        sandbox.shutdown().await;
        self.title(&Bilingual::fixed(
            "That was the main job. Next: `ksext check` in your own package, and editors/README.md",
            "以上就是主要流程。接下来：在您自己的扩展组件包中运行 `ksext check`，并阅读 editors/README.md",
        ))?;
        Ok(Outcome::Done)
    }

    /// From the mistakes in the editor to a package without any.
    async fn mend(&mut self, editor: &mut Editor, manifest: &Path) -> anyhow::Result<()> {
        let uri = file_uri::uri_of(manifest);
        self.title(&Bilingual::fixed(
            "The same package in an editor: the language server reports while you type",
            "在编辑器中打开同一个扩展组件包：语言服务器随输入实时检查",
        ))?;
        editor.open(&uri, &example::broken()).await?;
        let findings = editor.diagnostics(|found| !found.is_empty()).await?;
        self.diagnostics(&findings)?;

        self.title(&Bilingual::fixed(
            "Quick fixes, and the right path",
            "快速修复，并改正路径",
        ))?;
        for fix in editor.quick_fixes(&uri, &findings).await? {
            self.line(&format!("  ✓ {fix}"))?;
        }
        editor
            .replace(&uri, example::WRONG_ICON, example::RIGHT_ICON)
            .await?;
        let path = bilingual!(
            "typed `{right}` in place of `{wrong}`",
            "将 `{wrong}` 改为 `{right}`",
            right = example::RIGHT_ICON,
            wrong = example::WRONG_ICON,
        );
        self.line(&format!("  ✓ {}", path.get(self.lang)))?;
        editor.diagnostics(<[Value]>::is_empty).await?;
        editor.save(&uri, manifest).await?;
        let clean = Bilingual::fixed("no findings left", "没有剩余问题");
        self.line(&format!("  ✓ {}", clean.get(self.lang)))?;
        for lens in editor.lenses(&uri).await? {
            self.line(&format!("  ⌁ {lens}"))?;
        }
        Ok(())
    }

    /// From the login to the reviewer's decision.
    async fn publish(
        &mut self,
        editor: &mut Editor,
        manifest: &Path,
        sandbox: &Running,
    ) -> anyhow::Result<()> {
        let uri = file_uri::uri_of(manifest);
        self.title(&Bilingual::fixed(
            "Log in to KubeSphere Cloud (a local one, for the tour)",
            "登录 KubeSphere Cloud（导览使用本地模拟的云）",
        ))?;
        let arguments = json!({"token": KEY, "server": sandbox.url(), "store": false});
        let account = editor.command("ksext.login", arguments).await?;
        self.answer("ksext.login", &account)?;

        self.title(&Bilingual::fixed("Push", "推送"))?;
        let pushed = editor.command("ksext.push", json!({"uri": uri})).await?;
        for told in editor.told() {
            self.line(&format!("  · {}", told.replace('\n', "\n    ")))?;
        }
        self.answer("ksext.push", &pushed)?;

        self.title(&Bilingual::fixed("Review status", "审核状态"))?;
        let status = editor.command("ksext.status", json!({"uri": uri})).await?;
        self.answer("ksext.status", &status)?;
        ensure!(
            state(&status) == "submitted",
            "the snapshot should be submitted: {status}"
        );

        self.title(&Bilingual::fixed("The reviewer approves", "审核人员批准"))?;
        let snapshot = pushed["snapshotId"].as_str().unwrap_or_default();
        ensure!(
            sandbox.approve(snapshot),
            "the local cloud does not know snapshot {snapshot}"
        );
        let status = editor.command("ksext.status", json!({"uri": uri})).await?;
        self.answer("ksext.status", &status)?;
        ensure!(
            state(&status) == "active",
            "the snapshot should be active: {status}"
        );
        Ok(())
    }

    /// What `ksext check` prints of the package.
    fn check(&self, package: &Path) -> anyhow::Result<()> {
        let mut checked: Checked = check::check(self.terminal, Package::open_folder(package)?)?;
        checked.lang = self.lang;
        let mut out = anstream::stdout().lock();
        human::write(&mut out, &[checked], self.terminal)
    }

    fn title(&mut self, text: &Bilingual) -> anyhow::Result<()> {
        self.step += 1;
        let bold = anstyle::Style::new().bold();
        let (step, text) = (self.step, text.get(self.lang));
        self.line(&format!("\n{bold}{step}. {text}{bold:#}"))
    }

    fn line(&self, text: &str) -> anyhow::Result<()> {
        Ok(writeln!(anstream::stdout(), "{text}")?)
    }

    /// Diagnostics as an editor lists them.
    fn diagnostics(&self, found: &[Value]) -> anyhow::Result<()> {
        for diagnostic in found {
            let start = &diagnostic["range"]["start"];
            let place = |key: &str| start[key].as_u64().unwrap_or_default() + 1;
            let (line, column) = (place("line"), place("character"));
            let code = diagnostic["code"].as_str().unwrap_or_default();
            let message = diagnostic["message"].as_str().unwrap_or_default();
            self.line(&format!("  ✗ {line}:{column} {message} [{code}]"))?;
        }
        Ok(())
    }

    fn answer(&self, command: &str, answer: &Value) -> anyhow::Result<()> {
        let dim = anstyle::Style::new().dimmed();
        self.line(&format!("  {dim}{command} →{dim:#} {answer}"))
    }
}

/// The state of the only snapshot in an answer of `ksext.status`.
fn state(status: &Value) -> &str {
    status["snapshots"][0]["status"]
        .as_str()
        .unwrap_or_default()
}
