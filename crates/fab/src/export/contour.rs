//! Rings around the inside of a plane shape that is given by a function: marching squares.

use super::error::ExportError;
use super::picture::Ring;
use super::simplify::simplify_ring;

/// The sampled rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Lower left corner (s, z), m.
    pub from: [f64; 2],
    /// Upper right corner, m.
    pub to: [f64; 2],
    /// Number of cells in both directions.
    pub cells: [usize; 2],
}

/// Most cells of a frame.
const MOST_CELLS: usize = 50_000_000;

/// Rings around the points of `frame` where `f` is negative, closed along the edge of the frame where the shape reaches it.
///
/// Outer rings run counter-clockwise, holes clockwise. Corners lie on grid lines where the linear interpolation of `f` vanishes; in a
/// cell whose diagonals have opposite signs the value at its centre decides which pair is connected. Corners that are within
/// `tolerance` (m) of the line through the others are left out. A value that is not a number counts as outside.
///
/// # Verification
/// `circle_area_is_second_order`, `rings_agree_with_samples`.
///
/// # Errors
/// [`ExportError::Box`] and [`ExportError::Grid`] for a frame that cannot be sampled.
pub fn contour(f: &dyn Fn(f64, f64) -> f64, frame: Frame, tolerance: f64) -> Result<Vec<Ring>, ExportError> {
    let samples = Samples::new(f, frame)?;
    let next = samples.segments(f);
    Ok(samples
        .chained(next)
        .iter()
        .filter_map(|ring| simplify_ring(ring, tolerance.max(0.0)))
        .collect())
}

/// No segment starts on this edge.
const NONE: u32 = u32::MAX;

/// Values on the nodes of the frame, with one more ring of nodes around it that lie on its border and outside of the shape: the cells
/// between have no width, and close the rings along the border.
struct Samples {
    x: Vec<f64>,
    y: Vec<f64>,
    values: Vec<f64>,
}

impl Samples {
    fn new(f: &dyn Fn(f64, f64) -> f64, frame: Frame) -> Result<Samples, ExportError> {
        let Frame { from, to, cells } = frame;
        if !(0..2).all(|i| from[i].is_finite() && to[i].is_finite() && to[i] > from[i]) {
            return Err(ExportError::Box {
                from: from.to_vec(),
                to: to.to_vec(),
            });
        }
        let [nx, ny] = cells;
        if nx == 0 || ny == 0 || nx.checked_mul(ny).is_none_or(|n| n > MOST_CELLS) {
            return Err(ExportError::Grid {
                found: cells.to_vec(),
                allowed: MOST_CELLS,
            });
        }
        let line = |i: usize| -> Vec<f64> {
            let n = cells[i];
            let at = |k: usize| {
                if k == n {
                    to[i]
                } else {
                    from[i] + (to[i] - from[i]) * (k as f64 / n as f64)
                }
            };
            std::iter::once(from[i]).chain((0..=n).map(at)).chain([to[i]]).collect()
        };
        let (x, y) = (line(0), line(1));
        let mut values = vec![f64::INFINITY; x.len() * y.len()];
        for j in 1..=ny + 1 {
            for i in 1..=nx + 1 {
                let v = f(x[i], y[j]);
                values[j * x.len() + i] = if v.is_nan() { f64::INFINITY } else { v };
            }
        }
        Ok(Samples { x, y, values })
    }

    fn inside(&self, node: usize) -> bool {
        self.values[node] < 0.0
    }

