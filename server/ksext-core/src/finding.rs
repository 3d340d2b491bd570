//! What a rule reports: a finding with its place, its reason and ways to mend it.

use crate::lang::Bilingual;
use crate::package::PkgPath;
use crate::text::{Span, TextEdit};

/// How much a finding matters. Each has one meaning, for all rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// `ksbuilder push` would be refused or fail, or would destroy or leak something.
    Error,
    /// Push goes through, but what is published is not what the author wrote or wants.
    Warning,
    /// Guidance for the review.
    Information,
    /// Worth knowing for some.
    Hint,
}

impl Severity {
    /// The word for it in reports and settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
            Self::Hint => "hint",
        }
    }

    /// Its name, for people.
    pub const fn name(self) -> Bilingual {
        match self {
            Self::Error => Bilingual::fixed("error", "错误"),
            Self::Warning => Bilingual::fixed("warning", "警告"),
            Self::Information => Bilingual::fixed("information", "信息"),
            Self::Hint => Bilingual::fixed("hint", "提示"),
        }
    }

    /// The severity that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Error, Self::Warning, Self::Information, Self::Hint];
        all.into_iter().find(|severity| severity.as_str() == word)
    }
}

/// A place in a file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub file: PkgPath,
    /// The bytes in it.
    pub span: Span,
}

/// Something that is wrong, or worth saying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule that found it.
    pub rule: &'static str,
    /// How much it matters, settings applied.
    pub severity: Severity,
    /// What is wrong, what push would do, how to mend it.
    pub message: Bilingual,
    /// Where.
    pub location: Location,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// Ways to mend it, the best first.
    pub fixes: Vec<Fix>,
}

/// A second place of a [`Finding`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub location: Location,
    /// What it has to do with the finding.
    pub message: Bilingual,
}

/// Edits that mend a [`Finding`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: "quote `1.10`".
    pub title: Bilingual,
    /// Whether it may be made unseen.
    pub safety: Safety,
    /// What is changed, file by file. A file that is not there is made.
    pub edits: Vec<(PkgPath, TextEdit)>,
}

/// Whether a [`Fix`] may be made without a look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// It is what the author meant, and adds no finding.
    Safe,
    /// It is a guess.
    Unsafe,
}

impl Safety {
    /// Whether a fix that is `this` safe may be made where this much is asked for.
    pub fn allows(self, this: Self) -> bool {
        self == Self::Unsafe || this == Self::Safe
    }
}

impl Location {
    /// The start of a file, for what is to be said of the whole.
    pub fn start_of(file: &PkgPath) -> Self {
        Self {
            file: file.clone(),
            span: Span::default(),
        }
    }
}

impl Finding {
    /// With another place that belongs to it.
    #[must_use]
    pub(crate) fn related_to(mut self, location: Location, message: Bilingual) -> Self {
        self.related.push(Related { location, message });
        self
    }

    /// With a fix that edits a file, or makes it: then `edit` inserts into nothing.
    #[must_use]
    pub(crate) fn fixed_in(
        mut self,
        file: &PkgPath,
        safety: Safety,
        title: Bilingual,
        edit: TextEdit,
    ) -> Self {
        self.fixes.push(Fix {
            title,
            safety,
            edits: vec![(file.clone(), edit)],
        });
        self
    }

    /// With a fix that edits the same file.
    #[must_use]
    pub(crate) fn fixed_by(
        mut self,
        safety: Safety,
        title: Bilingual,
        edits: impl IntoIterator<Item = TextEdit>,
    ) -> Self {
        let file = &self.location.file;
        let edits = edits.into_iter().map(|edit| (file.clone(), edit)).collect();
        self.fixes.push(Fix {
            title,
            safety,
            edits,
        });
        self
    }
}
