//! What is written is read back: random plans, all templates, laminated cells.

use super::{CUSTOM, EXAMPLES, POSTS_DESIGN, parse};
use crate::design::forms::FORMS;
use crate::design::{Design, laminated, roles, write_custom, write_template};
use cellwright_device::Role;
use cellwright_fab::plan::{Deposit, Etch, Form, Infill, Mask, Plan, Recipe, Shape, Step, Substrate, Verb, Window};
use cellwright_materials::Library;
use proptest::prelude::*;

/// The plan without its places, the shapes of each mask sorted by kind as the file has them, NaN as -1.
fn plain(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    let kind = |shape: &Shape| match shape {
        Shape::Rectangle(..) => 0,
        Shape::Circle { .. } => 1,
        Shape::Polygon(_) => 2,
        Shape::Path { .. } => 3,
        Shape::Array { .. } => 4,
    };
    for mask in &mut plan.masks {
        mask.place = None;
        mask.shapes.sort_by_key(kind);
    }
    for step in &mut plan.steps {
        step.place = None;
        if let Verb::Deposit(d) = &mut step.verb
            && d.thickness.is_nan()
        {
            d.thickness = -1.0;
        }
    }
    plan
}

/// Both plans printed agree in every word, and in every number to 1e-12.
fn same(found: &Plan, expected: &Plan) -> Result<(), String> {
    let words = |plan: &Plan| format!("{:?}", plain(plan));
    let split = |text: &str| -> Vec<String> {
        text.split(|c: char| " ,()[]{}:".contains(c))
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (a, b) = (split(&words(found)), split(&words(expected)));
    if a.len() != b.len() {
        return Err(format!("{found:?}\nis not\n{expected:?}"));
    }
    for (x, y) in a.iter().zip(&b) {
        let close = match (x.parse::<f64>(), y.parse::<f64>()) {
            (Ok(x), Ok(y)) => (x - y).abs() <= 1e-12 * y.abs(),
            _ => x == y,
        };
        if !close {
            return Err(format!("{x} is not {y}"));
        }
    }
    Ok(())
}

fn again(plan: &Plan, design: &Design) -> Plan {
    let text = write_custom(plan, design);
    let (back, _) = Design::parse("custom.toml", &text).unwrap_or_else(|e| panic!("{}\n{text}", e[0]));
    // A flow of its own has one window; the finger that it could be followed along stays with the template.
    Plan {
        finger: plan.finger,
        ..back.plan.unwrap()
    }
}

#[test]
fn templates_are_written_and_expanded() {
    for template in FORMS.iter().filter_map(|f| f.template) {
        let text = write_template(template);
        let (design, warnings) = Design::parse("design.toml", &text).unwrap_or_else(|e| panic!("{}\n{text}", e[0]));
        assert!(warnings.is_empty(), "{}: {}", template.name, warnings[0]);
        let plan = design.plan.clone().unwrap();
        same(&again(&plan, &design), &plan).unwrap_or_else(|e| panic!("{}: {e}", template.name));
        let bare = format!(
            "format = 1\nname = \"{}\"\narchitecture = \"{}\"\ntemperature = \"25 degC\"\nfootprint = {{ die = [\"5 mm\", \"5 mm\"] }}\n",
            template.title, template.name
        );
        let (defaults, _) = Design::parse("bare.toml", &bare).unwrap_or_else(|e| panic!("{}", e[0]));
        same(&defaults.plan.unwrap(), &plan).unwrap_or_else(|e| panic!("{}, defaults: {e}", template.name));
    }
}

#[test]
fn the_rest_of_the_design_is_kept() {
    let text = format!(
        "{POSTS_DESIGN}\n[cell]\nvoltage = [\"3.0 V\", \"4.2 V\"]\n\n[protocol]\nsteps = [\"Discharge at 1C until 3.0 V\", {{ repeat = 3, steps = [\"Rest for 1 h\"] }}]\n\n[materials.\"LiFePO4\".exchange_current_density]\nvalue = \"0.1 mA/cm2\"\nsource = \"a \\\"guess\\\"\"\nconfidence = \"assumed\"\n"
    );
    let (design, _) = parse(&text).unwrap_or_else(|e| panic!("{}", e[0]));
    let plan = design.plan.clone().unwrap();
    let written = write_custom(&plan, &design);
    let (back, _) = Design::parse("custom.toml", &written).unwrap_or_else(|e| panic!("{}\n{written}", e[0]));
    assert_eq!(back.cell.unwrap().voltage[1].value, 4.2);
    assert_eq!(back.protocol.unwrap().steps.to_string(), design.protocol.unwrap().steps.to_string());
    assert!(
        written.contains("[materials.LiFePO4.exchange_current_density]\nconfidence = \"assumed\""),
        "{written}"
    );
}

#[test]
fn laminated_cells_have_a_flow() {
    for (name, text) in EXAMPLES {
        let (design, _) = Design::parse("design.toml", text).unwrap();
        let library = design.library(&Library::embedded()).unwrap();
        let plan = laminated::plan(&design, &roles::assign(&design, &library).unwrap()).unwrap();
        assert_eq!(
            plan.steps.iter().filter(|s| matches!(s.verb, Verb::Deposit(_))).count() + 1,
            design.films.len(),
            "{name}"
        );
        same(&again(&plan, &design), &plan).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
}

#[test]
fn a_written_design_reads_well() {
    let (design, _) = parse(CUSTOM).unwrap();
    let text = write_custom(design.plan.as_ref().unwrap(), &design);
    assert!(
        text.contains("[[step]]\nname      = \"post etch\"\ndo        = \"etch\"\ntechnique = \"drie\"\n"),
        "{text}"
    );
    assert!(
        text.contains("arrays     = [{ circle = [\"10 um\", \"10 um\", \"8 um\"], pitch = [\"20 um\", \"20 um\"], count = [50, 40] }]"),
        "{text}"
    );
    assert!(text.lines().all(|line| line.len() < 200));
}

fn length() -> impl Strategy<Value = f64> {
    (-9.0f64..-2.1).prop_map(|e| 10f64.powf(e))
}

fn word() -> impl Strategy<Value = String> {
    "[a-zA-Zµ\"\\\\#=][a-z0-9 .'\\[\\]\"-]{0,10}[a-z0-9]"
}

fn some<T: std::fmt::Debug + Clone + 'static>(value: impl Strategy<Value = T> + 'static) -> BoxedStrategy<Option<T>> {
    prop::option::of(value).boxed()
}

fn point() -> impl Strategy<Value = [f64; 2]> {
    [length(), length()].prop_map(|[x, y]| [x - 1e-4, y])
}

fn simple() -> BoxedStrategy<Shape> {
    let outline = |least| prop::collection::vec(point(), least..6);
    prop_oneof![
        (point(), length(), length()).prop_map(|(p, w, h)| Shape::Rectangle(p, [p[0] + w, p[1] + h])),
        (point(), length()).prop_map(|(centre, diameter)| Shape::Circle { centre, diameter }),
        outline(3).prop_map(Shape::Polygon),
        (outline(2), length()).prop_map(|(points, width)| Shape::Path { points, width }),
    ]
    .boxed()
}

fn shape() -> BoxedStrategy<Shape> {
    simple()
        .prop_recursive(3, 8, 1, |inner| {
            (inner, point(), 1u32..1000, 1u32..1000)
                .prop_map(|(shape, pitch, a, b)| Shape::Array {
                    shape: Box::new(shape),
                    pitch,
                    count: [a, b],
                })
                .boxed()
        })
        .boxed()
}

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(vec![
        Role::Substrate,
        Role::Insulator,
        Role::Adhesion,
        Role::Collector,
        Role::Negative,
        Role::Electrolyte,
        Role::Positive,
        Role::Encapsulation,
    ])
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let first = (
        some(1.0..1e6f64),
        some(1e-6..1e3f64),
        some(1e-4..1.0f64),
        some(1e-3..1e4f64),
        some(1e-3..1e6f64),
        some(length()),
    );
    let second = (
        some(0.01..0.9f64),
        some(1e-7..9e-3f64),
        some(1u32..1000),
        some(1e-9..9e-3f64),
        some(1.0..1e9f64),
    );
    (first, second).prop_map(|(a, b)| Recipe {
        cycles: a.0,
        exposure: a.1,
        sticking: a.2,
        current_density: a.3,
        duration: a.4,
        wet_thickness: a.5,
        solids: b.0,
        nozzle: b.1,
        layers: b.2,
        pore_diameter: b.3,
        area_per_volume: b.4,
    })
}

