//! Reading one table of a design file: typed values with places, every problem collected, nothing guessed.

use super::Spanned;
use super::keys::{Key, Kind, Range, Section};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place, nearest};
use cellwright_base::units::{Dimension, format_quantity, parse_quantity};
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops;
use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

/// Most problems reported for one file.
const MOST_FINDINGS: usize = 20;
/// Longest list read.
pub(super) const LONGEST_LIST: usize = 1000;

/// The file being read and what was found wrong with it.
pub(super) struct Context<'a> {
    pub file: &'a str,
    pub text: &'a str,
    findings: RefCell<Vec<Diagnostic>>,
}

impl<'a> Context<'a> {
    pub fn new(file: &'a str, text: &'a str) -> Context<'a> {
        Context {
            file,
            text,
            findings: RefCell::new(Vec::new()),
        }
    }

    pub fn place(&self, span: ops::Range<usize>) -> Place {
        Place::in_source(self.file, self.text, span)
    }

    /// Records a problem; those beyond the limit are dropped.
    pub fn report(&self, finding: Diagnostic) {
        let mut findings = self.findings.borrow_mut();
        if findings.len() < MOST_FINDINGS {
            findings.push(finding);
        }
    }

    /// Everything recorded so far, in the order of the file.
    pub fn into_findings(self) -> Vec<Diagnostic> {
        let mut findings = self.findings.into_inner();
        findings.sort_by_key(|d| d.place.as_ref().map_or((usize::MAX, 0), |p| (p.line, p.column)));
        findings
    }
}

/// One table of the file, read against its section.
pub(super) struct TableReader<'c, 'a> {
    pub context: &'c Context<'a>,
    pub section: &'static Section,
    pub place: Place,
    /// Where we are, for messages.
    heading: String,
    table: &'c DeTable<'a>,
}

type Entry<'c, 'a> = (&'c TomlSpanned<Cow<'a, str>>, &'c TomlSpanned<DeValue<'a>>);

impl<'c, 'a> TableReader<'c, 'a> {
    /// Opens a table: unknown keys are reported at once, missing ones too.
    pub fn open(context: &'c Context<'a>, section: &'static Section, table: &'c DeTable<'a>, place: Place) -> TableReader<'c, 'a> {
        let name = table
            .get("name")
            .and_then(|v| v.get_ref().as_str())
            .filter(|_| section.heading.starts_with("[["));
        let heading = match name {
            Some(name) => format!("in {} \"{}\"", section.heading, shorten(name)),
            None if section.heading.starts_with('[') => format!("in {}", section.heading),
            None => format!("at {}", section.heading),
        };
        let reader = TableReader {
            context,
            section,
            place,
            heading,
            table,
        };
        for key in table.keys() {
            reader.check_known(key);
        }
        // A key with a slip in its name is reported once, as unknown.
        let slips: Vec<&str> = table.keys().filter_map(|k| reader.slip(k.get_ref())).collect();
        for key in section
            .keys
            .iter()
            .filter(|k| k.required && !table.contains_key(k.name) && !slips.contains(&k.name))
        {
            let missing = Diagnostic::error(ErrorKind::Input, "E011", format!("missing key `{}` {}", key.name, reader.heading()));
            let missing = missing
                .at(reader.place.clone())
                .label(format!("`{}` belongs here", key.name))
                .note(key.doc);
            context.report(missing.help(format!("add  {}", example_line(key))));
        }
        reader
    }

