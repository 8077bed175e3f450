//! The steps of a finished run beside what the protocol asked for in each.

use crate::protocol::{Action, Protocol};
use crate::solution::Solution;
use std::ops::Range;

/// The rows of every step with what was done.
pub(crate) struct Steps<'a> {
    solution: &'a Solution,
    /// By step of the solution; none where the protocol has no such step.
    pub(crate) actions: Vec<Option<&'a Action>>,
}

impl<'a> Steps<'a> {
    pub(crate) fn new(protocol: &'a Protocol, solution: &'a Solution) -> Steps<'a> {
        let mut leaves = protocol.unrolled().peekable();
        let action = |index: u64| {
            while leaves.peek().is_some_and(|l| l.index < index) {
                leaves.next();
            }
            leaves.peek().map(|l| &l.step.action)
        };
        Steps {
            solution,
            actions: solution.steps.iter().map(|s| s.index).map(action).collect(),
        }
    }

    /// Rows of the series that belong to step `k`.
    pub(crate) fn rows(&self, k: usize) -> Range<usize> {
        let steps = &self.solution.steps;
        steps[k].first_row..steps.get(k + 1).map_or(self.solution.series.len(), |s| s.first_row)
    }

    /// Whether step `k` is a rest.
    pub(crate) fn rest(&self, k: usize) -> bool {
        matches!(self.actions.get(k), Some(Some(Action::Rest)))
    }
}
