//! Graded grid lines along an axis.

/// A coordinate that must be a grid line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// Where, m.
    pub at: f64,
    /// Wanted size of the volumes beside it, m; infinite for no wish.
    pub size: f64,
    /// Largest size up to the next stop, m.
    pub cap: f64,
}

impl Stop {
    /// A stop without a limit of its own for the interval above it.
    pub fn new(at: f64, size: f64) -> Stop {
        Stop {
            at,
            size,
            cap: f64::INFINITY,
        }
    }
}

/// How sizes change from volume to volume.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// Size ratio of neighbours, at least 1. Default 1.1: 0.1 % at electrode edges; 1.3 is coarse.
    pub ratio: f64,
    /// Largest size anywhere, m. Default none.
    pub cap: f64,
    /// Every volume is divided in so many, along the same smooth curve of sizes: halved sizes and the root of the ratio for 2. Default 1.
    pub divide: usize,
}

impl Default for Growth {
    fn default() -> Growth {
        Growth {
            ratio: 1.1,
            cap: f64::INFINITY,
            divide: 1,
        }
    }
}

impl Growth {
    /// The same lines and `factor - 1` more in each interval: nested grids for an order of convergence or an extrapolation.
    pub fn refined(self, factor: usize) -> Growth {
        Growth {
            divide: self.divide * factor.max(1),
            ..self
        }
    }
}

/// Grid lines through all stops.
///
/// # Equation
/// Sizes follow `h(x) = min(cap, s_a l + (x - a) ln r, s_b l + (b - x) ln r)` between two stops, `l = ln r / (r - 1)`, whose integral
/// `n = ∫ dx/h` numbers the lines of an exactly geometric sequence; `n` is rounded up and the lines taken at equal steps of it.
/// The size at a stop is no more than the intervals beside it and what the growth from other stops allows.
///
/// # Verification
/// `tests/mesh_tensor.rs` (second order under [`Growth::refined`]), unit tests below.
pub fn graded(stops: &[Stop], growth: Growth) -> Vec<f64> {
    let mut stops: Vec<Stop> = stops.iter().copied().filter(|s| s.at.is_finite()).collect();
    stops.sort_by(|a, b| a.at.total_cmp(&b.at));
    let extent = stops.last().map_or(0.0, |l| l.at) - stops.first().map_or(0.0, |f| f.at);
    merge(&mut stops, 1e-9 * extent);
    let (log, lead) = match growth.ratio.max(1.0) {
        r if r - 1.0 > 1e-9 => (r.ln(), r.ln() / (r - 1.0)),
        _ => (0.0, 1.0),
    };
    let sizes = sizes(&stops, growth, log, lead);
    let mut lines: Vec<f64> = stops.first().map(|s| s.at).into_iter().collect();
    for (i, pair) in stops.windows(2).enumerate() {
        let curve = Curve::new(
            pair[1].at - pair[0].at,
            sizes[i] * lead,
            sizes[i + 1] * lead,
            log,
            growth.cap.min(pair[0].cap),
        );
        let n = (curve.total() * (1.0 - 1e-9)).ceil().max(1.0) as usize * growth.divide.max(1);
        for k in 1..n {
            lines.push(pair[0].at + curve.at(curve.total() * k as f64 / n as f64));
        }
        lines.push(pair[1].at);
    }
    lines
}

/// Stops that are the same but for rounding become one with the stricter wishes.
fn merge(stops: &mut Vec<Stop>, grain: f64) {
    let mut kept: Vec<Stop> = Vec::with_capacity(stops.len());
    for s in stops.drain(..) {
        match kept.last_mut() {
            Some(last) if s.at - last.at <= grain => {
                last.size = last.size.min(s.size);
                last.cap = if s.cap.is_finite() { last.cap.min(s.cap) } else { last.cap };
            }
            _ => kept.push(s),
        }
    }
    *stops = kept;
}

/// Sizes at the stops that neighbours can follow.
fn sizes(stops: &[Stop], growth: Growth, log: f64, lead: f64) -> Vec<f64> {
    let n = stops.len();
    let length = |i: usize| stops[i + 1].at - stops[i].at;
    let mut sizes: Vec<f64> = (0..n)
        .map(|i| {
            let below = if i > 0 {
                length(i - 1).min(stops[i - 1].cap)
            } else {
                f64::INFINITY
            };
            let above = if i + 1 < n { length(i).min(stops[i].cap) } else { f64::INFINITY };
            let wanted = if stops[i].size > 0.0 { stops[i].size } else { f64::INFINITY };
            wanted.min(growth.cap).min(below).min(above)
        })
        .collect();
    for i in 1..n {
        sizes[i] = sizes[i].min(sizes[i - 1] + length(i - 1) * log / lead);
    }
    for i in (1..n).rev() {
        sizes[i - 1] = sizes[i - 1].min(sizes[i] + length(i - 1) * log / lead);
    }
    sizes
}

