//! Nonsense never panics: examples cut, spliced and sprinkled with hostile pieces.

use super::{CUSTOM, EXAMPLES, POSTS_DESIGN, SMALL, parse};
use proptest::prelude::*;

const PIECES: &[&str] = &[
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "\"",
    "'",
    "\"\"\"",
    "=",
    ",",
    ".",
    "\n",
    "\\u0000",
    "\u{feff}",
    "µ",
    "é",
    "nan",
    "-inf",
    "1e999",
    "-1",
    "0",
    "1e308 um",
    "\"1e-400 m\"",
    "true",
    "1979-05-27",
    "0x7fffffffffffffff",
    "9999999999999999999999",
    "[[film]]\n",
    "[[step]]\n",
    "[[mask]]\n",
    "do = \"etch\"\n",
    "architecture = \"custom\"\n",
    "arrays = [{ array = { ",
    "[[\"0 um\", \"1 um\"]]",
    "count = [4294967295, 1]",
    "\"88 deg\"",
    "[cell]\n",
    "name = \"cathode\"\n",
    "\"Discharge at 1C until 3.0 V\"",
    "{ repeat = 3, steps = [",
    "\"2 um\"",
    "thickness = ",
    "structure = \"porous\"\n",
    "a.b.c.d = 1\n",
    "#",
    "\r\n",
    "\u{202e}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_designs_are_read_or_refused(
        which in 0..EXAMPLES.len() + 3,
        edits in prop::collection::vec((0.0..1.0f64, 0usize..60, 0..PIECES.len()), 1..6),
    ) {
        let others = [SMALL, CUSTOM, POSTS_DESIGN];
        let mut text = EXAMPLES.get(which).map_or_else(|| others[which - EXAMPLES.len()], |e| e.1).to_owned();
        for (at, cut, piece) in edits {
            let boundary = |mut i: usize| { while !text.is_char_boundary(i) { i -= 1 } i };
            let start = boundary((at * text.len() as f64) as usize);
            let end = boundary((start + cut).min(text.len())).max(start);
            text.replace_range(start..end, PIECES[piece]);
        }
        match parse(&text) {
            Ok((_, warnings)) => warnings.iter().for_each(|d| { let _ = d.to_string(); }),
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in &errors {
                    prop_assert!(!error.to_string().is_empty());
                }
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        prop_assert!(parse(&text).is_err());
    }
}

#[test]
fn lines_can_be_dropped_and_doubled() {
    for design in [SMALL, CUSTOM, POSTS_DESIGN] {
        drop_and_double(design);
    }
}

fn drop_and_double(design: &str) {
    let lines: Vec<&str> = design.lines().collect();
    for i in 0..lines.len() {
        let without: Vec<&str> = lines.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, l)| *l).collect();
        let mut twice = lines.clone();
        twice.insert(i, lines[i]);
        for text in [without.join("\n"), twice.join("\n")] {
            if let Err(errors) = parse(&text) {
                assert!(!errors.is_empty() && errors.iter().all(|d| !d.to_string().is_empty()), "line {i}");
            }
        }
    }
}

#[test]
fn hostile_files_are_refused_quickly() {
    let deep = format!("format = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let cases = [
        ("E003", "x".repeat(300_000)),
        ("E003", deep),
        ("E006", format!("format = {}\n1{}", "[".repeat(2000), "]".repeat(2000))),
        ("E006", format!("{}z = 1", "a.".repeat(1500))),
        ("E003", format!("name = \"{}\"", "n".repeat(10_000))),
        ("E010", "\u{0}".to_owned()),
        ("E010", String::new()),
        ("E025", "[[film]]\n".repeat(2000)),
        ("E025", format!("[protocol]\nsteps = [{}]", "\"Rest for 1 s\",\n".repeat(3000))),
    ];
    for (code, text) in cases {
        let start = std::time::Instant::now();
        let Err(errors) = parse(&text) else {
            panic!("accepted {}", &text[..20])
        };
        assert!(errors.iter().any(|d| d.code == code), "{code}: {}", errors[0]);
        assert!(errors.len() <= 20);
        assert!(start.elapsed().as_secs_f64() < 5.0);
    }
}
