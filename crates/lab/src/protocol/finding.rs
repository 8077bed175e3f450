//! Where in the text of a protocol something was found, so that a caller can move the caret into the file the text came from.

use std::ops::Range;

use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};

/// One error or warning about a protocol, with its place in the text it was read from.
///
/// `diagnostic.place` already points into the step alone (file name `protocol step N`); [`Finding::placed`] moves it into a design file.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The message.
    pub diagnostic: Diagnostic,
    /// Which text line of the protocol, from 0; nested tables are counted in reading order (see [`super::StepText::lines`]).
    pub item: usize,
    /// Byte range within that line.
    pub span: Range<usize>,
}

impl Finding {
    pub(super) fn new(diagnostic: Diagnostic, item: usize, line: &str, span: Range<usize>) -> Finding {
        let place = Place::in_source(&format!("protocol step {}", item + 1), line, span.clone());
        Finding {
            diagnostic: diagnostic.at(place),
            item,
            span,
        }
    }

    /// The diagnostic with its caret moved into `source`, a file named `file` in which the text of this line starts at byte `start`.
    ///
    /// Exact as long as the text stands there without escape sequences, which is how people write protocols.
    pub fn placed(&self, file: &str, source: &str, start: usize) -> Diagnostic {
        self.diagnostic
            .clone()
            .at(Place::in_source(file, source, start + self.span.start..start + self.span.end))
    }
}

impl From<Finding> for Diagnostic {
    fn from(finding: Finding) -> Diagnostic {
        finding.diagnostic
    }
}

/// Why a protocol could not be read: every faulty line contributes its first error.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", first_message(.findings))]
pub struct ProtocolError {
    /// The errors, in reading order; never empty.
    pub findings: Vec<Finding>,
}

impl ProtocolError {
    /// Kind of the first error, for the exit code.
    pub fn kind(&self) -> ErrorKind {
        self.findings.first().map_or(ErrorKind::Input, |f| f.diagnostic.kind)
    }
}

fn first_message(findings: &[Finding]) -> String {
    findings.iter().map(|f| f.diagnostic.to_string()).collect::<Vec<_>>().join("\n\n")
}
