//! Hosts at one complex frequency: what a small current density does to the surface stoichiometry, `δθ_s = -G(s) δj`.
//!
//! # Equation
//! With constant diffusivity the sum over all modes of [`crate::host`] has a closed form in `p = R √(s/D)`:
//! `G = R g(p)/(F c_max D)` with `g = coth(p)/p` (slab), `I₀(p)/(p I₁(p))` (cylinder), `1/(p coth p - 1)` (sphere). With a diffusivity
//! that depends on stoichiometry the linearised shells are eliminated, one complex tridiagonal system per host.
//!
//! # Source
//! Slab: the reflecting finite Warburg element; sphere and cylinder: Jacobsen, West, Electrochim. Acta 40 (1995) 255,
//! <https://doi.org/10.1016/0013-4686(94)E0192-3>.
//!
//! # Verification
//! Tests below: the closed forms against sums over modes; `tests/small_signal.rs`: against the time-domain Jacobian.

use super::{HostGroup, Kind};
use crate::host::Curvature;
use crate::shells::{Grid, Row};
use num_complex::Complex64;

/// The linearised hosts of one electrode.
#[derive(Clone, Debug)]
pub(crate) enum Transfer {
    /// Constant diffusivity: shape, and per host (or for all) `R²/D` in s and `R/(F c_max D)` in m²/A.
    Exact(Curvature, Vec<[f64; 2]>),
    /// One entry per host.
    Shells(Vec<Column>),
}

/// A host of graded shells: `(s V + K) δθ = load δj`, `δθ_s = last · δθ_last - jump δj`.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    volume: Vec<f64>,
    rows: Vec<Row>,
    load: f64,
    last: f64,
    jump: f64,
}

impl HostGroup {
    /// Linearises the hosts at the state `y` under the current densities `j`.
    pub(crate) fn transfer(&self, y: &[f64], j: &[f64], temperature: f64) -> Transfer {
        let states = &y[self.range()];
        let k = self.flux_per_current();
        match &self.kind {
            Kind::Modes { .. } => {
                let diffusivity = self.diffusion.eval(0.0, temperature).value;
                let n = if self.scales.rate.is_empty() { 1 } else { self.n_hosts };
                let each = |h| {
                    let time = self.radius * self.radius / (diffusivity * self.scales.rate_at_temperature(h));
                    [time, k * self.scales.flux(h) * time]
                };
                Transfer::Exact(self.curvature, (0..n).map(each).collect())
            }
            Kind::Shells(shells) => {
                let grid = Grid {
                    area: &shells.area,
                    half: &shells.half,
                };
                let column = |h: usize| {
                    let mut rows = vec![];
                    let temperature = self.scales.temperature(h, temperature);
                    let scale = self.scales.rate(h) / (self.radius * self.radius);
                    let d = grid.rows(states, self.n_hosts, h, scale, &self.diffusion, temperature, |_, row| {
                        rows.push(row)
                    });
                    let half = shells.half[rows.len() - 1][1];
                    let jump = k * half * self.scales.depth(h) * self.radius * self.radius / d.value;
                    Column {
                        volume: shells.volume.clone(),
                        rows,
                        load: k * self.scales.flux(h),
                        last: 1.0 + j[h] * jump * d.dx / d.value,
                        jump,
                    }
                };
                Transfer::Shells((0..self.n_hosts).map(column).collect())
            }
        }
    }
}

impl Transfer {
    /// G of all hosts at the complex frequency `s` (rad/s), m²/A.
    pub(crate) fn at(&self, s: Complex64, out: &mut [Complex64]) {
        match self {
            Transfer::Exact(curvature, hosts) if hosts.len() == 1 => out.fill(exact(*curvature, s, hosts[0])),
            Transfer::Exact(curvature, hosts) => {
                for (out, host) in out.iter_mut().zip(hosts) {
                    *out = exact(*curvature, s, *host);
                }
            }
            Transfer::Shells(columns) => {
                for (out, column) in out.iter_mut().zip(columns) {
                    *out = column.at(s);
                }
            }
        }
    }
}

