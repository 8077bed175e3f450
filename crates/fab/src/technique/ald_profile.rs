//! Atomic layer deposition with a sticking probability below one: the smooth profile of diffusion and reaction in a channel.
//!
//! The gas in the channel is in balance at every moment while the wall fills up (Langmuir uptake). With ξ = z/d (d the hydraulic diameter),
//! the pressure over that at the mouth u, and the dose τ = P t/(S sqrt(2π m k T)), diffusion and uptake read
//!
//! b u″ = 3 c u (1 − θ),  ∂θ/∂τ = c u (1 − θ),
//!
//! where c is the sticking probability on the bare wall and b = D/D_Kn. Nothing else enters: a slit and a round hole share one equation
//! because both diffuse with d v/3. The second equation says θ = 1 − exp(−c U) with the dose that has arrived, U = ∫ u dτ, so that the first
//! one can be integrated over the dose, and time drops out exactly:
//!
//! b U″ = 3 (1 − exp(−c U)),  U(0) = τ,  −b U′(a) = ¾ (1 − exp(−c U(a))) at a bottom that reacts.
//!
//! One solve of a convex two-point problem replaces the march through the pulse.
//!
//! Source of the physics: Ylilammi et al., J. Appl. Phys. 123 (2018) 205301, doi:10.1063/1.5028178, here without desorption.

use super::channel::Channel;
use super::error::{TechniqueError, check, check_positive};

/// A pulse into a channel, in dimensionless form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pulse {
    /// Exposure over the one that saturates an open surface if every molecule sticks, K = P t/(S sqrt(2π m k T)).
    pub dose: f64,
    /// Sticking probability on the bare wall, 0 to 1.
    pub sticking: f64,
    /// Diffusion coefficient over that of Knudsen, at most 1 (see [`super::ald::diffusion_coefficient`]).
    pub diffusion_ratio: f64,
}

/// Coverage of the wall after one pulse.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Depth of each point, m, from the mouth to the bottom.
    pub depth: Vec<f64>,
    /// Coverage there, 0 to 1; never rises with depth.
    pub coverage: Vec<f64>,
    /// Newton steps taken.
    pub n_newton: usize,
    dose: Vec<f64>,
    h: f64,
    pulse: Pulse,
}

/// Newton steps allowed; a front over a few thousand cells needs about twenty.
const MAX_NEWTON: usize = 200;

/// Coverage along the channel after one pulse, on `n_cells` equal intervals.
///
/// # Equation
/// See the head of this file. Central differences; the half cells at the ends carry the boundary conditions, so that what enters the mouth
/// equals what the walls and the bottom take up, to rounding.
///
/// # Validity
/// No desorption, no resistance in front of the mouth (Gordon's term 19a/4 holds one: for shallow openings his exposure is larger).
///
/// # Errors
/// [`TechniqueError::OutOfRange`] for numbers outside their range.
///
/// # Verification
/// `technique_ald`: quadrature of the first integral, front limit, balance, order of convergence.
pub fn profile(channel: &Channel, pulse: &Pulse, n_cells: usize) -> Result<Profile, TechniqueError> {
    check_positive("depth of the channel", channel.depth)?;
    check(
        "a of the channel",
        channel.a,
        channel.a > 0.0 && channel.a <= 1e6,
        "above 0, at most 1e6",
    )?;
    check(
        "dose of the pulse",
        pulse.dose,
        pulse.dose > 0.0 && pulse.dose <= 1e15,
        "above 0, at most 1e15",
    )?;
    for (what, x) in [("sticking probability", pulse.sticking), ("diffusion ratio", pulse.diffusion_ratio)] {
        check(what, x, x > 0.0 && x <= 1.0, "above 0, at most 1")?;
    }
    check(
        "number of cells",
        n_cells as f64,
        (4..=1_000_000).contains(&n_cells),
        "4 to 1000000",
    )?;

    let h = channel.a / n_cells as f64;
    let mut u = vec![pulse.dose; n_cells + 1];
    let mut change = f64::INFINITY;
    let mut n_newton = 0;
    // The residual is an M-function with concave reaction term: from the second step on Newton's method climbs without overshoot.
    while change > 1e-13 {
        if n_newton == MAX_NEWTON {
            return Err(TechniqueError::NotConverged { steps: n_newton, change });
        }
        change = newton_step(&mut u, h, pulse) / pulse.dose;
        n_newton += 1;
    }
    Ok(Profile {
        depth: (0..=n_cells).map(|i| channel.depth * i as f64 / n_cells as f64).collect(),
        coverage: u.iter().map(|&d| uptake(pulse.sticking, d).0.clamp(0.0, 1.0)).collect(),
        n_newton,
        dose: u,
        h,
        pulse: *pulse,
    })
}

