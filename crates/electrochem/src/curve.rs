//! A material property made ready for the inner loop: a constant, a fast table at one temperature, or the full function.

use cellwright_base::table::UniformTable;
use cellwright_materials::{Activation, Property, Value};
pub use cellwright_materials::Jet;

/// Intervals of the tables; the cubic Hermite error of an open-circuit potential is then below 1e-8 V.
const INTERVALS: usize = 2048;

/// How the part without Arrhenius factor is evaluated.
#[derive(Clone, Debug)]
enum Form {
    Constant(f64),
    Table(UniformTable),
    Full,
}

/// A property of one argument (stoichiometry or concentration) and temperature.
#[derive(Clone, Debug)]
pub struct Curve {
    /// The property without its Arrhenius factor.
    bare: Property,
    form: Form,
    activation: Option<Activation>,
    /// Arrhenius factor when the temperature is frozen.
    factor: f64,
    temperature: f64,
    uniform: bool,
    range: (f64, f64),
}

impl Curve {
    /// Prepares `property` over `range` of its argument. With `isothermal` everything is frozen at `temperature`.
    pub fn new(property: &Property, range: (f64, f64), temperature: f64, isothermal: bool) -> Curve {
        let (depends_on_argument, depends_on_temperature) = match &property.value {
            Value::Constant(_) => (false, false),
            Value::Table(_) => (true, false),
            Value::Expression(e) => (e.uses_argument(), e.uses_temperature()),
        };
        let bare = Property { activation: None, ..property.clone() };
        let form = if depends_on_temperature && !isothermal {
            Form::Full
        } else if !depends_on_argument {
            Form::Constant(bare.eval(0.0, temperature).value)
        } else {
            let sample = |x| {
                let v = bare.eval(x, temperature);
                (v.value, v.dx)
            };
            UniformTable::new(range.0, range.1, INTERVALS, sample).map_or(Form::Full, Form::Table)
        };
        let activation = if isothermal { None } else { property.activation };
        let factor = property.activation.map_or(1.0, |a| a.factor(temperature).0);
        Curve { bare, form, activation, factor, temperature, uniform: !depends_on_argument, range }
    }

    /// True when the value does not depend on its argument (it may depend on temperature).
    pub fn is_uniform(&self) -> bool {
        self.uniform
    }

    /// Value and derivatives at `x` and `temperature`.
    #[inline]
    pub fn eval(&self, x: f64, temperature: f64) -> Jet {
        let bare = match &self.form {
            Form::Constant(value) => Jet { value: *value, dx: 0.0, dt: 0.0 },
            Form::Table(table) if x >= self.range.0 && x <= self.range.1 => {
                let (value, dx) = table.eval(x);
                Jet { value, dx, dt: 0.0 }
            }
            Form::Table(_) => self.bare.eval(x, self.temperature),
            Form::Full => self.bare.eval(x, temperature),
        };
        match self.activation {
            None => Jet { value: bare.value * self.factor, dx: bare.dx * self.factor, dt: bare.dt * self.factor },
            Some(a) => {
                let (f, df) = a.factor(temperature);
                Jet { value: bare.value * f, dx: bare.dx * f, dt: bare.dt * f + bare.value * df }
            }
        }
    }
}
