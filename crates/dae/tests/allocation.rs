//! Stepping does not allocate.
#![allow(clippy::unwrap_used)]

mod problems;

use cellwright_dae::{Bdf, BdfOptions, StepOutcome, Tolerance};
use problems::Diffusion;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: forwards to the system allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|c| c.set(c.get() + 1));
        // SAFETY: the caller's contract is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn steps_restarts_and_interpolation_do_not_allocate() {
    let mut system = Diffusion::new(50);
    let (y, yp) = system.start();
    let mut out = y.clone();
    let mut bdf = Bdf::new(&system, 0.0, &y, &yp, BdfOptions::with_tolerance(Tolerance::new(1e-6, 1e-8))).unwrap();
    let before = ALLOCATIONS.with(Cell::get);
    for _ in 0..3 {
        while bdf.step(&mut system, Some(0.5)).unwrap() == StepOutcome::Stepped {
            let (from, to) = bdf.last_step();
            bdf.interpolate(0.5 * (from + to), &mut out).unwrap();
        }
        bdf.restart(0.0, &y, &yp).unwrap();
    }
    assert_eq!(ALLOCATIONS.with(Cell::get), before);
    assert!(bdf.statistics().steps > 100);
}
