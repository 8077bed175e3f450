//! Hosts with constant diffusivity: one-dimensional diffusion columns, reduced once to exact decay modes of a Galerkin basis.
//!
//! A host is a slab, cylinder or sphere of half-thickness or radius R that exchanges lithium through its surface only.
//! In the scaled coordinate ρ = r/R and the stoichiometry θ = c/c_max
//!
//! `∂θ/∂t = (D/R²) ρ^-m ∂/∂ρ(ρ^m ∂θ/∂ρ)`, `-(D c_max/R) ∂θ/∂ρ = j/F` at ρ = 1, m = 0, 1, 2.
//!
//! The Galerkin basis are the Jacobi polynomials P_k^(0,(m-1)/2)(2ρ²-1), orthogonal with the weight ρ^m: even, smooth at the
//! centre, and clustered at the surface (resolution ~ R/n²). Diagonalising the stiffness matrix gives modes
//!
//! `dz_m/dt = -(D/R²) λ_m z_m - s_m j/(F c_max R)`, `θ_surface = Σ s_m z_m`, `θ_mean = √(m+1) z_0` (λ_0 = 0),
//!
//! exact in time and spectrally accurate in space. An implicit stage makes `θ_surface = S - G j`, so a host costs the global
//! solve nothing.

/// Shape of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curvature {
    /// Film, closed at the back.
    Slab,
    /// Wire.
    Cylinder,
    /// Particle.
    Sphere,
}

impl Curvature {
    /// Exponent m of the surface element ρ^m.
    pub fn exponent(self) -> i32 {
        match self {
            Curvature::Slab => 0,
            Curvature::Cylinder => 1,
            Curvature::Sphere => 2,
        }
    }
}

/// Decay modes of a host in units of its radius and of R²/D.
#[derive(Clone, Debug)]
pub struct HostModes {
    /// Shape.
    pub curvature: Curvature,
    /// Decay rates λ_m, the first exactly zero.
    pub rates: Vec<f64>,
    /// Surface values s_m of the modes (also their response to the surface flux).
    pub surface: Vec<f64>,
    /// Normalised polynomial coefficients of each mode: `vectors[k][m]`.
    vectors: Vec<Vec<f64>>,
    /// 1/√(∫ρ^m φ_k²) of each basis polynomial.
    scale: Vec<f64>,
}

impl HostModes {
    /// Modes of a basis of `n` polynomials.
    pub fn new(curvature: Curvature, n: usize) -> HostModes {
        let m = curvature.exponent();
        let beta = 0.5 * (f64::from(m) - 1.0);
        let mut mass = vec![0.0; n];
        let mut stiffness = vec![vec![0.0; n]; n];
        for (x, w) in gauss_legendre(2 * n + 3) {
            let rho = 0.5 * (x + 1.0);
            let weight = 0.5 * w * rho.powi(m);
            let (p, dp) = jacobi(n, beta, 2.0 * rho * rho - 1.0);
            for i in 0..n {
                mass[i] += weight * p[i] * p[i];
                for j in 0..=i {
                    stiffness[i][j] += weight * 16.0 * rho * rho * dp[i] * dp[j];
                }
            }
        }
        let scale: Vec<f64> = mass.iter().map(|v| 1.0 / v.sqrt()).collect();
        for i in 0..n {
            for j in 0..=i {
                stiffness[i][j] *= scale[i] * scale[j];
                stiffness[j][i] = stiffness[i][j];
            }
        }
        let (values, vectors) = symmetric_eigen(stiffness);
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        let mut rates: Vec<f64> = order.iter().map(|&m| values[m]).collect();
        rates[0] = 0.0;
        let vectors: Vec<Vec<f64>> = vectors.iter().map(|row| order.iter().map(|&m| row[m]).collect()).collect();
        let mut modes = HostModes {
            curvature,
            rates,
            surface: vec![],
            vectors,
            scale,
        };
        // Sign convention: every mode is positive at the surface.
        let at_surface = modes.at(1.0);
        for row in &mut modes.vectors {
            for (v, s) in row.iter_mut().zip(&at_surface) {
                *v *= s.signum();
            }
        }
        modes.surface = at_surface.iter().map(|s| s.abs()).collect();
        modes
    }

    /// Number of modes.
    pub fn n(&self) -> usize {
        self.rates.len()
    }

    /// Values of all modes at ρ in 0..=1.
    pub fn at(&self, rho: f64) -> Vec<f64> {
        let n = self.scale.len();
        let beta = 0.5 * (f64::from(self.curvature.exponent()) - 1.0);
        let (p, _) = jacobi(n, beta, 2.0 * rho * rho - 1.0);
        (0..n)
            .map(|m| (0..n).map(|k| self.vectors[k][m] * self.scale[k] * p[k]).sum())
            .collect()
    }

    /// θ_mean / z_0: the mean over the host volume belongs to the first mode alone.
    pub fn mean_of_first_mode(&self) -> f64 {
        f64::from(self.curvature.exponent() + 1).sqrt()
    }
}