/// Coverage after the dose `u` and its slope; continued along its tangent below zero, where Newton's method may pass.
fn uptake(c: f64, u: f64) -> (f64, f64) {
    if u < 0.0 {
        (c * u, c)
    } else {
        (-(-c * u).exp_m1(), c * (-c * u).exp())
    }
}

/// One Newton step (Thomas algorithm); returns the largest change.
fn newton_step(u: &mut [f64], h: f64, pulse: &Pulse) -> f64 {
    let n = u.len() - 1;
    let g = pulse.diffusion_ratio / h;
    // Row i: g (2 u_i − u_{i−1} − u_{i+1}) + 3 h θ(u_i) = 0; the last row is a half cell with the bottom.
    let (mut upper, mut right) = (vec![0.0; n + 1], vec![0.0; n + 1]);
    for i in 1..=n {
        let (theta, slope) = uptake(pulse.sticking, u[i]);
        let last = i == n;
        let weight = if last { 1.5 * h + 0.75 } else { 3.0 * h };
        let outflow = if last { u[i] - u[i - 1] } else { 2.0 * u[i] - u[i - 1] - u[i + 1] };
        let residual = g * outflow + weight * theta;
        let diagonal = g * if last { 1.0 } else { 2.0 } + weight * slope;
        let pivot = diagonal - g * if i > 1 { upper[i - 1] } else { 0.0 };
        upper[i] = g / pivot;
        right[i] = (-residual + g * right[i - 1]) / pivot;
    }
    let (mut delta, mut largest) = (0.0, 0.0f64);
    for i in (1..=n).rev() {
        delta = right[i] + if i < n { upper[i] * delta } else { 0.0 };
        u[i] += delta;
        largest = largest.max(delta.abs());
    }
    largest
}

impl Profile {
    /// Coverage at a depth (m), by straight lines; the ends hold outside.
    pub fn at(&self, depth: f64) -> f64 {
        let n = self.depth.len() - 1;
        let x = (depth / self.depth[n] * n as f64).clamp(0.0, n as f64);
        let i = (x as usize).min(n - 1);
        let w = x - i as f64;
        self.coverage[i] * (1.0 - w) + self.coverage[i + 1] * w
    }

    /// What entered through the mouth, and what walls and bottom took up, both in molecules per mouth area over site density.
    pub fn balance(&self) -> (f64, f64) {
        let n = self.dose.len() - 1;
        let theta = |i: usize| uptake(self.pulse.sticking, self.dose[i]).0;
        let first = 1.5 * self.h * theta(0);
        let inner: f64 = (1..n).map(|i| 3.0 * self.h * theta(i)).sum();
        let bottom = (1.5 * self.h + 0.75) * theta(n);
        let inflow = self.pulse.diffusion_ratio * (self.dose[0] - self.dose[1]) / self.h + first;
        // A slice dξ has the wall 4 dξ per mouth area, and counts 3 dξ in the equation.
        (inflow * 4.0 / 3.0, (first + inner + bottom) * 4.0 / 3.0)
    }

    /// Depth at which the coverage falls to one half, m; `None` if it stays above, or starts below.
    pub fn half_depth(&self) -> Option<f64> {
        let i = self.coverage.windows(2).position(|w| w[0] >= 0.5 && w[1] < 0.5)?;
        let (a, b) = (self.coverage[i], self.coverage[i + 1]);
        Some(self.depth[i] + (self.depth[i + 1] - self.depth[i]) * (a - 0.5) / (a - b))
    }
}
