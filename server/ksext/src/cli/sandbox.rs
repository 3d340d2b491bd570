//! `ksext sandbox`: a local KubeSphere Cloud.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use ksext_core::bilingual;
use ksext_core::lang::Bilingual;
use ksext_sandbox::{Options, Review, Sandbox, StartError};

use super::{Outcome, Terminal};

#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
    /// Port on 127.0.0.1; 0 picks a free one
    #[arg(long, value_name = "N", default_value_t = 8642)]
    port: u16,
    /// Folder that keeps what was pushed; without one it is forgotten at the end
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// What the reviewer does with what is submitted
    #[arg(long, value_enum, default_value_t = ReviewArg::Manual)]
    review: ReviewArg,
    /// How long a reviewer that decides by itself takes, in seconds
    #[arg(long, value_name = "N", default_value_t = 0)]
    review_delay: u32,
    /// The one key to accept [default: any of the usual shape]
    #[arg(long, value_name = "T")]
    token: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ReviewArg {
    /// Waits for a decision on the review page
    Manual,
    /// Approves by itself
    Approve,
    /// Rejects by itself
    Reject,
}

pub(super) fn run(terminal: &Terminal, args: SandboxArgs) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(serve(terminal, args))?;
    Ok(Outcome::Done)
}

async fn serve(terminal: &Terminal, args: SandboxArgs) -> anyhow::Result<()> {
    let options = Options {
        port: args.port,
        token: args.token,
        review: match args.review {
            ReviewArg::Manual => Review::Manual,
            ReviewArg::Approve => Review::Approve,
            ReviewArg::Reject => Review::Reject,
        },
        review_delay: Duration::from_secs(args.review_delay.into()),
        state: args.state,
        ..Options::default()
    };
    let mut sandbox = match Sandbox::start(options).await {
        Ok(sandbox) => sandbox,
        Err(error) => anyhow::bail!(why(&error).get(terminal.lang()).to_owned()),
    };
    let url = sandbox.url();
    terminal.print(&format!("listening on {url}"))?;
    let note = bilingual!(
        "log in: ksext login --server {url}\nreview: {url}/review\nCtrl-C ends it",
        "登录：ksext login --server {url}\n审核：{url}/review\n按 Ctrl-C 结束",
    );
    terminal.note(note.get(terminal.lang()));
    tokio::select! {
        ended = sandbox.wait() => ended.context("the sandbox ended")?,
        stopped = tokio::signal::ctrl_c() => stopped.context("cannot wait for Ctrl-C")?,
    }
    sandbox.shutdown().await;
    Ok(())
}

/// Why there is no sandbox, and what to do.
fn why(error: &StartError) -> Bilingual {
    match error {
        StartError::Listen { port, source } if source.kind() == io::ErrorKind::AddrInUse => {
            bilingual!(
                "cannot start the sandbox: port {port} is taken; `--port 0` picks a free one",
                "无法启动沙箱：端口 {port} 已被占用；使用 `--port 0` 可自动选择空闲端口",
            )
        }
        StartError::Listen { port, source } => {
            let Bilingual { en, zh } = system(source);
            Bilingual {
 en: format!("cannot start the sandbox: port {port} cannot be used: {en}; `--port 0` picks a free one").into(),
 zh: format!("无法启动沙箱：无法使用端口 {port}：{zh}；使用 `--port 0` 可自动选择空闲端口").into(),
}
        }
        StartError::InUse { folder } => {
            let folder = folder.display();
            bilingual!(
                "cannot start the sandbox: another one uses the folder `{folder}`; end it, or choose another `--state`",
                "无法启动沙箱：文件夹 `{folder}` 正被另一个沙箱使用；请先结束它，或用 `--state` 指定其他文件夹",
            )
        }
        StartError::Folder { folder, source } => {
            let (folder, Bilingual { en, zh }) = (folder.display(), system(source));
            Bilingual {
 en: format!("cannot start the sandbox: its state cannot be kept in `{folder}`: {en}; choose another `--state`").into(),
 zh: format!("无法启动沙箱：无法在 `{folder}` 中保存状态：{zh}；请用 `--state` 指定其他文件夹").into(),
}
        }
        StartError::Broken { file, source } => {
            let file = file.display();
            bilingual!(
                "cannot start the sandbox: `{file}` is not what a sandbox writes: {source}; remove its folder to start afresh, or choose another `--state`",
                "无法启动沙箱：`{file}` 不是沙箱写入的内容（{source}）；可删除其所在文件夹重新开始，或用 `--state` 指定其他文件夹",
            )
        }
    }
}

/// What the system says, as far as it is one of the usual things.
fn system(error: &io::Error) -> Bilingual {
    match error.kind() {
        io::ErrorKind::PermissionDenied => Bilingual::fixed("permission denied", "权限不足"),
        io::ErrorKind::NotFound => Bilingual::fixed("something in it is missing", "其中缺少内容"),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            Bilingual::fixed("it is not a folder", "它不是文件夹")
        }
        io::ErrorKind::StorageFull => Bilingual::fixed("the disk is full", "磁盘已满"),
        io::ErrorKind::ReadOnlyFilesystem => {
            Bilingual::fixed("the disk is read-only", "磁盘为只读")
        }
        _ => bilingual!("{error}", "{error}"),
    }
}
