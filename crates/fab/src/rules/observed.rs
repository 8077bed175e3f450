//! What the emulator measured after a step: plain numbers that the geometric rules judge.

use crate::fabrication::Region;

/// A film as it came out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Film {
    /// Index of the step that made it.
    pub step: usize,
    /// Least, mean and greatest thickness, m.
    pub thickness: [f64; 3],
    /// Where it is thinnest, m.
    pub place: [f64; 3],
}

/// Cavities of a plating step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plated {
    /// Index of the step.
    pub step: usize,
    /// Openings with a connected conductor at the bottom.
    pub seeded: usize,
    /// Openings without.
    pub unseeded: usize,
    /// Where one of those is, m.
    pub place: [f64; 3],
}

/// A filament that hangs free.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bridge {
    /// Index of the step.
    pub step: usize,
    /// Length between supports, m.
    pub length: f64,
    /// Width of the filament, m.
    pub width: f64,
    /// Middle of the bridge, m.
    pub place: [f64; 3],
}

/// State of the chip after a step. Regions are referred to by their index in `regions`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// Index of the step after which this was measured.
    pub step: Option<usize>,
    /// All bodies so far.
    pub regions: Vec<Region>,
    /// Pairs of bodies that touch, with the area, m².
    pub contacts: Vec<(usize, usize, f64)>,
    /// Groups of bodies joined by electrons. A body in several pieces may occur in several groups.
    pub joined: Vec<Vec<usize>>,
    /// Closed hollows: volume, m³, and a point inside.
    pub voids: Vec<(f64, [f64; 3])>,
    /// Solid pieces not joined to the substrate: body, volume in m³.
    pub loose: Vec<(usize, f64)>,
    /// Films.
    pub films: Vec<Film>,
    /// Open surface of each body, m².
    pub exposed: Vec<(usize, f64)>,
    /// Thinnest solid electrolyte between two electron conductors, m, and where; `None` if the electrolyte is liquid or absent.
    pub electrolyte: Option<(f64, [f64; 3])>,
    /// Space that liquid was meant to fill and cannot reach: volume, m³, and a point inside.
    pub unreached: Vec<(f64, [f64; 3])>,
    /// Plating.
    pub plated: Vec<Plated>,
    /// Free-hanging filaments.
    pub bridges: Vec<Bridge>,
    /// After polishing: bodies that the plane cuts or touches.
    pub plane: Option<Vec<usize>>,
    /// Negative over positive capacity, where both are finite.
    pub balance: Option<f64>,
}
