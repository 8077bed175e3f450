//! A material property made ready for the inner loop: a constant, a fast table at one temperature, or the full function.

use cellwright_base::table::UniformTable;
use cellwright_dae::lanes::{Lanes, Real, WIDTH};
pub use cellwright_materials::Jet;
use cellwright_materials::{Property, Value};

/// Intervals for a formula: the cubic Hermite error of an open-circuit potential is then below 1e-6 V.
const FORMULA_INTERVALS: usize = 1024;
/// Intervals for a table, whose corners a coarser grid would round off.
const TABLE_INTERVALS: usize = 4096;

/// Parts of the range that are left out at both ends of a table until it has finite values.
const MARGINS: [f64; 3] = [0.0, 1e-3, 1e-2];

/// How the value is found.
#[derive(Clone, Debug)]
enum Form {
    /// One number, whatever argument and temperature.
    Constant(f64),
    /// Frozen at one temperature, inside the range of the table.
    Table(UniformTable),
    /// As `Table`, times the Arrhenius factor of the actual temperature.
    Activated(UniformTable),
    /// The property itself.
    Full,
}

/// A property of one argument (stoichiometry or concentration) and temperature.
#[derive(Clone, Debug)]
pub struct Curve {
    form: Form,
    /// Range of the table.
    range: (f64, f64),
    /// The property, or its part without Arrhenius factor in the activated form.
    property: Box<Property>,
    /// Temperature of the frozen forms, K.
    temperature: f64,
    isothermal: bool,
    uniform: bool,
}

impl Curve {
    /// Prepares `property` over `range` of its argument. With `isothermal` everything is frozen at `temperature`.
    pub fn new(property: &Property, range: (f64, f64), temperature: f64, isothermal: bool) -> Curve {
        let (by_argument, by_temperature) = match &property.value {
            Value::Constant(_) => (false, false),
            Value::Table(_) => (true, false),
            Value::Expression(e) => (e.uses_argument(), e.uses_temperature()),
        };
        let table = |p: &Property| {
            let sample = |x| {
                let v = p.eval(x, temperature);
                (v.value, v.dx)
            };
            let intervals = if matches!(p.value, Value::Table(_)) {
                TABLE_INTERVALS
            } else {
                FORMULA_INTERVALS
            };
            // A formula with a pole at an end is tabled up to close to it.
            MARGINS.iter().find_map(|m| {
                let by = m * (range.1 - range.0);
                let within = (range.0 + by, range.1 - by);
                Some((UniformTable::new(within.0, within.1, intervals, sample).ok()?, within))
            })
        };
        let mut covered = range;
        let mut tabled = |found: Option<(UniformTable, (f64, f64))>, form: fn(UniformTable) -> Form| {
            found.map_or(Form::Full, |(t, within)| {
                covered = within;
                form(t)
            })
        };
        let frozen = isothermal || (!by_temperature && property.activation.is_none());
        let form = match (frozen, by_argument) {
            (true, false) => Form::Constant(property.eval(0.0, temperature).value),
            (true, true) => tabled(table(property), Form::Table),
            (false, true) if !by_temperature => {
                let plain = Property {
                    activation: None,
                    ..property.clone()
                };
                tabled(table(&plain), Form::Activated)
            }
            (false, _) => Form::Full,
        };
        Curve {
            form,
            range: covered,
            property: Box::new(property.clone()),
            temperature,
            isothermal,
            uniform: !by_argument,
        }
    }

    /// True when the value does not depend on its argument (it may depend on temperature).
    pub fn is_uniform(&self) -> bool {
        self.uniform
    }

    /// Value and derivatives at `x` and `temperature`.
    #[inline(always)]
    pub fn eval(&self, x: f64, temperature: f64) -> Jet {
        match &self.form {
            Form::Constant(value) => Jet {
                value: *value,
                dx: 0.0,
                dt: 0.0,
            },
            Form::Table(table) if x >= self.range.0 && x <= self.range.1 => {
                let (value, dx) = table.eval(x);
                Jet { value, dx, dt: 0.0 }
            }
            _ => self.eval_slowly(x, temperature),
        }
    }

    /// Value and derivative in the argument at several places.
    #[inline(always)]
    pub fn eval_together(&self, x: Lanes, temperature: Lanes) -> [Lanes; 2] {
        match &self.form {
            Form::Constant(value) => [Lanes::all(*value), Lanes::all(0.0)],
            Form::Table(table) if x.at_least(self.range.0) && (-x).at_least(-self.range.1) => {
                let (mut ends, mut t) = ([&[0.0; 4]; WIDTH], Lanes::all(0.0));
                for ((ends, t), x) in ends.iter_mut().zip(&mut t.0).zip(x.0) {
                    (*ends, *t) = table.between(x);
                }
                let low = [Lanes::from_fn(|l| ends[l][0]), Lanes::from_fn(|l| ends[l][1])];
                let high = [Lanes::from_fn(|l| ends[l][2]), Lanes::from_fn(|l| ends[l][3])];
                let [value, slope] = cubic(t, [low[0], low[1], high[0], high[1]]);
                [value, slope * table.per_width()]
            }
            _ => {
                let mut out = [Lanes::all(0.0); 2];
                for l in 0..WIDTH {
                    let v = self.eval(x.0[l], temperature.0[l]);
                    (out[0].0[l], out[1].0[l]) = (v.value, v.dx);
                }
                out
            }
        }
    }

    #[inline(never)]
    fn eval_slowly(&self, x: f64, temperature: f64) -> Jet {
        let inside = x >= self.range.0 && x <= self.range.1;
        if let (Form::Activated(table), Some(a), true) = (&self.form, self.property.activation, inside) {
            let (value, dx) = table.eval(x);
            let (f, df) = a.factor(temperature);
            return Jet {
                value: value * f,
                dx: dx * f,
                dt: value * df,
            };
        }
        self.property.eval(x, if self.isothermal { self.temperature } else { temperature })
    }
}

/// Value and slope at `t`, 0 to 1, of the cubic with the given value and slope at both ends.
#[inline(always)]
pub(crate) fn cubic<N: Real>(t: N, [y0, d0, y1, d1]: [N; 4]) -> [N; 2] {
    let delta = y1 - y0;
    let b = delta * 3.0 - d0 * 2.0 - d1;
    let c = d0 + d1 - delta * 2.0;
    [y0 + t * (d0 + t * (b + t * c)), d0 + t * (b * 2.0 + c * t * 3.0)]
}
