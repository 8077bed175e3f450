//! Rules on films from a line of sight: step coverage in openings.

use super::etch::Opening;
use super::limits::{Kind, continuity};
use super::{Knowledge, Where, deposits, finding, um};
use crate::fabrication::Finding;
use crate::plan::Plan;
use crate::technique::line_of_sight::{hole_floor, trench_floor, trench_wall};

pub(super) fn check(plan: &Plan, know: &Knowledge<'_>, openings: &[Opening<'_>], out: &mut Vec<Finding>) {
    for o in openings {
        for (i, name, d, limits) in deposits(plan, know).filter(|(i, ..)| *i > o.step) {
            let needed = continuity(d.role);
            if limits.kind != Kind::Directional || needed == 0.0 {
                continue;
            }
            let share = coverage(o.depth / o.gap.0, o.hole);
            let least = share * d.thickness;
            if least < needed {
                let place = Where {
                    step: Some(i),
                    mask: Some(o.mask),
                    at: Some([o.gap.1[0], o.gap.1[1], -o.depth]),
                };
                let message = format!(
                    "`{name}` by {} leaves {} of its {} at the foot of `{}` ({} deep, {} wide), but is closed only above {}",
                    d.technique,
                    um(least),
                    um(d.thickness),
                    o.mask.name,
                    um(o.depth),
                    um(o.gap.0),
                    um(needed)
                );
                let help = format!("technique = \"atomic-layer-deposition\", or thickness = \"{}\"", um(needed / share));
                out.push(finding(plan, "PVD.SC", place, message, help));
            }
        }
    }
}

/// Least share of the open-field thickness in an opening of an aspect ratio: foot of the wall or floor, cosine source, no re-emission.
pub(super) fn coverage(ratio: f64, hole: bool) -> f64 {
    let floor = if hole { hole_floor(ratio) } else { trench_floor(ratio) };
    trench_wall(ratio).min(floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_of_trenches_and_holes() {
        for (ratio, wall, hole) in [(0.5, 0.276, 0.5), (2.0, 0.0528, 0.0588), (10.0, 0.0025, 0.0025)] {
            let least: f64 = hole;
            assert!((coverage(ratio, false) / wall - 1.0).abs() < 0.01, "{ratio}");
            assert!((coverage(ratio, true) / least.min(wall) - 1.0).abs() < 0.01, "{ratio}");
        }
    }
}
