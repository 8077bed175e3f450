//! Every architecture expands to a consistent plan: at its defaults and at thousands of random values.

use super::random::{Dice, random};
use cellwright_base::units::parse_quantity;
use cellwright_fab::plan::{Form, Plan, Shape, Verb};
use cellwright_fab::rules::polygon::bounds;
use cellwright_fab::template::{TEMPLATES, Values, find};
use cellwright_materials::Library;

const DIE: [f64; 2] = [5e-3, 5e-3];

fn shape_is_sane(shape: &Shape) -> bool {
    match shape {
        Shape::Rectangle(a, b) => b[0] > a[0] && b[1] > a[1],
        Shape::Circle { diameter, .. } => *diameter > 0.0,
        Shape::Polygon(points) => points.len() >= 3 && points.iter().flatten().all(|v| v.is_finite()),
        Shape::Path { points, width } => points.len() >= 2 && *width > 0.0,
        Shape::Array { shape, count, pitch } => {
            count[0] > 0 && count[1] > 0 && pitch.iter().all(|p| p.is_finite() && *p >= 0.0) && shape_is_sane(shape)
        }
    }
}

/// What must hold for every plan of a template.
fn consistent(plan: &Plan) -> Result<(), String> {
    let slack = 1e-9;
    for m in &plan.masks {
        if plan.masks.iter().filter(|n| n.name == m.name || n.layer == m.layer).count() != 1 {
            return Err(format!("mask {} is not unique", m.name));
        }
        for s in &m.shapes {
            let b = bounds(s);
            if !shape_is_sane(s) || b[0] < -slack || b[1] < -slack || b[2] > plan.die[0] + slack || b[3] > plan.die[1] + slack {
                return Err(format!(
                    "mask {}: {s:?} with box {b:?} does not lie on the die {:?}",
                    m.name, plan.die
                ));
            }
        }
        let used = plan.steps.iter().any(|s| match &s.verb {
            Verb::Deposit(d) => d.mask.as_ref() == Some(&m.name),
            Verb::Etch(e) => e.mask.as_ref() == Some(&m.name),
            Verb::Infill(f) => f.mask.as_ref() == Some(&m.name),
            _ => false,
        });
        if !used {
            return Err(format!("mask {} is used by no step", m.name));
        }
    }
    let w = plan.window;
    if w.from[0] < -slack || w.from[1] < -slack || w.to[0] > plan.die[0] + slack || w.to[1] > plan.die[1] + slack {
        return Err(format!("window {w:?} leaves the die"));
    }
    if !(w.to[0] > w.from[0] && w.to[1] > w.from[1] && w.repeats > 0.0) {
        return Err(format!("window {w:?} is empty"));
    }
    for (i, s) in plan.steps.iter().enumerate() {
        if plan.steps.iter().filter(|t| t.name == s.name).count() != 1 {
            return Err(format!("step {} is not unique", s.name));
        }
        let before = |name: &String| name == "substrate" || plan.steps[..i].iter().any(|t| &t.name == name);
        let mask = |name: &Option<String>| name.as_ref().is_none_or(|n| plan.masks.iter().any(|m| &m.name == n));
        let good = match &s.verb {
            Verb::Deposit(d) => {
                mask(&d.mask) && d.on.iter().all(before) && d.thickness.is_finite() && d.thickness > 0.0 && (0.0..1.0).contains(&d.porosity)
            }
            Verb::Etch(e) => mask(&e.mask) && e.only.iter().all(before) && e.depth.is_none_or(f64::is_finite),
            Verb::Infill(f) => mask(&f.mask) && f.level.is_finite(),
            Verb::LiftOff { resist } => before(resist),
            Verb::Lithiate { electrode, .. } => before(electrode),
            Verb::Anneal { duration } => *duration > 0.0,
            Verb::Planarise { height } => height.is_finite(),
        };
        if !good || s.temperature.is_some_and(|t| !(250.0..1600.0).contains(&t)) {
            return Err(format!("step {} is broken: {s:?}", s.name));
        }
    }
    Ok(())
}

/// Area of everything electrochemical that the plan draws: no more windows than fit.
fn active_area(plan: &Plan) -> f64 {
    let wet: Vec<_> = plan
        .steps
        .iter()
        .filter_map(|s| match &s.verb {
            Verb::Infill(f) => f.mask.as_ref(),
            Verb::Etch(e) if !e.inside && !e.only.is_empty() => e.mask.as_ref(),
            Verb::Deposit(d) if d.role == cellwright_device::Role::Electrolyte => d.mask.as_ref(),
            _ => None,
        })
        .filter_map(|n| plan.masks.iter().find(|m| &m.name == n))
        .flat_map(|m| m.shapes.iter().map(bounds))
        .collect();
    wet.iter().map(|b| (b[2] - b[0]) * (b[3] - b[1])).fold(0.0, f64::max)
}

