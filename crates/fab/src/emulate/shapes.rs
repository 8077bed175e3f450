//! From the drawn shapes of a mask to boundary features for the distance fields, in the part of the chip that is looked at.

use crate::plan::{Mask, Shape};
use cellwright_device::field::lateral::{Feature, Lateral};
use cellwright_layout::boolean;
use cellwright_layout::rings::{from_metres, to_metres};

/// Grid on which polygons are merged, m: the database unit of mask files.
const GRID: f64 = 1e-9;

/// A rectangle of the chip: lower left and upper right corner, m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Lower left.
    pub from: [f64; 2],
    /// Upper right.
    pub to: [f64; 2],
}

impl Area {
    fn moved(&self, by: [f64; 2]) -> Area {
        Area {
            from: [0, 1].map(|i| self.from[i] + by[i]),
            to: [0, 1].map(|i| self.to[i] + by[i]),
        }
    }

    fn meets(&self, other: Area) -> bool {
        (0..2).all(|i| self.from[i] <= other.to[i] && other.from[i] <= self.to[i])
    }
}

/// Boundary features of a mask that matter in an area: discs and lines as they are, everything else merged into polygons.
pub fn lateral(mask: &Mask, area: Area) -> Lateral {
    let mut features = Vec::new();
    let mut polygons = Vec::new();
    each(&mask.shapes, area, &mut |shape, [dx, dy]| match shape {
        Shape::Circle { centre, diameter } => features.push(Feature::Disc {
            centre: [centre[0] + dx, centre[1] + dy],
            radius: 0.5 * diameter,
        }),
        Shape::Path { points, width } => {
            let moved: Vec<[f64; 2]> = points.iter().map(|p| [p[0] + dx, p[1] + dy]).collect();
            features.extend(moved.windows(2).map(|pair| Feature::Capsule {
                a: pair[0],
                b: pair[1],
                radius: 0.5 * width,
            }));
        }
        Shape::Rectangle(a, b) => polygons.push(vec![
            [a[0] + dx, a[1] + dy],
            [b[0] + dx, a[1] + dy],
            [b[0] + dx, b[1] + dy],
            [a[0] + dx, b[1] + dy],
        ]),
        Shape::Polygon(ring) => polygons.push(ring.iter().map(|p| [p[0] + dx, p[1] + dy]).collect()),
        Shape::Array { .. } => {}
    });
    let merged = from_metres(&polygons, GRID).map(|rings| to_metres(&boolean::merged(&rings), GRID));
    features.extend(Lateral::from_rings(&merged.unwrap_or(polygons)).features);
    Lateral { features }
}

/// Closed rings of a mask in an area, with discs and round ends as polygons whose sagitta is at most `sagitta`, m.
pub fn rings(mask: &Mask, area: Area, sagitta: f64) -> Vec<Vec<[f64; 2]>> {
    let mut rings = Vec::new();
    each(&mask.shapes, area, &mut |shape, [dx, dy]| {
        rings.extend(outline(shape, sagitta).into_iter().map(|ring| {
            let moved: Vec<[f64; 2]> = ring.iter().map(|p| [p[0] + dx, p[1] + dy]).collect();
            moved
        }));
    });
    rings
}

/// Outline of a plain shape. A disc becomes a polygon of the same area.
pub fn outline(shape: &Shape, sagitta: f64) -> Vec<Vec<[f64; 2]>> {
    match shape {
        Shape::Rectangle(a, b) => vec![vec![*a, [b[0], a[1]], *b, [a[0], b[1]]]],
        Shape::Polygon(ring) => vec![ring.clone()],
        Shape::Circle { centre, diameter } => vec![arc(*centre, 0.5 * diameter, 0.0, std::f64::consts::TAU, sagitta)],
        Shape::Path { points, width } => points
            .windows(2)
            .map(|pair| {
                let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
                let along = (by - ay).atan2(bx - ax);
                let quarter = std::f64::consts::FRAC_PI_2;
                let mut ring = arc([bx, by], 0.5 * width, along - quarter, along + quarter, sagitta);
                ring.extend(arc([ax, ay], 0.5 * width, along + quarter, along + 3.0 * quarter, sagitta));
                ring
            })
            .collect(),
        Shape::Array { .. } => vec![],
    }
}

/// Points of an arc, ends included; a whole circle without its last point, with the area of the circle.
fn arc(centre: [f64; 2], radius: f64, from: f64, to: f64, sagitta: f64) -> Vec<[f64; 2]> {
    let whole = (to - from - std::f64::consts::TAU).abs() < 1e-9;
    let step = 2.0 * (1.0 - (sagitta / radius).min(0.5)).acos();
    let n = (((to - from) / step).ceil() as usize).clamp(8, 256);
    let turn = (to - from) / n as f64;
    let r = if whole { radius * (turn / turn.sin()).sqrt() } else { radius };
    (0..if whole { n } else { n + 1 })
        .map(|i| {
            let angle = from + turn * i as f64;
            [centre[0] + r * angle.cos(), centre[1] + r * angle.sin()]
        })
        .collect()
}

