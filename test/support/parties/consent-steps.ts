import { createHash, randomBytes } from 'node:crypto';
import { PretendApp, type Signer } from '../../../simulator/client.ts';
import { AuditTrail } from '../../../src/audit/audit-trail.ts';
import { Authorisations } from '../../../src/consent/authorisations.ts';
import type {
  BoundInteraction,
  Consent,
  ConsentRequest,
  ConsentState,
  Grant,
  NewConsent,
  PushedConsent,
} from '../../../src/consent/consent.ts';
import { Consents } from '../../../src/consent/consents.ts';
import { Consumption, type ConsumeRequest } from '../../../src/consent/consumption/consumption.ts';
import { parseGrant } from '../../../src/consent/grant-row.ts';
import { Interactions } from '../../../src/consent/interactions.ts';
import { Revocation } from '../../../src/consent/revocation/revocation.ts';
import { Settler } from '../../../src/consent/settlement/settler.ts';
import { Signing, type SigningRequest } from '../../../src/consent/signing.ts';
import { ExpirySweeper } from '../../../src/consent/expiry/expiry-sweeper.ts';
import { addMs, MINUTE_MS, systemClock } from '../../../src/kernel/clock.ts';
import { DomainError } from '../../../src/kernel/errors.ts';
import type { ClientId } from '../../../src/kernel/ids.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { BROWSER } from '../../../src/payment/channel.ts';
import { parseInitiation, type PaymentInitiation } from '../../../src/payment/initiation.ts';
import { Database } from '../../../src/database/database.ts';
import { Metrics } from '../../../src/operations/metrics.ts';
import type { Row } from '../../../src/database/rows.ts';
import { replaceCode } from '../../../src/token/authorize/code.repository.ts';
import type { AuthorizationRequest } from '../../../src/token/par/authorization-request.repository.ts';
import { insertPush } from '../../../src/token/par/push.repository.ts';
import type { Caller } from '../../../src/client-auth/access.ts';
import type { Bank, Client } from '../../../src/clients/clients.ts';
import { eventually } from '../eventually.ts';
import { quick, TestSystem, type TestSystemOptions } from '../system/system.ts';
import { SystemSteps } from '../system/system-steps.ts';

export const anna = '191212121212' as PersonalNumber;
export const bo = '199001012385' as PersonalNumber;

const client = (id: string, role: Client['role']): Client => ({
  id: id as ClientId,
  name: role === 'bank' ? 'Exempelbanken' : 'Exempelbutiken AB',
  authorisationNumber: 'PSDSE-FINA-44001',
  role,
  bank: undefined,
  keys: [],
  redirectUris: [],
  resource: role === 'bank' ? `https://${id}.example` : undefined,
  consentLifetimeMinutes: 15,
  dpopRequired: false,
  dpopBoundAccessTokens: false,
  tlsSubject: undefined,
  encryptionKey: undefined,
  requestObjectRequired: false,
  bindingMessageOptional: false,
});

export const shop = client('shop', 'tpp');
export const bank = client('bank', 'bank') as Bank;
export const otherBank = client('other-bank', 'bank') as Bank;

export function callerOf({ id, name, role }: Client): Caller {
  return { clientId: id, name, role, bank: role === 'bank' ? id : undefined, consentId: undefined, loginId: undefined };
}

export function payment(changes: object = {}): PaymentInitiation {
  const initiation = {
    type: 'payment_initiation',
    instructedAmount: { currency: 'SEK', amount: '1250.00' },
    creditorName: 'Elbolaget AB',
    creditorAccount: { bankgiro: '5050-1055' },
    ...changes,
  };
  return parseInitiation(initiation, '');
}

/** The error code with which `act` ends. */
export async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'no error';
}

/** A browser before it is bound, or after. */
type Pressing = Pick<BoundInteraction, 'cookie'> & { readonly consent: Pick<Consent, 'interactionId'> };

/**
 * A consent at the service's own services, step by step, without HTTP: for clients that are not registered, and for what no
 * request could push any more. BankID is asked more often than in production, and keeps the wall's time when the clock is moved.
 */
export class ConsentSteps extends SystemSteps {
  readonly app: PretendApp;

  private constructor(world: TestSystem) {
    super(world);
    this.app = new PretendApp(world.simulator.appUrl);
  }

  static async start(options: TestSystemOptions = {}): Promise<ConsentSteps> {
    return new ConsentSteps(await TestSystem.start({ timings: quick, simulator: { clock: systemClock }, ...options }));
  }

  get consents(): Consents {
    return this.get(Consents);
  }

  get interactions(): Interactions {
    return this.get(Interactions);
  }

  get signing(): Signing {
    return this.get(Signing);
  }

  get consumption(): Consumption {
    return this.get(Consumption);
  }

  get revocation(): Revocation {
    return this.get(Revocation);
  }

  /** One round of the settler, and all that it has taken on. */
  async settle(): Promise<void> {
    const settler = this.get(Settler);
    await settler.runOnce();
    await settler.settleInHand();
  }

  get sweeper(): ExpirySweeper {
    return this.get(ExpirySweeper);
  }

  get metrics(): Metrics {
    return this.get(Metrics);
  }

  async push(
    part: Partial<Pick<ConsentRequest, 'payer' | 'initiation' | 'creditorNameVerification' | 'client'>> = {},
  ): Promise<PushedConsent> {
    const request = {
      initiation: payment(),
      creditorNameVerification: undefined,
      client: shop,
      bank,
      payer: undefined,
      channel: BROWSER,
      pushedAt: this.clock.now(),
      ...part,
    };
    const { consent, dataKey, event } = this.consents.preparePush(request);
    await insertPush(this.get(Database), {
      consent,
      request: requestOf(consent),
      event,
      dataKey: dataKey?.stored,
      idempotencyKey: undefined,
    });
    return consent;
  }

