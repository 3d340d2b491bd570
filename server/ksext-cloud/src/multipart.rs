//! The multipart bodies of the two uploads, byte for byte as ksbuilder frames them (`pkg/cloud/cloud.go`, Go's `mime/multipart`).
//! Written here because the HTTP library's own encoder names parts, quotes file names and reports progress differently.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

/// How many bytes are handed to the connection at a time; the grain in which progress shows.
const PIECE: usize = 64 * 1024;

/// A form under construction.
pub(crate) struct Form {
    boundary: String,
    pieces: VecDeque<Bytes>,
    /// Of the files alone, in bytes.
    files: u64,
}

impl Form {
    pub(crate) fn new() -> Self {
        Self {
            boundary: boundary(),
            pieces: VecDeque::new(),
            files: 0,
        }
    }

    /// Adds a file part.
    pub(crate) fn file(&mut self, name: &str, file_name: &str, bytes: Vec<u8>) {
        self.files += bytes.len() as u64;
        let file_name = escape(file_name);
        self.part(
            &format!("name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream"),
            bytes,
        );
    }

    /// Adds a text part.
    pub(crate) fn text(&mut self, name: &str, text: String) {
        self.part(&format!("name=\"{name}\""), text.into_bytes());
    }

    fn part(&mut self, head: &str, bytes: Vec<u8>) {
        let line_end = if self.pieces.is_empty() { "" } else { "\r\n" };
        let head = format!(
            "{line_end}--{}\r\nContent-Disposition: form-data; {head}\r\n\r\n",
            self.boundary
        );
        self.pieces.push_back(head.into());
        self.pieces.push_back(bytes.into());
    }

    /// How many bytes its files hold together.
    pub(crate) fn files_size(&self) -> u64 {
        self.files
    }

    /// The value of the `Content-Type` header and the body that belongs to it. Can be had again for
    /// another try; the files are not copied.
    pub(crate) fn finish(&self) -> (String, Body) {
        let end = format!("\r\n--{}--\r\n", self.boundary);
        let mut pieces = self.pieces.clone();
        pieces.push_back(end.into());
        let content_type = format!("multipart/form-data; boundary={}", self.boundary);
        let body = Body {
            pieces,
            handed_over: Arc::default(),
        };
        (content_type, body)
    }
}

/// Sixty hexadecimal digits that no content foresees: the standard hasher's keys are random.
fn boundary() -> String {
    let mut text: String = (0..4)
        .map(|round| format!("{:016x}", RandomState::new().hash_one(round)))
        .collect();
    text.truncate(60);
    text
}

/// Go's quoting of a file name: UTF-8 stays raw.
fn escape(file_name: &str) -> String {
    file_name
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A request body of known length that counts what the connection has taken.
pub(crate) struct Body {
    pieces: VecDeque<Bytes>,
    handed_over: Arc<AtomicU64>,
}

impl Body {
    /// The count of bytes taken so far, for a watcher outside the request.
    pub(crate) fn progress(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.handed_over)
    }

    fn remaining(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.len() as u64).sum()
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(mut first) = self.pieces.pop_front() else {
            return Poll::Ready(None);
        };
        if first.len() > PIECE {
            self.pieces.push_front(first.split_off(PIECE));
        }
        self.handed_over
            .fetch_add(first.len() as u64, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(first))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    // Exact, so that the request carries `Content-Length` and is not chunked.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body::Body as _;

    fn drain(mut body: Body) -> Vec<u8> {
        let mut all = Vec::new();
        let mut cx = Context::from_waker(std::task::Waker::noop());
        while let Poll::Ready(Some(Ok(frame))) = Pin::new(&mut body).poll_frame(&mut cx) {
            let piece = frame.into_data().unwrap();
            assert!(piece.len() <= PIECE);
            all.extend_from_slice(&piece);
        }
        all
    }

    #[test]
    fn frames_as_go_does() {
        let mut form = Form::new();
        form.file("file1", "标\"志\\.svg\r\n", b"<svg/>\n".to_vec());
        form.text("file1_path", "/u-100/demo/1.0.0/logo.svg".to_owned());
        let (content_type, body) = form.finish();
        let boundary = content_type
            .strip_prefix("multipart/form-data; boundary=")
            .unwrap();
        assert!(boundary.len() == 60 && boundary.bytes().all(|b| b.is_ascii_hexdigit()));
        let expected = [
            "--B",
            "Content-Disposition: form-data; name=\"file1\"; filename=\"标\\\"志\\\\.svg%0D%0A\"",
            "Content-Type: application/octet-stream",
            "",
            "<svg/>\n",
            "--B",
            "Content-Disposition: form-data; name=\"file1_path\"",
            "",
            "/u-100/demo/1.0.0/logo.svg",
            "--B--",
            "",
        ]
        .join("\r\n")
        .replace("--B", &format!("--{boundary}"));
        assert_eq!(body.size_hint().exact(), Some(expected.len() as u64));
        assert_eq!(String::from_utf8(drain(body)).unwrap(), expected);
    }

    #[test]
    fn hands_over_big_files_in_pieces() {
        let mut form = Form::new();
        form.file(
            "extension_package",
            "demo-1.0.0.tgz",
            vec![7; 3 * PIECE + 1],
        );
        let (_, body) = form.finish();
        let (progress, length) = (body.progress(), body.size_hint().exact());
        assert_eq!(progress.load(Ordering::Relaxed), 0);
        assert_eq!(Some(drain(body).len() as u64), length);
        assert_eq!(Some(progress.load(Ordering::Relaxed)), length);
    }

    #[test]
    fn boundaries_differ() {
        assert_ne!(boundary(), boundary());
    }
}
