//! Every code of an error or warning with its long text; a test compares this table with the sources.

use cellwright_fab::rules::RULES;

/// One code.
pub struct Code {
    /// Such as `E031`.
    pub code: &'static str,
    /// One line.
    pub title: &'static str,
    /// What it means and what to do.
    pub text: &'static str,
}

const fn code(code: &'static str, title: &'static str, text: &'static str) -> Code {
    Code { code, title, text }
}

/// All codes, sorted.
pub static CODES: &[Code] = &[
    code(
        "E002",
        "the file is not UTF-8 text",
        "Design files are UTF-8. Editors call it \"UTF-8\" or \"Unicode\"; a micrometre may always be written um.",
    ),
    code(
        "E003",
        "the file or a line of it is too large",
        "A design is written by hand: at most 256 KB, at most 4096 bytes in a line. Put long tables of a property into several lines.",
    ),
    code(
        "E006",
        "the file is nested too deeply",
        "A design needs three levels of tables. Nesting beyond eighty levels is refused before anything is read.",
    ),
    code(
        "E010",
        "the text cannot be read",
        "The file is not valid TOML (or too large for a material file). The caret stands where reading stopped, which may be behind the real\nmistake: look for a missing quote or bracket before it. Numbers with units stand in quotes: thickness = \"5 um\".",
    ),
    code(
        "E011",
        "a key is missing",
        "Every required key is listed by `cellwright schema`. Cellwright has no hidden defaults for physical values: what it needs, you say.",
    ),
    code(
        "E012",
        "there is no such key",
        "A key that is not known is refused, because a value that is silently ignored is a wrong result. If a similar name exists it is shown;\nthe note lists all keys that may stand there.",
    ),
    code(
        "E013",
        "the value is of the wrong type",
        "For example a bare number where a text with a unit is needed, or a text where a list is needed.",
    ),
    code(
        "E014",
        "there is no such word",
        "Some keys take one of a few words (a role, a class, a model). The note lists them.",
    ),
    code(
        "E015",
        "a property of a material is incomplete",
        "A property needs exactly one of value, expression or rows, with its unit, source and confidence.",
    ),
    code(
        "E016",
        "a formula cannot be read",
        "Formulas know numbers, + - * / ^, parentheses, x or c, T, and exp, log, ln, log10, sqrt, tanh, sinh, cosh, sin, cos, abs, pow, min, max.\nNothing else is evaluated, on purpose: a design from a stranger is safe to run.",
    ),
    code(
        "E017",
        "a table of values cannot be used",
        "The abscissae must rise strictly, every row needs two finite numbers, and a range is written [lower, higher].",
    ),
    code(
        "E018",
        "something is given twice",
        "Two films of one name cannot be told apart in the results, and of two equal keys one would be ignored.",
    ),
    code(
        "E019",
        "keys that exclude each other",
        "Two keys say the same thing twice, or a key has no effect beside another one (a porosity in a dense film, a heat transfer in an\nisothermal cell). Refused, because one of them would be ignored silently.",
    ),
    code(
        "E020",
        "the quantity cannot be read",
        "A quantity is a number and a unit: \"5 um\", \"0.1 mA/cm2\", \"10 W/(m2 K)\", \"1.5e-9 m2/s\". Decimal points, not commas. Units may be\nmultiplied with a space, divided with /, and raised to whole powers.",
    ),
    code(
        "E021",
        "the unit is of the wrong kind",
        "The value is readable, but it is another kind of quantity, for example a mass loading where a thickness belongs. Units are understood,\nnever guessed: a number without a unit is refused wherever a unit matters.",
    ),
    code(
        "E022",
        "milli or mega?",
        "MOhm and mohm differ by a factor of 1e9. The value was read as written and lies far outside what is sensible.",
    ),
    code(
        "E023",
        "the value is out of range",
        "The limits are physical (a porosity between 0 and 1, a thickness above 0) or generous bounds that catch slips. The label shows what was\nunderstood and what is allowed.",
    ),
    code(
        "E025",
        "the list has the wrong length",
        "Pairs need two values, lists at least one; more than 1000 entries are refused. Use { repeat = n, steps = [...] } for long protocols.",
    ),
    code(
        "E026",
        "two values contradict each other",
        "The active area must fit on the die, the lower voltage limit lies below the upper one, a package is higher than the stack inside it.",
    ),
    code(
        "E027",
        "not in this version",
        "The words are understood, but this version cannot build it. It reads format 1 and builds laminated cells.",
    ),
    code(
        "E028",
        "a mask or step is named that is not there",
        "A step names its mask, and sometimes earlier steps: whose film it dissolves, grows on, etches or lithiates. Masks may stand anywhere\nin the file; steps must stand before the one that names them, because a process runs in order.",
    ),
    code(
        "E029",
        "this version cannot do it with this architecture",
        "Laminated cells are simulated; the other architectures are fabricated with `cellwright build`: shape, masks, process flow, inventory and\ndesign rules.",
    ),
    code(
        "E030",
        "unknown material",
        "The name is neither in the library nor in the [materials] tables of the design. `cellwright materials list` shows all names. A new\nmaterial starts with [materials.\"NAME\"] and a `class`, or `based_on = \"...\"` to start as a copy of another one.",
    ),
    code(
        "E031",
        "no value for a property this model needs",
        "The library holds only values that somebody published, each with its source and confidence. A gap is an error, never a default.\nGive a value of your own, with its source, in the design:\n\n  [materials.\"LiFePO4\".exchange_current_density]\n  value      = \"0.1 mA/cm2\"\n  source     = \"doi:...\"\n  confidence = \"assumed\"\n\nThe report shows it with its confidence and warns if it drives the answer.",
    ),
    code(
        "E040",
        "the BPX file cannot be read",
        "A Battery Parameter eXchange file is JSON in UTF-8. JSON knows no NaN, no Infinity, no comments and no trailing commas.",
    ),
    code(
        "E041",
        "unknown step",
        "A step begins with Discharge, Charge, Hold, Rest, Follow, Sweep, Impedance or Repeat.",
    ),
    code(
        "E042",
        "an amount is missing or cannot be read",
        "Rates are written 1C, C/2, 2 mA or 50 uA/cm2; powers 3 mW; loads 10 kohm; times 20 min or 1 h 30 min.",
    ),
    code(
        "E043",
        "the wrong kind of amount",
        "For example a current where a time belongs. The caret marks the amount.",
    ),
    code(
        "E044",
        "this condition cannot end this step",
        "A constant current cannot end at a current, a voltage hold cannot end at a voltage.",
    ),
    code(
        "E045",
        "this step never ends",
        "A discharge, charge, hold or rest needs `for <time>` or `until <condition>`; the first one reached ends the step.",
    ),
    code(
        "E046",
        "an amount in a step is out of range",
        "Rates, powers, loads and durations are positive; a sweep and a spectrum need two different ends.",
    ),
    code(
        "E047",
        "the repeat is too large, too deep or empty",
        "Repeats may be nested four deep; all steps written out may not exceed one hundred million.",
    ),
    code(
        "E048",
        "an unexpected or missing word in a step",
        "Steps are separated by `;` or stand in a list. Conditions are joined with `or`. A repeat reads: Repeat 200 times: (step; step).",
    ),
    code(
        "E049",
        "the profile file cannot be used",
        "A profile is a CSV file with a column of times and one of currents, currents per area or rates, labelled with their units; times rise.",
    ),
    code(
        "E051",
        "the stack does not make a cell",
        "A laminated cell has exactly one negative electrode, one electrolyte and one positive electrode, directly on top of each other, in\neither order, listed from the substrate up. The note shows which role every film has.",
    ),
    code(
        "E052",
        "negative or positive electrode?",
        "The material stores lithium and could be either electrode, and so could the other one. Say it with role = \"positive\" or \"negative\".",
    ),
    code(
        "E053",
        "the dimensions do not fit together",
        "Each dimension of an architecture is within its own bounds, but together they leave no room: for example a film thicker than half of the\ngap it shall line. The message names both numbers; the hint says what would fit.",
    ),
    code(
        "E054",
        "the stoichiometry is out of range",
        "The stoichiometry x at the start must lie inside 0 to 1 and inside the range for which the open-circuit potential is known.",
    ),
    code(
        "E055",
        "no capacity to base C-rates on",
        "Neither the design nor the electrodes say what 1C is. Give `capacity` under [cell], or currents in A or A/cm2.",
    ),
    code(
        "E056",
        "the model does not fit the cell",
        "SPM and SPMe simplify porous electrodes. A cell of dense films is solved in full and needs no `kind`.",
    ),
    code(
        "E057",
        "nothing fills the pores",
        "A porous film needs an electrolyte: its own `electrolyte`, or that of the electrolyte film.",
    ),
    code(
        "E058",
        "this is no electrolyte",
        "The named material is of another class. `cellwright materials list --role electrolyte` shows the electrolytes.",
    ),
    code(
        "E059",
        "a porous electrode is incomplete",
        "It needs `active_fraction` and `particle_radius` besides `porosity` and `bruggeman` (or `transport_efficiency`).",
    ),
    code(
        "E060",
        "a step names something that is not there",
        "A technique, mask, material or earlier step is written in a way that matches nothing. The note lists what there is at that point of the flow.",
    ),
    code(
        "E061",
        "a step does not say how thick its film is",
        "Give `thickness`, or what it follows from: `cycles` for atomic layer deposition, `wet_thickness` with `solids` for prints and coats.",
    ),
    code(
        "E062",
        "the window holds too much detail",
        "Only a part of the chip is followed in detail, its sides being mirrors. Choose a smaller [window] that repeats, such as one pillar or one\npair of fingers, and say with `repeats` how many of them the chip holds.",
    ),
    code(
        "E063",
        "the device cannot be meshed",
        "A run needs electrolyte between the electrodes of the finished device, touching both, and control volumes that fit into memory. The message\nsays which body and where; the cross-section of `cellwright build` shows it.",
    ),
    code(
        "E064",
        "the collectors cannot be followed along the chip",
        "`negative_tab` and `positive_tab` in [footprint] ask for the current along the collectors of a laminated cell; that needs a collector on\neither electrode, its `electronic_conductivity`, and the full model. `collectors = \"resolved\"` under [model] does the same for combs,\n`negative_tab` and `positive_tab` in [window] for a flow of your own.",
    ),
    code(
        "E065",
        "a mechanism of ageing does not fit the cell",
        "Side reactions belong to particles, to films at a face of the mesh and to lithium metal; loss of active material needs an insertion\nmaterial; plating is the main reaction of a metal electrode. Take the table that the message points at out of [ageing].",
    ),
    code(
        "E066",
        "heat cannot be followed through the cell",
        "`mode = \"conduction\"` in [thermal] puts heat where it is released. The single-particle models hold the reaction even over an electrode:\nuse the full model, or one temperature for the device with `mode = \"lumped\"`.",
    ),
    code(
        "E080",
        "a file cannot be read or written",
        "The operating system's reason stands beside it. Nothing is left half-written: results appear in the folder all at once, at the end.",
    ),
    code(
        "E081",
        "the file is not what it should be",
        "It is not text, or far too large for what it should hold.",
    ),
    code("E082", "the file exists already", "`cellwright new` never overwrites a design."),
    code(
        "E083",
        "a mask file cannot be used",
        "Masks may come from a layout file beside the design: file = \"chip.gds\", optionally with cell and source_layer. The message says what\nis wrong with it.",
    ),
    code(
        "E084",
        "blended electrodes are not in this version",
        "The BPX file describes an electrode of several kinds of particles.",
    ),
    code(
        "E085",
        "the file cannot feed this model",
        "A BPX file without electrolyte describes a single-particle model: use --model SPM.",
    ),
    code(
        "E086",
        "a picture or model of the device cannot be made",
        "The device was made, but a section, model or tool path of it cannot be drawn: a dimension is not finite, or a printed filament is\nnarrower than its layer is high. The message says which number.",
    ),
    code(
        "E087",
        "the masks cannot be written",
        "GDSII and OASIS files hold coordinates of up to 2.1 m in steps of 1 nm, and names of printable letters.",
    ),
    code(
        "E090",
        "there is no such command, option or code",
        "`cellwright help` lists the commands, `cellwright help COMMAND` the options of one.",
    ),
    code(
        "E091",
        "an argument is missing, wrong or too much",
        "`cellwright help COMMAND` shows what a command takes.",
    ),
    code(
        "E301",
        "the solver could not continue",
        "The message names the step, the time, the region and the unknown, and the likely cause: an electrolyte that runs dry, an electrode whose\nsurface is full or empty, a power the cell cannot deliver. A step of current without a voltage limit ends so when the voltage passes\n10 V or -10 V; with a limit it ends there. Results up to that moment are kept.",
    ),
    code(
        "E302",
        "this step is not in this version",
        "The protocol language knows it, but the run loop of this version does not.",
    ),
    code(
        "E303",
        "the protocol cannot start",
        "Every step was over before it began: with its current, power or voltage imposed, the cell is beyond the step's limit at once.\nUse a lower rate, another limit or another state of charge.",
    ),
    code(
        "E401",
        "the checkpoint cannot be used",
        "It belongs to another design or version, or is damaged. Run again without --resume.",
    ),
    code(
        "E402",
        "the results cannot be written",
        "The folder for the results cannot be written, is in use, or the disk is full. The results of an earlier run are untouched.",
    ),
    code(
        "W041",
        "this step ends at once",
        "The steps before leave the cell beyond the limit that ends this step. Usually Charge and Discharge are exchanged.",
    ),
    code("W042", "an unusual voltage", "Single cells stay within 10 V."),
    code(
        "W043",
        "a profile that only charges",
        "In a profile, discharge is positive. If the file counts charge as positive, exchange the sign.",
    ),
    code(
        "W104",
        "a suspicious thickness",
        "The film is thicker or thinner than its technique usually makes. The ranges are orders of magnitude, meant to catch mm for um.",
    ),
    code(
        "W105",
        "an unknown technique",
        "The technique is kept for the report, but the thickness cannot be checked against it.",
    ),
    code(
        "W106",
        "particles larger than their film",
        "The radius is probably a diameter, or the thickness is wrong.",
    ),
    code(
        "W107",
        "the rate series starts from an almost empty cell",
        "Each rate of [rate_series] is a discharge from the initial state of the design to the lower voltage limit.",
    ),
    code(
        "W108",
        "the films cannot be fabricated as listed",
        "The run goes on, because the electrochemistry needs only thickness and area; the chapter on the device shows the films as designed.",
    ),
    code(
        "W201",
        "an estimated value drives the answer",
        "A value of low confidence, moved across the range that was reported for it, changes a headline number by more than 10 %. Fit it to a\nmeasured curve, or find a better source, before trusting the result.",
    ),
    code(
        "W202",
        "a part of the physics is missing",
        "No value is known for it, so it is neglected (a charge transfer) or constant (a potential). The message says which.",
    ),
    code(
        "W203",
        "a value is extrapolated",
        "The run used a property outside the range in which it was measured.",
    ),
    code(
        "W204",
        "the mesh decides the answer",
        "The estimated error of the mesh is larger than it should be. Raise `cells` under [model] and compare; `host_modes` where diffusion in the\nsolid decides.",
    ),
    code(
        "W205",
        "the capacities do not match",
        "One electrode holds much less than the other one, or than the nominal capacity.",
    ),
    code(
        "W206",
        "a part of the BPX file is not used",
        "The message says which part and what follows from leaving it out.",
    ),
    code(
        "W207",
        "a film is thick for the surface it covers",
        "Films are followed by diffusion along their normal, with their true volume. Around sharp edges of thick films that is an approximation; a\nsecond run with thinner films or rounder shapes tells how much it matters.",
    ),
    code(
        "W208",
        "a part of the device takes no part",
        "The control volumes show bodies that no electrolyte reaches, electrolyte that touches no electrode, or an electrode\nwithout metal to its terminal. The run goes on without them.",
    ),
    code(
        "W209",
        "the metal of a scaffold is idealised",
        "Electrodes on a template (holographic, imprint, inverse opal) coat a scaffold of metal. How much room it takes is not part of the design: give\nthe void fraction without it. It is taken to conduct without loss.",
    ),
    code(
        "W210",
        "no permittivity of the electrolyte is known",
        "A solid electrolyte between two electrodes is a capacitor beside its resistance; at the highest frequencies of a spectrum that makes an arc. Without\nits relative permittivity the arc is missing and the spectrum starts at the resistance. Give the value in the design, with its source.",
    ),
    code(
        "W211",
        "the interfaces do not charge",
        "The arc of charge transfer comes from the double layer beside it, which is off unless the design says  double_layer = \"on\"  under [model]. Without it\ncharge transfer is a plain resistance in the spectrum. The single-particle models have no double layer.",
    ),
    code(
        "W212",
        "the mesh decides part of a spectrum",
        "At high frequency the current enters an electrode by less than one control volume. The same spectrum on half the volumes differs by more than it\nshould from that frequency up. Raise  cells  under [model], or end the spectrum at a lower frequency.",
    ),
    code(
        "W213",
        "no transference number without spectra",
        "A step of voltage on a cell with lithium on both sides gives a transference number (Bruce and Vincent) if the resistance of the interfaces is known\nbefore and after it: put an impedance step on both sides of the hold, rests in between allowed.",
    ),
    code(
        "W214",
        "collectors taken as ideal would lose voltage",
        "Fingers, buses and pads have the resistance of their metal, but the run takes them as of one potential. At the current of 1C that leaves out\nmore than 1 mV. `collectors = \"resolved\"` under [model] follows the current along them; thicker metal or shorter fingers help the cell.",
    ),
    code(
        "W303",
        "a remark of the run",
        "Something happened while it ran that deserves a second look; the message says what.",
    ),
];

