//! Transport between control volumes: what passes through a face, and what that does to the balances of both sides.
//!
//! Faces that follow one another in a mesh mostly join volumes that follow one another. Where there is electrolyte on both sides of such
//! a run, what passes through its faces is found for several of them together.

use crate::electrolyte::{Coefficients, FaceFlux, Side, face_flux};
use crate::heat::Temperature;
use crate::model::{BLOCK, Medium, Model, REGION_POSITIVE};
use cellwright_dae::lanes::{Lanes, groups, vectorised};
use cellwright_dae::parallel;
use cellwright_device::mesh::Face;
use std::ops::Range;

/// What passes through every face from its first to its second volume, and how that changes with both, field by field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Couplings {
    passing: [Vec<f64>; FIELDS],
    /// Conductance for electrons, S; it never changes.
    solid: Vec<f64>,
}

/// Flux of cations or lithium, mol/s, with its derivatives in both concentrations and in the potential of the first volume; current in the
/// electrolyte, A, with its derivatives and the conductance.
const FIELDS: usize = 8;
const FLUX: usize = 0;
const FLUX_C: [usize; 2] = [1, 2];
const FLUX_PHI: usize = 3;
const CURRENT: usize = 4;
const CURRENT_C: [usize; 2] = [5, 6];
const CONDUCTANCE: usize = 7;

impl Couplings {
    pub(crate) fn new(n: usize) -> Couplings {
        Couplings {
            passing: std::array::from_fn(|_| vec![0.0; n]),
            solid: vec![0.0; n],
        }
    }

    /// Entries 00, 01, 10, 11 and 22 of the block by which the first volume of face `f` feels the second (`of_first`), or the reverse.
    #[inline(always)]
    pub(crate) fn entries(&self, f: usize, of_first: bool) -> [f64; 5] {
        let p = &self.passing;
        let [fc, ic] = match of_first {
            true => [p[FLUX_C[1]][f], p[CURRENT_C[1]][f]],
            false => [-p[FLUX_C[0]][f], -p[CURRENT_C[0]][f]],
        };
        [fc, -p[FLUX_PHI][f], ic, -p[CONDUCTANCE][f], -self.solid[f]]
    }

    /// The whole block.
    #[inline(always)]
    pub(crate) fn block(&self, f: usize, of_first: bool) -> [[f64; 3]; 3] {
        let [cc, cp, pc, pp, ss] = self.entries(f, of_first);
        [[cc, cp, 0.0], [pc, pp, 0.0], [0.0, 0.0, ss]]
    }

    /// Derivatives of the flux of salt through face `f` in both concentrations.
    #[inline(always)]
    pub(crate) fn set_salt(&mut self, f: usize, by_c: [f64; 2]) {
        (self.passing[FLUX_C[0]][f], self.passing[FLUX_C[1]][f]) = (by_c[0], by_c[1]);
    }

    /// Number of faces.
    pub(crate) fn len(&self) -> usize {
        self.solid.len()
    }
}

/// Faces in a row with electrolyte on both sides that join volumes in a row, or any other one.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    faces: Range<usize>,
    /// First volumes on both sides of a row.
    row: Option<[usize; 2]>,
}

/// The faces of a mesh in runs.
pub(crate) fn runs(faces: &[Face], media: &[Medium]) -> Vec<Run> {
    let ionic = |f: usize| faces.get(f).is_some_and(|f| f.cells.iter().all(|k| media[*k].has_electrolyte()));
    let follows = |f: usize| faces[f].cells == faces[f - 1].cells.map(|k| k + 1);
    let mut out = vec![];
    let mut first = 0;
    while first < faces.len() {
        let mut end = first + 1;
        while ionic(first) && ionic(end) && follows(end) {
            end += 1;
        }
        out.push(Run {
            faces: first..end,
            row: (end > first + 1).then_some(faces[first].cells),
        });
        first = end;
    }
    out
}

impl Model {
    /// Prepares what never changes about faces.
    pub(crate) fn prepare_faces(&mut self) {
        let reach = |side: usize| {
            let of = |f: &Face| f.distance[side] / self.efficiency[f.cells[side]];
            self.mesh.faces.iter().map(of).collect()
        };
        self.reach = [reach(0), reach(1)];
        self.runs = runs(&self.mesh.faces, &self.media);
        for (conductance, face) in self.work.couplings.solid.iter_mut().zip(&self.mesh.faces) {
            let [a, b] = face.cells.map(|k| self.solid[k]);
            if a > 0.0 && b > 0.0 {
                *conductance = face.area / (face.distance[0] / a + face.distance[1] / b);
            }
        }
    }

