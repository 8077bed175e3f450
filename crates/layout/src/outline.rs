//! Outlines of paths: the polygon that a line of constant width covers.

use crate::hierarchy::{Path, PathEnd, Point};

/// Sides of the half disc at a round end. They touch the true arc, so that the end is never narrower than drawn and at
/// most 0.5 % of the half width wider; KLayout draws the same corners.
const ROUND_END_SEGMENTS: usize = 16;

/// Outline of a path, rounded to database units; empty without points or width.
///
/// Corners are mitred up to a turn of 90°; sharper ones are cut off half a width beyond the point, as mask software does.
/// Where a path crosses itself its outline does too, with a winding number that is nowhere zero inside.
pub fn path_outline(path: &Path) -> Vec<Point> {
    let mut line: Vec<Point> = path.points.clone();
    line.dedup();
    let half = f64::from(path.width).abs() / 2.0;
    if half == 0.0 || line.is_empty() {
        return vec![];
    }
    let points: Vec<[f64; 2]> = line.iter().map(|p| p.map(f64::from)).collect();
    let (begin, end) = match path.end {
        PathEnd::Flush | PathEnd::Round => (0.0, 0.0),
        PathEnd::Extended => (half, half),
        PathEnd::Custom { begin, end } => (f64::from(begin), f64::from(end)),
    };
    let directions: Vec<[f64; 2]> = if points.len() == 1 {
        vec![[1.0, 0.0]]
    } else {
        points.windows(2).map(|w| unit([w[1][0] - w[0][0], w[1][1] - w[0][1]])).collect()
    };
    let n = points.len();
    let (first, last) = (directions[0], directions[directions.len() - 1]);
    let mut right = vec![];
    let mut left = vec![];
    right.push(moved(points[0], first, -begin, -half));
    left.push(moved(points[0], first, -begin, half));
    for i in 1..n.saturating_sub(1) {
        join(points[i], directions[i - 1], directions[i], half, &mut left, &mut right);
    }
    right.push(moved(points[n - 1], last, end, -half));
    left.push(moved(points[n - 1], last, end, half));
    if path.end == PathEnd::Round {
        left.extend(arc(points[n - 1], last, half).into_iter().rev());
        right.splice(0..0, arc(points[0], first.map(|v| -v), half));
    }
    right.extend(left.into_iter().rev());
    let mut ring: Vec<Point> = right.into_iter().map(|p| p.map(|v| v.round() as i32)).collect();
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

fn unit(v: [f64; 2]) -> [f64; 2] {
    let length = v[0].hypot(v[1]);
    v.map(|x| x / length)
}

/// `p` moved along the direction and to its left.
fn moved(p: [f64; 2], d: [f64; 2], along: f64, left: f64) -> [f64; 2] {
    [p[0] + d[0] * along - d[1] * left, p[1] + d[1] * along + d[0] * left]
}

/// Corners of the half disc around `p` in direction `d`, from the right of `d` to its left.
fn arc(p: [f64; 2], d: [f64; 2], half: f64) -> Vec<[f64; 2]> {
    let step = std::f64::consts::PI / ROUND_END_SEGMENTS as f64;
    let radius = half / (step / 2.0).cos();
    (0..ROUND_END_SEGMENTS)
        .map(|k| {
            let angle = step * (k as f64 + 0.5) - std::f64::consts::FRAC_PI_2;
            moved(p, d, radius * angle.cos(), radius * angle.sin())
        })
        .collect()
}

/// Both sides of an inner point, from direction `a` to direction `b`.
fn join(p: [f64; 2], a: [f64; 2], b: [f64; 2], half: f64, left: &mut Vec<[f64; 2]>, right: &mut Vec<[f64; 2]>) {
    let cos = a[0] * b[0] + a[1] * b[1];
    let sin = a[0] * b[1] - a[1] * b[0];
    // tan of half the turn; its absolute value is how far the mitre reaches, in half widths.
    let reach = sin / (1.0 + cos);
    if cos > -1e-12 {
        left.push(moved(p, a, -reach * half, half));
        right.push(moved(p, a, reach * half, -half));
        return;
    }
    let inner = moved(p, a, -half, if sin > 0.0 { half } else { -half });
    let inner_after = moved(p, b, half, if sin > 0.0 { half } else { -half });
    let outer = moved(p, a, half, if sin > 0.0 { -half } else { half });
    let outer_after = moved(p, b, -half, if sin > 0.0 { -half } else { half });
    let (inside, outside) = if sin > 0.0 { (left, right) } else { (right, left) };
    inside.extend([inner, inner_after]);
    outside.extend([outer, outer_after]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hierarchy::Layer;
    use crate::rings::signed_area;

    fn path(end: PathEnd, points: &[Point]) -> Path {
        Path {
            layer: Layer::default(),
            width: 200,
            end,
            points: points.to_vec(),
        }
    }

    #[test]
    fn areas_of_all_ends_are_those_of_the_plane_figures() {
        let line = [[0, 0], [1000, 0], [1000, 500]];
        let flush = 200.0 * 1500.0;
        let area = |end| signed_area(&path_outline(&path(end, &line)));
        assert_eq!(area(PathEnd::Flush), flush);
        assert_eq!(area(PathEnd::Extended), flush + 2.0 * 200.0 * 100.0);
        assert_eq!(area(PathEnd::Custom { begin: 10, end: -30 }), flush - 20.0 * 200.0);
        // Two half discs as polygons around the circle: 2 n tan(pi / 2n) r² with n sides on each half.
        let n = ROUND_END_SEGMENTS as f64;
        let discs = 2.0 * n * (std::f64::consts::PI / (2.0 * n)).tan() * 100.0 * 100.0;
        // Corners are rounded by up to half a unit on a perimeter of 2 pi 100.
        assert!((area(PathEnd::Round) - flush - discs).abs() < 0.5 * std::f64::consts::TAU * 100.0 / 4.0);
    }

    #[test]
    fn a_single_point_and_degenerate_paths_are_no_trouble() {
        assert_eq!(signed_area(&path_outline(&path(PathEnd::Extended, &[[5, 5]]))), 200.0 * 200.0);
        assert!(path_outline(&path(PathEnd::Flush, &[])).is_empty());
        let back_and_forth = path_outline(&path(PathEnd::Flush, &[[0, 0], [1000, 0], [0, 0]]));
        assert!(!back_and_forth.is_empty());
    }
}
