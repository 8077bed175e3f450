//! Reading one table of a design file: typed values with places, every problem collected, nothing guessed.

use super::Spanned;
use super::keys::{Key, Kind, Range, Section};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place, nearest};
use cellwright_base::units::{Dimension, parse_quantity, write_quantity};
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
            None if section.heading.starts_with("the ") => format!("at {}", section.heading),
            None => format!("in {}", section.heading),
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
        let top = self.section.heading.starts_with("the ");
        if let Some(architecture) = Some(name).filter(|_| top).and_then(super::forms::belongs_to) {
            let message = format!("`{}` does not belong to this architecture", shorten(name));
            let misplaced = Diagnostic::error(ErrorKind::Input, "E019", message).at(self.context.place(key.span()));
            self.context
                .report(misplaced.help(format!("it belongs to  architecture = \"{architecture}\"")));
            return;
        }
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
            format!("`{}` is not a known {}", shorten(&found.value), noun(name)),
        );
        let label = nearest(&found.value, words.iter().copied()).map_or_else(String::new, |n| format!("help: did you mean \"{n}\"?"));
        self.context
            .report(unknown.at(found.place).label(label).note(format!("allowed: {}", words.join(", "))));
        None
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
            let expected = match section.heading.strip_prefix('[') {
                Some(_) => format!("tables headed {}", section.heading),
                None => "a list of tables in braces".to_owned(),
            };
            return self.wrong_type(key, &expected, value);
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

    /// Reads every value for what is wrong with it and keeps none.
    pub fn check_all(&self) {
        for key in self.section.keys.iter().filter(|k| self.table.contains_key(k.name)) {
            match key.kind {
                Kind::Text => drop(self.text(key.name)),
                Kind::Texts => drop(self.texts(key.name)),
                Kind::Choice(_) => drop(self.choice(key.name)),
                Kind::Quantity(..) => drop(self.quantity(key.name)),
                Kind::Pair(..) => drop(self.pair(key.name)),
                Kind::Number(_) => drop(self.number(key.name)),
                Kind::Angle(_) => drop(self.angle(key.name)),
                Kind::Count(..) => drop(self.count(key.name)),
                Kind::Row(..) => drop(self.row(key.name)),
                Kind::Rows(..) => drop(self.rows(key.name)),
                Kind::Points(_) => drop(self.points(key.name)),
                Kind::Outlines(_) => drop(self.outlines(key.name)),
                Kind::Counts(_) => drop(self.counts(key.name)),
                Kind::Table(_) => self.table(key.name).iter().for_each(TableReader::check_all),
                Kind::Tables(_) => self.tables(key.name).iter().flatten().for_each(TableReader::check_all),
                Kind::Steps | Kind::Materials => {}
            }
        }
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

/// What the words of a choice are.
fn noun(key: &str) -> String {
    match key {
        "do" => "verb".to_owned(),
        "name" => "film of this architecture".to_owned(),
        "leakage" | "water" | "collectors" => "choice".to_owned(),
        other => other.replace('_', " "),
    }
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

/// An example of a quantity that is within the range: the usual one, or a hundredth of the highest.
fn allowed(dimension: Dimension, range: Range) -> String {
    let usual = match dimension.example() {
        Some(_) if dimension == Dimension::FREQUENCY && range.high <= 1.0 => "1e-9 1/s",
        example => example.unwrap_or("1"),
    };
    match parse_quantity(usual, dimension) {
        Ok(value) if !range.contains(value) => write_quantity(1e-2 * range.high, dimension),
        _ => usual.to_owned(),
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
        Kind::Quantity(dimensions, range) => format!(
            "{} = \"{}\"",
            key.name,
            dimensions.first().map_or_else(String::new, |d| allowed(*d, *range))
        ),
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
        Kind::Angle(_) => format!("{} = \"88 deg\"", key.name),
        Kind::Row(4, _) => format!("{} = [\"0 um\", \"0 um\", \"100 um\", \"50 um\"]", key.name),
        Kind::Row(..) => format!("{} = [\"0 um\", \"0 um\", \"20 um\"]", key.name),
        Kind::Rows(4, _) => format!("{} = [[\"0 um\", \"0 um\", \"100 um\", \"50 um\"]]", key.name),
        Kind::Rows(..) => format!("{} = [[\"0 um\", \"0 um\", \"20 um\"]]", key.name),
        Kind::Points(_) => format!(
            "{} = [[\"0 um\", \"0 um\"], [\"100 um\", \"0 um\"], [\"0 um\", \"50 um\"]]",
            key.name
        ),
        Kind::Outlines(_) => format!(
            "{} = [[[\"0 um\", \"0 um\"], [\"100 um\", \"0 um\"], [\"0 um\", \"50 um\"]]]",
            key.name
        ),
        Kind::Counts(_) => format!("{} = [10, 10]", key.name),
        Kind::Table(section) | Kind::Tables(section) if section.heading.starts_with('[') => section.heading.clone().into_owned(),
        Kind::Table(_) => format!("{} = {{ … }}", key.name),
        Kind::Tables(_) => format!("{} = [{{ … }}]", key.name),
        Kind::Materials => "[materials.\"NAME\".property]".to_owned(),
    }
}
