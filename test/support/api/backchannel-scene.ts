import type { BankSteps } from '../parties/bank-steps.ts';
import { BackchannelClient, type Requested } from '../parties/backchannel-client.ts';
import { anna } from '../parties/payment.ts';
import { RawClient } from '../parties/raw-client.ts';

/** Not for one person: BankID lets nobody have two orders at once. */
const ANYBODY = { login_hint: undefined };

/** A request of each way, for the placeholders of the API's examples; made when it is first asked for. */
export class BackchannelScene {
  readonly #steps: BankSteps;
  #client: Promise<BackchannelClient> | undefined;
  #inQr: Promise<Requested> | undefined;
  #inApp: Promise<Requested> | undefined;

  constructor(steps: BankSteps) {
    this.#steps = steps;
  }

  /** Undefined for a placeholder that is none of these. */
  async find(name: string, method: string, path: string): Promise<string | undefined> {
    switch (name) {
      case 'backchannel_request':
        return (await this.#tpp()).sign({ claims: ANYBODY });
      case 'qr_request_id':
        return (await this.#qr()).id;
      case 'qr_proof':
        return (await this.#qr()).key.proof(method, path);
      case 'app_request_id':
        return (await this.#app()).id;
      case 'app_proof':
        return (await this.#app()).key.proof(method, path);
      case 'app_nonce':
        return this.#nonce();
      default:
        return undefined;
    }
  }

  #tpp(): Promise<BackchannelClient> {
    const { system, clock } = this.#steps.payer.world;
    const { issuer, clients } = system;
    this.#client ??= RawClient.create(clients.appTpp, issuer, clock).then((raw) =>
      BackchannelClient.create(raw, clients.appTpp),
    );
    return this.#client;
  }

  #qr(): Promise<Requested> {
    this.#inQr ??= this.#tpp().then((tpp) => tpp.request(ANYBODY));
    return this.#inQr;
  }

  #app(): Promise<Requested> {
    this.#inApp ??= this.#tpp().then((tpp) => tpp.request({ ...tpp.appClaims(), ...ANYBODY }));
    return this.#inApp;
  }

  /** The payer signs, and BankID opens the app again. */
  async #nonce(): Promise<string> {
    const { app } = this.#steps.payer.world;
    const [tpp, requested] = [await this.#tpp(), await this.#app()];
    const { body } = await tpp.call(requested, 'POST', '/launch');
    const { id } = await app.open(new URL(String(body['url'])).searchParams.get('autostarttoken') ?? '');
    const { returnUrl } = await app.sign(id, { personalNumber: anna });
    return new URL(returnUrl ?? '').searchParams.get('sigill_nonce') ?? '';
  }
}
