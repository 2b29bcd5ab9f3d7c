import type { SandboxBank } from '../../../sandbox/bank.ts';
import { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import type { InitiationJson, IssuedToken, PushedConsent, PushOptions, SandboxTpp } from '../../../sandbox/tpp.ts';
import type { PayerApp } from './payer-app.ts';

/** Invented persons of the simulator. */
export const anna = '199001012385';
export const bo = '198506152399';

export const callback = 'http://localhost:3003/callback';

export const payment: InitiationJson = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Exempelbutiken AB',
  creditorAccount: { bankgiro: '5050-1055' },
  remittanceInformationStructured: { reference: '12345674', referenceType: 'OCR' },
};

/** A payment that the payer has signed and the TPP holds the token of. */
export interface SignedPayment {
  readonly pushed: PushedConsent;
  readonly token: IssuedToken;
  readonly browser: PayerBrowser;
}

/** All parties to a payment but the service: TPP, bank, and the payer's browser and app. */
export class Parties {
  readonly tpp: SandboxTpp;
  readonly bank: SandboxBank;
  readonly app: PayerApp;

  constructor({ tpp, bank, app }: Pick<Parties, 'tpp' | 'bank' | 'app'>) {
    this.tpp = tpp;
    this.bank = bank;
    this.app = app;
  }

  /** Pushes a consent to the first bank; bound to Anna unless told otherwise. */
  push(
    initiation: InitiationJson = payment,
    options: Partial<PushOptions> = { personalNumber: anna },
  ): Promise<PushedConsent> {
    return this.tpp.push(initiation, { resource: this.bank.party.client.resource ?? '', ...options });
  }

  /** The payer opens the link on this device and has the order open in the pretend app. */
  async openInApp(
    pushed: PushedConsent,
    browser = new PayerBrowser(),
  ): Promise<{ browser: PayerBrowser; orderId: string }> {
    await browser.open(pushed.authorizationUrl);
    const link = new URL(await browser.startOnThisDevice());
    const order = await this.app.open(link.searchParams.get('autostarttoken') ?? '');
    return { browser, orderId: order.id };
  }

  /** From push to the page that shows the way back. */
  async authorisedPayment(
    initiation: InitiationJson = payment,
    options?: Partial<PushOptions>,
  ): Promise<Omit<SignedPayment, 'token'>> {
    const pushed = await this.push(initiation, options);
    const { browser, orderId } = await this.openInApp(pushed);
    const signed = await this.app.sign(orderId, { personalNumber: options?.personalNumber ?? anna });
    if (signed.returnUrl !== undefined) await browser.get(signed.returnUrl);
    await browser.waitFor('authorised');
    return { pushed, browser };
  }

  /** From push to token, without a hitch. */
  async signedPayment(initiation: InitiationJson = payment, options?: Partial<PushOptions>): Promise<SignedPayment> {
    const { pushed, browser } = await this.authorisedPayment(initiation, options);
    const returned = await browser.finish();
    return { pushed, token: await this.tpp.redeem(returned, pushed), browser };
  }
}
