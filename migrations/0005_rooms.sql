-- What the first rooms need beside their tables: a code name that nobody else has, prices that end, a price that departs
-- from the agreement and says why, and the mark of the invented municipality.

set role utvag_owner;

-- Set when the invented municipality is made, and never on another database: the sign-in page asks for it before it
-- lists anybody.
alter table municipality add column is_demo boolean not null default false;

-- Why the price is not the agreement's.
alter table placement add column price_reason bytea;  -- sealed

-- A new price from a day ends the one before it on the day before.
create policy ending on framework_price for update to utvag_user
  using ((select sec.actor_role()) in ('coordinator', 'manager'))
  with check ((select sec.actor_role()) in ('coordinator', 'manager'));
grant update (valid_to) on framework_price to utvag_user;

reset role;
set role utvag_sec;

-- The first of the candidates that no open case has. Asked of another owner, since a colleague does not see every case;
-- that a name is taken tells nothing but that some case has it.
create function sec.free_code_name(candidates text[]) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.name from unnest(candidates) with ordinality as c(name, place)
  where sec.actor_role() in ('caseworker', 'coordinator')
    and not exists (select 1 from public.case_file f where f.code_name = c.name and f.closed_on is null)
  order by c.place limit 1
$$;
revoke execute on function sec.free_code_name from public;
grant execute on function sec.free_code_name to utvag_user;
reset role;
