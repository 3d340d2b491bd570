//! permissions.yaml as KubeSphere reads it when it installs an extension
//! (pkg/controller/core/util.go `usesPermissions`): the rules of all its documents, up to the first
//! one that cannot be read.

use crate::manifest::misfit::Wanted;
use crate::text::Span;
use crate::yaml::{self, Data, ErrorKind, Source, Tree, Value};

/// The file's name in the package's root.
pub const FILE_NAME: &str = "permissions.yaml";

/// What permissions.yaml grants, with the place of everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Permissions {
    /// Its documents, those without content left out.
    pub documents: Vec<Document>,
    /// Why KubeSphere reads no further, and where: what stands in that document and behind it counts
    /// for nothing, without a word.
    pub fault: Option<(Fault, Span)>,
}

/// One document.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its `kind`; empty if there is none.
    pub kind: String,
    /// Where the kind is written; the first key, if it is not.
    pub span: Span,
    /// What it grants.
    pub rules: Vec<PolicyRule>,
}

/// `PolicyRule` of Kubernetes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PolicyRule {
    /// What may be done.
    pub verbs: Vec<Item>,
    /// To resources of which groups.
    pub api_groups: Vec<Item>,
    /// To which resources.
    pub resources: Vec<Item>,
    /// To which of them by name; empty for all.
    pub resource_names: Vec<Item>,
}

/// A text in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The text.
    pub value: String,
    /// Where it is written.
    pub span: Span,
}

/// Why a document is not read.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// It is not YAML.
    Syntax(ErrorKind),
    /// A value is of another type.
    WrongType(Wanted),
}

/// Reads permissions.yaml.
pub fn read(source: &Source) -> Permissions {
    let mut permissions = Permissions::default();
    for part in documents(source.text()) {
        let tree = yaml::parse(part.of(source.text()));
        match document(&tree, part.start) {
            Ok(document) => permissions.documents.extend(document),
            Err(fault) => {
                permissions.fault = Some(fault);
                break;
            }
        }
    }
    permissions
}

/// The text of each document, without the separators: lines that begin with `---` and hold nothing
/// else but a comment (k8s.io/apimachinery pkg/util/yaml `YAMLReader`).
fn documents(text: &str) -> Vec<Span> {
    let mut documents = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let rest = line.strip_prefix("---").map(str::trim);
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('#')) {
            documents.push(Span::new(start, at));
            start = at + line.len();
        }
        at += line.len();
    }
    documents.push(Span::new(start, at));
    documents
}

type Refused = (Fault, Span);

/// What a document that begins at `offset` of the file says; nothing if it has no content.
fn document(tree: &Tree, offset: usize) -> Result<Option<Document>, Refused> {
    let reader = Reader { tree, offset };
    if let Some(error) = tree.errors().first() {
        let span = reader.moved(error.span);
        return Err((Fault::Syntax(error.kind.clone()), span));
    }
    let Some(root) = tree.value().filter(|root| root.data != Data::Null) else {
        return Ok(None);
    };
    reader.expect(root, Wanted::Map)?;
    for key in ["apiVersion", "kind"] {
        if let Some(entry) = root.get(key) {
            reader.text(&entry.value)?;
        }
    }
    let kind = root.get("kind").map(|entry| &entry.value);
    let written = kind.filter(|kind| kind.data != Data::Null);
    let first_key = root.entries().first().map(|entry| entry.key_node);
    let node = written.map(|kind| kind.node).or(first_key);
    Ok(Some(Document {
        kind: written.map_or(Ok(String::new()), |kind| reader.text(kind))?,
        span: node.map_or(Span::empty(offset), |node| reader.moved(tree.span(node))),
        rules: reader.rules(root)?,
    }))
}

struct Reader<'t> {
    tree: &'t Tree,
    offset: usize,
}

