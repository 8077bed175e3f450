//! The hosts of one electrode inside the DAE: their residual, and their elimination from Newton's linear system.
//!
//! With constant diffusivity the states are the modes of [`crate::host`]; with a diffusivity that depends on stoichiometry they are
//! the stoichiometries of shells that get thinner towards the surface. Either way an implicit step leaves one number per host to the
//! interface: `δθ_surface = S - G δj`.
//!
//! States are stored mode by mode (shell by shell), all hosts side by side, so that the loops over hosts vectorise.

use crate::curve::Curve;
use crate::host::{Curvature, HostModes};
use crate::shells::Shells;
use crate::spec::{ActiveMaterial, Resolution};
use cellwright_base::constants::FARADAY;
use cellwright_dae::parallel;
use std::ops::Range;
use std::sync::Arc;

mod deviation;
mod transfer;
pub use deviation::Deviation;
pub(crate) use transfer::Transfer;

/// All hosts of one electrode.
#[derive(Clone, Debug)]
pub struct HostGroup {
    /// First state in the vector of unknowns.
    pub offset: usize,
    /// Number of hosts.
    pub n_hosts: usize,
    /// Half-thickness or radius, m.
    pub radius: f64,
    /// Lithium concentration at stoichiometry one, mol/m³.
    pub maximum_concentration: f64,
    /// Shape.
    pub curvature: Curvature,
    /// D(θ, T), m²/s.
    diffusion: Curve,
    /// How the hosts differ; empty if they do not.
    scales: Scales,
    /// Of each state in the mean square over a host, and in the stoichiometry at its surface.
    weights: Vec<[f64; 2]>,
    kind: Kind,
}

/// Factors of single hosts on what holds for the first radius R, when their radii R_h or volumes differ. A film of fullness f (true
/// volume over area times thickness) stores f times as much: `f ∂θ/∂t = D/R_h² ∂²θ/∂ρ²`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scales {
    /// On the rate of diffusion: `(R/R_h)²/f`.
    pub rate: Vec<f64>,
    /// On the change of stoichiometry by a current density: `(R/R_h)/f`.
    pub flux: Vec<f64>,
    /// On the rate of diffusion as well, of a temperature field: D at the temperature of the host over D at that of the group. Empty without
    /// a field.
    pub activation: Vec<f64>,
    /// Temperatures of the hosts, K, of a field.
    pub temperatures: Vec<f64>,
}

impl Scales {
    /// Factor on the surface gradient of host `h`: `R_h/R`.
    #[inline]
    pub(crate) fn depth(&self, h: usize) -> f64 {
        if self.rate.is_empty() { 1.0 } else { self.flux[h] / self.rate[h] }
    }

    #[inline]
    pub(crate) fn rate(&self, h: usize) -> f64 {
        self.rate.get(h).copied().unwrap_or(1.0)
    }

    /// Factor on the rate of diffusion of modes at the temperature of the group.
    #[inline]
    pub(crate) fn rate_at_temperature(&self, h: usize) -> f64 {
        self.rate(h) * self.activation.get(h).copied().unwrap_or(1.0)
    }

    /// Temperature of host `h` in a group at `mean`, K.
    #[inline]
    pub(crate) fn temperature(&self, h: usize, mean: f64) -> f64 {
        self.temperatures.get(h).copied().unwrap_or(mean)
    }

    #[inline]
    pub(crate) fn flux(&self, h: usize) -> f64 {
        self.flux.get(h).copied().unwrap_or(1.0)
    }
}

#[derive(Clone, Debug)]
enum Kind {
    Modes {
        modes: Arc<HostModes>,
        /// Per mode, or per mode and host if the hosts differ.
        inverse: Vec<f64>,
        /// Of all hosts, or of each.
        gain: Vec<f64>,
    },
    Shells(Box<Shells>),
}

