-- Whether the police may be told who a case is about: now there are consents to ask.

set role utvag_owner;
create or replace function police_consent(wanted_case uuid, recipient police_body, on_day date) returns uuid
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select consent_covering(wanted_case, 'information_exchange', ('police_' || recipient::text)::consent_recipient,
                          array['identity']::disclosure_category[], on_day)
$$;
alter table police_contact add constraint police_contact_consent_is foreign key (consent_id) references consent (id);
reset role;
