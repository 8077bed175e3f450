//! The balances on volumes and faces and the interface conditions: residual of the DAE and, when asked, its Jacobian blocks.
//!
//! # Equations
//! volume: `ε V dc/dt + Σ N₊ - Σ A j/F - ε V r = 0`, `Σ i_e - Σ A (j + C dψ/dt) = 0`, `Σ i_s + Σ A (j + C dψ/dt) = 0`, ψ = φ_s - φ_e;
//! site: `φ_s - φ_e,interface - U(θ_s) - η(j) - R j = 0`; positive terminal: `Σ T (φ_s - φ₊) - Σ A j - I = 0`.
//! Fluxes are counted from the first to the second volume of a face.

use crate::electrolyte::{Coefficients, FaceFlux, Side, face_flux, interface_state};
use crate::model::{
    BLOCK, CHARGE, CURRENT, Control, DISSOCIATED, ENERGY, Electrons, Exchange, Group, Medium, Model, POTENTIAL, REGION_POSITIVE,
    TEMPERATURE,
};
use crate::spec::ModelKind;
use cellwright_base::constants::FARADAY;
use cellwright_dae::Unusable;
use cellwright_device::mesh::Face;

/// What couples two volumes through a face.
#[derive(Clone, Copy, Default)]
struct Link {
    flux_c: [f64; 2],
    flux_phi: f64,
    current_c: [f64; 2],
    conductance: f64,
    solid: f64,
}

/// Exchange-current density at a site with its logarithmic derivatives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExchangeValue {
    pub value: f64,
    pub log_c: f64,
    pub log_theta: f64,
}

