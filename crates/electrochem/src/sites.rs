//! Interfaces: the condition at every site, and what its current puts into the balances of the volumes.

use crate::depletion::is_beyond;
use crate::electrolyte::interface_state;
use crate::heat::Temperature;
use crate::model::{BLOCK, Electrons, Exchange, Group, Model, POTENTIAL, TEMPERATURE};
use cellwright_base::constants::FARADAY;
use cellwright_dae::{Unusable, parallel};

/// What the solid alone decides at a site: open-circuit potential with its slope, and its part of the exchange-current density with the
/// logarithmic derivative.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surface {
    pub(crate) potential: [f64; 2],
    pub(crate) exchange: [f64; 3],
}

impl Exchange {
    /// `i0 = i0_ref (c/c_ref)^γ (θ/½)^(1-α) ((1-θ)/½)^α` for the standard form, `i0(θ) (c/c_ref)^γ` otherwise.
    #[inline]
    pub(crate) fn eval(&self, c: f64, reference: f64, trace: f64, theta: f64, anodic: f64, temperature: f64) -> f64 {
        let [base, solid, _] = self.in_solid(theta, anodic, temperature);
        base * self.in_salt(c, reference, trace)[0] * solid
    }

    /// The part of the electrolyte, `(c/c_ref)^γ`, with its logarithmic derivative in c; continued below a trace of salt.
    #[inline]
    pub(crate) fn in_salt(&self, c: f64, reference: f64, trace: f64) -> [f64; 2] {
        let ratio = c / reference;
        if self.order == 0.0 {
            [1.0, 0.0]
        } else if c < trace {
            self.in_traces(c, reference, trace)
        } else if self.order == 0.5 {
            [ratio.sqrt(), 0.5 / c]
        } else {
            [ratio.powf(self.order), self.order / c]
        }
    }

    /// The curve and the factor of the standard form, with the logarithmic derivative of both in θ.
    #[inline]
    fn in_solid(&self, theta: f64, anodic: f64, temperature: f64) -> [f64; 3] {
        let base = self.curve.eval(theta, temperature);
        if !self.standard {
            return [base.value, 1.0, if base.dx == 0.0 { 0.0 } else { base.dx / base.value }];
        }
        let vacancy = 1.0 - theta;
        let solid = if anodic == 0.5 {
            2.0 * (theta * vacancy).sqrt()
        } else {
            2.0 * theta.powf(1.0 - anodic) * vacancy.powf(anodic)
        };
        [base.value, solid, (1.0 - anodic) / theta - anodic / vacancy]
    }
}

/// Where a site sits: its control volume, the distance from its centre (over transport efficiency) and the concentration there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SitePlace {
    pub cell: usize,
    pub distance: f64,
    pub c: f64,
    /// Series area resistance, ohm m².
    pub resistance: f64,
}

/// Interface condition of one site with its derivatives.
#[derive(Clone, Debug)]
pub(crate) struct SiteEquation {
    /// U + η + R j + (φ_e,interface - φ_e): what the potential step φ_s - φ_e must be, V.
    pub step: f64,
    pub step_j: f64,
    pub step_c: f64,
    pub step_theta: f64,
    /// U + η, V: the potential that side reactions see.
    pub potential: f64,
    /// ∂η/∂j of the main reaction, ohm m².
    pub potential_j: f64,
    /// ∂η/∂c, V m³/mol.
    pub potential_c: f64,
}

impl Group {
    /// Anodic transfer coefficient of the rate law.
    pub(crate) fn anodic(&self) -> f64 {
        match self.kinetics {
            crate::kinetics::Kinetics::ButlerVolmer { anodic } => anodic,
            _ => 0.5,
        }
    }

    /// The solid's part of the interface condition at surface stoichiometry `theta`.
    #[inline(always)]
    pub(crate) fn surface(&self, theta: f64, temperature: f64) -> Surface {
        let (u, slope) = self.potential(theta, temperature);
        let solid = |e: &Exchange| e.in_solid(theta, self.anodic(), temperature);
        Surface {
            potential: [u, slope],
            exchange: self.exchange.as_ref().map_or([0.0; 3], solid),
        }
    }

    /// Series area resistance of site `s` with the layers that side reactions built, ohm m².
    #[inline(always)]
    pub(crate) fn resistance_at(&self, y: &[f64], s: usize) -> f64 {
        match &self.sides {
            None => self.resistance[s],
            Some(sides) => self.resistance[s] + sides.resistance(y, s),
        }
    }

