-- Second locks, column by column: what the service's grants leave open, and what holds against the owner's ordinary statements.
-- A trigger "before update of" costs nothing unless a statement names one of its columns. A migration that must change what is
-- locked disables that trigger by name, within its own transaction, and enables it always again.

create function refuse_frozen_columns() returns trigger
  language plpgsql
as $$
begin
  raise exception '%: % never changes', tg_table_name, tg_argv[0] using errcode = 'insufficient_privilege';
end
$$;

-- consent: what was pushed.
create trigger consent_stays_as_pushed
  before update of id, bank, client_id, interaction_id, tpp_name, authorisation_number, initiation, bound_payer_hash,
                   login_hint_sealed, created_at
  on consent for each row execute function refuse_frozen_columns('what was pushed');
alter table consent enable always trigger consent_stays_as_pushed;

-- Once it has ended, all the rest; the bank's one report of what became of the payment is left: pending -> executed | failed.
create function refuse_change_after_end() returns trigger
  language plpgsql
as $$
begin
  if old.ended_at is null then
    return new;
  end if;
  if (new.state, new.reason, new.browser_cookie_hash, new.failed_attempts, new.expires_at, new.authorised_at, new.returned_at,
      new.ended_at, new.live_token_hash, new.live_token_expires_at, new.payment_reference, new.consume_request_hash,
      new.consume_answer, new.debtor_account)
     is distinct from
     (old.state, old.reason, old.browser_cookie_hash, old.failed_attempts, old.expires_at, old.authorised_at, old.returned_at,
      old.ended_at, old.live_token_hash, old.live_token_expires_at, old.payment_reference, old.consume_request_hash,
      old.consume_answer, old.debtor_account)
     or ((new.execution, new.execution_reason, new.execution_reported_at)
         is distinct from (old.execution, old.execution_reason, old.execution_reported_at)
         and (old.execution is distinct from 'pending' or new.execution is not distinct from 'pending'
              or new.execution_reported_at is null)) then
    raise exception 'consent: what has ended never changes' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger consent_stays_ended
  before update of state, reason, browser_cookie_hash, failed_attempts, expires_at, authorised_at, returned_at, ended_at,
                   live_token_hash, live_token_expires_at, payment_reference, consume_request_hash, consume_answer, debtor_account,
                   execution, execution_reason, execution_reported_at
  on consent for each row execute function refuse_change_after_end();
alter table consent enable always trigger consent_stays_ended;

-- A failed attempt is never taken back: the number of them is what ends the consent.
create function refuse_fewer_attempts() returns trigger
  language plpgsql
as $$
begin
  if new.failed_attempts < old.failed_attempts then
    raise exception 'consent: a failed attempt is never taken back' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger consent_attempts_rise
  before update of failed_attempts on consent for each row execute function refuse_fewer_attempts();
alter table consent enable always trigger consent_attempts_rise;

-- authorization_request: what was pushed. The code is locked by authorization_request_redeemed_once.
create trigger authorization_request_stays_as_pushed
  before update of interaction_id, consent_id, client_id, request_uri_hash, redirect_uri, state, code_challenge, dpop_jkt, pushed_at,
                   expires_at, scope, nonce, request_object_sealed
  on authorization_request for each row execute function refuse_frozen_columns('what was pushed');
alter table authorization_request enable always trigger authorization_request_stays_as_pushed;
create trigger authorization_request_stays
  before delete or truncate on authorization_request for each statement execute function refuse_change();
alter table authorization_request enable always trigger authorization_request_stays;

-- access_token: all but the revocation, and that happens once. Expired tokens are deleted.
create trigger access_token_stays_as_issued
  before update of token_hash, kind, client_id, bank, scope, consent_id, jkt, x5t, issued_at, expires_at
  on access_token for each row execute function refuse_frozen_columns('what was issued');
alter table access_token enable always trigger access_token_stays_as_issued;

create function refuse_second_revocation() returns trigger
  language plpgsql
as $$
begin
  if old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at then
    raise exception 'access_token: a revocation never changes' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger access_token_revoked_once
  before update of revoked_at on access_token for each row execute function refuse_second_revocation();
alter table access_token enable always trigger access_token_revoked_once;

-- The service's login may place a hold, never release one: that is the owner's, whom a policy does not bind.
alter table legal_hold enable row level security;
create policy legal_hold_is_read on legal_hold for select to sigill_app, sigill_auditor using (true);
create policy legal_hold_is_placed on legal_hold for insert to sigill_app with check (action = 'placed');
