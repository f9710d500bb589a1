//! SQL about accounts and rights. What changes goes through functions of Postgres that decide by themselves whose it is to
//! do, or through row policies that say the same.

mod deciding;

use time::{Date, OffsetDateTime};
use uuid::Uuid;

pub use deciding::{approve, refuse, withdraw};

use super::REASON;
use super::model::{Account, Grant, NewProposal, Proposal, What};
use crate::access::Access;
use crate::access::right::{ConfirmRights, EndAccount, IssueCode, ProposeAccount, ReadAccounts};
use crate::audit::{Event, Note};
use crate::crypto::seal::Sealed;
use crate::db::on_constraint;
use crate::error::{Error, Result};
use crate::identity::activation::{self, Drawn};
use crate::vocabulary::{DisclosureRecipient, ProposalKind, ProposalOutcome, Role};

/// Every account, by name.
pub async fn accounts(access: &mut Access<ReadAccounts>) -> Result<Vec<Account>> {
    some_accounts(access, None).await
}

pub async fn account(access: &mut Access<ReadAccounts>, account: Uuid) -> Result<Account> {
    some_accounts(access, Some(account)).await?.pop().ok_or(Error::NotFound)
}

async fn some_accounts(access: &mut Access<ReadAccounts>, wanted: Option<Uuid>) -> Result<Vec<Account>> {
    let rows = sqlx::query!(
        r#"select a.id, a.display_name as name, a.title, a.is_active, a.ended_at, a.employee_id, a.unit_id,
                  u.name as "unit_name?", k.user_name as "user_name?", k.is_activated as "is_activated?",
                  k.code_waits as "code_waits?", k.sessions as "sessions?", k.last_at as "last_at?",
                  k.keys as "keys?", k.has_codes as "has_codes?",
                  k.organisation as "organisation?: DisclosureRecipient", g.id as "grant?", g.role as "role?: Role",
                  g.valid_to as "ends_at?", coalesce(g.granted_until, g.valid_to) as granted_until,
                  now() >= g.valid_from and now() < g.valid_to as holds,
                  now() < g.valid_to and g.valid_to < now() + interval '30 days' as ends_soon, p.id as "proposal?"
           from account a
           left join org_unit u on u.id = a.unit_id
           left join sec.account_keys() k on k.account_id = a.id
           left join lateral (
             select g.* from role_grant g where g.account_id = a.id
             order by now() >= g.valid_from and now() < g.valid_to desc, g.valid_from desc limit 1) g on true
           left join account_proposal p on p.account_id = a.id and p.outcome is null
           where $1::uuid is null or a.id = $1
           order by translate(a.display_name, 'ÅÄÖåäö', '[\]{|}'), a.id"#,
        wanted
    )
    .fetch_all(access.read())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Account {
            grant: row.grant.zip(row.role).zip(row.ends_at).map(|((id, role), ends_at)| Grant {
                id,
                role,
                ends_at,
                granted_until: row.granted_until.unwrap_or(ends_at),
                holds: row.holds.unwrap_or_default(),
                ends_soon: row.ends_soon.unwrap_or_default(),
            }),
            id: row.id,
            name: row.name,
            title: row.title,
            user_name: row.user_name.unwrap_or_default(),
            unit: row.unit_id,
            unit_name: row.unit_name,
            employee_id: row.employee_id,
            organisation: row.organisation,
            is_active: row.is_active,
            ended_at: row.ended_at,
            is_activated: row.is_activated.unwrap_or_default(),
            code_waits: row.code_waits.unwrap_or_default(),
            sessions: row.sessions.unwrap_or_default(),
            keys: row.keys.unwrap_or_default(),
            has_codes: row.has_codes.unwrap_or_default(),
            last_at: row.last_at,
            proposal: row.proposal,
        })
        .collect())
}

