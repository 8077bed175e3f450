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
        ageing.interphase = sourced(&inner, interphase(&inner));
        whole &= ageing.interphase.is_some();
    }
    if let Some(inner) = table("plating") {
        ageing.plating = sourced(&inner, plating(&inner));
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
        match sourced(&inner, read(&inner)) {
            Some(law) => ageing.wear.push((electrode, law)),
            None => whole = false,
        }
    }
    whole.then_some(ageing)
}

fn sourced<T>(t: &TableReader<'_, '_>, law: Option<T>) -> Option<Sourced<T>> {
    let source = t.text("source");
    Some(Sourced {
        law: law?,
        source: source?.value,
        place: t.place.clone(),
    })
}

fn si(t: &TableReader<'_, '_>, name: &str) -> Option<f64> {
    t.quantity(name).map(|v: Spanned<f64>| v.value)
}

/// A rate with the activation energy of its table, from what was read of both.
fn activated(value: f64, activation_energy: f64) -> Arrhenius {
    Arrhenius {
        value,
        activation_energy,
        reference: REFERENCE,
    }
}

fn activation(t: &TableReader<'_, '_>) -> f64 {
    si(t, "activation_energy").unwrap_or(0.0)
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

// Every reader below reads all keys before it gives up, so that every fault of a table is found at once.

fn interphase(t: &TableReader<'_, '_>) -> Option<Interphase> {
    let (concentration, diffusivity) = (si(t, "solvent_concentration"), si(t, "solvent_diffusivity"));
    let (rate_constant, potential) = (si(t, "rate_constant"), si(t, "potential"));
    let (molar_volume, lithium) = (si(t, "molar_volume"), t.number("lithium_per_formula"));
    let (conductivity, thickness) = (si(t, "conductivity"), si(t, "initial_thickness"));
    let (share, volume) = (t.number("cracked_share"), si(t, "partial_molar_volume"));
    let (transfer_coefficient, energy) = (transfer(t), activation(t));
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
    Some(Interphase {
        layer: Sei {
            solvent_concentration: concentration?,
            diffusivity: activated(diffusivity?, energy),
            rate_constant: rate_constant.map(|k| activated(k, energy)),
            potential: potential.unwrap_or(0.0),
            transfer_coefficient,
            molar_volume: molar_volume?,
            lithium: lithium?.value,
            conductivity: conductivity.unwrap_or(f64::INFINITY),
            initial_thickness: thickness?,
        },
        fresh: share.zip(volume).map(|(share, volume)| [share.value, volume]),
    })
}

fn plating(t: &TableReader<'_, '_>) -> Option<Plating> {
    let (exchange, isolation) = (si(t, "exchange_current_density"), si(t, "isolation_rate"));
    let (transfer_coefficient, energy) = (transfer(t), activation(t));
    Some(Plating {
        exchange_current: activated(exchange?, energy),
        transfer_coefficient,
        isolation: activated(isolation.unwrap_or(0.0), energy),
    })
}

fn stress(t: &TableReader<'_, '_>) -> Option<Wear> {
    let (rate, energy) = (si(t, "rate"), activation(t));
    let (critical_stress, exponent) = (si(t, "critical_stress"), t.number("exponent"));
    let (youngs_modulus, poisson_ratio) = (si(t, "youngs_modulus"), t.number("poisson_ratio"));
    let volume = si(t, "partial_molar_volume");
    Some(Wear::Stress(StressLoss {
        rate: activated(rate?, energy),
        critical_stress: critical_stress?,
        exponent: exponent?.value,
        youngs_modulus: youngs_modulus?,
        poisson_ratio: poisson_ratio?.value,
        partial_molar_volume: volume?,
    }))
}

fn dissolution(t: &TableReader<'_, '_>) -> Option<Wear> {
    let (rate, energy) = (si(t, "rate"), activation(t));
    let (potential, transfer_coefficient) = (si(t, "potential"), transfer(t));
    Some(Wear::Dissolution(Dissolution {
        rate: activated(rate?, energy),
        potential: potential?,
        transfer_coefficient,
    }))
}

fn resistance(t: &TableReader<'_, '_>) -> Option<Wear> {
    let (increase, time, energy) = (si(t, "increase"), si(t, "time"), activation(t));
    let (increase, time) = (increase?, time?);
    Some(Wear::Resistance(ResistanceGrowth {
        rate: activated(increase * increase / time, energy),
    }))
}
