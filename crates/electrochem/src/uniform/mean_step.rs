//! The mean potential step of an electrode whose reaction is uniform.
//!
//! # Equation
//! `<φ_s - φ_e> = U(θ_s) + <η(j, i₀(c))> + R j`, means over the volumes of the electrode.

use crate::interface::SitePlace;
use crate::model::{BLOCK, Group, Model};
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};
use cellwright_dae::Unusable;

/// Mean potential step φ_s - φ_e of an electrode and its derivatives; those in the concentrations are in the workspace.
#[derive(Default)]
pub(super) struct MeanStep {
    pub step: f64,
    pub step_j: f64,
    pub step_theta: f64,
    /// U + η and its slope in the main current density.
    pub potential: f64,
    pub potential_j: f64,
    pub ln_c: f64,
}

/// A weighted mean of logarithms. A logarithm costs as much as eight products: those of equal weight are taken of their product.
#[derive(Default)]
struct MeanLogarithm {
    sum: f64,
    weight: f64,
    product: f64,
    count: usize,
}

/// Factors of a product, which stays far from overflow.
const FACTORS: usize = 8;

impl MeanLogarithm {
    #[inline(always)]
    fn add(&mut self, argument: f64, weight: f64) {
        if self.count > 0 && self.count < FACTORS && (weight - self.weight).abs() <= 1e-12 * weight {
            self.product *= argument;
            self.count += 1;
            return;
        }
        self.sum = self.mean();
        (self.product, self.weight, self.count) = (argument, weight, 1);
    }

    fn mean(&self) -> f64 {
        if self.count == 0 {
            self.sum
        } else {
            self.sum + self.weight * self.product.ln()
        }
    }
}

impl Model {
    /// Mean over an electrode; `by_c` takes for each of its volumes the derivative of the mean step and of the mean ln c.
    pub(super) fn mean_step(&self, g: &Group, y: &[f64], temperature: f64, by_c: &mut [[f64; 2]]) -> Result<MeanStep, Unusable> {
        if g.distances[0] == 0.0 {
            return Ok(self.mean_in_pores(g, y, temperature, by_c));
        }
        let site = g.sites.start;
        let j = y[self.sites_offset() + site];
        let mut m = MeanStep::default();
        let (surface, currents) = (g.surface(self.work.theta[site], temperature), [j, self.main_current(g, 0, j)]);
        let resistance = g.resistance_at(y, 0);
        // Below it the logarithm goes on as a straight line.
        let trace = self.electrolyte.trace();
        for &(k, weight) in &g.members {
            let place = SitePlace {
                cell: k,
                distance: g.distances[0],
                c: y[BLOCK * k],
                resistance,
            };
            let e = self.site_equation(g, place, currents, surface, temperature)?;
            m.step += weight * e.step;
            m.step_j += weight * e.step_j;
            m.step_theta += weight * e.step_theta;
            m.potential += weight * e.potential;
            m.potential_j += weight * e.potential_j;
            m.ln_c += weight * self.work.salt[k].ln_c;
            by_c[k] = [weight * e.step_c, weight / place.c.max(trace)];
        }
        Ok(m)
    }

    /// The same for a porous electrode, where nothing lies between the volumes and the sites.
    fn mean_in_pores(&self, g: &Group, y: &[f64], temperature: f64, by_c: &mut [[f64; 2]]) -> MeanStep {
        let site = g.sites.start;
        let j = y[self.sites_offset() + site];
        let (main, resistance) = (self.main_current(g, 0, j), g.resistance_at(y, 0));
        let surface = g.surface(self.work.theta[site], temperature);
        let ([u, u_theta], [base, solid, log_theta]) = (surface.potential, surface.exchange);
        let (with_c, trace) = (self.electrolyte.has_concentration(), self.electrolyte.trace());
        let mut eta = MeanLogarithm::default();
        let (mut others, mut slope_mean, mut ln_c) = (0.0, 0.0, 0.0);
        for &(k, weight) in &g.members {
            let c = y[BLOCK * k];
            ln_c += weight * self.work.salt[k].ln_c;
            by_c[k] = [0.0, weight / c.max(trace)];
            let Some(e) = &g.exchange else { continue };
            let [salt, log_c] = e.in_salt(c, self.reference_concentration, trace);
            let i0 = base * salt * solid;
            let slope = match g.kinetics.as_logarithm(main, i0, temperature) {
                Some((argument, slope)) => {
                    eta.add(argument, weight);
                    slope
                }
                None => {
                    let eta = g.kinetics.overpotential(main, i0, temperature);
                    others += weight * eta.value;
                    eta.slope
                }
            };
            slope_mean += weight * slope;
            if with_c {
                by_c[k][0] = -main * weight * slope * log_c;
            }
        }
        let value = others + (2.0 * GAS_CONSTANT * temperature / FARADAY * eta.mean()).copysign(main);
        MeanStep {
            step: u + value + resistance * j,
            step_j: slope_mean + resistance,
            step_theta: u_theta - main * slope_mean * log_theta,
            potential: u + value,
            potential_j: slope_mean,
            ln_c,
        }
    }
}
