//! What a cell is made of, in the words of the equations: electrodes, electrolyte, areas and options, with their properties.

use crate::heat::Heat;
use crate::host::Curvature;
use crate::kinetics::Kinetics;
use cellwright_materials::Property;

/// How the reaction is distributed over a porous electrode: which terms of the one model are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// All terms: electrolyte transport, electronic conduction, a host in every volume (Doyle–Fuller–Newman).
    Dfn,
    /// Uniform reaction in each electrode, electrolyte diffusion, averaged potentials (single-particle model with electrolyte).
    Spme,
    /// Uniform reaction, electrolyte uniform and lossless (single-particle model).
    Spm,
}

impl ModelKind {
    /// The name users know.
    pub fn as_str(self) -> &'static str {
        match self {
            ModelKind::Dfn => "DFN",
            ModelKind::Spme => "SPMe",
            ModelKind::Spm => "SPM",
        }
    }

    /// The terms that are on and off, for the printed model listing.
    pub fn terms(self) -> [(&'static str, bool); 4] {
        let (resolved, electrolyte) = (self == ModelKind::Dfn, self != ModelKind::Spm);
        [
            ("lithium diffusion in the hosts", true),
            ("electrolyte concentration", electrolyte),
            ("electrolyte and solid potential drop", electrolyte),
            ("reaction resolved along the electrode", resolved),
        ]
    }
}

/// Exchange-current density of an interface.
#[derive(Clone, Debug)]
pub struct ExchangeCurrent {
    /// A/m². Constant in stoichiometry: the value at x = 0.5 and the reference concentration; else used as given.
    pub property: Property,
    /// Exponent of c/c_ref.
    pub electrolyte_order: f64,
}

/// An insertion material with its interface.
#[derive(Clone, Debug)]
pub struct ActiveMaterial {
    /// Open-circuit potential against lithium, V, of stoichiometry.
    pub open_circuit_potential: Property,
    /// Its temperature coefficient, V/K, of stoichiometry.
    pub entropic_coefficient: Option<Property>,
    /// Temperature that the open-circuit potential belongs to, K.
    pub reference_temperature: f64,
    /// Chemical diffusion coefficient, m²/s, of stoichiometry.
    pub diffusion: Property,
    /// Lithium concentration at stoichiometry 1, mol/m³.
    pub maximum_concentration: f64,
    /// Exchange-current density.
    pub exchange_current: ExchangeCurrent,
    /// Rate law.
    pub kinetics: Kinetics,
    /// Double-layer capacitance, F/m².
    pub double_layer: f64,
    /// Area resistance of an interface layer, ohm m².
    pub film_resistance: f64,
    /// Stoichiometry at the start.
    pub initial_stoichiometry: f64,
}

/// One electrode.
#[derive(Clone, Debug)]
pub enum Electrode {
    /// Lithium metal (potential zero by definition).
    Metal {
        /// Exchange-current density; `None` with [`Kinetics::Reversible`].
        exchange_current: Option<ExchangeCurrent>,
        /// Rate law.
        kinetics: Kinetics,
        /// Double-layer capacitance, F/m².
        double_layer: f64,
        /// Area resistance of an interface layer, ohm m².
        film_resistance: f64,
    },
    /// Dense film on a collector: one host on the interface.
    Film {
        /// Thickness, m.
        thickness: f64,
        /// Electronic conductivity across the film, S/m; infinite when the film conducts well.
        electronic_conductivity: f64,
        /// The material.
        active: ActiveMaterial,
    },
    /// Porous electrode: a host in every volume.
    Porous {
        /// Thickness, m.
        thickness: f64,
        /// Volume fraction of electrolyte.
        porosity: f64,
        /// Effective over bulk electrolyte transport.
        transport_efficiency: f64,
        /// Effective electronic conductivity, S/m.
        solid_conductivity: f64,
        /// Active interface per electrode volume, 1/m.
        area_per_volume: f64,
        /// Host radius, m.
        radius: f64,
        /// Host shape.
        curvature: Curvature,
        /// The material.
        active: ActiveMaterial,
    },
}

impl Electrode {
    /// Double-layer capacitance of its interface, F/m².
    pub fn double_layer(&self) -> f64 {
        match self {
            Electrode::Metal { double_layer, .. } => *double_layer,
            Electrode::Film { active, .. } | Electrode::Porous { active, .. } => active.double_layer,
        }
    }

    /// The insertion material, if the electrode has one.
    pub fn active(&self) -> Option<&ActiveMaterial> {
        match self {
            Electrode::Metal { .. } => None,
            Electrode::Film { active, .. } | Electrode::Porous { active, .. } => Some(active),
        }
    }
}

/// Law of the electrolyte.
#[derive(Clone, Debug)]
pub enum ElectrolyteLaw {
    /// Concentrated binary electrolyte, liquid or gel.
    Concentrated {
        /// Conductivity, S/m, of concentration.
        conductivity: Property,
        /// Salt diffusivity, m²/s, of concentration.
        diffusion: Property,
        /// Cation transference number, of concentration.
        transference_number: Property,
        /// Thermodynamic factor 1 + dln f/dln c, of concentration.
        thermodynamic_factor: Property,
        /// Concentration at the start, mol/m³.
        initial_concentration: f64,
        /// Reference concentration of the kinetics, mol/m³.
        reference_concentration: f64,
    },
    /// Solid electrolyte of two mobile species from a dissociation reaction (Danilov 2011).
    TwoSpecies {
        /// Total lithium, mol/m³.
        total_lithium: f64,
        /// Mobile fraction δ at equilibrium.
        mobile_fraction: f64,
        /// Recombination rate k_r, m³/(mol s).
        recombination: Property,
        /// Diffusivity of Li⁺, m²/s.
        cation: Property,
        /// Diffusivity of the negative species, m²/s.
        anion: Property,
    },
    /// Single-ion conductor: potential only.
    SingleIon {
        /// Ionic conductivity, S/m.
        conductivity: Property,
    },
}

