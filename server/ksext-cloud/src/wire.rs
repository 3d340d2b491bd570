//! What the cloud's JSON looks like. As tolerant as ksbuilder's reader (`pkg/cloud/cloud.go`, Go's `encoding/json`): unknown
//! fields are ignored, null means empty, the last of two equal keys wins; a wrong type is an error. What is then believed is decided in `client`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::model;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct User {
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) user_id: String,
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Usage {
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) dir: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Uploaded {
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) files: Vec<Option<File>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct File {
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) url: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Pushed {
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) snapshot: Snapshot,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Snapshot {
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) snapshot_id: String,
    #[serde(deserialize_with = "null_is_empty")]
    metadata: Metadata,
    #[serde(deserialize_with = "null_is_empty")]
    status: String,
    updated_at: Option<String>,
    /// Whatever stands there: the real cloud may well mean something else by it.
    reason: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    #[serde(deserialize_with = "null_is_empty")]
    version: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Found {
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) extensions: Vec<Option<Extension>>,
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) paginator: Paginator,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Paginator {
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) total_pages: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Extension {
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) extension_id: String,
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) name: String,
    #[serde(deserialize_with = "null_is_empty")]
    status: String,
    #[serde(deserialize_with = "null_is_empty")]
    latest_version: Metadata,
}

/// The body of a refusal.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Refusal {
    #[serde(deserialize_with = "null_is_empty")]
    pub(crate) message: String,
}

impl From<Extension> for model::Extension {
    fn from(wire: Extension) -> Self {
        Self {
            id: wire.extension_id,
            name: wire.name,
            status: wire.status,
            latest_version: non_empty(wire.latest_version.version),
        }
    }
}

impl From<Snapshot> for model::Snapshot {
    fn from(wire: Snapshot) -> Self {
        Self {
            id: model::SnapshotId::new(wire.snapshot_id),
            version: wire.metadata.version,
            status: wire.status,
            updated_at: wire.updated_at,
            reason: wire
                .reason
                .and_then(|reason| non_empty(reason.as_str()?.trim().to_owned())),
        }
    }
}

/// `None` for the empty text that a missing or null field was read as.
pub(crate) fn non_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Reads a body that is an object; `null` is the empty one.
pub(crate) fn read<T: DeserializeOwned + Default>(body: &[u8]) -> serde_json::Result<T> {
    // By way of a map, where the last of two equal keys wins and a list is none: derived readers refuse
    // the second key and take a list for the fields in their order.
    let fields: Option<Map<String, Value>> = serde_json::from_slice(body)?;
    serde_json::from_value(Value::Object(fields.unwrap_or_default()))
}

/// Reads a body that is a list of objects; `null` is the empty one, and an element `null` is none.
pub(crate) fn read_list<T: DeserializeOwned + Default>(body: &[u8]) -> serde_json::Result<Vec<T>> {
    let rows: Option<Vec<Option<Map<String, Value>>>> = serde_json::from_slice(body)?;
    let rows = rows.unwrap_or_default().into_iter().flatten();
    rows.map(|fields| serde_json::from_value(Value::Object(fields)))
        .collect()
}

fn null_is_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    input: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(input)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(body: &str) -> Option<String> {
        read::<User>(body.as_bytes()).ok().map(|user| user.user_id)
    }

    #[test]
    fn reads_what_ksbuilder_reads() {
        for (body, expected) in [
            (
                r#"{"user_id":"u-100","name":"小明","roles":[1]}"#,
                Some("u-100"),
            ),
            (" \n{\"user_id\":\"u\"}\r\n", Some("u")),
            (r#"{"user_id":"a","user_id":"b"}"#, Some("b")),
            (r#"{"user_id":null,"name":null}"#, Some("")),
            ("{}", Some("")),
            ("null", Some("")),
            (r#"{"user_id":7}"#, None),
            ("[]", None),
            (r#"["u-100"]"#, None),
            ("[]x", None),
            ("{} {}", None),
            ("\u{feff}{}", None),
            ("", None),
            ("<html>", None),
        ] {
            assert_eq!(user(body).as_deref(), expected, "{body:?}");
        }
    }

    #[test]
    fn reads_nulls_at_every_depth() {
        let found: Found =
            read(br#"{"extensions":[null,{},{"name":"a","latest_version":null},{"latest_version":{"version":"1.0.0"}}],"paginator":null}"#).unwrap();
        let rows: Vec<_> = found
            .extensions
            .into_iter()
            .map(|row| row.map(|row| model::Extension::from(row).latest_version))
            .collect();
        assert_eq!(
            rows,
            [None, Some(None), Some(None), Some(Some("1.0.0".to_owned()))]
        );
        let snapshots: Vec<Snapshot> =
            read_list(br#"[{"snapshot_id":"1","metadata":null,"updated_at":null},null]"#).unwrap();
        assert_eq!(snapshots.len(), 1);
        assert!(read_list::<Snapshot>(b"null").unwrap().is_empty());
        assert!(read_list::<Snapshot>(b"{}").is_err() && read_list::<Snapshot>(b"[[]]").is_err());
        assert_eq!(
            read::<Pushed>(br#"{"snapshot":null}"#)
                .unwrap()
                .snapshot
                .snapshot_id,
            ""
        );
        assert_eq!(
            read::<Uploaded>(br#"{"files":null}"#).unwrap().files.len(),
            0
        );
    }
}
