//! Transport between control volumes: what passes through a face, and what that does to the balances of both sides.

use crate::electrolyte::{Coefficients, FaceFlux, Side, face_flux};
use crate::heat::Temperature;
use crate::model::{BLOCK, Medium, Model, REGION_POSITIVE};
use cellwright_dae::parallel;
use cellwright_device::mesh::Face;

/// What passes through a face from its first to its second volume, with its derivatives.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Link {
    /// Cation or lithium flux, mol/s.
    flux: f64,
    flux_c: [f64; 2],
    flux_phi: f64,
    /// Current in the electrolyte, A.
    current: f64,
    current_c: [f64; 2],
    conductance: f64,
    /// Conductance for electrons, S.
    solid: f64,
}

impl Model {
    /// Lithium from volume `a` to volume `b` of a dense electrode, mol/s, with its derivatives: `A ∫D dc / d`, Simpson's rule.
    fn lithium_flux<T: Temperature>(&self, y: &[f64], face: &Face, temperature: T) -> (f64, [f64; 2]) {
        let [a, b] = face.cells;
        let group = &self.groups[usize::from(self.mesh.regions[a] == REGION_POSITIVE)];
        let Some(dense) = &group.dense else { return (0.0, [0.0; 2]) };
        let per = 1.0 / dense.maximum_concentration;
        let (ca, cb) = (y[BLOCK * a], y[BLOCK * b]);
        let d = |c: f64, t: f64| dense.diffusion.eval(c * per, t);
        let (ta, tb) = (temperature.volume(a), temperature.volume(b));
        let (da, dm, db) = (d(ca, ta), d(0.5 * (ca + cb), 0.5 * (ta + tb)), d(cb, tb));
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

    /// What passes through a face.
    #[inline(always)]
    fn link<T: Temperature>(&self, y: &[f64], face: &Face, temperature: T) -> Link {
        let [a, b] = face.cells;
        let mut link = Link::default();
        if self.media[a].has_electrolyte() && self.media[b].has_electrolyte() {
            let flux = self.ionic_flux(y, face, &self.work.coefficients[a], &self.work.coefficients[b]);
            (link.current, link.conductance) = (flux.current, flux.conductance);
            if self.electrolyte.has_concentration() {
                (link.flux, link.flux_c, link.flux_phi, link.current_c) = (flux.flux, flux.flux_c, flux.flux_phi, flux.current_c);
            }
        } else if self.media[a] == Medium::Dense && self.media[b] == Medium::Dense {
            (link.flux, link.flux_c) = self.lithium_flux(y, face, temperature);
        }
        if self.solid[a] > 0.0 && self.solid[b] > 0.0 {
            link.solid = face.area / (face.distance[0] / self.solid[a] + face.distance[1] / self.solid[b]);
        }
        link
    }

    /// Puts what passes through face `f` into the balances of its volumes.
    #[inline(always)]
    fn put<const JAC: bool>(&mut self, f: usize, link: &Link, y: &[f64], r: &mut [f64]) {
        let [a, b] = self.mesh.faces[f].cells;
        let (ia, ib) = (BLOCK * a, BLOCK * b);
        let electrons = link.solid * (y[ia + 2] - y[ib + 2]);
        for (i, v) in [link.flux, link.current, electrons].into_iter().enumerate() {
            r[ia + i] += v;
            r[ib + i] -= v;
        }
        if JAC {
            let Link {
                flux_c: fc,
                flux_phi: fp,
                current_c: ic,
                conductance: g,
                solid,
                ..
            } = *link;
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

    /// Transport between volumes.
    pub(crate) fn faces<const JAC: bool, T: Temperature>(&mut self, y: &[f64], temperature: T, r: &mut [f64]) {
        let n = self.mesh.faces.len();
        if !parallel::worthwhile(n) {
            for f in 0..n {
                let link = self.link(y, &self.mesh.faces[f], temperature);
                self.put::<JAC>(f, &link, y, r);
            }
            return;
        }
        let mut links = std::mem::take(&mut self.work.links);
        links.resize(n, Link::default());
        parallel::fill(&mut links, |f| self.link(y, &self.mesh.faces[f], temperature));
        for (f, link) in links.iter().enumerate() {
            self.put::<JAC>(f, link, y, r);
        }
        self.work.links = links;
    }
}