impl ElectrolyteLaw {
    /// Concentration of what conducts at the start, mol/m³; 1 where the law has none.
    pub fn initial_concentration(&self) -> f64 {
        match self {
            ElectrolyteLaw::Concentrated { initial_concentration, .. } => *initial_concentration,
            ElectrolyteLaw::TwoSpecies {
                total_lithium,
                mobile_fraction,
                ..
            } => total_lithium * mobile_fraction,
            ElectrolyteLaw::SingleIon { .. } => 1.0,
        }
    }
}

/// Separator or solid electrolyte film.
#[derive(Clone, Copy, Debug)]
pub struct Separator {
    /// Thickness, m.
    pub thickness: f64,
    /// Volume fraction of electrolyte (1 for a solid film).
    pub porosity: f64,
    /// Effective over bulk electrolyte transport (1 for a solid film).
    pub transport_efficiency: f64,
    /// Relative permittivity of a solid film, which carries displacement current at high frequency; 0 leaves that out. Its time
    /// constant, permittivity over conductivity, is of microseconds, so time integration takes the potential as quasi-static.
    pub relative_permittivity: f64,
}

/// Resolution of the mesh and of the hosts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolution {
    /// Volumes in the negative electrode, separator and positive electrode.
    pub cells: [usize; 3],
    /// Modes of a host with constant diffusivity.
    pub modes: usize,
    /// Shells of a host with stoichiometry-dependent diffusivity.
    pub shells: usize,
    /// Thickness of the innermost shell over that of the outermost. Default 20.
    pub shell_spread: f64,
    /// Growth ratio of volumes from the interfaces of a solid electrolyte film inwards.
    pub grading: f64,
    /// Additional density of volumes at the ends of a porous electrode whose interfaces charge, over that inside; 0 spaces them evenly. Where
    /// current enters at high frequency the mesh is this much finer, so that spectra hold up to 10 kHz. Default 3.
    pub edge_density: f64,
    /// Depth of those dense ends over the thickness of the electrode. Default 0.07.
    pub edge_depth: f64,
}

impl Default for Resolution {
    fn default() -> Resolution {
        Resolution {
            cells: [20, 20, 20],
            modes: 24,
            shells: 60,
            shell_spread: 20.0,
            grading: 1.3,
            edge_density: 3.0,
            edge_depth: 0.07,
        }
    }
}

/// `n √(δ/R)` of n modes that resolve a layer δ below the surface of a host of radius R: the surface is then right to 1e-6 of its change,
/// with two thirds of them to 1e-3 (basis of [`crate::host`] against diffusion into half-space).
const MODES_PER_LAYER: f64 = 3.0;
/// Most modes: beyond these a layer is thinner than 1/2000 of its host.
const MOST_MODES: usize = 128;
/// Outermost shells per layer.
const SHELLS_PER_LAYER: f64 = 8.0;

impl Resolution {
    /// The same with hosts that resolve a layer of the thickness `layer` over their radius below their surfaces; unchanged where they do already.
    ///
    /// # Equation
    /// Modes `n ≥ 3 √(R/δ)`, since n polynomials resolve R/n² at the surface. Of n shells whose thickness falls geometrically by the factor S
    /// the outermost is `R ln S/(n (S - 1))` thick; S is raised until that is δ/8.
    ///
    /// # Verification
    /// Validation case on diffusion under constant flux: a layer of 0.3 % of the radius.
    pub fn resolving(self, layer: f64) -> Resolution {
        if !(layer > 0.0 && layer < 1.0) {
            return self;
        }
        let modes = (MODES_PER_LAYER / layer.sqrt()).ceil() as usize;
        let wanted = layer / SHELLS_PER_LAYER * self.shells as f64;
        let mut spread = self.shell_spread;
        // A fixed point that is approached from below, and near at once since the logarithm hardly changes.
        for _ in 0..20 {
            spread = spread.max(1.0 + spread.ln() / wanted);
        }
        Resolution {
            modes: self.modes.max(modes.min(MOST_MODES)),
            shell_spread: spread,
            ..self
        }
    }

    /// Half the volumes everywhere, spaced alike: the coarse partner for the mesh error estimate.
    pub fn coarsened(self) -> Resolution {
        let half = |n: usize| (n / 2).max(2);
        Resolution {
            cells: self.cells.map(half),
            modes: (self.modes * 2 / 3).max(4),
            shells: half(self.shells),
            grading: self.grading.powi(2),
            ..self
        }
    }
}

/// The whole cell.
#[derive(Clone, Debug)]
pub struct CellSpec {
    /// Electrode area that the current flows through, m².
    pub area: f64,
    /// Temperature at the start, K.
    pub temperature: f64,
    /// Ambient temperature, K.
    pub ambient: f64,
    /// Negative electrode.
    pub negative: Electrode,
    /// Separator or solid electrolyte.
    pub separator: Separator,
    /// Positive electrode.
    pub positive: Electrode,
    /// Electrolyte law, the same in separator and pores.
    pub electrolyte: ElectrolyteLaw,
    /// Series (contact) resistance, ohm.
    pub series_resistance: f64,
    /// Heat balance; `None` keeps the temperature constant.
    pub heat: Option<Heat>,
    /// Terms that are on.
    pub kind: ModelKind,
    /// Current that discharges the nominal capacity in one hour, A: scales tolerances.
    pub current_1c: f64,
    /// Mesh.
    pub resolution: Resolution,
}