impl Column {
    fn at(&self, s: Complex64) -> Complex64 {
        let mut pivot = Complex64::ONE;
        let mut above = 0.0;
        for (volume, row) in self.volume.iter().zip(&self.rows) {
            pivot = s * volume + row.diagonal - row.lower * above / pivot;
            above = row.upper;
        }
        self.load * self.last / pivot + self.jump
    }
}

fn exact(curvature: Curvature, s: Complex64, [time, scale]: [f64; 2]) -> Complex64 {
    scale * response(curvature, (s * time).sqrt())
}

/// g(p) for Re p > 0.
fn response(curvature: Curvature, p: Complex64) -> Complex64 {
    match curvature {
        Curvature::Slab => coth(p) / p,
        Curvature::Cylinder => bessel_ratio(p) / p,
        Curvature::Sphere => 1.0 / coth_excess(p),
    }
}

fn coth(p: Complex64) -> Complex64 {
    let e = (-2.0 * p).exp();
    (1.0 + e) / (1.0 - e)
}

/// Below this |p| the difference loses digits and the series of `p coth p - 1` is exact to 1e-13.
const SERIES_BELOW: f64 = 0.1;

/// `p coth p - 1`.
fn coth_excess(p: Complex64) -> Complex64 {
    if p.norm() > SERIES_BELOW {
        return p * coth(p) - 1.0;
    }
    let q = p * p;
    q / 3.0 * (1.0 - q / 15.0 * (1.0 - 2.0 * q / 21.0 * (1.0 - q / 10.0)))
}

/// Above this |p| the asymptotic series of the Bessel functions is exact to rounding where Re p ≥ Im p.
const ASYMPTOTIC_ABOVE: f64 = 30.0;

/// I₀(p)/I₁(p): continued fraction, or the asymptotic series (Abramowitz & Stegun 9.1.73 and 9.7.1).
fn bessel_ratio(p: Complex64) -> Complex64 {
    if p.norm() > ASYMPTOTIC_ABOVE {
        let series = |mu: f64| {
            let (mut term, mut sum) = (Complex64::ONE, Complex64::ONE);
            for k in 1..16 {
                let odd = f64::from(2 * k - 1);
                term *= -(mu - odd * odd) / (8.0 * f64::from(k) * p);
                sum += term;
            }
            sum
        };
        return series(0.0) / series(4.0);
    }
    // I_{k}/I_{k-1} from far down the fraction up to k = 1.
    let mut ratio = Complex64::ZERO;
    for k in (1..80).rev() {
        ratio = 1.0 / (2.0 * f64::from(k) / p + ratio);
    }
    1.0 / ratio
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::HostModes;

    /// The closed forms are the sums over all modes; 60 modes are enough below |p|² = 100.
    #[test]
    fn closed_forms_are_sums_of_modes() {
        for curvature in [Curvature::Slab, Curvature::Cylinder, Curvature::Sphere] {
            let modes = HostModes::new(curvature, 60);
            for square in [1e-6, 1e-3, 0.0099, 0.0101, 1.0, 30.0, 100.0] {
                let s = Complex64::new(0.0, square);
                let terms = modes.rates.iter().zip(&modes.surface);
                let sum: Complex64 = terms.map(|(rate, v)| v * v / (s + rate)).sum();
                let found = response(curvature, s.sqrt());
                assert!((found / sum - 1.0).norm() < 1e-10, "{curvature:?} {square}: {found} {sum}");
            }
        }
    }

    /// Both forms of the Bessel ratio agree where they meet, and far out the response is that of a flat surface, 1/p.
    #[test]
    fn the_ends_join() {
        for phase in [0.0, 0.25] {
            let p = Complex64::from_polar(ASYMPTOTIC_ABOVE, phase * std::f64::consts::PI);
            let (below, above) = (bessel_ratio(p * 0.999_999_9), bessel_ratio(p * 1.000_000_1));
            assert!((below - above).norm() < 1e-8);
            for curvature in [Curvature::Slab, Curvature::Cylinder, Curvature::Sphere] {
                let far = 1e7 * p;
                assert!((response(curvature, far) * far - 1.0).norm() < 1e-8, "{curvature:?}");
            }
        }
    }
}
