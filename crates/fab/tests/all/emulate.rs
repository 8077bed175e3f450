//! Process steps through the emulator, against closed forms: what each one leaves on the chip.

use cellwright_device::Role;
use cellwright_fab::emulate::{Made, Options, fabricate};
use cellwright_fab::plan::{Deposit, Etch, Form, Infill, Mask, Plan, Recipe, Shape, Step, Substrate, Verb, Window};
use cellwright_materials::Library;
use std::f64::consts::PI;

const UM: f64 = 1e-6;
const VERTICAL: f64 = PI / 2.0;

fn plan(side: f64, masks: Vec<(&str, Vec<Shape>)>, steps: Vec<(&str, Verb)>) -> Plan {
    Plan {
        finger: None,
        name: "test".into(),
        die: [side, side],
        substrate: Substrate {
            material: "Si".into(),
            role: Role::Substrate,
            form: Form::Wafer { thickness: 100.0 * UM },
        },
        masks: masks
            .into_iter()
            .enumerate()
            .map(|(i, (name, shapes))| Mask {
                name: name.into(),
                layer: (i as u16 + 1, 0),
                shapes,
                place: None,
            })
            .collect(),
        steps: steps
            .into_iter()
            .map(|(name, verb)| Step {
                name: name.into(),
                verb,
                temperature: None,
                place: None,
            })
            .collect(),
        window: Window {
            from: [0.0, 0.0],
            to: [side, side],
            repeats: 1.0,
            tabs: None,
        },
    }
}

fn film(technique: &str, material: &str, role: Role, thickness: f64) -> Deposit {
    Deposit {
        technique: technique.into(),
        material: material.into(),
        role,
        thickness,
        mask: None,
        on: vec![],
        porosity: 0.0,
        recipe: Recipe::default(),
    }
}

fn etch(mask: &str, depth: f64, sidewall: f64, inside: bool) -> Verb {
    Verb::Etch(Etch {
        technique: "drie".into(),
        mask: Some(mask.into()),
        inside,
        depth: Some(depth),
        sidewall,
        only: vec![],
    })
}

fn disc(at: f64, diameter: f64) -> Vec<Shape> {
    vec![Shape::Circle {
        centre: [at, at],
        diameter,
    }]
}

fn trench(side: f64, width: f64) -> Vec<Shape> {
    let low = 0.5 * (side - width);
    vec![Shape::Rectangle([low, -side], [low + width, 2.0 * side])]
}

fn made(plan: &Plan) -> Made {
    made_with(plan, 0.5)
}

fn made_with(plan: &Plan, coarseness: f64) -> Made {
    let options = Options {
        coarseness,
        ..Options::default()
    };
    fabricate(plan, &Library::embedded(), &options).unwrap_or_else(|d| panic!("{}", d[0]))
}

fn volume(made: &Made, name: &str) -> f64 {
    let region = made.fabrication.regions.iter().position(|r| r.name == name);
    let items = &made.fabrication.inventory.items;
    items.iter().filter(|i| Some(i.region) == region).map(|i| i.volume).sum()
}

fn near(found: f64, exact: f64, relative: f64, what: &str) {
    assert!((found / exact - 1.0).abs() < relative, "{what}: {found:e} against {exact:e}");
}

#[test]
fn sputtered_films_follow_what_they_see_of_the_sky() {
    // A trench of aspect ratio 2: floor 0.243 in the middle; over the whole floor the mean view factor is sqrt(1 + AR²) - AR.
    let (side, w, h, t) = (20.0 * UM, 5.0 * UM, 10.0 * UM, 50e-9);
    let p = plan(
        side,
        vec![("trench", trench(side, w))],
        vec![
            ("etch", etch("trench", h, VERTICAL, true)),
            ("film", Verb::Deposit(film("rf-sputter", "LiPON", Role::Electrolyte, t))),
        ],
    );
    let m = made(&p);
    let spread = m.fabrication.steps[1].thickness.expect("a film");
    near(spread[2], t, 1e-6, "open surface");
    let floor_mean = 5f64.sqrt() - 2.0;
    let floor: f64 = m
        .partition
        .contacts
        .iter()
        .filter(|c| c.points.iter().all(|p| (p[2] + h).abs() < 1e-9 + t))
        .map(|c| c.area)
        .sum();
    assert!(floor > 0.0);
    // Wall: (1 - cos(atan(w/z)))/2 over the depth; the mean follows from the integral of 1 - z/sqrt(z² + w²).
    let wall_mean = 0.5 * (h - (h * h + w * w).sqrt() + w) / h;
    let expected = side * t * ((side - w) + 2.0 * h * wall_mean + w * floor_mean);
    near(volume(&m, "film"), expected, 0.03, "film in the trench");
}

