//! Convex pieces cut by the planes of a grid.

use crate::field::bound::Block;
use crate::mesh::grid::{Cell, Grid};
use crate::partition::Partition;
use crate::partition::clip::{Piece, Plane, Points, SIDES, overlap};
use crate::vector::{Vector, add, cross, dot, norm};
use std::collections::BTreeMap;

/// Planes of the grid, one number for each axis; far above those of cuts.
pub const GRID: u32 = 1 << 24;

/// Coordinates closer than this part of a cell are the same.
const GRAIN: f64 = 1e-9;

/// The part of a piece in a cell.
#[derive(Clone, Debug)]
pub struct Fragment {
    pub piece: u32,
    /// Running number of the cell.
    pub cell: usize,
    pub volume: f64,
    pub centre: Vector,
    /// Its shape; `None` if it fills the cell.
    pub solid: Option<Piece>,
}

/// Where two fragments meet on a plane of the grid.
#[derive(Clone, Copy, Debug)]
pub struct Cap {
    /// Below and above the plane.
    pub fragments: [usize; 2],
    pub axis: usize,
    pub area: f64,
}

/// All pieces that matter, cut by the grid.
#[derive(Clone, Debug, Default)]
pub struct Fragments {
    pub list: Vec<Fragment>,
    /// First fragment of each piece, and the end.
    first: Vec<usize>,
    pub caps: Vec<Cap>,
    /// Fragments of each cell.
    pub in_cell: Vec<Vec<u32>>,
}

impl Fragments {
    /// Cuts the pieces for which `wanted` is true.
    pub fn of(partition: &Partition, grid: &Grid, wanted: impl Fn(usize) -> bool) -> Fragments {
        let mut all = Fragments {
            in_cell: vec![Vec::new(); grid.n_cells()],
            ..Fragments::default()
        };
        let mut loose = Loose::default();
        for (i, piece) in partition.pieces.iter().enumerate() {
            all.first.push(all.list.len());
            if wanted(i) {
                all.chop(i as u32, piece, grid, &mut loose);
            }
        }
        all.first.push(all.list.len());
        for (i, f) in all.list.iter().enumerate() {
            all.in_cell[f.cell].push(i as u32);
        }
        all.pair(partition, grid, loose);
        all
    }

    /// The fragments of a piece, by rising cell.
    pub fn of_piece(&self, piece: u32) -> std::ops::Range<usize> {
        self.first[piece as usize]..self.first[piece as usize + 1]
    }

    /// The fragment of a piece in a cell, or the one nearest to a point.
    pub fn find(&self, piece: u32, cell: usize, near: Vector) -> Option<usize> {
        let range = self.of_piece(piece);
        let list = &self.list[range.clone()];
        if let Ok(k) = list.binary_search_by_key(&cell, |f| f.cell) {
            return Some(range.start + k);
        }
        let away = |f: &Fragment| norm(add(f.centre, -1.0, near));
        (0..list.len())
            .min_by(|a, b| away(&list[*a]).total_cmp(&away(&list[*b])))
            .map(|k| range.start + k)
    }

    fn chop(&mut self, number: u32, piece: &Piece, grid: &Grid, loose: &mut Loose) {
        let first = self.list.len();
        let [low, high] = extent(piece.faces.iter().flat_map(|f| &f.points));
        let spans = [0, 1, 2].map(|axis| span(grid, axis, low[axis], high[axis]));
        let is_box = piece.faces.len() == 6 && piece.faces.iter().all(|f| f.plane < SIDES);
        if is_box {
            for x in spans[0][0]..=spans[0][1] {
                for y in spans[1][0]..=spans[1][1] {
                    for z in spans[2][0]..=spans[2][1] {
                        self.list.push(box_part(number, piece, grid, [x, y, z], spans, [low, high]));
                    }
                }
            }
        } else {
            let mut parts = vec![(piece.clone(), [0usize; 3])];
            for axis in 0..3 {
                let mut next = Vec::with_capacity(parts.len());
                for (part, cell) in parts {
                    slabs(part, grid, axis, cell, &mut next);
                }
                parts = next;
            }
            for (part, cell) in parts {
                let (volume, centre) = measure(&part);
                if volume > 0.0 {
                    self.list.push(Fragment {
                        piece: number,
                        cell: grid.number(cell),
                        volume,
                        centre,
                        solid: Some(part),
                    });
                }
            }
            self.list[first..].sort_by_key(|f| f.cell);
        }
        // Both sides of a cut belong to the same piece.
        for i in first..self.list.len() {
            let cell = grid.cell(self.list[i].cell);
            for axis in 0..3 {
                let Some(next) = grid.beside(cell, axis, true) else { continue };
                let above = grid.number(next);
                let Ok(k) = self.list[first..].binary_search_by_key(&above, |f| f.cell) else {
                    continue;
                };
                let area = match &self.list[i].solid {
                    None => grid.width(cell, (axis + 1) % 3) * grid.width(cell, (axis + 2) % 3),
                    Some(s) => s
                        .faces
                        .iter()
                        .filter(|f| f.plane == GRID + axis as u32 && f.inner)
                        .map(|f| f.area())
                        .sum(),
                };
                if area > 0.0 {
                    self.caps.push(Cap {
                        fragments: [i, first + k],
                        axis,
                        area,
                    });
                }
            }
        }
        // Sides of the piece that lie in a plane of the grid by themselves.
        for axis in 0..3 {
            for (end, at) in [(0, low[axis]), (1, high[axis])] {
                let Some(line) = on_line(grid, axis, at) else { continue };
                for i in first..self.list.len() {
                    let mut cell = grid.cell(self.list[i].cell);
                    let edge = if end == 0 { cell[axis] } else { cell[axis] + 1 };
                    if edge == line {
                        if end == 0 {
                            cell[axis] -= 1;
                        }
                        loose.0.entry((axis, grid.number(cell))).or_default()[end].push(i);
                    }
                }
            }
        }
    }

