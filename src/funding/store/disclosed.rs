//! What an application tells, among the disclosures, in the transaction in which it is signed: as a request within the
//! municipality is. The database asks for the consent once more.

use time::Date;
use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::SignFunding;
use crate::error::Result;
use crate::funding::model::Sent;
use crate::meeting::request::store::disclosed::{self, Told};
use crate::vocabulary::{DisclosureCategory, DisclosureChannel, DisclosureGround, FundAuthority};

/// What an application tells (domain 2.9).
const TOLD: [DisclosureCategory; 3] =
    [DisclosureCategory::Identity, DisclosureCategory::Programme, DisclosureCategory::Cost];

/// A consent that covers all of it, today and on the day that it was sent.
pub(super) async fn consent(
    case: &mut CaseAccess<SignFunding>,
    authority: FundAuthority,
    on: Date,
) -> Result<Option<Uuid>> {
    let (id, today) = (case.head().id, case.desk().clock().today());
    Ok(sqlx::query_scalar!(
        r#"select c.id from consent c
           where c.case_id = $1 and $2 = any (c.recipients::text[]) and $3 <@ c.categories
             and c.withdrawn_at is null and $4 between c.given_on and c.valid_to and $5 between c.given_on and c.valid_to
           order by c.valid_to desc, c.id limit 1"#,
        id,
        authority.code(),
        &TOLD as &[DisclosureCategory],
        on,
        today
    )
    .fetch_optional(case.read())
    .await?)
}

/// The disclosure that the application is; its id. Whoever signs the application decides.
pub(super) async fn hand_over(
    case: &mut CaseAccess<SignFunding>,
    authority: FundAuthority,
    sent: &Sent,
    consent: Uuid,
) -> Result<Uuid> {
    let told = Told {
        recipient: authority.code(),
        contact: &sent.contact,
        contact_verified_on: sent.contact_verified_on,
        ground: DisclosureGround::Consent,
        consent: Some(consent),
        need: None,
        weighing: None,
        channel: DisclosureChannel::SecureMessage,
        on: sent.on,
        categories: &TOLD,
        text: &sent.told,
    };
    disclosed::hand_over(case, &told).await
}
