//! Two proposals in the invented municipality that wait for its manager: somebody new, and a longer time for somebody who is
//! there.

use time::Duration;
use uuid::Uuid;

use super::Seated;
use super::data::{AISHA, TORE};
use crate::access::Access;
use crate::access::right::ProposeAccount;
use crate::error::Result;
use crate::staffing::model::{NewProposal, Newcomer, What, latest_end};
use crate::staffing::store::propose;
use crate::state::AppState;
use crate::vocabulary::Role;

pub(super) async fn propose_some(state: &AppState, colleagues: &[Seated]) -> Result<()> {
    let mut access = Access::<ProposeAccount>::open(state, colleagues[TORE].visitor()).await?;
    let today = access.desk().clock().today();
    let unit = access.desk().actor().unit;
    let newcomer = Newcomer {
        user_name: "linnea.berg".to_owned(),
        name: "Linnea Berg".to_owned(),
        title: "Socialsekreterare".to_owned(),
        employee_id: "GK-20418".to_owned(),
        organisation: None,
        unit,
    };
    let proposals = [
        NewProposal {
            id: Uuid::now_v7(),
            account: Uuid::now_v7(),
            what: What::New { newcomer, role: Role::Caseworker, until: today + Duration::days(180) },
            reason: "Vikarierar på beroendeenheten under ett halvår.".to_owned(),
        },
        NewProposal {
            id: Uuid::now_v7(),
            account: colleagues[AISHA].account,
            what: What::Prolong { role: Role::Caseworker, until: latest_end(today) },
            reason: "Fortsätter på enheten.".to_owned(),
        },
    ];
    for proposal in &proposals {
        propose(&mut access, proposal).await?;
    }
    access.done().await
}
