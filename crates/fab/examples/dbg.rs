use cellwright_fab::emulate::{Options, fabricate};
use cellwright_materials::Library;
fn main() {
    let name = std::env::args().nth(1).expect("name");
    let t = cellwright_fab::template::find(&name).expect("template");
    let plan = (t.expand)(&t.defaults("x", [5e-3, 5e-3])).expect("plan");
    let m = fabricate(
        &plan,
        &Library::embedded(),
        &Options {
            every_step: false,
            coarseness: std::env::args().nth(2).map_or(1.0, |c| c.parse().expect("number")),
        },
    )
    .unwrap_or_else(|_| panic!());
    println!("window {:?}", plan.window);
    for (i, c) in m.partition.components.iter().enumerate() {
        println!(
            "{i} label {} v {:.4e} centre {:?} reaches {:?}",
            c.label,
            c.volume * 1e18,
            c.centre.map(|x| (x * 1e9).round() / 1e3),
            c.reaches
        );
    }
    for (k, a) in m.partition.touching() {
        if a * 1e12 > 1e-3 {
            println!("{k:?} {:.4}", a * 1e12);
        }
    }
    for (i, r) in m.fabrication.regions.iter().enumerate() {
        println!("{i} {} {:?}", r.name, m.thickness.get(&(i as u16)));
    }
}
