//! Benchmark: the protocol of a design in its real geometry on a mesh of chosen fineness; prints JSON.
//!
//! `cargo run --release -p cellwright --example bench_geometry -- DESIGN [CELLS] [--iterations]`, where `CELLS` stands for `[model] cells`.

#[path = "../../layout/examples/support/clock.rs"]
mod clock;

use cellwright::prepare::Prepared;
use cellwright_electrochem::model::Method;
use cellwright_lab::run::{RunOptions, Silent, run};
use std::time::Instant;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let path = words.first().expect("the first word is a design file");
    let mut text = std::fs::read_to_string(path).expect("the design is readable");
    if let Some(cells) = words.get(1).and_then(|w| w.parse::<usize>().ok()) {
        let kept: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with("cells ")).collect();
        text = kept.join("\n");
        text = match text.contains("[model]") {
            true => text.replace("[model]", &format!("[model]\ncells = {cells}")),
            false => format!("{text}\n[model]\ncells = {cells}\n"),
        };
    }
    let start = Instant::now();
    let beside = &mut |name: &str| panic!("the design needs {name}");
    let prepared = Prepared::from_any_design(path, &text, beside, &|| false, &mut |_, _, _| {}).expect("the design is right");
    let mut model = prepared.cell.model(prepared.cell.spec.clone());
    if words.iter().any(|w| w == "--iterations") {
        model.solve_by(Method::Iterations);
    }
    let built = start.elapsed().as_secs_f64();
    let options = RunOptions {
        tolerance: prepared.tolerance.clone(),
        basis: prepared.basis,
        profiles: Default::default(),
        details: false,
        jump: None,
    };
    let start = Instant::now();
    let (cpu, solution) =
        clock::timed(|| run(&mut model, &prepared.protocol, &options, None, &mut Silent).expect("the protocol runs to its end"));
    let ran = start.elapsed().as_secs_f64();
    let (s, last) = (solution.statistics, solution.steps.last().expect("the protocol has a step"));
    println!(
        "{{\"build_s\": {built:.2}, \"run_s\": {ran:.2}, \"cpu_s\": {:.2}, \"volumes\": {}, \"unknowns\": {}, \"steps\": {}, \"rejected\": {}, \
         \"newton\": {}, \"factorisations\": {}, \"us_per_unknown_and_step\": {:.3}, \"peak_mib\": {:.0}, \"charge_c\": {:.9e}, \
         \"energy_j\": {:.9e}, \"lithium_balance\": {:.1e}, \"charge_balance\": {:.1e}, \"method\": \"{}\"}}",
        1e-3 * cpu,
        model.mesh.n_cells(),
        model.n(),
        s.steps,
        s.rejected_error + s.rejected_newton,
        s.newton_iterations,
        s.factorisations,
        1e6 * ran / (model.n() as f64 * s.steps as f64),
        clock::peak_memory().unwrap_or(f64::NAN),
        last.charge,
        last.energy,
        solution.balances.lithium(),
        solution.balances.charge(),
        model.method()
    );
}
