/**
 * Every trigger of the schema, as `table.trigger`. They hold against the owner's ordinary statements too, and each is
 * `enable always`: otherwise `session_replication_role = replica` silences it. A migration that adds or drops one says so here.
 */
export const LOCKS: readonly string[] = [
  'access_token.access_token_revoked_once',
  'access_token.access_token_stays_as_issued',
  'audit_event.audit_event_is_append_only',
  'audit_event.audit_event_link',
  'authorisation.authorisation_evidence',
  'authorisation.authorisation_is_append_only',
  'authorization_request.authorization_request_redeemed_once',
  'authorization_request.authorization_request_stays',
  'authorization_request.authorization_request_stays_as_pushed',
  'bankid_answer.bankid_answer_is_append_only',
  'consent.consent_attempts_rise',
  'consent.consent_moves',
  'consent.consent_stays',
  'consent.consent_stays_as_pushed',
  'consent.consent_stays_ended',
  'data_key.data_key_one_per_subject',
  'evidence.evidence_is_append_only',
  'evidence.evidence_origin',
  'evidence_attachment.evidence_attachment_is_append_only',
  'installation.installation_is_written_once',
  'legal_hold.legal_hold_is_append_only',
  'sign_order_event.sign_order_event_is_append_only',
  'signature_root.signature_root_is_append_only',
  'signing_attempt.signing_attempt_stays',
  'signing_attempt.signing_attempt_stays_as_begun',
  'signing_attempt.signing_attempt_stays_ended',
];
