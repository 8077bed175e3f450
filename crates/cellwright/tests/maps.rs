//! A device that is run in its real geometry leaves maps: files that fit together, the same every time.
#![allow(clippy::unwrap_used)]

#[path = "common/results.rs"]
mod results;

use std::collections::BTreeMap;
use std::path::Path;

const EXTRA: &str = r#"
[model]
cells = 12

[cell]
voltage = ["1.2 V", "2.4 V"]

[protocol]
steps = ["Discharge at 1C for 5 min or until 1.2 V"]
"#;

fn results(name: &str) -> BTreeMap<String, Vec<u8>> {
    let design = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/fab-planar-interdigital/design.toml");
    let text = std::fs::read_to_string(design).unwrap();
    let made = text.split("\n[cell]").next().unwrap();
    let out = results::results(&format!("maps-{name}"), &(made.to_owned() + EXTRA));
    let mut files = BTreeMap::new();
    for folder in [out.clone(), out.join("fields")] {
        for entry in std::fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.is_file())
        {
            files.insert(
                entry.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(entry).unwrap(),
            );
        }
    }
    std::fs::remove_dir_all(out).unwrap();
    files
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

/// Tags in order; every one is closed.
fn tags(xml: &str) -> Vec<&str> {
    let (mut open, mut all) = (vec![], vec![]);
    for tag in xml.split('<').skip(2).map(|t| t.split('>').next().unwrap()) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None => {
                all.push(tag);
                if !tag.ends_with('/') {
                    open.push(tag.split(' ').next().unwrap());
                }
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    all
}

#[test]
fn files_and_report_fit_together() {
    let files = results("one");
    let pvd = String::from_utf8(files["fields.pvd"].clone()).unwrap();
    let sets: Vec<&str> = tags(&pvd).into_iter().filter(|t| t.starts_with("DataSet")).collect();
    assert!((3..=25).contains(&sets.len()), "{}", sets.len());
    let times: Vec<f64> = sets.iter().map(|s| attribute(s, "timestep").unwrap().parse().unwrap()).collect();
    assert!(
        times.windows(2).all(|w| w[0] < w[1]) && times[0] == 0.0 && *times.last().unwrap() == 300.0,
        "{times:?}"
    );
    let mut cells = None;
    for set in &sets {
        let name = attribute(set, "file").unwrap().strip_prefix("fields/").unwrap();
        let xml = String::from_utf8(files[name].clone()).unwrap();
        let all = tags(&xml);
        let piece = all.iter().find(|t| t.starts_with("Piece")).unwrap();
        let n: usize = attribute(piece, "NumberOfCells").unwrap().parse().unwrap();
        assert_eq!(*cells.get_or_insert(n), n);
        let arrays: Vec<&str> = all
            .iter()
            .filter(|t| t.starts_with("DataArray"))
            .map(|t| attribute(t, "Name").unwrap())
            .collect();
        for label in [
            "Electrolyte Concentration / mol m-3",
            "Electrolyte Potential / V",
            "Electrode Potential / V",
            "Mean Stoichiometry / 1",
            "Surface Stoichiometry / 1",
            "Reaction Current Density / A m-2",
            "Ionic Current Density / A m-2",
            "connectivity",
        ] {
            assert!(arrays.contains(&label), "{label}");
        }
        for part in xml.split("<DataArray").skip(1) {
            let tag = part.split('>').next().unwrap();
            let data = part.split('>').nth(1).unwrap().split('<').next().unwrap();
            let width = match attribute(tag, "type") {
                Some("Float32") => 4,
                Some("UInt8") => 1,
                _ => 8,
            };
            let components: usize = attribute(tag, "NumberOfComponents").map_or(1, |c| c.parse().unwrap());
            let count = match attribute(tag, "Name").unwrap() {
                "Points" => attribute(piece, "NumberOfPoints").unwrap().parse().unwrap(),
                "connectivity" => 8 * n,
                _ => n,
            };
            let header = 12; // eight bytes in base64
            assert_eq!(data.len(), header + (count * components * width).div_ceil(3) * 4, "{tag}");
        }
    }
    let report = String::from_utf8(files["report.html"].clone()).unwrap();
    assert!(report.contains("Where it happens") && report.contains("fields.pvd") && report.contains("id=\"map0\""));
    assert!(!report.contains("webgl2"), "a section has no third dimension");
    assert!(report.len() < 1_500_000, "{}", report.len());

    let again = results("two");
    for (name, bytes) in files.iter().filter(|(n, _)| n.ends_with(".vtu") || n.ends_with(".pvd")) {
        assert!(again[name] == *bytes, "{name}");
    }
    let maps = |html: &[u8]| {
        let html = String::from_utf8_lossy(html).into_owned();
        html.split("id=\"M\">").nth(1).unwrap().to_owned()
    };
    assert_eq!(maps(&files["report.html"]), maps(&again["report.html"]));
}
