//! Electrolyte transport between two control volumes: one flux law for liquids, gels and two-species solids.
//!
//! # Equation
//! With φ measured by a lithium reference electrode,
//! `i = κ (-∇φ + χ ∇ln c)`, `χ = 2 (1 - t₊) (1 + dln f/dln c) RT/F`, `N₊ = -D ∇c + t₊ i/F`, `∂(εc)/∂t = -∇·N₊ + source`.
//!
//! The two-species solid (Danilov 2011) is the ideal case `D = 2D₊D₋/(D₊+D₋)`, `t₊ = D₊/(D₊+D₋)`, `κ = F²(D₊+D₋)c/RT` with the
//! dissociation source `r = k_d (a₀ - c) - k_r c²`, `k_d = k_r a₀ δ²/(1-δ)`.
//!
//! # Source
//! Newman & Thomas-Alyea, Electrochemical Systems, 3rd ed., ch. 12; Danilov, Niessen, Notten, J. Electrochem. Soc. 158 (2011)
//! A215, <https://doi.org/10.1149/1.3521414>.

mod flux;
mod table;

use crate::curve::Curve;
use crate::depletion::{TRACE, held, logarithm};
use crate::spec::ElectrolyteLaw;
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};
use cellwright_dae::lanes::{Lanes, Real};
pub use flux::{FaceFlux, InterfaceState, Side, face_flux, interface_state};
pub use table::TransportTable;

/// The prepared law.
#[derive(Clone, Debug)]
pub enum Electrolyte {
    /// Concentration and potential.
    Concentrated {
        /// κ(c), S/m.
        conductivity: Curve,
        /// D(c), m²/s.
        diffusion: Curve,
        /// t₊(c).
        transference: Curve,
        /// 1 + dln f/dln c.
        factor: Curve,
        /// κ and D together, for isothermal cells.
        table: Option<TransportTable>,
        /// Concentration below which the laws are continued, mol/m³.
        trace: f64,
    },
    /// Two mobile species from a dissociation reaction.
    TwoSpecies {
        /// Total lithium a₀, mol/m³.
        total: f64,
        /// δ²/(1-δ).
        equilibrium: f64,
        /// k_r, m³/(mol s).
        recombination: Curve,
        /// D₊, m²/s.
        cation: Curve,
        /// D₋, m²/s.
        anion: Curve,
        /// Concentration below which the laws are continued, mol/m³.
        trace: f64,
    },
    /// Potential only.
    SingleIon {
        /// σ, S/m.
        conductivity: Curve,
    },
}

/// Transport coefficients at one place (or several), as resistivities, with their derivatives in concentration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coefficients<N = f64> {
    /// 1/κ, ohm m.
    pub resistivity: N,
    /// d(1/κ)/dc.
    pub resistivity_c: N,
    /// 1/D, s/m².
    pub retardation: N,
    /// d(1/D)/dc.
    pub retardation_c: N,
    /// χ, V.
    pub chi: N,
    /// dχ/dc.
    pub chi_c: N,
    /// t₊.
    pub transference: N,
    /// dt₊/dc.
    pub transference_c: N,
    /// dln c/dc, m³/mol.
    pub inverse_c: N,
    /// ln c.
    pub ln_c: N,
}

/// What moves salt where the current is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct SaltTransport<N = f64> {
    /// D, m²/s.
    pub diffusion: N,
    /// dD/dc.
    pub diffusion_c: N,
    /// t₊.
    pub transference: N,
    /// dt₊/dc.
    pub transference_c: N,
    /// ln c.
    pub ln_c: N,
}

impl<N: Real> Coefficients<N> {
    /// From κ, D, t₊ and 1 + dln f/dln c with their derivatives; `thermal` is RT/F, V.
    #[inline(always)]
    fn of_liquid(c: N, [kappa, kappa_c, d, d_c, ln_c]: [N; 5], [t, t_c]: [N; 2], [f, f_c]: [N; 2], thermal: f64) -> Coefficients<N> {
        let (one, anions) = (N::all(1.0), N::all(1.0) - t);
        let (resistivity, retardation) = (one / kappa, one / d);
        Coefficients {
            resistivity,
            resistivity_c: -kappa_c * resistivity * resistivity,
            retardation,
            retardation_c: -d_c * retardation * retardation,
            chi: anions * f * (2.0 * thermal),
            chi_c: (anions * f_c - t_c * f) * (2.0 * thermal),
            transference: t,
            transference_c: t_c,
            inverse_c: one / c,
            ln_c,
        }
    }

    /// Of a solid with two mobile species of the given diffusivities, m²/s.
    #[inline(always)]
    fn of_two_species(c: N, [cation, anion]: [f64; 2], thermal: f64) -> Coefficients<N> {
        let both = cation + anion;
        let per_c = FARADAY / thermal * both;
        let zero = N::all(0.0);
        let transport = [c * per_c, N::all(per_c), N::all(2.0 * cation * anion / both), zero, c.ln()];
        Coefficients::of_liquid(c, transport, [N::all(cation / both), zero], [N::all(1.0), zero], thermal)
    }

