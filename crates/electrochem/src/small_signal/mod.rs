//! Small-signal response: the impedance of a cell about any of its states, on any mesh, divided among the processes that make it.
//!
//! # Equation
//! The equations of the cell, linearised about a state and written for `e^{st}`, are `(J + s M) δy = δI e`, with the Jacobian J and the
//! mass matrix M of time integration. `Z(s) = -δV/δI` (discharge positive), `s = 2πi f`. Hosts are eliminated exactly
//! (`host_group/transfer.rs`), interface sites by hand (`site.rs`); what is left are three unknowns per volume and the potential of the
//! positive terminal (`matrix.rs`).
//!
//! Two things are finer than in time integration. A solid electrolyte also carries displacement current, `κ + s ε₀ε_r`; and at a film or
//! metal the double layer sits at the interface itself, so its current passes the half-volume of electrolyte before it.
//! In both, what time integration leaves out is far faster than any of its steps.
//!
//! # Validity
//! Amplitudes for which the cell is linear (a few millivolt across each interface); constant temperature. The single-particle models have no double layer.
//!
//! # Source
//! Division by process: Tellegen's theorem with the currents of the response itself, `-δφ₊ δI = Σ δi δΔφ` over all branches.
//!
//! # Verification
//! `tests/small_signal.rs`: the time-domain Jacobian at real s, Warburg and Randles in closed form, closure of the parts.
//! `cellwright validate impedance`: PyBaMM.

mod matrix;
mod parts;
mod site;
mod uniform;

use crate::host_group::Transfer;
use crate::model::{BLOCK, Medium, Model, TEMPERATURE};
use crate::pattern::COUPLED;
use crate::spec::ModelKind;
use cellwright_base::constants::{FARADAY, VACUUM_PERMITTIVITY};
use cellwright_dae::Unusable;
use matrix::Matrix;
use num_complex::Complex64;
use site::Site;

/// Number of parts of an impedance: the losses of [`crate::losses::LOSSES`], then the charge stored in the electrodes.
pub const PARTS: usize = crate::losses::LOSSES.len() + 1;
/// The part of the stored charge: what the open-circuit voltage of the mean stoichiometries does, `dU/dQ / s`.
pub const STORAGE: usize = PARTS - 1;

/// Impedance at one frequency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// Z, ohm.
    pub impedance: Complex64,
    /// By process, in the order of [`crate::losses::LOSSES`] and [`STORAGE`]; they add up to Z.
    pub parts: [Complex64; PARTS],
}

/// A cell linearised about a state.
pub struct SmallSignal<'a> {
    model: &'a Model,
    y: Vec<f64>,
    /// Mass of the concentration of each volume, m³; infinite where it cannot change.
    mass: Vec<f64>,
    /// Displacement per face, F.
    displacement: Vec<f64>,
    sites: Vec<Site>,
    hosts: [Option<Transfer>; 2],
    /// G of every site at the present frequency.
    gain: Vec<Complex64>,
    matrix: Matrix,
    column: Vec<Complex64>,
    row: Vec<Complex64>,
    /// Response of the volumes to one ampere of discharge, and of the positive terminal.
    response: Vec<Complex64>,
    potential: Complex64,
}

impl Model {
    /// Linearises the model about the state `y`, which should be at rest, or steady at least.
    ///
    /// # Errors
    /// [`Unusable`] if the state is outside the domain of the equations.
    pub fn small_signal(&mut self, y: &[f64]) -> Result<SmallSignal<'_>, Unusable> {
        let rest = vec![0.0; y.len()];
        let mut residual = vec![0.0; y.len()];
        self.assemble::<true>(0.0, y, &rest, 0.0, &mut residual)?;
        if self.spec.kind != ModelKind::Dfn {
            self.work.column[1].fill(0.0);
        }
        if self.spec.kind == ModelKind::Spme && self.electrolyte.has_concentration() {
            self.fill_current_column();
            self.work.has_column[1] = true;
        }
        SmallSignal::new(self, y)
    }
}

