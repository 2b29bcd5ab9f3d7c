import type { ClientId, ConsentId, InteractionId } from '../../kernel/ids.ts';
import { maybeRow, type Scope } from '../../database/database.ts';
import { bool, optionalText, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

export interface AuthorizationRequest {
  readonly interactionId: InteractionId;
  readonly consentId: ConsentId;
  readonly clientId: ClientId;
  readonly requestUriHash: Buffer;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly codeChallenge: string;
  readonly dpopJkt: string | undefined;
  readonly scope: 'openid' | undefined;
  readonly nonce: string | undefined;
  /** The TPP's signed request, sealed. */
  readonly requestObjectSealed: Buffer | undefined;
  /** Names the signed request; no other push has the same. */
  readonly requestObjectJtiHash: Buffer | undefined;
  readonly pushedAt: Date;
  readonly expiresAt: Date;
}

/** Where the browser returns to, and with which state. */
export interface ReturnAddress {
  readonly redirectUri: string;
  readonly state: string | undefined;
}

/** What a link with a request_uri leads to. */
export interface LinkedInteraction {
  readonly interactionId: InteractionId;
  readonly redirectUri: string;
  /** Neither used nor expired. */
  readonly isOpen: boolean;
}

const FIND_INTERACTION = statement(
  'token.findInteraction',
  `select interaction_id, redirect_uri, used_at is null and expires_at > $3 as is_open
       from authorization_request
      where request_uri_hash = $1 and client_id = $2`,
);

/** The interaction of a request of this client. */
export async function findInteraction(
  scope: Scope,
  requestUriHash: Buffer,
  clientId: string,
  now: Date,
): Promise<LinkedInteraction | undefined> {
  return maybeRow(scope, FIND_INTERACTION, [requestUriHash, clientId, now], parseLinked);
}

export function parseLinked(row: Row): LinkedInteraction {
  return {
    interactionId: text(row, 'interaction_id') as InteractionId,
    redirectUri: text(row, 'redirect_uri'),
    isOpen: bool(row, 'is_open'),
  };
}

const USE_REQUEST = statement(
  'token.useRequest',
  `update authorization_request set used_at = coalesce(used_at, $2)
      where interaction_id = $1
     returning redirect_uri, state`,
);

/** Uses up the request_uri when there is no grant to issue a code for. */
export async function useRequest(
  scope: Scope,
  interactionId: InteractionId,
  now: Date,
): Promise<ReturnAddress | undefined> {
  return maybeRow(scope, USE_REQUEST, [interactionId, now], parseAddress);
}

export function parseAddress(row: Row): ReturnAddress {
  return { redirectUri: text(row, 'redirect_uri'), state: optionalText(row, 'state') };
}
