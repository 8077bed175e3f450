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
use crate::depletion::{TRACE, held, logarithm};
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

/// Transport coefficients at one place, as resistivities, with their derivatives in concentration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coefficients {
    /// 1/κ, ohm m.
    pub resistivity: f64,
    /// d(1/κ)/dc.
    pub resistivity_c: f64,
    /// 1/D, s/m².
    pub retardation: f64,
    /// d(1/D)/dc.
    pub retardation_c: f64,
    /// χ, V.
    pub chi: f64,
    /// dχ/dc.
    pub chi_c: f64,
    /// t₊.
    pub transference: f64,
    /// dt₊/dc.
    pub transference_c: f64,
    /// dln c/dc, m³/mol.
    pub inverse_c: f64,
    /// ln c.
    pub ln_c: f64,
}

/// What moves salt where the current is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct SaltTransport {
    /// D, m²/s.
    pub diffusion: f64,
    /// dD/dc.
    pub diffusion_c: f64,
    /// t₊.
    pub transference: f64,
    /// dt₊/dc.
    pub transference_c: f64,
    /// ln c.
    pub ln_c: f64,
}

impl Coefficients {
    #[inline(always)]
    fn set_transport(&mut self, kappa: f64, kappa_c: f64, diffusion: f64, diffusion_c: f64) {
        self.resistivity = 1.0 / kappa;
        self.resistivity_c = -kappa_c * self.resistivity * self.resistivity;
        self.retardation = 1.0 / diffusion;
        self.retardation_c = -diffusion_c * self.retardation * self.retardation;
    }
}

/// κ, D and ln c of an isothermal liquid side by side: one look-up for all.
#[derive(Clone, Debug)]
pub struct TransportTable {
    per_width: f64,
    /// κ, dκ per interval, D, dD per interval, ln c, dln c per interval at each grid point from c = 0.
    nodes: Vec<[f64; 6]>,
}

/// Below this grid point the logarithm is computed: the table would be off by more than 1e-9.
const FIRST_LOGARITHM: usize = 64;

/// Intervals of the transport table.
const INTERVALS: usize = 1024;

impl TransportTable {
    /// Samples both curves on 0..=`end`; `None` if one of them is not finite there.
    fn new(conductivity: &Curve, diffusion: &Curve, end: f64, temperature: f64) -> Option<TransportTable> {
        let width = end / INTERVALS as f64;
        let nodes: Vec<[f64; 6]> = (0..=INTERVALS)
            .map(|i| {
                let c = width * i as f64;
                let (k, d) = (conductivity.eval(c, temperature), diffusion.eval(c, temperature));
                let (ln, slope) = if i == 0 { (0.0, 0.0) } else { (c.ln(), 1.0 / i as f64) };
                [k.value, k.dx * width, d.value, d.dx * width, ln, slope]
            })
            .collect();
        nodes.iter().flatten().all(|v| v.is_finite()).then_some(TransportTable {
            per_width: 1.0 / width,
            nodes,
        })
    }

    /// Where `c` lies between the grid points; `None` beyond the table.
    #[inline(always)]
    fn between(&self, c: f64) -> Option<Between<'_>> {
        let s = c * self.per_width;
        let i = s as usize;
        Some(Between {
            nodes: [self.nodes.get(i)?, self.nodes.get(i + 1)?],
            at: s - i as f64,
            per_width: self.per_width,
            has_logarithm: i >= FIRST_LOGARITHM,
        })
    }

    /// `[κ, dκ/dc, D, dD/dc, ln c]`; `None` beyond the table.
    #[inline(always)]
    fn eval(&self, c: f64) -> Option<[f64; 5]> {
        let b = self.between(c)?;
        Some([b.value(0), b.slope(0), b.value(2), b.slope(2), b.logarithm(c)])
    }

    /// `[D, dD/dc, ln c]`; `None` beyond the table.
    #[inline(always)]
    fn eval_salt(&self, c: f64) -> Option<[f64; 3]> {
        let b = self.between(c)?;
        Some([b.value(2), b.slope(2), b.logarithm(c)])
    }
}

/// A place between two grid points, for cubic Hermite interpolation.
struct Between<'a> {
    nodes: [&'a [f64; 6]; 2],
    /// 0 at the lower grid point, 1 at the upper one.
    at: f64,
    per_width: f64,
    has_logarithm: bool,
}