#[test]
fn what_is_sputtered_on_a_field_of_pillars_lands_somewhere() {
    // Every wall is convex, so that the facets a flux is taken at are chords within the pillar. The window is mirrored at its sides.
    let (side, r, t) = (20.0 * UM, 5.0 * UM, 50e-9);
    for h in [10.0 * UM, 50.0 * UM] {
        let p = plan(
            side,
            vec![("m", disc(10.0 * UM, 2.0 * r))],
            vec![
                ("etch", etch("m", h, VERTICAL, false)),
                ("film", Verb::Deposit(film("rf-sputter", "LiPON", Role::Electrolyte, t))),
            ],
        );
        let m = made(&p);
        // Nothing is re-emitted: as much as on open ground of the same size.
        println!("{h:e}: {:.4} of what falls", volume(&m, "film") / (side * side * t));
        near(volume(&m, "film"), side * side * t, 0.03, "film on pillars");
        let least = m.fabrication.steps[1].thickness.expect("a film")[0];
        // Rays followed one by one: a wall gets 0.260 of the open field in the lowest eighth at 10 um, 0.0458 at 50 um.
        let [low, high] = if h < 20.0 * UM { [0.22, 0.26] } else { [0.03, 0.046] };
        assert!(least > low * t && least < high * t, "foot of {h:e}: {least:e}");
    }
}

#[test]
fn a_starved_ald_film_ends_where_gordon_says() {
    let (side, w, h, t) = (4.0 * UM, 1.0 * UM, 20.0 * UM, 20e-9);
    let run = |exposure: Option<f64>| {
        let mut d = film("atomic-layer-deposition", "Al2O3", Role::Insulator, t);
        d.recipe.exposure = exposure;
        let p = plan(
            side,
            vec![("trench", trench(side, w))],
            vec![("etch", etch("trench", h, VERTICAL, true)), ("film", Verb::Deposit(d))],
        );
        volume(&made(&p), "film")
    };
    let top = (side - w) * side * t;
    let walls = 2.0 * h * side * t;
    let full = top + walls + (w - 2.0 * t) * side * t;
    near(run(Some(10.0)), full, 2e-3, "enough exposure");
    // a = L/(2w) = 10 at the bottom; the exposure for a = 5 stops half way down, smeared over one hydraulic diameter (2w).
    let precursor = cellwright_fab::technique::ald::Precursor {
        molar_mass: 0.07209,
        site_density: 4.7e18,
        temperature: cellwright_fab::technique::find("atomic-layer-deposition")
            .and_then(|t| t.temperature.as_ref())
            .expect("a temperature")
            .value,
    };
    let half = cellwright_fab::technique::ald::exposure(&precursor, 5.0);
    near(run(Some(half)), top + 0.5 * walls, 0.02, "half the depth");
}

#[test]
fn etched_pillars_are_frusta_and_holes_close_conically() {
    let (side, r, h, angle) = (20.0 * UM, 5.0 * UM, 20.0 * UM, 86f64.to_radians());
    let grows = h / angle.tan();
    let p = plan(
        side,
        vec![("m", disc(10.0 * UM, 2.0 * r))],
        vec![("etch", etch("m", h, angle, false))],
    );
    let m = made(&p);
    let frustum = PI * h / 3.0 * (r * r + r * (r + grows) + (r + grows).powi(2));
    near(
        volume(&m, "substrate"),
        side * side * (100.0 * UM - h) + frustum,
        1e-5,
        "wafer with pillar",
    );
    let p = plan(
        side,
        vec![("m", disc(10.0 * UM, 2.0 * r))],
        vec![("etch", etch("m", h, angle, true))],
    );
    let hole = PI * h / 3.0 * (r * r + r * (r - grows) + (r - grows).powi(2));
    near(
        side * side * 100.0 * UM - volume(&made(&p), "substrate"),
        hole,
        1e-3,
        "tapered hole",
    );
}

#[test]
fn lift_off_leaves_the_film_in_the_openings_only() {
    let (side, t) = (40.0 * UM, 100e-9);
    let resist = Deposit {
        mask: Some("resist".into()),
        ..film("lithography", "photoresist", Role::Insulator, 1.5 * UM)
    };
    let p = plan(
        side,
        vec![("resist", vec![Shape::Rectangle([0.0, 0.0], [25.0 * UM, side])])],
        vec![
            ("resist", Verb::Deposit(resist)),
            ("metal", Verb::Deposit(film("e-beam-evaporation", "Au", Role::Collector, t))),
            ("lift", Verb::LiftOff { resist: "resist".into() }),
        ],
    );
    let m = made(&p);
    near(volume(&m, "metal"), 15.0 * UM * side * t, 1e-4, "metal");
    assert_eq!(volume(&m, "resist"), 0.0);
    let codes: Vec<&str> = m.fabrication.findings.iter().map(|f| f.diagnostic.code).collect();
    assert!(!codes.contains(&"FLOAT") && !codes.contains(&"LIFT.1"), "{codes:?}");
}

