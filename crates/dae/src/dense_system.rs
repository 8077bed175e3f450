//! A system made of closures with a dense analytic Jacobian, for small models and for tests.

use crate::error::Unusable;
use crate::linear::{DenseLu, LinearSolver};
use crate::system::{Crossing, System};

type Residual<'a> = dyn FnMut(f64, &[f64], &[f64], &mut [f64]) -> Result<(), Unusable> + 'a;
type Jacobian<'a> = dyn FnMut(f64, &[f64], &[f64], f64, &mut DenseLu<f64>) + 'a;
type Events<'a> = dyn FnMut(f64, &[f64], &[f64], &mut [f64]) + 'a;

/// Closures `F(t, y, y')` and `∂F/∂y + cj ∂F/∂y'` as a [`System`].
///
/// ```
/// use cellwright_dae::{Bdf, BdfOptions, DenseSystem};
/// // y' = -y
/// let mut decay = DenseSystem::new(
///     vec![true],
///     |_t, y, yp, r| { r[0] = yp[0] + y[0]; Ok(()) },
///     |_t, _y, _yp, cj, jacobian| jacobian.add(0, 0, cj + 1.0),
/// );
/// let mut bdf = Bdf::new(&decay, 0.0, &[1.0], &[-1.0], BdfOptions::default())?;
/// bdf.integrate(&mut decay, 1.0)?;
/// assert!((bdf.y()[0] - (-1.0_f64).exp()).abs() < 1e-3);
/// # Ok::<(), cellwright_dae::DaeError>(())
/// ```
pub struct DenseSystem<'a> {
    differential: Vec<bool>,
    residual: Box<Residual<'a>>,
    jacobian: Box<Jacobian<'a>>,
    events: Option<Box<Events<'a>>>,
    crossings: Vec<Crossing>,
    lu: DenseLu<f64>,
}

impl<'a> DenseSystem<'a> {
    /// A system from its residual and Jacobian; the Jacobian closure adds entries to a matrix that was set to zero.
    pub fn new(
        differential: Vec<bool>,
        residual: impl FnMut(f64, &[f64], &[f64], &mut [f64]) -> Result<(), Unusable> + 'a,
        jacobian: impl FnMut(f64, &[f64], &[f64], f64, &mut DenseLu<f64>) + 'a,
    ) -> Self {
        let n = differential.len();
        Self {
            differential,
            residual: Box::new(residual),
            jacobian: Box::new(jacobian),
            events: None,
            crossings: Vec::new(),
            lu: DenseLu::new(n),
        }
    }

    /// Adds root functions, one per entry of `crossings`.
    #[must_use]
    pub fn with_events(mut self, crossings: Vec<Crossing>, events: impl FnMut(f64, &[f64], &[f64], &mut [f64]) + 'a) -> Self {
        self.events = Some(Box::new(events));
        self.crossings = crossings;
        self
    }
}

impl System for DenseSystem<'_> {
    fn len(&self) -> usize {
        self.differential.len()
    }

    fn differential(&self) -> &[bool] {
        &self.differential
    }

    fn residual(&mut self, t: f64, y: &[f64], yp: &[f64], r: &mut [f64]) -> Result<(), Unusable> {
        (self.residual)(t, y, yp, r)
    }

    fn factor(&mut self, t: f64, y: &[f64], yp: &[f64], cj: f64) -> Result<(), Unusable> {
        self.lu.clear();
        (self.jacobian)(t, y, yp, cj, &mut self.lu);
        Ok(self.lu.factor()?)
    }

    fn solve(&mut self, r: &mut [f64]) {
        self.lu.solve(r);
    }

    fn n_events(&self) -> usize {
        self.crossings.len()
    }

    fn events(&mut self, t: f64, y: &[f64], yp: &[f64], g: &mut [f64]) {
        if let Some(events) = &mut self.events {
            events(t, y, yp, g);
        }
    }

    fn crossing(&self, index: usize) -> Crossing {
        self.crossings[index]
    }
}
