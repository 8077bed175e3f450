//! Recursive-descent parser of the formula grammar, with constant folding and hard bounds.

use super::{Expression, Function, Op, binary, unary};
use crate::jet::Jet;

/// Why a formula was refused, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at byte {position}")]
pub struct ExpressionError {
    /// Byte offset into the formula.
    pub position: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// Compiles `text` to byte-code and its greatest stack need.
pub(super) fn compile(text: &str) -> Result<(Vec<Op>, usize), ExpressionError> {
    let mut p = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        depth: 0,
        code: vec![],
        nodes: 0,
    };
    if text.len() > Expression::MAX_LENGTH {
        return Err(p.fault(format!(
            "a formula of {} bytes is longer than {}",
            text.len(),
            Expression::MAX_LENGTH
        )));
    }
    p.sum()?;
    p.space();
    if p.at < p.bytes.len() {
        return Err(p.unexpected());
    }
    let stack = stack_need(&p.code);
    if stack > Expression::MAX_STACK {
        return Err(p.fault("too many open operations"));
    }
    Ok((p.code, stack))
}

fn stack_need(code: &[Op]) -> usize {
    let (mut now, mut most) = (0usize, 0);
    for op in code {
        match op {
            Op::Constant(_) | Op::Argument | Op::Temperature => now += 1,
            Op::Negate | Op::Call(_) => {}
            _ => now -= 1,
        }
        most = most.max(now);
    }
    most
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    code: Vec<Op>,
    nodes: usize,
}

