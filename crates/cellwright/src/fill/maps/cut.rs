//! The section: which plane shows most, and the borders of the bodies on it.

use super::tiles::Tile;
use crate::report::kind::Kind;
use cellwright_device::mesh::ELECTROLYTE;
use cellwright_electrochem::maps::Spot;
use cellwright_electrochem::model::{Model, REGION_NEGATIVE, REGION_POSITIVE};
use std::collections::BTreeMap;

/// A plane square to an axis.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// The axis.
    pub across: usize,
    /// Where, m.
    pub at: f64,
    /// The device varies along all three axes.
    pub whole: bool,
    /// Where the window begins, m.
    low: f64,
}

impl Cut {
    /// Names of the directions in the picture.
    pub fn directions(&self) -> [String; 2] {
        let names: Vec<String> = ["x", "y", "z"]
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != self.across)
            .map(|n| (*n.1).to_owned())
            .collect();
        names.try_into().unwrap_or_default()
    }

    /// What the section is, in words.
    pub fn words(&self) -> String {
        if self.across == 0 && !self.whole {
            return "The chip from above, cut through the positive electrode or, where that is a film, through the electrolyte.".into();
        }
        if !self.whole {
            return "One repeating window of the device in section.".into();
        }
        let axis = ["x", "y", "z"][self.across];
        let at = Kind::Length.text(self.at - self.low);
        let from = if self.across == 2 { "above its floor" } else { "from its edge" };
        format!("One repeating window of the device, cut at {axis} = {at} {from}, where the section meets most of both electrodes.")
    }
}

/// The plane that meets most of the electrode it meets less of. Where the device does not vary along an axis, that is the axis.
pub fn choose(model: &Model, spots: &[Spot]) -> Cut {
    let boxes = &model.mesh.boxes;
    let span = |i: usize| {
        boxes
            .iter()
            .fold([f64::INFINITY, f64::NEG_INFINITY], |s, b| [s[0].min(b[0][i]), s[1].max(b[1][i])])
    };
    let even = |i: usize| {
        let [lo, hi] = span(i);
        boxes.iter().all(|b| b[0][i] == lo && b[1][i] == hi)
    };
    let middle = |i: usize, part: f64| {
        let [lo, hi] = span(i);
        Cut {
            across: i,
            at: lo + part * (hi - lo),
            whole: true,
            low: lo,
        }
    };
    if let Some(i) = [1, 0, 2].into_iter().find(|i| even(*i)) {
        return Cut {
            whole: false,
            ..middle(i, 0.5)
        };
    }
    let score = |c: &Cut| {
        let hit = |k: usize| boxes[k][0][c.across] <= c.at && c.at < boxes[k][1][c.across];
        let depth = |k: usize| boxes[k][1][c.across] - boxes[k][0][c.across];
        let mut found = [0.0; 2];
        for (k, region) in model.mesh.regions.iter().enumerate().filter(|(k, _)| hit(*k)) {
            let share = model.mesh.volumes[k] / depth(k);
            match *region {
                REGION_NEGATIVE => found[0] += share,
                REGION_POSITIVE => found[1] += share,
                _ => {}
            }
        }
        let films = spots
            .iter()
            .filter(|s| s.film.is_some() && s.outward[c.across].abs() < 0.8 && hit(s.cell));
        films.for_each(|s| found[s.electrode] += s.area / depth(s.cell) * 1e-6);
        found[0].min(found[1])
    };
    let upright = [1, 0]
        .into_iter()
        .flat_map(|i| [0.5, 0.25, 0.75, 0.05, 0.95, 0.37, 0.63].map(|p| middle(i, p)));
    let candidates = upright.chain([0.5, 0.35, 0.2].map(|p| middle(2, p)));
    let best = candidates.fold(None, |best: Option<(f64, Cut)>, c| {
        let s = score(&c);
        // A plane must be clearly better than those before it, of which the middle is the first.
        if best.as_ref().is_none_or(|b| s > 1.05 * b.0) {
            Some((s, c))
        } else {
            best
        }
    });
    best.map_or_else(|| middle(1, 0.5), |b| b.1)
}

