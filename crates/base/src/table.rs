//! Interpolation tables: values over strictly increasing abscissae, with exact slopes of the interpolant.

/// How values between the points of a [`Table`] are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// Straight lines; the slope jumps at the points.
    Linear,
    /// Monotone piecewise cubic Hermite (PCHIP): smooth slope, no overshoot between points.
    ///
    /// # Source
    /// F. N. Fritsch, J. Butland, SIAM J. Sci. Stat. Comput. 5 (1984) 300, <https://doi.org/10.1137/0905021>.
    Monotone,
}

/// Why points do not make a table.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TableError {
    /// Fewer than two points, or columns of different length.
    #[error("a table needs two columns of equal length and at least two points, found {x} and {y}")]
    Shape {
        /// Number of abscissae.
        x: usize,
        /// Number of values.
        y: usize,
    },
    /// A number is NaN or infinite.
    #[error("point {index} of the table is not a finite number")]
    NotFinite {
        /// Position, from 0.
        index: usize,
    },
    /// Abscissae neither increase nor decrease strictly.
    #[error("abscissae must increase or decrease strictly, but point {index} does not")]
    NotMonotone {
        /// Position, from 0.
        index: usize,
    },
}

/// A function given by points; linear extrapolation with the end slope outside them.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    x: Vec<f64>,
    y: Vec<f64>,
    slope: Vec<f64>,
    kind: Interpolation,
}

impl Table {
    /// A table from its points; strictly decreasing abscissae are turned round.
    ///
    /// # Errors
    /// [`TableError`] for fewer than two points, unequal columns, numbers that are not finite, or abscissae out of order.
    pub fn new(mut x: Vec<f64>, mut y: Vec<f64>, kind: Interpolation) -> Result<Table, TableError> {
        if x.len() != y.len() || x.len() < 2 {
            return Err(TableError::Shape { x: x.len(), y: y.len() });
        }
        if let Some(index) = x.iter().zip(&y).position(|(a, b)| !a.is_finite() || !b.is_finite()) {
            return Err(TableError::NotFinite { index });
        }
        let falling = x[1] < x[0];
        if let Some(i) = x.windows(2).position(|w| if falling { w[1] >= w[0] } else { w[1] <= w[0] }) {
            return Err(TableError::NotMonotone { index: i + 1 });
        }
        if falling {
            x.reverse();
            y.reverse();
        }
        let slope = match kind {
            Interpolation::Linear => x.windows(2).zip(y.windows(2)).map(|(x, y)| (y[1] - y[0]) / (x[1] - x[0])).collect(),
            Interpolation::Monotone => monotone_slopes(&x, &y),
        };
        if let Some(index) = slope.iter().position(|s: &f64| !s.is_finite()) {
            return Err(TableError::NotFinite { index });
        }
        Ok(Table { x, y, slope, kind })
    }

    /// Value and slope at `x`. A NaN argument gives NaN.
    pub fn eval(&self, x: f64) -> (f64, f64) {
        let last = self.x.len() - 1;
        let i = self.x[1..last].partition_point(|&xi| xi <= x);
        if self.kind == Interpolation::Linear {
            return (self.y[i] + self.slope[i] * (x - self.x[i]), self.slope[i]);
        }
        if x <= self.x[0] {
            return (self.y[0] + self.slope[0] * (x - self.x[0]), self.slope[0]);
        }
        if x >= self.x[last] {
            return (self.y[last] + self.slope[last] * (x - self.x[last]), self.slope[last]);
        }
        let h = self.x[i + 1] - self.x[i];
        let t = (x - self.x[i]) / h;
        let (value, slope) = hermite(t, self.y[i], self.slope[i] * h, self.y[i + 1], self.slope[i + 1] * h);
        (value, slope / h)
    }

    /// First and last abscissa.
    pub fn range(&self) -> (f64, f64) {
        (self.x[0], self.x[self.x.len() - 1])
    }

    /// The points, abscissae increasing.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.x.iter().copied().zip(self.y.iter().copied())
    }

    /// How values between points are found.
    pub fn interpolation(&self) -> Interpolation {
        self.kind
    }
}

/// Cubic Hermite on 0 ≤ t ≤ 1 with end values and end slopes per unit of t: value and slope.
#[inline]
fn hermite(t: f64, y0: f64, d0: f64, y1: f64, d1: f64) -> (f64, f64) {
    let delta = y1 - y0;
    let b = 3.0 * delta - 2.0 * d0 - d1;
    let c = d0 + d1 - 2.0 * delta;
    (y0 + t * (d0 + t * (b + t * c)), d0 + t * (2.0 * b + 3.0 * c * t))
}

