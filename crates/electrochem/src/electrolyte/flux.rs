//! What passes between two volumes of electrolyte, and the state at an interface half a volume away.

use super::Coefficients;
use crate::depletion::logarithm;
use cellwright_base::constants::FARADAY;
use cellwright_dae::lanes::Real;

/// Current and cation flux through a face with their derivatives in the two concentrations.
#[derive(Clone, Copy, Debug)]
pub struct FaceFlux<N = f64> {
    /// Current from the first to the second volume, A.
    pub current: N,
    /// ∂current/∂c of both sides.
    pub current_c: [N; 2],
    /// ∂current/∂φ of the first side; minus this for the second. The conductance, S.
    pub conductance: N,
    /// Diffusion potential χ Δln c from first to second, V.
    pub diffusion_potential: N,
    /// Cation flux, mol/s.
    pub flux: N,
    /// ∂flux/∂c of both sides.
    pub flux_c: [N; 2],
    /// ∂flux/∂φ of the first side; minus this for the second.
    pub flux_phi: N,
}

/// State of one side of a face.
#[derive(Clone, Copy, Debug)]
pub struct Side<N = f64> {
    /// Concentration, mol/m³.
    pub c: N,
    /// Potential, V.
    pub phi: N,
    /// Distance to the face over transport efficiency, m.
    pub distance: N,
}

/// Flux through a face of `area`, from the half-cells in series.
#[inline(always)]
pub fn face_flux<N: Real>(a: Side<N>, b: Side<N>, ca: &Coefficients<N>, cb: &Coefficients<N>, area: N) -> FaceFlux<N> {
    let per_sum = N::all(1.0) / (a.distance * ca.resistivity + b.distance * cb.resistivity);
    let conductance = area * per_sum;
    // d ln T/dc = -(d · dρ/dc) / Σ(d ρ)
    let (log_a, log_b) = (-a.distance * ca.resistivity_c * per_sum, -b.distance * cb.resistivity_c * per_sum);
    let chi = (ca.chi + cb.chi) * 0.5;
    let delta_ln = cb.ln_c - ca.ln_c;
    let diffusion_potential = chi * delta_ln;
    let current = conductance * (a.phi - b.phi + diffusion_potential);
    let current_c = [
        current * log_a + conductance * (ca.chi_c * delta_ln * 0.5 - chi * ca.inverse_c),
        current * log_b + conductance * (cb.chi_c * delta_ln * 0.5 + chi * cb.inverse_c),
    ];
    let per_sum = N::all(1.0) / (a.distance * ca.retardation + b.distance * cb.retardation);
    let transmissibility = area * per_sum;
    let (dlog_a, dlog_b) = (-a.distance * ca.retardation_c * per_sum, -b.distance * cb.retardation_c * per_sum);
    let diffusive = transmissibility * (a.c - b.c);
    let t = (ca.transference + cb.transference) * (0.5 / FARADAY);
    let by_t = current * (0.5 / FARADAY);
    FaceFlux {
        current,
        current_c,
        conductance,
        diffusion_potential,
        flux: diffusive + t * current,
        flux_c: [
            transmissibility + diffusive * dlog_a + t * current_c[0] + ca.transference_c * by_t,
            -transmissibility + diffusive * dlog_b + t * current_c[1] + cb.transference_c * by_t,
        ],
        flux_phi: t * conductance,
    }
}

/// Concentration and potential right at an interface, a half-cell away from a volume centre, when a current density `j` enters the
/// electrolyte there and no anion does: `c_i = c + (1-t₊) j d/(F D)`, `φ_i = φ + j d/κ + χ ln(c_i/c)`.
#[derive(Clone, Copy, Debug)]
pub struct InterfaceState<N = f64> {
    /// Concentration at the interface, mol/m³.
    pub c: N,
    /// ∂c_i/∂c.
    pub c_c: N,
    /// ∂c_i/∂j.
    pub c_j: N,
    /// φ_i - φ, V.
    pub drop: N,
    /// ∂drop/∂c.
    pub drop_c: N,
    /// ∂drop/∂j.
    pub drop_j: N,
}

/// See [`InterfaceState`]; `distance` is already over the transport efficiency, and below the concentration `trace` the laws are continued.
#[inline]
pub fn interface_state(c: f64, j: f64, distance: f64, k: &Coefficients, trace: f64, with_concentration: bool) -> InterfaceState {
    if !with_concentration {
        return InterfaceState::ohmic(c, j, distance * k.resistivity);
    }
    InterfaceState::of(c, j, distance, k, |ci, c| {
        if ci >= trace && c >= trace {
            [(ci / c).ln(), 1.0 / ci, 1.0 / c]
        } else {
            let [[ln_ci, by_ci], [ln_c, by_c]] = [ci, c].map(|c| logarithm(c, trace));
            [ln_ci - ln_c, by_ci, by_c]
        }
    })
}

impl<N: Real> InterfaceState<N> {
    /// With nothing but a resistance before the interface, ohm m².
    #[inline(always)]
    pub(crate) fn ohmic(c: N, j: N, resistance: N) -> InterfaceState<N> {
        let zero = N::all(0.0);
        InterfaceState {
            c,
            c_c: N::all(1.0),
            c_j: zero,
            drop: j * resistance,
            drop_c: zero,
            drop_j: resistance,
        }
    }

    /// In an electrolyte with salt; `logarithms` gives `ln(c_i/c)` and the derivatives of both logarithms.
    #[inline(always)]
    pub(crate) fn of(c: N, j: N, distance: N, k: &Coefficients<N>, logarithms: impl FnOnce(N, N) -> [N; 3]) -> InterfaceState<N> {
        let ohmic = distance * k.resistivity;
        let anions = N::all(1.0) - k.transference;
        let slope = anions * distance * k.retardation * (1.0 / FARADAY);
        let ci = c + slope * j;
        let slope_c = distance * (1.0 / FARADAY) * (anions * k.retardation_c - k.transference_c * k.retardation);
        let c_c = slope_c * j + 1.0;
        let [log, by_ci, by_c] = logarithms(ci, c);
        InterfaceState {
            c: ci,
            c_c,
            c_j: slope,
            drop: j * ohmic + k.chi * log,
            drop_c: j * distance * k.resistivity_c + k.chi_c * log + k.chi * (c_c * by_ci - by_c),
            drop_j: ohmic + k.chi * slope * by_ci,
        }
    }
}
