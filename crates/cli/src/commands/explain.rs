//! `cellwright explain`: the long text of a code.

use crate::codes::CODES;
use crate::messages::Messages;
use crate::terminal::Style;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, nearest};

/// Prints the text of `code`, or the list of all codes.
pub fn run(code: Option<&str>, messages: &mut Messages) -> i32 {
    let Some(code) = code else {
        let list: String = CODES.iter().map(|c| format!("{}  {}\n", c.code, c.title)).collect();
        return messages.print(&list);
    };
    let wanted = code.trim().trim_start_matches('[').trim_end_matches(']').to_ascii_uppercase();
    match CODES.iter().find(|c| c.code == wanted) {
        Some(found) => {
            let title = messages.out.paint(Style::Bold, &format!("{}: {}", found.code, found.title));
            messages.print(&format!("{title}\n\n{}\n", found.text))
        }
        None => {
            let unknown = Diagnostic::error(ErrorKind::Input, "E090", format!("there is no code `{code}`"));
            let near = nearest(&wanted, CODES.iter().map(|c| c.code));
            messages
                .report_all(&[unknown.help(near.map_or("cellwright explain lists all codes".to_owned(), |n| format!("did you mean {n}?")))])
        }
    }
}
