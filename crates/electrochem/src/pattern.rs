//! Where the unknowns and the blocks of the control volumes are in a sparse matrix.

use crate::model::{BLOCK, Electrons, Medium, Model};
use crate::workspace::Workspace;
use cellwright_dae::linear::Kind;
use cellwright_device::mesh::Mesh;

/// Entries that two volumes can couple through a face: salt and potential of the electrolyte, and potential of the solid.
pub(crate) const COUPLED: [(usize, usize); 5] = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)];
/// No place in the matrix.
pub(crate) const NONE: u32 = u32::MAX;
/// The unknowns that a sparse matrix of the volumes holds: only those that a medium has.
pub(crate) struct Unknowns {
    /// Place of each in the matrix, or [`NONE`].
    pub compact: Vec<u32>,
    pub kinds: Vec<Kind>,
    /// Number of what each one's equation is a balance of: salt, charge in the electrolyte, lithium and charge in each region.
    pub totals: Vec<u8>,
    /// Where each is, m.
    pub places: Vec<[f64; 3]>,
}

impl Unknowns {
    pub(crate) fn of(model: &Model) -> Unknowns {
        let with_c = model.electrolyte.has_concentration();
        let mut out = Unknowns {
            compact: vec![NONE; BLOCK * model.mesh.n_cells()],
            kinds: vec![],
            totals: vec![],
            places: vec![],
        };
        let mut conserved = vec![];
        for (k, medium) in model.media.iter().enumerate() {
            let species = match (medium, model.mesh.regions[k]) {
                (Medium::Dense, region) => 1 + region as u8,
                _ => 0,
            };
            let there = [
                (*medium == Medium::Dense || medium.has_electrolyte() && with_c).then_some(Kind::Concentration(species)),
                medium.has_electrolyte().then_some(Kind::Potential),
                medium.has_solid().then_some(Kind::Potential),
            ];
            for (i, kind) in there.into_iter().enumerate() {
                if let Some(kind) = kind {
                    out.compact[BLOCK * k + i] = out.kinds.len() as u32;
                    out.kinds.push(kind);
                    out.places.push(centre(&model.mesh, k));
                    let solid = *medium == Medium::Dense || i == 2;
                    let quantity = (i, solid.then_some(model.mesh.regions[k] as u8));
                    let known = conserved.iter().position(|q| *q == quantity);
                    out.totals.push(known.unwrap_or(conserved.len()) as u8);
                    if known.is_none() {
                        conserved.push(quantity);
                    }
                }
            }
        }
        out
    }
}

/// Where the unknowns and the entries of the blocks are in the sparse matrix.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// Place of each unknown, or [`NONE`].
    pub compact: Vec<u32>,
    /// Unknowns of the volumes.
    pub n: usize,
    pub kinds: Vec<Kind>,
    /// Number of what each equation is a balance of.
    pub totals: Vec<u8>,
    /// Where each unknown is, m.
    pub places: Vec<[f64; 3]>,
    faces: Vec<[usize; 2]>,
    pub remote: Vec<[usize; 2]>,
    /// Unknowns of volumes that the potential of the positive terminal is coupled to.
    pub terminal: Vec<usize>,
}

impl Pattern {
    pub(crate) fn new(model: &Model, remote: &[[usize; 2]]) -> Pattern {
        let Unknowns {
            compact,
            kinds,
            totals,
            places,
        } = Unknowns::of(model);
        Pattern {
            n: kinds.len(),
            kinds,
            totals,
            places,
            faces: model.mesh.faces.iter().map(|f| f.cells).collect(),
            remote: remote.to_vec(),
            terminal: at_terminal(model, &compact),
            compact,
        }
    }

    /// Place of a row and column of the block that joins two volumes, if both unknowns are there.
    #[inline]
    pub(crate) fn entry(&self, [a, b]: [usize; 2], (i, j): (usize, usize)) -> Option<(u32, u32)> {
        let (row, column) = (self.compact[BLOCK * a + i], self.compact[BLOCK * b + j]);
        (row != NONE && column != NONE).then_some((row, column))
    }

