//! Sample reports for the tests: a thin-film cell from a small slab-diffusion model, and a laminated cell with invented curves.

use super::colour::Colour;
use super::data::*;
use super::kind::Kind;
use super::{thin, verdict};

const N: usize = 24;
const AREA: f64 = 4.6e-3 * 4.6e-3;
const L: f64 = 2.5e-6;
const Q_FULL: f64 = 36.6e-6 * 3600.0;

struct Trace {
    t: Vec<f64>,
    v: Vec<f64>,
    i: Vec<f64>,
    eq: Vec<f64>,
    loss: [Vec<f64>; 5],
    x: Vec<[f64; N]>,
    steps: Vec<Step>,
}

fn ocp(x: f64) -> f64 {
    let x = x.clamp(0.01, 0.9999);
    3.915 + 0.55 * (0.72 - x).max(0.0) - 0.09 * (x - 0.72).max(0.0) - 0.0004 * ((x - 0.85) * 62.0).exp().min(5000.0)
        + 0.006 * ((0.56 - x) * 40.0).tanh()
}

/// Runs steps `(current in units of 1C or hold voltage, rest)` on the slab.
fn trace(diffusion: f64, plan: &[(&str, &str, f64, f64)]) -> Trace {
    let mut x = [0.93; N];
    let dx = L / N as f64;
    let dt = 0.4 * dx * dx / diffusion.max(1e-15) / 2.0;
    let mut out = Trace {
        t: vec![],
        v: vec![],
        i: vec![],
        eq: vec![],
        loss: Default::default(),
        x: vec![],
        steps: vec![],
    };
    let one_c = Q_FULL / 3600.0;
    let mut t = 0.0;
    for (label, short, value, limit) in plan {
        let (start, mut charge) = (t, 0.0);
        let mut count = 0;
        let voltage_hold = short.starts_with("Hold");
        let rest = short.starts_with("Rest");
        let ends;
        loop {
            let surface = x[N - 1] + (x[N - 1] - x[N - 2]) / 2.0;
            let mean = x.iter().sum::<f64>() / N as f64;
            let series = 10.4e-3 / one_c;
            let transfer = |i: f64| {
                0.0514 * (i / (2.0 * 0.9 * one_c * (4.0 * surface.clamp(0.01, 0.995) * (1.0 - surface.clamp(0.01, 0.995))).sqrt())).asinh()
            };
            let terminal =
                |i: f64| ocp(surface) - transfer(i) - i * series - 0.0514 * (i / one_c * 0.048).asinh() * 2.0 - i / one_c * 0.3e-3;
            let i = if rest {
                0.0
            } else if voltage_hold {
                let (mut a, mut b) = (-3.0 * one_c, 0.0);
                for _ in 0..50 {
                    let m = 0.5 * (a + b);
                    if terminal(m) > *value { a = m } else { b = m }
                }
                0.5 * (a + b)
            } else {
                value * one_c
            };
            let v = terminal(i);
            let done = if rest {
                t - start >= *limit
            } else if voltage_hold {
                -i < limit * one_c
            } else if i > 0.0 {
                v <= *limit
            } else {
                v >= *limit
            };
            if count % 12 == 0 || done {
                out.t.push(t);
                out.v.push(v);
                out.i.push(i);
                out.eq.push(ocp(mean));
                let s = if i < 0.0 { -1.0 } else { 1.0 };
                let parts = [
                    if i == 0.0 {
                        (ocp(mean) - ocp(surface)).abs()
                    } else {
                        s * (ocp(mean) - ocp(surface))
                    },
                    s * transfer(i),
                    s * i * series,
                    s * 0.0514 * (i / one_c * 0.048).asinh() * 2.0,
                    s * i / one_c * 0.3e-3,
                ];
                out.loss.iter_mut().zip(parts).for_each(|(l, p)| l.push(p));
                out.x.push(x);
            }
            assert!(t < 1e6, "the sample step {label} never ends");
            if done {
                ends = if rest {
                    "time reached".to_string()
                } else if voltage_hold {
                    format!("{:.2} µA reached", -i * 1e6)
                } else {
                    format!("{limit:.3} V reached")
                };
                break;
            }
            let flux = i / Q_FULL * L * 0.5 / 1.0;
            let old = x;
            for k in 0..N {
                let right = if k + 1 < N { diffusion * (old[k + 1] - old[k]) / dx } else { flux };
                let left = if k > 0 { diffusion * (old[k] - old[k - 1]) / dx } else { 0.0 };
                x[k] += dt * (right - left) / dx;
            }
            t += dt;
            charge += i * dt;
            count += 1;
        }
        out.steps.push(Step {
            label: label.to_string(),
            short: short.to_string(),
            start,
            end: t,
            ends,
            charge: Some(charge),
        });
    }
    out
}

