//! Whether electrodes that swell fill the space between them.

use crate::error::{MechanicsError, positive};

/// The shape of an electrode towards the gap; what is held does not grow along itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// A film on a wall, m: grows in thickness only.
    Film {
        /// Thickness.
        thickness: f64,
    },
    /// A film around a core that does not swell, m: grows outwards.
    Shell {
        /// Radius of the core.
        core: f64,
        /// Outer radius.
        radius: f64,
    },
    /// A solid pillar that is free along its axis, m: grows alike in all directions.
    FreePillar {
        /// Radius.
        radius: f64,
    },
}

impl Shape {
    /// How far the surface moves, m, when the volume becomes `ratio` times what it was.
    ///
    /// # Equation
    /// Film `t (J - 1)`; shell `√(a² + (b² - a²) J) - b`; free pillar `r (J^(1/3) - 1)`.
    ///
    /// # Errors
    /// [`MechanicsError::OutOfRange`] for a size or ratio that is not positive, or a core that is not inside.
    pub fn growth(&self, ratio: f64) -> Result<f64, MechanicsError> {
        positive("volume ratio", ratio)?;
        match *self {
            Shape::Film { thickness } => Ok(positive("thickness of the electrode", thickness)? * (ratio - 1.0)),
            Shape::Shell { core, radius } => {
                if !(core >= 0.0 && core < positive("radius of the electrode", radius)?) {
                    return Err(MechanicsError::OutOfRange {
                        quantity: "radius of the core",
                        found: core,
                        allowed: "from zero to below the outer radius",
                    });
                }
                Ok((core * core + (radius * radius - core * core) * ratio).sqrt() - radius)
            }
            Shape::FreePillar { radius } => Ok(positive("radius of the electrode", radius)? * (ratio.cbrt() - 1.0)),
        }
    }
}

/// What is left of a gap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// How far both surfaces move into the gap together, m; negative where they shrink.
    pub growth: f64,
    /// The gap before, m.
    pub gap: f64,
}

impl Verdict {
    /// What is left, m; negative where there is not enough.
    pub fn left(&self) -> f64 {
        self.gap - self.growth
    }

    /// Whether both electrodes meet.
    pub fn closes(&self) -> bool {
        self.left() <= 0.0
    }
}

/// Judges a gap, m, between two electrodes, each with the ratio of its volume after to before. What lies in the gap gives way.
///
/// # Errors
/// [`MechanicsError`] for a gap, size or ratio that is not positive.
pub fn judge(gap: f64, electrodes: &[(Shape, f64)]) -> Result<Verdict, MechanicsError> {
    positive("gap between the electrodes", gap)?;
    let growth = electrodes
        .iter()
        .map(|(shape, ratio)| shape.growth(*ratio))
        .sum::<Result<f64, MechanicsError>>()?;
    Ok(Verdict { growth, gap })
}

/// Ratio of the volume of an electrode at one lithium content to that at another.
///
/// # Equation
/// `J = (1 + Ω c_b) / (1 + Ω c_a)` with the partial molar volume Ω (m³/mol) and the lithium per volume of empty host c (mol/m³).
pub fn volume_ratio(molar_volume: f64, from: f64, to: f64) -> f64 {
    (1.0 + molar_volume * to) / (1.0 + molar_volume * from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_keeps_the_volume_it_was_given() {
        let (core, radius, ratio) = (2e-6, 3e-6, 3.8);
        let shell = Shape::Shell { core, radius }.growth(ratio).expect("a shell");
        let area = |r: f64| r * r - core * core;
        assert!((area(radius + shell) / area(radius) - ratio).abs() < 1e-12);
        let pillar = Shape::FreePillar { radius }.growth(ratio).expect("a pillar");
        assert!(((1.0 + pillar / radius).powi(3) - ratio).abs() < 1e-12);
        // A wide shell is a film.
        let wide = Shape::Shell {
            core: 1.0,
            radius: 1.0 + 1e-6,
        }
        .growth(ratio)
        .expect("a shell");
        let film = Shape::Film { thickness: 1e-6 }.growth(ratio).expect("a film");
        assert!((wide / film - 1.0).abs() < 1e-4);
    }

    #[test]
    fn a_gap_closes_when_both_films_need_it() {
        let films = |ratio: f64| [(Shape::Film { thickness: 1e-6 }, ratio), (Shape::Film { thickness: 2e-6 }, 1.05)];
        assert!(!judge(1e-6, &films(1.85)).expect("a gap").closes());
        assert!(judge(1e-6, &films(1.95)).expect("a gap").closes());
        assert!((judge(1e-6, &films(1.85)).expect("a gap").left() - 0.05e-6).abs() < 1e-15);
        assert!(judge(0.0, &films(1.0)).is_err() && Shape::Film { thickness: 1e-6 }.growth(-1.0).is_err());
        assert!((Shape::Shell { core: 2e-6, radius: 1e-6 }).growth(1.1).is_err());
    }

    #[test]
    fn silicon_full_of_lithium_is_about_four_times_as_large() {
        // 9 cm³/mol at 311 mol/L of host, 3.75 Li per Si.
        assert!((volume_ratio(9e-6, 0.0, 311e3) - 3.8).abs() < 0.01);
        assert!((volume_ratio(9e-6, 311e3, 0.0) * volume_ratio(9e-6, 0.0, 311e3) - 1.0).abs() < 1e-15);
    }
}
