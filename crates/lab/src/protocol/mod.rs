//! The protocol language: what is done to a cell, written like a lab notebook.
//!
//! ```
//! use cellwright_lab::protocol::{Action, Protocol, Rate};
//!
//! let (protocol, warnings) = Protocol::parse(&["Charge at 1C until 4.2 V", "Hold at 4.2 V until C/50", "Discharge at 50 uA/cm2 until 3.0 V"])?;
//! assert!(warnings.is_empty());
//! assert_eq!(protocol.steps[0].action, Action::Current(Rate::C(-1.0)));
//! let (same, _) = Protocol::parse_line("Repeat 2 times: (Discharge at C/2 for 20 minutes or until 3.0 V; Rest for 1 hour)")?;
//! assert_eq!(same.unrolled().count(), 4);
//! assert_eq!(same.to_string(), "Repeat 2 times: (Discharge at C/2 for 20 min or until 3.0 V; Rest for 1 h)");
//! # Ok::<(), cellwright_lab::protocol::ProtocolError>(())
//! ```
//!
//! # Grammar
//!
//! Words are read in any case, blanks are free, a comma at the end of a word is a pause. `[]` may be left out, `|` separates choices, `{}` may be repeated.
//!
//! ```text
//! steps      = step { ";" step } [";"]
//! step       = action { clause }
//! action     = ("Discharge" | "Charge") ["at" | "through" | "with"] (rate | current | power | resistance | voltage)
//!            | "Hold" ["at"] voltage
//!            | "Rest"
//!            | "Follow" file                                   file in quotes if it holds blanks
//!            | "Sweep" ["from" voltage] "to" voltage "at" voltage-per-time      without `from`: from the present voltage
//!            | "Impedance from" frequency "to" frequency "at" n ["points"] "per decade"
//!            | "Repeat" n ["times"] ":" (steps | "(" steps ")")  without parentheses: everything to the end of the text
//! clause     = ["or"] ("for" time | "until" condition { "or" condition })
//! condition  = ["above" | "below"] voltage | rate | current | charge
//! rate       = "C" | number "C" | "C/" number | number "C/" number
//! ```
//!
//! Currents, powers, resistances and charges may be given per area: `50 uA/cm2`, `3 mW/cm2`, `10 ohm cm2`, `5 uAh/cm2`.
//! Times may be summed: `1 h 30 min`. The first condition reached ends the step. `above` and `below` are implied by the direction:
//! a discharge ends when the voltage falls to the limit, a charge when it rises to it; at rest and under a profile the limit is reached from either side.
//! A current ends a voltage hold or a resistive discharge when its magnitude has fallen to the value. A discharge, charge, hold or rest needs an end.
//!
//! # Codes
//!
//! `E041` unknown step, `E042` amount missing or unreadable, `E043` wrong kind of amount, `E044` condition that cannot end this step, `E045` step without end,
//! `E046` amount out of range, `E047` repeat, `E048` unexpected or missing word, `E049` profile file;
//! `W041` a step that ends at once, `W042` unusual voltage, `W043` a profile that only charges.

mod amount;
mod ast;
mod check;
mod clauses;
mod display;
mod finding;
mod lexer;
mod parse;
mod profile;
mod unrolled;

#[cfg(test)]
mod tests;

pub use ast::{Action, Capacity, Crossing, Power, Protocol, Rate, RateBasis, Resistance, Step, StepPlace, Termination};
pub use finding::{Finding, ProtocolError};
pub use profile::{CurrentProfile, ProfileQuantity};
pub use unrolled::{Leaf, Unrolled};

use cellwright_base::diagnostic::{Diagnostic, ErrorKind};

/// Largest count of one repeat.
pub const MAX_REPEAT: u64 = 1_000_000;
/// Deepest nesting of repeats.
pub const MAX_DEPTH: usize = 4;
/// Largest number of steps after unrolling all repeats.
pub const MAX_STEPS: u64 = 100_000_000;
/// Longest protocol text, bytes.
pub const MAX_TEXT: usize = 1 << 20;

/// One item of a protocol in a design file: a text, or a repeated list.
///
/// In TOML: `steps = ["Rest for 1 h", { repeat = 200, steps = ["Discharge at 1C until 3.0 V", "Charge at 1C until 4.2 V"] }]`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum StepText {
    /// One step, or several separated by `;`.
    Line(String),
    /// A list of items, repeated.
    Repeat {
        /// How often, 1 to [`MAX_REPEAT`].
        repeat: u64,
        /// What is repeated.
        steps: Vec<StepText>,
    },
}

impl StepText {
    /// The text lines in `items` in reading order: their positions are the `item` numbers of [`Finding`] and [`StepPlace`].
    pub fn lines(items: &[StepText]) -> Vec<&str> {
        items
            .iter()
            .flat_map(|i| match i {
                StepText::Line(l) => vec![l.as_str()],
                StepText::Repeat { steps, .. } => StepText::lines(steps),
            })
            .collect()
    }
}

impl Protocol {
    /// True if a step measures the impedance.
    pub fn measures_impedance(&self) -> bool {
        fn any(steps: &[Step]) -> bool {
            steps.iter().any(|s| match &s.action {
                Action::Impedance { .. } => true,
                Action::Repeat { steps, .. } => any(steps),
                _ => false,
            })
        }
        any(&self.steps)
    }

