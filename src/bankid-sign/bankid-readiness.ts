import { X509Certificate } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import { CLOCK } from '../platform/clock.ts';
import { mutualTls } from './rp-api/connect.ts';
import { failureOfError } from './rp-api/rp-failure.ts';

const PROBE_TIMEOUT_MS = 3_000;
/** Health is asked for every few seconds by several parties; BankID need not notice. */
const REMEMBERED_MS = 15_000;
const DAY_MS = 86_400_000;

export interface BankIdReadiness {
  readonly reachable: boolean;
  /** Why not, e.g. `unreachable` or `server-untrusted`. */
  readonly failure: string | undefined;
  /** Whole days until our RP certificate ends; negative when it has. */
  readonly certificateDaysLeft: number;
}

/** Whether orders could be made now: BankID's server answers with a certificate that leads to the pinned root, and ours is valid. */
@Injectable()
export class BankIdProbe {
  readonly #certificate: X509Certificate;
  #last: { readonly probedMs: number; readonly failure: Promise<string | undefined> } | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#certificate = new X509Certificate(config.bankid.certificate);
  }

  async checkReadiness(): Promise<BankIdReadiness> {
    const failure = await this.#probe();
    const leftMs = this.#certificate.validToDate.getTime() - this.clock.now().getTime();
    return { reachable: failure === undefined, failure, certificateDaysLeft: Math.floor(leftMs / DAY_MS) };
  }

  #probe(): Promise<string | undefined> {
    const nowMs = performance.now();
    if (!this.#last || nowMs - this.#last.probedMs > REMEMBERED_MS) {
      this.#last = { probedMs: nowMs, failure: connectOnce(this.config.bankid) };
    }
    return this.#last.failure;
  }
}

/** A TLS handshake and nothing more; undefined when it succeeds. */
async function connectOnce(config: AppConfig['bankid']): Promise<string | undefined> {
  const { hostname, port } = new URL(config.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ ...mutualTls(config), host, port: Number(port || 443), timeout: PROBE_TIMEOUT_MS });
  try {
    await handshake(socket);
    return undefined;
  } catch (error) {
    return failureOfError(error).kind;
  } finally {
    socket.destroy();
  }
}

function handshake(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
    socket.once('timeout', () => reject(Object.assign(new Error('no answer'), { code: 'UND_ERR_CONNECT_TIMEOUT' })));
  });
}
