import { PretendApp, type Signer } from '../../../simulator/client.ts';
import { AuditTrail } from '../../../src/audit/audit-trail.ts';
import type { OrderStart } from '../../../src/bankid-sign/sign-order.ts';
import type { Bank, Client } from '../../../src/clients/clients.ts';
import {
  BackchannelSigning,
  type BackchannelState,
  type BackchannelTerms,
  type BegunSigning,
} from '../../../src/consent/backchannel-signing.ts';
import type { Consent, ConsentRequest, ConsentState } from '../../../src/consent/consent.ts';
import { Database } from '../../../src/database/database.ts';
import { MINUTE_MS } from '../../../src/kernel/clock.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import type { Channel } from '../../../src/payment/channel.ts';
import { eventually } from '../eventually.ts';
import { SystemSteps } from '../system/system-steps.ts';
import type { TestSystem } from '../system/system.ts';
import { anna, bank, payment, shop } from './consent-steps.ts';

export const PHONE_ADDRESS = '192.0.2.44';
export const RETURN_URI = 'https://shop.example/back';

/** The shop, registered for calls under a certificate of the ring, to the same person again and again. */
export const caller: Client = { ...shop, bankidCertificate: 'default', phoneLimits: 'none' };

/** How each way is started. */
export const starts = {
  app: {
    way: 'app',
    endUserIp: PHONE_ADDRESS,
    returnUrl: RETURN_URI,
    app: {
      appIdentifier: 'example.shop',
      deviceOS: 'Android 16',
      deviceModelName: 'Pixel 10',
      deviceIdentifier: 'installation-1',
    },
  },
  qr: {
    way: 'qr',
    endUserIp: '192.0.2.45',
    web: { referringDomain: 'shop.example', userAgent: 'Kiosk/1.0', deviceIdentifier: 'kiosk-7' },
  },
  phone: { way: 'phone', callInitiator: 'user' },
} as const satisfies Readonly<Record<string, OrderStart>>;
export type BackchannelWay = keyof typeof starts;

type Part = Partial<Pick<ConsentRequest, 'client' | 'payer' | 'initiation'>> &
  Partial<Pick<BackchannelTerms, 'start' | 'lifetimeMs' | 'language'>> & { readonly bank?: Bank };

/** Consents that are asked for in apps, by QR code and in calls, at the service's own services, without HTTP. */
export class BackchannelSteps extends SystemSteps {
  readonly app: PretendApp;
  readonly signing: BackchannelSigning;

  /** @param signing of another instance than the world's first */
  constructor(world: TestSystem, signing = world.get(BackchannelSigning)) {
    super(world);
    this.app = new PretendApp(world.simulator.appUrl);
    this.signing = signing;
  }

  /** Stored and not sent. A call names Anna, where nobody else is named. */
  begin(way: BackchannelWay, part: Part = {}): Promise<BegunSigning> {
    const { start = starts[way], lifetimeMs = 3 * MINUTE_MS, language = 'sv', ...request } = part;
    const asked: ConsentRequest = {
      initiation: payment(),
      creditorNameVerification: undefined,
      client: caller,
      bank,
      payer: way === 'phone' ? anna : undefined,
      channel: channelOf(start),
      pushedAt: this.clock.now(),
      ...request,
    };
    return this.get(Database).inTransaction((tx) => this.signing.begin(tx, asked, { start, language, lifetimeMs }));
  }

  async ask(way: BackchannelWay, part: Part = {}): Promise<BegunSigning> {
    const begun = await this.begin(way, part);
    await this.signing.send(begun);
    return begun;
  }

  /** The order as the pretend app shows it once its payer has opened it. */
  async openInApp(begun: BegunSigning, payer: PersonalNumber = anna): Promise<string> {
    const { progress } = await this.state(begun);
    if (progress?.way === 'phone') {
      const { id } = await this.app.openFor(payer);
      return (await this.app.answerCall(id, true)).id;
    }
    if (progress?.way === 'qr') {
      const frame = await this.signing.findQrFrame(begun.consentId);
      return (await this.app.scan(frame ?? 'no frame')).id;
    }
    return (await this.app.open((await this.signing.findLaunchLink(begun.consentId, '')) ?? 'no link')).id;
  }

  /** Opens and signs; the nonce with which BankID returns to an app. */
  async sign(begun: BegunSigning, signer: Signer = {}): Promise<string | undefined> {
    const { returnUrl } = await this.app.sign(await this.openInApp(begun), signer);
    return returnUrl === undefined ? undefined : nonceOf(returnUrl);
  }

  async authorised(way: BackchannelWay, part: Part = {}): Promise<BegunSigning> {
    const begun = await this.ask(way, part);
    const nonce = await this.sign(begun);
    if (nonce !== undefined) await this.signing.recordReturn(begun.consentId, caller.id, nonce);
    await this.until(begun, 'authorised');
    return begun;
  }

  async state({ consentId }: Pick<BegunSigning, 'consentId'>): Promise<BackchannelState> {
    const state = await this.signing.findState(consentId);
    if (!state) throw new Error('there is no such request');
    return state;
  }

  until(begun: BegunSigning, state: ConsentState): Promise<Consent> {
    return eventually(async () => {
      const { consent } = await this.state(begun);
      return consent.state === state ? consent : undefined;
    });
  }

  async events({ subject }: BegunSigning): Promise<{ readonly type: string; readonly detail: object }[]> {
    const events = await this.get(AuditTrail).listEvents(subject);
    return events.map(({ event }) => JSON.parse(event) as { type: string; detail: object });
  }
}

export function nonceOf(returnUrl: string): string {
  return new URL(returnUrl).searchParams.get('sigill_nonce') ?? 'no nonce';
}

function channelOf(start: OrderStart): Channel {
  return start.way === 'phone' ? { way: 'phone', callInitiator: start.callInitiator } : { way: start.way };
}
