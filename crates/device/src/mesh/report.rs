//! What a mesh is made of, how true it is to the device, and what is wrong with it.

use super::class::Side;
use crate::tape::RegionId;
use crate::vector::Vector;
use std::collections::BTreeMap;
use thiserror::Error;

/// Something about the device that the mesh cannot express or that makes part of it useless.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Finding {
    /// Electrode that no electrolyte touches: its lithium is out of reach.
    WithoutElectrolyte {
        /// Which body.
        region: RegionId,
        /// Its middle.
        place: Vector,
        /// Volume out of reach, m³.
        volume: f64,
    },
    /// Electrolyte that no electrode touches: it was left out of the mesh.
    FloatingElectrolyte {
        /// Which body.
        region: RegionId,
        /// Its middle.
        place: Vector,
        /// Volume, m³.
        volume: f64,
    },
    /// Electrode or collector that no metal of its terminal touches.
    WithoutTerminal {
        /// Which body.
        region: RegionId,
        /// Its middle.
        place: Vector,
        /// Volume, m³.
        volume: f64,
    },
    /// Both electrodes touch: they need an insulator or electrolyte between them.
    Short {
        /// The two bodies.
        regions: [RegionId; 2],
        /// Where they touch first.
        place: Vector,
        /// Area of the contact, m².
        area: f64,
    },
    /// Metal in contact with electrolyte, taken as blocking.
    BareMetal {
        /// Which body.
        region: RegionId,
        /// Where first.
        place: Vector,
        /// Area, m².
        area: f64,
    },
}

impl Finding {
    /// Names its bodies anew.
    pub fn rename(&mut self, name: impl Fn(RegionId) -> RegionId) {
        match self {
            Finding::WithoutElectrolyte { region, .. }
            | Finding::FloatingElectrolyte { region, .. }
            | Finding::WithoutTerminal { region, .. }
            | Finding::BareMetal { region, .. } => *region = name(*region),
            Finding::Short { regions, .. } => *regions = regions.map(name),
        }
    }
}

/// Why there is no mesh.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum MeshError {
    /// A grid has an axis without cells.
    #[error("axis {axis} of the grid has no cells: give at least two rising lines")]
    NoCells {
        /// 0, 1, 2 for x, y, z.
        axis: usize,
    },
    /// The lines along an axis do not rise.
    #[error("the lines along axis {axis} do not rise at {at} m")]
    NotRising {
        /// 0, 1, 2 for x, y, z.
        axis: usize,
        /// The first line that is not above the one before, m.
        at: f64,
    },
    /// No body is electrolyte.
    #[error("no electrolyte in the box: name the body that conducts ions")]
    NoElectrolyte,
    /// No electrolyte touches one of the electrodes.
    #[error("no electrolyte touches the {side:?} electrode: check which bodies are given to it and whether a film lies between")]
    NoReaction {
        /// Which electrode.
        side: Side,
    },
    /// The electrolyte is in parts, none of which touches both electrodes.
    #[error("no electrolyte joins both electrodes (region {region}, a part at {place:?}): a gap is closed or an insulator lies between")]
    Disconnected {
        /// The largest part that touches one electrode.
        region: RegionId,
        /// Its middle.
        place: Vector,
    },
    /// The box was divided too coarsely: more pieces than can be held.
    #[error("the device has more detail than can be divided: take a smaller repeating box or a coarser fineness")]
    Overfull,
    /// More volumes than allowed.
    #[error("{wanted} volumes are needed, {allowed} allowed; the narrowest gap is {gap} m: allow more, or fewer across it")]
    TooMany {
        /// Number needed.
        wanted: usize,
        /// Number allowed.
        allowed: usize,
        /// The narrowest gap, m.
        gap: f64,
    },
}

/// Numbers about a mesh.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeshReport {
    /// Volumes by region of the mesh.
    pub volumes: BTreeMap<usize, usize>,
    /// Least and greatest side of the boxes of volumes, m.
    pub sizes: [f64; 2],
    /// Greatest ratio of two sides of one box.
    pub aspect: f64,
    /// Volume of the meshed bodies (and of films with their faces), relative to that of the device, less one.
    pub volume_error: BTreeMap<RegionId, f64>,
    /// Area of the reacting surfaces relative to the device, less one, by electrolyte and electrode.
    pub area_error: BTreeMap<[RegionId; 2], f64>,
    /// Outer faces with a film.
    pub hosts: usize,
    /// Volume of films and electrodes that no electrolyte reaches, m³.
    pub inactive: BTreeMap<RegionId, f64>,
    /// Mean size of the volumes at the negative and the positive surface, along its normal, m.
    pub at_surface: [f64; 2],
    /// What is wrong.
    pub findings: Vec<Finding>,
}
