//! `ksext.unpush`: takes a submitted version back from the review.

use ksext_core::lang::{Bilingual, Lang};

pub(crate) use super::submit::{Answer, Args};

use super::review::DRAFT;
use super::submit::Subject;
use super::{Command, Described, Refusal, Session, erased};

pub(super) static COMMAND: Command = Command {
    id: "ksext.unpush",
    title: Bilingual::fixed("Withdraw from review", "撤回审核"),
    summary: Bilingual::fixed(
        "Takes a submitted version back from the review; it becomes a draft again.",
        "将已提交审核的版本撤回，恢复为草稿。",
    ),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |session, ui, value| {
        let lang = ui.lang();
        erased("ksext.unpush", ui, value, move |args| {
            run(session, lang, args)
        })
    },
};

/// Withdraws it; words for people are in `lang`.
///
/// # Errors
/// The cloud's, `auth` without a login.
pub(crate) async fn run(session: &Session, lang: Lang, args: Args) -> Result<Answer, Refusal> {
    let subject = Subject::find(session, args).await?;
    let client = &subject.client;
    let done = client.cancel_submit(&subject.user, &subject.id).await;
    subject.answer(done, DRAFT, lang).await
}
