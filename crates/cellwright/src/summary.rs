//! The numbers of a run as data (`summary.json`), and the data files beside the report.

use crate::arrhenius::ConductivitySummary;
use crate::electrical::{TitrationSummary, VoltammetrySummary};
use crate::life::{Life, LifeSummary};
use crate::prepare::Prepared;
use crate::publish::Staging;
use crate::pulses::{Train, TrainSummary};
use crate::section_stress::{SectionStress, SectionStressSummary};
use crate::shelf::ShelfSummary;
use crate::spectra::{self, SpectrumSummary};
use crate::study::Study;
use crate::temperature::{self, TemperatureSummary};
use crate::transference::TransferenceSummary;
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_electrochem::model::Model;
use cellwright_electrochem::spec::{Electrode, ElectrolyteLaw};
use cellwright_lab::results::{CellField, FieldMesh, Quantity, write_csv, write_json, write_parquet, write_pvd, write_vtu};
use cellwright_lab::solution::StepEnd;
use serde::Serialize;

/// One step in numbers; SI, discharge positive.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StepSummary {
    /// Number in the whole protocol, from 0.
    pub index: u64,
    /// Cycle that it belongs to.
    pub cycle: u64,
    /// As written.
    pub step: String,
    /// s.
    pub duration_s: f64,
    /// Ah.
    pub capacity_ah: f64,
    /// Wh.
    pub energy_wh: f64,
    /// V at the end.
    pub end_voltage_v: f64,
    /// A at the end.
    pub end_current_a: f64,
    /// Why it ended.
    pub ended: String,
}

/// One rate in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RateSummary {
    /// As written.
    pub rate: String,
    /// A.
    pub current_a: f64,
    /// Ah; `null` if the cell could not start.
    pub capacity_ah: Option<f64>,
    /// V.
    pub mean_voltage_v: Option<f64>,
    /// s.
    pub duration_s: Option<f64>,
}

/// The headline numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// Version of this layout.
    pub format: u32,
    /// Program and version.
    pub program: String,
    /// Title.
    pub title: String,
    /// Design or parameter file.
    pub file: String,
    /// Hash of its text, hexadecimal.
    pub design_hash: String,
    /// Step the headline numbers belong to.
    pub main_step: Option<String>,
    /// Charge delivered, Ah.
    pub capacity_ah: f64,
    /// Per die area, Ah/cm².
    pub capacity_per_die_ah_cm2: f64,
    /// Energy delivered, Wh.
    pub energy_wh: f64,
    /// Energy over charge, V.
    pub mean_voltage_v: f64,
    /// Mean power over the main discharge, W.
    pub mean_power_w: f64,
    /// Energy per volume of electrodes, electrolyte and collectors, Wh/L.
    pub energy_per_active_volume_wh_l: f64,
    /// Energy per device volume, Wh/L.
    pub energy_per_device_volume_wh_l: f64,
    /// Energy out over energy in, where the protocol holds a whole cycle.
    pub energy_efficiency: Option<f64>,
    /// Mean losses of the main discharge, V, by cause.
    pub losses_v: Vec<(String, f64)>,
    /// Steps; of more than a thousand the first and the last five hundred.
    pub steps: Vec<StepSummary>,
    /// Steps between them that are left out.
    pub steps_left_out: usize,
    /// Rate series.
    pub rates: Vec<RateSummary>,
    /// Impedance spectra.
    pub impedance: Vec<SpectrumSummary>,
    /// Peaks of the voltammograms, slow to fast.
    pub voltammetry: Vec<VoltammetrySummary>,
    /// Exponent of the peak current in the rate: discharge, charge.
    pub peak_exponents: [Option<f64>; 2],
    /// Diffusivities from titration.
    pub titration: Vec<TitrationSummary>,
    /// The train of pulses; `null` for fewer than three pulses.
    pub pulses: Option<TrainSummary>,
    /// Transference numbers from steps of voltage between lithium and lithium.
    pub transference: Vec<TransferenceSummary>,
    /// Conductivity of the electrolyte against temperature.
    pub conductivity: ConductivitySummary,
    /// Stress on a section of the device; `null` for stacks, and where a property is missing.
    pub section_stress: Option<SectionStressSummary>,
    /// Years on the shelf; `null` where nothing is known of its losses.
    pub shelf: Option<ShelfSummary>,
    /// Capacity over the cycles and lithium lost by cause; `null` without `[ageing]` and without cycles.
    pub life: Option<LifeSummary>,
    /// The temperature field; `null` without one.
    pub temperature: Option<TemperatureSummary>,
    /// Relative lithium balance.
    pub lithium_balance: f64,
    /// Relative charge balance.
    pub charge_balance: f64,
    /// Closure of the losses, V.
    pub loss_closure_v: f64,
    /// Estimated relative mesh error.
    pub mesh_error: Option<f64>,
    /// Thinnest layer of lithium that the protocol makes below the surface of the negative and the positive material, m.
    pub lithium_layer_m: [Option<f64>; 2],
    /// Estimated error of the mean voltage from time steps, V.
    pub time_error_v: Option<f64>,
    /// Accepted and rejected time steps, Newton iterations, factorisations.
    pub work: [usize; 4],
    /// Computing time, s.
    pub wall_s: f64,
    /// Remarks.
    pub remarks: Vec<String>,
}

