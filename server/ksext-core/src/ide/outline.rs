//! The outline of a manifest: its fields, each with what it says.

use crate::manifest::Manifest;
use crate::text::Span;
use crate::yaml::{Kind, NodeId, Pair, Style, Tree};

/// One field, or one item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// What it is called: its key, or what names the item. Never empty.
    pub name: String,
    /// What it says, on one line; empty if there is nothing to say.
    pub detail: String,
    /// What it holds.
    pub kind: SymbolKind,
    /// Key and value.
    pub span: Span,
    /// What names it; inside of [`Self::span`].
    pub selection: Span,
    /// What it holds, in order; inside of [`Self::span`].
    pub children: Vec<Self>,
}

/// What a [`Symbol`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// A map.
    Object,
    /// A list.
    Array,
    /// A single value.
    Scalar,
    /// A dependency, or a person.
    Item,
    /// Nothing.
    Null,
}

/// A value is shown up to so many characters.
const MAX_DETAIL: usize = 80;
/// What lies deeper than so many levels is not told: no field of a manifest does.
const MAX_DEPTH: usize = 16;

/// The outline of a manifest, top-level fields first, in the order in which they stand.
pub fn outline(manifest: &Manifest) -> Vec<Symbol> {
    let tree = manifest.tree();
    tree.root()
        .map_or(Vec::new(), |root| children(tree, root, MAX_DEPTH))
}

fn children(tree: &Tree, node: NodeId, depth: usize) -> Vec<Symbol> {
    let Some(depth) = depth.checked_sub(1) else {
        return Vec::new();
    };
    // What an alias means stands elsewhere.
    match &tree.node(node).kind {
        Kind::Mapping { pairs, .. } => {
            let symbols = pairs.iter();
            symbols
                .filter_map(|pair| of_pair(tree, *pair, depth))
                .collect()
        }
        Kind::Sequence { items, .. } => {
            let symbols = items.iter().enumerate();
            symbols
                .map(|(index, item)| of_item(tree, index, *item, depth))
                .collect()
        }
        Kind::Scalar { .. } | Kind::Alias { .. } => Vec::new(),
    }
}

fn of_pair(tree: &Tree, pair: Pair, depth: usize) -> Option<Symbol> {
    let selection = tree.span(pair.key);
    Some(Symbol {
        name: named(tree.scalar(pair.key)?)?,
        detail: detail(tree, pair.value),
        kind: kind(tree, pair.value),
        span: selection.cover(tree.span(pair.value)),
        selection,
        children: children(tree, pair.value, depth),
    })
}

fn of_item(tree: &Tree, index: usize, item: NodeId, depth: usize) -> Symbol {
    let span = tree.span(item);
    let is_map = matches!(tree.node(item).kind, Kind::Mapping { .. });
    let naming = field(tree, item, "name").filter(|_| is_map);
    let details = ["version", "condition", "email"].into_iter();
    let details = details.filter_map(|key| named(tree.scalar(field(tree, item, key)?)?));
    Symbol {
        name: tree
            .scalar(naming.unwrap_or(item))
            .and_then(named)
            .unwrap_or_else(|| format!("[{index}]")),
        detail: if is_map {
            details.collect::<Vec<_>>().join(" · ")
        } else {
            String::new()
        },
        kind: if is_map {
            SymbolKind::Item
        } else {
            kind(tree, item)
        },
        span,
        selection: naming.map_or(span, |name| tree.span(name)),
        children: children(tree, item, depth),
    }
}

/// The value of a key; of an alias, what it means has the key.
fn field(tree: &Tree, node: NodeId, key: &str) -> Option<NodeId> {
    let mut pairs = tree.pairs(node).iter();
    let pair = pairs.find(|pair| tree.scalar(pair.key) == Some(key))?;
    Some(pair.value)
}

fn kind(tree: &Tree, node: NodeId) -> SymbolKind {
    match &tree.node(tree.follow(node)).kind {
        Kind::Mapping { .. } => SymbolKind::Object,
        Kind::Sequence { .. } => SymbolKind::Array,
        Kind::Scalar { text, style } if text.is_empty() && *style == Style::Plain => {
            SymbolKind::Null
        }
        Kind::Scalar { .. } | Kind::Alias { .. } => SymbolKind::Scalar,
    }
}

/// A single value, or the names of a list's items.
fn detail(tree: &Tree, node: NodeId) -> String {
    if let Some(text) = tree.scalar(node) {
        return named(text).unwrap_or_default();
    }
    let items = tree.items(node).iter();
    let names = items.filter_map(|item| tree.scalar(field(tree, *item, "name").unwrap_or(*item)));
    named(&names.collect::<Vec<_>>().join(", ")).unwrap_or_default()
}

/// The text on one line and not too long; `None` if nothing is left of it.
fn named(text: &str) -> Option<String> {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    let shown: String = line.chars().take(MAX_DETAIL).collect();
    if shown.is_empty() {
        None
    } else if shown.len() < line.len() {
        Some(shown + "…")
    } else {
        Some(shown)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::yaml::tests::soup;

    fn show(symbols: &[Symbol], indent: usize, out: &mut String) {
        for Symbol {
            name,
            detail,
            children,
            ..
        } in symbols
        {
            let _ = writeln!(out, "{:indent$}{name} | {detail}", "");
            show(children, indent + 2, out);
        }
    }

    #[test]
    fn fields_tell_what_they_say_and_items_go_by_their_name() {
        let manifest = Manifest::from_text(
            "name: demo # comment\ndisplayName: {zh: 观测 😀, en: Observe}\ndescription:\n  en: |\n    First\n    second.\n\
             screenshots:\n- ./a.png\n- ''\ndependencies:\n- version: 1.0.0\n  name: web\n  tags: [agent]\n- {}\nicon:\n",
        );
        let mut shown = String::new();
        show(&outline(&manifest), 0, &mut shown);
        assert_eq!(
            shown,
            "name | demo\n\
             displayName | \n  zh | 观测 😀\n  en | Observe\n\
             description | \n  en | First second.\n\
             screenshots | ./a.png,\n  ./a.png | \n  [1] | \n\
             dependencies | web\n  web | 1.0.0\n    version | 1.0.0\n    name | web\n    tags | agent\n      agent | \n  [1] | \n\
             icon | \n"
        );
    }

    /// LSP 3.17, `DocumentSymbol`: a selection lies in its range; and children in their parent's.
    fn check(symbols: &[Symbol], outer: Span) {
        for symbol in symbols {
            let within =
                |inner: Span, outer: Span| outer.start <= inner.start && inner.end <= outer.end;
            assert!(within(symbol.span, outer), "{symbol:?} in {outer:?}");
            assert!(within(symbol.selection, symbol.span), "{symbol:?}");
            assert!(!symbol.name.is_empty(), "{symbol:?}");
            check(&symbol.children, symbol.span);
        }
    }

    proptest::proptest! {
        #[test]
        fn symbols_lie_in_their_parents(text in soup()) {
            let manifest = Manifest::from_text(&text);
            check(&outline(&manifest), Span::new(0, text.len()));
        }
    }
}
