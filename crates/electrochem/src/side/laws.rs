//! Rate laws of side reactions: a current density per interface area that takes lithium out of use.
//!
//! All are functions of the local potential E against lithium (open-circuit potential plus overpotential of the main reaction, V), of
//! the current density h of the main reaction (A/m², anodic positive) and of the lithium n that the reaction has taken so far (mol/m²).

use cellwright_base::constants::{FARADAY, GAS_CONSTANT};

/// A coefficient that follows `v(T) = v(T₀) exp(E_a/R (1/T₀ - 1/T))`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrhenius {
    /// Value at the reference temperature, SI.
    pub value: f64,
    /// Activation energy, J/mol.
    pub activation_energy: f64,
    /// Reference temperature, K.
    pub reference: f64,
}

impl Arrhenius {
    /// The same at every temperature.
    pub fn constant(value: f64) -> Arrhenius {
        Arrhenius {
            value,
            activation_energy: 0.0,
            reference: 298.15,
        }
    }

    /// Value at a temperature (K).
    #[inline]
    pub fn at(&self, temperature: f64) -> f64 {
        if self.activation_energy == 0.0 {
            return self.value;
        }
        self.value * (self.activation_energy / GAS_CONSTANT * (1.0 / self.reference - 1.0 / temperature)).exp()
    }
}

/// Solid-electrolyte interphase: solvent diffuses through the layer and is reduced at the electrode.
///
/// # Equation
/// `j = -F c k e / (1 + k e L/D)`, `e = exp(-α F (E - U)/RT)`, `L = L₀ + n V/z`. Without the rate constant k the layer is
/// diffusion-limited, `j = -F c D/L`, and grows with the square root of time; as D grows it is limited by kinetics.
///
/// # Source
/// Safari, Morcrette, Teyssot, Delacourt, J. Electrochem. Soc. 156 (2009) A145, <https://doi.org/10.1149/1.3043429>; diffusion-limited:
/// Ploehn, Ramadass, White, J. Electrochem. Soc. 151 (2004) A456, <https://doi.org/10.1149/1.1644601>.
///
/// # Validity
/// One layer on even ground; solvent in excess.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sei {
    /// Solvent concentration c in the electrolyte, mol/m³.
    pub solvent_concentration: f64,
    /// Solvent diffusivity D in the layer, m²/s.
    pub diffusivity: Arrhenius,
    /// Rate constant k, m/s; `None`: fast.
    pub rate_constant: Option<Arrhenius>,
    /// Potential U of the reduction against lithium, V.
    pub potential: f64,
    /// Cathodic transfer coefficient α.
    pub transfer_coefficient: f64,
    /// Molar volume V of the layer, m³/mol.
    pub molar_volume: f64,
    /// Lithium z per formula unit of the layer.
    pub lithium: f64,
    /// Ionic conductivity of the layer, S/m; infinite: no resistance.
    pub conductivity: f64,
    /// Thickness L₀ at the start, m.
    pub initial_thickness: f64,
}

/// Interphase on surface that expansion lays bare: a fixed part of every charge that enters the host.
///
/// # Equation
/// `j = κ h` while h < 0, with `κ = χ (z L₀/V) (2 Ω/3) (m+1)/R`: an area `dA/A = 2 Ω dc/3` is new where the host swells by Ω dc, part χ
/// of it cracks open and is covered with L₀; c follows from the current, `dc/dt = -(m+1) h/(F R)`.
///
/// # Validity
/// Free hosts. A film on a substrate swells in its thickness alone: Ω dc then says how much its cracks open.
///
/// # Source
/// Laresgoiti, Käbitz, Ecker, Sauer, J. Power Sources 300 (2015) 112, <https://doi.org/10.1016/j.jpowsour.2015.09.033>.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FreshSurface {
    /// κ: charge lost per charge inserted.
    pub share: f64,
}