/// A grant in an account's history.
pub struct Past {
    pub role: Role,
    pub from: OffsetDateTime,
    pub to: OffsetDateTime,
    pub granted_until: OffsetDateTime,
    pub proposed_by: Option<String>,
    pub approved_by: Option<String>,
    pub confirmed_by: Option<String>,
    pub confirmed_at: Option<OffsetDateTime>,
    pub ended_by: Option<String>,
    pub ended_why: Option<String>,
    /// Why it was proposed; sealed with the proposal's id. None for those that the operator made.
    pub reason: Option<(Uuid, Sealed)>,
}

/// All grants that the account has had, the newest first.
pub async fn history(access: &mut Access<ReadAccounts>, account: Uuid) -> Result<Vec<Past>> {
    let rows = sqlx::query!(
        r#"select g.role as "role: Role", g.valid_from, g.valid_to, coalesce(g.granted_until, g.valid_to) as "granted_until!",
                  s.display_name as "proposed_by?", b.display_name as "approved_by?", c.display_name as "confirmed_by?",
                  g.confirmed_at, e.display_name as "ended_by?", g.ended_why, p.id as "proposal?",
                  p.reason as "reason?: Sealed"
           from role_grant g
           left join account s on s.id = g.proposed_by
           left join account b on b.id = g.granted_by
           left join account c on c.id = g.confirmed_by
           left join account e on e.id = g.ended_by
           left join account_proposal p on p.id = g.proposal_id
           where g.account_id = $1 order by g.valid_from desc, g.id"#,
        account
    )
    .fetch_all(access.read())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Past {
            role: row.role,
            from: row.valid_from,
            to: row.valid_to,
            granted_until: row.granted_until,
            proposed_by: row.proposed_by,
            approved_by: row.approved_by,
            confirmed_by: row.confirmed_by,
            confirmed_at: row.confirmed_at,
            ended_by: row.ended_by,
            ended_why: row.ended_why,
            reason: row.proposal.zip(row.reason),
        })
        .collect())
}

/// A session that lives.
pub struct Session {
    pub id: Uuid,
    pub started_at: OffsetDateTime,
    pub seen_at: OffsetDateTime,
    pub device: String,
}

/// Of an account that is the actor's to keep; else none.
pub async fn sessions(access: &mut Access<ReadAccounts>, account: Uuid) -> Result<Vec<Session>> {
    Ok(sqlx::query_as!(
        Session,
        r#"select id as "id!", started_at as "started_at!", seen_at as "seen_at!", device as "device!"
           from sec.sessions_of($1)"#,
        account
    )
    .fetch_all(access.read())
    .await?)
}

/// What an account that has ended left behind.
pub struct Left {
    pub count: i64,
    /// Those that the actor may see; an administrator none.
    pub references: Vec<String>,
}

impl Left {
    /// What the notice about it looks like.
    pub const fn kind(&self) -> &'static str {
        if self.count > 0 { "warn" } else { "" }
    }
}

