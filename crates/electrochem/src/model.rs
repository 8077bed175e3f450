//! The model: a mesh, the prepared laws on it, the layout of the unknowns, and the control at the terminals.
//!
//! # Unknowns
//! per control volume `[c, φ_e, φ_s]` (mol/m³, V, V) · per interface site the current density `j` (A/m², anodic positive) · the border
//! `[φ₊, I, T, Q, W, R, Q_l]`: potential of the positive terminal, current (discharge positive), temperature, charge passed, energy
//! delivered, lithium set free by dissociation, charge leaked · the states of all hosts · those of side reactions ([`crate::side`]) · the
//! temperature field ([`crate::heat`]), of which T is then the mean over the cell. The negative terminal is at φ = 0.

pub use crate::control::{Control, Stop};
use crate::electrolyte::Electrolyte;
use crate::faces::Run;
pub use crate::group::{Active, Dense, Electrons, Exchange, Group};
use crate::heat::Field;
pub use crate::sparse::Method;
use crate::spec::{CellSpec, Electrode, ElectrolyteLaw, ModelKind};
use crate::workspace::Workspace;
use cellwright_device::mesh::Mesh;

/// Unknowns per control volume.
pub const BLOCK: usize = 3;
/// Border: potential of the positive terminal, V.
pub const POTENTIAL: usize = 0;
/// Border: current, A.
pub const CURRENT: usize = 1;
/// Border: temperature, K.
pub const TEMPERATURE: usize = 2;
/// Border: charge passed since the start, C.
pub const CHARGE: usize = 3;
/// Border: energy delivered since the start, J.
pub const ENERGY: usize = 4;
/// Border: lithium set free by dissociation since the start, mol.
pub const DISSOCIATED: usize = 5;
/// Border: charge that electrons leaked through the electrolyte since the start, C.
pub const LEAKED: usize = 6;
/// Number of border unknowns.
pub const BORDER: usize = 7;

pub use cellwright_device::mesh::{
    ELECTROLYTE as REGION_SEPARATOR, NEGATIVE as REGION_NEGATIVE, NEGATIVE_COLLECTOR, POSITIVE as REGION_POSITIVE, POSITIVE_COLLECTOR,
};

/// What fills a control volume, and with it which of its three unknowns are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// Salt concentration and electrolyte potential.
    Electrolyte,
    /// The same, and the potential of the solid.
    Porous,
    /// A dense electrode: lithium concentration (in the place of the salt's) and potential of the solid.
    Dense,
    /// Potential of the solid.
    Metal,
}

impl Medium {
    /// True if ions move through it.
    pub fn has_electrolyte(self) -> bool {
        matches!(self, Medium::Electrolyte | Medium::Porous)
    }

    /// True if electrons move through it.
    pub fn has_solid(self) -> bool {
        self != Medium::Electrolyte
    }
}

/// A cell ready to be integrated.
#[derive(Clone, Debug)]
pub struct Model {
    /// What it was made from.
    pub spec: CellSpec,
    /// Control volumes and faces.
    pub mesh: Mesh,
    pub(crate) electrolyte: Electrolyte,
    /// What fills each volume.
    pub media: Vec<Medium>,
    /// Porosity of each volume.
    pub(crate) porosity: Vec<f64>,
    /// Transport efficiency of each volume.
    pub(crate) efficiency: Vec<f64>,
    /// Effective electronic conductivity of each volume; 0 without solid.
    pub(crate) solid: Vec<f64>,
    /// Interface sites: negative electrode, then positive.
    pub groups: Vec<Group>,
    /// Control at the terminals.
    pub control: Control,
    /// Where to stop.
    pub stops: Vec<Stop>,
    /// Electronic conductance of the electrolyte between the electrodes, S, see [`crate::leakage`].
    pub leakage: f64,
    /// Lithium in electrodes of metal at the start, mol; `None`: not counted, more than enough.
    pub metal: [Option<f64>; 2],
    /// Slow changes, which whoever runs the model carries out, see [`crate::wear`].
    pub wears: Vec<crate::wear::Worn>,
    /// Lithium in active material that is out of use, negative and positive electrode, mol, see [`crate::wear`].
    pub isolated: [f64; 2],
    pub(crate) reference_concentration: f64,
    pub(crate) initial_concentration: f64,
    pub(crate) differential: Vec<bool>,
    /// For uniform reaction: fraction of the current that flows in the electrolyte through each face.
    pub(crate) face_share: Vec<f64>,
    /// Distances of every face to both volumes over their transport efficiency, m.
    pub(crate) reach: [Vec<f64>; 2],
    /// Faces in runs.
    pub(crate) runs: Vec<Run>,
    /// For uniform reaction: electrolyte resistance times conductivity, 1/m, and electronic resistance, ohm.
    pub(crate) uniform_resistance: [f64; 2],
    /// The temperature field, where there is one.
    pub(crate) field: Option<Box<Field>>,
    pub(crate) work: Workspace,
    pub(crate) n_sites: usize,
    n: usize,
}

