//! Differential-algebraic systems of index one: integration, initialisation, steady state, sensitivities and frequency response.

mod bdf;
mod dense_system;
mod error;
mod frequency;
mod initial;
pub mod linear;
mod sensitivity;
mod steady;
mod system;
mod tolerance;

pub use bdf::{Bdf, BdfOptions, JacobianPolicy, NewtonOptions, Statistics, StepOutcome, StopMode};
pub use dense_system::DenseSystem;
pub use error::{DaeError, Misuse, Singular, StepFailure, Unusable};
pub use frequency::{Entries, FrequencySystem, Pencil, frequency_response};
pub use initial::{InitialOptions, consistent_initial_conditions};
pub use sensitivity::{ParametricSystem, Sensitivities, initial_sensitivities};
pub use steady::{SteadyOptions, steady_state};
pub use system::{Crossing, System};
pub use tolerance::{AbsoluteTolerance, Tolerance};
