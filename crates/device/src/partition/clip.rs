//! Convex pieces of a box and how a plane cuts them.

use crate::field::bound::Block;
use crate::tape::RegionId;
use crate::vector::{Vector, add, cross, dot, norm};
use smallvec::SmallVec;

/// Planes 0 to 5 are the sides of the box: low and high along x, y, z. Higher numbers are cuts.
pub const SIDES: u32 = 6;

/// Corners of a polygon; a few fit without a heap block.
pub type Points = SmallVec<[Vector; 4]>;

/// Corners of a cut as they are found: each from both faces that meet there.
type Rim = SmallVec<[Vector; 16]>;

/// A plane side of a piece.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// Which plane it lies in.
    pub plane: u32,
    /// True if the piece lies on the inner (negative) side of that plane.
    pub inner: bool,
    /// Corners, counter-clockwise seen from outside the piece.
    pub points: Points,
}

/// A convex piece of one material.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// What it is made of.
    pub label: RegionId,
    /// Its sides.
    pub faces: Vec<Face>,
}

/// A cutting plane `g · (x - c) + v = 0`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// A point to measure from.
    pub c: Vector,
    /// Value there.
    pub v: f64,
    /// Gradient.
    pub g: Vector,
}

impl Plane {
    /// Value at a point.
    pub fn at(&self, p: Vector) -> f64 {
        self.v + dot(self.g, add(p, -1.0, self.c))
    }
}

impl Piece {
    /// The whole box.
    pub fn whole(block: &Block, label: RegionId) -> Piece {
        let spans = [0, 1, 2].map(|axis| block.span(axis));
        // Corner 4 i + 2 j + k is low (0) or high (1) along x, y, z.
        let corners: [Vector; 8] = std::array::from_fn(|n| [spans[0][n >> 2 & 1], spans[1][n >> 1 & 1], spans[2][n & 1]]);
        let side = |(plane, around): (u32, [usize; 4])| Face {
            plane,
            inner: true,
            points: Points::from_slice(&around.map(|n| corners[n])),
        };
        let around = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]];
        let faces = (0..SIDES).zip(around).map(side).collect();
        Piece { label, faces }
    }

    /// A point inside: the mean of all corners.
    pub fn middle(&self) -> Vector {
        let (mut sum, mut n) = ([0.0; 3], 0.0);
        for p in self.faces.iter().flat_map(|f| &f.points) {
            sum = add(sum, 1.0, *p);
            n += 1.0;
        }
        sum.map(|s| s / n)
    }

    /// Volume, m³.
    pub fn volume(&self) -> f64 {
        self.volume_around(self.middle())
    }

    /// Volume, m³, measured from a point inside so that nothing cancels.
    pub(super) fn volume_around(&self, middle: Vector) -> f64 {
        let cone = |f: &Face| f.points.first().map_or(0.0, |p| dot(area_vector(&f.points), add(*p, -1.0, middle)));
        self.faces.iter().map(cone).sum::<f64>() / 3.0
    }

    /// The parts inside and outside of a plane.
    pub fn cut(self, plane: &Plane, number: u32) -> (Option<Piece>, Option<Piece>) {
        let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut values: SmallVec<[f64; 64]> = SmallVec::new();
        for p in self.faces.iter().flat_map(|f| &f.points) {
            let s = plane.at(*p);
            (least, greatest) = (least.min(s), greatest.max(s));
            values.push(s);
        }
        // A sliver thinner than rounding is not a piece.
        let grain = 1e-12 * (greatest - least);
        if greatest <= grain {
            return (Some(self), None);
        }
        if least >= -grain {
            return (None, Some(self));
        }
        let n_faces = self.faces.len() + 1;
        let (mut inside, mut outside) = (Vec::with_capacity(n_faces), Vec::with_capacity(n_faces));
        let mut rim = Rim::new();
        let mut values = values.as_slice();
        for face in self.faces {
            let (here, rest) = values.split_at(face.points.len());
            values = rest;
            if here.iter().all(|s| *s < 0.0) {
                inside.push(face);
            } else if here.iter().all(|s| *s > 0.0) {
                outside.push(face);
            } else {
                // Corners go straight to their place: moving faces about is most of the work.
                inside.push(face.bare());
                outside.push(face.bare());
                let [within, beyond] = [inside.last_mut(), outside.last_mut()];
                if let (Some(within), Some(beyond)) = (within, beyond) {
                    face.cut(here, &mut within.points, &mut beyond.points, &mut rim);
                }
                inside.pop_if(|f| f.points.len() < 3);
                outside.pop_if(|f| f.points.len() < 3);
            }
        }
        let cap = around(&rim, plane.g);
        if cap.len() >= 3 {
            let mut back = cap.clone();
            back.reverse();
            inside.push(Face {
                plane: number,
                inner: true,
                points: cap,
            });
            outside.push(Face {
                plane: number,
                inner: false,
                points: back,
            });
        }
        let part = |faces: Vec<Face>| (faces.len() >= 4).then_some(Piece { label: self.label, faces });
        (part(inside), part(outside))
    }
}

