//! `cargo xtask dist`: everything that people install, in `target/dist`.
//!
//! ```text
//! TARGETS ── program: built for each (zig or Apple's linker), its size held, run where it runs here
//!         ── pack: archive, npm package, wheel, extension for VS Code around the same program
//!         ── assemble: installer, npm wrapper, Homebrew, mason, components, SHA256SUMS from all archives
//! ```

mod archive;
mod assemble;
mod contents;
mod crates;
mod licences;
mod npm;
mod program;
mod sbom;
mod targets;
mod template;
mod wheel;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail, ensure};

use self::archive::Entry;
pub(crate) use self::targets::this_system;
use self::targets::{TARGETS, Target};
use crate::{shell, vsix};

/// What is wanted of a run.
#[derive(Debug, Default)]
struct Options {
    /// The targets that are named; all that this system can build if there are none.
    targets: Vec<&'static Target>,
    /// A program to pack for this system in place of building one.
    program: Option<PathBuf>,
    /// Where to; `target/dist` if nothing is said.
    folder: Option<PathBuf>,
    /// Nothing is built: archives of all targets are there and only belong together.
    assemble: bool,
}

/// `cargo xtask dist [OPTION…]`.
pub(crate) fn run(words: &[&str]) -> anyhow::Result<()> {
    let started = Instant::now();
    let options = Options::read(words)?;
    let folder = options
        .folder
        .clone()
        .unwrap_or_else(|| shell::target_folder().join("dist"));
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let crates = crates::of_the_program()?;
    let legal = contents::legal(&crates)?;
    let mut notes = Vec::new();
    if !options.assemble {
        let programs = programs(&options, &mut notes)?;
        let runs_here = programs
            .iter()
            .find(|(target, _)| Target::host() == Some(*target))
            .map(|(_, program)| program.as_path());
        let helps = contents::helps(runs_here)?;
        for (target, program) in &programs {
            pack(target, program, &folder, &legal, &helps)?;
            if options.program.is_none() {
                vsix::for_platforms(program, target.vscode, &folder, &legal_files(&legal))?;
            }
        }
    }
    let missing = assemble::run(&folder, &crates, &legal)?;
    ensure!(
        !options.assemble || missing.is_empty(),
        "not all archives are there: {} missing",
        names(&missing)
    );
    report(&folder, &notes, &missing)?;
    println!("{} seconds", started.elapsed().as_secs());
    Ok(())
}

impl Options {
    fn read(words: &[&str]) -> anyhow::Result<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .with_context(|| format!("{word} needs a value"))
            };
            match *word {
                "--host" => options.targets.push(host()?),
                "--target" => {
                    let name = value()?;
                    let target = Target::named(name).with_context(|| {
                        let all: Vec<&Target> = TARGETS.iter().collect();
                        format!("there is no target {name}; there are {}", names(&all))
                    })?;
                    options.targets.push(target);
                }
                "--program" => options.program = Some(PathBuf::from(value()?)),
                "--out" => options.folder = Some(PathBuf::from(value()?)),
                "--assemble" => options.assemble = true,
                _ => bail!(
                    "no such option of `dist`: `{word}`; there are --host, --target, --program, --out and --assemble"
                ),
            }
        }
        ensure!(
            options.program.is_none() || options.targets.is_empty(),
            "--program is packed for this system; --host and --target do not go with it"
        );
        Ok(options)
    }
}

fn host() -> anyhow::Result<&'static Target> {
    Target::host().context("no programs are published for this system")
}

/// The programs that are packed, built or given. One that this system cannot build is an error if it was asked
/// for by name, else a note.
fn programs(
    options: &Options,
    notes: &mut Vec<String>,
) -> anyhow::Result<Vec<(&'static Target, PathBuf)>> {
    if let Some(program) = &options.program {
        notes.push(format!(
            "{} was given, not built here, and is packed without the extension for VS Code",
            program.display()
        ));
        return Ok(vec![(host()?, program.clone())]);
    }
    let mut wanted = options.targets.clone();
    if wanted.is_empty() {
        wanted = TARGETS.iter().collect();
    }
    let mut programs = Vec::new();
    for target in wanted {
        if let Some(obstacle) = target.obstacle() {
            ensure!(options.targets.is_empty(), "{}: {obstacle}", target.triple);
            notes.push(format!("{}: {obstacle}", target.triple));
            continue;
        }
        let program = program::build(target)?;
        if program::smoke_test(&program, target)? == program::Tried::NotHere {
            notes.push(format!(
                "{}: built, but not run: this is another system",
                target.triple
            ));
        }
        programs.push((target, program));
    }
    Ok(programs)
}

/// The archive, the npm package and the wheel around one program.
fn pack(
    target: &Target,
    program: &Path,
    folder: &Path,
    legal: &[Entry],
    helps: &[Entry],
) -> anyhow::Result<()> {
    let program =
        fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let mut entries = vec![Entry::program(target.program(), program.as_slice())];
    entries.extend(legal.iter().chain(helps).cloned());
    let archive = match target.is_windows() {
        true => archive::zip(&entries)?,
        false => {
            let below = |entry: Entry| entry.below(&target.stem());
            archive::tar_gz(entries.into_iter().map(below).collect())?
        }
    };
    for (name, bytes) in [
        (target.archive(), archive),
        (npm::name(target), npm::pack(target, &program, legal)?),
        (wheel::name(target), wheel::pack(target, &program, legal)?),
    ] {
        let file = folder.join(name);
        fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

fn legal_files(legal: &[Entry]) -> Vec<(&str, &[u8])> {
    let notices = legal.iter().filter(|entry| entry.path == contents::NOTICES);
    notices
        .map(|it| (it.path.as_str(), it.bytes.as_slice()))
        .collect()
}

/// Says what is there and what is not, and why.
fn report(folder: &Path, notes: &[String], missing: &[&Target]) -> anyhow::Result<()> {
    let files = assemble::files(folder)?;
    let width = files.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
    println!("\n{}:", folder.display());
    for (name, size, sha256) in &files {
        println!("  {name:width$}  {size:>9}  {sha256}");
    }
    println!(
        "  homebrew/ksext.rb, mason/package.yaml, nvim-lspconfig/lsp/ksext.lua: for other repositories"
    );
    if !missing.is_empty() {
        println!("\nnot there: the archives of {}", names(missing));
        println!(
            "so homebrew/ksext.rb is not complete; `dist --assemble` makes it once they lie in the folder"
        );
    }
    for note in notes {
        println!("{note}");
    }
    Ok(())
}

fn names(targets: &[&Target]) -> String {
    let names: Vec<&str> = targets.iter().map(|target| target.triple).collect();
    names.join(", ")
}
