//! The ways of tampering: what is done to a log, and where.

use utvag::audit::anchor::Anchor;
use utvag::audit::record::{Record, Row, SealRow};
use utvag::audit::verify::Finding;
use utvag::crypto::keyring::KeyRing;
use uuid::Uuid;

use crate::support::dice::Dice;

/// Where it was done: a finding that names one of these has found it.
#[derive(Debug, Default)]
pub struct Place {
    pub rows: Vec<i64>,
    pub seals: Vec<i64>,
    pub xids: Vec<String>,
}

impl Place {
    pub fn row(seq: i64) -> Self {
        Self { rows: vec![seq], ..Self::default() }
    }

    pub fn seal(n: i64) -> Self {
        Self { seals: vec![n], ..Self::default() }
    }

    pub fn is_named_by(&self, finding: &Finding) -> bool {
        match finding {
            Finding::Changed { seq } | Finding::Inserted { seq } | Finding::ChangesDiffer { seq } => {
                self.rows.contains(seq)
            }
            Finding::Missing { seq, seal } | Finding::SealedTwice { seq, seal } => {
                self.rows.contains(seq) || self.seals.contains(seal)
            }
            Finding::Broken { seal } | Finding::SealForged { seal } | Finding::ClockBack { seal } => {
                self.seals.contains(seal)
            }
            Finding::CutOff { anchor } => self.seals.contains(anchor),
            Finding::ChangesWithoutEvent { xid } => self.xids.contains(xid),
        }
    }
}

/// The record as it is tampered with, and chance.
pub struct Tampered {
    pub record: Record,
    pub anchors: Vec<Anchor>,
    pub dice: Dice,
}

impl Tampered {
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.dice.below(u64::try_from(end).unwrap())).unwrap()
    }

    fn some_row(&mut self) -> usize {
        self.below(self.record.rows.len())
    }

    fn some_seal(&mut self) -> usize {
        self.below(self.record.seals.len())
    }

    /// A row that is under a seal.
    pub fn sealed_row(&mut self) -> usize {
        self.below(self.record.rows.len() - 2)
    }

    fn change_row(&mut self, change: impl Fn(&mut Row, u8)) -> Place {
        let (at, bit) = (self.some_row(), u8::try_from(self.dice.below(7)).unwrap());
        change(&mut self.record.rows[at], bit);
        Place::row(self.record.rows[at].seq)
    }

    fn change_seal(&mut self, change: impl Fn(&mut SealRow, usize, u8)) -> Place {
        let (at, byte, bit) = (self.some_seal(), self.below(32), u8::try_from(self.dice.below(8)).unwrap());
        change(&mut self.record.seals[at], byte, bit);
        Place::seal(self.record.seals[at].n)
    }

    pub fn seals_of(&self, seq: i64) -> Vec<i64> {
        self.record.seals.iter().filter(|seal| seal.seqs.contains(&seq)).map(|seal| seal.n).collect()
    }

    /// A row that announced row changes.
    fn announcer(&mut self) -> (String, i64) {
        let xids: Vec<_> = self.record.changes.keys().cloned().collect();
        let xid = xids[self.below(xids.len())].clone();
        let seq = self.record.rows.iter().find(|row| row.xid == xid).unwrap().seq;
        (xid, seq)
    }
}

fn flip(bytes: &mut [u8], at: usize, bit: u8) {
    let at = at % bytes.len();
    bytes[at] ^= 1 << bit;
}

fn other(id: Option<Uuid>, bit: u8) -> Uuid {
    let mut bytes = id.unwrap_or_default().into_bytes();
    flip(&mut bytes, usize::from(bit), bit);
    Uuid::from_bytes(bytes)
}

