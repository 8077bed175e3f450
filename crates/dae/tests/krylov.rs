//! The multigrid solver on Jacobians of microbatteries: against sparse LU, counts of iterations, threads, reuse, singular matrices.
#![allow(clippy::unwrap_used)]

#[path = "problems/microbattery.rs"]
mod microbattery;

use cellwright_dae::linear::{Kind, KrylovOptions, KrylovSolver, LinearSolver, Preconditioning, SolveReport};
use microbattery::{Battery, Case, Shape, Terminal, noise};

/// Solves with the multigrid solver and checks that neither a rebuild nor the second preconditioner was needed.
fn solve(battery: &Battery) -> (Vec<f64>, SolveReport) {
    let mut solver = battery.krylov();
    solver.factor(1.0 / battery.case.dt).unwrap();
    let mut x = battery.right_side();
    let report = solver.solve(&mut x).unwrap();
    assert_eq!(report.preconditioner, Preconditioning::Multigrid, "{:?}", battery.case);
    (x, report)
}

/// Largest difference in concentrations (mol/l) and potentials (V), each relative to the largest such value.
fn differences(battery: &Battery, x: &[f64], y: &[f64]) -> [f64; 2] {
    let (mut difference, mut size) = ([0.0_f64; 2], [1e-300_f64; 2]);
    for (i, (x, y)) in x.iter().zip(y).enumerate() {
        let kind = match battery.kinds[i] {
            Kind::Concentration(_) => 0,
            Kind::Potential => 1,
            Kind::Single => continue,
        };
        difference[kind] = difference[kind].max((x - y).abs());
        size[kind] = size[kind].max(y.abs());
    }
    [difference[0] / size[0], difference[1] / size[1]]
}

fn walls() -> Case {
    Case {
        growth: 2.0,
        thickest: 2e-6,
        ..Case::default()
    }
}

fn pillars() -> Case {
    Case {
        shape: Shape::Pillars,
        finest: 10e-9,
        growth: 8.0,
        thickest: 4e-6,
        porous_anode: false,
        ..Case::default()
    }
}

#[test]
fn matrix_matches_sparse_lu_product() {
    let battery = Battery::new(walls());
    let x: Vec<f64> = (0..battery.len()).map(|i| noise(3, i)).collect();
    let (mut y, mut z) = (vec![0.0; x.len()], vec![0.0; x.len()]);
    battery.krylov().matrix().multiply(&x, &mut y);
    // The direct matrix has scaled rows and columns.
    let scaled: Vec<f64> = (0..x.len()).map(|i| x[i] / battery.scale(i, 1e3)).collect();
    battery.direct().multiply(&scaled, &mut z);
    let size = z.iter().fold(0.0_f64, |m, z| m.max(z.abs()));
    for (i, (y, z)) in y.iter().zip(&z).enumerate() {
        assert!((battery.scale(i, 96485.33) * y - z).abs() < 1e-12 * size, "{i}");
    }
}

