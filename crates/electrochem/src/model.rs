//! The model: a mesh, the prepared laws on it, the layout of the unknowns, and the control at the terminals.
//!
//! # Unknowns
//! per control volume `[c, φ_e, φ_s]` (mol/m³, V, V) · per interface site the current density `j` (A/m², anodic positive) · the border
//! `[φ₊, I, T, Q, W, R]`: potential of the positive terminal, current (discharge positive), temperature, charge passed, energy
//! delivered, lithium set free by dissociation · the states of all hosts. The negative terminal is at φ = 0.

use crate::curve::Curve;
use crate::electrolyte::{Coefficients, Electrolyte};
use crate::host_group::HostGroup;
use crate::kinetics::Kinetics;
use crate::spec::{ActiveMaterial, CellSpec, Electrode, ElectrolyteLaw, ExchangeCurrent, ModelKind};
use cellwright_dae::linear::BlockTridiagonal;
use cellwright_device::mesh::{Mesh, Segment, Spacing, stack};
use std::ops::Range;

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
/// Number of border unknowns.
pub const BORDER: usize = 6;

pub use cellwright_device::mesh::{ELECTROLYTE as REGION_SEPARATOR, NEGATIVE as REGION_NEGATIVE, POSITIVE as REGION_POSITIVE};

/// What the terminals are held at.
#[derive(Clone, Debug)]
pub enum Control {
    /// Current, A.
    Current(f64),
    /// Voltage, V.
    Voltage(f64),
    /// Voltage that starts at `from` at the time `start` and changes at `rate`, V/s.
    Ramp {
        /// Start voltage, V.
        from: f64,
        /// V/s.
        rate: f64,
        /// Time of the start, s.
        start: f64,
    },
    /// Power delivered, W.
    Power(f64),
    /// Load resistance, ohm.
    Resistance(f64),
    /// Current that starts at `from` at the time `start` and changes at `rate`, A/s: one segment of a profile.
    CurrentRamp {
        /// Start current, A.
        from: f64,
        /// A/s.
        rate: f64,
        /// Time of the start, s.
        start: f64,
    },
}

/// Something to stop at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stop {
    /// Terminal voltage falls to this, V.
    VoltageBelow(f64),
    /// Terminal voltage rises to this, V.
    VoltageAbove(f64),
    /// Magnitude of the current falls to this, A.
    CurrentBelow(f64),
    /// Magnitude of the current rises to this, A.
    CurrentAbove(f64),
    /// Magnitude of the charge passed since the mark reaches this, C.
    ChargePassed {
        /// Charge at the mark, C.
        mark: f64,
        /// Amount, C.
        amount: f64,
    },
}

/// Where the electrons of a group of sites come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact {
    /// The solid phase of the same control volume.
    Volume,
    /// The negative terminal.
    Negative,
    /// The positive terminal.
    Positive,
}

/// Prepared exchange-current density.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// A/m².
    pub curve: Curve,
    /// True when `curve` is the value at x = 0.5 that the factor of Butler–Volmer multiplies.
    pub standard: bool,
    /// Exponent of c/c_ref.
    pub order: f64,
}

/// Prepared insertion material.
#[derive(Clone, Debug)]
pub struct Active {
    /// Open-circuit potential, V.
    pub potential: Curve,
    /// Temperature coefficient, V/K.
    pub entropic: Option<Curve>,
}

/// All interface sites of one electrode.
#[derive(Clone, Debug)]
pub struct Group {
    /// +1 for the negative electrode (anodic on discharge), -1 for the positive.
    pub sign: f64,
    /// Site numbers.
    pub sites: Range<usize>,
    /// Control volume of each site.
    pub cells: Vec<usize>,
    /// Interface area of each site, m².
    pub areas: Vec<f64>,
    /// Distance from volume centre to interface over transport efficiency, m (0 in porous electrodes).
    pub distances: Vec<f64>,
    /// Volumes that a uniform reaction is spread over, with their shares.
    pub members: Vec<(usize, f64)>,
    /// Electron side.
    pub contact: Contact,
    /// Exchange-current density, unless the interface is reversible.
    pub exchange: Option<Exchange>,
    /// Rate law.
    pub kinetics: Kinetics,
    /// Series area resistance at the interface, ohm m².
    pub resistance: f64,
    /// Double-layer capacitance, F/m².
    pub double_layer: f64,
    /// Insertion material; `None` for lithium metal.
    pub active: Option<Active>,
    /// Lithium hosts; `None` for lithium metal.
    pub hosts: Option<HostGroup>,
    /// Temperature of the entropic reference, K.
    pub reference_temperature: f64,
}