    /// The key that was probably meant by an unknown one.
    fn slip(&self, name: &str) -> Option<&'static str> {
        let names = || self.section.keys.iter().map(|k| k.name);
        if names().any(|n| n == name) { None } else { nearest(name, names()) }
    }

    fn check_known(&self, key: &TomlSpanned<Cow<'a, str>>) {
        let name = key.get_ref().as_ref();
        if self.section.keys.iter().any(|k| k.name == name) {
            return;
        }
        let names = || self.section.keys.iter().map(|k| k.name);
        let label = self
            .slip(name)
            .map_or_else(String::new, |n| format!("help: a key with a similar name exists: `{n}`"));
        let unknown = Diagnostic::error(
            ErrorKind::Input,
            "E012",
            format!("unknown key `{}` {}", shorten(name), self.heading()),
        );
        let keys = names().collect::<Vec<_>>().join(", ");
        self.context.report(
            unknown
                .at(self.context.place(key.span()))
                .label(label)
                .note(format!("keys here: {keys}")),
        );
    }

    /// The entry of `name`, which is a key of the section.
    pub fn entry(&self, name: &str) -> Option<(&'static Key, Entry<'c, 'a>)> {
        let key = self
            .section
            .keys
            .iter()
            .find(|k| k.name == name)
            .expect("invariant: the reader asks for keys of its section only");
        self.table.get_key_value(name).map(|entry| (key, entry))
    }

    /// Where we are, for messages: `in [[film]] "anode"`.
    pub fn heading(&self) -> &str {
        &self.heading
    }

    /// Place of the value of `name`, if it is there.
    pub fn place_of(&self, name: &str) -> Option<Place> {
        self.entry(name).map(|(_, (_, value))| self.context.place(value.span()))
    }

    /// Free text.
    pub fn text(&self, name: &str) -> Option<Spanned<String>> {
        let (key, (_, value)) = self.entry(name)?;
        self.text_value(key, value)
    }

    fn text_value(&self, key: &'static Key, value: &TomlSpanned<DeValue<'a>>) -> Option<Spanned<String>> {
        let place = self.context.place(value.span());
        match value.get_ref().as_str() {
            Some(text) if text.trim().is_empty() => {
                let empty = Diagnostic::error(ErrorKind::Input, "E013", format!("`{}` is empty", key.name))
                    .at(place)
                    .note(key.doc);
                self.context.report(empty);
                None
            }
            Some(text) => Some(Spanned::new(text.trim().to_owned(), place)),
            None => self.wrong_type(key, "a text", value),
        }
    }

    /// A list of texts.
    pub fn texts(&self, name: &str) -> Option<Vec<Spanned<String>>> {
        let (key, (_, value)) = self.entry(name)?;
        let Some(list) = value.get_ref().as_array() else {
            return self.wrong_type(key, "a list of texts", value);
        };
        if list.is_empty() || list.len() > LONGEST_LIST {
            let message = if list.is_empty() {
                format!("`{name}` is an empty list")
            } else {
                format!("`{name}` has {} entries", list.len())
            };
            let wrong = Diagnostic::error(ErrorKind::Input, "E025", message).at(self.context.place(value.span()));
            self.context
                .report(wrong.label(format!("1 to {LONGEST_LIST} entries are allowed")).note(key.doc));
            return None;
        }
        list.iter().map(|item| self.text_value(key, item)).collect()
    }

    /// One of a few words; an unknown word names the nearest one.
    pub fn choice(&self, name: &str) -> Option<Spanned<String>> {
        let (key, _) = self.entry(name)?;
        let Kind::Choice(words) = key.kind else {
            unreachable!("invariant: `{name}` is a choice")
        };
        let found = self.text(name)?;
        if words.contains(&found.value.as_str()) {
            return Some(found);
        }
        let unknown = Diagnostic::error(
            ErrorKind::Input,
            "E014",
            format!("`{}` is not a known {}", shorten(&found.value), name.replace('_', " ")),
        );
        let label = nearest(&found.value, words.iter().copied()).map_or_else(String::new, |n| format!("help: did you mean \"{n}\"?"));
        self.context
            .report(unknown.at(found.place).label(label).note(format!("allowed: {}", words.join(", "))));
        None
    }

    /// A number with a unit.
    pub fn quantity(&self, name: &str) -> Option<Spanned<f64>> {
        self.quantity_of(name).map(|(value, _)| value)
    }

    /// A number with a unit, and which of the allowed dimensions it has.
    pub fn quantity_of(&self, name: &str) -> Option<(Spanned<f64>, Dimension)> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Quantity(dimensions, range) = key.kind else {
            unreachable!("invariant: `{name}` is a quantity")
        };
        self.quantity_value(key, value, dimensions, range)
    }

    /// Two numbers with a unit.
    pub fn pair(&self, name: &str) -> Option<[Spanned<f64>; 2]> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Pair(dimension, range) = key.kind else {
            unreachable!("invariant: `{name}` is a pair")
        };
        let Some(list) = value.get_ref().as_array() else {
            return self.wrong_type(key, "a list of two texts with units", value);
        };
        if list.len() != 2 {
            let wrong = Diagnostic::error(ErrorKind::Input, "E025", format!("`{name}` needs two values, found {}", list.len()));
            self.context.report(
                wrong
                    .at(self.context.place(value.span()))
                    .note(key.doc)
                    .help(format!("write {}", example_line(key))),
            );
            return None;
        }
        let dimensions = [dimension];
        let read = |i: usize| {
            list.get(i)
                .and_then(|item| self.quantity_value(key, item, &dimensions, range))
                .map(|(v, _)| v)
        };
        let (first, second) = (read(0), read(1));
        Some([first?, second?])
    }

    fn quantity_value(
        &self,
        key: &'static Key,
        value: &TomlSpanned<DeValue<'a>>,
        dimensions: &[Dimension],
        range: Range,
    ) -> Option<(Spanned<f64>, Dimension)> {
        let place = self.context.place(value.span());
        let Some(text) = value.get_ref().as_str() else {
            if let (Some(number), Some(&first)) = (bare_number(value.get_ref()), dimensions.first()) {
                let bare = Diagnostic::error(
                    ErrorKind::Input,
                    "E021",
                    format!("expected {}, found a number without a unit", first.words()),
                );
                let bare = bare.at(place).label("write the unit, in quotes");
                self.context.report(match first.example() {
                    Some(example) => bare.help(format!("for example  {} = \"{number} {}\"", key.name, unit_of(example))),
                    None => bare,
                });
                return None;
            }
            return self.wrong_type(key, "a text with a unit", value);
        };
        let mut first_error = None;
        for &dimension in dimensions {
            match parse_quantity(text, dimension) {
                Ok(si) if range.contains(si) => return Some((Spanned::new(si, place), dimension)),
                Ok(si) => {
                    self.context.report(out_of_range(key, text, si, dimension, range).at(place));
                    return None;
                }
                Err(error) => {
                    first_error.get_or_insert(error);
                }
            }
        }
        let error = first_error.expect("invariant: a quantity has at least one dimension");
        let mut finding = error.diagnostic(Some(place));
        if key.name == "thickness" && parse_quantity(text, Dimension::SURFACE_DENSITY).is_ok() {
            finding = finding.note("a mass loading is not a thickness: divide it by the density of the film (cellwright materials show)");
        }
        self.context.report(finding);
        None
    }

    /// A pure number, bare or as a text such as `"30 %"`.
    pub fn number(&self, name: &str) -> Option<Spanned<f64>> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Number(range) = key.kind else {
            unreachable!("invariant: `{name}` is a number")
        };
        let place = self.context.place(value.span());
        let (number, text) = match (value.get_ref().as_str(), bare_number(value.get_ref())) {
            (Some(text), _) => match parse_quantity(text, Dimension::DIMENSIONLESS) {
                Ok(number) => (number, text.to_owned()),
                Err(error) => {
                    self.context.report(error.diagnostic(Some(place)));
                    return None;
                }
            },
            (None, Some(number)) => (number, number.to_string()),
            (None, None) => return self.wrong_type(key, "a number", value),
        };
        if range.contains(number) {
            return Some(Spanned::new(number, place));
        }
        self.context
            .report(out_of_range(key, &text, number, Dimension::DIMENSIONLESS, range).at(place));
        None
    }

    /// A whole number; `None` also for the word `"default"`.
    pub fn count(&self, name: &str) -> Option<Spanned<usize>> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Count(least, most, default) = key.kind else {
            unreachable!("invariant: `{name}` is a count")
        };
        let place = self.context.place(value.span());
        if default && value.get_ref().as_str() == Some("default") {
            return None;
        }
        let Some(integer) = value.get_ref().as_integer() else {
            let expected = if default {
                "a whole number or \"default\""
            } else {
                "a whole number"
            };
            return self.wrong_type(key, expected, value);
        };
        match usize::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(count) if (least..=most).contains(&count) => Some(Spanned::new(count, place)),
            _ => {
                let wrong = Diagnostic::error(ErrorKind::OutOfRange, "E023", format!("`{name}` is out of range")).at(place);
                let allowed = if least == most {
                    format!("{least}")
                } else {
                    format!("{least} .. {most}")
                };
                self.context.report(
                    wrong
                        .label(format!("found {}, allowed {allowed}", shorten(integer.as_str())))
                        .note(key.doc),
                );
                None
            }
        }
    }

    /// A table below this one.
    pub fn table(&self, name: &str) -> Option<TableReader<'c, 'a>> {
        let (key, (heading, value)) = self.entry(name)?;
        let Kind::Table(section) = key.kind else {
            unreachable!("invariant: `{name}` is a table")
        };
        match value.get_ref().as_table() {
            Some(table) => Some(TableReader::open(self.context, section, table, self.context.place(heading.span()))),
            None => self.wrong_type(key, "a table", value),
        }
    }

    /// A list of tables below this one.
    pub fn tables(&self, name: &str) -> Option<Vec<TableReader<'c, 'a>>> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Tables(section) = key.kind else {
            unreachable!("invariant: `{name}` is a list of tables")
        };
        let Some(list) = value.get_ref().as_array().filter(|l| l.iter().all(|v| v.get_ref().is_table())) else {
            return self.wrong_type(key, &format!("tables headed {}", section.heading), value);
        };
        if list.len() > LONGEST_LIST {
            let many = Diagnostic::error(ErrorKind::Input, "E025", format!("{} {} tables", list.len(), section.heading));
            self.context
                .report(many.at(self.place.clone()).label(format!("at most {LONGEST_LIST} are read")));
            return None;
        }
        let open = |item: &'c TomlSpanned<DeValue<'a>>| {
            let table = item.get_ref().as_table()?;
            Some(TableReader::open(self.context, section, table, self.context.place(item.span())))
        };
        list.iter().map(open).collect()
    }

    /// Reports a value of the wrong kind.
    pub fn wrong_type<T>(&self, key: &'static Key, expected: &str, value: &TomlSpanned<DeValue<'a>>) -> Option<T> {
        let found = with_article(value.get_ref().type_str());
        let wrong = Diagnostic::error(
            ErrorKind::Input,
            "E013",
            format!("`{}` {} must be {expected}, found {found}", key.name, self.heading()),
        );
        self.context.report(
            wrong
                .at(self.context.place(value.span()))
                .note(key.doc)
                .help(format!("write {}", example_line(key))),
        );
        None
    }
}

