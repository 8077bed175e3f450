//! Free strain of every element of a section at the end of a step, from the lithium that the maps of the run show there.

use super::Body;
use super::grid::Grid;
use cellwright_electrochem::maps::Map;
use cellwright_electrochem::model::{Model, REGION_NEGATIVE, REGION_POSITIVE};
use cellwright_lab::solution::{Frame, Solution};

/// A place of an electrode with a stoichiometry.
enum Source {
    Volume(usize),
    Site(usize),
}

impl Source {
    fn value(&self, map: &Map) -> f64 {
        f64::from(match self {
            Source::Volume(k) => map.stoichiometry[*k],
            Source::Site(s) => map.site_mean[*s],
        })
    }
}

/// `ln[(1 + β x)/(1 + β x₀)]/3` of the elements with a body, in their order: x of the nearest volume, or of the nearest film where electrodes are films,
/// at the end of a step and x₀ at the start of the run. None if the run has no map there.
pub fn free_strains(
    model: &Model,
    solution: &Solution,
    step: usize,
    grid: &Grid,
    bodies: &[Body],
    point: &dyn Fn([f64; 2]) -> [f64; 3],
) -> Option<Vec<f64>> {
    let last = solution.steps.get(step + 1).map_or(solution.series.len(), |s| s.first_row) - 1;
    let with_map = || solution.frames.iter().filter(|f| f.map.is_some());
    let first = with_map().next()?;
    let late = with_map().min_by_key(|f| f.row.abs_diff(last))?;
    let (before, after) = (map(first)?, map(late)?);
    let sources = sources(model, before);
    let mut out = vec![];
    for (k, body) in grid.bodies.iter().enumerate() {
        let Some(body) = body else { continue };
        let b = &bodies[*body];
        let Some(electrode) = b.electrode.filter(|_| b.expansion != 0.0) else {
            out.push(0.0);
            continue;
        };
        let columns = grid.shape()[0];
        let middle = |axis: usize, i: usize| 0.5 * (grid.lines[axis][i] + grid.lines[axis][i + 1]);
        let p = point([middle(0, k % columns), middle(1, k / columns)]);
        let far = |q: &[f64; 3]| (0..3).map(|i| (p[i] - q[i]).powi(2)).sum::<f64>();
        let nearest = sources[electrode].iter().min_by(|a, b| far(&a.0).total_cmp(&far(&b.0)))?;
        let volume = |m: &Map| 1.0 + b.expansion * nearest.1.value(m);
        out.push((volume(after) / volume(before)).ln() / 3.0);
    }
    Some(out)
}

fn map(frame: &Frame) -> Option<&Map> {
    frame.map.as_ref()
}

/// Places of both electrodes, negative first.
fn sources(model: &Model, map: &Map) -> [Vec<([f64; 3], Source)>; 2] {
    let mut out = [vec![], vec![]];
    for (k, region) in model.mesh.regions.iter().enumerate() {
        let side = match *region {
            REGION_NEGATIVE => 0,
            REGION_POSITIVE => 1,
            _ => continue,
        };
        if map.stoichiometry[k].is_finite() {
            let [low, high] = model.mesh.boxes[k];
            out[side].push(([0, 1, 2].map(|i| 0.5 * (low[i] + high[i])), Source::Volume(k)));
        }
    }
    for (s, spot) in model.spots().iter().enumerate() {
        if map.site_mean[s].is_finite() && spot.outward != [0.0; 3] {
            out[spot.electrode].push((spot.place, Source::Site(s)));
        }
    }
    out
}
