//! Every architecture keeps all rules at its defaults, and one dimension pushed too far breaks exactly the right rule.

use cellwright_base::diagnostic::{ErrorKind, Severity};
use cellwright_device::Role;
use cellwright_fab::fabrication::{Finding, Region};
use cellwright_fab::plan::{Plan, Verb};
use cellwright_fab::rules::observed::{Bridge, Film, Observed, Plated};
use cellwright_fab::rules::{Knowledge, RULES, check_finished, check_observed, check_plan};
use cellwright_fab::template::{TEMPLATES, Values, find};

const UM: f64 = 1e-6;

/// What is changed.
enum Push {
    /// A dimension, SI.
    Dimension(&'static str, f64),
    /// A film's thickness, m.
    Thickness(&'static str, f64),
    /// A film's technique.
    Technique(&'static str, &'static str),
    /// The plan itself.
    Plan(fn(&mut Plan)),
}
use Push::{Dimension, Technique, Thickness};

/// Architecture, what is pushed, rules that break.
type Case = (&'static str, &'static [Push], &'static [&'static str]);

static CASES: &[Case] = &[
    ("laminated", &[Dimension("overlap", 30.0 * UM)], &["LITHO.OVL"]),
    ("laminated", &[Thickness("positive", 15.0 * UM)], &["RANGE"]),
    ("laminated", &[Dimension("seal_width", 60.0 * UM)], &["ENCAP.RING"]),
    ("laminated", &[Dimension("pad", 70.0 * UM)], &["TAB"]),
    ("laminated", &[Push::Plan(small_electrolyte)], &["LITHO.OVL"]),
    ("laminated", &[Push::Plan(late_anneal)], &["ANNEAL"]),
    ("laminated", &[Push::Plan(hot_encapsulation)], &["TEMP"]),
    ("planar-interdigital", &[Dimension("finger_width", 100.0 * UM)], &["PRINT.RES"]),
    (
        "planar-interdigital",
        &[Dimension("gap", 10.0 * UM), Dimension("inset", 10.0 * UM)],
        &["LITHO.OVL", "PRINT.GAP"],
    ),
    ("planar-interdigital", &[Push::Plan(cold_ald)], &["LIFT.2"]),
    ("planar-interdigital", &[Push::Plan(thin_resist)], &["LIFT.1"]),
    (
        "planar-interdigital",
        &[Technique("lid", "chemical-vapour-deposition"), Thickness("lid", 20.0 * UM)],
        &["INFILL.VAC", "TEMP"],
    ),
    ("filament-walls", &[Dimension("nozzle", 100.0 * UM)], &["DIW.NOZ"]),
    (
        "filament-walls",
        &[Dimension("layer_height", 50.0 * UM), Dimension("negative_layers", 30.0)],
        &["DIW.WALL"],
    ),
    ("filament-walls", &[Dimension("inset", 2.0 * UM)], &["LITHO.OVL"]),
    ("column-interdigital", &[Dimension("column_height", 65.0 * UM)], &["ED.OVER"]),
    (
        "column-interdigital",
        &[Dimension("column_diameter", 2.0 * UM), Dimension("inset", 10.0 * UM)],
        &["LITHO.AR"],
    ),
    ("column-interdigital", &[Push::Plan(no_seed)], &["ED.SEED"]),
    ("interlaced-pillars", &[Dimension("pillar_diameter", 5.0 * UM)], &["LITHO.AR"]),
    (
        "interlaced-pillars",
        &[Dimension("bus_width", 5.0 * UM), Dimension("pad", 60.0 * UM)],
        &["TAB"],
    ),
    ("coaxial-pillars", &[Thickness("positive", 5.0 * UM)], &["ALD.PINCH"]),
    ("coaxial-pillars", &[Dimension("pillar_height", 250.0 * UM)], &["DRIE.AR"]),
    ("coaxial-pillars", &[Dimension("sidewall", 84.0)], &["DRIE.TAPER"]),
    ("coaxial-pillars", &[Technique("electrolyte", "rf-sputter")], &["PVD.SC"]),
    (
        "coaxial-pillars",
        &[Dimension("pillar_diameter", 0.8 * UM), Dimension("pitch", 20.0 * UM)],
        &["LITHO.W"],
    ),
    (
        "coaxial-pillars",
        &[
            Technique("positive", "atomic-layer-deposition"),
            Thickness("positive", 100e-9),
            Dimension("pitch", 10.8 * UM),
            Dimension("pillar_height", 10.0 * UM),
        ],
        &["LITHO.S"],
    ),
    ("microtubes", &[Dimension("hole_depth", 70.0 * UM)], &["DRIE.AR"]),
    (
        "microtubes",
        &[Dimension("hole_depth", 58.0 * UM), Push::Plan(short_dose)],
        &["ALD.EXP"],
    ),
    ("microtubes", &[Dimension("sidewall", 87.0)], &["DRIE.TAPER"]),
    (
        "microtubes",
        &[Technique("positive", "pecvd"), Thickness("positive", 1.5 * UM)],
        &["ALD.PINCH"],
    ),
    ("microtubes", &[Push::Plan(two_widths)], &["DRIE.LAG"]),
    ("wire", &[Push::Plan(narrow_wrap)], &["ENCAP.RING"]),
    ("porous-scaffold", &[Dimension("inset", 0.5 * UM)], &["LITHO.OVL"]),
    ("porous-scaffold", &[Thickness("negative", 120.0 * UM)], &["RANGE"]),
    ("silicon-wafer", &[Dimension("trench_width", 2.0 * UM)], &["DRIE.AR"]),
    (
        "silicon-wafer",
        &[Thickness("positive", 620.0 * UM), Thickness("wafer", 1200.0 * UM)],
        &["DRIE.MASK"],
    ),
    ("electroplated", &[Dimension("seal_width", 60.0 * UM)], &["ENCAP.RING", "PRINT.RES"]),
];

fn step<'a>(plan: &'a mut Plan, name: &str) -> &'a mut Verb {
    &mut plan.steps.iter_mut().find(|s| s.name == name).expect("known step").verb
}

