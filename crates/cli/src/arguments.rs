//! From the words of the command line to one command with its options; a slip names the nearest word.

use cellwright_base::diagnostic::{Diagnostic, ErrorKind, nearest};
use cellwright_electrochem::spec::ModelKind;
use lexopt::{Arg, Parser, ValueExt};
use std::ffi::OsString;
use std::path::PathBuf;

/// Options that every command understands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Globals {
    /// When to colour.
    pub color: Color,
    /// Findings as JSON lines on standard output instead of text on standard error.
    pub json_messages: bool,
    /// The result as JSON on standard output.
    pub json: bool,
    /// Nothing but errors and the last line.
    pub quiet: bool,
}

/// When to colour the output.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Print the help of a command, or of all.
    Help(Option<&'static str>),
    /// Print the version.
    Version,
    /// Write a commented example design into a directory; of an architecture, if one is named.
    New(PathBuf, Option<String>),
    /// Check a design without running it.
    Check(PathBuf),
    /// Fabricate a design.
    Build(Build),
    /// Run a design or a BPX file.
    Run(Box<Run>),
    /// Run several designs and put them side by side.
    Compare(Compare),
    /// List the materials.
    MaterialsList(ListFilter),
    /// Show one material.
    MaterialsShow(String),
    /// Run the shipped validation cases.
    Validate(Option<String>),
    /// Print the JSON Schema of the design file.
    Schema,
    /// Explain an error code.
    Explain(Option<String>),
}

/// Options of `build`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Build {
    /// Design file.
    pub design: PathBuf,
    /// Folder for the results.
    pub out: Option<PathBuf>,
    /// Print the masks and process steps as a design instead.
    pub expand: bool,
    /// Print the process flow.
    pub steps: bool,
}

/// Options of `compare`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Compare {
    /// Design files.
    pub designs: Vec<PathBuf>,
    /// Folder for the results.
    pub out: PathBuf,
}

/// Options of `run`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Run {
    /// Design file, unless `bpx` is given.
    pub design: Option<PathBuf>,
    /// BPX file.
    pub bpx: Option<PathBuf>,
    /// Protocol for a BPX file.
    pub protocol: Option<String>,
    /// Folder for the results.
    pub out: Option<PathBuf>,
    /// Continue from the checkpoint in the folder.
    pub resume: bool,
    /// Model for a BPX file; the fullest that the file supports if left out.
    pub model: Option<ModelKind>,
    /// State of charge at the start for a BPX file, 0 to 1.
    pub initial_soc: Option<f64>,
    /// Volumes per film and particle for a BPX file.
    pub cells: Option<usize>,
}

/// Options of `materials list`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ListFilter {
    /// Only materials with this usual role.
    pub role: Option<String>,
    /// Column to sort by.
    pub sort: Option<String>,
}

/// A command and the global options.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What to do.
    pub command: Command,
    /// Options that every command understands.
    pub globals: Globals,
}

/// Names of the commands.
pub const COMMANDS: &[&str] = &[
    "new",
    "check",
    "build",
    "run",
    "compare",
    "materials",
    "validate",
    "schema",
    "explain",
    "help",
];
const GLOBAL_OPTIONS: &[&str] = &["--help", "--version", "--color", "--message-format", "--json", "--quiet"];
const RUN_OPTIONS: &[&str] = &["--out", "--resume", "--bpx", "--protocol", "--model", "--initial-soc", "--cells"];
const COMPARE_OPTIONS: &[&str] = &["--out"];
const BUILD_OPTIONS: &[&str] = &["--out", "--expand", "--steps"];
const NEW_OPTIONS: &[&str] = &["--architecture"];
const LIST_OPTIONS: &[&str] = &["--role", "--sort"];

fn usage(code: &'static str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(ErrorKind::Input, code, message)
}

