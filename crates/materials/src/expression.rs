//! Safe formulas of material files and BPX cells: parsed once into a short byte-code, evaluated with exact derivatives.

mod parse;

pub use parse::ExpressionError;

use crate::jet::Jet;

/// A formula in the argument `x` (also written `c`) and the temperature `T`.
///
/// Grammar: numbers, `+ - * / ^ **`, parentheses, the names `x`, `c`, `T`, and the functions `exp log ln log10 sqrt tanh sinh cosh sin cos
/// tan atan abs pow min max`.
/// `log` is the natural logarithm. Powers bind to the right and stronger than a leading minus: `-x^2` is `-(x^2)`.
/// Nothing else is understood, so a formula from a stranger cannot do harm; length, depth and size are bounded.
///
/// ```
/// use cellwright_materials::Expression;
/// let u = Expression::parse("4.2 - 0.5*x + exp(-x*T/300)").unwrap();
/// let jet = u.eval(0.5, 300.0);
/// assert!((jet.value - (3.95 + (-0.5f64).exp())).abs() < 1e-15);
/// assert!((jet.dx - (-0.5 - (-0.5f64).exp())).abs() < 1e-15);
/// assert!(Expression::parse("__import__('os')").is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    text: String,
    code: Vec<Op>,
    stack: usize,
    argument_scale: f64,
    value_scale: f64,
}

/// One instruction of the stack machine.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    Constant(f64),
    Argument,
    Temperature,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Negate,
    Minimum,
    Maximum,
    Call(Function),
}

/// The functions of one argument.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Function {
    Exp,
    Log,
    Log10,
    Sqrt,
    Tanh,
    Sinh,
    Cosh,
    Sin,
    Cos,
    Tan,
    Atan,
    Abs,
}

impl Expression {
    /// Longest formula, in bytes.
    pub const MAX_LENGTH: usize = 10_000;
    /// Deepest nesting of parentheses, powers and signs.
    pub const MAX_DEPTH: usize = 64;
    /// Most instructions.
    pub const MAX_NODES: usize = 4_000;
    /// Most intermediate results held at once.
    const MAX_STACK: usize = 64;

    /// Parses a formula.
    ///
    /// # Errors
    /// [`ExpressionError`] with the byte position of whatever is not in the grammar or beyond a bound.
    pub fn parse(text: &str) -> Result<Expression, ExpressionError> {
        let (code, stack) = parse::compile(text)?;
        Ok(Expression {
            text: text.to_owned(),
            code,
            stack,
            argument_scale: 1.0,
            value_scale: 1.0,
        })
    }

    /// The formula with its argument divided by `argument` before and its value multiplied by `value` after evaluation:
    /// turns a formula in mol/L and mS/cm into one in mol/m3 and S/m.
    pub fn scaled(mut self, argument: f64, value: f64) -> Expression {
        self.argument_scale /= argument;
        self.value_scale *= value;
        self
    }

    /// Value and derivatives at argument `x` and temperature in kelvin. Outside its domain the result is not finite.
    pub fn eval(&self, x: f64, temperature: f64) -> Jet {
        // Two sizes, because clearing the large stack costs more than evaluating most formulas.
        if self.stack <= 8 {
            self.run(&mut [Jet::default(); 8], x, temperature)
        } else {
            self.run(&mut [Jet::default(); Self::MAX_STACK], x, temperature)
        }
    }

    fn run(&self, stack: &mut [Jet], x: f64, temperature: f64) -> Jet {
        let argument = Jet {
            value: x * self.argument_scale,
            dx: self.argument_scale,
            dt: 0.0,
        };
        let mut n = 0;
        for op in &self.code {
            let leaf = match *op {
                Op::Constant(v) => Some(Jet::constant(v)),
                Op::Argument => Some(argument),
                Op::Temperature => Some(Jet {
                    value: temperature,
                    dx: 0.0,
                    dt: 1.0,
                }),
                _ => None,
            };
            if let Some(leaf) = leaf {
                stack[n] = leaf;
                n += 1;
            } else if let Some(result) = unary(*op, stack[n - 1]) {
                stack[n - 1] = result;
            } else {
                n -= 1;
                stack[n - 1] = binary(*op, stack[n - 1], stack[n]);
            }
        }
        let r = stack[0];
        Jet {
            value: r.value * self.value_scale,
            dx: r.dx * self.value_scale,
            dt: r.dt * self.value_scale,
        }
    }

    /// The formula as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the argument `x` appears.
    pub fn uses_argument(&self) -> bool {
        self.code.contains(&Op::Argument)
    }

    /// Whether the temperature `T` appears.
    pub fn uses_temperature(&self) -> bool {
        self.code.contains(&Op::Temperature)
    }

    /// Number of instructions.
    pub fn size(&self) -> usize {
        self.code.len()
    }
}

fn unary(op: Op, a: Jet) -> Option<Jet> {
    let v = a.value;
    Some(match op {
        Op::Negate => -a,
        Op::Call(f) => match f {
            Function::Exp => {
                let e = v.exp();
                a.chain(e, e)
            }
            Function::Log => a.chain(v.ln(), 1.0 / v),
            Function::Log10 => a.chain(v.log10(), 1.0 / (v * std::f64::consts::LN_10)),
            Function::Sqrt => {
                let root = v.sqrt();
                a.chain(root, 0.5 / root)
            }
            Function::Tanh => {
                let t = v.tanh();
                a.chain(t, 1.0 - t * t)
            }
            Function::Sinh => a.chain(v.sinh(), v.cosh()),
            Function::Cosh => a.chain(v.cosh(), v.sinh()),
            Function::Sin => a.chain(v.sin(), v.cos()),
            Function::Cos => a.chain(v.cos(), -v.sin()),
            Function::Tan => {
                let t = v.tan();
                a.chain(t, 1.0 + t * t)
            }
            Function::Atan => a.chain(v.atan(), 1.0 / (1.0 + v * v)),
            Function::Abs => a.chain(v.abs(), v.signum()),
        },
        _ => return None,
    })
}

fn binary(op: Op, a: Jet, b: Jet) -> Jet {
    match op {
        Op::Add => a + b,
        Op::Subtract => a - b,
        Op::Multiply => a * b,
        Op::Divide => a / b,
        Op::Power => a.power(b),
        Op::Minimum if a.value <= b.value => a,
        Op::Maximum if a.value >= b.value => a,
        _ => b,
    }
}

#[cfg(test)]
mod tests;
