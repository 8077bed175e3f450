//! The protocol as data: steps, what they impose, and when they end.

use std::ops::Range;

/// A list of steps, read from text by [`Protocol::parse`](super::Protocol::parse) and friends.
///
/// Equality compares what is done, not how it was written: `text` and `place` of the steps are ignored.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Protocol {
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// One step: what is imposed and when it ends.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is imposed on the cell.
    pub action: Action,
    /// The step ends when the first of these is reached.
    pub until: Vec<Termination>,
    /// Longest duration, s.
    pub duration: Option<f64>,
    /// The step as the user wrote it, without surrounding blanks.
    pub text: String,
    /// Where it stands in the protocol's text.
    pub place: StepPlace,
}

/// Where the text of a step stands.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct StepPlace {
    /// Text line of the protocol, from 0, in reading order.
    pub item: usize,
    /// Byte range within that line.
    pub span: Range<usize>,
}

impl PartialEq for Step {
    fn eq(&self, other: &Step) -> bool {
        self.action == other.action && self.until == other.until && self.duration == other.duration
    }
}

impl Step {
    /// A step without a text of its own, for protocols made by programs; `text` becomes the canonical form.
    pub fn new(action: Action, until: Vec<Termination>, duration: Option<f64>) -> Step {
        let mut step = Step {
            action,
            until,
            duration,
            text: String::new(),
            place: StepPlace::default(),
        };
        step.text = step.to_string();
        step
    }
}

/// What a step imposes. Discharge is positive throughout.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Constant current; discharge positive.
    Current(Rate),
    /// Constant terminal voltage, V.
    Voltage(f64),
    /// No current.
    Rest,
    /// Constant power; discharge positive.
    Power(Power),
    /// Discharge through a constant resistance.
    Resistance(Resistance),
    /// Current against time from a file, see [`CurrentProfile`](super::CurrentProfile).
    Profile {
        /// File as the user named it.
        file: String,
    },
    /// Linear voltage sweep; ends at `to`.
    Sweep {
        /// First voltage, V; `None` starts from the present terminal voltage.
        from: Option<f64>,
        /// Last voltage, V.
        to: f64,
        /// Magnitude of the slope, V/s.
        rate: f64,
    },
    /// Impedance spectrum at the state reached so far.
    Impedance {
        /// Lowest frequency, Hz.
        fmin: f64,
        /// Highest frequency, Hz.
        fmax: f64,
        /// Frequencies per decade.
        points_per_decade: u32,
    },
    /// The steps inside, `count` times.
    Repeat {
        /// How often, 1 to [`MAX_REPEAT`](super::MAX_REPEAT).
        count: u64,
        /// What is repeated; never empty.
        steps: Vec<Step>,
    },
}

/// Way the voltage passes a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossing {
    /// The limit is reached when the voltage is at or below it.
    Falling,
    /// The limit is reached when the voltage is at or above it.
    Rising,
    /// The limit is reached when the voltage passes it either way.
    Either,
}

/// One way to end a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Termination {
    /// Terminal voltage reaches `volts`.
    Voltage {
        /// The limit, V.
        volts: f64,
        /// From which side.
        crossing: Crossing,
    },
    /// Magnitude of the current falls to this value or below (voltage holds and resistances).
    Current(Rate),
    /// Magnitude of the charge passed since the step began reaches this value.
    Capacity(Capacity),
}

/// What the symbolic rates of a protocol refer to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateBasis {
    /// Capacity that 1C moves in one hour, A s.
    pub capacity: f64,
    /// Area that area-specific values refer to, m2.
    pub area: f64,
}

/// A current as the user gives it; C-rates stay symbolic until a [`RateBasis`] is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// Multiple of the current that moves the basis capacity in one hour.
    C(f64),
    /// Current, A.
    Absolute(f64),
    /// Current per area, A/m2.
    PerArea(f64),
}

impl Rate {
    /// The current, A.
    pub fn amperes(self, basis: &RateBasis) -> f64 {
        match self {
            Rate::C(c) => c * basis.capacity / 3600.0,
            Rate::Absolute(a) => a,
            Rate::PerArea(j) => j * basis.area,
        }
    }

    /// The number without its unit.
    pub fn number(self) -> f64 {
        let (Rate::C(x) | Rate::Absolute(x) | Rate::PerArea(x)) = self;
        x
    }

    /// The same rate in the other direction.
    pub fn reversed(self) -> Rate {
        match self {
            Rate::C(x) => Rate::C(-x),
            Rate::Absolute(x) => Rate::Absolute(-x),
            Rate::PerArea(x) => Rate::PerArea(-x),
        }
    }
}

/// A power as the user gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Power {
    /// Power, W.
    Absolute(f64),
    /// Power per area, W/m2.
    PerArea(f64),
}

impl Power {
    /// The power, W.
    pub fn watts(self, basis: &RateBasis) -> f64 {
        match self {
            Power::Absolute(p) => p,
            Power::PerArea(p) => p * basis.area,
        }
    }

    /// The number without its unit.
    pub fn number(self) -> f64 {
        let (Power::Absolute(x) | Power::PerArea(x)) = self;
        x
    }

    /// The same power in the other direction.
    pub fn reversed(self) -> Power {
        match self {
            Power::Absolute(x) => Power::Absolute(-x),
            Power::PerArea(x) => Power::PerArea(-x),
        }
    }
}

/// A load resistance as the user gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resistance {
    /// Resistance, ohm.
    Absolute(f64),
    /// Resistance times area, ohm m2.
    TimesArea(f64),
}

impl Resistance {
    /// The resistance, ohm.
    pub fn ohms(self, basis: &RateBasis) -> f64 {
        match self {
            Resistance::Absolute(r) => r,
            Resistance::TimesArea(r) => r / basis.area,
        }
    }

    /// The number without its unit.
    pub fn number(self) -> f64 {
        let (Resistance::Absolute(x) | Resistance::TimesArea(x)) = self;
        x
    }
}

/// A charge as the user gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Capacity {
    /// Charge, A s.
    Absolute(f64),
    /// Charge per area, A s/m2.
    PerArea(f64),
}

impl Capacity {
    /// The charge, A s.
    pub fn coulombs(self, basis: &RateBasis) -> f64 {
        match self {
            Capacity::Absolute(q) => q,
            Capacity::PerArea(q) => q * basis.area,
        }
    }

    /// The number without its unit.
    pub fn number(self) -> f64 {
        let (Capacity::Absolute(x) | Capacity::PerArea(x)) = self;
        x
    }
}

impl Action {
    /// How a voltage limit is passed under this action when the user does not say.
    pub fn implied_crossing(&self) -> Crossing {
        let by_sign = |x: f64| if x > 0.0 { Crossing::Falling } else { Crossing::Rising };
        match self {
            Action::Current(r) => by_sign(r.number()),
            Action::Power(p) => by_sign(p.number()),
            Action::Resistance(_) => Crossing::Falling,
            _ => Crossing::Either,
        }
    }

    /// Whether the step ends by itself, without a condition.
    pub fn ends_by_itself(&self) -> bool {
        matches!(
            self,
            Action::Profile { .. } | Action::Sweep { .. } | Action::Impedance { .. } | Action::Repeat { .. }
        )
    }
}