fn late_anneal(plan: &mut Plan) {
    let i = plan.steps.iter().position(|s| s.name == "anneal").expect("annealed");
    let anneal = plan.steps.remove(i);
    plan.steps.push(anneal);
}

/// Solid electrolyte that reaches only 20 um beyond the positive electrode.
fn small_electrolyte(plan: &mut Plan) {
    use cellwright_fab::plan::Shape::Rectangle;
    let Rectangle(a, b) = plan.masks.iter().find(|m| m.name == "positive").expect("mask").shapes[0].clone() else {
        panic!("rectangle")
    };
    let by = 20.0 * UM;
    let mask = plan.masks.iter_mut().find(|m| m.name == "electrolyte").expect("mask");
    mask.shapes = vec![Rectangle([a[0] - by, a[1] - by], [b[0] + by, b[1] + by])];
}

fn hot_encapsulation(plan: &mut Plan) {
    plan.steps.last_mut().expect("steps").temperature = Some(473.15);
}

fn cold_ald(plan: &mut Plan) {
    let Verb::Deposit(d) = step(plan, "collector") else {
        panic!("film")
    };
    d.technique = "atomic-layer-deposition".to_owned();
    plan.steps
        .iter_mut()
        .find(|s| s.name == "collector")
        .expect("known step")
        .temperature = Some(353.15);
}

fn thin_resist(plan: &mut Plan) {
    let Verb::Deposit(d) = step(plan, "resist") else { panic!("resist") };
    d.thickness = 0.5 * UM;
    let Verb::Deposit(d) = step(plan, "collector") else {
        panic!("film")
    };
    d.thickness = 0.4 * UM;
}

fn no_seed(plan: &mut Plan) {
    let Verb::Deposit(d) = step(plan, "negative") else { panic!("film") };
    d.on = vec!["nickel".to_owned()];
}

