//! How films are made and how thick they can get: the known techniques with their usual range.

/// A way to make a film.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Technique {
    /// The word used in design files.
    pub name: &'static str,
    /// Thinnest usual film, m.
    pub thinnest: f64,
    /// Thickest usual film, m.
    pub thickest: f64,
}

const fn technique(name: &'static str, thinnest: f64, thickest: f64) -> Technique {
    Technique { name, thinnest, thickest }
}

/// The known techniques. The ranges are engineering orders of magnitude, used only to notice slips such as mm for µm.
pub static TECHNIQUES: &[Technique] = &[
    technique("rf-sputter", 2e-9, 10e-6),
    technique("dc-sputter", 2e-9, 10e-6),
    technique("thermal-evaporation", 2e-9, 20e-6),
    technique("e-beam-evaporation", 2e-9, 20e-6),
    technique("pulsed-laser-deposition", 2e-9, 5e-6),
    technique("atomic-layer-deposition", 0.2e-9, 500e-9),
    technique("chemical-vapour-deposition", 5e-9, 30e-6),
    technique("sol-gel", 20e-9, 5e-6),
    technique("spin-coating", 20e-9, 200e-6),
    technique("electrodeposition", 50e-9, 500e-6),
    technique("electrophoretic-deposition", 500e-9, 500e-6),
    technique("thermal-oxidation", 2e-9, 5e-6),
    technique("slurry-coating", 2e-6, 500e-6),
    technique("screen-printing", 2e-6, 500e-6),
    technique("ink-jet-printing", 200e-9, 100e-6),
    technique("direct-ink-writing", 2e-6, 2e-3),
    technique("lamination", 1e-6, 2e-3),
    technique("foil", 1e-6, 2e-3),
    technique("wafer", 20e-6, 2e-3),
    technique("dispensing", 1e-6, 2e-3),
];

/// The technique with this name.
pub fn find(name: &str) -> Option<&'static Technique> {
    TECHNIQUES.iter().find(|t| t.name == name)
}
