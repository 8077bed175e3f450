//! Tests of the writers that need no other program: layout, exactness, signs.
#![allow(clippy::unwrap_used)]

use super::*;

fn sample() -> TimeSeries {
    let mut s = TimeSeries::new(&Quantity::ALL);
    s.add("Loss Electrolyte", "V");
    for i in 0..5 {
        let t = f64::from(i) * 10.0;
        s.push(&[
            t,
            4.0 - 1e-3 * t,
            1.0 / 3.0,
            1.0,
            2.0,
            f64::from(i),
            0.0,
            t / 3.0,
            0.0,
            t,
            4.0 / 3.0,
            298.15,
            299.15,
            f64::NAN,
        ]);
    }
    s
}

#[test]
fn text_reads_back_exactly_in_the_units_of_the_format() {
    let s = sample();
    let mut bytes = Vec::new();
    write_csv(&s, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split(',').collect()).collect();
    assert_eq!(rows.len(), 6);
    for (i, c) in s.columns().iter().enumerate() {
        assert_eq!(rows[0][i], c.label);
        for row in 0..5 {
            let cell = rows[row + 1][i];
            assert!(
                if cell.is_empty() {
                    c.in_file(row).is_nan()
                } else {
                    cell.parse::<f64>().unwrap() == c.in_file(row)
                },
                "{} {cell}",
                c.label
            );
        }
    }
    assert!(text.contains(",-0.3333333333333333,1,2,"), "{text}");
    let rest = {
        let mut s = TimeSeries::new(&[Quantity::Current]);
        s.push(&[0.0]);
        let mut b = Vec::new();
        write_csv(&s, &mut b).unwrap();
        b
    };
    assert_eq!(rest, b"Current / A\n0.0\n");
}

#[test]
fn parquet_is_framed_and_as_long_as_its_data() {
    let s = sample();
    let mut bytes = Vec::new();
    write_parquet(&s, &mut bytes).unwrap();
    assert_eq!((&bytes[..4], &bytes[bytes.len() - 4..]), (&b"PAR1"[..], &b"PAR1"[..]));
    let footer = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap()) as usize;
    assert!(footer < bytes.len() - 12 - 5 * 8 * s.columns().len());
    let mut empty = Vec::new();
    write_parquet(&TimeSeries::new(&[Quantity::Voltage]), &mut empty).unwrap();
    assert!(empty.len() > 12);
}

#[test]
fn columns_are_found_and_cut() {
    let mut s = sample();
    assert_eq!(s.get(Quantity::Voltage).unwrap()[0], 4.0);
    assert_eq!(s.named("Voltage"), s.named("Voltage / V"));
    assert_eq!(s.named("Nothing"), None);
    s.truncate(2);
    assert_eq!((s.len(), s.columns()[13].values.len()), (2, 2));
}

#[test]
fn meshes_count_their_cells() {
    let nodes = [0.0, 1e-6, 3e-6];
    assert_eq!(
        (
            FieldMesh::line(&nodes).n_cells(),
            FieldMesh::stack(&nodes, 1e-3, 1e-3).n_cells(),
            FieldMesh::line(&[]).n_cells()
        ),
        (2, 2, 0)
    );
    let mut xml = Vec::new();
    write_pvd(&[(0.5, "fields/a&b.vtu".to_owned())], &mut xml).unwrap();
    assert!(
        String::from_utf8(xml)
            .unwrap()
            .contains("timestep=\"0.5\" part=\"0\" file=\"fields/a&amp;b.vtu\"")
    );
}

#[test]
fn boxes_share_their_corners_and_carry_vectors() {
    let boxes = [[[0.0; 3], [1.0; 3]], [[1.0, 0.0, 0.0], [2.0, 1.0, 1.0]]];
    let mesh = FieldMesh::boxes(&boxes);
    assert_eq!(mesh.n_cells(), 2);
    let field = |label: &str, n: usize| CellField {
        label: label.into(),
        values: (0..n).map(|v| v as f64).collect(),
    };
    let mut xml = Vec::new();
    write_vtu(&mesh, &[field("Scalar / V", 2), field("Vector / A m-2", 6)], &mut xml).unwrap();
    let xml = String::from_utf8(xml).unwrap();
    assert!(xml.contains("NumberOfPoints=\"12\" NumberOfCells=\"2\""));
    assert!(xml.contains("type=\"Float32\" Name=\"Scalar / V\" format"));
    assert!(xml.contains("type=\"Float32\" Name=\"Vector / A m-2\" NumberOfComponents=\"3\""));
}

#[test]
fn rows_survive_a_checkpoint() {
    let (s, mut c) = (sample(), crate::checkpoint::Checkpoint::default());
    s.save(&mut c);
    let c = crate::checkpoint::Checkpoint::from_bytes(&c.to_bytes()).unwrap();
    let mut back = sample();
    back.truncate(1);
    back.load(&c).unwrap();
    assert_eq!(back.len(), 5);
    assert_eq!(back.get(Quantity::Voltage), s.get(Quantity::Voltage));
    assert!(back.named("Loss Electrolyte").unwrap()[4].is_nan());
    back.add("Another", "V");
    assert!(back.load(&c).is_err());
}
