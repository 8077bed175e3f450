//! The model as a DAE system: how large a correction or an error is, and when to stop.
//!
//! The local error is the root mean square of up to six groups: host volumes (Parseval), host surfaces, electrolyte concentration,
//! terminal voltage (weight 0.3 (rtol + atol) V; with the voltage imposed, the current instead), temperature and the lithium that side
//! reactions take. Voltage in the norm is what
//! keeps loose tolerances honest: without it a Newton iteration stopped early costs millivolts.

use crate::model::{BLOCK, CURRENT, Control, Model, POTENTIAL, Stop, TEMPERATURE};
use crate::spec::ModelKind;
use cellwright_dae::{AbsoluteTolerance, System, Tolerance, Unusable};

/// Part of (rtol + atol) volts that counts as one unit of voltage error.
const VOLTAGE_SHARE: f64 = 0.3;
/// Volumes of a closed form for which the units of its concentrations are kept from one norm to the next.
const FEW: usize = 128;
/// Temperature scale of the tolerance, K.
const TEMPERATURE_SCALE: f64 = 30.0;

impl Model {
    fn weights(&self, tol: &Tolerance) -> (f64, f64) {
        let atol = match &tol.atol {
            AbsoluteTolerance::Scalar(a) => *a,
            AbsoluteTolerance::PerUnknown(a) => a.first().copied().unwrap_or(1e-6),
        };
        (tol.rtol, atol)
    }

    /// Square of the electrical error: voltage, or current where the voltage is imposed.
    fn electrical(&self, rtol: f64, atol: f64, v: &[f64]) -> f64 {
        let b = self.border_offset();
        let potential = (v[b + POTENTIAL] - self.spec.series_resistance * v[b + CURRENT]) / (VOLTAGE_SHARE * (rtol + atol));
        let current = v[b + CURRENT] / ((rtol + atol) * self.spec.current_1c);
        match self.control {
            Control::Voltage(_) | Control::Ramp { .. } => current * current,
            Control::Current(_) | Control::CurrentRamp { .. } => potential * potential,
            Control::Power(_) | Control::Resistance(_) => potential * potential + current * current,
        }
    }

    /// Mean square of the electrolyte concentration error in units of its tolerance; `known` are those units inverted, if someone has them.
    fn concentration(&self, (rtol, atol): (f64, f64), known: &[f64], y: &[f64], v: &[f64]) -> f64 {
        let n = self.mesh.n_cells();
        if known.len() == n {
            let square = |(k, per): (usize, &f64)| (v[BLOCK * k] * per).powi(2);
            return known.iter().enumerate().map(square).sum::<f64>() / n as f64;
        }
        let floor = atol * self.reference_concentration;
        let sum: f64 = (0..n)
            .map(|k| {
                let e = v[BLOCK * k] / (rtol * y[BLOCK * k].abs() + floor);
                e * e
            })
            .sum();
        sum / n as f64
    }
}

impl Model {
    /// Size of a local error; `known` as in [`Model::concentration`].
    fn local_error(&self, tol: &Tolerance, known: &[f64], y: &[f64], v: &[f64]) -> f64 {
        let (rtol, atol) = self.weights(tol);
        let (mut volume, mut surface, mut n_groups, mut taken) = (0.0, 0.0, 0.0, 0.0);
        let mut deviation = [0.0; 64];
        for g in &self.groups {
            if let Some(sides) = &g.sides {
                let content = g.hosts.as_ref().map_or(METAL_CONTENT, |h| h.content(0));
                taken += sides.error_square(y, v, rtol, atol * content);
            }
            let Some(h) = &g.hosts else { continue };
            n_groups += 1.0;
            // Stoichiometry is of order one, so one weight serves the whole host.
            let weight = rtol * 0.5 + atol;
            volume += h.mean_square(v) / (weight * weight);
            let n = h.n_hosts;
            let mut heap;
            let out: &mut [f64] = if n <= deviation.len() {
                &mut deviation[..n]
            } else {
                heap = vec![0.0; n];
                &mut heap
            };
            h.surface_deviation(v, out);
            let (sum, most) = out.iter().fold((0.0, 0.0_f64), |(sum, most), x| (sum + x * x, most.max(x * x)));
            surface += (sum / n as f64).max(most / (ALONE * ALONE)) / (weight * weight);
        }
        let hosts = if n_groups > 0.0 { (volume + surface) / n_groups } else { 0.0 };
        let temperature = match (&self.field, &self.spec.heat) {
            (Some(field), _) => field.mean_square(v) / ((rtol + atol) * TEMPERATURE_SCALE).powi(2),
            (None, Some(_)) => {
                let e = v[self.border_offset() + TEMPERATURE] / ((rtol + atol) * TEMPERATURE_SCALE);
                e * e
            }
            _ => 0.0,
        };
        (0.25 * (hosts + self.concentration((rtol, atol), known, y, v) + self.electrical(rtol, atol, v) + temperature + taken)).sqrt()
    }
}

