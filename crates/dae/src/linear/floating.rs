//! Finds rows without entries and potentials without reference before an iteration wastes time on them.

use super::csr::Csr;
use crate::error::Singular;

/// A row whose couplings to a piece cancel to this many roundings per entry does not hold that piece.
const ROUNDINGS: f64 = 4.0;

/// Checks that no row of `a` is empty and that each connected piece of the potential network is held by some equation.
///
/// # Equation
/// A piece `c` floats if `|Σ_{j∈c} a_ij| ≤ 4 ε n_i Σ_{j∈c} |a_ij|` in every row `i` (`n_i` entries): raising all its potentials
/// together changes nothing, in the arithmetic at hand. That also rejects pieces held by couplings some fifteen orders below those
/// inside them, whose level double precision cannot resolve.
///
/// # Errors
/// [`Singular`] with the empty row, or the first unknown of a floating piece.
pub(super) fn check(a: &Csr, is_potential: impl Fn(usize) -> bool) -> Result<(), Singular> {
    let n = a.n_rows();
    let mut parent: Vec<u32> = (0..n as u32).collect();
    for i in 0..n {
        let mut empty = true;
        for (j, value) in a.row(i).filter(|(_, value)| *value != 0.0) {
            if !value.is_finite() {
                return Err(Singular { index: Some(j) });
            }
            empty = false;
            if j != i && is_potential(i) && is_potential(j) {
                let (p, q) = (root(&mut parent, i as u32), root(&mut parent, j as u32));
                // The smaller number stays the root, so pieces are named by their first unknown.
                parent[p.max(q) as usize] = p.min(q);
            }
        }
        if empty {
            return Err(Singular { index: Some(i) });
        }
    }
    let mut held = vec![false; n];
    let mut sums: Vec<(u32, f64, f64)> = Vec::new();
    for i in 0..n {
        sums.clear();
        let mut count = 0.0;
        for (j, value) in a.row(i).filter(|(j, _)| is_potential(*j)) {
            let piece = root(&mut parent, j as u32);
            count += 1.0;
            match sums.iter_mut().find(|s| s.0 == piece) {
                Some(s) => (s.1, s.2) = (s.1 + value, s.2 + value.abs()),
                None => sums.push((piece, value, value.abs())),
            }
        }
        for (piece, sum, size) in &sums {
            held[*piece as usize] |= sum.abs() > ROUNDINGS * f64::EPSILON * count * size;
        }
    }
    let floating = (0..n).find(|i| is_potential(*i) && parent[*i] == *i as u32 && !held[*i]);
    match floating {
        Some(i) => Err(Singular { index: Some(i) }),
        None => Ok(()),
    }
}

fn root(parent: &mut [u32], mut i: u32) -> u32 {
    while parent[i as usize] != i {
        let above = parent[parent[i as usize] as usize];
        parent[i as usize] = above;
        i = above;
    }
    i
}
