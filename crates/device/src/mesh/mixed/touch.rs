//! Which fragments of one label hang together inside a cell.

use super::chop::{Fragments, GRID, extent};
use crate::mesh::grid::Grid;
use crate::mesh::sets::Sets;
use crate::partition::clip::{Face, Piece, SIDES, area_vector, overlap};
use crate::vector::{Vector, add, dot, norm};

/// Share of the smaller side that must be common.
const SHARE: f64 = 1e-6;

/// Joins fragments of the same key in each cell that share part of a side.
pub fn together(fragments: &Fragments, grid: &Grid, key: impl Fn(usize) -> Option<u16>) -> Sets {
    let mut sets = Sets::new(fragments.list.len());
    for (cell, members) in fragments.in_cell.iter().enumerate() {
        if members.len() < 2 {
            continue;
        }
        let size = (0..3).map(|i| grid.width(grid.cell(cell), i)).fold(0.0, f64::max);
        let grain = 1e-8 * size;
        let mut sorted: Vec<(usize, u16, [Vector; 2], &Piece)> = members
            .iter()
            .filter_map(|&i| {
                let i = i as usize;
                let solid = fragments.list[i].solid.as_ref()?;
                Some((i, key(i)?, extent(solid.faces.iter().flat_map(|f| &f.points)), solid))
            })
            .collect();
        sorted.sort_by(|a, b| a.2[0][2].total_cmp(&b.2[0][2]).then(a.0.cmp(&b.0)));
        for (k, a) in sorted.iter().enumerate() {
            for b in sorted[k + 1..].iter().take_while(|b| b.2[0][2] <= a.2[1][2] + grain) {
                let near = (0..3).all(|i| a.2[0][i] <= b.2[1][i] + grain && b.2[0][i] <= a.2[1][i] + grain);
                if near && a.1 == b.1 && sets.root(a.0) != sets.root(b.0) && touch(a.3, b.3, grain) {
                    sets.join(a.0, b.0);
                }
            }
        }
    }
    sets
}

fn touch(a: &Piece, b: &Piece, grain: f64) -> bool {
    let inner = |f: &&Face| f.plane < GRID;
    a.faces.iter().filter(inner).any(|f| {
        let n = area_vector(&f.points);
        let size = norm(n);
        size > 0.0
            && b.faces.iter().filter(inner).any(|g| {
                if (f.plane < SIDES) != (g.plane < SIDES) || (f.plane < SIDES && f.plane ^ 1 != g.plane) {
                    return false;
                }
                let m = area_vector(&g.points);
                let other = norm(m);
                if other <= 0.0 || dot(n, m) > -(1.0 - 1e-6) * size * other {
                    return false;
                }
                let apart = dot(n, add(g.points[0], -1.0, f.points[0])) / size;
                apart.abs() <= grain && norm(area_vector(&overlap(&f.points, &g.points, n.map(|v| v / size)))) > SHARE * size.min(other)
            })
    })
}