    /// Entropic coefficient dU/dT at surface stoichiometry `theta`, V/K.
    #[inline]
    pub(crate) fn entropic(&self, theta: f64, temperature: f64) -> f64 {
        let entropic = self.active.as_ref().and_then(|a| a.entropic.as_ref());
        entropic.map_or(0.0, |e| e.eval(theta, temperature).value)
    }

    /// Open-circuit potential and its slope at surface stoichiometry `theta`.
    #[inline(always)]
    pub(crate) fn potential(&self, theta: f64, temperature: f64) -> (f64, f64) {
        let Some(a) = &self.active else { return (0.0, 0.0) };
        let u = a.potential.eval(theta, temperature);
        match &a.entropic {
            Some(e) if temperature != self.reference_temperature => {
                let e = e.eval(theta, temperature);
                let dt = temperature - self.reference_temperature;
                (u.value + dt * e.value, u.dx + dt * e.dx)
            }
            _ => (u.value, u.dx),
        }
    }
}

impl Model {
    /// Surface stoichiometries of all sites of group `g` into the workspace; refuses states outside (0, 1).
    pub(crate) fn surfaces(&mut self, y: &[f64]) -> Result<(), Unusable> {
        if self.field.is_none() {
            return self.surfaces_at(y, self.border(y, TEMPERATURE));
        }
        let local = self.take_local(y);
        let done = self.surfaces_at(y, &local);
        self.work.local = local;
        done
    }

    /// The same at the given temperatures.
    pub(crate) fn surfaces_at<T: Temperature>(&mut self, y: &[f64], temperature: T) -> Result<(), Unusable> {
        let first = self.sites_offset();
        let mean = self.border(y, TEMPERATURE);
        for g in &self.groups {
            let j = match &g.sides {
                None => &y[first + g.sites.start..first + g.sites.end],
                Some(sides) => {
                    for (s, h) in self.work.main[g.sites.clone()].iter_mut().enumerate() {
                        *h = y[first + g.sites.start + s] - sides.current(y, s);
                    }
                    &self.work.main[g.sites.clone()]
                }
            };
            let out = &mut self.work.theta[g.sites.clone()];
            match (&g.hosts, &g.dense) {
                (Some(h), _) => h.surface(y, j, mean, out),
                (None, Some(d)) => d.surface(
                    y,
                    (&g.electrons, g.sites.start),
                    j,
                    temperature,
                    out,
                    &mut self.work.dense[g.sites.clone()],
                ),
                (None, None) => continue,
            }
            if let Some(s) = out.iter().position(|x| !(*x > 0.0 && *x < 1.0)) {
                return Err(Unusable::at(
                    first + g.sites.start + s,
                    if out[s] >= 1.0 {
                        "the surface of the host is full of lithium"
                    } else {
                        "the surface of the host is empty of lithium"
                    },
                ));
            }
        }
        Ok(())
    }

    /// Interface condition of group `g` in (or, at `distance`, beside) a control volume, under the whole current density `j` of which
    /// `h` is that of the main reaction.
    #[inline(always)]
    pub(crate) fn site_equation(
        &self,
        g: &Group,
        place: SitePlace,
        [j, h]: [f64; 2],
        surface: Surface,
        temperature: f64,
    ) -> Result<SiteEquation, Unusable> {
        let SitePlace {
            cell,
            distance,
            c,
            resistance,
        } = place;
        let with_c = self.electrolyte.has_concentration();
        let trace = self.electrolyte.trace();
        let at = interface_state(c, j, distance, &self.work.coefficients[cell], trace, with_c && distance != 0.0);
        if with_c && is_beyond(at.c, trace) {
            return Err(Unusable::at(
                self.cell_index(cell, 0),
                "the electrolyte is depleted at the interface",
            ));
        }
        let [u, u_theta] = surface.potential;
        let mut out = SiteEquation {
            step: u + at.drop + resistance * j,
            step_j: at.drop_j + resistance,
            step_c: at.drop_c,
            step_theta: u_theta,
            potential: u,
            potential_j: 0.0,
            potential_c: 0.0,
        };
        if let Some(e) = &g.exchange {
            let [salt, log_c] = e.in_salt(at.c, self.reference_concentration, trace);
            let [base, solid, log_theta] = surface.exchange;
            let eta = g.kinetics.overpotential(h, base * salt * solid, temperature);
            let by_log = -h * eta.slope;
            out.step += eta.value;
            out.potential += eta.value;
            out.step_j += eta.slope;
            out.potential_j = eta.slope;
            out.step_theta += by_log * log_theta;
            if with_c {
                out.potential_c = by_log * log_c * at.c_c;
                out.step_c += out.potential_c;
                out.step_j += by_log * log_c * at.c_j;
            }
        }
        Ok(out)
    }

