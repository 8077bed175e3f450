//! The temperature field inside the DAE: its rows, its part of Newton's linear system, and what it says at a state.
//!
//! The unknowns are the rise of temperature over the start in every volume (so that nanokelvins keep their digits), the heat released and
//! the heat given off since the start. Newton's method solves for the
//! electrochemistry at the temperatures of the iteration before, and for the temperatures with the heat of that state: the coupling is
//! weak (tens of microvolts a millikelvin), and what is left of it counts in the size of the corrections. The rows are exact.

use super::{Grid, Heat, Local, name};
use crate::direct::Direct;
use crate::host_group::HostGroup;
use crate::model::{Model, TEMPERATURE};
use crate::spec::ModelKind;
use std::ops::Range;
use std::sync::Arc;

/// The field of a model.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub grid: Arc<Grid>,
    /// First temperature in the vector of unknowns.
    pub offset: usize,
    matrix: Matrix,
}

/// `C cj + K` with its factors.
struct Matrix {
    direct: Direct<f64>,
    /// Places of the diagonals, and of both entries of every path.
    diagonal: Arc<Vec<usize>>,
    off: Arc<Vec<[usize; 2]>>,
}

impl Clone for Matrix {
    fn clone(&self) -> Matrix {
        Matrix {
            direct: self.direct.emptied(),
            diagonal: self.diagonal.clone(),
            off: self.off.clone(),
        }
    }
}

impl std::fmt::Debug for Matrix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Matrix").field("n", &self.diagonal.len()).finish_non_exhaustive()
    }
}

impl Matrix {
    fn new(grid: &Grid, places: &[[f64; 3]]) -> Matrix {
        let n = grid.len();
        let pairs = grid.paths.iter().flat_map(|p| [(p.cells[0], p.cells[1]), (p.cells[1], p.cells[0])]);
        let positions: Vec<(usize, usize)> = (0..n).map(|k| (k, k)).chain(pairs).collect();
        let direct = Direct::new(places, &positions);
        let slot = |i, j| direct.fronts.slot(i, j).expect("invariant: every entry is in the pattern");
        Matrix {
            diagonal: Arc::new((0..n).map(|k| slot(k, k)).collect()),
            off: Arc::new(
                grid.paths
                    .iter()
                    .map(|p| [slot(p.cells[0], p.cells[1]), slot(p.cells[1], p.cells[0])])
                    .collect(),
            ),
            direct,
        }
    }

    fn factor(&mut self, grid: &Grid, cj: f64) -> bool {
        let values = self.direct.fronts.values_mut();
        values.fill(0.0);
        for (slot, capacity) in self.diagonal.iter().zip(&grid.capacity) {
            values[*slot] += capacity * cj;
        }
        for (k, conductance) in &grid.outer {
            values[self.diagonal[*k]] += conductance;
        }
        for (path, off) in grid.paths.iter().zip(self.off.iter()) {
            path.cells.iter().for_each(|k| values[self.diagonal[*k]] += path.conductance);
            off.iter().for_each(|slot| values[*slot] -= path.conductance);
        }
        self.direct.factor()
    }
}

impl Field {
    pub(crate) fn new(model: &Model) -> Option<Field> {
        let Some(Heat::Conduction(law)) = &model.spec.heat else {
            return None;
        };
        let grid = Grid::new(model, law);
        let place = |k: usize| match (grid.position.get(k), model.mesh.boxes.get(k)) {
            (Some(x), _) => [*x, 0.0, 0.0],
            (None, Some([low, high])) => std::array::from_fn(|i| 0.5 * (low[i] + high[i])),
            (None, None) => [0.0; 3],
        };
        let places: Vec<[f64; 3]> = (0..grid.len()).map(place).collect();
        Some(Field {
            matrix: Matrix::new(&grid, &places),
            grid: Arc::new(grid),
            offset: 0,
        })
    }

    /// Rises of temperature in the vector of unknowns.
    pub(crate) fn temperatures(&self) -> Range<usize> {
        self.offset..self.offset + self.grid.len()
    }

    /// Heat released since the start.
    fn released(&self) -> usize {
        self.temperatures().end
    }

    /// Heat given off since the start.
    fn given_off(&self) -> usize {
        self.temperatures().end + 1
    }

    /// All unknowns.
    pub(crate) fn range(&self) -> Range<usize> {
        self.offset..self.temperatures().end + 2
    }

