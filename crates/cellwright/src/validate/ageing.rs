//! Ageing: interphases in closed form, a leak as a resistor, lithium that is accounted for, cycles jumped over against carried out.

use super::drive::Drive;
use super::pybamm_cells::{chen, chen_interphase};
use super::worn::{capacities, cycled, worn};
use super::{Fault, Sheet};
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};
use cellwright_electrochem::model::{Control, LEAKED, Model};
use cellwright_electrochem::side::{Arrhenius, Sei, SideReaction};
use cellwright_electrochem::spec::{CellSpec, ModelKind};

const KINDS: [(&str, ModelKind); 3] = [("SPM", ModelKind::Spm), ("SPMe", ModelKind::Spme), ("DFN", ModelKind::Dfn)];
const DAY: f64 = 86_400.0;

fn model(kind: ModelKind) -> Model {
    Model::new(CellSpec { kind, ..chen() })
}

/// The cell on the shelf with an interphase.
fn stored(kind: ModelKind, sei: Sei) -> Result<Drive, Fault> {
    let mut model = model(kind);
    model.add_side_reactions(0, vec![SideReaction::Sei(sei)]);
    Ok(Drive::of(model, Control::Current(0.0), vec![], 1e-7)?)
}

/// Mean thickness of the layer, m.
fn thickness(drive: &Drive, sei: &Sei) -> f64 {
    let model = &drive.model;
    sei.thickness(model.taken(drive.state())[0].2 / model.groups[0].area())
}

/// Open-circuit potential of the graphite of Chen 2020, V.
fn graphite(x: f64) -> f64 {
    let step = |height: f64, from: f64, slope: f64| height * (from + slope * x).tanh();
    let steps = [
        step(0.0909, -3.68395892, 29.8538),
        step(0.04478, -4.13021271, 14.9159),
        step(0.0205, -18.58021732, 30.4444),
    ];
    0.2482 + 1.9793 * (-39.3631 * x).exp() - steps.iter().sum::<f64>()
}

/// Layers on the shelf: limited by diffusion, by kinetics, by both.
pub(super) fn interphase(sheet: &mut Sheet) -> Result<(), Fault> {
    let published = chen_interphase();
    let growth = |sei: &Sei| sei.molar_volume * sei.solvent_concentration / sei.lithium;
    let times: Vec<f64> = (0..5).map(|k| DAY * 10f64.powf(0.5 * f64::from(k))).collect();
    for (name, kind) in KINDS {
        let mut drive = stored(kind, published)?;
        let mut worst = 0.0f64;
        for t in &times {
            drive.to(*t)?;
            let exact = (published.initial_thickness.powi(2) + 2.0 * growth(&published) * published.diffusivity.value * t).sqrt();
            worst = worst.max((thickness(&drive, &published) / exact - 1.0).abs());
        }
        sheet.below(format!("{name}, layer limited by diffusion, 1 to 100 days, worst"), worst, 1e-5, "");
    }
    let thin = Sei {
        initial_thickness: 1e-13,
        ..published
    };
    let mut drive = stored(ModelKind::Spm, thin)?;
    let mut found = vec![];
    for t in &times {
        drive.to(*t)?;
        found.push(thickness(&drive, &thin));
    }
    let exponent = (found[4] / found[0]).ln() / (times[4] / times[0]).ln();
    sheet.near("exponent of its growth from nothing", 0.5, exponent, 1e-4, "");
    // t = (L - L₀) (1/k e + (L + L₀)/2D)/(V c/z) at a potential that stays.
    let faster = (0.5 * FARADAY * (0.4 - graphite(29866.0 / 33133.0)) / (GAS_CONSTANT * 298.15)).exp();
    for (name, k, d) in [("kinetics", 1e-17, 1e-6), ("diffusion and kinetics", 1.2e-16, 2.5e-22)] {
        let sei = Sei {
            rate_constant: Some(Arrhenius::constant(k)),
            diffusivity: Arrhenius::constant(d),
            ..published
        };
        let mut drive = stored(ModelKind::Spm, sei)?;
        drive.to(DAY)?;
        let (start, end) = (sei.initial_thickness, thickness(&drive, &sei));
        let time = (end - start) * (1.0 / (k * faster) + 0.5 * (end + start) / d) / growth(&sei);
        sheet.close(
            format!("layer limited by {name}: time of its thickness"),
            1.0,
            time / DAY,
            1e-3,
            "d",
        );
    }
    Ok(())
}

/// An idle cell with a leak discharges like one through a resistor.
pub(super) fn leak(sheet: &mut Sheet) -> Result<(), Fault> {
    for (name, kind) in KINDS {
        let (mut leaking, loaded) = (model(kind), model(kind));
        leaking.leakage = 0.05 * leaking.spec.current_1c;
        let load = Control::Resistance(1.0 / leaking.leakage);
        let mut leaking = Drive::of(leaking, Control::Current(0.0), vec![], 1e-7)?;
        let mut loaded = Drive::of(loaded, load, vec![], 1e-7)?;
        let lost = {
            leaking.to(3600.0)?;
            leaking.model.border(leaking.state(), LEAKED)
        };
        loaded.to(3600.0)?;
        let delivered = loaded.model.charge_through(loaded.state());
        sheet.close(
            format!("{name}, charge leaked in 1 h against that through a load"),
            delivered,
            lost,
            1e-5,
            "C",
        );
        sheet.near(format!("{name}, voltage after it"), loaded.voltage(), leaking.voltage(), 1e-5, "V");
    }
    Ok(())
}

/// Lithium with every mechanism at work.
pub(super) fn inventory(sheet: &mut Sheet) -> Result<(), Fault> {
    for (name, kind) in KINDS {
        let mut model = worn(kind);
        let solution = cycled(&mut model, 3, None)?;
        sheet.below(
            format!("{name}, lithium in 3 cycles, relative"),
            solution.balances.lithium(),
            1e-9,
            "",
        );
        sheet.below(
            format!("{name}, charge in 3 cycles, relative"),
            solution.balances.charge(),
            1e-9,
            "",
        );
    }
    Ok(())
}

/// Three hundred cycles with every mechanism at work: some jumped over against all carried out.
pub(super) fn jumping(sheet: &mut Sheet) -> Result<(), Fault> {
    const COUNT: u64 = 300;
    let whole = cycled(&mut worn(ModelKind::Spm), COUNT, None)?;
    let jumped = cycled(&mut worn(ModelKind::Spm), COUNT, Some(1e-3))?;
    let all = capacities(&whole);
    let off = |(cycle, q): &(u64, f64)| all.iter().find(|a| a.0 == *cycle).map_or(f64::INFINITY, |a| (q / a.1 - 1.0).abs());
    let worst = capacities(&jumped).iter().map(off).fold(0.0, f64::max);
    sheet
        .below("300 cycles of the SPM, capacity of every cycle carried out, worst", worst, 1e-3, "")
        .remark(format!("{} of {COUNT} cycles were jumped over", jumped.jumped.passes));
    let lost = |s: &cellwright_lab::solution::Solution| s.inventory.1.lost();
    sheet.close(
        "lithium lost",
        lost(&whole) * FARADAY / 3600.0,
        lost(&jumped) * FARADAY / 3600.0,
        1e-2,
        "Ah",
    );
    sheet.below("lithium, relative", jumped.balances.lithium(), 1e-9, "");
    Ok(())
}
