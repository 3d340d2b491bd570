//! The projected size of a package of 5 MB, beside `gzip -6` on a tar of the same files.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::ensure;
use ksext_test_support::PackageDir;

use super::samples::{Samples, time};
use super::{Bench, exists};

/// Templates in the package, each of about 50 kB.
const FILES: usize = 100;
const FILE_SIZE: usize = 50_000;

pub(super) fn run(bench: &Bench) -> anyhow::Result<()> {
    if !exists(Path::new("gzip")) || !exists(Path::new("tar")) {
        println!("  `gzip` and `tar` are not here");
        return Ok(());
    }
    let package = package();
    let tar = std::env::temp_dir().join(format!("ksext-bench-{}.tar", std::process::id()));
    let packed = Command::new("tar")
        .arg("-cf")
        .arg(&tar)
        .arg("-C")
        .arg(package.path())
        .arg(".")
        .status()?;
    ensure!(packed.success(), "`tar` failed");
    let (mut ours, mut gzip) = (Samples::default(), Samples::default());
    let result = (0..bench.rounds.div_ceil(2)).try_for_each(|_| {
        ours.add(time(
            bench
                .ksext()
                .args(["size"])
                .current_dir(package.path())
                .command(),
        )?);
        let mut command = Command::new("gzip");
        command.args(["-6", "-c"]).arg(&tar);
        gzip.add(time(command)?);
        anyhow::Ok(())
    });
    std::fs::remove_file(&tar)?;
    result?;
    ours.print("ksext size", Some(&gzip));
    gzip.print("gzip -6 of the tar", None);
    println!("  bar: 0.80 ×");
    Ok(())
}

/// A package of 5 MB that compresses as texts do.
pub(super) fn package() -> PackageDir {
    let manifest = "apiVersion: kubesphere.io/v1alpha1\nname: heavy\nversion: 0.1.0\n\
        displayName: {en: Heavy}\ndescription: {en: Five megabytes}\nprovider: {en: {name: Example}}\n\
        category: other\nicon: https://example.com/icon.svg\n";
    let package = PackageDir::new(&[("extension.yaml", manifest), ("values.yaml", "")]);
    let mut random = Random(42);
    for file in 0..FILES {
        package.write(
            &format!("templates/part-{file}.yaml"),
            template(&mut random),
        );
    }
    package
}

/// Text as templates have it: the same few lines, with names and numbers that do not repeat.
fn template(random: &mut Random) -> String {
    let mut text = String::new();
    while text.len() < FILE_SIZE {
        let (name, port, digest) = (random.next() % 5_000, random.next() % 65_536, random.next());
        // Writing into a string cannot fail.
        let _ = write!(
            text,
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{{{ .Release.Name }}}}-{name}\n  \
             annotations:\n    checksum/config: {digest:016x}\nspec:\n  ports:\n    - port: {port}\n---\n"
        );
    }
    text
}

/// Xorshift: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
