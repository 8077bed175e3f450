//! Strength of coupling and aggregates: which unknowns share a coarse unknown.

use super::csr::Csr;
use super::parallel;
use std::collections::BTreeMap;

/// Group of an unknown that keeps a coarse unknown of its own on every level.
pub(super) const ALONE: u8 = u8::MAX;

const NONE: u32 = u32::MAX;

/// Lowest part of the larger of two scales that a strong coupling may have, relative to the threshold.
const FAR_BELOW: f64 = 0.01;

/// Couplings of a matrix measured within groups of unknowns of the same kind.
///
/// # Equation
/// `m_i = max_j (-s_i a_ij)` over the other unknowns of the group, `s_i = sign a_ii`. A coupling is strong if
/// `-s_i a_ij ≥ θ min(m_i, m_j)` and `-s_i a_ij ≥ θ/100 max(m_i, m_j)`. The minimum keeps a soft volume attached to a stiff film;
/// the maximum keeps the jump between them on the coarse level.
pub(super) struct Strength<'a> {
    a: &'a Csr,
    groups: &'a [u8],
    theta: f64,
    /// `m_i`, with the sign of the diagonal.
    scale: Vec<f64>,
}

impl<'a> Strength<'a> {
    pub(super) fn new(a: &'a Csr, groups: &'a [u8], theta: f64) -> Self {
        let mut scale = vec![0.0; a.n_rows()];
        parallel::fill(&mut scale, |i| {
            let sign = if a.diagonal(i) < 0.0 { -1.0 } else { 1.0 };
            let same_group = a.row(i).filter(|(j, _)| *j != i && groups[*j] == groups[i]);
            sign * same_group.map(|(_, a)| -sign * a).fold(0.0, f64::max)
        });
        Self { a, groups, theta, scale }
    }

    /// Size of the coupling `value` of row `i` to `j`, or `None` if it is weak or leads out of the group.
    pub(super) fn strong(&self, i: usize, j: usize, value: f64) -> Option<f64> {
        if i == j || self.groups[i] != self.groups[j] {
            return None;
        }
        let size = if self.scale[i].is_sign_negative() { value } else { -value };
        let (m_i, m_j) = (self.scale[i].abs(), self.scale[j].abs());
        let strong = size > 0.0 && size >= self.theta * m_i.min(m_j) && size >= FAR_BELOW * self.theta * m_i.max(m_j);
        strong.then_some(size)
    }

    fn neighbours(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.a.row(i).filter_map(move |(j, a)| self.strong(i, j, a).map(|size| (j, size)))
    }
}

/// Coarse unknown of every fine unknown.
pub(super) struct Aggregates {
    /// Coarse unknown of each fine unknown.
    pub(super) of: Vec<u32>,
    /// Number of coarse unknowns.
    pub(super) count: usize,
    /// Fine unknowns that are a coarse unknown by themselves and must stay one.
    pub(super) alone: Vec<bool>,
}

/// Joins strongly coupled unknowns of a group.
///
/// Roots whose strong neighbours are all free take these in; what is left joins the aggregate it is coupled to most, or starts a
/// last small aggregate. Unknowns without any coupling in their group (the lithium content of separate particles) follow the
/// aggregates of the unknown of another group they depend on most. Long rows stay alone, since aggregating a metal piece that
/// touches thousands of volumes would fill the coarse matrices. Coarse unknowns are numbered in the order of their first member,
/// which keeps neighbours close together as the smoother likes it.
///
/// # Source
/// Vaněk, Mandel, Brezina, Computing 56 (1996) 179, section 4.1.
pub(super) fn aggregate(strength: &Strength<'_>) -> Aggregates {
    let (a, groups) = (strength.a, strength.groups);
    let n = a.n_rows();
    let mut alone: Vec<bool> = groups.iter().map(|g| *g == ALONE).collect();
    for i in a.long_rows() {
        alone[i as usize] = true;
    }
    let mut of = vec![NONE; n];
    let mut count = 0;
    let mut open = |of: &mut [u32], i: usize| {
        of[i] = count;
        count += 1;
    };
    for i in 0..n {
        if alone[i] {
            open(&mut of, i);
            continue;
        }
        if of[i] != NONE {
            continue;
        }
        let mut n_neighbours = 0;
        let free = strength.neighbours(i).filter(|(j, _)| !alone[*j]).all(|(j, _)| {
            n_neighbours += 1;
            of[j] == NONE
        });
        if free && n_neighbours > 0 {
            open(&mut of, i);
            for (j, _) in strength.neighbours(i).filter(|(j, _)| !alone[*j]) {
                of[j] = of[i];
            }
        }
    }
    let first_pass = of.clone();
    for (i, own) in of.iter_mut().enumerate() {
        if *own == NONE {
            let candidates = strength.neighbours(i).filter(|(j, _)| !alone[*j] && first_pass[*j] != NONE);
            if let Some((j, _)) = candidates.max_by(|x, y| x.1.total_cmp(&y.1)) {
                *own = first_pass[j];
            }
        }
    }
    drop(first_pass);
    for i in 0..n {
        if of[i] == NONE && strength.scale[i] != 0.0 {
            open(&mut of, i);
            for (j, _) in strength.neighbours(i) {
                if of[j] == NONE && strength.scale[j] != 0.0 {
                    of[j] = of[i];
                }
            }
        }
    }
    follow_companions(a, groups, &mut of, &mut count);
    renumber(&mut of, count as usize);
    Aggregates {
        of,
        count: count as usize,
        alone,
    }
}

/// Aggregates unknowns without couplings in their group like the unknown of another group they depend on most.
fn follow_companions(a: &Csr, groups: &[u8], of: &mut [u32], count: &mut u32) {
    let mut followers: BTreeMap<(u8, u32), u32> = BTreeMap::new();
    for i in 0..a.n_rows() {
        if of[i] != NONE {
            continue;
        }
        let others = a
            .row(i)
            .filter(|(j, value)| groups[*j] != groups[i] && of[*j] != NONE && *value != 0.0);
        let companion = others.max_by(|x, y| x.1.abs().total_cmp(&y.1.abs())).map(|(j, _)| of[j]);
        let mut open = || {
            *count += 1;
            *count - 1
        };
        of[i] = match companion {
            Some(c) if c < NONE => *followers.entry((groups[i], c)).or_insert_with(open),
            _ => open(),
        };
    }
}

/// Numbers aggregates in the order of their first member.
fn renumber(of: &mut [u32], count: usize) {
    let mut new = vec![NONE; count];
    let mut next = 0;
    for old in of {
        let number = &mut new[*old as usize];
        if *number == NONE {
            *number = next;
            next += 1;
        }
        *old = *number;
    }
}
