//! Closed surface of a body that is given by a function: marching tetrahedra with corners on the true surface.

use super::error::ExportError;
use super::mesh::TriangleMesh;
use std::collections::HashMap;

/// The sampled box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// Lowest corner, m.
    pub from: [f64; 3],
    /// Highest corner, m.
    pub to: [f64; 3],
    /// Number of cells in each direction.
    pub cells: [usize; 3],
}

/// Most cells of a grid.
const MOST_CELLS: usize = 200_000_000;
/// Most evaluations to bring a corner onto the surface.
const REFINE: usize = 24;
/// A corner is on the surface if the last step was shorter than this share of its edge.
const NEAR: f64 = 1e-7;

/// Surface of the part of the box where `f` is negative, closed by the sides of the box where the body reaches them.
///
/// Each cell is cut into the six tetrahedra around its main diagonal, which fit together from cell to cell, so that the surface has
/// neither gaps nor doubtful cases. Every corner is then moved along its edge onto the true zero of `f` by the Illinois variant of
/// regula falsi. A value that is not a number counts as outside.
///
/// # Source
/// A. Doi, A. Koide, IEICE Trans. E74, 214 (1991), marching tetrahedra; M. Dowell, P. Jarratt, BIT 11, 168 (1971),
/// doi:10.1007/BF01934364, the Illinois rule.
///
/// # Verification
/// `sphere_is_second_order`, `bodies_are_closed_manifolds`.
///
/// # Errors
/// [`ExportError::Box`] and [`ExportError::Grid`] for a box that cannot be sampled.
pub fn isosurface(f: &dyn Fn([f64; 3]) -> f64, grid: Grid, region: usize) -> Result<TriangleMesh, ExportError> {
    let mut march = March::new(f, grid)?;
    march.cells();
    march.caps();
    let full = TriangleMesh {
        points: march.points,
        triangles: march.triangles,
        region,
    };
    // Corners that fell onto a grid point belong together; only where two sheets touch would joining them make a false edge.
    let joined = joined(&full, &march.home);
    let whole = joined.is_closed_manifold();
    Ok(if whole { joined } else { full })
}

/// Corners of a cell in the order of the bits x, y, z; each tetrahedron goes from 0 to 7 along one order of the axes.
const TETRAHEDRA: [[usize; 4]; 6] = [[0, 1, 3, 7], [0, 2, 6, 7], [0, 4, 5, 7], [0, 3, 2, 7], [0, 6, 4, 7], [0, 5, 1, 7]];

struct March<'a> {
    f: &'a dyn Fn([f64; 3]) -> f64,
    axes: [Vec<f64>; 3],
    values: Vec<f64>,
    points: Vec<[f64; 3]>,
    /// For each point the grid node it fell onto, if it did.
    home: Vec<Option<usize>>,
    triangles: Vec<[u32; 3]>,
    /// Points by lower node and direction of the edge (bits of the axes, 1 to 7), 0 for the node itself.
    known: HashMap<(usize, usize), u32>,
}

