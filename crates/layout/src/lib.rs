//! Masks: polygons on numbered layers in a hierarchy of cells, read from and written to the files that a mask shop takes.

mod box_tree;
mod error;
mod flatten;
mod hierarchy;
mod outline;
mod placement;

pub mod boolean;
pub mod gdsii;
pub mod oasis;
pub mod rings;
pub mod rules;

pub use error::LayoutError;
pub use hierarchy::{Bounds, Cell, CellId, Layer, Layout, Path, PathEnd, Point, Polygons, Reference};
pub use outline::path_outline;
pub use placement::{Placement, Repetition};
