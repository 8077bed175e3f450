//! Control volumes and faces: all that the assembly of conservation laws needs to know of a geometry.
//!
//! Two-point fluxes only. A face between the volumes `a` and `b` carries its area and the two distances from the volume
//! centres to the face, so that a coefficient that jumps at the face is taken as two half-cells in series:
//! `T = A / (d_a/κ_a + d_b/κ_b)`, second order in the spacing also across material changes. Where the solution is singular (the edge of
//! an electrode), the distances of the faces beside it carry the correction.
//!
//! Films thinner than the volumes are not meshed: the interface between electrolyte and electrode is an outer face that carries the
//! thickness of the film behind it and its true volume.

mod axial;
mod bus;
mod class;
mod complex;
mod copies;
pub mod edges;
mod extruded;
mod films;
mod grading;
mod grid;
mod ladder;
mod lines;
mod mixed;
mod nearest;
mod report;
mod sets;
mod sheets;
mod stack;
mod tensor;

use crate::vector::Vector;

pub use axial::axial;
pub use bus::{Bus, on_bus};
pub use class::{Class, Classes, Side};
pub use complex::Meshed;
pub use extruded::extruded;
pub use grading::{Graded, GradingOptions, grading};
pub use grid::{Cell, Grid};
pub use ladder::ladder;
pub use lines::{Growth, Stop, graded};
pub use mixed::{MixedOptions, mixed};
pub use report::{Finding, MeshError, MeshReport};
pub use sheets::{Edge, Sheet, sheets};
pub use stack::{Segment, Spacing, stack};
pub use tensor::{Frame, TensorOptions, tensor};

/// Region of volumes inside the negative electrode.
pub const NEGATIVE: usize = 0;
/// Region of volumes of electrolyte alone.
pub const ELECTROLYTE: usize = 1;
/// Region of volumes inside the positive electrode.
pub const POSITIVE: usize = 2;
/// Region of volumes of metal that joins the negative electrode to its terminal.
pub const NEGATIVE_COLLECTOR: usize = 3;
/// Region of volumes of metal that joins the positive electrode to its terminal.
pub const POSITIVE_COLLECTOR: usize = 4;

/// Face between two control volumes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// The volumes on both sides; positive fluxes go from the first to the second.
    pub cells: [usize; 2],
    /// Area, m².
    pub area: f64,
    /// Distances from the two volume centres to the face, m.
    pub distance: [f64; 2],
}

/// The film behind an outer face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Film {
    /// Thickness along the normal, m.
    pub thickness: f64,
    /// True volume of the film that belongs to the face over area times thickness: below 1 around a convex edge, above in a hollow.
    pub fullness: f64,
}

/// Face on the outside of the mesh: electrolyte against an electrode that is not meshed, or a porous electrode against its collector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundaryFace {
    /// The volume inside.
    pub cell: usize,
    /// Area, m².
    pub area: f64,
    /// Distance from the volume centre to the face, m. In a volume that is cut by the face the centre may lie behind it: then it is
    /// negative.
    pub distance: f64,
    /// The electrode film behind it, where the mesh knows better than the description of the cell.
    pub film: Option<Film>,
    /// The volume of metal that its electrons come from; `None` for the terminal itself.
    pub supply: Option<usize>,
    /// Middle of the face.
    pub place: Vector,
}

impl BoundaryFace {
    /// A face of a stack on its terminal.
    pub fn flat(cell: usize, area: f64, distance: f64) -> BoundaryFace {
        BoundaryFace {
            cell,
            area,
            distance,
            film: None,
            supply: None,
            place: [0.0; 3],
        }
    }
}

/// Finite-volume complex of any dimension. Geometry and connectivity only: unknowns live in the model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mesh {
    /// Volume of each control volume, m³.
    pub volumes: Vec<f64>,
    /// Region of each control volume: [`NEGATIVE`], [`ELECTROLYTE`], [`POSITIVE`] or a collector.
    pub regions: Vec<usize>,
    /// Distance of each centre from the negative side, m (for profiles of stacks).
    pub position: Vec<f64>,
    /// The box that each control volume lies in, low and high corner, m; empty for stacks. A volume that a surface cuts off fills its box in part.
    pub boxes: Vec<[Vector; 2]>,
    /// Faces between volumes.
    pub faces: Vec<Face>,
    /// Faces between electrolyte (first) and volumes of a dense electrode (second), where the reaction is.
    pub interfaces: Vec<Face>,
    /// Outer faces towards the negative terminal.
    pub negative: Vec<BoundaryFace>,
    /// Outer faces towards the positive terminal.
    pub positive: Vec<BoundaryFace>,
}

impl Mesh {
    /// Number of control volumes.
    pub fn n_cells(&self) -> usize {
        self.volumes.len()
    }

    /// True when face `f` joins the volumes `f` and `f + 1`: the matrix is block-tridiagonal.
    pub fn is_chain(&self) -> bool {
        self.faces.len() + 1 == self.n_cells()
            && self.interfaces.is_empty()
            && self.faces.iter().enumerate().all(|(f, face)| face.cells == [f, f + 1])
    }
}
