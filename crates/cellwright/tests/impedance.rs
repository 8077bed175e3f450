//! An impedance step inside a protocol: it changes nothing, says when the cell was not at rest, and survives an interruption.
#![allow(clippy::unwrap_used)]

use cellwright::prepare::Prepared;
use cellwright_lab::checkpoint::Checkpoint;
use cellwright_lab::run::{Demand, Observer, RunEvent, RunOptions, Silent, run};
use cellwright_lab::solution::Solution;

const DESIGN: &str = include_str!("../../../examples/07-impedance/design.toml");

fn prepared(steps: &str) -> Prepared {
    let line = DESIGN.lines().find(|l| l.starts_with("steps = ")).unwrap();
    Prepared::from_design("design.toml", &DESIGN.replace(line, &format!("steps = [{steps}]"))).unwrap()
}

fn carried_out(p: &Prepared, from: Option<&Checkpoint>, observer: &mut dyn Observer) -> Solution {
    let options = RunOptions {
        tolerance: p.tolerance.clone(),
        basis: p.basis,
        profiles: Default::default(),
        details: true,
        jump: None,
    };
    run(&mut p.cell.model(p.cell.spec.clone()), &p.protocol, &options, from, observer).unwrap()
}

/// Stops at the given progress report and keeps the checkpoint.
struct StopAt(usize, Option<Checkpoint>);

impl Observer for StopAt {
    fn event(&mut self, event: RunEvent<'_>) -> Demand {
        if matches!(event, RunEvent::StepProgress { voltage, .. } if voltage < 3.95) {
            self.0 = self.0.saturating_sub(1);
        }
        if self.0 == 0 { Demand::Stop } else { Demand::Continue }
    }

    fn checkpoint(&mut self, checkpoint: Checkpoint) {
        self.1 = Some(Checkpoint::from_bytes(&checkpoint.to_bytes()).unwrap());
    }
}

#[test]
fn a_spectrum_changes_nothing_and_says_that_the_cell_was_not_at_rest() {
    let discharge = "\"Discharge at 1C for 20 min\"";
    let spectrum = "\"Impedance from 1 Hz to 1 MHz at 5 points per decade\"";
    let rest = "\"Rest for 2 h\"";
    let with = carried_out(
        &prepared(&format!("{discharge}, {spectrum}, {rest}, {spectrum}")),
        None,
        &mut Silent,
    );
    let without = carried_out(&prepared(&format!("{discharge}, {rest}")), None, &mut Silent);
    let last = |s: &Solution| s.steps.iter().find(|r| r.text.starts_with("Rest")).unwrap().voltage;
    assert!((last(&with) - last(&without)).abs() < 1e-6, "{} {}", last(&with), last(&without));
    assert_eq!(with.spectra.len(), 2);
    assert_eq!((with.steps[1].start, with.steps[1].charge), (with.steps[1].end, 0.0));
    assert!(with.spectra[0].unrest.abs() > 1e-3 && with.spectra[1].unrest.abs() < 1e-3);
    assert_eq!(
        with.remarks.iter().filter(|r| r.contains("not at rest")).count(),
        1,
        "{:?}",
        with.remarks
    );
}

#[test]
fn an_interrupted_spectrum_is_measured_again() {
    let p = prepared(
        "\"Impedance from 1 Hz to 1 MHz at 5 points per decade\", \"Rest for 1 min\", \"Impedance from 1 mHz to 1 Hz at 5 points per decade\"",
    );
    let whole = carried_out(&p, None, &mut Silent);
    // In the first spectrum of 31 frequencies, and later.
    for after in [1, 7, 40, 50] {
        let mut stop = StopAt(after, None);
        let first = carried_out(&p, None, &mut stop);
        assert!(!first.complete);
        let second = carried_out(&p, stop.1.as_ref(), &mut Silent);
        assert!(second.complete);
        assert_eq!(second.spectra.len(), 2);
        assert!(after > 31 || second.series.len() == whole.series.len(), "a spectrum has one row");
        for (a, b) in whole.spectra.iter().zip(&second.spectra) {
            assert_eq!((a.frequency.len(), &a.text, a.step), (b.frequency.len(), &b.text, b.step));
            let worst = a
                .impedance
                .iter()
                .zip(&b.impedance)
                .map(|(a, b)| (a - b).norm() / a.norm())
                .fold(0.0, f64::max);
            assert!(worst < 1e-9, "stopped after {after}: {worst:e}");
        }
    }
}