    /// Of an electrolyte with one mobile ion and the given conductivity, S/m.
    #[inline(always)]
    fn of_single_ion(c: N, conductivity: f64) -> Coefficients<N> {
        let (zero, one) = (N::all(0.0), N::all(1.0));
        Coefficients::of_liquid(c, [N::all(conductivity), zero, one, zero, zero], [one, zero], [one, zero], 0.0)
    }
}

impl<N: Real> SaltTransport<N> {
    /// Of an electrolyte whose D and t₊ do not depend on concentration.
    #[inline(always)]
    fn of(k: Coefficients<N>) -> SaltTransport<N> {
        SaltTransport {
            diffusion: N::all(1.0) / k.retardation,
            diffusion_c: N::all(0.0),
            transference: k.transference,
            transference_c: N::all(0.0),
            ln_c: k.ln_c,
        }
    }
}

/// Diffusivities of cation and anion, m²/s.
#[inline(always)]
fn mobile(cation: &Curve, anion: &Curve, temperature: f64) -> [f64; 2] {
    [cation, anion].map(|curve| curve.eval(0.0, temperature).value)
}

impl Electrolyte {
    /// Prepares the law; tables reach from zero to six times the initial concentration.
    pub fn new(law: &ElectrolyteLaw, temperature: f64, isothermal: bool) -> Electrolyte {
        match law {
            ElectrolyteLaw::Concentrated {
                conductivity,
                diffusion,
                transference_number,
                thermodynamic_factor,
                initial_concentration,
                ..
            } => {
                let range = (0.0, 6.0 * initial_concentration);
                let curve = |p| Curve::new(p, range, temperature, isothermal);
                let (conductivity, diffusion) = (curve(conductivity), curve(diffusion));
                let table = isothermal
                    .then(|| TransportTable::new(&conductivity, &diffusion, range.1, temperature))
                    .flatten();
                Electrolyte::Concentrated {
                    conductivity,
                    diffusion,
                    table,
                    trace: TRACE * initial_concentration,
                    transference: curve(transference_number),
                    factor: curve(thermodynamic_factor),
                }
            }
            ElectrolyteLaw::TwoSpecies {
                total_lithium,
                mobile_fraction,
                recombination,
                cation,
                anion,
            } => {
                let curve = |p| Curve::new(p, (0.0, 1.0), temperature, isothermal);
                Electrolyte::TwoSpecies {
                    total: *total_lithium,
                    equilibrium: mobile_fraction * mobile_fraction / (1.0 - mobile_fraction),
                    recombination: curve(recombination),
                    cation: curve(cation),
                    anion: curve(anion),
                    trace: TRACE * total_lithium * mobile_fraction,
                }
            }
            ElectrolyteLaw::SingleIon { conductivity } => Electrolyte::SingleIon {
                conductivity: Curve::new(conductivity, (0.0, 1.0), temperature, isothermal),
            },
        }
    }

    /// True when concentration is an unknown.
    pub fn has_concentration(&self) -> bool {
        !matches!(self, Electrolyte::SingleIon { .. })
    }

    /// Concentration below which the laws are continued, mol/m³; zero where there is none.
    #[inline(always)]
    pub fn trace(&self) -> f64 {
        match self {
            Electrolyte::Concentrated { trace, .. } | Electrolyte::TwoSpecies { trace, .. } => *trace,
            Electrolyte::SingleIon { .. } => 0.0,
        }
    }

    /// Coefficients at concentration `c` (mol/m³) and temperature; see [`crate::depletion`] for what they are without salt.
    #[inline(always)]
    pub fn coefficients(&self, c: f64, temperature: f64) -> Coefficients {
        if c < 2.0 * self.trace() {
            return self.depleted(c, temperature);
        }
        self.dissolved(c, temperature)
    }

    #[cold]
    fn depleted(&self, c: f64, temperature: f64) -> Coefficients {
        let trace = self.trace();
        let [with, by] = held(c, trace);
        let [ln_c, inverse_c] = logarithm(c, trace);
        let out = self.dissolved(with, temperature);
        Coefficients {
            resistivity_c: by * out.resistivity_c,
            retardation_c: by * out.retardation_c,
            chi_c: by * out.chi_c,
            transference_c: by * out.transference_c,
            ln_c,
            inverse_c,
            ..out
        }
    }

