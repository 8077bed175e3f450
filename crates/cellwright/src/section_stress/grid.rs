//! A grid over a section whose lines lie on the straight borders of its bodies, the elements on it, and what holds them.
//!
//! Borders along both directions are found on rays through the section; where a border is straight along a direction, several rays meet it at one
//! coordinate, and a line is laid through it. Slanting and round borders become stairs.

use cellwright_mechanics::plane_strain::Held;
use cellwright_mechanics::section::Section;
use std::collections::BTreeMap;

/// What stands at each of many points of a section; none where nothing does.
pub type Where<'a> = dyn Fn(&[[f64; 2]]) -> Vec<Option<usize>> + 'a;

/// Rays along each direction.
const RAYS: usize = 36;
/// Points that are looked at on a ray: a film thinner than a part in so many is not seen.
const POINTS: usize = 700;
/// Points along each direction by which the areas of the bodies are judged.
const SAMPLES: usize = 400;
/// Halvings to find a border between two points.
const HALVINGS: usize = 24;
/// Rays that must meet a border at one coordinate.
const STRAIGHT: usize = 3;
/// Coordinates closer than this part of the section are one.
const ONE: f64 = 1e-4;
/// Elements across a body at least.
const ACROSS: f64 = 2.0;
/// Greatest ratio of the numbers of elements along both directions to that of a square section.
const SLENDER: f64 = 3.0;
/// Growth of the largest size until the lines are few enough.
const LARGER: f64 = 1.1;
/// Growth of the size from one element to the next.
const GROWTH: f64 = 1.5;

/// Lines along both directions and the body of every element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Coordinates of the lines, m, rising.
    pub lines: [Vec<f64>; 2],
    /// Body of each element, row by row from the bottom; none where nothing is.
    pub bodies: Vec<Option<usize>>,
}

impl Grid {
    /// The grid of a section between two corners with at most about `most` times `most` elements, as many along each direction as it is long.
    pub fn of(place: &Where, span: [[f64; 2]; 2], most: usize) -> Grid {
        let size = [0, 1].map(|axis| span[1][axis] - span[0][axis]);
        let slender = (size[0] / size[1]).sqrt().clamp(1.0 / SLENDER, SLENDER);
        let count = [slender, 1.0 / slender].map(|s| (s * most as f64).round() as usize);
        let lines = [0, 1].map(|axis| lines([span[0][axis], span[1][axis]], &borders(place, span, axis), count[axis]));
        let middle = |w: &[f64]| 0.5 * (w[0] + w[1]);
        let rows = lines[1].windows(2).map(middle);
        let points: Vec<[f64; 2]> = rows.flat_map(|v| lines[0].windows(2).map(move |w| [middle(w), v])).collect();
        Grid {
            bodies: place(&points),
            lines,
        }
    }

    /// Area of every body on the grid over that which evenly spread points find, for bodies that either finds.
    pub fn resolved(&self, place: &Where, n_bodies: usize) -> Vec<Option<f64>> {
        let [columns, _] = self.shape();
        let span = [0, 1].map(|a| [self.lines[a][0], self.lines[a][self.lines[a].len() - 1]]);
        let mut area = vec![[0.0f64; 2]; n_bodies];
        for (k, body) in self.bodies.iter().enumerate() {
            let width = |axis: usize, i: usize| (self.lines[axis][i + 1] - self.lines[axis][i]) / (span[axis][1] - span[axis][0]);
            if let Some(b) = body {
                area[*b][0] += width(0, k % columns) * width(1, k / columns);
            }
        }
        let at = |axis: usize, k: usize| span[axis][0] + (k as f64 + 0.5) / SAMPLES as f64 * (span[axis][1] - span[axis][0]);
        for row in 0..SAMPLES {
            let points: Vec<[f64; 2]> = (0..SAMPLES).map(|k| [at(0, k), at(1, row)]).collect();
            for b in place(&points).into_iter().flatten() {
                area[b][1] += 1.0 / (SAMPLES * SAMPLES) as f64;
            }
        }
        area.into_iter()
            .map(|[grid, points]| (grid.max(points) > 0.0).then_some(grid / points))
            .collect()
    }

    /// Elements along both directions.
    pub fn shape(&self) -> [usize; 2] {
        [0, 1].map(|axis| self.lines[axis].len().saturating_sub(1))
    }

    /// Body between the lines i, i+1 and j, j+1.
    pub fn at(&self, i: usize, j: usize) -> Option<usize> {
        let [columns, rows] = self.shape();
        if i < columns && j < rows {
            self.bodies[j * columns + i]
        } else {
            None
        }
    }

