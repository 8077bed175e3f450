//! Physical dimension: integer exponents of the SI base units.

/// Exponents of metre, kilogram, second, ampere, kelvin and mole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Dimension {
    /// Exponent of metre.
    pub m: i8,
    /// Exponent of kilogram.
    pub kg: i8,
    /// Exponent of second.
    pub s: i8,
    /// Exponent of ampere.
    pub a: i8,
    /// Exponent of kelvin.
    pub k: i8,
    /// Exponent of mole.
    pub mol: i8,
}

macro_rules! dimensions {
    ($($(#[$doc:meta])* $name:ident = ($m:expr, $kg:expr, $s:expr, $a:expr, $k:expr, $mol:expr), $word:expr, $example:expr;)*) => {
        impl Dimension {
            $($(#[$doc])* pub const $name: Dimension = Dimension::new($m, $kg, $s, $a, $k, $mol);)*
        }
        /// Every named dimension with its words and an example a user could write.
        const NAMED: &[(Dimension, &str, &str)] = &[$((Dimension::$name, $word, $example)),*];
    };
}

dimensions! {
    /// A pure number.
    DIMENSIONLESS = (0, 0, 0, 0, 0, 0), "a pure number", "0.5";
    /// m.
    LENGTH = (1, 0, 0, 0, 0, 0), "a length", "5 um";
    /// m2.
    AREA = (2, 0, 0, 0, 0, 0), "an area", "25 mm2";
    /// m3.
    VOLUME = (3, 0, 0, 0, 0, 0), "a volume", "1 mm3";
    /// s.
    TIME = (0, 0, 1, 0, 0, 0), "a time", "10 min";
    /// K.
    TEMPERATURE = (0, 0, 0, 0, 1, 0), "a temperature", "25 degC";
    /// kg.
    MASS = (0, 1, 0, 0, 0, 0), "a mass", "3 mg";
    /// V.
    VOLTAGE = (2, 1, -3, -1, 0, 0), "a voltage", "4.2 V";
    /// A.
    CURRENT = (0, 0, 0, 1, 0, 0), "a current", "10 uA";
    /// A/m2.
    CURRENT_DENSITY = (-2, 0, 0, 1, 0, 0), "a current density", "0.1 mA/cm2";
    /// W.
    POWER = (2, 1, -3, 0, 0, 0), "a power", "10 uW";
    /// W/m2.
    POWER_DENSITY = (0, 1, -3, 0, 0, 0), "a power density", "1 mW/cm2";
    /// W/m3.
    VOLUMETRIC_POWER = (-1, 1, -3, 0, 0, 0), "a power per volume", "1 W/cm3";
    /// Ω.
    RESISTANCE = (2, 1, -3, -2, 0, 0), "a resistance", "3 ohm";
    /// Ω m2.
    AREA_RESISTANCE = (4, 1, -3, -2, 0, 0), "an area resistance", "50 ohm cm2";
    /// Ω m.
    RESISTIVITY = (3, 1, -3, -2, 0, 0), "a resistivity", "150 uohm cm";
    /// S.
    CONDUCTANCE = (-2, -1, 3, 2, 0, 0), "a conductance", "1 S";
    /// S/m.
    CONDUCTIVITY = (-3, -1, 3, 2, 0, 0), "a conductivity", "2e-6 S/cm";
    /// m2/s.
    DIFFUSIVITY = (2, 0, -1, 0, 0, 0), "a diffusion coefficient", "1e-15 m2/s";
    /// mol/m3.
    CONCENTRATION = (-3, 0, 0, 0, 0, 1), "a concentration", "1 mol/L";
    /// mol.
    AMOUNT = (0, 0, 0, 0, 0, 1), "an amount of substance", "1 umol";
    /// kg/m3.
    DENSITY = (-3, 1, 0, 0, 0, 0), "a density", "5.05 g/cm3";
    /// kg/m2.
    SURFACE_DENSITY = (-2, 1, 0, 0, 0, 0), "a surface density", "2.5 mg/cm2";
    /// C.
    CAPACITY = (0, 0, 1, 1, 0, 0), "a charge", "100 uAh";
    /// C/m2.
    AREAL_CAPACITY = (-2, 0, 1, 1, 0, 0), "an areal capacity", "100 uAh/cm2";
    /// C/m3.
    VOLUMETRIC_CAPACITY = (-3, 0, 1, 1, 0, 0), "a volumetric capacity", "600 mAh/cm3";
    /// C/kg.
    SPECIFIC_CAPACITY = (0, -1, 1, 1, 0, 0), "a specific capacity", "140 mAh/g";
    /// J.
    ENERGY = (2, 1, -2, 0, 0, 0), "an energy", "1 mWh";
    /// J/m2.
    SURFACE_ENERGY = (0, 1, -2, 0, 0, 0), "an energy per area", "1 J/m2";
    /// J/kg.
    SPECIFIC_ENERGY = (2, 0, -2, 0, 0, 0), "a specific energy", "200 Wh/kg";
    /// J/mol.
    MOLAR_ENERGY = (2, 1, -2, 0, 0, -1), "a molar energy", "35 kJ/mol";
    /// F.
    CAPACITANCE = (-2, -1, 4, 2, 0, 0), "a capacitance", "100 uF";
    /// F/m2.
    AREAL_CAPACITANCE = (-4, -1, 4, 2, 0, 0), "a capacitance per area", "10 uF/cm2";
    /// J/(kg K).
    SPECIFIC_HEAT = (2, 0, -2, 0, -1, 0), "a specific heat", "700 J/(kg K)";
    /// J/K.
    HEAT_CAPACITY = (2, 1, -2, 0, -1, 0), "a heat capacity", "1 J/K";
    /// W/(m K).
    THERMAL_CONDUCTIVITY = (1, 1, -3, 0, -1, 0), "a thermal conductivity", "1.7 W/(m K)";
    /// W/(m2 K).
    HEAT_TRANSFER = (0, 1, -3, 0, -1, 0), "a heat transfer coefficient", "10 W/(m2 K)";
    /// Pa (also J/m3).
    PRESSURE = (-1, 1, -2, 0, 0, 0), "a pressure", "90 GPa";
    /// Pa s: pressure times time, the dose of a surface in a gas.
    EXPOSURE = (-1, 1, -1, 0, 0, 0), "an exposure", "0.1 Pa s";
    /// Hz.
    FREQUENCY = (0, 0, -1, 0, 0, 0), "a frequency", "1 kHz";
    /// m/s.
    VELOCITY = (1, 0, -1, 0, 0, 0), "a velocity", "1 nm/s";
    /// N.
    FORCE = (1, 1, -2, 0, 0, 0), "a force", "1 N";
    /// J/m2 (also N/m): what a new surface needs.
    ENERGY_PER_AREA = (0, 1, -2, 0, 0, 0), "an energy per area", "8.5 J/m2";
    /// V/K.
    ENTROPIC_COEFFICIENT = (2, 1, -3, -1, -1, 0), "an entropic coefficient", "-0.1 mV/K";
    /// m3/mol.
    MOLAR_VOLUME = (3, 0, 0, 0, 0, -1), "a molar volume", "13 cm3/mol";
    /// kg/mol.
    MOLAR_MASS = (0, 1, 0, 0, 0, -1), "a molar mass", "98 g/mol";
    /// m3/(mol s).
    RECOMBINATION_RATE = (3, 0, -1, 0, 0, -1), "a second-order rate constant", "9e-7 m3/(mol s)";
    /// mol/(m2 s).
    MOLAR_FLUX = (-2, 0, -1, 0, 0, 1), "a molar flux", "1e-6 mol/(m2 s)";
    /// kg/(m2 s).
    MASS_FLUX = (-2, 1, -1, 0, 0, 0), "a mass per area and time", "1e-4 g/m2/day";
    /// 1/m.
    PER_LENGTH = (-1, 0, 0, 0, 0, 0), "a surface per volume", "4e5 1/m";
    /// 1/K.
    PER_TEMPERATURE = (0, 0, 0, 0, -1, 0), "a thermal expansion coefficient", "4.1e-6 1/K";
}

impl Dimension {
    /// A dimension from its exponents of m, kg, s, A, K, mol.
    pub const fn new(m: i8, kg: i8, s: i8, a: i8, k: i8, mol: i8) -> Dimension {
        Dimension { m, kg, s, a, k, mol }
    }

    /// Product with `other` to the power `n`, or nothing if an exponent leaves the range ±20.
    pub(crate) fn times_power(self, other: Dimension, n: i32) -> Option<Dimension> {
        let f = |a: i8, b: i8| i8::try_from(i32::from(a) + i32::from(b) * n).ok().filter(|e| e.abs() <= 20);
        Some(Dimension {
            m: f(self.m, other.m)?,
            kg: f(self.kg, other.kg)?,
            s: f(self.s, other.s)?,
            a: f(self.a, other.a)?,
            k: f(self.k, other.k)?,
            mol: f(self.mol, other.mol)?,
        })
    }

    /// What the dimension is called, with its article: `"a length"`, or `"a quantity in kg m-4"` when it has no name.
    pub fn words(self) -> String {
        NAMED
            .iter()
            .find(|(d, ..)| *d == self)
            .map_or_else(|| format!("a quantity in {}", self.base_units()), |(_, w, _)| (*w).to_owned())
    }

    /// An example a user could write, for hints.
    pub fn example(self) -> Option<&'static str> {
        NAMED.iter().find(|(d, ..)| *d == self).map(|(.., e)| *e)
    }

    /// The dimension spelled in SI base units, such as `"kg m-3"`; `"1"` for a pure number.
    pub fn base_units(self) -> String {
        let parts = [
            ("kg", self.kg),
            ("m", self.m),
            ("s", self.s),
            ("A", self.a),
            ("K", self.k),
            ("mol", self.mol),
        ];
        let mut text = String::new();
        for (symbol, exponent) in parts.into_iter().filter(|(_, e)| *e != 0) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(symbol);
            if exponent != 1 {
                text.push_str(&exponent.to_string());
            }
        }
        if text.is_empty() { "1".to_owned() } else { text }
    }

    /// All named dimensions, for tests and documentation.
    pub fn named() -> impl Iterator<Item = Dimension> {
        NAMED.iter().map(|(d, ..)| *d)
    }
}