/// Reads the arguments behind the program's name.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Request, (Diagnostic, Globals)> {
    let mut globals = Globals::default();
    let mut words = Words {
        parser: Parser::from_args(arguments),
        globals: &mut globals,
        positional: Vec::new(),
        run: Run::default(),
        build: Build::default(),
        architecture: None,
        list: ListFilter::default(),
    };
    match words.read() {
        Ok(command) => Ok(Request { command, globals }),
        Err(finding) => Err((finding, globals)),
    }
}

struct Words<'a> {
    parser: Parser,
    globals: &'a mut Globals,
    positional: Vec<OsString>,
    run: Run,
    build: Build,
    architecture: Option<String>,
    list: ListFilter,
}

impl Words<'_> {
    fn read(&mut self) -> Result<Command, Diagnostic> {
        let (mut help, mut version) = (false, false);
        loop {
            let argument = match self.parser.next() {
                Ok(Some(argument)) => argument,
                Ok(None) => break,
                Err(error) => return Err(usage("E091", error.to_string()).help("cellwright help")),
            };
            match argument {
                Arg::Value(word) => self.positional.push(word),
                Arg::Short('h') | Arg::Long("help") => help = true,
                Arg::Short('V') | Arg::Long("version") => version = true,
                Arg::Short('q') | Arg::Long("quiet") => self.globals.quiet = true,
                Arg::Long("json") => self.globals.json = true,
                Arg::Short('o') => self.option("--out")?,
                Arg::Long(name) => {
                    let name = format!("--{name}");
                    self.option(&name)?;
                }
                Arg::Short(letter) => return Err(unknown_option(&format!("-{letter}"), &[])),
            }
        }
        let first = self.positional.first().map(|w| w.to_string_lossy().into_owned());
        let topic = first.as_deref().and_then(|w| COMMANDS.iter().copied().find(|c| *c == w));
        if version && first.is_none() {
            return Ok(Command::Version);
        }
        match (first.as_deref(), topic) {
            (None, _) => Ok(Command::Help(None)),
            (Some(_), Some(topic)) if help => Ok(Command::Help(Some(topic))),
            (Some(_), Some(topic)) => {
                self.positional.remove(0);
                self.command(topic)
            }
            (Some(word), None) => Err(self.unknown_command(word)),
        }
    }

    fn unknown_command(&self, word: &str) -> Diagnostic {
        let finding = usage("E090", format!("there is no command `{word}`"));
        if word.ends_with(".toml") {
            return finding.help(format!("to run a design: cellwright run {word} --out out"));
        }
        match nearest(word, COMMANDS.iter().copied()) {
            Some(near) => finding.help(format!("did you mean `cellwright {near}`?")),
            None => finding.help(format!("commands: {}", COMMANDS.join(", "))),
        }
    }

    fn option(&mut self, name: &str) -> Result<(), Diagnostic> {
        let first = self
            .positional
            .first()
            .map(|w| w.to_string_lossy().into_owned())
            .unwrap_or_default();
        let belongs = match first.as_str() {
            "run" => RUN_OPTIONS,
            "compare" => COMPARE_OPTIONS,
            "build" => BUILD_OPTIONS,
            "new" => NEW_OPTIONS,
            "materials" => LIST_OPTIONS,
            _ => &[],
        };
        if !GLOBAL_OPTIONS.contains(&name) && !belongs.contains(&name) {
            return Err(unknown_option(name, belongs));
        }
        match name {
            "--color" => {
                self.globals.color = match self.word(name)?.as_str() {
                    "auto" => Color::Auto,
                    "always" => Color::Always,
                    "never" => Color::Never,
                    other => return Err(bad_value(name, other, "auto, always, never")),
                }
            }
            "--message-format" => {
                self.globals.json_messages = match self.word(name)?.as_str() {
                    "text" => false,
                    "json" => true,
                    other => return Err(bad_value(name, other, "text, json")),
                }
            }
            "--out" => self.run.out = Some(self.value(name)?.into()),
            "--expand" => self.build.expand = true,
            "--steps" => self.build.steps = true,
            "--architecture" => self.architecture = Some(self.word(name)?),
            "--resume" => self.run.resume = true,
            "--bpx" => self.run.bpx = Some(self.value(name)?.into()),
            "--protocol" => self.run.protocol = Some(self.word(name)?),
            "--model" => self.run.model = Some(self.model(name)?),
            "--initial-soc" => self.run.initial_soc = Some(self.fraction(name)?),
            "--cells" => self.run.cells = Some(self.count(name, 3, 2000)?),
            "--role" => self.list.role = Some(self.one_of(name, &["positive", "negative", "electrolyte", "collector", "inert"])?),
            "--sort" => self.list.sort = Some(self.one_of(name, &["name", "capacity", "diffusion", "confidence"])?),
            _ => return Err(unknown_option(name, belongs)),
        }
        Ok(())
    }

    fn value(&mut self, name: &str) -> Result<OsString, Diagnostic> {
        self.parser
            .value()
            .map_err(|_| usage("E091", format!("{name} needs a value")).help("cellwright help"))
    }

    fn word(&mut self, name: &str) -> Result<String, Diagnostic> {
        self.value(name)?
            .string()
            .map_err(|_| usage("E091", format!("the value of {name} is not UTF-8 text")))
    }

    fn count(&mut self, name: &str, least: usize, most: usize) -> Result<usize, Diagnostic> {
        let word = self.word(name)?;
        word.parse()
            .ok()
            .filter(|n| (least..=most).contains(n))
            .ok_or_else(|| bad_value(name, &word, &format!("{least} .. {most}")))
    }

    fn one_of(&mut self, name: &str, words: &[&str]) -> Result<String, Diagnostic> {
        let word = self.word(name)?;
        if words.contains(&word.as_str()) {
            Ok(word)
        } else {
            Err(bad_value(name, &word, &words.join(", ")))
        }
    }

    fn model(&mut self, name: &str) -> Result<ModelKind, Diagnostic> {
        let word = self.word(name)?;
        let models = [ModelKind::Dfn, ModelKind::Spme, ModelKind::Spm];
        let found = models.into_iter().find(|m| m.as_str().eq_ignore_ascii_case(&word));
        found.ok_or_else(|| bad_value(name, &word, "DFN, SPMe, SPM"))
    }

    fn fraction(&mut self, name: &str) -> Result<f64, Diagnostic> {
        let word = self.word(name)?;
        let value = cellwright_base::units::parse_quantity(&word, cellwright_base::units::Dimension::DIMENSIONLESS).ok();
        value
            .filter(|v| (0.0..=1.0).contains(v))
            .ok_or_else(|| bad_value(name, &word, "0 % .. 100 %"))
    }

    fn command(&mut self, name: &'static str) -> Result<Command, Diagnostic> {
        let mut rest = std::mem::take(&mut self.positional).into_iter();
        let mut next = || rest.next();
        let text = |word: OsString| word.to_string_lossy().into_owned();
        let command = match name {
            "help" => match next().map(text) {
                None => Command::Help(None),
                Some(word) => match COMMANDS.iter().copied().find(|c| *c == word) {
                    Some(topic) => Command::Help(Some(topic)),
                    None => return Err(self.unknown_command(&word)),
                },
            },
            "new" => {
                let folder = next().unwrap_or_else(|| "cellwright-design".into());
                Command::New(folder.into(), self.architecture.take())
            }
            "build" => {
                let example = "cellwright build design.toml --out out";
                let mut build = std::mem::take(&mut self.build);
                build.design = next()
                    .map(PathBuf::from)
                    .ok_or_else(|| missing("build", "a design file", example))?;
                build.out = self.run.out.take();
                match (&build.out, build.expand) {
                    (None, true) if build.steps => {
                        return Err(usage("E091", "--steps shows what was made, and --expand makes nothing").help("give one of them"));
                    }
                    (None, false) => return Err(missing("build", "a folder for the results", "add  --out out")),
                    (Some(_), true) => {
                        let both = usage("E091", "--expand prints a design and makes nothing, so it takes no --out");
                        return Err(both.help("cellwright build DESIGN.toml --expand > custom.toml"));
                    }
                    _ => Command::Build(build),
                }
            }
            "check" => Command::Check(
                next()
                    .map(PathBuf::from)
                    .ok_or_else(|| missing("check", "a design file", "cellwright check design.toml"))?,
            ),
            "run" => {
                let mut run = std::mem::take(&mut self.run);
                run.design = next().map(PathBuf::from);
                check_run(&run)?;
                Command::Run(Box::new(run))
            }
            "compare" => {
                let designs: Vec<PathBuf> = rest.by_ref().map(PathBuf::from).collect();
                Command::Compare(compare(designs, self.run.out.take())?)
            }
            "materials" => match next().map(text).as_deref() {
                None | Some("list") => Command::MaterialsList(std::mem::take(&mut self.list)),
                Some("show") => Command::MaterialsShow(
                    next()
                        .map(text)
                        .ok_or_else(|| missing("materials show", "a name", "cellwright materials show LiCoO2"))?,
                ),
                Some(other) => return Err(bad_value("materials", other, "list, show NAME")),
            },
            "validate" => Command::Validate(next().map(text)),
            "schema" => Command::Schema,
            "explain" => Command::Explain(next().map(text)),
            _ => return Err(self.unknown_command(name)),
        };
        match rest.next() {
            None => Ok(command),
            Some(extra) => {
                Err(usage("E091", format!("`{}` is one argument too many", text(extra))).help(format!("cellwright help {name}")))
            }
        }
    }
}