impl Parser<'_> {
    fn fault(&self, message: impl Into<String>) -> ExpressionError {
        ExpressionError {
            position: self.at,
            message: message.into(),
            hint: None,
        }
    }

    fn unexpected(&self) -> ExpressionError {
        match self.text.get(self.at..).and_then(|s| s.chars().next()) {
            Some(c) => self.fault(format!("unexpected `{}`", c.escape_debug())),
            None => self.fault("the formula ends too early"),
        }
    }

    fn space(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    /// Next byte after white space.
    fn peek(&mut self) -> Option<u8> {
        self.space();
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> Result<(), ExpressionError> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        let mut e = self.unexpected();
        e.hint = Some(format!("expected `{}`", byte as char));
        Err(e)
    }

    fn emit(&mut self, op: Op) -> Result<(), ExpressionError> {
        self.nodes += 1;
        if self.nodes > Expression::MAX_NODES {
            return Err(self.fault(format!("more than {} operations", Expression::MAX_NODES)));
        }
        let folded = match (op, self.code.as_slice()) {
            (Op::Negate | Op::Call(_), [.., Op::Constant(a)]) => unary(op, Jet::constant(*a)).map(|j| (1, j.value)),
            (Op::Constant(_) | Op::Argument | Op::Temperature | Op::Negate | Op::Call(_), _) => None,
            (_, [.., Op::Constant(a), Op::Constant(b)]) => Some((2, binary(op, Jet::constant(*a), Jet::constant(*b)).value)),
            _ => None,
        };
        match folded {
            Some((n, value)) => {
                self.code.truncate(self.code.len() - n);
                self.code.push(Op::Constant(value));
            }
            None => self.code.push(op),
        }
        Ok(())
    }

    fn nested(&mut self, f: impl FnOnce(&mut Self) -> Result<(), ExpressionError>) -> Result<(), ExpressionError> {
        self.depth += 1;
        if self.depth > Expression::MAX_DEPTH {
            return Err(self.fault(format!("nested deeper than {}", Expression::MAX_DEPTH)));
        }
        f(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn sum(&mut self) -> Result<(), ExpressionError> {
        self.product()?;
        while let Some(b @ (b'+' | b'-')) = self.peek() {
            self.at += 1;
            self.product()?;
            self.emit(if b == b'+' { Op::Add } else { Op::Subtract })?;
        }
        Ok(())
    }

    fn product(&mut self) -> Result<(), ExpressionError> {
        self.signed()?;
        while let Some(b @ (b'*' | b'/')) = self.peek() {
            self.at += 1;
            self.signed()?;
            self.emit(if b == b'*' { Op::Multiply } else { Op::Divide })?;
        }
        Ok(())
    }

    fn signed(&mut self) -> Result<(), ExpressionError> {
        match self.peek() {
            Some(b'-') => {
                self.at += 1;
                self.nested(Self::signed)?;
                self.emit(Op::Negate)
            }
            Some(b'+') => {
                self.at += 1;
                self.nested(Self::signed)
            }
            _ => self.power(),
        }
    }

    fn power(&mut self) -> Result<(), ExpressionError> {
        self.atom()?;
        let is_power = match self.peek() {
            Some(b'^') => 1,
            Some(b'*') if self.bytes.get(self.at + 1) == Some(&b'*') => 2,
            _ => return Ok(()),
        };
        self.at += is_power;
        self.nested(Self::signed)?;
        self.emit(Op::Power)
    }

    fn atom(&mut self) -> Result<(), ExpressionError> {
        match self.peek() {
            Some(b'(') => {
                self.at += 1;
                self.nested(Self::sum)?;
                self.eat(b')')
            }
            Some(b'0'..=b'9' | b'.') => self.number(),
            Some(b) if b.is_ascii_alphabetic() || b == b'_' => self.name(),
            _ => Err(self.unexpected()),
        }
    }

    fn number(&mut self) -> Result<(), ExpressionError> {
        let start = self.at;
        let digits = |p: &mut Self| {
            while p.bytes.get(p.at).is_some_and(u8::is_ascii_digit) {
                p.at += 1;
            }
        };
        digits(self);
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            digits(self);
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            let mark = self.at;
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            let first = self.at;
            digits(self);
            if self.at == first {
                self.at = mark;
            }
        }
        match self.text[start..self.at].parse::<f64>() {
            Ok(v) if v.is_finite() => self.emit(Op::Constant(v)),
            _ => {
                self.at = start;
                Err(self.fault("unreadable or too large number"))
            }
        }
    }

    fn name(&mut self) -> Result<(), ExpressionError> {
        let start = self.at;
        while self
            .bytes
            .get(self.at)
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b == b'.')
        {
            self.at += 1;
        }
        let name = &self.text[start..self.at];
        let function = match name {
            "x" | "c" => return self.emit(Op::Argument),
            "T" => return self.emit(Op::Temperature),
            "exp" => Some(Function::Exp),
            "log" | "ln" => Some(Function::Log),
            "log10" => Some(Function::Log10),
            "sqrt" => Some(Function::Sqrt),
            "tanh" => Some(Function::Tanh),
            "sinh" => Some(Function::Sinh),
            "cosh" => Some(Function::Cosh),
            "sin" => Some(Function::Sin),
            "cos" => Some(Function::Cos),
            "tan" => Some(Function::Tan),
            "atan" | "arctan" => Some(Function::Atan),
            "abs" => Some(Function::Abs),
            "pow" | "min" | "max" => None,
            _ => {
                let message = format!("unknown name `{name}`");
                let hint = Some(
                    "known are x, c, T, exp, log, ln, log10, sqrt, tanh, sinh, cosh, sin, cos, tan, atan, abs, pow, min, max".to_owned(),
                );
                return Err(ExpressionError {
                    position: start,
                    message,
                    hint,
                });
            }
        };
        let two = match name {
            "pow" => Some(Op::Power),
            "min" => Some(Op::Minimum),
            "max" => Some(Op::Maximum),
            _ => None,
        };
        self.eat(b'(')?;
        self.nested(Self::sum)?;
        if let Some(op) = two {
            self.eat(b',')?;
            self.nested(Self::sum)?;
            self.eat(b')')?;
            return self.emit(op);
        }
        self.eat(b')')?;
        match function {
            Some(f) => self.emit(Op::Call(f)),
            None => Err(self.unexpected()),
        }
    }
}