    /// What an unknown is, if it is one of these.
    pub(crate) fn describe(&self, index: usize) -> Option<&'static str> {
        let temperature = self.temperatures().contains(&index);
        self.range()
            .contains(&index)
            .then_some(if temperature { "temperature" } else { "heat" })
    }

    /// Mean square of a deviation of the temperatures.
    pub(crate) fn mean_square(&self, v: &[f64]) -> f64 {
        v[self.temperatures()].iter().map(|e| e * e).sum::<f64>() / self.grid.len() as f64
    }

    /// Solves its part of Newton's system; returns the correction of the mean temperature.
    ///
    /// Films conduct a billion times better than air cools, so that elimination loses as many digits of what all temperatures have in
    /// common. That part follows from the sum of all rows, in which conduction cancels: it is corrected from there, and the heat balance
    /// keeps its digits.
    pub(crate) fn solve(&mut self, r: &mut [f64], volumes: &[f64], cj: f64) -> f64 {
        let (range, grid) = (self.temperatures(), &self.grid);
        let whole: f64 = r[range.clone()].iter().sum();
        self.matrix.direct.solve(&mut r[range.clone()]);
        let stored = |t: &[f64]| cj * grid.capacity.iter().zip(t).map(|(c, t)| c * t).sum::<f64>();
        let cooled = |t: &[f64]| grid.outer.iter().map(|(k, g)| g * t[*k]).sum::<f64>();
        let t = &mut r[range.clone()];
        let slope = cj * grid.capacity.iter().sum::<f64>() + grid.outer.iter().map(|o| o.1).sum::<f64>();
        let missing = (whole - stored(t) - cooled(t)) / slope;
        t.iter_mut().for_each(|t| *t += missing);
        let (given, mean) = (cooled(t), mean(t, volumes));
        r[range.end] /= cj;
        r[range.end + 1] = (r[range.end + 1] + given) / cj;
        mean
    }

    pub(crate) fn factor(&mut self, cj: f64) -> bool {
        self.matrix.factor(&self.grid, cj)
    }
}

/// Mean over the volumes of the mesh.
fn mean(temperatures: &[f64], volumes: &[f64]) -> f64 {
    let (sum, whole) = temperatures
        .iter()
        .zip(volumes)
        .fold((0.0, 0.0), |(s, w), (t, v)| (s + t * v, w + v));
    sum / whole
}

/// Temperature of the cell, K: least, mean and greatest over the control volumes of the mesh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Least.
    pub least: f64,
    /// Mean over the volume.
    pub mean: f64,
    /// Greatest.
    pub greatest: f64,
    /// Control volume of the greatest.
    pub hottest: usize,
}

/// Heat since the start, J.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HeatBalance {
    /// Released by currents and reactions.
    pub released: f64,
    /// Given off to the surroundings.
    pub given_off: f64,
    /// Stored: heat capacities times rise of temperature.
    pub stored: f64,
    /// What passed to and fro in volumes and surroundings, the measure of a gap.
    pub moved: f64,
}

impl HeatBalance {
    /// Released minus stored minus given off, over what moved.
    pub fn gap(&self) -> f64 {
        let gap = self.released - self.stored - self.given_off;
        if self.moved > 0.0 { gap.abs() / self.moved } else { 0.0 }
    }
}

impl Model {
    /// True if there is a temperature field.
    pub fn has_field(&self) -> bool {
        self.field.is_some()
    }

