//! The tree of dense fronts of a sparse factorisation: which unknowns each eliminates and which it then changes.

use super::dissection::{Graph, dissect};
use super::packed;

/// Unknowns up to which a part of the mesh is not divided further. Smaller parts mean less arithmetic, larger ones less overhead.
const LEAF: u32 = 20;

/// Work of a subtree from which on its two halves are worth two threads, in products.
const WORTH_A_THREAD: f64 = 2e6;

/// Factors on one side of the diagonal of a subtree from which on its two halves are solved with on two threads.
const WORTH_READING: usize = 200_000;

/// Unknowns that follow one another both beyond the pivots of a front and in its parent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    from: u32,
    to: u32,
    length: u32,
}

impl Run {
    /// Where it is beyond the pivots of the front.
    #[inline(always)]
    pub(super) fn from(&self) -> std::ops::Range<usize> {
        self.from as usize..(self.from + self.length) as usize
    }

    /// Where it is in the parent.
    #[inline(always)]
    pub(super) fn to(&self) -> std::ops::Range<usize> {
        self.to as usize..(self.to + self.length) as usize
    }
}

/// A dense front: `pivots` unknowns to eliminate and the unknowns beyond that they are coupled to then.
#[derive(Debug)]
pub(super) struct Front {
    /// First unknown that is eliminated here, in the order of elimination.
    pub first: usize,
    pub pivots: usize,
    /// The others, ascending.
    pub boundary: Vec<u32>,
    /// Where they are in the parent. No run goes beyond its pivots.
    pub to_parent: Vec<Run>,
    pub children: Vec<usize>,
    /// Place of its factors, the same below and above the diagonal.
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

    /// Factors on one side of the diagonal.
    fn size(&self) -> usize {
        packed::size(self.pivots, self.boundary.len())
    }

    /// Numbers that change when the front is eliminated: `[A11; A21]` by columns, then `A12` by columns.
    pub(super) fn numbers(&self) -> usize {
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
                fronts[*c].to_parent = front.runs(&fronts[*c].boundary);
            }
            fronts.push(front);
        }
        FrontTree { fronts, order, step }
    }

    /// Products of one factorisation.
    pub(super) fn work(&self) -> f64 {
        self.fronts.iter().map(Front::work).sum()
    }

    /// Factors on one side of the diagonal.
    pub(super) fn size(&self) -> usize {
        self.fronts.last().map_or(0, |f| f.offset + f.size())
    }

    /// Length of the parts of the solution.
    pub(super) fn local(&self) -> usize {
        self.fronts.last().map_or(0, |f| f.local + f.rows())
    }

    /// Where the entries at these positions go.
    pub(super) fn entries(&self, positions: &[(usize, usize)]) -> Entries {
        let firsts: Vec<usize> = self.fronts.iter().map(|f| f.first).collect();
        let mut placed: Vec<(usize, [u32; 2])> = Vec::with_capacity(positions.len());
        for (slot, (row, column)) in positions.iter().enumerate() {
            let (i, j) = (self.step[*row] as usize, self.step[*column] as usize);
            // The last front that begins at or before this step; fronts without pivots share their beginning with the next one.
            let at = firsts.partition_point(|first| *first <= i.min(j)) - 1;
            let front = &self.fronts[at];
            let (i, j, p, b) = (front.place(i), front.place(j), front.pivots, front.boundary.len());
            let place = if j < p { j * (p + b) + i } else { p * (b + j) + i };
            placed.push((at, [slot as u32, place as u32]));
        }
        placed.sort_unstable();
        let starts = (0..=self.fronts.len()).map(|k| placed.partition_point(|(at, _)| *at < k)).collect();
        Entries {
            starts,
            slots_and_places: placed.into_iter().map(|(_, at)| at).collect(),
        }
    }
}

/// The entries of a matrix by the front that each is first part of.
#[derive(Debug)]
pub(super) struct Entries {
    starts: Vec<usize>,
    slots_and_places: Vec<[u32; 2]>,
}

impl Entries {
    /// Number among the values and place among the numbers of the front, for each entry of a front.
    pub(super) fn of(&self, front: usize) -> &[[u32; 2]] {
        &self.slots_and_places[self.starts[front]..self.starts[front + 1]]
    }
}

impl Front {
    /// Where these steps of the elimination are in this front.
    fn runs(&self, steps: &[u32]) -> Vec<Run> {
        let mut runs: Vec<Run> = vec![];
        for (from, step) in steps.iter().enumerate() {
            let to = self.place(*step as usize);
            match runs.last_mut() {
                Some(run) if run.to().end == to && to != self.pivots => run.length += 1,
                _ => runs.push(Run {
                    from: from as u32,
                    to: to as u32,
                    length: 1,
                }),
            }
        }
        runs
    }

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