    /// Lithium from volume `a` to volume `b` of a dense electrode, mol/s, with its derivatives: `A ∫D dc / d`, Simpson's rule.
    fn lithium_flux<T: Temperature>(&self, y: &[f64], face: &Face, temperature: T) -> (f64, [f64; 2]) {
        let [a, b] = face.cells;
        let group = &self.groups[usize::from(self.mesh.regions[a] == REGION_POSITIVE)];
        let Some(dense) = &group.dense else { return (0.0, [0.0; 2]) };
        let per = 1.0 / dense.maximum_concentration;
        let (ca, cb) = (y[BLOCK * a], y[BLOCK * b]);
        let d = |c: f64, t: f64| dense.diffusion.eval(c * per, t);
        let (ta, tb) = (temperature.volume(a), temperature.volume(b));
        let (da, dm, db) = (d(ca, ta), d(0.5 * (ca + cb), 0.5 * (ta + tb)), d(cb, tb));
        let t = face.area / (6.0 * (face.distance[0] + face.distance[1]));
        let mean = t * (da.value + 4.0 * dm.value + db.value);
        let by = t * per * (ca - cb);
        (
            mean * (ca - cb),
            [mean + by * (da.dx + 2.0 * dm.dx), -mean + by * (db.dx + 2.0 * dm.dx)],
        )
    }

    /// Current and cation flux through a face between two volumes of electrolyte.
    #[inline(always)]
    pub(crate) fn ionic_flux(&self, y: &[f64], face: &Face, ca: &Coefficients, cb: &Coefficients) -> FaceFlux {
        let side = |side: usize| {
            let k = face.cells[side];
            Side {
                c: y[BLOCK * k],
                phi: y[BLOCK * k + 1],
                distance: face.distance[side] / self.efficiency[k],
            }
        };
        face_flux(side(0), side(1), ca, cb, face.area)
    }

    /// What passes through a single face, which is number `at` of `out`.
    fn through_face<T: Temperature>(&self, y: &[f64], f: usize, temperature: T, at: usize, out: &mut [&mut [f64]; FIELDS]) {
        let face = &self.mesh.faces[f];
        let [a, b] = face.cells;
        if self.media[a].has_electrolyte() && self.media[b].has_electrolyte() {
            let flux = self.ionic_flux(y, face, &self.work.coefficients.at(a), &self.work.coefficients.at(b));
            (out[CURRENT][at], out[CONDUCTANCE][at]) = (flux.current, flux.conductance);
            if self.electrolyte.has_concentration() {
                (out[FLUX][at], out[FLUX_PHI][at]) = (flux.flux, flux.flux_phi);
                for side in 0..2 {
                    (out[FLUX_C[side]][at], out[CURRENT_C[side]][at]) = (flux.flux_c[side], flux.current_c[side]);
                }
            }
        } else if self.media[a] == Medium::Dense && self.media[b] == Medium::Dense {
            let (flux, by_c) = self.lithium_flux(y, face, temperature);
            (out[FLUX][at], out[FLUX_C[0]][at], out[FLUX_C[1]][at]) = (flux, by_c[0], by_c[1]);
        }
    }

    /// What passes through a row of faces between volumes from `a` and from `b` on, of which the first is number `at` of `out`.
    fn through_row<const JAC: bool>(&self, y: &[f64], row: &Range<usize>, [a, b]: [usize; 2], at: usize, out: &mut [&mut [f64]; FIELDS]) {
        let with_c = self.electrolyte.has_concentration();
        vectorised(
            #[inline(always)]
            || {
                for group in groups(row.len()) {
                    let (first, n) = (group.start, group.len());
                    let (faces, a, b) = (row.start + first..row.start + group.end, a + first, b + first);
                    let area = Lanes::from_fn(|l| self.mesh.faces[faces.start + l.min(n - 1)].area);
                    let (ca, cb) = (self.work.coefficients.of(a..a + n), self.work.coefficients.of(b..b + n));
                    let this = row_side(y, a, n, &self.reach[0][faces.clone()]);
                    let other = row_side(y, b, n, &self.reach[1][faces]);
                    let flux = face_flux(this, other, &ca, &cb, area);
                    let here = at + first..at + first + n;
                    flux.current.put(&mut out[CURRENT][here.clone()]);
                    if with_c {
                        flux.flux.put(&mut out[FLUX][here.clone()]);
                    }
                    if JAC {
                        flux.conductance.put(&mut out[CONDUCTANCE][here.clone()]);
                    }
                    if JAC && with_c {
                        flux.flux_phi.put(&mut out[FLUX_PHI][here.clone()]);
                        flux.flux_c[0].put(&mut out[FLUX_C[0]][here.clone()]);
                        flux.flux_c[1].put(&mut out[FLUX_C[1]][here.clone()]);
                        flux.current_c[0].put(&mut out[CURRENT_C[0]][here.clone()]);
                        flux.current_c[1].put(&mut out[CURRENT_C[1]][here]);
                    }
                }
            },
        );
    }

