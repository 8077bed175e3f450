//! The parser: one line of protocol text to steps, by recursive descent.

use std::ops::Range;

use cellwright_base::diagnostic::{Diagnostic, ErrorKind, nearest};
use cellwright_base::units::Dimension;

use super::amount::{self, Amount, SWEEP_RATE, dimension_words};
use super::ast::{Action, Crossing, Power, Rate, Resistance, Step, StepPlace};
use super::lexer::{Kind, Token, tokens};
use super::{MAX_DEPTH, MAX_REPEAT};

/// An error and the bytes it is about.
pub(super) type Fault = Box<(Diagnostic, Range<usize>)>;

const ACTIONS: &[&str] = &[
    "discharge",
    "charge",
    "hold",
    "rest",
    "wait",
    "follow",
    "sweep",
    "impedance",
    "repeat",
];
const FORMS: &str = "steps look like\n\
    Discharge at 1C until 3.0 V\n\
    Charge at 50 uA/cm2 for 20 minutes or until 4.2 V\n\
    Hold at 4.2 V until C/50\n\
    Rest for 10 min\n\
    Discharge at 3 mW until 3.0 V\n\
    Discharge through 10 kohm until 3.0 V\n\
    Follow profile.csv\n\
    Sweep from 3.0 V to 4.2 V at 0.1 mV/s\n\
    Impedance from 1 mHz to 1 MHz at 10 points per decade\n\
    Repeat 200 times: (...)";

pub(super) fn fault(code: &'static str, message: impl Into<String>, span: Range<usize>) -> Fault {
    Box::new((Diagnostic::error(ErrorKind::Input, code, message), span))
}

pub(super) fn with(fault: Fault, edit: impl FnOnce(Diagnostic) -> Diagnostic) -> Fault {
    let (d, span) = *fault;
    Box::new((edit(d), span))
}

/// Reads the steps of one line. `depth` counts the repeats around it.
pub(super) fn line(line: &str, item: usize, depth: usize) -> Result<Vec<Step>, Fault> {
    let mut p = Parser {
        line,
        tokens: tokens(line),
        at: 0,
        item,
        depth,
    };
    let steps = p.steps()?;
    match p.peek() {
        None if steps.is_empty() => Err(with(fault("E041", "the step is empty", 0..line.len()), |d| d.note(FORMS))),
        None => Ok(steps),
        Some(t) => Err(with(fault("E048", "a `)` without its `(`", t.span.clone()), |d| {
            d.help("remove it")
        })),
    }
}

