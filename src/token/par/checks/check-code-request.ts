import type { Environment } from '../../../kernel/environment.ts';
import type { Client } from '../../../clients/clients.ts';
import type { DpopProof } from '../../../client-auth/dpop.ts';
import type { Form } from '../../form/form.ts';
import { checkCodeChallenge } from '../../oauth/check-pkce.ts';
import { checkDpopBinding } from './check-dpop-binding.ts';
import { checkRedirectUri } from './check-redirect-uri.ts';
import { checkResponseType } from './check-response-type.ts';
import { checkState } from './check-state.ts';

/** What every request for a code says, whatever it is good for. */
export interface CodeRequest {
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly state: string | undefined;
  readonly dpopJkt: string | undefined;
}

/** @throws DomainError as its checks do @see RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 9449 §10 */
export function checkCodeRequest(
  form: Form,
  client: Client,
  environment: Environment,
  proof: DpopProof | undefined,
): CodeRequest {
  checkResponseType(form);
  return {
    redirectUri: checkRedirectUri(form, client, environment),
    codeChallenge: checkCodeChallenge(form),
    state: checkState(form),
    dpopJkt: checkDpopBinding(form, client, proof),
  };
}
