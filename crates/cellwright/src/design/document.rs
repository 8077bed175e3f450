//! The design document as plain data: SI numbers and names, each with its place in the file.

use super::FilmChange;
use super::ageing::Ageing;
use cellwright_base::diagnostic::Place;
use cellwright_device::Role;
use cellwright_device::mesh::Edge;
use cellwright_fab::plan::Plan;
use cellwright_lab::protocol::{Protocol, Rate, StepPlace};

/// A value together with the place it was written at, so that later stages can point at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    /// The value; numbers are SI.
    pub value: T,
    /// Where it stands in the design file.
    pub place: Place,
}

impl<T> Spanned<T> {
    /// Pairs a value with its place.
    pub fn new(value: T, place: Place) -> Spanned<T> {
        Spanned { value, place }
    }
}

/// A whole design file, checked for form but not yet against the material library.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// File as the user named it.
    pub file: String,
    /// The text that was parsed, byte for byte.
    pub source: String,
    /// Title of the design.
    pub name: String,
    /// How the cell is built.
    pub architecture: Architecture,
    /// Starting temperature of the cell, K.
    pub temperature: Spanned<f64>,
    /// Exchange of heat with the surroundings.
    pub thermal: Thermal,
    /// Die and active area.
    pub footprint: Footprint,
    /// Films of a laminated cell from the substrate up; empty for the other architectures.
    pub films: Vec<Film>,
    /// Films of a template that the design makes otherwise than by default.
    pub changes: Vec<FilmChange>,
    /// Masks and steps of a template or a custom design; [`super::laminated::plan`] makes those of a laminated cell.
    pub plan: Option<Plan>,
    /// Files that hold the shapes of masks; [`crate::masks::complete`] reads them.
    pub mask_files: Vec<MaskFile>,
    /// Cut-offs, nominal capacity, resistances, initial state; a laminated cell always has them.
    pub cell: Option<Cell>,
    /// What is computed and how finely.
    pub model: Model,
    /// What the cell goes through; a laminated cell always has it.
    pub protocol: Option<ProtocolSection>,
    /// A rate capability series for the report, if asked for.
    pub rate_series: Option<RateSeries>,
    /// What is added to the stack for the device volume.
    pub package: Package,
    /// What makes the cell age.
    pub ageing: Option<Ageing>,
    /// Names of the materials whose properties the design replaces or completes; [`Design::library`] reads the values.
    pub materials: Vec<Spanned<String>>,
}

/// How the cell is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Architecture {
    /// Planar films on top of each other.
    Laminated,
    /// One of [`cellwright_fab::template::TEMPLATES`], by name.
    Template(&'static str),
    /// Spelled out in masks and steps.
    Custom,
}

impl Architecture {
    /// The word used in design files.
    pub fn as_str(self) -> &'static str {
        match self {
            Architecture::Laminated => super::forms::LAMINATED,
            Architecture::Template(name) => name,
            Architecture::Custom => super::forms::CUSTOM,
        }
    }
}

/// A file that holds the shapes of a mask.
#[derive(Clone, Debug, PartialEq)]
pub struct MaskFile {
    /// Name of the mask.
    pub mask: String,
    /// Name of the file, beside the design.
    pub file: Spanned<String>,
    /// Cell in the file; its top cell if left out.
    pub cell: Option<String>,
    /// Layer and datatype in the file.
    pub layer: (u16, u16),
}

/// Die and active area.
#[derive(Clone, Debug, PartialEq)]
pub struct Footprint {
    /// Width and depth of the die, m.
    pub die: [Spanned<f64>; 2],
    /// Width and depth of the overlap of both electrodes, m; a laminated cell always has it.
    pub active: Option<[Spanned<f64>; 2]>,
    /// Edges along which the negative and the positive collector are contacted; `None` for ideal collectors.
    pub tabs: Option<[Spanned<Edge>; 2]>,
}

impl Footprint {
    /// Area of the die, m².
    pub fn die_area(&self) -> f64 {
        self.die[0].value * self.die[1].value
    }

