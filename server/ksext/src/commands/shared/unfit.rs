//! Why a package is not fit for what is to be done with it.

use ksext_core::bilingual;
use ksext_core::finding::Finding;
use ksext_core::lang::Bilingual;

use crate::commands::Refusal;
use crate::workspace::Package;

/// How many findings a refusal spells out.
const SPELLED_OUT: usize = 3;

/// Why `act`, a verb, is not done to `package`.
pub(in crate::commands) fn cannot(act: &Bilingual, package: &Package, why: &Bilingual) -> Refusal {
    let root = package.root().display();
    let name = package
        .manifest()
        .name()
        .map_or(root.to_string(), |name| format!("`{}`", name.value));
    let version = package
        .manifest()
        .version()
        .map_or(String::new(), |text| format!(" {}", text.value));
    let (act_en, act_zh) = (&act.en, &act.zh);
    let (why_en, why_zh) = (&why.en, &why.zh);
    Refusal::invalid_package(bilingual!(
        "cannot {act_en} {name}{version}: {why_en}",
        "无法{act_zh} {name}{version}：{why_zh}",
    ))
    .hinting(bilingual!(
        "see `ksext check {root}`",
        "请运行 `ksext check {root}` 查看详情"
    ))
}

/// Errors that a check has found, in a clause.
pub(in crate::commands) fn describe(errors: &[Finding]) -> Bilingual {
    let count = errors.len();
    let spelled = |text: fn(&Finding) -> &str, separator: &str| {
        let shown = errors.iter().take(SPELLED_OUT);
        let shown = shown.map(|error| format!("{} [{}]", text(error), error.rule));
        shown.collect::<Vec<_>>().join(separator)
    };
    let en = spelled(|error| &error.message.en, "; ");
    let zh = spelled(|error| &error.message.zh, "；");
    let (more_en, more_zh) = match count.saturating_sub(SPELLED_OUT) {
        0 => (String::new(), String::new()),
        more => (format!("; and {more} more"), format!("；另有 {more} 个")),
    };
    let errors = if count == 1 { "error" } else { "errors" };
    bilingual!(
        "the check finds {count} {errors}: {en}{more_en}",
        "检查发现 {count} 个错误：{zh}{more_zh}",
    )
}
