//! The balances on volumes and faces and the interface conditions: residual of the DAE and, when asked, its Jacobian blocks.
//!
//! # Equations
//! volume: `ε V dc/dt + Σ N₊ - Σ A j/F - ε V r = 0`, `Σ i_e - Σ A (j + C dψ/dt) = 0`, `Σ i_s + Σ A (j + C dψ/dt) = 0`, ψ = φ_s - φ_e;
//! site: `φ_s - φ_e,interface - U(θ_s) - η(j) - R j = 0`; positive terminal: `Σ T (φ_s - φ₊) - Σ A j - I = 0`.
//! Fluxes are counted from the first to the second volume of a face.

use crate::heat::{Heat, Temperature};
use crate::model::{BLOCK, CHARGE, CURRENT, Control, DISSOCIATED, ENERGY, LEAKED, Medium, Model, POTENTIAL, TEMPERATURE};
use crate::spec::ModelKind;
use cellwright_dae::Unusable;

impl Model {
    /// Residual, and with `JAC` the Jacobian blocks for the coefficient `cj`.
    pub(crate) fn assemble<const JAC: bool>(&mut self, t: f64, y: &[f64], yp: &[f64], cj: f64, r: &mut [f64]) -> Result<(), Unusable> {
        if self.field.is_none() {
            let dissociated = self.balances::<JAC, _>(y, yp, cj, self.border(y, TEMPERATURE), r)?;
            self.border_rows::<JAC>(t, y, yp, dissociated, r);
            return Ok(());
        }
        let local = self.take_local(y);
        let done = self.balances::<JAC, _>(y, yp, cj, &local, r);
        if let Ok(dissociated) = done {
            self.border_rows::<JAC>(t, y, yp, dissociated, r);
            self.field_rows(y, yp, &local, r);
        }
        self.work.local = local;
        done.map(|_| ())
    }

    /// All rows but those of border and temperature field; returns the total dissociation rate, mol/s.
    fn balances<const JAC: bool, T: Temperature>(
        &mut self,
        y: &[f64],
        yp: &[f64],
        cj: f64,
        temperature: T,
        r: &mut [f64],
    ) -> Result<f64, Unusable> {
        if self.spec.kind == ModelKind::Dfn {
            self.find_coefficients(y, temperature)?;
        } else {
            self.find_salt_transport(y, temperature)?;
            // The half-cells beside films and metal need more.
            if self.groups.iter().any(|g| g.distances[0] != 0.0) {
                self.find_coefficients(y, temperature)?;
            }
        }
        let dissociated = self.volumes::<JAC, T>(y, yp, cj, temperature, r)?;
        self.surfaces_at(y, temperature)?;
        if self.spec.kind == ModelKind::Dfn {
            self.faces::<JAC, T>(y, temperature, r);
            self.sites::<JAC, T>(y, yp, cj, temperature, r)?;
            self.collectors::<JAC>(y, r);
        } else {
            self.assemble_uniform::<JAC>(y, yp, cj, self.border(y, TEMPERATURE), r)?;
        }
        let mean = self.border(y, TEMPERATURE);
        let first = self.sites_offset();
        for g in &mut self.groups {
            if let Some(h) = &mut g.hosts {
                let j = match &g.sides {
                    None => &y[first + g.sites.start..first + g.sites.end],
                    Some(_) => &self.work.main[g.sites.clone()],
                };
                h.residual(y, yp, j, mean, r);
                if JAC {
                    h.factor(y, j, mean, cj);
                }
            }
        }
        Ok(dissociated)
    }

    /// Storage and dissociation; returns the total dissociation rate, mol/s.
    fn volumes<const JAC: bool, T: Temperature>(
        &mut self,
        y: &[f64],
        yp: &[f64],
        cj: f64,
        temperature: T,
        r: &mut [f64],
    ) -> Result<f64, Unusable> {
        let with_c = self.electrolyte.has_concentration();
        let potentials = self.spec.kind == ModelKind::Dfn;
        let mut total = 0.0;
        for k in 0..self.mesh.n_cells() {
            let at = BLOCK * k;
            let c = y[at];
            if !self.media[k].has_electrolyte() {
                self.solid_volume::<JAC>(k, y, yp, cj, r)?;
                continue;
            }
            let solid = self.solid[k] > 0.0 && potentials;
            r[at + 1] = if potentials { 0.0 } else { y[at + 1] };
            r[at + 2] = if solid { 0.0 } else { y[at + 2] };
            if with_c {
                let volume = self.porosity[k] * self.mesh.volumes[k];
                let (rate, slope) = self.electrolyte.dissociation(c, temperature.volume(k));
                r[at] = volume * (yp[at] - rate);
                total += volume * rate;
                if JAC {
                    self.work.dissociation_slope[k] = volume * slope;
                    let stored = volume * (cj - slope);
                    // Of the other entries of the closed forms none ever changes.
                    if potentials {
                        self.work.diag[k] = [[stored, 0.0, 0.0], [0.0; 3], [0.0; 3]];
                    } else {
                        self.work.diag[k][0][0] = stored;
                    }
                }
            } else {
                r[at] = yp[at];
                if JAC {
                    self.work.diag[k] = [[cj, 0.0, 0.0], [0.0; 3], [0.0; 3]];
                }
            }
            if JAC {
                self.work.diag[k][1][1] = f64::from(u8::from(!potentials));
                self.work.diag[k][2][2] = f64::from(u8::from(!solid));
            }
        }
        Ok(total)
    }

