//! Triangles of the surface of a region, and what can be told from them.

use std::collections::HashMap;

/// Closed or open surface of one region; corners run counter-clockwise seen from outside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TriangleMesh {
    /// Points, m.
    pub points: Vec<[f64; 3]>,
    /// Corners.
    pub triangles: Vec<[u32; 3]>,
    /// Number of the region.
    pub region: usize,
}

impl TriangleMesh {
    /// Corners of a triangle, m.
    ///
    /// # Panics
    /// If the triangle refers to a point that does not exist.
    pub fn corners(&self, triangle: [u32; 3]) -> [[f64; 3]; 3] {
        triangle.map(|i| self.points[i as usize])
    }

    /// Surface area, m².
    pub fn area(&self) -> f64 {
        self.triangles.iter().map(|t| 0.5 * norm(area_vector(self.corners(*t)))).sum()
    }

    /// Enclosed volume, m³, by the divergence theorem; meaningful for a closed surface.
    pub fn volume(&self) -> f64 {
        let Some(&origin) = self.points.first() else { return 0.0 };
        let volume = |t: &[u32; 3]| dot(sub(self.points[t[0] as usize], origin), area_vector(self.corners(*t)));
        self.triangles.iter().map(volume).sum::<f64>() / 6.0
    }

    /// Whether every edge belongs to exactly two triangles that run along it in opposite directions.
    pub fn is_closed_manifold(&self) -> bool {
        let mut edges: HashMap<(u32, u32), i32> = HashMap::with_capacity(3 * self.triangles.len());
        for t in &self.triangles {
            for k in 0..3 {
                *edges.entry((t[k], t[(k + 1) % 3])).or_default() += 1;
            }
        }
        edges.iter().all(|(&(a, b), &n)| n == 1 && a != b && edges.get(&(b, a)) == Some(&1))
    }

    /// Points − edges + triangles of a closed surface; 2 for each body without holes.
    pub fn euler_number(&self) -> i64 {
        let mut used = vec![false; self.points.len()];
        for i in self.triangles.iter().flatten() {
            used[*i as usize] = true;
        }
        let points = used.iter().filter(|u| **u).count() as i64;
        let triangles = self.triangles.len() as i64;
        points - triangles * 3 / 2 + triangles
    }
}

/// Twice the area of a triangle in the direction of its normal.
pub fn area_vector([a, b, c]: [[f64; 3]; 3]) -> [f64; 3] {
    cross(sub(b, a), sub(c, a))
}

/// Difference.
pub fn sub(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// Cross product.
pub fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Scalar product.
pub fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Length.
pub fn norm(a: [f64; 3]) -> f64 {
    dot(a, a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tetrahedron_far_from_the_origin() {
        let shift = 1e3;
        let mesh = TriangleMesh {
            points: vec![[shift, 0.0, 0.0], [shift + 1.0, 0.0, 0.0], [shift, 1.0, 0.0], [shift, 0.0, 1.0]],
            triangles: vec![[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]],
            region: 0,
        };
        assert!((mesh.volume() - 1.0 / 6.0).abs() < 1e-12);
        assert!((mesh.area() - (1.5 + 0.75f64.sqrt())).abs() < 1e-12);
        assert!(mesh.is_closed_manifold() && mesh.euler_number() == 2);
        let open = TriangleMesh {
            triangles: mesh.triangles[1..].to_vec(),
            ..mesh
        };
        assert!(!open.is_closed_manifold());
    }
}
