//! Rules on real geometry: every architecture keeps them at its defaults, and for each one a flow that breaks it in the emulator.

use cellwright_device::Role;
use cellwright_fab::emulate::{Options, fabricate};
use cellwright_fab::fabrication::Finding;
use cellwright_fab::plan::{Deposit, Etch, Form, Infill, Mask, Plan, Recipe, Shape, Step, Substrate, Verb, Window};
use cellwright_fab::template::{TEMPLATES, find};
use cellwright_materials::Library;
use std::collections::BTreeSet;

const UM: f64 = 1e-6;

fn findings(plan: &Plan, coarseness: f64) -> Vec<Finding> {
    let options = Options {
        coarseness,
        ..Options::default()
    };
    match fabricate(plan, &Library::embedded(), &options) {
        Ok(made) => made.fabrication.findings,
        Err(faults) => panic!("{}: {}", plan.name, faults[0]),
    }
}

fn codes(findings: &[Finding]) -> BTreeSet<&'static str> {
    findings.iter().map(|f| f.diagnostic.code).collect()
}

#[test]
fn every_template_keeps_all_rules_at_its_defaults() {
    let mut wrong = String::new();
    for t in TEMPLATES {
        let plan = (t.expand)(&t.defaults("test", [5e-3, 5e-3])).expect("defaults expand");
        for f in findings(&plan, 1.0) {
            wrong.push_str(&format!("{}: {}\n", t.name, f.diagnostic));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A flow on a silicon wafer 500 um thick; everything in micrometres.
struct Flow(Plan);

impl Flow {
    fn new(side: f64) -> Flow {
        let side = side * UM;
        Flow(Plan {
            finger: None,
            name: "test".to_owned(),
            die: [side, side],
            substrate: Substrate {
                material: "Si".to_owned(),
                role: Role::Substrate,
                form: Form::Wafer { thickness: 500.0 * UM },
            },
            masks: vec![],
            steps: vec![],
            window: Window {
                from: [0.0; 2],
                to: [side; 2],
                repeats: 1.0,
                tabs: None,
            },
        })
    }

    fn mask(mut self, name: &str, rectangles: &[[f64; 4]]) -> Flow {
        let corner = |x: f64, y: f64| [x * UM, y * UM];
        self.0.masks.push(Mask {
            name: name.to_owned(),
            layer: (self.0.masks.len() as u16 + 1, 0),
            shapes: rectangles
                .iter()
                .map(|r| Shape::Rectangle(corner(r[0], r[1]), corner(r[2], r[3])))
                .collect(),
            place: None,
        });
        self
    }

    fn step(mut self, name: &str, verb: Verb) -> Flow {
        self.0.steps.push(Step {
            name: name.to_owned(),
            verb,
            temperature: Some(300.0),
            place: None,
        });
        self
    }

    fn film(self, name: &str, technique: &str, material: &str, role: Role, thickness: f64, mask: Option<&str>) -> Flow {
        self.film_with(name, technique, material, role, thickness, mask, |_| ())
    }

    #[expect(clippy::too_many_arguments, reason = "a table of films")]
    fn film_with(
        self,
        name: &str,
        technique: &str,
        material: &str,
        role: Role,
        thickness: f64,
        mask: Option<&str>,
        more: impl FnOnce(&mut Deposit),
    ) -> Flow {
        let mut d = Deposit {
            technique: technique.to_owned(),
            material: material.to_owned(),
            role,
            thickness: thickness * UM,
            mask: mask.map(str::to_owned),
            on: vec![],
            porosity: 0.0,
            recipe: Recipe::default(),
        };
        more(&mut d);
        self.step(name, Verb::Deposit(d))
    }

    fn etch(self, technique: &str, mask: Option<&str>, depth: Option<f64>, degrees: f64, only: &[&str]) -> Flow {
        self.step(
            "etch",
            Verb::Etch(Etch {
                technique: technique.to_owned(),
                mask: mask.map(str::to_owned),
                inside: true,
                depth: depth.map(|d| d * UM),
                sidewall: degrees.to_radians(),
                only: only.iter().map(|s| (*s).to_owned()).collect(),
            }),
        )
    }

    fn fill(self, level: f64, mask: &str) -> Flow {
        self.step(
            "electrolyte",
            Verb::Infill(Infill {
                material: "LiPF6-EC-DEC".to_owned(),
                level: level * UM,
                mask: Some(mask.to_owned()),
            }),
        )
    }
}

/// Thin films through shadow masks; the upper electrode and its collector cover the square `anode`.
fn thin_film(anode: [f64; 4], electrolyte: f64, collected: bool) -> Plan {
    let flow = Flow::new(1000.0)
        .mask("cathode", &[[300.0, 300.0, 700.0, 700.0]])
        .mask("cover", &[[200.0, 200.0, 800.0, 800.0]])
        .mask("anode", &[anode])
        .mask("contact", &[[anode[0] + 10.0, anode[1] + 10.0, anode[2] - 10.0, anode[3] - 10.0]])
        .film("collector", "rf-sputter", "Pt", Role::Collector, 0.2, None)
        .film("positive", "rf-sputter", "LiCoO2", Role::Positive, 0.3, Some("cathode"))
        .film(
            "electrolyte",
            "atomic-layer-deposition",
            "LiPON",
            Role::Electrolyte,
            electrolyte,
            Some("cover"),
        )
        .film("negative", "thermal-evaporation", "Li", Role::Negative, 0.5, Some("anode"));
    if collected {
        flow.film("top-collector", "pecvd", "Cu", Role::Collector, 0.2, Some("contact")).0
    } else {
        flow.0
    }
}

const ANODE: [f64; 4] = [400.0, 400.0, 600.0, 600.0];

/// A trench 2 um wide or a mouth 4 um wide whose walls lean, under a film.
fn trench(width: f64, depth: f64, degrees: f64) -> Flow {
    let (low, high) = (6.0 - width / 2.0, 6.0 + width / 2.0);
    Flow::new(12.0)
        .mask("trench", &[[low, -10.0, high, 30.0]])
        .etch("drie", Some("trench"), Some(depth), degrees, &[])
}

fn conformal(n: usize) -> Plan {
    let mut flow = trench(2.0, 10.0, 90.0);
    for i in 0..n {
        flow = flow.film(&format!("film-{i}"), "atomic-layer-deposition", "Al2O3", Role::Insulator, 0.4, None);
    }
    flow.0
}

fn dosed(exposure: f64) -> Plan {
    trench(2.0, 30.0, 90.0)
        .film_with("film", "atomic-layer-deposition", "Al2O3", Role::Insulator, 0.05, None, |d| {
            d.recipe.exposure = Some(exposure);
        })
        .0
}

fn sputtered(depth: f64) -> Plan {
    trench(5.0, depth, 90.0)
        .film("film", "rf-sputter", "Pt", Role::Collector, 0.1, None)
        .0
}

fn capped(thickness: f64) -> Plan {
    trench(4.0, 20.0, 100.0)
        .film("cap", "atomic-layer-deposition", "parylene-C", Role::Encapsulation, thickness, None)
        .0
}

fn beam(released: bool) -> Plan {
    let flow = Flow::new(400.0)
        .mask("beam", &[[100.0, 150.0, 300.0, 250.0]])
        .film("oxide", "pecvd", "SiO2", Role::Insulator, 2.0, None)
        .film("beam", "pecvd", "Si3N4", Role::Insulator, 1.0, Some("beam"));
    if released {
        flow.etch("wet-etch", None, None, 90.0, &["oxide"]).0
    } else {
        flow.0
    }
}

fn plated_pad(from: f64) -> Plan {
    Flow::new(1000.0)
        .mask("pad", &[[from, 300.0, 700.0, 700.0]])
        .film("seed", "e-beam-evaporation", "Au", Role::Collector, 0.2, Some("pad"))
        .film_with("nickel", "electrodeposition", "Ni", Role::Collector, 5.0, None, |d| {
            d.on = vec!["seed".to_owned()]
        })
        .0
}

fn plated_in_resist(thickness: f64) -> Plan {
    Flow::new(60.0)
        .mask(
            "resist",
            &[
                [-50.0, -50.0, 20.0, 110.0],
                [40.0, -50.0, 110.0, 110.0],
                [20.0, -50.0, 40.0, 20.0],
                [20.0, 40.0, 40.0, 110.0],
            ],
        )
        .film("seed", "e-beam-evaporation", "Au", Role::Collector, 0.2, None)
        .film("resist", "lithography", "photoresist", Role::Insulator, 10.0, Some("resist"))
        .film_with("nickel", "electrodeposition", "Ni", Role::Collector, thickness, None, |d| {
            d.on = vec!["seed".to_owned()];
        })
        .step(
            "strip",
            Verb::LiftOff {
                resist: "resist".to_owned(),
            },
        )
        .0
}

/// A dam of 300 um around a pool of liquid under a lid.
fn pool(lid_first: bool) -> Plan {
    let flow = Flow::new(2000.0)
        .mask(
            "dam",
            &[
                [100.0, 100.0, 400.0, 1900.0],
                [1600.0, 100.0, 1900.0, 1900.0],
                [400.0, 100.0, 1600.0, 400.0],
                [400.0, 1600.0, 1600.0, 1900.0],
            ],
        )
        .mask("pool", &[[400.0, 400.0, 1600.0, 1600.0]])
        .mask("lid", &[[100.0, 100.0, 1900.0, 1900.0]])
        .film("dam", "dispensing", "parylene-C", Role::Encapsulation, 100.0, Some("dam"));
    let lid = |flow: Flow| flow.film("lid", "lamination", "glass", Role::Encapsulation, 100.0, Some("lid"));
    if lid_first {
        lid(flow).fill(100.0, "pool").0
    } else {
        lid(flow.fill(100.0, "pool")).0
    }
}

fn polished(stop: bool) -> Plan {
    let mut flow = Flow::new(400.0).mask("stop", &[[-100.0, -100.0, 200.0, 500.0]]);
    if stop {
        flow = flow.film("stop", "pecvd", "SiO2", Role::Insulator, 1.0, Some("stop"));
    }
    flow.film("copper", "e-beam-evaporation", "Cu", Role::Collector, 2.0, None)
        .step("polish", Verb::Planarise { height: 0.5 * UM })
        .0
}

/// A filament 60 um wide and 6 mm long over a ditch.
fn bridge(span: f64) -> Plan {
    let mut flow = Flow::new(6000.0)
        .mask("ditch", &[[3000.0 - span / 2.0, -1000.0, 3000.0 + span / 2.0, 7000.0]])
        .mask("path", &[])
        .etch("drie", Some("ditch"), Some(100.0), 90.0, &[]);
    flow.0.masks[1].shapes.push(Shape::Path {
        points: vec![[100.0 * UM, 3000.0 * UM], [5900.0 * UM, 3000.0 * UM]],
        width: 60.0 * UM,
    });
    flow.film_with(
        "filament",
        "direct-ink-writing",
        "Si3N4",
        Role::Insulator,
        30.0,
        Some("path"),
        |d| {
            d.recipe.nozzle = Some(50.0 * UM);
        },
    )
    .0
}

fn printed(negative: f64) -> Plan {
    let t = find("planar-interdigital").expect("known");
    let mut v = t.defaults("test", [5e-3, 5e-3]);
    v.films.iter_mut().find(|f| f.name == "negative").expect("film").thickness = negative * UM;
    (t.expand)(&v).expect("expands")
}

/// Rules that break, the flow that keeps them and the flow that breaks them.
type Case = (&'static [&'static str], fn() -> Plan, fn() -> Plan);

/// Films of a fifth of a micrometre on a die of a millimetre are bodies, not rounding, only on a fine look.
const FINE: f64 = 0.25;

static CASES: &[Case] = &[
    (
        &["SHORT"],
        || thin_film(ANODE, 0.2, true),
        || thin_film([100.0, 400.0, 600.0, 600.0], 0.2, true),
    ),
    (&["ELYTE.PIN"], || thin_film(ANODE, 0.02, true), || thin_film(ANODE, 0.01, true)),
    (&["TAB"], || thin_film(ANODE, 0.2, true), || thin_film(ANODE, 0.2, false)),
    (&["ALD.PINCH"], || conformal(2), || conformal(3)),
    (&["ALD.EXP"], || dosed(10.0), || dosed(0.01)),
    (&["PVD.SC"], || sputtered(2.0), || sputtered(25.0)),
    (&["RANGE", "VOID"], || capped(0.45), || capped(2.2)),
    (&["FLOAT"], || beam(false), || beam(true)),
    (&["ED.SEED"], || plated_pad(-100.0), || plated_pad(300.0)),
    (&["ED.OVER"], || plated_in_resist(8.0), || plated_in_resist(12.0)),
    // A lid over an empty pool leaves a hollow, too.
    (&["INFILL.ACCESS", "VOID"], || pool(false), || pool(true)),
    (&["CMP.STOP"], || polished(true), || polished(false)),
    (&["DIW.SPAN"], || bridge(1000.0), || bridge(2000.0)),
    (&["BALANCE"], || printed(16.0), || printed(8.0)),
];

#[test]
fn each_flow_breaks_its_rule_and_nothing_else() {
    let mut wrong = String::new();
    for (expected, good, bad) in CASES {
        let (before, after) = (findings(&good(), FINE), findings(&bad(), FINE));
        let new: Vec<&Finding> = after.iter().filter(|f| !codes(&before).contains(f.diagnostic.code)).collect();
        let found: BTreeSet<&str> = new.iter().map(|f| f.diagnostic.code).collect();
        if found != expected.iter().copied().collect() || codes(&before).iter().any(|c| expected.contains(c)) {
            let list = |of: &[Finding]| of.iter().map(|f| format!("    {}\n", f.diagnostic)).collect::<String>();
            wrong.push_str(&format!("{expected:?}\n  before\n{}  after\n{}", list(&before), list(&after)));
        }
        for f in new {
            assert!(f.diagnostic.message.chars().any(|c| c.is_ascii_digit()), "{}", f.diagnostic);
            assert!(!f.diagnostic.helps.is_empty(), "no help: {}", f.diagnostic);
            assert!(f.step.is_some(), "no place: {}", f.diagnostic);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A fault that stays is told once: of every rule and subject there is one finding.
#[test]
fn a_fault_that_stays_is_told_once() {
    for (_, _, bad) in CASES {
        let found = findings(&bad(), FINE);
        let geometric = ["FLOAT", "VOID", "SHORT", "PVD.SC", "ELYTE.PIN"];
        let mut told = BTreeSet::new();
        for f in found
            .iter()
            .filter(|f| geometric.contains(&f.diagnostic.code) && f.diagnostic.message.contains('`'))
        {
            assert!(
                told.insert((f.diagnostic.code, f.subject.clone(), f.diagnostic.message.clone())),
                "{}",
                f.diagnostic
            );
        }
    }
}