fn windows_fit(plan: &Plan) -> Result<(), String> {
    let w = plan.window;
    let area = (w.to[0] - w.from[0]) * (w.to[1] - w.from[1]) * w.repeats;
    // A wire has a window that holds its wrap, so it is compared along its axis only.
    let most = match plan.substrate.form {
        Form::Wafer { .. } => active_area(plan),
        Form::Fibre { .. } => plan.die[0] * (w.to[1] - w.from[1]),
    };
    if area <= most * (1.0 + 1e-9) {
        Ok(())
    } else {
        Err(format!("windows cover {area} m2 of {most} m2"))
    }
}

#[test]
fn defaults_expand() {
    for t in TEMPLATES {
        let plan = (t.expand)(&t.defaults("test", DIE)).unwrap_or_else(|m| panic!("{}: {m}", t.name));
        consistent(&plan)
            .and_then(|()| windows_fit(&plan))
            .unwrap_or_else(|e| panic!("{}: {e}", t.name));
        assert!(plan.steps.len() >= 4, "{}", t.name);
    }
}

#[test]
fn defaults_lie_within_their_bounds_and_read_back() {
    for t in TEMPLATES {
        assert!(std::ptr::eq(
            find(t.name).expect("found"),
            TEMPLATES.iter().find(|u| u.name == t.name).expect("listed")
        ));
        for p in t.parameters {
            assert!((p.bounds.0..=p.bounds.1).contains(&p.default), "{}.{}", t.name, p.name);
            let read = parse_quantity(p.shown, p.dimension).unwrap_or_else(|e| panic!("{}.{}: {e:?}", t.name, p.name));
            assert!(
                (read / p.default - 1.0).abs() < 1e-12,
                "{}.{}: {} is not {}",
                t.name,
                p.name,
                p.shown,
                p.default
            );
            assert!(
                p.doc.ends_with('.') && (!p.whole || p.default.fract() == 0.0),
                "{}.{}",
                t.name,
                p.name
            );
        }
    }
}

#[test]
fn default_materials_are_on_the_shelf() {
    let shelf = Library::embedded();
    for t in TEMPLATES {
        for s in t.films.iter().filter(|s| s.material != "photoresist") {
            assert!(shelf.names().any(|n| n == s.material), "{}.{}: {}", t.name, s.name, s.material);
        }
    }
}

#[test]
fn coaxial_default_is_the_unit_cell_of_the_closed_forms() {
    let t = find("coaxial-pillars").expect("known");
    let plan = (t.expand)(&t.defaults("test", DIE)).expect("expands");
    let w = plan.window;
    assert!((w.to[0] - w.from[0] - 20e-6).abs() < 1e-15 && (w.to[1] - w.from[1] - 20e-6).abs() < 1e-15);
    assert_eq!(w.repeats, 10_000.0);
    let Shape::Array { shape, pitch, .. } = &plan.masks[0].shapes[0] else {
        panic!("pillars are an array")
    };
    let Shape::Circle { centre, diameter } = **shape else {
        panic!("pillars are round")
    };
    assert_eq!(diameter, 10e-6);
    // One pillar stands in the middle of the window.
    for i in [0, 1] {
        let k = ((w.from[i] + w.to[i]) / 2.0 - centre[i]) / pitch[i];
        assert!((k - k.round()).abs() < 1e-6, "{k}");
    }
}

/// Area of the part of a polygon in a rectangle, clipped side by side.
fn area_within(ring: &[[f64; 2]], w: [f64; 4]) -> f64 {
    let mut piece = ring.to_vec();
    for (axis, limit, sign) in [(0, w[0], 1.0), (1, w[1], 1.0), (0, w[2], -1.0), (1, w[3], -1.0)] {
        let depth = |p: [f64; 2]| sign * (p[axis] - limit);
        let mut next = vec![];
        for i in 0..piece.len() {
            let (p, q) = (piece[i], piece[(i + 1) % piece.len()]);
            if depth(p) >= 0.0 {
                next.push(p);
            }
            if (depth(p) >= 0.0) != (depth(q) >= 0.0) {
                let t = depth(p) / (depth(p) - depth(q));
                next.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
            }
        }
        piece = next;
    }
    let n = piece.len();
    let cross = |i: usize| piece[i][0] * piece[(i + 1) % n][1] - piece[i][1] * piece[(i + 1) % n][0];
    ((0..n).map(cross).sum::<f64>() / 2.0).abs()
}

