//! `ksext schema`: the schema of extension.yaml, for tools that validate any YAML.

use std::io::Write as _;

use anyhow::{Context as _, anyhow};
use clap::Args;
use ksext_core::bilingual;
use ksext_core::lang::Bilingual;
use ksext_core::manifest::FILE_NAME;

use super::{Outcome, Terminal};
use crate::docs;
use crate::host::{file_uri, files, kept};

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Write it where other tools find it, and say how they are told
    #[arg(long)]
    install: bool,
}

pub(super) fn run(terminal: &Terminal, args: &SchemaArgs) -> anyhow::Result<Outcome> {
    let schema = ksext_core::schema::source();
    if !args.install {
        anstream::stdout().write_all(schema.as_bytes())?;
        return Ok(Outcome::Done);
    }
    let no_home = Bilingual::fixed(
        "cannot install the schema: there is no home folder; set `HOME`, or redirect `ksext schema` into a file",
        "无法安装 Schema：没有主目录；请设置 `HOME`，或将 `ksext schema` 的输出重定向到文件",
    );
    let folder =
        kept::data_folder().ok_or_else(|| anyhow!(no_home.get(terminal.lang()).to_owned()))?;
    let write = |file: &str, text: &str| {
        let path = folder.join(file);
        let written = files::write(&path, text.as_bytes());
        written.with_context(|| format!("cannot write {}", path.display()))?;
        anyhow::Ok(file_uri::uri_of(&path))
    };
    let uri = write("extension.schema.json", schema)?;
    let by_content = write(
        "extension-by-content.schema.json",
        &docs::schema_by_content()?,
    )?;
    let shown = folder.display();
    let text = bilingual!(
        "wrote two schemas to {shown}\n\n\
         For one manifest, as its first line:\n\
         # yaml-language-server: $schema={uri}\n\n\
         For all of them, in the settings of VS Code's YAML extension; this one is silent on files of\n\
         this name that other products have:\n\
         \"yaml.schemas\": {{ \"{by_content}\": \"**/{FILE_NAME}\" }}",
        "已在 {shown} 写入两个 Schema\n\n\
         用于单个清单，写在第一行：\n\
         # yaml-language-server: $schema={uri}\n\n\
         用于所有清单，写在 VS Code 的 YAML 扩展的设置中；遇到其他产品的同名文件，它不会报告任何问题：\n\
         \"yaml.schemas\": {{ \"{by_content}\": \"**/{FILE_NAME}\" }}",
    );
    terminal.print(text.get(terminal.lang()))?;
    Ok(Outcome::Done)
}
