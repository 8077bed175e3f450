//! Promises every material of the embedded library keeps.
#![allow(clippy::unwrap_used)]

use cellwright_base::units::{format_as, parse_quantity};
use cellwright_materials::{Argument, Class, Confidence, KEYS, Library, Property, Value, key};

fn range(p: &Property) -> (f64, f64) {
    p.valid.unwrap_or(match p.argument {
        Argument::Concentration => (100.0, 2000.0),
        _ => (0.05, 0.95),
    })
}

#[test]
fn whole_library_reads_and_holds_its_promises() {
    let library = Library::embedded();
    assert!(library.iter().count() > 20);
    for m in library.iter() {
        assert!(!m.title.is_empty() && !m.roles.is_empty(), "{}", m.name);
        for p in &m.properties {
            let at = format!("{}.{}", m.name, p.key);
            assert!(!p.provenance.source.trim().is_empty(), "{at} has no source");
            assert!(!p.unit.is_empty() && Confidence::parse(p.provenance.confidence.as_str()).is_some());
            let (low, high) = range(p);
            let inner = (high - low) * 1e-6;
            for i in 0..=200 {
                let x = low + inner + (high - low - 2.0 * inner) * f64::from(i) / 200.0;
                for t in [278.15, 298.15, 318.15] {
                    let j = p.eval(x, t);
                    assert!(j.is_finite(), "{at} at {x}, {t} K: {j:?}");
                    let (hx, ht) = ((high - low) * 1e-7, 1e-3);
                    let dx = (p.eval(x + hx, t).value - p.eval(x - hx, t).value) / (2.0 * hx);
                    let dt = (p.eval(x, t + ht).value - p.eval(x, t - ht).value) / (2.0 * ht);
                    let scale = j.value.abs() / (high - low);
                    // A kink of a table or of abs() may lie inside the stencil: compare one-sided there.
                    let kink = matches!(p.value, Value::Table(_))
                        && (j.dx - dx).abs() < 0.51 * (p.eval(x + hx, t).dx - p.eval(x - hx, t).dx).abs();
                    assert!(
                        kink || (j.dx - dx).abs() <= 2e-5 * (dx.abs() + scale),
                        "{at} at {x}: slope {} against {dx}",
                        j.dx
                    );
                    assert!(
                        (j.dt - dt).abs() <= 1e-5 * (dt.abs() + j.value.abs() / 300.0),
                        "{at} at {t} K: {} against {dt}",
                        j.dt
                    );
                }
            }
        }
    }
}

#[test]
fn every_value_prints_in_its_unit_and_reads_back() {
    for m in Library::embedded().iter() {
        for p in &m.properties {
            let k = key(p.key).unwrap();
            let v = p.eval(range(p).0, 298.15).value;
            let back = parse_quantity(&format_as(v, p.unit, 6), k.dimension).unwrap();
            assert!((back - v).abs() <= 1e-5 * v.abs(), "{}.{}", m.name, p.key);
        }
    }
    assert!(KEYS.iter().all(|k| k.bounds.0 < k.bounds.1));
}

#[test]
fn open_circuit_potentials_fall_with_lithium() {
    for m in Library::embedded().of_class(Class::Electrode) {
        let Some(p) = m.get("open_circuit_potential") else { continue };
        let (low, high) = range(p);
        // Fits and digitised curves may ripple by a few millivolts; a rise beyond that is an error of transcription.
        let values: Vec<f64> = (0..=400)
            .map(|i| p.eval(low + (high - low) * f64::from(i) / 400.0, 298.15).value)
            .collect();
        let mut least = f64::INFINITY;
        for v in values {
            assert!(v < least + 0.02, "{}: rises to {v} V after {least} V", m.name);
            least = least.min(v);
        }
    }
}

#[test]
fn danilov_film_keeps_charge_and_concentration() {
    const F: f64 = 96_485.332_123_310_01;
    let library = Library::embedded();
    let film = library.get("LiCoO2-Danilov2011").unwrap();
    let c_max = film.require("maximum_concentration").unwrap().eval(0.0, 298.15).value;
    let full = film.require("stoichiometry_at_full").unwrap().eval(0.0, 298.15).value;
    let empty = film.require("stoichiometry_at_empty").unwrap().eval(0.0, 298.15).value;
    assert!((full * c_max - 11_710.0).abs() < 0.1, "full charge is 11.71 kmol/m3");
    let charge = F * c_max * (empty - full) * 320e-9 / 36.0 * 1e3;
    assert!((charge - 10.1138e3).abs() < 1e-3, "{charge} nAh/cm2");
    let u = film.require("open_circuit_potential").unwrap();
    for (q, volt) in [(0.0, 4.1967), (4.0, 3.9767), (9.9612, 3.8), (10.1138, 3.0)] {
        let x = (11_710.0 + q * 36.0 / (F * 320e-9)) / c_max;
        assert!((u.eval(x, 298.15).value - volt).abs() < 1e-5, "{q} µAh/cm2");
    }
    assert!(u.eval(1.0, 298.15).value < 2.5 && empty < 1.0);
}

#[test]
fn danilov_electrolyte_conducts_as_its_diffusion_coefficients_say() {
    let library = Library::embedded();
    let v = |key| library.property("Li3PO4-Danilov2011", key).unwrap().eval(0.0, 298.15).value;
    let mobile = v("mobile_fraction") * v("total_lithium_concentration");
    let sigma =
        96_485.332_123_310_01f64.powi(2) / (8.314_462_618_153_24 * 298.15) * mobile * (v("diffusion_cation") + v("diffusion_anion"));
    assert!((sigma / v("ionic_conductivity") - 1.0).abs() < 1e-3, "{sigma}");
}

#[test]
fn unknown_names_suggest_and_gaps_are_named() {
    let library = Library::embedded();
    assert_eq!(library.get("LiCoO3").unwrap_err().suggestion.as_deref(), Some("LiCoO2"));
    assert_eq!(library.get("licoo2").unwrap_err().suggestion.as_deref(), Some("LiCoO2"));
    let gap = library.property("LiPON-ALD", "residual_electronic_conductivity").unwrap_err();
    assert_eq!(gap.code, "E031");
    assert_eq!(
        gap.to_string(),
        "error[E031]: no value for a property this model needs\n  = found: LiPON-ALD: residual electronic conductivity: not found in any source\n  \
         = help: give one, with its source, in this design:\n          [materials.\"LiPON-ALD\".residual_electronic_conductivity]\n          \
         value      = \"... S/cm\"\n          source     = \"doi:...\"\n          confidence = \"assumed\"\n  = note: Cellwright never fills a gap by itself"
    );
}