    /// Joins fragments of one label over planes of the grid that are sides of pieces.
    fn pair(&mut self, partition: &Partition, grid: &Grid, loose: Loose) {
        for ((axis, cell), [above, below]) in loose.0 {
            let mut normal = [0.0; 3];
            normal[axis] = 1.0;
            let line = grid.lines[axis][grid.cell(cell)[axis] + 1];
            for &i in &below {
                for &j in &above {
                    let label = |k: usize| partition.pieces[self.list[k].piece as usize].label;
                    if label(i) != label(j) {
                        continue;
                    }
                    let (p, q) = (self.side(grid, i, axis, line), self.side(grid, j, axis, line));
                    let area: f64 = p.iter().flat_map(|f| q.iter().map(|g| flat_area(&overlap(f, g, normal)))).sum();
                    if area > 0.0 {
                        self.caps.push(Cap {
                            fragments: [i, j],
                            axis,
                            area,
                        });
                    }
                }
            }
        }
    }

    /// Polygons of a fragment in a plane across an axis.
    fn side(&self, grid: &Grid, i: usize, axis: usize, at: f64) -> Vec<Points> {
        let f = &self.list[i];
        let cell = grid.cell(f.cell);
        let whole;
        let solid = match &f.solid {
            Some(s) => s,
            None => {
                let [low, high] = grid.bounds(cell);
                whole = Piece::whole(&Block::between(low, high), 0);
                &whole
            }
        };
        let grain = GRAIN * grid.width(cell, axis);
        let inside = |p: &Points| p.iter().all(|x| (x[axis] - at).abs() <= grain);
        solid.faces.iter().filter(|f| inside(&f.points)).map(|f| f.points.clone()).collect()
    }
}

/// Fragments with a side in a plane of the grid, by axis and cell below: those above, those below.
#[derive(Default)]
struct Loose(BTreeMap<(usize, usize), [Vec<usize>; 2]>);

/// Area of a flat polygon, m².
pub fn flat_area(points: &[Vector]) -> f64 {
    norm(crate::partition::clip::area_vector(points))
}

/// Least and greatest coordinates of points.
pub fn extent<'a>(points: impl Iterator<Item = &'a Vector>) -> [Vector; 2] {
    points.fold([[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]], |[l, h], p| {
        [[0, 1, 2].map(|i| l[i].min(p[i])), [0, 1, 2].map(|i| h[i].max(p[i]))]
    })
}

/// The inner line of the grid at a coordinate, if there is one.
pub fn on_line(grid: &Grid, axis: usize, at: f64) -> Option<usize> {
    let lines = &grid.lines[axis];
    let k = lines.partition_point(|l| *l < at);
    [k.wrapping_sub(1), k]
        .into_iter()
        .find(|&k| k > 0 && k < lines.len() - 1 && (lines[k] - at).abs() <= GRAIN * (lines[k + 1] - lines[k]).min(lines[k] - lines[k - 1]))
}

/// Whether a coordinate is that of a line of the grid, or of a side of the box.
pub fn on_side(grid: &Grid, axis: usize, at: f64) -> bool {
    let lines = &grid.lines[axis];
    let (first, last) = (lines[0], lines[lines.len() - 1]);
    on_line(grid, axis, at).is_some() || [first, last].iter().any(|l| (l - at).abs() <= GRAIN * (last - first))
}