    /// The elements in the order of [`Grid::bodies`], those without a body left out. Two that meet at a corner alone, across open space, do not hang
    /// together: they would turn about it like doors.
    pub fn section(&self) -> Section {
        let [columns, rows] = self.shape();
        let mut section = Section::default();
        let mut numbers: BTreeMap<(usize, usize, bool), usize> = BTreeMap::new();
        for j in 0..rows {
            for i in 0..columns {
                let Some(body) = self.at(i, j) else { continue };
                let mut corner = |a: usize, b: usize| {
                    *numbers.entry((a, b, b == j && self.hinge(a, b))).or_insert_with(|| {
                        section.nodes.push([self.lines[0][a], self.lines[1][b]]);
                        section.nodes.len() - 1
                    })
                };
                let corners = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
                section.elements.push(corners);
                section.materials.push(body);
            }
        }
        section
    }

    /// Whether only two elements, across from each other, meet at a node.
    fn hinge(&self, a: usize, b: usize) -> bool {
        if a == 0 || b == 0 {
            return false;
        }
        let there = |i, j| self.at(i, j).is_some();
        match [there(a - 1, b - 1), there(a, b - 1), there(a - 1, b), there(a, b)] {
            [p, q, r, s] => (p && s && !q && !r) || (q && r && !p && !s),
        }
    }
}

/// Which sides of a section are mirrors or floors, so that nothing moves through them: low and high side of both directions.
pub type Sides = [[bool; 2]; 2];

/// Nodes that are held: those on the sides, and of every part that these leave loose as many as keep it from drifting, which carry no force.
pub fn held(section: &Section, span: [[f64; 2]; 2], sides: Sides) -> Vec<Held> {
    let still = |node, axis| Held {
        node,
        axis,
        displacement: 0.0,
    };
    let on = |node: usize, axis: usize| {
        let size = span[1][axis] - span[0][axis];
        (0..2).any(|end| sides[axis][end] && (section.nodes[node][axis] - span[end][axis]).abs() < 1e-9 * size)
    };
    let mut out: Vec<Held> = vec![];
    for part in parts(section) {
        let mut caught = [false; 2];
        for &node in &part {
            for axis in [0, 1] {
                if on(node, axis) {
                    caught[axis] = true;
                    out.push(still(node, axis));
                }
            }
        }
        let first = part[0];
        for axis in [0, 1].into_iter().filter(|axis| !caught[*axis]) {
            out.push(still(first, axis));
        }
        if caught == [false; 2] {
            // Against turning: across from the first node.
            let far = |n: &usize| (section.nodes[*n][0] - section.nodes[first][0]).abs();
            let across = part.iter().copied().max_by(|a, b| far(a).total_cmp(&far(b))).unwrap_or(first);
            out.push(still(across, 1));
        }
    }
    out
}

/// Nodes of the parts that hang together.
fn parts(section: &Section) -> Vec<Vec<usize>> {
    let mut root: Vec<usize> = (0..section.nodes.len()).collect();
    fn find(root: &mut [usize], mut i: usize) -> usize {
        while root[i] != i {
            root[i] = root[root[i]];
            i = root[i];
        }
        i
    }
    for pair in section.elements.iter().flat_map(|e| e.windows(2)) {
        let (a, b) = (find(&mut root, pair[0]), find(&mut root, pair[1]));
        root[a.max(b)] = a.min(b);
    }
    let mut out: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for node in 0..section.nodes.len() {
        out.entry(find(&mut root, node)).or_default().push(node);
    }
    out.into_values().collect()
}