impl Model {
    /// Builds the one-dimensional model of a laminated cell.
    pub fn new(spec: CellSpec) -> Model {
        let mesh = crate::laminated::mesh(&spec);
        Model::on(mesh, spec, [f64::INFINITY; 2])
    }

    /// Builds the model of a cell on a mesh of any dimension, with the conductivities (S/m) of the meshed collectors, negative first.
    /// The mesh takes precedence over the thicknesses and areas of `spec`.
    ///
    /// # Panics
    /// If the single-particle models, which know one dimension only, are asked for on another mesh than a stack or with a temperature
    /// field.
    pub fn on(mut mesh: Mesh, spec: CellSpec, collectors: [f64; 2]) -> Model {
        assert!(
            spec.kind == ModelKind::Dfn || mesh.is_chain(),
            "single-particle models are for stacks"
        );
        // Faces of one direction after another, so that those in a row join volumes in a row.
        mesh.faces.sort_by_key(|f| (f.cells[1] as isize - f.cells[0] as isize, f.cells[0]));
        let isothermal = spec.heat.is_none();
        let electrolyte = Electrolyte::new(&spec.electrolyte, spec.temperature, isothermal);
        let initial_concentration = spec.electrolyte.initial_concentration();
        let reference_concentration = match &spec.electrolyte {
            ElectrolyteLaw::Concentrated {
                reference_concentration, ..
            } => *reference_concentration,
            _ => initial_concentration,
        };
        let n_cells = mesh.n_cells();
        let mut model = Model {
            electrolyte,
            media: vec![Medium::Electrolyte; n_cells],
            porosity: vec![1.0; n_cells],
            efficiency: vec![1.0; n_cells],
            solid: vec![0.0; n_cells],
            groups: vec![],
            control: Control::Current(0.0),
            stops: vec![],
            leakage: 0.0,
            metal: [None; 2],
            wears: vec![],
            isolated: [0.0; 2],
            reference_concentration,
            initial_concentration,
            differential: vec![],
            face_share: vec![],
            reach: [vec![], vec![]],
            runs: vec![],
            uniform_resistance: [0.0; 2],
            field: None,
            work: Workspace::new(n_cells, mesh.faces.len()),
            n_sites: 0,
            n: 0,
            mesh,
            spec,
        };
        model.fill_regions(collectors);
        model.add_groups(isothermal);
        model.add_field();
        model.finish_layout();
        model
    }

    /// Changes how linear systems are solved; without effect on stacks.
    pub fn solve_by(&mut self, method: Method) {
        self.work.solver = crate::volumes::Volumes::new(self, method);
    }

    /// How linear systems are solved, in words, with what it has cost so far.
    pub fn method(&self) -> String {
        self.work.solver.describe()
    }

    /// True if a new Newton matrix at every step is worth its price.
    pub fn factors_cheaply(&self) -> bool {
        self.work.solver.factors_cheaply()
    }

    /// True when interfaces charge: only differences of potentials are differential, and a start has to be settled.
    pub fn stores_charge(&self) -> bool {
        self.spec.kind == ModelKind::Dfn && self.groups.iter().any(|g| g.double_layer > 0.0)
    }

    /// Index of unknown `which` (0 c, 1 φ_e, 2 φ_s) of control volume `cell`.
    pub fn cell_index(&self, cell: usize, which: usize) -> usize {
        BLOCK * cell + which
    }

    /// First current-density unknown.
    pub fn sites_offset(&self) -> usize {
        BLOCK * self.mesh.n_cells()
    }

    /// First border unknown.
    pub fn border_offset(&self) -> usize {
        self.sites_offset() + self.n_sites
    }

    /// Number of interface sites.
    pub fn n_sites(&self) -> usize {
        self.n_sites
    }

    /// Number of unknowns.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Terminal voltage, V.
    #[inline]
    pub fn voltage(&self, y: &[f64]) -> f64 {
        let b = self.border_offset();
        y[b + POTENTIAL] - self.spec.series_resistance * y[b + CURRENT]
    }

    /// Current that the electrodes deliver, A: that of the terminals and that of the leak.
    #[inline]
    pub fn internal_current(&self, y: &[f64]) -> f64 {
        let b = self.border_offset();
        y[b + CURRENT] + self.leakage * y[b + POTENTIAL]
    }

    /// Border unknown `which`.
    #[inline]
    pub fn border(&self, y: &[f64], which: usize) -> f64 {
        y[self.border_offset() + which]
    }

