-- A word of the journal, by itself: a value that is added to a list can not be used in the same transaction.
set role utvag_owner;
alter type journal_event add value 'person_died';
reset role;
