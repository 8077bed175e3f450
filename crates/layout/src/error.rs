//! What can be wrong with a layout or with the file it comes from.

use thiserror::Error;

/// A layout cannot be read, written or used.
#[derive(Debug, Error)]
pub enum LayoutError {
    /// A GDSII file breaks the stream format.
    #[error("GDSII byte {offset}, record {record}: found {found}; allowed: {allowed}")]
    Gdsii {
        /// Byte at which the offending record starts.
        offset: u64,
        /// Name of the record.
        record: String,
        /// What stands there.
        found: String,
        /// What may stand there.
        allowed: String,
    },
    /// A reference names a cell that does not exist.
    #[error("cell {cell:?} refers to a missing cell: found {found}; allowed: a cell of the same layout")]
    MissingCell {
        /// Cell that holds the reference.
        cell: String,
        /// What it refers to.
        found: String,
    },
    /// Cells contain each other in a circle.
    #[error("cells contain each other: {}; allowed: a hierarchy without circle", chain.join(" > "))]
    Recursion {
        /// Names of the cells, the first one repeated at the end.
        chain: Vec<String>,
    },
    /// Two cells share a name.
    #[error("two cells are named {name:?}; allowed: every name once")]
    DuplicateCell {
        /// The name.
        name: String,
    },
    /// A cell or library name that the file formats cannot hold.
    #[error("name {name:?} of a cell or layout; allowed: 1 to {limit} printable ASCII characters without spaces")]
    Name {
        /// The name.
        name: String,
        /// Longest name.
        limit: usize,
    },
    /// A number that the format or the geometry cannot hold.
    #[error("{quantity} in cell {cell:?}: found {found}; allowed: {allowed}")]
    Range {
        /// What the number is.
        quantity: &'static str,
        /// Cell in which it stands.
        cell: String,
        /// The number.
        found: f64,
        /// Its range.
        allowed: &'static str,
    },
    /// A polygon has too many points for one record and no exact cut was found.
    #[error(
        "polygon of {points} points in cell {cell:?}: allowed are {limit} in one GDSII record and no exact cut was found; \
         write OASIS, or draw it as several polygons"
    )]
    PolygonTooLarge {
        /// Cell in which it stands.
        cell: String,
        /// Its points.
        points: usize,
        /// Most points of one record.
        limit: usize,
    },
    /// Reading or writing bytes failed.
    #[error("input or output failed: {0}")]
    Io(#[from] std::io::Error),
}

impl LayoutError {
    /// Kind, for exit codes and callers that react differently.
    pub fn kind(&self) -> cellwright_base::diagnostic::ErrorKind {
        use cellwright_base::diagnostic::ErrorKind;
        match self {
            LayoutError::Gdsii { .. }
            | LayoutError::MissingCell { .. }
            | LayoutError::Recursion { .. }
            | LayoutError::DuplicateCell { .. }
            | LayoutError::Name { .. } => ErrorKind::Input,
            LayoutError::Range { .. } => ErrorKind::OutOfRange,
            LayoutError::PolygonTooLarge { .. } => ErrorKind::Unsupported,
            LayoutError::Io(_) => ErrorKind::Io,
        }
    }
}