fn short_dose(plan: &mut Plan) {
    let Verb::Deposit(d) = step(plan, "negative") else { panic!("film") };
    d.recipe.exposure = Some(0.2);
}

fn two_widths(plan: &mut Plan) {
    let wide = cellwright_fab::plan::Shape::Circle {
        centre: [300.0 * UM, 300.0 * UM],
        diameter: 7.0 * UM,
    };
    plan.masks.iter_mut().find(|m| m.name == "holes").expect("mask").shapes.push(wide);
}

/// A wrap that leaves 10 um of the gel bare along one side.
fn narrow_wrap(plan: &mut Plan) {
    use cellwright_fab::plan::Shape::Rectangle;
    let mask = |plan: &Plan, name: &str| plan.masks.iter().find(|m| m.name == name).expect("mask").shapes[0].clone();
    let (Rectangle(a, b), Rectangle(from, _)) = (mask(plan, "gel"), mask(plan, "wrap")) else {
        panic!("rectangles")
    };
    let wrap = plan.masks.iter_mut().find(|m| m.name == "wrap").expect("mask");
    wrap.shapes = vec![Rectangle([a[0], from[1]], [b[0], b[1] - 10.0 * UM])];
}

fn expand(template: &str, pushes: &[Push]) -> Plan {
    let t = find(template).expect("known template");
    let mut v: Values = t.defaults("test", [5e-3, 5e-3]);
    for push in pushes {
        match push {
            Dimension(name, value) => v.parameters.iter_mut().find(|(n, _)| n == name).expect("known dimension").1 = *value,
            Thickness(name, value) => v.films.iter_mut().find(|f| f.name == *name).expect("known film").thickness = *value,
            Technique(name, technique) => {
                v.films.iter_mut().find(|f| f.name == *name).expect("known film").technique = (*technique).to_owned();
            }
            Push::Plan(_) => (),
        }
    }
    let mut plan = (t.expand)(&v).unwrap_or_else(|m| panic!("{template}: {m}"));
    for push in pushes {
        if let Push::Plan(change) = push {
            change(&mut plan);
        }
    }
    plan
}

fn ids(findings: &[Finding]) -> Vec<&'static str> {
    let mut ids: Vec<&str> = findings.iter().map(|f| f.diagnostic.code).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The findings as a user reads them.
fn text(title: &str, findings: &[Finding]) -> String {
    let mut out = format!("# {title}\n");
    for f in findings {
        let d = &f.diagnostic;
        let severity = if d.severity == Severity::Error { "error" } else { "warning" };
        out.push_str(&format!("{severity}[{}]: {}\n  help: {}\n", d.code, d.message, d.helps.join("; ")));
        assert_eq!(d.kind == ErrorKind::BarFailed, d.severity == Severity::Error, "{d}");
        assert!(
            d.message.chars().any(|c| c.is_ascii_digit()) || d.code == "ED.SEED",
            "no number: {d}"
        );
    }
    out
}

#[test]
fn defaults_break_no_rule() {
    let mut all = String::new();
    for t in TEMPLATES {
        let findings = check_plan(&expand(t.name, &[]), &Knowledge::default());
        if !findings.is_empty() {
            all.push_str(&text(t.name, &findings));
        }
    }
    assert!(all.is_empty(), "{all}");
}

