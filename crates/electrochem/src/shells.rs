//! Hosts with a diffusivity that depends on stoichiometry: graded shells and their factored tridiagonal systems.

use crate::curve::{Curve, Jet};
use crate::host::Curvature;
use crate::host_group::Scales;

/// Graded shells and their factored tridiagonal systems.
#[derive(Clone, Debug)]
pub(crate) struct Shells {
    /// Scaled shell volumes ∫ρ^m dρ.
    pub volume: Vec<f64>,
    /// Scaled centres.
    pub centre: Vec<f64>,
    /// Scaled area of the face above each shell.
    pub area: Vec<f64>,
    /// Distances from the centre to the lower and upper face.
    pub half: Vec<[f64; 2]>,
    /// Per host and shell: elimination multipliers and inverse pivots.
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
    pub pivot: Vec<f64>,
    /// Response of the outermost shell to a unit current density, per host.
    pub gain: Vec<f64>,
    /// ∂θ_surface/∂θ_last and ∂θ_surface/∂j, per host.
    pub surface_last: Vec<f64>,
    pub surface_j: Vec<f64>,
}

/// Row of the stiffness of a host in its shell stoichiometries.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Row {
    pub lower: f64,
    pub diagonal: f64,
    pub upper: f64,
}

/// The geometry that the stiffness needs.
pub(crate) struct Grid<'a> {
    pub area: &'a [f64],
    pub half: &'a [[f64; 2]],
}

impl Grid<'_> {
    /// Calls `visit` with every row of host `h`, from the centre to the surface; `scale` is the inverse square of the radius.
    /// Returns the diffusivity of the outermost shell.
    #[allow(clippy::too_many_arguments)]
    #[inline(always)]
    pub(crate) fn rows(
        &self,
        y: &[f64],
        n: usize,
        h: usize,
        scale: f64,
        diffusion: &Curve,
        temperature: f64,
        mut visit: impl FnMut(usize, Row),
    ) -> Jet {
        let last = self.area.len() - 1;
        let mut from_below = (0.0, 0.0); // (∂below/∂θ_{i-1}, ∂below/∂θ_i)
        let mut d = diffusion.eval(y[h], temperature);
        for i in 0..=last {
            let at = i * n + h;
            let mut row = Row {
                lower: -from_below.0,
                diagonal: -from_below.1,
                upper: 0.0,
            };
            if i < last {
                let next = diffusion.eval(y[at + n], temperature);
                // Mean of D over the stoichiometries between two shells (Simpson): the flux of ∫D dθ, accurate also where D falls steeply.
                let middle = diffusion.eval(0.5 * (y[at] + y[at + n]), temperature);
                let g = scale * self.area[i] / (6.0 * (self.half[i][1] + self.half[i + 1][0]));
                let t = g * (d.value + 4.0 * middle.value + next.value);
                let delta = g * (y[at] - y[at + n]);
                from_below = (t + delta * (d.dx + 2.0 * middle.dx), -t + delta * (next.dx + 2.0 * middle.dx));
                row.diagonal += from_below.0;
                row.upper = from_below.1;
                d = next;
            }
            visit(i, row);
        }
        d
    }
}

impl Shells {
    pub(crate) fn new(curvature: Curvature, n: usize, spread: f64, n_hosts: usize) -> Shells {
        let m = curvature.exponent();
        // Widths shrink geometrically towards the surface.
        let ratio = spread.powf(-1.0 / n as f64).max(0.75);
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
    pub(crate) fn factor(
        &mut self,
        y: &[f64],
        j: &[f64],
        n: usize,
        k: f64,
        radius: f64,
        scales: &Scales,
        diffusion: &Curve,
        temperature: f64,
        cj: f64,
    ) {
        let last = self.volume.len() - 1;
        for (h, j) in j.iter().enumerate().take(n) {
            let temperature = scales.temperature(h, temperature);
            let mut previous_upper = 0.0;
            let mut previous_inverse = 0.0;
            let Shells { lower, upper, pivot, .. } = self;
            let grid = Grid {
                area: &self.area,
                half: &self.half,
            };
            let d = grid.rows(y, n, h, scales.rate(h) / (radius * radius), diffusion, temperature, |i, row| {
                let at = i * n + h;
                let multiplier = row.lower * previous_inverse;
                let inverse = 1.0 / (cj * self.volume[i] + row.diagonal - multiplier * previous_upper);
                lower[at] = multiplier;
                upper[at] = row.upper;
                pivot[at] = inverse;
                (previous_upper, previous_inverse) = (row.upper, inverse);
            });
            // Only the outermost row feels j, so its response needs the last pivot alone.
            self.gain[h] = k * scales.flux(h) * self.pivot[last * n + h];
            let half = self.half[last][1];
            let resistance = k * half * scales.depth(h) * radius * radius / d.value;
            self.surface_j[h] = -resistance;
            self.surface_last[h] = 1.0 + j * resistance * d.dx / d.value;
        }
    }

    /// Solves all tridiagonal systems in place.
    pub(crate) fn solve(&self, r: &mut [f64], n: usize) {
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
    pub(crate) fn add_unit_response(&self, r: &mut [f64], dj: &[f64], n: usize, k: f64, scales: &Scales) {
        let shells = self.volume.len();
        for h in 0..n {
            let mut x = k * scales.flux(h) * dj[h] * self.pivot[(shells - 1) * n + h];
            r[(shells - 1) * n + h] -= x;
            for i in (0..shells - 1).rev() {
                let at = i * n + h;
                x *= -self.upper[at] * self.pivot[at];
                r[at] -= x;
            }
        }
    }
}
