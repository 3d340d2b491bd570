//! A sandbox on a given port (or a free one) until its standard input ends: what the real ksbuilder is tried against.

use std::io::Read;

use ksext_sandbox::{Options, Sandbox};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example that tells its address")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(0);
    let sandbox = Sandbox::start(Options {
        port,
        ..Options::default()
    })
    .await?;
    println!("listening on {}", sandbox.url());
    let end_of_input =
        tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    let _ = end_of_input.await;
    for request in sandbox.requests() {
        println!("{} {} {:?}", request.method, request.path, request.status);
    }
    sandbox.shutdown().await;
    Ok(())
}
