//! Electrodes: from a body of a design to what the equations see of it.

use super::builder::{Body, Builder, Fault};
use cellwright_base::constants::{FARADAY, STANDARD_TEMPERATURE};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::spec::{ActiveMaterial, Electrode, ExchangeCurrent};
use cellwright_materials::Class;

/// Conductivity of a scaffold of metal, S/m, before the part of the electrode that is solid: over 10 µm it loses less than a microvolt.
const METAL_SCAFFOLD: f64 = 1e3;

fn scaffold(body: &Body) -> Diagnostic {
    let text = format!(
        "the scaffold under `{}` is taken as a good conductor of electrons that needs no room",
        body.name
    );
    Diagnostic::warning("W209", text).at(body.place.clone())
}

impl Builder<'_> {
    /// The electrode and its capacity over the usable window, C.
    pub fn electrode(&mut self, body: &Body, charge: Option<f64>, negative: bool) -> Result<(Electrode, Option<f64>), Fault> {
        let (name, place) = (body.material.clone(), body.place.clone());
        let class = self.material(&name, &place)?.class;
        if class == Class::Metal {
            let exchange = self.have(&name, "exchange_current_density");
            let (exchange_current, kinetics) = match exchange {
                Some(property) => {
                    let order = self
                        .have(&name, "electrolyte_reaction_order")
                        .map_or(0.5, |p| p.eval(0.0, STANDARD_TEMPERATURE).value);
                    let anodic = self
                        .have(&name, "charge_transfer_coefficient")
                        .map_or(0.5, |p| p.eval(0.0, STANDARD_TEMPERATURE).value);
                    (
                        Some(ExchangeCurrent {
                            property,
                            electrolyte_order: order,
                        }),
                        Kinetics::ButlerVolmer { anodic },
                    )
                }
                None => {
                    let d = Diagnostic::warning(
                        "W202",
                        format!("charge transfer at {name} is neglected: no exchange-current density is known for it"),
                    )
                    .at(place.clone())
                    .help(format!(
                        "[materials.\"{name}\".exchange_current_density]\nvalue = \"1 mA/cm2\"\nsource = \"…\"\nconfidence = \"assumed\""
                    ));
                    self.warnings.push(d);
                    (None, Kinetics::Reversible)
                }
            };
            // Nobody has to know it of a metal, whose interface is often fast.
            let wanted = self.design.model.double_layer.then(|| self.have(&name, "double_layer_capacitance"));
            let double_layer = wanted.flatten().map_or(0.0, |p| p.eval(0.0, STANDARD_TEMPERATURE).value);
            return Ok((
                Electrode::Metal {
                    exchange_current,
                    kinetics,
                    double_layer,
                    film_resistance: 0.0,
                },
                None,
            ));
        }
        let (active, window) = self.active(body, charge, negative)?;
        let thickness = body.thickness;
        let per_volume = window.map(|w| FARADAY * active.maximum_concentration * w);
        match &body.porous {
            None => {
                let conductivity = self
                    .have(&name, "electronic_conductivity")
                    .map(|p| p.eval(active.initial_stoichiometry, STANDARD_TEMPERATURE).value);
                let electrode = Electrode::Film {
                    thickness,
                    electronic_conductivity: conductivity.unwrap_or(f64::INFINITY),
                    active,
                };
                Ok((electrode, per_volume.map(|c| c * body.volume)))
            }
            Some(p) => {
                let missing = |what: &str, example: &str| {
                    let d = Diagnostic::error(
                        ErrorKind::Input,
                        "E059",
                        format!("the porous electrode `{}` needs its {what}", body.name),
                    )
                    .at(body.place.clone())
                    .help(format!("add  {example}  to this film"));
                    Box::new(d)
                };
                let fraction = p
                    .active_fraction
                    .ok_or_else(|| missing("active fraction", "active_fraction = 0.6"))?;
                let radius = p
                    .particle_radius
                    .ok_or_else(|| missing("particle radius", "particle_radius = \"5 um\""))?;
                let (porosity, efficiency, solid) = (p.porosity, p.transport_efficiency, p.solid_transport_efficiency);
                let sigma = if p.on_metal {
                    self.warnings.push(scaffold(body));
                    METAL_SCAFFOLD
                } else {
                    let conductivity = self.need(&name, "electronic_conductivity", &place)?;
                    conductivity.eval(0.5, self.design.temperature.value).value
                };
                let electrode = Electrode::Porous {
                    thickness,
                    porosity,
                    transport_efficiency: efficiency,
                    solid_conductivity: sigma * solid,
                    area_per_volume: 3.0 * fraction / radius,
                    radius,
                    curvature: Curvature::Sphere,
                    active,
                };
                Ok((electrode, per_volume.map(|c| c * fraction * body.volume)))
            }
        }
    }

    fn active(&mut self, body: &Body, charge: Option<f64>, negative: bool) -> Result<(ActiveMaterial, Option<f64>), Fault> {
        let (name, place) = (body.material.as_str(), &body.place);
        let full = self
            .have(name, "stoichiometry_at_full")
            .map(|p| p.eval(0.0, STANDARD_TEMPERATURE).value);
        let empty = self
            .have(name, "stoichiometry_at_empty")
            .map(|p| p.eval(0.0, STANDARD_TEMPERATURE).value);
        let initial = match (&body.stoichiometry, full, empty) {
            (Some(x), ..) => x.value,
            (None, Some(full), Some(empty)) => empty + charge.unwrap_or(1.0) * (full - empty),
            (None, None, _) => {
                self.need(name, "stoichiometry_at_full", place)?;
                1.0
            }
            (None, _, None) => {
                self.need(name, "stoichiometry_at_empty", place)?;
                1.0
            }
        };
        if !(initial > 0.0 && initial < 1.0) {
            let at = body.stoichiometry.as_ref().map_or(place, |s| &s.place);
            let d = Diagnostic::error(
                ErrorKind::OutOfRange,
                "E054",
                format!("the stoichiometry {initial} of `{}` is out of range", body.name),
            )
            .at(at.clone())
            .note("allowed: above 0 and below 1, in units of the maximum concentration")
            .help(if negative {
                "0.9 is a charged negative electrode"
            } else {
                "0.5 is a charged LiCoO2 electrode"
            });
            return Err(Box::new(d));
        }
        let window = full.zip(empty).map(|(a, b)| (a - b).abs());
        let potential = self.need(name, "open_circuit_potential", place)?;
        let reference_temperature = potential.provenance.temperature.unwrap_or(STANDARD_TEMPERATURE);
        let exchange = self.need(name, "exchange_current_density", place)?;
        let anodic = self
            .have(name, "charge_transfer_coefficient")
            .map_or(0.5, |p| p.eval(0.0, STANDARD_TEMPERATURE).value);
        // Butler–Volmer with c₊^α_a unless the material says otherwise; without effect in single-ion conductors.
        let order = self
            .have(name, "electrolyte_reaction_order")
            .map_or(1.0 - anodic, |p| p.eval(0.0, STANDARD_TEMPERATURE).value);
        let active = ActiveMaterial {
            open_circuit_potential: potential,
            entropic_coefficient: self.have(name, "entropic_coefficient"),
            reference_temperature,
            diffusion: self.need(name, "diffusion", place)?,
            maximum_concentration: self.constant(name, "maximum_concentration", place)?,
            exchange_current: ExchangeCurrent {
                property: exchange,
                electrolyte_order: order,
            },
            kinetics: Kinetics::ButlerVolmer { anodic },
            double_layer: self.double_layer(name, place)?,
            film_resistance: 0.0,
            initial_stoichiometry: initial,
        };
        Ok((active, window))
    }

    /// Double-layer capacitance if the design asks for it, F/m².
    fn double_layer(&mut self, name: &str, place: &Place) -> Result<f64, Fault> {
        if !self.design.model.double_layer {
            return Ok(0.0);
        }
        Ok(self
            .need(name, "double_layer_capacitance", place)?
            .eval(0.0, STANDARD_TEMPERATURE)
            .value)
    }
}
