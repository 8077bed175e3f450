//! Thousands of cycles: jumped over against carried out, and lithium accounted for with every mechanism at work.
#![allow(clippy::unwrap_used)]

use cellwright::validate::{capacities, chen, chen_interphase, cycle_options, cycles, worn};
use cellwright_electrochem::model::Model;
use cellwright_electrochem::side::{Arrhenius, Sei, SideReaction};
use cellwright_electrochem::spec::{CellSpec, ModelKind};
use cellwright_lab::checkpoint::Checkpoint;
use cellwright_lab::results::Quantity;
use cellwright_lab::run::{Demand, Observer, RunEvent, Silent, run};

/// Jumped over and carried out: the capacity agrees to less than was allowed, as the estimate says.
#[test]
fn jumping_is_as_good_as_carrying_out() {
    let interphase = || {
        let mut model = Model::new(CellSpec {
            kind: ModelKind::Spm,
            ..chen()
        });
        // Ten times as fast as published, so that there is something to jump over.
        let sei = Sei {
            diffusivity: Arrhenius::constant(2.5e-21),
            ..chen_interphase()
        };
        model.add_side_reactions(0, vec![SideReaction::Sei(sei)]);
        model
    };
    for (name, make, count) in [
        ("interphase", Box::new(interphase) as Box<dyn Fn() -> Model>, 1500),
        ("everything", Box::new(|| worn(ModelKind::Spm)), 300),
    ] {
        let one = |jump| {
            let mut model = make();
            let options = cycle_options(&model, jump);
            run(&mut model, &cycles(count).unwrap(), &options, None, &mut Silent).unwrap()
        };
        let (whole, jumped) = (one(None), one(Some(1e-3)));
        let (all, some) = (capacities(&whole), capacities(&jumped));
        assert_eq!(jumped.jumped.passes + jumped.jumped.jumps + some.len() as u64, count, "{name}");
        let worst = some
            .iter()
            .map(|(cycle, q)| (q / all[*cycle as usize - 1].1 - 1.0).abs())
            .fold(0.0, f64::max);
        let fade = 1.0 - all[all.len() - 1].1 / all[1].1;
        println!(
            "{name}: fade {fade:.4}, carried out {} of {count}, worst {worst:.2e}, estimate {:.2e}, time {:.5}",
            some.len(),
            jumped.jumped.error,
            jumped.steps.last().unwrap().end / whole.steps.last().unwrap().end - 1.0
        );
        assert!(
            fade > 0.02 && worst < 1e-3 && jumped.jumped.error < 1e-3,
            "{name}: {worst:e} {:?}",
            jumped.jumped
        );
        assert!((some.len() as u64) < count / 3, "{name}: {} carried out", some.len());
        let lost = [&whole, &jumped].map(|s| s.inventory.1.lost());
        assert!((lost[1] / lost[0] - 1.0).abs() < 0.01, "{name}: {lost:?}");
        // The current over time is the charge, also where passes were jumped over.
        let (time, current) = (jumped.column(Quantity::TestTime), jumped.column(Quantity::Current));
        let rows = 1..time.len();
        let passed: f64 = rows.map(|k| 0.5 * (current[k] + current[k - 1]) * (time[k] - time[k - 1])).sum();
        let off = (passed - jumped.passed(time.len() - 1)) / 3600.0;
        assert!(off.abs() < 1e-2 * all[0].1, "{name}: {off} Ah");
        for solution in [&whole, &jumped] {
            let b = &solution.balances;
            assert!(
                b.lithium() < 1e-9 && b.charge() < 1e-9,
                "{name}: {:e} {:e}",
                b.lithium(),
                b.charge()
            );
        }
    }
}

/// Lithium closes with all mechanisms in every model, and its causes add up.
#[test]
fn the_inventory_closes() {
    for kind in [ModelKind::Spm, ModelKind::Spme, ModelKind::Dfn] {
        let mut model = worn(kind);
        let options = cycle_options(&model, None);
        let solution = run(&mut model, &cycles(3).unwrap(), &options, None, &mut Silent).unwrap();
        let b = &solution.balances;
        assert!(
            b.lithium() < 1e-9 && b.charge() < 1e-9,
            "{kind:?}: {:e} {:e}",
            b.lithium(),
            b.charge()
        );
        let (start, end) = solution.inventory;
        let taken: f64 = model.taken(&solution.state).iter().map(|t| t.2).sum();
        assert!(
            model.taken(&solution.state).iter().all(|t| t.2 > 0.0),
            "{:?}",
            model.taken(&solution.state)
        );
        assert!(end.isolated.iter().all(|n| *n > 0.0), "{end:?}");
        let gone = start.negative + start.positive - end.negative - end.positive;
        let lost = taken + end.isolated[0] + end.isolated[1];
        assert!((gone / lost - 1.0).abs() < 1e-6, "{kind:?}: {gone} {lost}");
    }
}

/// Stops after so many steps with a checkpoint.
struct Interrupt {
    steps: u32,
    kept: Option<Checkpoint>,
}

impl Observer for Interrupt {
    fn event(&mut self, event: RunEvent<'_>) -> Demand {
        if matches!(event, RunEvent::StepProgress { .. }) {
            self.steps -= 1;
        }
        if self.steps == 0 { Demand::Stop } else { Demand::Continue }
    }
    fn checkpoint(&mut self, checkpoint: Checkpoint) {
        self.kept = Some(checkpoint);
    }
}

/// A run that is taken up again ends like one that went through.
#[test]
fn an_interrupted_life_goes_on() {
    let mut model = worn(ModelKind::Spm);
    let options = cycle_options(&model, None);
    let whole = run(&mut model, &cycles(4).unwrap(), &options, None, &mut Silent).unwrap();
    let mut observer = Interrupt { steps: 900, kept: None };
    let first = run(&mut worn(ModelKind::Spm), &cycles(4).unwrap(), &options, None, &mut observer).unwrap();
    assert!(!first.complete);
    let bytes = observer.kept.unwrap().to_bytes();
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    let rest = run(
        &mut worn(ModelKind::Spm),
        &cycles(4).unwrap(),
        &options,
        Some(&checkpoint),
        &mut Silent,
    )
    .unwrap();
    let (a, b) = (capacities(&whole), capacities(&rest));
    assert_eq!(a.len(), b.len());
    assert!((b[3].1 / a[3].1 - 1.0).abs() < 1e-4, "{a:?} {b:?}");
    assert!((rest.inventory.1.lost() / whole.inventory.1.lost() - 1.0).abs() < 1e-3);
}
