//! Measures the multigrid solver on microbattery Jacobians from 10⁴ to 10⁶ unknowns.
//!
//! Run with `cargo run --release -p cellwright-dae --example krylov_sizes [largest size [smallest size]]`;
//! `RAYON_NUM_THREADS` sets the threads. A smallest size leaves out the table of cases.
#![allow(clippy::unwrap_used)]

#[path = "../tests/problems/microbattery.rs"]
mod microbattery;

use microbattery::{Battery, Case, Shape, Terminal};
use std::time::Instant;

/// Largest resident memory of this process so far (MB), where the system tells.
fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok())
        .unwrap_or(f64::NAN)
        / 1024.0
}

fn measure(name: &str, case: Case) {
    let battery = Battery::new(case);
    let mut solver = battery.krylov();
    let start = Instant::now();
    let factored = solver.factor(1.0 / case.dt);
    let set_up = start.elapsed().as_secs_f64();
    if let Err(error) = factored {
        println!("{name:44} {:8} {error}", battery.len());
        return;
    }
    let mut b = battery.right_side();
    let start = Instant::now();
    let report = solver.solve(&mut b);
    let solve = start.elapsed().as_secs_f64();
    let summary = solver.summary();
    let outcome = match report {
        Ok(r) => format!("{:3} its {:.1e} {:?}", r.iterations, r.residual, r.preconditioner),
        Err(error) => error.to_string(),
    };
    println!(
        "{name:44} {:8} unknowns {:9} entries  set-up {set_up:6.2} s  solve {solve:6.2} s  solver {:5.0} MB  peak {:5.0} MB  complexity {:.2}  levels {}  {outcome}",
        battery.len(),
        solver.matrix().n_entries(),
        summary.memory_bytes as f64 / 1e6,
        peak_megabytes(),
        summary.operator_complexity,
        summary.levels.len(),
    );
}

fn main() {
    let argument = |k: usize| std::env::args().nth(k).and_then(|s| s.parse::<f64>().ok());
    let (largest, smallest) = (argument(1).unwrap_or(1.1e6), argument(2));
    println!("{} threads", rayon::current_num_threads());
    let walls = Case {
        dt: 10.0,
        ..Case::default()
    };
    let pillars = Case {
        shape: Shape::Pillars,
        finest: 10e-9,
        growth: 8.0,
        thickest: 4e-6,
        ..walls
    };
    for (name, case) in [
        ("walls", walls),
        (
            "walls dt=1e-3 i0=0.01",
            Case {
                dt: 1e-3,
                exchange: 0.01,
                ..walls
            },
        ),
        (
            "walls dt=1e3 i0=10",
            Case {
                dt: 1e3,
                exchange: 10.0,
                ..walls
            },
        ),
        (
            "walls porous island",
            Case {
                porous_anode: true,
                island: true,
                ..walls
            },
        ),
        ("walls single ion", Case { single_ion: true, ..walls }),
        (
            "walls voltage with current",
            Case {
                terminal: Terminal::VoltageWithCurrent,
                ..walls
            },
        ),
        (
            "walls anisotropy 1000, dt=1e3",
            Case {
                anisotropy: 1e3,
                dt: 1e3,
                ..walls
            },
        ),
        ("pillars", pillars),
        (
            "pillars dt=1e-3 i0=0.01",
            Case {
                dt: 1e-3,
                exchange: 0.01,
                ..pillars
            },
        ),
        (
            "pillars dt=1e3 i0=10",
            Case {
                dt: 1e3,
                exchange: 10.0,
                ..pillars
            },
        ),
        (
            "pillars LiPON dt=1e3",
            Case {
                dt: 1e3,
                electrolyte_conductivity: 1e-4,
                electrolyte_diffusivity: 1e-15,
                ..pillars
            },
        ),
        (
            "pillars porous, terminal potential",
            Case {
                porous_anode: true,
                terminal: Terminal::CurrentWithPotential,
                ..pillars
            },
        ),
    ] {
        if smallest.is_none() {
            measure(name, case);
        }
    }
    let sized = |finest: f64, growth: f64, thickest: f64| Case {
        shape: Shape::Pillars,
        finest,
        growth,
        thickest,
        dt: 10.0,
        ..Case::default()
    };
    for (size, case) in [
        (1e4, sized(200e-9, 8.0, 4e-6)),
        (1e5, sized(10e-9, 4.0, 2e-6)),
        (3e5, sized(10e-9, 2.5, 2e-6)),
        (1e6, sized(5e-9, 1.8, 2e-6)),
    ] {
        if size <= largest && size >= smallest.unwrap_or(0.0) {
            measure("pillars by size", case);
        }
    }
}
