//! Where the voltage goes: open-circuit voltage minus terminal voltage, split by mechanism and place, adding up exactly.
//!
//! # Equation
//! Kirchhoff's current law holds at every node for the electrolyte and the solid potential, so Tellegen's theorem gives
//! `I φ₊ = -Σ_sites jA(φ_s - φ_e) - Σ_faces i Δφ`. With `φ_s - φ_e = U(θ_s) + η + Rj` and `Δφ_e = i/G - χ Δln c` every term has one cause:
//! `V = U₊(mean) - U₋(mean) - Σ losses`. Weights are currents, so losses are energies per charge; at rest they are plain means.

use crate::electrolyte::interface_state;
use crate::heat::Local;
use crate::model::{BLOCK, CURRENT, Model, REGION_NEGATIVE, REGION_POSITIVE, TEMPERATURE};
use crate::spec::ModelKind;

/// Place of a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Negative electrode.
    Negative,
    /// Electrolyte.
    Electrolyte,
    /// Positive electrode.
    Positive,
    /// Collectors and contacts.
    Contact,
}

/// Cause of a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Lithium diffusion in the solid: surface against mean stoichiometry.
    Diffusion,
    /// Charge transfer across the interface.
    ChargeTransfer,
    /// Migration through the electrolyte.
    Ohmic,
    /// Concentration differences in the electrolyte.
    Concentration,
    /// Electronic conduction, interface layers, contacts.
    Resistance,
}

/// The separate losses, in this order.
pub const LOSSES: [(Place, Cause); 8] = [
    (Place::Positive, Cause::Diffusion),
    (Place::Positive, Cause::ChargeTransfer),
    (Place::Electrolyte, Cause::Concentration),
    (Place::Electrolyte, Cause::Ohmic),
    (Place::Negative, Cause::ChargeTransfer),
    (Place::Negative, Cause::Diffusion),
    (Place::Contact, Cause::Resistance),
    (Place::Contact, Cause::Ohmic),
];

/// Losses at one state, V; positive on discharge, negative on charge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Losses {
    /// Open-circuit voltage of the mean stoichiometries, V.
    pub open_circuit: f64,
    /// In the order of [`LOSSES`]: electronic and interface-layer losses before the series resistance.
    pub parts: [f64; 8],
    /// Open-circuit voltage minus all parts minus terminal voltage, V: zero up to the solver's tolerance.
    pub closure: f64,
}

impl Model {
    /// Mean stoichiometry of the negative (0) or positive (1) electrode; `None` for lithium metal.
    pub fn mean_stoichiometry(&self, y: &[f64], electrode: usize) -> Option<f64> {
        let g = &self.groups[electrode];
        if let Some(d) = &g.dense {
            let region = [REGION_NEGATIVE, REGION_POSITIVE][electrode];
            return Some(self.in_dense(y, electrode) / (d.maximum_concentration * self.region_volume(region)));
        }
        let h = g.hosts.as_ref()?;
        let weight = |s: usize| g.areas[s] * h.content(s);
        let sum: f64 = (0..g.areas.len()).map(|s| weight(s) * h.mean(y, s)).sum();
        Some(sum / (0..g.areas.len()).map(weight).sum::<f64>())
    }

    /// Open-circuit voltage of the mean stoichiometries, V.
    pub fn open_circuit_voltage(&self, y: &[f64]) -> f64 {
        let temperature = self.border(y, TEMPERATURE);
        let u = |e| {
            self.mean_stoichiometry(y, e)
                .map_or(0.0, |x| self.groups[e].potential(x, temperature).0)
        };
        u(1) - u(0)
    }

    /// Splits open-circuit minus terminal voltage by cause. Evaluates the surfaces first, hence `&mut`.
    pub fn losses(&mut self, y: &[f64]) -> Losses {
        let local = self.local(y);
        let (current, through) = (self.border(y, CURRENT), self.internal_current(y));
        let open_circuit = self.open_circuit_voltage(y);
        let voltage = self.voltage(y);
        let mut parts = [0.0; 8];
        if self.surfaces(y).is_err() {
            return Losses {
                open_circuit,
                parts,
                closure: f64::NAN,
            };
        }
        for k in (0..self.mesh.n_cells()).filter(|k| self.media[*k].has_electrolyte()) {
            let found = self.electrolyte.coefficients(y[BLOCK * k], local.volumes[k]);
            self.work.coefficients.set(k, &found);
        }
        let resting = current.abs() < 1e-9 * self.spec.current_1c.abs();
        self.site_losses(y, &local, if resting { None } else { Some(through) }, &mut parts);
        if self.spec.kind == ModelKind::Dfn {
            self.face_losses(y, if resting { None } else { Some(through) }, &mut parts);
        } else if self.spec.kind == ModelKind::Spme {
            let (concentration, ohmic, solid) = self.uniform_losses(y, local.mean);
            parts[2] += concentration;
            parts[3] += ohmic;
            parts[6] += solid;
        }
        parts[7] = self.spec.series_resistance * current;
        if resting && self.face_share.is_empty() {
            // At rest in two or three dimensions no path is better than another: what is left of the balance are diffusion potentials.
            parts[2] += open_circuit - parts.iter().sum::<f64>() - voltage;
        }
        let closure = open_circuit - parts.iter().sum::<f64>() - voltage;
        Losses {
            open_circuit,
            parts,
            closure,
        }
    }

