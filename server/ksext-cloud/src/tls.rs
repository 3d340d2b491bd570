//! Whom an encrypted connection trusts: the system's certificates, or those of `SSL_CERT_FILE` instead.

use std::path::Path;
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
/// Why `SSL_CERT_FILE` cannot be used.
pub(crate) fn trust(builder: ClientBuilder, server: &Server) -> Result<ClientBuilder, Message> {
    // Fails if a provider was installed before, which serves as well.
    let _ = ring::default_provider().install_default();
    if !server.is_https() {
        // Nothing will be verified, so no certificate needs to be found and read.
        return Ok(builder.tls_certs_only([]));
    }
    match std::env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty()) {
        None => Ok(builder),
        Some(path) => Ok(builder.tls_backend_preconfigured(trusting_only(Path::new(&path))?)),
    }
}

fn trusting_only(path: &Path) -> Result<rustls::ClientConfig, Message> {
    let unusable = |reason: String| {
        let path = path.display();
        Message::new(
            format!("`{path}`, named by SSL_CERT_FILE, cannot be used: {reason}"),
            format!("无法使用 SSL_CERT_FILE 指定的 `{path}`：{reason}"),
        )
    };
    let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    // As with the system's own bundle, one odd certificate does not spoil the others.
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok));
    if roots.is_empty() {
        return Err(unusable("it holds no PEM certificate".to_owned()));
    }
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_which_certificate_file_is_unusable() {
        let missing = trusting_only(Path::new("/没有/ca.pem")).unwrap_err();
        assert!(
            missing
                .en
                .contains("`/没有/ca.pem`, named by SSL_CERT_FILE"),
            "{}",
            missing.en
        );
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let empty = trusting_only(&here).unwrap_err();
        assert!(
            empty.en.ends_with("it holds no PEM certificate"),
            "{}",
            empty.en
        );
    }
}
