//! Times writing and reading of many polygons and checks of many fingers: one line of JSON, keys as in `oracles/klayout_bench.py`.
//!
//! `cargo run --release -p cellwright-layout --example bench_layout -- FOLDER [gdsii|rules|curves]`

#[path = "support/clock.rs"]
mod clock;

use cellwright_layout::{Cell, Layer, Layout, boolean, gdsii, oasis, rules};
use rules::Rule;
use std::fs::File;

const LAYER: Layer = Layer { number: 1, datatype: 0 };

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = std::path::PathBuf::from(arguments.next().ok_or("a folder for the files is missing")?);
    let only = arguments.next();
    let wanted = |what: &str| only.as_deref().is_none_or(|o| o == what);
    let mut line = vec![String::from("\"program\":\"cellwright-layout\"")];
    if wanted("gdsii") {
        let mut chip = Layout::new("bench");
        let mut cell = Cell::new("top");
        for i in 0..500 {
            for j in 0..500 {
                cell.polygons.push(LAYER, &disc(20_000 * i, 20_000 * j, 5_000.0));
            }
        }
        chip.add(cell);
        let path = folder.join("bench_ours.gds");
        let (time, written) = clock::timed(|| gdsii::write(&chip, &gdsii::WriteOptions::default(), File::create(&path)?));
        written?;
        line.push(format!("\"gds_write_ms\":{time:.1}"));
        let (time, written) = clock::timed(|| oasis::write(&chip, File::create(folder.join("bench_ours.oas"))?));
        written?;
        line.push(format!("\"oasis_write_ms\":{time:.1}"));
        line.push(format!("\"gds_bytes\":{}", std::fs::metadata(&path)?.len()));
        line.push(format!("\"memory_after_write_mb\":{:.1}", clock::peak_memory().unwrap_or(0.0)));
        drop(chip);
        let (time, reading) = clock::timed(|| gdsii::read(File::open(&path)?));
        line.push(format!("\"gds_read_ms\":{time:.1}"));
        line.push(format!("\"polygons\":{}", reading?.layout.cells[0].polygons.len()));
        line.push(format!("\"memory_after_read_mb\":{:.1}", clock::peak_memory().unwrap_or(0.0)));
    }
    if wanted("rules") {
        let fingers: Vec<_> = (0..20_000)
            .map(|i| rectangle(4_000 * i, if i % 2 == 0 { 0 } else { 20_000 }, 2_000, 1_000_000))
            .collect();
        let (time, merged) = clock::timed(|| boolean::merged(&fingers));
        line.push(format!("\"fingers_merge_ms\":{time:.1}"));
        for (name, rule) in [("space", Rule::Space), ("width", Rule::Width)] {
            let (time, found) = clock::timed(|| rules::markers(&merged, rule, 2_500));
            line.push(format!(
                "\"fingers_{name}_ms\":{time:.1},\"fingers_{name}_markers\":{}",
                found.len()
            ));
        }
    }
    if wanted("curves") {
        for (name, side) in [("400", 20), ("10000", 100)] {
            let discs: Vec<_> = (0..side * side)
                .map(|k| disc(20_000 * (k % side), 20_000 * (k / side), 5_000.0))
                .collect();
            let (time, merged) = clock::timed(|| boolean::merged(&discs));
            line.push(format!("\"discs_{name}_merge_ms\":{time:.1}"));
            let (time, found) = clock::timed(|| rules::worst_places(&merged, Rule::Space, 11_000));
            line.push(format!(
                "\"discs_{name}_space_worst_ms\":{time:.1},\"discs_{name}_space_places\":{}",
                found.len()
            ));
            let (time, found) = clock::timed(|| rules::worst_places(&merged, Rule::Width, 9_000));
            line.push(format!(
                "\"discs_{name}_width_worst_ms\":{time:.1},\"discs_{name}_width_places\":{}",
                found.len()
            ));
            let (time, found) = clock::timed(|| rules::markers(&merged, Rule::Space, 11_000));
            line.push(format!(
                "\"discs_{name}_space_ms\":{time:.1},\"discs_{name}_space_markers\":{}",
                found.len()
            ));
        }
    }
    line.push(format!("\"memory_mb\":{:.1}", clock::peak_memory().unwrap_or(0.0)));
    println!("{{{}}}", line.join(","));
    Ok(())
}

fn disc(x: i32, y: i32, radius: f64) -> Vec<[i32; 2]> {
    let corner = |k: u32| std::f64::consts::TAU * f64::from(k) / 64.0;
    (0..64)
        .map(|k| {
            [
                x + (radius * corner(k).cos()).round() as i32,
                y + (radius * corner(k).sin()).round() as i32,
            ]
        })
        .collect()
}

fn rectangle(x: i32, y: i32, width: i32, height: i32) -> Vec<[i32; 2]> {
    vec![[x, y], [x + width, y], [x + width, y + height], [x, y + height]]
}
