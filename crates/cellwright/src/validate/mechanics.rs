//! Mechanics: bow of a wafer, films that yield, stress of a diffusion profile, a section under free strains.

use super::reference::Table;
use super::{Fault, Sheet};
use cellwright_mechanics::MechanicsError;
use cellwright_mechanics::coaxial::{Coaxial, Part};
use cellwright_mechanics::diffusion_stress::{Body, stress};
use cellwright_mechanics::elastic::Elastic;
use cellwright_mechanics::film::{Film, Linear, there_and_back};
use cellwright_mechanics::plane_strain::{Held, solve};
use cellwright_mechanics::section::Section;
use cellwright_mechanics::stoney::{Layer, bend, curvature_thin};
use std::f64::consts::{FRAC_PI_2, PI};

impl From<MechanicsError> for Fault {
    fn from(e: MechanicsError) -> Fault {
        Fault::Input(e.to_string())
    }
}

/// Biaxial modulus of the (100) face of silicon, Pa, as the table assumes it.
const SILICON_100: f64 = 180.3e9;

/// Stoney's table, and the exact bow of one film of any thickness.
pub(super) fn bows(sheet: &mut Sheet) -> Result<(), Fault> {
    let table = Table::new(include_str!("data/stoney.csv"));
    for row in table.rows() {
        let [substrate, film, stress, curvature] = [row[0], row[1], row[2], row[3]];
        let found = curvature_thin(SILICON_100, substrate, &[(stress, film)])?;
        let label = format!(
            "{:.0} MPa of {:.1} um on {:.0} um, curvature",
            stress / 1e6,
            film * 1e6,
            substrate * 1e6
        );
        sheet.close(label, curvature, found, 1e-6, "1/m");
    }
    let (silicon, film) = (Elastic::new(130e9, 0.28)?, Elastic::new(90e9, 0.22)?);
    let (substrate, stress) = (100e-6, 300e6);
    for h in [0.01f64, 0.3, 1.0] {
        let layers = [Layer::free(substrate, silicon), Layer::stressed(h * substrate, film, stress)];
        let (m, mismatch) = (film.biaxial() / silicon.biaxial(), stress / film.biaxial());
        let thin = 6.0 * mismatch * h * m / substrate;
        let exact = thin * (1.0 + h) / (1.0 + 4.0 * h * m + 6.0 * h * h * m + 4.0 * h.powi(3) * m + h.powi(4) * m * m);
        let found = bend(&layers)?.curvature;
        sheet.close(
            format!("film of {h} of the substrate, any thickness, curvature"),
            exact,
            found,
            1e-10,
            "1/m",
        );
    }
    Ok(())
}

/// Loop of a film with constant yield stress, and the order of the plastic work of one whose properties change.
pub(super) fn films(sheet: &mut Sheet) -> Result<(), Fault> {
    let constant = Film {
        young: Linear::constant(60e9),
        poisson: Linear::constant(0.25),
        yield_stress: Some(Linear::constant(1e9)),
        expansion: 2.8,
        initial_stress: 0.0,
    };
    let path = constant.follow(&there_and_back(0.1, 0.8, 2, 40))?;
    let range = (3.24f64 / 1.28).ln() / 3.0;
    let exact = 4.0 * 1e9 * (range - 2e9 / 80e9);
    let found = path[160].work - path[80].work;
    sheet.close("plastic work of a cycle, constant yield stress", exact, found, 1e-10, "J/m3");
    let silicon = Film {
        young: Linear { empty: 90e9, full: 40e9 },
        poisson: Linear { empty: 0.28, full: 0.22 },
        yield_stress: Some(Linear {
            empty: 1.75e9,
            full: 0.5e9,
        }),
        ..constant
    };
    let work = |steps: usize| -> Result<f64, Fault> {
        let path = silicon.follow(&there_and_back(0.05, 0.95, 2, steps))?;
        Ok(path[4 * steps].work - path[2 * steps].work)
    };
    let fine = work(12_800)?;
    let mut errors = vec![];
    for steps in [25, 50, 100, 200] {
        errors.push((work(steps)? / fine - 1.0).abs());
    }
    sheet.order(
        "plastic work of a cycle, changing properties",
        &[errors[0], errors[1], errors[2], errors[3]],
    );
    Ok(())
}

