//! How long a step takes: setting up the tool, then thickness over rate, cycles, or length over speed.

use super::error::{TechniqueError, check_not_negative, check_positive};
use super::library::{Sourced, Technique};
use cellwright_materials::Confidence;

/// What a step has to do on its tool. A rate, cycle time or speed that is left out is the technique's usual one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Work {
    /// Grow, coat, etch or polish a thickness, m.
    Thickness {
        /// Thickness or depth, m.
        thickness: f64,
        /// Rate, m/s.
        rate: Option<f64>,
    },
    /// Repeat a cycle.
    Cycles {
        /// Number of cycles.
        cycles: f64,
        /// Time of one, s.
        cycle_time: Option<f64>,
    },
    /// Follow a path.
    Path {
        /// Its length over all layers, m.
        length: f64,
        /// Speed, m/s.
        speed: Option<f64>,
    },
    /// A stated duration, s: anneal, plating at a given current.
    Duration(f64),
    /// Nothing that scales: exposure of a mask, lamination.
    Once,
}

/// Process time of one step, and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct ProcessTime {
    /// Setting up (loading, pumping, heating), s.
    pub set_up: f64,
    /// The work itself, s.
    pub work: f64,
    /// In words: `thickness over a usual rate of ... m/s`.
    pub basis: String,
    /// The weakest mark among the numbers used.
    pub confidence: Confidence,
}

impl ProcessTime {
    /// Both together, s.
    pub fn total(&self) -> f64 {
        self.set_up + self.work
    }
}

/// Time of one step by a technique.
///
/// # Errors
/// [`TechniqueError::Missing`] if neither the step nor the library has the rate; numbers out of range.
pub fn process_time(technique: &Technique, work: Work) -> Result<ProcessTime, TechniqueError> {
    let mut confidence = Confidence::Measured;
    // A stated number is the user's own and does not weaken the mark.
    let mut usual = |stated: Option<f64>, value: &Option<Sourced>, words: &'static str| match (stated, value) {
        (Some(x), _) => check_positive(words, x).map(|()| (x, "stated")),
        (None, Some(v)) => {
            confidence = confidence.min(v.confidence);
            Ok((v.value, "usual"))
        }
        (None, None) => Err(TechniqueError::Missing {
            technique: technique.name.clone(),
            value: words,
        }),
    };
    let (seconds, basis) = match work {
        Work::Thickness { thickness, rate } => {
            check_not_negative("thickness", thickness)?;
            let (rate, which) = usual(rate, &technique.rate, "rate")?;
            (thickness / rate, format!("thickness over a {which} rate of {rate:.3e} m/s"))
        }
        Work::Cycles { cycles, cycle_time } => {
            check_not_negative("number of cycles", cycles)?;
            let (time, which) = usual(cycle_time, &technique.cycle_time, "cycle time")?;
            (cycles * time, format!("cycles of a {which} {time:.3} s each"))
        }
        Work::Path { length, speed } => {
            check_not_negative("length of the path", length)?;
            let (speed, which) = usual(speed, &technique.speed, "speed")?;
            (length / speed, format!("length over a {which} speed of {speed:.3e} m/s"))
        }
        Work::Duration(seconds) => {
            check_not_negative("duration", seconds)?;
            (seconds, "stated duration".to_owned())
        }
        Work::Once => (0.0, "setting up only".to_owned()),
    };
    let (set_up, _) = usual(None, &technique.set_up_time, "set-up time")?;
    Ok(ProcessTime {
        set_up,
        work: seconds,
        basis,
        confidence,
    })
}