/// Lithium plated on the host, stripped again, or isolated ("dead").
///
/// # Equation
/// `j = i₀ (a exp((1-α) F E/RT) - exp(-α F E/RT))` with the activity `a = n/(n + n₁)` of less than a monolayer n₁;
/// `dn/dt = -j/F - γ n`, `dn_dead/dt = γ n`.
///
/// # Source
/// O'Kane, Ai, Madabattula et al., Phys. Chem. Chem. Phys. 24 (2022) 7909, <https://doi.org/10.1039/d2cp00417h> (partially reversible
/// plating), with an activity that saturates, since bulk lithium has activity one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plating {
    /// Exchange-current density i₀, A/m².
    pub exchange_current: Arrhenius,
    /// Cathodic transfer coefficient α.
    pub transfer_coefficient: f64,
    /// Rate γ at which plated lithium is isolated, 1/s.
    pub isolation: Arrhenius,
}

/// One side reaction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SideReaction {
    /// Solid-electrolyte interphase.
    Sei(Sei),
    /// Interphase on fresh surface.
    FreshSurface(FreshSurface),
    /// Lithium plating.
    Plating(Plating),
    /// Water that comes through the package: lithium taken per interface area, mol/(m² s).
    Water(f64),
}

/// Lithium per area of one monolayer, mol/m²: (density over molar mass)^(2/3) over Avogadro's number^(1/3), from 534 kg/m³ and 6.94 g/mol.
pub const MONOLAYER: f64 = 2.14e-5;

/// Largest exponent that is taken; beyond it a reaction is as fast as anything else.
const LARGEST_EXPONENT: f64 = 60.0;

/// A current density with its derivatives.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rate {
    /// A/m².
    pub j: f64,
    pub by_potential: f64,
    pub by_current: f64,
    pub by_amount: f64,
}

impl Sei {
    /// Thickness, m, after `n` mol/m² of lithium.
    #[inline]
    pub fn thickness(&self, n: f64) -> f64 {
        self.initial_thickness + n * self.molar_volume / self.lithium
    }

    fn rate(&self, potential: f64, n: f64, temperature: f64) -> Rate {
        let d = self.diffusivity.at(temperature);
        let (length, per_n) = (self.thickness(n), self.molar_volume / self.lithium);
        let all = FARADAY * self.solvent_concentration;
        let Some(k) = &self.rate_constant else {
            let j = -all * d / length;
            return Rate {
                j,
                by_amount: -j / length * per_n,
                ..Rate::default()
            };
        };
        let slope = self.transfer_coefficient * FARADAY / (GAS_CONSTANT * temperature);
        let x = k.at(temperature) * (-slope * (potential - self.potential)).min(LARGEST_EXPONENT).exp();
        let hindered = 1.0 + x * length / d;
        let j = -all * x / hindered;
        Rate {
            j,
            by_potential: -j * slope / hindered,
            by_current: 0.0,
            by_amount: -j * x / d * per_n / hindered,
        }
    }
}

impl Plating {
    fn rate(&self, potential: f64, n: f64, temperature: f64) -> Rate {
        let thermal = FARADAY / (GAS_CONSTANT * temperature);
        let i0 = self.exchange_current.at(temperature);
        let (anodic, cathodic) = ((1.0 - self.transfer_coefficient) * thermal, self.transfer_coefficient * thermal);
        let there = n.max(0.0);
        let activity = there / (there + MONOLAYER);
        let strip = i0 * (anodic * potential).min(LARGEST_EXPONENT).exp();
        let plate = i0 * (-cathodic * potential).min(LARGEST_EXPONENT).exp();
        Rate {
            j: activity * strip - plate,
            by_potential: anodic * activity * strip + cathodic * plate,
            by_current: 0.0,
            by_amount: strip * MONOLAYER / (there + MONOLAYER).powi(2),
        }
    }
}

