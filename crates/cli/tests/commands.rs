//! The program as a user runs it: exit codes, streams, files.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const THIN_FILM: &str = include_str!("../../../examples/01-thin-film/design.toml");

/// A folder of its own for each test, empty at the start.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn cellwright(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cellwright"));
    command
        .current_dir(folder)
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .env_remove("NO_COLOR");
    command.output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

#[test]
fn help_and_version_go_to_standard_output() {
    let folder = folder("help");
    for arguments in [
        vec![],
        vec!["help"],
        vec!["--help"],
        vec!["help", "run"],
        vec!["run", "--help"],
        vec!["--version"],
    ] {
        let output = cellwright(&folder, &arguments);
        assert_eq!(code(&output), 0, "{arguments:?}");
        assert!(out(&output).contains("cellwright") && err(&output).is_empty(), "{arguments:?}");
    }
}

#[test]
fn faulty_arguments_exit_with_2() {
    let folder = folder("arguments");
    for arguments in [
        vec!["rum"],
        vec!["run"],
        vec!["run", "a.toml"],
        vec!["check"],
        vec!["schema", "--colour", "red"],
        vec!["explain", "E999"],
        vec!["materials", "show", "Unobtainium"],
    ] {
        let output = cellwright(&folder, &arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", err(&output));
        assert!(err(&output).starts_with("error[E0") && out(&output).is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_missing_file_exits_with_4() {
    let folder = folder("missing");
    for arguments in [vec!["check", "none.toml"], vec!["run", "none.toml", "--out", "out"]] {
        let output = cellwright(&folder, &arguments);
        assert_eq!(code(&output), 4, "{}", err(&output));
        assert!(err(&output).contains("error[E080]"));
    }
    assert!(!folder.join("out").exists());
}

#[test]
fn new_writes_a_design_that_checks_and_never_overwrites() {
    let folder = folder("new");
    assert_eq!(code(&cellwright(&folder, &["new", "mine"])), 0);
    let check = cellwright(&folder, &["check", "mine/design.toml"]);
    assert_eq!(code(&check), 0, "{}", err(&check));
    let before = std::fs::read(folder.join("mine/design.toml")).unwrap();
    let again = cellwright(&folder, &["new", "mine"]);
    assert_eq!((code(&again), std::fs::read(folder.join("mine/design.toml")).unwrap()), (4, before));
}

#[test]
fn new_knows_every_architecture() {
    let folder = folder("architectures");
    let unknown = cellwright(&folder, &["new", "x", "--architecture", "costum"]);
    assert_eq!(code(&unknown), 2);
    assert!(err(&unknown).contains("did you mean `custom`?"), "{}", err(&unknown));
    let list = err(&unknown);
    let note = list.lines().find(|l| l.contains("architectures: ")).unwrap();
    for name in note.split("architectures: ").nth(1).unwrap().split(", ") {
        let made = cellwright(&folder, &["new", name, "--architecture", name]);
        assert_eq!(code(&made), 0, "{name}: {}", err(&made));
        let check = cellwright(&folder, &["check", &format!("{name}/design.toml")]);
        assert_eq!(code(&check), 0, "{name}: {}", err(&check));
        let expand = cellwright(&folder, &["build", &format!("{name}/design.toml"), "--expand"]);
        assert_eq!(code(&expand), 0, "{name}: {}", err(&expand));
        write(&folder, "expanded.toml", &out(&expand));
        let again = cellwright(&folder, &["check", "expanded.toml"]);
        // A stack says nothing of its package; spelled out as a custom flow, it has none.
        let expected = i32::from(name == "laminated");
        assert_eq!(code(&again), expected, "{name}: {}", err(&again));
    }
}

#[test]
fn what_cannot_be_run_says_what_can_be_done() {
    let folder = folder("custom");
    assert_eq!(code(&cellwright(&folder, &["new", ".", "--architecture", "custom"])), 0);
    let output = cellwright(&folder, &["run", "design.toml", "--out", "out"]);
    assert_eq!(code(&output), 2);
    let text = err(&output);
    assert!(
        text.contains("error[E011]") && text.contains("cellwright build design.toml --out out"),
        "{text}"
    );
    assert!(!folder.join("out").exists());
}

#[test]
fn build_takes_a_folder_or_expands() {
    let folder = folder("build");
    for arguments in [
        vec!["build"],
        vec!["build", "design.toml"],
        vec!["build", "design.toml", "--expand", "--out", "out"],
        vec!["build", "design.toml", "--expand", "--steps"],
    ] {
        let output = cellwright(&folder, &arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn every_example_checks() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")];
    let mut tried = 0;
    while let Some(folder) = folders.pop() {
        let design = folder.join("design.toml");
        if design.exists() {
            // Some examples are there to say what nobody has published.
            let expected = std::fs::read_to_string(folder.join("expected.toml")).unwrap();
            let wanted = if expected.contains("arguments = [\"check\"") { 2 } else { 0 };
            let output = cellwright(Path::new("."), &["check", &design.display().to_string()]);
            assert_eq!(code(&output), wanted, "{}: {}", design.display(), err(&output));
            assert_eq!(err(&output).contains("E031"), wanted == 2, "{}", design.display());
            tried += 1;
        }
        let inner = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        folders.extend(inner.filter(|path| path.is_dir()));
    }
    assert!(tried >= 32, "{tried}");
}

#[test]
fn everyday_words_find_a_material_and_its_gaps_are_told() {
    let here = Path::new(".");
    let text = |arguments: &[&str]| {
        let output = cellwright(here, arguments);
        assert_eq!(code(&output), 0, "{}", err(&output));
        out(&output)
    };
    assert!(text(&["materials", "show", "LNMO"]).contains("gaps  open-circuit potential against lithium (open_circuit_potential)"));
    let json: serde_json::Value = serde_json::from_str(&text(&["materials", "show", "lto", "--json"])).unwrap();
    assert_eq!(json["name"], "Li4Ti5O12");
    assert_eq!(json["gaps"], serde_json::json!([]));
}

#[test]
fn a_faulty_design_exits_with_2_and_writes_nothing() {
    let folder = folder("faulty");
    write(
        &folder,
        "bad.toml",
        &THIN_FILM.replace("thickness = \"320 nm\"", "thickness = \"2.5 mg/cm2\""),
    );
    let output = cellwright(&folder, &["run", "bad.toml", "--out", "out"]);
    assert_eq!(code(&output), 2);
    let text = err(&output);
    assert!(
        text.contains("error[E021]: expected a length, found a surface density\n  --> bad.toml:41:13\n"),
        "{text}"
    );
    assert!(!folder.join("out").exists());
    let check = cellwright(&folder, &["check", "bad.toml"]);
    assert_eq!(code(&check), 2);
    assert!(err(&check).ends_with("1 error. Nothing was simulated.\n"), "{}", err(&check));
}

#[test]
fn findings_as_json_carry_the_same_place() {
    let folder = folder("json");
    write(
        &folder,
        "bad.toml",
        &THIN_FILM.replace("\"Pt\"", "\"Pz\"").replace("\"TiO2\"", "\"TiO9\""),
    );
    let output = cellwright(&folder, &["check", "bad.toml", "--message-format", "json"]);
    assert_eq!(code(&output), 2);
    let findings: Vec<serde_json::Value> = out(&output).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(findings.len(), 2);
    assert_eq!(
        (findings[0]["code"].as_str(), findings[0]["place"]["line"].as_u64()),
        (Some("E030"), Some(28))
    );
}

#[test]
fn colour_is_a_choice() {
    let folder = folder("colour");
    let plain = cellwright(&folder, &["check", "none.toml"]);
    assert!(!err(&plain).contains('\x1b'));
    let always = cellwright(&folder, &["check", "none.toml", "--color", "always"]);
    assert!(err(&always).contains("\x1b[1;31merror[E080]"));
    let never = Command::new(env!("CARGO_BIN_EXE_cellwright"))
        .args(["check", "none.toml", "--color", "never"])
        .output()
        .unwrap();
    assert!(!err(&never).contains('\x1b'));
}

#[test]
fn ascii_terminals_get_ascii() {
    let output = Command::new(env!("CARGO_BIN_EXE_cellwright"))
        .args(["materials", "list"])
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    assert!(output.stdout.is_ascii() && code(&output) == 0);
}

#[test]
fn materials_are_listed_and_shown() {
    let folder = folder("materials");
    let list = cellwright(&folder, &["materials", "list", "--role", "positive", "--sort", "capacity"]);
    assert_eq!(code(&list), 0);
    assert!(out(&list).contains("LiCoO2") && !out(&list).contains("parylene"), "{}", out(&list));
    let show = out(&cellwright(&folder, &["materials", "show", "LiCoO2-Danilov2011"]));
    assert!(
        show.contains("diffusion  1.76e-15 m2/s") && show.contains("10.1149/1.3521414"),
        "{show}"
    );
    let json = cellwright(&folder, &["materials", "list", "--json"]);
    assert!(serde_json::from_slice::<Vec<serde_json::Value>>(&json.stdout).unwrap().len() > 20);
}

#[test]
fn validation_cases_are_chosen_by_name() {
    let folder = folder("validate");
    let unknown = cellwright(&folder, &["validate", "sant"]);
    assert_eq!(code(&unknown), 2);
    assert!(err(&unknown).contains("did you mean `sand`?"), "{}", err(&unknown));
    let sand = cellwright(&folder, &["validate", "sand", "--json"]);
    assert_eq!(code(&sand), 0, "{}", err(&sand));
    let value: serde_json::Value = serde_json::from_slice(&sand.stdout).unwrap();
    assert!(value["passed"].as_bool().unwrap() && !value["outcomes"].as_array().unwrap().is_empty());
}

#[test]
fn a_run_leaves_its_results_and_ends_with_the_report() {
    let folder = folder("run");
    write(&folder, "cell.toml", THIN_FILM.split("[rate_series]").next().unwrap());
    let output = cellwright(&folder, &["run", "cell.toml", "--out", "out"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(
        out(&output)
            .lines()
            .last()
            .unwrap()
            .trim_start()
            .starts_with("Report out/report.html ("),
        "{}",
        out(&output)
    );
    assert!(err(&output).contains("   Checking Li | Li3PO4 | LiCoO2"), "{}", err(&output));
    for name in ["report.html", "summary.json", "timeseries.csv", "timeseries.parquet"] {
        assert!(std::fs::metadata(folder.join("out").join(name)).unwrap().len() > 100, "{name}");
    }
    let json = cellwright(&folder, &["run", "cell.toml", "--out", "out", "--json", "--quiet"]);
    let summary: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!((summary["capacity_ah"].as_f64().unwrap() - 9.94e-6).abs() < 0.1e-6 && err(&json).is_empty());
}

#[test]
fn a_protocol_that_cannot_go_on_exits_with_3() {
    let folder = folder("depleted");
    write(
        &folder,
        "cell.toml",
        &THIN_FILM
            .split("[rate_series]")
            .next()
            .unwrap()
            .replace("Discharge at 3.2C until 3.0 V", "Discharge at 5000C for 10 s"),
    );
    let output = cellwright(&folder, &["run", "cell.toml", "--out", "out"]);
    assert_eq!(code(&output), 3, "{}{}", out(&output), err(&output));
    assert!(err(&output).contains("error[E301]: could not"), "{}", err(&output));
}

#[test]
fn a_timed_step_beyond_the_last_lithium_asks_for_a_voltage_limit() {
    let folder = folder("exhausted");
    let with = |step: &str| {
        let text = THIN_FILM.split("[rate_series]").next().unwrap();
        write(&folder, "cell.toml", &text.replace("Discharge at 3.2C until 3.0 V", step));
        cellwright(&folder, &["run", "cell.toml", "--out", "out"])
    };
    let output = with("Discharge at 1C for 2 h");
    let text = err(&output);
    assert_eq!(code(&output), 3, "{text}");
    assert!(
        text.contains("gone beyond -10 V: the surface of the host is full of lithium"),
        "{text}"
    );
    assert!(text.contains("Discharge at 1C for 2 h or until 3.0 V"), "{text}");
    let output = with("Discharge at 1C for 2 h or until 3.0 V");
    assert_eq!(code(&output), 0, "{}", err(&output));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_can_be_resumed() {
    let folder = folder("interrupt");
    let steps = "steps = [\"Repeat 3000 times: (Discharge at 1C until 3.0 V; Charge at 1C until 4.2 V)\"]";
    let text = THIN_FILM
        .split("[rate_series]")
        .next()
        .unwrap()
        .replace("steps = [\"Discharge at 3.2C until 3.0 V\"]", steps);
    write(&folder, "cell.toml", &text);
    let mut command = Command::new(env!("CARGO_BIN_EXE_cellwright"));
    let child = command
        .current_dir(&folder)
        .args(["run", "cell.toml", "--out", "out"])
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(800));
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 130, "{}", err(&output));
    assert!(
        err(&output).contains("Resume: cellwright run cell.toml --out out --resume"),
        "{}",
        err(&output)
    );
    assert!(!folder.join("out/report.html").exists());
    let entries: Vec<_> = std::fs::read_dir(folder.join("out")).unwrap().collect();
    assert_eq!(entries.len(), 1, "a checkpoint and nothing else");
}

#[test]
fn schema_and_explanations_are_printed() {
    let folder = folder("schema");
    let schema: serde_json::Value = serde_json::from_slice(&cellwright(&folder, &["schema"]).stdout).unwrap();
    assert_eq!(schema["properties"]["format"]["minimum"], 1);
    assert!(out(&cellwright(&folder, &["explain", "e031"])).starts_with("E031: no value for a property"));
    assert!(out(&cellwright(&folder, &["explain"])).lines().count() > 50);
}

#[test]
fn a_hostile_bpx_file_is_refused() {
    let folder = folder("bpx");
    let cases = [
        ("deep.json", "[".repeat(100_000)),
        ("nan.json", "{\"Header\": {\"BPX\": NaN}}".to_owned()),
        ("empty.json", String::new()),
        ("array.json", "[1, 2, 3]".to_owned()),
    ];
    for (name, text) in cases {
        write(&folder, name, &text);
        let output = cellwright(
            &folder,
            &["run", "--bpx", name, "--protocol", "Discharge at 1C until 2.7 V", "--out", "out"],
        );
        assert_eq!(code(&output), 2, "{name}: {}", err(&output));
        assert!(!folder.join("out").exists(), "{name}");
    }
}
