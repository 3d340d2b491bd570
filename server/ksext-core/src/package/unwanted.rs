//! What comes into the archive and rather should not: leavings of tools, and what is secret.

use std::collections::BTreeMap;

use super::chart::{Chart, ChartFile, Content};
use super::fs::FileSystem;
use super::path::PkgPath;

/// How many bytes of a file are searched for a secret.
const START: u64 = 64 * 1024;

/// A file or folder that comes into the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwanted {
    /// The file, or the topmost folder that is what `what` says.
    pub path: PkgPath,
    /// What it is.
    pub what: What,
    /// How many files of it come into the archive.
    pub files: usize,
    /// Their length in bytes.
    pub size: u64,
}

/// What an [`Unwanted`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The data of a version control system.
    Repository,
    /// Packages of Node.js.
    NodeModules,
    /// Settings of an editor.
    EditorSettings,
    /// A copy that an editor leaves.
    EditorBackup,
    /// What a desktop leaves in folders.
    DesktopFile,
    /// A `.tgz` in the package's root: nothing but a packed extension can be meant.
    Archive,
    /// Variables of an environment, with values.
    Environment,
    /// A private key.
    PrivateKey,
    /// Access to a cluster.
    Kubeconfig,
    /// A password or token of a package registry, a Git server or the like.
    Credentials,
    /// The login of ksbuilder.
    KsbuilderLogin,
}

impl What {
    /// Whether it must not become known.
    pub fn is_secret(self) -> bool {
        matches!(
            self,
            Self::Environment
                | Self::PrivateKey
                | Self::Kubeconfig
                | Self::Credentials
                | Self::KsbuilderLogin
        )
    }
}

/// What of `chart`, which was loaded from `files`, rather should not be in it, in the order of paths.
pub(super) fn unwanted(chart: &Chart, files: &dyn FileSystem) -> Vec<Unwanted> {
    let mut found = BTreeMap::new();
    collect(chart, files, &mut found);
    found.into_values().collect()
}

fn collect(chart: &Chart, files: &dyn FileSystem, found: &mut BTreeMap<PkgPath, Unwanted>) {
    let plain = chart.files.iter().map(|file| (file, false));
    let templates = chart.templates.iter().map(|file| (file, true));
    for (file, is_template) in plain.chain(templates) {
        let Content::File { path: real, len } = &file.content else {
            continue;
        };
        // A template is filled in when the chart is installed: what looks like a secret is none.
        let what = left_over(file).or_else(|| {
            let what = (!is_template).then(|| secret(file, files, real))??;
            Some((file.source.clone(), what))
        });
        let Some((path, what)) = what else { continue };
        let entry = found.entry(path.clone()).or_insert(Unwanted {
            path,
            what,
            files: 0,
            size: 0,
        });
        entry.files += 1;
        entry.size += len;
    }
    for subchart in &chart.subcharts {
        collect(subchart, files, found);
    }
}

/// The topmost entry on the way to `file` that a tool has left.
fn left_over(file: &ChartFile) -> Option<(PkgPath, What)> {
    let mut path = PkgPath::root();
    let mut names = file.source.components().peekable();
    while let Some(name) = names.next() {
        path = path.child(name);
        let what = match name {
            b".git" | b".svn" | b".hg" => What::Repository,
            b"node_modules" => What::NodeModules,
            b".idea" | b".vscode" => What::EditorSettings,
            b".DS_Store" | b"Thumbs.db" | b"__MACOSX" => What::DesktopFile,
            _ if names.peek().is_some() => continue,
            _ if is_backup(name) => What::EditorBackup,
            _ if name.ends_with(b".tgz") && path.parent() == Some(PkgPath::root()) => What::Archive,
            _ => continue,
        };
        return Some((path, what));
    }
    None
}

fn is_backup(name: &[u8]) -> bool {
    let ends = [&b"~"[..], b".swp", b".swo"];
    name.len() > 1 && ends.iter().any(|end| name.ends_with(end))
}

/// What is secret in `file`, by its name and then its text.
fn secret(file: &ChartFile, files: &dyn FileSystem, real: &PkgPath) -> Option<What> {
    let name = file.source.name();
    let folder = file.source.parent().unwrap_or_default();
    let is_in = |wanted: &[u8]| folder.name() == wanted;
    let (what, is_secret): (_, fn(&str) -> bool) = match name {
        b".npmrc" => (What::Credentials, |text| {
            has_value(text, &["_auth", "_password"], '=')
        }),
        b".netrc" | b"_netrc" => (What::Credentials, |text| text.contains("password")),
        b".git-credentials" => (What::Credentials, |text| text.contains('@')),
        b"config.json" if is_in(b".ksbuilder") => {
            (What::KsbuilderLogin, |text| text.contains("\"token\""))
        }
        b"config" if is_in(b".kube") => (What::Kubeconfig, is_kubeconfig),
        b"id_rsa" | b"id_dsa" | b"id_ecdsa" | b"id_ed25519" => (What::PrivateKey, is_private_key),
        _ if name.ends_with(b".pem") || name.ends_with(b".key") => {
            (What::PrivateKey, is_private_key)
        }
        _ if is_environment(name) => (What::Environment, |text| text.lines().any(sets_a_value)),
        _ if is_called_kubeconfig(name) => (What::Kubeconfig, is_kubeconfig),
        _ => return None,
    };
    let start = files.start(real, START).ok()?;
    is_secret(&String::from_utf8_lossy(&start)).then_some(what)
}

