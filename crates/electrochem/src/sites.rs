//! Interfaces: the condition at every site, and what its current puts into the balances of the volumes.

use crate::depletion::is_beyond;
use crate::electrolyte::interface_state;
use crate::heat::Temperature;
use crate::interface::{SiteEquation, SitePlace, Surface};
use crate::model::{BLOCK, Electrons, Group, Model, POTENTIAL, TEMPERATURE};
use cellwright_base::constants::FARADAY;
use cellwright_dae::Unusable;

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
        let at = interface_state(c, j, distance, &self.work.coefficients.at(cell), trace, with_c && distance != 0.0);
        if with_c && is_beyond(at.c, trace) {
            return Err(Unusable::at(
                self.cell_index(cell, 0),
                "the electrolyte is depleted at the interface",
            ));
        }
        let out = SiteEquation::reversible(&at, j, surface.potential, resistance);
        let Some(e) = &g.exchange else { return Ok(out) };
        let [salt, log_c] = e.in_salt(at.c, self.reference_concentration, trace);
        let [base, solid, log_theta] = surface.exchange;
        let eta = g.kinetics.overpotential(h, base * salt * solid, temperature);
        let log_c = if with_c { log_c } else { 0.0 };
        Ok(out.with_overpotential(eta, h, &at, log_c, log_theta))
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
            self.find_conditions::<JAC, T>(gi, y, temperature)?;
            for s in 0..self.groups[gi].cells.len() {
                let g = &self.groups[gi];
                let (cell, area, site) = (g.cells[s], g.areas[s], g.sites.start + s);
                let at = BLOCK * cell;
                let (solid, solid_rate) = match g.electrons[s] {
                    Electrons::Volume(k) => (y[BLOCK * k + 2], yp[BLOCK * k + 2]),
                    Electrons::Positive => (y[terminal], yp[terminal]),
                    Electrons::Negative => (0.0, 0.0),
                };
                r[first + site] = solid - y[at + 1] - self.work.conditions.step[site];
                let charging = if g.double_layer > 0.0 {
                    area * g.double_layer * (solid_rate - yp[at + 1])
                } else {
                    0.0
                };
                let current = area * y[first + site];
                let lithium = current * (1.0 / FARADAY);
                if with_c {
                    r[at] -= lithium;
                }
                r[at + 1] -= current + charging;
                match g.electrons[s] {
                    Electrons::Volume(k) => {
                        r[BLOCK * k + 2] += current + charging;
                        if g.dense.is_some() {
                            r[BLOCK * k] += lithium;
                        }
                    }
                    Electrons::Positive => r[terminal] -= current + charging,
                    Electrons::Negative => {}
                }
                if JAC && g.double_layer > 0.0 {
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
            if self.groups[gi].sides.is_some() {
                for s in 0..self.groups[gi].cells.len() {
                    let site = self.groups[gi].sites.start + s;
                    let potential = self.work.conditions.potential[site];
                    self.side_rows::<JAC>((gi, s), potential, [y, yp], (cj, temperature.site(site)), r);
                }
            }
        }
        Ok(())
    }
}
