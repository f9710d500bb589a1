//! Temporary.
use super::people::Person;
use sqlx::Executor;
impl Person<'_> {
    pub async fn opens_a_case_on(&self, day: &str) -> String {
        let mut o = self.app.database.superuser().await;
        let reference = utvag::crypto::reference::CaseReference::draw().unwrap().to_string();
        let sql = format!("do $$ declare p uuid := gen_random_uuid(); c uuid := gen_random_uuid(); begin perform set_config('app.event','test',true);
        insert into person (id, sex, created_by) values (p,'man','{a}');
        insert into case_file (id, reference, code_name, economy_pseudonym, person_id, opened_on, owner_unit_id, municipality_basis, created_by)
        values (c,'{reference}','{reference}','{ps}',p,'{day}','{u}','resident','{a}');
        insert into assignment (id, case_id, account_id, kind, granted_by, reason) values (gen_random_uuid(), c, '{a}','responsible','{a}','x'); end $$",
        a=self.account, u=self.app.unit, ps=utvag::crypto::reference::Pseudonym::draw().unwrap());
        o.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        reference
    }
}
