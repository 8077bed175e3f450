//! Sections, models and files of every architecture agree with the device they are taken from.

use cellwright_device::field::value::Probe;
use cellwright_device::tape::{OPEN, Operation, SEALED, Tape};
use cellwright_fab::emulate::{Made, Options, fabricate};
use cellwright_fab::export::visible::visible;
use cellwright_fab::files;
use cellwright_fab::pictures::cut::telling;
use cellwright_fab::pictures::section::{SMALL, range, section};
use cellwright_fab::template::{TEMPLATES, Template};
use cellwright_materials::Library;

fn made(template: &Template) -> Made {
    let values = template.defaults("x", [5e-3, 5e-3]);
    let plan = (template.expand)(&values).expect("the defaults fit");
    let options = Options {
        coarseness: 4.0,
        every_step: false,
    };
    fabricate(&plan, &Library::embedded(), &options).expect("the defaults can be made")
}

/// What is at a point; as [`Tape::region_at`], with the features of masks that are near.
fn region_at(tape: &Tape, p: [f64; 3], near: &[Vec<u32>]) -> Option<usize> {
    let mut probe = Probe::new(&tape.fields);
    probe.next_point();
    let mut label = OPEN;
    for operation in tape.operations() {
        let inside = probe.here(operation.field(), p, near).v <= 0.0;
        match operation {
            Operation::Add { region, .. } if label == OPEN && inside => label = *region,
            Operation::Remove { only, .. } if label != OPEN && inside && only.as_ref().is_none_or(|o| o.contains(&label)) => label = OPEN,
            _ => {}
        }
    }
    (label < SEALED).then_some(usize::from(label))
}

#[test]
fn sections_show_what_the_tape_says() {
    let mut wrong = Vec::new();
    for template in TEMPLATES {
        let made = made(template);
        let cut = telling(&made);
        let range = range(&made, &cut);
        let steps = made.fabrication.steps.len();
        for after in (0..steps).filter(|i| (steps - i) % 3 == 1) {
            let picture = section(&made, &cut, range, Some(after), SMALL).expect("a finite range");
            let tape = made.tape.after(made.fabrication.steps[after].operations);
            let all = tape.fields.all_listed();
            let cell = [range.s[1] / SMALL[0] as f64, (range.z[1] - range.z[0]) / SMALL[1] as f64];
            for i in 0..6 {
                let s = range.s[1] * (f64::from(i) + 0.371) / 6.0;
                let column = visible(&picture, s);
                for j in 0..8 {
                    let z = range.z[0] + (range.z[1] - range.z[0]) * (f64::from(j) + 0.437) / 8.0;
                    let [x, y] = cut.at(s);
                    let near = tape.fields.listed_near([x, y], [2.0 * cell[0]; 2], &all);
                    let label = |ds: f64, dz: f64| {
                        let [x, y] = cut.at(s + ds * cell[0]);
                        region_at(&tape, [x, y, z + dz * cell[1]], &near)
                    };
                    let expected = label(0.0, 0.0);
                    if [(1.5, 0.0), (-1.5, 0.0), (0.0, 1.5), (0.0, -1.5)]
                        .iter()
                        .any(|d| label(d.0, d.1) != expected)
                    {
                        continue;
                    }
                    let found = column.iter().find(|c| c.bottom <= z && z < c.top).map(|c| c.region);
                    if found != expected {
                        let step = &made.fabrication.steps[after].name;
                        wrong.push(format!(
                            "{} after {step} at s {s:e}, z {z:e}: {found:?} {expected:?}",
                            template.name
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} points, {}", wrong.len(), wrong.join("\n"));
}

#[test]
fn masks_keep_their_hierarchy() {
    for template in TEMPLATES {
        let values = template.defaults("x", [5e-3, 5e-3]);
        let plan = (template.expand)(&values).expect("the defaults fit");
        let layout = files::layout(&plan).expect("coordinates of a chip");
        let (gds, oas) = (
            files::gds(&layout).expect("a small layout"),
            files::oas(&layout).expect("a small layout"),
        );
        assert!(
            gds.len() < 100_000 && oas.len() < 100_000,
            "{}: {} {}",
            template.name,
            gds.len(),
            oas.len()
        );
        let read = cellwright_layout::gdsii::read(gds.as_slice()).expect("what was just written");
        assert_eq!(read.layout, layout, "{}", template.name);
    }
}