/// Area in a rectangle of shapes that do not overlap, element by element.
fn covered(shape: &Shape, by: [f64; 2], w: [f64; 4]) -> f64 {
    let b = bounds(shape);
    if b[0] + by[0] > w[2] || b[2] + by[0] < w[0] || b[1] + by[1] > w[3] || b[3] + by[1] < w[1] {
        return 0.0;
    }
    let at = |p: &[f64; 2]| [p[0] + by[0], p[1] + by[1]];
    match shape {
        Shape::Rectangle(a, b) => area_within(&[*a, [b[0], a[1]], *b, [a[0], b[1]]].map(|p| at(&p)), w),
        Shape::Polygon(points) => area_within(&points.iter().map(at).collect::<Vec<_>>(), w),
        Shape::Array { shape, pitch, count } => (0..count[0])
            .flat_map(|i| (0..count[1]).map(move |j| [f64::from(i) * pitch[0], f64::from(j) * pitch[1]]))
            .map(|d| covered(shape, at(&d), w))
            .sum(),
        round => panic!("{round:?} is not drawn here"),
    }
}

/// Windows of interlaced pillars hold one whole pillar of each kind.
#[test]
fn interlaced_window_holds_one_pillar_of_each_kind() {
    for (name, diameter, each) in [("interlaced-pillars", 16e-6f64, 1.0), ("column-interdigital", 16e-6, 2.0)] {
        let t = find(name).expect("known");
        let plan = (t.expand)(&t.defaults("test", DIE)).expect("expands");
        let w = [plan.window.from[0], plan.window.from[1], plan.window.to[0], plan.window.to[1]];
        for mask in plan.masks.iter().filter(|m| m.name.ends_with("columns-template")) {
            let resist: f64 = mask.shapes.iter().map(|s| covered(s, [0.0; 2], w)).sum();
            let open = (w[2] - w[0]) * (w[3] - w[1]) - resist;
            let disc = std::f64::consts::PI / 4.0 * diameter * diameter;
            assert!((open / (each * disc) - 1.0).abs() < 1e-6, "{name} {}: {}", mask.name, open / disc);
        }
    }
}

#[test]
fn what_cannot_stand_together_says_both_numbers() {
    let t = find("coaxial-pillars").expect("known");
    let mut v = t.defaults("test", DIE);
    set(&mut v, "pitch", 9e-6);
    let m = (t.expand)(&v).expect_err("pillars touch");
    assert_eq!(m.parameter, "pitch");
    assert_eq!(m.message, "neighbouring pillars touch: 10.2 µm needed, 9 µm there");
    assert_eq!(m.hint, "widen the pitch or thin the pillars");
    set(&mut v, "pitch", 1.0);
    assert_eq!(
        (t.expand)(&v).expect_err("bounds").message,
        "pitch = 1 m is outside 1.5 µm to 300 µm"
    );
    v.parameters.pop();
    assert!((t.expand)(&v).is_err());
    let t = find("filament-walls").expect("known");
    let mut v = t.defaults("test", DIE);
    v.films[3].thickness = 1e-6;
    assert_eq!(
        (t.expand)(&v).expect_err("thickness").message,
        "film negative has a thickness of 1 µm, but it follows from the dimensions of the template"
    );
}

fn set(v: &mut Values, name: &str, value: f64) {
    v.parameters.iter_mut().find(|(n, _)| *n == name).expect("known parameter").1 = value;
}

#[test]
fn five_thousand_random_sets_expand_or_say_why_not() {
    let mut dice = Dice(20_260_101);
    let (mut total, mut refused) = (0, 0);
    let mut shares = vec![];
    for t in TEMPLATES {
        let mut here = 0;
        let n = 5000 / TEMPLATES.len() + 1;
        for _ in 0..n {
            let v = random(t, &mut dice);
            match (t.expand)(&v) {
                Ok(plan) => consistent(&plan)
                    .and_then(|()| windows_fit(&plan))
                    .unwrap_or_else(|e| panic!("{}: {e}\n{v:?}", t.name)),
                Err(m) => {
                    assert!(
                        m.message.chars().filter(char::is_ascii_digit).count() >= 2 && !m.hint.is_empty(),
                        "{m:?}"
                    );
                    here += 1;
                }
            }
        }
        total += n;
        refused += here;
        shares.push(format!("{} {:.0} %", t.name, 100.0 * here as f64 / n as f64));
    }
    let share = refused as f64 / total as f64;
    assert!(total >= 5000 && share < 0.2, "{:.1} % refused: {shares:?}", 100.0 * share);
    eprintln!("{total} sets, {:.1} % refused: {shares:?}", 100.0 * share);
}