    /// For each edge (2 × node for the one to the right, + 1 for the one upwards) the edge to which the ring goes on, inside on its left.
    fn segments(&self, f: &dyn Fn(f64, f64) -> f64) -> Vec<u32> {
        let w = self.x.len();
        let mut next = vec![NONE; 2 * self.values.len()];
        for j in 0..self.y.len() - 1 {
            for i in 0..w - 1 {
                let node = j * w + i;
                // Corners counter-clockwise from the lower left; edge k leads from corner k to the next.
                let corners = [node, node + 1, node + w + 1, node + w].map(|n| self.inside(n));
                let edges = [2 * node, 2 * (node + 1) + 1, 2 * (node + w), 2 * node + 1];
                // Walking around the cell, a ring leaves the cell where the sign turns from inside to outside, and enters at the other.
                let out: Vec<usize> = (0..4).filter(|&k| corners[k] && !corners[(k + 1) % 4]).collect();
                match out[..] {
                    [] => {}
                    [from] => {
                        let back = (0..4).find(|&k| !corners[k] && corners[(k + 1) % 4]).unwrap_or(from);
                        next[edges[from]] = edges[back] as u32;
                    }
                    _ => {
                        let centre = f(0.5 * (self.x[i] + self.x[i + 1]), 0.5 * (self.y[j] + self.y[j + 1]));
                        // Edge k has inside at its start. With the centre inside, the outside corner k + 1 is cut off alone.
                        for k in out {
                            let other = if centre < 0.0 { (k + 1) % 4 } else { (k + 3) % 4 };
                            next[edges[k]] = edges[other] as u32;
                        }
                    }
                }
            }
        }
        next
    }

    /// Where the shape crosses an edge.
    fn crossing(&self, edge: usize) -> [f64; 2] {
        let (w, node) = (self.x.len(), edge / 2);
        let other = if edge.is_multiple_of(2) { node + 1 } else { node + w };
        let (a, b) = (self.values[node], self.values[other]);
        let t = if a.is_infinite() && b.is_infinite() {
            0.5
        } else if a.is_infinite() {
            1.0
        } else if b.is_infinite() {
            0.0
        } else {
            (a / (a - b)).clamp(0.0, 1.0)
        };
        let mix = |line: &[f64], from: usize, to: usize| line[from] + t * (line[to] - line[from]);
        [mix(&self.x, node % w, other % w), mix(&self.y, node / w, other / w)]
    }

    fn chained(&self, mut next: Vec<u32>) -> Vec<Ring> {
        let mut rings = Vec::new();
        for start in 0..next.len() {
            let (mut ring, mut edge) = (Ring::new(), start);
            while next[edge] != NONE {
                ring.push(self.crossing(edge));
                edge = std::mem::replace(&mut next[edge], NONE) as usize;
            }
            ring.dedup();
            if ring.len() >= 3 {
                rings.push(ring);
            }
        }
        rings
    }
}

#[cfg(test)]
mod tests {
    use super::super::simplify::ring_area;
    use super::*;
    use proptest::prelude::*;

    fn frame(n: usize) -> Frame {
        Frame {
            from: [-1.0, -1.0],
            to: [1.0, 1.0],
            cells: [n, n],
        }
    }

    fn area(f: &dyn Fn(f64, f64) -> f64, n: usize) -> f64 {
        contour(f, frame(n), 0.0).expect("a valid frame").iter().map(|r| ring_area(r)).sum()
    }

    #[test]
    fn circle_area_is_second_order() {
        let r = 0.61;
        let circle = |x: f64, y: f64| (x - 0.013).hypot(y + 0.021) - r;
        let error = |n| (area(&circle, n) - std::f64::consts::PI * r * r).abs();
        let order = (error(20) / error(320)).log(16.0);
        assert!((1.8..2.3).contains(&order), "order {order}, errors {} {}", error(20), error(320));
        assert!(error(320) < 1e-4);
    }

