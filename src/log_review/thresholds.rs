//! How much is too much: every threshold of the rules (security 4.5), in one place. A rule's words in `ground` say the same
//! to whoever reads them.

use time::Duration;

// R02
pub const REFUSED_TIMES: usize = 3;
pub const REFUSED_WITHIN: Duration = Duration::minutes(10);
// R03: so many cases are usual for anybody, in an hour and in a day.
pub const USUAL_CASES: usize = 8;
pub const AN_HOUR: Duration = Duration::HOUR;
// R04
pub const DAY_BEGINS: u8 = 6;
pub const DAY_ENDS: u8 = 20;
// R07
pub const FOLLOWS_WITHIN: Duration = Duration::hours(48);
// R08
pub const OPENED_WITHIN: Duration = Duration::DAY;
pub const USUAL_READERS: usize = 2;
// R09: who is gone two weeks is away, and not home with a cold. The day of the print is no absence.
pub const PRESENT_AFTER: Duration = Duration::DAY;
pub const GONE_FOR: Duration = Duration::days(14);
// R11
pub const TWO_PLACES_WITHIN: Duration = Duration::minutes(10);
// R13
pub const DORMANT_AFTER: Duration = Duration::days(60);
// R14: the hours in which the house is changed, on working days.
pub const CHANGES_BEGIN: u8 = 7;
pub const CHANGES_END: u8 = 18;
// R15
pub const BRIEF: Duration = Duration::DAY;
// R16: letters and figures; spaces and points do not count.
pub const SHORTEST_REASON: usize = 12;
pub const SAME_REASON_TIMES: usize = 3;
// R18
pub const SAME_ITEM_TIMES: usize = 5;
pub const SAME_ITEM_WITHIN: Duration = Duration::days(7);
// R19
pub const IN_ORDER_AT_LEAST: usize = 6;
// R20: a row is sealed within a second or two; clocks are set right by a little all the time.
pub const SEALED_WITHIN: Duration = Duration::MINUTE;
pub const CLOCK_MAY_SLIP: Duration = Duration::minutes(2);
// R22
pub const LEAFED_AT_LEAST: usize = 8;
pub const LOOKED_AT_FOR: Duration = Duration::seconds(5);
