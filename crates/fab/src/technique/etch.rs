//! Etching: what taper, aspect ratio and undercut do to a drawn opening.

use super::channel::Channel;
use std::f64::consts::FRAC_PI_2;

/// Depth at which an opening `width` (m) wide closes because both walls lean in, m; infinite for vertical or undercut walls.
///
/// # Equation
/// w/(2 tan(90° − angle)), `angle` (rad) between wall and floor.
pub fn closing_depth(width: f64, angle: f64) -> f64 {
    if angle >= FRAC_PI_2 {
        f64::INFINITY
    } else {
        width / (2.0 * (FRAC_PI_2 - angle).tan())
    }
}

/// Width at a depth (m) of an opening `width` (m) wide at the top, m; zero once closed.
pub fn width_at(width: f64, angle: f64, depth: f64) -> f64 {
    (width - 2.0 * depth * (FRAC_PI_2 - angle).tan()).max(0.0)
}

/// Sideways attack under the mask edge, m: depth times isotropy (lateral over vertical rate; 1 for an isotropic wet etch, 0 for an ideal dry one).
pub fn undercut(depth: f64, isotropy: f64) -> f64 {
    depth * isotropy
}

/// Mask that an etch consumes, m: depth over selectivity.
pub fn mask_loss(depth: f64, selectivity: f64) -> f64 {
    depth / selectivity
}

/// Etch rate at the bottom of a channel over that of an open surface (aspect-ratio dependent etching).
///
/// # Equation
/// K/(K + S − K S) with the transmission probability K of the channel and the reaction probability S at its floor. Long channels have
/// K = 1/(1 + 3a/4), the same as the diffusion coefficient d v/3 used throughout; then the ratio is 1/(1 + 3 S a/4).
///
/// # Validity
/// Neutral species limit the rate and do not react on the walls.
///
/// # Source
/// Coburn and Winters, Appl. Phys. Lett. 55 (1989) 2730, doi:10.1063/1.101937.
pub fn relative_rate(reaction_probability: f64, channel: &Channel) -> f64 {
    1.0 / (1.0 + 0.75 * reaction_probability * channel.a)
}

/// Time to etch a channel to its depth at the open-surface rate `rate` (m/s), s.
///
/// # Equation
/// dz/dt = rate/(1 + 3 S z/(4d)): t = (L + 3 S L a/8)/rate.
pub fn etch_time(reaction_probability: f64, channel: &Channel, rate: f64) -> f64 {
    channel.depth * (1.0 + 0.375 * reaction_probability * channel.a) / rate
}

/// Depth reached in an opening of hydraulic diameter `diameter` (m) after a time (s), m: the inverse of [`etch_time`].
pub fn etch_depth(reaction_probability: f64, diameter: f64, rate: f64, duration: f64) -> f64 {
    let open = rate * duration;
    let k = 0.375 * reaction_probability / diameter;
    // Root of k z² + z = open.
    2.0 * open / (1.0 + (1.0 + 4.0 * k * open).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tapered_openings_close() {
        let angle = 88f64.to_radians();
        let z = closing_depth(4e-6, angle);
        assert!((z / 57.27e-6 - 1.0).abs() < 1e-4, "{z}");
        assert!(width_at(4e-6, angle, z) < 1e-18 && width_at(4e-6, angle, 2.0 * z) == 0.0);
        assert!((width_at(4e-6, angle, 0.5 * z) / 2e-6 - 1.0).abs() < 1e-12);
        assert!(closing_depth(4e-6, FRAC_PI_2).is_infinite() && width_at(4e-6, 92f64.to_radians(), 10e-6) > 4e-6);
    }

    #[test]
    fn narrow_openings_lag() {
        let (s, rate) = (0.3, 5e-8);
        let wide = etch_depth(s, 100e-6, rate, 600.0);
        let narrow = etch_depth(s, 2e-6, rate, 600.0);
        assert!(narrow < wide && wide < rate * 600.0);
        let c = Channel::hole(narrow, 2e-6);
        assert!((etch_time(s, &c, rate) / 600.0 - 1.0).abs() < 1e-12);
        // The rate is the slope of depth over time.
        let dt = 1e-2;
        let slope = (etch_depth(s, 2e-6, rate, 600.0 + dt) - etch_depth(s, 2e-6, rate, 600.0 - dt)) / (2.0 * dt);
        assert!((slope / (rate * relative_rate(s, &c)) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn mask_and_undercut() {
        assert_eq!((undercut(3e-6, 1.0), undercut(3e-6, 0.0)), (3e-6, 0.0));
        assert!((mask_loss(50e-6, 100.0) - 0.5e-6).abs() < 1e-18);
    }
}
