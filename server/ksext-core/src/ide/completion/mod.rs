//! What could be written at the cursor.
//!
//! `context` finds the place in the text, the schema tells what belongs there, and the files here
//! say what of it there is: keys with what they hold, values, files, charts, whole texts.

mod around;
mod charts;
mod context;
mod files;
mod flow;
mod keys;
mod lines;
mod settings;
mod template;
#[cfg(test)]
mod tests;
mod values;
mod whole;

use context::{Expect, Place, Slot, place_at};
use keys::Layout;
pub use template::{Lines, Template};

use super::view::View;
use crate::lang::{Bilingual, Lang};
use crate::schema::{self, Field, Kind};
use crate::text::{Span, line_break};
use crate::yaml;

/// What a proposal is asked with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask<'a> {
    /// The language of what is said about the proposals.
    pub lang: Lang,
    /// What was typed, if that is why somebody asks; `None` if a person wants to know.
    pub typed: Option<char>,
    /// The name of the package's folder, if it is known.
    pub folder: Option<&'a str>,
    /// Name and version of the other extensions that are known.
    pub extensions: &'a [(String, String)],
}

/// What could be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What a proposal replaces if what stands behind the cursor is to stay.
    pub insert: Span,
    /// What it replaces otherwise: begins where `insert` does and is on one line.
    pub replace: Span,
    /// The number of spaces that the line begins with.
    pub indent: usize,
    /// What ends the lines of the text.
    pub line_end: &'static str,
    /// Whether it stands in brackets, so that places to fill in may stay empty.
    pub in_flow: bool,
    /// The proposals, best first.
    pub items: Vec<Proposal>,
}

/// One proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What is shown.
    pub label: String,
    /// What it is.
    pub kind: ProposalKind,
    /// A few words beside it.
    pub detail: String,
    /// What the text typed so far is compared with; begins with what is inserted.
    pub filter: String,
    /// What is inserted.
    pub template: Template,
    /// What documents it.
    pub about: Option<About>,
    /// Whether hardly anything else is meant.
    pub is_obvious: bool,
}

/// What a [`Proposal`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposalKind {
    /// A key.
    Key,
    /// One of the values that the schema lists.
    Choice,
    /// A value that fits, as others do.
    Value,
    /// A file.
    File,
    /// A folder.
    Folder,
    /// The name of something that exists: a chart, an extension, an image, a path in values.yaml.
    Reference,
    /// A longer text.
    Snippet,
}

/// The field that documents a [`Proposal`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Whether it is a setting and not a field of a manifest.
    pub is_setting: bool,
    /// The way to it, see [`schema::field`].
    pub path: Vec<String>,
}

/// What could be written in a manifest at the byte `offset`; `None` where nothing should be
/// proposed.
pub fn completion(view: &View<'_>, offset: usize, ask: &Ask<'_>) -> Option<Completion> {
    view.as_manifest()?;
    let root = schema::field(&[])?;
    let at = At::find(view.text, offset, root, false, ask)?;
    let mut items = match at.place.slot {
        Slot::Key => keys::proposals(&at),
        Slot::Value | Slot::Item => Vec::new(),
    };
    match at.place.slot {
        Slot::Key => {
            let whole = whole::manifest(&at, view);
            items.splice(
                0..0,
                whole.into_iter().chain(charts::whole_items(&at, view)),
            );
        }
        Slot::Value => items = values::proposals(&at, view),
        Slot::Item => items = keys::items(&at, view),
    }
    at.completion(items)
}

/// What could be written in a project's settings file at the byte `offset` of `text`; `None` where
/// nothing should be proposed.
pub fn settings_completion(text: &str, offset: usize, ask: &Ask<'_>) -> Option<Completion> {
    let at = At::find(text, offset, settings::root(), true, ask)?;
    let items = match at.place.slot {
        Slot::Key => keys::proposals(&at),
        Slot::Value => values::of_schema(&at),
        Slot::Item => Vec::new(),
    };
    at.completion(items)
}

/// The explanation of a field, as Markdown; `None` if there is no such field.
pub fn documentation(about: &About, lang: Lang) -> Option<String> {
    let root = if about.is_setting {
        settings::root()
    } else {
        schema::field(&[])?
    };
    let mut steps = about.path.iter();
    let field = steps.try_fold(root, |field, step| field.child(step))?;
    let text = field.description.get(lang);
    (!text.is_empty()).then(|| text.to_owned())
}

/// A place, and what the schema has there.
struct At<'a> {
    text: &'a str,
    place: Place<'a>,
    /// The way to it in canonical spelling.
    path: Vec<String>,
    /// The field at the path: what holds the keys, or the value.
    field: &'static Field,
    is_setting: bool,
    layout: Layout,
    ask: Ask<'a>,
}

