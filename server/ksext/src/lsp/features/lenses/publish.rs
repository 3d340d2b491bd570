//! The way to the marketplace: log in, push, review.

use ksext_core::bilingual;
use ksext_core::lang::Bilingual;

use super::{Lens, Subject};
use crate::lsp::features::offers::{LOGIN, Offer, STATUS};

pub(super) fn lenses(subject: &Subject<'_>) -> Vec<Lens> {
    let login = (!subject.logged_in).then(|| Offer::plain(LOGIN));
    let status = match subject.review {
        None => Offer::plain(STATUS),
        Some(word) => Offer {
            id: STATUS,
            title: review(word),
        },
    };
    let offers = login
        .into_iter()
        .chain(Offer::push(subject.manifest))
        .chain([status]);
    offers
        .map(|offer| Lens {
            span: subject.place(),
            offer,
        })
        .collect()
}

/// The cloud's word for a version, in words; its own where it is not one of those that are known
/// (ksbuilder cmd/get.go).
fn review(word: &str) -> Bilingual {
    let known = match word {
        "draft" => Bilingual::fixed("draft", "草稿"),
        "submitted" => Bilingual::fixed("submitted", "已提交"),
        "active" => Bilingual::fixed("active", "已上架"),
        other => bilingual!("{other}", "{other}"),
    };
    let (en, zh) = (known.en, known.zh);
    bilingual!("Review: {en}", "审核：{zh}")
}

#[cfg(test)]
mod tests {
    use ksext_core::manifest::Manifest;

    use super::*;
    use crate::lsp::features::lenses::titles;

    #[test]
    fn what_is_offered_follows_login_name_and_review() {
        let check = |text: &str, logged_in, review, expected: &[(&str, &str)]| {
            let manifest = Manifest::from_text(text);
            let subject = Subject {
                manifest: &manifest,
                size: None,
                logged_in,
                review,
            };
            let titles = titles(lenses, &subject);
            let titles: Vec<_> = titles.iter().map(|(en, zh)| (&en[..], &zh[..])).collect();
            assert_eq!(titles, expected);
        };
        let login = ("Log in to KubeSphere Cloud", "登录 KubeSphere Cloud");
        let push = ("Push demo 1.1", "推送 demo 1.1");
        let status = ("Show review status", "查看审核状态");
        check(
            "name: demo\nversion: 1.10\n",
            false,
            None,
            &[login, push, status],
        );
        check(
            "name: demo\nversion: 1.10\n",
            true,
            Some("submitted"),
            &[push, ("Review: submitted", "审核：已提交")],
        );
        check(
            "name: demo\n",
            true,
            Some("审查"),
            &[("Review: 审查", "审核：审查")],
        );
    }
}