    /// What passes through the faces of runs in a row.
    fn through_runs<const JAC: bool, T: Temperature>(&self, y: &[f64], runs: &[Run], temperature: T, mut out: [&mut [f64]; FIELDS]) {
        let begin = runs.first().map_or(0, |run| run.faces.start);
        for run in runs {
            let at = run.faces.start - begin;
            match run.row {
                Some(cells) => self.through_row::<JAC>(y, &run.faces, cells, at, &mut out),
                None => self.through_face(y, run.faces.start, temperature, at, &mut out),
            }
        }
    }

    /// Transport between volumes.
    pub(crate) fn faces<const JAC: bool, T: Temperature>(&mut self, y: &[f64], temperature: T, r: &mut [f64]) {
        let mut couplings = std::mem::take(&mut self.work.couplings);
        let mut left = couplings.passing.each_mut().map(Vec::as_mut_slice);
        if parallel::worthwhile(self.mesh.faces.len()) {
            let mut pieces = vec![];
            let mut runs = &self.runs[..];
            while let Some(first) = runs.first() {
                let begin = first.faces.start;
                let n = runs.partition_point(|run| run.faces.end <= begin + parallel::CHUNK).max(1);
                let (some, behind) = runs.split_at(n);
                let length = some[n - 1].faces.end - begin;
                pieces.push((some, left.each_mut().map(|field| field.split_off_mut(..length).unwrap_or_default())));
                runs = behind;
            }
            let work = |_, (runs, here)| self.through_runs::<JAC, T>(y, runs, temperature, here);
            parallel::each(pieces, work);
        } else {
            self.through_runs::<JAC, T>(y, &self.runs, temperature, left);
        }
        self.put::<JAC>(&couplings, y, r);
        self.work.couplings = couplings;
    }

    /// Puts what passes through all faces into the balances of their volumes.
    fn put<const JAC: bool>(&mut self, couplings: &Couplings, y: &[f64], r: &mut [f64]) {
        let n = self.mesh.faces.len();
        let (p, solid) = (couplings.passing.each_ref().map(|field| &field[..n]), &couplings.solid[..n]);
        for (f, face) in self.mesh.faces.iter().enumerate() {
            let [a, b] = face.cells;
            let (at_a, at_b) = (BLOCK * a, BLOCK * b);
            let electrons = solid[f] * (y[at_a + 2] - y[at_b + 2]);
            let to = &mut r[at_a..at_a + BLOCK];
            to[0] += p[FLUX][f];
            to[1] += p[CURRENT][f];
            to[2] += electrons;
            let to = &mut r[at_b..at_b + BLOCK];
            to[0] -= p[FLUX][f];
            to[1] -= p[CURRENT][f];
            to[2] -= electrons;
            if JAC {
                for (k, side, sign) in [(a, 0, 1.0), (b, 1, -1.0)] {
                    let d = &mut self.work.diag[k];
                    d[0][0] += sign * p[FLUX_C[side]][f];
                    d[0][1] += p[FLUX_PHI][f];
                    d[1][0] += sign * p[CURRENT_C[side]][f];
                    d[1][1] += p[CONDUCTANCE][f];
                    d[2][2] += solid[f];
                }
            }
        }
    }
}

/// One side of a row of `n` faces, whose first volume is `k`.
#[inline(always)]
fn row_side(y: &[f64], k: usize, n: usize, reach: &[f64]) -> Side<Lanes> {
    let y = &y[BLOCK * k..BLOCK * (k + n)];
    Side {
        c: Lanes::every::<BLOCK>(y),
        phi: Lanes::every::<BLOCK>(&y[1..]),
        distance: Lanes::of(reach),
    }
}
