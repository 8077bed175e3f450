//! Meshes of bodies of revolution: rings between radii and heights.

use super::class::Class;
use super::complex::Meshed;
use super::grid::Grid;
use super::report::MeshError;
use super::tensor::{Frame, TensorOptions, tensor};
use crate::tape::RegionId;

/// The mesh of a body of revolution, all around.
///
/// `body` tells the body and its class at a radius and a height. The first radius is the axis (0) or the inner end.
///
/// # Equation
/// See [`super::tensor`]: a coaxial film of height `H` between the radii `a` and `b` conducts `2 π κ H / ln(b/a)` exactly on any lines.
///
/// # Validity
/// Distances are those of `ln r`. At the axis itself, where the flux is small, the first face is 9 % too resistive for a potential that
/// goes with `r²` on even radii, and right for the same in the limit of many rings.
///
/// # Errors
/// As [`tensor`].
///
/// # Verification
/// `tests/mesh_tensor.rs`
pub fn axial(
    radii: Vec<f64>,
    heights: Vec<f64>,
    body: impl Fn(f64, f64) -> (RegionId, Class),
    options: TensorOptions,
) -> Result<Meshed, MeshError> {
    let grid = Grid {
        lines: [radii, vec![0.0, std::f64::consts::TAU], heights],
    };
    let options = TensorOptions {
        frame: Frame::Axial,
        ..options
    };
    tensor(&grid, |p| body(p[0], p[2]), options)
}