impl Face {
    /// Corners on both sides of a plane that has these values at the corners; those in the plane are added to `rim`.
    fn cut(&self, values: &[f64], within: &mut Points, beyond: &mut Points, rim: &mut Rim) {
        let n = self.points.len();
        for i in 0..n {
            let next = if i + 1 < n { i + 1 } else { 0 };
            let (p, q, s, t) = (self.points[i], self.points[next], values[i], values[next]);
            if s <= 0.0 {
                within.push(p);
            }
            if s >= 0.0 {
                beyond.push(p);
            }
            if s == 0.0 {
                rim.push(p);
            }
            if (s < 0.0 && t > 0.0) || (s > 0.0 && t < 0.0) {
                // From the inner to the outer end, so that both neighbours of an edge find the same point.
                let (p, q, s, t) = if s < 0.0 { (p, q, s, t) } else { (q, p, t, s) };
                let crossing = add(p, s / (s - t), add(q, -1.0, p));
                within.push(crossing);
                beyond.push(crossing);
                rim.push(crossing);
            }
        }
    }

    fn bare(&self) -> Face {
        Face {
            plane: self.plane,
            inner: self.inner,
            points: Points::new(),
        }
    }

    /// Area, m².
    pub fn area(&self) -> f64 {
        norm(area_vector(&self.points))
    }
}

/// Area of a flat polygon times its normal.
pub fn area_vector(points: &[Vector]) -> Vector {
    let Some((first, rest)) = points.split_first() else {
        return [0.0; 3];
    };
    let mut sum = [0.0; 3];
    for pair in rest.windows(2) {
        let (u, v) = (add(pair[0], -1.0, *first), add(pair[1], -1.0, *first));
        sum = add(sum, 0.5, cross(u, v));
    }
    sum
}

/// Two directions that span the plane across `n`, right-handed with it.
pub fn frame(n: Vector) -> [Vector; 2] {
    let length = norm(n);
    let n = n.map(|v| v / length);
    let least = (0..3).min_by(|&i, &j| n[i].abs().total_cmp(&n[j].abs())).unwrap_or(0);
    let mut axis = [0.0; 3];
    axis[least] = 1.0;
    let u = cross(axis, n);
    let length = norm(u);
    let u = u.map(|v| v / length);
    [u, cross(n, u)]
}

