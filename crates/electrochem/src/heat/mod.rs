//! Heat: one temperature for the whole device, or a field on the control volumes and in the layers around them.
//!
//! # Equation
//! lumped: `C dT/dt = Q - hA (T - T_ambient)`; field: `ρc ∂T/∂t = ∇·(k∇T) + q`, on outer faces `-k ∂T/∂n = h (T - T_ambient)`. The sources
//! are in `sources.rs`, the volumes and their conductances in `grid.rs`, the rows in `field.rs`.
//!
//! # Validity
//! No heat of mixing, no thermal diffusion of salt, no thermoelectric voltage: over the differences of temperature within a microbattery
//! (millikelvins) both last are below a microvolt.
//!
//! # Source
//! Bernardi, Pawlikowski, Newman, J. Electrochem. Soc. 132 (1985) 5, <https://doi.org/10.1149/1.2113792>.
//!
//! # Verification
//! `tests/heat.rs`: exact solutions with observed order, layers in series, the lumped limit, the balance in one to three dimensions;
//! `cellwright validate heat-conduction` and `pybamm-heat-field`: the same from outside, and PyBaMM's `x-full`.

mod field;
mod grid;
mod sources;
mod temperature;

pub(crate) use field::Field;
pub use field::{HeatBalance, Spread};
pub(crate) use grid::{Grid, name};
pub(crate) use temperature::{Local, Temperature};

/// How the temperature follows from the heat released.
#[derive(Clone, Debug)]
pub enum Heat {
    /// One temperature.
    Lumped(LumpedHeat),
    /// A field.
    Conduction(Box<Conduction>),
}

/// Lumped heat balance `C dT/dt = Q - hA (T - T_ambient)`.
#[derive(Clone, Copy, Debug)]
pub struct LumpedHeat {
    /// Heat capacity of the cell, J/K.
    pub heat_capacity: f64,
    /// Heat transfer coefficient times cooled area, W/K.
    pub cooling: f64,
}

/// What conduction needs to know of a material.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conductor {
    /// Thermal conductivity k, W/(m K).
    pub conductivity: f64,
    /// Heat capacity per volume ρc, J/(m³ K).
    pub capacity: f64,
}

/// A layer outside the mesh.
#[derive(Clone, Debug, PartialEq)]
pub struct Slab {
    /// Its name, for reports.
    pub name: String,
    /// Thickness, m.
    pub thickness: f64,
    /// Area, m².
    pub area: f64,
    /// Material.
    pub material: Conductor,
}

/// Exchange of heat with the surroundings through one outer face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cooling {
    /// Heat transfer coefficient h, W/(m² K).
    pub coefficient: f64,
    /// Area, m².
    pub area: f64,
}

/// Conduction through the mesh and the layers around it.
///
/// In a stack the two sides are those of the negative and the positive electrode, and electrodes that are not meshed are the first layers
/// there. Between the sheets of collectors it is the same with a column of layers on every piece. In any other mesh the sides are below and
/// above, and each layer there has one temperature.
#[derive(Clone, Debug)]
pub struct Conduction {
    /// Materials of the regions of the mesh, in the order of their numbers: negative electrode, electrolyte, positive electrode, collectors.
    /// Those of electrodes hold also for films that are not meshed.
    pub regions: [Conductor; 5],
    /// Layers on both sides, from inside outwards.
    pub outside: [Vec<Slab>; 2],
    /// Heat capacity of what belongs to each electrode and is neither meshed nor a layer, J/K; not used in stacks.
    pub bodies: [f64; 2],
    /// Cooling of both sides.
    pub cooling: [Cooling; 2],
}