/// Names of the losses with the symbols of the materials, in the order of `losses::LOSSES`.
pub fn loss_names(prepared: &Prepared) -> [String; 8] {
    let s = symbols(prepared);
    [
        format!("{}: Li diffusion", s[2]),
        format!("{}: charge transfer", s[2]),
        format!("{}: concentration", s[1]),
        format!("{}: ohmic", s[1]),
        format!("{}: charge transfer", s[0]),
        format!("{}: Li diffusion", s[0]),
        "electronic conduction".to_owned(),
        "contacts and leads".to_owned(),
    ]
}

/// Symbols of negative electrode, electrolyte and positive electrode.
pub fn symbols(prepared: &Prepared) -> [String; 3] {
    use cellwright_device::{Role, Structure};
    let symbol = |name: &str| {
        prepared
            .cell
            .used
            .iter()
            .find(|u| u.material == name)
            .map_or_else(|| name.to_owned(), |u| u.symbol.clone())
    };
    [Role::Negative, Role::Electrolyte, Role::Positive].map(|role| {
        let Some(layer) = prepared.cell.device.layer(role) else {
            return role.as_str().to_owned();
        };
        match &layer.structure {
            Structure::Porous(p) if role == Role::Electrolyte && !p.electrolyte.is_empty() => symbol(&p.electrolyte),
            _ if role == Role::Electrolyte && matches!(prepared.cell.spec.electrolyte, ElectrolyteLaw::Concentrated { .. }) => {
                if layer.material == "separator" {
                    "electrolyte".to_owned()
                } else {
                    symbol(&layer.material)
                }
            }
            _ => symbol(&layer.material),
        }
    })
}

/// "Li | Li₃PO₄ | LiCoO₂, 1 cm², 40 volumes, 88 unknowns".
pub fn built(prepared: &Prepared, model: &Model) -> String {
    let [n, e, p] = symbols(prepared);
    let area = format_quantity(prepared.cell.device.active_area, Dimension::AREA);
    format!("{n} | {e} | {p}, {area}, {} volumes, {} unknowns", model.mesh.n_cells(), model.n())
}

/// How a step ended, in words.
pub fn ended(end: &StepEnd) -> String {
    match end {
        StepEnd::Time => "time over".to_owned(),
        StepEnd::Limit(t) => format!("{t} reached"),
        StepEnd::AtOnce(t) => format!("at once: {t}"),
        StepEnd::Interrupted => "interrupted".to_owned(),
    }
}

/// Steps at either end of a long protocol that are listed.
const LISTED: usize = 500;