/// Calls `visit` for every plain shape that meets the area, with its displacement.
fn each(shapes: &[Shape], area: Area, visit: &mut dyn FnMut(&Shape, [f64; 2])) {
    for shape in shapes {
        place(shape, [0.0, 0.0], area, visit);
    }
}

/// The same for one shape that is moved; the elements of an array may be arrays.
fn place(shape: &Shape, by: [f64; 2], area: Area, visit: &mut dyn FnMut(&Shape, [f64; 2])) {
    let own = extent(shape).moved(by);
    let Shape::Array { shape, pitch, count } = shape else {
        if own.meets(area) {
            visit(shape, by);
        }
        return;
    };
    let own = extent(shape).moved(by);
    let range = |axis: usize| {
        let n = count[axis].max(1);
        if pitch[axis] == 0.0 || n == 1 {
            return 0..1;
        }
        let steps = [area.from[axis] - own.to[axis], area.to[axis] - own.from[axis]].map(|d| d / pitch[axis]);
        let (low, high) = (steps[0].min(steps[1]), steps[0].max(steps[1]));
        (low.ceil().clamp(0.0, f64::from(n)) as u32)..((high.floor() + 1.0).clamp(0.0, f64::from(n)) as u32)
    };
    for i in range(0) {
        for j in range(1) {
            place(shape, [by[0] + f64::from(i) * pitch[0], by[1] + f64::from(j) * pitch[1]], area, visit);
        }
    }
}

/// Bounding box of a shape with all elements of arrays.
fn extent(shape: &Shape) -> Area {
    let Shape::Array { shape, pitch, count } = shape else {
        return bounds(shape);
    };
    let first = extent(shape);
    let last = first.moved([0, 1].map(|i| pitch[i] * f64::from(count[i].max(1) - 1)));
    Area {
        from: [0, 1].map(|i| first.from[i].min(last.from[i])),
        to: [0, 1].map(|i| first.to[i].max(last.to[i])),
    }
}

/// Bounding box of a shape (of one element of an array).
pub fn bounds(shape: &Shape) -> Area {
    let around = |points: &[[f64; 2]], by: f64| {
        let pick = |i: usize, f: fn(f64, f64) -> f64, start: f64| points.iter().map(|p| p[i]).fold(start, f);
        Area {
            from: [0, 1].map(|i| pick(i, f64::min, f64::INFINITY) - by),
            to: [0, 1].map(|i| pick(i, f64::max, f64::NEG_INFINITY) + by),
        }
    };
    match shape {
        Shape::Rectangle(a, b) => around(&[*a, *b], 0.0),
        Shape::Circle { centre, diameter } => around(&[*centre], 0.5 * diameter),
        Shape::Polygon(ring) => around(ring, 0.0),
        Shape::Path { points, width } => around(points, 0.5 * width),
        Shape::Array { shape, .. } => bounds(shape),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(shapes: Vec<Shape>) -> Mask {
        Mask {
            name: "m".into(),
            layer: (1, 0),
            shapes,
            place: None,
        }
    }

    #[test]
    fn an_array_gives_only_what_is_near() {
        let shape = Box::new(Shape::Circle {
            centre: [5e-6, 5e-6],
            diameter: 4e-6,
        });
        let array = Shape::Array {
            shape,
            pitch: [10e-6, 10e-6],
            count: [1000, 1000],
        };
        let area = Area {
            from: [100e-6, 100e-6],
            to: [110e-6, 120e-6],
        };
        assert_eq!(lateral(&mask(vec![array.clone()]), area).features.len(), 2);
        // An array of arrays: the same discs once more, 5 um to the right.
        let twice = Shape::Array {
            shape: Box::new(array),
            pitch: [5e-6, 0.0],
            count: [2, 1],
        };
        assert_eq!(lateral(&mask(vec![twice]), area).features.len(), 6);
    }

    #[test]
    fn touching_rectangles_are_one_polygon_and_a_disc_keeps_its_area() {
        let r = |a: [f64; 2], b: [f64; 2]| Shape::Rectangle(a, b);
        let both = mask(vec![r([0.0, 0.0], [1e-6, 1e-6]), r([1e-6, 0.0], [2e-6, 1e-6])]);
        let area = Area {
            from: [0.0, 0.0],
            to: [3e-6, 3e-6],
        };
        assert_eq!(lateral(&both, area).features.len(), 4);
        let disc = Shape::Circle {
            centre: [0.0, 0.0],
            diameter: 2e-6,
        };
        let ring = outline(&disc, 1e-9).remove(0);
        let twice: f64 = (0..ring.len())
            .map(|i| {
                let (p, q) = (ring[i], ring[(i + 1) % ring.len()]);
                p[0] * q[1] - p[1] * q[0]
            })
            .sum();
        assert!((0.5 * twice / (std::f64::consts::PI * 1e-12) - 1.0).abs() < 1e-12);
    }
}
