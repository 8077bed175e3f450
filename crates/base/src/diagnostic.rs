//! What Cellwright says to its user: one finding with its place, what was found, what is allowed and a hint.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The result stands but deserves a second look.
    Warning,
    /// Nothing can be computed from this input.
    Error,
}

/// Kind of an error; decides the exit code of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The input is malformed (exit code 2).
    Input,
    /// A value lies outside what is physically or numerically allowed (exit code 2).
    OutOfRange,
    /// The input is valid, but this version cannot do it (exit code 2).
    Unsupported,
    /// A design rule or validation bar failed (exit code 1).
    BarFailed,
    /// The solver could not continue (exit code 3).
    NotConverged,
    /// A file could not be read or written (exit code 4).
    Io,
    /// An internal invariant broke: please report (exit code 70).
    Bug,
}

impl ErrorKind {
    /// Exit code of the command line for this kind.
    pub fn exit_code(self) -> i32 {
        match self {
            ErrorKind::BarFailed => 1,
            ErrorKind::Input | ErrorKind::OutOfRange | ErrorKind::Unsupported => 2,
            ErrorKind::NotConverged => 3,
            ErrorKind::Io => 4,
            ErrorKind::Bug => 70,
        }
    }
}

/// Place in a text file: 1-based line and column, length of the marked piece in characters.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Place {
    /// File as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// Characters to underline, at least 1.
    pub length: usize,
    /// The whole line as it stands in the file.
    pub text: String,
}

impl Place {
    /// Place of the byte range `span` in `source`.
    pub fn in_source(file: &str, source: &str, span: std::ops::Range<usize>) -> Place {
        let floor = |i: usize| {
            let mut i = i.min(source.len());
            while !source.is_char_boundary(i) {
                i -= 1;
            }
            i
        };
        let (start, end) = (floor(span.start), floor(span.end));
        let line_start = source[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = source[start..].find('\n').map_or(source.len(), |i| start + i);
        Place {
            file: file.to_owned(),
            line: source[..start].matches('\n').count() + 1,
            column: source[line_start..start].chars().count() + 1,
            length: source[start..end.clamp(start, line_end)].chars().count().max(1),
            text: source[line_start..line_end].to_owned(),
        }
    }
}

/// One finding: code, message, place, label under the caret, notes (why) and helps (what to do).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Kind, for the exit code.
    pub kind: ErrorKind,
    /// Stable code such as `E012` or `W201`.
    pub code: &'static str,
    /// One lower-case sentence without full stop: what is wrong.
    pub message: String,
    /// Where, if it has a place in a file.
    pub place: Option<Place>,
    /// Text beside the caret: what was found there.
    pub label: String,
    /// Reasons and allowed values.
    pub notes: Vec<String>,
    /// What to do, ready to paste.
    pub helps: Vec<String>,
}

impl Diagnostic {
    /// A new error.
    pub fn error(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            kind,
            code,
            message: message.into(),
            place: None,
            label: String::new(),
            notes: vec![],
            helps: vec![],
        }
    }

    /// A new warning.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(ErrorKind::Input, code, message)
        }
    }

    /// Adds the place.
    pub fn at(mut self, place: Place) -> Diagnostic {
        self.place = Some(place);
        self
    }

    /// Adds the text beside the caret.
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    /// Adds a note: a reason or the allowed values.
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// Adds a help: what to do.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.helps.push(help.into());
        self
    }
}

impl std::fmt::Display for Diagnostic {
    /// The one-paragraph plain form, rustc-shaped, without colour.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = if self.severity == Severity::Error { "error" } else { "warning" };
        write!(f, "{word}[{}]: {}", self.code, self.message)?;
        let gutter = self.place.as_ref().map_or(1, |p| p.line.to_string().len());
        if let Some(p) = &self.place {
            write!(f, "\n{:gutter$}--> {}:{}:{}", "", p.file, p.line, p.column)?;
            write!(f, "\n{:gutter$} |\n{} | {}\n{:gutter$} | ", "", p.line, p.text, "")?;
            write!(f, "{}{}", " ".repeat(p.column.saturating_sub(1)), "^".repeat(p.length))?;
            if !self.label.is_empty() {
                write!(f, " {}", self.label)?;
            }
            write!(f, "\n{:gutter$} |", "")?;
        } else if !self.label.is_empty() {
            write!(f, "\n{:gutter$} = found: {}", "", self.label)?;
        }
        for (word, texts) in [("help", &self.helps), ("note", &self.notes)] {
            for t in texts {
                let mut lines = t.lines();
                write!(f, "\n{:gutter$} = {word}: {}", "", lines.next().unwrap_or(""))?;
                for l in lines {
                    write!(f, "\n{:gutter$}         {l}", "")?;
                }
            }
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

/// The candidate nearest to `word` by edit distance, if it is near enough to be a slip of the pen.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + word.chars().count() / 3;
    candidates
        .into_iter()
        .map(|c| (edit_distance(&word.to_lowercase(), &c.to_lowercase()), c))
        .filter(|(d, _)| *d <= limit)
        .min()
        .map(|(_, c)| c)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substitution = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substitution.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_finds_slips_only() {
        assert_eq!(nearest("thicknes", ["material", "thickness"]), Some("thickness"));
        assert_eq!(nearest("voltage", ["material", "thickness"]), None);
    }

    #[test]
    fn place_counts_lines_and_characters() {
        let source = "a = 1\nµ = \"5 um\"\n";
        let start = source.find("\"5").expect("present");
        let p = Place::in_source("d.toml", source, start..start + 6);
        assert_eq!((p.line, p.column, p.length, p.text.as_str()), (2, 5, 6, "µ = \"5 um\""));
    }
}
