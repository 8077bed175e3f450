//! Inventories of lithium and charge: what must not change, and by how much it did.

use crate::model::{BLOCK, CHARGE, DISSOCIATED, Electrons, LEAKED, Model, POTENTIAL, REGION_NEGATIVE, REGION_POSITIVE};
use cellwright_base::constants::FARADAY;
use cellwright_device::mesh::Face;

/// Lithium by place, mol.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Inventory {
    /// In the hosts of the negative electrode.
    pub negative: f64,
    /// In the hosts of the positive electrode.
    pub positive: f64,
    /// Mobile in the electrolyte.
    pub electrolyte: f64,
    /// Bound in the electrolyte, or charging the double layers of a single-ion conductor; only differences count.
    pub bound: f64,
    /// Lithium metal; only differences count.
    pub metal: f64,
    /// What side reactions took from each electrode.
    pub taken: [f64; 2],
    /// In active material out of use, of each electrode.
    pub isolated: [f64; 2],
    /// Charge in the double layers of both electrodes, C; no lithium, but part of the charge balance.
    pub double_layer: [f64; 2],
}

impl Inventory {
    /// Lithium of an electrode that is out of use, mol.
    fn out_of_use(&self, e: usize) -> f64 {
        self.taken[e] + self.isolated[e]
    }

    /// Lithium out of use, mol.
    pub fn lost(&self) -> f64 {
        self.taken.iter().chain(&self.isolated).sum()
    }

    /// Sum over all places, mol.
    pub fn total(&self) -> f64 {
        self.negative + self.positive + self.electrolyte + self.bound + self.metal + self.lost()
    }
}

impl Model {
    /// Lithium by place at the state `y`.
    ///
    /// # Equation
    /// hosts `Σ A R/(m+1) c_max θ_mean`; electrolyte `Σ εVc`; bound `-∫r dV dt`, in a single-ion conductor `-ΣQ_dl/F`; metal `(Q_dl ∓ Q)/F`.
    pub fn inventory(&self, y: &[f64]) -> Inventory {
        let b = self.border_offset();
        let charge = self.charge_through(y) / FARADAY;
        let host = |e: usize| -> Option<f64> {
            let g = &self.groups[e];
            if g.dense.is_some() {
                return Some(self.in_dense(y, e));
            }
            let h = g.hosts.as_ref()?;
            Some(g.areas.iter().enumerate().map(|(s, a)| a * h.content(s) * h.mean(y, s)).sum())
        };
        let (negative, positive) = (host(0), host(1));
        let double_layer = [0, 1].map(|e| self.double_layer_charge(y, e));
        let mut taken = [0.0; 2];
        self.taken(y).into_iter().for_each(|(e, _, n)| taken[e] += n);
        let mut metal = 0.0;
        if negative.is_none() {
            metal += double_layer[0] / FARADAY - charge - taken[0];
        }
        if positive.is_none() {
            metal += double_layer[1] / FARADAY + charge - taken[1];
        }
        let electrolyte = if self.electrolyte.has_concentration() {
            (0..self.mesh.n_cells())
                .filter(|k| self.media[*k].has_electrolyte())
                .map(|k| self.porosity[k] * self.mesh.volumes[k] * y[BLOCK * k])
                .sum()
        } else {
            0.0
        };
        Inventory {
            negative: negative.unwrap_or(0.0),
            positive: positive.unwrap_or(0.0),
            electrolyte,
            // Ions that charge a double layer leave the salt; in a conductor of lithium alone they have no other place to be counted.
            bound: if self.electrolyte.has_concentration() {
                -y[b + DISSOCIATED]
            } else {
                -double_layer.iter().sum::<f64>() / FARADAY
            },
            metal,
            taken,
            isolated: self.isolated,
            double_layer,
        }
    }

    /// Charge that went through the electrodes since the start, C: out of the terminals and through the leak.
    pub fn charge_through(&self, y: &[f64]) -> f64 {
        self.border(y, CHARGE) + self.border(y, LEAKED)
    }