    /// Positions of all entries of the volumes, in the order of [`Pattern::each`].
    pub(crate) fn entries(&self) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        let wide = |(i, j): (u32, u32)| (i as usize, j as usize);
        self.each(|cells, at, _| out.extend(self.entry(cells, at).map(wide)), &Nothing);
        out
    }

    /// Positions of the entries of the terminal, whose potential is the last unknown: of each unknown it is coupled to the column, then
    /// the row; then its own.
    pub(crate) fn terminal_entries(&self) -> impl Iterator<Item = (usize, usize)> {
        let last = self.n;
        let pair = move |at: &usize| [(self.compact[*at] as usize, last), (last, self.compact[*at] as usize)];
        self.terminal.iter().flat_map(pair).chain([(last, last)])
    }

    /// Calls `f` with the volumes, the row and column and the value of every entry.
    pub(crate) fn each(&self, mut f: impl FnMut([usize; 2], (usize, usize), f64), values: &impl Blocks) {
        let full = || (0..BLOCK).flat_map(|i| (0..BLOCK).map(move |j| (i, j)));
        for k in 0..self.compact.len() / BLOCK {
            let block = values.diagonal(k);
            full().for_each(|(i, j)| f([k, k], (i, j), block[i][j]));
        }
        for (n, &[a, b]) in self.faces.iter().enumerate() {
            for (end, cells) in [[a, b], [b, a]].into_iter().enumerate() {
                let block = values.face(n, end, cells[0]);
                COUPLED.iter().for_each(|&(i, j)| f(cells, (i, j), block[i][j]));
            }
        }
        for (n, &[a, b]) in self.remote.iter().enumerate() {
            for (end, cells) in [[a, b], [b, a]].into_iter().enumerate() {
                let block = values.remote(n, end, cells[0]);
                full().for_each(|(i, j)| f(cells, (i, j), block[i][j]));
            }
        }
    }
}

/// Where a volume is, m.
fn centre(mesh: &Mesh, k: usize) -> [f64; 3] {
    match mesh.boxes.get(k) {
        Some([low, high]) => std::array::from_fn(|axis| 0.5 * (low[axis] + high[axis])),
        None => [mesh.position[k], 0.0, 0.0],
    }
}

/// Unknowns that the potential of the positive terminal is coupled to.
fn at_terminal(model: &Model, compact: &[u32]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for g in &model.groups {
        for (cell, e) in g.cells.iter().zip(&g.electrons) {
            if *e == Electrons::Positive {
                out.extend([BLOCK * cell, BLOCK * cell + 1]);
            }
        }
    }
    out.extend(
        model
            .mesh
            .positive
            .iter()
            .filter(|f| model.solid[f.cell] > 0.0)
            .map(|f| BLOCK * f.cell + 2),
    );
    out.sort_unstable();
    out.dedup();
    out.retain(|at| compact[*at] != NONE);
    out
}

/// Block of the Jacobian.
type Block = [[f64; BLOCK]; BLOCK];

/// The values of all blocks: that of a volume, and those by which volume `row` at one end of a face or of a site feels the other end.
pub(crate) trait Blocks {
    fn diagonal(&self, k: usize) -> Block;
    fn face(&self, n: usize, end: usize, row: usize) -> Block;
    fn remote(&self, n: usize, end: usize, row: usize) -> Block;
}

/// For the pattern alone.
struct Nothing;

impl Blocks for Nothing {
    fn diagonal(&self, _: usize) -> Block {
        [[0.0; BLOCK]; BLOCK]
    }

    fn face(&self, _: usize, _: usize, _: usize) -> Block {
        [[0.0; BLOCK]; BLOCK]
    }

    fn remote(&self, _: usize, _: usize, _: usize) -> Block {
        [[0.0; BLOCK]; BLOCK]
    }
}

/// The blocks of a workspace. Part `share[k]` of the current balance of a volume is taken off its salt balance, in which salt then
/// diffuses and does not migrate; it is zero for the direct solution, which does not mind.
pub(crate) struct Filled<'a> {
    pub work: &'a Workspace,
    pub share: &'a [f64],
}

impl Filled<'_> {
    #[inline(always)]
    fn of(&self, [mut salt, charge, solid]: Block, row: usize) -> Block {
        salt.iter_mut()
            .zip(charge)
            .for_each(|(salt, charge)| *salt -= self.share[row] * charge);
        [salt, charge, solid]
    }
}

impl Blocks for Filled<'_> {
    #[inline(always)]
    fn diagonal(&self, k: usize) -> Block {
        self.of(self.work.diag[k], k)
    }

    #[inline(always)]
    fn face(&self, n: usize, end: usize, row: usize) -> Block {
        self.of(self.work.couplings.block(n, end == 0), row)
    }

    #[inline(always)]
    fn remote(&self, n: usize, end: usize, row: usize) -> Block {
        self.of(self.work.remote[n][end], row)
    }
}
