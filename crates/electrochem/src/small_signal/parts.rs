//! The impedance divided by process: every branch of the cell takes its voltage times its own share of the current.
//!
//! # Equation
//! `Z = Σ_sites A i Δ + Σ_faces i Δφ + R` for one ampere (complex, not conjugate). A site's Δ is a sum of causes; of the part that is the open-circuit
//! potential, what the mean stoichiometry does is stored charge, the rest is diffusion.

use super::site::{ELECTROLYTE, LITHIUM, SALT, SOLID};
use super::{PARTS, STORAGE, SmallSignal};
use crate::model::{BLOCK, REGION_NEGATIVE, REGION_POSITIVE};
use cellwright_base::constants::FARADAY;
use num_complex::Complex64;

impl SmallSignal<'_> {
    pub(super) fn parts(&self, s: Complex64) -> [Complex64; PARTS] {
        let mut parts = [Complex64::ZERO; PARTS];
        for e in 0..2 {
            self.site_parts(e, s, &mut parts);
        }
        self.face_parts(s, &mut parts);
        parts[7] += self.model.spec.series_resistance;
        parts
    }

    /// Value of an unknown of the volumes, or of the positive terminal.
    fn value(&self, at: usize) -> Complex64 {
        self.response.get(at).copied().unwrap_or(self.potential)
    }

    fn site_parts(&self, electrode: usize, s: Complex64, parts: &mut [Complex64; PARTS]) {
        let g = &self.model.groups[electrode];
        let (diffusion, transfer) = if electrode == 0 { (5, 4) } else { (0, 1) };
        let of_region = self.mean_of_meshed(electrode);
        for n in 0..g.cells.len() {
            let (site, gain) = (&self.sites[g.sites.start + n], self.gain[g.sites.start + n]);
            let law = site.law(s, gain);
            let mut x = [Complex64::ZERO; 4];
            for (at, column) in site.columns(self.response.len()) {
                x[column] = self.value(at);
            }
            let sum = |c: &[Complex64; 4]| (SOLID..=LITHIUM).map(|k| c[k] * x[k]).sum::<Complex64>();
            let (j, i) = (sum(&law.j), sum(&law.i));
            debug_assert!(x[ELECTROLYTE].re.is_finite());
            let weight = site.area * i;
            let theta = site.theta(gain, j, x[LITHIUM]);
            let mean = match (&g.hosts, of_region) {
                (Some(h), _) => -j / (s * FARADAY * h.content(n)),
                (None, Some(mean)) => mean,
                (None, None) => Complex64::ZERO,
            };
            parts[diffusion] += weight * site.slope * (theta - mean);
            parts[STORAGE] += weight * site.slope * mean;
            let [by_j, by_c, by_theta] = site.transfer;
            parts[transfer] += weight * (by_j * j + by_c * x[SALT] + by_theta * theta);
            parts[6] += weight * site.resistance * j;
            parts[2] += weight * (site.salt[0] * j + site.salt[1] * x[SALT]);
            parts[3] += weight * law.half * i;
        }
    }

    /// Change of the mean stoichiometry of a meshed electrode.
    fn mean_of_meshed(&self, electrode: usize) -> Option<Complex64> {
        let dense = self.model.groups[electrode].dense.as_ref()?;
        let region = [REGION_NEGATIVE, REGION_POSITIVE][electrode];
        let mesh = &self.model.mesh;
        let volumes = mesh
            .volumes
            .iter()
            .zip(&mesh.regions)
            .enumerate()
            .filter(|(_, (_, r))| **r == region);
        let (sum, whole) = volumes.fold((Complex64::ZERO, 0.0), |(sum, whole), (k, (v, _))| {
            (sum + v * self.response[BLOCK * k], whole + v)
        });
        Some(sum / (whole * dense.maximum_concentration))
    }

    fn face_parts(&self, s: Complex64, parts: &mut [Complex64; PARTS]) {
        let (mesh, w) = (&self.model.mesh, &self.model.work);
        let x = &self.response;
        for (f, face) in mesh.faces.iter().enumerate() {
            let [a, b] = face.cells.map(|k| BLOCK * k);
            let [upper, lower] = [true, false].map(|first| w.couplings.block(f, first));
            let admittance = s * self.displacement[f] - upper[1][1];
            if admittance != Complex64::ZERO {
                let by_salt = upper[1][0] * x[b] - lower[1][0] * x[a];
                let current = admittance * (x[a + 1] - x[b + 1]) + by_salt;
                parts[3] += current * current / admittance;
                parts[2] -= current * by_salt / admittance;
            }
            let drop = x[a + 2] - x[b + 2];
            parts[6] -= upper[2][2] * drop * drop;
        }
        let terminals = [(&mesh.negative, Complex64::ZERO), (&mesh.positive, self.potential)];
        for (faces, potential) in terminals {
            for face in faces.iter().filter(|f| self.model.solid[f.cell] > 0.0) {
                let drop = x[BLOCK * face.cell + 2] - potential;
                parts[6] += face.area * self.model.solid[face.cell] / face.distance * drop * drop;
            }
        }
    }
}
