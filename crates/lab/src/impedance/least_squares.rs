//! Small dense least squares: by Householder reflections, and with non-negative unknowns.

/// A dense matrix by columns.
pub(super) struct Columns {
    pub rows: usize,
    pub values: Vec<f64>,
}

impl Columns {
    pub fn new(rows: usize) -> Columns {
        Columns { rows, values: vec![] }
    }

    pub fn push(&mut self, column: impl IntoIterator<Item = f64>) {
        self.values.extend(column);
    }

    pub fn n(&self) -> usize {
        self.values.len() / self.rows
    }

    pub fn column(&self, j: usize) -> &[f64] {
        &self.values[j * self.rows..(j + 1) * self.rows]
    }

    /// `A x`.
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.rows];
        for (j, x) in x.iter().enumerate() {
            out.iter_mut().zip(self.column(j)).for_each(|(o, a)| *o += a * x);
        }
        out
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Distance of `b` from the range of `a`: the residual of the best fit, without the fit. Backward stable however alike the columns are.
pub(super) fn residual(mut a: Columns, b: &[f64]) -> Vec<f64> {
    let (rows, n) = (a.rows, a.n());
    let mut b = b.to_vec();
    let mut reflections = Vec::new();
    for k in 0..n.min(rows) {
        let (head, tail) = a.values.split_at_mut((k + 1) * rows);
        let v = &mut head[k * rows + k..];
        let norm = dot(v, v).sqrt();
        if norm == 0.0 {
            continue;
        }
        v[0] += norm.copysign(v[0]);
        let scale = 2.0 / dot(v, v);
        let reflect = |x: &mut [f64]| {
            let by = scale * dot(v, x);
            x.iter_mut().zip(v.iter()).for_each(|(x, v)| *x -= by * v);
        };
        tail.chunks_exact_mut(rows).for_each(|column| reflect(&mut column[k..]));
        reflect(&mut b[k..]);
        reflections.push((k, scale));
    }
    b[..n.min(rows)].fill(0.0);
    for (k, scale) in reflections.into_iter().rev() {
        let v = &a.values[k * rows + k..(k + 1) * rows];
        let by = scale * dot(v, &b[k..]);
        b[k..].iter_mut().zip(v).for_each(|(x, v)| *x -= by * v);
    }
    b
}

/// Minimises `|A x - b|` over x ≥ 0 by the active-set method.
///
/// # Source
/// Lawson, Hanson, Solving Least Squares Problems (1974), algorithm NNLS.
pub(super) fn non_negative(a: &Columns, b: &[f64]) -> Vec<f64> {
    let n = a.n();
    let gram: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| dot(a.column(i), a.column(j))).collect()).collect();
    let rhs: Vec<f64> = (0..n).map(|j| dot(a.column(j), b)).collect();
    let scale = rhs.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let mut x = vec![0.0; n];
    let mut passive: Vec<usize> = vec![];
    for _ in 0..4 * n {
        let gradient = |j: usize| rhs[j] - dot(&gram[j], &x);
        let outside = (0..n).filter(|j| !passive.contains(j));
        let Some((best, slope)) = outside.map(|j| (j, gradient(j))).max_by(|a, b| a.1.total_cmp(&b.1)) else {
            break;
        };
        if slope <= 1e-13 * scale {
            break;
        }
        passive.push(best);
        loop {
            let Some(z) = solve(&gram, &rhs, &passive) else {
                passive.pop();
                return x;
            };
            let blocked = passive.iter().zip(&z).filter(|(_, z)| **z <= 0.0);
            let step = blocked.map(|(j, z)| x[*j] / (x[*j] - z)).fold(1.0, f64::min);
            for (j, z) in passive.iter().zip(&z) {
                x[*j] += step * (z - x[*j]);
            }
            if step >= 1.0 {
                break;
            }
            passive.retain(|j| x[*j] > 1e-15 * x.iter().fold(0.0f64, |m, v| m.max(*v)));
            (0..n).filter(|j| !passive.contains(j)).for_each(|j| x[j] = 0.0);
            if passive.is_empty() {
                break;
            }
        }
    }
    x
}

/// Cholesky on the rows and columns of `set`; none if they are dependent to rounding.
fn solve(gram: &[Vec<f64>], rhs: &[f64], set: &[usize]) -> Option<Vec<f64>> {
    let n = set.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let sum = gram[set[i]][set[j]] - dot(&l[i][..j], &l[j][..j]);
            if i == j {
                if sum <= 0.0 {
                    return None;
                }
                l[i][i] = sum.sqrt();
            } else {
                l[i][j] = sum / l[j][j];
            }
        }
    }
    let mut x: Vec<f64> = set.iter().map(|j| rhs[*j]).collect();
    for i in 0..n {
        x[i] = (x[i] - dot(&l[i][..i], &x[..i])) / l[i][i];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| l[k][i] * x[k]).sum();
        x[i] = (x[i] - known) / l[i][i];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_residual_is_orthogonal_and_zero_inside_the_range() {
        let mut a = Columns::new(5);
        a.push([1.0, 2.0, 3.0, 4.0, 5.0]);
        a.push([1.0, 0.0, 1.0, 0.0, 1.0]);
        let inside: Vec<f64> = (0..5).map(|i| 2.0 * a.column(0)[i] - 3.0 * a.column(1)[i]).collect();
        let copy = || Columns {
            rows: 5,
            values: a.values.clone(),
        };
        assert!(residual(copy(), &inside).iter().all(|r| r.abs() < 1e-14));
        let r = residual(copy(), &[1.0, -1.0, 0.0, 2.0, 0.5]);
        assert!(dot(&r, a.column(0)).abs() < 1e-14 && dot(&r, a.column(1)).abs() < 1e-14 && dot(&r, &r) > 1.0);
    }

    /// The unconstrained fit has a negative second coefficient; without it the first is its own projection.
    #[test]
    fn unknowns_stay_non_negative() {
        let mut a = Columns::new(3);
        a.push([1.0, 1.0, 0.0]);
        a.push([0.0, 1.0, 1.0]);
        let x = non_negative(&a, &[2.0, 0.0, -1.0]);
        assert!((x[0] - 1.0).abs() < 1e-14 && x[1] == 0.0);
        let both = non_negative(&a, &[1.0, 3.0, 2.0]);
        assert!((both[0] - 1.0).abs() < 1e-13 && (both[1] - 2.0).abs() < 1e-13);
    }
}
