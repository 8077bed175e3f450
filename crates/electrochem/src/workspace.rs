//! Storage that is reused from factorisation to factorisation.

use crate::coefficients::CoefficientTable;
use crate::conditions::Conditions;
use crate::dense::DenseSite;
use crate::electrolyte::SaltTransport;
use crate::faces::Couplings;
use crate::heat::Local;
use crate::volumes::Volumes;

/// Blocks of the Jacobian and per-site derivatives; reused from factorisation to factorisation.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    pub coefficients: CoefficientTable,
    /// The same for closed forms.
    pub salt: Vec<SaltTransport>,
    pub diag: Vec<[[f64; 3]; 3]>,
    pub couplings: Couplings,
    /// Blocks of the sites whose electrons come from another volume, in the order of [`Volumes`]: what the site's volume feels of the
    /// other, and the reverse.
    pub remote: Vec<[[[f64; 3]; 3]; 2]>,
    pub solver: Volumes,
    pub dissociation_slope: Vec<f64>,
    /// Per site: surface stoichiometry, 1/Ê_j, corrected right-hand side, reduced host response.
    pub theta: Vec<f64>,
    pub inverse: Vec<f64>,
    pub rhs: Vec<f64>,
    pub reduced: Vec<f64>,
    /// Current density of the main reaction, of electrodes with side reactions.
    pub main: Vec<f64>,
    pub conditions: Conditions,
    /// Per volume, with a uniform reaction: derivatives of the mean step and of the mean ln c in the concentration.
    pub by_c: Vec<[f64; 2]>,
    /// Per site of a meshed electrode.
    pub dense: Vec<DenseSite>,
    /// Response of the volumes to the border: columns φ₊ and I.
    pub column: [Vec<f64>; 2],
    pub has_column: [bool; 2],
    /// True if the first column holds nothing but what volumes outside of lines respond.
    pub terminal_outside: bool,
    /// Rows of the border in the volumes (only row φ₊ is coupled), sparse.
    pub row: Vec<(usize, f64)>,
    /// Border block of [φ₊, I].
    pub border: [[f64; 2]; 2],
    pub cj: f64,
    pub buffer: Vec<f64>,
    pub voltage_slope: [f64; 2],
    /// Temperatures of a field.
    pub local: Local,
}

impl Workspace {
    pub(crate) fn new(n_cells: usize, n_faces: usize) -> Workspace {
        Workspace {
            coefficients: CoefficientTable::new(n_cells),
            salt: vec![SaltTransport::default(); n_cells],
            diag: vec![[[0.0; 3]; 3]; n_cells],
            couplings: Couplings::new(n_faces),
            remote: vec![],
            solver: Volumes::empty(),
            dissociation_slope: vec![0.0; n_cells],
            theta: vec![],
            inverse: vec![],
            rhs: vec![],
            reduced: vec![],
            main: vec![],
            conditions: Conditions::default(),
            by_c: vec![[0.0; 2]; n_cells],
            dense: vec![],
            column: [vec![0.0; 3 * n_cells], vec![0.0; 3 * n_cells]],
            has_column: [false; 2],
            terminal_outside: false,
            row: vec![],
            border: [[0.0; 2]; 2],
            cj: 0.0,
            buffer: vec![],
            voltage_slope: [0.0; 2],
            local: Local::default(),
        }
    }

    pub(crate) fn resize_sites(&mut self, n_sites: usize, n: usize) {
        for v in [&mut self.theta, &mut self.inverse, &mut self.rhs, &mut self.reduced, &mut self.main] {
            v.resize(n_sites, 0.0);
        }
        self.conditions.resize(n_sites);
        self.dense.resize(n_sites, DenseSite::default());
        self.buffer.resize(n, 0.0);
    }
}
