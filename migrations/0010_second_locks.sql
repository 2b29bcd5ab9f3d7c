-- Second locks: what the service never does, its login cannot do either.

-- What was asked of BankID, for whom and when, is written once; an order only moves on.
revoke update on sign_order from sigill_app;
grant update (state, started_at, launch_link_given_at, answered_at, settle_after, settled_at, next_collect_at, collect_lease_until,
              answer_unknown_since, settle_lease_until, collect_lease, settle_lease, withdrawn, order_ref, start_sealed, hint_code,
              answer_status, failure, outcome) on sign_order to sigill_app;

-- Only accepted evidence of this very consent and order authorises. (That there is such evidence, the foreign key says.)
create function check_authorisation_evidence() returns trigger
  language plpgsql
as $$
begin
  if exists (select from evidence e
              where e.id = new.evidence_id
                and (e.kind, e.consent_id, e.order_id, e.digest)
                    is distinct from ('accepted', new.consent_id, new.order_id, new.evidence_digest)) then
    raise exception 'an authorisation by other evidence' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger authorisation_evidence before insert on authorisation for each row execute function check_authorisation_evidence();
alter table authorisation enable always trigger authorisation_evidence;

-- The evidence's reader expects one; a second would make the evidence unreadable.
create unique index evidence_request_object_once on evidence_attachment (evidence_id) where kind = 'request-object';