impl Reader<'_> {
    fn rules(&self, root: &Value) -> Result<Vec<PolicyRule>, Refused> {
        let Some(rules) = root.get("rules").map(|entry| &entry.value) else {
            return Ok(Vec::new());
        };
        self.expect(rules, Wanted::List)?;
        let rule = |value: &Value| {
            self.expect(value, Wanted::Map)?;
            self.texts(value, "nonResourceURLs")?;
            Ok(PolicyRule {
                verbs: self.texts(value, "verbs")?,
                api_groups: self.texts(value, "apiGroups")?,
                resources: self.texts(value, "resources")?,
                resource_names: self.texts(value, "resourceNames")?,
            })
        };
        rules.items().iter().map(rule).collect()
    }

    fn texts(&self, rule: &Value, key: &str) -> Result<Vec<Item>, Refused> {
        let Some(list) = rule.get(key).map(|entry| &entry.value) else {
            return Ok(Vec::new());
        };
        self.expect(list, Wanted::List)?;
        let item = |item: &Value| {
            Ok(Item {
                value: self.text(item)?,
                span: self.moved(self.tree.span(item.node)),
            })
        };
        list.items().iter().map(item).collect()
    }

    /// A text; the empty one for null. Numbers and booleans are none here.
    fn text(&self, value: &Value) -> Result<String, Refused> {
        match &value.data {
            Data::Text(text) => Ok(text.clone()),
            Data::Null => Ok(String::new()),
            _ => Err(self.wrong(value, Wanted::Text)),
        }
    }

    /// Null passes for anything.
    fn expect(&self, value: &Value, wanted: Wanted) -> Result<(), Refused> {
        match (&value.data, wanted) {
            (Data::Null, _) | (Data::Map(_), Wanted::Map) | (Data::List(_), Wanted::List) => Ok(()),
            _ => Err(self.wrong(value, wanted)),
        }
    }

    fn wrong(&self, value: &Value, wanted: Wanted) -> Refused {
        let span = self.moved(self.tree.span(value.node));
        (Fault::WrongType(wanted), span)
    }

    fn moved(&self, span: Span) -> Span {
        Span::new(span.start + self.offset, span.end + self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `kind: verbs of each rule` of each document, and the text at the fault.
    fn seen(text: &str) -> (Vec<String>, Option<String>) {
        let permissions = read(&Source::from_text(text.to_owned()));
        let document = |document: &Document| {
            let verbs = document.rules.iter().flat_map(|rule| &rule.verbs);
            let verbs: Vec<_> = verbs.map(|verb| verb.span.of(text)).collect();
            format!("{}: {}", document.span.of(text), verbs.join(" "))
        };
        let fault = permissions.fault.map(|(_, span)| span.of(text).to_owned());
        (permissions.documents.iter().map(document).collect(), fault)
    }

    #[test]
    fn every_document_is_read_at_its_place() {
        for (text, documents) in [
            ("", &[][..]),
            ("# 注释\n---\n", &[]),
            (
                "kind: ClusterRole\nrules:\n  - verbs: ['*', get]\n--- # 角色\nkind: Role\nrules:\n- verbs:\n  - list\n",
                &["ClusterRole: '*' get", "Role: list"],
            ),
            (
                "\u{feff}---\r\nkind: \"Role\"\r\n---\r\n# 😀\r\nrules: [{verbs: [get, ~]}]\r\n",
                &["\"Role\": ", "rules: get ~"],
            ),
            ("kind: Role\nrules:\n", &["Role: "]),
            ("kind: A\nx: |\n  ---\n  b\n", &["A: "]),
        ] {
            let (seen, fault) = seen(text);
            assert_eq!(
                (&seen[..], fault),
                (
                    &documents
                        .iter()
                        .map(|text| (*text).to_owned())
                        .collect::<Vec<_>>()[..],
                    None
                ),
                "{text}"
            );
        }
    }

    #[test]
    fn nothing_is_read_behind_a_fault() {
        for (text, place) in [
            ("kind: A\nrules: {}\n", "{}"),
            ("kind: 1\n", "1"),
            ("kind: A\nrules: [verbs]\n", "verbs"),
            ("kind: A\nrules: [{verbs: get}]\n", "get"),
            ("kind: A\nrules: [{apiGroups: [yes]}]\n", "yes"),
            ("- a\n", "- a"),
            ("a: b: c\n", ":"),
        ] {
            let text = format!("kind: Role\n---\n{text}---\nkind: Role\n");
            assert_eq!(
                seen(&text),
                (vec!["Role: ".to_owned()], Some(place.to_owned()))
            );
        }
    }
}