    #[inline(always)]
    fn dissolved(&self, c: f64, temperature: f64) -> Coefficients {
        let thermal = GAS_CONSTANT * temperature / FARADAY;
        match self {
            Electrolyte::Concentrated {
                conductivity,
                diffusion,
                transference,
                factor,
                table,
                ..
            } => {
                let transport = match table.as_ref().and_then(|t| t.eval(c)) {
                    Some(transport) => transport,
                    None => {
                        let (k, d) = (conductivity.eval(c, temperature), diffusion.eval(c, temperature));
                        [k.value, k.dx, d.value, d.dx, c.ln()]
                    }
                };
                let (t, f) = (transference.eval(c, temperature), factor.eval(c, temperature));
                Coefficients::of_liquid(c, transport, [t.value, t.dx], [f.value, f.dx], thermal)
            }
            Electrolyte::TwoSpecies { cation, anion, .. } => Coefficients::of_two_species(c, mobile(cation, anion, temperature), thermal),
            Electrolyte::SingleIon { conductivity } => Coefficients::of_single_ion(c, conductivity.eval(0.0, temperature).value),
        }
    }

    /// Coefficients at several concentrations and one temperature; `None` if one is below twice the trace or beyond the tables.
    #[inline(always)]
    pub(crate) fn coefficients_together(&self, c: Lanes, temperature: f64) -> Option<Coefficients<Lanes>> {
        let thermal = GAS_CONSTANT * temperature / FARADAY;
        match self {
            Electrolyte::SingleIon { conductivity } => Some(Coefficients::of_single_ion(c, conductivity.eval(0.0, temperature).value)),
            _ if !c.at_least(2.0 * self.trace()) => None,
            Electrolyte::Concentrated {
                transference,
                factor,
                table,
                ..
            } => {
                let transport = table.as_ref()?.eval_together(c)?;
                let t = transference.eval_together(c, Lanes::all(temperature));
                let f = factor.eval_together(c, Lanes::all(temperature));
                Some(Coefficients::of_liquid(c, transport, t, f, thermal))
            }
            Electrolyte::TwoSpecies { cation, anion, .. } => {
                Some(Coefficients::of_two_species(c, mobile(cation, anion, temperature), thermal))
            }
        }
    }

    /// Of the balance of salt, likewise.
    #[inline(always)]
    pub(crate) fn salt_together(&self, c: Lanes, temperature: f64) -> Option<SaltTransport<Lanes>> {
        let Electrolyte::Concentrated { transference, table, .. } = self else {
            return self.coefficients_together(c, temperature).map(SaltTransport::of);
        };
        if !c.at_least(2.0 * self.trace()) {
            return None;
        }
        let [diffusion, diffusion_c, ln_c] = table.as_ref()?.salt_together(c)?;
        let [transference, transference_c] = transference.eval_together(c, Lanes::all(temperature));
        Some(SaltTransport {
            diffusion,
            diffusion_c,
            transference,
            transference_c,
            ln_c,
        })
    }

    /// What the balance of salt needs where the current is known, and ln c.
    #[inline(always)]
    pub(crate) fn of_salt(&self, c: f64, temperature: f64) -> SaltTransport {
        if c < 2.0 * self.trace() {
            return self.of_traces(c, temperature);
        }
        self.of_dissolved_salt(c, temperature)
    }

    #[cold]
    fn of_traces(&self, c: f64, temperature: f64) -> SaltTransport {
        let [with, by] = held(c, self.trace());
        let out = self.of_dissolved_salt(with, temperature);
        SaltTransport {
            diffusion_c: by * out.diffusion_c,
            transference_c: by * out.transference_c,
            ln_c: logarithm(c, self.trace())[0],
            ..out
        }
    }

    #[inline(always)]
    fn of_dissolved_salt(&self, c: f64, temperature: f64) -> SaltTransport {
        let Electrolyte::Concentrated {
            diffusion,
            transference,
            table,
            ..
        } = self
        else {
            return SaltTransport::of(self.dissolved(c, temperature));
        };
        let [_, _, d, d_c, ln_c] = table.as_ref().and_then(|t| t.eval(c)).unwrap_or_else(|| {
            let d = diffusion.eval(c, temperature);
            [0.0, 0.0, d.value, d.dx, c.ln()]
        });
        let t = transference.eval(c, temperature);
        SaltTransport {
            diffusion: d,
            diffusion_c: d_c,
            transference: t.value,
            transference_c: t.dx,
            ln_c,
        }
    }

    /// Dissociation source r (mol/(m³ s)) and dr/dc; zero for laws without reaction.
    #[inline]
    pub fn dissociation(&self, c: f64, temperature: f64) -> (f64, f64) {
        match self {
            Electrolyte::TwoSpecies {
                total,
                equilibrium,
                recombination,
                ..
            } => {
                let k_r = recombination.eval(0.0, temperature).value;
                let k_d = k_r * total * equilibrium;
                (k_d * (total - c) - k_r * c * c, -k_d - 2.0 * k_r * c)
            }
            _ => (0.0, 0.0),
        }
    }
}
