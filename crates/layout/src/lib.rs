//! Masks: polygons on numbered layers in a hierarchy of cells, read from and written to the files that a mask shop takes.
//!
//! A [`Layout`] holds [`Cell`]s; a cell holds [`Polygons`], [`Path`]s and [`Reference`]s to other cells, single or as
//! regular arrays. Coordinates are whole numbers of the database unit, 1 nm unless told otherwise.
//!
//! | to do | function |
//! |---|---|
//! | read and write GDSII | [`gdsii::read`], [`gdsii::write`] |
//! | write OASIS | [`oasis::write`] |
//! | every polygon as it stands on the chip, or in a window | [`Layout::visit`], [`Layout::flatten`] |
//! | union, intersection, difference, growing, shrinking | [`boolean`] |
//! | area, perimeter, metres, holes as slits | [`rings`] |
//! | least width, space, enclosure, overlap, area | [`rules`] |
//!
//! A wafer of pillars, written, read again and checked:
//!
//! ```
//! use cellwright_layout::{Cell, Layer, Layout, Placement, Reference, Repetition, boolean, gdsii, rules};
//!
//! # fn main() -> Result<(), cellwright_layout::LayoutError> {
//! let layer = Layer { number: 1, datatype: 0 };
//! let mut layout = Layout::new("pillars");
//! let mut pillar = Cell::new("pillar");
//! pillar.polygons.push_rectangle(layer, [-5_000, -5_000], [5_000, 5_000]);
//! let pillar = layout.add(pillar);
//! let mut chip = Cell::new("chip");
//! chip.references.push(Reference {
//!     cell: pillar,
//!     placement: Placement::at([0, 0]),
//!     repetition: Some(Repetition::grid(30, 20, [20_000, 0], [0, 20_000])),
//! });
//! let chip = layout.add(chip);
//!
//! let mut bytes = vec![];
//! gdsii::write(&layout, &gdsii::WriteOptions::default(), &mut bytes)?;
//! let reading = gdsii::read(bytes.as_slice())?;
//! assert_eq!(reading.layout, layout);
//! assert!(bytes.len() < 500);
//!
//! let pillars = boolean::merged(&layout.flatten(chip, layer, None)?);
//! assert_eq!(pillars.len(), 600);
//! // A film of 4 um on every wall leaves gaps of 2 um: too narrow for a rule of 2.5 um.
//! let coated = boolean::sized(&pillars, 4_000);
//! let places = rules::worst_places(&coated, rules::Rule::Space, 2_500);
//! assert_eq!(places.len(), 29 * 20 + 30 * 19);
//! assert_eq!(places[0].distance, 2_000.0);
//! # Ok(())
//! # }
//! ```
//!
//! What it does not do: texts and properties of GDSII files are counted and dropped, OASIS is written but not read, and
//! nothing here knows what a mask is for.

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
