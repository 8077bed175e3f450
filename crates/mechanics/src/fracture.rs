//! Whether a stressed film cracks or comes off: energy released against energy needed, and the thickness at which they meet.
//!
//! # Equation
//! A crack in a film of thickness h under the stress σ releases `G = Z σ² h / E'` per area, with `E' = E/(1-ν²)` and a number Z for the
//! way it runs. It runs where G reaches Γ, the energy that the new surface needs, `Γ = K_IC²/E'` for a film of toughness K_IC. The film
//! is safe below `h_c = Γ E' / (Z σ²) = K_IC² / (Z σ²)`.
//!
//! # Validity
//! Film and substrate of equal stiffness (a stiffer film on a soft foil cracks earlier, see Beuth 1992); elastic up to the crack; a flaw
//! as deep as the film is there. With plastic flow the yield stress bounds σ, and the elastic energy is an upper bound. Channels need
//! tension; delamination and buckling work under compression too.
//!
//! # Source
//! Hutchinson and Suo 1991, doi:10.1016/S0065-2156(08)70164-9, table 1; Beuth 1992, doi:10.1016/0020-7683(92)90015-L.
//!
//! # Verification
//! `fracture::tests`

use crate::elastic::Elastic;
use crate::error::{MechanicsError, finite, positive};

/// How a crack runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// From the surface down to the substrate, all along at once.
    Surface,
    /// Through the film and on along it: the usual mud cracks.
    Channel,
    /// Along the interface, from an edge, in the steady state.
    Delamination,
}

impl Mode {
    /// The number Z for equal stiffness of film and substrate.
    pub fn number(self) -> f64 {
        match self {
            Mode::Surface => 3.951,
            Mode::Channel => 1.976,
            // All the energy that strip by strip relaxes in one direction: σ² h (1-ν²)/(2E), for any substrate.
            Mode::Delamination => 0.5,
        }
    }
}

/// Energy released per area against energy needed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// How it would crack.
    pub mode: Mode,
    /// Energy released, J/m².
    pub released: f64,
    /// Energy needed, J/m².
    pub needed: f64,
    /// Thickness at which they meet, m; infinite without driving stress.
    pub critical_thickness: f64,
}

impl Verdict {
    /// Whether the crack runs.
    pub fn runs(&self) -> bool {
        self.released >= self.needed
    }
}

/// Energy that a new crack surface needs in a solid of the toughness K_IC, Pa √m: `Γ = K_IC²/E'`, J/m².
pub fn energy_of(toughness: f64, elastic: &Elastic) -> f64 {
    toughness * toughness / elastic.plane_strain()
}

/// Judges a film of this thickness, m, under this stress, Pa; `energy` is what the film or the interface needs, J/m².
///
/// Under compression nothing drives cracks through the film.
///
/// # Errors
/// [`MechanicsError::OutOfRange`] for a thickness or energy that is not positive, or a stress that is no number.
pub fn judge(mode: Mode, elastic: &Elastic, stress: f64, thickness: f64, energy: f64) -> Result<Verdict, MechanicsError> {
    positive("thickness of the film", thickness)?;
    positive("fracture energy", energy)?;
    let stress = match mode {
        Mode::Surface | Mode::Channel => finite("film stress", stress)?.max(0.0),
        Mode::Delamination => finite("film stress", stress)?,
    };
    let per_thickness = mode.number() * stress * stress / elastic.plane_strain();
    Ok(Verdict {
        mode,
        released: per_thickness * thickness,
        needed: energy,
        critical_thickness: energy / per_thickness,
    })
}

/// Strain, in one direction with the other held, at which a film of this thickness, m, cracks: `√(Γ / (Z E' h))`, from `σ = E' ε`.
///
/// # Errors
/// [`MechanicsError::OutOfRange`] for a thickness or energy that is not positive.
pub fn critical_strain(mode: Mode, elastic: &Elastic, thickness: f64, energy: f64) -> Result<f64, MechanicsError> {
    positive("thickness of the film", thickness)?;
    positive("fracture energy", energy)?;
    Ok((energy / (mode.number() * elastic.plane_strain() * thickness)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delamination_releases_the_energy_of_a_strip() {
        // A strip under equal stress in both directions, released in one with the other held: the work of the unloading, by hand.
        let solid = Elastic::new(90e9, 0.3).expect("a solid");
        let (stress, thickness) = (700e6, 2e-6);
        let strain = stress / solid.biaxial();
        // Before: E/(1-ν) ε²; after the release one direction keeps its strain: E ε²/2.
        let released = (solid.biaxial() * strain * strain - 0.5 * solid.young() * strain * strain) * thickness;
        let verdict = judge(Mode::Delamination, &solid, stress, thickness, 1.0).expect("a film");
        assert!((verdict.released / released - 1.0).abs() < 1e-12, "{} {released}", verdict.released);
    }

    #[test]
    fn toughness_and_energy_give_the_same_thickness() {
        let solid = Elastic::new(90e9, 0.22).expect("a solid");
        let toughness = 1e6;
        let verdict = judge(Mode::Channel, &solid, 1e9, 1e-6, energy_of(toughness, &solid)).expect("a film");
        let exact = toughness * toughness / (1.976 * 1e18);
        assert!((verdict.critical_thickness / exact - 1.0).abs() < 1e-12);
        assert!(verdict.runs());
        let thin = judge(Mode::Channel, &solid, 1e9, 0.99 * exact, energy_of(toughness, &solid)).expect("a film");
        assert!(!thin.runs());
    }

    #[test]
    fn at_the_critical_strain_the_thickness_is_critical() {
        let solid = Elastic::new(90e9, 0.22).expect("a solid");
        let strain = critical_strain(Mode::Channel, &solid, 0.3e-6, 7.0).expect("a film");
        let verdict = judge(Mode::Channel, &solid, solid.plane_strain() * strain, 0.3e-6, 7.0).expect("a film");
        assert!((verdict.critical_thickness / 0.3e-6 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn compression_opens_no_channel() {
        let solid = Elastic::new(90e9, 0.22).expect("a solid");
        let verdict = judge(Mode::Channel, &solid, -1e9, 1e-6, 5.0).expect("a film");
        assert!(!verdict.runs() && verdict.critical_thickness == f64::INFINITY);
        assert!(judge(Mode::Delamination, &solid, -1e9, 1e-6, 5.0).expect("a film").runs());
        assert!(judge(Mode::Channel, &solid, 1e9, 0.0, 5.0).is_err());
    }
}
