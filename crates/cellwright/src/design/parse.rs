//! Reading a design file from text or bytes: form first, then keys and values, then what must hold between them.

use super::reader::Context;
use super::{Design, checks, sections};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place, Severity};

/// Largest design file read, in bytes. Hand-written designs have a few kilobytes.
const LARGEST_FILE: usize = 256 * 1024;
/// Longest line read, in bytes.
const LONGEST_LINE: usize = 4096;

impl Design {
    /// Reads a design from its text and returns it with its warnings.
    ///
    /// # Errors
    /// All problems that were found, at most twenty, in the order of the file.
    pub fn parse(file_name: &str, text: &str) -> Result<(Design, Vec<Diagnostic>), Vec<Diagnostic>> {
        form(file_name, text).map_err(|finding| vec![finding])?;
        let (document, syntax) = toml::de::DeTable::parse_recoverable(text);
        if !syntax.is_empty() {
            return Err(syntax.iter().take(3).map(|e| syntax_error(file_name, text, e)).collect());
        }
        let context = Context::new(file_name, text);
        let design = sections::design(&context, &sections::open(&context, document.get_ref()));
        let findings = context.into_findings();
        match design {
            Some((design, warnings)) if findings.is_empty() => {
                let findings = checks::check(&design, warnings);
                if findings.iter().any(|d| d.severity == Severity::Error) {
                    Err(findings)
                } else {
                    Ok((design, findings))
                }
            }
            _ => Err(findings),
        }
    }

    /// Reads a design from the bytes of a file.
    ///
    /// # Errors
    /// As [`Design::parse`], and if the bytes are not UTF-8.
    pub fn parse_bytes(file_name: &str, bytes: &[u8]) -> Result<(Design, Vec<Diagnostic>), Vec<Diagnostic>> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Design::parse(file_name, text),
            Err(error) => {
                let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = before.iter().filter(|b| **b == b'\n').count() + 1;
                let bad = Diagnostic::error(ErrorKind::Input, "E002", format!("{file_name} is not UTF-8 text"));
                let bad = bad.label(format!(
                    "byte 0x{:02x} on line {line}",
                    bytes.get(before.len()).copied().unwrap_or_default()
                ));
                Err(vec![bad.help("save the file as UTF-8; a micrometre may be written um")])
            }
        }
    }
}

/// Size and shape of the text, before anything is parsed.
fn form(file: &str, text: &str) -> Result<(), Diagnostic> {
    if text.len() > LARGEST_FILE {
        let large = Diagnostic::error(ErrorKind::Input, "E003", format!("{file} is too large for a design"));
        return Err(large.label(format!("{} bytes, at most {LARGEST_FILE} are read", text.len())));
    }
    if let Some((i, line)) = text.lines().enumerate().find(|(_, l)| l.len() > LONGEST_LINE) {
        let long = Diagnostic::error(ErrorKind::Input, "E003", format!("line {} of {file} is too long", i + 1));
        return Err(long.label(format!("{} bytes, at most {LONGEST_LINE} are read", line.len())));
    }
    if text.trim().is_empty() {
        let empty = Diagnostic::error(ErrorKind::Input, "E010", format!("{file} is empty"));
        return Err(empty.help("cellwright new DIR writes a commented example to start from"));
    }
    Ok(())
}

fn syntax_error(file: &str, text: &str, error: &toml::de::Error) -> Diagnostic {
    let message = error.message().trim();
    let place = error.span().map(|span| Place::in_source(file, text, span));
    let mut finding = if message.contains("recurs") {
        Diagnostic::error(ErrorKind::Input, "E006", "the file is nested too deeply").note("a design needs three levels")
    } else if message.contains("duplicate key") {
        Diagnostic::error(ErrorKind::Input, "E018", "the same key is given twice")
            .help("remove one of them; a new film starts with [[film]]")
    } else {
        let mut finding = Diagnostic::error(ErrorKind::Input, "E010", "this is not valid TOML").label(message);
        if place.as_ref().is_some_and(|p| {
            p.text
                .split_once('=')
                .is_some_and(|(_, v)| v.trim().starts_with(|c: char| c.is_ascii_digit()))
        }) {
            finding = finding.help("numbers with a unit stand in quotes: thickness = \"5 um\"");
        }
        finding
    };
    finding.place = place;
    finding
}