/// A verb that names mask 0 and earlier steps only.
fn verb(index: usize) -> BoxedStrategy<Verb> {
    let mask = || some(Just("mask 0".to_owned()));
    let earlier = (0..=index).map(|i| {
        if i == 0 {
            "substrate".to_owned()
        } else {
            format!("step {}", i - 1)
        }
    });
    let earlier: Vec<String> = earlier.collect();
    let one = prop::sample::select(earlier.clone());
    let several = prop::sample::subsequence(earlier.clone(), 0..=earlier.len().min(3));
    let deposit = (
        (word(), word(), role(), prop_oneof![length(), Just(f64::NAN)]),
        (mask(), several.clone(), prop_oneof![Just(0.0), 0.01..0.9f64], recipe()),
    );
    prop_oneof![
        deposit.prop_map(
            |((technique, material, role, thickness), (mask, on, porosity, recipe))| Verb::Deposit(Deposit {
                technique,
                material,
                role,
                thickness,
                mask,
                on,
                porosity,
                recipe
            })
        ),
        (word(), mask(), any::<bool>(), some(-0.05..0.05f64), 0.1..3.0f64, several).prop_map(
            |(technique, mask, inside, depth, sidewall, only)| Verb::Etch(Etch {
                technique,
                mask,
                inside,
                depth,
                sidewall,
                only
            })
        ),
        one.clone().prop_map(|resist| Verb::LiftOff { resist }),
        (-0.05..0.05f64).prop_map(|height| Verb::Planarise { height }),
        (word(), -0.05..0.05f64, mask()).prop_map(|(material, level, mask)| Verb::Infill(Infill { material, level, mask })),
        (one, 0.0..1.0f64).prop_map(|(electrode, stoichiometry)| Verb::Lithiate { electrode, stoichiometry }),
    ]
    .boxed()
}