  async pushBound(part: Parameters<ConsentSteps['push']>[0] = {}): Promise<BoundInteraction> {
    const { interactionId } = await this.push(part);
    return (await this.interactions.bindBrowser(interactionId, undefined)).bound;
  }

  async start({ consent, cookie }: Pressing, part: Partial<SigningRequest> = {}): Promise<unknown> {
    const browser = { interactionId: consent.interactionId, cookie };
    return this.signing.startSigning(await this.signing.press(browser, { ...signingRequest, ...part }));
  }

  /** The payer scans the QR code: the simulator's name of the order. */
  async scan(bound: BoundInteraction): Promise<string> {
    await this.start(bound);
    const frame = await this.signing.findQrFrame(bound);
    if (frame === undefined) throw new Error('no frame');
    return (await this.app.scan(frame)).id;
  }

  /** Scans and signs; resolves when the consent has reached the state. */
  async sign(bound: BoundInteraction, signer: Signer = {}, state: ConsentState = 'authorised'): Promise<Consent> {
    await this.app.sign(await this.scan(bound), signer);
    return this.until(bound, ({ consent }) => consent.state === state);
  }

  /** Scans and fails; resolves when the failure is counted. */
  async fail(bound: BoundInteraction, hintCode = 'userCancel'): Promise<Consent> {
    const before = (await this.reload(bound)).consent.failedAttempts;
    await this.app.fail(await this.scan(bound), hintCode);
    return this.until(bound, ({ consent }) => consent.failedAttempts > before);
  }

  async authorised(part: Parameters<ConsentSteps['push']>[0] = {}, signer: Signer = {}): Promise<BoundInteraction> {
    const bound = await this.pushBound(part);
    await this.sign(bound, signer);
    return this.reload(bound);
  }

  /** Comes back in this browser, as the way to the TPP does. */
  async findGrant({ consent, cookie }: BoundInteraction): Promise<Grant | undefined> {
    const back = this.consents.prepareReturn(consent.interactionId, cookie);
    const code = { codeHash: randomBytes(32), expiresAt: addMs(back.now, MINUTE_MS), event: '{"type":"code.issued"}' };
    if (!(await replaceCode(this.get(Database), back, code))) return undefined;
    const [row] = await this.database.asOwner(
      `select c.id, c.expires_at, a.client_id, a.bank, a.environment, a.initiation, a.payment_mac, a.evidence_id,
              a.evidence_digest, a.payer_subject, a.signed_at, a.authorised_at
         from consent c join authorisation a on a.consent_id = c.id
        where c.id = $1`,
      [consent.consentId],
    );
    return this.get(Authorisations).findGrant(parseGrant(row as Row));
  }

  /** Comes back, and makes a new token the live one; the token's hash. */
  async tokenOf(bound: BoundInteraction): Promise<Buffer> {
    const grant = await this.findGrant(bound);
    if (!grant) throw new Error('no grant');
    const hash = createHash('sha256').update(randomBytes(32)).digest();
    await this.database.asOwner(
      'update consent set live_token_hash = $2, live_token_expires_at = least($3, expires_at) where id = $1',
      [grant.consentId, hash, addMs(this.clock.now(), 5 * MINUTE_MS)],
    );
    return hash;
  }

  /** Ready to be consumed, and the call that does it. */
  async consumable(
    part: Parameters<ConsentSteps['push']>[0] = {},
  ): Promise<{ readonly bound: BoundInteraction; readonly request: ConsumeRequest }> {
    const bound = await this.authorised(part, { personalNumber: anna, name: 'Anna Andersson' });
    const accessTokenSha256 = await this.tokenOf(bound);
    const paymentReference = `ref-${randomBytes(6).toString('hex')}`;
    return { bound, request: { accessTokenSha256, payment: bound.consent.initiation, payer: anna, paymentReference } };
  }

  reload(bound: BoundInteraction): Promise<BoundInteraction> {
    return this.consents.checkBrowser(bound.consent.interactionId, bound.cookie);
  }

  async until(bound: BoundInteraction, isReached: (now: BoundInteraction) => boolean): Promise<Consent> {
    return eventually(async () => {
      const now = await this.reload(bound);
      return isReached(now) ? now.consent : undefined;
    });
  }

  async eventTypes({ consent }: BoundInteraction): Promise<string[]> {
    const events = await this.get(AuditTrail).listEvents(consentSubject(consent.bank, consent.consentId));
    return events.map(({ event }) => (JSON.parse(event) as { type: string }).type);
  }
}

export const signingRequest: SigningRequest = {
  device: 'other',
  language: 'sv',
  endUserIp: '192.0.2.7',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
  deviceIdentifier: 'device-identifier-of-the-test',
  returnUrl: (nonce) => `http://localhost:3000/pay/back?nonce=${nonce}`,
};

/** The authorization request with which a consent is pushed. */
function requestOf({ consentId, interactionId, clientId, createdAt }: NewConsent): AuthorizationRequest {
  return {
    interactionId,
    consentId,
    clientId,
    requestUriHash: randomBytes(32),
    redirectUri: 'https://shop.example/back',
    state: undefined,
    codeChallenge: randomBytes(32).toString('base64url'),
    dpopJkt: undefined,
    scope: undefined,
    nonce: undefined,
    requestObjectSealed: undefined,
    requestObjectJtiHash: undefined,
    pushedAt: createdAt,
    expiresAt: addMs(createdAt, 5 * MINUTE_MS),
  };
}
