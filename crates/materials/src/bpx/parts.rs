//! Electrolyte, separator, electrodes and particles of a BPX file.

use super::function::{activation, function, scalar};
use super::json::{Fallible, Section, out_of_range};
use super::sections::{Context, Findings};
use super::{BpxElectrode, BpxElectrolyte, BpxParticle, BpxPorous};
use crate::material::{Class, Material, Role};
use crate::property::{Argument, Confidence};
use cellwright_base::constants::FARADAY;

pub(super) const FRACTION: (f64, f64) = (0.0, 1.0);

pub(super) fn electrolyte(s: &Section<'_>, rest: Option<f64>, context: &Context, findings: &mut Findings) -> Fallible<BpxElectrolyte> {
    const INITIAL: &str = "Initial concentration [mol.m-3]";
    findings.check_keys(
        s,
        &[
            INITIAL,
            "Cation transference number",
            "Diffusivity [m2.s-1]",
            "Diffusivity activation energy [J.mol-1]",
            "Conductivity [S.m-1]",
            "Conductivity activation energy [J.mol-1]",
        ],
    )?;
    let initial_concentration = match rest.or(s.optional_number(INITIAL, (1.0, 2e4))?) {
        Some(c) => c,
        None => return Err(s.missing(INITIAL)),
    };
    let mut material = Material::new("BPX electrolyte", Class::ElectrolyteLiquid);
    material.roles = vec![Role::Electrolyte];
    let range = (0.2 * initial_concentration, 1.8 * initial_concentration);
    for (name, json_key, energy) in [
        ("conductivity", "Conductivity [S.m-1]", "Conductivity activation energy [J.mol-1]"),
        ("diffusion", "Diffusivity [m2.s-1]", "Diffusivity activation energy [J.mol-1]"),
        ("transference_number", "Cation transference number", ""),
    ] {
        let p = function(s, name, json_key, energy, Argument::Concentration, range, context, findings)?;
        material.set(p.ok_or_else(|| s.missing(json_key))?);
    }
    for (name, value) in [("thermodynamic_factor", 1.0), ("reference_concentration", initial_concentration)] {
        material.set(scalar(name, value, context, Confidence::Assumed, "by the BPX standard")?);
    }
    Ok(BpxElectrolyte {
        initial_concentration,
        material,
    })
}

pub(super) fn separator(s: &Section<'_>, findings: &mut Findings) -> Fallible<BpxPorous> {
    findings.check_keys(s, &["Thickness [m]", "Porosity", "Transport efficiency"])?;
    Ok(BpxPorous {
        thickness: s.number("Thickness [m]", THICKNESS)?,
        porosity: s.number("Porosity", POROSITY)?,
        transport_efficiency: s.number("Transport efficiency", POROSITY)?,
    })
}

const THICKNESS: (f64, f64) = (1e-10, 1.0);
const POROSITY: (f64, f64) = (1e-9, 1.0);
const ELECTRODE_KEYS: &[&str] = &["Thickness [m]", "Porosity", "Transport efficiency", "Conductivity [S.m-1]"];
const PARTICLE_KEYS: &[&str] = &[
    "Minimum stoichiometry",
    "Maximum stoichiometry",
    "Maximum concentration [mol.m-3]",
    "Particle radius [m]",
    "Surface area per unit volume [m-1]",
    "Diffusivity [m2.s-1]",
    "Diffusivity activation energy [J.mol-1]",
    "OCP [V]",
    "OCP (delithiation) [V]",
    "OCP (lithiation) [V]",
    "OCP hysteresis decay constant",
    "Entropic change coefficient [V.K-1]",
    "Reaction rate constant [mol.m-2.s-1]",
    "Reaction rate constant activation energy [J.mol-1]",
];

