//! Jacobians of microbatteries as finite volumes give them: films, jumps, floating pieces, lumped metal.
#![allow(dead_code, clippy::unwrap_used)]

use cellwright_dae::linear::{Kind, KrylovOptions, KrylovSolver, RowWeights, SparseLu};

const F: f64 = 96485.33;
/// Transference number of the electrolyte.
const TRANSFERENCE: f64 = 0.4;
const THERMAL_VOLTAGE: f64 = 0.02569;

/// Shape of the electrodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// Interdigital walls in cross-section.
    Walls,
    /// Interdigital walls with an end gap.
    Walls3,
    /// Interlaced square pillars.
    Pillars,
}

/// What is prescribed at the positive terminal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Terminal {
    /// The current into the metal.
    Current,
    /// The current, through an unknown terminal potential.
    CurrentWithPotential,
    /// The potential of the metal.
    Voltage,
    /// The potential of the metal, with the current as an unknown.
    VoltageWithCurrent,
}

/// A battery and a mesh. SI units.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    pub shape: Shape,
    pub terminal: Terminal,
    /// Thinnest cells, their growth, and the thickest ones.
    pub finest: f64,
    pub growth: f64,
    pub thickest: f64,
    pub film: f64,
    pub film_conductivity: f64,
    pub cathode_conductivity: f64,
    pub electrolyte_conductivity: f64,
    pub electrolyte_diffusivity: f64,
    /// No concentration in the electrolyte.
    pub single_ion: bool,
    pub porous_anode: bool,
    /// A piece of cathode that touches only electrolyte.
    pub island: bool,
    /// Conductivity of the cathode along y and z relative to x.
    pub anisotropy: f64,
    /// Relative variation of the state.
    pub amplitude: f64,
    /// Exchange-current density (A/m²).
    pub exchange: f64,
    pub metal_first: bool,
    /// Salt balance as the balance of lithium ions, migration included, instead of one with the current balance subtracted.
    pub ion_balance: bool,
    pub dt: f64,
    pub seed: u64,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            shape: Shape::Walls,
            terminal: Terminal::Current,
            finest: 5e-9,
            growth: 1.5,
            thickest: 1e-6,
            film: 10e-9,
            film_conductivity: 1e-6,
            cathode_conductivity: 10.0,
            electrolyte_conductivity: 1.0,
            electrolyte_diffusivity: 3e-10,
            single_ion: false,
            porous_anode: false,
            island: false,
            anisotropy: 1.0,
            amplitude: 0.3,
            exchange: 1.0,
            metal_first: false,
            ion_balance: false,
            dt: 1.0,
            seed: 1,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Material {
    PositiveMetal,
    NegativeMetal,
    Cathode,
    Film,
    Electrolyte,
    Anode,
    Outside,
}

/// Unknowns of a volume.
#[derive(Clone, Copy, Default)]
struct Unknowns {
    phi_e: Option<usize>,
    c_e: Option<usize>,
    phi_s: Option<usize>,
    c_s: Option<usize>,
}

/// Mesh and numbering of a case.
pub struct Battery {
    pub case: Case,
    pub kinds: Vec<Kind>,
    widths: [Vec<f64>; 3],
    materials: Vec<Material>,
    /// A smooth function of place between -1 and 1.
    smooth: Vec<f64>,
    unknowns: Vec<Unknowns>,
    metal: Option<usize>,
    terminal: Option<usize>,
}

