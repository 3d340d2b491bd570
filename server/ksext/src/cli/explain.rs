//! `ksext explain`: the documentation of a rule, in the terminal.

use std::io::Write as _;

use clap::Args;
use ksext_core::bilingual;
use ksext_core::rules::{self, RULES, Rule};

use super::{Outcome, Terminal};
use crate::docs;

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The rule's id, such as `missing-icon`
    #[arg(required_unless_present = "all")]
    rule: Option<String>,
    /// Every rule
    #[arg(long, conflicts_with = "rule")]
    all: bool,
}

pub(super) fn run(terminal: &Terminal, args: &ExplainArgs) -> anyhow::Result<Outcome> {
    let lang = terminal.lang();
    let rules: Vec<&Rule> = match &args.rule {
        None => RULES.to_vec(),
        Some(id) => match rules::find(id) {
            Some(rule) => vec![rule],
            None => {
                let ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
                let rules = ids.join(", ");
                let text = bilingual!(
                    "cannot explain `{id}`: there is no such rule; the rules are {rules}",
                    "无法说明 `{id}`：没有这条规则；现有规则：{rules}",
                );
                terminal.complain(text.get(lang));
                return Ok(Outcome::WrongUsage);
            }
        },
    };
    let pages: Vec<String> = rules
        .into_iter()
        .map(|rule| docs::rule_page(rule, lang))
        .collect();
    anstream::stdout().write_all(pages.join("\n").as_bytes())?;
    Ok(Outcome::Done)
}
