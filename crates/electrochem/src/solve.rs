//! Newton's linear system: hosts into sites, sites into volumes, volumes by block elimination, border by its Schur complement.
//!
//! A host leaves `δθ = S - G δj`; a site then leaves `δj = (r̂ - E_u δu)/Ê` with `Ê = ∂E/∂j - G ∂E/∂θ`, `r̂ = r - S ∂E/∂θ`; what is
//! left are blocks of three unknowns per volume and two coupled border unknowns. Nothing is approximated except that the
//! temperature is held fixed inside an iteration (its row is exact, its column is not assembled).

use crate::heat::Heat;
use crate::model::{BLOCK, CHARGE, CURRENT, DISSOCIATED, ENERGY, Electrons, LEAKED, Model, POTENTIAL, TEMPERATURE};
use crate::spec::ModelKind;
use cellwright_base::constants::FARADAY;
use cellwright_dae::Unusable;

/// Amount of cations per charge, mol/C.
const PER_FARADAY: f64 = 1.0 / FARADAY;

impl Model {
    /// Completes the factorisation from the assembled blocks.
    pub(crate) fn factor_assembled(&mut self, cj: f64) -> Result<(), Unusable> {
        self.work.cj = cj;
        let w = &mut self.work;
        for (column, used) in w.column.iter_mut().zip(&mut w.has_column) {
            if std::mem::take(used) {
                column.fill(0.0);
            }
        }
        if let Some(field) = &mut self.field
            && !field.factor(cj)
        {
            return Err(Unusable::Singular { index: None });
        }
        if self.spec.kind == ModelKind::Dfn {
            self.condense_sites();
        } else {
            self.condense_uniform();
        }
        let w = &mut self.work;
        if !w.factor_volumes() {
            return Err(Unusable::Singular { index: None });
        }
        if w.solver.holds_terminal() {
            return Ok(());
        }
        w.respond_to_terminal();
        let d = w.border[0][0] * w.border[1][1] - w.border[0][1] * w.border[1][0];
        if d == 0.0 || !d.is_finite() {
            return Err(Unusable::Singular { index: None });
        }
        Ok(())
    }

    /// Eliminates the current densities of the sites from the volume blocks and the row of the positive terminal.
    fn condense_sites(&mut self) {
        let terminal_faces = self.mesh.positive.clone();
        let with_c = self.electrolyte.has_concentration();
        let w = &mut self.work;
        w.row.clear();
        w.border[0] = [-self.leakage, -1.0];
        let mut n_remote = 0;
        for g in &mut self.groups {
            for (s, (&cell, &area)) in g.cells.iter().zip(&g.areas).enumerate() {
                let site = g.sites.start + s;
                let gain = match (&g.hosts, &g.dense) {
                    (Some(h), _) => h.gain(s),
                    (None, Some(_)) => w.dense[site].gain,
                    (None, None) => 0.0,
                };
                let e_j = w.conditions.e_j[site];
                let mut inverse = 1.0 / (e_j - w.conditions.e_theta[site] * gain);
                if let Some(sides) = &mut g.sides {
                    // Of the whole current density only a part goes through the main reaction: E feels it less.
                    let (by_j, by_c) = (w.conditions.potential_j[site], w.conditions.potential_c[site]);
                    let whole = by_j + w.conditions.e_theta[site] * gain;
                    let [left, salt] = sides.condense(s, whole);
                    inverse = 1.0 / (e_j + by_j - whole * left);
                    w.conditions.e_c[site] += by_c * (1.0 - salt);
                }
                w.inverse[site] = inverse;
                let within = f64::from(u8::from(g.electrons[s] == Electrons::Volume(cell)));
                let e = [if with_c { w.conditions.e_c[site] } else { 0.0 }, -1.0, within];
                let rows = [if with_c { -area * PER_FARADAY } else { 0.0 }, -area, within * area];
                subtract(&mut w.diag[cell], rows, inverse, e);
                let charging = area * g.double_layer * w.cj;
                match g.electrons[s] {
                    Electrons::Volume(k) if k != cell => {
                        let lithium = f64::from(u8::from(g.dense.is_some()));
                        let far_e = [lithium * w.conditions.e_theta[site] * w.dense[site].theta_c, 0.0, 1.0];
                        let far_rows = [lithium * area * PER_FARADAY, 0.0, area];
                        let [to_cell, to_far] = &mut w.remote[n_remote];
                        (*to_cell, *to_far) = ([[0.0; 3]; 3], [[0.0; 3]; 3]);
                        subtract(to_cell, rows, inverse, far_e);
                        subtract(to_far, far_rows, inverse, e);
                        subtract(&mut w.diag[k], far_rows, inverse, far_e);
                        to_cell[1][2] -= charging;
                        to_far[2][1] -= charging;
                        w.diag[k][2][2] += charging;
                        n_remote += 1;
                    }
                    Electrons::Positive => {
                        w.has_column[0] = true;
                        for (i, row) in rows.iter().enumerate() {
                            w.column[0][BLOCK * cell + i] -= row * inverse;
                        }
                        w.column[0][BLOCK * cell + 1] -= charging;
                        w.row.push((BLOCK * cell, area * e[0] * inverse));
                        w.row.push((BLOCK * cell + 1, area * e[1] * inverse + charging));
                        w.border[0][0] += area * inverse - charging;
                    }
                    _ => {}
                }
            }
        }
        for face in terminal_faces.iter().filter(|f| self.solid[f.cell] > 0.0) {
            let conductance = face.area * self.solid[face.cell] / face.distance;
            let at = BLOCK * face.cell + 2;
            w.has_column[0] = true;
            w.column[0][at] -= conductance;
            w.row.push((at, conductance));
            w.border[0][0] -= conductance;
        }
    }

