//! The single-particle models: the same balances with the reaction held uniform over each electrode.
//!
//! # Equation
//! `j = ±I/A`; electrolyte (SPMe only): `∂(εc)/∂t = ∇·(D∇c) - ∇·(t₊ i/F) + a j/F` with i piecewise linear;
//! `V = [U + <η>]₊ - [U + <η>]₋ + χ(<ln c>₊ - <ln c>₋) - I/A [L₋/3κ₋ + L_s/κ_s + L₊/3κ₊ + L₋/3σ₋ + L₊/3σ₊] - R I`.
//!
//! # Source
//! Marquis, Sulzer, Timms, Please, Chapman, J. Electrochem. Soc. 166 (2019) A3693, <https://doi.org/10.1149/2.0341915jes>.

mod mean_step;

use crate::depletion::logarithm;
use crate::model::{BLOCK, Group, Model, POTENTIAL, REGION_NEGATIVE, REGION_POSITIVE};
use crate::spec::ModelKind;
use cellwright_base::constants::FARADAY;
use cellwright_dae::Unusable;

/// Fraction of the cell current that the electrolyte carries through each face when the reaction is uniform.
pub(crate) fn face_shares(model: &Model) -> Vec<f64> {
    let total = |region| model.region_volume(region);
    let (negative, positive) = (total(REGION_NEGATIVE), total(REGION_POSITIVE));
    let mut share = if negative > 0.0 { 0.0 } else { 1.0 };
    let mut out = Vec::with_capacity(model.mesh.faces.len());
    for face in &model.mesh.faces {
        let k = face.cells[0];
        let volume = model.mesh.volumes[k];
        match model.mesh.regions[k] {
            REGION_NEGATIVE => share += volume / negative,
            REGION_POSITIVE => share -= volume / positive,
            _ => {}
        }
        out.push(share);
    }
    out
}

impl Model {
    /// Volume of a region, m³.
    pub(crate) fn region_volume(&self, region: usize) -> f64 {
        self.mesh
            .volumes
            .iter()
            .zip(&self.mesh.regions)
            .filter(|(_, r)| **r == region)
            .map(|(v, _)| v)
            .sum()
    }

    /// Rows of the uniform-reaction models.
    pub(crate) fn assemble_uniform<const JAC: bool>(
        &mut self,
        y: &[f64],
        yp: &[f64],
        cj: f64,
        temperature: f64,
        r: &mut [f64],
    ) -> Result<(), Unusable> {
        let first = self.sites_offset();
        let current = self.internal_current(y);
        let resolved = self.spec.kind == ModelKind::Spme && self.electrolyte.has_concentration();
        for f in 0..if resolved { self.mesh.faces.len() } else { 0 } {
            let face = &self.mesh.faces[f];
            let [a, c] = face.cells;
            let (ka, kc) = (&self.work.salt[a], &self.work.salt[c]);
            let [da, dc] = [self.reach[0][f], self.reach[1][f]];
            // Half-cells in series: A / (d_a/D_a + d_c/D_c).
            let per_sum = 1.0 / (da * kc.diffusion + dc * ka.diffusion);
            let (by_da, by_dc) = (kc.diffusion * per_sum, ka.diffusion * per_sum);
            let t = face.area * ka.diffusion * by_da;
            let half_share = self.face_share[f] * (0.5 / FARADAY);
            let diffusive = t * (y[BLOCK * a] - y[BLOCK * c]);
            let flux = diffusive + (ka.transference + kc.transference) * half_share * current;
            r[BLOCK * a] += flux;
            r[BLOCK * c] -= flux;
            if JAC {
                let (log_a, log_c) = (da * by_da * by_da * ka.diffusion_c, dc * by_dc * by_dc * kc.diffusion_c);
                let slope = face.area * (y[BLOCK * a] - y[BLOCK * c]);
                let by_a = t + slope * log_a + ka.transference_c * half_share * current;
                let by_c = -t + slope * log_c + kc.transference_c * half_share * current;
                self.work.diag[a][0][0] += by_a;
                self.work.diag[c][0][0] -= by_c;
                self.work.couplings.set_salt(f, [by_a, by_c]);
            }
        }
        for gi in 0..self.groups.len() {
            let (sign, site, area) = (self.groups[gi].sign, self.groups[gi].sites.start, self.groups[gi].area());
            r[first + site] = area * y[first + site] - sign * current;
            if resolved {
                for &(k, weight) in &self.groups[gi].members {
                    r[BLOCK * k] -= weight * sign * current / FARADAY;
                }
            }
        }
        if !resolved {
            for k in 0..self.mesh.n_cells() {
                r[BLOCK * k] = yp[BLOCK * k];
                if JAC {
                    self.work.diag[k][0] = [cj, 0.0, 0.0];
                }
            }
        }
        self.voltage_row::<JAC>([y, yp], cj, temperature, r)
    }

