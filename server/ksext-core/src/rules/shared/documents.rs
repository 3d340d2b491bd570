//! README and CHANGELOG, which the Marketplace shows beside the manifest's texts
//! ([`is_document`]).

use super::languages::{Language, has_misspelt, languages_of};
use crate::bilingual;
use crate::finding::{Finding, Safety};
use crate::lang::Bilingual;
use crate::package::PkgPath;
use crate::package::ignore::{self, IgnoreRules, IgnoredBy};
use crate::package::load::{Dropped, Why};
use crate::package::prose::is_document;
use crate::rules::{Context, Rule};
use crate::text::{Span, TextEdit};

/// Whether `.helmignore` would leave a new file out.
fn would_be_ignored(cx: &Context<'_>, path: &PkgPath) -> bool {
    let file = PkgPath::from(ignore::FILE_NAME);
    let rules = cx.contents.and_then(|contents| contents.text(&file));
    rules.is_some_and(|rules| {
        let (mut rules, _) = IgnoreRules::parse(rules.text().as_bytes());
        rules.ignored_by(path, false).is_some()
    })
}

/// One of the documents.
pub(in crate::rules) struct Document {
    /// Its name without language and `.md`: `README`.
    pub stem: &'static str,
    /// The text of a new one.
    pub template: fn(&Context<'_>, Option<&str>) -> String,
    /// What users miss where there is none at all, as the end of a sentence.
    pub without: Bilingual,
}

impl Document {
    /// The findings of `rule`, which is about this document: one for each language whose users get it
    /// in another, or one if there is none at all. Nothing while the package's files are not known.
    pub(in crate::rules) fn missing(&self, rule: &Rule, cx: &Context<'_>) -> Vec<Finding> {
        // In broken text a language may stand where the reader could not go.
        if cx.contents.is_none() || !cx.manifest.tree().errors().is_empty() {
            return Vec::new();
        }
        let languages = languages_of(cx, "displayName");
        let english = languages.iter().find(|language| language.code == "en");
        let only = match &languages[..] {
            [only] => Some(only),
            _ => None,
        };
        let Some(default) = self.find(cx, None).or_else(|| {
            let language = only.or(english)?;
            self.find(cx, Some(language.code))
        }) else {
            let anywhere = languages
                .iter()
                .find_map(|language| self.find(cx, Some(language.code)));
            let place = english.or(only).or(languages.first());
            let span = place.map_or_else(|| cx.manifest.first_key(), |language| language.span);
            let finding = self.finding(rule, cx, span, None, anywhere.is_some());
            return vec![finding];
        };
        let is_certain = only.is_none() && !has_misspelt(cx, "displayName");
        let others = languages
            .iter()
            .filter(|language| language.code != "en" && is_certain);
        others
            .filter(|language| self.find(cx, Some(language.code)).is_none())
            .map(|language| self.untranslated(rule, cx, language, &default))
            .collect()
    }

    fn finding(
        &self,
        rule: &Rule,
        cx: &Context<'_>,
        span: Span,
        language: Option<&str>,
        has_another: bool,
    ) -> Finding {
        let name = self.name(language);
        let (en, zh) = (&self.without.en, &self.without.zh);
        let message = if self.is_left_out(cx, &name) {
            bilingual!(
                "`.helmignore` leaves `{name}` out of the package; {en}",
                "`.helmignore` 将 `{name}` 排除在扩展组件包之外；{zh}",
            )
        } else if has_another {
            bilingual!(
                "there is no `{name}`, which users of all other languages get",
                "缺少 `{name}`：使用其他语言的用户看到的就是它",
            )
        } else {
            bilingual!(
                "the package has no `{name}`; {en}",
                "扩展组件包中没有 `{name}`；{zh}",
            )
        };
        self.fixed(rule.finding(span, message), cx, language)
    }

    fn untranslated(
        &self,
        rule: &Rule,
        cx: &Context<'_>,
        language: &Language<'_>,
        default: &PkgPath,
    ) -> Finding {
        let code = language.code;
        let name = self.name(Some(code));
        let message = bilingual!(
            "`displayName` has `{code}`, but there is no `{name}`: users of this language get `{default}`",
            "`displayName` 有 `{code}`，但没有 `{name}`：使用该语言的用户看到的是 `{default}`",
        );
        self.fixed(rule.finding(language.span, message), cx, Some(code))
    }

    /// The finding with a fix that makes the file, unless a file of this name is there and left out.
    fn fixed(&self, finding: Finding, cx: &Context<'_>, language: Option<&str>) -> Finding {
        let name = self.name(language);
        let path = PkgPath::from(name.as_str());
        if self.is_left_out(cx, &name) || would_be_ignored(cx, &path) {
            return finding;
        }
        let title = bilingual!("Create `{name}`", "新建 `{name}`");
        let edit = TextEdit {
            span: Span::empty(0),
            text: (self.template)(cx, language),
        };
        finding.fixed_in(&path, Safety::Unsafe, title, edit)
    }

    /// Whether a file of this name is there, which then does not come into the archive.
    fn is_left_out(&self, cx: &Context<'_>, name: &str) -> bool {
        let path = PkgPath::from(name);
        cx.contents
            .is_some_and(|contents| contents.text(&path).is_some())
    }

    /// The name of the document in a language, or of the one for everybody.
    fn name(&self, language: Option<&str>) -> String {
        match language {
            Some(language) => format!("{}_{language}.md", self.stem),
            None => format!("{}.md", self.stem),
        }
    }

    /// The file that comes into the archive and is the document in a language, or the one for
    /// everybody.
    fn find(&self, cx: &Context<'_>, language: Option<&str>) -> Option<PkgPath> {
        let contents = cx.contents?;
        let is_it = |path: &&PkgPath| {
            std::str::from_utf8(path.name())
                .is_ok_and(|name| is_document(name, self.stem, language))
        };
        let mut paths = contents.texts().map(|(path, _)| path).filter(is_it);
        // That the static directory or a negated line takes it is told of those.
        let is_left_out = |gone: &Dropped| match gone.why {
            Why::Ignored(IgnoredBy::Line { negated, .. }) => !negated,
            Why::StaticDirectory => false,
            _ => true,
        };
        let is_packed = |path: &&PkgPath| {
            let mut dropped = contents.dropped.iter();
            !dropped.any(|gone| gone.path == **path && is_left_out(gone))
        };
        paths.find(is_packed).cloned()
    }
}

/// The text of a field in a language, or in the first that it has: for a document to begin with.
pub(in crate::rules) fn text_in(cx: &Context<'_>, field: &str, language: Option<&str>) -> String {
    let entries = cx.manifest.entry(field).map(|entry| entry.value.entries());
    let entries = entries.unwrap_or_default();
    let wanted = language.unwrap_or("en");
    let entry = entries.iter().find(|entry| entry.key == wanted);
    let text = entry
        .or(entries.first())
        .and_then(|entry| entry.value.to_text());
    text.unwrap_or_default().trim().to_owned()
}
