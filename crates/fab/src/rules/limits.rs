//! What each technique can do, in the few numbers that the design rules need.

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
    /// Exposure per cycle when nothing is said, Pa s (atomic layer deposition).
    pub exposure: f64,
    /// Etched depth per lost mask thickness, and thickest usual mask, m.
    pub mask: (f64, f64),
    /// Whether it happens in vacuum.
    pub vacuum: bool,
}

const UM: f64 = 1e-6;

const fn celsius(c: f64) -> f64 {
    c + cellwright_base::constants::ZERO_CELSIUS
}

/// Values that break no rule.
const OPEN: Limits = Limits {
    kind: Kind::Coat,
    min_width: 0.0,
    min_space: 0.0,
    aspect_ratio: f64::INFINITY,
    thickness: (0.0, f64::INFINITY),
    temperature: celsius(25.0),
    alignment: 0.0,
    bleed: 0.0,
    conformality: 0.0,
    exposure: f64::INFINITY,
    mask: (f64::INFINITY, f64::INFINITY),
    vacuum: false,
};

const fn directional(thickest: f64, conformality: f64) -> Limits {
    Limits {
        kind: Kind::Directional,
        thickness: (2e-9, thickest),
        conformality,
        vacuum: true,
        ..OPEN
    }
}

const fn conformal(thickness: (f64, f64), temperature: f64) -> Limits {
    Limits {
        kind: Kind::Conformal,
        thickness,
        temperature: celsius(temperature),
        conformality: 0.9,
        vacuum: true,
        ..OPEN
    }
}

const fn print(resolution: f64, thickness: (f64, f64), alignment: f64, bleed: f64) -> Limits {
    Limits {
        kind: Kind::Print,
        min_width: resolution,
        min_space: resolution,
        thickness,
        alignment,
        bleed,
        ..OPEN
    }
}

const fn etch(min: f64, aspect_ratio: f64, selectivity: f64) -> Limits {
    Limits {
        kind: Kind::Etch,
        min_width: min,
        min_space: min,
        aspect_ratio,
        alignment: 1.0 * UM,
        mask: (selectivity, 8.0 * UM),
        vacuum: true,
        temperature: celsius(20.0),
        ..OPEN
    }
}

