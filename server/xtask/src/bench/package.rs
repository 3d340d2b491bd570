//! `ksext package` beside `ksbuilder package` on the same folder.

use anyhow::Context;

use super::samples::{Samples, time};
use super::{Bench, exists};

pub(super) fn run(bench: &Bench) -> anyhow::Result<()> {
    let Some(ksbuilder) = &bench.ksbuilder else {
        println!("  name ksbuilder with --ksbuilder PATH");
        return Ok(());
    };
    anyhow::ensure!(exists(ksbuilder), "cannot start {}", ksbuilder.display());
    let package = std::path::absolute(bench.package()).context("cannot name the package")?;
    let out = std::env::temp_dir().join(format!("ksext-bench-{}", std::process::id()));
    std::fs::create_dir_all(&out)?;
    let (mut ours, mut theirs) = (Samples::default(), Samples::default());
    let result = (0..bench.rounds.div_ceil(2)).try_for_each(|_| {
        let mut command = bench.ksext().args(["package"]).command();
        command.arg(&package).arg("-o").arg(&out);
        ours.add(time(command)?);
        let mut command = std::process::Command::new(ksbuilder);
        command.arg("package").arg(&package).current_dir(&out);
        theirs.add(time(command)?);
        anyhow::Ok(())
    });
    std::fs::remove_dir_all(&out)?;
    result?;
    theirs.print("ksbuilder package", Some(&ours));
    ours.print("ksext package", None);
    println!("  bar: 5 × at the median of many packages, 1.5 × on a large one");
    Ok(())
}
