//! Lists of lengths and counts: corners, points, outlines, columns and rows.

use super::Spanned;
use super::keys::{Key, Kind, Range, within};
use super::reader::{TableReader, example_line};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_base::units::Dimension;
use toml::Spanned as TomlSpanned;
use toml::de::{DeArray, DeValue};

/// Where a drawn coordinate may lie, m.
const COORDINATE: Range = within(-1.0, 1.0);
/// Most points or shapes in one list.
const MOST: usize = 20_000;

type Value<'a> = TomlSpanned<DeValue<'a>>;

impl<'a> TableReader<'_, 'a> {
    /// A fixed number of lengths, m.
    pub fn row(&self, name: &str) -> Option<Spanned<Vec<f64>>> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Row(count, what) = key.kind else {
            unreachable!("invariant: `{name}` is a row of lengths")
        };
        self.lengths(key, value, count, what)
    }

    /// A list of rows of a fixed number of lengths, m.
    pub fn rows(&self, name: &str) -> Option<Vec<Spanned<Vec<f64>>>> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Rows(count, what) = key.kind else {
            unreachable!("invariant: `{name}` is a list of rows")
        };
        let list = self.list(key, value, 1)?;
        list.iter().map(|item| self.lengths(key, item, count, what)).collect()
    }

    /// A list of points, m.
    pub fn points(&self, name: &str) -> Option<Vec<[f64; 2]>> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Points(least) = key.kind else {
            unreachable!("invariant: `{name}` is a list of points")
        };
        self.outline(key, value, least)
    }

    /// A list of lists of points, m.
    pub fn outlines(&self, name: &str) -> Option<Vec<Vec<[f64; 2]>>> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Outlines(least) = key.kind else {
            unreachable!("invariant: `{name}` is a list of outlines")
        };
        let list = self.list(key, value, 1)?;
        list.iter().map(|item| self.outline(key, item, least)).collect()
    }

    /// Columns and rows.
    pub fn counts(&self, name: &str) -> Option<[u32; 2]> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Counts(most) = key.kind else {
            unreachable!("invariant: `{name}` is a pair of counts")
        };
        let whole = |v: &Value<'a>| {
            let integer = v.get_ref().as_integer()?;
            u32::from_str_radix(integer.as_str(), integer.radix()).ok()
        };
        let counts = value.get_ref().as_array().map(|list| list.iter().map(whole).collect::<Vec<_>>());
        match counts.as_deref() {
            Some([Some(columns), Some(rows)]) if [*columns, *rows].iter().all(|n| (1..=most).contains(&(*n as usize))) => {
                Some([*columns, *rows])
            }
            _ => self.wrong_type(key, &format!("two whole numbers from 1 to {most}"), value),
        }
    }

    fn outline(&self, key: &'static Key, value: &Value<'a>, least: usize) -> Option<Vec<[f64; 2]>> {
        let list = self.list(key, value, least)?;
        list.iter()
            .map(|point| match self.lengths(key, point, 2, "x, y")?.value[..] {
                [x, y] => Some([x, y]),
                _ => None,
            })
            .collect()
    }

    fn lengths(&self, key: &'static Key, value: &Value<'a>, count: usize, what: &str) -> Option<Spanned<Vec<f64>>> {
        let Some(list) = value.get_ref().as_array() else {
            return self.wrong_type(key, &format!("lists of {count} lengths ({what})"), value);
        };
        let place = self.context.place(value.span());
        if list.len() != count {
            let message = format!("`{}` needs {count} lengths ({what}), found {}", key.name, list.len());
            let wrong = Diagnostic::error(ErrorKind::Input, "E025", message).at(place);
            self.context.report(wrong.help(format!("write {}", example_line(key))));
            return None;
        }
        let read = |item| {
            self.quantity_value(key, item, &[Dimension::LENGTH], COORDINATE)
                .map(|(v, _)| v.value)
        };
        Some(Spanned::new(list.iter().map(read).collect::<Option<_>>()?, place))
    }

    fn list<'v>(&self, key: &'static Key, value: &'v Value<'a>, least: usize) -> Option<&'v DeArray<'a>> {
        let Some(list) = value.get_ref().as_array() else {
            return self.wrong_type(key, "a list", value);
        };
        if (least..=MOST).contains(&list.len()) {
            return Some(list);
        }
        let wrong = Diagnostic::error(
            ErrorKind::Input,
            "E025",
            format!("`{}` has {} entries where {least} to {MOST} are allowed", key.name, list.len()),
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
