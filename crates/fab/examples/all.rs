use cellwright_fab::emulate::{Options, fabricate};
use cellwright_fab::template::TEMPLATES;
use cellwright_materials::Library;
fn main() {
    let library = Library::embedded();
    let only = std::env::args().nth(1);
    for t in TEMPLATES
        .iter()
        .filter(|t| only.as_ref().is_none_or(|o| t.name.contains(o.as_str())))
    {
        let v = t.defaults("x", [5e-3, 5e-3]);
        let plan = match (t.expand)(&v) {
            Ok(p) => p,
            Err(e) => {
                println!("{}: MISFIT {e}", t.name);
                continue;
            }
        };
        let s = std::time::Instant::now();
        match fabricate(&plan, &library, &Options::default()) {
            Err(e) => {
                for d in e {
                    println!("{d}")
                }
            }
            Ok(m) => {
                let i = &m.fabrication.inventory;
                println!(
                    "== {} {:.2?} pieces {} steps {}",
                    t.name,
                    s.elapsed(),
                    m.partition.pieces.len(),
                    plan.steps.len()
                );
                println!(
                    "   footprint {:.3} mm2 active {:.3} / {:.3} mm2 aef {:.2} areal {:?} balance {:?} vol {:.3} mm3 time {:.1} h cost {:.1}",
                    i.footprint * 1e6,
                    i.active_area[0] * 1e6,
                    i.active_area[1] * 1e6,
                    i.area_enhancement,
                    i.areal_capacity.map(|c| c.map(|c| c / 3.6 / 10.0 * 1000.0 / 1000.0)),
                    i.balance,
                    i.device_volume * 1e9,
                    i.process_time / 3600.0,
                    i.relative_cost
                );
                let sum: f64 = i.items.iter().map(|x| x.volume).sum::<f64>() + i.void;
                println!(
                    "   sum/box-1 {:.2e} comps {}",
                    sum / i.box_volume - 1.0,
                    m.partition.components.len()
                );
                for x in &i.items {
                    let r = &m.fabrication.regions[x.region];
                    println!(
                        "     {:18} {:14} {:12} V {:.4e} mm3 m {:?} mg cap {:?} uAh",
                        r.name,
                        r.material,
                        r.role.as_str(),
                        x.volume * 1e9,
                        x.mass.map(|m| m * 1e6),
                        x.capacity.map(|c| c / 3.6e-3)
                    );
                }
                for f in &m.fabrication.findings {
                    println!("   {} step {:?}", f.diagnostic, f.step);
                }
            }
        }
    }
}
