//! What makes the cell of a design age.

use super::Spanned;
use super::reader::TableReader;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_electrochem::side::{Arrhenius, Plating, Sei};
use cellwright_electrochem::wear::{Dissolution, ResistanceGrowth, StressLoss, Wear};

/// The `[ageing]` table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ageing {
    /// Allowed error of the capacity for jumping over passes of a repeat.
    pub cycle_jumping: Option<f64>,
    /// Electrons leak through the electrolyte; where that is written.
    pub leakage: Option<Place>,
    /// Water takes lithium; where that is written.
    pub water: Option<Place>,
    /// Interphase on the negative electrode.
    pub interphase: Option<Sourced<Interphase>>,
    /// Plating on the negative electrode.
    pub plating: Option<Sourced<Plating>>,
    /// Slow changes, with the electrode.
    pub wear: Vec<(usize, Sourced<Wear>)>,
}

/// A mechanism with its source and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Sourced<T> {
    /// The law with its numbers.
    pub law: T,
    /// Where the numbers come from.
    pub source: String,
    /// Heading of its table.
    pub place: Place,
}

/// An interphase, and what expansion of the host does to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interphase {
    /// The layer.
    pub layer: Sei,
    /// Part of the surface laid bare that is covered anew, and the volume that the host grows by per lithium, m³/mol.
    pub fresh: Option<[f64; 2]>,
}

/// Reference temperature of rates with an activation energy, K.
const REFERENCE: f64 = 298.15;

/// Reads the table.
pub(super) fn read(t: &TableReader<'_, '_>) -> Option<Ageing> {
    let on = |name: &str| t.choice(name).filter(|word| word.value == "on").map(|word| word.place);
    let mut ageing = Ageing {
        cycle_jumping: t.number("cycle_jumping").map(|n| n.value),
        leakage: on("leakage"),
        water: on("water"),
        ..Ageing::default()
    };
    let mut whole = true;
    let table = |name: &str| t.table(name);
    if let Some(inner) = table("interphase") {
        ageing.interphase = interphase(&inner).and_then(|law| sourced(&inner, law));
        whole &= ageing.interphase.is_some();
    }
    if let Some(inner) = table("plating") {
        ageing.plating = plating(&inner).and_then(|law| sourced(&inner, law));
        whole &= ageing.plating.is_some();
    }
    type Read = fn(&TableReader<'_, '_>) -> Option<Wear>;
    let wears: [(&str, usize, Read); 5] = [
        ("negative_stress", 0, stress),
        ("positive_stress", 1, stress),
        ("positive_dissolution", 1, dissolution),
        ("negative_resistance", 0, resistance),
        ("positive_resistance", 1, resistance),
    ];
    for (name, electrode, read) in wears {
        let Some(inner) = table(name) else { continue };
        match read(&inner).and_then(|law| sourced(&inner, law)) {
            Some(law) => ageing.wear.push((electrode, law)),
            None => whole = false,
        }
    }
    whole.then_some(ageing)
}

fn sourced<T>(t: &TableReader<'_, '_>, law: T) -> Option<Sourced<T>> {
    Some(Sourced {
        law,
        source: t.text("source")?.value,
        place: t.place.clone(),
    })
}

fn si(t: &TableReader<'_, '_>, name: &str) -> Option<f64> {
    t.quantity(name).map(|v: Spanned<f64>| v.value)
}

fn activated(t: &TableReader<'_, '_>, value: f64) -> Arrhenius {
    Arrhenius {
        value,
        activation_energy: si(t, "activation_energy").unwrap_or(0.0),
        reference: REFERENCE,
    }
}

fn transfer(t: &TableReader<'_, '_>) -> f64 {
    t.number("transfer_coefficient").map_or(0.5, |n| n.value)
}

/// Refuses a key that needs another one.
fn goes_with(t: &TableReader<'_, '_>, key: &str, needs: &str, help: &str) -> Option<()> {
    if t.entry(key).is_none() || t.entry(needs).is_some() {
        return Some(());
    }
    let missing = Diagnostic::error(ErrorKind::Input, "E011", format!("missing key `{needs}` {}", t.heading()));
    let missing = missing.at(t.place_of(key).unwrap_or_else(|| t.place.clone()));
    t.context.report(missing.label(format!("`{key}` needs it")).help(help.to_owned()));
    None
}

fn interphase(t: &TableReader<'_, '_>) -> Option<Interphase> {
    goes_with(
        t,
        "rate_constant",
        "potential",
        "add  potential = \"0.4 V\"  or what your solvent is reduced at",
    )?;
    goes_with(
        t,
        "potential",
        "rate_constant",
        "add  rate_constant = \"1e-12 m/s\"  or leave `potential` out",
    )?;
    goes_with(
        t,
        "cracked_share",
        "partial_molar_volume",
        "add  partial_molar_volume = \"3.1 cm3/mol\"  or what your host has",
    )?;
    goes_with(
        t,
        "partial_molar_volume",
        "cracked_share",
        "add  cracked_share = \"10 %\"  or leave `partial_molar_volume` out",
    )?;
    let (diffusivity, rate_constant) = (si(t, "solvent_diffusivity"), si(t, "rate_constant"));
    let layer = Sei {
        solvent_concentration: si(t, "solvent_concentration")?,
        diffusivity: activated(t, diffusivity?),
        rate_constant: rate_constant.map(|k| activated(t, k)),
        potential: si(t, "potential").unwrap_or(0.0),
        transfer_coefficient: transfer(t),
        molar_volume: si(t, "molar_volume")?,
        lithium: t.number("lithium_per_formula")?.value,
        conductivity: si(t, "conductivity").unwrap_or(f64::INFINITY),
        initial_thickness: si(t, "initial_thickness")?,
    };
    let fresh = t.number("cracked_share").zip(si(t, "partial_molar_volume"));
    Some(Interphase {
        layer,
        fresh: fresh.map(|(share, volume)| [share.value, volume]),
    })
}

fn plating(t: &TableReader<'_, '_>) -> Option<Plating> {
    let exchange = si(t, "exchange_current_density")?;
    Some(Plating {
        exchange_current: activated(t, exchange),
        transfer_coefficient: transfer(t),
        isolation: activated(t, si(t, "isolation_rate").unwrap_or(0.0)),
    })
}

fn stress(t: &TableReader<'_, '_>) -> Option<Wear> {
    let rate = si(t, "rate");
    Some(Wear::Stress(StressLoss {
        rate: activated(t, rate?),
        critical_stress: si(t, "critical_stress")?,
        exponent: t.number("exponent")?.value,
        youngs_modulus: si(t, "youngs_modulus")?,
        poisson_ratio: t.number("poisson_ratio")?.value,
        partial_molar_volume: si(t, "partial_molar_volume")?,
    }))
}

fn dissolution(t: &TableReader<'_, '_>) -> Option<Wear> {
    let rate = si(t, "rate");
    Some(Wear::Dissolution(Dissolution {
        rate: activated(t, rate?),
        potential: si(t, "potential")?,
        transfer_coefficient: transfer(t),
    }))
}

fn resistance(t: &TableReader<'_, '_>) -> Option<Wear> {
    let (increase, time) = (si(t, "increase")?, si(t, "time")?);
    Some(Wear::Resistance(ResistanceGrowth {
        rate: activated(t, increase * increase / time),
    }))
}
