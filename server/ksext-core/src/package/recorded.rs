//! Made-up packages and what the real ksbuilder made of them: tests/fixtures/recorded/packages.json.

use serde_json::Value;

use super::equality::{Act, Ours, differences, manifest_of, ours, recorded_order, tree};
use super::{Package, archive};
use crate::manifest::Manifest;
use crate::yaml::Source;

const RECORDED: &str = include_str!("../../../../tests/fixtures/recorded/packages.json");

fn cases() -> Vec<Value> {
    let cases: Vec<Value> = serde_json::from_str(RECORDED).expect("JSON");
    assert!(cases.len() > 40, "{}", cases.len());
    cases
}

/// Checks a command on all packages: the same are taken, with the same entries in the same order.
#[track_caller]
fn check(act: Act) {
    let mut failed = Vec::new();
    for case in cases() {
        let recorded = &case[act.as_str()];
        let ours = ours(&tree(&case["files"]), act).expect("a name and a version");
        let mut wrong = if recorded["ok"] == true {
            let mut wrong = differences(&ours, &recorded["sent"]);
            wrong.extend(order_differs(&ours, &recorded["sent"]));
            wrong.extend(ours.refusals);
            wrong
        } else if ours.refusals.is_empty() {
            vec![format!("taken here, but: {}", recorded["error"])]
        } else {
            vec![]
        };
        wrong
            .iter_mut()
            .for_each(|wrong| *wrong = format!("{}: {wrong}", case["case"]));
        failed.extend(wrong);
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The order of charts in a chart is random there; here it is that of their names.
fn order_differs(ours: &Ours, sent: &Value) -> Option<String> {
    let of_root = |paths: &[String]| -> Vec<String> {
        let root = paths.iter().filter(|path| !path.starts_with("charts/"));
        root.cloned().collect()
    };
    let sorted = |paths: &[String]| {
        let mut paths = paths.to_vec();
        paths.sort();
        paths
    };
    let theirs = recorded_order(sent);
    let same = of_root(&ours.order) == of_root(&theirs) && sorted(&ours.order) == sorted(&theirs);
    (!same).then(|| format!("{theirs:?}\nbecame {:?}", ours.order))
}

#[test]
fn push_sends_what_ksbuilder_sends() {
    check(Act::Push);
}

#[test]
fn package_packs_what_ksbuilder_packs() {
    check(Act::Package);
}

#[test]
fn publish_packs_what_ksbuilder_packs() {
    check(Act::Publish);
}

#[test]
fn the_archive_and_the_objects_are_those_of_ksbuilder() {
    for case in cases() {
        let files = tree(&case["files"]);
        let text = manifest_of(&files).expect("a manifest");
        let manifest = Manifest::read(Source::from_bytes(&text));
        let package = Package::new(&files, &manifest);
        if case["package"]["ok"] == true {
            let chart = package.as_packaged().load().chart.expect("a chart");
            assert_eq!(
                case["package"]["file"],
                archive::file_name(&chart),
                "{}",
                case["case"]
            );
        }
        if case["publish"]["ok"] == true {
            // What is recorded has this time and this archive in place of its own.
            for object in package.objects(b"archive", "2025-01-02T03:04:05Z") {
                let theirs = case["publish"]["objects"][object.file_name()].as_str();
                assert_eq!(theirs, Some(&object.yaml[..]), "{}", case["case"]);
            }
        }
    }
}
