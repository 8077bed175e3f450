//! Edges of electrodes: where the current density is singular, the faces beside the edge conduct more than two points tell.
//!
//! # Equation
//! Flat edge between electrode and insulator: the potential is `Re √(x + iy)`; edge of an electrode that electrolyte surrounds over 270
//! degrees: `r^(2/3) sin(2ψ/3)`. A face conducts the exact flux of that potential through it over the difference at the centres on both
//! sides. The factor over the plain two-point value is taken to the power `β = 1 / (1 + 3 κR/d)` where the electrode has an interface
//! resistance `R` (`d`: size of the volume at the edge).
//!
//! # Validity
//! Square volumes at the edge: 1.554 on two faces, 1.260 on four. The exponent is an empirical fit: 0.2 % of the conductance for
//! `κR/d < 0.06` at `d` = 0.02 of the half pitch, up to 0.6 % between 0.3 and 3.

/// Factors of the electrode face and of the face over the edge, for a flat edge: width over the electrode, width over the insulator,
/// height of both volumes.
pub fn flat(over_electrode: f64, over_insulator: f64, height: f64) -> [f64; 2] {
    let root = |x: f64, y: f64| (0.5 * (x.hypot(y) + x)).sqrt();
    let (left, right, up) = (over_electrode, over_insulator, height);
    let here = root(-0.5 * left, 0.5 * up);
    let wall = left.sqrt() / here;
    let across = (0.5 * up).sqrt() / (root(0.5 * right, 0.5 * up) - here);
    [wall / (left / (0.5 * up)), across / (up / (0.5 * (left + right)))]
}

/// Factors for the edge of an electrode with electrolyte over 270 degrees.
///
/// The electrode fills the quadrant `x > 0, y < 0`. `x` are the widths right and left of the edge, `y` the heights above and below.
/// Returns those of the wall on top, of the face above the edge, of the face left of the edge, and of the wall on the side.
pub fn corner(x: [f64; 2], y: [f64; 2]) -> [f64; 4] {
    let potential = |x: f64, y: f64| {
        let angle = y.atan2(x);
        let turned = if angle < 0.0 { angle + std::f64::consts::TAU } else { angle };
        x.hypot(y).powf(2.0 / 3.0) * (2.0 / 3.0 * turned).sin()
    };
    let third = |v: f64| v.powf(2.0 / 3.0);
    let first = potential(0.5 * x[0], 0.5 * y[0]);
    let second = potential(-0.5 * x[1], 0.5 * y[0]);
    let last = potential(-0.5 * x[1], -0.5 * y[1]);
    [
        third(x[0]) / first / (x[0] / (0.5 * y[0])),
        0.5 * third(y[0]) / (second - first) / (y[0] / (0.5 * (x[0] + x[1]))),
        0.5 * third(x[1]) / (second - last) / (x[1] / (0.5 * (y[0] + y[1]))),
        third(y[1]) / last / (y[1] / (0.5 * x[1])),
    ]
}

/// Exponent of the factors: `resistance` is `κR`, m, and `size` that of the volume at the edge, m.
pub fn blend(resistance: f64, size: f64) -> f64 {
    1.0 / (1.0 + 3.0 * resistance.max(0.0) / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn square_volumes_have_the_known_factors() {
        assert!(flat(2.0, 2.0, 2.0).iter().all(|f| (f - 1.5538).abs() < 1e-4));
        assert!(corner([0.3; 2], [0.3; 2]).iter().all(|f| (f - 1.2599).abs() < 1e-4));
    }
}