    fn site_losses(&self, y: &[f64], local: &Local, current: Option<f64>, parts: &mut [f64; 8]) {
        let first = self.sites_offset();
        let with_c = self.electrolyte.has_concentration();
        let through = self.site_currents(y);
        for (e, g) in self.groups.iter().enumerate() {
            let total = g.area();
            let (diffusion, transfer) = if e == 0 { (5, 4) } else { (0, 1) };
            let at_mean = self.mean_stoichiometry(y, e).map_or(0.0, |x| g.potential(x, local.mean).0);
            for s in 0..g.cells.len() {
                let site = g.sites.start + s;
                let j = y[first + site];
                // Share of the current, with the sign of the electrode: Σ = +1 (negative), -1 (positive).
                let weight = current.map_or(g.sign * g.areas[s] / total, |i| through[site] * g.areas[s] / i);
                let (theta, temperature) = (self.work.theta[site], local.sites[site]);
                let u = g.potential(theta, temperature).0;
                parts[diffusion] += weight * (u - at_mean);
                let h = self.main_current(g, s, j);
                parts[6] += weight * g.resistance_at(y, s) * j;
                let members = [(g.cells[s], 1.0)];
                let members = if self.spec.kind == ModelKind::Dfn {
                    &members[..]
                } else {
                    &g.members[..]
                };
                for &(cell, share) in members {
                    let k = &self.work.coefficients.at(cell);
                    let trace = self.electrolyte.trace();
                    let at = interface_state(y[BLOCK * cell], j, g.distances[s], k, trace, with_c && g.distances[s] != 0.0);
                    if let Some(exchange) = &g.exchange {
                        let i0 = exchange.eval(at.c, self.reference_concentration, trace, theta, g.anodic(), temperature);
                        parts[transfer] += share * weight * g.kinetics.overpotential(h, i0, temperature).value;
                    }
                    let ohmic = j * g.distances[s] * k.resistivity;
                    parts[3] += share * weight * ohmic;
                    parts[2] += share * weight * (at.drop - ohmic);
                }
            }
        }
    }

    fn face_losses(&self, y: &[f64], current: Option<f64>, parts: &mut [f64; 8]) {
        let area: f64 = self.mesh.negative.iter().map(|f| f.area).sum();
        let share = |f: usize| self.face_share.get(f).copied().unwrap_or(0.0);
        for (f, face) in self.mesh.faces.iter().enumerate() {
            let [a, b] = face.cells;
            if self.media[a].has_electrolyte() && self.media[b].has_electrolyte() {
                let flux = self.ionic_flux(y, face, &self.work.coefficients.at(a), &self.work.coefficients.at(b));
                // At rest: the plain path mean, with the share a uniform reaction would send through the face.
                let weight = current.map_or(share(f) * face.area / area, |i| flux.current / i);
                parts[3] += weight * flux.current / flux.conductance;
                parts[2] -= weight * flux.diffusion_potential;
            }
            if self.solid[a] > 0.0 && self.solid[b] > 0.0 {
                let g = face.area / (face.distance[0] / self.solid[a] + face.distance[1] / self.solid[b]);
                let drop = y[BLOCK * a + 2] - y[BLOCK * b + 2];
                let weight = current.map_or((1.0 - share(f)) * face.area / area, |i| g * drop / i);
                parts[6] += weight * drop;
            }
        }
        let terminal = self.border_offset();
        for (face, potential, sign) in self
            .mesh
            .negative
            .iter()
            .map(|f| (f, 0.0, -1.0))
            .chain(self.mesh.positive.iter().map(|f| (f, y[terminal], 1.0)))
        {
            if self.solid[face.cell] > 0.0 {
                let drop = sign * (y[BLOCK * face.cell + 2] - potential);
                let weight = current.map_or(face.area / area, |i| drop * face.area * self.solid[face.cell] / face.distance / i);
                parts[6] += weight * drop;
            }
        }
    }
}
