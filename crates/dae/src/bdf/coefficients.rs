//! Coefficients of the fixed-leading-coefficient BDF method on a variable mesh.

/// Highest order of the method.
pub const MAX_ORDER: usize = 5;
const ROWS: usize = MAX_ORDER + 1;

/// Step-size history and the coefficients derived from it.
///
/// # Equation
/// With `ψ_j = h_n + … + h_{n-j}`: `α_j = h/ψ_j`, `β_j = Π ψ_{i-1}^{new}/ψ_{i-1}^{old}`, `σ_j = j! Π α_i`,
/// `γ_j = Σ_{i<j} 1/ψ_i`. The predictor is `y⁰ = Σ β_j φ_j`, `y'⁰ = Σ γ_j β_j φ_j`; the corrector adds `e` to `y` and `cj e` to
/// `y'` with the leading coefficient `cj = (1 + 1/2 + … + 1/k)/h`.
///
/// # Source
/// K. E. Brenan, S. L. Campbell, L. R. Petzold, Numerical Solution of Initial-Value Problems in Differential-Algebraic
/// Equations, SIAM 1996, chapter 5.
#[derive(Clone, Debug)]
pub struct Coefficients {
    /// Sums of past step sizes, ψ.
    pub psi: [f64; ROWS],
    /// Ratios α.
    pub alpha: [f64; ROWS],
    /// Scale factors σ of the error estimates.
    pub sigma: [f64; ROWS],
    /// Derivative weights γ of the predictor.
    pub gamma: [f64; ROWS],
    /// Scale factors of the history rows for this step; one where the mesh did not change.
    pub beta: [f64; ROWS],
    /// Leading coefficient.
    pub cj: f64,
    /// Constant of the local error test.
    pub ck: f64,
    /// Number of steps taken with the present size and order.
    pub unchanged: usize,
}

impl Coefficients {
    /// Coefficients before a first step of size `h`.
    pub fn start(h: f64) -> Self {
        let mut psi = [0.0; ROWS];
        psi[0] = h;
        Self {
            psi,
            alpha: [1.0; ROWS],
            sigma: [1.0; ROWS],
            gamma: [0.0; ROWS],
            beta: [1.0; ROWS],
            cj: 1.0 / h,
            ck: 1.0,
            unchanged: 0,
        }
    }

    /// Prepares a step of size `h` at `order`, given size and order of the last accepted step.
    pub fn prepare(&mut self, h: f64, order: usize, h_used: f64, order_used: usize) {
        if h != h_used || order != order_used {
            self.unchanged = 0;
        }
        self.unchanged = (self.unchanged + 1).min(order_used + 2);
        self.beta = [1.0; ROWS];
        if order + 1 >= self.unchanged {
            let mut beta = 1.0;
            let mut sum = h;
            (self.alpha[0], self.sigma[0], self.gamma[0]) = (1.0, 1.0, 0.0);
            for i in 1..=order {
                let old = self.psi[i - 1];
                self.psi[i - 1] = sum;
                beta *= sum / old;
                if i >= self.unchanged {
                    self.beta[i] = beta;
                }
                sum = old + h;
                self.alpha[i] = h / sum;
                self.sigma[i] = i as f64 * self.sigma[i - 1] * self.alpha[i];
                self.gamma[i] = self.gamma[i - 1] + self.alpha[i - 1] / h;
            }
            self.psi[order] = sum;
        }
        let mut alpha_s = 0.0;
        let mut alpha_0 = 0.0;
        for i in 0..order {
            alpha_s -= 1.0 / (i + 1) as f64;
            alpha_0 -= self.alpha[i];
        }
        self.cj = -alpha_s / h;
        self.ck = (self.alpha[order] + alpha_s - alpha_0).abs().max(self.alpha[order]);
    }

    /// Weights of the history rows for the solution and its derivative at `t = t_n + delta` within the last step.
    pub fn dense_weights(&self, delta: f64, order: usize) -> ([f64; ROWS], [f64; ROWS]) {
        let mut value = [0.0; ROWS];
        let mut slope = [0.0; ROWS];
        let (mut c, mut d, mut gamma) = (1.0, 0.0, delta / self.psi[0]);
        value[0] = 1.0;
        for j in 1..=order {
            d = d * gamma + c / self.psi[j - 1];
            c *= gamma;
            gamma = (delta + self.psi[j - 1]) / self.psi[j];
            value[j] = c;
            slope[j] = d;
        }
        (value, slope)
    }
}
