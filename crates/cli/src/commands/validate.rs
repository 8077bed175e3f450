//! `cellwright validate`: the shipped cases, with expected, found, tolerance and verdict.

use crate::arguments::Globals;
use crate::messages::Messages;

pub fn run(_name: Option<&str>, _globals: &Globals, _messages: &mut Messages) -> i32 {
    2
}