/// Open cases that have been without somebody responsible or a deputy since.
pub async fn left_behind(access: &mut Access<ReadAccounts>, account: Uuid) -> Result<Left> {
    let count =
        sqlx::query_scalar!(r#"select sec.left_alone_by($1) as "count!""#, account).fetch_one(access.read()).await?;
    let references = sqlx::query_scalar!(
        "select distinct c.reference
         from assignment a join account o on o.id = a.account_id join case_file c on c.id = a.case_id
         where a.account_id = $1 and a.ended_at = o.ended_at and a.kind in ('responsible', 'deputy') and c.closed_on is null
           and not exists (select 1 from assignment n where n.case_id = a.case_id and n.kind = a.kind and n.ended_at is null)
         order by c.reference",
        account
    )
    .fetch_all(access.read())
    .await?;
    Ok(Left { count, references })
}

/// A unit to choose.
pub struct Unit {
    pub id: Uuid,
    pub name: String,
}

/// The units that there are today.
pub async fn units(access: &mut Access<ReadAccounts>) -> Result<Vec<Unit>> {
    let today = access.desk().clock().today();
    Ok(sqlx::query_as!(
        Unit,
        "select id, name from org_unit where valid_to is null or valid_to >= $1 order by name, id",
        today
    )
    .fetch_all(access.read())
    .await?)
}

/// Those that wait for an answer, the oldest first; of accounts that have ended none.
pub async fn waiting(access: &mut Access<ReadAccounts>) -> Result<Vec<Proposal>> {
    let open = some_proposals(access, None).await?;
    Ok(open.into_iter().map(|(proposal, _, _)| proposal).collect())
}

/// One, with the sealed reason and answer.
pub async fn proposal(access: &mut Access<ReadAccounts>, id: Uuid) -> Result<(Proposal, Sealed, Option<Sealed>)> {
    some_proposals(access, Some(id)).await?.pop().ok_or(Error::NotFound)
}

async fn some_proposals(
    access: &mut Access<ReadAccounts>,
    wanted: Option<Uuid>,
) -> Result<Vec<(Proposal, Sealed, Option<Sealed>)>> {
    let rows = sqlx::query!(
        r#"select p.id, p.kind as "kind: ProposalKind", p.account_id, coalesce(p.display_name, a.display_name) as "name!",
                  coalesce(p.title, a.title) as "title!", p.user_name, p.employee_id,
                  p.organisation as "organisation: DisclosureRecipient", u.name as "unit_name?", p.role as "role: Role",
                  (select g.role from role_grant g where g.account_id = p.account_id
                     and now() >= g.valid_from and now() < g.valid_to) as "held: Role",
                  p.until, p.reason as "reason: Sealed", p.answer as "answer: Sealed", p.proposed_by,
                  s.display_name as proposed_by_name, p.proposed_at, d.display_name as "decided_by_name?", p.decided_at,
                  p.outcome as "outcome: ProposalOutcome"
           from account_proposal p
           join account s on s.id = p.proposed_by
           left join account a on a.id = p.account_id
           left join account d on d.id = p.decided_by
           left join org_unit u on u.id = p.unit_id
           where p.id = $1 or ($1::uuid is null and p.outcome is null and a.ended_at is null)
           order by p.proposed_at, p.id"#,
        wanted
    )
    .fetch_all(access.read())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let proposal = Proposal {
                id: row.id,
                kind: row.kind,
                account: row.account_id,
                name: row.name,
                title: row.title,
                user_name: row.user_name,
                employee_id: row.employee_id,
                organisation: row.organisation,
                unit_name: row.unit_name,
                role: row.role,
                held: row.held,
                until: row.until,
                proposed_by: row.proposed_by,
                proposed_by_name: row.proposed_by_name,
                proposed_at: row.proposed_at,
                decided_by_name: row.decided_by_name,
                decided_at: row.decided_at,
                outcome: row.outcome,
            };
            (proposal, row.reason, row.answer)
        })
        .collect())
}

