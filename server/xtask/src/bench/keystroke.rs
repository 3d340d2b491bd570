//! From one key in a large manifest to its diagnostics.

use std::fmt::Write as _;
use std::time::Instant;

use ksext_test_support::PackageDir;
use serde_json::json;

use super::Bench;
use super::samples::Samples;

const CHARTS: usize = 30;
const LINES: usize = 2_000;

pub(super) fn run(bench: &Bench) -> anyhow::Result<()> {
    let manifest = manifest();
    let package = package(&manifest);
    let uri = package.uri("extension.yaml");
    let mut server = bench.ksext().lsp();
    server.initialize(json!({}));
    server.open(&uri, &manifest);
    let published = "textDocument/publishDiagnostics";
    server.wait_notification(published, |params| params["uri"] == uri.as_str());
    // In the middle of the text: the value of `home`, which stands on the line `middle`.
    let middle = manifest
        .lines()
        .position(|line| line.starts_with("home:"))
        .unwrap_or(0);
    let mut samples = Samples::default();
    for round in 0..bench.rounds * 10 {
        let version = i32::try_from(round)? + 2;
        let (start, end, text) = if round % 2 == 0 {
            (6, 6, "x")
        } else {
            (6, 7, "")
        };
        let range = json!({"start": {"line": middle, "character": start}, "end": {"line": middle, "character": end}});
        let sent = Instant::now();
        server.change(&uri, version, json!([{"range": range, "text": text}]));
        let seen = server.wait_notification(published, |params| params["version"] == version);
        samples.add(seen.at - sent);
        server.forget_notifications();
    }
    let mut nothing = Samples::default();
    for _ in 0..bench.rounds * 10 {
        let sent = Instant::now();
        let request = server.start_request("ksext/nothing", json!({}));
        nothing.add(server.wait_response_timed(request).1 - sent);
    }
    samples.print("one key, pipes and client included", None);
    nothing.print("the same way for a refused request", None);
    println!("  bar: median 1 ms, p99 3 ms");
    server.shut_down();
    Ok(())
}

/// A manifest of as many lines as any has.
pub(super) fn manifest() -> String {
    let mut text = "apiVersion: kubesphere.io/v1alpha1\nname: large\nversion: 0.1.0\n\
        displayName: {en: Large, zh: 大}\ndescription: {en: A large manifest, zh: 很大的清单}\n\
        provider: {en: {name: Example}, zh: {name: 示例}}\ncategory: dev-tools\nkeywords:\n"
        .to_owned();
    let mut line = |line: String| {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{line}");
    };
    let dependencies = CHARTS * 5 + 1;
    for keyword in 0..LINES / 2 {
        line(format!("  - 关键词-{keyword} # keyword {keyword}"));
    }
    line("home: https://example.com".to_owned());
    line("icon: https://example.com/icon.svg".to_owned());
    line("images:".to_owned());
    for image in 0..LINES / 2 - dependencies - 11 {
        line(format!("  - docker.io/example/image-{image}:v1.{image}.0"));
    }
    line("dependencies:".to_owned());
    for chart in 0..CHARTS {
        line(format!(
            "  - name: chart-{chart}\n    version: 0.1.{chart}\n    condition: chart-{chart}.enabled\n    tags:\n      - agent"
        ));
    }
    text
}

/// The package of such a manifest, with the charts that it names.
pub(super) fn package(manifest: &str) -> PackageDir {
    let package = PackageDir::new(&[
        ("extension.yaml", manifest),
        ("values.yaml", "global: {}\n"),
    ]);
    // Every image of the manifest is used, so that nothing is to be found.
    let images = manifest
        .lines()
        .filter_map(|line| line.strip_prefix("  - docker.io/"));
    let images = images.map(|image| format!("  - docker.io/{image}\n"));
    let values = format!(
        "replicas: 1\nenabled: true\nimages:\n{}",
        images.collect::<String>()
    );
    for chart in 0..CHARTS {
        let folder = format!("charts/chart-{chart}");
        let text = format!("apiVersion: v2\nname: chart-{chart}\nversion: 0.1.{chart}\n");
        package.write(&format!("{folder}/Chart.yaml"), text);
        package.write(&format!("{folder}/values.yaml"), &values);
        package.write(
            &format!("{folder}/templates/a.yaml"),
            "{{ .Values.replicas }}\n",
        );
    }
    package
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_manifest_has_the_promised_length() {
        assert_eq!(super::manifest().lines().count(), super::LINES);
    }
}
