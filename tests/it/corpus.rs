//! Real packages, mutated ones and other products' manifests, beside what the real `ksbuilder push`
//! did with them. Runs where `KSEXT_CORPUS` names the folder of the corpus; says so and passes
//! elsewhere. What would be sent, to the byte, is compared in ksext-core (`package/corpus.rs`).

#![expect(clippy::print_stderr, reason = "what differs is listed")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::read::GzDecoder;
use ksext_test_support::Ksext;
use serde_json::Value;
use tempfile::TempDir;

/// Errors that stop no push of ksbuilder's: what it would leak, destroy or send to the wrong place.
const OURS_ALONE: [&str; 4] = [
    "invalid-name",
    "manifest-ignored",
    "package-too-large",
    "path-escapes-package",
];

#[test]
fn real_packages_get_the_verdict_of_ksbuilder() {
    let Some(corpus) = Corpus::find() else { return };
    let mut paths = vec!["real".to_owned()];
    let museum = fs::read_dir(corpus.unpacked().join("museum")).expect("the museum");
    paths.extend(
        museum.map(|entry| format!("museum/{}", entry.expect("an entry").file_name().display())),
    );
    let reports = check(corpus.unpacked(), &paths);
    print_by_rule(&reports);
    let mut verdicts = Verdicts::default();
    for line in corpus.lines("ksbuilder.jsonl.gz") {
        let path = line["path"].as_str().expect("a path");
        verdicts.compare(path, &line["push"], reports.get(path));
    }
    verdicts.conclude();
    assert_eq!(verdicts.foreign, 0, "every real package is recognised");
}

#[test]
fn nothing_is_said_of_other_products() {
    let Some(corpus) = Corpus::find() else { return };
    let folder = TempDir::new().expect("a temporary folder");
    let mut count = 0;
    for entry in fs::read_dir(corpus.unpacked().join("foreign")).expect("foreign files") {
        let path = entry.expect("an entry").path();
        let own = folder.path().join(path.file_stem().expect("a name"));
        fs::create_dir(&own).expect("a folder");
        fs::copy(&path, own.join("extension.yaml")).expect("a copy");
        count += 1;
    }
    let reports = check(folder.path(), &[".".to_owned()]);
    assert!(
        count > 0 && reports.is_empty(),
        "{count} files, reported: {:?}",
        reports.keys()
    );
}

#[test]
#[cfg(unix)]
fn mutated_packages_get_the_verdict_of_ksbuilder() {
    let Some(corpus) = Corpus::find() else { return };
    let folder = TempDir::new().expect("a temporary folder");
    let mut pushes = Vec::new();
    for line in corpus.lines("mutations.jsonl.gz") {
        let case = line["case"].to_string();
        write_package(&folder.path().join(&case), &line["files"]);
        pushes.push((case, line["push"].clone()));
    }
    let reports = check(folder.path(), &[".".to_owned()]);
    let mut verdicts = Verdicts::default();
    for (case, push) in &pushes {
        verdicts.compare(case, push, reports.get(&format!("./{case}")));
    }
    verdicts.conclude();
}

/// The corpus, unpacked.
struct Corpus {
    folder: PathBuf,
    unpacked: TempDir,
}

impl Corpus {
    fn find() -> Option<Self> {
        let Some(folder) = std::env::var_os("KSEXT_CORPUS").map(PathBuf::from) else {
            eprintln!("skipped: KSEXT_CORPUS is not set");
            return None;
        };
        let unpacked = TempDir::new().expect("a temporary folder");
        let file = File::open(folder.join("corpus.tar.gz")).expect("the corpus");
        tar::Archive::new(GzDecoder::new(file))
            .unpack(unpacked.path())
            .expect("a whole archive");
        Some(Self { folder, unpacked })
    }

    fn unpacked(&self) -> &Path {
        self.unpacked.path()
    }

    /// The lines of a gzipped file of the corpus, each a JSON value.
    fn lines(&self, name: &str) -> impl Iterator<Item = Value> + use<> {
        let file = File::open(self.folder.join(name)).expect("a file of the corpus");
        let lines = BufReader::new(GzDecoder::new(file)).lines();
        lines.map(|line| serde_json::from_str(&line.expect("text")).expect("JSON"))
    }
}

