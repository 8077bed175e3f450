//! The volumes outside of lines: the Schur complement that the lines leave to them.

use super::strands::Pairs;
use super::{End, Response};
use crate::direct::Direct;
use crate::model::BLOCK;
use crate::pattern::{NONE, Unknowns};
use crate::workspace::Workspace;

/// Matrix of the volumes outside of lines, with its factors and a right-hand side.
pub(super) struct Outside {
    pub(super) volumes: Vec<u32>,
    /// Place of each unknown in the matrix, or [`NONE`]; and the diagonal of those that have none.
    compact: Vec<u32>,
    alone: Vec<f64>,
    /// Pairs among them.
    pairs: Vec<u32>,
    matrix: Direct<f64>,
    /// Place among the values of the matrix of all entries in the order in which they are added, or [`NONE`]; and the next of them.
    slots: Vec<u32>,
    next: usize,
    rhs: Vec<f64>,
}

/// The same matrix with zeros: factors are found anew.
impl Clone for Outside {
    fn clone(&self) -> Outside {
        Outside {
            volumes: self.volumes.clone(),
            compact: self.compact.clone(),
            alone: self.alone.clone(),
            pairs: self.pairs.clone(),
            matrix: self.matrix.emptied(),
            slots: self.slots.clone(),
            next: 0,
            rhs: self.rhs.clone(),
        }
    }
}

impl Outside {
    /// A zero matrix; `number` counts the volumes outside.
    pub(super) fn new(
        volumes: &[u32],
        number: &[Option<usize>],
        pairs: &Pairs,
        unknowns: &Unknowns,
        ends: &[End],
        responses: &[Response],
    ) -> Outside {
        let (mut compact, mut places) = (vec![], vec![]);
        for k in volumes {
            for i in 0..BLOCK {
                let at = unknowns.compact[BLOCK * *k as usize + i];
                compact.push(if at == NONE { NONE } else { places.len() as u32 });
                if at != NONE {
                    places.push(unknowns.places[at as usize]);
                }
            }
        }
        let mut positions = vec![];
        let block = |a: usize, b: usize| {
            let of = move |q: usize| (0..BLOCK).map(move |i| BLOCK * q + i);
            of(a).flat_map(move |row| of(b).map(move |column| (row, column)))
        };
        (0..volumes.len()).for_each(|q| positions.extend(block(q, q)));
        let among = |p: &crate::lines::strands::Pair| Some([number[p.cells[0]]?, number[p.cells[1]]?]);
        let mut inner = vec![];
        for (p, pair) in pairs.pairs.iter().enumerate() {
            if let Some([a, b]) = among(pair) {
                positions.extend(block(a, b).chain(block(b, a)));
                inner.push(p as u32);
            }
        }
        for response in responses {
            for end in &ends[response.ends.clone()] {
                if let Some((source, j)) = response.from[end.lane] {
                    let column = BLOCK * ends[source as usize].number + j as usize;
                    positions.extend((0..BLOCK).map(|i| (BLOCK * end.number + i, column)));
                }
            }
        }
        let place = |at: usize| (compact[at] != NONE).then_some(compact[at] as usize);
        let there: Vec<Option<(usize, usize)>> = positions.iter().map(|(i, j)| Some((place(*i)?, place(*j)?))).collect();
        let matrix = Direct::new(&places, &there.iter().flatten().copied().collect::<Vec<_>>());
        let slot = |(i, j): &(usize, usize)| matrix.fronts.slot(*i, *j).expect("invariant: every entry is in the pattern") as u32;
        Outside {
            slots: there.iter().map(|at| at.as_ref().map_or(NONE, slot)).collect(),
            next: 0,
            volumes: volumes.to_vec(),
            alone: vec![1.0; compact.len()],
            compact,
            pairs: inner,
            rhs: vec![0.0; places.len()],
            matrix,
        }
    }

    /// Number of unknowns.
    pub(super) fn len(&self) -> usize {
        self.rhs.len()
    }

    /// Starts with the volumes' own blocks and what couples them to one another; the responses of the lines come next, in order.
    pub(super) fn fill(&mut self, work: &Workspace, pairs: &Pairs) {
        self.matrix.fronts.values_mut().fill(0.0);
        self.next = 0;
        for q in 0..self.volumes.len() {
            let block = &work.diag[self.volumes[q] as usize];
            (0..BLOCK).for_each(|i| self.alone[BLOCK * q + i] = block[i][i]);
            self.add(block.as_flattened());
        }
        for n in 0..self.pairs.len() {
            let p = self.pairs[n];
            for row in pairs.pairs[p as usize].cells {
                self.add(pairs.block(work, p, row).as_flattened());
            }
        }
    }

    /// Adds the next entries.
    #[inline]
    pub(super) fn add(&mut self, entries: &[f64]) {
        let values = self.matrix.fronts.values_mut();
        for (slot, v) in self.slots[self.next..].iter().zip(entries) {
            if *slot != NONE {
                values[*slot as usize] += v;
            }
        }
        self.next += entries.len();
    }

    pub(super) fn factor(&mut self) -> bool {
        self.matrix.factor()
    }

    /// Takes the right-hand side out of that of all volumes.
    pub(super) fn take(&mut self, r: &[f64]) {
        for (place, at) in self.compact.iter().zip(unknowns(&self.volumes)) {
            if *place != NONE {
                self.rhs[*place as usize] = r[at];
            }
        }
    }

    /// Takes `value` off the right-hand side of unknown `i` of volume number `q`.
    pub(super) fn subtract(&mut self, q: usize, i: usize, value: f64) {
        let place = self.compact[BLOCK * q + i];
        if place != NONE {
            self.rhs[place as usize] -= value;
        }
    }

    /// Solves, and puts the solution to that of all volumes.
    pub(super) fn solve(&mut self, r: &mut [f64]) {
        self.matrix.solve(&mut self.rhs);
        for ((place, alone), at) in self.compact.iter().zip(&self.alone).zip(unknowns(&self.volumes)) {
            r[at] = if *place == NONE { r[at] / alone } else { self.rhs[*place as usize] };
        }
    }
}

/// Places of the unknowns of volumes among those of all.
fn unknowns(volumes: &[u32]) -> impl Iterator<Item = usize> + '_ {
    volumes.iter().flat_map(|k| (0..BLOCK).map(move |i| BLOCK * *k as usize + i))
}