    #[test]
    fn shapes_close_along_the_border() {
        assert!((area(&|_, _| -1.0, 3) - 4.0).abs() < 1e-14);
        assert_eq!(
            contour(&|_, _| -1.0, frame(7), 1e-9),
            Ok(vec![vec![[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]])
        );
        assert!((area(&|x, _| x - 0.25, 5) - 2.5).abs() < 1e-14);
        assert!((area(&|x: f64, _| 0.5 - x.abs(), 8) - 2.0).abs() < 1e-14);
        assert_eq!(area(&|_, _| 1.0, 4), 0.0);
        assert_eq!(area(&|_, _| f64::NAN, 4), 0.0);
        // A corner of the frame alone.
        assert!((area(&|x, y| 1.5 - x - y, 4) - 0.125).abs() < 1e-14);
    }

    #[test]
    fn the_centre_decides_between_two_diagonals() {
        let saddle = |bias: f64| move |x: f64, y: f64| x * y + bias;
        let one = Frame { cells: [1, 1], ..frame(1) };
        let rings = |bias| contour(&saddle(bias), one, 0.0).map(|r| r.len());
        assert_eq!((rings(-0.1), rings(0.1)), (Ok(1), Ok(2)));
    }

    #[test]
    fn a_hole_runs_the_other_way() {
        let annulus = |x: f64, y: f64| (x.hypot(y) - 0.6).abs() - 0.2;
        let mut areas: Vec<f64> = contour(&annulus, frame(100), 0.0)
            .expect("a valid frame")
            .iter()
            .map(|r| ring_area(r))
            .collect();
        areas.sort_by(f64::total_cmp);
        assert!(areas.len() == 2 && areas[0] < -0.4 && areas[1] > 1.9, "{areas:?}");
    }

    #[test]
    fn bad_frames_are_refused() {
        let f = |_: f64, _: f64| 0.0;
        assert!(matches!(
            contour(&f, Frame { cells: [0, 3], ..frame(1) }, 0.0),
            Err(ExportError::Grid { .. })
        ));
        assert!(matches!(contour(&f, frame(usize::MAX), 0.0), Err(ExportError::Grid { .. })));
        assert!(matches!(
            contour(
                &f,
                Frame {
                    to: [-1.0, f64::NAN],
                    ..frame(1)
                },
                0.0
            ),
            Err(ExportError::Box { .. })
        ));
    }

    /// Even-odd test of a point.
    fn holds(rings: &[Ring], p: [f64; 2]) -> bool {
        let crossings = rings.iter().flat_map(|ring| {
            (0..ring.len()).filter(move |&i| {
                let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
                (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
            })
        });
        crossings.count() % 2 == 1
    }

    proptest! {
        #[test]
        fn rings_agree_with_samples(
            discs in prop::collection::vec((prop::array::uniform2(-1.2..1.2f64), 0.05..0.6f64), 0..6),
            holes in prop::collection::vec((prop::array::uniform2(-1.2..1.2f64), 0.05..0.4f64), 0..4),
            n in 3usize..24,
        ) {
            let field = |x: f64, y: f64| {
                let near = |list: &[([f64; 2], f64)]| list.iter().map(|(c, r)| (x - c[0]).hypot(y - c[1]) - r).fold(1e3, f64::min);
                near(&discs).max(-near(&holes))
            };
            let rings = contour(&field, frame(n), 0.0).expect("a valid frame");
            // Every node is on the side of the rings that its sign says.
            for j in 1..n {
                for i in 1..n {
                    let p = [-1.0 + 2.0 * (i as f64 / n as f64), -1.0 + 2.0 * (j as f64 / n as f64)];
                    let v = field(p[0], p[1]);
                    if v.abs() > 1e-9 {
                        prop_assert_eq!(holds(&rings, [p[0] + 1e-13, p[1] + 1e-13]), v < 0.0, "{:?} {}", p, v);
                    }
                }
            }
            // Signed areas add up to the even-odd area: nesting and orientation agree.
            let m = 200;
            let filled = (0..m * m).filter(|k| {
                let at = |k: usize| -1.0 + 2.0 * ((k as f64 + 0.5) / m as f64) + 1e-7;
                holds(&rings, [at(k % m), at(k / m)])
            });
            let even_odd = 4.0 * filled.count() as f64 / (m * m) as f64;
            let signed: f64 = rings.iter().map(|r| ring_area(r)).sum();
            let perimeter: f64 = rings.iter().flat_map(|r| (0..r.len()).map(|i| {
                let (a, b) = (r[i], r[(i + 1) % r.len()]);
                (a[0] - b[0]).hypot(a[1] - b[1])
            })).sum();
            prop_assert!((even_odd - signed).abs() < 0.02 * perimeter + 1e-3, "{even_odd} {signed}");
            for p in rings.iter().flatten() {
                prop_assert!(p.iter().all(|v| (-1.0..=1.0).contains(v)));
            }
        }
    }
}
