//! What a report says of the stress in a film is what the charge of the run makes of it, by hand.
#![allow(clippy::unwrap_used)]

mod common;

const DESIGN: &str = r#"format       = 1
name         = "a-Si | LiPON | LiCoO2"
architecture = "laminated"
temperature  = "25 degC"

[footprint]
die    = ["11 mm", "11 mm"]
active = ["10 mm", "10 mm"]

[[film]]
name      = "wafer"
material  = "Si"
thickness = "300 um"

[[film]]
name      = "cathode"
role      = "positive"
material  = "LiCoO2"
thickness = "300 nm"

[[film]]
name      = "electrolyte"
material  = "LiPON"
thickness = "1 um"

[[film]]
name      = "anode"
role      = "negative"
material  = "a-Si"
thickness = "100 nm"

[cell]
voltage         = ["3.0 V", "4.2 V"]
state_of_charge = "100 %"

[protocol]
steps = ["Discharge at 1C until 3.0 V"]
"#;

const POISSON_LIPON: &str = "
[materials.LiPON.poisson_ratio]
value      = 0.25
source     = \"a number for this test\"
confidence = \"assumed\"
";

/// The cells of the row of the stress table that begins with these words, without marks.
fn row(page: &str, words: &str) -> Vec<String> {
    let table = &page[page.find(r#"id="stress""#).expect("a part on stress")..];
    let start = table.find(&format!("<td>{words}")).unwrap_or_else(|| panic!("no row {words}"));
    let row = &table[start..start + table[start..].find("</tr>").unwrap()];
    row.split("<td")
        .filter(|c| !c.is_empty())
        .map(|c| {
            c[c.find('>').unwrap() + 1..]
                .replace("<b>", "")
                .replace("</b>", "")
                .replace("</td>", "")
        })
        .collect()
}

#[test]
fn stress_and_bow_follow_from_the_charge() {
    let (page, summary) = common::page("stress-all", &(DESIGN.to_owned() + POISSON_LIPON));
    let charge = 3600.0 * summary["steps"][0]["capacity_ah"].as_f64().unwrap();
    let library = cellwright_materials::Library::embedded();
    let value = |m: &str, k: &str| library.get(m).unwrap().get(k).unwrap().eval(0.0, 298.15).value;

    // LiCoO2 takes up the charge, shrinks and is pulled, elastically.
    let content = value("LiCoO2", "maximum_concentration");
    let (start, swelling) = (value("LiCoO2", "stoichiometry_at_full"), value("LiCoO2", "molar_volume") * content);
    let end = start + charge / (96_485.332 * content * 1e-4 * 300e-9);
    let strain = ((1.0 + swelling * end) / (1.0 + swelling * start)).ln() / 3.0;
    let modulus = value("LiCoO2", "youngs_modulus") / (1.0 - value("LiCoO2", "poisson_ratio"));
    let stress = -modulus * strain;
    let found = row(&page, "Stress in the positive electrode")[1].clone();
    let upper: f64 = found.split(' ').nth_back(1).unwrap().parse().unwrap();
    assert!((upper * 1e9 / stress - 1.0).abs() < 6e-3, "{found}: {stress:e}");

    // Silicon gives lithium away, shrinks by far more than it stretches, and is pulled until it yields at its last content.
    let silicon = row(&page, "Stress in the negative electrode");
    assert!(silicon[2].contains("yields"), "{silicon:?}");
    let content = value("a-Si", "maximum_concentration");
    let x = value("a-Si", "stoichiometry_at_full") - charge / (96_485.332 * content * 1e-4 * 100e-9);
    let yields = 1.75e9 - 0.75e9 * x;
    let upper: f64 = silicon[1].split(' ').nth_back(1).unwrap().parse().unwrap();
    assert!((upper * 1e9 / yields - 1.0).abs() < 6e-3, "{silicon:?}: {yields:e}");

    // h = Γ E'/(Z σ²) with the modulus at the start.
    let (nu, at) = (value("a-Si", "poisson_ratio"), value("a-Si", "stoichiometry_at_full"));
    let young = library.get("a-Si").unwrap().get("youngs_modulus").unwrap().eval(at, 298.15).value;
    let exact = 8.5 * young / (1.0 - nu * nu) / (1.976 * yields * yields);
    let found: f64 = row(&page, "Critical thickness, a-Si")[1]
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!((found * 1e-9 / exact - 1.0).abs() < 2e-2, "{found} nm: {exact:e}");

    // Stoney, within the thickness of the films over that of the wafer.
    let wafer = value("Si", "youngs_modulus") / (1.0 - value("Si", "poisson_ratio"));
    let curvature = 6.0 * (stress * 300e-9 + yields * 100e-9) / (wafer * 300e-6 * 300e-6);
    let bow = curvature * 2.0 * 11e-3 * 11e-3 / 8.0;
    let found = row(&page, "Bow of the die")[1].clone();
    let upper: f64 = found.split(' ').nth_back(1).unwrap().parse().unwrap();
    assert!((upper * 1e-6 / bow - 1.0).abs() < 3e-2, "{found}: {bow:e}");
    row(&page, "Smallest bending radius");
}

#[test]
fn what_is_missing_is_named() {
    let (page, _) = common::page("stress-gaps", DESIGN);
    let part = &page[page.find(r#"id="stress""#).unwrap()..];
    let gaps = &part[part.find("Not judged").unwrap()..];
    let gaps = &gaps[..gaps.find("</p>").unwrap()];
    for gap in ["Poisson ratio of LiPON", "fracture energy of LiCoO2"] {
        assert!(gaps.contains(gap), "{gaps}");
    }
    assert!(
        !part.contains("Smallest bending radius"),
        "the neutral plane is not known without all moduli"
    );
}