/// Greatest differences, relative to `E Ω J R / (3 (1-ν) D)`, from the stresses of steady filling with an added transient mode.
fn profile_error(body: Body, n: usize) -> Result<f64, Fault> {
    let elastic = Elastic::new(10e9, 0.3)?;
    let radii: Vec<f64> = (0..=n).map(|i| i as f64 / n as f64).collect();
    // Slab and sphere: eigenfunctions whose means are known in closed form; cylinder: a parabola and a fourth power.
    const K: f64 = 2.0 * PI;
    type Curve = Box<dyn Fn(f64) -> f64>;
    let (shape, mean): (Curve, Curve) = match body {
        Body::Slab => (
            Box::new(|x| 0.5 * x * x + 0.3 * (K * x).cos()),
            Box::new(|x| x * x / 6.0 + if x > 0.0 { 0.3 * (K * x).sin() / (K * x) } else { 0.3 }),
        ),
        Body::Cylinder => (
            Box::new(|x| 0.5 * x * x - 0.2 * x.powi(4)),
            Box::new(|x| 0.25 * x * x - 0.2 * x.powi(4) / 3.0),
        ),
        Body::Sphere => (
            Box::new(|x| 0.5 * x * x + if x > 0.0 { 0.3 * (K * x).sin() / (K * x) } else { 0.3 }),
            Box::new(|x| {
                let y = K * x;
                // 3/y³ (sin y - y cos y), 1 in the middle.
                let mode = if y > 0.0 { 3.0 * (y.sin() - y * y.cos()) / y.powi(3) } else { 1.0 };
                0.3 * x * x + 0.3 * mode
            }),
        ),
    };
    let profile: Vec<f64> = radii.iter().map(|x| shape(*x)).collect();
    let found = stress(body, &elastic, 3.0 / elastic.biaxial(), &radii, &profile)?;
    let whole = mean(1.0);
    let mut worst = 0.0f64;
    for s in &found {
        let (c, m) = (shape(s.radius), mean(s.radius));
        let (radial, hoop) = match body {
            Body::Slab => (0.0, whole - c),
            Body::Cylinder => (0.5 * (whole - m), 0.5 * (whole + m) - c),
            Body::Sphere => (2.0 / 3.0 * (whole - m), (2.0 * whole + m) / 3.0 - c),
        };
        worst = worst.max((s.radial - radial).abs()).max((s.hoop - hoop).abs());
    }
    Ok(worst)
}

/// Slab, cylinder and sphere against closed forms, with the order in the spacing of the profile.
pub(super) fn diffusion(sheet: &mut Sheet) -> Result<(), Fault> {
    for (name, body) in [("slab", Body::Slab), ("cylinder", Body::Cylinder), ("sphere", Body::Sphere)] {
        let mut errors = vec![];
        for n in [25, 50, 100] {
            errors.push(profile_error(body, n)?);
        }
        sheet.below(format!("{name}, 100 shells, stress over E Omega dc/(3(1-nu))"), errors[2], 1e-3, "");
        sheet.order(format!("{name}, order in the spacing"), &errors);
    }
    // Cheng and Verbrugge 2009: E Ω J R / (15 (1-ν) D) in the middle of a sphere that is filled steadily.
    let (young, nu, molar_volume, radius, flux, diffusivity) = (10e9, 0.3, 3.5e-6, 5e-6, 1e-5, 7.08e-15);
    let radii: Vec<f64> = (0..=100).map(|i| radius * f64::from(i) / 100.0).collect();
    let profile: Vec<f64> = radii.iter().map(|r| flux * r * r / (2.0 * diffusivity * radius)).collect();
    let found = stress(Body::Sphere, &Elastic::new(young, nu)?, molar_volume, &radii, &profile)?;
    let exact = young * molar_volume * flux * radius / (15.0 * (1.0 - nu) * diffusivity);
    sheet.close(
        "sphere filled steadily, tension in the middle",
        exact / 1e6,
        found[0].radial / 1e6,
        1e-3,
        "MPa",
    );
    Ok(())
}