    /// `r ← J⁻¹ r`.
    pub(crate) fn solve_in_place(&mut self, r: &mut [f64]) {
        let (first, b) = (self.sites_offset(), self.border_offset());
        let cells = BLOCK * self.mesh.n_cells();
        let uniform = self.spec.kind != ModelKind::Dfn;
        let with_c = self.electrolyte.has_concentration();
        let w = &mut self.work;
        for g in &mut self.groups {
            if let Some(h) = &g.hosts {
                h.reduce(r, &mut w.reduced[g.sites.clone()]);
            }
            for s in 0..g.cells.len() {
                let site = g.sites.start + s;
                let mut host = if g.hosts.is_some() {
                    w.conditions.e_theta[site] * w.reduced[site]
                } else {
                    0.0
                };
                if let Some(sides) = &mut g.sides {
                    let sign = if uniform { g.sign } else { -1.0 };
                    host = sign * sides.reduce(s, r, sign * host);
                }
                if uniform {
                    // Row φ₊ holds -∂f/∂θ in e_theta and the whole response to j in e_c (see `uniform`).
                    r[b + POTENTIAL] -= host + w.conditions.e_c[site] * r[first + site] / g.areas[s];
                    continue;
                }
                let rhs = r[first + site] - host;
                w.rhs[site] = rhs;
                let (at, area) = (BLOCK * g.cells[s], g.areas[s]);
                let scaled = area * w.inverse[site] * rhs;
                if with_c {
                    r[at] += scaled * PER_FARADAY;
                }
                r[at + 1] += scaled;
                match g.electrons[s] {
                    Electrons::Volume(k) => {
                        r[BLOCK * k + 2] -= scaled;
                        if g.dense.is_some() {
                            r[BLOCK * k] -= scaled * PER_FARADAY;
                        }
                    }
                    Electrons::Positive => r[b + POTENTIAL] += scaled,
                    Electrons::Negative => {}
                }
            }
        }
        let (top, bottom) = (r[b + POTENTIAL], r[b + CURRENT]);
        let [potential, current] = w.solve_bordered(&mut r[..cells], top, bottom);
        r[b + POTENTIAL] = potential;
        r[b + CURRENT] = current;
        for g in &self.groups {
            for (s, &cell) in g.cells.iter().enumerate() {
                let (site, at) = (g.sites.start + s, BLOCK * cell);
                r[first + site] = if uniform {
                    (r[first + site] + g.sign * (current + self.leakage * potential)) / g.areas[s]
                } else {
                    let solid = match g.electrons[s] {
                        Electrons::Volume(k) => r[BLOCK * k + 2],
                        Electrons::Positive => potential,
                        Electrons::Negative => 0.0,
                    };
                    let mut by_c = if with_c { w.conditions.e_c[site] * r[at] } else { 0.0 };
                    if let (Electrons::Volume(k), Some(_)) = (g.electrons[s], &g.dense) {
                        by_c += w.conditions.e_theta[site] * w.dense[site].theta_c * r[BLOCK * k];
                    }
                    w.inverse[site] * (w.rhs[site] - by_c + r[at + 1] - solid)
                };
            }
            w.rhs[g.sites.clone()].copy_from_slice(&r[first + g.sites.start..first + g.sites.end]);
            if let Some(sides) = &g.sides {
                for (s, &cell) in g.cells.iter().enumerate() {
                    let site = g.sites.start + s;
                    let by_salt = if with_c && !uniform {
                        w.conditions.potential_c[site] * r[BLOCK * cell]
                    } else {
                        0.0
                    };
                    w.rhs[site] = sides.complete(s, r, w.rhs[site], by_salt);
                }
            }
            if let Some(h) = &g.hosts {
                h.back_substitute(r, &w.rhs[g.sites.clone()]);
            }
        }
        let cj = w.cj;
        match (&mut self.field, &self.spec.heat) {
            (Some(field), _) => r[b + TEMPERATURE] += field.solve(r, &self.mesh.volumes, cj),
            (None, Some(Heat::Lumped(h))) => r[b + TEMPERATURE] /= h.heat_capacity * cj + h.cooling,
            _ => r[b + TEMPERATURE] /= cj,
        }
        r[b + CHARGE] = (r[b + CHARGE] + current) / cj;
        r[b + ENERGY] = (r[b + ENERGY] + w.voltage_slope[0] * potential + w.voltage_slope[1] * current) / cj;
        let freed: f64 = if with_c {
            w.dissociation_slope.iter().enumerate().map(|(k, s)| s * r[BLOCK * k]).sum()
        } else {
            0.0
        };
        r[b + DISSOCIATED] = (r[b + DISSOCIATED] + freed) / cj;
        r[b + LEAKED] = (r[b + LEAKED] + self.leakage * potential) / cj;
    }
}

/// `block -= rows · inverse · e`.
#[inline]
fn subtract(block: &mut [[f64; 3]; 3], rows: [f64; 3], inverse: f64, e: [f64; 3]) {
    for (put, row) in block.iter_mut().zip(rows) {
        let scaled = row * inverse;
        for (p, e) in put.iter_mut().zip(e) {
            *p -= scaled * e;
        }
    }
}
