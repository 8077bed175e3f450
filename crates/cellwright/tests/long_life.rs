//! Hundreds of cycles, all carried out: rows are thinned, and the headline numbers stay those of the first discharge.
#![allow(clippy::unwrap_used)]

mod common;

const DESIGN: &str = include_str!("../../../examples/13-cycle-life/design.toml");

/// The example with so many cycles, every one carried out.
fn cycles(count: usize) -> String {
    let text = DESIGN.replacen("repeat = 5000", &format!("repeat = {count}"), 1);
    text.replacen("cycle_jumping = \"0.1 %\"\n", "", 1)
}

#[test]
fn thinned_rows_keep_the_main_discharge() {
    let (_, short) = common::page("short-life", &cycles(1));
    let (page, long) = common::page("long-life", &cycles(450));
    // Twice as many rows as are kept: 450 cycles of some 590.
    assert!(long["work"][0].as_u64().unwrap() > 220_000, "{}", long["work"]);
    let losses = |summary: &serde_json::Value| -> Vec<f64> {
        let listed = summary["losses_v"].as_array().unwrap();
        listed.iter().map(|pair| pair[1].as_f64().unwrap()).collect()
    };
    for (a, b) in losses(&short).iter().zip(losses(&long)) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }
    assert_eq!(long["life"]["carried_out"], 450);
    assert_eq!(long["life"]["jumped_over"], 0);
    assert_eq!(long["steps_left_out"], 350);
    assert_eq!(long["steps"].as_array().unwrap().len(), 1000);
    assert_eq!(long["steps"][500]["index"], 850);
    assert!(page.contains("The first 3 of 450 cycles"));
}
