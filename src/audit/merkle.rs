//! A Merkle root over log rows: one hash that changes when any row, or their order, does. Leaves and inner nodes are
//! hashed with different prefixes, so that a node can never pass for a leaf.

use sha2::{Digest, Sha256};

/// A hash in the tree.
pub type Hash = [u8; 32];

/// The leaf of one row: its place, its transaction, its text and its MAC.
pub fn leaf(seq: i64, xid: &str, body: &str, mac: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(seq.to_be_bytes());
    for part in [xid.as_bytes(), body.as_bytes(), mac] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The root over the leaves in order. An odd node goes up as it is: doubling it would let two lists share a root.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut level = leaves.to_vec();
    if level.is_empty() {
        return Sha256::digest([2]).into();
    }
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => {
                    let mut hasher = Sha256::new();
                    hasher.update([1]);
                    hasher.update(left);
                    hasher.update(right);
                    hasher.finalize().into()
                }
                alone => alone[0],
            })
            .collect();
    }
    level[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: i64) -> Vec<Hash> {
        (0..count).map(|seq| leaf(seq, "700", "text", b"mac")).collect()
    }

    #[test]
    fn a_missing_an_added_or_a_moved_row_changes_the_root() {
        for count in 1..40 {
            let all = rows(count);
            assert_ne!(root(&all), root(&rows(count + 1)));
            let mut doubled = all.clone();
            doubled.push(all[all.len() - 1]);
            assert_ne!(root(&all), root(&doubled));
            if count > 1 {
                let mut moved = all.clone();
                moved.swap(0, all.len() - 1);
                assert_ne!(root(&all), root(&moved));
            }
        }
    }
}
