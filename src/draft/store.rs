//! SQL of drafts. Row security reaches one's own alone, and those of a case only while it is in reach.

use uuid::Uuid;

use super::form::{Typed, case_in};
use super::model::{Draft, Hold, Next, Saving};
use crate::access::Access;
use crate::access::right::KeepDrafts;
use crate::audit::{Event, Note};
use crate::crypto::Sealed;
use crate::error::{Error, Result};
use crate::identity::parked::seal_draft;

type Mine = Access<KeepDrafts>;

/// Tells one text from another; the same text of somebody else has another one.
pub(super) fn mark(access: &Mine, typed: &Typed) -> Vec<u8> {
    let column = format!("form_draft.mark/{}", access.desk().actor().account);
    access.desk().keys().blind(&column, &typed.whole()).to_vec()
}

/// The draft that a page goes on with; nobody else goes on with it meanwhile.
async fn held(access: &mut Mine, id: Uuid) -> Result<Option<Draft>> {
    Ok(sqlx::query_as!(
        Draft,
        r#"select id, case_id as "case", address, sealed as "sealed: Sealed", mark, tab, version, saved_at, sent_record,
                  sent_mark
           from form_draft where id = $1 for update"#,
        id
    )
    .fetch_optional(access.read())
    .await?)
}

/// Those of forms that are sent to one of these addresses, the newest first.
pub(super) async fn of_forms(access: &mut Mine, addresses: &[String]) -> Result<Vec<Draft>> {
    Ok(sqlx::query_as!(
        Draft,
        r#"select id, case_id as "case", address, sealed as "sealed: Sealed", mark, tab, version, saved_at, sent_record,
                  sent_mark
           from form_draft where address = any ($1) and sealed is not null order by saved_at desc, id desc"#,
        addresses
    )
    .fetch_all(access.read())
    .await?)
}

/// All of one's own, the newest first.
pub(super) async fn all(access: &mut Mine) -> Result<Vec<Draft>> {
    let drafts = sqlx::query_as!(
        Draft,
        r#"select id, case_id as "case", address, sealed as "sealed: Sealed", mark, tab, version, saved_at, sent_record,
                  sent_mark
           from form_draft where sealed is not null order by saved_at desc, id desc"#
    )
    .fetch_all(access.read())
    .await?;
    let cases: Vec<Uuid> = drafts.iter().filter_map(|draft| draft.case).collect();
    access.shown(Note { cases, ..Note::of(Event::FormDraftShown).with("count", drafts.len()) });
    Ok(drafts)
}

/// Whether something waits for a form of this page.
pub(super) async fn is_at(access: &mut Mine, page: &str) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from form_draft where page = $1 and sealed is not null) as "is!""#,
        page
    )
    .fetch_one(access.read())
    .await?)
}

/// Keeps what stands in an open form.
pub(super) async fn save(access: &mut Mine, typed: &Typed) -> Result<Saving> {
    let (mark, at) = (mark(access, typed), access.desk().clock().now());
    let kept = match held(access, typed.hold.draft).await? {
        Some(kept) => kept,
        None => match begin(access, typed, typed.hold.draft, &mark, None).await? {
            Some(saving) => return Ok(saving),
            // The form was sent, or another save was first, in this very moment: what is kept by now decides.
            None => held(access, typed.hold.draft).await?.ok_or(Error::Stale)?,
        },
    };
    match kept.next(typed.hold, &typed.address, &mark, typed.by_hand) {
        Next::Late => Ok(Saving::Late),
        Next::Same => Ok(Saving::Saved { hold: Hold { version: kept.version, ..typed.hold }, at: kept.saved_at }),
        Next::Fork => begin(access, typed, Uuid::now_v7(), &mark, Some(&kept))
            .await?
            .ok_or_else(|| Error::internal("a new id is taken")),
        Next::GoOn => {
            let sealed = seal(access, typed, kept.id)?;
            // The log has it that this draft was begun; every five seconds would say nothing more.
            let version = sqlx::query_scalar!(
                "update form_draft set sealed = $2, mark = $3, tab = $4, page = $5, saved_at = $6, version = version + 1
                 where id = $1 returning version",
                kept.id,
                sealed as Sealed,
                &mark,
                typed.hold.tab,
                typed.page,
                at
            )
            .fetch_one(access.read())
            .await?;
            Ok(Saving::Saved { hold: Hold { version, ..typed.hold }, at })
        }
    }
}

