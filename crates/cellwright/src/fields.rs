//! Fields of a cell in its real geometry for ParaView: one `.vtu` file a time, and the `.pvd` file that lists them.

use crate::publish::Staging;
use crate::study::Study;
use cellwright_electrochem::maps::{Map, Spot};
use cellwright_electrochem::model::Model;
use cellwright_lab::results::{CellField, FieldMesh, Quantity, write_pvd, write_vtu};

/// Most times.
const MOST_TIMES: usize = 25;
/// All files together, bytes; above it there are fewer times.
const MOST_BYTES: usize = 100_000_000;
/// Bytes of one volume in one file, about: corners, points, and ten numbers, in base 64.
const BYTES_PER_VOLUME: usize = 220;

/// The maps of a run as `fields/fields_0000.vtu` and so on with `fields.pvd`. Boxes are those of the control volumes of one repeating
/// window, lengths in m, times in s.
pub fn add(staging: &mut Staging, model: &Model, study: &Study) {
    for (name, bytes) in files(model, study) {
        staging.add(name, bytes);
    }
}

/// Names and contents of the files.
pub fn files(model: &Model, study: &Study) -> Vec<(String, Vec<u8>)> {
    let s = &study.solution;
    let time = s.column(Quantity::TestTime);
    let maps: Vec<(f64, &Map)> = s.frames.iter().filter_map(|f| Some((*time.get(f.row)?, f.map.as_ref()?))).collect();
    if maps.is_empty() {
        return vec![];
    }
    let mesh = FieldMesh::boxes(&model.mesh.boxes);
    let spots = model.spots();
    let most = (MOST_BYTES / (BYTES_PER_VOLUME * model.mesh.n_cells()).max(1)).clamp(2, MOST_TIMES);
    let count = maps.len().min(most);
    let (mut out, mut index) = (Vec::new(), Vec::new());
    for n in 0..count {
        let (time, map) = maps[if count > 1 { n * (maps.len() - 1) / (count - 1) } else { 0 }];
        let name = format!("fields/fields_{n:04}.vtu");
        let mut bytes = Vec::new();
        if write_vtu(&mesh, &values(model, &spots, map), &mut bytes).is_ok() {
            index.push((time, name.clone()));
            out.push((name, bytes));
        }
    }
    let mut bytes = Vec::new();
    if write_pvd(&index, &mut bytes).is_ok() {
        out.push(("fields.pvd".into(), bytes));
    }
    out
}

/// What each volume holds. Of the sites in a volume the mean by area is written.
fn values(model: &Model, spots: &[Spot], map: &Map) -> Vec<CellField> {
    let n = model.mesh.n_cells();
    let field = |label: &str, values: Vec<f64>| CellField {
        label: label.into(),
        values,
    };
    let wide = |v: &[f32]| v.iter().map(|x| f64::from(*x)).collect::<Vec<f64>>();
    let of_sites = |values: &[f32]| {
        let mut sums = vec![[0.0; 2]; n];
        for (spot, v) in spots.iter().zip(values).filter(|(_, v)| v.is_finite()) {
            sums[spot.cell][0] += spot.area * f64::from(*v);
            sums[spot.cell][1] += spot.area;
        }
        sums.iter()
            .map(|[v, a]| if *a > 0.0 { v / a } else { f64::NAN })
            .collect::<Vec<f64>>()
    };
    let mut mean = wide(&map.stoichiometry);
    for (m, behind) in mean.iter_mut().zip(of_sites(&map.site_mean)) {
        if m.is_nan() {
            *m = behind;
        }
    }
    let mut out = vec![
        field("Region / 1", model.mesh.regions.iter().map(|r| *r as f64).collect()),
        field("Electrolyte Concentration / mol m-3", wide(&map.concentration)),
        field("Electrolyte Potential / V", wide(&map.electrolyte_potential)),
        field("Electrode Potential / V", wide(&map.electrode_potential)),
        field("Mean Stoichiometry / 1", mean),
        field("Surface Stoichiometry / 1", of_sites(&map.site_surface)),
        field("Reaction Current Density / A m-2", of_sites(&map.reaction)),
        field(
            "Ionic Current Density / A m-2",
            map.ionic_current.iter().flatten().map(|v| f64::from(*v)).collect(),
        ),
    ];
    if !map.temperature.is_empty() {
        out.push(field("Temperature Above Mean / K", wide(&map.temperature)));
    }
    out
}
