//! What is known of a person beside name and number: typed as a page sends it, and put straight into the database for
//! tests of what every page says to everybody.

use sqlx::PgConnection;
use utvag::crypto::KeyRing;
use utvag::person::{contact_detail, marking, relation};
use uuid::Uuid;

use super::page::Page;
use super::people::Person;

pub const NUMBER: &str = "070-174 06 05";
pub const LABEL: &str = "Yngsta dottern";
pub const SOURCE: &str = "Avisering från Skatteverket";

/// A form as a page sends it.
#[derive(Clone)]
pub struct Detail {
    pub id: Uuid,
    fields: Vec<(&'static str, String)>,
}

impl Detail {
    fn of(fields: &[(&'static str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { id: Uuid::now_v7(), fields }
    }

    /// A telephone that is safe to ring.
    pub fn phone() -> Self {
        Self::of(&[
            ("kind", "phone"),
            ("value", NUMBER),
            ("is_safe", "yes"),
            ("allowed_times", "Vardagar efter klockan 15"),
            ("valid_from", "2026-12-01"),
        ])
    }

    /// A child, born in 2020.
    pub fn child() -> Self {
        Self::of(&[
            ("kind", "child"),
            ("label", LABEL),
            ("birth_year", "2020"),
            ("lives_with", "partly"),
            ("custody", "joint"),
            ("is_party_to_threat", "no"),
            ("contact_allowed", "yes"),
            ("contact_reason", ""),
        ])
    }

    pub fn marking() -> Self {
        Self::of(&[
            ("kind", "secrecy_marking"),
            ("source", SOURCE),
            ("verified_on", "2026-12-15"),
            ("valid_from", "2026-12-10"),
            ("mail_route", "via_skatteverket"),
        ])
    }

    /// Another name, with the number that the person has.
    pub fn name(current: &str) -> Self {
        Self::of(&[
            ("current", current),
            ("number_kind", "kept"),
            ("number", ""),
            ("given_name", "Noa"),
            ("family_name", "Saga"),
            ("valid_from", "2026-12-01"),
        ])
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    pub async fn sent_to(&self, path: &str, person: &Person<'_>) -> Page {
        let id = self.id.to_string();
        let mut fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("id", &id));
        person.post(path, &fields).await
    }

    /// It must be saved; its id.
    pub async fn saved_at(&self, path: &str, person: &Person<'_>) -> Uuid {
        let answer = self.sent_to(path, person).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.words());
        self.id
    }
}

/// What an address can name.
pub struct Known {
    pub marking: Uuid,
    pub contact: Uuid,
    pub relation: Uuid,
    pub duplicate: Uuid,
}

/// A marking that holds no more, a telephone and a child of the person in the case, and another case, where the same two
/// are named, that may be about the same person.
pub async fn known(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, responsible: Uuid) -> Known {
    let known =
        Known { marking: Uuid::now_v7(), contact: Uuid::now_v7(), relation: Uuid::now_v7(), duplicate: Uuid::now_v7() };
    sqlx::query(
        "with m as (insert into protection_marking (id, person_id, kind, source, verified_on, valid_from, valid_to, mail_route,
                      registered_by, registered_at)
                    select $2, person_id, 'local_protection', $3, '2026-01-05', '2026-01-05', '2026-01-31', 'handover', $8,
                           '2026-01-20 12:00Z' from case_file where id = $1),
              d as (insert into contact_detail (id, person_id, kind, value, is_safe, valid_from, registered_by, registered_at)
                    select $4, person_id, 'phone', $5, true, '2026-01-05', $8, '2026-01-20 12:00Z' from case_file where id = $1)
         insert into relation (id, person_id, label, kind, birth_year, lives_with, custody, is_party_to_threat, contact_allowed,
           registered_by, registered_at)
         select $6, person_id, $7, 'child', 2020, 'partly', 'joint', 'no', true, $8, '2026-01-20 12:00Z'
         from case_file where id = $1",
    )
    .bind(case)
    .bind(known.marking)
    .bind(keys.seal(marking::store::SOURCE.at(known.marking), SOURCE).unwrap().as_bytes())
    .bind(known.contact)
    .bind(keys.seal(contact_detail::store::VALUE.at(known.contact), NUMBER).unwrap().as_bytes())
    .bind(known.relation)
    .bind(keys.seal(relation::store::LABEL.at(known.relation), LABEL).unwrap().as_bytes())
    .bind(responsible)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "with p as (insert into person (id, sex, created_by) values (gen_random_uuid(), 'man', $3) returning id),
              c as (insert into case_file (id, reference, code_name, economy_pseudonym, person_id, opened_on, owner_unit_id,
                      municipality_basis, status, created_by)
                    select gen_random_uuid(), 'AVH-DDDD-DDD', 'Asp', 'K-7K4QX4', p.id, '2026-01-05', f.owner_unit_id, 'resident',
                           'active', $3 from p cross join case_file f where f.id = $2 returning id)
         insert into possible_duplicate (id, case_id, other_case_id) select $1, $2, id from c",
    )
    .bind(known.duplicate)
    .bind(case)
    .bind(responsible)
    .execute(owner)
    .await
    .unwrap();
    known
}
