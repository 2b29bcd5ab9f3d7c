-- SHA-256 of client and jti of the TPP's signed request, if it has a jti: such a request is pushed once. A push that is refused or
-- rolled back leaves nothing, so its request may be sent again.
alter table authorization_request add column request_object_jti_hash sha256_hash;
create unique index authorization_request_of_one_jti on authorization_request (request_object_jti_hash)
  where request_object_jti_hash is not null;

drop trigger authorization_request_stays_as_pushed on authorization_request;
create trigger authorization_request_stays_as_pushed
  before update of interaction_id, consent_id, client_id, request_uri_hash, redirect_uri, state, code_challenge, dpop_jkt, pushed_at,
                   expires_at, scope, nonce, request_object_sealed, request_object_jti_hash
  on authorization_request for each row execute function refuse_frozen_columns('what was pushed');
alter table authorization_request enable always trigger authorization_request_stays_as_pushed;
