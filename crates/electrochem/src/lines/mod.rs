//! Newton's matrix of volumes in lines: block elimination along all lines at once, and a direct factorisation of what joins them.
//!
//! A laminated cell in two or three dimensions, and a chip between resistive collectors, are columns of volumes. Along a column
//! neighbours are coupled strongly. From column to column they are coupled through the metal of the collectors, which is solved
//! exactly, and through the electrolyte over a distance a hundred times the thickness of the cell. These weak couplings are left out of
//! the factors and come back by one step of refinement, which leaves the ratio ρ² of a correction undone. ρ is measured now and
//! then, and beyond [`LARGEST`] the columns are given up.
//!
//! # Equation
//! `A` lines, `S = D - C A⁻¹ B` the volumes outside of them: `y = S⁻¹ (s - C A⁻¹ r)`, `x = A⁻¹ r - A⁻¹ B y`;
//! with `W` the weak couplings and `M` the matrix without them `u₀ = M⁻¹ r`, `u = u₀ - M⁻¹ W u₀`; ρ is the spectral radius of `M⁻¹ W`,
//! found by the power method.

mod outside;
mod strands;

use crate::model::{BLOCK, Model};
use crate::pattern::{COUPLED, NONE, Pattern, Unknowns};
use crate::workspace::Workspace;
use cellwright_dae::linear::{BlockLines, Bundle, LANES, Lane, LaneVector};
use outside::Outside;
use std::ops::Range;
use std::sync::Arc;
use strands::{Join, Pairs, Strands};

/// Largest ρ: what refinement leaves undone is then a ten-thousandth of a correction.
const LARGEST: f64 = 0.01;
/// Steps of the power method at the first factorisation; later one at every eighth.
const FIRST_STEPS: usize = 4;
const MEASURED: usize = 8;
/// Unit of potentials in the power method: RT/F at 25 °C, V.
const THERMAL: f64 = 0.0257;

/// Where a line meets a volume outside of lines.
#[derive(Clone, Debug)]
struct End {
    position: usize,
    lane: usize,
    volume: usize,
    /// Volume outside, its number among those, and the pair.
    outside: usize,
    number: usize,
    pair: u32,
    /// What the volume outside feels of the line.
    feels: [[f64; 3]; 3],
}

/// How the lines of a bundle respond to one unknown each of the volumes outside.
#[derive(Clone, Debug)]
struct Response {
    bundle: usize,
    /// Ends in this bundle.
    ends: Range<usize>,
    /// Per lane: number of the end, and unknown of the volume outside.
    from: [Option<(u32, u8)>; LANES],
    values: Vec<LaneVector>,
}

/// What became of a factorisation.
pub(crate) enum Factored {
    Done,
    Singular,
    /// The columns are coupled too strongly for that.
    NotLines,
}

/// The matrix with its factors.
#[derive(Clone)]
pub(crate) struct Lines {
    lines: BlockLines,
    pairs: Arc<Pairs>,
    /// What joins the row at each position and lane to the ones before and after it.
    joins: Vec<[[Join; 2]; LANES]>,
    ends: Vec<End>,
    responses: Vec<Response>,
    outside: Option<Outside>,
    weak: Arc<Vec<u32>>,
    /// Both blocks of every weak pair, its [`COUPLED`] entries.
    across: Vec<[[f64; COUPLED.len()]; 2]>,
    x: Vec<LaneVector>,
    /// Vector of the power method, and what it found.
    probe: Vec<f64>,
    product: Vec<f64>,
    ratio: f64,
    factorisations: usize,
    /// Concentration that counts as much as a volt, mol/(m³ V).
    unit: f64,
    /// Of the whole matrix.
    pub pattern: Arc<Pattern>,
}

impl std::fmt::Debug for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.describe())
    }
}