/// First and last cell along an axis between two coordinates.
pub fn span(grid: &Grid, axis: usize, low: f64, high: f64) -> [usize; 2] {
    let lines = &grid.lines[axis];
    let last = lines.len() - 2;
    let mut from = grid.find(axis, low);
    // A piece that reaches less than a grain into a cell is not in it.
    if from < last && lines[from + 1] - low <= GRAIN * (lines[from + 1] - lines[from]) {
        from += 1;
    }
    let mut to = grid.find(axis, high);
    if to > from && high - lines[to] <= GRAIN * (lines[to + 1] - lines[to]) {
        to -= 1;
    }
    [from.min(to), to]
}

fn box_part(number: u32, piece: &Piece, grid: &Grid, cell: Cell, spans: [[usize; 2]; 3], [low, high]: [Vector; 2]) -> Fragment {
    let [a, b] = grid.bounds(cell);
    // The first and last cell hold what there is of the piece on that side.
    let from = [0, 1, 2].map(|i| if cell[i] == spans[i][0] { low[i] } else { a[i] });
    let to = [0, 1, 2].map(|i| if cell[i] == spans[i][1] { high[i] } else { b[i] });
    let block = Block::between(from, to);
    let fills = (0..3).all(|i| {
        let grain = GRAIN * (b[i] - a[i]);
        (from[i] - a[i]).abs() <= grain && (to[i] - b[i]).abs() <= grain
    });
    let solid = (!fills).then(|| {
        let mut part = Piece::whole(&block, piece.label);
        for face in &mut part.faces {
            let (axis, up) = (face.plane as usize / 2, face.plane % 2 == 1);
            let cut = if up {
                cell[axis] < spans[axis][1]
            } else {
                cell[axis] > spans[axis][0]
            };
            if cut {
                (face.plane, face.inner) = (GRID + axis as u32, up);
            }
        }
        part
    });
    Fragment {
        piece: number,
        cell: grid.number(cell),
        volume: (0..3).map(|i| to[i] - from[i]).product(),
        centre: block.c,
        solid,
    }
}

fn slabs(part: Piece, grid: &Grid, axis: usize, cell: Cell, out: &mut Vec<(Piece, Cell)>) {
    let [low, high] = extent(part.faces.iter().flat_map(|f| &f.points));
    let [from, to] = span(grid, axis, low[axis], high[axis]);
    let mut rest = Some(part);
    for k in from..=to {
        let mut at = cell;
        at[axis] = k;
        let Some(now) = rest.take() else { return };
        if k == to {
            out.push((now, at));
            return;
        }
        let (mut c, mut g) = ([0.0; 3], [0.0; 3]);
        (c[axis], g[axis]) = (grid.lines[axis][k + 1], 1.0);
        let (below, above) = now.cut(&Plane { c, v: 0.0, g }, GRID + axis as u32);
        out.extend(below.map(|b| (b, at)));
        rest = above;
    }
}

/// Volume and centre of gravity of a convex piece.
pub fn measure(piece: &Piece) -> (f64, Vector) {
    let m = piece.middle();
    let (mut volume, mut moment) = (0.0, [0.0; 3]);
    for f in &piece.faces {
        let Some((first, rest)) = f.points.split_first() else { continue };
        let a = add(*first, -1.0, m);
        for pair in rest.windows(2) {
            let (b, c) = (add(pair[0], -1.0, m), add(pair[1], -1.0, m));
            let v = dot(a, cross(b, c)) / 6.0;
            volume += v;
            moment = add(moment, 0.25 * v, add(add(a, 1.0, b), 1.0, c));
        }
    }
    // Of a splinter without volume the centre of gravity is rounding.
    let [low, high] = extent(piece.faces.iter().flat_map(|f| &f.points));
    let size = (0..3).map(|i| high[i] - low[i]).fold(0.0, f64::max);
    let centre = if volume > 1e-9 * size * size * size {
        add(m, 1.0 / volume, moment)
    } else {
        m
    };
    (volume, [0, 1, 2].map(|i| centre[i].clamp(low[i], high[i])))
}

/// Whether a point lies in a convex piece, and how long a line through it stays: entry and exit along the direction.
pub fn chord(piece: &Piece, from: Vector, along: Vector) -> Option<[f64; 2]> {
    let (mut enter, mut leave) = (f64::NEG_INFINITY, f64::INFINITY);
    for f in &piece.faces {
        let n = crate::partition::clip::area_vector(&f.points);
        let size = norm(n);
        let Some(p) = f.points.first().filter(|_| size > 0.0) else {
            continue;
        };
        let n = n.map(|v| v / size);
        let (height, slope) = (dot(n, add(from, -1.0, *p)), dot(n, along));
        if slope.abs() < 1e-12 {
            if height > 0.0 {
                return None;
            }
        } else if slope < 0.0 {
            enter = enter.max(-height / slope);
        } else {
            leave = leave.min(-height / slope);
        }
    }
    (enter < leave).then_some([enter, leave])
}