fn out_of_range(key: &Key, text: &str, si: f64, dimension: Dimension, range: Range) -> Diagnostic {
    let name = key.name.replace('_', " ");
    let show = |si: f64| format_quantity(si, dimension);
    let low = match range.open {
        true if range.low == 0.0 => "more than 0".to_owned(),
        true => format!("more than {}", show(range.low)),
        false => show(range.low),
    };
    let allowed = format!("allowed {low} .. {}", show(range.high));
    if let Some(unit) = ["MOhm", "Mohm", "M\u{3a9}"].iter().find(|u| text.contains(**u)) {
        let milli = unit.replacen('M', "m", 1);
        let ambiguous = Diagnostic::error(
            ErrorKind::OutOfRange,
            "E022",
            format!("`{unit}` and `{milli}` differ by a factor of 1e9"),
        );
        return ambiguous
            .label(format!("read as megaohm; {allowed}"))
            .help(format!("write \"{}\" if you mean milliohm", text.replace(unit, &milli)));
    }
    let what = if si < 0.0 && range.low >= 0.0 && dimension != Dimension::TEMPERATURE {
        "is negative"
    } else {
        "is out of range"
    };
    Diagnostic::error(ErrorKind::OutOfRange, "E023", format!("the {name} {what}")).label(format!("found {}; {allowed}", show(si)))
}