/// Coordinates along an axis at which several rays meet a border, with the number of rays.
fn borders(place: &Where, span: [[f64; 2]; 2], axis: usize) -> Vec<(f64, usize)> {
    let size = [0, 1].map(|i| span[1][i] - span[0][i]);
    let point = |ray: usize, along: f64| {
        let mut p = [0.0; 2];
        p[axis] = along;
        p[1 - axis] = span[0][1 - axis] + (ray as f64 + 0.5) / RAYS as f64 * size[1 - axis];
        p
    };
    let along = |k: usize| span[0][axis] + (k as f64 + 0.5) / POINTS as f64 * size[axis];
    let mut found: Vec<f64> = vec![];
    for ray in 0..RAYS {
        let points: Vec<[f64; 2]> = (0..POINTS).map(|k| point(ray, along(k))).collect();
        let bodies = place(&points);
        for k in (1..POINTS).filter(|k| bodies[*k] != bodies[k - 1]) {
            let (mut low, mut high) = (along(k - 1), along(k));
            for _ in 0..HALVINGS {
                let middle = 0.5 * (low + high);
                if place(&[point(ray, middle)])[0] == bodies[k - 1] {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            found.push(0.5 * (low + high));
        }
    }
    found.sort_by(f64::total_cmp);
    let mut out: Vec<(f64, usize)> = vec![];
    for x in found {
        match out.last_mut() {
            Some((at, n)) if x - *at < ONE * size[axis] => {
                *at = (*at * *n as f64 + x) / (*n as f64 + 1.0);
                *n += 1;
            }
            _ => out.push((x, 1)),
        }
    }
    out.retain(|(_, n)| *n >= STRAIGHT);
    out
}

/// Lines between two ends through the borders that most rays met, finer towards narrow bodies.
fn lines([low, high]: [f64; 2], borders: &[(f64, usize)], most: usize) -> Vec<f64> {
    let mut by_weight = borders.to_vec();
    by_weight.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let mut kept = vec![low, high];
    for (x, _) in by_weight {
        if kept.len() < most / 3 && kept.iter().all(|k| (k - x).abs() > ONE * (high - low)) {
            kept.push(x);
        }
    }
    kept.sort_by(f64::total_cmp);
    // As fine as fits.
    let mut largest = (high - low) / most as f64;
    loop {
        let out = between(&kept, largest);
        if out.len() <= most + 1 || largest > high - low {
            return out;
        }
        largest *= LARGER;
    }
}

/// Lines through those that are kept, with elements up to the largest size between them.
fn between(kept: &[f64], largest: f64) -> Vec<f64> {
    let size: Vec<f64> = kept.windows(2).map(|w| ((w[1] - w[0]) / ACROSS).min(largest)).collect();
    let mut out: Vec<f64> = kept.first().copied().into_iter().collect();
    for (k, w) in kept.windows(2).enumerate() {
        let beside = |other: Option<usize>| other.and_then(|o| size.get(o)).map_or(largest, |s| GROWTH * s);
        let ends = [beside(k.checked_sub(1)), beside(Some(k + 1))].map(|s| s.min(size[k]));
        out.extend(graded(w[0], w[1], ends, largest));
    }
    out
}

/// Lines from `a` (left out) to `b` (taken in) with elements that grow from both ends up to the largest.
fn graded(a: f64, b: f64, [mut left, mut right]: [f64; 2], largest: f64) -> Vec<f64> {
    let (mut lower, mut upper) = (vec![], vec![]);
    let mut sum = 0.0;
    while sum < (b - a) * (1.0 - 1e-9) || lower.len() + upper.len() < ACROSS as usize {
        if left <= right {
            lower.push(left);
            sum += left;
            left = (GROWTH * left).min(largest);
        } else {
            upper.push(right);
            sum += right;
            right = (GROWTH * right).min(largest);
        }
    }
    let mut at = a;
    let mut out: Vec<f64> = lower
        .into_iter()
        .chain(upper.into_iter().rev())
        .map(|s| {
            at += s * (b - a) / sum;
            at
        })
        .collect();
    if let Some(last) = out.last_mut() {
        *last = b;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: [[f64; 2]; 2] = [[0.0; 2], [1.0; 2]];

    fn of(place: &dyn Fn([f64; 2]) -> Option<usize>, most: usize) -> Grid {
        Grid::of(&|points| points.iter().map(|p| place(*p)).collect(), SPAN, most)
    }

    #[test]
    fn lines_lie_on_straight_borders_and_stay_few() {
        let film = |p: [f64; 2]| Some(usize::from((0.61..0.613).contains(&p[1])));
        for most in [30, 60, 120] {
            let grid = of(&film, most);
            for border in [0.61, 0.613] {
                assert!(grid.lines[1].iter().any(|l| (l - border).abs() < 1e-6), "{border}");
            }
            let inside = grid.lines[1].windows(2).filter(|w| w[0] > 0.6099 && w[1] < 0.6131).count();
            assert!(inside >= 2, "{inside}");
            assert!(grid.shape().iter().all(|n| *n <= most), "{:?}", grid.shape());
            for lines in &grid.lines {
                assert!(lines.windows(2).all(|w| w[0] < w[1]) && lines[0] == 0.0 && lines[lines.len() - 1] == 1.0);
            }
            let shares = grid.resolved(&|points| points.iter().map(|p| film(*p)).collect(), 2);
            assert!(shares.iter().all(|s| s.is_some_and(|s| (s - 1.0).abs() < 0.35)), "{shares:?}");
        }
    }

    #[test]
    fn what_a_grid_cannot_hold_is_said() {
        let ring = |p: [f64; 2]| match p[0].hypot(p[1]) {
            r if r < 0.5 => Some(0),
            r if r < 0.502 => Some(1),
            _ => None,
        };
        let shares = of(&ring, 30).resolved(&|points| points.iter().map(|p| ring(*p)).collect(), 2);
        assert!(shares[0].is_some_and(|s| (s - 1.0).abs() < 0.05), "{shares:?}");
        assert!(shares[1].is_some_and(|s| (s - 1.0).abs() > 0.1), "{shares:?}");
    }

    #[test]
    fn squares_that_meet_at_a_corner_are_two_parts_and_both_are_held() {
        let grid = Grid {
            lines: [vec![0.0, 0.5, 1.0], vec![0.0, 0.5, 1.0]],
            bodies: vec![Some(0), None, None, Some(0)],
        };
        let section = grid.section();
        assert_eq!((section.nodes.len(), parts(&section).len()), (8, 2));
        let held = held(&section, SPAN, [[false; 2], [true, false]]);
        // The lower one: its floor and one node sideways; the upper one three times.
        assert_eq!(held.len(), 3 + 3);
        let other = Grid {
            bodies: vec![None, Some(0), Some(0), None],
            ..grid
        };
        assert_eq!(parts(&other.section()).len(), 2);
    }
}
