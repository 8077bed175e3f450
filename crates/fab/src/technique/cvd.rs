//! Chemical vapour deposition in a channel: sticking against Knudsen diffusion.

use super::channel::Channel;

/// Square of the Thiele modulus, φ² = 3 s a².
///
/// # Equation
/// Balance over a slice of the void: D n″ A = (s v n/4) p with D = d v/3 and d = 4A/p gives n″ = 3 s n/d², for holes and slits alike; with
/// ζ = z/L that is n″ = φ² n.
///
/// # Validity
/// Free molecular flow, sticking well below one; reaction of first order. `sticking` is the probability per wall collision.
pub fn thiele_squared(sticking: f64, a: f64) -> f64 {
    3.0 * sticking * a * a
}

/// Growth rate at depth `depth` (m) of the channel over that at the open surface.
///
/// # Equation
/// (cosh φ(1 − ζ) + β sinh φ(1 − ζ))/(cosh φ + β sinh φ), ζ = z/L; the bottom reacts like the wall: β = ¾ s a/φ = sqrt(3 s)/4.
/// Without the bottom (β = 0) it is the textbook profile cosh φ(1 − ζ)/cosh φ.
///
/// # Validity
/// The density at the mouth is that of the open surface. Depths outside the channel take the value at its nearer end.
///
/// # Source
/// Thiele, Ind. Eng. Chem. 31 (1939) 916, doi:10.1021/ie50355a027, with the Knudsen coefficient of the derivation above.
///
/// # Verification
/// `the_profile_solves_its_equation`, `no_sticking_is_conformal`.
pub fn relative_growth(sticking: f64, channel: &Channel, depth: f64) -> f64 {
    let s = sticking.clamp(0.0, 1.0);
    let phi = thiele_squared(s, channel.a).sqrt();
    let beta = (3.0 * s).sqrt() / 4.0;
    let y = phi * (1.0 - (depth / channel.depth).clamp(0.0, 1.0));
    // Divided by exp(φ) so that deep channels do not overflow.
    let scaled = |x: f64| 0.5 * ((x - phi).exp() * (1.0 + beta) + (-x - phi).exp() * (1.0 - beta));
    scaled(y) / scaled(phi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sticking_is_conformal() {
        let c = Channel::trench(50e-6, 1e-6);
        for z in [0.0, 25e-6, 50e-6] {
            assert!((relative_growth(0.0, &c, z) - 1.0).abs() < 1e-15);
            assert!((relative_growth(1e-9, &c, z) - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn the_profile_solves_its_equation() {
        let (s, c) = (0.01, Channel::hole(20e-6, 1e-6));
        let d = c.hydraulic_diameter();
        let f = |z| relative_growth(s, &c, z);
        let h = 20e-6 / 1e3;
        for i in 1..10 {
            let z = 20e-6 * f64::from(i) / 10.0 - h;
            let second = (f(z + h) - 2.0 * f(z) + f(z - h)) / (h * h);
            assert!((second * d * d / (3.0 * s * f(z)) - 1.0).abs() < 1e-4, "{z}");
        }
        // Flux into the bottom: -D n' = s v n/4.
        let slope = (f(20e-6 - 2.0 * h) - 4.0 * f(20e-6 - h) + 3.0 * f(20e-6)) / (2.0 * h);
        assert!((-slope * d / (0.75 * s * f(20e-6)) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn hole_and_slit_share_the_leading_form() {
        // φ² = (s v/4) (wall per volume)/D L². Hole: D = d v/3, wall 4/d per volume. Slit of width w: D = 2 w v/3, wall 2/w.
        let (s, l, d, w) = (0.02, 30e-6, 2e-6, 3e-6);
        let hole = (s / 4.0) * (4.0 / d) / (d / 3.0) * l * l;
        let slit = (s / 4.0) * (2.0 / w) / (2.0 * w / 3.0) * l * l;
        assert!((thiele_squared(s, Channel::hole(l, d).a) / hole - 1.0).abs() < 1e-12);
        assert!((thiele_squared(s, Channel::trench(l, w).a) / slit - 1.0).abs() < 1e-12);
    }

    #[test]
    fn strong_sticking_in_a_deep_channel_stays_finite() {
        let f = relative_growth(1.0, &Channel::hole(1.0, 1e-6), 1.0);
        assert!((0.0..1e-300).contains(&f));
    }
}