impl Lines {
    /// The matrix of a model, if its volumes are mostly in lines.
    pub(crate) fn new(model: &Model, remote: &[[usize; 2]]) -> Option<Lines> {
        let n = model.mesh.n_cells();
        let pairs = Pairs::of(model, remote);
        let strands = Strands::of(&pairs, n)?;
        let lines = BlockLines::new(&strands.lines);
        let mut number = vec![None; n];
        strands.outside.iter().enumerate().for_each(|(q, k)| number[*k as usize] = Some(q));
        let ends = ends(&lines, &pairs, &strands.weak, &number);
        let unknowns = Unknowns::of(model);
        let responses = responses(&lines, &ends, &unknowns.compact);
        let outside = (!strands.outside.is_empty()).then(|| Outside::new(&strands.outside, &number, &pairs, &unknowns, &ends, &responses));
        // Any vector that is not smooth will do.
        let probe =
            (0..BLOCK * n).map(|k| (1.0 + (2.4 * k as f64).sin()) * if k % BLOCK == 0 { model.reference_concentration } else { THERMAL });
        Some(Lines {
            joins: joins(&lines, &strands, &pairs, n),
            x: vec![[[0.0; LANES]; BLOCK]; lines.rows().len()],
            probe: if strands.weak.is_empty() { vec![] } else { probe.collect() },
            product: vec![0.0; if strands.weak.is_empty() { 0 } else { BLOCK * n }],
            ratio: f64::NAN,
            factorisations: 0,
            unit: model.reference_concentration / THERMAL,
            pattern: Arc::new(Pattern::new(model, remote)),
            across: vec![[[0.0; COUPLED.len()]; 2]; strands.weak.len()],
            weak: Arc::new(strands.weak),
            pairs: Arc::new(pairs),
            lines,
            ends,
            responses,
            outside,
        })
    }

    /// The method in words.
    pub(crate) fn describe(&self) -> String {
        let lines = self.lines.rows().iter().flatten().filter(|row| **row != NONE).count();
        let mut words = format!("block elimination along columns of together {lines} volumes");
        if let Some(outside) = &self.outside {
            words += &format!(", sparse LU of {} unknowns that join them", outside.len());
        }
        if !self.weak.is_empty() {
            words += &format!(", couplings from column to column by refinement (ratio {:.0e})", self.ratio);
        }
        words
    }

    /// Factors the matrix from the blocks of the workspace.
    pub(crate) fn factor(&mut self, work: &Workspace) -> Factored {
        let (joins, pairs) = (&self.joins, &self.pairs);
        let regular = self.lines.factor(|mut bundle| {
            for i in 0..bundle.rows.len() {
                bundle.clear(i, &COUPLED);
                for (lane, joins) in joins[bundle.first + i].iter().enumerate() {
                    if bundle.rows[i][lane] != NONE {
                        fill_row(work, pairs, &mut bundle, (i, lane), joins);
                    }
                }
            }
        });
        if !regular || !self.factor_outside(work) {
            return Factored::Singular;
        }
        if !self.weak.is_empty() {
            for (across, &p) in self.across.iter_mut().zip(self.weak.iter()) {
                let entries = |block: [[f64; 3]; 3]| COUPLED.map(|(i, j)| block[i][j]);
                *across = self.pairs.pairs[p as usize]
                    .cells
                    .map(|row| entries(self.pairs.block(work, p, row)));
            }
            let steps = match self.factorisations {
                0 => FIRST_STEPS,
                n => usize::from(n % MEASURED == 0),
            };
            self.factorisations += 1;
            (0..steps).for_each(|_| self.measure());
            if self.ratio.is_nan() || self.ratio > LARGEST {
                return Factored::NotLines;
            }
        }
        Factored::Done
    }

    /// Factors the Schur complement of the volumes outside of lines.
    fn factor_outside(&mut self, work: &Workspace) -> bool {
        let Some(outside) = &mut self.outside else { return true };
        outside.fill(work, &self.pairs);
        for end in &mut self.ends {
            end.feels = self.pairs.block(work, end.pair, end.outside);
        }
        for response in &mut self.responses {
            let first = self.lines.bundle(response.bundle).start;
            response.values.fill([[0.0; LANES]; BLOCK]);
            for (lane, from) in response.from.iter().enumerate() {
                let Some((end, j)) = from else { continue };
                let end = &self.ends[*end as usize];
                let felt = self.pairs.block(work, end.pair, end.volume);
                for (i, row) in felt.iter().enumerate() {
                    response.values[end.position - first][i][lane] = row[*j as usize];
                }
            }
            self.lines.solve(response.bundle, &mut response.values);
            for end in &self.ends[response.ends.clone()] {
                if response.from[end.lane].is_some() {
                    let x = &response.values[end.position - first];
                    let felt = |feels: [f64; 3]| -(feels[0] * x[0][end.lane] + feels[1] * x[1][end.lane] + feels[2] * x[2][end.lane]);
                    outside.add(&end.feels.map(felt));
                }
            }
        }
        outside.factor()
    }

