//! The hosts of one electrode inside the DAE: their residual, and their elimination from Newton's linear system.
//!
//! With constant diffusivity the states are the modes of [`crate::host`]; with a diffusivity that depends on stoichiometry they are
//! the stoichiometries of shells that get thinner towards the surface. Either way an implicit step leaves one number per host to the
//! interface: `δθ_surface = S - G δj`.
//!
//! States are stored mode by mode (shell by shell), all hosts side by side, so that the loops over hosts vectorise.

use crate::curve::Curve;
use crate::host::{Curvature, HostModes};
use crate::spec::{ActiveMaterial, Resolution};
use cellwright_base::constants::FARADAY;
use std::ops::Range;
use std::sync::Arc;

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
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Modes {
        modes: Arc<HostModes>,
        inverse: Vec<f64>,
        gain: f64,
    },
    Shells(Box<Shells>),
}

/// Graded shells and their factored tridiagonal systems.
#[derive(Clone, Debug)]
struct Shells {
    /// Scaled shell volumes ∫ρ^m dρ.
    volume: Vec<f64>,
    /// Scaled centres.
    centre: Vec<f64>,
    /// Scaled area of the face above each shell.
    area: Vec<f64>,
    /// Distances from the centre to the lower and upper face.
    half: Vec<[f64; 2]>,
    /// Per host and shell: elimination multipliers and inverse pivots.
    lower: Vec<f64>,
    upper: Vec<f64>,
    pivot: Vec<f64>,
    /// Response of the outermost shell to a unit current density, per host.
    gain: Vec<f64>,
    /// ∂θ_surface/∂θ_last and ∂θ_surface/∂j, per host.
    surface_last: Vec<f64>,
    surface_j: Vec<f64>,
}