/// Reproducible number in [-1, 1).
pub fn noise(seed: u64, k: usize) -> f64 {
    let mut z = seed
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add((k as u64 + 1).wrapping_mul(0xBF58_476D_1CE4_E5B9));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// Widths of cells between break points, fine at every break.
fn axis(breaks: &[f64], case: &Case) -> Vec<f64> {
    let mut widths = Vec::new();
    for pair in breaks.windows(2) {
        let length = pair[1] - pair[0];
        let (mut half, mut sum, mut h) = (Vec::new(), 0.0, case.finest);
        while sum + h < 0.5 * length {
            half.push(h);
            sum += h;
            h = (h * case.growth).min(case.thickest);
        }
        let rest = length - 2.0 * sum;
        let middle = if rest > 1.4 * h || half.is_empty() {
            vec![0.5 * rest; 2]
        } else {
            vec![rest]
        };
        widths.extend(half.iter().copied().chain(middle).chain(half.iter().rev().copied()));
    }
    widths
}

impl Battery {
    pub fn new(case: Case) -> Self {
        let (metal, cathode, gap, anode, height) = (1e-6, 1.5e-6, 10e-6, 2e-6, 10e-6);
        let shell = [metal, metal + cathode, metal + cathode + case.film];
        let pitch = shell[2] + gap + anode + metal;
        let across = [0.0, shell[0], shell[1], shell[2], pitch - metal - anode, pitch - metal, pitch];
        let top = [
            0.0,
            height - shell[2],
            height - shell[2] + shell[0],
            height - shell[2] + shell[1],
            height,
            height + 5e-6,
        ];
        let along = [0.0, 20e-6, 20e-6 + cathode, 20e-6 + cathode + case.film, 30e-6];
        let x = axis(&across, &case);
        let y = match case.shape {
            Shape::Walls => vec![1e-3],
            Shape::Walls3 => axis(&along, &case),
            Shape::Pillars => x.clone(),
        };
        let z = axis(&top, &case);
        let centres = |w: &[f64]| -> Vec<f64> {
            w.iter()
                .scan(0.0, |s, w| {
                    *s += w;
                    Some(*s - 0.5 * w)
                })
                .collect()
        };
        let (cx, cy, cz) = (centres(&x), centres(&y), centres(&z));
        let mut materials = Vec::with_capacity(cx.len() * cy.len() * cz.len());
        let mut smooth = Vec::with_capacity(cx.len() * cy.len() * cz.len());
        let phase = case.seed as f64;
        for z in &cz {
            for y in &cy {
                for x in &cx {
                    smooth.push((2e5 * x + phase).sin() * (1e5 * y + 3e5 * z).cos());
                    let (y_in, y_out) = match case.shape {
                        Shape::Walls => (-1.0, -1.0),
                        Shape::Walls3 => (y - 20e-6, -1.0),
                        Shape::Pillars => (y - metal, pitch - y - metal),
                    };
                    let d_in = (x - metal).max(y_in).max(z - top[2]);
                    let d_out = (pitch - x - metal).max(y_out).max(z - (height - anode));
                    let d_island = (x - 0.5 * pitch).abs() + (z - 0.5 * height).abs();
                    materials.push(match () {
                        _ if d_in < 0.0 => Material::PositiveMetal,
                        _ if d_in < cathode => Material::Cathode,
                        _ if d_in < cathode + case.film => Material::Film,
                        _ if d_out < 0.0 => Material::NegativeMetal,
                        _ if d_out < anode && case.porous_anode => Material::Anode,
                        _ if case.island && d_island < 1.5e-6 => Material::Cathode,
                        _ if *z > height + 4e-6 && *x < 0.3 * pitch => Material::Outside,
                        _ => Material::Electrolyte,
                    });
                }
            }
        }
        let mut battery = Self {
            case,
            kinds: Vec::new(),
            widths: [x, y, z],
            materials,
            smooth,
            unknowns: Vec::new(),
            metal: None,
            terminal: None,
        };
        battery.number();
        battery
    }

    fn number(&mut self) {
        let case = self.case;
        let kinds = &mut self.kinds;
        let mut add = |kind: Kind| {
            kinds.push(kind);
            Some(kinds.len() - 1)
        };
        let has_metal = case.terminal != Terminal::Voltage;
        if has_metal && case.metal_first {
            self.metal = add(Kind::Potential);
        }
        for material in &self.materials {
            let mut u = Unknowns::default();
            match material {
                Material::Cathode => (u.phi_s, u.c_s) = (add(Kind::Potential), add(Kind::Concentration(1))),
                Material::Film => u.phi_e = add(Kind::Potential),
                Material::Electrolyte | Material::Anode => {
                    u.phi_e = add(Kind::Potential);
                    if !case.single_ion {
                        u.c_e = add(Kind::Concentration(0));
                    }
                    if *material == Material::Anode {
                        u.phi_s = add(Kind::Potential);
                    }
                }
                _ => {}
            }
            self.unknowns.push(u);
        }
        if has_metal && !case.metal_first {
            self.metal = add(Kind::Potential);
        }
        self.terminal = match case.terminal {
            Terminal::CurrentWithPotential => add(Kind::Potential),
            Terminal::VoltageWithCurrent => add(Kind::Single),
            _ => None,
        };
    }

    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Calls `add(row, column, value)` for every contribution; the set of positions does not depend on the state.
    pub fn assemble(&self, mut add: impl FnMut(usize, usize, f64)) {
        let case = &self.case;
        let n: [usize; 3] = std::array::from_fn(|k| self.widths[k].len());
        let stride = [1, n[0], n[0] * n[1]];
        // A current that depends on some unknowns enters some rows.
        let mut enter = |rows: &[(Option<usize>, f64)], on: &[(Option<usize>, f64)]| {
            for (row, factor) in rows {
                for (column, derivative) in on {
                    if let (Some(row), Some(column)) = (row, column) {
                        add(*row, *column, factor * derivative);
                    }
                }
            }
        };
        for cell in 0..self.materials.len() {
            let at = [cell % n[0], cell / n[0] % n[1], cell / stride[2]];
            let w: [f64; 3] = std::array::from_fn(|k| self.widths[k][at[k]]);
            let volume = w[0] * w[1] * w[2];
            let u = self.unknowns[cell];
            for c in [u.c_e, u.c_s] {
                enter(&[(c, 1.0)], &[(c, volume / case.dt)]);
            }
            if self.materials[cell] == Material::Anode {
                self.kinetics(3e5 * volume, cell, cell, u, u, &mut enter);
            }
            for k in 0..3 {
                if at[k] + 1 < n[k] {
                    let other = cell + stride[k];
                    let area = volume / w[k];
                    self.face(area, k, cell, other, w[k], self.widths[k][at[k] + 1], &mut enter);
                }
            }
        }
        match (case.terminal, self.metal, self.terminal) {
            (Terminal::CurrentWithPotential, m, t) => enter(&[(m, 1.0), (t, -1.0)], &[(m, 1e-3), (t, -1e-3)]),
            (Terminal::VoltageWithCurrent, m, t) => {
                enter(&[(m, 1.0)], &[(t, 1.0)]);
                enter(&[(t, 1.0)], &[(m, 1.0)]);
            }
            _ => {}
        }
    }

    /// Part of the current balance that is subtracted from the salt balance.
    fn subtracted(&self) -> f64 {
        if self.case.ion_balance { 0.0 } else { TRANSFERENCE }
    }

    fn concentration(&self, cell: usize, mean: f64) -> f64 {
        mean * (1.0 + self.case.amplitude * (0.9 * self.smooth[cell] + 0.1 * noise(self.case.seed, cell)))
    }

    /// Butler-Volmer current from solid `s` to electrolyte `e`.
    fn kinetics(
        &self,
        area: f64,
        s: usize,
        e: usize,
        us: Unknowns,
        ue: Unknowns,
        enter: &mut impl FnMut(&[(Option<usize>, f64)], &[(Option<usize>, f64)]),
    ) {
        let eta = 3.0 * self.case.amplitude * noise(self.case.seed + 7, s * 31 + e) / 0.3;
        let current = 2.0 * self.case.exchange * area * (0.5 * eta).sinh();
        let g = self.case.exchange * area * (0.5 * eta).cosh() / THERMAL_VOLTAGE;
        let c_s = self.concentration(s, 25e3);
        let c_e = self.concentration(e, 1e3);
        let by_c_s = g * 0.8 / 5e4 + current * 0.5 * (1.0 / c_s - 1.0 / (5e4 - c_s));
        let on = [(us.phi_s, g), (ue.phi_e, -g), (us.c_s, by_c_s), (ue.c_e, 0.5 * current / c_e)];
        enter(
            &[
                (us.phi_s, 1.0),
                (us.c_s, 1.0 / F),
                (ue.phi_e, -1.0),
                (ue.c_e, (self.subtracted() - 1.0) / F),
            ],
            &on,
        );
    }

    #[allow(clippy::too_many_arguments)]
    fn face(
        &self,
        area: f64,
        k: usize,
        i: usize,
        j: usize,
        w_i: f64,
        w_j: f64,
        enter: &mut impl FnMut(&[(Option<usize>, f64)], &[(Option<usize>, f64)]),
    ) {
        use Material::*;
        let case = &self.case;
        let (u, v) = (self.unknowns[i], self.unknowns[j]);
        let kappa = |m: Material| match m {
            Film => case.film_conductivity,
            Electrolyte if case.single_ion => 1e-4,
            Electrolyte => case.electrolyte_conductivity,
            _ => 0.3 * case.electrolyte_conductivity,
        };
        let sigma = |m: Material| match m {
            Anode => 100.0,
            _ if k == 0 => case.cathode_conductivity,
            _ => case.cathode_conductivity * case.anisotropy,
        };
        let (a, b) = (self.materials[i], self.materials[j]);
        let series = |x: f64, y: f64| area / (0.5 * w_i / x + 0.5 * w_j / y);
        let ionic = |m: Material| matches!(m, Film | Electrolyte | Anode);
        let solid = |m: Material| matches!(m, Cathode | Anode);
        if ionic(a) && ionic(b) {
            let g = series(kappa(a), kappa(b));
            let diffusion = if a != Film && b != Film { 0.03 } else { 0.0 };
            let (c_i, c_j) = (self.concentration(i, 1e3), self.concentration(j, 1e3));
            let drop = 2e-3 * noise(case.seed + 3, i * 3 + k);
            let slope = |c: f64| 0.15 * g * drop / c;
            let on = [
                (u.phi_e, g),
                (v.phi_e, -g),
                (u.c_e, -g * diffusion / c_i + slope(c_i)),
                (v.c_e, g * diffusion / c_j + slope(c_j)),
            ];
            enter(&[(u.phi_e, 1.0), (v.phi_e, -1.0)], &on);
            let share = if diffusion > 0.0 { TRANSFERENCE } else { 1.0 } - self.subtracted();
            enter(&[(u.c_e, share / F), (v.c_e, -share / F)], &on);
            if diffusion > 0.0 {
                let d = series(case.electrolyte_diffusivity, case.electrolyte_diffusivity);
                enter(&[(u.c_e, 1.0), (v.c_e, -1.0)], &[(u.c_e, d), (v.c_e, -d)]);
            }
        }
        if solid(a) && a == b {
            let g = series(sigma(a), sigma(b));
            enter(&[(u.phi_s, 1.0), (v.phi_s, -1.0)], &[(u.phi_s, g), (v.phi_s, -g)]);
            let d = series(1e-14, 1e-14);
            enter(&[(u.c_s, 1.0), (v.c_s, -1.0)], &[(u.c_s, d), (v.c_s, -d)]);
        }
        for (a, b, u, v, i, j, w) in [(a, b, u, v, i, j, w_i), (b, a, v, u, j, i, w_j)] {
            match (a, b) {
                (Cathode, Film | Electrolyte) => self.kinetics(area, i, j, u, v, enter),
                (Cathode, PositiveMetal) => {
                    let g = area * sigma(a) / (0.5 * w);
                    enter(&[(u.phi_s, 1.0), (self.metal, -1.0)], &[(u.phi_s, g), (self.metal, -g)]);
                }
                (Anode, NegativeMetal) => enter(&[(u.phi_s, 1.0)], &[(u.phi_s, area * sigma(a) / (0.5 * w))]),
                (Electrolyte, NegativeMetal) if !case.porous_anode => {
                    self.kinetics(10.0 * area, j, i, Unknowns::default(), u, enter);
                }
                _ => {}
            }
        }
    }

    /// Positions of all entries.
    pub fn positions(&self) -> Vec<(u32, u32)> {
        let mut positions = Vec::new();
        self.assemble(|i, j, _| positions.push((i as u32, j as u32)));
        positions
    }

    /// Options with residuals in amperes.
    pub fn options() -> KrylovOptions {
        KrylovOptions {
            weights: RowWeights {
                concentration: F,
                ..RowWeights::default()
            },
            ..KrylovOptions::default()
        }
    }

    /// The iterative solver, filled.
    pub fn krylov(&self) -> KrylovSolver {
        self.krylov_with(Self::options())
    }

    /// The iterative solver with other options, filled.
    pub fn krylov_with(&self, options: KrylovOptions) -> KrylovSolver {
        let positions = self.positions().into_iter().map(|(i, j)| (i as usize, j as usize));
        let mut solver = KrylovSolver::new(&self.kinds, positions, options);
        self.fill(&mut solver);
        solver
    }

    /// Fills a solver made for a battery with the same mesh.
    pub fn fill(&self, solver: &mut KrylovSolver) {
        solver.clear();
        self.assemble(|i, j, value| {
            let slot = solver.slot(i, j).unwrap();
            solver.values_mut()[slot] += value;
        });
    }

    /// The direct solver, filled with rows in amperes and concentrations in mol/l.
    pub fn direct(&self) -> SparseLu<f64> {
        let (row, column) = (|i: usize| self.scale(i, F), |j: usize| self.scale(j, 1e3));
        let positions = self.positions().into_iter().map(|(i, j)| (i as usize, j as usize));
        let mut lu = SparseLu::new(self.len(), positions).unwrap();
        self.assemble(|i, j, value| {
            let slot = lu.slot(i, j).unwrap();
            lu.values_mut()[slot] += row(i) * value * column(j);
        });
        lu
    }

    /// `constant` for concentrations, 1 for the rest.
    pub fn scale(&self, i: usize, constant: f64) -> f64 {
        match self.kinds[i] {
            Kind::Concentration(_) => constant,
            _ => 1.0,
        }
    }

    /// Storage noise in all mass balances and a current into the metal.
    pub fn right_side(&self) -> Vec<f64> {
        let mut b = vec![0.0; self.len()];
        self.assemble(|i, j, value| {
            if i == j && matches!(self.kinds[i], Kind::Concentration(_)) {
                b[i] += value * noise(self.case.seed + 11, i);
            }
        });
        let total: f64 = b.iter().map(|b| b.abs()).sum();
        if let Some(i) = self.metal {
            b[i] = 0.1 * F * total / (b.len() as f64).sqrt();
        }
        b
    }
}