/// Slopes at the points: weighted harmonic mean of the neighbouring secants, zero at a turning point.
fn monotone_slopes(x: &[f64], y: &[f64]) -> Vec<f64> {
    let h: Vec<f64> = x.windows(2).map(|w| w[1] - w[0]).collect();
    let s: Vec<f64> = y.windows(2).zip(&h).map(|(w, h)| (w[1] - w[0]) / h).collect();
    let n = x.len();
    if n == 2 {
        return vec![s[0]; 2];
    }
    let mut d = vec![0.0; n];
    for i in 1..n - 1 {
        if s[i - 1] * s[i] > 0.0 {
            let (w1, w2) = (2.0 * h[i] + h[i - 1], h[i] + 2.0 * h[i - 1]);
            d[i] = (w1 + w2) / (w1 / s[i - 1] + w2 / s[i]);
        }
    }
    d[0] = end_slope(h[0], h[1], s[0], s[1]);
    d[n - 1] = end_slope(h[n - 2], h[n - 3], s[n - 2], s[n - 3]);
    d
}

/// One-sided three-point slope at an end, limited so that the end interval stays monotone.
fn end_slope(h0: f64, h1: f64, s0: f64, s1: f64) -> f64 {
    let d = ((2.0 * h0 + h1) * s0 - h0 * s1) / (h0 + h1);
    if d * s0 <= 0.0 {
        0.0
    } else if s0 * s1 <= 0.0 && d.abs() > 3.0 * s0.abs() {
        3.0 * s0
    } else {
        d
    }
}

/// A smooth function sampled with its slope on a uniform grid: cubic Hermite, constant time, fourth order in the grid width.
#[derive(Clone, Debug, PartialEq)]
pub struct UniformTable {
    start: f64,
    per_width: f64,
    /// Value and slope per interval width at each grid point.
    nodes: Vec<[f64; 2]>,
}

impl UniformTable {
    /// Samples `f`, which returns value and slope, at `n` intervals between `start` and `end`.
    ///
    /// # Errors
    /// [`TableError`] if `n` is zero, the interval is empty, or a sample is not finite.
    pub fn new(start: f64, end: f64, n: usize, f: impl Fn(f64) -> (f64, f64)) -> Result<UniformTable, TableError> {
        if n == 0 {
            return Err(TableError::Shape { x: 1, y: 1 });
        }
        let width = (end - start) / n as f64;
        if !(width > 0.0 && width.is_finite()) {
            return Err(TableError::NotMonotone { index: 1 });
        }
        let mut nodes = Vec::with_capacity(n + 1);
        for i in 0..=n {
            let (y, d) = f(if i == n { end } else { start + width * i as f64 });
            if !y.is_finite() || !d.is_finite() {
                return Err(TableError::NotFinite { index: i });
            }
            nodes.push([y, d * width]);
        }
        Ok(UniformTable {
            start,
            per_width: 1.0 / width,
            nodes,
        })
    }

    /// Value and slope at `x`; linear extrapolation with the end slope outside the grid.
    #[inline]
    pub fn eval(&self, x: f64) -> (f64, f64) {
        let s = (x - self.start) * self.per_width;
        let n = self.nodes.len() - 1;
        // The cast saturates: below the grid gives 0, above gives the last interval, NaN gives 0.
        let i = (s as usize).min(n - 1);
        let [y0, d0] = self.nodes[i];
        let [y1, d1] = self.nodes[i + 1];
        let t = s - i as f64;
        if t < 0.0 {
            (y0 + d0 * t, d0 * self.per_width)
        } else if t > 1.0 {
            (y1 + d1 * (t - 1.0), d1 * self.per_width)
        } else {
            let (value, slope) = hermite(t, y0, d0, y1, d1);
            (value, slope * self.per_width)
        }
    }

    /// Value and slope per interval at the grid points below and above `x`, and where it is between them, 0 to 1; outside the grid of
    /// the nearest interval.
    #[inline(always)]
    pub fn between(&self, x: f64) -> (&[f64; 4], f64) {
        let s = (x - self.start) * self.per_width;
        let i = (s as usize).min(self.nodes.len() - 2);
        let ends = self.nodes[i..].as_flattened().first_chunk();
        (ends.expect("invariant: a table has an interval"), s - i as f64)
    }

    /// Intervals per unit of the argument.
    #[inline(always)]
    pub fn per_width(&self) -> f64 {
        self.per_width
    }

    /// First and last grid point.
    pub fn range(&self) -> (f64, f64) {
        (self.start, self.start + (self.nodes.len() - 1) as f64 / self.per_width)
    }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