impl Group {
    /// Whole interface area, m².
    pub fn area(&self) -> f64 {
        self.areas.iter().sum()
    }
}

/// Blocks of the Jacobian and per-site derivatives; reused from factorisation to factorisation.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    pub coefficients: Vec<Coefficients>,
    pub diag: Vec<[[f64; 3]; 3]>,
    pub lower: Vec<[[f64; 3]; 3]>,
    pub upper: Vec<[[f64; 3]; 3]>,
    pub solver: BlockTridiagonal<f64, 3>,
    pub dissociation_slope: Vec<f64>,
    /// Per site: surface stoichiometry, ∂E/∂θ, ∂E/∂c, 1/Ê_j, corrected right-hand side, reduced host response.
    pub theta: Vec<f64>,
    pub e_theta: Vec<f64>,
    pub e_c: Vec<f64>,
    pub inverse: Vec<f64>,
    pub rhs: Vec<f64>,
    pub reduced: Vec<f64>,
    /// Response of the volumes to the border: columns φ₊ and I.
    pub column: [Vec<f64>; 2],
    pub has_column: [bool; 2],
    /// Rows of the border in the volumes (only row φ₊ is coupled), sparse.
    pub row: Vec<(usize, f64)>,
    /// Border block of [φ₊, I].
    pub border: [[f64; 2]; 2],
    pub cj: f64,
    pub buffer: Vec<f64>,
    pub voltage_slope: [f64; 2],
}

/// A cell ready to be integrated.
#[derive(Clone, Debug)]
pub struct Model {
    /// What it was made from.
    pub spec: CellSpec,
    /// Control volumes and faces.
    pub mesh: Mesh,
    pub(crate) electrolyte: Electrolyte,
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
    pub(crate) reference_concentration: f64,
    pub(crate) initial_concentration: f64,
    pub(crate) differential: Vec<bool>,
    /// For uniform reaction: fraction of the current that flows in the electrolyte through each face.
    pub(crate) face_share: Vec<f64>,
    pub(crate) work: Workspace,
    n_sites: usize,
    n: usize,
}

