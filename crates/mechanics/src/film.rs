//! A film that takes up lithium on a substrate that does not give way: elastic until it yields, then plastic.
//!
//! # Equation
//! The film cannot widen: the logarithmic strains in its plane add up to zero, `ε_e + ε_p + ε_L(x) = 0`, with the swelling
//! `ε_L = ln J(x) / 3` of the volume ratio `J = 1 + e x` (for small swelling `Ω Δc / 3`). The stress is `σ = M(x) ε_e` with the biaxial
//! modulus `M = E/(1-ν)`, and it is bounded by the yield stress, `|σ| ≤ σ_Y(x)`: under equal stress in both directions and none across,
//! von Mises' stress is |σ|. What exceeds it becomes plastic strain. The plastic work is `2 ∫ σ dε_p`, twice because both directions
//! of the plane do work.
//!
//! # Validity
//! A film much thinner and wider than its substrate and without cracks; lithium even through the thickness; rate-independent yield.
//!
//! # Source
//! Sethuraman et al. 2010, doi:10.1016/j.jpowsour.2010.02.013; Bucci et al. 2014, doi:10.1016/j.jmps.2013.10.005.
//!
//! # Verification
//! `film::tests`, `cellwright validate mechanics-film`

use crate::elastic::Elastic;
use crate::error::{MechanicsError, finite, positive};

/// A value at stoichiometry 0 and at 1, straight in between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Linear {
    /// At 0.
    pub empty: f64,
    /// At 1.
    pub full: f64,
}

impl Linear {
    /// The same value everywhere.
    pub fn constant(value: f64) -> Linear {
        Linear { empty: value, full: value }
    }

    /// Value at a stoichiometry.
    pub fn at(&self, x: f64) -> f64 {
        self.empty + x * (self.full - self.empty)
    }
}

/// What a film is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Film {
    /// Young's modulus, Pa.
    pub young: Linear,
    /// Poisson ratio.
    pub poisson: Linear,
    /// Yield stress, Pa; `None` for a film that never yields.
    pub yield_stress: Option<Linear>,
    /// Volume gained from stoichiometry 0 to 1, relative to the volume at 0.
    pub expansion: f64,
    /// Stress at the start, Pa, as it was deposited.
    pub initial_stress: f64,
}

/// Where a film is on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Stoichiometry.
    pub stoichiometry: f64,
    /// Stress, Pa; tension positive.
    pub stress: f64,
    /// Plastic strain in the plane.
    pub plastic: f64,
    /// Plastic work since the start, J per m³ of film.
    pub work: f64,
}

impl Film {
    fn check(&self, x: f64) -> Result<(Elastic, Option<f64>), MechanicsError> {
        let elastic = Elastic::new(self.young.at(x), self.poisson.at(x))?;
        let limit = self.yield_stress.map(|y| positive("yield stress", y.at(x))).transpose()?;
        positive("volume ratio of the film", 1.0 + self.expansion * x)?;
        Ok((elastic, limit))
    }

    /// Linear strain that the lithium asks for, relative to stoichiometry 0.
    pub fn swelling(&self, x: f64) -> f64 {
        (1.0 + self.expansion * x).ln() / 3.0
    }

    /// Follows a film through a series of stoichiometries, the first of which is that at deposition.
    ///
    /// Each step is the exact return to the yield surface; with constant properties a step may be as long as a half-cycle, with
    /// changing ones the plastic work is second order in the step.
    ///
    /// # Errors
    /// [`MechanicsError`] if a property leaves what is possible on the way, or the film starts beyond its yield stress.
    pub fn follow(&self, stoichiometries: &[f64]) -> Result<Vec<Point>, MechanicsError> {
        let Some(&start) = stoichiometries.first() else {
            return Ok(vec![]);
        };
        let (elastic, limit) = self.check(start)?;
        let initial = finite("initial stress", self.initial_stress)?;
        if limit.is_some_and(|y| initial.abs() > y) {
            return Err(MechanicsError::OutOfRange {
                quantity: "initial stress",
                found: initial,
                allowed: "within the yield stress",
            });
        }
        // Sum of elastic and plastic strain at the start, from where the lithium strains on.
        let held = initial / elastic.biaxial() + self.swelling(start);
        let mut point = Point {
            stoichiometry: start,
            stress: initial,
            plastic: 0.0,
            work: 0.0,
        };
        let mut path = vec![point];
        for &x in &stoichiometries[1..] {
            let (elastic, limit) = self.check(finite("stoichiometry", x)?)?;
            let modulus = elastic.biaxial();
            let trial = modulus * (held - self.swelling(x) - point.plastic);
            let stress = limit.map_or(trial, |y| trial.clamp(-y, y));
            let flow = (trial - stress) / modulus;
            // Yield is met within the step: the stress of the flowing part is that of the yield surface, not of the elastic part before.
            let sign = if flow < 0.0 { -1.0 } else { 1.0 };
            let before = limit.map_or(stress, |_| self.yield_stress.map_or(stress, |y| sign * y.at(point.stoichiometry)));
            point = Point {
                stoichiometry: x,
                stress,
                plastic: point.plastic + flow,
                work: point.work + (before + stress) * flow,
            };
            path.push(point);
        }
        Ok(path)
    }
}

