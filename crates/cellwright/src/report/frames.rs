//! The one time of the page: frames of the slider, the frame shown at first, and what is written about it.

use super::data::Report;
use super::kind::{Kind, Unit};
use super::number;

/// Unit of all time axes of the page.
pub fn time_unit(report: &Report) -> Unit {
    let ends = report
        .cycle
        .series
        .time
        .last()
        .copied()
        .into_iter()
        .chain(report.frames.last().copied());
    let last = ends.fold(0.0, f64::max);
    Kind::Time.unit(last)
}

/// Index of the frame the page opens with: half way into the main step.
pub fn opening(report: &Report) -> usize {
    let target = match report.cycle.main_step.and_then(|i| report.cycle.steps.get(i)) {
        Some(step) => step.start + 0.5 * (step.end - step.start),
        None => report.frames.last().copied().unwrap_or(0.0) * 0.5,
    };
    nearest(&report.frames, target)
}

/// Index of the frame next to a time.
pub fn nearest(frames: &[f64], time: f64) -> usize {
    let distance = |i: &usize| (frames[*i] - time).abs();
    (0..frames.len()).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
}

/// Index of the step that holds a time; at a boundary the step that ends there.
pub fn step_at(report: &Report, time: f64) -> Option<usize> {
    let steps = &report.cycle.steps;
    let slack = 1e-9 * time.abs();
    steps
        .iter()
        .position(|s| time >= s.start - slack && time <= s.end + slack)
        .or_else(|| (!steps.is_empty()).then(|| steps.len() - 1))
}

/// Time with its unit: "2.26 h".
pub fn time_text(unit: &Unit, time: f64) -> String {
    let shown = unit.of(time);
    let decimals = if shown.abs() >= 1000.0 {
        0
    } else if shown.abs() >= 100.0 {
        1
    } else {
        2
    };
    format!("{} {}", number::fixed(shown, decimals), unit.symbol)
}

/// Value of a series of the run at a time; at a jump, the value before it.
pub fn sample(time: &[f64], values: &[f64], at: f64) -> Option<f64> {
    let n = time.len().min(values.len());
    let slack = 1e-9 * at.abs();
    let i = time[..n].partition_point(|&t| t < at - slack);
    if i == n {
        return n.checked_sub(1).map(|last| values[last]);
    }
    if i == 0 || (time[i] - at).abs() <= slack || time[i] <= time[i - 1] {
        return Some(values[i]);
    }
    Some(values[i - 1] + (values[i] - values[i - 1]) * (at - time[i - 1]) / (time[i] - time[i - 1]))
}