/// `.env`, `.env.production`; not one that only shows how to write it.
fn is_environment(name: &[u8]) -> bool {
    let shows = ["example", "sample", "template", "dist", "defaults"];
    let shows = shows.iter().any(|end| name.ends_with(end.as_bytes()));
    name == b".env" || (name.starts_with(b".env.") && !shows)
}

fn is_called_kubeconfig(name: &[u8]) -> bool {
    let stem = [&b".yaml"[..], b".yml", b".conf"];
    let stem = stem.iter().find_map(|end| name.strip_suffix(*end));
    stem.unwrap_or(name).ends_with(b"kubeconfig")
}

fn is_private_key(text: &str) -> bool {
    let is_header = |line: &str| {
        let label = line.trim().strip_prefix("-----BEGIN ");
        label.is_some_and(|label| label.ends_with("PRIVATE KEY-----"))
    };
    text.lines().any(is_header)
}

fn is_kubeconfig(text: &str) -> bool {
    text.contains("kind: Config") && has_value(text, &["client-key-data", "token", "password"], ':')
}

/// Whether a line gives a value to a key that ends in one of `keys`.
fn has_value(text: &str, keys: &[&str], mark: char) -> bool {
    let lines = text.lines().filter_map(|line| line.split_once(mark));
    lines.into_iter().any(|(key, value)| {
        let key = key.trim();
        keys.iter()
            .any(|wanted| key.ends_with(wanted) || key.ends_with(&format!("{wanted}Token")))
            && is_literal(value)
    })
}

fn sets_a_value(line: &str) -> bool {
    let line = line.trim();
    let value = line.split_once('=').map(|(_, value)| value);
    !line.starts_with('#') && value.is_some_and(is_literal)
}

/// Whether a value is more than a place for one.
fn is_literal(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    !value.is_empty() && !value.contains("{{") && !value.starts_with(['$', '<'])
}

#[cfg(test)]
mod tests {
    use super::super::load::load;
    use super::super::memory::MemoryFs;
    use super::*;

    const KEY: &str = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n";

    /// What is unwanted in a package of these files, as `path: what`.
    fn check(files: &[(&str, &str)], expected: &[(&str, What)]) {
        let mut tree = MemoryFs::from([
            ("Chart.yaml", "apiVersion: v2\nname: demo\nversion: 1.0.0\n"),
            (
                "charts/a/Chart.yaml",
                "apiVersion: v2\nname: a\nversion: 1.0.0\n",
            ),
        ]);
        for (path, text) in files {
            tree = tree.with_file(*path, text.as_bytes());
        }
        let chart = load(&tree).chart.expect("a chart");
        let seen: Vec<_> = unwanted(&chart, &tree)
            .into_iter()
            .map(|found| (found.path.to_string(), found.what))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(path, what)| ((*path).to_owned(), *what))
            .collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn leavings_are_told_once_at_their_top() {
        check(
            &[
                (".git/config", ""),
                (".git/objects/a", ""),
                ("charts/a/files/node_modules/b/.vscode/x", ""),
                ("charts/a/templates/.DS_Store", ""),
                ("docs/观测.md~", ""),
                ("demo-0.1.0.tgz", ""),
            ],
            &[
                (".git", What::Repository),
                ("charts/a/files/node_modules", What::NodeModules),
                ("charts/a/templates/.DS_Store", What::DesktopFile),
                ("demo-0.1.0.tgz", What::Archive),
                ("docs/观测.md~", What::EditorBackup),
            ],
        );
    }

    #[test]
    fn secrets_are_known_by_name_and_text() {
        let kubeconfig = "apiVersion: v1\nkind: Config\nusers:\n- user:\n    token: abc\n";
        check(
            &[
                (".env", "# local\nPASSWORD=abc\n"),
                (".ksbuilder/config.json", "{\"token\": \"YQ==\"}"),
                (".npmrc", "//registry/:_authToken=abc\n"),
                ("charts/a/files/tls.key", KEY),
                ("deploy/kubeconfig", kubeconfig),
                ("id_rsa", KEY),
            ],
            &[
                (".env", What::Environment),
                (".ksbuilder/config.json", What::KsbuilderLogin),
                (".npmrc", What::Credentials),
                ("charts/a/files/tls.key", What::PrivateKey),
                ("deploy/kubeconfig", What::Kubeconfig),
                ("id_rsa", What::PrivateKey),
            ],
        );
    }

    #[test]
    fn what_only_looks_like_it_is_left_alone() {
        check(
            &[
                (".env.example", "PASSWORD=abc\n"),
                (".env", "# nothing\nPASSWORD=\nURL=${URL}\n"),
                (".npmrc", "registry=https://registry.npmjs.org\n"),
                (".gitignore", "node_modules\n"),
                ("ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n"),
                ("charts/a/templates/tls.key", KEY),
                (
                    "charts/a/files/kubeconfig.yaml",
                    "kind: Config\n    token: {{ .token }}\n",
                ),
                ("charts/a/files/demo.tgz", ""),
                ("docs/node_modules.md", ""),
                ("docs/id_rsa.pub", "ssh-rsa AAAA"),
            ],
            &[],
        );
    }
}
