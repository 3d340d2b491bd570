//! Where the thing is that a place names.

use super::referent::{Mention, Referent, Role, VALUES, at, dependencies, mentions};
use super::view::View;
use crate::package::fs::{Kind, lookup};
use crate::package::{Package, PkgPath};
use crate::text::Span;

/// Where a thing is said to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The place that names it.
    pub origin: Span,
    /// The file in which it is.
    pub file: PkgPath,
    /// All of it; zero wide at the start for a file as a whole.
    pub whole: Span,
    /// Its name.
    pub name: Span,
}

/// Where the thing is that the cursor at the byte `offset` touches; from the thing itself, what asks for
/// it. A packed chart and a folder cannot be opened, so nothing is said of them.
pub fn definitions(view: &View<'_>, offset: usize) -> Vec<Definition> {
    let found = at(view, offset);
    let definitions = found.iter().map(|mention| of_mention(view, mention));
    definitions
        .into_iter()
        .find(|definitions| !definitions.is_empty())
        .unwrap_or_default()
}

fn of_mention(view: &View<'_>, from: &Mention) -> Vec<Definition> {
    let package = &view.package;
    let place = |to: &Mention| Definition {
        origin: from.span,
        file: to.file.clone(),
        whole: to.whole,
        name: to.span,
    };
    let to = match &from.referent {
        Referent::Path(path) => {
            let is_file = lookup(package.files(), path)
                .is_ok_and(|found| matches!(found.kind, Kind::File { .. }));
            let start = Span::empty(0);
            let file = Definition {
                origin: from.span,
                file: path.clone(),
                whole: start,
                name: start,
            };
            return Vec::from_iter(is_file.then_some(file));
        }
        Referent::Alias(alias) => of_alias(package, alias),
        Referent::Chart(_) | Referent::ChartVersion(_) | Referent::Value(_) => {
            counterparts(package, from)
        }
        Referent::Url(_) | Referent::Language(_) | Referent::Extension(_) => Vec::new(),
    };
    to.iter().map(place).collect()
}

/// What defines the thing; for what defines it itself, what asks for it.
fn counterparts(package: &Package<'_>, from: &Mention) -> Vec<Mention> {
    let wanted = match from.role {
        Role::Definition => Role::Request,
        Role::Request | Role::Part => Role::Definition,
    };
    let mut found = mentions(package, &from.referent);
    found.retain(|mention| mention.role == wanted);
    // The package's own values.yaml is laid over that of a chart.
    let own = PkgPath::from(VALUES);
    if wanted == Role::Definition && found.iter().any(|mention| mention.file == own) {
        let is_value = matches!(from.referent, Referent::Value(_));
        found.retain(|mention| !is_value || mention.file == own);
    }
    found
}

/// The chart of the dependency that goes by `alias`.
fn of_alias(package: &Package<'_>, alias: &str) -> Vec<Mention> {
    let all = dependencies(package.manifest());
    let named = all
        .into_iter()
        .find(|one| one.alias.as_deref() == Some(alias));
    let Some(dependency) = named else {
        return Vec::new();
    };
    let mut found = mentions(package, &Referent::Chart(dependency.name));
    found.retain(|mention| mention.role == Role::Definition);
    found
}
