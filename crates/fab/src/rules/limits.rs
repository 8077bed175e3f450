//! What each technique can do, in the few numbers that the design rules need: a view of the technique library.

use crate::technique::{self, Technique};
use cellwright_base::constants::STANDARD_TEMPERATURE;
use cellwright_materials::{Class, Library};
use std::sync::LazyLock;

/// How a technique puts material down or takes it away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// From a line of sight: sputtering, evaporation, ablation.
    Directional,
    /// From a gas that reaches everywhere: atomic layer and chemical vapour deposition, oxidation.
    Conformal,
    /// From a solution, only on a conductor.
    Plating,
    /// Exposed and developed.
    Lithography,
    /// As ink or paste, in the drawn shapes.
    Print,
    /// As a filament from a nozzle.
    Filament,
    /// As a solid sheet or wire.
    Sheet,
    /// Over everything, from a liquid.
    Coat,
    /// Takes material away.
    Etch,
}

/// Limits of a technique. A number that does not apply is infinite or zero, whichever never breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Its name in the library, whichever alias was asked for.
    pub name: &'static str,
    /// What sort of technique it is.
    pub kind: Kind,
    /// Narrowest line, m.
    pub min_width: f64,
    /// Narrowest gap, m.
    pub min_space: f64,
    /// Largest depth over width of a hole (etch) or height over width of what is made.
    pub aspect_ratio: f64,
    /// Thinnest and thickest usual film, m.
    pub thickness: (f64, f64),
    /// Temperature of the wafer when nothing is said, K.
    pub temperature: f64,
    /// How well a layer is aligned to the one below, m.
    pub alignment: f64,
    /// How far an edge spreads, m.
    pub bleed: f64,
    /// Thickness on a wall over thickness on the open surface in a wide hole.
    pub conformality: f64,
    /// Etched depth per lost mask thickness.
    pub selectivity: f64,
    /// Whether it happens in vacuum.
    pub vacuum: bool,
}

/// Limits of the technique of this name or alias: the usual values of the technique library.
pub fn limits(technique: &str) -> Option<Limits> {
    technique::find(technique).map(of)
}

fn of(t: &'static Technique) -> Limits {
    use technique::Kind as How;
    let usual = |value: &Option<technique::Sourced>, otherwise: f64| value.as_ref().map_or(otherwise, |v| v.value);
    let kind = match t.kind {
        How::LineOfSight => Kind::Directional,
        How::Conformal | How::Diffusive | How::Conversion => Kind::Conformal,
        How::BottomUp => Kind::Plating,
        How::Pattern | How::Template => Kind::Lithography,
        How::Print | How::Infill => Kind::Print,
        How::Extrude => Kind::Filament,
        How::Transfer => Kind::Sheet,
        How::Etch => Kind::Etch,
        How::Coat | How::Planarise | How::Anneal | How::Lithiate => Kind::Coat,
    };
    Limits {
        name: &t.name,
        kind,
        // The width of a filament is that of its nozzle, which has a rule of its own.
        min_width: if kind == Kind::Filament {
            0.0
        } else {
            usual(&t.minimum_feature, 0.0)
        },
        min_space: usual(&t.minimum_space, 0.0),
        aspect_ratio: usual(&t.aspect_ratio, f64::INFINITY),
        thickness: t.thickness.as_ref().and_then(|v| v.range).unwrap_or((0.0, f64::INFINITY)),
        temperature: usual(&t.temperature, STANDARD_TEMPERATURE),
        alignment: usual(&t.alignment, 0.0),
        bleed: usual(&t.edge_bleed, 0.0),
        // What the library does not say follows from the kind: gas coats walls, a beam does not.
        conformality: usual(&t.conformality, if kind == Kind::Conformal { 1.0 } else { 0.0 }),
        selectivity: usual(&t.selectivity, f64::INFINITY),
        vacuum: match t.kind {
            How::LineOfSight | How::Conformal | How::Diffusive => true,
            // Etched in a plasma, which has a direction.
            How::Etch => t.isotropy.as_ref().is_some_and(|i| i.value < 0.5) && t.name != "laser",
            _ => false,
        },
    }
}

static LIBRARY: LazyLock<Library> = LazyLock::new(Library::embedded);

/// Whether a material is a metal, by the material library.
pub(super) fn is_metal(material: &str) -> bool {
    LIBRARY.get(material).is_ok_and(|m| m.class == Class::Metal)
}

/// Temperature that a material survives in a finished film, K, by the material library; `None` where nothing is known.
pub fn max_temperature(material: &str) -> Option<f64> {
    let property = LIBRARY.get(material).ok()?.get("maximum_temperature")?;
    Some(property.eval(0.5, STANDARD_TEMPERATURE).value)
}

/// Thinnest film that is closed, m: below it an electrolyte shorts and a collector does not conduct.
///
/// # Source
/// Electrolyte: LiPON that still insulates at 15 nm, Put et al. 2016 (ACS Appl. Mater. Interfaces). Collector, 10 nm: assumed.
pub fn continuity(role: cellwright_device::Role) -> f64 {
    match role {
        cellwright_device::Role::Electrolyte => 15e-9,
        cellwright_device::Role::Collector => 10e-9,
        _ => 0.0,
    }
}

/// Resist over film for a clean lift-off, by the technique library.
pub fn lift_ratio() -> f64 {
    let ratio = technique::find("lift-off").and_then(|t| t.resist_ratio.as_ref());
    ratio.map_or(1.0, |r| r.value)
}

/// Conformality above which lift-off leaves ears, by the technique library.
pub fn ears() -> f64 {
    let most = technique::find("lift-off").and_then(|t| t.conformality.as_ref());
    most.map_or(1.0, |c| c.value)
}

/// Molar mass (kg/mol) and sites (1/m²) of the precursor when the recipe names none: trimethylaluminium on an oxide, 4.7 molecules per
/// nm² (Gordon et al. 2003, doi:10.1002/cvde.200390005). Assumed for other chemistries; the emulator takes the same.
pub const PRECURSOR: (f64, f64) = (0.07209, 4.7e18);

/// Thickest mask of an etch, m (assumed: thick resist).
pub const ETCH_MASK: f64 = 8e-6;
/// Narrowest sealing ring, m (assumed; 50 to 200 um are used).
pub const RING: f64 = 100e-6;
/// Smallest contact pad, m (assumed; a bond wire needs about 100 um).
pub const PAD: f64 = 100e-6;
/// Largest spread of opening widths that etch alike (assumed).
pub const LAG: f64 = 2.0;
/// Longest bridge of a filament over its width (assumed).
pub const SPAN: f64 = 20.0;
/// Negative over positive capacity that is usual (assumed).
pub const BALANCE: (f64, f64) = (1.05, 1.3);
