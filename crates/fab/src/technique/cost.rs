//! Relative cost of a step and of a flow, for comparing flows with each other; it is no price.

use super::error::TechniqueError;
use super::library::Technique;
use super::time::ProcessTime;

/// In words, to be shown beside every cost.
pub const BASIS: &str = "rank of the equipment (1 cheap to 5 dear, engineering judgement) times hours on it, one wafer per run; \
    materials, yield and labour are not counted";

/// Relative cost of one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepCost {
    /// Rank of the equipment, 1 to 5.
    pub rank: f64,
    /// Rank times hours on the tool.
    pub index: f64,
}

/// Relative cost of a step that keeps the tool for `time`; see [`BASIS`].
///
/// # Errors
/// [`TechniqueError::Missing`] if the library has no rank.
pub fn step_cost(technique: &Technique, time: &ProcessTime) -> Result<StepCost, TechniqueError> {
    let rank = technique.cost.as_ref().ok_or_else(|| TechniqueError::Missing {
        technique: technique.name.clone(),
        value: "cost rank",
    })?;
    Ok(StepCost {
        rank: rank.value,
        index: rank.value * time.total() / 3600.0,
    })
}

/// Relative cost of a flow: the sum over its steps.
pub fn flow_cost(steps: &[StepCost]) -> f64 {
    steps.iter().map(|s| s.index).sum()
}
