//! `ksext check`: the findings of one package or many, and what is done with them.

use std::collections::HashSet;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{ArgGroup, Args, ValueEnum};
use ksext_core::finding::{Finding, Severity};
use ksext_core::lang::Lang;
use ksext_core::manifest::Recognition;
use ksext_core::package::PkgPath;
use ksext_core::rules::RuleSet;
use ksext_core::yaml::Source;

use super::fixing::{self, Fixing};
use super::known::{self, Known};
use super::{Outcome, Terminal, github, gitlab, human, json, junit, sarif};
use crate::host::files;
use crate::workspace::{self, Package};

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("fixing").args(["fix", "diff"]).multiple(true))]
pub(crate) struct CheckArgs {
    /// Package folders, any of their files, `.tgz` packages or trees of packages; `-` reads a manifest from stdin
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// How to print the findings; under `sarif` they do not change the exit status
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Where the manifest on stdin belongs; without it nothing is said about files
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    /// Check every `extension.yaml`, also those that look like another product's
    #[arg(long)]
    as_extension: bool,
    /// Exit with 1 for warnings too
    #[arg(long)]
    strict: bool,
    /// Do not pack: say nothing of the size, and be done sooner
    #[arg(long)]
    no_size: bool,
    /// Make the fixes that are safe, and report what remains; a manifest from stdin goes to stdout
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff: make the fixes that are guesses, too
    #[arg(long, requires = "fixing")]
    unsafe_fixes: bool,
    /// Print what --fix would change and write nothing; exit with 1 if it would change something
    #[arg(long)]
    diff: bool,
    /// Report only what this file does not know; --write-baseline makes it
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings to a baseline and report none
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "fixing"])]
    write_baseline: Option<PathBuf>,
    /// Which rules are on where no setting names them
    #[arg(long, value_enum, value_name = "SET")]
    rule_set: Option<RuleSetArg>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the lines they are about
    Human,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// JUnit XML, for build servers
    Junit,
    /// Code Quality report of GitLab
    Gitlab,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RuleSetArg {
    Recommended,
    All,
}

/// A package with what the check says of it.
pub(super) struct Checked {
    pub(super) package: Package,
    pub(super) findings: Vec<Finding>,
    pub(super) projected: Option<u64>,
    /// Whether the size was asked for.
    pub(super) is_measured: bool,
    /// The most that is accepted, in bytes.
    pub(super) limit: u64,
    pub(super) lang: Lang,
    /// How many fixes were made before.
    pub(super) fixed: usize,
}

/// The packages that were checked, and why others were not.
#[derive(Default)]
pub(super) struct Report {
    pub(super) packages: Vec<Checked>,
    pub(super) failed: Vec<anyhow::Error>,
}

/// What the calls are asked for, beside paths.
struct Run<'a> {
    terminal: &'a Terminal,
    args: &'a CheckArgs,
    known: Option<Known>,
    fixing: Option<Fixing>,
}

impl Checked {
    /// The path of a file in the package, for people and programs.
    pub(super) fn path_of(&self, file: &PkgPath) -> PathBuf {
        path_in(&self.package, file)
    }
}

/// The path of a file in a package, for people and programs.
pub(super) fn path_in(package: &Package, file: &PkgPath) -> PathBuf {
    let path = package.root().join(file.to_string());
    path.strip_prefix(".").map(Path::to_owned).unwrap_or(path)
}

/// Whether findings of this severity make the check fail.
pub(super) fn fails(severity: Severity, strict: bool) -> bool {
    severity == Severity::Error || (strict && severity == Severity::Warning)
}

pub(super) fn run(terminal: &Terminal, args: &CheckArgs) -> anyhow::Result<Outcome> {
    let known = args.baseline.as_deref().map(Known::read).transpose()?;
    let fixing = (args.fix || args.diff).then(|| Fixing::new(args.unsafe_fixes, args.diff));
    let mut run = Run {
        terminal,
        args,
        known,
        fixing,
    };
    let report = run.check_all();
    if let Some(path) = &args.write_baseline {
        known::write(path, &report, terminal)?;
    } else if !args.diff {
        run.print(&report)?;
        if let Some(known) = &run.known {
            known.tell_stale(terminal);
        }
    }
    // One bad package takes nothing from the others, and is not forgotten.
    for error in &report.failed {
        terminal.complain(&format!("{error:#}"));
    }
    Ok(run.outcome(&report))
}

