//! What can be wrong with what is asked.

use cellwright_base::diagnostic::ErrorKind;

/// A question that has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MechanicsError {
    /// A value that no material or body can have.
    #[error("{quantity} is {found:e}; allowed is {allowed}")]
    OutOfRange {
        /// What it is.
        quantity: &'static str,
        /// The value, SI.
        found: f64,
        /// The range in words.
        allowed: &'static str,
    },
    /// Too little to work on.
    #[error("{what}: {found} given, at least {least} needed")]
    TooFew {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many are needed.
        least: usize,
    },
    /// Lists that belong together differ in length.
    #[error("{what}: {found} given for {expected}")]
    Mismatched {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many belong there.
        expected: usize,
    },
    /// An element of a section without area, or turned inside out.
    #[error("element {element} of the section has no area or is turned inside out")]
    Degenerate {
        /// Its number.
        element: usize,
    },
    /// A section that is not held, so that it can move without stress.
    #[error("the section is not held: it can move or turn without stress")]
    NotHeld,
}

impl MechanicsError {
    /// Class of the error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            MechanicsError::OutOfRange { .. } => ErrorKind::OutOfRange,
            _ => ErrorKind::Input,
        }
    }
}

/// The value if it is positive and finite.
pub(crate) fn positive(quantity: &'static str, found: f64) -> Result<f64, MechanicsError> {
    if found > 0.0 && found.is_finite() {
        return Ok(found);
    }
    let allowed = "above zero";
    Err(MechanicsError::OutOfRange { quantity, found, allowed })
}

/// The value if it is finite.
pub(crate) fn finite(quantity: &'static str, found: f64) -> Result<f64, MechanicsError> {
    if found.is_finite() {
        return Ok(found);
    }
    let allowed = "a finite number";
    Err(MechanicsError::OutOfRange { quantity, found, allowed })
}