impl Model {
    /// Builds the one-dimensional model of a laminated cell.
    pub fn new(spec: CellSpec) -> Model {
        let mesh = laminated_mesh(&spec);
        let isothermal = spec.heat.is_none();
        let electrolyte = Electrolyte::new(&spec.electrolyte, spec.temperature, isothermal);
        let (initial_concentration, reference_concentration) = match &spec.electrolyte {
            ElectrolyteLaw::Concentrated {
                initial_concentration,
                reference_concentration,
                ..
            } => (*initial_concentration, *reference_concentration),
            ElectrolyteLaw::TwoSpecies {
                total_lithium,
                mobile_fraction,
                ..
            } => (total_lithium * mobile_fraction, total_lithium * mobile_fraction),
            ElectrolyteLaw::SingleIon { .. } => (1.0, 1.0),
        };
        let n_cells = mesh.n_cells();
        let mut model = Model {
            electrolyte,
            porosity: vec![1.0; n_cells],
            efficiency: vec![1.0; n_cells],
            solid: vec![0.0; n_cells],
            groups: vec![],
            control: Control::Current(0.0),
            stops: vec![],
            reference_concentration,
            initial_concentration,
            differential: vec![],
            face_share: vec![],
            work: Workspace::new(n_cells, mesh.faces.len()),
            n_sites: 0,
            n: 0,
            mesh,
            spec,
        };
        model.fill_regions();
        model.add_groups(isothermal);
        model.finish_layout();
        model
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
            _ => "electrolyte",
        };
        let electrode = |g: &Group| if g.sign > 0.0 { "negative electrode" } else { "positive electrode" };
        if index < self.sites_offset() {
            return (
                region(index / BLOCK),
                ["salt concentration", "electrolyte potential", "electrode potential"][index % BLOCK],
            );
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
            ];
            return ("terminals", names[b]);
        }
        let g = self
            .groups
            .iter()
            .find(|g| g.hosts.as_ref().is_some_and(|h| h.range().contains(&index)));
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
            y[BLOCK * k] = self.initial_concentration;
            if potentials {
                y[BLOCK * k + 1] = -u_negative;
                if self.solid[k] > 0.0 && self.mesh.regions[k] == REGION_POSITIVE {
                    y[BLOCK * k + 2] = u_positive - u_negative;
                }
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

    fn fill_regions(&mut self) {
        for k in 0..self.mesh.n_cells() {
            let electrode = match self.mesh.regions[k] {
                REGION_NEGATIVE => Some(&self.spec.negative),
                REGION_POSITIVE => Some(&self.spec.positive),
                _ => None,
            };
            if let Some(Electrode::Porous {
                porosity,
                transport_efficiency,
                solid_conductivity,
                ..
            }) = electrode
            {
                (self.porosity[k], self.efficiency[k], self.solid[k]) = (*porosity, *transport_efficiency, *solid_conductivity);
            } else {
                (self.porosity[k], self.efficiency[k]) = (self.spec.separator.porosity, self.spec.separator.transport_efficiency);
            }
        }
    }

    fn add_groups(&mut self, isothermal: bool) {
        let temperature = self.spec.temperature;
        let uniform = self.spec.kind != ModelKind::Dfn;
        for (negative, electrode) in [(true, self.spec.negative.clone()), (false, self.spec.positive.clone())] {
            let region = if negative { REGION_NEGATIVE } else { REGION_POSITIVE };
            let face = if negative { &self.mesh.negative } else { &self.mesh.positive };
            let terminal = if negative { Contact::Negative } else { Contact::Positive };
            let at_face = || {
                // The single-particle model knows no electrolyte loss, not even in the half-cell at the interface.
                let within = if self.spec.kind == ModelKind::Spm { 0.0 } else { 1.0 };
                let distance = face
                    .iter()
                    .map(|f| within * f.distance / self.efficiency[f.cell])
                    .collect::<Vec<_>>();
                (
                    face.iter().map(|f| f.cell).collect::<Vec<_>>(),
                    face.iter().map(|f| f.area).collect::<Vec<_>>(),
                    distance,
                )
            };
            let exchange = |e: &ExchangeCurrent, metal: bool| {
                let curve = Curve::new(&e.property, (0.0, 1.0), temperature, isothermal);
                Exchange {
                    standard: curve.is_uniform() && !metal,
                    curve,
                    order: e.electrolyte_order,
                }
            };
            let prepare = |a: &ActiveMaterial| Active {
                potential: Curve::new(&a.open_circuit_potential, (0.0, 1.0), temperature, true),
                entropic: a
                    .entropic_coefficient
                    .as_ref()
                    .map(|p| Curve::new(p, (0.0, 1.0), temperature, isothermal)),
            };
            let diffusion = |a: &ActiveMaterial| Curve::new(&a.diffusion, (0.0, 1.0), temperature, isothermal);
            let first = self.n_sites;
            let resolution = self.spec.resolution;
            let sign = if negative { 1.0 } else { -1.0 };
            let group = match &electrode {
                Electrode::Metal {
                    exchange_current,
                    kinetics,
                    film_resistance,
                } => {
                    let (cells, areas, distances) = at_face();
                    let members = cells.iter().map(|k| (*k, 1.0 / cells.len() as f64)).collect();
                    Group {
                        sites: first..first + cells.len(),
                        contact: terminal,
                        exchange: exchange_current.as_ref().map(|e| exchange(e, true)),
                        kinetics: *kinetics,
                        resistance: *film_resistance,
                        double_layer: 0.0,
                        active: None,
                        hosts: None,
                        reference_temperature: temperature,
                        sign,
                        cells,
                        areas,
                        distances,
                        members,
                    }
                }
                Electrode::Film {
                    thickness,
                    electronic_conductivity,
                    active,
                } => {
                    let (cells, areas, distances) = at_face();
                    let members = cells.iter().map(|k| (*k, 1.0 / cells.len() as f64)).collect();
                    let hosts = HostGroup::new(
                        0,
                        cells.len(),
                        *thickness,
                        crate::host::Curvature::Slab,
                        active,
                        diffusion(active),
                        resolution,
                    );
                    Group {
                        sites: first..first + cells.len(),
                        contact: terminal,
                        exchange: Some(exchange(&active.exchange_current, false)),
                        kinetics: active.kinetics,
                        resistance: active.film_resistance + thickness / electronic_conductivity,
                        double_layer: active.double_layer,
                        active: Some(prepare(active)),
                        hosts: Some(hosts),
                        reference_temperature: active.reference_temperature,
                        sign,
                        cells,
                        areas,
                        distances,
                        members,
                    }
                }
                Electrode::Porous {
                    area_per_volume,
                    radius,
                    curvature,
                    active,
                    ..
                } => {
                    let members: Vec<usize> = (0..self.mesh.n_cells()).filter(|k| self.mesh.regions[*k] == region).collect();
                    let volumes: Vec<f64> = members.iter().map(|k| self.mesh.volumes[*k]).collect();
                    let whole: f64 = volumes.iter().sum();
                    let shares = members.iter().zip(&volumes).map(|(k, v)| (*k, v / whole)).collect();
                    let (cells, areas) = if uniform {
                        (vec![members[0]], vec![area_per_volume * whole])
                    } else {
                        (members, volumes.iter().map(|v| area_per_volume * v).collect())
                    };
                    let hosts = HostGroup::new(0, cells.len(), *radius, *curvature, active, diffusion(active), resolution);
                    Group {
                        sites: first..first + cells.len(),
                        contact: Contact::Volume,
                        exchange: Some(exchange(&active.exchange_current, false)),
                        kinetics: active.kinetics,
                        resistance: active.film_resistance,
                        double_layer: active.double_layer,
                        active: Some(prepare(active)),
                        hosts: Some(hosts),
                        reference_temperature: active.reference_temperature,
                        sign,
                        distances: vec![0.0; cells.len()],
                        cells,
                        areas,
                        members: shares,
                    }
                }
            };
            self.n_sites += group.cells.len();
            self.groups.push(group);
        }
    }

    fn finish_layout(&mut self) {
        let mut offset = self.border_offset() + BORDER;
        for g in &mut self.groups {
            if let Some(h) = &mut g.hosts {
                h.offset = offset;
                offset = h.range().end;
            }
        }
        self.n = offset;
        let mut differential = vec![false; self.n];
        for k in 0..self.mesh.n_cells() {
            differential[BLOCK * k] = true;
        }
        let b = self.border_offset();
        differential[b + TEMPERATURE..].fill(true);
        // A double layer differentiates φ_s - φ_e only, so neither potential alone is differential; see `stores_charge`.
        self.differential = differential;
        self.work.resize_sites(self.n_sites, self.n);
        self.face_share = crate::uniform::face_shares(self);
    }
}

