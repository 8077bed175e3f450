//! BPX files: the five examples, states of charge, and hostile input.
#![allow(clippy::unwrap_used)]

use cellwright_base::diagnostic::ErrorKind;
use cellwright_materials::bpx::{BpxCell, BpxModel, MAX_BYTES, StateOfCharge};
use proptest::prelude::*;
use serde_json::{Value, json};

const NMC: &str = include_str!("data/nmc_pouch_cell_BPX.json");
const LFP: &str = include_str!("data/lfp_18650_cell_BPX.json");
const SPM: &str = include_str!("data/nmc_pouch_cell_BPX_SPM.json");
const BLEND: &str = include_str!("data/nmc_pouch_cell_BPX_blended_electrode.json");
const HYSTERESIS: &str = include_str!("data/nmc_pouch_cell_BPX_user-defined_hysteresis.json");

fn read(text: &str) -> BpxCell {
    BpxCell::from_bytes(text.as_bytes()).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn the_five_example_files_load() {
    let cells = [LFP, NMC, SPM, BLEND, HYSTERESIS].map(read);
    let models = cells.each_ref().map(|c| c.model);
    assert_eq!(models, [BpxModel::Dfn, BpxModel::Dfn, BpxModel::Spm, BpxModel::Dfn, BpxModel::Dfn]);
    let said = cells
        .each_ref()
        .map(|c| c.unsupported.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert!(said[0].is_empty() && said[1].is_empty() && said[2].is_empty(), "{said:?}");
    let blend = "blended electrode of 2 particle kinds (Large Particles, Small Particles) (Parameterisation / Positive electrode / Particle): \
                 all kinds are read, but models take one";
    assert_eq!(said[3], [blend]);
    assert_eq!(said[4].len(), 2);
    assert!(said[4][0].starts_with(
        "user-defined open-circuit potential hysteresis (Parameterisation / User-defined / Negative electrode delithiation OCP [V])"
    ));
    assert_eq!(
        cells[4].warnings[0].message,
        "Parameterisation / Negative electrode / OCP [V] is a constant"
    );
    assert_eq!(cells[1].experiments.len(), 2);
    assert!(
        cells[1].experiments.iter().all(|e| e.current.iter().all(|i| *i > 0.0)),
        "discharge is positive"
    );
    assert!(cells[2].electrolyte.is_none() && cells[2].separator.is_none());
}

#[test]
fn numbers_of_the_nmc_cell_arrive_in_si() {
    let c = read(NMC);
    assert_eq!((c.n_electrode_pairs, c.nominal_capacity, c.upper_voltage), (34, 45_000.0, 4.2));
    assert_eq!(c.total_area(), 34.0 * 0.016808);
    let p = &c.negative.particles[0];
    assert!((p.active_fraction() - 0.686).abs() < 1e-3);
    let i0 = p.material.require("exchange_current_density").unwrap();
    assert!((i0.eval(0.5, 298.15).value - 0.5 * 96_485.332_123_310_01 * 5.199e-6).abs() < 1e-12);
    assert_eq!(i0.activation.unwrap().energy, 55_000.0);
    let kappa = c.electrolyte.as_ref().unwrap().material.require("conductivity").unwrap();
    assert!((kappa.eval(1000.0, 298.15).value - 0.9487).abs() < 1e-12);
    assert!(kappa.eval(1000.0, 308.15).value > kappa.eval(1000.0, 298.15).value);
    let entropic = p.material.require("entropic_coefficient").unwrap().eval(0.5, 298.15).value;
    assert!((entropic - (-0.1112 * 0.5 + 0.02914 + 0.3561 * (-(0.5f64 - 0.08309).powi(2) / 0.004616).exp()) / 1000.0).abs() < 1e-15);
}

#[test]
fn state_of_charge_by_limits_and_by_voltages() {
    let c = read(NMC);
    assert_eq!(c.stoichiometries(1.0, StateOfCharge::Stoichiometries).unwrap(), (0.75668, 0.42424));
    assert_eq!(c.stoichiometries(0.0, StateOfCharge::Stoichiometries).unwrap(), (0.005504, 0.9621));
    let (n, p) = c.stoichiometries(1.0, StateOfCharge::Voltages).unwrap();
    assert!((c.open_circuit_voltage(n, p) - 4.2).abs() < 1e-10);
    // PyBaMM's discharge from 100 % starts at 4.09866 V; solving the start of the DFN by hand from these stoichiometries gives 4.09860 V,
    // from the limits of the file 4.10036 V.
    assert!((n - 0.755_751_788).abs() < 1e-8 && (p - 0.424_904_619).abs() < 1e-8, "{n} {p}");
    assert!(c.stoichiometries(1.1, StateOfCharge::Voltages).is_err());
    let flat = read(HYSTERESIS).stoichiometries(0.5, StateOfCharge::Voltages);
    assert!(flat.is_ok() || flat.is_err_and(|e| e.code == "E046"));
}

#[test]
fn schema_one_state_section_is_read() {
    let mut v: Value = serde_json::from_str(NMC).unwrap();
    v["Header"]["BPX"] = json!("1.1.0");
    for key in [
        "Ambient temperature [K]",
        "Initial temperature [K]",
        "Thermal conductivity [W.m-1.K-1]",
    ] {
        v["Parameterisation"]["Cell"].as_object_mut().unwrap().remove(key);
    }
    v["Parameterisation"]["Electrolyte"]
        .as_object_mut()
        .unwrap()
        .remove("Initial concentration [mol.m-3]");
    v["State"] = json!({
        "Initial conditions": {"Initial state-of-charge": 0.5, "Initial temperature [K]": 300, "Initial electrolyte concentration [mol.m-3]": 1100,
            "Initial hysteresis state: Negative electrode": 1.0},
        "Thermal environment": {"Ambient temperature [K]": 290, "Heat transfer coefficient [W.m-2.K-1]": 10.0},
    });
    let c = read(&v.to_string());
    assert_eq!(
        (
            c.ambient_temperature,
            c.initial_temperature,
            c.heat_transfer,
            c.initial_state_of_charge
        ),
        (290.0, 300.0, Some(10.0), Some(0.5))
    );
    assert_eq!(c.electrolyte.unwrap().initial_concentration, 1100.0);
    assert_eq!(c.unsupported[0].feature, "open-circuit potential hysteresis");
}

/// One change to the good file: pointer to the value, new value (null removes it), expected code and piece of the text shown.
fn changed(pointer: &str, value: Value) -> String {
    let mut v: Value = serde_json::from_str(NMC).unwrap();
    *v.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    v.to_string()
}

#[test]
fn hostile_files_give_one_clear_finding() {
    const N: &str = "/Parameterisation/Negative electrode";
    let at = |key: &str| format!("{N}/{key}");
    let cases: Vec<(String, &str, &str)> = vec![
        (
            changed(&at("Thickness [m]"), json!(-5e-6)),
            "E043",
            "Parameterisation / Negative electrode / Thickness [m] is out of range",
        ),
        (changed(&at("Thickness [m]"), json!("56 um")), "E042", "must be a number"),
        (changed(&at("Thickness [m]"), json!(1e300)), "E043", "allowed: 1e-10 .. 1"),
        (changed(&at("Thickness [m]"), Value::Null), "E041", "has no `Thickness [m]`"),
        (changed(&at("Thickness [m]"), json!([])), "E042", "a list of 0"),
        (changed(&at("Thickness [m]"), json!(true)), "E042", "the truth value true"),
        (changed(&at("Porosity"), json!(1.5)), "E043", "Porosity"),
        (changed(&at("Minimum stoichiometry"), json!(0.9)), "E043", "Minimum stoichiometry"),
        (
            changed(&at("OCP [V]"), json!("__import__('os')")),
            "E044",
            "unknown name `__import__` at byte 0",
        ),
        (changed(&at("OCP [V]"), json!("x.__class__")), "E044", "unknown name"),
        (changed(&at("OCP [V]"), json!("log(-x)")), "E043", "found: NaN"),
        (changed(&at("OCP [V]"), json!("1/(x-x)")), "E043", "found: inf"),
        (changed(&at("OCP [V]"), json!("x*T")), "E044", "temperature"),
        (changed(&at("OCP [V]"), json!("(".repeat(5_000))), "E044", "nested deeper"),
        (changed(&at("OCP [V]"), json!("x+".repeat(20_000))), "E044", "longer than"),
        (
            changed(&at("OCP [V]"), json!({"x": [0, 1], "y": [1, 0.1, 0.05]})),
            "E044",
            "equal length",
        ),
        (
            changed(&at("OCP [V]"), json!({"x": [0, 1, 0.5], "y": [1, 0.1, 0.05]})),
            "E044",
            "increase or decrease strictly",
        ),
        (changed(&at("OCP [V]"), json!({"x": [0, 1]})), "E041", "has no `y`"),
        (changed(&at("OCP [V]"), json!({"x": ["a"], "y": [1]})), "E042", "a list of numbers"),
        (changed(&at("OCP [V]"), json!([1, 2])), "E042", "an expression in x"),
        (changed(&at("Diffusivity [m2.s-1]"), json!(0)), "E043", "Diffusivity"),
        (
            changed(&at("Reaction rate constant activation energy [J.mol-1]"), json!(1e9)),
            "E043",
            "activation energy",
        ),
        (
            changed("/Parameterisation/Cell/Lower voltage cut-off [V]", json!(4.5)),
            "E043",
            "Lower voltage cut-off",
        ),
        (
            changed("/Parameterisation/Cell/Nominal cell capacity [A.h]", json!(0)),
            "E043",
            "Nominal cell capacity",
        ),
        (
            changed(
                "/Parameterisation/Cell/Number of electrode pairs connected in parallel to make a cell",
                json!(2.5),
            ),
            "E042",
            "a whole number",
        ),
        (changed("/Parameterisation/Cell", json!("x")), "E042", "must be an object"),
        (
            changed("/Parameterisation/Electrolyte", Value::Null),
            "E041",
            "asks for the DFN model, but the file has no Electrolyte",
        ),
        (changed("/Header/BPX", json!("2.0")), "E045", "allowed: 0.x and 1.x"),
        (changed("/Header/BPX", json!("")), "E045", "unknown version"),
        (changed("/Header/Model", json!("P2D")), "E045", "allowed: SPM, SPMe, DFN"),
        (
            changed(
                "/Validation",
                json!({"a": {"Time [s]": [0, 1], "Current [A]": [1], "Voltage [V]": [3, 3]}}),
            ),
            "E044",
            "different length",
        ),
        (
            NMC.replace("\"Thickness [m]\": 5.62e-05", "\"Thicknes [m]\": 5.62e-05"),
            "E012",
            "a key with a similar name exists: `Thickness [m]`",
        ),
        (NMC.replace("5.62e-05", "NaN"), "E040", "is not JSON"),
        (NMC.replace("5.62e-05", "1e999"), "E040", "number out of range"),
        ("[".repeat(100_000), "E040", "nested deeper"),
        (format!("{}{}", "[".repeat(100), "]".repeat(100)), "E040", "nested deeper"),
        (String::new(), "E040", "is not JSON"),
        ("[]".into(), "E042", "the file must be an object"),
        ("{}".into(), "E041", "has no `Header`"),
        (" ".repeat(MAX_BYTES + 1), "E040", "too large"),
    ];
    for (text, code, piece) in cases {
        let e = BpxCell::from_bytes(text.as_bytes()).unwrap_err();
        let shown = e.to_string();
        assert!(e.code == code && shown.contains(piece), "expected {code} and `{piece}`:\n{shown}");
        assert!(e.kind != ErrorKind::Bug && shown.len() < 2_000, "{shown}");
    }
    assert_eq!(
        BpxCell::from_bytes(&[b'{', 0xff, 0xfe]).unwrap_err().message,
        "the BPX file is not UTF-8 text"
    );
}

#[test]
fn a_refusal_names_path_found_allowed_and_hint() {
    let e = BpxCell::from_bytes(changed("/Parameterisation/Negative electrode/OCP [V]", json!("3 * x + __import__('os')")).as_bytes())
        .unwrap_err();
    assert_eq!(
        e.to_string(),
        "error[E044]: Parameterisation / Negative electrode / OCP [V] is not a formula in x\n  = found: unknown name `__import__` at byte 8, near `3 * x + __import__(\\'os\\')`\n  \
         = help: write a formula in x such as \"8.5e-15 * exp(-3 * x)\", a number, or a table\n  \
         = note: allowed: numbers, x, + - * / **, parentheses, exp log log10 sqrt tanh sinh cosh sin cos tan atan abs pow min max"
    );
}

proptest! {
    #[test]
    fn cut_and_flipped_files_never_panic(cut in 0usize..8_000, byte: u8, at in 0usize..8_000) {
        let mut bytes = NMC.as_bytes().to_vec();
        let n = bytes.len();
        bytes[at % n] = byte;
        bytes.truncate(n - cut % n);
        let _ = BpxCell::from_bytes(&bytes);
        let mut whole = NMC.as_bytes().to_vec();
        whole[at % n] = byte;
        let _ = BpxCell::from_bytes(&whole);
    }
}
