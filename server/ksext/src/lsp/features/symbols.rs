//! Document symbols: the outline of a manifest.

use std::sync::Arc;

use ksext_core::ide::{self, Symbol};

use crate::lsp::asked::Asked;
use crate::lsp::proto::{
    DocumentSymbol, DocumentSymbolResponse, Location, SymbolInformation, SymbolKind, Uri,
};
use crate::lsp::state::Shared;

impl Shared {
    /// The outline of a manifest; as a plain list for clients that know no other.
    pub(in crate::lsp) async fn symbols(
        self: Arc<Self>,
        uri: Uri,
    ) -> Option<DocumentSymbolResponse> {
        let asked = self.asked(&uri).await?;
        let outline = ide::outline(asked.view()?.as_manifest()?);
        if self.abilities().nested_symbols {
            let symbols = outline.into_iter().map(|symbol| nested(symbol, &asked));
            return Some(DocumentSymbolResponse::Nested(symbols.collect()));
        }
        let mut list = Vec::new();
        flatten(outline, None, &uri, &asked, &mut list);
        Some(DocumentSymbolResponse::Flat(list))
    }
}

#[allow(deprecated, reason = "the field must be given a value")]
fn nested(symbol: Symbol, asked: &Asked) -> DocumentSymbol {
    let children = symbol.children.into_iter();
    let children: Vec<_> = children.map(|child| nested(child, asked)).collect();
    DocumentSymbol {
        name: symbol.name,
        detail: Some(symbol.detail).filter(|detail| !detail.is_empty()),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: asked.range(symbol.span),
        selection_range: asked.range(symbol.selection),
        children: (!children.is_empty()).then_some(children),
    }
}

#[allow(deprecated, reason = "the field must be given a value")]
fn flatten(
    symbols: Vec<Symbol>,
    container: Option<&str>,
    uri: &Uri,
    asked: &Asked,
    list: &mut Vec<SymbolInformation>,
) {
    for symbol in symbols {
        list.push(SymbolInformation {
            name: symbol.name.clone(),
            kind: kind(symbol.kind),
            tags: None,
            deprecated: None,
            location: Location {
                uri: uri.clone(),
                range: asked.range(symbol.span),
            },
            container_name: container.map(str::to_owned),
        });
        flatten(symbol.children, Some(&symbol.name), uri, asked, list);
    }
}

fn kind(kind: ide::SymbolKind) -> SymbolKind {
    match kind {
        ide::SymbolKind::Object => SymbolKind::OBJECT,
        ide::SymbolKind::Array => SymbolKind::ARRAY,
        ide::SymbolKind::Scalar => SymbolKind::STRING,
        ide::SymbolKind::Item => SymbolKind::MODULE,
        ide::SymbolKind::Null => SymbolKind::NULL,
    }
}