/// A code or a design rule with its text.
pub struct Explained {
    /// Such as `E031`.
    pub code: &'static str,
    /// One line.
    pub title: &'static str,
    /// What it means and what to do.
    pub text: &'static str,
}

/// Everything that can be explained: the codes, sorted, then the design rules.
pub fn explained() -> impl Iterator<Item = Explained> {
    let codes = CODES.iter().map(|c| Explained {
        code: c.code,
        title: c.title,
        text: c.text,
    });
    codes.chain(RULES.iter().map(|rule| Explained {
        code: rule.id,
        title: rule.words,
        text: rule.doc,
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::CODES;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Codes between quotes in the Rust sources below `folder`, tests left out.
    fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "tests" && name != "target" {
                    codes_in(&path, found);
                }
            } else if name.ends_with(".rs") && !name.contains("tests") && name != "codes.rs" && name != "sample.rs" {
                let text = std::fs::read_to_string(&path).unwrap();
                for quoted in text.split('"') {
                    let digits = quoted.len() == 4 && quoted.bytes().skip(1).all(|b| b.is_ascii_digit());
                    if digits && quoted.starts_with(['E', 'W', 'R']) {
                        found.insert(quoted.to_owned());
                    }
                }
            }
        }
    }

    #[test]
    fn every_code_of_the_sources_is_explained_and_no_other() {
        let mut used = BTreeSet::new();
        codes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut used);
        let explained: BTreeSet<String> = CODES.iter().map(|c| c.code.to_owned()).collect();
        let missing: Vec<_> = used.difference(&explained).collect();
        assert!(missing.is_empty(), "no explanation for {missing:?}");
        let idle: Vec<_> = explained.difference(&used).collect();
        assert!(idle.is_empty(), "explained but never said: {idle:?}");
    }

    #[test]
    fn codes_are_sorted_and_have_their_texts() {
        assert!(CODES.windows(2).all(|w| w[0].code < w[1].code));
        for c in CODES {
            assert!(
                c.text.len() > 20 && c.title.chars().next().unwrap().is_lowercase() || c.title.starts_with("SPM"),
                "{}",
                c.code
            );
            assert!(c.text.lines().all(|l| l.chars().count() <= 160), "{}", c.code);
        }
    }
}
