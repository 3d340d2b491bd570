//! `cargo xtask new-rule`: starts a rule, so that its author begins with what only an author knows.

use anyhow::ensure;

use crate::scaffold::{self, Change, insert};

const FOLDER: &str = "server/ksext-core/src/rules";

/// A rule that reports nothing yet; its tests fail until it does.
const TEMPLATE: &str = r#"//! `ID`: SUMMARY

use super::{Context, Example, Page, Rule};
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "ID",
    severity: Severity::Warning,
    fix: None,
    page: Page {
        summary: Bilingual::fixed("What it reports, in one sentence.", "用一句话说明报告什么。"),
        why: Bilingual::fixed("What happens at the push.", "推送时会发生什么。"),
        severity: Bilingual::fixed("Warning: why it is one.", "警告：原因。"),
        fix: Bilingual::fixed("What to do.", "该怎么做。"),
        bad: Example::manifest("icon: wrong\n"),
        good: Example::manifest("icon: right\n"),
        sources: &["ksbuilder FILE"],
    },
    check,
};

fn check(_: &Context<'_>) -> Vec<Finding> {
    Vec::new()
}
"#;

pub(crate) fn run(id: &str) -> anyhow::Result<()> {
    let well_formed = id.split('-').all(|word| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word
                .chars()
                .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit())
    });
    ensure!(
        well_formed,
        "`{id}` is no rule id: words of a-z and 0-9, joined by `-`, such as `missing-icon`"
    );
    let module = id.replace('-', "_");
    scaffold::ensure_free(&module)?;
    let mut change = Change::default();
    change.create(&format!("{FOLDER}/{module}.rs"), TEMPLATE.replace("ID", id))?;
    change.edit(&format!("{FOLDER}/mod.rs"), |text| with_rule(text, &module))?;
    change.write()?;
    println!(
        "Next: its texts, its examples, its check; `cargo test -p ksext-core rules`; `cargo xtask gen`.\n\
         CONTRIBUTING.md goes through it."
    );
    Ok(())
}

/// The text of rules/mod.rs with one more rule, both lists kept in order.
fn with_rule(text: &str, module: &str) -> anyhow::Result<String> {
    let text = insert(text, &format!("mod {module};"), |line| {
        line.strip_prefix("mod ")
    })?;
    insert(&text, &format!("    &{module}::RULE,"), |line| {
        line.strip_prefix("    &")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_rule_takes_its_place_in_both_lists() {
        let before = "mod a;\nmod c;\n\nmod words;\n\nstatic RULES: &[&Rule] = &[\n    &a::RULE,\n    &c::RULE,\n];\n";
        let after = "mod a;\nmod b;\nmod c;\n\nmod words;\n\nstatic RULES: &[&Rule] = &[\n    &a::RULE,\n    &b::RULE,\n    &c::RULE,\n];\n";
        assert_eq!(with_rule(before, "b").expect("both lists are there"), after);
        assert!(with_rule("nothing", "b").is_err());
    }
}