/// How many tolerances the surface of a single host may be off while the mean over all hosts is not: among thousands, one that fills up
/// would not be seen in the mean.
const ALONE: f64 = 10.0;

/// Lithium per area that the tolerance of side reactions on metal is relative to, mol/m²: about 1 µm.
const METAL_CONTENT: f64 = 0.08;

impl System for Model {
    fn len(&self) -> usize {
        self.n()
    }

    fn differential(&self) -> &[bool] {
        &self.differential
    }

    fn residual(&mut self, t: f64, y: &[f64], yp: &[f64], r: &mut [f64]) -> Result<(), Unusable> {
        self.assemble::<false>(t, y, yp, 0.0, r)
    }

    fn factor(&mut self, t: f64, y: &[f64], yp: &[f64], cj: f64) -> Result<(), Unusable> {
        let mut r = std::mem::take(&mut self.work.buffer);
        let assembled = self.assemble::<true>(t, y, yp, cj, &mut r);
        self.work.buffer = r;
        assembled?;
        self.factor_assembled(cj)
    }

    fn residual_and_factor(&mut self, t: f64, y: &[f64], yp: &[f64], cj: f64, r: &mut [f64]) -> Result<(), Unusable> {
        self.assemble::<true>(t, y, yp, cj, r)?;
        self.factor_assembled(cj)
    }

    fn solve(&mut self, r: &mut [f64]) {
        self.solve_in_place(r);
    }

    fn correction_norm(&self, tol: &Tolerance, y: &[f64], v: &[f64]) -> f64 {
        let (rtol, atol) = self.weights(tol);
        let first = self.sites_offset();
        let mut sites = 0.0;
        for g in &self.groups {
            let scale = (self.spec.current_1c / g.area()).abs();
            let sum: f64 = g
                .sites
                .clone()
                .map(|s| {
                    let e = v[first + s] / (rtol * y[first + s].abs() + rtol * scale);
                    e * e
                })
                .sum();
            sites += sum / g.cells.len() as f64;
        }
        let field = self.field.as_ref();
        let heat = field.map_or(0.0, |f| f.mean_square(v) / ((rtol + atol) * TEMPERATURE_SCALE).powi(2));
        (0.25 * (self.concentration((rtol, atol), &[], y, v) + sites + self.electrical(rtol, atol, v) + heat)).sqrt()
    }

    fn error_norm(&self, tol: &Tolerance, y: &[f64], v: &[f64]) -> f64 {
        self.local_error(tol, &[], y, v)
    }

    fn error_norms(&self, tol: &Tolerance, y: &[f64], e: &[f64], terms: &[(f64, &[f64])], scratch: &mut [f64], out: &mut [f64]) {
        let n = self.mesh.n_cells();
        let mut units = [0.0; FEW];
        let known = match self.spec.kind {
            ModelKind::Dfn => &[],
            _ if n > FEW => &[],
            _ => {
                let (rtol, atol) = self.weights(tol);
                let floor = atol * self.reference_concentration;
                for (k, per) in units[..n].iter_mut().enumerate() {
                    *per = 1.0 / (rtol * y[BLOCK * k].abs() + floor);
                }
                &units[..n]
            }
        };
        out[0] = self.local_error(tol, known, y, e);
        for (k, ((c, row), out)) in terms.iter().zip(&mut out[1..]).enumerate() {
            if k == 0 {
                scratch.iter_mut().zip(e).zip(*row).for_each(|((s, e), r)| *s = e + c * r);
            } else {
                scratch.iter_mut().zip(*row).for_each(|(s, r)| *s += c * r);
            }
            *out = self.local_error(tol, known, y, scratch);
        }
    }

    fn n_events(&self) -> usize {
        self.stops.len() + self.counted_metal().count()
    }

    fn events(&mut self, _t: f64, y: &[f64], _yp: &[f64], g: &mut [f64]) {
        let (v, i) = (self.voltage(y), self.border(y, CURRENT));
        let charge = self.border(y, crate::model::CHARGE);
        for (out, stop) in g.iter_mut().zip(&self.stops) {
            *out = match *stop {
                Stop::VoltageBelow(limit) => v - limit,
                Stop::VoltageAbove(limit) => limit - v,
                Stop::CurrentBelow(limit) => i.abs() - limit,
                Stop::CurrentAbove(limit) => limit - i.abs(),
                Stop::ChargePassed { mark, amount } => amount - (charge - mark).abs(),
            };
        }
        self.metal_events(y, &mut g[self.stops.len()..]);
    }

    fn crossing(&self, _index: usize) -> cellwright_dae::Crossing {
        cellwright_dae::Crossing::Falling
    }

    fn limit_correction(&self, _y: &[f64], dy: &mut [f64]) -> f64 {
        // Initialisation only: keep the potentials from jumping by volts at once.
        let b = self.border_offset();
        let largest = dy[b + POTENTIAL]
            .abs()
            .max((0..self.mesh.n_cells()).map(|k| dy[BLOCK * k + 1].abs()).fold(0.0, f64::max));
        if largest > 1.0 { 1.0 / largest } else { 1.0 }
    }
}