    /// Reads a list of texts, one or more steps each.
    ///
    /// # Errors
    /// [`ProtocolError`] with the first error of every faulty text.
    pub fn parse<S: AsRef<str>>(steps: &[S]) -> Result<(Protocol, Vec<Finding>), ProtocolError> {
        Protocol::parse_items(&steps.iter().map(|s| StepText::Line(s.as_ref().to_owned())).collect::<Vec<_>>())
    }

    /// Reads one text with steps separated by `;`, as on the command line.
    ///
    /// # Errors
    /// [`ProtocolError`] with the first error.
    pub fn parse_line(line: &str) -> Result<(Protocol, Vec<Finding>), ProtocolError> {
        Protocol::parse(&[line])
    }

    /// Reads the items of a design file, repeated lists included.
    ///
    /// # Errors
    /// [`ProtocolError`] with the first error of every faulty text.
    pub fn parse_items(items: &[StepText]) -> Result<(Protocol, Vec<Finding>), ProtocolError> {
        let mut reader = Reader {
            item: 0,
            bytes: 0,
            errors: vec![],
        };
        let steps = reader.items(items, 0);
        let lines = StepText::lines(items);
        if reader.errors.is_empty() {
            let total = unrolled::leaf_count(&steps);
            if steps.is_empty() {
                let d = Diagnostic::error(ErrorKind::Input, "E041", "the protocol has no steps")
                    .help("steps = [\"Discharge at 1C until 3.0 V\"]");
                reader.errors.push(Finding {
                    diagnostic: d,
                    item: 0,
                    span: 0..0,
                });
            } else if total > MAX_STEPS {
                let d = Diagnostic::error(ErrorKind::OutOfRange, "E047", "the protocol is too long")
                    .label(format!("{total} steps when all repeats are written out"))
                    .note(format!("at most {MAX_STEPS} steps"));
                reader.errors.push(Finding::new(d, 0, lines.first().unwrap_or(&""), 0..0));
            }
        }
        if !reader.errors.is_empty() {
            return Err(ProtocolError { findings: reader.errors });
        }
        let warnings = check::warnings(&steps)
            .into_iter()
            .map(|(d, p)| Finding::new(d, p.item, lines.get(p.item).unwrap_or(&""), p.span))
            .collect();
        Ok((Protocol { steps }, warnings))
    }

    /// The steps one by one with all repeats carried out, without storing them.
    pub fn unrolled(&self) -> Unrolled<'_> {
        Unrolled::new(&self.steps, 0)
    }

    /// As [`Protocol::unrolled`], beginning with the step that [`Leaf::index`] numbers `first`; takes no longer for a late one.
    pub fn unrolled_from(&self, first: u64) -> Unrolled<'_> {
        Unrolled::new(&self.steps, first)
    }

    /// How many steps [`Protocol::unrolled`] gives.
    pub fn unrolled_len(&self) -> u64 {
        unrolled::leaf_count(&self.steps)
    }

    /// Every step once, depth first, repeats included.
    pub fn walk(&self) -> impl Iterator<Item = &Step> {
        let mut stack: Vec<&Step> = self.steps.iter().rev().collect();
        std::iter::from_fn(move || {
            let step = stack.pop()?;
            if let Action::Repeat { steps, .. } = &step.action {
                stack.extend(steps.iter().rev());
            }
            Some(step)
        })
    }

    /// Files named by `Follow` steps, each once, in order.
    pub fn profile_files(&self) -> Vec<&str> {
        let mut files = Vec::new();
        for step in self.walk() {
            if let Action::Profile { file } = &step.action
                && !files.contains(&file.as_str())
            {
                files.push(file.as_str());
            }
        }
        files
    }
}

struct Reader {
    item: usize,
    bytes: usize,
    errors: Vec<Finding>,
}

impl Reader {
    fn items(&mut self, items: &[StepText], depth: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        for entry in items {
            match entry {
                StepText::Line(text) => {
                    self.bytes += text.len();
                    let read = if self.bytes > MAX_TEXT {
                        Err(Box::new((
                            Diagnostic::error(ErrorKind::OutOfRange, "E047", "the protocol text is longer than 1 MiB").help("use Repeat"),
                            0..0,
                        )))
                    } else {
                        parse::line(text, self.item, depth)
                    };
                    match read {
                        Ok(read) => steps.extend(read),
                        Err(fault) => self.errors.push(Finding::new(fault.0, self.item, text, fault.1)),
                    }
                    self.item += 1;
                }
                StepText::Repeat { repeat, steps: inner } => {
                    let item = self.item;
                    let first = StepText::lines(inner).first().map_or(String::new(), |l| (*l).to_owned());
                    let mut refuse = |d: Diagnostic| self.errors.push(Finding::new(d, item, &first, 0..first.len()));
                    if depth >= MAX_DEPTH {
                        refuse(Diagnostic::error(
                            ErrorKind::Input,
                            "E047",
                            format!("repeats are nested deeper than {MAX_DEPTH}"),
                        ));
                        return steps;
                    }
                    if let Err(fault) = parse::check_count(Some(*repeat), 0..0) {
                        refuse(fault.0);
                    } else if inner.is_empty() {
                        refuse(Diagnostic::error(ErrorKind::Input, "E047", "nothing to repeat"));
                    }
                    let inner = self.items(inner, depth + 1);
                    if inner.is_empty() {
                        continue;
                    }
                    let mut step = Step::new(
                        Action::Repeat {
                            count: *repeat,
                            steps: inner,
                        },
                        vec![],
                        None,
                    );
                    step.place = StepPlace {
                        item,
                        span: 0..first.len(),
                    };
                    steps.push(step);
                }
            }
        }
        steps
    }
}