impl SideReaction {
    /// What it is called.
    pub fn name(&self) -> &'static str {
        match self {
            SideReaction::Sei(_) => "solid-electrolyte interphase",
            SideReaction::FreshSurface(_) => "interphase on fresh surface",
            SideReaction::Plating(_) => "lithium plating",
            SideReaction::Water(_) => "water through the package",
        }
    }

    /// Names of what takes the lithium: one per state.
    pub fn places(&self) -> &'static [&'static str] {
        match self {
            SideReaction::Sei(_) => &["solid-electrolyte interphase"],
            SideReaction::FreshSurface(_) => &["interphase on fresh surface"],
            SideReaction::Plating(_) => &["plated lithium", "isolated lithium"],
            SideReaction::Water(_) => &["water through the package"],
        }
    }

    /// Rate at which the first state turns into the second, 1/s.
    #[inline]
    pub(crate) fn isolation(&self, temperature: f64) -> f64 {
        match self {
            SideReaction::Plating(p) => p.isolation.at(temperature),
            _ => 0.0,
        }
    }

    /// Area resistance of the layer, ohm m².
    #[inline]
    pub(crate) fn resistance(&self, n: f64) -> f64 {
        match self {
            SideReaction::Sei(s) => s.thickness(n) / s.conductivity,
            _ => 0.0,
        }
    }

    /// Current density at a potential (V), main current density (A/m²), amount (mol/m²) and temperature (K).
    #[inline]
    pub(crate) fn rate(&self, potential: f64, current: f64, n: f64, temperature: f64) -> Rate {
        match self {
            SideReaction::Sei(s) => s.rate(potential, n, temperature),
            SideReaction::Plating(p) => p.rate(potential, n, temperature),
            SideReaction::FreshSurface(f) => {
                let slope = if current < 0.0 { f.share } else { 0.0 };
                Rate {
                    j: slope * current,
                    by_current: slope,
                    ..Rate::default()
                }
            }
            SideReaction::Water(rate) => Rate {
                j: -FARADAY * rate,
                ..Rate::default()
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interphase() -> Sei {
        Sei {
            solvent_concentration: 2636.0,
            diffusivity: Arrhenius::constant(2.5e-22),
            rate_constant: Some(Arrhenius::constant(1e-12)),
            potential: 0.4,
            transfer_coefficient: 0.5,
            molar_volume: 9.585e-5,
            lithium: 2.0,
            conductivity: 5e-6,
            initial_thickness: 5e-9,
        }
    }

    #[test]
    fn derivatives_are_those_of_the_law() {
        let plating = Plating {
            exchange_current: Arrhenius::constant(1e-3),
            transfer_coefficient: 0.35,
            isolation: Arrhenius::constant(0.0),
        };
        for law in [
            SideReaction::Sei(interphase()),
            SideReaction::Sei(Sei {
                rate_constant: None,
                ..interphase()
            }),
            SideReaction::Plating(plating),
            SideReaction::FreshSurface(FreshSurface { share: 1e-3 }),
            SideReaction::Water(1e-12),
        ] {
            let (e, h, n) = (-0.03, -0.7, 3e-5);
            let at = law.rate(e, h, n, 310.0);
            let central = |f: &dyn Fn(f64) -> f64, step: f64| (f(step) - f(-step)) / (2.0 * step);
            let found = [
                (at.by_potential, central(&|d| law.rate(e + d, h, n, 310.0).j, 1e-6)),
                (at.by_current, central(&|d| law.rate(e, h + d, n, 310.0).j, 1e-4)),
                (at.by_amount, central(&|d| law.rate(e, h, n + d, 310.0).j, 1e-9)),
            ];
            for (ours, theirs) in found {
                assert!((ours - theirs).abs() <= 1e-6 * theirs.abs() + 1e-12, "{law:?}: {ours} {theirs}");
            }
        }
    }

    #[test]
    fn slow_kinetics_and_slow_diffusion_are_the_limits() {
        let both = interphase();
        let limit = |d: f64, k: Option<f64>| {
            let sei = Sei {
                diffusivity: Arrhenius::constant(d),
                rate_constant: k.map(Arrhenius::constant),
                ..both
            };
            SideReaction::Sei(sei).rate(0.1, 0.0, 1e-5, 298.15).j
        };
        assert!((limit(1e-22, Some(1e3)) / limit(1e-22, None) - 1.0).abs() < 1e-9);
        let kinetic = -FARADAY * 2636.0 * 1e-12 * (0.5 * FARADAY * 0.3 / (GAS_CONSTANT * 298.15)).exp();
        assert!((limit(1e3, Some(1e-12)) / kinetic - 1.0).abs() < 1e-9);
    }
}