pub(super) struct Parser<'a> {
    line: &'a str,
    tokens: Vec<Token>,
    at: usize,
    item: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn text(&self, span: &Range<usize>) -> &'a str {
        &self.line[span.clone()]
    }

    /// The next token as a lower-case word, if it is a word.
    pub(super) fn word(&self) -> Option<String> {
        self.peek()
            .filter(|t| t.kind == Kind::Word)
            .map(|t| self.text(&t.span).to_lowercase())
    }

    pub(super) fn skip_word(&mut self, words: &[&str]) -> bool {
        let hit = self.word().is_some_and(|w| words.contains(&w.as_str()));
        self.at += usize::from(hit);
        hit
    }

    /// End of the last token read.
    pub(super) fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(0, |t| t.span.end)
    }

    /// Where something is missing: the next token, or the end of the text.
    pub(super) fn here(&self) -> Range<usize> {
        self.peek().map_or(self.end()..self.end(), |t| t.span.clone())
    }

    fn steps(&mut self) -> Result<Vec<Step>, Fault> {
        let mut steps = Vec::new();
        loop {
            match self.peek().map(|t| t.kind) {
                None | Some(Kind::Close) => return Ok(steps),
                Some(Kind::Semicolon) => self.at += 1,
                Some(_) => {
                    steps.push(self.step()?);
                    self.step_end()?;
                }
            }
        }
    }

    fn step_end(&mut self) -> Result<(), Fault> {
        let Some(t) = self.peek() else { return Ok(()) };
        if matches!(t.kind, Kind::Semicolon | Kind::Close) {
            return Ok(());
        }
        let (found, span) = (self.text(&t.span).to_owned(), t.span.clone());
        let lower = found.to_lowercase();
        let f = with(fault("E048", format!("did not expect `{found}` here"), span), |d| {
            d.label("the step could end here")
        });
        Err(with(f, |d| match lower.as_str() {
            "and" => d.help("join conditions with `or`: the first one reached ends the step"),
            "then" => d.help("separate steps with `;`, or write them as separate list items"),
            w if ACTIONS.contains(&w) => d.help("separate steps with `;`, or write them as separate list items"),
            "to" | "till" => d.help("did you mean `until`?"),
            w => match nearest(w, ["until", "for", "or"]) {
                Some(n) => d.help(format!("did you mean `{n}`?")),
                None => d.note("after the action come `for <time>`, `until <condition>` and `or until <condition>`"),
            },
        }))
    }

    fn step(&mut self) -> Result<Step, Fault> {
        let first = self.here();
        let verb = self.word().unwrap_or_default();
        self.at += 1;
        let action = match verb.as_str() {
            "discharge" => self.driven(1.0)?,
            "charge" => self.driven(-1.0)?,
            "hold" => {
                self.skip_word(&["at"]);
                Action::Voltage(self.quantity("a voltage to hold", "Hold at 4.2 V until C/50", Dimension::VOLTAGE)?)
            }
            "rest" | "wait" => Action::Rest,
            "follow" => self.profile()?,
            "sweep" => self.sweep()?,
            "impedance" => self.impedance()?,
            "repeat" => return self.repeat(first.start),
            _ => {
                let found = self.text(&first);
                let near = nearest(&verb, ACTIONS.iter().copied());
                let f = fault("E041", format!("a step cannot begin with `{found}`"), first);
                return Err(with(f, |d| match near {
                    Some(n) => d.help(format!("did you mean `{}{}`?", n[..1].to_uppercase(), &n[1..])).note(FORMS),
                    None => d.note(FORMS),
                }));
            }
        };
        let (until, duration) = self.clauses(&action)?;
        let span = first.start..self.end();
        let text = self.text(&span).to_owned();
        if until.is_empty() && duration.is_none() && !action.ends_by_itself() {
            self.step_end()?;
            let more = match &action {
                Action::Rest => "for 10 min",
                Action::Voltage(_) => "until C/50",
                a if a.implied_crossing() == Crossing::Rising => "until 4.2 V",
                _ => "until 3.0 V",
            };
            let f = fault("E045", "this step never ends", span);
            return Err(with(f, |d| d.label("no `for` and no `until`").help(format!("{text} {more}"))));
        }
        Ok(Step {
            action,
            until,
            duration,
            text,
            place: StepPlace { item: self.item, span },
        })
    }

    /// The words up to the next keyword or the end of the step, with their place.
    fn amount_text(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        while let Some(w) = self.word() {
            if matches!(w.as_str(), "for" | "until" | "or" | "and" | "then" | "to" | "at" | "from") || ACTIONS.contains(&w.as_str()) {
                break;
            }
            self.at += 1;
        }
        (self.at > start).then(|| self.tokens[start].span.start..self.tokens[self.at - 1].span.end)
    }

    /// Reads an amount; `what` and `example` go into the error when there is none.
    pub(super) fn amount(&mut self, what: &str, example: &str) -> Result<(Amount, Range<usize>), Fault> {
        let here = self.here();
        let Some(span) = self.amount_text() else {
            let f = fault("E042", format!("expected {what}"), here);
            return Err(with(f, |d| d.label("missing here").help(format!("for example: {example}"))));
        };
        match amount::read(self.text(&span)) {
            Ok(amount) => Ok((amount, span)),
            Err(u) => {
                let f = fault("E042", u.message, span);
                Err(with(f, |d| {
                    d.label(u.label).help(u.help.unwrap_or_else(|| format!("for example: {example}")))
                }))
            }
        }
    }

    fn quantity(&mut self, what: &str, example: &str, dimension: Dimension) -> Result<f64, Fault> {
        let (amount, span) = self.amount(what, example)?;
        match amount {
            Amount::Quantity(x, d) if d == dimension => Ok(x),
            other => Err(wrong_kind(other, &dimension_words(dimension), example, span)),
        }
    }

    pub(super) fn positive(&mut self, what: &str, example: &str, dimension: Dimension) -> Result<f64, Fault> {
        let start = self.here().start;
        let x = self.quantity(what, example, dimension)?;
        if x > 0.0 {
            Ok(x)
        } else {
            Err(not_positive(what, example, start..self.end()))
        }
    }

    /// `Discharge at …` and `Charge at …`: a current, power, resistance or voltage.
    fn driven(&mut self, sign: f64) -> Result<Action, Fault> {
        let example = if sign > 0.0 {
            "Discharge at 1C until 3.0 V"
        } else {
            "Charge at 1C until 4.2 V"
        };
        self.skip_word(&["at", "with", "through", "across", "into", "over"]);
        let (amount, span) = self.amount("a rate, current, power, resistance or voltage", example)?;
        let x = amount.number();
        if x <= 0.0 && !matches!(amount, Amount::Quantity(_, Dimension::VOLTAGE)) {
            return Err(with(not_positive("the amount", example, span), |d| {
                d.note("the direction is said by the word: `Discharge` or `Charge`; no current is `Rest`")
            }));
        }
        Ok(match amount {
            Amount::CRate(c) => Action::Current(Rate::C(sign * c)),
            Amount::Quantity(i, Dimension::CURRENT) => Action::Current(Rate::Absolute(sign * i)),
            Amount::Quantity(j, Dimension::CURRENT_DENSITY) => Action::Current(Rate::PerArea(sign * j)),
            Amount::Quantity(p, Dimension::POWER) => Action::Power(Power::Absolute(sign * p)),
            Amount::Quantity(p, Dimension::POWER_DENSITY) => Action::Power(Power::PerArea(sign * p)),
            Amount::Quantity(v, Dimension::VOLTAGE) => Action::Voltage(v),
            Amount::Quantity(_, Dimension::RESISTANCE | Dimension::AREA_RESISTANCE) if sign < 0.0 => {
                let f = fault("E043", "a resistor cannot charge a cell", span);
                return Err(with(f, |d| {
                    d.label("a resistance")
                        .help(format!("charge with a current, power or voltage, for example: {example}"))
                }));
            }
            Amount::Quantity(r, Dimension::RESISTANCE) => Action::Resistance(Resistance::Absolute(r)),
            Amount::Quantity(r, Dimension::AREA_RESISTANCE) => Action::Resistance(Resistance::TimesArea(r)),
            other => return Err(wrong_kind(other, "a rate, current, power, resistance or voltage", example, span)),
        })
    }

    fn profile(&mut self) -> Result<Action, Fault> {
        let span = self.here();
        match self.peek().map(|t| t.kind) {
            Some(Kind::Word | Kind::Quoted) if !span.is_empty() => {
                self.at += 1;
                Ok(Action::Profile {
                    file: self.text(&span).to_owned(),
                })
            }
            _ => Err(with(fault("E042", "expected the name of a CSV file", span), |d| {
                d.label("missing here").help("for example: Follow profile.csv")
            })),
        }
    }

    fn sweep(&mut self) -> Result<Action, Fault> {
        const EXAMPLE: &str = "Sweep from 3.0 V to 4.2 V at 0.1 mV/s";
        let start = self.here().start;
        let from = if self.word().as_deref() == Some("to") {
            None
        } else {
            self.expect("from", EXAMPLE)?;
            Some(self.quantity("the first voltage", EXAMPLE, Dimension::VOLTAGE)?)
        };
        self.expect("to", EXAMPLE)?;
        let to = self.quantity("the last voltage", EXAMPLE, Dimension::VOLTAGE)?;
        if from == Some(to) {
            let f = fault("E046", "the sweep starts where it ends", start..self.end());
            return Err(with(f, |d| {
                d.help(format!("to stay there: Hold at {} for 1 h", super::display::volts(to)))
            }));
        }
        self.expect("at", EXAMPLE)?;
        let rate = self.positive("a sweep rate", EXAMPLE, SWEEP_RATE)?;
        Ok(Action::Sweep { from, to, rate })
    }

    fn impedance(&mut self) -> Result<Action, Fault> {
        const EXAMPLE: &str = "Impedance from 1 mHz to 1 MHz at 10 points per decade";
        let start = self.here().start;
        self.expect("from", EXAMPLE)?;
        let a = self.positive("a frequency", EXAMPLE, Dimension::FREQUENCY)?;
        self.expect("to", EXAMPLE)?;
        let b = self.positive("a frequency", EXAMPLE, Dimension::FREQUENCY)?;
        if a == b {
            return Err(with(fault("E046", "the spectrum starts where it ends", start..self.end()), |d| {
                d.help(EXAMPLE)
            }));
        }
        self.expect("at", EXAMPLE)?;
        let span = self.here();
        let points = self.word().and_then(|w| w.parse::<u32>().ok()).filter(|n| (1..=1000).contains(n));
        let Some(points_per_decade) = points else {
            let f = fault("E042", "expected the number of points per decade, 1 to 1000", span);
            return Err(with(f, |d| d.label("not such a number").help(EXAMPLE)));
        };
        self.at += 1;
        self.skip_word(&["points", "point"]);
        self.expect("per", EXAMPLE)?;
        self.expect("decade", EXAMPLE)?;
        Ok(Action::Impedance {
            fmin: a.min(b),
            fmax: a.max(b),
            points_per_decade,
        })
    }

    fn expect(&mut self, word: &str, example: &str) -> Result<(), Fault> {
        if self.skip_word(&[word]) {
            return Ok(());
        }
        Err(with(fault("E048", format!("expected `{word}`"), self.here()), |d| {
            d.label("missing here").help(format!("for example: {example}"))
        }))
    }

    fn repeat(&mut self, start: usize) -> Result<Step, Fault> {
        const EXAMPLE: &str = "Repeat 200 times: (Discharge at 1C until 3.0 V; Charge at 1C until 4.2 V)";
        if self.depth >= MAX_DEPTH {
            let f = fault(
                "E047",
                format!("repeats are nested deeper than {MAX_DEPTH}"),
                start..self.here().end.max(start),
            );
            return Err(with(f, |d| d.help("write the inner steps out, or multiply the counts")));
        }
        let span = self.here();
        let count = self.word().and_then(|w| w.strip_suffix('x').unwrap_or(&w).parse::<u64>().ok());
        self.at += usize::from(count.is_some());
        let count = check_count(count, span)?;
        self.skip_word(&["times", "time", "x", "cycles", "cycle"]);
        let colon = self.peek().is_some_and(|t| t.kind == Kind::Colon);
        self.at += usize::from(colon);
        let group = self.peek().is_some_and(|t| t.kind == Kind::Open);
        if !colon && !group {
            return Err(with(fault("E048", "expected `:` and the steps to repeat", self.here()), |d| {
                d.label("missing here").help(EXAMPLE)
            }));
        }
        let open = self.here();
        self.at += usize::from(group);
        self.depth += 1;
        let steps = self.steps()?;
        self.depth -= 1;
        if steps.is_empty() {
            return Err(with(fault("E047", "nothing to repeat", start..self.here().end), |d| {
                d.help(EXAMPLE)
            }));
        }
        if group {
            if !self.peek().is_some_and(|t| t.kind == Kind::Close) {
                return Err(with(fault("E048", "a `(` without its `)`", open), |d| {
                    d.help("close it after the last repeated step")
                }));
            }
            self.at += 1;
        }
        let span = start..self.end();
        let text = self.text(&span).to_owned();
        Ok(Step {
            action: Action::Repeat { count, steps },
            until: vec![],
            duration: None,
            text,
            place: StepPlace { item: self.item, span },
        })
    }
}

/// The count of a repeat, if it is one.
pub(super) fn check_count(count: Option<u64>, span: Range<usize>) -> Result<u64, Fault> {
    count.filter(|n| (1..=MAX_REPEAT).contains(n)).ok_or_else(|| {
        let f = fault(
            "E047",
            format!("expected how often to repeat, a whole number from 1 to {MAX_REPEAT}"),
            span,
        );
        with(f, |d| d.label("not such a number").help("for example: Repeat 200 times: (...)"))
    })
}

pub(super) fn not_positive(what: &str, example: &str, span: Range<usize>) -> Fault {
    let d = Diagnostic::error(ErrorKind::OutOfRange, "E046", format!("{what} must be positive"));
    Box::new((d.label("zero or negative").help(format!("for example: {example}")), span))
}

pub(super) fn wrong_kind(found: Amount, expected: &str, example: &str, span: Range<usize>) -> Fault {
    let f = fault("E043", format!("expected {expected}, found {}", found.words()), span);
    with(f, |d| d.label(found.words()).help(format!("for example: {example}")))
}
