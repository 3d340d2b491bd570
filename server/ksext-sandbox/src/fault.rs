//! Misbehaviour on demand, so that tests see what a client does with it.

/// One misbehaviour: which requests it meets and what they get.
#[derive(Debug, Clone)]
pub struct Fault {
    /// A piece of `METHOD /path?query` that a request must contain.
    pub path_contains: String,
    /// How many such requests still get a proper answer first.
    pub skip: usize,
    /// How many requests it then meets.
    pub times: usize,
    /// What they get.
    pub answer: FaultAnswer,
}

/// What a request gets instead of its proper answer.
#[derive(Debug, Clone)]
pub enum FaultAnswer {
    /// An answer of one's own, after the request was read to its end.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Headers, as name and value.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
    /// No answer, and the request's body is not read.
    Hang,
    /// The connection is closed without an answer.
    Close,
}

impl Fault {
    /// Meets every request that contains `path_contains`.
    pub fn on(path_contains: &str, answer: FaultAnswer) -> Self {
        Self {
            path_contains: path_contains.to_owned(),
            skip: 0,
            times: usize::MAX,
            answer,
        }
    }

    /// Meets only the `n`-th such request, counting from 1.
    pub fn on_nth(path_contains: &str, n: usize, answer: FaultAnswer) -> Self {
        Self {
            skip: n.saturating_sub(1),
            times: 1,
            ..Self::on(path_contains, answer)
        }
    }

    /// Whether this request, `METHOD /path?query`, is met; counts it.
    fn meets(&mut self, request: &str) -> bool {
        if !request.contains(&self.path_contains) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        let met = self.times > 0;
        self.times = self.times.saturating_sub(1);
        met
    }
}

/// The misbehaviour that meets `request`, `METHOD /path?query`: that of the first fault that does.
pub(crate) fn met(faults: &mut [Fault], request: &str) -> Option<FaultAnswer> {
    let fault = faults
        .iter_mut()
        .find_map(|fault| fault.meets(request).then_some(fault));
    fault.map(|fault| fault.answer.clone())
}

impl FaultAnswer {
    /// A JSON answer.
    pub fn json(status: u16, body: &str) -> Self {
        Self::with_header(status, "content-type", "application/json", body)
    }

    /// A web page, as a gateway or a network's sign-in page gives.
    pub fn html(status: u16) -> Self {
        let page = "<!DOCTYPE html>\n<html><body>Sign in to the network</body></html>";
        Self::with_header(status, "content-type", "text/html; charset=utf-8", page)
    }

    /// A redirect.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::with_header(status, "location", location, "")
    }

    /// An answer with one header.
    pub fn with_header(status: u16, name: &str, value: &str, body: &str) -> Self {
        Self::Answer {
            status,
            headers: vec![(name.to_owned(), value.to_owned())],
            body: body.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meets_the_nth_request_of_an_endpoint_and_no_other() {
        let mut faults = [
            Fault::on_nth("POST /a", 2, FaultAnswer::Hang),
            Fault::on("GET /b", FaultAnswer::Close),
        ];
        let mut answer =
            |request: &str| met(&mut faults, request).map(|answer| format!("{answer:?}"));
        for (request, expected) in [
            ("POST /a", None),
            ("GET /a", None),
            ("POST /a?x", Some("Hang")),
            ("POST /a", None),
            ("GET /b", Some("Close")),
            ("GET /b", Some("Close")),
        ] {
            assert_eq!(answer(request).as_deref(), expected, "{request}");
        }
    }
}
