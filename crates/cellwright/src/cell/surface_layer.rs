//! The thinnest layer of lithium that a protocol makes below the surface of an electrode's material, for hosts that resolve it.
//!
//! # Equation
//! In a time t lithium moves `δ = √(D t)` deep. A timed step of constant current lasts t at most; without a time it lasts until the surface is full or empty, which in a deep host is Sand's time
//! `τ = π D (F Δc)²/(4 j²)`. With the charge `Q = F Δc V` that the material takes and `j = I R/((m + 1) V)` (m = 0, 1, 2 for slab, cylinder, sphere)
//!
//! `√(D τ) = (√π/2) (m + 1) D Q/(R I)`.
//!
//! # Validity
//! An estimate for choosing a resolution: current spread evenly, D at the start, the whole usable range ahead. Steps of voltage and frequencies are not asked: a step of voltage begins with a
//! layer of no thickness, and impedance takes hosts in closed form where D is constant.
//!
//! # Source
//! Sand, Philos. Mag. 1 (1901) 45, <https://doi.org/10.1080/14786440109462590>.

use super::Cell;
use crate::design::NamedRate;
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::spec::Electrode;
use cellwright_lab::protocol::{Action, Protocol, RateBasis};
use std::f64::consts::PI;

/// A current, A, and how long it flows at most, s.
type Load = (f64, Option<f64>);

impl Cell {
    /// Notes the thinnest layers that protocol and rate series make, and lets the hosts resolve them.
    pub fn resolve_layers(&mut self, protocol: &Protocol, rates: &[NamedRate], basis: &RateBasis, voltage: [f64; 2]) {
        let series = rates.iter().map(|r| (r.rate.amperes(basis).abs(), None));
        let loads: Vec<Load> = loads(protocol, basis, voltage).chain(series).filter(|l| l.0 > 0.0).collect();
        for side in 0..2 {
            let Some((layer, radius)) = self.layer(side, &loads) else {
                continue;
            };
            self.layers[side] = Some(layer);
            self.spec.resolution = self.spec.resolution.resolving(layer / radius);
        }
    }

    /// Thinnest layer in one electrode and the radius of its hosts, m.
    fn layer(&self, side: usize, loads: &[Load]) -> Option<(f64, f64)> {
        let electrode = [&self.spec.negative, &self.spec.positive][side];
        let active = electrode.active()?;
        let (radius, curvature) = match electrode {
            Electrode::Metal { .. } => return None,
            Electrode::Film { thickness, .. } => (self.thickest(side).unwrap_or(*thickness), Curvature::Slab),
            Electrode::Porous { radius, curvature, .. } => (*radius, *curvature),
        };
        let d = active.diffusion.eval(active.initial_stoichiometry, self.spec.temperature).value;
        let charge = self.electrode_capacity[side].unwrap_or(f64::INFINITY);
        let at_end = 0.5 * PI.sqrt() * f64::from(curvature.exponent() + 1) * d * charge / radius;
        let layers = loads.iter().map(|(current, time)| {
            let timed = time.map_or(f64::INFINITY, |t| (d * t).sqrt());
            timed.min(at_end / current)
        });
        let layer = layers.fold(f64::INFINITY, f64::min);
        layer.is_finite().then_some((layer, radius))
    }

    /// Thickest film on the meshed surface of an electrode, m.
    fn thickest(&self, side: usize) -> Option<f64> {
        let mesh = &self.meshed.as_ref()?.mesh;
        let faces = [&mesh.negative, &mesh.positive][side];
        faces.iter().filter_map(|f| f.film).map(|f| f.thickness).reduce(f64::max)
    }
}

/// Steps of known current, those of power and resistance at the voltage limit where it is largest.
fn loads<'a>(protocol: &'a Protocol, basis: &'a RateBasis, voltage: [f64; 2]) -> impl Iterator<Item = Load> + 'a {
    protocol.walk().map(move |step| {
        let current = match &step.action {
            Action::Current(rate) => rate.amperes(basis).abs(),
            Action::Power(power) => power.watts(basis).abs() / voltage[0],
            Action::Resistance(resistance) => voltage[1] / resistance.ohms(basis),
            _ => 0.0,
        };
        (current, step.duration)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::prepare::Prepared;
    use cellwright_electrochem::spec::Resolution;

    /// A film of LiCoO2 against lithium; the material has D = 1.76e-15 m2/s.
    fn film(thickness: &str, model: &str, step: &str) -> Prepared {
        let text = format!(
            r#"
format = 1
name = "film"
architecture = "laminated"
temperature = "25 degC"
[footprint]
die = ["11 mm", "11 mm"]
active = ["10 mm", "10 mm"]
[[film]]
name = "cathode"
material = "LiCoO2"
technique = "rf-sputter"
thickness = "{thickness}"
[[film]]
name = "electrolyte"
material = "LiPON"
technique = "rf-sputter"
thickness = "1 um"
[[film]]
name = "anode"
material = "Li"
technique = "thermal-evaporation"
thickness = "2 um"
[cell]
voltage = ["3.0 V", "4.2 V"]
{model}
[protocol]
steps = ["{step}"]
"#
        );
        Prepared::from_design("film.toml", &text).unwrap()
    }

    #[test]
    fn a_thick_film_gets_the_modes_that_its_layer_needs() {
        let p = film("50 um", "", "Discharge at 1C until 3.0 V");
        // √π/2 · 1.76e-15 m2/s · 3600 s / 50 um, whatever the capacity.
        let layer = 0.5 * std::f64::consts::PI.sqrt() * 1.76e-15 * 3600.0 / 50e-6;
        assert!((p.cell.layers[1].unwrap() / layer - 1.0).abs() < 1e-9, "{:?}", p.cell.layers);
        assert_eq!(p.cell.layers[0], None);
        assert_eq!(p.cell.spec.resolution.modes, (3.0 / (layer / 50e-6).sqrt()).ceil() as usize);
    }

    #[test]
    fn a_short_step_makes_a_thinner_layer_than_a_long_one() {
        let p = film("1 um", "", "Discharge at 1C for 10 ms");
        assert!((p.cell.layers[1].unwrap() / (1.76e-15f64 * 0.01).sqrt() - 1.0).abs() < 1e-9);
        assert!(p.cell.spec.resolution.modes > Resolution::default().modes);
    }

    #[test]
    fn thin_films_and_what_the_design_says_are_left_alone() {
        let usual = film("1 um", "", "Discharge at 1C until 3.0 V").cell.spec.resolution;
        assert_eq!((usual.modes, usual.shell_spread), (24, 20.0));
        let told = film("50 um", "[model]\nhost_modes = 30", "Discharge at 1C until 3.0 V");
        assert_eq!(told.cell.spec.resolution.modes, 30);
    }
}
