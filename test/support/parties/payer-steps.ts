import type { OrderFault, OrderView, Signer } from '../../../simulator/client.ts';
import { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import type { InitiationJson } from '../../../sandbox/tpp.ts';
import { eventually } from '../eventually.ts';
import type { RawPushed } from './raw-client.ts';
import { TestSystem, type TestSystemOptions } from '../system/system.ts';
import { SystemSteps } from '../system/system-steps.ts';

/** A payment that waits in the payer's hand: the page is open, the BankID app shows the text. */
export interface InHand {
  readonly pushed: RawPushed;
  readonly browser: PayerBrowser;
  readonly orderId: string;
}

/** What payer, TPP and bank learn of a payment that ended without a signature that counts. */
export interface Refusal {
  /** The page that the payer sees. */
  readonly view: string;
  /** What the browser carries to the TPP. */
  readonly returned: Readonly<Record<string, string>>;
  /** What TPP and bank read of the consent. */
  readonly tpp: Readonly<Record<string, unknown>>;
  readonly bank: Readonly<Record<string, unknown>>;
  readonly reason: unknown;
  readonly authorisations: unknown;
  /** Kind and verdict of each evidence that was kept. */
  readonly evidence: readonly string[];
}

/** A payment as payer and attacker live it, step by step, with clients whose clock is the test's. */
export class PayerSteps extends SystemSteps {
  static async start(options: TestSystemOptions = {}): Promise<PayerSteps> {
    return new PayerSteps(await TestSystem.start(options));
  }

  /** From push to our page; nothing is pressed. */
  async visit(initiation?: InitiationJson, changes: Record<string, string> = {}): Promise<Omit<InHand, 'orderId'>> {
    const pushed = await this.parties.tpp.push(initiation, changes);
    const browser = new PayerBrowser();
    await browser.open(pushed.authorizationUrl);
    return { pushed, browser };
  }

  /** From push to the text in the app. */
  async open(initiation?: InitiationJson, changes: Record<string, string> = {}): Promise<InHand> {
    const pushed = await this.parties.tpp.push(initiation, changes);
    return { pushed, ...(await this.world.openInApp(pushed)) };
  }

  /** Signs in the app, which sends the payer back, and waits for what the page says then. */
  async sign({ browser, orderId }: InHand, signer: Signer = {}, ...views: string[]): Promise<string> {
    const { returnUrl } = await this.world.app.sign(orderId, signer);
    if (returnUrl !== undefined) await browser.get(returnUrl);
    return browser.waitFor(...(views.length === 0 ? ['authorised'] : views));
  }

  /** The same with something wrong in what BankID answers. */
  async signSpoilt(inHand: InHand, fault: OrderFault, ...views: string[]): Promise<string> {
    await this.world.app.setOrderFault(inHand.orderId, fault);
    return this.sign(inHand, {}, ...views);
  }

  /** Cancels in the app so many times, beginning anew each time but the last. */
  async cancel(inHand: InHand, times: number): Promise<void> {
    let { orderId } = inHand;
    for (let n = 1; n <= times; n += 1) {
      await this.world.app.cancel(orderId);
      await inHand.browser.waitFor('try-again', 'attempts');
      if (n < times) ({ orderId } = await this.world.openInApp(inHand.pushed, inHand.browser));
    }
  }

  /** Scans the newest screen with a QR code, as a phone would. */
  async scanNewest(): Promise<OrderView> {
    const [newest] = await this.world.app.listOrders();
    return this.world.app.scanScreen(newest?.id ?? '');
  }

  /** The way back, the code, the token. */
  async token({ pushed, browser }: Pick<InHand, 'pushed' | 'browser'>): Promise<string> {
    return this.parties.tpp.redeem(await browser.finish(), pushed);
  }

  /** A payment from push to token. */
  async paid(
    initiation?: InitiationJson,
    changes?: Record<string, string>,
    signer?: Signer,
  ): Promise<InHand & { readonly token: string }> {
    const inHand = await this.open(initiation, changes);
    await this.sign(inHand, signer);
    return { ...inHand, token: await this.token(inHand) };
  }

  async consent(consentId: string, party: 'tpp' | 'bank' = 'bank'): Promise<Readonly<Record<string, unknown>>> {
    const client = this.parties[party];
    return (await client.call(await client.machineToken('consents'), 'GET', `/consents/${consentId}`)).body;
  }

  /** Until the sweeper has been there, which comes every second. */
  async waitForState(consentId: string, state: string): Promise<void> {
    let last: unknown;
    const look = async (): Promise<true | undefined> => {
      const [row] = await this.database.asOwner('select state from consent where id = $1', [consentId]);
      last = row?.['state'];
      return last === state || undefined;
    };
    await eventually(look, () => `waited for ${state}, the consent is ${String(last)}`);
  }

  async refusal({ pushed, browser }: Pick<InHand, 'pushed' | 'browser'>): Promise<Refusal> {
    const { view } = JSON.parse((await browser.get(`${browser.interactionPath}/status`)).body) as { view: string };
    const returned = Object.fromEntries((await browser.finish()).searchParams);
    const { database } = this.world;
    const [row] = await database.asOwner(
      `select reason, (select count(*)::int from authorisation where consent_id = id) as authorisations
         from consent where id = $1`,
      [pushed.consentId],
    );
    const sql = 'select kind, indication from evidence where consent_id = $1 order by stored_at';
    const kept = await database.asOwner(sql, [pushed.consentId]);
    return {
      view,
      returned,
      tpp: await this.consent(pushed.consentId, 'tpp'),
      bank: await this.consent(pushed.consentId, 'bank'),
      reason: row?.['reason'],
      authorisations: row?.['authorisations'],
      evidence: kept.map(({ kind, indication }) => `${String(kind)} ${String(indication)}`),
    };
  }
}

/** What the TPP reads in the address that the browser brings; nothing else may be there. */
export function refusedReturn(pushed: RawPushed, reason: string, issuer: string): Readonly<Record<string, string>> {
  return { error: 'access_denied', error_description: reason, state: pushed.state, iss: issuer };
}