impl Exchange {
    /// `i0 = i0_ref (c/c_ref)^γ (θ/½)^(1-α) ((1-θ)/½)^α` for the standard form, `i0(θ) (c/c_ref)^γ` otherwise.
    #[inline]
    pub(crate) fn eval(&self, ratio: f64, c: f64, theta: f64, anodic: f64, temperature: f64) -> ExchangeValue {
        let base = self.curve.eval(theta, temperature);
        let (electrolyte, log_c) = if self.order == 0.0 {
            (1.0, 0.0)
        } else if self.order == 0.5 {
            (ratio.sqrt(), 0.5 / c)
        } else {
            (ratio.powf(self.order), self.order / c)
        };
        if !self.standard {
            return ExchangeValue {
                value: base.value * electrolyte,
                log_c,
                log_theta: if base.dx == 0.0 { 0.0 } else { base.dx / base.value },
            };
        }
        let vacancy = 1.0 - theta;
        let solid = if anodic == 0.5 {
            2.0 * (theta * vacancy).sqrt()
        } else {
            2.0 * theta.powf(1.0 - anodic) * vacancy.powf(anodic)
        };
        ExchangeValue {
            value: base.value * electrolyte * solid,
            log_c,
            log_theta: (1.0 - anodic) / theta - anodic / vacancy,
        }
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
pub(crate) struct SiteEquation {
    /// U + η + R j + (φ_e,interface - φ_e): what the potential step φ_s - φ_e must be, V.
    pub step: f64,
    pub step_j: f64,
    pub step_c: f64,
    pub step_theta: f64,
}

impl Group {
    /// Anodic transfer coefficient of the rate law.
    pub(crate) fn anodic(&self) -> f64 {
        match self.kinetics {
            crate::kinetics::Kinetics::ButlerVolmer { anodic } => anodic,
            _ => 0.5,
        }
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
        let first = self.sites_offset();
        let temperature = self.border(y, TEMPERATURE);
        for g in &self.groups {
            let out = &mut self.work.theta[g.sites.clone()];
            let j = &y[first + g.sites.start..first + g.sites.end];
            match (&g.hosts, &g.dense) {
                (Some(h), _) => h.surface(y, j, temperature, out),
                (None, Some(d)) => d.surface(y, &g.electrons, j, temperature, out, &mut self.work.dense[g.sites.clone()]),
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

    /// Interface condition of group `g` in (or, at `distance`, beside) a control volume.
    #[inline(always)]
    pub(crate) fn site_equation(
        &self,
        g: &Group,
        place: SitePlace,
        j: f64,
        theta: f64,
        temperature: f64,
    ) -> Result<SiteEquation, Unusable> {
        let SitePlace {
            cell,
            distance,
            c,
            resistance,
        } = place;
        let with_c = self.electrolyte.has_concentration();
        let at = interface_state(c, j, distance, &self.work.coefficients[cell], with_c && distance != 0.0);
        if at.c.is_nan() || at.c <= 0.0 {
            return Err(Unusable::at(
                self.cell_index(cell, 0),
                "the electrolyte is depleted at the interface",
            ));
        }
        let (u, u_theta) = g.potential(theta, temperature);
        let mut out = SiteEquation {
            step: u + at.drop + resistance * j,
            step_j: at.drop_j + resistance,
            step_c: at.drop_c,
            step_theta: u_theta,
        };
        if let Some(e) = &g.exchange {
            let i0 = e.eval(at.c / self.reference_concentration, at.c, theta, g.anodic(), temperature);
            let eta = g.kinetics.overpotential(j, i0.value, temperature);
            let by_log = -j * eta.slope;
            out.step += eta.value;
            out.step_j += eta.slope;
            out.step_theta += by_log * i0.log_theta;
            if with_c {
                out.step_c += by_log * i0.log_c * at.c_c;
                out.step_j += by_log * i0.log_c * at.c_j;
            }
        }
        Ok(out)
    }

    /// Residual, and with `JAC` the Jacobian blocks for the coefficient `cj`.
    pub(crate) fn assemble<const JAC: bool>(&mut self, t: f64, y: &[f64], yp: &[f64], cj: f64, r: &mut [f64]) -> Result<(), Unusable> {
        let temperature = self.border(y, TEMPERATURE);
        let dissociated = self.volumes::<JAC>(y, yp, cj, temperature, r)?;
        self.surfaces(y)?;
        if self.spec.kind == ModelKind::Dfn {
            self.faces::<JAC>(y, temperature, r);
            self.sites::<JAC>(y, yp, cj, temperature, r)?;
            self.collectors::<JAC>(y, r);
        } else {
            self.assemble_uniform::<JAC>(y, yp, cj, temperature, r)?;
        }
        let first = self.sites_offset();
        for g in &mut self.groups {
            if let Some(h) = &mut g.hosts {
                let j = &y[first + g.sites.start..first + g.sites.end];
                h.residual(y, yp, j, temperature, r);
                if JAC {
                    h.factor(y, j, temperature, cj);
                }
            }
        }
        self.border_rows::<JAC>(t, y, yp, dissociated, r);
        Ok(())
    }

    /// Storage and dissociation; returns the total dissociation rate, mol/s.
    fn volumes<const JAC: bool>(&mut self, y: &[f64], yp: &[f64], cj: f64, temperature: f64, r: &mut [f64]) -> Result<f64, Unusable> {
        let with_c = self.electrolyte.has_concentration();
        let potentials = self.spec.kind == ModelKind::Dfn;
        let mut total = 0.0;
        for k in 0..self.mesh.n_cells() {
            let at = BLOCK * k;
            let c = y[at];
            if !self.media[k].has_electrolyte() {
                self.solid_volume::<JAC>(k, y, yp, cj, r)?;
                continue;
            }
            if c.is_nan() || c <= 0.0 {
                return Err(Unusable::at(at, "the electrolyte is depleted of salt"));
            }
            let solid = self.solid[k] > 0.0 && potentials;
            r[at + 1] = if potentials { 0.0 } else { y[at + 1] };
            r[at + 2] = if solid { 0.0 } else { y[at + 2] };
            if with_c {
                self.work.coefficients[k] = self.electrolyte.coefficients(c, temperature);
                let volume = self.porosity[k] * self.mesh.volumes[k];
                let (rate, slope) = self.electrolyte.dissociation(c, temperature);
                r[at] = volume * (yp[at] - rate);
                total += volume * rate;
                if JAC {
                    self.work.dissociation_slope[k] = volume * slope;
                    self.work.diag[k] = [[volume * (cj - slope), 0.0, 0.0], [0.0; 3], [0.0; 3]];
                }
            } else {
                self.work.coefficients[k] = self.electrolyte.coefficients(c, temperature);
                r[at] = yp[at];
                if JAC {
                    self.work.diag[k] = [[cj, 0.0, 0.0], [0.0; 3], [0.0; 3]];
                }
            }
            if JAC {
                self.work.diag[k][1][1] = f64::from(u8::from(!potentials));
                self.work.diag[k][2][2] = f64::from(u8::from(!solid));
            }
        }
        Ok(total)
    }

    /// Storage in a volume without electrolyte.
    fn solid_volume<const JAC: bool>(&mut self, k: usize, y: &[f64], yp: &[f64], cj: f64, r: &mut [f64]) -> Result<(), Unusable> {
        let at = BLOCK * k;
        let stored = if self.media[k] == Medium::Dense {
            self.mesh.volumes[k]
        } else {
            0.0
        };
        if stored > 0.0 && (y[at].is_nan() || y[at] <= 0.0) {
            return Err(Unusable::at(at, "the electrode is empty of lithium"));
        }
        r[at] = if stored > 0.0 { stored * yp[at] } else { y[at] };
        r[at + 1] = y[at + 1];
        r[at + 2] = 0.0;
        if JAC {
            self.work.dissociation_slope[k] = 0.0;
            self.work.diag[k] = [[if stored > 0.0 { stored * cj } else { 1.0 }, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0; 3]];
        }
        Ok(())
    }

    /// Lithium from volume `a` to volume `b` of a dense electrode, mol/s, with its derivatives: `A ∫D dc / d`, Simpson's rule.
    fn lithium_flux(&self, y: &[f64], face: &Face, temperature: f64) -> (f64, [f64; 2]) {
        let [a, b] = face.cells;
        let group = &self.groups[usize::from(self.mesh.regions[a] == REGION_POSITIVE)];
        let Some(dense) = &group.dense else { return (0.0, [0.0; 2]) };
        let per = 1.0 / dense.maximum_concentration;
        let (ca, cb) = (y[BLOCK * a], y[BLOCK * b]);
        let d = |c: f64| dense.diffusion.eval(c * per, temperature);
        let (da, dm, db) = (d(ca), d(0.5 * (ca + cb)), d(cb));
        let t = face.area / (6.0 * (face.distance[0] + face.distance[1]));
        let mean = t * (da.value + 4.0 * dm.value + db.value);
        let by = t * per * (ca - cb);
        (
            mean * (ca - cb),
            [mean + by * (da.dx + 2.0 * dm.dx), -mean + by * (db.dx + 2.0 * dm.dx)],
        )
    }

    /// Current and cation flux through a face between two volumes of electrolyte.
    #[inline(always)]
    pub(crate) fn ionic_flux(&self, y: &[f64], face: &Face, ca: &Coefficients, cb: &Coefficients) -> FaceFlux {
        let [a, b] = face.cells;
        let side = |k: usize, d: f64| Side {
            c: y[BLOCK * k],
            phi: y[BLOCK * k + 1],
            distance: d / self.efficiency[k],
        };
        face_flux(side(a, face.distance[0]), side(b, face.distance[1]), ca, cb, face.area)
    }

    /// Transport between volumes.
    fn faces<const JAC: bool>(&mut self, y: &[f64], temperature: f64, r: &mut [f64]) {
        let with_c = self.electrolyte.has_concentration();
        for (f, face) in self.mesh.faces.iter().enumerate() {
            let [a, b] = face.cells;
            let (ia, ib) = (BLOCK * a, BLOCK * b);
            let mut link = Link::default();
            if self.media[a].has_electrolyte() && self.media[b].has_electrolyte() {
                let flux = self.ionic_flux(y, face, &self.work.coefficients[a], &self.work.coefficients[b]);
                r[ia + 1] += flux.current;
                r[ib + 1] -= flux.current;
                link.conductance = flux.conductance;
                if with_c {
                    r[ia] += flux.flux;
                    r[ib] -= flux.flux;
                    (link.flux_c, link.flux_phi, link.current_c) = (flux.flux_c, flux.flux_phi, flux.current_c);
                }
            } else if self.media[a] == Medium::Dense && self.media[b] == Medium::Dense {
                let (flux, slope) = self.lithium_flux(y, face, temperature);
                r[ia] += flux;
                r[ib] -= flux;
                link.flux_c = slope;
            }
            if self.solid[a] > 0.0 && self.solid[b] > 0.0 {
                link.solid = face.area / (face.distance[0] / self.solid[a] + face.distance[1] / self.solid[b]);
                let i = link.solid * (y[ia + 2] - y[ib + 2]);
                r[ia + 2] += i;
                r[ib + 2] -= i;
            }
            if JAC {
                let Link {
                    flux_c: fc,
                    flux_phi: fp,
                    current_c: ic,
                    conductance: g,
                    solid,
                } = link;
                let da = &mut self.work.diag[a];
                da[0][0] += fc[0];
                da[0][1] += fp;
                da[1][0] += ic[0];
                da[1][1] += g;
                da[2][2] += solid;
                let db = &mut self.work.diag[b];
                db[0][0] -= fc[1];
                db[0][1] += fp;
                db[1][0] -= ic[1];
                db[1][1] += g;
                db[2][2] += solid;
                self.work.upper[f] = [[fc[1], -fp, 0.0], [ic[1], -g, 0.0], [0.0, 0.0, -solid]];
                self.work.lower[f] = [[-fc[0], -fp, 0.0], [-ic[0], -g, 0.0], [0.0, 0.0, -solid]];
            }
        }
    }

    /// Interface conditions and what the sites put into their volumes.
    fn sites<const JAC: bool>(&mut self, y: &[f64], yp: &[f64], cj: f64, temperature: f64, r: &mut [f64]) -> Result<(), Unusable> {
        let first = self.sites_offset();
        let terminal = self.border_offset() + POTENTIAL;
        let with_c = self.electrolyte.has_concentration();
        r[terminal] = -y[self.border_offset() + CURRENT];
        for gi in 0..self.groups.len() {
            let g = &self.groups[gi];
            for s in 0..g.cells.len() {
                let (cell, area, site) = (g.cells[s], g.areas[s], g.sites.start + s);
                let at = BLOCK * cell;
                let (c, j) = (y[at], y[first + site]);
                let (solid, solid_rate) = match g.electrons[s] {
                    Electrons::Volume(k) => (y[BLOCK * k + 2], yp[BLOCK * k + 2]),
                    Electrons::Positive => (y[terminal], yp[terminal]),
                    Electrons::Negative => (0.0, 0.0),
                };
                let e = self.site_equation(
                    g,
                    SitePlace {
                        cell,
                        distance: g.distances[s],
                        c,
                        resistance: g.resistance[s],
                    },
                    j,
                    self.work.theta[site],
                    temperature,
                )?;
                r[first + site] = solid - y[at + 1] - e.step;
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

    /// Collector faces of porous electrodes.
    fn collectors<const JAC: bool>(&mut self, y: &[f64], r: &mut [f64]) {
        let terminal = self.border_offset() + POTENTIAL;
        let fixed = self.mesh.negative.iter().map(|f| (f, false));
        let floating = self.mesh.positive.iter().map(|f| (f, true));
        for (face, positive) in fixed.chain(floating) {
            let k = face.cell;
            if self.solid[k] == 0.0 {
                continue;
            }
            let conductance = face.area * self.solid[k] / face.distance;
            let i = conductance * (y[BLOCK * k + 2] - if positive { y[terminal] } else { 0.0 });
            r[BLOCK * k + 2] += i;
            if positive {
                r[terminal] += i;
            }
            if JAC {
                self.work.diag[k][2][2] += conductance;
            }
        }
    }

    /// Residual of the control equation and its derivatives in [φ₊, I].
    pub(crate) fn control_row(&self, t: f64, y: &[f64]) -> (f64, [f64; 2]) {
        let (v, i, rs) = (self.voltage(y), self.border(y, CURRENT), self.spec.series_resistance);
        match &self.control {
            Control::Current(target) => (i - target, [0.0, 1.0]),
            Control::CurrentRamp { from, rate, start } => (i - from - rate * (t - start), [0.0, 1.0]),
            Control::Voltage(target) => (v - target, [1.0, -rs]),
            Control::Ramp { from, rate, start } => (v - from - rate * (t - start), [1.0, -rs]),
            Control::Power(target) => (v * i - target, [i, v - rs * i]),
            Control::Resistance(load) => (v - load * i, [1.0, -rs - load]),
        }
    }

    /// Heat released in the cell, W: irreversible `Σ j A (-U) - I φ₊ + R I²`, reversible `Σ j A T dU/dT`.
    pub fn heat(&self, y: &[f64]) -> (f64, f64) {
        let b = self.border_offset();
        let (i, temperature) = (y[b + CURRENT], y[b + TEMPERATURE]);
        let mut irreversible = -i * self.voltage(y);
        let mut reversible = 0.0;
        for g in &self.groups {
            let Some(a) = &g.active else { continue };
            for (s, area) in g.areas.iter().enumerate() {
                let site = g.sites.start + s;
                let (j, theta) = (y[self.sites_offset() + site], self.work.theta[site]);
                irreversible -= j * area * g.potential(theta, temperature).0;
                if let Some(e) = &a.entropic {
                    reversible += j * area * temperature * e.eval(theta, temperature).value;
                }
            }
        }
        (irreversible, reversible)
    }

    fn border_rows<const JAC: bool>(&mut self, t: f64, y: &[f64], yp: &[f64], dissociated: f64, r: &mut [f64]) {
        let b = self.border_offset();
        let (control, slope) = self.control_row(t, y);
        r[b + CURRENT] = control;
        r[b + TEMPERATURE] = match self.spec.heat {
            None => yp[b + TEMPERATURE],
            Some(h) => {
                let (irreversible, reversible) = self.heat(y);
                h.heat_capacity * yp[b + TEMPERATURE] - irreversible - reversible + h.cooling * (y[b + TEMPERATURE] - self.spec.ambient)
            }
        };
        r[b + CHARGE] = yp[b + CHARGE] - y[b + CURRENT];
        r[b + ENERGY] = yp[b + ENERGY] - self.voltage(y) * y[b + CURRENT];
        r[b + DISSOCIATED] = yp[b + DISSOCIATED] - dissociated;
        if JAC {
            self.work.border[1] = slope;
            self.work.voltage_slope = [y[b + CURRENT], self.voltage(y) - self.spec.series_resistance * y[b + CURRENT]];
        }
    }
}