/// What `ksext check` reports of the packages below `folder`, by their path.
fn check(folder: &Path, paths: &[String]) -> BTreeMap<String, Value> {
    let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"))
        .args(["check", "--format", "json"])
        .args(paths);
    let output = ksext
        .current_dir(folder)
        .timeout(Duration::from_secs(600))
        .run();
    assert!(
        matches!(output.code, Some(0 | 1)),
        "exit code {:?}: {}",
        output.code,
        output.stderr
    );
    assert!(!output.stderr.contains("panicked"), "{}", output.stderr);
    let mut report: Value = serde_json::from_str(&output.stdout).expect("a report");
    let packages = report["packages"].as_array_mut().expect("packages");
    let root = |package: &Value| package["root"].as_str().expect("a root").to_owned();
    packages
        .drain(..)
        .map(|package| (root(&package), package))
        .collect()
}

fn findings(report: &Value) -> &[Value] {
    report["findings"].as_array().expect("findings")
}

/// How often each rule reports, and on how many packages.
fn print_by_rule(reports: &BTreeMap<String, Value>) {
    let mut rules: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    for report in reports.values() {
        let mut seen = Vec::new();
        for finding in findings(report) {
            let key = (finding["rule"].to_string(), finding["severity"].to_string());
            let counts = rules.entry(key.clone()).or_default();
            counts.0 += 1;
            counts.1 += usize::from(!seen.contains(&key));
            seen.push(key);
        }
    }
    eprintln!("findings in {} packages:", reports.len());
    for ((rule, severity), (findings, packages)) in rules {
        eprintln!("{findings:>6} {severity:<13} in {packages:>4} packages  {rule}");
    }
}

/// Our verdicts beside ksbuilder's: refused or not.
#[derive(Default)]
struct Verdicts {
    agreed: usize,
    /// Not recognised as a KubeSphere package, so nothing is said.
    foreign: usize,
    /// Refused by us alone, for one of the reasons that we have and ksbuilder has not.
    ours_alone: BTreeMap<String, usize>,
    /// Refused by us alone.
    false_alarms: Vec<String>,
    /// Refused by ksbuilder alone.
    missed: Vec<String>,
}

impl Verdicts {
    fn compare(&mut self, path: &str, push: &Value, report: Option<&Value>) {
        let Some(report) = report else {
            self.foreign += 1;
            return;
        };
        let mut errors = findings(report)
            .iter()
            .filter(|finding| finding["severity"] == "error");
        let is_ours = |error: &&Value| {
            let rule = error["rule"].as_str().expect("a rule");
            OURS_ALONE.contains(&rule)
        };
        match (push["ok"] == true, errors.next()) {
            (true, Some(first)) => match [first]
                .into_iter()
                .chain(errors)
                .find(|error| !is_ours(error))
            {
                Some(error) => self.false_alarms.push(format!("{path}: {error}")),
                None => {
                    *self
                        .ours_alone
                        .entry(first["rule"].to_string())
                        .or_default() += 1
                }
            },
            (false, None) => {
                let error = push["error"].as_str().unwrap_or_default();
                // Below the reason stands Go's stack.
                let reason: Vec<&str> = error.lines().take(2).collect();
                self.missed.push(format!("{path}: {}", reason.join("; ")));
            }
            _ => self.agreed += 1,
        }
    }

    #[track_caller]
    fn conclude(&self) {
        eprintln!(
            "{} as ksbuilder, {} not recognised",
            self.agreed, self.foreign
        );
        for (rule, count) in &self.ours_alone {
            eprintln!("{count:>6} refused here alone: {rule}");
        }
        let alarms = self.false_alarms.join("\n");
        assert!(alarms.is_empty(), "ksbuilder takes these:\n{alarms}");
        let missed = self.missed.join("\n");
        assert!(missed.is_empty(), "ksbuilder refuses these:\n{missed}");
        assert!(self.agreed > 0, "nothing was compared");
    }
}

/// Writes a recorded package: text, `base64`, `symlink`, `directory` or that many `zeros`.
#[cfg(unix)]
fn write_package(folder: &Path, files: &Value) {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD;
    fs::create_dir_all(folder).expect("a folder");
    for (path, file) in files.as_object().expect("files") {
        let path = folder.join(path);
        if file["directory"] == true {
            fs::create_dir_all(&path).expect("a folder");
            continue;
        }
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        if let Some(target) = file["symlink"].as_str() {
            std::os::unix::fs::symlink(target, &path).expect("a link");
        } else if let Some(length) = file["zeros"].as_u64() {
            File::create(&path)
                .and_then(|file| file.set_len(length))
                .expect("a file");
        } else {
            let content = match (file.as_str(), file["base64"].as_str()) {
                (Some(text), _) => text.as_bytes().to_vec(),
                (None, Some(text)) => base64.decode(text).expect("base64"),
                (None, None) => panic!("{} is {file}", path.display()),
            };
            fs::write(&path, content).expect("a file");
        }
    }
}