impl<'a> March<'a> {
    fn new(f: &'a dyn Fn([f64; 3]) -> f64, grid: Grid) -> Result<March<'a>, ExportError> {
        let Grid { from, to, cells } = grid;
        if !(0..3).all(|i| from[i].is_finite() && to[i].is_finite() && to[i] > from[i]) {
            return Err(ExportError::Box {
                from: from.to_vec(),
                to: to.to_vec(),
            });
        }
        let total = cells.iter().try_fold(1usize, |n, c| n.checked_mul(*c));
        if total.is_none_or(|n| n == 0 || n > MOST_CELLS) {
            return Err(ExportError::Grid {
                found: cells.to_vec(),
                allowed: MOST_CELLS,
            });
        }
        let axes = [0, 1, 2].map(|i| -> Vec<f64> {
            let n = cells[i];
            (0..=n)
                .map(|k| {
                    if k == n {
                        to[i]
                    } else {
                        from[i] + (to[i] - from[i]) * (k as f64 / n as f64)
                    }
                })
                .collect()
        });
        let mut values = Vec::with_capacity(axes.iter().map(Vec::len).product());
        for &z in &axes[2] {
            for &y in &axes[1] {
                for &x in &axes[0] {
                    let v = f([x, y, z]);
                    values.push(if v.is_nan() { f64::INFINITY } else { v });
                }
            }
        }
        Ok(March {
            f,
            axes,
            values,
            points: Vec::new(),
            home: Vec::new(),
            triangles: Vec::new(),
            known: HashMap::new(),
        })
    }

    fn node(&self, [i, j, k]: [usize; 3]) -> usize {
        (k * self.axes[1].len() + j) * self.axes[0].len() + i
    }

    fn place(&self, node: usize) -> [f64; 3] {
        let (nx, ny) = (self.axes[0].len(), self.axes[1].len());
        [self.axes[0][node % nx], self.axes[1][node / nx % ny], self.axes[2][node / nx / ny]]
    }

    fn inside(&self, node: usize) -> bool {
        self.values[node] < 0.0
    }

    /// The eight corners of a cell.
    fn corners(&self, cell: [usize; 3]) -> [usize; 8] {
        std::array::from_fn(|c| self.node([cell[0] + (c & 1), cell[1] + (c >> 1 & 1), cell[2] + (c >> 2 & 1)]))
    }

    fn cells(&mut self) {
        let [nx, ny, nz] = [0, 1, 2].map(|i| self.axes[i].len() - 1);
        for k in 0..nz {
            for j in 0..ny {
                for i in 0..nx {
                    let corners = self.corners([i, j, k]);
                    let inside = corners.iter().filter(|n| self.inside(**n)).count();
                    if inside > 0 && inside < 8 {
                        for t in TETRAHEDRA {
                            self.tetrahedron(t.map(|c| (corners[c], c)));
                        }
                    }
                }
            }
        }
    }

    /// Triangles between the inside and the outside corners of a tetrahedron of positive orientation; corners come with their bits.
    fn tetrahedron(&mut self, mut t: [(usize, usize); 4]) {
        let inside: Vec<bool> = t.iter().map(|(n, _)| self.inside(*n)).collect();
        let count = inside.iter().filter(|v| **v).count();
        // The corners that are alone (or the two inside ones) come first, by an even permutation.
        let first = count != 3;
        let mut order: Vec<usize> = (0..4).filter(|&k| inside[k] == first).collect();
        order.extend((0..4).filter(|&k| inside[k] != first));
        let swaps = (0..4)
            .flat_map(|i| (0..i).map(move |j| (j, i)))
            .filter(|&(j, i)| order[j] > order[i])
            .count();
        if swaps % 2 == 1 {
            order.swap(2, 3);
        }
        t = [t[order[0]], t[order[1]], t[order[2]], t[order[3]]];
        match count {
            1 => {
                let [a, b, c] = [1, 2, 3].map(|k| self.crossing(t[0], t[k]));
                self.triangles.push([a, b, c]);
            }
            3 => {
                let [a, b, c] = [1, 2, 3].map(|k| self.crossing(t[k], t[0]));
                self.triangles.push([a, c, b]);
            }
            2 => {
                let [a, b, c, d] = [(0, 2), (0, 3), (1, 3), (1, 2)].map(|(i, o)| self.crossing(t[i], t[o]));
                self.triangles.extend([[a, b, c], [a, c, d]]);
            }
            _ => {}
        }
    }

    /// The point on the edge from an inside to an outside node.
    fn crossing(&mut self, inside: (usize, usize), outside: (usize, usize)) -> u32 {
        let (low, high) = if inside.1 < outside.1 {
            (inside, outside)
        } else {
            (outside, inside)
        };
        let key = (low.0, low.1 ^ high.1);
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let (a, b) = (self.place(inside.0), self.place(outside.0));
        let t = self.root(a, b, self.values[inside.0], self.values[outside.0]);
        let home = if t < NEAR {
            Some(inside.0)
        } else if t > 1.0 - NEAR {
            Some(outside.0)
        } else {
            None
        };
        let point = match home {
            Some(node) => self.place(node),
            None => std::array::from_fn(|i| a[i] + t * (b[i] - a[i])),
        };
        self.add(key, point, home)
    }

    fn add(&mut self, key: (usize, usize), point: [f64; 3], home: Option<usize>) -> u32 {
        let index = self.points.len() as u32;
        self.points.push(point);
        self.home.push(home);
        self.known.insert(key, index);
        index
    }

    /// Share of the way from `a` (where the value `fa` is negative) to `b` at which the function vanishes.
    fn root(&self, a: [f64; 3], b: [f64; 3], fa: f64, fb: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        let (mut at_low, mut at_high) = (fa, fb);
        if fb == 0.0 {
            return 1.0;
        }
        let (mut t, mut side, mut wide) = (f64::NAN, 0, 1.0);
        for step in 0..REFINE {
            let before = t;
            t = (low * at_high - high * at_low) / (at_high - at_low);
            // A function that jumps, or bends sharply, is halved instead.
            let slow = step > 0 && step % 3 == 0 && std::mem::replace(&mut wide, high - low) < 8.0 * (high - low);
            if slow || !(t > low && t < high) {
                t = 0.5 * (low + high);
            }
            let v = (self.f)(std::array::from_fn(|i| a[i] + t * (b[i] - a[i])));
            if v == 0.0 || (t - before).abs() < 0.01 * NEAR {
                break;
            }
            if v < 0.0 {
                (low, at_low) = (t, v);
                if side == -1 {
                    at_high *= 0.5;
                }
                side = -1;
            } else {
                (high, at_high) = (t, if v.is_nan() { f64::INFINITY } else { v });
                if side == 1 {
                    at_low *= 0.5;
                }
                side = 1;
            }
        }
        t
    }

    /// The parts of the box sides that are inside; their triangulation is that of the tetrahedra behind them.
    fn caps(&mut self) {
        for axis in 0..3 {
            let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
            let last = self.axes[axis].len() - 1;
            for upper in [false, true] {
                for j in 0..self.axes[v].len() - 1 {
                    for i in 0..self.axes[u].len() - 1 {
                        let corner = |du: usize, dv: usize| {
                            let mut at = [0; 3];
                            at[axis] = if upper { last } else { 0 };
                            at[u] = i + du;
                            at[v] = j + dv;
                            (self.node(at), du << u | dv << v)
                        };
                        let [a, b, c, d] = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
                        for triangle in [[a, b, c], [a, c, d]] {
                            self.cap(triangle, upper);
                        }
                    }
                }
            }
        }
    }

    /// The inside part of a triangle that runs counter-clockwise seen from the upper end of its axis.
    fn cap(&mut self, triangle: [(usize, usize); 3], upper: bool) {
        let mut polygon = Vec::with_capacity(4);
        for k in 0..3 {
            let (here, next) = (triangle[k], triangle[(k + 1) % 3]);
            if self.inside(here.0) {
                let key = (here.0, 0);
                let known = self.known.get(&key).copied();
                polygon.push(known.unwrap_or_else(|| self.add(key, self.place(here.0), Some(here.0))));
            }
            match (self.inside(here.0), self.inside(next.0)) {
                (true, false) => polygon.push(self.crossing(here, next)),
                (false, true) => polygon.push(self.crossing(next, here)),
                _ => {}
            }
        }
        if !upper {
            polygon.reverse();
        }
        for k in 2..polygon.len() {
            self.triangles.push([polygon[0], polygon[k - 1], polygon[k]]);
        }
    }
}

/// The mesh with all points that fell onto one node made one, without the triangles that lose their area by it.
fn joined(mesh: &TriangleMesh, home: &[Option<usize>]) -> TriangleMesh {
    let mut first: HashMap<usize, u32> = HashMap::new();
    let mut points = Vec::with_capacity(mesh.points.len());
    let new: Vec<u32> = mesh
        .points
        .iter()
        .zip(home)
        .map(|(p, home)| {
            let next = points.len() as u32;
            let index = home.map_or(next, |node| *first.entry(node).or_insert(next));
            if index == next {
                points.push(*p);
            }
            index
        })
        .collect();
    let triangles = mesh
        .triangles
        .iter()
        .map(|t| t.map(|i| new[i as usize]))
        .filter(|[a, b, c]| a != b && b != c && c != a)
        .collect();
    TriangleMesh {
        points,
        triangles,
        region: mesh.region,
    }
}

#[cfg(test)]
mod tests {
    use super::super::mesh::norm;
    use super::*;
    use std::f64::consts::PI;