    /// True if the terminal, with this row, meets volumes outside of lines only, and nothing is left to refinement: it can then be solved
    /// for with those volumes.
    pub(crate) fn meets_terminal(&self, row: &[(usize, f64)]) -> bool {
        let holds = |outside: &Outside| row.iter().all(|(at, _)| outside.volumes.contains(&((at / BLOCK) as u32)));
        self.weak.is_empty() && self.outside.as_ref().is_some_and(holds)
    }

    /// Replaces a right-hand side that is zero in all lines by the solution outside of them; in the lines it stays zero.
    pub(crate) fn respond(&mut self, column: &mut [f64]) {
        if let Some(outside) = &mut self.outside {
            outside.take(column);
            outside.solve(column);
        }
    }

    /// Replaces `r` by the solution.
    pub(crate) fn solve(&mut self, r: &mut [f64]) {
        self.solve_strong(r, |_, _| {});
        if !self.weak.is_empty() {
            let mut v = std::mem::take(&mut self.product);
            self.across(r, &mut v);
            self.solve_strong(&mut v, |_, _| {});
            r.iter_mut().zip(&v).for_each(|(r, v)| *r -= v);
            self.product = v;
        }
    }

    /// `v = W u`.
    fn across(&self, u: &[f64], v: &mut [f64]) {
        v.fill(0.0);
        for (blocks, &p) in self.across.iter().zip(self.weak.iter()) {
            let [a, b] = self.pairs.pairs[p as usize].cells.map(|k| BLOCK * k);
            for (block, row, column) in [(&blocks[0], a, b), (&blocks[1], b, a)] {
                for ((i, j), entry) in COUPLED.iter().zip(block) {
                    v[row + i] += entry * u[column + j];
                }
            }
        }
    }

    /// Replaces `r` by the solution without weak couplings, in which `correct` changes what has been found outside of lines, given the
    /// volumes there.
    pub(crate) fn solve_strong(&mut self, r: &mut [f64], correct: impl FnOnce(&mut [f64], &[u32])) {
        self.lines.solve_all(r, &mut self.x);
        if let Some(outside) = &mut self.outside {
            outside.take(r);
            for end in &self.ends {
                let x = &self.x[end.position];
                for (i, feels) in end.feels.iter().enumerate() {
                    let sum: f64 = feels.iter().zip(x).map(|(f, x)| f * x[end.lane]).sum();
                    outside.subtract(end.number, i, sum);
                }
            }
            outside.solve(r);
            correct(r, &outside.volumes);
            for response in &self.responses {
                let of = |from: Option<(u32, u8)>| from.map_or(0.0, |(end, i)| r[BLOCK * self.ends[end as usize].outside + i as usize]);
                let by: Lane = response.from.map(of);
                for (x, values) in self.x[self.lines.bundle(response.bundle)].iter_mut().zip(&response.values) {
                    for (x, values) in x.iter_mut().zip(values) {
                        for lane in 0..LANES {
                            x[lane] -= values[lane] * by[lane];
                        }
                    }
                }
            }
        }
        self.lines.scatter(&self.x, r);
    }

    /// One step of the power method.
    fn measure(&mut self) {
        let mut v = std::mem::take(&mut self.product);
        self.across(&self.probe, &mut v);
        self.solve_strong(&mut v, |_, _| {});
        let size = |v: &[f64]| -> f64 {
            let square = |x: &[f64]| x[0] * x[0] + self.unit * self.unit * (x[1] * x[1] + x[2] * x[2]);
            v.chunks_exact(BLOCK).map(square).sum::<f64>().sqrt()
        };
        let (before, after) = (size(&self.probe), size(&v));
        self.ratio = after / before;
        // Where nothing is coupled at all the vector is kept.
        if after > 0.0 {
            self.probe.iter_mut().zip(&v).for_each(|(p, v)| *p = v * before / after);
        }
        self.product = v;
    }
}

