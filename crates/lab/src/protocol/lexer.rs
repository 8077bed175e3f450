//! Cuts a protocol line into words, quoted names and punctuation, keeping byte positions.

use std::ops::Range;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, number or unit.
    Word,
    /// A name in quotes; the span excludes the quotes.
    Quoted,
    /// `;`
    Semicolon,
    /// `:`
    Colon,
    /// `(`
    Open,
    /// `)`
    Close,
}

/// One piece of text with its byte range in the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub span: Range<usize>,
}

/// Cuts `line` into tokens. A comma that ends a word is only a pause and is dropped. An unclosed quote runs to the end.
pub(super) fn tokens(line: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut chars = line.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let end = start + c.len_utf8();
        let single = |kind| Token { kind, span: start..end };
        match c {
            ';' => out.push(single(Kind::Semicolon)),
            ':' => out.push(single(Kind::Colon)),
            '(' => out.push(single(Kind::Open)),
            ')' => out.push(single(Kind::Close)),
            '"' | '\'' => {
                let close = line[end..].find(c).map_or(line.len(), |i| end + i);
                out.push(Token {
                    kind: Kind::Quoted,
                    span: end..close,
                });
                while chars.next_if(|(i, _)| *i <= close).is_some() {}
            }
            c if c.is_whitespace() => {}
            _ => {
                let mut end = end;
                while let Some((i, c)) = chars.next_if(|(_, c)| !c.is_whitespace() && !matches!(c, ';' | ':' | '(' | ')' | '"')) {
                    end = i + c.len_utf8();
                }
                let word = line[start..end].trim_end_matches(',');
                if !word.is_empty() {
                    out.push(Token {
                        kind: Kind::Word,
                        span: start..start + word.len(),
                    });
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_quotes_and_punctuation_keep_their_places() {
        let line = "Follow \"my (1).csv\", for 2 µs;(x)";
        let texts: Vec<(Kind, &str)> = tokens(line).into_iter().map(|t| (t.kind, &line[t.span])).collect();
        assert_eq!(
            texts,
            [
                (Kind::Word, "Follow"),
                (Kind::Quoted, "my (1).csv"),
                (Kind::Word, "for"),
                (Kind::Word, "2"),
                (Kind::Word, "µs"),
                (Kind::Semicolon, ";"),
                (Kind::Open, "("),
                (Kind::Word, "x"),
                (Kind::Close, ")"),
            ]
        );
    }
}
