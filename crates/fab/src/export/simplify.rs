//! Fewer corners for lines and rings: Douglas–Peucker.

/// The line with corners left out so that no left-out corner is farther than `tolerance` from it; ends are kept.
///
/// # Source
/// D. H. Douglas, T. K. Peucker, Cartographica 10, 112 (1973), doi:10.3138/FM57-6770-U75U-7727.
pub fn simplify_line(points: &[[f64; 2]], tolerance: f64) -> Vec<[f64; 2]> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut keep = vec![false; points.len()];
    keep[0] = true;
    keep[points.len() - 1] = true;
    let mut open = vec![(0, points.len() - 1)];
    while let Some((from, to)) = open.pop() {
        let (mut farthest, mut at) = (tolerance * tolerance, None);
        for i in from + 1..to {
            let d = distance_squared(points[i], points[from], points[to]);
            if d > farthest {
                (farthest, at) = (d, Some(i));
            }
        }
        if let Some(i) = at {
            keep[i] = true;
            open.push((from, i));
            open.push((i, to));
        }
    }
    points.iter().zip(&keep).filter(|(_, k)| **k).map(|(p, _)| *p).collect()
}

/// The ring with corners left out; a ring that shrinks to a line vanishes (`None`).
pub fn simplify_ring(ring: &[[f64; 2]], tolerance: f64) -> Option<Vec<[f64; 2]>> {
    // Two corners that surely stay: the leftmost (lowest of those) and the one farthest from it.
    let start = (0..ring.len()).min_by(|&a, &b| ring[a][0].total_cmp(&ring[b][0]).then(ring[a][1].total_cmp(&ring[b][1])))?;
    let turned: Vec<[f64; 2]> = ring[start..].iter().chain(&ring[..=start]).copied().collect();
    let first = turned[0];
    let away = |i: usize| (turned[i][0] - first[0]).powi(2) + (turned[i][1] - first[1]).powi(2);
    let middle = (1..turned.len() - 1).max_by(|&a, &b| away(a).total_cmp(&away(b)))?;
    let mut out = simplify_line(&turned[..=middle], tolerance);
    out.pop();
    out.extend(simplify_line(&turned[middle..], tolerance));
    out.pop();
    (out.len() >= 3).then_some(out)
}

/// Square of the distance of `p` from the segment a b.
fn distance_squared(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (u, v) = ([b[0] - a[0], b[1] - a[1]], [p[0] - a[0], p[1] - a[1]]);
    let length = u[0] * u[0] + u[1] * u[1];
    let t = if length > 0.0 {
        ((u[0] * v[0] + u[1] * v[1]) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (v[0] - t * u[0]).powi(2) + (v[1] - t * u[1]).powi(2)
}

/// Signed area of a ring, m²; positive if it runs counter-clockwise.
pub fn ring_area(ring: &[[f64; 2]]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    // Relative to a corner, so that a small ring far from the origin keeps its digits.
    let at = |i: usize| [ring[i % ring.len()][0] - origin[0], ring[i % ring.len()][1] - origin[1]];
    (0..ring.len())
        .map(|i| {
            let (a, b) = (at(i), at(i + 1));
            0.5 * (a[0] * b[1] - b[0] * a[1])
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_rectangle_needs_its_four_corners() {
        let ring: Vec<[f64; 2]> = (0..40)
            .map(|i| match i {
                0..10 => [f64::from(i), 0.0],
                10..20 => [10.0, f64::from(i - 10)],
                20..30 => [f64::from(30 - i), 10.0],
                _ => [0.0, f64::from(40 - i)],
            })
            .collect();
        for turn in 0..40 {
            let mut turned = ring.clone();
            turned.rotate_left(turn);
            assert_eq!(simplify_ring(&turned, 1e-9).map(|r| r.len()), Some(4));
        }
        assert_eq!(simplify_ring(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]], 1e-9), None);
        assert_eq!(simplify_ring(&[], 1.0), None);
    }

    proptest! {
        #[test]
        fn nothing_is_left_out_by_more_than_the_tolerance(
            points in prop::collection::vec(prop::array::uniform2(-1.0..1.0f64), 0..60),
            tolerance in 0.0..0.5f64,
        ) {
            let line = simplify_line(&points, tolerance);
            for p in &points {
                let nearest = line.windows(2).map(|w| distance_squared(*p, w[0], w[1])).fold(f64::INFINITY, f64::min);
                prop_assert!(line.len() < 2 || nearest.sqrt() <= tolerance + 1e-12);
            }
        }
    }
}