fn step(index: usize) -> impl Strategy<Value = Step> {
    let anneal = (1e-3..1e6f64, 100.0..2000.0f64).prop_map(|(duration, t)| (Verb::Anneal { duration }, Some(t)));
    let other = (verb(index), some(100.0..2000.0f64));
    prop_oneof![6 => other, 1 => anneal].prop_map(move |(verb, temperature)| Step {
        name: format!("step {index}"),
        verb,
        temperature,
        place: None,
    })
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let form = prop_oneof![
        length().prop_map(|thickness| Form::Wafer { thickness }),
        length().prop_map(|diameter| Form::Fibre { diameter }),
    ];
    let masks = prop::collection::vec(prop::collection::vec(shape(), 1..5), 1..3);
    let steps = prop::collection::vec(any::<u8>(), 1..5).prop_flat_map(|v| (0..v.len()).map(step).collect::<Vec<_>>());
    let window = (0.0..0.4f64, 0.5..1.0f64, 1e-3..1e7f64);
    let die = [1e-5..0.5f64, 1e-5..0.5f64];
    (word(), die, (word(), role(), form), masks, steps, window).prop_map(
        |(name, die, (material, role, form), masks, steps, (a, b, repeats))| Plan {
            finger: None,
            name,
            die,
            substrate: Substrate { material, role, form },
            masks: masks
                .into_iter()
                .enumerate()
                .map(|(i, shapes)| Mask {
                    name: format!("mask {i}"),
                    layer: (i as u16, 7),
                    shapes,
                    place: None,
                })
                .collect(),
            steps,
            window: Window {
                from: die.map(|d| a * d),
                to: die.map(|d| b * d),
                repeats,
                tabs: None,
            },
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_plan_is_read_back(plan in any_plan()) {
        let (design, _) = parse(CUSTOM).unwrap();
        prop_assert_eq!(same(&again(&plan, &design), &plan), Ok(()));
    }
}
