//! Differential-algebraic systems of index one: `F(t, y, y') = 0`.
//!
//! One description of a system, the [`System`] trait, serves every solver in this crate:
//!
//! | question | call |
//! |---|---|
//! | How does it evolve? | [`Bdf`]: variable-step, variable-order BDF with events and dense output |
//! | Where can it start? | [`consistent_initial_conditions`] |
//! | Where does it end up? | [`steady_state`] |
//! | How does it react to a small oscillation? | [`frequency_response`] |
//! | How does the result depend on a parameter? | [`Sensitivities`] |
//!
//! The system owns its Jacobian: it assembles and factors `∂F/∂y + cj ∂F/∂y'` in whatever form suits it. [`linear`] holds ready
//! back ends: dense, block-tridiagonal, sparse, bordered variants, and multigrid for large meshes. Derivatives are analytic; nothing here takes finite
//! differences.
//!
//! # A tour
//!
//! A capacitor is charged through a resistor in series with a diode-like element. The voltage of the capacitor is differential,
//! the current algebraic.
//!
//! ```
//! use cellwright_dae::*;
//!
//! // Unknowns: v (differential), i (algebraic).
//! //   v' = i
//! //   1 - v = i + asinh(10 i) / 5
//! let residual = |_t: f64, y: &[f64], yp: &[f64], r: &mut [f64]| {
//!     r[0] = yp[0] - y[1];
//!     r[1] = 1.0 - y[0] - y[1] - (10.0 * y[1]).asinh() / 5.0;
//!     Ok(())
//! };
//! // J = ∂F/∂y + cj ∂F/∂y'
//! let jacobian = |_t: f64, y: &[f64], _yp: &[f64], cj: f64, j: &mut linear::DenseLu<f64>| {
//!     j.add(0, 0, cj);
//!     j.add(0, 1, -1.0);
//!     j.add(1, 0, -1.0);
//!     j.add(1, 1, -1.0 - 2.0 / (1.0 + 100.0 * y[1] * y[1]).sqrt());
//! };
//! // Stop when the current has fallen to 1 %.
//! let mut circuit = DenseSystem::new(vec![true, false], residual, jacobian)
//!     .with_events(vec![Crossing::Falling], |_t, y, _yp, g| g[0] = y[1] - 0.01);
//!
//! // Only v = 0 is known at the start; the current and v' follow from the equations.
//! let (mut y, mut yp) = ([0.0, 0.0], [0.0, 0.0]);
//! consistent_initial_conditions(&mut circuit, 0.0, &mut y, &mut yp, &InitialOptions::default())?;
//! assert!((yp[0] - y[1]).abs() < 1e-6);
//!
//! let options = BdfOptions::with_tolerance(Tolerance::new(1e-6, 1e-8));
//! let mut bdf = Bdf::new(&circuit, 0.0, &y, &yp, options)?;
//! loop {
//!     match bdf.step(&mut circuit, Some(100.0))? {
//!         StepOutcome::Stepped => {
//!             // Dense output anywhere in the last step.
//!             let (from, to) = bdf.last_step();
//!             let _midpoint = bdf.interpolate_one(0.5 * (from + to), 0)?;
//!         }
//!         StepOutcome::Event { index: 0, .. } => break,
//!         other => panic!("{other:?}"),
//!     }
//! }
//! assert!((bdf.y()[1] - 0.01).abs() < 1e-12);
//! assert!((bdf.y()[0] - (1.0 - 0.01 - 0.1_f64.asinh() / 5.0)).abs() < 1e-6);
//! assert!(bdf.statistics().steps < 150);
//!
//! // The final state needs no time stepping.
//! let mut end = [0.0, 0.1];
//! steady_state(&mut circuit, 0.0, &mut end, &SteadyOptions::default())?;
//! assert!((end[0] - 1.0).abs() < 1e-6 && end[1].abs() < 1e-6);
//! # Ok::<(), DaeError>(())
//! ```
//!
//! # Discontinuities
//!
//! Inputs may jump between steps only. Integrate to the jump with [`StopMode::Hard`], or to an event; change the input; make the
//! state consistent again; then [`Bdf::restart`]. After a restart the order is 1 again.
//!
//! # Cost
//!
//! A step allocates nothing. Apart from the system itself it reads and writes each history row twice; `examples/timings.rs`
//! measures it. The default norms cost a division per unknown; a system may override [`System::error_norm`] and
//! [`System::correction_norm`] with the few quantities that matter.
//!
//! # What it does not do
//!
//! - Systems of index two and above; reduce the index first.
//! - Backward integration in time.
//! - Implicit Runge-Kutta methods, parallel stepping, or single precision.
//! - Error control on sensitivities and adjoint sensitivities.
//! - Events that cross zero twice within one step; limit [`BdfOptions::h_max`] if that can happen.
//! - Matrix-free iterative linear solvers; [`linear::KrylovSolver`] needs the assembled matrix.

mod bdf;
mod dense_system;
mod error;
mod frequency;
mod initial;
pub mod lanes;
pub mod linear;
pub mod parallel;
mod sensitivity;
mod steady;
mod system;
mod tolerance;

pub use bdf::{Bdf, BdfOptions, JacobianPolicy, NewtonOptions, Statistics, StepOutcome, StopMode};
pub use dense_system::DenseSystem;
pub use error::{DaeError, Misuse, NotSolved, Singular, StepFailure, Unusable};
pub use frequency::{Entries, FrequencySystem, Pencil, frequency_response};
pub use initial::{InitialOptions, consistent_initial_conditions, settle};
pub use sensitivity::{ParametricSystem, Sensitivities, initial_sensitivities};
pub use steady::{SteadyOptions, steady_state};
pub use system::{Crossing, System};
pub use tolerance::{AbsoluteTolerance, Tolerance};
