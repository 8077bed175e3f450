//! The single-particle models at one frequency: the closed form of the terminal potential, linearised.

use super::{PARTS, STORAGE, SmallSignal};
use crate::electrolyte::interface_state;
use crate::model::BLOCK;
use crate::spec::ModelKind;
use cellwright_base::constants::FARADAY;
use num_complex::Complex64;

impl SmallSignal<'_> {
    /// Row of the positive terminal in the volumes, and its slope in the current with the hosts eliminated.
    pub(super) fn uniform_border(&mut self) -> Complex64 {
        let w = &self.model.work;
        for (at, v) in &w.row {
            self.row[*at] += v;
        }
        let mut slope = Complex64::from(w.border[0][1]);
        for g in &self.model.groups {
            let site = g.sites.start;
            slope += (w.conditions.e_c[site] - w.conditions.e_theta[site] * self.gain[site]) * g.sign / g.area();
        }
        slope
    }

    pub(super) fn uniform_parts(&self, s: Complex64) -> [Complex64; PARTS] {
        let (model, w) = (self.model, &self.model.work);
        let with_c = model.electrolyte.has_concentration();
        let mut parts = [Complex64::ZERO; PARTS];
        for (e, g) in model.groups.iter().enumerate() {
            let (diffusion, transfer) = if e == 0 { (5, 4) } else { (0, 1) };
            let (site, area) = (g.sites.start, g.area());
            let slope = self.sites[site].slope;
            // The workspace holds the steps with the sign of the electrode.
            let (by_j, by_theta) = (g.sign * w.conditions.e_c[site], g.sign * w.conditions.e_theta[site]);
            let mean = g.hosts.as_ref().map_or(Complex64::ZERO, |h| -1.0 / (s * FARADAY * h.content(0)));
            parts[diffusion] += slope * (-self.gain[site] - mean) / area;
            parts[STORAGE] += slope * mean / area;
            let (mut ohmic, mut salt) = (0.0, 0.0);
            for &(cell, share) in &g.members {
                let k = &w.coefficients.at(cell);
                let distance = g.distances[0];
                let at = interface_state(
                    self.y[BLOCK * cell],
                    self.y[model.sites_offset() + site],
                    distance,
                    k,
                    model.electrolyte.trace(),
                    with_c && distance != 0.0,
                );
                ohmic += share * distance * k.resistivity;
                salt += share * (at.drop_j - distance * k.resistivity);
            }
            parts[transfer] += ((by_j - ohmic - salt - g.resistance_at(&self.y, 0)) - (by_theta - slope) * self.gain[site]) / area;
            parts[6] += g.resistance_at(&self.y, 0) / area;
            parts[3] += Complex64::from(ohmic / area);
            parts[2] += Complex64::from(salt / area);
        }
        // What is left of the closed form: the electrolyte between the electrodes and the solid.
        parts[2] += w.row.iter().map(|(at, v)| v * self.response[*at]).sum::<Complex64>();
        if model.spec.kind == ModelKind::Spme {
            let solid = model.uniform_resistance[1];
            parts[6] += solid;
            parts[3] += w.border[0][1] - solid;
        }
        parts[7] += model.spec.series_resistance;
        debug_assert_eq!(self.response.len(), BLOCK * model.mesh.n_cells());
        parts
    }
}