pub(super) fn electrode(s: &Section<'_>, side: &str, role: Role, context: &Context, findings: &mut Findings) -> Fallible<BpxElectrode> {
    let blend = s.optional_section("Particle")?;
    let particles = match &blend {
        None => {
            let known: Vec<&str> = ELECTRODE_KEYS.iter().chain(PARTICLE_KEYS).copied().chain(["Particle"]).collect();
            findings.check_keys(s, &known)?;
            vec![particle(s, &format!("{side} electrode"), role, context, findings)?]
        }
        Some(blend) => {
            let known: Vec<&str> = ELECTRODE_KEYS.iter().copied().chain(["Particle"]).collect();
            findings.check_keys(s, &known)?;
            if blend.map.is_empty() || blend.map.len() > 16 {
                return Err(out_of_range(
                    &format!("{}: number of particle kinds", blend.path),
                    blend.map.len() as f64,
                    (1.0, 16.0),
                ));
            }
            if blend.map.len() > 1 {
                let names = blend.map.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                findings.unsupported(
                    blend.path.clone(),
                    format!("blended electrode of {} particle kinds ({names})", blend.map.len()),
                    "all kinds are read, but models take one",
                );
            }
            let mut all = vec![];
            for name in blend.map.keys() {
                let p = blend.section(name)?;
                findings.check_keys(&p, PARTICLE_KEYS)?;
                all.push(particle(&p, name, role, context, findings)?);
            }
            all
        }
    };
    Ok(BpxElectrode {
        thickness: s.number("Thickness [m]", THICKNESS)?,
        porosity: s.optional_number("Porosity", POROSITY)?,
        transport_efficiency: s.optional_number("Transport efficiency", POROSITY)?,
        conductivity: s.optional_number("Conductivity [S.m-1]", (1e-12, 1e9))?,
        particles,
    })
}

fn particle(s: &Section<'_>, name: &str, role: Role, context: &Context, findings: &mut Findings) -> Fallible<BpxParticle> {
    let low = s.number("Minimum stoichiometry", FRACTION)?;
    let high = s.number("Maximum stoichiometry", FRACTION)?;
    if low >= high {
        return Err(out_of_range(&s.at("Minimum stoichiometry"), low, (0.0, high)));
    }
    for branch in ["OCP (delithiation) [V]", "OCP (lithiation) [V]", "OCP hysteresis decay constant"] {
        if s.get(branch).is_some() {
            findings.unsupported(s.at(branch), "open-circuit potential hysteresis", "the single `OCP [V]` is used");
        }
    }
    let mut material = Material::new(format!("BPX {name}"), Class::Electrode);
    material.roles = vec![role];
    for (key_name, json_key, energy, needed) in [
        ("open_circuit_potential", "OCP [V]", "", true),
        ("entropic_coefficient", "Entropic change coefficient [V.K-1]", "", false),
        ("diffusion", "Diffusivity [m2.s-1]", "Diffusivity activation energy [J.mol-1]", true),
    ] {
        match function(
            s,
            key_name,
            json_key,
            energy,
            Argument::Stoichiometry,
            (low, high),
            context,
            findings,
        )? {
            Some(p) => material.set(p),
            None if needed => return Err(s.missing(json_key)),
            None => {}
        }
    }
    let rate = s.number("Reaction rate constant [mol.m-2.s-1]", (1e-25, 1e6))?;
    let mut i0 = scalar(
        "exchange_current_density",
        0.5 * FARADAY * rate,
        context,
        Confidence::Derived,
        "F k sqrt(x (1 - x)) at x = 0.5 and the concentration at rest",
    )?;
    i0.activation = activation(s, "Reaction rate constant activation energy [J.mol-1]", context)?;
    material.set(i0);
    material.set(scalar(
        "maximum_concentration",
        s.number("Maximum concentration [mol.m-3]", (1.0, 1e6))?,
        context,
        Confidence::Derived,
        "as the file gives it",
    )?);
    for name in ["charge_transfer_coefficient", "electrolyte_reaction_order"] {
        material.set(scalar(name, 0.5, context, Confidence::Assumed, "by the BPX standard")?);
    }
    let (full, empty) = if role == Role::Negative { (high, low) } else { (low, high) };
    material.set(scalar(
        "stoichiometry_at_full",
        full,
        context,
        Confidence::Derived,
        "as the file gives it",
    )?);
    material.set(scalar(
        "stoichiometry_at_empty",
        empty,
        context,
        Confidence::Derived,
        "as the file gives it",
    )?);
    Ok(BpxParticle {
        name: name.chars().take(80).collect(),
        radius: s.number("Particle radius [m]", (1e-10, 1.0))?,
        surface_area_per_volume: s.number("Surface area per unit volume [m-1]", (1e-3, 1e12))?,
        minimum_stoichiometry: low,
        maximum_stoichiometry: high,
        material,
    })
}