impl<'a> SmallSignal<'a> {
    fn new(model: &'a Model, y: &[f64]) -> Result<SmallSignal<'a>, Unusable> {
        let (temperature, local) = (model.border(y, TEMPERATURE), model.local(y));
        let first = model.sites_offset();
        let permittivity = VACUUM_PERMITTIVITY * model.spec.separator.relative_permittivity;
        let with_c = model.electrolyte.has_concentration() && model.spec.kind != ModelKind::Spm;
        let stored = |k: usize| match model.media[k] {
            Medium::Dense => model.mesh.volumes[k],
            Medium::Metal => 0.0,
            _ if with_c => model.porosity[k] * model.mesh.volumes[k],
            _ => f64::INFINITY,
        };
        let between = |f: &cellwright_device::mesh::Face| match f.cells.map(|k| model.media[k]) {
            [Medium::Electrolyte, Medium::Electrolyte] => permittivity * f.area / (f.distance[0] + f.distance[1]),
            _ => 0.0,
        };
        let mut sites = Vec::with_capacity(model.n_sites());
        for (gi, g) in model.groups.iter().enumerate() {
            for s in 0..g.cells.len() {
                let equation = model.site(gi, s, y, &local)?;
                sites.push(Site::new(model, g, (s, local.sites[g.sites.start + s]), &equation, y, permittivity));
            }
        }
        let hosts = [0, 1].map(|e| {
            let g = &model.groups[e];
            let j = &y[first + g.sites.start..first + g.sites.end];
            g.hosts.as_ref().map(|h| h.transfer(y, j, temperature))
        });
        let n = BLOCK * model.mesh.n_cells();
        let mut out = SmallSignal {
            y: y.to_vec(),
            mass: (0..model.mesh.n_cells()).map(stored).collect(),
            displacement: model.mesh.faces.iter().map(between).collect(),
            gain: vec![Complex64::ZERO; sites.len()],
            sites,
            hosts,
            matrix: Matrix::chain(0),
            column: vec![Complex64::ZERO; n],
            row: vec![Complex64::ZERO; n],
            response: vec![Complex64::ZERO; n],
            potential: Complex64::ZERO,
            model,
        };
        out.matrix = Matrix::new(&out);
        Ok(out)
    }

    /// Impedance at the frequency `f`, Hz.
    ///
    /// # Errors
    /// [`Unusable::Singular`] if the cell blocks direct current and `f` is zero.
    pub fn at(&mut self, f: f64) -> Result<Response, Unusable> {
        self.at_complex(Complex64::new(0.0, std::f64::consts::TAU * f))
    }

    /// Response at any complex frequency `s`, rad/s, off the negative real axis.
    ///
    /// # Errors
    /// [`Unusable::Singular`] at a pole.
    pub fn at_complex(&mut self, s: Complex64) -> Result<Response, Unusable> {
        for (g, hosts) in self.model.groups.iter().zip(&self.hosts) {
            let gain = &mut self.gain[g.sites.clone()];
            match hosts {
                Some(h) => h.at(s, gain),
                None => gain
                    .iter_mut()
                    .zip(&self.sites[g.sites.clone()])
                    .for_each(|(gain, site)| *gain = site.own_gain()),
            }
        }
        let uniform = self.model.spec.kind != ModelKind::Dfn;
        let corner = self.fill(s);
        self.response.copy_from_slice(&self.column);
        self.matrix.factor_and_solve(&mut self.response)?;
        let carried: Complex64 = self.row.iter().zip(&self.response).map(|(a, b)| a * b).sum();
        // One ampere of discharge: it leaves through the positive terminal, or it is the column itself.
        self.potential = if uniform { carried - corner } else { 1.0 / (corner - carried) };
        let by = if uniform { -Complex64::ONE } else { -self.potential };
        self.response.iter_mut().for_each(|x| *x *= by);
        let impedance = self.model.spec.series_resistance - self.potential;
        if !(impedance.re.is_finite() && impedance.im.is_finite()) {
            return Err(Unusable::Singular { index: None });
        }
        let parts = if uniform { self.uniform_parts(s) } else { self.parts(s) };
        Ok(Response { impedance, parts })
    }

    /// Fills matrix, column and row at `s`; returns the diagonal of the positive terminal.
    fn fill(&mut self, s: Complex64) -> Complex64 {
        self.row.fill(Complex64::ZERO);
        self.column
            .iter_mut()
            .zip(&self.model.work.column[1])
            .for_each(|(z, v)| *z = (*v).into());
        if self.model.spec.kind == ModelKind::Dfn {
            self.column.fill(Complex64::ZERO);
        }
        let mut matrix = std::mem::replace(&mut self.matrix, Matrix::chain(0));
        matrix.clear();
        let terminal = self.column.len();
        let (mut column, mut row, mut corner) = (std::mem::take(&mut self.column), std::mem::take(&mut self.row), Complex64::ZERO);
        self.entries(s, |i, j, v| match (i == terminal, j == terminal) {
            (false, false) => matrix.add(i, j, v),
            (false, true) => column[i] += v,
            (true, false) => row[j] += v,
            (true, true) => corner += v,
        });
        (self.matrix, self.column, self.row) = (matrix, column, row);
        if self.model.spec.kind == ModelKind::Dfn {
            corner
        } else {
            self.uniform_border()
        }
    }

    /// Every entry of `J + s M` over the volumes, with the positive terminal as the last unknown, in an order that does not depend on `s`.
    fn entries(&self, s: Complex64, mut put: impl FnMut(usize, usize, Complex64)) {
        let (model, w) = (self.model, &self.model.work);
        for (k, block) in w.diag.iter().enumerate() {
            for (i, row) in block.iter().enumerate() {
                for (j, v) in row.iter().enumerate() {
                    let mass = match self.mass[k] {
                        _ if i + j > 0 => Complex64::ZERO,
                        f64::INFINITY => Complex64::ONE,
                        mass => s * mass,
                    };
                    put(BLOCK * k + i, BLOCK * k + j, mass + v);
                }
            }
        }
        for (f, face) in model.mesh.faces.iter().enumerate() {
            let [a, b] = face.cells.map(|k| BLOCK * k);
            let [upper, lower] = [true, false].map(|first| w.couplings.block(f, first));
            for (i, j) in COUPLED {
                put(a + i, b + j, upper[i][j].into());
                put(b + i, a + j, lower[i][j].into());
            }
            if self.displacement[f] > 0.0 {
                let y = s * self.displacement[f];
                put(a + 1, a + 1, y);
                put(b + 1, b + 1, y);
                put(a + 1, b + 1, -y);
                put(b + 1, a + 1, -y);
            }
        }
        if model.spec.kind != ModelKind::Dfn {
            return;
        }
        let terminal = self.column_len();
        for (site, gain) in self.sites.iter().zip(&self.gain) {
            let law = site.law(s, *gain);
            let cell = BLOCK * site.cell;
            for (to, v) in site.columns(terminal) {
                let (j, i) = (law.j[v] * site.area, law.i[v] * site.area);
                if site.feeds_salt {
                    put(cell, to, -j / FARADAY);
                }
                put(cell + 1, to, -i);
                if let Some(solid) = site.solid(terminal) {
                    put(solid, to, if solid == terminal { -i } else { i });
                }
                if let Some(far) = site.far {
                    put(far, to, j / FARADAY);
                }
            }
        }
        for face in model.mesh.positive.iter().filter(|f| model.solid[f.cell] > 0.0) {
            let conductance = Complex64::from(face.area * model.solid[face.cell] / face.distance);
            let at = BLOCK * face.cell + 2;
            put(at, terminal, -conductance);
            put(terminal, at, conductance);
            put(terminal, terminal, -conductance);
        }
    }

    fn column_len(&self) -> usize {
        BLOCK * self.model.mesh.n_cells()
    }
}