#[test]
fn one_push_breaks_the_right_rule() {
    let mut wrong = String::new();
    for (template, pushes, expected) in CASES {
        let findings = check_plan(&expand(template, pushes), &Knowledge::default());
        if ids(&findings) != *expected {
            wrong.push_str(&text(&format!("{template}: expected {expected:?}"), &findings));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_template_has_a_case() {
    for t in TEMPLATES {
        assert!(CASES.iter().any(|(name, ..)| *name == t.name), "{}", t.name);
    }
}

fn region(name: &str, role: Role, step: Option<usize>) -> Region {
    Region {
        name: name.to_owned(),
        material: name.to_owned(),
        role,
        step,
        porosity: 0.0,
    }
}

/// A coaxial chip in a good state: substrate, collector, positive, electrolyte, negative, upper collector.
fn good() -> Observed {
    let roles = [
        ("substrate", Role::Substrate, None),
        ("collector", Role::Collector, Some(1)),
        ("positive", Role::Positive, Some(2)),
        ("electrolyte", Role::Electrolyte, Some(3)),
        ("negative", Role::Negative, Some(4)),
        ("top-collector", Role::Collector, Some(5)),
    ];
    Observed {
        step: Some(5),
        regions: roles.iter().map(|(n, r, s)| region(n, *r, *s)).collect(),
        contacts: (0..5).map(|i| (i, i + 1, 2e-9)).collect(),
        joined: vec![vec![1, 2], vec![4, 5]],
        films: vec![Film {
            step: 3,
            thickness: [18e-9, 20e-9, 20e-9],
            place: [1e-3, 1e-3, -50e-6],
        }],
        electrolyte: Some((18e-9, [1e-3, 1e-3, -50e-6])),
        balance: Some(1.15),
        ..Observed::default()
    }
}

/// What is made wrong and the rule it breaks.
type Spoil = (&'static str, fn(&mut Observed));

static SPOILS: &[Spoil] = &[
    ("SHORT", |o| {
        o.contacts.extend([(5, 2, 92.2e-12), (5, 4, 48.5e-12)]);
        o.joined = vec![vec![1, 2, 4, 5]];
    }),
    ("SHORT", |o| {
        o.contacts.push((2, 4, 3e-12));
        o.joined = vec![vec![1, 2, 4, 5]];
    }),
    ("ELYTE.PIN", |o| o.electrolyte = Some((9e-9, [1e-3, 1e-3, -40e-6]))),
    ("VOID", |o| o.voids.push((13.7e-18, [1e-3, 1e-3, -12e-6]))),
    ("FLOAT", |o| o.loose.push((4, 12.4e-18))),
    ("INFILL.ACCESS", |o| o.unreached.push((5e-15, [1e-3, 1e-3, -12e-6]))),
    ("ED.SEED", |o| {
        o.plated.push(Plated {
            step: 5,
            seeded: 40,
            unseeded: 1,
            place: [1e-3, 1e-3, -50e-6],
        });
    }),
    ("DIW.SPAN", |o| {
        o.bridges.push(Bridge {
            step: 5,
            length: 2e-3,
            width: 60e-6,
            place: [1e-3, 1e-3, 40e-6],
        });
    }),
    ("CMP.STOP", |o| o.plane = Some(vec![1, 2])),
    ("BALANCE", |o| o.balance = Some(6.7)),
    ("TAB", |o| o.joined = vec![vec![1, 2], vec![4]]),
    ("PVD.SC", |o| o.films[0].thickness[0] = 8e-9),
];

fn observed(spoil: fn(&mut Observed)) -> Vec<Finding> {
    let mut plan = expand("coaxial-pillars", &[]);
    let Verb::Deposit(d) = &mut plan.steps[3].verb else {
        panic!("electrolyte")
    };
    d.technique = "rf-sputter".to_owned();
    let mut seen = good();
    spoil(&mut seen);
    let mut findings = check_observed(&plan, &seen, &Knowledge::default());
    findings.extend(check_finished(&plan, &seen));
    findings
}

#[test]
fn geometry_rules() {
    assert_eq!(ids(&observed(|_| ())), Vec::<&str>::new());
    for (id, spoil) in SPOILS {
        assert_eq!(ids(&observed(*spoil)), [*id]);
    }
}

/// Nonsense that a reader of files may hand over: no panic, whatever else comes out.
#[test]
fn broken_plans_do_not_panic() {
    use cellwright_fab::plan::{Form, Mask, Shape, Substrate, Window};
    let shapes = vec![
        Shape::Polygon(vec![]),
        Shape::Polygon(vec![[0.0, 0.0], [f64::NAN, 1.0], [1.0, 0.0]]),
        Shape::Circle {
            centre: [0.0, 0.0],
            diameter: -1.0,
        },
        Shape::Path {
            points: vec![[0.0, 0.0]],
            width: 0.0,
        },
        Shape::Path {
            points: vec![[0.0, 0.0], [0.0, 0.0]],
            width: 1e-6,
        },
        Shape::Array {
            shape: Box::new(Shape::Rectangle([1e-4, 1e-4], [0.0, 0.0])),
            pitch: [-1e-3, 0.0],
            count: [u32::MAX, u32::MAX],
        },
        Shape::Array {
            shape: Box::new(Shape::Rectangle([0.0, 0.0], [1e-6, 1e-6])),
            pitch: [f64::INFINITY, f64::NAN],
            count: [0, 3],
        },
    ];
    for t in TEMPLATES {
        let mut plan = expand(t.name, &[]);
        for m in &mut plan.masks {
            m.shapes.extend(shapes.clone());
        }
        check_plan(&plan, &Knowledge::default());
        plan.masks.clear();
        check_plan(&plan, &Knowledge::default());
        plan.window.to = plan.window.from;
        for s in &mut plan.steps {
            match &mut s.verb {
                Verb::Deposit(d) => (d.thickness, d.mask) = (f64::NAN, Some("none".to_owned())),
                Verb::Etch(e) => (e.depth, e.sidewall) = (Some(f64::NAN), 0.0),
                Verb::LiftOff { resist } => resist.clear(),
                _ => s.temperature = Some(f64::NAN),
            }
        }
        plan.masks.push(Mask {
            name: "none".to_owned(),
            layer: (0, 0),
            shapes: shapes.clone(),
            place: None,
        });
        check_plan(&plan, &Knowledge::default());
    }
    let empty = Plan {
        finger: None,
        name: String::new(),
        die: [0.0, 0.0],
        substrate: Substrate {
            material: String::new(),
            role: Role::Substrate,
            form: Form::Wafer { thickness: 0.0 },
        },
        masks: vec![],
        steps: vec![],
        window: Window {
            from: [0.0; 2],
            to: [0.0; 2],
            repeats: 0.0,
            tabs: None,
        },
    };
    let seen = Observed {
        step: Some(7),
        contacts: vec![(9, 8, 1.0)],
        joined: vec![vec![9, 8, 7]],
        loose: vec![(3, 1.0)],
        films: vec![Film {
            step: 99,
            thickness: [0.0; 3],
            place: [0.0; 3],
        }],
        plane: Some(vec![5]),
        balance: Some(f64::NAN),
        ..Observed::default()
    };
    check_plan(&empty, &Knowledge::default());
    check_observed(&empty, &seen, &Knowledge::default());
    check_finished(&empty, &seen);
}

/// Every rule of the table is broken by a case above.
#[test]
fn every_rule_has_a_case() {
    for r in RULES {
        let broken = CASES.iter().any(|(.., ids)| ids.contains(&r.id)) || SPOILS.iter().any(|(id, _)| *id == r.id);
        assert!(broken, "{} is never broken", r.id);
        assert!(!r.words.ends_with('.') && r.doc.ends_with('.'), "{}", r.id);
        assert_eq!(RULES.iter().filter(|s| s.id == r.id).count(), 1);
    }
}

#[test]
fn messages_read_as_before() {
    let mut all = String::new();
    for (template, pushes, expected) in CASES {
        let findings = check_plan(&expand(template, pushes), &Knowledge::default());
        all.push_str(&text(&format!("{template} {expected:?}"), &findings));
    }
    for (id, spoil) in SPOILS {
        all.push_str(&text(id, &observed(*spoil)));
    }
    let golden = include_str!("template_rules.golden");
    if all != golden {
        let line = all.lines().zip(golden.lines()).find(|(a, b)| a != b);
        panic!("messages differ from template_rules.golden, first at {line:?}; all of them now:\n{all}");
    }
}