pub type Way = (&'static str, fn(&mut Tampered) -> Place);

pub const WAYS: &[Way] = &[
    ("a bit of the text", |log| {
        let (at, bit) = (log.some_row(), u8::try_from(log.dice.below(3)).unwrap());
        let place = log.below(log.record.rows[at].body.len());
        let mut bytes = std::mem::take(&mut log.record.rows[at].body).into_bytes();
        flip(&mut bytes, place, bit);
        log.record.rows[at].body = String::from_utf8(bytes).unwrap();
        Place::row(log.record.rows[at].seq)
    }),
    ("the event", |log| log.change_row(|row, _| "case.listed".clone_into(&mut row.event))),
    ("the case", |log| log.change_row(|row, bit| row.case = Some(other(row.case, bit)))),
    ("the case taken away", |log| {
        log.change_row(|row, bit| row.case = row.case.map_or(Some(other(None, bit)), |_| None))
    }),
    ("the cases of a list", |log| log.change_row(|row, bit| row.cases.push(other(None, bit)))),
    ("who", |log| log.change_row(|row, bit| row.actor = Some(other(row.actor, bit)))),
    ("the role", |log| log.change_row(|row, _| row.role = Some("manager".to_owned()))),
    ("when, by a millionth of a second", |log| log.change_row(|row, bit| row.at ^= 1 << bit)),
    ("the id", |log| log.change_row(|row, bit| row.id = other(Some(row.id), bit))),
    ("a bit of the MAC", |log| log.change_row(|row, bit| flip(&mut row.mac, usize::from(bit) * 4, bit))),
    ("which key", |log| log.change_row(|row, bit| row.key_id ^= 1 << bit)),
    ("the transaction", |log| {
        let at = log.sealed_row();
        let row = &mut log.record.rows[at];
        row.xid = (row.xid.parse::<u64>().unwrap() + 1).to_string();
        let seq = row.seq;
        Place { rows: vec![seq], seals: log.seals_of(seq), xids: Vec::new() }
    }),
    ("a row taken away", |log| {
        let at = log.sealed_row();
        Place::row(log.record.rows.remove(at).seq)
    }),
    ("all rows of a seal taken away", |log| {
        let at = log.some_seal();
        let (n, seqs) = (log.record.seals[at].n, log.record.seals[at].seqs.clone());
        log.record.rows.retain(|row| !seqs.contains(&row.seq));
        Place::seal(n)
    }),
    ("a seal taken away with its rows", |log| {
        let at = log.some_seal();
        let seal = log.record.seals.remove(at);
        log.record.rows.retain(|row| !seal.seqs.contains(&row.seq));
        Place { seals: vec![seal.n, seal.n + 1], ..Place::default() }
    }),
    ("a seal taken away, its rows left", |log| {
        let at = log.some_seal();
        let seal = log.record.seals.remove(at);
        Place { seals: vec![seal.n, seal.n + 1], rows: seal.seqs, xids: Vec::new() }
    }),
    ("a row made up", |log| {
        let at = log.some_row();
        let mut row = log.record.rows[at].clone();
        (row.seq, row.id) = (10_000, Uuid::new_v4());
        row.body = row.body.replace(&log.record.rows[at].id.to_string(), &row.id.to_string());
        log.record.rows.push(row);
        Place::row(10_000)
    }),
    ("a genuine row once more", |log| {
        let at = log.some_row();
        let row = Row { seq: 10_000, ..log.record.rows[at].clone() };
        log.record.rows.push(row);
        Place::row(10_000)
    }),
    ("a line of the file once more", |log| {
        let at = log.some_row();
        let row = log.record.rows[at].clone();
        log.record.rows.insert(at, row.clone());
        Place::row(row.seq)
    }),
    ("two rows that change places", |log| {
        let one = log.below(log.record.rows.len() - 3);
        let two = one + 1;
        let (first, second) = (log.record.rows[one].seq, log.record.rows[two].seq);
        (log.record.rows[one].seq, log.record.rows[two].seq) = (second, first);
        Place { seals: log.seals_of(first), rows: vec![first, second], xids: Vec::new() }
    }),
    ("two MACs that change places", |log| {
        let (one, two) = (log.below(log.record.rows.len() - 1), log.record.rows.len() - 1);
        let mac = log.record.rows[one].mac.clone();
        log.record.rows[one].mac = std::mem::replace(&mut log.record.rows[two].mac, mac);
        Place::row(log.record.rows[one].seq)
    }),
    ("new numbers from a row on", |log| {
        let at = log.sealed_row();
        let seq = log.record.rows[at].seq;
        for row in &mut log.record.rows[at..] {
            row.seq += 1;
        }
        Place { rows: vec![seq], seals: log.seals_of(seq), xids: Vec::new() }
    }),
    ("the end cut off with its seals", |log| {
        let from = log.some_seal();
        let cut: Vec<_> = log.record.seals.drain(from..).collect();
        let kept = |seq: i64| log.record.seals.iter().any(|seal| seal.seqs.contains(&seq));
        log.record.rows.retain(|row| kept(row.seq));
        let xids: Vec<_> = log.record.rows.iter().map(|row| row.xid.clone()).collect();
        log.record.changes.retain(|xid, _| xids.contains(xid));
        Place { seals: cut.iter().map(|seal| seal.n).collect(), ..Place::default() }
    }),
    ("an old seal as the newest", |log| {
        let at = log.some_seal();
        let n = i64::try_from(log.record.seals.len()).unwrap() + 1;
        let seal = SealRow { n, ..log.record.seals[at].clone() };
        log.record.seals.push(seal);
        Place::seal(n)
    }),
    ("an old seal in the place of another", |log| {
        let at = log.below(log.record.seals.len() - 1) + 1;
        let n = log.record.seals[at].n;
        log.record.seals[at] = SealRow { n, ..log.record.seals[at - 1].clone() };
        Place::seal(n)
    }),
    ("two seals that change places", |log| {
        let at = log.below(log.record.seals.len() - 1);
        log.record.seals.swap(at, at + 1);
        Place { seals: vec![log.record.seals[at].n, log.record.seals[at + 1].n], ..Place::default() }
    }),
    ("a seal's number", |log| {
        let at = log.some_seal();
        log.record.seals[at].n += 100;
        Place::seal(log.record.seals[at].n)
    }),
    ("a seal's clock set back", |log| log.change_seal(|seal, _, _| seal.at -= 3_600_000_000)),
    ("a seal's horizon", |log| log.change_seal(|seal, _, _| seal.horizon.push('0'))),
    ("a row left out of a seal", |log| {
        log.change_seal(|seal, byte, _| {
            seal.seqs.remove(byte % seal.seqs.len());
        })
    }),
    ("a bit of a root", |log| log.change_seal(|seal, byte, bit| flip(&mut seal.root, byte, bit))),
    ("a bit of the hash before", |log| log.change_seal(|seal, byte, bit| flip(&mut seal.previous, byte, bit))),
    ("a bit of a signature", |log| log.change_seal(|seal, byte, bit| flip(&mut seal.signature, byte * 2, bit))),
    ("a bit of a seal's hash", |log| log.change_seal(|seal, byte, bit| flip(&mut seal.hash, byte, bit))),
    ("another key", |log| {
        log.change_seal(|seal, byte, _| {
            let stranger = KeyRing::for_tests().unwrap();
            seal.signature = stranger.sign_seal(&[u8::try_from(byte).unwrap()]).to_vec();
        })
    }),
    ("what a change was", |log| {
        let (xid, seq) = log.announcer();
        log.record.changes.insert(xid, "00".repeat(32));
        Place::row(seq)
    }),
    ("a change taken away", |log| {
        let (xid, seq) = log.announcer();
        log.record.changes.remove(&xid);
        Place::row(seq)
    }),
    ("a change that nobody announced", |log| {
        let xid = (log.dice.below(1_000) + 1_000_000_000).to_string();
        log.record.changes.insert(xid.clone(), "00".repeat(32));
        Place { xids: vec![xid], ..Place::default() }
    }),
    ("a forged anchor", |log| {
        let (at, byte) = (log.below(log.anchors.len()), log.below(32));
        log.anchors[at].1[byte] ^= 1;
        Place::seal(log.anchors[at].0)
    }),
];
