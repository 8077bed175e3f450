//! Inventories of lithium and charge: what must not change, and by how much it did.

use crate::model::{BLOCK, CHARGE, CURRENT, DISSOCIATED, Model};
use cellwright_base::constants::FARADAY;

/// Lithium by place, mol.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Inventory {
    /// In the hosts of the negative electrode.
    pub negative: f64,
    /// In the hosts of the positive electrode.
    pub positive: f64,
    /// Mobile in the electrolyte.
    pub electrolyte: f64,
    /// Bound in the electrolyte, relative to the start.
    pub bound: f64,
    /// Lithium metal, relative to the start.
    pub metal: f64,
}

impl Inventory {
    /// Sum over all places, mol.
    pub fn total(&self) -> f64 {
        self.negative + self.positive + self.electrolyte + self.bound + self.metal
    }
}

impl Model {
    /// Lithium by place at the state `y`.
    ///
    /// # Equation
    /// hosts `Σ A R/(m+1) c_max θ_mean`; electrolyte `Σ εVc`; bound `-∫r dV dt`; metal `∓Q/F` for a metal electrode.
    pub fn inventory(&self, y: &[f64]) -> Inventory {
        let b = self.border_offset();
        let charge = y[b + CHARGE] / FARADAY;
        let host = |e: usize| -> Option<f64> {
            let g = &self.groups[e];
            let h = g.hosts.as_ref()?;
            let per_area = h.radius / f64::from(h.curvature.exponent() + 1) * h.maximum_concentration;
            Some(g.areas.iter().enumerate().map(|(s, a)| a * per_area * h.mean(y, s)).sum())
        };
        let (negative, positive) = (host(0), host(1));
        let mut metal = 0.0;
        if negative.is_none() {
            metal -= charge;
        }
        if positive.is_none() {
            metal += charge;
        }
        let electrolyte = if self.electrolyte.has_concentration() {
            (0..self.mesh.n_cells())
                .map(|k| self.porosity[k] * self.mesh.volumes[k] * y[BLOCK * k])
                .sum()
        } else {
            0.0
        };
        Inventory {
            negative: negative.unwrap_or(0.0),
            positive: positive.unwrap_or(0.0),
            electrolyte,
            bound: -y[b + DISSOCIATED],
            metal,
        }
    }

    /// Lithium that crossed the interfaces of each electrode against the charge passed: `(ΔN₋ + Q/F, ΔN₊ - Q/F)` since `start`, mol.
    pub fn charge_gap(&self, start: &Inventory, now: &Inventory, charge: f64) -> (f64, f64) {
        let q = charge / FARADAY;
        let gap = |e: usize, difference: f64| if self.groups[e].hosts.is_some() { difference } else { 0.0 };
        (gap(0, now.negative - start.negative + q), gap(1, now.positive - start.positive - q))
    }

    /// Sum of the interface currents of both electrodes against the terminal current, A.
    pub fn current_gap(&self, y: &[f64]) -> (f64, f64) {
        let first = self.sites_offset();
        let i = self.border(y, CURRENT);
        let sum = |e: usize| -> f64 {
            let g = &self.groups[e];
            g.areas.iter().enumerate().map(|(s, a)| a * y[first + g.sites.start + s]).sum()
        };
        (sum(0) - i, sum(1) + i)
    }
}
