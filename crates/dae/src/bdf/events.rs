//! Detection of sign changes of root functions and their location on the dense output.

use super::{Bdf, StepOutcome};
use crate::system::{Crossing, System};

/// Memory of the root functions between steps.
#[derive(Clone, Debug)]
pub(super) struct EventWatch {
    /// Sign last seen per function; zero means disarmed until it has left zero.
    signs: Vec<i8>,
    g: Vec<f64>,
    last: Option<(usize, f64)>,
}

fn sign(g: f64) -> i8 {
    if g > 0.0 {
        1
    } else if g < 0.0 {
        -1
    } else {
        0
    }
}

fn counts(crossing: Crossing, rising: bool) -> bool {
    match crossing {
        Crossing::Any => true,
        Crossing::Rising => rising,
        Crossing::Falling => !rising,
    }
}

impl EventWatch {
    pub fn new(n: usize) -> Self {
        Self {
            signs: vec![0; n],
            g: vec![0.0; n],
            last: None,
        }
    }

    /// Notes the signs at a start; a function that fired at this time stays disarmed.
    pub fn arm<S: System + ?Sized>(&mut self, system: &mut S, t: f64, y: &[f64], yp: &[f64]) {
        // The caller may have given the system other root functions since the last start.
        let n = system.n_events();
        self.signs.resize(n, 0);
        self.g.resize(n, 0.0);
        self.last = self.last.filter(|(index, _)| *index < n);
        if n == 0 {
            return;
        }
        system.events(t, y, yp, &mut self.g);
        for (s, g) in self.signs.iter_mut().zip(&self.g) {
            *s = sign(*g);
        }
        if let Some((index, fired)) = self.last
            && fired == t
        {
            self.signs[index] = 0;
        }
        self.last = None;
    }
}

impl Bdf {
    /// First event between the output time and `until`, if any; fills the output state.
    pub(super) fn first_event<S: System + ?Sized>(&mut self, system: &mut S, until: f64) -> Option<(usize, f64, bool)> {
        if self.watch.signs.is_empty() {
            return None;
        }
        self.evaluate_events(system, until);
        let mut first: Option<(usize, f64)> = None;
        for index in 0..self.watch.signs.len() {
            let g = self.watch.g[index];
            let (before, after) = (self.watch.signs[index], sign(g));
            if before == 0 || before == after || g.is_nan() || !counts(system.crossing(index), before < 0) {
                continue;
            }
            let end = first.map_or(until, |(_, t)| t);
            let located = self.locate(system, index, before, self.t_out, until);
            if first.is_none() || located < end {
                first = Some((index, located));
            }
            // Locating overwrote the values at the end of the range.
            self.evaluate_events(system, until);
        }
        let Some((index, t)) = first else {
            for (s, g) in self.watch.signs.iter_mut().zip(&self.watch.g) {
                if *g != 0.0 && !g.is_nan() {
                    *s = sign(*g);
                }
            }
            return None;
        };
        self.evaluate_events(system, t);
        let rising = self.watch.signs[index] < 0;
        self.watch.signs[index] = sign(self.watch.g[index]);
        for (s, g) in self.watch.signs.iter_mut().zip(&self.watch.g) {
            if *s == 0 {
                *s = sign(*g);
            }
        }
        self.watch.last = Some((index, t));
        Some((index, t, rising))
    }

    /// Root functions at a time within the last step; leaves the output state there unless it is its end.
    fn evaluate_events<S: System + ?Sized>(&mut self, system: &mut S, t: f64) {
        self.statistics.event_evaluations += 1;
        if t < self.tn {
            self.output_at(t);
            system.events(t, &self.y_out, &self.yp_out, &mut self.watch.g);
        } else {
            system.events(t, &self.y, &self.yp, &mut self.watch.g);
        }
    }

    /// Illinois iteration for root `index` in `(lo, hi]`; returns the end of the bracket behind the crossing.
    fn locate<S: System + ?Sized>(&mut self, system: &mut S, index: usize, before: i8, mut lo: f64, mut hi: f64) -> f64 {
        let width = self
            .options
            .event_tolerance
            .unwrap_or(100.0 * f64::EPSILON * (self.tn.abs() + self.h_used));
        let mut g_hi = self.watch.g[index];
        self.evaluate_events(system, lo);
        let mut g_lo = self.watch.g[index];
        if sign(g_lo) != before {
            // It crossed together with the event delivered last.
            return lo;
        }
        let mut last_side = 0;
        for round in 0..200 {
            if hi - lo <= width || g_hi == 0.0 {
                break;
            }
            let secant = lo + (hi - lo) * (g_lo / (g_lo - g_hi));
            let bisect = round % 4 == 3 || !secant.is_finite();
            let inner = (0.1 * (hi - lo)).min(0.5 * width);
            let t = if bisect {
                0.5 * (lo + hi)
            } else {
                secant.clamp(lo + inner, hi - inner)
            };
            if t <= lo || t >= hi {
                break;
            }
            self.evaluate_events(system, t);
            let g = self.watch.g[index];
            if sign(g) == before {
                (lo, g_lo) = (t, g);
                if last_side == -1 {
                    g_hi *= 0.5;
                }
                last_side = -1;
            } else {
                (hi, g_hi) = (t, g);
                if last_side == 1 {
                    g_lo *= 0.5;
                }
                last_side = 1;
            }
        }
        hi
    }
}

impl StepOutcome {
    /// True for an event.
    pub fn is_event(&self) -> bool {
        matches!(self, Self::Event { .. })
    }
}