    /// Rise of temperature over the start of the control volumes and then of those outside, K; empty without a field.
    pub fn field<'a>(&self, y: &'a [f64]) -> &'a [f64] {
        self.field.as_ref().map_or(&[], |f| &y[f.temperatures()])
    }

    /// The same, to start from another temperature than the same everywhere.
    pub fn field_mut<'a>(&self, y: &'a mut [f64]) -> &'a mut [f64] {
        let none = 0..0;
        &mut y[self.field.as_ref().map_or(none, |f| f.temperatures())]
    }

    /// Names of what the volumes outside the mesh belong to, in their order.
    pub fn field_layers(&self) -> Vec<&str> {
        let Some(Heat::Conduction(law)) = &self.spec.heat else {
            return vec![];
        };
        let layers = self.field.iter().flat_map(|f| &f.grid.layer);
        layers.map(|l| name(law, *l)).collect()
    }

    /// Positions of the temperatures along a stack, in the measure of the mesh, m.
    pub fn field_positions(&self) -> &[f64] {
        self.field.as_ref().map_or(&[], |f| &f.grid.position)
    }

    /// Temperatures above the mean of the cell, in the order of [`Model::field`], K.
    pub fn deviations(&self, y: &[f64]) -> Vec<f64> {
        let field = self.field(y);
        let mean = if field.is_empty() { 0.0 } else { mean(field, &self.mesh.volumes) };
        field.iter().map(|t| t - mean).collect()
    }

    /// Least, mean and greatest temperature of the cell; the same without a field.
    pub fn temperature_spread(&self, y: &[f64]) -> Spread {
        let only = self.border(y, TEMPERATURE);
        let mut out = Spread {
            least: only,
            mean: only,
            greatest: only,
            hottest: 0,
        };
        for (k, rise) in self.field(y).iter().enumerate().take(self.mesh.n_cells()) {
            let t = self.spec.temperature + rise;
            if k == 0 || t > out.greatest {
                (out.greatest, out.hottest) = (t, k);
            }
            out.least = if k == 0 { t } else { out.least.min(t) };
        }
        out
    }

    /// Heat released, stored and given off since the start; nothing without a field.
    pub fn heat_balance(&self, y: &[f64]) -> HeatBalance {
        let Some(f) = &self.field else { return HeatBalance::default() };
        let each = |(rise, c): (&f64, &f64)| c * rise;
        let stored: Vec<f64> = y[f.temperatures()].iter().zip(&f.grid.capacity).map(each).collect();
        let (released, given_off) = (y[f.released()], y[f.given_off()]);
        HeatBalance {
            released,
            given_off,
            stored: stored.iter().sum(),
            moved: released.abs().max(given_off.abs()).max(stored.iter().map(|s| s.abs()).sum()),
        }
    }

    /// Temperatures of volumes and sites at the state `y`.
    pub(crate) fn local(&self, y: &[f64]) -> Local {
        let mut out = Local::default();
        self.read_local(y, &mut out);
        out
    }

    pub(crate) fn read_local(&self, y: &[f64], out: &mut Local) {
        out.volumes.clear();
        out.sites.clear();
        let Some(f) = &self.field else {
            out.mean = self.border(y, TEMPERATURE);
            out.volumes.resize(self.mesh.n_cells(), out.mean);
            out.sites.resize(self.n_sites(), out.mean);
            return;
        };
        let all = &y[f.temperatures()];
        let start = self.spec.temperature;
        out.mean = start + mean(all, &self.mesh.volumes);
        out.volumes.extend(all[..f.grid.n_mesh].iter().map(|rise| start + rise));
        let at = |pair: &[(usize, f64); 2]| start + pair.iter().map(|(k, w)| w * all[*k]).sum::<f64>();
        out.sites.extend(f.grid.sites.iter().map(at));
    }

    /// Adds the field that the heat balance asks for.
    pub(crate) fn add_field(&mut self) {
        self.field = Field::new(self).map(Box::new);
        if self.field.is_some() {
            assert!(
                self.spec.kind == ModelKind::Dfn,
                "a temperature field needs reactions that are resolved"
            );
            self.groups
                .iter_mut()
                .filter_map(|g| g.hosts.as_mut())
                .for_each(HostGroup::with_temperatures);
        }
    }

    /// Temperatures at the state `y`, which the hosts take up; to be put back into the workspace.
    pub(crate) fn take_local(&mut self, y: &[f64]) -> Local {
        let mut local = std::mem::take(&mut self.work.local);
        self.read_local(y, &mut local);
        let mean = self.border(y, TEMPERATURE);
        for g in &mut self.groups {
            if let Some(h) = &mut g.hosts {
                h.set_temperatures(mean, &local.sites[g.sites.clone()]);
            }
        }
        local
    }

    /// Rows of the field.
    pub(crate) fn field_rows(&self, y: &[f64], yp: &[f64], local: &Local, r: &mut [f64]) {
        let Some(f) = &self.field else { return };
        let range = f.temperatures();
        let (t, rows) = (&y[range.clone()], range.clone());
        let mut q = vec![0.0; f.grid.len()];
        self.heat_sources(y, local, &mut q);
        let mut given_off = 0.0;
        {
            let r = &mut r[rows];
            for (k, r) in r.iter_mut().enumerate() {
                *r = f.grid.capacity[k] * yp[range.start + k] - q[k];
            }
            for path in &f.grid.paths {
                let [a, b] = path.cells;
                let flow = path.conductance * (t[a] - t[b]);
                r[a] += flow;
                r[b] -= flow;
            }
            for (k, conductance) in &f.grid.outer {
                let flow = conductance * (self.spec.temperature - self.spec.ambient + t[*k]);
                r[*k] += flow;
                given_off += flow;
            }
        }
        r[f.released()] = yp[f.released()] - q.iter().sum::<f64>();
        r[f.given_off()] = yp[f.given_off()] - given_off;
        let b = self.border_offset() + TEMPERATURE;
        r[b] = y[b] - local.mean;
    }
}
