//! What the terminals are held at, and when to stop.

/// What the terminals are held at.
#[derive(Clone, Debug)]
pub enum Control {
    /// Current, A.
    Current(f64),
    /// Voltage, V.
    Voltage(f64),
    /// Voltage that starts at `from` at the time `start` and changes at `rate`, V/s.
    Ramp {
        /// Start voltage, V.
        from: f64,
        /// V/s.
        rate: f64,
        /// Time of the start, s.
        start: f64,
    },
    /// Power delivered, W.
    Power(f64),
    /// Load resistance, ohm.
    Resistance(f64),
    /// Current that starts at `from` at the time `start` and changes at `rate`, A/s: one segment of a profile.
    CurrentRamp {
        /// Start current, A.
        from: f64,
        /// A/s.
        rate: f64,
        /// Time of the start, s.
        start: f64,
    },
}

/// Something to stop at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stop {
    /// Terminal voltage falls to this, V.
    VoltageBelow(f64),
    /// Terminal voltage rises to this, V.
    VoltageAbove(f64),
    /// Magnitude of the current falls to this, A.
    CurrentBelow(f64),
    /// Magnitude of the current rises to this, A.
    CurrentAbove(f64),
    /// Magnitude of the charge passed since the mark reaches this, C.
    ChargePassed {
        /// Charge at the mark, C.
        mark: f64,
        /// Amount, C.
        amount: f64,
    },
}
