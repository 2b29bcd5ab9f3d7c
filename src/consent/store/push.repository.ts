import type { ConsentId, InteractionId } from '../../kernel/ids.ts';
import { initiationToJson } from '../../payment/initiation.ts';
import { step } from '../../platform/composition.ts';
import type { ConsentRequest, PushedConsent } from '../consent.ts';
import { subjectOf } from './grant.repository.ts';

/** A pushed consent in the form in which a composed statement stores it. */
export interface ConsentedParams {
  readonly consent_id: ConsentId;
  readonly bank: string;
  readonly client_id: string;
  readonly interaction_id: InteractionId;
  readonly tpp_name: string;
  readonly authorisation_number: string;
  readonly initiation: string;
  readonly bound_payer_hash: Buffer | null;
  readonly login_hint_sealed: Buffer | null;
  readonly created_at: Date;
  readonly consent_expires_at: Date;
}

/** Stores a consent, where the step `proven` allows it. Gives the `subject` of its events. */
export const consented = step<ConsentedParams>(
  'consented',
  `insert into consent (id, bank, client_id, interaction_id, tpp_name, authorisation_number, initiation, bound_payer_hash,
                        login_hint_sealed, created_at, expires_at)
   select $consent_id::uuid, $bank::text, $client_id::text, $interaction_id::text, $tpp_name::text, $authorisation_number::text,
          $initiation::jsonb, $bound_payer_hash::bytea, $login_hint_sealed::bytea, $created_at::timestamptz,
          $consent_expires_at::timestamptz
     from proven
   returning ${subjectOf('consent')} as subject`,
);

export function consentedParams(
  pushed: PushedConsent,
  { initiation, client, bank }: ConsentRequest,
  payer: { readonly hash: Buffer; readonly sealed: Buffer } | undefined,
): ConsentedParams {
  return {
    consent_id: pushed.consentId,
    bank: bank.id,
    client_id: client.id,
    interaction_id: pushed.interactionId,
    tpp_name: client.name,
    authorisation_number: client.authorisationNumber,
    initiation: JSON.stringify(initiationToJson(initiation)),
    bound_payer_hash: payer?.hash ?? null,
    login_hint_sealed: payer?.sealed ?? null,
    created_at: pushed.createdAt,
    consent_expires_at: pushed.expiresAt,
  };
}
