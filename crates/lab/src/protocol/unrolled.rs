//! Carries out the repeats of a protocol lazily: memory grows with the nesting, not with the number of cycles.

use super::ast::{Action, Step};

/// One step to run, with its running number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaf<'a> {
    /// Running number from 0; resume with [`Protocol::unrolled_from`](super::Protocol::unrolled_from).
    pub index: u64,
    /// Cycle number: grows by one with every pass through a repeat that holds no other repeat, so that `Repeat 200 times` gives cycles 1 to 200.
    /// Steps before the first repeat are cycle 0, steps after a repeat belong to its last cycle; without any repeat everything is cycle 1.
    pub cycle: u64,
    /// The step; never a repeat.
    pub step: &'a Step,
}

/// Iterator over the steps with all repeats carried out.
#[derive(Clone, Debug)]
pub struct Unrolled<'a> {
    stack: Vec<Frame<'a>>,
    index: u64,
    cycle: u64,
}

#[derive(Clone, Debug)]
struct Frame<'a> {
    steps: &'a [Step],
    at: usize,
    passes_left: u64,
    counts: bool,
}

fn is_repeat(step: &Step) -> bool {
    matches!(step.action, Action::Repeat { .. })
}

/// Steps after unrolling; saturates.
pub(super) fn leaf_count(steps: &[Step]) -> u64 {
    steps.iter().fold(0, |sum: u64, s| {
        sum.saturating_add(match &s.action {
            Action::Repeat { count, steps } => count.saturating_mul(leaf_count(steps)),
            _ => 1,
        })
    })
}

/// Cycles begun in `steps`; saturates.
fn cycle_count(steps: &[Step]) -> u64 {
    steps.iter().fold(0, |sum: u64, s| {
        sum.saturating_add(match &s.action {
            Action::Repeat { count, steps } => count.saturating_mul(if steps.iter().any(is_repeat) { cycle_count(steps) } else { 1 }),
            _ => 0,
        })
    })
}

impl<'a> Unrolled<'a> {
    pub(super) fn new(steps: &'a [Step], first: u64) -> Unrolled<'a> {
        let cycle = u64::from(!steps.iter().any(is_repeat));
        let mut u = Unrolled {
            stack: vec![Frame {
                steps,
                at: 0,
                passes_left: 0,
                counts: false,
            }],
            index: 0,
            cycle,
        };
        while u.index < first && u.skip_towards(first) {}
        u
    }

    /// Goes on by one step, one repeat, or into a repeat, but not past leaf `first`. False at the end.
    fn skip_towards(&mut self, first: u64) -> bool {
        let Some(frame) = self.stack.last_mut() else { return false };
        let Some(step) = frame.steps.get(frame.at) else {
            self.pass_ended();
            return true;
        };
        let left = first - self.index;
        let Action::Repeat { count, steps } = &step.action else {
            frame.at += 1;
            self.index += 1;
            return true;
        };
        let body = leaf_count(steps);
        let whole = left.checked_div(body).unwrap_or(*count).min(*count);
        let inner = if steps.iter().any(is_repeat) { cycle_count(steps) } else { 1 };
        self.index += whole * body;
        self.cycle += whole.saturating_mul(inner);
        frame.at += 1;
        if whole < *count {
            self.enter(steps, count - whole);
        }
        true
    }

    fn enter(&mut self, steps: &'a [Step], passes: u64) {
        let counts = !steps.iter().any(is_repeat);
        self.cycle += u64::from(counts);
        self.stack.push(Frame {
            steps,
            at: 0,
            passes_left: passes - 1,
            counts,
        });
    }

    fn pass_ended(&mut self) {
        if let Some(frame) = self.stack.last_mut()
            && frame.passes_left > 0
        {
            frame.passes_left -= 1;
            frame.at = 0;
            self.cycle += u64::from(frame.counts);
        } else {
            self.stack.pop();
        }
    }
}

impl<'a> Iterator for Unrolled<'a> {
    type Item = Leaf<'a>;

    fn next(&mut self) -> Option<Leaf<'a>> {
        loop {
            let frame = self.stack.last_mut()?;
            let Some(step) = frame.steps.get(frame.at) else {
                self.pass_ended();
                continue;
            };
            frame.at += 1;
            match &step.action {
                Action::Repeat { count, steps } if *count > 0 && !steps.is_empty() => self.enter(steps, *count),
                Action::Repeat { .. } => {}
                _ => {
                    let leaf = Leaf {
                        index: self.index,
                        cycle: self.cycle,
                        step,
                    };
                    self.index += 1;
                    return Some(leaf);
                }
            }
        }
    }
}
