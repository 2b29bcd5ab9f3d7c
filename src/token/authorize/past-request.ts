import { DomainError } from '../../kernel/errors.ts';
import type { NoticeClient } from './notice.ts';

/** A link to a request that this client has pushed, and that was used or has expired. */
export class PastRequest extends DomainError {
  readonly client: NoticeClient;

  constructor(name: string, redirectUri: string) {
    super('oauth.invalid-request-uri');
    this.client = { name, origin: originOf(redirectUri) };
  }
}

/** Only a web address is pushed; a row that was altered to hold another is linked to nothing. */
function originOf(redirectUri: string): string | undefined {
  const { protocol, origin } = new URL(redirectUri);
  return protocol === 'https:' || protocol === 'http:' ? `${origin}/` : undefined;
}