#[test]
fn hard_cases_agree_with_sparse_lu() {
    let (walls, pillars) = (walls(), pillars());
    let cases = [
        walls,
        Case {
            dt: 1e-3,
            exchange: 0.01,
            ..walls
        },
        Case {
            dt: 1e-3,
            exchange: 10.0,
            ..walls
        },
        Case {
            dt: 1e3,
            exchange: 0.01,
            ..walls
        },
        Case {
            dt: 1e3,
            exchange: 10.0,
            ..walls
        },
        Case {
            terminal: Terminal::CurrentWithPotential,
            ..walls
        },
        Case {
            terminal: Terminal::Voltage,
            ..walls
        },
        Case {
            terminal: Terminal::VoltageWithCurrent,
            ..walls
        },
        Case {
            porous_anode: true,
            dt: 10.0,
            ..walls
        },
        Case {
            island: true,
            exchange: 0.01,
            ..walls
        },
        Case {
            metal_first: true,
            island: true,
            ..walls
        },
        Case {
            ion_balance: true,
            ..walls
        },
        // One nanometre of film, aspect ratios of thousands.
        Case {
            film: 1e-9,
            finest: 0.5e-9,
            film_conductivity: 1e-8,
            ..walls
        },
        // Jumps of conductivity by ten orders.
        Case {
            cathode_conductivity: 1e4,
            ..walls
        },
        Case {
            cathode_conductivity: 1e-3,
            porous_anode: true,
            electrolyte_conductivity: 1e-4,
            electrolyte_diffusivity: 1e-15,
            ..walls
        },
        Case {
            anisotropy: 1e3,
            dt: 1e3,
            ..walls
        },
        Case {
            anisotropy: 1e-3,
            dt: 10.0,
            ..walls
        },
        // Solid electrolytes: both ions, and lithium only.
        Case {
            electrolyte_conductivity: 1e-4,
            electrolyte_diffusivity: 1e-15,
            ..walls
        },
        Case {
            single_ion: true,
            dt: 1e-3,
            ..walls
        },
        Case {
            single_ion: true,
            dt: 1e3,
            exchange: 0.01,
            ..walls
        },
        Case {
            single_ion: true,
            film: 200e-9,
            finest: 200e-9,
            ..pillars
        },
    ];
    for case in cases {
        let battery = Battery::new(case);
        let (x, report) = solve(&battery);
        println!("{} unknowns, {} iterations, {case:?}", battery.len(), report.iterations);
        assert!(report.iterations <= 40, "{} iterations: {case:?}", report.iterations);
        let mut y: Vec<f64> = battery.right_side();
        y.iter_mut().enumerate().for_each(|(i, b)| *b *= battery.scale(i, 96485.33));
        let mut direct = battery.direct();
        direct.factor().unwrap();
        direct.solve(&mut y);
        y.iter_mut().enumerate().for_each(|(i, y)| *y *= battery.scale(i, 1e3));
        let [c, phi] = differences(&battery, &x, &y);
        println!("    differences {c:.1e} {phi:.1e}");
        assert!(c < 1e-3 && phi < 1e-3, "differences {c:.1e} {phi:.1e}: {case:?}");
    }
}

#[test]
fn iterations_grow_weakly_with_size() {
    let coarse = Battery::new(walls());
    let fine = Battery::new(Case {
        growth: 1.15,
        thickest: 0.3e-6,
        ..walls()
    });
    let (few, many) = (solve(&coarse).1.iterations, solve(&fine).1.iterations);
    println!("{} unknowns: {few}; {} unknowns: {many}", coarse.len(), fine.len());
    assert!(fine.len() > 4 * coarse.len());
    assert!(many <= few + 15 && many <= 40, "{few} {many}");
}

#[test]
fn pillars_converge() {
    for case in [
        pillars(),
        Case {
            single_ion: true,
            ..pillars()
        },
        Case {
            dt: 1e3,
            exchange: 10.0,
            ..pillars()
        },
        Case {
            dt: 1e-3,
            exchange: 0.01,
            metal_first: true,
            ..pillars()
        },
    ] {
        let battery = Battery::new(case);
        let (_, report) = solve(&battery);
        println!("{} unknowns, {} iterations", battery.len(), report.iterations);
        assert!(report.iterations <= 40, "{} iterations: {case:?}", report.iterations);
    }
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    // Large enough for two pieces of the smoother.
    let battery = Battery::new(Case {
        growth: 1.12,
        thickest: 0.22e-6,
        ..walls()
    });
    assert!(battery.len() > 120_000, "{}", battery.len());
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| solve(&battery))
    };
    let ((x, one), (y, two)) = (with(1), with(2));
    println!("{} unknowns, {} iterations", battery.len(), one.iterations);
    assert_eq!(one.iterations, two.iterations);
    let [c, phi] = differences(&battery, &x, &y);
    assert!(c < 1e-12 && phi < 1e-12, "{c:.1e} {phi:.1e}");
}

#[test]
fn hierarchy_is_kept_and_renewed() {
    let at = |dt: f64, seed: u64| Battery::new(Case { dt, seed, ..walls() });
    let mut solver = at(1.0, 1).krylov();
    let mut step = |dt: f64, seed: u64| {
        let battery = at(dt, seed);
        battery.fill(&mut solver);
        solver.factor(1.0 / dt).unwrap();
        let mut x = battery.right_side();
        let report = solver.solve(&mut x).unwrap();
        assert!(report.residual <= 1e-6);
        solver.statistics()
    };
    assert_eq!(step(1.0, 1).set_ups, 1);
    // A new state, then longer and shorter steps within the bounds.
    assert_eq!(step(1.0, 2).set_ups, 1);
    assert_eq!(step(2.5, 3).set_ups, 1);
    assert_eq!(step(0.6, 4).set_ups, 1);
    // Beyond the bounds.
    let after = step(5.0, 5);
    assert_eq!((after.set_ups, after.kept), (2, 3));
    assert_eq!(step(1.0, 6).set_ups, 3);
    assert_eq!(step(1.0, 7).failures, 0);
}