/// Limits of the technique of this name.
///
/// # Source
/// Resolution of flexographic (20 um), spray (40 um) and screen printing (50 um): doi:10.1039/d2na00566b, Table 1. Everything else is
/// assumed: usual engineering values, no source opened.
pub fn limits(technique: &str) -> Option<Limits> {
    Some(match technique {
        "rf-sputter" | "dc-sputter" => directional(10.0 * UM, 0.25),
        "thermal-evaporation" | "e-beam-evaporation" => directional(20.0 * UM, 0.02),
        "pulsed-laser-deposition" => directional(5.0 * UM, 0.1),
        "atomic-layer-deposition" => Limits {
            conformality: 1.0,
            exposure: 1.0,
            ..conformal((0.2e-9, 500e-9), 200.0)
        },
        "chemical-vapour-deposition" => conformal((5e-9, 30.0 * UM), 300.0),
        "thermal-oxidation" => conformal((2e-9, 5.0 * UM), 1000.0),
        "electrodeposition" | "electrophoretic-deposition" => Limits {
            kind: Kind::Plating,
            thickness: (50e-9, 500.0 * UM),
            aspect_ratio: 50.0,
            min_width: 1.0 * UM,
            min_space: 1.0 * UM,
            alignment: 1.0 * UM,
            ..OPEN
        },
        "lithography" => Limits {
            kind: Kind::Lithography,
            min_width: 2.0 * UM,
            min_space: 2.0 * UM,
            aspect_ratio: 10.0,
            thickness: (0.3 * UM, 500.0 * UM),
            temperature: celsius(110.0),
            alignment: 1.0 * UM,
            ..OPEN
        },
        "holographic-lithography" | "imprint" | "self-assembly" => Limits {
            kind: Kind::Lithography,
            min_width: 2.0 * UM,
            min_space: 2.0 * UM,
            thickness: (0.1 * UM, 100.0 * UM),
            temperature: celsius(95.0),
            alignment: 1.0 * UM,
            aspect_ratio: 10.0,
            ..OPEN
        },
        "flexographic-printing" => print(20.0 * UM, (0.5 * UM, 20.0 * UM), 20.0 * UM, 5.0 * UM),
        "spray-coating" | "spray-printing" => print(40.0 * UM, (1.0 * UM, 100.0 * UM), 40.0 * UM, 20.0 * UM),
        "screen-printing" => print(50.0 * UM, (2.0 * UM, 500.0 * UM), 25.0 * UM, 20.0 * UM),
        "stencil-printing" => print(100.0 * UM, (5.0 * UM, 500.0 * UM), 25.0 * UM, 20.0 * UM),
        "ink-jet-printing" => print(30.0 * UM, (0.2 * UM, 100.0 * UM), 10.0 * UM, 10.0 * UM),
        "dispensing" => print(100.0 * UM, (1.0 * UM, 2000.0 * UM), 50.0 * UM, 25.0 * UM),
        "direct-ink-writing" => Limits {
            kind: Kind::Filament,
            min_space: 10.0 * UM,
            thickness: (2.0 * UM, 2000.0 * UM),
            aspect_ratio: 15.0,
            alignment: 5.0 * UM,
            bleed: 2.0 * UM,
            ..OPEN
        },
        "lamination" | "foil" | "wafer" => Limits {
            kind: Kind::Sheet,
            min_width: 10.0 * UM,
            min_space: 50.0 * UM,
            thickness: (1.0 * UM, 2000.0 * UM),
            alignment: 50.0 * UM,
            ..OPEN
        },
        "sol-gel" | "spin-coating" | "slurry-coating" | "tape-casting" => Limits {
            thickness: (20e-9, 500.0 * UM),
            ..OPEN
        },
        // Openings of a metal mask laid on the wafer, for films from the gas.
        "shadow-mask" => print(50.0 * UM, (0.0, f64::INFINITY), 50.0 * UM, 10.0 * UM),
        "drie" => etch(1.0 * UM, 20.0, 50.0),
        "rie" => etch(1.0 * UM, 5.0, 2.0),
        "wet-etch" => Limits {
            vacuum: false,
            ..etch(2.0 * UM, 1.0, f64::INFINITY)
        },
        "laser" => Limits {
            vacuum: false,
            ..etch(20.0 * UM, 5.0, f64::INFINITY)
        },
        _ => return None,
    })
}

/// Temperature that a material survives in a finished film, K; `None` where nothing is known.
///
/// # Source
/// Lithium melts at 180 °C (handbook). Resist 120 °C, LiPON 300 °C, parylene 290 °C, carbonate electrolytes 80 °C and aluminium 600 °C:
/// assumed, no source opened.
pub fn max_temperature(material: &str) -> Option<f64> {
    let c = match material {
        "Li" | "Li-Xu2019" => 180.0,
        "photoresist" => 120.0,
        "LiPON" | "LiPON-ALD" | "Li2PO2N-ALD" | "Li3PO4-Danilov2011" => 300.0,
        "parylene-C" => 290.0,
        "Al" => 600.0,
        m if m.starts_with("LiPF6") || m.starts_with("LiClO4") => 80.0,
        _ => return None,
    };
    Some(celsius(c))
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

/// Narrowest sealing ring, m (assumed; 50 to 200 um are used).
pub const RING: f64 = 100.0 * UM;
/// Smallest contact pad, m (assumed; a bond wire needs about 100 um).
pub const PAD: f64 = 100.0 * UM;
/// Largest spread of opening widths that etch alike (assumed).
pub const LAG: f64 = 2.0;
/// Resist over film for a clean lift-off (assumed).
pub const LIFT: f64 = 1.5;
/// Conformality above which lift-off leaves ears (assumed).
pub const EARS: f64 = 0.3;
/// Longest bridge of a filament over its width (assumed).
pub const SPAN: f64 = 20.0;
/// Negative over positive capacity that is usual (assumed).
pub const BALANCE: (f64, f64) = (1.05, 1.3);
