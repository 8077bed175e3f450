//! Reading materials from TOML text: the files of the library and the `[materials]` tables of a design.

mod property;

use crate::keys::{self, KEYS};
use crate::material::{Class, Material, Role};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place, nearest};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Largest text read, in bytes.
pub const MAX_BYTES: usize = 4 << 20;

/// A text being read, with the findings so far.
pub(crate) struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    findings: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Reader<'a> {
        Reader {
            file,
            text,
            findings: vec![],
        }
    }

    fn place(&self, span: Range<usize>) -> Place {
        Place::in_source(self.file, self.text, span)
    }

    fn report(&mut self, span: Range<usize>, d: Diagnostic) {
        let d = d.at(self.place(span));
        self.findings.push(d);
    }

    fn wrong_type(&mut self, span: Range<usize>, key: &str, expected: &str, found: &DeValue<'_>) {
        let d =
            Diagnostic::error(ErrorKind::Input, "E013", format!("`{key}` must be {expected}")).label(format!("found {}", found.type_str()));
        self.report(span, d);
    }

    fn string(&mut self, table: &DeTable<'_>, key: &str) -> Option<(String, Range<usize>)> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::String(s) => Some((s.trim().to_owned(), value.span())),
            other => {
                self.wrong_type(value.span(), key, "a text in quotes", other);
                None
            }
        }
    }

    fn unknown_key(&mut self, span: Range<usize>, found: &str, place: &str, known: &[&str]) {
        let mut d = Diagnostic::error(ErrorKind::Input, "E012", format!("unknown key `{found}` in {place}"));
        if let Some(n) = nearest(found, known.iter().copied()) {
            d = d.label(format!("help: a key with a similar name exists: `{n}`"));
        }
        d = d.note(format!("keys here: {}", known.join(", ")));
        self.report(span, d);
    }

    /// Parses the text; a syntax error becomes the only finding.
    pub(crate) fn parse(&mut self) -> Option<Spanned<DeTable<'a>>> {
        if self.text.len() > MAX_BYTES {
            let message = format!("{} has {} bytes, more than {MAX_BYTES}", self.file, self.text.len());
            self.findings.push(Diagnostic::error(ErrorKind::Input, "E010", message));
            return None;
        }
        match DeTable::parse(self.text) {
            Ok(t) => Some(t),
            Err(e) => {
                let d = Diagnostic::error(
                    ErrorKind::Input,
                    "E010",
                    e.message().lines().next().unwrap_or("unreadable TOML").to_owned(),
                );
                self.report(e.span().unwrap_or(0..0), d);
                None
            }
        }
    }

    /// The value, or the findings if there are any.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Diagnostic>> {
        match value {
            Some(v) if self.findings.is_empty() => Ok(v),
            _ => Err(self.findings),
        }
    }

    fn word<T>(&mut self, table: &DeTable<'_>, key: &str, parse: impl Fn(&str) -> Option<T>, allowed: &[&str]) -> Option<T> {
        let (word, span) = self.string(table, key)?;
        let value = parse(&word);
        if value.is_none() {
            self.not_a_word(span, key, &word, allowed);
        }
        value
    }

    fn not_a_word(&mut self, span: Range<usize>, key: &str, word: &str, allowed: &[&str]) {
        let mut d =
            Diagnostic::error(ErrorKind::Input, "E014", format!("`{word}` is no {key}")).note(format!("allowed: {}", allowed.join(", ")));
        if let Some(n) = nearest(word, allowed.iter().copied()) {
            d = d.help(format!("did you mean `{n}`?"));
        }
        self.report(span, d);
    }

    /// Reads the general keys and all property tables into `material`.
    pub(crate) fn fill(&mut self, table: &DeTable<'_>, material: &mut Material, extra: &[&str]) {
        let general = ["class", "title", "symbol", "also_called", "roles", "note", "origin"];
        let classes = Class::ALL.map(Class::as_str);
        if let Some(c) = self.word(table, "class", Class::parse, &classes) {
            material.class = c;
        }
        for (key, target) in [
            ("title", &mut material.title),
            ("symbol", &mut material.symbol),
            ("note", &mut material.note),
            ("origin", &mut material.origin),
        ] {
            if let Some((s, _)) = self.string(table, key) {
                *target = s;
            }
        }
        if let Some(words) = table.get("also_called") {
            material.also_called = self.texts(words, "also_called").into_iter().map(|(word, _)| word).collect();
        }
        if let Some(roles) = table.get("roles") {
            material.roles = self.roles(roles);
        }
        for (name, value) in table {
            let found: &str = name.get_ref();
            if general.contains(&found) || extra.contains(&found) {
                continue;
            }
            let Some(key) = keys::key(found) else {
                let known: Vec<&str> = general.iter().chain(extra).copied().chain(KEYS.iter().map(|k| k.name)).collect();
                self.unknown_key(name.span(), found, &format!("material {}", material.name), &known);
                continue;
            };
            let DeValue::Table(t) = value.get_ref() else {
                let hint = format!("write [{found}] with value, source and confidence below it");
                let d = Diagnostic::error(ErrorKind::Input, "E013", format!("`{found}` must be a table"))
                    .label(format!("found {}", value.get_ref().type_str()))
                    .help(hint);
                self.report(value.span(), d);
                continue;
            };
            if let Some(p) = self.property(key, t, name.span(), material.class) {
                material.set(p);
            }
        }
    }

    fn roles(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<Role> {
        let words = Role::ALL.map(Role::as_str);
        let mut roles = vec![];
        for (word, span) in self.texts(value, "roles") {
            match Role::parse(&word) {
                Some(r) => roles.push(r),
                None => self.not_a_word(span, "role", &word, &words),
            }
        }
        roles
    }

    fn texts(&mut self, value: &Spanned<DeValue<'_>>, key: &str) -> Vec<(String, Range<usize>)> {
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(value.span(), key, "a list of texts", value.get_ref());
            return vec![];
        };
        let mut texts = vec![];
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(s) => texts.push((s.as_ref().to_owned(), item.span())),
                other => self.wrong_type(item.span(), key, "a list of texts", other),
            }
        }
        texts
    }

    /// Reads a whole file holding one material.
    pub(crate) fn material_file(&mut self) -> Option<Material> {
        let root = self.parse()?;
        let table = root.get_ref();
        let Some((name, span)) = self.string(table, "name") else {
            self.report(0..0, Diagnostic::error(ErrorKind::Input, "E011", "a material file needs a `name`"));
            return None;
        };
        self.check_name(&name, span);
        if table.get("class").is_none() {
            self.report(
                0..0,
                Diagnostic::error(ErrorKind::Input, "E011", "a material file needs a `class`")
                    .note(format!("allowed: {}", Class::ALL.map(Class::as_str).join(", "))),
            );
            return None;
        }
        let mut material = Material::new(name, Class::Inert);
        self.fill(table, &mut material, &["name"]);
        Some(material)
    }

    pub(crate) fn check_name(&mut self, name: &str, span: Range<usize>) {
        let fine = !name.is_empty() && name.len() <= 80 && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.+() ".contains(c));
        if !fine {
            let d = Diagnostic::error(
                ErrorKind::Input,
                "E014",
                "a material name is 1 to 80 letters, digits, spaces or -_.+()",
            )
            .label(format!("found `{}`", name.escape_debug()));
            self.report(span, d);
        }
    }

    /// Reads the `[materials]` tables of a design: `start` gives the material to change, or the new one.
    pub(crate) fn overrides(&mut self, mut start: impl FnMut(&str, Option<&str>) -> Option<Material>) -> Option<Vec<Material>> {
        let root = self.parse()?;
        let Some(materials) = root.get_ref().get("materials") else {
            return Some(vec![]);
        };
        let DeValue::Table(all) = materials.get_ref() else {
            self.wrong_type(materials.span(), "materials", "a table", materials.get_ref());
            return None;
        };
        let mut changed = vec![];
        for (name, value) in all {
            let found: &str = name.get_ref();
            let DeValue::Table(table) = value.get_ref() else {
                self.wrong_type(value.span(), found, "a table", value.get_ref());
                continue;
            };
            self.check_name(found, name.span());
            let base = self.string(table, "based_on");
            let material = start(found, base.as_ref().map(|(b, _)| b.as_str()));
            let mut material = match (material, table.get("class")) {
                (Some(m), _) => m,
                (None, _) if base.is_some() => {
                    let (b, span) = base.unwrap_or_default();
                    self.report(
                        span,
                        Diagnostic::error(ErrorKind::Input, "E030", format!("unknown material `{b}`"))
                            .help("list them: cellwright materials list"),
                    );
                    continue;
                }
                (None, Some(_)) => Material::new(found, Class::Inert),
                (None, None) => {
                    let d = Diagnostic::error(ErrorKind::Input, "E030", format!("unknown material `{found}`"))
                        .help("to add a new material give it a `class`, or `based_on = \"...\"` to start from a known one")
                        .note(format!("classes: {}", Class::ALL.map(Class::as_str).join(", ")));
                    self.report(name.span(), d);
                    continue;
                }
            };
            self.fill(table, &mut material, &["based_on"]);
            changed.push(material);
        }
        Some(changed)
    }
}
