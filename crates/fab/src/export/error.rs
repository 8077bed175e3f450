//! What can be wrong with a picture or file that was asked for.

use cellwright_base::diagnostic::ErrorKind;

/// Why a file could not be made or read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ExportError {
    /// A setting outside of its range.
    #[error("{what} is {found:e} {unit}, allowed is {allowed}; {hint}")]
    Setting {
        /// Name of the setting.
        what: &'static str,
        /// The value, in `unit`.
        found: f64,
        /// Its unit.
        unit: &'static str,
        /// The range in words.
        allowed: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// A sampling grid without cells, or too large to hold.
    #[error(
        "the sampling grid has {found:?} cells, allowed is at least 1 in each direction and {allowed} in total; choose a coarser spacing"
    )]
    Grid {
        /// Cells in each direction.
        found: Vec<usize>,
        /// Most cells in total.
        allowed: usize,
    },
    /// A box that is empty, inverted or not finite.
    #[error("the box of the picture reaches from {from:?} m to {to:?} m; each end has to be finite and beyond its start")]
    Box {
        /// Start.
        from: Vec<f64>,
        /// End.
        to: Vec<f64>,
    },
    /// A coordinate that is not a number.
    #[error("{what} {index} has the coordinate {found} m; only finite numbers can be written")]
    NotFinite {
        /// Kind of the item.
        what: &'static str,
        /// Which one, counted from 0.
        index: usize,
        /// The coordinate.
        found: f64,
    },
    /// A corner that refers to a point that does not exist.
    #[error("{what} {index} refers to point {found}, but there are {points} points, counted from 0")]
    Index {
        /// Kind of the item.
        what: &'static str,
        /// Which one, counted from 0.
        index: usize,
        /// The number of the point.
        found: u32,
        /// How many points there are.
        points: usize,
    },
    /// A region without an entry in the palette.
    #[error("region {found} has no entry in the palette of {allowed} regions")]
    Region {
        /// The region.
        found: usize,
        /// Length of the palette.
        allowed: usize,
    },
    /// More data than the file format can count.
    #[error("{what} needs {found} bytes, the format holds {allowed} at most; choose a coarser spacing or write regions apart")]
    TooLarge {
        /// The file format.
        what: &'static str,
        /// Bytes needed.
        found: u64,
        /// Bytes allowed.
        allowed: u64,
    },
    /// A line of a program that cannot be read.
    #[error("line {line}: found `{found}`, expected {expected}")]
    Gcode {
        /// Line, counted from 1.
        line: usize,
        /// The word found.
        found: String,
        /// What is understood there.
        expected: &'static str,
    },
    /// The sink refused the bytes.
    #[error("could not write: {0}")]
    Write(String),
}

impl ExportError {
    /// Whose fault it is: decides exit codes.
    pub fn kind(&self) -> ErrorKind {
        match self {
            ExportError::Setting { .. } | ExportError::Grid { .. } | ExportError::Box { .. } => ErrorKind::OutOfRange,
            ExportError::Gcode { .. } => ErrorKind::Input,
            ExportError::TooLarge { .. } => ErrorKind::Unsupported,
            ExportError::NotFinite { .. } | ExportError::Index { .. } | ExportError::Region { .. } => ErrorKind::Bug,
            ExportError::Write(_) => ErrorKind::Io,
        }
    }
}

impl From<std::io::Error> for ExportError {
    fn from(error: std::io::Error) -> Self {
        ExportError::Write(error.to_string())
    }
}
