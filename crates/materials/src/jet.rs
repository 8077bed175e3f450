//! A value with its two exact first derivatives, carried through arithmetic (forward-mode differentiation).

use std::ops::{Add, Div, Mul, Neg, Sub};

/// Value of a property with its derivatives to the argument (stoichiometry or concentration) and to temperature.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Jet {
    /// Value in SI units.
    pub value: f64,
    /// Derivative to the argument.
    pub dx: f64,
    /// Derivative to temperature, per kelvin.
    pub dt: f64,
}

impl Jet {
    /// A constant.
    #[inline]
    pub const fn constant(value: f64) -> Jet {
        Jet { value, dx: 0.0, dt: 0.0 }
    }

    /// Value and derivatives are all finite.
    pub fn is_finite(self) -> bool {
        self.value.is_finite() && self.dx.is_finite() && self.dt.is_finite()
    }

    /// The chain rule: `value` = f(self), `slope` = f'(self).
    #[inline]
    pub(crate) fn chain(self, value: f64, slope: f64) -> Jet {
        // A constant keeps zero derivatives even where the outer slope is infinite.
        let times = |d: f64| if d == 0.0 { 0.0 } else { slope * d };
        Jet {
            value,
            dx: times(self.dx),
            dt: times(self.dt),
        }
    }

    /// Power with a jet as exponent: `a^b`.
    pub(crate) fn power(self, exponent: Jet) -> Jet {
        let constant = exponent.dx == 0.0 && exponent.dt == 0.0;
        if constant && exponent.value.fract() == 0.0 && exponent.value.abs() <= 64.0 {
            let n = exponent.value as i32;
            return self.chain(self.value.powi(n), exponent.value * self.value.powi(n - 1));
        }
        let value = self.value.powf(exponent.value);
        let base_part = self.chain(value, exponent.value * self.value.powf(exponent.value - 1.0));
        if constant {
            return base_part;
        }
        let log_part = exponent.chain(0.0, value * self.value.ln());
        Jet {
            value,
            dx: base_part.dx + log_part.dx,
            dt: base_part.dt + log_part.dt,
        }
    }
}

impl Add for Jet {
    type Output = Jet;
    #[inline]
    fn add(self, o: Jet) -> Jet {
        Jet {
            value: self.value + o.value,
            dx: self.dx + o.dx,
            dt: self.dt + o.dt,
        }
    }
}

impl Sub for Jet {
    type Output = Jet;
    #[inline]
    fn sub(self, o: Jet) -> Jet {
        Jet {
            value: self.value - o.value,
            dx: self.dx - o.dx,
            dt: self.dt - o.dt,
        }
    }
}

impl Mul for Jet {
    type Output = Jet;
    #[inline]
    fn mul(self, o: Jet) -> Jet {
        Jet {
            value: self.value * o.value,
            dx: self.dx * o.value + self.value * o.dx,
            dt: self.dt * o.value + self.value * o.dt,
        }
    }
}

impl Div for Jet {
    type Output = Jet;
    #[inline]
    fn div(self, o: Jet) -> Jet {
        let value = self.value / o.value;
        Jet {
            value,
            dx: (self.dx - value * o.dx) / o.value,
            dt: (self.dt - value * o.dt) / o.value,
        }
    }
}

impl Neg for Jet {
    type Output = Jet;
    #[inline]
    fn neg(self) -> Jet {
        Jet {
            value: -self.value,
            dx: -self.dx,
            dt: -self.dt,
        }
    }
}
