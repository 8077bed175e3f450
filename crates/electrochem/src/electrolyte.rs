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

use crate::curve::Curve;
use crate::spec::ElectrolyteLaw;
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};

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
    },
    /// Potential only.
    SingleIon {
        /// σ, S/m.
        conductivity: Curve,
    },
}

/// Transport coefficients at one place, each with its logarithmic or plain derivative in concentration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coefficients {
    /// κ, S/m.
    pub kappa: f64,
    /// dκ/dc / κ.
    pub kappa_log: f64,
    /// D, m²/s.
    pub diffusion: f64,
    /// dD/dc / D.
    pub diffusion_log: f64,
    /// χ, V.
    pub chi: f64,
    /// dχ/dc.
    pub chi_c: f64,
    /// t₊.
    pub transference: f64,
    /// dt₊/dc.
    pub transference_c: f64,
}

impl Electrolyte {
    /// Prepares the law; tables reach from zero to six times the initial concentration.
    pub fn new(law: &ElectrolyteLaw, temperature: f64, isothermal: bool) -> Electrolyte {
        match law {
            ElectrolyteLaw::Concentrated { conductivity, diffusion, transference_number, thermodynamic_factor, initial_concentration, .. } => {
                let range = (0.0, 6.0 * initial_concentration);
                let curve = |p| Curve::new(p, range, temperature, isothermal);
                Electrolyte::Concentrated {
                    conductivity: curve(conductivity),
                    diffusion: curve(diffusion),
                    transference: curve(transference_number),
                    factor: curve(thermodynamic_factor),
                }
            }
            ElectrolyteLaw::TwoSpecies { total_lithium, mobile_fraction, recombination, cation, anion } => {
                let curve = |p| Curve::new(p, (0.0, 1.0), temperature, isothermal);
                Electrolyte::TwoSpecies {
                    total: *total_lithium,
                    equilibrium: mobile_fraction * mobile_fraction / (1.0 - mobile_fraction),
                    recombination: curve(recombination),
                    cation: curve(cation),
                    anion: curve(anion),
                }
            }
            ElectrolyteLaw::SingleIon { conductivity } => {
                Electrolyte::SingleIon { conductivity: Curve::new(conductivity, (0.0, 1.0), temperature, isothermal) }
            }
        }
    }

    /// True when concentration is an unknown.
    pub fn has_concentration(&self) -> bool {
        !matches!(self, Electrolyte::SingleIon { .. })
    }

    /// Coefficients at concentration `c` (mol/m³) and temperature.
    #[inline]
    pub fn coefficients(&self, c: f64, temperature: f64) -> Coefficients {
        let thermal = GAS_CONSTANT * temperature / FARADAY;
        match self {
            Electrolyte::Concentrated { conductivity, diffusion, transference, factor } => {
                let (k, d) = (conductivity.eval(c, temperature), diffusion.eval(c, temperature));
                let (t, f) = (transference.eval(c, temperature), factor.eval(c, temperature));
                Coefficients {
                    kappa: k.value,
                    kappa_log: k.dx / k.value,
                    diffusion: d.value,
                    diffusion_log: d.dx / d.value,
                    chi: 2.0 * thermal * (1.0 - t.value) * f.value,
                    chi_c: 2.0 * thermal * ((1.0 - t.value) * f.dx - t.dx * f.value),
                    transference: t.value,
                    transference_c: t.dx,
                }
            }
            Electrolyte::TwoSpecies { cation, anion, .. } => {
                let (p, n) = (cation.eval(0.0, temperature).value, anion.eval(0.0, temperature).value);
                Coefficients {
                    kappa: FARADAY / thermal * (p + n) * c,
                    kappa_log: 1.0 / c,
                    diffusion: 2.0 * p * n / (p + n),
                    diffusion_log: 0.0,
                    chi: 2.0 * thermal * n / (p + n),
                    chi_c: 0.0,
                    transference: p / (p + n),
                    transference_c: 0.0,
                }
            }
            Electrolyte::SingleIon { conductivity } => {
                Coefficients { kappa: conductivity.eval(0.0, temperature).value, transference: 1.0, diffusion: 1.0, ..Coefficients::default() }
            }
        }
    }

    /// Dissociation source r (mol/(m³ s)) and dr/dc; zero for laws without reaction.
    #[inline]
    pub fn dissociation(&self, c: f64, temperature: f64) -> (f64, f64) {
        match self {
            Electrolyte::TwoSpecies { total, equilibrium, recombination, .. } => {
                let k_r = recombination.eval(0.0, temperature).value;
                let k_d = k_r * total * equilibrium;
                (k_d * (total - c) - k_r * c * c, -k_d - 2.0 * k_r * c)
            }
            _ => (0.0, 0.0),
        }
    }
}