/// Jacobi polynomials P_k^(0,β)(s), k < n, with their derivatives (three-term recurrence, Abramowitz & Stegun 22.7.1).
fn jacobi(n: usize, beta: f64, s: f64) -> (Vec<f64>, Vec<f64>) {
    let (mut p, mut d) = (vec![1.0; n], vec![0.0; n]);
    if n > 1 {
        p[1] = 0.5 * ((beta + 2.0) * s - beta);
        d[1] = 0.5 * (beta + 2.0);
    }
    for i in 2..n {
        let k = i as f64 - 1.0;
        let c = 2.0 * k + beta;
        let a1 = 2.0 * (k + 1.0) * (k + beta + 1.0) * c;
        let a2 = (c + 1.0) * (-beta * beta);
        let a3 = (c + 1.0) * (c + 2.0) * c;
        let a4 = 2.0 * k * (k + beta) * (c + 2.0);
        p[i] = ((a2 + a3 * s) * p[i - 1] - a4 * p[i - 2]) / a1;
        d[i] = ((a2 + a3 * s) * d[i - 1] + a3 * p[i - 1] - a4 * d[i - 2]) / a1;
    }
    (p, d)
}

/// Nodes and weights of Gauss–Legendre quadrature on [-1, 1] (Newton on the Legendre recurrence).
fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    (0..n)
        .map(|i| {
            let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..100 {
                let (mut p0, mut p1) = (1.0, x);
                for k in 2..=n {
                    let k = k as f64;
                    (p0, p1) = (p1, ((2.0 * k - 1.0) * x * p1 - (k - 1.0) * p0) / k);
                }
                slope = n as f64 * (x * p1 - p0) / (x * x - 1.0);
                let step = p1 / slope;
                x -= step;
                if step.abs() < 1e-15 {
                    break;
                }
            }
            (x, 2.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

/// Eigenvalues and eigenvectors (columns) of a small symmetric matrix by cyclic Jacobi rotations.
fn symmetric_eigen(mut a: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = a.len();
    let mut v: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _sweep in 0..60 {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                if a[p][q].abs() <= 1e-16 * (a[p][p].abs() * a[q][q].abs()).sqrt() || a[p][q] == 0.0 {
                    continue;
                }
                rotated = true;
                let theta = 0.5 * (a[q][q] - a[p][p]) / a[p][q];
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for row in a.iter_mut() {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
                let (head, tail) = a.split_at_mut(q);
                for (x, y) in head[p].iter_mut().zip(tail[0].iter_mut()) {
                    (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
                }
                for row in v.iter_mut() {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
            }
        }
        if !rotated {
            break;
        }
    }
    ((0..n).map(|i| a[i][i]).collect(), v)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decay rates of the exact problem: tan λ = λ (sphere), J1(λ) = 0 (cylinder), λ = π k (slab).
    #[test]
    fn first_rates_are_the_exact_eigenvalues() {
        for (curvature, exact) in [
            (Curvature::Slab, std::f64::consts::PI),
            (Curvature::Cylinder, 3.831_705_970_207_512),
            (Curvature::Sphere, 4.493_409_457_909_064),
        ] {
            let modes = HostModes::new(curvature, 12);
            assert!(
                (modes.rates[1] / (exact * exact) - 1.0).abs() < 1e-11,
                "{curvature:?}: {}",
                modes.rates[1]
            );
        }
    }

    /// Quasi-steady surface minus mean is J R/((m+3) D): the modes must sum to it.
    #[test]
    fn quasi_steady_response_is_exact() {
        for (curvature, exact) in [(Curvature::Slab, 1.0 / 3.0), (Curvature::Cylinder, 0.25), (Curvature::Sphere, 0.2)] {
            let modes = HostModes::new(curvature, 16);
            let sum: f64 = (1..modes.n()).map(|m| modes.surface[m].powi(2) / modes.rates[m]).sum();
            assert!((sum - exact).abs() < 1e-11, "{curvature:?}: {sum} {exact}");
        }
    }

    #[test]
    fn modes_are_orthonormal_and_the_first_is_constant() {
        let modes = HostModes::new(Curvature::Sphere, 10);
        let mut gram = vec![vec![0.0; 10]; 10];
        for (x, w) in gauss_legendre(40) {
            let rho = 0.5 * (x + 1.0);
            let v = modes.at(rho);
            for i in 0..10 {
                for j in 0..10 {
                    gram[i][j] += 0.5 * w * rho * rho * v[i] * v[j];
                }
            }
        }
        for (i, row) in gram.iter().enumerate() {
            for (j, g) in row.iter().enumerate() {
                assert!((g - f64::from(u8::from(i == j))).abs() < 1e-11, "{i} {j} {g}");
            }
        }
        assert!((modes.at(0.3)[0] - 3f64.sqrt()).abs() < 1e-12);
    }
}
