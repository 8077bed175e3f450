//! What is to be made: substrate, masks and process steps, as plain SI values.

use cellwright_base::diagnostic::Place;
use cellwright_device::Role;
use cellwright_device::mesh::Edge;

/// Everything needed to make a chip, and the part of it that is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Title.
    pub name: String,
    /// Width and depth of the die, m; its lower left corner is the origin of all masks.
    pub die: [f64; 2],
    /// What everything stands on.
    pub substrate: Substrate,
    /// The masks.
    pub masks: Vec<Mask>,
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// The part of the chip that is examined.
    pub window: Window,
    /// One finger of each comb from bus to bus: the part that is examined where the resistance of the collectors is followed; `None` where
    /// the electrodes are no combs.
    pub finger: Option<Window>,
}

/// What everything stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Substrate {
    /// Name of the material in the library.
    pub material: String,
    /// What it is for: [`Role::Substrate`], or an electrode when the wafer itself is one.
    pub role: Role,
    /// Flat or round.
    pub form: Form,
}

/// Form of the substrate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    /// A flat wafer or foil whose upper face is at z = 0; thickness in m.
    Wafer {
        /// Thickness, m.
        thickness: f64,
    },
    /// A straight fibre along x at the height z = 0 in the middle of the window; the die is the box around it.
    Fibre {
        /// Diameter, m.
        diameter: f64,
    },
}

/// Rectangle of the chip that is emulated, mirrored at its sides, and how often the chip repeats it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Lower left corner, m.
    pub from: [f64; 2],
    /// Upper right corner, m.
    pub to: [f64; 2],
    /// How many such windows the chip holds.
    pub repeats: f64,
    /// Where the collectors are contacted; `None` for collectors of one potential.
    pub tabs: Option<Tabs>,
}

/// Where the metal of both electrodes leaves the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tabs {
    /// Side of the window, negative first.
    pub edges: [Edge; 2],
    /// Length of the fingers along which the window is one slice of many, m; `None` where the window holds them whole.
    pub finger_length: Option<f64>,
    /// What joins the windows to the terminals; `None` for terminals at the side of every window.
    pub bus: Option<Bus>,
}

/// Metal along the ends of the fingers with a pad in its middle, alike for both combs and as thick as the fingers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bus {
    /// Width, m.
    pub width: f64,
    /// Length of the bus, which all windows side by side share, m.
    pub length: f64,
    /// Width of the pad along the bus, and the distance from the bus to where the pad is contacted, m.
    pub pad: [f64; 2],
}

/// One mask (or stencil, screen, printing plate, tool path): where a step acts.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    /// Name that the steps refer to.
    pub name: String,
    /// GDSII layer and datatype.
    pub layer: (u16, u16),
    /// Its drawn shapes; their union counts.
    pub shapes: Vec<Shape>,
    /// Where it stands in the design file.
    pub place: Option<Place>,
}

/// A drawn shape, m.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Lower left and upper right corner.
    Rectangle([f64; 2], [f64; 2]),
    /// A disc.
    Circle {
        /// Middle.
        centre: [f64; 2],
        /// Diameter.
        diameter: f64,
    },
    /// A simple polygon, either way round, last point not repeated.
    Polygon(Vec<[f64; 2]>),
    /// A line of constant width with round ends.
    Path {
        /// Middle line.
        points: Vec<[f64; 2]>,
        /// Full width.
        width: f64,
    },
    /// A shape repeated on a grid: column i, row j is moved by `i pitch[0], j pitch[1]`.
    Array {
        /// The shape.
        shape: Box<Shape>,
        /// Distance from one to the next.
        pitch: [f64; 2],
        /// Columns and rows.
        count: [u32; 2],
    },
}

