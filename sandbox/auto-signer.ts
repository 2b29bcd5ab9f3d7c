import { setInterval } from 'node:timers';
import { PretendApp, type OrderView } from '../simulator/client.ts';

const POLL_MS = 500;

/**
 * Signs the orders of some clients as soon as they are placed: a test suite has no payer.
 * It scans the QR code, so the suite's browser must choose to sign on another device. It leaves phone orders alone.
 */
export class AutoSigner {
  readonly #app: PretendApp;
  readonly #clientIds: readonly string[];
  #timer: NodeJS.Timeout | undefined;

  constructor(app: PretendApp, clientIds: readonly string[]) {
    this.#app = app;
    this.#clientIds = clientIds;
  }

  start(): void {
    this.#timer = setInterval(() => void this.signAll().catch(() => undefined), POLL_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async signAll(): Promise<void> {
    const orders = await this.#app.listOrders();
    const ours = orders.filter(
      (order) =>
        order.status === 'pending' && order.callInitiator === undefined && this.#clientIds.includes(clientOf(order)),
    );
    for (const order of ours) await this.#sign(order);
  }

  async #sign({ id, startedBy }: OrderView): Promise<void> {
    if (startedBy === undefined) await this.#app.scanScreen(id);
    await this.#app.sign(id);
  }
}

/** The signed data name the client. */
function clientOf({ nonVisibleData }: OrderView): string {
  const text = Buffer.from(nonVisibleData ?? '', 'base64').toString('utf8');
  return /"clientId":"([^"]*)"/.exec(text)?.[1] ?? '';
}