/// The thin-film sample.
pub fn thin_film() -> Report {
    static SAMPLE: std::sync::OnceLock<Report> = std::sync::OnceLock::new();
    SAMPLE.get_or_init(build).clone()
}

fn build() -> Report {
    let plan = [
        ("Charge at 1C until 4.2 V", "Charge 1C", -1.0, 4.2),
        ("Hold at 4.2 V until C/50", "Hold 4.2 V", 4.2, 0.02),
        ("Rest for 10 min", "Rest", 0.0, 600.0),
        ("Discharge at 1C until 3.0 V", "Discharge 1C", 1.0, 3.0),
        ("Rest for 30 min", "Rest", 0.0, 1800.0),
    ];
    let run = trace(3.0e-15, &plan);
    let ends: Vec<f64> = run.steps.iter().map(|s| s.end).collect();
    let kept = thin::choose_frames(&run.t, &run.v, &ends, 130);
    let frames: Vec<f64> = kept.iter().map(|&k| run.t[k]).collect();
    let names = [
        ("LiCoO₂: Li diffusion", Colour::Positive),
        ("LiCoO₂ | LiPON: charge transfer", Colour::PositiveLight),
        ("LiPON: ohmic", Colour::Electrolyte),
        ("Li | LiPON: charge transfer", Colour::Negative),
        ("Collectors and contacts", Colour::Metal),
    ];
    let components: Vec<LossComponent> = names
        .iter()
        .zip(&run.loss)
        .map(|(n, l)| LossComponent {
            mean: None,
            name: n.0.into(),
            colour: n.1,
            loss: kept.iter().map(|&k| l[k]).collect(),
        })
        .collect();
    let main = run.steps[3].clone();
    let mean = |c: &LossComponent| {
        let (mut a, mut s) = (0.0, 0.0);
        for i in 1..frames.len() {
            if frames[i - 1] >= main.start && frames[i] <= main.end {
                a += 0.5 * (c.loss[i] + c.loss[i - 1]) * (frames[i] - frames[i - 1]);
                s += frames[i] - frames[i - 1];
            }
        }
        a / s
    };
    let parts: Vec<LossPart> = components
        .iter()
        .map(|c| LossPart {
            name: c.name.clone(),
            colour: c.colour,
            mean: mean(c),
        })
        .collect();
    let bar = LossBar {
        of: "1C discharge".into(),
        parts,
    };
    let q = main.charge.unwrap_or(0.0);
    let span = |name: &str| {
        let step = run.steps.iter().position(|s| s.short == name).unwrap_or(0);
        let s = &run.steps[step];
        let idx: Vec<usize> = (0..run.t.len())
            .filter(|&k| run.t[k] >= s.start && run.t[k] <= s.end && run.i[k].abs() > 1e-9)
            .collect();
        let capacity = idx.iter().map(|&k| (run.t[k] - s.start) * run.i[idx[1]].abs()).collect::<Vec<_>>();
        (capacity, idx.iter().map(|&k| run.v[k]).collect::<Vec<f64>>())
    };
    let (dq, dv) = span("Discharge 1C");
    let (cq, cv) = span("Charge 1C");
    let rates = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];
    let labels = ["C/10", "C/5", "C/2", "1C", "2C", "5C", "10C"];
    let rows: Vec<RateRow> = rates
        .iter()
        .zip(labels)
        .map(|(&rate, label)| {
            let r = trace(3.0e-15, &[plan[0], plan[1], plan[2], ("d", "Discharge", rate, 3.0)]);
            let s = &r.steps[3];
            let idx: Vec<usize> = (0..r.t.len()).filter(|&k| r.t[k] > s.start && r.i[k] > 0.0).collect();
            let current = rate * Q_FULL / 3600.0;
            let curve_capacity: Vec<f64> = idx.iter().map(|&k| (r.t[k] - s.start) * current).collect();
            let curve_voltage: Vec<f64> = idx.iter().map(|&k| r.v[k]).collect();
            let energy: f64 = (1..idx.len())
                .map(|j| 0.5 * (curve_voltage[j] + curve_voltage[j - 1]) * (curve_capacity[j] - curve_capacity[j - 1]))
                .sum();
            let capacity = curve_capacity.last().copied().unwrap_or(1e-9);
            RateRow {
                label: label.into(),
                c_rate: rate,
                capacity,
                mean_voltage: energy / capacity,
                energy,
                power: energy / capacity * current,
                loss: Some(0.113 * rate.powf(0.8)),
                curve_capacity,
                curve_voltage,
            }
        })
        .collect();
    let slow = &rows[0];
    let differential: (Vec<f64>, Vec<f64>) = (1..slow.curve_voltage.len())
        .step_by(1)
        .filter(|&j| slow.curve_voltage[j - 1] - slow.curve_voltage[j] > 1e-5)
        .map(|j| {
            (
                0.5 * (slow.curve_voltage[j] + slow.curve_voltage[j - 1]),
                (slow.curve_capacity[j] - slow.curve_capacity[j - 1]) / (slow.curve_voltage[j - 1] - slow.curve_voltage[j]),
            )
        })
        .unzip();
    let xs: Vec<f64> = (0..N).map(|k| 1.42e-6 + (k as f64 + 0.5) * L / N as f64).collect();
    let film = |role, name: &str, thickness: f64, technique: &str| Layer {
        role,
        name: name.into(),
        material: name.into(),
        thickness,
        technique: technique.into(),
        ..Layer::default()
    };
    let layers = vec![
        film(Role::Substrate, "Si", 100e-6, "back-ground"),
        film(Role::Insulator, "SiO2", 0.8e-6, "thermal"),
        film(Role::Collector, "Pt / Ti", 0.22e-6, "sputter"),
        Layer {
            areal_capacity: Some(Q_FULL / AREA),
            spread: Some(0.03),
            ..film(Role::PositiveElectrode, "LiCoO2", L, "RF sputter, 700 °C")
        },
        Layer {
            spread: Some(0.03),
            ..film(Role::Electrolyte, "LiPON", 1.2e-6, "RF sputter, N₂")
        },
        Layer {
            spread: Some(0.04),
            areal_capacity: Some(3.6 * Q_FULL / AREA),
            ..film(Role::NegativeElectrode, "Li", 3e-6, "evaporation")
        },
        film(Role::Collector, "Cu", 0.4e-6, "evaporation"),
        Layer {
            material: "Parylene C".into(),
            ..film(Role::Encapsulation, "Parylene C + Al2O3", 10.2e-6, "CVD, ALD")
        },
    ];
    let text = "25 °C";
    let value = |m: &str, p: &str, v: &str, u: &str, s: &str, c: Confidence, share: f64| MaterialValue {
        material: m.into(),
        property: p.into(),
        value: v.into(),
        unit: u.into(),
        at: text.into(),
        source: s.into(),
        confidence: c,
        share: Some(share),
        validity: if share > 0.5 { "x 0.5 to 1.0".into() } else { String::new() },
    };
    Report {
        impedance: None,
        electrical: None,
        conductivity: None,
        fabricated: None,
        not_run: None,
        title: "Li | LiPON | LiCoO₂ thin-film cell, 5 mm die".into(),
        design_file: "implant-5mm.toml".into(),
        run_id: "7f3a91c".into(),
        conditions: "25 °C unless said".into(),
        verdict: verdict::sentence(&verdict::Verdict {
            capacity: &Kind::Capacity.text(q),
            rate: "1C",
            of_slow: Some((q / rows[0].capacity, "C/10")),
            losses: Some(&bar),
            advice: "Thinner LiCoO₂ or a slower load helps; better LiPON hardly does.",
        }),
        key_numbers: vec![
            KeyNumber::new("Capacity, 1C", q, Kind::Capacity, "119 µAh per cm² of die"),
            KeyNumber::new("Energy, 1C", q * 3.89, Kind::Energy, "0.46 mWh per cm² of die"),
            KeyNumber::new("Mean voltage, 1C", 3.89, Kind::Voltage, "window 3.0 to 4.2 V"),
            KeyNumber::new("Power, 10C mean", rows[6].power, Kind::Power, "5.3 mW per cm² of die"),
            KeyNumber::new("Energy per volume", 38.9 * 3.6e6, Kind::VolumetricEnergy, "die and package, 2.97 mm³\n674 Wh/L films alone"),
            KeyNumber::new("Energy efficiency", 0.942, Kind::Percent, "discharge over charge, one cycle"),
        ],
        loss_bar: Some(bar),
        warnings: vec![Notice {
            error: false,
            code: "W201".into(),
            text: "An **estimated** value drives the answer: the LiCoO₂ diffusion coefficient. Across its published range, capacity at 1C runs from 2 to 31 µAh.".into(),
            anchor: "materials".into(),
        }],
        passed: "12 of 12 design rules hold. Lithium, charge and energy balances close. Mesh error on capacity 0.08 %.".into(),
        device: Device { layers, die: Some([5e-3, 5e-3]), active: Some([4.6e-3, 4.6e-3]), active_area: Some(AREA), lede: String::new() },
        cycle: Cycle {
            lede: "Charge at 1C until 4.2 V; hold until C/50; rest 10 min; discharge at 1C until 3.0 V; rest 30 min.".into(),
            steps: run.steps.clone(),
            main_step: Some(3),
            series: TimeSeries {
                extremes: [vec![], vec![]],
                heat_note: String::new(),
                temperature: run.i.iter().map(|i| 298.15 + 9e7 * i * i).collect(),
                time: run.t.clone(),
                voltage: run.v.clone(),
                current: run.i.clone(),
                equilibrium: run.eq.clone(),
            },
            curves: vec![
                CapacityCurve { label: "Charge 1C".into(), capacity: cq, voltage: cv },
                CapacityCurve { label: "Discharge 1C".into(), capacity: dq, voltage: dv },
            ],
            differential: vec![DifferentialCurve { label: "Discharge C/10".into(), voltage: differential.0, value: differential.1 }],
            area: Some((AREA, "active area".into())),
        },
        losses: Some(Losses {
            lede: "LiCoO₂ diffusion is the largest part of the mean loss at 1C. Halving the film would more than halve the loss.".into(),
            components,
            closure: "The parts add up to the difference of the two voltages within 0.02 mV at all times.".into(),
        }),
        sensitivity: vec![
            Sensitivity { change: "LiCoO₂ 2.5 → 1.25 µm".into(), loss: -0.065, capacity: -12.2e-6 * 3600.0 },
            Sensitivity { change: "LiCoO₂ diffusion × 2".into(), loss: -0.041, capacity: 4.3e-6 * 3600.0 },
            Sensitivity { change: "LiPON 1.2 → 0.8 µm".into(), loss: -0.0034, capacity: 0.2e-6 * 3600.0 },
        ],
        stress: Some(Stress {
            rows: vec![StressRow {
                quantity: "Bow of the die".into(),
                value: "0 m .. 3.9 µm".into(),
                meaning: "Over the diagonal of 6.5 mm: **small**.".into(),
            }],
            gaps: vec!["Poisson ratio of LiPON <b>".into()],
            section: Some(StressOnSection {
                lede: "The greatest is **1.2 GPa** <b>.".into(),
                maps: vec![],
                rows: vec![SectionExtreme {
                    moment: "End of charge".into(),
                    quantity: "von Mises stress".into(),
                    value: "1.2 GPa".into(),
                    place: "x = 1 µm".into(),
                    body: "LiCoO₂ <i>".into(),
                }],
                notes: vec!["Limits **here** <i>.".into()],
            }),
        }),
        life: Some(OverCycles {
            lede: "Cycle 500 delivers **97 %**.".into(),
            cycles: vec![1.0, 100.0, 500.0],
            capacity: vec![0.3, 0.296, 0.291],
            rows: vec![LifeRow {
                quantity: "Solid-electrolyte interphase, negative electrode".into(),
                value: "3 µAh".into(),
                share: Some(0.03),
                meaning: "Lithium **out of use** <i>.".into(),
            }],
            method: "12 cycles were carried out <b>.".into(),
        }),
        shelf: Some(OnShelf {
            lede: "Put away full, the cell keeps **88 %**.".into(),
            years: vec![0.0, 5.0, 10.0],
            parts: vec![
                ShelfPart { name: "Left".into(), colour: Colour::Positive, share: vec![1.0, 0.94, 0.88] },
                ShelfPart { name: "Leakage through LiPON".into(), colour: Colour::Electrolyte, share: vec![0.0, 0.06, 0.12] },
            ],
            rows: vec![ShelfRow {
                quantity: "Leakage through LiPON".into(),
                first_year: "0.6 µAh".into(),
                whole: "6 µAh".into(),
                share: Some(0.12),
                meaning: "Electrons, **recharged** <i>.".into(),
            }],
            gaps: vec!["`water_vapour_transmission` <b>".into()],
        }),
        profiles: vec![
            Profile {
                id: "lithium".into(),
                short: "Lithium fraction".into(),
                title: "Lithium in LiCoO₂".into(),
                quantity: "x in LiₓCoO₂".into(),
                position: "Distance from Pt".into(),
                regions: vec![ProfileRegion { name: "LiCoO2".into(), colour: Colour::Positive, span: [0.0, L], x: (0..N).map(|k| (k as f64 + 0.5) * L / N as f64).collect() }],
                values: kept.iter().flat_map(|&k| run.x[k]).collect(),
                ..Profile::default()
            },
            Profile {
                id: "potential".into(),
                short: "Potential".into(),
                title: "Electric potential across the cell".into(),
                quantity: "Potential".into(),
                kind: Kind::Voltage,
                position: "Distance from Cu".into(),
                regions: vec![
                    ProfileRegion { name: "Li".into(), colour: Colour::Negative, span: [0.0, 0.22e-6], x: vec![0.0, 0.22e-6] },
                    ProfileRegion { name: "LiPON".into(), colour: Colour::Electrolyte, span: [0.22e-6, 1.42e-6], x: (0..10).map(|i| 0.22e-6 + f64::from(i) * 1.2e-6 / 9.0).collect() },
                    ProfileRegion { name: "LiCoO2".into(), colour: Colour::Positive, span: [1.42e-6, 1.42e-6 + L], x: xs },
                ],
                values: kept
                    .iter()
                    .flat_map(|&k| {
                        let lipon = run.loss[2][k];
                        [0.0, 0.0].into_iter().chain((0..10).map(move |i| -lipon * f64::from(i) / 9.0)).chain((0..N).map({
                            let v = run.v[k];
                            move |_| v
                        }))
                    })
                    .collect(),
                ..Profile::default()
            },
        ],
        frames,
        maps: None,
        rate: Some(RateStudy { lede: "Against the die footprint, the area a designer pays for.".into(), rows, area: 25e-6, basis: "die area".into(), footprint: 25e-6, note: String::new() }),
        materials: vec![
            value("LiCoO2", "Chemical diffusion coefficient", "3.0 × 10⁻¹⁵", "m² s⁻¹", "W01 film, PITT, range 1 × 10⁻¹⁶ to 4 × 10⁻¹⁵", Confidence::Estimated, 0.82),
            value("LiCoO2", "Exchange current density", "0.23", "mA cm⁻²", "W02 fit to impedance", Confidence::Derived, 0.14),
            value("LiCoO2", "Open-circuit potential", "table, 47 points", "V", "W03 thin film, digitised", Confidence::Digitised, 0.03),
            value("LiPON", "Ionic conductivity", "2.3 × 10⁻⁶", "S cm⁻¹", "W04 measured, sputtered film", Confidence::Measured, 0.01),
            value("Li", "Exchange current density", "k_neg·sqrt(c)·exp(−0.3/(8.314·T)·(1/T − 1/298.15))", "mA cm⁻²", "W05 upper bound", Confidence::Assumed, 0.004),
        ],
        balances: vec![
            Balance { check: "Lithium".into(), found: 3.8e-13, scale: "of 7.6 µmol".into(), allowed: Some(1e-9), ..Balance::default() },
            Balance { check: "Charge".into(), found: 1.2e-12, scale: "of 132 mC".into(), allowed: Some(1e-9), ..Balance::default() },
            Balance { check: "Energy".into(), found: 8.3e-6, scale: "of 116 µWh".into(), allowed: Some(1e-4), ..Balance::default() },
            Balance { check: "Parts of the loss".into(), found: 0.02, unit: "mV".into(), scale: "worst time".into(), allowed: Some(0.1) },
        ],
        quality: Quality {
            mesh_error: Some(8e-4),
            mesh_method: "against 100 volumes".into(),
            time_error: Some(4e-5),
            time_method: "against a tenth of the tolerance".into(),
            cells: Some(50),
            unknowns: Some(104),
            steps: Some(1012),
            rejected: Some(4),
            newton: Some(1897),
            factorisations: Some(92),
            wall: Some(0.11),
            more: vec![Fact { label: "Tolerances".into(), value: "relative 1 × 10⁻⁵, absolute 1 × 10⁻⁷".into() }],
        },
        model: vec![
            ModelTerm { name: "Solid diffusion in LiCoO₂".into(), on: true, text: "Fick, constant coefficient".into() },
            ModelTerm { name: "Charge transfer, both sides".into(), on: true, text: "Butler–Volmer".into() },
            ModelTerm { name: "Double layer".into(), on: false, text: "not given".into() },
            ModelTerm { name: "Heat".into(), on: false, text: "isothermal".into() },
        ],
        absent: vec![
            Absent { chapter: "Impedance".into(), text: "Nyquist and Bode plots.".into(), reason: AbsentReason::NotInThisVersion },
            Absent { chapter: "Ageing".into(), text: "Capacity over years and cycles.".into(), reason: AbsentReason::NotInThisVersion },
            Absent { chapter: "Mechanics".into(), text: "Film stress, curvature, swelling.".into(), reason: AbsentReason::NotInThisVersion },
            Absent { chapter: "Microsystem".into(), text: "Pulses and yearly energy.".into(), reason: AbsentReason::NotAskedFor("cellwright run implant-5mm.toml --with system".into()) },
        ],
        reproduce: Reproduce {
            command: "cellwright run implant-5mm.toml --out out/".into(),
            version: "Cellwright 0.1.0".into(),
            platform: "linux x86-64".into(),
            hashes: vec![Hash { of: "design".into(), value: "sha256 7f3a91c2…e04b".into() }, Hash { of: "materials".into(), value: "sha256 51d0c7aa…19f3".into() }],
            design_text: "[cell]\nname = \"implant\"\n\n[[film]]\nname = \"cathode\"\nmaterial = \"LiCoO2\"\nthickness = \"2.5 um\"\n".into(),
            files: vec![
                FileWritten { name: "timeseries.csv".into(), what: "voltage, current, temperature at every step".into(), bytes: Some(182_300) },
                FileWritten { name: "summary.json".into(), what: "the numbers of this page".into(), bytes: Some(4_120) },
            ],
            cite: "Cellwright 0.1.0, and the sources of chapter 6".into(),
        },
        rate_hint: String::new(),
    }
}