/// One process step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Name, unique in the flow.
    pub name: String,
    /// What is done.
    pub verb: Verb,
    /// Temperature of the wafer, K; the technique's usual one if left out.
    pub temperature: Option<f64>,
    /// Where it stands in the design file.
    pub place: Option<Place>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Verb {
    /// Adds material.
    Deposit(Deposit),
    /// Takes material away.
    Etch(Etch),
    /// Dissolves the film of an earlier step together with everything that rests on it.
    LiftOff {
        /// Name of the step that made the resist.
        resist: String,
    },
    /// Heats without adding anything (the temperature of the step).
    Anneal {
        /// How long, s.
        duration: f64,
    },
    /// Polishes down to a plane.
    Planarise {
        /// Height above the substrate's upper face, m.
        height: f64,
    },
    /// Fills open space with a liquid or gel.
    Infill(Infill),
    /// Brings lithium into an electrode, chemically or electrochemically.
    Lithiate {
        /// Name of the step that made the electrode.
        electrode: String,
        /// Stoichiometry that is reached.
        stoichiometry: f64,
    },
}

/// Adds a film, a print or a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Deposit {
    /// How; a name of [`crate::technique`].
    pub technique: String,
    /// Name of the material in the library.
    pub material: String,
    /// What it is for.
    pub role: Role,
    /// Thickness on an open flat surface after drying, m. `f64::NAN` where `recipe` decides it (ALD cycles, wet print, charge).
    pub thickness: f64,
    /// Where: openings of a stencil or plate, the printed pattern, the tool path; everywhere if left out.
    pub mask: Option<String>,
    /// Grows only on the exposed surface of these steps (electrodeposition); on everything if empty.
    pub on: Vec<String>,
    /// Inner structure: void fraction of a porous body that electrolyte will fill, 0 for a dense film.
    pub porosity: f64,
    /// Settings of the technique.
    pub recipe: Recipe,
}

/// Settings of a technique; what is left out takes the technique's usual value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recipe {
    /// Number of ALD cycles.
    pub cycles: Option<f64>,
    /// Exposure of the surface to the precursor per cycle, Pa s.
    pub exposure: Option<f64>,
    /// Sticking probability (CVD).
    pub sticking: Option<f64>,
    /// Current density of plating, A/m².
    pub current_density: Option<f64>,
    /// Duration, s.
    pub duration: Option<f64>,
    /// Wet thickness of a print or coat, m.
    pub wet_thickness: Option<f64>,
    /// Solids volume fraction of the ink or paste.
    pub solids: Option<f64>,
    /// Inner diameter of the nozzle, m (direct ink writing).
    pub nozzle: Option<f64>,
    /// Number of printed layers or passes.
    pub layers: Option<u32>,
    /// Pore diameter of a template (holographic, imprint, inverse opal), m.
    pub pore_diameter: Option<f64>,
    /// Surface area per volume of a template, 1/m.
    pub area_per_volume: Option<f64>,
}

/// Takes material away.
#[derive(Clone, Debug, PartialEq)]
pub struct Etch {
    /// How: `wet-etch`, `rie`, `drie`, `laser`.
    pub technique: String,
    /// The mask; see `inside`. Everywhere if left out.
    pub mask: Option<String>,
    /// True if the drawn shapes are what is etched away, false if they are what stays.
    pub inside: bool,
    /// Depth below the substrate's upper face (a negative number is above it); through everything named in `only` if left out, m.
    pub depth: Option<f64>,
    /// Angle of the wall to the floor, rad; 90° is vertical, below 90° a hole narrows downwards.
    pub sidewall: f64,
    /// Names of the steps whose films are attacked; everything if empty. `"substrate"` is the substrate.
    pub only: Vec<String>,
}

/// Fills open space.
#[derive(Clone, Debug, PartialEq)]
pub struct Infill {
    /// Name of the electrolyte in the library.
    pub material: String,
    /// Height up to which it stands above the substrate's upper face, m.
    pub level: f64,
    /// The mask that bounds it laterally; the whole window if left out.
    pub mask: Option<String>,
}
