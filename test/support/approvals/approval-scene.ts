import type { RawClient } from '../parties/raw-client.ts';
import type { PretendProvider } from './pretend-provider.ts';

/** What the placeholders about approvals stand for in the API's examples: an order of the auditor, and a login that approves it. */
export class ApprovalScene {
  readonly #auditor: RawClient;
  readonly #provider: PretendProvider;
  #ordered: Promise<string> | undefined;

  constructor(auditor: RawClient, provider: PretendProvider) {
    this.#auditor = auditor;
    this.#provider = provider;
  }

  /** Undefined for a placeholder of another kind. */
  async find(name: string): Promise<string | undefined> {
    if (name === 'awaiting_export_id') return this.#order();
    if (name === 'approval_id_token') return this.#provider.idToken('astrid', await this.#nonce());
    return undefined;
  }

  /** Ordered by Rut. */
  #order(): Promise<string> {
    this.#ordered ??= (async () => {
      const body = { format: 'folders', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', purpose: 'audit' };
      const { nonce } = await this.#call('POST', '/exports', body);
      const requesterToken = await this.#provider.idToken('rut', String(nonce));
      return String((await this.#call('POST', '/exports', { ...body, requesterToken }))['exportId']);
    })();
    return this.#ordered;
  }

  async #nonce(): Promise<string> {
    return String((await this.#call('GET', `/exports/${await this.#order()}/approval`))['nonce']);
  }

  async #call(method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
    const token = await this.#auditor.machineToken('exports');
    return (await this.#auditor.call(token, method, path, body ? { body } : {})).body;
  }
}