#[test]
fn plating_fills_from_the_seed() {
    let (side, r, high) = (20.0 * UM, 4.0 * UM, 10.0 * UM);
    // Resist everywhere, then a hole is etched into it.
    let run = |t: f64| {
        let resist = film("lithography", "photoresist", Role::Insulator, high);
        let mut columns = film("electrodeposition", "Ni", Role::Collector, t);
        columns.on = vec!["seed".into()];
        let open = Etch {
            technique: "rie".into(),
            mask: Some("hole".into()),
            inside: true,
            depth: None,
            sidewall: VERTICAL,
            only: vec!["resist".into()],
        };
        let p = plan(
            side,
            vec![("hole", disc(10.0 * UM, 2.0 * r))],
            vec![
                ("seed", Verb::Deposit(film("atomic-layer-deposition", "Pt", Role::Collector, 50e-9))),
                ("resist", Verb::Deposit(resist)),
                ("open", Verb::Etch(open)),
                ("column", Verb::Deposit(columns)),
            ],
        );
        volume(&made(&p), "column")
    };
    near(run(6.0 * UM), PI * r * r * 6.0 * UM, 1e-3, "below the rim");
}

#[test]
fn printed_and_written_bodies_keep_the_volume_of_their_paste() {
    let side = 400.0 * UM;
    let line = |technique: &str, t: f64| Deposit {
        mask: Some("line".into()),
        ..film(technique, "LiFePO4", Role::Positive, t)
    };
    let drawn = vec![Shape::Rectangle([100.0 * UM, -side], [300.0 * UM, 2.0 * side])];
    let p = plan(
        side,
        vec![("line", drawn)],
        vec![("print", Verb::Deposit(line("screen-printing", 20.0 * UM)))],
    );
    near(volume(&made(&p), "print"), 200.0 * UM * side * 20.0 * UM, 1e-4, "screen print");
    // Eight filaments on top of each other: stadiums of the drawn width.
    let (w, layers, h) = (60.0 * UM, 8u32, 40.0 * UM);
    let mut d = line("direct-ink-writing", f64::from(layers) * h);
    d.recipe.layers = Some(layers);
    let path = vec![Shape::Path {
        points: vec![[200.0 * UM, -side], [200.0 * UM, 2.0 * side]],
        width: w,
    }];
    let p = plan(side, vec![("line", path)], vec![("wall", Verb::Deposit(d))]);
    let stadium = (w - h) * h + PI * h * h / 4.0;
    near(volume(&made(&p), "wall"), f64::from(layers) * stadium * side, 5e-4, "filament wall");
}

#[test]
fn wet_thickness_and_solids_give_the_dry_print() {
    let mut d = film("slurry-coating", "LiFePO4", Role::Positive, f64::NAN);
    d.porosity = 0.4;
    d.recipe.wet_thickness = Some(60.0 * UM);
    d.recipe.solids = Some(0.3);
    let p = plan(100.0 * UM, vec![], vec![("coat", Verb::Deposit(d))]);
    near(volume(&made(&p), "coat"), 1e-8 * 60.0 * UM * 0.3 / 0.6, 1e-9, "dry coat");
}

#[test]
fn liquid_fills_what_is_open_below_its_level() {
    let (side, w, h) = (20.0 * UM, 5.0 * UM, 10.0 * UM);
    let fill = Verb::Infill(Infill {
        material: "LiPF6-EC-DMC".into(),
        level: 2.0 * UM,
        mask: None,
    });
    let p = plan(
        side,
        vec![("trench", trench(side, w))],
        vec![("etch", etch("trench", h, VERTICAL, true)), ("gel", fill)],
    );
    near(volume(&made(&p), "gel"), side * (w * h + side * 2.0 * UM), 1e-9, "liquid");
}

#[test]
fn an_isotropic_etch_undercuts_its_mask_by_its_depth() {
    let (side, w, h) = (40.0 * UM, 10.0 * UM, 5.0 * UM);
    let wet = Verb::Etch(Etch {
        technique: "wet-etch".into(),
        mask: Some("trench".into()),
        inside: true,
        depth: Some(h),
        sidewall: VERTICAL,
        only: vec![],
    });
    let p = plan(side, vec![("trench", trench(side, w))], vec![("etch", wet)]);
    let gone = side * side * 100.0 * UM - volume(&made_with(&p, 0.1), "substrate");
    near(gone, side * (w * h + PI * h * h / 2.0), 1e-3, "undercut trench");
}

#[test]
fn electrodes_that_touch_are_a_short() {
    let p = plan(
        100.0 * UM,
        vec![],
        vec![
            ("anode", Verb::Deposit(film("rf-sputter", "a-Si", Role::Negative, 100e-9))),
            ("cathode", Verb::Deposit(film("rf-sputter", "LiCoO2", Role::Positive, 100e-9))),
        ],
    );
    let m = made(&p);
    assert!(m.fabrication.findings.iter().any(|f| f.diagnostic.code == "SHORT"));
}
