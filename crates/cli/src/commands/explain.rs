//! `cellwright explain`: the long text of a code or of a design rule.

use crate::codes::{Explained, explained};
use crate::messages::Messages;
use crate::terminal::Style;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, nearest};

/// Prints the text of `code`, or the list of all codes.
pub fn run(code: Option<&str>, messages: &mut Messages) -> i32 {
    let all: Vec<Explained> = explained().collect();
    let Some(code) = code else {
        let width = all.iter().map(|c| c.code.len()).max().unwrap_or(0);
        let list: String = all.iter().map(|c| format!("{:<width$}  {}\n", c.code, c.title)).collect();
        return messages.print(&list);
    };
    let wanted = code.trim().trim_start_matches('[').trim_end_matches(']').to_ascii_uppercase();
    match all.iter().find(|c| c.code.eq_ignore_ascii_case(&wanted)) {
        Some(found) => {
            let title = messages.out.paint(Style::Bold, &format!("{}: {}", found.code, found.title));
            messages.print(&format!("{title}\n\n{}\n", found.text))
        }
        None => {
            let unknown = Diagnostic::error(ErrorKind::Input, "E090", format!("there is no code `{code}`"));
            let near = nearest(&wanted, all.iter().map(|c| c.code));
            messages
                .report_all(&[unknown.help(near.map_or("cellwright explain lists all codes".to_owned(), |n| format!("did you mean {n}?")))])
        }
    }
}