/// A quarter of a core in a shell that swells: largest error of the displacement, mean error of the stress.
fn section_errors(exact: &Coaxial, n: usize) -> Result<[f64; 2], Fault> {
    let [a, m, b] = exact.radii;
    let part = |i: usize| i as f64 / n as f64;
    let place = |i: usize, j: usize| {
        let r = if i <= n { a + (m - a) * part(i) } else { m + (b - m) * part(i - n) };
        let angle = FRAC_PI_2 * 0.5 * part(j);
        // Exactly on the axis at the end.
        let (s, c) = if j == 2 * n { (1.0, 0.0) } else { angle.sin_cos() };
        [r * c, r * s]
    };
    let section = Section::mapped([2 * n, 2 * n], place, |i, _| Some(usize::from(i >= n)));
    let mut held = vec![];
    for axis in 0..2 {
        let nodes = section.nodes_where(|p| p[axis] == 0.0);
        held.extend(nodes.map(|node| Held {
            node,
            axis,
            displacement: 0.0,
        }));
    }
    let free: Vec<f64> = section.materials.iter().map(|&k| exact.parts[k].free_strain).collect();
    let found = solve(&section, &exact.parts.map(|p| p.elastic), &free, &held)?;
    let pressure = exact.pressure()?;
    let size = exact.displacement(pressure, b).abs();
    let mut worst = 0.0f64;
    for (p, u) in section.nodes.iter().zip(&found.displacements) {
        let r = p[0].hypot(p[1]);
        worst = worst.max(((u[0] * p[0] + u[1] * p[1]) / r - exact.displacement(pressure, r)).abs() / size);
    }
    let mut squares = 0.0;
    for (k, s) in found.stresses.iter().enumerate() {
        let [x, y] = section.middle(k);
        let r = x.hypot(y);
        let radial = (s.xx * x * x + s.yy * y * y + 2.0 * s.xy * x * y) / (r * r);
        let sharp = exact.stress(pressure, r);
        squares += (radial - sharp.radial).powi(2) + (s.xx + s.yy - radial - sharp.hoop).powi(2) + (s.zz - sharp.axial).powi(2);
    }
    Ok([worst, (squares / found.stresses.len() as f64).sqrt() / pressure.abs()])
}

/// A shell that swells on a core, by elements, against Lamé's cylinders.
pub(super) fn section(sheet: &mut Sheet) -> Result<(), Fault> {
    let part = |young, poisson, free_strain| -> Result<Part, Fault> {
        let elastic = Elastic::new(young, poisson)?;
        Ok(Part { elastic, free_strain })
    };
    // Silicon with a shell of lithiated silicon, 3 % of linear misfit, µm.
    let exact = Coaxial {
        radii: [1e-6, 2e-6, 3e-6],
        parts: [part(130e9, 0.28, 0.0)?, part(40e9, 0.22, 0.03)?],
    };
    let (mut displacement, mut stress) = (vec![], vec![]);
    for n in [4, 8, 16, 32] {
        let [u, s] = section_errors(&exact, n)?;
        displacement.push(u);
        stress.push(s);
    }
    sheet.below(
        "displacement of a core with a swelling shell, 64 x 64 elements",
        displacement[3],
        1e-3,
        "",
    );
    sheet.order("displacement, order", &displacement);
    sheet.below(
        "stress, root of the mean square, over the pressure between them",
        stress[3],
        1e-3,
        "",
    );
    sheet.order("stress, order", &stress);
    Ok(())
}