/// Current and cation flux through a face with their derivatives in the two concentrations.
#[derive(Clone, Copy, Debug)]
pub struct FaceFlux {
    /// Current from the first to the second volume, A.
    pub current: f64,
    /// ∂current/∂c of both sides.
    pub current_c: [f64; 2],
    /// ∂current/∂φ of the first side; minus this for the second. The conductance, S.
    pub conductance: f64,
    /// Diffusion potential χ Δln c from first to second, V.
    pub diffusion_potential: f64,
    /// Cation flux, mol/s.
    pub flux: f64,
    /// ∂flux/∂c of both sides.
    pub flux_c: [f64; 2],
    /// ∂flux/∂φ of the first side; minus this for the second.
    pub flux_phi: f64,
}

/// State of one side of a face.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// Concentration, mol/m³.
    pub c: f64,
    /// ln c.
    pub ln_c: f64,
    /// Potential, V.
    pub phi: f64,
    /// Distance to the face over transport efficiency, m.
    pub distance: f64,
}

/// Flux through a face of `area`, from the half-cells in series.
#[inline]
pub fn face_flux(a: Side, b: Side, ca: &Coefficients, cb: &Coefficients, area: f64) -> FaceFlux {
    let (ra, rb) = (a.distance / ca.kappa, b.distance / cb.kappa);
    let conductance = area / (ra + rb);
    // d ln T / dc = (r / Σr) dln κ/dc
    let share = ra / (ra + rb);
    let (log_a, log_b) = (share * ca.kappa_log, (1.0 - share) * cb.kappa_log);
    let chi = 0.5 * (ca.chi + cb.chi);
    let delta_ln = b.ln_c - a.ln_c;
    let diffusion_potential = chi * delta_ln;
    let current = conductance * (a.phi - b.phi + diffusion_potential);
    let current_c = [
        current * log_a + conductance * (0.5 * ca.chi_c * delta_ln - chi / a.c),
        current * log_b + conductance * (0.5 * cb.chi_c * delta_ln + chi / b.c),
    ];
    let (sa, sb) = (a.distance / ca.diffusion, b.distance / cb.diffusion);
    let transmissibility = area / (sa + sb);
    let share = sa / (sa + sb);
    let (dlog_a, dlog_b) = (share * ca.diffusion_log, (1.0 - share) * cb.diffusion_log);
    let diffusive = transmissibility * (a.c - b.c);
    let t = 0.5 * (ca.transference + cb.transference) / FARADAY;
    FaceFlux {
        current,
        current_c,
        conductance,
        diffusion_potential,
        flux: diffusive + t * current,
        flux_c: [
            transmissibility + diffusive * dlog_a + t * current_c[0] + 0.5 * ca.transference_c / FARADAY * current,
            -transmissibility + diffusive * dlog_b + t * current_c[1] + 0.5 * cb.transference_c / FARADAY * current,
        ],
        flux_phi: t * conductance,
    }
}

/// Concentration and potential right at an interface, a half-cell away from a volume centre, when a current density `j` enters the
/// electrolyte there and no anion does: `c_i = c + (1-t₊) j d/(F D)`, `φ_i = φ + j d/κ + χ ln(c_i/c)`.
#[derive(Clone, Copy, Debug)]
pub struct InterfaceState {
    /// Concentration at the interface, mol/m³.
    pub c: f64,
    /// ∂c_i/∂c.
    pub c_c: f64,
    /// ∂c_i/∂j.
    pub c_j: f64,
    /// φ_i - φ, V.
    pub drop: f64,
    /// ∂drop/∂c.
    pub drop_c: f64,
    /// ∂drop/∂j.
    pub drop_j: f64,
}

/// See [`InterfaceState`]; `distance` is already over the transport efficiency.
#[inline]
pub fn interface_state(c: f64, j: f64, distance: f64, k: &Coefficients, with_concentration: bool) -> InterfaceState {
    let ohmic = distance / k.kappa;
    if !with_concentration {
        return InterfaceState { c, c_c: 1.0, c_j: 0.0, drop: j * ohmic, drop_c: 0.0, drop_j: ohmic };
    }
    let slope = (1.0 - k.transference) * distance / (FARADAY * k.diffusion);
    let ci = c + slope * j;
    let slope_c = slope * (-k.transference_c / (1.0 - k.transference).max(1e-12) - k.diffusion_log);
    let c_c = 1.0 + slope_c * j;
    let log = (ci / c).ln();
    InterfaceState {
        c: ci,
        c_c,
        c_j: slope,
        drop: j * ohmic + k.chi * log,
        drop_c: -j * ohmic * k.kappa_log + k.chi_c * log + k.chi * (c_c / ci - 1.0 / c),
        drop_j: ohmic + k.chi * slope / ci,
    }
}
