//! Edges of electrodes that lie on lines of the grid: the same corrections as in tensor meshes.

use super::chop::on_side;
use super::{Work, surface::Slice};
use crate::mesh::class::Class;
use crate::mesh::complex::Complex;
use crate::mesh::edges;
use crate::mesh::grid::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Sides of whole cells of electrolyte: a reacting wall over all of it, by cell, axis and whether it is the upper side.
type Walls = BTreeMap<(usize, usize, bool), usize>;

impl Work<'_> {
    /// Corrects the faces beside edges; `faces` tells the outer face of each slice.
    pub(super) fn correct_edges(&self, complex: &mut Complex, faces: &BTreeMap<usize, usize>, resistance: [f64; 2]) {
        let mut whole: BTreeMap<usize, usize> = BTreeMap::new();
        for g in self.groups.kept() {
            let group = self.groups.get(g);
            let cell = self.grid.cell(group.cell);
            let size: f64 = (0..3).map(|i| self.grid.width(cell, i)).product();
            if group.class == Class::Electrolyte && (group.volume / size - 1.0).abs() < 1e-6 {
                whole.insert(self.groups.number_of(g), group.cell);
            }
        }
        let walls = self.walls(complex, faces, &whole);
        if walls.is_empty() {
            return;
        }
        let mut joined: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (i, f) in complex.faces.iter().enumerate() {
            let [Some(&a), Some(&b)] = f.cells.map(|c| whole.get(&c)) else {
                continue;
            };
            let (low, high) = (a.min(b), a.max(b));
            let axis = (0..3).find(|x| self.grid.beside(self.grid.cell(low), *x, true) == Some(self.grid.cell(high)));
            joined.extend(axis.map(|x| ((low, x), i)));
        }
        let face = |c: Cell, axis: usize, up: bool| {
            let low = if up { c } else { self.grid.beside(c, axis, false)? };
            joined.get(&(self.grid.number(low), axis)).copied()
        };
        let mut done = BTreeSet::new();
        let (mut outer_factor, mut face_factor) = (vec![1.0; complex.outers.len()], vec![1.0; complex.faces.len()]);
        for (&(cell, axis, up), &wall) in &walls {
            let p = self.grid.cell(cell);
            let kr = resistance[complex.outers[wall].side as usize];
            for tangent in (0..3).filter(|t| *t != axis) {
                for ahead in [false, true] {
                    let (Some(q), Some(over)) = (self.grid.beside(p, tangent, ahead), face(p, tangent, ahead)) else {
                        continue;
                    };
                    if walls.contains_key(&(self.grid.number(q), axis, up)) {
                        continue;
                    }
                    let width = |c: Cell, i: usize| self.grid.width(c, i);
                    let beta = edges::blend(kr, (width(p, tangent) * width(p, axis)).sqrt());
                    match face(q, axis, up) {
                        None => {
                            // Something else may react beside the electrode, or bound the cell aslant.
                            if !self.is_closed(q, axis, up) {
                                continue;
                            }
                            let f = edges::flat(width(p, tangent), width(q, tangent), width(p, axis));
                            outer_factor[wall] *= f[0].powf(beta);
                            face_factor[over] *= f[1].powf(beta);
                        }
                        Some(past) => {
                            let Some(r) = self.grid.beside(q, axis, up) else { continue };
                            let Some(&side) = walls.get(&(self.grid.number(r), tangent, !ahead)) else {
                                continue;
                            };
                            if !done.insert((wall.min(side), wall.max(side))) {
                                continue;
                            }
                            let f = edges::corner([width(p, tangent), width(q, tangent)], [width(p, axis), width(r, axis)]);
                            outer_factor[wall] *= f[0].powf(beta);
                            face_factor[over] *= f[1].powf(beta);
                            face_factor[past] *= f[2].powf(beta);
                            outer_factor[side] *= f[3].powf(beta);
                        }
                    }
                }
            }
        }
        for (o, f) in complex.outers.iter_mut().zip(outer_factor) {
            o.distance /= f;
        }
        for (face, f) in complex.faces.iter_mut().zip(face_factor) {
            face.distance = face.distance.map(|d| d / f);
        }
    }

    /// Whether the side of a cell is bounded by something that neither reacts nor conducts.
    fn is_closed(&self, cell: Cell, axis: usize, up: bool) -> bool {
        let Some(beyond) = self.grid.beside(cell, axis, up) else {
            return false;
        };
        let number = self.grid.number(beyond);
        !self.fragments.in_cell[number].iter().any(|f| {
            let class = self
                .classes
                .of(self.partition.pieces[self.fragments.list[*f as usize].piece as usize].label);
            class == Class::Electrolyte
        })
    }

    fn walls(&self, complex: &Complex, faces: &BTreeMap<usize, usize>, whole: &BTreeMap<usize, usize>) -> Walls {
        let mut walls = Walls::new();
        let add = |walls: &mut Walls, s: &Slice, outer: usize| {
            let o = &complex.outers[outer];
            let Some(&cell) = whole.get(&o.cell) else { return };
            let c = self.grid.cell(cell);
            let Some(axis) = (0..3).find(|i| s.normal[*i].abs() > 1.0 - 1e-6 && on_side(self.grid, *i, s.centre[*i])) else {
                return;
            };
            let full = self.groups.whole_area_of(c, axis, self.grid);
            let up = s.centre[axis] > self.grid.middle(c)[axis];
            if (o.area / full - 1.0).abs() < 1e-6 {
                walls.insert((cell, axis, up), outer);
            }
        };
        for (k, outer) in faces {
            add(&mut walls, &self.slices[*k], *outer);
        }
        walls
    }
}
