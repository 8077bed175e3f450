//! Our files read by other people's programs: `batterydf` and pyarrow for tables, meshio for fields.
//!
//! Needs a Python with `oracles/requirements.txt`, named by the environment variable `CELLWRIGHT_PYTHON`; without it the test says so and stops.
#![allow(clippy::unwrap_used)]

use std::process::Command;

use cellwright_lab::results::{CellField, FieldMesh, Quantity, TimeSeries, write_csv, write_parquet, write_pvd, write_vtu};

const SCRIPT: &str = r#"
import json, pathlib, sys, warnings
import bdf, meshio, numpy as np, pyarrow.parquet as pq

warnings.simplefilter("error", UserWarning)  # retired labels are warned about
folder = pathlib.Path(sys.argv[1])
expected = json.loads((folder / "expected.json").read_text())
for name in ["timeseries.bdf.csv", "timeseries.bdf.parquet"]:
    report = bdf.validate(str(folder / name), raise_on_error=True)
    assert report["ok"] and not report["legacy_labels"], report
    assert report["extras"] == ["Loss Electrolyte / V"], report["extras"]
    assert report["time_stats"]["monotonic"], report
    from bdf.io import load
    table = load(folder / name)
    assert list(table.columns) == [label for label, _ in expected], list(table.columns)
    for label, values in expected:
        want = np.array([np.nan if v is None else v for v in values])
        np.testing.assert_array_equal(table[label].to_numpy(dtype=float), want, err_msg=f"{name}: {label}")

many = pq.ParquetFile(folder / "many.parquet")
assert many.metadata.num_rows == 300_000, many.metadata
assert str(many.schema_arrow.field("Step Count / 1").type) == "int64"
np.testing.assert_array_equal(many.read()["Voltage / V"].to_numpy(), np.arange(300_000) / 7.0)
assert pq.read_table(folder / "empty.parquet").num_rows == 0

for name, cells in [("line.vtu", "line"), ("stack.vtu", "hexahedron")]:
    mesh = meshio.read(folder / name)
    assert list(mesh.cells_dict) == [cells] and len(mesh.cells_dict[cells]) == 3, mesh
    np.testing.assert_array_equal(mesh.cell_data["Concentration / mol m-3"][0], [1.0, np.nan, 3.0])
    axis = 0 if cells == "line" else 2
    np.testing.assert_array_equal(np.unique(mesh.points[:, axis]), [0.0, 1e-6, 2e-6, 4e-6])
from xml.etree import ElementTree
assert [d.get("file") for d in ElementTree.parse(folder / "fields.pvd").iter("DataSet")] == ["line.vtu"]
"#;

#[test]
fn other_programs_read_our_files() {
    let Some(python) = std::env::var_os("CELLWRIGHT_PYTHON") else {
        eprintln!("skipped: CELLWRIGHT_PYTHON does not name a Python with oracles/requirements.txt");
        return;
    };
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("oracle_bdf");
    std::fs::create_dir_all(&folder).unwrap();
    let put = |name: &str, write: &dyn Fn(&mut Vec<u8>) -> std::io::Result<()>| {
        let mut bytes = Vec::new();
        write(&mut bytes).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    };

    let mut series = TimeSeries::new(&Quantity::ALL);
    series.add("Loss Electrolyte", "V");
    for i in 0..50 {
        let x = f64::from(i);
        let loss = if i == 7 { f64::NAN } else { x / 7.0 };
        series.push(&[
            10.0 * x,
            4.0 - x / 300.0,
            (x / 9.0).sin() * 1e-5,
            1.0,
            1.0,
            x,
            x / 3.0,
            x,
            x / 11.0,
            x,
            1e-5 * x,
            298.15,
            298.15 + 0.1 * x,
            loss,
        ]);
    }
    put("timeseries.bdf.csv", &|b| write_csv(&series, b));
    put("timeseries.bdf.parquet", &|b| write_parquet(&series, b));
    let expected: Vec<(&str, Vec<f64>)> = series
        .columns()
        .iter()
        .map(|c| (c.label.as_str(), (0..series.len()).map(|r| c.in_file(r)).collect()))
        .collect();
    put("expected.json", &|b| Ok(serde_json::to_writer(b, &expected)?));

    let mut many = TimeSeries::new(&[Quantity::StepCount, Quantity::Voltage]);
    (0..300_000).for_each(|i| many.push(&[f64::from(i), f64::from(i) / 7.0]));
    put("many.parquet", &|b| write_parquet(&many, b));
    put("empty.parquet", &|b| write_parquet(&TimeSeries::new(&[Quantity::Voltage]), b));

    let nodes = [0.0, 1e-6, 2e-6, 4e-6];
    let field = CellField {
        label: "Concentration / mol m-3".to_owned(),
        values: vec![1.0, f64::NAN, 3.0],
    };
    put("line.vtu", &|b| {
        write_vtu(&FieldMesh::line(&nodes), std::slice::from_ref(&field), b)
    });
    put("stack.vtu", &|b| {
        write_vtu(&FieldMesh::stack(&nodes, 1e-5, 2e-5), std::slice::from_ref(&field), b)
    });
    put("fields.pvd", &|b| write_pvd(&[(0.0, "line.vtu".to_owned())], b));

    let run = Command::new(python).args(["-c", SCRIPT]).arg(&folder).output().unwrap();
    assert!(
        run.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr)
    );
}
