//! A cold `ksext check` of one package, without its archive and with it.

use super::Bench;
use super::samples::{Samples, time};
use crate::shell;

pub(super) fn run(bench: &Bench) -> anyhow::Result<()> {
    let package = bench.package();
    let (mut checked, mut packed, mut started) =
        (Samples::default(), Samples::default(), Samples::default());
    for _ in 0..bench.rounds {
        let call = |args: &[&str]| {
            let mut command = bench.ksext().args(args).command();
            command.arg(&package);
            time(command)
        };
        started.add(time(bench.ksext().args(["--version"]).command())?);
        checked.add(call(&["check", "--no-size"])?);
        packed.add(call(&["check"])?);
    }
    println!("  {}", package.display());
    started.print("ksext --version", None);
    checked.print("ksext check --no-size", None);
    packed.print("ksext check", Some(&checked));
    let size = shell::folder_size(&package)?;
    println!(
        "  {} on the disk; bar: 15 ms without the archive",
        shell::mebibytes(size)
    );
    Ok(())
}