impl HostGroup {
    /// Hosts of an electrode; the kind follows from whether D depends on stoichiometry.
    pub fn new(n_hosts: usize, radius: f64, curvature: Curvature, active: &ActiveMaterial, diffusion: Curve, r: Resolution) -> HostGroup {
        HostGroup::with_scales(n_hosts, radius, curvature, active, diffusion, r, Scales::default())
    }

    /// Films of the given thickness and fullness (true volume over area times thickness) on flat or gently curved faces.
    pub fn films(usual: f64, films: &[(f64, f64)], active: &ActiveMaterial, diffusion: Curve, r: Resolution) -> HostGroup {
        let radius = films.first().map_or(usual, |f| f.0);
        let mut scales = Scales::default();
        if films.iter().any(|f| *f != (radius, 1.0)) {
            scales.rate = films.iter().map(|(t, full)| (radius / t).powi(2) / full).collect();
            scales.flux = films.iter().map(|(t, full)| radius / t / full).collect();
        }
        HostGroup::with_scales(films.len(), radius, Curvature::Slab, active, diffusion, r, scales)
    }

    fn with_scales(
        n_hosts: usize,
        radius: f64,
        curvature: Curvature,
        active: &ActiveMaterial,
        diffusion: Curve,
        r: Resolution,
        scales: Scales,
    ) -> HostGroup {
        let each = if scales.rate.is_empty() { 1 } else { n_hosts };
        let kind = if diffusion.is_uniform() {
            let modes = Arc::new(HostModes::new(curvature, r.modes));
            Kind::Modes {
                inverse: vec![0.0; modes.n() * each],
                modes,
                gain: vec![0.0; each],
            }
        } else {
            Kind::Shells(Box::new(Shells::new(curvature, r.shells, r.shell_spread, n_hosts)))
        };
        let weights = match &kind {
            Kind::Modes { modes, .. } => {
                let shape = f64::from(curvature.exponent() + 1);
                modes.surface.iter().map(|s| [shape, *s]).collect()
            }
            Kind::Shells(s) => {
                let (total, last) = (s.volume.iter().sum::<f64>(), s.volume.len() - 1);
                let at_surface = |i| f64::from(u8::from(i == last));
                s.volume.iter().enumerate().map(|(i, v)| [v / total, at_surface(i)]).collect()
            }
        };
        HostGroup {
            offset: 0,
            n_hosts,
            weights,
            radius,
            maximum_concentration: active.maximum_concentration,
            curvature,
            diffusion,
            scales,
            kind,
        }
    }

    /// Gives every host a temperature of its own.
    pub(crate) fn with_temperatures(&mut self) {
        let n = self.n_hosts;
        let ones = |v: &mut Vec<f64>| v.resize(n, 1.0);
        ones(&mut self.scales.rate);
        ones(&mut self.scales.flux);
        ones(&mut self.scales.activation);
        if let Kind::Modes { modes, inverse, gain } = &mut self.kind {
            inverse.resize(modes.n() * n, 0.0);
            gain.resize(n, 0.0);
        }
    }

    /// Takes up the temperatures of all hosts in a group at `mean`, K.
    pub(crate) fn set_temperatures(&mut self, mean: f64, temperatures: &[f64]) {
        self.scales.temperatures.clear();
        self.scales.temperatures.extend_from_slice(temperatures);
        if let Kind::Modes { .. } = self.kind {
            let reference = self.diffusion.eval(0.0, mean).value;
            for (w, t) in self.scales.activation.iter_mut().zip(temperatures) {
                *w = self.diffusion.eval(0.0, *t).value / reference;
            }
        }
    }

    /// Lithium per interface area of host `h` at stoichiometry one, mol/m².
    pub fn content(&self, h: usize) -> f64 {
        self.radius / f64::from(self.curvature.exponent() + 1) * self.maximum_concentration / self.scales.flux(h)
    }

    /// Thickness or radius of host `h`, m.
    pub fn depth(&self, h: usize) -> f64 {
        self.radius * self.scales.depth(h)
    }

