//! The help texts.

/// Help of one command, or the overview.
pub fn text(topic: Option<&str>) -> &'static str {
    match topic {
        Some("new") => NEW,
        Some("check") => CHECK,
        Some("build") => BUILD,
        Some("run") => RUN,
        Some("compare") => COMPARE,
        Some("materials") => MATERIALS,
        Some("validate") => VALIDATE,
        Some("schema") => SCHEMA,
        Some("explain") => EXPLAIN,
        _ => OVERVIEW,
    }
}

const OVERVIEW: &str = "\
cellwright: design and simulate on-chip lithium-ion microbatteries

  cellwright new [DIR]                    write a commented example design to start from
  cellwright check DESIGN.toml            check a design and its design rules without running it
  cellwright build DESIGN.toml --out DIR  fabricate it: device, masks, process flow, inventory
  cellwright run DESIGN.toml --out DIR    simulate it; DIR/report.html is the answer
  cellwright run --bpx FILE.json --protocol \"Discharge at 1C until 2.7 V\" --out DIR
  cellwright compare A.toml B.toml --out DIR  several designs side by side; DIR/compare.html is the answer
  cellwright materials list | show NAME   what the library knows, with sources
  cellwright validate [NAME]              compare with exact solutions and measurements
  cellwright schema                       JSON Schema of the design file, for editors
  cellwright explain CODE                 the long text of an error or warning
  cellwright help COMMAND                 options of one command

Everywhere: --color auto|always|never, --message-format text|json, --json, --quiet, --help, --version
Exit codes: 0 done, 1 a rule or bar failed, 2 bad input, 3 not converged, 4 reading or writing failed,
            70 a bug in Cellwright, 130 stopped by Ctrl-C (resumable)
";

const NEW: &str = "\
cellwright new [DIR] [--architecture NAME]

Writes DIR/design.toml (DIR is `cellwright-design` if left out): a lithium thin-film cell, every line commented.
An existing file is never overwritten.

  --architecture NAME     a design of that architecture with all its dimensions and films at their defaults
";

const CHECK: &str = "\
cellwright check DESIGN.toml

Reads the design, looks up every material and property the model needs, checks the design rules of its process flow, and
reports what is wrong or suspicious. Nothing is made or simulated. Exit code 0 if it would run, 1 if a design rule is broken.

  --json                  the findings as JSON on standard output
  --message-format json   one JSON object per finding on standard output, for editors
";

const BUILD: &str = "\
cellwright build DESIGN.toml --out DIR [--steps]
cellwright build DESIGN.toml --expand

Fabricates the device and writes to DIR: report.html with the cross-section, the mask plan, the process flow and the
inventory; summary.json; section.svg, masks.svg, flow.svg; masks.gds and .oas for a mask shop; device.glb and .stl,
regions.vtu; print-STEP.gcode where something is printed by direct ink writing. Exit code 1 if a design rule is broken.

  -o, --out DIR           folder for the results, made if it is not there
      --expand            print the masks and process steps that the design stands for, as a design of its own, instead
      --steps             print the process flow, one line per step
      --json              print the summary as JSON on standard output
  -q, --quiet             print errors and the report's path only
";

const RUN: &str = "\
cellwright run DESIGN.toml --out DIR
cellwright run --bpx FILE.json --protocol STEPS --out DIR

Simulates the protocol and writes to DIR: report.html, summary.json, timeseries.csv and .parquet, and the design it ran.

  -o, --out DIR           folder for the results, made if it is not there
      --resume            continue from the checkpoint that Ctrl-C left in DIR
      --json              print the summary as JSON on standard output
  -q, --quiet             print errors and the report's path only

For a BPX file (Battery Parameter eXchange):
      --bpx FILE.json     the parameters, schema 0.x or 1.x
      --protocol STEPS    steps as in a lab notebook, separated by `;`
      --model KIND        DFN, SPMe or SPM (default: the fullest that the file supports)
      --initial-soc 100%  state of charge at the start (default 100 %)
      --cells N           volumes per film and particle
";

const COMPARE: &str = "\
cellwright compare A.toml B.toml ... --out DIR

Runs two to eight designs of any architecture from full charge to the lower voltage limit at every rate of their
[rate_series], or at C/5, C/2, 1C, 2C, 5C, 10C and 20C; 1C is always among them. Writes to DIR: compare.html with
Ragone curves per footprint and per volume, a table with one column per design, discharge curves and losses;
compare.json and compare.csv. A design that fails keeps its column, with its message; the exit code is that of the worst.
Ctrl-C ends it without writing anything.

  -o, --out DIR           folder for the results, made if it is not there
      --json              print compare.json on standard output
  -q, --quiet             print errors and the page's path only
";

const MATERIALS: &str = "\
cellwright materials list [--role ROLE] [--sort COLUMN]
cellwright materials show NAME

The embedded library: every value with unit, source and confidence
(measured, digitised, derived, estimated, assumed). A gap is a gap; a design can fill it:

  [materials.\"LiFePO4\".exchange_current_density]
  value      = \"0.1 mA/cm2\"
  source     = \"doi:...\"
  confidence = \"assumed\"

  --role ROLE     positive, negative, electrolyte, collector or inert
  --sort COLUMN   name, capacity, diffusion or confidence
  --json          as JSON
";

const VALIDATE: &str = "\
cellwright validate [NAME]

Runs the shipped validation cases, or those whose name contains NAME, and prints expected, found, tolerance and verdict.
Exit code 1 if one fails.

  --json          as JSON
";

const SCHEMA: &str = "\
cellwright schema

Prints the JSON Schema of the design file. Editors with a TOML language server complete and check with it:

  cellwright schema > cellwright.schema.json
  # first line of the design:
  #:schema ./cellwright.schema.json
";

const EXPLAIN: &str = "\
cellwright explain [CODE]

Prints what an error or warning means and what to do about it; without a code, lists all of them.
";