/// Corners of a convex polygon in the plane across `n`, in order; doubles are dropped.
fn around(points: &[Vector], n: Vector) -> Points {
    let [u, v] = frame(n);
    let share = 1.0 / points.len() as f64;
    let middle = points.iter().fold([0.0; 3], |sum, p| add(sum, share, *p));
    let mut size = 0.0;
    let mut placed: SmallVec<[(f64, Vector); 16]> = SmallVec::new();
    for p in points {
        let d = add(*p, -1.0, middle);
        let (x, y) = (dot(d, u), dot(d, v));
        size = f64::max(size, x * x + y * y);
        placed.push((turn(x, y), *p));
    }
    let least = 1e-18 * size;
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out = Points::new();
    let apart = |p: Vector, q: Vector| {
        let d = add(p, -1.0, q);
        dot(d, d) > least
    };
    for (_, p) in placed {
        if out.last().is_none_or(|last| apart(*last, p)) {
            out.push(p);
        }
    }
    if let (Some(first), Some(last)) = (out.first(), out.last())
        && out.len() > 1
        && !apart(*first, *last)
    {
        out.pop();
    }
    out
}

/// A number from -2 to 2 that rises with the angle from -π to π.
fn turn(x: f64, y: f64) -> f64 {
    let lean = x / (x.abs() + y.abs());
    if y > 0.0 { 1.0 - lean } else { lean - 1.0 }
}

/// The common part of two convex polygons in one plane with the normal `n`, whichever way round they are.
pub fn overlap(a: &[Vector], b: &[Vector], n: Vector) -> Points {
    if a.iter().eq(b.iter().rev()) {
        return Points::from_slice(a);
    }
    let mut part = Points::from_slice(a);
    let turn = dot(area_vector(b), n).signum();
    for (i, p) in b.iter().enumerate() {
        let q = b[if i + 1 < b.len() { i + 1 } else { 0 }];
        let inward = cross(n, add(q, -1.0, *p)).map(|v| turn * v);
        let values: SmallVec<[f64; 12]> = part.iter().map(|x| dot(inward, add(*x, -1.0, *p))).collect();
        if values.iter().all(|s| *s >= 0.0) {
            continue;
        }
        let mut kept = Points::new();
        for (j, x) in part.iter().enumerate() {
            let next = if j + 1 < part.len() { j + 1 } else { 0 };
            let (y, s, t) = (part[next], values[j], values[next]);
            if s >= 0.0 {
                kept.push(*x);
            }
            if (s > 0.0 && t < 0.0) || (s < 0.0 && t > 0.0) {
                kept.push(add(*x, s / (s - t), add(y, -1.0, *x)));
            }
        }
        part = kept;
        if part.len() < 3 {
            return Points::new();
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_cut_box_add_up_and_share_their_face() {
        let block = Block::between([0.0; 3], [1.0, 2.0, 3.0]);
        let whole = Piece::whole(&block, 0);
        assert!((whole.volume() - 6.0).abs() < 1e-14);
        let plane = Plane {
            c: [0.5, 1.0, 1.5],
            v: 0.1,
            g: [0.6, 0.0, 0.8],
        };
        let (inside, outside) = whole.cut(&plane, SIDES);
        let (inside, outside) = (inside.expect("a part"), outside.expect("a part"));
        assert!((inside.volume() + outside.volume() - 6.0).abs() < 1e-13);
        // The plane crosses the box over its whole depth of 2 and width of 1: the cut is 2 / 0.8.
        let cap = inside.faces.last().expect("the cut");
        assert!((cap.area() - 2.0 / 0.8).abs() < 1e-13);
        let back = outside.faces.last().expect("the cut");
        assert_eq!(
            area_vector(&overlap(&cap.points, &back.points, plane.g)).map(|v| v.abs() > 0.0),
            [true, false, true]
        );
    }

    #[test]
    fn a_plane_that_only_touches_leaves_the_piece_whole() {
        let whole = Piece::whole(&Block::between([0.0; 3], [1.0; 3]), 3);
        let plane = Plane {
            c: [1.0, 0.0, 0.0],
            v: 0.0,
            g: [1.0, 0.0, 0.0],
        };
        let (inside, outside) = whole.clone().cut(&plane, SIDES);
        assert_eq!((inside, outside), (Some(whole), None));
    }
}
