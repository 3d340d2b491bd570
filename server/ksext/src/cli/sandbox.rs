//! `ksext sandbox`: a local KubeSphere Cloud.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use ksext_core::bilingual;
use ksext_sandbox::{Fault, Options, Review, Sandbox};

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
    /// The one key to accept [default: any of the usual shape]
    #[arg(long, value_name = "T")]
    token: Option<String>,
    /// Misbehave: CALL[@N][xTIMES]:WHAT; may be given several times
    ///
    /// CALL: user, usage, upload, package, submit, cancel, search, summary, snapshots, locate, any.
    /// `@2` is the second such call, `x3` three of them; without either all are met. A rule counts
    /// the calls that the rules before it let through.
    ///
    /// WHAT: delay=150ms, hang, drip=100ms (the answer byte by byte), reset=before (nothing read),
    /// reset=during (nothing done), reset=after (done, no answer), status=429 with `,retry-after=5`
    /// and `,body=TEXT` as wanted, body=TEXT (with status 200; also body=empty, broken, wrong, html),
    /// truncate, huge or huge=BYTES, redirect=loop, redirect=URL.
    ///
    /// Example: `--fault package@1:status=502,body=html --fault search:delay=150ms`
    #[arg(long, value_name = "RULE")]
    fault: Vec<Fault>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ReviewArg {
    /// Waits for a decision on the review page
    Manual,
    /// Approves at once
    Approve,
    /// Rejects at once
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
    let port = args.port;
    let options = Options {
        port,
        token: args.token,
        review: match args.review {
            ReviewArg::Manual => Review::Manual,
            ReviewArg::Approve => Review::Approve,
            ReviewArg::Reject => Review::Reject,
        },
        state: args.state,
        faults: args.fault,
    };
    let mut sandbox = Sandbox::start(options).await.with_context(|| {
        format!("cannot start the sandbox on port {port}; `--port 0` picks a free one")
    })?;
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