impl<'a> At<'a> {
    fn find(
        text: &'a str,
        offset: usize,
        root: &'static Field,
        is_setting: bool,
        ask: &Ask<'a>,
    ) -> Option<Self> {
        let expect = |path: &[String]| {
            descend(root, path).map_or(Expect::Nothing, |(_, field)| expected(field))
        };
        let place = place_at(text, offset, &expect)?;
        let (path, field) = descend(root, &place.path)?;
        let at = Self {
            text,
            place,
            path,
            field,
            is_setting,
            layout: Layout::of(text, ask.lang),
            ask: *ask,
        };
        at.is_wanted().then_some(at)
    }

    /// Whether what was typed asks for proposals. A space in an empty line indents it, and a dot or
    /// slash in a key or text is just that.
    fn is_wanted(&self) -> bool {
        match self.ask.typed {
            None => true,
            Some(' ') => !self.place.begins_line && self.place.insert.is_empty(),
            Some(_) => self.place.slot == Slot::Value,
        }
    }

    fn segments(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// The field of this key, or of the items, below the place's.
    fn about(&self, step: Option<&str>) -> Option<About> {
        let mut path = self.path.clone();
        path.extend(step.map(str::to_owned));
        Some(About {
            is_setting: self.is_setting,
            path,
        })
    }

    /// What has been typed so far.
    fn typed(&self) -> &'a str {
        self.place.insert.of(self.text)
    }

    /// The whole word that the cursor is in.
    fn word(&self) -> &'a str {
        self.place
            .replace
            .of(self.text)
            .trim_end_matches([' ', '\t'])
    }

    /// `text` as it is written at the place: in its quotes, or in new ones if it needs them.
    fn written(&self, text: &str) -> String {
        match self.place.quote {
            Some('\'') => close(text.replace('\'', "''"), '\'', self.place.is_open),
            Some(_) => {
                let inner = text.replace('\\', "\\\\").replace('"', "\\\"");
                close(inner, '"', self.place.is_open)
            }
            None => scalar(text, self.place.in_flow),
        }
    }

    fn completion(&self, items: Vec<Proposal>) -> Option<Completion> {
        (!items.is_empty()).then(|| Completion {
            insert: self.place.insert,
            replace: self.place.replace,
            indent: self.place.indent,
            line_end: line_break(self.text),
            in_flow: self.place.in_flow,
            items,
        })
    }
}

impl Proposal {
    fn new(label: impl Into<String>, kind: ProposalKind, template: Template) -> Self {
        let label = label.into();
        Self {
            filter: label.clone(),
            label,
            kind,
            detail: String::new(),
            template,
            about: None,
            is_obvious: false,
        }
    }

    fn detailed(self, detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            ..self
        }
    }

    fn about(self, about: Option<About>) -> Self {
        Self { about, ..self }
    }
}

fn close(mut inner: String, quote: char, is_open: bool) -> String {
    if is_open {
        inner.push(quote);
    }
    inner
}

/// A text as YAML, in quotes where it needs them.
fn scalar(text: &str, in_flow: bool) -> String {
    let value = serde_json::Value::String(text.to_owned());
    let written = yaml::write(&value);
    let written = written.trim_end();
    let is_plain = !written.starts_with(['"', '\'']);
    if written.contains('\n')
        || (in_flow && is_plain && text.contains([',', '[', ']', '{', '}', '?']))
    {
        return value.to_string();
    }
    written.to_owned()
}

/// Both names of something.
fn both(text: &Bilingual) -> String {
    match (&*text.en, &*text.zh) {
        (en, "") => en.to_owned(),
        (en, zh) if en == zh => en.to_owned(),
        (en, zh) => format!("{en} · {zh}"),
    }
}

/// The field at a path as it is written, and the path in canonical spelling.
fn descend(root: &'static Field, path: &[String]) -> Option<(Vec<String>, &'static Field)> {
    let mut canonical = Vec::with_capacity(path.len());
    let mut field = root;
    for step in path {
        let fields = field.fields().iter();
        let spelt = fields
            .map(|field| &field.key)
            .find(|key| key.eq_ignore_ascii_case(step));
        let step = spelt.unwrap_or(step);
        // A list has items, a map has keys.
        let is_item = step == "*";
        if is_item != matches!(field.kind, Kind::List(_)) {
            return None;
        }
        field = field.child(step)?;
        canonical.push(step.clone());
    }
    Some((canonical, field))
}

fn expected(field: &Field) -> Expect {
    match &field.kind {
        Kind::Text | Kind::Bool => Expect::Scalar,
        Kind::List(_) => Expect::List,
        Kind::Map { .. } | Kind::Object(_) => Expect::Map,
        Kind::Any(fields) if fields.is_empty() => Expect::Nothing,
        Kind::Any(_) => Expect::Map,
    }
}