/// The plane of a stack: through the middle of the volumes of its positive electrode, or of its electrolyte where that is a film.
pub fn from_above(model: &Model) -> Cut {
    let regions = &model.mesh.regions;
    let within = |region: usize| -> Vec<f64> {
        let of = regions.iter().zip(&model.mesh.boxes).filter(|(r, _)| **r == region);
        of.flat_map(|(_, b)| [b[0][0], b[1][0]]).collect()
    };
    let found = [REGION_POSITIVE, ELECTROLYTE].map(within).into_iter().find(|x| !x.is_empty());
    let span = |x: &Vec<f64>| {
        x.iter()
            .fold([f64::INFINITY, f64::NEG_INFINITY], |s, v| [s[0].min(*v), s[1].max(*v)])
    };
    let [low, high] = found.as_ref().map_or([0.0; 2], span);
    // Just beside the middle, which may be a border between volumes.
    Cut {
        across: 0,
        at: low + 0.499 * (high - low),
        whole: false,
        low,
    }
}

/// Borders between places, and towards what is not shown, in a section.
pub fn outlines(tiles: &[Tile], across: usize) -> Vec<[[f64; 2]; 2]> {
    let axes: Vec<usize> = (0..3).filter(|i| *i != across).collect();
    let [h, v] = [0, 1].map(|k| {
        let mut at: Vec<f64> = tiles.iter().flat_map(|t| [t.bounds[0][axes[k]], t.bounds[1][axes[k]]]).collect();
        at.sort_by(f64::total_cmp);
        let size = at.last().zip(at.first()).map_or(0.0, |(b, a)| b - a);
        at.dedup_by(|b, a| *b - *a < 1e-9 * size);
        at
    });
    let near = |lines: &[f64], x: f64| {
        let i = lines.partition_point(|l| *l < x);
        let closer = i > 0 && (i == lines.len() || x - lines[i - 1] < lines[i] - x);
        i - usize::from(closer)
    };
    let mut place: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for t in tiles {
        for i in near(&h, t.bounds[0][axes[0]])..near(&h, t.bounds[1][axes[0]]) {
            for k in near(&v, t.bounds[0][axes[1]])..near(&v, t.bounds[1][axes[1]]) {
                place.insert((i, k), t.place);
            }
        }
    }
    borders(&h, &v, &|i, k| place.get(&(i, k)).copied())
}

/// Borders between what lies between the lines i, i+1 across and k, k+1 up, drawn on as long as they are straight.
pub fn borders(h: &[f64], v: &[f64], at: &dyn Fn(usize, usize) -> Option<usize>) -> Vec<[[f64; 2]; 2]> {
    let mut out = Vec::new();
    let mut run = |points: &mut dyn Iterator<Item = (bool, [f64; 2], [f64; 2])>| {
        let mut open: Option<[[f64; 2]; 2]> = None;
        for (border, from, to) in points {
            match (&mut open, border) {
                (Some(o), true) => o[1] = to,
                (None, true) => open = Some([from, to]),
                (_, false) => out.extend(open.take()),
            }
        }
        out.extend(open);
    };
    let (nh, nv) = (h.len().saturating_sub(1), v.len().saturating_sub(1));
    for (i, x) in h.iter().enumerate() {
        let before = |k| if i > 0 { at(i - 1, k) } else { None };
        run(&mut (0..nv).map(|k| (before(k) != at(i, k), [*x, v[k]], [*x, v[k + 1]])));
    }
    for (k, z) in v.iter().enumerate() {
        let below = |i| if k > 0 { at(i, k - 1) } else { None };
        run(&mut (0..nh).map(|i| (below(i) != at(i, k), [h[i], *z], [h[i + 1], *z])));
    }
    out
}
