//! `cargo xtask vsix`: the extension for Visual Studio Code with the program of this system in it, as its
//! users get it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use crate::dist::this_system;
use crate::npm::{self, npm};
use crate::shell::{self, cargo};

/// Where the extension is.
pub(crate) fn folder() -> PathBuf {
    shell::root().join("editors").join("vscode")
}

pub(crate) fn run() -> anyhow::Result<()> {
    // The gallery has the names of Node.
    let (system, processor) = this_system();
    let target = format!("{system}-{processor}");
    shell::run(&mut cargo("build --release --package ksext"))?;
    let folder = shell::root().join("target");
    for_platforms(&shell::program("release"), &[&target], &folder, &[])?;
    println!("target/ksext-{target}.vsix");
    Ok(())
}

/// Packs it with a program and these files beside that, once for each of the gallery's platforms, as
/// `ksext-PLATFORM.vsix`.
pub(crate) fn for_platforms(
    program: &Path,
    platforms: &[&str],
    to: &Path,
    beside: &[(&str, &[u8])],
) -> anyhow::Result<()> {
    npm::ci(&folder())?;
    let server = folder().join("server");
    let placed = place(program, &server, beside);
    let packed = placed.and_then(|()| {
        platforms.iter().try_for_each(|platform| {
            let file = to.join(format!("ksext-{platform}.vsix"));
            pack(&["--target", platform, "--out", &file.to_string_lossy()])
        })
    });
    // The tests pack it without a program.
    fs::remove_dir_all(&server).with_context(|| format!("cannot remove {}", server.display()))?;
    packed
}

fn place(program: &Path, server: &Path, beside: &[(&str, &[u8])]) -> anyhow::Result<()> {
    fs::create_dir_all(server)
        .and_then(|()| {
            fs::copy(
                program,
                server.join(program.file_name().unwrap_or_default()),
            )
        })
        .with_context(|| format!("cannot copy {}", program.display()))?;
    for (name, bytes) in beside {
        let file = server.join(name);
        fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Packs what is in the folder; what the packer warns of, the gallery would show to everybody.
pub(crate) fn pack(options: &[&str]) -> anyhow::Result<()> {
    let words = [&["run", "--silent", "package", "--"], options].concat();
    let mut package = npm(&folder(), &words);
    println!("$ {}", shell::shown(&package));
    // The packer gives its files this time, so that the same files are the same bytes.
    package.env("SOURCE_DATE_EPOCH", "315532800");
    let output = package.output().context("cannot start npm")?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    ensure!(
        output.status.success() && !said.contains("WARNING"),
        "the extension for VS Code cannot be packed, or not without warnings:\n{said}"
    );
    Ok(())
}
