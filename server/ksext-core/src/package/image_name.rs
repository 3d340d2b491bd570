//! Names of container images (distribution/reference reference.go, normalize.go).

/// A name such as `docker.io/kubesphere/ks-console:v4.1.0@sha256:…`, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ImageName<'t> {
    /// The host, if one is written: `docker.io`.
    pub registry: Option<&'t str>,
    /// The path: `kubesphere/ks-console`.
    pub repository: &'t str,
    /// `v4.1.0`
    pub tag: Option<&'t str>,
    /// `sha256:…`
    pub digest: Option<&'t str>,
}

impl<'t> ImageName<'t> {
    /// Takes a name apart; `None` if it is none.
    pub fn parse(text: &'t str) -> Option<Self> {
        let (text, digest) = match text.split_once('@') {
            Some((text, digest)) if is_digest(digest) => (text, Some(digest)),
            Some(_) => return None,
            None => (text, None),
        };
        let last = text.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match text[last..].split_once(':') {
            Some((name, tag)) if is_tag(tag) => (&text[..last + name.len()], Some(tag)),
            Some(_) => return None,
            None => (text, None),
        };
        let (registry, repository) = match name.split_once('/') {
            Some((host, rest)) if is_host(host) => (Some(host), rest),
            _ => (None, name),
        };
        let is_path = repository.len() <= 255 && repository.split('/').all(is_component);
        is_path.then_some(Self {
            registry,
            repository,
            tag,
            digest,
        })
    }

    /// The path by which two spellings of one image are known, whichever registry it is fetched
    /// from: without Docker Hub's `library/`.
    pub fn path(&self) -> &'t str {
        let path = self.repository;
        path.strip_prefix("library/").unwrap_or(path)
    }

    /// The last part of the path.
    pub fn last(&self) -> &'t str {
        self.repository.rsplit('/').next().unwrap_or_default()
    }

    /// The registry that it is fetched from.
    pub fn host(&self) -> &'t str {
        match self.registry {
            None | Some("index.docker.io" | "registry-1.docker.io") => "docker.io",
            Some(host) => host,
        }
    }

    /// The name in the one spelling that all names of this image share.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let is_tagged = self.tag.is_some() || self.digest.is_some();
        Self {
            registry: Some(self.host()),
            repository: self.path(),
            tag: if is_tagged { self.tag } else { Some("latest") },
            digest: self.digest,
        }
    }
}

/// Whether the first part of a name is a host and no part of the path.
fn is_host(text: &str) -> bool {
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(inner)
    };
    let is_named = port.is_some() || host.contains('.') || host == "localhost";
    is_named
        && host.split('.').all(label)
        && port
            .is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Lower-case letters and digits, joined by `.`, `_`, `__` or any number of `-`.
fn is_component(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let ends = bytes.first().zip(bytes.last());
    let joined = |part: &[u8]| match part {
        [] | [b'.'] => true,
        part => part == b"_" || part == b"__" || part.iter().all(|&byte| byte == b'-'),
    };
    ends.is_some_and(|(&first, &last)| is_word(first) && is_word(last))
        && bytes.split(|&byte| is_word(byte)).all(joined)
}

fn is_tag(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    !text.is_empty()
        && text.len() <= 128
        && !text.starts_with(['.', '-'])
        && text.bytes().all(is_part)
}

fn is_digest(text: &str) -> bool {
    text.split_once(':').is_some_and(|(algorithm, hex)| {
        !algorithm.is_empty()
            && algorithm
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+._-".contains(&byte))
            && hex.len() >= 32
            && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let digest = "sha256:0123456789abcdef0123456789abcdef";
        for (text, registry, repository, tag) in [
            ("nginx", None, "nginx", None),
            (
                "kubesphere/ks-console:v4.1.0",
                None,
                "kubesphere/ks-console",
                Some("v4.1.0"),
            ),
            (
                "docker.io/library/redis:7",
                Some("docker.io"),
                "library/redis",
                Some("7"),
            ),
            ("localhost:5000/a/b", Some("localhost:5000"), "a/b", None),
            ("a/b/c__d.e-f---g", None, "a/b/c__d.e-f---g", None),
        ] {
            let parsed = ImageName {
                registry,
                repository,
                tag,
                digest: None,
            };
            assert_eq!(ImageName::parse(text), Some(parsed), "{text}");
            let with_digest = format!("{text}@{digest}");
            let parsed = ImageName {
                digest: Some(digest),
                ..parsed
            };
            assert_eq!(ImageName::parse(&with_digest), Some(parsed));
        }
        for text in [
            "",
            " nginx",
            "nginx:v1\"",
            "nginx:",
            "Nginx",
            "a//b",
            "/a",
            "a/",
            "https://a.io/b",
            "a b",
            "镜像",
            "{{ .Values.image }}",
            "a..b",
            "a___b",
            "nginx@sha256:12",
            "host:port/a",
        ] {
            assert_eq!(ImageName::parse(text), None, "{text}");
        }
    }

    #[test]
    fn docker_hub_has_several_spellings() {
        for (one, other, same) in [
            ("nginx", "docker.io/library/nginx:latest", true),
            ("index.docker.io/a/b:1", "a/b:1", true),
            ("a/b:1", "a/b:2", false),
            ("quay.io/a/b:1", "a/b:1", false),
        ] {
            let canonical = |name| ImageName::parse(name).map(|name| name.canonical());
            assert_eq!(canonical(one) == canonical(other), same, "{one} {other}");
        }
    }
}
