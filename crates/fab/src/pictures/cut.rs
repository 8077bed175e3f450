//! Where a section is taken.

use crate::emulate::Made;
use crate::plan::Shape;
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_device::partition::Partition;

/// A straight vertical cut, m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// Where it begins, on the chip.
    pub from: [f64; 2],
    /// Where it ends.
    pub to: [f64; 2],
}

impl Cut {
    /// Its length, m.
    pub fn length(&self) -> f64 {
        (self.to[0] - self.from[0]).hypot(self.to[1] - self.from[1])
    }

    /// The point at the distance `s` from its beginning.
    pub fn at(&self, s: f64) -> [f64; 2] {
        let share = s / self.length();
        [0, 1].map(|i| self.from[i] + (self.to[i] - self.from[i]) * share)
    }

    /// The axis along which it runs, if it is parallel to one.
    pub fn axis(&self) -> Option<usize> {
        (0..2).find(|&i| self.from[1 - i] == self.to[1 - i])
    }

    /// In words: `y = 10 µm`.
    pub fn words(&self) -> String {
        let text = |v: f64| format_quantity(v, Dimension::LENGTH);
        match self.axis() {
            Some(0) => format!("y = {}", text(self.from[1])),
            Some(_) => format!("x = {}", text(self.from[0])),
            None => format!(
                "the line from ({}, {}) to ({}, {})",
                text(self.from[0]),
                text(self.from[1]),
                text(self.to[0]),
                text(self.to[1])
            ),
        }
    }
}

/// The cut across the window that runs along `axis` at the place `at` of the other one.
pub fn across(made: &Made, axis: usize, at: f64) -> Cut {
    let window = &made.fabrication.plan.window;
    let (mut from, mut to) = (window.from, window.to);
    from[1 - axis] = at;
    to[1 - axis] = at;
    Cut { from, to }
}

/// The cut through the window that shows most: the greatest number of regions, then the longest borders between them. It runs along x or
/// y, through the middle or through the axis of a drawn round; along a diagonal only if that shows more regions.
pub fn telling(made: &Made) -> Cut {
    let window = &made.fabrication.plan.window;
    let mut places: [Vec<f64>; 2] = [vec![], vec![]];
    for (axis, places) in places.iter_mut().enumerate() {
        let (low, high) = (window.from[1 - axis], window.to[1 - axis]);
        let inside = |share: f64| low + (high - low) * share;
        places.extend([0.5, 0.25, 0.75].map(inside));
        for v in rounds(made, 1 - axis) {
            // A round on the side of the window is cut just inside.
            let v = v.clamp(inside(1e-4), inside(1.0 - 1e-4));
            if places.iter().all(|p| (p - v).abs() > 1e-3 * (high - low)) {
                places.push(v);
            }
        }
    }
    let mut best: Option<((usize, f64), Cut)> = None;
    for (axis, places) in places.iter().enumerate() {
        for &at in places.iter().take(12) {
            // Beside the plane itself, which may be a border between pieces.
            let beside = at
                + 3.7e-4 * (0.5 * (window.from[1 - axis] + window.to[1 - axis]) - at + 0.1 * (window.to[1 - axis] - window.from[1 - axis]));
            let found = told(&made.partition, &|p| p[1 - axis] - beside);
            let better = best.is_none_or(|((regions, border), _)| found.0 > regions || (found.0 == regions && found.1 > 1.05 * border));
            if better {
                best = Some((found, across(made, axis, at)));
            }
        }
    }
    for [y0, y1] in [[window.from[1], window.to[1]], [window.to[1], window.from[1]]] {
        let cut = Cut {
            from: [window.from[0], y0],
            to: [window.to[0], y1],
        };
        let (along, side) = ([0, 1].map(|i| (cut.to[i] - cut.from[i]) / cut.length()), 3.7e-5 * cut.length());
        let found = told(&made.partition, &|p| {
            (p[1] - cut.from[1]) * along[0] - (p[0] - cut.from[0]) * along[1] - side
        });
        if best.is_none_or(|((regions, _), _)| found.0 > regions) {
            best = Some((found, cut));
        }
    }
    best.map_or_else(|| across(made, 0, 0.5 * (window.from[1] + window.to[1])), |(_, cut)| cut)
}

/// Middles of the drawn rounds in the window along an axis, m.
fn rounds(made: &Made, axis: usize) -> Vec<f64> {
    let window = &made.fabrication.plan.window;
    let mut found = Vec::new();
    for shape in made.fabrication.plan.masks.iter().flat_map(|m| &m.shapes) {
        let (element, pitch, count) = match shape {
            Shape::Array { shape, pitch, count } => (shape.as_ref(), pitch[axis], count[axis].max(1)),
            plain => (plain, 0.0, 1),
        };
        let Shape::Circle { centre, .. } = element else { continue };
        let first = if pitch > 0.0 {
            ((window.from[axis] - centre[axis]) / pitch).ceil().clamp(0.0, f64::from(count))
        } else {
            0.0
        };
        for i in 0..8 {
            let v = centre[axis] + (first + f64::from(i)) * pitch;
            let reach = 1e-9;
            if first + f64::from(i) < f64::from(count) && v >= window.from[axis] - reach && v <= window.to[axis] + reach {
                found.push(v);
            }
            if pitch <= 0.0 {
                break;
            }
        }
    }
    found.sort_by(f64::total_cmp);
    found.dedup();
    found
}

/// What the plane where `side` vanishes meets: number of regions, length of the borders between them.
fn told(partition: &Partition, side: &dyn Fn([f64; 3]) -> f64) -> (usize, f64) {
    let mut labels = std::collections::BTreeSet::new();
    for piece in &partition.pieces {
        let all = || piece.faces.iter().flat_map(|f| &f.points);
        if !labels.contains(&piece.label) && all().any(|p| side(*p) < 0.0) && all().any(|p| side(*p) > 0.0) {
            labels.insert(piece.label);
        }
    }
    let mut border = 0.0;
    for contact in &partition.contacts {
        let n = contact.points.len();
        let crossings: Vec<[f64; 3]> = (0..n)
            .filter_map(|i| {
                let (a, b) = (contact.points[i], contact.points[(i + 1) % n]);
                let (u, v) = (side(a), side(b));
                ((u < 0.0) != (v < 0.0)).then(|| [0, 1, 2].map(|k| a[k] + u / (u - v) * (b[k] - a[k])))
            })
            .collect();
        if let [a, b, ..] = crossings[..] {
            border += (0..3).map(|k| (a[k] - b[k]).powi(2)).sum::<f64>().sqrt();
        }
    }
    (labels.len(), border)
}