    /// Row of φ₊: the closed form of the terminal potential.
    fn voltage_row<const JAC: bool>(&mut self, [y, yp]: [&[f64]; 2], cj: f64, temperature: f64, r: &mut [f64]) -> Result<(), Unusable> {
        let b = self.border_offset();
        let current = self.internal_current(y);
        let resolved = self.spec.kind == ModelKind::Spme;
        let mut by_c = std::mem::take(&mut self.work.by_c);
        let mean = |g: usize, by_c: &mut [[f64; 2]]| self.mean_step(&self.groups[g], y, temperature, by_c);
        let means = mean(0, &mut by_c).and_then(|negative| Ok((negative, mean(1, &mut by_c)?)));
        self.work.by_c = by_c;
        let (negative, positive) = means?;
        for (gi, step) in [&negative, &positive].into_iter().enumerate() {
            self.side_rows::<JAC>((gi, 0), step.potential, [y, yp], (cj, temperature), r);
        }
        let length: f64 = self.mesh.volumes.iter().sum();
        let mean_c: f64 = self.mesh.volumes.iter().enumerate().map(|(k, v)| v * y[BLOCK * k]).sum::<f64>() / length;
        let at_mean = self.electrolyte.coefficients(mean_c, temperature);
        let delta_ln = positive.ln_c - negative.ln_c;
        let [per_resistivity, solid] = self.uniform_resistance;
        let resistance = if resolved { per_resistivity * at_mean.resistivity } else { 0.0 };
        let solid = if resolved { solid } else { 0.0 };
        let concentration = if resolved { at_mean.chi * delta_ln } else { 0.0 };
        r[b + POTENTIAL] = y[b + POTENTIAL] - (positive.step - negative.step + concentration - current * (resistance + solid));
        if JAC {
            let w = &mut self.work;
            w.row.clear();
            w.border[0] = [1.0 + self.leakage * (resistance + solid), resistance + solid];
            if resolved {
                for (sign, g) in [(1.0, &self.groups[0]), (-1.0, &self.groups[1])] {
                    for &(k, _) in &g.members {
                        let [step, ln_c] = w.by_c[k];
                        w.row.push((BLOCK * k, sign * (step + at_mean.chi * ln_c)));
                    }
                }
                let by_mean = -at_mean.chi_c * delta_ln + current * per_resistivity * at_mean.resistivity_c;
                for (k, v) in self.mesh.volumes.iter().enumerate() {
                    w.row.push((BLOCK * k, by_mean * v / length));
                }
            }
            for (g, m) in [(0, &negative.step_theta), (1, &positive.step_theta)] {
                w.conditions.e_theta[self.groups[g].sites.start] = self.groups[g].sign * m;
            }
            for (g, m) in [(0, negative.potential_j), (1, positive.potential_j)] {
                w.conditions.potential_j[self.groups[g].sites.start] = m;
            }
            for (g, m) in [(0, &negative.step_j), (1, &positive.step_j)] {
                w.conditions.e_c[self.groups[g].sites.start] = self.groups[g].sign * m;
            }
        }
        Ok(())
    }