    fn cube(n: usize) -> Grid {
        Grid {
            from: [-1.0; 3],
            to: [1.0; 3],
            cells: [n, n, n],
        }
    }

    fn body(f: &dyn Fn([f64; 3]) -> f64, n: usize) -> TriangleMesh {
        let mesh = isosurface(f, cube(n), 3).expect("a valid box");
        assert!(mesh.is_closed_manifold());
        mesh
    }

    #[test]
    fn sphere_is_second_order() {
        let r = 0.613;
        let sphere = |p: [f64; 3]| norm([p[0] - 0.01, p[1] + 0.02, p[2]]) - r;
        let errors = |n: usize| {
            let mesh = body(&sphere, n);
            assert_eq!(mesh.euler_number(), 2);
            for p in &mesh.points {
                assert!(sphere(*p).abs() < 1e-7, "a corner is {} away from the surface", sphere(*p));
            }
            [
                mesh.area() / (4.0 * PI * r * r) - 1.0,
                mesh.volume() / (4.0 / 3.0 * PI * r * r * r) - 1.0,
            ]
        };
        let (coarse, fine) = (errors(12), errors(48));
        for i in 0..2 {
            let order = (coarse[i] / fine[i]).abs().log(4.0);
            assert!((1.85..2.15).contains(&order), "order {order}: {coarse:?} {fine:?}");
            assert!(fine[i].abs() < 3e-3);
        }
    }

