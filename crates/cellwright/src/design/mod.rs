//! The design file: what a user writes, read into plain data or refused with place, reason and hint.
//!
//! [`Design::parse`] turns TOML text into a [`Design`]: SI numbers, each with its place in the file. It knows no material and runs no
//! physics; [`roles::assign`] settles what each film is for once the classes of the materials are known. Every key it accepts is in
//! [`schema`], from the same table.
//!
//! ```
//! use cellwright::design::Design;
//! let text = include_str!("../../../../examples/01-thin-film/design.toml");
//! let (design, warnings) = Design::parse("design.toml", text).expect("the shipped example is right");
//! assert_eq!(design.films.len(), 7);
//! assert!(warnings.is_empty());
//! ```

mod ageing;
mod ageing_keys;
mod checks;
mod document;
mod forms;
mod keys;
pub mod laminated;
mod library;
mod lists;
mod masks;
mod numbers;
mod parse;
mod plan;
mod process_keys;
mod protocol;
mod reader;
pub mod roles;
mod schema;
mod sections;
mod steps;
mod template;
#[cfg(test)]
mod tests;
mod write;

pub use ageing::Ageing;
pub use document::{
    Architecture, Cell, Design, Film, Footprint, MaskFile, Model, ModelKind, NamedRate, Package, Porous, ProtocolSection, RateSeries,
    Spanned, Structure, Thermal,
};
pub use forms::{architectures, template_text};
pub use schema::schema;
pub use template::FilmChange;
pub use write::{write_custom, write_template};
