//! Rules on films from a line of sight: step coverage in openings.

use super::drawn::Drawn;
use super::etch::Opening;
use super::limits::{Kind, continuity};
use super::{Knowledge, Where, deposits, finding, mask_of, um};
use crate::fabrication::Finding;
use crate::plan::{Mask, Plan};
use crate::technique::line_of_sight::{hole_floor, trench_floor, trench_wall};
use cellwright_layout::boolean::{difference, intersection, sized};
use cellwright_layout::rings::{Ring, signed_area};

pub(super) fn check(plan: &Plan, know: &Knowledge<'_>, openings: &[Opening<'_>], out: &mut Vec<Finding>) {
    for o in openings {
        for (i, name, d, limits) in deposits(plan, know).filter(|(i, ..)| *i > o.step) {
            let needed = continuity(d.role);
            if limits.kind != Kind::Directional || needed == 0.0 {
                continue;
            }
            let share = coverage(o.depth / o.gap.0, o.hole);
            let least = share * d.thickness;
            let crosses = mask_of(plan, d.mask.as_ref()).is_none_or(|film| crosses(film, o.mask));
            if least < needed && crosses {
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

/// Edges that nearly coincide do not cross, nm: the roundings of both.
const BESIDE: i32 = 5;

/// Whether shapes lie across the outline of others, so that some polygon of theirs is cut by it.
fn crosses(film: &Mask, walls: &Mask) -> bool {
    let drawn = Drawn::of(&[&film.shapes, &walls.shapes], 0.0);
    let [film, walls] = drawn.masks.as_slice() else {
        return false;
    };
    let film = sized(film, -BESIDE);
    let count = |rings: &[Ring]| rings.iter().filter(|r| signed_area(r) > 0.0).count();
    count(&intersection(&film, walls)) + count(&difference(&film, walls)) > count(&film)
}

/// Least share of the open-field thickness in an opening of an aspect ratio: foot of the wall or floor, cosine source, no re-emission.
pub(super) fn coverage(ratio: f64, hole: bool) -> f64 {
    let floor = if hole { hole_floor(ratio) } else { trench_floor(ratio) };
    trench_wall(ratio).min(floor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Shape;

    #[test]
    fn a_film_beside_a_step_or_up_to_it_does_not_cross_it() {
        let mask = |from: f64, to: f64| Mask {
            name: "m".into(),
            layer: (1, 0),
            shapes: vec![Shape::Rectangle([from * 1e-6, 0.0], [to * 1e-6, 100e-6])],
            place: None,
        };
        let walls = mask(0.0, 50.0);
        for (film, expected) in [
            (mask(60.0, 90.0), false),
            (mask(10.0, 40.0), false),
            (mask(50.0, 90.0), false),
            (mask(0.0, 50.0), false),
            (mask(40.0, 90.0), true),
            (mask(-10.0, 60.0), true),
        ] {
            assert_eq!(crosses(&film, &walls), expected, "{film:?}");
        }
    }

    #[test]
    fn table_of_trenches_and_holes() {
        for (ratio, wall, hole) in [(0.5, 0.276, 0.5), (2.0, 0.0528, 0.0588), (10.0, 0.0025, 0.0025)] {
            let least: f64 = hole;
            assert!((coverage(ratio, false) / wall - 1.0).abs() < 0.01, "{ratio}");
            assert!((coverage(ratio, true) / least.min(wall) - 1.0).abs() < 0.01, "{ratio}");
        }
    }
}
