//! Nearest of many points.

use crate::vector::{Vector, add, norm};

/// Points sorted into a tree of halves.
#[derive(Clone, Debug)]
pub(super) struct Nearest {
    points: Vec<Vector>,
    order: Vec<usize>,
}

/// Points this much farther than the nearest, relatively, are as near.
const TIE: f64 = 1e-6;

impl Nearest {
    pub fn new(points: Vec<Vector>) -> Nearest {
        let mut order: Vec<usize> = (0..points.len()).collect();
        arrange(&points, &mut order, 0);
        Nearest { points, order }
    }

    /// The nearest points, in rising order: more than one if they are equally near.
    pub fn find(&self, p: Vector) -> Vec<usize> {
        let mut found = Vec::new();
        let mut best = f64::INFINITY;
        self.search(p, &self.order, 0, &mut best, &mut found);
        found.retain(|i| norm(add(self.points[*i], -1.0, p)) <= best * (1.0 + TIE));
        found.sort_unstable();
        found
    }

    fn search(&self, p: Vector, order: &[usize], axis: usize, best: &mut f64, found: &mut Vec<usize>) {
        let middle = order.len() / 2;
        let Some(&at) = order.get(middle) else { return };
        let d = norm(add(self.points[at], -1.0, p));
        if d <= *best * (1.0 + TIE) {
            found.push(at);
            *best = best.min(d);
        }
        let across = p[axis] - self.points[at][axis];
        let (near, far) = if across < 0.0 {
            (&order[..middle], &order[middle + 1..])
        } else {
            (&order[middle + 1..], &order[..middle])
        };
        self.search(p, near, (axis + 1) % 3, best, found);
        if across.abs() <= *best * (1.0 + TIE) {
            self.search(p, far, (axis + 1) % 3, best, found);
        }
    }
}

fn arrange(points: &[Vector], order: &mut [usize], axis: usize) {
    if order.len() < 2 {
        return;
    }
    let middle = order.len() / 2;
    order.select_nth_unstable_by(middle, |a, b| points[*a][axis].total_cmp(&points[*b][axis]).then(a.cmp(b)));
    let (low, high) = order.split_at_mut(middle);
    arrange(points, low, (axis + 1) % 3);
    arrange(points, &mut high[1..], (axis + 1) % 3);
}
