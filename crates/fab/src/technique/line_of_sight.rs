//! Sputtering and evaporation without re-emission: closed forms of how much of the source an opening lets through.
//!
//! All values are relative to an open horizontal surface. A cosine source is a large target, or a gas that arrives from everywhere: the flux
//! on a surface element is the part of the sky it sees, weighted by the cosine to its normal.

/// Floor of a long trench of aspect ratio `aspect` = depth/width, in its middle: 1/sqrt(1 + 4 AR²).
///
/// # Derivation
/// The floor sees directions whose slope across the trench is below 1/(2 AR); ∫ cos ω dω/π over them is sin(atan(1/(2 AR))).
pub fn trench_floor(aspect: f64) -> f64 {
    1.0 / (1.0 + 4.0 * aspect * aspect).sqrt()
}

/// Floor of a round hole of aspect ratio `aspect` = depth/diameter, in its middle: 1/(1 + 4 AR²).
///
/// # Derivation
/// View factor of a disc seen from its axis: sin² of the half angle.
pub fn hole_floor(aspect: f64) -> f64 {
    1.0 / (1.0 + 4.0 * aspect * aspect)
}

/// Wall of a long trench at `aspect` = depth below the lip over width: (1 − cos atan(w/z))/2; one half at the lip.
///
/// # Derivation
/// View factor from a wall element to the strip of sky between straight up and the opposite lip.
pub fn trench_wall(aspect: f64) -> f64 {
    let c = aspect / (1.0 + aspect * aspect).sqrt();
    // (1 − c)/2 without cancellation, as (1 − c²)/(2 (1 + c)).
    0.5 / ((1.0 + aspect * aspect) * (1.0 + c))
}

/// Wall of a round hole at `aspect` = depth below the lip over diameter: (1 + 2 AR²)/(2 sqrt(1 + AR²)) − AR; one half at the lip.
///
/// # Derivation
/// By reciprocity from the view factor between two coaxial discs of one radius R a distance z apart, with H = z/R:
/// F = 1 + H²/2 − H sqrt(1 + H²/4). A ring of wall dz sees the opening with F_wall = −(R/2) dF/dz, H = 2 AR.
pub fn hole_wall(aspect: f64) -> f64 {
    // −½ dF/dH = ½ (sqrt(1 + H²/4) + H²/(4 sqrt(1 + H²/4)) − H), written without cancellation.
    let root = (1.0 + aspect * aspect).sqrt();
    0.5 / (root * (root + aspect) * (root + aspect))
}

/// Lit floor under a parallel beam tilted by `tilt` (rad) from the vertical, per flux across the beam: cos tilt.
pub fn beam_floor(tilt: f64) -> f64 {
    tilt.cos()
}

/// Lit wall that faces a parallel beam tilted by `tilt` (rad), per flux across the beam: sin tilt; nothing for a vertical beam.
pub fn beam_wall(tilt: f64) -> f64 {
    tilt.sin()
}

/// Length of the shadow that an edge of height `height` (m) throws under a beam tilted by `tilt` (rad), m: h tan tilt.
pub fn shadow_length(height: f64, tilt: f64) -> f64 {
    height * tilt.tan()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn step_coverage_table() {
        // Aspect ratio, trench floor, hole floor, trench wall; printed with three digits.
        for (ar, trench, hole, wall) in [
            (0.5, 0.707, 0.500, 0.276),
            (1.0, 0.447, 0.200, 0.146),
            (2.0, 0.243, 0.0588, 0.0528),
            (5.0, 0.0995, 0.0099, 0.0097),
            (10.0, 0.0499, 0.0025, 0.0025),
        ] {
            for (x, y) in [(trench_floor(ar), trench), (hole_floor(ar), hole), (trench_wall(ar), wall)] {
                assert!((x / y - 1.0).abs() < 0.01, "{ar}: {x} {y}");
            }
        }
        assert_eq!((trench_wall(0.0), hole_wall(0.0)), (0.5, 0.5));
    }

    #[test]
    fn what_enters_a_trench_or_hole_lands_somewhere() {
        // Everything through the opening lands on walls and floor: the mean over the floor follows from the walls. The mean is below the middle.
        let n = 20_000;
        for ar in [0.3, 1.0, 4.0] {
            let mean = |f: fn(f64) -> f64| (0..n).map(|i| f(ar * (f64::from(i) + 0.5) / f64::from(n))).sum::<f64>() / f64::from(n);
            // Trench: two walls of depth AR per width; the strip-to-strip view factor is sqrt(1 + AR²) − AR.
            let floor = 1.0 - 2.0 * ar * mean(trench_wall);
            assert!((floor - ((1.0 + ar * ar).sqrt() - ar)).abs() < 1e-8, "{ar}");
            // Hole: wall area over opening is 4 AR; disc-to-disc factor with H = 2 AR.
            let floor = 1.0 - 4.0 * ar * mean(hole_wall);
            let h = 2.0 * ar;
            assert!((floor - (1.0 + h * h / 2.0 - h * (1.0 + h * h / 4.0).sqrt())).abs() < 1e-8, "{ar}");
            assert!(floor < hole_floor(ar));
        }
    }

    #[test]
    fn beams() {
        let a = 30f64.to_radians();
        assert!((beam_wall(a) - 0.5).abs() < 1e-15 && beam_wall(0.0) == 0.0);
        assert!((shadow_length(10e-6, a) / (10e-6 / 3f64.sqrt()) - 1.0).abs() < 1e-14);
        assert!((beam_floor(a).powi(2) + beam_wall(a).powi(2) - 1.0).abs() < 1e-15);
    }
}
