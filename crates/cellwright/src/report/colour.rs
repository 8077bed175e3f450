//! Colour tokens: the hue names the place, the shade the mechanism; themes give them values.

use serde::{Deserialize, Serialize};

/// A colour of the page, resolved by the theme (CSS custom property).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    /// Positive electrode; its diffusion.
    Positive,
    /// Positive interface; its charge transfer.
    PositiveLight,
    /// Electrolyte; its ohmic loss.
    Electrolyte,
    /// Separator; concentration loss in the electrolyte.
    ElectrolyteLight,
    /// Negative electrode; its diffusion.
    Negative,
    /// Negative interface; its charge transfer.
    NegativeLight,
    /// Collectors, contacts, leads.
    Metal,
    /// Bottom collector.
    MetalLight,
    /// Package.
    Encapsulation,
    /// Oxide under the cell.
    Insulator,
    /// Die.
    Substrate,
    /// A quantity that belongs to no place: heat, temperature.
    Pink,
    /// Main line.
    #[default]
    Ink,
    /// Reference line.
    Muted,
    /// Ordered series, 0 slow to 6 fast.
    Ramp(u8),
}

impl Colour {
    /// The CSS value, a custom property.
    pub fn css(self) -> &'static str {
        match self {
            Colour::Positive => "var(--cat)",
            Colour::PositiveLight => "var(--cat2)",
            Colour::Electrolyte => "var(--ely)",
            Colour::ElectrolyteLight => "var(--ely2)",
            Colour::Negative => "var(--neg)",
            Colour::NegativeLight => "var(--neg2)",
            Colour::Metal => "var(--met)",
            Colour::MetalLight => "var(--met2)",
            Colour::Encapsulation => "var(--enc)",
            Colour::Insulator => "var(--ins)",
            Colour::Substrate => "var(--sub)",
            Colour::Pink => "var(--pink)",
            Colour::Ink => "var(--ink)",
            Colour::Muted => "var(--mut)",
            Colour::Ramp(0) => "var(--r0)",
            Colour::Ramp(1) => "var(--r1)",
            Colour::Ramp(2) => "var(--r2)",
            Colour::Ramp(3) => "var(--r3)",
            Colour::Ramp(4) => "var(--r4)",
            Colour::Ramp(5) => "var(--r5)",
            Colour::Ramp(_) => "var(--r6)",
        }
    }

    /// The colour of member `i` of `n` ordered curves, spread over the ramp.
    pub fn ramp(i: usize, n: usize) -> Self {
        if n <= 1 {
            Colour::Ramp(3)
        } else {
            Colour::Ramp((6 * i).div_euclid(n - 1) as u8)
        }
    }
}