    /// Region and unknown behind an index, in the user's words.
    pub fn describe(&self, index: usize) -> (&'static str, &'static str) {
        let region = |k: usize| match self.mesh.regions[k] {
            REGION_NEGATIVE => "negative electrode",
            REGION_POSITIVE => "positive electrode",
            NEGATIVE_COLLECTOR => "negative collector",
            POSITIVE_COLLECTOR => "positive collector",
            _ => "electrolyte",
        };
        let electrode = |g: &Group| if g.sign > 0.0 { "negative electrode" } else { "positive electrode" };
        if index < self.sites_offset() {
            let (k, which) = (index / BLOCK, index % BLOCK);
            let unknown = match (self.media[k], which) {
                (Medium::Dense, 0) => "lithium concentration",
                (_, 0) => "salt concentration",
                (_, 1) => "electrolyte potential",
                _ => "electrode potential",
            };
            return (region(k), unknown);
        }
        if let Some(site) = index.checked_sub(self.sites_offset()).filter(|s| *s < self.n_sites) {
            let g = self.groups.iter().find(|g| g.sites.contains(&site));
            return (g.map_or("cell", electrode), "interface current");
        }
        if let Some(b) = index.checked_sub(self.border_offset()).filter(|b| *b < BORDER) {
            let names = [
                "terminal potential",
                "current",
                "temperature",
                "charge",
                "energy",
                "dissociated lithium",
                "leaked charge",
            ];
            return ("terminals", names[b]);
        }
        let g = self
            .groups
            .iter()
            .find(|g| g.hosts.as_ref().is_some_and(|h| h.range().contains(&index)));
        for g in &self.groups {
            if let Some(name) = g.sides.as_ref().and_then(|s| s.describe(index)) {
                return (electrode(g), name);
            }
        }
        if let Some(name) = self.field.as_ref().and_then(|f| f.describe(index)) {
            return ("device", name);
        }
        (g.map_or("cell", electrode), "lithium in the solid")
    }

    /// State at rest: uniform hosts and electrolyte, potentials at equilibrium. Pass it through consistent initialisation.
    pub fn initial_state(&self) -> Vec<f64> {
        let mut y = vec![0.0; self.n];
        let equilibrium = |g: &Group, e: &Electrode| match (&g.active, e.active()) {
            (Some(a), Some(m)) => a.potential.eval(m.initial_stoichiometry, self.spec.temperature).value,
            _ => 0.0,
        };
        let u_negative = equilibrium(&self.groups[0], &self.spec.negative);
        let u_positive = equilibrium(&self.groups[1], &self.spec.positive);
        let potentials = self.spec.kind == ModelKind::Dfn;
        for k in 0..self.mesh.n_cells() {
            let (at, medium) = (BLOCK * k, self.media[k]);
            let electrode = usize::from(matches!(self.mesh.regions[k], REGION_POSITIVE | POSITIVE_COLLECTOR));
            y[at] = match (&self.groups[electrode].dense, medium) {
                (Some(d), Medium::Dense) => d.initial * d.maximum_concentration,
                (_, Medium::Metal) => 0.0,
                _ => self.initial_concentration,
            };
            if potentials && medium.has_electrolyte() {
                y[at + 1] = -u_negative;
            }
            if potentials && medium.has_solid() && electrode == 1 {
                y[at + 2] = u_positive - u_negative;
            }
        }
        for (g, e) in self.groups.iter().zip([&self.spec.negative, &self.spec.positive]) {
            if let (Some(h), Some(m)) = (&g.hosts, e.active()) {
                h.fill(&mut y, m.initial_stoichiometry);
            }
        }
        let b = self.border_offset();
        y[b + POTENTIAL] = u_positive - u_negative;
        y[b + TEMPERATURE] = self.spec.temperature;
        y
    }

    pub(crate) fn finish_layout(&mut self) {
        let mut offset = self.border_offset() + BORDER;
        for g in &mut self.groups {
            if let Some(h) = &mut g.hosts {
                h.offset = offset;
                offset = h.range().end;
            }
        }
        for sides in self.groups.iter_mut().filter_map(|g| g.sides.as_mut()) {
            sides.offset = offset;
            offset = sides.range().end;
        }
        if let Some(field) = &mut self.field {
            field.offset = offset;
            offset = field.range().end;
        }
        self.n = offset;
        let mut differential = vec![false; self.n];
        for (k, medium) in self.media.iter().enumerate() {
            differential[BLOCK * k] = *medium != Medium::Metal;
        }
        let b = self.border_offset();
        differential[b + TEMPERATURE..].fill(true);
        // What follows the border: hosts, then side reactions, which are algebraic but for the amounts.
        for sides in self.groups.iter().filter_map(|g| g.sides.as_ref()) {
            differential[sides.range()].fill(false);
            sides.mark(&mut differential);
        }
        // The mean of a field follows from it.
        differential[b + TEMPERATURE] = self.field.is_none();
        // A double layer differentiates φ_s - φ_e only, so neither potential alone is differential; see `stores_charge`.
        self.differential = differential;
        self.work.resize_sites(self.n_sites, self.n);
        self.prepare_faces();
        if self.mesh.is_chain() {
            self.face_share = crate::uniform::face_shares(self);
            if self.spec.kind != ModelKind::Dfn {
                self.uniform_resistance = [self.electrolyte_resistance(), self.solid_resistance()];
            }
        }
        self.work.solver = crate::volumes::Volumes::new(self, Method::Usual);
        self.work.remote = vec![[[[0.0; 3]; 3]; 2]; self.work.solver.n_remote()];
    }
}