    /// Area where both electrodes overlap, m²; that of the die where the architecture decides it.
    pub fn active_area(&self) -> f64 {
        self.active.as_ref().map_or(self.die_area(), |a| a[0].value * a[1].value)
    }
}

/// One film of the stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Film {
    /// The `[[film]]` heading.
    pub place: Place,
    /// Name, unique in the design.
    pub name: Spanned<String>,
    /// What it is for; `None` is settled by [`super::roles::assign`].
    pub role: Option<Spanned<Role>>,
    /// Name of the material in the library.
    pub material: Spanned<String>,
    /// How it is made.
    pub technique: Option<Spanned<String>>,
    /// Thickness, m.
    pub thickness: Spanned<f64>,
    /// Temperature of the anneal after deposition, K.
    pub anneal: Option<Spanned<f64>>,
    /// Dense film or porous body.
    pub structure: Structure,
    /// Stoichiometry x of an electrode at the start of the protocol.
    pub stoichiometry: Option<Spanned<f64>>,
    /// Free text.
    pub note: Option<String>,
}

/// Inner structure of a film.
#[derive(Clone, Debug, PartialEq)]
pub enum Structure {
    /// One solid (or one sheet of free liquid).
    Dense,
    /// A porous body filled with electrolyte.
    Porous(Porous),
}

/// Porous electrode or separator.
#[derive(Clone, Debug, PartialEq)]
pub struct Porous {
    /// Volume fraction of electrolyte.
    pub porosity: Spanned<f64>,
    /// Volume fraction of active material; absent in a separator.
    pub active_fraction: Option<Spanned<f64>>,
    /// Radius of the active particles, m; absent in a separator.
    pub particle_radius: Option<Spanned<f64>>,
    /// Effective over bulk conductivity and diffusivity of the electrolyte: given, or porosity to the Bruggeman exponent.
    pub transport_efficiency: f64,
    /// Effective over bulk electronic conductivity: given, or 1 - porosity to the Bruggeman exponent, or 1 when
    /// `transport_efficiency` was given alone (the conductivity is then that of the composite, as in BPX).
    pub solid_transport_efficiency: f64,
    /// Electrolyte in the pores; `None` takes the one of the electrolyte film.
    pub electrolyte: Option<Spanned<String>>,
}

/// Cut-offs, nominal capacity, resistances and initial state of the cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Lower and upper voltage limit, V.
    pub voltage: [Spanned<f64>; 2],
    /// Nominal capacity per active area for C-rates, C/m²; `None` is the capacity of the limiting electrode.
    pub capacity: Option<Spanned<f64>>,
    /// Contact resistance, ohm m² of active area.
    pub contact_resistance: Option<Spanned<f64>>,
    /// Series resistance of the leads, ohm.
    pub series_resistance: Option<Spanned<f64>>,
    /// State of charge at the start, 0 to 1, if given; films with `stoichiometry` say it otherwise.
    pub state_of_charge: Option<Spanned<f64>>,
}

/// Exchange of heat with the surroundings.
#[derive(Clone, Debug, PartialEq)]
pub enum Thermal {
    /// The cell stays at the design's temperature.
    Isothermal,
    /// One temperature for the whole device.
    Lumped {
        /// Temperature of the surroundings, K.
        ambient: f64,
        /// Heat transfer coefficient to the surroundings, W/(m² K).
        heat_transfer: Spanned<f64>,
        /// Area that exchanges heat, m²; `None` is both faces of the die.
        area: Option<Spanned<f64>>,
        /// Heat capacity of the whole device, J/K; `None` is summed over the films.
        heat_capacity: Option<Spanned<f64>>,
    },
    /// A temperature field, by conduction through all films.
    Conduction {
        /// Temperature of the surroundings, K.
        ambient: f64,
        /// Heat transfer coefficient to the surroundings, W/(m² K).
        heat_transfer: Spanned<f64>,
        /// The same of the lower face; `None` is that of the upper one.
        heat_transfer_below: Option<Spanned<f64>>,
        /// Area that exchanges heat, both faces together, m²; `None` is both faces of the die.
        area: Option<Spanned<f64>>,
    },
}