    #[test]
    fn bodies_are_closed_manifolds() {
        // A flat face on grid nodes, capped by five sides.
        let slab = body(&|p| p[2] - 0.25, 8);
        assert!((slab.volume() - 5.0).abs() < 1e-12 && (slab.area() - (8.0 + 4.0 * 2.0 * 1.25)).abs() < 1e-12);
        assert_eq!(slab.euler_number(), 2);
        // The full box.
        let full = body(&|_| -1.0, 3);
        assert!((full.volume() - 8.0).abs() < 1e-12 && full.euler_number() == 2);
        assert!(body(&|_| 1.0, 3).triangles.is_empty());
        assert!(body(&|_| f64::NAN, 3).triangles.is_empty());
        // A ring has a hole, a tube through the box has one, too.
        let torus = body(&|p| ((p[0].hypot(p[1]) - 0.6).hypot(p[2])) - 0.25, 30);
        assert_eq!(torus.euler_number(), 0);
        let tube = body(&|p| (p[0].hypot(p[1]) - 0.6).abs() - 0.2, 30);
        assert_eq!(tube.euler_number(), 0);
        let exact = PI * (0.64 - 0.16) * 2.0;
        assert!((tube.volume() / exact - 1.0).abs() < 5e-3);
        // Two cubes that touch along an edge.
        let touching = body(&|p| if p[0] * p[1] > 0.0 { -1.0 } else { 1.0 }, 6);
        assert!(touching.volume() > 2.0);
        // A function that jumps: bisection finds the place.
        let jump = body(&|p| if norm(p) < 0.5 { -1.0 } else { 1.0 }, 10);
        let worst = jump.points.iter().map(|p| (norm(*p) - 0.5).abs()).fold(0.0, f64::max);
        assert!(worst < 1e-3, "{worst}");
    }

    #[test]
    fn joined_flat_faces_have_no_slivers() {
        let slab = body(&|p| p[2] - 0.25, 8);
        let least = slab
            .triangles
            .iter()
            .map(|t| 0.5 * norm(super::super::mesh::area_vector(slab.corners(*t))))
            .fold(f64::INFINITY, f64::min);
        assert!(least > 1e-3, "{least}");
    }

    #[test]
    fn bad_boxes_are_refused() {
        let f = |_: [f64; 3]| 0.0;
        assert!(matches!(
            isosurface(
                &f,
                Grid {
                    cells: [4, 0, 4],
                    ..cube(1)
                },
                0
            ),
            Err(ExportError::Grid { .. })
        ));
        assert!(matches!(isosurface(&f, cube(usize::MAX), 0), Err(ExportError::Grid { .. })));
        assert!(matches!(
            isosurface(
                &f,
                Grid {
                    to: [1.0, f64::INFINITY, 1.0],
                    ..cube(1)
                },
                0
            ),
            Err(ExportError::Box { .. })
        ));
    }
}
