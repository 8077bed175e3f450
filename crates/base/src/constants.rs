//! Physical constants, CODATA 2018 (exact since the SI revision of 2019), <https://doi.org/10.1103/RevModPhys.93.025010>.

/// Faraday constant, C/mol (exact).
pub const FARADAY: f64 = 96_485.332_123_310_01;
/// Molar gas constant, J/(mol K) (exact).
pub const GAS_CONSTANT: f64 = 8.314_462_618_153_24;
/// Boltzmann constant, J/K (exact).
pub const BOLTZMANN: f64 = 1.380_649e-23;
/// Avogadro constant, 1/mol (exact).
pub const AVOGADRO: f64 = 6.022_140_76e23;
/// 0 °C in kelvin (exact by definition).
pub const ZERO_CELSIUS: f64 = 273.15;
/// Standard temperature of the property library, 25 °C in kelvin.
pub const STANDARD_TEMPERATURE: f64 = 298.15;
/// Electric constant ε₀, F/m.
pub const VACUUM_PERMITTIVITY: f64 = 8.854_187_812_8e-12;

/// Julian year of 365.25 days, s (IAU; UCUM `a_j`).
pub const JULIAN_YEAR: f64 = 365.25 * 86_400.0;
