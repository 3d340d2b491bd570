//! `published-secret`: what must not become known.

use super::shared::ignoring::with_ignore_line;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::unwanted::{Unwanted, What};

pub(super) static RULE: Rule = Rule {
    id: "published-secret",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A password, key or login would be published.",
            "密码、密钥或登录信息会被发布。",
        ),
        why: Bilingual::fixed(
            "Push packs everything that no line of `.helmignore` leaves out, and everyone can download what the Marketplace holds. Looked at are files of well-known names (`.env`, `id_rsa`, `*.pem`, `*.key`, kubeconfig, `.npmrc`, `.netrc`, `.ksbuilder`) whose text really holds a secret; templates are not.",
            "推送会打包 `.helmignore` 未排除的所有内容，而扩展市场中的内容任何人都能下载。检查对象是常见名称的文件（`.env`、`id_rsa`、`*.pem`、`*.key`、kubeconfig、`.npmrc`、`.netrc`、`.ksbuilder`），且其中确实含有机密；模板不在检查之列。",
        ),
        severity: Bilingual::fixed(
            "Warning, since a key may be meant to be published, such as one for a demonstration.",
            "警告，因为有的密钥可能本来就要发布，例如用于演示的密钥。",
        ),
        fix: Bilingual::fixed(
            "Leave it out with a line in `.helmignore`, or move it out of the package. If it was published before, replace the secret.",
            "在 `.helmignore` 中用一行排除它，或移出扩展组件包。如果曾经发布过，请更换该机密。",
        ),
        bad: Example::with_files("", &[(".env", Entry::Text("PASSWORD=example\n"))]),
        good: Example::with_files("", &[(".env.example", Entry::Text("PASSWORD=example\n"))]),
        sources: &["Helm v3.18.1 pkg/ignore/rules.go `AddDefaults`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let unwanted = cx.contents.map(|contents| &contents.unwanted[..]);
    let secrets = unwanted.unwrap_or_default().iter();
    secrets
        .filter(|found| found.what.is_secret())
        .map(|found| {
            let finding = RULE.finding_at(Location::start_of(&found.path), words(found));
            with_ignore_line(cx, finding, &found.path)
        })
        .collect()
}

fn words(found: &Unwanted) -> Bilingual {
    let path = &found.path;
    let what = match found.what {
        What::PrivateKey => Bilingual::fixed("a private key", "私钥"),
        What::Kubeconfig => Bilingual::fixed("access to a cluster", "集群的访问凭据"),
        What::KsbuilderLogin => Bilingual::fixed("the login of ksbuilder", "ksbuilder 的登录信息"),
        What::Environment => {
            Bilingual::fixed("environment variables with a secret", "含有机密的环境变量")
        }
        _ => Bilingual::fixed("a password or token", "密码或令牌"),
    };
    let (en, zh) = (what.en, what.zh);
    bilingual!(
        "`{path}` holds {en} and would be published; leave it out by `.helmignore`",
        "`{path}` 中有{zh}，会被发布；请用 `.helmignore` 排除",
    )
}