    /// Lithium in the volumes of a meshed electrode, mol.
    pub(crate) fn in_dense(&self, y: &[f64], electrode: usize) -> f64 {
        let region = [REGION_NEGATIVE, REGION_POSITIVE][electrode];
        let volumes = self.mesh.regions.iter().zip(&self.mesh.volumes).enumerate();
        volumes
            .filter(|(_, (r, _))| **r == region)
            .map(|(k, (_, v))| v * y[BLOCK * k])
            .sum()
    }

    /// `Σ A C (φ_s - φ_e)` of an electrode, C.
    fn double_layer_charge(&self, y: &[f64], electrode: usize) -> f64 {
        let g = &self.groups[electrode];
        if g.double_layer == 0.0 || !self.stores_charge() {
            return 0.0;
        }
        let solid = |s: usize| match g.electrons[s] {
            Electrons::Volume(k) => y[BLOCK * k + 2],
            Electrons::Positive => y[self.border_offset() + POTENTIAL],
            Electrons::Negative => 0.0,
        };
        let charge = |s: usize| g.areas[s] * g.double_layer * (solid(s) - y[BLOCK * g.cells[s] + 1]);
        (0..g.cells.len()).map(charge).sum()
    }

    /// Current density of every site with the charging of its double layer, A/m²: what the electrolyte carries away.
    pub fn site_currents(&self, y: &[f64]) -> Vec<f64> {
        let first = self.sites_offset();
        let mut out = y[first..first + self.n_sites()].to_vec();
        if !self.stores_charge() {
            return out;
        }
        let local = self.local(y);
        let at = |k: usize| self.electrolyte.coefficients(y[BLOCK * k], local.volumes[k]);
        let mut leaving = vec![0.0; self.mesh.n_cells()];
        let ionic = |f: &&Face| f.cells.iter().all(|k| self.media[*k].has_electrolyte());
        for face in self.mesh.faces.iter().filter(ionic) {
            let [a, b] = face.cells;
            let flux = self.ionic_flux(y, face, &at(a), &at(b));
            leaving[a] += flux.current;
            leaving[b] -= flux.current;
        }
        // Of a volume with several sites each takes its part by area: only their sum is known.
        let mut wetted = vec![0.0; self.mesh.n_cells()];
        for g in &self.groups {
            g.cells.iter().zip(&g.areas).for_each(|(cell, area)| wetted[*cell] += area);
        }
        for g in &self.groups {
            for (s, cell) in g.cells.iter().enumerate() {
                out[g.sites.start + s] = leaving[*cell] / wetted[*cell];
            }
        }
        out
    }

    /// Charge that crossed the interfaces of each electrode against the charge that went through it since `start` ([`Model::charge_through`]):
    /// `(ΔN₋ + (Q - ΔQ₋)/F, ΔN₊ - (Q + ΔQ₊)/F)` with the double-layer charges Q∓, mol.
    pub fn charge_gap(&self, start: &Inventory, now: &Inventory, charge: f64) -> (f64, f64) {
        let gap = |e: usize, difference: f64| if self.groups[e].active.is_some() { difference } else { 0.0 };
        let stored = |e: usize| now.double_layer[e] - start.double_layer[e];
        (
            gap(
                0,
                now.negative - start.negative + now.out_of_use(0) - start.out_of_use(0) + (charge - stored(0)) / FARADAY,
            ),
            gap(
                1,
                now.positive - start.positive + now.out_of_use(1) - start.out_of_use(1) - (charge + stored(1)) / FARADAY,
            ),
        )
    }

    /// Sum of the interface currents of both electrodes against the terminal current, A.
    pub fn current_gap(&self, y: &[f64]) -> (f64, f64) {
        let i = self.internal_current(y);
        let currents = self.site_currents(y);
        let sum = |e: usize| -> f64 {
            let g = &self.groups[e];
            g.areas.iter().enumerate().map(|(s, a)| a * currents[g.sites.start + s]).sum()
        };
        (sum(0) - i, sum(1) + i)
    }
}