    /// Storage in a volume without electrolyte.
    fn solid_volume<const JAC: bool>(&mut self, k: usize, y: &[f64], yp: &[f64], cj: f64, r: &mut [f64]) -> Result<(), Unusable> {
        let at = BLOCK * k;
        let stored = if self.media[k] == Medium::Dense {
            self.mesh.volumes[k]
        } else {
            0.0
        };
        if stored > 0.0 && (y[at].is_nan() || y[at] <= 0.0) {
            return Err(Unusable::at(at, "the electrode is empty of lithium"));
        }
        r[at] = if stored > 0.0 { stored * yp[at] } else { y[at] };
        r[at + 1] = y[at + 1];
        r[at + 2] = 0.0;
        if JAC {
            self.work.dissociation_slope[k] = 0.0;
            self.work.diag[k] = [[if stored > 0.0 { stored * cj } else { 1.0 }, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0; 3]];
        }
        Ok(())
    }

    /// Collector faces of porous electrodes.
    fn collectors<const JAC: bool>(&mut self, y: &[f64], r: &mut [f64]) {
        let terminal = self.border_offset() + POTENTIAL;
        let fixed = self.mesh.negative.iter().map(|f| (f, false));
        let floating = self.mesh.positive.iter().map(|f| (f, true));
        for (face, positive) in fixed.chain(floating) {
            let k = face.cell;
            if self.solid[k] == 0.0 {
                continue;
            }
            let conductance = face.area * self.solid[k] / face.distance;
            let i = conductance * (y[BLOCK * k + 2] - if positive { y[terminal] } else { 0.0 });
            r[BLOCK * k + 2] += i;
            if positive {
                r[terminal] += i;
            }
            if JAC {
                self.work.diag[k][2][2] += conductance;
            }
        }
    }

    /// Residual of the control equation and its derivatives in [φ₊, I].
    pub(crate) fn control_row(&self, t: f64, y: &[f64]) -> (f64, [f64; 2]) {
        let (v, i, rs) = (self.voltage(y), self.border(y, CURRENT), self.spec.series_resistance);
        match &self.control {
            Control::Current(target) => (i - target, [0.0, 1.0]),
            Control::CurrentRamp { from, rate, start } => (i - from - rate * (t - start), [0.0, 1.0]),
            Control::Voltage(target) => (v - target, [1.0, -rs]),
            Control::Ramp { from, rate, start } => (v - from - rate * (t - start), [1.0, -rs]),
            Control::Power(target) => (v * i - target, [i, v - rs * i]),
            Control::Resistance(load) => (v - load * i, [1.0, -rs - load]),
        }
    }

    /// Heat released in the cell of one temperature, W: irreversible `Σ j A (-U) - I φ₊ + R I² - Σ A C ψ dψ/dt`, reversible `Σ j A T dU/dT`.
    pub fn heat(&self, y: &[f64], yp: &[f64]) -> (f64, f64) {
        let b = self.border_offset();
        let (i, temperature) = (y[b + CURRENT], y[b + TEMPERATURE]);
        let mut irreversible = -i * self.voltage(y) - self.charging_power(y, yp);
        let mut reversible = 0.0;
        for g in &self.groups {
            if g.active.is_none() {
                continue;
            }
            for (s, area) in g.areas.iter().enumerate() {
                let site = g.sites.start + s;
                let (j, theta) = (y[self.sites_offset() + site], self.work.theta[site]);
                irreversible -= j * area * g.potential(theta, temperature).0;
                reversible += j * area * temperature * g.entropic(theta, temperature);
            }
        }
        (irreversible, reversible)
    }

    fn border_rows<const JAC: bool>(&mut self, t: f64, y: &[f64], yp: &[f64], dissociated: f64, r: &mut [f64]) {
        let b = self.border_offset();
        let (control, slope) = self.control_row(t, y);
        r[b + CURRENT] = control;
        r[b + TEMPERATURE] = match &self.spec.heat {
            // That of a field is in the rows of the field.
            None | Some(Heat::Conduction(_)) => yp[b + TEMPERATURE],
            Some(Heat::Lumped(h)) => {
                let (irreversible, reversible) = self.heat(y, yp);
                h.heat_capacity * yp[b + TEMPERATURE] - irreversible - reversible + h.cooling * (y[b + TEMPERATURE] - self.spec.ambient)
            }
        };
        r[b + CHARGE] = yp[b + CHARGE] - y[b + CURRENT];
        r[b + ENERGY] = yp[b + ENERGY] - self.voltage(y) * y[b + CURRENT];
        r[b + DISSOCIATED] = yp[b + DISSOCIATED] - dissociated;
        r[b + LEAKED] = yp[b + LEAKED] - self.leakage * y[b + POTENTIAL];
        if JAC {
            self.work.border[1] = slope;
            self.work.voltage_slope = [y[b + CURRENT], self.voltage(y) - self.spec.series_resistance * y[b + CURRENT]];
        }
    }
}
