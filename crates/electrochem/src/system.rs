//! The model as a DAE system: how large a correction or an error is, and when to stop.
//!
//! The local error is the root mean square of up to six groups: host volumes (Parseval), host surfaces, electrolyte concentration,
//! terminal voltage (weight 0.3 (rtol + atol) V; with the voltage imposed, the current instead), temperature and the lithium that side
//! reactions take. Voltage in the norm is what
//! keeps loose tolerances honest: without it a Newton iteration stopped early costs millivolts.

use crate::host_group::HostGroup;
use crate::model::{BLOCK, CURRENT, Control, Model, POTENTIAL, Stop, TEMPERATURE};
use crate::spec::ModelKind;
use cellwright_dae::lanes::{Lanes, Real, WIDTH, vectorised};
use cellwright_dae::{AbsoluteTolerance, System, Tolerance, Unusable};
use std::ops::Range;

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
        sum_of_squares::<BLOCK>(rtol, floor, &y[..BLOCK * n], &v[..BLOCK * n]) / n as f64
    }

    /// Size of the local error of the hosts at `e` and the sums of [`System::error_norms`], squared.
    fn error_of_hosts(&self, tol: &Tolerance, e: &[f64], terms: &[(f64, &[f64])]) -> [f64; 3] {
        let (rtol, atol) = self.weights(tol);
        // Stoichiometry is of order one, so one weight serves the whole host.
        let weight = rtol * 0.5 + atol;
        let hosts = || self.groups.iter().filter_map(|g| g.hosts.as_ref());
        let per = 1.0 / (weight * weight * (hosts().count() as f64).max(1.0));
        let mut out = [0.0; 3];
        for h in hosts() {
            for (out, d) in out.iter_mut().zip(h.deviations(e, terms)) {
                *out += per * (d.mean_square + d.surface.max(d.largest / (ALONE * ALONE)));
            }
        }
        out
    }

    /// Size of a local error of which that of the hosts is known; `known` as in [`Model::concentration`].
    fn local_error(&self, tol: &Tolerance, known: &[f64], y: &[f64], v: &[f64], hosts: f64) -> f64 {
        let (rtol, atol) = self.weights(tol);
        let mut taken = 0.0;
        for g in &self.groups {
            if let Some(sides) = &g.sides {
                let content = g.hosts.as_ref().map_or(METAL_CONTENT, |h| h.content(0));
                taken += sides.error_square(y, v, rtol, atol * content);
            }
        }
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

    /// States of all hosts.
    fn host_states(&self) -> Range<usize> {
        let ranges = || self.groups.iter().filter_map(|g| g.hosts.as_ref().map(HostGroup::range));
        let (start, end) = (ranges().map(|r| r.start).min(), ranges().map(|r| r.end).max());
        start.unwrap_or(self.n())..end.unwrap_or(self.n())
    }
}

/// `Σ (v / (rtol |y| + floor))²` over every `EVERY`th number.
fn sum_of_squares<const EVERY: usize>(rtol: f64, floor: f64, y: &[f64], v: &[f64]) -> f64 {
    vectorised(
        #[inline(always)]
        || {
            let whole = y.len() - y.len() % (EVERY * WIDTH);
            let ((y, y_rest), (v, v_rest)) = (y.split_at(whole), v.split_at(whole));
            let mut sum = Lanes::all(0.0);
            for (y, v) in y.chunks_exact(EVERY * WIDTH).zip(v.chunks_exact(EVERY * WIDTH)) {
                let e = Lanes::every::<EVERY>(v) / (Lanes::every::<EVERY>(y).map(f64::abs) * rtol + floor);
                sum = sum + e * e;
            }
            let rest = y_rest
                .iter()
                .zip(v_rest)
                .step_by(EVERY)
                .map(|(y, v)| (v / (rtol * y.abs() + floor)).powi(2));
            sum.0.iter().sum::<f64>() + rest.sum::<f64>()
        },
    )
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

    fn solve_again(&mut self, r: &mut [f64]) {
        self.work.solver.corrects_again(true);
        self.solve_in_place(r);
        self.work.solver.corrects_again(false);
    }

    fn correction_norm(&self, tol: &Tolerance, y: &[f64], v: &[f64]) -> f64 {
        let (rtol, atol) = self.weights(tol);
        let first = self.sites_offset();
        let mut sites = 0.0;
        for g in &self.groups {
            let scale = (self.spec.current_1c / g.area()).abs();
            let range = first + g.sites.start..first + g.sites.end;
            let sum = sum_of_squares::<1>(rtol, rtol * scale, &y[range.clone()], &v[range]);
            sites += sum / g.cells.len() as f64;
        }
        let field = self.field.as_ref();
        let heat = field.map_or(0.0, |f| f.mean_square(v) / ((rtol + atol) * TEMPERATURE_SCALE).powi(2));
        (0.25 * (self.concentration((rtol, atol), &[], y, v) + sites + self.electrical(rtol, atol, v) + heat)).sqrt()
    }

    fn error_norm(&self, tol: &Tolerance, y: &[f64], v: &[f64]) -> f64 {
        let [hosts, ..] = self.error_of_hosts(tol, v, &[]);
        self.local_error(tol, &[], y, v, hosts)
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
        let hosts = self.error_of_hosts(tol, e, terms);
        out[0] = self.local_error(tol, known, y, e, hosts[0]);
        let states = self.host_states();
        for (k, (c, row)) in terms.iter().enumerate() {
            for range in [0..states.start, states.end..e.len()] {
                let (to, from, row) = (&mut scratch[range.clone()], &e[range.clone()], &row[range]);
                match k {
                    0 => to.iter_mut().zip(from).zip(row).for_each(|((s, e), r)| *s = e + c * r),
                    _ => to.iter_mut().zip(row).for_each(|(s, r)| *s += c * r),
                }
            }
            out[k + 1] = self.local_error(tol, known, y, scratch, hosts[k + 1]);
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