impl Between<'_> {
    #[inline(always)]
    fn value(&self, of: usize) -> f64 {
        let ([a, b], t) = (self.nodes, self.at);
        let u = t * t * (3.0 - 2.0 * t);
        let (p, q) = (t * (1.0 - t) * (1.0 - t), t * t * (t - 1.0));
        a[of] + u * (b[of] - a[of]) + p * a[of + 1] + q * b[of + 1]
    }

    #[inline(always)]
    fn slope(&self, of: usize) -> f64 {
        let ([a, b], t) = (self.nodes, self.at);
        let u = 6.0 * t * (1.0 - t);
        let (p, q) = ((1.0 - t) * (1.0 - 3.0 * t), t * (3.0 * t - 2.0));
        (u * (b[of] - a[of]) + p * a[of + 1] + q * b[of + 1]) * self.per_width
    }

    #[inline(always)]
    fn logarithm(&self, c: f64) -> f64 {
        if self.has_logarithm { self.value(4) } else { c.ln() }
    }
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
        self.coefficients_at(c, temperature, c < 2.0 * self.trace())
    }

    /// The same with the answer to whether the concentration is below twice the trace.
    #[inline(always)]
    pub(crate) fn coefficients_at(&self, c: f64, temperature: f64, scarce: bool) -> Coefficients {
        if scarce {
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
        let mut out = Coefficients {
            inverse_c: 1.0 / c,
            ..Coefficients::default()
        };
        match self {
            Electrolyte::Concentrated {
                conductivity,
                diffusion,
                transference,
                factor,
                table,
                ..
            } => {
                match table.as_ref().and_then(|t| t.eval(c)) {
                    Some([kappa, kappa_c, d, d_c, ln_c]) => {
                        out.set_transport(kappa, kappa_c, d, d_c);
                        out.ln_c = ln_c;
                    }
                    None => {
                        out.ln_c = c.ln();
                        let (k, d) = (conductivity.eval(c, temperature), diffusion.eval(c, temperature));
                        out.set_transport(k.value, k.dx, d.value, d.dx);
                    }
                }
                let (t, f) = (transference.eval(c, temperature), factor.eval(c, temperature));
                out.chi = 2.0 * thermal * (1.0 - t.value) * f.value;
                out.chi_c = 2.0 * thermal * ((1.0 - t.value) * f.dx - t.dx * f.value);
                (out.transference, out.transference_c) = (t.value, t.dx);
            }
            Electrolyte::TwoSpecies { cation, anion, .. } => {
                let (p, n) = (cation.eval(0.0, temperature).value, anion.eval(0.0, temperature).value);
                let per_c = FARADAY / thermal * (p + n);
                out.ln_c = c.ln();
                out.set_transport(per_c * c, per_c, 2.0 * p * n / (p + n), 0.0);
                out.chi = 2.0 * thermal * n / (p + n);
                out.transference = p / (p + n);
            }
            Electrolyte::SingleIon { conductivity } => {
                out.set_transport(conductivity.eval(0.0, temperature).value, 0.0, 1.0, 0.0);
                out.transference = 1.0;
            }
        }
        out
    }

    /// What the balance of salt needs where the current is known, and ln c; `scarce` as in [`Electrolyte::coefficients_at`].
    #[inline(always)]
    pub(crate) fn of_salt(&self, c: f64, temperature: f64, scarce: bool) -> SaltTransport {
        if scarce {
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
            let k = self.dissolved(c, temperature);
            return SaltTransport {
                diffusion: 1.0 / k.retardation,
                diffusion_c: 0.0,
                transference: k.transference,
                transference_c: 0.0,
                ln_c: k.ln_c,
            };
        };
        let [d, d_c, ln_c] = table.as_ref().and_then(|t| t.eval_salt(c)).unwrap_or_else(|| {
            let d = diffusion.eval(c, temperature);
            [d.value, d.dx, c.ln()]
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
    /// Potential, V.
    pub phi: f64,
    /// Distance to the face over transport efficiency, m.
    pub distance: f64,
}

/// Flux through a face of `area`, from the half-cells in series.
#[inline]
pub fn face_flux(a: Side, b: Side, ca: &Coefficients, cb: &Coefficients, area: f64) -> FaceFlux {
    let per_sum = 1.0 / (a.distance * ca.resistivity + b.distance * cb.resistivity);
    let conductance = area * per_sum;
    // d ln T/dc = -(d · dρ/dc) / Σ(d ρ)
    let (log_a, log_b) = (-a.distance * ca.resistivity_c * per_sum, -b.distance * cb.resistivity_c * per_sum);
    let chi = 0.5 * (ca.chi + cb.chi);
    let delta_ln = cb.ln_c - ca.ln_c;
    let diffusion_potential = chi * delta_ln;
    let current = conductance * (a.phi - b.phi + diffusion_potential);
    let current_c = [
        current * log_a + conductance * (0.5 * ca.chi_c * delta_ln - chi * ca.inverse_c),
        current * log_b + conductance * (0.5 * cb.chi_c * delta_ln + chi * cb.inverse_c),
    ];
    let per_sum = 1.0 / (a.distance * ca.retardation + b.distance * cb.retardation);
    let transmissibility = area * per_sum;
    let (dlog_a, dlog_b) = (-a.distance * ca.retardation_c * per_sum, -b.distance * cb.retardation_c * per_sum);
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

/// See [`InterfaceState`]; `distance` is already over the transport efficiency, and below the concentration `trace` the laws are continued.
#[inline]
pub fn interface_state(c: f64, j: f64, distance: f64, k: &Coefficients, trace: f64, with_concentration: bool) -> InterfaceState {
    let ohmic = distance * k.resistivity;
    if !with_concentration {
        return InterfaceState {
            c,
            c_c: 1.0,
            c_j: 0.0,
            drop: j * ohmic,
            drop_c: 0.0,
            drop_j: ohmic,
        };
    }
    let slope = (1.0 - k.transference) * distance * k.retardation / FARADAY;
    let ci = c + slope * j;
    let slope_c = distance / FARADAY * ((1.0 - k.transference) * k.retardation_c - k.transference_c * k.retardation);
    let c_c = 1.0 + slope_c * j;
    let (log, by_ci, by_c) = if ci >= trace && c >= trace {
        ((ci / c).ln(), 1.0 / ci, 1.0 / c)
    } else {
        let [[ln_ci, by_ci], [ln_c, by_c]] = [ci, c].map(|c| logarithm(c, trace));
        (ln_ci - ln_c, by_ci, by_c)
    };
    InterfaceState {
        c: ci,
        c_c,
        c_j: slope,
        drop: j * ohmic + k.chi * log,
        drop_c: j * distance * k.resistivity_c + k.chi_c * log + k.chi * (c_c * by_ci - by_c),
        drop_j: ohmic + k.chi * slope * by_ci,
    }
}
