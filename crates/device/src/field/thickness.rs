//! Thickness of a film as a function of where its parent surface is and how it is tilted.

/// Film thickness over height and facet: bilinear between the given points, constant beyond.
///
/// # Shape
/// `values[i][j]` belongs to `heights[i]` (rising, m) and `facets[j]` (rising, the z-component of the outward normal, -1 to 1).
#[derive(Clone, Debug, PartialEq)]
pub struct Thickness {
    heights: Vec<f64>,
    facets: Vec<f64>,
    values: Vec<Vec<f64>>,
}

impl Thickness {
    /// A table; `None` if it is empty, ragged, not rising, or holds a negative or non-finite value.
    pub fn new(heights: Vec<f64>, facets: Vec<f64>, values: Vec<Vec<f64>>) -> Option<Thickness> {
        let rising = |x: &[f64]| !x.is_empty() && x.iter().all(|v| v.is_finite()) && x.windows(2).all(|w| w[0] < w[1]);
        let shaped = values.len() == heights.len() && values.iter().all(|row| row.len() == facets.len());
        let sound = values.iter().flatten().all(|v| v.is_finite() && *v >= 0.0);
        (rising(&heights) && rising(&facets) && shaped && sound).then_some(Thickness { heights, facets, values })
    }

    /// Thickness, m, and its slope with height, at a surface point.
    pub fn at(&self, height: f64, facet: f64) -> (f64, f64) {
        let (i, s, rate) = between(&self.heights, height);
        let (j, t, _) = between(&self.facets, facet);
        let row = |i: usize| {
            let row = &self.values[i];
            row[j] + t * (row[(j + 1).min(row.len() - 1)] - row[j])
        };
        let (low, high) = (row(i), row((i + 1).min(self.values.len() - 1)));
        (low + s * (high - low), rate * (high - low))
    }

    /// Number of kinks over height between two heights.
    pub(crate) fn kinks_between(&self, low: f64, high: f64) -> usize {
        let below = |z: f64| self.heights.partition_point(|p| *p < z);
        below(high) - below(low)
    }

    /// The same film with fewer rows: those are dropped that straight lines between the others give to a fraction `part` of the greatest
    /// thickness.
    pub fn thinned(mut self, part: f64) -> Thickness {
        let allowed = part * self.range()[1];
        let mut kept = vec![0];
        let last = self.heights.len() - 1;
        while kept[kept.len() - 1] < last {
            let from = kept[kept.len() - 1];
            // The farthest row that can be reached in a straight line.
            let to = (from + 1..=last)
                .rev()
                .find(|to| self.straight(from, *to, allowed))
                .unwrap_or(from + 1);
            kept.push(to);
        }
        self.heights = kept.iter().map(|i| self.heights[*i]).collect();
        self.values = kept.iter().map(|i| self.values[*i].clone()).collect();
        self
    }

    fn straight(&self, from: usize, to: usize, allowed: f64) -> bool {
        (from + 1..to).all(|i| {
            let s = (self.heights[i] - self.heights[from]) / (self.heights[to] - self.heights[from]);
            let rows = self.values[from].iter().zip(&self.values[to]).zip(&self.values[i]);
            rows.into_iter().all(|((a, b), v)| (a + s * (b - a) - v).abs() <= allowed)
        })
    }

    /// Least and greatest value of the table, m.
    pub fn range(&self) -> [f64; 2] {
        let all = || self.values.iter().flatten().copied();
        [all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max)]
    }
}

/// Index below, fraction of the way to the next, and the slope of the fraction.
fn between(points: &[f64], x: f64) -> (usize, f64, f64) {
    let upper = points.partition_point(|p| *p <= x);
    if upper == 0 {
        return (0, 0.0, 0.0);
    }
    if upper == points.len() {
        return (upper - 1, 0.0, 0.0);
    }
    let width = points[upper] - points[upper - 1];
    (upper - 1, (x - points[upper - 1]) / width, 1.0 / width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_bilinear_inside_and_constant_outside() {
        let t = Thickness::new(vec![-10.0, 0.0], vec![0.0, 1.0], vec![vec![0.1, 0.2], vec![0.5, 1.0]]).expect("a table");
        let (value, slope) = t.at(-5.0, 0.0);
        assert!((value - 0.3).abs() < 1e-15 && (slope - 0.04).abs() < 1e-15);
        assert_eq!(t.at(5.0, 1.0), (1.0, 0.0));
        assert!((t.at(-5.0, 0.5).0 - 0.45).abs() < 1e-15);
        assert!(Thickness::new(vec![0.0], vec![0.0], vec![vec![-1.0]]).is_none());
        assert!(Thickness::new(vec![0.0, 0.0], vec![0.0], vec![vec![1.0], vec![1.0]]).is_none());
    }
}
