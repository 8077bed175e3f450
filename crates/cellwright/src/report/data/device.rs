//! The device as it is drawn: films from the substrate up.

use crate::report::colour::Colour;
use serde::{Deserialize, Serialize};

/// The stack and its outline.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Device {
    /// Layers from the substrate (or the bottom collector) up.
    pub layers: Vec<Layer>,
    /// Footprint of the die or pouch, m × m.
    pub die: Option<[f64; 2]>,
    /// Side lengths of the active area, m × m, where it is a rectangle.
    pub active: Option<[f64; 2]>,
    /// Active area, m².
    pub active_area: Option<f64>,
    /// One sentence under the chapter heading, *marked text*; empty for a general one.
    pub lede: String,
}

impl Device {
    /// Sum of all thicknesses, m.
    pub fn height(&self) -> f64 {
        self.layers.iter().map(|l| l.thickness).sum()
    }
}

/// One film, sheet or coating.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layer {
    /// Name shown beside the drawing: "LiCoO₂", "Pt / Ti". Plain formulas ("LiCoO2") get their subscripts.
    pub name: String,
    /// Material as named in the library; shown in the film table when it differs from the name.
    pub material: String,
    /// Thickness, m.
    pub thickness: f64,
    /// Relative spread of the thickness (0.03 = ± 3 %), where known.
    pub spread: Option<f64>,
    /// What it does; decides the colour and how it is drawn.
    pub role: Role,
    /// "RF sputter, 700 °C"; empty shows a dash.
    pub technique: String,
    /// Capacity per active area, C/m².
    pub areal_capacity: Option<f64>,
    /// Anything else worth a cell of the table: "excess 3.6×".
    pub note: String,
    /// Porous layers are drawn with grains.
    pub porous: bool,
}

/// What a layer does in the cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Carrier of everything; drawn shortened with a break mark.
    Substrate,
    /// Oxide or nitride between substrate and cell.
    Insulator,
    /// Metal that carries the current.
    Collector,
    /// Positive electrode.
    PositiveElectrode,
    /// Solid or gel electrolyte.
    Electrolyte,
    /// Porous film filled with liquid.
    Separator,
    /// Negative electrode.
    NegativeElectrode,
    /// Package.
    Encapsulation,
    /// Anything else.
    #[default]
    Other,
}

impl Role {
    /// The colour of the place, the same in every figure.
    pub fn colour(self) -> Colour {
        match self {
            Role::Substrate => Colour::Substrate,
            Role::Insulator | Role::Other => Colour::Insulator,
            Role::Collector => Colour::Metal,
            Role::PositiveElectrode => Colour::Positive,
            Role::Electrolyte => Colour::Electrolyte,
            Role::Separator => Colour::ElectrolyteLight,
            Role::NegativeElectrode => Colour::Negative,
            Role::Encapsulation => Colour::Encapsulation,
        }
    }
}