#[test]
fn worn_out_hierarchy_is_rebuilt_during_the_solution() {
    let (start, end) = (
        Case {
            dt: 1e3,
            exchange: 1e-2,
            ..walls()
        },
        Case {
            dt: 1e-4,
            exchange: 10.0,
            seed: 9,
            ..walls()
        },
    );
    let solved = |max_iterations: usize| {
        let mut solver = Battery::new(start).krylov_with(KrylovOptions {
            max_iterations,
            ..Battery::options()
        });
        solver.factor(1.0).unwrap();
        let battery = Battery::new(end);
        battery.fill(&mut solver);
        // The caller claims that nothing has changed.
        solver.factor(1.0).unwrap();
        let mut x = battery.right_side();
        let report = solver.solve(&mut x).unwrap();
        assert!(report.residual <= 1e-6);
        (solver.statistics().rebuilt, solver.statistics().set_ups)
    };
    // The coarse levels are as they were, and still lead to the solution; if they are given no time for that, a fresh hierarchy does.
    assert_eq!(solved(60), (0, 1));
    assert_eq!(solved(12), (1, 2));
}

#[test]
fn balances_are_closed_at_any_tolerance() {
    let battery = Battery::new(Case {
        terminal: Terminal::Voltage,
        ..walls()
    });
    let mut solver = battery.krylov();
    solver.factor(1.0).unwrap();
    let b = battery.right_side();
    for tolerance in [1e-2, 1e-4] {
        let mut x = b.clone();
        solver.solve_within(&mut x, tolerance).unwrap();
        let mut ax = vec![0.0; x.len()];
        solver.matrix().multiply(&x, &mut ax);
        let kinds = [Kind::Potential, Kind::Concentration(0), Kind::Concentration(1)];
        for kind in kinds.into_iter().filter(|kind| battery.kinds.contains(kind)) {
            let rows = || (0..x.len()).filter(|i| battery.kinds[*i] == kind);
            let left: f64 = rows().map(|i| b[i] - ax[i]).sum();
            let size: f64 = rows().map(|i| (b[i] - ax[i]).abs()).sum();
            println!("{} rows of {kind:?}: {left:.1e} of {size:.1e}", rows().count());
            assert!(left.abs() < 1e-6 * size, "{kind:?}: {left:.1e} of {size:.1e} at {tolerance:.0e}");
        }
    }
}

#[test]
fn balances_of_parts_are_closed() {
    let battery = Battery::new(Case {
        terminal: Terminal::Voltage,
        ..walls()
    });
    // The terminal by itself, and each kind of unknown in two halves.
    let n = battery.len();
    let numbers: Vec<u8> = (0..n)
        .map(|i| match battery.kinds[i] {
            _ if i == n - 1 => 6,
            Kind::Potential => (2 * i / n) as u8,
            Kind::Concentration(species) => 2 + 2 * species.min(1) + (2 * i / n) as u8,
            Kind::Single => u8::MAX,
        })
        .collect();
    let mut solver = battery.krylov().conserving(&numbers);
    solver.factor(1.0).unwrap();
    let b = battery.right_side();
    let mut x = b.clone();
    solver.solve_within(&mut x, 1e-2).unwrap();
    let mut ax = vec![0.0; n];
    solver.matrix().multiply(&x, &mut ax);
    for number in 0..=6 {
        let rows = || (0..n).filter(|i| numbers[*i] == number);
        let left: f64 = rows().map(|i| b[i] - ax[i]).sum();
        // The terminal is one row: what is left of it is compared with its right-hand side.
        let size: f64 = rows().map(|i| (b[i] - ax[i]).abs().max(b[i].abs())).sum();
        println!("{} rows of balance {number}: {left:.1e} of {size:.1e}", rows().count());
        assert!(left.abs() <= 1e-6 * size, "{number}: {left:.1e} of {size:.1e}");
    }
}

