//! The `[protocol]` and `[rate_series]` tables: texts handed to the protocol language, its findings moved into the design file.

use super::reader::{Context, LONGEST_LIST, TableReader};
use super::{NamedRate, ProtocolSection, RateSeries, Spanned};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_lab::protocol::{Action, Finding, MAX_DEPTH, Protocol, StepPlace, StepText};
use toml::Spanned as TomlSpanned;
use toml::de::{DeArray, DeValue};

/// Reads the steps; warnings of the protocol language come back beside them.
pub(super) fn read(t: &TableReader<'_, '_>) -> Option<(ProtocolSection, Vec<Diagnostic>)> {
    let (key, (_, value)) = t.entry("steps")?;
    let Some(list) = value.get_ref().as_array().filter(|l| !l.is_empty()) else {
        return t.wrong_type(key, "a list of steps", value);
    };
    let mut lines = Vec::new();
    let items = items(t.context, list, &mut lines, 0)?;
    let mut section = ProtocolSection {
        steps: Protocol::default(),
        lines,
    };
    match Protocol::parse_items(&items) {
        Ok((steps, warnings)) => {
            let warnings = warnings.iter().map(|w| moved(&section, w)).collect();
            section.steps = steps;
            Some((section, warnings))
        }
        Err(error) => {
            error.findings.iter().for_each(|f| t.context.report(moved(&section, f)));
            None
        }
    }
}

fn moved(section: &ProtocolSection, finding: &Finding) -> Diagnostic {
    let mut diagnostic = finding.diagnostic.clone();
    diagnostic.place = section
        .place(&StepPlace {
            item: finding.item,
            span: finding.span.clone(),
        })
        .or(diagnostic.place);
    diagnostic
}

fn items(context: &Context<'_>, list: &DeArray<'_>, lines: &mut Vec<Spanned<String>>, depth: usize) -> Option<Vec<StepText>> {
    if lines.len() + list.len() > LONGEST_LIST {
        let many = Diagnostic::error(ErrorKind::Input, "E025", "the protocol has too many lines").help("use { repeat = n, steps = [...] }");
        let place = lines
            .last()
            .map(|l| l.place.clone())
            .unwrap_or_else(|| context.place(list.first().map_or(0..0, |i| i.span())));
        context.report(many.at(place).label(format!("at most {LONGEST_LIST} are read")));
        return None;
    }
    list.iter().map(|item| step(context, item, lines, depth)).collect()
}

fn step(context: &Context<'_>, item: &TomlSpanned<DeValue<'_>>, lines: &mut Vec<Spanned<String>>, depth: usize) -> Option<StepText> {
    let place = || context.place(item.span());
    let refuse = |message: String| {
        let wrong = Diagnostic::error(ErrorKind::Input, "E013", message).at(place());
        context.report(wrong.help("write \"Rest for 1 h\", or { repeat = 3, steps = [\"…\"] }"));
        None
    };
    match item.get_ref() {
        DeValue::String(text) => {
            lines.push(Spanned::new(text.to_string(), place()));
            Some(StepText::Line(text.to_string()))
        }
        DeValue::Table(table) if depth <= MAX_DEPTH => {
            if let Some((key, _)) = table.iter().find(|(k, _)| !["repeat", "steps"].contains(&k.get_ref().as_ref())) {
                let unknown = Diagnostic::error(
                    ErrorKind::Input,
                    "E012",
                    format!("unknown key `{}` in a step", super::reader::shorten(key.get_ref())),
                );
                context.report(unknown.at(context.place(key.span())).note("keys here: repeat, steps"));
                return None;
            }
            let count = table
                .get("repeat")
                .and_then(|v| v.get_ref().as_integer())
                .and_then(|i| u64::from_str_radix(i.as_str(), i.radix()).ok());
            let steps = table.get("steps").and_then(|v| v.get_ref().as_array());
            match (count, steps) {
                (Some(repeat), Some(steps)) => Some(StepText::Repeat {
                    repeat,
                    steps: items(context, steps, lines, depth + 1)?,
                }),
                _ => refuse("a repeat needs a whole number `repeat` and a list `steps`".to_owned()),
            }
        }
        DeValue::Table(_) => refuse(format!("repeats are nested deeper than {MAX_DEPTH}")),
        other => refuse(format!(
            "a step must be a text, found {}",
            super::reader::with_article(other.type_str())
        )),
    }
}

/// Reads the rates of a series.
pub(super) fn rates(t: &TableReader<'_, '_>) -> Option<RateSeries> {
    let rates = t.texts("rates")?.into_iter().map(|text| rate(t.context, text)).collect::<Vec<_>>();
    Some(RateSeries {
        rates: rates.into_iter().collect::<Option<_>>()?,
    })
}

fn rate(context: &Context<'_>, text: Spanned<String>) -> Option<NamedRate> {
    let refuse = |found: &str| {
        let wrong = Diagnostic::error(ErrorKind::Input, "E042", "this is not a rate")
            .at(text.place.clone())
            .label(found);
        context.report(wrong.help("rates look like \"C/2\", \"3.2C\", \"2 mA\" or \"50 uA/cm2\""));
    };
    match Protocol::parse_line(&format!("Discharge at {} for 1 s", text.value)) {
        Ok((protocol, _)) => match protocol.steps.as_slice() {
            [only] => match only.action {
                Action::Current(rate) if only.duration == Some(1.0) && only.until.is_empty() => return Some(NamedRate { text, rate }),
                _ => refuse("a rate is a current"),
            },
            _ => refuse("one rate each"),
        },
        Err(error) => refuse(error.findings.first().map_or("", |f| f.diagnostic.message.as_str())),
    }
    None
}