/// The headline numbers of a study.
pub fn summarise(prepared: &Prepared, study: &Study, wall_s: f64) -> Summary {
    let s = &study.solution;
    let device = &prepared.cell.device;
    let (capacity, energy) = study.discharge.as_ref().map_or((0.0, 0.0), |d| (d.capacity, d.energy));
    let per_litre = |volume: f64| if volume > 0.0 { energy / 3600.0 / (volume * 1e3) } else { 0.0 };
    let left_out = s.steps.len().saturating_sub(2 * LISTED);
    let listed = s.steps.iter().enumerate().filter(|(k, _)| *k < LISTED || *k >= LISTED + left_out);
    let steps = listed.map(|(_, r)| StepSummary {
        index: r.index,
        cycle: r.cycle,
        step: r.text.clone(),
        duration_s: r.end - r.start,
        capacity_ah: r.charge / 3600.0,
        energy_wh: r.energy / 3600.0,
        end_voltage_v: r.voltage,
        end_current_a: r.current,
        ended: ended(&r.ended),
    });
    let rates = study.rates.iter().map(|r| RateSummary {
        rate: r.label.clone(),
        current_a: r.current,
        capacity_ah: r.discharge.as_ref().map(|d| d.capacity / 3600.0),
        mean_voltage_v: r.discharge.as_ref().map(|d| d.mean_voltage()),
        duration_s: r.discharge.as_ref().map(|d| d.duration),
    });
    let losses = study
        .discharge
        .as_ref()
        .map_or(vec![], |d| loss_names(prepared).into_iter().zip(d.losses).collect());
    Summary {
        format: 1,
        program: concat!("cellwright ", env!("CARGO_PKG_VERSION")).to_owned(),
        title: prepared.title.clone(),
        file: prepared.file.clone(),
        design_hash: format!("{:016x}", cellwright_lab::checkpoint::hash(prepared.text.as_bytes())),
        main_step: study.main.map(|m| s.steps[m].text.clone()),
        capacity_ah: capacity / 3600.0,
        capacity_per_die_ah_cm2: capacity / 3600.0 / (device.die_area() * 1e4),
        energy_wh: energy / 3600.0,
        mean_voltage_v: if capacity > 0.0 { energy / capacity } else { 0.0 },
        mean_power_w: study.discharge.as_ref().map_or(0.0, |d| d.mean_power()),
        energy_per_active_volume_wh_l: per_litre(device.active_volume()),
        energy_per_device_volume_wh_l: per_litre(prepared.volume),
        energy_efficiency: efficiency(study),
        losses_v: losses,
        steps: steps.collect(),
        steps_left_out: left_out,
        rates: rates.collect(),
        impedance: s
            .spectra
            .iter()
            .zip(&study.readings)
            .map(|(s, r)| spectra::summarise(s, r, device.active_area))
            .collect(),
        voltammetry: study.tests.voltammetry(),
        peak_exponents: study.tests.exponents,
        titration: study.tests.titrations(),
        pulses: study.tests.train.as_ref().map(Train::summary),
        transference: study.tests.transference.as_ref().map_or(vec![], |t| t.summary(s)),
        conductivity: study.conductivity.summary(),
        section_stress: study.section_stress.as_ref().and_then(SectionStress::summary),
        shelf: study.shelf.as_ref().and_then(|s| s.summary()),
        life: study.life.as_ref().map(Life::summary),
        lithium_balance: s.balances.lithium(),
        charge_balance: s.balances.charge(),
        temperature: temperature::summary(prepared, study),
        loss_closure_v: s.balances.loss_closure,
        mesh_error: study.errors.mesh,
        lithium_layer_m: prepared.cell.layers,
        time_error_v: study.errors.time,
        work: [
            s.statistics.steps,
            s.statistics.rejected_error + s.statistics.rejected_newton,
            s.statistics.newton_iterations,
            s.statistics.factorisations,
        ],
        wall_s,
        remarks: s.remarks.clone(),
    }
}

/// Energy delivered over energy taken up, if the charge of both directions agrees within 2 %.
fn efficiency(study: &Study) -> Option<f64> {
    let s = &study.solution;
    let last = |q| s.column(q).last().copied().unwrap_or(0.0);
    let (out, back) = (last(Quantity::DischargingCapacity), last(Quantity::ChargingCapacity));
    let whole = back > 0.0 && (out / back - 1.0).abs() < 0.02;
    whole.then(|| last(Quantity::DischargingEnergy) / last(Quantity::ChargingEnergy))
}

