//! One property of a material: a constant, table or formula with unit, source and confidence.

use crate::{expression::Expression, jet::Jet, keys::Key};
use cellwright_base::{constants::GAS_CONSTANT, table::Table};

/// How much a value can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Stands there to make a computation possible; recalled or guessed.
    Assumed,
    /// From a similar material, a composite or a trend.
    Estimated,
    /// Computed from other values.
    Derived,
    /// Read from a figure, a table copied by others, or the constants of a published fit.
    Digitised,
    /// Measured, and read in the source.
    Measured,
}

impl Confidence {
    /// All marks, best first.
    pub const ALL: [Confidence; 5] = [Self::Measured, Self::Digitised, Self::Derived, Self::Estimated, Self::Assumed];

    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Digitised => "digitised",
            Self::Derived => "derived",
            Self::Estimated => "estimated",
            Self::Assumed => "assumed",
        }
    }

    /// Filled dots of four: measured 4, digitised 3, derived 2, estimated 1, assumed 0.
    pub fn dots(self) -> usize {
        self as usize
    }

    /// The mark of a word.
    pub fn parse(word: &str) -> Option<Confidence> {
        Self::ALL.into_iter().find(|c| c.as_str() == word)
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Provenance {
    /// DOI, paper or origin; never empty.
    pub source: String,
    /// Temperature of the measurement, K.
    pub temperature: Option<f64>,
    /// Trust mark.
    pub confidence: Confidence,
    /// Reason, derivation or trap.
    pub note: String,
}

/// What a property depends on besides temperature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    None,
    /// Stoichiometry of an electrode, 0 to 1.
    Stoichiometry,
    /// Salt concentration of an electrolyte, mol/m3.
    Concentration,
    /// Stoichiometry in an electrode, salt concentration in an electrolyte: the class of the material decides. Only in [`crate::Key`].
    Any,
}

/// The value itself, in SI units.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One number.
    Constant(f64),
    /// Points with interpolation.
    Table(Table),
    /// A formula.
    Expression(Expression),
}

/// Arrhenius factor exp(E/R (1/Tref − 1/T)).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Activation {
    /// Activation energy, J/mol.
    pub energy: f64,
    /// Temperature at which the factor is 1, K.
    pub reference_temperature: f64,
}

impl Activation {
    /// The factor and its derivative to temperature.
    #[inline]
    pub fn factor(self, temperature: f64) -> (f64, f64) {
        let e = self.energy / GAS_CONSTANT;
        let f = (e * (1.0 / self.reference_temperature - 1.0 / temperature)).exp();
        (f, f * e / (temperature * temperature))
    }
}

/// A property: what it is, its value, its temperature dependence, its valid range and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Name, one of [`crate::KEYS`].
    pub key: &'static str,
    /// Unit for display; the value itself is SI.
    pub unit: &'static str,
    /// What the value depends on.
    pub argument: Argument,
    /// The value in SI.
    pub value: Value,
    /// Arrhenius factor on top of the value.
    pub activation: Option<Activation>,
    /// Range of the argument (SI) in which the value was found to hold.
    pub valid: Option<(f64, f64)>,
    /// Range of temperatures in which the value was found to hold, K.
    pub valid_temperature: Option<(f64, f64)>,
    /// Lowest and highest value reported by different sources, SI.
    pub spread: Option<(f64, f64)>,
    /// Source and trust.
    pub provenance: Provenance,
}

impl Property {
    /// A property of `key` without activation, range or spread; importers fill in the rest.
    pub fn new(key: &'static Key, argument: Argument, value: Value, provenance: Provenance) -> Property {
        Property {
            key: key.name,
            unit: key.unit,
            argument,
            value,
            activation: None,
            valid: None,
            valid_temperature: None,
            spread: None,
            provenance,
        }
    }

    /// A constant in SI units.
    pub fn constant(key: &'static Key, value: f64, provenance: Provenance) -> Property {
        Property::new(key, Argument::None, Value::Constant(value), provenance)
    }

    /// Value with exact derivatives at argument `x` (stoichiometry or mol/m3) and temperature in kelvin.
    ///
    /// # Equation
    /// p(x, T) = v(x, T) exp(E/R (1/Tref − 1/T))
    #[inline]
    pub fn eval(&self, x: f64, temperature: f64) -> Jet {
        let jet = match &self.value {
            Value::Constant(v) => Jet::constant(*v),
            Value::Table(t) => {
                let (value, dx) = t.eval(x);
                Jet { value, dx, dt: 0.0 }
            }
            Value::Expression(e) => e.eval(x, temperature),
        };
        match self.activation {
            None => jet,
            Some(a) => {
                let (f, df) = a.factor(temperature);
                Jet {
                    value: jet.value * f,
                    dx: jet.dx * f,
                    dt: jet.dt * f + jet.value * df,
                }
            }
        }
    }

    /// Neither argument nor temperature changes the value.
    pub fn is_constant(&self) -> bool {
        self.activation.is_none() && matches!(self.value, Value::Constant(_))
    }

    /// Whether `x` lies outside the range in which the value was found to hold.
    pub fn extrapolates_at(&self, x: f64) -> bool {
        self.valid.is_some_and(|(low, high)| !(low..=high).contains(&x))
    }
}