    /// Main current density of site `s`, whose whole one is `j`, at the state of [`Model::surfaces`].
    #[inline(always)]
    pub(crate) fn main_current(&self, g: &Group, s: usize, j: f64) -> f64 {
        if g.sides.is_some() { self.work.main[g.sites.start + s] } else { j }
    }

    /// Interface condition of site `s` of group `gi`.
    #[inline(always)]
    pub(crate) fn site<T: Temperature>(&self, gi: usize, s: usize, y: &[f64], temperature: T) -> Result<SiteEquation, Unusable> {
        let g = &self.groups[gi];
        let site = g.sites.start + s;
        let temperature = temperature.site(site);
        let place = SitePlace {
            cell: g.cells[s],
            distance: g.distances[s],
            c: y[BLOCK * g.cells[s]],
            resistance: g.resistance_at(y, s),
        };
        let j = y[self.sites_offset() + site];
        let surface = g.surface(self.work.theta[site], temperature);
        self.site_equation(g, place, [j, self.main_current(g, s, j)], surface, temperature)
    }

    /// Interface conditions and what the sites put into their volumes.
    pub(crate) fn sites<const JAC: bool, T: Temperature>(
        &mut self,
        y: &[f64],
        yp: &[f64],
        cj: f64,
        temperature: T,
        r: &mut [f64],
    ) -> Result<(), Unusable> {
        let first = self.sites_offset();
        let terminal = self.border_offset() + POTENTIAL;
        let with_c = self.electrolyte.has_concentration();
        r[terminal] = -self.internal_current(y);
        for gi in 0..self.groups.len() {
            let n = self.groups[gi].cells.len();
            let known = parallel::worthwhile(n).then(|| parallel::map(n, |s| self.site(gi, s, y, temperature)));
            for s in 0..n {
                let g = &self.groups[gi];
                let (cell, area, site) = (g.cells[s], g.areas[s], g.sites.start + s);
                let at = BLOCK * cell;
                let j = y[first + site];
                let (solid, solid_rate) = match g.electrons[s] {
                    Electrons::Volume(k) => (y[BLOCK * k + 2], yp[BLOCK * k + 2]),
                    Electrons::Positive => (y[terminal], yp[terminal]),
                    Electrons::Negative => (0.0, 0.0),
                };
                let e = match &known {
                    Some(known) => known[s].clone()?,
                    None => self.site(gi, s, y, temperature)?,
                };
                r[first + site] = solid - y[at + 1] - e.step;
                if g.sides.is_some() {
                    self.side_rows::<JAC>((gi, s), e.potential, [y, yp], (cj, temperature.site(site)), r);
                }
                let g = &self.groups[gi];
                let charging = if g.double_layer > 0.0 {
                    g.double_layer * (solid_rate - yp[at + 1])
                } else {
                    0.0
                };
                if with_c {
                    r[at] -= area * j / FARADAY;
                }
                r[at + 1] -= area * (j + charging);
                match g.electrons[s] {
                    Electrons::Volume(k) => {
                        r[BLOCK * k + 2] += area * (j + charging);
                        if g.dense.is_some() {
                            r[BLOCK * k] += area * j / FARADAY;
                        }
                    }
                    Electrons::Positive => r[terminal] -= area * (j + charging),
                    Electrons::Negative => {}
                }
                if JAC {
                    self.work.e_theta[site] = -e.step_theta;
                    self.work.e_c[site] = -e.step_c;
                    // 1/∂E/∂j without the host; completed in `factor` once the host gains are known.
                    self.work.inverse[site] = -e.step_j;
                    self.work.potential[site] = [e.potential_j, e.potential_c];
                    if g.double_layer > 0.0 {
                        let k = area * g.double_layer * cj;
                        let d = &mut self.work.diag[cell];
                        d[1][1] += k;
                        if g.electrons[s] == Electrons::Volume(cell) {
                            d[1][2] -= k;
                            d[2][1] -= k;
                            d[2][2] += k;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
