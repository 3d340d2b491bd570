//! Whom an encrypted connection trusts: the system's certificates, or in their place those of `SSL_CERT_FILE` and `SSL_CERT_DIR`,
//! as OpenSSL and Go know these variables.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use reqwest::ClientBuilder;
use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::{Message, Server};

/// Sets up what `builder` trusts for `server`.
///
/// # Errors
/// Why the certificates that the environment names cannot be used.
pub(crate) fn trust(builder: ClientBuilder, server: &Server) -> Result<ClientBuilder, Message> {
    // Fails if a provider was installed before, which serves as well.
    let _ = ring::default_provider().install_default();
    if !server.is_https() {
        // Nothing will be verified, so no certificate needs to be found and read.
        return Ok(builder.tls_certs_only([]));
    }
    let named = named();
    if named.is_empty() {
        return Ok(builder);
    }
    Ok(builder.tls_backend_preconfigured(trusting_only(&named)?))
}

/// Where the trusted certificates come from, as in "an authority that … does not hold".
pub(crate) fn trusted() -> Message {
    let named: Vec<_> = named().iter().map(Source::to_string).collect();
    if named.is_empty() {
        Message::new("this system's certificate store", "本机系统证书库")
    } else {
        Message::new(named.join(" + "), format!("{} ", named.join(" + ")))
    }
}

/// Certificates that the environment names.
struct Source {
    variable: &'static str,
    path: PathBuf,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` ({})", self.path.display(), self.variable)
    }
}

fn named() -> Vec<Source> {
    let value = |variable| env::var_os(variable).filter(|value| !value.is_empty());
    let file = value("SSL_CERT_FILE").map(PathBuf::from);
    let folders = value("SSL_CERT_DIR").map(|list| env::split_paths(&list).collect::<Vec<_>>());
    let source = |variable| move |path| Source { variable, path };
    let folders = folders.unwrap_or_default().into_iter();
    file.into_iter()
        .map(source("SSL_CERT_FILE"))
        .chain(folders.map(source("SSL_CERT_DIR")))
        .collect()
}

fn trusting_only(sources: &[Source]) -> Result<rustls::ClientConfig, Message> {
    let mut roots = RootCertStore::empty();
    for source in sources {
        let before = roots.len();
        add(&mut roots, &source.path).map_err(|error| unreadable(source, &error))?;
        if roots.len() == before {
            return Err(unusable(
                source,
                "it holds no PEM certificate",
                "其中没有 PEM 证书",
            ));
        }
    }
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Message::new(error.to_string(), error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

/// Adds the certificates in a file, or in the files of a folder. As with the system's own bundle, one odd
/// certificate does not spoil the others.
fn add(roots: &mut RootCertStore, path: &Path) -> io::Result<()> {
    let mut add_file = |path: &Path| -> io::Result<()> {
        let pem = fs::read(path)?;
        let certificates = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok);
        roots.add_parsable_certificates(certificates);
        Ok(())
    };
    if !path.is_dir() {
        return add_file(path);
    }
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        // Such folders are full of links; one that leads nowhere is none of ours.
        if path.is_file() {
            let _ = add_file(&path);
        }
    }
    Ok(())
}

fn unreadable(source: &Source, error: &io::Error) -> Message {
    let text = error.to_string();
    let (en, zh) = match error.kind() {
        io::ErrorKind::NotFound => ("there is no such file", "文件不存在"),
        io::ErrorKind::PermissionDenied => ("it may not be read", "没有读取权限"),
        _ => (text.as_str(), text.as_str()),
    };
    unusable(source, en, zh)
}

fn unusable(source: &Source, en: &str, zh: &str) -> Message {
    let Source { variable, path } = source;
    let path = path.display();
    Message::new(
        format!("`{path}`, named by {variable}, cannot be used: {en}"),
        format!("无法使用 {variable} 指定的 `{path}`：{zh}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_which_certificates_are_unusable() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (variable, path, en, zh) in [
            (
                "SSL_CERT_FILE",
                Path::new("/没有/ca.pem").to_owned(),
                "`/没有/ca.pem`, named by SSL_CERT_FILE, cannot be used: there is no such file",
                "无法使用 SSL_CERT_FILE 指定的 `/没有/ca.pem`：文件不存在",
            ),
            (
                "SSL_CERT_FILE",
                here.join("Cargo.toml"),
                "cannot be used: it holds no PEM certificate",
                "其中没有 PEM 证书",
            ),
            (
                "SSL_CERT_DIR",
                here.join("src"),
                "named by SSL_CERT_DIR, cannot be used: it holds no PEM certificate",
                "无法使用 SSL_CERT_DIR 指定的",
            ),
        ] {
            let why = trusting_only(&[Source { variable, path }]).unwrap_err();
            assert!(why.en.contains(en), "{}", why.en);
            assert!(why.zh.contains(zh), "{}", why.zh);
        }
    }
}
