//! Stress on the section of a device, through grid, supports and elements as a run uses them: films on a substrate, and core and shell.

use super::{Fault, Sheet};
use crate::section_stress::grid::{Grid, Sides};
use crate::section_stress::state::{balance, hydrostatic};
use cellwright_mechanics::coaxial::{Coaxial, Part};
use cellwright_mechanics::elastic::Elastic;

/// Side of the window, m.
const SIDE: f64 = 10e-6;
const SPAN: [[f64; 2]; 2] = [[0.0; 2], [SIDE; 2]];
/// Free strain of the body that swells.
const SWELLS: f64 = 0.01;

/// Which body is at a point of the section.
type Place<'a> = dyn Fn([f64; 2]) -> Option<usize> + 'a;

fn grid(place: &Place, most: usize) -> Grid {
    Grid::of(&|points| points.iter().map(|p| place(*p)).collect(), SPAN, most)
}

fn free_strains(grid: &Grid, swells: usize) -> Vec<f64> {
    grid.bodies
        .iter()
        .flatten()
        .map(|b| if *b == swells { SWELLS } else { 0.0 })
        .collect()
}

/// A thin film that swells between a substrate and a cover, in a window of mirrors on a floor.
fn films(sheet: &mut Sheet) -> Result<(), Fault> {
    const FILM: [f64; 2] = [6.1e-6, 6.13e-6];
    let place = |p: [f64; 2]| match p[1] {
        z if z < FILM[0] => Some(0),
        z if z < FILM[1] => Some(1),
        z if z < 8e-6 => Some(2),
        _ => None,
    };
    let grid = grid(&place, 84);
    let elastic = [Elastic::new(130e9, 0.28)?, Elastic::new(90e9, 0.25)?, Elastic::new(8e9, 0.4)?];
    let state = balance(&grid, &elastic, &free_strains(&grid, 1), SPAN, [[true; 2], [true, false]])?;
    let film = &elastic[1];
    let exact = film.biaxial() * SWELLS;
    sheet.close(
        "film of 30 nm in a section of 10 um: stress E e/(1-v)",
        exact,
        state.by_body[1][0],
        1e-9,
        "Pa",
    );
    sheet.below(
        "stress in substrate and cover, over that of the film",
        state.by_body[0][0].max(state.by_body[2][0]) / exact,
        1e-9,
        "",
    );
    let grows = SWELLS * (1.0 + film.poisson()) / (1.0 - film.poisson()) * (FILM[1] - FILM[0]);
    sheet.close("cover is lifted by e (1+v)/(1-v) h", grows, state.displacement.value, 1e-6, "m");
    sheet.below("force left on a node, relative", state.imbalance, 1e-9, "");
    Ok(())
}

/// A core that swells in a shell, a quarter of both between mirrors: mean stress in the core and push on the shell, over those of the closed form.
fn coaxial(sheet: &mut Sheet) -> Result<(), Fault> {
    let radii = [0.0, 4.03e-6, 6.17e-6];
    let parts = [
        Part {
            elastic: Elastic::new(80e9, 0.22)?,
            free_strain: SWELLS,
        },
        Part {
            elastic: Elastic::new(150e9, 0.3)?,
            free_strain: 0.0,
        },
    ];
    let exact = Coaxial { radii, parts };
    let place = |p: [f64; 2]| match p[0].hypot(p[1]) {
        r if r < radii[1] => Some(0),
        r if r < radii[2] => Some(1),
        _ => None,
    };
    let sides: Sides = [[true; 2]; 2];
    let core = exact.stress(exact.pressure()?, 0.5 * radii[1]);
    let mean = (core.radial + core.hoop + core.axial) / 3.0;
    let mut errors = vec![];
    let mut left = 0.0f64;
    for most in [21, 42, 84, 168] {
        let grid = grid(&place, most);
        let state = balance(&grid, &parts.map(|p| p.elastic), &free_strains(&grid, 0), SPAN, sides)?;
        left = left.max(state.imbalance);
        let section = grid.section();
        let (mut sum, mut count) = (0.0, 0.0);
        for (k, s) in state.stresses.iter().enumerate() {
            let [x, y] = section.middle(k);
            if x.hypot(y) < 0.8 * radii[1] {
                let [a, _, b, _] = section.elements[k].map(|n| section.nodes[n]);
                let area = (b[0] - a[0]) * (b[1] - a[1]);
                sum += area * (hydrostatic(s) / mean - 1.0).powi(2);
                count += area;
            }
        }
        errors.push((sum / count).sqrt());
    }
    let listed: Vec<String> = errors.iter().map(|e| format!("{e:.1e}")).collect();
    sheet
        .below(
            "core and shell, 84 elements: mean stress in the core, root of the mean square over the closed form",
            errors[2],
            0.02,
            "",
        )
        .remark(format!(
            "errors {} at doubled resolution: round borders are stairs",
            listed.join(", ")
        ));
    let order = (errors[0] / errors[3]).log2() / 3.0;
    let outcome = sheet.push(
        "core and shell, mean order over three doublings",
        [1.0, order, 0.3],
        "",
        order >= 0.7,
    );
    outcome.note = format!("errors {}", listed.join(", "));
    sheet.below("core and shell: force left on a node, relative", left, 1e-9, "");
    Ok(())
}

pub(super) fn solve(sheet: &mut Sheet) -> Result<(), Fault> {
    films(sheet)?;
    coaxial(sheet)
}