    /// Electrolyte concentration, electrolyte ohmic and electronic loss of the SPMe closed form, V.
    pub(crate) fn uniform_losses(&self, y: &[f64], temperature: f64) -> (f64, f64, f64) {
        let current = self.internal_current(y);
        let total: f64 = self.mesh.volumes.iter().sum();
        let mean_c: f64 = self.mesh.volumes.iter().enumerate().map(|(k, v)| v * y[BLOCK * k]).sum::<f64>() / total;
        let at_mean = self.electrolyte.coefficients(mean_c, temperature);
        let ln = |g: &Group| {
            g.members
                .iter()
                .map(|(k, w)| w * logarithm(y[BLOCK * k], self.electrolyte.trace())[0])
                .sum::<f64>()
        };
        let concentration = -at_mean.chi * (ln(&self.groups[1]) - ln(&self.groups[0]));
        (
            concentration,
            current * self.uniform_resistance[0] * at_mean.resistivity,
            current * self.uniform_resistance[1],
        )
    }

    /// Couples the row of φ₊ to the current through the hosts; the volumes are already complete.
    pub(crate) fn condense_uniform(&mut self) {
        let resolved = self.spec.kind == ModelKind::Spme && self.electrolyte.has_concentration();
        if resolved {
            self.fill_current_column();
            self.work.has_column[1] = true;
            if self.leakage > 0.0 {
                let [by_potential, by_current] = &mut self.work.column;
                by_potential.iter_mut().zip(by_current).for_each(|(p, c)| *p = self.leakage * *c);
                self.work.has_column[0] = true;
            }
        }
        let w = &mut self.work;
        for g in &mut self.groups {
            let site = g.sites.start;
            let gain = g.hosts.as_ref().map_or(0.0, |h| h.gain(0));
            // ∂(row)/∂j through the surface and directly; j = sign I / A.
            w.conditions.e_c[site] -= w.conditions.e_theta[site] * gain;
            if let Some(sides) = &mut g.sides {
                // Of the whole current density only a part goes through the main reaction.
                let whole = w.conditions.potential_j[site] - g.sign * w.conditions.e_theta[site] * gain;
                w.conditions.e_c[site] -= g.sign * whole * (1.0 - sides.condense(0, whole)[0]);
            }
            let by_current = w.conditions.e_c[site] * g.sign / g.area();
            w.border[0][0] += self.leakage * by_current;
            w.border[0][1] += by_current;
        }
    }

    pub(crate) fn fill_current_column(&mut self) {
        for (f, face) in self.mesh.faces.iter().enumerate() {
            let [a, c] = face.cells;
            let t = (self.work.salt[a].transference + self.work.salt[c].transference) * self.face_share[f] * (0.5 / FARADAY);
            self.work.column[1][BLOCK * a] += t;
            self.work.column[1][BLOCK * c] -= t;
        }
        for gi in 0..self.groups.len() {
            let sign = self.groups[gi].sign;
            for &(k, weight) in &self.groups[gi].members {
                self.work.column[1][BLOCK * k] -= weight * sign / FARADAY;
            }
        }
    }

    /// ∫ dx (share of the current)/ (efficiency A): the electrolyte resistance times κ, 1/m, without the half-cells at a film or metal,
    /// which the interface condition holds.
    pub(crate) fn electrolyte_resistance(&self) -> f64 {
        let area2 = self.spec.area * self.spec.area;
        let volumes: f64 = (0..self.mesh.n_cells())
            .map(|k| {
                let third = if self.mesh.regions[k] == crate::model::REGION_SEPARATOR {
                    1.0
                } else {
                    1.0 / 3.0
                };
                third * self.mesh.volumes[k] / (area2 * self.efficiency[k])
            })
            .sum();
        volumes - self.groups.iter().map(|g| g.distances[0] / g.area()).sum::<f64>()
    }

    /// Mean electronic resistance of the two porous electrodes, ohm.
    pub(crate) fn solid_resistance(&self) -> f64 {
        let area2 = self.spec.area * self.spec.area;
        (0..self.mesh.n_cells())
            .filter(|k| self.solid[*k] > 0.0)
            .map(|k| self.mesh.volumes[k] / (3.0 * area2 * self.solid[k]))
            .sum()
    }
}