/// Fills the row in one lane of position `i` of a bundle.
#[inline(always)]
fn fill_row(work: &Workspace, pairs: &Pairs, bundle: &mut Bundle<'_>, (i, lane): (usize, usize), joins: &[Join; 2]) {
    let row = bundle.rows[i][lane] as usize;
    bundle.set_diagonal(i, lane, &work.diag[row]);
    for (side, join) in [0, 2].into_iter().zip(joins) {
        let entries = match *join {
            Join::Face { number, of_first } => work.couplings.entries(number as usize, of_first),
            Join::Nothing | Join::Pair(_) => [0.0; COUPLED.len()],
        };
        for (at, v) in COUPLED.into_iter().zip(entries) {
            bundle.put(i, lane, side, at, v);
        }
        if let Join::Pair(p) = *join {
            bundle.add(i, lane, side, &pairs.block(work, p, row));
        }
    }
}

/// What joins every row to the ones before and after it in its line; `links` are the pairs between the rows of each line.
fn joins(lines: &BlockLines, strands: &Strands, pairs: &Pairs, n: usize) -> Vec<[[Join; 2]; LANES]> {
    let mut of_row = vec![[Join::Nothing; 2]; n];
    for (line, links) in strands.lines.iter().zip(&strands.links) {
        for (two, p) in line.windows(2).zip(links) {
            of_row[two[0] as usize][1] = pairs.join(*p, two[0] as usize);
            of_row[two[1] as usize][0] = pairs.join(*p, two[1] as usize);
        }
    }
    let of = |row: u32| if row == NONE { [Join::Nothing; 2] } else { of_row[row as usize] };
    lines.rows().iter().map(|rows| rows.map(of)).collect()
}

/// Where lines meet volumes outside of lines, in the order of their positions.
fn ends(lines: &BlockLines, pairs: &Pairs, weak: &[u32], number: &[Option<usize>]) -> Vec<End> {
    let mut place = vec![(0, 0); number.len()];
    for (position, rows) in lines.rows().iter().enumerate() {
        for (lane, row) in rows.iter().enumerate().filter(|(_, row)| **row != NONE) {
            place[*row as usize] = (position, lane);
        }
    }
    let mut out = vec![];
    for (p, pair) in pairs.pairs.iter().enumerate() {
        let [a, b] = pair.cells;
        for (volume, outside) in [(a, b), (b, a)] {
            if let (None, Some(q)) = (number[volume], number[outside])
                && weak.binary_search(&(p as u32)).is_err()
            {
                let (position, lane) = place[volume];
                out.push(End {
                    position,
                    lane,
                    volume,
                    outside,
                    number: q,
                    pair: p as u32,
                    feels: [[0.0; 3]; 3],
                });
            }
        }
    }
    out.sort_by_key(|end| (end.position, end.lane));
    out
}

/// The unknowns outside that each bundle responds to, one per lane at a time.
fn responses(lines: &BlockLines, ends: &[End], compact: &[u32]) -> Vec<Response> {
    let mut out = vec![];
    for bundle in 0..lines.n_bundles() {
        let positions = lines.bundle(bundle);
        let range = ends.partition_point(|e| e.position < positions.start)..ends.partition_point(|e| e.position < positions.end);
        let mut of_lane: [Vec<(u32, u8)>; LANES] = Default::default();
        for n in range.clone() {
            let there = (0..BLOCK).filter(|j| compact[BLOCK * ends[n].outside + j] != NONE);
            of_lane[ends[n].lane].extend(there.map(|j| (n as u32, j as u8)));
        }
        for n in 0..of_lane.iter().map(Vec::len).max().unwrap_or(0) {
            out.push(Response {
                bundle,
                ends: range.clone(),
                from: std::array::from_fn(|lane| of_lane[lane].get(n).copied()),
                values: vec![[[0.0; LANES]; BLOCK]; positions.len()],
            });
        }
    }
    out
}
