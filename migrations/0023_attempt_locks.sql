-- The law's limits are counted from attempts: one that has begun or ended is not altered or removed to give a person another try.
create trigger signing_attempt_stays_as_begun
  before update of id, consent_id, client_id, bound_payer_hash, return_nonce_hash, started_at
  on signing_attempt for each row execute function refuse_frozen_columns('what has begun');
alter table signing_attempt enable always trigger signing_attempt_stays_as_begun;

-- The nonce may come back after the order has ended, once.
create function refuse_change_of_attempt() returns trigger
  language plpgsql
as $$
begin
  if old.outcome is not null
     and (new.outcome, new.failure, new.reached_signing, new.ended_at, new.cancelled_at)
         is distinct from (old.outcome, old.failure, old.reached_signing, old.ended_at, old.cancelled_at)
     or old.returned_at is not null and new.returned_at is distinct from old.returned_at then
    raise exception 'signing_attempt: what has ended never changes' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger signing_attempt_stays_ended
  before update of outcome, failure, reached_signing, ended_at, cancelled_at, returned_at
  on signing_attempt for each row execute function refuse_change_of_attempt();
alter table signing_attempt enable always trigger signing_attempt_stays_ended;

create trigger signing_attempt_stays
  before delete or truncate on signing_attempt for each statement execute function refuse_change();
alter table signing_attempt enable always trigger signing_attempt_stays;
