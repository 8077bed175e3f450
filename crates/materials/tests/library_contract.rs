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

/// What a review of on-chip lithium-ion cells, doi:10.1039/d2na00566b, names in its section 4 and Table 2, and the file it is found in.
const NAMED: &[(&str, &str)] = &[
    ("CNT", "CNT"),
    ("pre-lithiated CNT", "CNT"),
    ("MWCNT", "CNT"),
    ("LTO", "Li4Ti5O12"),
    ("LTO@GC", "Li4Ti5O12"),
    ("TiO2 electrode", "TiO2-anatase"),
    ("T-Nb2O5", "Nb2O5"),
    ("SnO2", "SnO2"),
    ("SnOx", "SnO2"),
    ("Ni/SnOx/C", "SnO2"),
    ("SnO", "SnO"),
    ("Ni5P4", "Ni5P4"),
    ("Sn3N4", "Sn3N4"),
    ("silicon electrode", "a-Si"),
    ("Si-CNT", "a-Si"),
    ("monocrystalline silicon electrode", "a-Si"),
    ("Sn", "Sn"),
    ("Sn-Si", "Sn-Si"),
    ("SnS2", "SnS2"),
    ("Sb2S3", "Sb2S3"),
    ("carbon-foam", "carbon-foam"),
    ("carbon", "carbon"),
    ("Li", "Li"),
    ("LFP", "LiFePO4"),
    ("LFP@GC", "LiFePO4"),
    ("NASICON LFP", "Li3Fe2(PO4)3"),
    ("LNMO", "LiNi0.5Mn1.5O4"),
    ("LMO", "LiMn2O4"),
    ("LCO", "LiCoO2"),
    ("NCA", "NCA"),
    ("V2O5", "V2O5"),
    ("γ-LiV2O5", "gamma-LiV2O5"),
    ("MoO3", "MoO3"),
    ("LiPON", "LiPON"),
    ("Li2PO2N", "Li2PO2N-ALD"),
    ("LATP", "LATP"),
    ("LLZO", "LLZO"),
    ("Li2CO3", "Li2CO3"),
    ("PEO", "PEO-LiTFSI"),
    ("PVDF-HFP gel", "gel-PVDF-HFP"),
    ("ionogel", "ionogel"),
    ("LiTFSI-P14TFSI-PVDF-HFP", "ionogel"),
    ("LiClO4-PC", "LiClO4-PC"),
    ("LiClO4-EC-DEC", "LiClO4-EC-DEC"),
    ("LiClO4-EC-DMC", "LiClO4-EC-DMC"),
    ("LiPF6-EC-DEC", "LiPF6-EC-DEC"),
    ("LiPF6-EC-DMC", "LiPF6-EC-DMC"),
    ("LiPF6-EC-EMC-DMC", "LiPF6-EC-EMC-DMC"),
    ("Al", "Al"),
    ("Cu", "Cu"),
    ("Ni", "Ni"),
    ("Au", "Au"),
    ("Pt", "Pt"),
    ("Al2O3", "Al2O3"),
];

#[test]
fn everything_a_review_of_the_field_names_is_on_the_shelf() {
    let library = Library::embedded();
    for (word, file) in NAMED {
        let found = library.get(word).ok().or_else(|| library.called(word));
        assert_eq!(found.map(|m| m.name.as_str()), Some(*file), "{word}");
    }
    assert_eq!(library.get("lto").unwrap_err().suggestion.as_deref(), Some("Li4Ti5O12"));
}

#[test]
fn no_word_means_two_materials() {
    let library = Library::embedded();
    let mut words: Vec<String> = library.names().map(str::to_lowercase).collect();
    words.extend(library.iter().flat_map(|m| &m.also_called).map(|w| w.to_lowercase()));
    let all = words.len();
    words.sort();
    words.dedup();
    assert_eq!(words.len(), all);
}

#[test]
fn capacities_follow_from_the_formula_and_agree_with_each_other() {
    const AH: f64 = 96_485.332_123_310_01 / 3600.0;
    let library = Library::embedded();
    let value = |name: &str, key| library.property(name, key).unwrap().eval(0.5, 298.15).value;
    // Lithium of the usable window, grams a mole, from rounded atomic weights.
    for (name, lithium, molar_mass) in [
        ("LiFePO4", 1.0, 157.757),
        ("LiMn2O4", 1.0, 180.811),
        ("LiNi0.5Mn1.5O4", 1.0, 182.692),
        ("V2O5", 1.0, 181.879),
        ("gamma-LiV2O5", 1.0, 188.819),
        ("MoO3", 1.5, 143.947),
        ("Li3Fe2(PO4)3", 2.0, 417.42),
        ("Li4Ti5O12", 3.0, 459.083),
        ("TiO2-anatase", 0.5, 79.865),
        ("Nb2O5", 2.0, 265.807),
        ("SnO2", 4.4, 150.708),
        ("SnO", 4.4, 134.709),
        ("Sn3N4", 13.2, 412.158),
        ("Ni5P4", 12.0, 417.361),
        ("SnS2", 8.4, 182.83),
        ("Sb2S3", 12.0, 339.70),
        ("Sn", 4.4, 118.71),
        ("a-Si", 3.75, 28.085),
        ("CNT", 1.0, 72.066),
        ("carbon-foam", 1.0, 72.066),
    ] {
        let per_gram = lithium * AH / molar_mass;
        let stated = value(name, "specific_capacity") / 3600.0 / 1000.0;
        assert!((stated / per_gram - 1.0).abs() < 1e-3, "{name}: {stated} Ah/g against {per_gram}");
        let Ok(concentration) = library.property(name, "maximum_concentration") else {
            continue;
        };
        // The window may be a part of the lithium that the concentration counts; it is never more.
        let from_density = value(name, "density") * 1000.0 / molar_mass * lithium;
        let stated = concentration.eval(0.5, 298.15).value;
        assert!(stated > 0.89 * from_density, "{name}: {stated} mol/m3 against {from_density}");
    }
}

#[test]
fn what_nobody_published_stays_a_gap_with_its_name() {
    let library = Library::embedded();
    for (name, key) in [
        ("CNT", "open_circuit_potential"),
        ("carbon-foam", "diffusion"),
        ("Nb2O5", "diffusion"),
        ("SnO2", "open_circuit_potential"),
        ("Sn", "diffusion"),
        ("Ni5P4", "exchange_current_density"),
        ("Sn-Si", "maximum_concentration"),
        ("LiNi0.5Mn1.5O4", "open_circuit_potential"),
        ("gamma-LiV2O5", "open_circuit_potential"),
        ("ionogel", "conductivity"),
        ("LiClO4-EC-DEC", "conductivity"),
        ("LiPF6-EC-EMC-DMC", "diffusion"),
        ("PEO-LiTFSI", "thermodynamic_factor"),
        ("Li2CO3", "residual_electronic_conductivity"),
    ] {
        let gap = library.property(name, key).unwrap_err();
        assert_eq!(gap.code, "E031", "{name}.{key}");
        assert!(library.get(name).unwrap().gaps().any(|k| k.name == key), "{name}.{key}");
    }
}
