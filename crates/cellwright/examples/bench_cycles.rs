//! Benchmark: 200 CCCV cycles of the LG M50 cell (Chen 2020) with a diffusion-limited interphase, single-particle models, warm, one thread.
//! Prints JSON.
//!
//! `cargo run --release -p cellwright --example bench_cycles [CYCLES]`

use cellwright::validate::{chen, chen_interphase};
use cellwright_base::constants::FARADAY;
use cellwright_dae::Tolerance;
use cellwright_electrochem::model::Model;
use cellwright_electrochem::side::SideReaction;
use cellwright_electrochem::spec::{CellSpec, ModelKind};
use cellwright_lab::protocol::{Action, Protocol, RateBasis, Step};
use cellwright_lab::run::{RunOptions, Silent, run};
use std::time::Instant;

/// Runs timed of each model.
const REPEATS: usize = 7;

/// One line per model: computing time in s, and what came out.
fn cycles(kind: ModelKind, count: u64) -> String {
    let steps = [
        "Discharge at 1C until 2.5 V",
        "Charge at 0.5C until 4.2 V",
        "Hold at 4.2 V until C/20",
    ];
    let (body, _) = Protocol::parse(&steps).expect("the benchmark's protocol reads");
    let repeat = Action::Repeat { count, steps: body.steps };
    let protocol = Protocol {
        steps: vec![Step::new(repeat, vec![], None)],
    };
    let mut model = Model::new(CellSpec { kind, ..chen() });
    model.add_side_reactions(0, vec![SideReaction::Sei(chen_interphase())]);
    let options = RunOptions {
        tolerance: Tolerance::new(1e-4, 1e-6),
        basis: RateBasis {
            capacity: 3600.0 * model.spec.current_1c,
            area: model.spec.area,
        },
        profiles: std::collections::BTreeMap::new(),
        details: false,
        jump: None,
    };
    let mut seconds = vec![];
    let mut line = String::new();
    for _ in 0..REPEATS {
        let mut own = model.clone();
        let start = Instant::now();
        let done = run(&mut own, &protocol, &options, None, &mut Silent).expect("the benchmark runs");
        seconds.push(start.elapsed().as_secs_f64());
        if count < 4 {
            for w in done.steps.windows(2) {
                eprintln!("{} {} {:.1} s", w[0].text, w[1].first_row - w[0].first_row, w[0].end - w[0].start);
            }
            eprintln!("{:?}", done.statistics);
        }
        let capacity: Vec<f64> = done
            .steps
            .iter()
            .filter(|s| s.text.starts_with("Discharge"))
            .map(|s| s.charge / 3600.0)
            .collect();
        line = format!(
            "\"steps\": {}, \"newton\": {}, \"factorisations\": {}, \"first_ah\": {:.6}, \"last_ah\": {:.6}, \"lithium_lost_ah\": {:.6}, \"lithium_balance\": {:.1e}",
            done.statistics.steps,
            done.statistics.newton_iterations,
            done.statistics.factorisations,
            capacity[0],
            capacity[capacity.len() - 1],
            done.inventory.1.taken[0] * FARADAY / 3600.0,
            done.balances.lithium()
        );
    }
    seconds.sort_by(f64::total_cmp);
    format!(
        "{{\"s_min\": {:.4}, \"s_median\": {:.4}, {line}}}",
        seconds[0],
        seconds[REPEATS / 2]
    )
}

fn main() {
    let count = std::env::args().nth(1).map_or(200, |n| n.parse().expect("a number of cycles"));
    println!(
        "{{\"SPM\": {}, \"SPMe\": {}}}",
        cycles(ModelKind::Spm, count),
        cycles(ModelKind::Spme, count)
    );
}
