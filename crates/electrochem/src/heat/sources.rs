//! Where heat is released, W.
//!
//! # Equation
//! A face with current: `i Δφ` of the electrolyte and `G Δφ²` of the solid, to both half-cells by their resistances; a site:
//! `j A (φ_s - φ_e - U)` irreversible, of which `j² A d/κ` in the half-cell of electrolyte before it, and `j A T dU/dT` reversible; contacts
//! and leads: `R I²`; electrons that leak: `G_l φ₊²`. By Kirchhoff's current law the sum is that of the lumped balance,
//! `-I V - Σ j A U - Σ A C ψ dψ/dt + Σ j A T dU/dT`, term by term (Tellegen); what double layers store is not heat.

use super::{Local, Temperature};
use crate::model::{BLOCK, CURRENT, Electrons, Medium, Model, POTENTIAL};

impl Model {
    /// Heat released in every volume of heat, at the state of the last residual.
    pub(crate) fn heat_sources(&self, y: &[f64], local: &Local, q: &mut [f64]) {
        q.fill(0.0);
        self.heat_of_faces(y, q);
        self.heat_of_sites(y, local, q);
        let Some(field) = &self.field else { return };
        let b = self.border_offset();
        let lead = self.spec.series_resistance * y[b + CURRENT].powi(2);
        field.grid.contacts.iter().for_each(|(k, w)| q[*k] += w * lead);
        let leak = self.leakage * y[b + POTENTIAL].powi(2);
        if leak > 0.0 {
            let between = |k: &usize| self.media[*k] == Medium::Electrolyte;
            let whole: f64 = (0..self.mesh.n_cells()).filter(between).map(|k| self.mesh.volumes[k]).sum();
            (0..self.mesh.n_cells())
                .filter(between)
                .for_each(|k| q[k] += leak * self.mesh.volumes[k] / whole);
        }
    }

    fn heat_of_faces(&self, y: &[f64], q: &mut [f64]) {
        let phi = |k: usize, which: usize| y[BLOCK * k + which];
        for f in &self.mesh.faces {
            let [a, b] = f.cells;
            if self.media[a].has_electrolyte() && self.media[b].has_electrolyte() {
                let [ca, cb] = f.cells.map(|k| self.work.coefficients.at(k));
                let heat = self.ionic_flux(y, f, &ca, &cb).current * (phi(a, 1) - phi(b, 1));
                let (ra, rb) = (
                    f.distance[0] / self.efficiency[a] * ca.resistivity,
                    f.distance[1] / self.efficiency[b] * cb.resistivity,
                );
                q[a] += heat * ra / (ra + rb);
                q[b] += heat * rb / (ra + rb);
            }
            if self.solid[a] > 0.0 && self.solid[b] > 0.0 {
                let (ra, rb) = (f.distance[0] / self.solid[a], f.distance[1] / self.solid[b]);
                // Both halves without resistance: no drop, no heat.
                let sum = (ra + rb).max(f64::MIN_POSITIVE);
                let heat = f.area / sum * (phi(a, 2) - phi(b, 2)).powi(2);
                q[a] += heat * ra / sum;
                q[b] += heat * rb / sum;
            }
        }
        let terminal = y[self.border_offset() + POTENTIAL];
        let ends = self
            .mesh
            .negative
            .iter()
            .map(|f| (f, 0.0))
            .chain(self.mesh.positive.iter().map(|f| (f, terminal)));
        for (f, potential) in ends.filter(|(f, _)| self.solid[f.cell] > 0.0) {
            q[f.cell] += f.area * self.solid[f.cell] / f.distance * (phi(f.cell, 2) - potential).powi(2);
        }
    }

    fn heat_of_sites(&self, y: &[f64], local: &Local, q: &mut [f64]) {
        let Some(field) = &self.field else { return };
        let terminal = y[self.border_offset() + POTENTIAL];
        for g in &self.groups {
            for (s, (&cell, &area)) in g.cells.iter().zip(&g.areas).enumerate() {
                let site = g.sites.start + s;
                let j = y[self.sites_offset() + site];
                let solid = match g.electrons[s] {
                    Electrons::Volume(k) => y[BLOCK * k + 2],
                    Electrons::Positive => terminal,
                    Electrons::Negative => 0.0,
                };
                let (theta, temperature) = (self.work.theta[site], local.site(site));
                let before = j * j * area * g.distances[s] * self.work.coefficients.at(cell).resistivity;
                let irreversible = j * area * (solid - y[BLOCK * cell + 1] - g.potential(theta, temperature).0);
                let slope = g.entropic(theta, temperature);
                q[cell] += before;
                let here = irreversible - before + j * area * temperature * slope;
                for (k, w) in field.grid.sites[site] {
                    q[k] += w * here;
                }
            }
        }
    }

    /// Power that goes into the double layers, `Σ A C ψ dψ/dt`, W.
    pub(crate) fn charging_power(&self, y: &[f64], yp: &[f64]) -> f64 {
        if !self.stores_charge() {
            return 0.0;
        }
        let terminal = self.border_offset() + POTENTIAL;
        let step = |v: &[f64], cell: usize, electrons: Electrons| {
            let solid = match electrons {
                Electrons::Volume(k) => v[BLOCK * k + 2],
                Electrons::Positive => v[terminal],
                Electrons::Negative => 0.0,
            };
            solid - v[BLOCK * cell + 1]
        };
        let of = |g: &crate::group::Group| -> f64 {
            let each = |s: usize| g.areas[s] * step(y, g.cells[s], g.electrons[s]) * step(yp, g.cells[s], g.electrons[s]);
            g.double_layer * (0..g.cells.len()).map(each).sum::<f64>()
        };
        self.groups.iter().map(of).sum()
    }
}