/// The curve of sizes between two stops: rising, level, falling.
struct Curve {
    length: f64,
    ends: [f64; 2],
    log: f64,
    level: f64,
    /// Where the level part starts and ends.
    knees: [f64; 2],
    /// Numbers of lines of the three parts.
    counts: [f64; 3],
}

impl Curve {
    fn new(length: f64, a: f64, b: f64, log: f64, cap: f64) -> Curve {
        let mut curve = Curve {
            length,
            ends: [a, b],
            log,
            level: cap.min(if log > 0.0 { f64::INFINITY } else { a.min(b) }),
            knees: [0.0, length],
            counts: [0.0; 3],
        };
        if log > 0.0 {
            let meet = (0.5 * (length + (b - a) / log)).clamp(0.0, length);
            let knee = |from: f64| ((cap - from) / log).max(0.0);
            curve.knees = [knee(a).min(meet), length - knee(b).min(length - meet)];
        }
        curve.counts = [
            curve.number(curve.ends[0], curve.knees[0]),
            (curve.knees[1] - curve.knees[0]) / curve.level.min(length),
            curve.number(curve.ends[1], length - curve.knees[1]),
        ];
        if curve.knees[1] - curve.knees[0] <= 1e-12 * length {
            curve.counts[1] = 0.0;
        }
        curve
    }

    fn number(&self, start: f64, length: f64) -> f64 {
        if length > 0.0 {
            (self.log * length / start).ln_1p() / self.log
        } else {
            0.0
        }
    }

    fn position(&self, start: f64, number: f64) -> f64 {
        start * (self.log * number).exp_m1() / self.log
    }

    fn total(&self) -> f64 {
        self.counts.iter().sum()
    }

    fn at(&self, number: f64) -> f64 {
        let [rising, level, _] = self.counts;
        if number <= rising && rising > 0.0 {
            self.position(self.ends[0], number)
        } else if number <= rising + level {
            self.knees[0] + (number - rising) * self.level.min(self.length)
        } else {
            self.length - self.position(self.ends[1], self.total() - number)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(lines: &[f64]) -> Vec<f64> {
        lines.windows(2).map(|p| p[1] - p[0]).collect()
    }

    #[test]
    fn lines_pass_through_all_stops_and_grow_no_faster_than_asked() {
        let stops = [
            Stop::new(0.0, f64::INFINITY),
            Stop::new(3.0, 0.03),
            Stop::new(3.5, 0.2),
            Stop::new(10.0, f64::INFINITY),
        ];
        for ratio in [1.0, 1.05, 1.1, 1.3] {
            let growth = Growth {
                ratio,
                cap: 0.7,
                divide: 1,
            };
            let lines = graded(&stops, growth);
            assert!(stops.iter().all(|s| lines.contains(&s.at)));
            let w = widths(&lines);
            assert!(w.iter().all(|w| *w > 0.0 && *w < 0.7 + 1e-9));
            for pair in w.windows(2) {
                let grows = pair[1] / pair[0];
                // Rounding up the count stretches each interval by less than one volume in it.
                assert!(grows < ratio * 1.3 && grows > 1.0 / (ratio * 1.3), "{ratio} {grows}");
            }
            let beside = lines.iter().position(|x| *x == 3.0).expect("a stop");
            assert!(w[beside] <= 0.03 + 1e-12 && w[beside - 1] <= 0.03 + 1e-12);
        }
    }

    #[test]
    fn refined_lines_hold_the_coarse_ones_and_their_ratio_is_the_root() {
        let stops = [Stop::new(0.0, 0.01), Stop::new(1.0, f64::INFINITY)];
        let growth = Growth {
            ratio: 1.21,
            ..Growth::default()
        };
        let (coarse, fine) = (graded(&stops, growth), graded(&stops, growth.refined(2)));
        assert_eq!(fine.len(), 2 * coarse.len() - 1);
        assert!(coarse.iter().zip(fine.iter().step_by(2)).all(|(a, b)| (a - b).abs() < 1e-12));
        let w = widths(&coarse);
        let v = widths(&fine);
        assert!((v[1] / v[0] - (w[1] / w[0]).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn both_ends_are_mirrored() {
        let stops = [Stop::new(0.0, 0.02), Stop::new(2.0, 0.02)];
        let w = widths(&graded(&stops, Growth::default()));
        let n = w.len();
        assert!((0..n).all(|i| (w[i] - w[n - 1 - i]).abs() < 1e-12));
    }
}