impl HostGroup {
    /// Hosts of an electrode; the kind follows from whether D depends on stoichiometry.
    pub fn new(
        offset: usize,
        n_hosts: usize,
        radius: f64,
        curvature: Curvature,
        active: &ActiveMaterial,
        diffusion: Curve,
        r: Resolution,
    ) -> HostGroup {
        let kind = if diffusion.is_uniform() {
            let modes = Arc::new(HostModes::new(curvature, r.modes));
            Kind::Modes {
                inverse: vec![0.0; modes.n()],
                modes,
                gain: 0.0,
            }
        } else {
            Kind::Shells(Box::new(Shells::new(curvature, r.shells, n_hosts)))
        };
        HostGroup {
            offset,
            n_hosts,
            radius,
            maximum_concentration: active.maximum_concentration,
            curvature,
            diffusion,
            kind,
        }
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
                    let d = self.diffusion.eval(last[h], temperature).value;
                    out[h] = last[h] - j[h] * self.flux_per_current() * half * self.radius * self.radius / d;
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

    /// Squared deviation of `v` from zero, averaged over host volume and hosts (exactly, by Parseval), in stoichiometry.
    pub fn mean_square(&self, v: &[f64]) -> f64 {
        let states = &v[self.range()];
        let n = self.n_hosts as f64;
        match &self.kind {
            Kind::Modes { .. } => {
                let sum: f64 = sum_of_squares(states);
                sum * f64::from(self.curvature.exponent() + 1) / n
            }
            Kind::Shells(s) => {
                let total: f64 = s.volume.iter().sum();
                let sum: f64 = s
                    .volume
                    .iter()
                    .zip(states.chunks_exact(self.n_hosts))
                    .map(|(v, row)| v * sum_of_squares(row))
                    .sum();
                sum / (total * n)
            }
        }
    }

    /// Deviation of the surface stoichiometries that belongs to a deviation `v` of the states.
    pub fn surface_deviation(&self, v: &[f64], out: &mut [f64]) {
        let (states, n) = (&v[self.range()], self.n_hosts);
        match &self.kind {
            Kind::Modes { modes, .. } => weighted_sums(&modes.surface, states, out),
            Kind::Shells(sh) => out.copy_from_slice(&states[(sh.volume.len() - 1) * n..]),
        }
    }

    /// Residual of all states under the current densities `j`.
    pub fn residual(&self, y: &[f64], yp: &[f64], j: &[f64], temperature: f64, r: &mut [f64]) {
        let (range, n) = (self.range(), self.n_hosts);
        let (y, yp, r) = (&y[range.clone()], &yp[range.clone()], &mut r[range]);
        let k = self.flux_per_current();
        match &self.kind {
            Kind::Modes { modes, .. } => {
                let scale = self.diffusion.eval(0.0, temperature).value / (self.radius * self.radius);
                for m in 0..modes.n() {
                    let (rate, s) = (scale * modes.rates[m], k * modes.surface[m]);
                    let row = m * n..(m + 1) * n;
                    let (y, yp, r) = (&y[row.clone()], &yp[row.clone()], &mut r[row]);
                    for h in 0..n {
                        r[h] = yp[h] + rate * y[h] + s * j[h];
                    }
                }
            }
            Kind::Shells(s) => {
                let last = s.volume.len() - 1;
                let inverse_square = 1.0 / (self.radius * self.radius);
                for h in 0..n {
                    let mut below = 0.0;
                    let mut d = self.diffusion.eval(y[h], temperature).value;
                    for i in 0..=last {
                        let above = if i < last {
                            let d_next = self.diffusion.eval(y[(i + 1) * n + h], temperature).value;
                            let middle = self.diffusion.eval(0.5 * (y[i * n + h] + y[(i + 1) * n + h]), temperature).value;
                            let t = inverse_square * s.area[i] * (d + 4.0 * middle + d_next) / (6.0 * (s.half[i][1] + s.half[i + 1][0]));
                            d = d_next;
                            t * (y[i * n + h] - y[(i + 1) * n + h])
                        } else {
                            k * j[h]
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
        let range = self.range();
        let y = &y[range];
        match &mut self.kind {
            Kind::Modes { modes, inverse, gain } => {
                let scale = self.diffusion.eval(0.0, temperature).value / (self.radius * self.radius);
                *gain = 0.0;
                for ((v, rate), s) in inverse.iter_mut().zip(&modes.rates).zip(&modes.surface) {
                    *v = 1.0 / (cj + scale * rate);
                    *gain += k * s * s * *v;
                }
            }
            Kind::Shells(s) => s.factor(y, j, self.n_hosts, k, self.radius, &self.diffusion, temperature, cj),
        }
    }

    /// G of host `h`: minus the response of its surface stoichiometry to its current density.
    #[inline]
    pub fn gain(&self, h: usize) -> f64 {
        match &self.kind {
            Kind::Modes { gain, .. } => *gain,
            Kind::Shells(s) => s.gain[h] * s.surface_last[h] - s.surface_j[h],
        }
    }

    /// S of every host: the change of its surface stoichiometry from the right-hand side alone.
    pub fn reduce(&self, r: &mut [f64], out: &mut [f64]) {
        let (range, n) = (self.range(), self.n_hosts);
        let r = &mut r[range];
        match &self.kind {
            Kind::Modes { modes, inverse, .. } => {
                for (v, row) in inverse.iter().zip(r.chunks_exact_mut(n)) {
                    row.iter_mut().for_each(|r| *r *= v);
                }
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
                for ((v, s), row) in inverse.iter().zip(&modes.surface).zip(r.chunks_exact_mut(n)) {
                    let v = k * s * v;
                    for (r, dj) in row.iter_mut().zip(dj) {
                        *r -= v * dj;
                    }
                }
            }
            Kind::Shells(s) => s.add_unit_response(r, dj, n, k),
        }
    }
}

/// `out[h] = Σ_m weights[m] rows[m][h]`, the hosts in register-sized groups.
#[inline]
fn weighted_sums(weights: &[f64], rows: &[f64], out: &mut [f64]) {
    const WIDTH: usize = 4;
    let n = out.len();
    let whole = n - n % WIDTH;
    for h in (0..whole).step_by(WIDTH) {
        let mut sum = [0.0; WIDTH];
        for (w, row) in weights.iter().zip(rows.chunks_exact(n)) {
            for (s, r) in sum.iter_mut().zip(&row[h..h + WIDTH]) {
                *s += w * r;
            }
        }
        out[h..h + WIDTH].copy_from_slice(&sum);
    }
    for h in whole..n {
        out[h] = weights.iter().zip(rows.chunks_exact(n)).map(|(w, row)| w * row[h]).sum();
    }
}

#[inline]
fn sum_of_squares(v: &[f64]) -> f64 {
    let mut acc = [0.0; 4];
    let chunks = v.chunks_exact(4);
    let rest: f64 = chunks.remainder().iter().map(|x| x * x).sum();
    for c in chunks {
        for i in 0..4 {
            acc[i] += c[i] * c[i];
        }
    }
    acc.iter().sum::<f64>() + rest
}

impl Shells {
    fn new(curvature: Curvature, n: usize, n_hosts: usize) -> Shells {
        let m = curvature.exponent();
        // Widths shrink geometrically towards the surface, the last 1/20 of the first.
        let ratio = 20f64.powf(-1.0 / n as f64).max(0.75);
        let weights: Vec<f64> = (0..n).map(|i| ratio.powi(i as i32)).collect();
        let total: f64 = weights.iter().sum();
        let mut s = Shells {
            volume: vec![],
            centre: vec![],
            area: vec![],
            half: vec![],
            lower: vec![0.0; n * n_hosts],
            upper: vec![0.0; n * n_hosts],
            pivot: vec![0.0; n * n_hosts],
            gain: vec![0.0; n_hosts],
            surface_last: vec![1.0; n_hosts],
            surface_j: vec![0.0; n_hosts],
        };
        let mut low = 0.0;
        for (i, w) in weights.iter().enumerate() {
            let high = if i + 1 == n { 1.0 } else { low + w / total };
            let volume = (f64::powi(high, m + 1) - f64::powi(low, m + 1)) / f64::from(m + 1);
            s.volume.push(volume);
            s.centre.push(0.5 * (low + high));
            s.half.push([0.5 * (high - low); 2]);
            s.area.push(f64::powi(high, m));
            low = high;
        }
        s
    }

    #[allow(clippy::too_many_arguments)]
    fn factor(&mut self, y: &[f64], j: &[f64], n: usize, k: f64, radius: f64, diffusion: &Curve, temperature: f64, cj: f64) {
        let last = self.volume.len() - 1;
        let scale = 1.0 / (radius * radius);
        for h in 0..n {
            let mut from_below = (0.0, 0.0); // (∂below/∂θ_{i-1}, ∂below/∂θ_i)
            let mut d = diffusion.eval(y[h], temperature);
            let mut previous_upper = 0.0;
            let mut previous_inverse = 0.0;
            for i in 0..=last {
                let at = i * n + h;
                let mut diagonal = cj * self.volume[i] - from_below.1;
                let lower = -from_below.0;
                let mut upper = 0.0;
                if i < last {
                    let next = diffusion.eval(y[at + n], temperature);
                    // Mean of D over the stoichiometries between two shells (Simpson): the flux of ∫D dθ, accurate also where D falls steeply.
                    let middle = diffusion.eval(0.5 * (y[at] + y[at + n]), temperature);
                    let g = scale * self.area[i] / (6.0 * (self.half[i][1] + self.half[i + 1][0]));
                    let t = g * (d.value + 4.0 * middle.value + next.value);
                    let delta = g * (y[at] - y[at + n]);
                    let above = (t + delta * (d.dx + 2.0 * middle.dx), -t + delta * (next.dx + 2.0 * middle.dx));
                    diagonal += above.0;
                    upper = above.1;
                    from_below = above;
                    d = next;
                }
                let multiplier = lower * previous_inverse;
                let pivot = 1.0 / (diagonal - multiplier * previous_upper);
                self.lower[at] = multiplier;
                self.upper[at] = upper;
                self.pivot[at] = pivot;
                (previous_upper, previous_inverse) = (upper, pivot);
            }
            // Only the outermost row feels j, so its response needs the last pivot alone.
            self.gain[h] = k * self.pivot[last * n + h];
            let half = self.half[last][1];
            let resistance = k * half * radius * radius / d.value;
            self.surface_j[h] = -resistance;
            self.surface_last[h] = 1.0 + j[h] * resistance * d.dx / d.value;
        }
    }

    /// Solves all tridiagonal systems in place.
    fn solve(&self, r: &mut [f64], n: usize) {
        let shells = self.volume.len();
        for i in 1..shells {
            for h in 0..n {
                r[i * n + h] -= self.lower[i * n + h] * r[(i - 1) * n + h];
            }
        }
        for i in (0..shells).rev() {
            for h in 0..n {
                let at = i * n + h;
                let above = if i + 1 < shells { self.upper[at] * r[at + n] } else { 0.0 };
                r[at] = (r[at] - above) * self.pivot[at];
            }
        }
    }

    /// Subtracts the response to the current densities `dj` (a load on the outermost shell only).
    fn add_unit_response(&self, r: &mut [f64], dj: &[f64], n: usize, k: f64) {
        let shells = self.volume.len();
        for h in 0..n {
            let mut x = k * dj[h] * self.pivot[(shells - 1) * n + h];
            r[(shells - 1) * n + h] -= x;
            for i in (0..shells - 1).rev() {
                let at = i * n + h;
                x *= -self.upper[at] * self.pivot[at];
                r[at] -= x;
            }
        }
    }
}
