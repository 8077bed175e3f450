//! The tree of dense fronts of a sparse factorisation: which unknowns each eliminates and which it then changes.

use super::dissection::{Graph, dissect};

/// Unknowns up to which a part of the mesh is not divided further. Smaller parts mean less arithmetic, larger ones less overhead.
const LEAF: u32 = 20;

/// Work of a subtree from which on its two halves are worth two threads, in products.
const WORTH_A_THREAD: f64 = 2e6;

/// Numbers of a subtree from which on its two halves are solved with on two threads.
const WORTH_READING: usize = 400_000;

/// A dense front: `pivots` unknowns to eliminate and the unknowns beyond that they are coupled to then.
///
/// Its numbers are `A11` by columns, `A21` by columns and `A12` by rows, one after the other.
#[derive(Debug)]
pub(super) struct Front {
    /// First unknown that is eliminated here, in the order of elimination.
    pub first: usize,
    pub pivots: usize,
    /// The others, ascending.
    pub boundary: Vec<u32>,
    /// Where each of them is in the parent.
    pub to_parent: Vec<u32>,
    pub children: Vec<usize>,
    /// Place of its numbers.
    pub offset: usize,
    /// Place of its part of the solution, itself and what is beyond.
    pub local: usize,
    /// First front of the subtree.
    pub lowest: usize,
    /// True if the children are large enough for a thread each, in the factorisation and in the solution.
    pub shared: [bool; 2],
}

impl Front {
    /// Order of the front.
    pub(super) fn rows(&self) -> usize {
        self.pivots + self.boundary.len()
    }

    /// Numbers that stay.
    pub(super) fn size(&self) -> usize {
        self.pivots * (self.rows() + self.boundary.len())
    }

    /// Products of the elimination.
    fn work(&self) -> f64 {
        let (p, b) = (self.pivots as f64, self.boundary.len() as f64);
        p * (p * p / 3.0 + p * b + b * b)
    }
}

/// All fronts, children before parents.
#[derive(Debug)]
pub(super) struct FrontTree {
    pub fronts: Vec<Front>,
    /// For each step of the elimination the unknown.
    pub order: Vec<u32>,
    /// For each unknown its step.
    pub step: Vec<u32>,
}

impl FrontTree {
    /// The tree of a matrix of order `places.len()` with the given positions. Unknowns in a row at the same place stay together.
    pub(super) fn new(places: &[[f64; 3]], positions: &[(usize, usize)]) -> FrontTree {
        let mut vertex = vec![0_u32; places.len()];
        let mut starts = vec![];
        for k in 0..places.len() {
            if k == 0 || places[k] != places[k - 1] {
                starts.push(k);
            }
            vertex[k] = starts.len() as u32 - 1;
        }
        let n = starts.len();
        starts.push(places.len());
        let weights: Vec<u32> = starts.windows(2).map(|w| (w[1] - w[0]) as u32).collect();
        let centres: Vec<[f64; 3]> = starts[..n].iter().map(|k| places[*k]).collect();
        let graph = Graph::new(n, positions.iter().map(|(i, j)| (vertex[*i], vertex[*j])));
        let parts = dissect(&graph, &centres, &weights, LEAF);

        let mut order = Vec::with_capacity(places.len());
        let mut firsts = vec![];
        for part in &parts {
            firsts.push(order.len());
            for v in &part.vertices {
                order.extend((starts[*v as usize]..starts[*v as usize + 1]).map(|k| k as u32));
            }
        }
        firsts.push(order.len());
        let mut step = vec![0; order.len()];
        order.iter().enumerate().for_each(|(k, old)| step[*old as usize] = k as u32);

        let mut fronts: Vec<Front> = Vec::with_capacity(parts.len());
        let (mut offset, mut local) = (0, 0);
        let mut total = vec![];
        for (k, part) in parts.iter().enumerate() {
            let end = firsts[k + 1] as u32;
            let mut boundary: Vec<u32> = part.children.iter().flat_map(|c| fronts[*c].boundary.iter().copied()).collect();
            for v in part.vertices.iter().flat_map(|v| graph.of(*v)) {
                boundary.extend((starts[*v as usize]..starts[*v as usize + 1]).map(|old| step[old]));
            }
            boundary.retain(|b| *b >= end);
            boundary.sort_unstable();
            boundary.dedup();
            let below: Vec<f64> = part.children.iter().map(|c| total[*c]).collect();
            let numbers = |c: &usize| fronts[*c].offset + fronts[*c].size() - fronts[fronts[*c].lowest].offset;
            let read = part.children.len() > 1 && part.children.iter().all(|c| numbers(c) > WORTH_READING);
            let front = Front {
                first: firsts[k],
                pivots: firsts[k + 1] - firsts[k],
                to_parent: vec![],
                children: part.children.clone(),
                offset,
                local,
                lowest: part.children.first().map_or(k, |c| fronts[*c].lowest),
                shared: [below.len() > 1 && below.iter().all(|w| *w > WORTH_A_THREAD), read],
                boundary,
            };
            offset += front.size();
            local += front.rows();
            total.push(front.work() + below.iter().sum::<f64>());
            for c in &part.children {
                let place = |b: &u32| front.place(*b as usize) as u32;
                fronts[*c].to_parent = fronts[*c].boundary.iter().map(place).collect();
            }
            fronts.push(front);
        }
        FrontTree { fronts, order, step }
    }

    /// Products of one factorisation.
    pub(super) fn work(&self) -> f64 {
        self.fronts.iter().map(Front::work).sum()
    }

    /// Numbers of all factors.
    pub(super) fn size(&self) -> usize {
        self.fronts.last().map_or(0, |f| f.offset + f.size())
    }

    /// Length of the parts of the solution.
    pub(super) fn local(&self) -> usize {
        self.fronts.last().map_or(0, |f| f.local + f.rows())
    }

    /// Where the entry of each position goes among the numbers of the fronts.
    pub(super) fn destinations(&self, positions: &[(usize, usize)]) -> Vec<usize> {
        let firsts: Vec<usize> = self.fronts.iter().map(|f| f.first).collect();
        let place = |&(row, column): &(usize, usize)| {
            let (i, j) = (self.step[row] as usize, self.step[column] as usize);
            // The last front that begins at or before this step; fronts without pivots share their beginning with the next one.
            let front = &self.fronts[firsts.partition_point(|first| *first <= i.min(j)) - 1];
            let (i, j, p, b) = (front.place(i), front.place(j), front.pivots, front.boundary.len());
            front.offset
                + match (i < p, j < p) {
                    (true, true) => j * p + i,
                    (false, _) => p * p + j * b + i - p,
                    (true, false) => p * p + p * b + i * b + j - p,
                }
        };
        positions.iter().map(place).collect()
    }
}

impl Front {
    /// Where a step of the elimination is in this front.
    fn place(&self, step: usize) -> usize {
        if step < self.first + self.pivots {
            step - self.first
        } else {
            let at = self.boundary.binary_search(&(step as u32));
            self.pivots + at.expect("invariant: a front holds all that its pivots are coupled to")
        }
    }
}
