//! How much lithium the electrodes of metal hold.

use super::Cell;
use cellwright_device::Role;
use cellwright_electrochem::model::Model;
use cellwright_materials::Library;

impl Cell {
    /// Counts the lithium of metal films in a stack; a film whose concentration is not known has more than enough.
    pub fn count_metal(&mut self, library: &Library) {
        if !self.is_stack() {
            return;
        }
        for (e, role) in [Role::Negative, Role::Positive].into_iter().enumerate() {
            let electrode = [&self.spec.negative, &self.spec.positive][e];
            let Some(layer) = self.device.layer(role).filter(|_| electrode.active().is_none()) else {
                continue;
            };
            let material = library.get(&layer.material).ok();
            let concentration = material.and_then(|m| m.get("maximum_concentration").cloned());
            let volume = layer.thickness * self.device.active_area;
            self.metal[e] = concentration.map(|c| c.eval(0.0, self.spec.temperature).value * volume);
        }
    }

    /// Gives a model of this cell its metal; a model that starts at another charge has plated the difference.
    pub(super) fn with_metal(&self, mut model: Model) -> Model {
        if self.metal == [None; 2] {
            return model;
        }
        let held = model.inventory(&model.initial_state());
        let more = |e: usize, held: f64| -> f64 {
            let of = |spec: &cellwright_electrochem::spec::CellSpec| {
                let electrode = [&spec.negative, &spec.positive][e];
                electrode.active().map(|a| a.initial_stoichiometry)
            };
            match (of(&self.spec), of(&model.spec)) {
                (Some(designed), Some(starts)) if starts > 0.0 => held * (designed / starts - 1.0),
                _ => 0.0,
            }
        };
        let plated = more(0, held.negative) + more(1, held.positive);
        model.metal = self.metal.map(|m| m.map(|start| start + plated));
        model
    }
}