/// The laminated sample: five profiles over regions of very different width, no rate study, no substrate.
pub fn laminated() -> Report {
    let base = thin_film();
    let n = base.frames.len();
    let layer = |role, name: &str, um: f64, porous| Layer {
        role,
        name: name.into(),
        material: name.into(),
        thickness: um * 1e-6,
        porous,
        ..Layer::default()
    };
    let region = |name: &str, colour, a: f64, b: f64| ProfileRegion {
        name: name.into(),
        colour,
        span: [a * 1e-6, b * 1e-6],
        x: (0..20).map(|i| (a + (b - a) * (f64::from(i) + 0.5) / 20.0) * 1e-6).collect(),
    };
    let wave = |width: usize, lo: f64, hi: f64| {
        (0..n)
            .flat_map(|k| (0..width).map(move |i| lo + (hi - lo) * (0.5 + 0.5 * ((k as f64 / 20.0).sin() * (i as f64 / 12.0).cos()))))
            .collect::<Vec<f64>>()
    };
    let profile = |id: &str, short: &str, quantity: &str, kind, regions: Vec<ProfileRegion>, lo, hi| Profile {
        id: id.into(),
        short: short.into(),
        title: short.into(),
        quantity: quantity.into(),
        kind,
        position: "Distance from the negative collector".into(),
        values: wave(regions.iter().map(|r| r.x.len()).sum(), lo, hi),
        regions,
        ..Profile::default()
    };
    let (neg, sep, pos) = (
        region("Graphite", Colour::Negative, 0.0, 85.2),
        region("Separator", Colour::ElectrolyteLight, 85.2, 97.2),
        region("NMC811", Colour::Positive, 97.2, 172.8),
    );
    Report {
        title: "Graphite | LiPF₆ in EC:EMC | NMC811 cell, 5.00 Ah".into(),
        device: Device {
            layers: vec![
                layer(Role::Collector, "Cu", 12.0, false),
                layer(Role::NegativeElectrode, "Graphite + SiOx", 85.2, true),
                layer(Role::Separator, "Separator", 12.0, true),
                layer(Role::PositiveElectrode, "LiNi0.8Mn0.1Co0.1O2", 75.6, true),
                layer(Role::Collector, "Al", 16.0, false),
            ],
            active_area: Some(0.1027),
            ..Device::default()
        },
        profiles: vec![
            profile(
                "electrolyte",
                "Electrolyte",
                "Salt concentration",
                Kind::Concentration,
                vec![neg.clone(), sep.clone(), pos.clone()],
                700.0,
                1400.0,
            ),
            profile(
                "surface",
                "Particle surface",
                "Stoichiometry at the surface",
                Kind::Fraction,
                vec![neg.clone(), pos.clone()],
                0.1,
                0.9,
            ),
            profile(
                "phie",
                "Electrolyte potential",
                "Potential",
                Kind::Voltage,
                vec![neg.clone(), sep, pos.clone()],
                -0.2,
                -0.05,
            ),
            profile(
                "stretch",
                "Thin and thick",
                "Concentration",
                Kind::Concentration,
                vec![
                    region("Film", Colour::Negative, 0.0, 0.05),
                    region("Electrolyte", Colour::Electrolyte, 0.05, 1.55),
                    region("Film 2", Colour::Positive, 1.55, 51.55),
                ],
                1e3,
                4e4,
            ),
            profile("flat", "Flat", "Fraction", Kind::Fraction, vec![pos], 0.5, 0.5),
        ],
        rate: None,
        rate_hint: "cellwright run cell.toml --rates C/10,1C,5C".into(),
        ..base
    }
}
