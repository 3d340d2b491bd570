//! The way to the marketplace: log in, push, review.

use ksext_core::bilingual;
use ksext_core::lang::Bilingual;

use super::{Lens, Subject};
use crate::commands::review::{ACTIVE, SUBMITTED};
use crate::lsp::features::offers::{LOGIN, Offer, PUSH, STATUS, UNPUSH};

pub(super) fn lenses(subject: &Subject<'_>) -> Vec<Lens> {
    let login = (!subject.logged_in).then(|| Offer::plain(LOGIN));
    let of_the_package = login.into_iter().chain(push(subject));
    let of_the_package = of_the_package.map(|offer| Lens {
        span: subject.place(),
        offer,
    });
    let of_the_version = std::iter::once(status(subject)).chain(withdrawal(subject));
    let of_the_version = of_the_version.map(|offer| Lens {
        span: subject.version(),
        offer,
    });
    of_the_package.chain(of_the_version).collect()
}

/// To push; in other words where the version is with the reviewers already, or past them.
fn push(subject: &Subject<'_>) -> Option<Offer> {
    let offer = Offer::push(subject.manifest)?;
    let Some(review) = subject.review else {
        return Some(offer);
    };
    let version = &review.version;
    let title = match review.status() {
        Some(SUBMITTED) => bilingual!(
            "Push again: {version} is already submitted",
            "再次推送：{version} 已提交审核",
        ),
        Some(ACTIVE) => bilingual!(
            "Push again: {version} is already active",
            "再次推送：{version} 已上架",
        ),
        _ => return Some(offer),
    };
    Some(Offer { id: PUSH, title })
}

/// Where the version stands; leads to the newest answer.
fn status(subject: &Subject<'_>) -> Offer {
    let Some(review) = subject.review else {
        return Offer::plain(STATUS);
    };
    let version = &review.version;
    let Bilingual { en, zh } = review.words().text;
    Offer {
        id: STATUS,
        title: bilingual!("{version} {en}", "{version} {zh}"),
    }
}

/// To take it back, as long as the reviewers have it.
fn withdrawal(subject: &Subject<'_>) -> Option<Offer> {
    let submitted = subject.review?.status()? == SUBMITTED;
    (submitted && subject.logged_in).then(|| Offer::plain(UNPUSH))
}

#[cfg(test)]
mod tests {
    use ksext_core::manifest::Manifest;

    use super::*;
    use crate::lsp::features::lenses::titles;
    use crate::lsp::reviews::Review;

    fn check(text: &str, logged_in: bool, review: Option<&Review>, expected: &[(&str, &str)]) {
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
    }

    const STATUS: (&str, &str) = ("Show review status", "查看审核状态");

    #[test]
    fn what_is_offered_follows_login_and_name() {
        let login = ("Log in to KubeSphere Cloud", "登录 KubeSphere Cloud");
        let push = ("Push demo 1.1", "推送 demo 1.1");
        let manifest = "name: demo\nversion: 1.10\n";
        check(manifest, false, None, &[login, push, STATUS]);
        check(manifest, true, None, &[push, STATUS]);
        check("name: demo\n", true, None, &[STATUS]);
    }

    #[test]
    fn what_is_offered_follows_the_review() {
        let push = ("Push demo 1.1", "推送 demo 1.1");
        let withdraw = ("Withdraw from review", "撤回审核");
        for (status, expected) in [
            (None, &[push, ("1.1 not pushed yet", "1.1 尚未推送")][..]),
            (Some("draft"), &[push, ("1.1 draft", "1.1 草稿")]),
            (Some("rejected"), &[push, ("1.1 rejected", "1.1 已驳回")]),
            (Some("审查"), &[push, ("1.1 审查", "1.1 审查")]),
            (
                Some("submitted"),
                &[
                    (
                        "Push again: 1.1 is already submitted",
                        "再次推送：1.1 已提交审核",
                    ),
                    ("1.1 submitted", "1.1 审核中"),
                    withdraw,
                ],
            ),
            (
                Some("active"),
                &[
                    ("Push again: 1.1 is already active", "再次推送：1.1 已上架"),
                    ("1.1 active", "1.1 已上架"),
                ],
            ),
        ] {
            let review = Review::example("demo", "1.1", status);
            check("name: demo\nversion: 1.10\n", true, Some(&review), expected);
        }
    }
}