fn seal(access: &Mine, typed: &Typed, id: Uuid) -> Result<Sealed> {
    let desk = access.desk();
    seal_draft(desk.keys(), desk.actor().account, id, &typed.page, typed.fields.clone())
}

/// The case that the form is about, where it is about one in reach.
async fn case_of(access: &mut Mine, typed: &Typed) -> Result<Option<Uuid>> {
    let Some(reference) = case_in(&typed.address) else { return Ok(None) };
    sqlx::query_scalar!("select id from case_file where reference = $1", reference)
        .fetch_optional(access.read())
        .await?
        .map(Some)
        .ok_or(Error::NotFound)
}

/// A new one; it remembers what was sent from the one that it comes from. None where the id is taken.
async fn begin(
    access: &mut Mine,
    typed: &Typed,
    id: Uuid,
    mark: &[u8],
    from: Option<&Draft>,
) -> Result<Option<Saving>> {
    let (account, at) = (access.desk().actor().account, access.desk().clock().now());
    let (case, sealed) = (case_of(access, typed).await?, seal(access, typed, id)?);
    // Not from 1: a page that was open before must not be taken for the newest.
    let version = sqlx::query_scalar!(
        "insert into form_draft (id, account_id, case_id, address, page, sealed, mark, tab, version, saved_at,
           sent_record, sent_mark)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning version",
        id,
        account,
        case,
        typed.address,
        typed.page,
        sealed as Sealed,
        mark,
        typed.hold.tab,
        typed.hold.version.saturating_add(1),
        at,
        from.and_then(|from| from.sent_record),
        from.and_then(|from| from.sent_mark.as_deref())
    )
    .fetch_optional(access.read())
    .await?;
    let Some(version) = version else { return Ok(None) };
    access.write(Event::FormDraftBegun, case).await?;
    Ok(Some(Saving::Saved { hold: Hold { draft: id, version, tab: typed.hold.tab }, at }))
}

/// Whether the record was made from this page already, with another text.
pub(super) async fn was_sent_otherwise(access: &mut Mine, typed: &Typed) -> Result<bool> {
    let Some(record) = typed.record() else { return Ok(false) };
    let mark = mark(access, typed);
    Ok(held(access, typed.hold.draft).await?.is_some_and(|kept| kept.was_sent_otherwise(record, &mark)))
}

/// The form has been sent: its text is let go of. What another page has saved since is another text, and stays.
pub(super) async fn sent(access: &mut Mine, typed: &Typed) -> Result<()> {
    let (mark, at) = (mark(access, typed), access.desk().clock().now());
    let (account, case) = (access.desk().actor().account, case_of(access, typed).await.unwrap_or_default());
    let kept = held(access, typed.hold.draft).await?;
    let is_other = |kept: &Draft| {
        let next = kept.next(typed.hold, &typed.address, &mark, true);
        kept.sealed.is_some() && next == Next::Fork
    };
    let Some(kept) = kept else {
        sqlx::query!(
            "insert into form_draft (id, account_id, case_id, address, page, mark, tab, version, saved_at, sent_record,
               sent_mark)
             values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $6) on conflict do nothing",
            typed.hold.draft,
            account,
            case,
            typed.address,
            typed.page,
            &mark,
            typed.hold.tab,
            at,
            typed.record()
        )
        .execute(access.read())
        .await?;
        return Ok(());
    };
    let keeps = is_other(&kept);
    if kept.sealed.is_some() && !keeps {
        access.write(Event::FormDraftSent, kept.case).await?;
    }
    sqlx::query!(
        "update form_draft set sealed = case when $2 then sealed end, tab = case when $2 then tab else $3 end,
           sent_record = $4, sent_mark = $5, saved_at = case when $2 then saved_at else $6 end
         where id = $1",
        kept.id,
        keeps,
        typed.hold.tab,
        typed.record(),
        &mark,
        at
    )
    .execute(access.read())
    .await?;
    Ok(())
}

/// Throws one of one's own away; where its form stands. One that is there no longer is nobody's business.
pub(super) async fn discard(access: &mut Mine, id: Uuid) -> Result<Option<String>> {
    let Some(kept) = held(access, id).await? else { return Ok(None) };
    let page = sqlx::query_scalar!("delete from form_draft where id = $1 and sealed is not null returning page", id)
        .fetch_optional(access.write(Event::FormDraftDiscarded, kept.case).await?)
        .await?;
    Ok(page)
}