#[test]
fn later_corrections_leave_as_much_as_the_first() {
    let battery = Battery::new(walls());
    let mut solver = battery.krylov();
    solver.factor(1.0).unwrap();
    let b = battery.right_side();
    solver.solve(&mut b.clone()).unwrap();
    let again = |solver: &mut KrylovSolver, factor: f64| {
        let mut x: Vec<f64> = b.iter().map(|b| factor * b).collect();
        solver.solve_again(&mut x).unwrap()
    };
    // As large a right-hand side, one of a thousandth, and one so small that a hundredth of itself is the limit.
    let [all, some, few] = [1.0, 1e-3, 1e-9].map(|factor| again(&mut solver, factor));
    assert!(all.residual <= 1e-6, "{all:?}");
    assert!(some.residual <= 1e-3 && some.iterations < all.iterations, "{some:?}");
    assert!(few.residual <= 1e-2 && few.iterations < some.iterations, "{few:?}");
}

#[test]
fn second_preconditioner_converges() {
    let battery = Battery::new(walls());
    let mut solver = battery.krylov_with(KrylovOptions {
        preconditioner: Preconditioning::FieldSplit,
        ..Battery::options()
    });
    solver.factor(1.0).unwrap();
    let mut x = battery.right_side();
    let report = solver.solve(&mut x).unwrap();
    println!("{} iterations", report.iterations);
    assert_eq!(report.preconditioner, Preconditioning::FieldSplit);
    assert!(report.iterations <= 40);
}

#[test]
fn solution_to_a_looser_tolerance_takes_fewer_iterations() {
    let battery = Battery::new(walls());
    let mut solver = battery.krylov();
    solver.factor(1.0).unwrap();
    let (mut x, mut y) = (battery.right_side(), battery.right_side());
    let (loose, tight) = (
        solver.solve_within(&mut x, 1e-2).unwrap(),
        solver.solve_within(&mut y, 1e-7).unwrap(),
    );
    assert!(loose.iterations < tight.iterations && loose.residual <= 1e-2 && tight.residual <= 1e-7);
    let mut zero = vec![0.0; battery.len()];
    assert_eq!(solver.solve(&mut zero).unwrap().iterations, 0);
    assert!(zero.iter().all(|x| *x == 0.0));
}

#[test]
fn singular_matrices_are_rejected() {
    // A chain of conductances, with and without ground.
    let n = 5000;
    let positions = (1..n).flat_map(|i| [(i, i - 1), (i - 1, i)]);
    let mut solver = KrylovSolver::new(&vec![Kind::Potential; n], positions, KrylovOptions::default());
    assert_eq!(solver.factor(1.0).unwrap_err().index, Some(0));
    for i in (1..n).filter(|i| *i != 3000) {
        let g = 1.0 + noise(1, i).abs();
        for (row, column, value) in [(i, i, g), (i - 1, i - 1, g), (i, i - 1, -g), (i - 1, i, -g)] {
            let slot = solver.slot(row, column).unwrap();
            solver.values_mut()[slot] += value;
        }
    }
    let ground = |solver: &mut KrylovSolver, i: usize| {
        let slot = solver.slot(i, i).unwrap();
        solver.values_mut()[slot] += 1e-3;
    };
    assert_eq!(solver.factor(1.0).unwrap_err().index, Some(0));
    ground(&mut solver, 0);
    assert_eq!(solver.factor(1.0).unwrap_err().index, Some(3000));
    ground(&mut solver, 4000);
    solver.factor(1.0).unwrap();
    let mut x = vec![1.0; n];
    assert!(solver.solve(&mut x).unwrap().iterations <= 2);
    let slot = solver.slot(10, 10).unwrap();
    solver.values_mut()[slot] = f64::NAN;
    assert!(solver.factor(100.0).is_err());
}

#[test]
fn contradictory_equations_are_not_solved() {
    // Two equal rows that are not empty and hold every potential: only the iteration can tell.
    let positions = [(0, 1), (1, 0)];
    let mut solver = KrylovSolver::new(&[Kind::Single, Kind::Single], positions, KrylovOptions::default());
    solver.values_mut().fill(1.0);
    let refused = solver.factor(1.0).is_err();
    assert!(refused || solver.solve(&mut [1.0, 2.0]).is_err());
}
