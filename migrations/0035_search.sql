-- Finding a case by the person's name: a keyed hash of all words of the name, in an order that nobody chooses. The key is not
-- here; without it a hash is noise. Like the hash of the number it is not unique, and answers nothing but equality.

set role utvag_owner;
create table searchable_name (
  identity_id uuid primary key references person_identity (id),
  person_id uuid not null references person (id),
  name_blind bytea not null check (length(name_blind) = 16)
);
create index searchable_name_blind on searchable_name (name_blind);
alter table searchable_name enable row level security;
alter table searchable_name force row level security;
create policy reach on searchable_name for select to utvag_user
  using (exists (select 1 from case_file c where c.person_id = searchable_name.person_id offset 0));
-- With the name itself, and by whoever may register that.
create policy registering on searchable_name for insert to utvag_user with check (
  (select sec.actor_role()) in ('caseworker', 'coordinator')
  and (sec.registered_by_me(person_id)
       or exists (select 1 from case_file c where c.person_id = searchable_name.person_id)));
create policy door on searchable_name to utvag_sec using (true) with check (true);
grant select, insert on searchable_name to utvag_user;
grant select, insert on searchable_name to utvag_sec;

create function searchable_name_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' or not exists (
    select 1 from person_identity i where i.id = new.identity_id and i.person_id = new.person_id
  ) and sec.actor_id() is not null and not sec.registered_by_me(new.person_id) then
    raise exception 'a name is found as it was registered' using errcode = '23514', constraint = 'searchable_name_stands';
  end if;
  return new;
end
$$;
create trigger searchable_name_stands before insert or update or delete on searchable_name
  for each row execute function searchable_name_stands();
reset role;
alter table searchable_name enable always trigger searchable_name_stands;
call audit.follow('searchable_name', 'identity_id');

-- Names that were registered before there was an index of them. The program opens them, hashes them and puts the hashes
-- here; of whom the identity was broken nothing more is made.
set role utvag_sec;
create function sec.names_to_index(at_most int) returns table (identity_id uuid, given_name bytea, family_name bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.id, i.given_name, i.family_name from public.person_identity i
  where not sec.is_identity_broken(i.person_id)
    and not exists (select 1 from public.searchable_name n where n.identity_id = i.id)
  order by i.id limit at_most
$$;
create function sec.index_names(identities uuid[], blinds bytea[]) returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with added as (
    insert into public.searchable_name (identity_id, person_id, name_blind)
    select i.id, i.person_id, n.blind
    from unnest(identities, blinds) as n(id, blind) join public.person_identity i on i.id = n.id
    on conflict do nothing returning 1)
  select count(*) from added
$$;
revoke execute on function sec.names_to_index, sec.index_names from public;
grant execute on function sec.names_to_index, sec.index_names to utvag_task;
reset role;