    /// States per host.
    pub fn states(&self) -> usize {
        match &self.kind {
            Kind::Modes { modes, .. } => modes.n(),
            Kind::Shells(s) => s.volume.len(),
        }
    }

    /// Range of all states in the vector of unknowns.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.states() * self.n_hosts
    }

    /// Words for the model listing.
    pub fn describe(&self) -> String {
        match &self.kind {
            Kind::Modes { modes, .. } => format!("{} exact modes", modes.n()),
            Kind::Shells(s) => format!("{} graded shells", s.volume.len()),
        }
    }

    /// j/F of one A/m² per host radius and maximum concentration: dθ-flux per current density, m²/(A s).
    fn flux_per_current(&self) -> f64 {
        1.0 / (FARADAY * self.maximum_concentration * self.radius)
    }

    /// Sets every host to the same stoichiometry.
    pub fn fill(&self, y: &mut [f64], stoichiometry: f64) {
        let (range, n) = (self.range(), self.n_hosts);
        match &self.kind {
            Kind::Modes { modes, .. } => {
                y[range.clone()].fill(0.0);
                y[range.start..range.start + n].fill(stoichiometry / modes.mean_of_first_mode());
            }
            Kind::Shells(_) => y[range].fill(stoichiometry),
        }
    }

    /// Changes the stoichiometry of host `h` everywhere by the same amount.
    pub fn shift(&self, y: &mut [f64], h: usize, by: f64) {
        let (range, n) = (self.range(), self.n_hosts);
        match &self.kind {
            Kind::Modes { modes, .. } => y[range.start + h] += by / modes.mean_of_first_mode(),
            Kind::Shells(s) => (0..s.volume.len()).for_each(|i| y[range.start + i * n + h] += by),
        }
    }

    /// Surface stoichiometry of every host under the current densities `j`.
    pub fn surface(&self, y: &[f64], j: &[f64], temperature: f64, out: &mut [f64]) {
        let (states, n) = (&y[self.range()], self.n_hosts);
        match &self.kind {
            Kind::Modes { modes, .. } => {
                weighted_sums(&modes.surface, states, out);
            }
            Kind::Shells(sh) => {
                let last = &states[(sh.volume.len() - 1) * n..];
                let half = sh.half[sh.volume.len() - 1][1];
                for h in 0..n {
                    let d = self.diffusion.eval(last[h], self.scales.temperature(h, temperature)).value;
                    let depth = self.scales.depth(h) * self.radius * self.radius;
                    out[h] = last[h] - j[h] * self.flux_per_current() * half * depth / d;
                }
            }
        }
    }

    /// Mean stoichiometry of host `h`.
    pub fn mean(&self, y: &[f64], h: usize) -> f64 {
        let states = &y[self.range()];
        match &self.kind {
            Kind::Modes { modes, .. } => states[h] * modes.mean_of_first_mode(),
            Kind::Shells(s) => {
                let total: f64 = s.volume.iter().sum();
                s.volume
                    .iter()
                    .enumerate()
                    .map(|(i, v)| v * states[i * self.n_hosts + h])
                    .sum::<f64>()
                    / total
            }
        }
    }

    /// Stoichiometry profile of host `h` at the scaled positions `rho`.
    pub fn profile(&self, y: &[f64], h: usize, rho: &[f64]) -> Vec<f64> {
        let states = &y[self.range()];
        match &self.kind {
            Kind::Modes { modes, .. } => rho
                .iter()
                .map(|x| modes.at(*x).iter().enumerate().map(|(m, v)| v * states[m * self.n_hosts + h]).sum())
                .collect(),
            Kind::Shells(s) => rho
                .iter()
                .map(|x| {
                    let i = s.centre.partition_point(|c| c < x).clamp(1, s.centre.len() - 1);
                    let (a, b) = (s.centre[i - 1], s.centre[i]);
                    let w = ((x - a) / (b - a)).max(0.0);
                    states[(i - 1) * self.n_hosts + h] * (1.0 - w) + states[i * self.n_hosts + h] * w
                })
                .collect(),
        }
    }

    /// How far all hosts are from zero at `e`, `e + c₁ r₁`, `e + c₁ r₁ + c₂ r₂`, … for `terms = [(c₁, r₁), …]`, of which there are at
    /// most two; by Parseval exactly.
    pub fn deviations(&self, e: &[f64], terms: &[(f64, &[f64])]) -> [Deviation; 3] {
        let range = self.range();
        let none = (0.0, &e[range.clone()]);
        let term = |k: usize| terms.get(k).map_or(none, |(c, row)| (*c, &row[range.clone()]));
        deviation::of_sums(&self.weights, &e[range.clone()], [term(0), term(1)], self.n_hosts, 1 + terms.len())
    }

    /// Residual of all states under the current densities `j`.
    pub fn residual(&self, y: &[f64], yp: &[f64], j: &[f64], temperature: f64, r: &mut [f64]) {
        let (range, n) = (self.range(), self.n_hosts);
        let (y, yp, r) = (&y[range.clone()], &yp[range.clone()], &mut r[range]);
        let k = self.flux_per_current();
        match &self.kind {
            Kind::Modes { modes, .. } => {
                let scale = self.diffusion.eval(0.0, temperature).value / (self.radius * self.radius);
                parallel::by_rows(r, n, |m, r| {
                    let (rate, s) = (scale * modes.rates[m], k * modes.surface[m]);
                    let row = m * n..(m + 1) * n;
                    let (y, yp) = (&y[row.clone()], &yp[row]);
                    if self.scales.rate.is_empty() {
                        for h in 0..n {
                            r[h] = yp[h] + rate * y[h] + s * j[h];
                        }
                    } else if self.scales.activation.is_empty() {
                        for h in 0..n {
                            r[h] = yp[h] + rate * self.scales.rate[h] * y[h] + s * self.scales.flux[h] * j[h];
                        }
                    } else {
                        for h in 0..n {
                            r[h] = yp[h] + rate * self.scales.rate_at_temperature(h) * y[h] + s * self.scales.flux[h] * j[h];
                        }
                    }
                });
            }
            Kind::Shells(s) => {
                let last = s.volume.len() - 1;
                let inverse_square = 1.0 / (self.radius * self.radius);
                for h in 0..n {
                    let (scale, load) = (inverse_square * self.scales.rate(h), k * self.scales.flux(h));
                    let temperature = self.scales.temperature(h, temperature);
                    let mut below = 0.0;
                    let mut d = self.diffusion.eval(y[h], temperature).value;
                    for i in 0..=last {
                        let above = if i < last {
                            let d_next = self.diffusion.eval(y[(i + 1) * n + h], temperature).value;
                            let middle = self.diffusion.eval(0.5 * (y[i * n + h] + y[(i + 1) * n + h]), temperature).value;
                            let t = scale * s.area[i] * (d + 4.0 * middle + d_next) / (6.0 * (s.half[i][1] + s.half[i + 1][0]));
                            d = d_next;
                            t * (y[i * n + h] - y[(i + 1) * n + h])
                        } else {
                            load * j[h]
                        };
                        r[i * n + h] = s.volume[i] * yp[i * n + h] + above - below;
                        below = above;
                    }
                }
            }
        }
    }

    /// Factors the host part of the Jacobian for the coefficient `cj` of y'.
    pub fn factor(&mut self, y: &[f64], j: &[f64], temperature: f64, cj: f64) {
        let k = self.flux_per_current();
        let y = &y[self.range()];
        match &mut self.kind {
            Kind::Modes { modes, inverse, gain } => {
                let scale = self.diffusion.eval(0.0, temperature).value / (self.radius * self.radius);
                gain.fill(0.0);
                let each = gain.len();
                for ((row, rate), s) in inverse.chunks_exact_mut(each).zip(&modes.rates).zip(&modes.surface) {
                    for (h, (v, gain)) in row.iter_mut().zip(gain.iter_mut()).enumerate() {
                        *v = 1.0 / (cj + scale * self.scales.rate_at_temperature(h) * rate);
                        *gain += k * self.scales.flux(h) * s * s * *v;
                    }
                }
            }
            Kind::Shells(s) => s.factor(y, j, self.n_hosts, k, self.radius, &self.scales, &self.diffusion, temperature, cj),
        }
    }

    /// G of host `h`: minus the response of its surface stoichiometry to its current density.
    #[inline]
    pub fn gain(&self, h: usize) -> f64 {
        match &self.kind {
            Kind::Modes { gain, .. } => gain[if gain.len() == 1 { 0 } else { h }],
            Kind::Shells(s) => s.gain[h] * s.surface_last[h] - s.surface_j[h],
        }
    }

    /// S of every host: the change of its surface stoichiometry from the right-hand side alone.
    pub fn reduce(&self, r: &mut [f64], out: &mut [f64]) {
        let (range, n) = (self.range(), self.n_hosts);
        let r = &mut r[range];
        match &self.kind {
            Kind::Modes { modes, inverse, .. } => {
                let each = inverse.len() / modes.n();
                parallel::by_rows(r, n, |m, row| match &inverse[m * each..(m + 1) * each] {
                    [v] => row.iter_mut().for_each(|r| *r *= v),
                    v => row.iter_mut().zip(v).for_each(|(r, v)| *r *= v),
                });
                weighted_sums(&modes.surface, r, out);
            }
            Kind::Shells(s) => {
                s.solve(r, n);
                let last = &r[(s.volume.len() - 1) * n..];
                for h in 0..n {
                    out[h] = s.surface_last[h] * last[h];
                }
            }
        }
    }

    /// Completes the corrections of the states, given those of the current densities. `r` must come from [`HostGroup::reduce`].
    pub fn back_substitute(&self, r: &mut [f64], dj: &[f64]) {
        let (range, n) = (self.range(), self.n_hosts);
        let r = &mut r[range];
        let k = self.flux_per_current();
        match &self.kind {
            Kind::Modes { modes, inverse, .. } => {
                let each = inverse.len() / modes.n();
                parallel::by_rows(r, n, |m, row| {
                    let (v, s) = (&inverse[m * each..(m + 1) * each], modes.surface[m]);
                    if let [v] = v
                        && self.scales.rate.is_empty()
                    {
                        let v = k * s * v;
                        for (r, dj) in row.iter_mut().zip(dj) {
                            *r -= v * dj;
                        }
                    } else {
                        for (((r, dj), v), flux) in row.iter_mut().zip(dj).zip(v).zip(&self.scales.flux) {
                            *r -= k * flux * s * v * dj;
                        }
                    }
                });
            }
            Kind::Shells(s) => s.add_unit_response(r, dj, n, k, &self.scales),
        }
    }
}

/// `out[h] = Σ_m weights[m] rows[m][h]`, the hosts in groups as wide as registers allow.
#[inline]
fn weighted_sums(weights: &[f64], rows: &[f64], out: &mut [f64]) {
    let done = in_groups::<16>(weights, rows, out, 0);
    let done = in_groups::<4>(weights, rows, out, done);
    in_groups::<1>(weights, rows, out, done);
}

/// The same from host `first` on for as many as fill groups of `W`; the first one left.
#[inline(always)]
fn in_groups<const W: usize>(weights: &[f64], rows: &[f64], out: &mut [f64], first: usize) -> usize {
    let n = out.len();
    let end = n - (n - first) % W;
    for h in (first..end).step_by(W) {
        let mut sum = [0.0; W];
        for (w, row) in weights.iter().zip(rows.chunks_exact(n)) {
            for (s, r) in sum.iter_mut().zip(&row[h..h + W]) {
                *s += w * r;
            }
        }
        out[h..h + W].copy_from_slice(&sum);
    }
    end
}