/// What is computed and how finely.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Which terms are switched on.
    pub kind: ModelKind,
    /// Volumes per film (and per particle), or across the narrowest gap of a device; `None` is the default mesh.
    pub cells: Option<Spanned<usize>>,
    /// Whether the collectors of combs have their resistance; the place of the key.
    pub collectors: Option<Place>,
    /// Pieces of the collectors along each side.
    pub plane: Option<Spanned<usize>>,
    /// Diffusion modes per host where the diffusion coefficient is constant; `None` is the default.
    pub host_modes: Option<Spanned<usize>>,
    /// Whether interfaces charge like capacitors; the library's double-layer capacitance is used.
    pub double_layer: bool,
    /// Relative tolerance of the time integration; `None` is the default.
    pub relative_tolerance: Option<Spanned<f64>>,
    /// Absolute tolerance of the time integration, in scaled unknowns; `None` is the default.
    pub absolute_tolerance: Option<Spanned<f64>>,
}

/// Which terms of the one model are switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// The full model of what the stack contains.
    Auto,
    /// Doyle–Fuller–Newman.
    Dfn,
    /// Single particle with electrolyte.
    Spme,
    /// Single particle.
    Spm,
}

impl ModelKind {
    /// The word used in design files.
    pub fn as_str(self) -> &'static str {
        match self {
            ModelKind::Auto => "auto",
            ModelKind::Dfn => "DFN",
            ModelKind::Spme => "SPMe",
            ModelKind::Spm => "SPM",
        }
    }
}

/// The `[protocol]` table: the steps as they will be run, and the lines they were read from.
#[derive(Clone, Debug, PartialEq)]
pub struct ProtocolSection {
    /// The steps.
    pub steps: Protocol,
    /// The lines of text in reading order; [`StepPlace::item`] counts them.
    pub lines: Vec<Spanned<String>>,
}

impl ProtocolSection {
    /// Where a piece of a line stands in the design file.
    pub fn place(&self, piece: &StepPlace) -> Option<Place> {
        let line = self.lines.get(piece.item)?;
        let (before, inside) = (line.value.get(..piece.span.start)?, line.value.get(piece.span.clone())?);
        let mut written = line.place.text.chars().skip(line.place.column.saturating_sub(1));
        let quote = written.next()?;
        // A text with escapes or on several lines does not stand there letter by letter: mark the whole of it.
        if !line.value.chars().chain([quote]).all(|c| written.next() == Some(c)) {
            return Some(line.place.clone());
        }
        let column = line.place.column + 1 + before.chars().count();
        Some(Place {
            column,
            length: inside.chars().count().max(1),
            ..line.place.clone()
        })
    }
}

/// Discharges at several rates, each from the initial state to the lower voltage limit.
#[derive(Clone, Debug, PartialEq)]
pub struct RateSeries {
    /// The rates.
    pub rates: Vec<NamedRate>,
}

/// A rate and the words it was given in.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedRate {
    /// As written, such as `1.6C` or `2 mA`.
    pub text: Spanned<String>,
    /// The rate; positive.
    pub rate: Rate,
}

/// What is added to the stack for the device volume.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Package {
    /// Thickness of the cover above the films, m.
    pub thickness: Option<Spanned<f64>>,
    /// Total height of the device, m; replaces the sum of stack and cover.
    pub height: Option<Spanned<f64>>,
    /// Margin around the die on every side, m.
    pub margin: Option<Spanned<f64>>,
    /// Water that comes through the cover, kg/(m² s).
    pub water_vapour_transmission: Option<Spanned<f64>>,
}

impl Package {
    /// Volume of the packaged device, m³, for a die and the height of its stack.
    pub fn volume(&self, die: [f64; 2], stack_height: f64) -> f64 {
        let metres = |v: &Option<Spanned<f64>>| v.as_ref().map_or(0.0, |v| v.value);
        let height = self.height.as_ref().map_or(stack_height + metres(&self.thickness), |h| h.value);
        die.iter().map(|side| side + 2.0 * metres(&self.margin)).product::<f64>() * height
    }
}
