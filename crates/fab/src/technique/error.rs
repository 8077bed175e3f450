//! What can go wrong with a technique: an unknown name, a number out of range, a fault in the data.

use cellwright_base::diagnostic::{ErrorKind, Place};

/// A failure of this module.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TechniqueError {
    /// A name that is not in the library.
    #[error("unknown technique `{name}`{}", suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    Unknown {
        /// Name that was asked for.
        name: String,
        /// Nearest known name.
        suggestion: Option<String>,
    },
    /// The library has no such value for a technique.
    #[error("{technique} has no usual {value}: give it in the recipe")]
    Missing {
        /// The technique.
        technique: String,
        /// What is missing, in words.
        value: &'static str,
    },
    /// A number that is not allowed.
    #[error("{what} is {found}; allowed: {allowed}")]
    OutOfRange {
        /// Which.
        what: &'static str,
        /// What was found, SI.
        found: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A table of thicknesses that does not fit its axes, or rises with depth.
    #[error("table of thicknesses: {fault}")]
    Table {
        /// What is wrong and where.
        fault: String,
    },
    /// The coverage of a channel did not settle.
    #[error("coverage of the channel: Newton's method did not settle in {steps} steps; last change {change} of the dose")]
    NotConverged {
        /// Steps taken.
        steps: usize,
        /// Last relative change.
        change: f64,
    },
    /// A library file that cannot be used.
    #[error("{}:{}:{}: {message}", place.file, place.line, place.column)]
    Data {
        /// Where.
        place: Place,
        /// What was found, what is allowed, and the nearest word.
        message: String,
    },
}

impl TechniqueError {
    /// Kind, for the exit code.
    pub fn kind(&self) -> ErrorKind {
        match self {
            TechniqueError::Unknown { .. } | TechniqueError::Missing { .. } | TechniqueError::Data { .. } => ErrorKind::Input,
            TechniqueError::OutOfRange { .. } | TechniqueError::Table { .. } => ErrorKind::OutOfRange,
            TechniqueError::NotConverged { .. } => ErrorKind::NotConverged,
        }
    }
}

/// Passes if `ok`; the error says what was found and what is allowed.
pub(super) fn check(what: &'static str, found: f64, ok: bool, allowed: &'static str) -> Result<(), TechniqueError> {
    if ok {
        Ok(())
    } else {
        Err(TechniqueError::OutOfRange { what, found, allowed })
    }
}

/// Passes finite numbers of at least zero.
pub(super) fn check_not_negative(what: &'static str, found: f64) -> Result<(), TechniqueError> {
    check(what, found, found.is_finite() && found >= 0.0, "finite, at least 0")
}

/// Passes finite numbers above zero.
pub(super) fn check_positive(what: &'static str, found: f64) -> Result<(), TechniqueError> {
    check(what, found, found.is_finite() && found > 0.0, "finite, above 0")
}