impl Run<'_> {
    fn check_all(&mut self) -> Report {
        let mut report = Report::default();
        let mut seen = HashSet::new();
        for path in &self.args.paths {
            let found = match find(path, self.args) {
                Ok(found) => found,
                Err(error) => {
                    report.failed.push(error);
                    continue;
                }
            };
            if found.packages.is_empty() && found.failed.is_empty() {
                let lang = self.terminal.lang();
                let note = nothing_found(path, &found.foreign, lang);
                self.terminal.note(&note);
            }
            report.failed.extend(found.failed);
            for package in found.packages {
                // Two paths may lead to one package.
                if !seen.insert(files::real_path(package.root())) {
                    continue;
                }
                match self.check(package, is_stdin(path)) {
                    Ok(package) => report.packages.push(package),
                    Err(error) => report.failed.push(error),
                }
            }
        }
        report
    }

    fn check(&mut self, package: Package, is_stdin: bool) -> anyhow::Result<Checked> {
        let mut settings = self.terminal.settings_for(package.root())?;
        if let Some(set) = self.args.rule_set {
            settings.check.rule_set = Some(match set {
                RuleSetArg::Recommended => RuleSet::Recommended,
                RuleSetArg::All => RuleSet::All,
            });
        }
        let mut package = package;
        let mut fixed = 0;
        if let Some(fixing) = &mut self.fixing {
            let known = self.known.as_ref();
            let root = package.root().to_owned();
            let unknown = |findings| match known {
                Some(known) => known.clone().unknown(&root, findings),
                None => findings,
            };
            let name = self.args.stdin_filename.as_deref();
            let place = is_stdin.then_some(name);
            (package, fixed) = fixing.fix(package, place, &settings.check, &unknown)?;
        }
        let mut checked = checked(self.terminal, package, &settings, !self.args.no_size);
        checked.fixed = fixed;
        if let Some(known) = &mut self.known {
            checked.findings = known.unknown(checked.package.root(), checked.findings);
        }
        Ok(checked)
    }

    fn print(&self, report: &Report) -> anyhow::Result<()> {
        // A fixed manifest takes stdout.
        let takes_stdout = self.args.fix && self.args.paths.iter().any(|path| is_stdin(path));
        let mut out: Box<dyn Write> = if takes_stdout {
            Box::new(anstream::stderr().lock())
        } else {
            Box::new(anstream::stdout().lock())
        };
        let strict = self.args.strict;
        match self.args.format {
            Format::Human => human::write(&mut out, &report.packages, self.terminal)?,
            Format::Json => json::write(&mut out, &report.packages)?,
            Format::Sarif => sarif::write(&mut out, report, self.terminal.lang())?,
            Format::Github => github::write(&mut out, &report.packages)?,
            Format::Junit => junit::write(&mut out, report, strict)?,
            Format::Gitlab => gitlab::write(&mut out, &report.packages)?,
        }
        out.flush()?;
        Ok(())
    }

    fn outcome(&self, report: &Report) -> Outcome {
        let findings = report.packages.iter().flat_map(|package| &package.findings);
        let mut severities = findings.map(|finding| finding.severity);
        let would_change = self.fixing.as_ref().is_some_and(Fixing::would_change);
        let is_silent = self.args.write_baseline.is_some() || self.args.format == Format::Sarif;
        if !report.failed.is_empty() {
            Outcome::Incomplete
        } else if self.args.diff {
            if would_change {
                Outcome::Findings
            } else {
                Outcome::Done
            }
        } else if !is_silent && severities.any(|severity| fails(severity, self.args.strict)) {
            Outcome::Findings
        } else {
            Outcome::Done
        }
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn find(path: &Path, args: &CheckArgs) -> anyhow::Result<workspace::Found> {
    if !is_stdin(path) {
        let found = workspace::find(path, args.as_extension)?;
        return Ok(with_package_of(path, found));
    }
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .context("cannot read stdin")?;
    let source = Source::from_bytes(&bytes);
    let package = match &args.stdin_filename {
        None => Package::without_files(source),
        Some(name) => {
            let folder = name
                .parent()
                .filter(|parent| !parent.as_os_str().is_empty());
            Package::from_text(folder.unwrap_or(Path::new(".")), source)
        }
    };
    let mut found = workspace::Found::default();
    let recognition = package.recognition();
    if args.as_extension || recognition.is_ours() {
        found.packages.push(package);
    } else {
        fixing::pass_on(&package, args.fix && !args.diff)?;
        found.foreign.push((package.manifest_path(), recognition));
    }
    Ok(found)
}

/// What was found at a path; for a file of a package, such as its values or a picture, that package.
fn with_package_of(path: &Path, found: workspace::Found) -> workspace::Found {
    if !found.packages.is_empty() || !files::is_file(path) {
        return found;
    }
    // As the path was given, so that findings are told in the same way.
    let around = |path: &Path| {
        let folder = workspace::folder_of(path)?;
        let here = folder.as_os_str().is_empty();
        let folder = if here { Path::new(".") } else { &folder };
        Package::open_folder(folder).ok()
    };
    let package = around(path).or_else(|| around(&std::path::absolute(path).ok()?));
    match package {
        None => found,
        Some(package) => workspace::Found {
            packages: vec![package],
            ..workspace::Found::default()
        },
    }
}

pub(super) fn check(terminal: &Terminal, package: Package) -> anyhow::Result<Checked> {
    let settings = terminal.settings_for(package.root())?;
    Ok(checked(terminal, package, &settings, true))
}

fn checked(
    terminal: &Terminal,
    package: Package,
    settings: &workspace::ProjectSettings,
    is_measured: bool,
) -> Checked {
    let contents = match is_measured {
        true => package.contents(&|| false),
        false => package.unmeasured_contents(),
    };
    let findings = package.check(&settings.check, contents.as_ref());
    let limit = ksext_core::check::limit(&settings.check);
    let lang = terminal.lang_for(settings);
    Checked {
        package,
        findings,
        projected: contents.and_then(|contents| contents.projected()),
        is_measured,
        limit,
        lang,
        fixed: 0,
    }
}

/// Why a path holds no package of ours, and what to do if it does.
fn nothing_found(path: &Path, foreign: &[(PathBuf, Recognition)], lang: Lang) -> String {
    let shown = path.display();
    let Some((manifest, recognition)) = foreign.first() else {
        if let Some(misnamed) = workspace::misnamed_manifest(path) {
            let text = ksext_core::bilingual!(
                "no package at {shown}: ksbuilder reads `extension.yaml` alone, in exactly this spelling, and `{misnamed}` is there; rename it",
                "{shown} 中没有扩展组件包：ksbuilder 只读取名称完全为 `extension.yaml` 的文件，而这里是 `{misnamed}`；请重命名",
            );
            return text.get(lang).to_owned();
        }
        let text = ksext_core::bilingual!(
            "no package at {shown}: no `extension.yaml` is there (`--as-extension` checks one that looks like another product's)",
            "{shown} 中没有扩展组件包：找不到 `extension.yaml`（`--as-extension` 可强制检查看似其他产品的清单）",
        );
        return text.get(lang).to_owned();
    };
    let manifest = manifest.display();
    let text = match recognition {
        Recognition::Template => ksext_core::bilingual!(
            "{manifest} is not checked: it is a template of a Helm chart; `--as-extension` checks it nevertheless",
            "未检查 {manifest}：它是 Helm chart 的模板；使用 `--as-extension` 可强制检查",
        ),
        _ => ksext_core::bilingual!(
            "{manifest} is not checked: nothing in it is particular to KubeSphere (such as `ksVersion` or `provider`); `--as-extension` checks it nevertheless",
            "未检查 {manifest}：其中没有 KubeSphere 特有的内容（例如 `ksVersion` 或 `provider`）；使用 `--as-extension` 可强制检查",
        ),
    };
    text.get(lang).to_owned()
}