fn compare(designs: Vec<PathBuf>, out: Option<PathBuf>) -> Result<Compare, Diagnostic> {
    let most = cellwright::compare::MOST_DESIGNS;
    if designs.len() < 2 {
        return Err(missing(
            "compare",
            "two design files or more",
            "cellwright compare a.toml b.toml --out out",
        ));
    }
    if designs.len() > most {
        let many = usage("E091", format!("`cellwright compare` puts at most {most} designs on a page"));
        return Err(many
            .note(format!("{} are given", designs.len()))
            .help("compare the best of several pages"));
    }
    let Some(out) = out else {
        return Err(missing("compare", "a folder for the results", "add  --out out"));
    };
    Ok(Compare { designs, out })
}

fn check_run(run: &Run) -> Result<(), Diagnostic> {
    if run.design.is_some() && run.bpx.is_some() {
        return Err(usage("E091", "`run` takes a design file or --bpx, not both").help("cellwright help run"));
    }
    if run.design.is_none() && run.bpx.is_none() {
        return Err(missing("run", "a design file", "cellwright run design.toml --out out"));
    }
    if run.bpx.is_some() && run.protocol.is_none() {
        return Err(missing(
            "run --bpx",
            "a protocol",
            "cellwright run --bpx cell.json --protocol \"Discharge at 1C until 2.7 V\" --out out",
        ));
    }
    let for_bpx = [
        ("--protocol", run.protocol.is_some()),
        ("--model", run.model.is_some()),
        ("--initial-soc", run.initial_soc.is_some()),
        ("--cells", run.cells.is_some()),
    ];
    if let Some((name, _)) = for_bpx.iter().find(|(_, given)| *given && run.bpx.is_none()) {
        return Err(usage("E091", format!("{name} belongs to --bpx; a design file says it itself")).help("cellwright help run"));
    }
    if run.out.is_none() {
        return Err(missing("run", "a folder for the results", "add  --out out"));
    }
    Ok(())
}

