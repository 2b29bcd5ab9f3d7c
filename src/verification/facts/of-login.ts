import type { Facts } from './facts.ts';
import { isLogin } from './signed-facts.ts';

/** Whether the signature is compared with a login, and not with a consent. Of an export, the signed data say so. */
export function isOfLogin({ purpose, signedFacts }: Facts): boolean {
  if (purpose.kind !== 'exported') return purpose.kind === 'identification';
  if (signedFacts) return isLogin(signedFacts);
  return purpose.folder.loginJson !== undefined && purpose.folder.consentJson === undefined;
}