impl Workspace {
    fn new(n_cells: usize, n_faces: usize) -> Workspace {
        Workspace {
            coefficients: vec![Coefficients::default(); n_cells],
            diag: vec![[[0.0; 3]; 3]; n_cells],
            lower: vec![[[0.0; 3]; 3]; n_faces],
            upper: vec![[[0.0; 3]; 3]; n_faces],
            solver: BlockTridiagonal::new(n_cells),
            dissociation_slope: vec![0.0; n_cells],
            theta: vec![],
            e_theta: vec![],
            e_c: vec![],
            inverse: vec![],
            rhs: vec![],
            reduced: vec![],
            column: [vec![0.0; 3 * n_cells], vec![0.0; 3 * n_cells]],
            has_column: [false; 2],
            row: vec![],
            border: [[0.0; 2]; 2],
            cj: 0.0,
            buffer: vec![],
            voltage_slope: [0.0; 2],
        }
    }

    fn resize_sites(&mut self, n_sites: usize, n: usize) {
        for v in [
            &mut self.theta,
            &mut self.e_theta,
            &mut self.e_c,
            &mut self.inverse,
            &mut self.rhs,
            &mut self.reduced,
        ] {
            v.resize(n_sites, 0.0);
        }
        self.buffer.resize(n, 0.0);
    }
}

/// Mesh of electrolyte-bearing regions from the negative to the positive side.
fn laminated_mesh(spec: &CellSpec) -> Mesh {
    let mut segments = Vec::new();
    let porous = |e: &Electrode| match e {
        Electrode::Porous { thickness, .. } => Some(*thickness),
        _ => None,
    };
    let (negative, positive) = (porous(&spec.negative), porous(&spec.positive));
    let [n, s, p] = spec.resolution.cells;
    if let Some(length) = negative {
        segments.push(Segment {
            region: REGION_NEGATIVE,
            length,
            cells: n,
            spacing: Spacing::Uniform,
        });
    }
    let graded = negative.is_none() || positive.is_none();
    let spacing = if graded {
        Spacing::BothEnds {
            ratio: spec.resolution.grading,
        }
    } else {
        Spacing::Uniform
    };
    segments.push(Segment {
        region: REGION_SEPARATOR,
        length: spec.separator.thickness,
        cells: s,
        spacing,
    });
    if let Some(length) = positive {
        segments.push(Segment {
            region: REGION_POSITIVE,
            length,
            cells: p,
            spacing: Spacing::Uniform,
        });
    }
    stack(spec.area, &segments)
}
