import { getCACertificates } from 'node:tls';
import { Inject, Injectable } from '@nestjs/common';
import { Agent, request } from 'undici';
import { CONFIG, type AppConfig } from '../../../config/config.ts';
import { SECOND_MS } from '../../../kernel/clock.ts';
import { within } from '../../../operations/deadline.ts';
import { findNotificationAddress, resolveByDns, type PinnedAddress } from './notification-address.ts';
import type { Ping } from './sealed-ping.ts';

/** For resolving the name, and again for the call. */
export const NOTIFY_WITHIN_MS = 10 * SECOND_MS;
/** The answer says nothing that we read. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** `refused`: the client does not want it, or its address must not be called; another try would change nothing. */
export type Notified = 'sent' | 'refused' | 'failed';

/** Tells clients that their request has an outcome. @see OpenID CIBA Core §10.2 */
@Injectable()
export class Notifier {
  constructor(@Inject(CONFIG) private readonly config: Pick<AppConfig, 'notifications'>) {}

  /** One try. Any 2xx is success; a redirect is not followed, because it leads to an address that was not checked. */
  async notify(endpoint: string, ping: Ping): Promise<Notified> {
    const url = new URL(endpoint);
    const found = await within(NOTIFY_WITHIN_MS, () => this.#findAddress(url.hostname));
    if (found === 'late' || found === 'failed') return 'failed';
    if (!found.answer || url.protocol !== 'https:') return 'refused';
    const agent = this.#agentTo(found.answer);
    try {
      return await post(url, ping, agent);
    } catch {
      return 'failed';
    } finally {
      await agent.destroy();
    }
  }

  #findAddress(host: string): Promise<PinnedAddress | undefined> {
    return findNotificationAddress(host, resolveByDns, this.config.notifications.loopbackHosts);
  }

  /** Connects to this address and no other. The certificate must be that of the name. */
  #agentTo({ address, family }: PinnedAddress): Agent {
    const { ca } = this.config.notifications;
    return new Agent({
      connect: {
        timeout: NOTIFY_WITHIN_MS,
        allowH2: false,
        autoSelectFamily: false,
        lookup: (_host, { all }, callback) => {
          if (all === true) callback(null, [{ address, family }]);
          else callback(null, address, family);
        },
        ...(ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] }),
      },
      maxResponseSize: MAX_ANSWER_BYTES,
    });
  }
}

async function post(url: URL, { authReqId, token }: Ping, dispatcher: Agent): Promise<Notified> {
  const { statusCode, body } = await request(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ auth_req_id: authReqId.reveal() }),
    dispatcher,
    signal: AbortSignal.timeout(NOTIFY_WITHIN_MS),
  });
  // What was decided by the status stands, however the body ends.
  await body.dump({ limit: MAX_ANSWER_BYTES }).catch(() => undefined);
  if (statusCode >= 200 && statusCode < 300) return 'sent';
  // It would redirect or refuse again, and CIBA forbids to follow (§10.2).
  return statusCode < 400 || statusCode === 401 || statusCode === 403 ? 'refused' : 'failed';
}
