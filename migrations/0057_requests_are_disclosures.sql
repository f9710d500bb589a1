-- To ask another part of the municipality is to tell it something (8 kap. 1 and 2 §§ OSL): since now each request stands among
-- the disclosures too, with its ground, what it covers, who took it and who decided. Both are written in one transaction.

set role utvag_owner;
-- None for those from before.
alter table internal_request add disclosure_id uuid unique references disclosure (id);

-- As before, and: what is asked has been disclosed, on the same ground, to them.
create or replace function internal_request_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.ground = 'consent' and not exists (
         select 1 from consent c
         where c.id = new.consent_id and c.case_id = new.case_id and c.withdrawn_at is null
           and new.sent_on between c.given_on and c.valid_to and 'identity' = any (c.categories)
           and c.recipients && case when new.kind in ('economic_assistance', 'schooling')
                                    then array['gaf', 'other_committee'] else array['other_committee'] end::consent_recipient[]) then
      raise exception 'no consent covers the request' using errcode = '23514', constraint = 'internal_request_covered';
    end if;
    if not exists (
         select 1 from disclosure d
         where d.id = new.disclosure_id and d.case_id = new.case_id and d.status = 'released' and d.ground = new.ground
           and d.consent_id is not distinct from new.consent_id and d.released_by = new.sent_by
           and d.recipient::text = any (case when new.kind in ('economic_assistance', 'schooling')
                                             then array['gaf', 'other_committee'] else array['other_committee'] end)) then
      raise exception 'to ask is to disclose' using errcode = '23514', constraint = 'internal_request_disclosed';
    end if;
    return new;
  end if;
  if tg_op = 'DELETE' or old.answer is not null or new.answer is null
     or (to_jsonb(new) - array['answer', 'answered_on', 'answer_by'])
        is distinct from (to_jsonb(old) - array['answer', 'answered_on', 'answer_by']) then
    raise exception 'what was told stands' using errcode = '23514', constraint = 'internal_request_stands';
  end if;
  return new;
end
$$;
reset role;
