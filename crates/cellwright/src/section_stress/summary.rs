//! Stress on a section in numbers, as in `summary.json`.

use super::state::Extreme;
use super::{Moment, SectionStress};
use serde::Serialize;

/// A value with its place, in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExtremeSummary {
    /// SI.
    pub value: f64,
    /// Coordinates along the two directions, m.
    pub place_m: [f64; 2],
    /// Material there.
    pub material: String,
}

/// One moment in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MomentSummary {
    /// End of charge or of discharge.
    pub label: &'static str,
    /// As written.
    pub step: String,
    /// Least and greatest free strain.
    pub free_strain: [f64; 2],
    /// Greatest von Mises stress.
    pub von_mises_pa: ExtremeSummary,
    /// Root of its mean square over the area of the bodies, Pa.
    pub mean_von_mises_pa: f64,
    /// Greatest mean stress.
    pub hydrostatic_tension_pa: ExtremeSummary,
    /// Least mean stress.
    pub hydrostatic_pressure_pa: ExtremeSummary,
    /// Greatest principal stress.
    pub principal_pa: ExtremeSummary,
    /// Greatest displacement, m.
    pub displacement_m: ExtremeSummary,
    /// Greatest von Mises stress on half the elements along both directions, Pa.
    pub coarse_von_mises_pa: f64,
    /// Root of its mean square there, Pa.
    pub coarse_mean_von_mises_pa: f64,
    /// Force left on a node that is not held, over the largest.
    pub force_imbalance: f64,
}

/// The section in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SectionStressSummary {
    /// Directions of the section.
    pub directions: [&'static str; 2],
    /// Where it is cut along the third, m.
    pub cut_m: f64,
    /// Elements with a body.
    pub elements: usize,
    /// End of charge and of discharge.
    pub moments: Vec<MomentSummary>,
}

impl SectionStress {
    /// The section in numbers; none where something is missing.
    pub fn summary(&self) -> Option<SectionStressSummary> {
        let place = |e: &Extreme| ExtremeSummary {
            value: e.value,
            place_m: e.place,
            material: self.bodies[e.body].material.clone(),
        };
        let moment = |m: &Moment| MomentSummary {
            label: m.label,
            step: m.step.clone(),
            free_strain: m.free_strain,
            von_mises_pa: place(&m.state.von_mises),
            mean_von_mises_pa: m.state.mean,
            hydrostatic_tension_pa: place(&m.state.tension),
            hydrostatic_pressure_pa: place(&m.state.pressure),
            principal_pa: place(&m.state.principal),
            displacement_m: place(&m.state.displacement),
            coarse_von_mises_pa: m.coarse[0],
            coarse_mean_von_mises_pa: m.coarse[1],
            force_imbalance: m.state.imbalance,
        };
        (!self.moments.is_empty()).then(|| SectionStressSummary {
            directions: self.directions(),
            cut_m: self.at,
            elements: self.grid.bodies.iter().flatten().count(),
            moments: self.moments.iter().map(moment).collect(),
        })
    }
}