/// Stoichiometries there and back, `cycles` times, `steps` to each half.
pub fn there_and_back(from: f64, to: f64, cycles: usize, steps: usize) -> Vec<f64> {
    let steps = steps.max(1);
    let half = |a: f64, b: f64| (1..=steps).map(move |i| a + (b - a) * i as f64 / steps as f64);
    let mut path = vec![from];
    for _ in 0..cycles {
        path.extend(half(from, to));
        path.extend(half(to, from));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silicon() -> Film {
        Film {
            young: Linear { empty: 90e9, full: 40e9 },
            poisson: Linear { empty: 0.28, full: 0.22 },
            yield_stress: Some(Linear {
                empty: 1.75e9,
                full: 0.5e9,
            }),
            expansion: 2.8,
            initial_stress: 0.0,
        }
    }

    #[test]
    fn a_loop_of_constant_properties_is_the_parallelogram() {
        let film = Film {
            young: Linear::constant(60e9),
            poisson: Linear::constant(0.25),
            yield_stress: Some(Linear::constant(1e9)),
            ..silicon()
        };
        // Range of strain between the ends, less the elastic way from one yield stress to the other, both ways, in two directions.
        let range = film.swelling(0.8) - film.swelling(0.1);
        let exact = 2.0 * 2.0 * 1e9 * (range - 2.0 * 1e9 / 80e9);
        for steps in [1, 7, 100] {
            let path = film.follow(&there_and_back(0.1, 0.8, 3, steps)).expect("a path");
            let loop_work = path[path.len() - 1].work - path[2 * steps].work;
            assert!((loop_work / (2.0 * exact) - 1.0).abs() < 1e-12, "{steps}: {loop_work} {exact}");
            assert_eq!((path[steps].stress, path[2 * steps].stress), (-1e9, 1e9));
        }
    }

    #[test]
    fn an_elastic_film_follows_its_swelling_and_does_no_work() {
        let film = Film {
            yield_stress: None,
            young: Linear::constant(60e9),
            poisson: Linear::constant(0.25),
            expansion: 0.02,
            initial_stress: 50e6,
        };
        let path = film.follow(&there_and_back(0.0, 1.0, 1, 10)).expect("a path");
        assert!((path[10].stress - (50e6 - 80e9 * 1.02f64.ln() / 3.0)).abs() < 1.0);
        assert!((path[20].stress - 50e6).abs() < 1e-3 && path[20].work == 0.0);
    }

    #[test]
    fn plastic_work_converges_with_second_order_and_loops_close() {
        let film = silicon();
        let work = |steps: usize| {
            let path = film.follow(&there_and_back(0.05, 0.95, 3, steps)).expect("a path");
            let (last, before) = (path[6 * steps], path[4 * steps]);
            assert!((last.stress - before.stress).abs() < 1.0 && last.work > before.work);
            last.work - before.work
        };
        let exact = work(12_800);
        let errors = [50, 100, 200].map(|n| (work(n) / exact - 1.0).abs());
        let order = (errors[0] / errors[2]).log2() / 2.0;
        assert!(order > 1.8, "{order} {errors:?}");
    }

    #[test]
    fn impossible_films_are_refused() {
        let with = |change: &dyn Fn(&mut Film)| {
            let mut film = silicon();
            change(&mut film);
            film.follow(&[0.0, 1.0])
        };
        assert!(with(&|f| f.expansion = -1.5).is_err());
        assert!(with(&|f| f.initial_stress = 2e9).is_err());
        assert!(with(&|f| f.young.full = 0.0).is_err());
        assert!(silicon().follow(&[0.0, f64::NAN]).is_err());
        assert_eq!(silicon().follow(&[]), Ok(vec![]));
    }
}
