//! Modified divided differences of the solution: prediction, update and interpolation in single passes.

use super::coefficients::{Coefficients, MAX_ORDER};
use crate::lanes::vectorised;

/// History rows φ₀ … φ₅ of one vector quantity.
#[derive(Clone, Debug)]
pub struct History {
    n: usize,
    rows: Vec<f64>,
}

/// Calls the function specialised for the order, so that the loops over rows are unrolled.
macro_rules! by_order {
    ($order:expr, $function:ident($($argument:expr),*)) => {
        match $order {
            1 => vectorised(#[inline(always)] || $function::<2>($($argument),*)),
            2 => vectorised(#[inline(always)] || $function::<3>($($argument),*)),
            3 => vectorised(#[inline(always)] || $function::<4>($($argument),*)),
            4 => vectorised(#[inline(always)] || $function::<5>($($argument),*)),
            _ => vectorised(#[inline(always)] || $function::<6>($($argument),*)),
        }
    };
}

impl History {
    /// Rows for `n` unknowns, all zero.
    pub fn new(n: usize) -> Self {
        Self {
            n,
            rows: vec![0.0; n * (MAX_ORDER + 1)],
        }
    }

    /// Starts the history from a value and a derivative for a first step of size `h`.
    pub fn start(&mut self, y: &[f64], yp: &[f64], h: f64) {
        let n = self.n;
        self.rows[..n].copy_from_slice(y);
        for (row, yp) in self.rows[n..2 * n].iter_mut().zip(yp) {
            *row = h * yp;
        }
        self.rows[2 * n..].fill(0.0);
    }

    /// Row `j`.
    pub fn row(&self, j: usize) -> &[f64] {
        &self.rows[j * self.n..(j + 1) * self.n]
    }

    /// Scales the first difference after a failed first step.
    pub fn rescale_first(&mut self, factor: f64) {
        let n = self.n;
        self.rows[n..2 * n].iter_mut().for_each(|x| *x *= factor);
    }

    /// Predictor: `y = Σ β_j φ_j`, `y' = Σ γ_j β_j φ_j`.
    pub fn predict(&self, c: &Coefficients, order: usize, y: &mut [f64], yp: &mut [f64]) {
        let slope: [f64; MAX_ORDER + 1] = std::array::from_fn(|j| c.gamma[j] * c.beta[j]);
        by_order!(order, combine(&self.rows, self.n, &c.beta, &slope, y, yp));
    }

    /// Value and derivative at `t_n + delta` within the last step of order `order`.
    pub fn interpolate(&self, c: &Coefficients, order: usize, delta: f64, y: &mut [f64], yp: &mut [f64]) {
        let (value, slope) = c.dense_weights(delta, order);
        by_order!(order, combine(&self.rows, self.n, &value, &slope, y, yp));
    }

    /// Linear combination of the rows with the given weights.
    pub fn weighted(&self, weights: &[f64; MAX_ORDER + 1], order: usize, out: &mut [f64]) {
        by_order!(order, combine_one(&self.rows, self.n, weights, out));
    }

    /// Takes in the correction `e` of an accepted step of order `order`.
    pub fn update(&mut self, c: &Coefficients, order: usize, e: &[f64]) {
        by_order!(order, accumulate(&mut self.rows, self.n, &c.beta, e));
    }
}

#[inline(always)]
fn slices<const R: usize>(rows: &[f64], n: usize) -> [&[f64]; R] {
    std::array::from_fn(|j| &rows[j * n..][..n])
}

#[inline(always)]
fn combine<const R: usize>(rows: &[f64], n: usize, a: &[f64; 6], b: &[f64; 6], y: &mut [f64], yp: &mut [f64]) {
    let rows: [&[f64]; R] = slices(rows, n);
    let (y, yp) = (&mut y[..n], &mut yp[..n]);
    for i in 0..n {
        let (mut value, mut slope) = (a[0] * rows[0][i], b[0] * rows[0][i]);
        for j in 1..R {
            value += a[j] * rows[j][i];
            slope += b[j] * rows[j][i];
        }
        y[i] = value;
        yp[i] = slope;
    }
}

#[inline(always)]
fn combine_one<const R: usize>(rows: &[f64], n: usize, a: &[f64; 6], out: &mut [f64]) {
    let rows: [&[f64]; R] = slices(rows, n);
    let out = &mut out[..n];
    for i in 0..n {
        let mut value = a[0] * rows[0][i];
        for j in 1..R {
            value += a[j] * rows[j][i];
        }
        out[i] = value;
    }
}

/// `R = order + 1`; the row above the order keeps `e` for the decision to raise the order.
#[inline(always)]
fn accumulate<const R: usize>(rows: &mut [f64], n: usize, beta: &[f64; 6], e: &[f64]) {
    let e = &e[..n];
    let (used, above) = rows.split_at_mut(R * n);
    if R <= MAX_ORDER {
        above[..n].copy_from_slice(e);
    }
    let mut chunks = used.chunks_exact_mut(n.max(1));
    let mut rows: [&mut [f64]; R] = std::array::from_fn(|_| chunks.next().unwrap_or_default());
    for row in &mut rows {
        let full = std::mem::take(row);
        *row = &mut full[..n];
    }
    for i in 0..n {
        let mut sum = e[i];
        for j in (0..R).rev() {
            sum += beta[j] * rows[j][i];
            rows[j][i] = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A polynomial of degree k is predicted and interpolated exactly at order k on any mesh.
    #[test]
    fn polynomials_are_reproduced_on_a_varying_mesh() {
        for degree in 1..=5usize {
            let p = |t: f64| (0..=degree).map(|k| (t - 0.3).powi(k as i32)).sum::<f64>();
            let dp = |t: f64| (1..=degree).map(|k| k as f64 * (t - 0.3).powi(k as i32 - 1)).sum::<f64>();
            let mut history = History::new(1);
            let mut t = 0.0;
            let mut h = 0.1;
            let mut c = Coefficients::start(h);
            history.start(&[p(0.0)], &[dp(0.0)], h);
            let (mut y, mut yp) = ([0.0], [0.0]);
            let (mut h_used, mut k_used) = (0.0, 0);
            for step in 0..14 {
                let order = (step + 1).min(degree);
                c.prepare(h, order, h_used, k_used);
                t += h;
                history.predict(&c, order, &mut y, &mut yp);
                if step > degree + 1 {
                    assert!(
                        (y[0] - p(t)).abs() < 1e-11 * p(t).abs().max(1.0),
                        "degree {degree} step {step}: {} {}",
                        y[0],
                        p(t)
                    );
                    assert!((yp[0] - dp(t)).abs() < 1e-9 * dp(t).abs().max(1.0));
                }
                let e = [p(t) - y[0]];
                history.update(&c, order, &e);
                if step > degree + 1 {
                    let inside = t - 0.37 * h;
                    history.interpolate(&c, order, -0.37 * h, &mut y, &mut yp);
                    assert!((y[0] - p(inside)).abs() < 1e-11 * p(inside).abs().max(1.0));
                    assert!((yp[0] - dp(inside)).abs() < 1e-9 * dp(inside).abs().max(1.0));
                }
                (h_used, k_used) = (h, order);
                h *= [1.0, 2.0, 0.6, 1.0, 0.9][step % 5];
            }
        }
    }
    /// Integrates y' = -y at fixed order on a mesh with ratios `ratios`, with exact values for the first steps.
    fn decay_error(order: usize, h0: f64, ratios: &[f64]) -> f64 {
        let exact = |t: f64| (-t).exp();
        let (mut t, mut h, mut step) = (0.0, h0, 0);
        let mut history = History::new(1);
        let mut c = Coefficients::start(h);
        history.start(&[1.0], &[-1.0], h);
        let (mut y, mut yp) = ([0.0], [0.0]);
        let (mut h_used, mut k_used) = (0.0, 0);
        while t < 2.0 {
            let k = (step + 1).min(order);
            c.prepare(h, k, h_used, k_used);
            t += h;
            history.predict(&c, k, &mut y, &mut yp);
            let e = if step < order + 2 {
                exact(t) - y[0]
            } else {
                -(yp[0] + y[0]) / (c.cj + 1.0)
            };
            y[0] += e;
            history.update(&c, k, &[e]);
            (h_used, k_used) = (h, k);
            step += 1;
            h = h0 * ratios[step % ratios.len()];
        }
        (y[0] / exact(t) - 1.0).abs()
    }

    #[test]
    fn the_corrector_converges_with_its_order() {
        for order in 1..=5usize {
            for ratios in [&[1.0][..], &[1.0, 1.3, 0.8, 1.1]] {
                let (coarse, fine) = (decay_error(order, 0.02, ratios), decay_error(order, 0.01, ratios));
                let observed = (coarse / fine).log2();
                assert!(
                    (observed - order as f64).abs() < 0.2,
                    "order {order}, ratios {ratios:?}: observed {observed:.2}"
                );
            }
        }
    }
}
