//! A model on the kernel, moved from time to time.

use super::Fault;
use cellwright_dae::{Bdf, BdfOptions, DaeError, InitialOptions, StepOutcome, Tolerance, consistent_initial_conditions};
use cellwright_electrochem::electrolyte::{Electrolyte, interface_state};
use cellwright_electrochem::model::{Control, Model, Stop};
use cellwright_electrochem::spec::CellSpec;

/// A model under constant control.
pub struct Drive {
    /// The model.
    pub model: Model,
    bdf: Bdf,
    state: Vec<f64>,
    now: f64,
}

impl Drive {
    /// Consistent start under a control, with an absolute tolerance of a hundredth of the relative one.
    pub fn start(spec: CellSpec, control: Control, stops: Vec<Stop>, rtol: f64) -> Result<Drive, DaeError> {
        Drive::of(Model::new(spec), control, stops, rtol)
    }

    /// The same for a model that is there.
    pub fn of(mut model: Model, control: Control, stops: Vec<Stop>, rtol: f64) -> Result<Drive, DaeError> {
        (model.control, model.stops) = (control, stops);
        let state = model.initial_state();
        Drive::from(model, state, rtol)
    }

    /// The same from a state that is not that of rest.
    pub fn from(mut model: Model, mut state: Vec<f64>, rtol: f64) -> Result<Drive, DaeError> {
        let tol = Tolerance::new(rtol, 1e-2 * rtol);
        let mut yp = vec![0.0; state.len()];
        let initial = InitialOptions {
            tolerance: tol.clone(),
            ..InitialOptions::default()
        };
        consistent_initial_conditions(&mut model, 0.0, &mut state, &mut yp, &initial)?;
        let options = BdfOptions {
            max_steps: usize::MAX,
            ..BdfOptions::with_tolerance(tol)
        };
        let bdf = Bdf::new(&model, 0.0, &state, &yp, options)?;
        Ok(Drive {
            model,
            bdf,
            state,
            now: 0.0,
        })
    }

    /// Goes on to time `t`, s.
    ///
    /// # Errors
    /// [`Fault::Stopped`] if a stop was reached before.
    pub fn to(&mut self, t: f64) -> Result<&[f64], Fault> {
        while self.now < t {
            match self.bdf.step(&mut self.model, Some(t))? {
                StepOutcome::Event { .. } => return Err(Fault::Stopped { time: t }),
                StepOutcome::Reached(at) => self.now = at,
                StepOutcome::Stepped => {}
            }
        }
        if t > 0.0 {
            self.state.copy_from_slice(self.bdf.y());
        }
        Ok(&self.state)
    }

    /// Goes on until a stop is reached; its time, s.
    pub fn until_stop(&mut self) -> Result<f64, Fault> {
        loop {
            if let StepOutcome::Event { t, .. } = self.bdf.step(&mut self.model, None)? {
                self.state.copy_from_slice(self.bdf.y());
                return Ok(t);
            }
        }
    }

    /// Present state.
    pub fn state(&self) -> &[f64] {
        &self.state
    }

    /// Terminal voltage, V.
    pub fn voltage(&self) -> f64 {
        self.model.voltage(&self.state)
    }

    /// Surface stoichiometry of the first host of an electrode.
    pub fn surface(&self, electrode: usize) -> f64 {
        let g = &self.model.groups[electrode];
        let Some(h) = &g.hosts else { return f64::NAN };
        let first = self.model.sites_offset() + g.sites.start;
        let mut out = vec![0.0; h.n_hosts];
        h.surface(
            &self.state,
            &self.state[first..first + h.n_hosts],
            self.model.spec.temperature,
            &mut out,
        );
        out[0]
    }

    /// Stoichiometry inside the first host of an electrode at scaled positions.
    pub fn inside(&self, electrode: usize, rho: &[f64]) -> Vec<f64> {
        self.model.groups[electrode]
            .hosts
            .as_ref()
            .map_or(vec![], |h| h.profile(&self.state, 0, rho))
    }

    /// Electrolyte concentration right at the interface of a film or metal electrode, mol/m³.
    pub fn interface_concentration(&self, electrode: usize) -> f64 {
        let (model, spec) = (&self.model, &self.model.spec);
        let g = &model.groups[electrode];
        let c = self.state[model.cell_index(g.cells[0], 0)];
        let j = self.state[model.sites_offset() + g.sites.start];
        let electrolyte = Electrolyte::new(&spec.electrolyte, spec.temperature, true);
        let law = electrolyte.coefficients(c, spec.temperature);
        interface_state(c, j, g.distances[0], &law, electrolyte.trace(), true).c
    }
}