fn bare_number(value: &DeValue<'_>) -> Option<f64> {
    if let Some(integer) = value.as_integer() {
        return i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|i| i as f64);
    }
    value.as_float().and_then(|f| f.as_str().parse().ok())
}

fn unit_of(example: &str) -> &str {
    example.split_once(' ').map_or("", |(_, unit)| unit)
}

/// The name of a TOML type in words.
pub(super) fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {}", if word == "string" { "text" } else { word })
}

/// At most forty characters of a word for a message.
pub(super) fn shorten(word: &str) -> String {
    if word.chars().count() <= 40 {
        word.to_owned()
    } else {
        word.chars().take(39).chain(['…']).collect()
    }
}

/// A line that could stand in a file for this key.
pub(super) fn example_line(key: &Key) -> String {
    let example = |d: &Dimension| d.example().unwrap_or("1").to_owned();
    match &key.kind {
        Kind::Text => format!("{} = \"…\"", key.name),
        Kind::Texts => format!("{} = [\"…\"]", key.name),
        Kind::Steps => format!("{} = [\"Discharge at 1C until 3.0 V\"]", key.name),
        Kind::Choice(words) => format!("{} = \"{}\"", key.name, words.first().unwrap_or(&"")),
        Kind::Quantity(dimensions, _) => format!("{} = \"{}\"", key.name, dimensions.first().map_or_else(String::new, example)),
        Kind::Pair(Dimension::VOLTAGE, _) => format!("{} = [\"3.0 V\", \"4.2 V\"]", key.name),
        Kind::Pair(Dimension::LENGTH, _) => format!("{} = [\"5 mm\", \"5 mm\"]", key.name),
        Kind::Pair(dimension, _) => format!("{} = [\"{}\", \"{}\"]", key.name, example(dimension), example(dimension)),
        Kind::Number(range) => format!(
            "{} = {}",
            key.name,
            if range.contains(0.5) {
                0.5
            } else {
                range.low.max(range.high * 1e-3)
            }
        ),
        Kind::Count(least, ..) => format!("{} = {least}", key.name),
        Kind::Table(section) | Kind::Tables(section) => section.heading.to_owned(),
        Kind::Materials => "[materials.\"NAME\".property]".to_owned(),
    }
}