fn missing(command: &str, what: &str, example: &str) -> Diagnostic {
    usage("E091", format!("`cellwright {command}` needs {what}")).help(example)
}

fn bad_value(name: &str, found: &str, allowed: &str) -> Diagnostic {
    usage("E091", format!("`{found}` is not a value of {name}")).note(format!("allowed: {allowed}"))
}

fn unknown_option(name: &str, belongs: &[&str]) -> Diagnostic {
    let finding = usage("E090", format!("unknown option `{name}`"));
    let known = || GLOBAL_OPTIONS.iter().chain(belongs).copied();
    if let Some(near) = nearest(name, known()) {
        return finding.help(format!("did you mean `{near}`?"));
    }
    let owners = [
        ("run", RUN_OPTIONS),
        ("compare", COMPARE_OPTIONS),
        ("build", BUILD_OPTIONS),
        ("new", NEW_OPTIONS),
        ("materials", LIST_OPTIONS),
    ];
    let elsewhere = owners
        .iter()
        .find(|(_, options)| options.contains(&name))
        .map(|(command, _)| command);
    match elsewhere {
        Some(command) => finding.help(format!("it belongs behind the command: cellwright {command} … {name}")),
        None => finding.note(format!("options here: {}", known().collect::<Vec<_>>().join(", "))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        parse(line.split(' ').filter(|w| !w.is_empty()).map(OsString::from))
            .map(|r| r.command)
            .map_err(|(d, _)| d.to_string())
    }

    #[test]
    fn commands_are_read() {
        assert_eq!(read(""), Ok(Command::Help(None)));
        assert_eq!(read("run --help"), Ok(Command::Help(Some("run"))));
        assert_eq!(read("--version"), Ok(Command::Version));
        assert_eq!(read("check a.toml --color never"), Ok(Command::Check("a.toml".into())));
        let Ok(Command::Run(run)) = read("run --bpx c.json --protocol x --model spme --initial-soc 80% --cells 20 -o out") else {
            panic!()
        };
        assert_eq!(
            (run.model, run.initial_soc, run.cells),
            (Some(ModelKind::Spme), Some(0.8), Some(20))
        );
        let compare = Compare {
            designs: vec!["a.toml".into(), "b.toml".into(), "c.toml".into()],
            out: "x".into(),
        };
        assert_eq!(read("compare a.toml b.toml --out x c.toml"), Ok(Command::Compare(compare)));
        assert_eq!(read("compare --help"), Ok(Command::Help(Some("compare"))));
        assert_eq!(read("explain E031"), Ok(Command::Explain(Some("E031".into()))));
        assert_eq!(read("materials show Li"), Ok(Command::MaterialsShow("Li".into())));
    }

    #[test]
    fn slips_are_named() {
        let cases = [
            ("rum a.toml", "did you mean `cellwright run`?"),
            ("a.toml", "cellwright run a.toml --out out"),
            ("run a.toml --aut x", "did you mean `--out`?"),
            ("run a.toml", "needs a folder"),
            ("run --out x", "needs a design file"),
            ("run --bpx c.json --out x", "needs a protocol"),
            ("run a.toml --bpx c.json --out x", "not both"),
            ("run a.toml --cells 20 --out x", "a design file says it itself"),
            ("run a.toml --out", "--out needs a value"),
            ("run --bpx c.json --initial-soc 120%", "0 % .. 100 %"),
            ("check", "needs a design file"),
            ("compare a --out x", "needs two design files or more"),
            ("compare a b", "needs a folder"),
            ("compare a b --bpx x", "it belongs behind the command"),
            ("compare 1 2 3 4 5 6 7 8 9 --out x", "at most 8"),
            ("check a b", "one argument too many"),
            ("--out x", "cellwright run … --out"),
            ("schema --color pink", "allowed: auto, always, never"),
        ];
        for (line, expected) in cases {
            let found = read(line).unwrap_err();
            assert!(found.contains(expected), "{line}: {found}");
        }
    }
}