/// Whether it has been made with this form already.
pub async fn is_proposed(access: &mut Access<ProposeAccount>, id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(r#"select exists (select 1 from account_proposal where id = $1) as "found!""#, id);
    Ok(found.fetch_one(access.read()).await?)
}

/// Whether the names of somebody new are somebody's already: the user name, the employee's number.
pub async fn taken(access: &mut Access<ProposeAccount>, user_name: &str, employee_id: &str) -> Result<(bool, bool)> {
    let row = sqlx::query!(
        r#"select exists (select 1 from sec.account_keys() k where k.user_name = $1)
                    or exists (select 1 from account_proposal p where p.user_name = $1 and p.outcome is null) as "user_name!",
                  exists (select 1 from account a where a.employee_id = $2)
                    or exists (select 1 from account_proposal p where p.employee_id = $2 and p.outcome is null) as "employee!""#,
        user_name,
        employee_id
    )
    .fetch_one(access.read())
    .await?;
    Ok((row.user_name, row.employee))
}

/// Puts a proposal forward. `Stale` where another one waits for an answer already.
pub async fn propose(access: &mut Access<ProposeAccount>, new: &NewProposal) -> Result<()> {
    let actor = access.desk().actor().account;
    let reason = access.desk().keys().seal(REASON.at(new.id), &new.reason)?;
    let newcomer = match &new.what {
        What::New { newcomer, .. } => Some(newcomer),
        What::Role { .. } | What::Prolong { .. } | What::Unlock => None,
    };
    let role = new.what.role();
    sqlx::query!(
        "insert into account_proposal (id, kind, account_id, user_name, display_name, title, employee_id, organisation,
           unit_id, role, until, reason, proposed_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, (select unit_id from account where id = $3)), $10, $11, $12, $13)",
        new.id,
        new.what.kind() as ProposalKind,
        new.account,
        newcomer.map(|one| one.user_name.as_str()),
        newcomer.map(|one| one.name.as_str()),
        newcomer.map(|one| one.title.as_str()),
        newcomer.map(|one| one.employee_id.as_str()),
        newcomer.and_then(|one| one.organisation) as Option<DisclosureRecipient>,
        newcomer.and_then(|one| one.unit),
        role.map(|(role, _)| role) as Option<Role>,
        role.map(|(_, until)| until) as Option<Date>,
        reason.as_bytes(),
        actor
    )
    .execute(access.write(Event::AccountProposed, None).await?)
    .await
    .map_err(|error| on_constraint(error, "account_proposal_one_at_a_time", Error::Stale))?;
    Ok(())
}

/// A code for the first sign-in, shown once. None where somebody has signed in, or it is not the actor's to give.
pub async fn issue_code(access: &mut Access<IssueCode>, account: Uuid) -> Result<Option<Drawn>> {
    let drawn = activation::draw(access.desk().keys(), access.desk().clock(), account)?;
    let note = Note::of(Event::ActivationCodeShown).with("account", account.to_string());
    let issued = sqlx::query_scalar!(
        r#"select sec.issue_code($1, $2, $3, $4) as "issued!""#,
        account,
        &drawn.hash,
        drawn.seed.as_bytes(),
        drawn.expires_at
    )
    .fetch_one(access.look(note).await?)
    .await?;
    Ok(issued.then_some(drawn))
}

/// Ends one session of somebody else's, or all of them.
pub async fn end_sessions(access: &mut Access<EndAccount>, account: Uuid, one: Option<Uuid>) -> Result<()> {
    let work = access.write(Event::SessionsOfOtherEnded, None).await?;
    sqlx::query_scalar!(r#"select sec.end_sessions_of($1, $2) as "ended!""#, account, one).fetch_one(work).await?;
    Ok(())
}

/// Somebody leaves: everything ends in one transaction. False where it is not the actor's to do, or done already.
pub async fn end_account(access: &mut Access<EndAccount>, account: Uuid) -> Result<bool> {
    let work = access.write(Event::AccountEnded, None).await?;
    Ok(sqlx::query_scalar!(r#"select sec.end_account($1) as "ended!""#, account).fetch_one(work).await?)
}

/// Says that a right is still needed.
pub async fn confirm(access: &mut Access<ConfirmRights>, grant: Uuid) -> Result<bool> {
    let work = access.write(Event::RightConfirmed, None).await?;
    Ok(sqlx::query_scalar!(r#"select sec.confirm_grant($1) as "done!""#, grant).fetch_one(work).await?)
}

/// Ends a right before its day.
pub async fn end_grant(access: &mut Access<ConfirmRights>, grant: Uuid) -> Result<bool> {
    let work = access.write(Event::RightEnded, None).await?;
    Ok(sqlx::query_scalar!(r#"select sec.end_grant($1) as "done!""#, grant).fetch_one(work).await?)
}
