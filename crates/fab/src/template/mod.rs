//! Architectures: each is a table of a few dimensions and films that expands into masks plus a process flow.

use crate::plan::Plan;
use cellwright_base::units::Dimension;
use cellwright_device::Role;

/// One dimension of an architecture that a user may set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Key in the design file, such as `pillar_diameter`.
    pub name: &'static str,
    /// Meaning and effect, one sentence.
    pub doc: &'static str,
    /// Its dimension; a count is dimensionless and whole.
    pub dimension: Dimension,
    /// Smallest and largest value accepted, SI.
    pub bounds: (f64, f64),
    /// Value when left out, SI.
    pub default: f64,
    /// How the default is written, with unit.
    pub shown: &'static str,
    /// True for whole numbers.
    pub whole: bool,
}

/// One film, print or body of an architecture, with what it is made of when the user says nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// Name of the `[[film]]` that changes it.
    pub name: &'static str,
    /// What it is for; fixed by the architecture.
    pub role: Role,
    /// Default material.
    pub material: &'static str,
    /// Default technique.
    pub technique: &'static str,
    /// Default thickness on an open surface, m. NaN where the geometry of the template decides it.
    pub thickness: f64,
}

/// An architecture.
#[derive(Clone, Copy)]
pub struct Template {
    /// Word in the design file: `architecture = "coaxial-pillars"`; also the name of its table.
    pub name: &'static str,
    /// Title in words.
    pub title: &'static str,
    /// What it is, two sentences, with the literature it follows.
    pub doc: &'static str,
    /// Its dimensions.
    pub parameters: &'static [Parameter],
    /// Its films from the substrate up; the first is the substrate.
    pub films: &'static [Slot],
    /// Masks and steps for these values.
    pub expand: fn(&Values) -> Result<Plan, Misfit>,
}

/// What the user chose, completed with the defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// Title of the design.
    pub name: String,
    /// Width and depth of the die, m.
    pub die: [f64; 2],
    /// Value of each parameter, in the order of [`Template::parameters`], SI.
    pub parameters: Vec<(&'static str, f64)>,
    /// One per slot, in order.
    pub films: Vec<Film>,
}

/// A film as chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Film {
    /// Name of the slot.
    pub name: &'static str,
    /// Material in the library.
    pub material: String,
    /// Technique.
    pub technique: String,
    /// Thickness, m.
    pub thickness: f64,
}

/// Dimensions that cannot stand together, although each is within its bounds.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Misfit {
    /// Name of the parameter (or film) to change.
    pub parameter: &'static str,
    /// What does not fit, with both numbers.
    pub message: String,
    /// What would.
    pub hint: String,
}

/// Every architecture.
pub static TEMPLATES: &[Template] = &[];

/// The architecture with this name.
pub fn find(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|t| t.name == name)
}
