//! All masks over the die, as rings for drawing.

use crate::emulate::shapes::{Area, bounds, rings};
use crate::export::{MaskPicture, MaskPlan};
use crate::plan::{Mask, Plan, Shape};

/// The mask plan with the window that is examined, or with another part of the die.
pub fn plan(plan: &Plan, window: Option<[[f64; 2]; 2]>) -> MaskPlan {
    let die = Area {
        from: [0.0, 0.0],
        to: plan.die,
    };
    MaskPlan {
        title: format!("Masks of {}", plan.name),
        die: plan.die,
        window: window.or(Some([plan.window.from, plan.window.to])),
        masks: plan
            .masks
            .iter()
            .enumerate()
            .map(|(i, mask)| MaskPicture {
                name: mask.name.clone(),
                layer: mask.layer,
                rings: rings(mask, die, sagitta(mask)),
                colour: i,
            })
            .collect(),
    }
}

/// Deviation of drawn rounds from true ones, m: invisible where a round fills a panel, and few corners where there are a quarter million.
fn sagitta(mask: &Mask) -> f64 {
    let smallest = |shape: &Shape| {
        let area = bounds(shape);
        (area.to[0] - area.from[0]).min(area.to[1] - area.from[1])
    };
    fn copies(shape: &Shape) -> u64 {
        match shape {
            Shape::Array { shape, count, .. } => copies(shape) * u64::from(count[0]) * u64::from(count[1]),
            _ => 1,
        }
    }
    let count: u64 = mask.shapes.iter().map(copies).sum();
    let share = if count > 50_000 { 0.008 } else { 0.001 };
    share * mask.shapes.iter().map(smallest).fold(f64::INFINITY, f64::min)
}
