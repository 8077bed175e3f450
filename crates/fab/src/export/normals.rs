//! Normals for shading: smooth over gentle bends, sharp at edges.

use super::mesh::{TriangleMesh, area_vector, dot, norm};
use std::collections::HashMap;

/// Corners with a position and a normal of their own, and triangles of them.
pub struct Shaded {
    /// Positions, m.
    pub points: Vec<[f64; 3]>,
    /// Unit normals.
    pub normals: Vec<[f64; 3]>,
    /// Corners.
    pub triangles: Vec<[u32; 3]>,
}

/// A corner takes the mean of the normals around it (by area) that are within `crease` (rad) of its own triangle's; triangles without
/// area are left out, since they have no normal.
pub fn shaded(mesh: &TriangleMesh, crease: f64) -> Shaded {
    let areas: Vec<[f64; 3]> = mesh.triangles.iter().map(|t| area_vector(mesh.corners(*t))).collect();
    let total: f64 = areas.iter().map(|a| norm(*a)).sum();
    let floor = 1e-14 * total / areas.len().max(1) as f64;
    let mut around: Vec<Vec<u32>> = vec![Vec::new(); mesh.points.len()];
    for (k, t) in mesh.triangles.iter().enumerate() {
        for i in t {
            around[*i as usize].push(k as u32);
        }
    }
    let limit = crease.cos();
    let mut out = Shaded {
        points: Vec::new(),
        normals: Vec::new(),
        triangles: Vec::new(),
    };
    let mut known: HashMap<(u32, [i16; 3]), u32> = HashMap::new();
    for (k, t) in mesh.triangles.iter().enumerate() {
        let own = areas[k];
        let size = norm(own);
        if size.is_nan() || size <= floor {
            continue;
        }
        out.triangles.push(t.map(|i| {
            let mut sum = [0.0; 3];
            for &other in &around[i as usize] {
                let a = areas[other as usize];
                if dot(a, own) >= limit * norm(a) * size {
                    (0..3).for_each(|c| sum[c] += a[c]);
                }
            }
            let length = norm(sum);
            let normal = sum.map(|c| c / length);
            let key = normal.map(|c| (c * 2000.0).round() as i16);
            *known.entry((i, key)).or_insert_with(|| {
                out.points.push(mesh.points[i as usize]);
                out.normals.push(normal);
                out.points.len() as u32 - 1
            })
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::isosurface::{Grid, isosurface};
    use super::*;

    #[test]
    fn a_rod_is_round_at_its_side_and_sharp_at_its_end() {
        let grid = Grid {
            from: [-1.0; 3],
            to: [1.0; 3],
            cells: [24, 24, 6],
        };
        let rod = isosurface(&|p| p[0].hypot(p[1]) - 0.7, grid, 0).expect("a valid box");
        let shaded = shaded(&rod, 0.6);
        for (p, n) in shaded.points.iter().zip(&shaded.normals) {
            assert!((norm(*n) - 1.0).abs() < 1e-12);
            let radial = (n[0] * p[0] + n[1] * p[1]) / p[0].hypot(p[1]).max(1e-9);
            assert!(n[2].abs() > 0.999 || radial > 0.97, "{p:?} {n:?}");
        }
    }
}
