//! Plane polygons in space as triangles: ear clipping.

use super::mesh::{cross, norm, sub};

/// Corner numbers of triangles that fill a simple plane polygon, running the same way round as the polygon. Corners on a straight line
/// are allowed; a polygon without area gives nothing.
///
/// # Source
/// G. H. Meisters, Amer. Math. Monthly 82, 648 (1975), doi:10.2307/2319703: every simple polygon has two ears.
pub fn triangulate(polygon: &[[f64; 3]]) -> Vec<[usize; 3]> {
    let n = polygon.len();
    if n < 3 || polygon.iter().flatten().any(|v| !v.is_finite()) {
        return Vec::new();
    }
    let normal = (1..n - 1).fold([0.0; 3], |sum, i| {
        let a = cross(sub(polygon[i], polygon[0]), sub(polygon[i + 1], polygon[0]));
        [0, 1, 2].map(|k| sum[k] + a[k])
    });
    let area = norm(normal);
    if area == 0.0 {
        return Vec::new();
    }
    // The plane that shows the polygon largest; signs as seen against the normal.
    let axis = (0..3).max_by(|&a, &b| normal[a].abs().total_cmp(&normal[b].abs())).unwrap_or(2);
    let (u, v) = if normal[axis] > 0.0 {
        ((axis + 1) % 3, (axis + 2) % 3)
    } else {
        ((axis + 2) % 3, (axis + 1) % 3)
    };
    let flat: Vec<[f64; 2]> = polygon.iter().map(|p| [p[u] - polygon[0][u], p[v] - polygon[0][v]]).collect();
    let turn = |a: usize, b: usize, c: usize| {
        let (p, q) = (
            [flat[b][0] - flat[a][0], flat[b][1] - flat[a][1]],
            [flat[c][0] - flat[a][0], flat[c][1] - flat[a][1]],
        );
        p[0] * q[1] - p[1] * q[0]
    };
    let mut left: Vec<usize> = (0..n).collect();
    let mut out = Vec::with_capacity(n - 2);
    while left.len() > 3 {
        let m = left.len();
        let at = |k: usize| (left[(k + m - 1) % m], left[k], left[(k + 1) % m]);
        let is_ear = |&k: &usize| {
            let (a, b, c) = at(k);
            turn(a, b, c) > 0.0
                && left
                    .iter()
                    .filter(|&&p| p != a && p != b && p != c && flat[p] != flat[a] && flat[p] != flat[b] && flat[p] != flat[c])
                    .all(|&p| turn(a, b, p) < 0.0 || turn(b, c, p) < 0.0 || turn(c, a, p) < 0.0)
        };
        // Of the ears the fattest, or, where rounding leaves none, the corner that is closest to a straight line.
        let fat = |k: &usize| {
            let (a, b, c) = at(*k);
            let longest = [(a, b), (b, c), (c, a)]
                .iter()
                .map(|&(p, q)| (flat[p][0] - flat[q][0]).powi(2) + (flat[p][1] - flat[q][1]).powi(2))
                .fold(0.0, f64::max);
            turn(a, b, c) / longest.max(f64::MIN_POSITIVE)
        };
        let ear = (0..m).filter(is_ear).max_by(|a, b| fat(a).total_cmp(&fat(b)));
        let k = ear
            .or_else(|| (0..m).min_by(|a, b| fat(a).abs().total_cmp(&fat(b).abs())))
            .unwrap_or(0);
        let (a, b, c) = at(k);
        if ear.is_some() {
            out.push([a, b, c]);
        }
        left.remove(k);
    }
    if let [a, b, c] = left[..]
        && turn(a, b, c) > 0.0
    {
        out.push([a, b, c]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn area(polygon: &[[f64; 3]], triangles: &[[usize; 3]]) -> f64 {
        let part = |t: &[usize; 3]| 0.5 * norm(cross(sub(polygon[t[1]], polygon[t[0]]), sub(polygon[t[2]], polygon[t[0]])));
        triangles.iter().map(part).sum()
    }

    #[test]
    fn an_l_shape_in_any_plane() {
        let l = [[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 1.0], [1.0, 2.0], [0.5, 2.0], [0.0, 2.0]];
        for (i, reverse) in [(0, false), (1, false), (2, false), (0, true), (2, true)] {
            let mut polygon: Vec<[f64; 3]> = l
                .iter()
                .map(|p| {
                    let mut q = [7.0; 3];
                    q[i] = p[0];
                    q[(i + 1) % 3] = p[1];
                    q
                })
                .collect();
            if reverse {
                polygon.reverse();
            }
            let triangles = triangulate(&polygon);
            assert!((area(&polygon, &triangles) - 3.0).abs() < 1e-12, "{triangles:?}");
        }
        assert!(triangulate(&[[0.0; 3]; 5]).is_empty());
        assert!(triangulate(&[[f64::NAN; 3]; 5]).is_empty());
    }

    proptest! {
        #[test]
        fn star_shapes_keep_their_area(radii in prop::collection::vec(0.1..1.0f64, 3..40)) {
            let n = radii.len();
            let polygon: Vec<[f64; 3]> = radii
                .iter()
                .enumerate()
                .map(|(i, r)| {
                    let a = std::f64::consts::TAU * i as f64 / n as f64;
                    [r * a.cos(), r * a.sin(), 0.5 * r * a.cos()]
                })
                .collect();
            let exact: f64 = (0..n)
                .map(|i| 0.5 * norm(cross(polygon[i], polygon[(i + 1) % n])))
                .sum();
            let triangles = triangulate(&polygon);
            prop_assert_eq!(triangles.len(), n - 2);
            prop_assert!((area(&polygon, &triangles) / exact - 1.0).abs() < 1e-9);
        }
    }
}