/// Adds series, summary, fields and the input itself.
pub fn add_files(staging: &mut Staging, prepared: &Prepared, study: &Study, summary: &Summary) {
    let mut write = |name: &str, f: &dyn Fn(&mut Vec<u8>) -> std::io::Result<()>| {
        let mut bytes = Vec::new();
        f(&mut bytes).expect("invariant: writing to memory does not fail");
        staging.add(name, bytes);
    };
    write("summary.json", &|b| write_json(summary, b));
    write("timeseries.csv", &|b| write_csv(&study.solution.series, b));
    write("timeseries.parquet", &|b| write_parquet(&study.solution.series, b));
    if !study.solution.spectra.is_empty() {
        let table = spectra::file(&study.solution, prepared.cell.device.active_area);
        write("impedance.csv", &|b| write_csv(&table, b));
        write("impedance.parquet", &|b| write_parquet(&table, b));
    }
    if let Some(life) = study.life.as_ref().filter(|l| l.cycles.len() > 1) {
        let table = life.table();
        write("cycles.csv", &|b| write_csv(&table, b));
    }
    let design = if prepared.file.ends_with(".json") {
        "parameters.json"
    } else {
        "design.toml"
    };
    write(design, &|b| std::io::Write::write_all(b, prepared.text.as_bytes()));
    add_fields(staging, prepared, study);
}

/// Most field files of one run.
const MOST_FIELDS: usize = 60;

/// Electrolyte concentration and potential on the mesh as `fields/*.vtu` with a `.pvd` index.
fn add_fields(staging: &mut Staging, prepared: &Prepared, study: &Study) {
    use cellwright_electrochem::profiles::ProfileQuantity;
    let s = &study.solution;
    let model = prepared.cell.model(prepared.cell.spec.clone());
    if model.has_maps() {
        return crate::fields::add(staging, &model, study);
    }
    let electrolyte: Vec<usize> = (0..s.axes.len())
        .filter(|k| {
            matches!(
                s.axes[*k].quantity,
                ProfileQuantity::ElectrolyteConcentration | ProfileQuantity::ElectrolytePotential
            )
        })
        .collect();
    if electrolyte.is_empty() || s.frames.is_empty() {
        return;
    }
    let mut nodes = vec![0.0];
    for v in &model.mesh.volumes {
        nodes.push(nodes[nodes.len() - 1] + v / prepared.cell.spec.area);
    }
    let mesh = FieldMesh::line(&nodes);
    let time = s.column(Quantity::TestTime);
    let stride = s.frames.len().div_ceil(MOST_FIELDS);
    let mut index = Vec::new();
    for (n, frame) in s.frames.iter().step_by(stride).enumerate() {
        let fields: Vec<CellField> = electrolyte
            .iter()
            .map(|&k| {
                let label = match s.axes[k].quantity {
                    ProfileQuantity::ElectrolyteConcentration => "Electrolyte Concentration / mol m-3",
                    _ => "Electrolyte Potential / V",
                };
                CellField {
                    label: label.to_owned(),
                    values: frame.values[k].clone(),
                }
            })
            .collect();
        let name = format!("fields/fields_{n:03}.vtu");
        let mut bytes = Vec::new();
        if write_vtu(&mesh, &fields, &mut bytes).is_ok() {
            index.push((time[frame.row], name.clone()));
            staging.add(name, bytes);
        }
    }
    let mut bytes = Vec::new();
    if write_pvd(&index, &mut bytes).is_ok() {
        staging.add("fields.pvd", bytes);
    }
}

/// Words for an electrode in the model listing.
pub fn electrode_words(e: &Electrode) -> &'static str {
    match e {
        Electrode::Metal { .. } => "lithium metal",
        Electrode::Film { .. } => "dense film, one host on the interface",
        Electrode::Porous { .. } => "porous, particles as hosts",
    }
}
