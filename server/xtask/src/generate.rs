//! `cargo xtask gen`: writes the pages that come out of declarations in the program.
//!
//! The program itself lists and writes them (`ksext docs`); here they meet the disk. The test
//! `tests/it/docs.rs` compares the same list.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, ensure};
use ksext_test_support::Page;

use crate::shell::{self, cargo};

pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let pages = shell::output(&mut cargo("run --quiet --package ksext -- docs"))?;
    let pages: BTreeMap<String, String> =
        serde_json::from_slice(&pages).context("cannot read what `ksext docs` prints")?;
    let mut stale = Vec::new();
    for (name, text) in &pages {
        let page = Page::of(shell::root(), name, text)?;
        if page.present == page.wanted {
            continue;
        }
        stale.push(name.as_str());
        if !check {
            let parent = page.file.parent().context("a page stands in a folder")?;
            fs::create_dir_all(parent)
                .and_then(|()| fs::write(&page.file, &page.wanted))
                .with_context(|| format!("cannot write {name}"))?;
        }
    }
    ensure!(
        !check || stale.is_empty(),
        "stale: {}; run `cargo xtask gen`",
        stale.join(", ")
    );
    println!("{} pages, {} written", pages.len(), stale.len());
    Ok(())
}
