-- The words of disclosure (utlämnande, domain 2.11 and 3.4). By themselves, because a value that is added to a list can
-- not be used in the same transaction. Two grounds are left out on purpose and must not be added: 10 kap. 27 § OSL does not
-- reach what 26 kap. 1 § protects, and 6 § lagen (2025:170) is excluded by 8 § of the same law.

set role utvag_owner;

alter type disclosure_ground add value 'audit_supervision' after 'crime_prevention';
alter type disclosure_ground add value 'terror' after 'young_crime_risk';
alter type disclosure_ground add value 'close_violence' after 'terror';
alter type disclosure_ground add value 'immediate_minor' after 'close_violence';
alter type disclosure_ground add value 'crime_against_child' after 'immediate_minor';
alter type disclosure_ground add value 'serious_crime' after 'crime_against_child';
alter type disclosure_ground add value 'stay_info' after 'serious_crime';
alter type disclosure_ground add value 'protected_registration' after 'stay_info';
alter type disclosure_ground add value 'contact_details' after 'protected_registration';
alter type disclosure_ground add value 'transfer' after 'social_or_health_need';
alter type disclosure_ground add value 'admission' after 'transfer';
alter type disclosure_ground add value 'party' after 'admission';
alter type disclosure_ground add value 'duty_other' after 'party';
alter type disclosure_ground add value 'statistics' after 'duty_other';

create type disclosure_recipient as enum ('police_lpo', 'police_noa', 'police_bops', 'police_region', 'security_service',
  'customs', 'coast_guard', 'economic_crime', 'prosecutor', 'court', 'enforcement', 'tax_agency', 'inspectorate',
  'privacy_authority', 'ombudsman', 'auditor', 'welfare_board', 'region', 'gaf', 'other_committee', 'other_municipality',
  'provider', 'association', 'person');
create type disclosure_initiative as enum ('request', 'own_initiative');
create type disclosure_channel as enum ('police_portal', 'oral', 'secure_message', 'paper', 'meeting');
create type disclosure_status as enum ('draft', 'decided', 'released', 'revoked', 'refused');
create type disclosure_item_kind as enum ('case_card', 'decision_exists', 'deviation_feedback', 'meeting_call',
  'assessment_echo', 'changed_risk', 'whereabouts', 'contact_detail', 'fund_basis', 'case_ended', 'other');
create type crime_purpose as enum ('prevent', 'hinder', 'detect', 'investigate', 'prosecute');
create type care_need as enum ('under_18', 'substance', 'compulsory_care');

reset role;
