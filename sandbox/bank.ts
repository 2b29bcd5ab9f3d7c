import { setTimeout as delay } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import * as oauth from 'openid-client';
import { BUNDLE_TYPE } from '../src/bundle/container.ts';
import type { SandboxClient } from './clients.ts';
import { OAuthParty, type Answer } from './oauth-client.ts';
import type { InitiationJson } from './tpp.ts';

const MAX_WAIT_MS = 15_000;
const RETRY_MS = 1_000;

export interface Consumption {
  readonly accessToken: string;
  readonly payment: InitiationJson;
  readonly personalNumber: string;
  readonly paymentReference: string;
}

/** The payer's bank: introspects, consumes, reports the execution, reads and verifies the evidence. */
export class SandboxBank {
  readonly party: OAuthParty;

  private constructor(party: OAuthParty) {
    this.party = party;
  }

  static async connect(issuer: string, client: SandboxClient, reach?: oauth.CustomFetch): Promise<SandboxBank> {
    return new SandboxBank(await OAuthParty.connect(issuer, client, reach));
  }

  introspect(accessToken: string): Promise<oauth.IntrospectionResponse> {
    return oauth.tokenIntrospection(this.party.config, accessToken);
  }

  async consume(consentId: string, consumption: Consumption): Promise<Answer> {
    const body = {
      accessTokenSha256: createHash('sha256').update(consumption.accessToken).digest('base64url'),
      payment: consumption.payment,
      payer: { personalNumber: consumption.personalNumber },
      paymentReference: consumption.paymentReference,
    };
    return this.party.request(await this.party.machineToken('consume'), 'POST', `/consents/${consentId}/consume`, body);
  }

  async reportExecution(consentId: string, report: Readonly<Record<string, unknown>>): Promise<Answer> {
    return this.party.request(
      await this.party.machineToken('consume'),
      'POST',
      `/consents/${consentId}/execution`,
      report,
    );
  }

  async getConsent(consentId: string): Promise<Answer> {
    return this.party.request(await this.party.machineToken('consents'), 'GET', `/consents/${consentId}`);
  }

  async revoke(consentId: string): Promise<Answer> {
    return this.party.request(await this.party.machineToken('consents'), 'DELETE', `/consents/${consentId}`);
  }

  /** Reads under scope `evidence`, with a purpose that is recorded in the audit chain. */
  async readEvidence(path: string, purpose: string): Promise<Answer> {
    return this.party.request(
      await this.party.machineToken('evidence'),
      'GET',
      path,
      undefined,
      purposeHeader(purpose),
    );
  }

  /** Has the stored signature of a consent verified again, and returns the report. */
  async verifyEvidence(consentId: string, purpose: string): Promise<Answer> {
    const { token, path } = await this.#evidenceOf(consentId, purpose);
    return this.party.request(token, 'GET', `${path}/verification`, undefined, purposeHeader(purpose));
  }

  /** The evidence folder of a consent, as a ZIP. @throws Error when the service refuses */
  async getEvidenceFolder(consentId: string, purpose: string): Promise<Uint8Array> {
    const response = await this.fetchEvidence(consentId, purpose, 'application/zip');
    const isFolder = response.headers.get('content-type') === 'application/zip';
    if (!response.ok || !isFolder) throw new Error(`the evidence was not handed out: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  /**
   * The sealed bundle of a consent's evidence. In the sandbox a head of the ledger has it within seconds, so it waits for that;
   * undefined where none has it in time.
   * @throws Error when the service refuses
   */
  async findEvidenceBundle(consentId: string, purpose: string): Promise<Uint8Array | undefined> {
    const deadline = performance.now() + MAX_WAIT_MS;
    for (;;) {
      const response = await this.fetchEvidence(consentId, purpose, BUNDLE_TYPE);
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
      if (response.status !== 503) throw new Error(`the bundle was not handed out: ${response.status}`);
      if (performance.now() > deadline) return undefined;
      await delay(RETRY_MS);
    }
  }

  /** The accepted evidence of a consent in the form that `accept` names, or the refusal. */
  async fetchEvidence(consentId: string, purpose: string, accept: string): Promise<Response> {
    const { token, path } = await this.#evidenceOf(consentId, purpose);
    return this.party.fetch(token, 'GET', path, new Headers({ accept, ...purposeHeader(purpose) }));
  }

  /** The path of the accepted evidence, and the token with which it was found. */
  async #evidenceOf(consentId: string, purpose: string): Promise<{ readonly token: string; readonly path: string }> {
    const token = await this.party.machineToken('evidence');
    const path = `/consents/${consentId}/evidence`;
    const list = await this.party.request(token, 'GET', path, undefined, purposeHeader(purpose));
    const [first] = (list.body['evidence'] ?? []) as readonly { readonly evidenceId?: string }[];
    return { token, path: `/evidence/${first?.evidenceId ?? ''}` };
  }
}

function purposeHeader(purpose: string): Record<string, string> {
  return { 'sigill-purpose': purpose };
}
