//! Which unknowns are treated as pairs, and in which order pairs are eliminated.

use super::csr::Csr;
use std::ops::Range;

/// The second place of a pair of one.
pub(super) const NONE: u32 = u32::MAX;
/// Fewest unknowns of a piece.
const PIECE: usize = 60_000;
/// Most pieces of a matrix.
const MAX_PIECES: usize = 4;
/// Largest part of the pairs that may be eliminated last for the sake of pieces.
const MAX_LATE: f64 = 0.2;

/// Unknowns joined to pairs, in the order of their elimination.
///
/// Salt and potential of a volume depend on the same neighbours, so their rows share one list of columns. Other neighbours in the
/// numbering are joined just so: it costs a few zeros.
///
/// Pairs are cut into consecutive pieces, their number set by the matrix alone, so that results do not depend on the number of
/// threads. Pairs that couple two pieces (a plane of volumes between two slabs) are *late*: they are eliminated after all pieces, so
/// no coupling is lost; leaving out those between pieces would make a smoother diverge where a cut meets a film. Unknowns with very
/// many couplings (a lumped metal piece that touches thousands of volumes) stay single and come last of all.
pub(super) struct Pairing {
    /// Unknowns of each pair; the second may be [`NONE`].
    pub(super) pairs: Vec<[u32; 2]>,
    /// Pieces that do not touch each other, from the first pair on; the rest are late.
    pub(super) pieces: Vec<Range<usize>>,
}

impl Pairing {
    /// The pairing for the pattern of `a`.
    pub(super) fn new(a: &Csr) -> Self {
        Self::in_pieces(a, (a.n_rows() / PIECE).clamp(1, MAX_PIECES))
    }

    pub(super) fn in_pieces(a: &Csr, mut count: usize) -> Self {
        let mut long = vec![false; a.n_rows()];
        a.long_rows().iter().for_each(|i| long[*i as usize] = true);
        let pairs = joined(a, &long);
        let is_long: Vec<bool> = pairs.iter().map(|p| long[p[0] as usize]).collect();
        loop {
            let pieces: Vec<Range<usize>> = (0..count).map(|k| k * pairs.len() / count..(k + 1) * pairs.len() / count).collect();
            let late = late(a, &pairs, &pieces, &is_long);
            if count == 1 || (late.iter().filter(|late| **late).count() as f64) < MAX_LATE * pairs.len() as f64 {
                return ordered(&pairs, &pieces, &late, &is_long);
            }
            count /= 2;
        }
    }
}

/// Neighbours in the numbering joined, those with the same couplings first.
fn joined(a: &Csr, long: &[bool]) -> Vec<[u32; 2]> {
    let n = a.n_rows();
    let both = |i: usize| i + 1 < n && !long[i] && !long[i + 1];
    let alike = |i: usize| both(i) && a.columns[a.slots(i)] == a.columns[a.slots(i + 1)];
    let mut pairs = Vec::with_capacity(n / 2 + 1);
    let mut i = 0;
    while i < n {
        let join = both(i) && (alike(i) || !alike(i + 1));
        pairs.push([i as u32, if join { i as u32 + 1 } else { NONE }]);
        i += if join { 2 } else { 1 };
    }
    pairs
}

/// Unknowns of a pair.
pub(super) fn members(pair: &[u32; 2]) -> impl Iterator<Item = usize> {
    pair.iter().filter(|i| **i != NONE).map(|i| *i as usize)
}

fn late(a: &Csr, pairs: &[[u32; 2]], pieces: &[Range<usize>], is_long: &[bool]) -> Vec<bool> {
    let mut of = vec![0; a.n_rows()];
    for (p, pair) in pairs.iter().enumerate() {
        members(pair).for_each(|i| of[i] = p);
    }
    let mut late = is_long.to_vec();
    let leaves = |p: usize, late: &[bool], outside: &dyn Fn(usize) -> bool| {
        let mut columns = members(&pairs[p]).flat_map(|i| &a.columns[a.slots(i)]);
        columns.any(|j| outside(of[*j as usize]) && !late[of[*j as usize]])
    };
    if pieces.len() > 1 {
        for piece in pieces {
            for p in piece.clone() {
                late[p] |= leaves(p, &late, &|q| q >= piece.end);
            }
        }
        // Needed for patterns that are not symmetric only.
        for piece in pieces {
            for p in piece.clone() {
                late[p] |= leaves(p, &late, &|q| !piece.contains(&q));
            }
        }
    }
    late
}

fn ordered(pairs: &[[u32; 2]], pieces: &[Range<usize>], late: &[bool], is_long: &[bool]) -> Pairing {
    let mut out = Pairing {
        pairs: Vec::with_capacity(pairs.len()),
        pieces: Vec::with_capacity(pieces.len()),
    };
    for piece in pieces {
        let start = out.pairs.len();
        out.pairs.extend(piece.clone().filter(|p| !late[*p]).map(|p| pairs[p]));
        out.pieces.push(start..out.pairs.len());
    }
    // Long rows come after the other late ones, so that no other row has to be combined with them.
    for long in [false, true] {
        out.pairs
            .extend((0..pairs.len()).filter(|p| late[*p] && is_long[*p] == long).map(|p| pairs[p]));
    }
    out
}
